//! The layers of the configuration: defaults, file, environment, flags; each checked, then laid over each other.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::io;
use std::path::Path;

use config::Source;
use config::Value;
use config::ValueKind;

use super::all_settings;
use super::file;
use super::problem::Problem;
use super::setting::Form;
use super::setting::Kind;
use super::setting::Setting;
use super::suggestion::suggestion;

/// What was written on the command line.
#[derive(Debug, Clone, Default)]
pub struct Flags {
    /// `--listen`
    pub listen: Option<String>,
    /// `--issuer`
    pub issuer: Option<String>,
    /// `--database-url`
    pub database_url: Option<String>,
}

/// Everything that a configuration is made from. Nothing else is read.
pub struct Sources<'a> {
    /// What was written on the command line.
    pub flags: Flags,
    /// The configuration file: the name to call it by, and its text.
    pub file: Option<(&'a str, &'a str)>,
    /// The environment; names that do not begin with `HALLPASS_` are passed over.
    pub environment: Vec<(OsString, OsString)>,
    /// Reads a file that a `…_file` setting names.
    pub read_file: &'a dyn Fn(&Path) -> io::Result<String>,
}

/// Where a value was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Origin {
    Default,
    File { name: String, line: usize },
    Variable(String),
    Flag(&'static str),
}

impl Origin {
    /// The line of the file; 0 elsewhere.
    fn line(&self) -> usize {
        match self {
            Self::File { line, .. } => *line,
            Self::Default | Self::Variable(_) | Self::Flag(_) => 0,
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File { name, line } => write!(f, "{name} line {line}"),
            Self::Variable(name) => write!(f, "environment variable {name}"),
            Self::Flag(name) => f.write_str(name),
        }
    }
}

/// Something written for a setting, before it is known to be good.
pub(super) struct Entry {
    pub setting: &'static Setting,
    pub text: String,
    pub origin: Origin,
    /// The text is the path of a file that holds the value.
    pub in_file: bool,
}

/// One layer: what it says, by setting.
#[derive(Debug, Clone, Default)]
struct Layer(BTreeMap<&'static str, (String, String)>);

impl Source for Layer {
    fn clone_into_box(&self) -> Box<dyn Source + Send + Sync> {
        Box::new(self.clone())
    }

    fn collect(&self) -> Result<config::Map<String, Value>, config::ConfigError> {
        let value = |(text, origin): &(String, String)| Value::new(Some(origin), text.clone());
        Ok(self.0.iter().map(|(key, written)| ((*key).to_owned(), value(written))).collect())
    }
}

/// The values in force, each with the place where it was written.
#[derive(Debug)]
pub(super) struct Values(BTreeMap<String, (String, String)>);

impl Values {
    /// Reads one value.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read<K: Kind>(&self, key: &str, kind: &K) -> Result<K::Value, Problem> {
        let (text, origin) = self.written(key);
        kind.parse(text).map_err(|wrong| Problem::new(key, origin, wrong))
    }

    /// The text of one value, and where it was written.
    pub fn written(&self, key: &str) -> (&str, &str) {
        self.0.get(key).map_or(("", "default"), |(text, origin)| (text.as_str(), origin.as_str()))
    }
}

/// Checks every layer and lays them over each other: flags over environment over file over defaults.
///
/// # Errors
/// Everything that is wrong in any of them, whether another layer hides it or not.
pub(super) fn merge(sources: &Sources<'_>) -> Result<Values, Vec<Problem>> {
    let mut problems = Vec::new();
    let written = [
        of_flags(&sources.flags),
        of_environment(&sources.environment, &mut problems),
        sources.file.map(|(name, text)| file::entries(name, text, &mut problems)).unwrap_or_default(),
    ];
    // From the uppermost down, so that a file is not opened for a value which something above it replaces.
    let mut layers: Vec<Layer> = Vec::new();
    for entries in written {
        let layer = layer(entries, &layers, sources.read_file, &mut problems);
        layers.push(layer);
    }
    layers.push(defaults());

    let mut merged = config::Config::builder();
    for layer in layers.into_iter().rev() {
        merged = merged.add_source(layer);
    }
    let merged = merged.build().map_err(|error| vec![Problem::new("", "configuration", error.to_string())])?;
    if !problems.is_empty() {
        return Err(problems);
    }
    let mut values = BTreeMap::new();
    flatten("", merged.cache, &mut values);
    Ok(Values(values))
}

