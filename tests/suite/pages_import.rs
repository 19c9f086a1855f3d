//! `/import`: users, applications and keys from elsewhere, for administrators.

use hallpass::model::audit::AuditEvent;

use crate::support::app::TestApp;
use crate::support::caller::Browser;
use crate::support::seed::PASSWORD;

const API_KEY: &str = "9f0c1d2e3a4b5c6";
const API_SECRET: &str = "1a2b3c4d5e6f708";
const CLIENT_SECRET: &str = "4f5e6d7c8b";
const USERS: &str = r#"[{"name": "grace@example.org", "email": "grace@example.org", "username": "grace", "enabled": 1,
    "roles": [{"role": "System Manager"}], "api_key": "9f0c1d2e3a4b5c6", "api_secret": "1a2b3c4d5e6f708"}]"#;
const CLIENTS: &str = r#"[{"client_id": "0b2e1a6f1c", "app_name": "Ledger", "client_secret": "4f5e6d7c8b",
    "redirect_uris": "https://rp.test/cb", "scopes": "all openid"}]"#;
/// That of `opensesame`; its user comes with the site.
const KEYS: &str = r#"{"user": "grace", "name": "robot", "api_key": "legacy-1", "full_access": true,
    "sha256": "d29fa4eb50dd5bcf33462b5811aec64a5f2dc6ad3a9d37a9e0e0c0b95b5fa6d4"}"#;
const ROLES: &str = "System Manager = admin\nBlogger =\n";

/// A server with one administrator, ada, and her browser.
async fn administered() -> (TestApp, Browser) {
    let app = TestApp::start().await;
    app.person("ada", &["admin"]).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    (app, browser)
}

#[tokio::test]
async fn what_would_happen_is_shown_and_then_done_once() {
    let (app, browser) = administered().await;
    for list in ["/users", "/clients"] {
        assert_eq!(browser.get(list).await.paths("/import"), ["/import"]);
    }
    let form = browser.get("/import").await;
    assert!(form.body.contains("name=\"dry_run\" value=\"yes\" checked"), "{}", form.body);
    assert!(form.body.contains("64 KiB") && form.body.contains("hallpass import"), "{}", form.body);

    let sent = [("users", USERS), ("clients", CLIENTS), ("keys", KEYS), ("map_roles", ROLES)];
    let trial = [&sent[..], &[("dry_run", "yes")]].concat();
    let dry = browser.done("/import", &trial).await;
    assert!(dry.body.contains("Nothing was done. This is what would be: ") && dry.body.contains("Would be new"));
    for name in ["grace", "Ledger", "robot", "Frappe API key of grace"] {
        assert!(dry.body.contains(name), "{name}: {}", dry.body);
    }
    assert!(dry.body.contains("Paste it once more"), "{}", dry.body);
    assert!(dry.body.contains("System Manager = admin"), "what is no secret stays: {}", dry.body);
    let header = format!("token {API_KEY}:{API_SECRET}");
    assert_eq!(app.script(&header).get("/api/v1/me").await.status, 401);
    assert_eq!(app.audited(AuditEvent::UserCreated).await.len(), 1, "ada alone");
    assert!(app.audited(AuditEvent::KeyImported).await.is_empty());

    let done = browser.done("/import", &sent).await;
    assert!(done.body.contains("records are new here") && !done.body.contains("Nothing was done"), "{}", done.body);
    assert!(!done.body.contains("checked"), "{}", done.body);
    let me = app.script(&header).get("/api/v1/me").await.json();
    assert_eq!((me["username"].as_str(), &me["roles"]), (Some("grace"), &serde_json::json!(["admin"])));
    let imported = app.audited(AuditEvent::KeyImported).await;
    assert_eq!(imported.len(), 2);
    for page in [&dry, &done] {
        assert!(!page.body.contains(API_SECRET) && !page.body.contains(CLIENT_SECRET) && !page.body.contains("d29fa4"));
    }

    let again = browser.done("/import", &sent).await;
    assert!(again.body.contains("Nothing is new") && again.body.contains("Here already"), "{}", again.body);
    assert_eq!(app.audited(AuditEvent::KeyImported).await.len(), 2);

    let path = format!("/users/{}", me["id"].as_str().unwrap());
    assert!(browser.get(&format!("{path}?tab=settings")).await.body.contains(">Legacy</span>"));
    let keys = browser.get("/api/v1/keys?legacy=true").await.json();
    let keys = keys["items"].as_array().unwrap();
    assert!(keys.len() == 2 && keys.iter().all(|key| key["legacy"] == true), "{keys:?}");
}

