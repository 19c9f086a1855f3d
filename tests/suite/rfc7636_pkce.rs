//! Proof Key for Code Exchange (RFC 7636), S256 alone.

use hallpass::domain::clients::ClientDescription;

use crate::support::app::TestApp;
use crate::support::caller::Browser;
use crate::support::flow::VERIFIER;
use crate::support::flow::challenge;
use crate::support::flow::parameters;
use crate::support::seed::PASSWORD;
use crate::support::seed::SeededClient;

const REDIRECT: &str = "https://rp.test/cb";
const NONE: [(&str, &str); 2] = [("code_challenge", ""), ("code_challenge_method", "")];

/// A server as configured, a confidential and a public client, and ada's browser.
async fn begin_with(settings: &str) -> (TestApp, SeededClient, SeededClient, Browser) {
    let app = TestApp::start_with(settings).await;
    app.person("ada", &[]).await;
    app.scope("read", &[]).await;
    let (confidential, public) = (app.web_client("read").await, app.public_client("read").await);
    let browser = app.signed_in("ada", PASSWORD).await;
    (app, confidential, public, browser)
}

async fn begin() -> (TestApp, SeededClient, SeededClient, Browser) {
    begin_with("").await
}

impl TestApp {
    async fn code_for(&self, browser: &Browser, client: &SeededClient, extra: &[(&str, &str)]) -> String {
        let location = self.authorize(browser, client, extra).await;
        parameters(&location).remove("code").unwrap_or_else(|| panic!("no code in {location}"))
    }

    async fn redeem_with(
        &self,
        client: &SeededClient,
        code: &str,
        verifier: Option<&str>,
    ) -> crate::support::caller::Answer {
        let mut fields = vec![("grant_type", "authorization_code"), ("code", code), ("redirect_uri", REDIRECT)];
        fields.extend(verifier.map(|verifier| ("code_verifier", verifier)));
        self.token(client, &fields).await
    }
}

