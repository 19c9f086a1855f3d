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
            // Whoever should answer may be gone.
            && awaited.has_changed().is_ok()
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

#[cfg(test)]
mod tests {
    use super::super::instant;
    use super::*;
    use crate::model::resource::Resources;
    use crate::principal::identity::ShownBy;
    use crate::principal::identity::Subject;

    const SECOND: Duration = Duration::from_secs(1);

    fn identity(client_id: &str) -> Arc<Identity> {
        let token = ShownBy::AccessToken {
            client_id: client_id.to_owned(),
            resources: Resources::default(),
            key: None,
            actor: None,
            authorization_details: None,
        };
        Arc::new(Identity {
            subject: Subject::Client { client_id: client_id.to_owned() },
            roles: Default::default(),
            scopes: Default::default(),
            full_access: false,
            shown_by: token,
            expires_at: None,
        })
    }

    fn key(number: u8) -> Key {
        [number; 32]
    }

    fn ask(memory: &Memory, number: u8, now: Instant) -> (Question, Awaited) {
        match memory.look(&key(number), now) {
            Looked::Ask(question, awaited) => (question, awaited),
            Looked::Known(_) | Looked::UnderWay(_) => panic!("{number} need not be asked about"),
        }
    }

    fn learn(memory: &Memory, number: u8, now: Instant) {
        let (question, _) = ask(memory, number, now);
        memory.settle(question, Ok(identity("a")), None);
    }

    fn is_known(memory: &Memory, number: u8, now: Instant) -> bool {
        matches!(memory.look(&key(number), now), Looked::Known(_))
    }

    #[test]
    fn a_good_answer_is_remembered_from_when_it_was_asked_for() {
        let (memory, start) = (Memory::new(10, 5 * SECOND), instant());
        // However long the answer took: what it says was true when it was asked for.
        learn(&memory, 1, start);
        assert!(is_known(&memory, 1, start + 5 * SECOND - Duration::from_millis(1)));
        assert!(!is_known(&memory, 2, start));
        assert!(!is_known(&memory, 1, start + 5 * SECOND));
    }

    #[test]
    fn no_answer_outlives_its_credential() {
        let (memory, start) = (Memory::new(10, 5 * SECOND), instant());
        let (question, _) = ask(&memory, 1, start);
        memory.settle(question, Ok(identity("a")), Some(2 * SECOND));
        assert!(is_known(&memory, 1, start + SECOND));
        assert!(!is_known(&memory, 1, start + 2 * SECOND));
        let (question, _) = ask(&memory, 2, start);
        memory.settle(question, Ok(identity("a")), Some(Duration::ZERO));
        assert!(!is_known(&memory, 2, start));
    }

    #[test]
    fn a_refusal_and_a_failure_are_told_and_not_remembered() {
        let (memory, start) = (Memory::new(10, 5 * SECOND), instant());
        for refusal in [Unresolved::Refused, Unresolved::Unavailable("down".to_owned())] {
            let (question, awaited) = ask(&memory, 1, start);
            memory.settle(question, Err(refusal.clone()), None);
            assert_eq!(awaited.borrow().as_ref().unwrap().as_ref().unwrap_err(), &refusal);
            drop(ask(&memory, 1, start));
        }
    }

    #[test]
    fn a_burst_is_one_question_and_everybody_hears_the_answer() {
        let (memory, start) = (Memory::new(10, 5 * SECOND), instant());
        let (question, first) = ask(&memory, 1, start);
        let Looked::UnderWay(second) = memory.look(&key(1), start + SECOND) else { panic!("asked twice") };
        assert!(second.borrow().is_none());
        memory.settle(question, Ok(identity("a")), None);
        for awaited in [first, second] {
            assert_eq!(awaited.borrow().as_ref().unwrap().as_ref().unwrap().subject.id(), "a");
        }
        assert!(memory.lock().under_way.is_empty());
    }

    #[test]
    fn a_question_that_hangs_is_not_waited_for_longer_than_an_answer_would_hold() {
        let (memory, start) = (Memory::new(10, 5 * SECOND), instant());
        let (hangs, _) = ask(&memory, 1, start);
        let (second, _) = ask(&memory, 1, start + 5 * SECOND);
        // The first one's late end leaves the second where it is.
        memory.settle(hangs, Err(Unresolved::Refused), None);
        assert!(matches!(memory.look(&key(1), start + 6 * SECOND), Looked::UnderWay(_)));
        memory.settle(second, Ok(identity("a")), None);
        assert!(is_known(&memory, 1, start + 6 * SECOND));
    }

    #[test]
    fn without_a_lifetime_each_request_asks_for_itself() {
        let (memory, start) = (Memory::new(10, Duration::ZERO), instant());
        let (first, _) = ask(&memory, 1, start);
        let (second, _) = ask(&memory, 1, start);
        memory.settle(first, Ok(identity("a")), None);
        memory.settle(second, Ok(identity("a")), None);
        drop(ask(&memory, 1, start));
        let halves = memory.lock();
        assert!(halves.younger.is_empty() && halves.older.is_empty() && halves.under_way.is_empty());
    }

    #[test]
    fn no_more_is_remembered_than_was_said_and_the_latest_stays() {
        let (memory, start) = (Memory::new(20, 5 * SECOND), instant());
        for number in 0..=255 {
            learn(&memory, number, start);
            let halves = memory.lock();
            assert!(halves.younger.len() + halves.older.len() <= 20);
        }
        let known: Vec<u8> = (0..=255).filter(|number| is_known(&memory, *number, start)).collect();
        assert!(known.len() >= 10 && known.len() <= 20, "{known:?}");
        assert!((246..=255).all(|number| known.contains(&number)), "{known:?}");
    }

    #[test]
    fn whoever_waits_learns_that_nobody_will_answer() {
        let (memory, start) = (Memory::new(10, 5 * SECOND), instant());
        let (question, awaited) = ask(&memory, 1, start);
        drop(question);
        assert!(awaited.has_changed().is_err());
        // The next one asks again.
        learn(&memory, 1, start);
        assert!(is_known(&memory, 1, start));
    }
}