#[tokio::test]
async fn every_problem_is_named_and_nothing_is_done_before_all_is_right() {
    let (app, browser) = administered().await;
    let cases: [(&[(&str, &str)], &str); 5] = [
        (&[("dry_run", "yes")], "there is nothing to import"),
        (&[("users", "[{\"api_secret\": \"hunter22\"")], "This can&#39;t be read: it is not JSON: see line 1"),
        (&[("keys", "hunter22")], "This can&#39;t be read: it is neither JSON nor a table"),
        (&[("users", USERS), ("map_roles", "x = y\nSystem Manager")], "Line 2 has no equals sign."),
        (&[("users", USERS), ("map_roles", "x = a,b")], "The role"),
    ];
    for (fields, sentence) in cases {
        let answer = browser.submit("/import", fields).await;
        assert_eq!(answer.status, 422, "{fields:?}");
        assert!(answer.body.contains(sentence), "{sentence}: {}", answer.body);
        assert!(!answer.body.contains("hunter22") && !answer.body.contains(API_SECRET), "{}", answer.body);
    }

    let users = "email,api_key,api_secret\nx,k1,hunter22\ngood@example.org,,\ny,,\n";
    for dry_run in [&[][..], &[("dry_run", "yes")]] {
        let refused = browser.submit("/import", &[&[("users", users)], dry_run].concat()).await;
        assert_eq!(refused.status, 422);
        assert!(refused.body.contains("2 records cannot be brought here, so nothing was."), "{}", refused.body);
        assert!(refused.body.contains("line 2") && refused.body.contains("line 4"), "{}", refused.body);
        assert_eq!(refused.body.matches(">Refused</span>").count(), 2);
        assert!(!refused.body.contains("hunter22"), "{}", refused.body);
    }
    assert_eq!(app.audited(AuditEvent::UserCreated).await.len(), 1, "ada alone");

    let partly = browser.done("/import", &[("users", users), ("skip_refused", "yes")]).await;
    assert!(partly.body.contains("2 cannot be brought here") && partly.body.contains(">New</span>"), "{}", partly.body);
    assert_eq!(app.audited(AuditEvent::UserCreated).await.len(), 2);
}

#[tokio::test]
async fn what_is_too_large_for_a_form_goes_by_the_command_line() {
    let (_app, browser) = administered().await;
    let large = format!("email\n{}", "x\n".repeat(15_000));
    let taken = browser.submit("/import", &[("users", &large), ("dry_run", "yes")]).await;
    assert_eq!(taken.status, 422, "the whole form may be one export");
    for length in [70_000, 300_000] {
        let refused = browser.submit("/import", &[("users", &"x".repeat(length))]).await;
        assert_eq!(refused.status, 413);
        assert!(refused.body.contains("64 KiB from the page") && refused.body.contains("hallpass import"));
    }
}

#[tokio::test]
async fn only_administrators_come_here_and_only_by_the_form() {
    let (app, ada) = administered().await;
    app.person("bob", &[]).await;
    let bob = app.signed_in("bob", PASSWORD).await;
    assert_eq!(bob.get("/import").await.status, 403);
    assert_eq!(bob.submit("/import", &[("users", USERS)]).await.status, 403);
    assert_eq!(app.stranger().get("/import").await.header("location"), "/login?return_to=%2Fimport");
    assert_eq!(ada.post("/import", &[("users", USERS)]).await.status, 403, "without the token");
    assert_eq!(ada.post("/import", &[("users", USERS), ("csrf_token", "x")]).await.status, 403);
    let root = app.service("root", &["admin"]).await;
    let key = app.key(&root).await;
    assert_eq!(app.script(&key.token_header()).post("/import", &[("users", USERS)]).await.status, 403);
    assert!(app.audited(AuditEvent::KeyImported).await.is_empty());
}

#[tokio::test]
async fn rules_for_secret_scanners_are_linked_where_keys_are() {
    let (app, browser) = administered().await;
    let grace = app.service("grace", &[]).await;
    let key = app.key(&grace).await;
    let user = format!("/users/{}", grace.id);
    for page in ["/account".to_owned(), format!("{user}?tab=settings"), format!("{user}/keys/{}", key.id)] {
        let links = browser.get(&page).await.paths("/api/v1/scan-rules");
        assert_eq!(links.len(), 2, "{page}");
        for link in links {
            assert_eq!(app.stranger().get(&link).await.status, 200, "{link}");
        }
    }
}
