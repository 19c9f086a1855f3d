//! Bearer tokens (RFC 6750).

use hallpass::domain::api_keys::NewApiKey;
use hallpass::model::api_key::KeyAccess;
use hallpass::model::scope::Scope;

use crate::support::app::TestApp;

/// RFC 6750 §2.2, §2.3
#[tokio::test]
async fn a_bearer_token_is_taken_from_the_header_alone() {
    let app = TestApp::start().await;
    app.scope("read", &[]).await;
    let client = app.service_client("read").await;
    let answer = app.token(&client, &[("grant_type", "client_credentials")]).await;
    let access_token = answer.text("access_token");
    assert_eq!(app.me_status(&access_token).await, 200);
    let path = format!("/api/v1/me?access_token={access_token}");
    assert_eq!(app.stranger().get(&path).await.status, 401);
    let script = app.stranger().with("x-api-key", &access_token).with("x-access-token", &access_token);
    assert_eq!(script.get("/api/v1/me").await.status, 401);
}

/// RFC 6750 §3, §3.1
#[tokio::test]
async fn a_refusal_says_whether_it_is_the_token_or_its_scope() {
    let app = TestApp::start().await;
    let root = app.person("root", &["admin"]).await;
    app.scope("read", &[]).await;
    let scoped = |key: &mut NewApiKey| key.access = KeyAccess::Scopes(Scope::parse("read").unwrap());
    let key = app.key_with(&root, scoped).await;
    let refused = app.script(&key.token_header()).get("/api/v1/users").await;
    let challenge = refused.header("www-authenticate");
    assert_eq!(refused.status, 403);
    assert!(challenge.contains("error=\"insufficient_scope\""), "{challenge}");
    assert!(challenge.contains("scope=\"users:read\""), "{challenge}");
    let nobody = app.stranger().get("/api/v1/users").await;
    assert_eq!((nobody.status, nobody.header("www-authenticate").contains("error=")), (401, false));
    let bad = app.script("Bearer hp_at_x").get("/api/v1/users").await;
    assert_eq!((bad.status, bad.header("www-authenticate").contains("error=\"invalid_token\"")), (401, true));
}
