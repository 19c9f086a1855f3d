//! A client in its own name (RFC 6749 §4.4).

use hallpass::domain::clients::ClientDescription;
use hallpass::model::client::GrantType;
use hallpass::model::name::DisplayName;
use hallpass::model::role::RoleName;
use hallpass::model::scope::Scope;
use hallpass::model::time::Lifetime;
use hallpass::model::user::Roles;
use serde_json::Value;
use serde_json::json;

use crate::support::app::TestApp;
use crate::support::caller::Answer;
use crate::support::seed::PASSWORD;
use crate::support::seed::SeededClient;

async fn begin() -> (TestApp, SeededClient) {
    let app = TestApp::start().await;
    app.scope("read", &[]).await;
    app.scope("write", &[]).await;
    let client = app.service_client("read write").await;
    (app, client)
}

fn own_name(client: &mut ClientDescription) {
    client.grant_types = vec![GrantType::ClientCredentials];
    client.redirect_uris = Vec::new();
}

fn roles(names: &[&str]) -> Roles {
    names.iter().map(|name| RoleName::parse(name).unwrap()).collect()
}

async fn ask(app: &TestApp, client: &SeededClient, scope: Option<&str>) -> Answer {
    let mut fields = vec![("grant_type", "client_credentials")];
    fields.extend(scope.map(|scope| ("scope", scope)));
    app.token(client, &fields).await
}

async fn me(app: &TestApp, access_token: &str) -> Value {
    app.script(&format!("Bearer {access_token}")).get("/api/v1/me").await.json()
}

/// RFC 6749 §4.4.3
#[tokio::test]
async fn a_client_gets_an_access_token_and_never_a_refresh_token() {
    let (app, client) = begin().await;
    let answer = ask(&app, &client, None).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.not_stored();
    let mut tokens = answer.json();
    let access_token = tokens["access_token"].take();
    assert!(access_token.as_str().unwrap().starts_with("hp_at_"));
    let rest = json!({ "access_token": null, "token_type": "Bearer", "expires_in": 3600, "scope": "read write" });
    assert_eq!(tokens, rest);
    // Not even where it may refresh what users let it do.
    let both = |client: &mut ClientDescription| client.grant_types.push(GrantType::ClientCredentials);
    let client = app.client_with("read offline_access", both).await;
    let tokens = ask(&app, &client, None).await.json();
    assert!(tokens["access_token"].is_string() && tokens.get("refresh_token").is_none(), "{tokens}");
}

/// RFC 6749 §4.4; RFC 9700 §4.15
#[tokio::test]
async fn it_acts_as_itself_and_can_never_pass_for_a_user() {
    let (app, _) = begin().await;
    app.role("robot").await;
    let ada = app.person("ada", &["admin"]).await;
    let named_like_her = |client: &mut ClientDescription| {
        own_name(client);
        client.name = DisplayName::parse("ada").unwrap();
        client.roles = roles(&["robot"]);
    };
    let client = app.client_with("read", named_like_her).await;
    let access_token = ask(&app, &client, None).await.text("access_token");
    let expected = json!({
        "subject": "client", "id": client.client_id, "username": null, "email": null, "full_name": null,
        "roles": ["robot"], "full_access": false, "scopes": ["read"], "credential": "access_token",
        "client_id": client.client_id, "expires_at": app.act().now.seconds() + 3600,
    });
    assert_eq!(me(&app, &access_token).await, expected);
    assert_ne!(client.client_id, ada.id.to_string());
    // It is no person: no page is open to it, and no consent.
    let web = app.web_client("read").await;
    let script = app.script(&format!("Bearer {access_token}"));
    let answer = script.get(&web.authorize_path(&[])).await;
    assert_eq!(answer.status, 403, "{}", answer.body);
    let fields = [("request", "x"), ("decision", "allow")];
    assert_eq!(script.post("/oauth/consent", &fields).await.status, 403);
}

/// RFC 6749 §3.3, §4.4.2
#[tokio::test]
async fn it_gets_what_it_asks_for_and_is_registered_for() {
    let (app, client) = begin().await;
    for (scope, granted) in [("read", "read"), ("write read", "read write"), ("read read", "read")] {
        let answer = ask(&app, &client, Some(scope)).await;
        assert_eq!(answer.text("scope"), granted);
        let scopes = me(&app, &answer.text("access_token")).await["scopes"].clone();
        assert_eq!(scopes, json!(granted.split(' ').collect::<Vec<_>>()));
    }
    assert_eq!(ask(&app, &client, Some("")).await.text("scope"), "read write");
    for scope in
        ["nothing", "read nothing", "READ", "profile", "*", "read,write", "\"read\"", "read\\", "réad", "\u{7f}"]
    {
        ask(&app, &client, Some(scope)).await.refused(400, "invalid_scope");
    }
}

