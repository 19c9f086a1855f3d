//! `/account/factors/app`: adding an authenticator app.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;

use crate::app::App;
use crate::domain::factors::totp;
use crate::domain::factors::totp::ConfirmError;
use crate::domain::factors::totp::Offer;
use crate::http::failure::Failure;
use crate::http::guard::PageForm;
use crate::http::pages::account::factors::recovery;
use crate::http::pages::frame;
use crate::http::pages::fresh;
use crate::http::pages::views::factors::AppPage;
use crate::http::pages::views::form::Field;
use crate::http::pages::views::notice::Notice;
use crate::http::paths;
use crate::http::principal::Principal;
use crate::http::respond;
use crate::model::identity::Subject;
use crate::principal::need::ViaSession;

/// `GET /account/factors/app`: offers a new secret.
///
/// # Errors
/// Those of the guard.
pub async fn get(who: Principal<ViaSession>, app: Data<App>) -> Result<HttpResponse, Failure> {
    if let Some(away) = fresh::send_to_sign_in(&app, &who, paths::ACCOUNT_FACTOR_APP)? {
        return Ok(away);
    }
    let offer = totp::offer(&app.keys, &app.issuer, who.user_id()?, name(&who)?, app.now());
    show(&app, &who, StatusCode::OK, &offer.map_err(|cause| Failure::Internal { cause })?, Field::default())
}

/// `POST /account/factors/app`: adds the app if it shows the right code. Where there are new recovery codes, the answer
/// shows them.
///
/// # Errors
/// 409 where there is an app already.
pub async fn post(who: Principal<ViaSession>, form: PageForm, app: Data<App>) -> Result<HttpResponse, Failure> {
    if let Some(away) = fresh::send_to_sign_in(&app, &who, paths::ACCOUNT_FACTOR_APP)? {
        return Ok(away);
    }
    let field = |name: &str| form.0.get(name).unwrap_or_default().to_owned();
    let (sealed, code) = (field("offer"), field("code"));
    let (user, act, keys, offered) = (who.user_id()?, who.act(&app), app.keys.clone(), sealed.clone());
    let added = app.store.write(move |tx| totp::confirm(tx, &keys, user, &offered, &code, &act)).await;
    match added {
        Ok(Some(codes)) => recovery::show(&app, &who, &codes),
        Ok(None) => Ok(respond::see(&app, &Notice::FactorAdded.on(paths::ACCOUNT_FACTORS))),
        Err(ConfirmError::WrongCode) => {
            let Some(offer) = totp::again(&app.keys, &app.issuer, user, name(&who)?, &sealed, app.now()) else {
                return Ok(respond::see(&app, paths::ACCOUNT_FACTOR_APP));
            };
            let code = Field::default().refused("This is not the code that the app shows now. Enter the next one.");
            show(&app, &who, StatusCode::UNPROCESSABLE_ENTITY, &offer, code)
        }
        Err(ConfirmError::Lapsed) => Ok(respond::see(&app, paths::ACCOUNT_FACTOR_APP)),
        Err(error @ ConfirmError::Taken) => Err(Failure::Conflict(error.to_string())),
        Err(ConfirmError::OpenSsl(cause)) => Err(Failure::Internal { cause }),
        Err(ConfirmError::Store(error)) => Err(error.into()),
    }
}

fn name(who: &Principal<ViaSession>) -> Result<&str, Failure> {
    if let Subject::User { username, .. } = &who.subject { Ok(username) } else { Err(Failure::SessionNeeded) }
}

fn show(
    app: &App,
    who: &Principal<ViaSession>,
    status: StatusCode,
    offer: &Offer,
    code: Field,
) -> Result<HttpResponse, Failure> {
    let frame = frame::signed_in(app, who, paths::ACCOUNT_FACTOR_APP);
    respond::page_with(HttpResponse::build(status), &AppPage::new(frame, offer, code, paths::ACCOUNT_FACTOR_APP, None))
}
