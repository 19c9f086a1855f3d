//! The FAPI 2.0 Security Profile with private_key_jwt and DPoP: a client that must push its requests and binds its tokens to
//! keys. Tests name the modules of the OpenID Foundation's suite, `fapi2-security-profile-final-…`.

use hallpass::domain::clients::ClientDescription;
use hallpass::domain::oauth::claims;
use hallpass::model::client::AuthMethod;
use hallpass::model::scope::Scope;
use hallpass::model::time::Lifetime;
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
use crate::support::jose::proof_of;
use crate::support::seed::PASSWORD;
use crate::support::seed::SeededClient;
use crate::support::signed::header_of;

const REDIRECT: &str = "https://rp.test/cb";
const ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// A client, its key for assertions, its key for proofs, and a person's browser.
struct Scene {
    app: TestApp,
    client: SeededClient,
    key: Key,
    proving: Key,
    browser: Browser,
}

fn profile(client: &mut ClientDescription, key: &Key) {
    client.auth_method = AuthMethod::PrivateKeyJwt;
    client.jwks = Some(key.jwks());
    client.require_par = true;
    client.dpop_bound = true;
}

async fn begin() -> Scene {
    let app = TestApp::start().await;
    app.person("ada", &[]).await;
    let (key, proving) = (Key::rsa("PS256", 2048), Key::es256());
    let client = app.client_with("openid profile email", |client| profile(client, &key)).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    Scene { app, client, key, proving, browser }
}

impl Scene {
    fn assertion(&self) -> String {
        self.key.sign(&self.app.assertion_claims(&self.client.client_id))
    }

    /// Pushes a request with these changes; an empty value leaves a parameter out.
    async fn push(&self, changes: &[(&str, &str)]) -> Answer {
        self.push_by(&self.assertion(), changes).await
    }

