//! Devices without a browser (RFC 8628): a device asks, and a person types its code where they are signed in and decides.

use hmac::Mac;
use serde_json::json;

use crate::domain::act::Act;
use crate::domain::attempts;
use crate::domain::attempts::Bucket;
use crate::domain::attempts::Limit;
use crate::domain::authorization_details;
use crate::domain::grants;
use crate::domain::grants::Duration;
use crate::domain::keyed_hash;
use crate::domain::login;
use crate::domain::oauth::authorize;
use crate::domain::oauth::consent;
use crate::domain::oauth::consent::Decider;
use crate::domain::oauth::consent::Decision;
use crate::domain::oauth::error::TokenError;
use crate::domain::oauth::resource;
use crate::domain::oauth::sign_in;
use crate::domain::oauth::token;
use crate::domain::oauth::token::Asked;
use crate::domain::oauth::token::Terms;
use crate::domain::rights::Actor;
use crate::domain::rights::Catalogue;
use crate::model::audit::AuditEvent;
use crate::model::client::Client;
use crate::model::client::GrantType;
use crate::model::device::DeviceCode;
use crate::model::device::DeviceState;
use crate::model::device::UserCode;
use crate::model::device::UserCodeHash;
use crate::model::grant::Family;
use crate::model::id::FamilyId;
use crate::model::scope::Scope;
use crate::model::time::Lifetime;
use crate::model::token::Token;
use crate::model::token::TokenKind;
use crate::random::Random;
use crate::store::StoreError;
use crate::store::Tx;

/// How long a device waits between two polls, at first (RFC 8628 §3.2).
pub const INTERVAL: Lifetime = Lifetime::from_seconds(5);

/// What is stored of a user code, and by what it is found: its hash under one of the server's keys. It is too short to be
/// hashed without a key.
pub fn user_code_hash(key: &[u8; 32], code: &UserCode) -> UserCodeHash {
    let mut mac = keyed_hash::begin(key);
    mac.update(b"user code\0");
    mac.update(code.letters());
    UserCodeHash::new(mac.finalize().into_bytes().into())
}

/// Lets a device of `client` wait for `lifetime`. Returns the code that it polls with and the one that it shows.
///
/// # Errors
/// `unauthorized_client`, `invalid_scope`, `invalid_target`, `invalid_authorization_details`.
pub fn begin(
    tx: &mut Tx<'_>,
    client: &Client,
    asked: &Asked,
    terms: &Terms,
    lifetime: Lifetime,
    key: &[u8; 32],
    act: &Act,
) -> Result<(Token, UserCode), TokenError> {
    token::check_grant_type(client, GrantType::DeviceCode)?;
    let scopes = authorize::check_scope(client, asked.scope.as_deref()).map_err(TokenError::Refused)?;
    let resources = token::asked_resources(tx, asked, terms)?;
    let details = authorization_details::check(tx, client, asked.details.as_deref())?.map_err(TokenError::Refused)?;
    let (user_code, hash) = loop {
        let code = Random.user_code();
        let hash = user_code_hash(key, &code);
        // Two devices must not show the same code; there are so many that this hardly ever goes round.
        if tx.device_codes().find_by_user_code(&hash)?.is_none() {
            break (code, hash);
        }
    };
    let device_code = Random.token(TokenKind::DeviceCode);
    let code = DeviceCode {
        hash: device_code.hash(),
        client: client.id,
        scopes,
        resources,
        details,
        expires_at: act.now + lifetime,
        interval: INTERVAL,
        session: None,
        state: DeviceState::Waiting,
    };
    tx.device_codes().insert(&code, &hash, act.now)?;
    Ok((device_code, user_code))
}

/// A user code as it was typed.
#[derive(Debug, Clone)]
pub struct Typed {
    /// Its hash under each of the server's keys; none where the text can be no code.
    pub hashes: Vec<UserCodeHash>,
    /// How often one user may be wrong.
    pub per_user: Option<Limit>,
    /// How often one address may be wrong.
    pub per_address: Option<Limit>,
}

