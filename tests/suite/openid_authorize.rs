//! What OpenID Connect adds to authorization requests (OpenID Connect Core §3.1.2, §5.5, §6).

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
use crate::support::jose::Key;
use crate::support::jose::encode;
use crate::support::publisher::Authority;
use crate::support::publisher::Publisher;
use crate::support::publisher::Reply;
use crate::support::registering::OPEN;
use crate::support::seed::PASSWORD;
use crate::support::seed::SeededClient;

const REDIRECT: &str = "https://rp.test/cb";

async fn begin() -> (TestApp, SeededClient, Browser) {
    begin_with(|_| ()).await
}

async fn begin_with(change: impl FnOnce(&mut ClientDescription)) -> (TestApp, SeededClient, Browser) {
    let app = TestApp::start().await;
    app.person("ada", &[]).await;
    app.person("grace", &[]).await;
    let client = app.client_with("openid profile", change).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    (app, client, browser)
}

/// Checks that `answer` sends to sign-in though there is a session, and opens that page.
async fn is_sent_to_sign_in(browser: &Browser, answer: &Answer) -> Answer {
    let location = answer.header("location");
    assert!(answer.status == 303 && location.starts_with("/login?"), "{} {location} {}", answer.status, answer.body);
    let page = browser.get(location).await;
    assert_eq!(page.status, 200, "{}", page.body);
    page
}

/// Opens the way back from sign-in.
async fn back(browser: &Browser, signed_in: &Answer) -> Answer {
    assert_eq!(signed_in.status, 303, "{}", signed_in.body);
    browser.get(signed_in.header("location")).await
}

/// `oidcc-prompt-none-logged-in`: OpenID Connect Core §3.1.2.1
#[tokio::test]
async fn silently_whoever_is_signed_in_and_has_allowed_it_is_let_in() {
    let (app, client, browser) = begin().await;
    let silent = client.authorize_path(&[("scope", "openid"), ("prompt", "none")]);
    app.redirected(&browser.get(&silent).await, REDIRECT, "consent_required", Some("xyz"));
    app.authorize(&browser, &client, &[("scope", "openid")]).await;
    let location = browser.get(&silent).await.header("location").to_owned();
    assert!(parameters(&location).contains_key("code"), "{location}");
    // More than was allowed is asked about.
    let more = client.authorize_path(&[("scope", "openid profile"), ("prompt", "none")]);
    app.redirected(&browser.get(&more).await, REDIRECT, "consent_required", Some("xyz"));
}

/// `oidcc-prompt-none-not-logged-in`: OpenID Connect Core §3.1.2.1, §3.1.2.6
#[tokio::test]
async fn silently_nobody_is_asked_to_sign_in() {
    let (app, client, browser) = begin().await;
    let state = "s".repeat(128);
    let silent = [("scope", "openid"), ("prompt", "none"), ("state", state.as_str())];
    let path = client.authorize_path(&silent);
    app.redirected(&app.browser().get(&path).await, REDIRECT, "login_required", Some(&state));
    app.authorize(&browser, &client, &[("scope", "openid")]).await;
    app.pass(Lifetime::from_seconds(5));
    let old = client.authorize_path(&[("scope", "openid"), ("prompt", "none"), ("max_age", "4")]);
    app.redirected(&browser.get(&old).await, REDIRECT, "login_required", Some("xyz"));
}

/// OpenID Connect Core §3.1.2.1, RFC 9700 §4.11.2: also for a client that nobody vouches for, and for these answers alone.
#[tokio::test]
async fn silently_a_client_that_registered_itself_is_answered_too() {
    let app = TestApp::start_with(OPEN).await;
    let description = json!({ "client_name": "Notes", "redirect_uris": [REDIRECT] });
    let client = app.register(&description).await.client();
    let path = client.authorize_path(&[("scope", "openid"), ("prompt", "none")]);
    app.redirected(&app.browser().get(&path).await, REDIRECT, "login_required", Some("xyz"));
    let path = client.authorize_path(&[("scope", "openid"), ("prompt", "none"), ("response_type", "token")]);
    let location = app.browser().get(&path).await.header("location").to_owned();
    assert!(location.starts_with("/login?"), "{location}");
}

