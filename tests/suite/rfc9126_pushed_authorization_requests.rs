//! Pushed authorization requests (RFC 9126).

use hallpass::domain::clients::ClientDescription;
use hallpass::model::time::Lifetime;
use serde_json::json;

use crate::support::app::TestApp;
use crate::support::caller::Answer;
use crate::support::caller::Browser;
use crate::support::flow::VERIFIER;
use crate::support::flow::challenge;
use crate::support::flow::parameters;
use crate::support::flow::query;
use crate::support::seed::PASSWORD;
use crate::support::seed::SeededClient;

const PAR: &str = "/oauth/par";

async fn begin() -> (TestApp, Browser, SeededClient) {
    let app = TestApp::start().await;
    app.scope("read", &[]).await;
    app.person("ada", &[]).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let client = app.web_client("read").await;
    (app, browser, client)
}

async fn push(app: &TestApp, client: &SeededClient, extra: &[(&str, &str)]) -> Answer {
    let challenge = challenge(VERIFIER);
    let mut fields = vec![
        ("response_type", "code"),
        ("redirect_uri", client.redirect_uri.as_str()),
        ("state", "xyz"),
        ("scope", "read"),
        ("code_challenge", challenge.as_str()),
        ("code_challenge_method", "S256"),
    ];
    fields.retain(|(name, _)| !extra.iter().any(|(other, _)| other == name));
    fields.extend(extra);
    if client.secret.is_empty() {
        fields.push(("client_id", &client.client_id));
        return app.stranger().post(PAR, &fields).await;
    }
    app.script(&client.basic()).post(PAR, &fields).await
}

async fn pushed(app: &TestApp, client: &SeededClient) -> String {
    let answer = push(app, client, &[]).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    answer.text("request_uri")
}

fn authorize(client_id: &str, request_uri: &str) -> String {
    format!("/oauth/authorize?{}", query(&[("client_id", client_id), ("request_uri", request_uri)]))
}

/// RFC 9126 §2.2, §4
#[tokio::test]
async fn a_pushed_request_is_carried_by_its_reference() {
    let (app, browser, client) = begin().await;
    let answer = push(&app, &client, &[]).await;
    assert_eq!((answer.status, answer.header("cache-control")), (201, "no-store"));
    assert_eq!(answer.json()["expires_in"], 300);
    let request_uri = answer.text("request_uri");
    assert!(request_uri.starts_with("urn:ietf:params:oauth:request_uri:"), "{request_uri}");
    let page = browser.get(&authorize(&client.client_id, &request_uri)).await;
    page.is_consent_page();
    let location = app.decide(&browser, &page, "allow").await;
    let sent = parameters(&location);
    assert_eq!((sent["state"].as_str(), sent["iss"].as_str()), ("xyz", app.url.as_str()));
    assert_eq!(app.redeem(&client, &sent["code"]).await.status, 200);
}

/// RFC 9126 §4: what stands beside the reference does not count.
#[tokio::test]
async fn beside_the_reference_only_the_client_counts() {
    let (app, browser, client) = begin().await;
    let request_uri = pushed(&app, &client).await;
    // RFC 9101 §5: but not both kinds of reference.
    let both = format!("{}&request=a.b.c", authorize(&client.client_id, &request_uri));
    browser.get(&both).await.is_error_page();
    let path = format!(
        "{}&scope=nothing&redirect_uri=https://evil.test&state=other&prompt=x",
        authorize(&client.client_id, &request_uri)
    );
    let page = browser.get(&path).await;
    page.is_consent_page();
    assert_eq!(parameters(&app.decide(&browser, &page, "deny").await)["state"], "xyz");
}

/// RFC 9126 §7.3
#[tokio::test]
async fn a_reference_is_good_for_one_answer() {
    let (app, browser, client) = begin().await;
    for decision in ["allow", "deny"] {
        let other = app.web_client("read").await;
        let path = authorize(&other.client_id, &pushed(&app, &other).await);
        // A page may be loaded again as long as nothing was decided.
        browser.get(&path).await.is_consent_page();
        let page = browser.get(&path).await;
        let twin = browser.get(&path).await;
        app.decide(&browser, &page, decision).await;
        browser.get(&path).await.is_error_page();
        // Nor does a second page of the same request give a second answer.
        let (request, csrf_token) = (twin.input("request"), twin.input("csrf_token"));
        let fields = [("request", &*request), ("decision", decision), ("scope", "read"), ("csrf_token", &*csrf_token)];
        browser.post("/oauth/consent", &fields).await.is_error_page();
    }
    // One that is answered at once, too.
    let first = browser.get(&authorize(&client.client_id, &pushed(&app, &client).await)).await;
    app.decide(&browser, &first, "allow").await;
    let path = authorize(&client.client_id, &pushed(&app, &client).await);
    assert_eq!(browser.get(&path).await.status, 303);
    browser.get(&path).await.is_error_page();
}

