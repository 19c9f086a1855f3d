//! In which language pages are: what an application asks for, what the browser asks for, and the server's usual one.

use std::path::Path;

use reqwest::Method;
use reqwest::header::HeaderValue;

use crate::support::app::TestApp;
use crate::support::caller::Answer;
use crate::support::caller::Browser;
use crate::support::flow::VERIFIER;
use crate::support::flow::challenge;
use crate::support::flow::query;
use crate::support::seed::PASSWORD;

const GERMAN: &str = "de-AT,de;q=0.9,en;q=0.5";

/// GET as a browser whose owner reads these languages.
async fn read(browser: &Browser, path: &str, languages: &str) -> Answer {
    let request = browser.request(Method::GET, path);
    let languages = HeaderValue::from_bytes(languages.as_bytes()).unwrap();
    browser.send(if languages.is_empty() { request } else { request.header("accept-language", languages) }).await
}

/// What `<html lang>` says.
#[track_caller]
fn language_of(page: &Answer) -> String {
    let (_, after) = page.body.split_once("<html lang=\"").unwrap_or_else(|| panic!("{} {}", page.status, page.body));
    after.split('"').next().unwrap().to_owned()
}

/// Checks that a page is in German, and says so.
#[track_caller]
fn is_german(page: &Answer, words: &str) {
    assert_eq!(language_of(page), "de", "{}", page.body);
    assert!(page.body.contains(words), "no {words:?}: {}", page.body);
}

#[track_caller]
fn is_english(page: &Answer, words: &str) {
    assert_eq!(language_of(page), "en", "{}", page.body);
    assert!(page.body.contains(words), "no {words:?}: {}", page.body);
}

/// The names of all fields, and where the forms go.
fn fields_of(page: &Answer) -> Vec<&str> {
    let marks = [" name=\"", " action=\""];
    let found = marks.iter().flat_map(|mark| page.body.split(mark).skip(1));
    found.filter_map(|rest| rest.split('"').next()).collect()
}

fn folder_with(tag: &str, texts: &str) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), tag, texts);
    let settings = format!("[branding]\nlanguages_folder = \"{}\"\n", folder.path().display());
    (folder, settings)
}

fn write(folder: &Path, tag: &str, texts: &str) {
    std::fs::write(folder.join(format!("{tag}.ftl")), texts).unwrap();
}

/// RFC 9110 §12.5.4
#[tokio::test]
async fn the_browser_decides() {
    let app = TestApp::start().await;
    app.person("ada", &["admin"]).await;
    let stranger = app.browser();
    for german in [GERMAN, "de", "DE-de", "fr, de;q=0.2", "xx;q=1, de;q=0.3, en;q=0.1"] {
        is_german(&read(&stranger, "/login", german).await, ">Anmelden</h1>");
    }
    for english in ["", "en-GB", "fr", "*", "en, de", "de;q=0, fr", "de;q=0.1, en;q=0.2"] {
        is_english(&read(&stranger, "/login", english).await, ">Sign in</h1>");
    }
    let browser = app.signed_in("ada", PASSWORD).await;
    is_german(&read(&browser, "/account", GERMAN).await, "<h1>Ihr Konto</h1>");
    is_english(&read(&browser, "/account", "en").await, "<h1>Your account</h1>");
}

#[tokio::test]
async fn whoever_asks_for_nothing_that_is_there_gets_the_usual_language() {
    let app = TestApp::start_with("[branding]\nlanguage = \"de\"").await;
    let browser = app.browser();
    for languages in ["", "fr", "*"] {
        is_german(&read(&browser, "/login", languages).await, ">Anmelden</h1>");
    }
    is_english(&read(&browser, "/login", "en-US").await, ">Sign in</h1>");
}

#[tokio::test]
async fn one_file_is_one_more_language() {
    let (_folder, settings) = folder_with("fr", "sign-in = Se connecter\n");
    let app = TestApp::start_with(&settings).await;
    let page = read(&app.browser(), "/login", "fr-CA").await;
    assert_eq!(language_of(&page), "fr");
    assert!(page.body.contains(">Se connecter</h1>"), "{}", page.body);
    // What the file does not have is said in English.
    assert!(page.body.contains("Forgot your password?"), "{}", page.body);
    let metadata = app.stranger().get("/.well-known/openid-configuration").await.json();
    assert_eq!(metadata["ui_locales_supported"], serde_json::json!(["en", "de", "fr"]));
}

#[tokio::test]
async fn a_file_takes_the_place_of_a_language_that_is_built_in() {
    let (_folder, settings) = folder_with("de", "sign-in = Servus\n");
    let app = TestApp::start_with(&settings).await;
    is_german(&read(&app.browser(), "/login", GERMAN).await, ">Servus</h1>");
}

