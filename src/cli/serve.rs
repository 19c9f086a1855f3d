//! `hallpass serve` and `hallpass migrate`.

use std::io;
use std::sync::Arc;

use crate::cli::failure::Failure;
use crate::cli::output::Output;
use crate::cli::say;
use crate::clock::SystemClock;
use crate::config::Config;
use crate::logging;
use crate::server;
use crate::server::Server;

/// Runs the server until it is told to stop.
pub fn run(config: Config) -> Result<(), Failure> {
    let _logging = logging::start(&config.log)?;
    server::block_on(async {
        let server = Server::bind(config, Arc::new(SystemClock::default())).await?;
        // Not by the log: the address lets whoever has it become administrator.
        let setup = server.setup_url().map(|url| format!("there is no administrator yet; make the first one at {url}"));
        let greeting = [Some(format!("listening on {}", server.issuer())), setup];
        Ok(server.run(move |_| greeting.iter().flatten().for_each(|line| say(line))).await?)
    })
}

/// Brings the database up to date.
pub fn migrate(config: &Config) -> Result<(), Failure> {
    let count = server::open_store(config)?.migrate()?;
    let sentence = match count {
        0 => "The database was up to date.".to_owned(),
        1 => "The database is up to date; 1 migration was run.".to_owned(),
        _ => format!("The database is up to date; {count} migrations were run."),
    };
    Ok(Output::new(false, io::stdout()).line(&sentence)?)
}
