//! A copy of a SQLite database, made while others use it: one state of it, whole, synced and looked through.

use std::fs;
use std::fs::File;
use std::fs::OpenOptions;
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::path::PathBuf;

use diesel::RunQueryDsl;
use diesel::SqliteConnection;
use diesel::sql_types::BigInt;
use diesel::sql_types::Text;

use crate::store::Store;
use crate::store::StoreError;
use crate::store::conn;
use crate::store::conn::Access;
use crate::store::conn::Conn;
use crate::store::migrate;

/// A copy that was made.
#[derive(Debug, Clone)]
pub struct Backup {
    /// The file, by its whole path.
    pub path: PathBuf,
    /// How large it is.
    pub bytes: u64,
}

/// Why there is no copy. Nothing of it is left behind.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The database is no file.
    #[error("this database is PostgreSQL's, which makes copies by itself: use pg_dump")]
    NotAFile,
    /// The name is taken.
    #[error("{} exists already and is left as it is; name a file that does not exist", .0.display())]
    Exists(PathBuf),
    /// The file can't be made.
    #[error("the copy cannot be written to {}: {cause}", path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        cause: io::Error,
    },
    /// The copy is not what it should be, and was thrown away.
    #[error("the copy was thrown away, for it is damaged, and so is the database, it seems: {0}")]
    Damaged(String),
    /// The database said no.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// What SQLite says of a database, a line for each finding.
#[derive(diesel::QueryableByName)]
struct Finding {
    #[diesel(sql_type = Text)]
    finding: String,
}

#[derive(diesel::QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

/// The copy while it is being made; whatever happens, it goes.
struct Draft(PathBuf);

impl Drop for Draft {
    fn drop(&mut self) {
        // After the copy has its name, this is only its other name; a draft that stays is no copy to anybody.
        drop(fs::remove_file(&self.0));
    }
}

impl Store {
    /// Copies the database to the new file at `to`, readable by its owner alone. Others go on reading and writing; what
    /// was acknowledged before is in the copy. The name is taken when the copy is whole, looked through and on disk;
    /// until then it has a name of its own that ends in `unique`.
    ///
    /// # Errors
    /// [`BackupError`].
    pub fn back_up(&self, to: &Path, unique: u64) -> Result<Backup, BackupError> {
        let unwritable = |cause| BackupError::Unwritable { path: to.to_owned(), cause };
        let Conn::Sqlite(mut source) = self.0.address.open(Access::ReadWrite)? else {
            return Err(BackupError::NotAFile);
        };
        let (folder, path) = place(to).map_err(unwritable)?;
        if fs::symlink_metadata(&path).is_ok() {
            return Err(BackupError::Exists(to.to_owned()));
        }
        let mut draft = path.clone().into_os_string();
        draft.push(format!(".{unique:016x}"));
        let draft = PathBuf::from(draft);
        let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft);
        made.map_err(unwritable)?;
        let draft = Draft(draft);
        let name = draft.0.to_str().ok_or_else(|| unwritable(io::Error::other("its name is not UTF-8")))?;
        // Reads one state of the database, and takes a file that is there as long as it is empty.
        diesel::sql_query("VACUUM INTO ?").bind::<Text, _>(name).execute(&mut source).map_err(StoreError::from)?;
        look_through(name, &mut source)?;
        let file = File::open(&draft.0).map_err(unwritable)?;
        file.sync_all().map_err(unwritable)?;
        take_name(&draft.0, &path).map_err(|cause| match cause.kind() {
            io::ErrorKind::AlreadyExists => BackupError::Exists(to.to_owned()),
            _ => unwritable(cause),
        })?;
        drop(draft);
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(unwritable)?;
        let bytes = file.metadata().map_err(unwritable)?.len();
        Ok(Backup { path, bytes })
    }
}

/// The folder and the whole path: SQLite would take some relative ones for a URI.
fn place(to: &Path) -> io::Result<(PathBuf, PathBuf)> {
    let name = to.file_name().ok_or_else(|| io::Error::other("it names no file"))?;
    let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folder = fs::canonicalize(folder)?;
    let path = folder.join(name);
    Ok((folder, path))
}

/// Gives the draft its name, if nobody has it.
fn take_name(draft: &Path, path: &Path) -> io::Result<()> {
    match fs::hard_link(draft, path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            // A file system without links. The name is taken first, and then what has it is ours to replace.
            OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
            fs::rename(draft, path)
        }
        linked => linked,
    }
}

/// Whether the copy is whole and the same program's as `source`.
fn look_through(name: &str, source: &mut SqliteConnection) -> Result<(), BackupError> {
    let mut copy = conn::open_sqlite(name, Access::ReadOnly)?;
    let query = "SELECT integrity_check AS finding FROM pragma_integrity_check";
    let findings: Vec<Finding> = diesel::sql_query(query).load(&mut copy).map_err(StoreError::from)?;
    if let Some(first) = findings.iter().map(|finding| finding.finding.as_str()).find(|finding| *finding != "ok") {
        return Err(BackupError::Damaged(first.to_owned()));
    }
    let query = "SELECT count(*) AS number FROM pragma_foreign_key_check";
    let Count { number } = diesel::sql_query(query).get_result(&mut copy).map_err(StoreError::from)?;
    if number > 0 {
        return Err(BackupError::Damaged(format!("{number} records refer to others that are not there")));
    }
    if migrate::sqlite_state(&mut copy)? != migrate::sqlite_state(source)? {
        return Err(BackupError::Damaged("its schema is another one".to_owned()));
    }
    Ok(())
}
