//! `/account/email`: one's own e-mail address, whether it is confirmed, and another one in its place.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;

use crate::app::App;
use crate::config::mail::Transport;
use crate::domain::email_verification;
use crate::domain::login::check_password;
use crate::http::failure::Failure;
use crate::http::guard::PageForm;
use crate::http::pages::account::own;
use crate::http::pages::frame;
use crate::http::pages::fresh;
use crate::http::pages::login;
use crate::http::pages::login::known_device;
use crate::http::pages::views::account_email::AccountEmailForm;
use crate::http::pages::views::account_email::AccountEmailPage;
use crate::http::pages::views::form::Field;
use crate::http::pages::views::form::SecretField;
use crate::http::pages::views::notice::Notice;
use crate::http::paths;
use crate::http::principal::Principal;
use crate::http::respond;
use crate::model::email::Email;
use crate::model::secret::Secret;
use crate::model::username::Login;
use crate::principal::need::ViaSession;

const NO_MAIL: &str = "this server sends no mail, so it cannot find out whose an address is; ask whoever runs it";

/// `GET /account/email`.
///
/// # Errors
/// Those of the guard.
pub async fn get(who: Principal<ViaSession>, request: HttpRequest, app: Data<App>) -> Result<HttpResponse, Failure> {
    let notice = login::query(&request)?.get("done").and_then(Notice::find);
    show(&app, &who, StatusCode::OK, notice, AccountEmailForm::default()).await
}

/// `POST /account/email`: has a link sent to another address, for whoever knows the password, or has none and has
/// signed in just now.
///
/// # Errors
/// 409 where no mail leaves, 429 after too many wrong passwords or too many links.
pub async fn post(
    who: Principal<ViaSession>,
    form: PageForm,
    request: HttpRequest,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let typed = form.0.get("email").map(str::trim).unwrap_or_default();
    let current = Secret::from(form.0.get("current_password").unwrap_or_default());
    let mut refused = AccountEmailForm { email: Field::with(typed), current_password: SecretField::default() };
    let email = Email::parse(typed);
    if let Err(error) = &email {
        refused.email.error = Some(format!("The e-mail address {error}."));
    }
    let user = own(&app, &who).await?;
    let id = user.id;
    let has_password = app.store.read(move |tx| tx.users().password(id)).await?.is_some();
    // Whoever has none to show has signed in just now.
    if !has_password && let Some(away) = fresh::send_to_sign_in(&app, &who, paths::ACCOUNT_EMAIL)? {
        return Ok(away);
    }
    if has_password && current.expose().is_empty() {
        refused.current_password = SecretField::refused("Enter your current password.");
    }
    let email = match email {
        Ok(email) if refused.problems().is_empty() => email,
        _ => return show(&app, &who, StatusCode::UNPROCESSABLE_ENTITY, None, refused).await,
    };
    if !has_password {
        return send(&app, &who, email).await;
    }
    let (known, act) = (known_device(&request, &app), who.act(&app));
    let login = Login::parse(user.username.as_str());
    if let Err(error) = check_password(app.login_context(), login.as_ref(), current, known, &act).await {
        let Some(failure) = Failure::of_login(error, who.context()) else {
            refused.current_password = SecretField::refused("This is not your current password.");
            return show(&app, &who, StatusCode::UNPROCESSABLE_ENTITY, None, refused).await;
        };
        return Err(failure);
    }
    send(&app, &who, email).await
}

/// `POST /account/email/verify`: has a link sent to the address that there is.
///
/// # Errors
/// 409 where there is none, or no mail leaves; 429 after too many links.
pub async fn verify(who: Principal<ViaSession>, app: Data<App>) -> Result<HttpResponse, Failure> {
    let email = own(&app, &who).await?.email;
    let email = email.ok_or_else(|| Failure::Conflict("your account has no e-mail address yet".to_owned()))?;
    send(&app, &who, email).await
}

async fn send(app: &App, who: &Principal<ViaSession>, email: Email) -> Result<HttpResponse, Failure> {
    if app.config.mail.transport == Transport::Log {
        return Err(Failure::Conflict(NO_MAIL.to_owned()));
    }
    let (user, limits, act) = (who.user_id()?, app.mail_limits(), who.act(app));
    let language = who.context().language(app);
    let asked =
        app.store.write(move |tx| email_verification::ask(tx, user, &email, language.tag(), limits, &act)).await?;
    asked.map_err(|retry_after| Failure::TooMany { retry_after })?;
    app.mail_waits.notify_one();
    Ok(respond::see(app, &Notice::EmailLinkSent.on(paths::ACCOUNT_EMAIL)))
}

async fn show(
    app: &App,
    who: &Principal<ViaSession>,
    status: StatusCode,
    notice: Option<Notice>,
    form: AccountEmailForm,
) -> Result<HttpResponse, Failure> {
    let user = own(app, who).await?;
    let id = user.id;
    let page = AccountEmailPage {
        has_password: app.store.read(move |tx| tx.users().password(id)).await?.is_some(),
        frame: frame::signed_in(app, who, paths::ACCOUNT_EMAIL).with_notice(notice),
        username: user.username.as_str().to_owned(),
        email: user.email.as_ref().map(|email| email.as_str().to_owned()).unwrap_or_default(),
        is_verified: user.claims.email_verified == Some(true),
        leaves: app.config.mail.transport == Transport::Smtp,
        form,
    };
    respond::page_with(HttpResponse::build(status), &page)
}
