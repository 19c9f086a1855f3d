//! A database for one test: a file of SQLite's, or one of PostgreSQL's where `TEST_DATABASE_URL` is set.

use std::sync::OnceLock;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering;

use diesel::Connection;
use diesel::PgConnection;
use diesel::QueryResult;
use diesel::RunQueryDsl;
use diesel::SqliteConnection;
use diesel::connection::SimpleConnection;
use tempfile::TempDir;

/// A database that goes when it is dropped.
pub struct Database {
    /// Its URL.
    pub url: String,
    folder: Option<TempDir>,
    name: Option<String>,
}

#[derive(diesel::QueryableByName)]
struct Line {
    #[diesel(sql_type = diesel::sql_types::Text)]
    line: String,
}

fn server() -> Option<String> {
    std::env::var("TEST_DATABASE_URL").ok()
}

/// A database with all migrations run, from which the others are copied.
fn template(server: &str) -> &'static str {
    static TEMPLATE: OnceLock<String> = OnceLock::new();
    TEMPLATE.get_or_init(|| {
        let name = format!("hallpass_template_{}", std::process::id());
        execute(server, &format!("CREATE DATABASE {name}"));
        let database = Database { url: with_name(server, &name), folder: None, name: None };
        let store = hallpass::server::open_store(&super::app::config(&database, "")).expect("the template");
        store.migrate().expect("the migrations run");
        name
    })
}

/// `server` with another database's name.
fn with_name(server: &str, name: &str) -> String {
    let (base, query) = server.split_once('?').unwrap_or((server, ""));
    let base = base.rsplit_once('/').map_or(base, |(base, _)| base);
    if query.is_empty() { format!("{base}/{name}") } else { format!("{base}/{name}?{query}") }
}

fn execute(server: &str, statement: &str) {
    let mut conn = PgConnection::establish(server).expect("TEST_DATABASE_URL can be reached");
    diesel::sql_query(statement).execute(&mut conn).expect(statement);
}

