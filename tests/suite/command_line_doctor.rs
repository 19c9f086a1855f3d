//! `hallpass doctor`: good marks for a healthy server, each planted fault by its name, and nothing left behind.

use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;

use diesel::Connection;
use diesel::PgConnection;
use diesel::SqliteConnection;
use diesel::connection::SimpleConnection;
use serde_json::Value;
use serde_json::json;

use crate::support::app::TestApp;
use crate::support::process;
use crate::support::process::Process;
use crate::support::program::Done;
use crate::support::program::Program;
use crate::support::proxy::Proxy;
use crate::support::publisher::Authority;

const KEY: &str = "5f0c8e1b2a3d4c5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6";
const OTHER_KEY: &str = "a10c8e1b2a3d4c5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6";

/// A running server with an administrator.
fn healthy(program: &Program) -> Process {
    let serving = program.serve();
    program.run("user create ada --service --role admin --json").json();
    serving
}

/// What the doctor says of the server at `url`.
fn doctor(program: &Program, url: &str) -> Done {
    let done = program.run(&format!("doctor --json --issuer {url}"));
    assert!(!done.out.contains("hp_") && !done.err.contains("hp_"), "no secret is printed: {done:?}");
    done
}

/// The findings, each as `state check`.
fn findings(done: &Done) -> Vec<Value> {
    serde_json::from_str(&done.out).unwrap_or_else(|_| panic!("no JSON: {done:?}"))
}

/// Those with this state.
fn with_state(done: &Done, state: &str) -> Vec<(String, Value)> {
    let these = findings(done).into_iter().filter(|finding| finding["state"] == state);
    these.map(|finding| (finding["check"].as_str().unwrap().to_owned(), finding["setting"].clone())).collect()
}

/// Exit status 1, and these checks alone are bad.
#[track_caller]
fn assert_bad(done: &Done, expected: &[(&str, Value)]) {
    let mut bad = with_state(done, "bad");
    bad.dedup();
    let expected: Vec<_> = expected.iter().map(|(check, setting)| ((*check).to_owned(), setting.clone())).collect();
    assert_eq!((done.status, bad), (1, expected), "{done:?}");
    assert!(done.err.contains("has to be mended"), "{done:?}");
}

/// Nothing of the trial is left.
#[track_caller]
fn assert_clean(program: &Program) {
    let users = program.run("user list --json").json();
    let names: Vec<&Value> = users.as_array().unwrap().iter().map(|user| &user["username"]).collect();
    assert_eq!(names, ["ada"]);
    for list in ["client list --json", "grant list --json", "session list --json"] {
        assert_eq!(program.run(list).json(), json!([]), "{list}");
    }
}

