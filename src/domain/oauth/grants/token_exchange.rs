//! Token exchange (RFC 8693): an access token or an API key for a token that is shorter, narrower, or meant for another
//! resource. It lives no longer than what it came of.

use std::net::IpAddr;

use serde_json::Value;
use serde_json::json;

use crate::domain::act::Act;
use crate::domain::authenticate;
use crate::domain::authenticate::Presented;
use crate::domain::memory::Reading;
use crate::domain::oauth::error::ErrorCode;
use crate::domain::oauth::error::TokenError;
use crate::domain::oauth::resource;
use crate::domain::oauth::token;
use crate::domain::oauth::token::Asked;
use crate::domain::oauth::token::Outcome;
use crate::domain::oauth::token::Terms;
use crate::domain::oauth::token::TokenResponse;
use crate::domain::refusals::check::Check;
use crate::domain::refusals::credentials;
use crate::domain::refusals::finding;
use crate::domain::refusals::finding::Finding;
use crate::model::client::Client;
use crate::model::client::GrantType;
use crate::model::grant::AccessToken;
use crate::model::grant::Parent;
use crate::model::identity::Credential;
use crate::model::identity::Identity;
use crate::model::resource::Resources;
use crate::model::scope::Scope;
use crate::model::secret::Secret;
use crate::model::time::Timestamp;
use crate::model::token::Token;
use crate::model::token::TokenKind;
use crate::random::Random;
use crate::store::Tx;

/// The type of an access token (RFC 8693 §3).
pub const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";
/// The type of the secret of an API key; ours, for the RFC knows none.
pub const API_KEY: &str = "urn:hallpass:params:oauth:token-type:api_key";

/// The checks in their order, behind those of the endpoint.
pub const CHECKS: &[Check] = &[
    Check::KeyLimits,
    Check::GrantTypeAllowed,
    Check::Understood,
    Check::ResourceKnown,
    Check::SubjectToken,
    Check::ResourceGranted,
    Check::ScopeKnown,
    Check::ScopeAllowed,
    Check::ScopeLeft,
    Check::ActorToken,
    Check::DetailsGood,
    Check::Consistent,
];

/// A token may come of a token that came of a token, so often.
const LONGEST_CHAIN: usize = 4;

/// The request, beside who makes it (RFC 8693 §2.1).
#[derive(Debug, Clone)]
pub struct Request {
    /// On whose behalf.
    pub subject_token: Secret,
    /// Of which type that is.
    pub subject_token_type: String,
    /// Who acts, where it is not the client itself.
    pub actor_token: Option<Secret>,
    /// Of which type that is.
    pub actor_token_type: Option<String>,
    /// What is wanted; we only have access tokens.
    pub requested_token_type: Option<String>,
    /// Where the request came from, for API keys that work from some addresses only.
    pub address: Option<IpAddr>,
}

/// Exchanges a token.
///
/// # Errors
/// `invalid_request` for a subject or actor that is no good or not this client's to exchange (RFC 8693 §2.2.2),
/// `invalid_target`, `invalid_scope`.
pub fn run(
    tx: &mut Tx<'_>,
    client: &Client,
    request: &Request,
    asked: &Asked,
    terms: &Terms,
    act: &Act,
) -> Result<Outcome, TokenError> {
    token::check_grant_type(client, GrantType::TokenExchange)?;
    let refuse = |why: &str| TokenError::refused(ErrorCode::InvalidRequest, why);
    if request.requested_token_type.as_deref().is_some_and(|wanted| wanted != ACCESS_TOKEN) {
        return Err(refuse("requested_token_type must be that of an access token, or be left out"));
    }
    if request.actor_token.is_some() != request.actor_token_type.is_some() {
        return Err(refuse("actor_token and actor_token_type come together or not at all (RFC 8693 2.1)"));
    }
    let named = token::asked_resources(tx, asked, terms)?;
    let subject = present(tx, &request.subject_token, &request.subject_token_type, "subject_token", request, act.now)?;
    let relation = relate(client, &subject, asked)?;
    let resources = wanted_resources(named, &subject.identity, relation, terms)?;
    let scope = wanted_scope(tx, client, &subject.identity, &resources, asked)?;
    let actor = actor(tx, client, request, &subject.identity, relation, asked, act.now)?;
    let expires_at = subject.identity.expires_at;
    let expires_at =
        expires_at.map_or(act.now + terms.lifetimes.access, |end| end.min(act.now + terms.lifetimes.access));
    let access_token = Random.token(TokenKind::Access);
    let (family, details) = match &subject.identity.credential {
        Credential::AccessToken { family, details, .. } => (*family, details.clone()),
        Credential::Session { .. } | Credential::ApiKey { .. } => (None, None),
    };
    let details = token::wanted_details(asked, details.as_ref())?;
    tx.access_tokens().insert(&AccessToken {
        hash: access_token.hash(),
        client: client.id,
        family,
        scopes: scope.clone(),
        resources,
        details: details.clone(),
        key: asked.key.clone(),
        parent: Some(subject.parent),
        actor,
        created_at: act.now,
        expires_at,
        revoked_at: None,
    })?;
    Ok(Outcome::Issued(TokenResponse {
        access_token,
        expires_in: expires_at.since(act.now),
        refresh_token: None,
        scope,
        is_bound: asked.key.is_some(),
        details,
        id_token: None,
        is_exchanged: true,
    }))
}

