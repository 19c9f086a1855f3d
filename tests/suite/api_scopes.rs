//! `/api/v1/scopes`.

use hallpass::model::audit::AuditEvent;
use hallpass::model::scope::BUILT_IN;
use reqwest::Method;
use serde_json::json;

use crate::support::app::TestApp;

#[tokio::test]
async fn a_scope_is_made_shown_changed_and_deleted() {
    let app = TestApp::start().await;
    let (_, root) = app.root().await;
    app.role("editor").await;
    let body = json!({ "name": "articles", "description": "Write articles", "roles": ["Editor"] });
    let made = root.create("/api/v1/scopes", &body).await;
    let expected =
        json!({ "name": "articles", "description": "Write articles", "roles": ["editor"], "built_in": false });
    assert_eq!(made, expected);
    let path = "/api/v1/scopes/articles";
    assert_eq!(root.read(path).await, expected);
    let changed = root.change(path, &json!({ "description": "Write and delete articles" })).await;
    assert_eq!(changed["roles"], json!(["editor"]));
    let changed = root.change(path, &json!({ "roles": [] })).await;
    assert_eq!((&changed["description"], &changed["roles"]), (&json!("Write and delete articles"), &json!([])));
    assert_eq!(root.read(path).await, changed);
    root.delete(path).await;
    for answer in [root.get(path).await, root.send(Method::DELETE, path, None).await] {
        answer.problem(404);
    }
    root.json(Method::PATCH, path, &json!({ "description": "x" })).await.problem(404);
    for (event, count) in [(AuditEvent::ScopeCreated, 1), (AuditEvent::ScopeChanged, 2), (AuditEvent::ScopeDeleted, 1)]
    {
        assert_eq!(app.audited(event).await.len(), count, "{event:?}");
    }
}

/// Scopes may be URLs (RFC 6749 §3.3).
#[tokio::test]
async fn a_scope_with_slashes_is_found_by_its_encoded_name() {
    let app = TestApp::start().await;
    let (_, root) = app.root().await;
    let name = "https://api.test/read?x=1#y";
    let answer = root.json(Method::POST, "/api/v1/scopes", &json!({ "name": name, "description": "Read" })).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    let path = answer.header("location").strip_prefix(&app.url).unwrap();
    assert_eq!(path, "/api/v1/scopes/https:%2F%2Fapi.test%2Fread%3Fx=1%23y");
    assert_eq!(root.read(path).await["name"], name);
    root.delete(path).await;
}

#[tokio::test]
async fn the_list_has_the_built_in_ones_too_and_they_stay() {
    let app = TestApp::start().await;
    let (_, root) = app.root().await;
    app.scope("articles", &[]).await;
    let list = root.list("/api/v1/scopes", 7).await;
    assert_eq!(list.len(), BUILT_IN.len() + 1);
    for scope in BUILT_IN {
        let found = list.iter().find(|known| known["name"] == scope.name).unwrap();
        assert_eq!(found["built_in"], true);
        assert_eq!(found["roles"], if scope.needs_admin { json!(["admin"]) } else { json!([]) });
        let path = format!("/api/v1/scopes/{}", scope.name);
        assert_eq!(&root.read(&path).await, found);
        root.send(Method::DELETE, &path, None).await.problem(409);
        root.json(Method::PATCH, &path, &json!({ "roles": [] })).await.problem(409);
        let again = json!({ "name": scope.name, "description": "x" });
        root.json(Method::POST, "/api/v1/scopes", &again).await.problem(409);
    }
}

#[tokio::test]
async fn what_makes_no_scope_is_refused() {
    let app = TestApp::start().await;
    let (_, root) = app.root().await;
    app.scope("articles", &[]).await;
    for body in [
        json!({ "name": "a b", "description": "x" }),
        json!({ "name": "", "description": "x" }),
        json!({ "name": "a\"b", "description": "x" }),
        json!({ "name": "x".repeat(101), "description": "x" }),
        json!({ "name": "a" }),
        json!({ "name": "a", "description": "" }),
        json!({ "name": "a", "description": "pay \u{202e}" }),
        json!({ "name": "a", "description": "x", "roles": ["nobody"] }),
        json!({ "name": "a", "description": "x", "roles": "admin" }),
        json!({ "name": "a", "description": "x", "roles": vec!["admin"; 101] }),
    ] {
        root.json(Method::POST, "/api/v1/scopes", &body).await.problem(400);
    }
    for change in [json!({ "roles": ["nobody"] }), json!({ "description": "" }), json!({ "roles": null })] {
        root.json(Method::PATCH, "/api/v1/scopes/articles", &change).await.problem(400);
    }
    root.json(Method::POST, "/api/v1/scopes", &json!({ "name": "articles", "description": "x" })).await.problem(409);
}

/// A binding holds from the next request on.
#[tokio::test]
async fn binding_a_scope_takes_it_from_whom_it_is_not_for() {
    let app = TestApp::start().await;
    let (_, root) = app.root().await;
    app.role("editor").await;
    app.scope("articles", &[]).await;
    let ada = app.person("ada", &[]).await;
    let script = app.scoped(&ada, "articles").await;
    assert_eq!(script.read("/api/v1/me").await["scopes"], json!(["articles"]));
    root.change("/api/v1/scopes/articles", &json!({ "roles": ["editor"] })).await;
    assert_eq!(script.read("/api/v1/me").await["scopes"], json!([]));
    root.change("/api/v1/scopes/articles", &json!({ "roles": [] })).await;
    assert_eq!(script.read("/api/v1/me").await["scopes"], json!(["articles"]));
}
