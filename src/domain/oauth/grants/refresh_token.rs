//! Refreshing (RFC 6749 §6) with rotation, and what a second use of the same token means (RFC 9700 §4.14.2).

use serde_json::json;
use sha2::Digest;
use sha2::Sha256;

use crate::domain::act::Act;
use crate::domain::derive;
use crate::domain::oauth::error::ErrorCode;
use crate::domain::oauth::error::Refusal;
use crate::domain::oauth::error::TokenError;
use crate::domain::oauth::token;
use crate::domain::oauth::token::Outcome;
use crate::domain::oauth::token::TokenLifetimes;
use crate::domain::oauth::token::TokenResponse;
use crate::model::audit::AuditEvent;
use crate::model::client::Client;
use crate::model::client::GrantType;
use crate::model::grant::Family;
use crate::model::grant::RefreshState;
use crate::model::grant::RefreshToken;
use crate::model::scope::Scope;
use crate::model::secret::Secret;
use crate::model::time::Timestamp;
use crate::model::token::Token;
use crate::model::token::TokenKind;
use crate::random::Random;
use crate::store::Tx;

/// The request, beside who makes it.
#[derive(Debug, Clone)]
pub struct Request {
    /// The refresh token.
    pub refresh_token: Secret,
    /// What the access token is to be for: as granted, or less (RFC 6749 §6).
    pub scope: Option<String>,
}

/// The server's keys, of which the first makes new successors and all can make old ones again.
pub type Keys<'a> = &'a [&'a [u8; 32]];

/// Exchanges a refresh token for its successor and an access token. Both are derived from the old token, a stored
/// salt and the server's key, so that a client whose answer was lost gets the same ones when it asks again, though
/// nothing secret is kept.
///
/// # Errors
/// See [`TokenError`].
pub fn run(
    tx: &mut Tx<'_>,
    client: &Client,
    request: &Request,
    keys: Keys<'_>,
    lifetimes: TokenLifetimes,
    act: &Act,
) -> Result<Outcome, TokenError> {
    token::check_grant_type(client, GrantType::RefreshToken)?;
    let (presented, stored, family) = find(tx, client, request)?;
    let (grant, user) = token::check_family(tx, &family, act.now)?;
    if let RefreshState::Rotated { at, salt, request: first } = stored.state {
        let replay = Replay { presented: &presented, at, salt, first };
        return repeat(tx, client, request, &replay, &family, keys, lifetimes, act);
    }
    if stored.expires_at.is_past(act.now) {
        return Err(TokenError::refused(ErrorCode::InvalidGrant, "the refresh token has expired"));
    }
    let wanted = wanted_scope(request, &family)?;
    let scope = token::effective_scope(tx, &wanted, client, &grant, &user)?;
    let (salt, fingerprint) = (Random.bytes(), fingerprint(request));
    if !tx.refresh_tokens().rotate(&stored.hash, &salt, &fingerprint, act.now)? {
        // Another request was first since we looked; what it wrote says what this one is.
        let (_, stored, _) = find(tx, client, request)?;
        let RefreshState::Rotated { at, salt, request: first } = stored.state else {
            return Err(TokenError::refused(ErrorCode::InvalidGrant, "the refresh token is not known"));
        };
        let replay = Replay { presented: &presented, at, salt, first };
        return repeat(tx, client, request, &replay, &family, keys, lifetimes, act);
    }
    let current = keys.first().copied().ok_or(TokenError::Disagreement("there is no secret key"))?;
    let (refresh_token, access_token) = successors(&presented, &salt, current);
    let end = token::insert_access_token(tx, &access_token, &family, &grant, &scope, lifetimes, act.now)?;
    token::insert_refresh_token(tx, &refresh_token, Some(stored.hash), &family, &grant, lifetimes, act.now)?;
    let expires_in = end.since(act.now);
    Ok(Outcome::Issued(TokenResponse { access_token, expires_in, refresh_token: Some(refresh_token), scope }))
}

fn find(tx: &mut Tx<'_>, client: &Client, request: &Request) -> Result<(Token, RefreshToken, Family), TokenError> {
    let unknown = || TokenError::refused(ErrorCode::InvalidGrant, "the refresh token is not known");
    let presented = Token::parse_as(TokenKind::Refresh, request.refresh_token.expose()).ok_or_else(unknown)?;
    let stored = tx.refresh_tokens().find(&presented.hash())?.ok_or_else(unknown)?;
    let family = tx.families().find(stored.family)?.filter(|family| family.client == client.id).ok_or_else(unknown)?;
    Ok((presented, stored, family))
}

/// RFC 6749 §6: what was granted, or less.
fn wanted_scope(request: &Request, family: &Family) -> Result<Scope, TokenError> {
    let refuse = |why: String| TokenError::refused(ErrorCode::InvalidScope, why);
    let Some(text) = &request.scope else { return Ok(family.scopes.clone()) };
    let scope = Scope::parse(text).map_err(|error| refuse(error.to_string()))?;
    if !scope.is_subset_of(&family.scopes) {
        return Err(refuse("a refresh cannot ask for more than was granted".to_owned()));
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
#[expect(clippy::too_many_arguments, reason = "it is the rest of `run`")]
fn repeat(
    tx: &mut Tx<'_>,
    client: &Client,
    request: &Request,
    replay: &Replay<'_>,
    family: &Family,
    keys: Keys<'_>,
    lifetimes: TokenLifetimes,
    act: &Act,
) -> Result<Outcome, TokenError> {
    let in_window = act.now.since(replay.at) < lifetimes.replay_window;
    if in_window && replay.first == fingerprint(request) {
        for key in keys {
            let (refresh_token, access_token) = successors(replay.presented, &replay.salt, key);
            let Some(successor) = tx.refresh_tokens().find(&refresh_token.hash())? else { continue };
            let issued = tx.access_tokens().find(&access_token.hash())?.filter(|token| token.revoked_at.is_none());
            let (RefreshState::Fresh, Some(issued)) = (&successor.state, issued) else { break };
            let expires_in = issued.expires_at.since(act.now);
            let refresh_token = Some(refresh_token);
            return Ok(Outcome::Issued(TokenResponse {
                access_token,
                expires_in,
                refresh_token,
                scope: issued.scopes,
            }));
        }
    }
    if tx.families().end(family.id, act.now)? {
        let details = json!({ "client_id": client.client_id, "user": family.user.to_string() });
        act.record(tx, AuditEvent::RefreshReplayed, &family.id.to_string(), details)?;
    }
    let why = "the refresh token was used before; all tokens of this sign-in have been ended";
    Ok(Outcome::Refused(Refusal::new(ErrorCode::InvalidGrant, why)))
}

/// The refresh token and the access token that take the place of `presented`.
fn successors(presented: &Token, salt: &[u8; 16], key: &[u8; 32]) -> (Token, Token) {
    let context: &[&[u8]] = &[b"refresh successor", presented.reveal().as_bytes(), salt];
    (derive::token(TokenKind::Refresh, key, context), derive::token(TokenKind::Access, key, context))
}

/// What makes two requests the same one.
fn fingerprint(request: &Request) -> [u8; 32] {
    Sha256::digest(request.scope.as_deref().unwrap_or_default().as_bytes()).into()
}
