//! *Generate Keys*: the pair is shown once, can be taken along, and works as the page says.

use std::process::Command;

use fantoccini::key::Key;
use hallpass::model::time::Lifetime;
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
        window.press("Generate Keys").await;
        let first = Shown::on(&window).await;
        window.press("I have copied it").await;

        window.click("#api-access .records a[href$='/rotate']").await;
        window.find("ul.plain").await;
        window.press("Cancel").await;
        window.arrive(&format!("/users/{}/keys/", grace.id)).await;
        assert_eq!(first.status(scene).await, 200);
        window.press("Rotate secret").await;
        window.click("main button[type=submit]").await;
        window.says("New secret").await;
        let second = Shown::on(&window).await;
        assert_eq!(first.api_key, second.api_key);
        assert_eq!((first.status(scene).await, second.status(scene).await), (401, 200));

        window.press("I have copied it").await;
        window.shows("#last-used", "just now from 127.0.0.1 by A program without a name").await;
        window.press("Revoke").await;
        window.click("main button[type=submit]").await;
        window.says("No API keys yet.").await;
        assert_eq!(second.status(scene).await, 401);
    })
    .await;
}

/// One's own account, with a scope to give away.
async fn account_of_ada(scene: &Scene) -> Window {
    scene.app.role("bookkeeping").await;
    scene.app.scope("invoices:read", &[]).await;
    scene.app.person("ada", &["bookkeeping"]).await;
    scene.signed_in("ada", PASSWORD).await
}

#[tokio::test]
async fn a_key_is_made_narrow_used_looked_at_and_made_narrower() {
    play(EVERYWHERE, async |scene| {
        let window = account_of_ada(scene).await;
        window.press("Name, rights and expiry").await;
        window.fill_in("#api-access", "name", "Nightly export").await;
        window.click("#rights-scopes").await;
        window.click("#api-access [name=scope][value='account:read']").await;
        window.click("#api-access [name=scope][value='invoices:read']").await;
        window.press("Roles, addresses, limits, decoy").await;
        window.fill_in("#api-access", "allowed_ips", "127.0.0.0/8").await;
        window.fill_in("#api-access", "limits", "hourly=3/1h").await;
        window.press("Generate Keys").await;
        let shown = Shown::on(&window).await;
        let script = scene.app.script(&format!("token {}:{}", shown.api_key, shown.api_secret));
        let script = script.with("user-agent", "nightly-export/3");
        for status in [200, 200, 200, 429] {
            assert_eq!(script.get("/api/v1/keys").await.status, status);
        }

        window.press("I have copied it").await;
        window.press("Nightly export").await;
        window.shows("#last-used", "just now from 127.0.0.1 by nightly-export 3").await;
        window.says("3 requests an hour (hourly)").await;
        let passed = "Let in\n3\nRefused: over a limit\n1";
        window.shows("#outcomes", passed).await;
        window.press("Day by day").await;
        window.shows(".table tbody tr", "24 Nov 2026 3 0 1").await;
        assert!(window.text("#callers .records").await.contains("3 requests"));
        window.shows("#scopes-in-use dd:last-child", "invoices:read").await;

        window.press("Make a narrower key").await;
        window.says("New API key: Nightly export (narrower)").await;
        let narrower = Shown::on(&window).await;
        window.press("I have copied it").await;
        window.press("Nightly export").await;
        window.shows("h1", "Nightly export\nLive").await;
        let header = format!("token {}:{}", narrower.api_key, narrower.api_secret);
        let me = scene.app.script(&header).get("/api/v1/me").await.json();
        assert_eq!(me["scopes"], serde_json::json!(["account:read"]));
    })
    .await;
}

#[tokio::test]
async fn a_key_is_tried_stopped_changed_and_rotated_with_time_to_spare() {
    play(BOTH_WAYS, async |scene| {
        let window = account_of_ada(scene).await;
        window.press("Generate Keys").await;
        let first = Shown::on(&window).await;
        window.press("I have copied it").await;
        window.click("#api-access .record-title a").await;

        window.press("Begin the trial").await;
        window.says("The trial runs.").await;
        assert_eq!(first.status(scene).await, 200, "a trial refuses nobody");
        window.reload().await;
        assert!(window.text("#trial-state").await.contains("1 request would have failed"));
        window.press("End the trial").await;
        window.says("The trial has ended.").await;
        assert_eq!(window.count("#trial-state").await, 0);

        window.press("Disable").await;
        window.says("The API key is disabled.").await;
        assert_eq!(first.status(scene).await, 401);
        window.press("Enable").await;
        window.says("The API key is enabled.").await;
        assert_eq!(first.status(scene).await, 200);

        window.fill("name", "Export").await;
        window.fill("allowed_ips", "not an address").await;
        window.press("Save changes").await;
        window.says("not is neither an address nor a network").await;
        assert_eq!(window.property("#name", "value").await, "Export");
        window.fill("allowed_ips", "127.0.0.1 ::1").await;
        window.press("Save changes").await;
        window.says("The changes are saved.").await;
        window.shows("h1", "Export\nLive").await;

        window.press("Rotate secret").await;
        window.click("[name=overlap][value='24h']").await;
        window.press("Rotate secret").await;
        window.says("New secret: Export").await;
        let second = Shown::on(&window).await;
        assert_eq!((first.status(scene).await, second.status(scene).await), (200, 200));
        window.press("I have copied it").await;
        window.says("Still works; it ends in 1 day").await;
        scene.app.pass(Lifetime::from_hours(24));
        assert_eq!((first.status(scene).await, second.status(scene).await), (401, 200));
    })
    .await;
}

#[tokio::test]
async fn whoever_tries_a_decoy_is_told_to_its_owner_until_that_takes_it_away() {
    play(BOTH_WAYS, async |scene| {
        let window = account_of_ada(scene).await;
        window.press("Name, rights and expiry").await;
        window.fill_in("#api-access", "name", "Backup").await;
        window.press("Roles, addresses, limits, decoy").await;
        window.click("#decoy").await;
        window.press("Generate Keys").await;
        let decoy = Shown::on(&window).await;
        window.press("I have copied it").await;
        window.press("Backup").await;
        window.says("This is a decoy.").await;
        window.shows("#last-tried", "Nobody has tried it yet.").await;
        assert_eq!(decoy.status(scene).await, 401);

        // The alarm is not waited for by whoever tries the decoy.
        let rung = window.until(async || {
            window.open("/account").await;
            window.count(".notices").await == 1
        });
        assert!(rung.await, "no alarm");
        window.says("Somebody tried the decoy Backup.").await;
        window.press("Look at the key").await;
        window.shows("#last-tried", "It was last tried just now.").await;
        window.open("/account").await;
        window.click(".notices button").await;
        window.says("Decoy").await;
        assert!(window.until(async || window.count(".notices").await == 0).await);
    })
    .await;
}
