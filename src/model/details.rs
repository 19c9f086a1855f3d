//! Authorization details: what is asked for beyond what scopes can say (RFC 9396 §2).

use std::fmt;

use serde_json::Map;
use serde_json::Value;

use crate::model::time::Timestamp;

/// The longest name of a type, in bytes.
const LONGEST_NAME: usize = 200;
/// The most details in one request.
const MOST: usize = 20;
/// How deep members may lie in one another.
const DEEPEST: usize = 10;

/// Objects with a `type` each (RFC 9396 §2). As they came; whether the type is known and its members are right is
/// checked against what is registered.
#[derive(Debug, Clone, PartialEq)]
pub struct AuthorizationDetails(Vec<Map<String, Value>>);

/// Why values are no authorization details.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DetailsError {
    /// There is none.
    #[error("authorization_details is empty")]
    Empty,
    /// There are too many.
    #[error("authorization_details has more than 20 elements")]
    TooMany,
    /// One of them is no object.
    #[error("authorization_details is wrong at /{0}: it is not an object")]
    NoObject(usize),
    /// One of them has no type.
    #[error("authorization_details is wrong at /{0}/type: it is missing or is not text")]
    NoType(usize),
    /// One of them is too deep.
    #[error("authorization_details is wrong at /{0}: its members lie in one another more than 10 deep")]
    TooDeep(usize),
}

impl AuthorizationDetails {
    /// Reads what [`AuthorizationDetails::to_text`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        let all: Vec<Value> = serde_json::from_str(text).ok()?;
        Self::read(all).ok()
    }

    /// Those that `values` are: objects, each with a text `type`.
    ///
    /// # Errors
    /// See [`DetailsError`].
    pub fn read(values: Vec<Value>) -> Result<Self, DetailsError> {
        if values.is_empty() {
            return Err(DetailsError::Empty);
        }
        if values.len() > MOST {
            return Err(DetailsError::TooMany);
        }
        let read = |(number, value): (usize, Value)| {
            if depth(&value) > DEEPEST {
                return Err(DetailsError::TooDeep(number));
            }
            let Value::Object(detail) = value else { return Err(DetailsError::NoObject(number)) };
            if detail.get("type").is_some_and(Value::is_string) {
                return Ok(detail);
            }
            Err(DetailsError::NoType(number))
        };
        values.into_iter().enumerate().map(read).collect::<Result<_, _>>().map(Self)
    }

    /// Each of them, with its type.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Map<String, Value>)> {
        self.0.iter().map(|detail| (detail.get("type").and_then(Value::as_str).unwrap_or_default(), detail))
    }

    /// Whether each of them is one of `others`, member by member (RFC 9396 §6.1).
    pub fn is_subset_of(&self, others: &AuthorizationDetails) -> bool {
        self.0.iter().all(|detail| others.0.contains(detail))
    }

    /// As JSON, for an answer.
    pub fn to_value(&self) -> Value {
        Value::Array(self.0.iter().cloned().map(Value::Object).collect())
    }

    /// As text, for the database.
    pub fn to_text(&self) -> String {
        self.to_value().to_string()
    }
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or_default(),
        Value::Object(members) => 1 + members.values().map(depth).max().unwrap_or_default(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 0,
    }
}

/// The name of a type (RFC 9396 §2): a word or a URI.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DetailTypeName(String);

/// Why a text names no type. What stands before it is the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DetailTypeNameError {
    /// None at all, or more than 200 bytes.
    #[error("must have 1 to 200 characters")]
    Length,
    /// It has characters that no error message may hold (RFC 6749 §5.2).
    #[error("may have only visible ASCII characters, and neither \" nor \\")]
    Characters,
}

impl DetailTypeName {
    /// Reads one.
    ///
    /// # Errors
    /// See [`DetailTypeNameError`].
    pub fn parse(text: &str) -> Result<Self, DetailTypeNameError> {
        if text.is_empty() || text.len() > LONGEST_NAME {
            return Err(DetailTypeNameError::Length);
        }
        if !text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\') {
            return Err(DetailTypeNameError::Characters);
        }
        Ok(Self(text.to_owned()))
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DetailTypeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A type of authorization details that an administrator registered.
#[derive(Debug, Clone)]
pub struct DetailType {
    /// Its name.
    pub name: DetailTypeName,
    /// What the page that asks says of a detail of this type; `{member}` stands for what the member holds.
    pub description: String,
    /// The JSON Schema of its members, as text.
    pub schema: String,
    /// When it was registered.
    pub created_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(value: Value) -> Result<AuthorizationDetails, DetailsError> {
        let Value::Array(values) = value else { unreachable!() };
        AuthorizationDetails::read(values)
    }

    #[test]
    fn details_are_objects_with_a_type() {
        assert_eq!(read(json!([])), Err(DetailsError::Empty));
        assert_eq!(read(json!([{ "type": "a" }, 1])), Err(DetailsError::NoObject(1)));
        assert_eq!(read(json!([{ "type": 1 }])), Err(DetailsError::NoType(0)));
        assert_eq!(read(json!(vec![json!({ "type": "a" }); 21])), Err(DetailsError::TooMany));
        let deep = |depth: usize| (1..depth).fold(json!([]), |inner, _| json!([inner]));
        assert!(read(json!([{ "type": "a", "b": deep(9) }])).is_ok());
        assert_eq!(read(json!([{ "type": "a", "b": deep(10) }])), Err(DetailsError::TooDeep(0)));
        let details = read(json!([{ "type": "a", "b": [1] }])).unwrap();
        assert_eq!(AuthorizationDetails::parse(&details.to_text()), Some(details));
    }

    /// RFC 9396 §6.1
    #[test]
    fn a_subset_has_nothing_that_is_not_there_to_the_last_member() {
        let all = read(json!([{ "type": "a", "b": 1, "c": [1, 2] }, { "type": "d" }])).unwrap();
        for less in [json!([{ "type": "d" }]), json!([{ "c": [1, 2], "b": 1, "type": "a" }, { "type": "d" }])] {
            assert!(read(less).unwrap().is_subset_of(&all));
        }
        for more in [json!([{ "type": "a", "b": 1 }]), json!([{ "type": "a", "b": 1, "c": [2, 1] }])] {
            assert!(!read(more).unwrap().is_subset_of(&all));
        }
    }
}
