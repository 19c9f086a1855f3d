//! `/register`: an account that somebody makes for themselves, where the operator lets people. An e-mail address comes
//! first; the link that is sent there leads to the form for the rest. Whoever asks sees the same, whether or not the
//! address has an account.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;

use crate::app::App;
use crate::config::users::SelfRegistration;
use crate::domain::mails::Asker;
use crate::domain::mails::LinkError;
use crate::domain::self_registration;
use crate::domain::self_registration::Newcomer;
use crate::domain::users::UserError;
use crate::http::failure::Failure;
use crate::http::form::Parameters;
use crate::http::guard::PageForm;
use crate::http::guard::Visitor;
use crate::http::pages::frame;
use crate::http::pages::login;
use crate::http::pages::views::form::Field;
use crate::http::pages::views::form::SecretField;
use crate::http::pages::views::link_ended::LinkEndedPage;
use crate::http::pages::views::notice::Notice;
use crate::http::pages::views::register::NewcomerForm;
use crate::http::pages::views::register::RegisterAskPage;
use crate::http::pages::views::register::RegisterConfirmPage;
use crate::http::paths;
use crate::http::present::sentence;
use crate::http::respond;
use crate::model::email::Email;
use crate::model::name::DisplayName;
use crate::model::password;
use crate::model::secret::Secret;
use crate::model::token::Token;
use crate::model::token::TokenKind;
use crate::model::username::Username;

const CLOSED: &str = "people do not make accounts by themselves here; ask whoever runs this server for one";

/// `GET /register`.
///
/// # Errors
/// 403 where nobody may register.
pub async fn get(visitor: Visitor, request: HttpRequest, app: Data<App>) -> Result<HttpResponse, Failure> {
    check_open(&app)?;
    let is_asked = login::query(&request)?.get("asked") == Some("yes");
    ask(&app, &visitor, StatusCode::OK, Field::default(), is_asked)
}

/// `POST /register`: has a link sent.
///
/// # Errors
/// 403 where nobody may register, 429 where one address asks too often.
pub async fn post(visitor: Visitor, form: PageForm, app: Data<App>) -> Result<HttpResponse, Failure> {
    check_open(&app)?;
    let typed = form.0.get("email").map(str::trim).unwrap_or_default();
    let refuse = |why: &str| {
        let email = Field::with(typed).refused(why);
        ask(&app, &visitor, StatusCode::UNPROCESSABLE_ENTITY, email, false)
    };
    let email = match Email::parse(typed) {
        Ok(email) => email,
        Err(error) => return refuse(&format!("The e-mail address {error}.")),
    };
    if !app.config.users.may_register(&email) {
        return refuse("Addresses of this domain may not register here.");
    }
    let (limits, act) = (app.mail_limits(), visitor.context.act_of(&app, "registration"));
    let asker = Asker { language: visitor.context.language(&app).tag().to_owned(), known: None };
    let asked = app.store.write(move |tx| self_registration::ask(tx, &email, &asker, limits, &act)).await?;
    asked.map_err(|retry_after| Failure::TooMany { retry_after })?;
    app.mail_waits.notify_one();
    Ok(respond::see(&app, &format!("{}?asked=yes", paths::REGISTER)))
}

fn check_open(app: &App) -> Result<(), Failure> {
    match app.config.users.registration {
        SelfRegistration::Open => Ok(()),
        SelfRegistration::Closed => Err(Failure::Closed(CLOSED)),
    }
}

fn ask(
    app: &App,
    visitor: &Visitor,
    status: StatusCode,
    email: Field,
    is_asked: bool,
) -> Result<HttpResponse, Failure> {
    let mut response = HttpResponse::build(status);
    visitor.remember(app, &mut response);
    let frame = frame::visitor(app, visitor, paths::REGISTER);
    let domains = app.config.users.registration_domains.clone();
    respond::page_with(response, &RegisterAskPage { frame, email, is_asked, domains })
}

/// `GET /register/confirm?token=…`.
///
/// # Errors
/// 403 where nobody may register.
pub async fn look(visitor: Visitor, request: HttpRequest, app: Data<App>) -> Result<HttpResponse, Failure> {
    check_open(&app)?;
    let query = login::query(&request)?;
    let token = query.get("token").and_then(|token| Token::parse_as(TokenKind::SelfRegistration, token));
    match address(&app, token.as_ref()).await? {
        Some((token, email)) => show(&app, &visitor, StatusCode::OK, &token, &email, NewcomerForm::default()),
        None => ended(&app, &visitor),
    }
}

