//! Frappe's methods about users: who a request is, and a user's key.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::web::Data;
use serde_json::json;

use crate::app::App;
use crate::domain::frappe_key;
use crate::domain::reach::Reach;
use crate::http::failure::Failure;
use crate::http::failure::Refused;
use crate::http::frappe::arguments::Arguments;
use crate::http::frappe::envelope;
use crate::http::needs::AdminScope;
use crate::http::needs::KeysWrite;
use crate::http::principal::Principal;
use crate::model::identity::Identity;
use crate::model::identity::Subject;
use crate::principal::need::Anyone;

/// `GET|POST /api/method/frappe.auth.get_logged_user`: the user's id as Frappe has it, the e-mail address if there is
/// one, else the user name. A guest is refused, never named.
///
/// # Errors
/// Those of the guard, and 403 for a guest.
pub async fn get_logged_user(
    who: Principal<Anyone>,
    _: Arguments,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let name = match &who.subject {
        Subject::User { username, email, .. } => email.as_ref().unwrap_or(username),
        Subject::Client { client_id, .. } => client_id,
    };
    envelope::answer(&request, &json!(name))
}

/// `POST /api/method/frappe.core.doctype.user.user.generate_keys`: a new secret for the key of the user that `user`
/// names, which is made if there is none. The secret is shown here and never again; the old one ends.
///
/// # Errors
/// 403 for whoever is no administrator, or reaches less far than such a key; 404 where there is no such user.
pub async fn generate_keys(
    who: Principal<AdminScope<KeysWrite>>,
    arguments: Arguments,
    request: HttpRequest,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let missing = || Failure::BadRequest("user is missing: the e-mail address or the user name of a user".to_owned());
    let user = arguments.get("user").ok_or_else(missing)?.to_owned();
    let (identity, policy, act) = (Identity::clone(&who), app.key_policy(), who.act(&app));
    let (key, secret) = app
        .store
        .write(move |tx| {
            let reach = Reach::of(tx, &identity, &act)?;
            Ok::<_, Refused>(frappe_key::renew(tx, &user, &policy, &reach, &act)?)
        })
        .await?;
    envelope::answer(&request, &json!({ "api_key": key.api_key.as_str(), "api_secret": secret.reveal() }))
}
