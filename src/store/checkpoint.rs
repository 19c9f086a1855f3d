//! Moves what was written from the write-ahead log of SQLite into the database, beside the writing thread: whoever waits
//! for a commit does not wait for that.

use std::sync::mpsc;
use std::time::Duration;

use diesel::QueryableByName;
use diesel::RunQueryDsl;
use diesel::connection::SimpleConnection;
use diesel::sql_types::Integer;

use crate::store::StoreError;
use crate::store::conn::Access;
use crate::store::conn::Address;
use crate::store::conn::Conn;

/// So many pages of the log are moved at once: few enough that it stays small, enough that a page which is written again
/// and again is moved once.
const PAGES: i32 = 1_000;
/// Where the log has grown to so many pages after all, because others wrote all the time, the writing thread moves the
/// last ones itself: then there is a moment in which none is left, and the log begins anew.
const PAGES_AT_MOST: i32 = 8_000;
/// The least time between two looks at the log.
const PAUSE: Duration = Duration::from_millis(100);

/// The thread that moves pages; it ends when this is dropped.
pub struct Checkpoints(mpsc::SyncSender<()>);

#[derive(QueryableByName)]
struct Log {
    #[diesel(sql_type = Integer)]
    log: i32,
    #[diesel(sql_type = Integer)]
    checkpointed: i32,
}

impl Checkpoints {
    /// Starts it.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`] where the database can't be opened.
    pub fn start(address: &Address) -> Result<Self, StoreError> {
        let conn = address.open(Access::ReadWrite)?;
        let (sender, commits) = mpsc::sync_channel(1);
        std::thread::Builder::new()
            .name("checkpoints".to_owned())
            .spawn(move || work(conn, &commits))
            .map_err(|error| StoreError::Unreachable(format!("no thread for checkpoints: {error}")))?;
        Ok(Self(sender))
    }

    /// Says that something was committed.
    pub fn note_commit(&self) {
        // Where one waits already, that is enough.
        let _waits = self.0.try_send(());
    }
}

/// Leaves moving pages to the other thread, as long as that keeps up.
///
/// # Errors
/// What the database says.
pub fn leave_to_thread(writing: &mut Conn) -> Result<(), StoreError> {
    Ok(writing.batch_execute(&format!("PRAGMA wal_autocheckpoint = {PAGES_AT_MOST}"))?)
}

fn work(mut conn: Conn, commits: &mpsc::Receiver<()>) {
    let Conn::Sqlite(conn) = &mut conn else { return };
    while commits.recv().is_ok() {
        let looked = diesel::sql_query("PRAGMA wal_checkpoint(NOOP)").get_result::<Log>(conn);
        let moved = match looked {
            Ok(log) if log.log - log.checkpointed >= PAGES => conn.batch_execute("PRAGMA wal_checkpoint(PASSIVE)"),
            looked => looked.map(drop),
        };
        if let Err(error) = moved {
            // The writing thread does it then.
            tracing::warn!(%error, "the write-ahead log could not be moved into the database");
        }
        std::thread::sleep(PAUSE);
    }
}
