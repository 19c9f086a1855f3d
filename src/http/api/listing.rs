//! Lists of `/api/v1`: so many items a page, and a cursor that leads on. A page begins behind the last item of the one
//! before, whatever was added or deleted meanwhile.

use std::str;

use actix_web::HttpRequest;
use serde::Serialize;
use utoipa::IntoParams;
use utoipa::ToSchema;

use crate::app::App;
use crate::domain::cursor;
use crate::http::failure::Failure;
use crate::http::form::Parameters;
use crate::model::time::Timestamp;

/// The most items of one page, and how many there are where nothing else is asked for.
const MOST: usize = 100;

/// What every list takes.
#[derive(Debug, Clone, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageParameters {
    /// The most items of the page.
    #[param(minimum = 1, maximum = 100, default = 100)]
    pub limit: Option<usize>,
    /// `next` of the page before. What it holds is nobody's business and may change.
    pub cursor: Option<String>,
}

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T: ToSchema> {
    /// The items, in the order of the whole list.
    #[schema(max_items = 100)]
    pub items: Vec<T>,
    /// The cursor of the page behind this one; null on the last page.
    #[schema(required)]
    pub next: Option<String>,
}

/// What a request asks of a list.
pub struct Listing {
    list: &'static str,
    page: PageParameters,
    position: Option<String>,
    filters: Parameters,
}

impl Listing {
    /// Reads the query of a request for `list`, which takes `filters`. A parameter that is not known is refused: a
    /// filter that is misspelt must not show everything.
    ///
    /// # Errors
    /// [`Failure::BadRequest`].
    pub fn read(
        request: &HttpRequest,
        app: &App,
        list: &'static str,
        filters: &[&'static str],
    ) -> Result<Self, Failure> {
        let bad = |why: String| Failure::BadRequest(why);
        let query =
            Parameters::parse_list(request.query_string().as_bytes()).map_err(|error| bad(error.to_string()))?;
        let known: Vec<&str> = ["limit", "cursor"].iter().chain(filters).copied().collect();
        if query.iter().any(|(name, _)| !known.contains(&name)) {
            return Err(bad(format!(
                "the query has a parameter that is not known here; known are {}",
                known.join(", ")
            )));
        }
        let limit = match query.get("limit").map(str::parse::<usize>) {
            None => None,
            Some(Ok(limit)) if (1..=MOST).contains(&limit) => Some(limit),
            Some(_) => return Err(bad(format!("limit must be a whole number from 1 to {MOST}"))),
        };
        let bad_cursor = || bad("cursor is none of this list; take next of the page before, as it is".to_owned());
        let page = PageParameters { limit, cursor: query.get("cursor").map(str::to_owned) };
        let open = |text: &str| cursor::open(app.keys.all(), list, text).ok_or_else(bad_cursor);
        let position = page.cursor.as_deref().map(open).transpose()?;
        Ok(Self { list, page, position, filters: query })
    }

    fn limit(&self) -> usize {
        self.page.limit.unwrap_or(MOST)
    }

    /// Behind what the page begins; `None` on the first page.
    ///
    /// # Errors
    /// [`Failure::BadRequest`] where the cursor is of an older form.
    pub fn after<T>(&self, parse: impl Fn(&str) -> Option<T>) -> Result<Option<T>, Failure> {
        let bad = || Failure::BadRequest("cursor is none of this list; begin at its first page".to_owned());
        self.position.as_deref().map(|position| parse(position).ok_or_else(bad)).transpose()
    }

    /// How many to ask the store for: one more tells whether there is a next page.
    pub fn ask(&self) -> i64 {
        i64::try_from(self.limit()).unwrap_or(i64::MAX).saturating_add(1)
    }

    /// A filter, where it is there.
    pub fn filter(&self, name: &str) -> Option<String> {
        self.filters.get(name).map(str::to_owned)
    }

    /// A filter of which each value lets something through.
    pub fn filters(&self, name: &str) -> Vec<String> {
        self.filters.all(name).map(str::to_owned).collect()
    }

    /// A filter that is `true` or `false`.
    ///
    /// # Errors
    /// [`Failure::BadRequest`].
    pub fn flag(&self, name: &str) -> Result<Option<bool>, Failure> {
        let bad = || Failure::BadRequest(format!("{name} must be true or false"));
        self.filters.get(name).map(|text| text.parse().map_err(|_| bad())).transpose()
    }

    /// A filter that is a time in Unix seconds.
    ///
    /// # Errors
    /// [`Failure::BadRequest`].
    pub fn time(&self, name: &str) -> Result<Option<Timestamp>, Failure> {
        let bad = || Failure::BadRequest(format!("{name} must be a time in whole Unix seconds"));
        let seconds = self.filters.get(name).map(|text| text.parse::<i64>().map_err(|_| bad())).transpose()?;
        Ok(seconds.map(Timestamp::from_seconds))
    }

    /// The page of what the store gave. `position` is that by which the store goes on.
    pub fn page<T, R: ToSchema>(
        &self,
        app: &App,
        mut found: Vec<T>,
        position: impl Fn(&T) -> String,
        record: impl Fn(&T) -> R,
    ) -> Page<R> {
        let is_last = found.len() <= self.limit();
        found.truncate(self.limit());
        let last = found.last().filter(|_| !is_last);
        let next = last.map(|last| cursor::seal(app.keys.current(), self.list, &position(last)));
        Page { items: found.iter().map(record).collect(), next }
    }
}
