//! Lists that are longer than a page: 50 a page, and the id of the last one leads on.

use actix_web::HttpRequest;

use crate::http::failure::Failure;
use crate::http::pages::login;
use crate::http::pages::views::frame::Pagination;

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
