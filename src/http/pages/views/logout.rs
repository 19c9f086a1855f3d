//! `/logout`: asks whether to sign out.

use super::frame::Frame;
use crate::http::paths;

/// The page that asks.
#[derive(askama::Template)]
#[template(path = "pages/logout.html")]
pub struct LogoutPage {
    /// Its surroundings, with the visitor who would be signed out.
    pub frame: Frame,
}

#[cfg(test)]
impl super::Page for LogoutPage {
    fn samples() -> Vec<Self> {
        vec![Self { frame: super::frame::sample::admin(paths::LOGOUT) }]
    }
}
