//! Connections: one type over both databases, how each is opened, and the pool.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

use diesel::Connection;
use diesel::PgConnection;
use diesel::RunQueryDsl;
use diesel::SqliteConnection;
use diesel::connection::SimpleConnection;

use crate::store::error::StoreError;
use crate::store::listing;

/// A connection to either database.
#[derive(diesel::MultiConnection)]
pub enum Conn {
    /// PostgreSQL.
    Postgres(PgConnection),
    /// SQLite, compiled in.
    Sqlite(SqliteConnection),
}

/// Runs `$run` on the connection that there is, as `$conn`. What diesel derives for both costs a copy of each value and
/// some boxes, which is much beside a look-up by an index.
macro_rules! on_either {
    ($either:expr, $conn:ident => $run:expr) => {
        match $either {
            $crate::store::conn::Conn::Postgres($conn) => $run,
            $crate::store::conn::Conn::Sqlite($conn) => $run,
        }
    };
}

pub(super) use on_either;

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
    /// SQLite refuses each write on it (`PRAGMA query_only`); PostgreSQL begins read-only transactions, each of which
    /// sees one state of the database.
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

diesel::define_sql_function! {
    /// How a setting of PostgreSQL's stands.
    fn current_setting(name: diesel::sql_types::Text) -> diesel::sql_types::Text;
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
    // The file is read in place, up to 1 TiB of it (SQLite as it comes maps 2 GiB at most; `.cargo/config.toml` raises
    // that): a page that is read costs no call and no copy, however many there are. The system counts what it holds of it as
    // the file's, not as the process's own, and takes it back when memory is needed. For pages in the log each connection
    // has the cache below.
    let common = "PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; \
                  PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 1099511627776; PRAGMA trusted_schema = OFF;";
    conn.batch_execute(common).map_err(|error| unreachable(&error))?;
    let rest = match access {
        Access::ReadWrite => "PRAGMA journal_mode = WAL; PRAGMA cache_size = -16384;",
        Access::ReadOnly => "PRAGMA query_only = ON; PRAGMA cache_size = -4096;",
    };
    conn.batch_execute(rest).map_err(|error| unreachable(&error))?;
    listing::know_letters(&mut conn).map_err(|error| unreachable(&error))?;
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
    let mut conn = PgConnection::establish(&with_defaults(url, connect_timeout))
        .map_err(|error| StoreError::Unreachable(refusal(&error)))?;
    // A transaction that reads sees one state of the database; one that writes sees what others committed meanwhile.
    let (read_only, isolation) =
        if access == Access::ReadOnly { ("on", "repeatable read") } else { ("off", "read committed") };
    conn.batch_execute(&format!(
        "SET statement_timeout = {timeout}; SET lock_timeout = {timeout}; \
         SET idle_in_transaction_session_timeout = 30000; \
         SET synchronous_commit = on; SET default_transaction_read_only = {read_only}; \
         SET default_transaction_isolation = '{isolation}'; SET client_min_messages = warning",
        timeout = statement_timeout.as_millis()
    ))?;
    // A deadlock is known by its text (see `error`), so the text should be English. Who may not have it so is lucky
    // where the server speaks it anyway; most do, and need not load what a block is written in.
    let spoken: String = diesel::select(current_setting("lc_messages")).get_result(&mut conn)?;
    if !is_english(&spoken) {
        let english = "DO $$ BEGIN SET lc_messages = 'C'; EXCEPTION WHEN insufficient_privilege THEN NULL; END $$";
        conn.batch_execute(english)?;
    }
    Ok(conn)
}

/// Whether a server whose `lc_messages` is so speaks English. Other languages may begin with a `C` too.
fn is_english(messages: &str) -> bool {
    messages == "C" || ["C.", "POSIX", "en_", "en-"].iter().any(|english| messages.starts_with(english))
}

/// `url` with what libpq needs so that a network which swallows everything is noticed: `statement_timeout` is the
/// server's, and no help where the server can't be heard. What the URL says itself goes before.
fn with_defaults(url: &str, connect_timeout: Duration) -> String {
    let (_, query) = url.split_once('?').unwrap_or((url, ""));
    let named = |name: &str| query.split('&').any(|pair| pair.split('=').next() == Some(name));
    let defaults = [
        ("connect_timeout", connect_timeout.as_secs().max(2).to_string()),
        ("application_name", "hallpass".to_owned()),
        ("tcp_user_timeout", "10000".to_owned()),
        ("keepalives", "1".to_owned()),
        ("keepalives_idle", "5".to_owned()),
        ("keepalives_interval", "3".to_owned()),
        ("keepalives_count", "3".to_owned()),
    ];
    let mut full = url.to_owned();
    let mut separator = match url.split_once('?') {
        None => "?",
        Some((_, "")) => "",
        Some(_) => "&",
    };
    for (name, value) in defaults.iter().filter(|(name, _)| !named(name)) {
        full.push_str(&format!("{separator}{name}={value}"));
        separator = "&";
    }
    full
}

/// What libpq says of a server that it tried to reach, which is about that server alone; the first line, for it repeats
/// itself for each address. What it says of a URL that it can't read quotes the URL, and may take a password for a port.
fn refusal(error: &diesel::ConnectionError) -> String {
    let said = error.to_string();
    let line = said.lines().next().unwrap_or_default().trim();
    if line.starts_with("connection to server") {
        format!("PostgreSQL cannot be reached: {line}")
    } else if line.starts_with("could not translate host name") {
        // What it takes for a host may be the end of a password that holds an `@`.
        "PostgreSQL cannot be reached: the host that database_url names is not known; check it, and percent-encode \
         special characters of the password"
            .to_owned()
    } else {
        "PostgreSQL cannot be reached: database_url is not well-formed; percent-encode special characters of its \
         password, and check the host, the port and what stands behind the question mark"
            .to_owned()
    }
}

