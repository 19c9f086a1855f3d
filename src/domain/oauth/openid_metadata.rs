//! What OpenID Connect adds to a client's description of itself (OpenID Connect Dynamic Client Registration §2).

use serde_json::Map;
use serde_json::Value;

use crate::domain::oauth::client_metadata::invalid;
use crate::domain::oauth::client_metadata::text;
use crate::domain::oauth::error::Refusal;
use crate::jose::algorithm::Algorithm;
use crate::model::client::Client;
use crate::model::https_url::HttpsUrl;
use crate::model::openid::OpenIdMetadata;
use crate::model::openid::SubjectType;

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
        id_token_signed_response_alg: algorithm(members, "id_token_signed_response_alg")?,
        userinfo_signed_response_alg: algorithm(members, "userinfo_signed_response_alg")?,
        introspection_signed_response_alg: algorithm(members, "introspection_signed_response_alg")?,
        authorization_signed_response_alg: algorithm(members, "authorization_signed_response_alg")?,
        subject_type: subject_type(members)?,
        sector_identifier_uri: sector_identifier_uri.map(str::to_owned),
        ..OpenIdMetadata::default()
    })
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
