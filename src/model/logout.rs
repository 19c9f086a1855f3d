//! Telling applications that a session has ended (OpenID Connect Back-Channel Logout).

use crate::model::id::ClientId;
use crate::model::id::DeliveryId;
use crate::model::time::Timestamp;

/// A client that is yet to be told of the end of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogoutDelivery {
    /// Its id, which is also the `jti` of what the client gets: however often it is told, it is told one thing.
    pub id: DeliveryId,
    /// Whom to tell.
    pub client: ClientId,
    /// Whose session it was: the user's id, which is not what each client knows them by.
    pub subject: String,
    /// Which session it was, as the client knows it.
    pub sid: Option<String>,
    /// Where to tell it.
    pub uri: String,
    /// How often that was tried.
    pub attempts: i64,
    /// When to try it.
    pub next_at: Timestamp,
    /// When the session ended.
    pub created_at: Timestamp,
}
