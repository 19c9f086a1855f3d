//! Moving from a Frappe site: its users with their keys, and its OAuth clients, from the command line and by the API.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hallpass::model::audit::AuditEvent;
use reqwest::Method;
use serde_json::Value;
use serde_json::json;

use crate::support::app::TestApp;
use crate::support::caller::Answer;
use crate::support::caller::Script;
use crate::support::program::Done;
use crate::support::program::Program;
use crate::support::seed::PASSWORD;
use crate::support::seed::SeededClient;

const ME: &str = "/api/v1/me";
const FRAPPE: &str = "/api/v1/import/frappe";
const API_KEY: &str = "9f0c1d2e3a4b5c6";
const API_SECRET: &str = "1a2b3c4d5e6f708";
const CLIENT_ID: &str = "0b2e1a6f1c";
const CLIENT_SECRET: &str = "4f5e6d7c8b";

/// What `GET /api/resource/User?fields=["*"]` answers, with the secrets that a console can add.
fn users() -> Value {
    json!({ "data": [
        { "name": "Administrator", "email": "admin@example.com", "username": "administrator", "enabled": 1,
          "roles": [{ "role": "System Manager" }, { "role": "All" }], "api_key": null },
        { "name": "Guest", "email": "guest@example.com", "enabled": 1 },
        { "name": "ada@example.org", "email": "ada@example.org", "username": "ada", "full_name": "Ada Lovelace",
          "enabled": 1, "api_key": API_KEY, "api_secret": API_SECRET,
          "roles": [{ "role": "Sales User", "parent": "ada@example.org" }, { "role": "System Manager" }] },
        { "name": "ada@other.org", "email": "ada@other.org", "first_name": "Ada", "last_name": "Other", "enabled": 1,
          "api_key": "aaaaaaaaaaaaaaa", "api_secret": "***************" },
        { "name": "gone@example.org", "email": "gone@example.org", "enabled": 0, "api_key": "bbbbbbbbbbbbbbb",
          "api_secret": "cccccccccccccc1" },
    ]})
}

fn clients() -> Value {
    json!([
        { "name": CLIENT_ID, "client_id": CLIENT_ID, "app_name": "Ledger", "client_secret": CLIENT_SECRET,
          "redirect_uris": "https://rp.test/cb http://rp.test/cb", "default_redirect_uri": "https://rp.test/cb",
          "scopes": "all openid", "skip_authorization": 1, "grant_type": "Authorization Code", "response_type": "Code",
          "allowed_roles": [{ "role": "Sales User" }] },
        { "client_id": "1c2e1a6f1d", "app_name": "Phone", "token_endpoint_auth_method": "None",
          "redirect_uris": "org.example.phone:/cb\nhttp://127.0.0.1/cb", "grant_type": "Implicit",
          "response_type": "Token", "skip_authorization": 1 },
    ])
}

fn program_with(files: &[(&str, &str)]) -> Program {
    let program = Program::new();
    for (name, text) in files {
        std::fs::write(program.database.folder().join(name), text).unwrap();
    }
    program
}

/// The record of this name in a report.
#[track_caller]
fn record<'r>(report: &'r Value, kind: &str, name: &str) -> &'r Value {
    let is_it = |record: &&Value| record["record"] == kind && record["name"] == name;
    report.as_array().unwrap().iter().find(is_it).unwrap_or_else(|| panic!("no {kind} {name}: {report}"))
}

#[track_caller]
fn notes(record: &Value) -> String {
    record["notes"].as_array().unwrap().iter().map(|note| note.as_str().unwrap()).collect::<Vec<_>>().join("; ")
}

fn count(report: &Value, result: &str) -> usize {
    report.as_array().unwrap().iter().filter(|record| record["result"] == result).count()
}

/// An application whose server has the site's users and clients, and an administrator of its own.
async fn moved() -> (TestApp, Answer) {
    let app = TestApp::start().await;
    let root = app.service("root", &["admin"]).await;
    let key = app.key(&root).await;
    let body = json!({ "users": users(), "clients": clients(), "map_roles": { "System Manager": "admin" } });
    let answer = app.script(&key.token_header()).json(Method::POST, FRAPPE, &body).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    (app, answer)
}

