//! `POST /api/v1/leaked-secrets`: a secret was found where it should not be; and `GET /api/v1/scan-rules`, by which such
//! secrets are found.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::Data;
use serde::Deserialize;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::domain::leaks;
use crate::domain::leaks::Leaked;
use crate::domain::leaks::Outcome;
use crate::domain::login;
use crate::domain::scan_rules;
use crate::domain::scan_rules::ScanFormat;
use crate::http::failure::Failure;
use crate::http::form::Parameters;
use crate::http::guard::Public;
use crate::http::json::JsonBody;
use crate::http::json::given;
use crate::http::paths;
use crate::model::secret::Secret;

/// What the audit log calls somebody who reports a secret.
const REPORTER: &str = "somebody who found a secret";

/// A secret that was found.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Found {
    /// The secret, or the pair `api_key:api_secret`.
    #[schema(value_type = String)]
    secret: Secret,
    /// Where it was found, such as a URL; its owner is told.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    found_at: Option<String>,
}

/// What is known of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Known {
    /// Whether it is or was a secret of this server. Then it is out of use.
    known: bool,
}

/// Puts a secret out of use that was found where it should not be, and tells its owner.
///
/// Whoever has the secret may ask; no other credential is looked at. An API secret takes its key with it, a refresh token
/// and a code all that came of the same sign-in, a client secret the tokens in the client's own name. What had ended
/// before changes nothing.
///
/// # Errors
/// 400 where the body is wrong, 429 where too many reports changed nothing.
#[utoipa::path(
    post, path = paths::API_LEAKED_SECRETS, tag = "leaks", request_body = Found,
    responses(
        (status = 200, description = "Whether it is a secret of this server; if so, it is out of use", body = Known),
        (status = 429, description = "Too many reports from this address changed nothing"),
    )
)]
pub async fn report(public: Public, body: JsonBody<Found>, app: Data<App>) -> Result<HttpResponse, Failure> {
    let (context, body) = (public.0, body.0);
    let known = |known| Ok(HttpResponse::Ok().json(Known { known }));
    let Some(leaked) = Leaked::read(body.secret.expose(), &app.keys) else { return known(false) };
    if matches!(leaked, Leaked::Imported { .. }) && !app.imported.exist(&app.store).await? {
        return known(false);
    }
    let place = body.found_at.as_deref().map(|place| leaks::clean_place(place, body.secret.expose()));
    let network = context.address.map(login::network).unwrap_or_default();
    let (limit, act) = (app.leak_report_limit(), context.act_of(&app, REPORTER));
    let outcome =
        app.store.write(move |tx| leaks::report(tx, &leaked, place.as_deref(), &network, limit, &act)).await?;
    match outcome {
        Outcome::Unknown => known(false),
        Outcome::OutOfUse => known(true),
        Outcome::Limited(retry_after) => Err(Failure::TooMany { retry_after }),
    }
}

/// Shows rules by which scanners find this server's secrets, as a file for the scanner.
///
/// # Errors
/// 400 where no known format is asked for.
#[utoipa::path(
    get, path = paths::API_SCAN_RULES, tag = "leaks",
    params(("format" = String, Query, description = "`gitleaks` or `detect-secrets`")),
    responses(
        (status = 200, description = "The rules", body = String, content_type = "text/plain"),
        (status = 400, description = "No known format is asked for"),
    )
)]
pub async fn scan_rules(_: Public, request: HttpRequest, app: Data<App>) -> Result<HttpResponse, Failure> {
    let bad = |why: String| Failure::BadRequest(why);
    let query = Parameters::parse_page(request.query_string().as_bytes()).map_err(|error| bad(error.to_string()))?;
    if query.iter().any(|(name, _)| name != "format") {
        return Err(bad("the only parameter here is format".to_owned()));
    }
    let format = query.get("format").and_then(ScanFormat::parse);
    let format = format.ok_or_else(|| bad("format must be gitleaks or detect-secrets".to_owned()))?;
    let report_at = format!("{}{}", app.issuer.as_str(), paths::API_LEAKED_SECRETS);
    let rules = scan_rules::write(format, app.issuer.as_str(), &report_at);
    Ok(HttpResponse::Ok()
        .content_type("text/plain; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "public, max-age=300"))
        .body(rules))
}
