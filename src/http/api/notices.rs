//! `/api/v1/notices`: what somebody is to be told of their own credentials.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::web::Data;
use actix_web::web::Path;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::app::App;
use crate::domain::notices;
use crate::http::api::listing::Listing;
use crate::http::api::listing::Page;
use crate::http::api::listing::PageParameters;
use crate::http::failure::Failure;
use crate::http::failure::Refused;
use crate::http::needs::AccountRead;
use crate::http::needs::AccountWrite;
use crate::http::needs::OwnScope;
use crate::http::paths;
use crate::http::principal::Principal;
use crate::model::id::NoticeId;
use crate::model::notice::Notice;

/// The name of the list in its cursors.
const LIST: &str = "notices";

/// Something that happened to a credential of the user's.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Notice)]
pub struct NoticeRecord {
    /// The id.
    id: String,
    /// What happened: `secret_leaked` or `decoy_tried`; there may be others one day.
    kind: &'static str,
    /// The id of the record that it happened to.
    subject: String,
    /// What else is known; never a secret.
    #[schema(value_type = Object)]
    details: Value,
    /// When, in Unix seconds.
    created_at: i64,
}

/// Lists one's own notices, oldest first.
///
/// # Errors
/// 400 where the query is wrong.
#[utoipa::path(
    get, path = paths::API_NOTICES, tag = "notices", params(PageParameters),
    responses((status = 200, description = "A page of notices", body = Page<NoticeRecord>))
)]
pub async fn list(
    who: Principal<OwnScope<AccountRead>>,
    request: HttpRequest,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let listing = Listing::read(&request, &app, LIST, &[])?;
    let (user, after, ask) = (who.user_id()?, listing.after(NoticeId::parse)?, listing.ask());
    let found = app.store.read(move |tx| Ok::<_, Refused>(tx.notices().list(user, after, ask)?)).await?;
    Ok(HttpResponse::Ok().json(listing.page(&app, found, |notice| notice.id.to_string(), record)))
}

/// Takes a notice away: it was read.
///
/// # Errors
/// 404 where there is none, or it is another's.
#[utoipa::path(
    delete, path = paths::API_NOTICE, tag = "notices",
    params(("notice" = String, Path, description = "The notice's id")),
    responses((status = 204, description = "The notice is gone"))
)]
pub async fn delete(
    who: Principal<OwnScope<AccountWrite>>,
    notice: Path<String>,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let (id, user) = (NoticeId::parse(&notice).ok_or(Failure::NotFound)?, who.user_id()?);
    let gone = app.store.write(move |tx| notices::dismiss(tx, user, id)).await?;
    if gone { Ok(HttpResponse::NoContent().finish()) } else { Err(Failure::NotFound) }
}

/// `notice` as scripts see it.
pub fn record(notice: &Notice) -> NoticeRecord {
    NoticeRecord {
        id: notice.id.to_string(),
        kind: notice.kind.as_str(),
        subject: notice.subject.clone(),
        // Only we write these, and as JSON.
        details: serde_json::from_str(&notice.details).unwrap_or_default(),
        created_at: notice.created_at.seconds(),
    }
}
