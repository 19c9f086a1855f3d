//! `/why`: why requests were refused.

use super::filters;
use super::form::Choices;
use super::form::Field;
use super::form::Problem;
use super::form::problems;
use super::frame::Frame;
use super::frame::Pagination;
use super::time::Moment;
use crate::app::languages::Text;
use crate::http::paths;

/// The latest refused requests.
#[derive(askama::Template)]
#[template(path = "pages/why/list.html")]
pub struct WhyListPage {
    /// Its surroundings.
    pub frame: Frame,
    /// What is looked for.
    pub form: WhyForm,
    /// The requests of this page, newest first.
    pub calls: Vec<WhyRow>,
    /// The way through the list.
    pub pagination: Pagination,
    /// Whether any are kept at all.
    pub is_kept: bool,
}

/// What can be looked for; it is sent by GET, so that each search has its address.
#[derive(Default)]
pub struct WhyForm {
    /// `id`: of a request.
    pub id: Field,
    /// `client`.
    pub client: Field,
    /// `user`.
    pub user: Field,
    /// `surface`.
    pub surface: Choices,
    /// Whether the list is narrowed.
    pub is_narrowed: bool,
}

impl WhyForm {
    /// What is wrong, field by field.
    pub fn problems(&self) -> Vec<Problem<'_>> {
        problems(&[("id", &self.id.error)])
    }
}

/// One refused request in the list.
pub struct WhyRow {
    /// The path of its page.
    pub path: String,
    /// What would be true if it had not been refused.
    pub title: String,
    /// What came instead.
    pub came: Option<Text>,
    /// When.
    pub at: Moment,
    /// Method and route.
    pub route: String,
    /// The status it was answered with.
    pub status: u16,
    /// The application's `client_id`; may be empty.
    pub client: String,
    /// The user; may be empty.
    pub user: String,
    /// From where; may be empty.
    pub address: String,
}

/// The checks of one refused request.
#[derive(askama::Template)]
#[template(path = "pages/why/show.html")]
pub struct WhyShowPage {
    /// Its surroundings.
    pub frame: Frame,
    /// Its id.
    pub id: String,
    /// What failed, as a sentence.
    pub sentence: Text,
    /// What to do about it; may be empty.
    pub advice: &'static str,
    /// When.
    pub at: Moment,
    /// Method and route.
    pub route: String,
    /// The status it was answered with.
    pub status: u16,
    /// The face of the server that it came to.
    pub surface: String,
    /// The application.
    pub client: Party,
    /// The user.
    pub user: Party,
    /// The credential.
    pub credential: Party,
    /// From where; may be empty.
    pub address: String,
    /// The checks, in their order.
    pub checks: Vec<CheckRow>,
}

/// Whom a request is about.
#[derive(Default)]
pub struct Party {
    /// What it is called; the id where it has no name; empty where there is none.
    pub name: String,
    /// Its id.
    pub id: String,
    /// Where more is said of it; may be empty.
    pub path: String,
}

/// One check.
pub struct CheckRow {
    /// What became of it, in words.
    pub state: &'static str,
    /// The end of the class name.
    pub style: &'static str,
    /// What is true where it holds.
    pub holds: String,
    /// What it asks for.
    pub expected: Option<Text>,
    /// What came.
    pub came: Option<Text>,
}

#[cfg(test)]
mod samples {
    use super::*;
    use crate::domain::refusals::check::Check;
    use crate::http::pages::views::form::Choice;
    use crate::http::pages::views::frame::sample;
    use crate::model::time::Timestamp;

    fn moment() -> Moment {
        Moment::seen_from(Timestamp::from_seconds(1_795_512_300), Timestamp::from_seconds(1_795_512_600))
    }

    impl super::super::Page for WhyListPage {
        fn samples() -> Vec<Self> {
            let row = |client: &str, user: &str| WhyRow {
                path: paths::why("01939f3c5f6a7c1e9a3b2c4d5e6f7081"),
                title: "The code has not expired".to_owned(),
                came: Some(Text::new("a decoy")),
                at: moment(),
                route: "POST /oauth/token".to_owned(),
                status: 400,
                client: client.to_owned(),
                user: user.to_owned(),
                address: "192.0.2.7".to_owned(),
            };
            let page = |form: WhyForm, calls, is_kept| Self {
                frame: sample::admin(paths::WHY),
                form,
                calls,
                pagination: Pagination { first: None, next: Some("/why?after=b".to_owned()) },
                is_kept,
            };
            let surface =
                || Choices::of(vec![Choice::new("", "Anywhere", "").chosen(true), Choice::new("api", "API", "")]);
            let wrong = WhyForm {
                id: Field::with("x").refused("This is no request's id."),
                surface: surface(),
                is_narrowed: true,
                ..WhyForm::default()
            };
            let calls = vec![row("client_01939f3c5f6a7c1e9a3b2c4d5e6f7081", "ada"), row("", "")];
            let form = WhyForm { surface: surface(), ..WhyForm::default() };
            let empty = WhyForm { surface: surface(), ..WhyForm::default() };
            vec![page(form, calls, true), page(wrong, Vec::new(), true), page(empty, Vec::new(), false)]
        }
    }

    impl super::super::Page for WhyShowPage {
        fn samples() -> Vec<Self> {
            let check = |state, style, holds: &str, expected: Option<Text>, came: Option<Text>| CheckRow {
                state,
                style,
                holds: holds.to_owned(),
                expected,
                came,
            };
            let party = |name: &str, id: &str, path: String| Party { name: name.to_owned(), id: id.to_owned(), path };
            let full = Self {
                frame: sample::admin(&paths::why("01939f3c5f6a7c1e9a3b2c4d5e6f7081")),
                id: "01939f3c5f6a7c1e9a3b2c4d5e6f7081".to_owned(),
                sentence: Text::new("It failed at this: {$check}.").saying("check", "the code has not expired"),
                advice: Check::CodeUnexpired.advice(),
                at: moment(),
                route: "POST /oauth/token".to_owned(),
                status: 400,
                surface: "OAuth endpoints".to_owned(),
                client: party("Ledger", "client_01", paths::client("client_01")),
                user: party("ada", "user_01", paths::user("user_01")),
                credential: Party::default(),
                address: "192.0.2.7".to_owned(),
                checks: vec![
                    check(
                        "held",
                        "held",
                        "The client is registered here and enabled",
                        None,
                        Some(Text::of_words("client_01")),
                    ),
                    check(
                        "failed",
                        "failed",
                        "The code has not expired",
                        Some(Text::new("a code that has not expired")),
                        Some(Text::new("one that ended {$text}").with("text", "12 s")),
                    ),
                    check("not reached", "not-reached", Check::ScopeLeft.holds(), None, None),
                ],
            };
            let bare = Self {
                frame: sample::admin(&paths::why("01939f3c5f6a7c1e9a3b2c4d5e6f7082")),
                id: "01939f3c5f6a7c1e9a3b2c4d5e6f7082".to_owned(),
                sentence: Text::of_words("something_newer"),
                advice: "",
                at: moment(),
                route: "GET (none)".to_owned(),
                status: 503,
                surface: "API".to_owned(),
                client: Party::default(),
                user: Party::default(),
                credential: party("key_01", "key_01", String::new()),
                address: String::new(),
                checks: vec![check(
                    "failed",
                    "failed",
                    "something_newer",
                    Some(Text::of_words("1")),
                    Some(Text::of_words("2")),
                )],
            };
            vec![full, bare]
        }
    }
}
