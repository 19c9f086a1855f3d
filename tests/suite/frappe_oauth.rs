//! OAuth under Frappe's names (docs/FRAPPE.md, D). What the endpoints do is in the files of their standards; here is
//! that they are the same ones, and what is theirs alone under these names.

use reqwest::Method;
use serde_json::Value;
use serde_json::json;

use crate::support::app::TestApp;
use crate::support::caller::Answer;
use crate::support::caller::Browser;
use crate::support::flow::VERIFIER;
use crate::support::flow::parameters;
use crate::support::flow::query;
use crate::support::registering::OPEN;
use crate::support::registering::app_at;
use crate::support::seed::PASSWORD;
use crate::support::seed::SeededClient;

const AT: &str = "/api/method/frappe.integrations.oauth2.";

fn at(name: &str) -> String {
    format!("{AT}{name}")
}

async fn begin() -> (TestApp, Browser) {
    let app = TestApp::start().await;
    app.role("sales").await;
    let ada = app.person("ada", &["sales"]).await;
    app.describe_user(&ada, "ada@example.com", "Ada King Lovelace").await;
    app.scope("read", &[]).await;
    app.scope("all", &[]).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    (app, browser)
}

/// The authorization request of `client` by Frappe's name.
fn request(client: &SeededClient, extra: &[(&str, &str)]) -> String {
    client.authorize_path(extra).replacen("/oauth/authorize", &at("authorize"), 1)
}

/// The token endpoint's answer, whose form is OAuth's.
#[track_caller]
fn refused(answer: &Answer, status: u16, error: &str) {
    assert_eq!((answer.status, answer.text("error").as_str()), (status, error), "{}", answer.body);
    assert!(answer.header("cache-control").contains("no-store"));
    assert_eq!(answer.json()["exc_type"], Value::Null);
}

/// All the way to tokens, by Frappe's names alone.
async fn tokens(app: &TestApp, browser: &Browser, client: &SeededClient, extra: &[(&str, &str)]) -> Value {
    let page = browser.get(&request(client, extra)).await;
    let location =
        if page.status == 303 { page.header("location").to_owned() } else { app.decide(browser, &page, "allow").await };
    let code = parameters(&location).remove("code").unwrap_or_else(|| panic!("no code in {location}"));
    let answer = redeem(app, client, &code).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.json()
}

async fn redeem(app: &TestApp, client: &SeededClient, code: &str) -> Answer {
    let mut fields = vec![
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", client.redirect_uri.as_str()),
        ("code_verifier", VERIFIER),
    ];
    if client.secret.is_empty() {
        fields.push(("client_id", &client.client_id));
        return app.stranger().post(&at("get_token"), &fields).await;
    }
    app.script(&client.basic()).post(&at("get_token"), &fields).await
}

fn bearer(tokens: &Value) -> String {
    format!("Bearer {}", tokens["access_token"].as_str().unwrap())
}

/// D1: whoever is not signed in signs in first and comes back.
#[tokio::test]
async fn authorize_sends_to_sign_in_and_back() {
    let (app, _) = begin().await;
    let client = app.web_client("read").await;
    let path = request(&client, &[]);
    let browser = app.browser();
    for accept in ["*/*", "text/html"] {
        let answer = browser.send(browser.request(Method::GET, &path).header("accept", accept)).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
        let back = parameters(&format!("{}{}", app.url, answer.header("location"))).remove("return_to").unwrap();
        assert_eq!(back, path);
    }
    let page = browser.get(&format!("/login?{}", query(&[("return_to", &path)]))).await;
    assert!(page.body.contains("Ledger"), "who asks is named: {}", page.body);
    let (token, back) = (page.input("csrf_token"), page.input("return_to"));
    let fields = [("username", "ada"), ("password", PASSWORD), ("csrf_token", &token), ("return_to", &back)];
    let answer = browser.post("/login", &fields).await;
    assert_eq!((answer.status, answer.header("location")), (303, &*path));
    let page = browser.get(answer.header("location")).await;
    page.is_consent_page();
    // Its form may end at the client.
    assert!(!page.header("content-security-policy").contains("form-action"));
}

