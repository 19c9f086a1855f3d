//! The writing side: on SQLite one thread that gathers what waits into one transaction and one sync, on
//! PostgreSQL several connections, for that database gathers commits by itself.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::hash::Hasher;
use std::panic::AssertUnwindSafe;
use std::panic::catch_unwind;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;
use std::sync::mpsc;
use std::time::Duration;
use std::time::Instant;

use diesel::RunQueryDsl;
use diesel::SqliteConnection;
use diesel::connection::AnsiTransactionManager;
use diesel::connection::SimpleConnection;
use diesel::connection::TransactionManager;
use tokio::sync::oneshot;

use crate::store::StoreError;
use crate::store::Tx;
use crate::store::aside::Threads;
use crate::store::checkpoint;
use crate::store::checkpoint::Checkpoints;
use crate::store::conn;
use crate::store::conn::Access;
use crate::store::conn::Address;
use crate::store::conn::Conn;
use crate::store::conn::Manager;
use crate::store::conn::Pool;
use crate::store::conn::Spare;
use crate::store::follow::Source;
use crate::store::freshness::Changes;
use crate::store::freshness::Freshness;
use crate::store::snapshots::Snapshots;
use crate::store::transaction::Transaction;

/// The most jobs that share one sync.
const BATCH: usize = 256;
/// So many jobs are worth a sync of their own.
const WORTH_A_SYNC: usize = 40;
/// Where so many shared the last one, many write.
const MANY: usize = 16;
/// How long a smaller batch waits for others where many write, and how often: those that were just answered are about to
/// ask again. On a fast disk a batch would end before they do.
const GATHERING: Duration = Duration::from_micros(200);
const GATHERINGS: usize = 8;
/// The most jobs that wait; one more is refused at once.
const QUEUE: usize = 4096;
/// A job that has waited this long is refused instead of run: its caller has given up, or should.
const PATIENCE: Duration = Duration::from_secs(3);
/// For so many batches after a job failed that may have written, it is asked before each job what was.
const CAREFUL: u32 = 64;
/// How often a transaction that lost to another one is begun again.
const TRIES: usize = 3;

/// How much one sync serves.
#[derive(Debug, Default)]
pub struct Counts {
    /// Jobs whose work was kept.
    pub writes: AtomicU64,
    /// Transactions, each with one sync.
    pub commits: AtomicU64,
}

/// Where writes go.
pub enum Writer {
    /// To the one writing thread of SQLite; it ends when this is dropped.
    Sqlite {
        /// To the thread.
        sender: mpsc::SyncSender<Box<dyn Job>>,
        /// What it did.
        counts: Arc<Counts>,
        /// What it ends with each commit.
        freshness: Arc<Freshness>,
    },
    /// To any free connection to PostgreSQL.
    Postgres {
        /// The connections.
        pool: Pool,
        /// For whoever waits for one of these.
        threads: Threads,
        /// What each commit ends.
        freshness: Arc<Freshness>,
        /// As which node others are told.
        node: String,
    },
}

impl Writer {
    /// Starts the writing thread, or makes the pool.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`] where the database can't be opened.
    pub fn start(
        address: &Address,
        connections: u32,
        wait: Duration,
        freshness: &Arc<Freshness>,
        snapshots: &Arc<Snapshots>,
        node: &str,
    ) -> Result<Self, StoreError> {
        let freshness = Arc::clone(freshness);
        match address {
            Address::Sqlite(_) => {
                let (sender, receiver) = mpsc::sync_channel(QUEUE);
                let conn = open(address)?;
                let checkpoints = Checkpoints::start(address)?;
                let address = address.clone();
                let counts = Arc::new(Counts::default());
                let writer = SqliteWriter {
                    address,
                    conn: Some(conn),
                    seen: None,
                    counts: Arc::clone(&counts),
                    freshness: Arc::clone(&freshness),
                    snapshots: Arc::clone(snapshots),
                    checkpoints,
                    careful: 0,
                    last_batch: 0,
                };
                std::thread::Builder::new()
                    .name("writer".to_owned())
                    .spawn(move || writer.work(&receiver))
                    .map_err(|error| StoreError::Unreachable(format!("no thread for writing: {error}")))?;
                Ok(Writer::Sqlite { sender, counts, freshness })
            }
            Address::Postgres { .. } => {
                let manager = Manager { address: address.clone(), access: Access::ReadWrite, spare: Spare::default() };
                let pool = conn::pool(manager, connections, wait);
                let threads = Threads::new(connections, wait);
                Ok(Writer::Postgres { pool, threads, freshness, node: node.to_owned() })
            }
        }
    }

