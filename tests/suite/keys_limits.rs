//! How often an API key may be used: exact, in several windows, over restarts and over several servers.

use std::sync::Arc;

use hallpass::model::client::GrantType;
use hallpass::model::key_limits::KeyLimits;
use hallpass::model::time::Lifetime;
use reqwest::Method;
use serde_json::json;
use tokio::task::JoinSet;

use crate::support::app::TestApp;
use crate::support::caller::Script;
use crate::support::database::Database;
use crate::support::seed::SeededKey;

const ME: &str = "/api/v1/me";
const WORKERS: &str = "[http]\nworkers = 2\n";
const EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const API_KEY: &str = "urn:hallpass:params:oauth:token-type:api_key";

async fn limited(app: &TestApp, limits: &str) -> SeededKey {
    let ada = app.person("ada", &[]).await;
    let limits = KeyLimits::parse(limits).unwrap();
    app.key_with(&ada, |key| key.limits = limits).await
}

/// How many of `calls` requests by each of `scripts`, all at once, pass; the others are told that they are too many.
async fn passed(scripts: &[Arc<Script>], calls: usize) -> usize {
    let mut running = JoinSet::new();
    for script in scripts {
        for _ in 0..calls {
            let script = Arc::clone(script);
            running.spawn(async move { script.get(ME).await.status });
        }
    }
    let statuses = running.join_all().await;
    assert!(statuses.iter().all(|status| matches!(status, 200 | 429)), "{statuses:?}");
    statuses.iter().filter(|status| **status == 200).count()
}

#[tokio::test]
async fn of_a_hundred_requests_at_once_exactly_so_many_pass_as_the_limit_says() {
    let app = TestApp::start_with(WORKERS).await;
    let ada = app.person("ada", &[]).await;
    for most in [1, 3, 16, 37, 99, 100] {
        let limits = KeyLimits::parse(&format!("hour={most}/1h")).unwrap();
        let key = app.key_with(&ada, |key| key.limits = limits).await;
        let script = Arc::new(app.script(&key.token_header()));
        assert_eq!(passed(&[script], 100).await, most);
    }
}

#[tokio::test]
async fn a_window_that_is_full_opens_again_when_it_ends() {
    let app = TestApp::start().await;
    let key = limited(&app, "burst=2/10s hourly=3/1h").await;
    let script = app.script(&key.token_header());
    let first = script.get(ME).await;
    assert_eq!(first.header("ratelimit-policy"), "\"burst\";q=2;w=10, \"hourly\";q=3;w=3600");
    // 09:30:00: ten seconds and half an hour are left.
    assert_eq!(first.header("ratelimit"), "\"burst\";r=1;t=10, \"hourly\";r=2;t=1800");
    assert_eq!(script.get(ME).await.header("ratelimit"), "\"burst\";r=0;t=10, \"hourly\";r=1;t=1800");
    let over = script.get(ME).await;
    assert!(over.problem(429).contains("its limit burst"), "{}", over.body);
    assert_eq!((over.header("retry-after"), over.header("ratelimit").starts_with("\"burst\";r=0")), ("10", true));
    // What is refused by one window is taken of no other.
    app.pass(Lifetime::from_seconds(10));
    assert_eq!(script.get(ME).await.status, 200);
    let over = script.get(ME).await;
    assert!(over.problem(429).contains("its limit hourly"), "{}", over.body);
    assert_eq!(over.header("retry-after"), "1790");
    app.pass(Lifetime::from_seconds(1790));
    assert_eq!(script.get(ME).await.status, 200);
    // A key without limits says nothing of any.
    let other = app.person("bob", &[]).await;
    let answer = app.script_of(&other).await.get(ME).await;
    assert_eq!((answer.header("ratelimit"), answer.header("ratelimit-policy")), ("", ""));
}

#[tokio::test]
async fn a_restart_forgets_nothing_that_was_used() {
    let app = TestApp::start().await;
    let key = limited(&app, "hour=50/1h").await;
    assert_eq!(passed(&[Arc::new(app.script(&key.token_header()))], 20).await, 20);
    // What was taken and not used is given back.
    let app = TestApp::start_on(app.stop().await, "");
    assert_eq!(passed(&[Arc::new(app.script(&key.token_header()))], 50).await, 30);
}

#[tokio::test]
async fn two_servers_let_no_more_pass_than_the_limit_says() {
    let app = TestApp::start_with(WORKERS).await;
    // A file of SQLite's has one server.
    if !app.database.is_postgres() {
        return;
    }
    let mut same = Database::none();
    same.url.clone_from(&app.database.url);
    let other = TestApp::start_on(same, WORKERS);
    let ada = app.person("ada", &[]).await;
    for most in [1, 10, 64, 150] {
        let limits = KeyLimits::parse(&format!("hour={most}/1h")).unwrap();
        let key = app.key_with(&ada, |key| key.limits = limits).await;
        let scripts = [&app, &other].map(|app| Arc::new(app.script(&key.token_header())));
        let passed = passed(&scripts, 100).await;
        // One of them may be left with a part of its share.
        assert!(passed <= most && passed + most.div_ceil(16) >= most, "{passed} of {most}");
    }
}

