//! Id_tokens without a code, for clients that are registered for that (OpenID Connect Core §3.2); *Dynamic OP* wants them of a
//! server where clients register themselves (OpenID Connect Discovery §3).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hallpass::domain::clients::ClientDescription;
use hallpass::model::client::AuthMethod;
use hallpass::model::client::GrantType;
use serde_json::Value;
use serde_json::json;
use sha2::Digest;
use sha2::Sha256;

use crate::support::app::TestApp;
use crate::support::caller::Browser;
use crate::support::flow::parameters;
use crate::support::openid::CONFIGURATION;
use crate::support::openid::USERINFO;
use crate::support::registering::OPEN;
use crate::support::seed::PASSWORD;
use crate::support::seed::SeededClient;

/// What stands behind the `#` of an address, where nothing of it stands before.
#[track_caller]
fn behind_hash(location: &str) -> Value {
    let (before, fragment) = location.split_once('#').unwrap_or_else(|| panic!("nothing behind a hash: {location}"));
    assert!(!before.contains('?'), "{location}");
    json!(parameters(&format!("https://rp.test/?{fragment}")))
}

fn implicit(client: &mut ClientDescription) {
    client.auth_method = AuthMethod::None;
    client.grant_types = vec![GrantType::Implicit];
}

/// A server where ada is signed in, and a client that `change` describes.
async fn begin(scopes: &str, change: impl FnOnce(&mut ClientDescription)) -> (TestApp, SeededClient, Browser) {
    let app = TestApp::start().await;
    let ada = app.person("ada", &[]).await;
    app.complete_user(&ada).await;
    let client = app.client_with(scopes, change).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    (app, client, browser)
}

const BOTH: [(&str, &str); 2] = [("response_type", "id_token token"), ("nonce", "n-0S6_WzA2Mj")];
const ALONE: [(&str, &str); 2] = [("response_type", "id_token"), ("nonce", "n-0S6_WzA2Mj")];

/// OpenID Connect Core §3.2.2.5, §3.2.2.9
#[tokio::test]
async fn an_id_token_and_an_access_token_come_behind_the_hash() {
    let (app, client, browser) = begin("openid profile email", implicit).await;
    for response_type in ["id_token token", "token id_token"] {
        let asked = [("response_type", response_type), ("nonce", "n-0S6_WzA2Mj")];
        let told = behind_hash(&app.authorize(&browser, &client, &asked).await);
        assert_eq!((&told["state"], &told["iss"]), (&json!("xyz"), &json!(app.issuer)));
        assert_eq!((&told["token_type"], &told["scope"]), (&json!("Bearer"), &json!("email openid profile")));
        assert_eq!(told["expires_in"], "3600");
        assert!(told.get("code").is_none() && told.get("refresh_token").is_none(), "{told}");
        let access_token = told["access_token"].as_str().unwrap();
        assert!(access_token.starts_with("hp_at_"));
        let (header, claims) = app.id_token(&told).await;
        assert_eq!((&header["alg"], &claims["aud"]), (&json!("RS256"), &json!(client.client_id)));
        assert_eq!((&claims["nonce"], &claims["iss"]), (&json!("n-0S6_WzA2Mj"), &json!(app.issuer)));
        assert_eq!(claims["at_hash"], URL_SAFE_NO_PAD.encode(&Sha256::digest(access_token)[..16]));
        // Who has an access token asks with it.
        assert!(claims.get("email").is_none() && claims.get("name").is_none(), "{claims}");
        assert_eq!(app.userinfo(&told).await["sub"], claims["sub"]);
        assert_eq!(app.userinfo(&told).await["email"], "ada@example.com");
    }
}

/// OpenID Connect Core §5.4: for there is no access token to ask the UserInfo endpoint with.
#[tokio::test]
async fn an_id_token_that_comes_alone_tells_what_its_scopes_stand_for() {
    let (app, client, browser) = begin("openid email phone", implicit).await;
    let told = behind_hash(&app.authorize(&browser, &client, &ALONE).await);
    assert!(told.get("access_token").is_none() && told.get("expires_in").is_none(), "{told}");
    let (_, claims) = app.id_token(&told).await;
    assert_eq!((&claims["email"], &claims["phone_number"]), (&json!("ada@example.com"), &json!("+44 20 7946 0000")));
    assert!(claims.get("at_hash").is_none() && claims.get("family_name").is_none(), "{claims}");
    assert_eq!(claims["nonce"], "n-0S6_WzA2Mj");
}

