//! Signatures that stand by themselves, beside the bytes that they are over.

use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::sign::Verifier;

use crate::jose::algorithm::Algorithm;
use crate::jose::jwk::Jwk;

impl Jwk {
    /// Whether `signature` is this key's over `message`. One by ECDSA is in ASN.1 (RFC 3279 §2.2.3), as authenticators
    /// write it (Web Authentication §6.5.5), and not R and S side by side as in RFC 7518 §3.4. The other algorithms that a
    /// text may be signed by are none of an authenticator's.
    pub fn has_signed(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> bool {
        // Whatever OpenSSL finds wrong with it, it is a wrong signature.
        self.fits(algorithm) && self.verifies(algorithm, message, signature).unwrap_or(false)
    }

    fn verifies(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> Result<bool, ErrorStack> {
        match algorithm {
            Algorithm::Es256 | Algorithm::Rs256 => {
                Verifier::new(MessageDigest::sha256(), self.key())?.verify_oneshot(signature, message)
            }
            Algorithm::EdDsa | Algorithm::Ed25519 => {
                Verifier::new_without_digest(self.key())?.verify_oneshot(signature, message)
            }
            Algorithm::Ps256 | Algorithm::Es384 => Ok(false),
        }
    }
}