    async fn push_by(&self, assertion: &str, changes: &[(&str, &str)]) -> Answer {
        let challenge = challenge(VERIFIER);
        let mut fields = vec![
            ("response_type", "code"),
            ("redirect_uri", REDIRECT),
            ("scope", "openid"),
            ("state", "xyz"),
            ("nonce", "n-0S6"),
            ("code_challenge", challenge.as_str()),
            ("code_challenge_method", "S256"),
            ("client_assertion_type", ASSERTION),
            ("client_assertion", assertion),
        ];
        fields.retain(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
        fields.extend(changes.iter().filter(|(_, value)| !value.is_empty()));
        self.app.stranger().post("/oauth/par", &fields).await
    }

    async fn pushed(&self, changes: &[(&str, &str)]) -> String {
        let answer = self.push(changes).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        answer.text("request_uri")
    }

    async fn open(&self, client_id: &str, request_uri: &str) -> Answer {
        let fields = [("client_id", client_id), ("request_uri", request_uri)];
        self.browser.get(&format!("/oauth/authorize?{}", query(&fields))).await
    }

    /// The parameters of the answer to a request with these changes, allowed if need be.
    async fn answered(&self, changes: &[(&str, &str)]) -> std::collections::BTreeMap<String, String> {
        let request_uri = self.pushed(changes).await;
        let page = self.open(&self.client.client_id, &request_uri).await;
        let location = match page.status {
            303 => page.header("location").to_owned(),
            _ => self.app.decide(&self.browser, &page, "allow").await,
        };
        assert!(location.starts_with(REDIRECT), "{location}");
        parameters(&location)
    }

    async fn redeem(&self, code: &str, proof: Option<&str>, changes: &[(&str, &str)]) -> Answer {
        let assertion = self.assertion();
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", REDIRECT),
            ("code_verifier", VERIFIER),
            ("client_assertion_type", ASSERTION),
            ("client_assertion", assertion.as_str()),
        ];
        fields.retain(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
        fields.extend(changes.iter().filter(|(_, value)| !value.is_empty()));
        let script = self.app.stranger();
        let script = if let Some(proof) = proof { script.with("dpop", proof) } else { script };
        script.post("/oauth/token", &fields).await
    }

    fn proof(&self) -> String {
        self.app.proof(&self.proving, "POST", "/oauth/token")
    }

    async fn tokens(&self) -> Value {
        let answer = self.answered(&[]).await;
        let answer = self.redeem(&answer["code"], Some(&self.proof()), &[]).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.json()
    }
}

/// `-happy-flow`, `-access-token-type-header-case-sensitivity`, `-discovery-end-point-verification`: FAPI 2.0 Security
/// Profile §5.3.2
#[tokio::test]
async fn a_client_of_the_profile_goes_its_whole_way() {
    let scene = begin().await;
    let Scene { app, client, proving, .. } = &scene;
    let answer = scene.answered(&[]).await;
    assert_eq!((answer["iss"].as_str(), answer["state"].as_str()), (app.issuer.as_str(), "xyz"));
    let answer = scene.redeem(&answer["code"], Some(&scene.proof()), &[]).await;
    assert_eq!((answer.status, answer.text("token_type")), (200, "DPoP".to_owned()), "{}", answer.body);
    // RS256 is none of the profile's algorithms.
    let id_token = answer.text("id_token");
    assert_eq!(header_of(&id_token)["alg"], "PS256");
    let claims = app.claims_of(&id_token).await;
    assert_eq!((&claims["nonce"], &claims["aud"]), (&"n-0S6".into(), &client.client_id.as_str().into()));
    let token = answer.text("access_token");
    for scheme in ["DPoP", "dpop", "dPOP"] {
        let proof = app.proof_with(proving, "GET", "/oauth/userinfo", &token);
        let answer = app.script(&format!("{scheme} {token}")).with("dpop", &proof).get("/oauth/userinfo").await;
        assert_eq!(answer.status, 200, "{scheme}: {}", answer.body);
    }
    let metadata = app.stranger().get("/.well-known/openid-configuration").await.json();
    for list in [
        "token_endpoint_auth_signing_alg_values_supported",
        "dpop_signing_alg_values_supported",
        "id_token_signing_alg_values_supported",
    ] {
        let names = metadata[list].as_array().unwrap();
        assert!(["PS256", "ES256", "EdDSA"].iter().all(|name| names.contains(&json!(name))), "{list}: {names:?}");
    }
}

/// `-user-rejects-authentication`
#[tokio::test]
async fn a_refusal_says_where_it_comes_from() {
    let scene = begin().await;
    let request_uri = scene.pushed(&[]).await;
    let page = scene.open(&scene.client.client_id, &request_uri).await;
    let location = scene.app.decide(&scene.browser, &page, "deny").await;
    let answer = parameters(&location);
    assert_eq!((answer["error"].as_str(), answer["iss"].as_str()), ("access_denied", scene.app.issuer.as_str()));
}

/// `-ensure-authorization-request-without-state-success`, `-without-nonce-success`, `-with-64-char-nonce-success`,
/// `-with-long-nonce`, `-with-long-state`, `-ensure-other-scope-order-succeeds`
#[tokio::test]
async fn state_and_nonce_may_be_missing_or_long() {
    let scene = begin().await;
    let (long, longer) = ("n".repeat(64), "n".repeat(384));
    for changes in [
        &[("state", "")][..],
        &[("nonce", "")],
        &[("nonce", long.as_str())],
        &[("nonce", longer.as_str())],
        &[("state", longer.as_str())],
        &[("scope", "profile openid")],
    ] {
        let answer = scene.answered(changes).await;
        let expected = changes.iter().find(|(name, _)| *name == "state").map_or("xyz", |(_, state)| state);
        assert_eq!(answer.get("state").map_or("", String::as_str), expected);
        let answer = scene.redeem(&answer["code"], Some(&scene.proof()), &[]).await;
        let claims = scene.app.claims_of(&answer.text("id_token")).await;
        let expected = changes.iter().find(|(name, _)| *name == "nonce").map_or("n-0S6", |(_, nonce)| nonce);
        assert_eq!(claims["nonce"].as_str().unwrap_or_default(), expected);
    }
}

/// `-ensure-unsigned-authorization-request-without-using-par-fails`, `-ensure-registered-redirect-uri`,
/// `-ensure-redirect-uri-in-authorization-request`, `-ensure-response-type-code-idtoken-fails`,
/// `-ensure-response-type-token-fails`, `-par-ensure-pkce-required`, `-par-plain-pkce-rejected`,
/// `-par-ensure-reject-request-uri-in-par-authorization-form-params`
#[tokio::test]
async fn what_the_profile_does_not_know_is_refused_when_it_is_pushed() {
    let scene = begin().await;
    let Scene { app, client, browser, .. } = &scene;
    let challenge = challenge(VERIFIER);
    let direct = browser.get(&client.authorize_path(&[("scope", "openid"), ("code_challenge", &challenge)])).await;
    app.redirected(&direct, REDIRECT, "invalid_request", Some("xyz"));
    for (changes, error) in [
        (&[("redirect_uri", "https://rp.test/other")][..], "invalid_request"),
        (&[("redirect_uri", "")], "invalid_request"),
        (&[("redirect_uri", ""), ("scope", "profile")], "invalid_request"),
        (&[("response_type", "code id_token")], "unsupported_response_type"),
        (&[("response_type", "token")], "unsupported_response_type"),
        (&[("code_challenge", ""), ("code_challenge_method", "")], "invalid_request"),
        (&[("code_challenge", VERIFIER), ("code_challenge_method", "plain")], "invalid_request"),
        (&[("code_challenge_method", "")], "invalid_request"),
        (&[("request_uri", "urn:ietf:params:oauth:request_uri:x")], "invalid_request"),
        (&[("request_uri", "https://rp.test/request")], "invalid_request"),
    ] {
        scene.push(changes).await.refused(400, error);
    }
    assert_eq!(app.stranger().get("/oauth/par").await.status, 405);
}

/// `-par-attempt-reuse-request_uri`, `-par-attempt-to-use-expired-request_uri`,
/// `-par-attempt-to-use-request_uri-for-different-client`, `-par-ensure-server-accepts-reused-request-uri-before-
/// authentication-completion`, `-par-without-duplicate-parameters`: security case 425
#[tokio::test]
async fn a_pushed_request_is_one_clients_and_good_once() {
    let scene = begin().await;
    let Scene { app, client, key, .. } = &scene;
    let other = app.client_with("openid", |client| profile(client, key)).await;
    let request_uri = scene.pushed(&[]).await;
    scene.open(&other.client_id, &request_uri).await.is_error_page();
    // As long as nobody decided it may be opened again.
    scene.open(&client.client_id, &request_uri).await.is_consent_page();
    let page = scene.open(&client.client_id, &request_uri).await;
    app.decide(&scene.browser, &page, "allow").await;
    scene.open(&client.client_id, &request_uri).await.is_error_page();
    let request_uri = scene.pushed(&[]).await;
    app.pass(Lifetime::from_seconds(601));
    scene.open(&client.client_id, &request_uri).await.is_error_page();
}

/// `-ensure-signed-client-assertion-with-RS256-fails`, `-par-test-array-as-audience-fails`,
/// `-par-test-par-endpoint-url-as-audience-fails`, `-par-test-token-endpoint-url-as-audience-fails`,
/// `-ensure-client-assertion-with-exp-is-5-minutes-in-past-fails`, `-ensure-client-assertion-with-wrong-aud-fails`,
/// `-ensure-client-assertion-with-no-sub-fails`, `-par-ensure-jwt-client-assertion-nbf-8-seconds-in-the-future-accepted`
#[tokio::test]
async fn an_assertion_names_the_issuer_and_is_signed_as_the_profile_has_it() {
    let scene = begin().await;
    let Scene { app, client, key, .. } = &scene;
    let now = app.seconds();
    let changed = |name: &str, value: Value| {
        let mut claims = app.assertion_claims(&client.client_id);
        claims[name] = value;
        claims.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        key.sign(&claims)
    };
    let bad = [
        ("aud", json!([app.issuer, "https://other.test"])),
        ("aud", json!([app.issuer])),
        ("aud", json!(format!("{}/oauth/par", app.issuer))),
        ("aud", json!(format!("{}/oauth/token", app.issuer))),
        ("aud", json!("https://other.test")),
        ("exp", json!(now - 300)),
        ("sub", Value::Null),
        ("nbf", json!(now + 61)),
        ("iat", json!(now + 61)),
    ];
    for (name, value) in bad {
        scene.push_by(&changed(name, value), &[]).await.refused(401, "invalid_client");
    }
    for (name, value) in [("nbf", json!(now + 8)), ("iat", json!(now + 8))] {
        assert_eq!(scene.push_by(&changed(name, value), &[]).await.status, 201, "{name}");
    }
    // The same key by another algorithm.
    let mut header = key.header();
    header["alg"] = json!("RS256");
    let other = key.by("RS256").sign_with(&header, &app.assertion_claims(&client.client_id));
    scene.push_by(&other, &[]).await.refused(401, "invalid_client");
    scene.push_by("", &[]).await.refused(400, "invalid_request");
    // For who is none of the profile's all this is good (RFC 7523 §3).
    let plain = |description: &mut ClientDescription| {
        description.auth_method = AuthMethod::PrivateKeyJwt;
        description.jwks = Some(key.jwks());
    };
    let client = app.client_with("openid", plain).await;
    let mut claims = app.assertion_claims(&client.client_id);
    claims["aud"] = json!([format!("{}/oauth/token", app.issuer)]);
    let assertion = key.by("RS256").sign_with(&header, &claims);
    let answer = app.token_by_assertion(&assertion, &[("grant_type", "authorization_code"), ("code", "x")]).await;
    answer.refused(400, "invalid_grant");
}

/// `-ensure-authorization-code-is-bound-to-client`, `-attempt-reuse-authorization-code-after-one-second`,
/// `-attempt-to-use-expired-auth-code`, `-ensure-client-id-in-token-endpoint`,
/// `-ensure-client-assertion-in-token-endpoint`, `-ensure-pkce-code-verifier-required`,
/// `-incorrect-pkce-code-verifier-rejected`
#[tokio::test]
async fn a_code_is_good_once_for_a_minute_and_for_its_client() {
    let scene = begin().await;
    let Scene { app, key, .. } = &scene;
    let code = scene.answered(&[]).await.remove("code").unwrap();
    let other = app.client_with("openid", |client| profile(client, key)).await;
    let theirs = key.sign(&app.assertion_claims(&other.client_id));
    scene.redeem(&code, Some(&scene.proof()), &[("client_assertion", &theirs)]).await.refused(400, "invalid_grant");
    let unsigned = [("client_assertion", ""), ("client_assertion_type", "")];
    scene.redeem(&code, Some(&scene.proof()), &unsigned).await.refused(401, "invalid_client");
    assert_eq!(scene.redeem(&code, Some(&scene.proof()), &[]).await.status, 200);
    app.pass(Lifetime::from_seconds(1));
    scene.redeem(&code, Some(&scene.proof()), &[]).await.refused(400, "invalid_grant");
    for changes in [("code_verifier", ""), ("code_verifier", "x".repeat(43).as_str())] {
        let code = scene.answered(&[]).await.remove("code").unwrap();
        scene.redeem(&code, Some(&scene.proof()), &[changes]).await.refused(400, "invalid_grant");
    }
    let code = scene.answered(&[]).await.remove("code").unwrap();
    app.pass(Lifetime::from_seconds(61));
    scene.redeem(&code, Some(&scene.proof()), &[]).await.refused(400, "invalid_grant");
}

/// FAPI 2.0 Security Profile §5.3.2.1: a minute, whatever holds for others.
#[tokio::test]
async fn a_code_of_the_profile_lives_no_longer_than_a_minute() {
    let app = TestApp::start_with("[tokens]\ncode_lifetime_seconds = 600").await;
    app.person("ada", &[]).await;
    let (key, proving) = (Key::rsa("PS256", 2048), Key::es256());
    let client = app.client_with("openid", |client| profile(client, &key)).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let scene = Scene { app, client, key, proving, browser };
    let code = scene.answered(&[]).await.remove("code").unwrap();
    scene.app.pass(Lifetime::from_seconds(61));
    scene.redeem(&code, Some(&scene.proof()), &[]).await.refused(400, "invalid_grant");
}

/// `-ensure-holder-of-key-required`, `-ensure-mismatched-dpop-jkt-fails`,
/// `-ensure-token-endpoint-fails-with-mismatched-dpop-jkt`, `-ensure-token-endpoint-fails-with-mismatched-dpop-proof-jkt`,
/// `-ensure-dpop-proof-at-par-endpoint-binding-success`, `-ensure-dpop-auth-code-binding-success`: security case 429
#[tokio::test]
async fn a_code_is_bound_to_the_key_that_was_named_or_proved_when_it_was_asked_for() {
    let scene = begin().await;
    let Scene { app, proving, .. } = &scene;
    let stranger = Key::es256();
    let code = scene.answered(&[]).await.remove("code").unwrap();
    let answer = scene.redeem(&code, None, &[]).await;
    assert_eq!(answer.status, 400, "{}", answer.body);
    let thumbprint = proving.thumbprint();
    let code = scene.answered(&[("dpop_jkt", &thumbprint)]).await.remove("code").unwrap();
    let other = app.proof(&stranger, "POST", "/oauth/token");
    scene.redeem(&code, Some(&other), &[]).await.refused(400, "invalid_grant");
    assert_eq!(scene.redeem(&code, Some(&scene.proof()), &[]).await.status, 200);
    // A proof beside a thumbprint of another key.
    let assertion = scene.assertion();
    let challenge = challenge(VERIFIER);
    let fields = |jkt: &'static str| {
        let fields = [
            ("response_type", "code"),
            ("redirect_uri", REDIRECT),
            ("scope", "openid"),
            ("code_challenge", challenge.as_str()),
            ("code_challenge_method", "S256"),
            ("client_assertion_type", ASSERTION),
        ];
        let mut fields = fields.to_vec();
        fields.push(("dpop_jkt", jkt));
        fields
    };
    let mut mismatched = fields("n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg");
    mismatched.push(("client_assertion", &assertion));
    let proof = app.proof(proving, "POST", "/oauth/par");
    let answer = app.stranger().with("dpop", &proof).post("/oauth/par", &mismatched).await;
    answer.refused(400, "invalid_dpop_proof");
    // A proof alone binds.
    let assertion = scene.assertion();
    let mut proved = fields("");
    proved.push(("client_assertion", &assertion));
    let proof = app.proof(proving, "POST", "/oauth/par");
    let answer = app.stranger().with("dpop", &proof).post("/oauth/par", &proved).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    let answer = scene.open(&scene.client.client_id, &answer.text("request_uri")).await;
    let code = parameters(answer.header("location")).remove("code").unwrap();
    let other = app.proof(&stranger, "POST", "/oauth/token");
    scene.redeem(&code, Some(&other), &[]).await.refused(400, "invalid_grant");
    assert_eq!(scene.redeem(&code, Some(&scene.proof()), &[]).await.status, 200);
}

