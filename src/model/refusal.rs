//! Refused requests, as they are kept for a while: what was checked, in which order, and what failed.

use crate::model::id::CallId;
use crate::model::time::Timestamp;

/// A request that was refused, and why. Nothing in it is a secret, and no text in it is long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedCall {
    /// Its id, as `X-Request-Id` of the answer had it.
    pub id: CallId,
    /// When it was refused.
    pub at: Timestamp,
    /// The face of the server that it came to, as the figures call it.
    pub surface: String,
    /// Its method.
    pub method: String,
    /// The route that its path led to, never the path itself.
    pub route: String,
    /// The status that it was answered with.
    pub status: u16,
    /// The `client_id` of the application that it named or proved to be.
    pub client: Option<String>,
    /// The user that it was for, by id.
    pub user: Option<String>,
    /// The credential that it showed, by id.
    pub credential: Option<String>,
    /// Where it came from.
    pub address: Option<String>,
    /// The name of the check that failed.
    pub failed: String,
    /// All checks in the order in which they are made.
    pub checks: Vec<CheckMade>,
}

/// One check of a request that was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckMade {
    /// Its name.
    pub name: String,
    /// What became of it.
    pub state: CheckState,
    /// What it asks for; empty where its name says it all.
    pub expected: String,
    /// What came; empty where it is not known, or not to be shown.
    pub came: String,
}

/// What became of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckState {
    /// It held, or was not needed.
    Held,
    /// It failed, and the request was refused for it.
    Failed,
    /// It was not made any more.
    NotReached,
}

impl CheckState {
    /// Its name in the database and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            CheckState::Held => "held",
            CheckState::Failed => "failed",
            CheckState::NotReached => "not_reached",
        }
    }

    /// The same for people.
    pub const fn word(self) -> &'static str {
        match self {
            CheckState::Held => "held",
            CheckState::Failed => "failed",
            CheckState::NotReached => "not reached",
        }
    }

    /// Reads the name; `None` for any other text.
    pub fn parse(text: &str) -> Option<Self> {
        [CheckState::Held, CheckState::Failed, CheckState::NotReached].into_iter().find(|state| state.as_str() == text)
    }
}

/// What a list of refusals is narrowed by.
#[derive(Debug, Clone, Default)]
pub struct RefusalFilter {
    /// Only those of this `client_id`.
    pub client: Option<String>,
    /// Only those of this user, by id.
    pub user: Option<String>,
    /// Only those of this face.
    pub surface: Option<String>,
}
