//! Points in time as people read them. Pages run without scripts, so times stand in UTC and say so.

use crate::model::time::Timestamp;

/// A point in time on a page.
#[derive(Clone)]
pub struct Moment {
    /// For machines: RFC 3339.
    pub datetime: String,
    /// In full: `24 Nov 2026, 09:30 UTC`.
    pub full: String,
    /// What stands on the page: the full form, or `5 minutes ago`.
    pub text: String,
}

impl Moment {
    /// `at` in full.
    pub fn new(at: Timestamp) -> Self {
        let full = in_full(at);
        Self { datetime: at.to_string(), full: full.clone(), text: full }
    }

    /// `at` as seen from `now`: relative within a week on either side, in full beyond.
    pub fn seen_from(at: Timestamp, now: Timestamp) -> Self {
        let full = in_full(at);
        let text = relative(at.seconds().saturating_sub(now.seconds())).unwrap_or_else(|| full.clone());
        Self { datetime: at.to_string(), full, text }
    }
}

fn in_full(at: Timestamp) -> String {
    match jiff::Timestamp::from_second(at.seconds()) {
        Ok(at) => at.strftime("%-d %b %Y, %H:%M UTC").to_string(),
        Err(_) => at.to_string(),
    }
}

/// `offset` in seconds as words, or `None` where it is a week or more.
fn relative(offset: i64) -> Option<String> {
    let (count, unit) = match offset.unsigned_abs() {
        0..60 => return Some(if offset > 0 { "in a moment" } else { "just now" }.to_owned()),
        seconds @ 60..3_600 => (seconds / 60, "minute"),
        seconds @ 3_600..86_400 => (seconds / 3_600, "hour"),
        seconds @ 86_400..604_800 => (seconds / 86_400, "day"),
        _ => return None,
    };
    let plural = if count == 1 { "" } else { "s" };
    Some(if offset > 0 { format!("in {count} {unit}{plural}") } else { format!("{count} {unit}{plural} ago") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_relative_within_a_week() {
        let now = Timestamp::from_seconds(1_795_512_600);
        let text = |offset: i64| Moment::seen_from(Timestamp::from_seconds(now.seconds() + offset), now).text;
        assert_eq!(text(0), "just now");
        assert_eq!(text(-60), "1 minute ago");
        assert_eq!(text(-7_300), "2 hours ago");
        assert_eq!(text(86_400), "in 1 day");
        assert_eq!(text(5), "in a moment");
        assert_eq!(text(-604_800), "17 Nov 2026, 09:30 UTC");
    }

    #[test]
    fn a_moment_beyond_the_calendar_is_still_a_text() {
        assert!(!Moment::new(Timestamp::from_millis(i64::MAX)).text.is_empty());
    }
}
