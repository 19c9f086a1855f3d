//! `/users/{user}/keys…`: a user's API keys, in the hands of an administrator. The keys act as the user; the audit log
//! has who made them. To make, rotate or revoke another's wants a new sign-in.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::web::Path;

use crate::app::App;
use crate::http::failure::Failure;
use crate::http::guard::PageForm;
use crate::http::pages::fresh;
use crate::http::pages::keys::Holder;
use crate::http::pages::keys::deeds;
use crate::http::pages::keys::edit;
use crate::http::pages::keys::generate as generating;
use crate::http::pages::keys::generate::Generated;
use crate::http::pages::keys::id;
use crate::http::pages::keys::show as key_page;
use crate::http::pages::users::show::Shown;
use crate::http::pages::users::show::settings;
use crate::http::pages::views::keys::KeyPlace;
use crate::http::pages::views::notice::Notice;
use crate::http::principal::Principal;
use crate::model::id::UserId;
use crate::principal::need::Admin;
use crate::principal::need::ViaSession;

/// Who may call these.
type Administrator = Principal<(Admin, ViaSession)>;

/// `POST /users/{user}/keys`: *Generate Keys*. The answer is the tab *Settings* with the secret on top.
///
/// # Errors
/// 404 where there is no such user.
pub async fn generate(
    who: Administrator,
    user: Path<String>,
    form: PageForm,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let holder = holder(&user)?;
    if let Some(sign_in) = away(&app, &who, holder, &Notice::NotDoneYet.on(&holder.home()))? {
        return Ok(sign_in);
    }
    let (status, shown) = match generating::run(&app, &who, holder, &form.0).await? {
        Generated::Made(created) => (StatusCode::OK, Shown { created: Some(*created), ..Shown::default() }),
        Generated::Refused(form) => (StatusCode::UNPROCESSABLE_ENTITY, Shown { key: Some(*form), ..Shown::default() }),
    };
    settings(&app, &who, holder.user(), status, shown).await
}

/// `GET /users/{user}/keys/{key}`.
///
/// # Errors
/// 404 where it is no key of that user's.
pub async fn show(
    who: Administrator,
    path: Path<(String, String)>,
    request: HttpRequest,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    key_page::get(&app, &who, holder(&path.0)?, &path.1, &request).await
}

/// `POST /users/{user}/keys/{key}`.
///
/// # Errors
/// 404 where it is no key of that user's.
pub async fn save(
    who: Administrator,
    path: Path<(String, String)>,
    form: PageForm,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    edit::save(&app, &who, holder(&path.0)?, &path.1, &form.0).await
}

/// `POST /users/{user}/keys/{key}/enable`.
///
/// # Errors
/// 404 where it is no key of that user's.
pub async fn enable(who: Administrator, path: Path<(String, String)>, app: Data<App>) -> Result<HttpResponse, Failure> {
    deeds::set_enabled(&app, &who, holder(&path.0)?, &path.1, true).await
}

/// `POST /users/{user}/keys/{key}/disable`.
///
/// # Errors
/// 404 where it is no key of that user's.
pub async fn disable(
    who: Administrator,
    path: Path<(String, String)>,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    deeds::set_enabled(&app, &who, holder(&path.0)?, &path.1, false).await
}

/// `POST /users/{user}/keys/{key}/trial`.
///
/// # Errors
/// 404 where it is no key of that user's.
pub async fn begin_trial(
    who: Administrator,
    path: Path<(String, String)>,
    form: PageForm,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    deeds::begin_trial(&app, &who, holder(&path.0)?, &path.1, &form.0).await
}

/// `POST /users/{user}/keys/{key}/trial/end`.
///
/// # Errors
/// 404 where it is no key of that user's.
pub async fn end_trial(
    who: Administrator,
    path: Path<(String, String)>,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    deeds::end_trial(&app, &who, holder(&path.0)?, &path.1).await
}

/// `POST /users/{user}/keys/{key}/narrow`. The answer is the new key's page with the secret on top.
///
/// # Errors
/// 404 where it is no key of that user's.
pub async fn narrow(who: Administrator, path: Path<(String, String)>, app: Data<App>) -> Result<HttpResponse, Failure> {
    let holder = holder(&path.0)?;
    if let Some(sign_in) = away(&app, &who, holder, &Notice::NotDoneYet.on(&holder.path(KeyPlace::Page, id(&path.1)?)))?
    {
        return Ok(sign_in);
    }
    deeds::narrow(&app, &who, holder, &path.1).await
}

/// `GET /users/{user}/keys/{key}/rotate`.
///
/// # Errors
/// 404 where it is no key of that user's.
pub async fn ask_rotate(
    who: Administrator,
    path: Path<(String, String)>,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let holder = holder(&path.0)?;
    if let Some(sign_in) = away(&app, &who, holder, &holder.path(KeyPlace::Rotate, id(&path.1)?))? {
        return Ok(sign_in);
    }
    deeds::ask_rotate(&app, &who, holder, &path.1).await
}

/// `POST /users/{user}/keys/{key}/rotate`. The answer is the key's page with the new secret on top.
///
/// # Errors
/// 404 where it is no key of that user's.
pub async fn rotate(
    who: Administrator,
    path: Path<(String, String)>,
    form: PageForm,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let holder = holder(&path.0)?;
    if let Some(sign_in) = away(&app, &who, holder, &holder.path(KeyPlace::Rotate, id(&path.1)?))? {
        return Ok(sign_in);
    }
    deeds::rotate(&app, &who, holder, &path.1, &form.0).await
}

/// `GET /users/{user}/keys/{key}/revoke`.
///
/// # Errors
/// 404 where it is no key of that user's.
pub async fn ask_revoke(
    who: Administrator,
    path: Path<(String, String)>,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let holder = holder(&path.0)?;
    if let Some(sign_in) = away(&app, &who, holder, &holder.path(KeyPlace::Revoke, id(&path.1)?))? {
        return Ok(sign_in);
    }
    deeds::ask_revoke(&app, &who, holder, &path.1).await
}

/// `POST /users/{user}/keys/{key}/revoke`.
///
/// # Errors
/// 404 where it is no key of that user's.
pub async fn revoke(who: Administrator, path: Path<(String, String)>, app: Data<App>) -> Result<HttpResponse, Failure> {
    let holder = holder(&path.0)?;
    if let Some(sign_in) = away(&app, &who, holder, &holder.path(KeyPlace::Revoke, id(&path.1)?))? {
        return Ok(sign_in);
    }
    deeds::revoke(&app, &who, holder, &path.1).await
}

fn holder(user: &str) -> Result<Holder, Failure> {
    UserId::parse(user).map(Holder::User).ok_or(Failure::NotFound)
}

/// Sends an administrator to sign-in, and from there to `back`, who signed in too long ago to act on the keys of somebody
/// else. One's own are one's own on this page too.
fn away(app: &App, who: &Administrator, holder: Holder, back: &str) -> Result<Option<HttpResponse>, Failure> {
    if holder.user() == who.user_id()? { Ok(None) } else { fresh::send_to_sign_in(app, who, back) }
}