#[tokio::test]
async fn other_limits_hold_at_once_and_count_what_was_used() {
    let app = TestApp::start().await;
    let ada = app.person("ada", &[]).await;
    let owner = app.script_of(&ada).await;
    let limits = KeyLimits::parse("hour=1000/1h").unwrap();
    let key = app.key_with(&ada, |key| key.limits = limits).await;
    let (path, script) = (format!("/api/v1/keys/{}", key.id), app.script(&key.token_header()));
    assert_eq!(script.get(ME).await.status, 200);
    // Of the sixty that this server took it has used one.
    owner.change(&path, &json!({ "limits": [{ "name": "hour", "requests": 3, "seconds": 3600 }] })).await;
    assert_eq!(script.get(ME).await.header("ratelimit"), "\"hour\";r=1;t=1800");
    assert_eq!((script.get(ME).await.status, script.get(ME).await.status), (200, 429));
    owner.change(&path, &json!({ "limits": [] })).await;
    assert_eq!(script.get(ME).await.status, 200);
    for limits in [
        json!([{ "name": "Hour", "requests": 3, "seconds": 3600 }]),
        json!([{ "name": "hour", "requests": 0, "seconds": 3600 }]),
        json!([{ "name": "hour", "requests": 3, "seconds": 0 }]),
        json!([{ "name": "hour", "requests": 3 }]),
        json!([{ "name": "a", "requests": 3, "seconds": 1 }, { "name": "a", "requests": 3, "seconds": 2 }]),
        json!("hour=3/1h"),
    ] {
        owner.json(Method::PATCH, &path, &json!({ "limits": limits })).await.problem(400);
    }
}

/// RFC 8693 §2.1: a token that came of a key is used as the key is; and RFC 7662 §2.2.
#[tokio::test]
async fn tokens_of_a_key_and_questions_about_it_count_as_its_use() {
    let app = TestApp::start().await;
    app.scope("read", &[]).await;
    let key = limited(&app, "hour=4/1h").await;
    let exchanges = app
        .client_with("read", |client| {
            client.grant_types = vec![GrantType::TokenExchange];
            client.redirect_uris = Vec::new();
        })
        .await;
    let fields = [("grant_type", EXCHANGE), ("subject_token", &*key.api_secret), ("subject_token_type", API_KEY)];
    let token = app.token(&exchanges, &fields).await.text("access_token");
    let asks = app.script(&app.introspector(None).await.basic());
    let holder = app.script(&format!("Bearer {token}"));
    let active = async |token: &str| asks.post("/oauth/introspect", &[("token", token)]).await.json()["active"].clone();
    assert_eq!(holder.get(ME).await.status, 200);
    assert_eq!((active(&key.api_secret).await, active(&token).await), (json!(true), json!(true)));
    assert_eq!(holder.get(ME).await.status, 429);
    assert_eq!(app.script(&key.basic_header()).get(ME).await.status, 429);
    assert_eq!((active(&key.api_secret).await, active(&token).await), (json!(false), json!(false)));
    assert_eq!(app.token(&exchanges, &fields).await.status, 429);
    // These are not the limits of who asks.
    assert_eq!(asks.post("/oauth/introspect", &[("token", &token)]).await.header("ratelimit"), "");
}

#[tokio::test]
async fn a_key_with_limits_makes_no_key_and_keeps_its_limits() {
    let app = TestApp::start().await;
    let key = limited(&app, "hour=100/1h").await;
    let script = app.script(&key.token_header());
    script.json(Method::POST, "/api/v1/keys", &json!({ "full_access": true })).await.problem(403);
    let path = format!("/api/v1/keys/{}", key.id);
    for limits in [json!([]), json!([{ "name": "other", "requests": 100, "seconds": 3600 }])] {
        script.json(Method::PATCH, &path, &json!({ "limits": limits })).await.problem(403);
    }
    script.json(Method::POST, &format!("{path}/rotate"), &json!({})).await.problem(403);
}

/// ASVS 11.2.1: one key, many requests at once: none fails, and when it was used is written once a minute at most.
#[tokio::test]
async fn a_thousand_requests_of_one_key_are_all_answered() {
    let app = TestApp::start_with(WORKERS).await;
    let ada = app.person("ada", &[]).await;
    let key = app.key(&ada).await;
    let script = Arc::new(app.script(&key.token_header()));
    let mut all = 0;
    for _ in 0..10 {
        all += passed(&[Arc::clone(&script)], 100).await;
    }
    assert_eq!(all, 1000);
    let usage = script.read(&format!("/api/v1/keys/{}/usage", key.id)).await;
    assert_eq!(usage["total"]["passed"], 1001);
    let last =
        async || app.script_of(&ada).await.read(&format!("/api/v1/keys/{}", key.id)).await["last_used_at"].clone();
    let first = last().await;
    app.pass(Lifetime::from_seconds(59));
    script.read(ME).await;
    assert_eq!(last().await, first);
    app.pass(Lifetime::from_seconds(1));
    script.read(ME).await;
    assert_eq!(last().await, first.as_i64().unwrap() + 60);
}
