//! Frappe's sign-in with a password and its sign-out (docs/FRAPPE.md, C3, C4).

use hallpass::model::audit::AuditEvent;
use reqwest::Method;
use serde_json::Value;
use serde_json::json;

use crate::support::app::TestApp;
use crate::support::caller::Answer;
use crate::support::caller::Browser;
use crate::support::seed::PASSWORD;

const LOGGED_USER: &str = "/api/method/frappe.auth.get_logged_user";
const LOGIN: &str = "/api/method/login";
const LOGOUT: &str = "/api/method/logout";
const GOOD: [(&str, &str); 2] = [("usr", "ada"), ("pwd", PASSWORD)];

async fn begin() -> TestApp {
    begin_with("").await
}

async fn begin_with(settings: &str) -> TestApp {
    let app = TestApp::start_with(settings).await;
    let ada = app.person("ada", &[]).await;
    app.describe_user(&ada, "ada@example.com", "Ada Lovelace").await;
    app
}

/// A program's sign-in: nothing says where it comes from. Cookies are kept.
async fn log_in(browser: &Browser, path: &str, fields: &[(&str, &str)]) -> Answer {
    browser.send(browser.request(Method::POST, path).form(fields)).await
}

/// The cookie called `name` that an answer sets, with its attributes.
#[track_caller]
fn set_cookie<'a>(answer: &'a Answer, name: &str) -> &'a str {
    let mut cookies = answer.headers.get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap());
    cookies.find(|cookie| cookie.starts_with(&format!("{name}="))).unwrap_or_else(|| panic!("no {name}"))
}

