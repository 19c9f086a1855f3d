//! *Generate Keys*: the pair is shown once, can be taken along, and works as the page says.

use std::process::Command;

use fantoccini::key::Key;
use hallpass::model::user::User;

use crate::scene::BOTH_WAYS;
use crate::scene::DESKTOP;
use crate::scene::EVERYWHERE;
use crate::scene::Scene;
use crate::scene::play;
use crate::support::seed::PASSWORD;
use crate::window::Window;

/// What the page shows of a new key.
struct Shown {
    api_key: String,
    api_secret: String,
    curl_line: String,
}

impl Shown {
    async fn on(window: &Window) -> Self {
        Self {
            api_key: window.text("#api-key").await,
            api_secret: window.text("#api-secret").await,
            curl_line: window.text("#curl-line").await,
        }
    }

    async fn status(&self, scene: &Scene) -> u16 {
        let header = format!("token {}:{}", self.api_key, self.api_secret);
        scene.app.script(&header).get("/api/v1/me").await.status
    }
}

/// An administrator's window on the settings of grace, by way of the list.
async fn settings_of_grace(scene: &Scene) -> (Window, User) {
    scene.app.person("ada", &["admin"]).await;
    let grace = scene.app.person("grace", &[]).await;
    let window = scene.signed_in("ada", PASSWORD).await;
    window.press("Users").await;
    window.press("grace").await;
    window.press("Settings").await;
    window.shows("#api-access-title", "API Access").await;
    (window, grace)
}

#[tokio::test]
async fn generate_keys_shows_the_secret_once_and_the_curl_line_works_as_it_is() {
    play(EVERYWHERE, async |scene| {
        let (window, _) = settings_of_grace(scene).await;
        window.press("Generate Keys").await;
        let shown = Shown::on(&window).await;
        assert!(shown.api_key.starts_with("hp_key_"), "{}", shown.api_key);
        assert!(shown.api_secret.starts_with("hp_sk_"), "{}", shown.api_secret);
        let is_modal = window.ask("return document.querySelector('dialog').matches(':modal')").await;
        assert_eq!(is_modal, scene.setting.scripts, "a dialog with scripts, a part of the page without");
        assert_eq!(window.count(".copy button").await, if scene.setting.scripts { 3 } else { 0 });

        let line = shown.curl_line.clone();
        let run = tokio::task::spawn_blocking(move || Command::new("sh").args(["-c", &line]).output());
        let run = run.await.unwrap().expect("a shell");
        let said = String::from_utf8_lossy(&run.stdout).into_owned();
        assert!(run.status.success(), "{}: {}", shown.curl_line, String::from_utf8_lossy(&run.stderr));
        assert_eq!(said.trim(), r#"{"message":"grace"}"#, "{}", shown.curl_line);

        window.press("I have copied it").await;
        window.arrive("/users/user_").await;
        window.find("#api-access .record-code").await;
        let page = window.source().await;
        assert!(page.contains(&shown.api_key) && !page.contains(&shown.api_secret), "{page}");
        window.reload().await;
        assert_eq!(window.count("#api-secret").await, 0);
        window.back().await;
        assert!(!window.source().await.contains(&shown.api_secret), "the way back shows the secret again");
        assert_eq!(shown.status(scene).await, 200);
    })
    .await;
}

#[tokio::test]
async fn the_copy_buttons_put_each_text_on_the_clipboard() {
    play(&[DESKTOP], async |scene| {
        let (window, _) = settings_of_grace(scene).await;
        window.press("Generate Keys").await;
        let shown = Shown::on(&window).await;
        let allowed = serde_json::json!({ "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"] });
        window.order("Browser.grantPermissions", allowed).await;
        for (id, text) in
            [("api-key", &shown.api_key), ("api-secret", &shown.api_secret), ("curl-line", &shown.curl_line)]
        {
            let button = format!("[data-copy={id}] button");
            window.shows(&button, "Copy").await;
            window.click(&button).await;
            window.shows(&button, "Copied").await;
            assert_eq!(window.ask("return navigator.clipboard.readText()").await, text.as_str(), "{id}");
        }
    })
    .await;
}

#[tokio::test]
async fn closing_the_dialog_does_not_lose_the_secret() {
    play(&[DESKTOP], async |scene| {
        let (window, _) = settings_of_grace(scene).await;
        window.press("Generate Keys").await;
        let shown = Shown::on(&window).await;
        window.keys(&[Key::Escape]).await;
        let is_modal = async || window.ask("return document.querySelector('dialog').matches(':modal')").await == true;
        assert!(window.until(async || !is_modal().await).await, "Escape closes the dialog");
        assert_eq!(window.text("#api-secret").await, shown.api_secret);
    })
    .await;
}

#[tokio::test]
async fn a_rotated_key_gets_a_new_secret_and_a_revoked_one_ends() {
    play(BOTH_WAYS, async |scene| {
        let (window, grace) = settings_of_grace(scene).await;
        let settings = format!("/users/{}?tab=settings", grace.id);
        window.press("Generate Keys").await;
        let first = Shown::on(&window).await;
        window.press("I have copied it").await;

        window.click("#api-access .records a[href$='/rotate']").await;
        window.find("ul.plain").await;
        window.press("Cancel").await;
        window.arrive(&settings).await;
        assert_eq!(first.status(scene).await, 200);
        window.click("#api-access .records a[href$='/rotate']").await;
        window.click("main button[type=submit]").await;
        window.says("New secret").await;
        let second = Shown::on(&window).await;
        assert_eq!(first.api_key, second.api_key);
        assert_eq!((first.status(scene).await, second.status(scene).await), (401, 200));

        window.press("I have copied it").await;
        window.click("#api-access .records a[href$='/revoke']").await;
        window.click("main button[type=submit]").await;
        window.says("No API keys yet.").await;
        assert_eq!(second.status(scene).await, 401);
    })
    .await;
}
