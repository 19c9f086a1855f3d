//! What OpenID Connect adds to registration (OpenID Connect Dynamic Client Registration §2, §5).

use hallpass::model::time::Lifetime;
use reqwest::Method;
use serde_json::Value;
use serde_json::json;

use crate::support::app::TestApp;
use crate::support::openid::USERINFO;
use crate::support::openid::verify;
use crate::support::publisher::Authority;
use crate::support::publisher::Publisher;
use crate::support::publisher::Reply;
use crate::support::registering::OPEN;
use crate::support::seed::PASSWORD;

async fn with_publisher() -> (TestApp, Publisher, Authority) {
    let authority = Authority::new();
    let publisher = Publisher::start(&authority);
    let settings = format!(
        "{OPEN}\n[outbound]\nallowed_hosts = [\"{}\"]\nca_file = \"{}\"",
        publisher.host(),
        authority.file().display()
    );
    (TestApp::start_with(&settings).await, publisher, authority)
}

fn pairwise(publisher: &Publisher, redirect_uris: &[&str]) -> Value {
    json!({
        "redirect_uris": redirect_uris, "subject_type": "pairwise",
        "sector_identifier_uri": publisher.url("/redirect_uris.json"),
    })
}

/// OpenID Connect Dynamic Client Registration §5; `oidcc-registration-sector-uri`
#[tokio::test]
async fn a_sector_is_taken_whose_list_has_all_redirect_uris() {
    let (app, publisher, _authority) = with_publisher().await;
    let list = r#"["https://a.test/cb","https://b.test/cb","https://c.test/cb"]"#;
    publisher.publish("/redirect_uris.json", Reply::json(list, &[]));
    app.person("ada", &[]).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let mut subjects = Vec::new();
    for redirect_uris in [&["https://a.test/cb", "https://b.test/cb"][..], &["https://c.test/cb"]] {
        let answer = app.register(&pairwise(&publisher, redirect_uris)).await;
        let client = answer.client();
        assert_eq!(answer.json()["sector_identifier_uri"], json!(publisher.url("/redirect_uris.json")));
        assert_eq!(answer.json()["subject_type"], "pairwise");
        let tokens = app.tokens_for(&browser, &client, &[("scope", "openid")]).await;
        subjects.push(app.id_token(&tokens).await.1["sub"].clone());
    }
    assert_eq!(subjects[0], subjects[1]);
    assert_eq!(publisher.asked("/redirect_uris.json"), 2);
}

/// OpenID Connect Dynamic Client Registration §5; `oidcc-registration-sector-bad`
#[tokio::test]
async fn a_sector_is_refused_whose_list_has_not_all_redirect_uris_or_cannot_be_had() {
    let (app, publisher, _authority) = with_publisher().await;
    let wanted = pairwise(&publisher, &["https://a.test/cb"]);
    for reply in [
        Reply::json(r#"["https://b.test/cb"]"#, &[]),
        Reply::json(r#"["https://a.test/cb/"]"#, &[]),
        Reply::json("[]", &[]),
        Reply::json(r#"{"https://a.test/cb":1}"#, &[]),
        Reply::of("404 Not Found", &[], ""),
    ] {
        publisher.publish("/redirect_uris.json", reply);
        let answer = app.register(&wanted).await;
        assert_eq!((answer.status, answer.text("error")), (400, "invalid_client_metadata".to_owned()));
        assert!(answer.text("error_description").contains("sector_identifier_uri"), "{}", answer.body);
    }
    // An address within the network that the server stands in is not asked.
    let sink = Publisher::sink("127.0.0.1:0");
    let mut inward = wanted.clone();
    inward["sector_identifier_uri"] = sink.url("/x").into();
    assert_eq!(app.register(&inward).await.status, 400);
    assert_eq!(sink.connections(), 0);
    inward["sector_identifier_uri"] = "http://a.test/x".into();
    assert_eq!(app.register(&inward).await.status, 400);
    // Several hosts and no list: whose users it may know again is not clear.
    let several = json!({ "redirect_uris": ["https://a.test/cb", "https://b.test/cb"], "subject_type": "pairwise" });
    assert_eq!(app.register(&several).await.status, 400);
    // A change is looked at as a registration is.
    publisher.publish("/redirect_uris.json", Reply::json(r#"["https://a.test/cb"]"#, &[]));
    let answer = app.register(&wanted).await;
    let (client, token) = (answer.client(), answer.text("registration_access_token"));
    let script = app.script(&format!("Bearer {token}"));
    let mut changed = wanted.clone();
    changed["client_id"] = client.client_id.clone().into();
    changed["redirect_uris"] = json!(["https://evil.test/cb"]);
    let path = format!("/oauth/register/{}", client.client_id);
    let answer = script.send_json(Method::PUT, &path, &changed).await;
    assert_eq!((answer.status, answer.text("error")), (400, "invalid_client_metadata".to_owned()));
    changed["redirect_uris"] = json!(["https://a.test/cb"]);
    assert_eq!(script.send_json(Method::PUT, &path, &changed).await.status, 200);
}

/// OpenID Connect Core §5.3.2; `oidcc-userinfo-rs256`
#[tokio::test]
async fn userinfo_is_signed_for_clients_that_want_it_so() {
    let app = TestApp::start_with(OPEN).await;
    let ada = app.person("ada", &[]).await;
    app.describe_user(&ada, "ada@example.com", "Ada").await;
    let browser = app.signed_in("ada", PASSWORD).await;
    for algorithm in ["RS256", "PS256"] {
        let description = json!({ "redirect_uris": ["https://rp.test/cb"], "userinfo_signed_response_alg": algorithm });
        let client = app.register(&description).await.client();
        let tokens = app.tokens_for(&browser, &client, &[("scope", "openid email")]).await;
        let script = app.script(&format!("Bearer {}", tokens["access_token"].as_str().unwrap()));
        let answer = script.get(USERINFO).await;
        assert_eq!((answer.status, answer.header("content-type")), (200, "application/jwt"));
        let (header, claims) = verify(&answer.body, &app.jwks().await).unwrap();
        assert_eq!(header["alg"], json!(algorithm));
        assert_eq!(
            claims,
            json!({
                "iss": app.issuer, "aud": client.client_id, "sub": ada.id.to_string(),
                "email": "ada@example.com", "email_verified": false,
            })
        );
        app.pass(Lifetime::from_seconds(1));
    }
}
