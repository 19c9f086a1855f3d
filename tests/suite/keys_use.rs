//! How API keys are used: counts and callers, trials of a revocation, narrower successors, decoys, what holds for all.

use hallpass::model::api_key::KeyAccess;
use hallpass::model::audit::AuditEvent;
use hallpass::model::client::GrantType;
use hallpass::model::scope::Scope;
use hallpass::model::time::Lifetime;
use hallpass::model::token::TokenKind;
use hallpass::random::Random;
use reqwest::Method;
use serde_json::Value;
use serde_json::json;

use crate::support::app::BEGIN;
use crate::support::app::TestApp;
use crate::support::caller::Answer;
use crate::support::caller::Script;
use crate::support::program::Program;
use crate::support::seed::SeededKey;

const ME: &str = "/api/v1/me";
const KEYS: &str = "/api/v1/keys";
const EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const API_KEY: &str = "urn:hallpass:params:oauth:token-type:api_key";

fn path(key: &SeededKey) -> String {
    format!("{KEYS}/{}", key.id)
}

/// `ada` with a key of full access, and another of hers with these scopes.
async fn ada(app: &TestApp, scopes: &str) -> (Script, SeededKey) {
    let ada = app.person("ada", &[]).await;
    let scopes = Scope::parse(scopes).unwrap();
    let key = app.key_with(&ada, |key| key.access = KeyAccess::Scopes(scopes)).await;
    (app.script_of(&ada).await, key)
}

#[tokio::test]
async fn what_became_of_each_request_is_counted_by_day() {
    let app = TestApp::start().await;
    let (owner, key) = ada(&app, "account:read openid").await;
    let script = app.script(&key.token_header()).with("user-agent", "backup/1.0");
    script.read(KEYS).await;
    script.read(ME).await;
    script.json(Method::POST, KEYS, &json!({ "scopes": ["openid"] })).await.problem(403);
    owner.change(&path(&key), &json!({ "enabled": false })).await;
    assert_eq!(script.get(ME).await.status, 401);
    owner.change(&path(&key), &json!({ "enabled": true, "allowed_ips": ["10.0.0.0/8"] })).await;
    assert_eq!(script.get(ME).await.status, 401);
    owner.change(&path(&key), &json!({ "allowed_ips": [], "expires_at": BEGIN.seconds() + 86_400 })).await;
    app.pass(Lifetime::from_days(1));
    assert_eq!(script.get(ME).await.status, 401);
    let usage = owner.read(&format!("{}/usage", path(&key))).await;
    let first = json!({ "passed": 2, "insufficient_scope": 1, "disabled": 1, "address_not_allowed": 1 });
    assert_eq!(
        usage["days"],
        json!([
            { "date": "2026-11-24", "outcomes": first },
            { "date": "2026-11-25", "outcomes": { "expired": 1 } },
        ])
    );
    assert_eq!((&usage["total"]["passed"], &usage["total"]["expired"]), (&json!(2), &json!(1)));
    assert_eq!(usage["scopes"], json!([{ "scope": "account:read", "used_at": BEGIN.seconds() }]));
    let today = owner.read(&format!("{}/usage?days=1", path(&key))).await;
    assert_eq!(today["total"], json!({ "expired": 1 }));
    for query in ["days=0", "days=731", "days=x", "day=1"] {
        owner.get(&format!("{}/usage?{query}", path(&key))).await.problem(400);
    }
    let shown = owner.read(&path(&key)).await;
    assert_eq!(
        (&shown["last_used_at"], &shown["last_used_address"], &shown["last_used_agent"], &shown["unused_scopes"]),
        (&json!(BEGIN.seconds()), &json!("127.0.0.1"), &json!("backup/1.0"), &json!(["openid"]))
    );
}

#[tokio::test]
async fn what_was_not_written_yet_is_written_when_the_server_stops() {
    let app = TestApp::start().await;
    let (_, key) = ada(&app, "account:read").await;
    app.script(&key.token_header()).read(ME).await;
    let app = TestApp::start_on(app.stop().await, "");
    let usage = app.script(&key.token_header()).read(&format!("{}/usage", path(&key))).await;
    assert_eq!(usage["total"]["passed"], 2);
}

