//! From a presented credential to the [`Identity`] that the request has. Whether each part of it still holds is
//! asked at every use; no clean-up job is needed for a refusal.

mod refusal;

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

pub use refusal::KeyFault;
pub use refusal::Refusal;

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

/// Finds out who presents `presented` from `address`, with what `reading` may use of what is known already.
///
/// # Errors
/// What the database says; that is never "nobody".
#[inline(never)]
pub fn run(
    tx: &mut Tx<'_>,
    reading: &Reading,
    presented: &Presented,
    address: Option<IpAddr>,
    now: Timestamp,
) -> Result<Result<Found, Refusal>, StoreError> {
    let facts = match (wanted(presented), presented) {
        (None, Presented::ImportedKey { secrets, .. }) => {
            let mut found = None;
            for secret in secrets {
                found = tx.facts(&Wanted::ApiSecret(*secret))?;
                if found.is_some() {
                    break;
                }
            }
            found
        }
        (wanted, _) => wanted.map(|wanted| tx.facts(&wanted)).transpose()?.flatten(),
    };
    let Some(facts) = facts else { return Ok(Err(Refusal::Unknown)) };
    conclude(tx, reading, presented, facts, address, now)
}

/// The same where the facts are there already.
///
/// # Errors
/// What the database says.
#[inline(never)]
pub fn conclude(
    tx: &mut Tx<'_>,
    reading: &Reading,
    presented: &Presented,
    facts: Facts,
    address: Option<IpAddr>,
    now: Timestamp,
) -> Result<Result<Found, Refusal>, StoreError> {
    if let Err(refusal) = check(presented, &facts, address, now) {
        return Ok(Err(refusal));
    }
    let beside = Beside::read(tx, reading, &facts, address, now)?;
    Ok(judge(presented, facts, beside, now))
}

/// The same by what `reading` remembers alone; gives back the facts where that does not decide.
pub fn conclude_by_memory(
    reading: &Reading,
    presented: &Presented,
    facts: Facts,
    address: Option<IpAddr>,
    now: Timestamp,
) -> Result<Result<Found, Refusal>, Facts> {
    if let Err(refusal) = check(presented, &facts, address, now) {
        return Ok(Err(refusal));
    }
    match Beside::recall(reading, &facts) {
        Some(beside) => Ok(judge(presented, facts, beside, now)),
        None => Err(facts),
    }
}

/// What [`run`] would ask the database for first, if one question answers it.
pub fn wanted(presented: &Presented) -> Option<Wanted> {
    match presented {
        Presented::Session(hash) => Some(Wanted::Session(*hash)),
        Presented::VerifySession { cookie, .. } => Some(Wanted::VerifySession(*cookie)),
        Presented::AccessToken(hash) => Some(Wanted::AccessToken(*hash)),
        // By the secret's hash, whatever the name: an unknown key and a wrong secret take the same way.
        Presented::ApiKey { secret, .. } => Some(Wanted::ApiSecret(*secret)),
        Presented::ImportedKey { .. } => None,
    }
}

/// What decides of a credential besides what is true of itself.
struct Beside {
    /// The client of an access token.
    client: Option<Arc<Client>>,
    /// What it was exchanged for (RFC 8693), if it was.
    above: Option<Result<Found, Refusal>>,
    /// All scopes there are.
    known: Arc<Known>,
}

impl Beside {
    /// Reads it, but for what `reading` knows. Not inlined, nor is what leads here: it leads back to [`run`], which a compiler
    /// would unroll for nothing, and take its time for it.
    ///
    /// # Errors
    /// What the database says.
    #[inline(never)]
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
    fn recall(reading: &Reading, facts: &Facts) -> Option<Self> {
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
        Facts::ApiKey(facts) => granted_to_key(&facts.key),
        Facts::Session(_) | Facts::VerifySession(..) => None,
    }
}

fn granted_to_key(key: &ApiKey) -> Option<&Scope> {
    match &key.access {
        KeyAccess::Full => None,
        KeyAccess::Scopes(scopes) => Some(scopes),
    }
}

/// Whether a credential is refused by what is true of itself: then nothing else need be read, and whoever presents a decoy
/// can't tell by the time it takes.
fn check(presented: &Presented, facts: &Facts, address: Option<IpAddr>, now: Timestamp) -> Result<(), Refusal> {
    match (presented, facts) {
        (Presented::Session(_), Facts::Session(facts)) => check_session(facts, now),
        // A cookie of one host is none at another.
        (Presented::VerifySession { origin, .. }, Facts::VerifySession(facts, of)) if of == origin => {
            check_session(facts, now)
        }
        (Presented::AccessToken(_), Facts::AccessToken(facts)) => {
            if let Some(at) = facts.token.revoked_at {
                return Err(Refusal::Revoked(at));
            }
            if facts.token.expires_at.is_past(now) { Err(Refusal::Expired(facts.token.expires_at)) } else { Ok(()) }
        }
        (Presented::ApiKey { name, .. }, Facts::ApiKey(facts)) if facts.imported.is_none() => {
            check_api_key(name.as_ref(), facts, address, now)
        }
        (Presented::ImportedKey { name, .. }, Facts::ApiKey(facts))
            if facts.imported.is_some_and(|form| form == ImportedForm::Alone || name.is_some()) =>
        {
            check_api_key(name.as_ref(), facts, address, now)
        }
        _ => Err(Refusal::Unknown),
    }
}

