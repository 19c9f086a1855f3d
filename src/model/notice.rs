//! What a user has to be told: something happened to a credential of theirs.

use crate::model::id::NoticeId;
use crate::model::id::UserId;
use crate::model::time::Timestamp;

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident = $word:literal,)*) => {
        /// What happened.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum NoticeKind { $($(#[$doc])* $variant,)* }

        impl NoticeKind {
            /// Its name in the database and on the wire.
            pub const fn as_str(self) -> &'static str {
                match self { $(NoticeKind::$variant => $word,)* }
            }

            /// Reads the name; `None` for any other text.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($word => Some(NoticeKind::$variant),)* _ => None }
            }
        }
    };
}

kinds! {
    /// A secret of theirs was found where it should not be, and was put out of use.
    SecretLeaked = "secret_leaked",
    /// Somebody tried a decoy of theirs.
    DecoyTried = "decoy_tried",
}

/// A notice to a user. It stays until the user has it taken away.
#[derive(Debug, Clone)]
pub struct Notice {
    /// Its id.
    pub id: NoticeId,
    /// Whom it is for.
    pub user: UserId,
    /// What happened.
    pub kind: NoticeKind,
    /// To what: a record's id.
    pub subject: String,
    /// What else is to be known, as a JSON object; never a secret.
    pub details: String,
    /// When.
    pub created_at: Timestamp,
}
