//! `/api/v1/keys`: making, showing, changing, rotating and revoking API keys, one's own and everybody's.

use hallpass::model::audit::AuditEvent;
use hallpass::model::client::GrantType;
use hallpass::model::time::Lifetime;
use hallpass::model::user::User;
use reqwest::Method;
use serde_json::Value;
use serde_json::json;

use crate::support::app::BEGIN;
use crate::support::app::TestApp;
use crate::support::caller::Script;
use crate::support::seed::PASSWORD;

const KEYS: &str = "/api/v1/keys";

/// Who has the key of this answer.
fn holder(app: &TestApp, made: &Value) -> Script {
    let text = |name: &str| made[name].as_str().unwrap();
    app.script(&format!("token {}:{}", text("api_key"), text("api_secret")))
}

fn path(key: &Value) -> String {
    format!("{KEYS}/{}", key["id"].as_str().unwrap())
}

async fn ada(app: &TestApp) -> (User, Script) {
    let ada = app.person("ada", &[]).await;
    let script = app.script_of(&ada).await;
    (ada, script)
}

/// ASVS 13.3.1: the secret is in one answer, and nowhere else.
#[tokio::test]
async fn a_key_is_made_and_its_secret_shown_once() {
    let app = TestApp::start().await;
    app.scope("read", &[]).await;
    app.role("editor").await;
    let ada = app.person("ada", &["editor"]).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let end = BEGIN.seconds() + 3600;
    let body = json!({
        "name": "backup", "scopes": ["read", "account:read"], "roles": ["Editor"], "expires_at": end,
        "allowed_ips": ["127.0.0.1", "10.0.0.0/8"],
    });
    let answer = browser.json(Method::POST, KEYS, &body).await;
    assert_eq!((answer.status, answer.header("cache-control")), (201, "no-store"));
    let made = answer.json();
    assert_eq!(answer.header("location"), format!("{}{}", app.url, path(&made)));
    let secret = made["api_secret"].as_str().unwrap().to_owned();
    assert!(secret.starts_with("hp_sk_") && made["api_key"].as_str().unwrap().starts_with("hp_key_"), "{made}");
    let mut expected = made.clone();
    expected.as_object_mut().unwrap().remove("api_secret");
    assert_eq!(
        expected,
        json!({
            "id": made["id"], "api_key": made["api_key"], "user": "ada", "user_id": ada.id, "name": "backup",
            "full_access": false, "scopes": ["account:read", "read"], "roles": ["editor"],
            "allowed_ips": ["127.0.0.1/32", "10.0.0.0/8"], "enabled": true, "created_at": BEGIN.seconds(),
            "expires_at": end, "limits": [], "decoy": false, "legacy": false, "trial_until": null, "replaces": null,
            "last_used_at": null, "last_used_address": null, "last_used_agent": null,
        })
    );
    let script = holder(&app, &made);
    for answer in [script.get(KEYS).await, script.get(&path(&made)).await, browser.get(KEYS).await] {
        assert_eq!(answer.status, 200);
        assert!(!answer.body.contains(&secret), "{}", answer.body);
    }
    let shown = script.read(&path(&made)).await;
    assert_eq!((&shown["id"], &shown["scopes"]), (&expected["id"], &expected["scopes"]));
    let me = script.read("/api/v1/me").await;
    assert_eq!(
        (&me["roles"], &me["scopes"], &me["expires_at"]),
        (&json!(["editor"]), &json!(["account:read", "read"]), &json!(end))
    );
    app.pass(Lifetime::from_seconds(3600));
    assert_eq!(script.get(KEYS).await.status, 401);
    assert_eq!(app.audited(AuditEvent::KeyCreated).await.len(), 1);
}