/// OpenID Connect Core §3.1.2.1
#[tokio::test]
async fn none_stands_alone_and_what_nobody_knows_is_passed_over() {
    let (app, client, browser) = begin().await;
    for prompt in ["none login", "login none", "none create"] {
        let path = client.authorize_path(&[("prompt", prompt)]);
        app.redirected(&browser.get(&path).await, REDIRECT, "invalid_request", Some("xyz"));
    }
    // It is a word of OpenID Connect's.
    browser.get(&client.authorize_path(&[("prompt", "none"), ("scope", "profile")])).await.is_consent_page();
    browser.get(&client.authorize_path(&[("prompt", "create")])).await.is_consent_page();
    for max_age in ["-1", "soon", "1.5", "+1", "0x1"] {
        let path = client.authorize_path(&[("max_age", max_age)]);
        app.redirected(&browser.get(&path).await, REDIRECT, "invalid_request", Some("xyz"));
    }
    let long = "9".repeat(40);
    browser.get(&client.authorize_path(&[("max_age", &long)])).await.is_consent_page();
    for claims in ["{", "[]", r#"{"id_token":1}"#] {
        let path = client.authorize_path(&[("claims", claims)]);
        app.redirected(&browser.get(&path).await, REDIRECT, "invalid_request", Some("xyz"));
    }
}

/// `oidcc-prompt-login`: OpenID Connect Core §3.1.2.1
#[tokio::test]
async fn prompt_login_signs_in_anew_once_for_each_request() {
    let (app, client, browser) = begin().await;
    app.authorize(&browser, &client, &[]).await;
    let session = browser.cookie("hallpass_session");
    for prompt in ["login", "select_account"] {
        app.pass(Lifetime::from_seconds(5));
        let path = client.authorize_path(&[("prompt", prompt)]);
        let page = is_sent_to_sign_in(&browser, &browser.get(&path).await).await;
        // Who is signed in is proposed, unless they are to choose.
        assert_eq!(page.input("username"), if prompt == "login" { "ada" } else { "" });
        // To come back without having signed in is no way around it.
        is_sent_to_sign_in(&browser, &browser.get(&page.input("return_to")).await).await;
        let signed_in = browser.sign_in_at(&page, "ada", PASSWORD).await;
        let answer = back(&browser, &signed_in).await;
        assert!(answer.header("location").starts_with("https://rp.test/cb?code="), "{}", answer.header("location"));
        // The answer was given: the same address asks once more.
        is_sent_to_sign_in(&browser, &back(&browser, &signed_in).await).await;
    }
    // The session went on under another cookie.
    assert_ne!(browser.cookie("hallpass_session"), session);
    let sessions = browser.get("/api/v1/sessions").await.json();
    assert_eq!(sessions["items"].as_array().unwrap().len(), 1, "{sessions}");
}

/// OpenID Connect Core §3.1.2.1: whoever is not signed in signs in once.
#[tokio::test]
async fn prompt_login_asks_a_stranger_once() {
    let (app, client, _) = begin().await;
    for extra in [&[("prompt", "login consent")][..], &[("max_age", "0"), ("prompt", "consent")]] {
        let browser = app.browser();
        let page = is_sent_to_sign_in(&browser, &browser.get(&client.authorize_path(extra)).await).await;
        let signed_in = browser.sign_in_at(&page, "ada", PASSWORD).await;
        let consent = back(&browser, &signed_in).await;
        consent.is_consent_page();
        // The page may be reloaded as long as nothing was decided.
        back(&browser, &signed_in).await.is_consent_page();
        app.decide(&browser, &consent, "allow").await;
        app.pass(Lifetime::from_seconds(1));
        let again = back(&browser, &signed_in).await;
        is_sent_to_sign_in(&browser, &again).await;
    }
}

