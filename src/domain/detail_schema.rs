//! JSON Schema (draft 2020-12), against which authorization details are checked. A schema stands alone: nothing that it
//! refers to is fetched or opened.

use std::error::Error;

use boon::CompileError;
use boon::Compiler;
use boon::ErrorKind;
use boon::InstanceToken;
use boon::SchemaIndex;
use boon::Schemas;
use boon::UrlLoader;
use boon::ValidationError;
use serde_json::Map;
use serde_json::Value;

/// The longest schema, in bytes.
pub const LONGEST: usize = 32 * 1024;
/// The only draft, where a schema names one.
const DRAFT: &str = "https://json-schema.org/draft/2020-12/schema";
/// What the schema is called inside the compiler; no such document is ever asked for.
const NAME: &str = "urn:hallpass:detail-type";

/// Why a text is no schema.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SchemaError {
    /// Longer than 32 KiB.
    #[error("the schema is longer than 32768 bytes")]
    TooLong,
    /// No JSON object.
    #[error("the schema is not a JSON object")]
    NoObject,
    /// Of another draft.
    #[error("the schema must be of the draft 2020-12 of JSON Schema, or name none in $schema")]
    Draft,
    /// It is wrong, or refers to another document.
    #[error("the schema can't be used: {0}")]
    Wrong(String),
}

/// A schema that is ready for use.
pub struct Schema {
    all: Schemas,
    index: SchemaIndex,
    checks_type: bool,
}

/// What is wrong with an object, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// A JSON pointer into the object (RFC 6901 §3).
    pub pointer: String,
    /// The rest of a sentence that begins with `it`.
    pub why: String,
}

impl Schema {
    /// Reads a schema. One that does not say what becomes of members it does not name refuses them (RFC 9396 §5).
    ///
    /// # Errors
    /// See [`SchemaError`].
    pub fn compile(text: &str) -> Result<Self, SchemaError> {
        if text.len() > LONGEST {
            return Err(SchemaError::TooLong);
        }
        let Ok(Value::Object(mut schema)) = serde_json::from_str(text) else { return Err(SchemaError::NoObject) };
        if schema.get("$schema").is_some_and(|draft| draft != DRAFT) {
            return Err(SchemaError::Draft);
        }
        let checks_type = names_type(&schema);
        if !schema.contains_key("additionalProperties") && !schema.contains_key("unevaluatedProperties") {
            schema.insert("unevaluatedProperties".to_owned(), Value::Bool(false));
        }
        let mut compiler = Compiler::new();
        compiler.set_default_draft(boon::Draft::V2020_12);
        compiler.enable_format_assertions();
        compiler.use_loader(Box::new(Nothing));
        compiler.add_resource(NAME, Value::Object(schema)).map_err(|error| wrong(&error))?;
        let mut all = Schemas::new();
        let index = compiler.compile(NAME, &mut all).map_err(|error| wrong(&error))?;
        Ok(Self { all, index, checks_type })
    }

    /// Checks a detail. Its `type`, by which the schema was found, is looked at only where the schema names it.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn check(&self, detail: &Map<String, Value>) -> Result<(), Mismatch> {
        let mut members = detail.clone();
        if !self.checks_type {
            members.remove("type");
        }
        self.all.validate(&Value::Object(members), self.index).map_err(|error| mismatch(&error))
    }
}

/// Whether a schema says something of the member `type`.
fn names_type(schema: &Map<String, Value>) -> bool {
    let is_property = schema.get("properties").is_some_and(|properties| properties.get("type").is_some());
    let required = schema.get("required").and_then(Value::as_array);
    is_property || required.is_some_and(|required| required.iter().any(|name| name == "type"))
}

fn mismatch(error: &ValidationError<'_, '_>) -> Mismatch {
    let mut cause = error;
    while let Some(inner) = cause.causes.first() {
        cause = inner;
    }
    let mut pointer = String::new();
    let mut step = |name: &str| {
        pointer.push('/');
        pointer.push_str(&name.replace('~', "~0").replace('/', "~1"));
    };
    for token in &cause.instance_location.tokens {
        match token {
            InstanceToken::Prop(name) => step(name),
            InstanceToken::Item(number) => step(&number.to_string()),
        }
    }
    let why = match &cause.kind {
        ErrorKind::AdditionalProperties { got } => {
            got.first().into_iter().for_each(|name| step(name));
            "is not known".to_owned()
        }
        ErrorKind::FalseSchema => "is not known".to_owned(),
        ErrorKind::Required { want } => {
            want.first().into_iter().for_each(|name| step(name));
            "is missing".to_owned()
        }
        ErrorKind::Type { want, .. } => {
            let wanted: Vec<String> = want.iter().map(|wanted| wanted.to_string()).collect();
            format!("is not of the type {}", wanted.join(" or "))
        }
        ErrorKind::Enum { .. } | ErrorKind::Const { .. } => "is none of the values that are allowed".to_owned(),
        _ => "is not what the schema of its type allows".to_owned(),
    };
    Mismatch { pointer, why }
}