/// `-dpop-negative-tests`, `-check-dpop-proof-nbf-exp`, `-ensure-dpop-proof-with-iat-10seconds-before-succeeds`,
/// `-after-succeeds`: security case 427
#[tokio::test]
async fn a_proof_may_say_when_it_begins_and_ends_and_be_some_seconds_off() {
    let scene = begin().await;
    let Scene { app, proving, .. } = &scene;
    let now = app.seconds();
    for changes in [json!({ "nbf": now, "exp": now + 300 }), json!({ "iat": now - 10 }), json!({ "iat": now + 10 })] {
        let code = scene.answered(&[]).await.remove("code").unwrap();
        let mut claims = app.proof_claims("POST", "/oauth/token");
        claims.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        let answer = scene.redeem(&code, Some(&proof_of(proving, &claims)), &[]).await;
        assert_eq!(answer.status, 200, "{changes}: {}", answer.body);
    }
    let token = scene.tokens().await["access_token"].as_str().unwrap().to_owned();
    let call = async |proof: Option<&str>, scheme: &str| {
        let script = app.script(&format!("{scheme} {token}"));
        let script = if let Some(proof) = proof { script.with("dpop", proof) } else { script };
        script.get("/oauth/userinfo").await
    };
    assert_eq!(call(None, "DPoP").await.status, 401);
    assert_eq!(call(None, "Bearer").await.status, 401);
    for (name, value) in
        [("htm", json!("POST")), ("htu", json!("https://other.test/")), ("ath", json!("x")), ("ath", Value::Null)]
    {
        let mut claims = app.proof_claims("GET", "/oauth/userinfo");
        claims["ath"] = json!(crate::support::jose::hash(&token));
        claims[name] = value;
        claims.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        assert_eq!(call(Some(&proof_of(proving, &claims)), "DPoP").await.status, 401, "{name}");
    }
    let proof = app.proof_with(proving, "GET", "/oauth/userinfo", &token);
    assert_eq!(call(Some(&proof), "DPoP").await.status, 200);
    assert_eq!(call(Some(&proof), "DPoP").await.status, 401);
}

