//! `/account/factors/…/remove`: removing a second factor. Each asks first.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::web::Path;

use crate::app::App;
use crate::app::languages::Text;
use crate::domain::factors;
use crate::domain::factors::Factor;
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
use crate::model::id::PasskeyId;
use crate::principal::need::ViaSession;

/// `GET /account/factors/app/remove`.
///
/// # Errors
/// 404 where there is no app.
pub async fn ask_app(who: Principal<ViaSession>, app: Data<App>) -> Result<HttpResponse, Failure> {
    ask(&app, &who, Factor::Totp).await
}

/// `POST /account/factors/app/remove`.
///
/// # Errors
/// 404 where there is no app.
pub async fn app(who: Principal<ViaSession>, app: Data<App>) -> Result<HttpResponse, Failure> {
    remove(&app, &who, Factor::Totp).await
}

/// `GET /account/factors/passkeys/{passkey}/remove`.
///
/// # Errors
/// 404 for a passkey that is not one's own.
pub async fn ask_passkey(
    who: Principal<ViaSession>,
    passkey: Path<String>,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    ask(&app, &who, named(&passkey)?).await
}

/// `POST /account/factors/passkeys/{passkey}/remove`.
///
/// # Errors
/// 404 for a passkey that is not one's own.
pub async fn passkey(
    who: Principal<ViaSession>,
    passkey: Path<String>,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    remove(&app, &who, named(&passkey)?).await
}

fn named(text: &str) -> Result<Factor, Failure> {
    PasskeyId::parse(text).map(Factor::Passkey).ok_or(Failure::NotFound)
}

fn path(factor: Factor) -> String {
    match factor {
        Factor::Totp => paths::ACCOUNT_FACTOR_APP_REMOVE.to_owned(),
        Factor::Passkey(id) => paths::account_passkey_remove(&id.to_string()),
    }
}

async fn ask(app: &App, who: &Principal<ViaSession>, factor: Factor) -> Result<HttpResponse, Failure> {
    match fresh::send_to_sign_in(app, who, &path(factor))? {
        Some(away) => Ok(away),
        None => show(app, who, factor, None).await,
    }
}

async fn remove(app: &App, who: &Principal<ViaSession>, factor: Factor) -> Result<HttpResponse, Failure> {
    if let Some(away) = fresh::send_to_sign_in(app, who, &path(factor))? {
        return Ok(away);
    }
    let (user, act) = (who.user_id()?, who.act(app));
    match app.store.write(move |tx| factors::remove(tx, user, factor, &act)).await {
        Ok(()) => Ok(respond::see(app, &Notice::FactorRemoved.on(paths::ACCOUNT_FACTORS))),
        Err(error @ (RemoveError::Last | RemoveError::OnlyWay)) => show(app, who, factor, Some(&error)).await,
        Err(RemoveError::NotFound) => Err(Failure::NotFound),
        Err(RemoveError::Store(error)) => Err(error.into()),
    }
}

/// The page that asks; with what stands against it where it was refused.
async fn show(
    app: &App,
    who: &Principal<ViaSession>,
    factor: Factor,
    refused: Option<&RemoveError>,
) -> Result<HttpResponse, Failure> {
    let user = who.user_id()?;
    let mine = app.store.read(move |tx| factors::of(tx, user)).await?;
    let refused = match factor {
        Factor::Passkey(id) if refused.is_none() && mine.is_only_way(id) => Some(&RemoveError::OnlyWay),
        _ => refused,
    };
    let question = match factor {
        Factor::Totp if mine.totp.is_some() => "Remove the authenticator app?".to_owned(),
        Factor::Totp => return Err(Failure::NotFound),
        Factor::Passkey(id) => {
            let passkey = mine.passkeys.iter().find(|passkey| passkey.id == id).ok_or(Failure::NotFound)?;
            let question = Text::new("Remove the passkey {$name}?").with("name", passkey.name.as_str());
            who.context().language(app).fill(&question)
        }
    };
    let mut consequences = vec!["You can't sign in with it any more.".to_owned()];
    if mine.has_password && mine.passkeys.len() + usize::from(mine.totp.is_some()) == 1 {
        consequences
            .push("It is the last one: your password alone is enough then, and your recovery codes go too.".to_owned());
    }
    let mut frame = frame::signed_in(app, who, paths::ACCOUNT_FACTORS);
    if let Some(error) = refused {
        frame = frame.with_problem(&sentence(&error.to_string()));
    }
    let page = ConfirmPage {
        frame,
        question,
        consequences,
        action: path(factor),
        button: "Remove".to_owned(),
        cancel: paths::ACCOUNT_FACTORS.to_owned(),
        choice: None,
    };
    let status = if refused.is_some() { StatusCode::CONFLICT } else { StatusCode::OK };
    respond::page_with(HttpResponse::build(status), &page)
}
