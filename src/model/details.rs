//! Authorization details: what is asked for beyond what scopes can say (RFC 9396 §2).

use serde_json::Map;
use serde_json::Value;

/// Objects with a `type` each (RFC 9396 §2). As they came; whether the type is known and its members are right is
/// checked against what is registered.
#[derive(Debug, Clone, PartialEq)]
pub struct AuthorizationDetails(Vec<Map<String, Value>>);

impl AuthorizationDetails {
    /// Reads a JSON array of objects, each with a text `type`; an empty array is none.
    pub fn parse(text: &str) -> Option<Self> {
        let all: Vec<Map<String, Value>> = serde_json::from_str(text).ok()?;
        let has_type = |detail: &Map<String, Value>| detail.get("type").is_some_and(Value::is_string);
        (!all.is_empty() && all.iter().all(has_type)).then_some(Self(all))
    }

    /// Each of them, with its type.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Map<String, Value>)> {
        self.0.iter().map(|detail| (detail.get("type").and_then(Value::as_str).unwrap_or_default(), detail))
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
