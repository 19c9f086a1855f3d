//! `hallpass backup`.

use std::io;
use std::path::PathBuf;

use clap::Args;

use crate::cli::failure::Failure;
use crate::cli::output::Output;
use crate::cli::output::Record;
use crate::cli::say;
use crate::config::Config;
use crate::config::secret_key;
use crate::random::Random;
use crate::server;
use crate::store::BackupError;

/// `backup`
#[derive(Debug, Args)]
pub struct BackupArguments {
    /// The new file to copy to
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Print JSON: one object
    #[arg(long)]
    pub json: bool,
}

/// Copies the database. Unlike other commands it brings nothing up to date: a backup is made before that.
pub fn run(config: &Config, arguments: &BackupArguments) -> Result<(), Failure> {
    let Some(database) = config.database_url.sqlite_path() else { return Err(BackupError::NotAFile.into()) };
    if let Err(error) = std::fs::metadata(database) {
        return Err(Failure(format!("there is no database at {} to copy: {error}", database.display())));
    }
    let unique = u64::from_ne_bytes(Random.bytes());
    let backup = server::open_store(config)?.back_up(&arguments.file, unique)?;
    let file = backup.path.display().to_string();
    let sentence = format!("The database is copied to {file} ({} bytes), and the copy is whole.", backup.bytes);
    let record = Record::new([("file", file.into()), ("bytes", backup.bytes.into())]);
    Output::new(arguments.json, io::stdout()).done(&sentence, record)?;
    let key = match secret_key::file(config) {
        Some(path) => format!("the secret key is not in it: keep a copy of {} too", path.display()),
        None => "the secret key is not in it: keep what secret_key holds too".to_owned(),
    };
    say(&format!("{key}, apart from it; a server on the copy starts with this very key alone"));
    Ok(())
}
