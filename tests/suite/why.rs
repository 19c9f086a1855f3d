//! Why a request was refused: `/api/v1/refusals`, `/why` and `hallpass why`.

use std::collections::BTreeMap;
use std::time::Duration;

use hallpass::clock::Clock;
use hallpass::model::api_key::KeyAccess;
use hallpass::model::client::AuthMethod;
use hallpass::model::scope::Scope;
use hallpass::model::time::Lifetime;
use reqwest::Method;
use serde_json::Value;
use serde_json::json;

use crate::support::app::TestApp;
use crate::support::caller::Answer;
use crate::support::caller::Browser;
use crate::support::caller::Script;
use crate::support::caller::client;
use crate::support::flow::VERIFIER;
use crate::support::jose::Key;
use crate::support::passkeys::Passkey;
use crate::support::program::Program;
use crate::support::seed::PASSWORD;
use crate::support::seed::SeededClient;

/// What the server kept of the request that got `answer`.
async fn kept(root: &Script, answer: &Answer) -> Value {
    let kept = root.read(&format!("/api/v1/refusals/{}", answer.header("x-request-id"))).await;
    assert_eq!(kept["status"], answer.status, "{kept}");
    kept
}

/// The check that failed, with what it asks for and what came. All before it held, and none behind it was made.
#[track_caller]
fn failed(kept: &Value) -> (String, String, String) {
    let checks = kept["checks"].as_array().expect("checks");
    let at = checks.iter().position(|check| check["state"] == "failed").unwrap_or_else(|| panic!("{kept}"));
    assert!(checks[..at].iter().all(|check| check["state"] == "held"), "{kept}");
    assert!(checks[at + 1..].iter().all(|check| check["state"] == "not_reached"), "{kept}");
    assert_eq!(kept["failed"], checks[at]["check"], "{kept}");
    assert!(kept["advice"].as_str().is_some_and(|advice| advice.ends_with('.')), "{kept}");
    let text = |name: &str| checks[at][name].as_str().expect(name).to_owned();
    (text("check"), text("expected"), text("came"))
}

/// The states of the checks, by their names.
fn states(kept: &Value) -> BTreeMap<String, String> {
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    kept["checks"].as_array().expect("checks").iter().map(|made| (text(&made["check"]), text(&made["state"]))).collect()
}

/// Checks which check refused the request that got `answer`, and that what it asks for and what came say this.
async fn is_refused_by(root: &Script, answer: &Answer, check: &str, expected: &str, came: &str) -> Value {
    let kept = kept(root, answer).await;
    let (name, wanted, got) = failed(&kept);
    assert_eq!(name, check, "{kept}");
    assert!(wanted.contains(expected), "{expected:?} in {kept}");
    assert!(got.contains(came), "{came:?} in {kept}");
    kept
}

/// A server with ada in a browser, an administrator's script, and an application.
async fn begin() -> (TestApp, Browser, Script, SeededClient) {
    let app = TestApp::start().await;
    let (_, root) = app.root().await;
    app.scope("read", &[]).await;
    app.scope("write", &[]).await;
    app.person("ada", &[]).await;
    let client = app.web_client("read").await;
    let browser = app.signed_in("ada", PASSWORD).await;
    (app, browser, root, client)
}

#[tokio::test]
async fn a_code_that_is_refused_says_which_check_it_failed() {
    let (app, browser, root, client) = begin().await;
    let redeem = |code: String, redirect_uri: &'static str, verifier: &'static str| {
        let (app, client) = (&app, &client);
        async move {
            let fields = [
                ("grant_type", "authorization_code"),
                ("code", code.as_str()),
                ("redirect_uri", redirect_uri),
                ("code_verifier", verifier),
            ];
            app.token(client, &fields).await
        }
    };
    let code = app.code(&browser, &client).await;
    app.pass(Lifetime::from_seconds(72));
    let late = redeem(code, "https://rp.test/cb", VERIFIER).await;
    let kept = is_refused_by(&root, &late, "code_unexpired", "not expired", "one that ended 12 s ago").await;
    let states = states(&kept);
    for (check, state) in
        [("client_known", "held"), ("client_secret", "held"), ("code_verifier", "held"), ("scope_left", "not_reached")]
    {
        assert_eq!(states[check], state, "{check}: {kept}");
    }
    assert_eq!((&kept["client_id"], &kept["route"]), (&json!(client.client_id), &json!("/oauth/token")));
    assert!(kept["user"].as_str().unwrap().starts_with("user_"));
    assert_eq!((&kept["surface"], &kept["method"]), (&json!("oauth"), &json!("POST")));

    let code = app.code(&browser, &client).await;
    let elsewhere = redeem(code.clone(), "https://rp.test:8443/cb?x=y", VERIFIER).await;
    is_refused_by(&root, &elsewhere, "code_redirect_uri", "https://rp.test/cb", "https://rp.test:8443/cb[…]").await;
    let other = "another-verifier-that-is-long-enough-to-be-one-0123";
    let guessed = redeem(code, "https://rp.test/cb", other).await;
    let kept = is_refused_by(&root, &guessed, "code_verifier", "code_verifier", "does not match").await;
    assert!(!kept.to_string().contains(other), "{kept}");

    let code = app.code(&browser, &client).await;
    assert_eq!(app.redeem(&client, &code).await.status, 200);
    let again = app.redeem(&client, &code).await;
    is_refused_by(&root, &again, "code_unused", "not used", "was used before").await;
    let cut = redeem(code[..40].to_owned(), "https://rp.test/cb", VERIFIER).await;
    is_refused_by(&root, &cut, "code_known", "this client", "not the whole of it").await;
    let stranger = app.web_client("read").await;
    let code = app.code(&browser, &client).await;
    let stolen = app.redeem(&stranger, &code).await;
    is_refused_by(&root, &stolen, "code_known", "this client", "another client").await;
}

