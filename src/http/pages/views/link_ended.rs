//! What a link from a mail shows that opens nothing any more, whatever the reason.

use super::filters;
use super::frame::Frame;
use crate::http::paths;

/// The page.
#[derive(askama::Template)]
#[template(path = "pages/link_ended.html")]
pub struct LinkEndedPage {
    /// Its surroundings.
    pub frame: Frame,
    /// Where to go on.
    pub again: &'static str,
    /// What that is called.
    pub label: &'static str,
}

#[cfg(test)]
impl super::Page for LinkEndedPage {
    fn samples() -> Vec<Self> {
        let frame = super::frame::sample::anonymous(paths::RESET_CONFIRM);
        vec![Self { frame, again: paths::RESET, label: "Ask for a new link" }]
    }
}
