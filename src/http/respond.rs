//! Answers that several handlers give.

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::http::header::HeaderValue;
use serde::Serialize;

use crate::app::App;
use crate::http::failure::Failure;
use crate::http::pages::views;
use crate::http::pages::views::Framed;

/// What pages are.
pub const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");

/// A page.
///
/// # Errors
/// [`Failure::Internal`] where the template fails.
pub fn page(page: &impl Framed) -> Result<HttpResponse, Failure> {
    page_with(HttpResponse::Ok(), page)
}

/// A page in an answer that was begun already.
///
/// # Errors
/// [`Failure::Internal`] where the template fails.
pub fn page_with(response: actix_web::HttpResponseBuilder, page: &impl Framed) -> Result<HttpResponse, Failure> {
    let html = views::render(page).map_err(|error| Failure::Internal { cause: error.to_string() })?;
    Ok(html_with(response, html))
}

/// A page that is rendered, in an answer that was begun already.
pub fn html_with(mut response: actix_web::HttpResponseBuilder, html: String) -> HttpResponse {
    response.insert_header((header::CONTENT_TYPE, HTML)).body(html)
}

/// 201 with what was made, and where it stands (RFC 9110 §15.3.2).
pub fn created(app: &App, path: &str, record: &impl Serialize) -> HttpResponse {
    let location = format!("{}{path}", app.issuer.as_str());
    HttpResponse::Created().insert_header((header::LOCATION, location)).json(record)
}

/// 303 to one of our own paths (RFC 9110 §15.4.4): what was posted is not posted again.
pub fn see(app: &App, path: &str) -> HttpResponse {
    see_elsewhere(&format!("{}{path}", app.issuer.path()))
}

/// 303 to an address that was checked.
pub fn see_elsewhere(location: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((header::LOCATION, location)).finish()
}
