//! `hallpass doctor`: looks at the server from outside and from inside, and says what to mend.

mod address;
mod browser;
mod database;
mod discovery;
mod files;
mod headers;
mod keys;
mod report;
mod settings;
mod sign_in;
mod throwaway;

use clap::Args;

use self::report::Report;
use self::sign_in::Trial;
use crate::cli::args::ServeArguments;
use crate::cli::failure::Failure;
use crate::clock::Clock;
use crate::clock::SystemClock;
use crate::config::Config;
use crate::domain::act::Act;
use crate::introspection::stranger::Stranger;
use crate::model::audit::By;

/// `doctor`
#[derive(Debug, Args)]
pub struct DoctorArguments {
    /// Print JSON: an array
    #[arg(long)]
    pub json: bool,
    /// What the server is run with
    #[command(flatten)]
    pub server: ServeArguments,
}

/// Looks at everything, and ends well where nothing is bad.
pub fn run(config: &Config, json: bool) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut report = Report::new(json);
    runtime.block_on(check(config, &mut report));
    report.finish()
}

async fn check(config: &Config, report: &mut Report) {
    let clock = SystemClock::default();
    let now = || clock.now();
    let issuer = settings::check(config, report);
    files::check(config, report);
    let store = database::check(config, now, report).await;
    keys::check(config, store.as_ref(), now(), report).await;
    let Some(issuer) = issuer else { return };
    let stranger = match Stranger::of(&issuer, config.outbound.ca_file.as_deref()) {
        Ok(stranger) => stranger,
        Err(wrong) => return report.bad("reachable", "outbound.ca_file", wrong),
    };
    if !discovery::check(&issuer, &stranger, report).await {
        // Nobody is there to try out; what an earlier trial left can go all the same.
        if let Some(store) = &store {
            drop(sign_in::tidy(store, &Act { by: By::command_line(), now: now() }, report).await);
        }
        return;
    }
    headers::check(&issuer, &stranger, now, report).await;
    if let Some(store) = &store {
        Trial { config, store, issuer: &issuer, stranger: &stranger }.check(now, report).await;
    }
}
