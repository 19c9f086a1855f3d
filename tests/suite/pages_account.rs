//! `/account`: one's own profile, password, sessions, applications and API keys.

use hallpass::model::audit::AuditEvent;
use hallpass::model::time::Lifetime;

use crate::support::app::TestApp;
use crate::support::caller::Answer;
use crate::support::caller::Browser;
use crate::support::seed::PASSWORD;

const NEW_PASSWORD: &str = "another battery staple";

/// A 404 without the request's id: what must look the same for "not yours" and "not there".
fn not_found(answer: &Answer) -> String {
    assert_eq!(answer.status, 404, "{}", answer.body);
    answer.body.replace(answer.header("x-request-id"), "")
}

async fn ada(app: &TestApp) -> Browser {
    app.person("ada", &[]).await;
    app.signed_in("ada", PASSWORD).await
}

#[tokio::test]
async fn one_sees_all_that_belongs_to_ones_account() {
    let app = TestApp::start().await;
    app.role("bookkeeping").await;
    app.person("ada", &["bookkeeping"]).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    app.scope("invoices", &[]).await;
    let client = app.web_client("invoices profile").await;
    app.tokens(&browser, &client).await;
    browser.done("/account/keys", &[("name", "Nightly export")]).await;

    let page = browser.get("/account").await;
    assert_eq!(page.status, 200);
    for text in ["ada", "bookkeeping", "This browser", "Ledger", "Use invoices", "Nightly export"] {
        assert!(page.body.contains(text), "{text}: {}", page.body);
    }
    assert!(!page.body.contains("hp_sk_"), "{}", page.body);
}

#[tokio::test]
async fn a_full_name_is_kept_without_spaces_around_it_and_may_be_empty() {
    let app = TestApp::start().await;
    let browser = ada(&app).await;
    let page = browser.done("/account/profile", &[("full_name", " Ada Lovelace ")]).await;
    assert_eq!(page.input("full_name"), "Ada Lovelace");
    assert!(page.body.contains("Your profile is saved."), "{}", page.body);
    assert!(page.body.contains("<span title=\"Ada Lovelace\">"), "{}", page.body);

    let refused = browser.submit("/account/profile", &[("full_name", "Ada\u{202e}")]).await;
    assert_eq!(refused.status, 422);
    assert_eq!(refused.input("full_name"), "Ada\u{202e}");
    assert!(refused.body.contains("The full name has a control character"), "{}", refused.body);

    assert_eq!(browser.done("/account/profile", &[]).await.input("full_name"), "");
    assert_eq!(app.audited(AuditEvent::UserChanged).await.len(), 2);
}

#[tokio::test]
async fn a_profile_takes_no_roles_and_no_address() {
    let app = TestApp::start().await;
    let browser = ada(&app).await;
    let fields = [("full_name", "Ada"), ("role", "admin"), ("email", "root@example.org"), ("is_admin", "yes")];
    browser.done("/account/profile", &fields).await;
    assert_eq!(browser.get("/users").await.status, 403);
    assert!(!browser.get("/account").await.body.contains("root@example.org"));
}

#[tokio::test]
async fn a_new_password_ends_all_that_the_old_one_let_in_but_this_session() {
    let app = TestApp::start().await;
    let user = app.person("ada", &[]).await;
    let key = app.key(&user).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let other = app.signed_in("ada", PASSWORD).await;
    let client = app.web_client("profile").await;
    let tokens = app.tokens(&browser, &client).await;
    let code = app.code(&browser, &client).await;

    let fields = [("current_password", PASSWORD), ("new_password", NEW_PASSWORD)];
    let page = browser.done("/account/password", &fields).await;
    assert!(page.body.contains("Your password is changed. Your other sessions have ended."), "{}", page.body);

    assert_eq!(other.get("/account").await.status, 303);
    assert_eq!(app.redeem(&client, &code).await.text("error"), "invalid_grant");
    let refreshed = app.refresh(&client, tokens["refresh_token"].as_str().unwrap()).await;
    assert_eq!(refreshed.text("error"), "invalid_grant");
    assert_eq!(app.me_status(tokens["access_token"].as_str().unwrap()).await, 401);
    assert_eq!(app.script(&key.token_header()).get("/api/v1/me").await.status, 200, "keys do not come from it");

    assert_eq!(app.browser().sign_in("ada", PASSWORD).await.status, 401);
    app.signed_in("ada", NEW_PASSWORD).await;
    assert_eq!(app.audited(AuditEvent::PasswordChanged).await.len(), 1);
}

