//! Names of records: UUIDs of version 7, each kind a type of its own with a prefix of its own on the wire.
//!
//! A user's id can never equal a client's or a key's: the prefix differs, and so does the type.

use std::fmt;

use uuid::Uuid;

use crate::model::time::Timestamp;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// What stands before the 32 hex digits on the wire.
            pub const PREFIX: &'static str = $prefix;

            /// A new id: its first 48 bits are the time (RFC 9562 §5.7), the rest comes from `random`.
            pub fn new(now: Timestamp, random: [u8; 10]) -> Self {
                let millis = u64::try_from(now.millis()).unwrap_or(0);
                Self(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
            }

            /// The id that the database keeps as these 16 bytes; `None` for any other length.
            pub fn from_slice(bytes: &[u8]) -> Option<Self> {
                Uuid::from_slice(bytes).ok().map(Self)
            }

            /// The 16 bytes that the database keeps.
            pub fn as_bytes(&self) -> &[u8] {
                self.0.as_bytes()
            }

            /// Reads the wire form; `None` for everything else, another kind's id included.
            pub fn parse(text: &str) -> Option<Self> {
                let hex = text.strip_prefix($prefix)?;
                let canonical = hex.len() == 32 && hex.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
                if !canonical {
                    return None;
                }
                Uuid::try_parse(hex).ok().map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "{}"), self.0.as_simple())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
    };
}

id!(
    /// A user: a person or a service account.
    UserId, "user_"
);
id!(
    /// A client of ours; on the wire its rendered form is the `client_id` of RFC 6749 §2.2.
    ClientId, "client_"
);
id!(
    /// What a user let a client do.
    GrantId, "grant_"
);
id!(
    /// The tokens that came of one authorization code, over all rotations (RFC 9700 §4.14).
    FamilyId, "family_"
);
id!(
    /// A browser session.
    SessionId, "session_"
);
id!(
    /// An API key; not its public half, which is a text of its own.
    ApiKeyId, "key_"
);
id!(
    /// An initial access token; not the token itself.
    InitialAccessTokenId, "initial_"
);
id!(
    /// A notice to a user.
    NoticeId, "notice_"
);
id!(
    /// An authorization request that waits for its user's decision.
    RequestId, "request_"
);
id!(
    /// A message to an application that a session has ended.
    DeliveryId, "logout_"
);
id!(
    /// A mail that is yet to be sent.
    MailId, "mail_"
);
id!(
    /// A passkey; not what its authenticator calls it.
    PasskeyId, "passkey_"
);
id!(
    /// An entry of the audit log.
    AuditId, "audit_"
);
id!(
    /// A request to this server, as the header `X-Request-Id` of its answer has it: no prefix, for the log and proxies
    /// write it that way.
    CallId, ""
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_survives_the_wire_and_is_no_other_kinds() {
        let user = UserId::new(Timestamp::from_seconds(1_790_000_000), [7; 10]);
        assert_eq!(UserId::parse(&user.to_string()), Some(user));
        assert_eq!(ClientId::parse(&user.to_string()), None);
        assert_eq!(UserId::parse(&user.to_string().to_uppercase()), None);
        assert_eq!(UserId::from_slice(user.as_bytes()), Some(user));
    }

    #[test]
    fn later_ids_sort_behind_earlier_ones() {
        let early = AuditId::new(Timestamp::from_millis(1), [255; 10]);
        let late = AuditId::new(Timestamp::from_millis(2), [0; 10]);
        assert!(early < late);
    }
}