impl Database {
    /// An empty one.
    pub fn create() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let folder = tempfile::tempdir().expect("a folder");
        match server() {
            None => {
                let url = format!("sqlite://{}", folder.path().join("hallpass.db").display());
                Self { url, folder: Some(folder), name: None }
            }
            Some(server) => {
                let number = NEXT.fetch_add(1, Ordering::Relaxed);
                let name = format!("hallpass_test_{}_{number}", std::process::id());
                execute(&server, &format!("CREATE DATABASE {name} TEMPLATE {}", template(&server)));
                Self { url: with_name(&server, &name), folder: Some(folder), name: Some(name) }
            }
        }
    }

    /// None at all, where one was taken away.
    pub fn none() -> Self {
        Self { url: String::new(), folder: None, name: None }
    }

    /// The same one of PostgreSQL's once more, which does not go with this.
    pub fn again(&self) -> Self {
        Self { url: self.url.clone(), folder: Some(tempfile::tempdir().expect("a folder")), name: None }
    }

    /// Whether it is one of PostgreSQL's.
    pub fn is_postgres(&self) -> bool {
        self.url.starts_with("postgres")
    }

    /// Runs SQL on it, as another process would. Returns how many rows it changed.
    ///
    /// # Errors
    /// What the database says.
    pub fn execute(&self, statement: &str) -> QueryResult<usize> {
        match self.url.strip_prefix("sqlite://") {
            Some(path) => {
                let mut conn = SqliteConnection::establish(path).expect("the file can be opened");
                diesel::sql_query("PRAGMA busy_timeout = 5000").execute(&mut conn)?;
                diesel::sql_query("PRAGMA foreign_keys = ON").execute(&mut conn)?;
                let changed = diesel::sql_query(statement).execute(&mut conn);
                until_seen();
                changed
            }
            None => {
                let mut conn = PgConnection::establish(&self.url).expect("the database can be reached");
                let changed = diesel::sql_query(statement).execute(&mut conn)?;
                by_hand(&mut conn);
                Ok(changed)
            }
        }
    }

    /// Runs several statements.
    pub fn run(&self, statements: &str) {
        let done = match self.url.strip_prefix("sqlite://") {
            Some(path) => {
                let mut conn = SqliteConnection::establish(path).expect("the file can be opened");
                let done = conn.batch_execute(&format!("PRAGMA busy_timeout = 5000; {statements}"));
                until_seen();
                done
            }
            None => {
                let mut conn = PgConnection::establish(&self.url).expect("it can be reached");
                let done = conn.batch_execute(statements);
                by_hand(&mut conn);
                done
            }
        };
        done.unwrap_or_else(|error| panic!("{error}: {statements}"));
    }

    /// Runs SQL in a transaction that goes on until it is committed.
    pub fn begin(&self, statements: &[&str]) -> Begun {
        let mut conn = match self.url.strip_prefix("sqlite://") {
            Some(path) => {
                let mut conn = SqliteConnection::establish(path).expect("the file can be opened");
                let begin = "PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON; BEGIN IMMEDIATE";
                conn.batch_execute(begin).expect(begin);
                Begun::Sqlite(conn)
            }
            None => {
                let mut conn = PgConnection::establish(&self.url).expect("the database can be reached");
                conn.batch_execute("BEGIN").expect("BEGIN");
                Begun::Postgres(conn)
            }
        };
        statements.iter().for_each(|statement| conn.execute(statement));
        conn
    }

    /// What a query says that names its only column `line`.
    pub fn lines(&self, query: &str) -> Vec<String> {
        let lines: QueryResult<Vec<Line>> = match self.url.strip_prefix("sqlite://") {
            Some(path) => {
                let mut conn = SqliteConnection::establish(path).expect("the file can be opened");
                diesel::sql_query("PRAGMA busy_timeout = 5000").execute(&mut conn).unwrap();
                diesel::sql_query(query).load(&mut conn)
            }
            None => {
                let mut conn = PgConnection::establish(&self.url).expect("the database can be reached");
                diesel::sql_query(query).load(&mut conn)
            }
        };
        lines.expect(query).into_iter().map(|line| line.line).collect()
    }

    /// Everything that it holds, as text or as it lies on the disk.
    pub fn dump(&self) -> Vec<u8> {
        let mut all = Vec::new();
        if self.is_postgres() {
            for table in self.lines("SELECT tablename::text AS line FROM pg_tables WHERE schemaname = 'public'") {
                for line in self.lines(&format!("SELECT t::text AS line FROM {table} t")) {
                    all.extend(line.into_bytes());
                }
            }
            return all;
        }
        for entry in std::fs::read_dir(self.folder()).expect("a folder") {
            all.extend(std::fs::read(entry.expect("a file").path()).expect("a file"));
        }
        all
    }

    /// A folder beside it, which goes with it.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.as_ref().expect("there is a database").path()
    }
}

/// Tells the nodes that somebody changed something by hand, as docs/OPERATIONS.md says, and waits until each of them has
/// heard it or relies on its memory no more.
fn by_hand(conn: &mut PgConnection) {
    conn.batch_execute("NOTIFY hallpass_changes").expect("NOTIFY");
    std::thread::sleep(std::time::Duration::from_secs(1));
}

/// What another process changed in a file holds once it says that it is done, which is a moment later.
fn until_seen() {
    std::thread::sleep(std::time::Duration::from_millis(5));
}

/// A transaction that goes on.
pub enum Begun {
    /// On SQLite.
    Sqlite(SqliteConnection),
    /// On PostgreSQL.
    Postgres(PgConnection),
}

impl Begun {
    /// Ends it, and what it did stands.
    pub fn commit(mut self) {
        self.execute("COMMIT");
        match &mut self {
            Begun::Postgres(conn) => by_hand(conn),
            Begun::Sqlite(_) => until_seen(),
        }
    }

    fn execute(&mut self, statement: &str) {
        match self {
            Begun::Sqlite(conn) => conn.batch_execute(statement),
            Begun::Postgres(conn) => conn.batch_execute(statement),
        }
        .expect(statement);
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let (Some(server), Some(name)) = (server(), &self.name) {
            execute(&server, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        }
    }
}
