//! The token that our own forms carry: a keyed hash of what the browser's cookie holds, so that nothing is stored.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::Mac;

use crate::domain::keyed_hash;
use crate::domain::keyed_hash::Begun;
use crate::random::Random;

/// What a token is for; one purpose's token is no other's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Forms of somebody who is signed in, bound to the session's hash.
    Session,
    /// Forms of a visitor, bound to their form cookie.
    Form,
    /// No form but a cookie: this browser has signed in to an account before, bound to both.
    Device,
    /// No form but a way back: somebody signed in for the request that it leads to, bound to their session and to that.
    SignIn,
    /// No form but a cookie: whoever has it has given the right password, and nothing more yet.
    Halfway,
}

impl Purpose {
    const fn label(self) -> &'static [u8] {
        match self {
            Purpose::Session => b"csrf session",
            Purpose::Form => b"csrf form",
            Purpose::Device => b"known device",
            Purpose::SignIn => b"signed in for a request",
            Purpose::Halfway => b"halfway signed in",
        }
    }
}

/// What the forms of a browser are bound to that has no cookie yet. Any random text will do: what makes the token is the
/// server's key.
pub fn new_browser() -> String {
    URL_SAFE_NO_PAD.encode(Random.bytes::<16>())
}

/// The token for `purpose`, bound to `bound_to`, under the key with which `begun` was ([`keyed_hash::begin`]).
pub fn token(begun: Begun, purpose: Purpose, bound_to: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(mac(begun, purpose, bound_to).finalize().into_bytes())
}

/// Whether `token` is the one that [`token()`] makes. Takes the same time wherever they differ.
pub fn verify(key: &[u8; 32], purpose: Purpose, bound_to: &[u8], token: &str) -> bool {
    let decoded = URL_SAFE_NO_PAD.decode(token);
    decoded.is_ok_and(|decoded| mac(keyed_hash::begin(key), purpose, bound_to).verify_slice(&decoded).is_ok())
}

fn mac(mut mac: Begun, purpose: Purpose, bound_to: &[u8]) -> Begun {
    // A label ends with a byte that no label holds, so that label and rest cannot be read in two ways.
    mac.update(purpose.label());
    mac.update(&[0]);
    mac.update(bound_to);
    mac
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_holds_for_one_key_one_purpose_and_one_browser() {
        let made = token(keyed_hash::begin(&[1; 32]), Purpose::Session, b"abc");
        assert!(verify(&[1; 32], Purpose::Session, b"abc", &made));
        assert!(!verify(&[2; 32], Purpose::Session, b"abc", &made));
        assert!(!verify(&[1; 32], Purpose::Form, b"abc", &made));
        assert!(!verify(&[1; 32], Purpose::Session, b"abd", &made));
        assert!(!verify(&[1; 32], Purpose::Session, b"abc", ""));
    }
}
