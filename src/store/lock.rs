//! One server for one SQLite file, and one trial at a time.

use std::fs::File;
use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use diesel::RunQueryDsl;
use diesel::sql_types::Bool;

use crate::store::Store;
use crate::store::StoreError;
use crate::store::conn::Access;
use crate::store::conn::Conn;

/// Held while this process serves from a SQLite file; the operating system lets go of it when the process ends.
///
/// It is a file of its own: opening and closing the database file elsewhere in the process would drop SQLite's locks.
#[derive(Debug)]
pub struct ServerLock {
    _file: Option<File>,
}

/// Held while this process tries the server out; whoever dies lets go of it.
pub struct TrialLock {
    _folder: Option<File>,
    _conn: Option<Conn>,
}

#[derive(diesel::QueryableByName)]
struct Locked {
    #[diesel(sql_type = Bool)]
    locked: bool,
}

impl Store {
    /// Makes sure that no other process tries the server out on this database meanwhile; `None` where one does. On
    /// SQLite that is one in any database of the same folder.
    ///
    /// # Errors
    /// What the database says.
    pub fn lock_for_trial(&self) -> Result<Option<TrialLock>, StoreError> {
        let Some(path) = self.sqlite_path() else {
            // The lock ends with the connection.
            let mut conn = self.0.address.open(Access::ReadWrite)?;
            let query = diesel::sql_query("SELECT pg_try_advisory_lock(7254138302) AS locked");
            let Locked { locked } = query.get_result(&mut conn)?;
            return Ok(locked.then_some(TrialLock { _folder: None, _conn: Some(conn) }));
        };
        let unreachable = |error| StoreError::Unreachable(format!("the folder of {path} cannot be locked: {error}"));
        let real = std::fs::canonicalize(path).map_err(unreachable)?;
        let folder = File::open(real.parent().unwrap_or(Path::new("/"))).map_err(unreachable)?;
        match folder.try_lock() {
            Ok(()) => Ok(Some(TrialLock { _folder: Some(folder), _conn: None })),
            Err(std::fs::TryLockError::WouldBlock) => Ok(None),
            Err(std::fs::TryLockError::Error(error)) => Err(unreachable(error)),
        }
    }

    /// Makes sure that no other server uses this SQLite file. On PostgreSQL any number of servers may.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`] with a sentence for the operator.
    pub fn lock_for_serving(&self) -> Result<ServerLock, StoreError> {
        let Some(path) = self.sqlite_path() else { return Ok(ServerLock { _file: None }) };
        // The file itself, by whatever name or link it is called. It is there: the store was opened.
        let real = std::fs::canonicalize(path)
            .map_err(|error| StoreError::Unreachable(format!("{path} cannot be found: {error}")))?;
        let mut lock = real.into_os_string();
        lock.push(".lock");
        let shown = lock.display();
        let opened = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(&lock);
        let file = opened.map_err(|error| StoreError::Unreachable(format!("{shown} cannot be opened: {error}")))?;
        match file.try_lock() {
            Ok(()) => Ok(ServerLock { _file: Some(file) }),
            Err(std::fs::TryLockError::WouldBlock) => Err(StoreError::Unreachable(format!(
                "another server already uses {path}; stop it first, or use PostgreSQL to run several"
            ))),
            Err(std::fs::TryLockError::Error(error)) => {
                Err(StoreError::Unreachable(format!("{shown} cannot be locked: {error}")))
            }
        }
    }
}
