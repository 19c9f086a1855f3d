//! The id_token (OpenID Connect Core §2, §3.1.3.3, §12.2).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hallpass::domain::clients::ClientDescription;
use hallpass::model::client::AuthMethod;
use hallpass::model::client::GrantType;
use hallpass::model::openid::ACR_PASSWORD;
use hallpass::model::openid::SubjectType;
use hallpass::model::redirect_uri::RedirectUri;
use hallpass::model::time::Lifetime;
use serde_json::Value;
use serde_json::json;
use sha2::Digest;
use sha2::Sha256;
use sha2::Sha512;

use crate::support::app::BEGIN;
use crate::support::app::TestApp;
use crate::support::flow::VERIFIER;
use crate::support::seed::PASSWORD;

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap_or_else(|| panic!("no {name} in {value}"))
}

/// OpenID Connect Core §2, §3.1.3.3, §3.1.3.6; `oidcc-server`, `oidcc-idtoken-signature`, `oidcc-idtoken-rs256`
#[tokio::test]
async fn it_says_who_signed_in_when_and_how() {
    let app = TestApp::start().await;
    let ada = app.person("ada", &[]).await;
    app.complete_user(&ada).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    app.pass(Lifetime::from_seconds(90));
    let client = app.web_client("openid profile email").await;
    let tokens = app.tokens_for(&browser, &client, &[("nonce", "n-0S6_WzA2Mj")]).await;
    let (header, claims) = app.id_token(&tokens).await;
    let now = BEGIN.seconds() + 90;
    let access_token = text(&tokens, "access_token");
    let half = &Sha256::digest(access_token)[..16];
    let sid = text(&claims, "sid").to_owned();
    assert_eq!(
        claims,
        json!({
            "iss": app.issuer, "sub": ada.id.to_string(), "aud": client.client_id, "iat": now, "exp": now + 3600,
            "auth_time": BEGIN.seconds(), "nonce": "n-0S6_WzA2Mj", "acr": ACR_PASSWORD, "amr": ["pwd"], "sid": sid,
            "at_hash": URL_SAFE_NO_PAD.encode(half),
        })
    );
    assert_eq!((text(&header, "alg"), &header["typ"]), ("RS256", &Value::Null));
    // The same session at another client has another name there, and at the same client the same.
    let (_, again) = app.id_token(&app.tokens_for(&browser, &client, &[]).await).await;
    assert_eq!(text(&again, "sid"), sid);
    let other = app.web_client("openid").await;
    let (_, elsewhere) = app.id_token(&app.tokens_for(&browser, &other, &[]).await).await;
    assert_ne!(text(&elsewhere, "sid"), sid);
    let (_, later) = app.id_token(&app.tokens_for(&app.signed_in("ada", PASSWORD).await, &client, &[]).await).await;
    assert_ne!(text(&later, "sid"), sid);
    assert_eq!(later["auth_time"], json!(now));
}

/// OpenID Connect Core §3.1.2.1; `oidcc-ensure-request-without-nonce-succeeds-for-code-flow`
#[tokio::test]
async fn without_a_nonce_it_says_none_and_without_openid_there_is_no_id_token() {
    let app = TestApp::start().await;
    app.person("ada", &[]).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let client = app.web_client("openid profile").await;
    let tokens = app.tokens_for(&browser, &client, &[]).await;
    assert_eq!(app.id_token(&tokens).await.1["nonce"], Value::Null);
    let tokens = app.tokens_for(&browser, &client, &[("scope", "profile"), ("nonce", "n")]).await;
    assert_eq!(tokens["id_token"], Value::Null, "{tokens}");
    let service = app.service_client("openid").await;
    let tokens = app.token(&service, &[("grant_type", "client_credentials")]).await.json();
    assert_eq!(tokens["id_token"], Value::Null, "{tokens}");
}

