//! Proofs of possession (RFC 9449).

use std::sync::Arc;

use hallpass::domain::clients::ClientDescription;
use hallpass::model::client::GrantType;
use hallpass::model::time::Lifetime;
use reqwest::Method;
use serde_json::Value;
use serde_json::json;
use tokio::task::JoinSet;

use crate::support::app::TestApp;
use crate::support::caller::Answer;
use crate::support::caller::Browser;
use crate::support::flow::VERIFIER;
use crate::support::flow::challenge;
use crate::support::flow::parameters;
use crate::support::flow::query;
use crate::support::jose::Key;
use crate::support::jose::encode;
use crate::support::jose::hash;
use crate::support::jose::proof_of;
use crate::support::program::Program;
use crate::support::seed::PASSWORD;
use crate::support::seed::SeededClient;

const TOKEN: &str = "/oauth/token";
const ME: &str = "/api/v1/me";
const OWN_NAME: [(&str, &str); 1] = [("grant_type", "client_credentials")];

async fn begin_with(settings: &str) -> (TestApp, SeededClient, Key) {
    let app = TestApp::start_with(settings).await;
    app.scope("read", &[]).await;
    let client = app.service_client("read introspect").await;
    (app, client, Key::es256())
}

async fn begin() -> (TestApp, SeededClient, Key) {
    begin_with("").await
}

/// A token that is bound to `key`.
async fn bound(app: &TestApp, client: &SeededClient, key: &Key) -> String {
    let answer = app.token_with_proof(client, &app.proof(key, "POST", TOKEN), &OWN_NAME).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.text("access_token")
}

/// `GET /api/v1/me` with a bound token and this proof.
async fn me(app: &TestApp, access_token: &str, proof: &str) -> Answer {
    app.script(&format!("DPoP {access_token}")).with("dpop", proof).get(ME).await
}

/// The challenges of an answer, `Bearer` first.
fn challenges(answer: &Answer) -> Vec<String> {
    answer.headers.get_all("www-authenticate").iter().map(|value| value.to_str().unwrap().to_owned()).collect()
}

/// A person, a public client, and the browser of the person.
async fn with_person(app: &TestApp) -> (SeededClient, Browser) {
    app.person("ada", &[]).await;
    let client = app.public_client("read").await;
    (client, app.signed_in("ada", PASSWORD).await)
}

fn redeem(code: &str) -> [(&str, &str); 3] {
    [("grant_type", "authorization_code"), ("code", code), ("code_verifier", VERIFIER)]
}

fn refresh(token: &str) -> [(&str, &str); 2] {
    [("grant_type", "refresh_token"), ("refresh_token", token)]
}

/// RFC 9449 §5, §6.2, §7.1
#[tokio::test]
async fn a_token_that_is_bound_to_a_key_is_good_only_with_a_proof_of_it() {
    let (app, client, _) = begin().await;
    for key in [Key::es256(), Key::ed25519(), Key::rsa("RS256", 2048), Key::rsa("PS256", 2048)] {
        let answer = app.token_with_proof(&client, &app.proof(&key, "POST", TOKEN), &OWN_NAME).await;
        assert_eq!((answer.status, answer.text("token_type")), (200, "DPoP".to_owned()), "{}", answer.body);
        let token = answer.text("access_token");
        let answer = me(&app, &token, &app.proof_with(&key, "GET", ME, &token)).await;
        assert_eq!((answer.status, answer.text("id")), (200, client.client_id.clone()), "{}", answer.body);
        let facts = app.script(&client.basic()).post("/oauth/introspect", &[("token", &token)]).await.json();
        assert_eq!(facts["cnf"], json!({ "jkt": key.thumbprint() }));
        assert_eq!((&facts["active"], &facts["token_type"]), (&json!(true), &json!("DPoP")));
        assert_eq!(app.me_status(&token).await, 401);
        // The proof makes no difference where the scheme is another one (RFC 9449 §7.2).
        let proof = app.proof_with(&key, "GET", ME, &token);
        let as_bearer = app.script(&format!("Bearer {token}")).with("dpop", &proof).get(ME).await;
        assert_eq!(as_bearer.status, 401);
    }
}

