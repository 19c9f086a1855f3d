//! `/sessions`: who is signed in, for administrators.

use std::collections::BTreeMap;

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::web::Data;

use crate::app::App;
use crate::app::languages::Text;
use crate::domain::bulk::Sessions;
use crate::domain::users;
use crate::http::failure::Failure;
use crate::http::failure::Refused;
use crate::http::guard::PageForm;
use crate::http::pages::bulk;
use crate::http::pages::bulk::Deed;
use crate::http::pages::bulk::Ticked;
use crate::http::pages::frame;
use crate::http::pages::listing::Search;
use crate::http::pages::views::browser::browser_text;
use crate::http::pages::views::console::Owner;
use crate::http::pages::views::console::SessionLine;
use crate::http::pages::views::console::SessionsPage;
use crate::http::pages::views::search::SearchForm;
use crate::http::pages::views::time::Moment;
use crate::http::paths;
use crate::http::principal::Principal;
use crate::http::respond;
use crate::model::id::SessionId;
use crate::model::id::UserId;
use crate::model::listing::Age;
use crate::model::listing::Found;
use crate::model::listing::Order;
use crate::model::listing::SessionFilter;
use crate::model::session::Session;
use crate::model::time::Timestamp;
use crate::principal::need::Admin;
use crate::principal::need::ViaSession;

/// How the list can be sorted.
const SORTS: [(&str, &str); 2] = [("", "Newest first"), ("oldest", "Oldest first")];

impl Ticked for Sessions {
    const PATH: &'static str = paths::SESSIONS;
    const BULK_PATH: &'static str = paths::SESSIONS_BULK;
    const FIELDS: &'static [&'static str] = &["user"];
    const COUNTED: &'static str = "{$count} sessions";
    const DEEDS: &'static [Deed] = &[Deed {
        code: "end",
        label: "End",
        question: "End {$count} sessions?",
        consequences: &[
            "Whoever uses them has to sign in again.",
            "Applications that these browsers signed in to are told, where they ask to be.",
        ],
        is_dangerous: false,
        wants_sign_in: false,
    }];

    fn name((session, user): &(Session, String)) -> Text {
        let browser = browser_text(&session.user_agent);
        Text::new("{$user}: {$browser}").with("user", user.as_str()).with_text("browser", browser)
    }
}

/// `GET /sessions`, narrowed by `q` and `user`, in the order `sort`.
///
/// # Errors
/// 400 where `after` is no cursor of this list.
pub async fn get(
    who: Principal<(Admin, ViaSession)>,
    request: HttpRequest,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let search = Search::read(&request, paths::SESSIONS, Sessions::FIELDS)?;
    let order = Order { by: Age, is_descending: search.get("sort") != Some("oldest") };
    let (part, now, text) = (search.part(&app, order)?, app.now(), search.text());
    let name = search.get("user").map(str::to_owned);
    let (found, names) = app
        .store
        .read(move |tx| {
            let found = match users::narrow(tx, name.as_deref())? {
                Some(None) => Found::default(),
                user => {
                    tx.sessions().search(&SessionFilter { text: text.clone(), user: user.flatten() }, &part, now)?
                }
            };
            let users: Vec<UserId> = found.records.iter().map(|session| session.user).collect();
            let names = tx.users().names(&users)?;
            Ok::<_, Refused>((found, names))
        })
        .await?;
    let current = who.session_id()?;
    respond::page(&SessionsPage {
        frame: frame::signed_in(&app, &who, paths::SESSIONS).with_notice(search.notice()),
        search: form(&search, found.is_cut),
        bulk: bulk::bar::<Sessions>(&search),
        rows: found.records.iter().map(|session| line(session, &names, current, now)).collect(),
        pagination: search.pagination(&app, found.next.as_ref()),
    })
}

/// `POST /sessions/bulk`: ends each `record`.
///
/// # Errors
/// 400 where nothing is ticked.
pub async fn post(
    who: Principal<(Admin, ViaSession)>,
    form: PageForm,
    request: HttpRequest,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    bulk::post(&app, &who, &request, &form.0, Sessions).await
}

fn form(search: &Search, is_cut: bool) -> SearchForm {
    let choices = vec![("sort", "Order", search.choices("sort", &SORTS))];
    search.form("A part of the address or of the browser's name", choices, is_cut).with_text(
        "user",
        "User",
        search.get("user"),
    )
}

fn line(session: &Session, names: &BTreeMap<UserId, String>, current: SessionId, now: Timestamp) -> SessionLine {
    SessionLine {
        id: session.id.to_string(),
        owner: Owner::new(session.user, names),
        browser: browser_text(&session.user_agent),
        address: session.address.clone(),
        is_current: session.id == current,
        signed_in: Moment::seen_from(session.authenticated_at, now),
        last_used: Moment::seen_from(session.seen_at, now),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::pages::german;

    #[test]
    fn german_has_all_of_the_list() {
        german::check_list::<Sessions>(|search| form(search, false));
    }
}
