//! `/reset`: asking for a link, and the form that it leads to.

use super::filters;
use super::form::Field;
use super::form::Problem;
use super::form::SecretField;
use super::form::problems;
use super::frame::Frame;
use crate::http::paths;

/// Where somebody asks for a link.
#[derive(askama::Template)]
#[template(path = "pages/reset/ask.html")]
pub struct ResetAskPage {
    /// Its surroundings.
    pub frame: Frame,
    /// `username`: a user name or an e-mail address.
    pub username: Field,
    /// Whether they have just asked; the page is the same whoever they are.
    pub is_asked: bool,
    /// Whether this server sends mail.
    pub leaves: bool,
}

/// Where the link leads.
#[derive(askama::Template)]
#[template(path = "pages/reset/confirm.html")]
pub struct ResetConfirmPage {
    /// Its surroundings.
    pub frame: Frame,
    /// The token of the link, sent on by the form.
    pub token: String,
    /// Whose password it is.
    pub username: String,
    /// `new_password`.
    pub new_password: SecretField,
}

impl ResetAskPage {
    /// What is wrong, field by field.
    pub fn problems(&self) -> Vec<Problem<'_>> {
        problems(&[("username", &self.username.error)])
    }
}

impl ResetConfirmPage {
    /// What is wrong, field by field.
    pub fn problems(&self) -> Vec<Problem<'_>> {
        problems(&[("new_password", &self.new_password.error)])
    }
}

#[cfg(test)]
impl super::Page for ResetAskPage {
    fn samples() -> Vec<Self> {
        let page = |username, is_asked, leaves| Self {
            frame: super::frame::sample::anonymous(paths::RESET),
            username,
            is_asked,
            leaves,
        };
        vec![
            page(Field::default(), false, true),
            page(Field::default().refused("Enter your user name or e-mail address."), false, true),
            page(Field::default(), true, true),
            page(Field::default(), true, false),
        ]
    }
}

#[cfg(test)]
impl super::Page for ResetConfirmPage {
    fn samples() -> Vec<Self> {
        let page = |new_password| Self {
            frame: super::frame::sample::anonymous(paths::RESET_CONFIRM),
            token: "r3setT0ken".to_owned(),
            username: "ada".to_owned(),
            new_password,
        };
        vec![page(SecretField::default()), page(SecretField::refused("The new password has fewer than 8 characters."))]
    }
}