/// RFC 9449 §7.1
#[tokio::test]
async fn a_token_that_is_bound_to_no_key_is_no_dpop_token_and_neither_is_a_key() {
    let (app, client, key) = begin().await;
    let answer = app.token(&client, &OWN_NAME).await;
    assert_eq!(answer.text("token_type"), "Bearer");
    let token = answer.text("access_token");
    assert_eq!(me(&app, &token, &app.proof_with(&key, "GET", ME, &token)).await.status, 401);
    assert_eq!(app.me_status(&token).await, 200);
    let ada = app.person("ada", &[]).await;
    let secret = app.key(&ada).await.api_secret;
    assert_eq!(me(&app, &secret, &app.proof_with(&key, "GET", ME, &secret)).await.status, 401);
    assert_eq!(me(&app, "nonsense", &app.proof_with(&key, "GET", ME, "nonsense")).await.status, 401);
}

/// RFC 9449 §7.1, §9
#[tokio::test]
async fn a_refused_caller_learns_that_proofs_are_known_here() {
    let (app, client, key) = begin().await;
    let algorithms = "algs=\"RS256 PS256 ES256 ES384 EdDSA Ed25519\"";
    let nobody = app.stranger().get(ME).await;
    assert_eq!(challenges(&nobody)[1], format!("DPoP realm=\"hallpass\", {algorithms}"));
    assert!(challenges(&nobody)[0].starts_with("Bearer realm="));
    let token = bound(&app, &client, &key).await;
    let wrong = me(&app, &token, "nonsense").await;
    assert_eq!(challenges(&wrong)[1], format!("DPoP realm=\"hallpass\", {algorithms}, error=\"invalid_dpop_proof\""));
    let unknown = app.script("Bearer nonsense").get(ME).await;
    assert_eq!((wrong.status, &wrong.body), (unknown.status, &unknown.body));
    assert_eq!(challenges(&unknown)[1], format!("DPoP realm=\"hallpass\", {algorithms}, error=\"invalid_token\""));
}

/// One change to a proof, and what it is called.
struct Change {
    name: &'static str,
    make: fn(&TestApp, &Key, &mut Value, &mut Value),
}

/// What no proof may be (RFC 9449 §4.3). The first argument is the header, the second are the claims.
const CHANGES: [Change; 28] = [
    Change { name: "no typ", make: |_, _, header, _| drop(header.as_object_mut().unwrap().remove("typ")) },
    Change { name: "typ JWT", make: |_, _, header, _| header["typ"] = json!("JWT") },
    Change { name: "typ of an access token", make: |_, _, header, _| header["typ"] = json!("at+jwt") },
    Change { name: "no jwk", make: |_, _, header, _| drop(header.as_object_mut().unwrap().remove("jwk")) },
    Change { name: "jwk null", make: |_, _, header, _| header["jwk"] = Value::Null },
    Change { name: "private key", make: |_, _, header, _| header["jwk"]["d"] = json!("AAAA") },
    Change { name: "another key", make: |_, _, header, _| header["jwk"] = Key::es256().jwk() },
    Change { name: "symmetric key", make: |_, _, header, _| header["jwk"] = json!({ "kty": "oct", "k": "AAAA" }) },
    Change { name: "alg none", make: |_, _, header, _| header["alg"] = json!("none") },
    Change { name: "alg HS256", make: |_, _, header, _| header["alg"] = json!("HS256") },
    Change { name: "alg of another key", make: |_, _, header, _| header["alg"] = json!("RS256") },
    Change { name: "crit", make: |_, _, header, _| header["crit"] = json!(["htm"]) },
    Change { name: "htm of another method", make: |_, _, _, claims| claims["htm"] = json!("PUT") },
    Change { name: "htm in small letters", make: |_, _, _, claims| claims["htm"] = json!("post") },
    Change { name: "no htm", make: |_, _, _, claims| drop(claims.as_object_mut().unwrap().remove("htm")) },
    Change {
        name: "htu of another endpoint",
        make: |app, _, _, claims| claims["htu"] = json!(format!("{}/oauth/par", app.url)),
    },
    Change {
        name: "htu of another host",
        make: |_, _, _, claims| claims["htu"] = json!("https://rp.test/oauth/token"),
    },
    Change { name: "htu without a host", make: |_, _, _, claims| claims["htu"] = json!("/oauth/token") },
    Change { name: "no htu", make: |_, _, _, claims| drop(claims.as_object_mut().unwrap().remove("htu")) },
    Change { name: "iat long ago", make: |app, _, _, claims| claims["iat"] = json!(app.seconds() - 61) },
    Change { name: "iat to come", make: |app, _, _, claims| claims["iat"] = json!(app.seconds() + 61) },
    Change { name: "iat a text", make: |app, _, _, claims| claims["iat"] = json!(app.seconds().to_string()) },
    Change { name: "no iat", make: |_, _, _, claims| drop(claims.as_object_mut().unwrap().remove("iat")) },
    Change { name: "no jti", make: |_, _, _, claims| drop(claims.as_object_mut().unwrap().remove("jti")) },
    Change { name: "jti empty", make: |_, _, _, claims| claims["jti"] = json!("") },
    Change { name: "jti a number", make: |_, _, _, claims| claims["jti"] = json!(7) },
    Change { name: "jti too long", make: |_, _, _, claims| claims["jti"] = json!("a".repeat(256)) },
    Change { name: "nonce no text", make: |_, _, _, claims| claims["nonce"] = json!(7) },
];

