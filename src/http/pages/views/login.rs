//! `/login`: sign-in.

use super::client_card::ClientCard;
use super::filters;
use super::form::Field;
use super::form::Problem;
use super::form::SecretField;
use super::form::problems;
use super::frame::Frame;
use super::passkey::PasskeyPrompt;
use crate::http::paths;

/// The sign-in page.
#[derive(askama::Template)]
#[template(path = "pages/login.html")]
pub struct LoginPage {
    /// Its surroundings. A wrong password is told by its alert, for it belongs to neither field.
    pub frame: Frame,
    /// Its form.
    pub form: LoginForm,
    /// The application that sent the visitor, where one did.
    pub client: Option<ClientCard>,
    /// Whether people may make accounts by themselves.
    pub may_register: bool,
    /// For signing in with a passkey, where browsers have them for this server.
    pub passkey: Option<PasskeyPrompt>,
}

/// The form of the sign-in page.
#[derive(Default)]
pub struct LoginForm {
    /// `username`: a user name or an e-mail address.
    pub username: Field,
    /// `password`.
    pub password: SecretField,
    /// `return_to`: one of our own paths, where to go afterwards; empty for the account.
    pub return_to: String,
    /// `again`: whether a session that is there already is not enough.
    pub is_again: bool,
    /// `second_factor`: whether a password alone is not enough.
    pub needs_second_factor: bool,
}

impl LoginForm {
    /// What is wrong, field by field.
    pub fn problems(&self) -> Vec<Problem<'_>> {
        problems(&[("username", &self.username.error), ("password", &self.password.error)])
    }
}

#[cfg(test)]
impl super::Page for LoginPage {
    fn samples() -> Vec<Self> {
        use super::frame::sample::anonymous;
        use super::notice::Notice;

        let wrong = LoginForm { username: Field::with("ada"), ..LoginForm::default() };
        let from_client = LoginForm {
            return_to: "/oauth/authorize?client_id=c&scope=a".to_owned(),
            is_again: true,
            needs_second_factor: true,
            ..LoginForm::default()
        };
        let empty = LoginForm {
            username: Field::default().refused("Enter your user name or e-mail address."),
            password: SecretField::refused("Enter your password."),
            ..LoginForm::default()
        };
        let signed_out = anonymous(paths::LOGIN).with_notice(Some(Notice::SignedOut));
        let refused = anonymous(paths::LOGIN).with_problem("The user name or the password is wrong.");
        vec![
            Self {
                frame: anonymous(paths::LOGIN),
                form: from_client,
                client: Some(ClientCard::sample()),
                may_register: false,
                passkey: Some(PasskeyPrompt::sample()),
            },
            Self { frame: refused, form: wrong, client: None, may_register: true, passkey: None },
            Self { frame: signed_out, form: LoginForm::default(), client: None, may_register: true, passkey: None },
            Self {
                frame: anonymous(paths::LOGIN),
                form: empty,
                client: None,
                may_register: true,
                passkey: Some(PasskeyPrompt::sample()),
            },
        ]
    }
}
