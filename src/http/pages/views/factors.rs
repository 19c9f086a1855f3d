//! `/account/factors…`: one's second factors, adding one, and recovery codes.

use super::filters;
use super::form::Field;
use super::form::Problem;
use super::form::problems;
use super::frame::Frame;
use super::passkey::PasskeyPrompt;
use super::qr::Qr;
use super::second_factor::WayOn;
use super::time::Moment;
use crate::app::languages::Text;
use crate::domain::factors::totp::Offer;
use crate::http::paths;
use crate::model::factor::RecoveryCode;

/// The list of one's second factors.
#[derive(askama::Template)]
#[template(path = "pages/factors/list.html")]
pub struct FactorsPage {
    /// Its surroundings.
    pub frame: Frame,
    /// The authenticator app.
    pub app: Option<FactorRow>,
    /// The passkeys, the oldest first.
    pub passkeys: Vec<FactorRow>,
    /// Where there can be no more passkeys: why.
    pub no_passkeys: Option<Text>,
    /// How many recovery codes are left.
    pub recovery_codes: i64,
    /// Whether one must be there.
    pub are_required: bool,
    /// Whether there is a password beside them.
    pub has_password: bool,
}

/// One factor.
pub struct FactorRow {
    /// Its id; empty for the app, of which there is one.
    pub id: String,
    /// What it is called: our word for the app, its owner's for a passkey.
    pub name: Text,
    /// What kind of passkey it is; empty for the app.
    pub kind: &'static str,
    /// Since when it is there.
    pub added: Moment,
    /// When it was used last.
    pub used: Option<Moment>,
}

impl FactorsPage {
    /// Whether there is any.
    pub fn has_any(&self) -> bool {
        self.app.is_some() || !self.passkeys.is_empty()
    }
}

/// The page that adds a passkey.
#[derive(askama::Template)]
#[template(path = "pages/factors/passkey.html")]
pub struct PasskeyPage {
    /// Its surroundings.
    pub frame: Frame,
    /// `name`: what it is to be called.
    pub name: Field,
    /// What the browser is asked for.
    pub passkey: PasskeyPrompt,
}

impl PasskeyPage {
    /// What is wrong, field by field.
    pub fn problems(&self) -> Vec<Problem<'_>> {
        problems(&[("name", &self.name.error)])
    }
}

/// The page that gives a passkey another name.
#[derive(askama::Template)]
#[template(path = "pages/factors/rename.html")]
pub struct PasskeyNamePage {
    /// Its surroundings.
    pub frame: Frame,
    /// The path that the form posts to.
    pub action: String,
    /// `name`: what it is to be called.
    pub name: Field,
}

impl PasskeyNamePage {
    /// What is wrong, field by field.
    pub fn problems(&self) -> Vec<Problem<'_>> {
        problems(&[("name", &self.name.error)])
    }
}

/// The page that adds an authenticator app, also in the middle of signing in.
#[derive(askama::Template)]
#[template(path = "pages/factors/app.html")]
pub struct AppPage {
    /// Its surroundings.
    pub frame: Frame,
    /// The secret as a picture.
    pub qr: Option<Qr>,
    /// The secret in groups of four letters.
    pub secret: String,
    /// The secret as a link that apps on the same device open.
    pub uri: String,
    /// `offer`: the secret, sealed.
    pub offer: String,
    /// `code`: what the app shows. What was typed never comes back.
    pub code: Field,
    /// Where the form posts to.
    pub action: &'static str,
    /// What else there is, in the middle of signing in.
    pub beside: Option<Beside>,
}

/// What stands beside an app that is offered in the middle of signing in.
pub struct Beside {
    /// Where to go afterwards.
    pub way: WayOn,
    /// For a passkey in place of the app, where browsers have them for this server.
    pub passkey: Option<PasskeyPrompt>,
}

impl AppPage {
    /// The page for an offer.
    pub fn new(frame: Frame, offer: &Offer, code: Field, action: &'static str, beside: Option<Beside>) -> Self {
        let uri = offer.uri.expose();
        Self {
            frame,
            qr: Qr::draw(uri),
            secret: in_fours(offer.secret.expose()),
            uri: uri.to_owned(),
            offer: offer.sealed.clone(),
            code,
            action,
            beside,
        }
    }

    /// What is wrong, field by field.
    pub fn problems(&self) -> Vec<Problem<'_>> {
        problems(&[("code", &self.code.error)])
    }

    /// Whether no passkey is offered beside the app.
    pub fn is_the_only_way(&self) -> bool {
        self.beside.as_ref().is_none_or(|beside| beside.passkey.is_none())
    }
}

