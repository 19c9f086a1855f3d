//! `/api/v1/resources` (RFC 8707).

use hallpass::model::audit::AuditEvent;
use reqwest::Method;
use serde_json::json;

use crate::support::app::BEGIN;
use crate::support::app::TestApp;

#[tokio::test]
async fn a_resource_is_registered_shown_changed_and_deleted() {
    let app = TestApp::start().await;
    let (_, root) = app.root().await;
    app.scope("read", &[]).await;
    let body = json!({ "uri": "https://api.test/v1", "name": "Ledger", "scopes": ["read"] });
    let answer = root.json(Method::POST, "/api/v1/resources", &body).await;
    let expected = json!({
        "uri": "https://api.test/v1", "name": "Ledger", "scopes": ["read"], "created_at": BEGIN.seconds(),
    });
    assert_eq!((answer.status, answer.json()), (201, expected.clone()));
    let path = answer.header("location").strip_prefix(&app.url).unwrap().to_owned();
    assert_eq!(path, "/api/v1/resources/https:%2F%2Fapi.test%2Fv1");
    assert_eq!(root.read(&path).await, expected);
    assert_eq!(root.list("/api/v1/resources", 1).await, [expected]);
    root.json(Method::POST, "/api/v1/resources", &body).await.problem(409);
    assert_eq!(root.change(&path, &json!({ "name": "Books" })).await["scopes"], json!(["read"]));
    let changed = root.change(&path, &json!({ "scopes": [] })).await;
    assert_eq!((&changed["name"], &changed["scopes"]), (&json!("Books"), &json!([])));
    root.delete(&path).await;
    for answer in [root.get(&path).await, root.send(Method::DELETE, &path, None).await] {
        answer.problem(404);
    }
    root.json(Method::PATCH, &path, &json!({ "name": "x" })).await.problem(404);
    for event in [AuditEvent::ResourceCreated, AuditEvent::ResourceDeleted] {
        assert_eq!(app.audited(event).await.len(), 1, "{event:?}");
    }
    assert_eq!(app.audited(AuditEvent::ResourceChanged).await.len(), 2);
}

/// RFC 8707 §2
#[tokio::test]
async fn what_is_no_resource_is_refused() {
    let app = TestApp::start().await;
    let (_, root) = app.root().await;
    for body in [
        json!({ "uri": "/api", "name": "x" }),
        json!({ "uri": "https://api.test/#x", "name": "x" }),
        json!({ "uri": "https://u:p@api.test/", "name": "x" }),
        json!({ "uri": "https://api.test/" }),
        json!({ "uri": "https://api.test/", "name": "" }),
        json!({ "uri": "https://api.test/", "name": "a\u{202e}" }),
        json!({ "uri": "https://api.test/", "name": "x", "scopes": ["nothing"] }),
        json!({ "uri": "https://api.test/", "name": "x", "scopes": "openid" }),
    ] {
        root.json(Method::POST, "/api/v1/resources", &body).await.problem(400);
    }
    assert_eq!(root.list("/api/v1/resources", 100).await.len(), 0);
}
