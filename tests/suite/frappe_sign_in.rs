//! "Login with Frappe": a Frappe site that lets people in by this server (docs/FRAPPE.md, F), step by step as its Social
//! Login Key goes.

use hallpass::domain::clients::ClientDescription;
use hallpass::model::client::AuthMethod;
use hallpass::model::redirect_uri::RedirectUri;
use serde_json::json;

use crate::support::app::TestApp;
use crate::support::flow::parameters;
use crate::support::flow::query;
use crate::support::seed::PASSWORD;
use crate::support::seed::SeededClient;

const AT: &str = "/api/method/frappe.integrations.oauth2";
const CALLBACK: &str = "https://erp.example/api/method/frappe.integrations.oauth2_logins.login_via_frappe";
/// `{"site": "https://erp.example", "token": "b9a1", "redirect_to": "/app"}`, in base64 with padding.
const STATE: &str = "eyJzaXRlIjogImh0dHBzOi8vZXJwLmV4YW1wbGUiLCAidG9rZW4iOiAiYjlhMSIsICJyZWRpcmVjdF90byI6ICIvYXBwIn0=";

async fn begin() -> (TestApp, SeededClient) {
    let app = TestApp::start().await;
    app.role("Accounts Manager").await;
    let ada = app.person("ada", &["Accounts Manager"]).await;
    app.describe_user(&ada, "ada@example.com", "Ada Lovelace").await;
    let site = |client: &mut ClientDescription| {
        client.auth_method = AuthMethod::ClientSecretPost;
        client.redirect_uris = vec![RedirectUri::parse(CALLBACK).unwrap()];
    };
    let client = app.client_with("openid", site).await;
    (app, client)
}

/// F
#[tokio::test]
async fn a_frappe_site_lets_a_person_in() {
    let (app, client) = begin().await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let asked = query(&[
        ("response_type", "code"),
        ("scope", "openid"),
        ("client_id", &client.client_id),
        ("redirect_uri", CALLBACK),
        ("state", STATE),
    ]);
    let page = browser.get(&format!("{AT}.authorize?{asked}")).await;
    page.is_consent_page();
    let location = app.decide(&browser, &page, "allow").await;
    assert!(location.starts_with(&format!("{CALLBACK}?")), "{location}");
    let sent = parameters(&location);
    assert_eq!(sent["state"], STATE);

    let fields = [
        ("client_id", client.client_id.as_str()),
        ("client_secret", &client.secret),
        ("code", &sent["code"]),
        ("grant_type", "authorization_code"),
        ("redirect_uri", CALLBACK),
    ];
    let tokens = app.stranger().post(&format!("{AT}.get_token"), &fields).await;
    assert_eq!(tokens.status, 200, "{}", tokens.body);
    let bearer = format!("Bearer {}", tokens.text("access_token"));
    let profile = app.script(&bearer).get(&format!("{AT}.openid_profile")).await.json();
    assert_eq!(profile["email"], "ada@example.com");
    assert!(profile["sub"].as_str().is_some_and(|sub| !sub.is_empty()));
    assert_eq!((&profile["given_name"], &profile["family_name"]), (&json!("Ada"), &json!("Lovelace")));
    assert_eq!(profile["roles"], json!(["Accounts Manager"]));
    // The next time nobody is asked, and the site knows the same person.
    let again = browser.get(&format!("{AT}.authorize?{asked}")).await;
    assert_eq!(again.status, 303);
    // The code is good once.
    assert_eq!(app.stranger().post(&format!("{AT}.get_token"), &fields).await.text("error"), "invalid_grant");
}

/// F: whoever was shut out here comes in nowhere.
#[tokio::test]
async fn a_person_who_was_disabled_is_let_in_no_more() {
    let (app, client) = begin().await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let code = app.code(&browser, &client).await;
    let ada = app.write(|tx| tx.users().find_by_login("ada")).await.unwrap();
    app.set_user_enabled(ada.id, false).await;
    let fields = [
        ("client_id", client.client_id.as_str()),
        ("client_secret", &client.secret),
        ("code", &code),
        ("grant_type", "authorization_code"),
        ("redirect_uri", CALLBACK),
    ];
    let answer = app.stranger().post(&format!("{AT}.get_token"), &fields).await;
    assert_eq!(answer.text("error"), "invalid_grant");
}
