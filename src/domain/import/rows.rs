//! What exports look like: JSON, or tables with a heading (RFC 4180). Both become rows of named values.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::model::secret::Secret;

/// The most rows that are read.
const MOST_ROWS: usize = 100_000;
/// The names by which a line is known for the heading of a table.
const KNOWN: [&str; 6] = ["email", "name", "user", "app_name", "client_id", "username"];

/// Rows of named values.
#[derive(Debug, Default)]
pub struct Rows(Vec<Row>);

/// One record of an export.
#[derive(Debug, Default)]
pub(super) struct Row {
    /// Where it stands, for whoever has to mend it.
    pub place: String,
    values: BTreeMap<String, Secret>,
    lists: BTreeMap<String, Vec<String>>,
}

impl Row {
    /// The value of this name; `None` where it is missing or empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(|value| value.expose().trim()).filter(|value| !value.is_empty())
    }

    /// The items of the list of this name, or of the value that holds them all.
    pub fn list(&self, name: &str) -> Vec<String> {
        let listed = self.lists.get(name).cloned().unwrap_or_default();
        let in_one = self.get(name).unwrap_or_default();
        let items = in_one.split([',', ';', '\n']).map(str::trim).filter(|item| !item.is_empty());
        listed.into_iter().chain(items.map(str::to_owned)).collect()
    }

    /// Whether the value says yes; `None` for any other text.
    pub fn flag(&self, name: &str, missing: bool) -> Option<bool> {
        match self.get(name).map(str::to_ascii_lowercase).as_deref() {
            None => Some(missing),
            Some("1" | "1.0" | "true" | "yes") => Some(true),
            Some("0" | "0.0" | "false" | "no") => Some(false),
            Some(_) => None,
        }
    }

    /// The first of these names that nobody knows.
    pub fn unknown(&self, known: &[&str]) -> Option<&str> {
        self.values.keys().chain(self.lists.keys()).map(String::as_str).find(|name| !known.contains(name))
    }
}

impl Rows {
    /// Reads a whole file: a JSON array, one object a line, what Frappe's API answers, or a table.
    ///
    /// # Errors
    /// What is wrong, as a sentence without any value.
    pub fn read(text: &str) -> Result<Self, String> {
        let text = text.trim_start_matches('\u{feff}').trim();
        if text.is_empty() {
            return Err("the file is empty".to_owned());
        }
        if !text.starts_with(['[', '{']) {
            return table(text);
        }
        match serde_json::from_str(text) {
            Ok(value) => Self::from_json(value),
            Err(error) => lines(text)
                .ok_or_else(|| format!("it is not JSON: see line {}, column {}", error.line(), error.column()))
                .and_then(|values| Self::from_json(Value::Array(values))),
        }
    }

    /// Reads an array of objects, or what Frappe's API answers with one in it.
    ///
    /// # Errors
    /// What is wrong, as a sentence without any value.
    pub fn from_json(value: Value) -> Result<Self, String> {
        let wrong = || "it must be a list of objects, or an object with such a list as data".to_owned();
        let items = match value {
            Value::String(text) => return Self::read(&text),
            Value::Array(items) => items,
            Value::Object(mut object) => match object.remove("data").or_else(|| object.remove("message")) {
                Some(Value::Array(items)) => items,
                Some(item @ Value::Object(_)) => vec![item],
                Some(_) => return Err(wrong()),
                None => vec![Value::Object(object)],
            },
            _ => return Err(wrong()),
        };
        if items.len() > MOST_ROWS {
            return Err(format!("there are more than {MOST_ROWS} records"));
        }
        let rows = items.into_iter().enumerate().map(|(at, item)| match item {
            Value::Object(members) => Ok(row(format!("record {}", at + 1), members)),
            _ => Err(wrong()),
        });
        rows.collect::<Result<_, _>>().map(Self)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Row> {
        self.0.iter()
    }
}

fn lines(text: &str) -> Option<Vec<Value>> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(|line| serde_json::from_str(line).ok().filter(Value::is_object)).collect()
}

