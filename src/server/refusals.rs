//! Writing why requests were refused: once a second, aside, some at a time.

use std::time::Duration;

use actix_web::web::Data;
use tokio::time::MissedTickBehavior;

use crate::app::App;
use crate::domain::refusals;
use crate::http::refusals::write_now;
use crate::store::StoreError;

/// How often it is written.
const EACH: Duration = Duration::from_secs(1);
/// Every so many seconds the old ones are deleted, and sooner where more were written than a tenth of what is kept.
const FORGETTING: u64 = 60;
/// Others write in between.
const PAUSE: Duration = Duration::from_millis(20);

/// Writes what was refused, until the server stops.
pub async fn keep_writing(app: Data<App>) {
    let mut ticks = tokio::time::interval(EACH);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let too_many = usize::try_from(app.config.log.refusals_kept / 10).unwrap_or(usize::MAX);
    let mut written = 0;
    for second in 0_u64.. {
        ticks.tick().await;
        app.refusals.begin_second();
        written += write_now(&app).await;
        if second.is_multiple_of(FORGETTING) || written > too_many {
            written = 0;
            if let Err(error) = forget(&app).await {
                tracing::warn!(%error, "old refusals could not be deleted");
            }
        }
    }
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
