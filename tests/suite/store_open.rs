//! Opening a database: whose it is, how its schema stands, and who may serve from it.

use diesel::Connection;
use diesel::SqliteConnection;
use diesel::connection::SimpleConnection;
use hallpass::server::open_store;
use hallpass::store::SchemaState;
use hallpass::store::Store;

use crate::support::app::config;
use crate::support::database::Database;

/// An empty database, and the store that is open on it.
fn fresh() -> (Database, Store) {
    let database = Database::create();
    let store = open_store(&config(&database, "")).expect("the database can be opened");
    (database, store)
}

#[test]
fn whoever_looks_at_the_schema_changes_nothing() {
    let (database, store) = fresh();
    if !database.is_postgres() {
        assert!(matches!(store.schema_state(), Ok(SchemaState::Behind(1..))));
        let made = database.execute("DELETE FROM __diesel_schema_migrations");
        assert!(made.unwrap_err().to_string().contains("no such table"));
        assert!(store.migrate().expect("it runs") > 0);
    }
    assert!(matches!(store.schema_state(), Ok(SchemaState::Current)));
    assert_eq!(store.migrate().expect("it runs"), 0);
}

#[test]
fn a_newer_database_is_refused() {
    let (database, store) = fresh();
    store.migrate().expect("it runs");
    database
        .execute("INSERT INTO __diesel_schema_migrations (version, run_on) VALUES ('99991231', CURRENT_TIMESTAMP)")
        .unwrap();
    assert!(matches!(store.schema_state(), Ok(SchemaState::Newer)));
    assert!(store.migrate().unwrap_err().to_string().contains("newer version"));
}

#[test]
fn who_finds_the_schema_current_waits_for_no_writer() {
    let (database, store) = fresh();
    store.migrate().expect("it runs");
    let Some(path) = database.url.strip_prefix("sqlite://") else { return };
    let mut other = SqliteConnection::establish(path).expect("the file can be opened");
    other.batch_execute("BEGIN IMMEDIATE").expect("the lock is free");
    assert_eq!(store.migrate().expect("nothing is to be done"), 0);
}

#[test]
fn one_file_by_two_names_has_one_server() {
    let (mut database, store) = fresh();
    if database.is_postgres() {
        return;
    }
    let link = database.folder().join("link.db");
    std::os::unix::fs::symlink(database.folder().join("hallpass.db"), &link).unwrap();
    let held = store.lock_for_serving().expect("nobody serves");
    database.url = format!("sqlite://{}", link.display());
    let second = open_store(&config(&database, "")).expect("the link can be opened");
    assert!(second.lock_for_serving().unwrap_err().to_string().contains("another server"));
    drop(held);
    // A program that another test starts at this moment holds all that is open here until it has begun.
    let again = (0..100).find_map(|_| {
        second.lock_for_serving().inspect_err(|_| std::thread::sleep(std::time::Duration::from_millis(50))).ok()
    });
    drop(again.expect("nobody serves any more"));
}

#[test]
fn a_malformed_url_is_not_shown() {
    let mut database = Database::create();
    database.url = "postgres://ada:geheim/x@localhost/db".to_owned();
    let error = open_store(&config(&database, "")).err().expect("it is refused").to_string();
    assert!(error.contains("percent-encode") && !error.contains("geheim"), "{error}");
}
