//! Clients that nobody registers: their `client_id` is the URL of a document that describes them
//! (draft-ietf-oauth-client-id-metadata-document; MCP 2025-11-25).

use serde_json::json;

use crate::domain::act::Act;
use crate::domain::client_summary;
use crate::domain::clients;
use crate::domain::clients::ClientError;
use crate::domain::login;
use crate::domain::oauth::client_metadata::ClientMetadata;
use crate::domain::oauth::error::Refusal;
use crate::domain::oauth::register;
use crate::domain::oauth::register::Admission;
use crate::domain::oauth::register::RegistrationRules;
use crate::domain::rights::Catalogue;
use crate::json;
use crate::model::audit::AuditEvent;
use crate::model::client::AuthMethod;
use crate::model::client::Client;
use crate::model::client::ClientOrigin;
use crate::model::https_url::HttpsUrl;
use crate::model::id::ClientId;
use crate::model::time::Timestamp;
use crate::random::Random;
use crate::store::StoreError;
use crate::store::Tx;

/// The most bytes that a document may have.
pub const MOST_BYTES: usize = 5 * 1024;
/// What a document must not hold: a secret that everybody can read is none.
const SECRETS: [&str; 2] = ["client_secret", "client_secret_expires_at"];

/// A document that was fetched and understood.
#[derive(Debug, Clone)]
pub struct Document {
    /// Where it is, which is the client's `client_id`.
    pub url: HttpsUrl,
    /// How long it may be used.
    pub expires_at: Timestamp,
    auth_method: AuthMethod,
    metadata: ClientMetadata,
}

/// Why a document describes no client.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// It is no good; the sentence names it.
    #[error("{0}")]
    Refused(String),
    /// The database said no.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// Whether `client_id` claims to be the URL of a document.
pub fn is_url(client_id: &str) -> bool {
    client_id.starts_with("https://")
}

/// Reads a `client_id` that is such a URL: in normal form, so that comparing and fetching see the same, and with a path.
///
/// # Errors
/// What is wrong with it, as a sentence.
pub fn url(client_id: &str) -> Result<HttpsUrl, String> {
    let url = HttpsUrl::parse(client_id).map_err(|why| format!("client_id {why}"))?;
    if url.path_and_query().trim_start_matches('/').is_empty() || url.path_and_query().starts_with("/?") {
        return Err("client_id must have a path: it is the address of the client's metadata document".to_owned());
    }
    Ok(url)
}

impl Document {
    /// Reads the document that was found at `url`.
    ///
    /// # Errors
    /// What is wrong with it, as a sentence for the people who publish it.
    pub fn read(url: HttpsUrl, body: &[u8], expires_at: Timestamp) -> Result<Self, String> {
        let wrong = |why: String| format!("the client's metadata document {why}");
        let members = json::object(body).map_err(|error| wrong(error.to_string()))?;
        if members.get("client_id").and_then(|value| value.as_str()) != Some(url.as_str()) {
            return Err(wrong("must hold its own address as client_id, letter by letter".to_owned()));
        }
        if let Some(name) = SECRETS.into_iter().find(|name| members.contains_key(*name)) {
            return Err(wrong(format!("must not hold {name}: everybody can read it")));
        }
        if members.contains_key("sector_identifier_uri") {
            // Nobody looks whether that list has this client's redirect URIs, and so whose users it may know again.
            return Err(wrong("must not hold sector_identifier_uri; a client that registers itself can".to_owned()));
        }
        let refused = |refusal: Refusal| wrong(format!("is refused: {}", refusal.description));
        let metadata = ClientMetadata::read(&members).map_err(refused)?;
        let auth_method = metadata.auth_method.unwrap_or(AuthMethod::None);
        Ok(Self { url, expires_at, auth_method, metadata })
    }

    /// The client that it describes; `stored` is what is kept of it, whose being disabled or not stays, and so does what an
    /// administrator took from it or asked of it.
    ///
    /// # Errors
    /// [`DocumentError::Refused`] where the policy has something against it.
    pub fn client(&self, tx: &mut Tx<'_>, stored: Option<Client>, now: Timestamp) -> Result<Client, DocumentError> {
        let open = Catalogue::read(tx)?.for_unverified();
        let client = stored.unwrap_or_else(|| {
            let id = Random.id(now, ClientId::new);
            let client = Client::new(id, String::new(), self.auth_method, ClientOrigin::MetadataDocument, now);
            Client { scopes: open.clone(), ..client }
        });
        let client = Client {
            client_id: self.url.as_str().to_owned(),
            auth_method: self.auth_method,
            document_expires_at: Some(self.expires_at),
            ..client
        };
        let refuse = |why: String| DocumentError::Refused(format!("the client's metadata document is refused: {why}"));
        let client = self.metadata.describe(client, &open).map_err(|refusal| refuse(refusal.description))?;
        clients::check(tx, &client).map_err(|error| match error {
            ClientError::Store(error) => DocumentError::Store(error),
            error => refuse(error.to_string()),
        })?;
        Ok(client)
    }
}

/// Keeps the client that `document` describes, or what is new of it. One that is not known here yet is admitted as one
/// that registers itself, from the address that `act` came from.
///
/// # Errors
/// [`DocumentError`].
pub fn keep(
    tx: &mut Tx<'_>,
    document: &Document,
    rules: RegistrationRules,
    act: &Act,
) -> Result<Admission, DocumentError> {
    let stored = tx.clients().find_by_client_id(document.url.as_str())?;
    let Some(before) = stored else {
        let network = act.by.address.map(login::network).unwrap_or_default();
        let admission = register::admit(tx, ClientOrigin::MetadataDocument, &network, rules, act)?;
        if admission != Admission::Admitted {
            return Ok(admission);
        }
        let client = document.client(tx, None, act.now)?;
        // Two people may be the first at once.
        if tx.clients().insert_if_new(&client)? {
            act.record(tx, AuditEvent::ClientCreated, &client.client_id, client_summary::of(&client))?;
        }
        return Ok(Admission::Admitted);
    };
    if before.origin != ClientOrigin::MetadataDocument {
        return Ok(Admission::Admitted);
    }
    tx.clients().lock(before.id)?;
    let after = document.client(tx, Some(before.clone()), act.now)?;
    tx.clients().update(&after)?;
    let (was, is) = (client_summary::of(&before), client_summary::of(&after));
    if was != is {
        act.record(tx, AuditEvent::ClientChanged, &after.client_id, json!({ "before": was, "after": is }))?;
    }
    Ok(Admission::Admitted)
}
