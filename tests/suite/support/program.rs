//! The program itself, as an operator starts it: with arguments, an environment, and a folder of its own.

use std::io::Write;
use std::process::Command;
use std::process::Stdio;

use serde_json::Value;

use super::database::Database;
use super::process;
use super::process::Process;

/// What a command did.
#[derive(Debug)]
pub struct Done {
    /// The exit status.
    pub status: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Done {
    /// Standard output as JSON, of a command that succeeded.
    #[track_caller]
    pub fn json(&self) -> Value {
        assert_eq!(self.status, 0, "{self:?}");
        serde_json::from_str(&self.out).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    /// The sentence with which the command failed: status 1, one line on standard error, nothing on standard output.
    #[track_caller]
    pub fn refusal(&self) -> &str {
        assert_eq!((self.status, self.out.as_str(), self.err.lines().count()), (1, "", 1), "{self:?}");
        self.err.trim_end().strip_prefix("hallpass: ").unwrap_or_else(|| panic!("{self:?}"))
    }
}

/// `hallpass` on a database.
pub struct Program {
    /// Its database, and the folder it works in.
    pub database: Database,
    environment: Vec<(&'static str, String)>,
}

impl Program {
    /// On a database of its own, with cheap password hashing.
    pub fn new() -> Self {
        Self::on(Database::create())
    }

    /// On `database`.
    pub fn on(database: Database) -> Self {
        Self { database, environment: Vec::new() }
    }

    /// With one more variable, which replaces an earlier one of that name.
    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        self.environment.push((name, value.to_owned()));
        self
    }

    /// Runs a command to its end. Words are divided by spaces; `~` in a word stands for one.
    pub fn run(&self, line: &str) -> Done {
        self.run_with_input(line, "")
    }

    /// The same, with something to read.
    pub fn run_with_input(&self, line: &str, input: &str) -> Done {
        let mut child = self.command(line).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("it starts");
        let mut stdin = child.stdin.take().expect("a pipe");
        stdin.write_all(input.as_bytes()).expect("it reads");
        drop(stdin);
        let output = child.wait_with_output().expect("it ends");
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        let status = output.status.code().unwrap_or(-1);
        Done { status, out: text(output.stdout), err: text(output.stderr) }
    }

    /// The same where nobody reads what it prints, as when `| head` has read enough.
    pub fn run_unread(&self, line: &str) -> Done {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let child = self.command(line).stdin(Stdio::null()).stdout(writer).spawn().expect("it starts");
        let output = child.wait_with_output().expect("it ends");
        let err = String::from_utf8(output.stderr).expect("UTF-8");
        Done { status: output.status.code().unwrap_or(-1), out: String::new(), err }
    }

    /// Runs the server until it is stopped or dropped.
    pub fn serve(&self) -> Process {
        Process::spawn(self.command("serve"))
    }

    fn command(&self, line: &str) -> Command {
        let words: Vec<String> = line.split(' ').map(|word| word.replace('~', " ")).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let mut command = process::command(self.database.folder(), &self.database.url, &words);
        command.env("HALLPASS_LISTEN", "127.0.0.1:0").envs(self.environment.iter().cloned()).stderr(Stdio::piped());
        command
    }
}
