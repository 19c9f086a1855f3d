//! The command line from outside: what it prints, how it ends, and that a running server sees it.

use std::time::Duration;
use std::time::Instant;

use diesel::Connection;
use diesel::PgConnection;
use diesel::SqliteConnection;
use diesel::connection::SimpleConnection;
use serde_json::Value;
use serde_json::json;

use crate::support::caller::client;
use crate::support::database::Database;
use crate::support::program::Program;

/// A text member of a JSON object.
#[track_caller]
fn text(value: &Value, member: &str) -> String {
    value[member].as_str().unwrap_or_else(|| panic!("no {member}: {value}")).to_owned()
}

#[test]
fn users_are_made_shown_changed_and_deleted() {
    let program = Program::new();
    let made =
        program.run("user create ada --email ada@example.org --full-name Ada~Lovelace --role admin --json").json();
    assert!(text(&made, "id").starts_with("user_"));
    assert_eq!((text(&made, "username"), text(&made, "email")), ("ada".to_owned(), "ada@example.org".to_owned()));
    assert_eq!((&made["roles"], text(&made, "password").len()), (&json!(["admin"]), 24));

    let bob = program.run_with_input("user create bob --password-stdin --json", "correct horse battery\n").json();
    assert_eq!((&bob["password"], &bob["email"]), (&Value::Null, &Value::Null));
    assert_eq!(program.run("user list --json").json().as_array().unwrap().len(), 2);
    assert_eq!(program.run("user show Ada@Example.org --json").json()["username"], "ada");

    assert_eq!(program.run("user disable bob --json").json()["enabled"], false);
    assert_eq!(program.run("user enable BOB --json").json()["enabled"], true);
    program.run("role create Sales --description Sells --json").json();
    assert_eq!(program.run("user grant-role bob sales --json").json()["roles"], json!(["Sales"]));
    assert_eq!(program.run("user revoke-role bob Sales --json").json()["roles"], json!([]));
    assert_eq!(text(&program.run("user set-password bob --json").json(), "password").len(), 24);
    assert_eq!(program.run_with_input("user set-password bob --password-stdin", "another long one\r\n").status, 0);
    assert_eq!(program.run("user delete bob --json").json()["username"], "bob");
    assert_eq!(program.run("user show bob").refusal(), "there is no user \"bob\"");
}

#[test]
fn a_service_account_has_no_password() {
    let program = Program::new();
    let made = program.run("user create robot --service --json").json();
    assert_eq!((&made["kind"], made.get("password")), (&json!("service"), None));
    assert!(program.run("user set-password robot").refusal().contains("a service account has no password"));
}

#[test]
fn a_password_that_is_guessed_first_is_refused_and_nobody_is_made() {
    let program = Program::new();
    for password in ["password1\n", "short\n", "ada.lovelace\n", "\n", ""] {
        let done = program.run_with_input("user create ada.lovelace --password-stdin", password);
        assert!(done.refusal().contains("password"), "{done:?}");
        assert!(password.trim().is_empty() || !done.err.contains(password.trim()), "{done:?}");
    }
    assert_eq!(program.run("user list --json").json(), json!([]));
}

#[test]
fn the_last_administrator_stays() {
    let program = Program::new();
    program.run("user create ada --service --role admin --json").json();
    for line in ["user disable ada", "user revoke-role ada admin", "user delete ada"] {
        assert!(program.run(line).refusal().contains("the last enabled administrator"), "{line}");
    }
    program.run("user create eve --service --role admin --json").json();
    program.run("user disable eve --json").json();
    assert!(program.run("user delete ada").refusal().contains("the last enabled administrator"));
    program.run("user enable eve --json").json();
    program.run("user delete ada --json").json();
}

