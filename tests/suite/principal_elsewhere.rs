//! `Principal` in somebody else's service, which asks this server by introspection.

use std::collections::BTreeSet;
use std::io::BufRead;
use std::io::BufReader;
use std::path::Path;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;
use std::time::Instant;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hallpass::Introspection;
use hallpass::Service;
use hallpass::introspection::Settings;
use hallpass::model::api_key::KeyAccess;
use hallpass::model::scope::Scope;
use hallpass::model::time::Lifetime;
use hallpass::model::token::TokenKind;
use hallpass::model::user::User;
use hallpass::random::Random;
use reqwest::Method;
use serde_json::Value;
use serde_json::json;

use crate::support::app::TestApp;
use crate::support::caller::Answer;
use crate::support::caller::Script;
use crate::support::elsewhere::Elsewhere;
use crate::support::jose::Key;
use crate::support::jose::hash;
use crate::support::jose::proof_of;
use crate::support::jose::unique;
use crate::support::publisher::Authority;
use crate::support::publisher::Certificate;
use crate::support::publisher::Publisher;
use crate::support::publisher::Reply;
use crate::support::seed::PASSWORD;
use crate::support::seed::SeededClient;
use crate::support::seed::SeededKey;

const INTROSPECT: &str = "/oauth/introspect";
/// Longer than any test.
const LONG: Duration = Duration::from_secs(300);

/// The server, and a service that lets callers in by it.
struct Scene {
    app: TestApp,
    service: Elsewhere,
    /// As what the service asks.
    asks_as: SeededClient,
    /// `ada` is an editor, and has nothing else.
    ada: User,
    /// An application that she can let in, with the scopes `read` and `write`; and that acts in its own name.
    client: SeededClient,
}

impl Scene {
    /// Where answers are remembered for so long.
    async fn start(remember_for: Duration) -> Self {
        Self::start_as(|settings| settings.remember_for(remember_for)).await
    }

    async fn start_as(change: impl FnOnce(Settings) -> Settings) -> Self {
        let app = TestApp::start().await;
        app.role("editor").await;
        app.scope("read", &[]).await;
        app.scope("write", &["editor"]).await;
        let ada = app.person("ada", &["editor"]).await;
        let place = Elsewhere::place();
        app.resource(&place.1, "").await;
        app.resource("https://other.test/", "").await;
        let client = app.web_client("read write").await;
        // Sees all tokens, so that what is refused is refused by the service itself.
        let asks_as = app.introspector(None).await;
        let introspection = Introspection::of(&app.url).client(&asks_as.client_id, &asks_as.secret);
        let introspection = change(introspection.clock(app.clock.clone())).build().unwrap();
        let service = Service::asking(introspection)
            .resource(&place.1)
            .trusted_proxies(["127.0.0.1"])
            .clock(app.clock.clone())
            .build()
            .unwrap();
        Self { service: Elsewhere::start(place, service), app, asks_as, ada, client }
    }

    async fn get(&self, path: &str, authorization: &str) -> Answer {
        self.service.script(authorization).get(path).await
    }

    #[track_caller]
    fn statuses(&self, authorization: &str, paths: &[&str]) -> impl Future<Output = Vec<u16>> {
        let script = self.service.script(authorization);
        let paths: Vec<String> = paths.iter().map(|path| (*path).to_owned()).collect();
        async move {
            let mut statuses = Vec::new();
            for path in paths {
                statuses.push(script.get(&path).await.status);
            }
            statuses
        }
    }

    /// A key of ada's with these scopes.
    async fn scoped_key(&self, scopes: &str) -> SeededKey {
        let access = KeyAccess::Scopes(Scope::parse(scopes).unwrap());
        self.app.key_with(&self.ada, |new| new.access = access).await
    }

    /// An access token of ada's, for these resources.
    async fn access_token(&self, resources: &[&str]) -> String {
        let browser = self.app.signed_in("ada", PASSWORD).await;
        let resources: Vec<(&str, &str)> = resources.iter().map(|uri| ("resource", *uri)).collect();
        let location = self.app.authorize(&browser, &self.client, &resources).await;
        let code = crate::support::flow::parameters(&location)["code"].clone();
        self.app.redeem(&self.client, &code).await.text("access_token")
    }
}

