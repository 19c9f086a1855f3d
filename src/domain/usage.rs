//! When keys were last used: gathered in memory and written once a minute, so that no request waits for it.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::PoisonError;

use crate::model::id::ApiKeyId;
use crate::model::time::Timestamp;
use crate::store::StoreError;
use crate::store::Tx;

/// The keys that are remembered at most until they are written; what is beyond that is not noted. A bound on memory
/// is worth more than the minute of a use.
const MOST_REMEMBERED: usize = 100_000;

/// The uses since they were last written.
#[derive(Debug, Default)]
pub struct Usage(Mutex<HashMap<ApiKeyId, Timestamp>>);

impl Usage {
    /// Notes that a key is used.
    pub fn note(&self, key: ApiKeyId, now: Timestamp) {
        let mut used = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if used.len() < MOST_REMEMBERED || used.contains_key(&key) {
            used.insert(key, now);
        }
    }

    /// Takes out what is to be written.
    pub fn take(&self) -> HashMap<ApiKeyId, Timestamp> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Writes what [`Usage::take`] gave.
///
/// # Errors
/// What the database says.
pub fn write(tx: &mut Tx<'_>, used: &HashMap<ApiKeyId, Timestamp>) -> Result<(), StoreError> {
    used.iter().try_for_each(|(key, at)| tx.api_keys().note_use(*key, *at))
}
