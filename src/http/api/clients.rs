//! `/api/v1/clients`: applications registered for OAuth, for administrators. Members have the names of RFC 7591 §2.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::web::Data;
use actix_web::web::Path;
use serde::Deserialize;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::app::App;
use crate::domain::client_edits;
use crate::domain::clients;
use crate::domain::clients::ClientDescription;
use crate::domain::reach::Reach;
use crate::http::api::client_members;
use crate::http::api::client_members::ClientMembers;
use crate::http::api::listing::Listing;
use crate::http::api::listing::Page;
use crate::http::api::listing::PageParameters;
use crate::http::api::text;
use crate::http::failure::Failure;
use crate::http::failure::Refused;
use crate::http::json::JsonBody;
use crate::http::json::given;
use crate::http::needs::AdminScope;
use crate::http::needs::ClientsRead;
use crate::http::needs::ClientsWrite;
use crate::http::paths;
use crate::http::principal::Principal;
use crate::http::respond;
use crate::model::client::AuthMethod;
use crate::model::client::Client;
use crate::model::client::GrantType;
use crate::model::id::ClientId;
use crate::model::identity::Identity;
use crate::model::time::Timestamp;

/// The name of the list in its cursors.
const LIST: &str = "clients";

/// A client: an application registered for OAuth.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Client)]
pub struct ClientRecord {
    /// The id on the wire; it stays.
    client_id: String,
    /// The name that people see.
    client_name: String,
    /// Where answers may go.
    redirect_uris: Vec<String>,
    /// What it may present for tokens.
    grant_types: Vec<&'static str>,
    /// How it authenticates at the token endpoint.
    token_endpoint_auth_method: &'static str,
    /// All scopes that it may ever ask for, space-separated.
    scope: String,
    /// Those among them that the user cannot untick, space-separated.
    needed_scope: String,
    /// Consent is not asked for.
    trusted: bool,
    /// A code challenge is needed though the client has a secret.
    require_pkce: bool,
    /// The client's own roles, for what it does in its own name.
    roles: Vec<String>,
    /// The resources that it is: it sees the tokens that are meant for them.
    resources: Vec<String>,
    /// Its public keys, a JWK Set.
    #[schema(required, value_type = Option<Object>)]
    jwks: Option<Value>,
    /// Where its public keys are.
    #[schema(required)]
    jwks_uri: Option<String>,
    /// It must push its authorization requests (RFC 9126 §6).
    require_pushed_authorization_requests: bool,
    /// It must sign its authorization requests (RFC 9101 §10.5).
    require_signed_request_object: bool,
    /// All its access tokens are bound to keys (RFC 9449 §5.2).
    dpop_bound_access_tokens: bool,
    /// Who signs in to it needs a second factor.
    require_second_factor: bool,
    /// The colour of links and buttons where people sign in to it and let it in, `#rrggbb`.
    #[schema(required)]
    accent: Option<String>,
    /// By which algorithm its id_tokens are signed; `RS256` where nothing is said.
    #[schema(required)]
    id_token_signed_response_alg: Option<String>,
    /// By which algorithm answers of the UserInfo endpoint are signed; plain JSON where nothing is said.
    #[schema(required)]
    userinfo_signed_response_alg: Option<String>,
    /// By which algorithm answers of the introspection endpoint are signed (RFC 9701 §6).
    #[schema(required)]
    introspection_signed_response_alg: Option<String>,
    /// By which algorithm authorization responses are signed (JARM §3).
    #[schema(required)]
    authorization_signed_response_alg: Option<String>,
    /// By which algorithm it signs its request objects (RFC 9101).
    #[schema(required)]
    request_object_signing_alg: Option<String>,
    /// `public` or `pairwise` (OpenID Connect Core §8).
    #[schema(required)]
    subject_type: Option<String>,
    /// The age of a sign-in that it accepts where a request names none, in seconds.
    #[schema(required)]
    default_max_age: Option<u64>,
    /// Where its request objects may be fetched from (OpenID Connect Core §6.2).
    #[schema(required)]
    request_uris: Option<Vec<String>>,
    /// Where browsers may be sent after sign-out (OpenID Connect RP-Initiated Logout §3.1).
    #[schema(required)]
    post_logout_redirect_uris: Option<Vec<String>>,
    /// Where it is told that a session has ended (OpenID Connect Back-Channel Logout §2.2).
    #[schema(required)]
    backchannel_logout_uri: Option<String>,
    /// Whether it needs to be told which session it was.
    #[schema(required)]
    backchannel_logout_session_required: Option<bool>,
    /// A disabled client gets nothing, and its tokens are refused.
    enabled: bool,
    /// What else it said of itself when it registered itself (RFC 7591 §2), such as `client_uri`; none of it is checked.
    #[schema(value_type = Object)]
    metadata: Value,
    /// Who registered it: `administrator`, `self_registered`, or nobody (`metadata_document`).
    origin: &'static str,
    /// When it was registered, in Unix seconds.
    created_at: i64,
    /// When it was last given a code or a token, in Unix seconds.
    #[schema(required)]
    used_at: Option<i64>,
}

