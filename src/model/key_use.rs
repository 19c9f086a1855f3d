//! What becomes of the uses of an API key, for its owner to look at.

use crate::model::time::Timestamp;

macro_rules! outcomes {
    ($($(#[$doc:meta])* $variant:ident = $word:literal,)*) => {
        /// What became of a request that showed a key's secret.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum KeyOutcome { $($(#[$doc])* $variant,)* }

        impl KeyOutcome {
            /// Its name in the database and on the wire.
            pub const fn as_str(self) -> &'static str {
                match self { $(KeyOutcome::$variant => $word,)* }
            }

            /// Reads the name; `None` for any other text.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($word => Some(KeyOutcome::$variant),)* _ => None }
            }
        }
    };
}

outcomes! {
    /// It was let in.
    Passed = "passed",
    /// It was let in, and a trial says that it would not be if the key were revoked.
    WouldFail = "would_fail",
    /// Somebody asked about it by introspection (RFC 7662) and was told that it holds. What it was needed for is
    /// not known here.
    Introspected = "introspected",
    /// The key or this secret of it had expired.
    Expired = "expired",
    /// The key is disabled, or its user.
    Disabled = "disabled",
    /// The key was revoked.
    Revoked = "revoked",
    /// It does not work from the address that the request came from.
    AddressNotAllowed = "address_not_allowed",
    /// It was used too often.
    Limited = "limited",
    /// It lacks a scope that was needed.
    InsufficientScope = "insufficient_scope",
    /// Its user lacks a role that was needed, or the key leaves it out.
    MissingRole = "missing_role",
    /// It is a decoy.
    Decoy = "decoy",
}

/// How often a key was used on one day, with one outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyUsage {
    /// Days since the Unix epoch, in UTC.
    pub day: i64,
    /// What became of the requests.
    pub outcome: KeyOutcome,
    /// How many there were.
    pub uses: i64,
}

/// From where and by what program a key was used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyCaller {
    /// The address; empty where it is not known.
    pub address: String,
    /// What the program called itself (`User-Agent`); empty where it did not.
    pub agent: String,
    /// When it was first seen.
    pub first_at: Timestamp,
    /// When it was last seen.
    pub last_at: Timestamp,
    /// How many requests were let in.
    pub uses: i64,
    /// How many of them would have failed, by the trial that runs or ran last.
    pub would_fail: i64,
}

/// A scope that a key's requests needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScopeUse {
    /// The scope.
    pub scope: String,
    /// When one needed it last.
    pub used_at: Timestamp,
}
