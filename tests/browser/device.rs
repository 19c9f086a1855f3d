//! The way of a person whose television shows a code (RFC 8628 §3.3).

use hallpass::model::client::AuthMethod;
use hallpass::model::client::GrantType;
use serde_json::Value;

use crate::scene::BOTH_WAYS;
use crate::scene::EVERYWHERE;
use crate::scene::Scene;
use crate::scene::play;
use crate::support::caller::Answer;
use crate::support::seed::PASSWORD;
use crate::support::seed::SeededClient;

const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// A person, and a device that waits for them.
async fn device(scene: &Scene) -> (SeededClient, Value) {
    scene.app.person("ada", &[]).await;
    scene.app.scope("read", &[]).await;
    scene.app.scope("write", &[]).await;
    let of_devices = |client: &mut hallpass::domain::clients::ClientDescription| {
        client.grant_types = vec![GrantType::DeviceCode];
        client.redirect_uris = Vec::new();
        client.auth_method = AuthMethod::None;
    };
    let client = scene.app.client_with("read write", of_devices).await;
    let fields = [("client_id", client.client_id.as_str())];
    let codes = scene.app.stranger().post("/oauth/device_authorization", &fields).await.json();
    (client, codes)
}

async fn poll(scene: &Scene, client: &SeededClient, codes: &Value) -> Answer {
    let code = codes["device_code"].as_str().unwrap();
    scene.app.token(client, &[("grant_type", GRANT), ("device_code", code)]).await
}

/// RFC 8628 §3.3, §3.3.1
#[tokio::test]
async fn a_link_leads_through_sign_in_to_the_form_and_pressing_allow_lets_the_device_in() {
    play(EVERYWHERE, async |scene| {
        let (client, codes) = device(scene).await;
        let window = scene.window().await;
        window.open(codes["verification_uri_complete"].as_str().unwrap()).await;
        window.sign_in("ada", PASSWORD).await;
        window.shows("h1", "Connect a device").await;
        assert_eq!(window.property("[name=user_code]", "value").await, codes["user_code"].as_str().unwrap());
        window.press("Continue").await;
        window.shows("h1", "Allow Ledger?").await;
        for sentence in ["Did you start this on a device of yours", "Signed in as", "Use read", "Use write"] {
            window.says(sentence).await;
        }
        window.shows("#shown-code", codes["user_code"].as_str().unwrap()).await;
        window.click("[name=scope][value=write]").await;
        window.press("Allow").await;
        window.shows("h1", "Done").await;
        window.says("The device is connected.").await;
        let tokens = poll(scene, &client, &codes).await;
        assert_eq!(tokens.text("scope"), "read", "{}", tokens.body);
    })
    .await;
}

/// RFC 8628 §6.1
#[tokio::test]
async fn a_code_is_typed_as_it_comes_and_pressing_deny_turns_the_device_away() {
    play(BOTH_WAYS, async |scene| {
        let (client, codes) = device(scene).await;
        let window = scene.window().await;
        window.open("/device").await;
        window.sign_in("ada", PASSWORD).await;
        window.fill("user_code", "bcdf ghjk").await;
        window.press("Continue").await;
        window.says("No device waits with this code.").await;
        let typed = codes["user_code"].as_str().unwrap().to_lowercase().replace('-', " ");
        window.fill("user_code", &typed).await;
        window.press("Continue").await;
        window.press("Deny").await;
        window.says("The device was turned away.").await;
        assert_eq!(poll(scene, &client, &codes).await.text("error"), "access_denied");
    })
    .await;
}
