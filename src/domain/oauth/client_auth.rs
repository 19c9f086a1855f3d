//! Client authentication (RFC 6749 §2.3).

use std::sync::Arc;

use crate::config::secret_key::SecretKeys;
use crate::domain::imported_secrets;
use crate::domain::memory;
use crate::domain::memory::Memory;
use crate::domain::memory::Reading;
use crate::domain::oauth::error::ErrorCode;
use crate::domain::oauth::error::Refusal;
use crate::domain::oauth::error::TokenError;
use crate::domain::refusals::check::Check;
use crate::domain::refusals::finding;
use crate::domain::refusals::finding::About;
use crate::domain::refusals::finding::Finding;
use crate::jose::jwk_set::JwkSet;
use crate::model::client::AuthMethod;
use crate::model::client::Client;
use crate::model::id::ClientId;
use crate::model::thumbprint::Thumbprint;
use crate::model::time::Timestamp;
use crate::model::token;
use crate::model::token::Token;
use crate::model::token::TokenHash;
use crate::model::token::TokenKind;
use crate::store::Mark;
use crate::store::StoreError;
use crate::store::Tx;

/// What is asked of a client that says who it is, in this order.
pub const CHECKS: &[Check] = &[
    Check::Understood,
    Check::ClientNamed,
    Check::ClientOneWay,
    Check::NotTooOften,
    Check::ClientKnown,
    Check::ClientMethod,
    Check::ClientSecret,
    Check::ClientPlace,
    Check::ClientAssertion,
    Check::ProofGood,
];

/// How a client says who it is. A request carries one of these, never two (RFC 6749 §2.3).
#[derive(Debug, Clone)]
pub enum ClientCredentials {
    /// HTTP Basic, form-decoded (RFC 6749 §2.3.1).
    Basic {
        /// The user name.
        client_id: String,
        /// The password.
        secret: PresentedSecret,
    },
    /// In the body (RFC 6749 §2.3.1).
    Post {
        /// `client_id`.
        client_id: String,
        /// `client_secret`.
        secret: PresentedSecret,
    },
    /// The name alone (RFC 6749 §3.2.1).
    None {
        /// `client_id`.
        client_id: String,
    },
    /// A key of its own, by an assertion that was checked and is used up (RFC 7523 §2.2).
    Key(ProvedKey),
}

/// A client's secret as it was presented: what the store may have of it.
#[derive(Debug, Clone)]
pub enum PresentedSecret {
    /// Nothing (RFC 6749 §2.3.1).
    Empty,
    /// One of ours.
    Ours(TokenHash),
    /// One that was made elsewhere: by the server's key in use, and by those that it replaced.
    Imported(Vec<TokenHash>),
    /// What can be none.
    Malformed,
}

impl PresentedSecret {
    /// What `text` can be.
    pub fn read(text: &str, keys: &SecretKeys) -> Self {
        match Token::parse_as(TokenKind::ClientSecret, text) {
            Some(token) => Self::Ours(token.hash()),
            None if text.is_empty() => Self::Empty,
            None if token::may_be_imported(text) => Self::Imported(imported_secrets::hashes(keys, text)),
            None => Self::Malformed,
        }
    }

    /// Whether it is a secret of `client` that holds at `now`.
    fn is_of(
        &self,
        tx: &mut Tx<'_>,
        reading: &Reading,
        client: &Arc<Client>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut known = false;
        match self {
            Self::Ours(hash) => {
                if let Some(secret) = tx.clients().live_secret(client.id, hash, false, now)? {
                    known = true;
                    reading.note_secret(tx, client, hash, secret.ends);
                }
            }
            // All of them, whichever is the right one.
            Self::Imported(hashes) => {
                for hash in hashes {
                    known |= tx.clients().live_secret(client.id, hash, true, now)?.is_some();
                }
            }
            Self::Empty | Self::Malformed => {}
        }
        Ok(known)
    }
}

/// What an assertion proved. The assertion itself is used up, so only this is asked for again.
#[derive(Debug, Clone)]
pub struct ProvedKey {
    /// The client that signed it.
    pub client_id: String,
    /// The key that signed it.
    pub key: Thumbprint,
    /// Where the key was fetched; `None` where it stands in the client's record.
    pub jwks_uri: Option<String>,
    /// Until when the assertion is good.
    pub expires_at: Timestamp,
}

impl ProvedKey {
    /// Whether the key is still one of `client`'s, and the assertion is still good.
    fn holds(&self, client: &Client, now: Timestamp) -> bool {
        let is_registered = match (&self.jwks_uri, &client.jwks) {
            (None, Some(jwks)) => JwkSet::parse(jwks).is_ok_and(|keys| keys.has(&self.key)),
            (Some(uri), None) => client.jwks_uri.as_ref() == Some(uri),
            _ => false,
        };
        client.auth_method == AuthMethod::PrivateKeyJwt && is_registered && !self.expires_at.is_past(now)
    }
}

