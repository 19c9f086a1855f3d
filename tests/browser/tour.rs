//! [`visit_all`]: each page there is, with much on it, for tests that look at all of them.

use hallpass::domain::clients::ClientDescription;
use hallpass::model::client::AuthMethod;
use hallpass::model::client::GrantType;
use hallpass::model::name::DisplayName;
use hallpass::model::redirect_uri::RedirectUri;

use crate::scene::Scene;
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
pub async fn visit_all(scene: &Scene, look: impl AsyncFn(&Window, &str)) {
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
        "/account/factors",
        "/account/factors/app",
        "/account/factors/passkeys",
        "/account/profile",
        "/reset",
        "/reset?asked=yes",
        "/reset/confirm?token=none",
        "/users",
        "/users/new",
        "/clients",
        "/clients/new",
        "/overview",
        "/keys",
        "/keys?use=unused&sort=end",
        "/sessions",
        "/roles",
        "/roles/new",
        "/scopes",
        "/scopes/new",
        "/resources",
        "/resources/new",
        "/grants",
        "/audit",
        "/design",
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
    visit_refusals(&window, &look).await;
    visit_device(scene, &window, scopes, &look).await;
    visit_factors(scene, &look).await;
    visit_forms(&window, &look).await;
    visit_records(&window, &name, &look).await;
}

/// Why requests were refused, some of which were before.
async fn visit_refusals(window: &Window, look: &impl AsyncFn(&Window, &str)) {
    window.open("/why").await;
    window.find(".refusals").await;
    look(window, "/why").await;
    window.click(".refusals li:last-child .record-title a").await;
    window.find("#checks-title").await;
    look(window, "/why, one request").await;
    window.open("/why?id=none").await;
    window.find(".field-error").await;
    look(window, "/why, refused").await;
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

/// The pages of second factors: of somebody who has them, and of somebody who must have one.
async fn visit_factors(scene: &Scene, look: &impl AsyncFn(&Window, &str)) {
    scene.app.person("grace", &[]).await;
    let browser = scene.app.signed_in("grace", PASSWORD).await;
    let (_, codes) = scene.app.add_passkey(&browser).await;
    let window = scene.window().await;
    window.open("/login").await;
    window.sign_in("grace", PASSWORD).await;
    window.arrive("/login/second-factor").await;
    window.find("#code").await;
    look(&window, "/login/second-factor, a passkey").await;
    scene.app.add_app(&browser).await;
    window.fill("code", "123").await;
    window.press("Continue").await;
    window.find(".field-error").await;
    look(&window, "/login/second-factor, refused").await;
    window.fill("code", &codes[0]).await;
    window.press("Continue").await;
    window.arrive("/account").await;
    window.open("/account/factors").await;
    window.find("#passkeys .records").await;
    look(&window, "/account/factors, with all").await;
    window.click("#passkeys .records a").await;
    window.find("[name=name]").await;
    look(&window, "a passkey, to be renamed").await;
    window.open("/account/factors").await;
    window.click("#passkeys .records a.danger").await;
    window.find("ul.plain").await;
    look(&window, "a passkey, to be removed").await;
    window.open("/account/factors/recovery-codes").await;
    window.press("Make new codes").await;
    window.find("#recovery-codes").await;
    look(&window, "recovery codes").await;
    window.open("/account/password/remove").await;
    window.find("ul.plain").await;
    look(&window, "a password, to be removed").await;
    window.press("Remove password").await;
    window.arrive("/account").await;
    look(&window, "/account, without a password").await;
    window.open("/account/password/set").await;
    window.find("[name=new_password]").await;
    look(&window, "/account/password/set").await;

    scene.app.role("treasurer").await;
    scene.app.require_second_factor("treasurer").await;
    scene.app.person("mary", &["treasurer"]).await;
    window.open("/logout").await;
    window.press("Sign out").await;
    window.find("[name=username]").await;
    window.sign_in("mary", PASSWORD).await;
    window.arrive("/login/first-factor").await;
    window.find("#totp-secret").await;
    look(&window, "/login/first-factor").await;
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
    window.press("More: PKCE, keys, consent, colour, sign-out, roles").await;
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
    for list in ["/users", "/clients", "/keys", "/sessions", "/grants"] {
        window.open(list).await;
        window.click(".tick input").await;
        look(window, &format!("{list}, ticked")).await;
        window.click(".bulk-bar .button:last-child").await;
        window.find("ul.chosen").await;
        look(window, &format!("{list}, asked")).await;
    }
}
