//! `/api/v1/grants`: what users let clients do; administrators reach everybody's, everybody else their own.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::web::Data;
use actix_web::web::Path;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::domain::grants;
use crate::http::api::listing::Listing;
use crate::http::api::listing::Page;
use crate::http::api::listing::PageParameters;
use crate::http::failure::Failure;
use crate::http::failure::Refused;
use crate::http::needs::AccountRead;
use crate::http::needs::AccountWrite;
use crate::http::needs::AdminOrOwn;
use crate::http::needs::GrantsRead;
use crate::http::needs::GrantsWrite;
use crate::http::paths;
use crate::http::principal::Principal;
use crate::model::grant::Grant;
use crate::model::id::ClientId;
use crate::model::id::GrantId;
use crate::model::id::UserId;
use crate::model::time::Timestamp;

/// The name of the list in its cursors.
const LIST: &str = "grants";

/// Who may see grants.
type MayRead = AdminOrOwn<GrantsRead, AccountRead>;
/// Who may take them back.
type MayWrite = AdminOrOwn<GrantsWrite, AccountWrite>;

/// What a user let a client do.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Grant)]
pub struct GrantRecord {
    /// The id.
    id: String,
    /// The name of the user who gave it.
    user: String,
    /// That user's id.
    user_id: String,
    /// The client that it was given to.
    client_id: String,
    /// The name that people see of that client.
    client_name: String,
    /// What was allowed.
    scopes: Vec<String>,
    /// For which resources; none: for no resource in particular.
    resources: Vec<String>,
    /// When it was first given, in Unix seconds.
    created_at: i64,
    /// When the user was last asked, in Unix seconds.
    renewed_at: i64,
    /// When it ends by itself, in Unix seconds; null: when it is taken back.
    #[schema(required)]
    expires_at: Option<i64>,
}

/// Lists grants that hold, oldest first: everybody's for administrators, else one's own.
///
/// # Errors
/// 400 where the query is wrong.
#[utoipa::path(
    get, path = paths::API_GRANTS, tag = "grants",
    params(
        PageParameters,
        ("user" = Option<String>, Query, description = "Only those of the user of this name, e-mail address or id"),
        ("client_id" = Option<String>, Query, description = "Only those to this client"),
    ),
    responses((status = 200, description = "A page of grants", body = Page<GrantRecord>))
)]
pub async fn list(who: Principal<MayRead>, request: HttpRequest, app: Data<App>) -> Result<HttpResponse, Failure> {
    let listing = Listing::read(&request, &app, LIST, &["user", "client_id"])?;
    let (whose, now) = (who.whose()?, app.now());
    let (user, client) = (listing.filter("user"), listing.filter("client_id"));
    let (after, ask) = (listing.after(GrantId::parse)?, listing.ask());
    let (found, users, clients) = app
        .store
        .read(move |tx| {
            let owner = whose.narrowed(tx, user.as_deref())?;
            let client = match client {
                // A client that is not there has no grants.
                Some(id) => match tx.clients().find_by_client_id(&id)? {
                    Some(client) => Some(client.id),
                    None => return Ok::<_, Refused>(Default::default()),
                },
                None => None,
            };
            let found = tx.grants().list_live((owner, client), after, ask, now)?;
            let users: Vec<UserId> = found.iter().map(|grant| grant.user).collect();
            let clients: Vec<ClientId> = found.iter().map(|grant| grant.client).collect();
            let (users, clients) = (tx.users().names(&users)?, tx.clients().names(&clients)?);
            Ok((found, users, clients))
        })
        .await?;
    let record = |grant: &Grant| {
        let user = users.get(&grant.user).cloned().unwrap_or_default();
        record(grant, user, clients.get(&grant.client).cloned().unwrap_or_default())
    };
    Ok(HttpResponse::Ok().json(listing.page(&app, found, |grant| grant.id.to_string(), record)))
}

/// Shows a grant.
///
/// # Errors
/// 404 where there is none, or it is another's, or has ended.
#[utoipa::path(
    get, path = paths::API_GRANT, tag = "grants", params(("grant" = String, Path, description = "The grant's id")),
    responses((status = 200, description = "The grant", body = GrantRecord))
)]
pub async fn get(who: Principal<MayRead>, grant: Path<String>, app: Data<App>) -> Result<HttpResponse, Failure> {
    let id = GrantId::parse(&grant).ok_or(Failure::NotFound)?;
    let (owner, now) = (who.whose()?.owner(), app.now());
    let found = app
        .store
        .read(move |tx| {
            let found = tx.grants().find(id)?;
            let is_right = |found: &Grant| found.is_live(now) && owner.is_none_or(|owner| owner == found.user);
            let found = found.filter(is_right).ok_or(Refused::NotFound)?;
            let user = tx.users().names(&[found.user])?.remove(&found.user).unwrap_or_default();
            let client = tx.clients().names(&[found.client])?.remove(&found.client).unwrap_or_default();
            Ok::<_, Refused>(record(&found, user, client))
        })
        .await?;
    Ok(HttpResponse::Ok().json(found))
}

/// Takes a grant back; all tokens that hang on it end.
///
/// # Errors
/// 404 where there is none, or it is another's, or was taken back already.
#[utoipa::path(
    delete, path = paths::API_GRANT, tag = "grants", params(("grant" = String, Path, description = "The grant's id")),
    responses((status = 204, description = "The grant is taken back"))
)]
pub async fn delete(who: Principal<MayWrite>, grant: Path<String>, app: Data<App>) -> Result<HttpResponse, Failure> {
    let id = GrantId::parse(&grant).ok_or(Failure::NotFound)?;
    let (owner, act) = (who.whose()?.owner(), who.act(&app));
    let revoked = app.store.write(move |tx| grants::revoke(tx, id, owner, &act)).await?;
    if revoked { Ok(HttpResponse::NoContent().finish()) } else { Err(Failure::NotFound) }
}

/// `grant` as scripts see it.
pub fn record(grant: &Grant, user: String, (client_id, client_name): (String, String)) -> GrantRecord {
    GrantRecord {
        id: grant.id.to_string(),
        user,
        user_id: grant.user.to_string(),
        client_id,
        client_name,
        scopes: grant.scopes.iter().map(|scope| scope.as_str().to_owned()).collect(),
        resources: grant.resources.iter().map(|uri| uri.as_str().to_owned()).collect(),
        created_at: grant.created_at.seconds(),
        renewed_at: grant.renewed_at.seconds(),
        expires_at: grant.expires_at.map(Timestamp::seconds),
    }
}