/// What says nothing of what a key may do makes no key: an empty list never means everything.
#[tokio::test]
async fn a_key_has_full_access_or_scopes_and_nothing_is_neither() {
    let app = TestApp::start().await;
    let (_, script) = ada(&app).await;
    for body in [
        json!({}),
        json!({ "scopes": [] }),
        json!({ "scopes": null }),
        json!({ "full_access": false }),
        json!({ "full_access": null }),
        json!({ "full_access": "true" }),
        json!({ "full_access": 1 }),
        json!({ "full_access": true, "scopes": ["account:read"] }),
        json!({ "scopes": ["nothing"] }),
        json!({ "scopes": [""] }),
        json!({ "scopes": ["account:read account:write"] }),
        json!({ "scopes": vec!["account:read"; 101] }),
        json!({ "full_access": true, "name": "" }),
        json!({ "full_access": true, "name": "x".repeat(10_000) }),
        json!({ "full_access": true, "name": "a\u{202e}b" }),
        json!({ "full_access": true, "name": null }),
        json!({ "full_access": true, "roles": ["admin"] }),
        json!({ "full_access": true, "expires_at": BEGIN.seconds() }),
        json!({ "full_access": true, "expires_at": -1 }),
        json!({ "full_access": true, "expires_at": "2030-01-01" }),
        json!({ "full_access": true, "expires_at": 1.5 }),
        json!({ "full_access": true, "allowed_ips": ["host.test"] }),
        json!({ "full_access": true, "allowed_ips": ["10.0.0.0/33"] }),
        json!({ "full_access": true, "allowed_ips": "10.0.0.0/8" }),
    ] {
        script.json(Method::POST, KEYS, &body).await.problem(400);
    }
    assert_eq!(script.list(KEYS, 100).await.len(), 1);
    let made =
        script.create(KEYS, &json!({ "full_access": true, "scopes": [], "name": "<script>alert(1)</script>" })).await;
    assert_eq!((&made["full_access"], &made["name"]), (&json!(true), &json!("<script>alert(1)</script>")));
    let page = app.signed_in("ada", PASSWORD).await.get("/account").await;
    assert!(page.body.contains("alert(1)") && !page.body.contains("<script>alert"), "{}", page.body);
}

/// ASVS 8.2.2: whoever names another gets nothing, whatever the way and whether there is such a user or not.
#[tokio::test]
async fn nobody_makes_a_key_for_another() {
    let app = TestApp::start().await;
    let (root, _) = app.root().await;
    let (ada, script) = ada(&app).await;
    app.person("bob", &[]).await;
    let mut said = Vec::new();
    for other in ["bob", "root", "nobody", root.id.to_string().as_str(), "a b"] {
        said.push(script.json(Method::POST, KEYS, &json!({ "full_access": true, "user": other })).await.problem(403));
    }
    said.dedup();
    assert_eq!(said.len(), 1, "{said:?}");
    for member in ["user_id", "owner", "username"] {
        script.json(Method::POST, KEYS, &json!({ "full_access": true, member: "bob" })).await.problem(400);
    }
    for query in ["user=bob", "user_id=bob", "owner=bob"] {
        let made = script.create(&format!("{KEYS}?{query}"), &json!({ "full_access": true })).await;
        assert_eq!(made["user"], "ada");
    }
    for own in ["ada", "ADA", ada.id.to_string().as_str()] {
        let made = script.create(KEYS, &json!({ "full_access": true, "user": own })).await;
        assert_eq!(made["user"], "ada");
    }
    // Neither does an administrator whose key is for the account alone.
    let account = app.scoped(&root, "account:read account:write").await;
    account.json(Method::POST, KEYS, &json!({ "scopes": ["account:read"], "user": "bob" })).await.problem(403);
    account.create(KEYS, &json!({ "scopes": ["account:read"], "user": "root" })).await;
}

