//! Everything can be done without a mouse, and it is to be seen where one is.

use fantoccini::key::Key;
use hallpass::model::redirect_uri::RedirectUri;

use crate::scene::DESKTOP;
use crate::scene::DESKTOP_PLAIN;
use crate::scene::play;
use crate::site::Site;
use crate::support::seed::PASSWORD;
use crate::window::Window;

/// Whether what has the focus has a ring around it: itself, the row that it stands in, or what lies over the row.
const HAS_RING: &str = "
    const ring = (style) => style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
    const focused = document.activeElement;
    return ring(getComputedStyle(focused)) || ring(getComputedStyle(focused, '::after'))
        || (focused.closest('label') !== null && ring(getComputedStyle(focused.closest('label'))));";

/// Goes on with the key until the focus is on an element for this selector. Wherever it stops on the way, it is seen.
async fn tab_to(window: &Window, selector: &str) {
    let found = format!("return document.activeElement.matches({selector:?})");
    for _ in 0..60 {
        window.keys(&[Key::Tab]).await;
        if window.ask("return document.activeElement === document.body").await == true {
            continue;
        }
        if window.ask(HAS_RING).await != true {
            let focused = window.ask("return document.activeElement.outerHTML").await;
            window.complain(&format!("the focus is not to be seen on {focused}")).await
        }
        if window.ask(&found).await == true {
            return;
        }
    }
    window.complain(&format!("the key does not lead to {selector}")).await
}

#[tokio::test]
async fn signing_in_and_consent_work_by_keyboard() {
    play(&[DESKTOP, DESKTOP_PLAIN], async |scene| {
        scene.app.person("ada", &[]).await;
        scene.app.scope("read", &[]).await;
        scene.app.scope("write", &[]).await;
        let (site, window) = (Site::start().await, scene.window().await);
        let uri = RedirectUri::parse(&site.url("/cb")).unwrap();
        let client = scene.app.client_with("read write", |client| client.redirect_uris = vec![uri]).await;

        window.open(&client.authorize_path(&[])).await;
        window.shows("h1", "Sign in").await;
        tab_to(&window, "[name=username]").await;
        window.type_text("ada").await;
        tab_to(&window, "[name=password]").await;
        window.type_text(PASSWORD).await;
        window.keys(&[Key::Enter]).await;

        window.shows("h1", "Allow Ledger?").await;
        tab_to(&window, "[name=scope][value=write]").await;
        window.keys(&[Key::Space]).await;
        tab_to(&window, "[name=duration]").await;
        window.keys(&[Key::Up]).await;
        assert_eq!(window.property("[name=duration]:checked", "value").await, "30d");
        tab_to(&window, "[name=decision][value=allow]").await;
        window.keys(&[Key::Enter]).await;

        window.arrive(&site.url("/cb")).await;
        let tokens = scene.app.redeem(&client, &site.answer()["code"]).await;
        assert_eq!(tokens.text("scope"), "read");
    })
    .await;
}

#[tokio::test]
async fn the_first_key_leads_past_the_header() {
    play(&[DESKTOP], async |scene| {
        scene.app.person("ada", &[]).await;
        let window = scene.signed_in("ada", PASSWORD).await;
        window.open("/logout").await;
        tab_to(&window, ".skip-link").await;
        window.keys(&[Key::Enter]).await;
        assert_eq!(window.ask("return document.activeElement.id").await, "main");
    })
    .await;
}

#[tokio::test]
async fn generate_keys_works_by_keyboard() {
    play(&[DESKTOP, DESKTOP_PLAIN], async |scene| {
        scene.app.person("ada", &[]).await;
        scene.app.scope("read", &[]).await;
        let window = scene.signed_in("ada", PASSWORD).await;
        tab_to(&window, "#api-access summary").await;
        window.keys(&[Key::Space]).await;
        tab_to(&window, "#api-access [name=name]").await;
        window.type_text("backup").await;
        tab_to(&window, "[name=rights]").await;
        window.keys(&[Key::Down]).await;
        tab_to(&window, "#api-access [name=scope][value=read]").await;
        window.keys(&[Key::Space]).await;
        tab_to(&window, "#api-access button[type=submit]").await;
        window.keys(&[Key::Enter]).await;

        window.find("#api-secret").await;
        let header = format!("token {}:{}", window.text("#api-key").await, window.text("#api-secret").await);
        let me = scene.app.script(&header).get("/api/v1/me").await.json();
        assert_eq!(me["scopes"], serde_json::json!(["read"]));
        if scene.setting.scripts {
            tab_to(&window, "[data-copy=api-secret] button").await;
            window.keys(&[Key::Enter]).await;
            assert!(window.until(async || window.text("[data-copy=api-secret] button").await != "Copy").await);
        }
        tab_to(&window, "dialog a.button").await;
        window.keys(&[Key::Enter]).await;
        window.shows("#api-access .record-title a", "backup").await;
        assert_eq!(window.count("#api-secret").await, 0);
    })
    .await;
}

