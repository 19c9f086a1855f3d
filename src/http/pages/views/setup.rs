//! `/setup`: the first administrator picks a name and a password.

use super::filters;
use super::form::Field;
use super::form::Problem;
use super::form::SecretField;
use super::form::problems;
use super::frame::Frame;
use crate::http::paths;

/// The page behind the setup URL.
#[derive(askama::Template)]
#[template(path = "pages/setup.html")]
pub struct SetupPage {
    /// Its surroundings.
    pub frame: Frame,
    /// Its form.
    pub form: SetupForm,
}

/// The form of the setup page.
#[derive(Default)]
pub struct SetupForm {
    /// The token of the setup URL, sent on by the form.
    pub token: String,
    /// `username`.
    pub username: Field,
    /// `email`.
    pub email: Field,
    /// `password`.
    pub password: SecretField,
}

impl SetupForm {
    /// What is wrong, field by field.
    pub fn problems(&self) -> Vec<Problem<'_>> {
        problems(&[
            ("username", &self.username.error),
            ("email", &self.email.error),
            ("password", &self.password.error),
        ])
    }
}

#[cfg(test)]
impl super::Page for SetupPage {
    fn samples() -> Vec<Self> {
        let frame = || super::frame::sample::anonymous(paths::SETUP);
        let token = "s3tupT0ken".to_owned();
        let refused = SetupForm {
            token: token.clone(),
            username: Field::with("ada@example.org").refused("A user name has no @: pick a name such as ada."),
            email: Field::with("ada@example.org"),
            password: SecretField::refused("A password has at least 8 characters."),
        };
        let fresh = SetupForm { token, ..SetupForm::default() };
        vec![Self { frame: frame(), form: fresh }, Self { frame: frame(), form: refused }]
    }
}
