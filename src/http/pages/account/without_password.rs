//! `/account/password/remove` and `/account/password/set`: the end of one's own password, for whoever has a passkey that is
//! enough alone, and the way back. Both take a new sign-in.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;

use crate::app::App;
use crate::domain::factors;
use crate::domain::without_password as domain;
use crate::domain::without_password::WithoutPasswordError;
use crate::http::failure::Failure;
use crate::http::guard::PageForm;
use crate::http::pages::account::own;
use crate::http::pages::frame;
use crate::http::pages::fresh;
use crate::http::pages::views::account_password::AccountPasswordPage;
use crate::http::pages::views::confirm::ConfirmPage;
use crate::http::pages::views::form::SecretField;
use crate::http::pages::views::notice::Notice;
use crate::http::paths;
use crate::http::present::sentence;
use crate::http::principal::Principal;
use crate::http::respond;
use crate::model::email::Email;
use crate::model::identity::Subject;
use crate::model::password;
use crate::model::secret::Secret;
use crate::principal::need::ViaSession;

/// `GET /account/password/remove`.
///
/// # Errors
/// Those of the guard.
pub async fn ask(who: Principal<ViaSession>, app: Data<App>) -> Result<HttpResponse, Failure> {
    if let Some(away) = fresh::send_to_sign_in(&app, &who, paths::ACCOUNT_PASSWORD_REMOVE)? {
        return Ok(away);
    }
    let user = who.user_id()?;
    let mine = app.store.read(move |tx| factors::of(tx, user)).await?;
    if !mine.has_password {
        return Ok(respond::see(&app, paths::ACCOUNT));
    }
    let refused = (!mine.has_passkey_that_is_enough()).then_some(WithoutPasswordError::NoOtherWay);
    show_question(&app, &who, refused.as_ref())
}

/// `POST /account/password/remove`.
///
/// # Errors
/// 409 where no passkey is enough alone, or the password was changed meanwhile.
pub async fn remove(who: Principal<ViaSession>, app: Data<App>) -> Result<HttpResponse, Failure> {
    if let Some(away) = fresh::send_to_sign_in(&app, &who, paths::ACCOUNT_PASSWORD_REMOVE)? {
        return Ok(away);
    }
    let (user, session, act) = (who.user_id()?, who.session_id()?, who.act(&app));
    match app.store.write(move |tx| domain::remove(tx, user, session, &act)).await {
        Ok(()) => Ok(respond::see(&app, &Notice::PasswordRemoved.on(paths::ACCOUNT))),
        Err(error @ WithoutPasswordError::NoOtherWay) => show_question(&app, &who, Some(&error)),
        Err(error) => Err(failure(error)),
    }
}

/// The page that asks; with what stands against it where it was refused.
fn show_question(
    app: &App,
    who: &Principal<ViaSession>,
    refused: Option<&WithoutPasswordError>,
) -> Result<HttpResponse, Failure> {
    let mut frame = frame::signed_in(app, who, paths::ACCOUNT_PASSWORD_REMOVE);
    if let Some(error) = refused {
        frame = frame.with_problem(&sentence(&error.to_string()));
    }
    let way_back = match &who.subject {
        Subject::User { email: Some(_), .. } => {
            "If you lose your passkeys, a link for a new password that is sent to your e-mail address and one of your \
             recovery codes let you in. Keep the codes."
        }
        _ => "You have no e-mail address: if you lose your passkeys, only an administrator can help.",
    };
    let consequences = [
        "You sign in with a passkey alone. Programs that ask for your name and password let you in no more.",
        "Your other sessions end, and applications have to ask again.",
        way_back,
        "You can set a password again.",
    ];
    let page = ConfirmPage {
        frame,
        question: "Remove your password?".to_owned(),
        consequences: consequences.map(str::to_owned).into(),
        action: paths::ACCOUNT_PASSWORD_REMOVE.to_owned(),
        button: "Remove password".to_owned(),
        cancel: paths::ACCOUNT.to_owned(),
        choice: None,
    };
    let status = if refused.is_some() { StatusCode::CONFLICT } else { StatusCode::OK };
    respond::page_with(HttpResponse::build(status), &page)
}

/// `GET /account/password/set`.
///
/// # Errors
/// Those of the guard.
pub async fn get(who: Principal<ViaSession>, app: Data<App>) -> Result<HttpResponse, Failure> {
    if let Some(away) = fresh::send_to_sign_in(&app, &who, paths::ACCOUNT_PASSWORD_SET)? {
        return Ok(away);
    }
    show_form(&app, &who, StatusCode::OK, SecretField::default()).await
}

/// `POST /account/password/set`.
///
/// # Errors
/// 409 where there is a password already, 503 where too many are hashed at once.
pub async fn set(who: Principal<ViaSession>, form: PageForm, app: Data<App>) -> Result<HttpResponse, Failure> {
    if let Some(away) = fresh::send_to_sign_in(&app, &who, paths::ACCOUNT_PASSWORD_SET)? {
        return Ok(away);
    }
    let person = own(&app, &who).await?;
    let new = Secret::from(form.0.get("new_password").unwrap_or_default());
    let names = [person.username.as_str(), person.email.as_ref().map(Email::as_str).unwrap_or_default()];
    if let Err(error) = password::check_new_password(&new, &names) {
        let field = SecretField::refused(&format!("The new password {error}."));
        return show_form(&app, &who, StatusCode::UNPROCESSABLE_ENTITY, field).await;
    }
    let hash = app.passwords.hash(new).await?;
    let (session, act) = (who.session_id()?, who.act(&app));
    match app.store.write(move |tx| domain::set(tx, person.id, &hash, session, &act)).await {
        Ok(()) => Ok(respond::see(&app, &Notice::PasswordSet.on(paths::ACCOUNT))),
        Err(error) => Err(failure(error)),
    }
}

async fn show_form(
    app: &App,
    who: &Principal<ViaSession>,
    status: StatusCode,
    new_password: SecretField,
) -> Result<HttpResponse, Failure> {
    let user = who.user_id()?;
    let mine = app.store.read(move |tx| factors::of(tx, user)).await?;
    // Whoever has one changes it, and is asked for the present one there.
    if mine.has_password {
        return Ok(respond::see(app, paths::ACCOUNT));
    }
    let username = own(app, who).await?.username.as_str().to_owned();
    let frame = frame::signed_in(app, who, paths::ACCOUNT_PASSWORD_SET);
    respond::page_with(HttpResponse::build(status), &AccountPasswordPage { frame, username, new_password })
}

fn failure(error: WithoutPasswordError) -> Failure {
    match error {
        WithoutPasswordError::User(error) => error.into(),
        WithoutPasswordError::Store(error) => error.into(),
        error => Failure::Conflict(error.to_string()),
    }
}
