//! Secrets that were found where they should not be: whoever has one puts it out of use, and no more than that; and the
//! rules by which they are found.

use hallpass::domain::decoys;
use hallpass::model::audit::AuditEvent;
use hallpass::model::id::ApiKeyId;
use hallpass::model::notice::Notice;
use hallpass::model::time::Lifetime;
use hallpass::model::token::Token;
use hallpass::model::token::TokenKind;
use hallpass::model::user::User;
use hallpass::random::Random;
use reqwest::Method;
use serde_json::Value;
use serde_json::json;

use crate::support::app::TestApp;
use crate::support::caller::Answer;
use crate::support::program::Program;
use crate::support::seed::PASSWORD;

const ME: &str = "/api/v1/me";
const LEAKS: &str = "/api/v1/leaked-secrets";
const PLACE: &str = "https://git.example/repo/blob/main/.env#L3";

async fn send(app: &TestApp, secret: &str) -> Answer {
    app.stranger().json(Method::POST, LEAKS, &json!({ "secret": secret, "found_at": PLACE })).await
}

/// Reports a secret, and returns whether it is known.
#[track_caller]
fn known(answer: &Answer) -> bool {
    assert_eq!(answer.status, 200, "{}", answer.body);
    let body = answer.json();
    assert_eq!(body.as_object().unwrap().len(), 1, "{body}");
    body["known"].as_bool().unwrap()
}

async fn report(app: &TestApp, secret: &str) -> bool {
    // What comes later stands later in the log.
    app.pass(Lifetime::from_seconds(1));
    known(&send(app, secret).await)
}

async fn notices(app: &TestApp, user: &User) -> Vec<Notice> {
    let id = user.id;
    app.write(move |tx| tx.notices().list(id, None, 100)).await
}

/// What a user was told last, and that the audit log says the same, without `secret`.
async fn told(app: &TestApp, user: &User, secret: &str) -> Value {
    let notices = notices(app, user).await;
    let audited = app.audited(AuditEvent::SecretLeaked).await;
    let (notice, entry) = (notices.last().expect("a notice"), audited.last().expect("an entry"));
    assert_eq!(
        (notice.kind.as_str(), &notice.subject, &notice.details),
        ("secret_leaked", &entry.subject, &entry.details)
    );
    assert_eq!((entry.address.as_deref(), entry.credential.as_deref()), (Some("127.0.0.1"), None));
    assert!(!entry.details.contains(secret) && !entry.actor.contains(secret));
    let details: Value = serde_json::from_str(&notice.details).unwrap();
    assert_eq!(details["found_at"], PLACE);
    details
}

#[tokio::test]
async fn an_api_secret_takes_its_key_with_it_at_once_and_its_owner_is_told() {
    let app = TestApp::start().await;
    let bob = app.person("bob", &[]).await;
    let key = app.key(&bob).await;
    let script = app.script(&key.token_header());
    assert_eq!(script.get(ME).await.status, 200);
    assert!(report(&app, &key.api_secret).await);
    assert_eq!(script.get(ME).await.status, 401);
    assert_eq!(told(&app, &bob, &key.api_secret).await["secret"], "API secret");
    assert_eq!(app.audited(AuditEvent::KeyRevoked).await.len(), 1);
    // A second report gets the same answer, and tells nobody anything.
    assert!(report(&app, &key.api_secret).await);
    assert_eq!((notices(&app, &bob).await.len(), app.audited(AuditEvent::SecretLeaked).await.len()), (1, 1));
    // The pair is as good as the secret; which public half stands before it does not matter.
    let other = app.key(&bob).await;
    assert!(report(&app, &format!("{}:{}", key.api_key, other.api_secret)).await);
    assert_eq!(app.script(&other.token_header()).get(ME).await.status, 401);
}

#[tokio::test]
async fn a_secret_in_its_overlap_takes_the_key_and_one_that_ended_takes_nothing() {
    let app = TestApp::start().await;
    let bob = app.person("bob", &[]).await;
    let old = app.key(&bob).await;
    let new = app.rotate_key(&old, Lifetime::from_hours(1)).await;
    app.pass(Lifetime::from_hours(2));
    // Whether it is remembered yet depends on when the house was last kept.
    assert_eq!(send(&app, &old.api_secret).await.status, 200);
    assert_eq!(app.script(&new.token_header()).get(ME).await.status, 200, "an old log is no lever");
    assert!(notices(&app, &bob).await.is_empty());
    let newer = app.rotate_key(&new, Lifetime::from_hours(1)).await;
    assert!(report(&app, &new.api_secret).await);
    assert_eq!(app.script(&newer.token_header()).get(ME).await.status, 401);
}

