//! Refreshing (RFC 6749 §6) with rotation, and what a second use of the same token means (RFC 9700 §4.14.2).

use std::sync::Arc;

use serde_json::json;
use sha2::Digest;
use sha2::Sha256;

use crate::domain::act::Act;
use crate::domain::derive;
use crate::domain::memory::Reading;
use crate::domain::oauth::error::ErrorCode;
use crate::domain::oauth::error::Refusal;
use crate::domain::oauth::error::TokenError;
use crate::domain::oauth::id_token;
use crate::domain::oauth::id_token::Moment;
use crate::domain::oauth::token;
use crate::domain::oauth::token::Asked;
use crate::domain::oauth::token::Outcome;
use crate::domain::oauth::token::Purpose;
use crate::domain::oauth::token::Terms;
use crate::domain::oauth::token::TokenResponse;
use crate::domain::refusals::check::Check;
use crate::domain::refusals::finding;
use crate::domain::refusals::finding::About;
use crate::domain::refusals::finding::Finding;
use crate::model::audit::AuditEvent;
use crate::model::client::AuthMethod;
use crate::model::client::Client;
use crate::model::client::GrantType;
use crate::model::details::AuthorizationDetails;
use crate::model::grant::Family;
use crate::model::grant::Grant;
use crate::model::grant::RefreshState;
use crate::model::grant::RefreshToken;
use crate::model::scope::Scope;
use crate::model::secret::Secret;
use crate::model::thumbprint::Thumbprint;
use crate::model::time::Lifetime;
use crate::model::time::Timestamp;
use crate::model::token::Token;
use crate::model::token::TokenKind;
use crate::model::user::User;
use crate::random::Random;
use crate::store::Tx;

/// The checks in their order, behind those of the endpoint.
pub const CHECKS: &[Check] = &[
    Check::GrantTypeAllowed,
    Check::ResourceKnown,
    Check::RefreshKnown,
    Check::KeyBound,
    Check::SignInLive,
    Check::GrantLive,
    Check::UserEnabled,
    Check::RefreshUnused,
    Check::RefreshUnexpired,
    Check::ScopeAllowed,
    Check::ResourceGranted,
    Check::ScopeLeft,
    Check::DetailsGood,
    Check::Consistent,
];

/// The server's keys, of which the first makes new successors and all can make old ones again.
pub type Keys<'a> = &'a [&'a [u8; 32]];

/// What a refresh rests on, beside who makes it.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The refresh token.
    pub refresh_token: &'a Secret,
    /// What else the request asks for: scopes as granted, or less (RFC 6749 §6).
    pub asked: &'a Asked,
    /// What holds for all token requests.
    pub terms: &'a Terms,
    /// The server's keys.
    pub keys: Keys<'a>,
}

/// Exchanges a refresh token for its successor and an access token. Both are derived from the old token, a stored
/// salt and the server's key, so that a client whose answer was lost gets the same ones when it asks again, though
/// nothing secret is kept.
///
/// # Errors
/// See [`TokenError`].
pub fn run(
    tx: &mut Tx<'_>,
    reading: &Reading,
    client: &Client,
    request: Request<'_>,
    act: &Act,
) -> Result<Outcome, TokenError> {
    let (outcome, family, user) = refresh(tx, reading, client, request, act)?;
    let Outcome::Issued(mut response) = outcome else { return Ok(outcome) };
    response.id_token = id_token::prepare(tx, client, &family, &user, &response.scope, Moment::Refresh)?;
    Ok(Outcome::Issued(response))
}

