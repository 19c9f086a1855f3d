//! `/health/live`: the process answers. `/health/ready`: so does the database.

use actix_web::HttpResponse;
use actix_web::web::Data;
use serde_json::json;

use crate::app::App;
use crate::http::failure::Failure;
use crate::http::guard::Public;

/// `GET /health/live`.
///
/// # Errors
/// None.
pub async fn live(_: Public) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(json!({ "status": "live" })))
}

/// `GET /health/ready`.
///
/// # Errors
/// 503 where the database does not answer.
pub async fn ready(_: Public, app: Data<App>) -> Result<HttpResponse, Failure> {
    app.store.check().await?;
    Ok(HttpResponse::Ok().json(json!({ "status": "ready" })))
}
