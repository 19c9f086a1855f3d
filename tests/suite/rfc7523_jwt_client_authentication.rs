//! Clients that prove who they are with a key of their own (RFC 7523 §2.2, RFC 7521 §4.2).

use std::sync::Arc;

use hallpass::domain::clients;
use hallpass::domain::clients::ClientDescription;
use hallpass::domain::clients::ClientError;
use hallpass::model::client::AuthMethod;
use hallpass::model::client::GrantType;
use hallpass::model::name::DisplayName;
use hallpass::model::scope::Scope;
use hallpass::model::time::Lifetime;
use serde_json::Value;
use serde_json::json;
use tokio::task::JoinSet;

use crate::support::app::TestApp;
use crate::support::caller::Answer;
use crate::support::flow::VERIFIER;
use crate::support::jose::Key;
use crate::support::jose::encode;
use crate::support::jose::hash;
use crate::support::program::Program;
use crate::support::publisher::Authority;
use crate::support::publisher::Publisher;
use crate::support::publisher::Reply;
use crate::support::seed::PASSWORD;
use crate::support::seed::SeededClient;

const OWN_NAME: [(&str, &str); 1] = [("grant_type", "client_credentials")];

/// A client that signs and acts in its own name, and its key.
async fn begin_with(settings: &str) -> (TestApp, SeededClient, Key) {
    let app = TestApp::start_with(settings).await;
    app.scope("read", &[]).await;
    let key = Key::es256();
    let client = signing(&app, &key.jwks()).await;
    (app, client, key)
}

async fn begin() -> (TestApp, SeededClient, Key) {
    begin_with("").await
}

async fn signing(app: &TestApp, jwks: &str) -> SeededClient {
    let change = |client: &mut ClientDescription| {
        own_name(client);
        client.jwks = Some(jwks.to_owned());
    };
    app.client_with("read", change).await
}

fn own_name(client: &mut ClientDescription) {
    client.auth_method = AuthMethod::PrivateKeyJwt;
    client.grant_types = vec![GrantType::ClientCredentials];
    client.redirect_uris = Vec::new();
}

/// Asks for a token with these claims as the assertion.
async fn ask(app: &TestApp, key: &Key, claims: &Value) -> Answer {
    app.token_by_assertion(&key.sign(claims), &OWN_NAME).await
}

/// RFC 7523 §2.2, RFC 7518 §3.1
#[tokio::test]
async fn a_client_signs_with_any_algorithm_that_is_advertised() {
    let app = TestApp::start().await;
    app.scope("read", &[]).await;
    let metadata = app.stranger().get("/.well-known/oauth-authorization-server").await.json();
    let advertised = &metadata["token_endpoint_auth_signing_alg_values_supported"];
    for key in [Key::es256(), Key::ed25519(), Key::rsa("RS256", 2048), Key::rsa("PS256", 2048)] {
        assert!(advertised.as_array().unwrap().contains(&key.header()["alg"]), "{advertised}");
        let client = signing(&app, &key.jwks()).await;
        let answer = ask(&app, &key, &app.assertion_claims(&client.client_id)).await;
        assert_eq!(answer.status, 200, "{}: {}", key.header(), answer.body);
        assert_eq!(app.me_status(&answer.text("access_token")).await, 200);
    }
    let methods = metadata["token_endpoint_auth_methods_supported"].as_array().unwrap();
    assert!(methods.contains(&json!("private_key_jwt")));
    for never in ["none", "HS256"] {
        assert!(!advertised.as_array().unwrap().contains(&json!(never)));
    }
}

/// RFC 7521 §4.2: `client_id` may be left out; where it is there it is the same.
#[tokio::test]
async fn the_client_id_beside_the_assertion_is_that_of_the_assertion() {
    let (app, client, key) = begin().await;
    let other = signing(&app, &Key::es256().jwks()).await;
    for (client_id, status) in [(&client.client_id, 200), (&other.client_id, 401), (&"nobody".to_owned(), 401)] {
        let assertion = key.sign(&app.assertion_claims(&client.client_id));
        let fields = [OWN_NAME[0], ("client_id", client_id.as_str())];
        assert_eq!(app.token_by_assertion(&assertion, &fields).await.status, status, "{client_id}");
    }
}

