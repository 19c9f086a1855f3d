//! `/account/email`: one's own e-mail address.

use super::filters;
use super::form::Field;
use super::form::Problem;
use super::form::SecretField;
use super::form::problems;
use super::frame::Frame;
use crate::http::paths;

/// The page.
#[derive(askama::Template)]
#[template(path = "pages/account/email.html")]
pub struct AccountEmailPage {
    /// Its surroundings.
    pub frame: Frame,
    /// The user name, for password managers.
    pub username: String,
    /// The address; may be empty.
    pub email: String,
    /// Whether it is confirmed.
    pub is_verified: bool,
    /// Whether there is a password to ask for.
    pub has_password: bool,
    /// Whether this server sends mail.
    pub leaves: bool,
    /// The form for another one.
    pub form: AccountEmailForm,
}

/// `email`, `current_password`.
#[derive(Default)]
pub struct AccountEmailForm {
    /// `email`.
    pub email: Field,
    /// `current_password`.
    pub current_password: SecretField,
}

impl AccountEmailForm {
    /// What is wrong, field by field.
    pub fn problems(&self) -> Vec<Problem<'_>> {
        problems(&[("email", &self.email.error), ("current_password", &self.current_password.error)])
    }
}

#[cfg(test)]
impl super::Page for AccountEmailPage {
    fn samples() -> Vec<Self> {
        let page = |email: &str, is_verified, leaves, form| Self {
            frame: super::frame::sample::user(paths::ACCOUNT_EMAIL),
            username: "grace".to_owned(),
            email: email.to_owned(),
            is_verified,
            has_password: !email.is_empty(),
            leaves,
            form,
        };
        let refused = AccountEmailForm {
            email: Field::with("grace").refused("The e-mail address has no @."),
            current_password: SecretField::refused("This is not your current password."),
        };
        vec![
            page("grace@example.org", true, true, AccountEmailForm::default()),
            page("grace@example.org", false, true, refused),
            page("", false, true, AccountEmailForm::default()),
            page("grace@example.org", false, false, AccountEmailForm::default()),
        ]
    }
}
