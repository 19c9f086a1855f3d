//! Assertions: short texts that a client signs with its key (RFC 7521, RFC 7523 §3), to say who it is or whom it acts as.

use crate::domain::oauth::once::Kind;
use crate::domain::oauth::once::Once;
use crate::jose::algorithm::Algorithm;
use crate::jose::claims::Claims;
use crate::jose::jwk_set::JwkSet;
use crate::jose::jws::Jws;
use crate::model::thumbprint::Thumbprint;
use crate::model::time::Lifetime;
use crate::model::time::Timestamp;

/// The value of `client_assertion_type` (RFC 7523 §2.2).
pub const CLIENT_ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// The types that an assertion may say it is of.
const TYPES: [&str; 2] = ["jwt", "client-authentication+jwt"];
/// Those of the FAPI 2.0 Security Profile (§5.4.1).
const FAPI_ALGORITHMS: [Algorithm; 4] = [Algorithm::Ps256, Algorithm::Es256, Algorithm::EdDsa, Algorithm::Ed25519];
/// How far the clocks of client and server may lie apart.
const SKEW: Lifetime = Lifetime::from_seconds(30);
/// How far ahead `exp` may lie. Some libraries sign for an hour unless they are told otherwise, and `jti` makes each
/// assertion good for one use anyway.
const LONGEST_LIFE: Lifetime = Lifetime::from_hours(1);

/// An assertion that was checked, but for its single use.
#[derive(Debug, Clone)]
pub struct Assertion {
    /// `sub`: whom it is about.
    pub subject: String,
    /// The key that signed it.
    pub key: Thumbprint,
    /// To be spent before anything is given for it.
    pub once: Once,
    /// From when on it is no good.
    pub expires_at: Timestamp,
}

/// What an assertion may be.
#[derive(Debug, Clone)]
pub struct Rules {
    /// What it may name as its audience.
    pub audiences: Vec<String>,
    /// Whether it must keep to the FAPI 2.0 Security Profile: one audience, and none but the profile's algorithms.
    pub is_fapi: bool,
    /// What its `jti` is one of.
    pub kind: Kind,
}

/// Checks an assertion of `client_id` (RFC 7523 §3). Who `sub` must be is the caller's to say.
///
/// # Errors
/// What is wrong with it, as the rest of a sentence that names it.
pub fn check(signed: &Jws, client_id: &str, keys: &JwkSet, rules: &Rules, now: Timestamp) -> Result<Assertion, String> {
    // FAPI 2.0 Security Profile §5.4.1.
    if rules.is_fapi && !FAPI_ALGORITHMS.contains(&signed.algorithm()) {
        return Err("its alg must be PS256, ES256, EdDSA or Ed25519 (FAPI 2.0 Security Profile)".to_owned());
    }
    let (claims, key) = signed.claims_by(keys).map_err(|error| error.to_string())?;
    // RFC 8725 §3.11: no other signed text of the client's passes for an assertion.
    if signed.has_type() && !TYPES.iter().any(|known| signed.is_of_type(known)) {
        return Err("its typ must be JWT or client-authentication+jwt, or be left out".to_owned());
    }
    let malformed = |error: crate::jose::claims::ClaimError| error.to_string();
    if claims.required_text("iss").map_err(malformed)? != client_id {
        return Err("its iss is not the client_id".to_owned());
    }
    let subject = claims.required_text("sub").map_err(malformed)?.to_owned();
    // FAPI 2.0 Security Profile §5.3.2.1.
    if rules.is_fapi && !claims.get("aud").is_some_and(serde_json::Value::is_string) {
        return Err("its aud must be one text, the issuer (FAPI 2.0 Security Profile)".to_owned());
    }
    let audience = claims.audience().map_err(malformed)?;
    if !audience.iter().any(|named| rules.audiences.iter().any(|known| known == named)) {
        return Err("its aud is not this server: it must be the issuer".to_owned());
    }
    let expires_at = check_times(&claims, now)?;
    let id = claims.required_text("jti").map_err(malformed)?;
    let once = Once::new(rules.kind, client_id, id, expires_at);
    Ok(Assertion { subject, key: key.thumbprint().clone(), once, expires_at })
}

/// RFC 7523 §3, points 4 to 6. Returns from when on it is refused.
fn check_times(claims: &Claims, now: Timestamp) -> Result<Timestamp, String> {
    let malformed = |error: crate::jose::claims::ClaimError| error.to_string();
    let expires_at = claims.required_time("exp").map_err(malformed)? + SKEW;
    if expires_at.is_past(now) {
        return Err("it has expired; look whether the client's clock is right".to_owned());
    }
    if expires_at > now + LONGEST_LIFE + SKEW + SKEW {
        return Err("its exp is more than an hour ahead".to_owned());
    }
    let latest = now + SKEW;
    if claims.time("nbf").map_err(malformed)?.is_some_and(|from| from > latest) {
        return Err("its nbf has not come yet; look whether the client's clock is right".to_owned());
    }
    match claims.time("iat").map_err(malformed)? {
        Some(made) if made > latest => {
            Err("its iat has not come yet; look whether the client's clock is right".to_owned())
        }
        Some(made) if made < now.before(LONGEST_LIFE).before(SKEW) => {
            Err("it was made more than an hour ago (iat)".to_owned())
        }
        _ => Ok(expires_at),
    }
}