    /// See [`crate::store::Store::write`].
    pub async fn write<T, E>(&self, job: impl Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + std::error::Error + Send + 'static,
    {
        match self {
            Writer::Sqlite { sender, .. } => {
                let (answer, answered) = oneshot::channel();
                let waiting = Waiting { job, since: now(), outcome: None, answer };
                sender.try_send(Box::new(waiting)).map_err(|_| StoreError::Busy("too many writes wait"))?;
                answered.await.unwrap_or_else(|_| Err(StoreError::Stopped.into()))
            }
            Writer::Postgres { pool, threads, freshness, node } => {
                let (pool, freshness, node) = (pool.clone(), Arc::clone(freshness), node.clone());
                threads.run(move || write_postgres(&pool, &freshness, &node, job)).await
            }
        }
    }

    /// Begins to make PostgreSQL's first connection; SQLite's is there.
    pub fn prepare(&self) {
        if let Writer::Postgres { pool, .. } = self {
            let pool = pool.clone();
            // Where there is no thread for it, or it can't be made, the first write does it, and says so.
            drop(std::thread::Builder::new().name("first-writer".to_owned()).spawn(move || drop(pool.get())));
        }
    }

    /// Has the writing thread of SQLite look soon at what other processes wrote.
    pub fn settle_soon(&self) {
        if let Writer::Sqlite { sender, freshness, .. } = self
            && let Some(Source::Sqlite(source)) = freshness.source.get()
            && !source.asked.swap(true, Ordering::SeqCst)
            && sender.try_send(Box::new(Nothing)).is_err()
        {
            // It has much to do, and looks after that.
            source.asked.store(false, Ordering::SeqCst);
        }
    }
}

/// A job that only makes the writing thread look at the file.
struct Nothing;

impl Job for Nothing {
    fn run(&mut self, _: &mut Tx<'_>) -> bool {
        true
    }

    fn is_too_late(&self) -> bool {
        false
    }

    fn answer(self: Box<Self>) {}

