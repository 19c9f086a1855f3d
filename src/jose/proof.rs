//! Proofs of possession (RFC 9449 §4): small signed texts, each about one request, by which a client shows that it has a
//! key. Whether one was used before, and which nonce it holds, is for whoever asks.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use url::Url;

use crate::jose::claims::ClaimError;
use crate::jose::claims::Claims;
use crate::jose::jws::Jws;
use crate::model::thumbprint::Thumbprint;
use crate::model::time::Lifetime;
use crate::model::time::Timestamp;
use crate::model::token::TokenHash;

/// How far from now `iat` may lie, both ways (RFC 9449 §11.1).
const WINDOW: Lifetime = Lifetime::from_seconds(60);
/// How much longer a used proof is remembered than it could be used: nodes' clocks may lie that far apart.
const MARGIN: Lifetime = Lifetime::from_seconds(60);
/// The longest proof in bytes: a header holds no more.
const LENGTH: usize = 8 * 1024;
/// The longest `jti` in bytes.
const ID_LENGTH: usize = 255;

/// The request that a proof must be about.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    /// Its method.
    pub method: &'a str,
    /// Its address as the public knows it; a query in it is not looked at.
    pub url: &'a str,
    /// The access token that comes along, at resources (RFC 9449 §7).
    pub access_token: Option<&'a TokenHash>,
}

/// A good proof.
#[derive(Debug, Clone)]
pub struct Proof {
    /// The key that its sender has.
    pub key: Thumbprint,
    /// Its `jti`: good once, for this key.
    pub id: String,
    /// The nonce it holds (RFC 9449 §8).
    pub nonce: Option<String>,
    /// From then on it is refused for its age, so that its id need not be remembered any longer.
    pub spent_until: Timestamp,
}

/// A proof that is none: `invalid_dpop_proof` (RFC 9449 §5, §7.1).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the DPoP proof is refused: {0}")]
pub struct InvalidProof(
    /// Why, as the end of a sentence.
    pub String,
);

impl From<ClaimError> for InvalidProof {
    fn from(error: ClaimError) -> Self {
        InvalidProof(error.to_string())
    }
}

/// Checks a proof (RFC 9449 §4.3).
///
/// # Errors
/// What is wrong with it.
pub fn check(text: &str, expected: &Expected<'_>, now: Timestamp) -> Result<Proof, InvalidProof> {
    let refuse = |why: &str| Err(InvalidProof(why.to_owned()));
    if text.len() > LENGTH {
        return refuse("it is longer than 8192 bytes");
    }
    let signed = Jws::parse(text).map_err(|error| InvalidProof(error.to_string()))?;
    if !signed.is_of_type("dpop+jwt") {
        return refuse("its typ must be dpop+jwt");
    }
    let Some(key) = signed.own_key() else { return refuse("its header has no jwk") };
    let claims = signed.claims(key).map_err(|error| InvalidProof(error.to_string()))?;
    let id = claims.required_text("jti")?;
    if id.len() > ID_LENGTH {
        return refuse("its jti is longer than 255 bytes");
    }
    if claims.required_text("htm")? != expected.method {
        return refuse("its htm is not the method of this request");
    }
    if !is_same_address(claims.required_text("htu")?, expected.url) {
        return refuse("its htu is not the address of this request, as it is known to the public");
    }
    let made = claims.required_time("iat")?;
    if made > now + WINDOW || made < now.before(WINDOW) {
        return refuse("its iat is more than a minute away from now; look whether the client's clock is right");
    }
    check_access_token(&claims, expected)?;
    Ok(Proof {
        key: key.thumbprint().clone(),
        id: id.to_owned(),
        nonce: claims.text("nonce")?.map(str::to_owned),
        spent_until: made + WINDOW + MARGIN,
    })
}

/// RFC 9449 §4.3, point 12: the SHA-256 of the access token that comes along.
fn check_access_token(claims: &Claims, expected: &Expected<'_>) -> Result<(), InvalidProof> {
    let Some(hash) = expected.access_token else { return Ok(()) };
    if claims.required_text("ath")? == URL_SAFE_NO_PAD.encode(hash.as_bytes()) {
        return Ok(());
    }
    Err(InvalidProof("its ath is not the hash of the access token".to_owned()))
}

/// Whether two addresses are the same but for query and fragment, in their normal forms (RFC 9449 §4.3, point 9;
/// RFC 3986 §6.2.2, §6.2.3).
fn is_same_address(one: &str, other: &str) -> bool {
    let (Some(one), Some(other)) = (normal(one), normal(other)) else { return false };
    one == other
}

/// Scheme, host and port as `url` makes them the same, and the path with each character in its one spelling.
fn normal(text: &str) -> Option<(String, String)> {
    let url = Url::parse(text).ok()?;
    let is_plain = url.username().is_empty() && url.password().is_none() && !url.cannot_be_a_base();
    let is_web = matches!(url.scheme(), "http" | "https");
    (is_plain && is_web).then(|| (url.origin().ascii_serialization(), normal_path(url.path())))
}

/// RFC 3986 §6.2.2.1, §6.2.2.2: what need not be encoded is not, and what is has capital digits.
fn normal_path(path: &str) -> String {
    let mut normal = String::with_capacity(path.len());
    let mut rest = path.chars();
    while let Some(c) = rest.next() {
        let mut ahead = rest.clone();
        let digits = (ahead.next().and_then(|c| c.to_digit(16)), ahead.next().and_then(|c| c.to_digit(16)));
        let (true, (Some(high), Some(low))) = (c == '%', digits) else {
            normal.push(c);
            continue;
        };
        rest = ahead;
        match char::from_u32(high * 16 + low).filter(|c| c.is_ascii_alphanumeric() || "-._~".contains(*c)) {
            Some(plain) => normal.push(plain),
            None => normal.push_str(&format!("%{:02X}", high * 16 + low)),
        }
    }
    normal
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 9449 §4.3, RFC 3986 §6.2
    #[test]
    fn addresses_are_compared_in_their_normal_form() {
        for (one, other) in [
            ("https://id.example/oauth/token", "https://id.example/oauth/token"),
            ("https://id.example/oauth/token?a=b#c", "https://id.example/oauth/token"),
            ("HTTPS://ID.Example:443/oauth/token", "https://id.example/oauth/token"),
            ("http://id.example:80", "http://id.example/"),
            ("https://id.example/oauth/./x/../token", "https://id.example/oauth/token"),
            ("https://id.example/o%61uth/%2fx%C3%a4", "https://id.example/oauth/%2Fx%c3%A4"),
            ("https://id.example/%7euser", "https://id.example/~user"),
        ] {
            assert!(is_same_address(one, other), "{one} {other}");
        }
        for (one, other) in [
            ("http://id.example/oauth/token", "https://id.example/oauth/token"),
            ("https://id.example/oauth/token/", "https://id.example/oauth/token"),
            ("https://id.example:8443/oauth/token", "https://id.example/oauth/token"),
            ("https://id.example/oauth/Token", "https://id.example/oauth/token"),
            ("https://id.example.evil.example/oauth/token", "https://id.example/oauth/token"),
            ("https://ada@id.example/oauth/token", "https://id.example/oauth/token"),
            ("https://id.example/oauth%2ftoken", "https://id.example/oauth/token"),
            ("/oauth/token", "https://id.example/oauth/token"),
            ("", ""),
            ("urn:x", "urn:x"),
        ] {
            assert!(!is_same_address(one, other), "{one} {other}");
        }
    }
}