/// OAuth 2.0 Multiple Response Type Encoding Practices §5, JARM §2.3.1
#[tokio::test]
async fn tokens_go_into_no_query() {
    let (app, client, browser) = begin("openid", implicit).await;
    for mode in ["query", "query.jwt"] {
        let path = client.authorize_path(&[BOTH[0], BOTH[1], ("response_mode", mode)]);
        let answer = browser.get(&path).await;
        assert_eq!(behind_hash(answer.header("location"))["error"], "invalid_request", "{mode}");
    }
    let told = behind_hash(&app.authorize(&browser, &client, &[BOTH[0], BOTH[1], ("response_mode", "jwt")]).await);
    let claims = app.claims_of(told["response"].as_str().unwrap()).await;
    assert!(claims["id_token"].is_string() && claims["access_token"].is_string(), "{claims}");
    let page = browser.get(&client.authorize_path(&[BOTH[0], BOTH[1], ("response_mode", "form_post")])).await;
    let (request, csrf_token) = (page.input("request"), page.input("csrf_token"));
    let fields =
        [("request", request.as_str()), ("decision", "allow"), ("scope", "openid"), ("csrf_token", &csrf_token)];
    let posted = browser.post("/oauth/consent", &fields).await;
    assert_eq!(posted.status, 200, "{}", posted.body);
    assert!(!posted.input("id_token").is_empty() && !posted.input("access_token").is_empty());
}

/// OpenID Connect Core §3.2.2.1, §3.2.2.6; `oidcc-ensure-request-without-nonce-fails`
#[tokio::test]
async fn what_is_wrong_is_told_behind_the_hash_too() {
    let (app, client, browser) = begin("openid email", implicit).await;
    for (extra, error) in [
        (vec![("response_type", "id_token")], "invalid_request"),
        (vec![ALONE[0], ALONE[1], ("scope", "email")], "invalid_request"),
        (vec![ALONE[0], ALONE[1], ("scope", "openid nothing")], "invalid_scope"),
        (vec![BOTH[0], BOTH[1], ("dpop_jkt", "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I")], "invalid_request"),
        (vec![ALONE[0], ALONE[1], ("scope", "openid"), ("prompt", "none")], "consent_required"),
    ] {
        let answer = browser.get(&client.authorize_path(&extra)).await;
        assert_eq!(answer.status, 303, "{extra:?}: {}", answer.body);
        let told = behind_hash(answer.header("location"));
        assert_eq!((&told["error"], &told["state"]), (&json!(error), &json!("xyz")), "{extra:?}");
    }
    let page = browser.get(&client.authorize_path(&ALONE)).await;
    assert_eq!(behind_hash(&app.decide(&browser, &page, "deny").await)["error"], "access_denied");
    // Nothing is left of it without the scope that it hangs on.
    let page = browser.get(&client.authorize_path(&ALONE)).await;
    let (request, csrf_token) = (page.input("request"), page.input("csrf_token"));
    let fields =
        [("request", request.as_str()), ("decision", "allow"), ("scope", "email"), ("csrf_token", &csrf_token)];
    let unticked = browser.post("/oauth/consent", &fields).await;
    assert_eq!(behind_hash(unticked.header("location"))["error"], "access_denied");
}

/// RFC 9700 §2.1.2: the default is that nobody gets one.
#[tokio::test]
async fn a_client_that_is_not_registered_for_it_gets_nothing_without_a_code() {
    let fapi = |client: &mut ClientDescription| {
        client.grant_types.push(GrantType::Implicit);
        client.dpop_bound = true;
    };
    let (app, bound, browser) = begin("openid", fapi).await;
    let told = behind_hash(browser.get(&bound.authorize_path(&BOTH)).await.header("location"));
    assert_eq!(told["error"], "invalid_request");
    let plain = app.web_client("openid").await;
    let both = app.client_with("openid", |client| client.grant_types.push(GrantType::Implicit)).await;
    for (client, response_type) in [
        (&plain, "id_token"),
        (&plain, "id_token token"),
        (&both, "token"),
        (&both, "code id_token"),
        (&both, "code token"),
        (&both, "id_token id_token"),
        (&both, "none"),
    ] {
        let path = client.authorize_path(&[("response_type", response_type), ("nonce", "n-0S6_WzA2Mj")]);
        let answer = browser.get(&path).await;
        app.redirected(&answer, &client.redirect_uri, "unsupported_response_type", Some("xyz"));
    }
    let answer = browser.get(&app.client_with("openid", implicit).await.authorize_path(&[])).await;
    app.redirected(&answer, "https://rp.test/cb", "unauthorized_client", Some("xyz"));
    app.token(&both, &[("grant_type", "implicit")]).await.refused(400, "unsupported_grant_type");
}

