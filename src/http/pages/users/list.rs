//! `/users`: the list.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::web::Data;

use crate::app::App;
use crate::http::failure::Failure;
use crate::http::pages::frame;
use crate::http::pages::listing;
use crate::http::pages::login;
use crate::http::pages::views::notice::Notice;
use crate::http::pages::views::users::UserRow;
use crate::http::pages::views::users::UsersListPage;
use crate::http::paths;
use crate::http::principal::Principal;
use crate::http::respond;
use crate::model::email::Email;
use crate::model::id::UserId;
use crate::model::user::User;
use crate::model::user::UserKind;
use crate::principal::need::Admin;
use crate::principal::need::ViaSession;

/// `GET /users`.
///
/// # Errors
/// 400 where `after` is no user's id.
pub async fn get(
    who: Principal<(Admin, ViaSession)>,
    request: HttpRequest,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let notice = login::query(&request)?.get("done").and_then(Notice::find);
    let after = listing::after(&request, UserId::parse)?;
    let mut users = app.store.read(move |tx| tx.users().list(after, listing::ASK)).await?;
    let pagination = listing::paginate(paths::USERS, after.is_none(), &mut users, |user| user.id.to_string());
    respond::page(&UsersListPage {
        frame: frame::signed_in(&app, &who, paths::USERS).with_notice(notice),
        users: users.iter().map(row).collect(),
        pagination,
    })
}

fn row(user: &User) -> UserRow {
    UserRow {
        id: user.id.to_string(),
        username: user.username.as_str().to_owned(),
        full_name: user.full_name.clone(),
        email: user.email.as_ref().map(Email::as_str).unwrap_or_default().to_owned(),
        roles: user.roles.names(),
        is_service: user.kind == UserKind::Service,
        is_enabled: user.enabled,
    }
}
