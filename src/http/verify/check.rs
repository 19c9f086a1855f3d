//! `/auth/verify` and `/auth/verify/policy/NAME`: whether a request is let in, for whoever asks in its name.

use std::sync::Arc;

use actix_web::HttpMessage;
use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::web::Data;
use percent_encoding::NON_ALPHANUMERIC;
use percent_encoding::utf8_percent_encode;

use crate::app::App;
use crate::domain::authenticate::Found;
use crate::domain::authenticate::KeyFault;
use crate::domain::authenticate::Presented;
use crate::domain::authenticate::Refusal;
use crate::domain::refusals::check::Check;
use crate::domain::refusals::finding::Finding;
use crate::domain::verify;
use crate::domain::verify::Denial;
use crate::domain::verify_sessions::Destination;
use crate::http::context::Context;
use crate::http::cookies::CookieName;
use crate::http::dpop;
use crate::http::failure::Failure;
use crate::http::guard::Public;
use crate::http::key_use;
use crate::http::paths;
use crate::http::principal;
use crate::http::principal::Way;
use crate::http::refusals;
use crate::http::verify::answer;
use crate::http::verify::forwarded::Forwarded;
use crate::http::verify::question;
use crate::http::verify::question::Question;
use crate::model::demand::Demand;
use crate::model::scope::ScopeToken;
use crate::model::time::Timestamp;
use crate::model::token::Token;
use crate::model::token::TokenKind;

/// `/auth/verify`: the query says what is demanded.
///
/// # Errors
/// 400 where the query is not understood; 401 and 403 where the request is not let in; 429 over a key's limit; 503 where
/// the database does not answer.
pub async fn by_query(public: Public, request: HttpRequest, app: Data<App>) -> Result<HttpResponse, Failure> {
    let question = question::read(request.query_string());
    let question = question.inspect_err(|failure| {
        tracing::warn!(request_id = %public.0.request_id, %failure, "what is asked of /auth/verify is not understood");
    })?;
    answer(&request, &app, &public.0, &question).await
}

/// `/auth/verify/policy/NAME`: the configuration says what is demanded. What stands behind the name is the visitor's.
///
/// # Errors
/// As [`by_query`], and 404 where there is no such policy.
pub async fn by_policy(public: Public, request: HttpRequest, app: Data<App>) -> Result<HttpResponse, Failure> {
    let name = request.match_info().get("name").unwrap_or_default();
    let Some(demand) = app.config.verify.policies.get(name) else {
        tracing::warn!(request_id = %public.0.request_id, name, "there is no policy of this name in verify.policies");
        let expected = "the name of a policy that stands in verify.policies";
        public.0.explain(Finding::new(Check::Found, expected, "a name that none of them has"));
        return Err(Failure::NotFound);
    };
    let question = Question { demand: demand.clone(), ..Question::default() };
    answer(&request, &app, &public.0, &question).await
}

async fn answer(
    request: &HttpRequest,
    app: &App,
    context: &Context,
    question: &Question,
) -> Result<HttpResponse, Failure> {
    let (forwarded, now) = (Forwarded::of(request, app), app.now());
    if request.headers().contains_key(dpop::PROOF) {
        request.extensions_mut().insert(forwarded.asked(request, app));
    }
    match let_in(request, app, context, &forwarded, &question.demand, now).await {
        Ok(found) => {
            let keep = answer::keep(question.cache, &found.identity, found.key.as_deref(), now);
            Ok(answer::pass(&found.identity, keep))
        }
        Err(failure @ Failure::Unauthenticated { credential_given: false }) if question.redirect => {
            to_sign_in(request, app, &forwarded).ok_or(failure)
        }
        Err(failure) => Err(failure),
    }
}

/// Who the request is, if it is let in.
async fn let_in(
    request: &HttpRequest,
    app: &App,
    context: &Context,
    forwarded: &Forwarded,
    demand: &Demand,
    now: Timestamp,
) -> Result<Arc<Found>, Failure> {
    let (presented, way, found) = find(request, app, context, forwarded, now).await?;
    principal::check_binding(request, app, &found.identity, &presented, &way).await?;
    let explained = |denial: Denial| {
        context.explain(refusals::denial(&denial, &found.identity, demand));
        Failure::from(denial)
    };
    verify::check_resource(&found.identity, demand, &app.issuer).map_err(explained)?;
    context.note(&found.identity);
    if let Some(key) = &found.key {
        principal::spend(request, app, context, key, now).await?;
    }
    if let Some(session) = &found.session {
        principal::note_session(app, session, now);
    }
    let checked = verify::check(&found.identity, demand, &app.issuer).map_err(explained);
    if let Some(key) = &found.key {
        let (outcome, scopes) = match &checked {
            Ok(()) => (Some(key.passed()), demand.scopes.iter().map(ScopeToken::as_str).collect()),
            Err(failure) => (key_use::outcome_of(failure), Vec::new()),
        };
        if let Some(outcome) = outcome {
            app.key_uses.note(key.id, outcome, &scopes, &key_use::caller(request, context), now);
        }
    }
    checked.map(|()| found)
}

/// The credential that counts, and whose it is. A header decides alone. Without one it is the session, or else the cookie
/// that the visitor's browser has for the service's host.
async fn find(
    request: &HttpRequest,
    app: &App,
    context: &Context,
    forwarded: &Forwarded,
    now: Timestamp,
) -> Result<(Presented, Way, Arc<Found>), Failure> {
    let mut cookies = Vec::new();
    match principal::presented(request, app).await? {
        Some((presented, way @ Way::Cookie(_))) => cookies.push((presented, way)),
        Some((presented, way)) => {
            return match principal::find(request, app, context, &presented, now).await? {
                Ok(found) => Ok((presented, way, found)),
                Err(Refusal::Key { fault: KeyFault::Address(_), .. }) => Err(Failure::AddressNotAllowed),
                Err(_) => Err(Failure::Unauthenticated { credential_given: true }),
            };
        }
        None => {}
    }
    let cookie = CookieName::Verify.read(request, &app.issuer);
    let cookie = cookie.and_then(|cookie| Token::parse_as(TokenKind::VerifySession, &cookie));
    if let (Some(cookie), Some(origin)) = (cookie, &forwarded.origin) {
        let (cookie, origin) = (cookie.hash(), origin.as_str().to_owned());
        cookies.push((Presented::VerifySession { cookie, origin }, Way::Cookie(cookie)));
    }
    for (presented, way) in cookies {
        if let Ok(found) = principal::find(request, app, context, &presented, now).await? {
            return Ok((presented, way, found));
        }
    }
    Err(Failure::Unauthenticated { credential_given: false })
}

/// 302 to sign-in for a browser, where its host is one that visitors come back to. To others 401 says more.
fn to_sign_in(request: &HttpRequest, app: &App, forwarded: &Forwarded) -> Option<HttpResponse> {
    let mut accepted = request.headers().get_all(header::ACCEPT).filter_map(|value| value.to_str().ok());
    if !accepted.any(|value| value.to_ascii_lowercase().contains("text/html")) {
        return None;
    }
    let to = Destination::parse(&forwarded.address()?, &app.config.verify.allowed_hosts, &app.issuer).ok()?;
    let back = utf8_percent_encode(&to.address(), NON_ALPHANUMERIC).to_string();
    let location = format!("{}?rd={back}", app.issuer.url(paths::AUTH_START));
    Some(HttpResponse::build(StatusCode::FOUND).insert_header((header::LOCATION, location)).finish())
}
