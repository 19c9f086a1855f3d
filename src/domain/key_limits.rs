//! How often an API key is used. Each server takes a share of a window's requests from the database and lets requests
//! pass on that; so a key is never used more often than its limits say, on however many servers, and few requests wait
//! for the database.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;

use crate::model::id::ApiKeyId;
use crate::model::key_limits::KeyLimit;
use crate::model::key_limits::KeyLimits;
use crate::model::time::Lifetime;
use crate::model::time::Timestamp;
use crate::store::Store;
use crate::store::StoreError;
use crate::store::Tx;

/// A share is a sixteenth of a window's requests, and no more than half of what is left.
const SHARES: i64 = 16;
/// So many requests ask for shares at once, each of another key.
const LANES: usize = 32;
/// A request asks for a share of each window that has none here. More often it only asks while its key's limits are
/// being changed.
const TRIES: usize = 8;
/// A full window is asked about again after this time: a server that stopped may have given some of it back.
const FULL: Lifetime = Lifetime::from_seconds(5);
/// Above so many windows in memory, those that have ended are forgotten.
const MANY: usize = 10_000;
/// The most windows in memory. Names of limits can be made up, so their number has no bound of its own.
const AT_MOST: usize = 100_000;

/// What this server has of each key's windows.
#[derive(Debug, Default)]
pub struct Shares {
    held: Mutex<Held>,
    asking: [tokio::sync::Mutex<()>; LANES],
}

#[derive(Debug, Default)]
struct Held {
    windows: HashMap<(ApiKeyId, String), Share>,
    /// How many windows there were when those that had ended were last forgotten.
    kept: usize,
}

#[derive(Debug, Clone)]
struct Share {
    limit: KeyLimit,
    began: Timestamp,
    /// What this server may still let pass.
    left: i64,
    /// What nobody had taken when the database was asked last.
    untaken: i64,
    /// When that was.
    asked_at: Timestamp,
}

/// Whether a request passes.
#[derive(Debug, PartialEq, Eq)]
pub enum Spent {
    /// It does.
    Passes(Vec<Remaining>),
    /// It does not, until then.
    Over {
        /// The window that is full; of several the one that ends last.
        name: String,
        /// How long it runs.
        retry_after: Lifetime,
        /// How all windows stand.
        windows: Vec<Remaining>,
    },
}

/// How a window stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remaining {
    /// The limit.
    pub limit: KeyLimit,
    /// How many more requests would pass, as far as this server knows.
    pub requests: i64,
    /// When the window ends.
    pub ends_in: Lifetime,
}

/// A window that the database is asked for a share of.
#[derive(Debug, Clone)]
struct Wanted {
    limit: KeyLimit,
    /// What is left here of a limit of this name that is another by now, and when that window began.
    unused: Option<(Timestamp, i64)>,
}

/// What the database gave of a window.
#[derive(Debug, Clone)]
struct Taken {
    limit: KeyLimit,
    began: Timestamp,
    share: i64,
    untaken: i64,
}

impl Shares {
    /// Takes one request of each window of `key`, or none of any; `None` where the database has to be asked.
    pub fn try_spend(&self, key: ApiKeyId, limits: &KeyLimits, now: Timestamp) -> Option<Spent> {
        self.held().spend(key, limits, now).ok()
    }

    /// The same, with a share of the database's where there is none here. It must be let run to its end: what was taken
    /// and not noted here would be lost to everybody until the window ends.
    ///
    /// # Errors
    /// What the database says.
    pub async fn spend(
        &self,
        store: &Store,
        key: ApiKeyId,
        limits: &KeyLimits,
        now: Timestamp,
    ) -> Result<Spent, StoreError> {
        // One request at a time asks; those that wait meanwhile live on what it got.
        let lane = usize::from(key.as_bytes().last().copied().unwrap_or_default()) % LANES;
        let _asking = self.asking[lane].lock().await;
        let mut taken = Vec::new();
        for _ in 0..TRIES {
            let wanted = {
                let mut held = self.held();
                held.add(key, std::mem::take(&mut taken), now);
                match held.spend(key, limits, now) {
                    Ok(spent) => return Ok(spent),
                    Err(dry) => held.give_up(key, dry),
                }
            };
            taken = store.write(move |tx| take(tx, key, &wanted, now)).await?;
            if taken.is_empty() {
                break;
            }
        }
        let windows = self.held().remaining(key, limits, now);
        let name = limits.iter().next().map(|limit| limit.name.clone()).unwrap_or_default();
        Ok(Spent::Over { name, retry_after: Lifetime::from_seconds(1), windows })
    }