/// A connection that was made before anybody needed one, for whoever is first.
#[derive(Clone, Default)]
pub struct Spare(Arc<Mutex<Option<Conn>>>);

impl Spare {
    /// Takes it, if it is there.
    pub fn take(&self) -> Option<Conn> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Leaves one here.
    pub fn put(&self, conn: Conn) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(conn);
    }
}

/// Makes connections for r2d2.
#[derive(Clone)]
pub struct Manager {
    /// Where to.
    pub address: Address,
    /// What for.
    pub access: Access,
    /// The one that is there already.
    pub spare: Spare,
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
        let conn = self.spare.take().map_or_else(|| self.address.open(self.access), Ok)?;
        Ok(Pooled { conn, broken: false })
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

#[cfg(test)]
mod tests {
    use super::*;
    use diesel::QueryableByName;
    use diesel::sql_types::Text;

    #[test]
    fn a_server_that_speaks_another_language_is_asked_for_english() {
        for english in ["C", "C.UTF-8", "POSIX", "en_US.UTF-8", "en_GB", "en-US"] {
            assert!(is_english(english), "{english}");
        }
        // Nothing stands for what the machine of the server says.
        for other in ["", "de_DE.UTF-8", "Chinese (Simplified)_China", "Catalan_Spain", "cs_CZ"] {
            assert!(!is_english(other), "{other}");
        }
    }

    #[test]
    fn a_url_that_libpq_cannot_read_is_not_quoted() {
        for url in
            ["postgres://ada:pass/geheim@127.0.0.1/db", "postgres://ada:geheim/x@h/db", "postgres://ada:50%geheim@h/db"]
        {
            let opened = open_postgres(url, Access::ReadOnly, Duration::from_secs(1), Duration::from_secs(1));
            let said = opened.err().map(|error| error.to_string()).unwrap_or_default();
            assert!(said.contains("percent-encode") && !said.contains("geheim"), "{said}");
        }
        // A server that is not there is named.
        let opened =
            open_postgres("postgres://ada:geheim@127.0.0.1:1/db", Access::ReadOnly, Duration::ZERO, Duration::ZERO);
        let said = opened.err().map(|error| error.to_string()).unwrap_or_default();
        assert!(said.contains("127.0.0.1") && !said.contains("geheim"), "{said}");
    }

    #[test]
    fn a_dead_network_is_noticed_unless_the_url_says_how() {
        let full = |url| with_defaults(url, Duration::from_secs(2));
        assert!(full("postgres://h/db").starts_with("postgres://h/db?connect_timeout=2&application_name=hallpass"));
        assert!(full("postgres://h/db").contains("&tcp_user_timeout=10000&keepalives=1&keepalives_idle=5"));
        let own = full("postgres://keepalives@h/db?keepalives_idle=60&sslmode=require");
        assert!(own.contains("keepalives_idle=60&sslmode=require&connect_timeout=2"), "{own}");
        assert!(own.contains("&keepalives=1") && !own.contains("keepalives_idle=5"), "{own}");
    }

    #[derive(QueryableByName)]
    struct Pragma {
        #[diesel(sql_type = Text)]
        value: String,
    }

    #[derive(QueryableByName)]
    struct Mapped {
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        mmap_size: i64,
    }

    fn pragma(conn: &mut SqliteConnection, name: &str) -> String {
        let query = format!("SELECT CAST(\"{name}\" AS TEXT) AS value FROM pragma_{name}");
        diesel::sql_query(query).get_result::<Pragma>(conn).unwrap().value
    }

    #[test]
    fn a_connection_that_is_there_already_is_used_first_and_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("hallpass.db").to_str().unwrap().to_owned();
        let mut known = open_sqlite(&path, Access::ReadWrite).unwrap();
        known.batch_execute("PRAGMA cache_size = -777").unwrap();
        let spare = Spare::default();
        spare.put(Conn::Sqlite(known));
        let manager = Manager { address: Address::Sqlite(path), access: Access::ReadOnly, spare: spare.clone() };
        let pool = pool(manager, 2, Duration::from_secs(5));
        let sizes = [pool.get().unwrap(), pool.get().unwrap()].map(|mut pooled| match &mut pooled.conn {
            Conn::Sqlite(conn) => pragma(conn, "cache_size"),
            Conn::Postgres(_) => String::new(),
        });
        assert_eq!(sizes, ["-777", "-4096"]);
        assert!(spare.take().is_none());
    }

    /// What was acknowledged is on the disk, and what refers to a row finds it, on each connection that there is.
    #[test]
    fn every_connection_to_sqlite_is_set_to_lose_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("hallpass.db");
        for access in [Access::ReadWrite, Access::ReadOnly] {
            let mut conn = open_sqlite(path.to_str().unwrap(), access).unwrap();
            for (name, value) in
                [("foreign_keys", "1"), ("synchronous", "2"), ("journal_mode", "wal"), ("trusted_schema", "0")]
            {
                assert_eq!(pragma(&mut conn, name), value, "{name}, {access:?}");
            }
            let query_only = if access == Access::ReadOnly { "1" } else { "0" };
            assert_eq!(pragma(&mut conn, "query_only"), query_only, "{access:?}");
            // As built here: by itself SQLite maps 2 GiB at most.
            let mapped = diesel::sql_query("PRAGMA mmap_size").get_result::<Mapped>(&mut conn).unwrap();
            assert_eq!(mapped.mmap_size, 1 << 40, "{access:?}");
        }
    }
}
