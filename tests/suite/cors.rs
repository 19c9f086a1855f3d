//! Scripts of other origins: what browsers let them read (the Fetch standard's CORS protocol).

use reqwest::Method;

use crate::support::app::TestApp;
use crate::support::caller::Answer;
use crate::support::seed::PASSWORD;

const ORIGIN: &str = "https://app.example.com";

async fn begin() -> TestApp {
    TestApp::start_with(&format!("[http]\ncors_origins = [\"{ORIGIN}\", \"http://localhost:3000\"]")).await
}

async fn preflight(app: &TestApp, origin: &str, path: &str) -> Answer {
    let script = app.stranger().with("origin", origin).with("access-control-request-method", "POST");
    script.with("access-control-request-headers", "authorization, dpop").send(Method::OPTIONS, path, None).await
}

#[track_caller]
fn tells_nothing(answer: &Answer) {
    assert!(answer.headers.keys().all(|name| !name.as_str().starts_with("access-control-")), "{:?}", answer.headers);
}

/// RFC 8414 §3, RFC 9728 §3: metadata is for browsers anywhere, whatever else they send along.
#[tokio::test]
async fn metadata_is_for_scripts_of_every_origin() {
    let app = TestApp::start().await;
    for path in [
        "/.well-known/oauth-authorization-server",
        "/.well-known/oauth-protected-resource",
        "/.well-known/openid-configuration",
        "/.well-known/jwks.json",
    ] {
        for origin in ["https://evil.test", "null"] {
            let asked = preflight(&app, origin, path).await;
            assert_eq!((asked.status, asked.header("access-control-allow-origin")), (204, "*"));
            assert!(asked.header("access-control-allow-headers").contains("MCP-Protocol-Version"));
            let answer = app.stranger().with("origin", origin).get(path).await;
            assert_eq!((answer.status, answer.header("access-control-allow-origin")), (200, "*"));
        }
        // Also where nobody asks from: a cache may keep it for somebody who does.
        assert_eq!(app.stranger().get(path).await.header("access-control-allow-origin"), "*");
    }
}

#[tokio::test]
async fn a_listed_application_calls_what_applications_call() {
    let app = begin().await;
    app.person("ada", &[]).await;
    app.scope("read", &[]).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let client = app.public_client("read").await;
    let code = app.code(&browser, &client).await;
    for path in ["/oauth/token", "/oauth/revoke", "/oauth/introspect", "/oauth/par", "/api/v1/me"] {
        for origin in [ORIGIN, "http://localhost:3000"] {
            let asked = preflight(&app, origin, path).await;
            assert_eq!((asked.status, asked.header("access-control-allow-origin")), (204, origin), "{path}");
            assert!(asked.header("access-control-allow-headers").contains("DPoP"));
            assert!(asked.header("vary").contains("Origin"));
        }
    }
    let script = app.stranger().with("origin", ORIGIN);
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", &*code),
        ("client_id", &*client.client_id),
        ("code_verifier", crate::support::flow::VERIFIER),
    ];
    let tokens = script.post("/oauth/token", &fields).await;
    assert_eq!((tokens.status, tokens.header("access-control-allow-origin")), (200, ORIGIN));
    // A refusal can be read as well, its challenge included.
    let refused = script.get("/api/v1/me").await;
    assert_eq!((refused.status, refused.header("access-control-allow-origin")), (401, ORIGIN));
    assert!(refused.header("access-control-expose-headers").contains("WWW-Authenticate"));
    let bearer = format!("Bearer {}", tokens.text("access_token"));
    let me = app.script(&bearer).with("origin", ORIGIN).get("/api/v1/me").await;
    assert_eq!((me.status, me.header("access-control-allow-origin")), (200, ORIGIN));
}

/// RFC 9700 §2.6
#[tokio::test]
async fn pages_are_for_no_script_and_unlisted_origins_read_nothing() {
    let app = begin().await;
    for path in ["/oauth/authorize", "/oauth/consent", "/login", "/account", "/users", "/health/live", "/static/x"] {
        let asked = preflight(&app, ORIGIN, path).await;
        assert_ne!(asked.status, 204, "{path}");
        tells_nothing(&asked);
        tells_nothing(&app.stranger().with("origin", ORIGIN).get(path).await);
    }
    for origin in ["https://evil.test", "null", "https://app.example.com.evil.test", "http://app.example.com", ""] {
        for path in ["/oauth/token", "/api/v1/me"] {
            let asked = preflight(&app, origin, path).await;
            assert_eq!(asked.status, 405, "{origin} {path}");
            tells_nothing(&asked);
            tells_nothing(&app.stranger().with("origin", origin).get(path).await);
        }
    }
}

/// The session's cookie is of no use to a script of another origin, listed or not.
#[tokio::test]
async fn a_cookie_is_never_allowed_along() {
    let app = begin().await;
    app.person("ada", &[]).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let request = browser.request(Method::GET, "/api/v1/me").header("origin", ORIGIN);
    let answer = browser.send(request).await;
    assert_eq!(answer.header("access-control-allow-credentials"), "");
    assert_eq!(preflight(&app, ORIGIN, "/api/v1/me").await.header("access-control-allow-credentials"), "");
}