#[tokio::test]
async fn the_other_grants_say_it_too() {
    let (app, browser, root, client) = begin().await;
    let tokens = app.tokens(&browser, &client).await;
    let refresh_token = tokens["refresh_token"].as_str().unwrap();
    assert_eq!(app.refresh(&client, refresh_token).await.status, 200);
    app.pass(Lifetime::from_seconds(60));
    let replayed = app.refresh(&client, refresh_token).await;
    is_refused_by(&root, &replayed, "refresh_unused", "not used", "used 60 s ago").await;
    let ended = app.refresh(&client, refresh_token).await;
    is_refused_by(&root, &ended, "sign_in_live", "not ended", "were ended").await;

    let own = app.token(&client, &[("grant_type", "client_credentials")]).await;
    is_refused_by(&root, &own, "grant_type_allowed", "client_credentials", "authorization_code refresh_token").await;
    let odd = app.token(&client, &[("grant_type", "hunter2hunter2")]).await;
    let kept = is_refused_by(&root, &odd, "grant_type_known", "authorization_code", "another grant_type").await;
    assert!(!kept.to_string().contains("hunter2"), "{kept}");
    let robot = app.service_client("read").await;
    let bare = app.token(&client, &[("grant_type", "authorization_code")]).await;
    let kept = is_refused_by(&root, &bare, "parameters_there", "are needed", "code is missing").await;
    assert_eq!(states(&kept)["client_secret"], "held", "{kept}");
    let wide = app.token(&robot, &[("grant_type", "client_credentials"), ("scope", "read write")]).await;
    is_refused_by(&root, &wide, "scope_allowed", "among read", "beside others write").await;
}

#[tokio::test]
async fn a_client_that_does_not_prove_who_it_is_is_told_apart() {
    let (app, _, root, client) = begin().await;
    let fields = [("grant_type", "authorization_code"), ("code", "x"), ("redirect_uri", "https://rp.test/cb")];
    let other = app.web_client("read").await;
    let swapped = SeededClient { secret: other.secret, ..client.clone() };
    let wrong = app.token(&swapped, &fields).await;
    assert_eq!(wrong.refused(401, "invalid_client"), "the client or its secret is not known");
    let kept = is_refused_by(&root, &wrong, "client_secret", "this client", "another secret of this server").await;
    assert_eq!(kept["client_id"], client.client_id.as_str());

    let nobody = SeededClient { client_id: format!("client_{}", "0".repeat(32)), ..client.clone() };
    let unknown = app.token(&nobody, &fields).await;
    assert_eq!(unknown.refused(401, "invalid_client"), "the client or its secret is not known");
    is_refused_by(&root, &unknown, "client_known", "enabled", "which nobody has").await;

    let body = [&fields[..], &[("client_id", &*client.client_id), ("client_secret", &*client.secret)]].concat();
    let posted = app.stranger().post("/oauth/token", &body).await;
    is_refused_by(&root, &posted, "client_place", "client_secret_basic", "client_secret_post").await;
    let bare = app.stranger().post("/oauth/token", &[&fields[..], &[("client_id", &*client.client_id)]].concat()).await;
    is_refused_by(&root, &bare, "client_method", "client_secret_basic", "client_id alone").await;
    let silent = app.stranger().post("/oauth/token", &fields).await;
    is_refused_by(&root, &silent, "client_named", "says who", "does not say who it is").await;
    let twice = app.script(&client.basic()).post("/oauth/token", &body).await;
    is_refused_by(&root, &twice, "client_one_way", "one way", "twice").await;
    for path in ["/oauth/revoke", "/oauth/introspect", "/oauth/par", "/oauth/device_authorization"] {
        let answer = app.script(&swapped.basic()).post(path, &[("token", "x")]).await;
        is_refused_by(&root, &answer, "client_secret", "this client", "another secret").await;
    }
    let blind = app.script(&client.basic()).post("/oauth/introspect", &[("token", "x")]).await;
    is_refused_by(&root, &blind, "need_scope", "introspect", "a client for read").await;
}

#[tokio::test]
async fn a_proof_is_compared_with_the_request() {
    let (app, browser, root, client) = begin().await;
    let code = app.code(&browser, &client).await;
    let key = Key::es256();
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", "https://rp.test/cb"),
        ("code_verifier", VERIFIER),
    ];
    let astray = app.proof(&key, "POST", "/oauth/elsewhere");
    let refused = app.token_with_proof(&client, &astray, &fields).await;
    let (here, there) = (format!("htm POST, htu {}/oauth/token", app.url), format!("{}/oauth/elsewhere", app.url));
    let kept = is_refused_by(&root, &refused, "proof_good", &here, &there).await;
    assert!(!kept.to_string().contains(&astray), "{kept}");

    let proof = app.proof(&key, "POST", "/oauth/token");
    let tokens = app.token_with_proof(&client, &proof, &fields).await.json();
    let token = tokens["access_token"].as_str().unwrap();
    let bearer = app.script(&format!("Bearer {token}")).get("/api/v1/me").await;
    is_refused_by(&root, &bearer, "possession", "the scheme DPoP", "another scheme").await;
}

