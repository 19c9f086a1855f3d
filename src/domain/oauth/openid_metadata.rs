//! What OpenID Connect adds to a client's description of itself (OpenID Connect Dynamic Client Registration §2).

use serde_json::Map;
use serde_json::Value;

use crate::domain::oauth::client_metadata::flag;
use crate::domain::oauth::client_metadata::invalid;
use crate::domain::oauth::client_metadata::list;
use crate::domain::oauth::client_metadata::member;
use crate::domain::oauth::client_metadata::text;
use crate::domain::oauth::error::Refusal;
use crate::jose::algorithm::Algorithm;
use crate::model::called_url::CalledUrl;
use crate::model::client::Client;
use crate::model::client::ResponseType;
use crate::model::https_url::HttpsUrl;
use crate::model::openid::OpenIdMetadata;
use crate::model::openid::SubjectType;

/// The most items of a list.
const MOST_ITEMS: usize = 20;

type Members = Map<String, Value>;

/// Reads the members that are known here.
///
/// # Errors
/// `invalid_client_metadata`.
pub fn read(members: &Members) -> Result<OpenIdMetadata, Refusal> {
    let sector_identifier_uri = text(members, "sector_identifier_uri")?;
    if let Some(uri) = sector_identifier_uri {
        HttpsUrl::parse(uri).map_err(|why| invalid(format!("sector_identifier_uri {why}")))?;
    }
    Ok(OpenIdMetadata {
        response_types: response_types(members)?,
        id_token_signed_response_alg: algorithm(members, "id_token_signed_response_alg")?,
        userinfo_signed_response_alg: algorithm(members, "userinfo_signed_response_alg")?,
        introspection_signed_response_alg: algorithm(members, "introspection_signed_response_alg")?,
        authorization_signed_response_alg: algorithm(members, "authorization_signed_response_alg")?,
        subject_type: subject_type(members)?,
        sector_identifier_uri: sector_identifier_uri.map(str::to_owned),
        request_object_signing_alg: request_object_algorithm(members)?,
        default_max_age: number(members, "default_max_age")?,
        require_auth_time: optional_flag(members, "require_auth_time")?,
        default_acr_values: texts(members, "default_acr_values")?,
        initiate_login_uri: text(members, "initiate_login_uri")?.map(str::to_owned),
        request_uris: texts(members, "request_uris")?,
        post_logout_redirect_uris: texts(members, "post_logout_redirect_uris")?,
        backchannel_logout_uri: text(members, "backchannel_logout_uri")?.map(str::to_owned),
        backchannel_logout_session_required: optional_flag(members, "backchannel_logout_session_required")?,
    })
}

/// Refuses addresses that cannot be what they are registered for, whoever registers them.
///
/// # Errors
/// What is wrong, as a sentence.
pub fn check(openid: &OpenIdMetadata) -> Result<(), String> {
    let https = |name: &str, url: &str| HttpsUrl::parse(url).map(drop).map_err(|why| format!("{name} {why}"));
    let called = |name: &str, url: &str| CalledUrl::parse(url).map(drop).map_err(|why| format!("{name} {why}"));
    if let Some(url) = &openid.initiate_login_uri {
        https("initiate_login_uri", url)?;
    }
    for url in openid.request_uris.iter().flatten() {
        // What stands behind the # is the document's hash (OpenID Connect Core §6.2).
        https("request_uris", url.split_once('#').map_or(url.as_str(), |(address, _)| address))?;
    }
    if let Some(url) = &openid.backchannel_logout_uri {
        called("backchannel_logout_uri", url)?;
    }
    for url in openid.post_logout_redirect_uris.iter().flatten() {
        called("post_logout_redirect_uris", url)?;
    }
    let lists = [&openid.request_uris, &openid.post_logout_redirect_uris, &openid.default_acr_values];
    if lists.into_iter().flatten().any(|list| list.len() > MOST_ITEMS) {
        return Err(format!(
            "request_uris, post_logout_redirect_uris and default_acr_values have {MOST_ITEMS} items at most"
        ));
    }
    Ok(())
}

