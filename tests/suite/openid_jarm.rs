//! Signed answers of the authorization endpoint (JARM: JWT Secured Authorization Response Mode for OAuth 2.0).

use hallpass::domain::clients::ClientDescription;
use serde_json::Value;

use crate::support::app::TestApp;
use crate::support::caller::Browser;
use crate::support::flow::parameters;
use crate::support::seed::PASSWORD;
use crate::support::seed::SeededClient;
use crate::support::signed::header_of;

async fn begin(change: impl FnOnce(&mut ClientDescription)) -> (TestApp, SeededClient, Browser) {
    let app = TestApp::start().await;
    app.person("ada", &[]).await;
    let client = app.client_with("openid", change).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    app.authorize(&browser, &client, &[]).await;
    (app, client, browser)
}

/// The claims in the parameter `response`, after the checks of JARM §2.4.
async fn checked(app: &TestApp, client: &SeededClient, response: &str) -> Value {
    let claims = app.claims_of(response).await;
    assert_eq!((&claims["iss"], &claims["aud"]), (&app.issuer.as_str().into(), &client.client_id.as_str().into()));
    let end = claims["exp"].as_i64().unwrap();
    assert!(end > app.seconds() && end <= app.seconds() + 600, "{claims}");
    claims
}

/// JARM §2.1, §2.3
#[tokio::test]
async fn an_answer_is_one_signed_text_in_the_query_behind_the_hash_or_posted() {
    let (app, client, browser) = begin(|_| ()).await;
    for (mode, begins) in [
        ("jwt", "https://rp.test/cb?response="),
        ("query.jwt", "https://rp.test/cb?response="),
        ("fragment.jwt", "https://rp.test/cb#response="),
    ] {
        let location = app.authorize(&browser, &client, &[("response_mode", mode)]).await;
        assert!(location.starts_with(begins), "{location}");
        let answer = parameters(&location.replace('#', "?"));
        assert_eq!(answer.len(), 1, "{location}");
        let claims = checked(&app, &client, &answer["response"]).await;
        assert_eq!(claims["state"], "xyz");
        let answer = app.redeem(&client, claims["code"].as_str().unwrap()).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
    let page = browser.get(&client.authorize_path(&[("response_mode", "form_post.jwt")])).await;
    let claims = checked(&app, &client, &page.input("response")).await;
    assert!(claims["code"].is_string() && page.find_input("code").is_none(), "{claims}");
}

/// JARM §2.1: errors too, and JARM §3: by the algorithm that the client is registered with.
#[tokio::test]
async fn errors_are_signed_and_so_is_all_by_the_clients_algorithm() {
    for algorithm in ["RS256", "PS256", "ES256", "EdDSA"] {
        let chosen = |client: &mut ClientDescription| {
            client.openid.authorization_signed_response_alg = Some(algorithm.to_owned());
        };
        let (app, client, browser) = begin(chosen).await;
        let path = client.authorize_path(&[("response_mode", "jwt"), ("scope", "nothing")]);
        let location = browser.get(&path).await.header("location").to_owned();
        let response = parameters(&location)["response"].clone();
        assert_eq!(header_of(&response)["alg"], algorithm);
        let claims = checked(&app, &client, &response).await;
        assert_eq!((&claims["error"], &claims["state"]), (&"invalid_scope".into(), &"xyz".into()));
        assert!(claims["error_description"].is_string());
    }
}
