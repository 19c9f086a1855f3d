//! `/users/{user}`: one user. The tab *Details* keeps name, address and roles, the tab *Settings* password and keys.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::web::Path;

use crate::app::App;
use crate::app::languages::Language;
use crate::app::languages::Text;
use crate::domain::api_keys;
use crate::domain::roles;
use crate::domain::users;
use crate::domain::users::UserError;
use crate::http::failure::Failure;
use crate::http::guard::PageForm;
use crate::http::pages::choices::choices;
use crate::http::pages::frame;
use crate::http::pages::fresh;
use crate::http::pages::keys;
use crate::http::pages::keys::Holder;
use crate::http::pages::login;
use crate::http::pages::refusal::refusal;
use crate::http::pages::users::find;
use crate::http::pages::views::form::Choices;
use crate::http::pages::views::form::Field;
use crate::http::pages::views::key_form::KeyForm;
use crate::http::pages::views::keys::CreatedKey;
use crate::http::pages::views::notice::Notice;
use crate::http::pages::views::time::Moment;
use crate::http::pages::views::users::SetPasswordForm;
use crate::http::pages::views::users::UserForm;
use crate::http::pages::views::users::UserHead;
use crate::http::pages::views::users::UserSettings;
use crate::http::pages::views::users::UserTab;
use crate::http::pages::views::users::UsersShowPage;
use crate::http::paths;
use crate::http::present::sentence;
use crate::http::principal::Principal;
use crate::http::respond;
use crate::model::email::Email;
use crate::model::id::UserId;
use crate::model::name::DisplayName;
use crate::model::role::RoleName;
use crate::model::user::Roles;
use crate::model::user::User;
use crate::model::user::UserKind;
use crate::principal::need::Admin;
use crate::principal::need::ViaSession;

/// What stands in the tab *Settings* besides what is kept.
#[derive(Default)]
pub struct Shown {
    /// What was just done.
    pub notice: Option<Notice>,
    /// The form for a password as it was sent.
    pub password: SetPasswordForm,
    /// The form for a key as it was sent.
    pub key: Option<KeyForm>,
    /// The pair that was just made.
    pub created: Option<CreatedKey>,
}

/// `GET /users/{user}`.
///
/// # Errors
/// 404 where there is no such user.
pub async fn get(
    who: Principal<(Admin, ViaSession)>,
    user: Path<String>,
    request: HttpRequest,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let query = login::query(&request)?;
    let notice = query.get("done").and_then(Notice::find);
    if query.get("tab") == Some("settings") {
        let id = UserId::parse(&user).ok_or(Failure::NotFound)?;
        return settings(&app, &who, id, StatusCode::OK, Shown { notice, ..Shown::default() }).await;
    }
    let user = find(&app, &user).await?;
    let offered = app.store.read(roles::all_roles).await?;
    let form = UserForm {
        full_name: Field::with(&user.full_name),
        email: Field::with(user.email.as_ref().map(Email::as_str).unwrap_or_default()),
        role: Choices::of(choices(&offered, |role| user.roles.contains(role))),
    };
    details(&app, &who, &user, StatusCode::OK, notice, form)
}

/// `POST /users/{user}`: keeps name, address and roles, all or nothing. A role whose box is not ticked is taken away.
/// Other roles, and another address (to which a new password can be sent), want a new sign-in.
///
/// # Errors
/// 404 where there is no such user.
pub async fn post(
    who: Principal<(Admin, ViaSession)>,
    user: Path<String>,
    form: PageForm,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let user = find(&app, &user).await?;
    let offered = app.store.read(roles::all_roles).await?;
    let chosen: Vec<&str> = form.0.all("role").collect();
    let mut page = UserForm {
        full_name: Field::with(form.0.get("full_name").unwrap_or_default()),
        email: Field::with(form.0.get("email").unwrap_or_default()),
        role: Choices::of(choices(&offered, |role| chosen.contains(&role))),
    };
    let language = who.context().language(&app);
    let profile = read_profile(&mut page.full_name, &mut page.email, &language);
    let roles = read_roles(&chosen, &mut page.role, &language);
    let (Some((full_name, email)), Some(roles)) = (profile, roles) else {
        return details(&app, &who, &user, StatusCode::UNPROCESSABLE_ENTITY, None, page);
    };
    let id = user.id;
    if (roles != user.roles || email != user.email)
        && let Some(sign_in) = fresh::send_before(&app, &who, &paths::user(&id.to_string()))?
    {
        return Ok(sign_in);
    }
    let changed = app.make(&who, who.act(&app), move |tx, _, act| {
        users::change_details(tx, id, &full_name, email.as_ref(), &roles, act)
    });
    let error = match changed.await? {
        // Whoever has just taken the role from themselves can't see this page any more.
        Ok(user) if user.id == who.user_id()? && !user.roles.is_admin() => {
            return Ok(respond::see(&app, &Notice::UserSaved.on(paths::ACCOUNT)));
        }
        Ok(_) => return Ok(respond::see(&app, &Notice::UserSaved.on(&paths::user(&id.to_string())))),
        Err(error) => error,
    };
    let why = Some(sentence(&error.to_string()));
    let status = match error {
        UserError::EmailTaken => {
            page.email.error = why;
            StatusCode::UNPROCESSABLE_ENTITY
        }
        UserError::UnknownRole(_) => {
            page.role.error = why;
            StatusCode::UNPROCESSABLE_ENTITY
        }
        UserError::LastAdministrator => {
            page.role.error = why;
            StatusCode::CONFLICT
        }
        error => return Err(error.into()),
    };
    details(&app, &who, &user, status, None, page)
}