/// RFC 7523 §3
#[tokio::test]
async fn what_an_assertion_says_must_be_right() {
    let (app, client, key) = begin_with("[limits]\nclient_secret_failures = 0").await;
    let other = signing(&app, &key.jwks()).await;
    let now = app.seconds();
    let token_endpoint = format!("{}/oauth/token", app.url);
    let good: [(&str, Value); 10] = [
        ("aud", json!([app.url])),
        ("aud", json!(["https://other.test", app.url])),
        ("aud", json!(token_endpoint)),
        ("iat", Value::Null),
        ("iat", json!(now + 29)),
        ("iat", json!(now as f64 + 0.25)),
        ("nbf", json!(now + 29)),
        ("exp", json!(now - 29)),
        ("exp", json!(now + 3600)),
        ("extra", json!({ "a": [1] })),
    ];
    for (name, value) in good {
        let mut claims = app.assertion_claims(&client.client_id);
        claims[name] = value;
        claims.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        let answer = ask(&app, &key, &claims).await;
        assert_eq!(answer.status, 200, "{claims}: {}", answer.body);
    }
    let bad: [(&str, Value); 26] = [
        ("iss", Value::Null),
        ("iss", json!(other.client_id)),
        ("iss", json!([client.client_id])),
        ("sub", json!("ada")),
        ("sub", json!(other.client_id)),
        ("aud", Value::Null),
        ("aud", json!([])),
        ("aud", json!("https://other.test")),
        ("aud", json!(format!("{}/oauth/token/", app.url))),
        ("aud", json!(format!("{}/", app.url))),
        ("aud", json!(format!("{}/oauth/authorize", app.url))),
        ("aud", json!({ "a": app.url })),
        ("exp", Value::Null),
        ("exp", json!(now - 30)),
        ("exp", json!(now - 300)),
        ("exp", json!(now + 3700)),
        ("exp", json!(i64::MAX)),
        ("exp", json!((now + 60).to_string())),
        ("nbf", json!(now + 60)),
        ("nbf", json!("now")),
        ("iat", json!(now + 60)),
        ("iat", json!(now - 3700)),
        ("iat", json!("now")),
        ("jti", Value::Null),
        ("jti", json!("")),
        ("jti", json!(7)),
    ];
    for (name, value) in bad {
        let mut claims = app.assertion_claims(&client.client_id);
        claims[name] = value;
        claims.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        let fields = [OWN_NAME[0], ("client_id", client.client_id.as_str())];
        let answer = app.token_by_assertion(&key.sign(&claims), &fields).await;
        answer.refused(401, "invalid_client");
    }
}

/// RFC 7523 §3, points 9 and 10; RFC 8725 §3.1
#[tokio::test]
async fn a_signature_is_that_of_a_registered_key_by_an_algorithm_that_is_known() {
    let (app, client, key) = begin().await;
    let claims = || app.assertion_claims(&client.client_id);
    let signed = key.sign(&claims());
    let (input, signature) = signed.rsplit_once('.').unwrap();
    let payload = input.split('.').nth(1).unwrap();
    let mut changed = claims();
    changed["jti"] = json!("changed");
    for bad in [
        Key::es256().sign(&claims()),
        Key::rsa("RS256", 2048).sign(&claims()),
        format!("{}.{payload}.", encode(&json!({ "alg": "none" }))),
        format!("{}.{payload}.{signature}", encode(&json!({ "alg": "none" }))),
        format!("{}.{payload}.{}", encode(&json!({ "alg": "HS256" })), hash(&key.jwks())),
        format!("{}.{}.{signature}", encode(&key.header()), encode(&changed)),
        format!("{input}."),
        format!("{input}.{signature}="),
        format!("{input}.{signature}.{signature}"),
        key.sign_with(&json!({ "alg": "ES256", "kid": "unknown" }), &claims()),
        key.sign_with(&json!({ "alg": "ES256", "crit": ["exp"] }), &claims()),
        key.sign_with(&json!({ "alg": "ES384" }), &claims()),
        // The key that an assertion brings along proves nothing.
        Key::ed25519().sign_with(&json!({ "alg": "EdDSA", "jwk": Key::ed25519().jwk() }), &claims()),
        "nonsense".to_owned(),
    ] {
        let fields = [OWN_NAME[0], ("client_id", client.client_id.as_str())];
        app.token_by_assertion(&bad, &fields).await.refused(401, "invalid_client");
    }
    assert_eq!(app.token_by_assertion(&signed, &OWN_NAME).await.status, 200);
}

