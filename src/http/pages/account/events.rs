//! `/account/events`: what happened to one's own account, newest first.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::web::Data;

use crate::app::App;
use crate::domain::own_events;
use crate::domain::own_events::Doer;
use crate::domain::own_events::OwnEvent;
use crate::http::failure::Failure;
use crate::http::pages::account::own;
use crate::http::pages::frame;
use crate::http::pages::listing;
use crate::http::pages::views::account_events::AccountEventsPage;
use crate::http::pages::views::account_events::EventRow;
use crate::http::pages::views::browser::browser_text;
use crate::http::pages::views::place::place;
use crate::http::pages::views::time::Moment;
use crate::http::paths;
use crate::http::principal::Principal;
use crate::http::respond;
use crate::model::id::AuditId;
use crate::model::time::Timestamp;
use crate::principal::need::ViaSession;

/// `GET /account/events`.
///
/// # Errors
/// 400 where `after` is no entry's id.
pub async fn get(who: Principal<ViaSession>, request: HttpRequest, app: Data<App>) -> Result<HttpResponse, Failure> {
    let after = listing::after(&request, AuditId::parse)?;
    let (user, now) = (own(&app, &who).await?, app.now());
    let own_address = who.session()?.address.clone();
    let mut events = app.store.read(move |tx| own_events::page(tx, &user, after, listing::ASK)).await?;
    let id = |event: &OwnEvent| event.id.to_string();
    let pagination = listing::paginate(paths::ACCOUNT_EVENTS, after.is_none(), &mut events, id);
    respond::page(&AccountEventsPage {
        frame: frame::signed_in(&app, &who, paths::ACCOUNT_EVENTS),
        events: events.iter().map(|event| row(event, &own_address, now)).collect(),
        pagination,
    })
}

fn row(event: &OwnEvent, own_address: &str, now: Timestamp) -> EventRow {
    let address = event.address.clone().unwrap_or_default();
    EventRow {
        sentence: event.sentence,
        at: Moment::seen_from(event.at, now),
        by: by(event.by),
        place: place(&address, own_address),
        address,
        browser: event.user_agent.as_deref().map(browser_text),
    }
}

/// Who did it, as the page says it; empty where nothing is to be said.
pub fn by(doer: Doer) -> &'static str {
    match doer {
        Doer::You => "by you",
        Doer::Anybody => "",
        Doer::Administrator => "by an administrator",
        Doer::Operator => "by whoever runs this server",
    }
}