/// RFC 9126 §2.2, §4
#[tokio::test]
async fn a_reference_lapses_and_is_nobody_elses() {
    let (app, browser, client) = begin().await;
    let other = app.web_client("read").await;
    let request_uri = pushed(&app, &client).await;
    browser.get(&authorize(&other.client_id, &request_uri)).await.is_error_page();
    let without = format!("/oauth/authorize?{}", query(&[("request_uri", &request_uri)]));
    browser.get(&without).await.is_error_page();
    browser.get(&authorize(&client.client_id, &format!("{request_uri}x"))).await.is_error_page();
    browser.get(&authorize(&client.client_id, "urn:ietf:params:oauth:request_uri:x")).await.is_error_page();
    app.pass(Lifetime::from_seconds(299));
    browser.get(&authorize(&client.client_id, &request_uri)).await.is_consent_page();
    app.pass(Lifetime::from_seconds(1));
    browser.get(&authorize(&client.client_id, &request_uri)).await.is_error_page();
}

/// RFC 9126 §2.1, §2.3
#[tokio::test]
async fn what_would_be_refused_later_is_refused_at_once() {
    let (app, _, client) = begin().await;
    for (extra, error) in [
        (("request_uri", "urn:ietf:params:oauth:request_uri:x"), "invalid_request"),
        (("redirect_uri", "https://evil.test/cb"), "invalid_request"),
        (("scope", "nothing"), "invalid_scope"),
        (("response_type", "token"), "unsupported_response_type"),
        (("response_mode", "web_message"), "invalid_request"),
        (("code_challenge_method", "plain"), "invalid_request"),
        (("resource", "https://nowhere.test"), "invalid_target"),
        (("client_id", "client_x"), "invalid_request"),
    ] {
        push(&app, &client, &[extra]).await.refused(400, error);
    }
    let twice = app.script(&client.basic()).post(PAR, &[("state", "a"), ("state", "b")]).await;
    twice.refused(400, "invalid_request");
    let no_grant = app.service_client("read").await;
    push(&app, &SeededClient { redirect_uri: client.redirect_uri.clone(), ..no_grant }, &[])
        .await
        .refused(400, "invalid_request");
}

/// RFC 9126 §2
#[tokio::test]
async fn a_client_authenticates_as_at_the_token_endpoint() {
    let (app, browser, client) = begin().await;
    let wrong = SeededClient { secret: app.web_client("read").await.secret, ..client.clone() };
    push(&app, &wrong, &[]).await.refused(401, "invalid_client");
    push(&app, &SeededClient { secret: String::new(), ..client.clone() }, &[]).await.refused(401, "invalid_client");
    let public = app.public_client("read").await;
    browser.get(&authorize(&public.client_id, &pushed(&app, &public).await)).await.is_consent_page();
    let answer = app.script(&client.basic()).get(PAR).await;
    assert_eq!((answer.status, answer.header("allow")), (405, "POST"));
    app.set_client_enabled(&client, false).await;
    push(&app, &client, &[]).await.refused(401, "invalid_client");
}

/// RFC 9126 §6
#[tokio::test]
async fn a_client_that_must_push_is_answered_only_where_it_did() {
    let (app, browser, _) = begin().await;
    let must = |client: &mut ClientDescription| client.require_par = true;
    let client = app.client_with("read", must).await;
    let answer = browser.get(&client.authorize_path(&[])).await;
    app.redirected(&answer, &client.redirect_uri, "invalid_request", Some("xyz"));
    // Nobody can say that a request was pushed by saying so.
    for extra in [("pushed", "[1]"), ("request_uri", "")] {
        let answer = browser.get(&client.authorize_path(&[extra])).await;
        app.redirected(&answer, &client.redirect_uri, "invalid_request", Some("xyz"));
    }
    let page = browser.get(&authorize(&client.client_id, &pushed(&app, &client).await)).await;
    page.is_consent_page();
    let code = parameters(&app.decide(&browser, &page, "allow").await).remove("code").unwrap();
    assert_eq!(app.redeem(&client, &code).await.status, 200);
}

/// RFC 9126 §4: a visitor signs in first, and then comes back with the reference.
#[tokio::test]
async fn the_reference_outlives_sign_in() {
    let (app, _, client) = begin().await;
    let path = authorize(&client.client_id, &pushed(&app, &client).await);
    let visitor = app.browser();
    let answer = visitor.get(&path).await;
    assert_eq!(answer.status, 303);
    assert!(answer.header("location").starts_with("/login?return_to="), "{:?}", answer.headers);
    visitor.sign_in("ada", PASSWORD).await;
    visitor.get(&path).await.is_consent_page();
    app.browser().get(&authorize(&client.client_id, "urn:ietf:params:oauth:request_uri:x")).await.is_error_page();
}

/// RFC 9126 §5
#[tokio::test]
async fn the_metadata_names_the_endpoint() {
    let (app, ..) = begin().await;
    let metadata = app.stranger().get("/.well-known/oauth-authorization-server").await.json();
    assert_eq!(metadata["pushed_authorization_request_endpoint"], json!(format!("{}/oauth/par", app.url)));
    assert_eq!(metadata["require_pushed_authorization_requests"], false);
}
