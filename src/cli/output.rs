//! How commands answer: tables and lines for people, JSON for programs, on standard output; all else elsewhere.

use std::io;
use std::io::Write;

use serde_json::Value;

use crate::model::time::Timestamp;

/// Where and how a command prints.
pub struct Output<W: Write> {
    json: bool,
    to: W,
}

/// One record as a list of its fields: the names that JSON has, and the values.
#[derive(Debug, Clone, PartialEq)]
pub struct Record(Vec<(&'static str, Field)>);

/// The value of a field.
#[derive(Debug, Clone, PartialEq)]
pub enum Field {
    /// Anything that JSON knows.
    Value(Value),
    /// A time: Unix seconds in JSON, RFC 3339 for people.
    Time(Option<Timestamp>),
}

impl<T: Into<Value>> From<T> for Field {
    fn from(value: T) -> Self {
        Self::Value(value.into())
    }
}

impl Field {
    /// As people read it, on one line and without anything that speaks to the terminal.
    fn text(&self) -> String {
        let text = match self {
            Self::Value(value) => text(value),
            Self::Time(time) => time.as_ref().map(Timestamp::to_string).unwrap_or_default(),
        };
        if text.contains(char::is_control) { text.escape_debug().to_string() } else { text }
    }

    fn into_json(self) -> Value {
        match self {
            Self::Value(value) => value,
            Self::Time(time) => time.map(Timestamp::seconds).into(),
        }
    }
}

impl Record {
    /// A record with these fields, in this order.
    pub fn new<const N: usize>(fields: [(&'static str, Field); N]) -> Self {
        Self(fields.into())
    }

    /// The same record with one more field.
    pub fn with(mut self, name: &'static str, value: impl Into<Field>) -> Self {
        self.0.push((name, value.into()));
        self
    }

    /// The value of a field, as people read it.
    fn text(&self, name: &str) -> String {
        self.0.iter().find(|(field, _)| *field == name).map(|(_, value)| value.text()).unwrap_or_default()
    }

    /// As an object.
    fn into_json(self) -> Value {
        let fields = self.0.into_iter().map(|(name, value)| (name.to_owned(), value.into_json()));
        fields.collect::<serde_json::Map<_, _>>().into()
    }
}

impl<W: Write> Output<W> {
    /// Prints to `to`, as JSON or for people.
    pub fn new(json: bool, to: W) -> Self {
        Self { json, to }
    }

    /// Whether it prints JSON.
    pub fn is_json(&self) -> bool {
        self.json
    }

    /// Prints one record: an object, or a line for each field that is not empty.
    ///
    /// # Errors
    /// What the system says.
    pub fn record(&mut self, record: Record) -> io::Result<()> {
        read_enough(self.write_record(record))
    }

    fn write_record(&mut self, record: Record) -> io::Result<()> {
        if self.json {
            return self.json(&record.into_json());
        }
        let width = record.0.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
        for (name, value) in &record.0 {
            let value = value.text();
            if !value.is_empty() {
                writeln!(self.to, "{name:width$}  {value}")?;
            }
        }
        self.to.flush()
    }

    /// Prints a list: an array, or a table with the fields in `columns`.
    ///
    /// # Errors
    /// What the system says.
    pub fn list(&mut self, columns: &[&'static str], records: Vec<Record>) -> io::Result<()> {
        if self.json {
            return read_enough(self.json(&records.into_iter().map(Record::into_json).collect()));
        }
        let heading = columns.iter().map(|name| name.to_uppercase().replace('_', " ")).collect();
        let cells = records.iter().map(|record| columns.iter().map(|name| record.text(name)).collect());
        let rows: Vec<Vec<String>> = std::iter::once(heading).chain(cells).collect();
        let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
        let widths: Vec<usize> = (0..columns.len()).map(width).collect();
        let mut table = String::new();
        for row in &rows {
            let line = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}")).collect::<Vec<_>>();
            table.push_str(line.join("  ").trim_end());
            table.push('\n');
        }
        read_enough(self.to.write_all(table.as_bytes()).and_then(|()| self.to.flush()))
    }

    /// Says what was done: a sentence for people, the record for programs.
    ///
    /// # Errors
    /// What the system says.
    pub fn done(&mut self, sentence: &str, record: Record) -> io::Result<()> {
        if self.json { read_enough(self.json(&record.into_json())) } else { self.line(sentence) }
    }

    /// Prints a record that holds a secret, and tells people that it is shown this once. Where nobody reads it, that is an error:
    /// it is lost.
    ///
    /// # Errors
    /// What the system says.
    pub fn with_secret(&mut self, record: Record, what: &str) -> io::Result<()> {
        self.write_record(record)?;
        if self.json {
            return Ok(());
        }
        writeln!(self.to, "\nThe {what} is shown this once: keep it in a safe place now.")?;
        self.to.flush()
    }

    /// Prints a sentence.
    ///
    /// # Errors
    /// What the system says.
    pub fn line(&mut self, sentence: &str) -> io::Result<()> {
        read_enough(writeln!(self.to, "{sentence}").and_then(|()| self.to.flush()))
    }

    fn json(&mut self, value: &Value) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut self.to, value)?;
        writeln!(self.to)?;
        self.to.flush()
    }
}

/// What was written, which is all that was wanted where nobody reads on: `| head` has read enough.
fn read_enough(written: io::Result<()>) -> io::Result<()> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

/// A value of JSON as people read it.
fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join(" "),
        Value::Object(_) => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn printed(json: bool, print: impl FnOnce(&mut Output<&mut Vec<u8>>) -> io::Result<()>) -> String {
        let mut bytes = Vec::new();
        print(&mut Output::new(json, &mut bytes)).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    fn ada() -> Record {
        Record::new([
            ("username", "ada".into()),
            ("roles", json!(["admin", "sales"]).into()),
            ("email", Value::Null.into()),
            ("enabled", true.into()),
            ("created_at", Field::Time(Some(Timestamp::from_seconds(1_790_000_000)))),
        ])
    }

    #[test]
    fn a_list_is_a_table_or_an_array() {
        let bob = Record::new([("username", "b\u{1b}b".into()), ("enabled", false.into())]);
        let records = vec![ada(), bob];
        let table = printed(false, |output| output.list(&["username", "roles", "enabled"], records.clone()));
        insta::assert_snapshot!(table, @r"
        USERNAME  ROLES        ENABLED
        ada       admin sales  yes
        b\u{1b}b               no
        ");
        let array: Value = serde_json::from_str(&printed(true, |output| output.list(&["username"], records))).unwrap();
        assert_eq!((array.as_array().unwrap().len(), &array[0]["email"]), (2, &Value::Null));
    }

    #[test]
    fn a_record_is_lines_or_an_object() {
        let lines = printed(false, |output| output.with_secret(ada().with("password", "x"), "password"));
        insta::assert_snapshot!(lines, @r"
        username    ada
        roles       admin sales
        enabled     yes
        created_at  2026-09-21T14:13:20Z
        password    x

        The password is shown this once: keep it in a safe place now.
        ");
        let object = printed(true, |output| output.with_secret(ada(), "password"));
        let object: Value = serde_json::from_str(&object).unwrap();
        assert_eq!((&object["roles"], &object["created_at"]), (&json!(["admin", "sales"]), &json!(1_790_000_000)));
    }
}
