//! The way of a person whom a client sends: sign-in, consent, and back to the client (RFC 6749 §4.1).

use hallpass::model::redirect_uri::RedirectUri;

use crate::scene::BOTH_WAYS;
use crate::scene::DESKTOP;
use crate::scene::EVERYWHERE;
use crate::scene::Scene;
use crate::scene::play;
use crate::site::Site;
use crate::support::seed::PASSWORD;
use crate::support::seed::SeededClient;
use crate::window::Window;

/// A person, a scope, and a client that waits at `site` under this address.
pub async fn client_at(scene: &Scene, redirect_uri: &str) -> SeededClient {
    scene.app.person("ada", &[]).await;
    scene.app.person("grace", &[]).await;
    scene.app.scope("read", &[]).await;
    scene.app.scope("write", &[]).await;
    let uri = RedirectUri::parse(redirect_uri).unwrap();
    scene.app.client_with("read write", |client| client.redirect_uris = vec![uri]).await
}

/// Follows the link on the client's page.
pub async fn follow_link(scene: &Scene, window: &Window, site: &Site, client: &SeededClient) {
    let way_in = format!("{}{}", scene.app.url, client.authorize_path(&[])).replace('&', "&amp;");
    site.put("/", &format!("<a href=\"{way_in}\">Sign in with Hallpass</a>"));
    window.open(&site.url("/")).await;
    window.press("Sign in with Hallpass").await;
}

/// Signs ada in on the way, and presses this button.
async fn decide(scene: &Scene, window: &Window, site: &Site, client: &SeededClient, decision: &str) {
    follow_link(scene, window, site, client).await;
    window.arrive("/login").await;
    window.sign_in("ada", PASSWORD).await;
    window.press(decision).await;
    window.arrive(&client.redirect_uri).await;
}

/// RFC 6749 §4.1, RFC 9207 §2
#[tokio::test]
async fn pressing_allow_arrives_at_the_client_with_a_code_that_can_be_redeemed() {
    play(EVERYWHERE, async |scene| {
        let (site, window) = (Site::start().await, scene.window().await);
        let client = client_at(scene, &site.url("/cb")).await;

        follow_link(scene, &window, &site, &client).await;
        window.arrive("/login").await;
        window.shows("h1", "Sign in").await;
        window.says("to continue to Ledger").await;
        window.sign_in("ada", PASSWORD).await;

        window.shows("h1", "Allow Ledger?").await;
        for sentence in ["Verified", "Signed in as", "ada", "Use read", "Use write", "your account"] {
            window.says(sentence).await;
        }
        window.shows("#destination", &format!("127.0.0.1:{}", site.port)).await;
        window.press("Allow").await;

        window.arrive(&site.url("/cb")).await;
        window.shows("h1", "Ledger").await;
        let answer = site.answer();
        assert_eq!((answer["state"].as_str(), answer["iss"].as_str()), ("xyz", scene.app.url.as_str()));
        let tokens = scene.app.redeem(&client, &answer["code"]).await;
        assert_eq!(tokens.status, 200, "{}", tokens.body);
        assert_eq!(tokens.text("scope"), "read write");
        assert_eq!(scene.app.me_status(&tokens.text("access_token")).await, 200);
    })
    .await;
}

/// RFC 8252 §7.3
#[tokio::test]
async fn pressing_allow_arrives_at_a_client_on_localhost() {
    play(BOTH_WAYS, async |scene| {
        let (site, window) = (Site::start().await, scene.window().await);
        let client = client_at(scene, &site.url_by_name("/cb")).await;
        decide(scene, &window, &site, &client, "Allow").await;
        let tokens = scene.app.redeem(&client, &site.answer()["code"]).await;
        assert_eq!(tokens.status, 200, "{}", tokens.body);
    })
    .await;
}

/// RFC 6749 §4.1.2.1
#[tokio::test]
async fn pressing_deny_arrives_at_the_client_with_access_denied() {
    play(BOTH_WAYS, async |scene| {
        let (site, window) = (Site::start().await, scene.window().await);
        let client = client_at(scene, &site.url("/cb")).await;
        decide(scene, &window, &site, &client, "Deny").await;
        let answer = site.answer();
        assert_eq!(answer["error"], "access_denied");
        assert_eq!((answer["state"].as_str(), answer["iss"].as_str()), ("xyz", scene.app.url.as_str()));
        assert!(!answer.contains_key("code"), "{answer:?}");
    })
    .await;
}

