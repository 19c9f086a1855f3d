//! A client library that knows nothing of this server, unmodified: the Rust crate `oauth2`.

use oauth2::AuthType;
use oauth2::AuthUrl;
use oauth2::AuthorizationCode;
use oauth2::ClientId;
use oauth2::ClientSecret;
use oauth2::CsrfToken;
use oauth2::PkceCodeChallenge;
use oauth2::PkceCodeVerifier;
use oauth2::RedirectUrl;
use oauth2::RefreshToken;
use oauth2::RequestTokenError;
use oauth2::Scope;
use oauth2::TokenResponse;
use oauth2::TokenUrl;
use oauth2::basic::BasicClient;
use oauth2::basic::BasicErrorResponseType;
use oauth2::basic::BasicTokenType;
use oauth2::url::Url;

use hallpass::domain::clients::ClientDescription;
use hallpass::model::client::AuthMethod;
use hallpass::model::redirect_uri::RedirectUri;

use crate::support::app::TestApp;
use crate::support::caller::client as http_client;
use crate::support::seed::SeededClient;

type Client = oauth2::Client<
    oauth2::basic::BasicErrorResponse,
    oauth2::basic::BasicTokenResponse,
    oauth2::basic::BasicTokenIntrospectionResponse,
    oauth2::StandardRevocableToken,
    oauth2::basic::BasicRevocationErrorResponse,
    oauth2::EndpointSet,
    oauth2::EndpointNotSet,
    oauth2::EndpointNotSet,
    oauth2::EndpointNotSet,
    oauth2::EndpointSet,
>;

/// The library's client, with the endpoints that the server's metadata names (RFC 8414 §3).
async fn library(app: &TestApp, client: &SeededClient) -> Client {
    let metadata = app.stranger().get("/.well-known/oauth-authorization-server").await.json();
    let endpoint = |name: &str| metadata[name].as_str().unwrap().to_owned();
    let mut library = BasicClient::new(ClientId::new(client.client_id.clone()));
    if !client.secret.is_empty() {
        library = library.set_client_secret(ClientSecret::new(client.secret.clone()));
    }
    library
        .set_auth_uri(AuthUrl::new(endpoint("authorization_endpoint")).unwrap())
        .set_token_uri(TokenUrl::new(endpoint("token_endpoint")).unwrap())
}

async fn follow(app: &TestApp, url: &Url) -> (AuthorizationCode, CsrfToken) {
    let mut answer = app.follow("ada", url.as_str()).await;
    (AuthorizationCode::new(answer.remove("code").unwrap()), CsrfToken::new(answer.remove("state").unwrap()))
}

/// RFC 6749 §4.1, §6; RFC 7636
#[tokio::test]
async fn the_code_flow_with_pkce_and_two_refreshes() {
    let app = TestApp::start().await;
    app.person("ada", &[]).await;
    app.scope("read", &[]).await;
    let native = |client: &mut ClientDescription| {
        client.auth_method = AuthMethod::None;
        client.redirect_uris = vec![RedirectUri::parse("http://127.0.0.1/callback").unwrap()];
    };
    let in_body = |client: &mut ClientDescription| client.auth_method = AuthMethod::ClientSecretPost;
    let confidential = app.web_client("profile read").await;
    let poster = app.client_with("profile read", in_body).await;
    let public = app.client_with("profile read", native).await;
    for (client, auth_type, redirect_uri) in [
        (&confidential, AuthType::BasicAuth, "https://rp.test/cb"),
        (&poster, AuthType::RequestBody, "https://rp.test/cb"),
        (&public, AuthType::BasicAuth, "http://127.0.0.1:49152/callback"),
    ] {
        let library = library(&app, client).await.set_auth_type(auth_type);
        let library = library.set_redirect_uri(RedirectUrl::new(redirect_uri.to_owned()).unwrap());
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let (url, state) = library
            .authorize_url(CsrfToken::new_random)
            .add_scope(Scope::new("profile".to_owned()))
            .add_scope(Scope::new("read".to_owned()))
            .set_pkce_challenge(challenge)
            .url();
        let (code, returned_state) = follow(&app, &url).await;
        assert_eq!(returned_state.secret(), state.secret());

        let http = http_client();
        let tokens = library.exchange_code(code).set_pkce_verifier(verifier).request_async(&http).await;
        let mut tokens = tokens.expect("tokens");
        assert_eq!(*tokens.token_type(), BasicTokenType::Bearer);
        assert_eq!(tokens.expires_in().unwrap().as_secs(), 3600);
        let scopes: Vec<&str> = tokens.scopes().unwrap().iter().map(|scope| scope.as_str()).collect();
        assert_eq!(scopes, ["profile", "read"]);
        assert_eq!(app.me_status(tokens.access_token().secret()).await, 200);
        for _ in 0..2 {
            let refresh_token = tokens.refresh_token().expect("a refresh token").clone();
            tokens = library.exchange_refresh_token(&refresh_token).request_async(&http).await.expect("new tokens");
            assert_ne!(tokens.refresh_token().unwrap().secret(), refresh_token.secret());
            assert_eq!(app.me_status(tokens.access_token().secret()).await, 200);
        }
    }
}

/// RFC 6749 §4.4
#[tokio::test]
async fn client_credentials() {
    let app = TestApp::start().await;
    app.scope("read", &[]).await;
    let client = app.service_client("profile read").await;
    let library = library(&app, &client).await;
    let scope = Scope::new("read".to_owned());
    let tokens = library.exchange_client_credentials().add_scope(scope).request_async(&http_client()).await;
    let tokens = tokens.expect("a token");
    assert!(tokens.refresh_token().is_none());
    let me = app.script(&format!("Bearer {}", tokens.access_token().secret())).get("/api/v1/me").await.json();
    assert_eq!((me["subject"].as_str(), &me["scopes"]), (Some("client"), &serde_json::json!(["read"])));
}

/// RFC 6749 §5.2
#[tokio::test]
async fn the_library_understands_a_refusal() {
    let app = TestApp::start().await;
    let client = app.web_client("profile").await;
    let library = library(&app, &client).await.set_redirect_uri(RedirectUrl::new(client.redirect_uri.clone()).unwrap());
    let http = http_client();
    let code = AuthorizationCode::new("hp_ac_none".to_owned());
    let verifier = PkceCodeVerifier::new("x".repeat(43));
    let code = library.exchange_code(code).set_pkce_verifier(verifier).request_async(&http).await;
    let refresh_token = RefreshToken::new("hp_rt_none".to_owned());
    let refreshed = library.exchange_refresh_token(&refresh_token).request_async(&http).await;
    for refused in [code, refreshed] {
        let Err(RequestTokenError::ServerResponse(refusal)) = refused else { panic!("{refused:?}") };
        assert_eq!(*refusal.error(), BasicErrorResponseType::InvalidGrant);
        assert!(refusal.error_description().is_some());
    }
    let library = library.set_client_secret(ClientSecret::new("wrong: 100 % & co".to_owned()));
    let refused = library.exchange_refresh_token(&refresh_token).request_async(&http).await;
    let Err(RequestTokenError::ServerResponse(refusal)) = refused else { panic!("{refused:?}") };
    assert_eq!(*refusal.error(), BasicErrorResponseType::InvalidClient);
}