fn refresh(
    tx: &mut Tx<'_>,
    reading: &Reading,
    client: &Client,
    request: Request<'_>,
    act: &Act,
) -> Result<(Outcome, Family, Arc<User>), TokenError> {
    let Request { asked, terms, .. } = request;
    token::check_grant_type(client, GrantType::RefreshToken)?;
    let named = token::asked_resources(tx, asked, terms)?;
    let (presented, stored, family, grant) = find(tx, client, request.refresh_token)?;
    token::check_key(family.key.as_ref(), asked)?;
    let user = token::check_family(tx, reading, &family, &grant, act.now)?;
    if let RefreshState::Rotated { at, salt, request: first } = stored.state {
        let replay = Replay { presented: &presented, at, salt, first };
        return Ok((repeat(tx, client, request, &replay, &family, act)?, family, user));
    }
    if stored.expires_at.is_past(act.now) {
        let came = format!("one that ended {}", finding::ago(stored.expires_at, act.now));
        let finding = Finding::new(Check::RefreshUnexpired, "a refresh token that has not expired", came);
        let finding = finding.about(about(&family));
        return Err(TokenError::refused(ErrorCode::InvalidGrant, "the refresh token has expired").with(finding));
    }
    let wanted = wanted_scope(asked, &family)?;
    let resources = token::wanted_resources(tx, named, &family.resources, terms)?;
    let scope = token::effective_scope(tx, reading, &wanted, &resources, client, &grant, &user)?;
    let details = token::wanted_details(asked, family.details.as_ref())?;
    let purpose = Purpose { scope: &scope, resources: &resources, details: details.as_ref(), key: asked.key.as_ref() };
    if proves_possession(client, &family) {
        let kept = keep(tx, presented, &family, &grant, purpose, terms, act)?;
        return Ok((kept, family, user));
    }
    let (salt, fingerprint) = (Random.bytes(), fingerprint(asked));
    if !tx.refresh_tokens().rotate(&stored.hash, &salt, &fingerprint, act.now)? {
        // Another request was first since we looked; what it wrote says what this one is.
        let (_, stored, ..) = find(tx, client, request.refresh_token)?;
        let RefreshState::Rotated { at, salt, request: first } = stored.state else {
            let refused = TokenError::refused(ErrorCode::InvalidGrant, "the refresh token is not known");
            return Err(refused.on(Check::RefreshKnown));
        };
        let replay = Replay { presented: &presented, at, salt, first };
        return Ok((repeat(tx, client, request, &replay, &family, act)?, family, user));
    }
    let current = request.keys.first().copied().ok_or(TokenError::Disagreement("there is no secret key"))?;
    let (refresh_token, access_token) = successors(&presented, &salt, current);
    let end = token::insert_access_token(tx, &access_token, &family, &grant, purpose, terms.lifetimes.access, act.now)?;
    token::insert_refresh_token(tx, &refresh_token, Some(stored.hash), &family, &grant, terms, act.now)?;
    Ok((issued(access_token, end.since(act.now), refresh_token, scope, details, asked), family, user))
}

fn issued(
    access_token: Token,
    expires_in: Lifetime,
    refresh_token: Token,
    scope: Scope,
    details: Option<AuthorizationDetails>,
    asked: &Asked,
) -> Outcome {
    Outcome::Issued(TokenResponse {
        access_token,
        expires_in,
        refresh_token: Some(refresh_token),
        scope,
        is_bound: asked.key.is_some(),
        details,
        id_token: None,
        is_exchanged: false,
    })
}

/// Whether a stolen refresh token is of no use to the thief, so that it need not change (RFC 9700 §4.14.2).
fn proves_possession(client: &Client, family: &Family) -> bool {
    client.auth_method == AuthMethod::PrivateKeyJwt || family.key.is_some()
}

/// A refresh token that is bound to its client's key stays; its time begins anew.
fn keep(
    tx: &mut Tx<'_>,
    presented: Token,
    family: &Family,
    grant: &Grant,
    purpose: Purpose<'_>,
    terms: &Terms,
    act: &Act,
) -> Result<Outcome, TokenError> {
    let access_token = Random.token(TokenKind::Access);
    let end = token::insert_access_token(tx, &access_token, family, grant, purpose, terms.lifetimes.access, act.now)?;
    let refresh_end = token::refresh_token_end(family, grant, terms, act.now);
    tx.refresh_tokens().prolong(&presented.hash(), refresh_end)?;
    let is_bound = purpose.key.is_some();
    Ok(Outcome::Issued(TokenResponse {
        access_token,
        expires_in: end.since(act.now),
        refresh_token: Some(presented),
        scope: purpose.scope.clone(),
        is_bound,
        details: purpose.details.cloned(),
        id_token: None,
        is_exchanged: false,
    }))
}

fn about(family: &Family) -> About {
    About { user: Some(family.user.to_string()), ..About::default() }
}

