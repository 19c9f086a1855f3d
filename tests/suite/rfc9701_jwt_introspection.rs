//! Signed answers of the introspection endpoint (RFC 9701).

use hallpass::domain::clients::ClientDescription;
use hallpass::model::client::GrantType;
use serde_json::Value;
use serde_json::json;

use crate::support::app::TestApp;
use crate::support::caller::Answer;
use crate::support::openid::verify;
use crate::support::seed::PASSWORD;
use crate::support::seed::SeededClient;

const JWT: &str = "application/token-introspection+jwt";

async fn introspect(app: &TestApp, caller: &SeededClient, token: &str, accept: &str) -> Answer {
    app.script(&caller.basic()).with("accept", accept).post("/oauth/introspect", &[("token", token)]).await
}

/// RFC 9701 §4, §5, §8.1
#[tokio::test]
async fn whoever_asks_for_it_gets_the_answer_signed() {
    let app = TestApp::start().await;
    app.person("ada", &[]).await;
    let client = app.web_client("profile").await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let tokens = app.tokens(&browser, &client).await;
    let token = tokens["access_token"].as_str().unwrap();
    for (registered, algorithm) in [(None, "RS256"), (Some("PS256"), "PS256"), (Some("ES256"), "ES256")] {
        let introspects = |client: &mut ClientDescription| {
            client.grant_types = vec![GrantType::ClientCredentials];
            client.redirect_uris = Vec::new();
            client.openid.introspection_signed_response_alg = registered.map(str::to_owned);
        };
        let caller = app.client_with("introspect", introspects).await;
        let plain = introspect(&app, &caller, token, "application/json").await;
        assert_eq!((plain.status, plain.header("content-type")), (200, "application/json"));
        assert_eq!(introspect(&app, &caller, token, "*/*").await.json(), plain.json());
        let signed = introspect(&app, &caller, token, &format!("{JWT}, application/json;q=0.5")).await;
        assert_eq!((signed.status, signed.header("content-type")), (200, JWT));
        assert_eq!(signed.header("cache-control"), "no-store");
        let (header, claims) = verify(&signed.body, &app.jwks().await).unwrap();
        assert_eq!((&header["alg"], &header["typ"]), (&json!(algorithm), &json!("token-introspection+jwt")));
        // Nothing at the top by which it could pass for a token.
        assert_eq!(
            claims,
            json!({
                "iss": app.issuer, "aud": caller.client_id, "iat": app.seconds(), "token_introspection": plain.json(),
            })
        );
        assert_eq!(claims["token_introspection"]["active"], json!(true));
        // What is not active is said in the same way.
        let unknown = introspect(&app, &caller, "hp_at_x", JWT).await;
        let (_, claims) = verify(&unknown.body, &app.jwks().await).unwrap();
        assert_eq!(claims["token_introspection"], json!({ "active": false }));
    }
}

/// RFC 9701 §5: who may not ask is told so, and an answer is nobody's token.
#[tokio::test]
async fn a_signed_answer_lets_nobody_in() {
    let app = TestApp::start().await;
    app.person("ada", &[]).await;
    let client = app.web_client("openid profile").await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let tokens = app.tokens(&browser, &client).await;
    let token = tokens["access_token"].as_str().unwrap();
    assert_eq!(introspect(&app, &client, token, JWT).await.status, 401);
    let caller = app.introspector(None).await;
    let signed = introspect(&app, &caller, token, JWT).await.body;
    for text in [signed.as_str(), tokens["id_token"].as_str().unwrap()] {
        assert_eq!(app.script(&format!("Bearer {text}")).get("/api/v1/me").await.status, 401);
        let asked = introspect(&app, &caller, text, "application/json").await;
        assert_eq!(asked.json(), json!({ "active": false }));
        let assertion = [
            ("grant_type", "client_credentials"),
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            ("client_assertion", text),
        ];
        assert_eq!(app.stranger().post("/oauth/token", &assertion).await.status, 401);
    }
    let key = app.key(&app.person("root", &["admin"]).await).await;
    let by_key = app.script(&key.token_header()).with("accept", JWT);
    let answer = by_key.post("/oauth/introspect", &[("token", token)]).await;
    let (_, claims) = verify(&answer.body, &app.jwks().await).unwrap();
    assert_ne!(claims["aud"], Value::Null);
}