/// An address that was free a moment ago.
fn free_address() -> SocketAddr {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

fn execute(program: &Program, statements: &str) {
    let url = &program.database.url;
    match url.strip_prefix("sqlite://") {
        Some(path) => SqliteConnection::establish(path).unwrap().batch_execute(statements).unwrap(),
        None => PgConnection::establish(url).unwrap().batch_execute(statements).unwrap(),
    }
}

#[test]
fn a_healthy_server_gets_good_marks_and_keeps_nothing() {
    let program = Program::new();
    let serving = healthy(&program);
    let done = doctor(&program, &serving.url);
    assert_eq!((done.status, done.err.as_str()), (0, ""), "{done:?}");
    assert_eq!(with_state(&done, "warning"), [("scheme".to_owned(), json!("issuer"))]);
    let good: Vec<String> = with_state(&done, "good").into_iter().map(|(check, _)| check).collect();
    for check in [
        "registration",
        "file_mode",
        "database",
        "schema",
        "administrator",
        "secret_key",
        "key_age",
        "reachable",
        "issuer",
        "discovery",
        "signing_keys",
        "challenge",
        "security_headers",
        "cookie",
        "clock",
        "client_address",
        "sign_in",
        "leftovers",
    ] {
        assert!(good.iter().any(|known| known == check), "{check}: {good:?}");
    }
    let lines = program.run(&format!("doctor --issuer {}", serving.url));
    assert!(lines.status == 0 && lines.out.ends_with("All is good, with one warning.\n"), "{lines:?}");
    assert!(lines.out.lines().any(|line| line.starts_with("good     sign_in: ")), "{lines:?}");
    assert!(lines.out.contains("[setting: issuer]"), "{lines:?}");
    assert_clean(&program);
}

#[test]
fn an_issuer_with_a_path_is_looked_for_in_all_places() {
    let address = free_address();
    let issuer = format!("http://{address}/auth/here");
    let program = Program::new().with("HALLPASS_LISTEN", &address.to_string()).with("HALLPASS_ISSUER", &issuer);
    let _serving = healthy(&program);
    let done = program.run("doctor --json");
    assert_eq!(done.status, 0, "{done:?}");
    for place in [
        "/auth/here/.well-known/oauth-authorization-server",
        "/.well-known/oauth-authorization-server/auth/here",
        "/auth/here/.well-known/oauth-protected-resource",
        "/.well-known/oauth-protected-resource/auth/here",
    ] {
        assert!(done.out.contains(&format!("http://{address}{place} names the issuer")), "{place}: {done:?}");
    }
    assert_clean(&program);
}

#[test]
fn another_issuer_than_the_servers_own_is_bad() {
    let program = Program::new();
    let serving = healthy(&program);
    let done = doctor(&program, &serving.url.replace("127.0.0.1", "localhost"));
    assert_bad(&done, &[("issuer", json!("issuer")), ("challenge", Value::Null), ("sign_in", Value::Null)]);
    assert!(done.out.contains("byte for byte"), "{done:?}");
    assert_clean(&program);
}

#[test]
fn a_server_that_is_down_is_bad() {
    let program = Program::new();
    let serving = healthy(&program);
    let url = serving.url.clone();
    serving.terminate();
    assert_bad(&doctor(&program, &url), &[("reachable", json!("issuer"))]);
    assert_bad(&program.run("doctor --json"), &[("issuer", json!("issuer"))]);
    assert_clean(&program);
}

#[test]
fn a_server_on_another_database_is_bad() {
    let with_key = || Program::new().with("HALLPASS_SECRET_KEY", KEY);
    let (program, other) = (with_key(), with_key());
    let (serving, _there) = (healthy(&program), healthy(&other));
    assert_bad(&doctor(&other, &serving.url), &[("sign_in", Value::Null)]);
    assert_clean(&other);
    assert_clean(&program);
}

#[test]
fn files_that_others_can_read_are_bad() {
    let program = Program::new();
    let serving = healthy(&program);
    let key = if program.database.is_postgres() { "hallpass.key" } else { "hallpass.db.key" };
    let mode = |name: &str, mode| {
        let path = program.database.folder().join(name);
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    mode(key, 0o644);
    let done = doctor(&program, &serving.url);
    assert_bad(&done, &[("file_mode", Value::Null)]);
    assert!(done.out.contains(key) && done.out.contains("chmod 600"), "{done:?}");
    mode(key, 0o640);
    assert!(with_state(&doctor(&program, &serving.url), "warning").contains(&("file_mode".to_owned(), Value::Null)));
    mode(key, 0o600);
    if !program.database.is_postgres() {
        mode("hallpass.db", 0o604);
        assert_bad(&doctor(&program, &serving.url), &[("file_mode", Value::Null)]);
    }
}

#[test]
fn a_configuration_that_holds_a_secret_is_closed_to_others() {
    let program = Program::new();
    let path = program.database.folder().join("hallpass.toml");
    std::fs::write(&path, format!("secret_key = \"{KEY}\"\n")).unwrap();
    let mode = |mode| std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
    mode(0o644);
    let serving = healthy(&program);
    let done = doctor(&program, &serving.url);
    assert_bad(&done, &[("file_mode", Value::Null)]);
    assert!(done.out.contains("hallpass.toml") && !done.out.contains(KEY), "{done:?}");
    mode(0o640);
    assert_eq!(doctor(&program, &serving.url).status, 0);
}

#[test]
fn another_secret_key_is_bad_and_an_old_one_a_warning() {
    let program = Program::new().with("HALLPASS_SECRET_KEY", KEY);
    let serving = healthy(&program);
    let program = program.with("HALLPASS_SECRET_KEY", OTHER_KEY);
    assert_bad(&doctor(&program, &serving.url), &[("secret_key", json!("secret_key"))]);
    let program = program.with("HALLPASS_PREVIOUS_SECRET_KEYS", KEY);
    let done = doctor(&program, &serving.url);
    assert_eq!(done.status, 0, "{done:?}");
    assert!(with_state(&done, "warning").contains(&("key_age".to_owned(), json!("previous_secret_keys"))), "{done:?}");
    assert!(!done.out.contains(KEY) && !done.out.contains(OTHER_KEY));
}

#[test]
fn open_registration_is_a_warning_and_no_administrator_is_bad() {
    let program = Program::new();
    let serving = healthy(&program);
    let program = program.with("HALLPASS_CLIENTS__REGISTRATION", "open");
    let done = doctor(&program, &serving.url);
    assert_eq!(done.status, 0, "{done:?}");
    assert!(with_state(&done, "warning").contains(&("registration".to_owned(), json!("clients.registration"))));
    execute(&program, "DELETE FROM user_roles");
    assert_bad(&doctor(&program, &serving.url), &[("administrator", Value::Null)]);
}

#[test]
fn a_schema_that_is_behind_is_bad_and_stays_as_it_is() {
    let program = Program::new();
    let serving = healthy(&program);
    let versions = || program.database.lines("SELECT version AS line FROM __diesel_schema_migrations ORDER BY version");
    let before = versions();
    let latest = before.last().unwrap();
    execute(&program, &format!("DELETE FROM __diesel_schema_migrations WHERE version = '{latest}'"));
    let done = doctor(&program, &serving.url);
    assert_bad(&done, &[("schema", Value::Null)]);
    assert!(done.out.contains("hallpass migrate"), "{done:?}");
    assert_eq!(versions().len(), before.len() - 1);
}

#[test]
fn a_database_or_key_that_is_not_there_is_not_made() {
    let program = Program::new();
    let before = || std::fs::read_dir(program.database.folder()).unwrap().count();
    let (files, done) = (before(), doctor(&program, "http://127.0.0.1:1"));
    let mut bad = vec![("secret_key", json!("secret_key")), ("reachable", json!("issuer"))];
    if program.database.is_postgres() {
        bad.insert(0, ("administrator", Value::Null));
    } else {
        bad.insert(0, ("database", json!("database_url")));
    }
    assert_bad(&done, &bad);
    assert_eq!(before(), files);
    let away = Program::new().with("HALLPASS_DATABASE_URL", "postgres://ada:hunter2@127.0.0.1:1/x");
    let done = doctor(&away, "http://127.0.0.1:1");
    assert!(with_state(&done, "bad").contains(&("database".to_owned(), json!("database_url"))), "{done:?}");
    assert!(!done.out.contains("hunter2"), "{done:?}");
}

/// The test's server stands still at a time that is long past.
#[tokio::test]
async fn a_clock_that_is_wrong_is_bad() {
    let app = TestApp::start().await;
    let folder = app.database.folder();
    let arguments = ["doctor", "--json", "--issuer", &app.url];
    let mut command = process::command(folder, &app.database.url, &arguments);
    let output = command.env("HALLPASS_SECRET_KEY", KEY).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let done = Done { status: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) };
    assert!(with_state(&done, "bad").contains(&("clock".to_owned(), Value::Null)), "{done:?}");
    assert!(with_state(&done, "good").iter().any(|(check, _)| check == "sign_in"), "{done:?}");
}

#[test]
fn what_a_killed_doctor_left_goes_and_nothing_else_does() {
    let program = Program::new();
    let serving = healthy(&program);
    let called = "Throw-away~of~hallpass~doctor";
    let client = "--grant authorization_code --scope profile";
    for line in [
        format!("user create hallpass-doctor-abcd --full-name {called}"),
        "user create hallpass-doctor-house --full-name Gregory".to_owned(),
        format!("client create {called} {client} --redirect-uri https://hallpass-doctor.invalid/callback"),
        format!("client create {called} {client} --redirect-uri https://app.example/callback"),
    ] {
        assert_eq!(program.run(&line).status, 0, "{line}");
    }
    let done = doctor(&program, &serving.url);
    assert!(done.status == 0 && done.out.contains("2 records that an earlier doctor"), "{done:?}");
    let users = program.run("user list --json").json();
    let names: Vec<&Value> = users.as_array().unwrap().iter().map(|user| &user["username"]).collect();
    assert_eq!(names, ["ada", "hallpass-doctor-house"]);
    let clients = program.run("client list --json").json();
    assert_eq!(clients.as_array().unwrap().len(), 1);
    assert_eq!(clients[0]["redirect_uris"], json!(["https://app.example/callback"]));
}

#[test]
fn doctors_at_the_same_time_do_each_other_no_harm() {
    let program = Program::new();
    let serving = healthy(&program);
    std::thread::scope(|scope| {
        let doctors: Vec<_> = (0..4).map(|_| scope.spawn(|| doctor(&program, &serving.url))).collect();
        for one in doctors {
            let done = one.join().unwrap();
            assert_eq!(done.status, 0, "{done:?}");
        }
    });
    assert_clean(&program);
}

/// A server behind a proxy that has the public https address.
fn behind(proxy: Proxy, authority: &Authority, change: fn(&str) -> String) -> (Program, Process) {
    let address = free_address();
    let program = Program::new()
        .with("HALLPASS_LISTEN", &address.to_string())
        .with("HALLPASS_ISSUER", &proxy.url())
        .with("HALLPASS_HTTP__TRUSTED_PROXIES", "127.0.0.1")
        .with("HALLPASS_OUTBOUND__CA_FILE", authority.file().to_str().unwrap());
    proxy.pass_on(address, change);
    let serving = healthy(&program);
    (program, serving)
}

#[test]
fn a_server_behind_an_https_proxy_is_all_good() {
    let authority = Authority::new();
    let (program, _serving) = behind(Proxy::new(&authority), &authority, str::to_owned);
    let done = program.run("doctor --json");
    assert_eq!((done.status, with_state(&done, "warning").len()), (0, 0), "{done:?}");
    assert!(done.out.contains("__Host-hallpass_session is Secure"), "{done:?}");
    assert_clean(&program);
    // Whoever does not know the authority does not believe the proxy.
    let program = program.with("HALLPASS_OUTBOUND__CA_FILE", "");
    assert_bad(&program.run("doctor --json"), &[("reachable", json!("issuer"))]);
}

#[test]
fn what_a_proxy_takes_away_or_changes_is_bad() {
    let spoil = |head: &str| {
        let kept = head.split("\r\n").filter(|line| {
            let name = line.split(':').next().unwrap().to_lowercase();
            name != "x-frame-options" && name != "strict-transport-security" && name != "access-control-allow-origin"
        });
        let head: Vec<String> = kept.map(|line| line.replace("; Secure", "")).collect();
        head.join("\r\n")
    };
    let authority = Authority::new();
    let (program, _serving) = behind(Proxy::new(&authority), &authority, spoil);
    let done = program.run("doctor --json");
    let expected = [("discovery", Value::Null), ("security_headers", Value::Null), ("cookie", json!("issuer"))];
    assert_bad(&done, &expected);
    for seen in ["x-frame-options is missing", "strict-transport-security is missing", "it lacks secure"] {
        assert!(done.out.contains(seen), "{seen}: {done:?}");
    }
    assert_clean(&program);
}
