//! Refusals on their way to the database. Nobody waits for them, and there is a bound to what waits, to how many come in a
//! second, and to how many of these one network may cause: whoever makes a million mistakes fills neither memory nor
//! disk, and pushes nobody else's out.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;

use crate::model::refusal::RefusedCall;

/// The most that wait. It is more than come in a second, for the database may be slow for a while.
const MOST_WAITING: usize = 2_000;
/// The most that are taken in between two writes, which are a second apart.
const MOST_AT_ONCE: usize = 200;
/// How many of these may come from one network.
const MOST_OF_ONE: u32 = 20;

/// What waits to be written.
#[derive(Debug, Default)]
pub struct Waiting {
    gathered: Mutex<Gathered>,
    writing: tokio::sync::Mutex<()>,
}

#[derive(Debug, Default)]
struct Gathered {
    calls: Vec<RefusedCall>,
    taken_in: usize,
    of_networks: HashMap<String, u32>,
}

impl Waiting {
    fn lock(&self) -> MutexGuard<'_, Gathered> {
        self.gathered.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether there is room for one more from `network`; takes it if so. To be asked first, for what is not kept need
    /// not be put into words.
    pub fn admit(&self, network: &str) -> bool {
        let mut gathered = self.lock();
        if gathered.taken_in >= MOST_AT_ONCE || gathered.calls.len() >= MOST_WAITING {
            return false;
        }
        match gathered.of_networks.get_mut(network) {
            Some(count) if *count >= MOST_OF_ONE => return false,
            Some(count) => *count += 1,
            None => drop(gathered.of_networks.insert(network.to_owned(), 1)),
        }
        gathered.taken_in += 1;
        true
    }

    /// Adds one that was admitted.
    pub fn add(&self, call: RefusedCall) {
        self.lock().calls.push(call);
    }

    /// Whoever takes something out and writes it holds this meanwhile: then what is not here any more is written for
    /// whoever holds it next.
    pub async fn writing(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.writing.lock().await
    }

    /// Takes out what is to be written.
    pub fn take(&self) -> Vec<RefusedCall> {
        let mut gathered = self.lock();
        std::mem::take(&mut gathered.calls)
    }

    /// A new second has begun.
    pub fn begin_second(&self) {
        let mut gathered = self.lock();
        gathered.taken_in = 0;
        gathered.of_networks.clear();
    }

    /// Puts back what could not be written, as far as there is room; returns how many there was none for.
    pub fn put_back(&self, mut earlier: Vec<RefusedCall>) -> usize {
        let mut gathered = self.lock();
        let later = std::mem::take(&mut gathered.calls);
        earlier.extend(later);
        // The newest are looked for most.
        let too_many = earlier.len().saturating_sub(MOST_WAITING);
        gathered.calls = earlier.split_off(too_many);
        too_many
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::id::CallId;
    use crate::model::time::Timestamp;

    fn call(number: i64) -> RefusedCall {
        RefusedCall {
            id: CallId::new(Timestamp::from_millis(number), [0; 10]),
            at: Timestamp::from_millis(number),
            surface: "api".to_owned(),
            method: "GET".to_owned(),
            route: "/api/v1/me".to_owned(),
            status: 401,
            client: None,
            user: None,
            credential: None,
            address: None,
            failed: "key_known".to_owned(),
            checks: Vec::new(),
        }
    }

    #[test]
    fn one_network_pushes_nobody_elses_out() {
        let waiting = Waiting::default();
        let admitted = (0..10_000).filter(|_| waiting.admit("192.0.2.1")).count();
        assert_eq!(admitted, 20);
        assert!(waiting.admit("192.0.2.2"));
        let others = (0..10_000).filter(|number| waiting.admit(&format!("n{number}"))).count();
        assert_eq!(others, MOST_AT_ONCE - 21);
        waiting.begin_second();
        assert!(waiting.admit("192.0.2.1"));
    }

    #[test]
    fn what_cannot_be_written_waits_within_a_bound() {
        let waiting = Waiting::default();
        let mut lost = 0;
        for second in 0..20 {
            (0..MOST_AT_ONCE).for_each(|number| {
                if waiting.admit(&number.to_string()) {
                    waiting.add(call(second * 1_000 + i64::try_from(number).unwrap()));
                }
            });
            lost += waiting.put_back(waiting.take());
            waiting.begin_second();
        }
        let kept = waiting.take();
        assert!(kept.len() <= MOST_WAITING && lost == 0, "{} {lost}", kept.len());
        let mut more = vec![call(1); MOST_WAITING];
        more.push(call(2));
        assert_eq!(waiting.put_back(more), 1);
    }
}
