//! Points in time and lengths of time.

use std::fmt;
use std::ops::Add;

/// A point in time: milliseconds since 1970-01-01T00:00:00Z.
///
/// On the wire it is whole seconds ([`Timestamp::seconds`]); inside it is finer, so that a lifetime of one second
/// is one second and not the rest of the running one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The point `millis` milliseconds after the Unix epoch.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// The point `seconds` seconds after the Unix epoch; saturates at the ends of time.
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(1000))
    }

    /// Milliseconds since the Unix epoch, as the database keeps them.
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// Whole seconds since the Unix epoch, rounded down, as the protocols show them (RFC 7519 §2 `NumericDate`).
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// Whether something that ends at `self` has ended at `now`. The last instant is already the end.
    pub fn is_past(self, now: Timestamp) -> bool {
        self <= now
    }

    /// How long it is from `earlier` to `self`; zero where `self` comes first.
    pub fn since(self, earlier: Timestamp) -> Lifetime {
        Lifetime(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// `self` less `lifetime`; saturates at the beginning of time.
    pub fn before(self, lifetime: Lifetime) -> Timestamp {
        Self(self.0.saturating_sub(i64::try_from(lifetime.0).unwrap_or(i64::MAX)))
    }
}

impl Add<Lifetime> for Timestamp {
    type Output = Timestamp;

    /// Saturates at the end of time: what never ends must not wrap round into the past.
    fn add(self, lifetime: Lifetime) -> Timestamp {
        Self(self.0.saturating_add(i64::try_from(lifetime.0).unwrap_or(i64::MAX)))
    }
}

impl fmt::Display for Timestamp {
    /// RFC 3339 in UTC, to the second: `2026-11-24T09:30:00Z`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_second(self.seconds()) {
            Ok(at) => write!(f, "{at}"),
            Err(_) => write!(f, "{} s", self.seconds()),
        }
    }
}

/// A length of time, to the millisecond.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lifetime(u64);

impl Lifetime {
    /// No time at all.
    pub const ZERO: Lifetime = Lifetime(0);

    /// `millis` milliseconds.
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis)
    }

    /// `seconds` seconds.
    pub const fn from_seconds(seconds: u64) -> Self {
        Self(seconds.saturating_mul(1000))
    }

    /// `hours` hours.
    pub const fn from_hours(hours: u64) -> Self {
        Self::from_seconds(hours.saturating_mul(3600))
    }

    /// `days` days of 24 hours.
    pub const fn from_days(days: u64) -> Self {
        Self::from_hours(days.saturating_mul(24))
    }

    /// In milliseconds.
    pub const fn millis(self) -> u64 {
        self.0
    }

    /// In whole seconds, rounded down, as `expires_in` shows it (RFC 6749 §5.1).
    pub const fn seconds(self) -> u64 {
        self.0 / 1000
    }

    /// In whole seconds, rounded up, as `Retry-After` shows it: who waits that long does not come too early.
    pub const fn seconds_up(self) -> u64 {
        self.0.div_ceil(1000)
    }

    /// As the standard library writes it.
    pub const fn to_std(self) -> std::time::Duration {
        std::time::Duration::from_millis(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_instant_of_a_lifetime_is_already_its_end() {
        let start = Timestamp::from_millis(500);
        let end = start + Lifetime::from_seconds(1);
        assert!(!end.is_past(Timestamp::from_millis(1499)));
        assert!(end.is_past(Timestamp::from_millis(1500)));
    }

    #[test]
    fn what_never_ends_does_not_wrap_into_the_past() {
        let end = Timestamp::from_millis(i64::MAX - 5) + Lifetime::from_days(u64::MAX);
        assert_eq!(end, Timestamp::from_millis(i64::MAX));
    }

    #[test]
    fn times_are_shown_in_rfc_3339() {
        assert_eq!(Timestamp::from_seconds(1_790_000_000).to_string(), "2026-09-21T14:13:20Z");
    }
}