/// Nobody can prove for somebody else, or for another request, that they have signed in.
#[tokio::test]
async fn a_proof_of_sign_in_holds_for_one_session_one_request_and_a_while() {
    let (app, client, browser) = begin().await;
    let path = client.authorize_path(&[("prompt", "login")]);
    let page = is_sent_to_sign_in(&browser, &browser.get(&path).await).await;
    let way = browser.sign_in_at(&page, "ada", PASSWORD).await.header("location").to_owned();
    let (_, proof) = way.rsplit_once('&').unwrap();
    // In another session of the same user.
    let other = app.signed_in("ada", PASSWORD).await;
    is_sent_to_sign_in(&other, &other.get(&way).await).await;
    // For another request.
    let another = format!("{}&{proof}", client.authorize_path(&[("prompt", "login"), ("state", "abc")]));
    is_sent_to_sign_in(&browser, &browser.get(&another).await).await;
    // Cut, or made up.
    for made_up in
        [&way[..way.len() - 1], &format!("{path}&hallpass_signed_in="), &format!("{path}&hallpass_signed_in=x")]
    {
        is_sent_to_sign_in(&browser, &browser.get(made_up).await).await;
    }
    browser.get(&way).await.is_consent_page();
    // After ten minutes.
    app.pass(Lifetime::from_seconds(601));
    is_sent_to_sign_in(&browser, &browser.get(&way).await).await;
}

/// `oidcc-max-age-1`, `oidcc-max-age-10000`: OpenID Connect Core §3.1.2.1
#[tokio::test]
async fn max_age_asks_for_a_new_sign_in_when_the_old_one_is_older() {
    let (app, client, browser) = begin().await;
    app.authorize(&browser, &client, &[]).await;
    app.pass(Lifetime::from_seconds(2));
    let fine = browser.get(&client.authorize_path(&[("max_age", "10000")])).await;
    assert!(fine.header("location").starts_with("https://rp.test/cb?code="), "{}", fine.header("location"));
    let page = is_sent_to_sign_in(&browser, &browser.get(&client.authorize_path(&[("max_age", "1")])).await).await;
    let answer = back(&browser, &browser.sign_in_at(&page, "ada", PASSWORD).await).await;
    assert!(answer.header("location").starts_with("https://rp.test/cb?code="), "{}", answer.header("location"));
    // A wrong password leads nowhere.
    app.pass(Lifetime::from_seconds(2));
    let page = is_sent_to_sign_in(&browser, &browser.get(&client.authorize_path(&[("max_age", "1")])).await).await;
    let wrong = browser.sign_in_at(&page, "ada", "wrong password").await;
    assert_eq!((wrong.status, wrong.input("again").as_str()), (401, "yes"));
}

/// OpenID Connect Dynamic Client Registration §2 (`default_max_age`)
#[tokio::test]
async fn a_client_has_a_max_age_of_its_own() {
    let (app, client, browser) = begin_with(|client| client.openid.default_max_age = Some(60)).await;
    app.authorize(&browser, &client, &[]).await;
    app.pass(Lifetime::from_seconds(61));
    is_sent_to_sign_in(&browser, &browser.get(&client.authorize_path(&[])).await).await;
    let longer = browser.get(&client.authorize_path(&[("max_age", "120")])).await;
    assert!(longer.header("location").starts_with("https://rp.test/cb?code="), "{}", longer.header("location"));
}

/// OpenID Connect Core §3.1.2.1
#[tokio::test]
async fn prompt_consent_asks_whatever_was_said_before() {
    let (app, client, browser) = begin().await;
    app.authorize(&browser, &client, &[]).await;
    browser.get(&client.authorize_path(&[("prompt", "consent")])).await.is_consent_page();
}

/// `oidcc-login-hint`: OpenID Connect Core §3.1.2.1
#[tokio::test]
async fn a_login_hint_fills_in_the_name() {
    let (app, client, _) = begin().await;
    let browser = app.browser();
    let hinted = browser.get(&client.authorize_path(&[("login_hint", "grace\"><b")])).await;
    let page = is_sent_to_sign_in(&browser, &hinted).await;
    assert_eq!(page.input("username"), "grace\"><b");
    let answer = back(&browser, &browser.sign_in_at(&page, "ada", PASSWORD).await).await;
    answer.is_consent_page();
}

