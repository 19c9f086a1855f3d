//! `hallpass key show`, `callers` and `usage`: how a key is used, as far as servers have written it.

use std::collections::BTreeMap;

use serde_json::Value;
use serde_json::json;

use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::cli::keys::KeyCommandError;
use crate::cli::keys::record;
use crate::cli::keys::with_owner;
use crate::cli::output::Field;
use crate::cli::output::Record;
use crate::cli::words;
use crate::domain::api_keys;
use crate::domain::key_uses;
use crate::model::id::ApiKeyId;
use crate::model::key_use::KeyCaller;
use crate::model::key_use::KeyUsage;
use crate::model::time::Lifetime;

/// The days that `key show` counts together.
const DAYS: u64 = 30;

/// `key show`
pub async fn show(mut context: Context, id: &str) -> Result<(), Failure> {
    let id = words::id("an API key", id, ApiKeyId::parse)?;
    let since = key_uses::day(context.now.before(Lifetime::from_days(DAYS - 1)));
    let ((key, owner), unused, usage, callers) = context
        .store
        .read(move |tx| {
            let key = api_keys::find_of(tx, None, id)?;
            let unused = api_keys::unused_scopes(tx, &key)?;
            let (usage, callers) = (tx.key_uses().usage(id, since)?, tx.key_uses().callers(id)?);
            Ok::<_, KeyCommandError>((with_owner(tx, key)?, unused, usage, callers))
        })
        .await?;
    let mut total: BTreeMap<&str, i64> = BTreeMap::new();
    for used in &usage {
        *total.entry(used.outcome.as_str()).or_default() += used.uses;
    }
    let record = record(&key, &owner)
        .with("unused_scopes", unused.names())
        .with("uses_in_30_days", json!(total))
        .with("callers", callers.iter().map(in_json).collect::<Value>());
    Ok(context.output.record(record)?)
}

/// `key callers`
pub async fn callers(mut context: Context, id: &str) -> Result<(), Failure> {
    let id = words::id("an API key", id, ApiKeyId::parse)?;
    let callers = context
        .store
        .read(move |tx| {
            api_keys::find_of(tx, None, id)?;
            Ok::<_, KeyCommandError>(tx.key_uses().callers(id)?)
        })
        .await?;
    let line = |caller: &KeyCaller| {
        Record::new([
            ("address", known(&caller.address).into()),
            ("agent", known(&caller.agent).into()),
            ("first_at", Field::Time(Some(caller.first_at))),
            ("last_at", Field::Time(Some(caller.last_at))),
            ("uses", caller.uses.into()),
            ("would_fail", caller.would_fail.into()),
        ])
    };
    let columns = ["address", "agent", "first_at", "last_at", "uses", "would_fail"];
    Ok(context.output.list(&columns, callers.iter().map(line).collect())?)
}

/// `key usage`
pub async fn usage(mut context: Context, id: &str, days: u64) -> Result<(), Failure> {
    let id = words::id("an API key", id, ApiKeyId::parse)?;
    let since = key_uses::day(context.now.before(Lifetime::from_days(days.saturating_sub(1))));
    let usage = context
        .store
        .read(move |tx| {
            api_keys::find_of(tx, None, id)?;
            Ok::<_, KeyCommandError>(tx.key_uses().usage(id, since)?)
        })
        .await?;
    let line = |used: &KeyUsage| {
        Record::new([
            ("date", key_uses::date(used.day).into()),
            ("outcome", used.outcome.as_str().into()),
            ("uses", used.uses.into()),
        ])
    };
    Ok(context.output.list(&["date", "outcome", "uses"], usage.iter().map(line).collect())?)
}

fn known(text: &str) -> Value {
    if text.is_empty() { Value::Null } else { text.into() }
}

fn in_json(caller: &KeyCaller) -> Value {
    json!({
        "address": known(&caller.address),
        "agent": known(&caller.agent),
        "first_at": caller.first_at.seconds(),
        "last_at": caller.last_at.seconds(),
        "uses": caller.uses,
        "would_fail": caller.would_fail,
    })
}
