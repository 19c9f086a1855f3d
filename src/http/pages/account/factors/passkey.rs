//! `/account/factors/passkeys`: adding a passkey.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;

use crate::app::App;
use crate::domain::factors::challenge::Bound;
use crate::domain::factors::challenge::Purpose;
use crate::domain::factors::passkeys as domain;
use crate::domain::factors::passkeys::AddError;
use crate::domain::factors::passkeys::MOST;
use crate::http::failure::Failure;
use crate::http::guard::PageForm;
use crate::http::pages::account::factors::recovery;
use crate::http::pages::frame;
use crate::http::pages::fresh;
use crate::http::pages::login;
use crate::http::pages::passkeys;
use crate::http::pages::views::browser::browser;
use crate::http::pages::views::factors::PasskeyPage;
use crate::http::pages::views::form::Field;
use crate::http::pages::views::notice::Notice;
use crate::http::paths;
use crate::http::present::sentence;
use crate::http::principal::Principal;
use crate::http::respond;
use crate::principal::need::ViaSession;

/// `GET /account/factors/passkeys`: asks the browser for one.
///
/// # Errors
/// 404 where browsers have no passkeys for this server, 409 where there are as many as there may be.
pub async fn get(who: Principal<ViaSession>, request: HttpRequest, app: Data<App>) -> Result<HttpResponse, Failure> {
    app.issuer.domain().ok_or(Failure::NotFound)?;
    if let Some(away) = fresh::send_to_sign_in(&app, &who, paths::ACCOUNT_PASSKEYS)? {
        return Ok(away);
    }
    // Until its owner calls it otherwise.
    let name = Field::with(&browser(&login::browser_of(&request, &app).user_agent));
    show(&app, &who, StatusCode::OK, name, None).await
}

/// `POST /account/factors/passkeys`. Where there are new recovery codes, the answer shows them.
///
/// # Errors
/// As [`get`].
pub async fn post(who: Principal<ViaSession>, form: PageForm, app: Data<App>) -> Result<HttpResponse, Failure> {
    app.issuer.domain().ok_or(Failure::NotFound)?;
    if let Some(away) = fresh::send_to_sign_in(&app, &who, paths::ACCOUNT_PASSKEYS)? {
        return Ok(away);
    }
    let typed = form.0.get("name").unwrap_or_default().to_owned();
    let name = Field::with(&typed);
    let refused = StatusCode::UNPROCESSABLE_ENTITY;
    let Some(new) = passkeys::new(&form.0, typed) else {
        return show(&app, &who, refused, name, Some(passkeys::NO_SCRIPT)).await;
    };
    let (user, act, bound) = (who.user_id()?, who.act(&app), bound(&who)?);
    let (keys, issuer) = (app.keys.clone(), app.issuer.clone());
    match app.store.write(move |tx| domain::add(tx, &keys, &issuer, &bound, user, &new, &act)).await {
        Ok(Some(codes)) => recovery::show(&app, &who, &codes),
        Ok(None) => Ok(respond::see(&app, &Notice::FactorAdded.on(paths::ACCOUNT_FACTORS))),
        Err(error @ AddError::Name(_)) => {
            show(&app, &who, refused, name.refused(&sentence(&error.to_string())), None).await
        }
        Err(AddError::Store(error)) => Err(error.into()),
        Err(error) => show(&app, &who, refused, name, Some(&sentence(&error.to_string()))).await,
    }
}

/// To this person in this session.
fn bound(who: &Principal<ViaSession>) -> Result<Bound, Failure> {
    Ok(Bound { purpose: Purpose::Add, user: Some(who.user_id()?), browser: who.session()?.id.to_string() })
}

async fn show(
    app: &App,
    who: &Principal<ViaSession>,
    status: StatusCode,
    name: Field,
    problem: Option<&str>,
) -> Result<HttpResponse, Failure> {
    let id = who.user_id()?;
    let found = app.store.look_up(move |tx| domain::owner(tx, id)).await?;
    // Deleted between the guard's look and ours.
    let (user, mine) = found.ok_or(Failure::Unauthenticated { credential_given: false })?;
    if mine.len() >= MOST {
        return Err(Failure::Conflict(AddError::TooMany.to_string()));
    }
    let passkey = passkeys::for_adding(app, &bound(who)?, &user, &mine).ok_or(Failure::NotFound)?;
    let mut frame = frame::signed_in(app, who, paths::ACCOUNT_PASSKEYS);
    if let Some(problem) = problem {
        frame = frame.with_problem(problem);
    }
    respond::page_with(HttpResponse::build(status), &PasskeyPage { frame, name, passkey })
}
