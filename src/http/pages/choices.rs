//! What forms offer to choose from, as checkboxes.

use crate::domain::roles::Described;
use crate::http::pages::views::form::Choice;

/// A checkbox for each of `offered`; ticked where `is_chosen` says so.
pub fn choices(offered: &[Described], is_chosen: impl Fn(&str) -> bool) -> Vec<Choice> {
    let choice =
        |one: &Described| Choice::new(&one.name, &one.name, &one.sentence).chosen(is_chosen(one.name.as_str()));
    offered.iter().map(choice).collect()
}
