//! Resource indicators (RFC 8707).

use hallpass::domain::clients::ClientDescription;
use hallpass::model::client::GrantType;
use serde_json::Value;
use serde_json::json;

use crate::support::app::TestApp;
use crate::support::caller::Browser;
use crate::support::flow::VERIFIER;
use crate::support::flow::parameters;
use crate::support::seed::PASSWORD;
use crate::support::seed::SeededClient;

const ONE: &str = "https://one.test/";
const TWO: &str = "https://two.test/api?v=2";

async fn begin() -> (TestApp, Browser, SeededClient, String) {
    let app = TestApp::start().await;
    app.scope("read", &[]).await;
    app.scope("write", &[]).await;
    app.resource(ONE, "").await;
    app.resource(TWO, "read").await;
    app.person("ada", &[]).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let both = |client: &mut ClientDescription| client.grant_types.push(GrantType::ClientCredentials);
    let client = app.client_with("read write openid", both).await;
    let introspector = app.introspector(None).await.basic();
    (app, browser, client, introspector)
}

async fn audience(app: &TestApp, introspector: &str, token: &str) -> Value {
    let told = app.script(introspector).post("/oauth/introspect", &[("token", token)]).await.json();
    assert_eq!(told["active"], true);
    told["aud"].clone()
}

/// A code for these resources.
async fn code(app: &TestApp, browser: &Browser, client: &SeededClient, resources: &[&str]) -> String {
    let extra: Vec<(&str, &str)> = resources.iter().map(|resource| ("resource", *resource)).collect();
    parameters(&app.authorize(browser, client, &extra).await).remove("code").unwrap()
}

/// RFC 8707 §2, §2.2
#[tokio::test]
async fn a_token_is_meant_for_the_resources_that_were_asked_for() {
    let (app, browser, client, introspector) = begin().await;
    let code = code(&app, &browser, &client, &[ONE, TWO]).await;
    let tokens = app.redeem(&client, &code).await.json();
    let access = tokens["access_token"].as_str().unwrap();
    assert_eq!(audience(&app, &introspector, access).await, json!([ONE, TWO]));
    // It is no token for this server's own API.
    assert_eq!(app.me_status(access).await, 401);
    let own = [("grant_type", "client_credentials"), ("resource", ONE)];
    let own = app.token(&client, &own).await.text("access_token");
    assert_eq!(audience(&app, &introspector, &own).await, json!([ONE]));
    assert_eq!(app.me_status(&own).await, 401);
}

/// RFC 8707 §2.2
#[tokio::test]
async fn a_token_request_narrows_and_never_widens() {
    let (app, browser, client, introspector) = begin().await;
    let code_of_one = code(&app, &browser, &client, &[ONE]).await;
    let redeem = |code: &str, resource: &str| {
        let (app, client, code, resource) = (&app, &client, code.to_owned(), resource.to_owned());
        async move {
            let fields = [
                ("grant_type", "authorization_code"),
                ("code", code.as_str()),
                ("code_verifier", VERIFIER),
                ("resource", resource.as_str()),
            ];
            app.token(client, &fields).await
        }
    };
    redeem(&code_of_one, TWO).await.refused(400, "invalid_target");
    // A resource that was refused uses nothing up.
    assert_eq!(redeem(&code_of_one, ONE).await.status, 200);
    let both = code(&app, &browser, &client, &[ONE, TWO]).await;
    let tokens = redeem(&both, TWO).await.json();
    assert_eq!(audience(&app, &introspector, tokens["access_token"].as_str().unwrap()).await, json!([TWO]));
    // The refresh token keeps the whole.
    let refresh = tokens["refresh_token"].as_str().unwrap();
    let fields = [("grant_type", "refresh_token"), ("refresh_token", refresh), ("resource", "https://three.test")];
    app.token(&client, &fields).await.refused(400, "invalid_target");
    let fields = [("grant_type", "refresh_token"), ("refresh_token", refresh), ("resource", "https://one.test")];
    let tokens = app.token(&client, &fields).await.json();
    assert_eq!(audience(&app, &introspector, tokens["access_token"].as_str().unwrap()).await, json!([ONE]));
    let whole = app.refresh(&client, tokens["refresh_token"].as_str().unwrap()).await.json();
    assert_eq!(audience(&app, &introspector, whole["access_token"].as_str().unwrap()).await, json!([ONE, TWO]));
}

/// RFC 8707 §2: this server itself needs no registration, with or without a last slash.
#[tokio::test]
async fn the_issuer_is_a_resource_too() {
    let (app, browser, client, introspector) = begin().await;
    for issuer in [app.url.clone(), format!("{}/", app.url)] {
        let code_of_us = code(&app, &browser, &client, &[&issuer]).await;
        let tokens = app.redeem(&client, &code_of_us).await.json();
        let access = tokens["access_token"].as_str().unwrap();
        assert_eq!(audience(&app, &introspector, access).await, json!([issuer]));
        assert_eq!(app.me_status(access).await, 200);
        // What is bound to nothing may be bound to us later.
        let unbound = code(&app, &browser, &client, &[]).await;
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", unbound.as_str()),
            ("code_verifier", VERIFIER),
            ("resource", issuer.as_str()),
        ];
        let access = app.token(&client, &fields).await.text("access_token");
        assert_eq!(audience(&app, &introspector, &access).await, json!([issuer]));
    }
    let unbound = code(&app, &browser, &client, &[]).await;
    let fields =
        [("grant_type", "authorization_code"), ("code", &*unbound), ("code_verifier", VERIFIER), ("resource", ONE)];
    app.token(&client, &fields).await.refused(400, "invalid_target");
}

