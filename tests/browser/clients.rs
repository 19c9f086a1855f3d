//! Registering an application on the page, and what comes of it.

use crate::scene::BOTH_WAYS;
use crate::scene::EVERYWHERE;
use crate::scene::Scene;
use crate::scene::play;
use crate::site::Site;
use crate::support::seed::PASSWORD;
use crate::support::seed::SeededClient;
use crate::window::Window;

/// Registers an application on the page, by way of the list, and takes along what is shown once.
async fn register(scene: &Scene, window: &Window, redirect_uri: &str) -> SeededClient {
    scene.app.scope("read", &[]).await;
    window.press("Applications").await;
    window.shows("h1", "Applications").await;
    window.press("Register application").await;
    window.shows("h1", "Register application").await;
    window.fill("client_name", "Ledger").await;
    window.fill("redirect_uris", redirect_uri).await;
    window.click("[name=scope][value=read]").await;
    window.click("[name=scope][value=profile]").await;
    window.click("main button[type=submit]").await;
    SeededClient {
        client_id: window.text("#client-id").await,
        secret: window.text("#client-secret").await,
        redirect_uri: redirect_uri.to_owned(),
    }
}

/// RFC 6749 §2, §4.1
#[tokio::test]
async fn an_application_is_registered_on_the_page_and_lets_people_in() {
    play(EVERYWHERE, async |scene| {
        let site = Site::start().await;
        scene.app.person("ada", &["admin"]).await;
        let admin = scene.signed_in("ada", PASSWORD).await;
        if scene.setting.device != crate::driver::Device::Desktop {
            admin.open("/clients").await;
        }
        let client = register(scene, &admin, &site.url("/cb")).await;
        assert!(client.client_id.starts_with("client_"), "{}", client.client_id);
        assert!(client.secret.starts_with("hp_cs_"), "{}", client.secret);

        admin.press("I have copied it").await;
        admin.shows("#client-id", &client.client_id).await;
        assert!(!admin.source().await.contains(&client.secret), "it is shown once");
        admin.reload().await;
        admin.shows("#client-id", &client.client_id).await;
        assert_eq!(admin.count("#client-secret").await, 0);
        admin.back().await;
        assert!(!admin.source().await.contains(&client.secret), "the way back shows the secret again");

        admin.open(&client.authorize_path(&[])).await;
        admin.shows("h1", "Allow Ledger?").await;
        admin.press("Allow").await;
        admin.arrive(&client.redirect_uri).await;
        let tokens = scene.app.redeem(&client, &site.answer()["code"]).await;
        assert_eq!(tokens.status, 200, "{}", tokens.body);
        assert_eq!(tokens.text("scope"), "profile read");
    })
    .await;
}

#[tokio::test]
async fn a_new_secret_replaces_the_one_in_use() {
    play(BOTH_WAYS, async |scene| {
        scene.app.person("ada", &["admin"]).await;
        let admin = scene.signed_in("ada", PASSWORD).await;
        let first = register(scene, &admin, "https://rp.test/cb").await;
        admin.press("I have copied it").await;
        admin.press("Rotate secret").await;
        admin.find("ul.plain").await;
        admin.click("main button[type=submit]").await;
        admin.says("The new secret of Ledger").await;
        let second = SeededClient { secret: admin.text("#client-secret").await, ..first.clone() };
        let fields = [("grant_type", "authorization_code"), ("code", "none")];
        assert_eq!(scene.app.token(&first, &fields).await.text("error"), "invalid_client");
        assert_eq!(scene.app.token(&second, &fields).await.text("error"), "invalid_grant");
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_with_an_application_is_said_and_nothing_is_lost() {
    play(BOTH_WAYS, async |scene| {
        scene.app.person("ada", &["admin"]).await;
        let admin = scene.signed_in("ada", PASSWORD).await;
        admin.open("/clients/new").await;
        admin.fill("client_name", "Ledger").await;
        admin.fill("redirect_uris", "http://rp.test/cb").await;
        admin.click("[name=scope][value=profile]").await;
        admin.click("main button[type=submit]").await;
        admin.find("#redirect_uris-error").await;
        assert_eq!(admin.property("[name=client_name]", "value").await, "Ledger");
        assert_eq!(admin.property("[name=redirect_uris]", "value").await, "http://rp.test/cb");
        assert_eq!(admin.count("[name=scope]:checked").await, 1);
    })
    .await;
}
