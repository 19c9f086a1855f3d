//! The introspection endpoint, `POST /oauth/introspect` (RFC 7662).

use std::net::IpAddr;

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::Data;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::app::App;
use crate::domain::authenticate::KeyInUse;
use crate::domain::authenticate::Presented;
use crate::domain::imported_secrets;
use crate::domain::key_uses::Caller;
use crate::domain::oauth::error::ErrorCode;
use crate::domain::oauth::error::Refusal;
use crate::domain::oauth::id_token;
use crate::domain::oauth::introspect;
use crate::domain::oauth::introspect::Asked;
use crate::domain::oauth::introspect::Facts;
use crate::domain::oauth::introspect::Inactive;
use crate::domain::oauth::introspect::Sees;
use crate::domain::refusals::check::Check;
use crate::domain::refusals::finding::Finding;
use crate::http::context;
use crate::http::context::Context;
use crate::http::failure::Failure;
use crate::http::form::Parameters;
use crate::http::guard::Argument;
use crate::http::guard::Guard;
use crate::http::key_use;
use crate::http::oauth::client;
use crate::http::oauth::client::AuthenticatedClient;
use crate::http::oauth::token as token_endpoint;
use crate::http::principal::MaybePrincipal;
use crate::model::identity::Credential;
use crate::model::identity::Identity;
use crate::model::identity::Subject;
use crate::model::key_use::KeyOutcome;
use crate::model::time::Timestamp;
use crate::model::token;
use crate::model::token::ApiKeyName;
use crate::model::token::Token;
use crate::principal::authorization;

/// The type of a signed answer (RFC 9701 §5).
const JWT: &str = "token-introspection+jwt";

/// Somebody who may ask: a client with the scope `introspect`, by its own authentication; or an access token or API key
/// with that scope (RFC 7662 §2.1).
pub struct Introspector {
    asker: Asker,
    sees: Sees,
    parameters: Parameters,
    context: Context,
}

/// For whom a signed answer is (RFC 9701 §5).
#[derive(Clone)]
struct Asker {
    /// Its `client_id`, or the id of the user whose key asks.
    id: String,
    /// By which algorithm it wants it signed.
    algorithm: Option<String>,
}

impl Guard for Introspector {
    fn describe() -> String {
        "introspector".to_owned()
    }
}

impl Argument for Introspector {
    async fn of(request: &HttpRequest) -> Result<Self, Failure> {
        if presents_credential(request) {
            by_credential(request, MaybePrincipal::of(request).await?).await
        } else {
            by_client(request).await
        }
    }
}

/// Whether the header is one of a credential, rather than `Basic`, which here is a client's (RFC 6749 §2.3.1).
fn presents_credential(request: &HttpRequest) -> bool {
    let mut headers = request.headers().get_all(header::AUTHORIZATION);
    headers.next().is_some_and(|header| !authorization::is_basic(header.as_bytes()))
}

async fn by_credential(request: &HttpRequest, who: MaybePrincipal) -> Result<Introspector, Failure> {
    let (app, context) = (context::app(request)?, Context::of(request)?);
    let identity = who.identity().filter(|identity| identity.has_scope(introspect::SCOPE)).ok_or_else(|| {
        let came = who.identity().map_or_else(String::new, |identity| identity.rights.scopes().to_string());
        context.explain(Finding::new(Check::NeedScope, introspect::SCOPE, format!("one with {came}")));
        Failure::Unauthenticated { credential_given: true }
    })?;
    if let Credential::ApiKey { id, .. } = &identity.credential {
        app.key_uses.note_scopes(*id, &[introspect::SCOPE], app.now());
    }
    let parameters = client::parameters(request, &context)?;
    if ["client_secret", "client_assertion"].into_iter().any(|name| parameters.get(name).is_some()) {
        let why = "the caller authenticates twice: by a token and as a client (RFC 6749 2.3)";
        return Err(Failure::oauth(ErrorCode::InvalidRequest, why));
    }
    let sees = match &identity.credential {
        Credential::AccessToken { client, .. } => {
            let client = client.id;
            app.store.look_up(move |tx| introspect::seen_by_token_of(tx, client)).await?
        }
        Credential::ApiKey { .. } => Sees::Everything,
        Credential::Session { .. } => return Err(Failure::SessionNeeded),
    };
    let asker = Asker { id: identity.subject.wire_id(), algorithm: None };
    Ok(Introspector { asker, sees, parameters, context })
}

