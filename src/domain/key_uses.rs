//! How API keys are used: gathered in memory and written once a minute, so that no request waits for it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Mutex;
use std::sync::PoisonError;

use crate::model::id::ApiKeyId;
use crate::model::key_use::KeyCaller;
use crate::model::key_use::KeyOutcome;
use crate::model::time::Timestamp;
use crate::store::StoreError;
use crate::store::Tx;

/// The keys that are remembered at most until they are written; the uses of others are not noted. A bound on memory is
/// worth more than a minute of them.
const MOST_KEYS: usize = 100_000;
/// The callers of one key that are remembered until they are written.
const MOST_GATHERED: usize = 20;
/// The callers of one key that are kept.
const MOST_CALLERS: i64 = 50;
/// The longest name of a program that is kept, in characters.
const LONGEST_AGENT: usize = 120;
const DAY_MILLIS: i64 = 86_400_000;

/// Who made a request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Caller<'r> {
    /// The address that it came from.
    pub address: Option<IpAddr>,
    /// What the program called itself (`User-Agent`).
    pub agent: Option<Cow<'r, str>>,
}

impl<'r> Caller<'r> {
    /// A request from `address` by a program that calls itself `agent`; control characters are left out of that.
    pub fn new(address: Option<IpAddr>, agent: Option<&'r str>) -> Self {
        let agent = agent.map(|agent| {
            // Most of them stay as they are.
            if agent.len() <= LONGEST_AGENT && !agent.contains(char::is_control) {
                return Cow::Borrowed(agent);
            }
            Cow::Owned(agent.chars().filter(|c| !c.is_control()).take(LONGEST_AGENT).collect())
        });
        Self { address, agent }
    }

    /// The same, to be kept.
    pub fn into_owned(self) -> Caller<'static> {
        let agent = self.agent.map(|agent| Cow::Owned(agent.into_owned()));
        Caller { address: self.address, agent }
    }

    /// Its name among those of one key, where who says nothing of itself is one who says an empty text.
    fn is(&self, other: &Caller<'_>) -> bool {
        self.address == other.address
            && self.agent.as_deref().unwrap_or_default() == other.agent.as_deref().unwrap_or_default()
    }
}

/// The uses since they were last written.
#[derive(Debug, Default)]
pub struct KeyUses {
    gathered: Mutex<HashMap<ApiKeyId, Gathered>>,
    writing: tokio::sync::Mutex<()>,
}

