//! `/account/keys…`: one's own API keys.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::web::Path;

use crate::app::App;
use crate::http::failure::Failure;
use crate::http::guard::PageForm;
use crate::http::pages::account::Shown;
use crate::http::pages::account::show;
use crate::http::pages::frame;
use crate::http::pages::keys;
use crate::http::pages::keys::Deed;
use crate::http::pages::keys::Generated;
use crate::http::pages::keys::Holder;
use crate::http::pages::views::notice::Notice;
use crate::http::paths;
use crate::http::principal::Principal;
use crate::http::respond;
use crate::principal::need::ViaSession;

/// `POST /account/keys`: *Generate Keys*. The answer is the account page with the secret on top.
///
/// # Errors
/// Those of the guard.
pub async fn generate(who: Principal<ViaSession>, form: PageForm, app: Data<App>) -> Result<HttpResponse, Failure> {
    let holder = Holder::Own(who.user_id()?);
    let (status, shown) = match keys::generate(&app, holder, &form.0, &who.act(&app)).await? {
        Generated::Made(created) => (StatusCode::OK, Shown { created: Some(created), ..Shown::default() }),
        Generated::Refused(form) => (StatusCode::UNPROCESSABLE_ENTITY, Shown { key: Some(form), ..Shown::default() }),
    };
    show(&app, &who, status, shown).await
}

/// `GET /account/keys/{key}/rotate`.
///
/// # Errors
/// 404 for a key that is not one's own.
pub async fn ask_rotate(
    who: Principal<ViaSession>,
    key: Path<String>,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    ask(&app, &who, &key, Deed::Rotate).await
}

/// `POST /account/keys/{key}/rotate`. The answer is the account page with the new secret on top.
///
/// # Errors
/// 404 for a key that is not one's own.
pub async fn rotate(who: Principal<ViaSession>, key: Path<String>, app: Data<App>) -> Result<HttpResponse, Failure> {
    let created = keys::rotate(&app, Holder::Own(who.user_id()?), &key, who.act(&app)).await?;
    show(&app, &who, StatusCode::OK, Shown { created: Some(created), ..Shown::default() }).await
}

/// `GET /account/keys/{key}/revoke`.
///
/// # Errors
/// 404 for a key that is not one's own.
pub async fn ask_revoke(
    who: Principal<ViaSession>,
    key: Path<String>,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    ask(&app, &who, &key, Deed::Revoke).await
}

/// `POST /account/keys/{key}/revoke`.
///
/// # Errors
/// 404 for a key that is not one's own.
pub async fn revoke(who: Principal<ViaSession>, key: Path<String>, app: Data<App>) -> Result<HttpResponse, Failure> {
    let holder = Holder::Own(who.user_id()?);
    keys::revoke(&app, holder, &key, who.act(&app)).await?;
    Ok(respond::see(&app, &Notice::KeyRevoked.on(&holder.home())))
}

async fn ask(app: &App, who: &Principal<ViaSession>, key: &str, deed: Deed) -> Result<HttpResponse, Failure> {
    let frame = frame::signed_in(app, who, paths::ACCOUNT);
    keys::ask(app, frame, Holder::Own(who.user_id()?), key, deed).await
}
