//! Brings a database up to date. The migrations are embedded in the program.

use diesel::connection::SimpleConnection;
use diesel::migration::MigrationSource;
use diesel::migration::MigrationVersion;
use diesel_migrations::EmbeddedMigrations;
use diesel_migrations::MigrationHarness;
use diesel_migrations::embed_migrations;

use crate::store::Store;
use crate::store::StoreError;
use crate::store::conn::Access;
use crate::store::conn::Conn;

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// How a database's schema stands to this program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SchemaState {
    /// All migrations of this program were run, and no others.
    Current,
    /// So many migrations are yet to be run.
    Behind(usize),
    /// A newer program has been here.
    Newer,
}

impl Store {
    /// How the schema stands, without changing it.
    ///
    /// # Errors
    /// What the database says.
    pub fn schema_state(&self) -> Result<SchemaState, StoreError> {
        match &mut self.0.address.open(Access::ReadWrite)? {
            Conn::Sqlite(conn) => state(conn, SQLITE),
            Conn::Postgres(conn) => state(conn, POSTGRES),
        }
    }

    /// Runs the migrations that were not run yet, and returns their number. Several processes may do so at once.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`] where a newer program has been here, or a migration fails.
    pub fn migrate(&self) -> Result<usize, StoreError> {
        match &mut self.0.address.open(Access::ReadWrite)? {
            Conn::Sqlite(conn) => conn.immediate_transaction(|conn| run(conn, || SQLITE)),
            Conn::Postgres(conn) => {
                // Several nodes may start at once; the lock ends with the connection.
                conn.batch_execute("SET statement_timeout = 0; SELECT pg_advisory_lock(7254138301)")?;
                run(conn, || POSTGRES)
            }
        }
        .map_err(|error| error.0)
    }

    /// Undoes all migrations, for tests of the migrations themselves.
    ///
    /// # Errors
    /// What the database says.
    #[doc(hidden)]
    pub fn unmigrate(&self) -> Result<(), StoreError> {
        let undone = match &mut self.0.address.open(Access::ReadWrite)? {
            Conn::Sqlite(conn) => conn.revert_all_migrations(SQLITE).map(drop),
            Conn::Postgres(conn) => conn.revert_all_migrations(POSTGRES).map(drop),
        };
        undone.map_err(|error| StoreError::Database(error.to_string()))
    }
}

fn state<DB: diesel::backend::Backend>(
    conn: &mut impl MigrationHarness<DB>,
    migrations: EmbeddedMigrations,
) -> Result<SchemaState, StoreError>
where
    EmbeddedMigrations: MigrationSource<DB>,
{
    let failed = |error: Box<dyn std::error::Error + Send + Sync>| StoreError::Database(error.to_string());
    let known: Vec<MigrationVersion<'_>> = MigrationSource::<DB>::migrations(&migrations)
        .map_err(failed)?
        .iter()
        .map(|migration| migration.name().version().as_owned())
        .collect();
    let applied = conn.applied_migrations().map_err(failed)?;
    if applied.iter().any(|version| !known.contains(version)) {
        return Ok(SchemaState::Newer);
    }
    Ok(match known.len() - applied.len() {
        0 => SchemaState::Current,
        behind => SchemaState::Behind(behind),
    })
}

fn run<DB: diesel::backend::Backend>(
    conn: &mut impl MigrationHarness<DB>,
    migrations: fn() -> EmbeddedMigrations,
) -> Result<usize, MigrateError>
where
    EmbeddedMigrations: MigrationSource<DB>,
{
    if state(conn, migrations())? == SchemaState::Newer {
        let newer = "the database was made by a newer version of hallpass; run that version, or restore a backup";
        return Err(StoreError::Unreachable(newer.to_owned()).into());
    }
    match conn.run_pending_migrations(migrations()) {
        Ok(versions) => Ok(versions.len()),
        Err(error) => Err(StoreError::Unreachable(format!("a migration failed: {error}")).into()),
    }
}

/// diesel's transactions want an error that can be made from theirs.
struct MigrateError(StoreError);

impl From<StoreError> for MigrateError {
    fn from(error: StoreError) -> Self {
        Self(error)
    }
}

impl From<diesel::result::Error> for MigrateError {
    fn from(error: diesel::result::Error) -> Self {
        Self(error.into())
    }
}
