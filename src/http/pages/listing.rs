//! Lists that are longer than a page: 50 a page, and a cursor or the id of the last one leads on.

use actix_web::HttpRequest;
use form_urlencoded::Serializer;

use crate::app::App;
use crate::domain::cursor;
use crate::http::failure::Failure;
use crate::http::form::Parameters;
use crate::http::pages::login;
use crate::http::pages::views::form::Choice;
use crate::http::pages::views::form::Choices;
use crate::http::pages::views::form::Field;
use crate::http::pages::views::frame::Pagination;
use crate::http::pages::views::notice::Notice;
use crate::http::pages::views::search::SearchForm;
use crate::model::listing::Order;
use crate::model::listing::Part;
use crate::model::listing::Place;

/// The most lines on one page.
const PAGE: usize = 50;
/// How many to ask the store for: one more tells whether there is a next page.
pub const ASK: i64 = 51;

/// Behind which id the page begins; `None` on the first page.
///
/// # Errors
/// [`Failure::BadRequest`] where `after` is no id of the list.
pub fn after<T>(request: &HttpRequest, parse: impl Fn(&str) -> Option<T>) -> Result<Option<T>, Failure> {
    let query = login::query(request)?;
    let bad = || Failure::BadRequest("after is no id of this list; begin at its first page".to_owned());
    query.get("after").map(|after| parse(after).ok_or_else(bad)).transpose()
}

/// Cuts `items` down to one page, and says which pages are around it. `path` is that of the first page, with its query.
pub fn paginate<T>(path: &str, is_first: bool, items: &mut Vec<T>, id: impl Fn(&T) -> String) -> Pagination {
    let is_last = items.len() <= PAGE;
    items.truncate(PAGE);
    let last = items.last().filter(|_| !is_last);
    let separator = if path.contains('?') { '&' } else { '?' };
    Pagination {
        first: (!is_first).then(|| path.to_owned()),
        next: last.map(|last| format!("{path}{separator}after={}", id(last))),
    }
}

/// The fields of a search that every list has.
const COMMON: [&str; 2] = ["q", "sort"];

/// What is looked for in a list, as its address says it.
pub struct Search {
    query: Parameters,
    path: &'static str,
    fields: &'static [&'static str],
}

/// What can be chosen in a field of a search: its value, and what it is called. The first one is taken where none is named.
pub type Options<'a> = &'a [(&'a str, &'a str)];

impl Search {
    /// Reads the query of a request for the list at `path`, which has `fields` beside those of every list.
    ///
    /// # Errors
    /// [`Failure::BadRequest`] where the query can't be read.
    pub fn read(request: &HttpRequest, path: &'static str, fields: &'static [&'static str]) -> Result<Self, Failure> {
        Ok(Self { query: login::query(request)?, path, fields })
    }

    /// What stands in a field; `None` where that is nothing.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.query.get(name).map(str::trim).filter(|text| !text.is_empty())
    }

    /// What is looked for as a text.
    pub fn text(&self) -> Option<String> {
        self.get("q").map(str::to_owned)
    }

    /// What was just done.
    pub fn notice(&self) -> Option<Notice> {
        self.get("done").and_then(Notice::find)
    }

    /// The name of the list in its cursors: one of another order leads nowhere in this one.
    fn list(&self) -> String {
        format!("page {} {}", self.path, self.get("sort").unwrap_or_default())
    }

    /// The part of the list that is asked for.
    ///
    /// # Errors
    /// [`Failure::BadRequest`] where `after` is none of this list's cursors.
    pub fn part<By>(&self, app: &App, order: Order<By>) -> Result<Part<By>, Failure> {
        let bad = || Failure::BadRequest("after is none of this list; begin at its first page".to_owned());
        let open = |cursor: &str| cursor::open(app.keys.all(), &self.list(), cursor);
        let place = |cursor| open(cursor).as_deref().and_then(Place::parse).ok_or_else(bad);
        Ok(Part { order, after: self.get("after").map(place).transpose()?, limit: PAGE })
    }

    /// The way through the list.
    pub fn pagination(&self, app: &App, next: Option<&Place>) -> Pagination {
        let first = self.address(self.path);
        let separator = if first.contains('?') { '&' } else { '?' };
        let cursor = |place: &Place| cursor::seal(app.keys.current(), &self.list(), &place.to_text());
        Pagination {
            next: next.map(|place| format!("{first}{separator}after={}", cursor(place))),
            first: self.get("after").is_some().then_some(first),
        }
    }

    /// The path of the list.
    pub fn path(&self) -> &'static str {
        self.path
    }

    /// `path` with the query that shows the list in the same way.
    pub fn address(&self, path: &str) -> String {
        let narrowed = self.narrowed();
        if narrowed.is_empty() { path.to_owned() } else { format!("{path}?{narrowed}") }
    }

    /// The query that shows the list in the same way.
    fn narrowed(&self) -> String {
        let mut text = Serializer::new(String::new());
        for name in COMMON.iter().chain(self.fields) {
            if let Some(value) = self.get(name) {
                text.append_pair(name, value);
            }
        }
        text.finish()
    }

    /// A field to choose in.
    pub fn choices(&self, name: &str, options: Options<'_>) -> Choices {
        let chosen = self.get(name).unwrap_or_default();
        Choices::of(
            options.iter().map(|(value, label)| Choice::new(value, label, "").chosen(*value == chosen)).collect(),
        )
    }

    /// The form above the list.
    pub fn form(
        &self,
        hint: &'static str,
        choices: Vec<(&'static str, &'static str, Choices)>,
        is_cut: bool,
    ) -> SearchForm {
        let is_narrowed = ["q"].iter().chain(self.fields).any(|name| self.get(name).is_some());
        let text = Field::with(self.get("q").unwrap_or_default());
        SearchForm { path: self.path, hint, text, texts: Vec::new(), choices, is_narrowed, is_cut }
    }
}
