//! Revocation: a client puts a token of its own out of use (RFC 7009).

use serde_json::json;

use crate::domain::act::Act;
use crate::domain::oauth::error::ErrorCode;
use crate::domain::oauth::error::TokenError;
use crate::model::audit::AuditEvent;
use crate::model::client::Client;
use crate::model::id::ClientId;
use crate::model::id::FamilyId;
use crate::model::token::Token;
use crate::model::token::TokenKind;
use crate::store::Tx;

/// What an access token takes along when it is put out of use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Nothing (RFC 7009 §2.1).
    Token,
    /// The refresh token that came with it, and all others of the family: so Frappe's clients sign out with the one
    /// token they have at hand.
    Pair,
}

/// Puts `token` out of use: an access token as far as `extent` goes, a refresh token, whether it was used already or
/// not, with all tokens of its family (RFC 7009 §2.1). `None` as the client is somebody who holds the token and nothing else; that is
/// enough for a token of a public client. What is not known, has ended or was revoked needs no more to be done.
///
/// # Errors
/// `unauthorized_client` for another client's token, `unsupported_token_type` for what is a secret of another kind.
pub fn run(tx: &mut Tx<'_>, client: Option<&Client>, token: &str, extent: Extent, act: &Act) -> Result<(), TokenError> {
    let Some(token) = Token::parse(token) else { return Ok(()) };
    match token.kind() {
        TokenKind::Access => access_token(tx, client, &token, extent, act),
        TokenKind::Refresh => refresh_token(tx, client, &token, act),
        TokenKind::ApiSecret => {
            let why = "an API key is revoked by its owner, on the account page or by the API, not as a token";
            Err(TokenError::refused(ErrorCode::UnsupportedTokenType, why))
        }
        _ => {
            let why = "only access tokens and refresh tokens can be revoked here";
            Err(TokenError::refused(ErrorCode::UnsupportedTokenType, why))
        }
    }
}

fn access_token(
    tx: &mut Tx<'_>,
    client: Option<&Client>,
    token: &Token,
    extent: Extent,
    act: &Act,
) -> Result<(), TokenError> {
    let Some(stored) = tx.access_tokens().find(&token.hash())? else { return Ok(()) };
    check_owner(tx, client, stored.client)?;
    if let (Extent::Pair, Some(family)) = (extent, stored.family) {
        return end_family(tx, family, stored.client, "access_token", act);
    }
    if tx.access_tokens().revoke(&stored.hash, act.now)? {
        let subject = stored.family.map_or_else(|| stored.client.to_string(), |family| family.to_string());
        let details = json!({ "token": "access_token", "client": stored.client.to_string() });
        act.record(tx, AuditEvent::TokenRevoked, &subject, details)?;
    }
    Ok(())
}

fn refresh_token(tx: &mut Tx<'_>, client: Option<&Client>, token: &Token, act: &Act) -> Result<(), TokenError> {
    let Some(stored) = tx.refresh_tokens().find(&token.hash())? else { return Ok(()) };
    let Some(family) = tx.families().find(stored.family)? else { return Ok(()) };
    check_owner(tx, client, family.client)?;
    end_family(tx, family.id, family.client, "refresh_token", act)
}

/// Ends the family, in the name of the kind of token that was brought.
fn end_family(tx: &mut Tx<'_>, family: FamilyId, client: ClientId, token: &str, act: &Act) -> Result<(), TokenError> {
    if tx.families().end(family, act.now)? {
        let details = json!({ "token": token, "client": client.to_string() });
        act.record(tx, AuditEvent::TokenRevoked, &family.to_string(), details)?;
    }
    Ok(())
}

/// RFC 7009 §2.1: the token must be the client's own.
fn check_owner(tx: &mut Tx<'_>, client: Option<&Client>, owner: ClientId) -> Result<(), TokenError> {
    match client {
        Some(client) if client.id == owner => Ok(()),
        Some(_) => {
            let why = "the token was given to another client, which alone can revoke it";
            Err(TokenError::refused(ErrorCode::UnauthorizedClient, why))
        }
        None => match tx.clients().find(owner)? {
            Some(owner) if owner.is_public() => Ok(()),
            _ => {
                let why = "the client must say who it is: only a public client's token can be revoked without";
                Err(TokenError::refused(ErrorCode::InvalidClient, why))
            }
        },
    }
}
