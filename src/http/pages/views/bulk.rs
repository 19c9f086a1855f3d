//! What is done to several records of a list at once.

use super::filters;
use super::frame::Frame;
use crate::app::languages::Text;
use crate::http::paths;

/// The bar above a list, with a button for each thing that can be done to what is ticked.
pub struct BulkBar {
    /// The path that the list's form posts to, with the query of the list.
    pub action: String,
    /// The buttons.
    pub buttons: Vec<BulkButton>,
}

/// One of them.
pub struct BulkButton {
    /// The value of `act`.
    pub code: &'static str,
    /// Its words.
    pub label: &'static str,
    /// Whether it takes something away for good.
    pub is_dangerous: bool,
}

/// The page between the list and what is done, or after it where not all of it was done.
#[derive(askama::Template)]
#[template(path = "pages/bulk.html")]
pub struct BulkPage {
    /// Its surroundings.
    pub frame: Frame,
    /// What is done: `Disable`.
    pub label: &'static str,
    /// The list, as it was looked at.
    pub back: String,
    /// How far it is.
    pub stage: BulkStage,
}

/// How far a thing done to several records is.
pub enum BulkStage {
    /// It is asked about.
    Asked {
        /// The question: `Disable 3 users?`
        question: Text,
        /// The id and the name of each record.
        records: Vec<(String, Text)>,
        /// What follows from it, a sentence each.
        consequences: &'static [&'static str],
        /// The path that the answer posts to.
        action: String,
        /// The value of `act`.
        code: &'static str,
        /// The words on the button.
        button: &'static str,
    },
    /// It was done to some.
    Told {
        /// To how many: `2 users`.
        done: Text,
        /// To which not, and why.
        refused: Vec<NotDone>,
    },
}

/// A record that is as it was.
pub struct NotDone {
    /// Its name.
    pub name: Text,
    /// Why, as a sentence.
    pub why: String,
}

#[cfg(test)]
impl super::Page for BulkPage {
    fn samples() -> Vec<Self> {
        let page = |stage| Self {
            frame: super::frame::sample::admin(paths::USERS),
            label: "Disable",
            back: "/users?role=editor".to_owned(),
            stage,
        };
        let asked = BulkStage::Asked {
            question: Text::new("Disable {$count} users?").counting("count", 2),
            records: vec![
                ("user_01".to_owned(), Text::of_words("<script>alert(1)</script>")),
                ("user_02".to_owned(), Text::of_words("a.very.long.user.name.that.goes.on.and.on.and.on.and.on")),
            ],
            consequences: &["They can be enabled again."],
            action: "/users/bulk?role=editor".to_owned(),
            code: "disable",
            button: "Disable",
        };
        let why = "This is the last enabled administrator; make another one first.".to_owned();
        let done = Text::new("{$count} users").counting("count", 1);
        let told = BulkStage::Told { done, refused: vec![NotDone { name: Text::of_words("ada"), why }] };
        vec![page(asked), page(told)]
    }
}

/// The bars of samples.
#[cfg(test)]
pub(super) mod sample {
    use super::BulkBar;
    use super::BulkButton;

    pub(in super::super) fn bar(action: &str) -> BulkBar {
        let button = |code, label, is_dangerous| BulkButton { code, label, is_dangerous };
        let buttons = vec![button("disable", "Disable", false), button("delete", "Delete", true)];
        BulkBar { action: action.to_owned(), buttons }
    }
}
