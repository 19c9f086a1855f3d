//! `/users…`: people and service accounts, for administrators.

use hallpass::model::audit::AuditEvent;

use crate::support::app::TestApp;
use crate::support::caller::Browser;
use crate::support::seed::PASSWORD;

const NEW_PASSWORD: &str = "another battery staple";

/// A server with one administrator, ada, and her browser.
async fn administered() -> (TestApp, Browser) {
    let app = TestApp::start().await;
    app.person("ada", &["admin"]).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    (app, browser)
}

/// The path of the user that the page at `/users` links to by this name.
async fn path_of(browser: &Browser, name: &str) -> String {
    let list = browser.get("/users").await;
    let before = list.body.split(&format!(">{name}</a>")).next().unwrap();
    before.rsplit("href=\"").next().unwrap().split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn an_administrator_makes_a_person_who_can_sign_in() {
    let (app, browser) = administered().await;
    app.role("bookkeeping").await;
    let fields = [
        ("username", "grace"),
        ("full_name", "Grace Hopper"),
        ("email", "grace@example.org"),
        ("password", NEW_PASSWORD),
        ("role", "bookkeeping"),
    ];
    let page = browser.done("/users/new", &fields).await;
    assert!(page.body.contains("The user is created."), "{}", page.body);
    assert!(page.body.contains("Grace Hopper"));
    for login in ["grace", "Grace@Example.org"] {
        let grace = app.signed_in(login, NEW_PASSWORD).await;
        assert_eq!(grace.get("/users").await.status, 403);
        assert!(grace.get("/account").await.body.contains("bookkeeping"));
    }
    let list = browser.get("/users").await;
    assert!(list.body.contains("grace@example.org") && list.body.contains("Grace Hopper"), "{}", list.body);
}

#[tokio::test]
async fn an_administrator_makes_a_service_account_that_acts_by_keys_alone() {
    let (app, browser) = administered().await;
    let page = browser.done("/users/new", &[("username", "nightly"), ("service", "yes"), ("role", "admin")]).await;
    assert!(page.body.contains("Service account"), "{}", page.body);
    let path = path_of(&browser, "nightly").await;
    let settings = browser.get(&format!("{path}?tab=settings")).await;
    assert!(!settings.body.contains("new_password"), "{}", settings.body);

    let made = browser.done(&format!("{path}/keys"), &[]).await;
    let header = format!("token {}:{}", made.by_id("api-key"), made.by_id("api-secret"));
    let me = app.script(&header).get("/api/v1/me").await.json();
    assert_eq!((me["username"].as_str(), &me["roles"]), (Some("nightly"), &serde_json::json!(["admin"])));
    assert_eq!(app.browser().sign_in("nightly", "").await.status, 422);
    assert_eq!(app.browser().sign_in("nightly", PASSWORD).await.status, 401);
    let refused = browser.submit(&format!("{path}/password"), &[("new_password", NEW_PASSWORD)]).await;
    assert_eq!(refused.status, 422);
}

#[tokio::test]
async fn a_user_who_cannot_be_is_refused_with_all_that_was_typed_but_the_password() {
    let (app, browser) = administered().await;
    browser.done("/users/new", &[("username", "grace"), ("email", "g@example.org"), ("password", NEW_PASSWORD)]).await;
    let good = ("password", NEW_PASSWORD);
    let cases: [(&[(&str, &str)], &str); 10] = [
        (&[good], "The user name is empty."),
        (&[("username", "GRACE"), good], "The user name is taken."),
        (&[("username", "b@b"), good], "The user name has a character that is not allowed"),
        (&[("username", "bob"), ("email", "G@example.org"), good], "The e-mail address belongs to another user."),
        (&[("username", "bob"), ("email", "bob"), good], "The e-mail address is not an e-mail address"),
        (&[("username", "bob"), ("full_name", "a\u{202e}"), good], "The full name has a control character"),
        (&[("username", "bob")], "Enter a password, or make it a service account."),
        (&[("username", "bob"), ("password", "short")], "The password has fewer than 8 characters"),
        (&[("username", "bob"), ("service", "yes"), good], "A service account has no password"),
        (&[("username", "bob"), ("role", "root"), good], "There is no role root"),
    ];
    for (fields, sentence) in cases {
        let answer = browser.submit("/users/new", fields).await;
        assert_eq!(answer.status, 422, "{fields:?}");
        assert!(answer.body.contains(sentence), "{sentence}: {}", answer.body);
        assert!(!answer.body.contains(NEW_PASSWORD));
        for (name, value) in fields.iter().filter(|(name, _)| ["username", "email", "full_name"].contains(name)) {
            assert_eq!(answer.input(name), *value);
        }
    }
    assert_eq!(app.audited(AuditEvent::UserCreated).await.len(), 2);
}

#[tokio::test]
async fn details_and_roles_are_kept_together_or_not_at_all() {
    let (app, browser) = administered().await;
    for role in ["bookkeeping", "Accounts Manager"] {
        app.role(role).await;
    }
    let grace = app.person("grace", &["bookkeeping"]).await;
    app.person("bob", &[]).await;
    let bob = path_of(&browser, "bob").await;
    browser.done(&bob, &[("email", "bob@example.org")]).await;
    let path = format!("/users/{}", grace.id);
    let key = app.key(&grace).await;

    let fields = [("full_name", "Grace Hopper"), ("email", "grace@example.org"), ("role", "Accounts Manager")];
    let page = browser.done(&path, &fields).await;
    assert!(page.body.contains("The changes are saved."), "{}", page.body);
    assert_eq!((page.input("full_name"), page.input("email")), ("Grace Hopper".into(), "grace@example.org".into()));
    let me = app.script(&key.token_header()).get("/api/v1/me").await.json();
    assert_eq!(me["roles"], serde_json::json!(["Accounts Manager"]));
    assert_eq!(
        (app.audited(AuditEvent::RoleGranted).await.len(), app.audited(AuditEvent::RoleRevoked).await.len()),
        (1, 1)
    );

    // The address is another's: the roles stay as well.
    let answer = browser.submit(&path, &[("full_name", "G"), ("email", "BOB@example.org"), ("role", "admin")]).await;
    assert_eq!(answer.status, 422);
    assert!(answer.body.contains("The e-mail address belongs to another user."), "{}", answer.body);
    assert_eq!(answer.input("full_name"), "G");
    let unknown = browser.submit(&path, &[("role", "admin"), ("role", "root")]).await;
    assert_eq!(unknown.status, 422);
    let me = app.script(&key.token_header()).get("/api/v1/me").await.json();
    assert_eq!(me["roles"], serde_json::json!(["Accounts Manager"]));
    assert_eq!(me["full_name"], "Grace Hopper");
}

#[tokio::test]
async fn a_demoted_administrator_is_one_no_more_from_the_next_request_on() {
    let (app, browser) = administered().await;
    let grace = app.person("grace", &["admin"]).await;
    let other = app.signed_in("grace", PASSWORD).await;
    assert_eq!(other.get("/users").await.status, 200);
    browser.done(&format!("/users/{}", grace.id), &[]).await;
    assert_eq!(other.get("/users").await.status, 403);

    // Whoever demotes themselves arrives where they still may be.
    browser.done(&format!("/users/{}", grace.id), &[("role", "admin")]).await;
    let ada = path_of(&browser, "ada").await;
    let page = browser.done(&ada, &[]).await;
    assert!(page.body.contains("Your account") && page.body.contains("The changes are saved."), "{}", page.body);
    assert_eq!(browser.get("/users").await.status, 403);
}

#[tokio::test]
async fn the_last_administrator_stays() {
    let (app, browser) = administered().await;
    app.service("robot", &[]).await;
    let ada = path_of(&browser, "ada").await;
    let sentence = "This is the last enabled administrator; make another one first.";
    for path in [ada.clone(), format!("{ada}/disable"), format!("{ada}/delete")] {
        let answer = browser.submit(&path, &[("full_name", "A")]).await;
        assert_eq!(answer.status, 409, "{path}");
        assert!(answer.body.contains(sentence), "{path}: {}", answer.body);
        assert!(answer.body.contains("<form"), "{path} comes with its page");
    }
    assert_eq!(browser.get("/users").await.status, 200);
    assert_eq!(app.audited(AuditEvent::UserChanged).await.len(), 0, "nothing of it was done");

    // With a second one each of them works.
    let grace = app.person("grace", &["admin"]).await;
    browser.done(&format!("/users/{}/disable", grace.id), &[]).await;
    assert_eq!(browser.submit(&format!("{ada}/delete"), &[]).await.status, 409, "a disabled one does not count");
    browser.done(&format!("/users/{}/enable", grace.id), &[]).await;
    assert_eq!(browser.submit(&format!("{ada}/delete"), &[]).await.status, 303);
    assert_eq!(browser.get("/users").await.status, 303);
}

#[tokio::test]
async fn a_disabled_user_is_shut_out_until_enabled_again() {
    let (app, browser) = administered().await;
    let grace = app.person("grace", &[]).await;
    let key = app.key(&grace).await;
    let other = app.signed_in("grace", PASSWORD).await;
    let path = format!("/users/{}", grace.id);
    assert!(browser.get(&format!("{path}/disable")).await.body.contains("Disable the user grace?"));
    assert_eq!(other.get("/account").await.status, 200, "asking changes nothing");

    let page = browser.done(&format!("{path}/disable"), &[]).await;
    assert!(page.body.contains("The user is disabled."), "{}", page.body);
    assert_eq!(other.get("/account").await.status, 303);
    assert_eq!(app.script(&key.token_header()).get("/api/v1/me").await.status, 401);
    assert_eq!(app.browser().sign_in("grace", PASSWORD).await.status, 401);

    browser.done(&format!("{path}/enable"), &[]).await;
    assert_eq!(app.script(&key.token_header()).get("/api/v1/me").await.status, 200);
    app.signed_in("grace", PASSWORD).await;
}

#[tokio::test]
async fn a_deleted_user_is_gone_with_all_that_was_theirs() {
    let (app, browser) = administered().await;
    let grace = app.person("grace", &[]).await;
    let key = app.key(&grace).await;
    let path = format!("/users/{}", grace.id);
    assert!(browser.get(&format!("{path}/delete")).await.body.contains("Delete the user grace?"));
    assert_eq!(browser.get(&path).await.status, 200, "asking changes nothing");

    let page = browser.done(&format!("{path}/delete"), &[]).await;
    assert!(page.body.contains("The user is deleted.") && !page.body.contains("grace"), "{}", page.body);
    assert_eq!(browser.get(&path).await.status, 404);
    assert_eq!(app.script(&key.token_header()).get("/api/v1/me").await.status, 401);
    assert_eq!(app.audited(AuditEvent::UserDeleted).await.len(), 1);
}

#[tokio::test]
async fn an_administrator_sets_a_password_and_ends_what_the_old_one_let_in() {
    let (app, browser) = administered().await;
    let grace = app.person("grace", &[]).await;
    let other = app.signed_in("grace", PASSWORD).await;
    let path = format!("/users/{}/password", grace.id);
    for bad in ["", "short", "password123"] {
        let refused = browser.submit(&path, &[("new_password", bad)]).await;
        assert_eq!(refused.status, 422, "{bad}");
        assert!(refused.body.contains("API Access"), "it comes with its tab");
    }
    let page = browser.done(&path, &[("new_password", NEW_PASSWORD)]).await;
    assert!(page.body.contains("The password is set."), "{}", page.body);
    assert_eq!(other.get("/account").await.status, 303);
    assert_eq!(app.browser().sign_in("grace", PASSWORD).await.status, 401);
    app.signed_in("grace", NEW_PASSWORD).await;
}

#[tokio::test]
async fn an_administrator_changes_their_own_password_where_the_current_one_is_asked_for() {
    let (app, browser) = administered().await;
    let ada = path_of(&browser, "ada").await;
    let refused = browser.submit(&format!("{ada}/password"), &[("new_password", NEW_PASSWORD)]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("This is you"), "{}", refused.body);
    app.signed_in("ada", PASSWORD).await;
}

#[tokio::test]
async fn generate_keys_makes_a_key_that_acts_as_the_user_and_the_log_has_who_made_it() {
    let (app, browser) = administered().await;
    let grace = app.person("grace", &[]).await;
    let settings = format!("/users/{}?tab=settings", grace.id);
    let page = browser.get(&settings).await;
    assert!(page.body.contains("API Access") && page.body.contains("Generate Keys"), "{}", page.body);

    let made = browser.done(&format!("/users/{}/keys", grace.id), &[("name", "Payroll")]).await;
    let (api_key, api_secret) = (made.by_id("api-key"), made.by_id("api-secret"));
    let me = app.script(&format!("token {api_key}:{api_secret}")).get("/api/v1/me").await.json();
    assert_eq!((me["username"].as_str(), &me["roles"]), (Some("grace"), &serde_json::json!([])));
    let audit = app.audited(AuditEvent::KeyCreated).await;
    let entry = &audit[0];
    assert!(entry.actor.ends_with("(ada)") && entry.details.contains(&grace.id.to_string()), "{entry:?}");
    assert!(!entry.details.contains(&api_secret));

    let again = browser.get(&settings).await;
    assert!(again.body.contains("Payroll") && !again.body.contains(&api_secret), "{}", again.body);
    // It stands on grace's own page as well.
    assert!(app.signed_in("grace", PASSWORD).await.get("/account").await.body.contains("Payroll"));
}

#[tokio::test]
async fn a_users_keys_are_rotated_and_revoked_under_that_user_alone() {
    let (app, browser) = administered().await;
    let (grace, bob) = (app.person("grace", &[]).await, app.person("bob", &[]).await);
    let key = app.key(&grace).await;
    for deed in ["rotate", "revoke"] {
        let foreign = format!("/users/{}/keys/{}/{deed}", bob.id, key.id);
        assert_eq!(browser.get(&foreign).await.status, 404);
        assert_eq!(browser.submit(&foreign, &[]).await.status, 404);
    }
    assert_eq!(app.script(&key.token_header()).get("/api/v1/me").await.status, 200);

    let path = format!("/users/{}/keys/{}", grace.id, key.id);
    assert!(browser.get(&format!("{path}/rotate")).await.body.contains("Replace the secret of test?"));
    let rotated = browser.done(&format!("{path}/rotate"), &[]).await;
    assert_eq!(rotated.by_id("api-key"), key.api_key);
    assert_eq!(app.script(&key.token_header()).get("/api/v1/me").await.status, 401);
    let header = format!("token {}:{}", key.api_key, rotated.by_id("api-secret"));
    assert_eq!(app.script(&header).get("/api/v1/me").await.status, 200);

    assert!(browser.get(&format!("{path}/revoke")).await.body.contains("Revoke the API key test?"));
    let page = browser.done(&format!("{path}/revoke"), &[]).await;
    assert!(page.body.contains("No API keys yet."), "{}", page.body);
    assert_eq!(app.script(&header).get("/api/v1/me").await.status, 401);
}

#[tokio::test]
async fn a_long_list_of_users_has_50_on_a_page() {
    let (app, browser) = administered().await;
    for number in 0..101 {
        app.service(&format!("svc-{number:03}"), &[]).await;
    }
    let first = browser.get("/users").await;
    let users = |page: &crate::support::caller::Answer| page.paths("/users/user_").len();
    assert_eq!(users(&first), 50);
    let next = first.paths("/users?after=");
    let second = browser.get(&next[0]).await;
    assert_eq!(users(&second), 50);
    let third = browser.get(&second.paths("/users?after=")[0]).await;
    assert_eq!(users(&third), 2);
    assert!(third.paths("/users?after=").is_empty() && third.body.contains("First page"), "{}", third.body);
    for bad in ["/users?after=x", "/users?after=client_0", "/users?after=%ff"] {
        assert_eq!(browser.get(bad).await.status, 400, "{bad}");
    }
}
