//! `/account/events`: what happened to one's own account.

use super::filters;
use super::frame::Frame;
use super::frame::Pagination;
use super::time::Moment;
use crate::app::languages::Text;
use crate::http::paths;

/// The page.
#[derive(askama::Template)]
#[template(path = "pages/account/events.html")]
pub struct AccountEventsPage {
    /// Its surroundings.
    pub frame: Frame,
    /// What happened, newest first.
    pub events: Vec<EventRow>,
    /// The way through the list.
    pub pagination: Pagination,
}

/// One thing that happened.
pub struct EventRow {
    /// What.
    pub sentence: &'static str,
    /// When.
    pub at: Moment,
    /// Who did it: `by you`; may be empty.
    pub by: &'static str,
    /// From where; may be empty.
    pub address: String,
    /// Where that is, in words; may be empty.
    pub place: &'static str,
    /// With which browser, if that is known.
    pub browser: Option<Text>,
}

#[cfg(test)]
impl super::Page for AccountEventsPage {
    fn samples() -> Vec<Self> {
        use crate::model::time::Timestamp;

        let at = || Moment::seen_from(Timestamp::from_seconds(1_795_512_300), Timestamp::from_seconds(1_795_512_600));
        let row = |sentence, by, address: &str, browser: Option<&str>| EventRow {
            sentence,
            at: at(),
            by,
            address: address.to_owned(),
            place: "where you are now",
            browser: browser.map(Text::of_words),
        };
        let events = vec![
            row("You signed in.", "", "2001:db8:85a3::8a2e:370:7334", Some("Firefox on Linux")),
            row("A role was given to you.", "by an administrator", "", None),
        ];
        let page = |events, next: Option<&str>| Self {
            frame: super::frame::sample::user(paths::ACCOUNT_EVENTS),
            events,
            pagination: Pagination { first: None, next: next.map(str::to_owned) },
        };
        vec![page(events, Some("/account/events?after=b")), page(Vec::new(), None)]
    }
}