#[tokio::test]
async fn an_api_key_that_is_refused_says_why_though_all_answers_are_one() {
    let (app, _, root, _) = begin().await;
    let user = app.person("eve", &[]).await;
    let now = app.clock.now();
    let good = app.key(&user).await;
    let expiring = app.key_with(&user, |key| key.expires_at = Some(now + Lifetime::from_seconds(5))).await;
    let bound = app.key_with(&user, |key| key.allowed_addresses = vec!["10.0.0.0/8".parse().unwrap()]).await;
    let (revoked, rotated) = (app.key(&user).await, app.key(&user).await);
    app.revoke_key(&revoked).await;
    let replaced = rotated.token_header();
    app.rotate_key(&rotated, Lifetime::from_seconds(5)).await;
    app.pass(Lifetime::from_seconds(17));
    let (swapped, cut) = (format!("token {}:{}", good.api_key, bound.api_secret), &good.api_secret[..30]);
    let mut bodies = Vec::new();
    for (header, check, expected, came) in [
        (expiring.token_header(), "key_unexpired", "not expired", "expired 12 s ago"),
        (replaced, "key_secret_unexpired", "not expired", "expired 12 s ago"),
        (bound.token_header(), "key_address", "10.0.0.0/8", "127.0.0.1"),
        (revoked.token_header(), "key_unrevoked", "not revoked", "revoked 17 s ago"),
        (swapped, "key_known", "this server made", good.api_key.as_str()),
        (format!("token {}:{cut}", good.api_key), "credential_form", "", "not the whole of it"),
        (format!("Bearer {cut}"), "credential_form", "", "cut off or mistyped"),
        ("Digest x".to_owned(), "credential_form", "", "none of Bearer, Basic, DPoP and token"),
    ] {
        let answer = app.script(&header).get("/api/v1/me").await;
        bodies.push(answer.body.clone());
        let kept = is_refused_by(&root, &answer, check, expected, came).await;
        if check.starts_with("key_") && check != "key_known" {
            assert_eq!(kept["user"], user.id.to_string(), "{kept}");
            assert!(kept["credential"].as_str().unwrap().starts_with("key_"), "{kept}");
        }
    }
    app.set_user_enabled(user.id, false).await;
    let disabled = app.script(&good.token_header()).get("/api/v1/me").await;
    bodies.push(disabled.body.clone());
    is_refused_by(&root, &disabled, "key_user", "enabled", "disabled").await;
    bodies.dedup();
    assert_eq!(bodies.len(), 1, "outside all of them look the same: {bodies:?}");
    let nobody = app.stranger().get("/api/v1/me").await;
    is_refused_by(&root, &nobody, "credential_sent", "an API key", "none").await;
}

#[tokio::test]
async fn what_a_credential_lacks_is_named_beside_what_it_has() {
    let (app, browser, root, client) = begin().await;
    let robot = app.person("robot", &["admin"]).await;
    let narrow = app.key_with(&robot, |key| key.access = KeyAccess::Scopes(Scope::parse("users:read").unwrap())).await;
    let narrow = app.script(&narrow.token_header());
    let scope = narrow.get("/api/v1/clients").await;
    let kept = is_refused_by(&root, &scope, "need_scope", "clients:read", "users:read").await;
    assert_eq!(kept["user"], robot.id.to_string());
    assert_eq!(states(&kept)["need_role"], "held", "{kept}");
    assert!(!states(&kept).contains_key("need_session"), "the route asks for none: {kept}");
    let page = browser.get("/users").await;
    is_refused_by(&root, &page, "need_role", "the role admin", "the roles none").await;
    let by_key = narrow.get("/users").await;
    is_refused_by(&root, &by_key, "need_session", "session", "api key").await;
    let tokens = app.tokens(&browser, &client).await;
    let token = app.script(&format!("Bearer {}", tokens["access_token"].as_str().unwrap()));
    let verify = token.get("/auth/verify?scope=write").await;
    is_refused_by(&root, &verify, "need_scope", "write", "scopes: read").await;
    let role = browser.get("/auth/verify?role=admin").await;
    is_refused_by(&root, &role, "need_role", "the role admin", "none").await;
    app.pass(Lifetime::from_hours(2));
    let late = token.get("/auth/verify?scope=read").await;
    is_refused_by(&root, &late, "token_unexpired", "not over", "ended 60 min ago").await;
    let gone = narrow.get("/api/v1/users/user_00000000000000000000000000000000").await;
    is_refused_by(&root, &gone, "found", "", "nothing in reach").await;
    let odd = narrow.json(Method::POST, "/api/v1/users", &json!({})).await;
    is_refused_by(&root, &odd, "need_scope", "users:write", "users:read").await;
}

