//! Keys that were made elsewhere, brought here by the hashes of their secrets; and what holds for all secrets of that
//! kind.

use std::time::Duration;
use std::time::Instant;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::Method;
use serde_json::Value;
use serde_json::json;
use sha2::Digest;
use sha2::Sha256;

use crate::support::app::TestApp;
use crate::support::caller::client;
use crate::support::program::Program;

const ME: &str = "/api/v1/me";
const KEYS: &str = "/api/v1/import/keys";
const LONG: &str = "sk_live_4eC39HqLyjWDarjtT1zdp7dc4eC39HqLyjWDarjtT1zdp7dc";
const SHORT: &str = "opensesame";

fn hex(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn base64(text: &str) -> String {
    STANDARD.encode(Sha256::digest(text.as_bytes()))
}

/// A server with an administrator and a service account, and what brings keys here.
async fn server(settings: &str) -> (TestApp, crate::support::caller::Script) {
    let app = TestApp::start_with(settings).await;
    let root = app.service("root", &["admin"]).await;
    app.service("robot", &[]).await;
    let script = app.script(&app.key(&root).await.token_header());
    (app, script)
}

async fn import(script: &crate::support::caller::Script, keys: Value) -> Value {
    let answer = script.json(Method::POST, KEYS, &json!({ "keys": keys })).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.json()
}

#[tokio::test]
async fn a_key_goes_on_as_a_pair_or_alone_as_it_is_said() {
    let (app, root) = server("").await;
    app.scope("read", &[]).await;
    let keys = json!([
        { "user": "robot", "name": "pair", "api_key": "legacy-1", "sha256": hex(SHORT), "full_access": true },
        { "user": "robot", "name": "alone", "sha256": base64(LONG), "scopes": ["read"], "limits": ["burst=100/1s"] },
        { "user": "robot", "name": "both", "api_key": "legacy-2", "sha256": hex("another-long-secret"), "alone": true,
          "full_access": true, "allowed_ips": ["127.0.0.0/8"], "expires_at": 1_900_000_000 },
    ]);
    let report = import(&root, keys.clone()).await;
    assert!(report["records"].as_array().unwrap().iter().all(|record| record["result"] == "created"), "{report}");
    for (header, status) in [
        (format!("token legacy-1:{SHORT}"), 200),
        (format!("Basic {}", STANDARD.encode(format!("legacy-1:{SHORT}"))), 200),
        (format!("Bearer {SHORT}"), 401),
        (format!("token legacy-2:{SHORT}"), 401),
        (format!("Bearer {LONG}"), 200),
        (format!("token legacy-1:{LONG}"), 401),
        ("Bearer another-long-secret".to_owned(), 200),
        ("token legacy-2:another-long-secret".to_owned(), 200),
        (format!("Bearer {}", hex(SHORT)), 401),
        (format!("token legacy-1:{}", hex(SHORT)), 401),
        (format!("DPoP {LONG}"), 401),
    ] {
        assert_eq!(app.script(&header).get(ME).await.status, status, "{header}");
    }
    let me = app.script(&format!("Bearer {LONG}")).read(ME).await;
    assert_eq!(
        (&me["full_access"], &me["scopes"], &me["username"]),
        (&json!(false), &json!(["read"]), &json!("robot"))
    );
    // A second time nothing changes.
    let report = import(&root, keys).await;
    assert!(report["records"].as_array().unwrap().iter().all(|record| record["result"] == "unchanged"), "{report}");
    // Introspection knows it too.
    let introspector = app.introspector(None).await;
    let seen = app.script(&introspector.basic()).post("/oauth/introspect", &[("token", LONG)]).await.json();
    assert_eq!((&seen["active"], &seen["username"]), (&json!(true), &json!("robot")));
    let seen = app.script(&introspector.basic()).post("/oauth/introspect", &[("token", SHORT)]).await.json();
    assert_eq!(seen, json!({ "active": false }));
}

#[tokio::test]
async fn what_is_wrong_with_a_key_is_said_and_nothing_is_brought_here() {
    let (app, root) = server("").await;
    let good =
        json!({ "user": "robot", "name": "x", "api_key": "k1", "sha256": hex("a secret of one"), "full_access": true });
    import(&root, json!([good])).await;
    let with = |change: Value| {
        let mut key =
            json!({ "user": "robot", "name": "y", "api_key": "k2", "sha256": hex("another"), "full_access": true });
        for (name, value) in change.as_object().unwrap() {
            key[name] = value.clone();
        }
        key
    };
    let wrong = [
        (with(json!({ "user": null })), "user is missing"),
        (with(json!({ "user": "nobody" })), "no such user"),
        (with(json!({ "sha256": null })), "sha256 is missing"),
        (with(json!({ "sha256": "abc" })), "32 bytes"),
        (with(json!({ "sha256": hex("a secret of one") })), "another key has the same secret"),
        (with(json!({ "api_key": "a:b" })), "visible ASCII"),
        (with(json!({ "api_key": "hp_key_x" })), "not begin with hp_"),
        (with(json!({ "full_access": false })), "full_access or at least one scope"),
        (with(json!({ "scopes": ["openid"] })), "and not both"),
        (with(json!({ "full_access": false, "scopes": ["nope"] })), "not known here"),
        (with(json!({ "roles": ["admin"] })), "does not hold"),
        (with(json!({ "expires_at": 7 })), "ended already"),
        (with(json!({ "expires_at": "soon" })), "Unix seconds"),
        (with(json!({ "allowed_ips": ["host"] })), "addresses or networks"),
        (with(json!({ "limits": ["x"] })), "limits"),
        (with(json!({ "api_key": null, "alone": false })), "only stand alone"),
        (with(json!({ "secret": "hunter22" })), "secret is not known here"),
        (with(json!({ "user": "root", "api_key": "k1" })), "another user"),
    ];
    for (key, why) in wrong {
        let answer = root
            .json(
                Method::POST,
                KEYS,
                &json!({ "keys": [with(json!({ "api_key": "k0", "sha256": hex("a third") })), key] }),
            )
            .await;
        assert_eq!((answer.status, answer.header("content-type")), (400, "application/problem+json"), "{key}");
        assert!(answer.body.contains(why) && !answer.body.contains("hunter22"), "{key}: {}", answer.body);
    }
    let mine = app.database.lines("SELECT api_key AS line FROM api_keys WHERE imported");
    assert_eq!(mine, ["k1"]);
}

#[test]
fn keys_come_from_a_file_of_json_or_of_lines() {
    let program = Program::new();
    program.run("user create robot --service --json").json();
    let line = |name: &str| {
        json!({ "user": "robot", "name": name, "api_key": name, "sha256": hex(name), "full_access": true }).to_string()
    };
    let write = |text: &str| std::fs::write(program.database.folder().join("keys"), text).unwrap();
    write(&format!("{}\n\n{}\n", line("one"), line("two")));
    let report = program.run("import keys keys --json").json();
    assert_eq!(report.as_array().unwrap().len(), 2, "{report}");
    write(&format!("[{},{}]", line("two"), line("three")));
    let report = program.run("import keys keys --json").json();
    assert_eq!((&report[0]["result"], &report[1]["result"]), (&json!("unchanged"), &json!("created")));
    write(&format!("[{},{{\"user\": \"robot\"}}]", line("four")));
    assert_eq!(program.run("import keys keys").status, 1);
    assert_eq!(program.run("key list --json").json().as_array().unwrap().len(), 3);
}

/// What a command imports beside a running server holds there within a second, though it knew of nothing imported.
#[tokio::test]
async fn what_is_imported_beside_a_running_server_holds_within_a_second() {
    let program = Program::new();
    program.run("user create robot --service --json").json();
    let serving = program.serve();
    let client = client();
    let status = async || {
        let request = client.get(format!("{}{ME}", serving.url)).header("authorization", format!("Bearer {LONG}"));
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!(status().await, 401);
    let key = json!({ "user": "robot", "name": "x", "sha256": hex(LONG), "full_access": true });
    std::fs::write(program.database.folder().join("keys.json"), key.to_string()).unwrap();
    program.run("import keys keys.json --json").json();
    let imported = Instant::now();
    while status().await != 200 {
        assert!(imported.elapsed() < Duration::from_secs(1), "it does not hold yet");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn what_this_server_imports_holds_from_the_next_request_on() {
    let (app, root) = server("").await;
    let script = app.script(&format!("Bearer {LONG}"));
    assert_eq!(script.get(ME).await.status, 401);
    import(&root, json!([{ "user": "robot", "name": "x", "sha256": hex(LONG), "full_access": true }])).await;
    assert_eq!(script.get(ME).await.status, 200);
}

#[test]
fn a_command_with_another_secret_key_imports_nothing() {
    let key = |digit: &str| format!("5f0c8e1b{}", digit.repeat(56));
    let program = Program::new().with("HALLPASS_SECRET_KEY", &key("1"));
    program.run("user create robot --service --json").json();
    let record = json!({ "user": "robot", "name": "x", "sha256": hex(LONG), "full_access": true });
    std::fs::write(program.database.folder().join("keys.json"), record.to_string()).unwrap();
    assert_eq!(program.run("import keys keys.json --dry-run").status, 0);
    let program = program.with("HALLPASS_SECRET_KEY", &key("2"));
    assert!(program.run("import keys keys.json").refusal().contains("secret key is not the one"));
    assert_eq!(program.run("key list --json").json(), json!([]));
}

/// Imported secrets are kept under the server's key, and go on under a new one as long as the old one is named.
#[tokio::test]
async fn an_imported_secret_outlives_the_servers_key_as_long_as_that_is_named() {
    let key = |digit: &str| format!("5f0c8e1b{}", digit.repeat(56));
    let (app, root) = server(&format!("secret_key = \"{}\"", key("1"))).await;
    import(&root, json!([{ "user": "robot", "name": "x", "api_key": "k", "sha256": hex(SHORT), "full_access": true }]))
        .await;
    let header = format!("token k:{SHORT}");
    assert_eq!(app.script(&header).get(ME).await.status, 200);
    let both = format!("secret_key = \"{}\"\nprevious_secret_keys = [\"{}\"]", key("2"), key("1"));
    let app = TestApp::start_on(app.stop().await, &both);
    assert_eq!(app.script(&header).get(ME).await.status, 200);
    assert_eq!(app.script("token k:wrongsecret").get(ME).await.status, 401);
    // It is the same key: another import finds it.
    let root = app.script(&app.key(&app.service("other", &["admin"]).await).await.token_header());
    let report = import(
        &root,
        json!([{ "user": "robot", "name": "x", "api_key": "k", "sha256": hex(SHORT), "full_access": true }]),
    )
    .await;
    assert_eq!(report["records"][0]["result"], "unchanged");
    let app = TestApp::start_on(app.stop().await, &format!("secret_key = \"{}\"", key("2")));
    assert_eq!(app.script(&header).get(ME).await.status, 401);
}

/// A text that is none of ours is refused without the database, as long as nothing was imported.
#[tokio::test]
async fn a_text_of_another_form_asks_the_database_nothing_where_nothing_is_imported() {
    let (app, root) = server("").await;
    let take = |app: &TestApp| app.database.execute("ALTER TABLE api_key_secrets RENAME TO taken_away").unwrap();
    let give = |app: &TestApp| app.database.execute("ALTER TABLE taken_away RENAME TO api_key_secrets").unwrap();
    let ours = [format!("hp_sk_{}", "x".repeat(49)), "hp_".to_owned(), format!("hp_key_{}", "x".repeat(20))];
    take(&app);
    for text in ours.iter().map(String::as_str).chain([SHORT, LONG]) {
        assert_eq!(app.script(&format!("Bearer {text}")).get(ME).await.status, 401, "{text}");
        assert_eq!(app.script(&format!("token k:{text}")).get(ME).await.status, 401, "{text}");
    }
    give(&app);
    import(&root, json!([{ "user": "robot", "name": "x", "api_key": "k", "sha256": hex(SHORT), "full_access": true }]))
        .await;
    assert_eq!(app.script(&format!("token k:{SHORT}")).get(ME).await.status, 200);
    take(&app);
    for text in &ours {
        assert_eq!(app.script(&format!("Bearer {text}")).get(ME).await.status, 401, "{text}");
    }
    // Now it may be a good one, and what can't be known is not "nobody".
    assert_eq!(app.script(&format!("token k:{SHORT}")).get(ME).await.status, 503);
    give(&app);
    assert_eq!(app.script(&format!("token k:{SHORT}")).get(ME).await.status, 200);
}
