//! `/email/confirm`: the button behind the link that shows whose an e-mail address is.

use super::filters;
use super::frame::Frame;
use crate::http::paths;

/// The page.
#[derive(askama::Template)]
#[template(path = "pages/email/confirm.html")]
pub struct EmailConfirmPage {
    /// Its surroundings.
    pub frame: Frame,
    /// The token of the link, sent on by the form.
    pub token: String,
    /// The address that the link was sent to.
    pub email: String,
    /// Whose it is to be.
    pub username: String,
    /// The address whose place it takes, where it is another one.
    pub before: Option<String>,
}

/// What follows.
#[derive(askama::Template)]
#[template(path = "pages/email/confirmed.html")]
pub struct EmailConfirmedPage {
    /// Its surroundings.
    pub frame: Frame,
}

#[cfg(test)]
impl super::Page for EmailConfirmedPage {
    fn samples() -> Vec<Self> {
        vec![Self { frame: super::frame::sample::anonymous(paths::EMAIL_CONFIRM) }]
    }
}

#[cfg(test)]
impl super::Page for EmailConfirmPage {
    fn samples() -> Vec<Self> {
        let page = |before: Option<&str>| Self {
            frame: super::frame::sample::anonymous(paths::EMAIL_CONFIRM),
            token: "v3rifyT0ken".to_owned(),
            email: "ada@example.org".to_owned(),
            username: "ada".to_owned(),
            before: before.map(str::to_owned),
        };
        vec![page(None), page(Some("ada@old.example"))]
    }
}