#[tokio::test]
async fn an_authorization_request_says_it_whoever_is_told() {
    let (app, browser, root, client) = begin().await;
    let page = browser.get(&client.authorize_path(&[("redirect_uri", "https://rp.test:8443/cb?a=b")])).await;
    page.is_error_page();
    let kept = is_refused_by(&root, &page, "redirect_uri", "https://rp.test/cb", "https://rp.test:8443/cb[…]").await;
    assert_eq!((&kept["client_id"], &kept["status"]), (&json!(client.client_id), &json!(400)));
    let unknown = browser.get("/oauth/authorize?client_id=hunter2hunter2&response_type=code").await;
    let kept = is_refused_by(&root, &unknown, "client_known", "enabled", "of another form").await;
    assert!(!kept.to_string().contains("hunter2"), "{kept}");

    let told = browser.get(&client.authorize_path(&[("scope", "read write")])).await;
    app.redirected(&told, "https://rp.test/cb", "invalid_scope", Some("xyz"));
    let kept = is_refused_by(&root, &told, "scope_allowed", "among read", "beside others write").await;
    assert_eq!(states(&kept)["pkce"], "held", "{kept}");
    assert_eq!(kept["client_id"], client.client_id.as_str());
    let public = app.client_with("read", |client| client.auth_method = AuthMethod::None).await;
    let bare = browser.get(&public.authorize_path(&[("code_challenge", ""), ("code_challenge_method", "")])).await;
    is_refused_by(&root, &bare, "pkce", "S256", "code_challenge is missing").await;
    let reference =
        format!("/oauth/authorize?client_id={}&request_uri=urn:ietf:params:oauth:request_uri:x", client.client_id);
    is_refused_by(&root, &browser.get(&reference).await, "request_reference", "", "no such pushed request").await;
}

#[tokio::test]
async fn a_sign_in_says_to_administrators_which_half_was_wrong() {
    let (app, _, root, _) = begin().await;
    app.service("robot", &[]).await;
    let off = app.person("off", &[]).await;
    app.set_user_enabled(off.id, false).await;
    for (name, password, check) in [
        ("ada", "hunter2hunter2", "password_right"),
        ("hunter2hunter2", PASSWORD, "user_known"),
        ("off", PASSWORD, "user_enabled"),
        ("robot", "hunter2hunter2", "user_has_password"),
    ] {
        let answer = app.browser().sign_in(name, password).await;
        assert_eq!(answer.status, 401);
        let kept = is_refused_by(&root, &answer, check, "", "").await;
        assert!(!kept.to_string().contains("hunter2"), "{kept}");
        let by_name = app.stranger().post("/api/method/login", &[("usr", name), ("pwd", password)]).await;
        is_refused_by(&root, &by_name, check, "", "").await;
    }
    let browser = app.browser();
    browser.get("/login").await;
    let forged = browser.post("/login", &[("username", "ada"), ("password", PASSWORD)]).await;
    is_refused_by(&root, &forged, "form_token", "", "").await;
    let ada = app.signed_in("ada", PASSWORD).await;
    let request = ada.request(Method::POST, "/account/profile").header("sec-fetch-site", "cross-site");
    let foreign = ada.send(request.form(&[("full_name", "x")])).await;
    is_refused_by(&root, &foreign, "same_site", &app.url, "Sec-Fetch-Site: cross-site").await;
}

/// The names of the checks in `state`, in their order.
fn names(kept: &Value, state: &str) -> Vec<String> {
    let checks = kept["checks"].as_array().expect("checks").iter().filter(|check| check["state"] == state);
    checks.map(|check| check["check"].as_str().expect("a name").to_owned()).collect()
}

#[tokio::test]
async fn of_a_sign_in_only_what_was_looked_at_is_said_to_have_held() {
    let app = TestApp::start_by_name("[limits]\nsecond_factor_failures_per_account = 2").await;
    let (_, root) = app.root().await;
    app.person("ada", &[]).await;
    let (passkey, _) = app.add_passkey(&app.signed_in("ada", PASSWORD).await).await;
    let wrong = Passkey { credential: passkey.credential.clone(), ..Passkey::at(&app) };
    let form = ["same_site", "form_token", "understood"];

    let alone = app.browser().show_passkey("/login", &wrong).await;
    let kept = is_refused_by(&root, &alone, "passkey", "a passkey of this server", "another one").await;
    assert_eq!(names(&kept, "held"), [&form[..], &["not_too_often"]].concat(), "{kept}");
    assert!(names(&kept, "not_reached").is_empty(), "{kept}");
    app.browser().show_passkey("/login", &wrong).await;
    let limited = app.browser().show_passkey("/login", &wrong).await;
    let kept = is_refused_by(&root, &limited, "not_too_often", "the section limits", "there is room again").await;
    assert_eq!(
        (names(&kept, "held"), names(&kept, "not_reached")),
        (form.map(str::to_owned).to_vec(), vec!["passkey".to_owned()])
    );

    let before = ["not_too_often", "user_known", "user_enabled", "user_has_password", "password_right", "step_live"];
    let browser = app.browser();
    browser.sign_in("ada", PASSWORD).await;
    let by_passkey = browser.show_passkey("/login/second-factor", &wrong).await;
    let kept = is_refused_by(&root, &by_passkey, "passkey", "its signature", "another one").await;
    assert_eq!(names(&kept, "held"), [&form[..], &before].concat(), "nobody looked at a code: {kept}");
    let by_code = browser.second_step("/login/second-factor", "000000").await;
    let kept = is_refused_by(&root, &by_code, "second_factor", "the code of now", "another code").await;
    assert_eq!(names(&kept, "held"), [&form[..], &before].concat(), "{kept}");
    assert!(names(&kept, "not_reached").is_empty(), "nobody would look at a passkey: {kept}");
}

