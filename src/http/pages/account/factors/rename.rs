//! `/account/factors/passkeys/{passkey}`: another name for a passkey.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::web::Path;

use crate::app::App;
use crate::app::languages::Text;
use crate::domain::factors;
use crate::domain::factors::passkeys as domain;
use crate::domain::factors::passkeys::RenameError;
use crate::http::failure::Failure;
use crate::http::guard::PageForm;
use crate::http::pages::frame;
use crate::http::pages::fresh;
use crate::http::pages::refusal::refusal;
use crate::http::pages::views::factors::PasskeyNamePage;
use crate::http::pages::views::form::Field;
use crate::http::pages::views::notice::Notice;
use crate::http::paths;
use crate::http::principal::Principal;
use crate::http::respond;
use crate::model::id::PasskeyId;
use crate::principal::need::ViaSession;

/// `GET /account/factors/passkeys/{passkey}`.
///
/// # Errors
/// 404 for a passkey that is not one's own.
pub async fn get(who: Principal<ViaSession>, passkey: Path<String>, app: Data<App>) -> Result<HttpResponse, Failure> {
    let id = PasskeyId::parse(&passkey).ok_or(Failure::NotFound)?;
    if let Some(away) = fresh::send_to_sign_in(&app, &who, &paths::account_passkey(&passkey))? {
        return Ok(away);
    }
    let user = who.user_id()?;
    let mine = app.store.read(move |tx| factors::of(tx, user)).await?;
    let known = mine.passkeys.iter().find(|known| known.id == id).ok_or(Failure::NotFound)?;
    show(&app, &who, StatusCode::OK, id, Field::with(&known.name))
}

/// `POST /account/factors/passkeys/{passkey}`.
///
/// # Errors
/// 404 for a passkey that is not one's own.
pub async fn post(
    who: Principal<ViaSession>,
    passkey: Path<String>,
    form: PageForm,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let id = PasskeyId::parse(&passkey).ok_or(Failure::NotFound)?;
    if let Some(away) = fresh::send_to_sign_in(&app, &who, &paths::account_passkey(&passkey))? {
        return Ok(away);
    }
    let typed = form.0.get("name").unwrap_or_default().to_owned();
    let (user, act, name) = (who.user_id()?, who.act(&app), typed.clone());
    match app.store.write(move |tx| domain::rename(tx, user, id, &name, &act)).await {
        Ok(()) => Ok(respond::see(&app, &Notice::PasskeyRenamed.on(paths::ACCOUNT_FACTORS))),
        Err(RenameError::Name(error)) => {
            let why = refusal(&who.context().language(&app), Text::new("The name {$problem}."), &error);
            show(&app, &who, StatusCode::UNPROCESSABLE_ENTITY, id, Field::with(&typed).refused(&why))
        }
        Err(RenameError::NotFound) => Err(Failure::NotFound),
        Err(RenameError::Store(error)) => Err(error.into()),
    }
}

fn show(
    app: &App,
    who: &Principal<ViaSession>,
    status: StatusCode,
    passkey: PasskeyId,
    name: Field,
) -> Result<HttpResponse, Failure> {
    let action = paths::account_passkey(&passkey.to_string());
    let page = PasskeyNamePage { frame: frame::signed_in(app, who, paths::ACCOUNT_FACTORS), action, name };
    respond::page_with(HttpResponse::build(status), &page)
}
