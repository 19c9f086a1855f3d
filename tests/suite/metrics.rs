//! `/metrics`: figures for those who watch the server, on a listener of their own.

use crate::support::app::TestApp;
use crate::support::caller::Answer;

/// A port that was free a moment ago; nobody else asks the system for this very one.
fn free_address() -> String {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

async fn get(url: &str) -> Answer {
    Answer::of(reqwest::get(url).await.unwrap()).await
}

#[tokio::test]
async fn figures_are_on_a_listener_of_their_own_and_nothing_else_is() {
    let address = free_address();
    let app = TestApp::start_with(&format!("[metrics]\nlisten = \"{address}\"")).await;
    let user = app.person("ada", &[]).await;
    let key = app.key(&user).await;
    assert_eq!(app.script(&key.token_header()).get("/api/v1/me").await.status, 200);
    assert_eq!(app.script("Bearer x").get("/api/v1/me").await.status, 401);

    let figures = get(&format!("http://{address}/metrics")).await;
    assert_eq!(figures.status, 200);
    assert!(figures.header("content-type").starts_with("application/openmetrics-text"));
    for line in [
        r#"hallpass_requests_total{surface="api",status="200"} 1"#,
        r#"hallpass_requests_total{surface="api",status="401"} 1"#,
        r#"hallpass_credentials_recognised_total{credential="api_key"} 1"#,
        r#"hallpass_request_duration_seconds_count{surface="api"} 2"#,
        "# EOF",
    ] {
        assert!(figures.body.lines().any(|found| found == line), "{line} in\n{}", figures.body);
    }
    for word in ["ada", &key.api_key, &key.api_secret] {
        assert!(!figures.body.contains(word), "{word}");
    }
    for path in ["/", "/login", "/api/v1/me", "/health/live"] {
        assert_eq!(get(&format!("http://{address}{path}")).await.status, 404, "{path}");
    }
    assert_eq!(get(&format!("{}/metrics", app.url)).await.status, 404);
}

#[tokio::test]
async fn there_are_no_figures_unless_somebody_wants_them() {
    let app = TestApp::start().await;
    assert_eq!(get(&format!("{}/metrics", app.url)).await.status, 404);
}
