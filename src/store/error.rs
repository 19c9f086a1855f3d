//! What the database says when it says no.

use diesel::result::DatabaseErrorKind;
use diesel::result::Error as DieselError;

/// Why the store could not do what was asked. "Not found" is `Option`, not an error.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A unique or foreign key stands against it; the text is the database's own name of the rule.
    #[error("the record conflicts with another one ({0})")]
    Conflict(String),
    /// Too much to do, or somebody else holds the database; the same request may succeed later.
    #[error("the database is busy ({0})")]
    Busy(&'static str),
    /// A row holds what no version of this program writes.
    #[error("the database holds a record that cannot be read: {0}")]
    Corrupt(&'static str),
    /// Whatever else the database refused.
    #[error("the database refused: {0}")]
    Database(String),
    /// The database can't be reached or opened.
    #[error("{0}")]
    Unreachable(String),
    /// The work stopped half-way and was rolled back.
    #[error("the work stopped unexpectedly and was rolled back")]
    Stopped,
}

impl StoreError {
    /// Whether the same work may succeed when it is begun again at once: a serialization failure or a deadlock.
    pub(super) fn is_worth_another_try(&self) -> bool {
        matches!(self, StoreError::Busy(RETRY))
    }
}

/// The reason that marks a transaction as one which lost to another.
pub(super) const RETRY: &str = "another transaction was first";

impl From<DieselError> for StoreError {
    fn from(error: DieselError) -> Self {
        match error {
            DieselError::DatabaseError(
                DatabaseErrorKind::UniqueViolation
                | DatabaseErrorKind::ForeignKeyViolation
                | DatabaseErrorKind::CheckViolation
                | DatabaseErrorKind::NotNullViolation,
                info,
            ) => StoreError::Conflict(info.constraint_name().unwrap_or_else(|| info.message()).to_owned()),
            DieselError::DatabaseError(DatabaseErrorKind::SerializationFailure, _) => StoreError::Busy(RETRY),
            DieselError::DatabaseError(DatabaseErrorKind::ClosedConnection, info) => {
                StoreError::Unreachable(format!("the database closed the connection: {}", info.message().trim()))
            }
            DieselError::DatabaseError(_, info) => {
                let message = info.message();
                if message.contains("database is locked") || message.contains("database table is locked") {
                    StoreError::Busy("another process is writing to it")
                // diesel has no kind for a deadlock and hands on no SQLSTATE; `conn` asks for English where it may.
                } else if message.contains("deadlock detected") || message.contains("could not serialize access") {
                    StoreError::Busy(RETRY)
                } else {
                    StoreError::Database(message.trim().to_owned())
                }
            }
            other => StoreError::Database(other.to_string()),
        }
    }
}
