//! What is wrong with what stands in a field, in the language of the page.

use std::fmt::Display;

use crate::app::languages::Language;
use crate::app::languages::Text;

/// `text`, such as `The user name {$problem}.`, with what `error` says of it in the place `{$problem}`.
pub fn refusal(language: &Language, text: Text, error: &impl Display) -> String {
    let error = error.to_string();
    language.fill(&text.with("problem", language.say_if_known(&error)))
}