/// RFC 7636 §B
#[tokio::test]
async fn the_example_of_the_standard_is_accepted() {
    let (app, confidential, public, browser) = begin().await;
    let example = ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    assert_eq!(challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"), example.1);
    for client in [&confidential, &public] {
        let code = app.code_for(&browser, client, &[example]).await;
        let answer = app.redeem_with(client, &code, Some("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
}

/// RFC 7636 §4.4.1; RFC 9700 §2.1.1
#[tokio::test]
async fn a_public_client_needs_a_challenge_and_a_confidential_one_where_it_is_asked_to() {
    let (app, confidential, public, browser) = begin().await;
    let careful = app.client_with("read", |client: &mut ClientDescription| client.require_pkce = true).await;
    for client in [&public, &careful] {
        let path = client.authorize_path(&NONE);
        for answer in [browser.get(&path).await, app.stranger().get(&path).await] {
            let why = app.redirected(&answer, REDIRECT, "invalid_request", Some("xyz"));
            assert!(why.contains("code_challenge is missing"), "{why}");
        }
        let code = app.code_for(&browser, client, &[]).await;
        assert_eq!(app.redeem(client, &code).await.status, 200);
    }
    let code = app.code_for(&browser, &confidential, &NONE).await;
    assert_eq!(app.redeem_with(&confidential, &code, None).await.status, 200);

    let (app, confidential, _, browser) = begin_with("[clients]\nrequire_pkce = true").await;
    let answer = browser.get(&confidential.authorize_path(&NONE)).await;
    app.redirected(&answer, REDIRECT, "invalid_request", Some("xyz"));
}

/// RFC 7636 §4.2, §4.3, §4.4.1
#[tokio::test]
async fn a_challenge_is_the_hash_of_a_verifier_by_s256_and_nothing_else() {
    let (app, confidential, public, browser) = begin().await;
    let good = challenge(VERIFIER);
    let shorter = &good[..42];
    let stray = format!("{shorter}N");
    assert_ne!(stray, good);
    for (challenge, method) in [
        (good.as_str(), "plain"),
        (&good, "s256"),
        (&good, "S512"),
        (&good, "S256 "),
        (&good, ""), // that would be plain
        (VERIFIER, "plain"),
        (shorter, "S256"),
        (&format!("{good}A"), "S256"),
        (&format!("{shorter}="), "S256"),
        (&format!("{good}="), "S256"),
        (&good.replace('-', "+"), "S256"),
        (&good.replace('-', "/"), "S256"),
        (&good.replace('-', "é"), "S256"),
        (&good.replace('-', " "), "S256"),
        (&stray, "S256"),
        ("", "S256"),
        ("", "plain"),
    ] {
        for client in [&confidential, &public] {
            let path = client.authorize_path(&[("code_challenge", challenge), ("code_challenge_method", method)]);
            for answer in [browser.get(&path).await, app.stranger().get(&path).await] {
                app.redirected(&answer, REDIRECT, "invalid_request", Some("xyz"));
            }
        }
    }
}

/// RFC 7636 §4.6
#[tokio::test]
async fn a_wrong_verifier_is_refused_and_the_code_is_gone() {
    let (app, confidential, public, browser) = begin().await;
    let other = VERIFIER.replace('k', "l");
    let hash = challenge(VERIFIER);
    for client in [&confidential, &public] {
        for wrong in [
            Some(other.as_str()),
            Some(&hash),
            Some(&VERIFIER[..42]),
            Some(&VERIFIER.repeat(3)),
            Some(&VERIFIER.replace('-', "+")),
            Some(&VERIFIER.replace('-', "é")),
            Some(""),
            None,
        ] {
            let code = app.code_for(&browser, client, &[]).await;
            app.redeem_with(client, &code, wrong).await.refused(400, "invalid_grant");
            app.redeem(client, &code).await.refused(400, "invalid_grant");
        }
    }
}

/// RFC 7636 §4.4
#[tokio::test]
async fn the_method_is_fixed_with_the_challenge() {
    let (app, confidential, public, browser) = begin().await;
    let hash = challenge(VERIFIER);
    for client in [&confidential, &public] {
        let code = app.code_for(&browser, client, &[]).await;
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", code.as_str()),
            ("redirect_uri", REDIRECT),
            ("code_verifier", hash.as_str()),
            ("code_challenge_method", "plain"),
        ];
        app.token(client, &fields).await.refused(400, "invalid_grant");
    }
}

/// RFC 9700 §2.1.1, §4.8.2
#[tokio::test]
async fn a_verifier_for_no_challenge_is_refused() {
    let (app, confidential, _, browser) = begin().await;
    let code = app.code_for(&browser, &confidential, &NONE).await;
    app.redeem_with(&confidential, &code, Some(VERIFIER)).await.refused(400, "invalid_grant");
    app.redeem_with(&confidential, &code, None).await.refused(400, "invalid_grant");
}

/// RFC 7636 §4.1
#[tokio::test]
async fn a_verifier_has_43_to_128_characters() {
    let (app, _, public, browser) = begin().await;
    for verifier in ["-._~".repeat(11), "~".repeat(128), "a".repeat(43)] {
        let challenge = challenge(&verifier);
        let code = app.code_for(&browser, &public, &[("code_challenge", &challenge)]).await;
        assert_eq!(app.redeem_with(&public, &code, Some(&verifier)).await.status, 200, "{verifier}");
    }
    for verifier in ["a".repeat(42), "a".repeat(129)] {
        let challenge = challenge(&verifier);
        let code = app.code_for(&browser, &public, &[("code_challenge", &challenge)]).await;
        app.redeem_with(&public, &code, Some(&verifier)).await.refused(400, "invalid_grant");
    }
}

/// RFC 9700 §2.1.1
#[tokio::test]
async fn one_challenge_may_be_used_for_two_codes_each_of_which_needs_the_verifier() {
    let (app, _, public, browser) = begin().await;
    let codes = [app.code_for(&browser, &public, &[]).await, app.code_for(&browser, &public, &[]).await];
    for code in &codes {
        assert_eq!(app.redeem(&public, code).await.status, 200);
    }
}

/// RFC 9700 §2.1.1: the same challenge twice is allowed, and the operator can see it.
#[tokio::test]
async fn a_challenge_that_is_used_again_is_noted() {
    let app = TestApp::start().await;
    app.person("ada", &[]).await;
    app.scope("read", &[]).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let (client, other) = (app.web_client("read").await, app.web_client("read").await);
    let noted = async || app.audited(hallpass::model::audit::AuditEvent::ConstantChallenge).await.len();
    app.tokens(&browser, &client).await;
    app.tokens(&browser, &other).await;
    assert_eq!(noted().await, 0);
    app.tokens(&browser, &client).await;
    assert_eq!(noted().await, 1);
}
