//! What a method is called with: the query and a form, or a JSON object in the place of both.

use actix_web::HttpRequest;
use serde_json::Value;
use zeroize::Zeroizing;

use crate::http::context::Context;
use crate::http::csrf;
use crate::http::failure::Failure;
use crate::http::form::Parameters;
use crate::http::guard::Argument;
use crate::http::json::is_json;
use crate::json;

/// The arguments of a call, by name. What is no text in JSON is the text of its JSON, as in a form. Values are wiped
/// when dropped and nothing prints them.
pub struct Arguments(Vec<(String, Zeroizing<String>)>);

impl Arguments {
    /// Those of the body alone: for secrets, which have no place in an address.
    ///
    /// # Errors
    /// As for all of them.
    pub fn of_body(request: &HttpRequest) -> Result<Self, Failure> {
        read(request, b"")
    }

    /// The argument called `name`; `None` where it is missing, empty or `null`.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

impl Argument for Arguments {
    async fn of(request: &HttpRequest) -> Result<Self, Failure> {
        read(request, request.query_string().as_bytes())
    }
}

fn read(request: &HttpRequest, query: &[u8]) -> Result<Arguments, Failure> {
    let body = Context::of(request)?.body.clone();
    if is_json(request) && !body.trim_ascii().is_empty() {
        let members = json::object(&body).map_err(|error| Failure::BadJson(format!("the body {error}")))?;
        let texts = members.into_iter().filter_map(|(name, value)| Some((name, text(value)?)));
        return Ok(Arguments(texts.collect()));
    }
    let parse = |bytes: &[u8]| Parameters::parse_page(bytes).map_err(|error| Failure::BadRequest(error.to_string()));
    let form = if csrf::is_form(request) { parse(&body)? } else { parse(b"")? };
    let query = parse(query)?;
    // What the form says holds, whatever the address says.
    let fields =
        form.iter().chain(query.iter()).map(|(name, value)| (name.to_owned(), Zeroizing::new(value.to_owned())));
    Ok(Arguments(fields.collect()))
}

fn text(value: Value) -> Option<Zeroizing<String>> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(Zeroizing::new(text)).filter(|text| !text.is_empty()),
        other => Some(Zeroizing::new(other.to_string())),
    }
}
