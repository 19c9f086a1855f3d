//! What is true of an API key, as pages say it.

use crate::app::languages::Language;
use crate::app::languages::Text;
use crate::http::pages::views::keys::KeyRights;
use crate::http::pages::views::keys::KeyState;
use crate::http::pages::views::keys::KeyTraits;
use crate::http::pages::views::keys::LastUseLine;
use crate::http::pages::views::program::program;
use crate::http::pages::views::time::Moment;
use crate::model::api_key::ApiKey;
use crate::model::api_key::KeyAccess;
use crate::model::key_limits::KeyLimit;
use crate::model::time::Timestamp;

/// Units of time, the longest first: in seconds, as a limit's text has them, and in words.
const UNITS: [(u64, &str, &str); 4] =
    [(86_400, "d", "day"), (3_600, "h", "hour"), (60, "m", "minute"), (1, "s", "second")];

/// What it may do.
pub fn rights(key: &ApiKey) -> KeyRights {
    match &key.access {
        KeyAccess::Full => KeyRights::Full,
        KeyAccess::Scopes(scopes) => KeyRights::Scopes(scopes.iter().map(|scope| scope.as_str().to_owned()).collect()),
    }
}

/// Whether it works.
pub fn state(key: &ApiKey, now: Timestamp) -> KeyState {
    match key.expires_at {
        Some(end) if end.is_past(now) => KeyState::Expired,
        _ if !key.enabled => KeyState::Disabled,
        _ => KeyState::Live,
    }
}

/// What makes it unlike others.
pub fn traits(key: &ApiKey, now: Timestamp) -> KeyTraits {
    KeyTraits { is_on_trial: key.is_on_trial(now), is_decoy: key.is_decoy, is_imported: key.is_imported }
}

/// When, from where and by what it was last used.
pub fn last_use(key: &ApiKey, now: Timestamp) -> Option<LastUseLine> {
    let last = key.last_use.as_ref()?;
    Some(LastUseLine {
        at: Moment::seen_from(last.at, now),
        address: last.address.clone().unwrap_or_default(),
        program: program(last.agent.as_deref().unwrap_or_default()),
    })
}

/// What it is called, in a language; old ones may have no name.
pub fn name(key: &ApiKey, language: &Language) -> String {
    if key.name.is_empty() { language.say("Unnamed key").into_owned() } else { key.name.clone() }
}

/// `5,000 requests a day (daily)`.
pub fn limit(limit: &KeyLimit) -> Text {
    let (count, _, unit) = in_units(limit);
    let text = match (count, unit) {
        (1, "day") => "{$requests} requests a day ({$name})",
        (1, "hour") => "{$requests} requests an hour ({$name})",
        (1, "minute") => "{$requests} requests a minute ({$name})",
        (1, _) => "{$requests} requests a second ({$name})",
        (_, "day") => "{$requests} requests in {$count} days ({$name})",
        (_, "hour") => "{$requests} requests in {$count} hours ({$name})",
        (_, "minute") => "{$requests} requests in {$count} minutes ({$name})",
        _ => "{$requests} requests in {$count} seconds ({$name})",
    };
    let text = Text::new(text).counting("requests", limit.requests.get()).counting("count", count);
    text.with("name", limit.name.as_str())
}

/// `daily=5000/1d`, as one types it.
pub fn limit_text(limit: &KeyLimit) -> String {
    let (count, letter, _) = in_units(limit);
    format!("{}={}/{count}{letter}", limit.name, limit.requests)
}

/// The window in the longest unit that it is a whole number of.
fn in_units(limit: &KeyLimit) -> (u64, &'static str, &'static str) {
    let seconds = limit.window.seconds();
    let fits = UNITS.iter().find(|(length, _, _)| seconds.is_multiple_of(*length));
    fits.map_or((seconds, "s", "second"), |(length, letter, word)| (seconds / length, letter, word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_told_in_the_longest_unit_that_fits() {
        for (text, words) in [
            ("burst=10/1s", "10 requests a second (burst)"),
            ("daily=5000/1d", "5,000 requests a day (daily)"),
            ("h=1/1h", "1 request an hour (h)"),
            ("w=2/5m", "2 requests in 5 minutes (w)"),
            ("odd=2/90s", "2 requests in 90 seconds (odd)"),
        ] {
            let read = KeyLimit::parse(text).unwrap();
            assert_eq!(limit(&read).to_string(), words);
            assert_eq!(limit_text(&read), text);
        }
        assert_eq!(limit_text(&KeyLimit::parse("d=1/172800").unwrap()), "d=1/2d");
    }
}
