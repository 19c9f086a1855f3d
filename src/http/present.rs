//! How each surface says no: pages in HTML, the API in problem details (RFC 9457), OAuth in its JSON (RFC 6749 §5.2),
//! Frappe's paths in Frappe's envelope.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::HttpResponseBuilder;
use actix_web::http::StatusCode;
use actix_web::http::header;
use percent_encoding::NON_ALPHANUMERIC;
use percent_encoding::utf8_percent_encode;
use serde_json::json;

use crate::app::App;
use crate::app::languages::Language;
use crate::app::languages::Text;
use crate::domain::oauth::error::ErrorCode;
use crate::http::context::Context;
use crate::http::csp;
use crate::http::failure::Failure;
use crate::http::frappe::envelope;
use crate::http::oauth::answer::Carried;
use crate::http::pages::frame;
use crate::http::pages::login;
use crate::http::pages::views;
use crate::http::pages::views::error::ErrorPage;
use crate::http::pages::views::error::WayBack;
use crate::http::paths;
use crate::http::refusals;
use crate::http::surface::Surface;
use crate::jose::algorithm::Algorithm;

/// The answer to a failed request.
pub fn failure(failure: &Failure, app: &App, context: &Context, request: &HttpRequest) -> HttpResponse {
    if let (Surface::Page, Failure::Unauthenticated { credential_given: false }) = (context.surface, failure) {
        return to_login(app, request);
    }
    let surface = match (context.surface, failure) {
        // In no form of OAuth's: the method is not there, or not for this verb.
        (Surface::FrappeOAuth(version), Failure::MethodNotAllowed { .. } | Failure::Closed(_)) => {
            Surface::Frappe(version)
        }
        (surface, _) => surface,
    };
    let status = if let Surface::Frappe(_) = surface { envelope::status(failure) } else { failure.status() };
    let mut response = HttpResponse::build(status);
    if let Some(wait) = failure.retry_after() {
        response.insert_header((header::RETRY_AFTER, wait.seconds_up().max(1).to_string()));
    }
    if let Failure::MethodNotAllowed { allow } = failure {
        response.insert_header((header::ALLOW, allow.as_str()));
    }
    challenge(failure, app, status, context, &mut response);
    match surface {
        Surface::Frappe(_) if envelope::wants_page(request) => {
            page(failure, status, app, context, request, &mut response)
        }
        Surface::Page => page(failure, status, app, context, request, &mut response),
        Surface::Api => problem(failure, &mut response),
        Surface::OAuth | Surface::FrappeOAuth(_) => oauth(failure, &mut response),
        Surface::Frappe(version) => envelope::refuse(failure, version, &mut response),
        Surface::Verify => verify(failure, &mut response),
        Surface::Plain => response.json(json!({ "error": failure.description() })),
    }
}

/// A page without a session sends to sign-in, and from there back to itself.
pub fn to_login(app: &App, request: &HttpRequest) -> HttpResponse {
    let back = login::way_back(app, request).filter(|back| back != paths::HOME);
    // A form that was sent without a session is lost; its address need not take a GET.
    let location = match back.filter(|_| request.method().is_safe()) {
        Some(back) => {
            let back = utf8_percent_encode(&back, NON_ALPHANUMERIC);
            format!("{}{}?return_to={back}", app.issuer.path(), paths::LOGIN)
        }
        None => format!("{}{}", app.issuer.path(), paths::LOGIN),
    };
    HttpResponse::SeeOther().insert_header((header::LOCATION, location)).finish()
}

