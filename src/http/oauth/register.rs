//! The client registration endpoint, `/oauth/register` (RFC 7591), and each client's own below it (RFC 7592).

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::HttpResponseBuilder;
use actix_web::http::header;
use actix_web::web::Data;
use serde_json::Map;
use serde_json::Value;

use crate::app::App;
use crate::domain::oauth::client_metadata;
use crate::domain::oauth::client_metadata::ClientMetadata;
use crate::domain::oauth::error::ErrorCode;
use crate::domain::oauth::register;
use crate::domain::oauth::register::Outcome;
use crate::domain::oauth::register::RegisterError;
use crate::http::context::Context;
use crate::http::failure::Failure;
use crate::http::oauth::sector;
use crate::http::paths;
use crate::http::registrant::Manager;
use crate::http::registrant::Registrant;
use crate::json;
use crate::model::client::Client;
use crate::model::time::Lifetime;
use crate::model::token::Token;

/// The most bytes that a description may have.
const MOST_BYTES: usize = 64 * 1024;
/// How long a newcomer may wait where there is no room.
const ROOM: Lifetime = Lifetime::from_hours(1);

/// `POST /oauth/register`: registers a client as it describes itself.
///
/// # Errors
/// In the form of RFC 7591 §3.2.2.
pub async fn post(who: Registrant, request: HttpRequest, app: Data<App>) -> Result<HttpResponse, Failure> {
    let metadata = ClientMetadata::read(&members(&request, &who.context)?).map_err(RegisterError::from)?;
    sector::check(&app, &who.context, &metadata.openid, &metadata.redirect_uris).await?;
    let (rules, act) = (app.registration_rules(), who.context.act_of(&app, &who.name));
    let registrant = who.registrant;
    let outcome = app.store.write(move |tx| register::register(tx, &metadata, &registrant, rules, &act)).await?;
    match outcome {
        Outcome::Registered(made) => {
            let mut body = description(&app, &made.client, &made.registration);
            if let Some(secret) = &made.secret {
                body.insert("client_secret".to_owned(), secret.reveal().into());
                // RFC 7591 §3.2.1: never.
                body.insert("client_secret_expires_at".to_owned(), 0.into());
            }
            Ok(answer(HttpResponse::Created(), body))
        }
        Outcome::NotInvited => Err(Failure::Unauthenticated { credential_given: true }),
        Outcome::Limited(retry_after) => Err(Failure::TooMany { retry_after }),
        Outcome::Full => Err(Failure::Unavailable {
            retry_after: ROOM,
            cause: "too many clients registered themselves and were never used (limits.unused_registrations)"
                .to_owned(),
        }),
    }
}

/// `GET /oauth/register/{client}`: what is registered (RFC 7592 §2.1).
///
/// # Errors
/// 401 for anybody but the client.
pub async fn get(who: Manager, app: Data<App>) -> Result<HttpResponse, Failure> {
    let (client_id, hash) = (who.client_id, who.token.hash());
    let client = app.store.look_up(move |tx| register::find(tx, &client_id, &hash)).await?;
    let client = client.ok_or(RegisterError::NotManager)?;
    Ok(answer(HttpResponse::Ok(), description(&app, &client, &who.token)))
}

/// `PUT /oauth/register/{client}`: replaces what is registered (RFC 7592 §2.2).
///
/// # Errors
/// 401 for anybody but the client, 429 for one that changes too often; else in the form of RFC 7591 §3.2.2.
pub async fn put(who: Manager, request: HttpRequest, app: Data<App>) -> Result<HttpResponse, Failure> {
    let members = members(&request, &who.context)?;
    if members.contains_key("sector_identifier_uri") {
        // Only for whoever may change something, or anybody could have addresses asked for.
        let (client_id, hash) = (who.client_id.clone(), who.token.hash());
        let client = app.store.look_up(move |tx| register::find(tx, &client_id, &hash)).await?;
        client.ok_or(RegisterError::NotManager)?;
        let metadata = ClientMetadata::read(&members).map_err(RegisterError::from)?;
        sector::check(&app, &who.context, &metadata.openid, &metadata.redirect_uris).await?;
    }
    let (rules, act) = (app.registration_rules(), who.context.act_of(&app, &who.client_id));
    let (client_id, hash) = (who.client_id, who.token.hash());
    let client = app.store.write(move |tx| register::replace(tx, &client_id, &hash, &members, rules, &act)).await?;
    Ok(answer(HttpResponse::Ok(), description(&app, &client, &who.token)))
}

/// `DELETE /oauth/register/{client}`: the end of the client and of all that it was given (RFC 7592 §2.3).
///
/// # Errors
/// 401 for anybody but the client.
pub async fn delete(who: Manager, app: Data<App>) -> Result<HttpResponse, Failure> {
    let act = who.context.act_of(&app, &who.client_id);
    let (client_id, hash) = (who.client_id, who.token.hash());
    app.store.write(move |tx| register::delete(tx, &client_id, &hash, &act)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// The body's members: JSON and nothing else, each name once.
fn members(request: &HttpRequest, context: &Context) -> Result<Map<String, Value>, Failure> {
    let content_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = content_type.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case("application/json") {
        return Err(Failure::UnsupportedMediaType("application/json"));
    }
    if context.body.len() > MOST_BYTES {
        return Err(Failure::TooLarge);
    }
    json::object(&context.body)
        .map_err(|error| Failure::oauth(ErrorCode::InvalidClientMetadata, format!("the body {error}")))
}

/// All that is registered, and where and with what it is managed (RFC 7591 §3.2.1, RFC 7592 §3).
fn description(app: &App, client: &Client, registration: &Token) -> Map<String, Value> {
    let mut members = client_metadata::of(client);
    let uri = app.issuer.url(&paths::oauth_register_client(&client.client_id));
    members.insert("registration_client_uri".to_owned(), uri.into());
    members.insert("registration_access_token".to_owned(), registration.reveal().into());
    members
}

fn answer(mut response: HttpResponseBuilder, body: Map<String, Value>) -> HttpResponse {
    response.insert_header((header::CACHE_CONTROL, "no-store")).insert_header((header::PRAGMA, "no-cache")).json(body)
}
