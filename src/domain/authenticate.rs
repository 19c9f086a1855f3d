//! From a presented credential to the [`Identity`] that the request has. Whether each part of it still holds is
//! asked at every use; no clean-up job is needed for a refusal.

use std::net::IpAddr;
use std::sync::Arc;

use ipnet::IpNet;

use crate::domain::memory::Known;
use crate::domain::memory::Reading;
use crate::domain::refusals::check::Check;
use crate::domain::rights::Actor;
use crate::model::api_key;
use crate::model::api_key::ApiKey;
use crate::model::api_key::KeyAccess;
use crate::model::client::Client;
use crate::model::grant::Parent;
use crate::model::id::ApiKeyId;
use crate::model::id::UserId;
use crate::model::identity::Credential;
use crate::model::identity::Identity;
use crate::model::identity::Rights;
use crate::model::identity::Subject;
use crate::model::key_limits::KeyLimits;
use crate::model::key_use::KeyOutcome;
use crate::model::scope::Scope;
use crate::model::session::Session;
use crate::model::time::Timestamp;
use crate::model::token::ApiKeyName;
use crate::model::token::TokenHash;
use crate::model::user::Owner;
use crate::store::AccessTokenFacts;
use crate::store::ApiKeyFacts;
use crate::store::Facts;
use crate::store::ImportedForm;
use crate::store::Mark;
use crate::store::SessionFacts;
use crate::store::StoreError;
use crate::store::Tx;
use crate::store::Wanted;

/// A credential whose form is right; whether it is any good only the store can say.
#[derive(Debug, Clone)]
pub enum Presented {
    /// The cookie of a browser session.
    Session(TokenHash),
    /// The cookie that a host behind a proxy got in place of the session's own, which is good at the check alone.
    VerifySession {
        /// The cookie.
        cookie: TokenHash,
        /// The origin that it was sent to.
        origin: String,
    },
    /// `Bearer` with an access token (RFC 6750 §2.1).
    AccessToken(TokenHash),
    /// An API secret, and the key it was presented with; `Bearer` presents the secret alone, which names its key.
    ApiKey {
        /// The public half, where it was given.
        name: Option<ApiKeyName>,
        /// The secret half.
        secret: TokenHash,
    },
    /// A secret that was made elsewhere, and the key it was presented with.
    ImportedKey {
        /// The public half, where it was given.
        name: Option<ApiKeyName>,
        /// What the store may have of the secret half: by the server's key in use, and by those that it replaced.
        secrets: Vec<TokenHash>,
    },
}

/// Who presents a credential.
#[derive(Debug)]
pub struct Found {
    /// Who it is, and what the credential may do.
    pub identity: Identity,
    /// The session, where it is one.
    pub session: Option<Box<Session>>,
    /// The API key that it is, or came of by an exchange (RFC 8693).
    pub key: Option<Box<KeyInUse>>,
    /// What makes it so.
    pub basis: Basis,
}

/// The records that an access token of a user rests on: token, client, family, grant and user.
const MOST_MARKS: usize = 5;

/// What an answer rests on: it is the same for as long as no record of these changes, and time does not end any of them.
#[derive(Debug)]
pub struct Basis {
    /// The records.
    pub marks: Vec<Mark>,
    /// When something of them ends by itself.
    pub until: Option<Timestamp>,
}

impl Basis {
    /// With room for what most credentials rest on.
    fn new() -> Self {
        Self { marks: Vec::with_capacity(MOST_MARKS), until: None }
    }

    fn rest_on(&mut self, id: &[u8]) {
        self.marks.push(Mark::of(id));
    }

    fn last_until(&mut self, end: Option<Timestamp>) {
        self.until = self.until.into_iter().chain(end).min();
    }

    fn join(&mut self, other: &Basis) {
        self.marks.extend_from_slice(&other.marks);
        self.last_until(other.until);
    }
}

/// The API key behind a request.
#[derive(Debug, Clone)]
pub struct KeyInUse {
    /// The key.
    pub id: ApiKeyId,
    /// Its public half.
    pub api_key: ApiKeyName,
    /// How often it may be used.
    pub limits: KeyLimits,
    /// Whether a trial of its revocation runs.
    pub is_on_trial: bool,
    /// Where not empty, the only addresses that it may be used from.
    pub allowed_addresses: Vec<IpNet>,
}

