//! The token endpoint (RFC 6749 §3.2): what its grants have in common.

use std::sync::Arc;

use crate::domain::authorization_details;
use crate::domain::memory::Reading;
use crate::domain::oauth::error::ErrorCode;
use crate::domain::oauth::error::Refusal;
use crate::domain::oauth::error::TokenError;
use crate::domain::oauth::id_token::IdToken;
use crate::domain::oauth::resource;
use crate::domain::refusals::check::Check;
use crate::domain::refusals::finding;
use crate::domain::refusals::finding::About;
use crate::domain::refusals::finding::Finding;
use crate::domain::rights::Actor;
use crate::model::client::Client;
use crate::model::client::GrantType;
use crate::model::details::AuthorizationDetails;
use crate::model::grant::AccessToken;
use crate::model::grant::Family;
use crate::model::grant::Grant;
use crate::model::grant::RefreshState;
use crate::model::grant::RefreshToken;
use crate::model::issuer::Issuer;
use crate::model::resource::Resources;
use crate::model::scope::Scope;
use crate::model::thumbprint::Thumbprint;
use crate::model::time::Lifetime;
use crate::model::time::Timestamp;
use crate::model::token::Token;
use crate::model::token::TokenHash;
use crate::model::token::TokenKind;
use crate::model::user::User;
use crate::random::Random;
use crate::store::StoreError;
use crate::store::Tx;

/// How long tokens live.
#[derive(Debug, Clone, Copy)]
pub struct TokenLifetimes {
    /// An access token.
    pub access: Lifetime,
    /// A refresh token that is not used.
    pub refresh_idle: Lifetime,
    /// A family, from its code on, over all rotations.
    pub refresh: Lifetime,
    /// How long a repeated refresh gets the same answer.
    pub replay_window: Lifetime,
}

/// What holds for all token requests.
#[derive(Debug, Clone)]
pub struct Terms {
    /// The public base URL.
    pub issuer: Issuer,
    /// How long tokens live.
    pub lifetimes: TokenLifetimes,
}

/// What a request asks for beside what it presents, whichever grant it is of.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// RFC 6749 §3.3.
    pub scope: Option<String>,
    /// RFC 8707 §2.2.
    pub resources: Vec<String>,
    /// RFC 9396 §6.
    pub details: Option<String>,
    /// The key whose possession the request proves (RFC 9449 §5).
    pub key: Option<Thumbprint>,
}

/// What a client gets (RFC 6749 §5.1).
#[derive(Debug, Clone)]
pub struct TokenResponse {
    /// The access token.
    pub access_token: Token,
    /// How long it lives from now.
    pub expires_in: Lifetime,
    /// The refresh token, if the client uses them.
    pub refresh_token: Option<Token>,
    /// What the access token is for; always said (RFC 6749 §3.3).
    pub scope: Scope,
    /// Whether it is bound to a key, and so of the type `DPoP` (RFC 9449 §5).
    pub is_bound: bool,
    /// The details it is for (RFC 9396 §7).
    pub details: Option<AuthorizationDetails>,
    /// What the client is told of the sign-in (OpenID Connect Core §3.1.3.3).
    pub id_token: Option<Box<IdToken>>,
    /// Whether it was exchanged for another token, and so says of which type it is (RFC 8693 §2.2.1).
    pub is_exchanged: bool,
}

/// What became of a token request. A refusal that leaves a mark (a replay ends the family) is no `Err`, for that
/// would roll the mark back.
#[derive(Debug)]
pub enum Outcome {
    /// Tokens.
    Issued(TokenResponse),
    /// None, but something was written.
    Refused(Refusal),
}

/// Refuses a client that is not registered for `grant_type` (RFC 6749 §5.2).
///
/// # Errors
/// `unauthorized_client`.
pub fn check_grant_type(client: &Client, grant_type: GrantType) -> Result<(), TokenError> {
    if client.may_use(grant_type) {
        return Ok(());
    }
    let why = format!("the client is not registered for the grant type {}", grant_type.as_str());
    let finding = Finding::new(Check::GrantTypeAllowed, grant_type.as_str(), finding::grant_types(client));
    Err(TokenError::refused(ErrorCode::UnauthorizedClient, why).with(finding))
}

