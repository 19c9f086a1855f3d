//! `/account/factors…`: one's second factors. To change them takes a new sign-in.

pub mod app;
pub mod recovery;
pub mod remove;

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::web::Data;

use crate::app::App;
use crate::domain::factors;
use crate::domain::factors::Factors;
use crate::http::failure::Failure;
use crate::http::pages::frame;
use crate::http::pages::login;
use crate::http::pages::views::factors::AppRow;
use crate::http::pages::views::factors::FactorsPage;
use crate::http::pages::views::notice::Notice;
use crate::http::pages::views::time::Moment;
use crate::http::paths;
use crate::http::principal::Principal;
use crate::http::respond;
use crate::model::factor::Totp;
use crate::principal::need::ViaSession;

/// `GET /account/factors`.
///
/// # Errors
/// Those of the guard.
pub async fn get(who: Principal<ViaSession>, request: HttpRequest, app: Data<App>) -> Result<HttpResponse, Failure> {
    let notice = login::query(&request)?.get("done").and_then(Notice::find);
    let (user, now) = (who.user_id()?, app.now());
    let Factors { totp, recovery_codes, are_required } = app.store.read(move |tx| factors::of(tx, user)).await?;
    let row = |totp: Totp| AppRow {
        added: Moment::seen_from(totp.created_at, now),
        used: totp.used_at.map(|used| Moment::seen_from(used, now)),
    };
    let page = FactorsPage {
        frame: frame::signed_in(&app, &who, paths::ACCOUNT_FACTORS).with_notice(notice),
        app: totp.map(row),
        recovery_codes,
        are_required,
    };
    respond::page(&page)
}

/// What there is, as a sentence for the account page.
pub fn summary(factors: &Factors) -> String {
    let sentence = match (factors.totp.is_some(), factors.are_required) {
        (true, _) => "You have an authenticator app.",
        (false, true) => "You have none yet. You will be asked to add one the next time you sign in.",
        (false, false) => "You have none. With one, nobody gets in who knows nothing but your password.",
    };
    sentence.to_owned()
}