fn imported_client() -> SeededClient {
    SeededClient {
        client_id: CLIENT_ID.to_owned(),
        secret: CLIENT_SECRET.to_owned(),
        redirect_uri: "https://rp.test/cb".to_owned(),
    }
}

#[test]
fn a_site_is_brought_here_once_and_a_second_time_nothing_changes() {
    let program = program_with(&[("users.json", &users().to_string()), ("clients.json", &clients().to_string())]);
    let line = "import frappe --users users.json --clients clients.json --map-role System~Manager=admin --json";
    let dry = program.run(&format!("{line} --dry-run")).json();
    assert_eq!(program.run("user list --json").json(), json!([]), "a dry run does nothing");
    let report = program.run(line).json();
    assert_eq!(dry, report);
    assert_eq!(record(&report, "user", "ada")["result"], "created");
    assert_eq!(record(&report, "user", "Guest@example.com".to_lowercase().as_str())["result"], "left_out");
    assert_eq!(record(&report, "user", "ada2")["result"], "created");
    assert_eq!(record(&report, "user", "gone")["result"], "created");
    assert_eq!(record(&report, "key", "Frappe API key of ada")["result"], "created");
    let masked = record(&report, "key", "Frappe API key of ada2");
    assert!(masked["result"] == "left_out" && notes(masked).contains("stars"), "{masked}");
    assert_eq!(record(&report, "role", "Sales User")["result"], "created");
    assert_eq!(record(&report, "scope", "all")["result"], "created");
    let ledger = notes(record(&report, "client", "Ledger"));
    assert!(ledger.contains("http://rp.test/cb is left out") && ledger.contains("only some roles"), "{ledger}");
    let phone = notes(record(&report, "client", "Phone"));
    for part in ["PKCE", "implicit grant", "consent"] {
        assert!(phone.contains(part), "{phone}");
    }
    assert!(!report.to_string().contains(API_SECRET) && !report.to_string().contains(CLIENT_SECRET));

    let users = program.run("user list --json").json();
    let ada = program.run("user show ada@example.org --json").json();
    assert_eq!(
        (&ada["roles"], &ada["full_name"], &ada["kind"]),
        (&json!(["admin", "Sales User"]), &json!("Ada Lovelace"), &json!("person"))
    );
    assert_eq!(program.run("user show gone --json").json()["enabled"], false);
    let all = || {
        ["user list", "client list", "key list", "role list", "scope list"]
            .map(|what| program.run(&format!("{what} --json")).json())
    };
    let before = all();
    let again = program.run(line);
    let report = again.json();
    assert_eq!((count(&report, "created"), count(&report, "refused")), (0, 0), "{report}");
    assert!(count(&report, "unchanged") >= users.as_array().unwrap().len(), "{report}");
    assert_eq!(all(), before);
    let said = program.run(&line.replace(" --json", "")).out;
    assert!(said.contains("Nothing is new"), "{said}");
}

#[test]
fn a_table_of_users_is_read_like_their_json() {
    let table = "\u{feff}ID,Email,Full Name,Enabled,API Key,API Secret,Role (Roles)\r\n\
                 ada@example.org,ada@example.org,\"Lovelace, Ada\",1,9f0c1d2e3a4b5c6,1a2b3c4d5e6f708,Sales User\r\n\
                 ,,,,,,HR User\r\n\
                 bob@example.org,bob@example.org,Bob,0,,,\r\n";
    let program = program_with(&[("users.csv", table)]);
    let report = program.run("import frappe --users users.csv --json").json();
    assert_eq!(record(&report, "key", "Frappe API key of ada")["result"], "created");
    let ada = program.run("user show ada --json").json();
    assert_eq!((&ada["roles"], &ada["full_name"]), (&json!(["HR User", "Sales User"]), &json!("Lovelace, Ada")));
    assert_eq!(program.run("user show bob --json").json()["enabled"], false);
    let key = &program.run("key list --user ada --json").json()[0];
    assert_eq!((&key["api_key"], &key["full_access"]), (&json!(API_KEY), &json!(true)));
}

