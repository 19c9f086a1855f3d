//! `/design`: what pages are made of.

use super::consent::ConsentDuration;
use super::consent::ConsentScope;
use super::consent::withheld;
use super::filters;
use super::form::Choice;
use super::form::Choices;
use super::form::Field;
use super::form::Problem;
use super::form::problems;
use super::frame::Frame;
use super::frame::Pagination;
use super::time::Moment;
use crate::http::paths;

/// The colours that have names in the style sheet, as they stand there.
const COLOURS: [&str; 19] = [
    "canvas",
    "surface",
    "sunken",
    "ink",
    "ink-soft",
    "line",
    "control-line",
    "accent",
    "accent-strong",
    "accent-wash",
    "accent-line",
    "danger",
    "danger-strong",
    "danger-wash",
    "danger-line",
    "warning",
    "warning-wash",
    "warning-line",
    "warning-bar",
];

/// The page that shows every component in every state, made by the macros that the other pages use.
#[derive(askama::Template)]
#[template(path = "pages/design.html")]
pub struct DesignPage {
    /// Its surroundings.
    pub frame: Frame,
    colours: [&'static str; 19],
    typed: Field,
    empty: Field,
    wrong: Field,
    code: Field,
    lines: Field,
    few: Choices,
    refused: Choices,
    scopes: Vec<ConsentScope>,
    duration: ConsentDuration,
    tags: Vec<String>,
    now: Moment,
    pagination: Pagination,
}

impl DesignPage {
    /// The page in these surroundings, at this time.
    pub fn new(frame: Frame, now: Moment) -> Self {
        let few = vec![
            Choice::new("chosen", "Chosen", "What it means").chosen(true),
            Choice::new("other", "Not chosen", "What that means"),
        ];
        let scope = |name: &str, sentence: &str| ConsentScope {
            name: name.to_owned(),
            sentence: sentence.to_owned(),
            is_needed: false,
            is_granted_already: false,
        };
        Self {
            frame,
            colours: COLOURS,
            typed: Field::with("What was typed"),
            empty: Field::default(),
            wrong: Field::with("ada@example.com").refused("A user name has no @."),
            code: Field::with("WDJB-MJHT"),
            lines: Field::with("https://app.example.com/callback"),
            few: Choices::of(few.clone()),
            refused: Choices { options: few, error: Some("Choose one of them.".to_owned()) },
            scopes: vec![
                ConsentScope { is_needed: true, ..scope("openid", "Know that it is you") },
                ConsentScope { is_granted_already: true, ..scope("invoices:read", "See your invoices") },
                scope("invoices:write", "Create and change invoices in your name"),
            ],
            duration: ConsentDuration::default(),
            tags: vec!["editor".to_owned(), "bookkeeper".to_owned()],
            now,
            pagination: Pagination {
                first: Some(format!("{}#lists", paths::DESIGN)),
                next: Some(format!("{}#lists", paths::DESIGN)),
            },
        }
    }
}

impl DesignPage {
    fn problems(&self) -> Vec<Problem<'_>> {
        problems(&[("design-wrong", &self.wrong.error), ("design-one", &self.refused.error)])
    }
}

#[cfg(test)]
impl super::Page for DesignPage {
    fn samples() -> Vec<Self> {
        let now = Moment::new(crate::model::time::Timestamp::from_seconds(1_790_000_000));
        vec![Self::new(super::frame::sample::admin(paths::DESIGN), now)]
    }
}

#[cfg(test)]
mod tests {
    use super::COLOURS;

    #[test]
    fn each_colour_of_the_style_sheet_is_shown() {
        let css = include_str!("../../../../static/css/hallpass.css");
        let light = css.split("@media (prefers-color-scheme: dark)").next().unwrap();
        let names = light.lines().filter_map(|line| line.trim().strip_prefix("--")?.split_once(": #"));
        // What stands on a colour is seen with it.
        let shown: Vec<&str> = names.map(|(name, _)| name).filter(|name| !name.starts_with("on-")).collect();
        assert_eq!(shown, COLOURS);
        for colour in COLOURS {
            assert!(css.contains(&format!(".swatch.of-{colour} {{")), "{colour} has no swatch");
        }
    }
}
