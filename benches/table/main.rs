//! What the server costs: each path beside a bare actix-web route that answers as many bytes, and what its memory, its
//! start, its growth and its disk cost. One run, one table (docs/PERFORMANCE.md says what each row means).
//!
//! `cargo bench --bench table`, with `-- --quick` for a look, and with `BENCH_DATABASE_URL=postgres://…` for a server of
//! PostgreSQL on which databases may be made. `-- --help` names the options.
//!
//! The server is the program as it ships, in a process of its own, and so is the bare one. What counts is the processor
//! time of the server's process for each request; the clock on the wall also shows what this program needs to ask.

#![expect(clippy::print_stdout, reason = "a bench prints its table")]
#![expect(clippy::disallowed_methods, reason = "a bench is told its database by the environment, and measures time")]

mod bare;
mod credentials;
mod database;
mod facts;
mod fill;
mod load;
mod options;
mod paths;
mod process;
mod report;

use std::error::Error;

use crate::database::Place;
use crate::fill::Size;
use crate::options::Options;
use crate::process::Server;

/// Why a measurement could not be made.
type Failed = Box<dyn Error>;

fn main() -> Result<(), Failed> {
    if let Some(bare) = bare::asked()? {
        return actix_web::rt::System::new().block_on(bare::serve(bare));
    }
    let Some(options) = Options::read()? else {
        println!("{}", options::HELP);
        return Ok(());
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    tokio::task::LocalSet::new().block_on(&runtime, run(&options))
}

async fn run(options: &Options) -> Result<(), Failed> {
    let folder = tempfile::tempdir_in(".")?;
    let place = Place::new(folder.path(), std::env::var("BENCH_DATABASE_URL").ok());
    let database = place.make("tokens")?;
    let size = Size { tokens: options.tokens, keys: options.tokens / 4, sessions: options.tokens / 4 };
    fill::make(options, folder.path(), &database, size)?;
    if let Some(path) = &options.load {
        let server = Server::start(options, folder.path(), &database)?;
        println!("pid {}", server.pid());
        return paths::keep_busy(options, &server, size, path).await;
    }
    println!("{}", report::machine());
    paths::measure(options, folder.path(), &database, size).await?;
    facts::measure(options, folder.path(), &place, &database, size).await?;
    place.clear()
}