#[track_caller]
fn challenges(answer: &Answer) -> Vec<String> {
    answer.headers.get_all("www-authenticate").iter().map(|value| value.to_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn each_form_of_the_header_is_the_same_principal_as_at_the_server() {
    let scene = Scene::start(Duration::ZERO).await;
    let key = scene.app.key(&scene.ada).await;
    let (pair, secret) = (format!("{}:{}", key.api_key, key.api_secret), &key.api_secret);
    for header in [
        format!("token {pair}"),
        format!("TOKEN   {pair}"),
        format!("Basic {}", STANDARD.encode(&pair)),
        format!("basic {}", STANDARD.encode(&pair)),
        format!("Bearer {secret}"),
        format!("bearer  {secret}"),
    ] {
        let told = scene.get("/anyone", &header).await;
        assert_eq!(told.status, 200, "{header}: {}", told.body);
        let told = told.json();
        let me = scene.app.script(&header).get("/api/v1/me").await.json();
        assert_eq!((&told["id"], &told["username"], &told["roles"]), (&me["id"], &me["username"], &me["roles"]));
        assert_eq!(told["full_access"], true);
        assert_eq!(scene.statuses(&header, &["/read", "/editor", "/maybe", "/admin"]).await, [200, 200, 200, 403]);
    }
    let token = scene.access_token(&[]).await;
    let told = scene.get("/read", &format!("Bearer {token}")).await.json();
    assert_eq!((&told["username"], &told["scope"]), (&json!("ada"), &json!("read write")));
    assert_eq!(told["full_access"], false);
    // An unsafe method needs nothing more: a header is sent by nobody but who means to.
    let posted = scene.service.script(&format!("token {pair}")).send(Method::POST, "/anyone", Some(&[])).await;
    assert_eq!(posted.status, 200);
}

#[tokio::test]
async fn every_other_header_is_401_with_one_body() {
    let scene = Scene::start(Duration::ZERO).await;
    let (key, other) = (scene.app.key(&scene.ada).await, scene.app.key(&scene.ada).await);
    let tokens = {
        let browser = scene.app.signed_in("ada", PASSWORD).await;
        scene.app.tokens(&browser, &scene.client).await
    };
    let pair = format!("{}:{}", key.api_key, key.api_secret);
    let unknown = |kind| Random.token(kind).reveal().to_owned();
    let bad = [
        "Bearer".to_owned(),
        "Digest abc".to_owned(),
        format!("Bearer {pair}"),
        format!("token {}:{}", other.api_key, key.api_secret),
        format!("token {}:{}", key.api_key, unknown(TokenKind::ApiSecret)),
        format!("token {}:{}", Random.api_key_name(), key.api_secret),
        format!("token {}:", key.api_key),
        format!("Basic {}", STANDARD.encode(format!("{}:{}", other.api_key, key.api_secret))),
        format!("Basic {}=", STANDARD.encode(&pair)),
        format!("Basic {}", STANDARD.encode(format!("{}:{}", scene.client.client_id, scene.client.secret))),
        format!("Bearer {}", unknown(TokenKind::ApiSecret)),
        format!("Bearer {}", unknown(TokenKind::Access)),
        format!("Bearer {}", tokens["refresh_token"].as_str().unwrap()),
        format!("Bearer {}", scene.client.secret),
        format!("DPoP {}", tokens["access_token"].as_str().unwrap()),
        format!("DPoP {}", key.api_secret),
        "Bearer eyJhbGciOiJub25lIn0.e30.".to_owned(),
    ];
    let expected = scene.get("/anyone", "Bearer x").await;
    assert_eq!(expected.status, 401);
    assert_eq!(expected.header("content-type"), "application/problem+json");
    assert_eq!(expected.header("cache-control"), "no-store");
    let metadata = format!("{}/.well-known/oauth-protected-resource", scene.service.url);
    let bearer = format!("Bearer realm=\"hallpass\", resource_metadata=\"{metadata}\", error=\"invalid_token\"");
    assert_eq!(challenges(&expected)[0], bearer);
    assert!(challenges(&expected)[1].starts_with("DPoP realm=\"hallpass\", algs=\""));
    for header in bad {
        for path in ["/anyone", "/read", "/maybe"] {
            let answer = scene.get(path, &header).await;
            assert_eq!((answer.status, &answer.body), (401, &expected.body), "{header} {path}");
            assert_eq!(challenges(&answer), challenges(&expected), "{header} {path}");
        }
    }
    // Two headers are no credential, though each would be a good one.
    let twice = scene.service.script(&format!("token {pair}")).with("authorization", &format!("token {pair}"));
    let answer = twice.get("/maybe").await;
    assert_eq!((answer.status, &answer.body), (401, &expected.body));
    // No other door.
    let elsewhere = scene.service.stranger().with("x-api-key", &key.api_secret).with("cookie", "hallpass_session=x");
    let answer = elsewhere.get(&format!("/anyone?access_token={}", key.api_secret)).await;
    assert_eq!(answer.status, 401);
    assert!(!challenges(&answer)[0].contains("error"), "{:?}", challenges(&answer));
    assert_eq!(scene.service.stranger().get("/maybe").await.body, "null");
}

#[tokio::test]
async fn a_handler_lets_in_whoever_has_what_its_signature_says() {
    let scene = Scene::start(Duration::ZERO).await;
    let root = scene.app.person("root", &["admin"]).await;
    let root = scene.app.key(&root).await.token_header();
    // Roles have no order: an administrator is no editor.
    let paths = ["/anyone", "/read", "/editor", "/editor/read", "/admin", "/read/write", "/read/read"];
    assert_eq!(scene.statuses(&root, &paths).await, [200, 200, 403, 403, 200, 403, 200]);
    let ada = scene.app.key(&scene.ada).await.token_header();
    assert_eq!(scene.statuses(&ada, &paths).await, [200, 200, 200, 200, 403, 200, 200]);
    let lacks = scene.get("/read/write", &root).await;
    assert!(
        challenges(&lacks)[0].ends_with("error=\"insufficient_scope\", scope=\"write\""),
        "{:?}",
        challenges(&lacks)
    );
    let lacks = scene.get("/editor", &root).await;
    assert_eq!((lacks.problem(403), challenges(&lacks)), ("the role editor is needed".to_owned(), Vec::new()));
    // A role that was taken away is one no more, and neither is the scope that hangs on it.
    scene.app.revoke_role(&scene.ada, "editor").await;
    assert_eq!(scene.statuses(&ada, &paths).await, [200, 200, 403, 403, 403, 403, 200]);
}

/// A token or key that is for some scopes only opens what asks for one of them, or is meant for this service.
#[tokio::test]
async fn a_token_that_was_given_for_something_else_does_not_open_everything() {
    let scene = Scene::start(Duration::ZERO).await;
    let paths = ["/anyone", "/maybe", "/editor", "/read", "/editor/read", "/read/write"];
    let unbound = format!("Bearer {}", scene.access_token(&[]).await);
    assert_eq!(scene.statuses(&unbound, &paths).await, [403, 403, 403, 200, 200, 200]);
    let key = scene.scoped_key("read").await.token_header();
    assert_eq!(scene.statuses(&key, &paths).await, [403, 403, 403, 200, 200, 403]);
    let other_scope = scene.scoped_key("write").await.token_header();
    assert_eq!(scene.statuses(&other_scope, &paths).await, [403; 6]);
    let bound = format!("Bearer {}", scene.access_token(&[&scene.service.url]).await);
    assert_eq!(scene.statuses(&bound, &paths).await, [200; 6]);
    let both = format!("Bearer {}", scene.access_token(&["https://other.test/", &scene.service.url]).await);
    assert_eq!(scene.statuses(&both, &paths).await, [200; 6]);
    // Meant for another service: no credential here at all.
    let elsewhere = format!("Bearer {}", scene.access_token(&["https://other.test/"]).await);
    assert_eq!(scene.statuses(&elsewhere, &paths).await, [401; 6]);
    let refused = scene.get("/anyone", &unbound).await;
    assert!(challenges(&refused)[0].ends_with("error=\"insufficient_scope\""), "{:?}", challenges(&refused));
}

#[tokio::test]
async fn a_service_that_is_a_resource_sees_only_what_is_meant_for_it() {
    let scene = Scene::start(Duration::ZERO).await;
    let place = Elsewhere::place();
    scene.app.resource(&place.1, "").await;
    let asks_as = scene.app.introspector(Some(&place.1)).await;
    let introspection = Introspection::of(&scene.app.url).client(&asks_as.client_id, &asks_as.secret).build().unwrap();
    let uri = place.1.clone();
    let service = Elsewhere::start(place, Service::asking(introspection).resource(&uri).build().unwrap());
    let (bound, unbound) = (scene.access_token(&[&uri]).await, scene.access_token(&[]).await);
    assert_eq!(service.script(&format!("Bearer {bound}")).get("/anyone").await.status, 200);
    assert_eq!(service.script(&format!("Bearer {unbound}")).get("/read").await.status, 401);
    let key = scene.app.key(&scene.ada).await;
    assert_eq!(service.script(&key.token_header()).get("/anyone").await.status, 200);
}

/// Where the service has not said which resource it is, no bound token is meant for it.
#[tokio::test]
async fn a_service_without_a_name_takes_no_bound_token() {
    let scene = Scene::start(Duration::ZERO).await;
    // By an API key with the scope, in place of a client.
    let root = scene.app.person("root", &["admin"]).await;
    let asks_by = scene.app.key(&root).await;
    let introspection = Introspection::of(&scene.app.url).api_key(&asks_by.api_secret).build().unwrap();
    let service = Elsewhere::start(Elsewhere::place(), Service::asking(introspection).build().unwrap());
    for (token, status) in
        [(scene.access_token(&["https://other.test/"]).await, 401), (scene.access_token(&[]).await, 200)]
    {
        assert_eq!(service.script(&format!("Bearer {token}")).get("/read").await.status, status);
    }
    let refused = service.stranger().get("/read").await;
    assert_eq!(challenges(&refused), ["Bearer realm=\"hallpass\""]);
}

#[tokio::test]
async fn without_a_memory_a_revocation_holds_from_the_next_request_on() {
    let scene = Scene::start(Duration::ZERO).await;
    let (key, token) = (scene.app.key(&scene.ada).await, scene.access_token(&[]).await);
    let bearer = format!("Bearer {token}");
    assert_eq!(scene.statuses(&key.token_header(), &["/anyone"]).await, [200]);
    assert_eq!(scene.statuses(&bearer, &["/read"]).await, [200]);
    scene.app.revoke_key(&key).await;
    scene.app.script(&scene.client.basic()).post("/oauth/revoke", &[("token", &token)]).await;
    assert_eq!(scene.statuses(&key.token_header(), &["/anyone"]).await, [401]);
    assert_eq!(scene.statuses(&bearer, &["/read"]).await, [401]);
    let key = scene.app.key(&scene.ada).await;
    assert_eq!(scene.statuses(&key.token_header(), &["/anyone"]).await, [200]);
    scene.app.set_user_enabled(scene.ada.id, false).await;
    assert_eq!(scene.statuses(&key.token_header(), &["/anyone"]).await, [401]);
}

#[tokio::test]
async fn with_a_memory_a_revocation_is_seen_when_its_time_is_over() {
    let remembered = Duration::from_secs(1);
    let scene = Scene::start(remembered).await;
    let key = scene.app.key(&scene.ada).await;
    let script = scene.service.script(&key.token_header());
    assert_eq!(script.get("/anyone").await.status, 200);
    scene.app.revoke_key(&key).await;
    let revoked = Instant::now();
    while script.get("/anyone").await.status == 200 {
        // However often it is asked for, what is remembered does not grow younger.
        assert!(revoked.elapsed() < Duration::from_secs(5), "the revocation is not seen");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(revoked.elapsed() < remembered + Duration::from_millis(900), "{:?}", revoked.elapsed());
    // A refusal is not remembered, so that what is made good is good at once.
    let (key, away) = (scene.app.key(&scene.ada).await, scene.ada.id);
    scene.app.set_user_enabled(away, false).await;
    assert_eq!(scene.statuses(&key.token_header(), &["/anyone"]).await, [401]);
    scene.app.set_user_enabled(away, true).await;
    assert_eq!(scene.statuses(&key.token_header(), &["/anyone"]).await, [200]);
}

/// What is remembered is remembered: the server is not asked again, and it need not even be there.
#[tokio::test]
async fn what_is_remembered_needs_no_server_and_all_else_is_503() {
    let scene = Scene::start(LONG).await;
    let (known, unknown) = (scene.app.key(&scene.ada).await, scene.app.key(&scene.ada).await);
    let script = scene.service.script(&known.token_header());
    assert_eq!(script.get("/anyone").await.status, 200);
    let Scene { app, service, .. } = scene;
    app.stop().await;
    assert_eq!(script.get("/anyone").await.status, 200);
    for path in ["/anyone", "/read", "/maybe"] {
        let answer = service.script(&unknown.token_header()).get(path).await;
        assert_eq!((answer.status, answer.header("retry-after")), (503, "1"), "{path}");
        assert_eq!(challenges(&answer), Vec::<String>::new());
    }
    // The same key in another form is another question; and who shows nothing is nobody, as before.
    assert_eq!(service.script(&known.basic_header()).get("/maybe").await.status, 200);
    assert_eq!(service.script(&format!("Bearer {}", known.api_secret)).get("/maybe").await.status, 503);
    assert_eq!(service.stranger().get("/maybe").await.status, 200);
    assert_eq!(service.script("Bearer hp_at_x").get("/maybe").await.status, 401);
}

/// A token is remembered no longer than it lives.
#[tokio::test]
async fn nothing_is_remembered_beyond_its_own_end() {
    let scene = Scene::start(LONG).await;
    let now = scene.app.act().now;
    let short = scene.app.key_with(&scene.ada, |new| new.expires_at = Some(now + Lifetime::from_seconds(1))).await;
    let script = scene.service.script(&short.token_header());
    assert_eq!(script.get("/anyone").await.status, 200);
    // The service's memory goes by the time that has really passed, the server by the clock of the test.
    scene.app.pass(Lifetime::from_seconds(1));
    tokio::time::sleep(Duration::from_millis(1100)).await;
    assert_eq!(script.get("/anyone").await.status, 401);
}

#[tokio::test]
async fn a_key_that_is_bound_to_addresses_is_good_only_from_them_whatever_is_remembered() {
    let scene = Scene::start(LONG).await;
    let bound = |new: &mut hallpass::domain::api_keys::NewApiKey| {
        new.allowed_addresses = vec!["198.51.100.0/24".parse().unwrap()];
    };
    let header = scene.app.key_with(&scene.ada, bound).await.token_header();
    let from = async |forwarded: &str| {
        scene.service.script(&header).with("x-forwarded-for", forwarded).get("/anyone").await.status
    };
    assert_eq!(from("198.51.100.7").await, 200);
    assert_eq!(from("203.0.113.1").await, 401);
    assert_eq!(from("198.51.100.7").await, 200);
    // What a stranger wrote before the proxy counts for nothing.
    assert_eq!(from("198.51.100.7, 203.0.113.1").await, 401);
    assert_eq!(scene.statuses(&header, &["/anyone"]).await, [401]);
    let place = Elsewhere::place();
    let asks = Introspection::of(&scene.app.url).client(&scene.asks_as.client_id, &scene.asks_as.secret);
    let service = Elsewhere::start(place, Service::asking(asks.build().unwrap()).build().unwrap());
    let untrusted = service.script(&header).with("x-forwarded-for", "198.51.100.7").get("/anyone").await;
    assert_eq!(untrusted.status, 401);
}

/// RFC 9449 §7.1, §7.2, §11.1
#[tokio::test]
async fn a_token_that_is_bound_to_a_key_needs_a_proof_for_this_request() {
    let scene = Scene::start(LONG).await;
    let key = Key::es256();
    let machine = scene.app.service_client("read").await;
    let fields = [("grant_type", "client_credentials"), ("resource", &*scene.service.url)];
    let proof = scene.app.proof(&key, "POST", "/oauth/token");
    let token = scene.app.token_with_proof(&machine, &proof, &fields).await.text("access_token");
    let claims = || {
        json!({
            "htm": "GET", "htu": format!("{}/read", scene.service.url), "jti": unique(), "iat": scene.app.seconds(),
            "ath": hash(&token),
        })
    };
    let with =
        async |proof: &str| scene.service.script(&format!("DPoP {token}")).with("dpop", proof).get("/read").await;
    for _ in 0..2 {
        assert_eq!(with(&proof_of(&key, &claims())).await.status, 200);
    }
    let once = proof_of(&key, &claims());
    let refused = |answer: &Answer| {
        assert_eq!(answer.status, 401);
        assert!(challenges(answer)[1].ends_with("error=\"invalid_dpop_proof\""), "{:?}", challenges(answer));
    };
    assert_eq!(with(&once).await.status, 200);
    refused(&with(&once).await);
    refused(&with(&proof_of(&Key::es256(), &claims())).await);
    for (name, value) in [
        ("htm", json!("POST")),
        ("htu", json!(format!("{}/anyone", scene.service.url))),
        ("htu", json!(format!("{}/read", scene.app.url))),
        ("iat", json!(scene.app.seconds() - 61)),
        ("ath", json!(hash("another"))),
        ("ath", Value::Null),
    ] {
        let mut claims = claims();
        claims[name] = value;
        refused(&with(&proof_of(&key, &claims)).await);
    }
    refused(&scene.get("/read", &format!("DPoP {token}")).await);
    // By the scheme of tokens that anybody may use.
    let stolen = scene.service.script(&format!("Bearer {token}")).with("dpop", &proof_of(&key, &claims()));
    assert_eq!(stolen.get("/read").await.status, 401);
    // One proof is enough for a handler that asks twice who it is.
    let mut claims = claims();
    claims["htu"] = json!(format!("{}/twice", scene.service.url));
    let script = scene.service.script(&format!("DPoP {token}")).with("dpop", &proof_of(&key, &claims));
    assert_eq!(script.get("/twice").await.status, 200);
}

/// RFC 9728 §2, §3
#[tokio::test]
async fn a_caller_without_a_token_learns_where_there_are_some() {
    let scene = Scene::start(Duration::ZERO).await;
    let refused = scene.service.stranger().get("/read").await;
    let challenge = challenges(&refused)[0].clone();
    let url = challenge.split('"').nth(3).unwrap();
    let path = url.strip_prefix(&scene.service.url).unwrap();
    let document = scene.service.stranger().get(path).await;
    assert_eq!(document.header("access-control-allow-origin"), "*");
    let mut document = document.json();
    assert!(document["dpop_signing_alg_values_supported"].take().as_array().unwrap().contains(&json!("ES256")));
    let expected = json!({
        "resource": scene.service.url, "authorization_servers": [scene.app.url],
        "bearer_methods_supported": ["header"], "dpop_signing_alg_values_supported": null,
    });
    assert_eq!(document, expected);
    let with_path = |uri: &str| {
        let introspection = Introspection::of(&scene.app.url).client("a", "b").build().unwrap();
        Service::asking(introspection).resource(uri).build().unwrap().metadata_path().map(str::to_owned)
    };
    let well_known = "/.well-known/oauth-protected-resource";
    assert_eq!(with_path("https://api.test/v1").unwrap(), format!("{well_known}/v1"));
    assert_eq!(with_path("https://api.test/").unwrap(), well_known);
    assert_eq!(with_path("urn:example:api"), None);
}

/// The service itself may not ask: nobody is let in, and nobody is told that it is they who are wrong.
#[tokio::test]
async fn a_service_that_may_not_ask_answers_503() {
    let scene = Scene::start(Duration::ZERO).await;
    let key = scene.app.key(&scene.ada).await.token_header();
    for asks_as in [
        SeededClient { secret: "hp_cs_wrong".to_owned(), ..scene.asks_as.clone() },
        // A client without the scope.
        scene.app.service_client("read").await,
    ] {
        let introspection = Introspection::of(&scene.app.url).client(&asks_as.client_id, &asks_as.secret);
        let service = Service::asking(introspection.build().unwrap()).build().unwrap();
        let service = Elsewhere::start(Elsewhere::place(), service);
        assert_eq!(service.script(&key).get("/anyone").await.status, 503);
    }
    assert_eq!(scene.statuses(&key, &["/anyone"]).await, [200]);
}

/// An issuer over TLS, which says what the test wants it to say.
struct Staged {
    issuer: Publisher,
    service: Elsewhere,
}

impl Staged {
    fn start(change: impl FnOnce(Settings) -> Settings) -> Self {
        let authority = Authority::new();
        let issuer = Publisher::start(&authority);
        let settings = Introspection::of(&issuer.url("")).client("client", "secret").certificates(authority.file());
        let introspection = change(settings).build().unwrap();
        let service = Elsewhere::start(Elsewhere::place(), Service::asking(introspection).build().unwrap());
        Self { issuer, service }
    }

    fn answer(&self) -> Value {
        json!({
            "active": true, "iss": self.issuer.url(""), "sub": "user_1", "username": "ada", "scope": "read",
            "roles": [], "credential": "api_key", "full_access": true, "api_key": "abc",
        })
    }

    fn say(&self, reply: Reply) {
        self.issuer.publish(INTROSPECT, reply);
    }
}

#[tokio::test]
async fn a_burst_of_requests_with_one_credential_is_one_question() {
    let staged = Staged::start(|settings| settings.remember_for(LONG));
    staged.say(Reply::json(&staged.answer().to_string(), &[]).after(Duration::from_millis(300)));
    let script = Arc::new(staged.service.script("token abc:a-secret-from-elsewhere"));
    let burst: Vec<_> = (0..40)
        .map(|_| {
            let script = Arc::clone(&script);
            tokio::spawn(async move { script.get("/anyone").await.status })
        })
        .collect();
    for request in burst {
        assert_eq!(request.await.unwrap(), 200);
    }
    assert_eq!(staged.issuer.asked(INTROSPECT), 1);
    assert_eq!(staged.service.script("token abc:another-secret").get("/anyone").await.status, 200);
    assert_eq!(staged.issuer.asked(INTROSPECT), 2);
    // Another name is another question, and this answer is not about it.
    assert_eq!(staged.service.script("token abd:a-secret-from-elsewhere").get("/anyone").await.status, 401);
}

#[tokio::test]
async fn whoever_hangs_up_takes_nothing_from_those_who_wait() {
    let staged = Staged::start(|settings| settings.remember_for(LONG));
    staged.say(Reply::json(&staged.answer().to_string(), &[]).after(Duration::from_millis(400)));
    let impatient = reqwest::Client::builder().timeout(Duration::from_millis(100)).build().unwrap();
    let request = impatient.get(format!("{}/anyone", staged.service.url)).header("authorization", "token abc:secret");
    let first = tokio::spawn(async move { request.send().await.is_err() });
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(staged.service.script("token abc:secret").get("/anyone").await.status, 200);
    assert!(first.await.unwrap());
    assert_eq!(staged.issuer.asked(INTROSPECT), 1);
}

#[tokio::test]
async fn an_answer_that_is_none_lets_nobody_in_and_is_not_remembered() {
    let staged = Staged::start(|settings| settings.remember_for(LONG));
    let good = staged.answer();
    let of_another = json!({ "active": true, "iss": "https://other.test", "sub": "user_1" });
    let too_large = format!("{{\"active\":true,\"x\":\"{}\"}}", "x".repeat(300 * 1024));
    for reply in [
        Reply::of("302 Found", &["location: https://other.test/"], ""),
        Reply::of("500 Internal Server Error", &[], "{\"active\":true}"),
        Reply::of("404 Not Found", &[], ""),
        Reply::json("<html>", &[]),
        Reply::json("{}", &[]),
        Reply::json(&of_another.to_string(), &[]),
        Reply::json(&too_large, &[]),
        Reply::json(&good.to_string(), &["content-encoding: gzip"]),
        Reply::raw("HTTP/1.1 200 OK\r\ncontent-length: 400\r\n\r\n{\"active\":true"),
        Reply::raw("nonsense\r\n\r\n"),
    ] {
        staged.say(reply.clone());
        let answer = staged.service.script("token abc:secret").get("/maybe").await;
        assert_eq!(answer.status, 503, "{reply:?}");
    }
    staged.say(Reply::json("{\"active\":false}", &[]));
    assert_eq!(staged.service.script("token abc:secret").get("/maybe").await.status, 401);
    staged.say(Reply::json(&good.to_string(), &[]));
    assert_eq!(staged.service.script("token abc:secret").get("/maybe").await.status, 200);
}

#[tokio::test]
async fn an_issuer_that_is_slow_is_not_waited_for_forever() {
    let staged = Staged::start(|settings| settings);
    staged.say(Reply::json(&staged.answer().to_string(), &[]).dripping(Duration::from_millis(100)));
    let began = Instant::now();
    assert_eq!(staged.service.script("token abc:secret").get("/maybe").await.status, 503);
    assert!(began.elapsed() < Duration::from_secs(8), "{:?}", began.elapsed());
}

#[tokio::test]
async fn an_issuer_that_does_not_prove_its_name_is_not_asked() {
    let authority = Authority::new();
    let good = Certificate { name: "localhost", expired: false };
    let (expired, of_another) = (Certificate { expired: true, ..good }, Certificate { name: "other.test", ..good });
    let (believed, unknown) = (Some(authority.file()), None);
    for (certificate, file) in [(good, unknown), (expired, believed.clone()), (of_another, believed)] {
        let issuer = Publisher::start_as(&authority, certificate);
        issuer.publish(INTROSPECT, Reply::json("{\"active\":false}", &[]));
        let url = format!("https://localhost:{}", issuer.address.port());
        let mut settings = Introspection::of(&url).client("client", "secret");
        if let Some(file) = file {
            settings = settings.certificates(file);
        }
        let service = Service::asking(settings.build().unwrap()).build().unwrap();
        let service = Elsewhere::start(Elsewhere::place(), service);
        assert_eq!(service.script("token abc:secret").get("/maybe").await.status, 503);
        // The credential never left.
        assert_eq!(issuer.requests(), Vec::<String>::new());
    }
}

#[tokio::test]
async fn settings_that_cannot_be_are_refused_in_words() {
    let wrong = |settings: Settings| settings.build().map(|_| ()).unwrap_err().to_string();
    let good = || Introspection::of("https://id.test").client("client", "secret");
    for (said, settings) in [
        ("plain http on a host that is not loopback", Introspection::of("http://id.test").client("a", "b")),
        ("must begin with https", Introspection::of("ftp://id.test").client("a", "b")),
        ("the caller is missing", Introspection::of("https://id.test")),
        ("longer than five minutes", good().remember_for(Duration::from_secs(301))),
        ("cannot be read", good().certificates("/nowhere/ca.pem")),
        ("characters that no header can carry", Introspection::of("https://id.test").api_key("a\nb")),
    ] {
        let told = wrong(settings);
        assert!(told.contains(said), "{told}");
    }
    let service = |change: fn(hallpass::principal::service::ServiceSettings) -> _| {
        let made: hallpass::principal::service::ServiceSettings = change(Service::asking(good().build().unwrap()));
        made.build().map(|_| ()).unwrap_err().to_string()
    };
    assert!(service(|settings| settings.resource("api")).contains("is not absolute"));
    assert!(service(|settings| settings.public_origin("http://api.test")).contains("plain http"));
    assert!(service(|settings| settings.public_origin("https://api.test/v1")).contains("has a path"));
    assert!(service(|settings| settings.trusted_proxies(["10.0.0.0/33"])).contains("is no network"));
}

/// The program of `examples/service`, which is built as somebody else would build it.
struct Notes {
    url: String,
    child: Child,
}

impl Notes {
    fn start(issuer: &str, asks_as: &SeededClient, folder: &Path) -> Self {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/service/Cargo.toml");
        let mut build = Command::new(env!("CARGO"));
        build.args(["build", "--quiet", "--locked", "--manifest-path"]).arg(manifest).arg("--target-dir").arg(target);
        assert!(build.status().unwrap().success(), "the example does not build");
        let secret = folder.join("client-secret");
        std::fs::write(&secret, format!("{}\n", asks_as.secret)).unwrap();
        let mut child = Command::new(target.join("debug/notes"))
            .args(["127.0.0.1:0", issuer, &asks_as.client_id])
            .arg(secret)
            .arg("https://notes.test/")
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = String::new();
        BufReader::new(child.stderr.take().unwrap()).read_line(&mut said).unwrap();
        let url = said.trim().strip_prefix("listening on ").expect("it listens").to_owned();
        Self { url, child }
    }

    fn script(&self, authorization: &str) -> Script {
        Script::new(&self.url).with("authorization", authorization)
    }
}

impl Drop for Notes {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

#[tokio::test]
async fn the_example_is_built_without_a_database_and_lets_in_whom_it_says() {
    let app = TestApp::start().await;
    app.scope("notes:read", &[]).await;
    app.scope("notes:write", &[]).await;
    app.resource("https://notes.test/", "").await;
    let asks_as = app.introspector(Some("https://notes.test/")).await;
    let folder = tempfile::tempdir().unwrap();
    let notes = Notes::start(&app.url, &asks_as, folder.path());
    let (ada, root) = (app.person("ada", &[]).await, app.person("root", &["admin"]).await);
    let full = app.key(&ada).await.basic_header();
    assert_eq!(notes.script(&full).get("/").await.body, "Good day, ada.\n");
    assert_eq!(Script::new(&notes.url).get("/").await.body, "Good day.\n");
    let noted = notes.script(&full).send_body(Method::POST, "/notes", "text/plain", b"Buy milk".to_vec()).await;
    assert_eq!((noted.status, noted.body.as_str()), (200, "Noted.\n"));
    let reads = KeyAccess::Scopes(Scope::parse("notes:read").unwrap());
    let reads = app.key_with(&ada, |new| new.access = reads).await.token_header();
    assert_eq!(notes.script(&reads).get("/notes").await.body, "Buy milk\n");
    let refused = notes.script(&reads).send_body(Method::POST, "/notes", "text/plain", b"No".to_vec()).await;
    assert_eq!(refused.status, 403);
    assert_eq!(notes.script(&full).get("/count").await.status, 403);
    let administers = app.key(&root).await.token_header();
    assert_eq!(notes.script(&administers).get("/count").await.body, "1 notes of 1\n");
    let document = Script::new(&notes.url).get("/.well-known/oauth-protected-resource").await.json();
    assert_eq!(document["authorization_servers"], json!([app.url]));
    assert_eq!(Script::new(&notes.url).get("/notes").await.status, 401);
}

/// What stands in a lock file is all that such a service ever compiles.
#[test]
fn a_service_compiles_no_database_and_nothing_in_another_version_than_the_server() {
    let packages = |path: &str| -> BTreeSet<(String, String)> {
        let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap();
        let of = |package: &str, name: &str| {
            let line = package.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(" = "));
            line.unwrap().trim_matches('"').to_owned()
        };
        text.split("[[package]]").skip(1).map(|package| (of(package, "name"), of(package, "version"))).collect()
    };
    let (service, server) = (packages("examples/service/Cargo.lock"), packages("Cargo.lock"));
    assert!(service.len() > 50);
    for (name, version) in &service {
        for absent in ["diesel", "r2d2", "sqlite", "pq-s", "argon2", "oxide-auth", "askama", "clap", "boon", "utoipa"] {
            assert!(!name.contains(absent), "{name}");
        }
        let is_its_own = name == "notes";
        assert!(is_its_own || server.contains(&(name.clone(), version.clone())), "{name} {version}");
    }
}
