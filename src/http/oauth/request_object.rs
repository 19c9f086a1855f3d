//! The parameters `request` (RFC 9101 §5.1) and `request_uri` (RFC 9101 §5.2), in a browser's address or pushed by the
//! client itself.

use crate::app::App;
use crate::domain::oauth::authorize::Parameters;
use crate::domain::oauth::error::ErrorCode;
use crate::domain::oauth::error::Refusal;
use crate::domain::oauth::metadata_document::DocumentError;
use crate::domain::oauth::par;
use crate::domain::oauth::request_object;
use crate::http::context::Context;
use crate::http::failure::Failure;
use crate::http::oauth::client_keys;
use crate::http::oauth::metadata_document::network;
use crate::jose::jws;
use crate::jose::jws::Jws;
use crate::jose::jws::JwsError;
use crate::model::client::Client;
use crate::outbound::Asker;
use crate::outbound::Kind;

/// The parameters that count: those in the request object, where there is one. Where it is no good, the parameters say
/// so (`refused`), and tell by what stands beside the object where that may be told: only a registered address is
/// ever used.
///
/// # Errors
/// What the database says.
pub async fn resolve(app: &App, context: &Context, parameters: Parameters) -> Result<Parameters, Failure> {
    let reference = parameters.request_uri.as_deref().filter(|uri| !par::is_reference(uri));
    if parameters.request.is_none() && reference.is_none() {
        return Ok(parameters);
    }
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
    let outcome = match (&parameters.request, &parameters.request_uri) {
        (Some(_), Some(_)) => {
            let why = "request and request_uri exclude each other (RFC 9101 5)";
            Err(Refusal::new(ErrorCode::InvalidRequest, why))
        }
        (Some(text), None) => read(app, context, &client, text, ErrorCode::RequestNotSupported).await,
        (None, Some(uri)) => match fetch(app, context, &client, uri).await {
            Ok(text) => read(app, context, &client, &text, ErrorCode::RequestUriNotSupported).await,
            Err(refusal) => Err(refusal),
        },
        (None, None) => return Ok(parameters),
    };
    let (unreadable, document) = (parameters.unreadable.clone(), parameters.document.clone());
    match outcome {
        Ok(inside) => Ok(Parameters { unreadable, document, ..inside }),
        Err(refusal) => Ok(Parameters { refused: Some(refusal), ..parameters }),
    }
}

/// The object at `uri`, which must be one that the client registered: nobody else makes this server ask for anything
/// (RFC 9101 §10.4).
async fn fetch(app: &App, context: &Context, client: &Client, uri: &str) -> Result<String, Refusal> {
    let url = request_object::registered(client, uri)?;
    let refuse = |why: String| Refusal::new(ErrorCode::InvalidRequestUri, format!("the document at request_uri {why}"));
    let counted = app.documents.count(&network(context), app.document_fetch_limit(), app.now());
    counted.map_err(|wait| {
        refuse(format!("is not asked for: too many were from this address; try again in {} s", wait.seconds_up()))
    })?;
    let asker = Asker::for_client(client.origin);
    let fetched = app.outbound.fetch_kind(&url, Kind::RequestObject, jws::LENGTH, asker).await;
    let fetched = fetched.map_err(|error| refuse(error.to_string()))?;
    let text = String::from_utf8(fetched.body).map_err(|_| refuse("is no text".to_owned()))?;
    let text = text.trim_end_matches(['\r', '\n']).to_owned();
    if !request_object::is_what_was_named(uri, &text) {
        return Err(refuse("is not the one whose hash stands behind the # (OpenID Connect Core 6.2)".to_owned()));
    }
    Ok(text)
}

/// The parameters in the object. One that is not signed is refused with `unsigned`.
async fn read(
    app: &App,
    context: &Context,
    client: &Client,
    text: &str,
    unsigned: ErrorCode,
) -> Result<Parameters, Refusal> {
    if !client.has_keys() {
        let why = "the client has no public keys registered (jwks or jwks_uri), so it cannot sign requests";
        return Err(Refusal::new(unsigned, why));
    }
    let refuse =
        |why: String| Refusal::new(ErrorCode::InvalidRequestObject, format!("the request object is refused: {why}"));
    let signed = Jws::parse(text).map_err(|error| match error {
        // Whoever must sign and does not has made a mistake.
        JwsError::Unsigned if !client.require_signed_request => {
            Refusal::new(unsigned, "request objects that are not signed (alg none) are not read here")
        }
        error => refuse(error.to_string()),
    })?;
    let keys = client_keys::find(app, context, client, &signed).await.map_err(refuse)?;
    request_object::read(&signed, client, &keys, &app.issuer, app.now())
}