#[tokio::test]
async fn a_password_is_changed_by_whoever_knows_the_current_one_alone() {
    let app = TestApp::start().await;
    let browser = ada(&app).await;
    let refusals = [
        ("", NEW_PASSWORD, "Enter your current password."),
        ("not the password", NEW_PASSWORD, "This is not your current password."),
        (PASSWORD, "", "The new password has fewer than 8 characters"),
        (PASSWORD, "seven77", "The new password has fewer than 8 characters"),
        (PASSWORD, "password123", "The new password is one of those that are guessed first"),
    ];
    for (current, new, sentence) in refusals {
        let fields = [("current_password", current), ("new_password", new)];
        let answer = browser.submit("/account/password", &fields).await;
        assert_eq!(answer.status, 422, "{current} {new}");
        assert!(answer.body.contains(sentence), "{sentence}: {}", answer.body);
        assert!(new.is_empty() || !answer.body.contains(new), "{}", answer.body);
        assert!(!answer.body.contains("not the password"), "{}", answer.body);
    }
    app.signed_in("ada", PASSWORD).await;
}

#[tokio::test]
async fn wrong_current_passwords_count_like_those_of_sign_in() {
    let app = TestApp::start().await;
    let browser = ada(&app).await;
    let wrong = [("current_password", "not the password"), ("new_password", NEW_PASSWORD)];
    for _ in 0..10 {
        assert_eq!(browser.submit("/account/password", &wrong).await.status, 422);
    }
    let right = [("current_password", PASSWORD), ("new_password", NEW_PASSWORD)];
    let limited = browser.submit("/account/password", &right).await;
    assert_eq!(limited.status, 429, "{}", limited.body);
    assert!(limited.header("retry-after").parse::<u32>().unwrap() > 0);
    browser.forget("hallpass_session");
    assert_eq!(browser.sign_in("ada", PASSWORD).await.status, 429, "one count over both ways in");
    app.pass(Lifetime::from_seconds(901));
    assert_eq!(browser.sign_in("ada", PASSWORD).await.status, 303);
}

#[tokio::test]
async fn a_session_is_ended_by_its_owner_alone() {
    let app = TestApp::start().await;
    let browser = ada(&app).await;
    let other = app.signed_in("ada", PASSWORD).await;
    app.person("bob", &[]).await;
    let bob = app.signed_in("bob", PASSWORD).await;

    let ends = browser.get("/account").await.paths("/account/sessions/session_");
    let [end] = ends.as_slice() else { panic!("{ends:?}") };
    let not_his = not_found(&bob.submit(end, &[]).await);
    let unknown = format!("/account/sessions/session_{}/end", "0".repeat(32));
    assert_eq!(not_his, not_found(&bob.submit(&unknown, &[]).await));
    assert_eq!(not_his, not_found(&bob.submit("/account/sessions/x/end", &[]).await));
    assert_eq!(other.get("/account").await.status, 200);

    assert!(browser.done(end, &[]).await.body.contains("The session has ended."));
    assert_eq!(other.get("/account").await.status, 303);
    not_found(&browser.submit(end, &[]).await);
}

#[tokio::test]
async fn ending_the_other_sessions_keeps_the_one_that_asks() {
    let app = TestApp::start().await;
    let browser = ada(&app).await;
    app.person("bob", &[]).await;
    let (second, third) = (app.signed_in("ada", PASSWORD).await, app.signed_in("ada", PASSWORD).await);
    let bob = app.signed_in("bob", PASSWORD).await;
    app.scope("read", &[]).await;
    let client = app.web_client("read").await;
    let tokens = app.tokens(&second, &client).await;
    let page = browser.done("/account/sessions/end-others", &[]).await;
    assert!(page.body.contains("All your other sessions have ended"));
    // RFC 9700 §4.14.2: nor does any application go on with what it holds.
    assert_eq!(app.me_status(tokens["access_token"].as_str().unwrap()).await, 401);
    app.refresh(&client, tokens["refresh_token"].as_str().unwrap()).await.refused(400, "invalid_grant");
    assert!(page.paths("/account/sessions/").is_empty(), "{}", page.body);
    for (session, status) in [(second, 303), (third, 303), (bob, 200)] {
        assert_eq!(session.get("/account").await.status, status);
    }
}

