//! What the forms of API keys hold besides names and choices: addresses, limits, days.

use ipnet::IpNet;

use crate::app::languages::Language;
use crate::app::languages::Text;
use crate::http::pages::views::form::Field;
use crate::http::present::sentence;
use crate::model::api_key::parse_network;
use crate::model::key_limits::KeyLimits;
use crate::model::key_limits::LimitError;
use crate::model::time::Timestamp;

/// The most networks that one key may have.
const MOST_NETWORKS: usize = 100;
const DAY_SECONDS: i64 = 86_400;

/// Addresses and networks, with spaces, commas or line ends between them; or the field with what is wrong.
pub fn networks(text: &str, language: &Language) -> Result<Vec<IpNet>, Field> {
    let words: Vec<&str> =
        text.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty()).collect();
    if words.len() > MOST_NETWORKS {
        let why = Text::new("A key has at most {$count} addresses and networks.").counting("count", MOST_NETWORKS);
        return Err(Field::with(text).refused(&language.fill(&why)));
    }
    let mut networks = Vec::new();
    let mut wrong = Vec::new();
    for word in words {
        match parse_network(word) {
            Some(network) if !networks.contains(&network) => networks.push(network),
            Some(_) => {}
            None => {
                let why = Text::new("{$word} is neither an address nor a network, such as 10.0.0.0/8.");
                wrong.push(language.fill(&why.with("word", word)));
            }
        }
    }
    if wrong.is_empty() { Ok(networks) } else { Err(Field::with(text).refused(&wrong.join("\n"))) }
}

/// Limits, with spaces, commas or line ends between them; or the field with what is wrong.
pub fn limits(text: &str, language: &Language) -> Result<KeyLimits, Field> {
    KeyLimits::parse(&text.replace(',', " ")).map_err(|error| {
        let why = match error {
            LimitError::Twice(name) => language.fill(&Text::new("Two limits are called {$name}.").with("name", name)),
            error => sentence(&error.to_string()),
        };
        Field::with(text).refused(&why)
    })
}

/// When the day ends that stands there as `2027-01-31`, in UTC.
pub fn end_of_day(text: &str) -> Option<Timestamp> {
    let day = jiff::civil::Date::strptime("%Y-%m-%d", text).ok()?;
    let midnight = day.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_second();
    Some(Timestamp::from_seconds(midnight.saturating_add(DAY_SECONDS)))
}

/// The last day before `end`, as `2027-01-31`, in UTC.
pub fn last_day(end: Timestamp) -> String {
    let last = Timestamp::from_millis(end.millis().saturating_sub(1));
    last.to_string().chars().take_while(|c| *c != 'T').collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_over_at_midnight_utc() {
        let end = end_of_day("2027-01-31").unwrap();
        assert_eq!(end.to_string(), "2027-02-01T00:00:00Z");
        assert_eq!(last_day(end), "2027-01-31");
        assert_eq!(last_day(Timestamp::from_millis(end.millis() + 1)), "2027-02-01");
        for text in ["", "2027-02-30", "31.1.2027", "2027-01-31T00:00", "tomorrow"] {
            assert_eq!(end_of_day(text), None, "{text}");
        }
    }

    #[test]
    fn each_wrong_line_is_named() {
        let read = |text: &str| networks(text, &Language::english()).map_err(|field| field.error.unwrap());
        assert_eq!(read("10.0.0.0/8\r\n192.0.2.7, 192.0.2.7").unwrap().len(), 2);
        assert_eq!(read("").unwrap(), []);
        let wrong = read("10.0.0.0/33 192.0.2.7 example.org").unwrap_err();
        assert_eq!(wrong.lines().count(), 2);
        assert!(wrong.contains("10.0.0.0/33 is neither"), "{wrong}");
    }
}