#[tokio::test]
async fn the_callers_of_a_key_are_known_and_never_more_than_50() {
    let app = TestApp::start().await;
    let (owner, key) = ada(&app, "account:read").await;
    let callers = async || owner.read(&format!("{}/callers", path(&key))).await["items"].as_array().unwrap().clone();
    assert!(callers().await.is_empty());
    for number in 0..60 {
        app.pass(Lifetime::from_seconds(1));
        app.script(&key.token_header()).with("user-agent", &format!("robot/{number}")).read(ME).await;
        if number % 10 == 9 {
            callers().await;
        }
    }
    let found = callers().await;
    assert_eq!((found.len(), &found[0]["agent"], &found[49]["agent"]), (50, &json!("robot/59"), &json!("robot/10")));
    let expected = json!({
        "address": "127.0.0.1", "agent": "robot/59", "first_at": BEGIN.seconds() + 60, "last_at": BEGIN.seconds() + 60,
        "uses": 1, "would_fail": 0,
    });
    assert_eq!(found[0], expected);
}

#[tokio::test]
async fn a_trial_lets_pass_what_a_revocation_would_stop_and_counts_it() {
    let app = TestApp::start().await;
    let (owner, key) = ada(&app, "account:read").await;
    let script = app.script(&key.token_header()).with("user-agent", "nightly");
    script.read(ME).await;
    let end = BEGIN.seconds() + 600;
    assert_eq!(owner.change(&path(&key), &json!({ "trial_until": end })).await["trial_until"], end);
    for _ in 0..3 {
        script.read(ME).await;
    }
    app.pass(Lifetime::from_seconds(600));
    script.read(ME).await;
    let usage = owner.read(&format!("{}/usage", path(&key))).await;
    assert_eq!(usage["total"], json!({ "passed": 2, "would_fail": 3 }));
    let would_fail = async || {
        let callers = owner.read(&format!("{}/callers", path(&key))).await;
        (callers["items"][0]["uses"].clone(), callers["items"][0]["would_fail"].clone())
    };
    assert_eq!(would_fail().await, (json!(5), json!(3)));
    // It stays to be looked at when the trial has ended, until the next one begins.
    assert_eq!(owner.change(&path(&key), &json!({ "trial_until": null })).await["trial_until"], Value::Null);
    assert_eq!(would_fail().await, (json!(5), json!(3)));
    owner.change(&path(&key), &json!({ "trial_until": end + 600 })).await;
    assert_eq!(would_fail().await, (json!(5), json!(0)));
    owner.json(Method::PATCH, &path(&key), &json!({ "trial_until": BEGIN.seconds() })).await.problem(400);
    assert_eq!(app.audited(AuditEvent::KeyChanged).await.len(), 3);
}

#[tokio::test]
async fn a_successor_has_the_scopes_that_were_needed_and_no_others() {
    let app = TestApp::start().await;
    let (owner, key) = ada(&app, "account:read account:write openid").await;
    let succeed = format!("{}/successor", path(&key));
    assert!(owner.json(Method::POST, &succeed, &json!({})).await.problem(409).contains("nothing would be left"));
    app.script(&key.token_header()).read(KEYS).await;
    let made = owner.create(&succeed, &json!({})).await;
    assert_eq!((&made["scopes"], &made["replaces"]), (&json!(["account:read"]), &json!(key.id)));
    // Both work, until whoever uses the first has the second.
    let pair = format!("token {}:{}", made["api_key"].as_str().unwrap(), made["api_secret"].as_str().unwrap());
    assert_eq!(app.script(&pair).read(ME).await["scopes"], json!(["account:read"]));
    assert_eq!(app.script(&key.token_header()).get(ME).await.status, 200);
    app.script(&pair).read(KEYS).await;
    let again = format!("{KEYS}/{}/successor", made["id"].as_str().unwrap());
    assert!(owner.json(Method::POST, &again, &json!({})).await.problem(409).contains("each scope"));
    owner.json(Method::POST, &succeed, &json!({ "scopes": ["openid"] })).await.problem(400);
    owner.change(&path(&key), &json!({ "enabled": false })).await;
    assert!(owner.json(Method::POST, &succeed, &json!({})).await.problem(409).contains("disabled"));
    let bob = app.person("bob", &[]).await;
    app.script_of(&bob).await.json(Method::POST, &succeed, &json!({})).await.problem(404);
}

