//! Introspection (RFC 7662).

use hallpass::domain::clients::ClientDescription;
use hallpass::model::api_key::KeyAccess;
use hallpass::model::client::AuthMethod;
use hallpass::model::client::GrantType;
use hallpass::model::scope::Scope;
use hallpass::model::time::Lifetime;
use serde_json::Value;
use serde_json::json;

use crate::support::app::TestApp;
use crate::support::caller::Answer;
use crate::support::caller::Browser;
use crate::support::seed::PASSWORD;
use crate::support::seed::SeededClient;

const INTROSPECT: &str = "/oauth/introspect";

async fn begin() -> (TestApp, Browser, SeededClient) {
    let app = TestApp::start().await;
    app.role("editor").await;
    app.scope("read", &[]).await;
    app.scope("write", &["editor"]).await;
    app.resource("https://one.test/", "").await;
    app.resource("https://two.test/api", "").await;
    app.person("ada", &["editor"]).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let client = app.web_client("read write").await;
    (app, browser, client)
}

async fn ask(app: &TestApp, caller: &str, token: &str) -> Answer {
    let answer = app.script(caller).post(INTROSPECT, &[("token", token)]).await;
    assert_eq!(answer.header("cache-control"), "no-store");
    answer
}

async fn told(app: &TestApp, caller: &str, token: &str) -> Value {
    let answer = ask(app, caller, token).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.json()
}

#[track_caller]
fn inactive(answer: &Answer) {
    assert_eq!((answer.status, answer.body.as_str()), (200, "{\"active\":false}"));
}

async fn own_token(app: &TestApp, client: &SeededClient, extra: &[(&str, &str)]) -> String {
    let mut fields = vec![("grant_type", "client_credentials")];
    fields.extend(extra);
    app.token(client, &fields).await.text("access_token")
}

/// RFC 7662 §2.2
#[tokio::test]
async fn a_live_token_is_told_with_all_that_is_true_of_it() {
    let (app, browser, client) = begin().await;
    let caller = app.introspector(None).await.basic();
    let tokens = app.tokens(&browser, &client).await;
    let now = app.act().now.seconds();
    let mut access = told(&app, &caller, tokens["access_token"].as_str().unwrap()).await;
    let sub = access["sub"].take();
    assert!(sub.as_str().unwrap().starts_with("user_"));
    let expected = json!({
        "active": true, "sub": null, "username": "ada", "client_id": client.client_id, "scope": "read write",
        "roles": ["editor"], "credential": "access_token", "token_type": "Bearer", "iss": app.url,
        "iat": now, "exp": now + 3600,
    });
    assert_eq!(access, expected);
    let mut refresh = told(&app, &caller, tokens["refresh_token"].as_str().unwrap()).await;
    assert_eq!(refresh["sub"].take(), sub);
    let expected = json!({
        "active": true, "sub": null, "username": "ada", "client_id": client.client_id, "scope": "read write",
        "roles": ["editor"], "credential": "refresh_token", "iss": app.url, "exp": now + 30 * 86_400,
    });
    assert_eq!(refresh, expected);
    let machine = app.service_client("read").await;
    let mut own = told(&app, &caller, &own_token(&app, &machine, &[]).await).await;
    assert_eq!(own["sub"].take(), machine.client_id);
    let expected = json!({
        "active": true, "sub": null, "client_id": machine.client_id, "scope": "read", "roles": [],
        "credential": "access_token", "token_type": "Bearer", "iss": app.url, "iat": now, "exp": now + 3600,
    });
    assert_eq!(own, expected);
}

/// RFC 7662 §2.1, for API keys: the secret names its key.
#[tokio::test]
async fn an_api_key_is_told_by_its_secret() {
    let (app, _, _) = begin().await;
    let caller = app.introspector(None).await.basic();
    let ada = app.person("grace", &[]).await;
    let scoped = |new: &mut hallpass::domain::api_keys::NewApiKey| {
        new.access = KeyAccess::Scopes(Scope::parse("read").unwrap());
    };
    let key = app.key_with(&ada, scoped).await;
    let expected = json!({
        "active": true, "sub": ada.id.to_string(), "username": "grace", "scope": "read", "roles": [],
        "credential": "api_key", "full_access": false, "api_key": key.api_key, "iss": app.url,
    });
    assert_eq!(told(&app, &caller, &key.api_secret).await, expected);
    // Full access is every scope that the user can use: none that is bound to roles of others.
    let key = app.key(&ada).await;
    let full = told(&app, &caller, &key.api_secret).await;
    let scopes: Vec<&str> = full["scope"].as_str().unwrap().split(' ').collect();
    assert_eq!(full["full_access"], true);
    assert!(scopes.contains(&"read") && scopes.contains(&"openid"));
    assert!(!scopes.contains(&"write") && !scopes.contains(&"introspect") && !scopes.contains(&"users:read"));
    app.revoke_key(&key).await;
    inactive(&ask(&app, &caller, &key.api_secret).await);
    // The public half is no secret and proves nothing.
    inactive(&ask(&app, &caller, &key.api_key).await);
}