#[tokio::test]
async fn an_application_that_is_cut_off_loses_all_at_once() {
    let app = TestApp::start().await;
    let browser = ada(&app).await;
    app.person("bob", &[]).await;
    let bob = app.signed_in("bob", PASSWORD).await;
    let client = app.web_client("profile").await;
    let tokens = app.tokens(&browser, &client).await;
    let bobs = app.tokens(&bob, &client).await;

    let cut_offs = browser.get("/account").await.paths("/account/applications/");
    let [cut_off] = cut_offs.as_slice() else { panic!("{cut_offs:?}") };
    let not_his = not_found(&bob.submit(cut_off, &[]).await);
    let unknown = format!("/account/applications/grant_{}/cut-off", "0".repeat(32));
    assert_eq!(not_his, not_found(&bob.submit(&unknown, &[]).await));
    assert_eq!(app.me_status(tokens["access_token"].as_str().unwrap()).await, 200);

    let page = browser.done(cut_off, &[]).await;
    assert!(page.body.contains("No application has access to your account."), "{}", page.body);
    assert_eq!(app.me_status(tokens["access_token"].as_str().unwrap()).await, 401);
    let refreshed = app.refresh(&client, tokens["refresh_token"].as_str().unwrap()).await;
    assert_eq!(refreshed.text("error"), "invalid_grant");
    assert_eq!(app.me_status(bobs["access_token"].as_str().unwrap()).await, 200);
    let asked = browser.get(&client.authorize_path(&[])).await;
    assert!(asked.find_input("decision").is_some() || asked.body.contains("name=\"decision\""), "{}", asked.body);
}

#[tokio::test]
async fn generate_keys_shows_a_pair_once_and_it_works() {
    let app = TestApp::start().await;
    let browser = ada(&app).await;
    let page = browser.done("/account/keys", &[]).await;
    let (api_key, api_secret) = (page.by_id("api-key"), page.by_id("api-secret"));
    let line = page.by_id("curl-line");
    assert!(line.contains(&format!("Authorization: token {api_key}:{api_secret}")), "{line}");
    assert!(line.contains(&format!("{}/api/method/frappe.auth.get_logged_user", app.url)), "{line}");
    assert!(page.body.contains("Key of 24 Nov 2026, 09:30 UTC"), "{}", page.body);

    let me = app.script(&format!("token {api_key}:{api_secret}")).get("/api/v1/me").await.json();
    assert_eq!((me["username"].as_str(), me["full_access"].as_bool()), (Some("ada"), Some(true)));

    let again = browser.get("/account").await;
    assert!(again.body.contains(&api_key), "{}", again.body);
    assert!(!again.body.contains(&api_secret) && !again.has_id("api-secret"), "{}", again.body);
}

#[tokio::test]
async fn a_key_has_what_was_asked_for_and_nothing_more() {
    let app = TestApp::start().await;
    let browser = ada(&app).await;
    app.scope("invoices", &[]).await;
    let cases: [&[(&str, &str)]; 3] = [
        &[("rights", "scopes"), ("scope", "invoices"), ("scope", "profile"), ("name", "Reports")],
        &[("rights", "scopes"), ("scope", "invoices profile")],
        // Scopes without a word about rights: never more than these.
        &[("scope", "profile"), ("scope", "invoices")],
    ];
    for fields in cases {
        let page = browser.done("/account/keys", fields).await;
        let header = format!("token {}:{}", page.by_id("api-key"), page.by_id("api-secret"));
        let me = app.script(&header).get("/api/v1/me").await.json();
        assert_eq!(me["full_access"], false, "{fields:?}");
        assert_eq!(me["scopes"], serde_json::json!(["invoices", "profile"]), "{fields:?}");
    }
}

#[tokio::test]
async fn a_key_form_that_makes_no_sense_is_refused_and_makes_nothing() {
    let app = TestApp::start().await;
    let browser = ada(&app).await;
    app.scope("payroll", &["admin"]).await;
    let cases: [(&[(&str, &str)], &str); 8] = [
        (&[("rights", "scopes")], "Choose at least one scope, or full access."),
        (&[("rights", "full_access"), ("scope", "profile")], "exclude each other"),
        (&[("rights", "everything")], "Rights are full_access or scopes."),
        (&[("scope", "nothing")], "There is no scope nothing that this key could have."),
        // Those on other people's records, and those bound to roles that the person lacks.
        (&[("scope", "users:write")], "There is no scope users:write that this key could have."),
        (&[("scope", "payroll")], "There is no scope payroll that this key could have."),
        (&[("expires_in", "1s")], "Choose one of the times that are offered."),
        (&[("name", "a\u{200b}b")], "The name has a control character"),
    ];
    for (fields, sentence) in cases {
        let answer = browser.submit("/account/keys", fields).await;
        assert_eq!(answer.status, 422, "{fields:?}");
        assert!(answer.body.contains(sentence), "{sentence}: {}", answer.body);
        assert!(!answer.has_id("api-secret"));
    }
    assert!(browser.get("/account").await.body.contains("No API keys yet."));
    assert_eq!(app.audited(AuditEvent::KeyCreated).await.len(), 0);
}