#[tokio::test]
async fn an_administrator_makes_keys_for_everybody() {
    let app = TestApp::start().await;
    let (_, root) = app.root().await;
    let robot = app.service("robot", &[]).await;
    let made = root.create(KEYS, &json!({ "full_access": true, "user": "robot", "name": "deploy" })).await;
    assert_eq!((&made["user"], &made["user_id"]), (&json!("robot"), &json!(robot.id)));
    assert_eq!(holder(&app, &made).read("/api/v1/me").await["username"], "robot");
    let detail = root.json(Method::POST, KEYS, &json!({ "full_access": true, "user": "nobody" })).await.problem(400);
    assert_eq!(detail, "there is no user \"nobody\"");
    let listed = |query: &'static str| {
        let root = &root;
        async move { root.list(&format!("{KEYS}{query}"), 100).await.len() }
    };
    assert_eq!((listed("").await, listed("?user=robot").await, listed("?user=root").await), (2, 1, 1));
    root.get(&format!("{KEYS}?user=nobody")).await.problem(400);
    let changed = root.change(&path(&made), &json!({ "name": "release" })).await;
    assert_eq!((&changed["name"], &changed["user"]), (&json!("release"), &json!("robot")));
    root.delete(&path(&made)).await;
    assert_eq!(listed("?user=robot").await, 0);
}

/// ASVS 8.2.2: another's key is as good as none.
#[tokio::test]
async fn anothers_key_is_not_there() {
    let app = TestApp::start().await;
    let (_, script) = ada(&app).await;
    let bob = app.person("bob", &[]).await;
    let key = app.key(&bob).await;
    let unknown = format!("{KEYS}/key_{}", "0".repeat(32));
    let bobs = format!("{KEYS}/{}", key.id);
    for (method, end) in [("GET", ""), ("PATCH", ""), ("DELETE", ""), ("POST", "/rotate")] {
        let call = |path: &str| {
            let (path, method) = (format!("{path}{end}"), Method::from_bytes(method.as_bytes()).unwrap());
            let script = &script;
            async move { script.json(method, &path, &json!({})).await }
        };
        let (theirs, none) = (call(&bobs).await, call(&unknown).await);
        theirs.problem(404);
        assert_eq!(theirs.body, none.body, "{method}");
    }
    script.get(&format!("{KEYS}?user=bob")).await.problem(403);
    assert_eq!(app.script(&key.token_header()).read(&bobs).await["user"], "bob");
    for id in ["x", "key_1", &key.api_key, &bob.id.to_string(), "%00", "key_%ff"] {
        let status = script.get(&format!("{KEYS}/{id}")).await.status;
        assert!(matches!(status, 400 | 404), "{id}: {status}");
    }
}

#[tokio::test]
async fn a_key_is_disabled_enabled_and_revoked() {
    let app = TestApp::start().await;
    let (_, script) = ada(&app).await;
    let made = script.create(KEYS, &json!({ "full_access": true, "name": "one" })).await;
    let (path, other) = (path(&made), holder(&app, &made));
    assert_eq!(script.change(&path, &json!({ "enabled": false })).await["enabled"], false);
    assert_eq!(other.get("/api/v1/me").await.status, 401);
    assert_eq!(script.change(&path, &json!({ "enabled": true, "name": "two" })).await["name"], "two");
    assert_eq!(other.get("/api/v1/me").await.status, 200);
    for change in [
        json!({ "full_access": true }),
        json!({ "scopes": ["openid"] }),
        json!({ "expires_at": BEGIN.seconds() }),
        json!({ "expires_at": "never" }),
        json!({ "allowed_ips": ["host.test"] }),
        json!({ "allowed_ips": null }),
        json!({ "limits": null }),
        json!({ "trial_until": BEGIN.seconds() }),
        json!({ "decoy": true }),
        json!({ "legacy": true }),
        json!({ "roles": null }),
        json!({ "user": "root" }),
        json!({ "enabled": null }),
        json!({ "name": "" }),
    ] {
        script.json(Method::PATCH, &path, &change).await.problem(400);
    }
    script.delete(&path).await;
    assert_eq!(other.get("/api/v1/me").await.status, 401);
    script.get(&path).await.problem(404);
    script.send(Method::DELETE, &path, None).await.problem(404);
    script.json(Method::PATCH, &path, &json!({ "enabled": true })).await.problem(404);
    script.json(Method::POST, &format!("{path}/rotate"), &json!({})).await.problem(404);
    assert_eq!(app.audited(AuditEvent::KeyChanged).await.len(), 2);
    assert_eq!(app.audited(AuditEvent::KeyRevoked).await.len(), 1);
}