/// What is wrong with a schema, on one line.
fn wrong(error: &CompileError) -> SchemaError {
    let why = match error {
        CompileError::LoadUrlError { url, .. } => {
            format!("it refers to {url}; a schema stands alone, and nothing outside of it is read")
        }
        CompileError::ValidationError { src, .. } => {
            let mut cause = src;
            while let Some(inner) = cause.causes.first() {
                cause = inner;
            }
            format!("at {}: {}", cause.instance_location, cause.kind)
        }
        other => other.to_string(),
    };
    SchemaError::Wrong(why.replace(['\n', '\r'], " "))
}

/// Where other documents are: nowhere.
struct Nothing;

impl UrlLoader for Nothing {
    fn load(&self, _: &str) -> Result<Value, Box<dyn Error>> {
        Err("nothing outside of a schema is read".into())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(schema: &Value, detail: Value) -> Result<(), (String, String)> {
        let Value::Object(detail) = detail else { unreachable!() };
        let schema = Schema::compile(&schema.to_string()).unwrap();
        schema.check(&detail).map_err(|mismatch| (mismatch.pointer, mismatch.why))
    }

    fn wrong(pointer: &str, why: &str) -> Result<(), (String, String)> {
        Err((pointer.to_owned(), why.to_owned()))
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        let schema = json!({
            "type": "object",
            "properties": {
                "amount": { "type": "string", "pattern": "^[0-9]+$" },
                "actions": { "type": "array", "items": { "enum": ["read", "write"] } },
                "to": { "type": "object", "properties": { "iban": {} }, "additionalProperties": false },
            },
            "required": ["amount"],
        });
        assert_eq!(check(&schema, json!({ "type": "p", "amount": "1", "actions": ["read"] })), Ok(()));
        assert_eq!(check(&schema, json!({ "type": "p" })), wrong("/amount", "is missing"));
        assert_eq!(check(&schema, json!({ "amount": 1 })), wrong("/amount", "is not of the type string"));
        let not_allowed = "is not what the schema of its type allows";
        assert_eq!(check(&schema, json!({ "amount": "x" })), wrong("/amount", not_allowed));
        assert_eq!(check(&schema, json!({ "amount": "1", "other": 1 })), wrong("/other", "is not known"));
        let inner = json!({ "amount": "1", "to": { "a/b": 1 } });
        assert_eq!(check(&schema, inner), wrong("/to/a~1b", "is not known"));
        let item = json!({ "amount": "1", "actions": ["read", "drop"] });
        assert_eq!(check(&schema, item), wrong("/actions/1", "is none of the values that are allowed"));
    }

    #[test]
    fn the_type_itself_is_looked_at_where_the_schema_names_it() {
        let detail = json!({ "type": "p" });
        assert_eq!(check(&json!({ "additionalProperties": false }), detail.clone()), Ok(()));
        assert_eq!(check(&json!({ "required": ["type"], "properties": { "type": {} } }), detail.clone()), Ok(()));
        let other = json!({ "properties": { "type": { "const": "q" } } });
        assert_eq!(check(&other, detail), wrong("/type", "is none of the values that are allowed"));
    }

    #[test]
    fn a_schema_stands_alone_and_is_of_one_draft() {
        let compile = |schema: Value| Schema::compile(&schema.to_string()).map(drop);
        let remote = ["https://evil.test/schema", "file:///etc/passwd", "http://127.0.0.1/x", "other.json"];
        for reference in remote {
            assert!(matches!(compile(json!({ "$ref": reference })), Err(SchemaError::Wrong(_))), "{reference}");
        }
        assert!(matches!(compile(json!({ "type": 1 })), Err(SchemaError::Wrong(_))));
        assert!(matches!(compile(json!({ "pattern": "(" })), Err(SchemaError::Wrong(_))));
        assert_eq!(compile(json!({ "$schema": "http://json-schema.org/draft-07/schema#" })), Err(SchemaError::Draft));
        assert_eq!(compile(json!({ "$schema": DRAFT })), Ok(()));
        assert_eq!(compile(json!([])), Err(SchemaError::NoObject));
        assert_eq!(compile(json!({ "title": "a".repeat(LONGEST) })), Err(SchemaError::TooLong));
    }

    #[test]
    fn a_schema_that_goes_in_circles_ends() {
        let detail = json!({ "a": { "a": {} } });
        let itself = json!({ "properties": { "a": { "$ref": "#" } }, "additionalProperties": false });
        assert_eq!(check(&itself, detail.clone()), Ok(()));
        let endless = json!({ "$ref": "#/$defs/a", "$defs": { "a": { "$ref": "#/$defs/a" } } });
        if let Ok(schema) = Schema::compile(&endless.to_string()) {
            let Value::Object(detail) = detail else { unreachable!() };
            assert!(schema.check(&detail).is_err());
        }
    }
}
