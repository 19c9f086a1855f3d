//! What Frappe's clients discover (docs/FRAPPE.md, E). The documents themselves are in `rfc8414_metadata.rs` and
//! `rfc9728_protected_resource_metadata.rs`.

use serde_json::json;

use crate::support::app::TestApp;
use crate::support::registering::OPEN;

const SERVER: &str = "/.well-known/oauth-authorization-server";
const OPENID: &str = "/.well-known/openid-configuration";
const RESOURCE: &str = "/.well-known/oauth-protected-resource";

/// E
#[tokio::test]
async fn the_servers_document_names_what_frappes_clients_look_for() {
    let app = TestApp::start_with(OPEN).await;
    let json = app.stranger().get(SERVER).await.json();
    for (name, path) in [
        ("authorization_endpoint", "/oauth/authorize"),
        ("token_endpoint", "/oauth/token"),
        ("revocation_endpoint", "/oauth/revoke"),
        ("introspection_endpoint", "/oauth/introspect"),
        ("userinfo_endpoint", "/oauth/userinfo"),
        ("registration_endpoint", "/oauth/register"),
    ] {
        assert_eq!(json[name], format!("{}{path}", app.url), "{name}");
    }
    assert_eq!(json["issuer"], app.url.as_str());
    for (name, value) in [
        ("response_types_supported", "code"),
        ("response_modes_supported", "query"),
        ("grant_types_supported", "authorization_code"),
        ("grant_types_supported", "refresh_token"),
        ("token_endpoint_auth_methods_supported", "none"),
        ("token_endpoint_auth_methods_supported", "client_secret_basic"),
        ("token_endpoint_auth_methods_supported", "client_secret_post"),
        ("revocation_endpoint_auth_methods_supported", "none"),
        ("code_challenge_methods_supported", "S256"),
    ] {
        assert!(json[name].as_array().unwrap().contains(&json!(value)), "{name} {value}");
    }
}

/// E
#[tokio::test]
async fn the_document_of_openid_connect_names_what_frappes_clients_look_for() {
    let app = TestApp::start().await;
    let json = app.stranger().get(OPENID).await.json();
    for (name, value) in [
        ("response_types_supported", "code"),
        ("subject_types_supported", "public"),
        ("id_token_signing_alg_values_supported", "RS256"),
        ("scopes_supported", "openid"),
        ("claims_supported", "email"),
    ] {
        assert!(json[name].as_array().unwrap().contains(&json!(value)), "{name} {value}");
    }
    for name in ["jwks_uri", "userinfo_endpoint", "revocation_endpoint", "introspection_endpoint"] {
        assert!(json[name].as_str().unwrap().starts_with(&app.url), "{name}");
    }
}

/// E
#[tokio::test]
async fn the_resources_document_names_this_server() {
    let app = TestApp::start().await;
    let json = app.stranger().get(RESOURCE).await.json();
    assert_eq!((&json["resource"], &json["authorization_servers"]), (&json!(app.url), &json!([app.url])));
    assert_eq!(json["bearer_methods_supported"], json!(["header"]));
    assert!(json["resource_name"].is_string());
}

/// E: something may stand behind a document's path; nothing in the answer comes of it.
#[tokio::test]
async fn a_path_behind_a_document_is_tolerated() {
    let app = TestApp::start().await;
    for path in [SERVER, RESOURCE, OPENID] {
        let document = app.stranger().get(path).await;
        for behind in ["/", "/api/method", "/a/b?c=d"] {
            let answer = app.stranger().get(&format!("{path}{behind}")).await;
            assert_eq!((answer.status, &answer.body), (200, &document.body), "{path}{behind}");
            assert_eq!(answer.header("access-control-allow-origin"), "*");
        }
        assert_eq!(app.stranger().get(&format!("{path}x")).await.status, 404);
    }
}

/// E
#[tokio::test]
async fn a_missing_document_is_404() {
    let app = TestApp::start().await;
    for path in ["/.well-known/nothing", "/.well-known/oauth-authorization"] {
        assert_eq!(app.stranger().get(path).await.status, 404, "{path}");
    }
}