#[tokio::test]
async fn a_new_secret_replaces_the_old_one_at_once_or_after_a_while() {
    let app = TestApp::start().await;
    let (_, script) = ada(&app).await;
    let first = script.create(KEYS, &json!({ "full_access": true })).await;
    let rotate = format!("{}/rotate", path(&first));
    let second = script.create(&rotate, &json!({ "overlap_seconds": 60 })).await;
    assert_eq!(first["api_key"], second["api_key"]);
    assert_ne!(first["api_secret"], second["api_secret"]);
    let status = |made: &Value| {
        let script = holder(&app, made);
        async move { script.get("/api/v1/me").await.status }
    };
    assert_eq!((status(&first).await, status(&second).await), (200, 200));
    app.pass(Lifetime::from_seconds(60));
    assert_eq!((status(&first).await, status(&second).await), (401, 200));
    let third = script.create(&rotate, &json!({})).await;
    assert_eq!((status(&second).await, status(&third).await), (401, 200));
    assert_eq!(app.audited(AuditEvent::KeyRotated).await.len(), 2);
}

/// A key or token gives away no more than it has: not more scopes, not more roles, no other addresses, no later end.
#[tokio::test]
async fn what_a_credential_makes_reaches_no_further_than_itself() {
    let app = TestApp::start().await;
    app.role("editor").await;
    app.role("author").await;
    let ada = app.person("ada", &["editor", "author"]).await;
    let script = app.script_of(&ada).await;
    let end = BEGIN.seconds() + 3600;
    let local = ["127.0.0.0/8"];
    let scoped = json!({ "scopes": ["account:read", "account:write"] });
    let ending = json!({ "full_access": true, "expires_at": end });
    let bound = json!({ "full_access": true, "allowed_ips": local });
    let fewer_roles = json!({ "full_access": true, "roles": ["editor"] });
    for (maker, narrower, wider) in [
        (
            &scoped,
            vec![json!({ "scopes": ["account:read"] }), scoped.clone()],
            vec![json!({ "full_access": true }), json!({ "scopes": ["account:read", "openid"] })],
        ),
        (
            &ending,
            vec![ending.clone(), json!({ "full_access": true, "expires_at": end - 1 })],
            vec![json!({ "full_access": true }), json!({ "full_access": true, "expires_at": end + 1 })],
        ),
        (
            &bound,
            vec![bound.clone(), json!({ "full_access": true, "allowed_ips": ["127.0.0.1"] })],
            vec![json!({ "full_access": true }), json!({ "full_access": true, "allowed_ips": ["127.0.0.1", "::1"] })],
        ),
        (
            &fewer_roles,
            vec![fewer_roles.clone(), json!({ "full_access": true, "roles": [] })],
            vec![json!({ "full_access": true }), json!({ "full_access": true, "roles": ["editor", "author"] })],
        ),
    ] {
        let made = script.create(KEYS, maker).await;
        let holder = holder(&app, &made);
        for body in narrower {
            let own = holder.create(KEYS, &body).await;
            holder.create(&format!("{}/rotate", path(&own)), &json!({})).await;
        }
        for body in wider {
            let detail = holder.json(Method::POST, KEYS, &body).await.problem(403);
            assert!(detail.starts_with("the credential of this request"), "{detail}");
            // Nor does it get the secret of one that is there already.
            let there = script.create(KEYS, &body).await;
            holder.json(Method::POST, &format!("{}/rotate", path(&there)), &json!({})).await.problem(403);
            // Nor does it bring back, rename or try one; it may put it out of use, which only narrows.
            holder.change(&path(&there), &json!({ "enabled": false })).await;
            let tried = json!({ "trial_until": BEGIN.seconds() + 60 });
            for change in [json!({ "enabled": true }), json!({ "name": "Frappe API key" }), tried] {
                holder.json(Method::PATCH, &path(&there), &change).await.problem(403);
            }
            script.change(&path(&there), &json!({ "enabled": true })).await;
        }
        // Of itself it gets a new one.
        let again = holder.create(&format!("{}/rotate", path(&made)), &json!({})).await;
        assert_eq!(again["id"], made["id"]);
    }
}

