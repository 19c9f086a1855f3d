//! Proofs of possession (RFC 9449): a client signs each request with a key of its own, and a token that is bound to the
//! key is of no use to whoever steals it.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::Mac;

use crate::domain::keyed_hash;
use crate::domain::oauth::authorize::Parameters;
use crate::domain::oauth::error::ErrorCode;
use crate::domain::oauth::error::Refusal;
use crate::domain::oauth::once::Kind;
use crate::domain::oauth::once::Once;
use crate::domain::refusals::check::Check;
use crate::jose::proof;
use crate::jose::proof::InvalidProof;
use crate::model::client::Client;
use crate::model::thumbprint::Thumbprint;
use crate::model::time::Timestamp;

/// How long a nonce is the newest one, in milliseconds. It is good for as long again.
const NONCE_MILLIS: i64 = 5 * 60 * 1000;

/// What a proof must be about.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    /// The request that it comes along with.
    pub request: proof::Expected<'a>,
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
    #[error(transparent)]
    Invalid(#[from] InvalidProof),
    /// `use_dpop_nonce`: it needs a nonce, or another one (RFC 9449 §8, §9).
    #[error("the DPoP proof needs the nonce that stands in the header DPoP-Nonce of this answer")]
    Nonce,
}

/// Checks a proof (RFC 9449 §4.3).
///
/// # Errors
/// See [`ProofError`].
pub fn check(text: &str, expected: &Expected<'_>, now: Timestamp) -> Result<Proof, ProofError> {
    let proof = proof::check(text, &expected.request, now)?;
    check_nonce(proof.nonce.as_deref(), expected, now)?;
    let once = Once::new(Kind::Proof, proof.key.as_str(), &proof.id, proof.spent_until);
    Ok(Proof { key: proof.key, once })
}

/// Refuses a token request without a proof, where the client asked for that itself (RFC 9449 §5.2).
///
/// # Errors
/// `invalid_dpop_proof`.
pub fn check_client(client: &Client, key: Option<&Thumbprint>) -> Result<(), Refusal> {
    if client.dpop_bound && key.is_none() {
        let why = "all access tokens of this client are bound to keys, so a DPoP proof is needed (RFC 9449)";
        return Err(Refusal::new(ErrorCode::InvalidDpopProof, why).on(Check::ClientProof));
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

fn check_nonce(nonce: Option<&str>, expected: &Expected<'_>, now: Timestamp) -> Result<(), ProofError> {
    match nonce {
        None if expected.nonce_needed => Err(ProofError::Nonce),
        Some(presented) if !is_good_nonce(presented, expected.keys, now) => Err(ProofError::Nonce),
        _ => Ok(()),
    }
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
