//! Acting as a service account by a signature (RFC 7523 §2.1, RFC 7521 §4.1).

use std::sync::Arc;

use hallpass::domain::clients;
use hallpass::domain::clients::ClientDescription;
use hallpass::domain::clients::ClientError;
use hallpass::model::client::AuthMethod;
use hallpass::model::client::GrantType;
use hallpass::model::id::UserId;
use hallpass::model::user::User;
use serde_json::Value;
use serde_json::json;
use tokio::task::JoinSet;

use crate::support::app::TestApp;
use crate::support::caller::Answer;
use crate::support::jose::Key;
use crate::support::jose::encode;
use crate::support::program::Program;
use crate::support::seed::SeededClient;

const GRANT: (&str, &str) = ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer");
const TYPE: (&str, &str) = ("client_assertion_type", hallpass::domain::oauth::assertion::CLIENT_ASSERTION_TYPE);

struct Scene {
    app: TestApp,
    client: SeededClient,
    key: Key,
    robot: User,
}

async fn begin_with(settings: &str, change: impl FnOnce(&mut ClientDescription)) -> Scene {
    let app = TestApp::start_with(settings).await;
    for scope in ["read", "write"] {
        app.scope(scope, &[]).await;
    }
    app.role("robot").await;
    app.scope("machines", &["robot"]).await;
    let robot = app.service("robot-7", &["robot"]).await;
    let key = Key::es256();
    let acts = |client: &mut ClientDescription| {
        client.auth_method = AuthMethod::PrivateKeyJwt;
        client.grant_types = vec![GrantType::JwtBearer];
        client.redirect_uris = Vec::new();
        client.jwks = Some(key.jwks());
        change(client);
    };
    let client = app.client_with("read write machines", acts).await;
    allow(&app, &client, &[robot.id]).await.unwrap();
    Scene { app, client, key, robot }
}

async fn begin() -> Scene {
    begin_with("[limits]\nclient_secret_failures = 0", |_| ()).await
}

async fn allow(app: &TestApp, client: &SeededClient, accounts: &[UserId]) -> Result<Vec<User>, ClientError> {
    let (id, accounts, act) = (client.id(), accounts.to_vec(), app.act());
    app.store.write(move |tx| clients::set_service_accounts(tx, id, &accounts, &act)).await
}

impl Scene {
    fn claims(&self, subject: &str) -> Value {
        let mut claims = self.app.assertion_claims(&self.client.client_id);
        claims["sub"] = json!(subject);
        claims
    }

    fn assertion(&self, subject: &str) -> String {
        self.key.sign(&self.claims(subject))
    }

    /// Asks with an assertion and nothing else.
    async fn ask(&self, assertion: &str, extra: &[(&str, &str)]) -> Answer {
        let fields = [&[GRANT, ("assertion", assertion)], extra].concat();
        self.app.stranger().post("/oauth/token", &fields).await
    }

    async fn token(&self) -> String {
        let answer = self.ask(&self.assertion("robot-7"), &[]).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.text("access_token")
    }
}

/// RFC 7523 §2.1
#[tokio::test]
async fn a_client_acts_as_a_service_account_by_its_signature() {
    let scene = begin().await;
    let metadata = scene.app.stranger().get("/.well-known/oauth-authorization-server").await.json();
    assert!(metadata["grant_types_supported"].as_array().unwrap().contains(&json!(GRANT.1)));
    for subject in ["robot-7", &scene.robot.id.to_string()] {
        let answer = scene.ask(&scene.assertion(subject), &[]).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let mut tokens = answer.json();
        let token = tokens["access_token"].take();
        let rest = json!({
            "access_token": null, "token_type": "Bearer", "expires_in": 3600, "scope": "machines read write",
        });
        assert_eq!(tokens, rest, "no refresh token");
        let script = scene.app.script(&format!("Bearer {}", token.as_str().unwrap()));
        let me = script.get("/api/v1/me").await.json();
        assert_eq!((&me["username"], &me["roles"]), (&json!("robot-7"), &json!(["robot"])), "{me}");
        assert_eq!(me["client_id"], scene.client.client_id.as_str());
    }
    // They hang on one grant, which can be seen and ended.
    assert_eq!(scene.app.count_grants(&scene.robot).await, 1);
    let token = scene.token().await;
    scene.app.revoke_grants(scene.robot.id).await;
    assert_eq!(scene.app.me_status(&token).await, 401);
}