fn changed(app: &TestApp, key: &Key, mut claims: Value, change: &Change) -> String {
    let mut header = key.header();
    header["typ"] = json!("dpop+jwt");
    header["jwk"] = key.jwk();
    (change.make)(app, key, &mut header, &mut claims);
    key.sign_with(&header, &claims)
}

/// Proofs whose text is no signed JSON, or not signed by its key.
fn garbled(app: &TestApp, key: &Key, good: &str) -> Vec<String> {
    let (input, signature) = good.rsplit_once('.').unwrap();
    let payload = input.split('.').nth(1).unwrap();
    let unsigned = json!({ "typ": "dpop+jwt", "alg": "none", "jwk": key.jwk() });
    let mut other = app.proof(key, "POST", TOKEN);
    other.replace_range(..good.find('.').unwrap(), &good[..good.find('.').unwrap()]);
    let (_, others_signature) = other.rsplit_once('.').unwrap();
    vec![
        "nonsense".to_owned(),
        "a.b.c".to_owned(),
        format!("{}.{payload}.", encode(&unsigned)),
        format!("{input}."),
        format!("{input}.{others_signature}"),
        format!("{good}="),
        format!("{good}.{signature}"),
        format!("{good},{good}"),
        "a".repeat(8 * 1024 + 1),
    ]
}

/// RFC 9449 §4.3, §5
#[tokio::test]
async fn a_bad_proof_gets_no_token() {
    let (app, client, key) = begin().await;
    for change in &CHANGES {
        let proof = changed(&app, &key, app.proof_claims("POST", TOKEN), change);
        let answer = app.token_with_proof(&client, &proof, &OWN_NAME).await;
        assert_eq!(answer.status, 400, "{}: {}", change.name, answer.body);
        answer.refused(400, "invalid_dpop_proof");
    }
    let good = app.proof(&key, "POST", TOKEN);
    for proof in garbled(&app, &key, &good) {
        app.token_with_proof(&client, &proof, &OWN_NAME).await.refused(400, "invalid_dpop_proof");
    }
    let twice = app.script(&client.basic()).with("dpop", &good).with("dpop", &app.proof(&key, "POST", TOKEN));
    twice.post(TOKEN, &OWN_NAME).await.refused(400, "invalid_dpop_proof");
    assert_eq!(app.token_with_proof(&client, &good, &OWN_NAME).await.status, 200);
}

