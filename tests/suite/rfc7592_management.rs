//! Clients that look after their own registration (RFC 7592).

use hallpass::model::time::Lifetime;
use reqwest::Method;
use serde_json::Value;
use serde_json::json;

use crate::support::app::TestApp;
use crate::support::caller::Answer;
use crate::support::caller::Script;
use crate::support::registering::OPEN;
use crate::support::registering::app_at;
use crate::support::seed::PASSWORD;
use crate::support::seed::SeededClient;

/// A client with its own door.
struct Managed {
    client: SeededClient,
    path: String,
    script: Script,
    registered: Value,
}

impl Managed {
    async fn get(&self) -> Answer {
        self.script.get(&self.path).await
    }

    async fn put(&self, description: &Value) -> Answer {
        self.script.send_json(Method::PUT, &self.path, description).await
    }

    async fn delete(&self) -> Answer {
        self.script.send(Method::DELETE, &self.path, None).await
    }

    /// What it would send to change nothing (RFC 7592 §2.2).
    fn own(&self) -> Value {
        let mut own = self.registered.clone();
        let members = own.as_object_mut().unwrap();
        for name in
            ["registration_access_token", "registration_client_uri", "client_secret_expires_at", "client_id_issued_at"]
        {
            members.remove(name);
        }
        own
    }
}

async fn begin() -> TestApp {
    let app = TestApp::start_with(OPEN).await;
    app.person("ada", &[]).await;
    app.scope("read", &[]).await;
    app.scope("write", &[]).await;
    app
}

async fn register(app: &TestApp, description: &Value) -> Managed {
    let answer = app.register(description).await;
    let path = answer.text("registration_client_uri").strip_prefix(&app.url).unwrap().to_owned();
    let script = app.script(&format!("Bearer {}", answer.text("registration_access_token")));
    Managed { client: answer.client(), path, script, registered: answer.json() }
}

fn confidential() -> Value {
    let mut description = app_at("https://notes.test/cb");
    description["token_endpoint_auth_method"] = "client_secret_basic".into();
    description
}

/// RFC 7592 §2.1, §3
#[tokio::test]
async fn a_client_reads_what_is_registered() {
    let app = begin().await;
    for description in [app_at("https://notes.test/cb"), confidential()] {
        let managed = register(&app, &description).await;
        let answer = managed.get().await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.not_stored();
        let mut expected = managed.registered.clone();
        // A secret is shown once.
        for name in ["client_secret", "client_secret_expires_at"] {
            expected.as_object_mut().unwrap().remove(name);
        }
        assert_eq!(answer.json(), expected);
    }
}

/// RFC 7592 §2, §5
#[tokio::test]
async fn one_client_s_token_opens_no_other_s_door() {
    let app = begin().await;
    let one = register(&app, &app_at("https://one.test/cb")).await;
    let other = register(&app, &app_at("https://other.test/cb")).await;
    let root = app.person("root", &["admin"]).await;
    let key = app.key(&root).await;
    let by_hand = app.web_client("read").await;
    let strangers =
        [app.stranger(), app.script("Bearer x"), app.script(&key.token_header()), app.script(&one.client.basic())];
    let mut tries: Vec<(&Script, String)> = strangers.iter().map(|script| (script, one.path.clone())).collect();
    tries.push((&one.script, other.path.clone()));
    tries.push((&one.script, format!("/oauth/register/{}", by_hand.client_id)));
    tries.push((&one.script, "/oauth/register/nobody".to_owned()));
    for (script, path) in tries {
        let mut answers = vec![script.get(&path).await, script.send(Method::DELETE, &path, None).await];
        answers.push(script.send_json(Method::PUT, &path, &other.own()).await);
        for answer in answers {
            assert_eq!(
                (answer.status, answer.text("error").as_str()),
                (401, "invalid_token"),
                "{path}: {}",
                answer.body
            );
            assert!(answer.header("www-authenticate").starts_with("Bearer "));
        }
    }
    assert_eq!(other.get().await.json()["redirect_uris"], json!(["https://other.test/cb"]));
    // Nor is it good for anything else.
    assert_eq!(one.script.get("/api/v1/me").await.status, 401);
    assert_eq!(one.script.send_json(Method::POST, "/oauth/register", &one.own()).await.status, 401);
}