/// The same of an old secret that is about to end: it must not become one that stays.
#[tokio::test]
async fn a_secret_that_is_about_to_end_makes_none_that_stays() {
    let app = TestApp::start().await;
    let (_, script) = ada(&app).await;
    let first = script.create(KEYS, &json!({ "full_access": true })).await;
    let rotate = format!("{}/rotate", path(&first));
    script.create(&rotate, &json!({ "overlap_seconds": 60 })).await;
    let old = holder(&app, &first);
    old.json(Method::POST, &rotate, &json!({})).await.problem(403);
    old.json(Method::POST, KEYS, &json!({ "full_access": true })).await.problem(403);
    old.create(KEYS, &json!({ "full_access": true, "expires_at": BEGIN.seconds() + 60 })).await;
}

#[tokio::test]
async fn an_access_token_makes_no_keys() {
    let app = TestApp::start().await;
    app.person("ada", &[]).await;
    let client = app.web_client("account:read account:write openid").await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let tokens = app.tokens(&browser, &client).await;
    let script = app.script(&format!("Bearer {}", tokens["access_token"].as_str().unwrap()));
    let end = script.read("/api/v1/me").await["expires_at"].as_i64().unwrap();
    // It would go on when the person takes back what they let the application do.
    for body in [
        json!({ "full_access": true, "expires_at": end }),
        json!({ "scopes": ["account:read"] }),
        json!({ "scopes": ["account:read"], "expires_at": end }),
    ] {
        let detail = script.json(Method::POST, KEYS, &body).await.problem(403);
        assert!(detail.contains("use an API key"), "{detail}");
    }
    // A person in a session gives what the person has.
    let made = browser.json(Method::POST, KEYS, &json!({ "full_access": true })).await;
    assert_eq!(made.status, 201);
}

/// RFC 8693: a token that a key was exchanged for does not know from where the key works, or which roles it leaves out.
#[tokio::test]
async fn a_token_that_came_of_a_key_makes_no_key() {
    let app = TestApp::start().await;
    let ada = app.person("ada", &[]).await;
    let client = app
        .client_with("account:read account:write", |client| {
            client.grant_types = vec![GrantType::TokenExchange];
            client.redirect_uris = Vec::new();
        })
        .await;
    let key = app.key(&ada).await;
    let exchange = [
        ("grant_type", GrantType::TokenExchange.as_str()),
        ("subject_token", &key.api_secret),
        ("subject_token_type", "urn:hallpass:params:oauth:token-type:api_key"),
    ];
    let token = app.token(&client, &exchange).await.text("access_token");
    let script = app.script(&format!("Bearer {token}"));
    assert_eq!(script.list(KEYS, 100).await.len(), 1);
    let end = script.read("/api/v1/me").await["expires_at"].clone();
    let body = json!({ "scopes": ["account:read"], "expires_at": end });
    let detail = script.json(Method::POST, KEYS, &body).await.problem(403);
    assert!(detail.contains("use an API key"), "{detail}");
    script.json(Method::POST, &format!("{KEYS}/{}/rotate", key.id), &json!({})).await.problem(403);
    script.json(Method::PATCH, &format!("{KEYS}/{}", key.id), &json!({ "name": "renamed" })).await.problem(403);
}

/// A scope reaches by its user's roles: with scopes alone, a key gives nobody's key roles that it lacks.
#[tokio::test]
async fn a_scoped_administrators_key_makes_none_with_roles_that_it_lacks() {
    let app = TestApp::start().await;
    app.role("editor").await;
    app.person("ada", &["editor"]).await;
    let (_, root) = app.root().await;
    let scopes = ["keys:write", "keys:read"];
    let made = root.create(KEYS, &json!({ "scopes": scopes })).await;
    let holder = holder(&app, &made);
    holder.json(Method::POST, KEYS, &json!({ "user": "ada", "scopes": ["keys:read"] })).await.problem(403);
    let editor = json!({ "user": "ada", "scopes": ["keys:read"], "roles": ["editor"] });
    let detail = holder.json(Method::POST, KEYS, &editor).await.problem(403);
    assert!(detail.contains("lacks the role editor"), "{detail}");
    let without = json!({ "user": "ada", "scopes": ["keys:read"], "roles": [] });
    let narrow = holder.create(KEYS, &without).await;
    holder.create(&format!("{}/rotate", path(&narrow)), &json!({})).await;
    let wide = root.create(KEYS, &editor).await;
    holder.json(Method::POST, &format!("{}/rotate", path(&wide)), &json!({})).await.problem(403);
    holder.json(Method::PATCH, &path(&wide), &json!({ "name": "other" })).await.problem(403);
}

