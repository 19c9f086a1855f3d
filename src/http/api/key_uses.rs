//! `/api/v1/keys/{key}/usage` and `/callers`: how a key is used, and what would break if it were revoked.

use std::collections::BTreeMap;

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::web::Data;
use actix_web::web::Path;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::domain::api_keys;
use crate::domain::key_uses;
use crate::http::api::keys::MayRead;
use crate::http::api::keys::target;
use crate::http::failure::Failure;
use crate::http::failure::Refused;
use crate::http::form::Parameters;
use crate::http::key_use;
use crate::http::paths;
use crate::http::principal::Principal;
use crate::model::key_use::KeyCaller;
use crate::model::key_use::KeyUsage;
use crate::model::key_use::ScopeUse;
use crate::model::time::Lifetime;
use crate::model::time::Timestamp;

/// The days that are shown where nothing is said.
const DAYS: u64 = 30;
/// The most days that are shown: counts are kept for no longer.
const MOST_DAYS: u64 = 730;

/// How often a key was used, by what became of it: `passed`, `would_fail` (it passed, and a trial says that it would not
/// without the key), `introspected`, `expired`, `disabled`, `revoked`, `address_not_allowed`, `limited`,
/// `insufficient_scope`, `missing_role`, `decoy`. What did not happen is left out.
type Outcomes = BTreeMap<&'static str, i64>;

/// How a key was used.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApiKeyUsage)]
pub struct UsageRecord {
    /// The days on which it was used, oldest first.
    days: Vec<DayRecord>,
    /// All of these days together: how often, by what became of it.
    #[schema(value_type = Object)]
    total: Outcomes,
    /// The scopes that its requests needed, as far as this server saw them.
    scopes: Vec<ScopeUseRecord>,
}

/// How a key was used on one day.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApiKeyUsageOfDay)]
struct DayRecord {
    /// The day, in UTC.
    #[schema(example = "2026-11-24")]
    date: String,
    /// How often, by what became of it: `passed`, `would_fail`, `introspected`, `expired`, `disabled`, `revoked`,
    /// `address_not_allowed`, `limited`, `insufficient_scope`, `missing_role`, `decoy`. What did not happen is left out.
    #[schema(value_type = Object)]
    outcomes: Outcomes,
}

/// A scope that requests of a key needed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApiKeyScopeUse)]
struct ScopeUseRecord {
    /// The scope.
    scope: String,
    /// When one needed it last, in Unix seconds.
    used_at: i64,
}

/// Who uses a key.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApiKeyCallers)]
pub struct CallersRecord {
    /// From where and by what it was used, the latest first; of many the latest 50.
    items: Vec<CallerRecord>,
}

/// From where and by what a key was used.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApiKeyCaller)]
struct CallerRecord {
    /// The address; null where it is not known. Of a key that an API asked about it is `client_ip`, where that was said.
    #[schema(required)]
    address: Option<String>,
    /// What the program called itself (`User-Agent`); null where it did not.
    #[schema(required)]
    agent: Option<String>,
    /// When it was first seen, in Unix seconds.
    first_at: i64,
    /// When it was last seen, in Unix seconds.
    last_at: i64,
    /// How many of its requests passed.
    uses: i64,
    /// How many of them would have failed, by the trial of a revocation that runs or ran last.
    would_fail: i64,
}

/// Shows how often an API key was used on each day, and which scopes its requests needed.
///
/// # Errors
/// 400 where the query is wrong, 404 where there is no such key, or it is another's, or was revoked.
#[utoipa::path(
    get, path = paths::API_KEY_USAGE, tag = "keys",
    params(
        ("key" = String, Path, description = "The key's id"),
        ("days" = Option<u64>, Query, minimum = 1, maximum = 730, description = "So many days up to today; 30 if not said"),
    ),
    responses((status = 200, description = "How it was used", body = UsageRecord))
)]
pub async fn usage(
    who: Principal<MayRead>,
    key: Path<String>,
    request: HttpRequest,
    app: Data<App>,
) -> Result<HttpResponse, Failure> {
    let (id, owner) = target(&key, who.whose()?)?;
    let since = app.now().before(Lifetime::from_days(days(&request)? - 1));
    key_use::write_now(&app, id).await;
    let (usage, scopes) = app
        .store
        .read(move |tx| {
            api_keys::find_of(tx, owner, id)?;
            let usage = tx.key_uses().usage(id, key_uses::day(since))?;
            Ok::<_, Refused>((usage, tx.key_uses().scopes(id)?))
        })
        .await?;
    Ok(HttpResponse::Ok().json(describe(&usage, scopes)))
}

/// Shows from where and by what an API key was used lately: what breaks if it is revoked.
///
/// # Errors
/// 404 where there is none, or it is another's, or was revoked.
#[utoipa::path(
    get, path = paths::API_KEY_CALLERS, tag = "keys", params(("key" = String, Path, description = "The key's id")),
    responses((status = 200, description = "Who uses it", body = CallersRecord))
)]
pub async fn callers(who: Principal<MayRead>, key: Path<String>, app: Data<App>) -> Result<HttpResponse, Failure> {
    let (id, owner) = target(&key, who.whose()?)?;
    key_use::write_now(&app, id).await;
    let callers = app
        .store
        .read(move |tx| {
            api_keys::find_of(tx, owner, id)?;
            Ok::<_, Refused>(tx.key_uses().callers(id)?)
        })
        .await?;
    Ok(HttpResponse::Ok().json(CallersRecord { items: callers.into_iter().map(caller).collect() }))
}

fn days(request: &HttpRequest) -> Result<u64, Failure> {
    let bad = |why: String| Failure::BadRequest(why);
    let query = Parameters::parse_oauth(request.query_string().as_bytes()).map_err(|error| bad(error.to_string()))?;
    if query.iter().any(|(name, _)| name != "days") {
        return Err(bad("the query has a parameter that is not known here; known are days".to_owned()));
    }
    match query.get("days").map(str::parse::<u64>) {
        None => Ok(DAYS),
        Some(Ok(days)) if (1..=MOST_DAYS).contains(&days) => Ok(days),
        Some(_) => Err(bad(format!("days must be a whole number from 1 to {MOST_DAYS}"))),
    }
}

fn describe(usage: &[KeyUsage], scopes: Vec<ScopeUse>) -> UsageRecord {
    let mut days: Vec<DayRecord> = Vec::new();
    let mut total = Outcomes::new();
    for KeyUsage { day, outcome, uses } in usage {
        let date = key_uses::date(*day);
        if days.last().is_none_or(|last| last.date != date) {
            days.push(DayRecord { date, outcomes: Outcomes::new() });
        }
        let of_day = days.last_mut().map(|last| &mut last.outcomes);
        for outcomes in of_day.into_iter().chain([&mut total]) {
            *outcomes.entry(outcome.as_str()).or_default() += uses;
        }
    }
    let scopes = scopes.into_iter().map(|used| ScopeUseRecord { scope: used.scope, used_at: used.used_at.seconds() });
    UsageRecord { days, total, scopes: scopes.collect() }
}

fn caller(caller: KeyCaller) -> CallerRecord {
    let known = |text: String| Some(text).filter(|text| !text.is_empty());
    CallerRecord {
        address: known(caller.address),
        agent: known(caller.agent),
        first_at: Timestamp::seconds(caller.first_at),
        last_at: Timestamp::seconds(caller.last_at),
        uses: caller.uses,
        would_fail: caller.would_fail,
    }
}
