//! How an operator makes the pages their own: name, picture, colours.

use hallpass::app::brand::Brand;
use hallpass::config::Config;
use hallpass::config::layers::Flags;
use hallpass::config::layers::Sources;

use crate::support::app::TestApp;
use crate::support::seed::PASSWORD;

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