/// The user of a family, if the family, its grant and the user still hold.
///
/// # Errors
/// `invalid_grant` where one of them does not.
pub fn check_family(
    tx: &mut Tx<'_>,
    reading: &Reading,
    family: &Family,
    grant: &Grant,
    now: Timestamp,
) -> Result<Arc<User>, TokenError> {
    let ended = |why, check| {
        let about = About { user: Some(family.user.to_string()), ..About::default() };
        TokenError::refused(ErrorCode::InvalidGrant, why).with(Finding::new(check, "", "").about(about))
    };
    if !family.is_live(now) {
        return Err(ended("its tokens were ended", Check::SignInLive));
    }
    if !grant.is_live(now) {
        return Err(ended("the user took the grant back, or its time is over", Check::GrantLive));
    }
    let user = reading.user(tx, family.user)?.filter(|user| user.enabled);
    user.ok_or_else(|| ended("the user is disabled", Check::UserEnabled))
}

/// Refuses a request that does not prove the key which what it presents is bound to (RFC 9449 §5, §10).
///
/// # Errors
/// `invalid_grant`.
pub fn check_key(bound: Option<&Thumbprint>, asked: &Asked) -> Result<(), TokenError> {
    match bound {
        Some(key) if asked.key.as_ref() != Some(key) => {
            let why = "it is bound to a key, which the DPoP proof of this request does not prove (RFC 9449)";
            let came = match &asked.key {
                Some(other) => format!("a proof by the key {}", other.as_str()),
                None => "no proof".to_owned(),
            };
            let finding = Finding::new(Check::KeyBound, format!("a proof by the key {}", key.as_str()), came);
            Err(TokenError::refused(ErrorCode::InvalidGrant, why).with(finding))
        }
        _ => Ok(()),
    }
}

/// The resources that are asked for.
///
/// # Errors
/// `invalid_target` where one is not known here (RFC 8707 §2).
pub fn asked_resources(tx: &mut Tx<'_>, asked: &Asked, terms: &Terms) -> Result<Resources, TokenError> {
    resource::read(tx, &asked.resources, &terms.issuer)?.map_err(TokenError::Refused)
}

/// The resources that the access token will be meant for: those that are asked for, among the `authorized` ones.
///
/// # Errors
/// `invalid_target` (RFC 8707 §2.2), also where one that was authorized has been deleted since.
pub fn wanted_resources(
    tx: &mut Tx<'_>,
    asked: Resources,
    authorized: &Resources,
    terms: &Terms,
) -> Result<Resources, TokenError> {
    let wanted = resource::narrow(asked, authorized, &terms.issuer).map_err(TokenError::Refused)?;
    for uri in wanted.iter().filter(|uri| !uri.is_issuer(&terms.issuer)) {
        if tx.resources().find(uri)?.is_none() {
            let why = "a resource that was authorized is registered no more; ask for the others, or begin anew";
            let finding =
                Finding::new(Check::ResourceGranted, "a resource that is registered", uri.as_str().to_owned());
            return Err(TokenError::refused(ErrorCode::InvalidTarget, why).with(finding));
        }
    }
    Ok(wanted)
}

/// The details that the access token will be for: those that are asked for, among the `authorized` ones.
///
/// # Errors
/// `invalid_authorization_details` (RFC 9396 §6).
pub fn wanted_details(
    asked: &Asked,
    authorized: Option<&AuthorizationDetails>,
) -> Result<Option<AuthorizationDetails>, TokenError> {
    authorization_details::narrow(asked.details.as_deref(), authorized).map_err(TokenError::Refused)
}

/// What an access token of this family can be for now: what was granted, is still the client's, within the user's
/// roles (RFC 9700 §2.3) and of use at `resources`.
///
/// # Errors
/// `invalid_scope` where nothing is left.
pub fn effective_scope(
    tx: &mut Tx<'_>,
    reading: &Reading,
    wanted: &Scope,
    resources: &Resources,
    client: &Client,
    grant: &Grant,
    user: &User,
) -> Result<Scope, TokenError> {
    let granted = wanted.intersection(&client.scopes).intersection(&grant.scopes);
    let usable = reading.catalogue(tx)?.usable(&granted, &user.roles, Actor::User);
    let scope = resource::scopes_at(tx, &usable, resources)?;
    if scope.is_empty() {
        let why = "nothing is left of the scopes: they were taken from the client, the grant or the user's roles, or \
                   are none of the resource's";
        let expected = "a scope that all of client, grant, roles and resource have";
        let came = format!(
            "asked: {wanted}; the client's: {}; granted: {}; the user's roles: {}",
            client.scopes,
            grant.scopes,
            user.roles.names().join(" ")
        );
        let about = About { user: Some(user.id.to_string()), ..About::default() };
        let finding = Finding::new(Check::ScopeLeft, expected, came).about(about);
        return Err(TokenError::refused(ErrorCode::InvalidScope, why).with(finding));
    }
    Ok(scope)
}

