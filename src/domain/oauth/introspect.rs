//! Introspection: who and what a token stands for now (RFC 7662).

use std::net::IpAddr;
use std::sync::Arc;

use crate::domain::authenticate;
use crate::domain::authenticate::Found;
use crate::domain::authenticate::Presented;
use crate::domain::authenticate::Refusal;
use crate::domain::memory::Known;
use crate::domain::memory::Memory;
use crate::domain::rights::Actor;
use crate::domain::rights::Catalogue;
use crate::model::client::Client;
use crate::model::client::ClientOrigin;
use crate::model::grant::RefreshState;
use crate::model::id::ClientId;
use crate::model::identity::Credential;
use crate::model::identity::Subject;
use crate::model::resource::Resources;
use crate::model::scope::Scope;
use crate::model::time::Timestamp;
use crate::model::token::ApiKeyName;
use crate::model::token::Token;
use crate::model::token::TokenKind;
use crate::model::user::Owner;
use crate::store::StoreError;
use crate::store::Tx;

/// The scope that lets somebody ask.
pub const SCOPE: &str = "introspect";

/// What somebody who asks may see.
#[derive(Debug, Clone)]
pub enum Sees {
    /// Every token.
    Everything,
    /// Tokens that are meant for one of these resources, and API keys, which are good everywhere (RFC 7662 §4).
    MeantFor(Resources),
}

/// What a live token stands for.
#[derive(Debug)]
pub enum Facts {
    /// An access token or an API key.
    Credential(Arc<Found>),
    /// A refresh token.
    RefreshToken {
        /// Whose it is.
        subject: Subject,
        /// The `client_id` of the client that it was given to.
        client_id: String,
        /// What it can be exchanged for.
        scope: Scope,
        /// The resources that it can be exchanged for.
        resources: Resources,
        /// The user's roles.
        roles: Vec<String>,
        /// When it ends if it is not used.
        expires_at: Timestamp,
    },
}

/// What `client` may see, of all scopes that there are; nothing where it lacks the scope. A client that registered
/// itself never has it.
pub fn seen_by(known: &Known, client: &Client) -> Option<Sees> {
    if client.origin != ClientOrigin::Administrator || client.is_public() {
        return None;
    }
    let may_ask = known.may_use(SCOPE, &client.scopes, &client.roles, Actor::Client);
    may_ask.then(|| {
        let resources = client.resources.clone();
        if resources.is_empty() { Sees::Everything } else { Sees::MeantFor(resources) }
    })
}

/// What an access token of this client lets see: no more than the client itself would, if that is a resource.
///
/// # Errors
/// What the database says.
pub fn seen_by_token_of(tx: &mut Tx<'_>, client: ClientId) -> Result<Sees, StoreError> {
    let resources = tx.clients().find(client)?.map(|client| client.resources).unwrap_or_default();
    Ok(if resources.is_empty() { Sees::Everything } else { Sees::MeantFor(resources) })
}

/// What somebody asks about.
#[derive(Debug, Clone)]
pub enum Asked {
    /// A token of ours; with it the public half, where it is an API secret and that is known (RFC 7662 §2.1 lets a
    /// server define further parameters).
    Token(Token, Option<ApiKeyName>),
    /// The secret of a key that was made elsewhere.
    Imported(Presented),
}

/// Why a token is not active (RFC 7662 §2.2); outside all of them look the same.
#[derive(Debug)]
pub enum Inactive {
    /// It is not live, not known or not to be seen.
    Unknown,
    /// It is an access token or an API key that is refused.
    Refused(Refusal),
}

/// What `asked` stands for. `address` is where the request with the token came from, for API keys that work from some
/// addresses only.
///
/// # Errors
/// What the database says.
pub async fn run(
    memory: &Memory,
    asked: Asked,
    sees: &Sees,
    address: Option<IpAddr>,
    now: Timestamp,
) -> Result<Result<Facts, Inactive>, StoreError> {
    let presented = match asked {
        Asked::Imported(presented) => presented,
        Asked::Token(token, name) => match token.kind() {
            TokenKind::Access => Presented::AccessToken(token.hash()),
            TokenKind::ApiSecret => Presented::ApiKey { name, secret: token.hash() },
            TokenKind::Refresh if matches!(sees, Sees::Everything) => {
                let found = memory.store().look_up(move |tx| refresh_token(tx, &token, now)).await?;
                return Ok(found.ok_or(Inactive::Unknown));
            }
            _ => return Ok(Err(Inactive::Unknown)),
        },
    };
    let found = match memory.find(&presented, address, now).await? {
        Ok(found) => found,
        Err(refusal) => return Ok(Err(Inactive::Refused(refusal))),
    };
    if let (Sees::MeantFor(ours), Credential::AccessToken { resources, .. }) = (sees, &found.identity.credential)
        && !resources.iter().any(|uri| ours.contains(uri))
    {
        return Ok(Err(Inactive::Unknown));
    }
    Ok(Ok(Facts::Credential(found)))
}

fn refresh_token(tx: &mut Tx<'_>, token: &Token, now: Timestamp) -> Result<Option<Facts>, StoreError> {
    let Some((stored, family, grant)) = tx.find_refresh_token(&token.hash())? else { return Ok(None) };
    let is_good = matches!(stored.state, RefreshState::Fresh) && !stored.expires_at.is_past(now);
    if !is_good || !family.is_live(now) || !grant.is_live(now) {
        return Ok(None);
    }
    let Some(client) = tx.clients().find(family.client)?.filter(|client| client.enabled) else { return Ok(None) };
    let Some(user) = tx.users().find(family.user)?.filter(|user| user.enabled) else { return Ok(None) };
    let granted = family.scopes.intersection(&client.scopes).intersection(&grant.scopes);
    Ok(Some(Facts::RefreshToken {
        scope: Catalogue::read(tx)?.usable(&granted, &user.roles, Actor::User),
        roles: user.roles.names(),
        subject: authenticate::subject(Owner::from(user)),
        client_id: client.client_id,
        resources: family.resources,
        expires_at: stored.expires_at,
    }))
}
