//! The first floor: memory. The only room that names diesel; rows go in and nouns of `model` come out.

mod access_tokens;
mod api_keys;
mod attempts;
mod audit;
mod authorization_detail_types;
mod authorization_requests;
mod backup;
mod clients;
mod codes;
mod columns;
mod conn;
mod device_codes;
mod error;
mod families;
mod forget;
mod grants;
mod initial_access_tokens;
mod key_uses;
mod leaks;
mod lock;
mod meta;
mod migrate;
mod notices;
mod purge;
mod pushed_requests;
mod refresh_tokens;
mod replays;
mod resolve;
mod resources;
mod roles;
mod schema;
mod scopes;
mod sessions;
mod setup_tokens;
mod transaction;
mod users;
mod verify_sessions;
mod writer;

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;
use std::time::Duration;

use conn::Access;
use conn::Address;
use conn::Conn;
use conn::Manager;
use conn::Pool;
use transaction::Transaction;
use writer::Writer;

pub use api_keys::ImportedForm;
pub use backup::BackupError;
pub use error::StoreError;
pub use lock::ServerLock;
pub use lock::TrialLock;
pub use migrate::SchemaState;
pub use resolve::AccessTokenFacts;
pub use resolve::ApiKeyFacts;

/// How to reach the database.
#[derive(Clone)]
pub struct StoreSettings {
    /// `sqlite://FILE`, `postgres://…` or `postgresql://…`.
    pub url: String,
    /// The largest number of connections for reading, and on PostgreSQL as many for writing.
    pub connections: u32,
    /// How long a request waits for a connection before it is refused as busy.
    pub wait: Duration,
    /// How long PostgreSQL may work on one statement.
    pub statement_timeout: Duration,
}

/// The database. Cloning it shares it.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    /// Unlike any other store's that this process ever opened; an address in memory may come again.
    number: u64,
    address: Address,
    readers: Pool,
    writer: Writer,
}

/// One transaction, and in it one accessor for each table.
pub struct Tx<'c> {
    conn: &'c mut Conn,
}

impl Store {
    /// Opens the database; brings nothing up to date (see [`Store::migrate`]).
    ///
    /// # Errors
    /// [`StoreError::Unreachable`] where it can't be reached, or the URL is of no kind that is known.
    pub fn open(settings: &StoreSettings) -> Result<Self, StoreError> {
        let address = address(settings)?;
        // The first connection is made here, so that a wrong URL is one sentence at start and not an error later.
        drop(address.open(Access::ReadWrite)?);
        let readers = conn::pool(
            Manager { address: address.clone(), access: Access::ReadOnly },
            settings.connections,
            settings.wait,
        );
        let writer = Writer::start(&address, settings.connections, settings.wait)?;
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        Ok(Self(Arc::new(Inner { number, address, readers, writer })))
    }

    /// Runs `job` in a transaction that sees one state of the database and can change nothing.
    ///
    /// # Errors
    /// Whatever `job` returns; [`StoreError::Busy`] where no connection comes free in time.
    pub async fn read<T, E>(&self, job: impl FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let inner = Arc::clone(&self.0);
        let work = tokio::task::spawn_blocking(move || {
            let mut transaction = Transaction::begin(&inner.readers)?;
            let outcome = transaction.run(job);
            transaction.end(outcome)
        });
        work.await.unwrap_or_else(|_| Err(StoreError::Stopped.into()))
    }

    /// Runs `job` in a transaction: it is committed when `job` returns `Ok` and rolled back when it returns `Err`.
    /// The answer comes only after the commit is on disk. `job` may run more than once, so whatever is random is
    /// made before it.
    ///
    /// # Errors
    /// Whatever `job` returns; [`StoreError::Busy`] where too much waits or the database is held by others.
    pub async fn write<T, E>(&self, job: impl Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + std::error::Error + Send + 'static,
    {
        self.0.writer.write(job).await
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// What it says instead.
    pub async fn check(&self) -> Result<(), StoreError> {
        self.read(|tx| tx.meta().find("ready").map(drop)).await
    }

    /// How many writes were made and how many transactions they took, each with one sync; `None` on PostgreSQL, which
    /// gathers syncs by itself.
    pub fn write_counts(&self) -> Option<(u64, u64)> {
        match &self.0.writer {
            Writer::Sqlite(_, counts) => {
                Some((counts.writes.load(Ordering::Relaxed), counts.commits.load(Ordering::Relaxed)))
            }
            Writer::Postgres(_) => None,
        }
    }

    /// The file, where this is SQLite: there one process alone may serve.
    pub fn sqlite_path(&self) -> Option<&str> {
        match &self.0.address {
            Address::Sqlite(path) => Some(path),
            Address::Postgres { .. } => None,
        }
    }
}

fn address(settings: &StoreSettings) -> Result<Address, StoreError> {
    if let Some(path) = settings.url.strip_prefix("sqlite://").or_else(|| settings.url.strip_prefix("sqlite:")) {
        if path.is_empty() {
            return Err(StoreError::Unreachable("database_url names no file: write sqlite://hallpass.db".to_owned()));
        }
        return Ok(Address::Sqlite(path.to_owned()));
    }
    if settings.url.starts_with("postgres://") || settings.url.starts_with("postgresql://") {
        return Ok(Address::Postgres {
            url: settings.url.clone(),
            statement_timeout: settings.statement_timeout,
            connect_timeout: settings.wait,
        });
    }
    Err(StoreError::Unreachable(
        "database_url begins neither with sqlite:// nor with postgres://, and no other database is known".to_owned(),
    ))
}
