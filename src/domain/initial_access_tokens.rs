//! Giving out tokens with which others may register clients, and taking them back (RFC 7591 §1.2).

use serde_json::json;

use crate::domain::act::Act;
use crate::model::audit::AuditEvent;
use crate::model::id::InitialAccessTokenId;
use crate::model::initial_access_token::InitialAccessToken;
use crate::model::time::Timestamp;
use crate::model::token::Token;
use crate::model::token::TokenKind;
use crate::random::Random;
use crate::store::StoreError;
use crate::store::Tx;

/// Makes a token for so many clients (any number where none is given), until `expires_at`. Nobody can see it again.
///
/// # Errors
/// What the database says.
pub fn create(
    tx: &mut Tx<'_>,
    uses: Option<u32>,
    expires_at: Option<Timestamp>,
    act: &Act,
) -> Result<(InitialAccessToken, Token), StoreError> {
    let token = Random.token(TokenKind::InitialAccess);
    let made = InitialAccessToken {
        id: Random.id(act.now, InitialAccessTokenId::new),
        uses_left: uses,
        created_at: act.now,
        expires_at,
    };
    tx.initial_access_tokens().insert(&token.hash(), &made)?;
    let details = json!({ "uses": uses, "expires_at": expires_at.map(Timestamp::seconds) });
    act.record(tx, AuditEvent::InitialAccessTokenCreated, &made.id.to_string(), details)?;
    Ok((made, token))
}

/// Takes a token back; clients that were registered with it stay. `false` where there is none.
///
/// # Errors
/// What the database says.
pub fn revoke(tx: &mut Tx<'_>, id: InitialAccessTokenId, act: &Act) -> Result<bool, StoreError> {
    if !tx.initial_access_tokens().delete(id)? {
        return Ok(false);
    }
    act.record(tx, AuditEvent::InitialAccessTokenRevoked, &id.to_string(), json!({}))?;
    Ok(true)
}