#[test]
fn what_cannot_be_brought_here_is_named_all_at_once_and_nothing_is_done() {
    let users = json!([
        { "email": "good@example.org", "enabled": 1 },
        { "email": "not an address", "enabled": 1 },
        { "full_name": "Nobody" },
        { "email": "x@example.org", "enabled": "maybe" },
        { "email": "y@example.org", "api_key": "a:b", "api_secret": "1a2b3c4d5e6f708" },
        { "email": "z@example.org", "api_key": "ccccccccccccccc", "api_secret": "short" },
        { "email": "w@example.org", "api_key": "ddddddddddddddd", "api_secret": format!("hp_sk_{}", "x".repeat(49)) },
    ]);
    let clients = json!([
        { "client_id": "aaaaaaaaaa", "app_name": "A", "client_secret": "bbbbbbbbbb", "redirect_uris": "http://erp.example/cb" },
        { "client_id": "a b", "app_name": "B", "redirect_uris": "https://b.example/cb" },
        { "client_id": "cccccccccc", "app_name": "C", "client_secret": "x", "redirect_uris": "https://c.example/cb" },
    ]);
    let program = program_with(&[("users.json", &users.to_string()), ("clients.json", &clients.to_string())]);
    let line = "import frappe --users users.json --clients clients.json --json";
    let Done { status, out, err } = program.run(line);
    let report: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((status, count(&report, "refused")), (1, 9), "{out} {err}");
    assert!(err.contains("9 records cannot be brought here, so nothing was") && err.lines().count() == 1, "{err}");
    assert!(notes(record(&report, "client", "A")).contains("http://erp.example/cb"), "{report}");
    assert!(!out.contains("hp_sk_x") && !out.contains("\"short\""), "{out}");
    assert_eq!(program.run("user list --json").json(), json!([]));
    let report = program.run(&format!("{line} --skip-refused")).json();
    assert_eq!((count(&report, "refused"), program.run("user list --json").json().as_array().unwrap().len()), (9, 4));
    assert_eq!(program.run("client list --json").json(), json!([]));

    for (text, why) in [("", "is empty"), ("<html>", "neither JSON nor a table"), ("{\"data\": 1}", "list of objects")]
    {
        std::fs::write(program.database.folder().join("users.json"), text).unwrap();
        assert!(program.run("import frappe --users users.json").refusal().contains(why), "{text}");
    }
    assert!(program.run("import frappe --users nowhere.json").refusal().contains("cannot be read"));
    assert_eq!(program.run("import frappe").status, 2);
    assert_eq!(program.run("import frappe --users users.json --map-role admin").status, 2);
}

#[test]
fn a_user_who_is_here_keeps_name_and_roles_and_gets_the_key() {
    let program = program_with(&[("users.json", &users().to_string())]);
    program.run("user create lovelace --email ada@example.org --password-stdin --json");
    let made = program.run_with_input(
        "user create lovelace --email Ada@Example.org --password-stdin --json",
        "correct horse battery\n",
    );
    made.json();
    let report = program.run("import frappe --users users.json --json").json();
    let ada = record(&report, "user", "ada@example.org");
    assert!(ada["result"] == "unchanged" && notes(ada).contains("Sales User"), "{ada}");
    assert_eq!(record(&report, "key", "Frappe API key of lovelace")["result"], "created");
    assert_eq!(program.run("user show lovelace --json").json()["roles"], json!([]));
    // What was revoked here does not come back.
    let key = program.run("key list --user lovelace --json").json()[0]["id"].as_str().unwrap().to_owned();
    program.run(&format!("key revoke {key} --json")).json();
    let report = program.run("import frappe --users users.json --json").json();
    assert!(notes(record(&report, "key", "Frappe API key of lovelace")).contains("revoked here"), "{report}");
    assert_eq!(program.run("key list --user lovelace --json").json(), json!([]));
}

