//! The authorization code flow, end to end (RFC 6749 §4.1, RFC 7636).

use crate::support::app::TestApp;
use crate::support::flow::parameters;
use crate::support::seed::PASSWORD;

/// RFC 6749 §4.1, §5.1, §6
#[tokio::test]
async fn a_person_lets_a_client_in_and_it_gets_uses_and_refreshes_tokens() {
    let app = TestApp::start().await;
    app.person("ada", &[]).await;
    app.scope("read", &[]).await;
    let client = app.web_client("read profile").await;
    let browser = app.signed_in("ada", PASSWORD).await;

    let location = app.authorize(&browser, &client, &[]).await;
    assert!(location.starts_with("https://rp.test/cb?"), "{location}");
    let answer = parameters(&location);
    assert_eq!(answer["state"], "xyz");
    assert_eq!(answer["iss"], app.url);

    let redeemed = app.redeem(&client, &answer["code"]).await;
    assert_eq!(redeemed.status, 200, "{}", redeemed.body);
    assert_eq!(redeemed.header("cache-control"), "no-store");
    let tokens = redeemed.json();
    assert_eq!(tokens["token_type"], "Bearer");
    assert_eq!(tokens["expires_in"], 3600);
    assert_eq!(tokens["scope"], "profile read");

    let me = app.script(&format!("Bearer {}", tokens["access_token"].as_str().unwrap())).get("/api/v1/me").await;
    assert_eq!(me.status, 200, "{}", me.body);
    let me = me.json();
    assert_eq!((me["username"].as_str(), me["credential"].as_str()), (Some("ada"), Some("access_token")));
    assert_eq!(me["client_id"], client.client_id.as_str());
    assert_eq!(me["scopes"], serde_json::json!(["profile", "read"]));

    let refreshed = app.refresh(&client, tokens["refresh_token"].as_str().unwrap()).await;
    assert_eq!(refreshed.status, 200, "{}", refreshed.body);
    assert_eq!(app.me_status(&refreshed.text("access_token")).await, 200);
}
