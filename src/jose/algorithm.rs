//! Signature algorithms (RFC 7518 §3.1, RFC 8037 §3.1, RFC 9864 §2): those with a public key, none with a shared one.

/// A signature algorithm that is checked here. `none` and HMAC are no variants, so no code can pick them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256 (RFC 7518 §3.3).
    Rs256,
    /// RSASSA-PSS with SHA-256 (RFC 7518 §3.5).
    Ps256,
    /// ECDSA on P-256 with SHA-256 (RFC 7518 §3.4).
    Es256,
    /// ECDSA on P-384 with SHA-384 (RFC 7518 §3.4).
    Es384,
    /// Ed25519 by its first name (RFC 8037 §3.1).
    EdDsa,
    /// Ed25519 by the name that says the curve (RFC 9864 §2.2).
    Ed25519,
}

impl Algorithm {
    /// All of them.
    pub const ALL: &'static [Algorithm] =
        &[Algorithm::Rs256, Algorithm::Ps256, Algorithm::Es256, Algorithm::Es384, Algorithm::EdDsa, Algorithm::Ed25519];

    /// Those by which this server signs, the default first (OpenID Connect Core §15.1).
    pub const SIGNING: &'static [Algorithm] = &[Algorithm::Rs256, Algorithm::Es256, Algorithm::EdDsa, Algorithm::Ps256];

    /// The word in `alg`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Algorithm::Rs256 => "RS256",
            Algorithm::Ps256 => "PS256",
            Algorithm::Es256 => "ES256",
            Algorithm::Es384 => "ES384",
            Algorithm::EdDsa => "EdDSA",
            Algorithm::Ed25519 => "Ed25519",
        }
    }

    /// Reads the word in `alg`, in its one spelling; `None` for any other algorithm.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|known| known.as_str() == text)
    }

    /// The words of those by which this server signs.
    pub fn signing_names() -> Vec<&'static str> {
        Self::SIGNING.iter().map(|algorithm| algorithm.as_str()).collect()
    }

    /// All words, as metadata lists them.
    pub fn names() -> Vec<&'static str> {
        Self::ALL.iter().map(|algorithm| algorithm.as_str()).collect()
    }
}