/// OpenID Connect Core §12.2; `oidcc-refresh-token`
#[tokio::test]
async fn a_refresh_tells_of_the_same_sign_in() {
    let app = TestApp::start().await;
    app.person("ada", &[]).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    for auth_method in [AuthMethod::ClientSecretBasic, AuthMethod::None] {
        let client = app.client_with("openid profile", |client| client.auth_method = auth_method).await;
        let tokens = app.tokens_for(&browser, &client, &[("nonce", "n")]).await;
        let (_, first) = app.id_token(&tokens).await;
        app.pass(Lifetime::from_seconds(60));
        let refreshed = app.refresh(&client, text(&tokens, "refresh_token")).await.json();
        let (_, second) = app.id_token(&refreshed).await;
        for name in ["iss", "sub", "aud", "auth_time", "sid", "acr", "amr"] {
            assert_eq!(second[name], first[name], "{name}");
        }
        assert_eq!(second["iat"], json!(first["iat"].as_i64().unwrap() + 60));
        assert_eq!((&first["nonce"], &second["nonce"]), (&json!("n"), &Value::Null));
        assert_ne!(second["at_hash"], first["at_hash"]);
        // A client whose answer was lost gets it once more, and an id_token with it.
        let repeated = app.refresh(&client, text(&tokens, "refresh_token")).await.json();
        assert_eq!(app.id_token(&repeated).await.1, second);
        // A refresh for less than openid says nothing.
        let narrow = [
            ("grant_type", "refresh_token"),
            ("refresh_token", text(&refreshed, "refresh_token")),
            ("scope", "profile"),
        ];
        assert_eq!(app.token(&client, &narrow).await.json()["id_token"], Value::Null);
    }
    // After the session has ended, and long after, it is still the sign-in that the tokens came of.
    let client = app.web_client("openid").await;
    let tokens = app.tokens_for(&browser, &client, &[]).await;
    let (_, first) = app.id_token(&tokens).await;
    let csrf_token = browser.csrf_token("/logout").await;
    browser.post("/logout", &[("csrf_token", &csrf_token)]).await;
    app.pass(Lifetime::from_days(20));
    let refreshed = app.refresh(&client, text(&tokens, "refresh_token")).await.json();
    let (_, second) = app.id_token(&refreshed).await;
    assert_eq!((&second["sid"], &second["auth_time"]), (&first["sid"], &first["auth_time"]));
}

/// OpenID Connect Dynamic Client Registration §2 (`id_token_signed_response_alg`), OpenID Connect Core §3.1.3.6
#[tokio::test]
async fn each_client_gets_it_signed_as_it_registered() {
    let app = TestApp::start().await;
    app.person("ada", &[]).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    for algorithm in ["RS256", "ES256", "EdDSA", "PS256"] {
        let signed = |client: &mut ClientDescription| {
            client.openid.id_token_signed_response_alg = Some(algorithm.to_owned());
        };
        let client = app.client_with("openid", signed).await;
        let tokens = app.tokens_for(&browser, &client, &[]).await;
        let (header, claims) = app.id_token(&tokens).await;
        assert_eq!(text(&header, "alg"), algorithm);
        let access_token = text(&tokens, "access_token");
        let half = match algorithm {
            "EdDSA" => Sha512::digest(access_token)[..32].to_vec(),
            _ => Sha256::digest(access_token)[..16].to_vec(),
        };
        assert_eq!(text(&claims, "at_hash"), URL_SAFE_NO_PAD.encode(half), "{algorithm}");
    }
}

