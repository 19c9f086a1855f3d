//! `/setup`: the first administrator.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;

use crate::app::App;
use crate::domain::act::Act;
use crate::domain::sessions;
use crate::domain::setup;
use crate::domain::setup::SetupError;
use crate::domain::users::NewUser;
use crate::domain::users::UserError;
use crate::http::failure::Failure;
use crate::http::form::Parameters;
use crate::http::guard::PageForm;
use crate::http::guard::Visitor;
use crate::http::pages::frame;
use crate::http::pages::login;
use crate::http::pages::views::form::Field;
use crate::http::pages::views::form::SecretField;
use crate::http::pages::views::setup::SetupForm;
use crate::http::pages::views::setup::SetupPage;
use crate::http::paths;
use crate::http::present::sentence;
use crate::http::respond;
use crate::model::email::Email;
use crate::model::password;
use crate::model::secret::Secret;
use crate::model::token::Token;
use crate::model::token::TokenHash;
use crate::model::token::TokenKind;
use crate::model::user::Roles;
use crate::model::username::Username;

/// What a setup address that opens nothing is told, whatever the reason.
const USED: &str = "this setup address is not valid, or was used already; sign in, or make an administrator on the \
                    command line (hallpass user create --role admin)";

/// `GET /setup?token=…`.
///
/// # Errors
/// 400 where the token opens nothing.
pub async fn get(visitor: Visitor, request: HttpRequest, app: Data<App>) -> Result<HttpResponse, Failure> {
    let query = login::query(&request)?;
    let token = query.get("token").and_then(|token| Token::parse_as(TokenKind::Setup, token));
    let token = token.ok_or_else(|| Failure::BadRequest(USED.to_owned()))?;
    let hash = token.hash();
    if !app.store.look_up(move |tx| setup::is_open(tx, &hash)).await? {
        return Err(Failure::BadRequest(USED.to_owned()));
    }
    let form = SetupForm { token: token.reveal().to_owned(), ..SetupForm::default() };
    show(&app, &visitor, StatusCode::OK, form)
}

/// `POST /setup`: makes the first administrator and signs them in.
///
/// # Errors
/// 400 where the token opens nothing, 503 where too many passwords wait to be hashed.
pub async fn post(
    visitor: Visitor,
    form: PageForm,
    request: HttpRequest,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let form = form.0;
    let token = form.get("token").and_then(|token| Token::parse_as(TokenKind::Setup, token));
    let token = token.ok_or_else(|| Failure::BadRequest(USED.to_owned()))?;
    let hash = token.hash();
    // Anybody can make up a token whose checksum is right; no password is hashed for one that opens nothing.
    if !app.store.look_up(move |tx| setup::is_open(tx, &hash)).await? {
        return Err(Failure::BadRequest(USED.to_owned()));
    }
    let mut page = SetupForm {
        token: token.reveal().to_owned(),
        username: Field::with(form.get("username").unwrap_or_default()),
        email: Field::with(form.get("email").unwrap_or_default()),
        password: SecretField::default(),
    };
    let Some((username, email, password)) = read(&form, &mut page) else {
        return show(&app, &visitor, StatusCode::UNPROCESSABLE_ENTITY, page);
    };
    let hash = app.passwords.hash(password).await?;
    let new = NewUser { username, email, full_name: String::new(), roles: Roles::default(), password: Some(hash) };
    let act = visitor.context.act_of(&app, "setup");
    match make(&app, token.hash(), new, &act, &request).await {
        Ok((user, cookie)) => {
            let mut response = respond::see(&app, paths::ACCOUNT);
            login::begin(&app, &mut response, &cookie, user)?;
            Ok(response)
        }
        Err(SetupError::Used) => Err(Failure::BadRequest(USED.to_owned())),
        Err(SetupError::Store(error)) => Err(error.into()),
        Err(SetupError::User(error)) => {
            let why = Some(sentence(&error.to_string()));
            match error {
                UserError::EmailTaken => page.email.error = why,
                _ => page.username.error = why,
            }
            show(&app, &visitor, StatusCode::UNPROCESSABLE_ENTITY, page)
        }
    }
}

async fn make(
    app: &App,
    token: TokenHash,
    new: NewUser,
    act: &Act,
    request: &HttpRequest,
) -> Result<(crate::model::id::UserId, Token), SetupError> {
    let agent = request.headers().get(actix_web::http::header::USER_AGENT);
    let agent = agent.and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let (act, lifetimes) = (act.clone(), app.session_lifetimes());
    app.store
        .write(move |tx| {
            let user = setup::run(tx, &token, &new, &act)?;
            let (_, cookie) = sessions::begin(tx, user.id, sessions::PASSWORD, &agent, lifetimes, &act)?;
            Ok((user.id, cookie))
        })
        .await
}

/// The fields, or what is wrong with each of them.
fn read(form: &Parameters, page: &mut SetupForm) -> Option<(Username, Option<Email>, Secret)> {
    let username = Username::parse(&page.username.value);
    if let Err(error) = &username {
        page.username.error = Some(format!("The user name {error}."));
    }
    let email = match page.email.value.as_str() {
        "" => Ok(None),
        text => Email::parse(text).map(Some),
    };
    if let Err(error) = &email {
        page.email.error = Some(format!("The e-mail address {error}."));
    }
    let password = Secret::from(form.get("password").unwrap_or_default());
    let names = [page.username.value.as_str(), page.email.value.as_str()];
    if let Err(error) = password::check_new_password(&password, &names) {
        page.password = SecretField::refused(&format!("The password {error}."));
        return None;
    }
    Some((username.ok()?, email.ok()?, password))
}

fn show(app: &App, visitor: &Visitor, status: StatusCode, form: SetupForm) -> Result<HttpResponse, Failure> {
    let mut response = HttpResponse::build(status);
    visitor.remember(app, &mut response);
    respond::page_with(response, &SetupPage { frame: frame::visitor(app, visitor, paths::SETUP), form })
}
