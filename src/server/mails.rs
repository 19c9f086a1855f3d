//! Sending mail: each node looks once a second whether some waits, takes some, and hands it to the mail server. Where no mail
//! leaves, a node looks when somebody has asked for mail there.

use std::sync::Arc;
use std::time::Duration;

use actix_web::rt::task;
use actix_web::web::Data;
use tokio::time::MissedTickBehavior;

use crate::app::App;
use crate::domain::mails;
use crate::http::mails::write;
use crate::model::mail::Letter;
use crate::outbound::smtp::PostError;
use crate::outbound::smtp::Postman;
use crate::store::StoreError;

/// How often somebody looks.
const LOOK: Duration = Duration::from_secs(1);
/// How often where no mail leaves: for what a server left that has stopped. Nothing is tried again there.
const LOOK_WITHOUT_MAIL: Duration = Duration::from_secs(60);

/// Sends what waits, until the server stops. Without a postman no mail leaves; the log says that somebody asked.
pub async fn keep_posting(app: Data<App>, postman: Option<Arc<Postman>>) {
    let mut ticks = tokio::time::interval(if postman.is_some() { LOOK } else { LOOK_WITHOUT_MAIL });
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            () = app.mail_waits.notified() => {}
        }
        if let Err(error) = post_all(&app, postman.as_ref()).await {
            tracing::warn!(%error, "mail that waits could not be sent");
        }
    }
}

async fn post_all(app: &Data<App>, postman: Option<&Arc<Postman>>) -> Result<(), StoreError> {
    loop {
        let now = app.now();
        if !app.store.read(move |tx| mails::is_due(tx, now)).await? {
            return Ok(());
        }
        let keys = postman.map(|_| app.keys.clone());
        let taken = app.store.write(move |tx| mails::take(tx, keys.as_ref(), now)).await?;
        let posted = taken.into_iter().map(|letter| actix_web::rt::spawn(post(app.clone(), postman.cloned(), letter)));
        // All have begun before the first is waited for.
        for one in posted.collect::<Vec<_>>() {
            if let Ok(Err(error)) = one.await {
                tracing::warn!(%error, "that a mail was sent could not be written");
            }
        }
    }
}

/// Sends one mail. Where that fails, its time comes again.
async fn post(app: Data<App>, postman: Option<Arc<Postman>>, letter: Letter) -> Result<(), StoreError> {
    let (mail, kind) = (letter.mail.id, letter.mail.kind.as_str());
    let attempt = letter.mail.attempts + 1;
    let outcome = match postman {
        None => {
            let reader = letter.reader.as_deref().unwrap_or_default();
            tracing::info!(kind, user = reader, "a mail was asked for, and this server sends none (mail.transport)");
            Ok(())
        }
        Some(postman) => hand_over(&app, postman, letter).await,
    };
    match outcome {
        Ok(()) if attempt > 1 => tracing::info!(%mail, kind, attempt, "a mail was sent after all"),
        Ok(()) => tracing::debug!(%mail, kind, "a mail was dealt with"),
        Err(error @ PostError::Refused(_)) => tracing::warn!(%mail, kind, %error, "a mail could not be sent"),
        Err(error @ PostError::NotYet(_)) => {
            tracing::warn!(%mail, kind, attempt, %error, "a mail could not be sent yet");
            return Ok(());
        }
    }
    app.store.write(move |tx| tx.mails().delete(mail)).await.map(drop)
}

async fn hand_over(app: &Data<App>, postman: Arc<Postman>, letter: Letter) -> Result<(), PostError> {
    let not_yet = |error: &dyn std::fmt::Display| PostError::NotYet(error.to_string());
    let wanted = letter.language.as_deref().and_then(|tag| app.languages.find([tag]));
    let language = wanted.unwrap_or_else(|| app.languages.usual());
    let text = write(&letter, &app.issuer, &language).map_err(|error| not_yet(&error))?;
    let now = app.now();
    // The conversation with the mail server waits for its answers.
    let posting = task::spawn_blocking(move || postman.post(&letter, &text.subject, text.body, now));
    posting.await.map_err(|error| not_yet(&error))?
}
