//! Two at once: whichever way it falls out, what was acknowledged holds. On SQLite writes come one after another; on
//! PostgreSQL these find each lock that is missing.

use std::sync::Arc;

use hallpass::config::secret_key::SecretKeys;
use hallpass::domain::act::Act;
use hallpass::domain::clients;
use hallpass::domain::clients::ClientDescription;
use hallpass::domain::oauth::authorize::Parameters;
use hallpass::domain::oauth::authorize::Policy;
use hallpass::domain::oauth::consent;
use hallpass::domain::oauth::consent::Begun;
use hallpass::domain::oauth::consent::Decider;
use hallpass::domain::oauth::register::RegistrationRules;
use hallpass::domain::oauth::signing_keys::SigningKeys;
use hallpass::domain::sessions;
use hallpass::domain::sessions::SessionLifetimes;
use hallpass::model::client::AuthMethod;
use hallpass::model::client::GrantType;
use hallpass::model::issuer::Issuer;
use hallpass::model::name::DisplayName;
use hallpass::model::redirect_uri::RedirectUri;
use hallpass::model::scope::Scope;
use hallpass::model::time::Lifetime;
use hallpass::model::user::Roles;
use hallpass::store::Store;
use hallpass::store::StoreError;
use reqwest::Method;
use serde_json::Value;
use serde_json::json;

use crate::support::api::built_in;
use crate::support::app::TestApp;
use crate::support::app::config;
use crate::support::caller::Answer;
use crate::support::caller::Browser;
use crate::support::seed::PASSWORD;

const ROUNDS: usize = 25;

fn description(name: &str) -> ClientDescription {
    ClientDescription {
        grant_types: vec![GrantType::AuthorizationCode],
        redirect_uris: vec![RedirectUri::parse("https://rp.test/cb").unwrap()],
        scopes: Scope::parse("profile").unwrap(),
        trusted: true,
        ..ClientDescription::new(DisplayName::parse(name).unwrap(), AuthMethod::ClientSecretBasic)
    }
}

async fn register(store: &Store, act: &Act) -> hallpass::model::client::Client {
    let act = act.clone();
    store.write(move |tx| clients::register(tx, &description("Ledger"), &act)).await.unwrap().0
}

#[tokio::test]
async fn a_client_that_was_disabled_beside_an_edit_stays_disabled() {
    let app = TestApp::start().await;
    for round in 0..ROUNDS {
        let client = register(&app.store, &app.act()).await;
        let (edit, disable) = (app.act(), app.act());
        let name = format!("Ledger {round}");
        let edited = app.store.write(move |tx| clients::change(tx, client.id, &description(&name), &edit));
        let disabled = app.store.write(move |tx| clients::set_enabled(tx, client.id, false, &disable));
        let (edited, disabled) = tokio::join!(edited, disabled);
        assert!(edited.is_ok() && disabled.is_ok());
        let after = app.write(move |tx| tx.clients().find(client.id)).await.unwrap();
        assert!(!after.enabled, "round {round}");
    }
}

#[tokio::test]
async fn two_rotations_at_once_leave_one_secret() {
    let app = TestApp::start().await;
    for round in 0..ROUNDS {
        let client = register(&app.store, &app.act()).await;
        let rotate = || {
            let act = app.act();
            app.store.write(move |tx| clients::rotate_secret(tx, client.id, Lifetime::ZERO, &act))
        };
        let (one, other) = tokio::join!(rotate(), rotate());
        let hashes = [one.unwrap().1.hash(), other.unwrap().1.hash()];
        let now = app.act().now;
        let live = app.write(move |tx| {
            let mut live = 0;
            for hash in &hashes {
                live += usize::from(tx.clients().live_secret(client.id, hash, false, now)?.is_some());
            }
            Ok(live)
        });
        assert_eq!(live.await, 1, "round {round}");
    }
}

