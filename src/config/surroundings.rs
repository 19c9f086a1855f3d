//! The only place where the configuration touches the machine: it reads the file and the environment.

use std::fs;
use std::io;
use std::path::Path;

use super::Config;
use super::layers::Flags;
use super::layers::Sources;
use super::problem::Problem;
use super::problem::Problems;

/// The file that is read where none is named.
const FILE: &str = "hallpass.toml";

/// Reads the configuration of this process: `flags`, the environment, and the file at `path`, or `hallpass.toml` in
/// the working folder where there is one.
///
/// # Errors
/// Everything that has to be mended, at once; also a file that can't be read.
#[expect(clippy::disallowed_methods, reason = "this is the one place that may read the environment")]
pub fn load(flags: Flags, path: Option<&Path>) -> Result<Config, Problems> {
    let name = path.unwrap_or(Path::new(FILE));
    let shown = name.display().to_string();
    let text = match fs::read_to_string(name) {
        Ok(text) => Some(text),
        Err(error) if path.is_none() && error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(Problem::new("", shown, format!("can't be read: {error}")).into()),
    };
    Config::load(&Sources {
        flags,
        file: text.as_deref().map(|text| (shown.as_str(), text)),
        environment: std::env::vars_os().collect(),
        read_file: &|path| fs::read_to_string(path),
    })
}
