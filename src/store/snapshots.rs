//! Look-ups by an index in SQLite: each thread has a connection of its own for them, whose transaction stays open from one
//! to the next as long as what it sees is what there is.
//!
//! To begin and end one takes locks on the file, by calls to the system and under one lock for all threads. So it is ended
//! only when this process is about to write, or another one may have written; while something is being written, each
//! look-up has its own. An open transaction would also keep the log from beginning anew, which only a write could do.

use std::cell::RefCell;
use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::sync::TryLockError;
use std::sync::Weak;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;

use crate::store::Store;
use crate::store::StoreError;
use crate::store::conn::Access;
use crate::store::conn::Conn;
use crate::store::fixed::fixed;

thread_local! {
    /// This thread's connection, and the number of the store that it belongs to.
    static MINE: RefCell<Option<(u64, Arc<Place>)>> = const { RefCell::new(None) };
}

fixed! { Begin: ; "BEGIN" }
fixed! { Commit: ; "COMMIT" }

/// The states of the database that threads hold open.
#[derive(Default)]
pub struct Snapshots {
    /// Even while nothing is being written, and each time another number.
    writes: AtomicU64,
    places: Mutex<Vec<Weak<Place>>>,
}

/// Where a thread's connection lies between two look-ups; empty where it has to be made.
type Place = Mutex<Option<Reader>>;

/// A read-only connection.
struct Reader {
    conn: Conn,
    /// What `writes` was when its transaction began, where it is in one.
    since: Option<u64>,
}

/// Whether a look-up sees one state of the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sees {
    /// Yes, however many statements it has.
    OneState,
    /// Each of its statements does.
    OneEach,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Snapshots {
    /// Ends what threads hold open, and from here on, until what is returned is dropped, they hold nothing: this process
    /// writes. To be called by the one thread that does.
    pub fn begin_write(&self) -> Writing<'_> {
        let writing = Writing(self);
        self.writes.fetch_add(1, Ordering::SeqCst);
        for place in lock(&self.places).iter().filter_map(Weak::upgrade) {
            // Whoever is looking something up at this moment is not waited for, and ends it the next time.
            let mut place = match place.try_lock() {
                Ok(place) => place,
                Err(TryLockError::Poisoned(place)) => place.into_inner(),
                Err(TryLockError::WouldBlock) => continue,
            };
            *place = place.take().and_then(Reader::end);
        }
        writing
    }

    /// This thread's place for `store`.
    fn place(&self, store: u64) -> Arc<Place> {
        MINE.with_borrow_mut(|mine| match mine {
            Some((of, place)) if *of == store => Arc::clone(place),
            _ => {
                let place = Arc::default();
                let mut places = lock(&self.places);
                places.retain(|place| place.strong_count() > 0);
                places.push(Arc::downgrade(&place));
                *mine = Some((store, Arc::clone(&place)));
                place
            }
        })
    }
}

/// Something is being written, until this is dropped.
#[must_use = "nothing is being written any more when this is dropped"]
pub struct Writing<'s>(&'s Snapshots);

impl Drop for Writing<'_> {
    fn drop(&mut self) {
        self.0.writes.fetch_add(1, Ordering::SeqCst);
    }
}

impl Reader {
    fn begin(&mut self, writes: u64) -> Result<(), StoreError> {
        Begin { of: PhantomData }.run(&mut self.conn)?;
        self.since = Some(writes);
        Ok(())
    }

    /// The same without its transaction; `None` where that can't be ended, and the connection is dropped.
    fn end(mut self) -> Option<Self> {
        if self.since.take().is_some() {
            Commit { of: PhantomData }.run(&mut self.conn).ok()?;
        }
        Some(self)
    }
}

