//! What the server says of itself (RFC 8414), and of its API (RFC 9728): only what works, and all that does.

use reqwest::Method;
use serde_json::Value;
use serde_json::json;

use crate::support::app::TestApp;
use crate::support::flow::VERIFIER;
use crate::support::flow::challenge;
use crate::support::flow::query;
use crate::support::seed::PASSWORD;

const SERVER: &str = "/.well-known/oauth-authorization-server";
const RESOURCE: &str = "/.well-known/oauth-protected-resource";

/// All that tokens can be had for.
const GRANT_TYPES: &[&str] = &[
    "authorization_code",
    "refresh_token",
    "client_credentials",
    "urn:ietf:params:oauth:grant-type:token-exchange",
    "urn:ietf:params:oauth:grant-type:jwt-bearer",
    "urn:ietf:params:oauth:grant-type:device_code",
];

/// How answers can be sent.
const MODES: &[&str] = &["query", "fragment", "form_post", "query.jwt", "fragment.jwt", "form_post.jwt", "jwt"];

async fn metadata(app: &TestApp) -> Value {
    let answer = app.stranger().get(SERVER).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    answer.json()
}

/// RFC 8414 §2, §3.2
#[tokio::test]
async fn the_server_names_its_endpoints_and_what_they_speak() {
    let app = TestApp::start().await;
    let algorithms = ["RS256", "PS256", "ES256", "ES384", "EdDSA", "Ed25519"];
    let signing = ["RS256", "ES256", "EdDSA", "PS256"];
    let methods = ["none", "client_secret_basic", "client_secret_post", "private_key_jwt"];
    let expected = json!({
        "issuer": app.url,
        "authorization_endpoint": format!("{}/oauth/authorize", app.url),
        "token_endpoint": format!("{}/oauth/token", app.url),
        "revocation_endpoint": format!("{}/oauth/revoke", app.url),
        "revocation_endpoint_auth_methods_supported": methods,
        "revocation_endpoint_auth_signing_alg_values_supported": algorithms,
        "userinfo_endpoint": format!("{}/oauth/userinfo", app.url),
        "introspection_endpoint": format!("{}/oauth/introspect", app.url),
        "introspection_endpoint_auth_methods_supported": methods[1..],
        "introspection_endpoint_auth_signing_alg_values_supported": algorithms,
        "pushed_authorization_request_endpoint": format!("{}/oauth/par", app.url),
        "device_authorization_endpoint": format!("{}/oauth/device_authorization", app.url),
        "require_pushed_authorization_requests": false,
        "request_parameter_supported": true,
        "request_uri_parameter_supported": true,
        "require_request_uri_registration": true,
        "request_object_signing_alg_values_supported": algorithms,
        "require_signed_request_object": false,
        "response_types_supported": ["code"],
        "response_modes_supported": MODES,
        "authorization_signing_alg_values_supported": signing,
        "grant_types_supported": GRANT_TYPES,
        "token_endpoint_auth_methods_supported": methods,
        "token_endpoint_auth_signing_alg_values_supported": algorithms,
        "code_challenge_methods_supported": ["S256"],
        "dpop_signing_alg_values_supported": algorithms,
        "authorization_response_iss_parameter_supported": true,
        "ui_locales_supported": ["en", "de"],
        "client_id_metadata_document_supported": true,
        "scopes_supported": [
            "account:read", "account:write", "address", "email", "offline_access", "openid", "phone", "profile", "roles",
        ],
        "jwks_uri": format!("{}/.well-known/jwks.json", app.url),
        "subject_types_supported": ["public", "pairwise"],
        "id_token_signing_alg_values_supported": signing,
        "userinfo_signing_alg_values_supported": signing,
        "introspection_signing_alg_values_supported": signing,
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
        "display_values_supported": ["page"],
        "end_session_endpoint": format!("{}/oauth/logout", app.url),
        "backchannel_logout_supported": true,
        "backchannel_logout_session_supported": true,
        "acr_values_supported": ["urn:hallpass:acr:password", "urn:hallpass:acr:mfa"],
        "claim_types_supported": ["normal"],
        "claims_parameter_supported": true,
        "claims_supported": [
            "iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "at_hash", "sid", "name",
            "family_name", "given_name", "middle_name", "nickname", "preferred_username", "profile", "picture",
            "website", "gender", "birthdate", "zoneinfo", "locale", "updated_at", "email", "email_verified", "address",
            "phone_number", "phone_number_verified", "roles",
        ],
    });
    assert_eq!(metadata(&app).await, expected);
    assert_eq!(app.stranger().send(Method::HEAD, SERVER, None).await.status, 200);
    let answer = app.stranger().post(SERVER, &[]).await;
    assert_eq!((answer.status, answer.header("allow")), (405, "GET, HEAD"));
}