/// RFC 7521 §4.1: client authentication may come beside it.
#[tokio::test]
async fn a_client_may_say_beside_it_who_it_is() {
    let scene = begin().await;
    let authentication = scene.key.sign(&scene.app.assertion_claims(&scene.client.client_id));
    let beside = [TYPE, ("client_assertion", authentication.as_str())];
    let answer = scene.ask(&scene.assertion("robot-7"), &beside).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    // Each of both is used up.
    scene.ask(&scene.assertion("robot-7"), &beside).await.refused(401, "invalid_client");
    // A client with a secret shows it.
    let with_secret = |client: &mut ClientDescription| {
        client.auth_method = AuthMethod::ClientSecretBasic;
        client.grant_types = vec![GrantType::JwtBearer];
        client.redirect_uris = Vec::new();
        client.jwks = Some(scene.key.jwks());
    };
    let other = scene.app.client_with("read", with_secret).await;
    allow(&scene.app, &other, &[scene.robot.id]).await.unwrap();
    let assertion = || {
        let mut claims = scene.app.assertion_claims(&other.client_id);
        claims["sub"] = json!("robot-7");
        scene.key.sign(&claims)
    };
    scene.ask(&assertion(), &[]).await.refused(401, "invalid_client");
    let answer = scene.app.token(&other, &[GRANT, ("assertion", &assertion())]).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    // Another client's assertion is none of its own.
    let others = scene.assertion("robot-7");
    scene.app.token(&other, &[GRANT, ("assertion", &others)]).await.refused(400, "invalid_grant");
}

/// RFC 7521 §4.1.1, RFC 7523 §3
#[tokio::test]
async fn nobody_else_can_be_acted_as() {
    let scene = begin().await;
    let ada = scene.app.person("ada", &["admin"]).await;
    let other = scene.app.service("robot-8", &[]).await;
    let client_id = scene.client.client_id.clone();
    let mut sentences = Vec::new();
    for subject in
        ["ada", &ada.id.to_string(), "robot-8", &other.id.to_string(), "nobody", &client_id, "robot-7@x.test"]
    {
        sentences.push(scene.ask(&scene.assertion(subject), &[]).await.refused(400, "invalid_grant"));
    }
    sentences.dedup();
    assert_eq!(sentences.len(), 1, "{sentences:?}");
    let refused = allow(&scene.app, &scene.client, &[scene.robot.id, ada.id]).await;
    assert!(matches!(refused, Err(ClientError::NoServiceAccount)));
    allow(&scene.app, &scene.client, &[scene.robot.id, other.id]).await.unwrap();
    assert_eq!(scene.ask(&scene.assertion("robot-8"), &[]).await.status, 200);
    scene.app.set_user_enabled(other.id, false).await;
    scene.ask(&scene.assertion("robot-8"), &[]).await.refused(400, "invalid_grant");
}

