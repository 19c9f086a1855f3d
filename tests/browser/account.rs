//! `/account`: what people see of their own, and what they can end.

use crate::scene::BOTH_WAYS;
use crate::scene::play;
use crate::support::seed::PASSWORD;
use crate::window::Window;

const NEW_PASSWORD: &str = "another battery staple";

/// Whether the window is still signed in, as its next page shows.
async fn is_signed_in(window: &Window) -> bool {
    window.open("/account").await;
    window.find("h1").await;
    window.text("h1").await == "Your account"
}

#[tokio::test]
async fn sessions_are_listed_and_the_other_one_can_be_ended() {
    play(BOTH_WAYS, async |scene| {
        scene.app.person("ada", &[]).await;
        let here = scene.signed_in("ada", PASSWORD).await;
        let there = scene.signed_in("ada", PASSWORD).await;
        here.reload().await;
        assert_eq!(here.count("#sessions .records > li").await, 2);
        assert_eq!(here.count("#sessions .badge.good").await, 1);
        here.click("#sessions .records button").await;
        here.find("[role=status].alert").await;
        assert_eq!(here.count("#sessions .records > li").await, 1);
        assert!(!is_signed_in(&there).await, "the ended session is signed out");
        there.arrive("/login").await;
        assert!(is_signed_in(&here).await);

        there.sign_in("ada", PASSWORD).await;
        there.arrive("/account").await;
        here.reload().await;
        here.press("End all others").await;
        here.find("[role=status].alert").await;
        assert!(!is_signed_in(&there).await, "all others end");
        assert!(is_signed_in(&here).await);
    })
    .await;
}

#[tokio::test]
async fn a_new_password_ends_the_other_sessions() {
    play(BOTH_WAYS, async |scene| {
        scene.app.person("ada", &[]).await;
        let here = scene.signed_in("ada", PASSWORD).await;
        let there = scene.signed_in("ada", PASSWORD).await;
        here.fill("current_password", "not my password").await;
        here.fill("new_password", NEW_PASSWORD).await;
        here.press("Change password").await;
        here.find("#current_password-error").await;
        assert!(is_signed_in(&there).await);

        here.fill("current_password", PASSWORD).await;
        here.fill("new_password", NEW_PASSWORD).await;
        here.press("Change password").await;
        here.find("[role=status].alert").await;
        assert!(!is_signed_in(&there).await, "other sessions end with the password");
        assert!(is_signed_in(&here).await);
        there.sign_in("ada", PASSWORD).await;
        there.shows("[role=alert]", "The user name or the password is wrong.").await;
        there.sign_in("ada", NEW_PASSWORD).await;
        there.arrive("/account").await;
    })
    .await;
}

#[tokio::test]
async fn an_application_that_is_cut_off_has_no_access_any_more() {
    play(BOTH_WAYS, async |scene| {
        scene.app.person("ada", &[]).await;
        scene.app.scope("read", &[]).await;
        let client = scene.app.web_client("read").await;
        let tokens = scene.app.tokens(&scene.app.signed_in("ada", PASSWORD).await, &client).await;
        let access_token = tokens["access_token"].as_str().unwrap();
        let window = scene.signed_in("ada", PASSWORD).await;
        window.shows("#applications .record-title", "Ledger").await;
        window.shows("#applications .sentences", "Use read").await;
        assert_eq!(scene.app.me_status(access_token).await, 200);
        window.click("#applications .records button").await;
        window.says("No application has access to your account.").await;
        assert_eq!(scene.app.me_status(access_token).await, 401);
        let refreshed = scene.app.refresh(&client, tokens["refresh_token"].as_str().unwrap()).await;
        assert_eq!(refreshed.text("error"), "invalid_grant");
    })
    .await;
}

#[tokio::test]
async fn a_key_is_made_with_the_scopes_that_were_ticked() {
    play(BOTH_WAYS, async |scene| {
        scene.app.person("ada", &[]).await;
        scene.app.scope("read", &[]).await;
        scene.app.scope("write", &[]).await;
        let window = scene.signed_in("ada", PASSWORD).await;
        window.press("Name, rights and expiry").await;
        window.fill_in("#api-access", "name", "backup").await;
        window.click("#rights-scopes").await;
        window.click("#api-access [name=scope][value=read]").await;
        window.press("Generate Keys").await;
        let header = format!("token {}:{}", window.text("#api-key").await, window.text("#api-secret").await);
        let me = scene.app.script(&header).get("/api/v1/me").await.json();
        assert_eq!((&me["full_access"], &me["scopes"]), (&serde_json::json!(false), &serde_json::json!(["read"])));
        window.press("I have copied it").await;
        window.shows("#api-access .record-title a", "backup").await;
    })
    .await;
}
