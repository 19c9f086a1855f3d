//! Thumbprints of public keys (RFC 7638 §3): which key a token is bound to, in 43 characters.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::Digest;
use sha2::Sha256;

/// How many characters the base64url of a SHA-256 has.
const LENGTH: usize = 43;

/// The SHA-256 of a public key's required members: `jkt` of RFC 9449 §6.1. It is no secret.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Thumbprint([u8; 32]);

impl Thumbprint {
    /// That of the key whose required members, in the order of their names and without blanks, are `canonical`
    /// (RFC 7638 §3.3).
    pub fn of(canonical: &str) -> Self {
        Self(Sha256::digest(canonical.as_bytes()).into())
    }

    /// Reads the text that `Display` writes, in its one spelling; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != LENGTH {
            return None;
        }
        // The decoder refuses padding and bits behind the 256th.
        URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok().map(Self)
    }
}

impl fmt::Display for Thumbprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(self.0))
    }
}

impl fmt::Debug for Thumbprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thumbprint_has_one_spelling() {
        let text = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs";
        assert_eq!(Thumbprint::parse(text).map(|thumbprint| thumbprint.to_string()).as_deref(), Some(text));
        let shorter = text.trim_end_matches('s');
        for bad in
            ["", shorter, &format!("{text}="), &format!("{shorter}t"), &text.replace('-', "+"), &format!("{text}A")]
        {
            assert_eq!(Thumbprint::parse(bad), None, "{bad}");
        }
    }
}
