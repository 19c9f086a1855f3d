//! `/logout`: asks whether to sign out.

use super::filters;
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
    /// The application that asks for it, where one does.
    pub client: Option<String>,
    /// `end_session`: all that it sent; empty where none did.
    pub end_session: String,
}

#[cfg(test)]
impl super::Page for LogoutPage {
    fn samples() -> Vec<Self> {
        let frame = || super::frame::sample::admin(paths::LOGOUT);
        let return_to = "/oauth/authorize?client_id=c&scope=a".to_owned();
        let plain = || Self { frame: frame(), return_to: String::new(), client: None, end_session: String::new() };
        let asked = Self { client: Some("Ledger".to_owned()), end_session: "state=a&b".to_owned(), ..plain() };
        vec![plain(), Self { return_to, ..plain() }, asked]
    }
}