impl KeyInUse {
    /// Whether it may be used from `address`.
    pub fn allows(&self, address: Option<IpAddr>) -> bool {
        api_key::allows(&self.allowed_addresses, address)
    }

    /// What becomes of a request that is let in.
    pub fn passed(&self) -> KeyOutcome {
        if self.is_on_trial { KeyOutcome::WouldFail } else { KeyOutcome::Passed }
    }
}

/// What is asked of a session, in this order.
pub const SESSION_CHECKS: &[Check] = &[Check::SessionKnown, Check::SessionLive, Check::SessionUser];

/// What is asked of an access token, in this order.
pub const TOKEN_CHECKS: &[Check] = &[
    Check::TokenKnown,
    Check::TokenUnrevoked,
    Check::TokenUnexpired,
    Check::TokenClient,
    Check::TokenOrigin,
    Check::TokenUser,
];

/// What is asked of an API key, in this order.
pub const KEY_CHECKS: &[Check] = &[
    Check::KeyKnown,
    Check::KeyUnrevoked,
    Check::KeyNoDecoy,
    Check::KeyEnabled,
    Check::KeyUnexpired,
    Check::KeySecretUnexpired,
    Check::KeyAddress,
    Check::KeyUser,
];

/// Why a credential is refused. Outside all of them look the same; this is for the log, for administrators, and for who
/// owns the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// There is no such credential.
    Unknown,
    /// It was revoked or ended, then.
    Revoked(Timestamp),
    /// Its time is over since then.
    Expired(Timestamp),
    /// It hangs on a sign-in or a grant that has ended, or is gone.
    SignInEnded,
    /// It came of another credential (RFC 8693), which is refused for this.
    Above(Box<Refusal>),
    /// Its client is disabled or gone.
    ClientDisabled,
    /// Its user is disabled or gone.
    UserDisabled(UserId),
    /// The secret of an API key is right, and the key is refused all the same.
    Key {
        /// The key.
        id: ApiKeyId,
        /// Whose it is.
        user: UserId,
        /// Why.
        fault: KeyFault,
    },
}

/// Why an API key is refused though its secret is right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyFault {
    /// It was revoked, then.
    Revoked(Timestamp),
    /// It is a decoy.
    Decoy,
    /// It is disabled.
    Disabled,
    /// It has expired, then.
    Expired(Timestamp),
    /// This secret of it has expired, then.
    SecretExpired(Timestamp),
    /// It works from these addresses alone.
    Address(Vec<IpNet>),
    /// Its user is disabled or gone.
    UserDisabled,
}

impl KeyFault {
    /// As its owner sees it.
    pub const fn outcome(&self) -> KeyOutcome {
        match self {
            KeyFault::Revoked(_) => KeyOutcome::Revoked,
            KeyFault::Decoy => KeyOutcome::Decoy,
            KeyFault::Disabled | KeyFault::UserDisabled => KeyOutcome::Disabled,
            KeyFault::Expired(_) | KeyFault::SecretExpired(_) => KeyOutcome::Expired,
            KeyFault::Address(_) => KeyOutcome::AddressNotAllowed,
        }
    }
}

/// Finds out who presents `presented` from `address`, with what `reading` may use of what is known already.
///
/// # Errors
/// What the database says; that is never "nobody".
pub fn run(
    tx: &mut Tx<'_>,
    reading: &Reading,
    presented: &Presented,
    address: Option<IpAddr>,
    now: Timestamp,
) -> Result<Result<Found, Refusal>, StoreError> {
    let facts = match presented {
        Presented::Session(hash) => tx.find_session(hash)?.map(|facts| Facts::Session(Box::new(facts))),
        Presented::VerifySession { cookie, .. } => {
            tx.find_verify_session(cookie)?.map(|(facts, origin)| Facts::VerifySession(Box::new(facts), origin))
        }
        Presented::AccessToken(hash) => tx.find_access_token(hash)?.map(|facts| Facts::AccessToken(Box::new(facts))),
        // By the secret's hash, whatever the name: an unknown key and a wrong secret take the same way.
        Presented::ApiKey { secret, .. } => tx.find_api_key(secret)?.map(|facts| Facts::ApiKey(Box::new(facts))),
        Presented::ImportedKey { secrets, .. } => {
            let mut found = None;
            for secret in secrets {
                found = tx.find_api_key(secret)?;
                if found.is_some() {
                    break;
                }
            }
            found.map(|facts| Facts::ApiKey(Box::new(facts)))
        }
    };
    let Some(facts) = facts else { return Ok(Err(Refusal::Unknown)) };
    let beside = Beside::read(tx, reading, &facts, address, now)?;
    Ok(judge(presented, facts, beside, address, now))
}

