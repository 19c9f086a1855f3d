//! JSON as security needs it: where a name stands twice in one object, two readers could see two things, so nobody
//! reads it at all (RFC 7515 §4, RFC 7519 §4).

use std::fmt;

use serde::Deserialize;
use serde::Deserializer;
use serde::de::Error as _;
use serde::de::MapAccess;
use serde::de::SeqAccess;
use serde::de::Visitor;
use serde_json::Map;
use serde_json::Value;

/// Why a text is no JSON object that could be trusted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
    /// Not JSON, or with something behind it.
    #[error("is not well-formed JSON")]
    Malformed,
    /// A name stands twice.
    #[error("names a member twice")]
    Twice,
    /// JSON, but no object.
    #[error("is not a JSON object")]
    NoObject,
    /// JSON, but no array.
    #[error("is not a JSON array")]
    NoArray,
}

/// Reads an object, in which no name may stand twice at any depth. Objects may lie in one another about a hundred deep.
///
/// # Errors
/// See [`JsonError`].
pub fn object(text: &[u8]) -> Result<Map<String, Value>, JsonError> {
    match serde_json::from_slice::<Strict>(text) {
        Ok(Strict(Value::Object(members))) => Ok(members),
        Ok(_) => Err(JsonError::NoObject),
        Err(error) if error.is_data() => Err(JsonError::Twice),
        Err(_) => Err(JsonError::Malformed),
    }
}

/// Reads an array, under the same rule.
///
/// # Errors
/// See [`JsonError`].
pub fn array(text: &[u8]) -> Result<Vec<Value>, JsonError> {
    match serde_json::from_slice::<Strict>(text) {
        Ok(Strict(Value::Array(items))) => Ok(items),
        Ok(_) => Err(JsonError::NoArray),
        Err(error) if error.is_data() => Err(JsonError::Twice),
        Err(_) => Err(JsonError::Malformed),
    }
}

/// A value that was read under this rule.
struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader).map(Strict)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON without a name that stands twice")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut all = Vec::new();
        while let Some(Strict(item)) = items.next_element()? {
            all.push(item);
        }
        Ok(Value::Array(all))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut all = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            let Strict(value) = members.next_value()?;
            if all.insert(name, value).is_some() {
                return Err(A::Error::custom("a name stands twice"));
            }
        }
        Ok(Value::Object(all))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_name_that_stands_twice_is_refused_at_any_depth_and_however_it_is_written() {
        for text in [
            r#"{"alg":"none","alg":"ES256"}"#,
            r#"{"alg":1,"\u0061lg":1}"#,
            r#"{"a":{"b":1,"b":1}}"#,
            r#"{"a":[1,{"b":1,"c":2,"b":3}]}"#,
        ] {
            assert_eq!(object(text.as_bytes()), Err(JsonError::Twice), "{text}");
        }
        assert!(object(br#"{"a":{"b":1},"b":{"b":1},"A":2}"#).is_ok());
    }

    #[test]
    fn what_is_no_object_is_refused() {
        for text in ["1", "[]", "null", "\"a\"", "[{}]"] {
            assert_eq!(object(text.as_bytes()), Err(JsonError::NoObject), "{text}");
        }
        for text in ["", "{", "{}x", "{}{}", "{'a':1}", "{\"a\":01}", "{\"a\":1,}", "{\"a\":\"\\ud800\"}", "\u{feff}{}"]
        {
            assert_eq!(object(text.as_bytes()), Err(JsonError::Malformed), "{text}");
        }
        assert_eq!(object(b"{\"a\":\"\xff\"}"), Err(JsonError::Malformed));
        let deep = format!("{}{}{}", "{\"a\":".repeat(10_000), 1, "}".repeat(10_000));
        assert_eq!(object(deep.as_bytes()), Err(JsonError::Malformed));
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
                prop::collection::hash_map(any::<String>(), inner, 0..6)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        /// Where no name stands twice it reads what any reader reads.
        #[test]
        fn it_agrees_with_an_ordinary_reader(value in any_json()) {
            let text = serde_json::json!({ "value": value }).to_string();
            prop_assert_eq!(object(text.as_bytes()).unwrap(), serde_json::from_str::<Map<String, Value>>(&text).unwrap());
        }
    }
}
