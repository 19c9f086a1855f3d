//! `/grants`: what people let applications do, for administrators.

use std::collections::BTreeMap;

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::web::Data;

use crate::app::App;
use crate::app::languages::Text;
use crate::domain::act::Act;
use crate::domain::grants;
use crate::domain::reach::Reach;
use crate::http::failure::Failure;
use crate::http::failure::Refused;
use crate::http::guard::PageForm;
use crate::http::pages::bulk;
use crate::http::pages::bulk::Deed;
use crate::http::pages::bulk::GONE;
use crate::http::pages::bulk::Records;
use crate::http::pages::console::named_user;
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
use crate::model::id::ClientId;
use crate::model::id::GrantId;
use crate::model::id::UserId;
use crate::model::listing::Age;
use crate::model::listing::Found;
use crate::model::listing::GrantFilter;
use crate::model::listing::Order;
use crate::model::listing::Part;
use crate::model::time::Timestamp;
use crate::principal::need::Admin;
use crate::principal::need::ViaSession;
use crate::store::StoreError;
use crate::store::Tx;

/// How the list can be sorted.
const SORTS: [(&str, &str); 2] = [("", "Newest first"), ("oldest", "Oldest first")];

/// Grants that are ticked.
#[derive(Debug, Clone, Copy)]
struct TickedGrants;

impl Records for TickedGrants {
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
    }];

    fn name(&self, tx: &mut Tx<'_>, id: &str) -> Result<Option<Text>, StoreError> {
        let Some(id) = GrantId::parse(id) else { return Ok(None) };
        let Some(grant) = tx.grants().find(id)? else { return Ok(None) };
        let user = tx.users().names(&[grant.user])?.remove(&grant.user).unwrap_or_default();
        let (_, client) = tx.clients().names(&[grant.client])?.remove(&grant.client).unwrap_or_default();
        Ok(Some(Text::new("{$application}, by {$user}").with("application", client).with("user", user)))
    }

    fn carry_out(
        &self,
        tx: &mut Tx<'_>,
        _: &str,
        id: &str,
        _: &Reach,
        act: &Act,
    ) -> Result<Result<(), String>, StoreError> {
        let Some(id) = GrantId::parse(id) else { return Ok(Err(GONE.to_owned())) };
        Ok(if grants::revoke(tx, id, None, act)? { Ok(()) } else { Err(GONE.to_owned()) })
    }
}

/// What of the store stands on a page.
#[derive(Default)]
struct Read {
    found: Found<Grant>,
    users: BTreeMap<UserId, String>,
    clients: BTreeMap<ClientId, (String, String)>,
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
    let search = Search::read(&request, paths::GRANTS, TickedGrants::FIELDS)?;
    let order = Order { by: Age, is_descending: search.get("sort") != Some("oldest") };
    let (part, now, text) = (search.part(&app, order)?, app.now(), search.text());
    let (user, client) = (search.get("user").map(str::to_owned), search.get("client_id").map(str::to_owned));
    let read =
        app.store.read(move |tx| read(tx, text.clone(), (user.as_deref(), client.as_deref()), &part, now)).await?;
    respond::page(&GrantsPage {
        frame: frame::signed_in(&app, &who, paths::GRANTS).with_notice(search.notice()),
        search: form(&search, read.found.is_cut),
        bulk: bulk::bar::<TickedGrants>(&search),
        grants: read.found.records.iter().map(|grant| line(grant, &read, now)).collect(),
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
    bulk::post(&app, &who, &request, &form.0, TickedGrants).await
}

/// A part of the list; empty where somebody is named who is not there.
fn read(
    tx: &mut Tx<'_>,
    text: Option<String>,
    (user, client): (Option<&str>, Option<&str>),
    part: &Part<Age>,
    now: Timestamp,
) -> Result<Read, Refused> {
    let user = match named_user(tx, user)? {
        Some(None) => return Ok(Read::default()),
        user => user.flatten(),
    };
    let client = match client {
        Some(id) => match tx.clients().find_by_client_id(id)? {
            Some(client) => Some(client.id),
            None => return Ok(Read::default()),
        },
        None => None,
    };
    let found = tx.grants().search(&GrantFilter { text, user, client }, part, now)?;
    let users: Vec<UserId> = found.records.iter().map(|grant| grant.user).collect();
    let clients: Vec<ClientId> = found.records.iter().map(|grant| grant.client).collect();
    Ok(Read { users: tx.users().names(&users)?, clients: tx.clients().names(&clients)?, found })
}

fn form(search: &Search, is_cut: bool) -> SearchForm {
    let choices = vec![("sort", "Order", search.choices("sort", &SORTS))];
    search
        .form("A part of the name of a scope", choices, is_cut)
        .with_text("user", "User", search.get("user"))
        .with_text("client_id", "Client ID", search.get("client_id"))
}

fn line(grant: &Grant, read: &Read, now: Timestamp) -> GrantLine {
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
        german::check_list::<TickedGrants>(|search| form(search, false));
    }
}
