//! Second factors: what people show beside their password.

use crate::model::id::UserId;
use crate::model::time::Timestamp;
use crate::model::typed_code::TypedCode;

/// A code for whoever has lost all else: one of 10 billions, good once.
pub type RecoveryCode = TypedCode<10>;

/// The keyed hash of a [`RecoveryCode`] and its owner: all that is stored of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RecoveryCodeHash([u8; 32]);

impl RecoveryCodeHash {
    /// Of the bytes of a keyed hash.
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// An app that makes one-time codes (RFC 6238). Its secret is sealed.
#[derive(Debug, Clone)]
pub struct Totp {
    /// Whose it is; a person has one at most.
    pub user: UserId,
    /// The secret, encrypted.
    pub sealed: Vec<u8>,
    /// The step of the last code that was taken (RFC 6238 §4.2).
    pub last_step: i64,
    /// Since when it is there.
    pub created_at: Timestamp,
    /// When a code of it was taken last to sign in.
    pub used_at: Option<Timestamp>,
}
