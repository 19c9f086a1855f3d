//! Why a credential is refused.

use ipnet::IpNet;

use crate::model::id::ApiKeyId;
use crate::model::id::UserId;
use crate::model::key_use::KeyOutcome;
use crate::model::time::Timestamp;

/// Why a credential is refused. Outside all of them look the same; this is for the log, for administrators, and for who
/// owns the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// There is no such credential.
    Unknown,
    /// It was revoked or ended, then.
    Revoked(Timestamp),
    /// Its time is over since then.
    Expired(Timestamp),
    /// It hangs on a sign-in or a grant that has ended, or is gone.
    SignInEnded,
    /// It came of another credential (RFC 8693), which is refused for this.
    Above(Box<Refusal>),
    /// Its client is disabled or gone.
    ClientDisabled,
    /// Its user is disabled or gone.
    UserDisabled(UserId),
    /// The secret of an API key is right, and the key is refused all the same.
    Key {
        /// The key.
        id: ApiKeyId,
        /// Whose it is.
        user: UserId,
        /// Why.
        fault: KeyFault,
    },
}

/// Why an API key is refused though its secret is right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyFault {
    /// It was revoked, then.
    Revoked(Timestamp),
    /// It is a decoy.
    Decoy,
    /// It is disabled.
    Disabled,
    /// It has expired, then.
    Expired(Timestamp),
    /// This secret of it has expired, then.
    SecretExpired(Timestamp),
    /// It works from these addresses alone.
    Address(Vec<IpNet>),
    /// Its user is disabled or gone.
    UserDisabled,
}

impl KeyFault {
    /// As its owner sees it.
    pub const fn outcome(&self) -> KeyOutcome {
        match self {
            KeyFault::Revoked(_) => KeyOutcome::Revoked,
            KeyFault::Decoy => KeyOutcome::Decoy,
            KeyFault::Disabled | KeyFault::UserDisabled => KeyOutcome::Disabled,
            KeyFault::Expired(_) | KeyFault::SecretExpired(_) => KeyOutcome::Expired,
            KeyFault::Address(_) => KeyOutcome::AddressNotAllowed,
        }
    }
}
