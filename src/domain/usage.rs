//! When clients and sessions were last used: gathered in memory and written once a minute, so that no request waits for it.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Mutex;
use std::sync::PoisonError;

use crate::model::id::ClientId;
use crate::model::time::Timestamp;
use crate::store::StoreError;
use crate::store::Tx;

/// The records that are remembered at most until they are written; what is beyond that is not noted. A bound on memory
/// is worth more than the minute of a use.
const MOST_REMEMBERED: usize = 100_000;

/// The uses since they were last written.
#[derive(Debug)]
pub struct Usage<Id>(Mutex<HashMap<Id, Timestamp>>);

impl<Id> Default for Usage<Id> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<Id: Copy + Ord + Hash> Usage<Id> {
    /// Notes that a record is used. What could not be written is put back the same way.
    pub fn note(&self, id: Id, now: Timestamp) {
        let mut used = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if used.len() < MOST_REMEMBERED || used.contains_key(&id) {
            used.entry(id).and_modify(|at| *at = now.max(*at)).or_insert(now);
        }
    }

    /// Takes out what is to be written, in the order of the ids: servers that write at once lock rows in one order.
    pub fn take(&self) -> Vec<(Id, Timestamp)> {
        let used = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        let mut used: Vec<_> = used.into_iter().collect();
        used.sort_unstable();
        used
    }
}

/// Writes some of what [`Usage::take`] gave, for clients.
///
/// # Errors
/// What the database says.
pub fn write_clients(tx: &mut Tx<'_>, used: &[(ClientId, Timestamp)]) -> Result<(), StoreError> {
    used.iter().try_for_each(|(client, at)| tx.clients().note_use(*client, *at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_back_does_not_hide_a_later_use() {
        let (usage, at) = (Usage::default(), Timestamp::from_millis);
        let [first, second] = [1, 2].map(|millis| ClientId::new(at(millis), [0; 10]));
        usage.note(second, at(10));
        usage.note(first, at(20));
        let taken = usage.take();
        assert_eq!(taken, [(first, at(20)), (second, at(10))]);
        usage.note(first, at(30));
        taken.iter().for_each(|(key, at)| usage.note(*key, *at));
        assert_eq!(usage.take(), [(first, at(30)), (second, at(10))]);
    }
}
