//! Signed authorization requests (RFC 9101), in the browser's address and pushed.

use hallpass::domain::clients::ClientDescription;
use serde_json::Value;
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
use crate::support::jose::unique;
use crate::support::program::Program;
use crate::support::seed::PASSWORD;
use crate::support::seed::SeededClient;

/// A client with a key, a person in a browser, and the key.
async fn begin_with(change: impl FnOnce(&mut ClientDescription)) -> (TestApp, SeededClient, Key, Browser) {
    let app = TestApp::start().await;
    app.scope("read", &[]).await;
    app.scope("write", &[]).await;
    app.person("ada", &[]).await;
    let key = Key::es256();
    let with_key = |client: &mut ClientDescription| {
        client.jwks = Some(key.jwks());
        change(client);
    };
    let client = app.client_with("read write", with_key).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    (app, client, key, browser)
}

async fn begin() -> (TestApp, SeededClient, Key, Browser) {
    begin_with(|_| ()).await
}

/// What a signed request says.
fn claims(app: &TestApp, client: &SeededClient) -> Value {
    let now = app.seconds();
    json!({
        "iss": client.client_id, "aud": app.url, "exp": now + 300, "nbf": now, "iat": now, "jti": unique(),
        "response_type": "code", "client_id": client.client_id, "redirect_uri": client.redirect_uri,
        "scope": "read", "state": "inside", "code_challenge": challenge(VERIFIER), "code_challenge_method": "S256",
    })
}

fn sign(key: &Key, claims: &Value) -> String {
    let mut header = key.header();
    header["typ"] = json!("oauth-authz-req+jwt");
    key.sign_with(&header, claims)
}

/// Opens the authorization endpoint with a request object and what stands beside it.
async fn open(browser: &Browser, client: &SeededClient, object: &str, beside: &[(&str, &str)]) -> Answer {
    let fields = [&[("client_id", client.client_id.as_str()), ("request", object)], beside].concat();
    browser.get(&format!("/oauth/authorize?{}", query(&fields))).await
}

/// RFC 9101 §5, §6.3
#[tokio::test]
async fn all_parameters_come_from_the_object_and_none_from_beside_it() {
    let (app, client, key, browser) = begin().await;
    let object = sign(&key, &claims(&app, &client));
    let beside = [
        ("redirect_uri", "https://evil.test/cb"),
        ("scope", "write"),
        ("state", "outside"),
        ("response_type", "token"),
        ("code_challenge", "x"),
        ("resource", "https://unknown.test/"),
    ];
    let page = open(&browser, &client, &object, &beside).await;
    page.is_consent_page();
    assert!(page.body.contains("Use read") && !page.body.contains("Use write"), "{}", page.body);
    let location = app.decide(&browser, &page, "allow").await;
    assert!(location.starts_with(&client.redirect_uri), "{location}");
    let answer = parameters(&location);
    assert_eq!(answer["state"], "inside");
    let answer = app.redeem(&client, &answer["code"]).await;
    assert_eq!((answer.status, answer.text("scope")), (200, "read".to_owned()), "{}", answer.body);
}

/// RFC 9101 §5: the way over sign-in is the same.
#[tokio::test]
async fn who_must_sign_in_first_comes_back_to_the_signed_request() {
    let (app, client, key, _) = begin().await;
    let object = sign(&key, &claims(&app, &client));
    let browser = app.browser();
    let answer = open(&browser, &client, &object, &[]).await;
    assert_eq!(answer.status, 303);
    let login = answer.header("location").to_owned();
    let page = browser.get(&login).await;
    let (token, back) = (page.input("csrf_token"), page.input("return_to"));
    let fields =
        [("username", "ada"), ("password", PASSWORD), ("csrf_token", token.as_str()), ("return_to", back.as_str())];
    let answer = browser.post("/login", &fields).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    browser.get(answer.header("location")).await.is_consent_page();
}

/// RFC 9101 §10.8, RFC 8725 §3.11
#[tokio::test]
async fn an_object_may_say_what_it_is_and_nothing_else() {
    let (app, client, key, browser) = begin().await;
    for (typ, is_good) in [
        (Some("oauth-authz-req+jwt"), true),
        (Some("application/oauth-authz-req+jwt"), true),
        (Some("JWT"), true),
        (None, true),
        (Some("dpop+jwt"), false),
        (Some("at+jwt"), false),
        (Some("client-authentication+jwt"), false),
    ] {
        let mut header = key.header();
        if let Some(typ) = typ {
            header["typ"] = json!(typ);
        }
        let object = key.sign_with(&header, &claims(&app, &client));
        let answer = open(&browser, &client, &object, &[]).await;
        assert_eq!(answer.status == 200, is_good, "{typ:?}: {} {}", answer.status, answer.header("location"));
    }
}

