//! Single claims that a client asks for beside scopes (OpenID Connect Core §5.5).

use std::collections::BTreeMap;

use serde_json::Map;
use serde_json::Value;

use crate::domain::oauth::error::ErrorCode;
use crate::domain::oauth::error::Refusal;
use crate::json;
use crate::model::scope::Scope;
use crate::model::scope::ScopeToken;

/// The longest `claims` in bytes.
const LENGTH: usize = 8192;

/// Which scope stands for which claims (OpenID Connect Core §5.4). Whoever gets one of the claims alone needs that the
/// user allowed what the scope says.
const OF_SCOPES: &[(&str, &[&str])] = &[
    (
        "profile",
        &[
            "name",
            "family_name",
            "given_name",
            "middle_name",
            "nickname",
            "preferred_username",
            "profile",
            "picture",
            "website",
            "gender",
            "birthdate",
            "zoneinfo",
            "locale",
            "updated_at",
        ],
    ),
    ("email", &["email", "email_verified"]),
    ("address", &["address"]),
    ("phone", &["phone_number", "phone_number_verified"]),
    ("roles", &["roles"]),
];

/// The claims that `scope` stands for.
pub fn of_scope(scope: &str) -> &'static [&'static str] {
    OF_SCOPES.iter().find(|(name, _)| *name == scope).map_or(&[], |(_, claims)| claims)
}

/// The scope that stands for a claim; `None` for one that no user has.
pub fn scope_of(claim: &str) -> Option<&'static str> {
    OF_SCOPES.iter().find(|(_, claims)| claims.contains(&claim)).map(|(scope, _)| *scope)
}

/// All claims that a user can have, as metadata lists them.
pub fn all() -> impl Iterator<Item = &'static str> {
    OF_SCOPES.iter().flat_map(|(_, claims)| claims.iter().copied())
}

/// What is asked for of one claim (OpenID Connect Core §5.5.1).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Wish {
    /// Whether the client can hardly do without.
    pub essential: bool,
    /// The values that are wanted; any where there are none.
    pub values: Vec<Value>,
}

/// The parameter `claims`, read.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RequestedClaims {
    /// What the UserInfo endpoint is to say.
    pub userinfo: BTreeMap<String, Wish>,
    /// What the id_token is to say.
    pub id_token: BTreeMap<String, Wish>,
}

impl RequestedClaims {
    /// Reads the parameter. Members and claims that are not known are passed over.
    ///
    /// # Errors
    /// `invalid_request` where it has not the form of OpenID Connect Core §5.5.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let refuse = |why: String| Refusal::new(ErrorCode::InvalidRequest, why);
        if text.len() > LENGTH {
            return Err(refuse(format!("claims is longer than {LENGTH} bytes")));
        }
        let members = json::object(text.as_bytes()).map_err(|error| refuse(format!("claims {error}")))?;
        let read = |name: &str| wishes(&members, name).ok_or_else(|| refuse(format!("claims: {name} is malformed")));
        Ok(Self { userinfo: read("userinfo")?, id_token: read("id_token")? })
    }

    /// What the user is asked to allow for them, in scopes.
    pub fn scopes(&self) -> Scope {
        let names = self.userinfo.keys().chain(self.id_token.keys());
        names.filter_map(|claim| scope_of(claim)).filter_map(|scope| ScopeToken::parse(scope).ok()).collect()
    }
}

fn wishes(members: &Map<String, Value>, name: &str) -> Option<BTreeMap<String, Wish>> {
    match members.get(name) {
        None | Some(Value::Null) => Some(BTreeMap::new()),
        Some(Value::Object(claims)) => {
            claims.iter().map(|(claim, wish)| Some((claim.clone(), Wish::read(wish)?))).collect()
        }
        Some(_) => None,
    }
}

impl Wish {
    fn read(value: &Value) -> Option<Self> {
        let members = match value {
            Value::Null => return Some(Self::default()),
            Value::Object(members) => members,
            _ => return None,
        };
        let essential = members.get("essential").map_or(Some(false), Value::as_bool)?;
        let mut values = members.get("values").map_or(Some(Vec::new()), |list| list.as_array().cloned())?;
        values.extend(members.get("value").cloned());
        Some(Self { essential, values })
    }

    /// Whether `value` is one of those that are wanted.
    pub fn takes(&self, value: &Value) -> bool {
        self.values.is_empty() || self.values.contains(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// OpenID Connect Core §5.5
    #[test]
    fn single_claims_are_read() {
        let text = r#"{"userinfo":{"name":{"essential":true},"x":null},"id_token":{"email":{"value":"a"},"acr":{"values":["1","2"]}},"other":1}"#;
        let claims = RequestedClaims::parse(text).unwrap();
        assert!(claims.userinfo["name"].essential && !claims.userinfo["x"].essential);
        assert!(claims.id_token["acr"].takes(&"2".into()) && !claims.id_token["acr"].takes(&"3".into()));
        assert!(claims.userinfo["name"].takes(&"3".into()));
        assert_eq!(claims.scopes().to_string(), "email profile");
        assert_eq!(RequestedClaims::parse("{}"), Ok(RequestedClaims::default()));
        for text in ["", "[]", r#"{"userinfo":1}"#, r#"{"userinfo":{"a":1}}"#, r#"{"id_token":{"a":{"essential":1}}}"#]
        {
            assert!(RequestedClaims::parse(text).is_err(), "{text}");
        }
        assert!(RequestedClaims::parse(&format!(r#"{{"a":"{}"}}"#, "x".repeat(LENGTH))).is_err());
    }
}
