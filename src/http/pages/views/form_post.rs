//! An answer that the browser posts to an application (OAuth 2.0 Form Post Response Mode §2).

use super::filters;
use super::frame::Frame;
use crate::http::assets;
use crate::http::paths;

/// The page that posts itself; without JavaScript a button does it.
#[derive(askama::Template)]
#[template(path = "pages/form_post.html")]
pub struct FormPostPage {
    /// Its surroundings.
    pub frame: Frame,
    /// The application's name.
    pub client: String,
    /// The host that the answer goes to.
    pub host: String,
    /// A registered redirect URI.
    pub location: String,
    /// The answer.
    pub fields: Vec<(&'static str, String)>,
}

impl FormPostPage {
    /// The link to the script that posts it.
    fn script(&self) -> String {
        self.frame.to(assets::url("js/post.js"))
    }
}

#[cfg(test)]
impl super::Page for FormPostPage {
    fn samples() -> Vec<Self> {
        vec![Self {
            frame: super::frame::sample::anonymous(paths::OAUTH_AUTHORIZE),
            client: "Ledger".to_owned(),
            host: "ledger.example.com".to_owned(),
            location: "https://ledger.example.com/cb".to_owned(),
            fields: vec![("code", "hp_ac_example".to_owned()), ("state", "a\"b<c".to_owned())],
        }]
    }
}
