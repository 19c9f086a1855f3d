//! Whom a memory that is full lets in: who has come before. What is presented once and never again would push out what is
//! used, and cost both the making and the clearing away.

use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering;

use quick_cache::Lifecycle;

/// Who came lately, as far as four bytes for each tell; whoever shares a place with another one takes it.
#[derive(Debug)]
pub struct Regulars {
    is_full: AtomicBool,
    places: usize,
    /// Made when they are needed for the first time.
    seen: OnceLock<Box<[AtomicU32]>>,
}

impl Regulars {
    /// Those of a memory of `most`.
    pub fn of(most: usize) -> Self {
        Self { is_full: AtomicBool::new(false), places: most.max(1), seen: OnceLock::new() }
    }

    /// The memory had to forget something to remember something else.
    fn note_full(&self) {
        self.is_full.store(true, Ordering::Relaxed);
    }

    /// Whether to remember what has this hash: whatever comes while there is room, and then what came before.
    pub fn let_in(&self, hash: &[u8; 32]) -> bool {
        if !self.is_full.load(Ordering::Relaxed) {
            return true;
        }
        let seen = self.seen.get_or_init(|| std::iter::repeat_with(AtomicU32::default).take(self.places).collect());
        let place = hash[8..].first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes));
        let mark = hash[16..].first_chunk().map_or(0, |bytes| u32::from_le_bytes(*bytes));
        let place = usize::try_from(place % seen.len() as u64).unwrap_or_default();
        // Nobody is known by 0, with which the places begin.
        let mark = mark | 1;
        seen[place].swap(mark, Ordering::Relaxed) == mark
    }
}

/// Notes that something was forgotten for something else.
#[derive(Debug, Clone)]
pub struct Leaving(pub Arc<Regulars>);

impl<K, V> Lifecycle<K, V> for Leaving {
    /// What was forgotten, so that it is dropped when nothing is locked any more; seldom more than one.
    type RequestState = [Option<V>; 2];

    fn on_evict(&self, gone: &mut Self::RequestState, _: K, value: V) {
        self.0.note_full();
        if let Some(room) = gone.iter_mut().find(|room| room.is_none()) {
            *room = Some(value);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::hash::RandomState;

    use quick_cache::UnitWeighter;
    use quick_cache::sync::Cache;

    use super::*;

    fn hash(of: u8) -> [u8; 32] {
        std::array::from_fn(|place| of.wrapping_mul(31).wrapping_add(u8::try_from(place).unwrap_or_default()))
    }

    #[test]
    fn everybody_is_let_in_while_there_is_room_and_then_who_comes_again() {
        let regulars = Regulars::of(1_000);
        assert!(regulars.let_in(&hash(1)));
        regulars.note_full();
        for new in 1..100 {
            assert!(!regulars.let_in(&hash(new)), "{new}");
        }
        assert!(regulars.let_in(&hash(99)) && regulars.let_in(&hash(99)));
    }

    #[test]
    fn a_memory_is_full_when_it_has_to_forget() {
        let regulars = Arc::new(Regulars::of(100));
        let leaving = Leaving(Arc::clone(&regulars));
        let memory = Cache::with(100, 100, UnitWeighter, RandomState::default(), leaving);
        memory.insert(0, "first");
        assert!(regulars.let_in(&hash(1)));
        (1..1_000).for_each(|number| memory.insert(number, "another"));
        assert!(!regulars.let_in(&hash(1)) && regulars.let_in(&hash(1)));
    }

    #[test]
    fn who_has_the_place_of_another_is_a_stranger_again() {
        let regulars = Regulars::of(1);
        regulars.note_full();
        assert!(!regulars.let_in(&hash(1)) && !regulars.let_in(&hash(2)) && !regulars.let_in(&hash(1)));
    }
}
