//! `/clients`: the list.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::web::Data;

use crate::app::App;
use crate::domain::bulk::Clients;
use crate::domain::overview::UNUSED;
use crate::http::failure::Failure;
use crate::http::pages::bulk;
use crate::http::pages::bulk::Ticked;
use crate::http::pages::frame;
use crate::http::pages::listing::Search;
use crate::http::pages::views::clients::ClientRow;
use crate::http::pages::views::clients::ClientsListPage;
use crate::http::pages::views::search::SearchForm;
use crate::http::paths;
use crate::http::principal::Principal;
use crate::http::respond;
use crate::model::client::Client;
use crate::model::client::ClientOrigin;
use crate::model::listing::ClientFilter;
use crate::model::listing::ClientKey;
use crate::model::listing::Order;
use crate::principal::need::Admin;
use crate::principal::need::ViaSession;

/// How the list can be sorted.
const SORTS: [(&str, &str); 4] =
    [("", "Oldest first"), ("newest", "Newest first"), ("name", "Name, A to Z"), ("name-down", "Name, Z to A")];

/// `GET /clients`, narrowed by `q`, `state` and `use`, in the order `sort`.
///
/// # Errors
/// 400 where `after` is no cursor of this list.
pub async fn get(
    who: Principal<(Admin, ViaSession)>,
    request: HttpRequest,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let search = Search::read(&request, paths::CLIENTS, Clients::FIELDS)?;
    let order = match search.get("sort") {
        Some("newest") => Order { by: ClientKey::Made, is_descending: true },
        Some("name") => Order { by: ClientKey::Name, is_descending: false },
        Some("name-down") => Order { by: ClientKey::Name, is_descending: true },
        _ => Order::default(),
    };
    let filter = ClientFilter {
        text: search.text(),
        enabled: search.get("state").map(|state| state == "enabled"),
        unused_since: search.get("use").map(|_| app.now().before(UNUSED)),
    };
    let part = search.part(&app, order)?;
    let found = app.store.read(move |tx| tx.clients().search(&filter, &part)).await?;
    respond::page(&ClientsListPage {
        frame: frame::signed_in(&app, &who, paths::CLIENTS).with_notice(search.notice()),
        search: form(&search, found.is_cut),
        bulk: bulk::bar::<Clients>(&search),
        rows: found.records.iter().map(row).collect(),
        pagination: search.pagination(&app, found.next.as_ref()),
    })
}

fn form(search: &Search, is_cut: bool) -> SearchForm {
    let states = [("", "Any"), ("enabled", "Enabled"), ("disabled", "Disabled")];
    let uses = [("", "Any"), ("unused", "None for 90 days")];
    let choices = vec![
        ("state", "State", search.choices("state", &states)),
        ("use", "Use", search.choices("use", &uses)),
        ("sort", "Order", search.choices("sort", &SORTS)),
    ];
    search.form("A part of the name or the client ID", choices, is_cut)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::pages::german;

    #[test]
    fn german_has_all_of_the_list() {
        german::check_list::<Clients>(|search| form(search, false));
    }
}