/// RFC 9449 §4.3, §7.1
#[tokio::test]
async fn a_bad_proof_opens_no_resource() {
    let (app, client, key) = begin().await;
    let token = bound(&app, &client, &key).await;
    let claims = || {
        let mut claims = app.proof_claims("GET", ME);
        claims["ath"] = json!(hash(&token));
        claims
    };
    let mut bad: Vec<(String, String)> =
        CHANGES.iter().map(|change| (change.name.to_owned(), changed(&app, &key, claims(), change))).collect();
    for (name, ath) in [
        ("no ath", Value::Null),
        ("ath of another token", json!(hash("another"))),
        ("ath in base64", json!(format!("{}=", hash(&token)))),
    ] {
        let mut claims = claims();
        claims["ath"] = ath;
        claims.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        bad.push((name.to_owned(), proof_of(&key, &claims)));
    }
    bad.push(("another key".to_owned(), proof_of(&Key::es256(), &claims())));
    bad.push(("for the token endpoint".to_owned(), app.proof_with(&key, "POST", TOKEN, &token)));
    bad.extend(garbled(&app, &key, &proof_of(&key, &claims())).into_iter().map(|proof| (proof.clone(), proof)));
    for (name, proof) in bad {
        let answer = me(&app, &token, &proof).await;
        assert_eq!(answer.status, 401, "{name}: {}", answer.body);
        assert!(challenges(&answer)[1].ends_with("error=\"invalid_dpop_proof\""), "{name}: {:?}", challenges(&answer));
    }
    let without = app.script(&format!("DPoP {token}")).get(ME).await;
    assert_eq!(without.status, 401);
    let twice = app
        .script(&format!("DPoP {token}"))
        .with("dpop", &proof_of(&key, &claims()))
        .with("dpop", &proof_of(&key, &claims()));
    assert_eq!(twice.get(ME).await.status, 401);
    assert_eq!(me(&app, &token, &proof_of(&key, &claims())).await.status, 200);
}

/// RFC 9449 §11.1: clocks are never quite the same.
#[tokio::test]
async fn a_proof_may_be_some_seconds_off() {
    let (app, client, key) = begin().await;
    for seconds in [-60, -10, 0, 10, 60] {
        let mut claims = app.proof_claims("POST", TOKEN);
        claims["iat"] = json!(app.seconds() + seconds);
        let answer = app.token_with_proof(&client, &proof_of(&key, &claims), &OWN_NAME).await;
        assert_eq!(answer.status, 200, "{seconds}: {}", answer.body);
    }
}

/// RFC 9449 §4.3 (9)
#[tokio::test]
async fn the_address_in_a_proof_is_the_public_one_in_any_of_its_spellings() {
    let app = TestApp::start_below("/id").await;
    app.scope("read", &[]).await;
    let (client, key) = (app.service_client("read").await, Key::es256());
    let ask = async |htu: &str| {
        let mut claims = app.proof_claims("POST", TOKEN);
        claims["htu"] = json!(htu);
        app.token_with_proof(&client, &proof_of(&key, &claims), &OWN_NAME).await.status
    };
    let url = &app.url;
    for htu in [
        format!("{url}/oauth/token"),
        format!("{url}/oauth/token?a=b#c"),
        format!("{}/oauth/token", url.replace("http:", "HTTP:")),
        format!("{url}/oauth/./x/../%74oken"),
    ] {
        assert_eq!(ask(&htu).await, 200, "{htu}");
    }
    for htu in [format!("{}/oauth/token", app.origin()), format!("{url}/oauth/token/"), format!("{url}/oauth/Token")] {
        assert_eq!(ask(&htu).await, 400, "{htu}");
    }
    // A host that the request made up is not this server's.
    let mut claims = app.proof_claims("POST", TOKEN);
    claims["htu"] = json!("http://evil.test/id/oauth/token");
    let script = app.script(&client.basic()).with("host", "evil.test").with("dpop", &proof_of(&key, &claims));
    assert_eq!(script.post(TOKEN, &OWN_NAME).await.status, 400);
    // The query of a request is not part of it.
    let token = bound(&app, &client, &key).await;
    let proof = app.proof_with(&key, "GET", ME, &token);
    let answer = app.script(&format!("DPoP {token}")).with("dpop", &proof).get("/api/v1/me?a=b").await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let head = app.proof_with(&key, "HEAD", ME, &token);
    let answer = app.script(&format!("dpop {token}")).with("dpop", &head).send(Method::HEAD, ME, None).await;
    assert_eq!(answer.status, 200);
}

