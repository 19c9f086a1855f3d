//! Token exchange (RFC 8693): of access tokens, and of API keys.

use hallpass::domain::clients::ClientDescription;
use hallpass::model::api_key::KeyAccess;
use hallpass::model::client::AuthMethod;
use hallpass::model::client::GrantType;
use hallpass::model::resource::Resources;
use hallpass::model::scope::Scope;
use hallpass::model::time::Lifetime;
use serde_json::Value;
use serde_json::json;

use crate::support::app::TestApp;
use crate::support::caller::Answer;
use crate::support::caller::Browser;
use crate::support::seed::PASSWORD;
use crate::support::seed::SeededClient;

const GRANT: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";
const API_KEY: &str = "urn:hallpass:params:oauth:token-type:api_key";
const ONE: &str = "https://one.test";
const TWO: &str = "https://two.test";

async fn begin() -> (TestApp, Browser, SeededClient) {
    let app = TestApp::start().await;
    app.role("editor").await;
    app.scope("read", &[]).await;
    app.scope("write", &["editor"]).await;
    app.resource(ONE, "").await;
    app.resource(TWO, "").await;
    app.person("ada", &["editor"]).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let client = app.client_with("read write", |client| client.grant_types.push(GrantType::TokenExchange)).await;
    (app, browser, client)
}

/// A service that is the API `resource` and may exchange what it gets.
async fn service(app: &TestApp, resource: Option<&str>, scopes: &str) -> SeededClient {
    let resources = Resources::parse(resource).unwrap();
    let change = |client: &mut ClientDescription| {
        client.grant_types = vec![GrantType::ClientCredentials, GrantType::TokenExchange];
        client.redirect_uris = Vec::new();
        client.resources = resources;
    };
    app.client_with(scopes, change).await
}

async fn exchange(app: &TestApp, client: &SeededClient, token: &str, extra: &[(&str, &str)]) -> Answer {
    let mut fields = vec![("grant_type", GRANT), ("subject_token", token), ("subject_token_type", ACCESS_TOKEN)];
    fields.retain(|(name, _)| !extra.iter().any(|(other, _)| other == name));
    fields.extend(extra);
    app.token(client, &fields).await
}

async fn exchanged(app: &TestApp, client: &SeededClient, token: &str, extra: &[(&str, &str)]) -> String {
    let answer = exchange(app, client, token, extra).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.text("access_token")
}

async fn told(app: &TestApp, token: &str) -> Value {
    let caller = app.introspector(None).await.basic();
    app.script(&caller).post("/oauth/introspect", &[("token", token)]).await.json()
}

async fn access(app: &TestApp, browser: &Browser, client: &SeededClient) -> String {
    app.tokens(browser, client).await["access_token"].as_str().unwrap().to_owned()
}

/// RFC 8693 §2.2.1
#[tokio::test]
async fn a_client_narrows_its_own_token() {
    let (app, browser, client) = begin().await;
    let token = access(&app, &browser, &client).await;
    app.pass(Lifetime::from_seconds(600));
    let answer = exchange(&app, &client, &token, &[("scope", "read"), ("resource", ONE)]).await;
    answer.not_stored();
    let mut body = answer.json();
    let narrow = body["access_token"].take();
    let expected = json!({
        "access_token": null, "issued_token_type": ACCESS_TOKEN, "token_type": "Bearer",
        // No longer than what it came of.
        "expires_in": 3000, "scope": "read",
    });
    assert_eq!(body, expected);
    let told = told(&app, narrow.as_str().unwrap()).await;
    assert_eq!((&told["username"], &told["scope"], &told["aud"]), (&json!("ada"), &json!("read"), &json!([ONE])));
    // It acts as it did before: nobody acts for it.
    assert_eq!(told.get("act"), None);
    // `audience` names a resource too (RFC 8693 §2.1).
    let other = exchanged(&app, &client, &token, &[("audience", TWO)]).await;
    assert_eq!(self::told(&app, &other).await["aud"], json!([TWO]));
    app.pass(Lifetime::from_seconds(3000));
    assert_eq!(self::told(&app, &other).await["active"], false);
}

