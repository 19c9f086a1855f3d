//! Authorization details (RFC 9396): registering their types, and checking what requests ask for.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::domain::act::Act;
use crate::domain::detail_schema::Schema;
use crate::domain::detail_schema::SchemaError;
use crate::domain::oauth::error::ErrorCode;
use crate::domain::oauth::error::Refusal;
use crate::json;
use crate::model::audit::AuditEvent;
use crate::model::client::Client;
use crate::model::details::AuthorizationDetails;
use crate::model::details::DetailType;
use crate::model::details::DetailTypeName;
use crate::store::StoreError;
use crate::store::Tx;

/// The longest sentence of a type, in characters.
const LONGEST_SENTENCE: usize = 300;
/// How much of a member's text stands in a sentence; the whole of it stands below.
const LONGEST_WORD: usize = 80;

/// Why a type can't be registered or deleted.
#[derive(Debug, thiserror::Error)]
pub enum DetailTypeError {
    /// There is no such type.
    #[error("there is no type of authorization details {0}")]
    NotFound(String),
    /// There is one already.
    #[error("there is a type of authorization details {0} already")]
    Taken(String),
    /// People would read nothing, or too much.
    #[error("the sentence must have 1 to 300 characters, on one line")]
    Sentence,
    /// The schema is none.
    #[error("{0}")]
    Schema(#[from] SchemaError),
    /// The database said no.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// Registers a type.
///
/// # Errors
/// [`DetailTypeError::Taken`], [`DetailTypeError::Sentence`], [`DetailTypeError::Schema`].
pub fn create(
    tx: &mut Tx<'_>,
    name: &DetailTypeName,
    description: &str,
    schema: &str,
    act: &Act,
) -> Result<DetailType, DetailTypeError> {
    let length = description.chars().count();
    if description.trim().is_empty() || length > LONGEST_SENTENCE || description.chars().any(char::is_control) {
        return Err(DetailTypeError::Sentence);
    }
    Schema::compile(schema)?;
    let (description, schema) = (description.to_owned(), schema.to_owned());
    let new = DetailType { name: name.clone(), description, schema, created_at: act.now };
    tx.authorization_detail_types().insert(&new).map_err(|error| match error {
        StoreError::Conflict(_) => DetailTypeError::Taken(name.to_string()),
        error => error.into(),
    })?;
    let details = json!({ "description": new.description, "schema": new.schema });
    act.record(tx, AuditEvent::DetailTypeCreated, name.as_str(), details)?;
    Ok(new)
}

/// Deletes a type: nothing of it can be asked for any more. What was granted stays until its tokens end.
///
/// # Errors
/// [`DetailTypeError::NotFound`].
pub fn delete(tx: &mut Tx<'_>, name: &DetailTypeName, act: &Act) -> Result<DetailType, DetailTypeError> {
    let missing = || DetailTypeError::NotFound(name.to_string());
    let gone = tx.authorization_detail_types().find(name.as_str())?.ok_or_else(missing)?;
    tx.authorization_detail_types().delete(name)?;
    let details = json!({ "description": gone.description, "schema": gone.schema });
    act.record(tx, AuditEvent::DetailTypeDeleted, name.as_str(), details)?;
    Ok(gone)
}

fn refuse(why: impl Into<String>) -> Refusal {
    Refusal::new(ErrorCode::InvalidAuthorizationDetails, why)
}

/// Reads the parameter `authorization_details`, in which no member may stand twice.
fn read(text: &str) -> Result<AuthorizationDetails, Refusal> {
    let values = json::array(text.as_bytes()).map_err(|error| refuse(format!("authorization_details {error}")))?;
    AuthorizationDetails::read(values).map_err(|error| refuse(error.to_string()))
}

/// Checks what `client` asks for: each detail is of a type that is registered, for this client too where it names its
/// types (RFC 9396 §10), and fits that type's schema.
///
/// # Errors
/// `invalid_authorization_details` (RFC 9396 §5).
pub fn check(
    tx: &mut Tx<'_>,
    client: &Client,
    text: Option<&str>,
) -> Result<Result<Option<AuthorizationDetails>, Refusal>, StoreError> {
    let Some(text) = text else { return Ok(Ok(None)) };
    let details = match read(text) {
        Ok(details) => details,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let own = types_of(client);
    let mut known: Vec<(DetailTypeName, Schema)> = Vec::new();
    for (number, (name, detail)) in details.iter().enumerate() {
        let at = format!("authorization_details is wrong at /{number}");
        if !known.iter().any(|(known, _)| known.as_str() == name) {
            let Some(found) = tx.authorization_detail_types().find(name)? else {
                return Ok(Err(refuse(format!("{at}/type: there is no such type here"))));
            };
            if own.as_ref().is_some_and(|own| !own.iter().any(|own| own == name)) {
                return Ok(Err(refuse(format!("{at}/type: the client is not registered for this type"))));
            }
            let unreadable = |_| StoreError::Corrupt("the schema of a type of authorization details is none");
            known.push((found.name, Schema::compile(&found.schema).map_err(unreadable)?));
        }
        let schema = known.iter().find(|(known, _)| known.as_str() == name).map(|(_, schema)| schema);
        if let Some(Err(mismatch)) = schema.map(|schema| schema.check(detail)) {
            return Ok(Err(refuse(format!("{at}{}: it {}", shown(&mismatch.pointer), mismatch.why))));
        }
    }
    Ok(Ok(Some(details)))
}

/// A pointer without what an error may not hold (RFC 6749 §5.2).
fn shown(pointer: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "/_-.~:$@".contains(letter);
    pointer.chars().take(100).map(|letter| if plain(letter) { letter } else { '?' }).collect()
}

/// The types that a client names in its metadata (RFC 9396 §10); one that names none may ask for any.
fn types_of(client: &Client) -> Option<Vec<String>> {
    let metadata: Map<String, Value> = serde_json::from_str(&client.metadata).unwrap_or_default();
    let types = metadata.get("authorization_details_types")?.as_array()?;
    Some(types.iter().filter_map(Value::as_str).map(str::to_owned).collect())
}

/// Those of the `granted` details that a token request asks for; where it asks for none, all of them (RFC 9396 §6).
///
/// # Errors
/// `invalid_authorization_details` where one was not granted.
pub fn narrow(
    asked: Option<&str>,
    granted: Option<&AuthorizationDetails>,
) -> Result<Option<AuthorizationDetails>, Refusal> {
    let Some(asked) = asked else { return Ok(granted.cloned()) };
    let asked = read(asked)?;
    if granted.is_some_and(|granted| asked.is_subset_of(granted)) {
        return Ok(Some(asked));
    }
    Err(refuse("authorization_details has what was not granted; what it repeats must be the same to the last member"))
}

/// A detail as people read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Described {
    /// The sentence of its type, filled in.
    pub sentence: String,
    /// Each member that is neither object nor array, by the names on the way to it.
    pub members: Vec<(String, String)>,
}

/// What the page that asks says of `details`.
///
/// # Errors
/// What the database says.
pub fn describe(tx: &mut Tx<'_>, details: Option<&AuthorizationDetails>) -> Result<Vec<Described>, StoreError> {
    let mut described = Vec::new();
    for (name, detail) in details.iter().flat_map(|details| details.iter()) {
        let known = tx.authorization_detail_types().find(name)?;
        let sentence = known.map_or_else(|| name.to_owned(), |known| fill(&known.description, detail));
        let mut members = Vec::new();
        for (member, value) in detail.iter().filter(|(member, _)| *member != "type") {
            flatten(&plain(member), value, &mut members);
        }
        described.push(Described { sentence, members });
    }
    Ok(described)
}

/// A sentence with `{member}` replaced by what the member holds. What came with the request is never looked at for
/// further braces.
fn fill(sentence: &str, detail: &Map<String, Value>) -> String {
    let mut filled = String::new();
    let mut rest = sentence;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, behind)) = after.split_once('}') else { break };
        filled.push_str(before);
        let word = detail.get(name).and_then(scalar).unwrap_or_else(|| "…".to_owned());
        if word.chars().count() > LONGEST_WORD {
            filled.extend(word.chars().take(LONGEST_WORD));
            filled.push('…');
        } else {
            filled.push_str(&word);
        }
        rest = behind;
    }
    filled.push_str(rest);
    filled
}

