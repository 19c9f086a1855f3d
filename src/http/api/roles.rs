//! `/api/v1/roles`: roles that users and clients hold, for administrators.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::web::Data;
use actix_web::web::Path;
use serde::Deserialize;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::domain::roles;
use crate::domain::roles::KnownRole;
use crate::domain::roles::RoleChanges;
use crate::domain::roles::RoleError;
use crate::http::api::listing::Listing;
use crate::http::api::listing::Page;
use crate::http::api::listing::PageParameters;
use crate::http::api::text;
use crate::http::failure::Failure;
use crate::http::json::JsonBody;
use crate::http::json::given;
use crate::http::needs::AdminScope;
use crate::http::needs::RolesRead;
use crate::http::needs::RolesWrite;
use crate::http::paths;
use crate::http::principal::Principal;
use crate::http::respond;
use crate::model::role::RoleName;

/// The name of the list in its cursors.
const LIST: &str = "roles";

/// A role.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Role)]
pub struct RoleRecord {
    /// The name; it stays.
    name: String,
    /// What it is for; may be empty.
    description: String,
    /// Whether whoever holds it needs a second factor to sign in.
    require_second_factor: bool,
    /// Whether every Hallpass has it.
    built_in: bool,
}

/// A role to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRoleMembers {
    /// The name: letters, digits, spaces and `. _ : -`. `Editor` and `editor` are one role.
    #[schema(max_length = 100)]
    name: String,
    /// What it is for.
    #[serde(default)]
    #[schema(max_length = 200)]
    description: String,
    /// Whether whoever holds it needs a second factor to sign in.
    #[serde(default)]
    require_second_factor: bool,
}

/// What changes in a role.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleMembers {
    /// What it is for; that of a built-in role stays.
    #[serde(default, deserialize_with = "given")]
    #[schema(max_length = 200, nullable = false)]
    description: Option<String>,
    /// Whether whoever holds it needs a second factor to sign in.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    require_second_factor: Option<bool>,
}

/// Lists roles by name. Who holds one is told by the list of users.
///
/// # Errors
/// 400 where the query is wrong.
#[utoipa::path(
    get, path = paths::API_ROLES, tag = "roles", params(PageParameters),
    responses((status = 200, description = "A page of roles", body = Page<RoleRecord>))
)]
pub async fn list(
    _: Principal<AdminScope<RolesRead>>,
    request: HttpRequest,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let listing = Listing::read(&request, &app, LIST, &[])?;
    let after = listing.after(|name| Some(name.to_owned()))?;
    let mut found = app.store.read(roles::known).await?;
    // Not every database sorts texts in the same way.
    found.sort_by(|one, other| one.name.as_str().cmp(other.name.as_str()));
    found.retain(|role| after.as_ref().is_none_or(|after| role.name.as_str() > after.as_str()));
    let page = listing.page(&app, found, |role| role.name.as_str().to_owned(), record);
    Ok(HttpResponse::Ok().json(page))
}

/// Makes a role.
///
/// # Errors
/// 400 where the body is wrong, 409 where there is one of that name.
#[utoipa::path(
    post, path = paths::API_ROLES, tag = "roles", request_body = NewRoleMembers,
    responses(
        (status = 201, description = "The role", body = RoleRecord),
        (status = 409, description = "There is one of that name, or one that looks the same"),
    )
)]
pub async fn create(
    who: Principal<AdminScope<RolesWrite>>,
    body: JsonBody<NewRoleMembers>,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let NewRoleMembers { name, description, require_second_factor } = body.0;
    let (name, act) = (text::about("name", RoleName::parse(&name))?, who.act(&app));
    let role = KnownRole { name, description, require_second_factor };
    let made = record(&role);
    app.store.write(move |tx| roles::create(tx, &role, &act)).await?;
    Ok(respond::created(&app, &paths::api_role(&made.name), &made))
}

/// Shows a role.
///
/// # Errors
/// 404 where there is none.
#[utoipa::path(
    get, path = paths::API_ROLE, tag = "roles", params(("role" = String, Path, description = "The role's name")),
    responses((status = 200, description = "The role", body = RoleRecord))
)]
pub async fn get(
    _: Principal<AdminScope<RolesRead>>,
    role: Path<String>,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let role = named(&role)?;
    let found = app.store.read(roles::known).await?;
    let found = found.iter().find(|known| known.name == role).ok_or(Failure::NotFound)?;
    Ok(HttpResponse::Ok().json(record(found)))
}

/// Changes what a role is for, or whether it asks for a second factor.
///
/// # Errors
/// 400 where the body is wrong, 404 where there is no such role, 409 where it is built in.
#[utoipa::path(
    patch, path = paths::API_ROLE, tag = "roles", params(("role" = String, Path, description = "The role's name")),
    request_body = RoleMembers,
    responses(
        (status = 200, description = "The role as it is now", body = RoleRecord),
        (status = 409, description = "It is built in"),
    )
)]
pub async fn patch(
    who: Principal<AdminScope<RolesWrite>>,
    role: Path<String>,
    body: JsonBody<RoleMembers>,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let RoleMembers { description, require_second_factor } = body.0;
    let (role, act, changes) = (named(&role)?, who.act(&app), RoleChanges { description, require_second_factor });
    let role = app.store.write(move |tx| roles::change_role(tx, &role, &changes, &act)).await.map_err(missing)?;
    Ok(HttpResponse::Ok().json(record(&role)))
}

/// Deletes a role; whoever holds it holds it no more.
///
/// # Errors
/// 404 where there is none, 409 where it is built in or a scope is bound to it.
#[utoipa::path(
    delete, path = paths::API_ROLE, tag = "roles", params(("role" = String, Path, description = "The role's name")),
    responses(
        (status = 204, description = "The role is gone"),
        (status = 409, description = "It is built in, or a scope is bound to it"),
    )
)]
pub async fn delete(
    who: Principal<AdminScope<RolesWrite>>,
    role: Path<String>,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let (role, act) = (named(&role)?, who.act(&app));
    app.store.write(move |tx| roles::delete_role(tx, &role, &act)).await.map_err(missing)?;
    Ok(HttpResponse::NoContent().finish())
}

/// The role of a path.
fn named(text: &str) -> Result<RoleName, Failure> {
    RoleName::parse(text).map_err(|_| Failure::NotFound)
}

/// The only role that these verbs can miss is the one of the path.
fn missing(error: RoleError) -> Failure {
    match error {
        RoleError::UnknownRole(_) => Failure::NotFound,
        error => error.into(),
    }
}

fn record(role: &KnownRole) -> RoleRecord {
    RoleRecord {
        name: role.name.as_str().to_owned(),
        description: role.description.clone(),
        require_second_factor: role.require_second_factor,
        built_in: role.name.is_admin(),
    }
}
