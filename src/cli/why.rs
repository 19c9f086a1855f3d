//! `hallpass why ID`: which check refused a request.

use std::time::Duration;

use clap::Args;
use serde_json::Value;
use serde_json::json;

use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::cli::output::Field;
use crate::cli::output::Record;
use crate::domain::refusals::check::Check;
use crate::domain::refusals::look;
use crate::domain::refusals::look::Seen;
use crate::model::id::CallId;
use crate::model::refusal::CheckState;
use crate::model::time::Lifetime;
use crate::model::time::Timestamp;

/// `why`
#[derive(Debug, Args)]
pub struct WhyArguments {
    /// The request's id: on its error page, in the header X-Request-Id of its answer, or in the log
    pub id: String,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// A server writes what it refused once a second; so long a command waits for it.
const PATIENCE: u32 = 20;
const STEP: Duration = Duration::from_millis(100);

/// Carries out the command.
pub async fn run(mut context: Context, arguments: WhyArguments) -> Result<(), Failure> {
    let text = arguments.id.trim().to_ascii_lowercase();
    let id = CallId::parse(&text).ok_or_else(|| {
        let why =
            "a request's id is 32 hex digits; it stands on error pages, in the header X-Request-Id and in the log";
        Failure(why.to_owned())
    })?;
    let seen = find(&context, id).await?.ok_or_else(|| {
        let why = "nothing is known of a refused request with this id: it is of another server, was not refused by a check, \
                   is more than a week old or made way for newer ones (log.refusals_kept), or too many came at once";
        Failure(why.to_owned())
    })?;
    if context.output.is_json() {
        return Ok(context.output.record(record(&seen))?);
    }
    context.output.record(facts(&seen))?;
    context.output.line("")?;
    for made in &seen.call.checks {
        let holds = Check::sentence_of(&made.name);
        context.output.line(&format!("{:<11}  {holds}", made.state.word()))?;
        for (what, text) in [("expected", &made.expected), ("came", &made.came)] {
            if made.state == CheckState::Failed || what == "came" && !text.is_empty() {
                context.output.line(&format!("{:<11}  {what}: {text}", ""))?;
            }
        }
    }
    if let Some(check) = Check::parse(&seen.call.failed) {
        context.output.line("")?;
        context.output.line(&format!("What to do: {}", check.advice()))?;
    }
    Ok(())
}

/// The refusal, which a server may be about to write.
async fn find(context: &Context, id: CallId) -> Result<Option<Seen>, Failure> {
    for _ in 0..PATIENCE {
        if let Some(seen) = context.store.read(move |tx| look::find(tx, id)).await? {
            return Ok(Some(seen));
        }
        if !is_new(id, context.now) {
            return Ok(None);
        }
        tokio::time::sleep(STEP).await;
    }
    Ok(None)
}

/// Whether the request was made in the last seconds: its id begins with the time (RFC 9562 §5.7).
fn is_new(id: CallId, now: Timestamp) -> bool {
    let made = id.as_bytes().iter().take(6).fold(0_i64, |millis, byte| (millis << 8) | i64::from(*byte));
    now.since(Timestamp::from_millis(made)) < Lifetime::from_seconds(10)
}

/// What is said of the request before its checks.
fn facts(seen: &Seen) -> Record {
    let named = |id: Option<&str>, name: Option<&str>| match (id, name) {
        (Some(id), Some(name)) => Value::from(format!("{id} ({name})")),
        (id, _) => Value::from(id),
    };
    let call = &seen.call;
    Record::new([
        ("request", call.id.to_string().into()),
        ("at", Field::Time(Some(call.at))),
        ("route", format!("{} {}", call.method, call.route).into()),
        ("status", call.status.into()),
        ("client", named(call.client.as_deref(), seen.client_name.as_deref()).into()),
        ("user", named(call.user.as_deref(), seen.user_name.as_deref()).into()),
        ("credential", named(call.credential.as_deref(), seen.key_name.as_deref()).into()),
        ("address", Value::from(call.address.as_deref()).into()),
    ])
}

/// The whole for programs.
fn record(seen: &Seen) -> Record {
    let call = &seen.call;
    let checks: Vec<Value> = call
        .checks
        .iter()
        .map(|made| {
            json!({
                "check": made.name,
                "state": made.state.as_str(),
                "holds": Check::parse(&made.name).map_or("", Check::holds),
                "expected": made.expected,
                "came": made.came,
            })
        })
        .collect();
    Record::new([
        ("id", call.id.to_string().into()),
        ("at", Field::Time(Some(call.at))),
        ("surface", call.surface.as_str().into()),
        ("method", call.method.as_str().into()),
        ("route", call.route.as_str().into()),
        ("status", call.status.into()),
        ("client_id", Value::from(call.client.as_deref()).into()),
        ("client_name", Value::from(seen.client_name.as_deref()).into()),
        ("user", Value::from(call.user.as_deref()).into()),
        ("username", Value::from(seen.user_name.as_deref()).into()),
        ("credential", Value::from(call.credential.as_deref()).into()),
        ("key_name", Value::from(seen.key_name.as_deref()).into()),
        ("address", Value::from(call.address.as_deref()).into()),
        ("failed", call.failed.as_str().into()),
        ("advice", Check::parse(&call.failed).map_or("", Check::advice).into()),
        ("checks", Value::from(checks).into()),
    ])
}
