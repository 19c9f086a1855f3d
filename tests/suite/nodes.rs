//! Two servers on one database of PostgreSQL's: whoever is asked, the answer is the same. No request needs to come to
//! the server that the one before came to.

use std::sync::Arc;

use hallpass::domain::clients::ClientDescription;
use hallpass::model::audit::AuditEvent;
use hallpass::model::client::AuthMethod;
use hallpass::model::client::GrantType;
use hallpass::model::time::Lifetime;
use reqwest::Method;
use serde_json::json;

use crate::support::app::TestApp;
use crate::support::caller::Answer;
use crate::support::flow::VERIFIER;
use crate::support::flow::challenge;
use crate::support::flow::parameters;
use crate::support::jose::Key;
use crate::support::race::Nodes;
use crate::support::race::at_once;
use crate::support::race::rounds;
use crate::support::seed::PASSWORD;

const TOKEN: &str = "/oauth/token";
const ME: &str = "/api/v1/me";
const DEVICE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// Two nodes with ada and the scope `read`; none on SQLite, where a file has one server.
async fn two_with(settings: &str) -> Option<(TestApp, TestApp)> {
    let app = TestApp::start_with(settings).await;
    if !app.database.is_postgres() {
        return None;
    }
    let other = app.beside(settings);
    app.scope("read", &[]).await;
    app.person("ada", &["admin"]).await;
    Some((app, other))
}

async fn two() -> Option<(TestApp, TestApp)> {
    two_with("").await
}

#[tokio::test]
async fn both_say_the_same_of_themselves() {
    let Some((one, other)) = two().await else { return };
    for path in ["/.well-known/oauth-authorization-server", "/.well-known/openid-configuration", "/health/ready"] {
        assert_eq!(one.stranger().get(path).await.body, other.stranger().get(path).await.body, "{path}");
    }
}

#[tokio::test]
async fn a_session_goes_from_node_to_node_with_its_forms() {
    let Some((one, other)) = two().await else { return };
    let here = one.browser();
    let there = here.on(&other);
    // The form of one node comes back to the other.
    let csrf_token = here.csrf_token("/login").await;
    let fields = [("username", "ada"), ("password", PASSWORD), ("csrf_token", csrf_token.as_str())];
    assert_eq!(there.post("/login", &fields).await.status, 303);
    assert_eq!(here.get("/account").await.status, 200);
    let csrf_token = here.csrf_token("/account").await;
    let made = there.post("/account/keys", &[("name", "export"), ("csrf_token", &csrf_token)]).await;
    assert_eq!(made.status, 200, "{}", made.body);
    let header = format!("token {}:{}", made.by_id("api-key"), made.by_id("api-secret"));
    for node in [&one, &other] {
        assert_eq!(node.script(&header).get(ME).await.status, 200);
    }
    assert_eq!(there.post("/logout", &[("csrf_token", &csrf_token)]).await.status, 303);
}

/// RFC 6749 §4.1, RFC 9126 §4: each step at the other node.
#[tokio::test]
async fn a_flow_goes_from_node_to_node() {
    let Some((one, other)) = two().await else { return };
    let client = one.web_client("read").await;
    let here = one.signed_in("ada", PASSWORD).await;
    let there = here.on(&other);
    let pushed = [
        ("response_type", "code"),
        ("redirect_uri", client.redirect_uri.as_str()),
        ("code_challenge", &challenge(VERIFIER)),
        ("code_challenge_method", "S256"),
    ];
    let request_uri = other.script(&client.basic()).post("/oauth/par", &pushed).await.text("request_uri");
    let path = format!("/oauth/authorize?client_id={}&request_uri={request_uri}", client.client_id);
    let page = here.get(&path).await;
    page.is_consent_page();
    let location = other.decide(&there, &page, "allow").await;
    let code = parameters(&location).remove("code").expect("a code");
    let tokens = one.redeem(&client, &code).await;
    let (access, mut refresh) = (tokens.text("access_token"), tokens.text("refresh_token"));
    assert_eq!((one.me_status(&access).await, other.me_status(&access).await), (200, 200));
    // A pushed request is good for one answer, on whichever node.
    assert_eq!(there.get(&path).await.status, 400);
    for node in [&other, &one, &other, &one] {
        let next = node.refresh(&client, &refresh).await.text("refresh_token");
        // A repetition within the window gets the same at the other one.
        for again in [&one, &other] {
            assert_eq!(again.refresh(&client, &refresh).await.text("refresh_token"), next);
        }
        refresh = next;
    }
    other.redeem(&client, &code).await.refused(400, "invalid_grant");
    one.refresh(&client, &refresh).await.refused(400, "invalid_grant");
    assert_eq!(one.audited(AuditEvent::CodeReplayed).await.len(), 1);
}

