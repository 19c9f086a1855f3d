//! Brings a database up to date. The migrations are embedded in the program.

use diesel::PgConnection;
use diesel::QueryDsl;
use diesel::RunQueryDsl;
use diesel::SqliteConnection;
use diesel::backend::Backend;
use diesel::connection::SimpleConnection;
use diesel::dsl::sql;
use diesel::migration::MigrationSource;
use diesel::pg::Pg;
use diesel::sql_types::BigInt;
use diesel::sqlite::Sqlite;
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

diesel::table! {
    /// diesel's own record of the migrations that were run.
    __diesel_schema_migrations (version) {
        version -> Text,
    }
}

impl Store {
    /// How the schema stands. Changes nothing and waits for nobody who writes.
    ///
    /// # Errors
    /// What the database says.
    pub fn schema_state(&self) -> Result<SchemaState, StoreError> {
        let inner = &self.0;
        // The spare one may have died while it lay there.
        if let Some(mut conn) = inner.spare.take()
            && let Ok(state) = state_of(&mut conn)
        {
            inner.spare.put(conn);
            return Ok(state);
        }
        state_of(&mut inner.address.open(Access::ReadOnly)?)
    }

    /// Runs the migrations that were not run yet, and returns their number. Several processes may do so at once. Where
    /// there are none, nothing is locked.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`] where a newer program has been here, or a migration fails.
    pub fn migrate(&self) -> Result<usize, StoreError> {
        if !is_behind(self.schema_state()?)? {
            return Ok(0);
        }
        match &mut self.0.address.open(Access::ReadWrite)? {
            Conn::Sqlite(conn) => conn
                .immediate_transaction(|conn| Ok(run(sqlite_state(conn)?, conn, SQLITE)?))
                .map_err(|MigrateError(error)| error),
            Conn::Postgres(conn) => {
                // Several nodes may start at once, and wait here for the one that migrates, however long it takes.
                // The lock ends with the connection.
                conn.batch_execute(
                    "SET statement_timeout = 0; SET lock_timeout = 0; SELECT pg_advisory_lock(7254138301)",
                )?;
                run(postgres_state(conn)?, conn, POSTGRES)
            }
        }
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

fn state_of(conn: &mut Conn) -> Result<SchemaState, StoreError> {
    match conn {
        Conn::Sqlite(conn) => sqlite_state(conn),
        Conn::Postgres(conn) => postgres_state(conn),
    }
}

/// How the schema of a SQLite database stands.
pub(super) fn sqlite_state(conn: &mut SqliteConnection) -> Result<SchemaState, StoreError> {
    let there = sql::<BigInt>("SELECT count(*) FROM sqlite_master WHERE name = '__diesel_schema_migrations'");
    let applied = match there.get_result::<i64>(conn)? {
        0 => Vec::new(),
        _ => __diesel_schema_migrations::table.select(__diesel_schema_migrations::version).load(conn)?,
    };
    Ok(state(&known::<Sqlite>(&SQLITE)?, &applied))
}

fn postgres_state(conn: &mut PgConnection) -> Result<SchemaState, StoreError> {
    let there = sql::<BigInt>("SELECT count(to_regclass('__diesel_schema_migrations'))");
    let applied = match there.get_result::<i64>(conn)? {
        0 => Vec::new(),
        _ => __diesel_schema_migrations::table.select(__diesel_schema_migrations::version).load(conn)?,
    };
    Ok(state(&known::<Pg>(&POSTGRES)?, &applied))
}

/// The versions of this program's migrations.
fn known<DB: Backend>(migrations: &EmbeddedMigrations) -> Result<Vec<String>, StoreError>
where
    EmbeddedMigrations: MigrationSource<DB>,
{
    let all = MigrationSource::<DB>::migrations(migrations);
    let all = all.map_err(|error| StoreError::Database(error.to_string()))?;
    Ok(all.iter().map(|migration| migration.name().version().to_string()).collect())
}

fn state(known: &[String], applied: &[String]) -> SchemaState {
    if applied.iter().any(|version| !known.contains(version)) {
        return SchemaState::Newer;
    }
    match known.iter().filter(|version| !applied.contains(version)).count() {
        0 => SchemaState::Current,
        behind => SchemaState::Behind(behind),
    }
}

fn is_behind(state: SchemaState) -> Result<bool, StoreError> {
    match state {
        SchemaState::Current => Ok(false),
        SchemaState::Behind(_) => Ok(true),
        SchemaState::Newer => {
            let newer = "the database was made by a newer version of hallpass; run that version, or restore a backup";
            Err(StoreError::Unreachable(newer.to_owned()))
        }
    }
}

/// Under the lock, `state` is what another process may have left in the meantime.
fn run<DB: Backend>(
    state: SchemaState,
    conn: &mut impl MigrationHarness<DB>,
    migrations: EmbeddedMigrations,
) -> Result<usize, StoreError>
where
    EmbeddedMigrations: MigrationSource<DB>,
{
    if !is_behind(state)? {
        return Ok(0);
    }
    match conn.run_pending_migrations(migrations) {
        Ok(versions) => Ok(versions.len()),
        Err(error) => Err(StoreError::Unreachable(format!("a migration failed: {error}"))),
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
