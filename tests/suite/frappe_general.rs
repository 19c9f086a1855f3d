//! Frappe's surface in general: paths, arguments, envelopes, headers, scripts of other origins (docs/FRAPPE.md, A).

use reqwest::Method;
use serde_json::Value;
use serde_json::json;

use crate::support::app::TestApp;
use crate::support::caller::Answer;
use crate::support::caller::Script;
use crate::support::seed::PASSWORD;

const LOGGED_USER: &str = "frappe.auth.get_logged_user";
const GENERATE_KEYS: &str = "/api/method/frappe.core.doctype.user.user.generate_keys";
const ORIGIN: &str = "https://app.example.com";

/// A server with an administrator, and a script with that administrator's key.
async fn begin() -> (TestApp, Script) {
    begin_with("").await
}

async fn begin_with(settings: &str) -> (TestApp, Script) {
    let app = TestApp::start_with(settings).await;
    let root = app.person("root", &["admin"]).await;
    let script = app.script(&app.key(&root).await.token_header());
    (app, script)
}

/// The messages that are packed in an answer.
fn messages(answer: &Answer) -> Vec<Value> {
    let packed: Vec<String> = serde_json::from_str(&answer.text("_server_messages")).unwrap();
    packed.iter().map(|message| serde_json::from_str(message).unwrap()).collect()
}

/// A1
#[tokio::test]
async fn a_method_is_found_with_and_without_a_version_and_whatever_stands_behind_it() {
    let (_app, script) = begin().await;
    for prefix in ["/api/method", "/api/v1/method", "/api/v2/method"] {
        let member = if prefix.contains("v2") { "data" } else { "message" };
        for end in ["", "/", "/anything", "/any/thing", "/?a=b"] {
            for method in [Method::GET, Method::POST] {
                let answer = script.send(method, &format!("{prefix}/{LOGGED_USER}{end}"), None).await;
                assert_eq!((answer.status, answer.json()), (200, json!({ member: "root" })), "{prefix} {end}");
            }
        }
        for wrong in ["frappe.auth.get_logged_users", "frappe_auth_get_logged_user", "Frappe.Auth.get_logged_user", ""]
        {
            assert_eq!(script.get(&format!("{prefix}/{wrong}")).await.status, 404, "{prefix}/{wrong}");
        }
    }
    assert_eq!(script.get(&format!("/api/v3/method/{LOGGED_USER}")).await.status, 404);
}

/// A1: everything lies below the issuer's path.
#[tokio::test]
async fn methods_lie_below_the_issuers_path() {
    let app = TestApp::start_below("/sign-in").await;
    let ada = app.person("ada", &[]).await;
    let script = app.script(&app.key(&ada).await.token_header());
    assert_eq!(script.get(&format!("/api/v2/method/{LOGGED_USER}/")).await.json(), json!({ "data": "ada" }));
    assert_eq!(app.stranger_at_the_root().get("/api/method/ping").await.status, 404);
    for path in ["/", ""] {
        let answer = app.stranger().post(path, &[("cmd", "login"), ("usr", "ada"), ("pwd", PASSWORD)]).await;
        assert_eq!((answer.status, answer.text("home_page")), (200, "/sign-in/account".to_owned()));
        let unknown = app.stranger().post(path, &[]).await;
        assert_eq!((unknown.status, unknown.json()), (404, json!({ "exc_type": "DoesNotExistError" })));
    }
}