/// All that an answer says, but for what differs between any two.
fn said(answer: &Answer) -> (u16, String, Vec<(String, String)>) {
    let varies = ["x-request-id", "date"];
    let headers = answer.headers.iter().filter(|(name, _)| !varies.contains(&name.as_str()));
    let text = |value: &reqwest::header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let mut headers: Vec<_> = headers.map(|(name, value)| (name.to_string(), text(value))).collect();
    headers.sort();
    (answer.status, answer.body.clone(), headers)
}

#[tokio::test]
async fn a_decoy_never_passes_and_raises_an_alarm_that_whoever_tries_it_cannot_see() {
    let app = TestApp::start().await;
    app.scope("read", &[]).await;
    let ada = app.person("ada", &[]).await;
    let owner = app.script_of(&ada).await;
    let made = owner
        .create(
            KEYS,
            &json!({ "full_access": true, "decoy": true, "limits": [{ "name": "a", "requests": 1, "seconds": 1 }] }),
        )
        .await;
    let text = |name: &str| made[name].as_str().unwrap().to_owned();
    let decoy = SeededKey { id: text("id"), api_key: text("api_key"), api_secret: text("api_secret") };
    let none = SeededKey {
        id: String::new(),
        api_key: Random.api_key_name().as_str().to_owned(),
        api_secret: Random.token(TokenKind::ApiSecret).reveal().to_owned(),
    };
    for form in
        [SeededKey::token_header, SeededKey::basic_header, |key: &SeededKey| format!("Bearer {}", key.api_secret)]
    {
        for path in [ME, "/account", "/api/method/frappe.auth.get_logged_user"] {
            let (tried, unknown) =
                (app.script(&form(&decoy)).get(path).await, app.script(&form(&none)).get(path).await);
            assert_eq!(tried.status, 401);
            assert_eq!(said(&tried), said(&unknown), "{path}");
        }
    }
    let asks = app.script(&app.introspector(None).await.basic());
    let exchanges = app
        .client_with("read", |client| {
            client.grant_types = vec![GrantType::TokenExchange];
            client.redirect_uris = Vec::new();
        })
        .await;
    for secret in [&decoy.api_secret, &none.api_secret] {
        let told = asks.post("/oauth/introspect", &[("token", secret)]).await;
        assert_eq!(told.json(), json!({ "active": false }));
        let fields = [("grant_type", EXCHANGE), ("subject_token", &**secret), ("subject_token_type", API_KEY)];
        assert_eq!(app.token(&exchanges, &fields).await.text("error"), "invalid_request");
    }
    // Nobody waits for the alarm, so it may be a moment behind.
    let notices = async || owner.list("/api/v1/notices", 10).await;
    for _ in 0..100 {
        if !notices().await.is_empty() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let found = notices().await;
    assert_eq!((found.len(), &found[0]["kind"], &found[0]["subject"]), (1, &json!("decoy_tried"), &json!(decoy.id)));
    assert_eq!(found[0]["details"]["address"], "127.0.0.1");
    assert!(!found[0].to_string().contains("hp_sk_"), "{}", found[0]);
    assert_eq!(app.audited(AuditEvent::DecoyTried).await.len(), 1);
    let usage = owner.read(&format!("{}/usage", path(&decoy))).await;
    assert_eq!(usage["total"], json!({ "decoy": 11 }));
    assert_eq!(owner.list(&format!("{KEYS}?decoy=true"), 10).await.len(), 1);
    // It is one's own, and goes when it was read.
    let notice = format!("/api/v1/notices/{}", found[0]["id"].as_str().unwrap());
    let bob = app.person("bob", &[]).await;
    app.script_of(&bob).await.send(Method::DELETE, &notice, None).await.problem(404);
    owner.delete(&notice).await;
    assert!(notices().await.is_empty());
}

#[tokio::test]
async fn lists_are_narrowed_to_keys_of_a_kind() {
    let app = TestApp::start().await;
    let (owner, key) = ada(&app, "account:read").await;
    let soon = owner.create(KEYS, &json!({ "full_access": true, "expires_at": BEGIN.seconds() + 60 })).await;
    owner.change(&path(&key), &json!({ "enabled": false })).await;
    let ids = async |query: String| {
        let items = owner.list(&format!("{KEYS}?{query}"), 10).await;
        items.iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(ids("enabled=false".to_owned()).await, [key.id.as_str()]);
    assert_eq!(ids(format!("expires_before={}", BEGIN.seconds() + 61)).await, [soon["id"].as_str().unwrap()]);
    assert!(ids("legacy=true".to_owned()).await.is_empty());
    assert_eq!(ids("legacy=false&decoy=false".to_owned()).await.len(), 3);
    assert_eq!(ids(format!("unused_since={}", BEGIN.seconds() + 1)).await.len(), 3);
    assert!(ids(format!("unused_since={}", BEGIN.seconds())).await.is_empty());
    for query in ["legacy=1", "decoy=yes", "unused_since=x", "enabled=TRUE"] {
        owner.get(&format!("{KEYS}?{query}")).await.problem(400);
    }
}

#[tokio::test]
async fn the_policy_holds_by_each_way_in() {
    let policy = "[keys]\ndefault_lifetime_seconds = 3600\nmaximum_lifetime_seconds = 7200\nmade_by_keys = false\n\
                  most_per_user = 3\n";
    let app = TestApp::start_with(policy).await;
    app.person("ada", &[]).await;
    let browser = app.signed_in("ada", crate::support::seed::PASSWORD).await;
    let create = async |body: Value| browser.json(Method::POST, KEYS, &body).await;
    let end = BEGIN.seconds();
    let made = create(json!({ "full_access": true })).await;
    assert_eq!((made.status, &made.json()["expires_at"]), (201, &json!(end + 3600)));
    let refused = create(json!({ "full_access": true, "expires_at": end + 7201 })).await.problem(400);
    assert!(refused.contains("7200 seconds"), "{refused}");
    let made = made.json();
    let text = |name: &str| made[name].as_str().unwrap().to_owned();
    let (path, script) = (format!("{KEYS}/{}", text("id")), app.script(&format!("Bearer {}", text("api_secret"))));
    for (body, status) in [
        (json!({ "expires_at": null }), 400),
        (json!({ "expires_at": end + 7201 }), 400),
        (json!({ "expires_at": end + 7200 }), 200),
    ] {
        assert_eq!(browser.json(Method::PATCH, &path, &body).await.status, status, "{body}");
    }
    // No key makes a key, of whatever kind, or gets a secret.
    for (path, body) in [
        (KEYS.to_owned(), json!({ "scopes": ["openid"], "expires_at": end + 60 })),
        (format!("{path}/rotate"), json!({})),
    ] {
        assert!(script.json(Method::POST, &path, &body).await.problem(403).contains("keys.made_by_keys"));
    }
    // On the page, too, a key ends, and there are no more than so many.
    assert_eq!(browser.submit("/account/keys", &[("name", "Page")]).await.status, 200);
    let listed = browser.get(KEYS).await.json()["items"].clone();
    let page = listed.as_array().unwrap().iter().find(|key| key["name"] == "Page").unwrap();
    assert_eq!(page["expires_at"], end + 3600);
    assert_eq!(create(json!({ "full_access": true })).await.status, 201);
    assert!(create(json!({ "full_access": true })).await.problem(409).contains("has 3 API keys"));
    assert_eq!(browser.submit("/account/keys", &[("name", "Page")]).await.status, 422);
}

/// The addresses of a key hold for tokens that it was exchanged for as well.
#[tokio::test]
async fn a_token_of_a_key_works_from_the_addresses_of_the_key_alone() {
    let app = TestApp::start_with("[http]\ntrusted_proxies = [\"127.0.0.1\"]\n").await;
    app.scope("read", &[]).await;
    let (owner, key) = ada(&app, "read").await;
    owner.change(&path(&key), &json!({ "allowed_ips": ["10.0.0.0/8"] })).await;
    let client = app
        .client_with("read", |client| {
            client.grant_types = vec![GrantType::TokenExchange];
            client.redirect_uris = Vec::new();
        })
        .await;
    let fields = [("grant_type", EXCHANGE), ("subject_token", &*key.api_secret), ("subject_token_type", API_KEY)];
    let exchange = async |address: &str| {
        let script = app.script(&client.basic()).with("x-forwarded-for", address);
        script.post("/oauth/token", &fields).await
    };
    assert_eq!(exchange("11.0.0.1").await.text("error"), "invalid_request");
    let token = format!("Bearer {}", exchange("10.0.0.1").await.text("access_token"));
    for (address, status) in [("10.1.2.3", 200), ("11.0.0.1", 401), ("10.0.0.1", 200)] {
        assert_eq!(app.script(&token).with("x-forwarded-for", address).get(ME).await.status, status, "{address}");
    }
    let usage = owner.read(&format!("{}/usage", path(&key))).await;
    assert_eq!(usage["total"], json!({ "passed": 3, "address_not_allowed": 2 }));
}

/// What a credential may do is worked out at each request from what is true then.
#[tokio::test]
async fn what_a_key_may_do_follows_what_is_true_now() {
    let app = TestApp::start().await;
    app.role("editor").await;
    app.role("author").await;
    app.scope("read", &[]).await;
    app.scope("edit", &["editor"]).await;
    let ada = app.person("ada", &["editor", "author"]).await;
    let scopes = Scope::parse("read edit").unwrap();
    let key = app.key_with(&ada, |key| key.access = KeyAccess::Scopes(scopes)).await;
    let made =
        app.script_of(&ada).await.create(KEYS, &json!({ "scopes": ["read", "edit"], "roles": ["author"] })).await;
    let (all, fewer) =
        (app.script(&key.token_header()), app.script(&format!("Bearer {}", made["api_secret"].as_str().unwrap())));
    let may = async |script: &Script| {
        let me = script.read(ME).await;
        (me["roles"].clone(), me["scopes"].clone())
    };
    assert_eq!(may(&all).await, (json!(["author", "editor"]), json!(["edit", "read"])));
    // The key leaves out the role that the scope is bound to.
    assert_eq!(may(&fewer).await, (json!(["author"]), json!(["read"])));
    app.revoke_role(&ada, "editor").await;
    assert_eq!(may(&all).await, (json!(["author"]), json!(["read"])));
    app.grant_role(&ada, "editor").await;
    assert_eq!(may(&all).await.1, json!(["edit", "read"]));
    app.delete_scope("edit").await;
    assert_eq!(may(&all).await.1, json!(["read"]));
}

#[test]
fn keys_are_looked_after_on_the_command_line() {
    let program = Program::new().with("HALLPASS_KEYS__MAXIMUM_LIFETIME_SECONDS", "8640000");
    program.run("user create robot --service --json").json();
    let made = program
        .run("key create --user robot --scope openid --scope email --limit burst=10/1s --limit daily=50/1d --json")
        .json();
    assert_eq!(made["limits"], json!(["burst=10/1s", "daily=50/86400s"]));
    assert!(made["expires_at"].is_i64(), "{made}");
    let id = made["id"].as_str().unwrap();
    assert!(program.run("key create --user robot --full-access --expires-in 101d").refusal().contains("100 days"));
    assert!(program.run(&format!("key set {id} --no-expiry")).refusal().contains("100 days"));
    let set =
        program.run(&format!("key set {id} --name ci --expires-in 9d --allow-ip 10.0.0.1 --no-limits --json")).json();
    assert_eq!(
        (&set["name"], &set["allowed_ips"], &set["limits"]),
        (&json!("ci"), &json!(["10.0.0.1/32"]), &json!([]))
    );
    assert_eq!(program.run(&format!("key set {id} --any-ip --json")).json()["allowed_ips"], json!([]));
    assert_eq!(program.run(&format!("key set {id}")).status, 2);
    assert_eq!(program.run(&format!("key disable {id} --json")).json()["enabled"], false);
    assert_eq!(program.run(&format!("key enable {id} --json")).json()["enabled"], true);
    assert!(program.run(&format!("key trial {id} --until 7d --json")).json()["trial_until"].is_i64());
    assert_eq!(program.run(&format!("key trial {id} --end --json")).json()["trial_until"], Value::Null);
    let shown = program.run(&format!("key show {id} --json")).json();
    assert_eq!((&shown["unused_scopes"], &shown["callers"]), (&json!(["email", "openid"]), &json!([])));
    assert_eq!(program.run(&format!("key callers {id} --json")).json(), json!([]));
    assert_eq!(program.run(&format!("key usage {id} --days 7 --json")).json(), json!([]));
    assert!(program.run(&format!("key succeed {id}")).refusal().contains("nothing would be left"));
    assert_eq!(program.run("key create --user robot --full-access --decoy --json").json()["decoy"], true);
    assert_eq!(program.run("notice list --user robot --json").json(), json!([]));
    assert!(program.run("notice list --user nobody").refusal().contains("no user"));
}
