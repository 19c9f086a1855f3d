//! The only place that asks what time it is.

use std::sync::atomic::AtomicI64;
use std::sync::atomic::Ordering;
use std::time::SystemTime;

use crate::model::time::Lifetime;
use crate::model::time::Timestamp;

/// Tells the time. Everything below `http` is handed a [`Timestamp`] instead.
pub trait Clock: Send + Sync {
    /// What time it is.
    fn now(&self) -> Timestamp;

    /// Tells a time that has been: a clock which may be wrong never again says an earlier one.
    fn start_from(&self, _latest: Timestamp) {}
}

/// The machine's clock, which never runs backwards, neither within this process nor behind [`Clock::start_from`]: where
/// the machine's clock is set back, it stands still until that clock has caught up, so that nothing which has ended
/// comes alive again.
#[derive(Debug, Default)]
pub struct SystemClock {
    latest: AtomicI64,
}

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that may")]
    fn now(&self) -> Timestamp {
        let since_epoch = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let millis = i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX);
        let latest = self.latest.load(Ordering::Relaxed);
        // Most of those who ask within a millisecond need not write what the others read.
        if millis <= latest {
            return Timestamp::from_millis(latest);
        }
        Timestamp::from_millis(self.latest.fetch_max(millis, Ordering::Relaxed).max(millis))
    }

    fn start_from(&self, latest: Timestamp) {
        self.latest.fetch_max(latest.millis(), Ordering::Relaxed);
    }
}

/// A clock that stands where it is put, for tests.
#[derive(Debug)]
pub struct FixedClock(AtomicI64);

impl FixedClock {
    /// A clock that stands at `at`.
    pub fn at(at: Timestamp) -> Self {
        Self(AtomicI64::new(at.millis()))
    }

    /// Moves the clock on.
    pub fn advance(&self, by: Lifetime) {
        self.0.fetch_add(i64::try_from(by.millis()).unwrap_or(i64::MAX), Ordering::Relaxed);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::Relaxed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_says_no_earlier_time_than_it_was_told() {
        let clock = SystemClock::default();
        let ahead = clock.now() + Lifetime::from_hours(1);
        clock.start_from(ahead);
        assert_eq!(clock.now(), ahead);
        clock.start_from(Timestamp::from_seconds(1));
        assert_eq!(clock.now(), ahead);
    }
}
