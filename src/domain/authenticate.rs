//! From a presented credential to the [`Identity`] that the request has. Whether each part of it still holds is
//! asked at every use; no clean-up job is needed for a refusal.

use std::net::IpAddr;

use crate::domain::rights::Actor;
use crate::domain::rights::Catalogue;
use crate::model::api_key::KeyAccess;
use crate::model::grant::Parent;
use crate::model::identity::Credential;
use crate::model::identity::Identity;
use crate::model::identity::Rights;
use crate::model::identity::Subject;
use crate::model::session::Session;
use crate::model::time::Timestamp;
use crate::model::token::ApiKeyName;
use crate::model::token::TokenHash;
use crate::model::user::User;
use crate::store::StoreError;
use crate::store::Tx;

/// A credential whose form is right; whether it is any good only the store can say.
#[derive(Debug, Clone)]
pub enum Presented {
    /// The cookie of a browser session.
    Session(TokenHash),
    /// `Bearer` with an access token (RFC 6750 §2.1).
    AccessToken(TokenHash),
    /// An API secret, and the key it was presented with; `Bearer` presents the secret alone, which names its key.
    ApiKey {
        /// The public half, where it was given.
        name: Option<ApiKeyName>,
        /// The secret half.
        secret: TokenHash,
    },
}

/// Why a credential is refused. Outside all of them look the same; this is for the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// There is no such credential.
    Unknown,
    /// It ended, was revoked or disabled, or what it hangs on was.
    Ended,
    /// Its user or client is disabled or gone.
    SubjectDisabled,
    /// An API key does not work from this address.
    AddressNotAllowed,
}

/// Finds out who presents `presented` from `address`.
///
/// # Errors
/// What the database says; that is never "nobody".
pub fn run(
    tx: &mut Tx<'_>,
    presented: &Presented,
    address: Option<IpAddr>,
    now: Timestamp,
) -> Result<Result<(Identity, Option<Session>), Refusal>, StoreError> {
    match presented {
        Presented::Session(hash) => session(tx, hash, now),
        Presented::AccessToken(hash) => Ok(access_token(tx, hash, address, now)?.map(|identity| (identity, None))),
        Presented::ApiKey { name, secret } => {
            Ok(api_key(tx, name.as_ref(), secret, address, now)?.map(|identity| (identity, None)))
        }
    }
}

fn session(
    tx: &mut Tx<'_>,
    hash: &TokenHash,
    now: Timestamp,
) -> Result<Result<(Identity, Option<Session>), Refusal>, StoreError> {
    let Some(session) = tx.find_session(hash)? else { return Ok(Err(Refusal::Unknown)) };
    if !session.is_live(now) {
        return Ok(Err(Refusal::Ended));
    }
    let Some(user) = tx.users().find(session.user)?.filter(|user| user.enabled) else {
        return Ok(Err(Refusal::SubjectDisabled));
    };
    let identity = Identity {
        rights: Catalogue::read(tx)?.full(&user.roles, Actor::User),
        roles: user.roles.clone(),
        subject: subject(user),
        credential: Credential::Session { id: session.id, authenticated_at: session.authenticated_at },
        expires_at: Some(session.expires_at.min(session.idle_expires_at)),
    };
    Ok(Ok((identity, Some(session))))
}