/// WCAG 2.2, 2.1.4
#[tokio::test]
async fn keys_lead_through_the_console_and_can_be_switched_off() {
    play(&[DESKTOP], async |scene| {
        scene.app.person("ada", &["admin"]).await;
        let window = scene.signed_in("ada", PASSWORD).await;
        window.type_text("gu").await;
        window.shows("h1", "Users").await;
        window.type_text("/").await;
        assert_eq!(window.ask("return document.activeElement.name").await, "q");
        // In a field they are letters.
        window.type_text("gc/?").await;
        assert_eq!(window.property("[name=q]", "value").await, "gc/?");
        assert_eq!(window.count("dialog[open]").await, 0);
        window.ask("document.activeElement.blur()").await;
        let with_ctrl = "document.body.dispatchEvent(new KeyboardEvent('keydown',
            { key: '?', ctrlKey: true, bubbles: true, cancelable: true }))";
        window.ask(with_ctrl).await;
        assert_eq!(window.count("dialog[open]").await, 0);

        window.type_text("?").await;
        window.find("dialog#shortcuts[open]").await;
        for said in ["Keyboard shortcuts", "Go to the search", "Applications", "Audit"] {
            window.says(said).await;
        }
        // The page behind it hears nothing.
        window.type_text("gc").await;
        window.click("#shortcuts-on").await;
        window.keys(&[Key::Escape]).await;
        assert!(window.until(async || window.count("dialog[open]").await == 0).await);
        window.type_text("gc?").await;
        window.shows("h1", "Users").await;
        assert_eq!(window.count("dialog[open]").await, 0);

        window.open("/overview").await;
        window.type_text("gc?").await;
        window.shows("h1", "Overview").await;
        window.press("Keyboard shortcuts").await;
        window.click("#shortcuts-on").await;
        window.press("Close").await;
        assert!(window.until(async || window.count("dialog[open]").await == 0).await);
        window.type_text("gk").await;
        window.shows("h1", "API keys").await;
    })
    .await;
}

#[tokio::test]
async fn who_is_no_administrator_has_no_keys_for_the_console() {
    play(&[DESKTOP], async |scene| {
        scene.app.person("grace", &[]).await;
        let window = scene.signed_in("grace", PASSWORD).await;
        window.type_text("?").await;
        assert_eq!(window.count("#shortcuts").await, 0);
    })
    .await;
}

/// ASVS 6.2.6, 6.2.7: whoever keeps passwords elsewhere brings them here, and the browser may keep them too.
#[tokio::test]
async fn a_password_can_be_pasted() {
    play(&[DESKTOP], async |scene| {
        scene.app.person("ada", &[]).await;
        let window = scene.window().await;
        window.open("/login").await;
        window.fill("username", PASSWORD).await;
        window.click("[name=username]").await;
        for letter in ['a', 'c'] {
            window.shortcut(letter).await;
        }
        window.click("[name=password]").await;
        window.shortcut('v').await;
        assert_eq!(window.property("[name=password]", "value").await, PASSWORD);
        for (name, expected) in [("type", "password"), ("autocomplete", "current-password"), ("readOnly", "false")] {
            assert_eq!(window.property("[name=password]", name).await, expected, "{name}");
        }
        window.fill("username", "ada").await;
        window.press("Sign in").await;
        window.arrive("/account").await;
        window.click("[name=new_password]").await;
        window.shortcut('v').await;
        assert_eq!(window.property("[name=new_password]", "value").await, PASSWORD);
        assert_eq!(window.property("[name=new_password]", "autocomplete").await, "new-password");
        assert_eq!(window.property("[name=current_password]", "autocomplete").await, "current-password");
    })
    .await;
}
