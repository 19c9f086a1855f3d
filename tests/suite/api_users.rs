//! `/api/v1/users` and one's own profile at `/api/v1/me`.

use hallpass::model::audit::AuditEvent;
use hallpass::model::time::Lifetime;
use reqwest::Method;
use serde_json::Value;
use serde_json::json;

use crate::support::app::BEGIN;
use crate::support::app::TestApp;
use crate::support::seed::PASSWORD;

const NEW_PASSWORD: &str = "a better horse battery";

#[tokio::test]
async fn a_person_is_made_shown_changed_and_deleted() {
    let app = TestApp::start().await;
    let (_, root) = app.root().await;
    app.role("editor").await;
    let body = json!({
        "username": "Ada", "email": "ada@example.org", "full_name": "Ada Lovelace", "password": PASSWORD, "roles": ["Editor"],
    });
    let answer = root.json(Method::POST, "/api/v1/users", &body).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    let made = answer.json();
    let id = made["id"].as_str().unwrap();
    assert_eq!(answer.header("location"), format!("{}/api/v1/users/{id}", app.url));
    let expected = json!({
        "id": id, "username": "Ada", "email": "ada@example.org", "full_name": "Ada Lovelace", "kind": "person",
        "roles": ["editor"], "enabled": true, "created_at": BEGIN.seconds(), "last_login_at": null,
        "claims": {},
    });
    assert_eq!(made, expected);
    let path = format!("/api/v1/users/{id}");
    assert_eq!(root.read(&path).await, expected);
    app.signed_in("ada", PASSWORD).await;
    assert_eq!(root.read(&path).await["last_login_at"], BEGIN.seconds());

    let changed = root.change(&path, &json!({ "email": null, "full_name": "", "roles": [], "enabled": false })).await;
    assert_eq!((&changed["email"], &changed["full_name"]), (&Value::Null, &json!("")));
    assert_eq!((&changed["roles"], &changed["enabled"]), (&json!([]), &json!(false)));
    assert_eq!(app.browser().sign_in("ada", PASSWORD).await.status, 401);
    // What is left out stays as it is.
    assert_eq!(root.change(&path, &json!({})).await, changed);
    assert_eq!(root.change(&path, &json!({ "enabled": true })).await["full_name"], "");

    root.delete(&path).await;
    root.get(&path).await.problem(404);
    root.send(Method::DELETE, &path, None).await.problem(404);
    root.json(Method::PATCH, &path, &json!({ "full_name": "x" })).await.problem(404);
    for (event, count) in [
        (AuditEvent::UserCreated, 2),
        (AuditEvent::UserChanged, 1),
        (AuditEvent::UserDisabled, 1),
        (AuditEvent::UserEnabled, 1),
        (AuditEvent::RoleRevoked, 1),
        (AuditEvent::UserDeleted, 1),
    ] {
        assert_eq!(app.audited(event).await.len(), count, "{event:?}");
    }
}

#[tokio::test]
async fn a_person_needs_a_password_and_a_service_account_has_none() {
    let app = TestApp::start().await;
    let (_, root) = app.root().await;
    let service = root.create("/api/v1/users", &json!({ "username": "robot", "kind": "service" })).await;
    assert_eq!(service["kind"], "service");
    for (body, why) in [
        (json!({ "username": "ada" }), "a person needs a password"),
        (json!({ "username": "ada", "kind": "service", "password": PASSWORD }), "has no password"),
        (json!({ "username": "ada", "kind": "robot", "password": PASSWORD }), "kind must be person or service"),
        (json!({ "username": "ada", "password": "short" }), "password "),
        (json!({ "username": "ada", "password": "password123" }), "password "),
        (json!({ "username": "a@b", "password": PASSWORD }), "username "),
        (json!({ "username": "", "password": PASSWORD }), "username is empty"),
        (json!({ "username": "ada\u{202e}", "password": PASSWORD }), "username "),
        (json!({ "username": "ada", "password": PASSWORD, "email": "x" }), "email is not an e-mail address"),
        (json!({ "username": "ada", "password": PASSWORD, "roles": ["nothing"] }), "there is no role nothing"),
        (json!({ "username": "ada", "password": PASSWORD, "roles": ["a,b"] }), "roles[0] has a character"),
        (
            json!({ "username": "ada", "password": PASSWORD, "full_name": "x".repeat(201) }),
            "full_name has more than 200",
        ),
    ] {
        let detail = root.json(Method::POST, "/api/v1/users", &body).await.problem(400);
        assert!(detail.contains(why), "{body}: {detail}");
    }
    let path = format!("/api/v1/users/{}", service["id"].as_str().unwrap());
    let detail = root.json(Method::PATCH, &path, &json!({ "password": NEW_PASSWORD })).await.problem(400);
    assert!(detail.contains("a service account has no password"), "{detail}");
    assert_eq!(root.list("/api/v1/users", 100).await.len(), 2);
}

