//! Clients that say who they are, or as whom they act, by a text that they signed (RFC 7523 §2).

use actix_web::HttpRequest;

use crate::app::App;
use crate::domain::oauth::assertion;
use crate::domain::oauth::assertion::Assertion;
use crate::domain::oauth::assertion::Rules;
use crate::domain::oauth::client_auth;
use crate::domain::oauth::client_auth::ClientCredentials;
use crate::domain::oauth::client_auth::NotAuthenticated;
use crate::domain::oauth::client_auth::ProvedKey;
use crate::domain::oauth::error::ErrorCode;
use crate::domain::oauth::once::Kind;
use crate::domain::oauth::once::Once;
use crate::domain::refusals::check::Check;
use crate::domain::refusals::finding;
use crate::domain::refusals::finding::Finding;
use crate::http::context::Context;
use crate::http::failure::Failure;
use crate::http::form::Parameters;
use crate::http::oauth::client_keys;
use crate::http::paths;
use crate::jose::jws::Jws;
use crate::model::client::AuthMethod;
use crate::model::client::Client;
use crate::model::client::GrantType;
use crate::model::secret::Secret;

/// What an assertion is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To say who the client is (RFC 7523 §2.2).
    Authentication,
    /// To act as somebody (RFC 7523 §2.1). A client that signs anyway need not say twice who it is (RFC 7521 §4.1).
    Grant,
}

impl Purpose {
    /// The parameter that it comes in.
    pub const fn parameter(self) -> &'static str {
        match self {
            Purpose::Authentication => "client_assertion",
            Purpose::Grant => "assertion",
        }
    }

    /// What is said of one that is no good (RFC 7521 §4.1.1, §4.2.1).
    pub const fn error(self) -> ErrorCode {
        match self {
            Purpose::Authentication => ErrorCode::InvalidClient,
            Purpose::Grant => ErrorCode::InvalidGrant,
        }
    }

    /// Whose single use it is.
    const fn kind(self) -> Kind {
        match self {
            Purpose::Authentication => Kind::Assertion,
            Purpose::Grant => Kind::Grant,
        }
    }
}

/// An assertion as it came, and the `client_id` beside it, where there is one.
pub struct Presented {
    /// What it is for.
    pub purpose: Purpose,
    /// The signed text. Whoever sees it before its time could use it.
    pub assertion: Secret,
    /// RFC 7521 §4.2: it may be left out.
    pub client_id: Option<String>,
}

impl Presented {
    /// The client that is claimed: in its own parameter, or else as the assertion's issuer (RFC 7521 §4.2). Empty where
    /// neither says it.
    pub fn client_id(&self) -> String {
        let issuer = || Jws::parse(self.assertion.expose()).ok()?.claimed("iss");
        self.client_id.clone().or_else(issuer).unwrap_or_default()
    }
}

/// A client that signed, once what it signed has been used up.
pub struct Proved {
    /// The client.
    pub client: Client,
    /// What is asked for again where something is given to it.
    pub credentials: ClientCredentials,
    /// To be used up.
    pub once: Once,
    /// Whom it acts as, where it is for that.
    pub subject: Option<String>,
}

/// What is wrong with an assertion, and the client that it claims to be of.
pub struct Refused {
    /// The claimed `client_id`; empty where it claims none.
    pub client_id: String,
    /// By which name.
    pub code: ErrorCode,
    /// What is wrong.
    pub failed: NotAuthenticated,
}

