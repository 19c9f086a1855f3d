//! What is kept about a person, for that person: security events, a file with all of it, its end, and what they write down
//! about themselves.

use hallpass::model::audit::AuditEvent;
use hallpass::model::time::Lifetime;
use serde_json::Value;
use serde_json::json;

use crate::support::app::TestApp;
use crate::support::caller::Browser;
use crate::support::seed::PASSWORD;

async fn ada(app: &TestApp) -> Browser {
    let user = app.person("ada", &[]).await;
    app.describe_user(&user, "ada@example.org", "Ada Lovelace").await;
    app.signed_in("ada", PASSWORD).await
}

#[tokio::test]
async fn one_sees_what_happened_to_ones_account_and_nothing_of_anybody_elses() {
    let app = TestApp::start().await;
    app.role("bookkeeping").await;
    let browser = ada(&app).await;
    app.person("root", &["admin"]).await;
    let root = app.signed_in("root", PASSWORD).await;
    assert_eq!(app.browser().sign_in("ada", "not the password").await.status, 401);
    let id = app.write(|tx| tx.users().find_by_login("ada")).await.unwrap().id.to_string();
    root.done(
        &format!("/users/{id}"),
        &[("full_name", "Ada L."), ("email", "ada@example.org"), ("role", "bookkeeping")],
    )
    .await;
    browser.done("/account/keys", &[("name", "Nightly export")]).await;

    let page = browser.get("/account/events").await;
    assert_eq!(page.status, 200);
    for text in [
        "You signed in.",
        "Somebody tried to sign in with a wrong password.",
        "A role was given to you.",
        "by an administrator",
        "Your profile was changed.",
        "An API key was made.",
        "by you",
        "by whoever runs this server",
        "from 127.0.0.1",
    ] {
        assert!(page.body.contains(text), "{text}: {}", page.body);
    }
    assert!(!page.body.contains("root"), "which administrator it was is not said: {}", page.body);
    let own = root.get("/account/events").await.body;
    assert!(!own.contains("An API key was made.") && !own.contains("Your profile was changed."), "{own}");
}

/// Whoever comes as far as the second factor has the password.
#[tokio::test]
async fn one_learns_of_a_wrong_code_behind_the_right_password() {
    let app = TestApp::start().await;
    let browser = ada(&app).await;
    let (authenticator, _) = app.add_app(&browser).await;
    let sentence = "Somebody gave your password, and then a wrong code or passkey.";
    assert!(!browser.get("/account/events").await.body.contains(sentence));
    let thief = app.browser();
    assert_eq!(thief.sign_in("ada", PASSWORD).await.header("location"), "/login/second-factor");
    let wrong = authenticator.wrong_code(&app);
    assert_eq!(thief.second_step("/login/second-factor", &wrong).await.status, 401);
    let page = browser.get("/account/events").await;
    assert!(page.body.contains(sentence) && page.body.contains("from 127.0.0.1"), "{}", page.body);
    let german = browser.request(reqwest::Method::GET, "/account/events").header("accept-language", "de");
    let german = browser.send(german).await;
    assert!(german.body.contains("danach einen falschen Code oder Passkey"), "{}", german.body);
}

#[tokio::test]
async fn events_come_in_pages_newest_first() {
    let app = TestApp::start().await;
    let browser = ada(&app).await;
    for number in 0..55 {
        app.pass(Lifetime::from_seconds(1));
        browser.done("/account/profile", &[("full_name", &format!("Ada {number}"))]).await;
    }
    let first = browser.get("/account/events").await;
    assert_eq!(first.body.matches("Your profile was changed.").count(), 50);
    let next = first.paths("/account/events?after=");
    let last = browser.get(&next[0]).await;
    assert!(last.body.contains("You signed in.") && last.body.contains("Your account was made."), "{}", last.body);
    assert!(last.paths("/account/events?after=").is_empty());
    assert_eq!(browser.get("/account/events?after=x").await.status, 400);
}