impl ClientCredentials {
    /// The client that it claims to be.
    pub fn client_id(&self) -> &str {
        match self {
            ClientCredentials::Basic { client_id, .. }
            | ClientCredentials::Post { client_id, .. }
            | ClientCredentials::None { client_id }
            | ClientCredentials::Key(ProvedKey { client_id, .. }) => client_id,
        }
    }

    /// The method by which it authenticates (RFC 7591 §2).
    const fn method(&self) -> &'static str {
        match self {
            ClientCredentials::Basic { .. } => "client_secret_basic",
            ClientCredentials::Post { .. } => "client_secret_post",
            ClientCredentials::None { .. } => "none",
            ClientCredentials::Key(_) => "private_key_jwt",
        }
    }

    /// What kind of secret it shows, in words.
    const fn came(&self) -> &'static str {
        match self {
            ClientCredentials::Basic { secret, .. } | ClientCredentials::Post { secret, .. } => match secret {
                PresentedSecret::Empty => "an empty one",
                PresentedSecret::Ours(_) => "another secret of this server, or one that was replaced",
                PresentedSecret::Imported(_) => {
                    "a text that is no secret of this server, nor one that was brought here"
                }
                PresentedSecret::Malformed => "a text that is no secret of this server, or not the whole of it",
            },
            ClientCredentials::None { .. } | ClientCredentials::Key(_) => "none",
        }
    }
}

/// The outcome of an authentication that failed: the protocol's sentence, and whether it was a guess at a secret.
#[derive(Debug)]
pub struct NotAuthenticated {
    /// What to say.
    pub description: String,
    /// Whether a secret was wrong, which is counted.
    pub wrong_secret: bool,
    /// Whether there is such a client at all; what strangers make up is counted together.
    pub client_exists: bool,
    /// Which check failed, for administrators.
    pub finding: Option<Finding>,
}

impl NotAuthenticated {
    /// A request that could not have been right, whatever secret it held.
    pub fn refused(description: impl Into<String>) -> Self {
        Self { description: description.into(), wrong_secret: false, client_exists: true, finding: None }
    }

    /// An assertion that is no good.
    pub fn by_assertion(description: impl Into<String>, client_exists: bool) -> Self {
        let finding = Finding::new(Check::ClientAssertion, "an assertion that is good (RFC 7523 3)", "");
        Self::wrong(description, client_exists).with(finding)
    }

    /// A wrong secret, or a signature that proves nothing.
    pub fn wrong(description: impl Into<String>, client_exists: bool) -> Self {
        Self { description: description.into(), wrong_secret: true, client_exists, finding: None }
    }

    /// The same, with what only administrators see.
    #[must_use]
    pub fn with(mut self, finding: Finding) -> Self {
        self.finding = Some(finding);
        self
    }

    /// The protocol's refusal with `code`.
    pub fn into_refusal(self, code: ErrorCode) -> Refusal {
        let refusal = Refusal::new(code, self.description);
        match self.finding {
            Some(finding) => refusal.with(finding),
            None => refusal,
        }
    }
}

/// What is said of a client that is not there, and of a wrong secret alike.
pub const UNKNOWN: &str = "the client or its secret is not known";
/// What a client with a key of its own is told when it comes without.
const KEY_NEEDED: &str = "the client is registered for private_key_jwt; authenticate with client_assertion (RFC 7523)";

/// Finds the client that `credentials` prove.
///
/// # Errors
/// What the database says.
pub async fn find(
    memory: &Memory,
    credentials: &ClientCredentials,
    now: Timestamp,
) -> Result<Result<Arc<Client>, NotAuthenticated>, StoreError> {
    let reading = memory.reading();
    if let Some((client, _)) = recall(&reading, credentials, now) {
        return Ok(Ok(client));
    }
    let credentials = credentials.clone();
    memory.store().look_up(move |tx| run(tx, &reading, &credentials, now)).await
}

/// The client that showed this very secret before, where that settles it, and what it rests on.
fn recall(reading: &Reading, credentials: &ClientCredentials, now: Timestamp) -> Option<(Arc<Client>, [Mark; 2])> {
    let (ClientCredentials::Basic { client_id, secret } | ClientCredentials::Post { client_id, secret }) = credentials
    else {
        return None;
    };
    let PresentedSecret::Ours(secret) = secret else { return None };
    let client = reading.recall_client(client_id, secret, now)?;
    let settles_it = client.enabled && client.has_secret() && may_show_secret(&client, credentials);
    let basis = memory::basis_of_secret(&client, secret);
    settles_it.then_some((client, basis))
}