/// RFC 7523 §3, point 7
#[tokio::test]
async fn an_assertion_is_good_for_one_use_wherever_it_is_used_and_after_a_restart() {
    let (app, client, key) = begin().await;
    let claims = app.assertion_claims(&client.client_id);
    let assertion = key.sign(&claims);
    assert_eq!(app.token_by_assertion(&assertion, &OWN_NAME).await.status, 200);
    app.token_by_assertion(&assertion, &OWN_NAME).await.refused(401, "invalid_client");
    // Signed anew it is another text with the same id.
    app.token_by_assertion(&key.sign(&claims), &OWN_NAME).await.refused(401, "invalid_client");
    let fields = [("client_assertion_type", TYPE), ("client_assertion", assertion.as_str())];
    app.stranger().post("/oauth/par", &fields).await.refused(401, "invalid_client");
    // A refusal of what was asked for uses it up too.
    let refused = key.sign(&app.assertion_claims(&client.client_id));
    let unknown = [("grant_type", "client_credentials"), ("scope", "nothing")];
    app.token_by_assertion(&refused, &unknown).await.refused(400, "invalid_scope");
    app.token_by_assertion(&refused, &OWN_NAME).await.refused(401, "invalid_client");
    // The same id of another client is another id.
    let other = signing(&app, &key.jwks()).await;
    let mut others = app.assertion_claims(&other.client_id);
    others["jti"] = claims["jti"].clone();
    assert_eq!(ask(&app, &key, &others).await.status, 200);
    let address = app.address();
    let database = app.stop().await;
    let app = TestApp::start_on(database, &format!("listen = \"{address}\""));
    app.token_by_assertion(&assertion, &OWN_NAME).await.refused(401, "invalid_client");
    assert_eq!(ask(&app, &key, &app.assertion_claims(&client.client_id)).await.status, 200);
}

/// RFC 7523 §3, point 7
#[tokio::test]
async fn of_a_hundred_uses_at_once_one_is_good() {
    let (app, client, key) = begin_with("[http]\nworkers = 4").await;
    let assertion = key.sign(&app.assertion_claims(&client.client_id));
    let stranger = Arc::new(app.stranger());
    let mut running = JoinSet::new();
    for _ in 0..100 {
        let (stranger, assertion) = (Arc::clone(&stranger), assertion.clone());
        running.spawn(async move {
            let fields = [OWN_NAME[0], ("client_assertion_type", TYPE), ("client_assertion", &assertion)];
            stranger.post("/oauth/token", &fields).await.status
        });
    }
    let statuses = running.join_all().await;
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
    assert!(statuses.iter().all(|status| [200, 401, 429].contains(status)), "{statuses:?}");
}

/// RFC 6749 §2.3: a signature that is none must not stand beside a secret as if it were one.
#[tokio::test]
async fn a_client_authenticates_in_one_way() {
    let (app, client, key) = begin().await;
    let web = app.service_client("read").await;
    let unsigned = |client_id: &str| {
        format!("{}.{}.", encode(&json!({ "alg": "none" })), encode(&app.assertion_claims(client_id)))
    };
    for assertion in [unsigned(&web.client_id), key.sign(&app.assertion_claims(&web.client_id)), "x".to_owned()] {
        let fields = [OWN_NAME[0], ("client_assertion_type", TYPE), ("client_assertion", assertion.as_str())];
        app.token(&web, &fields).await.refused(400, "invalid_request");
        let in_body = [&fields[..], &[("client_id", web.client_id.as_str()), ("client_secret", web.secret.as_str())]];
        app.stranger().post("/oauth/token", &in_body.concat()).await.refused(400, "invalid_request");
    }
    for fields in [
        vec![("client_assertion_type", TYPE)],
        vec![("client_assertion", "x")],
        vec![
            ("client_assertion", "x"),
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:saml2-bearer"),
        ],
    ] {
        app.token(&web, &[&OWN_NAME[..], &fields].concat()).await.refused(400, "invalid_request");
    }
    // Each client in the way that it is registered for.
    let of_web = key.sign(&app.assertion_claims(&web.client_id));
    app.token_by_assertion(&of_web, &OWN_NAME).await.refused(401, "invalid_client");
    let without = [OWN_NAME[0], ("client_id", client.client_id.as_str())];
    app.stranger().post("/oauth/token", &without).await.refused(401, "invalid_client");
    let guessing = SeededClient { secret: web.secret.clone(), ..client.clone() };
    app.token(&guessing, &OWN_NAME).await.refused(401, "invalid_client");
    assert_eq!(app.token(&web, &OWN_NAME).await.status, 200);
}

