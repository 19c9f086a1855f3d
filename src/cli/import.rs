//! `hallpass import`.

use std::path::Path;

use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::cli::import_args::ImportCommand;
use crate::cli::import_args::ImportFrappe;
use crate::cli::import_args::ImportManner;
use crate::cli::output::Record;
use crate::domain::import::Entry;
use crate::domain::import::ImportError;
use crate::domain::import::Manner;
use crate::domain::import::Report;
use crate::domain::import::frappe;
use crate::domain::import::frappe::RoleMap;
use crate::domain::import::frappe::Site;
use crate::domain::import::keys;
use crate::domain::import::rows::Rows;
use crate::server;

/// Carries out a command that brings records here.
pub async fn run(context: Context, command: ImportCommand) -> Result<(), Failure> {
    let (act, secret_keys) = (context.act(), server::open_keys(&context.config, &context.store).await?);
    let (done, manner) = match command {
        ImportCommand::Frappe(import) => {
            let manner = manner(import.manner);
            let site = site(&import)?;
            (context.store.write(move |tx| frappe::run(tx, &site, &secret_keys, manner, &act)).await, manner)
        }
        ImportCommand::Keys { file, manner: asked } => {
            let (rows, manner) = (read(&file)?, manner(asked));
            (context.store.write(move |tx| keys::run(tx, &rows, &secret_keys, manner, &act)).await, manner)
        }
    };
    report(context, done, manner)
}

fn manner(asked: ImportManner) -> Manner {
    Manner { dry_run: asked.dry_run, skip_refused: asked.skip_refused }
}

fn site(import: &ImportFrappe) -> Result<Site, Failure> {
    let pairs = import.map_roles.iter().map(|(there, here)| (there.as_str(), here.as_str()));
    Ok(Site {
        users: import.users.as_deref().map(read).transpose()?.unwrap_or_default(),
        clients: import.clients.as_deref().map(read).transpose()?.unwrap_or_default(),
        roles: RoleMap::parse(pairs).map_err(Failure)?,
    })
}

/// Reads a whole export.
fn read(file: &Path) -> Result<Rows, Failure> {
    let shown = file.display();
    let text = zeroize::Zeroizing::new(
        std::fs::read_to_string(file).map_err(|error| Failure(format!("{shown} cannot be read: {error}")))?,
    );
    Rows::read(&text).map_err(|why| Failure(format!("{shown} cannot be read: {why}")))
}

/// Prints what became of each record, or would have.
fn report(mut context: Context, done: Result<Report, ImportError>, manner: Manner) -> Result<(), Failure> {
    let (report, failure) = match done {
        Ok(report) => (report, None),
        Err(ImportError::DryRun(report)) => (*report, None),
        Err(error @ ImportError::Store(_)) => return Err(error.into()),
        Err(ImportError::Refused(report)) => {
            let sentence = ImportError::Refused(report.clone()).to_string();
            let more = "; mend the export, or leave them out with --skip-refused";
            (*report, Some(Failure(format!("{sentence}{more}"))))
        }
    };
    context.output.list(&["result", "record", "name", "notes"], report.entries.iter().map(record).collect())?;
    if let Some(failure) = failure {
        return Err(failure);
    }
    if !context.output.is_json() {
        let trial = if manner.dry_run { "Nothing was done. This is what would be: " } else { "" };
        context.output.line(&format!("\n{trial}{}", report.sentence()))?;
    }
    Ok(())
}

fn record(entry: &Entry) -> Record {
    Record::new([
        ("result", entry.fate.as_str().into()),
        ("record", entry.kind.as_str().into()),
        ("name", entry.name.as_str().into()),
        ("notes", entry.notes.clone().into()),
    ])
}