/// Puts the leaves of `value` into `values`, under their whole names.
fn flatten(name: &str, value: Value, values: &mut BTreeMap<String, (String, String)>) {
    let origin = value.origin().unwrap_or_default().to_owned();
    match value.kind {
        ValueKind::Table(table) => {
            for (key, value) in table {
                let dot = if name.is_empty() { "" } else { "." };
                flatten(&format!("{name}{dot}{key}"), value, values);
            }
        }
        kind => {
            values.insert(name.to_owned(), (kind.to_string(), origin));
        }
    }
}

/// Makes a layer of what was written: each setting once, in one form, and with a value that it takes.
fn layer(
    entries: Vec<Entry>,
    above: &[Layer],
    read_file: &dyn Fn(&Path) -> io::Result<String>,
    problems: &mut Vec<Problem>,
) -> Layer {
    let mut layer = Layer::default();
    for entry in entries {
        let key = entry.setting.key;
        if layer.0.contains_key(key) {
            let wrong = format!("is given beside {key}; give one of them");
            problems.push(Problem::new(format!("{key}_file"), &entry.origin, wrong).in_line(entry.origin.line()));
            continue;
        }
        let mut origin = entry.origin.to_string();
        let mut text = entry.text;
        if entry.in_file {
            if above.iter().any(|layer| layer.0.contains_key(key)) {
                continue;
            }
            match read_file(Path::new(&text)) {
                Ok(content) => {
                    origin = format!("{origin}, file {text}");
                    text = content.trim().to_owned();
                }
                Err(error) => {
                    let wrong = format!("the file {text} can't be read: {error}");
                    problems
                        .push(Problem::new(format!("{key}_file"), &entry.origin, wrong).in_line(entry.origin.line()));
                    continue;
                }
            }
        }
        if let Err(wrong) = entry.setting.kind.check(&text) {
            problems.push(Problem::value(entry.setting, &origin, &wrong).in_line(entry.origin.line()));
        }
        layer.0.insert(key, (text, origin));
    }
    layer
}

/// The lowest layer.
fn defaults() -> Layer {
    let written = |setting: &'static Setting| (setting.key, (setting.default.to_owned(), Origin::Default.to_string()));
    Layer(all_settings().map(written).collect())
}

/// What the flags say.
fn of_flags(flags: &Flags) -> Vec<Entry> {
    let written = [
        ("listen", "--listen", &flags.listen),
        ("issuer", "--issuer", &flags.issuer),
        ("database_url", "--database-url", &flags.database_url),
    ];
    let entry = |(key, flag, text): (&str, &'static str, &Option<String>)| {
        let setting = all_settings().find(|setting| setting.key == key)?;
        Some(Entry { setting, text: text.clone()?, origin: Origin::Flag(flag), in_file: false })
    };
    written.into_iter().filter_map(entry).collect()
}

/// What the environment says.
fn of_environment(variables: &[(OsString, OsString)], problems: &mut Vec<Problem>) -> Vec<Entry> {
    let mut known: BTreeMap<String, (&'static Setting, bool)> = BTreeMap::new();
    for setting in all_settings().filter(|setting| setting.kind.form() != Form::Sections) {
        known.insert(setting.variable(), (setting, false));
        if setting.file_key().is_some() {
            known.insert(format!("{}_FILE", setting.variable()), (setting, true));
        }
    }
    let mut entries = Vec::new();
    let ours = variables.iter().filter(|(name, _)| name.as_encoded_bytes().starts_with(b"HALLPASS_"));
    for (name, value) in ours {
        let name = name.to_string_lossy().into_owned();
        let Some((setting, in_file)) = known.get(&name) else {
            if !is_service_link(&name, &value.to_string_lossy()) {
                let hint = suggestion(&name, known.keys().map(String::as_str));
                problems.push(Problem::new(&name, "environment", format!("is no setting of Hallpass{hint}")));
            }
            continue;
        };
        match value.to_str() {
            Some(text) => entries.push(Entry {
                setting,
                text: text.to_owned(),
                origin: Origin::Variable(name),
                in_file: *in_file,
            }),
            None => problems.push(Problem::new(setting.key, Origin::Variable(name), "is not UTF-8")),
        }
    }
    // The plain form first, so that the other one of a pair is the one refused.
    entries.sort_by_key(|entry| (entry.setting.key, entry.in_file));
    entries
}

/// Whether Kubernetes set the variable, as it does in every pod for a service that is called `hallpass`.
fn is_service_link(name: &str, value: &str) -> bool {
    match name.strip_prefix("HALLPASS_").unwrap_or_default() {
        "SERVICE_HOST" | "SERVICE_PORT" => true,
        "PORT" => value.starts_with("tcp://") || value.starts_with("udp://"),
        rest => {
            rest.starts_with("SERVICE_PORT_")
                || (rest.starts_with("PORT_") && (rest.contains("_TCP") || rest.contains("_UDP")))
        }
    }
}
