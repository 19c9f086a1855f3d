//! A transaction on a connection of the pool.

use std::panic::AssertUnwindSafe;
use std::panic::catch_unwind;

use diesel::Connection;
use diesel::connection::SimpleConnection;
use diesel::connection::TransactionManager;

use crate::store::StoreError;
use crate::store::Tx;
use crate::store::conn::Conn;
use crate::store::conn::Manager;
use crate::store::conn::Pool;
use crate::store::follow;
use crate::store::freshness::Changes;

/// Does `work`, which may be done again, on a connection of the pool. Those that died in it (the server was restarted) are
/// thrown away, not reported.
///
/// # Errors
/// What `work` says on a connection that lives; [`StoreError::Unreachable`] where none comes free in time or the server
/// is gone.
pub fn on_living<T>(
    pool: &Pool,
    work: impl Fn(&mut Conn) -> Result<T, StoreError>,
) -> Result<(r2d2::PooledConnection<Manager>, T), StoreError> {
    let mut dead = 0;
    loop {
        let mut pooled = pool.get().map_err(|error| StoreError::Unreachable(error.to_string()))?;
        pooled.broken = true;
        let done = work(&mut pooled.conn);
        pooled.broken = done.is_err() && pooled.conn.batch_execute("SELECT 1").is_err();
        match done {
            Ok(done) => return Ok((pooled, done)),
            Err(_) if pooled.broken && dead < pool.max_size() => dead += 1,
            Err(error) => return Err(error),
        }
    }
}

type Transactions = <Conn as Connection>::TransactionManager;

/// A begun transaction. Dropping it without [`Transaction::end`] throws its connection away, and with it all it did.
pub struct Transaction {
    pooled: r2d2::PooledConnection<Manager>,
    changes: Changes,
}

impl Transaction {
    /// Begins one.
    ///
    /// # Errors
    /// As [`on_living`].
    pub fn begin(pool: &Pool) -> Result<Self, StoreError> {
        let begin = |conn: &mut Conn| Transactions::begin_transaction(conn).map_err(StoreError::from);
        let (mut pooled, ()) = on_living(pool, begin)?;
        // Until it is ended, whatever happens in between.
        pooled.broken = true;
        Ok(Self { pooled, changes: Changes::default() })
    }

    /// Runs `job` in it. A panic is an error like any other.
    ///
    /// # Errors
    /// Whatever `job` returns.
    pub fn run<T, E: From<StoreError>>(&mut self, job: impl FnOnce(&mut Tx<'_>) -> Result<T, E>) -> Result<T, E> {
        let (conn, changes) = (&mut self.pooled.conn, &mut self.changes);
        let outcome = catch_unwind(AssertUnwindSafe(|| job(&mut Tx { conn, changes, is_sure: false })));
        outcome.unwrap_or_else(|_| Err(StoreError::Stopped.into()))
    }

    /// Tells the other nodes what changed, as the node called `node`, and returns it. They hear of it with the commit.
    ///
    /// # Errors
    /// What the database says.
    pub fn tell(&mut self, node: &str) -> Result<Changes, StoreError> {
        follow::tell(&mut self.pooled.conn, node, &self.changes)?;
        Ok(std::mem::take(&mut self.changes))
    }

    /// Commits where `outcome` is `Ok`, rolls back where it is not.
    ///
    /// # Errors
    /// The `outcome`'s, or what the database says to the commit. Then the caller must not believe that anything
    /// was kept, though after a lost connection it may have been.
    pub fn end<T, E: From<StoreError>>(mut self, outcome: Result<T, E>) -> Result<T, E> {
        let conn = &mut self.pooled.conn;
        match outcome {
            Ok(value) => {
                Transactions::commit_transaction(conn).map_err(StoreError::from)?;
                self.pooled.broken = false;
                Ok(value)
            }
            Err(error) => {
                self.pooled.broken = Transactions::rollback_transaction(conn).is_err();
                Err(error)
            }
        }
    }
}
