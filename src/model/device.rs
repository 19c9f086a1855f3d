//! Devices that wait for a person to type a code somewhere else (RFC 8628).

use std::fmt;

use crate::model::details::AuthorizationDetails;
use crate::model::id::ClientId;
use crate::model::id::FamilyId;
use crate::model::id::SessionId;
use crate::model::resource::Resources;
use crate::model::scope::Scope;
use crate::model::time::Lifetime;
use crate::model::time::Timestamp;
use crate::model::token::TokenHash;
use crate::model::typed_code::TypedCode;

/// What a person types (RFC 8628 §3.2): one of 25.6 milliards (RFC 8628 §5.1).
pub type UserCode = TypedCode<8>;

/// The keyed hash of a [`UserCode`]: all that is stored of it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct UserCodeHash([u8; 32]);

impl UserCodeHash {
    /// Of the bytes of a keyed hash.
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for UserCodeHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UserCodeHash(…)")
    }
}

/// A device that waits, or waited (RFC 8628 §3.2).
#[derive(Debug, Clone)]
pub struct DeviceCode {
    /// Hash of the code that the device polls with.
    pub hash: TokenHash,
    /// Whose device it is.
    pub client: ClientId,
    /// What it asks for.
    pub scopes: Scope,
    /// The resources that its tokens are to be meant for (RFC 8707 §2).
    pub resources: Resources,
    /// What it asks for beyond scopes (RFC 9396 §2).
    pub details: Option<AuthorizationDetails>,
    /// When it lapses.
    pub expires_at: Timestamp,
    /// How long it has to wait between two polls; it grows (RFC 8628 §3.5).
    pub interval: Lifetime,
    /// The session in which somebody typed the user code first; no other decides.
    pub session: Option<SessionId>,
    /// What became of it.
    pub state: DeviceState,
}

/// What became of a device's request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeviceState {
    /// Nobody has decided.
    Waiting,
    /// Its user turned it away.
    Denied,
    /// Its user let it in; its tokens are of this family.
    Allowed(FamilyId),
    /// It has got its tokens.
    Redeemed,
}
