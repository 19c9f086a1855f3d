//! `hallpass key`.

use serde_json::Value;

use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::cli::failure::about;
use crate::cli::key_args::KeyCommand;
use crate::cli::key_args::KeyCreate;
use crate::cli::key_args::KeySet;
use crate::cli::key_uses;
use crate::cli::output::Field;
use crate::cli::output::Record;
use crate::cli::pages::all;
use crate::cli::words;
use crate::domain::api_keys;
use crate::domain::api_keys::ApiKeyError;
use crate::domain::api_keys::KeyChanges;
use crate::domain::api_keys::KeyPolicy;
use crate::domain::api_keys::NewApiKey;
use crate::domain::reach::Reach;
use crate::model::api_key::ApiKey;
use crate::model::api_key::KeyAccess;
use crate::model::id::ApiKeyId;
use crate::model::key_limits::KeyLimit;
use crate::model::key_limits::KeyLimits;
use crate::model::name::DisplayName;
use crate::model::user::Roles;
use crate::store::StoreError;
use crate::store::Tx;

/// Carries out a command about API keys.
pub async fn run(mut context: Context, command: KeyCommand) -> Result<(), Failure> {
    let act = context.act();
    match command {
        KeyCommand::Create(create) => return make(context, create).await,
        KeyCommand::List { user } => {
            let list = context
                .store
                .read(move |tx| {
                    let keys = match user {
                        Some(name) => {
                            let user = words::user(tx, &name)?;
                            tx.api_keys().list_of(user.id)?
                        }
                        None => all(|after, limit| tx.api_keys().list(None, after, limit), |key| key.id)?,
                    };
                    keys.into_iter().map(|key| Ok(with_owner(tx, key)?)).collect::<Result<Vec<_>, KeyCommandError>>()
                })
                .await?;
            let records = list.iter().map(|(key, owner)| record(key, owner)).collect();
            let columns = [
                "id",
                "api_key",
                "user",
                "name",
                "full_access",
                "scopes",
                "limits",
                "expires_at",
                "last_used_at",
                "enabled",
                "decoy",
                "legacy",
            ];
            context.output.list(&columns, records)?;
        }
        KeyCommand::Rotate { id, overlap } => {
            let id = words::id("an API key", &id, ApiKeyId::parse)?;
            let ((key, owner), secret) = context
                .store
                .write(move |tx| {
                    let (key, secret) = api_keys::rotate(tx, id, overlap, &act)?;
                    Ok::<_, KeyCommandError>((with_owner(tx, key)?, secret))
                })
                .await?;
            let record = record(&key, &owner).with("api_secret", secret.reveal());
            context.output.with_secret(record, "API secret")?;
        }
        KeyCommand::Show { id } => return key_uses::show(context, &id).await,
        KeyCommand::Callers { id } => return key_uses::callers(context, &id).await,
        KeyCommand::Usage { id, days } => return key_uses::usage(context, &id, days).await,
        KeyCommand::Enable { id } => {
            let changes = KeyChanges { enabled: Some(true), ..KeyChanges::default() };
            return change(context, &id, changes).await;
        }
        KeyCommand::Disable { id } => {
            let changes = KeyChanges { enabled: Some(false), ..KeyChanges::default() };
            return change(context, &id, changes).await;
        }
        KeyCommand::Set(set) => {
            let changes = changes(&context, &set)?;
            return change(context, &set.id, changes).await;
        }
        KeyCommand::Trial { id, until, end: _ } => {
            let until = until.map(|lifetime| context.now + lifetime);
            let changes = KeyChanges { trial_until: Some(until), ..KeyChanges::default() };
            return change(context, &id, changes).await;
        }
        KeyCommand::Succeed { id } => {
            let id = words::id("an API key", &id, ApiKeyId::parse)?;
            let policy = KeyPolicy::of(&context.config.keys);
            let ((key, owner), secret) = context
                .store
                .write(move |tx| {
                    let (key, secret) = api_keys::succeed(tx, None, id, &policy, &Reach::everything(), &act)?;
                    Ok::<_, KeyCommandError>((with_owner(tx, key)?, secret))
                })
                .await?;
            let record = record(&key, &owner).with("api_secret", secret.reveal());
            context.output.with_secret(record, "API secret")?;
        }
        KeyCommand::Revoke { id } => {
            let id = words::id("an API key", &id, ApiKeyId::parse)?;
            let (key, owner) = context
                .store
                .write(move |tx| {
                    api_keys::revoke(tx, id, &act)?;
                    let key = tx.api_keys().find(id)?.ok_or(ApiKeyError::NotFound)?;
                    Ok::<_, KeyCommandError>(with_owner(tx, key)?)
                })
                .await?;
            let sentence = format!("The API key {} of {owner} is revoked.", key.api_key.as_str());
            context.output.done(&sentence, record(&key, &owner))?;
        }
    }
    Ok(())
}

