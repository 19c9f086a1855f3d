//! Browser sessions.

use crate::model::id::SessionId;
use crate::model::id::UserId;
use crate::model::time::Timestamp;

/// A browser session, as its owner sees it in the list. The cookie's hash stays in the store.
#[derive(Debug, Clone)]
pub struct Session {
    /// Its id, which is not the cookie.
    pub id: SessionId,
    /// Whose it is.
    pub user: UserId,
    /// When the user last proved who they are.
    pub authenticated_at: Timestamp,
    /// By which methods the user proved who they are (RFC 8176 §2), separated by spaces.
    pub amr: String,
    /// When it was last used, to the minute or a quarter of its idle time.
    pub seen_at: Timestamp,
    /// When it ends if it is not used.
    pub idle_expires_at: Timestamp,
    /// When it ends in any case.
    pub expires_at: Timestamp,
    /// The address it began from.
    pub address: String,
    /// The browser it began with.
    pub user_agent: String,
}

impl Session {
    /// Whether it still holds.
    pub fn is_live(&self, now: Timestamp) -> bool {
        !self.expires_at.is_past(now) && !self.idle_expires_at.is_past(now)
    }
}
