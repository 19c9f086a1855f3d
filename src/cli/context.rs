//! What every command that reaches the database works with.

use std::io::Stdout;

use crate::cli::failure::Failure;
use crate::cli::output::Output;
use crate::clock::Clock;
use crate::clock::SystemClock;
use crate::config::Config;
use crate::domain::act::Act;
use crate::model::audit::By;
use crate::model::time::Timestamp;
use crate::server;
use crate::store::Store;

/// What every command that reaches the database works with.
pub struct Context {
    /// What is configured.
    pub config: Config,
    /// The database, up to date.
    pub store: Store,
    /// When the command began.
    pub now: Timestamp,
    /// Where it prints.
    pub output: Output<Stdout>,
}

impl Context {
    /// Opens the configured database and brings it up to date, as the server does when it starts.
    pub fn open(config: Config, json: bool) -> Result<Self, Failure> {
        let store = server::open_store(&config)?;
        store.migrate()?;
        let now = SystemClock::default().now();
        Ok(Self { config, store, now, output: Output::new(json, std::io::stdout()) })
    }

    /// Who acts: somebody at the machine itself, now.
    pub fn act(&self) -> Act {
        Act { by: By::command_line(), now: self.now }
    }
}
