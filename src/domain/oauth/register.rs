//! Clients that register themselves (RFC 7591), and look after their own registration (RFC 7592).

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::domain::act::Act;
use crate::domain::attempts;
use crate::domain::attempts::Bucket;
use crate::domain::attempts::Limit;
use crate::domain::client_summary;
use crate::domain::clients;
use crate::domain::clients::ClientError;
use crate::domain::clients::ClientPart;
use crate::domain::oauth::client_metadata::ClientMetadata;
use crate::domain::oauth::error::ErrorCode;
use crate::domain::oauth::error::Refusal;
use crate::domain::rights::Catalogue;
use crate::model::audit::AuditEvent;
use crate::model::audit::By;
use crate::model::client::AuthMethod;
use crate::model::client::Client;
use crate::model::client::ClientOrigin;
use crate::model::id::ClientId;
use crate::model::time::Lifetime;
use crate::model::time::Timestamp;
use crate::model::token::Token;
use crate::model::token::TokenHash;
use crate::model::token::TokenKind;
use crate::random::Random;
use crate::store::StoreError;
use crate::store::Tx;

/// How old a client that was never used must be to make way for a new one.
const MAKES_WAY_AFTER: Lifetime = Lifetime::from_days(1);
/// What only the server says of a registration (RFC 7592 §2.2).
const SERVERS_OWN: [&str; 4] =
    ["registration_access_token", "registration_client_uri", "client_secret_expires_at", "client_id_issued_at"];

/// Who registers a client.
#[derive(Debug, Clone)]
pub enum Registrant {
    /// Anybody, from this address.
    Stranger {
        /// The network that the address is counted with.
        network: String,
    },
    /// Somebody with an initial access token (RFC 7591 §1.2), by its hash.
    Invited(TokenHash),
}

/// What holds for those who register clients by themselves.
#[derive(Debug, Clone, Copy)]
pub struct RegistrationRules {
    /// How many a stranger may register from one address.
    pub per_address: Option<Limit>,
    /// How often a client may change its registration.
    pub changes: Option<Limit>,
    /// How many may be there that were never used.
    pub most_unused: Option<u32>,
    /// Whether this server is reached on its own machine alone, and so may its clients be.
    pub issuer_is_loopback: bool,
}

/// A client that was just registered. Nobody can see its secrets again.
#[derive(Debug)]
pub struct Registered {
    /// The client.
    pub client: Client,
    /// Its secret, unless it has none.
    pub secret: Option<Token>,
    /// By which it manages its registration (RFC 7592 §1.2).
    pub registration: Token,
}

/// What became of a request to register a client.
#[derive(Debug)]
pub enum Outcome {
    /// It is registered.
    Registered(Box<Registered>),
    /// The initial access token is none, or no longer one.
    NotInvited,
    /// There were too many from this address.
    Limited(Lifetime),
    /// There are too many that were never used.
    Full,
}

/// Whether a stranger may add a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    /// Yes.
    Admitted,
    /// There were too many from this address.
    Limited(Lifetime),
    /// There are too many that were never used.
    Full,
}

/// Why a client cannot be registered or changed as it asks.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// By the protocol (RFC 7591 §3.2.2).
    #[error("{}", .0.description)]
    Refused(Refusal),
    /// The registration access token is not this client's, or the client is gone or disabled (RFC 7592 §2).
    #[error("the registration access token is not one of this client's")]
    NotManager,
    /// The client changed its registration too often.
    #[error("the registration was changed too often")]
    Limited(Lifetime),
    /// The database said no.
    #[error("{0}")]
    Store(#[from] StoreError),
}

impl From<Refusal> for RegisterError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<ClientError> for RegisterError {
    fn from(error: ClientError) -> Self {
        let why = error.to_string();
        match error {
            ClientError::Policy { part: ClientPart::RedirectUris, .. } => {
                Self::Refused(Refusal::new(ErrorCode::InvalidRedirectUri, why))
            }
            ClientError::Store(error) => Self::Store(error),
            _ => Self::Refused(Refusal::new(ErrorCode::InvalidClientMetadata, why)),
        }
    }
}

