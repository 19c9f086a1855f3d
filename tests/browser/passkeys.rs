//! Passkeys with an authenticator that the browser has: added, shown beside a password and in its place, and removed.

use crate::scene::DESKTOP;
use crate::scene::PHONE;
use crate::scene::PHONE_PLAIN;
use crate::scene::Scene;
use crate::scene::play_by_name;
use crate::support::passkeys::Passkey;
use crate::support::seed::PASSWORD;
use crate::window::Window;

/// Adds a passkey in the window, which is signed in and has an authenticator, and keeps the recovery codes.
async fn add(window: &Window) {
    window.open("/account/factors").await;
    window.press("Add a passkey").await;
    window.shows("h1", "Add a passkey").await;
    assert!(window.property("#name", "value").await.starts_with("Chrome on "));
    window.fill("name", "My own device").await;
    window.press("Add a passkey").await;
    window.shows("h1", "Your recovery codes").await;
    window.press("I have kept them").await;
    window.shows("#passkeys .record-title", "My own device").await;
}

async fn sign_out(window: &Window) {
    window.open("/logout").await;
    window.press("Sign out").await;
    window.says("You are signed out").await;
}

/// Somebody who is signed in, in a browser with an authenticator.
async fn ada(scene: &Scene) -> (Window, String) {
    scene.app.person("ada", &[]).await;
    let window = scene.signed_in("ada", PASSWORD).await;
    let authenticator = window.plug_in_authenticator().await;
    (window, authenticator)
}

#[tokio::test]
async fn a_passkey_is_added_and_signs_in_alone() {
    play_by_name(&[DESKTOP, PHONE], async |scene| {
        let (window, _) = ada(scene).await;
        add(&window).await;
        sign_out(&window).await;
        window.press("Sign in with a passkey").await;
        window.arrive("/account").await;
        window.says("You have a passkey.").await;
        window.open("/account/factors").await;
        window.press("Add a passkey").await;
        window.shows("h1", "Add a passkey").await;
        window.press("Add a passkey").await;
        window.shows("[role=alert]", "This device has a passkey for your account already.").await;
    })
    .await;
}

/// Conditional mediation (Web Authentication §5.1.4.1): this authenticator chooses without a person. Where the page says
/// something nothing is proposed, or nobody could sign out.
#[tokio::test]
async fn a_passkey_is_proposed_with_the_name() {
    play_by_name(&[DESKTOP], async |scene| {
        let (window, _) = ada(scene).await;
        add(&window).await;
        sign_out(&window).await;
        assert_eq!(window.property("[name=username]", "autocomplete").await, "username webauthn");
        window.open("/account/events").await;
        window.arrive("/account/events").await;
        window.says("A passkey was used to sign in.").await;
    })
    .await;
}

#[tokio::test]
async fn a_passkey_is_asked_for_after_the_password() {
    play_by_name(&[DESKTOP, PHONE], async |scene| {
        let (window, _) = ada(scene).await;
        add(&window).await;
        sign_out(&window).await;
        window.sign_in("ada", PASSWORD).await;
        window.arrive("/login/second-factor").await;
        window.press("Use your passkey").await;
        window.arrive("/account").await;
    })
    .await;
}

#[tokio::test]
async fn whoever_is_not_recognised_is_told_and_can_try_again() {
    play_by_name(&[DESKTOP], async |scene| {
        let (window, authenticator) = ada(scene).await;
        add(&window).await;
        sign_out(&window).await;
        window.set_recognised(&authenticator, false).await;
        window.press("Sign in with a passkey").await;
        window.shows("[role=alert]", "No passkey was used. Try once more, or use another way.").await;
        window.set_recognised(&authenticator, true).await;
        window.press("Sign in with a passkey").await;
        window.arrive("/account").await;
    })
    .await;
}

#[tokio::test]
async fn whoever_must_have_a_factor_makes_a_passkey_right_after_the_password() {
    play_by_name(&[DESKTOP, PHONE], async |scene| {
        scene.app.role("treasurer").await;
        scene.app.require_second_factor("treasurer").await;
        scene.app.person("ada", &["treasurer"]).await;
        let window = scene.window().await;
        window.open("/login").await;
        window.plug_in_authenticator().await;
        window.sign_in("ada", PASSWORD).await;
        window.arrive("/login/first-factor").await;
        window.press("Add a passkey").await;
        window.shows("h1", "Your recovery codes").await;
        window.press("I have kept them").await;
        window.arrive("/account").await;
        window.says("You have a passkey.").await;
    })
    .await;
}

#[tokio::test]
async fn a_passkey_is_removed_after_a_question() {
    play_by_name(&[DESKTOP], async |scene| {
        let (window, _) = ada(scene).await;
        add(&window).await;
        window.click("#passkeys .records a.danger").await;
        window.shows("h1", "Remove the passkey My own device?").await;
        window.press("Remove").await;
        window.says("The second factor is removed.").await;
        window.says("You have no passkey.").await;
        sign_out(&window).await;
        window.press("Sign in with a passkey").await;
        // The device has it still, and the server knows it no more.
        window
            .shows("[role=alert] p", "This passkey was not accepted. Choose another one, or another way to sign in.")
            .await;
        window.sign_in("ada", PASSWORD).await;
        window.arrive("/account").await;
    })
    .await;
}

#[tokio::test]
async fn without_scripts_a_passkey_is_no_way_and_the_page_says_so() {
    play_by_name(&[PHONE_PLAIN], async |scene| {
        scene.app.person("ada", &[]).await;
        let browser = scene.app.signed_in("ada", PASSWORD).await;
        let (_, codes): (Passkey, _) = scene.app.add_passkey(&browser).await;
        let window = scene.window().await;
        window.open("/login").await;
        assert!(!window.page_text().await.contains("passkey"), "{}", window.page_text().await);
        window.sign_in("ada", PASSWORD).await;
        window.arrive("/login/second-factor").await;
        window.says("Your passkey needs JavaScript, which is off in this browser.").await;
        assert!(!window.page_text().await.contains("Use your passkey"), "{}", window.page_text().await);
        window.fill("code", &codes[0]).await;
        window.press("Continue").await;
        window.arrive("/account").await;
        window.open("/account/factors/passkeys").await;
        window.says("A passkey needs JavaScript").await;
        assert!(!window.page_text().await.contains("Name"), "{}", window.page_text().await);
    })
    .await;
}