async fn by_client(request: &HttpRequest) -> Result<Introspector, Failure> {
    let AuthenticatedClient { client, parameters, .. } = AuthenticatedClient::of(request).await?;
    let app = context::app(request)?;
    let algorithm = client.openid.introspection_signed_response_alg.clone();
    let asker = Asker { id: client.client_id.clone(), algorithm };
    match introspect::seen_by(&*app.memory.catalogue().await?, &client) {
        Some(sees) => Ok(Introspector { asker, sees, parameters, context: Context::of(request)? }),
        None => {
            let why = "the client may not introspect tokens: it needs the scope introspect and a secret";
            let came = format!("a client for {}", client.scopes);
            let finding = Finding::new(Check::NeedScope, "a client with a secret and the scope introspect", came);
            let refusal = Refusal::new(ErrorCode::InvalidClient, why).with(finding);
            Err(Failure::OAuth { refusal, basic: false })
        }
    }
}

/// `POST /oauth/introspect`. Whatever is not live, not known or not the caller's to see is the same
/// `{"active":false}` (RFC 7662 §2.2). Who asks for it gets the answer signed (RFC 9701 §4).
///
/// # Errors
/// 401 for who may not ask, `invalid_request` where `token` is missing.
pub async fn post(caller: Introspector, request: HttpRequest, app: Data<App>) -> Result<HttpResponse, Failure> {
    let asker = caller.asker.clone();
    let facts = look(caller, &app).await?;
    let body = facts.map_or_else(|| json!({ "active": false }), |facts| describe(&facts, app.issuer.as_str()));
    if !takes_jwt(&request) {
        return Ok(HttpResponse::Ok().json(body));
    }
    let now = app.now();
    let claims = Map::from_iter([
        ("iss".to_owned(), app.issuer.as_str().into()),
        ("aud".to_owned(), asker.id.into()),
        ("iat".to_owned(), now.seconds().into()),
        ("token_introspection".to_owned(), body),
    ]);
    let algorithm = id_token::algorithm(asker.algorithm.as_deref());
    let signed = app.ring().await?.sign(algorithm, Some(JWT), &claims, now).map_err(token_endpoint::not_signed)?;
    Ok(HttpResponse::Ok().insert_header((header::CONTENT_TYPE, format!("application/{JWT}"))).body(signed))
}

/// Whether the caller asks for a signed answer (RFC 9701 §4). One that takes anything gets JSON.
fn takes_jwt(request: &HttpRequest) -> bool {
    let mut accepted = request.headers().get_all(header::ACCEPT).filter_map(|value| value.to_str().ok());
    let is_jwt = |item: &str| {
        let media_type = item.split(';').next().unwrap_or_default().trim();
        media_type.strip_prefix("application/").is_some_and(|kind| kind.eq_ignore_ascii_case(JWT))
    };
    accepted.any(|value| value.split(',').any(is_jwt))
}

