//! `/account/factors/recovery-codes`: new recovery codes in the place of the old ones.

use actix_web::HttpResponse;
use actix_web::web::Data;

use crate::app::App;
use crate::domain::factors::recovery;
use crate::http::failure::Failure;
use crate::http::pages::frame;
use crate::http::pages::fresh;
use crate::http::pages::views::confirm::ConfirmPage;
use crate::http::pages::views::factors::CodesPage;
use crate::http::paths;
use crate::http::principal::Principal;
use crate::http::respond;
use crate::model::factor::RecoveryCode;
use crate::principal::need::ViaSession;

/// `GET /account/factors/recovery-codes`: asks.
///
/// # Errors
/// Those of the guard.
pub async fn ask(who: Principal<ViaSession>, app: Data<App>) -> Result<HttpResponse, Failure> {
    if let Some(away) = fresh::send_to_sign_in(&app, &who, paths::ACCOUNT_RECOVERY_CODES)? {
        return Ok(away);
    }
    respond::page(&ConfirmPage {
        frame: frame::signed_in(&app, &who, paths::ACCOUNT_FACTORS),
        question: "Make new recovery codes?".to_owned(),
        consequences: vec![
            "You get ten new codes, which are shown once.".to_owned(),
            "The codes that you have now stop working.".to_owned(),
        ],
        action: paths::ACCOUNT_RECOVERY_CODES.to_owned(),
        button: "Make new codes".to_owned(),
        cancel: paths::ACCOUNT_FACTORS.to_owned(),
        choice: None,
    })
}

/// `POST /account/factors/recovery-codes`. The answer shows them.
///
/// # Errors
/// 409 where there is no factor that they could stand in for.
pub async fn renew(who: Principal<ViaSession>, app: Data<App>) -> Result<HttpResponse, Failure> {
    if let Some(away) = fresh::send_to_sign_in(&app, &who, paths::ACCOUNT_RECOVERY_CODES)? {
        return Ok(away);
    }
    let (user, act, keys) = (who.user_id()?, who.act(&app), app.keys.clone());
    let codes = app.store.write(move |tx| {
        tx.users().lock(user)?;
        if tx.factors().has_any(user)? { recovery::renew(tx, &keys, user, &act).map(Some) } else { Ok(None) }
    });
    let none = || Failure::Conflict("there is no second factor that recovery codes could stand in for".to_owned());
    show(&app, &who, &codes.await?.ok_or_else(none)?)
}

/// The page with the codes.
///
/// # Errors
/// [`Failure::Internal`] where the template fails.
pub fn show(app: &App, who: &Principal<ViaSession>, codes: &[RecoveryCode]) -> Result<HttpResponse, Failure> {
    let frame = frame::signed_in(app, who, paths::ACCOUNT_FACTORS);
    respond::page(&CodesPage::new(frame, codes, paths::ACCOUNT_FACTORS.to_owned()))
}