/// OpenID Connect Core §3.1.2.1, `ui_locales`
#[tokio::test]
async fn an_application_asks_for_a_language() {
    let app = TestApp::start().await;
    app.person("ada", &[]).await;
    let client = app.web_client("openid").await;
    let path = client.authorize_path(&[("ui_locales", "fr-CA de")]);

    // On the way to sign-in, and where that is refused.
    let stranger = app.browser();
    let sent = read(&stranger, &path, "en").await;
    let page = read(&stranger, sent.header("location"), "en").await;
    is_german(&page, ">Anmelden</h1>");
    let refused = stranger.sign_in_at(&page, "ada", "a wrong one").await;
    is_german(&refused, "Benutzername oder Passwort ist falsch.");

    let browser = app.signed_in("ada", PASSWORD).await;
    let page = read(&browser, &path, "en").await;
    page.is_consent_page();
    for words in [">Erlauben</button>", "Zugriff für Ledger erlauben?", "Wissen, wer Sie sind", "Ihr Passwort sehen"] {
        is_german(&page, words);
    }

    // What is no language that is there leaves it to the browser.
    for wish in ["fr", "tlh x-klingon", "d-e", "<script>"] {
        let path = client.authorize_path(&[("ui_locales", wish)]);
        is_english(&read(&browser, &path, "en").await, ">Allow</button>");
        is_german(&read(&browser, &path, GERMAN).await, ">Erlauben</button>");
    }
    // Errors, too, are for the person.
    let wrong = client.authorize_path(&[("ui_locales", "de"), ("redirect_uri", "https://evil.test/")]);
    let page = read(&browser, &wrong, "en").await;
    page.is_error_page();
    is_german(&page, "Die Anwendung hat eine falsche Anfrage gesendet");
}

/// RFC 9126 §4
#[tokio::test]
async fn an_application_asks_for_a_language_in_a_request_that_it_pushes() {
    let app = TestApp::start().await;
    app.person("ada", &[]).await;
    let client = app.web_client("openid").await;
    let challenge = challenge(VERIFIER);
    let fields = [
        ("response_type", "code"),
        ("redirect_uri", client.redirect_uri.as_str()),
        ("code_challenge", challenge.as_str()),
        ("code_challenge_method", "S256"),
        ("ui_locales", "de"),
    ];
    let pushed = app.script(&client.basic()).post("/oauth/par", &fields).await;
    assert_eq!(pushed.status, 201, "{}", pushed.body);
    let (client_id, reference) = (client.client_id.as_str(), pushed.text("request_uri"));
    let path = format!("/oauth/authorize?{}", query(&[("client_id", client_id), ("request_uri", &reference)]));
    let browser = app.signed_in("ada", PASSWORD).await;
    is_german(&read(&browser, &path, "en").await, ">Erlauben</button>");
}

/// OpenID Connect RP-Initiated Logout §2
#[tokio::test]
async fn an_application_asks_for_a_language_when_it_asks_to_sign_out() {
    let app = TestApp::start().await;
    app.person("ada", &[]).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    is_german(&read(&browser, "/oauth/logout?ui_locales=de", "en").await, "<h1>Abmelden?</h1>");
    is_english(&read(&browser, "/oauth/logout?ui_locales=xx", "en").await, "<h1>Sign out?</h1>");
}

#[tokio::test]
async fn pages_that_say_what_is_wrong_say_it_in_the_language() {
    let app = TestApp::start().await;
    app.person("ada", &[]).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    for (path, status, words) in [
        ("/nothing", 404, "Unter dieser Adresse gibt es nichts."),
        ("/users", 403, "Dafür braucht es die Rolle admin."),
        ("/account/keys/nothing", 404, "<h1>Seite nicht gefunden</h1>"),
    ] {
        let page = read(&browser, path, GERMAN).await;
        assert_eq!(page.status, status);
        is_german(&page, words);
    }
    // What is refused in a form stands there too.
    let csrf_token = browser.csrf_token("/account").await;
    let long = "x".repeat(201);
    for (path, field, value, words) in [
        ("/account/profile", "full_name", long.as_str(), "Der vollständige Name hat mehr als 200 Zeichen."),
        ("/account/password", "new_password", "short", "Das neue Passwort hat weniger als 8 Zeichen"),
        ("/account/keys", "allowed_ips", "10.0.0.0/33", "10.0.0.0/33 ist weder eine Adresse noch ein Netz"),
        ("/account/keys", "limits", "a=1/1s a=2/1s", "Zwei Limits heißen a."),
        ("/account/keys", "scope", "nothing", "Es gibt keine Berechtigung nothing"),
        ("/device", "user_code", "BCDF-GHJK", "Kein Gerät wartet mit diesem Code."),
    ] {
        let fields = [(field, value), ("csrf_token", csrf_token.as_str())];
        let form = browser.request(Method::POST, path).header("origin", app.origin()).header("accept-language", "de");
        let page = browser.send(form.form(&fields)).await;
        assert_eq!(page.status, 422, "{path} {}", page.body);
        is_german(&page, words);
        is_german(&page, "Bitte prüfen Sie noch");
    }
}