/// A key that works from some addresses only is live only for one of them.
#[tokio::test]
async fn a_key_that_is_bound_to_addresses_is_told_only_for_one_of_them() {
    let (app, _, _) = begin().await;
    let caller = app.script(&app.introspector(None).await.basic());
    let grace = app.person("grace", &[]).await;
    let here = |new: &mut hallpass::domain::api_keys::NewApiKey| {
        new.allowed_addresses = vec!["198.51.100.0/24".parse().unwrap()];
    };
    let secret = app.key_with(&grace, here).await.api_secret;
    let from = async |address: Option<&str>| {
        let mut fields = vec![("token", secret.as_str())];
        fields.extend(address.map(|address| ("client_ip", address)));
        caller.post(INTROSPECT, &fields).await
    };
    inactive(&from(None).await);
    inactive(&from(Some("203.0.113.1")).await);
    for good in ["198.51.100.7", "::ffff:198.51.100.7"] {
        assert_eq!(from(Some(good)).await.json()["active"], true);
    }
    from(Some("here")).await.refused(400, "invalid_request");
}

/// RFC 7662 §2.2, §4: unknown, ended, revoked, of another kind: all the same.
#[tokio::test]
async fn whatever_is_not_live_is_inactive_and_nothing_more() {
    let (app, browser, client) = begin().await;
    let caller = app.introspector(None).await.basic();
    let code = app.code(&browser, &client).await;
    let cookie = browser.cookie("hallpass_session").unwrap();
    for other in ["garbage", "hp_at_x", &code, &cookie, &client.secret, "é"] {
        inactive(&ask(&app, &caller, other).await);
    }
    let tokens = app.redeem(&client, &code).await.json();
    let (access, refresh) = (tokens["access_token"].as_str().unwrap(), tokens["refresh_token"].as_str().unwrap());
    assert_eq!(told(&app, &caller, refresh).await["active"], true);
    app.refresh(&client, refresh).await;
    inactive(&ask(&app, &caller, refresh).await);
    app.script(&client.basic()).post("/oauth/revoke", &[("token", access)]).await;
    inactive(&ask(&app, &caller, access).await);
    let machine = app.service_client("read").await;
    let own = own_token(&app, &machine, &[]).await;
    app.pass(Lifetime::from_seconds(3599));
    assert_eq!(told(&app, &caller, &own).await["active"], true);
    app.pass(Lifetime::from_seconds(1));
    inactive(&ask(&app, &caller, &own).await);
}

/// RFC 7662 §2.2: what is true now, not what was when the token was made.
#[tokio::test]
async fn what_was_taken_away_since_is_not_told() {
    let (app, browser, client) = begin().await;
    let caller = app.introspector(None).await.basic();
    let tokens = app.tokens(&browser, &client).await;
    let (access, refresh) = (tokens["access_token"].as_str().unwrap(), tokens["refresh_token"].as_str().unwrap());
    let grace = app.person("grace", &["editor"]).await;
    let other = app.signed_in("grace", PASSWORD).await;
    let graces = app.tokens(&other, &client).await;
    let graces = graces["access_token"].as_str().unwrap();
    app.revoke_role(&grace, "editor").await;
    let told_of_grace = told(&app, &caller, graces).await;
    assert_eq!((&told_of_grace["scope"], &told_of_grace["roles"]), (&json!("read"), &json!([])));
    app.change_client(&client, |client| client.scopes = Scope::parse("write").unwrap()).await;
    assert_eq!(told(&app, &caller, access).await["scope"], "write");
    assert_eq!(told(&app, &caller, refresh).await["scope"], "write");
    app.set_user_enabled(grace.id, false).await;
    inactive(&ask(&app, &caller, graces).await);
    app.set_client_enabled(&client, false).await;
    inactive(&ask(&app, &caller, access).await);
    inactive(&ask(&app, &caller, refresh).await);
    app.set_client_enabled(&client, true).await;
    assert_eq!(told(&app, &caller, access).await["active"], true);
    let ada = told(&app, &caller, access).await["sub"].as_str().unwrap().to_owned();
    app.revoke_grants(hallpass::model::id::UserId::parse(&ada).unwrap()).await;
    inactive(&ask(&app, &caller, access).await);
    inactive(&ask(&app, &caller, refresh).await);
}