/// RFC 8693 §2.1: never more than the subject token, the client and the user have.
#[tokio::test]
async fn an_exchange_never_widens() {
    let (app, browser, client) = begin().await;
    let token = access(&app, &browser, &client).await;
    let narrow = exchanged(&app, &client, &token, &[("scope", "read"), ("resource", ONE)]).await;
    exchange(&app, &client, &narrow, &[("scope", "read write")]).await.refused(400, "invalid_scope");
    exchange(&app, &client, &narrow, &[("resource", TWO)]).await.refused(400, "invalid_target");
    exchange(&app, &client, &token, &[("scope", "profile")]).await.refused(400, "invalid_scope");
    exchange(&app, &client, &token, &[("resource", "https://three.test")]).await.refused(400, "invalid_target");
    let again = exchanged(&app, &client, &narrow, &[]).await;
    let told = told(&app, &again).await;
    assert_eq!((&told["scope"], &told["aud"]), (&json!("read"), &json!([ONE])));
}

/// "an API key as subject token, for a shorter, narrower, resource-bound token"
#[tokio::test]
async fn an_api_key_gives_a_token_that_ends_with_it() {
    let (app, _, client) = begin().await;
    let grace = app.person("grace", &["editor"]).await;
    let as_key = [("subject_token_type", API_KEY)];
    let key = app.key(&grace).await;
    let token = exchanged(&app, &client, &key.api_secret, &[as_key[0], ("scope", "write"), ("resource", ONE)]).await;
    let of_key = told(&app, &token).await;
    assert_eq!(of_key["sub"], grace.id.to_string());
    assert_eq!((&of_key["scope"], &of_key["credential"]), (&json!("write"), &json!("access_token")));
    assert_eq!(app.me_status(&token).await, 401, "it is bound to another resource");
    let here = exchanged(&app, &client, &key.api_secret, &as_key).await;
    assert_eq!(app.me_status(&here).await, 200);
    // A role that is taken away is missing at once.
    app.revoke_role(&grace, "editor").await;
    assert_eq!(told(&app, &here).await["scope"], "read");
    // A new secret ends what came of the old one, when that ends.
    let rotated = app.rotate_key(&key, Lifetime::from_seconds(60)).await;
    let newer = exchanged(&app, &client, &rotated.api_secret, &as_key).await;
    assert_eq!(app.me_status(&here).await, 200);
    app.pass(Lifetime::from_seconds(60));
    assert_eq!((app.me_status(&here).await, app.me_status(&newer).await), (401, 200));
    app.revoke_key(&rotated).await;
    assert_eq!(app.me_status(&newer).await, 401);
    exchange(&app, &client, &rotated.api_secret, &as_key).await.refused(400, "invalid_request");
}

/// What the key may not do, what comes of it may not either.
#[tokio::test]
async fn a_scoped_key_and_one_that_ends_give_no_more_than_they_have() {
    let (app, _, client) = begin().await;
    let grace = app.person("grace", &["editor"]).await;
    let end = app.act().now + Lifetime::from_seconds(90);
    let narrow = |new: &mut hallpass::domain::api_keys::NewApiKey| {
        new.access = KeyAccess::Scopes(Scope::parse("read").unwrap());
        new.roles = Some(std::iter::empty().collect());
        new.expires_at = Some(end);
    };
    let key = app.key_with(&grace, narrow).await;
    let as_key = [("subject_token_type", API_KEY)];
    exchange(&app, &client, &key.api_secret, &[as_key[0], ("scope", "write")]).await.refused(400, "invalid_scope");
    let answer = exchange(&app, &client, &key.api_secret, &as_key).await.json();
    assert_eq!((&answer["scope"], &answer["expires_in"]), (&json!("read"), &json!(90)));
    let told = told(&app, answer["access_token"].as_str().unwrap()).await;
    assert_eq!(told["roles"], json!([]));
}

