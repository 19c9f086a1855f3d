//! Signed authorization requests (RFC 9101): all parameters come from one text that the client signed, so that nobody on
//! the way can change one.

use serde_json::Value;

use crate::domain::oauth::authorize::Parameters;
use crate::domain::oauth::error::ErrorCode;
use crate::domain::oauth::error::Refusal;
use crate::jose::claims::ClaimError;
use crate::jose::claims::Claims;
use crate::jose::jwk_set::JwkSet;
use crate::jose::jws::Jws;
use crate::model::client::Client;
use crate::model::digest;
use crate::model::https_url::HttpsUrl;
use crate::model::issuer::Issuer;
use crate::model::time::Lifetime;
use crate::model::time::Timestamp;

/// How far the clocks of client and server may lie apart.
const SKEW: Lifetime = Lifetime::from_seconds(30);

/// The parameters in a request object of `client`, checked (RFC 9101 §6). What stands beside the object is none of them
/// (RFC 9101 §6.3).
///
/// # Errors
/// `invalid_request_object`.
pub fn read(
    signed: &Jws,
    client: &Client,
    keys: &JwkSet,
    issuer: &Issuer,
    now: Timestamp,
) -> Result<Parameters, Refusal> {
    let (claims, _) = signed.claims_by(keys).map_err(|error| refuse(&error.to_string()))?;
    // RFC 9101 §10.8: no other signed text of the client's passes for a request, and no request for one of those.
    if signed.has_type() && !signed.is_of_type("oauth-authz-req+jwt") && !signed.is_of_type("jwt") {
        return Err(refuse("its typ must be oauth-authz-req+jwt"));
    }
    let registered = client.openid.request_object_signing_alg.as_deref();
    if registered.is_some_and(|registered| registered != signed.algorithm().as_str()) {
        return Err(refuse("its alg is not the one that the client registered (request_object_signing_alg)"));
    }
    if claims.get("sub").is_some_and(|sub| *sub == client.client_id.as_str()) {
        return Err(refuse("its sub must not be the client_id (RFC 9101 10.8)"));
    }
    check_origin(&claims, client, issuer)?;
    check_times(&claims, now)?;
    if claims.get("request").is_some() || claims.get("request_uri").is_some() {
        return Err(refuse("it must hold neither request nor request_uri"));
    }
    parameters(&claims)
}

/// The address that `request_uri` names, if it is one that the client registered (`request_uris`). A hash behind its `#`
/// changes with the document (OpenID Connect Core §6.2), so that one that was registered without may be named with one.
///
/// # Errors
/// `request_uri_not_supported` for a client that registered none, `invalid_request_uri`.
pub fn registered(client: &Client, request_uri: &str) -> Result<HttpsUrl, Refusal> {
    let known = client.openid.request_uris.as_deref().unwrap_or_default();
    if known.is_empty() {
        let why = "request_uri must be the one that a pushed request was answered with (RFC 9126), or an address that \
                   the client registered as one of its request_uris, and it has none";
        return Err(Refusal::new(ErrorCode::RequestUriNotSupported, why));
    }
    let (address, _) = request_uri.split_once('#').unwrap_or((request_uri, ""));
    if !known.iter().any(|known| known == request_uri || known == address) {
        let why = "request_uri is none of those that the client registered (request_uris)";
        return Err(Refusal::new(ErrorCode::InvalidRequestUri, why));
    }
    HttpsUrl::parse(address).map_err(|why| Refusal::new(ErrorCode::InvalidRequestUri, format!("request_uri {why}")))
}

/// Whether `text` has the hash that stands behind the `#` of `request_uri`, where one does (OpenID Connect Core §6.2).
pub fn is_what_was_named(request_uri: &str, text: &str) -> bool {
    request_uri.split_once('#').is_none_or(|(_, hash)| hash == digest::base64url(&[text.as_bytes()]))
}

