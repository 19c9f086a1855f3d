//! How an operator makes the pages their own: name, picture, colours.

use hallpass::app::brand::Brand;
use hallpass::config::Config;
use hallpass::config::layers::Flags;
use hallpass::config::layers::Sources;

use hallpass::model::colour::Accent;
use reqwest::Method;
use serde_json::json;

use crate::support::app::TestApp;
use crate::support::program::Program;
use crate::support::registering::OPEN;
use crate::support::registering::app_at;
use crate::support::seed::PASSWORD;
use crate::support::seed::SeededClient;

const LOGO: &str =
    "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1 1\"><rect width=\"1\" height=\"1\"/></svg>";

/// A folder with a picture, and the settings that name it.
fn branded() -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("logo.svg");
    std::fs::write(&file, LOGO).unwrap();
    let settings =
        format!("[branding]\nname = \"Antarctic <Ledger>\"\nlogo_file = \"{}\"\naccent = \"#1d3f8a\"", file.display());
    (folder, settings)
}

#[tokio::test]
async fn every_page_shows_the_name_the_picture_and_the_colours() {
    let (_folder, settings) = branded();
    let app = TestApp::start_with(&settings).await;
    app.person("ada", &["admin"]).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let stranger = app.browser();
    for (who, path, status) in [(&stranger, "/login", 200), (&browser, "/account", 200), (&browser, "/nothing", 404)] {
        let page = who.get(path).await;
        assert_eq!(page.status, status);
        assert!(page.body.contains("· Antarctic &#60;Ledger&#62;</title>"), "{}", page.body);
        assert!(!page.body.contains(">Hallpass<") && !page.body.contains("· Hallpass"), "{}", page.body);
        for loaded in ["/branding/logo?v=", "/branding/colours.css?light=1d3f8a"] {
            let address = page.body.split('"').find(|text| text.starts_with(loaded)).expect(loaded);
            let answer = who.get(&address.replace("&#38;", "&")).await;
            assert_eq!(answer.status, 200, "{address}");
            assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
            assert_eq!(answer.header("x-content-type-options"), "nosniff");
        }
    }
    let logo = stranger.get("/branding/logo").await;
    assert_eq!((logo.header("content-type"), logo.body.as_str()), ("image/svg+xml", LOGO));
    assert!(logo.header("content-security-policy").contains("sandbox"));
}

#[tokio::test]
async fn without_settings_all_is_as_it_comes() {
    let app = TestApp::start().await;
    let page = app.browser().get("/login").await;
    assert!(page.body.contains("· Hallpass</title>") && !page.body.contains("/branding/"), "{}", page.body);
    assert_eq!(app.stranger().get("/branding/logo").await.status, 404);
}

#[tokio::test]
async fn a_style_sheet_holds_two_colours_that_can_be_read_and_nothing_else() {
    let app = TestApp::start().await;
    let stranger = app.stranger();
    let sheet = stranger.get("/branding/colours.css?light=1d3f8a&dark=8fb0ff").await;
    assert_eq!((sheet.status, sheet.header("content-type")), (200, "text/css; charset=utf-8"));
    assert!(sheet.body.contains("--accent: #1d3f8a;") && sheet.body.contains("--accent: #8fb0ff;"), "{}", sheet.body);
    for query in [
        "",
        "light=1d3f8a",
        "light=1d3f8a&dark=1d3f8a",
        "light=ffee00&dark=8fb0ff",
        "light=red;}&dark=8fb0ff",
        "light=1d3f8a&dark=8fb0ff%7D",
        "light=%231d3f8a&dark=8fb0ff",
    ] {
        assert_eq!(stranger.get(&format!("/branding/colours.css?{query}")).await.status, 404, "{query}");
    }
}

/// The address of the style sheet in the colour of [`coloured`], as far as its first colour.
const SHEET: &str = "/branding/colours.css?light=7a0019";

/// A client with a colour that an administrator chose.
async fn coloured(app: &TestApp) -> SeededClient {
    app.client_with("openid", |client| client.accent = Accent::parse("#7a0019").ok()).await
}

#[tokio::test]
async fn sign_in_and_consent_have_the_colour_of_the_application_that_they_lead_to() {
    let app = TestApp::start_with("[branding]\naccent = \"#1d3f8a\"").await;
    app.person("ada", &[]).await;
    let client = coloured(&app).await;
    let browser = app.browser();
    let away = browser.get(&client.authorize_path(&[])).await;
    let sign_in = browser.get(away.header("location")).await;
    assert!(sign_in.body.contains(SHEET) && !sign_in.body.contains("light=1d3f8a"), "{}", sign_in.body);
    let address = sign_in.body.split('"').find(|text| text.starts_with(SHEET)).unwrap().replace("&#38;", "&");
    let sheet = browser.get(&address).await;
    assert!(sheet.status == 200 && sheet.body.contains("--accent: #7a0019;"), "{address}: {}", sheet.body);
    let wrong = browser.sign_in_at(&sign_in, "ada", "no password of hers").await;
    assert!(wrong.status == 401 && wrong.body.contains(SHEET), "{}", wrong.body);

    let entered = browser.sign_in_at(&sign_in, "ada", PASSWORD).await;
    let consent = browser.get(entered.header("location")).await;
    consent.is_consent_page();
    assert!(consent.body.contains(SHEET) && !consent.body.contains("light=1d3f8a"), "{}", consent.body);
    for page in [browser.get("/account").await, app.browser().get("/login").await] {
        assert!(!page.body.contains(SHEET) && page.body.contains("light=1d3f8a"), "{}", page.body);
    }
}