    fn refuse(self: Box<Self>, _: StoreError) {}
}

fn write_postgres<T, E>(
    pool: &Pool,
    freshness: &Freshness,
    node: &str,
    job: impl Fn(&mut Tx<'_>) -> Result<T, E>,
) -> Result<T, E>
where
    E: From<StoreError> + std::error::Error + 'static,
{
    let mut tries = 1;
    loop {
        let mut transaction = Transaction::begin(pool)?;
        let outcome = transaction.run(&job);
        let (outcome, changes) = match outcome {
            Ok(value) => match transaction.tell(node) {
                Ok(changes) => (Ok(value), changes),
                Err(error) => (Err(error.into()), Changes::default()),
            },
            Err(error) => (Err(error), Changes::default()),
        };
        // Also where that fails, for what the connection was lost over may have been kept.
        let under_way = freshness.begin(&changes);
        let ended = transaction.end(outcome);
        drop(under_way);
        match ended {
            Err(error) if tries < TRIES && lost_to_another(&error) => {
                tries += 1;
                // With its thread, so that there are fewer to meet.
                std::thread::sleep(pause());
            }
            outcome => return outcome,
        }
    }
}

/// 10 to 50 ms, by chance: those that met once and go on at once meet again.
fn pause() -> Duration {
    let chance = RandomState::new().build_hasher().finish();
    Duration::from_millis(10 + chance % 41)
}

/// Whether the error, or what it came from, says that another transaction was first.
fn lost_to_another(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        if error.downcast_ref::<StoreError>().is_some_and(StoreError::is_worth_another_try) {
            return true;
        }
        next = error.source();
    }
    false
}

#[expect(clippy::disallowed_methods, reason = "how long a job has waited is no point in time that anything keeps")]
fn now() -> Instant {
    Instant::now()
}

/// A job that waits for the writing thread.
pub trait Job: Send {
    /// Runs it, perhaps more than once. `true` where what it did is to be kept.
    fn run(&mut self, tx: &mut Tx<'_>) -> bool;
    /// Whether its caller has waited too long already.
    fn is_too_late(&self) -> bool;
    /// Tells its caller the outcome, after the commit.
    fn answer(self: Box<Self>);
    /// Tells its caller that nothing was done.
    fn refuse(self: Box<Self>, error: StoreError);
}

struct Waiting<F, T, E> {
    job: F,
    since: Instant,
    outcome: Option<Result<T, E>>,
    answer: oneshot::Sender<Result<T, E>>,
}

impl<F, T, E> Job for Waiting<F, T, E>
where
    F: Fn(&mut Tx<'_>) -> Result<T, E> + Send,
    T: Send,
    E: From<StoreError> + Send,
{
    fn run(&mut self, tx: &mut Tx<'_>) -> bool {
        // A panic in one job must not take the others' work along: it has failed like any other.
        let outcome = catch_unwind(AssertUnwindSafe(|| (self.job)(tx)));
        let outcome = outcome.unwrap_or_else(|_| Err(StoreError::Stopped.into()));
        let keep = outcome.is_ok();
        self.outcome = Some(outcome);
        keep
    }

    fn is_too_late(&self) -> bool {
        now().duration_since(self.since) > PATIENCE
    }

    fn answer(self: Box<Self>) {
        let outcome = self.outcome.unwrap_or_else(|| Err(StoreError::Stopped.into()));
        // A caller that has gone away changes nothing: the work is committed.
        drop(self.answer.send(outcome));
    }

    fn refuse(self: Box<Self>, error: StoreError) {
        drop(self.answer.send(Err(error.into())));
    }
}

struct SqliteWriter {
    address: Address,
    conn: Option<Conn>,
    /// What SQLite said last of writes by others.
    seen: Option<i64>,
    counts: Arc<Counts>,
    freshness: Arc<Freshness>,
    snapshots: Arc<Snapshots>,
    checkpoints: Checkpoints,
    /// For so many batches more it is asked before each job what was written.
    careful: u32,
    /// How many jobs shared the sync before.
    last_batch: usize,
}

/// Adds those that wait to `batch`.
fn take_waiting(jobs: &mpsc::Receiver<Box<dyn Job>>, batch: &mut Vec<Box<dyn Job>>) {
    let room = BATCH.saturating_sub(batch.len());
    batch.extend(jobs.try_iter().take(room));
}

/// Waits for jobs as long as they come and `batch` is not worth a sync.
fn gather(jobs: &mpsc::Receiver<Box<dyn Job>>, batch: &mut Vec<Box<dyn Job>>) {
    for _ in 0..GATHERINGS {
        let before = batch.len();
        if before >= WORTH_A_SYNC {
            return;
        }
        std::thread::sleep(GATHERING);
        take_waiting(jobs, batch);
        if batch.len() == before {
            return;
        }
    }
}

impl SqliteWriter {
    fn work(mut self, jobs: &mpsc::Receiver<Box<dyn Job>>) {
        while let Ok(first) = jobs.recv() {
            let mut batch = vec![first];
            take_waiting(jobs, &mut batch);
            // Whoever writes alone, or nearly so, waits for nobody.
            if self.last_batch >= MANY {
                gather(jobs, &mut batch);
            }
            self.last_batch = batch.len();
            let (late, mut batch): (Vec<_>, Vec<_>) = batch.into_iter().partition(|job| job.is_too_late());
            for job in late {
                job.refuse(StoreError::Busy("the write waited too long"));
            }
            match self.commit(&mut batch) {
                Ok(()) => {
                    self.counts.commits.fetch_add(1, Ordering::Relaxed);
                    self.counts.writes.fetch_add(batch.len() as u64, Ordering::Relaxed);
                    batch.into_iter().for_each(|job| job.answer());
                }
                Err(error) if batch.len() == 1 || matches!(error, StoreError::Busy(_)) => {
                    batch.into_iter().for_each(|job| job.refuse(again(&error)));
                }
                // One job's failure (a full disk, say) took the whole batch down. Each gets a transaction of its own.
                Err(_) => batch.into_iter().for_each(|job| self.commit_alone(job)),
            }
        }
    }

    fn commit_alone(&mut self, job: Box<dyn Job>) {
        if job.is_too_late() {
            job.refuse(StoreError::Busy("the write waited too long"));
            return;
        }
        let mut batch = vec![job];
        let outcome = self.commit(&mut batch);
        for job in batch {
            match &outcome {
                Ok(()) => job.answer(),
                Err(error) => job.refuse(again(error)),
            }
        }
    }

    /// One transaction and one sync for all. After an error nothing of it remains.
    fn commit(&mut self, batch: &mut [Box<dyn Job>]) -> Result<(), StoreError> {
        if batch.is_empty() {
            return Ok(());
        }
        let conn = match &mut self.conn {
            Some(conn) => conn,
            none => none.insert(open(&self.address)?),
        };
        let mut changes = Changes::default();
        // Until what others wrote is known too, before anybody is answered.
        let _writing = self.snapshots.begin_write();
        let outcome = run_batch(conn, batch, &mut changes, &self.freshness, &mut self.careful);
        self.checkpoints.note_commit();
        if outcome.is_err() {
            // The transaction's state is unknown; a new connection has none.
            self.conn = None;
            self.seen = None;
        } else if let Some(Source::Sqlite(source)) = self.freshness.source.get() {
            source.settle(conn, &mut self.seen, &self.freshness);
        }
        outcome
    }
}

/// The writing connection to SQLite. It waits for other processes less long than others do: what it holds up is all
/// that waits behind it.
fn open(address: &Address) -> Result<Conn, StoreError> {
    let mut conn = address.open(Access::ReadWrite)?;
    conn.batch_execute("PRAGMA busy_timeout = 2000")?;
    checkpoint::leave_to_thread(&mut conn)?;
    Ok(conn)
}

/// The same error for one caller more.
fn again(error: &StoreError) -> StoreError {
    match error {
        StoreError::Busy(why) => StoreError::Busy(why),
        StoreError::Corrupt(what) => StoreError::Corrupt(what),
        StoreError::Stopped => StoreError::Stopped,
        StoreError::Conflict(what) => StoreError::Conflict(what.clone()),
        StoreError::Database(what) => StoreError::Database(what.clone()),
        StoreError::Unreachable(what) => StoreError::Unreachable(what.clone()),
    }
}

diesel::define_sql_function! {
    /// How many rows this connection has inserted, changed or deleted since it was opened.
    fn total_changes() -> diesel::sql_types::BigInt;
}

/// Jobs that went through are kept, those that failed leave nothing behind.
fn run_batch(
    conn: &mut Conn,
    batch: &mut [Box<dyn Job>],
    changes: &mut Changes,
    freshness: &Freshness,
    careful: &mut u32,
) -> Result<(), StoreError> {
    // A savepoint for each job copies every page that the job touches, and nearly no job needs it: most go through, and
    // most of those that fail have written nothing yet.
    if run_without_savepoints(conn, batch, changes, freshness, careful)? {
        Ok(())
    } else {
        run_with_savepoints(conn, batch, changes, freshness)
    }
}

fn changed_rows(conn: &mut Conn) -> Result<i64, StoreError> {
    Ok(diesel::select(total_changes()).get_result(sqlite(conn)?)?)
}

/// `false` where a job failed after it, or one before it, had written something, so that all has to be done once more.
fn run_without_savepoints(
    conn: &mut Conn,
    batch: &mut [Box<dyn Job>],
    changes: &mut Changes,
    freshness: &Freshness,
    careful: &mut u32,
) -> Result<bool, StoreError> {
    // Through diesel's transaction manager, so that it counts depth.
    AnsiTransactionManager::begin_transaction_sql(sqlite(conn)?, "BEGIN IMMEDIATE")?;
    // Nobody else can write from here on until the commit.
    let is_sure = freshness.source.get().is_some_and(Source::is_sure_now);
    let is_alone = batch.len() == 1;
    let mut before = changed_rows(conn)?;
    *careful = careful.saturating_sub(1);
    for job in batch {
        if *careful > 0 {
            before = changed_rows(conn)?;
        }
        if job.run(&mut Tx { conn, changes, is_sure }) {
            continue;
        }
        check_still_in_transaction(sqlite(conn)?)?;
        // Unless that was looked at, it may have been another job that wrote; where one fails, more do.
        if changed_rows(conn)? != before {
            *careful = CAREFUL;
            AnsiTransactionManager::rollback_transaction(sqlite(conn)?)?;
            return Ok(is_alone);
        }
    }
    commit(conn, changes, freshness)?;
    Ok(true)
}

/// SQLite ends a transaction by itself after some errors (a full disk, say). What came after that would be kept at once,
/// statement by statement.
fn check_still_in_transaction(conn: &mut SqliteConnection) -> Result<(), StoreError> {
    if conn.batch_execute("BEGIN").is_err() {
        // There is none within another.
        return Ok(());
    }
    Err(StoreError::Database("the transaction was ended by an error".to_owned()))
}

fn run_with_savepoints(
    conn: &mut Conn,
    batch: &mut [Box<dyn Job>],
    changes: &mut Changes,
    freshness: &Freshness,
) -> Result<(), StoreError> {
    AnsiTransactionManager::begin_transaction_sql(sqlite(conn)?, "BEGIN IMMEDIATE")?;
    for job in batch {
        AnsiTransactionManager::begin_transaction(sqlite(conn)?)?;
        let keep = job.run(&mut Tx { conn, changes, is_sure: false });
        if keep {
            AnsiTransactionManager::commit_transaction(sqlite(conn)?)?;
        } else {
            AnsiTransactionManager::rollback_transaction(sqlite(conn)?)?;
        }
    }
    commit(conn, changes, freshness)
}

/// Also where that fails, nobody goes by what was before: nobody knows what it left.
fn commit(conn: &mut Conn, changes: &Changes, freshness: &Freshness) -> Result<(), StoreError> {
    let under_way = freshness.begin(changes);
    let outcome = AnsiTransactionManager::commit_transaction(sqlite(conn)?);
    drop(under_way);
    Ok(outcome?)
}

fn sqlite(conn: &mut Conn) -> Result<&mut SqliteConnection, StoreError> {
    match conn {
        Conn::Sqlite(sqlite) => Ok(sqlite),
        Conn::Postgres(_) => Err(StoreError::Stopped),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// So many that wait, and nobody else who could come.
    fn queue(waiting: usize) -> mpsc::Receiver<Box<dyn Job>> {
        let (sender, receiver) = mpsc::sync_channel::<Box<dyn Job>>(QUEUE);
        for _ in 0..waiting {
            sender.try_send(Box::new(Nothing)).unwrap();
        }
        receiver
    }

    fn jobs(count: usize) -> Vec<Box<dyn Job>> {
        (0..count).map(|_| Box::new(Nothing) as Box<dyn Job>).collect()
    }

    #[test]
    fn a_batch_takes_what_waits_and_no_more_than_it_may() {
        let waiting = queue(BATCH + 10);
        let mut batch = jobs(1);
        take_waiting(&waiting, &mut batch);
        assert_eq!((batch.len(), waiting.try_iter().count()), (BATCH, 11));
    }

    #[test]
    fn a_batch_that_is_not_worth_a_sync_waits_for_those_that_come() {
        let waiting = queue(WORTH_A_SYNC - 10);
        let mut batch = jobs(5);
        gather(&waiting, &mut batch);
        assert_eq!(batch.len(), WORTH_A_SYNC - 5);
        // One that is, for nobody.
        let waiting = queue(1);
        let mut batch = jobs(WORTH_A_SYNC);
        gather(&waiting, &mut batch);
        assert_eq!(batch.len(), WORTH_A_SYNC);
    }
}