/// The full name and the address; or what is wrong with them. Both may be empty.
pub fn read_profile(full_name: &mut Field, email: &mut Field, language: &Language) -> Option<(String, Option<Email>)> {
    let refusal = |text, error| refusal(language, Text::new(text), error);
    let name = match full_name.value.trim() {
        "" => Ok(String::new()),
        text => DisplayName::parse(text).map(|name| name.as_str().to_owned()),
    };
    full_name.error = name.as_ref().err().map(|error| refusal("The full name {$problem}.", error));
    let address = match email.value.trim() {
        "" => Ok(None),
        text => Email::parse(text).map(Some),
    };
    email.error = address.as_ref().err().map(|error| refusal("The e-mail address {$problem}.", error));
    Some((name.ok()?, address.ok()?))
}

/// The roles that were chosen; or what is wrong with them.
pub fn read_roles(chosen: &[&str], field: &mut Choices, language: &Language) -> Option<Roles> {
    let roles: Result<Roles, _> = chosen.iter().map(|role| RoleName::parse(role)).collect();
    let text = Text::new("A role's name {$problem}.");
    field.error = roles.as_ref().err().map(|error| refusal(language, text, error));
    roles.ok()
}

/// The tab *Details*.
fn details(
    app: &App,
    who: &Principal<(Admin, ViaSession)>,
    user: &User,
    status: StatusCode,
    notice: Option<Notice>,
    form: UserForm,
) -> Result<HttpResponse, Failure> {
    let frame = frame::signed_in(app, who, &paths::user(&user.id.to_string())).with_notice(notice);
    let page = UsersShowPage { frame, user: head(user), tab: UserTab::Details(form) };
    respond::page_with(HttpResponse::build(status), &page)
}

/// The tab *Settings*.
///
/// # Errors
/// [`Failure::NotFound`] where there is no such user.
pub async fn settings(
    app: &App,
    who: &Principal<(Admin, ViaSession)>,
    user: UserId,
    status: StatusCode,
    shown: Shown,
) -> Result<HttpResponse, Failure> {
    let ring = app.store.read(move |tx| api_keys::ring_of(tx, user)).await?.ok_or(Failure::NotFound)?;
    let has_password = app.store.read(move |tx| tx.users().password(user)).await?.is_some();
    let now = app.now();
    let page = UsersShowPage {
        frame: frame::signed_in(app, who, &paths::user(&user.to_string())).with_notice(shown.notice),
        user: head(&ring.user),
        tab: UserTab::Settings(Box::new(UserSettings {
            keys: keys::panel(
                Holder::User(user),
                &ring,
                &app.key_policy(),
                &who.context().language(app),
                shown.key,
                shown.created,
                now,
            ),
            has_password,
            password_form: shown.password,
        })),
    };
    respond::page_with(HttpResponse::build(status), &page)
}

fn head(user: &User) -> UserHead {
    UserHead {
        id: user.id.to_string(),
        username: user.username.as_str().to_owned(),
        full_name: user.full_name.clone(),
        is_service: user.kind == UserKind::Service,
        is_enabled: user.enabled,
        created: Moment::new(user.created_at),
    }
}