#[tokio::test]
async fn what_stands_in_a_json_body_is_not_kept() {
    let (app, browser, root, _) = begin().await;
    let secret = "hunter2hunter2";
    let bodies = [
        (Method::POST, "/api/v1/keys", json!({ "name": "x", "user": secret, "full_access": true })),
        (Method::POST, "/api/v1/keys", json!({ "name": "x", "user": format!(" {secret} "), "full_access": true })),
        (Method::POST, "/api/v1/keys", json!({ "name": "x", "user": format!("\"{secret}\\"), "full_access": true })),
        (Method::POST, "/api/v1/keys", json!({ "name": "x", "user": format!("it's {secret}"), "full_access": true })),
        (
            Method::POST,
            "/api/v1/keys",
            json!({ "name": "x", "user": format!("pa\u{308}{secret}"), "full_access": true }),
        ),
        (Method::POST, "/api/v1/keys", json!({ "name": "x", "full_access": true, "roles": [secret] })),
        (
            Method::POST,
            "/api/v1/keys",
            json!({ "name": "x", "full_access": true, "roles": [format!("pa\u{308}{secret}")] }),
        ),
        (Method::POST, "/api/v1/keys", json!({ "name": "x", "scopes": [secret] })),
        (Method::POST, "/api/v1/users", json!({ "username": "eve", "roles": [secret] })),
        (Method::POST, "/api/v1/scopes", json!({ "name": "x", "description": "x", "roles": [secret] })),
        (Method::POST, "/api/v1/clients", json!({ "client_name": "x", "redirect_uris": [secret] })),
        (Method::POST, "/api/v1/clients", json!({ "client_name": "x", "grant_types": [secret] })),
        (Method::POST, "/api/v1/clients", json!({ "client_name": "x", "roles": [secret] })),
        (Method::POST, "/api/v1/clients", json!({ "client_name": "x", "scopes": [secret] })),
    ];
    for (method, path, body) in bodies {
        let answer = root.json(method, path, &body).await;
        assert!((400..500).contains(&answer.status), "{path} {body}: {} {}", answer.status, answer.body);
        let kept = kept(&root, &answer).await;
        assert!(!kept.to_string().contains("hunter2"), "{path} {body}: {kept}");
    }
    // A network may be wrong twenty times in a second.
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    // Nor what stands in a path.
    for kind in ["roles", "scopes", "resources", "users", "clients", "keys", "sessions", "grants"] {
        let answer = root.send(Method::DELETE, &format!("/api/v1/{kind}/{secret}"), None).await;
        assert_eq!(answer.status, 404, "{kind}: {}", answer.body);
        let kept = kept(&root, &answer).await;
        assert!(!kept.to_string().contains("hunter2"), "{kind}: {kept}");
    }
    // Nor what stands in JSON in a query.
    let path = format!("/api/resource/User?filters=%5B%5B%22{secret}%22,%22=%22,%22x%22%5D%5D");
    let answer = browser.get(&path).await;
    assert!(answer.status >= 400, "{}", answer.body);
    let of_query = kept(&root, &answer).await;
    assert!(!of_query.to_string().contains("hunter2"), "{of_query}");
    // Nor what looks like the list of the members that are known.
    let answer = root.json(Method::POST, "/api/v1/keys", &json!({ "a`b`Hunter2 Hunter2!": 1 })).await;
    assert!(answer.status == 400 && answer.body.contains("a member is not known here"), "{}", answer.body);
    assert!(!answer.body.contains("unter2"), "{}", answer.body);
    // Nor an address with a query that is no client's name.
    let asked = "client_id=https%3A%2F%2FAPP.test%2Fx%3Ftoken%3Dhunter2hunter2&response_type=code";
    let answer = browser.get(&format!("/oauth/authorize?{asked}")).await;
    assert_eq!(answer.status, 400, "{}", answer.body);
    let of_url = kept(&root, &answer).await;
    assert!(of_url.to_string().contains("normal form") && !of_url.to_string().contains("hunter2"), "{of_url}");
    let rows = app.database.lines("SELECT checks AS line FROM refusals").join("\n");
    assert!(rows.contains("[hidden]") && !rows.contains("hunter2"), "{rows}");
}

/// RFC 8707 §2, RFC 8693 §2.1: these may stand there more than once.
#[tokio::test]
async fn a_parameter_that_is_repeated_neither_hides_a_check_nor_shows_a_secret() {
    let (app, _, root, client) = begin().await;
    for uri in ["https://a.test", "https://b.test"] {
        app.resource(uri, "").await;
    }
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", "hunter2hunter2"),
        ("redirect_uri", "https://rp.test/cb"),
        ("code_verifier", VERIFIER),
        ("resource", "https://a.test"),
        ("resource", "https://b.test"),
    ];
    let answer = app.token(&client, &fields).await;
    let kept = is_refused_by(&root, &answer, "code_known", "this client", "").await;
    let states = states(&kept);
    for (check, state) in [("client_secret", "held"), ("parameters_there", "held"), ("code_unused", "not_reached")] {
        assert_eq!(states.get(check).map(String::as_str), Some(state), "{check}: {kept}");
    }
    assert!(!kept.to_string().contains("hunter2"), "{kept}");
    // Of one that may not, all that came is hidden; `user` stands in the sentence.
    let path = "/api/v1/keys?user=hunter2hunter2&limit=5&limit=6";
    let answer = root.get(path).await;
    let kept = self::kept(&root, &answer).await;
    assert!(!kept.to_string().contains("hunter2"), "{kept}");
}

