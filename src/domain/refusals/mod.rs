//! Why requests are refused: which check failed, what it asks for, and what came.
//!
//! Nothing is noted of a request that is not refused. The checks of a surface are made in one order, which stands as a
//! table beside the code that makes them (`CHECKS`); a typed refusal names the check that failed (`finding::Finding`), and
//! [`walk`] has the others from the table.

pub mod check;
pub mod clean;
pub mod credentials;
pub mod finding;
pub mod look;
pub mod waiting;
pub mod walk;

use crate::model::id::CallId;
use crate::model::refusal::RefusedCall;
use crate::model::time::Lifetime;
use crate::model::time::Timestamp;
use crate::store::StoreError;
use crate::store::Tx;

/// How long a refusal is kept at most.
const KEPT_FOR: Lifetime = Lifetime::from_days(7);
/// Rows that one transaction deletes, so that it never holds the writer for long.
const FORGET_STEP: i64 = 500;

/// Writes what [`waiting::Waiting::take`] gave.
///
/// # Errors
/// What the database says.
pub fn write(tx: &mut Tx<'_>, calls: &[RefusedCall]) -> Result<(), StoreError> {
    tx.refusals().add(calls)
}

/// Deletes some of what is older than a week, or not among the newest `keep`; says whether there may be more.
///
/// # Errors
/// What the database says.
pub fn forget(tx: &mut Tx<'_>, keep: u32, now: Timestamp) -> Result<bool, StoreError> {
    let oldest = CallId::new(now.before(KEPT_FOR), [0; 10]);
    let deleted = tx.refusals().forget(i64::from(keep), oldest, FORGET_STEP)?;
    Ok(i64::try_from(deleted).is_ok_and(|deleted| deleted == FORGET_STEP))
}
