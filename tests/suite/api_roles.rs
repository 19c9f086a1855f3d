//! `/api/v1/roles`.

use hallpass::model::audit::AuditEvent;
use reqwest::Method;
use serde_json::json;

use crate::support::app::TestApp;

#[tokio::test]
async fn a_role_is_made_shown_changed_and_deleted() {
    let app = TestApp::start().await;
    let (_, root) = app.root().await;
    let body = json!({ "name": "Accounts Manager", "description": "Keeps the books" });
    let answer = root.json(Method::POST, "/api/v1/roles", &body).await;
    let expected = json!({ "name": "Accounts Manager", "description": "Keeps the books", "require_second_factor": false, "built_in": false });
    assert_eq!((answer.status, answer.json()), (201, expected.clone()));
    assert_eq!(answer.header("location"), format!("{}/api/v1/roles/Accounts%20Manager", app.url));
    for path in ["/api/v1/roles/Accounts%20Manager", "/api/v1/roles/accounts%20manager"] {
        assert_eq!(root.read(path).await, expected);
    }
    let path = "/api/v1/roles/accounts%20manager";
    let changed = root.change(path, &json!({ "description": "" })).await;
    assert_eq!(
        changed,
        json!({ "name": "Accounts Manager", "description": "", "require_second_factor": false, "built_in": false })
    );
    let listed = root.list("/api/v1/roles", 1).await;
    assert_eq!((listed.len(), &listed[0]), (2, &changed));
    assert_eq!((&listed[1]["name"], &listed[1]["built_in"]), (&json!("admin"), &json!(true)));

    let ada = app.person("ada", &["Accounts Manager"]).await;
    root.delete(path).await;
    for answer in [root.get(path).await, root.send(Method::DELETE, path, None).await] {
        answer.problem(404);
    }
    root.json(Method::PATCH, path, &json!({ "description": "x" })).await.problem(404);
    assert_eq!(root.read(&format!("/api/v1/users/{}", ada.id)).await["roles"], json!([]));
    for event in [AuditEvent::RoleCreated, AuditEvent::RoleChanged, AuditEvent::RoleDeleted] {
        let entries = app.audited(event).await;
        assert_eq!(entries.len(), 1, "{event:?}");
        assert!(entries[0].actor.ends_with("(root)"), "{}", entries[0].actor);
    }
    assert!(app.audited(AuditEvent::RoleChanged).await[0].details.contains("Keeps the books"));
}

/// ASVS 2.2.1
#[tokio::test]
async fn names_that_look_the_same_are_the_same() {
    let app = TestApp::start().await;
    let (_, root) = app.root().await;
    for name in ["Admin", "ADMIN", "ａdmin"] {
        root.json(Method::POST, "/api/v1/roles", &json!({ "name": name })).await.problem(409);
    }
    for name in ["admin ", "аdmin", "admin\u{200b}", "", "<script>", &"x".repeat(101)] {
        let detail = root.json(Method::POST, "/api/v1/roles", &json!({ "name": name })).await.problem(400);
        assert!(detail.starts_with("name "), "{detail}");
    }
    for description in ["a\u{202e}b", &"x".repeat(201)] {
        let body = json!({ "name": "editor", "description": description });
        let detail = root.json(Method::POST, "/api/v1/roles", &body).await.problem(400);
        assert!(detail.starts_with("the description "), "{detail}");
    }
    for path in ["/api/v1/roles/a,b", "/api/v1/roles/%00", "/api/v1/roles/%ff", "/api/v1/roles/a%2Fb"] {
        let status = root.get(path).await.status;
        assert!(matches!(status, 400 | 404), "{path}: {status}");
    }
}

#[tokio::test]
async fn what_is_built_in_or_in_use_stays() {
    let app = TestApp::start().await;
    let (_, root) = app.root().await;
    app.role("editor").await;
    app.scope("articles", &["editor"]).await;
    root.send(Method::DELETE, "/api/v1/roles/Admin", None).await.problem(409);
    root.json(Method::PATCH, "/api/v1/roles/admin", &json!({ "description": "x" })).await.problem(409);
    let detail = root.send(Method::DELETE, "/api/v1/roles/editor", None).await.problem(409);
    assert!(detail.contains("a scope is bound to the role"), "{detail}");
    root.delete("/api/v1/scopes/articles").await;
    root.delete("/api/v1/roles/editor").await;
}
