//! `/users/new`: a new person or service account.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;

use crate::app::App;
use crate::app::languages::Language;
use crate::app::languages::Text;
use crate::domain::roles;
use crate::domain::users;
use crate::domain::users::NewUser;
use crate::domain::users::UserError;
use crate::http::failure::Failure;
use crate::http::form::Parameters;
use crate::http::guard::PageForm;
use crate::http::pages::choices::choices;
use crate::http::pages::frame;
use crate::http::pages::fresh;
use crate::http::pages::login;
use crate::http::pages::refusal::refusal;
use crate::http::pages::users::show::read_profile;
use crate::http::pages::users::show::read_roles;
use crate::http::pages::views::form::Choices;
use crate::http::pages::views::form::Field;
use crate::http::pages::views::form::SecretField;
use crate::http::pages::views::notice::Notice;
use crate::http::pages::views::users::NewUserForm;
use crate::http::pages::views::users::UsersNewPage;
use crate::http::paths;
use crate::http::present::sentence;
use crate::http::principal::Principal;
use crate::http::respond;
use crate::model::password;
use crate::model::secret::Secret;
use crate::model::username::Username;
use crate::principal::need::Admin;
use crate::principal::need::ViaSession;

/// `GET /users/new`.
///
/// # Errors
/// Those of the guard.
pub async fn get(
    who: Principal<(Admin, ViaSession)>,
    request: HttpRequest,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let notice = login::query(&request)?.get("done").and_then(Notice::find);
    let roles = app.store.read(roles::all_roles).await?;
    let form = NewUserForm { role: Choices::of(choices(&roles, |_| false)), ..NewUserForm::default() };
    show(&app, &who, StatusCode::OK, notice, form)
}

/// `POST /users/new`. A user with roles wants a new sign-in.
///
/// # Errors
/// 503 where too many passwords wait to be hashed.
pub async fn post(
    who: Principal<(Admin, ViaSession)>,
    form: PageForm,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let roles = app.store.read(roles::all_roles).await?;
    let chosen: Vec<&str> = form.0.all("role").collect();
    let mut page = NewUserForm {
        username: Field::with(form.0.get("username").unwrap_or_default()),
        full_name: Field::with(form.0.get("full_name").unwrap_or_default()),
        email: Field::with(form.0.get("email").unwrap_or_default()),
        password: SecretField::default(),
        is_service: form.0.get("service") == Some("yes"),
        role: Choices::of(choices(&roles, |role| chosen.contains(&role))),
    };
    let Some((mut new, password)) = read(&form.0, &chosen, &mut page, &who.context().language(&app)) else {
        return show(&app, &who, StatusCode::UNPROCESSABLE_ENTITY, None, page);
    };
    if !new.roles.is_empty()
        && let Some(sign_in) = fresh::send_before(&app, &who, paths::USERS_NEW)?
    {
        return Ok(sign_in);
    }
    if let Some(password) = password {
        new.password = Some(app.passwords.hash(password).await?);
    }
    let error = match app.make(&who, who.act(&app), move |tx, _, act| users::create(tx, &new, act)).await? {
        Ok(user) => return Ok(respond::see(&app, &Notice::UserCreated.on(&paths::user(&user.id.to_string())))),
        Err(error) => error,
    };
    let why = Some(sentence(&error.to_string()));
    match error {
        UserError::UsernameTaken => page.username.error = why,
        UserError::EmailTaken => page.email.error = why,
        UserError::UnknownRole(_) => page.role.error = why,
        error => return Err(error.into()),
    }
    show(&app, &who, StatusCode::UNPROCESSABLE_ENTITY, None, page)
}

/// The user without a password's hash, and the password; or what is wrong with each field.
fn read(
    form: &Parameters,
    roles: &[&str],
    page: &mut NewUserForm,
    language: &Language,
) -> Option<(NewUser, Option<Secret>)> {
    let username = Username::parse(&page.username.value);
    page.username.error =
        username.as_ref().err().map(|error| refusal(language, Text::new("The user name {$problem}."), error));
    let profile = read_profile(&mut page.full_name, &mut page.email, language);
    let roles = read_roles(roles, &mut page.role, language);
    let password = form.get("password").map(Secret::from);
    page.password.error = match &password {
        Some(_) if page.is_service => Some("A service account has no password: leave this field empty.".to_owned()),
        Some(password) => {
            let names = [page.username.value.as_str(), page.email.value.as_str()];
            let text = Text::new("The password {$problem}.");
            password::check_new_password(password, &names).err().map(|error| refusal(language, text, &error))
        }
        None if page.is_service => None,
        None => Some("Enter a password, or make it a service account.".to_owned()),
    };
    if !page.problems().is_empty() {
        return None;
    }
    let ((full_name, email), roles) = (profile?, roles?);
    Some((NewUser { username: username.ok()?, email, full_name, roles, password: None }, password))
}

fn show(
    app: &App,
    who: &Principal<(Admin, ViaSession)>,
    status: StatusCode,
    notice: Option<Notice>,
    form: NewUserForm,
) -> Result<HttpResponse, Failure> {
    let page = UsersNewPage { frame: frame::signed_in(app, who, paths::USERS_NEW).with_notice(notice), form };
    respond::page_with(HttpResponse::build(status), &page)
}