/// `oidcc-display-page`, `oidcc-display-popup`, `oidcc-ui-locales`, `oidcc-claims-locales`,
/// `oidcc-ensure-request-with-acr-values-succeeds`: OpenID Connect Core §3.1.2.1
#[tokio::test]
async fn wishes_that_change_nothing_do_no_harm() {
    let (app, client, browser) = begin().await;
    let wishes = [
        ("display", "page"),
        ("display", "popup"),
        ("ui_locales", "se"),
        ("claims_locales", "se"),
        ("acr_values", "1 2"),
    ];
    for wish in wishes {
        let location = app.authorize(&browser, &client, &[wish]).await;
        assert!(parameters(&location).contains_key("code"), "{wish:?}: {location}");
    }
}

/// OpenID Connect Core §5.5.1.1
#[tokio::test]
async fn an_essential_acr_that_cannot_be_had_is_refused() {
    let (app, client, browser) = begin().await;
    let ask = |claims: &str| client.authorize_path(&[("claims", claims)]);
    for claims in [
        r#"{"id_token":{"acr":{"essential":true,"value":"urn:other"}}}"#,
        r#"{"id_token":{"acr":{"essential":true,"values":["urn:a","urn:b"]}}}"#,
    ] {
        let answer = browser.get(&ask(claims)).await;
        app.redirected(&answer, REDIRECT, "unmet_authentication_requirements", Some("xyz"));
    }
    for claims in [
        r#"{"id_token":{"acr":{"essential":true}}}"#,
        r#"{"id_token":{"acr":{"values":["urn:a"]}}}"#,
        r#"{"id_token":{"acr":{"essential":true,"values":["urn:a","urn:hallpass:acr:password"]}}}"#,
    ] {
        browser.get(&ask(claims)).await.is_consent_page();
    }
}

/// `oidcc-ensure-redirect-uri-in-authorization-request`: OpenID Connect Core §3.1.2.1
#[tokio::test]
async fn a_request_of_openid_connect_names_its_redirect_uri() {
    let (_app, client, browser) = begin().await;
    browser.get(&client.authorize_path(&[("redirect_uri", ""), ("scope", "openid")])).await.is_error_page();
    browser.get(&client.authorize_path(&[("redirect_uri", ""), ("scope", "profile")])).await.is_consent_page();
}

/// A client with a key, which it publishes requests by, and where it does.
async fn publishing(
    change: impl FnOnce(&mut ClientDescription, &Publisher),
) -> (TestApp, SeededClient, Key, Publisher) {
    let authority = Authority::new();
    let publisher = Publisher::start(&authority);
    let (file, host) = (authority.file(), publisher.host());
    let app = TestApp::start_with(&format!("[outbound]\nca_file = {file:?}\nallowed_hosts = [{host:?}]")).await;
    app.person("ada", &[]).await;
    let key = Key::rsa("RS256", 2048);
    let with_key = |client: &mut ClientDescription| {
        client.jwks = Some(key.jwks());
        change(client, &publisher);
    };
    let client = app.client_with("openid profile", with_key).await;
    (app, client, key, publisher)
}

fn request_object(app: &TestApp, client: &SeededClient, key: &Key) -> String {
    key.sign(&json!({
        "iss": client.client_id, "aud": app.url, "client_id": client.client_id, "response_type": "code",
        "redirect_uri": client.redirect_uri, "scope": "openid", "state": "inside", "max_age": 10000, "nonce": "n",
        "code_challenge": challenge(VERIFIER), "code_challenge_method": "S256", "prompt": "consent",
    }))
}

async fn by_reference(browser: &Browser, client: &SeededClient, request_uri: &str) -> Answer {
    let fields = [
        ("client_id", client.client_id.as_str()),
        ("request_uri", request_uri),
        ("response_type", "code"),
        ("scope", "openid"),
        ("redirect_uri", REDIRECT),
        ("state", "xyz"),
    ];
    browser.get(&format!("/oauth/authorize?{}", query(&fields))).await
}