/// A token that is live, and whose it is.
struct Shown {
    identity: Identity,
    parent: Parent,
}

fn present(
    tx: &mut Tx<'_>,
    token: &Secret,
    token_type: &str,
    name: &str,
    request: &Request,
    now: Timestamp,
) -> Result<Shown, TokenError> {
    let check = if name == "actor_token" { Check::ActorToken } else { Check::SubjectToken };
    let refuse = |why: String| TokenError::refused(ErrorCode::InvalidRequest, why).on(check);
    let not_good = || refuse(format!("{name} is not valid, has ended or is of another type than it says"));
    let parsed = Token::parse(token.expose()).ok_or_else(not_good)?;
    let (presented, parent) = match (token_type, parsed.kind()) {
        (ACCESS_TOKEN, TokenKind::Access) => {
            let hash = parsed.hash();
            (Presented::AccessToken(hash), Parent::AccessToken(hash))
        }
        (API_KEY, TokenKind::ApiSecret) => {
            let hash = parsed.hash();
            (Presented::ApiKey { name: None, secret: hash }, Parent::ApiSecret(hash))
        }
        (ACCESS_TOKEN | API_KEY, _) => return Err(not_good()),
        _ => return Err(refuse(format!("{name}_type must be that of an access token or of an API key"))),
    };
    if chain_length(tx, parent)? >= LONGEST_CHAIN {
        return Err(refuse(format!("{name} was exchanged too often; ask with the token that it came of")));
    }
    match authenticate::run(tx, &Reading::of_database(), &presented, request.address, now)? {
        Ok(found) => Ok(Shown { identity: found.identity, parent }),
        Err(refusal) => {
            let found = credentials::of(&refusal, &presented, request.address, now);
            let came = format!("{}: {}", found.check.name(), found.came);
            let finding = Finding::new(check, found.expected, came).about(found.about);
            Err(not_good().with(finding))
        }
    }
}

/// How many exchanges led to the token of `parent`.
fn chain_length(tx: &mut Tx<'_>, parent: Parent) -> Result<usize, TokenError> {
    let (mut length, mut next) = (0, Some(parent));
    while let Some(Parent::AccessToken(hash)) = next {
        length += 1;
        next = tx.access_tokens().find(&hash)?.and_then(|token| token.parent);
    }
    Ok(length)
}

/// What the client has to do with the subject token.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Relation {
    /// It was given to the client, or is a key, which is whoever's shows it.
    Own,
    /// The client is a service that got it with a request, and goes on in the name of whom it had it from.
    Service,
}

