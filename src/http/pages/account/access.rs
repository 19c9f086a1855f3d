//! What has access to one's own account: sessions and applications, each ended with one button.

use actix_web::HttpResponse;
use actix_web::web::Data;
use actix_web::web::Path;

use crate::app::App;
use crate::domain::grants;
use crate::domain::sessions;
use crate::http::failure::Failure;
use crate::http::pages::views::notice::Notice;
use crate::http::paths;
use crate::http::principal::Principal;
use crate::http::respond;
use crate::model::id::GrantId;
use crate::model::id::SessionId;
use crate::principal::need::ViaSession;

/// `POST /account/sessions/{session}/end`.
///
/// # Errors
/// 404 for a session that is not one's own.
pub async fn end_session(
    who: Principal<ViaSession>,
    session: Path<String>,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let session = SessionId::parse(&session).ok_or(Failure::NotFound)?;
    let (owner, act) = (who.user_id()?, who.act(&app));
    if !app.store.write(move |tx| sessions::end(tx, session, Some(owner), &act)).await? {
        return Err(Failure::NotFound);
    }
    Ok(respond::see(&app, &Notice::SessionEnded.on(paths::ACCOUNT)))
}

/// `POST /account/sessions/end-others`.
///
/// # Errors
/// Those of the guard.
pub async fn end_other_sessions(who: Principal<ViaSession>, app: Data<App>) -> Result<HttpResponse, Failure> {
    let (owner, kept, act) = (who.user_id()?, who.session_id()?, who.act(&app));
    app.store.write(move |tx| sessions::end_others(tx, owner, kept, &act)).await?;
    Ok(respond::see(&app, &Notice::OtherSessionsEnded.on(paths::ACCOUNT)))
}

/// `POST /account/applications/{grant}/cut-off`.
///
/// # Errors
/// 404 for a grant that is not one's own.
pub async fn cut_off(who: Principal<ViaSession>, grant: Path<String>, app: Data<App>) -> Result<HttpResponse, Failure> {
    let grant = GrantId::parse(&grant).ok_or(Failure::NotFound)?;
    let (owner, act) = (who.user_id()?, who.act(&app));
    if !app.store.write(move |tx| grants::revoke(tx, grant, Some(owner), &act)).await? {
        return Err(Failure::NotFound);
    }
    Ok(respond::see(&app, &Notice::ApplicationCutOff.on(paths::ACCOUNT)))
}