/// RFC 8693 §2.2.2, §5: a token is exchanged by who was given it, who it is meant for, or who may see every token.
#[tokio::test]
async fn a_token_is_exchanged_by_whom_it_concerns_and_by_nobody_else() {
    let (app, browser, client) = begin().await;
    let token = access(&app, &browser, &client).await;
    let bound = exchanged(&app, &client, &token, &[("resource", ONE)]).await;
    let evil = service(&app, None, "read write").await;
    for subject in [&token, &bound] {
        exchange(&app, &evil, subject, &[]).await.refused(400, "invalid_request");
    }
    let one = service(&app, Some(ONE), "read").await;
    exchange(&app, &one, &token, &[]).await.refused(400, "invalid_request");
    // It goes on in the user's name, and says that it is the one that does.
    let further = exchanged(&app, &one, &bound, &[("resource", TWO)]).await;
    let of_further = told(&app, &further).await;
    assert_eq!((&of_further["username"], &of_further["scope"]), (&json!("ada"), &json!("read")));
    assert_eq!(of_further["act"], json!({ "sub": one.client_id }));
    assert_eq!(of_further["client_id"], one.client_id);
    // RFC 8693 §4.1: the next one stands above it.
    let two = service(&app, Some(TWO), "read").await;
    let last = exchanged(&app, &two, &further, &[("resource", ONE)]).await;
    assert_eq!(told(&app, &last).await["act"], json!({ "sub": two.client_id, "act": { "sub": one.client_id } }));
    // Who may ask about every token may not be everybody.
    let gateway = service(&app, None, "introspect read").await;
    exchange(&app, &gateway, &token, &[("resource", TWO)]).await.refused(400, "invalid_request");
    let unregistered = app.service_client("read").await;
    exchange(&app, &unregistered, &token, &[]).await.refused(400, "unauthorized_client");
}

/// "revoking the subject ends what came of it"
#[tokio::test]
async fn what_ends_the_subject_ends_all_that_came_of_it() {
    let (app, browser, client) = begin().await;
    let one = service(&app, Some(ONE), "read").await;
    let two = service(&app, Some(TWO), "read").await;
    for way in ["revoked", "family", "grant", "middle", "client of the middle", "user"] {
        let tokens = app.tokens(&browser, &client).await;
        let token = tokens["access_token"].as_str().unwrap();
        let first = exchanged(&app, &client, token, &[("resource", ONE)]).await;
        let second = exchanged(&app, &one, &first, &[("resource", TWO)]).await;
        let third = exchanged(&app, &two, &second, &[("resource", ONE)]).await;
        assert_eq!(told(&app, &third).await["active"], true);
        let revoke = |client: &SeededClient, token: &str| {
            let (script, token) = (app.script(&client.basic()), token.to_owned());
            async move { assert_eq!(script.post("/oauth/revoke", &[("token", &token)]).await.status, 200) }
        };
        match way {
            "revoked" => revoke(&client, token).await,
            "family" => revoke(&client, tokens["refresh_token"].as_str().unwrap()).await,
            "grant" => {
                let sub = told(&app, token).await["sub"].as_str().unwrap().to_owned();
                app.revoke_grants(hallpass::model::id::UserId::parse(&sub).unwrap()).await;
            }
            "middle" => revoke(&one, &second).await,
            "client of the middle" => app.set_client_enabled(&one, false).await,
            _ => {
                let sub = told(&app, token).await["sub"].as_str().unwrap().to_owned();
                app.set_user_enabled(hallpass::model::id::UserId::parse(&sub).unwrap(), false).await;
            }
        }
        assert_eq!(told(&app, &third).await, json!({ "active": false }), "{way}");
        exchange(&app, &one, &third, &[]).await.json()["error"].as_str().unwrap();
        app.set_client_enabled(&one, true).await;
    }
}