/// ASVS 2.2.1: names and addresses are one whoever writes them, and another's are taken.
#[tokio::test]
async fn a_name_or_address_that_is_taken_is_a_conflict() {
    let app = TestApp::start().await;
    let (_, root) = app.root().await;
    let ada = json!({ "username": "ada", "password": PASSWORD, "email": "ada@example.org" });
    root.create("/api/v1/users", &ada).await;
    let bob = root.create("/api/v1/users", &json!({ "username": "bob", "password": PASSWORD })).await;
    for body in [
        json!({ "username": "ADA", "password": PASSWORD }),
        json!({ "username": "other", "password": PASSWORD, "email": "Ada@Example.org" }),
    ] {
        root.json(Method::POST, "/api/v1/users", &body).await.problem(409);
    }
    let path = format!("/api/v1/users/{}", bob["id"].as_str().unwrap());
    let changes = json!({ "full_name": "Bob", "email": "ada@example.org" });
    root.json(Method::PATCH, &path, &changes).await.problem(409);
    // All or nothing.
    assert_eq!(root.read(&path).await["full_name"], "");
}

#[tokio::test]
async fn a_new_password_ends_what_the_old_one_let_in() {
    let app = TestApp::start().await;
    let (root, script) = app.root().await;
    let ada = app.person("ada", &[]).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let path = format!("/api/v1/users/{}", ada.id);
    script.change(&path, &json!({ "password": NEW_PASSWORD })).await;
    assert_eq!(browser.get("/account").await.status, 303);
    assert_eq!(app.browser().sign_in("ada", PASSWORD).await.status, 401);
    app.signed_in("ada", NEW_PASSWORD).await;
    // One's own is changed where the current one is asked for.
    let own = format!("/api/v1/users/{}", root.id);
    let detail = script.json(Method::PATCH, &own, &json!({ "password": NEW_PASSWORD })).await.problem(400);
    assert!(detail.contains("account page"), "{detail}");
}

/// Whichever way somebody tries, somebody stays who can administer.
#[tokio::test]
async fn the_last_administrator_stays() {
    let app = TestApp::start().await;
    let (root, script) = app.root().await;
    let path = format!("/api/v1/users/{}", root.id);
    for change in [json!({ "enabled": false }), json!({ "roles": [] }), json!({ "roles": [], "enabled": false })] {
        let detail = script.json(Method::PATCH, &path, &change).await.problem(409);
        assert!(detail.contains("last enabled administrator"), "{detail}");
    }
    script.send(Method::DELETE, &path, None).await.problem(409);
    let second = app.person("second", &["admin"]).await;
    script.delete(&path).await;
    assert_eq!(script.get("/api/v1/users").await.status, 401);
    let second = app.script_of(&second).await;
    assert_eq!(second.list("/api/v1/users", 100).await.len(), 1);
}

/// CWE-362: of two administrators who shut each other out at once, one stays.
#[tokio::test]
async fn administrators_who_shut_each_other_out_at_once_leave_one() {
    let app = TestApp::start().await;
    let mut one = app.person("first", &["admin"]).await;
    for round in 0..20 {
        let two = app.person(&format!("next{round}"), &["admin"]).await;
        let (by_one, by_two) = (app.script_of(&one).await, app.script_of(&two).await);
        let (of_one, of_two) = (format!("/api/v1/users/{}", one.id), format!("/api/v1/users/{}", two.id));
        let changes = [json!({ "roles": [] }), json!({ "enabled": false }), json!({ "roles": [], "enabled": false })];
        let change = &changes[round % 3];
        let (first, second) =
            tokio::join!(by_one.json(Method::PATCH, &of_two, change), by_two.json(Method::PATCH, &of_one, change));
        let mut statuses = [first.status, second.status];
        statuses.sort_unstable();
        // Whoever comes second is let in no more, is no administrator any more, or would leave nobody.
        assert!(matches!(statuses, [200, 401 | 403 | 409]), "{} {}", first.body, second.body);
        assert_eq!(app.write(|tx| tx.users().count_administrators()).await, 1);
        if second.status == 200 {
            one = two;
        }
    }
}

