//! A client's public keys: those in its record, or those that it publishes (RFC 7591 §2), fetched through the one door.

use std::sync::Arc;

use crate::app::App;
use crate::domain::client_keys::NotFetched;
use crate::domain::client_keys::Published;
use crate::http::context::Context;
use crate::http::oauth::metadata_document::network;
use crate::jose::jwk_set;
use crate::jose::jwk_set::JwkSet;
use crate::jose::jws::Jws;
use crate::model::client::Client;
use crate::model::https_url::HttpsUrl;
use crate::model::time::Lifetime;
use crate::outbound::Asker;
use crate::outbound::FetchError;

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
pub async fn find(app: &App, context: &Context, client: &Client, signed: &Jws) -> Result<Arc<JwkSet>, String> {
    match (&client.jwks, &client.jwks_uri) {
        (Some(jwks), _) => {
            let keys = JwkSet::parse(jwks).map_err(|error| format!("the client's registered keys: {error}"))?;
            Ok(Arc::new(keys))
        }
        (None, Some(uri)) => app.client_keys.find(uri, signed, app.now(), || fetch(app, context, client, uri)).await,
        (None, None) => Err("the client has no public keys registered (jwks or jwks_uri)".to_owned()),
    }
}

async fn fetch(app: &App, context: &Context, client: &Client, uri: &str) -> Result<Published, NotFetched> {
    let url = HttpsUrl::parse(uri)?;
    let asker = Asker::for_client(client.origin);
    if asker == Asker::Stranger {
        // Strangers name this address as they name those of documents, so they have no more of them together.
        let counted = app.documents.count(&network(context), app.document_fetch_limit(), app.now());
        counted.map_err(|wait| NotFetched {
            why: format!("is not asked for: too many were from this address; try again in {} s", wait.seconds_up()),
            is_lasting: false,
        })?;
    }
    let fetched = app.outbound.fetch(&url, jwk_set::LENGTH, asker).await;
    let fetched =
        fetched.map_err(|error| NotFetched { why: error.to_string(), is_lasting: error != FetchError::NoTurn })?;
    let text = String::from_utf8(fetched.body).map_err(|_| "is not UTF-8 text".to_owned())?;
    Ok(Published { text, lifetime: fetched.freshness.within(FLOOR, UNSAID, CEILING) })
}
