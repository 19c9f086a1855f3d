//! Counting failures, so that guessing gets nowhere: reserve before the check, settle if it was right.

use sha2::Digest;
use sha2::Sha256;

use crate::model::time::Lifetime;
use crate::model::time::Timestamp;
use crate::store::StoreError;
use crate::store::Tx;

/// So many failures within a window; then none is looked at until the window ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// The most failures.
    pub failures: u32,
    /// The window's length.
    pub window: Lifetime,
}

/// What failures are counted for. Only its hash is stored: a bucket may carry a name or an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket([u8; 32]);

impl Bucket {
    /// The bucket of this kind and these parts. Each part's length is hashed with it, so that no two lists of parts
    /// are the same bucket.
    pub fn new(kind: &str, parts: &[&str]) -> Self {
        let mut hash = Sha256::new();
        for part in std::iter::once(&kind).chain(parts) {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
        Self(hash.finalize().into())
    }
}

/// Counts one failure in each bucket ahead of the check that may prove it none. Where one of them is full, nothing
/// is counted, and the answer is how long to wait.
///
/// # Errors
/// What the database says.
pub fn reserve(
    tx: &mut Tx<'_>,
    buckets: &[(Bucket, Limit)],
    now: Timestamp,
) -> Result<Result<(), Lifetime>, StoreError> {
    for (at, (bucket, limit)) in buckets.iter().enumerate() {
        let reserved = tx.attempts().reserve(&bucket.0, i64::from(limit.failures), now, now + limit.window)?;
        if let Err(until) = reserved {
            settle(tx, &buckets[..at])?;
            return Ok(Err(until.since(now)));
        }
    }
    Ok(Ok(()))
}

/// Takes back what [`reserve`] counted: it was no failure.
///
/// # Errors
/// What the database says.
pub fn settle(tx: &mut Tx<'_>, buckets: &[(Bucket, Limit)]) -> Result<(), StoreError> {
    for (bucket, _) in buckets {
        tx.attempts().settle(&bucket.0)?;
    }
    Ok(())
}
