//! How a process learns what others change in its database: on SQLite by looking at the file before each use of what is
//! remembered, on PostgreSQL by `LISTEN`, with a question now and then that shows whether it still hears.

use std::fs::File;
use std::mem::ManuallyDrop;
use std::os::unix::fs::FileExt;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::Weak;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;
use std::time::Duration;
use std::time::Instant;

use diesel::QueryResult;
use diesel::RunQueryDsl;
use diesel::SqliteConnection;
use diesel::connection::SimpleConnection;
use diesel::query_builder::AstPass;
use diesel::query_builder::Query;
use diesel::query_builder::QueryFragment;
use diesel::query_builder::QueryId;
use diesel::sql_types::BigInt;
use diesel::sqlite::Sqlite;

use crate::store::StoreError;
use crate::store::conn::Access;
use crate::store::conn::Address;
use crate::store::conn::Conn;
use crate::store::freshness::Changes;
use crate::store::freshness::Freshness;
use crate::store::freshness::Mark;

/// The channel on which nodes tell each other what they changed.
const CHANNEL: &str = "hallpass_changes";
/// What stands in place of marks where everything counts as changed.
const EVERYTHING: &str = "*";
/// The most marks that one message names; PostgreSQL takes 8,000 bytes.
const MOST_MARKS: usize = 400;
/// For how long the head of SQLite's file that was looked at stands for the one that is there. A process that changes
/// the file waits as long before it says that it is done.
const GLANCE: Duration = Duration::from_millis(2);
/// How often a node looks for what others said.
const LOOK: Duration = Duration::from_millis(100);
/// How long after a look a node relies on what it remembers: what another node ended is over everywhere by then.
const TRUST: Duration = Duration::from_millis(950);
/// How long after a change on PostgreSQL no node relies any more on what it knew before.
pub const HEARD: Duration = Duration::from_secs(1);
/// The same for the one server on a file of SQLite's.
pub const SEEN: Duration = Duration::from_millis(5);
/// How long a node waits before it tries to listen again.
const RETRY: Duration = Duration::from_millis(250);

/// Where changes by others are learned of.
pub enum Source {
    /// The file's own header says whether anybody wrote.
    Sqlite(SqliteSource),
    /// What other nodes say.
    Postgres(PostgresSource),
}

impl Source {
    /// Whether all is known that others had said to be done when this was called; on PostgreSQL, a second ago.
    pub fn is_sure(&self) -> bool {
        match self {
            Source::Sqlite(source) => source.is_sure(),
            Source::Postgres(source) => source.is_sure(),
        }
    }

    /// Whether all is known that others have written, in a transaction that keeps them from writing more.
    pub fn is_sure_now(&self) -> bool {
        match self {
            Source::Sqlite(source) => source.is_sure_now(),
            Source::Postgres(_) => false,
        }
    }
}

/// The head of SQLite's WAL index. Each transaction that changes the file changes it, whichever process it is of, before
/// it is done (<https://www.sqlite.org/walformat.html>, "The WAL-Index Header").
pub struct SqliteSource {
    /// Never closed: closing any handle of the file would take away the locks that SQLite has on it in this process
    /// (<https://www.sqlite.org/howtocorrupt.html>, "Posix advisory locks").
    index: ManuallyDrop<File>,
    /// What the head was when all that had been written was known here.
    known: AtomicU64,
    began: Instant,
    /// Until when the head need not be looked at again, in microseconds since `began`.
    until: AtomicU64,
    /// Whether the writing thread is asked to look already.
    pub asked: AtomicBool,
    /// Keeps the index from being deleted with the last connection, and made anew as another file.
    _anchor: Mutex<Conn>,
}

impl SqliteSource {
    /// Looks at the database at `path`.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`] where there is no index to look at.
    pub fn open(path: &str) -> Result<Self, StoreError> {
        let mut anchor = Address::Sqlite(path.to_owned()).open(Access::ReadOnly)?;
        anchor.batch_execute("SELECT count(*) FROM sqlite_schema")?;
        let index = File::open(format!("{path}-shm"));
        let index = index.map_err(|error| StoreError::Unreachable(format!("{path}-shm cannot be read: {error}")))?;
        Ok(Self {
            index: ManuallyDrop::new(index),
            known: AtomicU64::new(0),
            began: now(),
            until: AtomicU64::new(0),
            asked: AtomicBool::new(false),
            _anchor: Mutex::new(anchor),
        })
    }