#[tokio::test]
async fn nobody_takes_their_own_name_out_of_what_is_kept() {
    let (app, _, root, client) = begin().await;
    let id = client.client_id.as_str();
    let fields =
        [("grant_type", "authorization_code"), ("code", "x"), ("redirect_uri", "https://rp.test/cb"), ("x", id)];
    let answer = app.token(&client, &fields).await;
    let kept = is_refused_by(&root, &answer, "code_known", "", "").await;
    assert_eq!(kept["client_id"], id, "{kept}");
    let known = kept["checks"].as_array().unwrap().iter().find(|check| check["check"] == "client_known").unwrap();
    assert_eq!(known["came"], id, "{kept}");
    let user = app.person("eve", &[]).await;
    let key = app.key(&user).await;
    let script = app.script(&key.token_header());
    let answer = script.get(&format!("/api/v1/clients?x={}&y={}", key.id, user.id)).await;
    let kept = self::kept(&root, &answer).await;
    assert_eq!((&kept["user"], &kept["credential"]), (&json!(user.id.to_string()), &json!(key.id)), "{kept}");
    assert!(!kept.to_string().contains("[hidden]"), "{kept}");
}

#[tokio::test]
async fn a_policy_that_is_not_there_is_told_to_administrators() {
    let app = TestApp::start_with("[verify.policies.files]\nroles = [\"admin\"]").await;
    let (_, root) = app.root().await;
    for path in ["/auth/verify/policy/hunter2hunter2", "/auth/verify/policy/hunter2hunter2/of/the/visitor"] {
        let answer = app.stranger().get(path).await;
        assert_eq!((answer.status, answer.body.as_str()), (404, ""));
        let kept = is_refused_by(&root, &answer, "found", "verify.policies", "none of them").await;
        assert_eq!((&kept["surface"], names(&kept, "held").len()), (&json!("verify"), 0), "{kept}");
        assert!(!kept.to_string().contains("hunter2"), "{kept}");
    }
    let answer = app.stranger().get("/auth/verify/policy/files").await;
    let kept = is_refused_by(&root, &answer, "credential_sent", "", "none").await;
    assert_eq!(names(&kept, "held"), ["found"], "{kept}");
    let without = app.stranger().get("/auth/verify").await;
    let kept = is_refused_by(&root, &without, "credential_sent", "", "none").await;
    assert!(names(&kept, "held").is_empty(), "{kept}");
}

#[tokio::test]
async fn limits_say_that_they_are_reached() {
    let app = TestApp::start_with("[limits]\nlogin_failures_per_account = 2\nclient_secret_failures = 1").await;
    let (_, root) = app.root().await;
    app.person("ada", &[]).await;
    for _ in 0..2 {
        assert_eq!(app.browser().sign_in("ada", "hunter2hunter2").await.status, 401);
    }
    let limited = app.browser().sign_in("ada", "hunter2hunter2").await;
    assert_eq!(limited.status, 429);
    is_refused_by(&root, &limited, "not_too_often", "the section limits", "there is room again in").await;
}

/// Secrets in their places, in each other's and where none belongs; then the whole database is searched.
#[tokio::test]
async fn no_secret_is_kept_wherever_it_was_sent() {
    let (app, browser, root, client) = begin().await;
    let user = app.person("eve", &[]).await;
    let key = app.key(&user).await;
    let code = app.code(&browser, &client).await;
    let tokens = app.tokens(&browser, &client).await;
    let text = |name: &str| tokens[name].as_str().unwrap().to_owned();
    let assertion = Key::es256().sign(&json!({ "iss": "x", "sub": "x" }));
    let typed = "a password that somebody typed";
    let secrets = [
        key.api_secret.clone(),
        code,
        text("access_token"),
        text("refresh_token"),
        client.secret.clone(),
        VERIFIER.to_owned(),
        assertion,
        typed.to_owned(),
    ];
    let names = ["grant_type", "client_id", "client_secret", "code", "code_verifier", "redirect_uri", "resource"];
    let names = [&names[..], &["client_assertion", "assertion", "token", "password", "refresh_token"]].concat();
    for secret in &secrets {
        for name in &names {
            let is_code = name.len() % 2 == 0;
            let grant = if is_code { ("authorization_code", "code") } else { ("refresh_token", "refresh_token") };
            let mut fields = vec![("grant_type", grant.0), (grant.1, secret.as_str())];
            fields.retain(|(of, _)| of != name);
            fields.push((name, secret.as_str()));
            app.token(&client, &fields).await;
        }
        for path in ["/oauth/introspect", "/oauth/par", "/oauth/revoke"] {
            app.stranger().post(path, &[("client_id", secret), ("token", secret)]).await;
        }
        for parameter in ["client_id", "redirect_uri", "response_type", "prompt", "resource", "request", "request_uri"]
        {
            browser.get(&client.authorize_path(&[(parameter, secret)])).await;
        }
        // A network may be wrong twenty times in a second.
        tokio::time::sleep(Duration::from_millis(1_100)).await;
        let word = secret.replace(' ', "_");
        for header in [format!("Bearer {word}"), format!("token {word}:{word}"), word.clone()] {
            app.script(&header).get("/api/v1/me").await;
        }
        app.browser().sign_in(secret, secret).await;
        app.stranger().post("/api/method/login", &[("usr", secret), ("pwd", secret)]).await;
        root.json(Method::POST, "/api/v1/keys", &json!({ "name": secret, "scopes": [7] })).await;
        root.get(&format!("/api/v1/refusals/{}", "0".repeat(32))).await;
        tokio::time::sleep(Duration::from_millis(1_100)).await;
    }
    let refusals = root.list("/api/v1/refusals", 100).await;
    // Each of them: fifteen at the token endpoint and its like, one header and more, two sign-ins, the bodies.
    assert!(refusals.len() > 20 * secrets.len(), "{}", refusals.len());
    let all = Value::from(refusals).to_string();
    let rows = app.database.lines("SELECT checks AS line FROM refusals").join("\n");
    for secret in secrets.iter().flat_map(|secret| [secret.clone(), secret.replace(' ', "_")]) {
        assert!(!all.contains(&secret) && !rows.contains(&secret), "{secret}");
        let half = &secret[..secret.len() / 2];
        assert!(!all.contains(half) && !rows.contains(half), "half of {secret}");
    }
}