/// D1: consent, and what comes of it.
#[tokio::test]
async fn authorize_asks_and_sends_the_code_with_the_state() {
    let (app, browser) = begin().await;
    let client = app.web_client("openid read").await;
    let page = browser.get(&request(&client, &[("nonce", "n"), ("prompt", "consent")])).await;
    page.is_consent_page();
    assert!(page.body.contains("Ledger") && page.body.contains("name, e-mail address and roles"), "{}", page.body);
    let answer = parameters(&app.decide(&browser, &page, "allow").await);
    assert_eq!((answer["state"].as_str(), answer["iss"].as_str()), ("xyz", app.url.as_str()));
    assert_eq!(redeem(&app, &client, &answer["code"]).await.text("scope"), "openid read");
    // What was allowed is not asked again; what was not is.
    let again = browser.get(&request(&client, &[])).await;
    assert_eq!(again.status, 303);
    let page = browser.get(&request(&app.web_client("read").await, &[])).await;
    let denied = parameters(&app.decide(&browser, &page, "deny").await);
    assert_eq!((denied["error"].as_str(), denied["state"].as_str()), ("access_denied", "xyz"));
}

/// D1: no scope is all of the client's, no redirect URI its only one.
#[tokio::test]
async fn authorize_fills_in_what_is_missing() {
    let (app, browser) = begin().await;
    let client = app.web_client("openid read").await;
    let page = browser.get(&request(&client, &[("redirect_uri", ""), ("scope", "")])).await;
    let location = app.decide(&browser, &page, "allow").await;
    assert!(location.starts_with(&client.redirect_uri));
    let more = browser.get(&request(&client, &[("scope", "read all")])).await;
    app.redirected(&more, &client.redirect_uri, "invalid_scope", Some("xyz"));
}

/// D1: as long as client and address are not known to be right nobody is sent anywhere; behind them errors travel.
#[tokio::test]
async fn authorize_refuses_in_frappes_form_until_the_client_is_known_and_by_redirect_then() {
    let (app, browser) = begin().await;
    let client = app.web_client("read").await;
    for extra in [("client_id", ""), ("client_id", "unknown"), ("redirect_uri", "https://evil.test/cb")] {
        let answer = browser.get(&request(&client, &[extra])).await;
        assert_eq!((answer.status, answer.header("location")), (400, ""), "{extra:?}");
        let json = answer.json();
        assert_eq!((&json["error"], &json["status_code"]), (&json!("invalid_request"), &json!(400)), "{extra:?}");
        assert!(json["description"].is_string(), "{json}");
        let path = request(&client, &[extra]);
        let page = browser.send(browser.request(Method::GET, &path).header("accept", "text/html")).await;
        page.is_refused_page();
    }
    for (extra, error) in [
        (("response_type", "token"), "unsupported_response_type"),
        (("response_type", ""), "invalid_request"),
        (("scope", "all"), "invalid_scope"),
        (("code_challenge_method", "plain"), "invalid_request"),
    ] {
        let answer = browser.get(&request(&client, &[extra])).await;
        app.redirected(&answer, &client.redirect_uri, error, Some("xyz"));
    }
    let key = {
        let bob = app.person("bob", &[]).await;
        app.key(&bob).await
    };
    let answer = app.script(&key.token_header()).get(&request(&client, &[])).await;
    assert_eq!((answer.status, answer.text("exc_type")), (403, "PermissionError".to_owned()), "a key is no person");
}

impl Answer {
    /// Checks that this is a page that sends nobody anywhere.
    #[track_caller]
    fn is_refused_page(&self) {
        assert_eq!((self.status, self.header("location")), (400, ""));
        assert_eq!(self.header("content-type"), "text/html; charset=utf-8");
    }
}

