//! The UserInfo endpoint (OpenID Connect Core §5.3).

use reqwest::Method;
use serde_json::json;

use crate::support::app::BEGIN;
use crate::support::app::TestApp;
use crate::support::seed::PASSWORD;

const USERINFO: &str = "/oauth/userinfo";

/// OpenID Connect Core §5.3.1, §5.3.2, §5.4
#[tokio::test]
async fn it_says_as_much_as_the_scopes_allow() {
    let app = TestApp::start().await;
    app.role("sales").await;
    let ada = app.person("ada", &["sales"]).await;
    app.describe_user(&ada, "ada@example.com", "Ada Lovelace").await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let sub = ada.id.to_string();
    for (scope, expected) in [
        ("openid", json!({ "sub": sub })),
        (
            "openid profile",
            json!({
                "sub": sub, "name": "Ada Lovelace", "preferred_username": "ada", "updated_at": BEGIN.seconds(),
            }),
        ),
        ("openid email", json!({ "sub": sub, "email": "ada@example.com", "email_verified": false })),
        ("openid roles", json!({ "sub": sub, "roles": ["sales"] })),
    ] {
        let client = app.web_client(scope).await;
        let tokens = app.tokens(&browser, &client).await;
        let script = app.script(&format!("Bearer {}", tokens["access_token"].as_str().unwrap()));
        for method in [Method::GET, Method::POST] {
            let answer = script.send(method, USERINFO, None).await;
            assert_eq!((answer.status, answer.json()), (200, expected.clone()), "{scope}");
            assert_eq!(answer.header("cache-control"), "no-store");
        }
    }
    // What is not there is left out.
    let bob = app.person("bob", &[]).await;
    let key = app.key(&bob).await;
    let updated_at = BEGIN.seconds();
    let expected = json!({
        "sub": bob.id.to_string(), "preferred_username": "bob", "roles": [], "updated_at": updated_at,
    });
    assert_eq!(app.script(&key.token_header()).get(USERINFO).await.json(), expected);
}

/// OpenID Connect Core §5.3.3, RFC 6750 §3.1
#[tokio::test]
async fn it_is_for_tokens_of_users_with_the_scope_openid() {
    let app = TestApp::start().await;
    app.person("ada", &[]).await;
    app.scope("read", &[]).await;
    let client = app.web_client("read profile email").await;
    let tokens = app.tokens(&app.signed_in("ada", PASSWORD).await, &client).await;
    let script = app.script(&format!("Bearer {}", tokens["access_token"].as_str().unwrap()));
    let answer = script.get(USERINFO).await;
    assert_eq!((answer.status, answer.text("error")), (403, "insufficient_scope".to_owned()));
    assert!(answer.header("www-authenticate").contains("scope=\"openid\""), "{:?}", answer.headers);
    assert_eq!(app.stranger().get(USERINFO).await.status, 401);
    let answer = app.script("Bearer x").get(USERINFO).await;
    assert_eq!((answer.status, answer.text("error")), (401, "invalid_token".to_owned()));
    // A client in its own name is no user.
    let service = app.service_client("openid").await;
    let token = app.token(&service, &[("grant_type", "client_credentials")]).await.text("access_token");
    let answer = app.script(&format!("Bearer {token}")).get(USERINFO).await;
    assert_eq!((answer.status, answer.text("error")), (403, "access_denied".to_owned()));
}

/// RFC 6750 §2.2, OpenID Connect Core §5.3.1; `oidcc-userinfo-get`, `oidcc-userinfo-post-header`,
/// `oidcc-userinfo-post-body`. No other door of the server takes a token there.
#[tokio::test]
async fn the_token_may_stand_in_a_form_here_and_nowhere_else() {
    let app = TestApp::start().await;
    let ada = app.person("ada", &[]).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let client = app.web_client("openid account:read").await;
    let tokens = app.tokens(&browser, &client).await;
    let token = tokens["access_token"].as_str().unwrap();
    let expected = json!({ "sub": ada.id.to_string() });
    let in_form = [("access_token", token)];
    let stranger = app.stranger();
    for answer in [
        app.script(&format!("Bearer {token}")).get(USERINFO).await,
        app.script(&format!("Bearer {token}")).post(USERINFO, &[]).await,
        stranger.post(USERINFO, &in_form).await,
        // A cookie that comes along does not count: the token was shown.
        browser.post(USERINFO, &in_form).await,
    ] {
        assert_eq!((answer.status, answer.json()), (200, expected.clone()));
    }
    // Two of them are one too many (RFC 6750 §2), and what is none is refused as in the header.
    let answer = app.script(&format!("Bearer {token}")).post(USERINFO, &in_form).await;
    assert_eq!((answer.status, answer.text("error")), (400, "invalid_request".to_owned()));
    let twice = format!("access_token={token}&access_token={token}");
    assert_eq!(stranger.post_raw(USERINFO, "application/x-www-form-urlencoded", twice).await.status, 400);
    for wrong in ["x", "", "hp_at_x", tokens["refresh_token"].as_str().unwrap()] {
        let answer = stranger.post(USERINFO, &[("access_token", wrong)]).await;
        assert_eq!(answer.status, 401, "{wrong}: {}", answer.body);
    }
    let key = app.key(&ada).await;
    assert_eq!(stranger.post(USERINFO, &[("access_token", &key.api_secret)]).await.status, 401);
    assert_eq!(stranger.get(&format!("{USERINFO}?access_token={token}")).await.status, 401);
    assert_eq!(stranger.get(&format!("/api/v1/me?access_token={token}")).await.status, 401);
    let answer = stranger.post("/api/v1/keys", &in_form).await;
    assert_eq!(answer.status, 401);
}
