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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::token::ApiKeyName;
    use crate::model::token::Token;
    use crate::model::token::TokenKind;

    fn issuer() -> Issuer {
        Issuer::parse("https://id.test").unwrap()
    }

    fn access_token() -> Credential {
        Credential::AccessToken { token: Token::mint(TokenKind::Access, |bytes| bytes.fill(7)), by_dpop: false }
    }

    fn key(name: Option<&str>) -> Credential {
        let secret = Token::mint(TokenKind::ApiSecret, |bytes| bytes.fill(7));
        Credential::ApiKey { name: name.map(|name| ApiKeyName::parse_imported(name).unwrap()), secret }
    }

    fn of_token(change: impl FnOnce(&mut Value)) -> Result<Option<Identity>, String> {
        let mut answer = json!({
            "active": true, "iss": "https://id.test", "sub": "user_1", "username": "ada", "client_id": "client_1",
            "scope": "read write", "roles": ["editor"], "credential": "access_token", "token_type": "Bearer",
            "aud": ["https://api.test/"], "exp": 1_800_000_000, "iat": 1_799_996_400,
        });
        change(&mut answer);
        read(answer.to_string().as_bytes(), &issuer(), &access_token())
    }

    #[test]
    fn a_good_answer_is_read_whole() {
        let ada = of_token(|_| {}).unwrap().unwrap();
        assert_eq!((ada.subject.id(), ada.username()), ("user_1", Some("ada")));
        assert!(ada.has_scope("read") && ada.has_scope("write") && !ada.has_scope("rea") && !ada.full_access);
        assert!(ada.has_role("editor") && !ada.roles.is_admin());
        assert_eq!(ada.expires_at, Some(Timestamp::from_seconds(1_800_000_000)));
        let client = of_token(|answer| {
            answer["username"] = Value::Null;
            answer["sub"] = "client_1".into();
        });
        assert_eq!(client.unwrap().unwrap().subject, Subject::Client { client_id: "client_1".to_owned() });
        // No scope at all is no scope, and one audience needs no list.
        let bare = of_token(|answer| {
            answer["scope"] = "".into();
            answer["aud"] = "https://api.test".into();
        });
        assert!(bare.unwrap().unwrap().scopes.is_empty());
    }

    #[test]
    fn only_true_is_active() {
        assert!(of_token(|answer| answer["active"] = false.into()).unwrap().is_none());
        for other in [json!(null), json!("true"), json!(1)] {
            assert!(of_token(|answer| answer["active"] = other).is_err());
        }
    }

    #[test]
    fn an_answer_that_is_not_understood_lets_nobody_in() {
        for (name, value) in [
            ("iss", json!("https://other.test")),
            ("iss", json!("https://id.test/")),
            ("iss", json!(null)),
            ("sub", json!(null)),
            ("sub", json!("")),
            ("username", json!(null)),
            ("username", json!(7)),
            ("client_id", json!(null)),
            ("scope", json!(["read"])),
            ("roles", json!([1])),
            ("credential", json!("refresh_token")),
            ("credential", json!("api_key")),
            ("credential", json!(null)),
            ("aud", json!(["not a resource"])),
            ("exp", json!("soon")),
            ("cnf", json!({ "x5t#S256": "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs" })),
            ("cnf", json!({ "jkt": "short" })),
            ("cnf", json!("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs")),
        ] {
            assert!(of_token(|answer| answer[name] = value.clone()).is_err(), "{name}: {value}");
        }
        for text in ["", "[]", "null", "{\"active\":true,\"active\":false}", "{\"active\":true}", "<html>"] {
            assert!(read(text.as_bytes(), &issuer(), &access_token()).is_err(), "{text}");
        }
    }

    #[test]
    fn a_pair_is_one_only_with_the_right_name() {
        let answer = json!({
            "active": true, "iss": "https://id.test", "sub": "user_1", "username": "ada", "scope": "", "roles": [],
            "credential": "api_key", "full_access": true, "api_key": "abc",
        });
        let read = |answer: &Value, name| read(answer.to_string().as_bytes(), &issuer(), &key(name));
        for name in [Some("abc"), None] {
            let ada = read(&answer, name).unwrap().unwrap();
            assert!(ada.full_access && matches!(ada.shown_by, ShownBy::ApiKey { api_key } if api_key == "abc"));
        }
        assert!(read(&answer, Some("abd")).unwrap().is_none());
        let mut older = answer;
        older["api_key"] = Value::Null;
        assert!(read(&older, Some("abc")).is_err());
    }
}