/// `WWW-Authenticate` (RFC 6750 §3, RFC 9728 §5.1, RFC 9449 §7.1; for clients RFC 6749 §5.2). `Bearer` stands first:
/// some clients read no further.
fn challenge(failure: &Failure, app: &App, status: StatusCode, context: &Context, response: &mut HttpResponseBuilder) {
    let (bearer, dpop) = match failure {
        Failure::Unauthenticated { credential_given: false } => (String::new(), String::new()),
        Failure::Unauthenticated { credential_given: true } | Failure::WrongResource | Failure::AddressNotAllowed => {
            (error("invalid_token"), error("invalid_token"))
        }
        Failure::ProofRefused { nonce_needed: true } => (error("invalid_token"), error("use_dpop_nonce")),
        Failure::ProofRefused { nonce_needed: false } => (error("invalid_token"), error("invalid_dpop_proof")),
        // Where no scope was asked for, none would help.
        Failure::InsufficientScope { scope } if scope.is_empty() => {
            (error("insufficient_scope"), error("insufficient_scope"))
        }
        Failure::InsufficientScope { scope } => {
            let error = format!("{}, scope=\"{scope}\"", error("insufficient_scope"));
            (error.clone(), error)
        }
        Failure::OAuth { refusal, .. } if refusal.code == ErrorCode::InvalidClient => {
            response.insert_header((header::WWW_AUTHENTICATE, "Basic realm=\"hallpass\", charset=\"UTF-8\""));
            return;
        }
        // Frappe says so with each 401 and 403.
        _ if context.surface.is_frappe() && matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) => {
            (String::new(), String::new())
        }
        _ => return,
    };
    let metadata = format!("{}{}", app.issuer.as_str(), paths::WELL_KNOWN_PROTECTED_RESOURCE);
    let bearer = format!("Bearer realm=\"hallpass\", resource_metadata=\"{metadata}\"{bearer}");
    let dpop = format!("DPoP realm=\"hallpass\", algs=\"{}\"{dpop}", Algorithm::names().join(" "));
    response.append_header((header::WWW_AUTHENTICATE, bearer));
    response.append_header((header::WWW_AUTHENTICATE, dpop));
}

fn error(code: &str) -> String {
    format!(", error=\"{code}\"")
}

