//! The page for everything that went wrong.

use super::filters;
use super::frame::Frame;
use crate::http::paths;

/// What went wrong, and what to do about it.
#[derive(askama::Template)]
#[template(path = "pages/error.html")]
pub struct ErrorPage {
    /// Its surroundings.
    pub frame: Frame,
    /// The HTTP status.
    pub status: u16,
    /// What happened, in a few words: `This application is not known`.
    pub title: String,
    /// What was wrong and where, for whoever has to mend it. Never a secret, never text of the request unescaped.
    pub message: String,
    /// What the visitor can do; may be empty.
    pub advice: String,
    /// Whether it leads on to the visitor's account.
    pub leads_home: bool,
    /// The way to the application, where the visitor is not sent there unasked.
    pub way_back: Option<WayBack>,
    /// By which the operator finds the request in the log; empty where the page must be the same for all.
    pub request_id: String,
    /// Where administrators see why; `None` for others.
    pub why: Option<String>,
}

/// The way to an application that no administrator registered.
pub struct WayBack {
    /// What it calls itself.
    pub client: String,
    /// The host that the link leads to.
    pub host: String,
    /// The link: a registered redirect URI, with what was wrong in it unless that is posted.
    pub location: String,
    /// What is posted there, if the application wants it so.
    pub fields: Vec<(&'static str, String)>,
}

#[cfg(test)]
impl super::Page for ErrorPage {
    fn samples() -> Vec<Self> {
        let frame = || super::frame::sample::anonymous(paths::OAUTH_AUTHORIZE);
        let bad_redirect = Self {
            frame: frame(),
            status: 400,
            title: "The application sent a wrong request".to_owned(),
            message: "redirect_uri is not registered for this client: it differs at its port".to_owned(),
            advice: "Nothing was shared with it. Tell the people who run the application what stands above.".to_owned(),
            leads_home: false,
            way_back: None,
            request_id: "01939f3c5f6a7c1e9a3b2c4d5e6f7081".to_owned(),
            why: None,
        };
        let forbidden = Self {
            frame: super::frame::sample::user(paths::USERS),
            status: 403,
            title: "This page is for administrators".to_owned(),
            message: "The role admin is needed.".to_owned(),
            advice: String::new(),
            leads_home: true,
            way_back: None,
            request_id: "01939f3c5f6a7c1e9a3b2c4d5e6f7082".to_owned(),
            why: Some(paths::why("01939f3c5f6a7c1e9a3b2c4d5e6f7082")),
        };
        let held_back = Self {
            frame: super::frame::sample::user(paths::OAUTH_AUTHORIZE),
            status: 400,
            title: "The application sent a wrong request".to_owned(),
            message: "Response_type must be code.".to_owned(),
            advice: "Nothing was shared with it, and nobody here has checked who runs it.".to_owned(),
            leads_home: false,
            way_back: Some(WayBack {
                client: "Notes".to_owned(),
                host: "notes.test".to_owned(),
                location: "https://notes.test/cb?error=unsupported_response_type&iss=https%3A%2F%2Fauth.test"
                    .to_owned(),
                fields: Vec::new(),
            }),
            request_id: "01939f3c5f6a7c1e9a3b2c4d5e6f7083".to_owned(),
            why: None,
        };
        let posted = Self {
            frame: super::frame::sample::user(paths::OAUTH_AUTHORIZE),
            status: 400,
            title: "The application sent a wrong request".to_owned(),
            message: "Response_type must be code.".to_owned(),
            advice: String::new(),
            leads_home: false,
            way_back: Some(WayBack {
                client: "Notes".to_owned(),
                host: "notes.test".to_owned(),
                location: "https://notes.test/cb".to_owned(),
                fields: vec![("error", "unsupported_response_type".to_owned())],
            }),
            request_id: "01939f3c5f6a7c1e9a3b2c4d5e6f7084".to_owned(),
            why: None,
        };
        vec![bad_redirect, forbidden, held_back, posted]
    }
}
