//! `/account/factors/app/remove`: removing the authenticator app. The page asks first.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;

use crate::app::App;
use crate::domain::factors;
use crate::domain::factors::RemoveError;
use crate::http::failure::Failure;
use crate::http::pages::frame;
use crate::http::pages::fresh;
use crate::http::pages::views::confirm::ConfirmPage;
use crate::http::pages::views::notice::Notice;
use crate::http::paths;
use crate::http::present::sentence;
use crate::http::principal::Principal;
use crate::http::respond;
use crate::principal::need::ViaSession;

/// `GET /account/factors/app/remove`.
///
/// # Errors
/// 404 where there is no app.
pub async fn ask_app(who: Principal<ViaSession>, app: Data<App>) -> Result<HttpResponse, Failure> {
    if let Some(away) = fresh::send_to_sign_in(&app, &who, paths::ACCOUNT_FACTOR_APP_REMOVE)? {
        return Ok(away);
    }
    let user = who.user_id()?;
    let totp = app.store.read(move |tx| tx.factors().totp(user)).await?;
    totp.ok_or(Failure::NotFound)?;
    show(&app, &who, None)
}

/// `POST /account/factors/app/remove`.
///
/// # Errors
/// 404 where there is no app.
pub async fn app(who: Principal<ViaSession>, app: Data<App>) -> Result<HttpResponse, Failure> {
    if let Some(away) = fresh::send_to_sign_in(&app, &who, paths::ACCOUNT_FACTOR_APP_REMOVE)? {
        return Ok(away);
    }
    let (user, act) = (who.user_id()?, who.act(&app));
    match app.store.write(move |tx| factors::remove_app(tx, user, &act)).await {
        Ok(()) => Ok(respond::see(&app, &Notice::FactorRemoved.on(paths::ACCOUNT_FACTORS))),
        Err(error @ RemoveError::Last) => show(&app, &who, Some(&error)),
        Err(RemoveError::NotFound) => Err(Failure::NotFound),
        Err(RemoveError::Store(error)) => Err(error.into()),
    }
}

/// The page that asks; with what stands against it where it was refused.
fn show(app: &App, who: &Principal<ViaSession>, refused: Option<&RemoveError>) -> Result<HttpResponse, Failure> {
    let mut frame = frame::signed_in(app, who, paths::ACCOUNT_FACTORS);
    if let Some(error) = refused {
        frame = frame.with_problem(&sentence(&error.to_string()));
    }
    let page = ConfirmPage {
        frame,
        question: "Remove the authenticator app?".to_owned(),
        consequences: vec![
            "You can't sign in with it any more.".to_owned(),
            "It is the last one: your password alone is enough then, and your recovery codes go too.".to_owned(),
        ],
        action: paths::ACCOUNT_FACTOR_APP_REMOVE.to_owned(),
        button: "Remove".to_owned(),
        cancel: paths::ACCOUNT_FACTORS.to_owned(),
        choice: None,
    };
    let status = if refused.is_some() { StatusCode::CONFLICT } else { StatusCode::OK };
    respond::page_with(HttpResponse::build(status), &page)
}