fn row(place: String, members: serde_json::Map<String, Value>) -> Row {
    let mut row = Row { place, ..Row::default() };
    for (name, value) in members {
        let name = canonical(&name);
        match value {
            Value::Null => {}
            Value::Bool(flag) => drop(row.values.insert(name, Secret::from(if flag { "1" } else { "0" }))),
            Value::Number(number) => drop(row.values.insert(name, Secret::new(number.to_string()))),
            Value::String(text) => drop(row.values.insert(name, Secret::new(text))),
            Value::Array(items) => drop(row.lists.insert(name, items.into_iter().filter_map(item).collect())),
            Value::Object(_) => drop(row.values.insert(name, Secret::new(value.to_string()))),
        }
    }
    row
}

/// An item of a list; of a table in a record it is the role that it names, or its text as JSON.
fn item(item: Value) -> Option<String> {
    match item {
        Value::String(text) => Some(text),
        Value::Null => None,
        Value::Object(mut members) => match members.remove("role") {
            Some(Value::String(role)) => Some(role),
            _ => Some(Value::Object(members).to_string()),
        },
        other => Some(other.to_string()),
    }
}

/// The name of a field, from the name or from the label that people see.
fn canonical(label: &str) -> String {
    let name = label.trim().to_lowercase().replace([' ', '-'], "_");
    match name.as_str() {
        "id" => "name".to_owned(),
        "email_address" | "email_id" => "email".to_owned(),
        "app_client_id" => "client_id".to_owned(),
        "app_client_secret" => "client_secret".to_owned(),
        _ => name,
    }
}

/// What a column is.
enum Column {
    Value(String),
    /// Of a table in the record: `Role (Roles)`.
    List(String),
    /// Another column of such a table.
    Ignored,
}

fn column(label: &str) -> Column {
    match label.trim().strip_suffix(')').and_then(|label| label.split_once(" (")) {
        Some((field, table)) if canonical(field) == "role" => Column::List(canonical(table)),
        Some(_) => Column::Ignored,
        None => Column::Value(canonical(label)),
    }
}

fn table(text: &str) -> Result<Rows, String> {
    let first = text.lines().next().unwrap_or_default();
    let separator = [',', ';', '\t'].into_iter().max_by_key(|separator| first.matches(*separator).count());
    let lines = cells(text, separator.unwrap_or(','))?;
    let is_heading = |line: &(usize, Vec<String>)| line.1.iter().any(|cell| KNOWN.contains(&canonical(cell).as_str()));
    let heading = lines.iter().position(is_heading);
    let Some(heading) = heading else {
        return Err("it is neither JSON nor a table whose first line names its columns, such as Email".to_owned());
    };
    let columns: Vec<Column> = lines[heading].1.iter().map(|label| column(label)).collect();
    let mut rows: Vec<Row> = Vec::new();
    for (line, cells) in lines.into_iter().skip(heading + 1) {
        if rows.len() == MOST_ROWS {
            return Err(format!("there are more than {MOST_ROWS} records"));
        }
        let mut row = Row { place: format!("line {line}"), ..Row::default() };
        for (column, cell) in columns.iter().zip(cells).filter(|(_, cell)| !cell.trim().is_empty()) {
            match column {
                Column::Value(name) => drop(row.values.insert(name.clone(), Secret::new(cell))),
                Column::List(name) => row.lists.entry(name.clone()).or_default().push(cell),
                Column::Ignored => {}
            }
        }
        match rows.last_mut() {
            // A further line of the record's table, with nothing of the record itself.
            Some(last) if row.values.is_empty() => {
                for (name, mut items) in row.lists {
                    last.lists.entry(name).or_default().append(&mut items);
                }
            }
            _ if row.values.is_empty() => {}
            _ => rows.push(row),
        }
    }
    Ok(Rows(rows))
}

