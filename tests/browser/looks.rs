//! How pages look: nothing sticks out on a phone, and everything can be read in light and in dark.

use hallpass::domain::clients::ClientDescription;
use hallpass::model::client::AuthMethod;
use hallpass::model::client::GrantType;
use hallpass::model::name::DisplayName;
use hallpass::model::redirect_uri::RedirectUri;

use crate::scene::DESKTOP;
use crate::scene::PHONE;
use crate::scene::SMALL_PHONE;
use crate::scene::Scene;
use crate::scene::play;
use crate::support::seed::PASSWORD;
use crate::window::Window;

const UNKNOWN_CLIENT: &str = "/oauth/authorize?client_id=unknown&response_type=code";

/// A name as long as names may be, in one word.
fn long_name() -> String {
    "administratorofeverything".repeat(4).chars().take(60).collect()
}

/// An application whose every part is long.
fn roomy(client: &mut ClientDescription) {
    client.name = DisplayName::parse("The Ledger of the Antarctic Weather and Whale Observation Society").unwrap();
    let host = format!("https://{}.whales.example/{}", "observatory".repeat(5), "callback/".repeat(12));
    client.redirect_uris = vec![RedirectUri::parse(&host).unwrap()];
}

/// Shows each page there is, with much on it, to `look`.
async fn visit_all(scene: &Scene, look: impl AsyncFn(&Window, &str)) {
    let window = scene.window().await;
    window.open(&scene.app.setup_url.clone().expect("a new server has one")).await;
    look(&window, "setup").await;
    window.fill("username", "no@name").await;
    window.fill("password", "short").await;
    window.press("Create administrator").await;
    window.find(".field-error").await;
    look(&window, "setup, refused").await;

    let name = long_name();
    scene.app.person(&name, &["admin"]).await;
    for scope in ["read", "write", "observations:read:everything:in:the:southern:ocean"] {
        scene.app.scope(scope, &[]).await;
    }
    let scopes = "read write profile email observations:read:everything:in:the:southern:ocean";
    let client = scene.app.client_with(scopes, roomy).await;

    window.open(&client.authorize_path(&[])).await;
    window.shows("h1", "Sign in").await;
    look(&window, "sign-in").await;
    window.sign_in(&name, "wrong").await;
    window.find("[role=alert]").await;
    look(&window, "sign-in, refused").await;
    window.sign_in(&name, PASSWORD).await;
    window.find("#destination").await;
    look(&window, "consent").await;
    scene.app.code(&scene.app.signed_in(&name, PASSWORD).await, &client).await;
    for path in [
        "/account",
        "/account/delete",
        "/account/email",
        "/account/events",
        "/account/profile",
        "/reset",
        "/reset?asked=yes",
        "/reset/confirm?token=none",
        "/users",
        "/users/new",
        "/clients",
        "/clients/new",
        "/import",
        "/logout",
        "/oauth/logout",
        UNKNOWN_CLIENT,
        "/nothing",
    ] {
        window.open(path).await;
        window.find("h1").await;
        look(&window, path).await;
    }
    visit_device(scene, &window, scopes, &look).await;
    visit_forms(&window, &look).await;
    visit_records(&window, &name, &look).await;
}

/// The pages on which a device is let in.
async fn visit_device(scene: &Scene, window: &Window, scopes: &str, look: &impl AsyncFn(&Window, &str)) {
    let of_devices = |client: &mut ClientDescription| {
        roomy(client);
        client.grant_types = vec![GrantType::DeviceCode];
        client.redirect_uris = Vec::new();
        client.auth_method = AuthMethod::None;
    };
    let client = scene.app.client_with(scopes, of_devices).await;
    let fields = [("client_id", client.client_id.as_str())];
    let codes = scene.app.stranger().post("/oauth/device_authorization", &fields).await;
    window.open("/device").await;
    window.fill("user_code", "no code at all, but something longer").await;
    window.press("Continue").await;
    window.find(".field-error").await;
    look(window, "/device, refused").await;
    window.open(&codes.text("verification_uri_complete")).await;
    window.find("h1").await;
    look(window, "/device, filled in").await;
    window.press("Continue").await;
    window.find("#shown-code").await;
    look(window, "/device, to be decided").await;
    window.press("Allow").await;
    window.find("[role=status]").await;
    look(window, "/device, done").await;
}

/// The pages of forms that were refused.
async fn visit_forms(window: &Window, look: &impl AsyncFn(&Window, &str)) {
    window.open("/users/new").await;
    window.fill("username", &"no@name".repeat(20)).await;
    window.click("main button[type=submit]").await;
    window.find(".field-error").await;
    look(window, "/users/new, refused").await;

    window.open("/clients/new").await;
    window.fill("client_name", "Ledger").await;
    window.fill("redirect_uris", &format!("http://{}.example/", "whales".repeat(30))).await;
    window.click("[name=scope][value=profile]").await;
    window.press("More: PKCE, keys, consent, sign-out, roles").await;
    window.click("main button[type=submit]").await;
    window.find(".field-error").await;
    look(window, "/clients/new, refused").await;
    window.fill("redirect_uris", &format!("https://rp.example/{}", "whales".repeat(30))).await;
    window.click("main button[type=submit]").await;
    window.find("#client-secret").await;
    look(window, "a client's secret").await;
}

