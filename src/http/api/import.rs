//! `/api/v1/import/…`: users, clients and keys from elsewhere.

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use serde::Deserialize;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::app::App;
use crate::domain::import::ImportError;
use crate::domain::import::Manner;
use crate::domain::import::frappe::RoleMap;
use crate::domain::import::frappe::Site;
use crate::domain::import::rows::Rows;
use crate::http::failure::Failure;
use crate::http::import;
use crate::http::import::Done;
use crate::http::json::JsonBody;
use crate::http::json::given;
use crate::http::needs::AdminScope;
use crate::http::needs::UsersWrite;
use crate::http::paths;
use crate::http::principal::Principal;

/// Records of a Frappe site.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FrappeMembers {
    /// The records of `User`: a list of objects, what Frappe's own API answers, or a text in CSV.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Object, nullable = false)]
    users: Option<Value>,
    /// The records of `OAuth Client`, likewise.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Object, nullable = false)]
    clients: Option<Value>,
    /// What roles are called here that have another name there; an empty name leaves a role out.
    #[serde(default)]
    map_roles: BTreeMap<String, String>,
    /// Say what would happen, and do nothing.
    #[serde(default)]
    dry_run: bool,
    /// Leave out what cannot be brought here, instead of all.
    #[serde(default)]
    skip_refused: bool,
}

/// API keys by the hashes of their secrets.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeysMembers {
    /// A list of objects with `user`, `name`, `sha256`, `full_access` or `scopes`, and where wanted `api_key`, `alone`,
    /// `roles`, `expires_at`, `allowed_ips` and `limits`.
    #[schema(value_type = Vec<Object>)]
    keys: Value,
    /// Say what would happen, and do nothing.
    #[serde(default)]
    dry_run: bool,
    /// Leave out what cannot be brought here, instead of all.
    #[serde(default)]
    skip_refused: bool,
}

/// What became of one record.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportedRecord {
    /// `created`, `unchanged` (it is here already), `left_out` or `refused`.
    result: &'static str,
    /// `role`, `scope`, `user`, `client` or `key`.
    record: &'static str,
    /// What it is called.
    name: String,
    /// What is to be known about it.
    notes: Vec<String>,
}

/// What became of all records.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportReport {
    /// Whether nothing was done, since it was only asked what would be.
    dry_run: bool,
    /// The same as one sentence.
    summary: String,
    /// One for each.
    records: Vec<ImportedRecord>,
}

/// Brings users with their API keys and OAuth clients of a Frappe site here: all or nothing.
///
/// A second time nothing changes. Only a credential that could make all of this by itself may ask: a session of an
/// administrator, or a key of an administrator with full access and without bounds. What is larger than 256 KiB is
/// brought here on the command line (`hallpass import`).
///
/// # Errors
/// 400 where something cannot be brought here; then nothing was. 403 where the credential does not reach so far.
#[utoipa::path(
    post, path = paths::API_IMPORT_FRAPPE, tag = "import", request_body = FrappeMembers,
    responses((status = 200, description = "What became of each record", body = ImportReport))
)]
pub async fn frappe(
    who: Principal<AdminScope<UsersWrite>>,
    body: JsonBody<FrappeMembers>,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let body = body.0;
    if body.users.is_none() && body.clients.is_none() {
        return Err(Failure::BadRequest("users and clients are missing: there is nothing to import".to_owned()));
    }
    let map = body.map_roles.iter().map(|(there, here)| (there.as_str(), here.as_str()));
    let site = Site {
        users: body.users.map(|value| rows("users", value)).transpose()?.unwrap_or_default(),
        clients: body.clients.map(|value| rows("clients", value)).transpose()?.unwrap_or_default(),
        roles: RoleMap::parse(map).map_err(|why| Failure::BadRequest(format!("map_roles: {why}")))?,
    };
    let manner = Manner { dry_run: body.dry_run, skip_refused: body.skip_refused };
    let done = import::run(&app, &who, site, Rows::default(), manner).await?;
    answer(done, manner)
}

/// Brings API keys here by the SHA-256 of their secrets: all or nothing.
///
/// They keep their secrets and are marked as imported. With `api_key` a secret is presented as the second half of the
/// pair, without it or with `alone` by itself as a Bearer token. Who may ask is as for Frappe.
///
/// # Errors
/// 400 where something cannot be brought here; then nothing was. 403 where the credential does not reach so far.
#[utoipa::path(
    post, path = paths::API_IMPORT_KEYS, tag = "import", request_body = KeysMembers,
    responses((status = 200, description = "What became of each record", body = ImportReport))
)]
pub async fn keys(
    who: Principal<AdminScope<UsersWrite>>,
    body: JsonBody<KeysMembers>,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let body = body.0;
    let rows = rows("keys", body.keys)?;
    let manner = Manner { dry_run: body.dry_run, skip_refused: body.skip_refused };
    let done = import::run(&app, &who, Site::default(), rows, manner).await?;
    answer(done, manner)
}

fn rows(member: &str, value: Value) -> Result<Rows, Failure> {
    Rows::from_json(value).map_err(|why| match why.strip_prefix("it ") {
        Some(why) => Failure::BadRequest(format!("{member} {why}")),
        None => Failure::BadRequest(format!("{member}: {why}")),
    })
}

fn answer(done: Done, manner: Manner) -> Result<HttpResponse, Failure> {
    let records: Vec<ImportedRecord> = done
        .report
        .entries
        .iter()
        .map(|entry| ImportedRecord {
            result: entry.fate.as_str(),
            record: entry.kind.as_str(),
            name: entry.name.clone(),
            notes: entry.notes.clone(),
        })
        .collect();
    if !done.is_refused {
        let report = ImportReport { dry_run: manner.dry_run, summary: done.report.sentence(), records };
        return Ok(HttpResponse::Ok().json(report));
    }
    let status = StatusCode::BAD_REQUEST;
    let problem = serde_json::json!({
        "type": "about:blank",
        "title": status.canonical_reason().unwrap_or_default(),
        "status": status.as_u16(),
        "detail": ImportError::Refused(Box::new(done.report)).to_string(),
        "records": records,
    });
    Ok(HttpResponse::build(status).content_type("application/problem+json").body(problem.to_string()))
}
