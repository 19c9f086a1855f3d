//! `/users/{user}/keys…`: a user's API keys, in the hands of an administrator. The keys act as the user; the audit log
//! has who made them.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::web::Path;

use crate::app::App;
use crate::http::failure::Failure;
use crate::http::guard::PageForm;
use crate::http::pages::frame;
use crate::http::pages::keys;
use crate::http::pages::keys::Deed;
use crate::http::pages::keys::Generated;
use crate::http::pages::keys::Holder;
use crate::http::pages::users::show::Shown;
use crate::http::pages::users::show::settings;
use crate::http::pages::views::notice::Notice;
use crate::http::principal::Principal;
use crate::http::respond;
use crate::model::id::UserId;
use crate::principal::need::Admin;
use crate::principal::need::ViaSession;

/// `POST /users/{user}/keys`: *Generate Keys*. The answer is the tab *Settings* with the secret on top.
///
/// # Errors
/// 404 where there is no such user.
pub async fn generate(
    who: Principal<(Admin, ViaSession)>,
    user: Path<String>,
    form: PageForm,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let holder = holder(&user)?;
    let (status, shown) = match keys::generate(&app, holder, &form.0, &who.act(&app)).await? {
        Generated::Made(created) => (StatusCode::OK, Shown { created: Some(created), ..Shown::default() }),
        Generated::Refused(form) => (StatusCode::UNPROCESSABLE_ENTITY, Shown { key: Some(form), ..Shown::default() }),
    };
    settings(&app, &who, holder.user(), status, shown).await
}

/// `GET /users/{user}/keys/{key}/rotate`.
///
/// # Errors
/// 404 where it is no key of that user's.
pub async fn ask_rotate(
    who: Principal<(Admin, ViaSession)>,
    path: Path<(String, String)>,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    ask(&app, &who, &path, Deed::Rotate).await
}

/// `POST /users/{user}/keys/{key}/rotate`. The answer is the tab *Settings* with the new secret on top.
///
/// # Errors
/// 404 where it is no key of that user's.
pub async fn rotate(
    who: Principal<(Admin, ViaSession)>,
    path: Path<(String, String)>,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let (user, key) = path.into_inner();
    let holder = holder(&user)?;
    let created = keys::rotate(&app, holder, &key, who.act(&app)).await?;
    settings(&app, &who, holder.user(), StatusCode::OK, Shown { created: Some(created), ..Shown::default() }).await
}

/// `GET /users/{user}/keys/{key}/revoke`.
///
/// # Errors
/// 404 where it is no key of that user's.
pub async fn ask_revoke(
    who: Principal<(Admin, ViaSession)>,
    path: Path<(String, String)>,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    ask(&app, &who, &path, Deed::Revoke).await
}

/// `POST /users/{user}/keys/{key}/revoke`.
///
/// # Errors
/// 404 where it is no key of that user's.
pub async fn revoke(
    who: Principal<(Admin, ViaSession)>,
    path: Path<(String, String)>,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let (user, key) = path.into_inner();
    let holder = holder(&user)?;
    keys::revoke(&app, holder, &key, who.act(&app)).await?;
    Ok(respond::see(&app, &Notice::KeyRevoked.on(&holder.home())))
}

async fn ask(
    app: &App,
    who: &Principal<(Admin, ViaSession)>,
    (user, key): &(String, String),
    deed: Deed,
) -> Result<HttpResponse, Failure> {
    let holder = holder(user)?;
    keys::ask(app, frame::signed_in(app, who, &holder.home()), holder, key, deed).await
}

fn holder(user: &str) -> Result<Holder, Failure> {
    UserId::parse(user).map(Holder::User).ok_or(Failure::NotFound)
}