#[tokio::test]
async fn every_token_of_a_sign_in_can_be_reported_and_ends_what_hangs_on_it() {
    let app = TestApp::start().await;
    let carol = app.person("carol", &[]).await;
    app.person("root", &["admin"]).await;
    app.scope("read", &[]).await;
    let client = app.web_client("read").await;
    let browser = app.signed_in("carol", PASSWORD).await;
    let text = |tokens: &Value, name: &str| tokens[name].as_str().unwrap().to_owned();

    let tokens = app.tokens(&browser, &client).await;
    let (access, refresh) = (text(&tokens, "access_token"), text(&tokens, "refresh_token"));
    assert!(report(&app, &access).await);
    assert_eq!(app.me_status(&access).await, 401);
    assert_eq!(told(&app, &carol, &access).await["secret"], "access token");
    let tokens = app.refresh(&client, &refresh).await.json();
    let access = text(&tokens, "access_token");
    assert_eq!(app.me_status(&access).await, 200, "the sign-in goes on");
    // One that was exchanged already ends the sign-in, as its use would.
    assert!(report(&app, &refresh).await);
    assert_eq!(app.me_status(&access).await, 401);
    assert_eq!(app.refresh(&client, &text(&tokens, "refresh_token")).await.text("error"), "invalid_grant");
    assert_eq!(told(&app, &carol, &refresh).await["secret"], "refresh token");

    let code = app.code(&browser, &client).await;
    assert!(report(&app, &code).await);
    assert_eq!(app.redeem(&client, &code).await.text("error"), "invalid_grant");
    assert_eq!(told(&app, &carol, &code).await["secret"], "authorization code");
    // A code that did its work stands in many logs.
    let code = app.code(&browser, &client).await;
    let tokens = app.redeem(&client, &code).await.json();
    assert!(report(&app, &code).await);
    assert_eq!(app.me_status(&text(&tokens, "access_token")).await, 200);

    let cookie = browser.cookie("hallpass_session").unwrap();
    assert!(report(&app, &cookie).await);
    assert_eq!(browser.get("/account").await.status, 303);
    assert_eq!(told(&app, &carol, &cookie).await["secret"], "session cookie");
    assert_eq!(app.me_status(&text(&tokens, "access_token")).await, 200);
}

#[tokio::test]
async fn a_client_secret_goes_with_the_tokens_in_the_clients_own_name_and_administrators_are_told() {
    let app = TestApp::start().await;
    let root = app.person("root", &["admin"]).await;
    let bob = app.person("bob", &[]).await;
    app.scope("read", &[]).await;
    let client = app.service_client("read").await;
    let token = app.token(&client, &[("grant_type", "client_credentials")]).await.text("access_token");
    assert_eq!(app.me_status(&token).await, 200);
    assert!(report(&app, &client.secret).await);
    assert_eq!(app.token(&client, &[("grant_type", "client_credentials")]).await.text("error"), "invalid_client");
    assert_eq!(app.me_status(&token).await, 401);
    assert_eq!(told(&app, &root, &client.secret).await["name"], "Ledger");
    assert!(notices(&app, &bob).await.is_empty());
    // It gets a new one as ever.
    let client = app.rotate_client_secret(&client, Lifetime::ZERO).await;
    let token = app.token(&client, &[("grant_type", "client_credentials")]).await.text("access_token");
    assert!(report(&app, &token).await);
    assert_eq!(app.me_status(&token).await, 401);
    assert_eq!(told(&app, &root, &token).await["secret"], "access token");
}