/// Why a command about keys failed.
#[derive(Debug, thiserror::Error)]
pub(super) enum KeyCommandError {
    #[error(transparent)]
    Find(#[from] words::FindError),
    #[error(transparent)]
    ApiKey(#[from] ApiKeyError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// `key set`: what it changes.
fn changes(context: &Context, set: &KeySet) -> Result<KeyChanges, Failure> {
    let name = set.name.as_deref().map(|name| about("key's name", name, DisplayName::parse(name))).transpose()?;
    let end = set.expires_in.map(|lifetime| context.now + lifetime);
    Ok(KeyChanges {
        name,
        expires_at: (set.no_expiry || end.is_some()).then_some(end),
        allowed_addresses: (set.any_ip || !set.allowed_ips.is_empty()).then(|| set.allowed_ips.clone()),
        limits: if set.no_limits || !set.limits.is_empty() { Some(KeyLimits::new(set.limits.clone())?) } else { None },
        ..KeyChanges::default()
    })
}

/// Changes a key and prints it.
async fn change(mut context: Context, id: &str, changes: KeyChanges) -> Result<(), Failure> {
    let (id, act) = (words::id("an API key", id, ApiKeyId::parse)?, context.act());
    let policy = KeyPolicy::of(&context.config.keys);
    let (key, owner) = context
        .store
        .write(move |tx| {
            let key = api_keys::change(tx, None, id, &changes, &policy, &Reach::everything(), &act)?;
            Ok::<_, KeyCommandError>(with_owner(tx, key)?)
        })
        .await?;
    Ok(context.output.record(record(&key, &owner))?)
}

/// `key create`
async fn make(mut context: Context, create: KeyCreate) -> Result<(), Failure> {
    let act = context.act();
    let access = if create.full_access { KeyAccess::Full } else { KeyAccess::Scopes(words::scopes(&create.scopes)?) };
    let roles = if create.roles.is_empty() { None } else { Some(words::roles(&create.roles)?) };
    let name = about("key's name", &create.name, DisplayName::parse(&create.name))?;
    let policy = KeyPolicy::of(&context.config.keys);
    let (expires_at, limits) =
        (create.expires_in.map(|lifetime| context.now + lifetime), KeyLimits::new(create.limits.clone())?);
    let ((key, owner), secret) = context
        .store
        .write(move |tx| {
            let new = NewApiKey {
                user: words::user(tx, &create.user)?.id,
                name: name.clone(),
                access: access.clone(),
                roles: roles.clone(),
                expires_at,
                allowed_addresses: create.allowed_ips.clone(),
                limits: limits.clone(),
                is_decoy: create.decoy,
            };
            let (key, secret) = api_keys::create(tx, &new, &policy, &act)?;
            Ok::<_, KeyCommandError>((with_owner(tx, key)?, secret))
        })
        .await?;
    let record = record(&key, &owner).with("api_secret", secret.reveal());
    Ok(context.output.with_secret(record, "API secret")?)
}

/// A key and the name of its user.
pub(super) fn with_owner(tx: &mut Tx<'_>, key: ApiKey) -> Result<(ApiKey, String), StoreError> {
    let owner = tx.users().find(key.user)?;
    Ok((key, owner.map(|user| user.username.as_str().to_owned()).unwrap_or_default()))
}

/// A key as it is printed.
pub(super) fn record(key: &ApiKey, owner: &str) -> Record {
    let scopes: Vec<&str> = match &key.access {
        KeyAccess::Full => Vec::new(),
        KeyAccess::Scopes(scopes) => scopes.iter().map(|scope| scope.as_str()).collect(),
    };
    let last = key.last_use.as_ref();
    let allowed_ips: Vec<String> = key.allowed_addresses.iter().map(ToString::to_string).collect();
    Record::new([
        ("id", key.id.to_string().into()),
        ("api_key", key.api_key.as_str().into()),
        ("user", owner.into()),
        ("name", key.name.as_str().into()),
        ("full_access", (key.access == KeyAccess::Full).into()),
        ("scopes", scopes.into()),
        ("roles", Value::from(key.roles.as_ref().map(Roles::names)).into()),
        ("allowed_ips", allowed_ips.into()),
        ("enabled", key.enabled.into()),
        ("created_at", Field::Time(Some(key.created_at))),
        ("expires_at", Field::Time(key.expires_at)),
        ("revoked_at", Field::Time(key.revoked_at)),
        ("limits", key.limits.iter().map(KeyLimit::to_string).collect::<Vec<_>>().into()),
        ("decoy", key.is_decoy.into()),
        ("legacy", key.is_imported.into()),
        ("trial_until", Field::Time(key.trial_until)),
        ("replaces", Value::from(key.replaces.map(|id| id.to_string())).into()),
        ("last_used_at", Field::Time(key.last_used_at())),
        ("last_used_address", Value::from(last.and_then(|last| last.address.clone())).into()),
        ("last_used_agent", Value::from(last.and_then(|last| last.agent.clone())).into()),
    ])
}
