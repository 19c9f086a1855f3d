//! The outermost layer, around every request: its id, its body, the form of its refusal, security headers, one line
//! in the log. Nothing below it can forget any of these.

use std::net::IpAddr;
use std::time::Duration;
use std::time::Instant;

use actix_web::HttpMessage;
use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::dev::ServiceRequest;
use actix_web::dev::ServiceResponse;
use actix_web::http::ConnectionType;
use actix_web::http::Method;
use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::http::header::HeaderMap;
use actix_web::http::header::HeaderName;
use actix_web::http::header::HeaderValue;
use actix_web::web::Bytes;
use actix_web::web::Data;

use crate::app::App;
use crate::domain::key_limits::Remaining;
use crate::domain::oauth::dpop::nonce;
use crate::http::context::Context;
use crate::http::context::Known;
use crate::http::cors;
use crate::http::csp;
use crate::http::dpop;
use crate::http::failure::Failure;
use crate::http::form::LONGEST_FORM;
use crate::http::frappe::envelope;
use crate::http::navigation;
use crate::http::navigation::Navigation;
use crate::http::paths;
use crate::http::present;
use crate::http::refusals;
use crate::http::router::Router;
use crate::http::routes;
use crate::http::surface::Surface;
use crate::metrics::Tally;
use crate::principal::forwarded;
use crate::random::RequestIds;

/// The largest body that is read. A form may have a quarter of it; what is a little too long is still answered by the
/// endpoint itself, in its own words.
const MOST_BODY: usize = 256 * 1024;
/// How long what has come of a body that nobody reads is taken away.
const DRAINING: Duration = Duration::from_millis(2);
/// How long a body may take to arrive.
const BODY_PATIENCE: Duration = Duration::from_secs(10);

/// What every answer carries.
const FOR_ALL: [(HeaderName, HeaderValue); 5] = [
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), geolocation=(), microphone=(), payment=()"),
    ),
];
const HSTS: HeaderValue = HeaderValue::from_static("max-age=31536000; includeSubDomains");
/// Who may load what is answered.
pub const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
/// By which the log knows a request.
pub const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What one thread answers requests with. It shares nothing that changes with the others but what all must agree on.
pub struct Worker {
    app: Data<App>,
    router: Router,
    ids: RequestIds,
    tally: Tally,
}

impl Worker {
    /// One more worker of `app`.
    pub fn new(app: Data<App>) -> Self {
        let (router, tally) = (Router::new(routes(), app.issuer.path()), app.metrics.tally());
        Self { app, router, ids: RequestIds::default(), tally }
    }

    /// Answers any request.
    pub async fn answer(&self, mut request: ServiceRequest) -> ServiceResponse {
        let (began, app) = (now(), &*self.app);
        // As the router reads it: a path may be written in many ways.
        let path = below_issuer(app, request.match_info().as_str());
        let surface = Surface::of(request.method(), path);
        let is_unread = surface == Surface::Verify && announces_body(&request);
        let import = Import::at(path);
        let body = arrive(&mut request, surface, import).await;
        let context = Context::from(Known {
            request_id: self.ids.next(app.now()),
            address: address(app, request.request()),
            surface,
            route: self.router.find(request.match_info_mut()),
            body: body.as_ref().cloned().unwrap_or_default(),
            navigation: match surface {
                Surface::Page | Surface::Frappe(_) => Navigation::of(request.headers()),
                _ => Navigation::Untold,
            },
            accept_language: (surface == Surface::Page)
                .then(|| request.headers().get(header::ACCEPT_LANGUAGE).cloned())
                .flatten(),
            ui_locales: Vec::new().into(),
            who: None.into(),
            limits: Vec::new().into(),
            why: None.into(),
            is_told: false.into(),
            is_by_admin: false.into(),
        });
        let (request, _) = request.into_parts();
        let path = below_issuer(app, request.match_info().as_str());
        request.extensions_mut().insert(context.clone());
        let answered = match cors::preflight(&request, path, &app.config.http.cors_origins) {
            Some(answer) => Ok(answer),
            None => handle(&request, &context, body.err()).await,
        };
        let (mut response, failure) = match answered {
            Ok(response) => (navigation::leave(app, &context, path, response), None),
            Err(failure) => (present::failure(&failure, app, &context, &request), Some(failure)),
        };
        // Nothing that follows on this connection may be taken for another request; and where the server is about to stop,
        // nothing should follow.
        if is_unread || app.stopping.has_begun() {
            response.head_mut().set_connection_type(ConnectionType::Close);
        }
        let status = response.status();
        let headers = response.headers_mut();
        offer_nonce(app, &request, failure.as_ref(), headers);
        show_limits(&context, headers);
        secure(app, &context, path, status, headers);
        cors::mark(&request, path, &app.config.http.cors_origins, headers);
        if failure.is_some() || context.is_told.get() || status.is_client_error() || status.is_server_error() {
            refusals::note(app, &context, &request, path, status, failure.as_ref());
        }
        let took = now().duration_since(began);
        self.tally.request(surface.face(), status.as_u16(), took);
        log(&context, &request, status, took, failure.as_ref().and_then(Failure::cause));
        ServiceResponse::new(request, response)
    }
}