/// RFC 8693 §2.1
#[tokio::test]
async fn an_actor_is_shown_by_its_own_token() {
    let (app, browser, client) = begin().await;
    let token = access(&app, &browser, &client).await;
    let grace = app.person("grace", &[]).await;
    let other = app.signed_in("grace", PASSWORD).await;
    let actor = access(&app, &other, &client).await;
    let with = |actor: &str, actor_type: &str| {
        vec![("actor_token".to_owned(), actor.to_owned()), ("actor_token_type".to_owned(), actor_type.to_owned())]
    };
    let ask = async |extra: Vec<(String, String)>| {
        let extra: Vec<(&str, &str)> = extra.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        exchange(&app, &client, &token, &extra).await
    };
    let acting = ask(with(&actor, ACCESS_TOKEN)).await.text("access_token");
    assert_eq!(told(&app, &acting).await["act"], json!({ "sub": grace.id.to_string() }));
    assert_eq!(told(&app, &acting).await["username"], "ada");
    let key = app.key(&grace).await;
    let acting = ask(with(&key.api_secret, API_KEY)).await.text("access_token");
    assert_eq!(told(&app, &acting).await["act"], json!({ "sub": grace.id.to_string() }));
    ask(with("garbage", ACCESS_TOKEN)).await.refused(400, "invalid_request");
    ask(with(&key.api_secret, ACCESS_TOKEN)).await.refused(400, "invalid_request");
    let machine = app.service_client("read").await;
    let foreign = app.token(&machine, &[("grant_type", "client_credentials")]).await.text("access_token");
    ask(with(&foreign, ACCESS_TOKEN)).await.refused(400, "invalid_request");
    exchange(&app, &client, &token, &[("actor_token", &actor)]).await.refused(400, "invalid_request");
    exchange(&app, &client, &token, &[("actor_token_type", ACCESS_TOKEN)]).await.refused(400, "invalid_request");
}

/// RFC 8693 §2.1, §2.2.2
#[tokio::test]
async fn what_is_no_subject_is_refused() {
    let (app, browser, client) = begin().await;
    let tokens = app.tokens(&browser, &client).await;
    let (token, refresh) = (tokens["access_token"].as_str().unwrap(), tokens["refresh_token"].as_str().unwrap());
    let cookie = browser.cookie("hallpass_session").unwrap();
    for subject in ["garbage", refresh, &client.secret, &cookie] {
        exchange(&app, &client, subject, &[]).await.refused(400, "invalid_request");
    }
    for (name, value) in [
        ("subject_token", ""),
        ("subject_token_type", ""),
        ("subject_token_type", API_KEY),
        ("subject_token_type", "urn:ietf:params:oauth:token-type:jwt"),
        ("requested_token_type", "urn:ietf:params:oauth:token-type:refresh_token"),
    ] {
        exchange(&app, &client, token, &[(name, value)]).await.refused(400, "invalid_request");
    }
    assert_eq!(exchange(&app, &client, token, &[("requested_token_type", ACCESS_TOKEN)]).await.status, 200);
    let wrong = SeededClient { secret: app.web_client("read").await.secret, ..client.clone() };
    exchange(&app, &wrong, token, &[]).await.refused(401, "invalid_client");
    // Not without end.
    let mut next = token.to_owned();
    for _ in 0..3 {
        next = exchanged(&app, &client, &next, &[]).await;
    }
    exchange(&app, &client, &next, &[]).await.refused(400, "invalid_request");
}

/// A public client narrows what it was given, and proves nothing that would give it more.
#[tokio::test]
async fn a_public_client_exchanges_only_its_own() {
    let (app, browser, client) = begin().await;
    let public = |client: &mut ClientDescription| {
        client.auth_method = AuthMethod::None;
        client.grant_types.push(GrantType::TokenExchange);
        client.resources = Resources::parse([ONE]).unwrap();
    };
    let public = app.client_with("read", public).await;
    let own = access(&app, &browser, &public).await;
    assert_eq!(exchange(&app, &public, &own, &[("resource", TWO)]).await.status, 200);
    let token = access(&app, &browser, &client).await;
    let meant_for_it = exchanged(&app, &client, &token, &[("resource", ONE)]).await;
    exchange(&app, &public, &meant_for_it, &[]).await.refused(400, "invalid_request");
}