#[tokio::test]
async fn an_old_key_opens_the_door_in_every_form_of_the_header() {
    let (app, _) = moved().await;
    let pair = format!("{API_KEY}:{API_SECRET}");
    for header in [
        format!("token {pair}"),
        format!("TOKEN   {pair}"),
        format!("Basic {}", STANDARD.encode(&pair)),
        format!("basic  {}", STANDARD.encode(&pair)),
    ] {
        let me = app.script(&header).read(ME).await;
        assert_eq!(
            (&me["username"], &me["full_access"], &me["credential"]),
            (&json!("ada"), &json!(true), &json!("api_key"))
        );
        let user = app.script(&header).get("/api/method/frappe.auth.get_logged_user").await;
        assert_eq!(user.json()["message"], "ada@example.org");
    }
    let refused = app.script("token x:y").get(ME).await;
    assert_eq!(refused.status, 401);
    for header in [
        format!("token {API_KEY}:1a2b3c4d5e6f709"),
        format!("token {API_KEY}x:{API_SECRET}"),
        format!("token bbbbbbbbbbbbbbb:{API_SECRET}"),
        format!("token {API_KEY}:{}", API_SECRET.to_uppercase()),
        format!("token {API_KEY}: {API_SECRET}"),
        format!("token {API_KEY}:"),
        format!("Bearer {API_SECRET}"),
        format!("Bearer {pair}"),
        format!("token {API_SECRET}:{API_KEY}"),
        "token aaaaaaaaaaaaaaa:***************".to_owned(),
        // A disabled user's key.
        "token bbbbbbbbbbbbbbb:cccccccccccccc1".to_owned(),
    ] {
        let answer = app.script(&header).get(ME).await;
        assert_eq!((answer.status, &answer.body), (401, &refused.body), "{header}");
        assert_eq!(answer.header("www-authenticate"), refused.header("www-authenticate"), "{header}");
    }
}

#[tokio::test]
async fn a_rotated_key_has_a_secret_of_ours_and_its_old_one_is_dead() {
    let (app, _) = moved().await;
    let old = app.script(&format!("token {API_KEY}:{API_SECRET}"));
    let keys = old.list("/api/v1/keys?user=ada", 10).await;
    let id = keys[0]["id"].as_str().unwrap();
    let rotated = old.json(Method::POST, &format!("/api/v1/keys/{id}/rotate"), &json!({})).await.json();
    assert_eq!(rotated["api_key"], API_KEY);
    let secret = rotated["api_secret"].as_str().unwrap();
    assert!(secret.starts_with("hp_sk_"), "{rotated}");
    assert_eq!(old.get(ME).await.status, 401);
    assert_eq!(app.script(&format!("token {API_KEY}:{secret}")).read(ME).await["username"], "ada");
    assert_eq!(app.script(&format!("Bearer {secret}")).read(ME).await["username"], "ada");
}

#[tokio::test]
async fn imported_people_sign_in_once_they_have_a_password() {
    let (app, _) = moved().await;
    let answer = app.browser().sign_in("ada", "").await;
    assert_ne!(answer.status, 303);
    assert_ne!(app.browser().sign_in("ada@example.org", PASSWORD).await.status, 303);
    app.write(|tx| {
        let ada = tx.users().find_by_login("ada")?.unwrap();
        tx.users().set_password(ada.id, &crate::support::seed::password_hash(), ada.created_at)
    })
    .await;
    assert_eq!(app.browser().sign_in("ada@example.org", PASSWORD).await.status, 303);
}

/// RFC 6749 §2.3.1
#[tokio::test]
async fn an_old_client_signs_people_in_with_the_secret_it_has() {
    let (app, _) = moved().await;
    app.person("bob", &[]).await;
    let browser = app.signed_in("bob", PASSWORD).await;
    let client = imported_client();
    let tokens = app.tokens(&browser, &client).await;
    assert_eq!(app.me_status(tokens["access_token"].as_str().unwrap()).await, 200);
    let refresh = tokens["refresh_token"].as_str().unwrap();
    let in_body = [
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh),
        ("client_id", CLIENT_ID),
        ("client_secret", CLIENT_SECRET),
    ];
    let answer = app.stranger().post("/oauth/token", &in_body).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    for secret in ["4f5e6d7c8c", "", API_SECRET, "***"] {
        let wrong = SeededClient { secret: secret.to_owned(), ..client.clone() };
        let answer = app
            .script(&wrong.basic())
            .post("/oauth/token", &[("grant_type", "refresh_token"), ("refresh_token", refresh)])
            .await;
        assert_eq!((answer.status, answer.text("error")), (401, "invalid_client".to_owned()), "{secret}");
    }
    // A new secret is one of ours, and takes the old one's place.
    let id = app.write(|tx| tx.clients().find_by_client_id(CLIENT_ID)).await.unwrap().id;
    let act = app.act();
    let (_, secret) = app
        .store
        .write(move |tx| hallpass::domain::clients::rotate_secret(tx, id, hallpass::model::time::Lifetime::ZERO, &act))
        .await
        .unwrap();
    let again = |secret: &str| SeededClient { secret: secret.to_owned(), ..imported_client() };
    let ask = async |client: SeededClient| {
        app.script(&client.basic())
            .post("/oauth/token", &[("grant_type", "refresh_token"), ("refresh_token", "x")])
            .await
    };
    assert_eq!(ask(again(CLIENT_SECRET)).await.status, 401);
    assert_eq!(ask(again(secret.reveal())).await.text("error"), "invalid_grant");
}

