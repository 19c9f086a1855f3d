//! Forms: nothing that a cookie authenticates is done unless one of our own pages, in the same browser, asked for it.

use hallpass::http::routes;
use reqwest::Method;
use serde_json::Value;

use crate::support::app::TestApp;
use crate::support::caller::Answer;
use crate::support::caller::Browser;
use crate::support::seed::PASSWORD;

const LOGGED_USER: &str = "/api/method/frappe.auth.get_logged_user";
/// Names and values.
type Headers<'a> = Vec<(&'a str, &'a str)>;

const FORM: &str = "application/x-www-form-urlencoded";

/// Every unsafe route that takes a cookie, with something in the place of its ids.
fn unsafe_routes() -> Vec<(Method, String)> {
    // Nobody is there by a cookie.
    let visitors = ["public", "visitor", "newcomer"];
    let clients = ["client", "maybe client", "introspector", "registrant", "manager"];
    let elsewhere = [&visitors[..], &clients].concat();
    let in_place = |segment: &str| if segment.starts_with('{') { "x".to_owned() } else { segment.to_owned() };
    let routes = routes();
    let by_cookie = routes.iter().filter(|route| route.method != "GET" && !elsewhere.contains(&route.guard.as_str()));
    let request = |route: &hallpass::http::Route| {
        let path = route.path.split('/').map(in_place).collect::<Vec<_>>().join("/");
        (Method::from_bytes(route.method.as_str().as_bytes()).unwrap(), path)
    };
    by_cookie.map(request).collect()
}

/// A POST of `body` with these headers.
async fn post(browser: &Browser, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    send(browser, &Method::POST, path, headers, body).await
}