/// Nobody proves to be the client, so the person is asked each time, as for a public client (contract of the consent page).
#[tokio::test]
async fn the_person_is_asked_each_time_and_can_take_it_back() {
    let app = TestApp::start().await;
    let ada = app.person("ada", &[]).await;
    let client = app.client_with("openid", |client| client.grant_types.push(GrantType::Implicit)).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    app.tokens(&browser, &client).await;
    assert_eq!(browser.get(&client.authorize_path(&[])).await.status, 303);
    browser.get(&client.authorize_path(&BOTH)).await.is_consent_page();
    let told = behind_hash(&app.authorize(&browser, &client, &BOTH).await);
    let script = app.script(&format!("Bearer {}", told["access_token"].as_str().unwrap()));
    assert_eq!(script.get(USERINFO).await.status, 200);
    let own = app.script(&app.key(&ada).await.token_header());
    for grant in own.get("/api/v1/grants").await.json()["items"].as_array().unwrap() {
        own.delete(&format!("/api/v1/grants/{}", grant["id"].as_str().unwrap())).await;
    }
    assert_eq!(script.get(USERINFO).await.status, 401);
}

/// OpenID Connect Dynamic Client Registration §2, RFC 7591 §2.1
#[tokio::test]
async fn a_client_registers_for_what_it_names_and_for_no_more() {
    let app = TestApp::start_with(OPEN).await;
    app.person("ada", &[]).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let describe = |grants: Value, types: Value, uri: &str| {
        json!({ "redirect_uris": [uri], "grant_types": grants, "response_types": types,
                "token_endpoint_auth_method": "none" })
    };
    let (https, loopback) = ("https://rp.test/cb", "http://127.0.0.1/cb");
    let made = app.register(&describe(json!(["implicit"]), json!(["id_token"]), https)).await;
    assert_eq!(made.json()["grant_types"], json!(["implicit"]));
    assert_eq!(made.json()["response_types"], json!(["id_token"]));
    let client = made.client();
    let told = behind_hash(&app.authorize(&browser, &client, &[ALONE[0], ALONE[1], ("scope", "openid")]).await);
    app.id_token(&told).await;
    let page = browser.get(&client.authorize_path(&BOTH)).await;
    app.error_location(&page.link("way-back"), &client.redirect_uri, "unsupported_response_type", Some("xyz"));

    let all = json!(["code", "token id_token", "id_token"]);
    let made = app.register(&describe(json!(["authorization_code", "implicit"]), all, https)).await;
    assert_eq!(made.json()["response_types"], json!(["code", "id_token", "id_token token"]));
    // Who names it to every server but asks for codes alone is not given it.
    let made = app.register(&describe(json!(["authorization_code", "implicit"]), json!(["code"]), https)).await;
    assert_eq!(made.json()["grant_types"], json!(["authorization_code"]));
    let bad = describe(json!(["authorization_code"]), json!(["code", "id_token"]), https);
    assert!(app.register(&bad).await.refused(400, "invalid_client_metadata").contains("implicit"));
    let bad = describe(json!(["implicit"]), json!(["id_token"]), loopback);
    app.register(&bad).await.refused(400, "invalid_redirect_uri");
}

/// OpenID Connect Discovery §3, `oidcc-discovery-endpoint-verification` of *Dynamic OP*; OAuth's own document stays without it.
#[tokio::test]
async fn discovery_names_it_where_openid_connect_looks_for_it() {
    let app = TestApp::start_with(OPEN).await;
    let told = app.stranger().get(CONFIGURATION).await.json();
    assert_eq!(told["response_types_supported"], json!(["code", "id_token", "id_token token"]));
    assert!(told["grant_types_supported"].as_array().unwrap().contains(&json!("implicit")));
    let told = app.stranger().get("/.well-known/oauth-authorization-server").await.json();
    assert_eq!(told["response_types_supported"], json!(["code"]));
    assert!(!told["grant_types_supported"].as_array().unwrap().contains(&json!("implicit")));
}
