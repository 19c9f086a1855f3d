//! `/api/v1/audit`: who did what to what.

use hallpass::model::time::Lifetime;
use reqwest::Method;
use serde_json::Value;
use serde_json::json;

use crate::support::app::BEGIN;
use crate::support::app::TestApp;
use crate::support::seed::PASSWORD;

const AUDIT: &str = "/api/v1/audit";

fn events(entries: &[Value]) -> Vec<&str> {
    entries.iter().map(|entry| entry["event"].as_str().unwrap()).collect()
}

/// ASVS 16.3.2: who, what, whom, before and after, when, from where, with which credential.
#[tokio::test]
async fn each_change_by_the_api_leaves_an_entry_that_says_all_of_it() {
    let app = TestApp::start().await;
    let root = app.person("root", &["admin"]).await;
    let key = app.key(&root).await;
    let script = app.script(&key.token_header());
    app.pass(Lifetime::from_seconds(10));
    let answer = script.json(Method::POST, "/api/v1/roles", &json!({ "name": "editor" })).await;
    // Ids sort by the millisecond in which they were made.
    app.pass(Lifetime::from_millis(1));
    script.change("/api/v1/roles/editor", &json!({ "description": "Writes" })).await;
    let entries = script.list(&format!("{AUDIT}?subject=editor"), 1).await;
    assert_eq!(events(&entries), ["role.created", "role.changed"]);
    assert_eq!(
        entries[0],
        json!({
            "id": entries[0]["id"], "at": BEGIN.seconds() + 10, "event": "role.created",
            "actor": format!("{} (root)", root.id), "credential": key.id, "subject": "editor",
            "details": { "description": "" }, "address": "127.0.0.1", "request_id": answer.header("x-request-id"),
        })
    );
    let state = |description: &str| json!({ "description": description, "require_second_factor": false });
    let details = json!({ "before": state(""), "after": state("Writes") });
    assert_eq!(entries[1]["details"], details);
    let path = format!("{AUDIT}/{}", entries[1]["id"].as_str().unwrap());
    assert_eq!(script.read(&path).await, entries[1]);

    script.change("/api/v1/roles/editor", &json!({ "require_second_factor": true })).await;
    let ada = app.person("ada", &["editor"]).await;
    app.pass(Lifetime::from_millis(1));
    script.delete("/api/v1/roles/editor").await;
    let entries = script.list(&format!("{AUDIT}?event=role.deleted"), 1).await;
    let was = json!({ "description": "Writes", "require_second_factor": true });
    assert_eq!(entries[0]["details"], json!({ "before": was, "users_who_held_it": [ada.id.to_string()] }));
}

#[tokio::test]
async fn entries_are_found_by_time_event_actor_and_subject() {
    let app = TestApp::start().await;
    let (root, script) = app.root().await;
    app.pass(Lifetime::from_seconds(10));
    script.create("/api/v1/roles", &json!({ "name": "one" })).await;
    app.pass(Lifetime::from_seconds(10));
    script.create("/api/v1/roles", &json!({ "name": "two" })).await;
    app.pass(Lifetime::from_millis(1));
    let ada = script.create("/api/v1/users", &json!({ "username": "ada", "kind": "service" })).await;
    let ada = ada["id"].as_str().unwrap();
    let (ten, twenty) = (BEGIN.seconds() + 10, BEGIN.seconds() + 20);
    for (query, expected) in [
        (format!("since={ten}"), vec!["role.created", "role.created", "user.created"]),
        (format!("since={ten}&until={twenty}"), vec!["role.created"]),
        (format!("since={}", twenty + 1), vec![]),
        ("event=role.created".to_owned(), vec!["role.created", "role.created"]),
        ("event=role".to_owned(), vec![]),
        (format!("event=role.created&since={twenty}&event=user.created"), vec!["role.created", "user.created"]),
        (format!("subject={ada}"), vec!["user.created"]),
        (format!("actor={}&event=user.created", root.id), vec!["user.created"]),
        ("actor=command%20line".to_owned(), vec!["user.created", "key.created"]),
        ("actor=user_".to_owned(), vec![]),
        ("actor=%25".to_owned(), vec![]),
        ("actor=user%25".to_owned(), vec![]),
        ("actor=command_line".to_owned(), vec![]),
    ] {
        let mut found = script.list(&format!("{AUDIT}?{query}"), 1).await;
        // The command line made two in the same millisecond.
        found.sort_by_key(|entry| (entry["at"].as_i64(), entry["event"] == "key.created"));
        assert_eq!(events(&found), expected, "{query}");
    }
    for query in ["since=x", "since=1.5", "until=2026-11-24T00:00:00Z", "since=99999999999999999999", "evnt=x"] {
        script.get(&format!("{AUDIT}?{query}")).await.problem(400);
    }
    assert_eq!(script.get(&format!("{AUDIT}?since=-9223372036854775808&until=9223372036854775807")).await.status, 200);
}

/// ASVS 16.4.2: entries are read, and nothing changes or deletes them.
#[tokio::test]
async fn nobody_changes_or_deletes_an_entry() {
    let app = TestApp::start().await;
    let (_, script) = app.root().await;
    let before = script.list(AUDIT, 100).await;
    let entry = format!("{AUDIT}/{}", before[0]["id"].as_str().unwrap());
    for path in [AUDIT, entry.as_str()] {
        for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            script.json(method, path, &json!({})).await.problem(405);
        }
    }
    assert_eq!(script.list(AUDIT, 100).await, before);
    script.get(&format!("{AUDIT}/audit_{}", "0".repeat(32))).await.problem(404);
    script.get(&format!("{AUDIT}/x")).await.problem(404);
}

/// What was done stands there without what was secret about it.
#[tokio::test]
async fn no_secret_stands_in_the_log() {
    let app = TestApp::start().await;
    let (_, script) = app.root().await;
    let user = json!({ "username": "ada", "password": PASSWORD });
    script.create("/api/v1/users", &user).await;
    let key = script.create("/api/v1/keys", &json!({ "full_access": true })).await;
    let client = script.create("/api/v1/clients", &json!({ "client_name": "Robot", "scope": "openid" })).await;
    let path = format!("/api/v1/clients/{}/rotate-secret", client["client_id"].as_str().unwrap());
    let rotated = script.create(&path, &json!({})).await;
    let log = Value::from(script.list(AUDIT, 100).await).to_string();
    assert!(log.contains(key["api_key"].as_str().unwrap()));
    for secret in [&key["api_secret"], &client["client_secret"], &rotated["client_secret"], &json!(PASSWORD)] {
        assert!(!log.contains(secret.as_str().unwrap()));
    }
}