#[tokio::test]
async fn the_file_has_all_that_is_kept_about_oneself_and_no_secret() {
    let app = TestApp::start().await;
    app.scope("invoices", &[]).await;
    let browser = ada(&app).await;
    app.person("bob", &[]).await;
    let bob = app.signed_in("bob", PASSWORD).await;
    bob.done("/account/keys", &[("name", "Bob's own")]).await;
    let client = app.web_client("invoices profile").await;
    let tokens = app.tokens(&browser, &client).await;
    let made = browser.done("/account/keys", &[("name", "Nightly export")]).await;

    let file = browser.get("/account/data").await;
    assert_eq!((file.status, file.header("content-type")), (200, "application/json"));
    assert_eq!(file.header("content-disposition"), "attachment; filename=\"hallpass-data-2026-11-24.json\"");
    let data = file.json();
    assert_eq!(data["user"]["username"], json!("ada"));
    assert_eq!(data["user"]["email"], json!("ada@example.org"));
    assert_eq!(data["applications"][0]["client_id"], json!(client.client_id));
    assert_eq!(data["api_keys"][0]["name"], json!("Nightly export"));
    assert_eq!(data["sessions"].as_array().map(Vec::len), Some(1));
    let events: Vec<&Value> = data["events"].as_array().unwrap().iter().map(|event| &event["event"]).collect();
    for event in ["login.succeeded", "grant.given", "key.created", "user.created"] {
        assert!(events.contains(&&json!(event)), "{event}: {events:?}");
    }
    assert_eq!(data["events_are_complete"], json!(true));
    assert_eq!(data["refused_requests"], json!([]), "nothing of hers was refused, and Bob's is his");
    let secret = made.by_id("api-secret");
    for word in [secret.as_str(), tokens["access_token"].as_str().unwrap(), "argon2", "hash", "hp_sk_", "hp_se_", "Bob"]
    {
        assert!(!file.body.contains(word), "{word}: {}", file.body);
    }
    assert_eq!(app.stranger().get("/account/data").await.status, 303);
}

#[tokio::test]
async fn the_file_has_the_requests_of_ones_own_that_were_refused() {
    let app = TestApp::start().await;
    let browser = ada(&app).await;
    app.person("bob", &[]).await;
    let bob = app.signed_in("bob", PASSWORD).await;
    assert_eq!(browser.get("/users").await.status, 403);
    assert_eq!(bob.get("/clients").await.status, 403);
    app.pass(Lifetime::from_seconds(1));
    assert_eq!(app.browser().sign_in("ada", "hunter2 hunter2").await.status, 401);
    let file = browser.get("/account/data").await;
    let data = file.json();
    let refused = data["refused_requests"].as_array().unwrap();
    let routes: Vec<&str> = refused.iter().map(|one| one["route"].as_str().unwrap()).collect();
    assert_eq!(routes, ["/login", "/users"], "newest first: {refused:?}");
    assert_eq!((&refused[0]["failed"], &refused[1]["status"]), (&json!("password_right"), &json!(403)));
    assert_eq!(data["refused_requests_are_complete"], json!(true));
    assert!(!file.body.contains("hunter2"), "{}", file.body);
}

#[tokio::test]
async fn one_deletes_ones_own_account_with_its_name_and_password() {
    let app = TestApp::start().await;
    let browser = ada(&app).await;
    let other = app.signed_in("ada", PASSWORD).await;
    let ada = app.write(|tx| tx.users().find_by_login("ada")).await.unwrap();
    let key = app.key(&ada).await;
    let page = browser.get("/account/delete").await;
    assert!(page.body.contains("This can&#39;t be undone."), "{}", page.body);
    for (username, password, why) in [
        ("", PASSWORD, "Type your user name"),
        ("bob", PASSWORD, "Type your user name"),
        ("ada", "", "Enter your current password."),
        ("ada", "not the password", "This is not your current password."),
    ] {
        let fields = [("username", username), ("current_password", password)];
        let refused = browser.submit("/account/delete", &fields).await;
        assert_eq!(refused.status, 422, "{username} {password}");
        assert!(refused.body.contains(why), "{why}: {}", refused.body);
    }
    let fields = [("username", "Ada"), ("current_password", PASSWORD)];
    let gone = browser.submit("/account/delete", &fields).await;
    assert_eq!((gone.status, gone.header("location")), (303, "/login?done=account-deleted"), "{}", gone.body);
    assert!(browser.cookie("hallpass_session").is_none());
    assert!(browser.get("/login?done=account-deleted").await.body.contains("Your account is deleted"));
    assert_eq!(other.get("/account").await.status, 303);
    assert_eq!(app.script(&key.token_header()).get("/api/v1/me").await.status, 401);
    assert_eq!(app.browser().sign_in("ada", PASSWORD).await.status, 401);
    let deleted = app.audited(AuditEvent::UserDeleted).await;
    assert!(deleted[0].actor.ends_with("(ada)"), "{deleted:?}");
}

