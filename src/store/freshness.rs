//! Whether what was read some time ago is still true. What others remember of this database is exact by this alone: a
//! transaction notes which records it changed, and before anybody learns that it is done, all that rests on them is
//! true no more.
//!
//! Each [`Mark`] has a place in a table, in which stands when something of that mark changed last. What was read holds
//! as long as no mark that it rests on, and not everything at once, changed since the moment before it was read. Two
//! records may share a place; then something is read anew for nothing.
//!
//! While a change is being committed, some see it in the database already and others remember what was before: then
//! somebody could learn of it, and after that somebody else not. So nothing holds meanwhile that rests on it.

use std::sync::OnceLock;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;

use crate::store::follow::Source;

/// How many places the table has: half a megabyte, of which the system gives only what is used.
const PLACES: usize = 1 << 16;

/// One change that is being committed, in a place: above all numbers of changes that there will ever be.
const UNDER_WAY: u64 = 1 << 48;

/// A record, by some bytes of its id or hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark(u64);

impl Mark {
    /// That of the record with this id or hash. The last bytes count, for ids begin with the time.
    pub fn of(id: &[u8]) -> Self {
        let mut bytes = [0; 8];
        for (byte, of) in bytes.iter_mut().rev().zip(id.iter().rev()) {
            *byte = *of;
        }
        Self(u64::from_be_bytes(bytes))
    }

    /// As other nodes are told.
    pub fn wire(self) -> String {
        format!("{:016x}", self.0)
    }

    /// Reads what [`Mark::wire`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        u64::from_str_radix(text, 16).ok().map(Self)
    }

    fn place(self) -> usize {
        usize::try_from(self.0 % PLACES as u64).unwrap_or_default()
    }
}

/// What a transaction changed.
#[derive(Debug, Default)]
pub struct Changes {
    /// Whether all that was remembered counts as changed: what answers of every kind rest on.
    pub everything: bool,
    /// The records that changed.
    pub marks: Vec<Mark>,
    /// Records that only this process has to know at once to have changed, or to be new: what is read of them in this very
    /// transaction may never be committed.
    pub here: Vec<Mark>,
}

impl Changes {
    /// Whether other nodes have to learn of it.
    pub fn tell_others(&self) -> bool {
        self.everything || !self.marks.is_empty()
    }

    /// Whether something of `marks` changed.
    pub fn concern(&self, marks: &[Mark]) -> bool {
        self.everything || self.marks.iter().chain(&self.here).any(|changed| marks.contains(changed))
    }

    /// Notes a record that changed.
    pub fn note(&mut self, id: &[u8]) {
        self.marks.push(Mark::of(id));
    }

    /// Notes one of which others may learn later, when they ask again.
    pub fn note_here(&mut self, id: &[u8]) {
        self.here.push(Mark::of(id));
    }

    /// Notes that something changed on which every answer rests.
    pub fn note_everything(&mut self) {
        self.everything = true;
    }
}

/// A point in the order of all changes that this process knows of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Moment(u64);

/// When what changed last. See the head of this file.
pub struct Freshness {
    latest: AtomicU64,
    everything: AtomicU64,
    places: Box<[AtomicU64]>,
    /// Where changes by others are learned of; nothing is sure before there is one.
    pub source: OnceLock<Source>,
    /// Whether something changed that other nodes have to learn of.
    has_told: AtomicBool,
}

impl Freshness {
    /// Nothing changed yet.
    pub fn new() -> Self {
        Self {
            latest: AtomicU64::new(0),
            everything: AtomicU64::new(0),
            places: std::iter::repeat_with(|| AtomicU64::new(0)).take(PLACES).collect(),
            source: OnceLock::new(),
            has_told: AtomicBool::new(false),
        }
    }

    /// Now. What is read after this is at least as new.
    pub fn moment(&self) -> Moment {
        Moment(self.latest.load(Ordering::SeqCst))
    }

    /// Whether nothing that rests on `marks` changed since `moment`, as far as this process knows.
    pub fn holds(&self, moment: Moment, marks: &[Mark]) -> bool {
        let unchanged = |place: &AtomicU64| place.load(Ordering::SeqCst) <= moment.0;
        unchanged(&self.everything) && marks.iter().all(|mark| unchanged(&self.places[mark.place()]))
    }