/// `-refresh-token`: FAPI 2.0 Security Profile §5.3.2.1: refresh tokens are not rotated.
#[tokio::test]
async fn refresh_tokens_of_the_profile_stay() {
    let scene = begin().await;
    let tokens = scene.tokens().await;
    let refresh_token = tokens["refresh_token"].as_str().unwrap();
    for _ in 0..2 {
        let assertion = scene.assertion();
        let fields = [
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh_token),
            ("client_assertion_type", ASSERTION),
            ("client_assertion", assertion.as_str()),
        ];
        let answer = scene.app.stranger().with("dpop", &scene.proof()).post("/oauth/token", &fields).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let json = answer.json();
        assert!(json.get("refresh_token").is_none_or(|token| *token == refresh_token), "{json}");
        assert_eq!(header_of(json["id_token"].as_str().unwrap())["alg"], "PS256");
    }
}

/// `-test-claims-parameter-identity-claims`: OpenID Connect Core §5.5; in an id_token or at the UserInfo endpoint all that was
/// asked for, and no claim that nobody knows.
#[tokio::test]
async fn all_claims_are_told_that_are_asked_for_and_no_others() {
    let scene = begin().await;
    let Scene { app, client, proving, .. } = &scene;
    let ada = app.write(|tx| tx.users().find_by_login("ada")).await.unwrap();
    app.complete_user(&ada).await;
    let all = Scope::parse("openid profile email address phone").unwrap();
    app.change_client(client, move |client| client.scopes = all.clone()).await;
    let supported = app.stranger().get("/.well-known/openid-configuration").await.json()["claims_supported"].clone();
    let known = |name: &&str| claims::scope_of(name).is_some_and(|scope| scope != "roles");
    let names: Vec<&str> = supported.as_array().unwrap().iter().filter_map(Value::as_str).filter(known).collect();
    assert_eq!(names.len(), 19);
    let forms = [json!(null), json!({}), json!({ "essential": true }), json!({ "essential": false, "other": "x" })];
    let wanted: serde_json::Map<String, Value> =
        names.iter().zip(forms.iter().cycle()).map(|(name, form)| ((*name).to_owned(), form.clone())).collect();
    let asked = json!({ "id_token": wanted, "userinfo": wanted, "elsewhere": { "made_up": null } }).to_string();
    let answer = scene.answered(&[("claims", &asked)]).await;
    let tokens = scene.redeem(&answer["code"], Some(&scene.proof()), &[]).await.json();
    let token = tokens["access_token"].as_str().unwrap();
    let proof = app.proof_with(proving, "GET", "/oauth/userinfo", token);
    let told = app.script(&format!("DPoP {token}")).with("dpop", &proof).get("/oauth/userinfo").await.json();
    let (_, id_token) = app.id_token(&tokens).await;
    for name in &names {
        assert!(!told[name].is_null() && !id_token[name].is_null(), "{name}: {told} {id_token}");
    }
    let protocol = ["iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "at_hash"];
    for name in id_token.as_object().unwrap().keys().chain(told.as_object().unwrap().keys()) {
        assert!(protocol.contains(&name.as_str()) || names.contains(&name.as_str()), "{name}");
    }
}
