//! Native applications: loopback addresses and private-use schemes (RFC 8252).

use hallpass::domain::clients::ClientDescription;
use hallpass::model::client::AuthMethod;
use hallpass::model::redirect_uri::RedirectUri;

use crate::support::app::TestApp;
use crate::support::caller::Browser;
use crate::support::flow::VERIFIER;
use crate::support::flow::parameters;
use crate::support::seed::PASSWORD;
use crate::support::seed::SeededClient;

async fn begin(redirect_uris: &[&str]) -> (TestApp, SeededClient, Browser) {
    let app = TestApp::start().await;
    app.person("ada", &[]).await;
    let native = |client: &mut ClientDescription| {
        client.auth_method = AuthMethod::None;
        client.redirect_uris = redirect_uris.iter().map(|uri| RedirectUri::parse(uri).unwrap()).collect();
    };
    let client = app.client_with("profile", native).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    (app, client, browser)
}

/// RFC 8252 §7.3
#[tokio::test]
async fn an_answer_reaches_whatever_port_the_application_listens_on() {
    let registered = ["http://127.0.0.1/cb", "http://[::1]:8080/cb?a=1", "http://localhost/"];
    let (app, client, browser) = begin(&registered).await;
    for uri in [
        "http://127.0.0.1/cb",
        "http://127.0.0.1:49152/cb",
        "http://127.0.0.1:1/cb",
        "http://127.0.0.1:65535/cb",
        "http://[::1]:8080/cb?a=1",
        "http://[::1]:49152/cb?a=1",
        "http://[::1]/cb?a=1",
        "http://localhost:3118/",
    ] {
        let path = client.authorize_path(&[("redirect_uri", uri)]);
        let page = browser.get(&path).await;
        page.is_consent_page();
        let host = uri.strip_prefix("http://").unwrap().split('/').next().unwrap();
        assert_eq!(page.by_id("destination"), host);
        let location = app.decide(&browser, &page, "allow").await;
        let joint = if uri.contains('?') { '&' } else { '?' };
        assert!(location.starts_with(&format!("{uri}{joint}code=")), "{location}");
        let code = parameters(&location)["code"].clone();
        let redeem = async |code: &str, redirect_uri: &str| {
            let fields = [
                ("grant_type", "authorization_code"),
                ("code", code),
                ("redirect_uri", redirect_uri),
                ("code_verifier", VERIFIER),
            ];
            app.token(&client, &fields).await
        };
        // The code is bound to the very port that was asked for.
        redeem(&code, "http://127.0.0.1:49153/cb").await.refused(400, "invalid_grant");
        assert_eq!(redeem(&code, uri).await.status, 200, "{uri}");
    }
}

/// RFC 8252 §7.3, §8.10
#[tokio::test]
async fn nothing_but_the_port_may_differ() {
    let (app, client, browser) = begin(&["http://127.0.0.1/cb", "http://localhost/cb", "https://rp.test/cb"]).await;
    for uri in [
        "http://127.0.0.1:49152/other",
        "http://127.0.0.1:49152/cb/",
        "http://127.0.0.1:49152/cb?a=1",
        "http://127.0.0.1:49152/cb#x",
        "http://127.0.0.1:49152/CB",
        "http://127.0.0.1:49152",
        "https://127.0.0.1:49152/cb",
        "HTTP://127.0.0.1:49152/cb",
        "http://attacker@127.0.0.1/cb",
        "http://127.0.0.1:x@evil.test/cb",
        "http://127.0.0.1:49152@evil.test/cb",
        "http://127.0.0.1.evil.test/cb",
        "http://127.0.0.1:49152.evil.test/cb",
        "http://127.0.0.1:49152\\@evil.test/cb",
        "http://127.0.0.1:/cb",
        "http://127.0.0.1:0/cb",
        "http://127.0.0.1:080/cb",
        "http://127.0.0.1:65536/cb",
        "http://127.0.0.1:+80/cb",
        "http://127.0.0.1: 80/cb",
        "http://127.0.0.1:8o/cb",
        "http://127.1:49152/cb",
        "http://127.0.0.2:49152/cb",
        "http://0x7f000001:49152/cb",
        "http://[::1]:49152/cb",
        "http://[::ffff:127.0.0.1]:49152/cb",
        "http://localhost.evil.test/cb",
        "http://localhost@evil.test/cb",
        "http://localhost:49152.evil.test/cb",
        "http://LOCALHOST:49152/cb",
        "http://localhost./cb",
        "https://rp.test:49152/cb",
        "https://rp.test:443/cb",
    ] {
        let path = client.authorize_path(&[("redirect_uri", uri)]);
        for page in [browser.get(&path).await, app.stranger().get(&path).await] {
            page.is_error_page();
            assert!(!page.body.contains("evil"), "{uri} is repeated");
        }
    }
}

/// RFC 8252 §7.1
#[tokio::test]
async fn an_answer_reaches_an_application_by_its_private_scheme() {
    let (app, client, browser) = begin(&["com.example.app:/cb"]).await;
    let page = browser.get(&client.authorize_path(&[])).await;
    assert_eq!(page.by_id("destination"), "com.example.app:");
    let location = app.decide(&browser, &page, "allow").await;
    assert!(location.starts_with("com.example.app:/cb?code="), "{location}");
    assert_eq!(app.redeem(&client, &parameters(&location)["code"]).await.status, 200);
    for uri in
        ["com.example.app:/cb2", "com.example.app://cb", "com.example.app:", "com.example.App:/cb", "com.example:/cb"]
    {
        browser.get(&client.authorize_path(&[("redirect_uri", uri)])).await.is_error_page();
    }
}

/// RFC 8252 §7.1, §8.4; RFC 9700 §2.1
#[tokio::test]
async fn what_browsers_run_themselves_and_what_anybody_can_claim_is_not_registered() {
    for uri in [
        "myapp:/cb",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "blob:https://rp.test/x",
        "about:blank",
        "http://rp.test/cb",
        "http://192.168.0.1/cb",
        "https://rp.test/cb#x",
        "https://user@rp.test/cb",
        "https://*.rp.test/cb",
        "https://rp.test/cb?code=1",
        "https://rp.test/cb?state=1",
        "https://rp.test/cb?iss=1",
        "https://rp.test/cb?error=1",
        "https://rp.test/a/../cb",
        "//rp.test/cb",
        "/cb",
        "",
    ] {
        assert!(RedirectUri::parse(uri).is_err(), "{uri}");
    }
}