/// Finds the client that signed.
///
/// # Errors
/// What the database says.
pub async fn authenticate(
    app: &App,
    context: &Context,
    request: &HttpRequest,
    presented: Presented,
) -> Result<Result<Proved, Refused>, Failure> {
    let (purpose, client_id) = (presented.purpose, presented.client_id());
    let signed = match Jws::parse(presented.assertion.expose()) {
        Ok(signed) => signed,
        Err(error) => {
            let failed = NotAuthenticated::by_assertion(refusal(purpose, &error.to_string()), false);
            return Ok(Err(Refused { client_id, code: purpose.error(), failed }));
        }
    };
    let refuse = |code, failed| Ok(Err(Refused { client_id: client_id.clone(), code, failed }));
    let named = client_id.clone();
    let found = app.store.look_up(move |tx| tx.clients().find_by_client_id(&named)).await?;
    let Some(client) = found.filter(|client| client.enabled) else {
        let came = format!("{}, which nobody has, or which is disabled", finding::client_id(&client_id));
        let finding = Finding::new(Check::ClientKnown, "a client that is enabled", came);
        return refuse(ErrorCode::InvalidClient, NotAuthenticated::wrong(client_auth::UNKNOWN, false).with(finding));
    };
    if client.auth_method != AuthMethod::PrivateKeyJwt {
        let (method, parameter) = (client.auth_method.as_str(), purpose.parameter());
        let why = format!("the client is registered for {method}, but sent {parameter} alone");
        let finding = Finding::new(Check::ClientMethod, method, format!("private_key_jwt by {parameter}"));
        return refuse(ErrorCode::InvalidClient, NotAuthenticated::refused(why).with(finding));
    }
    let checked = match check(app, context, request, &client, &signed, purpose).await {
        Ok(checked) => checked,
        Err(failed) => return refuse(purpose.error(), failed),
    };
    let Assertion { subject, key, once, expires_at } = checked;
    let subject = match purpose {
        Purpose::Grant => Some(subject),
        // RFC 7523 §3, point 2.B: a client speaks of itself.
        Purpose::Authentication if subject == client_id => None,
        Purpose::Authentication => {
            let why = refusal(purpose, "its sub is not the client_id");
            return refuse(purpose.error(), NotAuthenticated::by_assertion(why, true));
        }
    };
    let jwks_uri = client.jwks_uri.clone();
    let credentials = ClientCredentials::Key(ProvedKey { client_id, key, jwks_uri, expires_at });
    Ok(Ok(Proved { client, credentials, once, subject }))
}

/// Checks what `client` signed, but for whom it is about.
///
/// # Errors
/// What is wrong with it.
pub async fn check(
    app: &App,
    context: &Context,
    request: &HttpRequest,
    client: &Client,
    signed: &Jws,
    purpose: Purpose,
) -> Result<Assertion, NotAuthenticated> {
    // Keys that can't be had need not be the client's mistake, and nothing was guessed.
    let keys = client_keys::find(app, context, client, signed).await.map_err(NotAuthenticated::refused)?;
    let rules = Rules { audiences: audiences(app, request, client), is_fapi: client.is_fapi(), kind: purpose.kind() };
    assertion::check(signed, &client.client_id, &keys, &rules, app.now())
        .map_err(|why| NotAuthenticated::by_assertion(refusal(purpose, &why), true))
}

/// What is wrong with an assertion, with its name before it.
pub fn refusal(purpose: Purpose, why: &str) -> String {
    format!("{} is refused: {why}", purpose.parameter())
}

/// What an assertion may name as its audience: the issuer, as it should; and, since RFC 7523 §3 suggested it and many
/// libraries do so, the token endpoint or the endpoint that is called, where no profile says otherwise.
fn audiences(app: &App, request: &HttpRequest, client: &Client) -> Vec<String> {
    let issuer = &app.issuer;
    let mut audiences = vec![issuer.as_str().to_owned()];
    if !client.is_fapi() {
        audiences.extend([issuer.url(paths::OAUTH_TOKEN), format!("{}{}", issuer.origin(), request.path())]);
    }
    audiences
}

/// The assertion by which a request says who its client is, if it holds one.
///
/// # Errors
/// As a sentence, where its type is missing or another one (RFC 7521 §4.2).
pub fn of_client(parameters: &Parameters) -> Result<Option<Presented>, &'static str> {
    let kind = parameters.get("client_assertion_type");
    let Some(text) = parameters.get("client_assertion") else {
        return if kind.is_some() { Err("client_assertion is missing") } else { Ok(None) };
    };
    if kind != Some(assertion::CLIENT_ASSERTION_TYPE) {
        return Err("client_assertion_type must be urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    }
    Ok(Some(presented(parameters, text, Purpose::Authentication)))
}

/// The assertion by which a request acts as somebody, if it is one for that (RFC 7523 §2.1).
pub fn of_grant(parameters: &Parameters) -> Option<Presented> {
    let is_grant = parameters.get("grant_type") == Some(GrantType::JwtBearer.as_str());
    let text = parameters.get("assertion").filter(|_| is_grant)?;
    Some(presented(parameters, text, Purpose::Grant))
}

fn presented(parameters: &Parameters, text: &str, purpose: Purpose) -> Presented {
    let client_id = parameters.get("client_id").map(str::to_owned);
    Presented { purpose, assertion: Secret::from(text), client_id }
}
