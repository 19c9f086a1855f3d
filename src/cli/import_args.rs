//! The grammar of `hallpass import` and `hallpass scan-rules`.

use std::path::PathBuf;

use clap::Args;
use clap::Subcommand;

use crate::domain::scan_rules::ScanFormat;

/// `import …`
#[derive(Debug, Subcommand)]
pub enum ImportCommand {
    /// A Frappe site's users with their API keys, and its OAuth clients; passwords are in no export
    Frappe(ImportFrappe),
    /// API keys by the SHA-256 of their secrets
    Keys {
        /// A JSON array, or one JSON object a line: user, name, sha256, full_access or scopes, and more
        file: PathBuf,
        /// How to go about it.
        #[command(flatten)]
        manner: ImportManner,
    },
}

/// `import frappe`
#[derive(Debug, Args)]
pub struct ImportFrappe {
    /// The records of User, as JSON or CSV
    #[arg(long, value_name = "FILE", required_unless_present = "clients")]
    pub users: Option<PathBuf>,
    /// The records of OAuth Client, as JSON or CSV
    #[arg(long, value_name = "FILE")]
    pub clients: Option<PathBuf>,
    /// What a role is called here, such as "System Manager=admin"; with nothing behind the = it is left out; may be
    /// repeated
    #[arg(long = "map-role", value_name = "THERE=HERE", value_parser = role_pair)]
    pub map_roles: Vec<(String, String)>,
    /// How to go about it.
    #[command(flatten)]
    pub manner: ImportManner,
}

/// How to import.
#[derive(Debug, Clone, Copy, Args)]
pub struct ImportManner {
    /// Say what would happen, and do nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Leave out what cannot be brought here, instead of all
    #[arg(long)]
    pub skip_refused: bool,
}

/// `scan-rules`
#[derive(Debug, Clone, Copy, Args)]
pub struct ScanRulesArguments {
    /// For which scanner: gitleaks or detect-secrets
    #[arg(long, value_name = "FORMAT", value_parser = scan_format)]
    pub format: ScanFormat,
}

/// `There=here`.
fn role_pair(text: &str) -> Result<(String, String), String> {
    let pair = text.split_once('=').map(|(there, here)| (there.to_owned(), here.to_owned()));
    pair.ok_or_else(|| "write the role's name there and here, such as \"System Manager=admin\"".to_owned())
}

/// A scanner's name.
fn scan_format(text: &str) -> Result<ScanFormat, String> {
    ScanFormat::parse(text).ok_or_else(|| "known are gitleaks and detect-secrets".to_owned())
}
