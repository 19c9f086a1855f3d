//! What the server says of itself: RFC 8414 and RFC 9728, for browsers anywhere.

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::Data;
use serde_json::Value;

use crate::app::App;
use crate::config::clients::Registration;
use crate::domain::oauth::metadata;
use crate::domain::oauth::metadata::Dynamic;
use crate::domain::oauth::signing_keys;
use crate::domain::rights::Catalogue;
use crate::http::failure::Failure;
use crate::http::guard::Public;
use crate::model::signing_key::MAX_AGE;

/// `GET /.well-known/oauth-authorization-server` (RFC 8414 §3).
///
/// # Errors
/// What the database says: the document names scopes and types of authorization details.
pub async fn authorization_server(_: Public, app: Data<App>) -> Result<HttpResponse, Failure> {
    Ok(document(&describe(&app).await?))
}

/// `GET /.well-known/openid-configuration` (OpenID Connect Discovery §4): the same, with what only OpenID Connect has.
///
/// # Errors
/// As there.
pub async fn openid_configuration(_: Public, app: Data<App>) -> Result<HttpResponse, Failure> {
    Ok(document(&metadata::openid_provider(describe(&app).await?)))
}

async fn describe(app: &App) -> Result<Value, Failure> {
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
    let languages: Vec<&str> = app.languages.iter().map(|language| language.tag()).collect();
    Ok(metadata::authorization_server(&app.issuer, dynamic.as_ref(), &detail_types, &languages, url))
}

/// `GET /.well-known/jwks.json`: the keys that the server signs with (RFC 7517 §5). Read anew each time: what an operator
/// rotates is there at once.
///
/// # Errors
/// What the database says.
pub async fn jwks(_: Public, app: Data<App>) -> Result<HttpResponse, Failure> {
    let (longest, now) = (app.config.tokens.id_token_lifetime, app.now());
    let keys = app.store.look_up(move |tx| signing_keys::published(tx, longest, now)).await?;
    let may_keep = format!("public, max-age={}", MAX_AGE.seconds());
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, may_keep)).json(keys))
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
