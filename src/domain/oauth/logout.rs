//! Sign-out that an application asks for (OpenID Connect RP-Initiated Logout §2, §3).

use crate::domain::oauth::hint;
use crate::domain::oauth::hint::Hint;
use crate::domain::oauth::signing_keys::Ring;
use crate::model::called_url::CalledUrl;
use crate::model::client::Client;
use crate::model::issuer::Issuer;
use crate::model::openid;
use crate::model::session::Session;
use crate::store::StoreError;
use crate::store::Tx;

/// The longest `state` that is carried back.
const STATE_LENGTH: usize = 4096;

/// What the application sent. `logout_hint` is taken and changes nothing; `ui_locales` chooses the language of the page.
#[derive(Debug, Clone, Default)]
pub struct Parameters {
    /// An id_token that it was given.
    pub id_token_hint: Option<String>,
    /// Its `client_id`.
    pub client_id: Option<String>,
    /// Where the browser is to go afterwards.
    pub post_logout_redirect_uri: Option<String>,
    /// To be sent back.
    pub state: Option<String>,
}

/// A request whose parts fit together.
#[derive(Debug, Clone)]
pub struct Request {
    /// The application, as far as it said who it is.
    pub client: Option<Client>,
    /// What it was told of the session.
    hint: Option<Hint>,
    /// Where the browser goes afterwards: an address that is registered for it.
    pub location: Option<String>,
}

/// Why a request is refused. Nothing is ever sent to an address that was not checked.
#[derive(Debug, thiserror::Error)]
pub enum LogoutError {
    /// Shown to the person.
    #[error("{0}")]
    Page(&'static str),
    /// The database said no.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// Checks a request.
///
/// # Errors
/// [`LogoutError`].
pub fn check(tx: &mut Tx<'_>, parameters: &Parameters, ring: &Ring, issuer: &Issuer) -> Result<Request, LogoutError> {
    let page = LogoutError::Page;
    let hint = match &parameters.id_token_hint {
        Some(text) => {
            let why = "id_token_hint is no id_token of this server's, or its application is not known here any more";
            Some(hint::read(tx, text, ring, issuer)?.ok_or(page(why))?)
        }
        None => None,
    };
    let client = match (&parameters.client_id, &hint) {
        (Some(named), Some(hint)) if *named != hint.client.client_id => {
            return Err(page("client_id is not that of the application which id_token_hint is for"));
        }
        (_, Some(hint)) => Some(hint.client.clone()),
        (Some(named), None) => {
            let found = tx.clients().find_by_client_id(named)?.filter(|client| client.enabled);
            Some(found.ok_or(page("client_id names no client that is registered here and enabled"))?)
        }
        (None, None) => None,
    };
    let location = match (&parameters.post_logout_redirect_uri, &client) {
        (Some(uri), Some(client)) => Some(location(client, uri, parameters.state.as_deref(), issuer)?),
        // Nobody knows whose address it is; whoever signs out stays here.
        (Some(_), None) | (None, _) => None,
    };
    Ok(Request { client, hint, location })
}

/// OpenID Connect RP-Initiated Logout §3: byte for byte one of those that are registered.
fn location(client: &Client, uri: &str, state: Option<&str>, issuer: &Issuer) -> Result<String, LogoutError> {
    let registered = client.openid.post_logout_redirect_uris.iter().flatten().any(|known| known == uri);
    let url = CalledUrl::parse(uri).ok().filter(|url| registered && (!url.is_loopback() || issuer.is_loopback()));
    let Some(url) = url else {
        return Err(LogoutError::Page("post_logout_redirect_uri is not registered for this client"));
    };
    if state.is_some_and(|state| state.len() > STATE_LENGTH) {
        return Err(LogoutError::Page("state is longer than 4096 bytes"));
    }
    let pairs: Vec<(&str, &str)> = state.map(|state| ("state", state)).into_iter().collect();
    Ok(url.with_query(&pairs))
}

impl Request {
    /// Whether it shows by what it was told that it is about `session`, so that the person need not be asked: only an
    /// application that they signed in to in this very session can (OpenID Connect RP-Initiated Logout §6).
    pub fn proves(&self, session: &Session) -> bool {
        self.hint.as_ref().is_some_and(|hint| {
            let sid = openid::sid(session.id, hint.client.id);
            hint.sid.as_ref() == Some(&sid)
        })
    }

    /// Whether the application has shown that it is one that people signed in to, so that the browser may go on to it
    /// without anybody having said so.
    pub fn is_shown(&self) -> bool {
        self.hint.is_some()
    }
}