/// RFC 9449 §11.1
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_proof_is_good_once_on_all_nodes_together() {
    let Some((one, other)) = two_with("[http]\nworkers = 2").await else { return };
    let (client, key) = (one.service_client("read").await, Key::es256());
    let own_name = [("grant_type", "client_credentials")];
    let proof = one.proof(&key, "POST", TOKEN);
    let token = one.token_with_proof(&client, &proof, &own_name).await.text("access_token");
    assert_eq!(other.token_with_proof(&client, &proof, &own_name).await.status, 400);
    for round in 0..rounds(2) {
        let proof = one.proof_with(&key, "GET", ME, &token);
        let answers = at_once(100, |number| {
            let node = if number % 2 == 0 { &one } else { &other };
            let script = node.script(&format!("DPoP {token}")).with("dpop", &proof);
            async move { script.get(ME).await.status }
        });
        let answers = answers.await;
        assert_eq!(answers.iter().filter(|status| **status == 200).count(), 1, "round {round}");
        assert_eq!(answers.iter().filter(|status| **status == 401).count(), 99, "round {round}: {answers:?}");
    }
}

/// RFC 7523 §3
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_assertion_is_good_once_on_all_nodes_together() {
    let Some((one, other)) = two_with("[http]\nworkers = 2\n[limits]\nclient_secret_failures = 0").await else {
        return;
    };
    let key = Key::es256();
    let signs = |client: &mut ClientDescription| {
        client.auth_method = AuthMethod::PrivateKeyJwt;
        client.grant_types = vec![GrantType::ClientCredentials];
        client.redirect_uris = Vec::new();
        client.jwks = Some(key.jwks());
    };
    let client = one.client_with("read", signs).await;
    let nodes = [Arc::new(one), Arc::new(other)];
    for round in 0..rounds(2) {
        let assertion = key.sign(&nodes[0].assertion_claims(&client.client_id));
        let answers = at_once(100, |number| {
            let (node, assertion) = (Arc::clone(&nodes[number % 2]), assertion.clone());
            async move { node.token_by_assertion(&assertion, &[("grant_type", "client_credentials")]).await.status }
        });
        let answers = answers.await;
        assert_eq!(answers.iter().filter(|status| **status == 200).count(), 1, "round {round}");
        assert_eq!(answers.iter().filter(|status| **status == 401).count(), 99, "round {round}: {answers:?}");
    }
    // The second one goes first, for it is on the other one's database.
    let [one, other] = nodes;
    drop(other);
    drop(one);
}

/// RFC 8628 §3.5
#[tokio::test]
async fn a_device_asks_one_node_is_let_in_at_another_and_polls_both() {
    let Some((one, other)) = two().await else { return };
    let for_devices = |client: &mut ClientDescription| {
        client.grant_types = vec![GrantType::DeviceCode, GrantType::RefreshToken];
        client.redirect_uris = Vec::new();
        client.auth_method = AuthMethod::None;
    };
    let client = one.client_with("read", for_devices).await;
    let id = [("client_id", client.client_id.as_str())];
    let codes = one.stranger().post("/oauth/device_authorization", &id).await;
    let (device_code, user_code) = (codes.text("device_code"), codes.text("user_code"));
    let poll = [("grant_type", DEVICE), ("device_code", device_code.as_str())];
    one.token(&client, &poll).await.refused(400, "authorization_pending");
    // Too soon for both.
    other.token(&client, &poll).await.refused(400, "slow_down");
    let browser = one.signed_in("ada", PASSWORD).await;
    let there = browser.on(&other);
    let csrf_token = browser.csrf_token("/device").await;
    let page = there.post("/device", &[("user_code", &user_code), ("csrf_token", &csrf_token)]).await;
    let (user_code, csrf_token) = (page.input("user_code"), page.input("csrf_token"));
    let fields =
        [("user_code", user_code.as_str()), ("csrf_token", &csrf_token), ("decision", "allow"), ("scope", "read")];
    assert_eq!(browser.post("/device", &fields).await.status, 303);
    one.pass(Lifetime::from_seconds(30));
    let answers = at_once(2, |number| {
        let node = if number == 0 { &one } else { &other };
        let (script, poll) = (node.stranger(), poll.map(|(name, value)| (name, value.to_owned())));
        let client_id = client.client_id.clone();
        async move {
            let mut fields: Vec<(&str, &str)> = poll.iter().map(|(name, value)| (*name, value.as_str())).collect();
            fields.push(("client_id", &client_id));
            script.post(TOKEN, &fields).await
        }
    });
    let won: Vec<Answer> = answers.await.into_iter().filter(|answer| answer.status == 200).collect();
    assert_eq!(won.len(), 1);
    assert_eq!(other.me_status(&won[0].text("access_token")).await, 200);
}