/// What its handler answers, if the request came as it should.
async fn handle(request: &HttpRequest, context: &Context, refused: Option<Failure>) -> Result<HttpResponse, Failure> {
    if let Some(failure) = refused {
        return Err(failure);
    }
    let place = context.route.as_ref().ok_or(Failure::NotFound)?;
    place.handle(request.method())?(request.clone()).await
}

#[expect(clippy::disallowed_methods, reason = "how long a request took is no point in time that anything keeps")]
fn now() -> Instant {
    Instant::now()
}

/// How exports of whole sites come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Import {
    /// Not here.
    No,
    /// In a form.
    Page,
    /// As they are.
    Api,
}

impl Import {
    fn at(path: &str) -> Self {
        match path {
            paths::IMPORT => Self::Page,
            paths::API_IMPORT_FRAPPE | paths::API_IMPORT_KEYS => Self::Api,
            _ => Self::No,
        }
    }
}

/// `path` without the issuer's own path before it; one that is not below the issuer's stays as it is.
fn below_issuer<'p>(app: &App, path: &'p str) -> &'p str {
    path.strip_prefix(app.issuer.path()).filter(|rest| rest.is_empty() || rest.starts_with('/')).unwrap_or(path)
}

fn address(app: &App, request: &HttpRequest) -> Option<IpAddr> {
    let headers = request.headers().get_all("x-forwarded-for");
    // One that is no text names no address; to skip it would let an earlier one speak in its place.
    let forwarded_for: Vec<&str> = headers.map(|value| value.to_str().unwrap_or_default()).collect();
    let peer = request.peer_addr().map(|peer| peer.ip());
    forwarded::client_address(peer, &forwarded_for, &app.config.http.trusted_proxies)
}

/// What `request` brings for its handler.
///
/// # Errors
/// Its body is one that nobody may send here.
async fn arrive(request: &mut ServiceRequest, surface: Surface, import: Import) -> Result<Bytes, Failure> {
    // What a proxy asks in a visitor's name may carry the visitor's own headers, about a body that is not there.
    if surface == Surface::Verify {
        if announces_body(request) {
            drain(request).await;
        }
        return Ok(Bytes::new());
    }
    match read_body(request).await {
        Ok(body) if import == Import::Page && body.len() > LONGEST_FORM => Err(Failure::ImportTooLarge),
        Err(Failure::TooLarge) if import != Import::No => Err(Failure::ImportTooLarge),
        read => read,
    }
}

/// The whole body. It is never decompressed: a small one could become large.
async fn read_body(request: &mut ServiceRequest) -> Result<Bytes, Failure> {
    if changes_protocol(request) {
        return Err(Failure::BadRequest("this server opens no tunnel and speaks no other protocol".to_owned()));
    }
    let mut encodings = request.headers().get_all(header::CONTENT_ENCODING);
    if encodings.any(|encoding| !encoding.as_bytes().eq_ignore_ascii_case(b"identity")) {
        return Err(Failure::UnsupportedMediaType("sent as it is, without a Content-Encoding"));
    }
    if !announces_body(request) {
        return Ok(Bytes::new());
    }
    let length = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    if length.and_then(|length| length.parse::<u64>().ok()).is_some_and(|length| length > MOST_BODY as u64) {
        return Err(Failure::TooLarge);
    }
    let body = request.extract::<actix_web::web::Payload>().await;
    let body = body.map_err(|_| Failure::BadRequest("the body cannot be read".to_owned()))?;
    match tokio::time::timeout(BODY_PATIENCE, body.to_bytes_limited(MOST_BODY)).await {
        Ok(Ok(Ok(body))) => Ok(body),
        Ok(Ok(Err(_))) => Err(Failure::BadRequest("the body broke off".to_owned())),
        Ok(Err(_)) => Err(Failure::TooLarge),
        Err(_) => Err(Failure::TimedOut),
    }
}

/// Takes away what has come of a body that nobody reads: a connection that is closed with something unread takes the
/// answer with it. What has not come by then need not come at all.
async fn drain(request: &mut ServiceRequest) {
    if let Ok(body) = request.extract::<actix_web::web::Payload>().await {
        drop(tokio::time::timeout(DRAINING, body.to_bytes_limited(MOST_BODY)).await);
    }
}

/// Whether something may follow the request's headers that is part of it.
fn announces_body(request: &ServiceRequest) -> bool {
    let headers = request.headers();
    headers.get_all(header::CONTENT_LENGTH).any(|length| length.as_bytes() != b"0")
        || headers.contains_key(header::TRANSFER_ENCODING)
        || headers.contains_key(header::UPGRADE)
        || request.method() == Method::CONNECT
}

