//! Section `log`: what is written to standard error while the server runs.

use super::kinds::Choice;
use super::kinds::Whole;
use super::setting::section;

/// How a log line looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people: one line of text.
    Text,
    /// For programs: one JSON object on a line.
    Json,
}

/// From which weight on a line is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogLevel {
    /// What an operator has to mend.
    Error,
    /// What may become an error.
    Warn,
    /// Every request, and what the server does by itself.
    Info,
    /// For those who look for a fault.
    Debug,
    /// Everything.
    Trace,
}

const FORMATS: Choice<LogFormat> = Choice(&[("text", LogFormat::Text), ("json", LogFormat::Json)]);

const LEVELS: Choice<LogLevel> = Choice(&[
    ("error", LogLevel::Error),
    ("warn", LogLevel::Warn),
    ("info", LogLevel::Info),
    ("debug", LogLevel::Debug),
    ("trace", LogLevel::Trace),
]);

section! {
    /// What is written to standard error while the server runs.
    pub struct Log in "log." {
        /// How a line looks: for people or for programs.
        format: LogFormat = "format", FORMATS, "text";
        /// From which weight on a line is written; each request is one line at `info`.
        level: LogLevel = "level", LEVELS, "info";
        /// How many refused requests are kept with the checks that they went through, for `hallpass why` and the page
        /// `/why`: the newest of a week. 0 keeps none.
        refusals_kept: u32 = "refusals_kept", Whole { from: 0, to: 1_000_000 }, "10000";
    }
}
