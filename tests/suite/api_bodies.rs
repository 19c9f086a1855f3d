//! Bodies of `/api/v1`: JSON, one object, known members once.

use reqwest::Method;
use serde_json::json;

use crate::support::app::TestApp;

/// Each route that takes a body, and one member that it knows.
const ROUTES: [(&str, &str, &str); 7] = [
    ("POST", "/api/v1/users", "username"),
    ("POST", "/api/v1/roles", "name"),
    ("POST", "/api/v1/scopes", "name"),
    ("POST", "/api/v1/resources", "uri"),
    ("POST", "/api/v1/clients", "client_name"),
    ("POST", "/api/v1/keys", "name"),
    ("PATCH", "/api/v1/me", "full_name"),
];

fn method(name: &str) -> Method {
    Method::from_bytes(name.as_bytes()).unwrap()
}

/// RFC 9110 §15.5.16
#[tokio::test]
async fn a_body_says_that_it_is_json() {
    let app = TestApp::start().await;
    let (_, root) = app.root().await;
    for (name, path, _) in ROUTES {
        for content_type in
            ["text/plain", "application/x-www-form-urlencoded", "application/jsonx", "text/json", "json"]
        {
            let answer = root.send_body(method(name), path, content_type, b"{}".to_vec()).await;
            assert_eq!(
                answer.problem(415),
                "the body's Content-Type must be application/json",
                "{path} {content_type}"
            );
        }
    }
    let none = root.send(Method::POST, "/api/v1/roles", None).await;
    none.problem(415);
    let twice = app.stranger();
    assert_eq!(twice.post_raw("/api/v1/roles", "", "{}").await.status, 401);
    for content_type in ["application/json", "Application/JSON", "application/json; charset=utf-8"] {
        let answer = root.send_body(Method::POST, "/api/v1/roles", content_type, b"{}".to_vec()).await;
        assert_eq!(answer.problem(400), "name is missing", "{content_type}");
    }
}

/// Mass assignment: what a record has beyond what may be set is no member of the body, nor is anything else.
#[tokio::test]
async fn members_that_are_not_known_are_refused() {
    let app = TestApp::start().await;
    let (_, root) = app.root().await;
    let foreign =
        ["id", "is_admin", "created_at", "owner", "user_id", "api_secret", "client_secret", "client_id", "origin"];
    for (name, path, known) in ROUTES {
        for member in foreign {
            let body = json!({ known: "x", member: true });
            let detail = root.json(method(name), path, &body).await.problem(400);
            assert!(detail.starts_with(&format!("{member} is not known here; known are ")), "{path}: {detail}");
        }
    }
}

/// RFC 8259 §4: what stands there twice could be read in two ways.
#[tokio::test]
async fn members_that_stand_there_twice_are_refused() {
    let app = TestApp::start().await;
    let (_, root) = app.root().await;
    for (name, path, known) in ROUTES {
        for twice in [
            format!("\"{known}\": \"a\", \"{known}\": \"b\""),
            format!("\"{known}\": \"a\", \"\\u{:04x}{}\": \"b\"", known.as_bytes()[0], &known[1..]),
        ] {
            let body = format!("{{{twice}}}").into_bytes();
            let answer = root.send_body(method(name), path, "application/json", body).await;
            assert_eq!(answer.problem(400), format!("{known} is given more than once"), "{path}");
        }
    }
}

#[tokio::test]
async fn what_is_no_object_is_refused_with_a_sentence() {
    let app = TestApp::start().await;
    let (_, root) = app.root().await;
    let deep = format!("{{\"name\": {}", "[".repeat(100_000));
    let nested = format!("{{\"x\": {}1{}}}", "{\"a\":".repeat(10_000), "}".repeat(10_000));
    for (body, detail) in [
        ("", "the body is empty"),
        ("null", "must be a JSON object"),
        ("[\"editor\"]", "must be a JSON object"),
        ("\"editor\"", "must be a JSON object"),
        ("{\"name\": \"editor\"", "is not JSON"),
        ("{\"name\": \"editor\"} {}", "behind the JSON object"),
        ("{\"name\": \"\u{0}\"}", "is not JSON"),
        ("{name: 1}", "is not JSON"),
        ("{\"name\": \"\\ud800\"}", "is not JSON"),
        ("{\"name\": 1}", "name must be a string"),
        ("{\"name\": null}", "name must be a string"),
        ("{\"name\": [\"editor\"]}", "name must be a string"),
        (&deep, "name must be a string"),
        (&nested, "x is not known here"),
    ] {
        let answer = root.send_body(Method::POST, "/api/v1/roles", "application/json", body.as_bytes().to_vec()).await;
        let said = answer.problem(400);
        let shown: String = body.chars().take(40).collect();
        assert!(said.contains(detail), "{shown}: {said}");
    }
    let latin =
        root.send_body(Method::POST, "/api/v1/roles", "application/json", b"{\"name\": \"caf\xe9\"}".to_vec()).await;
    assert!(latin.problem(400).contains("is not JSON"));
    let large = format!("{{\"name\": \"{}\"}}", "a".repeat(300_000));
    root.send_body(Method::POST, "/api/v1/roles", "application/json", large.into_bytes()).await.problem(413);
    assert_eq!(root.list("/api/v1/roles", 100).await.len(), 1);
}

/// What was typed into the wrong place may be a secret.
#[tokio::test]
async fn a_refusal_repeats_no_value() {
    let app = TestApp::start().await;
    let (_, root) = app.root().await;
    for body in [
        json!({ "username": "ada", "password": "hunter22hunter22", "roles": "hunter22hunter22" }),
        json!({ "username": ["hunter22hunter22"] }),
        json!({ "username": "ada", "kind": "hunter22hunter22" }),
        json!({ "username": "ada", "full_name": {"x": "hunter22hunter22"} }),
        json!({ "username": "ada", "Hunter22": 1 }),
    ] {
        let answer = root.json(Method::POST, "/api/v1/users", &body).await;
        answer.problem(400);
        assert!(!answer.body.contains("unter22"), "{}", answer.body);
    }
}