#[tokio::test]
async fn what_administrators_keep_is_asked_about_and_refused_in_the_language() {
    let app = TestApp::start().await;
    app.person("ada", &["admin"]).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    app.role("Editor").await;
    is_german(&read(&browser, "/roles/delete?name=Editor", GERMAN).await, "<h1>Die Rolle Editor löschen?</h1>");
    let csrf_token = browser.csrf_token("/roles/new").await;
    for (path, field, value, words) in [
        ("/roles/new", "name", "Editor", "Es gibt schon eine Rolle Editor."),
        ("/roles/new", "name", "a,b", "Der Name hat ein Zeichen, das nicht erlaubt ist"),
        ("/scopes/new", "name", "a b", "Das ist kein Name einer Berechtigung: Er hat ein Zeichen"),
        ("/resources/new", "uri", "api", "Diese URI geht nicht: Sie ist nicht absolut"),
    ] {
        let fields = [(field, value), ("csrf_token", csrf_token.as_str())];
        let form = browser.request(Method::POST, path).header("origin", app.origin()).header("accept-language", "de");
        let page = browser.send(form.form(&fields)).await;
        assert_eq!(page.status, 422, "{path} {}", page.body);
        is_german(&page, words);
    }
}

#[tokio::test]
async fn fields_and_addresses_are_the_same_in_every_language() {
    let app = TestApp::start().await;
    app.person("ada", &["admin"]).await;
    let client = app.web_client("openid").await;
    let (browser, stranger) = (app.signed_in("ada", PASSWORD).await, app.browser());
    let consent = client.authorize_path(&[]);
    let pages = [
        (&stranger, "/login"),
        (&stranger, "/reset"),
        (&browser, "/account"),
        (&browser, "/account/email"),
        (&browser, "/account/delete"),
        (&browser, "/device"),
        (&browser, "/logout"),
        (&browser, consent.as_str()),
    ];
    for (who, path) in pages {
        let (english, german) = (read(who, path, "en").await, read(who, path, GERMAN).await);
        assert_eq!((language_of(&english), language_of(&german)), ("en".to_owned(), "de".to_owned()), "{path}");
        assert!(!fields_of(&english).is_empty(), "{path}");
        assert_eq!(fields_of(&english), fields_of(&german), "{path}");
    }
    let csrf_token = read(&browser, "/account", GERMAN).await.input("csrf_token");
    let form = [("full_name", "Ada Lovelace"), ("csrf_token", csrf_token.as_str())];
    assert_eq!(browser.post("/account/profile", &form).await.status, 303);
    // What programs read is no page.
    let missing = app.stranger().with("accept-language", "de").get("/api/v1/me").await;
    assert_eq!(missing.json()["detail"], "a valid credential is needed");
}

#[tokio::test]
async fn languages_that_nobody_could_mean_do_no_harm() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let long = "de".repeat(5_000);
    let many = "x,".repeat(5_000);
    let late = format!("{many}de");
    let weighed = "xx;q=0.5;q=0.4,".repeat(700);
    for languages in [
        long.as_str(),
        many.as_str(),
        // Nobody reads on for ever.
        late.as_str(),
        weighed.as_str(),
        "de\u{e9}",
        "\u{202e}de",
        "<script>alert(1)</script>",
        "\"><b",
        "../../etc/passwd",
        "{ $name }",
        ",,,;;;===",
        ";q=1",
        "-",
        "*;q=nan",
        "en;q=1e400",
        "de;q=-1",
    ] {
        let page = read(&browser, "/login", languages).await;
        assert_eq!(page.status, 200, "{languages}");
        is_english(&page, ">Sign in</h1>");
        assert!(!page.body.contains("alert(1)") && !page.body.contains("passwd"), "{}", page.body);
    }
    for control in ["\x01", "\x7f", "de\0", "\x1b[31m"] {
        let head = format!("GET /login HTTP/1.1\r\nhost: {}\r\naccept-language: {control}\r\n\r\n", app.address());
        let wire = app.wire(head.as_bytes());
        let status = wire.answers.first().map(|answer| answer.status);
        assert!(matches!(status, None | Some(200 | 400)), "{control:?}: {wire:?}");
        assert!(!wire.answers.iter().any(|answer| answer.body.contains(control)), "{wire:?}");
    }
    is_german(&read(&browser, "/login", "de").await, ">Anmelden</h1>");
    // Nor in a request of an application.
    app.person("ada", &[]).await;
    let (client, browser) = (app.web_client("openid").await, app.signed_in("ada", PASSWORD).await);
    for wish in ["x ".repeat(2_000).as_str(), "\u{202e}de", "\"><script>alert(1)</script>", "  ", "{ $x }"] {
        let page = read(&browser, &client.authorize_path(&[("ui_locales", wish)]), "en").await;
        page.is_consent_page();
        is_english(&page, ">Allow</button>");
        assert!(!page.body.contains("<script>alert"), "{}", page.body);
    }
}