/// What [`run`] would ask the database for first, if one question answers it.
pub fn wanted(presented: &Presented) -> Option<Wanted> {
    match presented {
        Presented::Session(hash) => Some(Wanted::Session(*hash)),
        Presented::VerifySession { cookie, .. } => Some(Wanted::VerifySession(*cookie)),
        Presented::AccessToken(hash) => Some(Wanted::AccessToken(*hash)),
        Presented::ApiKey { secret, .. } => Some(Wanted::ApiSecret(*secret)),
        Presented::ImportedKey { .. } => None,
    }
}

/// What decides of a credential besides what is true of itself.
pub struct Beside {
    /// The client of an access token.
    client: Option<Arc<Client>>,
    /// What it was exchanged for (RFC 8693), if it was.
    above: Option<Result<Found, Refusal>>,
    /// All scopes there are.
    known: Arc<Known>,
}

impl Beside {
    /// Reads it, but for what `reading` knows.
    ///
    /// # Errors
    /// What the database says.
    fn read(
        tx: &mut Tx<'_>,
        reading: &Reading,
        facts: &Facts,
        address: Option<IpAddr>,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        let known = reading.known(tx, granted(facts))?;
        let Facts::AccessToken(facts) = facts else { return Ok(Self { client: None, above: None, known }) };
        let client = reading.client(tx, facts.token.client)?;
        // No chain is longer than the exchange allows.
        let above = match facts.token.parent {
            Some(Parent::AccessToken(hash)) => Some(access_token(tx, reading, &hash, address, now)?),
            Some(Parent::ApiSecret(hash)) => {
                let facts = tx.find_api_key(&hash)?;
                Some(match facts {
                    Some(facts) => api_key(tx, reading, facts, address, now)?,
                    None => Err(Refusal::Unknown),
                })
            }
            None => None,
        };
        Ok(Self { client, above, known })
    }

    /// The same where `reading` knows all of it.
    pub fn recall(reading: &Reading, facts: &Facts) -> Option<Self> {
        let known = reading.recall_known(granted(facts))?;
        let Facts::AccessToken(facts) = facts else { return Some(Self { client: None, above: None, known }) };
        if facts.token.parent.is_some() {
            return None;
        }
        Some(Self { client: Some(reading.recall_client_by(facts.token.client)?), above: None, known })
    }
}

/// The scopes that a credential was given; `None` where it has all.
fn granted(facts: &Facts) -> Option<&Scope> {
    match facts {
        Facts::AccessToken(facts) => Some(&facts.token.scopes),
        Facts::ApiKey(facts) => match &facts.key.access {
            KeyAccess::Full => None,
            KeyAccess::Scopes(scopes) => Some(scopes),
        },
        Facts::Session(_) | Facts::VerifySession(..) => None,
    }
}

/// Who presents `presented`, by what is true of it and `beside` it.
pub fn judge(
    presented: &Presented,
    facts: Facts,
    beside: Beside,
    address: Option<IpAddr>,
    now: Timestamp,
) -> Result<Found, Refusal> {
    match (presented, facts) {
        (Presented::Session(_), Facts::Session(facts)) => judge_session(*facts, &beside.known, now),
        (Presented::VerifySession { cookie, origin }, Facts::VerifySession(facts, of)) => {
            // A cookie of one host is none at another.
            if of != *origin {
                return Err(Refusal::Unknown);
            }
            let mut found = judge_session(*facts, &beside.known, now)?;
            found.basis.rest_on(cookie.as_bytes());
            Ok(found)
        }
        (Presented::AccessToken(_), Facts::AccessToken(facts)) => judge_access_token(*facts, beside, now),
        (Presented::ApiKey { name, .. }, Facts::ApiKey(facts)) if facts.imported.is_none() => {
            judge_api_key(name.as_ref(), *facts, &beside.known, address, now)
        }
        (Presented::ImportedKey { name, .. }, Facts::ApiKey(facts))
            if facts.imported.is_some_and(|form| form == ImportedForm::Alone || name.is_some()) =>
        {
            judge_api_key(name.as_ref(), *facts, &beside.known, address, now)
        }
        _ => Err(Refusal::Unknown),
    }
}