/// RFC 8414 §2
#[tokio::test]
async fn what_is_advertised_works() {
    let app = TestApp::start().await;
    app.person("ada", &[]).await;
    app.scope("read", &[]).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let metadata = metadata(&app).await;
    let endpoint = |name: &str| metadata[name].as_str().unwrap().strip_prefix(&app.url).unwrap().to_owned();
    let (authorize, token) = (endpoint("authorization_endpoint"), endpoint("token_endpoint"));

    let client = app.web_client("read").await;
    let challenge = challenge(VERIFIER);
    let request = [
        ("response_type", metadata["response_types_supported"][0].as_str().unwrap()),
        ("response_mode", metadata["response_modes_supported"][0].as_str().unwrap()),
        ("client_id", client.client_id.as_str()),
        ("redirect_uri", client.redirect_uri.as_str()),
        ("code_challenge", challenge.as_str()),
        ("code_challenge_method", metadata["code_challenge_methods_supported"][0].as_str().unwrap()),
    ];
    browser.get(&format!("{authorize}?{}", query(&request))).await.is_consent_page();

    for grant in metadata["grant_types_supported"].as_array().unwrap() {
        // Known, if not allowed to this client or not complete.
        let answer = app.script(&client.basic()).post(&token, &[("grant_type", grant.as_str().unwrap())]).await;
        assert_ne!(answer.json()["error"], "unsupported_grant_type", "{grant}");
    }
    for grant in
        ["password", "implicit", "urn:ietf:params:oauth:grant-type:saml2-bearer", "urn:openid:params:grant-type:ciba"]
    {
        assert!(!metadata["grant_types_supported"].as_array().unwrap().contains(&grant.into()));
        let answer = app.script(&client.basic()).post(&token, &[("grant_type", grant)]).await;
        answer.refused(400, "unsupported_grant_type");
    }
}

/// RFC 8414 §2
#[tokio::test]
async fn what_is_not_there_is_not_advertised() {
    let app = TestApp::start().await;
    let metadata = metadata(&app).await;
    for (name, path) in [
        ("revocation_endpoint", "/oauth/revoke"),
        ("introspection_endpoint", "/oauth/introspect"),
        ("device_authorization_endpoint", "/oauth/device_authorization"),
        ("pushed_authorization_request_endpoint", "/oauth/par"),
        ("userinfo_endpoint", "/oauth/userinfo"),
        ("end_session_endpoint", "/oauth/logout"),
        ("jwks_uri", "/.well-known/jwks.json"),
    ] {
        let there = app.stranger().post(path, &[]).await.status != 404 || app.stranger().get(path).await.status != 404;
        assert_eq!(metadata.get(name).is_some(), there, "{name}");
    }
}

/// RFC 8414 §2, §3.3
#[tokio::test]
async fn the_issuer_is_the_configured_one_whatever_a_request_says() {
    let app = TestApp::start().await;
    let forged = app
        .stranger()
        .with("host", "evil.test")
        .with("x-forwarded-host", "evil.test")
        .with("x-forwarded-proto", "https")
        .with("forwarded", "host=evil.test;proto=https");
    for path in [SERVER, RESOURCE] {
        let answer = forged.get(path).await;
        assert!(matches!(answer.status, 200 | 400), "{}", answer.status);
        assert!(!answer.body.contains("evil"), "{}", answer.body);
    }
}

/// RFC 8414 §3.1; RFC 9728 §3.1
#[tokio::test]
async fn an_issuer_with_a_path_is_found_both_ways() {
    let app = TestApp::start_below("/id/hall").await;
    assert!(app.url.ends_with("/id/hall"), "{}", app.url);
    let documents = [(SERVER, metadata(&app).await), (RESOURCE, app.stranger().get(RESOURCE).await.json())];
    assert_eq!(documents[0].1["issuer"], app.url);
    assert_eq!(documents[0].1["token_endpoint"], format!("{}/oauth/token", app.url));
    assert_eq!(documents[1].1["resource"], app.url);
    for (path, document) in &documents {
        let inserted = app.stranger_at_the_root().get(&format!("{path}/id/hall")).await;
        assert_eq!((inserted.status, inserted.json()), (200, document.clone()));
        assert_eq!(inserted.header("access-control-allow-origin"), "*");
        // Another issuer on this host is none of ours.
        for foreign in [path.to_string(), format!("{path}/id"), format!("{path}/id/hall/x"), format!("{path}/other")] {
            assert_eq!(app.stranger_at_the_root().get(&foreign).await.status, 404, "{foreign}");
        }
        let posted = app.stranger_at_the_root().post(&format!("{path}/id/hall"), &[]).await;
        assert_eq!((posted.status, posted.header("allow")), (405, "GET, HEAD"));
    }
    // And everything else lies below it.
    assert_eq!(app.stranger_at_the_root().get("/login").await.status, 404);
    assert_eq!(app.stranger().get("/login").await.status, 200);
}
