//! JSON bodies, read strictly: one object, each member known and there once (RFC 8259 §4).

use actix_web::HttpRequest;
use actix_web::http::header;
use serde::Deserialize;
use serde::Deserializer;
use serde::de::DeserializeOwned;
use serde_json::error::Category;

use crate::http::context::Context;
use crate::http::failure::Failure;
use crate::http::guard::Argument;

/// A JSON object as `T` describes it. `T` refuses what it does not know (`#[serde(deny_unknown_fields)]`).
pub struct JsonBody<T>(
    /// What it says.
    pub T,
);

impl<T: DeserializeOwned> Argument for JsonBody<T> {
    async fn of(request: &HttpRequest) -> Result<Self, Failure> {
        read(request).map(JsonBody)
    }
}

fn read<T: DeserializeOwned>(request: &HttpRequest) -> Result<T, Failure> {
    if !is_json(request) {
        return Err(Failure::UnsupportedMediaType("application/json"));
    }
    parse(&Context::of(request)?.body).map_err(Failure::BadRequest)
}

/// Whether the body says that it is JSON, once and clearly.
pub fn is_json(request: &HttpRequest) -> bool {
    let mut types = request.headers().get_all(header::CONTENT_TYPE);
    let (Some(content_type), None) = (types.next(), types.next()) else { return false };
    let kind = content_type.to_str().ok().and_then(|value| value.split(';').next()).map(str::trim);
    kind.is_some_and(|kind| kind.eq_ignore_ascii_case("application/json"))
}

/// The object, or the sentence that says what is wrong with it. Nothing of a value stands in the sentence: it may be a
/// secret in the wrong place.
fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    // A list would be read as the members in their order.
    match bytes.iter().find(|byte| !byte.is_ascii_whitespace()) {
        None => return Err("the body is empty; send a JSON object".to_owned()),
        Some(b'{') => {}
        Some(_) => return Err("the body must be a JSON object".to_owned()),
    }
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        sentence(&path, &error.into_inner())
    })?;
    json.end().map_err(|_| "there is something behind the JSON object".to_owned())?;
    Ok(value)
}

fn sentence(path: &str, error: &serde_json::Error) -> String {
    if error.classify() != Category::Data {
        return format!("the body is not JSON: see line {}, column {}", error.line(), error.column());
    }
    let text = error.to_string();
    let text = text.rsplit_once(" at line ").map_or(text.as_str(), |(text, _)| text);
    let quoted = || text.split('`').nth(1).map(name).unwrap_or_default();
    if let Some(unknown) = text.strip_prefix("unknown field `") {
        // What was sent may hold anything, also what looks like the list of those that are known.
        let (unknown, known) = unknown.rsplit_once("`, expected ").unwrap_or((unknown, ""));
        let known: Vec<&str> = known.split('`').skip(1).step_by(2).collect();
        return format!("{} is not known here; known are {}", name(unknown), known.join(", "));
    }
    if text.starts_with("missing field") {
        return format!("{} is missing", quoted());
    }
    if text.starts_with("duplicate field") {
        return format!("{} is given more than once", quoted());
    }
    let expected = match text.rsplit_once(", expected ").map_or("another value", |(_, expected)| expected) {
        "a boolean" => "true or false",
        "a sequence" => "a list",
        "i64" => "a whole number",
        "u64" => "a whole number that is not negative",
        expected => expected,
    };
    format!("{} must be {expected}", name(path))
}

/// The name of a member as an error may show it: ours look like `full_access` or `scopes[2]`, and others are not
/// repeated.
fn name(name: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'[' | b']');
    if name.len() <= 40 && !name.is_empty() && name.bytes().all(is_plain) {
        return name.to_owned();
    }
    "a member".to_owned()
}

/// For a member that may be left out but, where it is there, is never `null`; in an `Option<Option<_>>` the two are told
/// apart.
///
/// # Errors
/// What is wrong with the value.
pub fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Body {
        name: String,
        #[serde(default, deserialize_with = "given")]
        enabled: Option<bool>,
        #[serde(default, deserialize_with = "given")]
        email: Option<Option<String>>,
        #[serde(default)]
        scopes: Vec<String>,
        #[serde(default)]
        expires_at: Option<i64>,
    }

    fn error(text: &str) -> String {
        parse::<Body>(text.as_bytes()).unwrap_err()
    }

    #[test]
    fn an_object_is_read() {
        let body: Body = parse(b" { \"name\": \"a\", \"email\": null, \"scopes\": [\"x\"] } ").unwrap();
        assert_eq!((body.name.as_str(), body.enabled, body.email), ("a", None, Some(None)));
    }

    #[test]
    fn everything_else_is_refused_with_a_sentence() {
        for (text, why) in [
            ("", "the body is empty; send a JSON object"),
            ("  ", "the body is empty; send a JSON object"),
            ("[\"a\"]", "the body must be a JSON object"),
            ("null", "the body must be a JSON object"),
            ("{", "the body is not JSON: see line 1, column 1"),
            ("{\"name\": \"\\ud800\"}", "the body is not JSON: see line 1, column 17"),
            ("{\"name\": \"a\",}", "the body is not JSON: see line 1, column 14"),
            ("{\"name\": \"a\"} x", "there is something behind the JSON object"),
            ("{}", "name is missing"),
            ("{\"name\": \"a\", \"name\": \"b\"}", "name is given more than once"),
            ("{\"name\": \"a\", \"n\\u0061me\": \"b\"}", "name is given more than once"),
            ("{\"name\": 7}", "name must be a string"),
            ("{\"name\": \"a\", \"enabled\": null}", "enabled must be true or false"),
            ("{\"name\": \"a\", \"enabled\": \", expected nothing at line 9\"}", "enabled must be true or false"),
            ("{\"name\": \"a\", \"scopes\": \"x\"}", "scopes must be a list"),
            ("{\"name\": \"a\", \"scopes\": [\"x\", {}]}", "scopes[1] must be a string"),
            ("{\"name\": \"a\", \"expires_at\": 1.5}", "expires_at must be a whole number"),
            ("{\"name\": \"a\", \"expires_at\": 99999999999999999999}", "expires_at must be a whole number"),
            ("{\"is_admin\": 1}", "is_admin is not known here; known are name, enabled, email, scopes, expires_at"),
            ("{\"<b>\": 1}", "a member is not known here; known are name, enabled, email, scopes, expires_at"),
        ] {
            assert_eq!(error(text), why, "{text}");
        }
    }

    #[test]
    fn depth_is_no_danger() {
        let deep = format!("{{\"name\": {}", "[".repeat(100_000));
        assert_eq!(error(&deep), "name must be a string");
        let deep = format!("{{\"other\": {}", "[".repeat(100_000));
        assert!(error(&deep).starts_with("other is not known"));
    }

    #[test]
    fn no_value_is_repeated() {
        for text in ["{\"name\": \"a\", \"enabled\": \"hunter22\"}", "{\"name\": \"a\", \"scopes\": \"hunter22\"}"] {
            assert!(!error(text).contains("hunter22"), "{text}");
        }
    }
}