#[tokio::test]
async fn a_flood_stays_within_its_bounds() {
    let app = TestApp::start_with("[log]\nrefusals_kept = 30").await;
    let (_, root) = app.root().await;
    let began = std::time::Instant::now();
    for _ in 0..300 {
        assert_eq!(app.script("Bearer x").get("/api/v1/me").await.status, 401);
    }
    let seconds = usize::try_from(began.elapsed().as_secs()).unwrap() + 2;
    let kept = root.list("/api/v1/refusals", 100).await.len();
    assert!(kept > 0 && kept <= 20 * seconds, "{kept} in {seconds} s");
    for _ in 0..4 {
        for _ in 0..25 {
            app.script("Bearer x").get("/api/v1/me").await;
        }
        tokio::time::sleep(Duration::from_millis(1_100)).await;
    }
    let last = app.script("Bearer x").get("/api/v1/me").await;
    tokio::time::sleep(Duration::from_millis(2_200)).await;
    let rows = app.database.lines("SELECT failed AS line FROM refusals").len();
    // A tenth more may be there until the next second, or minute.
    assert!(rows <= 33, "{rows}");
    self::kept(&root, &last).await;
    let off = TestApp::start_with("[log]\nrefusals_kept = 0").await;
    let (_, root) = off.root().await;
    let answer = off.stranger().get("/api/v1/me").await;
    root.get(&format!("/api/v1/refusals/{}", answer.header("x-request-id"))).await.problem(404);
}