/// Why a typed code leads nowhere.
#[derive(Debug)]
pub enum Refused {
    /// The session ended since the request came in.
    SessionEnded,
    /// Too many codes were wrong.
    Limited(Lifetime),
    /// No device shows this code: which of all reasons is not said (RFC 8628 §5.1).
    Unknown,
    /// Somebody typed it in another session before.
    Elsewhere,
    /// The user can allow nothing of what the device asks for.
    NothingToAllow,
}

/// A device that its user is to decide about.
#[derive(Debug)]
pub struct Shown {
    /// Whose device it is.
    pub client: Client,
    /// The device.
    pub code: DeviceCode,
    /// What of its scopes this user can allow.
    pub scope: Scope,
    /// What the client has already of this user.
    pub earlier: Scope,
}

/// What became of a decision.
#[derive(Debug)]
pub enum Decided {
    /// The device gets its tokens at its next poll.
    Allowed,
    /// It gets nothing.
    Denied,
    /// Nobody had typed the code before, so nobody has seen what it is for: the user is to be asked now.
    Ask(Box<Shown>),
}

/// Finds the device that shows the code, and binds it to the session in which the code was typed first.
///
/// # Errors
/// What the database says.
pub fn enter(
    tx: &mut Tx<'_>,
    typed: &Typed,
    decider: &Decider,
    act: &Act,
) -> Result<Result<Box<Shown>, Refused>, StoreError> {
    Ok(look_up(tx, typed, decider, act)?.map(|(shown, _)| shown))
}

/// Carries out the user's decision: once, and only in the session in which the code was typed.
///
/// # Errors
/// What the database says.
pub fn decide(
    tx: &mut Tx<'_>,
    typed: &Typed,
    decision: &Decision,
    decider: &Decider,
    terms: &Terms,
    act: &Act,
) -> Result<Result<Decided, Refused>, StoreError> {
    let (shown, was_seen) = match look_up(tx, typed, decider, act)? {
        Ok(found) => found,
        Err(refused) => return Ok(Err(refused)),
    };
    if !was_seen {
        return Ok(Ok(Decided::Ask(shown)));
    }
    let Shown { client, code, scope, .. } = &*shown;
    if !tx.device_codes().decide(&code.hash, decider.session, act.now)? {
        return Ok(Err(Refused::Unknown));
    }
    let allowed = match decision {
        Decision::Allow { scopes, .. } => scopes.union(&client.needed_scopes).intersection(scope),
        Decision::Deny => Scope::default(),
    };
    let Decision::Allow { duration, .. } = decision else { return deny(tx, client, decider, act) };
    if allowed.is_empty() {
        return deny(tx, client, decider, act);
    }
    allow(tx, &shown, &allowed, *duration, decider, terms, act)?;
    Ok(Ok(Decided::Allowed))
}

fn allow(
    tx: &mut Tx<'_>,
    shown: &Shown,
    allowed: &Scope,
    duration: Duration,
    decider: &Decider,
    terms: &Terms,
    act: &Act,
) -> Result<(), StoreError> {
    let Shown { client, code, scope: asked, .. } = shown;
    let (resources, details) = (&code.resources, code.details.as_ref());
    let decision = grants::Decision { client, redirect: None, asked, allowed, resources, details, duration };
    let grant = grants::give(tx, decider.user, decision, act)?;
    let family = Family {
        id: Random.id(act.now, FamilyId::new),
        grant: grant.id,
        user: grant.user,
        client: grant.client,
        scopes: allowed.clone(),
        resources: code.resources.clone(),
        details: code.details.clone(),
        key: None,
        created_at: act.now,
        // The device's poll makes it longer; a family that is purged takes the device's code along.
        expires_at: code.expires_at + terms.lifetimes.access,
        ended_at: None,
    };
    tx.families().insert(&family)?;
    sign_in::note(tx, &family, decider.session, None, None)?;
    tx.device_codes().allow(&code.hash, family.id)
}

