//! What a request sent in fields, in its query and its body: which of it says what the request was for, and which of it may
//! be a secret.

use actix_web::HttpRequest;
use serde_json::Value;
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use crate::http::csrf;

/// The fields whose values are no secrets. All others are, whatever they are called.
const PLAIN: [&str; 20] = [
    "actor_token_type",
    "audience",
    "claims",
    "client_assertion_type",
    "client_id",
    "client_ip",
    "code_challenge_method",
    "decision",
    "duration",
    "grant_type",
    "max_age",
    "prompt",
    "redirect_uri",
    "requested_token_type",
    "resource",
    "response_mode",
    "response_type",
    "scope",
    "subject_token_type",
    "token_type_hint",
];

/// The fields of a request: of its query, its form, or its JSON. Read as generously as can be, unlike what decides about it:
/// a field that stands there twice, or is no clean text, may be a secret too.
pub struct Sent(Vec<(String, Zeroizing<String>)>);

impl Sent {
    /// Those of `request`, which has this body.
    pub fn of(request: &HttpRequest, body: &[u8]) -> Self {
        Self::read(request.query_string().as_bytes(), body, csrf::is_form(request))
    }

    fn read(query: &[u8], body: &[u8], is_form: bool) -> Self {
        let mut fields = Vec::new();
        gather_form(query, &mut fields);
        if is_form {
            gather_form(body, &mut fields);
        } else if let Ok(json) = serde_json::from_slice(body) {
            gather_json("", &json, &mut fields);
        }
        // A field may itself be JSON, such as the filters of a list.
        let mut within = Vec::new();
        for (name, value) in &fields {
            if value.trim_start().starts_with(['[', '{'])
                && let Ok(json) = serde_json::from_str(value)
            {
                gather_json(name, &json, &mut within);
            }
        }
        fields.append(&mut within);
        Self(fields)
    }

    /// The value of `name`, where it is there and not empty: of the body rather than of the query.
    pub fn get(&self, name: &str) -> Option<&str> {
        let mut named = self.0.iter().rev().filter(|(known, value)| known == name && !value.is_empty());
        named.next().map(|(_, value)| value.as_str())
    }

    /// All values that may be secrets and stand in one of `texts`, as they stand there.
    pub fn secrets_in(&self, texts: &[&str]) -> Vec<Zeroizing<String>> {
        let stands = |secret: &str| !secret.is_empty() && texts.iter().any(|text| text.contains(secret));
        let mut secrets: Vec<Zeroizing<String>> = Vec::new();
        for (_, value) in self.0.iter().filter(|(name, _)| !PLAIN.contains(&name.as_str())) {
            // A sentence may show it without the spaces around it, quoted, or in the form that names are compared in.
            let value = value.trim();
            let quoted = Zeroizing::new(format!("{value:?}"));
            let quoted = quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or_default();
            let (composed, small) =
                (Zeroizing::new(value.nfkc().collect::<String>()), Zeroizing::new(value.to_lowercase()));
            for secret in [value, quoted, &composed, &small] {
                if stands(secret) && !secrets.iter().any(|known| known.as_str() == secret) {
                    secrets.push(Zeroizing::new(secret.to_owned()));
                }
            }
        }
        secrets
    }
}

fn gather_form(bytes: &[u8], fields: &mut Vec<(String, Zeroizing<String>)>) {
    let read = form_urlencoded::parse(bytes);
    fields.extend(read.map(|(name, value)| (name.into_owned(), Zeroizing::new(value.into_owned()))));
}

/// All texts in `value`; those in a list stand under the name of the list.
fn gather_json(name: &str, value: &Value, fields: &mut Vec<(String, Zeroizing<String>)>) {
    match value {
        Value::String(text) => fields.push((name.to_owned(), Zeroizing::new(text.clone()))),
        Value::Array(values) => values.iter().for_each(|value| gather_json(name, value, fields)),
        Value::Object(members) => members.iter().for_each(|(name, value)| gather_json(name, value, fields)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets(sent: &Sent, text: &str) -> Vec<String> {
        sent.secrets_in(&[text]).iter().map(|secret| secret.as_str().to_owned()).collect()
    }

    #[test]
    fn a_field_that_stands_there_twice_or_is_no_clean_text_is_read_nevertheless() {
        let form = "resource=a&resource=b&code=one&code=two&x=%zz&grant_type=refresh_token";
        let sent = Sent::read(b"grant_type=of+the+query&code=three", form.as_bytes(), true);
        assert_eq!((sent.get("grant_type"), sent.get("nothing")), (Some("refresh_token"), None));
        assert_eq!(secrets(&sent, "one, two, three, %zz, a, b"), ["three", "one", "two", "%zz"]);
    }

    #[test]
    fn all_texts_of_a_json_body_may_be_secrets_wherever_they_stand() {
        let body = br#"{"user":" ada ","roles":["one",{"in":"two"}],"scope":"plain","q":"a\"b","filters":"[[\"in a text\"]]"}"#;
        let sent = Sent::read(b"", body, false);
        let text = r#"ada one two plain "a\"b" in a text"#;
        assert_eq!(secrets(&sent, text), [r#"a\"b"#, "one", "two", "ada", "in a text"]);
        for (value, shown) in
            [("it's x", "\"it's x\""), ("pa\u{308}y", "p\u{e4}y"), ("pa\u{308}y", "\"pa\\u{308}y\""), ("Up", "up")]
        {
            let sent = Sent::read(b"", serde_json::json!({ "user": value }).to_string().as_bytes(), false);
            assert_eq!(secrets(&sent, shown), [shown.trim_matches('"')], "{value}");
        }
        assert!(secrets(&Sent::read(b"", b"{\"user\":", false), "user").is_empty());
    }
}