/// D2
#[tokio::test]
async fn approve_allows_all_that_the_request_asks_for() {
    let (app, browser) = begin().await;
    let client = app.web_client("openid read").await;
    let path = request(&client, &[]).replacen("authorize", "approve", 1);
    let answer = browser.submit(&path, &[]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let sent = parameters(answer.header("location"));
    assert_eq!((sent["state"].as_str(), sent["iss"].as_str()), ("xyz", app.url.as_str()));
    assert_eq!(redeem(&app, &client, &sent["code"]).await.text("scope"), "openid read");
    // Each time there is another code; a second approval asks nobody.
    let again = parameters(browser.submit(&path, &[]).await.header("location"));
    assert_ne!(again["code"], sent["code"]);
}

/// D2: only a person, by a form of our own, approves anything.
#[tokio::test]
async fn nothing_but_a_post_with_the_sessions_token_approves() {
    let (app, browser) = begin().await;
    let client = app.web_client("read").await;
    let path = request(&client, &[]).replacen("authorize", "approve", 1);
    let ada = app.person("ada2", &[]).await;
    let key = app.key(&ada).await;
    for (answer, status) in [
        (browser.get(&path).await, 403),
        (browser.post(&path, &[]).await, 400),
        (browser.post(&path, &[("csrf_token", "x")]).await, 400),
        (browser.send(browser.request(Method::POST, &path)).await, 400),
        (app.stranger().post(&path, &[]).await, 403),
        (app.script(&key.token_header()).post(&path, &[]).await, 403),
    ] {
        assert_eq!((answer.status, answer.header("location")), (status, ""), "{}", answer.body);
    }
    // And no request is approved that could not be made.
    let bad = request(&client, &[("redirect_uri", "https://evil.test/cb")]).replacen("authorize", "approve", 1);
    let answer = browser.submit(&bad, &[]).await;
    assert_eq!((answer.status, answer.header("location")), (400, ""));
    let wide = request(&client, &[("scope", "all")]).replacen("authorize", "approve", 1);
    app.redirected(&browser.submit(&wide, &[]).await, &client.redirect_uri, "invalid_scope", Some("xyz"));
    let page = browser.get(&request(&client, &[])).await;
    page.is_consent_page();
}

/// D3: a client shows who it is by Basic, in the body, or not at all, and `Basic` is never an API key here.
#[tokio::test]
async fn get_token_is_the_token_endpoint() {
    let (app, browser) = begin().await;
    let web = app.web_client("openid all").await;
    let public = app.public_client("openid all").await;
    for client in [&web, &public] {
        let got = tokens(&app, &browser, client, &[]).await;
        let mut members: Vec<&str> = got.as_object().unwrap().keys().map(String::as_str).collect();
        members.sort_unstable();
        assert_eq!(members, ["access_token", "expires_in", "id_token", "refresh_token", "scope", "token_type"]);
        assert_eq!((&got["token_type"], &got["expires_in"]), (&json!("Bearer"), &json!(3600)));
        assert_eq!(got["scope"], "all openid");
        let logged = app.script(&bearer(&got)).get("/api/method/frappe.auth.get_logged_user").await;
        assert_eq!(logged.json(), json!({ "message": "ada@example.com" }));

        let refresh = got["refresh_token"].as_str().unwrap();
        let fields = [("grant_type", "refresh_token"), ("refresh_token", refresh), ("redirect_uri", "https://x.test/")];
        let answer = match client.secret.is_empty() {
            true => {
                app.stranger()
                    .post(&at("get_token"), &[&fields[..], &[("client_id", &client.client_id)]].concat())
                    .await
            }
            false => app.script(&client.basic()).post(&at("get_token"), &fields).await,
        };
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert_ne!(answer.text("refresh_token"), refresh);
        assert!(answer.header("cache-control").contains("no-store") && answer.header("pragma") == "no-cache");
    }
    let ada = app.person("ada2", &[]).await;
    let key = app.key(&ada).await;
    let answer = app.script(&key.basic_header()).post(&at("get_token"), &[("grant_type", "refresh_token")]).await;
    refused(&answer, 401, "invalid_client");
    assert!(answer.header("www-authenticate").starts_with("Basic "));
    let basic = web.basic();
    for (fields, error) in [
        (&[("grant_type", "password"), ("username", "ada"), ("password", PASSWORD)][..], "unsupported_grant_type"),
        (&[("grant_type", "authorization_code"), ("code", "x")], "invalid_grant"),
        (&[("grant_type", "refresh_token"), ("refresh_token", "x")], "invalid_grant"),
        (&[("code", "x")], "invalid_request"),
    ] {
        refused(&app.script(&basic).post(&at("get_token"), fields).await, 400, error);
    }
    refused(
        &app.stranger().post(&at("get_token"), &[("client_id", "x"), ("grant_type", "x")]).await,
        401,
        "invalid_client",
    );
}

/// D4: a program signs out with the one token that it has, and both have ended.
#[tokio::test]
async fn revoke_token_ends_both_tokens_whichever_comes() {
    let (app, browser) = begin().await;
    let (web, public) = (app.web_client("read").await, app.public_client("read").await);
    for client in [&web, &public] {
        for which in ["access_token", "refresh_token"] {
            let got = tokens(&app, &browser, client, &[]).await;
            let kept = tokens(&app, &browser, client, &[]).await;
            let fields = [("token", got[which].as_str().unwrap()), ("token_type_hint", "refresh_token")];
            let script = if client.secret.is_empty() { app.stranger() } else { app.script(&client.basic()) };
            let answer = script.post(&at("revoke_token"), &fields).await;
            assert_eq!((answer.status, &*answer.body), (200, "{}"), "{which}");
            assert_eq!(app.me_status(got["access_token"].as_str().unwrap()).await, 401, "{which}");
            let refresh = app.refresh(client, got["refresh_token"].as_str().unwrap()).await;
            assert_eq!(refresh.text("error"), "invalid_grant", "{which}");
            // Another sign-in of the same client goes on.
            assert_eq!(app.me_status(kept["access_token"].as_str().unwrap()).await, 200, "{which}");
            // A second time there is nothing to do.
            assert_eq!(script.post(&at("revoke_token"), &fields).await.body, "{}");
        }
    }
    // Ours ends an access token alone (RFC 7009 §2.1).
    let got = tokens(&app, &browser, &public, &[]).await;
    app.stranger().post("/oauth/revoke", &[("token", got["access_token"].as_str().unwrap())]).await;
    assert_eq!(app.refresh(&public, got["refresh_token"].as_str().unwrap()).await.status, 200);
}

/// D4: what is no token needs no more to be done; what a confidential client has, only that client takes back.
#[tokio::test]
async fn revoke_token_says_200_to_what_is_none_and_refuses_what_is_anothers() {
    let (app, browser) = begin().await;
    let (web, public) = (app.web_client("read").await, app.public_client("read").await);
    for token in ["x", "hp_at_x", "hp_rt_0000000000000000000000000000000000000000000000000"] {
        let answer = app.stranger().post(&at("revoke_token"), &[("token", token)]).await;
        assert_eq!((answer.status, &*answer.body), (200, "{}"), "{token}");
    }
    let answer = app.stranger().post(&at("revoke_token"), &[("client_id", &public.client_id)]).await;
    assert_eq!((answer.status, &*answer.body), (400, "{}"));
    let got = tokens(&app, &browser, &web, &[]).await;
    let token = got["access_token"].as_str().unwrap();
    refused(&app.stranger().post(&at("revoke_token"), &[("token", token)]).await, 401, "invalid_client");
    let other = [("token", token), ("client_id", &*public.client_id)];
    refused(&app.stranger().post(&at("revoke_token"), &other).await, 400, "unauthorized_client");
    assert_eq!(app.me_status(token).await, 200);
}

/// D5
#[tokio::test]
async fn introspect_token_tells_its_caller_who_the_user_is() {
    let (app, browser) = begin().await;
    let caller = app.introspector(None).await.basic();
    let told = async |token: &str| app.script(&caller).post(&at("introspect_token"), &[("token", token)]).await;
    let (web, plain) = (app.web_client("openid read").await, app.web_client("read").await);
    app.change_client(&web, |client| client.trusted = true).await;
    let got = tokens(&app, &browser, &web, &[]).await;
    for which in ["access_token", "refresh_token"] {
        let answer = told(got[which].as_str().unwrap()).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let json = answer.json();
        for (name, value) in [
            ("active", json!(true)),
            ("client_id", json!(web.client_id)),
            ("trusted_client", json!(1)),
            ("scope", json!("openid read")),
            ("email", json!("ada@example.com")),
            ("name", json!("Ada King Lovelace")),
            ("given_name", json!("Ada")),
            ("family_name", json!("King Lovelace")),
            ("roles", json!(["sales"])),
            ("iss", json!(app.url)),
        ] {
            assert_eq!(json[name], value, "{which} {name}");
        }
        assert!(json["exp"].is_i64() && json["sub"].as_str().unwrap().starts_with("user_"), "{json}");
    }
    let got = tokens(&app, &browser, &plain, &[]).await;
    let json = told(got["access_token"].as_str().unwrap()).await.json();
    assert_eq!((&json["trusted_client"], &json["email"]), (&json!(0), &Value::Null));
    for token in ["x", "hp_at_x"] {
        assert_eq!(told(token).await.body, r#"{"active":false}"#);
    }
}

/// D5: whoever may not ask is 401, never "inactive".
#[tokio::test]
async fn introspect_token_is_not_for_everybody() {
    let (app, browser) = begin().await;
    let client = app.web_client("read").await;
    let got = tokens(&app, &browser, &client, &[]).await;
    let fields = [("token", got["access_token"].as_str().unwrap())];
    for script in [app.stranger(), app.script(&client.basic()), app.script(&bearer(&got)), app.script("Bearer x")] {
        let answer = script.post(&at("introspect_token"), &fields).await;
        assert_eq!(answer.status, 401, "{}", answer.body);
        assert!(!answer.body.contains("active"), "{}", answer.body);
    }
}

/// D6
#[tokio::test]
async fn openid_profile_shows_the_user_in_no_envelope() {
    let (app, browser) = begin().await;
    let client = app.web_client("openid").await;
    let got = tokens(&app, &browser, &client, &[]).await;
    let ada = app.script(&bearer(&got)).get("/api/v1/me").await.text("id");
    let expected = json!({
        "sub": ada, "name": "Ada King Lovelace", "given_name": "Ada", "family_name": "King Lovelace",
        "email": "ada@example.com", "picture": null, "roles": ["sales"], "iss": app.url,
    });
    for path in [at("openid_profile"), at("openid_profile/"), at("openid_profile").replace("/api", "/api/v2")] {
        for method in [Method::GET, Method::POST] {
            let answer = app.script(&bearer(&got)).send(method, &path, None).await;
            assert_eq!((answer.status, answer.json()), (200, expected.clone()), "{path}");
        }
    }
}

/// D6
#[tokio::test]
async fn openid_profile_needs_a_token_with_openid() {
    let (app, browser) = begin().await;
    let class = |answer: Answer| (answer.status, answer.text("exc_type"));
    let forbidden = (403, "PermissionError".to_owned());
    assert_eq!(class(app.stranger().get(&at("openid_profile")).await), forbidden);
    assert_eq!(class(app.script("Bearer x").get(&at("openid_profile")).await), (401, "AuthenticationError".to_owned()));
    let got = tokens(&app, &browser, &app.web_client("read profile email").await, &[]).await;
    let answer = app.script(&bearer(&got)).get(&at("openid_profile")).await;
    assert!(answer.header("www-authenticate").contains("error=\"insufficient_scope\", scope=\"openid\""));
    assert_eq!(class(answer), forbidden);
    let service = app.service_client("openid").await;
    let own = app.token(&service, &[("grant_type", "client_credentials")]).await.text("access_token");
    assert_eq!(class(app.script(&format!("Bearer {own}")).get(&at("openid_profile")).await), forbidden);
}

/// D6: an application that lets people in by their address must not let in whoever is called like an account of its.
#[tokio::test]
async fn openid_profile_puts_no_user_name_in_the_place_of_an_address() {
    let app = TestApp::start().await;
    let someone = app.person("Administrator", &[]).await;
    let json = app.script(&app.key(&someone).await.token_header()).get(&at("openid_profile")).await.json();
    assert_eq!((&json["email"], &json["name"]), (&Value::Null, &json!("Administrator")));
    assert_eq!((&json["given_name"], &json["family_name"]), (&json!("Administrator"), &Value::Null));
}

/// D8
#[tokio::test]
async fn register_client_is_the_registration_endpoint() {
    let app = TestApp::start_with(OPEN).await;
    app.scope("all", &[]).await;
    app.person("ada", &[]).await;
    let mut body = app_at("http://127.0.0.1:9876/callback");
    body["scope"] = json!("openid all");
    body["redirect_uris"] =
        json!(["http://127.0.0.1:9876/callback", "com.example.notes:/cb", "https://notes.example/cb?a=b"]);
    body["client_uri"] = json!("https://notes.example/");
    let send = async |body: &Value| {
        app.stranger().post_raw(&at("register_client"), "application/json", body.to_string()).await
    };
    let answer = send(&body).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    let json = answer.json();
    for name in
        ["redirect_uris", "client_name", "grant_types", "response_types", "token_endpoint_auth_method", "client_uri"]
    {
        assert_eq!(json[name], body[name], "{name}");
    }
    assert_eq!((&json["scope"], &json["client_secret"]), (&json!("all openid"), &Value::Null));
    assert!(json["client_id_issued_at"].is_i64() && !json.as_object().unwrap().values().any(Value::is_null), "{json}");
    let browser = app.signed_in("ada", PASSWORD).await;
    let got = tokens(&app, &browser, &answer.client(), &[]).await;
    assert_eq!(got["scope"], "all openid");

    body["token_endpoint_auth_method"] = json!("client_secret_basic");
    let json = send(&body).await.json();
    assert_eq!(json["client_secret_expires_at"], 0);
    assert!(json["client_secret"].as_str().unwrap().starts_with("hp_cs_"), "{json}");
    body["redirect_uris"] = json!(["http://notes.example/cb"]);
    let answer = send(&body).await;
    assert!(["invalid_redirect_uri", "invalid_client_metadata"].contains(&answer.text("error").as_str()));
    refused(&answer, 400, &answer.text("error"));
}

/// D8
#[tokio::test]
async fn register_client_is_not_there_where_registration_is_closed_and_invites_elsewhere() {
    let app = TestApp::start().await;
    let body = app_at("http://127.0.0.1:9876/callback").to_string();
    let answer = app.stranger().post_raw(&at("register_client"), "application/json", body.clone()).await;
    assert_eq!((answer.status, answer.text("exc_type")), (404, "DoesNotExistError".to_owned()));
    let app = TestApp::start_with("[clients]\nregistration = \"token\"").await;
    let answer = app.stranger().post_raw(&at("register_client"), "application/json", body).await;
    assert_eq!(answer.status, 401);
    assert!(answer.header("www-authenticate").starts_with("Bearer "));
}

/// D8
#[tokio::test]
async fn register_client_is_limited() {
    let app = TestApp::start_with(&format!("{OPEN}\n[limits]\nregistrations_per_address = 2")).await;
    let body = app_at("http://127.0.0.1:9876/callback").to_string();
    for status in [201, 201, 429] {
        let answer = app.stranger().post_raw(&at("register_client"), "application/json", body.clone()).await;
        assert_eq!(answer.status, status);
    }
}