/// RFC 9449 §11.1
#[tokio::test]
async fn a_proof_is_good_for_one_use_and_after_a_restart_for_none() {
    let (app, client, key) = begin().await;
    let proof = app.proof(&key, "POST", TOKEN);
    assert_eq!(app.token_with_proof(&client, &proof, &OWN_NAME).await.status, 200);
    app.token_with_proof(&client, &proof, &OWN_NAME).await.refused(400, "invalid_dpop_proof");
    // The same id by another key is another proof.
    let mut claims = app.proof_claims("POST", TOKEN);
    claims["jti"] = json!("one-id");
    assert_eq!(app.token_with_proof(&client, &proof_of(&key, &claims), &OWN_NAME).await.status, 200);
    assert_eq!(app.token_with_proof(&client, &proof_of(&Key::es256(), &claims), &OWN_NAME).await.status, 200);
    let token = bound(&app, &client, &key).await;
    let shown = app.proof_with(&key, "GET", ME, &token);
    assert_eq!(me(&app, &token, &shown).await.status, 200);
    assert_eq!(me(&app, &token, &shown).await.status, 401);
    // As long as its time has not passed, it is remembered, and then it is too old.
    app.pass(Lifetime::from_seconds(59));
    assert_eq!(me(&app, &token, &shown).await.status, 401);
    let (address, clock) = (app.address(), Arc::clone(&app.clock));
    let database = app.stop().await;
    let app = TestApp::start_at(database, &format!("listen = \"{address}\""), clock);
    assert_eq!(me(&app, &token, &shown).await.status, 401);
    app.token_with_proof(&client, &proof, &OWN_NAME).await.refused(400, "invalid_dpop_proof");
    assert_eq!(me(&app, &token, &app.proof_with(&key, "GET", ME, &token)).await.status, 200);
}

/// RFC 9449 §11.1
#[tokio::test]
async fn of_a_hundred_uses_of_a_proof_at_once_one_is_good() {
    let (app, client, key) = begin_with("[http]\nworkers = 4").await;
    let token = bound(&app, &client, &key).await;
    let for_token = Arc::new(app.script(&client.basic()).with("dpop", &app.proof(&key, "POST", TOKEN)));
    let proof = app.proof_with(&key, "GET", ME, &token);
    let for_me = Arc::new(app.script(&format!("DPoP {token}")).with("dpop", &proof));
    for (script, refused) in [(for_token, 400), (for_me, 401)] {
        let mut running = JoinSet::new();
        for _ in 0..100 {
            let script = Arc::clone(&script);
            running.spawn(async move {
                let answer = if refused == 400 { script.post(TOKEN, &OWN_NAME).await } else { script.get(ME).await };
                answer.status
            });
        }
        let statuses = running.join_all().await;
        assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
        assert_eq!(statuses.iter().filter(|status| **status == refused).count(), 99, "{statuses:?}");
    }
}

/// RFC 9449 §5: a public client's refresh token is of no use without its key, so it need not change.
#[tokio::test]
async fn a_public_clients_refresh_token_is_bound_to_its_key_and_stays() {
    let (app, _, key) = begin_with("[tokens]\nrefresh_token_idle_seconds = 100").await;
    let (client, browser) = with_person(&app).await;
    let code = app.code(&browser, &client).await;
    let proof = || app.proof(&key, "POST", TOKEN);
    let answer = app.token_with_proof(&client, &proof(), &redeem(&code)).await;
    assert_eq!((answer.status, answer.text("token_type")), (200, "DPoP".to_owned()), "{}", answer.body);
    let refresh_token = answer.text("refresh_token");
    app.token(&client, &refresh(&refresh_token)).await.refused(400, "invalid_grant");
    let other = app.proof(&Key::es256(), "POST", TOKEN);
    app.token_with_proof(&client, &other, &refresh(&refresh_token)).await.refused(400, "invalid_grant");
    for _ in 0..3 {
        app.pass(Lifetime::from_seconds(60));
        let answer = app.token_with_proof(&client, &proof(), &refresh(&refresh_token)).await;
        assert_eq!((answer.status, answer.text("refresh_token")), (200, refresh_token.clone()), "{}", answer.body);
        let token = answer.text("access_token");
        assert_eq!(me(&app, &token, &app.proof_with(&key, "GET", ME, &token)).await.status, 200);
        assert_eq!(app.me_status(&token).await, 401);
    }
    app.pass(Lifetime::from_seconds(100));
    app.token_with_proof(&client, &proof(), &refresh(&refresh_token)).await.refused(400, "invalid_grant");
}

