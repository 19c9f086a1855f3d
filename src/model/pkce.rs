//! Proof Key for Code Exchange: challenge and verifier, S256 only (RFC 7636).

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::Digest;
use sha2::Sha256;
use subtle::ConstantTimeEq;

use crate::model::secret::Secret;

/// How many characters the base64url of a SHA-256 has.
const CHALLENGE_LENGTH: usize = 43;

/// What the client shows first: the SHA-256 of its verifier (RFC 7636 §4.2). It is no secret.
#[derive(Clone, PartialEq, Eq)]
pub struct CodeChallenge([u8; 32]);

impl CodeChallenge {
    /// The one method that is known here (RFC 7636 §4.3, RFC 9700 §2.1.1).
    pub const METHOD: &'static str = "S256";

    /// Reads `code_challenge` and `code_challenge_method`. A missing method means `plain` (RFC 7636 §4.3), which
    /// shows the verifier to whoever sees the request and is refused.
    ///
    /// # Errors
    /// Another method, or a challenge that is not the base64url of 32 bytes in its one spelling.
    pub fn parse(challenge: &str, method: Option<&str>) -> Result<Self, PkceError> {
        match method {
            Some(Self::METHOD) => {}
            Some(_) => return Err(PkceError::Method),
            None => return Err(PkceError::MethodMissing),
        }
        Self::from_text(challenge).ok_or(PkceError::Challenge)
    }

    /// Reads the text that `Display` writes; `None` for anything else.
    pub fn from_text(text: &str) -> Option<Self> {
        if text.len() != CHALLENGE_LENGTH {
            return None;
        }
        // The decoder refuses padding and bits behind the 256th, so a challenge has one spelling only.
        URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok().map(Self)
    }

    /// The challenge that is made from `verifier` (RFC 7636 §4.2).
    pub fn of(verifier: &CodeVerifier) -> Self {
        Self(Sha256::digest(verifier.0.expose().as_bytes()).into())
    }

    /// Whether `verifier` is the one that the challenge was made from (RFC 7636 §4.6). Takes the same time wherever
    /// they differ.
    pub fn is_met_by(&self, verifier: &CodeVerifier) -> bool {
        self.0.ct_eq(&Self::of(verifier).0).into()
    }
}

impl fmt::Display for CodeChallenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(self.0))
    }
}

impl fmt::Debug for CodeChallenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// What the client shows last: the secret that only it can have (RFC 7636 §4.1).
#[derive(Debug, Clone)]
pub struct CodeVerifier(Secret);

impl CodeVerifier {
    /// Reads `code_verifier`.
    ///
    /// # Errors
    /// Fewer than 43 or more than 128 characters, or others than the unreserved ones.
    pub fn parse(text: &str) -> Result<Self, PkceError> {
        let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        if (43..=128).contains(&text.len()) && text.bytes().all(unreserved) {
            Ok(Self(Secret::from(text)))
        } else {
            Err(PkceError::Verifier)
        }
    }
}

/// Why PKCE parameters were refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PkceError {
    /// `code_challenge` without `code_challenge_method`.
    #[error("code_challenge_method is missing, which would mean plain: send code_challenge_method=S256")]
    MethodMissing,
    /// A method other than `S256`.
    #[error("code_challenge_method must be S256")]
    Method,
    /// Not the base64url of 32 bytes.
    #[error("code_challenge must be the SHA-256 of the verifier in base64url without padding: 43 characters")]
    Challenge,
    /// Not 43 to 128 unreserved characters.
    #[error("code_verifier must have 43 to 128 characters, each a letter, a digit or one of - . _ ~")]
    Verifier,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    /// RFC 7636 §B
    #[test]
    fn the_example_of_the_rfc_holds() {
        let challenge = CodeChallenge::parse(CHALLENGE, Some("S256")).unwrap();
        assert!(challenge.is_met_by(&CodeVerifier::parse(VERIFIER).unwrap()));
        assert!(!challenge.is_met_by(&CodeVerifier::parse(CHALLENGE).unwrap()));
        assert_eq!(challenge.to_string(), CHALLENGE);
    }

    /// RFC 7636 §4.3
    #[test]
    fn no_method_but_s256_is_known() {
        assert_eq!(CodeChallenge::parse(CHALLENGE, None), Err(PkceError::MethodMissing));
        for method in ["plain", "s256", "S512", "", "S256 "] {
            assert_eq!(CodeChallenge::parse(CHALLENGE, Some(method)), Err(PkceError::Method), "{method}");
        }
    }

    /// RFC 7636 §4.2
    #[test]
    fn a_challenge_has_one_spelling() {
        let shorter = CHALLENGE.trim_end_matches('M');
        for bad in [
            String::new(),
            shorter.to_owned(),
            format!("{CHALLENGE}A"),
            format!("{CHALLENGE}="),
            format!("{shorter}="),
            format!("{shorter}N"), // the same 32 bytes and a stray bit
            CHALLENGE.replace('-', "+"),
            CHALLENGE.replace('-', "/"),
            CHALLENGE.replace('-', " "),
            format!("{}é", "a".repeat(41)),
        ] {
            assert_eq!(CodeChallenge::parse(&bad, Some("S256")), Err(PkceError::Challenge), "{bad}");
        }
    }

    /// RFC 7636 §4.1
    #[test]
    fn a_verifier_has_43_to_128_unreserved_characters() {
        for good in ["a".repeat(43), "~".repeat(128), VERIFIER.to_owned()] {
            assert!(CodeVerifier::parse(&good).is_ok());
        }
        for bad in [String::new(), "a".repeat(42), "a".repeat(129), format!("{VERIFIER}+"), format!("{VERIFIER}é")] {
            assert_eq!(CodeVerifier::parse(&bad).err(), Some(PkceError::Verifier), "{bad}");
        }
        assert_eq!(format!("{:?}", CodeVerifier::parse(VERIFIER).unwrap()), "CodeVerifier([secret])");
    }

    proptest! {
        /// Against an S256 of another make: base64 with padding and the other alphabet, then rewritten.
        #[test]
        fn a_verifier_meets_its_own_challenge_alone(verifier in "[a-zA-Z0-9._~-]{43,128}", other in "[a-zA-Z0-9]{43}") {
            let digest = Sha256::digest(verifier.as_bytes());
            let standard = base64::engine::general_purpose::STANDARD.encode(digest);
            let challenge = standard.replace('+', "-").replace('/', "_").replace('=', "");
            let challenge = CodeChallenge::parse(&challenge, Some("S256")).unwrap();
            prop_assert!(challenge.is_met_by(&CodeVerifier::parse(&verifier).unwrap()));
            prop_assert_eq!(challenge.is_met_by(&CodeVerifier::parse(&other).unwrap()), other == verifier);
        }

        #[test]
        fn equal_challenges_are_equal_texts(text in "[a-zA-Z0-9_-]{43}") {
            if let Some(challenge) = CodeChallenge::from_text(&text) {
                prop_assert_eq!(challenge.to_string(), text);
            }
        }
    }
}