fn page(
    failure: &Failure,
    status: StatusCode,
    app: &App,
    context: &Context,
    request: &HttpRequest,
    response: &mut HttpResponseBuilder,
) -> HttpResponse {
    let (title, advice) = match failure {
        Failure::Authorization(_) => (
            "The application sent a wrong request",
            "Nothing was shared with it. Tell the people who run the application what stands above.",
        ),
        Failure::HeldBack { .. } => (
            "The application sent a wrong request",
            "Nothing was shared with it, and nobody here has checked who runs it.",
        ),
        Failure::MissingRole { .. } => ("This page is for administrators", ""),
        Failure::TicketRefused(_) => {
            ("The way back from sign-in is not good", "Open the page that you wanted once more.")
        }
        Failure::SessionNeeded
        | Failure::UserNeeded
        | Failure::Forbidden(_)
        | Failure::Unauthenticated { .. }
        | Failure::ProofRefused { .. } => ("This page is not open to you", ""),
        Failure::Forged(_) => ("The form could not be accepted", "Nothing was changed."),
        Failure::NotFound => ("Page not found", "Check the address."),
        Failure::TooMany { .. } => ("Too many attempts", "Wait a while. If it was not you, somebody is guessing."),
        Failure::Unavailable { .. } => ("The server is busy", "Wait a moment and reload the page."),
        Failure::Internal { .. } => ("Something went wrong", "Tell your administrator the request's id below."),
        _ => ("The request could not be accepted", ""),
    };
    let path = request.path();
    let path = path.strip_prefix(app.issuer.path()).unwrap_or(path);
    // What all are told alike has no more for anybody.
    let is_one_answer = matches!(failure, Failure::Unauthenticated { .. } | Failure::ProofRefused { .. });
    let is_for_admin = context.is_by_admin.get() && !is_one_answer && refusals::are_kept(app, failure);
    let page = ErrorPage {
        frame: frame::of(app, context, path, ""),
        status: status.as_u16(),
        title: title.to_owned(),
        message: message(failure, &context.language(app)),
        advice: advice.to_owned(),
        // Whoever an application sent here has nothing to do at their account.
        leads_home: !matches!(
            failure,
            Failure::Authorization(_) | Failure::HeldBack { .. } | Failure::TicketRefused(_)
        ),
        way_back: way_back(failure),
        // All refused credentials get one answer, the same to the byte; its id stands in the header.
        request_id: if is_one_answer { String::new() } else { context.request_id.clone() },
        why: is_for_admin.then(|| paths::why(&context.request_id)),
    };
    if page.way_back.as_ref().is_some_and(|way_back| !way_back.fields.is_empty()) {
        response.insert_header((header::CONTENT_SECURITY_POLICY, csp::ANY_FORM));
    }
    match views::render(&page) {
        Ok(html) => response.content_type("text/html; charset=utf-8").body(html),
        Err(_) => HttpResponse::new(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

/// What was wrong, in the language of the page where it is known there.
fn message(failure: &Failure, language: &Language) -> String {
    let text = match failure {
        Failure::MissingRole { role } => Text::new("The role {$role} is needed.").with("role", role.as_ref()),
        Failure::MethodNotAllowed { allow } => {
            Text::new("This address takes only {$allow}.").with("allow", allow.clone())
        }
        Failure::TooMany { retry_after } => Text::new("Too many attempts; try again in {$count} seconds.")
            .with("count", retry_after.seconds_up().to_string()),
        failure => return sentence(&failure.description()),
    };
    language.fill(&text)
}

/// The way to the application that a person may take, where they are not sent there unasked.
fn way_back(failure: &Failure) -> Option<WayBack> {
    let Failure::HeldBack { client, host, answer, .. } = failure else { return None };
    let Carried { location, fields } = answer.clone();
    Some(WayBack { client: client.clone(), host: host.clone(), location, fields })
}

/// With a capital at its beginning and a full stop at its end; a parameter's name stays as it is.
pub fn sentence(text: &str) -> String {
    let first_word = text.split(' ').next().unwrap_or_default();
    let mut letters = text.chars();
    let begun = match letters.next() {
        Some(first) if !first_word.contains('_') => first.to_uppercase().chain(letters).collect(),
        _ => text.to_owned(),
    };
    if begun.ends_with('.') { begun } else { format!("{begun}.") }
}

/// Nothing that a proxy could pass on, but for the one who wrote its configuration.
fn verify(failure: &Failure, response: &mut HttpResponseBuilder) -> HttpResponse {
    let reason = match failure {
        Failure::Unauthenticated { credential_given: false } => "missing_credential",
        Failure::Unauthenticated { credential_given: true } | Failure::ProofRefused { .. } => "invalid_credential",
        Failure::InsufficientScope { .. } => "insufficient_scope",
        Failure::MissingRole { .. } => "missing_role",
        Failure::WrongResource => "wrong_resource",
        Failure::AddressNotAllowed => "address_not_allowed",
        Failure::Limited { .. } => "limited",
        Failure::BadRequest(why) => {
            return response.content_type("text/plain; charset=utf-8").body(format!("{}\n", sentence(why)));
        }
        _ => return response.finish(),
    };
    response.insert_header(("x-hallpass-reason", reason)).finish()
}

fn problem(failure: &Failure, response: &mut HttpResponseBuilder) -> HttpResponse {
    let status = failure.status();
    let body = json!({
        "type": "about:blank",
        "title": status.canonical_reason().unwrap_or_default(),
        "status": status.as_u16(),
        "detail": failure.description(),
    });
    response.content_type("application/problem+json").body(body.to_string())
}

fn oauth(failure: &Failure, response: &mut HttpResponseBuilder) -> HttpResponse {
    let code = match failure {
        Failure::OAuth { refusal, .. } => refusal.code.as_str(),
        Failure::Unauthenticated { .. } | Failure::ProofRefused { .. } => "invalid_token",
        Failure::InsufficientScope { .. } => "insufficient_scope",
        Failure::MissingRole { .. }
        | Failure::Forbidden(_)
        | Failure::UserNeeded
        | Failure::SessionNeeded
        | Failure::Closed(_)
        | Failure::Forged(_) => "access_denied",
        Failure::Internal { .. } => "server_error",
        Failure::Unavailable { .. } => "temporarily_unavailable",
        _ => "invalid_request",
    };
    response.insert_header((header::PRAGMA, "no-cache"));
    response.json(json!({ "error": code, "error_description": ascii(&failure.description()) }))
}

/// RFC 6749 §5.2 allows `%x20-21 / %x23-5B / %x5D-7E` in a description.
fn ascii(text: &str) -> String {
    let plain = |c: char| match c {
        '"' | '\\' => '\'',
        ' '..='~' => c,
        _ => '?',
    };
    text.chars().map(plain).collect()
}
