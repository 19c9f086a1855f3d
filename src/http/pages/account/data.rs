//! `/account/data`: all that is kept about oneself, as a file of JSON. No secret is in it, and no hash of one.

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::Data;
use serde_json::Value;
use serde_json::json;

use crate::app::App;
use crate::domain::account::Application;
use crate::domain::factors::Factors;
use crate::domain::own_data;
use crate::domain::own_data::MOST_EVENTS;
use crate::domain::own_data::MOST_REFUSALS;
use crate::domain::own_data::OwnData;
use crate::domain::own_events::OwnEvent;
use crate::http::api::grants;
use crate::http::api::keys;
use crate::http::api::notices;
use crate::http::api::refusals;
use crate::http::api::sessions;
use crate::http::api::users;
use crate::http::failure::Failure;
use crate::http::pages::account::events::by;
use crate::http::principal::Principal;
use crate::http::refusals::write_now;
use crate::model::factor::Passkey;
use crate::model::factor::Totp;
use crate::model::time::Timestamp;
use crate::principal::need::ViaSession;

/// `GET /account/data`.
///
/// # Errors
/// Those of the guard.
pub async fn get(who: Principal<ViaSession>, app: Data<App>) -> Result<HttpResponse, Failure> {
    let (user, now) = (who.user_id()?, app.now());
    // What was refused a moment ago is in it too.
    write_now(&app).await;
    let data = app.store.read(move |tx| own_data::read(tx, user, now)).await?;
    // Deleted between the guard's look and ours.
    let data = data.ok_or(Failure::Unauthenticated { credential_given: false })?;
    let file =
        whole(&data, app.issuer.as_str(), now).map_err(|error| Failure::Internal { cause: error.to_string() })?;
    let day = now.to_string();
    let name = format!("hallpass-data-{}.json", day.split('T').next().unwrap_or_default());
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "application/json"))
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .body(file))
}

/// The records as the JSON API has them, so that programs which read those read these.
fn whole(data: &OwnData, issuer: &str, now: Timestamp) -> serde_json::Result<String> {
    let OwnData { account, events, refusals: refused } = data;
    let user = &account.ring.user;
    let name = || user.username.as_str().to_owned();
    let application = |Application { grant, client, .. }: &Application| {
        let client = (client.client_id.as_str().to_owned(), client.name.clone());
        grants::record(grant, name(), client)
    };
    let all = json!({
        "server": issuer,
        "made_at": now.seconds(),
        "user": users::record(user),
        "second_factors": factors(&account.factors),
        "sessions": account.sessions.iter().map(|session| sessions::record(session, name(), None)).collect::<Vec<_>>(),
        "applications": account.applications.iter().map(application).collect::<Vec<_>>(),
        "api_keys": account.ring.keys.iter().map(|key| keys::record(key, name())).collect::<Vec<_>>(),
        "notices": account.notices.iter().map(notices::record).collect::<Vec<_>>(),
        "events": events.iter().map(event).collect::<Vec<_>>(),
        "events_are_complete": i64::try_from(events.len()).is_ok_and(|count| count < MOST_EVENTS),
        "refused_requests": refused.iter().map(refusals::record).collect::<Vec<_>>(),
        "refused_requests_are_complete": i64::try_from(refused.len()).is_ok_and(|count| count < MOST_REFUSALS),
    });
    serde_json::to_string_pretty(&all)
}

/// What there is, but for what is secret of it.
fn factors(factors: &Factors) -> Value {
    let app = |totp: &Totp| json!({ "created_at": totp.created_at.seconds(), "last_used_at": totp.used_at.map(Timestamp::seconds) });
    let passkey = |passkey: &Passkey| {
        json!({
            "id": passkey.id.to_string(),
            "name": passkey.name,
            "created_at": passkey.created_at.seconds(),
            "last_used_at": passkey.used_at.map(Timestamp::seconds),
            "backup_eligible": passkey.backup_eligible,
            "backed_up": passkey.backed_up,
        })
    };
    json!({
        "has_password": factors.has_password,
        "authenticator_app": factors.totp.as_ref().map(app),
        "passkeys": factors.passkeys.iter().map(passkey).collect::<Vec<_>>(),
        "recovery_codes_left": factors.recovery_codes,
    })
}

fn event(event: &OwnEvent) -> Value {
    json!({
        "id": event.id.to_string(),
        "at": event.at.seconds(),
        "event": event.event,
        "what": event.sentence,
        "by": by(event.by),
        "address": event.address,
        "user_agent": event.user_agent,
    })
}
