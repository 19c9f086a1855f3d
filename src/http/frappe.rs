//! Frappe's paths, in Frappe's own envelope.

use actix_web::HttpResponse;
use actix_web::web::Data;
use serde_json::json;

use crate::app::App;
use crate::http::failure::Failure;
use crate::http::principal::MaybePrincipal;
use crate::model::identity::Subject;
use crate::model::role::RoleName;

/// `GET|POST /api/method/frappe.auth.get_logged_user`: the user's id as Frappe has it, the e-mail address if there is
/// one, else the user name. A guest is refused, never named.
///
/// # Errors
/// Those of the guard, and 403 for a guest.
pub async fn get_logged_user(who: MaybePrincipal, _: Data<App>) -> Result<HttpResponse, Failure> {
    let identity = who.identity().ok_or(Failure::MissingRole { role: RoleName::ADMIN })?;
    let name = match &identity.subject {
        Subject::User { username, email, .. } => email.as_ref().unwrap_or(username),
        Subject::Client { client_id, .. } => client_id,
    };
    Ok(HttpResponse::Ok().json(json!({ "message": name })))
}
