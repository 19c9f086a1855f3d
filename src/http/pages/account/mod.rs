//! `/account`: one's own profile, password, second factors, sessions, applications and API keys.

pub mod access;
pub mod data;
pub mod delete;
pub mod email;
pub mod events;
pub mod factors;
pub mod keys;
pub mod notices;
pub mod password;
pub mod profile;
pub mod without_password;

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;

use crate::app::App;
use crate::domain::account;
use crate::domain::account::Application;
use crate::domain::users;
use crate::http::failure::Failure;
use crate::http::guard::PageForm;
use crate::http::pages::frame;
use crate::http::pages::keys as api_keys;
use crate::http::pages::keys::Holder;
use crate::http::pages::login;
use crate::http::pages::views::account::AccountPage;
use crate::http::pages::views::account::ApplicationRow;
use crate::http::pages::views::account::PasswordForm;
use crate::http::pages::views::account::PasswordState;
use crate::http::pages::views::account::Profile;
use crate::http::pages::views::account::ProfileForm;
use crate::http::pages::views::account::ScopeLine;
use crate::http::pages::views::account::SessionRow;
use crate::http::pages::views::browser::browser_text;
use crate::http::pages::views::form::Field;
use crate::http::pages::views::key_form::KeyForm;
use crate::http::pages::views::keys::CreatedKey;
use crate::http::pages::views::notice::Notice;
use crate::http::pages::views::place::place;
use crate::http::pages::views::time::Moment;
use crate::http::paths;
use crate::http::principal::Principal;
use crate::http::respond;
use crate::model::client::ClientOrigin;
use crate::model::email::Email;
use crate::model::id::SessionId;
use crate::model::name::DisplayName;
use crate::model::session::Session;
use crate::model::time::Timestamp;
use crate::model::user::User;
use crate::model::user::UserChanges;
use crate::principal::need::ViaSession;

/// What stands on the page besides what is kept: forms as they were sent, a secret that is shown once.
#[derive(Default)]
struct Shown {
    notice: Option<Notice>,
    profile: Option<ProfileForm>,
    password: PasswordForm,
    key: Option<KeyForm>,
    created: Option<CreatedKey>,
}

/// `GET /account`.
///
/// # Errors
/// Those of the guard.
pub async fn get(who: Principal<ViaSession>, request: HttpRequest, app: Data<App>) -> Result<HttpResponse, Failure> {
    let notice = login::query(&request)?.get("done").and_then(Notice::find);
    show(&app, &who, StatusCode::OK, Shown { notice, ..Shown::default() }).await
}

/// Keeps how one is called, from the form on this page.
async fn save_name(who: Principal<ViaSession>, form: PageForm, app: Data<App>) -> Result<HttpResponse, Failure> {
    let text = form.0.get("full_name").map(str::trim).unwrap_or_default();
    let full_name = match text {
        "" => String::new(),
        text => match DisplayName::parse(text) {
            Ok(name) => name.as_str().to_owned(),
            Err(error) => {
                let full_name = Field::with(text).refused(&format!("The full name {error}."));
                let shown = Shown { profile: Some(ProfileForm { full_name }), ..Shown::default() };
                return show(&app, &who, StatusCode::UNPROCESSABLE_ENTITY, shown).await;
            }
        },
    };
    let (user, act) = (who.user_id()?, who.act(&app));
    let changes = UserChanges { full_name: Some(full_name), email: None, claims: None };
    app.store.write(move |tx| users::change_profile(tx, user, &changes, &act)).await?;
    Ok(respond::see(&app, &Notice::ProfileSaved.on(paths::ACCOUNT)))
}

async fn show(
    app: &App,
    who: &Principal<ViaSession>,
    status: StatusCode,
    shown: Shown,
) -> Result<HttpResponse, Failure> {
    let (user, session, now) = (who.user_id()?, who.session_id()?, app.now());
    let account = app.store.read(move |tx| account::read(tx, user, now)).await?;
    // Deleted between the guard's look and ours.
    let account = account.ok_or(Failure::Unauthenticated { credential_given: false })?;
    let user = &account.ring.user;
    let frame = frame::signed_in(app, who, paths::ACCOUNT).with_notice(shown.notice);
    let (policy, language) = (app.key_policy(), &frame.language);
    let page = AccountPage {
        notices: notices::view(&account.notices, &account.ring.keys, now),
        profile: Profile {
            username: user.username.as_str().to_owned(),
            email: user.email.as_ref().map(Email::as_str).unwrap_or_default().to_owned(),
            email_is_verified: user.claims.email_verified == Some(true),
            roles: user.roles.names(),
            created: Moment::new(user.created_at),
        },
        may_delete: app.config.users.self_deletion,
        profile_form: shown.profile.unwrap_or_else(|| ProfileForm { full_name: Field::with(&user.full_name) }),
        password: match account.factors.has_password {
            false => PasswordState::None,
            true if account.factors.has_passkey_that_is_enough() => PasswordState::Removable,
            true => PasswordState::Needed,
        },
        password_form: shown.password,
        factors: factors::summary(&account.factors),
        sessions: session_rows(&account.sessions, session, now),
        applications: account.applications.iter().map(|application| application_row(application, now)).collect(),
        keys: api_keys::panel(Holder::Own(user.id), &account.ring, &policy, language, shown.key, shown.created, now),
        frame,
    };
    respond::page_with(HttpResponse::build(status), &page)
}

/// The user who asks.
async fn own(app: &App, who: &Principal<ViaSession>) -> Result<User, Failure> {
    let user = who.user_id()?;
    let found = app.store.read(move |tx| tx.users().find(user)).await?;
    // Deleted between the guard's look and ours.
    found.ok_or(Failure::Unauthenticated { credential_given: false })
}

/// The present session first.
fn session_rows(sessions: &[Session], current: SessionId, now: Timestamp) -> Vec<SessionRow> {
    let own = sessions.iter().find(|session| session.id == current).map_or("", |session| session.address.as_str());
    let row = |session: &Session| SessionRow {
        id: session.id.to_string(),
        is_current: session.id == current,
        browser: browser_text(&session.user_agent),
        address: session.address.clone(),
        place: place(&session.address, if session.id == current { "" } else { own }),
        signed_in: Moment::seen_from(session.authenticated_at, now),
        last_used: Moment::seen_from(session.seen_at, now),
    };
    let mut rows: Vec<SessionRow> = sessions.iter().map(row).collect();
    rows.sort_by_key(|row| !row.is_current);
    rows
}

fn application_row(application: &Application, now: Timestamp) -> ApplicationRow {
    let Application { grant, client, scopes } = application;
    let scopes = scopes.iter().map(|scope| ScopeLine { name: scope.name.clone(), sentence: scope.sentence.clone() });
    ApplicationRow {
        id: grant.id.to_string(),
        name: client.name.clone(),
        is_verified: client.origin == ClientOrigin::Administrator,
        scopes: scopes.collect(),
        since: Moment::seen_from(grant.created_at, now),
        until: grant.expires_at.map(|end| Moment::seen_from(end, now)),
    }
}
