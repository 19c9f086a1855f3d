//! Section `database`: how long a request may keep the database, or wait for it.

use super::kinds::Seconds;
use super::kinds::Whole;
use super::setting::section;
use crate::model::time::Lifetime;

section! {
    /// How long a request may keep the database, or wait for it.
    pub struct Database in "database." {
        /// Connections that are kept open: for reading; PostgreSQL has as many again for writing, SQLite one.
        pool_size: u32 = "pool_size", Whole { from: 1, to: 1000 }, "16";
        /// How long a request waits for a connection or for a lock before it is answered 503; up to twice that where the
        /// database can't be reached.
        wait: Lifetime = "wait_seconds", Seconds { from: 1, to: 60 }, "2";
        /// How long one statement may run on PostgreSQL.
        statement_timeout: Lifetime = "statement_timeout_seconds", Seconds { from: 1, to: 600 }, "5";
    }
}