#[tokio::test]
async fn the_last_administrator_stays_whatever_they_want() {
    let app = TestApp::start().await;
    app.person("root", &["admin"]).await;
    let root = app.signed_in("root", PASSWORD).await;
    let fields = [("username", "root"), ("current_password", PASSWORD)];
    let refused = root.submit("/account/delete", &fields).await;
    assert_eq!(refused.status, 409);
    assert!(refused.body.contains("You are the last administrator."), "{}", refused.body);
    app.person("second", &["admin"]).await;
    assert_eq!(root.submit("/account/delete", &fields).await.status, 303);
}

#[tokio::test]
async fn where_the_operator_says_so_nobody_deletes_their_own_account() {
    let app = TestApp::start_with("[users]\nself_deletion = false").await;
    let browser = ada(&app).await;
    assert!(!browser.get("/account").await.body.contains("/account/delete"));
    assert_eq!(browser.get("/account/delete").await.status, 403);
    let fields = [("username", "ada"), ("current_password", PASSWORD)];
    assert_eq!(browser.submit("/account/delete", &fields).await.status, 403);
    app.signed_in("ada", PASSWORD).await;
}

#[tokio::test]
async fn what_one_writes_down_about_oneself_is_what_applications_are_told() {
    let app = TestApp::start().await;
    let browser = ada(&app).await;
    let fields = [
        ("details", "yes"),
        ("full_name", "Ada Lovelace"),
        ("given_name", "Ada"),
        ("family_name", " Lovelace "),
        ("birthdate", "1815-12-10"),
        ("website", "https://ada.example/"),
        ("phone_number", "+44 20 7946 0000"),
        ("locality", "London"),
        ("country", "England"),
        // What is nobody's own to say.
        ("email_verified", "true"),
        ("phone_number_verified", "true"),
        ("roles", "admin"),
    ];
    let page = browser.done("/account/profile", &fields).await;
    assert!(page.body.contains("Your profile is saved."), "{}", page.body);
    assert_eq!((page.input("family_name").as_str(), page.input("country").as_str()), ("Lovelace", "England"));
    let told = browser.get("/oauth/userinfo").await.json();
    assert_eq!(told["given_name"], json!("Ada"));
    assert_eq!(told["birthdate"], json!("1815-12-10"));
    assert_eq!(told["address"], json!({ "locality": "London", "country": "England" }));
    assert_eq!(told["phone_number_verified"], json!(false));
    assert_eq!(told["email_verified"], json!(false));
    assert_eq!(told["roles"], json!([]));

    // The name alone, from the account page, leaves the rest; the whole form forgets what is empty in it.
    browser.done("/account/profile", &[("full_name", "Ada")]).await;
    assert_eq!(browser.get("/oauth/userinfo").await.json()["given_name"], json!("Ada"));
    browser.done("/account/profile", &[("details", "yes"), ("full_name", "Ada")]).await;
    let told = browser.get("/oauth/userinfo").await.json();
    assert!(told.get("given_name").is_none() && told.get("address").is_none(), "{told}");
}

#[tokio::test]
async fn what_is_no_such_thing_is_refused_at_its_field() {
    let app = TestApp::start().await;
    let browser = ada(&app).await;
    for (name, value, why) in [
        ("birthdate", "10.12.1815", "The birthdate must be"),
        ("website", "javascript:alert(1)", "The website must be a URL"),
        ("country", "Eng\u{7}land", "The country must have 1 to 500 characters"),
        ("full_name", "Ada\u{202e}", "The full name has a control character"),
    ] {
        let refused = browser.submit("/account/profile", &[("details", "yes"), (name, value)]).await;
        assert_eq!(refused.status, 422, "{name}");
        assert!(refused.body.contains(why), "{why}: {}", refused.body);
        assert!(refused.has_id(&format!("{name}-error")), "{name}: {}", refused.body);
    }
    assert!(app.audited(AuditEvent::UserChanged).await.len() == 1, "nothing of it was kept");
}
