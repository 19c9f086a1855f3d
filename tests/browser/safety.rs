//! What other sites, and whoever comes to the machine next, can't do with somebody's browser.

use hallpass::model::audit::AuditEvent;

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
        scene.app.scope("read", &[]).await;
        let client = scene.app.web_client("read").await;
        let site = Site::start().await;
        let window = scene.signed_in("ada", PASSWORD).await;
        let consent = client.authorize_path(&[]);
        window.open(&consent).await;
        window.says("Allow Ledger?").await;
        for path in PATHS.iter().copied().chain([consent.as_str()]) {
            let url = format!("{}{path}", scene.app.url).replace('&', "&amp;");
            let elements = [
                format!("<iframe src=\"{url}\"></iframe>"),
                format!("<object data=\"{url}\"></object>"),
                format!("<embed src=\"{url}\">"),
            ];
            // Of a page that is an error the other two show what stands in their place.
            let is_error = matches!(path, "/setup" | "/nothing-here");
            for element in elements.iter().take(if is_error { 1 } else { 3 }) {
                // What was shown before says nothing of this one.
                window.log("browser").await;
                site.put("/", &format!("<h1>Prizes</h1>{element}"));
                window.open(&site.url("/")).await;
                let blocked = async || {
                    let log = window.log("browser").await;
                    log.iter().any(|entry| entry["message"].to_string().contains("frame-ancestors"))
                };
                assert!(window.until(blocked).await, "the browser does not say that it blocks {element}");
                if window.count("iframe").await != 0 {
                    let (source, text) = window.inside_frame(0).await;
                    assert!(!source.contains("Hallpass") && !source.contains("Ledger"), "{element} shows: {text}");
                }
            }
        }
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

/// ASVS 3.5.1: what needs no question beforehand is refused by where it comes from, whatever token it carries.
#[tokio::test]
async fn json_called_text_and_a_form_from_nowhere_are_refused() {
    play(&[DESKTOP], async |scene| {
        scene.app.person("ada", &[]).await;
        let site = Site::start().await;
        let window = scene.signed_in("ada", PASSWORD).await;
        is_signed_in(&window).await;
        let token = window.property("[name=csrf_token]", "value").await;
        let url = &scene.app.url;
        let before = scene.app.audited(AuditEvent::KeyCreated).await.len();
        site.put("/", "<h1>Prizes</h1>");
        for address in [site.url("/"), site.url_by_name("/")] {
            let fields = [format!("name=x&csrf_token={token}"), format!("csrf_token={token}")];
            for (path, body) in [
                ("/api/v1/keys", r#"{\"name\": \"x\", \"full_access\": true}"#),
                ("/api/v1/me", r#"{\"full_name\": \"x\"}"#),
                ("/account/keys", &fields[0]),
                ("/logout", &fields[1]),
            ] {
                window.open(&address).await;
                window.check_console().await;
                // `text/plain` is sent to others without asking them first.
                let send = format!(
                    "return fetch('{url}{path}', {{ method: 'POST', mode: 'no-cors', credentials: 'include',
                        headers: {{ 'content-type': 'text/plain' }}, body: \"{body}\" }}).then(() => 'sent', () => 'not sent')"
                );
                window.ask(&send).await;
                // It came, and the browser keeps the answer from the page.
                let answered = async || {
                    let log = window.log("browser").await;
                    log.iter().any(|entry| entry["message"].to_string().contains("ERR_BLOCKED_BY_RESPONSE"))
                };
                assert!(window.until(answered).await, "{path} from {address}");
            }
            is_signed_in(&window).await;
        }
        assert_eq!(scene.app.audited(AuditEvent::KeyCreated).await.len(), before);

        // A frame that is kept from everything says that it comes from nowhere: `Origin: null`. It has no session to use,
        // and may not begin one either.
        let form = format!(
            "<form method=post action='{url}/login'><input name=username value=mallory>
             <input name=password value='{PASSWORD}'><input name=csrf_token value='{token}'></form>
             <script>document.forms[0].submit()</script>"
        );
        let form = form.replace('"', "&quot;");
        scene.app.person("mallory", &[]).await;
        site.put("/", &format!("<h1>Prizes</h1><iframe sandbox=\"allow-scripts allow-forms\" srcdoc=\"{form}\"></iframe>"));
        let (_, root) = scene.app.root().await;
        let refused = async || {
            let kept = root.list("/api/v1/refusals", 100).await;
            kept.iter().filter(|refused| refused["route"] == "/login" && refused["failed"] == "same_site").count()
        };
        for address in [site.url("/"), site.url_by_name("/")] {
            let before = refused().await;
            window.open(&address).await;
            let came = window.until(async || refused().await > before).await;
            assert!(came, "the frame's form is refused: {:?}", root.list("/api/v1/refusals", 100).await);
            window.log("browser").await;
            is_signed_in(&window).await;
        }
    })
    .await;
}
