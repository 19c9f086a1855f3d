//! `/login/second-factor`: the second step of signing in.

use super::filters;
use super::form::Field;
use super::form::Problem;
use super::form::problems;
use super::frame::Frame;
use super::passkey::PasskeyPrompt;
use crate::http::paths;

/// The page that asks for the second factor.
#[derive(askama::Template)]
#[template(path = "pages/second_factor.html")]
pub struct SecondFactorPage {
    /// Its surroundings.
    pub frame: Frame,
    /// Where to go afterwards.
    pub way: WayOn,
    /// `code`: of the app, or a recovery code. What was typed never comes back.
    pub code: Field,
    /// Whether there is an app.
    pub has_app: bool,
    /// For the passkeys that there are, where browsers have them for this server.
    pub passkey: Option<PasskeyPrompt>,
}

/// Where to go after sign-in, as forms carry it along.
#[derive(Debug, Clone, Default)]
pub struct WayOn {
    /// `return_to`: one of our own paths; empty for the account.
    pub return_to: String,
    /// `again`: whether the way back has to prove that the sign-in was for it.
    pub is_again: bool,
}

impl WayOn {
    /// One of our own paths, where one is named.
    pub fn back(&self) -> Option<String> {
        (!self.return_to.is_empty()).then(|| self.return_to.clone())
    }

    /// The same as a query, with its `?`; empty where there is nothing to say.
    pub fn query(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        if !self.return_to.is_empty() {
            query.append_pair("return_to", &self.return_to);
        }
        if self.is_again {
            query.append_pair("again", "yes");
        }
        let query = query.finish();
        if query.is_empty() { query } else { format!("?{query}") }
    }
}

impl SecondFactorPage {
    /// What is wrong, field by field.
    pub fn problems(&self) -> Vec<Problem<'_>> {
        problems(&[("code", &self.code.error)])
    }
}

#[cfg(test)]
impl super::Page for SecondFactorPage {
    fn samples() -> Vec<Self> {
        let frame = || super::frame::sample::anonymous(paths::LOGIN_SECOND_FACTOR);
        let way = WayOn { return_to: "/oauth/authorize?client_id=c&scope=a".to_owned(), is_again: true };
        let code = Field::default().refused("This is not a code that is good now. Enter the next one.");
        let passkey = || Some(PasskeyPrompt::sample());
        let empty = || (WayOn::default(), Field::default());
        vec![
            Self { frame: frame(), way: empty().0, code: empty().1, has_app: true, passkey: None },
            Self { frame: frame(), way, code, has_app: true, passkey: passkey() },
            Self { frame: frame(), way: empty().0, code: empty().1, has_app: false, passkey: passkey() },
        ]
    }
}
