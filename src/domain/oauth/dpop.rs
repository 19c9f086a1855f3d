//! Proofs of possession (RFC 9449): a client signs each request with a key of its own, and a token that is bound to the
//! key is of no use to whoever steals it.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::Mac;
use url::Url;

use crate::domain::keyed_hash;
use crate::domain::oauth::authorize::Parameters;
use crate::domain::oauth::error::ErrorCode;
use crate::domain::oauth::error::Refusal;
use crate::domain::oauth::once::Kind;
use crate::domain::oauth::once::Once;
use crate::jose::claims::ClaimError;
use crate::jose::claims::Claims;
use crate::jose::jws::Jws;
use crate::model::client::Client;
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
/// How long a nonce is the newest one, in milliseconds. It is good for as long again.
const NONCE_MILLIS: i64 = 5 * 60 * 1000;

/// What a proof must be about.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    /// The request's method.
    pub method: &'a str,
    /// The request's address as the public knows it; a query in it is not looked at.
    pub url: &'a str,
    /// The access token that comes along, at resources (RFC 9449 §7).
    pub access_token: Option<&'a TokenHash>,
    /// Whether a nonce is needed (RFC 9449 §8).
    pub nonce_needed: bool,
    /// The server's keys: nonces are made with the first and may have been made with any.
    pub keys: &'a [&'a [u8; 32]],
}

/// A proof that was checked, but for its single use.
#[derive(Debug, Clone)]
pub struct Proof {
    /// The key that its sender has.
    pub key: Thumbprint,
    /// To be spent before anything is given for it.
    pub once: Once,
}

/// Why a proof is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// `invalid_dpop_proof` (RFC 9449 §5, §7.1).
    #[error("the DPoP proof is refused: {0}")]
    Invalid(String),
    /// `use_dpop_nonce`: it needs a nonce, or another one (RFC 9449 §8, §9).
    #[error("the DPoP proof needs the nonce that stands in the header DPoP-Nonce of this answer")]
    Nonce,
}

impl From<ClaimError> for ProofError {
    fn from(error: ClaimError) -> Self {
        ProofError::Invalid(error.to_string())
    }
}

/// Checks a proof (RFC 9449 §4.3).
///
/// # Errors
/// See [`ProofError`].
pub fn check(text: &str, expected: &Expected<'_>, now: Timestamp) -> Result<Proof, ProofError> {
    let refuse = |why: &str| Err(ProofError::Invalid(why.to_owned()));
    if text.len() > LENGTH {
        return refuse("it is longer than 8192 bytes");
    }
    let signed = Jws::parse(text).map_err(|error| ProofError::Invalid(error.to_string()))?;
    if !signed.is_of_type("dpop+jwt") {
        return refuse("its typ must be dpop+jwt");
    }
    let Some(key) = signed.own_key() else { return refuse("its header has no jwk") };
    let claims = signed.claims(key).map_err(|error| ProofError::Invalid(error.to_string()))?;
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
    check_nonce(&claims, expected, now)?;
    let key = key.thumbprint().clone();
    let once = Once::new(Kind::Proof, key.as_str(), id, made + WINDOW + MARGIN);
    Ok(Proof { key, once })
}

/// Refuses a token request without a proof, where the client asked for that itself (RFC 9449 §5.2).
///
/// # Errors
/// `invalid_dpop_proof`.
pub fn check_client(client: &Client, key: Option<&Thumbprint>) -> Result<(), Refusal> {
    if client.dpop_bound && key.is_none() {
        let why = "all access tokens of this client are bound to keys, so a DPoP proof is needed (RFC 9449)";
        return Err(Refusal::new(ErrorCode::InvalidDpopProof, why));
    }
    Ok(())
}

/// The key that a pushed request binds its code to: that of its proof, which `dpop_jkt` must be too where both are
/// there (RFC 9449 §10.1).
///
/// # Errors
/// `invalid_dpop_proof` where they are two keys.
pub fn bind_request(parameters: &mut Parameters, key: Option<&Thumbprint>) -> Result<(), Refusal> {
    let Some(key) = key else { return Ok(()) };
    if parameters.dpop_jkt.as_ref().is_some_and(|named| named != key.as_str()) {
        let why = "dpop_jkt is not the thumbprint of the key that the DPoP proof is signed with (RFC 9449 10.1)";
        return Err(Refusal::new(ErrorCode::InvalidDpopProof, why));
    }
    parameters.dpop_jkt = Some(key.as_str().to_owned());
    Ok(())
}

/// RFC 9449 §4.3, point 12: the SHA-256 of the access token that comes along.
fn check_access_token(claims: &Claims, expected: &Expected<'_>) -> Result<(), ProofError> {
    let Some(hash) = expected.access_token else { return Ok(()) };
    if claims.required_text("ath")? == URL_SAFE_NO_PAD.encode(hash.as_bytes()) {
        return Ok(());
    }
    Err(ProofError::Invalid("its ath is not the hash of the access token".to_owned()))
}

fn check_nonce(claims: &Claims, expected: &Expected<'_>, now: Timestamp) -> Result<(), ProofError> {
    match claims.text("nonce")? {
        None if expected.nonce_needed => Err(ProofError::Nonce),
        Some(presented) if !is_good_nonce(presented, expected.keys, now) => Err(ProofError::Nonce),
        _ => Ok(()),
    }
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

/// The newest nonce (RFC 9449 §8): when it was made, under the server's key. Nothing is stored, so all nodes know it.
pub fn nonce(key: &[u8; 32], now: Timestamp) -> String {
    nonce_of(key, now.millis().div_euclid(NONCE_MILLIS))
}

fn nonce_of(key: &[u8; 32], period: i64) -> String {
    let mut mac = keyed_hash::begin(key);
    mac.update(b"dpop nonce\0");
    mac.update(&period.to_be_bytes());
    URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
}

/// Whether it is the newest nonce, the one before, or, since another node's clock may be ahead, the one after. It is no
/// secret, for whoever asks is told it.
fn is_good_nonce(presented: &str, keys: &[&[u8; 32]], now: Timestamp) -> bool {
    let period = now.millis().div_euclid(NONCE_MILLIS);
    [period, period - 1, period + 1].iter().any(|period| keys.iter().any(|key| nonce_of(key, *period) == presented))
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

    #[test]
    fn a_nonce_is_good_for_five_to_ten_minutes_under_any_of_the_keys() {
        let (old, new) = ([1; 32], [2; 32]);
        let at = |minutes: i64| Timestamp::from_seconds(1_795_512_600 + 60 * minutes);
        let made = nonce(&old, at(0));
        let good = |keys: &[&[u8; 32]], minutes| is_good_nonce(&made, keys, at(minutes));
        assert!(good(&[&old], 0) && good(&[&old], 5) && good(&[&new, &old], 1));
        assert!(!good(&[&old], 10) && !good(&[&new], 0) && !good(&[], 0));
        assert!(!is_good_nonce("", &[&old], at(0)));
        assert!(!is_good_nonce(&format!("{made}="), &[&old], at(0)));
    }
}
