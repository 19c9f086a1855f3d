//! What the issuer answers to a question about a token (RFC 7662 §2.2), read strictly: what is not understood lets
//! nobody in.

use serde_json::Map;
use serde_json::Value;

use crate::json;
use crate::model::issuer::Issuer;
use crate::model::resource::Resources;
use crate::model::role::RoleName;
use crate::model::scope::ScopeToken;
use crate::model::thumbprint::Thumbprint;
use crate::model::time::Timestamp;
use crate::principal::credential::Credential;
use crate::principal::identity::Identity;
use crate::principal::identity::ShownBy;
use crate::principal::identity::Subject;

/// Reads the answer to a question about `credential`; `None` where it is not good.
///
/// # Errors
/// What is wrong with the answer, for the log.
pub(super) fn read(body: &[u8], issuer: &Issuer, credential: &Credential) -> Result<Option<Identity>, String> {
    let members = json::object(body).map_err(|error| format!("the answer {error}"))?;
    match members.get("active") {
        Some(Value::Bool(false)) => return Ok(None),
        Some(Value::Bool(true)) => {}
        _ => return Err("active is neither true nor false".to_owned()),
    }
    // Another server's answer says nothing about our tokens.
    let of = required(&members, "iss")?;
    if of != issuer.as_str() {
        return Err(format!("the answer is of {of:?} and not of {issuer}"));
    }
    let (shown_by, full_access) = match (credential, required(&members, "credential")?) {
        (Credential::AccessToken { .. }, "access_token") => (access_token(&members)?, false),
        (Credential::ApiKey { name, .. } | Credential::ImportedKey { name, .. }, "api_key") => {
            let api_key = required(&members, "api_key")?;
            if name.as_ref().is_some_and(|name| name.as_str() != api_key) {
                return Ok(None);
            }
            let full_access = members.get("full_access") == Some(&Value::Bool(true));
            (ShownBy::ApiKey { api_key: api_key.to_owned() }, full_access)
        }
        (_, other) => return Err(format!("the answer is about another kind of credential: {other:?}")),
    };
    Ok(Some(Identity {
        subject: subject(&members)?,
        // A name that can't be read is one that nobody asks for.
        roles: texts(&members, "roles")?.iter().filter_map(|role| RoleName::parse(role).ok()).collect(),
        scopes: text(&members, "scope")?
            .unwrap_or_default()
            .split(' ')
            .filter_map(|name| ScopeToken::parse(name).ok())
            .collect(),
        full_access,
        shown_by,
        expires_at: match members.get("exp") {
            None | Some(Value::Null) => None,
            Some(exp) => Some(Timestamp::from_seconds(exp.as_i64().ok_or("exp is no whole number")?)),
        },
    }))
}

fn subject(members: &Map<String, Value>) -> Result<Subject, String> {
    let id = required(members, "sub")?.to_owned();
    match text(members, "username")? {
        Some(username) => Ok(Subject::User { id, username: username.to_owned() }),
        None if text(members, "client_id")? == Some(&id) => Ok(Subject::Client { client_id: id }),
        None => Err("sub is neither a user's nor the client's own".to_owned()),
    }
}

fn access_token(members: &Map<String, Value>) -> Result<ShownBy, String> {
    let key = match members.get("cnf") {
        None | Some(Value::Null) => None,
        Some(Value::Object(bound)) if bound.len() == 1 => {
            let jkt = bound.get("jkt").and_then(Value::as_str).and_then(Thumbprint::parse);
            Some(jkt.ok_or("cnf binds the token in a way that is not known here")?)
        }
        Some(_) => return Err("cnf binds the token in a way that is not known here".to_owned()),
    };
    let resources = Resources::parse(texts(members, "aud")?).map_err(|_| "aud names no resources")?;
    Ok(ShownBy::AccessToken {
        client_id: required(members, "client_id")?.to_owned(),
        resources,
        key,
        actor: members.get("act").cloned(),
        authorization_details: members.get("authorization_details").cloned(),
    })
}

fn required<'a>(members: &'a Map<String, Value>, name: &str) -> Result<&'a str, String> {
    let found = text(members, name)?.filter(|text| !text.is_empty());
    found.ok_or_else(|| format!("{name} is missing; is the server older than this library?"))
}

fn text<'a>(members: &'a Map<String, Value>, name: &str) -> Result<Option<&'a str>, String> {
    match members.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(format!("{name} is no text")),
    }
}

/// A list of texts; one text is a list of one (`aud` of RFC 7519 §4.1.3).
fn texts<'a>(members: &'a Map<String, Value>, name: &str) -> Result<Vec<&'a str>, String> {
    let wrong = || format!("{name} is no list of texts");
    match members.get(name) {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::String(text)) => Ok(vec![text]),
        Some(Value::Array(items)) => items.iter().map(|item| item.as_str().ok_or_else(wrong)).collect(),
        Some(_) => Err(wrong()),
    }
}
