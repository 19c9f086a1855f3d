//! How an API key was used, day by day: the bars of a chart, the same as a table, and what became of the requests.

use std::collections::BTreeMap;

use super::chart;
use super::chart::Bar;
use super::time::day_words;
use crate::app::languages::Text;
use crate::model::key_use::KeyOutcome;
use crate::model::key_use::KeyUsage;

/// The use of a key in the last days.
pub struct UsageView {
    /// How many days.
    pub days: u32,
    /// The first day.
    pub from: Text,
    /// The bars, lowest first.
    pub bars: Vec<Bar>,
    /// The days on which something happened, the latest first.
    pub rows: Vec<UsageRow>,
    /// What became of the requests, and how many they were.
    pub outcomes: Vec<(&'static str, i64)>,
    /// In all.
    pub total: Counts,
    /// On the busiest day.
    pub most: i64,
}

/// Requests by what became of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Let in.
    pub passed: i64,
    /// Let in, and would not be if the key were revoked.
    pub would_fail: i64,
    /// Refused.
    pub refused: i64,
}

/// One day.
pub struct UsageRow {
    /// `24 Nov 2026`.
    pub day: Text,
    /// Its requests.
    pub counts: Counts,
}

impl Counts {
    fn add(&mut self, outcome: KeyOutcome, uses: i64) {
        match outcome {
            KeyOutcome::Passed | KeyOutcome::Introspected => self.passed += uses,
            KeyOutcome::WouldFail => self.would_fail += uses,
            _ => self.refused += uses,
        }
    }

    /// All of them.
    pub fn sum(&self) -> i64 {
        self.passed + self.would_fail + self.refused
    }
}

impl UsageView {
    /// The view of `usage` in the last `days` days up to `today` (days since the Unix epoch).
    pub fn new(usage: &[KeyUsage], today: i64, days: u32) -> Self {
        let first = today - i64::from(days) + 1;
        let mut by_day: BTreeMap<i64, Counts> = BTreeMap::new();
        let mut by_outcome: BTreeMap<KeyOutcome, i64> = BTreeMap::new();
        let mut total = Counts::default();
        for use_ in usage.iter().filter(|use_| use_.day >= first && use_.day <= today) {
            by_day.entry(use_.day).or_default().add(use_.outcome, use_.uses);
            *by_outcome.entry(use_.outcome).or_default() += use_.uses;
            total.add(use_.outcome, use_.uses);
        }
        let most = by_day.values().map(Counts::sum).max().unwrap_or_default();
        Self {
            days,
            from: day_words(first),
            bars: by_day.iter().flat_map(|(day, counts)| bars(day - first, counts, most)).collect(),
            rows: by_day.iter().rev().map(|(day, counts)| UsageRow { day: day_words(*day), counts: *counts }).collect(),
            outcomes: by_outcome.iter().map(|(outcome, uses)| (words(*outcome), *uses)).collect(),
            total,
            most,
        }
    }

    /// The width of the whole chart.
    pub fn width(&self) -> u32 {
        chart::width(self.days)
    }
}

/// The bars of one day, one above the other.
fn bars(day: i64, counts: &Counts, most: i64) -> Vec<Bar> {
    let parts = [("passed", counts.passed), ("would-fail", counts.would_fail), ("refused", counts.refused)];
    chart::stack(day, &parts, most)
}

fn words(outcome: KeyOutcome) -> &'static str {
    match outcome {
        KeyOutcome::Passed => "Let in",
        KeyOutcome::WouldFail => "Let in, but would have failed without the key",
        KeyOutcome::Introspected => "A service asked about it, and was told that it holds",
        KeyOutcome::Expired => "Refused: the key, or this secret of it, had expired",
        KeyOutcome::Disabled => "Refused: the key or its user was disabled",
        KeyOutcome::Revoked => "Refused: the key was revoked",
        KeyOutcome::AddressNotAllowed => "Refused: from an address that is not allowed",
        KeyOutcome::Limited => "Refused: over a limit",
        KeyOutcome::InsufficientScope => "Refused: a scope was missing",
        KeyOutcome::MissingRole => "Refused: a role was missing",
        KeyOutcome::Decoy => "Refused: it is a decoy",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn used(day: i64, outcome: KeyOutcome, uses: i64) -> KeyUsage {
        KeyUsage { day, outcome, uses }
    }

    #[test]
    fn the_bars_of_a_day_stand_one_above_the_other() {
        let usage =
            [used(99, KeyOutcome::Passed, 30), used(99, KeyOutcome::Limited, 10), used(100, KeyOutcome::Decoy, 1)];
        let view = UsageView::new(&usage, 100, 30);
        let bar =
            |kind, x, y: &str, height: &str| Bar { kind, x, y: y.to_owned(), width: 8, height: height.to_owned() };
        let expected = [
            bar("passed", 281, "25.0", "75.0"),
            bar("refused", 281, "0.0", "25.0"),
            bar("refused", 291, "97.5", "2.5"),
        ];
        assert_eq!(view.bars, expected);
        assert_eq!((view.most, view.total), (40, Counts { passed: 30, would_fail: 0, refused: 11 }));
        assert_eq!(view.rows.len(), 2);
    }

    #[test]
    fn one_use_among_many_is_still_to_be_seen_and_nothing_leaves_the_chart() {
        let usage =
            [used(5, KeyOutcome::Passed, 1_000_000), used(5, KeyOutcome::Expired, 1), used(4, KeyOutcome::Passed, 1)];
        let view = UsageView::new(&usage, 5, 30);
        for bar in &view.bars {
            let (y, height): (f64, f64) = (bar.y.parse().unwrap(), bar.height.parse().unwrap());
            assert!(y >= 0.0 && y + height <= 100.1, "{bar:?}");
        }
        let heights: Vec<&str> = view.bars.iter().map(|bar| bar.height.as_str()).collect();
        assert_eq!(heights, ["2.0", "98.0", "2.0"]);
    }

    #[test]
    fn what_is_older_than_the_days_shown_is_left_out() {
        let view = UsageView::new(&[used(70, KeyOutcome::Passed, 3)], 100, 30);
        assert!(view.bars.is_empty() && view.total == Counts::default());
        assert_eq!(UsageView::new(&[used(71, KeyOutcome::Passed, 3)], 100, 30).bars[0].x, 1);
    }
}