/// RFC 6749 §2.3.1: Basic must be possible for every client that has a secret.
fn may_show_secret(client: &Client, credentials: &ClientCredentials) -> bool {
    matches!(credentials, ClientCredentials::Basic { .. }) || client.auth_method == AuthMethod::ClientSecretPost
}

/// As [`find`], with what `reading` may use of what is known already.
///
/// # Errors
/// What the database says.
pub fn run(
    tx: &mut Tx<'_>,
    reading: &Reading,
    credentials: &ClientCredentials,
    now: Timestamp,
) -> Result<Result<Arc<Client>, NotAuthenticated>, StoreError> {
    if let Some((client, basis)) = recall(reading, credentials, now)
        && !tx.has_changed(&basis)
    {
        return Ok(Ok(client));
    }
    let found = reading.client_called(tx, credentials.client_id())?;
    let is_there = found.is_some();
    let client = found.filter(|client| client.enabled);
    let client_exists = client.is_some();
    let method = client.as_ref().map_or("", |client| client.auth_method.as_str());
    let refuse = |why: &str, check: Check, came: &'static str| {
        let finding = Finding::new(check, method, came).about(about(is_there, credentials));
        Ok(Err(NotAuthenticated::refused(why).with(finding)))
    };
    let wrong = || {
        let finding = match (client_exists, is_there) {
            (true, _) => Finding::new(Check::ClientSecret, "a secret of this client that holds", credentials.came()),
            (false, true) => Finding::new(Check::ClientKnown, "a client that is enabled", "one that is disabled"),
            (false, false) => {
                let came = format!("{}, which nobody has", finding::client_id(credentials.client_id()));
                Finding::new(Check::ClientKnown, "a client that is enabled", came)
            }
        };
        let finding = finding.about(about(is_there, credentials));
        Ok(Err(NotAuthenticated::wrong(UNKNOWN, client_exists).with(finding)))
    };
    let (secret, in_body) = match credentials {
        ClientCredentials::None { .. } => {
            return match client {
                Some(client) if client.is_public() => Ok(Ok(client)),
                Some(client) if client.has_secret() => {
                    refuse("the client is confidential and sent no secret", Check::ClientMethod, "client_id alone")
                }
                Some(_) => refuse(KEY_NEEDED, Check::ClientMethod, "client_id alone"),
                None => wrong(),
            };
        }
        ClientCredentials::Key(proved) => {
            return match client.filter(|client| proved.holds(client, now)) {
                Some(client) => Ok(Ok(client)),
                None => {
                    let why = "the key that signed the client's assertion is not registered any more";
                    refuse(why, Check::ClientAssertion, "private_key_jwt by a key that is not registered any more")
                }
            };
        }
        ClientCredentials::Basic { secret, .. } => (secret, false),
        ClientCredentials::Post { secret, .. } => (secret, true),
    };
    let Some(client) = client else { return wrong() };
    if client.is_public() {
        // RFC 6749 §2.3.1 lets the secret be left out if it is empty: `Basic client_id:` names a public client.
        if !in_body && matches!(secret, PresentedSecret::Empty) {
            return Ok(Ok(client));
        }
        return refuse("the client is public and has no secret", Check::ClientMethod, credentials.method());
    }
    if !client.has_secret() {
        return refuse(KEY_NEEDED, Check::ClientMethod, credentials.method());
    }
    if !secret.is_of(tx, reading, &client, now)? {
        return wrong();
    }
    if !may_show_secret(&client, credentials) {
        let why = "the client is registered for client_secret_basic, but sent its secret in the body";
        return refuse(why, Check::ClientPlace, credentials.method());
    }
    Ok(Ok(client))
}

/// The client that is claimed, if there is one: what else was sent as its name is not kept.
fn about(is_there: bool, credentials: &ClientCredentials) -> About {
    About { client: is_there.then(|| credentials.client_id().to_owned()), ..About::default() }
}

/// As [`run`], inside the transaction that gives the client something: a secret that was taken away or a client that
/// was disabled since the request came in gives nothing any more, and what takes it away waits for this transaction.
/// Beside the client comes what the transaction may use of what is known already.
///
/// # Errors
/// `invalid_client` (RFC 6749 §5.2).
pub fn again(
    tx: &mut Tx<'_>,
    memory: &Memory,
    id: ClientId,
    credentials: &ClientCredentials,
    now: Timestamp,
) -> Result<(Arc<Client>, Reading), TokenError> {
    tx.clients().share(id)?;
    let reading = memory.reading_in(tx);
    let found = run(tx, &reading, credentials, now)?;
    found
        .map(|client| (client, reading))
        .map_err(|failed| TokenError::Refused(failed.into_refusal(ErrorCode::InvalidClient)))
}
