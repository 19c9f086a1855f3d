//! The modes of files that hold secrets.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::path::PathBuf;

use crate::cli::doctor::report::Report;
use crate::config::Config;
use crate::config::secret_key;

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holds {
    /// All data.
    Data,
    /// A secret, and nothing else.
    Secret,
    /// Settings, and among them a secret.
    Settings,
}

/// Looks at each file that somebody else on this machine should not read.
pub fn check(config: &Config, report: &mut Report) {
    for (path, holds) in files(config) {
        match std::fs::metadata(&path) {
            Ok(file) => mode(&path, file.permissions().mode() & 0o7777, holds, report),
            // What is not there has a line of its own, or need not be there.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => {
                report.warn("file_mode", None, format!("{} cannot be looked at: {error}", path.display()));
            }
        }
    }
    if let Some(folder) = config.database_url.sqlite_path().map(folder) {
        let writable = std::fs::metadata(folder).is_ok_and(|file| file.permissions().mode() & 0o1002 == 0o002);
        if writable {
            let mend = "run `chmod o-w` on it";
            let seen = format!("everybody on this machine can replace files in {}: {mend}", folder.display());
            report.bad("file_mode", None, seen);
        }
    }
}

fn mode(path: &Path, mode: u32, holds: Holds, report: &mut Report) {
    let shown = path.display();
    let (others, group) = (mode & 0o007 != 0, mode & 0o070 != 0);
    let mend = if holds == Holds::Settings { "640" } else { "600" };
    if others {
        let seen = format!("everybody on this machine can reach {shown} (mode {mode:o}): run `chmod {mend}` on it");
        let then = if holds == Holds::Data { "" } else { ", and replace the secret if somebody might have read it" };
        report.bad("file_mode", None, format!("{seen}{then}"));
    } else if group && holds != Holds::Settings {
        let seen = "others than its owner can reach";
        report.warn("file_mode", None, format!("{seen} {shown} (mode {mode:o}): run `chmod {mend}` on it"));
    } else {
        report.good("file_mode", format!("{shown} is closed to others (mode {mode:o})"));
    }
}

fn folder(database: &Path) -> &Path {
    database.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn files(config: &Config) -> BTreeMap<PathBuf, Holds> {
    let mut files = BTreeMap::new();
    if let Some(database) = config.database_url.sqlite_path() {
        for end in ["", "-wal", "-shm"] {
            let mut name = database.as_os_str().to_owned();
            name.push(end);
            files.insert(PathBuf::from(name), Holds::Data);
        }
    }
    files.extend(secret_key::file(config).map(|path| (path, Holds::Secret)));
    let secrets = config.show().iter().filter(|setting| setting.value.contains("[secret]"));
    for setting in secrets {
        // `NAME line N`, and behind it `, file PATH` where the value stands in a file of its own.
        if let Some((_, file)) = setting.origin.split_once(", file ") {
            files.insert(PathBuf::from(file), Holds::Secret);
        } else if let Some((file, _)) = setting.origin.rsplit_once(" line ") {
            files.entry(PathBuf::from(file)).or_insert(Holds::Settings);
        }
    }
    files
}
