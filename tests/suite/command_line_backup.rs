//! `hallpass backup`: a copy that is made beside a working server, and that a server can begin from.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::time::Duration;

use diesel::Connection;
use diesel::SqliteConnection;
use diesel::connection::SimpleConnection;
use serde_json::Value;
use serde_json::json;

use crate::support::caller::Browser;
use crate::support::caller::Script;
use crate::support::process;
use crate::support::process::Process;
use crate::support::program::Program;

/// A program with a database that is there; `None` on PostgreSQL, which has a test of its own.
fn with_a_file() -> Option<Program> {
    let program = Program::new();
    if program.database.is_postgres() {
        return None;
    }
    assert_eq!(program.run("migrate").status, 0);
    Some(program)
}

/// What lies in a folder, sorted.
fn files(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| !name.ends_with("-wal") && !name.ends_with("-shm"))
        .collect();
    names.sort();
    names
}

/// Runs SQL on the database of `program`, without its rules.
fn spoil(program: &Program, statements: &str) {
    let path = program.database.url.strip_prefix("sqlite://").unwrap();
    SqliteConnection::establish(path).unwrap().batch_execute(statements).unwrap();
}

/// A user's key by the command line, as a header.
fn key_header(program: &Program, user: &str) -> String {
    let key = program.run(&format!("key create --user {user} --full-access --json")).json();
    let text = |member: &str| key[member].as_str().unwrap().to_owned();
    format!("token {}:{}", text("api_key"), text("api_secret"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_goes_on_from_a_copy_that_was_made_under_load() {
    let Some(program) = with_a_file() else { return };
    let serving = program.serve();
    program.run_with_input("user create ada --role admin --password-stdin", "correct horse battery\n");
    let key = key_header(&program, "ada");
    let client = program.run("client create Job --grant client_credentials --scope openid --json").json();
    let basic = reqwest::Client::new()
        .post(format!("{}/oauth/token", serving.url))
        .basic_auth(client["client_id"].as_str().unwrap(), client["client_secret"].as_str())
        .form(&[("grant_type", "client_credentials")]);
    let token: Value = serde_json::from_str(&basic.send().await.unwrap().text().await.unwrap()).unwrap();
    let bearer = format!("Bearer {}", token["access_token"].as_str().unwrap());
    let browser = Browser::new(&serving.url);
    assert_eq!(browser.sign_in("ada", "correct horse battery").await.status, 303);

    let acknowledged: Arc<Mutex<Vec<String>>> = Arc::default();
    let stop = Arc::new(AtomicBool::new(false));
    let writers: Vec<_> = (0..4)
        .map(|writer| {
            let (url, key) = (serving.url.clone(), key.clone());
            let (acknowledged, stop) = (Arc::clone(&acknowledged), Arc::clone(&stop));
            tokio::spawn(async move {
                let script = Script::new(&url).with("authorization", &key);
                let mut number = 0;
                while !stop.load(Ordering::Relaxed) {
                    let name = format!("role-{writer}-{number}");
                    let body = json!({ "name": name }).to_string();
                    let answer = script.post_raw("/api/v1/roles", "application/json", body).await;
                    assert_eq!(answer.status, 201, "{}", answer.body);
                    acknowledged.lock().unwrap().push(name);
                    number += 1;
                }
            })
        })
        .collect();
    while acknowledged.lock().unwrap().len() < 40 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let before = acknowledged.lock().unwrap().clone();
    let made = program.run("backup copy.db --json");
    stop.store(true, Ordering::Relaxed);
    for writer in writers {
        writer.await.unwrap();
    }
    let after = acknowledged.lock().unwrap().len();
    assert!(after > before.len(), "others write meanwhile");
    assert!(made.err.contains("the secret key is not in it") && made.err.contains("hallpass.db.key"), "{made:?}");
    let folder = program.database.folder();
    let copy = std::fs::canonicalize(folder).unwrap().join("copy.db");
    assert_eq!(made.json(), json!({ "file": copy.to_str().unwrap(), "bytes": copy.metadata().unwrap().len() }));
    assert_eq!(copy.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(files(folder), ["copy.db", "hallpass.db", "hallpass.db.key", "hallpass.db.lock"]);
    serving.kill();

    let elsewhere = tempfile::tempdir().unwrap();
    for (from, to) in [("copy.db", "hallpass.db"), ("hallpass.db.key", "hallpass.db.key")] {
        std::fs::copy(folder.join(from), elsewhere.path().join(to)).unwrap();
    }
    let url = format!("sqlite://{}", elsewhere.path().join("hallpass.db").display());
    let restored = Process::start(elsewhere.path(), &url);
    assert_eq!(restored.setup_url, None);
    let cookie = browser.cookie_header();
    let with = |name: &str, value: &str| Script::new(&restored.url).with(name, value);
    assert_eq!(with("authorization", &key).get("/api/v1/me").await.json()["username"], "ada");
    assert_eq!(with("authorization", &bearer).get("/api/v1/me").await.json()["subject"], "client");
    assert_eq!(with("cookie", &cookie).get("/account").await.status, 200);
    let roles = process::command(elsewhere.path(), &url, &["role", "list", "--json"]).output().unwrap();
    let roles: Vec<Value> = serde_json::from_slice(&roles.stdout).unwrap();
    for name in &before {
        assert!(roles.iter().any(|role| role["name"] == *name), "{name} was acknowledged before");
    }
}

#[test]
fn a_copy_without_its_key_is_refused_by_the_server() {
    let Some(program) = with_a_file() else { return };
    program.serve().terminate();
    assert_eq!(program.run("backup copy.db").status, 0);
    let copy = format!("sqlite://{}", program.database.folder().join("copy.db").display());
    let program = program.with("HALLPASS_DATABASE_URL", &copy);
    assert!(program.run("serve").refusal().contains("the secret key is not the one"));
}

#[test]
fn a_file_that_exists_is_left_as_it_is() {
    let Some(program) = with_a_file() else { return };
    let folder = program.database.folder();
    std::fs::write(folder.join("notes.txt"), "mine").unwrap();
    std::os::unix::fs::symlink("nowhere", folder.join("link")).unwrap();
    for name in ["notes.txt", "hallpass.db", "link", "."] {
        let refused = program.run(&format!("backup {name}"));
        assert!(refused.status == 1 && refused.out.is_empty(), "{refused:?}");
    }
    assert!(program.run("backup notes.txt").refusal().contains("notes.txt exists already"));
    assert_eq!(std::fs::read_to_string(folder.join("notes.txt")).unwrap(), "mine");
    assert!(program.run("backup no/such/folder/copy.db").refusal().contains("No such file"));
    assert_eq!(files(folder), ["hallpass.db", "link", "notes.txt"]);
    assert_eq!(program.run("backup").status, 2);
}

#[test]
fn a_name_that_sqlite_takes_for_a_uri_is_a_name() {
    let Some(program) = with_a_file() else { return };
    assert_eq!(program.run("backup file:copy.db?mode=memory").status, 0);
    assert_eq!(files(program.database.folder()), ["file:copy.db?mode=memory", "hallpass.db"]);
}

#[test]
fn a_database_that_is_not_there_is_not_made() {
    let program = Program::new();
    if program.database.is_postgres() {
        return;
    }
    assert!(program.run("backup copy.db").refusal().starts_with("there is no database at"));
    assert_eq!(files(program.database.folder()), Vec::<String>::new());
}

#[test]
fn an_older_database_is_copied_as_it_is() {
    let Some(program) = with_a_file() else { return };
    spoil(
        &program,
        "DELETE FROM __diesel_schema_migrations WHERE version = (SELECT max(version) FROM __diesel_schema_migrations)",
    );
    let versions = program.database.lines("SELECT version AS line FROM __diesel_schema_migrations ORDER BY version");
    assert_eq!(program.run("backup copy.db").status, 0);
    let again = program.database.lines("SELECT version AS line FROM __diesel_schema_migrations ORDER BY version");
    assert_eq!(again, versions);
}

#[test]
fn a_copy_that_is_damaged_is_no_copy() {
    let Some(program) = with_a_file() else { return };
    program.run("user create ada --service --json").json();
    key_header(&program, "ada");
    spoil(&program, "PRAGMA foreign_keys = OFF; DELETE FROM users");
    assert!(program.run("backup copy.db").refusal().contains("damaged"));
    assert_eq!(files(program.database.folder()), ["hallpass.db"]);
}

#[test]
fn postgresql_makes_its_own_copies() {
    let program = Program::new();
    if program.database.is_postgres() {
        assert!(program.run("backup copy.db").refusal().contains("use pg_dump"));
        assert_eq!(files(program.database.folder()), Vec::<String>::new());
    }
    let program = program.with("HALLPASS_DATABASE_URL", "postgres://nobody@127.0.0.1:1/none");
    assert!(program.run("backup copy.db").refusal().contains("use pg_dump"));
}