fn deny(
    tx: &mut Tx<'_>,
    client: &Client,
    decider: &Decider,
    act: &Act,
) -> Result<Result<Decided, Refused>, StoreError> {
    let details = json!({ "client_id": client.client_id });
    act.record(tx, AuditEvent::GrantDenied, &decider.user.to_string(), details)?;
    Ok(Ok(Decided::Denied))
}

/// The device that shows the code, now bound to this session; the second half says whether it was before. A wrong code is
/// counted, and whoever was wrong too often is not answered at all: these codes are short (RFC 8628 §5.1).
fn look_up(
    tx: &mut Tx<'_>,
    typed: &Typed,
    decider: &Decider,
    act: &Act,
) -> Result<Result<(Box<Shown>, bool), Refused>, StoreError> {
    if !consent::still_holds(tx, decider, act)? {
        return Ok(Err(Refused::SessionEnded));
    }
    let buckets = buckets(typed, decider, act);
    if let Err(retry_after) = attempts::reserve(tx, &buckets, act.now)? {
        return Ok(Err(Refused::Limited(retry_after)));
    }
    let found = match find(tx, typed, act)? {
        Some((code, client)) => bind(tx, code, client, decider, act)?,
        None => Err(Refused::Unknown),
    };
    if !matches!(found, Err(Refused::Unknown | Refused::Elsewhere)) {
        attempts::settle(tx, &buckets)?;
    }
    Ok(found)
}

fn buckets(typed: &Typed, decider: &Decider, act: &Act) -> Vec<(Bucket, Limit)> {
    let user = decider.user.to_string();
    let address = act.by.address.map(login::network).unwrap_or_default();
    let per_user = typed.per_user.map(|limit| (Bucket::new("user code", &[&user]), limit));
    let per_address = typed.per_address.map(|limit| (Bucket::new("user code address", &[&address]), limit));
    per_user.into_iter().chain(per_address).collect()
}

/// The device, if it still waits and its client may still use it.
fn find(tx: &mut Tx<'_>, typed: &Typed, act: &Act) -> Result<Option<(DeviceCode, Client)>, StoreError> {
    for hash in &typed.hashes {
        let Some(code) = tx.device_codes().find_by_user_code(hash)? else { continue };
        if code.state != DeviceState::Waiting || code.expires_at.is_past(act.now) {
            return Ok(None);
        }
        let client = tx.clients().find(code.client)?;
        let client = client.filter(|client| client.enabled && client.may_use(GrantType::DeviceCode));
        return Ok(client.map(|client| (code, client)));
    }
    Ok(None)
}

fn bind(
    tx: &mut Tx<'_>,
    code: DeviceCode,
    client: Client,
    decider: &Decider,
    act: &Act,
) -> Result<Result<(Box<Shown>, bool), Refused>, StoreError> {
    let was_seen = code.session == Some(decider.session);
    if let Some(other) = code.session.filter(|_| !was_seen)
        && tx.sessions().find(other)?.is_some_and(|session| session.is_live(act.now))
    {
        return Ok(Err(Refused::Elsewhere));
    }
    let asked = code.scopes.intersection(&client.scopes);
    let usable = Catalogue::read(tx)?.usable(&asked, &decider.roles, Actor::User);
    let scope = resource::scopes_at(tx, &usable, &code.resources)?;
    if scope.is_empty() {
        return Ok(Err(Refused::NothingToAllow));
    }
    // Who typed it in a session that has ended may have signed in as somebody else since.
    if !was_seen && !tx.device_codes().claim(&code.hash, code.session, decider.session)? {
        return Ok(Err(Refused::Elsewhere));
    }
    let earlier = grants::scopes_given(tx, decider.user, &client, &code.resources, act.now)?;
    Ok(Ok((Box::new(Shown { client, code, scope, earlier }), was_seen)))
}
