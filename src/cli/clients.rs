//! `hallpass client`.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use serde_json::Value;

use crate::cli::args::ClientCommand;
use crate::cli::args::ClientCreate;
use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::cli::failure::about;
use crate::cli::output::Field;
use crate::cli::output::Record;
use crate::cli::pages::all;
use crate::cli::words;
use crate::domain::act::Act;
use crate::domain::clients;
use crate::domain::clients::ClientDescription;
use crate::domain::clients::ClientError;
use crate::jose::algorithm::Algorithm;
use crate::jose::jwk_set::LENGTH as JWK_SET_LENGTH;
use crate::model::client::AuthMethod;
use crate::model::client::Client;
use crate::model::client::GrantType;
use crate::model::colour::Accent;
use crate::model::id::UserId;
use crate::model::name::DisplayName;
use crate::model::openid::OpenIdMetadata;
use crate::model::redirect_uri::RedirectUri;
use crate::model::resource::ResourceUri;
use crate::model::scope::Scope;
use crate::model::time::Lifetime;
use crate::model::user::User;
use crate::store::Tx;

/// Carries out a command about clients.
pub async fn run(mut context: Context, command: ClientCommand) -> Result<(), Failure> {
    match command {
        ClientCommand::Create(create) => {
            let (description, act) = (describe(&create)?, context.act());
            let loopback = context.config.issuer_for(context.config.listen).is_loopback();
            let (client, accounts, secret) = context
                .store
                .write(move |tx| {
                    clients::check_loopback(&description.openid, loopback)?;
                    let (client, secret) = clients::register(tx, &description, &act)?;
                    let accounts = match create.service_accounts.as_slice() {
                        [] => Vec::new(),
                        names => set_service_accounts(tx, &client, names, &act)?,
                    };
                    Ok::<_, ChangeError>((client, accounts, secret))
                })
                .await?;
            let record = record(&client).with("service_accounts", usernames(&accounts));
            match secret {
                Some(secret) => {
                    context.output.with_secret(record.with("client_secret", secret.reveal()), "client secret")?;
                }
                None => context.output.record(record)?,
            }
        }
        ClientCommand::List => {
            let list = context.store.read(|tx| all(|after, limit| tx.clients().list(after, limit), |c| c.id)).await?;
            let records = list.iter().map(record).collect();
            let columns = ["client_id", "client_name", "token_endpoint_auth_method", "scope", "enabled"];
            context.output.list(&columns, records)?;
        }
        ClientCommand::Show { id } => {
            let found = context.store.read(move |tx| {
                let client = words::client(tx, &id)?;
                let accounts = tx.clients().service_accounts(client.id)?;
                let accounts: Result<Vec<Option<User>>, _> =
                    accounts.into_iter().map(|id| tx.users().find(id)).collect();
                Ok::<_, words::FindError>((client, accounts?))
            });
            let (client, accounts) = found.await?;
            let accounts: Vec<User> = accounts.into_iter().flatten().collect();
            context.output.record(record(&client).with("service_accounts", usernames(&accounts)))?;
        }
        ClientCommand::RotateSecret { id, overlap } => rotate_secret(context, id, overlap).await?,
        ClientCommand::SetServiceAccounts { id, names } => {
            let act = context.act();
            let (client, accounts) = context
                .store
                .write(move |tx| {
                    let client = words::client(tx, &id)?;
                    let accounts = set_service_accounts(tx, &client, &names, &act)?;
                    Ok::<_, ChangeError>((client, accounts))
                })
                .await?;
            let names = usernames(&accounts);
            let sentence = match names.as_slice() {
                [] => format!("The client {} acts as no service account any more.", client.client_id),
                names => format!("The client {} may act as {}.", client.client_id, names.join(", ")),
            };
            context.output.done(&sentence, record(&client).with("service_accounts", names))?;
        }
        ClientCommand::Enable { id } => set_enabled(context, id, true).await?,
        ClientCommand::Disable { id } => set_enabled(context, id, false).await?,
        ClientCommand::CutOff { id } => {
            let act = context.act();
            let client = context
                .store
                .write(move |tx| {
                    let client = words::client(tx, &id)?;
                    Ok::<_, ChangeError>(clients::cut_off(tx, client.id, &act)?)
                })
                .await?;
            let sentence = format!("All grants and tokens of the client {} have ended.", client.client_id);
            context.output.done(&sentence, record(&client))?;
        }
        ClientCommand::Delete { id } => {
            let act = context.act();
            let client = context
                .store
                .write(move |tx| {
                    let client = words::client(tx, &id)?;
                    clients::delete(tx, client.id, &act)?;
                    Ok::<_, ChangeError>(client)
                })
                .await?;
            let sentence = format!("The client {} is gone, and with it its grants and tokens.", client.client_id);
            context.output.done(&sentence, record(&client))?;
        }
    }
    Ok(())
}