/// RFC 7523 §3
#[tokio::test]
async fn an_assertion_must_be_right_in_all_it_says() {
    let scene = begin().await;
    let now = scene.app.seconds();
    for (name, value) in [
        ("iss", Value::Null),
        ("iss", json!("robot-7")),
        ("aud", json!("https://other.test")),
        ("aud", Value::Null),
        ("exp", Value::Null),
        ("exp", json!(now - 31)),
        ("exp", json!(now + 3700)),
        ("nbf", json!(now + 60)),
        ("iat", json!(now + 60)),
        ("jti", Value::Null),
        ("sub", Value::Null),
    ] {
        let mut claims = scene.claims("robot-7");
        claims[name] = value;
        claims.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        let named = [("client_id", scene.client.client_id.as_str())];
        scene.ask(&scene.key.sign(&claims), &named).await.refused(400, "invalid_grant");
    }
    let claims = scene.claims("robot-7");
    for bad in [
        Key::es256().sign(&claims),
        format!("{}.{}.", encode(&json!({ "alg": "none" })), encode(&claims)),
        "nonsense".to_owned(),
        String::new(),
    ] {
        let answer = scene.ask(&bad, &[("client_id", scene.client.client_id.as_str())]).await;
        assert!(matches!(answer.status, 400 | 401), "{bad}: {}", answer.body);
        assert_ne!(answer.json()["error"], "server_error");
    }
    // What says who the client is acts as nobody, and the other way round.
    let authentication = scene.key.sign(&scene.app.assertion_claims(&scene.client.client_id));
    scene.ask(&authentication, &[]).await.refused(400, "invalid_grant");
    let fields = [("grant_type", "client_credentials")];
    scene.app.token_by_assertion(&scene.assertion("robot-7"), &fields).await.refused(401, "invalid_client");
}

/// RFC 7523 §3, point 7
#[tokio::test]
async fn an_assertion_acts_once() {
    let scene = begin_with("[limits]\nclient_secret_failures = 0\n[http]\nworkers = 4", |_| ()).await;
    let assertion = scene.assertion("robot-7");
    let stranger = Arc::new(scene.app.stranger());
    let mut running = JoinSet::new();
    for _ in 0..100 {
        let (stranger, assertion) = (Arc::clone(&stranger), assertion.clone());
        running.spawn(async move { stranger.post("/oauth/token", &[GRANT, ("assertion", &assertion)]).await.status });
    }
    let statuses = running.join_all().await;
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 400).count(), 99, "{statuses:?}");
    let address = scene.app.address();
    let database = scene.app.stop().await;
    let app = TestApp::start_on(database, &format!("listen = \"{address}\""));
    app.stranger().post("/oauth/token", &[GRANT, ("assertion", &assertion)]).await.refused(400, "invalid_grant");
}

/// RFC 6749 §3.3, RFC 9700 §2.3
#[tokio::test]
async fn the_token_can_do_what_client_and_account_both_may() {
    let scene = begin().await;
    let answer = scene.ask(&scene.assertion("robot-7"), &[("scope", "read")]).await;
    assert_eq!(answer.text("scope"), "read");
    scene.ask(&scene.assertion("robot-7"), &[("scope", "read profile")]).await.refused(400, "invalid_scope");
    scene
        .ask(&scene.assertion("robot-7"), &[("resource", "https://unknown.test/")])
        .await
        .refused(400, "invalid_target");
    let token = scene.token().await;
    scene.app.revoke_role(&scene.robot, "robot").await;
    let me = scene.app.script(&format!("Bearer {token}")).get("/api/v1/me").await.json();
    assert_eq!(me["scopes"], json!(["read", "write"]));
    assert_eq!(scene.ask(&scene.assertion("robot-7"), &[]).await.text("scope"), "read write");
}

/// RFC 7009 §1 for the same by other means: what an administrator takes back ends at once.
#[tokio::test]
async fn what_was_taken_back_ends_the_tokens() {
    let scene = begin().await;
    let token = scene.token().await;
    allow(&scene.app, &scene.client, &[]).await.unwrap();
    assert_eq!(scene.app.me_status(&token).await, 401);
    scene.ask(&scene.assertion("robot-7"), &[]).await.refused(400, "invalid_grant");
    allow(&scene.app, &scene.client, &[scene.robot.id]).await.unwrap();
    assert_eq!(scene.app.me_status(&token).await, 401);
    let token = scene.token().await;
    scene.app.set_user_enabled(scene.robot.id, false).await;
    assert_eq!(scene.app.me_status(&token).await, 401);
    scene.app.set_user_enabled(scene.robot.id, true).await;
    scene.app.set_client_enabled(&scene.client, false).await;
    assert_eq!(scene.app.me_status(&token).await, 401);
    scene.ask(&scene.assertion("robot-7"), &[]).await.refused(401, "invalid_client");
}