/// RFC 6749 §4.4
#[tokio::test]
async fn a_scope_that_is_bound_to_a_role_needs_the_clients_own_role() {
    let (app, _) = begin().await;
    app.role("robot").await;
    app.role("other").await;
    app.scope("machines", &["robot"]).await;
    let without = app.client_with("read machines", own_name).await;
    assert_eq!(ask(&app, &without, None).await.text("scope"), "read");
    ask(&app, &without, Some("machines")).await.refused(400, "invalid_scope");
    let with_role = |client: &mut ClientDescription| {
        own_name(client);
        client.roles = roles(&["robot", "other"]);
    };
    let with = app.client_with("read machines introspect users:read", with_role).await;
    // What is built in needs no role where an administrator registered the client.
    let answer = ask(&app, &with, None).await;
    assert_eq!(answer.text("scope"), "introspect machines read users:read");
    let access_token = answer.text("access_token");
    app.change_client(&with, |client| client.roles = roles(&["other"])).await;
    assert_eq!(me(&app, &access_token).await["scopes"], json!(["introspect", "read", "users:read"]));
    app.change_client(&with, |client| client.scopes = Scope::parse("read").unwrap()).await;
    assert_eq!(me(&app, &access_token).await["scopes"], json!(["read"]));
    app.delete_scope("read").await;
    assert_eq!(me(&app, &access_token).await["scopes"], json!([]));
}

/// RFC 6749 §4.4.2, §5.2
#[tokio::test]
async fn a_disabled_clients_tokens_are_refused_at_once() {
    let (app, client) = begin().await;
    let access_token = ask(&app, &client, None).await.text("access_token");
    assert_eq!(app.me_status(&access_token).await, 200);
    app.set_client_enabled(&client, false).await;
    assert_eq!(app.me_status(&access_token).await, 401);
    ask(&app, &client, None).await.refused(401, "invalid_client");
    app.set_client_enabled(&client, true).await;
    assert_eq!(app.me_status(&access_token).await, 200);
    app.delete_client(&client).await;
    assert_eq!(app.me_status(&access_token).await, 401);
    ask(&app, &client, None).await.refused(401, "invalid_client");
}

/// RFC 6749 §2.3.1
#[tokio::test]
async fn a_new_secret_without_overlap_ends_what_the_old_one_could_have_been_used_for() {
    let (app, client) = begin().await;
    let first = ask(&app, &client, None).await.text("access_token");
    let client = app.rotate_client_secret(&client, Lifetime::from_hours(1)).await;
    assert_eq!(app.me_status(&first).await, 200);
    let client = app.rotate_client_secret(&client, Lifetime::ZERO).await;
    assert_eq!(app.me_status(&first).await, 401);
    let second = ask(&app, &client, None).await.text("access_token");
    assert_eq!(app.me_status(&second).await, 200);
}

/// RFC 6749 §4.2.2
#[tokio::test]
async fn a_token_lives_for_as_long_as_it_said() {
    let app = TestApp::start_with("[tokens]\naccess_token_lifetime_seconds = 2").await;
    app.scope("read", &[]).await;
    let client = app.service_client("read").await;
    let answer = ask(&app, &client, None).await;
    assert_eq!(answer.json()["expires_in"], 2);
    app.pass(Lifetime::from_millis(1999));
    assert_eq!(app.me_status(&answer.text("access_token")).await, 200);
    app.pass(Lifetime::from_millis(1));
    assert_eq!(app.me_status(&answer.text("access_token")).await, 401);
}

/// RFC 8707 §2
#[tokio::test]
async fn a_token_for_an_api_that_nobody_knows_cannot_be_had() {
    let (app, client) = begin().await;
    app.person("ada", &[]).await;
    let web = app.web_client("read").await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let code = app.code(&browser, &web).await;
    let refresh_token = app.tokens(&browser, &web).await["refresh_token"].as_str().unwrap().to_owned();
    for resource in ["https://api.test/", "nonsense", "https://api.test/#x", "urn:x"] {
        let resource = ("resource", resource);
        let own = [("grant_type", "client_credentials"), resource];
        app.token(&client, &own).await.refused(400, "invalid_target");
        let redeem = [("grant_type", "authorization_code"), ("code", &code), resource];
        app.token(&web, &redeem).await.refused(400, "invalid_target");
        let refresh = [("grant_type", "refresh_token"), ("refresh_token", &refresh_token), resource];
        app.token(&web, &refresh).await.refused(400, "invalid_target");
        let one_of_two = [own[0], ("resource", app.url.as_str()), resource];
        app.token(&client, &one_of_two).await.refused(400, "invalid_target");
    }
    let with_slash = format!("{}/", app.url);
    for itself in [app.url.as_str(), &with_slash] {
        let own = [("grant_type", "client_credentials"), ("resource", itself)];
        assert_eq!(app.token(&client, &own).await.status, 200, "{itself}");
    }
    assert_eq!(app.redeem(&web, &code).await.status, 200);
    assert_eq!(app.refresh(&web, &refresh_token).await.status, 200);
}
