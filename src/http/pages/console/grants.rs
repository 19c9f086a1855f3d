//! `/grants`: what people let applications do, for administrators.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::web::Data;

use crate::app::App;
use crate::app::languages::Text;
use crate::domain::bulk::Grants;
use crate::domain::bulk::NamedGrant;
use crate::domain::grants;
use crate::domain::grants::Named;
use crate::http::failure::Failure;
use crate::http::guard::PageForm;
use crate::http::pages::bulk;
use crate::http::pages::bulk::Deed;
use crate::http::pages::bulk::Ticked;
use crate::http::pages::frame;
use crate::http::pages::listing::Search;
use crate::http::pages::views::console::GrantLine;
use crate::http::pages::views::console::GrantsPage;
use crate::http::pages::views::console::Owner;
use crate::http::pages::views::search::SearchForm;
use crate::http::pages::views::time::Moment;
use crate::http::paths;
use crate::http::principal::Principal;
use crate::http::respond;
use crate::model::grant::Grant;
use crate::model::listing::Age;
use crate::model::listing::Order;
use crate::model::time::Timestamp;
use crate::principal::need::Admin;
use crate::principal::need::ViaSession;

/// How the list can be sorted.
const SORTS: [(&str, &str); 2] = [("", "Newest first"), ("oldest", "Oldest first")];

impl Ticked for Grants {
    const PATH: &'static str = paths::GRANTS;
    const BULK_PATH: &'static str = paths::GRANTS_BULK;
    const FIELDS: &'static [&'static str] = &["user", "client_id"];
    const COUNTED: &'static str = "{$count} grants";
    const DEEDS: &'static [Deed] = &[Deed {
        code: "revoke",
        label: "Take back",
        question: "Take back {$count} grants?",
        consequences: &[
            "All tokens that came of them stop working at once.",
            "The applications have to ask these people again.",
        ],
        is_dangerous: false,
        wants_sign_in: false,
    }];

    fn name(grant: &NamedGrant) -> Text {
        Text::new("{$application}, by {$user}")
            .with("application", grant.client.as_str())
            .with("user", grant.user.as_str())
    }
}

/// `GET /grants`, narrowed by `q`, `user` and `client_id`, in the order `sort`.
///
/// # Errors
/// 400 where `after` is no cursor of this list.
pub async fn get(
    who: Principal<(Admin, ViaSession)>,
    request: HttpRequest,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let search = Search::read(&request, paths::GRANTS, Grants::FIELDS)?;
    let order = Order { by: Age, is_descending: search.get("sort") != Some("oldest") };
    let (part, now, text) = (search.part(&app, order)?, app.now(), search.text());
    let (user, client) = (search.get("user").map(str::to_owned), search.get("client_id").map(str::to_owned));
    let read = app
        .store
        .read(move |tx| grants::search(tx, text.clone(), (user.as_deref(), client.as_deref()), &part, now))
        .await?;
    respond::page(&GrantsPage {
        frame: frame::signed_in(&app, &who, paths::GRANTS).with_notice(search.notice()),
        search: form(&search, read.found.is_cut),
        bulk: bulk::bar::<Grants>(&search),
        rows: read.found.records.iter().map(|grant| line(grant, &read, now)).collect(),
        pagination: search.pagination(&app, read.found.next.as_ref()),
    })
}

/// `POST /grants/bulk`: takes each `record` back.
///
/// # Errors
/// 400 where nothing is ticked.
pub async fn post(
    who: Principal<(Admin, ViaSession)>,
    form: PageForm,
    request: HttpRequest,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    bulk::post(&app, &who, &request, &form.0, Grants).await
}

fn form(search: &Search, is_cut: bool) -> SearchForm {
    let choices = vec![("sort", "Order", search.choices("sort", &SORTS))];
    search
        .form("A part of the name of a scope", choices, is_cut)
        .with_text("user", "User", search.get("user"))
        .with_text("client_id", "Client ID", search.get("client_id"))
}

fn line(grant: &Grant, read: &Named, now: Timestamp) -> GrantLine {
    let (client_id, client) = read.clients.get(&grant.client).cloned().unwrap_or_default();
    GrantLine {
        id: grant.id.to_string(),
        owner: Owner::new(grant.user, &read.users),
        client_id,
        client,
        scopes: grant.scopes.iter().map(|scope| scope.as_str().to_owned()).collect(),
        since: Moment::seen_from(grant.created_at, now),
        until: grant.expires_at.map(|end| Moment::seen_from(end, now)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::pages::german;

    #[test]
    fn german_has_all_of_the_list() {
        german::check_list::<Grants>(|search| form(search, false));
    }
}