/// A client and its new secret, which nobody can see again.
#[derive(Serialize, ToSchema)]
#[schema(as = ClientWithSecret)]
pub struct ClientWithSecret {
    #[serde(flatten)]
    client: ClientRecord,
    /// The secret; left out for a public client.
    #[serde(skip_serializing_if = "Option::is_none")]
    client_secret: Option<String>,
}

/// How a secret is replaced.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Rotation {
    /// How long the old secret still works; not at all where nothing is said.
    #[serde(default, deserialize_with = "given")]
    #[schema(maximum = 31622400, nullable = false)]
    pub overlap_seconds: Option<u64>,
}

/// Lists clients, oldest first.
///
/// # Errors
/// 400 where the query is wrong.
#[utoipa::path(
    get, path = paths::API_CLIENTS, tag = "clients", params(PageParameters),
    responses((status = 200, description = "A page of clients", body = Page<ClientRecord>))
)]
pub async fn list(
    _: Principal<AdminScope<ClientsRead>>,
    request: HttpRequest,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let listing = Listing::read(&request, &app, LIST, &[])?;
    let (after, ask) = (listing.after(ClientId::parse)?, listing.ask());
    let found = app.store.read(move |tx| tx.clients().list(after, ask)).await?;
    Ok(HttpResponse::Ok().json(listing.page(&app, found, |client| client.id.to_string(), record)))
}

/// Registers a client. Its secret is in this answer and in no other.
///
/// # Errors
/// 400 where the body is wrong, or describes no client that is safe or of any use.
#[utoipa::path(
    post, path = paths::API_CLIENTS, tag = "clients", request_body = ClientMembers,
    responses((status = 201, description = "The client with its secret", body = ClientWithSecret))
)]
pub async fn create(
    who: Principal<AdminScope<ClientsWrite>>,
    body: JsonBody<ClientMembers>,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let enabled = body.0.enabled;
    let said = client_members::read(&body.0)?;
    let name = said.name.clone().ok_or_else(|| Failure::BadRequest("client_name is missing".to_owned()))?;
    let is_for_users = said.redirect_uris.as_ref().is_some_and(|uris| !uris.is_empty());
    let mut description = ClientDescription::new(name, AuthMethod::ClientSecretBasic);
    description.grant_types = if is_for_users {
        vec![GrantType::AuthorizationCode, GrantType::RefreshToken]
    } else {
        vec![GrantType::ClientCredentials]
    };
    said.apply(&mut description);
    let loopback = app.issuer.is_loopback();
    let (identity, act) = (Identity::clone(&who), who.act(&app));
    let (client, secret) = app
        .store
        .write(move |tx| {
            let reach = Reach::of(tx, &identity, &act)?;
            clients::check_loopback(&description.openid, loopback)?;
            let (client, secret) = client_edits::register_within(tx, &description, &reach, &act)?;
            let client = match enabled {
                Some(false) => clients::set_enabled(tx, client.id, false, &act)?,
                _ => client,
            };
            Ok::<_, Refused>((client, secret))
        })
        .await?;
    let secret = secret.map(|secret| secret.reveal().to_owned());
    let made = ClientWithSecret { client: record(&client), client_secret: secret };
    Ok(respond::created(&app, &paths::api_client(&client.client_id), &made))
}

/// Shows a client.
///
/// # Errors
/// 404 where there is none.
#[utoipa::path(
    get, path = paths::API_CLIENT, tag = "clients", params(("client" = String, Path, description = "The client_id")),
    responses((status = 200, description = "The client", body = ClientRecord))
)]
pub async fn get(
    _: Principal<AdminScope<ClientsRead>>,
    client: Path<String>,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let client = find(&app, &client).await?;
    Ok(HttpResponse::Ok().json(record(&client)))
}

/// Changes a client's registration, or enables or disables it, all or nothing.
///
/// # Errors
/// 400 where the body is wrong, or the client that would result is not safe or of no use; 404 where there is none.
#[utoipa::path(
    patch, path = paths::API_CLIENT, tag = "clients", params(("client" = String, Path, description = "The client_id")),
    request_body = ClientMembers,
    responses((status = 200, description = "The client as it is now", body = ClientRecord))
)]
pub async fn patch(
    who: Principal<AdminScope<ClientsWrite>>,
    client: Path<String>,
    body: JsonBody<ClientMembers>,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let (id, act) = (find(&app, &client).await?.id, who.act(&app));
    let (said, enabled) = (client_members::read(&body.0)?, body.0.enabled);
    let (identity, loopback) = (Identity::clone(&who), app.issuer.is_loopback());
    let changed = app
        .store
        .write(move |tx| {
            let reach = Reach::of(tx, &identity, &act)?;
            let said = |description: &mut ClientDescription| said.apply(description);
            let client = client_edits::edit(tx, id, said, enabled, &reach, &act)?;
            clients::check_loopback(&client.openid, loopback)?;
            Ok::<_, Refused>(client)
        })
        .await?;
    Ok(HttpResponse::Ok().json(record(&changed)))
}

