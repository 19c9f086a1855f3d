//! Connections: one type over both databases, how each is opened, and the pool.

use std::time::Duration;

use diesel::Connection;
use diesel::PgConnection;
use diesel::SqliteConnection;
use diesel::connection::SimpleConnection;

use crate::store::error::StoreError;

/// A connection to either database.
#[derive(diesel::MultiConnection)]
pub enum Conn {
    /// PostgreSQL.
    Postgres(PgConnection),
    /// SQLite, compiled in.
    Sqlite(SqliteConnection),
}

/// Which database, and how to open it. `Debug` shows no URL, for a URL may hold a password.
#[derive(Clone)]
pub enum Address {
    /// A file of SQLite's.
    Sqlite(String),
    /// A `postgres://` URL as libpq reads it.
    Postgres {
        /// The URL.
        url: String,
        /// How long a statement may take before the server ends it.
        statement_timeout: Duration,
        /// How long to wait for the server when a connection is made.
        connect_timeout: Duration,
    },
}

/// Whether a connection may write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// For one transaction after another.
    ReadWrite,
    /// SQLite refuses each write on it (`PRAGMA query_only`); PostgreSQL begins read-only transactions.
    ReadOnly,
}

impl Address {
    /// Opens a connection.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`] with the database's own words, less the URL.
    pub fn open(&self, access: Access) -> Result<Conn, StoreError> {
        match self {
            Address::Sqlite(path) => open_sqlite(path, access).map(Conn::Sqlite),
            Address::Postgres { url, statement_timeout, connect_timeout } => {
                open_postgres(url, access, *statement_timeout, *connect_timeout).map(Conn::Postgres)
            }
        }
    }
}

/// Opens the file at `path`; makes it, if need be, readable by its owner alone.
///
/// # Errors
/// [`StoreError::Unreachable`] where the file can't be opened or is no database.
pub fn open_sqlite(path: &str, access: Access) -> Result<SqliteConnection, StoreError> {
    let unreachable = |error: &dyn std::fmt::Display| {
        StoreError::Unreachable(format!("the SQLite database {path} cannot be opened: {error}"))
    };
    if access == Access::ReadWrite {
        create_private(path).map_err(|error| unreachable(&error))?;
    }
    let mut conn = SqliteConnection::establish(path).map_err(|error| unreachable(&error))?;
    // The busy time-out comes first: switching to WAL takes a lock that another process may hold for a moment.
    // FULL: what was acknowledged survives a power cut. NORMAL would lose the last commits, a revocation among them.
    let common = "PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; \
                  PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 268435456; PRAGMA trusted_schema = OFF;";
    conn.batch_execute(common).map_err(|error| unreachable(&error))?;
    let rest = match access {
        Access::ReadWrite => "PRAGMA journal_mode = WAL; PRAGMA cache_size = -16384;",
        Access::ReadOnly => "PRAGMA query_only = ON; PRAGMA cache_size = -4096;",
    };
    conn.batch_execute(rest).map_err(|error| unreachable(&error))?;
    Ok(conn)
}

/// SQLite gives a new file the process's mode; the write-ahead log takes over that of the database.
fn create_private(path: &str) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    let made = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    match made {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}

fn open_postgres(
    url: &str,
    access: Access,
    statement_timeout: Duration,
    connect_timeout: Duration,
) -> Result<PgConnection, StoreError> {
    let separator = if url.contains('?') { '&' } else { '?' };
    let mut full = url.to_owned();
    for (name, value) in
        [("connect_timeout", connect_timeout.as_secs().max(2).to_string()), ("application_name", "hallpass".to_owned())]
    {
        if !url.contains(name) {
            let separator = if full.len() == url.len() { separator } else { '&' };
            full.push_str(&format!("{separator}{name}={value}"));
        }
    }
    let mut conn = PgConnection::establish(&full)
        .map_err(|error| StoreError::Unreachable(format!("PostgreSQL cannot be reached: {}", first_line(&error))))?;
    let read_only = if access == Access::ReadOnly { "on" } else { "off" };
    conn.batch_execute(&format!(
        "SET statement_timeout = {timeout}; SET lock_timeout = {timeout}; \
         SET idle_in_transaction_session_timeout = 30000; \
         SET synchronous_commit = on; SET default_transaction_read_only = {read_only}; \
         SET client_min_messages = warning",
        timeout = statement_timeout.as_millis()
    ))?;
    Ok(conn)
}

/// libpq repeats itself for each address that it tries; the first line says enough, and it never holds the password.
fn first_line(error: &dyn std::fmt::Display) -> String {
    error.to_string().lines().next().unwrap_or_default().trim().to_owned()
}

/// Makes connections for r2d2.
#[derive(Clone)]
pub struct Manager {
    /// Where to.
    pub address: Address,
    /// What for.
    pub access: Access,
}

/// A connection in the pool, and whether it may go back there.
pub struct Pooled {
    /// The connection.
    pub conn: Conn,
    /// Set where the connection was lost or its transaction could not be ended.
    pub broken: bool,
}

impl r2d2::ManageConnection for Manager {
    type Connection = Pooled;
    type Error = StoreError;

    fn connect(&self) -> Result<Pooled, StoreError> {
        Ok(Pooled { conn: self.address.open(self.access)?, broken: false })
    }

    fn is_valid(&self, pooled: &mut Pooled) -> Result<(), StoreError> {
        pooled.conn.batch_execute("SELECT 1").map_err(StoreError::from)
    }

    fn has_broken(&self, pooled: &mut Pooled) -> bool {
        pooled.broken
    }
}

/// Connections that wait for work.
pub type Pool = r2d2::Pool<Manager>;

/// A pool of at most `size` connections, none of them made before it is needed.
pub fn pool(manager: Manager, size: u32, wait: Duration) -> Pool {
    r2d2::Pool::builder()
        .max_size(size.max(1))
        .min_idle(Some(0))
        .connection_timeout(wait)
        // One round trip for each use buys little: a dead connection shows itself at the first statement.
        .test_on_check_out(false)
        .error_handler(Box::new(r2d2::NopErrorHandler))
        .build_unchecked(manager)
}
