//! What the server says of itself: RFC 8414 and RFC 9728, for browsers anywhere.

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::Data;
use serde_json::Value;

use crate::app::App;
use crate::config::clients::Registration;
use crate::domain::oauth::metadata;
use crate::domain::oauth::metadata::Dynamic;
use crate::domain::rights::Catalogue;
use crate::http::failure::Failure;
use crate::http::guard::Public;

/// `GET /.well-known/oauth-authorization-server` (RFC 8414 §3).
///
/// # Errors
/// What the database says: the document names scopes and types of authorization details.
pub async fn authorization_server(_: Public, app: Data<App>) -> Result<HttpResponse, Failure> {
    let url = |path: &str| format!("{}{path}", app.issuer.as_str());
    let registration = app.config.clients.registration != Registration::Closed;
    let documents = app.config.clients.metadata_documents;
    let read = app.store.look_up(move |tx| {
        let without_administrator = registration || documents;
        let scopes = if without_administrator { Some(Catalogue::read(tx)?.for_unverified()) } else { None };
        Ok::<_, Failure>((scopes, tx.authorization_detail_types().list(None, i64::MAX)?))
    });
    let (scopes, detail_types) = read.await?;
    let dynamic = scopes.map(|scopes| Dynamic { registration, documents, scopes });
    Ok(document(&metadata::authorization_server(&app.issuer, dynamic.as_ref(), &detail_types, url)))
}

/// `GET /.well-known/oauth-protected-resource` (RFC 9728 §3).
///
/// # Errors
/// None.
pub async fn protected_resource(_: Public, app: Data<App>) -> Result<HttpResponse, Failure> {
    Ok(document(&metadata::protected_resource(&app.issuer)))
}

fn document(value: &Value) -> HttpResponse {
    HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "public, max-age=300")).json(value)
}