#[tokio::test]
async fn what_is_older_than_a_week_goes() {
    let (app, _, root, _) = begin().await;
    let old = app.stranger().get("/api/v1/me").await;
    kept(&root, &old).await;
    app.pass(Lifetime::from_days(8));
    let database = app.stop().await;
    let clock =
        std::sync::Arc::new(hallpass::clock::FixedClock::at(crate::support::app::BEGIN + Lifetime::from_days(8)));
    let app = TestApp::start_at(database, "", clock);
    let path = format!("/api/v1/refusals/{}", old.header("x-request-id"));
    let browser = app.signed_in("root", PASSWORD).await;
    for _ in 0..50 {
        if browser.get(&path).await.status == 404 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("it is still there");
}

#[tokio::test]
async fn a_restart_keeps_what_was_refused_a_moment_before() {
    let (app, _, _, _) = begin().await;
    let refused = app.stranger().get("/api/v1/me").await;
    let app = TestApp::start_on(app.stop().await, "");
    let browser = app.signed_in("root", PASSWORD).await;
    let page = browser.get(&format!("/why/{}", refused.header("x-request-id"))).await;
    assert_eq!(page.status, 200, "{}", page.body);
    assert!(page.body.contains("A credential was sent") && page.body.contains("not reached"), "{}", page.body);
}

/// An id comes from the server alone: what a caller sends in its place is not read.
#[tokio::test]
async fn nobody_chooses_the_id_of_a_request() {
    let (app, _, root, _) = begin().await;
    let first = app.stranger().get("/api/v1/me").await;
    let id = first.header("x-request-id");
    let second = app.stranger().with("x-request-id", id).get("/api/v1/clients").await;
    assert_ne!(second.header("x-request-id"), id);
    assert_eq!(kept(&root, &first).await["route"], "/api/v1/me");
    assert_eq!(kept(&root, &second).await["route"], "/api/v1/clients");
}

#[tokio::test]
async fn administrators_look_it_up_on_a_page() {
    let (app, ada, _, client) = begin().await;
    let browser = app.signed_in("root", PASSWORD).await;
    let refused = ada.get(&client.authorize_path(&[("redirect_uri", "https://rp.test:8443/cb")])).await;
    assert!(!refused.has_id("why"), "ada is no administrator");
    app.pass(Lifetime::from_seconds(1));
    let other = app.stranger().get("/api/v1/me").await;
    let (first, second) = (refused.header("x-request-id"), other.header("x-request-id"));

    let list = browser.get("/why").await;
    let at = |id: &str| list.body.find(id).unwrap_or_else(|| panic!("{id}: {}", list.body));
    assert!(at(second) < at(first), "newest first");
    for (query, seen, unseen) in [
        (format!("client={}", client.client_id), first, second),
        ("user=ada".to_owned(), first, second),
        ("surface=api".to_owned(), second, first),
    ] {
        let page = browser.get(&format!("/why?{query}")).await;
        assert!(page.body.contains(seen) && !page.body.contains(unseen), "{query}: {}", page.body);
    }
    let found = browser.get(&format!("/why?id=%20{}", first.to_uppercase())).await;
    assert_eq!((found.status, found.header("location")), (303, format!("/why/{first}").as_str()));
    let page = browser.get(&format!("/why/{first}")).await;
    for seen in ["redirect_uri is registered for the client", "https://rp.test:8443/cb", "Ledger", ">ada</a>"] {
        assert!(page.body.contains(seen), "{seen}: {}", page.body);
    }
    assert!(!page.body.contains("<script") || page.header("content-security-policy").contains("script-src"));
    for (path, status) in [("/why?id=x", 200), ("/why/x", 404), ("/why/00000000000000000000000000000000", 404)] {
        let page = browser.get(path).await;
        assert_eq!(page.status, status, "{path}");
        assert!(page.body.contains("field-error"), "{path}: {}", page.body);
    }
    // An administrator's own error page leads there.
    let own = browser.get(&client.authorize_path(&[("redirect_uri", "https://rp.test:8443/cb")])).await;
    assert_eq!(own.link("why"), format!("/why/{}", own.header("x-request-id")));
    assert_eq!(browser.get(&own.link("why")).await.status, 200);
    for path in ["/why", &format!("/why/{first}")] {
        assert_eq!(ada.get(path).await.status, 403, "{path}");
        assert_eq!(app.stranger().get(path).await.status, 303, "{path}");
    }
}

#[tokio::test]
async fn the_page_says_it_in_the_language_of_its_reader() {
    let (app, ada, root, client) = begin().await;
    let browser = app.signed_in("root", PASSWORD).await;
    let read =
        async |path: &str| browser.send(browser.request(Method::GET, path).header("accept-language", "de")).await.body;
    let wrong = ada.get(&client.authorize_path(&[("scope", "read write")])).await;
    let key = app.stranger().with("authorization", "Bearer hp_at_x").get("/api/v1/me").await;
    let role = ada.get("/users").await;
    for (answer, said) in [
        (
            &wrong,
            &[
                "Sie ist an dieser Prüfung gescheitert: „Die Anwendung darf alle Berechtigungen haben, die sie anfordert“.",
                "Geben Sie der Anwendung die Berechtigungen, oder fordern Sie weniger an.",
                "redirect_uri ist für die Anwendung registriert",
                "nur Berechtigungen aus read",
                "außerdem write",
            ][..],
        ),
        (&key, &["Bearer mit einem Geheimnis mit falscher Prüfsumme"]),
        (&role, &["Benutzer oder Anwendung haben die Rolle, die nötig ist", "die Rolle admin", "jemand ohne Rollen"]),
    ] {
        let id = answer.header("x-request-id");
        let page = read(&format!("/why/{id}")).await;
        for words in said {
            assert!(page.contains(words), "no {words:?}: {page}");
        }
        assert!(!page.contains("It failed at this"), "{page}");
        // What programs read is English.
        let kept = kept(&root, answer).await;
        assert!(kept["advice"].as_str().is_some_and(|advice| !advice.contains("Sie ")), "{kept}");
    }
    let list = read("/why").await;
    assert!(list.contains("Gescheitert an: Die Anwendung darf alle Berechtigungen haben"), "{list}");
    assert!(list.contains("Gesendet wurde: jemand ohne Rollen"), "{list}");
}

#[tokio::test]
async fn the_list_is_narrowed_and_goes_on_at_its_next_page() {
    let (app, ada, root, client) = begin().await;
    for _ in 0..15 {
        ada.get(&client.authorize_path(&[("scope", "read write")])).await;
        app.pass(Lifetime::from_millis(1));
    }
    let other = app.stranger().get("/api/v1/me").await;
    let all = root.list("/api/v1/refusals", 4).await;
    assert_eq!(all.len(), 16);
    assert_eq!(all[0]["id"], other.header("x-request-id"));
    let of_client = root.list(&format!("/api/v1/refusals?client_id={}", client.client_id), 100).await;
    assert_eq!(of_client.len(), 15);
    assert_eq!(root.list("/api/v1/refusals?user=ada", 100).await.len(), 15);
    assert_eq!(root.list("/api/v1/refusals?surface=api", 100).await.len(), 1);
    root.get("/api/v1/refusals?client=x").await.problem(400);
    root.get("/api/v1/refusals/x").await.problem(404);
    let eve = app.person("eve", &[]).await;
    let eve = app.script_of(&eve).await;
    assert_eq!(eve.get("/api/v1/refusals").await.status, 403);
}

#[tokio::test]
async fn the_command_line_says_it_beside_the_running_server() {
    let program = Program::new();
    program.run("user create ada --service --json").json();
    let key = program.run("key create --user ada --full-access --json").json();
    program.run(&format!("key revoke {} --json", key["id"].as_str().unwrap())).json();
    let server = program.serve();
    let header = format!("token {}:{}", key["api_key"].as_str().unwrap(), key["api_secret"].as_str().unwrap());
    let answer =
        client().get(format!("{}/api/v1/me", server.url)).header("authorization", header).send().await.unwrap();
    let answer = Answer::of(answer).await;
    assert_eq!(answer.status, 401);
    let id = answer.header("x-request-id").to_owned();

    let told = program.run(&format!("why {id} --json")).json();
    assert_eq!((&told["failed"], &told["username"]), (&json!("key_unrevoked"), &json!("ada")));
    assert_eq!((&told["credential"], &told["status"]), (&key["id"], &json!(401)));
    let text = program.run(&format!("why {id}"));
    assert_eq!(text.status, 0, "{text:?}");
    for line in [
        "held         The API key is known, and the secret is its own",
        "failed       The API key was not revoked",
        "expected: a key that was not revoked",
        "came: one that was revoked",
        "not reached  The API key is enabled",
        "What to do: Make a new key; the audit log says who revoked it.",
        "(ada)",
    ] {
        assert!(text.out.contains(line), "{line}: {}", text.out);
    }
    assert!(!text.out.contains(key["api_secret"].as_str().unwrap()));
    assert!(program.run(&format!("why {}", "0".repeat(32))).refusal().contains("nothing is known"));
    assert!(program.run("why x").refusal().contains("32 hex digits"));
}