/// RFC 8707 §2
#[tokio::test]
async fn what_is_no_resource_is_refused_at_both_endpoints() {
    let (app, browser, client, _) = begin().await;
    let long = format!("https://one.test/{}", "a".repeat(500));
    for bad in [
        "https://three.test",
        "one.test",
        "/",
        "https://one.test/#",
        "https://one.test/#x",
        "https://one.test/x",
        "https://ONE.test/",
        "https://one.test:443/",
        "https://me@one.test/",
        "http://one.test/",
        "https://two.test/api",
        &long,
    ] {
        let answer = browser.get(&client.authorize_path(&[("resource", bad)])).await;
        app.redirected(&answer, &client.redirect_uri, "invalid_target", Some("xyz"));
        let fields = [("grant_type", "client_credentials"), ("resource", bad)];
        app.token(&client, &fields).await.refused(400, "invalid_target");
    }
}

/// Tokens for a resource have only the scopes that are of use there, and those that say who somebody is.
#[tokio::test]
async fn a_resource_that_names_its_scopes_gets_no_others() {
    let (app, browser, client, _) = begin().await;
    let narrow = code(&app, &browser, &client, &[TWO]).await;
    assert_eq!(app.redeem(&client, &narrow).await.text("scope"), "openid read");
    let wide = code(&app, &browser, &client, &[ONE, TWO]).await;
    let tokens = app.redeem(&client, &wide).await.json();
    assert_eq!(tokens["scope"], "openid read write");
    let refresh = tokens["refresh_token"].as_str().unwrap();
    let fields = [("grant_type", "refresh_token"), ("refresh_token", refresh), ("resource", TWO)];
    assert_eq!(app.token(&client, &fields).await.text("scope"), "openid read");
    let fields = [("grant_type", "client_credentials"), ("scope", "write"), ("resource", TWO)];
    app.token(&client, &fields).await.refused(400, "invalid_scope");
    let answer = browser.get(&client.authorize_path(&[("scope", "write"), ("resource", TWO)])).await;
    app.redirected(&answer, &client.redirect_uri, "access_denied", Some("xyz"));
}

/// The person sees what the tokens are for, and is asked again for another place.
#[tokio::test]
async fn another_resource_is_asked_for_anew() {
    let (app, browser, client, _) = begin().await;
    let page = browser.get(&client.authorize_path(&[("resource", ONE)])).await;
    page.is_consent_page();
    assert!(page.body.contains("An API") && page.body.contains(ONE), "{}", page.body);
    app.decide(&browser, &page, "allow").await;
    let same = browser.get(&client.authorize_path(&[("resource", "https://one.test")])).await;
    assert_eq!(same.status, 303);
    // Bound to nothing it is good at this server, of which the page said nothing.
    browser.get(&client.authorize_path(&[])).await.is_consent_page();
    let other = browser.get(&client.authorize_path(&[("resource", TWO)])).await;
    other.is_consent_page();
    app.decide(&browser, &other, "allow").await;
    // What was allowed at the one is not allowed at the other, nor is a token for both.
    let narrow = browser.get(&client.authorize_path(&[("resource", TWO), ("scope", "read")])).await;
    assert_eq!(narrow.status, 303);
    let both = browser.get(&client.authorize_path(&[("resource", ONE), ("resource", TWO)])).await;
    both.is_consent_page();
    app.decide(&browser, &both, "allow").await;
    // Two that stood on one page are allowed one by one, too.
    assert_eq!(browser.get(&client.authorize_path(&[("resource", TWO)])).await.status, 303);
    // The first decision stands as it was.
    assert_eq!(browser.get(&client.authorize_path(&[("resource", ONE)])).await.status, 303);
}

/// What was allowed at one place says nothing of another.
#[tokio::test]
async fn a_scope_that_was_allowed_here_is_not_allowed_there() {
    let (app, browser, client, _) = begin().await;
    let allow = async |resource: &str, scope: &str| {
        let page = browser.get(&client.authorize_path(&[("resource", resource), ("scope", scope)])).await;
        page.is_consent_page();
        app.decide(&browser, &page, "allow").await;
    };
    allow(ONE, "write").await;
    allow(TWO, "read").await;
    browser.get(&client.authorize_path(&[("resource", ONE), ("scope", "read")])).await.is_consent_page();
    assert_eq!(browser.get(&client.authorize_path(&[("resource", ONE), ("scope", "write")])).await.status, 303);
}

/// RFC 8707 §2: the command line registers them beside the running server.
#[tokio::test]
async fn a_resource_that_is_deleted_can_be_asked_for_no_more() {
    let (app, browser, client, _) = begin().await;
    let code = code(&app, &browser, &client, &[ONE]).await;
    let tokens = app.redeem(&client, &code).await.json();
    let act = app.act();
    let uri = hallpass::model::resource::ResourceUri::parse("https://one.test").unwrap();
    app.store.write(move |tx| hallpass::domain::resources::delete(tx, &uri, &act)).await.unwrap();
    let fields = [("grant_type", "client_credentials"), ("resource", ONE)];
    app.token(&client, &fields).await.refused(400, "invalid_target");
    // Nor do tokens for it go on being made anew.
    app.refresh(&client, tokens["refresh_token"].as_str().unwrap()).await.refused(400, "invalid_target");
}
