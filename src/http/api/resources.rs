//! `/api/v1/resources`: APIs that tokens can be meant for (RFC 8707), for administrators.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::web::Data;
use actix_web::web::Path;
use serde::Deserialize;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::domain::resources;
use crate::domain::resources::ResourceError;
use crate::http::api::listing::Listing;
use crate::http::api::listing::Page;
use crate::http::api::listing::PageParameters;
use crate::http::api::text;
use crate::http::failure::Failure;
use crate::http::json::JsonBody;
use crate::http::json::given;
use crate::http::needs::AdminScope;
use crate::http::needs::ResourcesRead;
use crate::http::needs::ResourcesWrite;
use crate::http::paths;
use crate::http::principal::Principal;
use crate::http::respond;
use crate::model::name::DisplayName;
use crate::model::resource::Resource;
use crate::model::resource::ResourceUri;

/// The name of the list in its cursors.
const LIST: &str = "resources";

/// An API that tokens can be meant for.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Resource)]
pub struct ResourceRecord {
    /// The URI that names it; it stays.
    uri: String,
    /// What people call it.
    name: String,
    /// Where not empty, the only scopes that a token for it can have, but for those that say who somebody is.
    scopes: Vec<String>,
    /// When it was registered, in Unix seconds.
    created_at: i64,
}

/// A resource to be registered.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewResourceMembers {
    /// The URI that names it: absolute, without a fragment.
    #[schema(max_length = 500)]
    uri: String,
    /// What people call it.
    #[schema(max_length = 200)]
    name: String,
    /// The only scopes that a token for it can have, but for those that say who somebody is; all where there are none.
    #[serde(default)]
    #[schema(max_items = 100)]
    scopes: Vec<String>,
}

/// What changes in a resource. What is left out stays as it is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResourceMembers {
    /// What people call it.
    #[serde(default, deserialize_with = "given")]
    #[schema(max_length = 200, nullable = false)]
    name: Option<String>,
    /// All scopes that a token for it can have from now on; an empty list allows all.
    #[serde(default, deserialize_with = "given")]
    #[schema(max_items = 100, nullable = false)]
    scopes: Option<Vec<String>>,
}

/// Lists resources by URI.
///
/// # Errors
/// 400 where the query is wrong.
#[utoipa::path(
    get, path = paths::API_RESOURCES, tag = "resources", params(PageParameters),
    responses((status = 200, description = "A page of resources", body = Page<ResourceRecord>))
)]
pub async fn list(
    _: Principal<AdminScope<ResourcesRead>>,
    request: HttpRequest,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let listing = Listing::read(&request, &app, LIST, &[])?;
    let (after, ask) = (listing.after(|uri| Some(uri.to_owned()))?, listing.ask());
    let found = app.store.read(move |tx| tx.resources().list(after.as_deref(), ask)).await?;
    let page = listing.page(&app, found, |resource| resource.uri.canonical().to_owned(), record);
    Ok(HttpResponse::Ok().json(page))
}

/// Registers a resource.
///
/// # Errors
/// 400 where the body is wrong, 409 where there is one of that URI.
#[utoipa::path(
    post, path = paths::API_RESOURCES, tag = "resources", request_body = NewResourceMembers,
    responses(
        (status = 201, description = "The resource", body = ResourceRecord),
        (status = 409, description = "There is one of that URI"),
    )
)]
pub async fn create(
    who: Principal<AdminScope<ResourcesWrite>>,
    body: JsonBody<NewResourceMembers>,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let uri = ResourceUri::parse(&body.0.uri).map_err(|error| Failure::BadRequest(format!("uri: {error}")))?;
    let name = text::about("name", DisplayName::parse(&body.0.name))?;
    let (scopes, act) = (text::scopes(&body.0.scopes)?, who.act(&app));
    let made = app.store.write(move |tx| resources::create(tx, &uri, &name, &scopes, &act)).await?;
    Ok(respond::created(&app, &paths::api_resource(made.uri.as_str()), &record(&made)))
}

/// Shows a resource.
///
/// # Errors
/// 404 where there is none.
#[utoipa::path(
    get, path = paths::API_RESOURCE, tag = "resources",
    params(("resource" = String, Path, description = "The resource's URI, percent-encoded")),
    responses((status = 200, description = "The resource", body = ResourceRecord))
)]
pub async fn get(
    _: Principal<AdminScope<ResourcesRead>>,
    resource: Path<String>,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let uri = named(&resource)?;
    let found = app.store.read(move |tx| tx.resources().find(&uri)).await?;
    Ok(HttpResponse::Ok().json(record(&found.ok_or(Failure::NotFound)?)))
}

/// Changes a resource's name or scopes.
///
/// # Errors
/// 400 where the body is wrong, 404 where there is no such resource.
#[utoipa::path(
    patch, path = paths::API_RESOURCE, tag = "resources",
    params(("resource" = String, Path, description = "The resource's URI, percent-encoded")),
    request_body = ResourceMembers,
    responses((status = 200, description = "The resource as it is now", body = ResourceRecord))
)]
pub async fn patch(
    who: Principal<AdminScope<ResourcesWrite>>,
    resource: Path<String>,
    body: JsonBody<ResourceMembers>,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let (uri, act) = (named(&resource)?, who.act(&app));
    let name = body.0.name.as_deref().map(|name| text::about("name", DisplayName::parse(name))).transpose()?;
    let scopes = body.0.scopes.as_deref().map(text::scopes).transpose()?;
    let changed = app.store.write(move |tx| resources::edit(tx, &uri, name.as_ref(), scopes.as_ref(), &act)).await;
    Ok(HttpResponse::Ok().json(record(&changed.map_err(missing)?)))
}

/// Deletes a resource: no token can be meant for it any more.
///
/// # Errors
/// 404 where there is none.
#[utoipa::path(
    delete, path = paths::API_RESOURCE, tag = "resources",
    params(("resource" = String, Path, description = "The resource's URI, percent-encoded")),
    responses((status = 204, description = "The resource is gone"))
)]
pub async fn delete(
    who: Principal<AdminScope<ResourcesWrite>>,
    resource: Path<String>,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let (uri, act) = (named(&resource)?, who.act(&app));
    app.store.write(move |tx| resources::delete(tx, &uri, &act)).await.map_err(missing)?;
    Ok(HttpResponse::NoContent().finish())
}

/// The resource of a path.
fn named(text: &str) -> Result<ResourceUri, Failure> {
    ResourceUri::parse(text).map_err(|_| Failure::NotFound)
}

fn missing(error: ResourceError) -> Failure {
    match error {
        ResourceError::NotFound(_) => Failure::NotFound,
        error => error.into(),
    }
}

fn record(resource: &Resource) -> ResourceRecord {
    ResourceRecord {
        uri: resource.uri.as_str().to_owned(),
        name: resource.name.clone(),
        scopes: resource.scopes.iter().map(|scope| scope.as_str().to_owned()).collect(),
        created_at: resource.created_at.seconds(),
    }
}