/// A session that ended after its request came in gives nothing any more, though the client is trusted.
#[tokio::test]
async fn no_code_is_given_in_a_session_that_has_ended_meanwhile() {
    let app = TestApp::start().await;
    let ada = app.person("ada", &[]).await;
    let client = register(&app.store, &app.act()).await;
    let act = app.act();
    let lifetimes = SessionLifetimes { idle: Lifetime::from_hours(1), absolute: Lifetime::from_hours(1) };
    let (began, id) = (act.clone(), ada.id);
    let (session, _) = app.write(move |tx| sessions::begin(tx, id, sessions::PASSWORD, "", lifetimes, &began)).await;
    let parameters = Parameters {
        response_type: Some("code".to_owned()),
        client_id: Some(client.client_id),
        ..Parameters::default()
    };
    let policy = Policy {
        issuer: Issuer::parse(&app.url).unwrap(),
        require_pkce: false,
        code_lifetime: Lifetime::from_seconds(60),
        access_token_lifetime: Lifetime::from_hours(1),
    };
    let decider = Decider { user: ada.id, session: session.id, roles: Roles::default() };
    let keys = SecretKeys::open(&config(&app.database, ""), |_| ()).unwrap();
    let ring = SigningKeys::default().ring(&app.store, &keys, act.now).await.unwrap();
    let begin = || {
        let (parameters, policy, decider, act) = (parameters.clone(), policy.clone(), decider.clone(), act.clone());
        let ring = Arc::clone(&ring);
        let rules = RegistrationRules { per_address: None, changes: None, most_unused: None, issuer_is_loopback: true };
        app.store.write(move |tx| consent::begin(tx, &parameters, &decider, &policy, &ring, rules, &act))
    };
    assert!(matches!(begin().await.unwrap(), Begun::Answered(_)));
    let ended: Result<usize, StoreError> = app.store.write(move |tx| tx.sessions().end_all_of(id, None)).await;
    assert_eq!(ended.unwrap(), 1);
    assert!(matches!(begin().await.unwrap(), Begun::SessionEnded));
}

/// What there is that could act after its maker: keys and their secrets, clients, users and their passwords and roles.
fn made(app: &TestApp) -> Vec<String> {
    let hash = if app.database.is_postgres() { "encode(hash, 'hex')" } else { "hex(hash)" };
    let tables = [
        "SELECT HASH AS line FROM api_key_secrets ORDER BY 1",
        "SELECT client_id AS line FROM clients ORDER BY 1",
        "SELECT HASH AS line FROM client_secrets ORDER BY 1",
        "SELECT username || coalesce(password_hash, '') AS line FROM users ORDER BY 1",
        "SELECT role_name || ' ' || count(*) AS line FROM user_roles GROUP BY role_name ORDER BY 1",
    ];
    tables.iter().flat_map(|query| app.database.lines(&query.replace("HASH", hash))).collect()
}

/// Sends `request` while another transaction ends what it hangs on, and sees to it that nothing is made: it is checked
/// before that is committed, and would write afterwards.
async fn ended_in_between(
    app: &TestApp,
    statements: &[&str],
    request: impl Future<Output = Answer> + Send + 'static,
) -> Answer {
    let ending = app.database.begin(statements);
    let answer = tokio::spawn(request);
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert!(!answer.is_finished(), "{statements:?}: it does not wait: {:?}", answer.await);
    ending.commit();
    let before = made(app);
    let answer = answer.await.unwrap();
    // What ended long ago may be forgotten meanwhile; nothing may come.
    let more: Vec<String> = made(app).into_iter().filter(|line| !before.contains(line)).collect();
    assert_eq!(more, Vec::<String>::new(), "{statements:?}: {}", answer.body);
    answer
}

/// Each way in which a key ends, and each thing that it could have made.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_makes_nothing_after_its_revocation() {
    let app = TestApp::start().await;
    app.person("first", &["admin"]).await;
    let other = app.person("other", &[]).await;
    let keys = ("/api/v1/keys", json!({ "name": "late", "full_access": true }));
    let late = |path: String, body: Value| (path, body);
    let kept = app.key(&other).await;
    let client = app.web_client("profile").await;
    let doors = [
        late(format!("/api/v1/keys/{}/rotate", kept.id), json!({})),
        late("/api/v1/users".to_owned(), json!({ "username": "late", "kind": "service" })),
        late(
            "/api/v1/clients".to_owned(),
            json!({ "client_name": "Late", "redirect_uris": ["https://rp.test/cb"], "scope": "profile" }),
        ),
        late(format!("/api/v1/clients/{}/rotate-secret", client.client_id), json!({})),
        late("/api/method/frappe.core.doctype.user.user.generate_keys".to_owned(), json!({ "user": "other" })),
    ];
    let endings: [&[&str]; 5] = [
        &["UPDATE api_keys SET revoked_at = 1 WHERE id = KEY"],
        &["UPDATE api_keys SET enabled = false WHERE id = KEY"],
        // Whatever changes a secret or a role takes the key's or the user's row first.
        &["UPDATE api_keys SET name = name WHERE id = KEY", "DELETE FROM api_key_secrets WHERE key_id = KEY"],
        &["UPDATE users SET enabled = false WHERE username = 'USER'"],
        &[
            "UPDATE users SET enabled = enabled WHERE username = 'USER'",
            "DELETE FROM user_roles WHERE user_id = (SELECT id FROM users WHERE username = 'USER')",
        ],
    ];
    let through_keys = endings.iter().map(|ending| (*ending, late(keys.0.to_owned(), keys.1.clone())));
    let through_others = doors.into_iter().map(|door| (endings[0], door));
    for (number, (ending, (path, body))) in through_keys.chain(through_others).enumerate() {
        let name = format!("root{number}");
        let root = app.person(&name, &["admin"]).await;
        let key = app.key(&root).await;
        let id = format!("(SELECT id FROM api_keys WHERE api_key = '{}')", key.api_key);
        let statements: Vec<String> = ending.iter().map(|sql| sql.replace("KEY", &id).replace("USER", &name)).collect();
        let statements: Vec<&str> = statements.iter().map(String::as_str).collect();
        let script = app.script(&key.token_header());
        let answer = ended_in_between(&app, &statements, async move { script.json(Method::POST, &path, &body).await });
        assert_eq!(answer.await.status, 401, "{statements:?}");
        assert_eq!(app.script(&key.token_header()).get("/api/v1/users").await.status / 100, 4, "{statements:?}");
    }
}

