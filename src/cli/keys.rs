//! `hallpass key`.

use serde_json::Value;

use crate::cli::args::KeyCommand;
use crate::cli::args::KeyCreate;
use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::cli::failure::about;
use crate::cli::output::Field;
use crate::cli::output::Record;
use crate::cli::pages::all;
use crate::cli::words;
use crate::domain::api_keys;
use crate::domain::api_keys::ApiKeyError;
use crate::domain::api_keys::KeyPolicy;
use crate::domain::api_keys::NewApiKey;
use crate::model::api_key::ApiKey;
use crate::model::api_key::KeyAccess;
use crate::model::id::ApiKeyId;
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
            let columns = ["id", "api_key", "user", "name", "full_access", "scopes", "expires_at", "last_used_at"];
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
enum KeyCommandError {
    #[error(transparent)]
    Find(#[from] words::FindError),
    #[error(transparent)]
    ApiKey(#[from] ApiKeyError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// `key create`
async fn make(mut context: Context, create: KeyCreate) -> Result<(), Failure> {
    let act = context.act();
    let access = if create.full_access { KeyAccess::Full } else { KeyAccess::Scopes(words::scopes(&create.scopes)?) };
    let roles = if create.roles.is_empty() { None } else { Some(words::roles(&create.roles)?) };
    let name = about("key's name", &create.name, DisplayName::parse(&create.name))?;
    let policy = KeyPolicy::of(&context.config.keys);
    let expires_at = create.expires_in.map(|lifetime| context.now + lifetime);
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
                limits: KeyLimits::default(),
                is_decoy: false,
            };
            let (key, secret) = api_keys::create(tx, &new, &policy, &act)?;
            Ok::<_, KeyCommandError>((with_owner(tx, key)?, secret))
        })
        .await?;
    let record = record(&key, &owner).with("api_secret", secret.reveal());
    Ok(context.output.with_secret(record, "API secret")?)
}

/// A key and the name of its user.
fn with_owner(tx: &mut Tx<'_>, key: ApiKey) -> Result<(ApiKey, String), StoreError> {
    let owner = tx.users().find(key.user)?;
    Ok((key, owner.map(|user| user.username.as_str().to_owned()).unwrap_or_default()))
}

/// A key as it is printed.
fn record(key: &ApiKey, owner: &str) -> Record {
    let scopes: Vec<&str> = match &key.access {
        KeyAccess::Full => Vec::new(),
        KeyAccess::Scopes(scopes) => scopes.iter().map(|scope| scope.as_str()).collect(),
    };
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
        ("last_used_at", Field::Time(key.last_used_at())),
    ])
}