fn access_token(
    tx: &mut Tx<'_>,
    hash: &TokenHash,
    address: Option<IpAddr>,
    now: Timestamp,
) -> Result<Result<Identity, Refusal>, StoreError> {
    let Some(facts) = tx.find_access_token(hash)? else { return Ok(Err(Refusal::Unknown)) };
    let token = facts.token;
    if token.revoked_at.is_some() || token.expires_at.is_past(now) {
        return Ok(Err(Refusal::Ended));
    }
    let Some(client) = tx.clients().find(token.client)?.filter(|client| client.enabled) else {
        return Ok(Err(Refusal::SubjectDisabled));
    };
    let mut granted = token.scopes.intersection(&client.scopes);
    let mut expires_at = Some(token.expires_at);
    let (subject, roles, actor) = match (token.parent, facts.family) {
        // RFC 8693: what it was exchanged for must hold, and says whose it is and what it can be at most. No chain is
        // longer than the exchange allows.
        (Some(parent), _) => {
            let above = match parent {
                Parent::AccessToken(hash) => access_token(tx, &hash, address, now)?,
                Parent::ApiSecret(hash) => api_key(tx, None, &hash, address, now)?,
            };
            let Ok(above) = above else { return Ok(Err(Refusal::Ended)) };
            granted = above.rights.scopes(&granted).intersection(&granted);
            expires_at = expires_at.into_iter().chain(above.expires_at).min();
            let actor = if above.user_id().is_some() { Actor::User } else { Actor::Client };
            (above.subject, above.roles, actor)
        }
        // RFC 6749 §4.4: the client acts in its own name.
        (None, None) if token.family.is_none() => {
            (Subject::Client { id: client.id, client_id: client.client_id.clone() }, client.roles, Actor::Client)
        }
        (None, None) => return Ok(Err(Refusal::Ended)),
        (None, Some((family, grant))) => {
            if !family.is_live(now) || !grant.is_live(now) {
                return Ok(Err(Refusal::Ended));
            }
            granted = granted.intersection(&grant.scopes);
            let Some(user) = tx.users().find(family.user)?.filter(|user| user.enabled) else {
                return Ok(Err(Refusal::SubjectDisabled));
            };
            let roles = user.roles.clone();
            (subject(user), roles, Actor::User)
        }
    };
    let rights = Rights::Scopes(Catalogue::read(tx)?.usable(&granted, &roles, actor));
    let credential = Credential::AccessToken {
        client: client.id,
        client_id: client.client_id,
        family: token.family,
        resources: token.resources,
        key: token.key,
        actor: token.actor,
        details: token.details,
        created_at: token.created_at,
    };
    Ok(Ok(Identity { subject, roles, rights, credential, expires_at }))
}

fn api_key(
    tx: &mut Tx<'_>,
    name: Option<&ApiKeyName>,
    secret: &TokenHash,
    address: Option<IpAddr>,
    now: Timestamp,
) -> Result<Result<Identity, Refusal>, StoreError> {
    // By the secret's hash, whatever the name: an unknown key and a wrong secret take the same way.
    let Some((key, secret_end)) = tx.find_api_key(secret)? else { return Ok(Err(Refusal::Unknown)) };
    if name.is_some_and(|name| *name != key.api_key) {
        return Ok(Err(Refusal::Unknown));
    }
    if !key.is_live(now) || secret_end.is_some_and(|end| end.is_past(now)) {
        return Ok(Err(Refusal::Ended));
    }
    if !key.allows(address) {
        return Ok(Err(Refusal::AddressNotAllowed));
    }
    let Some(user) = tx.users().find(key.user)?.filter(|user| user.enabled) else {
        return Ok(Err(Refusal::SubjectDisabled));
    };
    let roles = match &key.roles {
        Some(kept) => user.roles.intersection(kept),
        None => user.roles.clone(),
    };
    let catalogue = Catalogue::read(tx)?;
    let rights = match &key.access {
        KeyAccess::Full => catalogue.full(&roles, Actor::User),
        KeyAccess::Scopes(scopes) => Rights::Scopes(catalogue.usable(scopes, &roles, Actor::User)),
    };
    let expires_at = [key.expires_at, secret_end].into_iter().flatten().min();
    Ok(Ok(Identity {
        subject: subject(user),
        roles,
        rights,
        credential: Credential::ApiKey { id: key.id },
        expires_at,
    }))
}

/// The user as a subject.
pub fn subject(user: User) -> Subject {
    Subject::User {
        id: user.id,
        username: user.username.as_str().to_owned(),
        email: user.email.map(|email| email.as_str().to_owned()),
        full_name: user.full_name,
    }
}