fn in_fours(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    letters.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

/// Recovery codes, shown once.
#[derive(askama::Template)]
#[template(path = "pages/factors/codes.html")]
pub struct CodesPage {
    /// Its surroundings.
    pub frame: Frame,
    /// The codes, one a line.
    pub codes: String,
    /// Where the link leads.
    pub on: String,
}

impl CodesPage {
    /// The page for new codes; its link leads to the path `on`.
    pub fn new(frame: Frame, codes: &[RecoveryCode], on: String) -> Self {
        let codes: Vec<String> = codes.iter().map(RecoveryCode::reveal).collect();
        Self { frame, codes: codes.join("\n"), on }
    }
}

#[cfg(test)]
impl super::Page for FactorsPage {
    fn samples() -> Vec<Self> {
        use super::frame::sample::admin;
        use super::frame::sample::user;
        use super::notice::Notice;
        use crate::model::time::Timestamp;

        let row = |id: &str, name: &str, kind: &'static str, is_used: bool| FactorRow {
            id: id.to_owned(),
            name: if id.is_empty() { Text::new("Authenticator app") } else { Text::of_words(name) },
            kind,
            added: Moment::new(Timestamp::from_seconds(1_795_512_600)),
            used: is_used.then(|| Moment::new(Timestamp::from_seconds(1_795_612_600))),
        };
        let none = Self {
            frame: user(paths::ACCOUNT_FACTORS),
            app: None,
            passkeys: Vec::new(),
            no_passkeys: Some(
                Text::new("There are {$count}, which is the most. Remove one to add another.").counting("count", 20),
            ),
            recovery_codes: 0,
            are_required: false,
            has_password: true,
        };
        let all = Self {
            frame: admin(paths::ACCOUNT_FACTORS).with_notice(Some(Notice::FactorRemoved)),
            app: Some(row("", "Authenticator app", "", true)),
            passkeys: vec![
                row("passkey_01", "Firefox on Linux", "Stays on its device", true),
                row("passkey_02", "Phone", "On several devices", false),
            ],
            no_passkeys: None,
            recovery_codes: 9,
            are_required: true,
            has_password: false,
        };
        vec![none, all]
    }
}

#[cfg(test)]
impl super::Page for AppPage {
    fn samples() -> Vec<Self> {
        use super::frame::sample::anonymous;
        use super::frame::sample::user;
        use crate::model::secret::Secret;

        let offer = Offer {
            secret: Secret::from("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"),
            uri: Secret::from("otpauth://totp/id%2Eexample%2Eorg:ada?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"),
            sealed: "c2VhbGVk".to_owned(),
        };
        let wrong = Field::default().refused("This is not the code that the app shows now. Enter the next one.");
        let way = WayOn { return_to: "/account".to_owned(), is_again: false };
        let beside = Beside { way, passkey: Some(PasskeyPrompt::sample()) };
        let frame = user(paths::ACCOUNT_FACTOR_APP);
        vec![
            Self::new(frame, &offer, Field::default(), paths::ACCOUNT_FACTOR_APP, None),
            Self::new(anonymous(paths::LOGIN_FIRST_FACTOR), &offer, wrong, paths::LOGIN_FIRST_FACTOR, Some(beside)),
        ]
    }
}

#[cfg(test)]
impl super::Page for CodesPage {
    fn samples() -> Vec<Self> {
        let frame = super::frame::sample::user(paths::ACCOUNT_RECOVERY_CODES);
        let codes = vec![RecoveryCode::parse("BCDFG-HJKLM").expect("a code"); 10];
        vec![Self::new(frame, &codes, paths::ACCOUNT_FACTORS.to_owned())]
    }
}

#[cfg(test)]
impl super::Page for PasskeyPage {
    fn samples() -> Vec<Self> {
        let frame = || super::frame::sample::user(paths::ACCOUNT_PASSKEYS);
        let name = || Field::with("Firefox on Linux");
        let refused = Field::default().refused("The name is empty.");
        vec![
            Self { frame: frame(), name: name(), passkey: PasskeyPrompt::sample() },
            Self { frame: frame(), name: refused, passkey: PasskeyPrompt::sample() },
        ]
    }
}

#[cfg(test)]
impl super::Page for PasskeyNamePage {
    fn samples() -> Vec<Self> {
        let page = |name| Self {
            frame: super::frame::sample::user(paths::ACCOUNT_FACTORS),
            action: paths::account_passkey("passkey_01"),
            name,
        };
        vec![page(Field::with("Firefox on Linux")), page(Field::default().refused("The name is empty."))]
    }
}
