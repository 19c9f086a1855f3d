//! What is wrong with a configuration, for the person who has to mend it.

use std::fmt;

use super::setting::Setting;

/// One thing that has to be mended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The setting, by its name in the file; empty where the file itself can't be read as TOML.
    pub key: String,
    /// Where it was written: file and line, environment variable or flag.
    pub origin: String,
    /// What is wrong, and what would be right. Never holds the value of a secret.
    pub wrong: String,
    /// The line of the file, to name the problems in the order of the text; 0 elsewhere.
    line: usize,
}

impl Problem {
    /// Something that is wrong at `key`, written at `origin`.
    pub(super) fn new(key: impl Into<String>, origin: impl fmt::Display, wrong: impl Into<String>) -> Self {
        Self { key: key.into(), origin: origin.to_string(), wrong: wrong.into(), line: 0 }
    }

    /// The same, with its line for the order.
    pub(super) fn in_line(self, line: usize) -> Self {
        Self { line, ..self }
    }

    /// A value that the setting does not take.
    pub(super) fn value(setting: &Setting, origin: impl fmt::Display, wrong: &str) -> Self {
        Self::new(setting.key, origin, format!("{wrong}; allowed: {}", setting.kind.allowed()))
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.key.is_empty() {
            return write!(f, "{}: {}", self.origin, self.wrong);
        }
        write!(f, "{} ({}): {}", self.key, self.origin, self.wrong)
    }
}

/// All that has to be mended before the configuration can be used; never empty.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Problems(Vec<Problem>);

impl Problems {
    /// `problems` in the order of the file.
    pub(super) fn in_order(mut problems: Vec<Problem>) -> Self {
        problems.sort_by_key(|problem| problem.line);
        Self(problems)
    }

    /// Each of them, the file's in the order of its lines.
    pub fn iter(&self) -> impl Iterator<Item = &Problem> {
        self.0.iter()
    }
}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        Self(vec![problem])
    }
}

impl fmt::Display for Problems {
    /// One sentence for one problem; a heading and one line each for more.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_slice() {
            [problem] => write!(f, "the configuration can't be used: {problem}"),
            problems => {
                write!(f, "the configuration can't be used, for {} reasons:", problems.len())?;
                problems.iter().try_for_each(|problem| write!(f, "\n  {problem}"))
            }
        }
    }
}
