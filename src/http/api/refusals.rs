//! `/api/v1/refusals`: why requests were refused, for administrators. Nothing changes or deletes them.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::web::Data;
use actix_web::web::Path;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::domain::refusals::check::Check;
use crate::domain::refusals::look;
use crate::http::api::listing::Listing;
use crate::http::api::listing::Page;
use crate::http::api::listing::PageParameters;
use crate::http::failure::Failure;
use crate::http::needs::AdminScope;
use crate::http::needs::AuditRead;
use crate::http::paths;
use crate::http::principal::Principal;
use crate::http::refusals;
use crate::model::id::CallId;
use crate::model::refusal::CheckMade;
use crate::model::refusal::RefusalFilter;
use crate::model::refusal::RefusedCall;

/// The name of the list in its cursors.
const LIST: &str = "refusals";
/// What the list can be narrowed by.
const FILTERS: [&str; 3] = ["client_id", "user", "surface"];

/// A request that was refused, and the checks that it went through.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Refusal)]
pub struct RefusalRecord {
    /// The request's id, as the header `X-Request-Id` of its answer had it.
    #[schema(example = "01939f3c5f6a7c1e9a3b2c4d5e6f7081")]
    id: String,
    /// When it was refused, in Unix seconds.
    at: i64,
    /// The face of the server that it came to: `page`, `api`, `oauth`, `frappe`, `verify` or `plain`.
    surface: String,
    /// Its method.
    method: String,
    /// The route that its path led to.
    #[schema(example = "/oauth/token")]
    route: String,
    /// The status that it was answered with.
    status: u16,
    /// The application that it named or proved to be.
    #[schema(required)]
    client_id: Option<String>,
    /// The id of the user that it was for.
    #[schema(required)]
    user: Option<String>,
    /// The id of the credential that it showed.
    #[schema(required)]
    credential: Option<String>,
    /// The address that it came from.
    #[schema(required)]
    address: Option<String>,
    /// The name of the check that failed.
    #[schema(example = "code_unexpired")]
    failed: String,
    /// What to do about it.
    advice: String,
    /// All checks, in the order in which they are made.
    checks: Vec<CheckRecord>,
}

/// One check of a refused request.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Check)]
pub struct CheckRecord {
    /// Its name.
    #[schema(example = "code_unexpired")]
    check: String,
    /// `held` (or was not needed), `failed` or `not_reached`.
    state: String,
    /// What is true where it holds.
    holds: String,
    /// What it asks for; empty where `holds` says it all.
    expected: String,
    /// What came, without secrets; empty where it is not known or not to be shown.
    came: String,
}

/// Lists refused requests, newest first.
///
/// # Errors
/// 400 where the query is wrong.
#[utoipa::path(
    get, path = paths::API_REFUSALS, tag = "refusals",
    params(
        PageParameters,
        ("client_id" = Option<String>, Query, description = "Only those of this application"),
        ("user" = Option<String>, Query, description = "Only those of this user, by id or name"),
        ("surface" = Option<String>, Query, description = "Only those of this face: page, api, oauth, frappe, verify, plain"),
    ),
    responses((status = 200, description = "A page of refused requests", body = Page<RefusalRecord>))
)]
pub async fn list(
    _: Principal<AdminScope<AuditRead>>,
    request: HttpRequest,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let listing = Listing::read(&request, &app, LIST, &FILTERS)?;
    let (before, ask) = (listing.after(CallId::parse)?, listing.ask());
    let filter = RefusalFilter {
        client: listing.filter("client_id"),
        user: listing.filter("user"),
        surface: listing.filter("surface"),
    };
    refusals::write_now(&app).await;
    let (found, _) = app.store.read(move |tx| look::recent(tx, &filter, before, ask)).await?;
    Ok(HttpResponse::Ok().json(listing.page(&app, found, |call| call.id.to_string(), record)))
}

/// Shows why a request was refused.
///
/// # Errors
/// 404 where nothing is known of it.
#[utoipa::path(
    get, path = paths::API_REFUSAL, tag = "refusals", params(("request" = String, Path, description = "The request's id")),
    responses((status = 200, description = "The refused request", body = RefusalRecord))
)]
pub async fn get(
    _: Principal<AdminScope<AuditRead>>,
    id: Path<String>,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let id = CallId::parse(&id).ok_or(Failure::NotFound)?;
    refusals::write_now(&app).await;
    let found = app.store.read(move |tx| tx.refusals().find(id)).await?;
    Ok(HttpResponse::Ok().json(record(&found.ok_or(Failure::NotFound)?)))
}

/// As the API has it.
pub fn record(call: &RefusedCall) -> RefusalRecord {
    RefusalRecord {
        id: call.id.to_string(),
        at: call.at.seconds(),
        surface: call.surface.clone(),
        method: call.method.clone(),
        route: call.route.clone(),
        status: call.status,
        client_id: call.client.clone(),
        user: call.user.clone(),
        credential: call.credential.clone(),
        address: call.address.clone(),
        failed: call.failed.clone(),
        advice: Check::parse(&call.failed).map_or("", Check::advice).to_owned(),
        checks: call.checks.iter().map(check).collect(),
    }
}

fn check(made: &CheckMade) -> CheckRecord {
    CheckRecord {
        check: made.name.clone(),
        state: made.state.as_str().to_owned(),
        holds: Check::parse(&made.name).map_or("", Check::holds).to_owned(),
        expected: made.expected.clone(),
        came: made.came.clone(),
    }
}
