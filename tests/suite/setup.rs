//! The first administrator, by the address that the server prints.

use crate::support::app::TestApp;
use crate::support::caller::Answer;
use crate::support::caller::Browser;

const PASSWORD: &str = "a staple of correct horses";

/// The path of the setup address.
fn path(app: &TestApp) -> String {
    let url = app.setup_url.clone().expect("there is no administrator yet");
    url.strip_prefix(&app.url).expect("it is below the issuer").to_owned()
}

async fn fill_in(browser: &Browser, path: &str, username: &str) -> Answer {
    let page = browser.get(path).await;
    assert_eq!(page.status, 200, "{}", page.body);
    let (token, csrf_token) = (page.input("token"), page.input("csrf_token"));
    let fields = [
        ("token", token.as_str()),
        ("username", username),
        ("email", "root@example.org"),
        ("password", PASSWORD),
        ("csrf_token", csrf_token.as_str()),
    ];
    browser.post("/setup", &fields).await
}

#[tokio::test]
async fn the_first_administrator_picks_a_name_and_is_signed_in() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let made = fill_in(&browser, &path(&app), "root").await;
    assert_eq!((made.status, made.header("location")), (303, "/account"));
    let me = browser.get("/api/v1/me").await.json();
    assert_eq!((me["username"].as_str(), me["roles"][0].as_str()), (Some("root"), Some("admin")));
    assert_eq!(app.browser().sign_in("root@example.org", PASSWORD).await.status, 303);
}

#[tokio::test]
async fn the_setup_address_works_once() {
    let app = TestApp::start().await;
    let path = path(&app);
    assert_eq!(fill_in(&app.browser(), &path, "root").await.status, 303);
    let again = app.browser().get(&path).await;
    assert_eq!(again.status, 400);
    assert!(again.body.contains("was used already"), "{}", again.body);
    assert_eq!(app.browser().get("/setup").await.status, 400);
    assert_eq!(app.browser().get("/setup?token=hp_su_x").await.status, 400);
}

#[tokio::test]
async fn a_setup_form_that_is_wrong_says_where_and_can_be_sent_again() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let page = browser.get(&path(&app)).await;
    let (token, csrf_token) = (page.input("token"), page.input("csrf_token"));
    let fields = [
        ("token", token.as_str()),
        ("username", "ro ot"),
        ("email", "nowhere"),
        ("password", "seven77"),
        ("csrf_token", csrf_token.as_str()),
    ];
    let refused = browser.post("/setup", &fields).await;
    assert_eq!(refused.status, 422);
    assert_eq!(refused.input("username"), "ro ot");
    assert!(!refused.body.contains("seven77"), "a password never goes back to the browser");
    assert_eq!(refused.body.matches("aria-invalid").count(), 3, "{}", refused.body);
    assert_eq!(fill_in(&browser, &path(&app), "root").await.status, 303);
}

#[tokio::test]
async fn an_administrator_made_on_the_command_line_closes_the_setup_page() {
    let app = TestApp::start().await;
    app.person("root", &["admin"]).await;
    assert_eq!(app.browser().get(&path(&app)).await.status, 400);
}

#[tokio::test]
async fn there_is_no_setup_address_once_there_is_an_administrator() {
    let app = TestApp::start().await;
    app.person("root", &["admin"]).await;
    let database = app.stop().await;
    let app = TestApp::start_on(database, "");
    assert_eq!(app.setup_url, None);
}
