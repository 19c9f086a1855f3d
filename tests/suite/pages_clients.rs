//! `/clients…`: applications registered for OAuth, for administrators.

use hallpass::model::audit::AuditEvent;

use crate::support::app::TestApp;
use crate::support::caller::Answer;
use crate::support::caller::Browser;
use crate::support::seed::PASSWORD;
use crate::support::seed::SeededClient;

/// A server with one administrator, ada, and her browser.
async fn administered() -> (TestApp, Browser) {
    let app = TestApp::start().await;
    app.person("ada", &["admin"]).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    (app, browser)
}

/// What is sent, the field that is wrong, and how its sentence begins.
type Case<'a> = (&'a [(&'a str, &'a str)], &'a str, &'a str);

const REDIRECT_URI: (&str, &str) = ("redirect_uris", "https://rp.test/cb");

/// The client that the page after registration shows.
fn registered(page: &Answer) -> SeededClient {
    SeededClient {
        client_id: page.by_id("client-id"),
        secret: if page.has_id("client-secret") { page.by_id("client-secret") } else { String::new() },
        redirect_uri: "https://rp.test/cb".to_owned(),
    }
}

/// RFC 6749 §2, §4.1
#[tokio::test]
async fn a_client_that_was_registered_on_the_page_gets_tokens() {
    let (app, browser) = administered().await;
    let fields = [("client_name", "Desk"), REDIRECT_URI, ("scope", "openid"), ("scope", "profile")];
    let page = browser.done("/clients/new", &fields).await;
    let client = registered(&page);
    assert!(client.secret.starts_with("hp_cs_"), "{}", page.body);
    let tokens = app.tokens(&browser, &client).await;
    assert_eq!(tokens["scope"], "openid profile");
    assert!(tokens["refresh_token"].is_string());

    let again = browser.get(&format!("/clients/{}", client.client_id)).await;
    assert_eq!(again.by_id("client-id"), client.client_id);
    assert!(!again.has_id("client-secret") && !again.body.contains(&client.secret), "{}", again.body);
    for text in ["Desk", "https://rp.test/cb", "Authorization code, Refresh token", "Secret, by HTTP Basic"] {
        assert!(again.body.contains(text), "{text}: {}", again.body);
    }
    assert!(browser.get("/clients").await.body.contains("Desk"));
    assert_eq!(app.audited(AuditEvent::ClientCreated).await.len(), 1);
}

/// RFC 6749 §2.1, RFC 7636
#[tokio::test]
async fn a_public_client_has_an_id_and_no_secret() {
    let (app, browser) = administered().await;
    let fields = [
        ("client_name", "Desk"),
        REDIRECT_URI,
        ("scope", "openid profile"),
        ("grant_types", "authorization_code refresh_token"),
        ("token_endpoint_auth_method", "none"),
    ];
    let answer = browser.submit("/clients/new", &fields).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert!(answer.body.contains("The application is registered."), "{}", answer.body);
    let client = registered(&answer);
    assert_eq!(client.secret, "");
    app.tokens(&browser, &client).await;
    let rotate = format!("/clients/{}/rotate-secret", client.client_id);
    assert_eq!(browser.get(&rotate).await.status, 404);
    assert_eq!(browser.submit(&rotate, &[]).await.status, 400);
}

/// RFC 6749 §4.4
#[tokio::test]
async fn a_client_that_acts_as_itself_has_its_own_roles() {
    let (app, browser) = administered().await;
    app.role("Accounts Manager").await;
    let fields = [
        ("client_name", "Robot"),
        ("scope", "introspect"),
        ("grant_types", "client_credentials"),
        ("token_endpoint_auth_method", "client_secret_post"),
        ("role", "Accounts Manager"),
    ];
    let client = registered(&browser.done("/clients/new", &fields).await);
    let fields = [
        ("grant_type", "client_credentials"),
        ("client_id", client.client_id.as_str()),
        ("client_secret", client.secret.as_str()),
    ];
    let token = app.stranger().post("/oauth/token", &fields).await.text("access_token");
    let me = app.script(&format!("Bearer {token}")).get("/api/v1/me").await.json();
    assert_eq!((me["id"].as_str(), &me["roles"]), (Some(&*client.client_id), &serde_json::json!(["Accounts Manager"])));
}