/// The pages of one user and one application, and what they ask before they act.
async fn visit_records(window: &Window, name: &str, look: &impl AsyncFn(&Window, &str)) {
    window.open("/clients").await;
    window.click(".record-title a").await;
    window.find("#registration-title").await;
    look(window, "a client").await;
    window.press("Edit").await;
    window.find("[name=client_name]").await;
    look(window, "a client, edited").await;
    window.back().await;
    window.press("Delete").await;
    window.find("ul.plain").await;
    look(window, "a client, to be deleted").await;

    window.open("/users").await;
    window.press(name).await;
    window.find("#details-title").await;
    look(window, "a user").await;
    window.press("Settings").await;
    window.press("Name, rights and expiry").await;
    window.press("Roles, addresses, limits, decoy").await;
    look(window, "a user's settings").await;
    window.fill_in("#api-access", "name", name).await;
    window.fill_in("#api-access", "allowed_ips", "2001:db8:85a3:1234:5678:8a2e:370:7334").await;
    window.fill_in("#api-access", "limits", "as-long-as-the-name-of-a-limit-is=4294967295/366d").await;
    window.press("Generate Keys").await;
    window.find(".field-error").await;
    look(window, "a key, refused").await;
    window.fill_in("#api-access", "limits", "as-long-as-a-name-of-a-limit-is=4294967295/366d").await;
    window.press("Generate Keys").await;
    window.find("#api-secret").await;
    look(window, "a key's secret").await;
    window.press("I have copied it").await;
    window.find("#api-access .record-title").await;
    look(window, "a user's keys").await;
    window.click("#api-access .record-title a").await;
    window.find("#callers").await;
    look(window, "a key").await;
    window.press("Begin the trial").await;
    window.find("#trial-state").await;
    window.fill("limits", "often").await;
    window.press("Save changes").await;
    window.find(".field-error").await;
    look(window, "a key, changed").await;
    window.press("Rotate secret").await;
    window.find("ul.plain").await;
    look(window, "a key, to be rotated").await;
    window.press("Cancel").await;
    window.find("#callers").await;
    window.press("Revoke").await;
    window.find("ul.plain").await;
    look(window, "a key, to be revoked").await;
    window.open("/account").await;
    window.find("#api-access .record-title").await;
    look(window, "/account, with all").await;
}

/// What sticks out at the side, of the page or of what it stands in, by the first words of its source.
const STICKS_OUT: &str = "
    const width = document.documentElement.clientWidth;
    const out = [...document.body.querySelectorAll('*')].filter((element) => {
        const box = element.getBoundingClientRect();
        if (box.width <= 1 || box.height <= 1) return false;
        const style = getComputedStyle(element);
        const holds = style.display === 'inline' || style.overflowX !== 'visible'
            || element.scrollWidth <= element.clientWidth;
        return box.right > width + 0.5 || box.left < -0.5 || !holds;
    });
    const scrolls = document.documentElement.scrollWidth > width;
    return [scrolls ? [`the page is ${document.documentElement.scrollWidth} wide`] : [], out.map((element) =>
        element.outerHTML.slice(0, 120))].flat();";

#[tokio::test]
async fn no_page_is_wider_than_a_phone() {
    play(&[PHONE, SMALL_PHONE], async |scene| {
        let width = scene.setting.device.size().0;
        visit_all(scene, async |window, page| {
            assert_eq!(window.ask("return document.documentElement.clientWidth").await, width, "{page}");
            let out = window.ask(STICKS_OUT).await;
            assert_eq!(out, serde_json::json!([]), "{page} at {width} pixels");
        })
        .await;
    })
    .await;
}

/// WCAG 2.2, 1.4.3: what can't be read well: each text with less contrast to its ground than 4.5, large ones than 3.
const PALE: &str = "
    const parse = (text) => {
        const numbers = text.match(/[\\d.]+/g).map(Number);
        const [red, green, blue] = text.startsWith('color(') ? numbers.map((part) => part * 255) : numbers;
        return { red, green, blue, alpha: numbers[3] ?? 1 };
    };
    const over = (top, below) => {
        const mix = (part) => top[part] * top.alpha + below[part] * (1 - top.alpha);
        return { red: mix('red'), green: mix('green'), blue: mix('blue'), alpha: 1 };
    };
    const luminance = ({ red, green, blue }) => {
        const [r, g, b] = [red, green, blue].map((part) => part / 255)
            .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const ground = (element) => {
        if (element === null) return { red: 255, green: 255, blue: 255, alpha: 1 };
        const own = parse(getComputedStyle(element).backgroundColor);
        return own.alpha === 1 ? own : over(own, ground(element.parentElement));
    };
    const pale = [];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const element = texts.currentNode.parentElement;
        const box = element.getBoundingClientRect();
        const text = texts.currentNode.textContent.trim();
        if (text === '' || box.width <= 1 || !element.checkVisibility()) continue;
        const style = getComputedStyle(element);
        const below = ground(element);
        const [one, other] = [luminance(over(parse(style.color), below)), luminance(below)];
        const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
        const size = parseFloat(style.fontSize);
        const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
        if (ratio < (isLarge ? 3 : 4.5)) pale.push(`${ratio.toFixed(2)}: ${text}`);
    }
    return pale;";

#[tokio::test]
async fn every_page_can_be_read_in_light_and_in_dark() {
    play(&[DESKTOP], async |scene| {
        visit_all(scene, async |window, page| {
            let mut grounds = Vec::new();
            for dark in [false, true] {
                window.set_dark(dark).await;
                grounds.push(window.ask("return getComputedStyle(document.body).backgroundColor").await);
                let pale = window.ask(PALE).await;
                assert_eq!(pale, serde_json::json!([]), "{page}, dark: {dark}");
            }
            assert_ne!(grounds[0], grounds[1], "{page} follows the system");
        })
        .await;
    })
    .await;
}
