//! What OpenID Connect adds to the way of a person: an answer that is posted, sign-in once more, and sign-out that an
//! application asks for.

use hallpass::domain::clients::ClientDescription;
use hallpass::model::redirect_uri::RedirectUri;

use crate::scene::BOTH_WAYS;
use crate::scene::EVERYWHERE;
use crate::scene::Scene;
use crate::scene::play;
use crate::site::Site;
use crate::support::flow::query;
use crate::support::seed::PASSWORD;
use crate::support::seed::SeededClient;
use crate::window::Window;

/// A client at `site` that wants to know who signed in.
async fn client_at(scene: &Scene, site: &Site) -> SeededClient {
    scene.app.person("ada", &[]).await;
    let uri = RedirectUri::parse(&site.url("/cb")).unwrap();
    let bye = site.url("/bye");
    let change = |client: &mut ClientDescription| {
        client.redirect_uris = vec![uri];
        client.openid.post_logout_redirect_uris = Some(vec![bye]);
    };
    scene.app.client_with("openid", change).await
}

/// Opens the client's request with these parameters.
async fn open(scene: &Scene, window: &Window, client: &SeededClient, extra: &[(&str, &str)]) {
    window.open(&format!("{}{}", scene.app.url, client.authorize_path(extra))).await;
}

/// OAuth 2.0 Form Post Response Mode §2
#[tokio::test]
async fn an_answer_posts_itself_where_scripts_run_and_by_a_button_else() {
    play(EVERYWHERE, async |scene| {
        let (site, window) = (Site::start().await, scene.window().await);
        let client = client_at(scene, &site).await;
        open(scene, &window, &client, &[("scope", "openid"), ("response_mode", "form_post")]).await;
        window.sign_in("ada", PASSWORD).await;
        window.press("Allow").await;
        if !scene.setting.scripts {
            window.shows("h1", "Back to Ledger").await;
            window.shows("#destination", &format!("127.0.0.1:{}", site.port)).await;
            window.press("Continue").await;
        }
        window.arrive(&site.url("/cb")).await;
        let answer = site.posted();
        assert_eq!((answer["state"].as_str(), answer["iss"].as_str()), ("xyz", scene.app.url.as_str()));
        assert_eq!(scene.app.redeem(&client, &answer["code"]).await.status, 200);
    })
    .await;
}

/// OpenID Connect Core §3.1.2.1
#[tokio::test]
async fn whoever_is_signed_in_signs_in_once_more_where_the_client_asks_for_it() {
    play(BOTH_WAYS, async |scene| {
        let site = Site::start().await;
        let client = client_at(scene, &site).await;
        let window = scene.signed_in("ada", PASSWORD).await;
        open(scene, &window, &client, &[("scope", "openid"), ("prompt", "login")]).await;
        window.shows("h1", "Sign in").await;
        window.sign_in("ada", PASSWORD).await;
        window.press("Allow").await;
        window.arrive(&site.url("/cb")).await;
        assert!(site.answer().contains_key("code"));
    })
    .await;
}

/// OpenID Connect RP-Initiated Logout §2, §3
#[tokio::test]
async fn an_application_asks_to_sign_out_and_gets_the_browser_back() {
    play(EVERYWHERE, async |scene| {
        let site = Site::start().await;
        let client = client_at(scene, &site).await;
        let window = scene.signed_in("ada", PASSWORD).await;
        let bye = site.url("/bye");
        let asked = [("client_id", client.client_id.as_str()), ("post_logout_redirect_uri", &bye), ("state", "xyz")];
        let way = format!("{}/oauth/logout?{}", scene.app.url, query(&asked));
        window.open(&way).await;
        window.shows("h1", "Sign out?").await;
        window.says("The application Ledger asks for it.").await;
        window.press("Stay signed in").await;
        window.arrive("/account").await;
        window.open(&way).await;
        window.press("Sign out").await;
        window.arrive(&bye).await;
        assert!(window.url().await.ends_with("/bye?state=xyz"), "{}", window.url().await);
        window.open("/account").await;
        window.arrive("/login").await;
    })
    .await;
}
