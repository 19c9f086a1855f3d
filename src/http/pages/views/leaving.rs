//! The way from one of our forms to another site.

use super::filters;
use super::frame::Frame;
use crate::http::paths;

/// The page that goes on by itself, by the header `Refresh`; a link does it where that is off.
#[derive(askama::Template)]
#[template(path = "pages/leaving.html")]
pub struct LeavingPage {
    /// Its surroundings.
    pub frame: Frame,
    /// The host that it goes to, or an application's own scheme.
    pub host: String,
    /// The address that was checked.
    pub location: String,
}

#[cfg(test)]
impl super::Page for LeavingPage {
    fn samples() -> Vec<Self> {
        vec![Self {
            frame: super::frame::sample::anonymous(paths::OAUTH_CONSENT),
            host: "ledger.example.com".to_owned(),
            location: "https://ledger.example.com/cb?code=hp_ac_example&state=a%22b".to_owned(),
        }]
    }
}
