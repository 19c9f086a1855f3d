//! `/api/v1/scopes`: what credentials may do, for administrators.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::web::Data;
use actix_web::web::Path;
use serde::Deserialize;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::domain::roles;
use crate::domain::roles::KnownScope;
use crate::domain::roles::RoleError;
use crate::domain::roles::ScopeChanges;
use crate::http::api::listing::Listing;
use crate::http::api::listing::Page;
use crate::http::api::listing::PageParameters;
use crate::http::api::text;
use crate::http::failure::Failure;
use crate::http::json::JsonBody;
use crate::http::json::given;
use crate::http::needs::AdminScope;
use crate::http::needs::ScopesRead;
use crate::http::needs::ScopesWrite;
use crate::http::paths;
use crate::http::principal::Principal;
use crate::http::respond;
use crate::model::scope::MadeScope;
use crate::model::scope::ScopeToken;

/// The name of the list in its cursors.
const LIST: &str = "scopes";

/// A scope.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Scope)]
pub struct ScopeRecord {
    /// The name (RFC 6749 §3.3); it stays.
    name: String,
    /// The sentence of the consent page.
    description: String,
    /// Where not empty, only those who hold one of these roles can grant it or use it.
    roles: Vec<String>,
    /// Whether every Hallpass has it.
    built_in: bool,
}

/// A scope to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewScopeMembers {
    /// The name (RFC 6749 §3.3).
    #[schema(max_length = 100)]
    name: String,
    /// The sentence of the consent page.
    #[schema(min_length = 1, max_length = 200)]
    description: String,
    /// Where not empty, only those who hold one of these roles can grant it or use it.
    #[serde(default)]
    #[schema(max_items = 100)]
    roles: Vec<String>,
}

/// What changes in a scope. What is left out stays as it is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScopeMembers {
    /// The sentence of the consent page.
    #[serde(default, deserialize_with = "given")]
    #[schema(min_length = 1, max_length = 200, nullable = false)]
    description: Option<String>,
    /// All roles that it is bound to from now on; an empty list opens it to everybody.
    #[serde(default, deserialize_with = "given")]
    #[schema(max_items = 100, nullable = false)]
    roles: Option<Vec<String>>,
}

/// Lists scopes by name, the built-in ones too.
///
/// # Errors
/// 400 where the query is wrong.
#[utoipa::path(
    get, path = paths::API_SCOPES, tag = "scopes", params(PageParameters),
    responses((status = 200, description = "A page of scopes", body = Page<ScopeRecord>))
)]
pub async fn list(
    _: Principal<AdminScope<ScopesRead>>,
    request: HttpRequest,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let listing = Listing::read(&request, &app, LIST, &[])?;
    let after = listing.after(|name| Some(name.to_owned()))?;
    let mut found = app.store.read(roles::known_scopes).await?;
    found.retain(|scope| after.as_ref().is_none_or(|after| scope.name > *after));
    Ok(HttpResponse::Ok().json(listing.page(&app, found, |scope| scope.name.clone(), record)))
}

/// Makes a scope.
///
/// # Errors
/// 400 where the body is wrong, 409 where there is one of that name.
#[utoipa::path(
    post, path = paths::API_SCOPES, tag = "scopes", request_body = NewScopeMembers,
    responses(
        (status = 201, description = "The scope", body = ScopeRecord),
        (status = 409, description = "There is one of that name"),
    )
)]
pub async fn create(
    who: Principal<AdminScope<ScopesWrite>>,
    body: JsonBody<NewScopeMembers>,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let NewScopeMembers { name, description, roles: names } = body.0;
    let name = ScopeToken::parse(&name).map_err(|error| Failure::BadRequest(format!("name is no scope: {error}")))?;
    let scope = MadeScope { name, description, roles: text::roles(&names)? };
    let act = who.act(&app);
    let made = app.store.write(move |tx| roles::create_scope(tx, &scope, &act)).await?;
    Ok(respond::created(&app, &paths::api_scope(made.name.as_str()), &of_made(&made)))
}

/// Shows a scope.
///
/// # Errors
/// 404 where there is none.
#[utoipa::path(
    get, path = paths::API_SCOPE, tag = "scopes", params(("scope" = String, Path, description = "The scope's name")),
    responses((status = 200, description = "The scope", body = ScopeRecord))
)]
pub async fn get(
    _: Principal<AdminScope<ScopesRead>>,
    scope: Path<String>,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let found = app.store.read(roles::known_scopes).await?;
    let found = found.iter().find(|known| known.name == *scope).ok_or(Failure::NotFound)?;
    Ok(HttpResponse::Ok().json(record(found)))
}

/// Changes a scope's sentence, or the roles that it is bound to.
///
/// # Errors
/// 400 where the body is wrong, 404 where there is no such scope, 409 where it is built in.
#[utoipa::path(
    patch, path = paths::API_SCOPE, tag = "scopes", params(("scope" = String, Path, description = "The scope's name")),
    request_body = ScopeMembers,
    responses(
        (status = 200, description = "The scope as it is now", body = ScopeRecord),
        (status = 409, description = "It is built in"),
    )
)]
pub async fn patch(
    who: Principal<AdminScope<ScopesWrite>>,
    scope: Path<String>,
    body: JsonBody<ScopeMembers>,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let (name, act) = (named(&scope)?, who.act(&app));
    let roles = body.0.roles.as_deref().map(text::roles).transpose()?;
    let changes = ScopeChanges { description: body.0.description, roles };
    let changed = app.store.write(move |tx| roles::change_scope(tx, &name, &changes, &act)).await.map_err(missing)?;
    Ok(HttpResponse::Ok().json(of_made(&changed)))
}

/// Deletes a scope; no credential has it from the next request on.
///
/// # Errors
/// 404 where there is none, 409 where it is built in.
#[utoipa::path(
    delete, path = paths::API_SCOPE, tag = "scopes", params(("scope" = String, Path, description = "The scope's name")),
    responses((status = 204, description = "The scope is gone"), (status = 409, description = "It is built in"))
)]
pub async fn delete(
    who: Principal<AdminScope<ScopesWrite>>,
    scope: Path<String>,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let (name, act) = (named(&scope)?, who.act(&app));
    app.store.write(move |tx| roles::delete_scope(tx, &name, &act)).await.map_err(missing)?;
    Ok(HttpResponse::NoContent().finish())
}

/// The scope of a path.
fn named(text: &str) -> Result<ScopeToken, Failure> {
    ScopeToken::parse(text).map_err(|_| Failure::NotFound)
}

/// The only scope that these verbs can miss is the one of the path.
fn missing(error: RoleError) -> Failure {
    match error {
        RoleError::UnknownScope(_) => Failure::NotFound,
        error => error.into(),
    }
}

fn of_made(scope: &MadeScope) -> ScopeRecord {
    ScopeRecord {
        name: scope.name.as_str().to_owned(),
        description: scope.description.clone(),
        roles: scope.roles.names(),
        built_in: false,
    }
}

fn record(scope: &KnownScope) -> ScopeRecord {
    ScopeRecord {
        name: scope.name.clone(),
        description: scope.description.clone(),
        roles: scope.roles.names(),
        built_in: scope.built_in,
    }
}