/// OpenID Connect Core §8.1
#[tokio::test]
async fn a_pairwise_subject_is_known_in_one_sector_alone() {
    let app = TestApp::start().await;
    let ada = app.person("ada", &[]).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let pairwise = |uri: &'static str| {
        move |client: &mut ClientDescription| {
            client.openid.subject_type = Some(SubjectType::Pairwise);
            client.redirect_uris = vec![RedirectUri::parse(uri).unwrap()];
        }
    };
    let mut subjects = Vec::new();
    for uri in ["https://a.test/cb", "https://a.test/other", "https://b.test/cb"] {
        let client = app.client_with("openid", pairwise(uri)).await;
        let tokens = app.tokens_for(&browser, &client, &[]).await;
        let sub = text(&app.id_token(&tokens).await.1, "sub").to_owned();
        // Wherever the client asks, it is told the same.
        assert_eq!(text(&app.userinfo(&tokens).await, "sub"), sub);
        let script = app.script(&format!("Bearer {}", text(&tokens, "access_token")));
        let frappe = script.get("/api/method/frappe.integrations.oauth2.openid_profile").await;
        assert_eq!(frappe.text("sub"), sub);
        let refreshed = app.refresh(&client, text(&tokens, "refresh_token")).await.json();
        assert_eq!(text(&app.id_token(&refreshed).await.1, "sub"), sub);
        assert_ne!(sub, ada.id.to_string());
        subjects.push(sub);
    }
    assert_eq!(subjects[0], subjects[1]);
    assert_ne!(subjects[0], subjects[2]);
    // Where it is not clear which sector it is, it is none.
    let several = |client: &mut ClientDescription| {
        client.openid.subject_type = Some(SubjectType::Pairwise);
        client.redirect_uris =
            ["https://a.test/cb", "https://b.test/cb"].map(|uri| RedirectUri::parse(uri).unwrap()).to_vec();
    };
    let act = app.act();
    let refused = app
        .store
        .write(move |tx| {
            let name = hallpass::model::name::DisplayName::parse("Ledger").unwrap();
            let mut description = ClientDescription::new(name, AuthMethod::ClientSecretBasic);
            description.grant_types = vec![GrantType::AuthorizationCode];
            description.scopes = hallpass::model::scope::Scope::parse("openid").unwrap();
            several(&mut description);
            hallpass::domain::clients::register(tx, &description, &act).map(drop)
        })
        .await;
    assert!(refused.unwrap_err().to_string().contains("sector_identifier_uri"));
}

/// RFC 8628 §3.5, OpenID Connect Core §2
#[tokio::test]
async fn a_device_is_told_who_let_it_in() {
    let app = TestApp::start().await;
    let ada = app.person("ada", &[]).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let device = |client: &mut ClientDescription| {
        client.grant_types = vec![GrantType::DeviceCode, GrantType::RefreshToken];
        client.redirect_uris = Vec::new();
    };
    let client = app.client_with("openid profile", device).await;
    let begun = app.script(&client.basic()).post("/oauth/device_authorization", &[]).await;
    let code = begun.text("user_code");
    let page = browser.get(&format!("/device?user_code={code}")).await;
    let csrf_token = page.input("csrf_token");
    let page = browser.post("/device", &[("user_code", &code), ("csrf_token", &csrf_token)]).await;
    let csrf_token = page.input("csrf_token");
    let fields = [
        ("user_code", code.as_str()),
        ("decision", "allow"),
        ("duration", "until_revoked"),
        ("scope", "openid"),
        ("csrf_token", &csrf_token),
    ];
    let answer = browser.post("/device", &fields).await;
    assert!(answer.status < 400, "{}", answer.body);
    let device_code = begun.text("device_code");
    let fields =
        [("grant_type", "urn:ietf:params:oauth:grant-type:device_code"), ("device_code", device_code.as_str())];
    let tokens = app.token(&client, &fields).await.json();
    let (_, claims) = app.id_token(&tokens).await;
    assert_eq!((text(&claims, "sub"), text(&claims, "aud")), (ada.id.to_string().as_str(), client.client_id.as_str()));
    assert_eq!((&claims["nonce"], &claims["auth_time"]), (&Value::Null, &json!(BEGIN.seconds())));
}

/// Frappe's names for the same (rows D3 and D7): there the id_token tells what its own does.
#[tokio::test]
async fn frappes_clients_get_it_with_how_the_user_is_called() {
    let app = TestApp::start().await;
    let ada = app.person("ada", &[]).await;
    app.complete_user(&ada).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let client = app.web_client("openid").await;
    let code = app.code(&browser, &client).await;
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", client.redirect_uri.as_str()),
        ("code_verifier", VERIFIER),
    ];
    let answer = app.script(&client.basic()).post("/api/method/frappe.integrations.oauth2.get_token", &fields).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let (_, claims) = app.id_token(&answer.json()).await;
    for (name, value) in [
        ("sub", json!(ada.id.to_string())),
        ("name", json!("Ada Lovelace")),
        ("given_name", json!("Ada")),
        ("family_name", json!("Lovelace")),
        ("email", json!("ada@example.com")),
        ("picture", json!("https://example.com/ada.png")),
        ("roles", json!([])),
        ("aud", json!(client.client_id)),
        ("iss", json!(app.issuer)),
    ] {
        assert_eq!(claims[name], value, "{name}");
    }
    assert!(claims["at_hash"].is_string() && claims["exp"].is_i64() && claims["iat"].is_i64());
}