/// RFC 7009 §2, RFC 8693 §2.1: a token, whatever of it ends, and one that came of a key.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_makes_nothing_after_its_revocation() {
    let app = TestApp::start().await;
    let root = app.person("root", &["admin"]).await;
    let endings: [&[&str]; 6] = [
        &["UPDATE access_tokens SET revoked_at = 1"],
        &["UPDATE families SET ended_at = 1"],
        &["UPDATE grants SET revoked_at = 1"],
        &["UPDATE clients SET enabled = false"],
        &["UPDATE users SET enabled = false WHERE username = 'root'"],
        &["UPDATE api_keys SET revoked_at = 1"],
    ];
    let late = json!({ "client_name": "Late", "redirect_uris": ["https://rp.test/cb"], "scope": "profile" });
    for ending in endings {
        app.set_user_enabled(root.id, true).await;
        let scopes = built_in(":write");
        let client = app.client_with(&scopes, |client| client.grant_types.push(GrantType::TokenExchange)).await;
        let token = if ending[0].contains("api_keys") {
            let key = app.key(&root).await;
            let fields = [
                ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
                ("subject_token", key.api_secret.as_str()),
                ("subject_token_type", "urn:hallpass:params:oauth:token-type:api_key"),
            ];
            app.token(&client, &fields).await.text("access_token")
        } else {
            let browser = app.signed_in("root", PASSWORD).await;
            app.tokens(&browser, &client).await["access_token"].as_str().unwrap().to_owned()
        };
        let (script, late) = (app.script(&format!("Bearer {token}")), late.clone());
        let request = async move { script.json(Method::POST, "/api/v1/clients", &late).await };
        assert_eq!(ended_in_between(&app, ending, request).await.status, 401, "{ending:?}");
    }
}

/// What was asked for on a page whose session ended is not done.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_makes_nothing_after_its_end() {
    let app = TestApp::start().await;
    app.person("root", &["admin"]).await;
    let other = app.person("other", &[]).await;
    let own = app.key(&app.person("ada", &["admin"]).await).await;
    let client = app.web_client("profile").await;
    let client_path = format!("/clients/{}", client.client_id);
    let doors = [
        ("/account/keys".to_owned(), vec![("name", "late")]),
        (format!("/account/keys/{}/rotate", own.id), vec![("overlap", "none")]),
        (format!("/users/{}/keys", other.id), vec![("name", "late")]),
        ("/users/new".to_owned(), vec![("username", "late"), ("service", "yes")]),
        (format!("/users/{}/password", other.id), vec![("new_password", "a rather long password")]),
        (format!("/users/{}", other.id), vec![("role", "admin")]),
        (format!("{client_path}/rotate-secret"), vec![]),
        (
            "/clients/new".to_owned(),
            vec![
                ("client_name", "Late"),
                ("redirect_uris", "https://rp.test/cb"),
                ("scope", "profile"),
                ("grant_types", "authorization_code"),
                ("token_endpoint_auth_method", "client_secret_basic"),
            ],
        ),
    ];
    for (path, fields) in doors {
        let browser: Browser = app.signed_in("ada", PASSWORD).await;
        let csrf_token = browser.csrf_token("/account").await;
        let shown = path.clone();
        let request = async move {
            let mut fields = fields;
            fields.push(("csrf_token", &csrf_token));
            browser.post(&path, &fields).await
        };
        let answer = ended_in_between(&app, &["DELETE FROM sessions"], request).await;
        assert_eq!(answer.status, 401, "{shown}: {}", answer.body);
    }
}
