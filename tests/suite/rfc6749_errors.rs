//! How the token endpoint says no (RFC 6749 §5.2), and to whom: client authentication (RFC 6749 §2.3).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hallpass::domain::clients::ClientDescription;
use hallpass::model::client::AuthMethod;
use hallpass::model::client::GrantType;
use hallpass::model::time::Lifetime;
use reqwest::Method;

use crate::support::app::TestApp;
use crate::support::seed::SeededClient;

const FORM: &str = "application/x-www-form-urlencoded";
const OWN_NAME: [(&str, &str); 1] = [("grant_type", "client_credentials")];

/// A server, and a client that acts in its own name.
async fn begin() -> (TestApp, SeededClient) {
    let app = TestApp::start().await;
    app.scope("read", &[]).await;
    let client = app.service_client("read").await;
    (app, client)
}

fn basic(user: &str, password: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{user}:{password}")))
}

/// RFC 6749 §5.2
#[tokio::test]
async fn a_refusal_is_json_with_two_members() {
    let (app, client) = begin().await;
    let answer = app.script(&client.basic()).post("/oauth/token", &[]).await;
    answer.refused(400, "invalid_request");
    assert_eq!(answer.body, r#"{"error":"invalid_request","error_description":"grant_type is missing"}"#);
}

/// RFC 6749 §5.2; RFC 9700 §2.4
#[tokio::test]
async fn a_grant_type_is_one_that_is_known_and_stands_there_once() {
    let (app, client) = begin().await;
    let web = app.web_client("read").await;
    for (body, error) in [
        ("", "invalid_request"),
        ("grant_type=", "invalid_request"),
        ("scope=read", "invalid_request"),
        ("grant_type=client_credentials&grant_type=client_credentials", "invalid_request"),
        ("grant_type=client_credentials&grant_type=password", "invalid_request"),
        ("grant_type=password&username=ada&password=x", "unsupported_grant_type"),
        ("grant_type=implicit", "unsupported_grant_type"),
        ("grant_type=Client_Credentials", "unsupported_grant_type"),
        ("grant_type=client_credentials%20", "unsupported_grant_type"),
        ("grant_type=urn:ietf:params:oauth:grant-type:saml2-bearer", "unsupported_grant_type"),
        ("grant_type=refresh_token", "invalid_request"),
        ("grant_type=authorization_code", "invalid_request"),
    ] {
        let client = if error == "invalid_request" { &web } else { &client };
        app.script(&client.basic()).post_raw("/oauth/token", FORM, body).await.refused(400, error);
    }
}

/// RFC 6749 §5.2
#[tokio::test]
async fn a_client_uses_only_what_it_is_registered_for() {
    let (app, client) = begin().await;
    let script = app.script(&client.basic());
    for fields in [
        &[("grant_type", "authorization_code"), ("code", "x")],
        &[("grant_type", "refresh_token"), ("refresh_token", "x")],
    ] {
        script.post("/oauth/token", fields).await.refused(400, "unauthorized_client");
    }
    let web = app.web_client("read").await;
    app.script(&web.basic()).post("/oauth/token", &OWN_NAME).await.refused(400, "unauthorized_client");
    let public = app.public_client("read").await;
    app.token(&public, &OWN_NAME).await.refused(400, "unauthorized_client");
}

/// RFC 6749 §3.2
#[tokio::test]
async fn no_parameter_stands_there_twice_and_each_is_clean_text() {
    let (app, client) = begin().await;
    let script = app.script(&client.basic());
    for more in [
        "&scope=read&scope=read",
        "&foo=1&foo=2",
        "&client_id=a&client_id=a",
        "&scope=%zz",
        "&scope=%ff",
        "&scope=%00",
        "&scope=%c0%80",
        "&scope=%ed%a0%80",
    ] {
        let body = format!("grant_type=client_credentials{more}");
        script.post_raw("/oauth/token", FORM, body).await.refused(400, "invalid_request");
    }
    let raw = [&b"grant_type=client_credentials&scope=\xff"[..]].concat();
    script.post_raw("/oauth/token", FORM, raw).await.refused(400, "invalid_request");
    // What nobody knows is ignored, and what is empty is left out.
    let answer = script.post_raw("/oauth/token", FORM, "grant_type=client_credentials&foo=bar&scope=&&=").await;
    assert_eq!(answer.status, 200, "{}", answer.body);
}

/// RFC 6749 §3.2, §2.3.1
#[tokio::test]
async fn parameters_come_in_the_body_and_never_in_the_address() {
    let (app, client) = begin().await;
    let (id, secret) = (client.client_id.as_str(), client.secret.as_str());
    for path in [
        "/oauth/token?grant_type=client_credentials".to_owned(),
        "/oauth/token?foo=bar".to_owned(),
        format!("/oauth/token?client_id={id}&client_secret={secret}"),
    ] {
        app.script(&client.basic()).post(&path, &OWN_NAME).await.refused(400, "invalid_request");
        app.stranger().post(&path, &OWN_NAME).await.refused(400, "invalid_request");
    }
}

/// RFC 6749 §3.2
#[tokio::test]
async fn the_body_is_a_form() {
    let (app, client) = begin().await;
    let script = app.script(&client.basic());
    let body = "grant_type=client_credentials";
    for content_type in [FORM, "Application/X-WWW-Form-Urlencoded; charset=UTF-8"] {
        assert_eq!(script.post_raw("/oauth/token", content_type, body).await.status, 200, "{content_type}");
    }
    for content_type in ["", "text/plain", "application/json", "multipart/form-data; boundary=x", "x"] {
        script.post_raw("/oauth/token", content_type, body).await.refused(400, "invalid_request");
    }
    let json = r#"{"grant_type":"client_credentials"}"#;
    script.post_raw("/oauth/token", "application/json", json).await.refused(400, "invalid_request");
    let script = app.script(&client.basic()).with("content-encoding", "gzip");
    script.post_raw("/oauth/token", FORM, body).await.refused(415, "invalid_request");
}

/// RFC 6749 §3.2
#[tokio::test]
async fn tokens_are_asked_for_by_post() {
    let (app, client) = begin().await;
    for method in [Method::GET, Method::HEAD, Method::PUT, Method::DELETE, Method::OPTIONS, Method::PATCH] {
        let answer = app.script(&client.basic()).send(method.clone(), "/oauth/token", Some(&OWN_NAME)).await;
        assert_eq!((answer.status, answer.header("allow")), (405, "POST"), "{method}");
        assert!(!answer.body.contains("hp_"), "{method}");
    }
    let script = app.script(&client.basic()).with("x-http-method-override", "POST");
    assert_eq!(script.send(Method::GET, "/oauth/token", Some(&OWN_NAME)).await.status, 405);
}

/// RFC 6749 §3.3, §5.2
#[tokio::test]
async fn what_is_too_long_is_refused_at_once() {
    let (app, client) = begin().await;
    let many = (0..10_000).map(|number| format!("s{number}")).collect::<Vec<_>>().join("+");
    for scope in [many.as_str(), &"s".repeat(100_000), &"s".repeat(9_000)] {
        let body = format!("grant_type=client_credentials&scope={scope}");
        for script in [app.stranger(), app.script(&client.basic())] {
            script.post_raw("/oauth/token", FORM, body.clone()).await.refused(400, "invalid_request");
        }
        let path = format!("/oauth/authorize?client_id={}&scope={scope}", client.client_id);
        let line = format!("GET {path} HTTP/1.1");
        assert_eq!(app.wire_request(&[&line, "host: x", "connection: close"], b"").only().status, 400);
    }
    let names = (0..101).map(|number| format!("s{number}")).collect::<Vec<_>>().join(" ");
    let fields = [OWN_NAME[0], ("scope", names.as_str())];
    app.script(&client.basic()).post("/oauth/token", &fields).await.refused(400, "invalid_scope");
    let fields = (0..101).map(|number| format!("f{number}=1")).collect::<Vec<_>>().join("&");
    app.stranger().post_raw("/oauth/token", FORM, fields).await.refused(400, "invalid_request");
    let answer = app.script(&client.basic()).post_raw("/oauth/token", FORM, "a".repeat(262_145)).await;
    answer.refused(413, "invalid_request");
}

/// RFC 6749 §2.3
#[tokio::test]
async fn a_client_authenticates_in_one_way() {
    let (app, client) = begin().await;
    let in_body = |client: &mut ClientDescription| {
        client.auth_method = AuthMethod::ClientSecretPost;
        client.grant_types = vec![GrantType::ClientCredentials];
        client.redirect_uris = Vec::new();
    };
    let poster = app.client_with("read", in_body).await;
    for client in [&client, &poster] {
        let (id, secret) = (client.client_id.as_str(), client.secret.as_str());
        let script = app.script(&client.basic());
        let twice = [OWN_NAME[0], ("client_id", id), ("client_secret", secret)];
        script.post("/oauth/token", &twice).await.refused(400, "invalid_request");
        script.post("/oauth/token", &twice[..2]).await.json()["access_token"]
            .as_str()
            .expect("its own id is no second way");
        let secret_alone = [OWN_NAME[0], ("client_secret", secret)];
        script.post("/oauth/token", &secret_alone).await.refused(400, "invalid_request");
        let other = [OWN_NAME[0], ("client_id", "client_of_somebody_else")];
        script.post("/oauth/token", &other).await.refused(400, "invalid_request");
        let assertion = [OWN_NAME[0], ("client_assertion", "eyJhbGciOiJub25lIn0.e30.")];
        script.post("/oauth/token", &assertion).await.refused(400, "invalid_request");
        let kind = [OWN_NAME[0], ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")];
        script.post("/oauth/token", &kind).await.refused(400, "invalid_request");
        let both = [twice[0], twice[1], twice[2], ("client_assertion", "x")];
        app.stranger().post("/oauth/token", &both).await.refused(400, "invalid_request");
        for second in [client.basic(), "Bearer x".to_owned(), String::new()] {
            let two = app.script(&client.basic()).with("authorization", &second);
            two.post("/oauth/token", &OWN_NAME).await.refused(400, "invalid_request");
        }
    }
}

/// RFC 6749 §2.3.1; RFC 7617 §2
#[tokio::test]
async fn a_bad_authorization_header_is_a_failed_authentication_whatever_its_bytes() {
    let (app, client) = begin().await;
    let public = app.public_client("read").await;
    let (id, secret) = (client.client_id.as_str(), client.secret.as_str());
    let encoded = |bytes: &[u8]| format!("Basic {}", STANDARD.encode(bytes)).into_bytes();
    let good = STANDARD.encode(format!("{id}:{secret}"));
    let unpadded = good.trim_end_matches('=');
    let headers: Vec<Vec<u8>> = vec![
        b"".to_vec(),
        b"Basic".to_vec(),
        b"Basic ".to_vec(),
        b"Basic %%%".to_vec(),
        b"Basic !!!!".to_vec(),
        b"\xff\xfe".to_vec(),
        b"Basic \xff".to_vec(),
        encoded(id.as_bytes()),
        encoded(b":"),
        encoded(format!(":{secret}").as_bytes()),
        encoded(b"\xff\xfe:\xff"),
        encoded(format!("{id}:{secret}\0").as_bytes()),
        encoded(format!("{id}\0:{secret}").as_bytes()),
        encoded(format!("{id}:{secret}%").as_bytes()),
        encoded(format!("{id}:%zz").as_bytes()),
        encoded(format!("{id}:{secret}\n").as_bytes()),
        format!("Basic {unpadded}=====").into_bytes(),
        format!("Basic {good} {good}").into_bytes(),
        format!("Basic {good}, Basic {good}").into_bytes(),
        format!("Basic\t{good}").into_bytes(),
        format!("Bearer {secret}").into_bytes(),
        format!("token {id}:{secret}").into_bytes(),
        format!("Digest {good}").into_bytes(),
        good.clone().into_bytes(),
        vec![b'a'; 9000],
    ];
    for header in headers {
        // Not even a public client's name in the body makes it less of a failure.
        for body in [
            "grant_type=client_credentials".to_owned(),
            format!("grant_type=refresh_token&refresh_token=x&client_id={}", public.client_id),
        ] {
            let request = reqwest::Client::new().post(format!("{}/oauth/token", app.url));
            let value = reqwest::header::HeaderValue::from_bytes(&header).unwrap();
            let answer = request.header("authorization", value).header("content-type", FORM).body(body).send().await;
            let answer = crate::support::caller::Answer::of(answer.unwrap()).await;
            answer.refused(401, "invalid_client");
        }
    }
    app.script(&basic(id, "")).post("/oauth/token", &OWN_NAME).await.refused(401, "invalid_client");
    for scheme in ["basic", "BASIC", "Basic  "] {
        let answer = app.script(&format!("{scheme} {good}")).post("/oauth/token", &OWN_NAME).await;
        assert_eq!(answer.status, 200, "{scheme}: {}", answer.body);
    }
}

/// RFC 6749 §2.3.1
#[tokio::test]
async fn both_halves_of_basic_are_form_encoded_first() {
    let (app, client) = begin().await;
    let everything = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
    let encoded = basic(&everything(&client.client_id), &everything(&client.secret));
    let answer = app.script(&encoded).post("/oauth/token", &OWN_NAME).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
}

/// RFC 6749 §5.2
#[tokio::test]
async fn who_cannot_prove_to_be_a_client_is_told_the_same_whatever_was_wrong() {
    let (app, client) = begin().await;
    let other = app.service_client("read").await;
    let disabled = app.service_client("read").await;
    app.set_client_enabled(&disabled, false).await;
    let gone = app.service_client("read").await;
    app.delete_client(&gone).await;
    let (id, secret) = (client.client_id.as_str(), client.secret.as_str());
    let upper = id.to_ascii_uppercase();
    let mut descriptions = Vec::new();
    for (id, secret) in [
        (id, other.secret.as_str()),
        (id, "wrong"),
        (id, &secret[..secret.len() - 1]),
        ("nobody", secret),
        ("ada", "correct horse battery"),
        (&upper, secret),
        (&disabled.client_id, &disabled.secret),
        (&gone.client_id, &gone.secret),
    ] {
        let answer = app.script(&basic(id, secret)).post("/oauth/token", &OWN_NAME).await;
        descriptions.push(answer.refused(401, "invalid_client"));
        let fields = [OWN_NAME[0], ("client_id", id), ("client_secret", secret)];
        descriptions.push(app.stranger().post("/oauth/token", &fields).await.refused(401, "invalid_client"));
    }
    assert!(descriptions.windows(2).all(|two| two[0] == two[1]), "{descriptions:#?}");
    for fields in [&OWN_NAME[..], &[OWN_NAME[0], ("client_id", id)], &[OWN_NAME[0], ("client_secret", secret)]] {
        app.stranger().post("/oauth/token", fields).await.refused(401, "invalid_client");
    }
}

/// RFC 6749 §2.3.1; RFC 7591 §2
#[tokio::test]
async fn a_secret_comes_by_the_method_that_the_client_is_registered_for() {
    let (app, client) = begin().await;
    let in_body = [OWN_NAME[0], ("client_id", &client.client_id), ("client_secret", &client.secret)];
    app.stranger().post("/oauth/token", &in_body).await.refused(401, "invalid_client");
    app.change_client(&client, |client| client.auth_method = AuthMethod::ClientSecretPost).await;
    assert_eq!(app.stranger().post("/oauth/token", &in_body).await.status, 200);
    // Basic must be possible for every client that has a secret.
    assert_eq!(app.script(&client.basic()).post("/oauth/token", &OWN_NAME).await.status, 200);
}

/// RFC 7591 §2; RFC 6749 §2.3.1
#[tokio::test]
async fn a_public_client_has_no_secret_to_show() {
    let (app, client) = begin().await;
    let public = app.public_client("read").await;
    let fields = [("grant_type", "refresh_token"), ("refresh_token", "x"), ("client_id", &public.client_id)];
    app.stranger().post("/oauth/token", &fields).await.refused(400, "invalid_grant");
    for secret in ["x", client.secret.as_str()] {
        let with_secret = [fields[0], fields[1], fields[2], ("client_secret", secret)];
        app.stranger().post("/oauth/token", &with_secret).await.refused(401, "invalid_client");
        let answer = app.script(&basic(&public.client_id, secret)).post("/oauth/token", &fields[..2]).await;
        answer.refused(401, "invalid_client");
    }
    // The empty secret of Basic is none.
    let answer = app.script(&basic(&public.client_id, "")).post("/oauth/token", &fields[..2]).await;
    answer.refused(400, "invalid_grant");
    // RFC 6749 §4.1.3: it has to say who it is.
    app.stranger().post("/oauth/token", &fields[..2]).await.refused(401, "invalid_client");
}

/// RFC 6749 §2.3.1
#[tokio::test]
async fn an_old_secret_works_for_the_overlap_and_no_longer() {
    let (app, client) = begin().await;
    let status = async |client: &SeededClient| app.script(&client.basic()).post("/oauth/token", &OWN_NAME).await.status;
    let second = app.rotate_client_secret(&client, Lifetime::from_hours(1)).await;
    assert_eq!((status(&client).await, status(&second).await), (200, 200));
    app.pass(Lifetime::from_millis(3_599_999));
    assert_eq!(status(&client).await, 200);
    app.pass(Lifetime::from_millis(1));
    assert_eq!((status(&client).await, status(&second).await), (401, 200));
    let third = app.rotate_client_secret(&second, Lifetime::ZERO).await;
    assert_eq!((status(&second).await, status(&third).await), (401, 200));
}

/// RFC 9700 §4.15
#[tokio::test]
async fn a_client_is_no_api_key_and_an_api_key_no_client() {
    let (app, client) = begin().await;
    let ada = app.person("ada", &[]).await;
    let key = app.key(&ada).await;
    let by_key = app.script(&basic(&key.api_key, &key.api_secret));
    assert_eq!(by_key.get("/api/v1/me").await.status, 200);
    by_key.post("/oauth/token", &OWN_NAME).await.refused(401, "invalid_client");
    assert_eq!(app.script(&client.basic()).get("/api/v1/me").await.status, 401);
    assert_eq!(app.script(&format!("Bearer {}", client.secret)).get("/api/v1/me").await.status, 401);
    assert_eq!(
        app.script(&format!("token {}:{}", client.client_id, client.secret)).get("/api/v1/me").await.status,
        401
    );
}

/// RFC 6749 §2.3.1
#[tokio::test]
async fn guessing_a_secret_is_limited_and_hurts_nobody_who_has_it() {
    let app = TestApp::start_with("[limits]\nclient_secret_failures = 3\nclient_secret_window_seconds = 60").await;
    app.scope("read", &[]).await;
    let (client, other) = (app.service_client("read").await, app.service_client("read").await);
    let guess = basic(&client.client_id, "wrong");
    for _ in 0..3 {
        app.script(&guess).post("/oauth/token", &OWN_NAME).await.refused(401, "invalid_client");
    }
    let answer = app.script(&guess).post("/oauth/token", &OWN_NAME).await;
    assert_eq!((answer.status, answer.header("retry-after")), (429, "60"), "{}", answer.body);
    assert!(answer.json()["error"].is_string());
    assert_eq!(app.script(&client.basic()).post("/oauth/token", &OWN_NAME).await.status, 200);
    let guess_other = basic(&other.client_id, "wrong");
    app.script(&guess_other).post("/oauth/token", &OWN_NAME).await.refused(401, "invalid_client");
    app.pass(Lifetime::from_seconds(60));
    app.script(&guess).post("/oauth/token", &OWN_NAME).await.refused(401, "invalid_client");
}
