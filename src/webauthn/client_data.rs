//! What the browser says of a ceremony (Web Authentication §5.8.1): which it was, what was signed, and on whose page.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Map;
use serde_json::Value;

use crate::json;
use crate::webauthn::Expected;
use crate::webauthn::Refusal;
use crate::webauthn::bounded;

/// The type of a registration.
pub const CREATE: &str = "webauthn.create";
/// The type of an assertion.
pub const GET: &str = "webauthn.get";

/// Checks client data (§7.1 steps 5 to 10, §7.2 steps 9 to 14). Our pages stand in no frames, so what was made in one was made on
/// another's page.
///
/// # Errors
/// [`Refusal`].
pub fn check(bytes: &[u8], kind: &str, expected: &Expected<'_>) -> Result<(), Refusal> {
    let members = json::object(bounded(bytes)?).map_err(|_| Refusal::ClientData)?;
    if text(&members, "type")? != kind {
        return Err(Refusal::Type);
    }
    let challenge = URL_SAFE_NO_PAD.decode(text(&members, "challenge")?).map_err(|_| Refusal::ClientData)?;
    if challenge != expected.challenge {
        return Err(Refusal::Challenge);
    }
    if text(&members, "origin")? != expected.origin {
        return Err(Refusal::Origin);
    }
    match members.get("crossOrigin") {
        None | Some(Value::Bool(false)) if !members.contains_key("topOrigin") => Ok(()),
        _ => Err(Refusal::CrossOrigin),
    }
}

fn text<'a>(members: &'a Map<String, Value>, name: &str) -> Result<&'a str, Refusal> {
    members.get(name).and_then(Value::as_str).ok_or(Refusal::ClientData)
}
