//! What administrators look at first.

use super::filters;
use std::collections::BTreeMap;

use super::chart;
use super::chart::Bar;
use super::frame::Frame;
use super::time::day_words;
use crate::app::languages::Text;
use crate::http::paths;
use crate::model::traffic::DayTraffic;
use crate::model::traffic::TrafficKind;

/// What needs attention, and how much goes on.
#[derive(askama::Template)]
#[template(path = "pages/overview.html")]
pub struct OverviewPage {
    /// Its surroundings.
    pub frame: Frame,
    /// What needs attention; empty where nothing does.
    pub attention: Vec<AttentionLine>,
    /// How much goes on.
    pub charts: Vec<TrafficChart>,
    /// How many days the charts show.
    pub days: u32,
}

/// One thing that needs attention.
pub struct AttentionLine {
    /// How many, and of what: `3 API keys end within 14 days`.
    pub text: Text,
    /// Why it matters, or what to do.
    pub advice: &'static str,
    /// The path of the list that shows them; may be empty.
    pub path: String,
    /// Whether somebody may be at the door right now.
    pub is_urgent: bool,
}

/// How often something happened, day by day.
pub struct TrafficChart {
    /// The id of its heading.
    pub id: &'static str,
    /// What is counted.
    pub title: &'static str,
    /// What went well, and what it is called.
    pub good: (&'static str, i64),
    /// What did not, where such a thing is counted.
    pub bad: Option<(&'static str, i64)>,
    /// The bars.
    pub bars: Vec<Bar>,
    /// The days on which something happened, the latest first: the day, what went well, what did not.
    pub rows: Vec<(Text, i64, i64)>,
    /// The first day.
    pub from: Text,
    /// How many days.
    pub days: u32,
}

impl TrafficChart {
    /// The chart of the `days` days up to `today` (days since the Unix epoch).
    pub fn new(
        (id, title): (&'static str, &'static str),
        (good, good_words): (TrafficKind, &'static str),
        bad: Option<(TrafficKind, &'static str)>,
        traffic: &[DayTraffic],
        (today, days): (i64, u32),
    ) -> Self {
        let first = today - i64::from(days) + 1;
        let mut by_day: BTreeMap<i64, (i64, i64)> = BTreeMap::new();
        for counted in traffic.iter().filter(|counted| counted.day >= first && counted.day <= today) {
            let counts = by_day.entry(counted.day).or_default();
            if counted.kind == good {
                counts.0 += counted.count;
            } else if bad.is_some_and(|(bad, _)| bad == counted.kind) {
                counts.1 += counted.count;
            }
        }
        by_day.retain(|_, (good, bad)| *good + *bad > 0);
        let most = by_day.values().map(|(good, bad)| good + bad).max().unwrap_or_default();
        let bars = by_day
            .iter()
            .flat_map(|(day, (good, bad))| chart::stack(day - first, &[("passed", *good), ("refused", *bad)], most));
        Self {
            id,
            title,
            good: (good_words, by_day.values().map(|(good, _)| good).sum()),
            bad: bad.map(|(_, words)| (words, by_day.values().map(|(_, bad)| bad).sum())),
            bars: bars.collect(),
            rows: by_day.iter().rev().map(|(day, (good, bad))| (day_words(*day), *good, *bad)).collect(),
            from: day_words(first),
            days,
        }
    }

    /// The width of the whole chart.
    pub fn width(&self) -> u32 {
        chart::width(self.days)
    }

    /// The chart in one sentence.
    pub fn summary(&self) -> Text {
        let text = match self.bad {
            None => Text::new("{$good}: {$count} in {$days} days. The table below has each day."),
            Some((bad, count)) => {
                Text::new("{$good}: {$count}, {$bad}: {$less} in {$days} days. The table below has each day.")
                    .saying("bad", bad)
                    .counting("less", count)
            }
        };
        let (good, count) = self.good;
        text.saying("good", good).counting("count", count).counting("days", self.days)
    }
}

#[cfg(test)]
impl super::Page for OverviewPage {
    fn samples() -> Vec<Self> {
        let traffic = [
            DayTraffic { day: 20_781, kind: TrafficKind::SignIn, count: 1_204 },
            DayTraffic { day: 20_780, kind: TrafficKind::SignInFailed, count: 3 },
        ];
        let bad = Some((TrafficKind::SignInFailed, "Failed"));
        let chart = |traffic: &[DayTraffic]| {
            let good = (TrafficKind::SignIn, "Signed in");
            TrafficChart::new(("sign-ins", "Sign-ins"), good, bad, traffic, (20_781, 30))
        };
        let line = |is_urgent| AttentionLine {
            text: Text::new("{$count} API keys end within 14 days").counting("count", 3),
            advice: "Whoever uses them will be refused then.",
            path: "/keys?use=ends-soon".to_owned(),
            is_urgent,
        };
        let page = |attention, traffic: &[DayTraffic]| Self {
            frame: super::frame::sample::admin(paths::OVERVIEW),
            attention,
            charts: vec![chart(traffic)],
            days: 30,
        };
        vec![page(vec![line(true), line(false)], &traffic), page(Vec::new(), &[])]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chart_counts_its_own_kinds_in_its_own_days() {
        let of = |day, kind, count| DayTraffic { day, kind, count };
        let traffic = [
            of(70, TrafficKind::SignIn, 9),
            of(71, TrafficKind::SignIn, 2),
            of(100, TrafficKind::SignIn, 3),
            of(100, TrafficKind::SignInFailed, 1),
            of(100, TrafficKind::Token, 50),
        ];
        let chart = TrafficChart::new(
            ("a", "A"),
            (TrafficKind::SignIn, "In"),
            Some((TrafficKind::SignInFailed, "Out")),
            &traffic,
            (100, 30),
        );
        assert_eq!((chart.good, chart.bad), (("In", 5), Some(("Out", 1))));
        assert_eq!(chart.rows, [(day_words(100), 3, 1), (day_words(71), 2, 0)]);
        assert_eq!(chart.bars.len(), 3);
    }
}
