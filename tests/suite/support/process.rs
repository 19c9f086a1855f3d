//! The program itself as a process of its own, for what only a process can do: be killed, be refused, be told to stop.

use std::io::BufRead;
use std::io::BufReader;
use std::path::Path;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::sync::mpsc;
use std::time::Duration;

/// A running `hallpass serve`.
pub struct Process {
    /// The base URL.
    pub url: String,
    /// Where the first administrator is made.
    pub setup_url: Option<String>,
    child: Child,
    lines: mpsc::Receiver<String>,
}

/// The program in `folder`, with `database_url`, cheap password hashing and nothing of this environment.
pub fn command(folder: &Path, database_url: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hallpass"));
    command
        .current_dir(folder)
        .args(arguments)
        .env_clear()
        .env("HALLPASS_DATABASE_URL", database_url)
        .env("HALLPASS_PASSWORDS__MEMORY_KIB", "64")
        .env("HALLPASS_PASSWORDS__ITERATIONS", "1");
    command
}

impl Process {
    /// Starts the server and waits until it says where it listens.
    pub fn start(folder: &Path, database_url: &str) -> Self {
        Self::spawn(command(folder, database_url, &["serve", "--listen", "127.0.0.1:0"]))
    }

    /// The same with a command of the caller's.
    pub fn spawn(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the program starts");
        let stderr = child.stderr.take().expect("its error output");
        let (tell, lines) = mpsc::channel();
        // Read to the end, or the server would one day wait for a reader.
        std::thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                drop(tell.send(line));
            }
        });
        let mut process = Self { url: String::new(), setup_url: None, child, lines };
        process.wait_until_it_listens();
        process
    }

    /// Reads what it says until it listens; the setup URL stands beside that, before or behind.
    fn wait_until_it_listens(&mut self) {
        let mut seen = Vec::new();
        let mut patience = Duration::from_secs(30);
        while let Ok(line) = self.lines.recv_timeout(patience) {
            if let Some((_, url)) = line.split_once("listening on ") {
                self.url = url.trim().to_owned();
                patience = Duration::from_millis(100);
            } else if let Some(at) = line.find("http://").filter(|_| line.contains("/setup?token=")) {
                self.setup_url = line.get(at..).map(|url| url.trim().to_owned());
            }
            seen.push(line);
            if !self.url.is_empty() && self.setup_url.is_some() {
                break;
            }
        }
        assert!(!self.url.is_empty(), "it does not start: {seen:?}");
    }

    /// `kill -9`: nothing is finished and nothing is written any more.
    pub fn kill(mut self) {
        self.child.kill().expect("it can be killed");
        self.child.wait().expect("it ends");
    }

    /// `kill -TERM`, and how it ends.
    pub fn terminate(self) -> std::process::ExitStatus {
        self.stop().0
    }

    /// `kill -INT`, and how it ends.
    pub fn interrupt(mut self) -> std::process::ExitStatus {
        self.signal("-INT");
        self.child.wait().expect("it ends")
    }

    fn signal(&self, signal: &str) {
        let told = Command::new("kill").args([signal, &self.child.id().to_string()]).status().expect("kill runs");
        assert!(told.success());
    }

    /// `kill -TERM`, how it ends, and what it still wrote to standard error.
    pub fn stop(mut self) -> (std::process::ExitStatus, Vec<String>) {
        self.signal("-TERM");
        (self.child.wait().expect("it ends"), self.lines.iter().collect())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