/// ASVS 6.3.1: wrong passwords, client secrets and codes of devices are counted over all nodes.
#[tokio::test]
async fn failures_count_on_whichever_node_they_come() {
    let settings = "[limits]\nlogin_failures_per_account = 4\nclient_secret_failures = 4";
    let Some((one, other)) = two_with(settings).await else { return };
    for number in 0..4 {
        let node = if number % 2 == 0 { &one } else { &other };
        assert_eq!(node.browser().sign_in("ada", "a wrong password").await.status, 401, "{number}");
    }
    for node in [&one, &other] {
        assert_eq!(node.browser().sign_in("ada", PASSWORD).await.status, 429);
    }
    let client = one.service_client("read").await;
    let mut wrong = client.clone();
    wrong.secret = format!("{}x", client.secret);
    let own_name = [("grant_type", "client_credentials")];
    for number in 0..4 {
        let node = if number % 2 == 0 { &one } else { &other };
        assert_eq!(node.token(&wrong, &own_name).await.status, 401, "{number}");
    }
    for node in [&one, &other] {
        assert_eq!(node.token(&wrong, &own_name).await.status, 429);
        assert_eq!(node.token(&client, &own_name).await.status, 200, "a right one is never turned away");
    }
}

/// What one node makes or changes is there at the other at once.
#[tokio::test]
async fn what_is_made_on_one_node_is_known_to_the_other_at_once() {
    let Some((one, other)) = two().await else { return };
    let root = one.person("root", &["admin"]).await;
    let key = one.key(&root).await.token_header();
    let (here, there) = (one.script(&key), other.script(&key));
    // Asked for before it is there, so that nobody may remember that it is not.
    let late = json!({ "username": "late", "kind": "service", "roles": [] });
    for round in 0..rounds(3) {
        assert_eq!(there.get("/api/v1/scopes/made").await.status, 404);
        here.create("/api/v1/scopes", &json!({ "name": "made", "description": "Made" })).await;
        let user = here.create("/api/v1/users", &late).await["id"].as_str().unwrap().to_owned();
        let scoped = json!({ "name": "k", "user": "late", "scopes": ["made"] });
        let made = there.create("/api/v1/keys", &scoped).await;
        let pair = format!("token {}:{}", made["api_key"].as_str().unwrap(), made["api_secret"].as_str().unwrap());
        for node in [&one, &other] {
            assert_eq!(node.script(&pair).get("/auth/verify?scope=made").await.status, 200, "round {round}");
        }
        // A disabled one that is enabled again is let in where it was enabled.
        there.change(&format!("/api/v1/users/{user}"), &json!({ "enabled": false })).await;
        assert_eq!(other.script(&pair).get(ME).await.status, 401);
        there.change(&format!("/api/v1/users/{user}"), &json!({ "enabled": true })).await;
        assert_eq!(other.script(&pair).get(ME).await.status, 200);
        there.delete(&format!("/api/v1/users/{user}")).await;
        here.delete("/api/v1/scopes/made").await;
    }
}

/// ASVS 2.3.4, through the doors and on all nodes.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_fifty_who_ask_for_one_name_one_gets_it() {
    let settings = "[http]\nworkers = 4";
    let app = Nodes::of(TestApp::start_with(settings).await, settings);
    let (root, _) = app.root().await;
    let key = app.key(&root).await.token_header();
    for round in 0..rounds(2) {
        let scripts: Vec<_> = app.of_round(round).iter().map(|node| Arc::new(node.script(&key))).collect();
        let answers = at_once(50, |number| {
            let script = Arc::clone(&scripts[number % scripts.len()]);
            let name = if number % 3 == 0 { format!("Grace{round}") } else { format!("gRACE{round}") };
            async move {
                let body = json!({ "username": name, "kind": "service" });
                // Whoever is told that there is too much to do just now asks again.
                loop {
                    let answer = script.json(Method::POST, "/api/v1/users", &body).await;
                    if answer.status != 503 {
                        return answer.status;
                    }
                }
            }
        });
        let mut statuses = answers.await;
        statuses.sort_unstable();
        let mut expected = vec![409; 50];
        expected[0] = 201;
        assert_eq!(statuses, expected, "round {round}");
    }
}
