//! Clients that say who they are by a text that they signed (RFC 7523 §2.2).

use actix_web::HttpRequest;

use crate::app::App;
use crate::domain::jose::jws::Jws;
use crate::domain::oauth::assertion;
use crate::domain::oauth::assertion::Assertion;
use crate::domain::oauth::client_auth;
use crate::domain::oauth::client_auth::ClientCredentials;
use crate::domain::oauth::client_auth::NotAuthenticated;
use crate::domain::oauth::client_auth::ProvedKey;
use crate::domain::oauth::once::Once;
use crate::http::failure::Failure;
use crate::http::form::Parameters;
use crate::http::oauth::client_keys;
use crate::http::paths;
use crate::model::client::AuthMethod;
use crate::model::client::Client;
use crate::model::secret::Secret;

/// An assertion as it came, and the `client_id` beside it, where there is one.
pub struct Presented {
    /// The signed text. Whoever sees it before its time could use it.
    pub assertion: Secret,
    /// RFC 7521 §4.2: it may be left out.
    pub client_id: Option<String>,
}

/// A client that signed, once what it signed has been used up.
pub struct Proved {
    /// The client.
    pub client: Client,
    /// What is asked for again where something is given to it.
    pub credentials: ClientCredentials,
    /// To be used up.
    pub once: Once,
}

/// What is wrong with an assertion, and the client that it claims to be of.
pub struct Refused {
    /// The claimed `client_id`; empty where it claims none.
    pub client_id: String,
    /// What is wrong.
    pub failed: NotAuthenticated,
}

/// Finds the client that signed.
///
/// # Errors
/// What the database says.
pub async fn authenticate(
    app: &App,
    request: &HttpRequest,
    presented: Presented,
) -> Result<Result<Proved, Refused>, Failure> {
    let text = presented.assertion.expose();
    let signed = match Jws::parse(text) {
        Ok(signed) => signed,
        Err(error) => {
            let client_id = presented.client_id.unwrap_or_default();
            let failed = NotAuthenticated::wrong(format!("client_assertion is refused: {error}"), false);
            return Ok(Err(Refused { client_id, failed }));
        }
    };
    let client_id = presented.client_id.or_else(|| signed.claimed("sub")).unwrap_or_default();
    let refuse = |failed| Ok(Err(Refused { client_id: client_id.clone(), failed }));
    let named = client_id.clone();
    let found = app.store.look_up(move |tx| tx.clients().find_by_client_id(&named)).await?;
    let Some(client) = found.filter(|client| client.enabled) else {
        return refuse(NotAuthenticated::wrong(client_auth::UNKNOWN, false));
    };
    if client.auth_method != AuthMethod::PrivateKeyJwt {
        let method = client.auth_method.as_str();
        let why = format!("the client is registered for {method}, but sent client_assertion");
        return refuse(NotAuthenticated::refused(why));
    }
    let keys = match client_keys::find(app, &client, &signed).await {
        Ok(keys) => keys,
        // It need not be the client's mistake, and nothing was guessed.
        Err(why) => return refuse(NotAuthenticated::refused(why)),
    };
    let checked = assertion::check(&signed, &client_id, &keys, &audiences(app, request), app.now());
    match checked.and_then(|checked| of_itself(checked, &client_id)) {
        Ok(Assertion { key, once, expires_at, .. }) => {
            let jwks_uri = client.jwks_uri.clone();
            let credentials = ClientCredentials::Key(ProvedKey { client_id, key, jwks_uri, expires_at });
            Ok(Ok(Proved { client, credentials, once }))
        }
        Err(why) => refuse(NotAuthenticated::wrong(format!("client_assertion is refused: {why}"), true)),
    }
}

/// RFC 7523 §3, point 2.B: a client speaks of itself.
fn of_itself(assertion: Assertion, client_id: &str) -> Result<Assertion, String> {
    if assertion.subject == client_id { Ok(assertion) } else { Err("its sub is not the client_id".to_owned()) }
}

/// What an assertion may name as its audience: the issuer, as it should; and, since RFC 7523 §3 suggested it and many
/// libraries do so, the token endpoint or the endpoint that is called.
pub fn audiences(app: &App, request: &HttpRequest) -> [String; 3] {
    let issuer = &app.issuer;
    [issuer.as_str().to_owned(), issuer.url(paths::OAUTH_TOKEN), format!("{}{}", issuer.origin(), request.path())]
}

/// The assertion in a request, if it holds one.
///
/// # Errors
/// As a sentence, where its type is missing or another one (RFC 7521 §4.2).
pub fn of(parameters: &Parameters) -> Result<Option<Presented>, &'static str> {
    let kind = parameters.get("client_assertion_type");
    let Some(text) = parameters.get("client_assertion") else {
        return if kind.is_some() { Err("client_assertion is missing") } else { Ok(None) };
    };
    if kind != Some(assertion::CLIENT_ASSERTION_TYPE) {
        return Err("client_assertion_type must be urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    }
    let client_id = parameters.get("client_id").map(str::to_owned);
    Ok(Some(Presented { assertion: Secret::from(text), client_id }))
}
