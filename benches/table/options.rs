//! What the command line asks for.

use std::path::PathBuf;

use crate::Failed;

/// What `--help` prints.
pub const HELP: &str = "cargo bench --bench table -- [OPTIONS]
  --quick            few rows and short rounds: whether it works, not how fast it is
  --only TEXT        only rows whose name contains TEXT
  --seconds N        how long one round lasts (3)
  --rounds N         how often each row takes its turn (3)
  --tokens N         access tokens of the database that paths are measured on (1000000)
  --many N           access tokens of the large database (10000000); 0 leaves it out
  --expired N        expired access tokens that are purged under load (1000000); 0 leaves it out
  --server FILE      the program to measure (the one that cargo built)
  --under COMMAND    what to start the server under, such as `valgrind --tool=callgrind`
  --load NAME        ask for one path until the time of all its rounds is over, and print the server's process first
  --other HOST:PORT  another server, as one more column
  --other-pid N      its process, for its processor time
  --other-requests D a folder with its requests: NAME.http is sent as it stands, `{line}` in it is the next line of
                     NAME.lines; a row without a file there has no figure";

/// What to measure, and how long.
pub struct Options {
    /// Only rows whose name contains this.
    pub only: String,
    /// How long one round lasts, in seconds.
    pub seconds: f64,
    /// How often each row takes its turn.
    pub rounds: usize,
    /// Access tokens of the database that paths are measured on.
    pub tokens: u64,
    /// Access tokens of the large database.
    pub many: u64,
    /// Expired tokens that are purged under load.
    pub expired: u64,
    /// The program.
    pub server: PathBuf,
    /// What it is started under, in words.
    pub under: Vec<String>,
    /// The one path to ask for, where nothing is to be measured.
    pub load: Option<String>,
    /// Another server.
    pub other: Option<Other>,
}

/// Another server to compare with.
#[derive(Default)]
pub struct Other {
    /// Host and port.
    pub address: String,
    /// Its process.
    pub pid: Option<u32>,
    /// Where its requests are.
    pub requests: PathBuf,
}

impl Options {
    /// Reads the command line; `None` where help is asked for.
    pub fn read() -> Result<Option<Self>, Failed> {
        let mut options = Self {
            only: String::new(),
            seconds: 3.0,
            rounds: 3,
            tokens: 1_000_000,
            many: 10_000_000,
            expired: 1_000_000,
            server: option_env!("CARGO_BIN_EXE_hallpass").unwrap_or("target/release/hallpass").into(),
            under: Vec::new(),
            load: None,
            other: None,
        };
        let mut arguments = std::env::args().skip(1);
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().ok_or_else(|| format!("{argument} needs a value"));
            match argument.as_str() {
                "--bench" => {} // cargo says so to every bench.
                "--help" | "-h" => return Ok(None),
                "--quick" => {
                    (options.seconds, options.rounds) = (0.5, 2);
                    (options.tokens, options.many, options.expired) = (40_000, 200_000, 20_000);
                }
                "--only" => options.only = value()?,
                "--seconds" => options.seconds = value()?.parse()?,
                "--rounds" => options.rounds = value()?.parse()?,
                "--tokens" => options.tokens = value()?.parse()?,
                "--many" => options.many = value()?.parse()?,
                "--expired" => options.expired = value()?.parse()?,
                "--server" => options.server = value()?.into(),
                "--under" => options.under = value()?.split_whitespace().map(str::to_owned).collect(),
                "--load" => options.load = Some(value()?),
                "--other" => options.other.get_or_insert_default().address = value()?,
                "--other-pid" => options.other.get_or_insert_default().pid = Some(value()?.parse()?),
                "--other-requests" => options.other.get_or_insert_default().requests = value()?.into(),
                other => return Err(format!("{other} is no option; --help names them").into()),
            }
        }
        Ok(Some(options))
    }

    /// Whether the row `name` is asked for.
    pub fn wants(&self, name: &str) -> bool {
        name.contains(&self.only)
    }
}
