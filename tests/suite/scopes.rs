//! What a credential may do is worked out at each request from what is true now: what was granted, what the client
//! still has, and which roles the subject holds.

use hallpass::model::api_key::KeyAccess;
use hallpass::model::scope::Scope;
use hallpass::model::user::User;
use serde_json::Value;

use crate::support::app::TestApp;
use crate::support::caller::Browser;
use crate::support::flow::parameters;
use crate::support::seed::PASSWORD;
use crate::support::seed::SeededClient;

const REDIRECT: &str = "https://rp.test/cb";

/// Ada, who is no editor, a scope that only editors and authors may grant, and one for everybody.
async fn begin() -> (TestApp, User, Browser) {
    let app = TestApp::start().await;
    app.person("root", &["admin"]).await;
    let ada = app.person("ada", &[]).await;
    for role in ["editor", "author"] {
        app.role(role).await;
    }
    app.scope("edit", &["editor", "author"]).await;
    app.scope("read", &[]).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    (app, ada, browser)
}

impl TestApp {
    /// The scopes that an access token has now.
    async fn scopes_of(&self, access_token: &str) -> Vec<String> {
        let me = self.script(&format!("Bearer {access_token}")).get("/api/v1/me").await;
        assert_eq!(me.status, 200, "{}", me.body);
        let me = me.json();
        assert_eq!(me["full_access"], false);
        me["scopes"].as_array().unwrap().iter().map(|scope| scope.as_str().unwrap().to_owned()).collect()
    }
}

fn access_token(tokens: &Value) -> &str {
    tokens["access_token"].as_str().unwrap()
}

async fn tokens_of(app: &TestApp, client: &SeededClient, location: &str) -> Value {
    app.redeem(client, &parameters(location)["code"]).await.json()
}

/// RFC 6749 §3.3; RFC 9700 §2.3
#[tokio::test]
async fn who_lacks_the_role_is_not_asked_for_the_scope_and_cannot_give_it() {
    let (app, ada, browser) = begin().await;
    let client = app.web_client("edit read").await;
    let page = browser.get(&client.authorize_path(&[("scope", "edit read")])).await;
    assert!(page.body.contains("Use read") && !page.body.contains("Use edit"), "{}", page.body);
    let location = app.decide(&browser, &page, "allow").await;
    let tokens = tokens_of(&app, &client, &location).await;
    assert_eq!(tokens["scope"], "read", "the answer says what was given");
    // Where nothing is left, the client is told so.
    let answer = browser.get(&client.authorize_path(&[("scope", "edit")])).await;
    app.redirected(&answer, REDIRECT, "access_denied", Some("xyz"));
    // One of the roles is enough; what was not asked for before is asked for now.
    app.grant_role(&ada, "author").await;
    assert_eq!(app.scopes_of(access_token(&tokens)).await, ["read"], "what was not given does not come by itself");
    let page = browser.get(&client.authorize_path(&[])).await;
    page.is_consent_page();
    assert!(page.body.contains("Use edit"), "{}", page.body);
    let location = app.decide(&browser, &page, "allow").await;
    let tokens = tokens_of(&app, &client, &location).await;
    assert_eq!(app.scopes_of(access_token(&tokens)).await, ["edit", "read"]);
}

/// RFC 9700 §2.3
#[tokio::test]
async fn a_role_that_is_taken_away_takes_its_scopes_at_the_next_request() {
    let (app, ada, browser) = begin().await;
    let client = app.web_client("edit read").await;
    app.grant_role(&ada, "editor").await;
    app.grant_role(&ada, "author").await;
    let tokens = app.tokens(&browser, &client).await;
    assert_eq!(app.scopes_of(access_token(&tokens)).await, ["edit", "read"]);
    app.revoke_role(&ada, "editor").await;
    assert_eq!(app.scopes_of(access_token(&tokens)).await, ["edit", "read"], "the other role is enough");
    app.revoke_role(&ada, "author").await;
    assert_eq!(app.scopes_of(access_token(&tokens)).await, ["read"]);
    // It was allowed before, so what is left of it is given without asking.
    let answer = browser.get(&client.authorize_path(&[])).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert_eq!(tokens_of(&app, &client, answer.header("location")).await["scope"], "read");
    app.grant_role(&ada, "editor").await;
    assert_eq!(app.scopes_of(access_token(&tokens)).await, ["edit", "read"]);
}

