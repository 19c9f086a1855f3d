//! Bringing users, clients and keys here from elsewhere: all or nothing, and a second time nothing changes.

pub mod frappe;
mod frappe_clients;
mod frappe_users;
pub mod keys;
pub mod rows;

use crate::config::secret_key::SecretKeys;
use crate::domain::act::Act;
use crate::domain::import::frappe::Site;
use crate::domain::import::rows::Rows;
use crate::store::StoreError;
use crate::store::Tx;

/// What a record is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordKind {
    /// A role.
    Role,
    /// A scope.
    Scope,
    /// A user.
    User,
    /// A client.
    Client,
    /// An API key.
    Key,
}

impl RecordKind {
    /// As reports write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            RecordKind::Role => "role",
            RecordKind::Scope => "scope",
            RecordKind::User => "user",
            RecordKind::Client => "client",
            RecordKind::Key => "key",
        }
    }
}

/// What became of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It is new here.
    Created,
    /// It is here already.
    Unchanged,
    /// It is not brought here, and that is right so.
    LeftOut,
    /// It cannot be brought here as it stands.
    Refused,
}

impl Fate {
    /// As reports write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Fate::Created => "created",
            Fate::Unchanged => "unchanged",
            Fate::LeftOut => "left_out",
            Fate::Refused => "refused",
        }
    }
}

/// What became of one record.
#[derive(Debug, Clone)]
pub struct Entry {
    /// What it is.
    pub kind: RecordKind,
    /// What people call it.
    pub name: String,
    /// What became of it.
    pub fate: Fate,
    /// What is to be known about it, as sentences without secrets.
    pub notes: Vec<String>,
}

/// What became of all records.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// One for each.
    pub entries: Vec<Entry>,
}

/// The longest name of a record in a report.
const LONGEST_NAME: usize = 200;

impl Report {
    fn note(&mut self, kind: RecordKind, name: &str, fate: Fate, notes: Vec<String>) {
        self.entries.push(Entry { kind, name: name.chars().take(LONGEST_NAME).collect(), fate, notes });
    }

    /// How many records had this fate.
    pub fn count(&self, fate: Fate) -> usize {
        self.entries.iter().filter(|entry| entry.fate == fate).count()
    }

    /// What happened, in one sentence.
    pub fn sentence(&self) -> String {
        let count = |fate| self.count(fate);
        let (created, unchanged) = (count(Fate::Created), count(Fate::Unchanged));
        match (created, count(Fate::Refused)) {
            (0, 0) => format!("Nothing is new: {unchanged} records are here already."),
            (created, 0) => format!("{created} records are new here, {unchanged} were here already."),
            (created, refused) => {
                format!(
                    "{created} records are new here, {unchanged} were here already, {refused} cannot be brought here."
                )
            }
        }
    }
}

/// How to bring records here.
#[derive(Debug, Clone, Copy, Default)]
pub struct Manner {
    /// Say what would happen, and do nothing.
    pub dry_run: bool,
    /// Leave out what cannot be brought here, instead of all.
    pub skip_refused: bool,
}

impl Manner {
    /// Decides at the end of a transaction whether it stands.
    fn conclude(self, report: Report) -> Result<Report, ImportError> {
        if report.count(Fate::Refused) > 0 && !self.skip_refused {
            return Err(ImportError::Refused(Box::new(report)));
        }
        if self.dry_run { Err(ImportError::DryRun(Box::new(report))) } else { Ok(report) }
    }
}

/// Brings a Frappe site here, and then keys, which may be those of its users: all of it or nothing.
///
/// # Errors
/// [`ImportError`]; then nothing was changed.
pub fn run(
    tx: &mut Tx<'_>,
    site: &Site,
    rows: &Rows,
    keys: &SecretKeys,
    manner: Manner,
    act: &Act,
) -> Result<Report, ImportError> {
    // What is decided of the whole is decided at its end.
    let each = Manner { dry_run: false, skip_refused: true };
    let mut report = frappe::run(tx, site, keys, each, act)?;
    report.entries.extend(keys::run(tx, rows, keys, each, act)?.entries);
    manner.conclude(report)
}

/// Why nothing was brought here.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// Some of it cannot be brought here as it stands, so none of it was.
    #[error("{} records cannot be brought here, so nothing was", .0.count(Fate::Refused))]
    Refused(Box<Report>),
    /// Nothing was to be done.
    #[error("nothing was done: it was asked what would be")]
    DryRun(Box<Report>),
    /// The database said no.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// Whether `text` is what Frappe shows in the place of a secret.
fn is_masked(text: &str) -> bool {
    text.chars().all(|c| c == '*' || c == '•')
}