/// A value that is neither object nor array, as text.
fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::Null => Some("none".to_owned()),
        Value::Bool(yes) => Some(if *yes { "yes" } else { "no" }.to_owned()),
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => Some(plain(text)),
        Value::Array(_) | Value::Object(_) => None,
    }
}

/// A text without characters that could make a page say something else: control characters, and those that turn the
/// direction of what follows or can't be seen.
fn plain(text: &str) -> String {
    let misleads = |letter: char| {
        letter.is_control()
            || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    text.chars().map(|letter| if misleads(letter) { '\u{fffd}' } else { letter }).collect()
}

fn flatten(name: &str, value: &Value, members: &mut Vec<(String, String)>) {
    match value {
        Value::Object(inner) => {
            for (member, value) in inner {
                flatten(&format!("{name} / {}", plain(member)), value, members);
            }
        }
        Value::Array(items) if items.iter().all(|item| scalar(item).is_some()) => {
            let items: Vec<String> = items.iter().filter_map(scalar).collect();
            members.push((name.to_owned(), items.join(", ")));
        }
        Value::Array(items) => {
            for (number, item) in items.iter().enumerate() {
                flatten(&format!("{name} {}", number + 1), item, members);
            }
        }
        value => members.extend(scalar(value).map(|text| (name.to_owned(), text))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detail(value: Value) -> Map<String, Value> {
        let Value::Object(detail) = value else { unreachable!() };
        detail
    }

    #[test]
    fn a_sentence_is_filled_with_what_its_members_hold() {
        let detail = detail(json!({ "amount": "12 {to}", "to": "Eve", "n": 3, "list": [1], "yes": true }));
        let said = |sentence: &str| fill(sentence, &detail);
        assert_eq!(said("Pay {amount} to {to}."), "Pay 12 {to} to Eve.");
        assert_eq!(said("{n} times, {yes}, {list}, {missing}"), "3 times, yes, …, …");
        assert_eq!(said("a } b { c"), "a } b { c");
        let long = Map::from_iter([("a".to_owned(), Value::from("x".repeat(500)))]);
        assert_eq!(fill("{a}!", &long).chars().count(), LONGEST_WORD + 2);
        let hidden = Map::from_iter([("a".to_owned(), Value::from("a\u{202e}b\nc"))]);
        assert_eq!(fill("{a}", &hidden), "a\u{fffd}b\u{fffd}c");
    }

    #[test]
    fn members_are_read_by_the_names_on_the_way_to_them() {
        let mut members = Vec::new();
        let value = json!({ "amount": { "currency": "EUR", "value": 1.5 }, "to": [{ "iban": "x" }], "do": ["a", "b"] });
        flatten("payment", &value, &mut members);
        let mut read: Vec<String> = members.iter().map(|(name, text)| format!("{name}: {text}")).collect();
        read.sort();
        let expected = [
            "payment / amount / currency: EUR",
            "payment / amount / value: 1.5",
            "payment / do: a, b",
            "payment / to 1 / iban: x",
        ];
        assert_eq!(read, expected);
    }
}
