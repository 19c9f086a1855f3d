//! A forgotten password: from the sign-in page over the mail to the account.

use crate::scene::BOTH_WAYS;
use crate::scene::DESKTOP;
use crate::scene::play;
use crate::scene::play_with;
use crate::support::postbox::Postbox;
use crate::support::seed::PASSWORD;

const NEW_PASSWORD: &str = "another battery staple";

#[tokio::test]
async fn whoever_has_forgotten_their_password_gets_in_again_by_a_link() {
    for setting in BOTH_WAYS {
        let postbox = Postbox::open().await;
        play_with(&postbox.settings(), &[*setting], async |scene| {
            let user = scene.app.person("ada", &[]).await;
            scene.app.describe_user(&user, "ada@example.org", "").await;
            let window = scene.window().await;
            window.open("/login").await;
            window.click("a[href='/reset']").await;
            window.shows("h1", "Forgot your password?").await;
            window.fill("username", "ada@example.org").await;
            window.press("Send the link").await;
            window.shows("h1", "Look into your mail").await;

            let link = postbox.wait_for(1).await.link(&scene.app);
            window.open(&link).await;
            window.shows("h1", "Set a new password").await;
            window.fill("new_password", "password123").await;
            window.press("Set password").await;
            window.find("#new_password-error").await;
            window.fill("new_password", NEW_PASSWORD).await;
            window.press("Set password").await;
            window.says("Your password is set").await;
            window.sign_in("ada", NEW_PASSWORD).await;
            window.arrive("/account").await;
            window.open(&link).await;
            window.shows("h1", "This link is not valid any more").await;
        })
        .await;
    }
}

#[tokio::test]
async fn a_new_password_is_judged_while_it_is_typed() {
    play(&[DESKTOP], async |scene| {
        scene.app.person("ada", &[]).await;
        let window = scene.signed_in("ada", PASSWORD).await;
        for (password, said) in [
            ("short", "Too short"),
            ("aaaaaaaaaaaa", "Easy to guess"),
            ("ada-password-1", "Easy to guess"),
            ("correct horse battery staple", "Very good"),
        ] {
            window.open("/account").await;
            window.fill("new_password", password).await;
            assert!(window.until(async || window.text(".strength").await.starts_with(said)).await, "{password}");
        }
    })
    .await;
}
