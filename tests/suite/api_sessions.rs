//! `/api/v1/sessions`.

use hallpass::model::audit::AuditEvent;
use hallpass::model::time::Lifetime;
use reqwest::Method;
use serde_json::Value;
use serde_json::json;

use crate::support::app::BEGIN;
use crate::support::app::TestApp;
use crate::support::seed::PASSWORD;

const SESSIONS: &str = "/api/v1/sessions";

fn path(session: &Value) -> String {
    format!("{SESSIONS}/{}", session["id"].as_str().unwrap())
}

#[tokio::test]
async fn one_sees_ones_own_sessions_and_ends_them() {
    let app = TestApp::start().await;
    let ada = app.person("ada", &[]).await;
    app.person("bob", &[]).await;
    let first = app.signed_in("ada", PASSWORD).await;
    app.pass(Lifetime::from_millis(1));
    let (second, bobs) = (app.signed_in("ada", PASSWORD).await, app.signed_in("bob", PASSWORD).await);
    let list = first.get(SESSIONS).await.json();
    let items = list["items"].as_array().unwrap();
    assert_eq!(items.len(), 2, "{list}");
    let current: Vec<bool> = items.iter().map(|session| session["current"].as_bool().unwrap()).collect();
    assert_eq!(current, [true, false]);
    assert_eq!(
        items[0],
        json!({
            "id": items[0]["id"], "user": "ada", "user_id": ada.id, "current": true, "address": "127.0.0.1",
            "user_agent": "", "authenticated_at": BEGIN.seconds(), "seen_at": BEGIN.seconds(),
            "expires_at": BEGIN.seconds() + 12 * 3600,
        })
    );
    // The cookie stands nowhere.
    assert!(!list.to_string().contains(&first.cookie("hallpass_session").unwrap()));
    assert_eq!(first.get(&path(&items[1])).await.json(), items[1]);
    let script = app.scoped(&ada, "account:read account:write").await;
    assert!(script.list(SESSIONS, 1).await.iter().all(|session| session["current"] == false));

    let his = bobs.get(SESSIONS).await.json()["items"][0].clone();
    for method in [Method::GET, Method::DELETE] {
        let theirs = script.send(method.clone(), &path(&his), None).await;
        let none = script.send(method, &format!("{SESSIONS}/session_{}", "0".repeat(32)), None).await;
        theirs.problem(404);
        assert_eq!(theirs.body, none.body);
    }
    script.get(&format!("{SESSIONS}?user=bob")).await.problem(403);
    script.delete(&path(&items[1])).await;
    assert_eq!((second.get("/account").await.status, first.get("/account").await.status), (303, 200));
    script.send(Method::DELETE, &path(&items[1]), None).await.problem(404);
    script.get(&path(&items[1])).await.problem(404);
    assert_eq!(app.audited(AuditEvent::SessionEnded).await.len(), 1);
    assert_eq!(bobs.get("/account").await.status, 200);
}

#[tokio::test]
async fn an_administrator_sees_everybodys_sessions_and_ends_them() {
    let app = TestApp::start().await;
    let (root, _) = app.root().await;
    app.person("ada", &[]).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    app.signed_in("root", PASSWORD).await;
    let reader = app.scoped(&root, "sessions:read").await;
    let writer = app.scoped(&root, "sessions:write").await;
    assert_eq!(reader.list(SESSIONS, 1).await.len(), 2);
    let found = reader.list(&format!("{SESSIONS}?user=ada"), 1).await;
    assert_eq!((found.len(), &found[0]["user"]), (1, &json!("ada")));
    reader.send(Method::DELETE, &path(&found[0]), None).await.problem(403);
    writer.get(SESSIONS).await.problem(403);
    writer.delete(&path(&found[0])).await;
    assert_eq!(browser.get("/account").await.status, 303);
}

#[tokio::test]
async fn a_session_that_has_ended_is_not_there() {
    let app = TestApp::start().await;
    let (_, root) = app.root().await;
    app.person("ada", &[]).await;
    app.signed_in("ada", PASSWORD).await;
    let found = root.list(SESSIONS, 1).await;
    app.pass(Lifetime::from_hours(12));
    assert_eq!(root.list(SESSIONS, 1).await.len(), 0);
    root.get(&path(&found[0])).await.problem(404);
}