/// RFC 7523 §2.2
#[tokio::test]
async fn a_key_that_was_taken_from_the_record_proves_nothing_any_more() {
    let (app, client, key) = begin().await;
    let new = Key::ed25519();
    let both = json!({ "keys": [key.named("old"), new.named("new")] }).to_string();
    app.change_client(&client, |client| client.jwks = Some(both)).await;
    for key in [&key, &new] {
        assert_eq!(ask(&app, key, &app.assertion_claims(&client.client_id)).await.status, 200);
    }
    app.change_client(&client, |client| client.jwks = Some(new.jwks())).await;
    ask(&app, &key, &app.assertion_claims(&client.client_id)).await.refused(401, "invalid_client");
    assert_eq!(ask(&app, &new, &app.assertion_claims(&client.client_id)).await.status, 200);
    app.set_client_enabled(&client, false).await;
    ask(&app, &new, &app.assertion_claims(&client.client_id)).await.refused(401, "invalid_client");
}

/// RFC 6749 §2.3.1: what it was given before it had a key is no way in beside the key.
#[tokio::test]
async fn a_client_that_gets_a_key_loses_its_secret() {
    let (app, _, key) = begin().await;
    let web = app.service_client("read").await;
    assert_eq!(app.token(&web, &OWN_NAME).await.status, 200);
    let signs = |client: &mut ClientDescription| {
        client.auth_method = AuthMethod::PrivateKeyJwt;
        client.jwks = Some(key.jwks());
    };
    app.change_client(&web, signs).await;
    app.token(&web, &OWN_NAME).await.refused(401, "invalid_client");
    assert_eq!(ask(&app, &key, &app.assertion_claims(&web.client_id)).await.status, 200);
    let with_secret = |client: &mut ClientDescription| client.auth_method = AuthMethod::ClientSecretBasic;
    app.change_client(&web, with_secret).await;
    app.token(&web, &OWN_NAME).await.refused(401, "invalid_client");
    let web = app.rotate_client_secret(&web, Lifetime::ZERO).await;
    assert_eq!(app.token(&web, &OWN_NAME).await.status, 200);
}

/// RFC 6749 §2.3.1, §10.10
#[tokio::test]
async fn wrong_signatures_are_counted_and_a_right_one_is_never_turned_away() {
    let (app, client, key) =
        begin_with("[limits]\nclient_secret_failures = 3\nclient_secret_window_seconds = 60").await;
    let wrong = Key::es256();
    let claims = || app.assertion_claims(&client.client_id);
    for _ in 0..3 {
        ask(&app, &wrong, &claims()).await.refused(401, "invalid_client");
    }
    let limited = ask(&app, &wrong, &claims()).await;
    assert_eq!(limited.status, 429, "{}", limited.body);
    assert_ne!(limited.header("retry-after"), "");
    assert_eq!(ask(&app, &key, &claims()).await.status, 200);
}

/// RFC 9700 §4.14.2: who must sign each refresh needs no new token for it.
#[tokio::test]
async fn refresh_tokens_of_a_client_that_signs_stay_and_live_on() {
    let app = TestApp::start_with("[tokens]\nrefresh_token_idle_seconds = 100").await;
    app.scope("read", &[]).await;
    app.person("ada", &[]).await;
    let key = Key::es256();
    let signs = |client: &mut ClientDescription| {
        client.auth_method = AuthMethod::PrivateKeyJwt;
        client.jwks = Some(key.jwks());
    };
    let client = app.client_with("read", signs).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let code = app.code(&browser, &client).await;
    let assertion = || key.sign(&app.assertion_claims(&client.client_id));
    let redeem = [("grant_type", "authorization_code"), ("code", code.as_str()), ("code_verifier", VERIFIER)];
    let answer = app.token_by_assertion(&assertion(), &redeem).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let refresh_token = answer.text("refresh_token");
    let refresh = [("grant_type", "refresh_token"), ("refresh_token", refresh_token.as_str())];
    for _ in 0..3 {
        app.pass(Lifetime::from_seconds(60));
        let answer = app.token_by_assertion(&assertion(), &refresh).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert_eq!(answer.text("refresh_token"), refresh_token);
        assert_eq!(app.me_status(&answer.text("access_token")).await, 200);
    }
    app.pass(Lifetime::from_seconds(100));
    app.token_by_assertion(&assertion(), &refresh).await.refused(400, "invalid_grant");
}

