//! `/keys`: everybody's API keys, for administrators.

use std::collections::BTreeMap;

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::web::Data;

use crate::app::App;
use crate::app::languages::Text;
use crate::domain::bulk::Keys;
use crate::domain::overview::SOON;
use crate::domain::overview::UNUSED;
use crate::domain::users;
use crate::http::failure::Failure;
use crate::http::failure::Refused;
use crate::http::guard::PageForm;
use crate::http::pages::bulk;
use crate::http::pages::bulk::Deed;
use crate::http::pages::bulk::Ticked;
use crate::http::pages::frame;
use crate::http::pages::keys;
use crate::http::pages::listing::Search;
use crate::http::pages::views::console::KeyLine;
use crate::http::pages::views::console::KeysPage;
use crate::http::pages::views::console::Owner;
use crate::http::pages::views::search::SearchForm;
use crate::http::paths;
use crate::http::principal::Principal;
use crate::http::respond;
use crate::model::api_key::ApiKey;
use crate::model::api_key::KeyKind;
use crate::model::id::UserId;
use crate::model::listing::Found;
use crate::model::listing::KeyFilter;
use crate::model::listing::KeyKey;
use crate::model::listing::Order;
use crate::model::time::Timestamp;
use crate::principal::need::Admin;
use crate::principal::need::ViaSession;

/// How the list can be sorted.
const SORTS: [(&str, &str); 3] =
    [("", "Newest first"), ("oldest", "Oldest first"), ("end", "Those that end first, first")];

impl Ticked for Keys {
    const PATH: &'static str = paths::KEYS;
    const BULK_PATH: &'static str = paths::KEYS_BULK;
    const FIELDS: &'static [&'static str] = &["user", "kind", "state", "use"];
    const COUNTED: &'static str = "{$count} API keys";
    const DEEDS: &'static [Deed] = &[
        bulk::ENABLE,
        Deed {
            code: "disable",
            label: "Disable",
            question: "Disable {$count} API keys?",
            consequences: &["Requests that carry them are refused at once.", "They can be enabled again."],
            is_dangerous: false,
            wants_sign_in: false,
        },
        Deed {
            code: "revoke",
            label: "Revoke",
            question: "Revoke {$count} API keys?",
            consequences: &["Requests that carry them are refused at once.", "This can't be undone."],
            is_dangerous: true,
            wants_sign_in: false,
        },
    ];

    fn name((key, user): &(ApiKey, String)) -> Text {
        named(key).with("user", user.as_str())
    }
}

/// `GET /keys`, narrowed by `q`, `user`, `kind`, `state` and `use`, in the order `sort`.
///
/// # Errors
/// 400 where `after` is no cursor of this list.
pub async fn get(
    who: Principal<(Admin, ViaSession)>,
    request: HttpRequest,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let search = Search::read(&request, paths::KEYS, Keys::FIELDS)?;
    let order = match search.get("sort") {
        Some("oldest") => Order { by: KeyKey::Made, is_descending: false },
        Some("end") => Order { by: KeyKey::End, is_descending: false },
        _ => Order { by: KeyKey::Made, is_descending: true },
    };
    let (part, now) = (search.part(&app, order)?, app.now());
    let (filter, name) = (filter(&search, now), search.get("user").map(str::to_owned));
    let (found, names) = app
        .store
        .read(move |tx| {
            let mut filter = filter.clone();
            let found = match users::narrow(tx, name.as_deref())? {
                Some(None) => Found::default(),
                user => {
                    filter.kind.user = user.flatten();
                    tx.api_keys().search(&filter, &part)?
                }
            };
            let users: Vec<UserId> = found.records.iter().map(|key| key.user).collect();
            let names = tx.users().names(&users)?;
            Ok::<_, Refused>((found, names))
        })
        .await?;
    respond::page(&KeysPage {
        frame: frame::signed_in(&app, &who, paths::KEYS).with_notice(search.notice()),
        search: form(&search, found.is_cut),
        bulk: bulk::bar::<Keys>(&search),
        rows: found.records.iter().map(|key| line(key, &names, now)).collect(),
        pagination: search.pagination(&app, found.next.as_ref()),
    })
}

/// `POST /keys/bulk`: `act` to each `record`.
///
/// # Errors
/// 400 where nothing is ticked.
pub async fn post(
    who: Principal<(Admin, ViaSession)>,
    form: PageForm,
    request: HttpRequest,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    bulk::post(&app, &who, &request, &form.0, Keys(app.key_policy())).await
}

fn filter(search: &Search, now: Timestamp) -> KeyFilter {
    let (kind, usage) = (search.get("kind"), search.get("use"));
    let ends_soon = usage == Some("ends-soon");
    KeyFilter {
        text: search.text(),
        kind: KeyKind {
            user: None,
            imported: (kind == Some("imported")).then_some(true),
            decoy: kind.map(|kind| kind == "decoy"),
            enabled: search.get("state").map(|state| state == "enabled"),
            unused_since: (usage == Some("unused")).then(|| now.before(UNUSED)),
            expires_before: ends_soon.then(|| now + SOON),
        },
        expires_after: ends_soon.then_some(now),
    }
}

fn form(search: &Search, is_cut: bool) -> SearchForm {
    let kinds = [("", "Any"), ("made", "No decoys"), ("imported", "Imported"), ("decoy", "Decoys")];
    let states = [("", "Any"), ("enabled", "Enabled"), ("disabled", "Disabled")];
    let uses = [("", "Any"), ("unused", "None for 90 days"), ("ends-soon", "Ends within 14 days")];
    let choices = vec![
        ("kind", "Kind", search.choices("kind", &kinds)),
        ("state", "State", search.choices("state", &states)),
        ("use", "Use", search.choices("use", &uses)),
        ("sort", "Order", search.choices("sort", &SORTS)),
    ];
    search.form("A part of the name or of the API key", choices, is_cut).with_text("user", "User", search.get("user"))
}

/// What the key of somebody is called; who, comes in the place `{$user}`.
fn named(key: &ApiKey) -> Text {
    let text = Text::new("{$key} of {$user}");
    if key.name.is_empty() { text.saying("key", "Unnamed key") } else { text.with("key", key.name.as_str()) }
}

fn line(key: &ApiKey, names: &BTreeMap<UserId, String>, now: Timestamp) -> KeyLine {
    KeyLine { owner: Owner::new(key.user, names), key: keys::row(key, now) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::pages::german;

    #[test]
    fn german_has_all_of_the_list() {
        german::check_list::<Keys>(|search| form(search, false));
    }
}