/// Registers a client as `metadata` describes it (RFC 7591 §3). The policy decides on the client that results.
///
/// # Errors
/// [`RegisterError::Refused`].
pub fn register(
    tx: &mut Tx<'_>,
    metadata: &ClientMetadata,
    registrant: &Registrant,
    rules: RegistrationRules,
    act: &Act,
) -> Result<Outcome, RegisterError> {
    let is_stranger = match registrant {
        Registrant::Invited(hash) if !tx.initial_access_tokens().consume(hash, act.now)? => {
            return Ok(Outcome::NotInvited);
        }
        Registrant::Invited(_) => false,
        Registrant::Stranger { network } => match admit(tx, ClientOrigin::SelfRegistered, network, rules, act)? {
            Admission::Admitted => true,
            Admission::Limited(wait) => return Ok(Outcome::Limited(wait)),
            Admission::Full => return Ok(Outcome::Full),
        },
    };
    let auth_method = match metadata.auth_method {
        None => AuthMethod::ClientSecretBasic,
        // A stranger that asks for a secret in the body cannot keep one as a rule, and can do without.
        Some(AuthMethod::ClientSecretPost) if is_stranger => AuthMethod::None,
        Some(method) => method,
    };
    let id = Random.id(act.now, ClientId::new);
    let open = Catalogue::read(tx)?.for_unverified();
    let client = Client {
        scopes: open.clone(),
        ..Client::new(id, String::new(), auth_method, ClientOrigin::SelfRegistered, act.now)
    };
    let registration = Random.token(TokenKind::Registration);
    let client = Client { registration: Some(registration.hash()), ..metadata.describe(client, &open)? };
    clients::check(tx, &client)?;
    clients::check_loopback(&client.openid, rules.issuer_is_loopback)?;
    tx.clients().insert(&client)?;
    let secret = if client.has_secret() { Some(clients::add_secret(tx, &client, act)?) } else { None };
    act.record(tx, AuditEvent::ClientCreated, &client.client_id, client_summary::of(&client))?;
    Ok(Outcome::Registered(Box::new(Registered { client, secret, registration })))
}

/// Counts a client that comes to be known here at a stranger's wish.
///
/// # Errors
/// What the database says.
pub fn admit(
    tx: &mut Tx<'_>,
    origin: ClientOrigin,
    network: &str,
    rules: RegistrationRules,
    act: &Act,
) -> Result<Admission, StoreError> {
    if let Some(limit) = rules.per_address {
        let buckets = [(Bucket::new("registration", &[network]), limit)];
        if let Err(wait) = attempts::reserve(tx, &buckets, act.now)? {
            return Ok(Admission::Limited(wait));
        }
    }
    Ok(if make_room(tx, origin, rules, act)? { Admission::Admitted } else { Admission::Full })
}

/// Whether one more client that was never used may be there; the oldest makes way, if it had its time.
fn make_room(tx: &mut Tx<'_>, origin: ClientOrigin, rules: RegistrationRules, act: &Act) -> Result<bool, StoreError> {
    let Some(most) = rules.most_unused else { return Ok(true) };
    let (count, oldest) = tx.count_never_used(origin, act.now)?;
    if count < i64::from(most) {
        return Ok(true);
    }
    let Some((oldest, since)) = oldest else { return Ok(true) };
    tx.clients().lock(oldest)?;
    let forgotten = (since + MAKES_WAY_AFTER).is_past(act.now) && expire(tx, oldest, MAKES_WAY_AFTER, act.now)?;
    Ok(forgotten)
}

/// Deletes a client that was not used for the time `unused`, if that is still so. `false` where it is not.
///
/// # Errors
/// What the database says.
pub fn expire(tx: &mut Tx<'_>, id: ClientId, unused: Lifetime, now: Timestamp) -> Result<bool, StoreError> {
    let Some(client) = tx.clients().find(id)? else { return Ok(false) };
    if !tx.forget_client(id, unused, now)? {
        return Ok(false);
    }
    let details = json!({ "unused_since": client.used_at.unwrap_or(client.created_at).seconds() });
    Act { by: By::housekeeping(), now }.record(tx, AuditEvent::ClientDeleted, &client.client_id, details)?;
    Ok(true)
}

