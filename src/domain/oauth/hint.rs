//! Id_tokens that come back as hints: who is expected to sign in, or whose session is to end (OpenID Connect Core §3.1.2.1,
//! OpenID Connect RP-Initiated Logout §2).

use crate::domain::oauth::signing_keys::Ring;
use crate::domain::oauth::subject;
use crate::jose::jws::Jws;
use crate::model::client::Client;
use crate::model::id::UserId;
use crate::model::issuer::Issuer;
use crate::store::StoreError;
use crate::store::Tx;

/// What an id_token of ours says of the past. It may have expired long ago.
#[derive(Debug, Clone)]
pub struct Hint {
    /// The client that it was for.
    pub client: Client,
    /// Who it was about, as the client knows them.
    pub subject: String,
    /// The session that it was given in, as the client knows it.
    pub sid: Option<String>,
}

impl Hint {
    /// Whether it is about this user.
    pub fn is_about(&self, user: UserId, ring: &Ring) -> bool {
        subject::of(ring.salt(), &self.client, user) == self.subject
    }
}

/// Reads an id_token that this server signed, however long ago; `None` for all else, and where its client is there no
/// more.
///
/// # Errors
/// What the database says.
pub fn read(tx: &mut Tx<'_>, text: &str, ring: &Ring, issuer: &Issuer) -> Result<Option<Hint>, StoreError> {
    let Ok(signed) = Jws::parse(text) else { return Ok(None) };
    // What this server signs for other uses says so by its type.
    if signed.has_type() && !signed.is_of_type("jwt") {
        return Ok(None);
    }
    let keys = ring.public()?;
    let Ok((claims, _)) = signed.claims_by(&keys) else { return Ok(None) };
    let text = |name| claims.text(name).ok().flatten();
    let audience = claims.audience().unwrap_or_default();
    let (Some(subject), [client_id]) = (text("sub"), audience.as_slice()) else { return Ok(None) };
    // An id_token says when it was issued and ends; what else this server signs for clients does not say `auth_time`.
    let is_id_token = claims.get("exp").is_some() && claims.get("iat").is_some() && claims.get("auth_time").is_some();
    if text("iss") != Some(issuer.as_str()) || !is_id_token {
        return Ok(None);
    }
    let client = tx.clients().find_by_client_id(client_id)?.filter(|client| client.enabled);
    Ok(client.map(|client| Hint { client, subject: subject.to_owned(), sid: text("sid").map(str::to_owned) }))
}
