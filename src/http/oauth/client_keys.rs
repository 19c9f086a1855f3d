//! A client's public keys: those in its record, or those that it publishes (RFC 7591 §2), fetched through the one door.

use std::sync::Arc;

use crate::app::App;
use crate::domain::client_keys::Published;
use crate::domain::jose::jwk_set;
use crate::domain::jose::jwk_set::JwkSet;
use crate::domain::jose::jws::Jws;
use crate::model::client::Client;
use crate::model::https_url::HttpsUrl;
use crate::model::time::Lifetime;

/// How long published keys are used where their server does not say.
const UNSAID: Lifetime = Lifetime::from_seconds(300);
/// The least: an answer that may not be kept at all must not become a fetch for each request.
const FLOOR: Lifetime = Lifetime::from_seconds(30);
/// The longest: what a client takes off its page is to be forgotten here, whatever it said before.
const CEILING: Lifetime = Lifetime::from_hours(1);

/// The keys of `client`, among which the one that made `signed` is to be looked for. Not inside a transaction.
///
/// # Errors
/// Why there are none, as a sentence for whoever has to mend it.
pub async fn find(app: &App, client: &Client, signed: &Jws) -> Result<Arc<JwkSet>, String> {
    match (&client.jwks, &client.jwks_uri) {
        (Some(jwks), _) => {
            let keys = JwkSet::parse(jwks).map_err(|error| format!("the client's registered keys: {error}"))?;
            Ok(Arc::new(keys))
        }
        (None, Some(uri)) => app.client_keys.find(uri, signed, app.now(), || fetch(app, uri)).await,
        (None, None) => Err("the client has no public keys registered (jwks or jwks_uri)".to_owned()),
    }
}

async fn fetch(app: &App, uri: &str) -> Result<Published, String> {
    let url = HttpsUrl::parse(uri)?;
    let fetched = app.outbound.fetch(&url, jwk_set::LENGTH).await.map_err(|error| error.to_string())?;
    let text = String::from_utf8(fetched.body).map_err(|_| "is not UTF-8 text".to_owned())?;
    Ok(Published { text, lifetime: fetched.freshness.within(FLOOR, UNSAID, CEILING) })
}
