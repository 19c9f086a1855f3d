//! `hallpass.toml`: the names and forms that may stand in it.

use toml::Spanned;
use toml::de::DeTable;
use toml::de::DeValue;

use super::all_settings;
use super::layers::Entry;
use super::layers::Origin;
use super::policies;
use super::problem::Problem;
use super::setting::Form;
use super::setting::Setting;
use super::suggestion::suggestion;

/// What the file says; what is wrong with its syntax, names and forms goes to `problems`.
pub(super) fn entries(name: &str, text: &str, problems: &mut Vec<Problem>) -> Vec<Entry> {
    let (document, errors) = DeTable::parse_recoverable(text);
    let mut reader = Reader { name, text, broken_lines: Vec::new(), entries: Vec::new(), problems };
    for error in errors {
        reader.syntax_error(&error);
    }
    reader.table("", document.get_ref());
    // The plain form first, so that the other one of a pair is the one refused.
    reader.entries.sort_by_key(|entry| (entry.setting.key, entry.in_file));
    reader.entries
}

/// Walks through the file.
struct Reader<'a> {
    name: &'a str,
    text: &'a str,
    /// Lines that are not TOML: what was made of them is not to be judged too.
    broken_lines: Vec<usize>,
    entries: Vec<Entry>,
    problems: &'a mut Vec<Problem>,
}

impl Reader<'_> {
    /// Notes a fault of syntax, one for each line. Its own text alone: the line may hold a secret.
    fn syntax_error(&mut self, error: &toml::de::Error) {
        let line = self.line(error.span().map_or(self.text.len(), |span| span.start));
        if !self.broken_lines.contains(&line) {
            self.broken_lines.push(line);
            self.problem("", line, format!("is not TOML: {}", error.message()));
        }
    }

    /// Takes the settings of one section; `section` is empty or ends in a dot.
    fn table(&mut self, section: &str, table: &DeTable<'_>) {
        for (key, value) in table {
            let line = self.line(key.span().start);
            if self.broken_lines.contains(&line) {
                continue;
            }
            let key = format!("{section}{}", key.get_ref());
            let is_section = all_settings().any(|setting| setting.key.starts_with(&format!("{key}.")));
            match value.get_ref() {
                DeValue::Table(table) if is_section => self.table(&format!("{key}."), table),
                _ if is_section => self.problem(&key, line, format!("is a section: write [{key}] above its settings")),
                _ => match find(section, &key) {
                    Some((setting, in_file)) => self.entry(setting, in_file, &key, value),
                    None => self.unknown(&key, line),
                },
            }
        }
    }

    /// Takes one setting.
    fn entry(&mut self, setting: &'static Setting, in_file: bool, key: &str, value: &Spanned<DeValue<'_>>) {
        let line = self.line(value.span().start);
        let form = if in_file { Form::Text } else { setting.kind.form() };
        let written = match (form, value.get_ref()) {
            (Form::Sections, DeValue::Table(table)) => Some(self.sections(key, table)),
            (form, value) => written_as(form, value),
        };
        match written {
            Some(text) => {
                let origin = Origin::File { name: self.name.to_owned(), line };
                self.entries.push(Entry { setting, text, origin, in_file });
            }
            None => self.problem(key, line, format!("must be {}", form.example())),
        }
    }

    /// Takes the sections below one setting.
    fn sections(&mut self, key: &str, table: &DeTable<'_>) -> String {
        let mut faults = Vec::new();
        let text = policies::written(key, table, &mut faults);
        for (key, at, wrong) in faults {
            let line = self.line(at);
            if !self.broken_lines.contains(&line) {
                self.problem(&key, line, wrong);
            }
        }
        text
    }

    /// Notes a name that is no setting. Its value is not repeated: it may be a secret under a misspelt name.
    fn unknown(&mut self, key: &str, line: usize) {
        let hint = suggestion(key, all_settings().map(|setting| setting.key));
        self.problem(key, line, format!("is no setting of Hallpass{hint}"));
    }

    fn problem(&mut self, key: &str, line: usize, wrong: String) {
        let origin = Origin::File { name: self.name.to_owned(), line };
        self.problems.push(Problem::new(key, origin, wrong).in_line(line));
    }

    /// The number of the line in which the byte at `offset` stands.
    fn line(&self, offset: usize) -> usize {
        self.text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
    }
}

/// The setting called `key`, and whether `key` names a file that holds its value.
fn find(section: &str, key: &str) -> Option<(&'static Setting, bool)> {
    // A dot that stands inside of a quoted key divides nothing.
    let name = key.strip_prefix(section).unwrap_or(key);
    if name.contains('.') {
        return None;
    }
    all_settings().find_map(|setting| {
        let in_file = setting.file_key().is_some_and(|file_key| file_key == key);
        (in_file || setting.key == key).then_some((setting, in_file))
    })
}

/// The value as text, where it is written in the right form.
fn written_as(form: Form, value: &DeValue<'_>) -> Option<String> {
    match (form, value) {
        (Form::Integer, DeValue::Integer(number)) => {
            i128::from_str_radix(number.as_str(), number.radix()).map(|number| number.to_string()).ok()
        }
        (Form::Boolean, DeValue::Boolean(value)) => Some(value.to_string()),
        (Form::Text, DeValue::String(text)) => Some(text.to_string()),
        (Form::List, DeValue::Array(items)) => {
            let items = items.iter().map(|item| match item.get_ref() {
                DeValue::String(text) if !text.contains(',') => Some(text.to_string()),
                _ => None,
            });
            items.collect::<Option<Vec<_>>>().map(|items| items.join(","))
        }
        _ => None,
    }
}