/// Why a client can't be changed.
#[derive(Debug, thiserror::Error)]
enum ChangeError {
    #[error(transparent)]
    Find(#[from] words::FindError),
    #[error(transparent)]
    Client(#[from] ClientError),
    #[error(transparent)]
    Store(#[from] crate::store::StoreError),
}

/// The users of these names, which `client` may act as from now on.
fn set_service_accounts(
    tx: &mut Tx<'_>,
    client: &Client,
    names: &[String],
    act: &Act,
) -> Result<Vec<User>, ChangeError> {
    let accounts: Result<Vec<UserId>, _> = names.iter().map(|name| words::user(tx, name).map(|user| user.id)).collect();
    Ok(clients::set_service_accounts(tx, client.id, &accounts?, act)?)
}

fn usernames(users: &[User]) -> Vec<String> {
    users.iter().map(|user| user.username.as_str().to_owned()).collect()
}

/// `client rotate-secret`
async fn rotate_secret(mut context: Context, id: String, overlap: Lifetime) -> Result<(), Failure> {
    let act = context.act();
    let (client, secret) = context
        .store
        .write(move |tx| {
            let client = words::client(tx, &id)?;
            Ok::<_, ChangeError>(clients::rotate_secret(tx, client.id, overlap, &act)?)
        })
        .await?;
    let record = record(&client).with("client_secret", secret.reveal());
    Ok(context.output.with_secret(record, "client secret")?)
}

/// `client enable` and `client disable`
async fn set_enabled(mut context: Context, id: String, enabled: bool) -> Result<(), Failure> {
    let act = context.act();
    let client = context
        .store
        .write(move |tx| {
            let client = words::client(tx, &id)?;
            Ok::<_, ChangeError>(clients::set_enabled(tx, client.id, enabled, &act)?)
        })
        .await?;
    let state = if enabled { "is let in" } else { "and its tokens are refused from now on" };
    Ok(context.output.done(&format!("The client {} {state}.", client.client_id), record(&client))?)
}

/// The scopes of a client for which none are named.
const DEFAULT_SCOPES: [&str; 3] = ["openid", "profile", "email"];

/// The client that the words describe.
fn describe(create: &ClientCreate) -> Result<ClientDescription, Failure> {
    let redirect_uris = create.redirect_uris.iter().map(|uri| about("redirect URI", uri, RedirectUri::parse(uri)));
    let redirect_uris: Vec<RedirectUri> = redirect_uris.collect::<Result<_, Failure>>()?;
    let auth_method = match create.auth_method.as_deref() {
        _ if create.public => AuthMethod::None,
        None => AuthMethod::ClientSecretBasic,
        Some(method) => one_of("authentication method", method, AuthMethod::ALL, AuthMethod::as_str)?,
    };
    let grant_types = match (create.grants.is_empty(), redirect_uris.is_empty()) {
        (true, false) => vec![GrantType::AuthorizationCode, GrantType::RefreshToken],
        (true, true) => vec![GrantType::ClientCredentials],
        (false, _) => {
            let short = |grant: &str| grant.strip_prefix(URN).unwrap_or(grant).to_owned();
            let grants =
                create.grants.iter().map(|grant| one_of("grant type", &short(grant), GrantType::ALL, short_name));
            grants.collect::<Result<_, Failure>>()?
        }
    };
    let name = about("client's name", &create.name, DisplayName::parse(&create.name))?;
    let resources = create.resources.iter().map(|uri| about("resource", uri, ResourceUri::parse(uri)));
    Ok(ClientDescription {
        grant_types,
        redirect_uris,
        scopes: scopes(create)?,
        trusted: create.trusted,
        require_pkce: create.require_pkce,
        roles: words::roles(&create.roles)?,
        resources: resources.collect::<Result<_, Failure>>()?,
        require_par: create.require_par,
        jwks: create.jwks.as_deref().map(read_keys).transpose()?,
        jwks_uri: create.jwks_uri.clone(),
        require_signed_request: create.require_signed_request_object,
        dpop_bound: create.dpop_bound_access_tokens,
        require_second_factor: create.require_second_factor,
        accent: create.accent.as_deref().map(|text| about("colour", text, Accent::parse(text))).transpose()?,
        openid: OpenIdMetadata {
            id_token_signed_response_alg: create
                .id_token_signed_response_alg
                .as_deref()
                .map(|name| one_of("algorithm", name, &Algorithm::signing_names(), |name| name).map(str::to_owned))
                .transpose()?,
            post_logout_redirect_uris: Some(create.post_logout_redirect_uris.clone()).filter(|uris| !uris.is_empty()),
            backchannel_logout_uri: create.backchannel_logout_uri.clone(),
            ..OpenIdMetadata::default()
        },
        ..ClientDescription::new(name, auth_method)
    })
}

/// The public keys in a file; whether they are any good is the policy's to say.
fn read_keys(path: &Path) -> Result<String, Failure> {
    // One byte more than a set may have, so that the policy sees that it is too long.
    let most = JWK_SET_LENGTH as u64 + 1;
    let mut text = String::new();
    let read = if path == Path::new("-") {
        std::io::stdin().take(most).read_to_string(&mut text)
    } else {
        File::open(path).and_then(|file| file.take(most).read_to_string(&mut text))
    };
    read.map_err(|error| Failure(format!("the keys cannot be read from {}: {error}", path.display())))?;
    Ok(text)
}

/// What it may ask for: as said, or what every sign-in needs.
fn scopes(create: &ClientCreate) -> Result<Scope, Failure> {
    if create.scopes.is_empty() {
        return words::scopes(&DEFAULT_SCOPES.map(str::to_owned));
    }
    words::scopes(&create.scopes)
}

/// What stands before the names of later grant types (RFC 6755 §3).
const URN: &str = "urn:ietf:params:oauth:grant-type:";

/// A grant type without the URN's beginning, which nobody types.
fn short_name(grant_type: GrantType) -> &'static str {
    let name = grant_type.as_str();
    name.strip_prefix(URN).unwrap_or(name)
}

/// The one of `all` that is called `text`.
fn one_of<T: Copy>(what: &str, text: &str, all: &[T], name: impl Fn(T) -> &'static str) -> Result<T, Failure> {
    let text = text.strip_prefix("urn:ietf:params:oauth:grant-type:").unwrap_or(text);
    all.iter().copied().find(|known| name(*known) == text).ok_or_else(|| {
        let names: Vec<_> = all.iter().map(|known| name(*known)).collect();
        Failure(format!("there is no {what} {text:?}; known are {}", names.join(", ")))
    })
}

/// A client as it is printed, in the words of RFC 7591 §2.
fn record(client: &Client) -> Record {
    let redirect_uris: Vec<&str> = client.redirect_uris.iter().map(RedirectUri::as_str).collect();
    let grant_types: Vec<&str> = client.grant_types.iter().map(|grant| grant.as_str()).collect();
    let jwks = client.jwks.as_deref().map_or(Value::Null, |jwks| serde_json::from_str(jwks).unwrap_or(Value::Null));
    Record::new([
        ("client_id", client.client_id.as_str().into()),
        ("client_name", client.name.as_str().into()),
        ("redirect_uris", redirect_uris.into()),
        ("grant_types", grant_types.into()),
        ("scope", client.scopes.to_string().into()),
        ("needed_scope", client.needed_scopes.to_string().into()),
        ("token_endpoint_auth_method", client.auth_method.as_str().into()),
        ("trusted", client.trusted.into()),
        ("require_pkce", client.require_pkce.into()),
        ("require_pushed_authorization_requests", client.require_par.into()),
        ("require_signed_request_object", client.require_signed_request.into()),
        ("dpop_bound_access_tokens", client.dpop_bound.into()),
        ("require_second_factor", client.require_second_factor.into()),
        ("accent", client.accent.map_or(Value::Null, |accent| accent.to_string().into()).into()),
        ("jwks", jwks.into()),
        ("jwks_uri", client.jwks_uri.as_deref().map_or(Value::Null, Value::from).into()),
        (
            "id_token_signed_response_alg",
            client.openid.id_token_signed_response_alg.as_deref().map_or(Value::Null, Value::from).into(),
        ),
        (
            "post_logout_redirect_uris",
            Value::from(client.openid.post_logout_redirect_uris.clone().unwrap_or_default()).into(),
        ),
        (
            "backchannel_logout_uri",
            client.openid.backchannel_logout_uri.as_deref().map_or(Value::Null, Value::from).into(),
        ),
        ("resources", client.resources.iter().map(ResourceUri::as_str).collect::<Vec<_>>().into()),
        ("roles", Value::from(client.roles.names()).into()),
        ("enabled", client.enabled.into()),
        ("origin", client.origin.as_str().into()),
        ("created_at", Field::Time(Some(client.created_at))),
        ("used_at", Field::Time(client.used_at)),
    ])
}
