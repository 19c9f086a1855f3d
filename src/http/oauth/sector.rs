//! Whose clients share the subjects of a client: the list at its `sector_identifier_uri` (OpenID Connect Dynamic Client
//! Registration §5), fetched through the one door.

use crate::app::App;
use crate::domain::oauth::error::ErrorCode;
use crate::domain::oauth::error::Refusal;
use crate::domain::oauth::register::RegisterError;
use crate::http::context::Context;
use crate::http::failure::Failure;
use crate::http::oauth::metadata_document::network;
use crate::json;
use crate::model::https_url::HttpsUrl;
use crate::model::openid::OpenIdMetadata;
use crate::model::redirect_uri::RedirectUri;
use crate::outbound::Asker;

/// The most bytes that a list may have.
const MOST_BYTES: usize = 64 * 1024;

/// Refuses a client that says it is of a sector whose list has not all of its redirect URIs: it would learn who the users
/// of others are. Not inside a transaction.
///
/// # Errors
/// `invalid_client_metadata`, or 429 where too much was fetched for this address.
pub async fn check(
    app: &App,
    context: &Context,
    openid: &OpenIdMetadata,
    redirect_uris: &[RedirectUri],
) -> Result<(), Failure> {
    let Some(uri) = &openid.sector_identifier_uri else { return Ok(()) };
    let refuse = |why: String| {
        let refusal = Refusal::new(ErrorCode::InvalidClientMetadata, format!("sector_identifier_uri {why}"));
        Failure::from(RegisterError::Refused(refusal))
    };
    let url = HttpsUrl::parse(uri).map_err(|why| refuse(why.to_string()))?;
    let counted = app.documents.count(&network(context), app.document_fetch_limit(), app.now());
    counted.map_err(|retry_after| Failure::TooMany { retry_after })?;
    let fetched = app.outbound.fetch(&url, MOST_BYTES, Asker::Stranger).await;
    let listed = json::array(&fetched.map_err(|error| refuse(error.to_string()))?.body);
    let listed = listed.map_err(|error| refuse(format!("leads to a list that {error}")))?;
    let is_listed = |uri: &&RedirectUri| listed.iter().any(|item| item.as_str() == Some(uri.as_str()));
    match redirect_uris.iter().find(|uri| !is_listed(uri)) {
        None => Ok(()),
        Some(missing) => {
            Err(refuse(format!("leads to a list that does not have the redirect URI {}", missing.as_str())))
        }
    }
}
