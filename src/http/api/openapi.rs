//! `GET /api/v1/openapi.json`: what `/api/v1` takes and gives, in the form of OpenAPI 3.1. Paths, members and statuses stand
//! beside the handlers; who may call what comes from the table of routes.

use actix_web::HttpResponse;
use actix_web::http::Method;
use actix_web::http::header;
use actix_web::http::header::HeaderName;
use actix_web::web::Data;
use serde::Serialize;
use utoipa::OpenApi;
use utoipa::ToSchema;
use utoipa::openapi::Components;
use utoipa::openapi::Content;
use utoipa::openapi::PathItem;
use utoipa::openapi::Ref;
use utoipa::openapi::RefOr;
use utoipa::openapi::Response;
use utoipa::openapi::ResponseBuilder;
use utoipa::openapi::Server;
use utoipa::openapi::path::Operation;
use utoipa::openapi::security::ApiKey;
use utoipa::openapi::security::ApiKeyValue;
use utoipa::openapi::security::AuthorizationCode;
use utoipa::openapi::security::ClientCredentials;
use utoipa::openapi::security::Flow;
use utoipa::openapi::security::HttpAuthScheme;
use utoipa::openapi::security::HttpBuilder;
use utoipa::openapi::security::OAuth2;
use utoipa::openapi::security::Scopes;
use utoipa::openapi::security::SecurityRequirement;
use utoipa::openapi::security::SecurityScheme;

use crate::app::App;
use crate::http::api::audit;
use crate::http::api::clients;
use crate::http::api::grants;
use crate::http::api::import;
use crate::http::api::key_uses;
use crate::http::api::keys;
use crate::http::api::leaks;
use crate::http::api::me;
use crate::http::api::notices;
use crate::http::api::refusals;
use crate::http::api::resources;
use crate::http::api::roles;
use crate::http::api::scopes;
use crate::http::api::sessions;
use crate::http::api::users;
use crate::http::cookies::CookieName;
use crate::http::failure::Failure;
use crate::http::guard::Public;
use crate::http::paths;
use crate::http::routes;
use crate::model::scope::BUILT_IN;

/// Why a request was refused (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// `about:blank`: the status says what kind of problem it is.
    #[schema(example = "about:blank")]
    r#type: String,
    /// The name of the status.
    title: String,
    /// The status.
    status: u16,
    /// What was wrong, as a sentence for whoever has to mend it.
    detail: String,
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Hallpass",
        description = "Users, roles, scopes, clients, API keys, notices, sessions, grants and the audit log of a Hallpass server. \
            Times are Unix seconds. Members of a body that are not known are refused, and so are parameters of a list. \
            Other members may be added to answers at any time.",
    ),
    paths(
        get,
        me::get,
        me::patch,
        users::list,
        users::create,
        users::get,
        users::patch,
        users::delete,
        roles::list,
        roles::create,
        roles::get,
        roles::patch,
        roles::delete,
        scopes::list,
        scopes::create,
        scopes::get,
        scopes::patch,
        scopes::delete,
        resources::list,
        resources::create,
        resources::get,
        resources::patch,
        resources::delete,
        clients::list,
        clients::create,
        clients::get,
        clients::patch,
        clients::delete,
        clients::rotate_secret,
        clients::cut_off,
        keys::list,
        keys::create,
        keys::get,
        keys::patch,
        keys::delete,
        keys::rotate,
        keys::succeed,
        key_uses::usage,
        key_uses::callers,
        notices::list,
        notices::delete,
        sessions::list,
        sessions::get,
        sessions::delete,
        grants::list,
        grants::get,
        grants::delete,
        audit::list,
        audit::get,
        refusals::list,
        refusals::get,
        import::frappe,
        import::keys,
        leaks::report,
        leaks::scan_rules,
    ),
    components(schemas(Problem))
)]
struct Document;

