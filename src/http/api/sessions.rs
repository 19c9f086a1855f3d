//! `/api/v1/sessions`: browser sessions; administrators reach everybody's, everybody else their own.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::web::Data;
use actix_web::web::Path;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::domain::sessions;
use crate::http::api::listing::Listing;
use crate::http::api::listing::Page;
use crate::http::api::listing::PageParameters;
use crate::http::failure::Failure;
use crate::http::failure::Refused;
use crate::http::needs::AccountRead;
use crate::http::needs::AccountWrite;
use crate::http::needs::AdminOrOwn;
use crate::http::needs::SessionsRead;
use crate::http::needs::SessionsWrite;
use crate::http::paths;
use crate::http::principal::Principal;
use crate::model::id::SessionId;
use crate::model::id::UserId;
use crate::model::session::Session;

/// The name of the list in its cursors.
const LIST: &str = "sessions";

/// Who may see sessions.
type MayRead = AdminOrOwn<SessionsRead, AccountRead>;
/// Who may end them.
type MayWrite = AdminOrOwn<SessionsWrite, AccountWrite>;

/// A browser session.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Session)]
pub struct SessionRecord {
    /// The id; not the cookie.
    id: String,
    /// The name of the user who is signed in.
    user: String,
    /// That user's id.
    user_id: String,
    /// Whether it is the session of this very request.
    current: bool,
    /// The address it began from.
    address: String,
    /// The browser it began with.
    user_agent: String,
    /// When the password was given, in Unix seconds.
    authenticated_at: i64,
    /// When it was last used, to the minute, in Unix seconds.
    seen_at: i64,
    /// When it ends if it is not used, in Unix seconds.
    expires_at: i64,
}

/// Lists sessions that hold, oldest first: everybody's for administrators, else one's own.
///
/// # Errors
/// 400 where the query is wrong.
#[utoipa::path(
    get, path = paths::API_SESSIONS, tag = "sessions",
    params(
        PageParameters,
        ("user" = Option<String>, Query, description = "Only those of the user of this name, e-mail address or id"),
    ),
    responses((status = 200, description = "A page of sessions", body = Page<SessionRecord>))
)]
pub async fn list(who: Principal<MayRead>, request: HttpRequest, app: Data<App>) -> Result<HttpResponse, Failure> {
    let listing = Listing::read(&request, &app, LIST, &["user"])?;
    let (whose, user, now) = (who.whose()?, listing.filter("user"), app.now());
    let (after, ask) = (listing.after(SessionId::parse)?, listing.ask());
    let (found, names) = app
        .store
        .read(move |tx| {
            let owner = whose.narrowed(tx, user.as_deref())?;
            let found = tx.sessions().list_live(owner, after, ask, now)?;
            let users: Vec<UserId> = found.iter().map(|session| session.user).collect();
            let names = tx.users().names(&users)?;
            Ok::<_, Refused>((found, names))
        })
        .await?;
    let current = who.session_id().ok();
    let name = |session: &Session| names.get(&session.user).cloned().unwrap_or_default();
    let record = |session: &Session| record(session, name(session), current);
    Ok(HttpResponse::Ok().json(listing.page(&app, found, |session| session.id.to_string(), record)))
}

/// Shows a session.
///
/// # Errors
/// 404 where there is none, or it is another's, or has ended.
#[utoipa::path(
    get, path = paths::API_SESSION, tag = "sessions", params(("session" = String, Path, description = "The session's id")),
    responses((status = 200, description = "The session", body = SessionRecord))
)]
pub async fn get(who: Principal<MayRead>, session: Path<String>, app: Data<App>) -> Result<HttpResponse, Failure> {
    let id = SessionId::parse(&session).ok_or(Failure::NotFound)?;
    let (owner, current, now) = (who.whose()?.owner(), who.session_id().ok(), app.now());
    let found = app
        .store
        .read(move |tx| {
            let found = tx.sessions().find(id)?;
            let is_right = |found: &Session| found.is_live(now) && owner.is_none_or(|owner| owner == found.user);
            let found = found.filter(is_right).ok_or(Refused::NotFound)?;
            let name = tx.users().names(&[found.user])?.remove(&found.user).unwrap_or_default();
            Ok::<_, Refused>(record(&found, name, current))
        })
        .await?;
    Ok(HttpResponse::Ok().json(found))
}

/// Ends a session.
///
/// # Errors
/// 404 where there is none, or it is another's.
#[utoipa::path(
    delete, path = paths::API_SESSION, tag = "sessions",
    params(("session" = String, Path, description = "The session's id")),
    responses((status = 204, description = "The session has ended"))
)]
pub async fn delete(who: Principal<MayWrite>, session: Path<String>, app: Data<App>) -> Result<HttpResponse, Failure> {
    let id = SessionId::parse(&session).ok_or(Failure::NotFound)?;
    let (owner, act) = (who.whose()?.owner(), who.act(&app));
    let ended = app.store.write(move |tx| sessions::end(tx, id, owner, &act)).await?;
    if ended { Ok(HttpResponse::NoContent().finish()) } else { Err(Failure::NotFound) }
}

/// `session` as scripts see it.
pub fn record(session: &Session, user: String, current: Option<SessionId>) -> SessionRecord {
    SessionRecord {
        id: session.id.to_string(),
        user,
        user_id: session.user.to_string(),
        current: current == Some(session.id),
        address: session.address.clone(),
        user_agent: session.user_agent.clone(),
        authenticated_at: session.authenticated_at.seconds(),
        seen_at: session.seen_at.seconds(),
        expires_at: session.expires_at.min(session.idle_expires_at).seconds(),
    }
}
