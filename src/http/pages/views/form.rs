//! The parts of forms: what was typed, what is wrong with it, what can be chosen.

/// A text field: what was typed, and what is wrong with it.
#[derive(Default, Clone)]
pub struct Field {
    /// What stands in the field.
    pub value: String,
    /// What is wrong with it, as a sentence.
    pub error: Option<String>,
}

impl Field {
    /// A field with `value` in it.
    pub fn with(value: &str) -> Self {
        Self { value: value.to_owned(), error: None }
    }

    /// The same, with what is wrong with it.
    pub fn refused(mut self, error: &str) -> Self {
        self.error = Some(error.to_owned());
        self
    }
}

/// A field for a password. It has no value: what was typed never goes back to the browser.
#[derive(Default, Clone)]
pub struct SecretField {
    /// What is wrong with what was typed, as a sentence.
    pub error: Option<String>,
}

impl SecretField {
    /// A field whose content was refused.
    pub fn refused(error: &str) -> Self {
        Self { error: Some(error.to_owned()) }
    }
}

/// A group of checkboxes or radio buttons, and what is wrong with the choice.
#[derive(Default, Clone)]
pub struct Choices {
    /// What can be chosen.
    pub options: Vec<Choice>,
    /// What is wrong with the choice, as a sentence.
    pub error: Option<String>,
}

/// One checkbox or radio button.
#[derive(Default, Clone)]
pub struct Choice {
    /// What the form sends.
    pub value: String,
    /// What it is called.
    pub label: String,
    /// What it means; may be empty.
    pub sentence: String,
    /// Whether it is chosen.
    pub is_chosen: bool,
}

impl Choice {
    /// A choice not taken.
    pub fn new(value: &str, label: &str, sentence: &str) -> Self {
        Self { value: value.to_owned(), label: label.to_owned(), sentence: sentence.to_owned(), is_chosen: false }
    }

    /// The same, taken or not.
    pub fn chosen(mut self, is_chosen: bool) -> Self {
        self.is_chosen = is_chosen;
        self
    }
}

impl Choices {
    /// A group in which nothing is wrong.
    pub fn of(options: Vec<Choice>) -> Self {
        Self { options, error: None }
    }
}

/// One line of the summary on top of a form that was refused.
pub struct Problem<'a> {
    /// The id of the field.
    pub field: &'static str,
    /// What is wrong with it.
    pub text: &'a str,
}

/// The problems among `fields` (the id of each, and its error), in their order.
pub(super) fn problems<'a>(fields: &[(&'static str, &'a Option<String>)]) -> Vec<Problem<'a>> {
    let refused = fields.iter().filter_map(|(field, error)| Some(Problem { field, text: error.as_deref()? }));
    refused.collect()
}
