//! `/metrics`, on a listener of its own (`metrics.listen`): nothing else is there, and it is nowhere else.

use actix_web::HttpResponse;
use actix_web::web;
use actix_web::web::Data;

use crate::app::App;
use crate::http::paths;
use crate::metrics::CONTENT_TYPE;

/// Puts it where `config` is mounted.
pub fn configure(config: &mut web::ServiceConfig) {
    config.route(paths::METRICS, web::get().to(get));
}

async fn get(app: Data<App>) -> HttpResponse {
    match app.metrics.text(app.store.write_counts()) {
        Ok(text) => HttpResponse::Ok().content_type(CONTENT_TYPE).body(text),
        Err(_) => HttpResponse::InternalServerError().finish(),
    }
}