/// RFC 9449 §5: a confidential client proves itself in its own way, so its key may change.
#[tokio::test]
async fn a_confidential_clients_refresh_token_is_bound_to_the_client_alone() {
    let (app, _, key) = begin().await;
    let (_, browser) = with_person(&app).await;
    let client = app.web_client("read").await;
    let code = app.code(&browser, &client).await;
    let answer = app.token_with_proof(&client, &app.proof(&key, "POST", TOKEN), &redeem(&code)).await;
    let refresh_token = answer.text("refresh_token");
    let new = Key::ed25519();
    let answer = app.token_with_proof(&client, &app.proof(&new, "POST", TOKEN), &refresh(&refresh_token)).await;
    assert_eq!((answer.status, answer.text("token_type")), (200, "DPoP".to_owned()), "{}", answer.body);
    assert_ne!(answer.text("refresh_token"), refresh_token);
    let token = answer.text("access_token");
    assert_eq!(me(&app, &token, &app.proof_with(&new, "GET", ME, &token)).await.status, 200);
    assert_eq!(me(&app, &token, &app.proof_with(&key, "GET", ME, &token)).await.status, 401);
    let answer = app.token(&client, &refresh(&answer.text("refresh_token"))).await;
    assert_eq!(answer.text("token_type"), "Bearer");
}