/// The lines of a table with their numbers (RFC 4180 §2).
fn cells(text: &str, separator: char) -> Result<Vec<(usize, Vec<String>)>, String> {
    let (mut lines, mut cells, mut cell) = (Vec::new(), Vec::new(), String::new());
    let (mut line, mut began, mut quoted) = (1, 1, false);
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        line += usize::from(c == '\n');
        match c {
            '"' if quoted && rest.peek() == Some(&'"') => {
                rest.next();
                cell.push('"');
            }
            '"' if quoted => quoted = false,
            '"' if cell.is_empty() => quoted = true,
            c if quoted => cell.push(c),
            c if c == separator => cells.push(std::mem::take(&mut cell)),
            '\r' if rest.peek() == Some(&'\n') => {}
            '\n' | '\r' => {
                cells.push(std::mem::take(&mut cell));
                lines.push((began, std::mem::take(&mut cells)));
                began = line;
            }
            c => cell.push(c),
        }
    }
    if quoted {
        return Err(format!("a quotation mark in the record that begins at line {began} is never closed"));
    }
    cells.push(cell);
    lines.push((began, cells));
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn first(text: &str) -> Row {
        Rows::read(text).unwrap_or_else(|error| panic!("{error}: {text}")).0.into_iter().next().unwrap()
    }

    #[test]
    fn every_form_of_an_export_is_one_row() {
        for text in [
            r#"[{"name": "ada@x.org", "email": "ada@x.org", "enabled": 1, "roles": [{"role": "Sales"}, {"role": "HR"}]}]"#,
            r#"{"data": [{"email": "ada@x.org", "enabled": true, "roles": ["Sales", "HR"]}]}"#,
            r#"{"message": [{"email": "ada@x.org", "enabled": "1", "roles": "Sales\nHR"}]}"#,
            "{\"email\": \"ada@x.org\", \"enabled\": 1, \"roles\": [\"Sales\", \"HR\"]}\n{\"email\": \"b@x.org\"}\n",
            "\u{feff}Email,Enabled,Role (Roles),ID (Roles)\r\nada@x.org,1,Sales,a1\r\n,,HR,a2\r\n",
            "email;enabled;roles\nada@x.org;1;\"Sales;HR\"",
            "Users\n\nID\tEmail\tEnabled\tRoles\nada@x.org\tada@x.org\t1\tSales, HR\n",
        ] {
            let row = first(text);
            assert_eq!(row.get("email"), Some("ada@x.org"), "{text}");
            assert_eq!(
                (row.flag("enabled", false), row.list("roles")),
                (Some(true), vec!["Sales".into(), "HR".into()])
            );
        }
    }

    #[test]
    fn a_cell_may_hold_quotes_separators_and_line_ends() {
        let row = first("Email,Full Name\nada@x.org,\"Ada \"\"the first\"\",\nLovelace\"");
        assert_eq!(row.get("full_name"), Some("Ada \"the first\",\nLovelace"));
    }

    #[test]
    fn what_is_no_export_is_refused_without_its_values() {
        for text in ["", "  ", "hunter22", "[1]", "{\"data\": 7}", "[{\"email\": \"hunter22\"", "Email\n\"hunter22"] {
            assert!(!Rows::read(text).unwrap_err().contains("hunter22"), "{text}");
        }
        assert!(Rows::read("[]").unwrap().0.is_empty());
    }

    #[test]
    fn rows_do_not_print_their_values() {
        assert!(!format!("{:?}", first("[{\"api_secret\": \"hunter22\"}]")).contains("hunter22"));
    }

    proptest! {
        #[test]
        fn no_text_is_too_strange_to_be_judged(text in "(Email[,;])?[a\",;\t\n\r{}\\[\\]:1]{0,40}") {
            drop(Rows::read(&text));
        }
    }
}