/// Deletes a client with its grants and tokens.
///
/// # Errors
/// 404 where there is none.
#[utoipa::path(
    delete, path = paths::API_CLIENT, tag = "clients", params(("client" = String, Path, description = "The client_id")),
    responses((status = 204, description = "The client is gone"))
)]
pub async fn delete(
    who: Principal<AdminScope<ClientsWrite>>,
    client: Path<String>,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let (id, act) = (find(&app, &client).await?.id, who.act(&app));
    app.store.write(move |tx| clients::delete(tx, id, &act)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Replaces a client's secret. The new one is in this answer and in no other.
///
/// # Errors
/// 400 where the client is public, 404 where there is none.
#[utoipa::path(
    post, path = paths::API_CLIENT_ROTATE_SECRET, tag = "clients",
    params(("client" = String, Path, description = "The client_id")), request_body = Rotation,
    responses((status = 201, description = "The client with its new secret", body = ClientWithSecret))
)]
pub async fn rotate_secret(
    who: Principal<AdminScope<ClientsWrite>>,
    client: Path<String>,
    body: JsonBody<Rotation>,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let (id, act) = (find(&app, &client).await?.id, who.act(&app));
    let (overlap, identity) = (text::overlap(body.0.overlap_seconds)?, Identity::clone(&who));
    let (client, secret) = app
        .store
        .write(move |tx| {
            let reach = Reach::of(tx, &identity, &act)?;
            Ok::<_, Refused>(client_edits::rotate_secret_within(tx, id, overlap, &reach, &act)?)
        })
        .await?;
    let rotated = ClientWithSecret { client: record(&client), client_secret: Some(secret.reveal().to_owned()) };
    Ok(respond::created(&app, &paths::api_client(&client.client_id), &rotated))
}

/// Ends all that a client was given: grants and tokens of everybody. It stays registered, and may ask anew.
///
/// # Errors
/// 404 where there is no such client.
#[utoipa::path(
    delete, path = paths::API_CLIENT_GRANTS, tag = "clients",
    params(("client" = String, Path, description = "The client_id")),
    responses((status = 204, description = "Its grants and tokens have ended"))
)]
pub async fn cut_off(
    who: Principal<AdminScope<ClientsWrite>>,
    client: Path<String>,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let (id, act) = (find(&app, &client).await?.id, who.act(&app));
    app.store.write(move |tx| clients::cut_off(tx, id, &act)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// The client of a path.
async fn find(app: &App, client_id: &str) -> Result<Client, Failure> {
    let client_id = client_id.to_owned();
    app.store.look_up(move |tx| tx.clients().find_by_client_id(&client_id)).await?.ok_or(Failure::NotFound)
}

fn record(client: &Client) -> ClientRecord {
    let openid = client.openid.clone();
    ClientRecord {
        client_id: client.client_id.clone(),
        client_name: client.name.clone(),
        redirect_uris: client.redirect_uris.iter().map(|uri| uri.as_str().to_owned()).collect(),
        grant_types: client.grant_types.iter().map(|grant| grant.as_str()).collect(),
        token_endpoint_auth_method: client.auth_method.as_str(),
        scope: client.scopes.to_string(),
        needed_scope: client.needed_scopes.to_string(),
        trusted: client.trusted,
        require_pkce: client.require_pkce,
        roles: client.roles.names(),
        resources: client.resources.iter().map(|uri| uri.as_str().to_owned()).collect(),
        jwks: client.jwks.as_deref().and_then(|keys| serde_json::from_str(keys).ok()),
        jwks_uri: client.jwks_uri.clone(),
        require_pushed_authorization_requests: client.require_par,
        require_signed_request_object: client.require_signed_request,
        dpop_bound_access_tokens: client.dpop_bound,
        require_second_factor: client.require_second_factor,
        accent: client.accent.map(|accent| accent.to_string()),
        id_token_signed_response_alg: openid.id_token_signed_response_alg,
        userinfo_signed_response_alg: openid.userinfo_signed_response_alg,
        introspection_signed_response_alg: openid.introspection_signed_response_alg,
        authorization_signed_response_alg: openid.authorization_signed_response_alg,
        request_object_signing_alg: openid.request_object_signing_alg,
        subject_type: openid.subject_type.map(|known| known.as_str().to_owned()),
        default_max_age: openid.default_max_age,
        request_uris: openid.request_uris,
        post_logout_redirect_uris: openid.post_logout_redirect_uris,
        backchannel_logout_uri: openid.backchannel_logout_uri,
        backchannel_logout_session_required: openid.backchannel_logout_session_required,
        enabled: client.enabled,
        metadata: serde_json::from_str(&client.metadata).unwrap_or_default(),
        origin: client.origin.as_str(),
        created_at: client.created_at.seconds(),
        used_at: client.used_at.map(Timestamp::seconds),
    }
}
