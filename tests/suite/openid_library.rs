//! A relying party that knows nothing of this server, unmodified: the Rust crate `openidconnect`.

use std::sync::Arc;
use std::time::SystemTime;
use std::time::UNIX_EPOCH;

use hallpass::clock::FixedClock;
use hallpass::domain::clients::ClientDescription;
use hallpass::model::client::AuthMethod;
use hallpass::model::openid::SubjectType;
use hallpass::model::time::Timestamp;
use openidconnect::AccessTokenHash;
use openidconnect::AuthorizationCode;
use openidconnect::ClientId;
use openidconnect::ClientSecret;
use openidconnect::CsrfToken;
use openidconnect::IssuerUrl;
use openidconnect::Nonce;
use openidconnect::OAuth2TokenResponse;
use openidconnect::PkceCodeChallenge;
use openidconnect::RedirectUrl;
use openidconnect::Scope;
use openidconnect::TokenResponse;
use openidconnect::core::CoreAuthenticationFlow;
use openidconnect::core::CoreClient;
use openidconnect::core::CoreJwsSigningAlgorithm;
use openidconnect::core::CoreProviderMetadata;
use openidconnect::core::CoreUserInfoClaims;

use crate::support::app::TestApp;
use crate::support::caller::client as http_client;
use crate::support::database::Database;

/// Discovery, sign-in, id_token, UserInfo and two refreshes; each id_token is verified by the library.
#[tokio::test]
async fn the_whole_way_of_a_relying_party() {
    // The library has the machine's clock.
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let clock = Arc::new(FixedClock::at(Timestamp::from_seconds(now.try_into().unwrap())));
    let app = TestApp::start_at(Database::create(), "", clock);
    let ada = app.person("ada", &[]).await;
    app.complete_user(&ada).await;
    let http = http_client();
    for (algorithm, auth_method, subject_type) in [
        ("RS256", AuthMethod::ClientSecretBasic, SubjectType::Public),
        ("ES256", AuthMethod::None, SubjectType::Pairwise),
        ("EdDSA", AuthMethod::ClientSecretBasic, SubjectType::Pairwise),
        ("PS256", AuthMethod::ClientSecretBasic, SubjectType::Public),
    ] {
        let registered = |client: &mut ClientDescription| {
            client.auth_method = auth_method;
            client.openid.id_token_signed_response_alg = Some(algorithm.to_owned());
            client.openid.subject_type = Some(subject_type);
        };
        let client = app.client_with("openid profile email address phone", registered).await;
        let issuer = IssuerUrl::new(app.issuer.clone()).unwrap();
        let provider = CoreProviderMetadata::discover_async(issuer, &http).await.expect("discovery");
        let secret = Some(client.secret.clone()).filter(|secret| !secret.is_empty()).map(ClientSecret::new);
        let library = CoreClient::from_provider_metadata(provider, ClientId::new(client.client_id.clone()), secret)
            .set_redirect_uri(RedirectUrl::new(client.redirect_uri.clone()).unwrap());
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let (url, state, nonce) = library
            .authorize_url(CoreAuthenticationFlow::AuthorizationCode, CsrfToken::new_random, Nonce::new_random)
            .add_scope(Scope::new("profile".to_owned()))
            .add_scope(Scope::new("email".to_owned()))
            .set_pkce_challenge(challenge)
            .url();
        let answer = app.follow("ada", url.as_str()).await;
        assert_eq!(answer["state"], *state.secret());

        let code = AuthorizationCode::new(answer["code"].clone());
        let tokens = library.exchange_code(code).unwrap().set_pkce_verifier(verifier).request_async(&http).await;
        let mut tokens = tokens.expect("tokens");
        let allowed = ["RS256", "ES256", "EdDSA", "PS256"]
            .map(|name| serde_json::from_value::<CoreJwsSigningAlgorithm>(name.into()).unwrap());
        let checks = library.id_token_verifier().set_allowed_algs(allowed);
        let id_token = tokens.id_token().expect("an id_token");
        let claims = id_token.claims(&checks, &nonce).expect("an id_token that holds");
        let subject = claims.subject().clone();
        assert_eq!(subject.as_str() == ada.id.to_string(), subject_type == SubjectType::Public);
        let hash = AccessTokenHash::from_token(
            tokens.access_token(),
            id_token.signing_alg().unwrap(),
            id_token.signing_key(&checks).unwrap(),
        );
        assert_eq!(claims.access_token_hash(), Some(&hash.unwrap()));

        let told: CoreUserInfoClaims = library
            .user_info(tokens.access_token().clone(), Some(subject.clone()))
            .unwrap()
            .request_async(&http)
            .await
            .expect("the user");
        assert_eq!(told.email().unwrap().as_str(), "ada@example.com");
        assert_eq!(told.given_name().unwrap().get(None).unwrap().as_str(), "Ada");
        assert!(told.birthdate().is_some() && told.updated_at().is_some());

        for _ in 0..2 {
            let refresh_token = tokens.refresh_token().expect("a refresh token").clone();
            let refreshed = library.exchange_refresh_token(&refresh_token).unwrap().request_async(&http).await;
            tokens = refreshed.expect("new tokens");
            let id_token = tokens.id_token().expect("an id_token");
            let any = |_: Option<&Nonce>| Ok(());
            assert_eq!(*id_token.claims(&checks, any).expect("an id_token that holds").subject(), subject);
        }
    }
}
