//! Discovery (OpenID Connect Discovery §3, §4); `oidcc-discovery-endpoint-verification`.

use serde_json::Value;
use serde_json::json;

use crate::support::app::TestApp;
use crate::support::openid::CONFIGURATION;
use crate::support::openid::JWKS;
use crate::support::registering::OPEN;
use crate::support::seed::PASSWORD;

fn has(list: &Value, item: &str) -> bool {
    list.as_array().is_some_and(|list| list.iter().any(|value| value == item))
}

/// OpenID Connect Discovery §3
#[tokio::test]
async fn it_says_what_every_client_has_to_know() {
    for settings in ["", OPEN, "[clients]\nmetadata_documents = false"] {
        let app = TestApp::start_with(settings).await;
        let answer = app.stranger().get(CONFIGURATION).await;
        assert_eq!((answer.status, answer.header("content-type")), (200, "application/json"));
        assert_eq!(answer.header("access-control-allow-origin"), "*");
        let told = answer.json();
        assert_eq!(told["issuer"], json!(app.issuer));
        assert_eq!(told["jwks_uri"], json!(format!("{}{JWKS}", app.issuer)));
        for (name, items) in [
            ("subject_types_supported", &["public", "pairwise"][..]),
            ("response_types_supported", &["code"]),
            ("id_token_signing_alg_values_supported", &["RS256", "ES256", "EdDSA", "PS256"]),
            ("userinfo_signing_alg_values_supported", &["RS256", "ES256"]),
            ("request_object_signing_alg_values_supported", &["RS256"]),
            ("grant_types_supported", &["authorization_code"]),
            ("scopes_supported", &["openid", "profile", "email", "address", "phone"]),
            (
                "claims_supported",
                &["sub", "iss", "aud", "auth_time", "acr", "name", "email", "address", "phone_number"],
            ),
            ("claim_types_supported", &["normal"]),
            ("acr_values_supported", &["urn:hallpass:acr:password"]),
            ("code_challenge_methods_supported", &["S256"]),
        ] {
            for item in items {
                assert!(has(&told[name], item), "{name} {item}: {}", told[name]);
            }
        }
        assert!(!has(&told["id_token_signing_alg_values_supported"], "none"));
        assert_eq!(told["claims_parameter_supported"], json!(true));
        // Each endpoint is below the issuer; whoever compares does so byte for byte.
        for (name, value) in told.as_object().unwrap() {
            if name.ends_with("_endpoint") || name.ends_with("_uri") {
                assert!(value.as_str().unwrap().starts_with(&app.issuer), "{name}: {value}");
            }
        }
        assert_eq!(told.get("registration_endpoint").is_some(), settings == OPEN);
    }
}

/// OpenID Connect Discovery §4.1, RFC 8414 §3.1: for an issuer with a path, in all forms.
#[tokio::test]
async fn it_stands_wherever_it_is_looked_for() {
    let app = TestApp::start_below("/auth/id").await;
    let root = app.stranger_at_the_root();
    let below = root.get("/auth/id/.well-known/openid-configuration").await;
    let between = root.get("/.well-known/openid-configuration/auth/id").await;
    assert_eq!((below.status, between.status), (200, 200));
    assert_eq!(below.json(), between.json());
    assert_eq!(below.json()["issuer"], json!(app.issuer));
    assert_eq!(root.get("/.well-known/openid-configuration").await.status, 404);
    let jwks = below.json()["jwks_uri"].as_str().unwrap().strip_prefix(&app.origin()).unwrap().to_owned();
    assert_eq!(root.get(&jwks).await.status, 200);
}

/// RFC 7517 §4, §5, RFC 7518 §6.3.2
#[tokio::test]
async fn the_keys_are_public_ones_for_signatures() {
    let app = TestApp::start().await;
    let answer = app.stranger().with("origin", "https://spa.example").get(JWKS).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/json"));
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    assert_eq!(answer.header("cache-control"), "public, max-age=300");
    let keys = answer.json()["keys"].as_array().unwrap().clone();
    let kinds: Vec<(&str, Option<&str>)> =
        keys.iter().map(|key| (key["kty"].as_str().unwrap(), key["alg"].as_str())).collect();
    // The RSA key is for RS256 and PS256, so it names neither.
    assert_eq!(kinds, [("EC", Some("ES256")), ("OKP", Some("EdDSA")), ("RSA", None)]);
    for key in &keys {
        assert_eq!(key["use"], "sig");
        assert_eq!(key["kid"].as_str().unwrap().len(), 43);
        for name in ["d", "p", "q", "dp", "dq", "qi", "k", "oth"] {
            assert_eq!(key.get(name), None, "{name}");
        }
    }
    assert!(keys[2]["n"].as_str().unwrap().len() >= 342, "2048 bits");
}

/// Security case 419: each of what is advertised works, and nothing that is not.
#[tokio::test]
async fn what_is_advertised_works_and_what_is_not_does_not() {
    let app = TestApp::start_with(OPEN).await;
    app.person("ada", &[]).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let told = app.stranger().get(CONFIGURATION).await.json();
    let words = |name: &str| -> Vec<String> {
        told[name].as_array().unwrap().iter().map(|word| word.as_str().unwrap().to_owned()).collect()
    };
    let register = |name: &'static str, value: String| {
        let mut description = json!({
            "redirect_uris": ["https://rp.test/cb"], "token_endpoint_auth_method": "client_secret_basic",
        });
        description[name] = value.into();
        description
    };
    for name in ["id_token", "userinfo", "introspection"] {
        for algorithm in words(&format!("{name}_signing_alg_values_supported")) {
            let member = match name {
                "id_token" => "id_token_signed_response_alg",
                "userinfo" => "userinfo_signed_response_alg",
                _ => "introspection_signed_response_alg",
            };
            let answer = app.register(&register(member, algorithm.clone())).await;
            assert_eq!(answer.json()[member], json!(algorithm), "{}", answer.body);
            let client = answer.client();
            let tokens = app.tokens_for(&browser, &client, &[("scope", "openid profile")]).await;
            if name == "id_token" {
                assert_eq!(app.id_token(&tokens).await.0["alg"], json!(algorithm));
            }
        }
    }
    for algorithm in ["none", "HS256", "ES384", "rs256", ""] {
        let answer = app.register(&register("id_token_signed_response_alg", algorithm.to_owned())).await;
        assert_eq!(answer.status, 400, "{algorithm}: {}", answer.body);
        assert_eq!(answer.text("error"), "invalid_client_metadata");
    }
    for subject_type in words("subject_types_supported") {
        let answer = app.register(&register("subject_type", subject_type.clone())).await;
        assert_eq!(answer.json()["subject_type"], json!(subject_type), "{}", answer.body);
    }
    assert_eq!(app.register(&register("subject_type", "ephemeral".to_owned())).await.status, 400);
    let client = app.register(&register("client_name", "A".to_owned())).await.client();
    for scope in words("scopes_supported") {
        let page = browser.get(&client.authorize_path(&[("scope", &scope)])).await;
        assert!([200, 303].contains(&page.status), "{scope}: {}", page.body);
        assert!(!page.header("location").contains("error="), "{scope}: {}", page.header("location"));
    }
}
