//! A key's thumbprint: by it a token says to which key it is bound (RFC 7638, RFC 9449 §6.1).

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::Digest;
use sha2::Sha256;

/// The SHA-256 thumbprint of a public key in its canonical form: 43 characters of base64url (RFC 7638 §3). It names a
/// key and is no secret.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Thumbprint(String);

impl Thumbprint {
    /// That of the key whose required members, in the order of their names and without blanks, are `canonical`
    /// (RFC 7638 §3.3).
    pub fn of(canonical: &str) -> Self {
        Self(URL_SAFE_NO_PAD.encode(Sha256::digest(canonical.as_bytes())))
    }

    /// Reads one; `None` for a text that 32 bytes can't have in base64url without padding (RFC 4648 §5).
    pub fn parse(text: &str) -> Option<Self> {
        let is_base64url = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        // 32 bytes fill 42 characters and two thirds of the last: its lowest two bits are zero.
        let ends_well = text.bytes().last().is_some_and(|last| b"AEIMQUYcgkosw048".contains(&last));
        (text.len() == 43 && ends_well && text.bytes().all(is_base64url)).then(|| Self(text.to_owned()))
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Thumbprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_text_is_one_thumbprint() {
        // RFC 7638 §3.1.
        let known = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs";
        assert_eq!(Thumbprint::parse(known).unwrap().as_str(), known);
        let short = known.strip_suffix('s').unwrap();
        for other in ["", short, &format!("{known}="), &format!("{short}t"), &known.replace('-', "+")] {
            assert!(Thumbprint::parse(other).is_none(), "{other}");
        }
    }
}
