//! What a request that shows an API key costs its limits, and what its owner will see of it.

use actix_web::HttpRequest;
use actix_web::http::header;

use crate::app::App;
use crate::domain::authenticate::KeyInUse;
use crate::domain::authenticate::Refusal;
use crate::domain::decoys;
use crate::domain::key_limits::Spent;
use crate::domain::key_uses::Caller;
use crate::http::context::Context;
use crate::http::failure::Failure;
use crate::model::key_use::KeyOutcome;
use crate::model::time::Timestamp;

/// Who makes `request`.
pub fn caller(request: &HttpRequest, context: &Context) -> Caller {
    let agent = request.headers().get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
    Caller::new(context.address, agent)
}

/// Takes one request of each of the key's limits.
///
/// # Errors
/// [`Failure::Limited`], or what the database says.
pub async fn spend(app: &App, context: &Context, key: &KeyInUse, now: Timestamp) -> Result<(), Failure> {
    if key.limits.is_empty() {
        return Ok(());
    }
    let spent = match app.key_shares.try_spend(key.id, &key.limits, now) {
        Some(spent) => spent,
        // On its own: whoever asks may be gone before the database has answered.
        None => {
            let (shares, store) = (app.key_shares.clone(), app.store.clone());
            let (id, limits) = (key.id, key.limits.clone());
            let asking = actix_web::rt::spawn(async move { shares.spend(&store, id, &limits, now).await });
            asking.await.map_err(|error| Failure::Internal { cause: error.to_string() })??
        }
    };
    match spent {
        Spent::Passes(windows) => {
            context.limits.replace(windows);
            Ok(())
        }
        Spent::Over { name, retry_after, windows } => {
            context.limits.replace(windows);
            Err(Failure::Limited { limit: name, retry_after })
        }
    }
}

/// Notes a refused key for its owner. A decoy raises its alarm, for which the answer does not wait: whoever tried it
/// must not learn by the time it takes that it is one.
pub fn note_refused(app: &App, context: &Context, refusal: &Refusal, caller: Caller, now: Timestamp) {
    let Refusal::Key(id, outcome) = refusal else { return };
    app.key_uses.note(*id, *outcome, &[], &caller, now);
    if *outcome != KeyOutcome::Decoy {
        return;
    }
    let (store, act, id) = (app.store.clone(), context.act_of(app, "somebody"), *id);
    tracing::error!(request_id = %context.request_id, key = %id, address = ?caller.address, "a decoy was tried");
    actix_web::rt::spawn(async move {
        if let Err(error) = store.write(move |tx| decoys::alarm(tx, id, &caller, &act)).await {
            tracing::error!(%error, key = %id, "the alarm of a decoy could not be written");
        }
    });
}

/// Notes what becomes of a key's request that was refused for what it lacks.
pub fn outcome_of(failure: &Failure) -> Option<KeyOutcome> {
    match failure {
        Failure::InsufficientScope { .. } => Some(KeyOutcome::InsufficientScope),
        Failure::MissingRole { .. } => Some(KeyOutcome::MissingRole),
        Failure::Limited { .. } => Some(KeyOutcome::Limited),
        _ => None,
    }
}