#[tokio::test]
async fn the_second_step_has_the_colour_too() {
    let app = TestApp::start().await;
    app.person("ada", &[]).await;
    app.add_app(&app.signed_in("ada", PASSWORD).await).await;
    let client = coloured(&app).await;
    let browser = app.browser();
    let away = browser.get(&client.authorize_path(&[])).await;
    let sign_in = browser.get(away.header("location")).await;
    let halfway = browser.sign_in_at(&sign_in, "ada", PASSWORD).await;
    let step = browser.get(halfway.header("location")).await;
    assert!(step.status == 200 && step.body.contains(SHEET), "{}", step.body);
}

#[tokio::test]
async fn an_application_gets_a_colour_that_can_be_read_from_an_administrator_and_loses_it() {
    let app = TestApp::start().await;
    let ada = app.person("ada", &["admin"]).await;
    let (key, browser) = (app.key(&ada).await, app.signed_in("ada", PASSWORD).await);
    let root = app.script(&key.token_header());
    let redirect = ("redirect_uris", "https://rp.test/cb");
    let new = [("client_name", "Books"), redirect, ("scope", "openid"), ("accent", "#7A0019")];
    let made = browser.done("/clients/new", &new).await.by_id("client-id");
    let (path, page) = (format!("/api/v1/clients/{made}"), format!("/clients/{made}"));
    assert_eq!(root.read(&path).await["accent"], "#7a0019");
    assert!(browser.get(&page).await.body.contains("<code>#7a0019</code>"));
    assert!(browser.get(&format!("{page}/edit")).await.body.contains("value=\"#7a0019\""));
    // A change that does not name it leaves it.
    assert_eq!(root.change(&path, &json!({ "trusted": true })).await["accent"], "#7a0019");

    for (colour, why) in [("#ffee00", "contrast to white is 1.2, not 5.5"), ("red", "#rrggbb")] {
        let refused = root.json(Method::PATCH, &path, &json!({ "accent": colour })).await.problem(400);
        assert!(refused.contains("accent ") && refused.contains(why), "{refused}");
        let fields = [&new[..3], &[("accent", colour), ("grant_types", "authorization_code")]].concat();
        let refused = browser.submit(&format!("{page}/edit"), &fields).await;
        assert!(refused.status == 422 && refused.has_id("accent-error"), "{}", refused.body);
        assert!(refused.body.contains(why), "{}", refused.body);
    }
    assert_eq!(root.read(&path).await["accent"], "#7a0019");
    assert_eq!(root.change(&path, &json!({ "accent": null })).await["accent"], json!(null));
    let cleared = [&new[..3], &[("grant_types", "authorization_code")]].concat();
    root.change(&path, &json!({ "accent": "#1d3f8a" })).await;
    browser.done(&format!("{page}/edit"), &cleared).await;
    assert_eq!(root.read(&path).await["accent"], json!(null));
}

#[test]
fn the_command_line_registers_an_application_with_a_colour() {
    let program = Program::new();
    let line = "client create Books --redirect-uri https://rp.test/cb --json --accent";
    assert_eq!(program.run(&format!("{line} #1d3f8a")).json()["accent"], "#1d3f8a");
    let refused = program.run(&format!("{line} #ffee00"));
    let why = "the colour \"#ffee00\" could not be read: its contrast to white is 1.2, not 5.5; take a darker one";
    assert_eq!(refused.refusal(), why);
}

/// RFC 7591 §2: what a client says of itself is its own, how pages of this server look is not.
#[tokio::test]
async fn an_application_that_registers_itself_chooses_no_colour() {
    let app = TestApp::start_with(OPEN).await;
    let mut described = app_at("https://rp.test/cb");
    described["accent"] = json!("#7a0019");
    let client = app.register(&described).await.client();
    let browser = app.browser();
    let away = browser.get(&client.authorize_path(&[])).await;
    let page = browser.get(away.header("location")).await;
    assert!(page.body.contains("Notes") && !page.body.contains("colours.css"), "{}", page.body);
    let ada = app.person("ada", &["admin"]).await;
    let root = app.script(&app.key(&ada).await.token_header());
    assert_eq!(root.read(&format!("/api/v1/clients/{}", client.client_id)).await["accent"], json!(null));
}

#[test]
fn what_could_not_be_read_or_is_no_picture_is_refused_at_the_start() {
    let load = |lines: &str| {
        let text = format!("[branding]\n{lines}");
        let sources = Sources {
            flags: Flags::default(),
            file: Some(("hallpass.toml", &text)),
            environment: Vec::new(),
            read_file: &|_| Err(std::io::Error::other("no setting names one")),
        };
        match Config::load(&sources) {
            Ok(config) => Brand::open(&config.branding).map(drop),
            Err(problems) => Err(problems.to_string()),
        }
    };
    for (lines, why) in [
        ("accent = \"#ffee00\"", "contrast"),
        ("accent = \"green\"", "#rrggbb"),
        ("accent = \"#1d3f8a\"\naccent_dark = \"#1d3f8a\"", "contrast"),
        ("accent_dark = \"#8fb0ff\"", "branding.accent has to be set"),
        ("name = \"\"", "branding.name"),
        ("logo_file = \"/does/not/exist.svg\"", "branding.logo_file: /does/not/exist.svg cannot be read"),
        ("logo_file = \"/etc/hostname\"", "is no picture"),
    ] {
        let error = load(lines).expect_err(lines);
        assert!(error.contains(why), "{lines}: {error}");
    }
    load("accent = \"#1d3f8a\"").unwrap();
}
