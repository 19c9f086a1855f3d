//! `/account/password/set`: a password for somebody who has none.

use super::filters;
use super::form::Problem;
use super::form::SecretField;
use super::form::problems;
use super::frame::Frame;
use crate::http::paths;

/// The page.
#[derive(askama::Template)]
#[template(path = "pages/account/password.html")]
pub struct AccountPasswordPage {
    /// Its surroundings.
    pub frame: Frame,
    /// The user name, for password managers.
    pub username: String,
    /// `new_password`.
    pub new_password: SecretField,
}

impl AccountPasswordPage {
    /// What is wrong, field by field.
    pub fn problems(&self) -> Vec<Problem<'_>> {
        problems(&[("new_password", &self.new_password.error)])
    }
}

#[cfg(test)]
impl super::Page for AccountPasswordPage {
    fn samples() -> Vec<Self> {
        let page = |new_password| Self {
            frame: super::frame::sample::user(paths::ACCOUNT_PASSWORD_SET),
            username: "grace".to_owned(),
            new_password,
        };
        let refused = "The new password has more than 1024 characters.";
        vec![page(SecretField::default()), page(SecretField::refused(refused))]
    }
}