/// The uses of one key.
#[derive(Debug, Clone, Default)]
pub struct Gathered {
    last: Option<(Timestamp, Caller<'static>)>,
    counts: BTreeMap<(i64, KeyOutcome), i64>,
    /// Few enough to look through them.
    callers: Vec<(Caller<'static>, KeyCaller)>,
    scopes: BTreeMap<String, Timestamp>,
}

/// The day of `at`: days since the Unix epoch, in UTC.
pub fn day(at: Timestamp) -> i64 {
    at.millis().div_euclid(DAY_MILLIS)
}

/// The date of a [`day`], such as `2026-11-24`.
pub fn date(day: i64) -> String {
    let begins = Timestamp::from_millis(day.saturating_mul(DAY_MILLIS)).to_string();
    begins.split('T').next().unwrap_or_default().to_owned()
}

impl KeyUses {
    /// Notes one use of a key and what became of it; `scopes` are those that the request needed and had.
    pub fn note(&self, key: ApiKeyId, outcome: KeyOutcome, scopes: &[&str], caller: &Caller<'_>, now: Timestamp) {
        self.with(key, |gathered| {
            *gathered.counts.entry((day(now), outcome)).or_default() += 1;
            gathered.note_scopes(scopes, now);
            if matches!(outcome, KeyOutcome::Passed | KeyOutcome::WouldFail | KeyOutcome::Introspected) {
                gathered.note_caller(outcome, caller, now);
            }
        });
    }

    /// Whoever takes something out and writes it holds this meanwhile: then what is not here any more is written for
    /// whoever holds it next.
    pub async fn writing(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.writing.lock().await
    }

    /// Notes scopes that a request needed beyond those that its route names; the request itself was noted.
    pub fn note_scopes(&self, key: ApiKeyId, scopes: &[&str], now: Timestamp) {
        self.with(key, |gathered| gathered.note_scopes(scopes, now));
    }

    /// Takes out what is to be written about one key: somebody wants to see it now.
    pub fn take_of(&self, key: ApiKeyId) -> Option<Gathered> {
        self.gathered.lock().unwrap_or_else(PoisonError::into_inner).remove(&key)
    }

    /// Takes out what is to be written, in the order of the ids: servers that write at once lock rows in one order.
    pub fn take(&self) -> Vec<(ApiKeyId, Gathered)> {
        let used = std::mem::take(&mut *self.gathered.lock().unwrap_or_else(PoisonError::into_inner));
        let mut used: Vec<_> = used.into_iter().collect();
        used.sort_unstable_by_key(|(id, _)| *id);
        used
    }

    /// Puts back what could not be written.
    pub fn put_back(&self, key: ApiKeyId, earlier: Gathered) {
        self.with(key, |gathered| gathered.add(earlier));
    }

    fn with(&self, key: ApiKeyId, change: impl FnOnce(&mut Gathered)) {
        let mut used = self.gathered.lock().unwrap_or_else(PoisonError::into_inner);
        if used.len() < MOST_KEYS || used.contains_key(&key) {
            change(used.entry(key).or_default());
        }
    }
}

impl Gathered {
    fn note_scopes(&mut self, scopes: &[&str], now: Timestamp) {
        for scope in scopes {
            match self.scopes.get_mut(*scope) {
                Some(at) => *at = now,
                None => drop(self.scopes.insert((*scope).to_owned(), now)),
            }
        }
    }

    fn note_caller(&mut self, outcome: KeyOutcome, caller: &Caller<'_>, now: Timestamp) {
        let would_fail = i64::from(outcome == KeyOutcome::WouldFail);
        if let Some((_, known)) = self.callers.iter_mut().find(|(known, _)| known.is(caller)) {
            known.uses += 1;
            known.would_fail += would_fail;
            known.last_at = now.max(known.last_at);
        } else if self.callers.len() < MOST_GATHERED {
            let address = caller.address.map(|address| address.to_string()).unwrap_or_default();
            let agent = caller.agent.as_deref().unwrap_or_default().to_owned();
            let seen = KeyCaller { address, agent, first_at: now, last_at: now, uses: 1, would_fail };
            self.callers.push((caller.clone().into_owned(), seen));
        }
        match &mut self.last {
            Some((at, _)) if *at > now => {}
            Some((at, last)) if *last == *caller => *at = now,
            last => *last = Some((now, caller.clone().into_owned())),
        }
    }

    fn add(&mut self, earlier: Gathered) {
        for (name, count) in earlier.counts {
            *self.counts.entry(name).or_default() += count;
        }
        for (scope, at) in earlier.scopes {
            let known = self.scopes.entry(scope).or_insert(at);
            *known = at.max(*known);
        }
        for (name, caller) in earlier.callers {
            match self.callers.iter_mut().find(|(known, _)| known.is(&name)) {
                Some((_, known)) => {
                    known.uses += caller.uses;
                    known.would_fail += caller.would_fail;
                    known.first_at = caller.first_at.min(known.first_at);
                    known.last_at = caller.last_at.max(known.last_at);
                }
                None => self.callers.push((name, caller)),
            }
        }
        if self.last.as_ref().is_none_or(|(at, _)| earlier.last.as_ref().is_some_and(|(before, _)| before > at)) {
            self.last = earlier.last;
        }
    }
}

/// Writes some of what [`KeyUses::take`] gave. What is about a key that was deleted meanwhile is left out.
///
/// # Errors
/// What the database says.
pub fn write(tx: &mut Tx<'_>, used: &[(ApiKeyId, Gathered)]) -> Result<(), StoreError> {
    for (key, gathered) in used {
        if !tx.key_uses().hold(*key)? {
            continue;
        }
        if let Some((at, caller)) = &gathered.last {
            let address = caller.address.map(|address| address.to_string());
            tx.key_uses().note_last(*key, *at, address.as_deref(), caller.agent.as_deref())?;
        }
        for ((day, outcome), uses) in &gathered.counts {
            tx.key_uses().count(*key, *day, *outcome, *uses)?;
        }
        for (_, caller) in &gathered.callers {
            tx.key_uses().add_caller(*key, caller, MOST_CALLERS)?;
        }
        for (scope, at) in &gathered.scopes {
            tx.key_uses().note_scope(*key, scope, *at)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_back_is_added_to_what_came_meanwhile() {
        let at = Timestamp::from_millis;
        let key = ApiKeyId::new(at(1), [0; 10]);
        let caller = |agent| Caller::new(None, Some(agent));
        let uses = KeyUses::default();
        uses.note(key, KeyOutcome::Passed, &["read"], &caller("curl\u{7}"), at(10));
        let taken = uses.take();
        uses.note(key, KeyOutcome::WouldFail, &["read", "write"], &caller("curl"), at(20));
        for (key, earlier) in taken {
            uses.put_back(key, earlier);
        }
        let (_, gathered) = uses.take().remove(0);
        assert_eq!(gathered.counts.values().sum::<i64>(), 2);
        assert_eq!(gathered.callers.len(), 1);
        let (_, curl) = &gathered.callers[0];
        assert_eq!((curl.uses, curl.would_fail, curl.first_at, curl.last_at), (2, 1, at(10), at(20)));
        assert_eq!(gathered.last.map(|(at, _)| at), Some(at(20)));
        assert_eq!(gathered.scopes.into_values().collect::<Vec<_>>(), [at(20), at(20)]);
    }
}