/// RFC 9101 §4, §5, §6, §10.8
#[tokio::test]
async fn an_object_that_is_not_quite_right_is_refused() {
    let (app, client, key, browser) = begin().await;
    let other = app.client_with("read", |client| client.jwks = Some(key.jwks())).await;
    let now = app.seconds();
    let changes: [(&str, Value); 19] = [
        ("client_id", Value::Null),
        ("client_id", json!(other.client_id)),
        ("client_id", json!([client.client_id])),
        ("iss", Value::Null),
        ("iss", json!(other.client_id)),
        ("aud", Value::Null),
        ("aud", json!("https://other.test")),
        ("aud", json!(format!("{}/oauth/authorize", app.url))),
        ("exp", json!(now - 60)),
        ("exp", json!("soon")),
        ("nbf", json!(now + 60)),
        ("sub", json!(client.client_id)),
        ("request", json!("x")),
        ("request_uri", json!("urn:ietf:params:oauth:request_uri:x")),
        ("request_uri", json!("https://rp.test/request")),
        ("scope", json!(["read"])),
        ("state", json!(7)),
        ("redirect_uri", json!({ "a": 1 })),
        ("resource", json!([1])),
    ];
    for (name, value) in changes {
        let mut claims = claims(&app, &client);
        claims[name] = value;
        claims.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        let answer = open(&browser, &client, &sign(&key, &claims), &[("state", "outside")]).await;
        app.redirected(&answer, &client.redirect_uri, "invalid_request_object", Some("outside"));
    }
    // The checks of every request are those of a signed one.
    let mut wide = claims(&app, &client);
    wide["scope"] = json!("nothing");
    let answer = open(&browser, &client, &sign(&key, &wide), &[]).await;
    app.redirected(&answer, &client.redirect_uri, "invalid_scope", Some("inside"));
    let mut elsewhere = claims(&app, &client);
    elsewhere["redirect_uri"] = json!("https://evil.test/cb");
    let beside = [("redirect_uri", client.redirect_uri.as_str())];
    open(&browser, &client, &sign(&key, &elsewhere), &beside).await.is_error_page();
}

/// RFC 9101 §6.2, §10.1; RFC 8725 §3.1
#[tokio::test]
async fn an_object_that_the_client_did_not_sign_is_refused() {
    let (app, client, key, browser) = begin().await;
    let good = sign(&key, &claims(&app, &client));
    let (input, signature) = good.rsplit_once('.').unwrap();
    let payload = input.split('.').nth(1).unwrap();
    for bad in [
        format!("{}.{payload}.", encode(&json!({ "alg": "none" }))),
        format!("{}.{payload}.{signature}", encode(&json!({ "alg": "none" }))),
        format!("{}.{payload}.{signature}", encode(&json!({ "alg": "HS256" }))),
        sign(&Key::es256(), &claims(&app, &client)),
        format!("{input}."),
        format!("{good}="),
        "nonsense".to_owned(),
        "a.b.c.d.e".to_owned(),
    ] {
        let answer = open(&browser, &client, &bad, &[("state", "outside")]).await;
        // OpenID Connect Core §3.1.2.6: what is not signed at all is no mistake but something else.
        let is_unsigned = bad.starts_with(&encode(&json!({ "alg": "none" })));
        let error = if is_unsigned { "request_not_supported" } else { "invalid_request_object" };
        app.redirected(&answer, &client.redirect_uri, error, Some("outside"));
        // What stands beside it leads only where the client is registered.
        open(&browser, &client, &bad, &[("redirect_uri", "https://evil.test/cb")]).await.is_error_page();
    }
    let unknown = SeededClient { client_id: "nobody".to_owned(), ..client.clone() };
    open(&browser, &unknown, &good, &[]).await.is_error_page();
    open(&browser, &client, &good, &[]).await.is_consent_page();
    app.change_client(&client, |client| client.jwks = Some(Key::es256().jwks())).await;
    let answer = open(&browser, &client, &good, &[]).await;
    app.redirected(&answer, &client.redirect_uri, "invalid_request_object", None);
}

/// RFC 9101 §5
#[tokio::test]
async fn a_client_without_keys_and_an_object_elsewhere_are_not_supported() {
    let (app, client, key, browser) = begin().await;
    let without = app.web_client("read").await;
    let answer = open(&browser, &without, &sign(&key, &claims(&app, &without)), &[]).await;
    app.redirected(&answer, &without.redirect_uri, "request_not_supported", None);
    let sink = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    sink.set_nonblocking(true).unwrap();
    let uri = format!("https://{}/request", sink.local_addr().unwrap());
    let answer = browser.get(&client.authorize_path(&[("request_uri", &uri)])).await;
    app.redirected(&answer, &client.redirect_uri, "request_uri_not_supported", Some("xyz"));
    assert!(sink.accept().is_err(), "somebody connected");
    let object = sign(&key, &claims(&app, &client));
    let answer = open(&browser, &client, &object, &[("request_uri", &uri)]).await;
    app.redirected(&answer, &client.redirect_uri, "invalid_request", None);
}

