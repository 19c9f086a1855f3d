//! So many requests at once and no more, in all and to one host; and of them at most half for strangers.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;

use tokio::sync::OwnedSemaphorePermit;
use tokio::sync::Semaphore;

use crate::model::client::ClientOrigin;

/// Requests at once, in all.
const OVERALL: usize = 32;
/// Of them, those for strangers: whoever is known here finds a place, whatever strangers do.
const STRANGERS: usize = OVERALL / 2;
/// Requests at once to one host, for strangers and for clients that an administrator registered each, so that nobody makes us a nuisance to others.
const ONE_HOST: usize = 2;

/// Whom a request is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Asker {
    /// A client that an administrator registered.
    Registered,
    /// Any other, and one that is not kept here at all.
    Stranger,
}

impl Asker {
    /// For a client of this origin.
    pub fn for_client(origin: ClientOrigin) -> Self {
        match origin {
            ClientOrigin::Administrator => Asker::Registered,
            ClientOrigin::SelfRegistered | ClientOrigin::MetadataDocument => Asker::Stranger,
        }
    }
}

/// Places for requests that are under way.
pub(super) struct Slots {
    overall: Arc<Semaphore>,
    strangers: Arc<Semaphore>,
    hosts: Mutex<HashMap<(String, Asker), Arc<Semaphore>>>,
}

/// A place; free again when it is dropped.
pub(super) struct Slot<'a> {
    slots: &'a Slots,
    host: (String, Asker),
    taken: Vec<OwnedSemaphorePermit>,
}

impl Slots {
    pub(super) fn new() -> Self {
        Self {
            overall: Arc::new(Semaphore::new(OVERALL)),
            strangers: Arc::new(Semaphore::new(STRANGERS)),
            hosts: Mutex::default(),
        }
    }

    /// Waits for a place for a request to `host`: its own first, so that those who wait for a slow host take nothing
    /// from others.
    pub(super) async fn take(&self, host: &str, asker: Asker) -> Slot<'_> {
        let host = (host.to_owned(), asker);
        let of_host = {
            let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
            let semaphore = hosts.entry(host.clone()).or_insert_with(|| Arc::new(Semaphore::new(ONE_HOST)));
            Arc::clone(semaphore)
        };
        // Made before anything is waited for, so that whoever gives up cleans up as well.
        let mut slot = Slot { slots: self, host, taken: Vec::new() };
        let of_asker = match asker {
            Asker::Registered => None,
            Asker::Stranger => Some(Arc::clone(&self.strangers)),
        };
        // The one that all share comes last, so that nobody holds it while they wait.
        for semaphore in [Some(of_host), of_asker, Some(Arc::clone(&self.overall))].into_iter().flatten() {
            // They are never closed, so this is no failure.
            slot.taken.extend(semaphore.acquire_owned().await);
        }
        slot
    }
}

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        self.taken.clear();
        let mut hosts = self.slots.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        // Whoever waits or works holds the semaphore too; the last one takes the entry away.
        if hosts.get(&self.host).is_some_and(|semaphore| Arc::strong_count(semaphore) == 1) {
            hosts.remove(&self.host);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;

    use super::Asker::Registered;
    use super::Asker::Stranger;
    use super::*;

    const SOON: Duration = Duration::from_millis(20);

    #[tokio::test]
    async fn a_host_has_two_places_and_leaves_nothing_behind() {
        let slots = Slots::new();
        let one = slots.take("a", Registered).await;
        let two = slots.take("a", Registered).await;
        assert!(timeout(SOON, slots.take("a", Registered)).await.is_err());
        assert!(timeout(SOON, slots.take("b", Registered)).await.is_ok());
        drop(one);
        assert!(timeout(SOON, slots.take("a", Registered)).await.is_ok());
        drop(two);
        assert!(slots.hosts.lock().unwrap().is_empty());
    }

    #[tokio::test]
    async fn all_hosts_together_have_their_number() {
        let slots = Slots::new();
        let hosts: Vec<String> = (0..OVERALL).map(|host| host.to_string()).collect();
        let mut taken = Vec::new();
        for host in &hosts {
            taken.push(slots.take(host, Registered).await);
        }
        assert!(timeout(SOON, slots.take("another", Registered)).await.is_err());
        taken.pop();
        assert!(timeout(SOON, slots.take("another", Registered)).await.is_ok());
        assert_eq!(slots.hosts.lock().unwrap().len(), OVERALL - 1);
    }

    #[tokio::test]
    async fn strangers_leave_half_of_the_places_and_a_host_s_own_to_others() {
        let slots = Slots::new();
        let hosts: Vec<String> = (0..STRANGERS).map(|host| host.to_string()).collect();
        let mut taken = Vec::new();
        for host in &hosts {
            taken.push(slots.take(host, Stranger).await);
        }
        assert!(timeout(SOON, slots.take("another", Stranger)).await.is_err());
        for host in &hosts {
            taken.push(timeout(SOON, slots.take(host, Registered)).await.unwrap());
        }
        drop(taken);
        assert!(timeout(SOON, slots.take("another", Stranger)).await.is_ok());
        assert!(slots.hosts.lock().unwrap().is_empty());
    }
}
