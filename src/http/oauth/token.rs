//! The token endpoint, `POST /oauth/token` (RFC 6749 §3.2).

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::Data;
use serde_json::json;

use crate::app::App;
use crate::domain::oauth::client_auth;
use crate::domain::oauth::dpop;
use crate::domain::oauth::error::ErrorCode;
use crate::domain::oauth::error::Refusal;
use crate::domain::oauth::grants::authorization_code;
use crate::domain::oauth::grants::client_credentials;
use crate::domain::oauth::grants::device_code;
use crate::domain::oauth::grants::jwt_bearer;
use crate::domain::oauth::grants::refresh_token;
use crate::domain::oauth::grants::token_exchange;
use crate::domain::oauth::id_token::Style;
use crate::domain::oauth::id_token::Teller;
use crate::domain::oauth::token::Asked;
use crate::domain::oauth::token::Outcome;
use crate::domain::oauth::token::TokenResponse;
use crate::domain::refusals::check::Check;
use crate::domain::refusals::finding::Finding;
use crate::http::failure::Failure;
use crate::http::form::Parameters;
use crate::http::key_use;
use crate::http::oauth::client::AuthenticatedClient;
use crate::jose::signing::SigningError;
use crate::model::client::GrantType;
use crate::model::secret::Secret;

/// `POST /oauth/token`.
///
/// # Errors
/// In the form of RFC 6749 §5.2.
pub async fn post(request: AuthenticatedClient, app: Data<App>) -> Result<HttpResponse, Failure> {
    answer(request, &app, Style::Standard).await
}

/// Answers a token request; an id_token tells as much as `style` says.
///
/// # Errors
/// In the form of RFC 6749 §5.2.
pub async fn answer(request: AuthenticatedClient, app: &Data<App>, style: Style) -> Result<HttpResponse, Failure> {
    let AuthenticatedClient { client, key, subject, credentials, parameters, context } = request;
    let grant_type = parameters.get("grant_type");
    let grant_type = grant_type.ok_or_else(|| {
        let refusal = Refusal::new(ErrorCode::InvalidRequest, "grant_type is missing").on(Check::GrantTypeKnown);
        Failure::OAuth { refusal, basic: false }
    })?;
    let unsupported = || {
        let why = "grant_type is none of those that grant_types_supported of the server's metadata lists";
        let names = GrantType::ALL.iter().map(|known| known.as_str()).collect::<Vec<_>>().join(", ");
        // What came is not shown: it may be anything.
        let finding = Finding::new(Check::GrantTypeKnown, names, "another grant_type");
        Failure::OAuth { refusal: Refusal::new(ErrorCode::UnsupportedGrantType, why).with(finding), basic: false }
    };
    let grant_type = GrantType::parse(grant_type).ok_or_else(unsupported)?;
    let (act, terms) = (context.act_of(app, &client.client_id), app.token_terms());
    let (memory, id) = (app.memory.clone(), client.id);
    let required = |name: &str| parameters.get(name).map(Secret::from).ok_or_else(|| missing(name));
    let asked = Asked {
        scope: parameters.get("scope").map(str::to_owned),
        resources: resources(&parameters, grant_type),
        details: parameters.get("authorization_details").map(str::to_owned),
        key,
    };
    dpop::check_client(&client, asked.key.as_ref()).map_err(|refusal| Failure::OAuth { refusal, basic: false })?;
    // Before anything is given: where there is nothing to sign with, nothing is used up.
    let ring = app.ring().await?;
    let now = act.now;
    let outcome = match grant_type {
        GrantType::AuthorizationCode => {
            let request = authorization_code::Request {
                code: required("code")?,
                redirect_uri: parameters.get("redirect_uri").map(str::to_owned),
                code_verifier: parameters.get("code_verifier").map(Secret::from),
            };
            app.store
                .write(move |tx| {
                    let (client, reading) = client_auth::again(tx, &memory, id, &credentials, act.now)?;
                    authorization_code::run(tx, &reading, &client, &request, &asked, &terms, &act)
                })
                .await?
        }
        GrantType::RefreshToken => {
            let refresh_token = required("refresh_token")?;
            let keys = app.clone();
            app.store
                .write(move |tx| {
                    let (client, reading) = client_auth::again(tx, &memory, id, &credentials, act.now)?;
                    let keys: Vec<&[u8; 32]> = keys.keys.all().collect();
                    let (refresh_token, asked, terms) = (&refresh_token, &asked, &terms);
                    let request = refresh_token::Request { refresh_token, asked, terms, keys: &keys };
                    refresh_token::run(tx, &reading, &client, request, &act)
                })
                .await?
        }
        GrantType::TokenExchange => {
            let text = |name: &str| parameters.get(name).map(str::to_owned);
            let request = token_exchange::Request {
                subject_token: required("subject_token")?,
                subject_token_type: text("subject_token_type").ok_or_else(|| missing("subject_token_type"))?,
                actor_token: parameters.get("actor_token").map(Secret::from),
                actor_token_type: text("actor_token_type"),
                requested_token_type: text("requested_token_type"),
                address: context.address,
            };
            // Whatever they are said to be; a client that may exchange nothing uses nothing either.
            if client.may_use(GrantType::TokenExchange) {
                for token in std::iter::once(&request.subject_token).chain(&request.actor_token) {
                    key_use::exchange(app, &context, token).await?;
                }
            }
            app.store
                .write(move |tx| {
                    let (client, _) = client_auth::again(tx, &memory, id, &credentials, act.now)?;
                    token_exchange::run(tx, &client, &request, &asked, &terms, &act)
                })
                .await?
        }
        GrantType::ClientCredentials => {
            app.store
                .write(move |tx| {
                    let (client, reading) = client_auth::again(tx, &memory, id, &credentials, act.now)?;
                    client_credentials::run(tx, &reading, &client, &asked, &terms, &act)
                })
                .await?
        }
        GrantType::JwtBearer => {
            let subject = subject.ok_or_else(|| missing("assertion"))?;
            app.store
                .write(move |tx| {
                    let (client, reading) = client_auth::again(tx, &memory, id, &credentials, act.now)?;
                    jwt_bearer::run(tx, &reading, &client, &subject, &asked, &terms, &act)
                })
                .await?
        }
        GrantType::DeviceCode => {
            let device_code = required("device_code")?;
            app.store
                .write(move |tx| {
                    let (client, reading) = client_auth::again(tx, &memory, id, &credentials, act.now)?;
                    device_code::run(tx, &reading, &client, &device_code, &asked, &terms, &act)
                })
                .await?
        }
        GrantType::Implicit => return Err(unsupported()),
    };
    match outcome {
        Outcome::Issued(response) => {
            app.client_usage.note(id, app.now());
            app.metrics.token_issued();
            let lifetime = app.config.tokens.id_token_lifetime;
            let teller = Teller { issuer: &app.issuer, ring: &ring, lifetime, now };
            issued(&response, style, teller)
        }
        Outcome::Refused(refusal) => Err(Failure::OAuth { refusal, basic: false }),
    }
}