/// RFC 7592 §2.2
#[tokio::test]
async fn an_update_replaces_the_whole_record() {
    let app = begin().await;
    let mut description = app_at("https://notes.test/cb");
    description["client_uri"] = "https://notes.test/".into();
    description["contacts"] = json!(["ada@notes.test"]);
    description["scope"] = "read write".into();
    let managed = register(&app, &description).await;
    let changed = json!({
        "client_id": managed.client.client_id,
        "client_name": "Better notes",
        "redirect_uris": ["https://notes.test/new"],
        "scope": "read",
    });
    let answer = managed.put(&changed).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let after = answer.json();
    assert_eq!(after, managed.get().await.json());
    assert_eq!(after["client_name"], "Better notes");
    assert_eq!(after["redirect_uris"], json!(["https://notes.test/new"]));
    assert_eq!(after["scope"], "read");
    assert_eq!(after["grant_types"], json!(["authorization_code"]));
    assert_eq!(after["token_endpoint_auth_method"], "none");
    assert!(after.get("client_uri").is_none() && after.get("contacts").is_none(), "{after}");
    assert_eq!(after["client_id"], managed.registered["client_id"]);
    assert_eq!(after["registration_access_token"], managed.registered["registration_access_token"]);
    // It holds at the authorization endpoint from the next request on.
    let browser = app.signed_in("ada", PASSWORD).await;
    browser.get(&managed.client.authorize_path(&[])).await.is_error_page();
    let path = managed.client.authorize_path(&[("redirect_uri", "https://notes.test/new")]);
    browser.get(&path).await.is_consent_page();
}

/// RFC 7592 §2.2
#[tokio::test]
async fn what_was_read_can_be_sent_back_and_changes_nothing() {
    let app = begin().await;
    for description in [app_at("http://127.0.0.1/cb"), confidential()] {
        let managed = register(&app, &description).await;
        let before = managed.get().await.json();
        let answer = managed.put(&managed.own()).await;
        assert_eq!((answer.status, answer.json()), (200, before));
    }
}

/// RFC 7592 §2.2
#[tokio::test]
async fn what_is_the_server_s_cannot_be_changed() {
    let app = begin().await;
    let managed = register(&app, &confidential()).await;
    let before = managed.get().await.json();
    for (name, value) in [
        ("client_id", json!("other")),
        ("client_id", Value::Null),
        ("client_secret", json!("mine")),
        ("client_secret", json!(format!("hp_cs_{}", "0".repeat(49)))),
        ("registration_access_token", json!("mine")),
        ("registration_client_uri", json!("https://evil.test/")),
        ("client_secret_expires_at", json!(0)),
        ("client_id_issued_at", json!(0)),
        ("token_endpoint_auth_method", json!("none")),
    ] {
        let mut changed = managed.own();
        changed[name] = value;
        managed.put(&changed).await.refused(400, "invalid_client_metadata");
    }
    assert_eq!(managed.get().await.json(), before);
    let public = register(&app, &app_at("https://notes.test/cb")).await;
    let mut changed = public.own();
    changed["token_endpoint_auth_method"] = "client_secret_basic".into();
    public.put(&changed).await.refused(400, "invalid_client_metadata");
    // The other way to send the same secret is no other kind of client.
    let mut changed = managed.own();
    changed["token_endpoint_auth_method"] = "client_secret_post".into();
    assert_eq!(managed.put(&changed).await.text("token_endpoint_auth_method"), "client_secret_post");
}

