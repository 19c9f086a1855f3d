//! What is kept of a sign-in to a client, for its id_tokens (OpenID Connect Core §2) and for telling it of the end.

use crate::model::grant::Family;
use crate::model::id::SessionId;
use crate::model::openid;
use crate::model::openid::SignIn;
use crate::store::StoreError;
use crate::store::Tx;

/// Notes in which session the tokens of `family` were allowed, if they have the scope `openid`.
///
/// # Errors
/// What the database says.
pub fn note(
    tx: &mut Tx<'_>,
    family: &Family,
    session: SessionId,
    nonce: Option<String>,
    claims: Option<String>,
) -> Result<(), StoreError> {
    if !family.scopes.contains(openid::SCOPE) {
        return Ok(());
    }
    // Who signs out this very moment comes again.
    let session = tx.sessions().find(session)?.ok_or(StoreError::Busy("the session has just ended"))?;
    tx.sign_ins().insert(&SignIn {
        family: family.id,
        session: session.id,
        user: family.user,
        client: family.client,
        authenticated_at: session.authenticated_at,
        amr: session.amr,
        nonce,
        claims,
        created_at: family.created_at,
        expires_at: session.expires_at,
        logged_out_at: None,
    })
}
