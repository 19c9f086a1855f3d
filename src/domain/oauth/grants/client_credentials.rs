//! A client in its own name (RFC 6749 §4.4).

use crate::domain::act::Act;
use crate::domain::authorization_details;
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
use crate::domain::refusals::finding;
use crate::domain::refusals::finding::Finding;
use crate::domain::rights::Actor;
use crate::model::client::Client;
use crate::model::client::ClientOrigin;
use crate::model::client::GrantType;
use crate::model::details::AuthorizationDetails;
use crate::model::grant::AccessToken;
use crate::model::scope::Scope;
use crate::model::token::TokenKind;
use crate::random::Random;
use crate::store::Tx;

/// The checks in their order, behind those of the endpoint.
pub const CHECKS: &[Check] = &[
    Check::GrantTypeAllowed,
    Check::ScopeKnown,
    Check::ScopeAllowed,
    Check::ResourceKnown,
    Check::DetailsGood,
    Check::ScopeLeft,
    Check::Consistent,
];

/// Gives a client a token in its own name; never a refresh token (RFC 6749 §4.4.3).
///
/// # Errors
/// See [`TokenError`].
pub fn run(
    tx: &mut Tx<'_>,
    reading: &Reading,
    client: &Client,
    asked: &Asked,
    terms: &Terms,
    act: &Act,
) -> Result<Outcome, TokenError> {
    token::check_grant_type(client, GrantType::ClientCredentials)?;
    let refuse = |why: String| TokenError::refused(ErrorCode::InvalidScope, why);
    let wanted = match &asked.scope {
        None => client.scopes.clone(),
        Some(text) => Scope::parse(text).map_err(|error| refuse(error.to_string()).on(Check::ScopeKnown))?,
    };
    if !wanted.is_subset_of(&client.scopes) {
        let why = "the client is not registered for all scopes that it asks for";
        return Err(refuse(why.to_owned()).with(finding::scope(Check::ScopeAllowed, &client.scopes, &wanted)));
    }
    let resources = token::asked_resources(tx, asked, terms)?;
    let details = own_details(tx, client, asked)?;
    let usable = reading.catalogue(tx)?.usable(&wanted, &client.roles, Actor::Client);
    let scope = resource::scopes_at(tx, &usable, &resources)?;
    if scope.is_empty() {
        let came = format!("asked: {wanted}; the client's roles: {}", client.roles.names().join(" "));
        let finding = Finding::new(Check::ScopeLeft, "a scope that the client's roles and the resource allow", came);
        return Err(refuse("the client has no scope that it could use in its own name".to_owned()).with(finding));
    }
    let access_token = Random.token(TokenKind::Access);
    let expires_at = act.now + terms.lifetimes.access;
    tx.access_tokens().insert(&AccessToken {
        hash: access_token.hash(),
        client: client.id,
        family: None,
        scopes: scope.clone(),
        resources,
        details: details.clone(),
        key: asked.key.clone(),
        parent: None,
        actor: None,
        created_at: act.now,
        expires_at,
        revoked_at: None,
    })?;
    let expires_in = expires_at.since(act.now);
    Ok(Outcome::Issued(TokenResponse {
        access_token,
        expires_in,
        refresh_token: None,
        scope,
        is_bound: asked.key.is_some(),
        details,
        id_token: None,
        is_exchanged: false,
    }))
}

/// What a client asks for beyond scopes (RFC 9396 §2). Nobody is asked, so it must be a client that an administrator knows.
fn own_details(tx: &mut Tx<'_>, client: &Client, asked: &Asked) -> Result<Option<AuthorizationDetails>, TokenError> {
    if asked.details.is_some() && client.origin != ClientOrigin::Administrator {
        let why = "authorization_details are given in a client's own name only where an administrator registered it";
        return Err(TokenError::refused(ErrorCode::InvalidAuthorizationDetails, why));
    }
    authorization_details::check(tx, client, asked.details.as_deref())?.map_err(TokenError::Refused)
}
