//! Which credentials open Frappe's surface (docs/FRAPPE.md, B). The resolver is everybody's; `principal.rs` has all
//! forms of the header.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use crate::support::app::TestApp;
use crate::support::caller::Answer;
use crate::support::seed::PASSWORD;

const LOGGED_USER: &str = "/api/method/frappe.auth.get_logged_user";

#[track_caller]
fn is_refused(answer: &Answer, what: &str) {
    assert_eq!((answer.status, &*answer.body), (401, r#"{"exc_type":"AuthenticationError"}"#), "{what}");
}

/// B: `token`, `Basic` and `Bearer`, whatever the case of the word.
#[tokio::test]
async fn each_form_of_the_header_is_its_user() {
    let app = TestApp::start().await;
    let ada = app.person("ada", &[]).await;
    app.describe_user(&ada, "ada@example.com", "Ada").await;
    let key = app.key(&ada).await;
    app.scope("read", &[]).await;
    let client = app.web_client("read").await;
    let tokens = app.tokens(&app.signed_in("ada", PASSWORD).await, &client).await;
    let access_token = tokens["access_token"].as_str().unwrap();
    for header in [
        key.token_header(),
        key.token_header().replacen("token", "TOKEN", 1),
        key.basic_header(),
        key.basic_header().replacen("Basic", "basic", 1),
        format!("Bearer {access_token}"),
        format!("bearer {access_token}"),
    ] {
        assert_eq!(app.script(&header).get(LOGGED_USER).await.json(), json!({ "message": "ada@example.com" }));
    }
}

/// B: one answer for all that is wrong, stricter than Frappe for what it takes for a guest or for another error.
#[tokio::test]
async fn all_that_is_wrong_is_one_answer() {
    let app = TestApp::start().await;
    let (ada, gone) = (app.person("ada", &[]).await, app.person("gone", &[]).await);
    let (key, other, ended) = (app.key(&ada).await, app.key(&ada).await, app.key(&gone).await);
    app.set_user_enabled(gone.id, false).await;
    let (name, secret) = (&key.api_key, &key.api_secret);
    for header in [
        format!("token {name}"),
        format!("token {name}:"),
        format!("token :{secret}"),
        format!("token {name}:{}", other.api_secret),
        format!("token {}:{secret}", other.api_key),
        format!("token {name} {secret}"),
        format!("token{name}:{secret}"),
        format!("{name}:{secret}"),
        format!("Bearer {name}:{secret}"),
        format!("Key {name}:{secret}"),
        format!("Basic {}", STANDARD.encode(name)),
        "Basic %%%".to_owned(),
        "Basic".to_owned(),
        "Bearer unknown".to_owned(),
        ended.token_header(),
    ] {
        is_refused(&app.script(&header).get(LOGGED_USER).await, &header);
        // Not only where somebody is named.
        is_refused(&app.script(&header).get("/api/method/ping").await, &header);
    }
}

/// B: the header wins, whoever the cookie is; a bad one is refused beside a good cookie.
#[tokio::test]
async fn a_header_decides_whatever_the_cookie_says() {
    let app = TestApp::start().await;
    let bob = app.person("bob", &[]).await;
    app.person("root", &["admin"]).await;
    let key = app.key(&bob).await;
    let cookie = app.signed_in("root", PASSWORD).await.cookie_header();
    let both = app.script(&key.token_header()).with("cookie", &cookie);
    assert_eq!(both.get(LOGGED_USER).await.json(), json!({ "message": "bob" }));
    is_refused(&app.script("token a:b").with("cookie", &cookie).get(LOGGED_USER).await, "a good cookie");
}

/// B: no token for forms, and no session from it.
#[tokio::test]
async fn a_key_needs_no_csrf_token_and_makes_no_session() {
    let app = TestApp::start().await;
    let ada = app.person("ada", &[]).await;
    let key = app.key(&ada).await;
    for header in [key.token_header(), key.basic_header()] {
        let answer = app.script(&header).post(LOGGED_USER, &[]).await;
        assert_eq!((answer.status, answer.header("set-cookie")), (200, ""));
    }
}

/// B: a session's unsafe request carries its token by Frappe's name, by ours, or in the form; and comes from our own
/// origin.
#[tokio::test]
async fn a_session_shows_its_csrf_token_by_frappes_name_too() {
    let app = TestApp::start().await;
    app.person("ada", &[]).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let token = browser.csrf_token("/account").await;
    let own = |path: &str| browser.request(reqwest::Method::POST, path).header("origin", &app.url);
    for name in ["x-frappe-csrf-token", "X-Frappe-CSRF-Token", "x-csrf-token"] {
        let answer = browser.send(own(LOGGED_USER).header(name, &token)).await;
        assert_eq!((answer.status, answer.json()), (200, json!({ "message": "ada" })), "{name}");
    }
    assert_eq!(browser.send(own(LOGGED_USER).form(&[("csrf_token", &token)])).await.status, 200);
    let foreign = browser.request(reqwest::Method::POST, LOGGED_USER).header("x-frappe-csrf-token", &token);
    for (what, request) in [
        ("no token", own(LOGGED_USER)),
        ("a wrong token", own(LOGGED_USER).header("x-frappe-csrf-token", "x")),
        ("nothing of where it comes from", foreign.try_clone().unwrap()),
        ("another origin", foreign.try_clone().unwrap().header("origin", "https://evil.test")),
        ("another site", foreign.header("sec-fetch-site", "cross-site")),
    ] {
        let answer = browser.send(request).await;
        assert_eq!((answer.status, &*answer.body), (400, r#"{"exc_type":"CSRFTokenError"}"#), "{what}");
    }
    // Frappe's name for it means nothing elsewhere.
    let answer = browser.send(own("/logout").header("x-frappe-csrf-token", &token)).await;
    assert_eq!(answer.status, 403);
}

/// B: whose key it is, is never said by the caller.
#[tokio::test]
async fn the_source_of_an_authorization_is_not_read() {
    let app = TestApp::start().await;
    let ada = app.person("ada", &[]).await;
    let key = app.key(&ada).await;
    for source in ["User", "Customer", "Administrator", ""] {
        let script = app.script(&key.token_header()).with("frappe-authorization-source", source);
        assert_eq!(script.get(LOGGED_USER).await.json(), json!({ "message": "ada" }), "{source}");
        let guest = app.stranger().with("frappe-authorization-source", source).get(LOGGED_USER).await;
        assert_eq!(guest.status, 403, "{source}");
    }
}