/// C3
#[tokio::test]
async fn a_password_signs_in_by_either_way_and_either_name() {
    let app = begin().await;
    for (path, more) in [
        (LOGIN, None),
        ("/api/method/login/", None),
        ("/api/v1/method/login", None),
        ("/api/v2/method/login", None),
        ("/", Some(("cmd", "login"))),
    ] {
        for usr in ["ada", "ADA", "ada@example.com"] {
            let browser = app.browser();
            let fields = [("usr", usr), ("pwd", PASSWORD), ("device", "desktop")];
            let fields: Vec<_> = fields.into_iter().chain(more).collect();
            let answer = log_in(&browser, path, &fields).await;
            assert_eq!(answer.status, 200, "{path}: {}", answer.body);
            let json = answer.json();
            assert_eq!(json["message"], "Logged In", "{path}");
            assert_eq!((&json["home_page"], &json["full_name"]), (&json!("/account"), &json!("Ada Lovelace")));
            assert_eq!(browser.get(LOGGED_USER).await.json(), json!({ "message": "ada@example.com" }), "{path}");
        }
    }
    let body = json!({ "usr": "ada", "pwd": PASSWORD, "otp": null }).to_string();
    for path in [LOGIN, "/"] {
        let body = if path == "/" { body.replacen('{', r#"{"cmd":"login","#, 1) } else { body.clone() };
        let answer = app.stranger().post_raw(path, "application/json; charset=utf-8", body).await;
        assert_eq!((answer.status, answer.text("message")), (200, "Logged In".to_owned()), "{path}");
    }
    assert_eq!(app.audited(AuditEvent::LoginSucceeded).await.len(), 17);
}

/// C3: Frappe's cookies are there beside ours, and open nothing.
#[tokio::test]
async fn frappes_cookies_are_set_and_ours_alone_opens_anything() {
    let app = begin().await;
    let browser = app.browser();
    let answer = log_in(&browser, LOGIN, &GOOD).await;
    for (name, value) in
        [("user_id", "ada%40example.com"), ("full_name", "Ada%20Lovelace"), ("system_user", "yes"), ("user_image", "")]
    {
        let cookie = set_cookie(&answer, name);
        assert!(cookie.starts_with(&format!("{name}={value};")), "{cookie}");
        assert!(!cookie.contains("HttpOnly") && !cookie.contains("Secure"), "{cookie}");
        assert!(cookie.contains("SameSite=Lax") && cookie.contains("Path=/"), "{cookie}");
        assert!(cookie.contains("Max-Age=604800"), "{cookie}");
    }
    for name in ["sid", "hallpass_session"] {
        let cookie = set_cookie(&answer, name);
        for attribute in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=604800"] {
            assert!(cookie.contains(attribute), "{cookie}");
        }
        assert!(!cookie.contains("Domain"), "{cookie}");
    }
    // It is the session's id, as it is listed.
    let sid = browser.cookie("sid").unwrap();
    let sessions = browser.get("/api/v1/sessions").await.json();
    assert_eq!(sessions["items"][0]["id"], sid.as_str());
    let (ours, all) = (browser.cookie("hallpass_session").unwrap(), browser.cookie_header());
    for (cookies, status) in [
        (format!("hallpass_session={ours}"), 200),
        (all, 200),
        (format!("sid={sid}"), 403),
        (format!("sid={ours}"), 403),
        (format!("sid={ours}; user_id=ada%40example.com; system_user=yes"), 403),
        ("user_id=root".to_owned(), 403),
    ] {
        assert_eq!(app.stranger().with("cookie", &cookies).get(LOGGED_USER).await.status, status, "{cookies}");
    }
    // A user without a name and an address goes by the user name.
    app.person("bob", &[]).await;
    let answer = log_in(&app.browser(), LOGIN, &[("usr", "bob"), ("pwd", PASSWORD)]).await;
    assert_eq!(answer.text("full_name"), "bob");
    assert!(set_cookie(&answer, "user_id").starts_with("user_id=bob;"));
}

/// C3
#[tokio::test]
async fn on_https_all_of_them_are_secure() {
    let app = begin_with("issuer = \"https://login.example\"").await;
    let body = format!("usr=ada&pwd={}", PASSWORD.replace(' ', "+"));
    let length = format!("content-length: {}", body.len());
    let form = "content-type: application/x-www-form-urlencoded";
    let head = ["POST /api/method/login HTTP/1.1", "host: login.example", "connection: close", form, &length];
    let answer = app.wire_request(&head, body.as_bytes());
    let answer = answer.only();
    assert_eq!(answer.status, 200, "{}", answer.body);
    let lines = answer.head.lines().filter_map(|line| line.split_once(": "));
    let cookies: Vec<&str> =
        lines.filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie")).map(|(_, cookie)| cookie).collect();
    assert!(cookies.iter().any(|cookie| cookie.starts_with("__Host-hallpass_session=")), "{cookies:?}");
    assert!(cookies.len() >= 7 && cookies.iter().all(|cookie| cookie.contains("Secure")), "{cookies:?}");
}

/// C3: one answer for whatever is wrong, in the words that clients know.
#[tokio::test]
async fn a_wrong_password_is_401_and_sets_nothing() {
    let app = begin().await;
    let gone = app.person("gone", &[]).await;
    app.set_user_enabled(gone.id, false).await;
    app.service("robot", &[]).await;
    let wrong = json!({ "message": "Invalid login credentials", "exc_type": "AuthenticationError" });
    for (usr, pwd) in [("ada", "wrong"), ("nobody", PASSWORD), ("gone", PASSWORD), ("robot", PASSWORD), ("\u{7}", "x")]
    {
        let answer = app.stranger().post(LOGIN, &[("usr", usr), ("pwd", pwd)]).await;
        assert_eq!((answer.status, answer.json()), (401, wrong.clone()), "{usr}");
        assert_eq!(answer.header("set-cookie"), "", "{usr}");
    }
    let answer = app.stranger().post("/api/v2/method/login", &[("usr", "ada"), ("pwd", "wrong")]).await;
    let wrong = json!({ "errors": [{ "type": "AuthenticationError", "message": "Invalid login credentials" }] });
    assert_eq!((answer.status, answer.json()), (401, wrong));

    let incomplete = json!({ "message": "Incomplete login details", "exc_type": "AuthenticationError" });
    for fields in [&[][..], &[("usr", "ada")], &[("pwd", PASSWORD)], &[("usr", ""), ("pwd", PASSWORD)]] {
        let answer = app.stranger().post(LOGIN, fields).await;
        assert_eq!((answer.status, answer.json()), (401, incomplete.clone()), "{fields:?}");
    }
}

/// C3: an address is written down in many places; a password in it is not taken.
#[tokio::test]
async fn a_password_in_the_query_is_not_read() {
    let app = begin().await;
    let query = crate::support::flow::query(&GOOD);
    for path in [format!("{LOGIN}?{query}"), format!("/?cmd=login&{query}")] {
        let answer = app.stranger().post(&path, &[]).await;
        assert_eq!((answer.status, answer.text("message")), (401, "Incomplete login details".to_owned()));
        assert_eq!(answer.header("set-cookie"), "");
    }
}

/// C3: failures are counted for the account over all ways in.
#[tokio::test]
async fn wrong_passwords_are_limited_together_with_those_of_the_page() {
    let app = begin_with("[limits]\nlogin_failures_per_account = 4").await;
    for _ in 0..2 {
        assert_eq!(app.stranger().post(LOGIN, &[("usr", "ada"), ("pwd", "wrong")]).await.status, 401);
        assert_eq!(app.browser().sign_in("ada@example.com", "wrong").await.status, 401);
    }
    for path in [LOGIN, "/"] {
        let answer = app.stranger().post(path, &[&GOOD[..], &[("cmd", "login")]].concat()).await;
        assert_eq!((answer.status, answer.text("exc_type")), (429, "RateLimitExceededError".to_owned()));
        assert_ne!(answer.header("retry-after"), "");
        assert_eq!(answer.header("set-cookie"), "");
    }
    assert_eq!(app.browser().sign_in("ada", PASSWORD).await.status, 429);
}

/// C3: no other site can sign a visitor in; there is no session yet whose token it could carry.
#[tokio::test]
async fn another_site_signs_nobody_in() {
    let app = begin_with("[http]\ncors_origins = [\"https://app.example.com\"]").await;
    for (name, value) in [
        ("origin", "https://evil.test"),
        ("origin", "https://app.example.com"),
        ("origin", "null"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("sec-fetch-site", "none"),
    ] {
        for (path, cmd) in [(LOGIN, "x"), ("/", "login")] {
            let answer = app.stranger().with(name, value).post(path, &[&GOOD[..], &[("cmd", cmd)]].concat()).await;
            assert_eq!((answer.status, answer.text("exc_type")), (400, "CSRFTokenError".to_owned()), "{name} {value}");
            assert_eq!(answer.header("set-cookie"), "");
        }
    }
    let own = app.stranger().with("origin", &app.url).with("sec-fetch-site", "same-origin");
    assert_eq!(own.post(LOGIN, &GOOD).await.status, 200);
}

/// C3: a program that signs in again has a new session, and the one before has ended.
#[tokio::test]
async fn signing_in_again_takes_the_place_of_the_session_before() {
    let app = begin().await;
    let browser = app.browser();
    assert_eq!(log_in(&browser, LOGIN, &GOOD).await.status, 200);
    let before = browser.cookie("hallpass_session").unwrap();
    assert_eq!(log_in(&browser, LOGIN, &GOOD).await.status, 200);
    assert_eq!(browser.get(LOGGED_USER).await.status, 200);
    let old = app.stranger().with("cookie", &format!("hallpass_session={before}"));
    assert_eq!(old.get(LOGGED_USER).await.status, 403);
}

/// C3, C4: with the token that sign-in answers, a program that says where it is can change things in its session.
#[tokio::test]
async fn a_program_in_a_session_changes_things_with_the_token_that_it_was_given() {
    let app = begin().await;
    let browser = app.browser();
    let token = log_in(&browser, LOGIN, &GOOD).await.text("csrf_token");
    let post = |path: &str| browser.request(Method::POST, path);
    let forged = browser.send(post(LOGOUT)).await;
    assert_eq!((forged.status, forged.text("exc_type")), (400, "CSRFTokenError".to_owned()));
    let forged = browser.send(post(LOGOUT).header("x-frappe-csrf-token", &token)).await;
    assert_eq!(forged.status, 400, "it does not say where it is");
    assert_eq!(browser.get(LOGGED_USER).await.status, 200);
    let done = browser.send(post(LOGOUT).header("x-frappe-csrf-token", &token).header("origin", &app.url)).await;
    assert_eq!((done.status, done.json()), (200, json!({})));
}

/// C4
#[tokio::test]
async fn logout_ends_the_session_and_clears_the_cookies() {
    let app = begin().await;
    for (path, cmd) in [(LOGOUT, "x"), ("/api/v2/method/logout/", "x"), ("/", "logout")] {
        let browser = app.browser();
        let token = log_in(&browser, LOGIN, &GOOD).await.text("csrf_token");
        let cookies = browser.cookie_header();
        let request = browser.request(Method::POST, path).header("origin", &app.url);
        let answer = browser.send(request.form(&[("cmd", cmd), ("csrf_token", &*token)])).await;
        assert_eq!((answer.status, answer.json()), (200, json!({})), "{path}");
        for name in ["sid", "hallpass_session", "user_id", "full_name", "system_user", "user_image"] {
            let cookie = set_cookie(&answer, name);
            assert!(cookie.starts_with(&format!("{name}=;")) && cookie.contains("Max-Age=0"), "{cookie}");
        }
        // Who kept them has nothing.
        assert_eq!(app.stranger().with("cookie", &cookies).get(LOGGED_USER).await.status, 403, "{path}");
    }
    assert_eq!(app.audited(AuditEvent::LoggedOut).await.len(), 3);
    // Who is not signed in has nothing to end.
    assert_eq!(app.stranger().post(LOGOUT, &[]).await.json(), json!({}));
}

/// C4: and so does the whole command line of older clients: what only looks changes nothing.
#[tokio::test]
async fn a_get_changes_nothing() {
    let app = begin().await;
    let browser = app.browser();
    log_in(&browser, LOGIN, &GOOD).await;
    for path in ["/?cmd=logout", "/?cmd=login&usr=ada&pwd=x", "/api/method/logout", "/api/v2/method/logout"] {
        let answer = browser.get(path).await;
        assert!(matches!(answer.status, 303 | 403), "{path}: {}", answer.status);
        assert_eq!(answer.header("set-cookie"), "", "{path}");
        assert_eq!(browser.get(LOGGED_USER).await.status, 200, "{path}");
    }
    let unknown = app.stranger().post("/", &[("cmd", "frappe.client.delete")]).await;
    assert_eq!((unknown.status, unknown.json()), (404, json!({ "exc_type": "DoesNotExistError" })));
    let none: Value = app.stranger().post("/", &[]).await.json();
    assert_eq!(none, json!({ "exc_type": "DoesNotExistError" }));
}