    /// From here on, until what is returned is dropped, nothing holds that rests on `changes`; and what was read until
    /// then holds no more. For around a commit.
    pub fn begin<'f>(&'f self, changes: &'f Changes) -> UnderWay<'f> {
        for place in self.places_of(changes) {
            place.fetch_add(UNDER_WAY, Ordering::SeqCst);
        }
        UnderWay { freshness: self, changes }
    }

    /// Makes what rests on `changes` hold no more.
    pub fn end(&self, changes: &Changes) {
        drop(self.begin(changes));
    }

    fn places_of<'f>(&'f self, changes: &'f Changes) -> impl Iterator<Item = &'f AtomicU64> {
        let marks = changes.marks.iter().chain(&changes.here).map(|mark| &self.places[mark.place()]);
        changes.everything.then_some(&self.everything).into_iter().chain(marks)
    }

    /// Whether something was ended of which others have to learn.
    pub fn has_told(&self) -> bool {
        self.has_told.load(Ordering::Relaxed)
    }

    /// Makes nothing hold that was read so far.
    pub fn end_everything(&self) {
        self.end(&Changes { everything: true, ..Changes::default() });
    }
}

/// Changes that are being committed, until it is dropped.
#[must_use = "the changes count as done when this is dropped"]
pub struct UnderWay<'f> {
    freshness: &'f Freshness,
    changes: &'f Changes,
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        if self.changes.tell_others() {
            self.freshness.has_told.store(true, Ordering::Relaxed);
        }
        for place in self.freshness.places_of(self.changes) {
            let next = self.freshness.latest.fetch_add(1, Ordering::SeqCst) + 1;
            let done = |value: u64| Some(value - value % UNDER_WAY - UNDER_WAY + (value % UNDER_WAY).max(next));
            let _always_done = place.fetch_update(Ordering::SeqCst, Ordering::SeqCst, done);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(id: &[u8]) -> Changes {
        let mut changes = Changes::default();
        changes.note(id);
        changes
    }

    #[test]
    fn what_was_read_holds_until_what_it_rests_on_changes() {
        let freshness = Freshness::new();
        let read = freshness.moment();
        let rests_on = [Mark::of(b"user"), Mark::of(b"key")];
        assert!(freshness.holds(read, &rests_on));
        freshness.end(&changed(b"somebody else"));
        assert!(freshness.holds(read, &rests_on));
        freshness.end(&changed(b"key"));
        assert!(!freshness.holds(read, &rests_on));
        assert!(freshness.holds(freshness.moment(), &rests_on));
        let read = freshness.moment();
        freshness.end_everything();
        assert!(!freshness.holds(read, &[]));
    }

    #[test]
    fn a_change_during_the_reading_counts() {
        let freshness = Freshness::new();
        let before = freshness.moment();
        freshness.end(&changed(b"user"));
        assert!(!freshness.holds(before, &[Mark::of(b"user")]));
    }

    #[test]
    fn nothing_holds_while_what_it_rests_on_is_being_changed() {
        let (freshness, change) = (Freshness::new(), changed(b"user"));
        let rests_on = [Mark::of(b"user")];
        let (first, second) = (freshness.begin(&change), freshness.begin(&change));
        let read = freshness.moment();
        assert!(!freshness.holds(read, &rests_on) && freshness.holds(read, &[Mark::of(b"somebody else")]));
        drop(first);
        assert!(!freshness.holds(freshness.moment(), &rests_on));
        drop(second);
        assert!(!freshness.holds(read, &rests_on) && freshness.holds(freshness.moment(), &rests_on));
        let everything = Changes { everything: true, ..Changes::default() };
        let under_way = freshness.begin(&everything);
        assert!(!freshness.holds(freshness.moment(), &[]));
        drop(under_way);
        assert!(freshness.holds(freshness.moment(), &[]));
    }

    #[test]
    fn marks_come_back_from_the_wire() {
        for id in [&b""[..], b"a", &[0xff; 32], b"0123456789abcdef"] {
            assert_eq!(Mark::parse(&Mark::of(id).wire()), Some(Mark::of(id)));
        }
        assert_eq!(Mark::parse("*"), None);
    }
}
