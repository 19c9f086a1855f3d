//! `GET /api/v1/me`: who the request is.

use actix_web::HttpResponse;
use actix_web::web::Data;
use serde_json::Value;
use serde_json::json;

use crate::app::App;
use crate::http::failure::Failure;
use crate::http::principal::Anyone;
use crate::http::principal::Principal;
use crate::model::identity::Credential;
use crate::model::identity::Identity;
use crate::model::identity::Rights;
use crate::model::identity::Subject;
use crate::model::scope::Scope;
use crate::model::time::Timestamp;

/// `GET /api/v1/me`.
///
/// # Errors
/// Those of the guard.
pub async fn get(who: Principal<Anyone>, _: Data<App>) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok().json(describe(&who)))
}

fn describe(who: &Identity) -> Value {
    let (kind, username, email, full_name) = match &who.subject {
        Subject::User { username, email, full_name, .. } => ("user", Some(username), email.as_ref(), Some(full_name)),
        Subject::Client { .. } => ("client", None, None, None),
    };
    let scopes: Vec<&str> = match &who.rights {
        Rights::Full { .. } => Vec::new(),
        Rights::Scopes(scopes) => Scope::iter(scopes).map(|scope| scope.as_str()).collect(),
    };
    let client_id = match &who.credential {
        Credential::AccessToken { client_id, .. } => Some(client_id),
        Credential::Session { .. } | Credential::ApiKey { .. } => None,
    };
    json!({
        "subject": kind,
        "id": who.subject.wire_id(),
        "username": username,
        "email": email,
        "full_name": full_name,
        "roles": who.roles.names(),
        "full_access": who.has_full_access(),
        "scopes": scopes,
        "credential": who.credential.kind(),
        "client_id": client_id,
        "expires_at": who.expires_at.map(Timestamp::seconds),
    })
}
