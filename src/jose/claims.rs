//! The claims of a signed token (RFC 7519 §4), as what they must be.

use serde_json::Map;
use serde_json::Value;

use crate::model::time::Timestamp;

/// A claim that is missing or has another type than it must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the claim {0} is missing or malformed")]
pub struct ClaimError(pub &'static str);

/// Claims whose signature was checked.
#[derive(Debug, Clone)]
pub struct Claims(Map<String, Value>);

impl Claims {
    /// Those of a token.
    pub(super) fn new(members: Map<String, Value>) -> Self {
        Self(members)
    }

    /// The value of a claim, whatever it is.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// All of them.
    pub fn members(&self) -> &Map<String, Value> {
        &self.0
    }

    /// A text that may be missing, and is not empty.
    ///
    /// # Errors
    /// Where it is there and is none.
    pub fn text(&self, name: &'static str) -> Result<Option<&str>, ClaimError> {
        match self.0.get(name) {
            None => Ok(None),
            Some(Value::String(text)) if !text.is_empty() => Ok(Some(text)),
            Some(_) => Err(ClaimError(name)),
        }
    }

    /// A text that must be there, and is not empty.
    ///
    /// # Errors
    /// Where it is missing or is none.
    pub fn required_text(&self, name: &'static str) -> Result<&str, ClaimError> {
        self.text(name)?.ok_or(ClaimError(name))
    }

    /// A point in time that may be missing (`NumericDate`, RFC 7519 §2): seconds, which may have a fraction.
    ///
    /// # Errors
    /// Where it is there and is none, or lies beyond the year 9999.
    pub fn time(&self, name: &'static str) -> Result<Option<Timestamp>, ClaimError> {
        const LATEST_SECONDS: i64 = 253_402_300_799;
        let Some(value) = self.0.get(name) else { return Ok(None) };
        let whole = value.as_i64().or_else(|| value.as_f64().and_then(whole_seconds));
        match whole {
            Some(seconds) if (0..=LATEST_SECONDS).contains(&seconds) => Ok(Some(Timestamp::from_seconds(seconds))),
            _ => Err(ClaimError(name)),
        }
    }

    /// As [`Claims::time`], where it must be there.
    ///
    /// # Errors
    /// Where it is missing or is none.
    pub fn required_time(&self, name: &'static str) -> Result<Timestamp, ClaimError> {
        self.time(name)?.ok_or(ClaimError(name))
    }

    /// Whom the token is for: one text or a list of them (RFC 7519 §4.1.3).
    ///
    /// # Errors
    /// Where it is missing, empty or holds anything but texts.
    pub fn audience(&self) -> Result<Vec<&str>, ClaimError> {
        let malformed = ClaimError("aud");
        match self.0.get("aud") {
            Some(Value::String(text)) => Ok(vec![text]),
            Some(Value::Array(list)) if !list.is_empty() => {
                list.iter().map(|item| item.as_str().ok_or(malformed)).collect()
            }
            _ => Err(malformed),
        }
    }
}

/// The seconds below a number with a fraction; `None` where it has no such.
fn whole_seconds(seconds: f64) -> Option<i64> {
    let whole = format!("{:.0}", seconds.floor());
    whole.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn claims(value: Value) -> Claims {
        Claims::new(value.as_object().unwrap().clone())
    }

    /// RFC 7519 §2
    #[test]
    fn a_time_is_a_number_of_seconds() {
        for (value, seconds) in [(json!(0), 0), (json!(1_790_000_000), 1_790_000_000), (json!(1.9), 1), (json!(2.0), 2)]
        {
            assert_eq!(claims(json!({ "exp": value })).time("exp"), Ok(Some(Timestamp::from_seconds(seconds))));
        }
        for value in
            [json!("1"), json!(-1), json!(-0.5), json!(null), json!([1]), json!(1e300), json!(u64::MAX), json!(true)]
        {
            assert_eq!(claims(json!({ "exp": value })).time("exp"), Err(ClaimError("exp")), "{value}");
        }
        assert_eq!(claims(json!({})).time("exp"), Ok(None));
        assert_eq!(claims(json!({})).required_time("exp"), Err(ClaimError("exp")));
    }

    /// RFC 7519 §4.1.3
    #[test]
    fn an_audience_is_a_text_or_a_list_of_texts() {
        assert_eq!(claims(json!({ "aud": "a" })).audience(), Ok(vec!["a"]));
        assert_eq!(claims(json!({ "aud": ["a", "b"] })).audience(), Ok(vec!["a", "b"]));
        for value in [json!([]), json!([1]), json!(["a", null]), json!({ "a": 1 }), json!(null), json!([["a"]])] {
            assert_eq!(claims(json!({ "aud": value })).audience(), Err(ClaimError("aud")), "{value}");
        }
        assert!(claims(json!({})).audience().is_err());
    }

    #[test]
    fn an_empty_text_is_none() {
        let claims = claims(json!({ "jti": "", "iss": 1, "sub": "a" }));
        assert_eq!(claims.text("jti"), Err(ClaimError("jti")));
        assert_eq!(claims.text("iss"), Err(ClaimError("iss")));
        assert_eq!(claims.required_text("sub"), Ok("a"));
        assert_eq!(claims.text("nonce"), Ok(None));
    }
}
