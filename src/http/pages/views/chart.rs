//! Charts that the server draws: a bar a day, in parts one above the other.

/// The width of one day, and of its bar.
const DAY: u32 = 10;
const BAR: u32 = 8;
/// The height of a chart, and the least that something is to be seen.
const HEIGHT: f64 = 100.0;
const LEAST: f64 = 2.0;

/// One bar of a chart, in its own measures.
#[derive(Debug, PartialEq)]
pub struct Bar {
    /// What it stands for: the class name.
    pub kind: &'static str,
    /// From the left.
    pub x: u32,
    /// From the top.
    pub y: String,
    /// How wide.
    pub width: u32,
    /// How high.
    pub height: String,
}

/// The width of a chart of so many days.
pub const fn width(days: u32) -> u32 {
    days * DAY
}

/// The bars of one day, which is the `day`th of the chart, one above the other; `most` is what the busiest day has. What
/// is rare is still to be seen: the first part makes room for the others.
pub fn stack(day: i64, parts: &[(&'static str, i64)], most: i64) -> Vec<Bar> {
    let x = u32::try_from(day).unwrap_or_default() * DAY + (DAY - BAR) / 2;
    let height = |count: i64| if count > 0 { (share(count, most) * HEIGHT).max(LEAST) } else { 0.0 };
    let above: f64 = parts.iter().skip(1).map(|(_, count)| height(*count)).sum();
    let mut top = HEIGHT;
    let mut bars = Vec::new();
    for (at, (kind, count)) in parts.iter().enumerate() {
        let height = if at == 0 { height(*count).min(HEIGHT - above) } else { height(*count) };
        if height > 0.0 {
            top -= height;
            bars.push(Bar { kind, x, y: format!("{top:.1}"), width: BAR, height: format!("{height:.1}") });
        }
    }
    bars
}

#[expect(clippy::cast_precision_loss, reason = "a bar of a chart is as exact as the eye")]
fn share(count: i64, most: i64) -> f64 {
    count as f64 / most.max(1) as f64
}

/// `12,345`.
pub fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if number < 0 { format!("-{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_by_thousands() {
        for (number, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (12_345_678, "12,345,678"), (-1_000, "-1,000")]
        {
            assert_eq!(grouped(number), text);
        }
    }
}