/// What the token of `caller`'s request stands for; `None` for whatever is `{"active":false}`.
///
/// # Errors
/// `invalid_request` where `token` is missing, or what stands beside it makes no sense.
pub async fn look(caller: Introspector, app: &App) -> Result<Option<Facts>, Failure> {
    let Introspector { sees, parameters, context, .. } = caller;
    let invalid = |why: &str| Failure::oauth(ErrorCode::InvalidRequest, why);
    let token = parameters.get("token").ok_or_else(|| token_endpoint::missing("token"))?;
    let address = match parameters.get("client_ip") {
        None => None,
        Some(text) => Some(text.parse::<IpAddr>().map_err(|_| invalid("client_ip is no IP address"))?.to_canonical()),
    };
    let name = parameters.get("api_key").map(|name| ApiKeyName::parse_any(name).ok_or(()));
    let Ok(name) = name.transpose() else { return Ok(None) };
    // What can't be a token of ours is refused without asking the database.
    let asked = match Token::parse(token) {
        Some(token) => Asked::Token(token, name),
        None if token::may_be_imported(token) && app.imported.exist(&app.store).await? => {
            let secrets = imported_secrets::hashes(&app.keys, token);
            Asked::Imported(Presented::ImportedKey { name, secrets })
        }
        None => return Ok(None),
    };
    let now = app.now();
    let found = introspect::run(&app.memory, asked, &sees, address, now).await?;
    let caller = Caller::new(address, None);
    let facts = match found {
        Ok(facts) => facts,
        Err(Inactive::Unknown) => return Ok(None),
        Err(Inactive::Refused(refusal)) => {
            key_use::note_refused(app, &context, &refusal, caller, now);
            return Ok(None);
        }
    };
    if let Facts::Credential(found) = &facts
        && let Some(key) = &found.key
    {
        // Whoever asks lets it in: that is one use of the key. One that may not be used now is not active.
        let own = context.limits.take();
        let spent = key_use::spend(app, &context, key, now).await;
        // The key's limits are not those of who asks.
        context.limits.replace(own);
        let outcome = match spent {
            Ok(()) if key.is_on_trial => KeyOutcome::WouldFail,
            Ok(()) => KeyOutcome::Introspected,
            Err(Failure::Limited { .. }) => KeyOutcome::Limited,
            Err(failure) => return Err(failure),
        };
        app.key_uses.note(key.id, outcome, &[], &caller, now);
        if outcome == KeyOutcome::Limited {
            return Ok(None);
        }
    }
    Ok(Some(facts))
}

/// Of a token that is none, or not the caller's to see.
pub fn inactive() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "active": false }))
}

/// RFC 7662 §2.2, with `username`, `roles` and `credential` beside its members.
pub fn describe(facts: &Facts, issuer: &str) -> Value {
    let mut body = match facts {
        Facts::Credential(found) => of_identity(&found.identity, found.key.as_deref()),
        Facts::RefreshToken { subject, client_id, scope, resources, roles, expires_at } => json!({
            "sub": subject.wire_id(),
            "username": username(subject),
            "client_id": client_id,
            "scope": scope.to_string(),
            "aud": resources.iter().map(|uri| uri.as_str()).collect::<Vec<_>>(),
            "roles": roles,
            "exp": expires_at.seconds(),
            "credential": "refresh_token",
        }),
    };
    body["active"] = true.into();
    body["iss"] = issuer.into();
    if let Value::Object(members) = &mut body {
        members.retain(|name, value| {
            let is_empty = name == "aud" && value.as_array().is_some_and(Vec::is_empty);
            !value.is_null() && !is_empty
        });
    }
    body
}

fn of_identity(identity: &Identity, key: Option<&KeyInUse>) -> Value {
    let mut body = json!({
        "sub": identity.subject.wire_id(),
        "username": username(&identity.subject),
        "scope": identity.rights.scopes(),
        "roles": identity.roles.names(),
        "exp": identity.expires_at.map(Timestamp::seconds),
        "credential": identity.credential.kind(),
    });
    match &identity.credential {
        Credential::AccessToken { client, resources, key, actor, details, created_at, .. } => {
            body["client_id"] = client.client_id.as_str().into();
            body["aud"] = resources.iter().map(|uri| uri.as_str()).collect::<Vec<_>>().into();
            body["iat"] = created_at.seconds().into();
            body["token_type"] = if key.is_some() { "DPoP" } else { "Bearer" }.into();
            // RFC 9449 §6.2.
            body["cnf"] = key.as_ref().map_or(Value::Null, |key| json!({ "jkt": key.as_str() }));
            // RFC 8693 §4.1: only we write these, and as JSON.
            body["act"] = actor.as_deref().and_then(|actor| serde_json::from_str(actor).ok()).unwrap_or_default();
            // RFC 9396 §9.2.
            body["authorization_details"] = details.as_ref().map_or(Value::Null, |details| details.to_value());
        }
        Credential::ApiKey { .. } => {
            body["full_access"] = identity.has_full_access().into();
            // The secret alone was asked about; whoever has a pair compares the other half.
            body["api_key"] = key.map_or(Value::Null, |key| key.api_key.as_str().into());
        }
        Credential::Session { .. } => {}
    }
    body
}

fn username(subject: &Subject) -> Option<&str> {
    match subject {
        Subject::User { username, .. } => Some(username),
        Subject::Client { .. } => None,
    }
}
