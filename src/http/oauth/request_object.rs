//! The parameter `request` (RFC 9101 §5), in a browser's address or pushed by the client itself.

use crate::app::App;
use crate::domain::oauth::authorize::Parameters;
use crate::domain::oauth::error::ErrorCode;
use crate::domain::oauth::error::Refusal;
use crate::domain::oauth::metadata_document::DocumentError;
use crate::domain::oauth::request_object;
use crate::http::context::Context;
use crate::http::failure::Failure;
use crate::http::oauth::client_keys;
use crate::jose::jws::Jws;
use crate::model::client::Client;

/// The parameters that count: those in the request object, where there is one. Where it is no good, the parameters say
/// so (`refused`), and tell by what stands beside the object where that may be told: only a registered address is
/// ever used.
///
/// # Errors
/// What the database says.
pub async fn resolve(app: &App, context: &Context, parameters: Parameters) -> Result<Parameters, Failure> {
    let Some(text) = &parameters.request else { return Ok(parameters) };
    let (named, document, now) = (parameters.client_id.clone(), parameters.document.clone(), app.now());
    let found = app
        .store
        .look_up(move |tx| {
            let stored = tx.clients().find_by_client_id(named.as_deref().unwrap_or_default())?;
            match document {
                Some(document) => document.client(tx, stored, now).map(Some),
                None => Ok(stored),
            }
        })
        .await;
    let found = match found {
        Ok(found) => found,
        // Who asks for the client itself is told what is wrong with its document.
        Err(DocumentError::Refused(_)) => None,
        Err(DocumentError::Store(error)) => return Err(error.into()),
    };
    // An unknown client is refused as one, whatever it sent.
    let Some(client) = found.filter(|client| client.enabled) else { return Ok(parameters) };
    let outcome = match &parameters.request_uri {
        Some(_) => {
            let why = "request and request_uri exclude each other (RFC 9101 5)";
            Err(Refusal::new(ErrorCode::InvalidRequest, why))
        }
        None => read(app, context, &client, text).await,
    };
    let (unreadable, document) = (parameters.unreadable.clone(), parameters.document.clone());
    match outcome {
        Ok(inside) => Ok(Parameters { unreadable, document, ..inside }),
        Err(refusal) => Ok(Parameters { refused: Some(refusal), ..parameters }),
    }
}

async fn read(app: &App, context: &Context, client: &Client, text: &str) -> Result<Parameters, Refusal> {
    if !client.has_keys() {
        let why = "the client has no public keys registered (jwks or jwks_uri), so it cannot sign requests";
        return Err(Refusal::new(ErrorCode::RequestNotSupported, why));
    }
    let refuse =
        |why: String| Refusal::new(ErrorCode::InvalidRequestObject, format!("the request object is refused: {why}"));
    let signed = Jws::parse(text).map_err(|error| refuse(error.to_string()))?;
    let keys = client_keys::find(app, context, client, &signed).await.map_err(refuse)?;
    request_object::read(&signed, client, &keys, &app.issuer, app.now())
}