/// The client that the token of this hash manages, if it is the one of this `client_id` (RFC 7592 §2.1).
///
/// # Errors
/// What the database says.
pub fn find(tx: &mut Tx<'_>, client_id: &str, token: &TokenHash) -> Result<Option<Client>, StoreError> {
    Ok(tx.clients().find_by_registration(client_id, token)?.filter(|client| client.enabled))
}

/// Replaces a client's registration by what `members` describe (RFC 7592 §2.2); what they leave out gets its default.
/// Its `client_id`, its secrets and its being public or confidential stay, and so does what an administrator took from it
/// or asked of it. Where nothing changes nothing is written, nor counted.
///
/// # Errors
/// [`RegisterError`].
pub fn replace(
    tx: &mut Tx<'_>,
    client_id: &str,
    token: &TokenHash,
    members: &Map<String, Value>,
    rules: RegistrationRules,
    act: &Act,
) -> Result<Client, RegisterError> {
    let before = find(tx, client_id, token)?.ok_or(RegisterError::NotManager)?;
    tx.clients().lock(before.id)?;
    let before = find(tx, client_id, token)?.ok_or(RegisterError::NotManager)?;
    check_own(tx, &before, members, act.now)?;
    let metadata = ClientMetadata::read(members)?;
    let auth_method = match metadata.auth_method {
        None => before.auth_method,
        // As at the registration.
        Some(AuthMethod::ClientSecretPost) if before.is_public() => AuthMethod::None,
        Some(method) => method,
    };
    let open = Catalogue::read(tx)?.for_unverified();
    let after = metadata.describe(Client { auth_method, ..before.clone() }, &open)?;
    if (before.has_secret(), before.is_public()) != (after.has_secret(), after.is_public()) {
        let why = "a client with a secret keeps it, and one without gets none; register another client instead";
        return Err(Refusal::new(ErrorCode::InvalidClientMetadata, why).into());
    }
    clients::check(tx, &after)?;
    clients::check_loopback(&after.openid, rules.issuer_is_loopback)?;
    if after == before {
        return Ok(after);
    }
    if let Some(limit) = rules.changes {
        let buckets = [(Bucket::new("registration change", &[&before.client_id]), limit)];
        attempts::reserve(tx, &buckets, act.now)?.map_err(RegisterError::Limited)?;
    }
    tx.clients().update(&after)?;
    let details = json!({ "before": client_summary::of(&before), "after": client_summary::of(&after) });
    act.record(tx, AuditEvent::ClientChanged, &after.client_id, details)?;
    Ok(after)
}

/// RFC 7592 §2.2: the request names the client, and says nothing that only the server says; a secret in it is the one
/// that the client has.
fn check_own(
    tx: &mut Tx<'_>,
    client: &Client,
    members: &Map<String, Value>,
    now: Timestamp,
) -> Result<(), RegisterError> {
    let refuse = |why: String| Err(Refusal::new(ErrorCode::InvalidClientMetadata, why).into());
    if members.get("client_id").and_then(Value::as_str) != Some(client.client_id.as_str()) {
        return refuse("client_id must be there, and be that of the client (RFC 7592 2.2)".to_owned());
    }
    if let Some(name) = SERVERS_OWN.into_iter().find(|name| members.contains_key(*name)) {
        return refuse(format!("{name} must not be there: only the server says it (RFC 7592 2.2)"));
    }
    let Some(secret) = members.get("client_secret") else { return Ok(()) };
    let secret = secret.as_str().and_then(|secret| Token::parse_as(TokenKind::ClientSecret, secret));
    match secret {
        Some(secret) if tx.clients().live_secret(client.id, &secret.hash(), false, now)?.is_some() => Ok(()),
        _ => refuse("client_secret is not the one that the client has, and a client cannot choose it".to_owned()),
    }
}

/// Deletes a client at its own wish, and all that hangs on it (RFC 7592 §2.3).
///
/// # Errors
/// [`RegisterError::NotManager`].
pub fn delete(tx: &mut Tx<'_>, client_id: &str, token: &TokenHash, act: &Act) -> Result<(), RegisterError> {
    let client = find(tx, client_id, token)?.ok_or(RegisterError::NotManager)?;
    clients::delete(tx, client.id, act).map_err(|error| match error {
        ClientError::NotFound => RegisterError::NotManager,
        error => error.into(),
    })
}