/// Shows this document.
///
/// # Errors
/// None.
#[utoipa::path(
    get, path = paths::API_OPENAPI, tag = "openapi",
    responses((status = 200, description = "The document", body = Object))
)]
pub async fn get(_: Public, app: Data<App>) -> Result<HttpResponse, Failure> {
    Ok(HttpResponse::Ok()
        .insert_header((header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"))
        .insert_header((HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"))
        .insert_header((header::CACHE_CONTROL, "public, max-age=300"))
        .json(document(&app)))
}

fn document(app: &App) -> utoipa::openapi::OpenApi {
    let mut document = Document::openapi();
    document.info.license = None;
    document.servers = Some(vec![Server::new(app.issuer.as_str())]);
    add_schemes(document.components.get_or_insert_default(), app);
    for route in routes() {
        let item = document.paths.paths.get_mut(route.path);
        if let Some(operation) = item.and_then(|item| operation(item, &route.method)) {
            complete(operation, route.path, &route.guard);
        }
    }
    document
}

fn operation<'d>(item: &'d mut PathItem, method: &Method) -> Option<&'d mut Operation> {
    match *method {
        Method::GET => item.get.as_mut(),
        Method::POST => item.post.as_mut(),
        Method::PATCH => item.patch.as_mut(),
        Method::DELETE => item.delete.as_mut(),
        _ => None,
    }
}

/// The ways to show who one is.
fn add_schemes(components: &mut Components, app: &App) {
    let url = |path: &str| format!("{}{path}", app.issuer.as_str());
    let scopes = || Scopes::from_iter(BUILT_IN.iter().map(|scope| (scope.name, scope.sentence)));
    let flows = [
        Flow::AuthorizationCode(AuthorizationCode::new(url(paths::OAUTH_AUTHORIZE), url(paths::OAUTH_TOKEN), scopes())),
        Flow::ClientCredentials(ClientCredentials::new(url(paths::OAUTH_TOKEN), scopes())),
    ];
    let named = |name: &str, description: &str| ApiKeyValue::with_description(name, description);
    let schemes = [
        ("api_key", SecurityScheme::ApiKey(ApiKey::Header(named("Authorization", "`token <api_key>:<api_secret>`")))),
        ("api_key_basic", http(HttpAuthScheme::Basic, "The API key as user name, its secret as password")),
        ("bearer", http(HttpAuthScheme::Bearer, "An access token, or the secret of an API key")),
        ("oauth2", SecurityScheme::OAuth2(OAuth2::new(flows))),
        (
            "session",
            SecurityScheme::ApiKey(ApiKey::Cookie(named(
                CookieName::Session.name(&app.issuer),
                "The cookie of a browser session. Whatever changes something needs the header `X-CSRF-Token` as well, and \
                 comes from the server's own origin.",
            ))),
        ),
    ];
    for (name, scheme) in schemes {
        components.add_security_scheme(name, scheme);
    }
}

fn http(scheme: HttpAuthScheme, description: &str) -> SecurityScheme {
    SecurityScheme::Http(HttpBuilder::new().scheme(scheme).description(Some(description)).build())
}

/// Adds what is the same for all operations, and what the guard at the route's door says.
fn complete(operation: &mut Operation, path: &str, guard: &str) {
    let tag = operation.tags.iter().flatten().next().cloned().unwrap_or_default();
    operation.operation_id = operation.operation_id.take().map(|name| format!("{tag}_{name}"));
    // What a handler's documentation says of errors is for whoever reads its code.
    let said = operation.description.take().unwrap_or_default();
    let mut description = said.split("# Errors").next().unwrap_or_default().trim().to_owned();
    let mut statuses = vec![("503", "The server is too busy just now")];
    if guard == "public" {
        operation.security = Some(vec![SecurityRequirement::default()]);
    } else {
        operation.security = Some(requirements(guard));
        statuses.push(("401", "No credential, or none that is valid"));
    }
    if let Some(needs) = needs(guard) {
        description = format!("{description}\n\n{needs}").trim().to_owned();
        statuses.push(("403", "The credential lacks a scope or role, or reaches less far than what is asked for"));
    }
    let takes_query = operation.parameters.as_ref().is_some_and(|parameters| parameters.len() > 1);
    if operation.request_body.is_some() || takes_query {
        statuses.push(("400", "Something in the request is wrong; `detail` says what"));
    }
    if operation.request_body.is_some() {
        statuses.push(("413", "The body is larger than 256 KiB"));
        statuses.push(("415", "The body is not said to be `application/json`"));
    }
    if path.contains('{') {
        statuses.push(("404", "There is none, or it is not one's own"));
    }
    operation.description = (!description.is_empty()).then_some(description);
    for (status, description) in statuses {
        let response = ResponseBuilder::new().description(description).build();
        operation.responses.responses.entry(status.to_owned()).or_insert(RefOr::T(response));
    }
    for (status, response) in &mut operation.responses.responses {
        if let (true, RefOr::T(response)) = (status.starts_with(['4', '5']), response) {
            explain(response);
        }
    }
}

fn explain(response: &mut Response) {
    let content = Content::new(Some(RefOr::Ref(Ref::from_schema_name("Problem"))));
    response.content.insert("application/problem+json".to_owned(), RefOr::T(content));
}

/// What a guard asks for: of one of these, all.
fn alternatives(guard: &str) -> impl Iterator<Item = Vec<&str>> {
    guard.split(" | ").map(|needs| needs.split(" + ").collect())
}

fn scopes_of<'g>(needs: &[&'g str]) -> Vec<&'g str> {
    needs.iter().filter_map(|need| need.strip_prefix("scope ")).collect()
}

fn requirements(guard: &str) -> Vec<SecurityRequirement> {
    let none: [&str; 0] = [];
    let schemes = ["session", "api_key", "api_key_basic", "bearer"];
    let by_name = schemes.into_iter().map(|scheme| SecurityRequirement::new(scheme, none));
    let by_token = alternatives(guard).map(|needs| SecurityRequirement::new("oauth2", scopes_of(&needs)));
    by_name.chain(by_token).collect()
}

/// The same as a sentence.
fn needs(guard: &str) -> Option<String> {
    let sentences = alternatives(guard).filter_map(|needs| {
        let scopes: Vec<String> = scopes_of(&needs).iter().map(|scope| format!("`{scope}`")).collect();
        let scopes = scopes.join(", ");
        match (needs.contains(&"admin"), needs.contains(&"user")) {
            (true, _) => Some(format!("For administrators: role `admin`, and full access or the scope {scopes}.")),
            (_, true) => Some(format!("For one's own: full access or the scope {scopes}.")),
            _ => None,
        }
    });
    let sentences: Vec<String> = sentences.collect();
    (!sentences.is_empty()).then(|| sentences.join(" "))
}