/// RFC 8693 §2.2.2, §5: a client exchanges what was given to it, or what is meant for it. What is bound to a key needs
/// the key of whom it was given to, or one could shed it.
fn relate(client: &Client, subject: &Shown, asked: &Asked) -> Result<Relation, TokenError> {
    let Credential::AccessToken { client: owner, resources, key, .. } = &subject.identity.credential else {
        return Ok(Relation::Own);
    };
    if owner.id == client.id {
        if key.is_some() && *key != asked.key {
            let why = "subject_token is bound to a key, which the DPoP proof of this request does not prove (RFC 9449)";
            return Err(TokenError::refused(ErrorCode::InvalidRequest, why).on(Check::SubjectToken));
        }
        return Ok(Relation::Own);
    }
    let is_meant_for_it = !client.is_public() && resources.iter().any(|uri| client.resources.contains(uri));
    if is_meant_for_it {
        return Ok(Relation::Service);
    }
    let why = "subject_token was given to another client and is not meant for a resource that this one is";
    Err(TokenError::refused(ErrorCode::InvalidRequest, why).on(Check::SubjectToken))
}

/// A client narrows what it has; a service asks for the next service.
fn wanted_resources(
    named: Resources,
    subject: &Identity,
    relation: Relation,
    terms: &Terms,
) -> Result<Resources, TokenError> {
    let Credential::AccessToken { resources, .. } = &subject.credential else { return Ok(named) };
    if named.is_empty() {
        return Ok(resources.clone());
    }
    if relation == Relation::Service || resources.is_empty() {
        return Ok(named);
    }
    resource::narrow(named, resources, &terms.issuer).map_err(TokenError::Refused)
}

/// What is asked for, or all there is: of the subject token, that the client is registered for too.
fn wanted_scope(
    tx: &mut Tx<'_>,
    client: &Client,
    subject: &Identity,
    resources: &Resources,
    asked: &Asked,
) -> Result<Scope, TokenError> {
    let refuse = |why: String| TokenError::refused(ErrorCode::InvalidScope, why);
    let held = subject.rights.scopes().clone();
    let possible = held.intersection(&client.scopes);
    let wanted = match &asked.scope {
        None => possible,
        Some(text) => {
            let wanted = Scope::parse(text).map_err(|error| refuse(error.to_string()).on(Check::ScopeKnown))?;
            if !wanted.is_subset_of(&possible) {
                let why =
                    "subject_token has not all scopes that are asked for, or the client is not registered for them";
                return Err(refuse(why.to_owned()).with(finding::scope(Check::ScopeAllowed, &possible, &wanted)));
            }
            wanted
        }
    };
    let scope = resource::scopes_at(tx, &wanted, resources)?;
    if scope.is_empty() {
        let why = "subject_token, the client and the resource have no scope in common";
        return Err(refuse(why.to_owned()).on(Check::ScopeLeft));
    }
    Ok(scope)
}

/// The claim `act` (RFC 8693 §4.1): who acts now, and below it who did before.
fn actor(
    tx: &mut Tx<'_>,
    client: &Client,
    request: &Request,
    subject: &Identity,
    relation: Relation,
    asked: &Asked,
    now: Timestamp,
) -> Result<Option<String>, TokenError> {
    let before = match &subject.credential {
        Credential::AccessToken { actor, .. } => actor.clone(),
        Credential::Session { .. } | Credential::ApiKey { .. } => None,
    };
    let acts = match (&request.actor_token, &request.actor_token_type) {
        (Some(token), Some(token_type)) => {
            let shown = present(tx, token, token_type, "actor_token", request, now)?;
            if let Credential::AccessToken { client: owner, key, .. } = &shown.identity.credential {
                if owner.id != client.id {
                    let why = "actor_token was given to another client";
                    return Err(TokenError::refused(ErrorCode::InvalidRequest, why).on(Check::ActorToken));
                }
                if key.is_some() && *key != asked.key {
                    let why = "actor_token is bound to a key, which the DPoP proof of this request does not prove";
                    return Err(TokenError::refused(ErrorCode::InvalidRequest, why).on(Check::ActorToken));
                }
            }
            Some(shown.identity.subject.wire_id())
        }
        _ if relation == Relation::Service => Some(client.client_id.clone()),
        _ => None,
    };
    let Some(acts) = acts else { return Ok(before) };
    let mut act = json!({ "sub": acts });
    if let Some(before) = before.as_deref().and_then(|before| serde_json::from_str::<Value>(before).ok()) {
        act["act"] = before;
    }
    Ok(Some(act.to_string()))
}