/// RFC 7591 §1.2, RFC 7592 §1.2, RFC 8628 §3.2, RFC 9126 §2.2
#[tokio::test]
async fn what_registers_and_what_asks_is_put_out_of_use_as_well() {
    let app = TestApp::start_with("[clients]\nregistration = \"token\"").await;
    let setup = app.setup_url.as_ref().unwrap().split("token=").nth(1).unwrap().to_owned();
    assert!(report(&app, &setup).await);
    assert_ne!(app.browser().get(&format!("/setup?token={setup}")).await.status, 200);
    let root = app.person("root", &["admin"]).await;
    let act = app.act();
    let (_, invitation) = app
        .store
        .write(move |tx| hallpass::domain::initial_access_tokens::create(tx, Some(9), None, &act))
        .await
        .unwrap();
    let register = async |token: &str| {
        let body = json!({ "redirect_uris": ["https://rp.test/cb"], "client_name": "Self" });
        app.script(&format!("Bearer {token}")).json(Method::POST, "/oauth/register", &body).await
    };
    let registered = register(invitation.reveal()).await.json();
    assert!(report(&app, invitation.reveal()).await);
    assert_eq!(register(invitation.reveal()).await.status, 401);
    let (manage, id) =
        (registered["registration_access_token"].as_str().unwrap(), registered["client_id"].as_str().unwrap());
    let path = format!("/oauth/register/{id}");
    assert_eq!(app.script(&format!("Bearer {manage}")).get(&path).await.status, 200);
    assert!(report(&app, manage).await);
    assert_eq!(app.script(&format!("Bearer {manage}")).get(&path).await.status, 401);
    assert_eq!(told(&app, &root, manage).await["secret"], "registration access token");

    app.scope("read", &[]).await;
    let device = hallpass::model::client::GrantType::DeviceCode;
    let client = app.client_with("read", |client| client.grant_types.push(device)).await;
    let begun = app.script(&client.basic()).post("/oauth/device_authorization", &[]).await.json();
    let code = begun["device_code"].as_str().unwrap();
    assert!(report(&app, code).await);
    let grant = ("grant_type", "urn:ietf:params:oauth:grant-type:device_code");
    assert_eq!(app.token(&client, &[grant, ("device_code", code)]).await.status, 400);
    let browser = app.signed_in("root", PASSWORD).await;
    let challenge = crate::support::flow::challenge(crate::support::flow::VERIFIER);
    let fields = [
        ("response_type", "code"),
        ("redirect_uri", client.redirect_uri.as_str()),
        ("code_challenge", challenge.as_str()),
        ("code_challenge_method", "S256"),
    ];
    let uri = app.script(&client.basic()).post("/oauth/par", &fields).await.text("request_uri");
    let reference = format!("hp_pr_{}", uri.rsplit_once("hp_pr_").unwrap().1);
    let visit = format!("/oauth/authorize?client_id={}&request_uri={uri}", client.client_id);
    assert_eq!(browser.get(&visit).await.status, 200);
    assert!(report(&app, &reference).await);
    assert_eq!(browser.get(&visit).await.status, 400);
}

#[tokio::test]
async fn an_imported_key_is_proved_by_its_pair_and_not_by_half_of_it() {
    let app = TestApp::start().await;
    let root = app.service("root", &["admin"]).await;
    let script = app.script(&app.key(&root).await.token_header());
    let user = json!([{ "email": "ada@example.org", "api_key": "9f0c1d2e3a4b5c6", "api_secret": "1a2b3c4d5e6f708" }]);
    let client =
        json!([{ "client_id": "0b2e1a6f1c", "client_secret": "4f5e6d7c8b", "redirect_uris": "https://rp.test/cb" }]);
    let body = json!({ "users": user, "clients": client });
    assert_eq!(script.json(Method::POST, "/api/v1/import/frappe", &body).await.status, 200);
    let old = app.script("token 9f0c1d2e3a4b5c6:1a2b3c4d5e6f708");
    for wrong in
        ["1a2b3c4d5e6f708", "9f0c1d2e3a4b5c6:1a2b3c4d5e6f709", "aaaaaaaaaaaaaaa:1a2b3c4d5e6f708", "x:4f5e6d7c8b"]
    {
        assert!(!report(&app, wrong).await, "{wrong}");
    }
    assert_eq!(old.get(ME).await.status, 200);
    assert!(report(&app, "9f0c1d2e3a4b5c6:1a2b3c4d5e6f708").await);
    assert_eq!(old.get(ME).await.status, 401);
    let ada = app.write(|tx| tx.users().find_by_login("ada")).await.unwrap();
    assert_eq!(told(&app, &ada, "1a2b3c4d5e6f708").await["name"], "Frappe API key");
    assert!(report(&app, "4f5e6d7c8b").await);
    assert!(app.database.lines("SELECT 'x' AS line FROM client_secrets").is_empty());
}

#[tokio::test]
async fn a_decoy_stays_at_its_post() {
    let app = TestApp::start().await;
    let bob = app.person("bob", &[]).await;
    let decoy = app.key_with(&bob, |key| key.is_decoy = true).await;
    assert!(report(&app, &decoy.api_secret).await);
    let id = ApiKeyId::parse(&decoy.id).unwrap();
    let key = app.write(move |tx| tx.api_keys().find(id)).await.unwrap();
    assert_eq!(key.revoked_at, None);
    let (caller, act) = (hallpass::domain::key_uses::Caller::default(), app.act());
    assert!(app.write(move |tx| decoys::alarm(tx, id, &caller, &act)).await);
}