    /// The head in short; `None` where it can't be read, which is as good as changed.
    fn head(&self) -> Option<u64> {
        let mut head = [0; 48];
        self.index.read_exact_at(&mut head, 0).ok()?;
        let (words, _) = head.as_chunks::<8>();
        // Any mixing will do in which no word is lost: the last one is a checksum over all before it.
        let mixed = words.iter().fold(0, |mixed: u64, word| {
            (mixed ^ u64::from_le_bytes(*word)).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29)
        });
        Some(mixed | 1)
    }

    /// As [`Source::is_sure`], but for what others changed a moment ago.
    fn is_sure(&self) -> bool {
        let at = u64::try_from(now().duration_since(self.began).as_micros()).unwrap_or(u64::MAX);
        if at < self.until.load(Ordering::SeqCst) {
            return true;
        }
        let is_sure = self.is_sure_now();
        if is_sure {
            self.until.store(at + u64::try_from(GLANCE.as_micros()).unwrap_or(0), Ordering::SeqCst);
        }
        is_sure
    }

    /// As [`Source::is_sure`], whoever writes.
    fn is_sure_now(&self) -> bool {
        self.head() == Some(self.known.load(Ordering::SeqCst))
    }

    /// Takes note of what was written up to now, on the writing thread, after its own transaction was committed and what
    /// it changed was ended. `seen` is what `data_version` said the last time on `conn`.
    pub fn settle(&self, conn: &mut Conn, seen: &mut Option<i64>, freshness: &Freshness) {
        self.asked.store(false, Ordering::SeqCst);
        // In this order: what comes between is found out the next time, for the head will have changed again.
        let (head, version) = (self.head(), data_version(conn));
        if version.is_none() || version != *seen {
            // Somebody else wrote. What it was the file doesn't say.
            freshness.end_everything();
        }
        *seen = version;
        let known = head.filter(|_| version.is_some()).unwrap_or(0);
        self.known.store(known, Ordering::SeqCst);
    }
}

/// `PRAGMA data_version`, prepared once for each connection.
#[derive(QueryId)]
struct DataVersion;

impl Query for DataVersion {
    type SqlType = BigInt;
}

impl QueryFragment<Sqlite> for DataVersion {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        out.push_sql("PRAGMA data_version");
        Ok(())
    }
}

impl RunQueryDsl<SqliteConnection> for DataVersion {}

/// A number that changes when another connection wrote, and only then.
fn data_version(conn: &mut Conn) -> Option<i64> {
    let Conn::Sqlite(conn) = conn else { return None };
    DataVersion.get_result(conn).ok()
}

/// What other nodes say.
pub struct PostgresSource {
    began: Instant,
    /// Until when what is remembered may be relied on, in milliseconds since `began`.
    until: AtomicU64,
}

impl PostgresSource {
    /// Nothing was heard yet.
    pub fn new() -> Self {
        Self { began: now(), until: AtomicU64::new(0) }
    }

    fn is_sure(&self) -> bool {
        self.since(now()) < self.until.load(Ordering::SeqCst)
    }

    fn since(&self, at: Instant) -> u64 {
        u64::try_from(at.duration_since(self.began).as_millis()).unwrap_or(u64::MAX)
    }

    /// Relies on what is remembered for a while after `asked`, when a question was begun that was answered since.
    fn rely(&self, asked: Instant) {
        self.until.store(self.since(asked + TRUST), Ordering::SeqCst);
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "how long ago something was heard is no point in time that anything keeps"
)]
fn now() -> Instant {
    Instant::now()
}

/// Listens to other nodes on a thread of its own, for as long as the store is there.
///
/// # Errors
/// [`StoreError::Unreachable`] where there can be no thread.
pub fn listen(address: Address, node: String, freshness: &Arc<Freshness>) -> Result<(), StoreError> {
    let freshness = Arc::downgrade(freshness);
    let thread = std::thread::Builder::new().name("listener".to_owned()).spawn(move || {
        let mut is_told = false;
        while freshness.strong_count() > 0 {
            if let Err(error) = hear(&address, &node, &freshness) {
                if !is_told {
                    tracing::warn!(%error, "other nodes cannot be heard; until they are, nothing is remembered");
                }
                is_told = true;
                std::thread::sleep(RETRY);
            } else {
                is_told = false;
            }
        }
    });
    thread.map(drop).map_err(|error| StoreError::Unreachable(format!("no thread for listening: {error}")))
}