    /// Takes out what this server has left, to give it back when it stops.
    pub fn drain(&self) -> Vec<(ApiKeyId, String, Timestamp, i64)> {
        let windows = std::mem::take(&mut self.held().windows);
        let left = windows.into_iter().filter(|(_, share)| share.left > 0);
        let mut left: Vec<_> = left.map(|((key, name), share)| (key, name, share.began, share.left)).collect();
        left.sort_unstable();
        left
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    /// Takes one request of each window, or none of any; `Err` with those that there is no share of.
    fn spend(&mut self, key: ApiKeyId, limits: &KeyLimits, now: Timestamp) -> Result<Spent, Vec<KeyLimit>> {
        let mut dry = Vec::new();
        let mut full: Option<&KeyLimit> = None;
        for limit in limits.iter() {
            match self.share(key, limit, now) {
                Some(share) if share.left > 0 => {}
                Some(share) if share.is_full(now) => {
                    full = full.into_iter().chain([limit]).max_by_key(|limit| limit.ends(now));
                }
                _ => dry.push(limit.clone()),
            }
        }
        if let Some(limit) = full {
            let (name, windows) = (limit.name.clone(), self.remaining(key, limits, now));
            return Ok(Spent::Over { name, retry_after: limit.ends(now).since(now), windows });
        }
        if !dry.is_empty() {
            return Err(dry);
        }
        for limit in limits.iter() {
            if let Some(share) = self.windows.get_mut(&(key, limit.name.clone())) {
                share.left -= 1;
            }
        }
        Ok(Spent::Passes(self.remaining(key, limits, now)))
    }

    /// Gives up what is here of other limits by the names of these, which are what to ask for.
    fn give_up(&mut self, key: ApiKeyId, dry: Vec<KeyLimit>) -> Vec<Wanted> {
        let wanted = |limit: KeyLimit| {
            let name = (key, limit.name.clone());
            let is_other = self.windows.get(&name).is_some_and(|share| share.limit != limit);
            let other = if is_other { self.windows.remove(&name) } else { None };
            Wanted { limit, unused: other.map(|share| (share.began, share.left)) }
        };
        dry.into_iter().map(wanted).collect()
    }

    fn add(&mut self, key: ApiKeyId, taken: Vec<Taken>, now: Timestamp) {
        // Not at each request: where many windows run on, there is little to forget.
        if self.windows.len() > MANY.max(self.kept.saturating_mul(2)) {
            self.windows.retain(|_, share| !(share.began + share.limit.window).is_past(now));
            self.kept = self.windows.len();
        }
        // What is left of other keys' shares counts as used then; that is better than memory without a bound.
        if self.windows.len() > AT_MOST {
            self.windows.clear();
            self.kept = 0;
        }
        for Taken { limit, began, share, untaken } in taken {
            let name = (key, limit.name.clone());
            match self.windows.get_mut(&name).filter(|known| known.limit == limit && known.began == began) {
                Some(known) => {
                    known.left += share;
                    known.untaken = untaken;
                    known.asked_at = now;
                }
                None => {
                    self.windows.insert(name, Share { limit, began, left: share, untaken, asked_at: now });
                }
            }
        }
    }

    fn share(&self, key: ApiKeyId, limit: &KeyLimit, now: Timestamp) -> Option<&Share> {
        let share = self.windows.get(&(key, limit.name.clone()))?;
        // Another server's clock may be ahead: then its window is the one that runs.
        (share.limit == *limit && share.began >= limit.began(now)).then_some(share)
    }

    fn remaining(&self, key: ApiKeyId, limits: &KeyLimits, now: Timestamp) -> Vec<Remaining> {
        let of = |limit: &KeyLimit| {
            let share = self.share(key, limit, now);
            let requests = share.map_or(0, |share| (share.left + share.untaken).max(0));
            Remaining { limit: limit.clone(), requests, ends_in: limit.ends(now).since(now) }
        };
        limits.iter().map(of).collect()
    }
}

impl Share {
    /// Whether nothing is left of it, here or in the database.
    fn is_full(&self, now: Timestamp) -> bool {
        self.left <= 0 && self.untaken <= 0 && now < self.asked_at + FULL
    }
}

/// Takes a share of each of these windows; none of one that is full, and nothing at all where the key is gone.
fn take(tx: &mut Tx<'_>, key: ApiKeyId, wanted: &[Wanted], now: Timestamp) -> Result<Vec<Taken>, StoreError> {
    if !tx.key_uses().hold(key)? {
        return Ok(Vec::new());
    }
    let mut all = Vec::new();
    for Wanted { limit, unused } in wanted {
        let stored = tx.key_uses().window(key, &limit.name)?;
        let stored = stored.map(|(began, taken)| match unused {
            Some((of, left)) if *of == began => (began, (taken - left).max(0)),
            _ => (began, taken),
        });
        // Another server's clock may be ahead: then its window is the one that runs.
        let running = stored.filter(|(began, _)| *began >= limit.began(now));
        let (began, taken) = running.unwrap_or((limit.began(now), 0));
        let most = i64::from(limit.requests.get());
        let left = (most - taken).max(0);
        let share = (most / SHARES).min(left / 2).max(1).min(left);
        if share > 0 || unused.is_some() {
            tx.key_uses().set_window(key, &limit.name, began, taken + share)?;
        }
        all.push(Taken { limit: limit.clone(), began, share, untaken: left - share });
    }
    Ok(all)
}

/// Gives back some of what [`Shares::drain`] gave.
///
/// # Errors
/// What the database says.
pub fn give_back(tx: &mut Tx<'_>, left: &[(ApiKeyId, String, Timestamp, i64)]) -> Result<(), StoreError> {
    for (key, name, began, left) in left {
        if !tx.key_uses().hold(*key)? {
            continue;
        }
        let stored = tx.key_uses().window(*key, name)?;
        if let Some((_, taken)) = stored.filter(|(at, _)| at == began) {
            tx.key_uses().set_window(*key, name, *began, (taken - left).max(0))?;
        }
    }
    Ok(())
}
