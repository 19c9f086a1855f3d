//! What the server says of itself (RFC 8414, RFC 9728). It names only what works, and all that does.

use serde_json::Value;
use serde_json::json;

use crate::domain::oauth::answer::ResponseMode;
use crate::domain::oauth::claims;
use crate::jose::algorithm::Algorithm;
use crate::model::client::AuthMethod;
use crate::model::client::GrantType;
use crate::model::client::ResponseType;
use crate::model::details::DetailType;
use crate::model::issuer::Issuer;
use crate::model::openid;
use crate::model::openid::SubjectType;
use crate::model::scope::Scope;
use crate::model::scope::ScopeToken;

/// The scopes that stand for what a user is asked about by OpenID Connect (OpenID Connect Core §5.4), and for refreshing.
pub const OPENID_SCOPES: [&str; 7] = ["openid", "profile", "email", "address", "phone", "roles", "offline_access"];
/// What an id_token says beside claims of the user (OpenID Connect Core §2).
const ID_TOKEN_CLAIMS: [&str; 11] =
    ["iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "at_hash", "sid"];

/// What is offered to clients that no administrator registers.
#[derive(Debug, Clone)]
pub struct Dynamic {
    /// Whether clients can register themselves (RFC 7591).
    pub registration: bool,
    /// Whether they may be named by the URL of their metadata document.
    pub documents: bool,
    /// The scopes that such clients can have.
    pub scopes: Scope,
}

/// The authorization server's metadata (RFC 8414 §2, RFC 9396 §10). `languages` are the tags of those that
/// the pages are written in. `url` makes URLs below the issuer of paths. `dynamic` is there where clients need no administrator.
pub fn authorization_server(
    issuer: &Issuer,
    dynamic: Option<&Dynamic>,
    detail_types: &[DetailType],
    languages: &[&str],
    url: impl Fn(&str) -> String,
) -> Value {
    let at_token_endpoint = GrantType::ALL.iter().filter(|grant| **grant != GrantType::Implicit);
    let grant_types: Vec<&str> = at_token_endpoint.map(|grant| grant.as_str()).collect();
    let auth_methods: Vec<&str> = AuthMethod::ALL.iter().map(|method| method.as_str()).collect();
    let confidential: Vec<&str> = auth_methods.iter().copied().filter(|method| *method != "none").collect();
    let algorithms = Algorithm::names();
    let mut metadata = json!({
        "issuer": issuer.as_str(),
        "authorization_endpoint": url("/oauth/authorize"),
        "token_endpoint": url("/oauth/token"),
        "revocation_endpoint": url("/oauth/revoke"),
        "revocation_endpoint_auth_methods_supported": auth_methods,
        "revocation_endpoint_auth_signing_alg_values_supported": algorithms,
        "userinfo_endpoint": url("/oauth/userinfo"),
        "introspection_endpoint": url("/oauth/introspect"),
        "introspection_endpoint_auth_methods_supported": confidential,
        "introspection_endpoint_auth_signing_alg_values_supported": algorithms,
        "pushed_authorization_request_endpoint": url("/oauth/par"),
        "device_authorization_endpoint": url("/oauth/device_authorization"),
        "require_pushed_authorization_requests": false,
        "request_parameter_supported": true,
        "request_uri_parameter_supported": true,
        "require_request_uri_registration": true,
        "request_object_signing_alg_values_supported": algorithms,
        "require_signed_request_object": false,
        "response_types_supported": ["code"],
        "response_modes_supported": ResponseMode::names(),
        "grant_types_supported": grant_types,
        "token_endpoint_auth_methods_supported": auth_methods,
        "token_endpoint_auth_signing_alg_values_supported": algorithms,
        "code_challenge_methods_supported": ["S256"],
        "dpop_signing_alg_values_supported": algorithms,
        "authorization_response_iss_parameter_supported": true,
        "ui_locales_supported": languages,
    });
    add_openid(&mut metadata, &url);
    if !detail_types.is_empty() {
        let names = detail_types.iter().map(|known| known.name.as_str());
        metadata["authorization_details_types_supported"] = names.collect();
    }
    if let Some(dynamic) = dynamic {
        if dynamic.registration {
            metadata["registration_endpoint"] = url("/oauth/register").into();
        }
        metadata["client_id_metadata_document_supported"] = dynamic.documents.into();
        // Many clients ask for the whole list, so it names nothing that they could not get.
        metadata["scopes_supported"] = dynamic.scopes.iter().map(ScopeToken::as_str).collect();
    }
    metadata
}

/// What an application that speaks OpenID Connect can be registered for beside (OpenID Connect Discovery §3). OAuth's own
/// document says nothing of it, for OAuth has no such thing any more (RFC 9700 §2.1.2).
pub fn openid_provider(mut metadata: Value) -> Value {
    let response_types: Vec<&str> = ResponseType::ALL.iter().map(|known| known.as_str()).collect();
    let grant_types: Vec<&str> = GrantType::ALL.iter().map(|grant| grant.as_str()).collect();
    metadata["response_types_supported"] = response_types.into();
    metadata["grant_types_supported"] = grant_types.into();
    if metadata.get("scopes_supported").is_none() {
        metadata["scopes_supported"] = OPENID_SCOPES.to_vec().into();
    }
    metadata
}

/// What OpenID Connect adds (OpenID Connect Discovery §3) and, for the introspection endpoint, RFC 9701 §7.
fn add_openid(metadata: &mut Value, url: impl Fn(&str) -> String) {
    let algorithms = Algorithm::signing_names();
    let subject_types = SubjectType::ALL.map(SubjectType::as_str);
    metadata["jwks_uri"] = url("/.well-known/jwks.json").into();
    metadata["subject_types_supported"] = subject_types.to_vec().into();
    metadata["id_token_signing_alg_values_supported"] = algorithms.clone().into();
    metadata["userinfo_signing_alg_values_supported"] = algorithms.clone().into();
    metadata["introspection_signing_alg_values_supported"] = algorithms.clone().into();
    metadata["authorization_signing_alg_values_supported"] = algorithms.into();
    metadata["prompt_values_supported"] = vec!["none", "login", "consent", "select_account"].into();
    metadata["display_values_supported"] = vec!["page"].into();
    metadata["end_session_endpoint"] = url("/oauth/logout").into();
    metadata["backchannel_logout_supported"] = true.into();
    metadata["backchannel_logout_session_supported"] = true.into();
    metadata["acr_values_supported"] = vec![openid::ACR_PASSWORD, openid::ACR_MULTIPLE].into();
    metadata["claim_types_supported"] = vec!["normal"].into();
    metadata["claims_supported"] = ID_TOKEN_CLAIMS.into_iter().chain(claims::all()).collect();
    metadata["claims_parameter_supported"] = true.into();
}

/// This server's own API as a protected resource (RFC 9728 §2).
pub fn protected_resource(issuer: &Issuer) -> Value {
    json!({
        "resource": issuer.as_str(),
        "authorization_servers": [issuer.as_str()],
        "bearer_methods_supported": ["header"],
        "dpop_signing_alg_values_supported": Algorithm::names(),
        "resource_name": "Hallpass",
    })
}