#[tokio::test]
async fn a_registration_that_makes_no_sense_is_refused_where_it_is_wrong() {
    let (app, browser) = administered().await;
    let name = ("client_name", "Desk");
    let scope = ("scope", "profile");
    let cases: [Case<'_>; 15] = [
        (&[REDIRECT_URI, scope], "client_name", "The name is empty."),
        (&[name, REDIRECT_URI], "scope", "Choose at least one scope."),
        (&[name, REDIRECT_URI, ("scope", "profile nothing")], "scope", "There is no scope nothing"),
        (&[name, scope], "redirect_uris", "A client that uses authorization codes needs a redirect URI."),
        (
            &[name, scope, ("redirect_uris", "https://a.test/\r\nhttp://b.test/")],
            "redirect_uris",
            "Line 2 is plain http",
        ),
        (
            &[name, scope, ("redirect_uris", "JaVaScRiPt:alert(1)")],
            "redirect_uris",
            "Line 1 has a scheme that browsers",
        ),
        (&[name, scope, ("redirect_uris", "data:text/html,x")], "redirect_uris", "Line 1 has a scheme that browsers"),
        (&[name, scope, ("redirect_uris", "https://a.test/#x")], "redirect_uris", "Line 1 has a fragment"),
        (&[name, scope, REDIRECT_URI, ("grant_types", "password")], "grant_types", "There is no grant type password"),
        (&[name, scope, ("grant_types", "refresh_token")], "grant_types", "Refresh tokens come only with"),
        (
            &[name, scope, ("grant_types", "client_credentials"), ("token_endpoint_auth_method", "none")],
            "grant_types",
            "A public client cannot act in its own name",
        ),
        (
            &[name, scope, REDIRECT_URI, ("token_endpoint_auth_method", "magic")],
            "token_endpoint_auth_method",
            "The authentication method must be one of",
        ),
        (
            &[
                name,
                scope,
                ("redirect_uris", "http://127.0.0.1/cb"),
                ("token_endpoint_auth_method", "none"),
                ("trusted", "yes"),
            ],
            "trusted",
            "A public client can be trusted only if",
        ),
        (&[name, scope, REDIRECT_URI, ("needed_scope", "openid")], "needed_scope", "A needed scope must be one of"),
        (&[name, scope, REDIRECT_URI, ("role", "root")], "role", "There is no role root."),
    ];
    for (fields, field, sentence) in cases {
        let answer = browser.submit("/clients/new", fields).await;
        assert_eq!(answer.status, 422, "{fields:?}");
        let (_, error) = answer.body.split_once(&format!("id=\"{field}-error\">")).expect(field);
        assert!(error.starts_with(sentence), "{sentence}: {}", &error[..200]);
        if fields.contains(&name) {
            assert_eq!(answer.input("client_name"), "Desk");
        }
    }
    let odd = browser.submit("/clients/new", &[name, scope, REDIRECT_URI, ("trusted", "perhaps")]).await;
    assert_eq!(odd.status, 400);
    assert_eq!(app.audited(AuditEvent::ClientCreated).await.len(), 0);
}

#[tokio::test]
async fn a_changed_registration_holds_from_the_next_request_on() {
    let (app, browser) = administered().await;
    app.role("bookkeeping").await;
    let fields = [("client_name", "Desk"), REDIRECT_URI, ("scope", "openid profile"), ("role", "admin")];
    let client = registered(&browser.done("/clients/new", &fields).await);
    let tokens = app.tokens(&browser, &client).await;
    let edit = format!("/clients/{}/edit", client.client_id);
    let form = browser.get(&edit).await;
    assert_eq!(form.input("client_name"), "Desk");
    assert!(form.body.contains("https://rp.test/cb</textarea>"), "{}", form.body);

    let fields = [
        ("client_name", "Desk 2"),
        ("redirect_uris", "https://rp.test/cb\nhttps://rp.test/other"),
        ("scope", "openid"),
        ("needed_scope", "openid"),
        ("grant_types", "authorization_code"),
        ("grant_types", "refresh_token"),
        ("role", "bookkeeping"),
        ("require_pkce", "yes"),
        // How a client authenticates was chosen once.
        ("token_endpoint_auth_method", "none"),
    ];
    let page = browser.done(&edit, &fields).await;
    for text in
        ["The changes are saved.", "Desk 2", "https://rp.test/other", "Not refusable", "bookkeeping", "Required"]
    {
        assert!(page.body.contains(text), "{text}: {}", page.body);
    }
    assert!(page.body.contains("Secret, by HTTP Basic"));
    let header = format!("Bearer {}", tokens["access_token"].as_str().unwrap());
    let me = app.script(&header).get("/api/v1/me").await.json();
    assert_eq!(me["scopes"], serde_json::json!(["openid"]));

    // Nothing has a default here: what is not sent is not wanted.
    let empty = browser.submit(&edit, &[("client_name", "Desk 3"), REDIRECT_URI, ("scope", "openid")]).await;
    assert_eq!(empty.status, 422);
    assert!(empty.body.contains("Choose at least one way to get tokens."), "{}", empty.body);
    let audit = app.audited(AuditEvent::ClientChanged).await;
    let entry = &audit[0];
    assert!(entry.details.contains("\"before\"") && entry.details.contains("bookkeeping"), "{entry:?}");
}

#[tokio::test]
async fn a_new_secret_is_shown_once_and_replaces_the_old_one() {
    let (app, browser) = administered().await;
    let client = app.web_client("profile").await;
    let path = format!("/clients/{}/rotate-secret", client.client_id);
    assert!(browser.get(&path).await.body.contains("Replace the secret of Ledger?"));
    let page = browser.done(&path, &[]).await;
    let rotated = registered(&page);
    assert_ne!(rotated.secret, client.secret);
    let code = app.code(&browser, &client).await;
    assert_eq!(app.redeem(&client, &code).await.text("error"), "invalid_client");
    assert_eq!(app.redeem(&rotated, &code).await.status, 200);
    assert!(!browser.get(&format!("/clients/{}", client.client_id)).await.body.contains(&rotated.secret));
}

