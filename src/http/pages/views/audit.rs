//! `/audit`: who did what to what.

use super::filters;
use super::form::Choices;
use super::form::Field;
use super::form::Problem;
use super::form::problems;
use super::frame::Frame;
use super::frame::Pagination;
use super::time::Moment;
use crate::http::paths;

/// The page.
#[derive(askama::Template)]
#[template(path = "pages/audit.html")]
pub struct AuditPage {
    /// Its surroundings.
    pub frame: Frame,
    /// What is looked for.
    pub form: AuditForm,
    /// The entries of this page, newest first.
    pub entries: Vec<AuditRow>,
    /// The way through the log.
    pub pagination: Pagination,
    /// What stands behind the address of a file with all that is looked for; `format` comes behind it.
    pub export: String,
}

/// What can be looked for; it is sent by GET, so that each search has its address.
#[derive(Default)]
pub struct AuditForm {
    /// `event`: a field for each that is looked for, and one for another.
    pub events: Vec<Choices>,
    /// `actor`.
    pub actor: Field,
    /// `subject`.
    pub subject: Field,
    /// `since`: a day.
    pub since: Field,
    /// `until`: a day, that one included.
    pub until: Field,
    /// Whether anything is looked for.
    pub is_narrowed: bool,
}

impl AuditForm {
    /// What is wrong, field by field.
    pub fn problems(&self) -> Vec<Problem<'_>> {
        problems(&[("since", &self.since.error), ("until", &self.until.error)])
    }
}

/// One entry.
pub struct AuditRow {
    /// What was done, as a sentence.
    pub sentence: String,
    /// What was done, as the log calls it.
    pub event: String,
    /// When.
    pub at: Moment,
    /// By whom.
    pub actor: Party,
    /// To what.
    pub subject: Party,
    /// With which credential; may be empty.
    pub credential: String,
    /// From where; may be empty.
    pub address: String,
    /// In which request; may be empty.
    pub request_id: String,
    /// What else is known, name by name.
    pub details: Vec<(String, String)>,
}

/// Who did it, or to whom or what.
pub struct Party {
    /// What it is called.
    pub name: String,
    /// Where more is said of it; may be empty.
    pub path: String,
}

#[cfg(test)]
impl super::Page for AuditPage {
    fn samples() -> Vec<Self> {
        use super::form::Choice;
        use crate::model::time::Timestamp;

        let (then, now) = (Timestamp::from_seconds(1_795_512_300), Timestamp::from_seconds(1_795_512_600));
        let party = |name: &str, path: &str| Party { name: name.to_owned(), path: path.to_owned() };
        let entries = vec![
            AuditRow {
                sentence: "An API key was made.".to_owned(),
                event: "key.created".to_owned(),
                at: Moment::seen_from(then, now),
                actor: party("ada", &paths::user("user_01")),
                subject: party("key_01", ""),
                credential: "session_01".to_owned(),
                address: "192.0.2.7".to_owned(),
                request_id: "0192f0a0b0c0d0e0".to_owned(),
                details: vec![("name".to_owned(), "Nightly export".to_owned())],
            },
            AuditRow {
                sentence: "A signing key was made that will take the place of another.".to_owned(),
                event: "signing_key.rotated".to_owned(),
                at: Moment::new(then),
                actor: party("command line", ""),
                subject: party("a-very-long-name-of-something-that-has-no-place-to-break-at-all", ""),
                credential: String::new(),
                address: String::new(),
                request_id: String::new(),
                details: Vec::new(),
            },
        ];
        let page = |form: AuditForm, entries| Self {
            frame: super::frame::sample::admin(paths::AUDIT),
            form,
            entries,
            pagination: Pagination { first: None, next: Some("/audit?after=b".to_owned()) },
            export: "?".to_owned(),
        };
        let field = Choices::of(vec![
            Choice::new("", "Anything", "").chosen(true),
            Choice::new("key.created", "key.created", ""),
        ]);
        let wrong = AuditForm {
            events: vec![field.clone()],
            since: Field::with("yesterday").refused("This is not a day: write it as 2026-11-24."),
            is_narrowed: true,
            ..AuditForm::default()
        };
        vec![
            page(AuditForm { events: vec![field.clone(), field], ..AuditForm::default() }, entries),
            page(wrong, Vec::new()),
        ]
    }
}
