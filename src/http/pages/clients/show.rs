//! `/clients/{client}`: one application.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::web::Data;
use actix_web::web::Path;

use crate::app::App;
use crate::http::failure::Failure;
use crate::http::pages::clients::find;
use crate::http::pages::clients::form;
use crate::http::pages::frame;
use crate::http::pages::login;
use crate::http::pages::views::clients::ClientDetails;
use crate::http::pages::views::clients::ClientsShowPage;
use crate::http::pages::views::clients::CreatedClient;
use crate::http::pages::views::notice::Notice;
use crate::http::pages::views::time::Moment;
use crate::http::paths;
use crate::http::principal::Principal;
use crate::http::respond;
use crate::model::client::Client;
use crate::model::client::ClientOrigin;
use crate::model::scope::Scope;
use crate::principal::need::Admin;
use crate::principal::need::ViaSession;

/// `GET /clients/{client}`.
///
/// # Errors
/// 404 where there is no such client.
pub async fn get(
    who: Principal<(Admin, ViaSession)>,
    client: Path<String>,
    request: HttpRequest,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let notice = login::query(&request)?.get("done").and_then(Notice::find);
    let client = find(&app, &client).await?;
    show(&app, &who, &client, notice, None)
}

/// The page of `client`, with the secret that was just made on top.
///
/// # Errors
/// Those of the template.
pub fn show(
    app: &App,
    who: &Principal<(Admin, ViaSession)>,
    client: &Client,
    notice: Option<Notice>,
    created: Option<CreatedClient>,
) -> Result<HttpResponse, Failure> {
    respond::page(&ClientsShowPage {
        frame: frame::signed_in(app, who, &paths::client(&client.client_id)).with_notice(notice),
        client: details(client, app),
        created,
    })
}

fn duties(client: &Client) -> Vec<String> {
    let duties = [
        (client.require_par, "Pushes its authorization requests (PAR)"),
        (client.require_signed_request, "Signs its authorization requests"),
        (client.dpop_bound, "Proves possession of a key for each token (DPoP)"),
        (client.require_second_factor, "Asks everybody for a second factor"),
    ];
    duties.into_iter().filter(|(has, _)| *has).map(|(_, duty)| duty.to_owned()).collect()
}

fn details(client: &Client, app: &App) -> ClientDetails {
    let names = |scopes: &Scope| scopes.iter().map(|scope| scope.as_str().to_owned()).collect();
    ClientDetails {
        client_id: client.client_id.clone(),
        name: client.name.clone(),
        has_secret: client.has_secret(),
        is_enabled: client.enabled,
        is_verified: client.origin == ClientOrigin::Administrator,
        is_trusted: client.trusted,
        needs_pkce: client.is_public() || client.require_pkce || app.config.clients.require_pkce,
        auth_method: form::auth_method_name(client.auth_method).to_owned(),
        grant_types: client.grant_types.iter().map(|grant| form::grant_type_name(*grant).to_owned()).collect(),
        redirect_uris: client.redirect_uris.iter().map(|uri| uri.as_str().to_owned()).collect(),
        scopes: names(&client.scopes),
        needed_scopes: names(&client.needed_scopes),
        roles: client.roles.names(),
        keys: client.jwks_uri.clone().or_else(|| client.jwks.as_ref().map(|_| "In its registration".to_owned())),
        accent: client.accent.map(|accent| accent.to_string()),
        duties: duties(client),
        created: Moment::new(client.created_at),
    }
}
