//! Whether an unsafe request that a cookie authenticates was sent by one of our own pages.

use actix_web::HttpRequest;
use actix_web::http::Method;
use actix_web::http::header;

use crate::app::App;
use crate::domain::csrf;
use crate::http::context::Context;
use crate::http::failure::Failure;
use crate::http::form::Parameters;

/// What a request without a token, or with another's, is told.
const NO_TOKEN: &str = "the form's security token is missing or has expired; go back, reload the page and try again";
/// What a request from elsewhere is told.
pub const FOREIGN: &str = "the request was sent from another site";

/// Whether `method` changes nothing (RFC 9110 §9.2.1).
pub fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS | Method::TRACE)
}

/// Where a request was sent from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Origin {
    Own,
    Foreign,
    Unknown,
}

/// With `Referrer-Policy: no-referrer` browsers send `Origin: null` on form posts, so `Sec-Fetch-Site` decides where
/// it is there.
fn origin(request: &HttpRequest, app: &App) -> Origin {
    let mut sites = request.headers().get_all("sec-fetch-site");
    if let Some(site) = sites.next() {
        let own = site.as_bytes() == b"same-origin" && sites.next().is_none();
        return if own { Origin::Own } else { Origin::Foreign };
    }
    let mut origins = request.headers().get_all(header::ORIGIN);
    match (origins.next(), origins.next()) {
        (None, _) => Origin::Unknown,
        (Some(origin), None) if origin.as_bytes() == app.issuer.origin().as_bytes() => Origin::Own,
        (Some(_), _) => Origin::Foreign,
    }
}

/// Refuses an unsafe request in a session unless it comes from our own origin and carries the session's token.
///
/// # Errors
/// [`Failure::Forged`].
pub fn check_session(request: &HttpRequest, app: &App, context: &Context, bound_to: &[u8]) -> Result<(), Failure> {
    if is_safe(request.method()) {
        return Ok(());
    }
    if origin(request, app) != Origin::Own {
        return Err(Failure::Forged(FOREIGN));
    }
    check_token(request, app, context, csrf::Purpose::Session, bound_to)
}

/// Refuses the form of a visitor who is not signed in unless it carries the token of their browser. There is no
/// session to abuse yet, so a client that sends neither header may sign in.
///
/// # Errors
/// [`Failure::Forged`].
pub fn check_visitor(request: &HttpRequest, app: &App, context: &Context, bound_to: &[u8]) -> Result<(), Failure> {
    if is_safe(request.method()) {
        return Ok(());
    }
    if origin(request, app) == Origin::Foreign {
        return Err(Failure::Forged(FOREIGN));
    }
    check_token(request, app, context, csrf::Purpose::Form, bound_to)
}

/// Refuses somebody who signs in without a form of ours, where their browser says that another site sent it: else that
/// site could have a visitor use its own account without noticing.
///
/// # Errors
/// [`Failure::Forged`].
pub fn check_newcomer(request: &HttpRequest, app: &App) -> Result<(), Failure> {
    if origin(request, app) == Origin::Foreign { Err(Failure::Forged(FOREIGN)) } else { Ok(()) }
}

fn check_token(
    request: &HttpRequest,
    app: &App,
    context: &Context,
    purpose: csrf::Purpose,
    bound_to: &[u8],
) -> Result<(), Failure> {
    let named = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let header = named("x-csrf-token").or_else(|| {
        // Frappe's clients have their own name for it.
        if context.surface.is_frappe() { named("x-frappe-csrf-token") } else { None }
    });
    let presented = match header {
        Some(token) => Some(token),
        None if is_form(request) => {
            let form =
                Parameters::parse_page_body(&context.body).map_err(|error| Failure::BadRequest(error.to_string()))?;
            form.get("csrf_token").map(str::to_owned)
        }
        None => None,
    };
    let presented = presented.ok_or(Failure::Forged(NO_TOKEN))?;
    if app.keys.all().any(|key| csrf::verify(key, purpose, bound_to, &presented)) {
        return Ok(());
    }
    Err(Failure::Forged(NO_TOKEN))
}

/// Whether the body says that it is a form, once and clearly.
pub fn is_form(request: &HttpRequest) -> bool {
    let mut types = request.headers().get_all(header::CONTENT_TYPE);
    let (Some(content_type), None) = (types.next(), types.next()) else { return false };
    let kind = content_type.to_str().ok().and_then(|value| value.split(';').next()).map(str::trim);
    kind.is_some_and(|kind| kind.eq_ignore_ascii_case("application/x-www-form-urlencoded"))
}
