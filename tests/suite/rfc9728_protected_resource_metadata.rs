//! Protected resource metadata (RFC 9728).

use reqwest::Method;
use serde_json::json;

use crate::support::app::TestApp;

const RESOURCE: &str = "/.well-known/oauth-protected-resource";

/// RFC 9728 §2, §3.2, §5.1
#[tokio::test]
async fn a_refused_caller_is_led_from_the_api_to_its_authorization_server() {
    for app in [TestApp::start().await, TestApp::start_below("/id").await] {
        let refused = app.stranger().get("/api/v1/me").await;
        let challenge = refused.header("www-authenticate").to_owned();
        let url = challenge.split("resource_metadata=\"").nth(1).and_then(|rest| rest.split('"').next());
        let url = url.unwrap_or_else(|| panic!("{challenge}"));
        assert_eq!(url, format!("{}{RESOURCE}", app.url));
        let answer = app.stranger().get(url.strip_prefix(&app.url).unwrap()).await;
        assert_eq!(answer.header("access-control-allow-origin"), "*");
        let expected = json!({
            "resource": app.url,
            "authorization_servers": [app.url],
            "bearer_methods_supported": ["header"],
            "dpop_signing_alg_values_supported": ["RS256", "PS256", "ES256", "ES384", "EdDSA", "Ed25519"],
            "resource_name": "Hallpass",
        });
        assert_eq!(answer.json(), expected);
        let server = app.stranger().get("/.well-known/oauth-authorization-server").await.json();
        assert_eq!(server["issuer"], expected["authorization_servers"][0]);
    }
}

/// RFC 9728 §3.1, §3.3: for an issuer with a path it stands between host and path, and names what was asked for.
#[tokio::test]
async fn a_resource_with_a_path_is_described_where_it_is_looked_for() {
    let app = TestApp::start_below("/id").await;
    let between = app.stranger_at_the_root().get(&format!("{RESOURCE}/id")).await;
    let below = app.stranger().get(RESOURCE).await;
    assert_eq!((between.status, below.status), (200, 200));
    assert_eq!(between.json()["resource"], app.url);
    assert_eq!(between.json(), below.json());
}

/// RFC 9728 §3.1, §5.1
#[tokio::test]
async fn the_document_is_read_by_get_and_every_challenge_names_it() {
    let app = TestApp::start().await;
    assert_eq!(app.stranger().send(Method::POST, RESOURCE, Some(&[])).await.status, 405);
    let named = format!("resource_metadata=\"{}{RESOURCE}\"", app.url);
    for header in ["Bearer x", "token a:b", "Basic x", "Bearer hp_at_x"] {
        let refused = app.script(header).get("/api/v1/me").await;
        let challenges = refused.headers.get_all("www-authenticate");
        let bearer =
            challenges.iter().filter_map(|value| value.to_str().ok()).find(|value| value.starts_with("Bearer "));
        let bearer = bearer.unwrap_or_default();
        assert!(bearer.contains(&named) && bearer.contains("error=\"invalid_token\""), "{header}: {bearer}");
    }
}
