//! The pushed authorization request endpoint, `POST /oauth/par` (RFC 9126).

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::Data;
use serde_json::json;

use crate::app::App;
use crate::domain::oauth::client_auth;
use crate::domain::oauth::dpop;
use crate::domain::oauth::par;
use crate::http::failure::Failure;
use crate::http::oauth::authorize;
use crate::http::oauth::client::AuthenticatedClient;
use crate::http::oauth::request_object;

/// `POST /oauth/par`: keeps a request and answers with a reference to it (RFC 9126 §2.2).
///
/// # Errors
/// In the form of RFC 6749 §5.2, with the codes of the authorization endpoint (RFC 9126 §2.3).
pub async fn post(request: AuthenticatedClient, app: Data<App>) -> Result<HttpResponse, Failure> {
    let AuthenticatedClient { client, key, credentials, parameters, context, .. } = request;
    let mut parameters = authorize::of_form(&parameters);
    let refused = |refusal| Failure::OAuth { refusal, basic: false };
    par::check_client(&client, &parameters).map_err(refused)?;
    parameters.client_id = Some(client.client_id.clone());
    let mut parameters = request_object::resolve(&app, &context, parameters).await?;
    if let Some(refusal) = parameters.refused {
        return Err(refused(refusal));
    }
    dpop::bind_request(&mut parameters, key.as_ref()).map_err(refused)?;
    let (policy, lifetime, now) = (app.authorization_policy(), app.config.tokens.pushed_request_lifetime, app.now());
    let memory = app.memory.clone();
    let request_uri = app
        .store
        .write(move |tx| {
            let (client, _) = client_auth::again(tx, &memory, client.id, &credentials, now)?;
            par::push(tx, &client, &parameters, &policy, lifetime, now)
        })
        .await?;
    let body = json!({ "request_uri": request_uri, "expires_in": lifetime.seconds() });
    Ok(HttpResponse::Created().insert_header((header::CACHE_CONTROL, "no-store")).json(body))
}