#[tokio::test]
async fn a_disabled_client_gets_nothing_until_enabled_again() {
    let (app, browser) = administered().await;
    let client = app.web_client("profile").await;
    let tokens = app.tokens(&browser, &client).await;
    let token = tokens["access_token"].as_str().unwrap();
    let path = format!("/clients/{}", client.client_id);
    assert!(browser.get(&format!("{path}/disable")).await.body.contains("Disable the application Ledger?"));
    assert_eq!(app.me_status(token).await, 200, "asking changes nothing");

    let page = browser.done(&format!("{path}/disable"), &[]).await;
    assert!(page.body.contains("The application is disabled."), "{}", page.body);
    assert_eq!(app.me_status(token).await, 401);
    assert_eq!(browser.get(&client.authorize_path(&[])).await.status, 400);
    browser.done(&format!("{path}/enable"), &[]).await;
    assert_eq!(app.me_status(token).await, 200);
}

#[tokio::test]
async fn deleting_a_client_says_whom_it_concerns_and_takes_all_with_it() {
    let (app, browser) = administered().await;
    app.person("bob", &[]).await;
    let bob = app.signed_in("bob", PASSWORD).await;
    let client = app.web_client("profile").await;
    let path = format!("/clients/{}", client.client_id);
    let tokens = app.tokens(&browser, &client).await;
    assert!(browser.get(&format!("{path}/delete")).await.body.contains("1 person let it use their account"));
    app.tokens(&bob, &client).await;
    let asked = browser.get(&format!("{path}/delete")).await;
    assert!(asked.body.contains("2 people let it use their account"), "{}", asked.body);

    let page = browser.done(&format!("{path}/delete"), &[]).await;
    assert!(page.body.contains("The application is deleted.") && page.body.contains("No applications yet"));
    assert_eq!(browser.get(&path).await.status, 404);
    assert_eq!(app.me_status(tokens["access_token"].as_str().unwrap()).await, 401);
    assert!(bob.get("/account").await.body.contains("No application has access to your account."));
}

#[tokio::test]
async fn a_long_list_of_clients_has_50_on_a_page() {
    let (app, browser) = administered().await;
    for _ in 0..51 {
        app.web_client("profile").await;
    }
    let first = browser.get("/clients").await;
    let clients = |page: &Answer| page.paths("/clients/client_").len();
    assert_eq!(clients(&first), 50);
    let second = browser.get(&first.paths("/clients?after=")[0]).await;
    assert_eq!(clients(&second), 1);
    assert_eq!(browser.get("/clients?after=user_0").await.status, 400);
}

#[tokio::test]
async fn an_administrator_cuts_a_client_off_everywhere() {
    let app = TestApp::start().await;
    let root = app.person("root", &["admin"]).await;
    app.person("ada", &[]).await;
    app.scope("read", &[]).await;
    let both = |client: &mut hallpass::domain::clients::ClientDescription| {
        client.grant_types.push(hallpass::model::client::GrantType::ClientCredentials);
    };
    let (client, other) = (app.client_with("read", both).await, app.web_client("read").await);
    let (admin, ada) = (app.signed_in("root", PASSWORD).await, app.signed_in("ada", PASSWORD).await);
    let (first, second) = (app.tokens(&ada, &client).await, app.tokens(&admin, &client).await);
    let bystander = app.tokens(&ada, &other).await;
    let own = app.token(&client, &[("grant_type", "client_credentials")]).await.text("access_token");
    let code = app.code(&ada, &client).await;
    let path = format!("/clients/{}/cut-off", client.client_id);
    assert!(admin.get(&path).await.body.contains("End all access of Ledger?"));
    assert_eq!(app.me_status(&own).await, 200, "asking ends nothing");
    assert!(admin.done(&path, &[]).await.body.contains("All access of the application has ended."));
    for tokens in [&first, &second] {
        assert_eq!(app.me_status(tokens["access_token"].as_str().unwrap()).await, 401);
        app.refresh(&client, tokens["refresh_token"].as_str().unwrap()).await.refused(400, "invalid_grant");
    }
    assert_eq!(app.me_status(&own).await, 401);
    app.redeem(&client, &code).await.refused(400, "invalid_grant");
    assert_eq!(app.me_status(bystander["access_token"].as_str().unwrap()).await, 200);
    assert_eq!(app.count_grants(&root).await, 0);
    // It is not shut out: it asks anew, and then the person is asked too.
    ada.get(&client.authorize_path(&[])).await.is_consent_page();
    assert_eq!(app.me_status(app.tokens(&ada, &client).await["access_token"].as_str().unwrap()).await, 200);
    assert_eq!(app.audited(AuditEvent::ClientCutOff).await.len(), 1);
}
