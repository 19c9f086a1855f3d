//! Frappe's envelopes: around what a method returns, and around what went wrong. Tracebacks are in none of them.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::HttpResponseBuilder;
use actix_web::http::StatusCode;
use actix_web::http::header;
use serde_json::Value;
use serde_json::json;

use crate::http::context::Context;
use crate::http::failure::Failure;
use crate::http::present;
use crate::http::surface::FrappeVersion;
use crate::http::surface::Surface;

/// What Frappe says of keeping its answers: nobody keeps any.
pub const CACHE_CONTROL: &str = "no-store,no-cache,must-revalidate,max-age=0";

/// 200 with what a method returns: `message`, or `data` where the path names the second version.
///
/// # Errors
/// [`Failure::Internal`] where the outermost layer is missing.
pub fn answer(request: &HttpRequest, value: &Value) -> Result<HttpResponse, Failure> {
    let body = match Context::of(request)?.surface {
        Surface::Frappe(FrappeVersion::V2) => json!({ "data": value }),
        _ => json!({ "message": value }),
    };
    Ok(HttpResponse::Ok().json(body))
}

/// Whether a refusal is to be a page: Frappe goes by how `Accept` begins.
pub fn wants_page(request: &HttpRequest) -> bool {
    let accept = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    accept.starts_with("text") && !accept.contains("application/json")
}

/// The status of a refusal: that of its class. A guest is forbidden, not unauthorized.
pub fn status(failure: &Failure) -> StatusCode {
    match failure {
        Failure::Unauthenticated { credential_given: false } | Failure::MethodNotAllowed { .. } => {
            StatusCode::FORBIDDEN
        }
        Failure::Closed(_) => StatusCode::NOT_FOUND,
        Failure::Forged(_) => StatusCode::BAD_REQUEST,
        Failure::BadRequest(_) | Failure::BadJson(_) => StatusCode::EXPECTATION_FAILED,
        _ => failure.status(),
    }
}

/// The class that Frappe's clients know a refusal by.
fn class(failure: &Failure) -> &'static str {
    match failure {
        Failure::Unauthenticated { credential_given: true }
        | Failure::ProofRefused { .. }
        | Failure::NotSignedIn(_)
        | Failure::WrongResource
        | Failure::AddressNotAllowed => "AuthenticationError",
        Failure::Unauthenticated { credential_given: false }
        | Failure::InsufficientScope { .. }
        | Failure::MissingRole { .. }
        | Failure::Forbidden(_)
        | Failure::UserNeeded
        | Failure::SessionNeeded
        | Failure::MethodNotAllowed { .. } => "PermissionError",
        Failure::Forged(_) => "CSRFTokenError",
        Failure::NotFound | Failure::Closed(_) => "DoesNotExistError",
        Failure::Conflict(_) => "DuplicateEntryError",
        Failure::TooMany { .. } | Failure::Limited { .. } => "RateLimitExceededError",
        Failure::Unavailable { .. } => "SessionStopped",
        Failure::BadJson(_) | Failure::Unreadable(_) => "DataError",
        Failure::Internal { .. } => "Exception",
        Failure::BadRequest(_)
        | Failure::UnsupportedMediaType(_)
        | Failure::TooLarge
        | Failure::ImportTooLarge
        | Failure::TimedOut
        | Failure::OAuth { .. }
        | Failure::Authorization(_)
        | Failure::HeldBack { .. }
        | Failure::TicketRefused(_) => "ValidationError",
    }
}

/// The sentence for a person; none where the class says it all, and where all refusals must be the same to the byte.
fn sentence(failure: &Failure) -> Option<String> {
    match failure {
        Failure::Unauthenticated { credential_given: false } => {
            Some("Sign in, or send an API key or a token.".to_owned())
        }
        Failure::Unauthenticated { credential_given: true }
        | Failure::ProofRefused { .. }
        | Failure::Forged(_)
        | Failure::NotFound => None,
        _ => Some(present::sentence(&failure.description())),
    }
}

/// The body of a refusal.
pub fn refuse(failure: &Failure, version: FrappeVersion, response: &mut HttpResponseBuilder) -> HttpResponse {
    if let Failure::Authorization(why) | Failure::HeldBack { why, .. } = failure {
        // As Frappe's authorization endpoint says it, as long as nobody can be sent back.
        let status_code = status(failure).as_u16();
        return response.json(json!({ "error": "invalid_request", "description": why, "status_code": status_code }));
    }
    let class = class(failure);
    let body = match (version, failure) {
        (FrappeVersion::V1, Failure::NotSignedIn(words)) => json!({ "message": words, "exc_type": class }),
        (FrappeVersion::V2, Failure::NotSignedIn(words)) => json!({ "errors": [{ "type": class, "message": words }] }),
        (FrappeVersion::V1, _) => match sentence(failure) {
            Some(sentence) => json!({ "exc_type": class, "_server_messages": server_messages(&sentence) }),
            None => json!({ "exc_type": class }),
        },
        (FrappeVersion::V2, _) => match sentence(failure) {
            Some(sentence) => json!({ "errors": [{ "type": class, "message": sentence }] }),
            None => json!({ "errors": [{ "type": class }] }),
        },
    };
    response.json(body)
}

/// Frappe packs each message into a text, and the list of them into another.
fn server_messages(sentence: &str) -> String {
    let message = json!({ "message": sentence, "indicator": "red", "raise_exception": 1 });
    json!([message.to_string()]).to_string()
}
