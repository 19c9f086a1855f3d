//! The page that asks before something that can't be undone.

use super::filters;
use super::form::Choices;
use super::frame::Frame;
use crate::http::paths;

/// A question with a button.
#[derive(askama::Template)]
#[template(path = "pages/confirm.html")]
pub struct ConfirmPage {
    /// Its surroundings.
    pub frame: Frame,
    /// The question: `Delete the application Ledger?`
    pub question: String,
    /// What follows from it, a sentence each.
    pub consequences: Vec<String>,
    /// The path that the form posts to.
    pub action: String,
    /// The words on the button: `Delete application`.
    pub button: String,
    /// Where `Cancel` leads.
    pub cancel: String,
    /// What there is to choose, if anything.
    pub choice: Option<ConfirmChoice>,
}

/// A choice that goes with the answer, as radio buttons.
pub struct ConfirmChoice {
    /// The name of the field.
    pub name: &'static str,
    /// The question.
    pub legend: &'static str,
    /// What can be chosen.
    pub choices: Choices,
}

#[cfg(test)]
impl super::Page for ConfirmPage {
    fn samples() -> Vec<Self> {
        use super::form::Choice;

        let sample = || Self {
            frame: super::frame::sample::admin(paths::CLIENTS),
            question: "Delete the application Ledger?".to_owned(),
            consequences: vec![
                "Its tokens stop working at once, and it can't ask for new ones.".to_owned(),
                "12 people let it use their account; what they granted is deleted with it.".to_owned(),
                "This can't be undone.".to_owned(),
            ],
            action: paths::client_delete("client_01"),
            button: "Delete application".to_owned(),
            cancel: paths::client("client_01"),
            choice: None,
        };
        let choices =
            Choices::of(vec![Choice::new("none", "Not at all", "").chosen(true), Choice::new("1h", "1 hour", "")]);
        let choice = ConfirmChoice { name: "overlap", legend: "How long does the present secret still work?", choices };
        vec![sample(), Self { choice: Some(choice), ..sample() }]
    }
}
