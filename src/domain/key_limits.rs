//! How often an API key is used. Each server takes a share of a window's requests from the database and lets requests
//! pass on that; so a key is never used more often than its limits say, on however many servers, and few requests wait
//! for the database.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::PoisonError;

use crate::model::id::ApiKeyId;
use crate::model::key_limits::KeyLimit;
use crate::model::key_limits::KeyLimits;
use crate::model::time::Lifetime;
use crate::model::time::Timestamp;
use crate::store::StoreError;
use crate::store::Tx;

/// A share is a sixteenth of a window's requests, and no more than half of what is left.
const SHARES: i64 = 16;
/// Above so many windows in memory, those that have ended are forgotten.
const MANY: usize = 10_000;

/// What this server has of each key's windows.
#[derive(Debug, Default)]
pub struct Shares(Mutex<HashMap<(ApiKeyId, String), Share>>);

#[derive(Debug, Clone)]
struct Share {
    limit: KeyLimit,
    began: Timestamp,
    /// What this server may still let pass.
    left: i64,
    /// What nobody had taken when the database was asked last.
    untaken: i64,
}

/// Whether a request passes.
#[derive(Debug, PartialEq, Eq)]
pub enum Spent {
    /// It does.
    Passes(Vec<Remaining>),
    /// It does not, until then.
    Over {
        /// The window that is full.
        name: String,
        /// How long it runs.
        retry_after: Lifetime,
        /// How all windows stand.
        windows: Vec<Remaining>,
    },
    /// The database has to be asked for a share of these windows.
    Ask(Vec<KeyLimit>),
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

/// What the database gave of a window.
#[derive(Debug, Clone)]
pub struct Taken {
    limit: KeyLimit,
    began: Timestamp,
    share: i64,
    untaken: i64,
}

impl Shares {
    /// Takes one request of each window of `key`, or none of any.
    pub fn spend(&self, key: ApiKeyId, limits: &KeyLimits, now: Timestamp) -> Spent {
        let mut shares = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut ask = Vec::new();
        for limit in limits.iter() {
            let share = shares.get(&(key, limit.name.clone())).filter(|share| share.is_of(limit, now));
            match share {
                Some(share) if share.left > 0 => {}
                Some(share) if share.untaken <= 0 => {
                    let windows = remaining(&shares, key, limits, now);
                    return Spent::Over { name: limit.name.clone(), retry_after: limit.ends(now).since(now), windows };
                }
                _ => ask.push(limit.clone()),
            }
        }
        if !ask.is_empty() {
            return Spent::Ask(ask);
        }
        for limit in limits.iter() {
            if let Some(share) = shares.get_mut(&(key, limit.name.clone())) {
                share.left -= 1;
            }
        }
        Spent::Passes(remaining(&shares, key, limits, now))
    }

    /// Adds what [`take`] gave.
    pub fn add(&self, key: ApiKeyId, taken: Vec<Taken>, now: Timestamp) {
        let mut shares = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if shares.len() > MANY {
            shares.retain(|_, share| !(share.began + share.limit.window).is_past(now));
        }
        for taken in taken {
            let name = (key, taken.limit.name.clone());
            match shares.get_mut(&name).filter(|share| share.limit == taken.limit && share.began == taken.began) {
                Some(share) => {
                    share.left += taken.share;
                    share.untaken = taken.untaken;
                }
                None => {
                    let Taken { limit, began, share: left, untaken } = taken;
                    shares.insert(name, Share { limit, began, left, untaken });
                }
            }
        }
    }

    /// Takes out what this server has left, to give it back when it stops.
    pub fn drain(&self) -> Vec<(ApiKeyId, String, Timestamp, i64)> {
        let shares = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        let left = shares.into_iter().filter(|(_, share)| share.left > 0);
        let mut left: Vec<_> = left.map(|((key, name), share)| (key, name, share.began, share.left)).collect();
        left.sort_unstable();
        left
    }
}

impl Share {
    fn is_of(&self, limit: &KeyLimit, now: Timestamp) -> bool {
        self.limit == *limit && self.began >= limit.began(now)
    }
}

fn remaining(
    shares: &HashMap<(ApiKeyId, String), Share>,
    key: ApiKeyId,
    limits: &KeyLimits,
    now: Timestamp,
) -> Vec<Remaining> {
    let of = |limit: &KeyLimit| {
        let share = shares.get(&(key, limit.name.clone())).filter(|share| share.is_of(limit, now));
        let requests = share.map_or(0, |share| (share.left + share.untaken).max(0));
        Remaining { limit: limit.clone(), requests, ends_in: limit.ends(now).since(now) }
    };
    limits.iter().map(of).collect()
}

/// Takes a share of each of these windows; none where it is full.
///
/// # Errors
/// What the database says.
pub fn take(tx: &mut Tx<'_>, key: ApiKeyId, limits: &[KeyLimit], now: Timestamp) -> Result<Vec<Taken>, StoreError> {
    if !tx.key_uses().hold(key)? {
        return Ok(Vec::new());
    }
    let mut all = Vec::new();
    for limit in limits {
        // Another server's clock may be ahead: then its window is the one that runs.
        let stored = tx.key_uses().window(key, &limit.name)?.filter(|(began, _)| *began >= limit.began(now));
        let (began, taken) = stored.unwrap_or((limit.began(now), 0));
        let most = i64::from(limit.requests.get());
        let left = (most - taken).max(0);
        let share = (most / SHARES).min(left / 2).max(1).min(left);
        if share > 0 {
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