fn refuse(why: &str) -> Refusal {
    Refusal::new(ErrorCode::InvalidRequestObject, format!("the request object is refused: {why}"))
}

fn malformed(error: ClaimError) -> Refusal {
    refuse(&error.to_string())
}

/// RFC 9101 §4, §5: of this client, for this server.
fn check_origin(claims: &Claims, client: &Client, issuer: &Issuer) -> Result<(), Refusal> {
    if claims.required_text("client_id").map_err(malformed)? != client.client_id {
        return Err(refuse("its client_id is not the one beside it"));
    }
    if claims.required_text("iss").map_err(malformed)? != client.client_id {
        return Err(refuse("its iss is not the client_id"));
    }
    if !claims.audience().map_err(malformed)?.contains(&issuer.as_str()) {
        return Err(refuse("its aud is not this server: it must be the issuer"));
    }
    Ok(())
}

/// RFC 7519 §4.1.4, §4.1.5: they may be missing, but hold where they are there.
fn check_times(claims: &Claims, now: Timestamp) -> Result<(), Refusal> {
    if claims.time("exp").map_err(malformed)?.is_some_and(|end| (end + SKEW).is_past(now)) {
        return Err(refuse("it has expired; look whether the client's clock is right"));
    }
    if claims.time("nbf").map_err(malformed)?.is_some_and(|from| from > now + SKEW) {
        return Err(refuse("its nbf has not come yet; look whether the client's clock is right"));
    }
    Ok(())
}

fn parameters(claims: &Claims) -> Result<Parameters, Refusal> {
    // An empty one is none, as in a query (RFC 6749 §3.1).
    let text = |name: &'static str| match claims.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone()).filter(|text| !text.is_empty())),
        Some(_) => Err(malformed(ClaimError(name))),
    };
    let resource = match claims.get("resource") {
        None => Vec::new(),
        Some(Value::String(one)) => vec![one.clone()],
        Some(Value::Array(list)) => {
            let all = list.iter().map(|item| item.as_str().map(str::to_owned));
            all.collect::<Option<_>>().ok_or(malformed(ClaimError("resource")))?
        }
        Some(_) => return Err(malformed(ClaimError("resource"))),
    };
    // RFC 9396 §2: JSON in a query's text, and JSON as it is in a signed request.
    let authorization_details = match claims.get("authorization_details") {
        Some(list @ Value::Array(_)) => Some(list.to_string()),
        _ => text("authorization_details")?,
    };
    // OpenID Connect Core §6.1: the same holds for the claims.
    let wanted = match claims.get("claims") {
        Some(wanted @ Value::Object(_)) => Some(wanted.to_string()),
        _ => text("claims")?,
    };
    Ok(Parameters {
        response_type: text("response_type")?,
        client_id: text("client_id")?,
        redirect_uri: text("redirect_uri")?,
        scope: text("scope")?,
        state: text("state")?,
        code_challenge: text("code_challenge")?,
        code_challenge_method: text("code_challenge_method")?,
        response_mode: text("response_mode")?,
        resource,
        dpop_jkt: text("dpop_jkt")?,
        authorization_details,
        nonce: text("nonce")?,
        prompt: text("prompt")?,
        max_age: max_age(claims)?,
        login_hint: text("login_hint")?,
        id_token_hint: text("id_token_hint")?,
        claims: wanted,
        ui_locales: text("ui_locales")?,
        signed: true,
        ..Parameters::default()
    })
}

/// OpenID Connect Core §6.1: a number in JSON, where it is a text in a query.
fn max_age(claims: &Claims) -> Result<Option<String>, Refusal> {
    match claims.get("max_age") {
        None => Ok(None),
        Some(Value::Number(number)) => Ok(Some(number.to_string())),
        Some(Value::String(text)) => Ok(Some(text.clone()).filter(|text| !text.is_empty())),
        Some(_) => Err(malformed(ClaimError("max_age"))),
    }
}
