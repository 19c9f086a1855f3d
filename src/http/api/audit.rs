//! `/api/v1/audit`: who did what to what, for administrators. Entries are read; nothing changes or deletes them.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::web::Data;
use actix_web::web::Path;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::app::App;
use crate::http::api::listing::Listing;
use crate::http::api::listing::Page;
use crate::http::api::listing::PageParameters;
use crate::http::failure::Failure;
use crate::http::needs::AdminScope;
use crate::http::needs::AuditRead;
use crate::http::paths;
use crate::http::principal::Principal;
use crate::model::audit::AuditEntry;
use crate::model::audit::AuditFilter;
use crate::model::id::AuditId;

/// The name of the list in its cursors.
const LIST: &str = "audit";
/// What the list can be narrowed by.
const FILTERS: [&str; 5] = ["since", "until", "event", "actor", "subject"];

/// An entry of the audit log.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuditEntry)]
pub struct AuditRecord {
    /// The id; later ones sort behind earlier ones.
    id: String,
    /// When it was done, in Unix seconds.
    at: i64,
    /// What was done.
    #[schema(example = "key.created")]
    event: String,
    /// By whom: a user's id and name, a `client_id`, `command line` or `setup`.
    actor: String,
    /// The id of the credential that it was done with.
    #[schema(required)]
    credential: Option<String>,
    /// What it was done to: an id, a `client_id`, or the name of a role or scope.
    subject: String,
    /// What else is to be known: an object whose members depend on the event.
    #[schema(value_type = Object)]
    details: Value,
    /// The address that the request came from.
    #[schema(required)]
    address: Option<String>,
    /// The request's id, as the log has it.
    #[schema(required)]
    request_id: Option<String>,
}

/// Lists what was done, oldest first.
///
/// # Errors
/// 400 where the query is wrong.
#[utoipa::path(
    get, path = paths::API_AUDIT, tag = "audit",
    params(
        PageParameters,
        ("since" = Option<i64>, Query, description = "Not before this, in Unix seconds"),
        ("until" = Option<i64>, Query, description = "Before this, in Unix seconds"),
        ("event" = Option<Vec<String>>, Query, description = "Only what was done, such as key.created; repeated, any of these"),
        ("actor" = Option<String>, Query, description = "Only what this user (by id) or client (by client_id) did"),
        ("subject" = Option<String>, Query, description = "Only what was done to this, by its id or name"),
    ),
    responses((status = 200, description = "A page of entries", body = Page<AuditRecord>))
)]
pub async fn list(
    _: Principal<AdminScope<AuditRead>>,
    request: HttpRequest,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let listing = Listing::read(&request, &app, LIST, &FILTERS)?;
    let (after, ask) = (listing.after(AuditId::parse)?, listing.ask());
    let filter = AuditFilter {
        since: listing.time("since")?,
        until: listing.time("until")?,
        events: listing.filters("event"),
        actor: listing.filter("actor"),
        subject: listing.filter("subject"),
    };
    let found = app.store.read(move |tx| tx.audit().search(&filter, after, ask)).await?;
    Ok(HttpResponse::Ok().json(listing.page(&app, found, |entry| entry.id.to_string(), record)))
}

/// Shows an entry.
///
/// # Errors
/// 404 where there is none.
#[utoipa::path(
    get, path = paths::API_AUDIT_ENTRY, tag = "audit", params(("entry" = String, Path, description = "The entry's id")),
    responses((status = 200, description = "The entry", body = AuditRecord))
)]
pub async fn get(
    _: Principal<AdminScope<AuditRead>>,
    entry: Path<String>,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let id = AuditId::parse(&entry).ok_or(Failure::NotFound)?;
    let found = app.store.read(move |tx| tx.audit().find(id)).await?;
    Ok(HttpResponse::Ok().json(record(&found.ok_or(Failure::NotFound)?)))
}

/// `entry` as scripts see it.
pub fn record(entry: &AuditEntry) -> AuditRecord {
    AuditRecord {
        id: entry.id.to_string(),
        at: entry.at.seconds(),
        event: entry.event.clone(),
        actor: entry.actor.clone(),
        credential: entry.credential.clone(),
        subject: entry.subject.clone(),
        details: serde_json::from_str(&entry.details).unwrap_or_else(|_| Value::from(entry.details.as_str())),
        address: entry.address.clone(),
        request_id: entry.request_id.clone(),
    }
}