/// Who is in this session.
///
/// # Errors
/// What the database says.
pub(super) fn session(
    tx: &mut Tx<'_>,
    reading: &Reading,
    facts: SessionFacts,
    now: Timestamp,
) -> Result<Result<Found, Refusal>, StoreError> {
    Ok(judge_session(facts, &*reading.known(tx, None)?, now))
}

/// Whose access token has this hash.
///
/// # Errors
/// What the database says.
pub(super) fn access_token(
    tx: &mut Tx<'_>,
    reading: &Reading,
    hash: &TokenHash,
    address: Option<IpAddr>,
    now: Timestamp,
) -> Result<Result<Found, Refusal>, StoreError> {
    run(tx, reading, &Presented::AccessToken(*hash), address, now)
}

/// Whose API key it is that these are the facts of, however it is presented.
///
/// # Errors
/// What the database says.
pub(super) fn api_key(
    tx: &mut Tx<'_>,
    reading: &Reading,
    facts: ApiKeyFacts,
    address: Option<IpAddr>,
    now: Timestamp,
) -> Result<Result<Found, Refusal>, StoreError> {
    let facts = Facts::ApiKey(Box::new(facts));
    let known = reading.known(tx, granted(&facts))?;
    let Facts::ApiKey(facts) = facts else { return Ok(Err(Refusal::Unknown)) };
    Ok(judge_api_key(None, *facts, &known, address, now))
}

fn judge_session(
    SessionFacts { session, owner }: SessionFacts,
    known: &Known,
    now: Timestamp,
) -> Result<Found, Refusal> {
    if !session.is_live(now) {
        let end = session.expires_at.min(session.idle_expires_at);
        return Err(Refusal::Expired(end));
    }
    if !owner.enabled {
        return Err(Refusal::UserDisabled(owner.id));
    }
    let mut basis = Basis::new();
    basis.rest_on(session.id.as_bytes());
    basis.rest_on(owner.id.as_bytes());
    basis.last_until(Some(session.expires_at.min(session.idle_expires_at)));
    let identity = Identity {
        rights: Rights::Full { scopes: known.full(&owner.roles, Actor::User) },
        roles: owner.roles.clone(),
        subject: subject(owner),
        credential: Credential::Session { id: session.id, authenticated_at: session.authenticated_at },
        expires_at: Some(session.expires_at.min(session.idle_expires_at)),
    };
    Ok(Found { identity, session: Some(Box::new(session)), key: None, basis })
}

fn judge_access_token(facts: AccessTokenFacts, beside: Beside, now: Timestamp) -> Result<Found, Refusal> {
    let AccessTokenFacts { token, roots } = facts;
    if let Some(at) = token.revoked_at {
        return Err(Refusal::Revoked(at));
    }
    if token.expires_at.is_past(now) {
        return Err(Refusal::Expired(token.expires_at));
    }
    let Some(client) = beside.client.filter(|client| client.enabled) else { return Err(Refusal::ClientDisabled) };
    let mut basis = Basis::new();
    basis.rest_on(token.hash.as_bytes());
    basis.rest_on(client.id.as_bytes());
    basis.last_until(Some(token.expires_at));
    let mut granted = token.scopes.intersection(&client.scopes);
    let mut expires_at = Some(token.expires_at);
    let mut key = None;
    let (subject, roles, actor) = match (beside.above, roots) {
        // RFC 8693: what it was exchanged for must hold, and says whose it is and what it can be at most.
        (Some(above), _) => {
            let above = match above {
                Ok(above) => above,
                Err(refusal @ Refusal::Key { .. }) => return Err(refusal),
                Err(refusal) => return Err(Refusal::Above(Box::new(refusal))),
            };
            // What came of a key counts as the key.
            key = above.key;
            basis.join(&above.basis);
            let above = above.identity;
            granted = above.rights.scopes().intersection(&granted);
            expires_at = expires_at.into_iter().chain(above.expires_at).min();
            let actor = if above.user_id().is_some() { Actor::User } else { Actor::Client };
            (above.subject, above.roles, actor)
        }
        // RFC 6749 §4.4: the client acts in its own name.
        (None, None) if token.family.is_none() => (
            Subject::Client { id: client.id, client_id: client.client_id.clone() },
            client.roles.clone(),
            Actor::Client,
        ),
        (None, None) => return Err(Refusal::SignInEnded),
        (None, Some(roots)) => {
            if !roots.are_live(now) {
                return Err(Refusal::SignInEnded);
            }
            granted = granted.intersection(&roots.scopes);
            let owner = roots.owner;
            if !owner.enabled {
                return Err(Refusal::UserDisabled(owner.id));
            }
            for id in [roots.family.as_bytes(), roots.grant.as_bytes(), owner.id.as_bytes()] {
                basis.rest_on(id);
            }
            basis.last_until(Some(roots.expires_at));
            let roles = owner.roles.clone();
            (subject(owner), roles, Actor::User)
        }
    };
    let rights = Rights::Scopes(beside.known.usable(&granted, &roles, actor));
    let credential = Credential::AccessToken {
        hash: token.hash,
        client,
        family: token.family,
        resources: token.resources,
        key: token.key,
        actor: token.actor,
        details: token.details,
        created_at: token.created_at,
    };
    let identity = Identity { subject, roles, rights, credential, expires_at };
    Ok(Found { identity, session: None, key, basis })
}

