//! The device authorization endpoint, `POST /oauth/device_authorization` (RFC 8628 §3.1).

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::Data;
use serde_json::json;

use crate::app::App;
use crate::domain::oauth::client_auth;
use crate::domain::oauth::device;
use crate::domain::oauth::token::Asked;
use crate::http::failure::Failure;
use crate::http::oauth::client::AuthenticatedClient;
use crate::http::paths;

/// `POST /oauth/device_authorization`: lets a device wait, and gives it the code that it shows (RFC 8628 §3.2).
///
/// # Errors
/// In the form of RFC 6749 §5.2.
pub async fn post(request: AuthenticatedClient, app: Data<App>) -> Result<HttpResponse, Failure> {
    let AuthenticatedClient { client, credentials, parameters, context, .. } = request;
    let asked = Asked {
        scope: parameters.get("scope").map(str::to_owned),
        resources: parameters.all("resource").map(str::to_owned).collect(),
        details: parameters.get("authorization_details").map(str::to_owned),
        key: None,
    };
    let (act, terms) = (context.act_of(&app, &client.client_id), app.token_terms());
    let lifetime = app.config.tokens.device_code_lifetime;
    let keys = app.clone();
    let (device_code, user_code) = app
        .store
        .write(move |tx| {
            let (client, _) = client_auth::again(tx, &keys.memory, client.id, &credentials, act.now)?;
            device::begin(tx, &client, &asked, &terms, lifetime, keys.keys.current(), &act)
        })
        .await?;
    let verification_uri = format!("{}{}", app.issuer.as_str(), paths::DEVICE);
    let user_code = user_code.reveal();
    let body = json!({
        "device_code": device_code.reveal(),
        "user_code": user_code,
        "verification_uri": verification_uri,
        "verification_uri_complete": format!("{verification_uri}?user_code={user_code}"),
        "expires_in": lifetime.seconds(),
        "interval": device::INTERVAL.seconds(),
    });
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(body))
}