#[tokio::test]
async fn users_are_found_by_name_and_by_role() {
    let app = TestApp::start().await;
    let (_, root) = app.root().await;
    app.role("Accounts Manager").await;
    for name in ["ada", "bob", "eve"] {
        app.pass(Lifetime::from_millis(1));
        app.person(name, if name == "eve" { &[] } else { &["Accounts Manager"] }).await;
    }
    let names = |users: Vec<Value>| -> Vec<String> {
        users.iter().map(|user| user["username"].as_str().unwrap().to_owned()).collect()
    };
    for (query, expected) in [
        ("role=accounts%20manager", vec!["ada", "bob"]),
        ("role=admin", vec!["root"]),
        ("role=nothing", vec![]),
        ("username=ADA", vec!["ada"]),
        ("username=nobody", vec![]),
        ("username=eve&role=admin", vec![]),
        ("username=root&role=admin", vec!["root"]),
    ] {
        assert_eq!(names(root.list(&format!("/api/v1/users?{query}"), 1).await), expected, "{query}");
    }
    root.get("/api/v1/users?role=a,b").await.problem(400);
}

/// ASVS 8.2.3: what a user is, only administrators change; of oneself one changes the name.
#[tokio::test]
async fn of_oneself_one_changes_the_name_and_nothing_else() {
    let app = TestApp::start().await;
    let ada = app.person("ada", &[]).await;
    let script = app.script_of(&ada).await;
    let me = script.change("/api/v1/me", &json!({ "full_name": "Ada Lovelace" })).await;
    assert_eq!((&me["full_name"], &me["username"]), (&json!("Ada Lovelace"), &json!("ada")));
    assert_eq!(script.read("/api/v1/me").await, me);
    for body in [
        json!({ "roles": ["admin"] }),
        json!({ "is_admin": true }),
        json!({ "full_name": "x", "email_verified": true }),
        json!({ "id": "user_1" }),
        json!({ "email": "a@example.org" }),
        json!({ "enabled": true }),
        json!({ "full_name": null }),
        json!({ "full_name": "a\u{202e}b" }),
    ] {
        script.json(Method::PATCH, "/api/v1/me", &body).await.problem(400);
    }
    let own = format!("/api/v1/users/{}", ada.id);
    script.json(Method::PATCH, &own, &json!({ "roles": ["admin"] })).await.problem(403);
    assert_eq!(script.read("/api/v1/me").await, me);
    let browser = app.signed_in("ada", PASSWORD).await;
    let renamed = browser.json(Method::PATCH, "/api/v1/me", &json!({ "full_name": "" })).await;
    assert_eq!(renamed.json()["full_name"], "");
}

/// No credential makes one that is wider than itself: administrators come from full access alone.
#[tokio::test]
async fn a_scope_for_users_makes_no_administrator() {
    let app = TestApp::start().await;
    let (root, full) = app.root().await;
    app.role("editor").await;
    let ada = app.person("ada", &[]).await;
    let other = app.person("other", &["admin"]).await;
    let scoped = app.scoped(&root, "users:read users:write roles:write keys:write").await;
    let admin = json!({ "username": "mallory", "password": PASSWORD, "roles": ["Admin"] });
    let path = |user: &hallpass::model::user::User| format!("/api/v1/users/{}", user.id);
    for detail in [
        scoped.json(Method::POST, "/api/v1/users", &admin).await.problem(403),
        scoped.json(Method::PATCH, &path(&ada), &json!({ "roles": ["editor", "ADMIN"] })).await.problem(403),
        scoped.json(Method::PATCH, &path(&other), &json!({ "password": NEW_PASSWORD })).await.problem(403),
    ] {
        assert!(detail.contains("full access"), "{detail}");
    }
    assert_eq!(scoped.list("/api/v1/users?role=admin", 100).await.len(), 2);
    // What it is there for, it does.
    assert_eq!(scoped.change(&path(&ada), &json!({ "roles": ["editor"] })).await["roles"], json!(["editor"]));
    scoped.change(&path(&ada), &json!({ "password": NEW_PASSWORD })).await;
    scoped.change(&path(&other), &json!({ "roles": ["admin", "editor"], "full_name": "Other" })).await;
    full.change(&path(&ada), &json!({ "roles": ["admin"] })).await;
}

/// Letting an administrator in again is making one.
#[tokio::test]
async fn a_scope_for_users_lets_no_administrator_in_again() {
    let app = TestApp::start().await;
    let (root, full) = app.root().await;
    let bob = app.person("bob", &["admin"]).await;
    let ada = app.person("ada", &[]).await;
    for user in [&bob, &ada] {
        app.set_user_enabled(user.id, false).await;
    }
    let scoped = app.scoped(&root, "users:read users:write").await;
    let back = json!({ "enabled": true });
    scoped.json(Method::PATCH, &format!("/api/v1/users/{}", bob.id), &back).await.problem(403);
    scoped.change(&format!("/api/v1/users/{}", ada.id), &back).await;
    full.change(&format!("/api/v1/users/{}", bob.id), &back).await;
}