/// The refresh token, its family and its grant, if they are this client's.
fn find(
    tx: &mut Tx<'_>,
    client: &Client,
    refresh_token: &Secret,
) -> Result<(Token, RefreshToken, Family, Grant), TokenError> {
    let unknown = |came: &'static str| {
        let finding = Finding::new(Check::RefreshKnown, "a refresh token that was given to this client", came);
        TokenError::refused(ErrorCode::InvalidGrant, "the refresh token is not known").with(finding)
    };
    let no_token = || unknown("a text that is no refresh token of this server, or not the whole of it");
    let presented = Token::parse_as(TokenKind::Refresh, refresh_token.expose()).ok_or_else(no_token)?;
    let found = tx.find_refresh_token(&presented.hash())?;
    let (stored, family, grant) =
        found.ok_or_else(|| unknown("a refresh token that is not known, or was deleted after its end"))?;
    if family.client != client.id {
        return Err(unknown("a refresh token that was given to another client"));
    }
    Ok((presented, stored, family, grant))
}

/// RFC 6749 §6: what was granted, or less.
fn wanted_scope(asked: &Asked, family: &Family) -> Result<Scope, TokenError> {
    let refuse = |why: String| TokenError::refused(ErrorCode::InvalidScope, why);
    let Some(text) = &asked.scope else { return Ok(family.scopes.clone()) };
    let scope = Scope::parse(text).map_err(|error| refuse(error.to_string()))?;
    if !scope.is_subset_of(&family.scopes) {
        let why = "a refresh cannot ask for more than was granted";
        return Err(refuse(why.to_owned()).with(finding::scope(Check::ScopeAllowed, &family.scopes, &scope)));
    }
    Ok(scope)
}

struct Replay<'a> {
    presented: &'a Token,
    at: Timestamp,
    salt: [u8; 16],
    first: [u8; 32],
}

/// A second use. Within the window, by the same request, and as long as the successor was not used, it is a client
/// that did not get the first answer; it gets that answer. Anything else ends the family.
fn repeat(
    tx: &mut Tx<'_>,
    client: &Client,
    request: Request<'_>,
    replay: &Replay<'_>,
    family: &Family,
    act: &Act,
) -> Result<Outcome, TokenError> {
    let in_window = act.now.since(replay.at) < request.terms.lifetimes.replay_window;
    if in_window && replay.first == fingerprint(request.asked) {
        for key in request.keys {
            let (refresh_token, access_token) = successors(replay.presented, &replay.salt, key);
            let Some(successor) = tx.refresh_tokens().find(&refresh_token.hash())? else { continue };
            let issued_before =
                tx.access_tokens().find(&access_token.hash())?.filter(|token| token.revoked_at.is_none());
            let (RefreshState::Fresh, Some(issued_before)) = (&successor.state, issued_before) else { break };
            let expires_in = issued_before.expires_at.since(act.now);
            let (scope, details) = (issued_before.scopes, issued_before.details);
            return Ok(issued(access_token, expires_in, refresh_token, scope, details, request.asked));
        }
    }
    if tx.families().end(family.id, act.now)? {
        let details = json!({ "client_id": client.client_id, "user": family.user.to_string() });
        act.record(tx, AuditEvent::RefreshReplayed, &family.id.to_string(), details)?;
    }
    let why = "the refresh token was used before; all tokens of this sign-in have been ended";
    let came = format!("one that was used {}", finding::ago(replay.at, act.now));
    let finding = Finding::new(Check::RefreshUnused, "a refresh token that was not used", came).about(about(family));
    Ok(Outcome::Refused(Refusal::new(ErrorCode::InvalidGrant, why).with(finding)))
}

/// The refresh token and the access token that take the place of `presented`.
fn successors(presented: &Token, salt: &[u8; 16], key: &[u8; 32]) -> (Token, Token) {
    let context: &[&[u8]] = &[b"refresh successor", presented.reveal().as_bytes(), salt];
    (derive::token(TokenKind::Refresh, key, context), derive::token(TokenKind::Access, key, context))
}

/// What makes two requests the same one: all that they ask for. Each part goes in with its length, so that no two
/// lists of parts are the same.
fn fingerprint(asked: &Asked) -> [u8; 32] {
    let mut hash = Sha256::new();
    let key = asked.key.as_ref().map(Thumbprint::as_str);
    let parts = [asked.scope.as_deref(), asked.details.as_deref(), key];
    let resources = asked.resources.iter().map(|resource| Some(resource.as_str()));
    for part in parts.into_iter().chain(resources) {
        let part = part.unwrap_or_default();
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}
