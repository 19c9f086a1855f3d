//! The first start: from the setup URL to the first administrator.

use crate::scene::BOTH_WAYS;
use crate::scene::EVERYWHERE;
use crate::scene::play;
use crate::support::seed::PASSWORD;

#[tokio::test]
async fn the_setup_url_makes_the_first_administrator_and_signs_them_in() {
    play(EVERYWHERE, async |scene| {
        let setup_url = scene.app.setup_url.clone().expect("a new server has one");
        let window = scene.window().await;
        window.open(&setup_url).await;
        window.shows("h1", "Set up Hallpass").await;
        window.fill("username", "ada").await;
        window.fill("email", "ada@hallpass.test").await;
        window.fill("password", PASSWORD).await;
        window.press("Create administrator").await;
        window.arrive("/account").await;

        // It works once, and what it made signs in.
        window.open(&setup_url).await;
        window.says("was used already").await;
        let again = scene.signed_in("ada@hallpass.test", PASSWORD).await;
        again.arrive("/account").await;
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_on_the_setup_page_is_said_beside_its_field() {
    play(BOTH_WAYS, async |scene| {
        let window = scene.window().await;
        window.open(&scene.app.setup_url.clone().expect("a new server has one")).await;
        window.fill("username", "ada@home").await;
        window.fill("email", "ada@hallpass.test").await;
        window.fill("password", "12345678").await;
        window.press("Create administrator").await;
        window.find("#username-error").await;
        window.find("#password-error").await;
        window.find("[role=alert]").await;
        assert_eq!(window.property("#username", "value").await, "ada@home");
        assert_eq!(window.property("#email", "value").await, "ada@hallpass.test");
        assert_eq!(window.property("#password", "value").await, "");
        // The summary leads to the fields.
        window.click("[role=alert] a[href='#password']").await;
        assert!(window.url().await.ends_with("#password"), "{}", window.url().await);
    })
    .await;
}
