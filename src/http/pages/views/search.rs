//! The form above a long list. It is sent by GET, so that each view of the list has its address.

use super::form::Choices;
use super::form::Field;

/// What is looked for in a list, and how it is sorted.
pub struct SearchForm {
    /// The path of the list.
    pub path: &'static str,
    /// What `q` looks through, as a hint.
    pub hint: &'static str,
    /// `q`: a text.
    pub text: Field,
    /// Other texts, with their names and labels.
    pub texts: Vec<(&'static str, &'static str, Field)>,
    /// What can be chosen, with the names and labels of the fields.
    pub choices: Vec<(&'static str, &'static str, Choices)>,
    /// Whether anything is looked for.
    pub is_narrowed: bool,
    /// Whether the look ended before the page was full, for it had looked at as many records as it may.
    pub is_cut: bool,
}

impl SearchForm {
    /// The same, with one more field for a text.
    pub fn with_text(mut self, name: &'static str, label: &'static str, value: Option<&str>) -> Self {
        self.texts.push((name, label, Field::with(value.unwrap_or_default())));
        self
    }
}

/// The forms of samples.
#[cfg(test)]
pub(super) mod sample {
    use super::*;
    use crate::http::pages::views::form::Choice;

    pub(in super::super) fn search(path: &'static str, is_cut: bool) -> SearchForm {
        let states = Choices::of(vec![Choice::new("", "Any", "").chosen(true), Choice::new("enabled", "Enabled", "")]);
        let text = Field::with("<script>\"");
        let choices = vec![("state", "State", states)];
        SearchForm {
            path,
            hint: "A part of the name",
            text,
            texts: vec![("user", "User", Field::with("ada"))],
            choices,
            is_narrowed: is_cut,
            is_cut,
        }
    }
}