/// That a parameter is not there.
pub fn missing(name: &str) -> Failure {
    let refusal = Refusal::new(ErrorCode::InvalidRequest, format!("{name} is missing")).on(Check::ParametersThere);
    Failure::OAuth { refusal, basic: false }
}

/// The resources that a token is asked for: `resource` (RFC 8707 §2), and in an exchange `audience`, which names them
/// too (RFC 8693 §2.1).
fn resources(parameters: &Parameters, grant_type: GrantType) -> Vec<String> {
    let audience = parameters.all("audience").filter(|_| grant_type == GrantType::TokenExchange);
    parameters.all("resource").chain(audience).map(str::to_owned).collect()
}

/// RFC 6749 §5.1.
fn issued(response: &TokenResponse, style: Style, teller: Teller<'_>) -> Result<HttpResponse, Failure> {
    let mut body = json!({
        "access_token": response.access_token.reveal(),
        "token_type": if response.is_bound { "DPoP" } else { "Bearer" },
        "expires_in": response.expires_in.seconds(),
        "scope": response.scope.to_string(),
    });
    if let Some(refresh_token) = &response.refresh_token {
        body["refresh_token"] = refresh_token.reveal().into();
    }
    if let Some(details) = &response.details {
        body["authorization_details"] = details.to_value();
    }
    if response.is_exchanged {
        body["issued_token_type"] = token_exchange::ACCESS_TOKEN.into();
    }
    if let Some(id_token) = &response.id_token {
        let signed = id_token.sign(Some(response.access_token.reveal()), style, teller).map_err(not_signed)?;
        body["id_token"] = signed.into();
    }
    Ok(HttpResponse::Ok().insert_header((header::PRAGMA, "no-cache")).json(body))
}

/// Where the server cannot sign what it has to.
pub fn not_signed(error: SigningError) -> Failure {
    Failure::Internal { cause: format!("nothing could be signed: {error}") }
}
