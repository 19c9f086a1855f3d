//! `/users`: the list.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::web::Data;

use crate::app::App;
use crate::domain::bulk::Users;
use crate::domain::roles;
use crate::domain::roles::Described;
use crate::http::failure::Failure;
use crate::http::failure::Refused;
use crate::http::pages::bulk;
use crate::http::pages::bulk::Ticked;
use crate::http::pages::frame;
use crate::http::pages::listing::Search;
use crate::http::pages::views::search::SearchForm;
use crate::http::pages::views::users::UserRow;
use crate::http::pages::views::users::UsersListPage;
use crate::http::paths;
use crate::http::principal::Principal;
use crate::http::respond;
use crate::model::email::Email;
use crate::model::listing::Order;
use crate::model::listing::UserFilter;
use crate::model::listing::UserKey;
use crate::model::role::RoleName;
use crate::model::user::User;
use crate::model::user::UserKind;
use crate::principal::need::Admin;
use crate::principal::need::ViaSession;

/// How the list can be sorted.
const SORTS: [(&str, &str); 4] =
    [("", "Oldest first"), ("newest", "Newest first"), ("name", "Name, A to Z"), ("name-down", "Name, Z to A")];

/// `GET /users`, narrowed by `q`, `role`, `kind` and `state`, in the order `sort`.
///
/// # Errors
/// 400 where `after` is no cursor of this list.
pub async fn get(
    who: Principal<(Admin, ViaSession)>,
    request: HttpRequest,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let search = Search::read(&request, paths::USERS, Users::FIELDS)?;
    let order = match search.get("sort") {
        Some("newest") => Order { by: UserKey::Made, is_descending: true },
        Some("name") => Order { by: UserKey::Name, is_descending: false },
        Some("name-down") => Order { by: UserKey::Name, is_descending: true },
        _ => Order::default(),
    };
    let bad = |name: &str| Failure::BadRequest(format!("{name} is none that there can be; choose one on the page"));
    let filter = UserFilter {
        text: search.text(),
        // What can't be is refused: a filter that is misspelt must not show everybody.
        role: search.get("role").map(|name| RoleName::parse(name).map_err(|_| bad("role"))).transpose()?,
        kind: search.get("kind").map(|kind| UserKind::parse(kind).ok_or_else(|| bad("kind"))).transpose()?,
        enabled: search.get("state").map(|state| state == "enabled"),
    };
    let part = search.part(&app, order)?;
    let read = app.store.read(move |tx| Ok::<_, Refused>((tx.users().search(&filter, &part)?, roles::all_roles(tx)?)));
    let (found, roles) = read.await?;
    respond::page(&UsersListPage {
        frame: frame::signed_in(&app, &who, paths::USERS).with_notice(search.notice()),
        search: form(&search, &roles, found.is_cut),
        bulk: bulk::bar::<Users>(&search),
        rows: found.records.iter().map(row).collect(),
        pagination: search.pagination(&app, found.next.as_ref()),
    })
}

fn form(search: &Search, roles: &[Described], is_cut: bool) -> SearchForm {
    let mut holders = vec![("", "Any")];
    holders.extend(roles.iter().map(|role| (role.name.as_str(), role.name.as_str())));
    let kinds = [("", "Any"), ("person", "People"), ("service", "Service accounts")];
    let states = [("", "Any"), ("enabled", "Enabled"), ("disabled", "Disabled")];
    let choices = vec![
        ("role", "Role", search.choices("role", &holders)),
        ("kind", "Kind", search.choices("kind", &kinds)),
        ("state", "State", search.choices("state", &states)),
        ("sort", "Order", search.choices("sort", &SORTS)),
    ];
    search.form("A part of the user name, the full name or the e-mail address", choices, is_cut)
}

fn row(user: &User) -> UserRow {
    UserRow {
        id: user.id.to_string(),
        username: user.username.as_str().to_owned(),
        full_name: user.full_name.clone(),
        email: user.email.as_ref().map(Email::as_str).unwrap_or_default().to_owned(),
        roles: user.roles.names(),
        is_service: user.kind == UserKind::Service,
        is_enabled: user.enabled,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::pages::german;

    #[test]
    fn german_has_all_of_the_list() {
        german::check_list::<Users>(|search| form(search, &[], false));
    }
}
