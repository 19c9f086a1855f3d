//! Web Authentication (Level 3): what a browser hands on from an authenticator, read strictly and verified. Bytes come in
//! and a verdict goes out; whose key it is, and whether a challenge was used before, is for others to know.

pub mod assertion;
pub mod authenticator_data;
mod cbor;
pub mod client_data;
pub mod cose;
pub mod registration;

#[cfg(test)]
mod tests;

use crate::jose::jwk::JwkError;

/// The most bytes of anything that a browser hands on. An attestation with its certificates has a few thousand.
pub const LONGEST: usize = 16 * 1024;

/// What an answer must be about.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    /// What the authenticator was given to sign, as bytes.
    pub challenge: &'a [u8],
    /// Scheme, host and port of our pages (§13.4.9).
    pub origin: &'a str,
    /// The RP ID: the host of our pages (§5.4.2, §13.4.9).
    pub rp_id: &'a str,
    /// Whether the authenticator must have made sure of its person, by a PIN or by what they are.
    pub needs_verification: bool,
}

/// Why an answer is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Longer than [`LONGEST`].
    #[error("a part of it is longer than 16384 bytes")]
    TooLong,
    /// The client data are no JSON object, or lack something.
    #[error("the client data are malformed")]
    ClientData,
    /// It comes of another ceremony: a registration for an assertion, or the other way round.
    #[error("the client data are of another type")]
    Type,
    /// Another challenge was signed.
    #[error("the challenge is another")]
    Challenge,
    /// It was made on a page of another origin.
    #[error("the origin is another")]
    Origin,
    /// It was made in a frame of another site's page.
    #[error("it comes from a frame in another site's page")]
    CrossOrigin,
    /// The attestation object is malformed.
    #[error("the attestation object is malformed")]
    Attestation,
    /// The authenticator data are malformed.
    #[error("the authenticator data are malformed")]
    AuthenticatorData,
    /// It was made for another RP ID.
    #[error("the passkey is for another host")]
    RpId,
    /// Nobody was there.
    #[error("the authenticator noticed nobody")]
    Absent,
    /// The authenticator did not make sure of its person.
    #[error("the authenticator did not verify its user")]
    Unverified,
    /// The key is no COSE key in its one form.
    #[error("the public key is malformed")]
    KeyForm,
    /// A key for an algorithm that was not offered.
    #[error("the public key is for an algorithm that was not offered")]
    Algorithm,
    /// The key is refused.
    #[error("the public key is refused: {0}")]
    Key(#[from] JwkError),
    /// The signature is not that of the key.
    #[error("the signature is wrong")]
    Signature,
}

/// Refuses what is longer than anything can be.
fn bounded(bytes: &[u8]) -> Result<&[u8], Refusal> {
    if bytes.len() > LONGEST { Err(Refusal::TooLong) } else { Ok(bytes) }
}
