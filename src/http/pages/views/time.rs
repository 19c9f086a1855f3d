//! Points in time as people read them. Pages run without scripts, so times stand in UTC and say so.

use crate::app::languages::Text;
use crate::model::time::Timestamp;

/// A point in time on a page.
#[derive(Clone)]
pub struct Moment {
    /// For machines: RFC 3339.
    pub datetime: String,
    /// In full: `24 Nov 2026, 09:30 UTC`.
    pub full: Text,
    /// What stands on the page: the full form, or `5 minutes ago`.
    pub text: Text,
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

/// The months, as they stand in a date.
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

fn in_full(at: Timestamp) -> Text {
    let Ok(read) = jiff::Timestamp::from_second(at.seconds()) else {
        return Text::of_words(at.to_string());
    };
    with_day(Text::new("{$day} {$month} {$year}, {$time} UTC"), read).with("time", read.strftime("%H:%M").to_string())
}

/// `24 Nov 2026`, for a day since the Unix epoch.
pub fn day_words(day: i64) -> Text {
    match jiff::Timestamp::from_second(day.saturating_mul(86_400)) {
        Ok(at) => with_day(Text::new("{$day} {$month} {$year}"), at),
        Err(_) => Text::of_words(day.to_string()),
    }
}

fn with_day(text: Text, at: jiff::Timestamp) -> Text {
    let date = at.to_zoned(jiff::tz::TimeZone::UTC).date();
    let month = MONTHS.get(usize::from(date.month().unsigned_abs()).saturating_sub(1)).copied().unwrap_or_default();
    text.with("day", date.day().to_string()).saying("month", month).with("year", date.year().to_string())
}

/// `offset` in seconds as words, or `None` where it is a week or more.
fn relative(offset: i64) -> Option<Text> {
    let is_ahead = offset > 0;
    let (count, [ahead, behind]) = match offset.unsigned_abs() {
        0..60 => return Some(Text::new(if is_ahead { "in a moment" } else { "just now" })),
        seconds @ 60..3_600 => (seconds / 60, ["in {$count} minutes", "{$count} minutes ago"]),
        seconds @ 3_600..86_400 => (seconds / 3_600, ["in {$count} hours", "{$count} hours ago"]),
        seconds @ 86_400..604_800 => (seconds / 86_400, ["in {$count} days", "{$count} days ago"]),
        _ => return None,
    };
    Some(Text::new(if is_ahead { ahead } else { behind }).counting("count", count))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::pages::views::filters::Say;

    #[test]
    fn a_moment_is_relative_within_a_week() {
        let now = Timestamp::from_seconds(1_795_512_600);
        let text = |offset: i64| Moment::seen_from(Timestamp::from_seconds(now.seconds() + offset), now).text.english();
        assert_eq!(text(0), "just now");
        assert_eq!(text(-60), "1 minute ago");
        assert_eq!(text(-7_300), "2 hours ago");
        assert_eq!(text(86_400), "in 1 day");
        assert_eq!(text(5), "in a moment");
        assert_eq!(text(-604_800), "17 Nov 2026, 09:30 UTC");
        assert_eq!(day_words(100).english(), "11 Apr 1970");
    }

    #[test]
    fn a_moment_beyond_the_calendar_is_still_a_text() {
        assert!(!Moment::new(Timestamp::from_millis(i64::MAX)).text.english().is_empty());
    }
}
