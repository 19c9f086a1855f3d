//! `/clients`: the list.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::web::Data;

use crate::app::App;
use crate::http::failure::Failure;
use crate::http::pages::frame;
use crate::http::pages::listing;
use crate::http::pages::login;
use crate::http::pages::views::clients::ClientRow;
use crate::http::pages::views::clients::ClientsListPage;
use crate::http::pages::views::notice::Notice;
use crate::http::paths;
use crate::http::principal::Principal;
use crate::http::respond;
use crate::model::client::Client;
use crate::model::client::ClientOrigin;
use crate::model::id::ClientId;
use crate::principal::need::Admin;
use crate::principal::need::ViaSession;

/// `GET /clients`.
///
/// # Errors
/// 400 where `after` is no client's id.
pub async fn get(
    who: Principal<(Admin, ViaSession)>,
    request: HttpRequest,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let notice = login::query(&request)?.get("done").and_then(Notice::find);
    let after = listing::after(&request, ClientId::parse)?;
    let mut clients = app.store.read(move |tx| tx.clients().list(after, listing::ASK)).await?;
    let pagination = listing::paginate(paths::CLIENTS, after.is_none(), &mut clients, |client| client.id.to_string());
    respond::page(&ClientsListPage {
        frame: frame::signed_in(&app, &who, paths::CLIENTS).with_notice(notice),
        clients: clients.iter().map(row).collect(),
        pagination,
    })
}

fn row(client: &Client) -> ClientRow {
    ClientRow {
        client_id: client.client_id.clone(),
        name: client.name.clone(),
        is_public: client.is_public(),
        is_enabled: client.enabled,
        is_verified: client.origin == ClientOrigin::Administrator,
    }
}