/// RFC 7592 §2.2, RFC 7591 §5: the policy decides on what would result.
#[tokio::test]
async fn an_update_gets_no_further_than_a_registration() {
    let app = begin().await;
    let managed = register(&app, &app_at("https://notes.test/cb")).await;
    for (name, value, error) in [
        ("redirect_uris", json!(["javascript:alert(1)"]), "invalid_redirect_uri"),
        ("redirect_uris", json!([]), "invalid_redirect_uri"),
        ("scope", json!("introspect"), "invalid_client_metadata"),
        ("scope", json!("users:write audit:read"), "invalid_client_metadata"),
        ("grant_types", json!(["client_credentials"]), "invalid_client_metadata"),
        ("logo_uri", json!("javascript:alert(1)"), "invalid_client_metadata"),
    ] {
        let mut changed = managed.own();
        changed[name] = value;
        managed.put(&changed).await.refused(400, error);
    }
    let mut changed = managed.own();
    changed["trusted"] = true.into();
    changed["roles"] = json!(["admin"]);
    changed["scope"] = "read introspect users:read".into();
    assert_eq!(managed.put(&changed).await.text("scope"), "read");
    let browser = app.signed_in("ada", PASSWORD).await;
    browser.get(&managed.client.authorize_path(&[])).await.is_consent_page();
    assert!(app.database.lines("SELECT role_name AS line FROM client_roles").is_empty());
}

/// RFC 7592 §2.3: the client is gone, and with it all it was given; at the token endpoint it is none any more.
#[tokio::test]
async fn a_client_that_deletes_itself_is_gone_with_all_it_has() {
    let app = begin().await;
    let managed = register(&app, &app_at("https://notes.test/cb")).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let tokens = app.tokens(&browser, &managed.client).await;
    let access_token = tokens["access_token"].as_str().unwrap();
    assert_ne!(app.me_status(access_token).await, 401);
    let answer = managed.delete().await;
    assert_eq!((answer.status, answer.body.as_str()), (204, ""));
    assert_eq!(app.me_status(access_token).await, 401);
    app.refresh(&managed.client, tokens["refresh_token"].as_str().unwrap()).await.refused(401, "invalid_client");
    browser.get(&managed.client.authorize_path(&[])).await.is_error_page();
    for answer in [managed.get().await, managed.delete().await, managed.put(&managed.own()).await] {
        assert_eq!(answer.status, 401);
    }
    let entries = app.database.lines("SELECT actor || ' ' || event AS line FROM audit");
    assert!(entries.contains(&format!("{} client.deleted", managed.client.client_id)), "{entries:?}");
}

/// RFC 7592 §2: a client that an administrator disabled manages nothing, so that it stays disabled.
#[tokio::test]
async fn a_disabled_client_manages_nothing() {
    let app = begin().await;
    let managed = register(&app, &app_at("https://notes.test/cb")).await;
    let set = |enabled: &str| {
        let sql = format!("UPDATE clients SET enabled = {enabled} WHERE client_id = '{}'", managed.client.client_id);
        assert_eq!(app.database.execute(&sql).unwrap(), 1);
    };
    set("FALSE");
    for answer in [managed.get().await, managed.put(&managed.own()).await, managed.delete().await] {
        assert_eq!(answer.status, 401);
    }
    set("TRUE");
    assert_eq!(managed.get().await.status, 200);
}

/// RFC 7592 §2: registration may be closed meanwhile; who is registered stays in charge of it.
#[tokio::test]
async fn where_registration_was_closed_clients_still_manage_themselves() {
    let app = begin().await;
    let managed = register(&app, &app_at("https://notes.test/cb")).await;
    let token = managed.registered["registration_access_token"].as_str().unwrap().to_owned();
    let app = TestApp::start_on(app.stop().await, "");
    let script = app.script(&format!("Bearer {token}"));
    assert_eq!(script.get(&managed.path).await.status, 200);
    assert_eq!(script.send(Method::DELETE, &managed.path, None).await.status, 204);
}