/// RFC 6749 §3.3
#[tokio::test]
async fn a_scope_that_is_unticked_is_not_granted() {
    play(BOTH_WAYS, async |scene| {
        let (site, window) = (Site::start().await, scene.window().await);
        let client = client_at(scene, &site.url("/cb")).await;
        follow_link(scene, &window, &site, &client).await;
        window.sign_in("ada", PASSWORD).await;
        window.find("[name=scope]").await;
        assert_eq!(window.count("[name=scope]:checked").await, 2);
        window.click("[name=scope][value=write]").await;
        window.press("Allow").await;
        window.arrive(&client.redirect_uri).await;
        let tokens = scene.app.redeem(&client, &site.answer()["code"]).await;
        assert_eq!(tokens.text("scope"), "read");
    })
    .await;
}

#[tokio::test]
async fn who_allowed_before_arrives_at_the_client_right_after_sign_in() {
    play(BOTH_WAYS, async |scene| {
        let (site, window) = (Site::start().await, scene.window().await);
        let client = client_at(scene, &site.url("/cb")).await;
        decide(scene, &window, &site, &client, "Allow").await;

        // Signed in: not a page in between.
        follow_link(scene, &window, &site, &client).await;
        window.arrive(&client.redirect_uri).await;
        assert!(window.until(async || site.answers().len() == 2).await, "{:?}", site.answers());

        // Signed out: the sign-in form's answer leads through the authorization endpoint to the client.
        window.open("/logout").await;
        window.press("Sign out").await;
        window.arrive("/login").await;
        follow_link(scene, &window, &site, &client).await;
        window.sign_in("ada", PASSWORD).await;
        window.arrive(&client.redirect_uri).await;
        assert!(window.until(async || site.answers().len() == 3).await, "{:?}", site.answers());
        for answer in site.answers() {
            let tokens = scene.app.redeem(&client, &answer["code"]).await;
            assert_eq!(tokens.status, 200, "{}", tokens.body);
        }
    })
    .await;
}

#[tokio::test]
async fn switching_account_comes_back_to_the_same_request() {
    play(BOTH_WAYS, async |scene| {
        let (site, window) = (Site::start().await, scene.window().await);
        let client = client_at(scene, &site.url("/cb")).await;
        follow_link(scene, &window, &site, &client).await;
        window.sign_in("ada", PASSWORD).await;
        window.press("Switch account").await;

        window.arrive("/logout").await;
        window.press("Stay signed in").await;
        window.shows(".consent-facts strong", "ada").await;
        window.press("Switch account").await;
        window.press("Sign out").await;
        window.arrive("/login").await;
        window.says("to continue to Ledger").await;
        window.sign_in("grace", PASSWORD).await;
        window.shows(".consent-facts strong", "grace").await;
        window.press("Allow").await;
        window.arrive(&client.redirect_uri).await;
        let tokens = scene.app.redeem(&client, &site.answer()["code"]).await;
        let me = scene.app.script(&format!("Bearer {}", tokens.text("access_token"))).get("/api/v1/me").await;
        assert_eq!(me.text("username"), "grace");
    })
    .await;
}

#[tokio::test]
async fn a_wrong_password_is_said_and_does_not_lose_the_way() {
    play(BOTH_WAYS, async |scene| {
        let (site, window) = (Site::start().await, scene.window().await);
        let client = client_at(scene, &site.url("/cb")).await;
        follow_link(scene, &window, &site, &client).await;
        window.sign_in("ada", "not my password").await;
        window.shows("[role=alert]", "The user name or the password is wrong.").await;
        window.says("to continue to Ledger").await;
        assert_eq!(window.property("[name=username]", "value").await, "ada");
        window.sign_in("ada", PASSWORD).await;
        window.shows("h1", "Allow Ledger?").await;
    })
    .await;
}

/// RFC 6265 §4.1.2
#[tokio::test]
async fn the_session_cookie_is_out_of_reach_of_scripts_and_of_other_sites() {
    play(&[DESKTOP], async |scene| {
        scene.app.person("ada", &[]).await;
        let window = scene.window().await;
        window.open("/login").await;
        window.sign_in("ada", PASSWORD).await;
        window.arrive("/account").await;
        for name in ["hallpass_session", "hallpass_device"] {
            let cookie = window.cookie(name).await;
            assert_eq!(cookie.http_only(), Some(true), "{cookie:?}");
            assert_eq!(cookie.same_site().map(|site| site.to_string()).as_deref(), Some("Lax"), "{cookie:?}");
            assert_eq!(cookie.path(), Some("/"), "{cookie:?}");
            // A host's own: no domain that its neighbours would share.
            assert_eq!(cookie.domain(), Some("127.0.0.1"), "{cookie:?}");
        }
        assert_eq!(window.ask("return document.cookie").await, "");
    })
    .await;
}
