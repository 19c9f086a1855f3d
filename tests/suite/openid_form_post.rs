//! Response modes (OAuth 2.0 Multiple Response Type Encoding Practices §2.1, OAuth 2.0 Form Post Response Mode).

use hallpass::model::redirect_uri::RedirectUri;
use serde_json::json;

use crate::support::app::TestApp;
use crate::support::caller::Browser;
use crate::support::flow::parameters;
use crate::support::registering::OPEN;
use crate::support::seed::PASSWORD;
use crate::support::seed::SeededClient;

async fn begin() -> (TestApp, SeededClient, Browser) {
    let app = TestApp::start().await;
    app.person("ada", &[]).await;
    let client = app.web_client("openid").await;
    let browser = app.signed_in("ada", PASSWORD).await;
    (app, client, browser)
}

/// OAuth 2.0 Form Post Response Mode §2
#[tokio::test]
async fn an_answer_is_posted_by_a_page_that_needs_no_script() {
    let (app, client, browser) = begin().await;
    app.authorize(&browser, &client, &[]).await;
    let page = browser.get(&client.authorize_path(&[("response_mode", "form_post"), ("state", "a\"<b>&'")])).await;
    assert_eq!(page.status, 200, "{}", page.body);
    assert!(page.body.contains("action=\"https://rp.test/cb\""), "{}", page.body);
    assert_eq!((page.input("state").as_str(), page.input("iss")), ("a\"<b>&'", app.issuer.clone()));
    let answer = app.redeem(&client, &page.input("code")).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(page.header("cache-control"), "no-store");
    // Its script is ours, and the form may go where it must.
    let policy = page.header("content-security-policy");
    assert!(policy.contains("script-src 'self'") && !policy.contains("form-action"), "{policy}");
    assert!(page.body.contains("/js/post.js\" defer></script>"), "{}", page.body);
    assert!(page.find_input("csrf_token").is_none(), "{}", page.body);
}

/// OAuth 2.0 Form Post Response Mode §2: so are decisions and errors.
#[tokio::test]
async fn what_the_user_decides_and_what_is_wrong_is_posted_too() {
    let (app, client, browser) = begin().await;
    let mode = ("response_mode", "form_post");
    let consent = browser.get(&client.authorize_path(&[mode])).await;
    consent.is_consent_page();
    for (decision, field) in [("deny", "error"), ("allow", "code")] {
        let consent = browser.get(&client.authorize_path(&[mode])).await;
        let fields = [
            ("request", consent.input("request")),
            ("decision", decision.to_owned()),
            ("scope", "openid".to_owned()),
            ("csrf_token", consent.input("csrf_token")),
        ];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let page = browser.post("/oauth/consent", &fields).await;
        assert_eq!(page.status, 200, "{}", page.body);
        assert!(page.find_input(field).is_some(), "{}", page.body);
        assert_eq!(page.input("state"), "xyz");
    }
    let page = browser.get(&client.authorize_path(&[mode, ("scope", "nothing")])).await;
    assert_eq!(
        (page.status, page.input("error").as_str(), page.input("state").as_str()),
        (200, "invalid_scope", "xyz")
    );
    let page = app.browser().get(&client.authorize_path(&[mode, ("prompt", "none"), ("scope", "openid")])).await;
    assert_eq!((page.status, page.input("error").as_str()), (200, "login_required"));
}

/// OAuth 2.0 Multiple Response Type Encoding Practices §2.1
#[tokio::test]
async fn an_answer_stands_in_the_query_or_behind_the_hash() {
    let (app, client, browser) = begin().await;
    let location = app.authorize(&browser, &client, &[("response_mode", "query")]).await;
    assert!(location.starts_with("https://rp.test/cb?code=hp_ac_"), "{location}");
    let location = app.authorize(&browser, &client, &[("response_mode", "fragment")]).await;
    let behind = location.strip_prefix("https://rp.test/cb#").unwrap_or_else(|| panic!("{location}"));
    let answer = parameters(&format!("https://rp.test/cb?{behind}"));
    assert_eq!((answer["state"].as_str(), answer["iss"].as_str()), ("xyz", app.issuer.as_str()));
    assert!(answer.contains_key("code"));
}

/// No browser posts a form to an application's own scheme.
#[tokio::test]
async fn nothing_is_posted_to_a_scheme_of_an_applications_own() {
    let (app, _, browser) = begin().await;
    let native = |client: &mut hallpass::domain::clients::ClientDescription| {
        client.redirect_uris = vec![RedirectUri::parse("test.rp.app:/cb").unwrap()];
    };
    let client = app.client_with("openid", native).await;
    let answer = browser.get(&client.authorize_path(&[("response_mode", "form_post")])).await;
    app.redirected(&answer, "test.rp.app:/cb", "invalid_request", Some("xyz"));
}

/// RFC 9700 §4.11.2: what a client that registered itself is told is the person's to send, however it is sent.
#[tokio::test]
async fn what_is_held_back_is_posted_by_the_persons_own_click() {
    let app = TestApp::start_with(OPEN).await;
    app.person("ada", &[]).await;
    let description = json!({ "client_name": "Notes", "redirect_uris": ["https://notes.test/cb"] });
    let client = app.register(&description).await.client();
    let browser = app.signed_in("ada", PASSWORD).await;
    let page = browser.get(&client.authorize_path(&[("response_mode", "form_post"), ("response_type", "token")])).await;
    assert_eq!(page.status, 400, "{}", page.body);
    assert!(
        page.body.contains("<form id=\"way-back\" method=\"post\" action=\"https://notes.test/cb\""),
        "{}",
        page.body
    );
    assert_eq!(page.input("error"), "unsupported_response_type");
    assert!(!page.body.contains("js/post.js"), "{}", page.body);
}
