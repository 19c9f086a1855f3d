//! `/health/live`: the process answers. `/health/ready`: so does the database, and the server is not about to stop.

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
/// 503 where the database does not answer. The answer is 503 as well where the server is about to stop.
pub async fn ready(_: Public, app: Data<App>) -> Result<HttpResponse, Failure> {
    if app.stopping.has_begun() {
        return Ok(HttpResponse::ServiceUnavailable().json(json!({ "status": "stopping" })));
    }
    app.store.check().await?;
    Ok(HttpResponse::Ok().json(json!({ "status": "ready" })))
}
