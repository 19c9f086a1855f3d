//! What was told of late, in a bounded memory; and who is being asked about right now, so that a burst of requests with
//! one credential is one question.

use std::collections::HashMap;
use std::mem;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::time::Duration;
use std::time::Instant;

use tokio::sync::watch;

use crate::principal::identity::Identity;
use crate::principal::resolve::Unresolved;

/// The hash of a credential and of what else its answer depends on; the credential itself is not kept.
pub(super) type Key = [u8; 32];

/// What came of a question.
pub(super) type Outcome = Result<Arc<Identity>, Unresolved>;

/// Where a question's outcome will stand.
pub(super) type Awaited = watch::Receiver<Option<Outcome>>;

/// What the memory says about a credential.
pub(super) enum Looked {
    /// Who it is.
    Known(Arc<Identity>),
    /// It is being asked about: its outcome will stand there.
    UnderWay(Awaited),
    /// It has to be asked about, and what comes of it to be handed to [`Memory::settle`].
    Ask(Question, Awaited),
}

/// A question that is under way.
pub(super) struct Question {
    key: Key,
    begun: Instant,
    tell: watch::Sender<Option<Outcome>>,
}

/// The memory. Only good answers are kept, each for `lifetime` from when it was asked for.
///
/// There are two halves. Where the younger is full the older goes, and the younger takes its place: so what is there is
/// bounded, and nothing has to be looked through to make room.
pub(super) struct Memory {
    lifetime: Duration,
    half: usize,
    halves: Mutex<Halves>,
}

#[derive(Default)]
struct Halves {
    younger: HashMap<Key, Entry>,
    older: HashMap<Key, Entry>,
    under_way: HashMap<Key, (Instant, Awaited)>,
}

struct Entry {
    identity: Arc<Identity>,
    until: Instant,
}

impl Memory {
    /// A memory of `at_most` answers.
    pub(super) fn new(at_most: usize, lifetime: Duration) -> Self {
        Self { lifetime, half: (at_most / 2).max(1), halves: Mutex::default() }
    }

    /// What is known of `key`. An answer that was asked for `lifetime` ago or earlier is not: with no lifetime at all,
    /// each request asks for itself.
    pub(super) fn look(&self, key: &Key, now: Instant) -> Looked {
        let mut halves = self.lock();
        let known = halves.younger.get(key).or_else(|| halves.older.get(key));
        if let Some(entry) = known.filter(|entry| now < entry.until) {
            return Looked::Known(Arc::clone(&entry.identity));
        }
        if let Some((begun, awaited)) = halves.under_way.get(key)
            && now.saturating_duration_since(*begun) < self.lifetime
        {
            return Looked::UnderWay(awaited.clone());
        }
        let (tell, awaited) = watch::channel(None);
        if !self.lifetime.is_zero() {
            halves.under_way.insert(*key, (now, awaited.clone()));
        }
        Looked::Ask(Question { key: *key, begun: now, tell }, awaited)
    }

    /// Tells everybody who waits what came of a question, and remembers a good answer; no longer than for `ends_in`,
    /// where the credential ends by itself.
    pub(super) fn settle(&self, question: Question, outcome: Outcome, ends_in: Option<Duration>) {
        let lifetime = ends_in.map_or(self.lifetime, |ends_in| ends_in.min(self.lifetime));
        {
            let mut halves = self.lock();
            if let Ok(identity) = &outcome
                && !lifetime.is_zero()
            {
                let entry = Entry { identity: Arc::clone(identity), until: question.begun + lifetime };
                halves.keep(question.key, entry, self.half);
            }
            halves.forget_question(&question);
        }
        question.tell.send_replace(Some(outcome));
    }

    fn lock(&self) -> MutexGuard<'_, Halves> {
        // Whoever panicked in here left nothing half done.
        self.halves.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Halves {
    fn keep(&mut self, key: Key, entry: Entry, half: usize) {
        if self.younger.len() >= half && !self.younger.contains_key(&key) {
            self.older = mem::take(&mut self.younger);
        }
        self.younger.insert(key, entry);
    }

    /// Another question about the same may have been begun since.
    fn forget_question(&mut self, question: &Question) {
        let its = question.tell.subscribe();
        if self.under_way.get(&question.key).is_some_and(|(_, awaited)| awaited.same_channel(&its)) {
            self.under_way.remove(&question.key);
        }
    }
}
