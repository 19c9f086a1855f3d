//! `/email/confirm`: where the link leads that shows whose an e-mail address is. To look at it changes nothing, for mail
//! scanners look too; and nobody need be signed in, for people read mail on another device.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::web::Data;

use crate::app::App;
use crate::domain::email_verification;
use crate::domain::mails::LinkError;
use crate::http::failure::Failure;
use crate::http::guard::PageForm;
use crate::http::guard::Visitor;
use crate::http::pages::frame;
use crate::http::pages::login;
use crate::http::pages::views::email::EmailConfirmPage;
use crate::http::pages::views::email::EmailConfirmedPage;
use crate::http::pages::views::link_ended::LinkEndedPage;
use crate::http::paths;
use crate::http::respond;
use crate::model::token::Token;
use crate::model::token::TokenKind;

/// `GET /email/confirm?token=…`.
///
/// # Errors
/// Those of the guard.
pub async fn look(visitor: Visitor, request: HttpRequest, app: Data<App>) -> Result<HttpResponse, Failure> {
    let query = login::query(&request)?;
    if query.get("confirmed") == Some("yes") {
        return respond::page(&EmailConfirmedPage { frame: frame::visitor(&app, &visitor, paths::EMAIL_CONFIRM) });
    }
    let token = query.get("token").and_then(|token| Token::parse_as(TokenKind::EmailVerification, token));
    let Some(token) = token else { return ended(&app, &visitor) };
    let (hash, now) = (token.hash(), app.now());
    let found = app.store.look_up(move |tx| email_verification::find(tx, &hash, now)).await?;
    let Some((link, user)) = found else { return ended(&app, &visitor) };
    let mut response = HttpResponse::Ok();
    visitor.remember(&app, &mut response);
    let page = EmailConfirmPage {
        frame: frame::visitor(&app, &visitor, paths::EMAIL_CONFIRM),
        token: token.reveal().to_owned(),
        email: link.email.as_str().to_owned(),
        username: user.username.as_str().to_owned(),
        before: user.email.filter(|before| *before != link.email).map(|before| before.as_str().to_owned()),
    };
    respond::page_with(response, &page)
}

/// `POST /email/confirm`.
///
/// # Errors
/// 409 where the address belongs to another user by now.
pub async fn confirm(visitor: Visitor, form: PageForm, app: Data<App>) -> Result<HttpResponse, Failure> {
    let token = form.0.get("token").and_then(|token| Token::parse_as(TokenKind::EmailVerification, token));
    let Some(token) = token else { return ended(&app, &visitor) };
    let (hash, act) = (token.hash(), visitor.context.act_of(&app, "e-mail verification"));
    let language = visitor.context.language(&app);
    match app.store.write(move |tx| email_verification::finish(tx, &hash, language.tag(), &act)).await {
        Ok(_) => {
            app.mail_waits.notify_one();
            Ok(respond::see(&app, &format!("{}?confirmed=yes", paths::EMAIL_CONFIRM)))
        }
        Err(LinkError::Ended) => ended(&app, &visitor),
        Err(LinkError::User(error)) => Err(error.into()),
        Err(LinkError::Store(error)) => Err(error.into()),
    }
}

fn ended(app: &App, visitor: &Visitor) -> Result<HttpResponse, Failure> {
    let page = LinkEndedPage {
        frame: frame::visitor(app, visitor, paths::EMAIL_CONFIRM),
        again: paths::ACCOUNT_EMAIL,
        label: "Go to your account",
    };
    respond::page_with(HttpResponse::BadRequest(), &page)
}