/// RFC 9101 §10.5
#[tokio::test]
async fn a_client_that_signs_its_requests_cannot_be_made_to_send_others() {
    let (app, client, key, browser) = begin_with(|client| client.require_signed_request = true).await;
    let answer = browser.get(&client.authorize_path(&[])).await;
    app.redirected(&answer, &client.redirect_uri, "invalid_request", Some("xyz"));
    let object = sign(&key, &claims(&app, &client));
    let page = open(&browser, &client, &object, &[]).await;
    page.is_consent_page();
    // The stored request is still the signed one when it is decided.
    let location = app.decide(&browser, &page, "allow").await;
    assert!(parameters(&location).contains_key("code"), "{location}");
    // Nor does a parameter say that it was signed.
    let answer = browser.get(&client.authorize_path(&[("signed", "true")])).await;
    app.redirected(&answer, &client.redirect_uri, "invalid_request", Some("xyz"));
    let plain = [("response_type", "code"), ("redirect_uri", client.redirect_uri.as_str())];
    app.script(&client.basic()).post("/oauth/par", &plain).await.refused(400, "invalid_request");
}

/// RFC 9126 §3
#[tokio::test]
async fn a_signed_request_may_be_pushed() {
    let (app, client, key, browser) = begin_with(|client| {
        client.require_signed_request = true;
        client.require_par = true;
    })
    .await;
    let push = async |object: &str| {
        let fields = [("request", object), ("scope", "write"), ("state", "outside")];
        app.script(&client.basic()).post("/oauth/par", &fields).await
    };
    let answer = push(&sign(&key, &claims(&app, &client))).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    let request = [("client_id", client.client_id.as_str()), ("request_uri", &answer.text("request_uri"))];
    let page = browser.get(&format!("/oauth/authorize?{}", query(&request))).await;
    page.is_consent_page();
    assert!(!page.body.contains("Use write"), "{}", page.body);
    let location = app.decide(&browser, &page, "allow").await;
    assert_eq!(parameters(&location)["state"], "inside");
    push(&sign(&Key::es256(), &claims(&app, &client))).await.refused(400, "invalid_request_object");
    let unsigned = format!("{}.{}.", encode(&json!({ "alg": "none" })), encode(&claims(&app, &client)));
    push(&unsigned).await.refused(400, "invalid_request_object");
    let mut others = claims(&app, &client);
    others["client_id"] = json!("nobody");
    push(&sign(&key, &others)).await.refused(400, "invalid_request_object");
    // It was good for a signed request, but it was not pushed.
    let answer = open(&browser, &client, &sign(&key, &claims(&app, &client)), &[]).await;
    app.redirected(&answer, &client.redirect_uri, "invalid_request", Some("inside"));
}

/// RFC 9101 §10.8
#[tokio::test]
async fn a_request_is_no_assertion_and_a_proof_neither() {
    let (app, client, key, _) = begin_with(|client| {
        client.auth_method = hallpass::model::client::AuthMethod::PrivateKeyJwt;
    })
    .await;
    let redeem = [("grant_type", "authorization_code"), ("code", "x")];
    for typ in ["oauth-authz-req+jwt", "dpop+jwt", "at+jwt"] {
        let mut header = key.header();
        header["typ"] = json!(typ);
        let assertion = key.sign_with(&header, &app.assertion_claims(&client.client_id));
        app.token_by_assertion(&assertion, &redeem).await.refused(401, "invalid_client");
    }
    for typ in ["JWT", "client-authentication+jwt"] {
        let mut header = key.header();
        header["typ"] = json!(typ);
        let assertion = key.sign_with(&header, &app.assertion_claims(&client.client_id));
        app.token_by_assertion(&assertion, &redeem).await.refused(400, "invalid_grant");
    }
}

/// RFC 9101 §10.5
#[test]
fn the_command_line_registers_a_client_that_must_sign() {
    let program = Program::new();
    let line = "client create Desk --redirect-uri https://rp.test/cb --scope openid --require-signed-request-object";
    assert!(program.run(line).refusal().contains("jwks or jwks_uri"));
    let client = program.run_with_input(&format!("{line} --jwks - --json"), &Key::es256().jwks()).json();
    assert_eq!(client["require_signed_request_object"], true);
}
