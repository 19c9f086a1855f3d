//! What the doctor finds, line by line.

use std::io;
use std::io::Stdout;

use crate::cli::failure::Failure;
use crate::cli::output::Output;
use crate::cli::output::Record;

/// How much of what somebody else said is repeated.
const QUOTED: usize = 200;

/// How something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Good,
    Warning,
    Bad,
}

impl State {
    fn as_str(self) -> &'static str {
        match self {
            State::Good => "good",
            State::Warning => "warning",
            State::Bad => "bad",
        }
    }
}

struct Finding {
    check: &'static str,
    state: State,
    detail: String,
    setting: Option<&'static str>,
}

/// Everything that was found so far. People see each line at once, programs get all of them at the end.
pub struct Report {
    json: bool,
    output: Output<Stdout>,
    findings: Vec<Finding>,
}

impl Report {
    /// Nothing yet.
    pub fn new(json: bool) -> Self {
        Self { json, output: Output::new(json, io::stdout()), findings: Vec::new() }
    }

    /// This is as it should be.
    pub fn good(&mut self, check: &'static str, detail: impl Into<String>) {
        self.add(check, State::Good, None, detail.into());
    }

    /// This may be meant so. `setting` mends it, where one does.
    pub fn warn(&mut self, check: &'static str, setting: impl Into<Option<&'static str>>, detail: impl Into<String>) {
        self.add(check, State::Warning, setting.into(), detail.into());
    }

    /// This has to be mended, by `setting` where one does it.
    pub fn bad(&mut self, check: &'static str, setting: impl Into<Option<&'static str>>, detail: impl Into<String>) {
        self.add(check, State::Bad, setting.into(), detail.into());
    }

    fn add(&mut self, check: &'static str, state: State, setting: Option<&'static str>, detail: String) {
        if !self.json {
            let hint = setting.map(|setting| format!(" [setting: {setting}]")).unwrap_or_default();
            let line = format!("{:7}  {check}: {detail}{hint}", state.as_str());
            let line = if line.contains(char::is_control) { line.escape_debug().to_string() } else { line };
            // Whether somebody reads along or not, what was made for the trial has to be removed again.
            drop(self.output.line(&line));
        }
        self.findings.push(Finding { check, state, detail, setting });
    }

    /// Says how it ends.
    ///
    /// # Errors
    /// Where something is bad.
    pub fn finish(mut self) -> Result<(), Failure> {
        let count = |state| self.findings.iter().filter(|finding| finding.state == state).count();
        let (bad, warnings, all) = (count(State::Bad), count(State::Warning), self.findings.len());
        if self.json {
            let record = |finding: Finding| {
                Record::new([
                    ("check", finding.check.into()),
                    ("state", finding.state.as_str().into()),
                    ("detail", finding.detail.into()),
                    ("setting", serde_json::Value::from(finding.setting).into()),
                ])
            };
            let records = self.findings.into_iter().map(record).collect();
            self.output.list(&["state", "check", "detail", "setting"], records)?;
        } else if bad == 0 {
            let warned = match warnings {
                0 => String::new(),
                1 => ", with one warning".to_owned(),
                _ => format!(", with {warnings} warnings"),
            };
            self.output.line(&format!("\nAll is good{warned}."))?;
        }
        match bad {
            0 => Ok(()),
            1 => Err(Failure(format!("1 of {all} checks found something that has to be mended"))),
            _ => Err(Failure(format!("{bad} of {all} checks found something that has to be mended"))),
        }
    }
}

/// What somebody else said, in quotation marks and not too much of it.
pub fn quoted(text: &str) -> String {
    let short: String = text.chars().take(QUOTED).collect();
    let dots = if short.len() < text.len() { "…" } else { "" };
    format!("{short:?}{dots}")
}
