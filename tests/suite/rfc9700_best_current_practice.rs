//! Best current practice (RFC 9700): what attackers try.

use hallpass::model::time::Lifetime;

use crate::support::app::TestApp;
use crate::support::flow::VERIFIER;
use crate::support::flow::challenge;
use crate::support::flow::parameters;
use crate::support::seed::PASSWORD;

/// RFC 9700 §2.1.2, §2.4
#[tokio::test]
async fn nothing_gives_a_token_without_a_code_or_for_a_password() {
    let app = TestApp::start().await;
    app.person("ada", &[]).await;
    app.scope("read", &[]).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let client = app.web_client("read").await;
    for response_type in ["token", "id_token", "code token", "id_token token", "none"] {
        let answer = browser.get(&client.authorize_path(&[("response_type", response_type)])).await;
        app.redirected(&answer, &client.redirect_uri, "unsupported_response_type", Some("xyz"));
        assert!(!answer.header("location").contains("access_token"), "{response_type}");
    }
    let password = [("grant_type", "password"), ("username", "ada"), ("password", PASSWORD)];
    app.token(&client, &password).await.refused(400, "unsupported_grant_type");
}

/// RFC 9700 §4.5: a code that was stolen and is brought into another sign-in.
#[tokio::test]
async fn a_code_of_one_sign_in_is_of_no_use_in_another() {
    let app = TestApp::start().await;
    app.person("ada", &[]).await;
    app.scope("read", &[]).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let client = app.web_client("read").await;
    let other_verifier = "another-verifier-that-is-long-enough-to-be-one-0123456789";
    let other = challenge(other_verifier);
    let location = app.authorize(&browser, &client, &[("code_challenge", &other)]).await;
    let stolen = parameters(&location).remove("code").unwrap();
    // The attacked client sends the verifier of its own request along with the attacker's code.
    let fields = [("grant_type", "authorization_code"), ("code", &*stolen), ("code_verifier", VERIFIER)];
    app.token(&client, &fields).await.refused(400, "invalid_grant");
    let fields = [("grant_type", "authorization_code"), ("code", &*stolen), ("code_verifier", other_verifier)];
    app.token(&client, &fields).await.refused(400, "invalid_grant");
}

/// RFC 9700 §4.4, §4.8.2: neither another client's code nor one whose challenge was stripped.
#[tokio::test]
async fn a_code_is_redeemed_by_whom_it_was_made_for_and_as_it_was_asked_for() {
    let app = TestApp::start().await;
    app.person("ada", &[]).await;
    app.scope("read", &[]).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let (client, evil) = (app.web_client("read").await, app.web_client("read").await);
    let code = app.code(&browser, &client).await;
    app.redeem(&evil, &code).await.refused(400, "invalid_grant");
    assert_eq!(app.redeem(&client, &code).await.status, 200, "a stranger's try costs nothing");
    let bare = [("code_challenge", ""), ("code_challenge_method", "")];
    let code = parameters(&app.authorize(&browser, &client, &bare).await).remove("code").unwrap();
    app.redeem(&client, &code).await.refused(400, "invalid_grant");
}

/// RFC 9700 §2.2.2, §4.14.2
#[tokio::test]
async fn a_stolen_refresh_token_ends_with_the_first_use_of_its_owner() {
    let app = TestApp::start().await;
    app.person("ada", &[]).await;
    app.scope("read", &[]).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let client = app.public_client("read").await;
    let first = app.tokens(&browser, &client).await["refresh_token"].as_str().unwrap().to_owned();
    let thief = app.refresh(&client, &first).await;
    assert_eq!(thief.status, 200);
    app.pass(Lifetime::from_seconds(31));
    app.refresh(&client, &first).await.refused(400, "invalid_grant");
    app.refresh(&client, &thief.text("refresh_token")).await.refused(400, "invalid_grant");
    assert_eq!(app.me_status(&thief.text("access_token")).await, 401);
}