#[tokio::test]
async fn a_key_ends_when_it_was_to_end() {
    let app = TestApp::start().await;
    let browser = ada(&app).await;
    let page = browser.done("/account/keys", &[("expires_in", "7d"), ("name", "For a week")]).await;
    let header = format!("token {}:{}", page.by_id("api-key"), page.by_id("api-secret"));
    app.pass(Lifetime::from_seconds(7 * 86_400 - 1));
    assert_eq!(app.script(&header).get("/api/v1/me").await.status, 200);
    app.pass(Lifetime::from_seconds(1));
    assert_eq!(app.script(&header).get("/api/v1/me").await.status, 401);
    let browser = app.signed_in("ada", PASSWORD).await;
    let page = browser.get("/account").await;
    assert!(page.body.contains("<span class=\"badge\">Expired</span>"), "{}", page.body);
    assert!(!page.paths("/account/keys/").iter().any(|path| path.ends_with("/rotate")));
}

#[tokio::test]
async fn a_person_has_100_keys_at_most() {
    let app = TestApp::start().await;
    let user = app.person("ada", &[]).await;
    for _ in 0..100 {
        app.key(&user).await;
    }
    let browser = app.signed_in("ada", PASSWORD).await;
    let answer = browser.submit("/account/keys", &[("name", "One more")]).await;
    assert_eq!(answer.status, 422);
    assert!(
        answer.body.contains("The user has 100 API keys already, which is as many as there may be; revoke one first."),
        "{}",
        answer.body
    );
}

#[tokio::test]
async fn rotating_asks_first_and_replaces_the_secret_alone() {
    let app = TestApp::start().await;
    let user = app.person("ada", &[]).await;
    let key = app.key(&user).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let path = format!("/account/keys/{}/rotate", key.id);
    let asked = browser.get(&path).await;
    assert!(asked.body.contains("Replace the secret of test?"), "{}", asked.body);
    assert_eq!(app.script(&key.token_header()).get("/api/v1/me").await.status, 200, "asking changes nothing");

    let page = browser.done(&path, &[]).await;
    assert_eq!(page.by_id("api-key"), key.api_key);
    let secret = page.by_id("api-secret");
    assert_ne!(secret, key.api_secret);
    assert_eq!(app.script(&key.token_header()).get("/api/v1/me").await.status, 401);
    let header = format!("token {}:{secret}", key.api_key);
    assert_eq!(app.script(&header).get("/api/v1/me").await.status, 200);
    assert!(!browser.get("/account").await.body.contains(&secret));
    assert_eq!(app.audited(AuditEvent::KeyRotated).await.len(), 1);
}

#[tokio::test]
async fn revoking_asks_first_and_ends_a_key_for_good() {
    let app = TestApp::start().await;
    let user = app.person("ada", &[]).await;
    let key = app.key(&user).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let path = format!("/account/keys/{}/revoke", key.id);
    assert!(browser.get(&path).await.body.contains("Revoke the API key test?"));
    assert_eq!(app.script(&key.token_header()).get("/api/v1/me").await.status, 200, "asking changes nothing");

    let page = browser.done(&path, &[]).await;
    assert!(page.body.contains("The API key is revoked.") && page.body.contains("No API keys yet."), "{}", page.body);
    assert_eq!(app.script(&key.token_header()).get("/api/v1/me").await.status, 401);
    not_found(&browser.submit(&path, &[]).await);
    not_found(&browser.submit(&format!("/account/keys/{}/rotate", key.id), &[]).await);
}

#[tokio::test]
async fn somebody_elses_key_is_as_good_as_none() {
    let app = TestApp::start().await;
    let user = app.person("ada", &["admin"]).await;
    let key = app.key(&user).await;
    app.person("bob", &["admin"]).await;
    let bob = app.signed_in("bob", PASSWORD).await;
    let mut bodies = Vec::new();
    for id in [key.id.as_str(), &format!("key_{}", "0".repeat(32)), key.api_key.as_str()] {
        for deed in ["rotate", "revoke"] {
            let path = format!("/account/keys/{id}/{deed}");
            bodies.push(not_found(&bob.get(&path).await));
            bodies.push(not_found(&bob.submit(&path, &[]).await));
        }
    }
    bodies.dedup();
    assert_eq!(bodies.len(), 1, "{bodies:?}");
    assert_eq!(app.script(&key.token_header()).get("/api/v1/me").await.status, 200);
}

#[tokio::test]
async fn a_session_says_in_words_where_it_is() {
    let app = TestApp::start().await;
    app.person("ada", &[]).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    app.signed_in("ada", PASSWORD).await;
    let page = browser.get("/account").await;
    for expected in ["127.0.0.1 (on the server itself)", "127.0.0.1 (where you are now)"] {
        assert_eq!(page.body.matches(expected).count(), 1, "{expected}: {}", page.body);
    }
}
