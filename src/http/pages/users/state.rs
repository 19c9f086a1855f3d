//! Enabling, disabling and deleting a user. What shuts somebody out asks first, and wants a new sign-in.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::web::Path;

use crate::app::App;
use crate::app::languages::Text;
use crate::domain::users;
use crate::domain::users::UserError;
use crate::http::failure::Failure;
use crate::http::pages::frame;
use crate::http::pages::fresh;
use crate::http::pages::users::find;
use crate::http::pages::views::confirm::ConfirmPage;
use crate::http::pages::views::notice::Notice;
use crate::http::paths;
use crate::http::present::sentence;
use crate::http::principal::Principal;
use crate::http::respond;
use crate::model::user::User;
use crate::principal::need::Admin;
use crate::principal::need::ViaSession;

/// What is asked about.
#[derive(Debug, Clone, Copy)]
enum Deed {
    Disable,
    Delete,
}

impl Deed {
    /// Where it is asked about, and done.
    fn path(self, user: &User) -> String {
        let id = user.id.to_string();
        match self {
            Deed::Disable => paths::user_disable(&id),
            Deed::Delete => paths::user_delete(&id),
        }
    }
}

/// `POST /users/{user}/enable`.
///
/// # Errors
/// 404 where there is no such user.
pub async fn enable(
    who: Principal<(Admin, ViaSession)>,
    user: Path<String>,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let id = find(&app, &user).await?.id;
    app.make(&who, who.act(&app), move |tx, _, act| users::set_enabled(tx, id, true, act)).await??;
    Ok(respond::see(&app, &Notice::UserEnabled.on(&paths::user(&id.to_string()))))
}

/// `GET /users/{user}/disable`.
///
/// # Errors
/// 404 where there is no such user.
pub async fn ask_disable(
    who: Principal<(Admin, ViaSession)>,
    user: Path<String>,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let user = find(&app, &user).await?;
    match fresh::send_to_sign_in(&app, &who, &Deed::Disable.path(&user))? {
        Some(sign_in) => Ok(sign_in),
        None => ask(&app, &who, &user, Deed::Disable, None),
    }
}

/// `POST /users/{user}/disable`.
///
/// # Errors
/// 404 where there is no such user.
pub async fn disable(
    who: Principal<(Admin, ViaSession)>,
    user: Path<String>,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let user = find(&app, &user).await?;
    if let Some(sign_in) = fresh::send_to_sign_in(&app, &who, &Deed::Disable.path(&user))? {
        return Ok(sign_in);
    }
    let (id, act) = (user.id, who.act(&app));
    match app.store.write(move |tx| users::set_enabled(tx, id, false, &act)).await {
        Ok(_) => Ok(respond::see(&app, &Notice::UserDisabled.on(&paths::user(&id.to_string())))),
        Err(error @ UserError::LastAdministrator) => ask(&app, &who, &user, Deed::Disable, Some(&error)),
        Err(error) => Err(error.into()),
    }
}

/// `GET /users/{user}/delete`.
///
/// # Errors
/// 404 where there is no such user.
pub async fn ask_delete(
    who: Principal<(Admin, ViaSession)>,
    user: Path<String>,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let user = find(&app, &user).await?;
    match fresh::send_to_sign_in(&app, &who, &Deed::Delete.path(&user))? {
        Some(sign_in) => Ok(sign_in),
        None => ask(&app, &who, &user, Deed::Delete, None),
    }
}

/// `POST /users/{user}/delete`.
///
/// # Errors
/// 404 where there is no such user.
pub async fn delete(
    who: Principal<(Admin, ViaSession)>,
    user: Path<String>,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let user = find(&app, &user).await?;
    if let Some(sign_in) = fresh::send_to_sign_in(&app, &who, &Deed::Delete.path(&user))? {
        return Ok(sign_in);
    }
    let (id, act) = (user.id, who.act(&app));
    match app.store.write(move |tx| users::delete(tx, id, &act)).await {
        Ok(()) => Ok(respond::see(&app, &Notice::UserDeleted.on(paths::USERS))),
        Err(error @ UserError::LastAdministrator) => ask(&app, &who, &user, Deed::Delete, Some(&error)),
        Err(error) => Err(error.into()),
    }
}

/// The page that asks; with what stands against it where it was refused.
fn ask(
    app: &App,
    who: &Principal<(Admin, ViaSession)>,
    user: &User,
    deed: Deed,
    refused: Option<&UserError>,
) -> Result<HttpResponse, Failure> {
    let (id, name) = (user.id.to_string(), user.username.as_str());
    let (question, mut consequences, button) = match deed {
        Deed::Disable => (
            "Disable the user {$name}?",
            vec!["Nobody can sign in as this user, and sessions, tokens and API keys stop working at once."],
            "Disable user",
        ),
        Deed::Delete => (
            "Delete the user {$name}?",
            vec![
                "The account goes, and with it its sessions, its API keys, and all access that it gave to applications.",
                "What the user did stays in the audit log.",
            ],
            "Delete user",
        ),
    };
    if user.id == who.user_id()? {
        consequences.push("This is you: you will be signed out.");
    }
    consequences.push(match deed {
        Deed::Disable => "The user can be enabled again.",
        Deed::Delete => "This can't be undone.",
    });
    let mut frame = frame::signed_in(app, who, &paths::user(&id));
    if let Some(error) = refused {
        frame = frame.with_problem(&sentence(&error.to_string()));
    }
    let page = ConfirmPage {
        question: frame.language.fill(&Text::new(question).with("name", name)),
        frame,
        consequences: consequences.into_iter().map(str::to_owned).collect(),
        action: deed.path(user),
        button: button.to_owned(),
        cancel: paths::user(&id),
        choice: None,
    };
    let status = if refused.is_some() { StatusCode::CONFLICT } else { StatusCode::OK };
    respond::page_with(HttpResponse::build(status), &page)
}