#[test]
fn what_is_known_of_a_user_is_set_all_at_once() {
    let program = Program::new();
    program.run("user create ada --service --json").json();
    let claims = r#"{"given_name":"Ada","address":{"country":"England"}}"#;
    let user = program.run(&format!("user set-claims ada {claims} --json")).json();
    assert_eq!(user["claims"], json!({ "given_name": "Ada", "address": { "country": "England" } }));
    for (wrong, word) in [("x", "claims"), (r#"{"sub":"x"}"#, "sub"), (r#"{"birthdate":"x"}"#, "birthdate")] {
        assert!(program.run(&format!("user set-claims ada {wrong}")).refusal().contains(word), "{wrong}");
    }
    assert_eq!(program.run("user show ada --json").json()["claims"]["given_name"], "Ada");
    assert_eq!(program.run("user set-claims ada {} --json").json()["claims"], json!({}));
}

#[test]
fn roles_and_scopes_are_made_listed_and_deleted() {
    let program = Program::new();
    let role = program.run("role create sales --description Sells --json").json();
    assert_eq!(role, json!({ "name": "sales", "description": "Sells", "require_second_factor": false }));
    let scope = program.run("scope create crm:read --description Read~the~CRM --role sales --json").json();
    assert_eq!((text(&scope, "name"), &scope["roles"]), ("crm:read".to_owned(), &json!(["sales"])));
    assert_eq!(text(&scope, "description"), "Read the CRM");
    let names: Vec<String> =
        program.run("scope list --json").json().as_array().unwrap().iter().map(|scope| text(scope, "name")).collect();
    assert!(["openid", "introspect", "crm:read"].iter().all(|name| names.iter().any(|known| known == name)));
    assert!(program.run("role delete sales").refusal().contains("delete that scope first"));
    assert_eq!(program.run("role delete admin").refusal(), "the role admin is built in and stays");
    assert!(program.run("scope create openid --description x").refusal().contains("openid already"));
    program.run("scope delete crm:read --json").json();
    program.run("role delete sales --json").json();
    assert!(program.run("scope create x --description x --role nobody").refusal().contains("there is no role nobody"));
}

#[test]
fn clients_are_registered_and_their_secret_is_printed_once() {
    let program = Program::new();
    let web = program.run("client create Web --redirect-uri https://a.example/cb --scope openid~profile --json").json();
    let (id, secret) = (text(&web, "client_id"), text(&web, "client_secret"));
    assert!(secret.starts_with("hp_cs_"));
    assert_eq!(web["grant_types"], json!(["authorization_code", "refresh_token"]));
    assert_eq!(text(&web, "token_endpoint_auth_method"), "client_secret_basic");

    let public = program.run("client create Spa --public --redirect-uri https://a.example/cb --json").json();
    assert_eq!((public.get("client_secret"), &public["token_endpoint_auth_method"]), (None, &json!("none")));

    let rotated = program.run(&format!("client rotate-secret {id} --overlap 24h --json")).json();
    assert_ne!(text(&rotated, "client_secret"), secret);
    for line in ["client list --json".to_owned(), format!("client show {id}"), format!("client disable {id}")] {
        let done = program.run(&line);
        assert!(done.status == 0 && !done.out.contains("hp_cs_"), "{done:?}");
    }
    assert_eq!(program.run(&format!("client enable {id} --json")).json()["enabled"], true);
    program.run(&format!("client delete {id} --json")).json();
    assert!(program.run(&format!("client show {id}")).refusal().starts_with("there is no client"));

    for (line, why) in [
        ("client create X --redirect-uri http://a.example/cb", "use https"),
        ("client create X --redirect-uri https://a.example/cb#x", "fragment"),
        ("client create X --scope nope", "there is no scope nope"),
        ("client create X --grant password", "known are authorization_code, refresh_token, client_credentials"),
        ("client create X --auth-method tls", "known are none, client_secret_basic, client_secret_post"),
        ("client create X --public --grant client_credentials", "cannot act in its own name"),
        ("client create X --public --trusted --redirect-uri http://127.0.0.1/cb", "https"),
    ] {
        assert!(program.run(line).refusal().contains(why), "{line}");
    }
    assert_eq!(program.run("client list --json").json().as_array().unwrap().len(), 1);
}

#[test]
fn keys_are_made_rotated_and_revoked() {
    let program = Program::new();
    program.run("user create robot --service --json").json();
    let key = program
        .run("key create --user robot --scope openid --name ci --expires-in 90d --allow-ip 10.0.0.0/8 --json")
        .json();
    assert!(text(&key, "api_key").starts_with("hp_key_") && text(&key, "api_secret").starts_with("hp_sk_"));
    assert_eq!((&key["scopes"], &key["full_access"]), (&json!(["openid"]), &json!(false)));
    assert_eq!((&key["allowed_ips"], text(&key, "user")), (&json!(["10.0.0.0/8"]), "robot".to_owned()));
    let id = text(&key, "id");
    let rotated = program.run(&format!("key rotate {id} --json")).json();
    assert_eq!(rotated["api_key"], key["api_key"]);
    assert_ne!(rotated["api_secret"], key["api_secret"]);
    let list = program.run("key list --user robot");
    assert!(list.status == 0 && list.out.contains("ci") && !list.out.contains("hp_sk_"), "{list:?}");
    assert!(program.run(&format!("key revoke {id} --json")).json()["revoked_at"].is_i64());
    assert_eq!(program.run(&format!("key rotate {id}")).refusal(), "there is no such API key");
    assert!(program.run("key create --user robot --full-access --role sales").refusal().contains("sales"));
    program.run("role create Sales --json").json();
    program.run("user grant-role robot sales --json").json();
    let key = program.run("key create --user robot --full-access --role SALES --json").json();
    assert_eq!(key["roles"], json!(["Sales"]));
    assert!(program.run("key create --user nobody --full-access").refusal().contains("no user \"nobody\""));
    assert!(program.run("key revoke key_1").refusal().contains("is no id of an API key"));
}

#[test]
fn wrong_usage_ends_with_2_and_help_with_0() {
    let program = Program::new();
    for line in ["frobnicate", "user", "user create", "key create --user ada", "user list --jso"] {
        let done = program.run(line);
        assert_eq!((done.status, done.out.as_str()), (2, ""), "{done:?}");
    }
    for line in ["--help", "--version", "user create --help"] {
        let done = program.run(line);
        assert_eq!((done.status, done.err.as_str()), (0, ""), "{done:?}");
    }
}

#[test]
fn everything_done_here_stands_in_the_audit_log() {
    let program = Program::new();
    program.run("user create robot --service --json").json();
    let list = program.run("audit list --since 1h --json").json();
    assert_eq!((&list[0]["event"], &list[0]["actor"]), (&json!("user.created"), &json!("command line")));
    assert_eq!(program.run("session list --json").json(), json!([]));
    assert_eq!(program.run("grant list --json").json(), json!([]));
}

#[test]
fn every_problem_of_a_configuration_is_named_and_secrets_are_hidden() {
    let key = "5f0c8e1b2a3d4c5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6";
    let program = Program::new().with("HALLPASS_SECRET_KEY", key);
    assert_eq!(program.run("config check").out, "The configuration is in order.\n");
    let show = program.run("config show");
    assert!(show.status == 0 && !show.out.contains(key) && show.out.contains("[secret]"), "{show:?}");
    let program = program.with("HALLPASS_LISTEN", "nowhere").with("HALLPASS_ISUER", "https://id.example");
    let check = program.run("config check --json");
    let problems: Value = serde_json::from_str(&check.out).unwrap();
    assert_eq!((check.status, problems["problems"].as_array().unwrap().len()), (1, 2), "{check:?}");
    assert_eq!((program.run("user list").status, program.run("serve").status), (1, 1));
}

#[tokio::test]
async fn what_a_command_changes_holds_in_the_running_server_within_a_second() {
    let program = Program::new();
    let serving = program.serve();
    program.run("user create robot --service --json").json();
    let key = program.run("key create --user robot --full-access --json").json();
    let header = format!("token {}:{}", text(&key, "api_key"), text(&key, "api_secret"));
    let client = client();
    let status = async || {
        let request = client.get(format!("{}/api/v1/me", serving.url)).header("Authorization", &header);
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!(status().await, 200);
    for (line, expected) in [
        ("user disable robot".to_owned(), 401),
        ("user enable robot".to_owned(), 200),
        (format!("key revoke {}", text(&key, "id")), 401),
    ] {
        assert_eq!(program.run(&line).status, 0, "{line}");
        let changed = Instant::now();
        while status().await != expected {
            assert!(changed.elapsed() < Duration::from_secs(1), "{line}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

#[test]
fn the_server_says_where_it_listens_and_where_to_begin_and_stops_when_it_is_asked_to() {
    let program = Program::new();
    let serving = program.serve();
    let setup = serving.setup_url.clone().unwrap();
    assert!(setup.starts_with(&format!("{}/setup?token=hp_su_", serving.url)), "{setup}");
    let (status, log) = serving.stop();
    assert_eq!(status.code(), Some(0), "{log:?}");
    assert!(!log.iter().any(|line| line.contains("hp_su_")), "{log:?}");

    program.run("user create ada --service --role admin --json").json();
    let serving = program.serve();
    assert_eq!(serving.setup_url, None);
    assert_eq!(serving.terminate().code(), Some(0));
}

#[test]
fn a_second_server_on_the_same_file_and_a_busy_port_are_one_sentence_each() {
    let program = Program::new();
    let serving = program.serve();
    if !program.database.is_postgres() {
        assert!(program.run("serve").refusal().contains("another server already uses"));
    }
    let address = serving.url.strip_prefix("http://").unwrap().to_owned();
    let other = Program::new().with("HALLPASS_LISTEN", &address);
    assert!(other.run("serve").refusal().starts_with(&format!("cannot listen on {address}")));
}

#[test]
fn a_database_that_cannot_be_reached_is_one_sentence_without_its_password() {
    let program = Program::on(Database::create()).with("HALLPASS_DATABASE_URL", "postgres://ada:hunter2@127.0.0.1:1/x");
    for line in ["user list", "serve", "migrate"] {
        let done = program.run(line);
        assert!(done.refusal().contains("PostgreSQL cannot be reached") && !done.err.contains("hunter2"), "{done:?}");
    }
    let program = program.with("HALLPASS_DATABASE_URL", "sqlite:///nowhere/at/all/hallpass.db");
    assert!(program.run("user list").refusal().contains("/nowhere/at/all/hallpass.db"));
}

#[test]
fn a_database_of_a_newer_program_is_left_alone() {
    let program = Program::new();
    program.run("migrate");
    let newer = "INSERT INTO __diesel_schema_migrations (version) VALUES ('99991231235959')";
    let url = &program.database.url;
    match url.strip_prefix("sqlite://") {
        Some(path) => SqliteConnection::establish(path).unwrap().batch_execute(newer).unwrap(),
        None => PgConnection::establish(url).unwrap().batch_execute(newer).unwrap(),
    }
    for line in ["serve", "migrate", "user list"] {
        assert!(program.run(line).refusal().contains("newer"), "{line}");
    }
}

#[test]
fn a_file_that_is_no_database_is_left_as_it_is() {
    let program = Program::new();
    let path = program.database.folder().join("notes.txt");
    std::fs::write(&path, "x".repeat(5000)).unwrap();
    let program = program.with("HALLPASS_DATABASE_URL", &format!("sqlite://{}", path.display()));
    assert!(program.run("user list").refusal().contains("notes.txt"));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "x".repeat(5000));
}

#[test]
fn a_command_whose_reader_has_read_enough_ends_quietly() {
    let program = Program::new();
    program.run("user create ada");
    for line in [
        "user list",
        "user list --json",
        "user show ada",
        "user show ada --json",
        "audit list --json",
        "config show",
        "config show --json",
        "user disable ada",
        "--help",
    ] {
        let done = program.run_unread(line);
        assert_eq!((done.status, done.err.as_str()), (0, ""), "{line}");
    }
    let lost = program.run_unread("user create bob");
    assert_eq!(lost.status, 1, "a password that nobody has read is lost: {lost:?}");
}
