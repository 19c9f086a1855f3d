//! What a request that shows an API key costs its limits, and what its owner will see of it.

use actix_web::HttpRequest;
use actix_web::http::header;

use crate::app::App;
use crate::domain::authenticate::KeyFault;
use crate::domain::authenticate::KeyInUse;
use crate::domain::authenticate::Presented;
use crate::domain::authenticate::Refusal;
use crate::domain::decoys;
use crate::domain::key_limits::Spent;
use crate::domain::key_uses;
use crate::domain::key_uses::Caller;
use crate::http::context::Context;
use crate::http::failure::Failure;
use crate::model::id::ApiKeyId;
use crate::model::key_use::KeyOutcome;
use crate::model::secret::Secret;
use crate::model::time::Timestamp;
use crate::model::token::Token;
use crate::model::token::TokenKind;

/// Who makes `request`.
pub fn caller<'r>(request: &'r HttpRequest, context: &Context) -> Caller<'r> {
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
pub fn note_refused(app: &App, context: &Context, refusal: &Refusal, caller: Caller<'_>, now: Timestamp) {
    let Refusal::Key { id, fault, .. } = refusal else { return };
    app.key_uses.note(*id, fault.outcome(), &[], &caller, now);
    if *fault != KeyFault::Decoy {
        return;
    }
    let (store, act, id, caller) = (app.store.clone(), context.act_of(app, "somebody"), *id, caller.into_owned());
    let request_id = context.request_id.clone();
    actix_web::rt::spawn(async move {
        tracing::error!(request_id, key = %id, address = ?caller.address, "a decoy was tried");
        if let Err(error) = store.write(move |tx| decoys::alarm(tx, id, &caller, &act)).await {
            tracing::error!(%error, key = %id, "the alarm of a decoy could not be written");
        }
    });
}

/// An API key that is exchanged (RFC 8693 §2.1) is used by that: it counts, and one that is refused is noted. Whatever is
/// no key is left to the grant itself.
///
/// # Errors
/// [`Failure::Limited`], or what the database says.
pub async fn exchange(app: &App, context: &Context, token: &Secret) -> Result<(), Failure> {
    let Some(token) = Token::parse_as(TokenKind::ApiSecret, token.expose()) else { return Ok(()) };
    let (presented, address, now) =
        (Presented::ApiKey { name: None, secret: token.hash() }, context.address, app.now());
    let caller = Caller::new(address, None);
    match app.memory.find(&presented, address, now).await?.as_ref().map(|found| &found.key) {
        Ok(Some(key)) => {
            let spent = spend(app, context, key, now).await;
            let outcome = spent.as_ref().err().map_or(Some(key.passed()), outcome_of);
            if let Some(outcome) = outcome {
                app.key_uses.note(key.id, outcome, &[], &caller, now);
            }
            spent
        }
        Ok(_) => Ok(()),
        Err(refusal) => {
            note_refused(app, context, refusal, caller, now);
            Ok(())
        }
    }
}

/// Writes what was gathered about one key, before it is shown. Where that fails it is written later, like all else.
pub async fn write_now(app: &App, key: ApiKeyId) {
    let _writing = app.key_uses.writing().await;
    let Some(gathered) = app.key_uses.take_of(key) else { return };
    let writing = [(key, gathered.clone())];
    if let Err(error) = app.store.write(move |tx| key_uses::write(tx, &writing)).await {
        tracing::warn!(%error, %key, "how a key was used could not be written yet");
        app.key_uses.put_back(key, gathered);
    }
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