/// RFC 9449 §10
#[tokio::test]
async fn a_code_that_is_bound_to_a_key_is_redeemed_with_a_proof_of_it() {
    let (app, _, key) = begin().await;
    let (public, browser) = with_person(&app).await;
    let web = app.web_client("read").await;
    let jkt = key.thumbprint();
    for client in [&public, &web] {
        let location = app.authorize(&browser, client, &[("dpop_jkt", &jkt)]).await;
        let code = parameters(&location).remove("code").unwrap();
        app.token(client, &redeem(&code)).await.refused(400, "invalid_grant");
        let other = app.proof(&Key::es256(), "POST", TOKEN);
        app.token_with_proof(client, &other, &redeem(&code)).await.refused(400, "invalid_grant");
        let answer = app.token_with_proof(client, &app.proof(&key, "POST", TOKEN), &redeem(&code)).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
    for bad in ["x", &format!("{jkt}="), &jkt[1..], &jkt.replace(&jkt[..1], "+")] {
        let answer = browser.get(&web.authorize_path(&[("dpop_jkt", bad)])).await;
        app.redirected(&answer, &web.redirect_uri, "invalid_request", Some("xyz"));
    }
}

/// RFC 9449 §10.1
#[tokio::test]
async fn a_proof_at_the_pushed_request_binds_its_code() {
    let (app, _, key) = begin().await;
    let (client, browser) = with_person(&app).await;
    let challenge = challenge(VERIFIER);
    let mut fields = vec![
        ("response_type", "code"),
        ("client_id", client.client_id.as_str()),
        ("redirect_uri", client.redirect_uri.as_str()),
        ("code_challenge", challenge.as_str()),
        ("code_challenge_method", "S256"),
    ];
    let push = async |fields: &[(&str, &str)]| {
        app.stranger().with("dpop", &app.proof(&key, "POST", "/oauth/par")).post("/oauth/par", fields).await
    };
    let answer = push(&fields).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    let request = [("client_id", client.client_id.as_str()), ("request_uri", &answer.text("request_uri"))];
    let page = browser.get(&format!("/oauth/authorize?{}", query(&request))).await;
    let location = app.decide(&browser, &page, "allow").await;
    let code = parameters(&location).remove("code").unwrap();
    app.token(&client, &redeem(&code)).await.refused(400, "invalid_grant");
    let answer = app.token_with_proof(&client, &app.proof(&key, "POST", TOKEN), &redeem(&code)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let (own, other) = (key.thumbprint(), Key::es256().thumbprint());
    fields.push(("dpop_jkt", &other));
    push(&fields).await.refused(400, "invalid_dpop_proof");
    fields.pop();
    fields.push(("dpop_jkt", &own));
    assert_eq!(push(&fields).await.status, 201);
}

/// RFC 9449 §8, §9
#[tokio::test]
async fn a_nonce_that_is_asked_for_stands_in_each_proof_and_grows_old() {
    let (app, client, key) = begin_with("[tokens]\nrequire_dpop_nonce = true").await;
    let ask = async |nonce: Option<&str>| {
        let mut claims = app.proof_claims("POST", TOKEN);
        claims["nonce"] = json!(nonce);
        claims.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        app.token_with_proof(&client, &proof_of(&key, &claims), &OWN_NAME).await
    };
    let answer = ask(None).await;
    answer.refused(400, "use_dpop_nonce");
    let nonce = answer.header("dpop-nonce").to_owned();
    assert_ne!(nonce, "");
    ask(Some("wrong")).await.refused(400, "use_dpop_nonce");
    let answer = ask(Some(&nonce)).await;
    assert_eq!((answer.status, answer.header("dpop-nonce")), (200, nonce.as_str()), "{}", answer.body);
    let token = answer.text("access_token");
    let show = async |nonce: Option<&str>| {
        let mut claims = app.proof_claims("GET", ME);
        claims["ath"] = json!(hash(&token));
        claims["nonce"] = json!(nonce);
        claims.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        me(&app, &token, &proof_of(&key, &claims)).await
    };
    let answer = show(None).await;
    assert_eq!((answer.status, answer.header("dpop-nonce")), (401, nonce.as_str()), "{}", answer.body);
    assert!(challenges(&answer)[1].ends_with("error=\"use_dpop_nonce\""), "{:?}", challenges(&answer));
    let answer = show(Some(&nonce)).await;
    assert_eq!((answer.status, answer.header("dpop-nonce")), (200, nonce.as_str()), "{}", answer.body);
    app.pass(Lifetime::from_seconds(300));
    let answer = show(Some(&nonce)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_ne!(answer.header("dpop-nonce"), nonce);
    app.pass(Lifetime::from_seconds(300));
    let answer = show(Some(&nonce)).await;
    assert_eq!(answer.status, 401);
    let newest = answer.header("dpop-nonce").to_owned();
    assert_eq!(show(Some(&newest)).await.status, 200);
    // Who needs no proof needs no nonce.
    assert_eq!(app.token(&client, &OWN_NAME).await.status, 200);
}

/// RFC 9449 §8
#[tokio::test]
async fn a_nonce_that_nobody_asked_for_must_still_be_one_of_ours() {
    let (app, client, key) = begin().await;
    let mut claims = app.proof_claims("POST", TOKEN);
    claims["nonce"] = json!("made up");
    let answer = app.token_with_proof(&client, &proof_of(&key, &claims), &OWN_NAME).await;
    answer.refused(400, "use_dpop_nonce");
    claims["nonce"] = json!(answer.header("dpop-nonce"));
    let answer = app.token_with_proof(&client, &proof_of(&key, &claims), &OWN_NAME).await;
    assert_eq!((answer.status, answer.header("dpop-nonce")), (200, ""), "{}", answer.body);
}

/// RFC 9449 §5.2
#[tokio::test]
async fn a_client_that_asked_for_it_gets_no_token_without_a_proof() {
    let (app, _, key) = begin().await;
    app.person("ada", &[]).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let bound = |client: &mut ClientDescription| {
        client.dpop_bound = true;
        client.grant_types.push(GrantType::ClientCredentials);
    };
    let client = app.client_with("read", bound).await;
    let code = app.code(&browser, &client).await;
    app.token(&client, &redeem(&code)).await.refused(400, "invalid_dpop_proof");
    app.token(&client, &OWN_NAME).await.refused(400, "invalid_dpop_proof");
    let answer = app.token_with_proof(&client, &app.proof(&key, "POST", TOKEN), &redeem(&code)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let refresh_token = answer.text("refresh_token");
    app.token(&client, &refresh(&refresh_token)).await.refused(400, "invalid_dpop_proof");
    let answer = app.token_with_proof(&client, &app.proof(&key, "POST", TOKEN), &refresh(&refresh_token)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
}

/// RFC 9449 §5.2
#[test]
fn the_command_line_registers_a_client_whose_tokens_are_bound() {
    let client = Program::new().run("client create Robot --scope openid --dpop-bound-access-tokens --json").json();
    assert_eq!(client["dpop_bound_access_tokens"], true);
}