/// Listens until the connection is lost or the store is gone.
fn hear(address: &Address, node: &str, freshness: &Weak<Freshness>) -> Result<(), StoreError> {
    let Conn::Postgres(mut conn) = address.open(Access::ReadOnly)? else { return Ok(()) };
    conn.batch_execute(&format!("LISTEN {CHANNEL}"))?;
    // What was said before nobody here heard.
    if let Some(freshness) = freshness.upgrade() {
        freshness.end_everything();
    }
    loop {
        let asked = now();
        // What was said before a question is begun comes before its answer. That also shows that the connection lives.
        conn.batch_execute("SELECT 1")?;
        let Some(freshness) = freshness.upgrade() else { return Ok(()) };
        for said in conn.notifications_iter() {
            let said = said.map_err(StoreError::from)?;
            if said.channel == CHANNEL {
                end(&said.payload, node, &freshness);
            }
        }
        if let Some(Source::Postgres(source)) = freshness.source.get() {
            source.rely(asked);
        }
        drop(freshness);
        std::thread::sleep(LOOK);
    }
}

/// Ends what another node said to have changed; what this node changed itself it ended at once. What is not understood
/// (an operator may say something by hand, or a later version) ends everything.
fn end(said: &str, node: &str, freshness: &Freshness) {
    let mut words = said.split(' ');
    if words.next() == Some(node) {
        return;
    }
    let marks: Option<Vec<Mark>> = words.map(Mark::parse).collect();
    match marks.filter(|marks| !marks.is_empty()) {
        Some(marks) => freshness.end(&Changes { marks, ..Changes::default() }),
        None => freshness.end_everything(),
    }
}

/// Tells other nodes what the transaction on `conn` changed; they hear it once it is committed.
///
/// # Errors
/// What the database says.
pub fn tell(conn: &mut Conn, node: &str, changes: &Changes) -> Result<(), StoreError> {
    let Conn::Postgres(conn) = conn else { return Ok(()) };
    if !changes.tell_others() {
        return Ok(());
    }
    let said = if changes.everything || changes.marks.len() > MOST_MARKS {
        EVERYTHING.to_owned()
    } else {
        changes.marks.iter().map(|mark| mark.wire()).collect::<Vec<_>>().join(" ")
    };
    // Both are letters of ours: nothing to escape.
    conn.batch_execute(&format!("NOTIFY {CHANNEL}, '{node} {said}'"))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_understood_ends_everything() {
        let freshness = Freshness::new();
        let rests_on = [Mark::of(b"user")];
        for (said, holds) in [
            ("me *", true),
            (&*format!("other {}", Mark::of(b"somebody else").wire()), true),
            (&*format!("other {}", Mark::of(b"user").wire()), false),
            ("other *", false),
            ("other", false),
            ("", false),
            ("by hand", false),
        ] {
            let read = freshness.moment();
            end(said, "me", &freshness);
            assert_eq!(freshness.holds(read, &rests_on), holds, "{said}");
        }
    }

    #[test]
    fn a_write_by_another_connection_is_noticed_and_ones_own_is_not_taken_for_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("hallpass.db");
        let address = Address::Sqlite(path.to_str().unwrap().to_owned());
        let (mut ours, mut other) =
            (address.open(Access::ReadWrite).unwrap(), address.open(Access::ReadWrite).unwrap());
        ours.batch_execute("CREATE TABLE t (a)").unwrap();
        let (source, freshness, mut seen) =
            (SqliteSource::open(path.to_str().unwrap()).unwrap(), Freshness::new(), None);
        source.settle(&mut ours, &mut seen, &freshness);
        assert!(source.is_sure_now());

        let read = freshness.moment();
        ours.batch_execute("INSERT INTO t VALUES (1)").unwrap();
        assert!(!source.is_sure_now());
        source.settle(&mut ours, &mut seen, &freshness);
        assert!(source.is_sure_now() && freshness.holds(read, &[]));

        other.batch_execute("INSERT INTO t VALUES (2)").unwrap();
        assert!(!source.is_sure_now());
        ours.batch_execute("INSERT INTO t VALUES (3)").unwrap();
        source.settle(&mut ours, &mut seen, &freshness);
        assert!(source.is_sure_now() && !freshness.holds(read, &[]));
        // A checkpoint changes nothing that anybody could have read.
        other.batch_execute("PRAGMA wal_checkpoint(PASSIVE)").unwrap();
        assert!(source.is_sure_now());
        // Whoever wrote says so only when nobody goes by an earlier look any more.
        other.batch_execute("INSERT INTO t VALUES (4)").unwrap();
        std::thread::sleep(SEEN);
        assert!(!source.is_sure());
    }
}