/// RFC 7662 §4
#[tokio::test]
async fn a_resource_sees_only_tokens_that_are_meant_for_it() {
    let (app, _, _) = begin().await;
    let machine = app.service_client("read").await;
    let first = own_token(&app, &machine, &[("resource", "https://one.test")]).await;
    let second = own_token(&app, &machine, &[("resource", "https://two.test/api")]).await;
    let both = [("resource", "https://one.test/"), ("resource", "https://two.test/api")];
    let both = own_token(&app, &machine, &both).await;
    let unbound = own_token(&app, &machine, &[]).await;
    // It may be written with or without the slash that is its whole path.
    let one = app.introspector(Some("https://one.test")).await.basic();
    let two = app.introspector(Some("https://two.test/api")).await.basic();
    let all = app.introspector(None).await.basic();
    assert_eq!(told(&app, &one, &first).await["aud"], json!(["https://one.test/"]));
    assert_eq!(told(&app, &one, &both).await["aud"], json!(["https://one.test/", "https://two.test/api"]));
    assert_eq!(told(&app, &two, &second).await["active"], true);
    inactive(&ask(&app, &one, &second).await);
    inactive(&ask(&app, &two, &first).await);
    inactive(&ask(&app, &one, &unbound).await);
    for token in [&first, &second, &both, &unbound] {
        assert_eq!(told(&app, &all, token).await["active"], true);
    }
    // An API key is good everywhere its user is; a refresh token is meant for no resource.
    let grace = app.person("grace", &[]).await;
    assert_eq!(told(&app, &one, &app.key(&grace).await.api_secret).await["active"], true);
    let browser = app.signed_in("grace", PASSWORD).await;
    let client = app.web_client("read").await;
    let refresh = app.tokens(&browser, &client).await["refresh_token"].as_str().unwrap().to_owned();
    inactive(&ask(&app, &one, &refresh).await);
    assert_eq!(told(&app, &all, &refresh).await["active"], true);
}

/// RFC 7662 §4: by whichever way it asks.
#[tokio::test]
async fn a_resource_sees_no_more_by_its_own_token() {
    let (app, browser, client) = begin().await;
    let machine = app.service_client("read").await;
    let second = own_token(&app, &machine, &[("resource", "https://two.test/api")]).await;
    let first = own_token(&app, &machine, &[("resource", "https://one.test/")]).await;
    let one = app.introspector(Some("https://one.test/")).await;
    let own = format!("Bearer {}", own_token(&app, &one, &[]).await);
    let refresh = app.tokens(&browser, &client).await["refresh_token"].as_str().unwrap().to_owned();
    inactive(&ask(&app, &own, &second).await);
    inactive(&ask(&app, &own, &refresh).await);
    assert_eq!(told(&app, &own, &first).await["active"], true);
    // One way of showing who asks (RFC 6749 §2.3).
    let twice = [("token", first.as_str()), ("client_id", &*one.client_id), ("client_secret", &*one.secret)];
    app.script(&own).post(INTROSPECT, &twice).await.refused(400, "invalid_request");
}

