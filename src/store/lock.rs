//! One server for one SQLite file.

use std::fs::File;
use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;

use crate::store::Store;
use crate::store::StoreError;

/// Held while this process serves from a SQLite file; the operating system lets go of it when the process ends.
///
/// It is a file of its own: opening and closing the database file elsewhere in the process would drop SQLite's locks.
#[derive(Debug)]
pub struct ServerLock {
    _file: Option<File>,
}

impl Store {
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
