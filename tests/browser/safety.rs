//! What other sites, and whoever comes to the machine next, can't do with somebody's browser.

use crate::scene::BOTH_WAYS;
use crate::scene::DESKTOP;
use crate::scene::Scene;
use crate::scene::play;
use crate::site::Site;
use crate::support::seed::PASSWORD;
use crate::window::Window;

#[tokio::test]
async fn going_back_after_sign_out_shows_nothing_of_the_account() {
    play(BOTH_WAYS, async |scene| {
        scene.app.person("ada", &[]).await;
        let window = scene.signed_in("ada", PASSWORD).await;
        window.open("/logout").await;
        window.says("You are signed in as ada").await;
        window.press("Sign out").await;
        window.says("You are signed out").await;
        for _ in 0..2 {
            window.back().await;
            window.shows("h1", "Sign in").await;
            assert!(!window.source().await.contains("ada"), "{}", window.source().await);
        }
    })
    .await;
}

/// RFC 9700 §4.16
#[tokio::test]
async fn no_page_shows_inside_a_page_of_another_site() {
    const PATHS: [&str; 5] = ["/login", "/logout", "/account", "/setup", "/nothing-here"];
    play(&[DESKTOP], async |scene| {
        scene.app.person("ada", &[]).await;
        let site = Site::start().await;
        let window = scene.signed_in("ada", PASSWORD).await;
        for path in PATHS {
            let url = format!("{}{path}", scene.app.url);
            site.put("/", &format!("<iframe src=\"{url}\"></iframe><object data=\"{url}\"></object>"));
            window.open(&site.url("/")).await;
            let (source, text) = window.inside_frame(0).await;
            assert!(!source.contains("Hallpass"), "{path} shows inside a frame: {text}");
        }
        let log = window.log("browser").await;
        let blocked = log.iter().filter(|entry| entry["message"].to_string().contains("frame-ancestors"));
        assert!(blocked.count() >= PATHS.len(), "{log:?}");
    })
    .await;
}

/// A page of the site's that posts to `/logout`, with this token.
async fn post_from(window: &Window, scene: &Scene, site: &Site, address: &str, token: &str) {
    let action = format!("{}/logout", scene.app.url);
    site.put(
        "/",
        &format!(
            "<form method=\"post\" action=\"{action}\"><input type=\"hidden\" name=\"csrf_token\" value=\"{token}\">
             <button>Win a prize</button></form>"
        ),
    );
    window.open(address).await;
    window.press("Win a prize").await;
    window.arrive("/").await;
}

async fn is_signed_in(window: &Window) {
    window.open("/logout").await;
    window.says("You are signed in as ada").await;
}

/// RFC 6749 §10.12
#[tokio::test]
async fn a_form_of_another_site_is_refused_even_with_the_right_token() {
    play(BOTH_WAYS, async |scene| {
        scene.app.person("ada", &[]).await;
        let site = Site::start().await;
        let window = scene.signed_in("ada", PASSWORD).await;
        is_signed_in(&window).await;
        let token = window.property("[name=csrf_token]", "value").await;
        assert!(!token.is_empty());
        // Another port of the same host is the same site: the session's cookie comes along.
        for token in ["", token.as_str()] {
            post_from(&window, scene, &site, &site.url("/"), token).await;
            window.says("Error 403").await;
            is_signed_in(&window).await;
        }
        // From another site it does not.
        post_from(&window, scene, &site, &site.url_by_name("/"), &token).await;
        is_signed_in(&window).await;
    })
    .await;
}

/// RFC 6749 §10.12
#[tokio::test]
async fn a_script_of_another_site_can_neither_act_nor_read() {
    play(&[DESKTOP], async |scene| {
        scene.app.person("ada", &[]).await;
        let site = Site::start().await;
        let window = scene.signed_in("ada", PASSWORD).await;
        is_signed_in(&window).await;
        let token = window.property("[name=csrf_token]", "value").await;
        let url = &scene.app.url;
        site.put("/", "<h1>Prizes</h1>");
        for address in [site.url("/"), site.url_by_name("/")] {
            window.open(&address).await;
            window.check_console().await;
            let act = format!(
                "return fetch('{url}/logout', {{ method: 'POST', mode: 'no-cors', credentials: 'include',
                    body: new URLSearchParams({{ csrf_token: '{token}' }}) }}).then(() => 'sent', () => 'not sent')"
            );
            window.ask(&act).await;
            let read = format!(
                "return fetch('{url}/api/v1/me', {{ credentials: 'include' }}).then((it) => it.text(), () => 'nothing')"
            );
            assert_eq!(window.ask(&read).await, "nothing", "from {address}");
            // The browser says there that it kept the answers from the page.
            window.log("browser").await;
            is_signed_in(&window).await;
        }
    })
    .await;
}