#[tokio::test]
async fn what_is_not_known_is_not_told_apart_and_soon_not_looked_at() {
    let app = TestApp::start_with("[limits]\nleak_reports_per_address = 3\nleak_report_window_seconds = 60").await;
    let bob = app.person("bob", &[]).await;
    let key = app.key(&bob).await;
    // Nothing that could be a secret here is no question to the database.
    for text in ["", "x", "hunter22", "hp_sk_x", &format!("hp_sk_{}", "x".repeat(49)), &key.api_key, "a:b:c", "é"] {
        for _ in 0..2 {
            assert!(!report(&app, text).await, "{text}");
        }
    }
    let unknown = Random.token(TokenKind::ApiSecret);
    for _ in 0..3 {
        assert!(!report(&app, unknown.reveal()).await);
    }
    let limited = send(&app, unknown.reveal()).await;
    assert!(limited.problem(429).contains("too many") && !limited.header("retry-after").is_empty());
    // A secret that is good is not turned away for that.
    assert!(report(&app, &key.api_secret).await);
    assert_eq!(send(&app, &key.api_secret).await.status, 429);
    app.pass(Lifetime::from_seconds(61));
    // Reports that put something out of use are not counted, those that come too late are.
    for _ in 0..5 {
        assert!(report(&app, &app.key(&bob).await.api_secret).await);
    }
    for _ in 0..3 {
        assert!(report(&app, &key.api_secret).await);
    }
    assert_eq!(send(&app, &key.api_secret).await.status, 429);
}

#[tokio::test]
async fn a_report_needs_no_credential_looks_at_none_and_is_no_page_of_others() {
    let app = TestApp::start_with("[http]\ncors_origins = [\"https://app.example\"]").await;
    let bob = app.person("bob", &[]).await;
    let (key, mine) = (app.key(&bob).await, app.key(&bob).await);
    let body = json!({ "secret": key.api_secret });
    for header in ["token x:y", "Bearer nonsense", &mine.token_header()] {
        assert!(known(&app.script(header).json(Method::POST, LEAKS, &body).await));
    }
    let used =
        app.database.lines("SELECT 'x' AS line FROM audit WHERE credential IS NOT NULL AND event = 'secret.leaked'");
    assert!(used.is_empty());
    for origin in ["https://app.example", "https://evil.example"] {
        let asked = app.stranger().with("origin", origin).with("access-control-request-method", "POST");
        let answer = asked.send(Method::OPTIONS, LEAKS, None).await;
        assert_eq!(answer.header("access-control-allow-origin"), "", "{origin}");
        let answer = app.stranger().with("origin", origin).json(Method::POST, LEAKS, &body).await;
        assert_eq!(answer.header("access-control-allow-origin"), "", "{origin}");
    }
    for (body, why) in [
        (json!({}), "secret is missing"),
        (json!({ "secret": 7 }), "secret must be a string"),
        (json!({ "secret": "x", "found_at": null }), "found_at must be a string"),
        (json!({ "secret": "x", "url": "y" }), "url is not known"),
    ] {
        let answer = app.stranger().json(Method::POST, LEAKS, &body).await;
        assert!(answer.problem(400).contains(why), "{}", answer.body);
    }
    assert_eq!(app.stranger().post(LEAKS, &[("secret", &mine.api_secret)]).await.status, 415);
    assert_eq!(app.script(&mine.token_header()).get(ME).await.status, 200);
}

#[tokio::test]
async fn the_place_is_kept_on_one_line_and_without_the_secret() {
    let app = TestApp::start().await;
    let bob = app.person("bob", &[]).await;
    let key = app.key(&bob).await;
    let place = format!("https://x.test/?k={}\r\nSet-Cookie: a\u{1b}[31m", key.api_secret);
    let body = json!({ "secret": key.api_secret, "found_at": place });
    assert!(known(&app.stranger().json(Method::POST, LEAKS, &body).await));
    let details: Value = serde_json::from_str(&notices(&app, &bob).await[0].details).unwrap();
    assert_eq!(details["found_at"], "https://x.test/?k=[secret]Set-Cookie: a[31m");
}

#[tokio::test]
async fn rules_for_scanners_are_there_for_everybody_and_on_the_command_line() {
    let app = TestApp::start().await;
    for format in ["gitleaks", "detect-secrets"] {
        let answer = app.stranger().get(&format!("/api/v1/scan-rules?format={format}")).await;
        assert_eq!((answer.status, answer.header("content-type")), (200, "text/plain; charset=utf-8"));
        assert!(answer.body.contains(&format!("{}{LEAKS}", app.url)), "{}", answer.body);
        assert!(TokenKind::ALL.iter().all(|kind| answer.body.contains(kind.prefix())));
        assert!(Token::parse(&answer.body).is_none());
    }
    for query in ["", "?format=", "?format=x", "?format=gitleaks&format=gitleaks", "?format=gitleaks&x=y"] {
        app.stranger().get(&format!("/api/v1/scan-rules{query}")).await.problem(400);
    }
    let program = Program::new().with("HALLPASS_ISSUER", "https://id.example/sign-in");
    let rules = program.run("scan-rules --format gitleaks");
    assert!(rules.status == 0 && rules.out.contains("https://id.example/sign-in/api/v1/leaked-secrets"), "{rules:?}");
    assert_eq!((program.run("scan-rules").status, program.run("scan-rules --format x").status), (2, 2));
}