/// What an access token of a family is for.
#[derive(Debug, Clone, Copy)]
pub struct Purpose<'a> {
    /// Its scopes.
    pub scope: &'a Scope,
    /// The resources it is meant for.
    pub resources: &'a Resources,
    /// The details it is for.
    pub details: Option<&'a AuthorizationDetails>,
    /// The key it is bound to.
    pub key: Option<&'a Thumbprint>,
}

/// Writes an access token of `family` that lives for `lifetime`, and returns when it ends: not later than the grant does.
///
/// # Errors
/// What the database says.
pub fn insert_access_token(
    tx: &mut Tx<'_>,
    token: &Token,
    family: &Family,
    grant: &Grant,
    purpose: Purpose<'_>,
    lifetime: Lifetime,
    now: Timestamp,
) -> Result<Timestamp, StoreError> {
    let end = no_later_than(now + lifetime, grant.expires_at);
    let token = AccessToken {
        hash: token.hash(),
        client: family.client,
        family: Some(family.id),
        scopes: purpose.scope.clone(),
        resources: purpose.resources.clone(),
        details: purpose.details.cloned(),
        key: purpose.key.cloned(),
        parent: None,
        actor: None,
        created_at: now,
        expires_at: end,
        revoked_at: None,
    };
    tx.access_tokens().insert(&token)?;
    outlive(tx, family, end)?;
    Ok(end)
}

/// Writes a refresh token of `family`, which ends with its idle time, the family's whole time or the grant; and returns
/// until when the family lives for it.
///
/// # Errors
/// What the database says.
pub fn insert_refresh_token(
    tx: &mut Tx<'_>,
    token: &Token,
    parent: Option<TokenHash>,
    family: &Family,
    grant: &Grant,
    terms: &Terms,
    now: Timestamp,
) -> Result<Timestamp, StoreError> {
    let whole = no_later_than(family.created_at + terms.lifetimes.refresh, grant.expires_at);
    let token = RefreshToken {
        hash: token.hash(),
        family: family.id,
        parent,
        expires_at: refresh_token_end(family, grant, terms, now),
        state: RefreshState::Fresh,
    };
    tx.refresh_tokens().insert(&token, now)?;
    outlive(tx, family, whole)?;
    Ok(whole)
}

/// Lets a family live until `end`: it must outlive its tokens, for it is what can end them. A family's end is never set
/// back, so what was read of it tells whether there is anything to do.
fn outlive(tx: &mut Tx<'_>, family: &Family, end: Timestamp) -> Result<(), StoreError> {
    if family.expires_at < end { tx.families().extend(family.id, end) } else { Ok(()) }
}

/// Makes the first tokens of `family`: an access token, and a refresh token if the client uses them.
///
/// # Errors
/// What the database says.
pub fn begin_family(
    tx: &mut Tx<'_>,
    client: &Client,
    family: &Family,
    grant: &Grant,
    purpose: Purpose<'_>,
    terms: &Terms,
    now: Timestamp,
) -> Result<TokenResponse, StoreError> {
    let mut family = family.clone();
    let refresh_token = client.may_use(GrantType::RefreshToken).then(|| Random.token(TokenKind::Refresh));
    if let Some(refresh_token) = &refresh_token {
        let end = insert_refresh_token(tx, refresh_token, None, &family, grant, terms, now)?;
        family.expires_at = family.expires_at.max(end);
        // A client that has no other proof of who it is must prove its key at each refresh (RFC 9449 §5).
        if let Some(key) = purpose.key.filter(|_| client.is_public()) {
            tx.families().bind(family.id, key)?;
        }
    }
    let access_token = Random.token(TokenKind::Access);
    let end = insert_access_token(tx, &access_token, &family, grant, purpose, terms.lifetimes.access, now)?;
    Ok(TokenResponse {
        access_token,
        expires_in: end.since(now),
        refresh_token,
        scope: purpose.scope.clone(),
        is_bound: purpose.key.is_some(),
        details: purpose.details.cloned(),
        id_token: None,
        is_exchanged: false,
    })
}

/// When a refresh token of `family` that is used now ends: with its idle time, the family's whole time or the grant.
pub fn refresh_token_end(family: &Family, grant: &Grant, terms: &Terms, now: Timestamp) -> Timestamp {
    let whole = no_later_than(family.created_at + terms.lifetimes.refresh, grant.expires_at);
    (now + terms.lifetimes.refresh_idle).min(whole)
}

fn no_later_than(end: Timestamp, limit: Option<Timestamp>) -> Timestamp {
    limit.map_or(end, |limit| end.min(limit))
}