/// `name` is the key's public half, where that was given.
fn judge_api_key(
    name: Option<&ApiKeyName>,
    facts: ApiKeyFacts,
    known: &Known,
    address: Option<IpAddr>,
    now: Timestamp,
) -> Result<Found, Refusal> {
    let ApiKeyFacts { key, owner, secret, secret_ends, .. } = facts;
    if name.is_some_and(|name| *name != key.api_key) {
        // Whoever has a decoy's secret has taken it from where it was left, whatever stands beside it.
        let is_decoy = key.is_decoy && key.revoked_at.is_none();
        return Err(if is_decoy { refuse_key(&key, KeyFault::Decoy) } else { Refusal::Unknown });
    }
    let over = |end: Option<Timestamp>| end.filter(|end| end.is_past(now));
    let fault = if let Some(at) = key.revoked_at {
        Some(KeyFault::Revoked(at))
    } else if key.is_decoy {
        Some(KeyFault::Decoy)
    } else if !key.enabled {
        Some(KeyFault::Disabled)
    } else if let Some(end) = over(key.expires_at) {
        Some(KeyFault::Expired(end))
    } else if let Some(end) = over(secret_ends) {
        Some(KeyFault::SecretExpired(end))
    } else if !key.allows(address) {
        Some(KeyFault::Address(key.allowed_addresses.clone()))
    } else if !owner.enabled {
        Some(KeyFault::UserDisabled)
    } else {
        None
    };
    if let Some(fault) = fault {
        return Err(refuse_key(&key, fault));
    }
    let roles = match &key.roles {
        Some(kept) => owner.roles.intersection(kept),
        None => owner.roles.clone(),
    };
    let rights = match &key.access {
        KeyAccess::Full => Rights::Full { scopes: known.full(&roles, Actor::User) },
        KeyAccess::Scopes(scopes) => Rights::Scopes(known.usable(scopes, &roles, Actor::User)),
    };
    let expires_at = [key.expires_at, secret_ends].into_iter().flatten().min();
    let mut basis = Basis::new();
    basis.rest_on(key.id.as_bytes());
    basis.rest_on(owner.id.as_bytes());
    basis.last_until(expires_at);
    basis.last_until(key.trial_until.filter(|end| !end.is_past(now)));
    let credential = Credential::ApiKey { id: key.id, secret };
    let in_use = KeyInUse {
        id: key.id,
        is_on_trial: key.is_on_trial(now),
        allowed_addresses: key.allowed_addresses,
        api_key: key.api_key,
        limits: key.limits,
    };
    let identity = Identity { subject: subject(owner), roles, rights, credential, expires_at };
    Ok(Found { identity, session: None, key: Some(Box::new(in_use)), basis })
}

fn refuse_key(key: &ApiKey, fault: KeyFault) -> Refusal {
    Refusal::Key { id: key.id, user: key.user, fault }
}

/// The user as a subject.
pub fn subject(owner: Owner) -> Subject {
    Subject::User { id: owner.id, username: owner.username, email: owner.email, full_name: owner.full_name }
}
