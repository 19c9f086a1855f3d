//! `/account/delete`: the end of one's own account.

use super::filters;
use super::form::Field;
use super::form::Problem;
use super::form::SecretField;
use super::form::problems;
use super::frame::Frame;
use crate::http::paths;

/// The page.
#[derive(askama::Template)]
#[template(path = "pages/account/delete.html")]
pub struct AccountDeletePage {
    /// Its surroundings.
    pub frame: Frame,
    /// The name that is to be typed.
    pub username: String,
    /// Whether there is a password to ask for.
    pub has_password: bool,
    /// Its form.
    pub form: DeleteForm,
}

/// `username`, `current_password`.
#[derive(Default)]
pub struct DeleteForm {
    /// `username`.
    pub username: Field,
    /// `current_password`.
    pub current_password: SecretField,
}

impl DeleteForm {
    /// What is wrong, field by field.
    pub fn problems(&self) -> Vec<Problem<'_>> {
        problems(&[("username", &self.username.error), ("current_password", &self.current_password.error)])
    }
}

#[cfg(test)]
impl super::Page for AccountDeletePage {
    fn samples() -> Vec<Self> {
        let frame = || super::frame::sample::user(paths::ACCOUNT_DELETE);
        let page = |frame, form| Self { frame, username: "grace".to_owned(), has_password: true, form };
        let refused = DeleteForm {
            username: Field::with("ada").refused("Type your user name, so that nothing is deleted by mistake."),
            current_password: SecretField::refused("Enter your current password."),
        };
        let last = frame().with_problem("You are the last administrator. Give somebody else the role first.");
        let without = Self { has_password: false, ..page(frame(), DeleteForm::default()) };
        vec![without, page(frame(), DeleteForm::default()), page(frame(), refused), page(last, DeleteForm::default())]
    }
}