/// `oidcc-request-uri-signed-rs256`: OpenID Connect Core §6.2, RFC 9101 §5.2
#[tokio::test]
async fn a_request_object_is_fetched_from_a_registered_address() {
    let (app, client, key, publisher) = publishing(|client, publisher| {
        client.openid.request_uris = Some(vec![publisher.url("/request"), publisher.url("/named#x")]);
        client.openid.request_object_signing_alg = Some("RS256".to_owned());
    })
    .await;
    let object = request_object(&app, &client, &key);
    let jwt = |object: &str| Reply::of("200 OK", &["content-type: application/jwt; charset=utf-8"], object);
    publisher.publish("/request", jwt(&object));
    let browser = app.signed_in("ada", PASSWORD).await;
    let page = by_reference(&browser, &client, &publisher.url("/request")).await;
    page.is_consent_page();
    let location = app.decide(&browser, &page, "allow").await;
    assert_eq!(parameters(&location)["state"], "inside");
    // With its hash, right and wrong.
    let hash = crate::support::jose::hash(&object);
    by_reference(&browser, &client, &format!("{}#{hash}", publisher.url("/request"))).await.is_consent_page();
    let wrong = by_reference(&browser, &client, &format!("{}#{}", publisher.url("/request"), "a".repeat(43))).await;
    app.redirected(&wrong, REDIRECT, "invalid_request_uri", Some("xyz"));
    // Of another kind, and not signed, or by another algorithm.
    publisher.publish("/request", Reply::json(&object, &[]));
    let answer = by_reference(&browser, &client, &publisher.url("/request")).await;
    app.redirected(&answer, REDIRECT, "invalid_request_uri", Some("xyz"));
    let unsigned = format!("{}.{}.", encode(&json!({ "alg": "none" })), object.split('.').nth(1).unwrap());
    publisher.publish("/request", jwt(&unsigned));
    let answer = by_reference(&browser, &client, &publisher.url("/request")).await;
    app.redirected(&answer, REDIRECT, "request_uri_not_supported", Some("xyz"));
    publisher.publish("/request", jwt(&request_object(&app, &client, &Key::es256())));
    let answer = by_reference(&browser, &client, &publisher.url("/request")).await;
    app.redirected(&answer, REDIRECT, "invalid_request_object", Some("xyz"));
    // An address that is not registered is not asked.
    let asked = publisher.connections();
    for other in [publisher.url("/other"), publisher.url("/request?a"), "http://127.0.0.1:9/x".to_owned()] {
        let answer = by_reference(&browser, &client, &other).await;
        app.redirected(&answer, REDIRECT, "invalid_request_uri", Some("xyz"));
    }
    assert_eq!(publisher.connections(), asked);
}

/// Security case 39: whoever registered no address has nothing fetched.
#[tokio::test]
async fn a_client_without_registered_addresses_makes_the_server_ask_nobody() {
    let (app, client, _, publisher) = publishing(|_, _| ()).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let answer = by_reference(&browser, &client, &publisher.url("/request")).await;
    app.redirected(&answer, REDIRECT, "request_uri_not_supported", Some("xyz"));
    assert_eq!(publisher.connections(), 0);
}

/// `oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported`: OpenID Connect Core §3.1.2.6
#[tokio::test]
async fn a_request_object_that_is_not_signed_is_not_supported() {
    let (app, client, key, _publisher) = publishing(|_, _| ()).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let object = request_object(&app, &client, &key);
    let unsigned = format!("{}.{}.", encode(&json!({ "alg": "none" })), object.split('.').nth(1).unwrap());
    let answer = browser.get(&client.authorize_path(&[("request", &unsigned)])).await;
    app.redirected(&answer, REDIRECT, "request_not_supported", Some("xyz"));
    browser.get(&client.authorize_path(&[("request", &object)])).await.is_consent_page();
}
