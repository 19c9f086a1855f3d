//! The UserInfo endpoint, `/oauth/userinfo` (OpenID Connect Core §5.3).

use actix_web::HttpResponse;
use actix_web::web::Data;

use crate::app::App;
use crate::domain::oauth::userinfo;
use crate::http::failure::Failure;
use crate::http::principal::Principal;
use crate::principal::need::InScope;
use crate::principal::need::ScopeName;

/// The scope `openid`.
pub struct OpenId;

impl ScopeName for OpenId {
    const NAME: &'static str = userinfo::SCOPE;
}

/// `GET` and `POST /oauth/userinfo`: who the user is, as far as the scopes go.
///
/// # Errors
/// Those of the guard, and 403 for a client in its own name.
pub async fn get(who: Principal<InScope<OpenId>>, app: Data<App>) -> Result<HttpResponse, Failure> {
    who.note_scopes(&app, &["profile", "email", "roles"]);
    let claims = userinfo::granted(&who).ok_or(Failure::UserNeeded)?;
    Ok(HttpResponse::Ok().json(claims))
}
