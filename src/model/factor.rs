//! Second factors: what people show beside their password, or in its place.

use crate::model::id::PasskeyId;
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

/// A key of an authenticator (Web Authentication Level 3, §4, credential record).
#[derive(Debug, Clone)]
pub struct Passkey {
    /// Its id inside.
    pub id: PasskeyId,
    /// Whose it is.
    pub user: UserId,
    /// What the authenticator calls it.
    pub credential_id: Vec<u8>,
    /// The public key (COSE_Key, RFC 9052 §7).
    pub public_key: Vec<u8>,
    /// The authenticator's count of its signatures; 0 where it keeps none.
    pub sign_count: u32,
    /// The ways to reach the authenticator (Web Authentication §5.8.4), separated by spaces.
    pub transports: String,
    /// Whether the authenticator has made sure of its person while something else showed who that was: when it was added,
    /// or beside the password. Only then it is good alone.
    pub user_verified: bool,
    /// Whether it may be copied to other devices. That never changes.
    pub backup_eligible: bool,
    /// Whether it was, when it was seen last.
    pub backed_up: bool,
    /// What its owner calls it.
    pub name: String,
    /// Since when it is there.
    pub created_at: Timestamp,
    /// When it was used last.
    pub used_at: Option<Timestamp>,
}

impl Passkey {
    /// What a sign-in with it shows (RFC 8176 §2): a key that stays in its device or one that may be copied, and that
    /// somebody was there. Nothing attests it but the authenticator's own word.
    pub fn methods(&self) -> &'static str {
        if self.backup_eligible { "swk user" } else { "hwk user" }
    }
}