/// What a password or a role lets in would go on where the key that gave it does not.
#[tokio::test]
async fn a_key_that_does_not_last_sets_no_passwords_and_gives_no_roles() {
    let app = TestApp::start().await;
    app.role("editor").await;
    let (_, root) = app.root().await;
    let ada = app.person("ada", &[]).await;
    let users = "/api/v1/users";
    let password = "a horse that nobody staples 42";
    let limits = json!([{ "name": "hour", "requests": 100, "seconds": 3600 }]);
    for bounds in [
        json!({ "full_access": true, "expires_at": BEGIN.seconds() + 3600 }),
        json!({ "full_access": true, "allowed_ips": ["127.0.0.0/8"] }),
        json!({ "full_access": true, "limits": limits }),
    ] {
        let holder = holder(&app, &root.create(KEYS, &bounds).await);
        let person = json!({ "username": "eve", "kind": "person", "password": password, "roles": ["admin"] });
        holder.json(Method::POST, users, &person).await.problem(403);
        let service = json!({ "username": "eve", "kind": "service", "roles": ["editor"] });
        holder.json(Method::POST, users, &service).await.problem(403);
        let this = format!("{users}/{}", ada.id);
        for change in [json!({ "password": password }), json!({ "roles": ["editor"] })] {
            let detail = holder.json(Method::PATCH, &this, &change).await.problem(403);
            assert!(detail.contains("does not last"), "{detail}");
        }
        holder.change(&this, &json!({ "full_name": "Ada", "roles": [] })).await;
    }
    let lasting = holder(&app, &root.create(KEYS, &json!({ "full_access": true })).await);
    lasting.change(&format!("{users}/{}", ada.id), &json!({ "password": password, "roles": ["editor"] })).await;
}

/// ASVS 2.4.1
#[tokio::test]
async fn nobody_has_keys_without_number() {
    let app = TestApp::start().await;
    let (_, script) = ada(&app).await;
    for _ in 1..100 {
        script.create(KEYS, &json!({ "scopes": ["openid"] })).await;
    }
    let detail = script.json(Method::POST, KEYS, &json!({ "scopes": ["openid"] })).await.problem(409);
    assert!(detail.contains("100 API keys"), "{detail}");
    assert_eq!(script.list(KEYS, 30).await.len(), 100);
}

/// A client that administers has no keys of its own, and makes them for users.
#[tokio::test]
async fn a_client_makes_keys_for_users_alone() {
    let app = TestApp::start().await;
    let (_, root) = app.root().await;
    app.person("ada", &[]).await;
    let body = json!({ "client_name": "Provisioning", "scope": "keys:read keys:write openid", "roles": ["admin"] });
    let made = root.create("/api/v1/clients", &body).await;
    let basic = crate::support::seed::SeededClient {
        client_id: made["client_id"].as_str().unwrap().to_owned(),
        secret: made["client_secret"].as_str().unwrap().to_owned(),
        redirect_uri: String::new(),
    };
    let token = app.token(&basic, &[("grant_type", "client_credentials")]).await.text("access_token");
    let script = app.script(&format!("Bearer {token}"));
    let end = script.read("/api/v1/me").await["expires_at"].clone();
    let key = json!({ "scopes": ["openid"], "expires_at": end });
    assert!(script.json(Method::POST, KEYS, &key).await.problem(400).starts_with("user is missing"));
    let for_ada = json!({ "scopes": ["openid"], "expires_at": end, "user": "ada" });
    assert_eq!(script.create(KEYS, &for_ada).await["user"], "ada");
}