/// RFC 7662 §2.1: who may not ask gets 401, and never an answer that could be believed.
#[tokio::test]
async fn who_may_not_ask_is_told_so() {
    let (app, browser, client) = begin().await;
    let token = app.tokens(&browser, &client).await["access_token"].as_str().unwrap().to_owned();
    app.stranger().post(INTROSPECT, &[("token", &token)]).await.refused(401, "invalid_client");
    browser.post(INTROSPECT, &[("token", &token)]).await.refused(401, "invalid_client");
    ask(&app, &client.basic(), &token).await.refused(401, "invalid_client");
    let wrong = SeededClient { secret: client.secret.clone(), ..app.introspector(None).await };
    ask(&app, &wrong.basic(), &token).await.refused(401, "invalid_client");
    // A public client proves nothing, whatever its scopes are.
    let public = |client: &mut ClientDescription| client.auth_method = AuthMethod::None;
    let public = app.client_with("introspect", public).await;
    let named = [("token", token.as_str()), ("client_id", &public.client_id)];
    app.stranger().post(INTROSPECT, &named).await.refused(401, "invalid_client");
    // Nor does a credential without the scope.
    let grace = app.person("grace", &[]).await;
    let key = app.key(&grace).await;
    for header in [format!("Bearer {token}"), key.token_header(), format!("Bearer {}", key.api_secret)] {
        let answer = ask(&app, &header, &token).await;
        assert_eq!(answer.status, 401, "{header}");
        assert!(answer.header("www-authenticate").starts_with("Bearer "), "{}", answer.body);
    }
    for header in ["Bearer x", "token a:b", "Digest x", ""] {
        assert_eq!(ask(&app, header, &token).await.status, 401, "{header:?}");
    }
    // `Basic` is a client here and never an API key.
    let root = app.person("root", &["admin"]).await;
    ask(&app, &app.key(&root).await.basic_header(), &token).await.refused(401, "invalid_client");
    app.set_client_enabled(&wrong, false).await;
}

/// RFC 7662 §2.1
#[tokio::test]
async fn a_token_or_key_with_the_scope_may_ask_too() {
    let (app, browser, client) = begin().await;
    let token = app.tokens(&browser, &client).await["access_token"].as_str().unwrap().to_owned();
    let root = app.person("root", &["admin"]).await;
    let scoped = |new: &mut hallpass::domain::api_keys::NewApiKey| {
        new.access = KeyAccess::Scopes(Scope::parse("introspect").unwrap());
    };
    let key = app.key_with(&root, scoped).await;
    let machine = app.introspector(None).await;
    let own = own_token(&app, &machine, &[]).await;
    let headers = [key.token_header(), format!("Bearer {}", key.api_secret), format!("Bearer {own}")];
    for header in &headers {
        assert_eq!(told(&app, header, &token).await["username"], "ada", "{header}");
    }
    // It ends with the role that it rests on.
    app.person("other", &["admin"]).await;
    app.revoke_role(&root, "admin").await;
    assert_eq!(ask(&app, &headers[0], &token).await.status, 401);
    assert_eq!(ask(&app, &headers[2], &token).await.status, 200);
}

/// RFC 7662 §2.1
#[tokio::test]
async fn the_token_comes_by_post_in_the_body_once() {
    let (app, _, _) = begin().await;
    let caller = app.script(&app.introspector(None).await.basic());
    let answer = caller.get(&format!("{INTROSPECT}?token=x")).await;
    assert_eq!((answer.status, answer.header("allow")), (405, "POST"));
    caller.post(&format!("{INTROSPECT}?token=x"), &[("token", "x")]).await.refused(400, "invalid_request");
    caller.post(INTROSPECT, &[]).await.refused(400, "invalid_request");
    caller.post(INTROSPECT, &[("token", "x"), ("token", "y")]).await.refused(400, "invalid_request");
    inactive(&caller.post(INTROSPECT, &[("token", "x"), ("token_type_hint", "pigeon")]).await);
}

/// The same rules for the same token: what the API's guard sees is what introspection says.
#[tokio::test]
async fn introspection_says_what_the_api_sees() {
    let (app, browser, client) = begin().await;
    let caller = app.introspector(None).await.basic();
    let tokens = app.tokens(&browser, &client).await;
    let access = tokens["access_token"].as_str().unwrap();
    let me = app.script(&format!("Bearer {access}")).get("/api/v1/me").await.json();
    let told = told(&app, &caller, access).await;
    assert_eq!(told["sub"], me["id"]);
    assert_eq!(told["exp"], me["expires_at"]);
    assert_eq!(told["roles"], me["roles"]);
    let scopes: Vec<&str> = told["scope"].as_str().unwrap().split(' ').collect();
    assert_eq!(json!(scopes), me["scopes"]);
}

/// A client for other grants asks as well as any.
#[tokio::test]
async fn the_grants_of_the_caller_do_not_matter() {
    let (app, browser, client) = begin().await;
    let token = app.tokens(&browser, &client).await["access_token"].as_str().unwrap().to_owned();
    let both = |client: &mut ClientDescription| client.grant_types.push(GrantType::ClientCredentials);
    let caller = app.client_with("introspect read", both).await;
    assert_eq!(told(&app, &caller.basic(), &token).await["active"], true);
}
