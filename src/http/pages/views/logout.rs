//! `/logout`: asks whether to sign out.

use super::frame::Frame;
use crate::http::paths;

/// The page that asks.
#[derive(askama::Template)]
#[template(path = "pages/logout.html")]
pub struct LogoutPage {
    /// Its surroundings, with the visitor who would be signed out.
    pub frame: Frame,
    /// `return_to`: one of our own paths, where to go after the next sign-in (or at once by *Stay signed in*); empty
    /// for the account.
    pub return_to: String,
}

#[cfg(test)]
impl super::Page for LogoutPage {
    fn samples() -> Vec<Self> {
        let frame = || super::frame::sample::admin(paths::LOGOUT);
        let return_to = "/oauth/authorize?client_id=c&scope=a".to_owned();
        vec![Self { frame: frame(), return_to: String::new() }, Self { frame: frame(), return_to }]
    }
}