/// RFC 7592 §2.2, RFC 7591 §5: what an administrator took from a client, or asked of it, is not the client's to undo.
#[tokio::test]
async fn an_update_undoes_nothing_that_an_administrator_decided() {
    let app = begin().await;
    let managed = register(&app, &app_at("https://notes.test/cb")).await;
    let sql = format!(
        "UPDATE clients SET scopes = 'openid write', require_par = TRUE, dpop_bound = TRUE WHERE client_id = '{}'",
        managed.client.client_id
    );
    assert_eq!(app.database.execute(&sql).unwrap(), 1);
    let mut changed = managed.own();
    for name in ["scope", "require_pushed_authorization_requests", "dpop_bound_access_tokens"] {
        changed.as_object_mut().unwrap().remove(name);
    }
    changed["client_name"] = "Better notes".into();
    let after = managed.put(&changed).await.json();
    assert_eq!((&after["client_name"], &after["scope"]), (&json!("Better notes"), &json!("openid write")));
    for name in ["require_pushed_authorization_requests", "dpop_bound_access_tokens"] {
        assert_eq!(after[name], true, "{name}");
    }
    // Nor by naming what it lost, or saying no.
    changed["scope"] = "read".into();
    changed["require_pushed_authorization_requests"] = false.into();
    changed["dpop_bound_access_tokens"] = false.into();
    let after = managed.put(&changed).await.json();
    assert_eq!(after["scope"], "openid write");
    for name in ["require_pushed_authorization_requests", "dpop_bound_access_tokens"] {
        assert_eq!(after[name], true, "{name}");
    }
    let kept = app.database.lines("SELECT scopes AS line FROM clients WHERE origin = 'self_registered'");
    assert_eq!(kept, ["openid write"]);
}

/// RFC 7592 §2.2, RFC 7591 §5: each client changes itself so often and no more, and where nothing changes nothing is
/// written.
#[tokio::test]
async fn a_client_changes_its_registration_so_often_and_no_more() {
    let settings = format!("{OPEN}\n[limits]\nregistration_changes_per_client = 2");
    let app = TestApp::start_with(&settings).await;
    let mut description = app_at("https://notes.test/cb");
    description["scope"] = "openid".into();
    let managed = register(&app, &description).await;
    let other = register(&app, &app_at("https://other.test/cb")).await;
    let changes = || app.database.lines("SELECT subject AS line FROM audit WHERE event = 'client.changed'").len();
    let named = |managed: &Managed, name: &str| {
        let mut own = managed.own();
        own["client_name"] = name.into();
        own
    };
    for _ in 0..3 {
        assert_eq!(managed.put(&managed.own()).await.status, 200);
    }
    assert_eq!(changes(), 0);
    for name in ["One", "Two"] {
        // What is refused does not count.
        let mut refused = named(&managed, name);
        refused["redirect_uris"] = json!([]);
        managed.put(&refused).await.refused(400, "invalid_redirect_uri");
        assert_eq!(managed.put(&named(&managed, name)).await.text("client_name"), name);
    }
    let limited = managed.put(&named(&managed, "Three")).await;
    assert_eq!((limited.status, limited.header("retry-after")), (429, "3600"));
    assert_eq!((changes(), managed.get().await.text("client_name").as_str()), (2, "Two"));
    assert_eq!(managed.put(&named(&managed, "Two")).await.status, 200);
    assert_eq!(other.put(&named(&other, "One")).await.status, 200);
    app.pass(Lifetime::from_hours(1));
    assert_eq!(managed.put(&named(&managed, "Three")).await.status, 200);
}

/// RFC 7591 §5: a client does not fill the audit log with what it says of itself.
#[tokio::test]
async fn a_long_list_of_addresses_stands_in_the_audit_log_as_its_hash() {
    let app = begin().await;
    let managed = register(&app, &app_at("https://notes.test/cb")).await;
    let mut changed = managed.own();
    let padding = "x".repeat(1_000);
    let uris: Vec<String> = (0..50).map(|n| format!("https://notes.test/{n}/{padding}")).collect();
    changed["redirect_uris"] = json!(uris);
    let answer = managed.put(&changed).await;
    assert_eq!((answer.status, answer.json()["redirect_uris"].as_array().map(Vec::len)), (200, Some(50)));
    let entries = app.database.lines("SELECT details AS line FROM audit WHERE event = 'client.changed'");
    let details: Value = serde_json::from_str(&entries[0]).unwrap();
    assert_eq!(details["before"]["redirect_uris"], json!(["https://notes.test/cb"]));
    assert_eq!(details["after"]["redirect_uris"]["count"], 50);
    assert_eq!(details["after"]["redirect_uris"]["sha256"].as_str().map(str::len), Some(64));
    assert!(entries[0].len() < 4_000, "{}", entries[0].len());
}
