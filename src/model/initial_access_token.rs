//! Initial access tokens: with one, somebody may register clients (RFC 7591 §1.2).

use crate::model::id::InitialAccessTokenId;
use crate::model::time::Timestamp;

/// A token that an operator gave out, by its id; the token itself is known to its owner alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InitialAccessToken {
    /// Its id.
    pub id: InitialAccessTokenId,
    /// How many clients it can still register; any number where there is none.
    pub uses_left: Option<u32>,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on it is good for nothing.
    pub expires_at: Option<Timestamp>,
}

impl InitialAccessToken {
    /// Whether it can register a client at `now`.
    pub fn is_good(&self, now: Timestamp) -> bool {
        self.uses_left != Some(0) && !self.expires_at.is_some_and(|end| end.is_past(now))
    }
}
