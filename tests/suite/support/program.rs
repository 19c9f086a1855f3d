//! The program itself, as an operator starts it: with arguments, an environment, and a folder of its own.

use std::io::BufRead;
use std::io::BufReader;
use std::io::Write;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::sync::mpsc;
use std::time::Duration;

use serde_json::Value;

use super::database::Database;

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
        let environment = vec![
            ("HALLPASS_DATABASE_URL", database.url.clone()),
            ("HALLPASS_LISTEN", "127.0.0.1:0".to_owned()),
            ("HALLPASS_PASSWORDS__MEMORY_KIB", "64".to_owned()),
            ("HALLPASS_PASSWORDS__ITERATIONS", "1".to_owned()),
        ];
        Self { database, environment }
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

    /// Runs the server until it is stopped or dropped.
    pub fn serve(&self) -> Serving {
        let mut child = self.command("serve").stdin(Stdio::null()).stdout(Stdio::null()).spawn().expect("it starts");
        let lines = BufReader::new(child.stderr.take().expect("a pipe")).lines();
        let (send, receive) = mpsc::channel();
        std::thread::spawn(move || lines.map_while(Result::ok).try_for_each(|line| send.send(line)));
        let mut serving = Serving { child, lines: receive, url: String::new() };
        let first = serving.line().unwrap_or_default();
        serving.url = first.strip_prefix("listening on ").unwrap_or_else(|| panic!("{first}")).to_owned();
        serving
    }

    fn command(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hallpass"));
        command.env_clear().envs(self.environment.iter().cloned()).current_dir(self.database.folder());
        command.args(line.split(' ').map(|word| word.replace('~', " "))).stderr(Stdio::piped());
        command
    }
}

/// A running server; it is killed when it is dropped.
pub struct Serving {
    child: Child,
    lines: mpsc::Receiver<String>,
    /// What it says it listens on.
    pub url: String,
}

impl Serving {
    /// The next line on standard error, if one comes soon.
    pub fn line(&mut self) -> Option<String> {
        self.lines.recv_timeout(Duration::from_secs(10)).ok()
    }

    /// Asks it to stop, as an operator does, and returns its exit status and what it still said.
    pub fn stop(mut self) -> (Option<i32>, Vec<String>) {
        let id = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(id, rustix::process::Signal::TERM).expect("it runs");
        let status = self.child.wait().expect("it ends").code();
        (status, self.lines.iter().collect())
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