/// Whether actix takes all that follows on the connection for the body, whatever length the request names.
fn changes_protocol(request: &ServiceRequest) -> bool {
    let mut protocols = request.headers().get_all(header::UPGRADE);
    request.method() == Method::CONNECT
        || protocols.any(|protocol| protocol.as_bytes().trim_ascii().eq_ignore_ascii_case(b"websocket"))
}

/// The nonce for the next proof: where one is needed, with each answer to a proof, so that no client has to ask for it
/// (RFC 9449 §8.2).
fn offer_nonce(app: &App, request: &HttpRequest, failure: Option<&Failure>, headers: &mut HeaderMap) {
    let is_usual = app.config.tokens.require_dpop_nonce && request.headers().contains_key(dpop::PROOF);
    if !is_usual && !failure.is_some_and(Failure::wants_nonce) {
        return;
    }
    if let Ok(nonce) = HeaderValue::from_str(&nonce(app.keys.current(), app.now())) {
        headers.insert(dpop::NONCE, nonce);
    }
}

/// How the limits of the request's API key stand, as the working group HTTPAPI has it (RateLimit header fields for HTTP).
fn show_limits(context: &Context, headers: &mut HeaderMap) {
    let windows = context.limits.borrow();
    if windows.is_empty() {
        return;
    }
    let list = |of: fn(&Remaining) -> String| windows.iter().map(of).collect::<Vec<_>>().join(", ");
    let policy = list(|window| {
        let limit = &window.limit;
        format!("\"{}\";q={};w={}", limit.name, limit.requests, limit.window.seconds())
    });
    let state =
        list(|window| format!("\"{}\";r={};t={}", window.limit.name, window.requests, window.ends_in.seconds_up()));
    for (name, value) in [("ratelimit-policy", policy), ("ratelimit", state)] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
}

/// What an answer carries that belongs to no request.
pub fn for_all(app: &App) -> impl Iterator<Item = (HeaderName, HeaderValue)> {
    let hsts = app.issuer.is_https().then_some((header::STRICT_TRANSPORT_SECURITY, HSTS));
    FOR_ALL.into_iter().chain(hsts)
}

fn secure(app: &App, context: &Context, path: &str, status: StatusCode, headers: &mut HeaderMap) {
    if context.surface.is_frappe() {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(envelope::CACHE_CONTROL));
    }
    if let Ok(id) = HeaderValue::from_str(&context.request_id) {
        headers.insert(X_REQUEST_ID, id);
    }
    // What lets a request pass has no body that a browser could show, guess at or frame, and is read by a proxy, which
    // asks often.
    if context.surface == Surface::Verify && status == StatusCode::OK {
        if !headers.contains_key(header::CACHE_CONTROL) {
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        }
        return;
    }
    for (name, value) in FOR_ALL {
        headers.insert(name, value);
    }
    // These three a handler may have chosen.
    let mut set = |name: HeaderName, value: &'static str| {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    };
    set(header::CACHE_CONTROL, "no-store");
    // Metadata and keys are for browsers anywhere; the rest of the server is for our own pages.
    set(CROSS_ORIGIN_RESOURCE_POLICY, if path.starts_with("/.well-known/") { "cross-origin" } else { "same-origin" });
    if !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        let may_leave = context.navigation == Navigation::Untold && may_end_at_client(path);
        headers.insert(header::CONTENT_SECURITY_POLICY, if may_leave { csp::ANY_FORM } else { csp::OWN_FORMS });
    }
    // What goes to the host of a service through its proxy says nothing about that host.
    let is_ours = context.surface != Surface::Verify && path != paths::VERIFY_CALLBACK;
    if is_ours && app.issuer.is_https() {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HSTS);
    }
}

/// Whether what follows a form of the page at `path` may be an application.
fn may_end_at_client(path: &str) -> bool {
    path.starts_with(paths::LOGIN) || path.starts_with("/oauth/") || is_frappes_consent(path)
}

/// Whether the consent page, or an answer that is posted, may stand at `path` under Frappe's name.
fn is_frappes_consent(path: &str) -> bool {
    let consents = [paths::FRAPPE_AUTHORIZE, paths::FRAPPE_APPROVE];
    paths::frappe_method(path).is_some_and(|method| consents.contains(&method.as_str()))
}

/// One line for each request. The path is that of the route, never the one that came: that may hold anything.
fn log(context: &Context, request: &HttpRequest, status: StatusCode, took: Duration, cause: Option<&str>) {
    let route = context.route.as_ref().map_or("(none)", |place| place.pattern.as_str());
    let who = context.who.borrow();
    let subject = who.as_ref().map(|who| who.subject.as_str());
    let credential = who.as_ref().map(|who| who.credential.as_str());
    let address = context.address.map(|address| address.to_string());
    let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    let (method, status) = (request.method().as_str(), status.as_u16());
    let request_id = context.request_id.as_str();
    if let Some(cause) = cause {
        tracing::error!(
            request_id,
            method,
            route,
            status,
            micros,
            subject,
            credential,
            address,
            cause,
            "request failed"
        );
    } else {
        tracing::info!(request_id, method, route, status, micros, subject, credential, address, "request");
    }
}