/// RFC 9700 §2.3
#[tokio::test]
async fn what_concerns_other_people_is_granted_by_administrators_alone() {
    let (app, ada, browser) = begin().await;
    let client = app.web_client("account:read audit:read introspect users:read users:write").await;
    let page = browser.get(&client.authorize_path(&[])).await;
    for withheld in ["audit:read", "introspect", "users:read", "users:write"] {
        assert!(!page.body.contains(withheld), "{withheld}: {}", page.body);
    }
    let location = app.decide(&browser, &page, "allow").await;
    assert_eq!(tokens_of(&app, &client, &location).await["scope"], "account:read");
    let answer = browser.get(&client.authorize_path(&[("scope", "users:read introspect")])).await;
    app.redirected(&answer, REDIRECT, "access_denied", Some("xyz"));

    app.grant_role(&ada, "admin").await;
    let page = browser.get(&client.authorize_path(&[])).await;
    let location = app.decide(&browser, &page, "allow").await;
    let tokens = tokens_of(&app, &client, &location).await;
    assert_eq!(tokens["scope"], "account:read audit:read introspect users:read users:write");
    app.revoke_role(&ada, "admin").await;
    assert_eq!(app.scopes_of(access_token(&tokens)).await, ["account:read"]);
    let refreshed = app.refresh(&client, tokens["refresh_token"].as_str().unwrap()).await;
    assert_eq!(refreshed.text("scope"), "account:read");
}

/// RFC 9700 §2.3
#[tokio::test]
async fn a_scope_that_the_client_loses_or_nobody_has_any_more_goes_at_the_next_request() {
    let (app, _, browser) = begin().await;
    app.scope("write", &[]).await;
    let client = app.web_client("profile read write").await;
    let tokens = app.tokens(&browser, &client).await;
    assert_eq!(app.scopes_of(access_token(&tokens)).await, ["profile", "read", "write"]);
    app.change_client(&client, |client| client.scopes = Scope::parse("read write").unwrap()).await;
    assert_eq!(app.scopes_of(access_token(&tokens)).await, ["read", "write"]);
    app.delete_scope("write").await;
    assert_eq!(app.scopes_of(access_token(&tokens)).await, ["read"]);
    // A scope that is gone is not shown to anybody as one that could be given.
    let page = browser.get(&client.authorize_path(&[("scope", "read write")])).await;
    if page.status == 200 {
        assert!(!page.body.contains("write"), "{}", page.body);
    } else {
        assert_eq!(tokens_of(&app, &client, page.header("location")).await["scope"], "read");
    }
}

/// RFC 6749 §3.3
#[tokio::test]
async fn a_request_without_a_scope_is_for_all_that_the_client_has() {
    let (app, _, browser) = begin().await;
    app.scope("Read", &[]).await;
    app.scope("all", &[]).await;
    let client = app.web_client("Read all read").await;
    let location = app.authorize(&browser, &client, &[]).await;
    assert_eq!(tokens_of(&app, &client, &location).await["scope"], "Read all read");
    for (scope, granted) in [("read", "read"), ("Read", "Read"), ("all", "all"), ("read all read", "all read")] {
        let location = app.authorize(&browser, &client, &[("scope", scope)]).await;
        assert_eq!(tokens_of(&app, &client, &location).await["scope"], granted);
    }
    let answer = browser.get(&client.authorize_path(&[("scope", "READ")])).await;
    app.redirected(&answer, REDIRECT, "invalid_scope", Some("xyz"));
}

/// A key with scopes is held to the same rule as a token.
#[tokio::test]
async fn a_scoped_key_loses_what_its_users_roles_no_longer_allow() {
    let (app, ada, _) = begin().await;
    app.grant_role(&ada, "editor").await;
    let scoped = |key: &mut hallpass::domain::api_keys::NewApiKey| {
        key.access = KeyAccess::Scopes(Scope::parse("edit read").unwrap());
    };
    let key = app.key_with(&ada, scoped).await;
    let me = async || app.script(&key.token_header()).get("/api/v1/me").await.json();
    assert_eq!(me().await["scopes"], serde_json::json!(["edit", "read"]));
    app.revoke_role(&ada, "editor").await;
    assert_eq!(me().await["scopes"], serde_json::json!(["read"]));
    assert_eq!(me().await["full_access"], false);
    app.delete_scope("read").await;
    assert_eq!(
        (me().await["scopes"].clone(), me().await["full_access"].clone()),
        (serde_json::json!([]), false.into())
    );
}
