//! Forms of ours go nowhere but here, and nobody is held up by that: not behind the second step, and not where the
//! application goes on to another site (Content Security Policy Level 3).

use crate::consent::client_at;
use crate::consent::follow_link;
use crate::scene::BOTH_WAYS;
use crate::scene::PHONE_PLAIN;
use crate::scene::Scene;
use crate::scene::play;
use crate::site::Site;
use crate::support::seed::PASSWORD;
use crate::support::seed::SeededClient;
use crate::window::Window;

/// Posts, from the page that is shown, a form to `address` as markup that somebody smuggled in would.
async fn smuggle(window: &Window, address: &str) {
    let script = format!(
        "const form = document.createElement('form'); form.method = 'post'; form.action = '{address}'; \
         form.innerHTML = '<input name=password value=x>'; document.body.append(form); form.submit()"
    );
    window.ask(&script).await;
}

/// Goes from the page that is shown to the application, which takes its visitor on to a third site.
async fn arrives_beyond(window: &Window, client: &SeededClient, there: &Site, beyond: &Site, before: usize) {
    window.arrive(&beyond.url("/app")).await;
    let called = window.until(async || there.answers().len() == before + 1).await;
    assert!(called, "{}: {:?}", client.redirect_uri, there.answers());
}

async fn sign_out(window: &Window) {
    window.open("/logout").await;
    window.press("Sign out").await;
    window.arrive("/login").await;
}

/// security.md 261
#[tokio::test]
async fn forms_go_nowhere_else_and_the_way_to_an_application_that_goes_on_is_free() {
    play(BOTH_WAYS, async |scene| {
        let (there, beyond, evil) = (Site::start().await, Site::start().await, Site::start().await);
        let window = scene.window().await;
        let client = client_at(scene, &there.url_by_name("/cb")).await;
        there.send_on("/cb", &beyond.url("/app"));

        follow_link(scene, &window, &there, &client).await;
        window.arrive("/login").await;
        smuggle(&window, &evil.url("/login")).await;
        window.sign_in("ada", PASSWORD).await;
        window.shows("h1", "Allow Ledger?").await;
        smuggle(&window, &evil.url("/consent")).await;
        window.press("Allow").await;
        arrives_beyond(&window, &client, &there, &beyond, 0).await;

        // Allowed before: behind the form of sign-in.
        sign_out(&window).await;
        follow_link(scene, &window, &there, &client).await;
        window.sign_in("ada", PASSWORD).await;
        arrives_beyond(&window, &client, &there, &beyond, 1).await;
        assert_eq!(evil.calls(), 0, "a form went elsewhere");
        let said = window.log("browser").await;
        let of_forms = |line: &&serde_json::Value| line.to_string().contains("form-action 'self'");
        assert_eq!(said.iter().filter(of_forms).count(), 2, "{said:?}");
        // The control: where no policy forbids it, the very same form arrives.
        window.open(&there.url("/")).await;
        smuggle(&window, &evil.url("/control")).await;
        assert!(window.until(async || evil.calls() == 1).await, "the control does not arrive");
    })
    .await;
}

/// The second step ends at the application too, if all was allowed before.
#[tokio::test]
async fn the_second_step_leads_on_to_the_application() {
    play(&[PHONE_PLAIN], async |scene: &Scene| {
        let (there, window) = (Site::start().await, scene.window().await);
        let client = client_at(scene, &there.url("/cb")).await;
        follow_link(scene, &window, &there, &client).await;
        window.sign_in("ada", PASSWORD).await;
        window.press("Allow").await;
        window.arrive(&client.redirect_uri).await;
        let (_, codes) = scene.app.add_app(&scene.app.signed_in("ada", PASSWORD).await).await;
        sign_out(&window).await;

        follow_link(scene, &window, &there, &client).await;
        window.sign_in("ada", PASSWORD).await;
        window.arrive("/login/second-factor").await;
        window.fill("code", &codes[0]).await;
        window.press("Continue").await;
        window.arrive(&client.redirect_uri).await;
        assert!(window.until(async || there.answers().len() == 2).await, "{:?}", there.answers());
    })
    .await;
}
