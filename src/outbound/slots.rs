//! So many requests at once and no more, in all and to one host.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;

use tokio::sync::OwnedSemaphorePermit;
use tokio::sync::Semaphore;

/// Requests at once, in all.
const OVERALL: usize = 32;
/// Requests at once to one host, so that nobody makes us a nuisance to others.
const ONE_HOST: usize = 2;

/// Places for requests that are under way.
pub(super) struct Slots {
    overall: Arc<Semaphore>,
    hosts: Mutex<HashMap<String, Arc<Semaphore>>>,
}

/// A place; free again when it is dropped.
pub(super) struct Slot<'a> {
    slots: &'a Slots,
    host: &'a str,
    taken: Option<(OwnedSemaphorePermit, OwnedSemaphorePermit)>,
}

impl Slots {
    pub(super) fn new() -> Self {
        Self { overall: Arc::new(Semaphore::new(OVERALL)), hosts: Mutex::default() }
    }

    /// Waits for a place for a request to `host`: its own first, so that those who wait for a slow host take nothing
    /// from others.
    pub(super) async fn take<'a>(&'a self, host: &'a str) -> Slot<'a> {
        let of_host = {
            let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
            let semaphore = hosts.entry(host.to_owned()).or_insert_with(|| Arc::new(Semaphore::new(ONE_HOST)));
            Arc::clone(semaphore)
        };
        // Made before anything is waited for, so that whoever gives up cleans up as well.
        let mut slot = Slot { slots: self, host, taken: None };
        if let Ok(host) = of_host.acquire_owned().await
            && let Ok(overall) = Arc::clone(&self.overall).acquire_owned().await
        {
            slot.taken = Some((host, overall));
        }
        slot
    }
}

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        self.taken = None;
        let mut hosts = self.slots.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        // Whoever waits or works holds the semaphore too; the last one takes the entry away.
        if hosts.get(self.host).is_some_and(|semaphore| Arc::strong_count(semaphore) == 1) {
            hosts.remove(self.host);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;

    use super::*;

    const SOON: Duration = Duration::from_millis(20);

    #[tokio::test]
    async fn a_host_has_two_places_and_leaves_nothing_behind() {
        let slots = Slots::new();
        let one = slots.take("a").await;
        let two = slots.take("a").await;
        assert!(timeout(SOON, slots.take("a")).await.is_err());
        assert!(timeout(SOON, slots.take("b")).await.is_ok());
        drop(one);
        assert!(timeout(SOON, slots.take("a")).await.is_ok());
        drop(two);
        assert!(slots.hosts.lock().unwrap().is_empty());
    }

    #[tokio::test]
    async fn all_hosts_together_have_their_number() {
        let slots = Slots::new();
        let hosts: Vec<String> = (0..OVERALL).map(|host| host.to_string()).collect();
        let mut taken = Vec::new();
        for host in &hosts {
            taken.push(slots.take(host).await);
        }
        assert!(timeout(SOON, slots.take("another")).await.is_err());
        taken.pop();
        assert!(timeout(SOON, slots.take("another")).await.is_ok());
        assert_eq!(slots.hosts.lock().unwrap().len(), OVERALL - 1);
    }
}