/// RFC 9449 §5
#[tokio::test]
async fn the_token_may_be_bound_to_a_key() {
    let scene = begin().await;
    let (app, key) = (&scene.app, Key::ed25519());
    let script = app.stranger().with("dpop", &app.proof(&key, "POST", "/oauth/token"));
    let answer = script.post("/oauth/token", &[GRANT, ("assertion", &scene.assertion("robot-7"))]).await;
    assert_eq!((answer.status, answer.text("token_type")), (200, "DPoP".to_owned()), "{}", answer.body);
    let token = answer.text("access_token");
    assert_eq!(app.me_status(&token).await, 401);
    let proof = app.proof_with(&key, "GET", "/api/v1/me", &token);
    let me = app.script(&format!("DPoP {token}")).with("dpop", &proof).get("/api/v1/me").await;
    assert_eq!(me.text("username"), "robot-7");
}

/// RFC 6749 §5.2, RFC 7591 §2
#[tokio::test]
async fn only_a_client_with_keys_and_this_grant_type_can_do_so() {
    let scene = begin().await;
    let own_name = |client: &mut ClientDescription| {
        client.auth_method = AuthMethod::PrivateKeyJwt;
        client.grant_types = vec![GrantType::ClientCredentials];
        client.redirect_uris = Vec::new();
        client.jwks = Some(scene.key.jwks());
    };
    let other = scene.app.client_with("read", own_name).await;
    allow(&scene.app, &other, &[scene.robot.id]).await.unwrap();
    let mut claims = scene.app.assertion_claims(&other.client_id);
    claims["sub"] = json!("robot-7");
    scene.ask(&scene.key.sign(&claims), &[]).await.refused(400, "unauthorized_client");
    scene.app.token(&scene.app.web_client("read").await, &[GRANT]).await.refused(400, "invalid_request");
}

/// RFC 7523 §2.1
#[test]
fn the_command_line_says_whom_a_client_acts_as() {
    let program = Program::new();
    program.run("user create robot-7 --service --json").json();
    program.run_with_input("user create ada --password-stdin --json", "correct horse battery\n").json();
    let line = "client create Robot --scope openid --grant jwt-bearer --auth-method private_key_jwt --jwks - --json";
    let jwks = Key::es256().jwks();
    let client = program.run_with_input(&format!("{line} --service-account robot-7"), &jwks).json();
    assert_eq!(client["service_accounts"], json!(["robot-7"]));
    assert_eq!(client["grant_types"], json!([GRANT.1]));
    let refusal = program.run_with_input(&format!("{line} --service-account ada"), &jwks);
    assert!(refusal.refusal().contains("service account"), "{}", refusal.refusal());
    let id = client["client_id"].as_str().unwrap();
    assert_eq!(program.run(&format!("client show {id} --json")).json()["service_accounts"], json!(["robot-7"]));
    let after = program.run(&format!("client set-service-accounts {id} --json")).json();
    assert_eq!(after["service_accounts"], json!([]));
    let log = program.run("audit list --json").json();
    let told = log.as_array().unwrap().iter().rfind(|entry| entry["event"] == "client.changed").expect("an entry");
    let details = json!({ "before": { "service_accounts": ["robot-7"] }, "after": { "service_accounts": [] } });
    assert_eq!(told["details"], details, "{told}");
    let without = "client create Robot --scope openid --grant jwt-bearer";
    assert!(program.run(without).refusal().contains("jwks or jwks_uri"));
}
