//! `/register`: asking for an account, and the form that the link leads to.

use super::filters;
use super::form::Field;
use super::form::Problem;
use super::form::SecretField;
use super::form::problems;
use super::frame::Frame;
use crate::app::languages::Text;
use crate::http::paths;

/// Where somebody asks for an account.
#[derive(askama::Template)]
#[template(path = "pages/register/ask.html")]
pub struct RegisterAskPage {
    /// Its surroundings.
    pub frame: Frame,
    /// `email`.
    pub email: Field,
    /// Whether they have just asked; the page is the same whether or not they have an account.
    pub is_asked: bool,
    /// The domains whose addresses may register; all where there are none.
    pub domains: Vec<String>,
}

/// Where the link leads.
#[derive(askama::Template)]
#[template(path = "pages/register/confirm.html")]
pub struct RegisterConfirmPage {
    /// Its surroundings.
    pub frame: Frame,
    /// The token of the link, sent on by the form.
    pub token: String,
    /// The address that the link was sent to.
    pub email: String,
    /// Its form.
    pub form: NewcomerForm,
}

/// What somebody picks for their account.
#[derive(Default)]
pub struct NewcomerForm {
    /// `username`.
    pub username: Field,
    /// `full_name`.
    pub full_name: Field,
    /// `password`.
    pub password: SecretField,
}

impl RegisterAskPage {
    /// What is wrong, field by field.
    pub fn problems(&self) -> Vec<Problem<'_>> {
        problems(&[("email", &self.email.error)])
    }

    /// Which addresses may register, as a sentence; empty where all may.
    pub fn hint(&self) -> Text {
        let either =
            |some: Text, other| Text::new("{$some} or {$other}").with_text("some", some).with_text("other", other);
        match self.domains.iter().map(Text::of_words).reduce(either) {
            None => Text::new(""),
            Some(domains) => Text::new("An address at {$domains}.").with_text("domains", domains),
        }
    }
}

impl NewcomerForm {
    /// What is wrong, field by field.
    pub fn problems(&self) -> Vec<Problem<'_>> {
        problems(&[
            ("username", &self.username.error),
            ("full_name", &self.full_name.error),
            ("password", &self.password.error),
        ])
    }
}

#[cfg(test)]
impl super::Page for RegisterAskPage {
    fn samples() -> Vec<Self> {
        let page = |email, is_asked, domains| Self {
            frame: super::frame::sample::anonymous(paths::REGISTER),
            email,
            is_asked,
            domains,
        };
        let wrong = Field::with("ada").refused("The e-mail address has no @.");
        vec![
            page(Field::default(), false, Vec::new()),
            page(wrong, false, vec!["example.org".to_owned(), "example.com".to_owned()]),
            page(Field::default(), true, Vec::new()),
        ]
    }
}

#[cfg(test)]
impl super::Page for RegisterConfirmPage {
    fn samples() -> Vec<Self> {
        let page = |form| Self {
            frame: super::frame::sample::anonymous(paths::REGISTER_CONFIRM),
            token: "r3gT0ken".to_owned(),
            email: "ada@example.org".to_owned(),
            form,
        };
        let refused = NewcomerForm {
            username: Field::with("ada").refused("The user name is taken."),
            full_name: Field::with("Ada\u{202e}").refused("The full name has a control character."),
            password: SecretField::refused("The password has fewer than 8 characters."),
        };
        vec![page(NewcomerForm::default()), page(refused)]
    }
}
