//! Telling applications that sessions have ended (OpenID Connect Back-Channel Logout §2.5): each node looks once a second
//! whether somebody is to be told, takes some, and tells them at the same time.

use std::time::Duration;

use actix_web::web::Data;
use tokio::time::MissedTickBehavior;

use crate::app::App;
use crate::domain::oauth::backchannel;
use crate::model::called_url::CalledUrl;
use crate::model::client::Client;
use crate::model::logout::LogoutDelivery;
use crate::outbound::Asker;
use crate::store::StoreError;

/// How often somebody looks.
const LOOK: Duration = Duration::from_secs(1);

/// Tells whoever is to be told, until the server stops.
pub async fn keep_telling(app: Data<App>) {
    let mut ticks = tokio::time::interval(LOOK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        if let Err(error) = tell_all(&app).await {
            tracing::warn!(%error, "applications could not be told that sessions have ended");
        }
    }
}

async fn tell_all(app: &Data<App>) -> Result<(), StoreError> {
    loop {
        let now = app.now();
        if !app.store.read(move |tx| backchannel::is_due(tx, now)).await? {
            return Ok(());
        }
        let taken = app.store.write(move |tx| backchannel::take(tx, now)).await?;
        let told =
            taken.into_iter().map(|(delivery, client)| actix_web::rt::spawn(tell(app.clone(), delivery, client)));
        // All have begun before the first is waited for.
        for one in told.collect::<Vec<_>>() {
            if let Ok(Err(error)) = one.await {
                tracing::warn!(%error, "that an application was told of the end of a session could not be written");
            }
        }
    }
}

/// Tells one client. Where it does not hear, its time comes again.
async fn tell(app: Data<App>, delivery: LogoutDelivery, client: Client) -> Result<(), StoreError> {
    let (client_id, attempt) = (client.client_id.as_str(), delivery.attempts + 1);
    match post(&app, &delivery, &client).await {
        // OpenID Connect Back-Channel Logout §2.8; some frameworks answer 204.
        Ok(200 | 204) => tracing::info!(client_id, attempt, "an application was told that a session has ended"),
        Ok(400) => {
            tracing::warn!(client_id, attempt, "an application refuses to hear that a session has ended (status 400)");
        }
        Ok(status) => {
            tracing::info!(client_id, attempt, status, "an application did not hear that a session has ended");
            return Ok(());
        }
        Err(why) => {
            tracing::info!(client_id, attempt, why, "an application could not be told that a session has ended");
            return Ok(());
        }
    }
    app.store.write(move |tx| tx.logout_deliveries().delete(delivery.id)).await
}

/// The status that the client answers with.
async fn post(app: &App, delivery: &LogoutDelivery, client: &Client) -> Result<u16, String> {
    let url = CalledUrl::parse(&delivery.uri)?;
    let ring = app.ring().await.map_err(|error| error.to_string())?;
    let token =
        backchannel::token(delivery, client, &ring, &app.issuer, app.now()).map_err(|error| error.to_string())?;
    let form = form_urlencoded::Serializer::new(String::new()).append_pair("logout_token", &token).finish();
    let asker = Asker::for_client(client.origin);
    app.outbound.post(&url, form, app.issuer.is_loopback(), asker).await.map_err(|error| error.to_string())
}
