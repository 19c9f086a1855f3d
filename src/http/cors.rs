//! Which scripts of other origins may read what (the Fetch standard's CORS protocol). Metadata and keys are for all of
//! them; the endpoints that applications call are for the origins in `http.cors_origins`; nothing is for any other, and
//! pages are for none (RFC 9700 §2.6). Cookies are allowed along on Frappe's paths alone, whose clients ask for that;
//! there a session lets such a script read and, since a change must come from our own origin, no more.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::http::Method;
use actix_web::http::header;
use actix_web::http::header::HeaderMap;
use actix_web::http::header::HeaderValue;

use crate::http::paths;
use crate::http::surface::Surface;

/// What such a script may send: credentials, proofs, JSON; and the header that MCP clients send everywhere.
const HEADERS: HeaderValue = HeaderValue::from_static("Authorization, Content-Type, DPoP, MCP-Protocol-Version");
const METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD, POST, PUT, PATCH, DELETE");
/// What it may read beside the body: which credential is needed, how long to wait, the next nonce (RFC 9449 §8).
const EXPOSED: HeaderValue = HeaderValue::from_static("WWW-Authenticate, Retry-After, DPoP-Nonce, X-Request-Id");
/// For how long a browser need not ask again.
const MAX_AGE: HeaderValue = HeaderValue::from_static("600");
/// The same on Frappe's paths.
const FRAPPE_MAX_AGE: HeaderValue = HeaderValue::from_static("86400");

/// What a script of `origin` is told about `path`; `None` where it is nothing.
fn allowed(surface: Surface, path: &str, origin: &HeaderValue, origins: &[String]) -> Option<HeaderValue> {
    if path.starts_with("/.well-known/") || path == paths::API_OPENAPI {
        return Some(HeaderValue::from_static("*"));
    }
    // Whoever found a secret has no reason to say so from a page in somebody's browser.
    if path == paths::API_LEAKED_SECRETS {
        return None;
    }
    let is_for_applications = match surface {
        Surface::OAuth | Surface::Api | Surface::FrappeOAuth(_) => true,
        // A script that follows the answer to an authorization request would see the code.
        Surface::Frappe(_) => !paths::frappe_method(path)
            .is_some_and(|method| [paths::FRAPPE_AUTHORIZE, paths::FRAPPE_APPROVE].contains(&method.as_str())),
        Surface::Page | Surface::Verify | Surface::Plain => false,
    };
    let is_listed = origins.iter().any(|listed| listed.as_bytes() == origin.as_bytes());
    (is_for_applications && is_listed).then(|| origin.clone())
}

/// The answer to a browser that asks beforehand, if `request` is one that may be told anything.
pub fn preflight(request: &HttpRequest, path: &str, origins: &[String]) -> Option<HttpResponse> {
    let headers = request.headers();
    if request.method() != Method::OPTIONS || !headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD) {
        return None;
    }
    let surface = Surface::of(request.method(), path);
    allowed(surface, path, headers.get(header::ORIGIN)?, origins)?;
    if surface.is_frappe() {
        return Some(frappe_preflight(headers));
    }
    let mut response = HttpResponse::NoContent();
    response.insert_header((header::ACCESS_CONTROL_ALLOW_METHODS, METHODS));
    response.insert_header((header::ACCESS_CONTROL_ALLOW_HEADERS, HEADERS));
    response.insert_header((header::ACCESS_CONTROL_MAX_AGE, MAX_AGE));
    Some(response.finish())
}

/// As Frappe answers: whatever was asked for.
fn frappe_preflight(asked: &HeaderMap) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    for (from, to) in [
        (header::ACCESS_CONTROL_REQUEST_METHOD, header::ACCESS_CONTROL_ALLOW_METHODS),
        (header::ACCESS_CONTROL_REQUEST_HEADERS, header::ACCESS_CONTROL_ALLOW_HEADERS),
    ] {
        if let Some(value) = asked.get(from) {
            response.insert_header((to, value.clone()));
        }
    }
    response.insert_header((header::ACCESS_CONTROL_MAX_AGE, FRAPPE_MAX_AGE)).finish()
}

/// Says in an answer to `request` who may read it.
pub fn mark(request: &HttpRequest, path: &str, origins: &[String], headers: &mut HeaderMap) {
    let Some(origin) = request.headers().get(header::ORIGIN) else {
        // Metadata is kept by caches, which must not keep it without the header for those who need it.
        if path.starts_with("/.well-known/") {
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        }
        return;
    };
    let surface = Surface::of(request.method(), path);
    let Some(origin) = allowed(surface, path, origin, origins) else { return };
    if origin != "*" {
        headers.append(header::VARY, HeaderValue::from_static("Origin"));
    }
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    if surface.is_frappe() {
        headers.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
    }
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
}