/// `POST /register/confirm`: makes the account.
///
/// # Errors
/// 403 where nobody may register, 503 where too many passwords wait to be hashed.
pub async fn confirm(visitor: Visitor, form: PageForm, app: Data<App>) -> Result<HttpResponse, Failure> {
    check_open(&app)?;
    let token = form.0.get("token").and_then(|token| Token::parse_as(TokenKind::SelfRegistration, token));
    // No password is hashed for a link that opens nothing.
    let Some((token, email)) = address(&app, token.as_ref()).await? else { return ended(&app, &visitor) };
    let mut page = NewcomerForm {
        username: Field::with(form.0.get("username").map(str::trim).unwrap_or_default()),
        full_name: Field::with(form.0.get("full_name").map(str::trim).unwrap_or_default()),
        password: SecretField::default(),
    };
    let refused = StatusCode::UNPROCESSABLE_ENTITY;
    let Some((username, full_name, password)) = read(&form.0, &email, &mut page) else {
        return show(&app, &visitor, refused, &token, &email, page);
    };
    let newcomer = Newcomer { username, full_name, password: app.passwords.hash(password).await? };
    let (hash, act) = (token.hash(), visitor.context.act_of(&app, "registration"));
    match app.store.write(move |tx| self_registration::finish(tx, &hash, &newcomer, &act)).await {
        Ok(_) => Ok(respond::see(&app, &Notice::Registered.on(paths::LOGIN))),
        Err(LinkError::User(error @ UserError::UsernameTaken)) => {
            page.username.error = Some(sentence(&error.to_string()));
            show(&app, &visitor, refused, &token, &email, page)
        }
        // By now the address has an account; who reads its mail may know.
        Err(LinkError::User(UserError::EmailTaken) | LinkError::Ended) => ended(&app, &visitor),
        Err(LinkError::User(error)) => Err(error.into()),
        Err(LinkError::Store(error)) => Err(error.into()),
    }
}

/// The fields, or what is wrong with each of them.
fn read(form: &Parameters, email: &Email, page: &mut NewcomerForm) -> Option<(Username, String, Secret)> {
    let username = Username::parse(&page.username.value);
    if let Err(error) = &username {
        page.username.error = Some(format!("The user name {error}."));
    }
    let full_name = match page.full_name.value.as_str() {
        "" => Ok(String::new()),
        text => DisplayName::parse(text).map(|name| name.as_str().to_owned()),
    };
    if let Err(error) = &full_name {
        page.full_name.error = Some(format!("The full name {error}."));
    }
    let password = Secret::from(form.get("password").unwrap_or_default());
    if let Err(error) = password::check_new_password(&password, &[&page.username.value, email.as_str()]) {
        page.password = SecretField::refused(&format!("The password {error}."));
        return None;
    }
    Some((username.ok()?, full_name.ok()?, password))
}

/// Where the link was sent, where it is one.
async fn address(app: &App, token: Option<&Token>) -> Result<Option<(Token, Email)>, Failure> {
    let Some(token) = token else { return Ok(None) };
    let (hash, now) = (token.hash(), app.now());
    let email = app.store.look_up(move |tx| self_registration::find(tx, &hash, now)).await?;
    Ok(email.map(|email| (token.clone(), email)))
}

fn show(
    app: &App,
    visitor: &Visitor,
    status: StatusCode,
    token: &Token,
    email: &Email,
    form: NewcomerForm,
) -> Result<HttpResponse, Failure> {
    let mut response = HttpResponse::build(status);
    visitor.remember(app, &mut response);
    let page = RegisterConfirmPage {
        frame: frame::visitor(app, visitor, paths::REGISTER_CONFIRM),
        token: token.reveal().to_owned(),
        email: email.as_str().to_owned(),
        form,
    };
    respond::page_with(response, &page)
}

fn ended(app: &App, visitor: &Visitor) -> Result<HttpResponse, Failure> {
    let page = LinkEndedPage {
        frame: frame::visitor(app, visitor, paths::REGISTER_CONFIRM),
        again: paths::REGISTER,
        label: "Ask for a new link",
    };
    respond::page_with(HttpResponse::BadRequest(), &page)
}