impl Store {
    /// Runs `job` on this thread's own connection to SQLite.
    ///
    /// # Errors
    /// Whatever `job` returns, or what the database says.
    pub(super) fn look<T, E: From<StoreError>>(
        &self,
        sees: Sees,
        job: impl FnOnce(&mut Conn) -> Result<T, E>,
    ) -> Result<T, E> {
        let snapshots = &self.0.snapshots;
        let place = snapshots.place(self.0.number);
        // Held until the end: whoever begins to write after this finds it again.
        let mut place = lock(&place);
        // In this order: what this process learns of others' writes counts as a write.
        let is_sure = self.is_sure();
        let writes = snapshots.writes.load(Ordering::SeqCst);
        let may_stay = is_sure && writes.is_multiple_of(2);
        let known = match place.take() {
            Some(reader) if may_stay && reader.since == Some(writes) => Some(reader),
            known => known.and_then(Reader::end),
        };
        let mut reader = match known {
            Some(reader) => reader,
            None => Reader { conn: self.0.address.open(Access::ReadOnly)?, since: None },
        };
        if reader.since.is_none() && (may_stay || sees == Sees::OneState) {
            reader.begin(writes)?;
        }
        let outcome = job(&mut reader.conn);
        *place = if may_stay && outcome.is_ok() { Some(reader) } else { reader.end() };
        outcome
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Duration;

    use super::*;
    use crate::store::StoreSettings;

    struct Opened {
        _folder: tempfile::TempDir,
        settings: StoreSettings,
        store: Store,
    }

    /// A database that a server has begun to use.
    fn opened() -> Opened {
        let folder = tempfile::tempdir().unwrap();
        let settings = StoreSettings {
            url: format!("sqlite://{}", folder.path().join("hallpass.db").display()),
            connections: 2,
            wait: Duration::from_secs(5),
            statement_timeout: Duration::from_secs(5),
        };
        let store = Store::open(&settings).unwrap();
        store.migrate().unwrap();
        store.follow().unwrap();
        set(&store, 0);
        Opened { _folder: folder, settings, store }
    }

    fn wait<T>(done: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(done)
    }

    fn set(store: &Store, value: u8) {
        wait(store.write(move |tx| tx.meta().set("value", &[value]))).unwrap();
    }

    fn found(store: &Store) -> Option<u8> {
        let value = wait(store.look_up(|tx| tx.meta().find("value"))).unwrap();
        value.and_then(|value| value.first().copied())
    }

    /// How many threads hold a state of the database open.
    fn held(store: &Store) -> usize {
        let places = lock(&store.0.snapshots.places);
        let is_open = |place: &Arc<Place>| lock(place).as_ref().is_some_and(|reader| reader.since.is_some());
        places.iter().filter_map(Weak::upgrade).filter(is_open).count()
    }

    #[test]
    fn a_state_is_held_until_something_is_written_whoever_holds_it() {
        let Opened { store, _folder, .. } = opened();
        assert_eq!((found(&store), held(&store)), (Some(0), 1));
        // Another thread, which then does nothing.
        let (ask, asked) = mpsc::channel::<()>();
        let (answer, answered) = mpsc::channel();
        let other = store.clone();
        let idle = std::thread::spawn(move || {
            while asked.recv().is_ok() {
                answer.send(found(&other)).unwrap();
            }
        });
        ask.send(()).unwrap();
        assert_eq!((answered.recv().unwrap(), held(&store)), (Some(0), 2));
        for value in 1..20 {
            set(&store, value);
            assert_eq!(held(&store), 0);
            assert_eq!((found(&store), held(&store)), (Some(value), 1));
            ask.send(()).unwrap();
            assert_eq!((answered.recv().unwrap(), held(&store)), (Some(value), 2));
        }
        drop(ask);
        idle.join().unwrap();
        // With its thread goes its connection.
        assert_eq!(held(&store), 1);
    }

    #[test]
    fn nothing_is_held_while_something_is_written() {
        let Opened { store, _folder, .. } = opened();
        assert_eq!((found(&store), held(&store)), (Some(0), 1));
        let writing = store.0.snapshots.begin_write();
        assert_eq!(held(&store), 0);
        assert_eq!((found(&store), held(&store)), (Some(0), 0));
        drop(writing);
        assert_eq!((found(&store), held(&store)), (Some(0), 1));
    }

    #[test]
    fn what_another_process_wrote_is_seen_once_it_says_so() {
        let Opened { store, settings, _folder } = opened();
        let other = Store::open(&settings).unwrap();
        for value in 1..20 {
            assert_eq!((found(&store), held(&store)), (Some(value - 1), 1));
            set(&other, value);
            other.wait_until_heard();
            assert_eq!(found(&store), Some(value));
            // As soon as that is known here, a state is held again.
            let is_held_again = (0..1_000).any(|_| {
                std::thread::sleep(Duration::from_millis(1));
                assert_eq!(found(&store), Some(value));
                held(&store) == 1
            });
            assert!(is_held_again);
        }
    }

    #[test]
    fn a_server_that_does_not_hear_what_others_write_holds_nothing() {
        let Opened { store, settings, _folder } = opened();
        let deaf = Store::open(&settings).unwrap();
        assert_eq!((found(&deaf), held(&deaf)), (Some(0), 0));
        set(&store, 1);
        assert_eq!((found(&deaf), held(&deaf)), (Some(1), 0));
    }

    #[test]
    fn a_look_up_that_fails_takes_nothing_along() {
        let Opened { store, _folder, .. } = opened();
        assert_eq!((found(&store), held(&store)), (Some(0), 1));
        let failed = wait(store.look_up(|_| Err::<(), _>(StoreError::Stopped)));
        assert!(failed.is_err() && held(&store) == 0);
        assert_eq!((found(&store), held(&store)), (Some(0), 1));
        let other = store.clone();
        let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            wait(other.look_up(|_| -> Result<(), StoreError> { std::panic::resume_unwind(Box::new("on purpose")) }))
        }));
        assert!(panicked.is_err() && held(&store) == 0);
        set(&store, 1);
        assert_eq!((found(&store), held(&store)), (Some(1), 1));
    }

    /// The log begins anew where nobody needs what stands in it: a state that an idle thread held would keep it growing.
    #[test]
    fn the_log_does_not_grow_because_somebody_looked_something_up() {
        let Opened { store, settings, _folder } = opened();
        let log = format!("{}-wal", settings.url.trim_start_matches("sqlite://"));
        let mut other = store.0.address.open(Access::ReadWrite).unwrap();
        let mut sizes = Vec::new();
        for value in 0..50 {
            set(&store, value);
            assert_eq!((found(&store), held(&store)), (Some(value), 1));
            let Conn::Sqlite(conn) = &mut other else { unreachable!("it is SQLite") };
            diesel::connection::SimpleConnection::batch_execute(conn, "PRAGMA wal_checkpoint(PASSIVE)").unwrap();
            sizes.push(std::fs::metadata(&log).unwrap().len());
        }
        assert_eq!(sizes.first(), sizes.last(), "{sizes:?}");
    }
}