#[tokio::test]
async fn no_secret_of_the_site_stands_in_the_database_or_the_audit_log() {
    let (app, _) = moved().await;
    let contains = |all: &[u8], text: &str| all.windows(text.len()).any(|window| window == text.as_bytes());
    let all = app.database.dump();
    assert!(contains(&all, API_KEY) && contains(&all, CLIENT_ID));
    for secret in [API_SECRET, CLIENT_SECRET, "cccccccccccccc1"] {
        assert!(!contains(&all, secret));
        assert!(!contains(&all, &STANDARD.encode(secret)));
    }
    let imported = app.audited(AuditEvent::KeyImported).await;
    assert!(imported.len() == 2 && imported.iter().any(|entry| entry.details.contains(API_KEY)), "{imported:?}");
}

#[tokio::test]
async fn only_what_could_make_all_of_it_may_import() {
    let app = TestApp::start().await;
    let root = app.service("root", &["admin"]).await;
    let bob = app.service("bob", &[]).await;
    app.person("ada", &["admin"]).await;
    let body = json!({ "users": users() });
    let scoped = app
        .key_with(&root, |key| {
            key.access = hallpass::model::api_key::KeyAccess::Scopes(
                hallpass::model::scope::Scope::parse("users:write keys:write clients:write").unwrap(),
            );
        })
        .await;
    let bounded = app.key_with(&root, |key| key.allowed_addresses = vec!["127.0.0.0/8".parse().unwrap()]).await;
    let ending = app
        .key_with(&root, |key| key.expires_at = Some(app.act().now + hallpass::model::time::Lifetime::from_days(1)))
        .await;
    for key in [scoped, bounded, ending, app.key(&bob).await] {
        for (path, body) in [(FRAPPE, body.clone()), ("/api/v1/import/keys", json!({ "keys": [] }))] {
            app.script(&key.token_header()).json(Method::POST, path, &body).await.problem(403);
        }
    }
    app.stranger().json(Method::POST, FRAPPE, &body).await.problem(401);
    let browser = app.signed_in("ada", PASSWORD).await;
    assert_eq!(browser.json(Method::POST, FRAPPE, &body).await.status, 200);
}

#[tokio::test]
async fn the_api_names_every_problem_and_what_is_too_large_goes_by_the_command_line() {
    let app = TestApp::start().await;
    let root = app.service("root", &["admin"]).await;
    let script = app.script(&app.key(&root).await.token_header());
    let post = async |script: &Script, body: Value| script.json(Method::POST, FRAPPE, &body).await;
    let answer = post(&script, json!({ "users": [{ "email": "x" }, { "email": "y" }] })).await;
    assert_eq!((answer.status, answer.header("content-type")), (400, "application/problem+json"));
    let why = answer.text("detail");
    assert!(
        why.contains("2 records cannot be brought here") && count(&answer.json()["records"], "refused") == 2,
        "{}",
        answer.body
    );
    let partly =
        post(&script, json!({ "users": [{ "email": "x" }, { "email": "y@example.org" }], "skip_refused": true }))
            .await
            .json();
    assert_eq!(count(&partly["records"], "created"), 1, "{partly}");
    let dry = post(&script, json!({ "users": "email\nz@example.org\n", "dry_run": true })).await.json();
    assert_eq!((&dry["dry_run"], count(&dry["records"], "created")), (&json!(true), 1));
    for (body, why) in [
        (json!({}), "nothing to import"),
        (json!({ "users": 7 }), "list of objects"),
        (json!({ "users": [], "map_roles": { "x": "a,b" } }), "map_roles"),
        (json!({ "users": [], "else": 1 }), "else is not known"),
    ] {
        assert!(post(&script, body.clone()).await.problem(400).contains(why), "{body}");
    }
    let large = post(&script, json!({ "users": "x".repeat(300_000) })).await.problem(413);
    assert!(large.contains("hallpass import"), "{large}");
}