fn check_session(facts: &SessionFacts, now: Timestamp) -> Result<(), Refusal> {
    if !facts.session.is_live(now) {
        return Err(Refusal::Expired(end_of(&facts.session)));
    }
    if facts.owner.enabled { Ok(()) } else { Err(Refusal::UserDisabled(facts.owner.id)) }
}

/// `name` is the key's public half, where that was given.
fn check_api_key(
    name: Option<&ApiKeyName>,
    facts: &ApiKeyFacts,
    address: Option<IpAddr>,
    now: Timestamp,
) -> Result<(), Refusal> {
    let ApiKeyFacts { key, owner, secret_ends, .. } = facts;
    let refuse = |fault| Err(Refusal::Key { id: key.id, user: key.user, fault });
    if name.is_some_and(|name| *name != key.api_key) {
        // Whoever has a decoy's secret has taken it from where it was left, whatever stands beside it.
        let is_decoy = key.is_decoy && key.revoked_at.is_none();
        return if is_decoy { refuse(KeyFault::Decoy) } else { Err(Refusal::Unknown) };
    }
    let over = |end: Option<Timestamp>| end.filter(|end| end.is_past(now));
    if let Some(at) = key.revoked_at {
        refuse(KeyFault::Revoked(at))
    } else if key.is_decoy {
        refuse(KeyFault::Decoy)
    } else if !key.enabled {
        refuse(KeyFault::Disabled)
    } else if let Some(end) = over(key.expires_at) {
        refuse(KeyFault::Expired(end))
    } else if let Some(end) = over(*secret_ends) {
        refuse(KeyFault::SecretExpired(end))
    } else if !key.allows(address) {
        refuse(KeyFault::Address(key.allowed_addresses.clone()))
    } else if !owner.enabled {
        refuse(KeyFault::UserDisabled)
    } else {
        Ok(())
    }
}

/// Who presents what was checked, by what is true of it and `beside` it.
#[inline(never)]
fn judge(presented: &Presented, facts: Facts, beside: Beside, now: Timestamp) -> Result<Found, Refusal> {
    match facts {
        Facts::AccessToken(facts) => judge_access_token(*facts, beside, now),
        Facts::ApiKey(facts) => Ok(found_by_key(*facts, &beside.known, now)),
        Facts::Session(facts) => Ok(found_in_session(*facts, &beside.known)),
        Facts::VerifySession(facts, _) => {
            let mut found = found_in_session(*facts, &beside.known);
            if let Presented::VerifySession { cookie, .. } = presented {
                found.basis.rest_on(cookie.as_bytes());
            }
            Ok(found)
        }
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
    Ok(match check_session(&facts, now) {
        Ok(()) => Ok(found_in_session(facts, &*reading.known(tx, None)?)),
        Err(refusal) => Err(refusal),
    })
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
    Ok(match check_api_key(None, &facts, address, now) {
        Ok(()) => {
            let known = reading.known(tx, granted_to_key(&facts.key))?;
            Ok(found_by_key(facts, &known, now))
        }
        Err(refusal) => Err(refusal),
    })
}

fn found_in_session(SessionFacts { session, owner }: SessionFacts, known: &Known) -> Found {
    let end = end_of(&session);
    let mut basis = Basis::new();
    basis.rest_on(session.id.as_bytes());
    basis.rest_on(owner.id.as_bytes());
    basis.last_until(Some(end));
    let identity = Identity {
        rights: Rights::Full { scopes: known.full(&owner.roles, Actor::User) },
        roles: owner.roles.clone(),
        subject: subject(owner),
        credential: Credential::Session { id: session.id, authenticated_at: session.authenticated_at },
        expires_at: Some(end),
    };
    Found { identity, session: Some(Box::new(session)), key: None, basis }
}

fn end_of(session: &Session) -> Timestamp {
    session.expires_at.min(session.idle_expires_at)
}

fn judge_access_token(facts: AccessTokenFacts, beside: Beside, now: Timestamp) -> Result<Found, Refusal> {
    let AccessTokenFacts { token, roots } = facts;
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

fn found_by_key(facts: ApiKeyFacts, known: &Known, now: Timestamp) -> Found {
    let ApiKeyFacts { key, owner, secret, secret_ends, .. } = facts;
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
    Found { identity, session: None, key: Some(Box::new(in_use)), basis }
}

/// The user as a subject.
pub fn subject(owner: Owner) -> Subject {
    Subject::User { id: owner.id, username: owner.username, email: owner.email, full_name: owner.full_name }
}
