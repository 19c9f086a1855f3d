//! `/reset`: a new password for somebody who has forgotten theirs, by a link in a mail. Whoever asks sees the same,
//! whether or not anybody is known by that name; and to look at the link changes nothing, for mail scanners look too.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;

use crate::app::App;
use crate::config::mail::Transport;
use crate::domain::mails::LinkError;
use crate::domain::password_reset;
use crate::http::failure::Failure;
use crate::http::guard::PageForm;
use crate::http::guard::Visitor;
use crate::http::pages::frame;
use crate::http::pages::login;
use crate::http::pages::views::form::Field;
use crate::http::pages::views::form::SecretField;
use crate::http::pages::views::link_ended::LinkEndedPage;
use crate::http::pages::views::notice::Notice;
use crate::http::pages::views::reset::ResetAskPage;
use crate::http::pages::views::reset::ResetConfirmPage;
use crate::http::paths;
use crate::http::respond;
use crate::model::email::Email;
use crate::model::password;
use crate::model::secret::Secret;
use crate::model::token::Token;
use crate::model::token::TokenKind;
use crate::model::user::User;
use crate::model::username::Login;

/// `GET /reset`.
///
/// # Errors
/// Those of the guard.
pub async fn get(visitor: Visitor, request: HttpRequest, app: Data<App>) -> Result<HttpResponse, Failure> {
    let is_asked = login::query(&request)?.get("asked") == Some("yes");
    ask(&app, &visitor, StatusCode::OK, Field::default(), is_asked)
}

/// `POST /reset`: has a link sent, if there is anybody to send it to.
///
/// # Errors
/// 429 where one address asks too often.
pub async fn post(
    visitor: Visitor,
    form: PageForm,
    request: HttpRequest,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let typed = form.0.get("username").unwrap_or_default();
    if typed.is_empty() {
        let username = Field::default().refused("Enter your user name or e-mail address.");
        return ask(&app, &visitor, StatusCode::UNPROCESSABLE_ENTITY, username, false);
    }
    let (login, limits) = (Login::parse(typed), app.mail_limits());
    let act = visitor.context.act_of(&app, "password reset");
    let asker = login::asker(&visitor, &request, &app);
    let asked = app.store.write(move |tx| password_reset::ask(tx, login.as_ref(), &asker, limits, &act)).await?;
    asked.map_err(|retry_after| Failure::TooMany { retry_after })?;
    app.mail_waits.notify_one();
    Ok(respond::see(&app, &format!("{}?asked=yes", paths::RESET)))
}

fn ask(
    app: &App,
    visitor: &Visitor,
    status: StatusCode,
    username: Field,
    is_asked: bool,
) -> Result<HttpResponse, Failure> {
    let mut response = HttpResponse::build(status);
    visitor.remember(app, &mut response);
    let frame = frame::visitor(app, visitor, paths::RESET);
    let leaves = app.config.mail.transport == Transport::Smtp;
    respond::page_with(response, &ResetAskPage { frame, username, is_asked, leaves })
}

/// `GET /reset/confirm?token=…`.
///
/// # Errors
/// Those of the guard.
pub async fn look(visitor: Visitor, request: HttpRequest, app: Data<App>) -> Result<HttpResponse, Failure> {
    let query = login::query(&request)?;
    let token = query.get("token").and_then(|token| Token::parse_as(TokenKind::PasswordReset, token));
    match owner(&app, token.as_ref()).await? {
        Some((token, user)) => show(&app, &visitor, StatusCode::OK, &token, &user, SecretField::default()),
        None => ended(&app, &visitor),
    }
}

/// `POST /reset/confirm`: sets the password.
///
/// # Errors
/// 503 where too many passwords wait to be hashed.
pub async fn confirm(visitor: Visitor, form: PageForm, app: Data<App>) -> Result<HttpResponse, Failure> {
    let token = form.0.get("token").and_then(|token| Token::parse_as(TokenKind::PasswordReset, token));
    // No password is hashed for a link that opens nothing.
    let Some((token, user)) = owner(&app, token.as_ref()).await? else { return ended(&app, &visitor) };
    let new = Secret::from(form.0.get("new_password").unwrap_or_default());
    let names = [user.username.as_str(), user.email.as_ref().map(Email::as_str).unwrap_or_default()];
    if let Err(error) = password::check_new_password(&new, &names) {
        let field = SecretField::refused(&format!("The new password {error}."));
        return show(&app, &visitor, StatusCode::UNPROCESSABLE_ENTITY, &token, &user, field);
    }
    let hash = app.passwords.hash(new).await?;
    let act = visitor.context.act_of(&app, "password reset");
    let (hashed, language) = (token.hash(), visitor.context.language(&app));
    match app.store.write(move |tx| password_reset::finish(tx, &hashed, &hash, language.tag(), &act)).await {
        Ok(_) => {
            app.mail_waits.notify_one();
            Ok(respond::see(&app, &Notice::PasswordReset.on(paths::LOGIN)))
        }
        Err(LinkError::Ended) => ended(&app, &visitor),
        Err(LinkError::User(error)) => Err(error.into()),
        Err(LinkError::Store(error)) => Err(error.into()),
    }
}

/// Whose link it is, where it is one.
async fn owner(app: &App, token: Option<&Token>) -> Result<Option<(Token, User)>, Failure> {
    let Some(token) = token else { return Ok(None) };
    let (hash, now) = (token.hash(), app.now());
    let user = app.store.look_up(move |tx| password_reset::find(tx, &hash, now)).await?;
    Ok(user.map(|user| (token.clone(), user)))
}

fn show(
    app: &App,
    visitor: &Visitor,
    status: StatusCode,
    token: &Token,
    user: &User,
    new_password: SecretField,
) -> Result<HttpResponse, Failure> {
    let mut response = HttpResponse::build(status);
    visitor.remember(app, &mut response);
    let page = ResetConfirmPage {
        frame: frame::visitor(app, visitor, paths::RESET_CONFIRM),
        token: token.reveal().to_owned(),
        username: user.username.as_str().to_owned(),
        new_password,
    };
    respond::page_with(response, &page)
}

fn ended(app: &App, visitor: &Visitor) -> Result<HttpResponse, Failure> {
    let page = LinkEndedPage {
        frame: frame::visitor(app, visitor, paths::RESET_CONFIRM),
        again: paths::RESET,
        label: "Ask for a new link",
    };
    respond::page_with(HttpResponse::BadRequest(), &page)
}
