//! The databases that servers are measured on, filled past the server because a million rows by HTTP take an hour.

use std::path::Path;
use std::path::PathBuf;

use diesel::Connection;
use diesel::PgConnection;
use diesel::QueryableByName;
use diesel::RunQueryDsl;
use diesel::SqliteConnection;
use diesel::connection::SimpleConnection;
use diesel::sql_types::BigInt;

use crate::Failed;

/// Where databases are made.
pub struct Place {
    folder: PathBuf,
    /// A database on a server of PostgreSQL, where they are not files.
    postgres: Option<String>,
}

/// A connection to one of them.
pub enum Database {
    /// A file.
    Sqlite(SqliteConnection),
    /// On a server.
    Postgres(PgConnection),
}

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

impl Place {
    /// In `folder`, or on the server of the database `postgres`.
    pub fn new(folder: &Path, postgres: Option<String>) -> Self {
        Self { folder: folder.to_owned(), postgres }
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Makes an empty database, and returns its URL.
    pub fn make(&self, name: &str) -> Result<String, Failed> {
        let Some(url) = &self.postgres else {
            let file = std::path::absolute(self.folder.join(format!("{name}.db")))?;
            return Ok(format!("sqlite://{}", file.display()));
        };
        self.drop(name)?;
        PgConnection::establish(url)?.batch_execute(&format!("CREATE DATABASE hallpass_bench_{name}"))?;
        let (server, _) = url.rsplit_once('/').ok_or("the URL names no database")?;
        Ok(format!("{server}/hallpass_bench_{name}"))
    }

    /// Removes what [`Place::make`] made; files go with the folder.
    pub fn clear(&self) -> Result<(), Failed> {
        ["tokens", "empty", "few", "many", "expired"].into_iter().try_for_each(|name| self.drop(name))
    }

    fn drop(&self, name: &str) -> Result<(), Failed> {
        let Some(url) = &self.postgres else { return Ok(()) };
        let drop = format!("DROP DATABASE IF EXISTS hallpass_bench_{name} WITH (FORCE)");
        Ok(PgConnection::establish(url)?.batch_execute(&drop)?)
    }
}

impl Database {
    /// Connects.
    pub fn open(url: &str) -> Result<Self, Failed> {
        match url.strip_prefix("sqlite://") {
            Some(file) => {
                let mut connection = SqliteConnection::establish(file)?;
                // What is filled may be lost: then the bench is run anew.
                connection.batch_execute(
                    "PRAGMA busy_timeout = 60000; PRAGMA synchronous = OFF; PRAGMA cache_size = -400000; PRAGMA temp_store = MEMORY",
                )?;
                Ok(Self::Sqlite(connection))
            }
            None => Ok(Self::Postgres(PgConnection::establish(url)?)),
        }
    }

    /// Runs statements.
    pub fn run(&mut self, statements: &str) -> Result<(), Failed> {
        match self {
            Self::Sqlite(connection) => connection.batch_execute(statements)?,
            Self::Postgres(connection) => connection.batch_execute(statements)?,
        }
        Ok(())
    }

    /// The number that `query` selects as `count`.
    pub fn count(&mut self, query: &str) -> Result<i64, Failed> {
        let query = diesel::sql_query(query);
        let counted: Counted = match self {
            Self::Sqlite(connection) => query.get_result(connection)?,
            Self::Postgres(connection) => query.get_result(connection)?,
        };
        Ok(counted.count)
    }

    /// Bytes as this database writes them.
    pub fn bytes(&self, bytes: &[u8]) -> String {
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        match self {
            Self::Sqlite(_) => format!("x'{hex}'"),
            Self::Postgres(_) => format!("'\\x{hex}'::bytea"),
        }
    }

    /// An expression for an id of 16 bytes that is made of a number: which kind of record, and which of them.
    pub fn id(&self, kind: u32, number: &str) -> String {
        match self {
            Self::Sqlite(_) => format!("unhex(printf('{kind:08x}%024x', {number}))"),
            Self::Postgres(_) => format!("decode('{kind:08x}' || lpad(to_hex(({number})::bigint), 24, '0'), 'hex')"),
        }
    }

    /// An expression for a hash of 32 bytes; `number` times `step` says where among all hashes it stands.
    pub fn filler_hash(&self, number: &str, step: u64) -> String {
        match self {
            Self::Sqlite(_) => format!("unhex(printf('%016x%048x', ({number}) * {step}, {number}))"),
            Self::Postgres(_) => format!(
                "decode(lpad(to_hex(({number})::bigint * {step}), 16, '0') || lpad(to_hex(({number})::bigint), 48, '0'), 'hex')"
            ),
        }
    }

    /// Brings what the database knows of its own contents up to date, and its files into the state that they have later.
    pub fn settle(&mut self) -> Result<(), Failed> {
        match self {
            Self::Sqlite(_) => self.run("PRAGMA wal_checkpoint(TRUNCATE)"),
            Self::Postgres(_) => {
                // Several in one text would be one transaction.
                self.run("VACUUM ANALYZE")?;
                self.run("CHECKPOINT")
            }
        }
    }
}
