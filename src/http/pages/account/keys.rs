//! `/account/keys…`: one's own API keys.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::web::Path;

use crate::app::App;
use crate::http::failure::Failure;
use crate::http::guard::PageForm;
use crate::http::pages::account::Shown;
use crate::http::pages::account::show as account;
use crate::http::pages::keys::Holder;
use crate::http::pages::keys::deeds;
use crate::http::pages::keys::edit;
use crate::http::pages::keys::generate as generating;
use crate::http::pages::keys::generate::Generated;
use crate::http::pages::keys::show as key_page;
use crate::http::principal::Principal;
use crate::principal::need::ViaSession;

/// `POST /account/keys`: *Generate Keys*. The answer is the account page with the secret on top.
///
/// # Errors
/// Those of the guard.
pub async fn generate(who: Principal<ViaSession>, form: PageForm, app: Data<App>) -> Result<HttpResponse, Failure> {
    let (status, shown) = match generating::run(&app, &who, holder(&who)?, &form.0).await? {
        Generated::Made(created) => (StatusCode::OK, Shown { created: Some(*created), ..Shown::default() }),
        Generated::Refused(form) => (StatusCode::UNPROCESSABLE_ENTITY, Shown { key: Some(*form), ..Shown::default() }),
    };
    account(&app, &who, status, shown).await
}

/// `GET /account/keys/{key}`.
///
/// # Errors
/// 404 for a key that is not one's own.
pub async fn show(
    who: Principal<ViaSession>,
    key: Path<String>,
    request: HttpRequest,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    key_page::get(&app, &who, holder(&who)?, &key, &request).await
}

/// `POST /account/keys/{key}`.
///
/// # Errors
/// 404 for a key that is not one's own.
pub async fn save(
    who: Principal<ViaSession>,
    key: Path<String>,
    form: PageForm,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    edit::save(&app, &who, holder(&who)?, &key, &form.0).await
}

/// `POST /account/keys/{key}/enable`.
///
/// # Errors
/// 404 for a key that is not one's own.
pub async fn enable(who: Principal<ViaSession>, key: Path<String>, app: Data<App>) -> Result<HttpResponse, Failure> {
    deeds::set_enabled(&app, &who, holder(&who)?, &key, true).await
}

/// `POST /account/keys/{key}/disable`.
///
/// # Errors
/// 404 for a key that is not one's own.
pub async fn disable(who: Principal<ViaSession>, key: Path<String>, app: Data<App>) -> Result<HttpResponse, Failure> {
    deeds::set_enabled(&app, &who, holder(&who)?, &key, false).await
}

/// `POST /account/keys/{key}/trial`.
///
/// # Errors
/// 404 for a key that is not one's own.
pub async fn begin_trial(
    who: Principal<ViaSession>,
    key: Path<String>,
    form: PageForm,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    deeds::begin_trial(&app, &who, holder(&who)?, &key, &form.0).await
}

/// `POST /account/keys/{key}/trial/end`.
///
/// # Errors
/// 404 for a key that is not one's own.
pub async fn end_trial(who: Principal<ViaSession>, key: Path<String>, app: Data<App>) -> Result<HttpResponse, Failure> {
    deeds::end_trial(&app, &who, holder(&who)?, &key).await
}

/// `POST /account/keys/{key}/narrow`. The answer is the new key's page with the secret on top.
///
/// # Errors
/// 404 for a key that is not one's own.
pub async fn narrow(who: Principal<ViaSession>, key: Path<String>, app: Data<App>) -> Result<HttpResponse, Failure> {
    deeds::narrow(&app, &who, holder(&who)?, &key).await
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
    deeds::ask_rotate(&app, &who, holder(&who)?, &key).await
}

/// `POST /account/keys/{key}/rotate`. The answer is the key's page with the new secret on top.
///
/// # Errors
/// 404 for a key that is not one's own.
pub async fn rotate(
    who: Principal<ViaSession>,
    key: Path<String>,
    form: PageForm,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    deeds::rotate(&app, &who, holder(&who)?, &key, &form.0).await
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
    deeds::ask_revoke(&app, &who, holder(&who)?, &key).await
}

/// `POST /account/keys/{key}/revoke`.
///
/// # Errors
/// 404 for a key that is not one's own.
pub async fn revoke(who: Principal<ViaSession>, key: Path<String>, app: Data<App>) -> Result<HttpResponse, Failure> {
    deeds::revoke(&app, &who, holder(&who)?, &key).await
}

fn holder(who: &Principal<ViaSession>) -> Result<Holder, Failure> {
    who.user_id().map(Holder::Own)
}