/// Refuses addresses of this very machine where others reach this server by another: what stands there is somebody's own
/// business, and none of a client's.
///
/// # Errors
/// What is wrong, as a sentence.
pub fn check_loopback(openid: &OpenIdMetadata, issuer_is_loopback: bool) -> Result<(), String> {
    let is_loopback = |url: &str| CalledUrl::parse(url).is_ok_and(|url| url.is_loopback());
    let refuse = |name: &str| Err(format!("{name} may be a loopback address only where the issuer is one"));
    if issuer_is_loopback {
        return Ok(());
    }
    if openid.backchannel_logout_uri.as_deref().is_some_and(is_loopback) {
        return refuse("backchannel_logout_uri");
    }
    if openid.post_logout_redirect_uris.iter().flatten().any(|url| is_loopback(url)) {
        return refuse("post_logout_redirect_uris");
    }
    Ok(())
}

/// The response types that are known here, where they are more than codes.
fn response_types(members: &Members) -> Result<Option<Vec<String>>, Refusal> {
    let asked = list(members, "response_types", MOST_ITEMS)?.unwrap_or_default();
    let known = |known: &&ResponseType| asked.iter().any(|name| ResponseType::read(name) == Some(**known));
    let given: Vec<ResponseType> = ResponseType::ALL.iter().filter(known).copied().collect();
    let has_more = given.iter().any(|given| *given != ResponseType::Code);
    Ok(has_more.then(|| given.into_iter().map(|given| given.as_str().to_owned()).collect()))
}

/// An algorithm by which the client signs its requests: one that is checked here, and never none.
fn request_object_algorithm(members: &Members) -> Result<Option<String>, Refusal> {
    let Some(asked) = text(members, "request_object_signing_alg")? else { return Ok(None) };
    let known = Algorithm::parse(asked).ok_or_else(|| {
        let known = Algorithm::names().join(", ");
        invalid(format!(
            "request_object_signing_alg must be one of {known}: requests that are not signed need no object"
        ))
    })?;
    Ok(Some(known.as_str().to_owned()))
}

fn texts(members: &Members, name: &str) -> Result<Option<Vec<String>>, Refusal> {
    Ok(list(members, name, MOST_ITEMS)?.map(|texts| texts.into_iter().map(str::to_owned).collect()))
}

fn optional_flag(members: &Members, name: &str) -> Result<Option<bool>, Refusal> {
    member(members, name).map(|_| flag(members, name)).transpose()
}

fn number(members: &Members, name: &str) -> Result<Option<u64>, Refusal> {
    let wrong = || invalid(format!("{name} must be a number of seconds"));
    member(members, name).map(|value| value.as_u64().ok_or_else(wrong)).transpose()
}

/// `before` with those members in their places that `said` names; `null` takes one away. What cannot be read changes nothing.
pub fn with(before: &OpenIdMetadata, said: &Members) -> OpenIdMetadata {
    let Ok(Value::Object(mut members)) = serde_json::to_value(before) else { return before.clone() };
    members.extend(said.clone());
    read(&members).unwrap_or_else(|_| before.clone())
}

/// What is kept of a client, under the same names.
pub fn of(client: &Client) -> Members {
    match serde_json::to_value(&client.openid) {
        Ok(Value::Object(members)) => members,
        _ => Members::new(),
    }
}

/// An algorithm by which this server signs.
fn algorithm(members: &Members, name: &str) -> Result<Option<String>, Refusal> {
    let Some(asked) = text(members, name)? else { return Ok(None) };
    if !Algorithm::signing_names().contains(&asked) {
        let known = Algorithm::signing_names().join(", ");
        return Err(invalid(format!("{name} must be one of {known}: by these this server signs")));
    }
    Ok(Some(asked.to_owned()))
}

fn subject_type(members: &Members) -> Result<Option<SubjectType>, Refusal> {
    let Some(asked) = text(members, "subject_type")? else { return Ok(None) };
    SubjectType::parse(asked).map(Some).ok_or_else(|| invalid("subject_type must be public or pairwise"))
}
