//! Writing why requests were refused: once a second, aside, some at a time.

use std::time::Duration;

use actix_web::web::Data;
use tokio::time::MissedTickBehavior;

use crate::app::App;
use crate::domain::refusals;
use crate::store::StoreError;

/// How often it is written.
const EACH: Duration = Duration::from_secs(1);
/// Of which one transaction writes so many, so that it never holds the writer for long.
const STEP: usize = 50;
/// Every so many seconds, and whenever so many were written, the old ones are deleted.
const FORGETTING: u64 = 60;
const WRITTEN: usize = 500;
/// Others write in between.
const PAUSE: Duration = Duration::from_millis(20);

/// Writes what was refused, until the server stops.
pub async fn keep_writing(app: Data<App>) {
    let mut ticks = tokio::time::interval(EACH);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut written = 0;
    for second in 0_u64.. {
        ticks.tick().await;
        app.refusals.begin_second();
        written += write(&app).await;
        if second.is_multiple_of(FORGETTING) || written >= WRITTEN {
            written = 0;
            if let Err(error) = forget(&app).await {
                tracing::warn!(%error, "old refusals could not be deleted");
            }
        }
    }
}

/// Writes all that waits, and returns how many that were. What can't be written is put back, as far as there is room.
pub async fn write(app: &App) -> usize {
    let _writing = app.refusals.writing().await;
    let calls = app.refusals.take();
    let mut written = 0;
    let mut chunks = calls.chunks(STEP);
    while let Some(chunk) = chunks.next() {
        let writing = chunk.to_vec();
        if let Err(error) = app.store.write(move |tx| refusals::write(tx, &writing)).await {
            tracing::warn!(%error, "why requests were refused could not be written yet");
            let rest = chunk.iter().chain(chunks.flatten()).cloned().collect();
            app.metrics.refusals_dropped(app.refusals.put_back(rest));
            break;
        }
        written += chunk.len();
    }
    written
}

async fn forget(app: &App) -> Result<(), StoreError> {
    let keep = app.config.log.refusals_kept;
    loop {
        let now = app.now();
        if !app.store.write(move |tx| refusals::forget(tx, keep, now)).await? {
            return Ok(());
        }
        tokio::time::sleep(PAUSE).await;
    }
}
