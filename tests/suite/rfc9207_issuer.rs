//! Every answer of the authorization endpoint says whose it is (RFC 9207).

use crate::support::app::TestApp;
use crate::support::flow::parameters;
use crate::support::seed::PASSWORD;

/// RFC 9207 §2, §2.4
#[tokio::test]
async fn the_issuer_stands_in_every_answer_byte_for_byte() {
    for app in [TestApp::start().await, TestApp::start_below("/id/hall").await] {
        app.person("ada", &[]).await;
        let client = app.web_client("profile").await;
        let browser = app.signed_in("ada", PASSWORD).await;
        let metadata = app.stranger().get("/.well-known/oauth-authorization-server").await.json();
        assert_eq!(metadata["authorization_response_iss_parameter_supported"], true);
        let issuer = metadata["issuer"].as_str().unwrap();

        let refused = browser.get(&client.authorize_path(&[("scope", "nothing")])).await;
        let page = browser.get(&client.authorize_path(&[])).await;
        let denied = app.decide(&browser, &page, "deny").await;
        let allowed = app.authorize(&browser, &client, &[]).await;
        let remembered = browser.get(&client.authorize_path(&[])).await;
        let without_state = app.authorize(&browser, &client, &[("state", "")]).await;
        for location in [refused.header("location"), &denied, &allowed, remembered.header("location"), &without_state] {
            assert_eq!(parameters(location)["iss"], issuer, "{location}");
            assert_eq!(location.matches("iss=").count(), 1, "{location}");
        }
    }
}

/// RFC 9207 §1; RFC 9700 §4.4
#[tokio::test]
async fn a_code_of_one_issuer_is_none_of_another() {
    let (one, other) = (TestApp::start_below("/one").await, TestApp::start_below("/other").await);
    for app in [&one, &other] {
        app.person("ada", &[]).await;
    }
    let (client, client_of_other) = (one.web_client("profile").await, other.web_client("profile").await);
    let browser = one.signed_in("ada", PASSWORD).await;
    let code = one.code(&browser, &client).await;
    other.redeem(&client_of_other, &code).await.refused(400, "invalid_grant");
    other.redeem(&client, &code).await.refused(401, "invalid_client");
    assert_eq!(one.redeem(&client, &code).await.status, 200);
}
