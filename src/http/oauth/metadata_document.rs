//! Fetches the document that a `client_id` leads to, where it is the URL of one: before anything is written, and through
//! the one door.

use std::sync::Arc;

use actix_web::HttpRequest;

use crate::app::App;
use crate::domain::client_keys::NotFetched;
use crate::domain::login;
use crate::domain::oauth::error::ErrorCode;
use crate::domain::oauth::metadata_document;
use crate::domain::oauth::metadata_document::Document;
use crate::domain::oauth::metadata_document::DocumentError;
use crate::domain::oauth::metadata_documents::NoDocument;
use crate::domain::oauth::register::Admission;
use crate::http::context::Context;
use crate::http::failure::Failure;
use crate::http::paths;
use crate::model::client::Client;
use crate::model::client::ClientOrigin;
use crate::model::https_url::HttpsUrl;
use crate::model::time::Lifetime;
use crate::model::time::Timestamp;
use crate::outbound::Asker;
use crate::outbound::FetchError;

/// How long a document is used whose server does not say.
const UNSAID: Lifetime = Lifetime::from_hours(1);
/// The least: a document that may not be kept at all must not become a fetch for each request.
const FLOOR: Lifetime = Lifetime::from_seconds(300);
/// The longest, whatever its server says: what a client takes out of its document is to end here too.
const CEILING: Lifetime = Lifetime::from_hours(24);
/// How long a newcomer may wait where there is no room.
const ROOM: Lifetime = Lifetime::from_hours(1);

/// A document that was fetched, and whether the client is kept already.
pub struct Found {
    /// The document.
    pub document: Arc<Document>,
    is_kept: bool,
}

/// The document of the client, where `client_id` is the URL of one and what is kept of it is too old, if anything is.
///
/// # Errors
/// [`NoDocument`], or what the database says.
pub async fn find(
    app: &App,
    context: &Context,
    client_id: Option<&str>,
) -> Result<Result<Option<Found>, NoDocument>, Failure> {
    let Some(client_id) = client_id.filter(|client_id| metadata_document::is_url(client_id)) else {
        return Ok(Ok(None));
    };
    if !app.config.clients.metadata_documents {
        let why = "clients are not known by the URL of their metadata document here (clients.metadata_documents)";
        return Ok(Err(NoDocument::Refused(why.to_owned())));
    }
    let (named, now) = (client_id.to_owned(), app.now());
    let kept = app.store.look_up(move |tx| tx.clients().find_by_client_id(&named)).await?;
    if let Some(client) = &kept {
        let is_fresh = client.document_expires_at.is_some_and(|end| !end.is_past(now));
        // One that an administrator disabled is asked for nothing more.
        if is_fresh || !client.enabled || client.origin != ClientOrigin::MetadataDocument {
            return Ok(Ok(None));
        }
    }
    let url = match metadata_document::url(client_id) {
        Ok(url) => url,
        Err(why) => return Ok(Err(NoDocument::Refused(why))),
    };
    let network = network(context);
    let found = app.documents.find(client_id, &network, app.document_fetch_limit(), now, || fetch(app, url)).await;
    Ok(found.map(|document| Some(Found { document, is_kept: kept.is_some() })))
}

async fn fetch(app: &App, url: HttpsUrl) -> Result<Document, NotFetched> {
    let fetched = app.outbound.fetch(&url, metadata_document::MOST_BYTES, Asker::Stranger).await;
    let fetched = fetched.map_err(|error| NotFetched {
        why: format!("the client's metadata document {error}"),
        is_lasting: error != FetchError::NoTurn,
    })?;
    let now = app.now();
    let document = Document::read(url, &fetched.body, now + fetched.freshness.within(FLOOR, UNSAID, CEILING))?;
    // One that describes no client is kept as shortly as one that cannot be had, for somebody is mending it.
    let described = document.clone();
    match app.store.look_up(move |tx| described.client(tx, None, now).map(drop)).await {
        Err(DocumentError::Refused(why)) => Err(why.into()),
        // What the database says is said again where the document is used.
        Ok(()) | Err(DocumentError::Store(_)) => Ok(document),
    }
}

/// What a newcomer is told where there is no room.
pub fn no_room() -> Failure {
    Failure::Unavailable {
        retry_after: ROOM,
        cause: "too many clients came by their documents and were never used (limits.unused_registrations)".to_owned(),
    }
}

/// By which a caller's fetches are counted.
pub fn network(context: &Context) -> String {
    context.address.map(login::network).unwrap_or_default()
}

fn is_at(request: &HttpRequest, path: &str) -> bool {
    Context::of(request).is_ok_and(|context| context.route.as_ref().is_some_and(|place| place.pattern.ends_with(path)))
}

/// Refuses a client that proved who it is by a document that is too old, however it named itself. `now` is when the
/// document was asked for.
///
/// # Errors
/// `invalid_client`, but where it puts a token out of use.
pub fn check_fresh(request: &HttpRequest, client: &Client, now: Timestamp) -> Result<(), Failure> {
    let is_described = client.origin == ClientOrigin::MetadataDocument;
    let is_fresh = client.document_expires_at.is_some_and(|end| !end.is_past(now));
    if !is_described || is_fresh || is_at(request, paths::OAUTH_REVOKE) {
        return Ok(());
    }
    let why = "the client's metadata document is too old, and was not asked for again";
    Err(Failure::oauth(ErrorCode::InvalidClient, why))
}

/// Brings what is kept of the client up to date, before it authenticates. Where a client comes to be known here by its
/// own request, without any person, it is admitted as one that registers itself.
///
/// # Errors
/// `invalid_client` where its document is no good.
pub async fn refresh(app: &App, context: &Context, request: &HttpRequest, client_id: &str) -> Result<(), Failure> {
    let is_at = |path: &str| is_at(request, path);
    // Whoever puts a token out of use must be able to, even while their document cannot be had.
    if is_at(paths::OAUTH_REVOKE) || is_at(paths::OAUTH_INTROSPECT) {
        return Ok(());
    }
    let found = match find(app, context, Some(client_id)).await? {
        Ok(Some(found)) => found,
        Ok(None) => return Ok(()),
        Err(NoDocument::Refused(why)) => return Err(Failure::oauth(ErrorCode::InvalidClient, why)),
        Err(NoDocument::Limited(retry_after)) => return Err(Failure::TooMany { retry_after }),
    };
    // Whoever comes with a token or code has been here before.
    let begins = is_at(paths::OAUTH_PAR) || is_at(paths::OAUTH_DEVICE_AUTHORIZATION);
    if !found.is_kept && !begins {
        return Ok(());
    }
    let act = context.act_of(app, found.document.url.as_str());
    let rules = app.registration_rules();
    let admitted = app.store.write(move |tx| metadata_document::keep(tx, &found.document, rules, &act)).await;
    match admitted {
        Ok(Admission::Admitted) => Ok(()),
        Ok(Admission::Limited(retry_after)) => Err(Failure::TooMany { retry_after }),
        Ok(Admission::Full) => Err(no_room()),
        Err(DocumentError::Refused(why)) => Err(Failure::oauth(ErrorCode::InvalidClient, why)),
        Err(DocumentError::Store(error)) => Err(error.into()),
    }
}