/// A2
#[tokio::test]
async fn arguments_come_by_query_form_or_json() {
    let (app, script) = begin().await;
    let ada = app.person("ada", &[]).await;
    app.describe_user(&ada, "ada@example.com", "Ada").await;
    let made = |answer: &Answer| answer.json()["message"]["api_key"].as_str().unwrap_or_default().to_owned();
    let first = script.post(&format!("{GENERATE_KEYS}?user=ada"), &[]).await;
    assert_eq!(first.status, 200, "{}", first.body);
    let by_form = script.post(GENERATE_KEYS, &[("user", "ada@example.com"), ("_", "1"), ("cmd", "x")]).await;
    assert_eq!(made(&by_form), made(&first));
    // The form holds, whatever the query says; and JSON is there in the place of both.
    let both = script.post(&format!("{GENERATE_KEYS}?user=nobody"), &[("user", "ada")]).await;
    assert_eq!(made(&both), made(&first));
    for content_type in ["application/json", "application/json; charset=utf-8", "Application/JSON"] {
        let path = format!("{GENERATE_KEYS}?user=nobody");
        let answer = script.post_raw(&path, content_type, r#"{"user":"ada","more":[1,{"a":null}]}"#).await;
        assert_eq!(made(&answer), made(&first), "{content_type}");
    }
    let answer = script.post_raw(&format!("{GENERATE_KEYS}?user=ada"), "application/json", "{}").await;
    assert_eq!((answer.status, answer.text("exc_type")), (417, "ValidationError".to_owned()));
    // An empty body is none, whatever it says it is.
    let answer = script.post_raw(&format!("{GENERATE_KEYS}?user=ada"), "application/json", "").await;
    assert_eq!(made(&answer), made(&first));
}

/// A2
#[tokio::test]
async fn bad_json_is_a_data_error() {
    let (_app, script) = begin().await;
    for method in [GENERATE_KEYS, "/api/method/frappe.auth.get_logged_user", "/api/method/login", "/"] {
        for body in ["{", "[]", "\"user\"", "null", "{\"user\":\"a\",\"user\":\"b\"}", "{} {}", "user=ada"] {
            let answer = script.post_raw(method, "application/json", body).await;
            assert_eq!((answer.status, answer.text("exc_type")), (417, "DataError".to_owned()), "{method} {body}");
        }
    }
    let answer = script.post_raw(&GENERATE_KEYS.replace("/api", "/api/v2"), "application/json", "{").await;
    assert_eq!((answer.status, answer.json()["errors"][0]["type"].clone()), (417, json!("DataError")));
}

/// A3, A4
#[tokio::test]
async fn each_version_has_its_envelope_for_what_is_returned_and_for_what_went_wrong() {
    let (app, script) = begin().await;
    assert_eq!(script.get("/api/method/ping").await.json(), json!({ "message": "pong" }));
    assert_eq!(script.get("/api/v2/method/ping").await.json(), json!({ "data": "pong" }));
    let wrong = app.script("token a:b");
    assert_eq!(wrong.get("/api/method/ping").await.json(), json!({ "exc_type": "AuthenticationError" }));
    assert_eq!(wrong.get("/api/v2/method/ping").await.json(), json!({ "errors": [{ "type": "AuthenticationError" }] }));
    let missing = script.post(GENERATE_KEYS, &[]).await;
    assert_eq!(missing.header("content-type"), "application/json");
    let members: Vec<String> = missing.json().as_object().unwrap().keys().cloned().collect();
    assert_eq!(members, ["_server_messages", "exc_type"], "no traceback, ever");
    let sentence = "User is missing: the e-mail address or the user name of a user.";
    assert_eq!(messages(&missing), [json!({ "message": sentence, "indicator": "red", "raise_exception": 1 })]);
    let missing = script.post(&GENERATE_KEYS.replace("/api", "/api/v2"), &[]).await;
    assert_eq!(missing.json(), json!({ "errors": [{ "type": "ValidationError", "message": sentence }] }));
}

/// A5
#[tokio::test]
async fn each_class_has_its_status() {
    let (app, script) = begin().await;
    let scoped = {
        let ada = app.person("ada", &[]).await;
        app.script(&app.key(&ada).await.token_header())
    };
    let class = |answer: Answer| (answer.status, answer.text("exc_type"));
    for (status, name, answer) in [
        (401, "AuthenticationError", app.script("Bearer x").get("/api/method/ping").await),
        (403, "PermissionError", app.stranger().get(&format!("/api/method/{LOGGED_USER}")).await),
        (403, "PermissionError", scoped.post(GENERATE_KEYS, &[("user", "ada")]).await),
        (404, "DoesNotExistError", script.post(GENERATE_KEYS, &[("user", "nobody")]).await),
        (404, "DoesNotExistError", script.get("/api/method/frappe.client.get_list").await),
        (400, "CSRFTokenError", app.signed_in("ada", PASSWORD).await.post("/api/method/logout", &[]).await),
        (417, "ValidationError", script.post(GENERATE_KEYS, &[]).await),
        (417, "DataError", script.post_raw(GENERATE_KEYS, "application/json", "{").await),
        (415, "ValidationError", app.stranger().with("content-encoding", "gzip").post("/api/method/login", &[]).await),
    ] {
        assert_eq!(class(answer), (status, name.to_owned()));
    }
}

/// A5: a wrong method is forbidden here, and says which there are.
#[tokio::test]
async fn a_wrong_method_is_a_permission_error() {
    let (_app, script) = begin().await;
    for (method, path, allow) in [
        (Method::DELETE, "/api/method/frappe.auth.get_logged_user", "GET, POST, HEAD"),
        (Method::GET, GENERATE_KEYS, "POST"),
        (Method::GET, "/api/method/login", "POST"),
        (Method::GET, "/api/method/logout/", "POST"),
        (Method::PUT, "/api/resource/User/root", "GET, HEAD"),
        (Method::GET, "/api/method/frappe.integrations.oauth2.get_token", "POST"),
        (Method::GET, "/api/method/frappe.integrations.oauth2.approve", "POST"),
        (Method::GET, "/api/method/frappe.integrations.oauth2.register_client", "POST"),
    ] {
        let answer = script.send(method, path, None).await;
        assert_eq!((answer.status, answer.text("exc_type")), (403, "PermissionError".to_owned()), "{path}");
        assert_eq!(answer.header("allow"), allow, "{path}");
    }
    let answer = script.get("/api/v2/method/frappe.integrations.oauth2.get_token").await;
    assert_eq!((answer.status, answer.json()["errors"][0]["type"].clone()), (403, json!("PermissionError")));
}

/// A6
#[tokio::test]
async fn a_refusal_is_a_page_where_accept_begins_with_text() {
    let (app, _) = begin().await;
    let path = format!("/api/method/{LOGGED_USER}");
    for (accept, is_page) in [
        ("text/html", true),
        ("text/html,application/xhtml+xml,*/*;q=0.8", true),
        ("text/plain", true),
        ("text/html, application/json", false),
        ("application/json, text/html", false),
        ("*/*", false),
        ("application/xml, text/html", false),
        ("", false),
    ] {
        for (status, script) in [(403, app.stranger()), (401, app.script("token a:b"))] {
            let answer = script.with("accept", accept).get(&path).await;
            let kind = if is_page { "text/html; charset=utf-8" } else { "application/json" };
            assert_eq!((answer.status, answer.header("content-type")), (status, kind), "{accept:?}");
            assert_eq!(answer.body.contains("<html"), is_page, "{accept:?}");
        }
    }
    // What a method returns is JSON for everybody.
    let answer = app.stranger().with("accept", "text/html").get("/api/method/ping").await;
    assert_eq!(answer.json(), json!({ "message": "pong" }));
}

/// A7
#[tokio::test]
async fn nobody_keeps_an_answer_and_401_and_403_say_where_credentials_come_from() {
    let (app, script) = begin().await;
    let metadata = format!("{}/.well-known/oauth-protected-resource", app.url);
    for (answer, status) in [
        (script.get("/api/method/ping").await, 200),
        (app.script("token a:b").get("/api/v2/method/ping").await, 401),
        (app.stranger().post("/api/method/login", &[]).await, 401),
        (app.stranger().post("/", &[("cmd", "login")]).await, 401),
        (app.stranger().get(&format!("/api/method/{LOGGED_USER}")).await, 403),
        (app.stranger().get("/api/resource/User").await, 403),
        (script.get(GENERATE_KEYS).await, 403),
        (app.stranger().get("/api/method/nothing").await, 404),
        (app.stranger().post("/api/method/frappe.integrations.oauth2.get_token", &[]).await, 401),
    ] {
        assert_eq!(answer.status, status, "{}", answer.body);
        assert_eq!(answer.header("cache-control"), "no-store,no-cache,must-revalidate,max-age=0");
        let challenge = answer.header("www-authenticate");
        match answer.status {
            401 if challenge.starts_with("Basic") => assert_eq!(answer.text("error"), "invalid_client"),
            401 | 403 => {
                assert!(challenge.starts_with("Bearer ") && challenge.contains(&metadata), "{status} {challenge}");
            }
            _ => assert_eq!(challenge, "", "{status}"),
        }
    }
}

/// A8
#[tokio::test]
async fn a_listed_origin_may_read_with_its_cookies_and_nobody_elses() {
    let (app, _) = begin_with(&format!("[http]\ncors_origins = [\"{ORIGIN}\"]")).await;
    let asks = |origin: &str| {
        let script = app.stranger().with("origin", origin).with("access-control-request-method", "POST");
        script.with("access-control-request-headers", "content-type,x-frappe-csrf-token,x-frappe-site-name")
    };
    for path in [&*format!("/api/method/{LOGGED_USER}"), "/api/v2/method/ping", "/api/resource/User"] {
        let asked = asks(ORIGIN).send(Method::OPTIONS, path, None).await;
        assert_eq!((asked.status, &*asked.body), (200, ""), "{path}");
        for (name, value) in [
            ("access-control-allow-origin", ORIGIN),
            ("access-control-allow-credentials", "true"),
            ("access-control-allow-methods", "POST"),
            ("access-control-allow-headers", "content-type,x-frappe-csrf-token,x-frappe-site-name"),
            ("access-control-max-age", "86400"),
            ("vary", "Origin"),
        ] {
            assert_eq!(asked.header(name), value, "{path} {name}");
        }
        for origin in ["https://evil.test", "null", ""] {
            let asked = asks(origin).send(Method::OPTIONS, path, None).await;
            assert_eq!((asked.status, asked.header("access-control-allow-origin")), (403, ""), "{origin} {path}");
        }
    }
    let browser = app.signed_in("root", PASSWORD).await;
    let path = format!("/api/method/{LOGGED_USER}");
    let answer = browser.send(browser.request(Method::GET, &path).header("origin", ORIGIN)).await;
    assert_eq!((answer.status, answer.header("access-control-allow-credentials")), (200, "true"));
    assert_eq!(answer.header("access-control-allow-origin"), ORIGIN);
    // Reading is all: a change must come from our own origin, even with the session's token.
    let token = browser.csrf_token("/account").await;
    let request = browser.request(Method::POST, "/api/method/logout").header("origin", ORIGIN);
    let answer = browser.send(request.header("x-frappe-csrf-token", &token)).await;
    assert_eq!((answer.status, answer.text("exc_type")), (400, "CSRFTokenError".to_owned()));
    assert_eq!(browser.get("/account").await.status, 200);
    // The API of our own allows no cookies along.
    let answer = browser.send(browser.request(Method::GET, "/api/v1/me").header("origin", ORIGIN)).await;
    assert_eq!(answer.header("access-control-allow-credentials"), "");
}

/// A8: a script that follows an authorization request would see the code.
#[tokio::test]
async fn no_script_reads_the_answer_to_an_authorization_request() {
    let (app, _) = begin_with(&format!("[http]\ncors_origins = [\"{ORIGIN}\"]")).await;
    for name in ["authorize", "approve", "authorize/", "approve/x"] {
        let path = format!("/api/method/frappe.integrations.oauth2.{name}");
        for method in [Method::GET, Method::POST, Method::OPTIONS] {
            let script = app.stranger().with("origin", ORIGIN).with("access-control-request-method", "GET");
            let answer = script.send(method, &path, None).await;
            let told = answer.headers.keys().any(|name| name.as_str().starts_with("access-control-"));
            assert!(!told, "{path}: {:?}", answer.headers);
        }
    }
}
