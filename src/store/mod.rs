//! The first floor: memory. The only room that names diesel; rows go in and nouns of `model` come out.

mod access_tokens;
mod api_keys;
mod aside;
mod attempts;
mod audit;
mod authorization_detail_types;
mod authorization_requests;
mod backup;
mod checkpoint;
mod clients;
mod codes;
mod columns;
mod conn;
mod device_codes;
mod error;
mod factors;
mod families;
mod fixed;
mod follow;
mod forget;
mod freshness;
mod grants;
mod hold;
mod initial_access_tokens;
mod joins;
mod key_uses;
mod leaks;
mod listing;
mod lock;
mod logout_deliveries;
mod mail_links;
mod mails;
mod meta;
mod migrate;
mod notices;
mod passkeys;
#[cfg(test)]
mod plan;
mod purge;
mod pushed_requests;
mod redeem;
mod refresh_tokens;
mod refusals;
mod replays;
mod resolve;
mod resources;
mod roles;
mod schema;
mod scopes;
mod sessions;
mod setup_tokens;
mod sign_ins;
mod signing_keys;
mod snapshots;
mod traffic;
mod transaction;
mod users;
mod verify_sessions;
mod writer;

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;
use std::time::Duration;

use aside::Threads;
use conn::Access;
use conn::Address;
use conn::Conn;
use conn::Manager;
use conn::Pool;
use conn::Spare;
use follow::PostgresSource;
use follow::Source;
use follow::SqliteSource;
use freshness::Changes;
use freshness::Freshness;
use snapshots::Snapshots;
use transaction::Transaction;
use writer::Writer;

pub use api_keys::ImportedForm;
pub use backup::BackupError;
pub use clients::LiveSecret;
pub use error::StoreError;
pub use freshness::Mark;
pub use freshness::Moment;
pub use hold::Held;
pub use lock::ServerLock;
pub use lock::TrialLock;
pub use migrate::SchemaState;
pub use resolve::AccessTokenFacts;
pub use resolve::ApiKeyFacts;
pub use resolve::Facts;
pub use resolve::SessionFacts;
pub use resolve::Wanted;

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
    /// The connection that showed that the database can be reached, for the first who reads.
    spare: Spare,
    readers: Pool,
    /// For whoever waits for one of these.
    threads: Threads,
    writer: Writer,
    freshness: Arc<Freshness>,
    /// What threads hold open of SQLite.
    snapshots: Arc<Snapshots>,
    /// What this process calls itself where it tells others what it changed.
    node: String,
}

/// One transaction, and in it one accessor for each table.
pub struct Tx<'c> {
    conn: &'c mut Conn,
    changes: &'c mut Changes,
    /// Whether it writes, and nobody else can have written anything that this process does not know of.
    is_sure: bool,
}

impl Tx<'_> {
    /// Whether a transaction that writes may go by what is remembered: on SQLite it holds the file, and only what
    /// was written since can be unknown; on PostgreSQL another node may have changed it a moment ago.
    pub fn is_sure(&self) -> bool {
        self.is_sure
    }

    /// Whether something of `marks` was changed within this transaction, which nobody has learned of yet.
    pub fn has_changed(&self, marks: &[Mark]) -> bool {
        self.changes.concern(marks)
    }
}

impl Store {
    /// Opens the database; brings nothing up to date (see [`Store::migrate`]).
    ///
    /// # Errors
    /// [`StoreError::Unreachable`] where it can't be reached, or the URL is of no kind that is known.
    pub fn open(settings: &StoreSettings) -> Result<Self, StoreError> {
        let address = address(settings)?;
        // A wrong URL is one sentence at start and not an error later. SQLite's writer opens the file below; one more
        // connection would only check-point the log of a server that was killed when it closes.
        let spare = Spare::default();
        if let Address::Postgres { .. } = &address {
            spare.put(address.open(Access::ReadOnly)?);
        }
        let manager = Manager { address: address.clone(), access: Access::ReadOnly, spare: spare.clone() };
        let readers = conn::pool(manager, settings.connections, settings.wait);
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let (freshness, snapshots, node) = (Arc::new(Freshness::new()), Arc::default(), node_name());
        let writer = Writer::start(&address, settings.connections, settings.wait, &freshness, &snapshots, &node)?;
        let threads = Threads::new(settings.connections, settings.wait);
        Ok(Self(Arc::new(Inner { number, address, spare, readers, threads, writer, freshness, snapshots, node })))
    }

    /// Begins to make what the first write will need, beside what else is done before it.
    pub fn prepare_to_write(&self) {
        self.0.writer.prepare();
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
        let work = move || {
            let mut transaction = Transaction::begin(&inner.readers)?;
            let outcome = transaction.run(job);
            transaction.end(outcome)
        };
        self.0.threads.run(work).await
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

    /// From now on learns what others change, so that something may be remembered (see [`Store::is_sure`]).
    ///
    /// # Errors
    /// [`StoreError::Unreachable`] where there is no way to learn of it.
    pub fn follow(&self) -> Result<(), StoreError> {
        let inner = &self.0;
        match &inner.address {
            Address::Sqlite(path) => {
                drop(inner.freshness.source.set(Source::Sqlite(SqliteSource::open(path)?)));
                Ok(())
            }
            Address::Postgres { .. } => {
                drop(inner.freshness.source.set(Source::Postgres(PostgresSource::new())));
                follow::listen(inner.address.clone(), inner.node.clone(), &inner.freshness)
            }
        }
    }

    /// Waits until no server relies any more on what this process has changed. On PostgreSQL not at all where nothing was
    /// that anybody remembers; on SQLite what is new counts too, for a state of the database may be held open.
    pub fn wait_until_heard(&self) {
        let wait = match &self.0.address {
            Address::Postgres { .. } => self.0.freshness.has_told().then_some(follow::HEARD),
            Address::Sqlite(_) => self.write_counts().filter(|(_, commits)| *commits > 0).map(|_| follow::SEEN),
        };
        if let Some(wait) = wait {
            std::thread::sleep(wait);
        }
    }

    /// Now, in the order of changes. What is read from here on is at least as new.
    pub fn moment(&self) -> Moment {
        self.0.freshness.moment()
    }

    /// Whether this process knows now of all that others had changed by now (on PostgreSQL: by a second ago). Where it
    /// does not, nothing that was remembered may be used. To be asked before [`Store::holds`].
    pub fn is_sure(&self) -> bool {
        let Some(source) = self.0.freshness.source.get() else { return false };
        let is_sure = source.is_sure();
        if !is_sure {
            self.0.writer.settle_soon();
        }
        is_sure
    }

    /// Whether nothing that rests on `marks` changed since `moment`.
    pub fn holds(&self, moment: Moment, marks: &[Mark]) -> bool {
        self.0.freshness.holds(moment, marks)
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
            Writer::Sqlite { counts, .. } => {
                Some((counts.writes.load(Ordering::Relaxed), counts.commits.load(Ordering::Relaxed)))
            }
            Writer::Postgres { .. } => None,
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

/// A name that no other process has, on this machine or another: by chance, for nothing but a superfluous look-up would
/// come of two with the same name being told apart, and a change of one passing the other by of two that are not.
fn node_name() -> String {
    use std::hash::BuildHasher;
    let chance = || std::collections::hash_map::RandomState::new().hash_one(std::process::id());
    format!("{:016x}{:016x}", chance(), chance())
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
