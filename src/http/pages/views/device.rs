//! `/device`: the code of a device, and what the device asks for.

use super::consent::ConsentDetail;
use super::consent::ConsentDuration;
use super::consent::ConsentResource;
use super::consent::ConsentScope;
use super::consent::initial;
use super::consent::withheld;
use super::filters;
use super::form::Field;
use super::form::Problem;
use super::form::problems;
use super::frame::Frame;
use crate::http::paths;

/// The page on which a person types what a device shows (RFC 8628 §3.3).
#[derive(askama::Template)]
#[template(path = "pages/device/enter.html")]
pub struct DeviceEnterPage {
    /// Its surroundings.
    pub frame: Frame,
    /// `user_code`.
    pub user_code: Field,
    /// Whether a device was just decided about: then its alert is all there is to read.
    pub is_done: bool,
}

/// The page that asks whether the device may act for its visitor.
#[derive(askama::Template)]
#[template(path = "pages/device/decide.html")]
pub struct DeviceDecidePage {
    /// Its surroundings.
    pub frame: Frame,
    /// The code, to be compared with what the device shows (RFC 8628 §3.3.1).
    pub user_code: String,
    /// The client's name.
    pub client: String,
    /// Whether an administrator registered it. Others chose their name themselves.
    pub is_verified: bool,
    /// The host whose document describes it, where nobody registered it.
    pub document_host: Option<String>,
    /// The user who would grant it, by user name.
    pub username: String,
    /// The path behind *Switch account*: sign-out, and after the next sign-in back to this code.
    pub switch_account: String,
    /// The APIs that the tokens would be good at; where there are none, this server.
    pub resources: Vec<ConsentResource>,
    /// What is asked for beyond scopes, for this time.
    pub details: Vec<ConsentDetail>,
    /// What is asked for, in order.
    pub scopes: Vec<ConsentScope>,
    /// Which length is chosen at first.
    pub duration: ConsentDuration,
}

impl DeviceDecidePage {
    /// Nothing is loaded from elsewhere here.
    fn no_picture(&self) -> Option<String> {
        None
    }
}

impl DeviceEnterPage {
    /// What is wrong with the code.
    pub fn problems(&self) -> Vec<Problem<'_>> {
        problems(&[("user_code", &self.user_code.error)])
    }
}

#[cfg(test)]
impl super::Page for DeviceEnterPage {
    fn samples() -> Vec<Self> {
        use super::frame::sample::user;
        use super::notice::Notice;

        let page = |user_code| Self { frame: user(paths::DEVICE), user_code, is_done: false };
        let done = user(paths::DEVICE).with_notice(Some(Notice::DeviceAllowed));
        vec![
            page(Field::default()),
            page(Field::with("WDJB-MJHT")),
            page(Field::with("<b>").refused("No device waits with this code.")),
            Self { frame: done, user_code: Field::default(), is_done: true },
        ]
    }
}

#[cfg(test)]
impl super::Page for DeviceDecidePage {
    fn samples() -> Vec<Self> {
        let scope = |name: &str, sentence: &str| ConsentScope {
            name: name.to_owned(),
            sentence: sentence.to_owned(),
            is_needed: false,
            is_granted_already: false,
        };
        let page = |client: &str, is_verified| Self {
            frame: super::frame::sample::user(paths::DEVICE),
            user_code: "WDJB-MJHT".to_owned(),
            client: client.to_owned(),
            is_verified,
            document_host: (!is_verified).then(|| "tools.example.com".to_owned()),
            username: "ada".to_owned(),
            switch_account: format!("{}?return_to=%2Fdevice%3Fuser_code%3DWDJB-MJHT", paths::LOGOUT),
            resources: vec![ConsentResource {
                uri: "https://films.example.com/".to_owned(),
                name: Some("Films".to_owned()),
            }],
            details: vec![ConsentDetail {
                sentence: "Rent the film Brazil".to_owned(),
                members: vec![("price".to_owned(), "4 EUR".to_owned())],
            }],
            scopes: vec![
                ConsentScope { is_needed: true, ..scope("openid", "Know that it is you") },
                scope("films:read", "See your list of films"),
            ],
            duration: ConsentDuration::default(),
        };
        vec![page("Living-room TV", true), page("<script>alert(1)</script>", false)]
    }
}