/// RFC 7591 §2 (`jwks_uri`)
#[tokio::test]
async fn keys_that_a_client_publishes_are_fetched_kept_and_fetched_anew_for_a_new_one() {
    let authority = Authority::new();
    let publisher = Publisher::start(&authority);
    let settings =
        format!("[outbound]\nallowed_hosts = [\"{}\"]\nca_file = \"{}\"", publisher.host(), authority.file().display());
    let app = TestApp::start_with(&settings).await;
    app.scope("read", &[]).await;
    let (old, new) = (Key::es256(), Key::es256());
    let publish = |keys: &[Value]| {
        publisher.publish("/keys", Reply::json(&json!({ "keys": keys }).to_string(), &["cache-control: max-age=600"]));
    };
    publish(&[old.named("old")]);
    let change = |client: &mut ClientDescription| {
        own_name(client);
        client.jwks_uri = Some(publisher.url("/keys"));
    };
    let client = app.client_with("read", change).await;
    let ask = async |key: &Key, kid: &str| {
        let mut header = key.header();
        header["kid"] = json!(kid);
        let assertion = key.sign_with(&header, &app.assertion_claims(&client.client_id));
        app.token_by_assertion(&assertion, &OWN_NAME).await
    };
    for _ in 0..3 {
        let answer = ask(&old, "old").await;
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
    assert_eq!(publisher.asked("/keys"), 1);
    publish(&[new.named("new")]);
    // Not at once: strangers must not make this server ask there as often as they like.
    ask(&new, "new").await.refused(401, "invalid_client");
    assert_eq!(publisher.asked("/keys"), 1);
    app.pass(Lifetime::from_seconds(30));
    assert_eq!(ask(&new, "new").await.status, 200);
    assert_eq!(publisher.asked("/keys"), 2);
    ask(&old, "old").await.refused(401, "invalid_client");
    // What can't be had is not replaced by what was there before.
    publisher.publish("/keys", Reply::of("500 Internal Server Error", &[], ""));
    app.pass(Lifetime::from_seconds(599));
    assert_eq!(ask(&new, "new").await.status, 200);
    app.pass(Lifetime::from_seconds(1));
    let refusal = ask(&new, "new").await.refused(401, "invalid_client");
    assert!(refusal.contains("jwks_uri answered with status 500"), "{refusal}");
    publish(&[new.named("new")]);
    app.pass(Lifetime::from_seconds(30));
    assert_eq!(ask(&new, "new").await.status, 200);
    // Whoever publishes a private key has no key any more.
    let mut private = new.named("new");
    private["d"] = json!("AAAA");
    publish(&[private]);
    app.pass(Lifetime::from_seconds(600));
    ask(&new, "new").await.refused(401, "invalid_client");
}

/// RFC 7591 §2, §5
#[tokio::test]
async fn a_client_that_signs_has_good_public_keys_in_one_place() {
    let app = TestApp::start().await;
    app.scope("read", &[]).await;
    let key = Key::es256();
    let mut private = key.jwk();
    private["d"] = json!("AAAA");
    let set = |key: Value| json!({ "keys": [key] }).to_string();
    for (jwks, jwks_uri, why) in [
        (None, None, "needs the client's public keys"),
        (Some(key.jwks()), Some("https://rp.test/keys"), "not both"),
        (Some(set(private)), None, "private"),
        (Some(set(json!({ "kty": "oct", "k": "AAAA" }))), None, "private or shared"),
        (Some(set(Key::rsa("RS256", 1024).jwk())), None, "2048"),
        (Some("{}".to_owned()), None, "keys"),
        (Some("nonsense".to_owned()), None, "JSON"),
        (Some(json!({ "keys": [] }).to_string()), None, "no key"),
        (None, Some("http://rp.test/keys"), "https"),
        (None, Some("/keys"), "URL"),
        (None, Some("https://ada@rp.test/keys"), "user name"),
    ] {
        let name = DisplayName::parse("Ledger").unwrap();
        let description = ClientDescription {
            grant_types: vec![GrantType::ClientCredentials],
            scopes: Scope::parse("read").unwrap(),
            jwks,
            jwks_uri: jwks_uri.map(str::to_owned),
            ..ClientDescription::new(name, AuthMethod::PrivateKeyJwt)
        };
        let act = app.act();
        let error = app.store.write(move |tx| clients::register(tx, &description, &act)).await.unwrap_err();
        assert!(matches!(error, ClientError::Keys(_)) && error.to_string().contains(why), "{error}");
    }
    let client = signing(&app, &key.jwks()).await;
    assert_eq!(client.secret, "");
    let (id, act) = (client.id(), app.act());
    let rotated = app.store.write(move |tx| clients::rotate_secret(tx, id, Lifetime::ZERO, &act)).await;
    assert!(matches!(rotated, Err(ClientError::Public)));
}

/// RFC 7591 §2
#[tokio::test]
async fn an_administrator_registers_keys_on_the_page_and_changes_them_there() {
    let app = TestApp::start().await;
    app.person("ada", &["admin"]).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let (key, new) = (Key::es256(), Key::ed25519());
    let register = async |jwks: &str, jwks_uri: &str| {
        let csrf_token = browser.csrf_token("/clients/new").await;
        let fields = [
            ("client_name", "Robot"),
            ("scope", "openid"),
            ("grant_types", "client_credentials"),
            ("token_endpoint_auth_method", "private_key_jwt"),
            ("jwks", jwks),
            ("jwks_uri", jwks_uri),
            ("csrf_token", csrf_token.as_str()),
        ];
        browser.post("/clients/new", &fields).await
    };
    let mut private = key.jwk();
    private["d"] = json!("AAAA");
    let private = json!({ "keys": [private] }).to_string();
    for (jwks, jwks_uri, field) in [
        ("", "", "jwks_uri"),
        ("nonsense", "", "jwks"),
        (private.as_str(), "", "jwks"),
        (&key.jwks(), "https://rp.test/keys", "jwks"),
        ("", "http://rp.test/keys", "jwks_uri"),
    ] {
        let answer = register(jwks, jwks_uri).await;
        assert_eq!(answer.status, 422, "{jwks} {jwks_uri}: {}", answer.body);
        assert!(answer.body.contains(&format!("id=\"{field}-error\"")), "{field}: {}", answer.body);
    }
    let page = register(&key.jwks(), "").await;
    assert_eq!(page.status, 200, "{}", page.body);
    assert!(page.body.contains("In its registration") && !page.body.contains("client-secret"), "{}", page.body);
    let client_id = page.by_id("client-id");
    assert_eq!(ask(&app, &key, &app.assertion_claims(&client_id)).await.status, 200);
    let edit = format!("/clients/{client_id}/edit");
    let form = browser.get(&edit).await;
    let jwks = new.jwks();
    let fields = [
        ("client_name", "Robot"),
        ("scope", "openid"),
        ("grant_types", "client_credentials"),
        ("jwks", jwks.as_str()),
        ("dpop_bound_access_tokens", "yes"),
        ("csrf_token", &form.input("csrf_token")),
    ];
    let answer = browser.post(&edit, &fields).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert!(browser.get(&format!("/clients/{client_id}")).await.body.contains("Proves possession of a key"));
    ask(&app, &key, &app.assertion_claims(&client_id)).await.refused(401, "invalid_client");
    ask(&app, &new, &app.assertion_claims(&client_id)).await.refused(400, "invalid_dpop_proof");
}

/// RFC 7591 §2
#[test]
fn the_command_line_takes_keys_from_a_file_or_names_where_they_are() {
    let program = Program::new();
    let jwks = Key::es256().jwks();
    let done = program
        .run_with_input("client create Robot --scope openid --auth-method private_key_jwt --jwks - --json", &jwks);
    let client = done.json();
    assert_eq!(client["jwks"], serde_json::from_str::<Value>(&jwks).unwrap());
    assert_eq!((client.get("client_secret"), &client["token_endpoint_auth_method"]), (None, &json!("private_key_jwt")));
    let line =
        "client create Robot --scope openid --auth-method private_key_jwt --jwks-uri https://rp.test/keys --json";
    assert_eq!(program.run(line).json()["jwks_uri"], "https://rp.test/keys");
    let refusal = program.run("client create Robot --scope openid --auth-method private_key_jwt");
    assert!(refusal.refusal().contains("jwks or jwks_uri"), "{}", refusal.refusal());
    let refusal =
        program.run_with_input("client create Robot --scope openid --auth-method private_key_jwt --jwks -", "{");
    assert!(refusal.refusal().contains("JSON"), "{}", refusal.refusal());
}

const TYPE: &str = hallpass::domain::oauth::assertion::CLIENT_ASSERTION_TYPE;