async fn send(browser: &Browser, method: &Method, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    let mut request = browser.request(method.clone(), path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    browser.send(request.body(body.to_owned())).await
}

/// What was refused looks the same for every way to forge it: 403, on Frappe's surface 400.
#[track_caller]
fn assert_forged(answer: &Answer, path: &str, what: &str) {
    let expected = if path.starts_with("/api/method") || path == "/" { 400 } else { 403 };
    assert_eq!(answer.status, expected, "{path} with {what}: {}", answer.body);
    assert_eq!(answer.header("location"), "", "{path} with {what}");
    if expected == 400 {
        assert_eq!(answer.body, r#"{"exc_type":"CSRFTokenError"}"#, "{path} with {what}");
    }
}

/// ASVS 3.5.1, 3.5.2
#[tokio::test]
async fn every_unsafe_request_in_a_session_comes_from_our_own_page_with_its_token() {
    let app = TestApp::start().await;
    app.person("root", &["admin"]).await;
    let (browser, other) = (app.signed_in("root", PASSWORD).await, app.signed_in("root", PASSWORD).await);
    let (mine, theirs) = (browser.csrf_token("/account").await, other.csrf_token("/account").await);
    let visitors = {
        let visitor = app.browser();
        let token = visitor.csrf_token("/login").await;
        let form = visitor.cookie("hallpass_form").unwrap();
        (token, form)
    };
    let own = ("origin", app.url.as_str());
    let form = ("content-type", FORM);
    let (good, host) = (format!("csrf_token={mine}"), app.url.strip_prefix("http://").unwrap());
    let port = app.address().port();
    let other_port = format!("http://127.0.0.1:{}", if port == 65_535 { 1 } else { port + 1 });
    let (https, by_name) = (format!("https://{host}"), format!("http://localhost:{port}"));
    let (slash, upper, longer, user) =
        (format!("{}/", app.url), app.url.to_uppercase(), format!("{}.evil.test", app.url), format!("http://x@{host}"));
    let from_elsewhere: Vec<(&str, Headers<'_>)> = vec![
        ("neither header", vec![]),
        ("an empty Origin", vec![("origin", "")]),
        ("Origin: null", vec![("origin", "null")]),
        ("another site", vec![("origin", "https://evil.test")]),
        ("another port", vec![("origin", &other_port)]),
        ("another scheme", vec![("origin", &https)]),
        ("another name of the same host", vec![("origin", &by_name)]),
        ("a slash at its end", vec![("origin", &slash)]),
        ("upper case", vec![("origin", &upper)]),
        ("our own with more behind it", vec![("origin", &longer)]),
        ("a user in it", vec![("origin", &user)]),
        ("our own twice", vec![own, own]),
        ("our own and another", vec![own, ("origin", "https://evil.test")]),
        ("another and our own", vec![("origin", "https://evil.test"), own]),
        ("a Referer of ours alone", vec![("referer", &slash)]),
        ("Sec-Fetch-Site: cross-site", vec![("sec-fetch-site", "cross-site")]),
        ("Sec-Fetch-Site: cross-site and our Origin", vec![("sec-fetch-site", "cross-site"), own]),
        ("Sec-Fetch-Site: same-site and our Origin", vec![("sec-fetch-site", "same-site"), own]),
        ("Sec-Fetch-Site: none and our Origin", vec![("sec-fetch-site", "none"), own]),
        ("an empty Sec-Fetch-Site and our Origin", vec![("sec-fetch-site", ""), own]),
        ("Sec-Fetch-Site in capitals", vec![("sec-fetch-site", "Same-Origin"), own]),
        ("Sec-Fetch-Site twice", vec![("sec-fetch-site", "same-origin"), ("sec-fetch-site", "same-origin")]),
        ("Sec-Fetch-Site of both kinds", vec![("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")]),
    ];
    let (wrong, cut, long, their_form, visitors_form) = (
        format!("csrf_token={}", mine.chars().rev().collect::<String>()),
        format!("csrf_token={}", &mine[..mine.len() - 1]),
        format!("csrf_token={mine}A"),
        format!("csrf_token={theirs}"),
        format!("csrf_token={}", visitors.0),
    );
    let (json, array, cookie_name) =
        (format!(r#"{{"csrf_token":"{mine}"}}"#), format!("csrf_token[]={mine}"), format!("CSRF_TOKEN={mine}"));
    let multipart = format!("--b\r\ncontent-disposition: form-data; name=\"csrf_token\"\r\n\r\n{mine}\r\n--b--\r\n");
    let without_token: Vec<(&str, Headers<'_>, &str)> = vec![
        ("no body", vec![], ""),
        ("no token", vec![form], "a=b"),
        ("an empty token", vec![form], "csrf_token="),
        ("a wrong token", vec![form], &wrong),
        ("a token that is cut off", vec![form], &cut),
        ("a token with more behind it", vec![form], &long),
        ("another session's token", vec![form], &their_form),
        ("a visitor's token", vec![form], &visitors_form),
        ("another name", vec![form], &cookie_name),
        ("a name like an array's", vec![form], &array),
        ("JSON", vec![("content-type", "application/json")], &json),
        ("JSON that calls itself text", vec![("content-type", "text/plain")], &json),
        ("a form that calls itself text", vec![("content-type", "text/plain")], &good),
        ("a form without a type", vec![], &good),
        ("a multipart form", vec![("content-type", "multipart/form-data; boundary=b")], &multipart),
        ("a wrong token in the header", vec![("x-csrf-token", "x"), form], &good),
        ("an empty token in the header", vec![("x-csrf-token", ""), form], &good),
        ("another session's token in the header", vec![("x-csrf-token", &theirs), form], &good),
    ];
    let routes = unsafe_routes();
    assert!(routes.len() >= 25 && routes.iter().any(|(_, path)| path == LOGGED_USER), "{routes:?}");
    for (method, path) in &routes {
        for (what, headers) in &from_elsewhere {
            let answer = send(&browser, method, path, &[&headers[..], &[form]].concat(), &good).await;
            assert_forged(&answer, path, what);
        }
        for (what, headers, body) in &without_token {
            assert_forged(&send(&browser, method, path, &[&headers[..], &[own]].concat(), body).await, path, what);
        }
        let in_query = format!("{path}?{good}");
        assert_forged(&send(&browser, method, &in_query, &[own, form], "").await, path, "the token in the query");
    }
    // With the right ones each of them is let through; signing out comes last, for it ends the session.
    let (last, others): (Vec<_>, Vec<_>) = routes.iter().partition(|(_, path)| path.ends_with("/logout"));
    for (method, path) in others.into_iter().chain(last) {
        let answer = send(&browser, method, path, &[own, form], &good).await;
        assert!(!matches!(answer.status, 401 | 403), "{path}: {} {}", answer.status, answer.body);
        if !path.ends_with("/logout") {
            // With `Referrer-Policy: no-referrer` browsers send `Origin: null` on form posts.
            let headers = [("sec-fetch-site", "same-origin"), ("origin", "null"), ("x-csrf-token", &*mine), form];
            let answer = send(&browser, method, path, &headers, "a=b").await;
            assert!(!matches!(answer.status, 401 | 403), "{path}: {} {}", answer.status, answer.body);
        }
    }
    assert_eq!(browser.get("/account").await.status, 303);
}

/// A forged request leaves everything as it was.
#[tokio::test]
async fn a_forged_request_changes_nothing() {
    let app = TestApp::start().await;
    let root = app.person("root", &["admin"]).await;
    app.person("second", &["admin"]).await;
    let key = app.key(&root).await;
    let browser = app.signed_in("root", PASSWORD).await;
    let token = browser.csrf_token("/account").await;
    let foreign = [("origin", "https://evil.test"), ("content-type", FORM)];
    let user = root.id.to_string();
    for path in [
        "/logout".to_owned(),
        "/account/sessions/end-others".to_owned(),
        format!("/account/keys/{}/revoke", key.id),
        format!("/account/keys/{}/rotate", key.id),
        format!("/users/{user}/disable"),
        format!("/users/{user}/delete"),
        format!("/users/{user}/keys/{}/revoke", key.id),
    ] {
        assert_eq!(post(&browser, &path, &foreign, &format!("csrf_token={token}")).await.status, 403, "{path}");
        assert_eq!(post(&browser, &path, &[("origin", &app.url), foreign[1]], "a=b").await.status, 403, "{path}");
        assert_eq!(browser.get("/api/v1/me").await.text("username"), "root", "{path}");
        assert_eq!(app.script(&key.token_header()).get("/api/v1/me").await.status, 200, "{path}");
    }
}

/// What only looks changes nothing, whoever made the browser look: an image on another site, say.
#[tokio::test]
async fn no_get_changes_anything() {
    let app = TestApp::start().await;
    let root = app.person("root", &["admin"]).await;
    app.person("second", &["admin"]).await;
    let ada = app.person("ada", &[]).await;
    app.scope("read", &[]).await;
    let (key, client) = (app.key(&root).await, app.web_client("read").await);
    let (browser, other) = (app.signed_in("root", PASSWORD).await, app.signed_in("root", PASSWORD).await);
    let token = browser.csrf_token("/account").await;
    let ids = |route: &str| {
        let segment = |part: &str| match part {
            "{user}" => root.id.to_string(),
            "{key}" => key.id.clone(),
            "{client}" => client.client_id.clone(),
            part if part.starts_with('{') => "x".to_owned(),
            part => part.to_owned(),
        };
        route.split('/').map(segment).collect::<Vec<_>>().join("/")
    };
    for route in routes().iter() {
        for method in [Method::GET, Method::HEAD] {
            for site in ["cross-site", "same-origin"] {
                let path = format!("{}?csrf_token={token}&decision=allow&confirm=yes&_method=POST", ids(route.path));
                let request = browser.request(method.clone(), &path).header("sec-fetch-site", site);
                let answer = browser.send(request.header("x-http-method-override", "POST")).await;
                assert!(answer.status < 500, "{method} {path}: {}", answer.status);
            }
        }
    }
    assert_eq!(browser.get("/api/v1/me").await.text("username"), "root");
    assert_eq!(other.get("/api/v1/me").await.text("username"), "root");
    assert_eq!(app.script(&key.token_header()).get("/api/v1/me").await.status, 200);
    assert_eq!(app.token(&client, &[("grant_type", "x")]).await.text("error"), "unsupported_grant_type");
    let page = browser.get("/users").await.body;
    assert!(page.contains("second") && page.contains(&ada.id.to_string()), "{page}");
    assert_eq!(app.signed_in("ada", PASSWORD).await.get("/account").await.status, 200);
}

/// Before there is a session, a form belongs to the browser that it was shown in.
#[tokio::test]
async fn a_visitors_form_is_taken_from_the_browser_that_it_was_shown_in() {
    let app = TestApp::start().await;
    app.person("ada", &[]).await;
    let (browser, other) = (app.browser(), app.browser());
    let (mine, theirs) = (browser.csrf_token("/login").await, other.csrf_token("/login").await);
    assert_ne!(mine, theirs);
    let credentials = format!("username=ada&password={}", PASSWORD.replace(' ', "+"));
    let form = ("content-type", FORM);
    for path in ["/login", "/setup"] {
        for (what, headers, body) in [
            ("no token", vec![form], credentials.clone()),
            ("an empty token", vec![form], format!("{credentials}&csrf_token=")),
            ("a wrong token", vec![form], format!("{credentials}&csrf_token=x")),
            ("another browser's token", vec![form], format!("{credentials}&csrf_token={theirs}")),
            ("another site", vec![form, ("origin", "https://evil.test")], format!("{credentials}&csrf_token={mine}")),
            ("no origin that is one", vec![form, ("origin", "null")], format!("{credentials}&csrf_token={mine}")),
            ("cross-site", vec![form, ("sec-fetch-site", "cross-site")], format!("{credentials}&csrf_token={mine}")),
            ("same-site", vec![form, ("sec-fetch-site", "same-site")], format!("{credentials}&csrf_token={mine}")),
            ("no form", vec![("content-type", "text/plain")], format!("{credentials}&csrf_token={mine}")),
        ] {
            let answer = post(&browser, path, &headers, &body).await;
            assert_eq!(answer.status, 403, "{path} with {what}: {}", answer.body);
            assert_eq!(browser.cookie("hallpass_session"), None, "{path} with {what}");
        }
        // Without the cookie that the token belongs to, the token is nobody's.
        let stranger = app.stranger();
        let answer = stranger.post(path, &[("username", "ada"), ("password", PASSWORD), ("csrf_token", &mine)]).await;
        assert_eq!(answer.status, 403, "{path}");
    }
    // There is no session to abuse yet, so a browser that says nothing of where it comes from may sign in.
    let answer = post(&browser, "/login", &[form], &format!("{credentials}&csrf_token={mine}")).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    // The visit's token ends with the visit.
    let own = ("origin", app.url.as_str());
    assert_eq!(post(&browser, "/logout", &[form, own], &format!("csrf_token={mine}")).await.status, 403);
}

/// A session's token is the session's alone: a new sign-in in the same browser has a new one.
#[tokio::test]
async fn a_token_ends_with_its_session() {
    let app = TestApp::start().await;
    app.person("ada", &[]).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let first = browser.csrf_token("/account").await;
    assert_eq!(browser.csrf_token("/logout").await, first);
    assert_eq!(browser.post("/logout", &[("csrf_token", &first)]).await.status, 303);
    browser.sign_in("ada", PASSWORD).await;
    let second = browser.csrf_token("/account").await;
    assert_ne!(first, second);
    assert_eq!(browser.post("/account/profile", &[("full_name", "A"), ("csrf_token", &first)]).await.status, 403);
    assert_eq!(browser.post("/account/profile", &[("full_name", "A"), ("csrf_token", &second)]).await.status, 303);
}

/// Scripts of our own pages find the token in the page's head.
#[tokio::test]
async fn the_token_stands_in_the_pages_head_too() {
    let app = TestApp::start().await;
    app.person("ada", &[]).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let page = browser.get("/account").await;
    let token = page.input("csrf_token");
    assert!(page.body.contains(&format!("<meta name=\"csrf-token\" content=\"{token}\">")));
    let answer = post(&browser, LOGGED_USER, &[("origin", &app.url), ("x-csrf-token", &token)], "").await;
    let message: Value = answer.json();
    assert_eq!((answer.status, message["message"].as_str()), (200, Some("ada")));
}

/// Forms that were open while the server's key was changed are still taken.
#[tokio::test]
async fn a_form_outlives_a_new_secret_key() {
    let app = TestApp::start().await;
    app.person("ada", &[]).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let visitor = app.browser();
    let (token, visitors) = (browser.csrf_token("/account").await, visitor.csrf_token("/login").await);
    let old = "5f0c8e1b2a3d4c5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6";
    let new = "0123456789abcdef".repeat(4);
    let keys = format!("secret_key = \"{new}\"\nprevious_secret_keys = [\"{old}\"]");
    let app = TestApp::start_on(app.stop().await, &keys);
    let (browser, visitor) = (browser.at(&app), visitor.at(&app));
    let fields = [("full_name", "Ada"), ("csrf_token", &*token)];
    assert_eq!(browser.post("/account/profile", &fields).await.status, 303);
    assert_ne!(browser.csrf_token("/account").await, token);
    let fields = [("username", "ada"), ("password", PASSWORD), ("csrf_token", &*visitors)];
    assert_eq!(visitor.post("/login", &fields).await.status, 303);
}
