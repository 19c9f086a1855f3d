//! `/auth/verify`: one check for every credential, as proxies ask it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hallpass::model::api_key::KeyAccess;
use hallpass::model::key_limits::KeyLimit;
use hallpass::model::key_limits::KeyLimits;
use hallpass::model::role::RoleName;
use hallpass::model::scope::Scope;
use hallpass::model::time::Lifetime;
use reqwest::Method;
use serde_json::json;

use crate::support::app::TestApp;
use crate::support::caller::Answer;
use crate::support::caller::Browser;
use crate::support::flow::VERIFIER;
use crate::support::flow::parameters;
use crate::support::jose::Key;
use crate::support::jose::hash;
use crate::support::jose::proof_of;
use crate::support::seed::PASSWORD;
use crate::support::seed::SeededClient;
use crate::support::seed::SeededKey;

const VERIFY: &str = "/auth/verify";
/// The tests themselves are the proxy.
const PROXY: &str = "[http]\ntrusted_proxies = [\"127.0.0.1\"]\n";
const SERVICE: &str = "https://files.example/";
const OTHER: &str = "https://mail.example/";

/// Ada with two roles, and all that she can have in her hands.
struct Hands {
    app: TestApp,
    browser: Browser,
    key: SeededKey,
    scoped: SeededKey,
    client: SeededClient,
}

async fn hands_with(settings: &str) -> Hands {
    let app = TestApp::start_with(settings).await;
    for role in ["editor", "Accounts Manager"] {
        app.role(role).await;
    }
    app.scope("files:read", &[]).await;
    app.scope("files:write", &[]).await;
    app.resource(SERVICE, "").await;
    app.resource(OTHER, "").await;
    let ada = app.person("ada", &["editor", "Accounts Manager"]).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let admin = app.person("root", &["admin"]).await;
    let admin = app.key(&admin).await.token_header();
    let id = browser.get("/api/v1/me").await.text("id");
    let changed = app.script(&admin);
    let body = json!({ "email": "ada@example.com", "full_name": "Ada Lovelace, née Byron" }).to_string();
    let path = format!("/api/v1/users/{id}");
    let answer = changed.send_body(Method::PATCH, &path, "application/json", body.into_bytes()).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let key = app.key(&ada).await;
    let scopes = |key: &mut hallpass::domain::api_keys::NewApiKey| {
        key.access = KeyAccess::Scopes(Scope::parse("files:read").unwrap());
    };
    let scoped = app.key_with(&ada, scopes).await;
    let client = app.web_client("files:read files:write profile email roles").await;
    Hands { app, browser, key, scoped, client }
}

async fn hands() -> Hands {
    hands_with("").await
}

impl Hands {
    /// An access token of Ada's application for `resource`, or bound to none.
    async fn token(&self, scope: &str, resource: Option<&str>) -> String {
        let mut extra = vec![("scope", scope)];
        extra.extend(resource.map(|resource| ("resource", resource)));
        let location = self.app.authorize(&self.browser, &self.client, &extra).await;
        let code = parameters(&location).remove("code").unwrap_or_else(|| panic!("{location}"));
        self.app.redeem(&self.client, &code).await.text("access_token")
    }

    async fn ask(&self, authorization: &str, query: &str) -> Answer {
        self.app.script(authorization).get(&format!("{VERIFY}{query}")).await
    }

    async fn by_cookie(&self, query: &str) -> Answer {
        self.browser.get(&format!("{VERIFY}{query}")).await
    }
}

fn bearer(token: &str) -> String {
    format!("Bearer {token}")
}

/// The headers of ours in an answer.
fn told(answer: &Answer) -> Vec<String> {
    let ours = |name: &str| name.starts_with("remote-") || name.starts_with("x-hallpass-");
    let all = answer.headers.iter().filter(|(name, _)| ours(name.as_str()));
    let mut all: Vec<String> =
        all.map(|(name, value)| format!("{name}: {}", String::from_utf8_lossy(value.as_bytes()))).collect();
    all.sort();
    all
}

#[track_caller]
fn refused(answer: &Answer, status: u16, reason: &str) {
    let said = (answer.status, answer.header("x-hallpass-reason"), answer.body.as_str());
    assert_eq!(said, (status, reason, ""));
    assert_eq!(answer.header("cache-control"), "no-store");
}

#[tokio::test]
async fn a_session_and_a_key_with_full_access_pass_in_every_form_and_say_all() {
    let hands = hands().await;
    let id = hands.browser.get("/api/v1/me").await.text("id");
    let expected = |credential: &str| {
        vec![
            "remote-email: ada@example.com".to_owned(),
            "remote-groups: Accounts Manager,editor".to_owned(),
            "remote-name: Ada Lovelace, née Byron".to_owned(),
            "remote-user: ada".to_owned(),
            format!("x-hallpass-credential: {credential}"),
            "x-hallpass-email: ada@example.com".to_owned(),
            "x-hallpass-roles: Accounts Manager,editor".to_owned(),
            "x-hallpass-scopes: *".to_owned(),
            format!("x-hallpass-subject: {id}"),
            "x-hallpass-user: ada".to_owned(),
        ]
    };
    let pair = format!("{}:{}", hands.key.api_key, hands.key.api_secret);
    for header in [
        format!("token {pair}"),
        format!("TOKEN   {pair}"),
        format!("Basic {}", STANDARD.encode(&pair)),
        format!("Bearer {}", hands.key.api_secret),
    ] {
        let answer = hands.ask(&header, "").await;
        assert_eq!((answer.status, answer.body.as_str()), (200, ""), "{header}");
        assert_eq!(told(&answer), expected("api_key"), "{header}");
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.header("set-cookie"), "");
    }
    let answer = hands.by_cookie("").await;
    assert_eq!((answer.status, told(&answer)), (200, expected("session")));
}

/// RFC 6750 §3.1
#[tokio::test]
async fn a_token_and_a_key_with_scopes_pass_only_where_a_scope_is_named_that_they_hold() {
    let hands = hands().await;
    let token = bearer(&hands.token("files:read", None).await);
    for header in [token.clone(), hands.scoped.token_header(), hands.scoped.basic_header()] {
        for query in ["", "?role=editor", "?role=editor&role=Accounts+Manager"] {
            let answer = hands.ask(&header, query).await;
            refused(&answer, 403, "insufficient_scope");
            let challenge = answer.header("www-authenticate");
            assert!(challenge.contains("error=\"insufficient_scope\"") && !challenge.contains("scope=\"\""));
        }
        for query in ["?scope=files:write", "?scope=files:read+files:write", "?scope=files:read&scope=files:write"] {
            let answer = hands.ask(&header, query).await;
            refused(&answer, 403, "insufficient_scope");
            assert!(answer.header("www-authenticate").contains("files:write\""), "{query}");
        }
        for query in ["?scope=files:read", "?scope=files:read&role=editor", "?scope=files:read&scope=files:read"] {
            assert_eq!(hands.ask(&header, query).await.status, 200, "{query}");
        }
        refused(&hands.ask(&header, "?scope=files:read&role=admin").await, 403, "missing_role");
        // Nobody holds what there is not.
        refused(&hands.ask(&header, "?scope=nothing").await, 403, "insufficient_scope");
    }
    for answer in [hands.by_cookie("?scope=nothing").await, hands.ask(&hands.key.token_header(), "?scope=no").await] {
        refused(&answer, 403, "insufficient_scope");
    }
    let answer = hands.ask(&token, "?scope=files:read").await;
    let said = told(&answer);
    assert!(said.contains(&"x-hallpass-scopes: files:read".to_owned()), "{said:?}");
    assert!(said.contains(&format!("x-hallpass-client: {}", hands.client.client_id)), "{said:?}");
    assert!(said.contains(&"x-hallpass-credential: access_token".to_owned()), "{said:?}");
    // What no scope tells is not told.
    for name in ["x-hallpass-roles", "remote-groups", "x-hallpass-email", "remote-email", "remote-name"] {
        assert!(!answer.headers.contains_key(name), "{name}");
    }
    for (scope, name, value) in [
        ("roles", "x-hallpass-roles", "Accounts Manager,editor"),
        ("email", "remote-email", "ada@example.com"),
        ("profile", "remote-name", "Ada Lovelace, née Byron"),
    ] {
        let token = bearer(&hands.token(&format!("files:read {scope}"), None).await);
        let answer = hands.ask(&token, "?scope=files:read").await;
        let got = answer.headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
        assert_eq!(got.as_deref(), Some(value), "{scope}");
    }
}

/// RFC 6749 §4.4
#[tokio::test]
async fn a_client_in_its_own_name_is_no_user() {
    let hands = hands().await;
    let service = hands.app.service_client("files:read roles").await;
    let token = hands.app.token(&service, &[("grant_type", "client_credentials")]).await.text("access_token");
    let answer = hands.ask(&bearer(&token), "?scope=files:read").await;
    assert_eq!(
        told(&answer),
        [
            format!("x-hallpass-client: {}", service.client_id),
            "x-hallpass-credential: access_token".to_owned(),
            "x-hallpass-scopes: files:read roles".to_owned(),
            format!("x-hallpass-subject: {}", service.client_id),
        ]
    );
}

/// RFC 8707 §2
#[tokio::test]
async fn a_token_is_good_for_the_resource_that_it_is_bound_to() {
    let hands = hands().await;
    let token = bearer(&hands.token("files:read", Some(SERVICE)).await);
    for (query, status, reason) in [
        ("?resource=https://files.example/", 200, ""),
        ("?resource=https://files.example", 200, ""),
        ("?resource=https://files.example/&scope=files:read", 200, ""),
        ("?resource=https://files.example/&scope=files:write", 403, "insufficient_scope"),
        ("?resource=https://mail.example/", 401, "wrong_resource"),
        ("?resource=https://files.example/&resource=https://mail.example/", 401, "wrong_resource"),
        ("?scope=files:read", 401, "wrong_resource"),
        ("", 401, "wrong_resource"),
    ] {
        let answer = hands.ask(&token, query).await;
        assert_eq!((answer.status, answer.header("x-hallpass-reason")), (status, reason), "{query}");
    }
    // What is bound to none holds none, and neither does a key with scopes.
    let unbound = bearer(&hands.token("files:read", None).await);
    for header in [unbound, hands.scoped.token_header()] {
        for query in ["?resource=https://files.example/", "?scope=files:read&resource=https://files.example/"] {
            refused(&hands.ask(&header, query).await, 403, "insufficient_scope");
        }
    }
    // Whoever acts as the user is not bound to any.
    assert_eq!(hands.by_cookie("?resource=https://files.example/").await.status, 200);
    assert_eq!(hands.ask(&hands.key.token_header(), "?resource=https://files.example/").await.status, 200);
    // A token for this server's own API is one for no service, unless it is asked about as one.
    let own = bearer(&hands.token("files:read", Some(&hands.app.url)).await);
    refused(&hands.ask(&own, "?scope=files:read").await, 401, "wrong_resource");
    assert_eq!(hands.ask(&own, &format!("?resource={}/", hands.app.url)).await.status, 200);
}

#[tokio::test]
async fn each_role_that_is_named_is_needed() {
    let hands = hands().await;
    for (query, status) in [
        ("?role=editor", 200),
        ("?role=Editor", 200),
        ("?role=Accounts%20Manager&role=editor", 200),
        ("?role=editor&role=admin", 403),
        ("?role=admin", 403),
        ("?role=nothing", 403),
    ] {
        for answer in [hands.by_cookie(query).await, hands.ask(&hands.key.token_header(), query).await] {
            assert_eq!(answer.status, status, "{query}");
            if status == 403 {
                refused(&answer, 403, "missing_role");
            }
        }
    }
    // A key has no role that it leaves out.
    let ada = hands.app.person("eve", &["editor"]).await;
    let less =
        hands.app.key_with(&ada, |key| key.roles = Some([RoleName::parse("editor").unwrap()].into_iter().collect()));
    assert_eq!(hands.ask(&less.await.token_header(), "?role=editor").await.status, 200);
    let none = hands.app.key_with(&ada, |key| key.roles = Some(std::iter::empty().collect())).await;
    refused(&hands.ask(&none.token_header(), "?role=editor").await, 403, "missing_role");
}

/// A misspelt question must not let anybody in.
#[tokio::test]
async fn a_question_that_is_not_understood_is_refused() {
    let hands = hands().await;
    for query in
        ["?scopes=files:read", "?roles=admin", "?role=", "?scope=", "?scope=%22", "?role=a,b", "?cache=61", "?x"]
    {
        let answer = hands.ask(&hands.key.token_header(), query).await;
        assert_eq!((answer.status, told(&answer).len()), (400, 0), "{query}");
    }
}

/// RFC 9110 §9: what is asked in a visitor's name has the visitor's method; nothing is changed by it.
#[tokio::test]
async fn any_method_passes_without_a_form_token() {
    let hands = hands().await;
    for name in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "FOO"] {
        let method = Method::from_bytes(name.as_bytes()).unwrap();
        let by_key = hands.app.script(&hands.key.token_header()).send(method.clone(), VERIFY, None).await;
        assert_eq!((by_key.status, by_key.header("x-hallpass-user")), (200, "ada"), "{name}");
        let request = hands.browser.request(method.clone(), VERIFY).header("origin", "https://evil.test");
        let request = request.header("sec-fetch-site", "cross-site");
        assert_eq!(hands.browser.send(request).await.status, 200, "{name}");
        refused(&hands.app.stranger().send(method, VERIFY, None).await, 401, "missing_credential");
    }
    // A visitor's question to the service whether its script may call is none to this server.
    let preflight = hands.app.stranger().with("origin", "https://a.test").with("access-control-request-method", "PUT");
    let answer = preflight.send(Method::OPTIONS, VERIFY, None).await;
    refused(&answer, 401, "missing_credential");
    assert_eq!(answer.header("access-control-allow-origin"), "");
}

/// RFC 6750 §3, RFC 9728 §5.1
#[tokio::test]
async fn a_refusal_says_why_in_headers_and_nothing_else() {
    let hands = hands().await;
    let metadata = format!("resource_metadata=\"{}/.well-known/oauth-protected-resource\"", hands.app.url);
    let nobody = hands.app.stranger().get(VERIFY).await;
    refused(&nobody, 401, "missing_credential");
    assert_eq!(nobody.header("www-authenticate"), format!("Bearer realm=\"hallpass\", {metadata}"));
    let unknown = hallpass::random::Random.token(hallpass::model::token::TokenKind::ApiSecret).reveal().to_owned();
    let mut answers = Vec::new();
    for header in [
        "",
        "Bearer x",
        "Digest x",
        &format!("token {}:{unknown}", hands.key.api_key),
        &format!("token hp_key_00000000000000000000:{}", hands.key.api_secret),
        &format!("Bearer {}:{}", hands.key.api_key, hands.key.api_secret),
        &format!("DPoP {}", hands.key.api_secret),
        &bearer(&hands.browser.cookie("hallpass_session").unwrap()),
    ] {
        // A good cookie beside it helps nobody.
        let request = hands.browser.request(Method::GET, VERIFY).header("authorization", header);
        let answer = hands.browser.send(request).await;
        refused(&answer, 401, "invalid_credential");
        assert_eq!(
            answer.header("www-authenticate"),
            format!("Bearer realm=\"hallpass\", {metadata}, error=\"invalid_token\""),
            "{header}"
        );
        answers.push((answer.body.clone(), told(&answer)));
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]));
    // Nowhere else is a credential read.
    let secret = &hands.key.api_secret;
    assert_eq!(hands.app.stranger().get(&format!("{VERIFY}?access_token={secret}")).await.status, 400);
    for name in ["x-api-key", "x-forwarded-user", "remote-user", "x-hallpass-user", "x-forwarded-authorization"] {
        let answer = hands.app.stranger().with(name, secret).get(VERIFY).await;
        refused(&answer, 401, "missing_credential");
    }
}

#[tokio::test]
async fn two_cookies_of_one_name_are_nobodys() {
    let hands = hands().await;
    let cookie = hands.browser.cookie_header();
    let session = hands.browser.cookie("hallpass_session").unwrap();
    assert_eq!(hands.app.stranger().with("cookie", &cookie).get(VERIFY).await.status, 200);
    for twice in [format!("{cookie}; hallpass_session=x"), format!("hallpass_session=; hallpass_session={session}")] {
        refused(&hands.app.stranger().with("cookie", &twice).get(VERIFY).await, 401, "missing_credential");
    }
}

#[tokio::test]
async fn what_is_taken_away_is_gone_at_the_next_question() {
    let hands = hands().await;
    let app = &hands.app;
    let token = bearer(&hands.token("files:read", None).await);
    assert_eq!(hands.ask(&token, "?scope=files:read").await.status, 200);
    app.revoke_key(&hands.scoped).await;
    refused(&hands.ask(&hands.scoped.token_header(), "?scope=files:read").await, 401, "invalid_credential");
    let answer = app.script(&hands.client.basic()).post("/oauth/revoke", &[("token", &token["Bearer ".len()..])]).await;
    assert_eq!(answer.status, 200);
    refused(&hands.ask(&token, "?scope=files:read").await, 401, "invalid_credential");
    let bob = app.person("bob", &["editor"]).await;
    let (key, browser) = (app.key(&bob).await.token_header(), app.signed_in("bob", PASSWORD).await);
    assert_eq!(hands.ask(&key, "?role=editor").await.status, 200);
    app.revoke_role(&bob, "editor").await;
    refused(&hands.ask(&key, "?role=editor").await, 403, "missing_role");
    refused(&browser.get("/auth/verify?role=editor").await, 403, "missing_role");
    assert_eq!(browser.get(VERIFY).await.status, 200);
    app.set_user_enabled(bob.id, false).await;
    refused(&hands.ask(&key, "").await, 401, "invalid_credential");
    refused(&browser.get(VERIFY).await, 401, "missing_credential");
}

#[tokio::test]
async fn a_key_is_good_from_its_addresses_as_a_trusted_proxy_names_them() {
    for (trusted, inside, outside) in [(PROXY, 200, 401), ("", 401, 401)] {
        let app = TestApp::start_with(trusted).await;
        let ada = app.person("ada", &[]).await;
        let key = app.key_with(&ada, |key| key.allowed_addresses = vec!["203.0.113.0/24".parse().unwrap()]).await;
        let from = |address: &str| app.script(&key.token_header()).with("x-forwarded-for", address);
        let answer = from("203.0.113.7").get(VERIFY).await;
        assert_eq!(answer.status, inside, "{trusted}");
        let answer = from("198.51.100.1").get(VERIFY).await;
        assert_eq!(answer.status, outside, "{trusted}");
        refused(&answer, 401, "address_not_allowed");
        assert!(answer.header("www-authenticate").ends_with("error=\"invalid_token\""));
        // Who does not have the secret learns nothing of addresses.
        let wrong = app.script(&format!("token {}:x", key.api_key)).get(VERIFY).await;
        refused(&wrong, 401, "invalid_credential");
    }
}

/// RFC 9449 §4.3, §7.1
#[tokio::test]
async fn a_proof_is_about_what_the_visitor_asked_for() {
    let hands = hands_with(PROXY).await;
    let app = &hands.app;
    let service = app.service_client("files:read").await;
    let key = Key::es256();
    let own_name = [("grant_type", "client_credentials")];
    let token = app.token_with_proof(&service, &app.proof(&key, "POST", "/oauth/token"), &own_name).await;
    let token = token.text("access_token");
    let proof = |method: &str, url: &str| {
        let mut claims = app.proof_claims(method, "");
        claims["htu"] = json!(url);
        claims["ath"] = json!(hash(&token));
        proof_of(&key, &claims)
    };
    let ask = async |proof: &str, forwarded: &[(&str, &str)]| {
        let mut script = app.script(&format!("DPoP {token}")).with("dpop", proof);
        for (name, value) in forwarded {
            script = script.with(&format!("x-forwarded-{name}"), value);
        }
        script.get("/auth/verify?scope=files:read").await
    };
    let asked = [("method", "PUT"), ("proto", "https"), ("host", "files.example"), ("uri", "/a/b?c=d")];
    let good = proof("PUT", "https://files.example/a/b");
    assert_eq!(ask(&good, &asked).await.status, 200);
    refused(&ask(&good, &asked).await, 401, "invalid_credential");
    for wrong in [
        proof("GET", "https://files.example/a/b"),
        proof("PUT", "https://files.example/a"),
        proof("PUT", "https://mail.example/a/b"),
        proof("PUT", "http://files.example/a/b"),
        proof("GET", &format!("{}{VERIFY}", app.url)),
    ] {
        refused(&ask(&wrong, &asked).await, 401, "invalid_credential");
    }
    // What a proxy tells by halves, or twice, is not known, and nothing is put in its place.
    for missing in ["proto", "host", "uri"] {
        let some: Vec<_> = asked.into_iter().filter(|(name, _)| *name != missing).collect();
        refused(&ask(&proof("PUT", "https://files.example/a/b"), &some).await, 401, "invalid_credential");
        refused(&ask(&proof("PUT", &format!("{}{VERIFY}", app.url)), &some).await, 401, "invalid_credential");
        let twice = [&asked[..], &[(missing, "x")]].concat();
        refused(&ask(&proof("PUT", "https://files.example/a/b"), &twice).await, 401, "invalid_credential");
    }
    // Without a proxy it is the question itself that is proven.
    assert_eq!(ask(&proof("GET", &format!("{}{VERIFY}", app.url)), &[]).await.status, 200);
    // And the token is none without its proof.
    refused(&hands.ask(&bearer(&token), "?scope=files:read").await, 401, "invalid_credential");
    // Strangers' headers are not read.
    let app = TestApp::start().await;
    app.scope("files:read", &[]).await;
    let service = app.service_client("files:read").await;
    let token = app.token_with_proof(&service, &app.proof(&key, "POST", "/oauth/token"), &own_name).await;
    let token = token.text("access_token");
    let direct = app.proof_with(&key, "GET", VERIFY, &token);
    let mut script = app.script(&format!("DPoP {token}")).with("dpop", &direct);
    for (name, value) in asked {
        script = script.with(&format!("x-forwarded-{name}"), value);
    }
    assert_eq!(script.get("/auth/verify?scope=files:read").await.status, 200);
}

#[tokio::test]
async fn over_its_limit_a_key_is_429_and_told_when() {
    let app = TestApp::start().await;
    let ada = app.person("ada", &[]).await;
    let limits = KeyLimits::new(vec![KeyLimit::new("burst", 2, 60).unwrap()]).unwrap();
    let key = app.key_with(&ada, |key| key.limits = limits).await;
    let script = app.script(&key.token_header());
    for _ in 0..2 {
        let answer = script.get("/auth/verify?cache=30").await;
        assert_eq!((answer.status, answer.header("cache-control")), (200, "no-store"));
        assert!(answer.header("ratelimit").starts_with("\"burst\""));
    }
    let answer = script.get(VERIFY).await;
    refused(&answer, 429, "limited");
    assert_eq!(answer.header("retry-after"), "60");
    app.pass(Lifetime::from_seconds(60));
    assert_eq!(script.get(VERIFY).await.status, 200);
}

/// RFC 9111 §5.2.2
#[tokio::test]
async fn an_answer_is_kept_only_where_that_is_asked_and_no_longer_than_it_is_true() {
    let hands = hands().await;
    let (app, full) = (&hands.app, hands.key.token_header());
    assert_eq!(hands.ask(&full, "").await.header("cache-control"), "no-store");
    let kept = hands.ask(&full, "?cache=30").await;
    assert_eq!(kept.header("cache-control"), "private, max-age=30");
    for name in ["Authorization", "Cookie"] {
        assert!(kept.header("vary").contains(name), "{}", kept.header("vary"));
    }
    assert_eq!(hands.by_cookie("?cache=60").await.header("cache-control"), "private, max-age=60");
    // No refusal is kept.
    refused(&hands.ask("Bearer x", "?cache=30").await, 401, "invalid_credential");
    refused(&hands.ask(&full, "?cache=30&role=admin").await, 403, "missing_role");
    // Not beyond the end of the credential.
    let token = bearer(&hands.token("files:read", None).await);
    app.pass(Lifetime::from_seconds(3600 - 10));
    let answer = hands.ask(&token, "?scope=files:read&cache=60").await;
    assert_eq!((answer.status, answer.header("cache-control")), (200, "private, max-age=10"));
    app.pass(Lifetime::from_millis(9_500));
    let answer = hands.ask(&token, "?scope=files:read&cache=60").await;
    assert_eq!((answer.status, answer.header("cache-control")), (200, "no-store"));
    // Not where the address decides.
    let bob = app.person("bob", &[]).await;
    let bound = app.key_with(&bob, |key| key.allowed_addresses = vec!["127.0.0.0/8".parse().unwrap()]).await;
    let answer = hands.ask(&bound.token_header(), "?cache=60").await;
    assert_eq!((answer.status, answer.header("cache-control")), (200, "no-store"));
    // Not where each request needs its proof.
    let (service, key) = (app.service_client("files:read").await, Key::es256());
    let own_name = [("grant_type", "client_credentials")];
    let token = app.token_with_proof(&service, &app.proof(&key, "POST", "/oauth/token"), &own_name).await;
    let token = token.text("access_token");
    let proof = app.proof_with(&key, "GET", VERIFY, &token);
    let script = app.script(&format!("DPoP {token}")).with("dpop", &proof);
    let answer = script.get("/auth/verify?scope=files:read&cache=9").await;
    assert_eq!((answer.status, answer.header("cache-control")), (200, "no-store"));
}

/// Proxies copy the visitor's headers, about a body that stays with them. Whatever follows is no request of its own.
#[tokio::test]
async fn headers_about_a_body_do_no_harm() {
    let hands = hands().await;
    let authorization = format!("authorization: {}", hands.key.token_header());
    let smuggled = format!("GET /api/v1/me HTTP/1.1\r\nhost: a\r\n{authorization}\r\n\r\n");
    for lines in [
        &["content-length: 100000"][..],
        &["content-length: 99999999999"],
        &["content-length: 40"],
        &["transfer-encoding: chunked"],
        &["content-encoding: gzip", "content-length: 10"],
        &["connection: upgrade", "upgrade: websocket"],
        &["connection: upgrade", "upgrade: h2c", "content-length: 3"],
        &["expect: 100-continue", "content-length: 30"],
    ] {
        let head = [&["POST /auth/verify HTTP/1.1", "host: a", &*authorization], lines].concat();
        let wire = hands.app.wire_request(&head, smuggled.as_bytes());
        let answers: Vec<_> = wire.answers.iter().filter(|answer| answer.status >= 200).collect();
        // What stands behind a body of that length is the next request, and this one is none.
        assert!(answers.iter().skip(1).all(|answer| answer.status == 400), "{lines:?}");
        match answers.first() {
            Some(answer) => assert_eq!((answer.status, answer.header("connection")), (200, "close"), "{lines:?}"),
            // No chunks at all: whoever frames so may be left without an answer, and without a connection.
            None => assert!(wire.closed && lines == ["transfer-encoding: chunked"], "{lines:?}"),
        }
    }
    // Without any of it the connection goes on.
    let head = ["POST /auth/verify HTTP/1.1", "host: a", &*authorization, "content-length: 0"];
    let wire = hands.app.wire_request(&head, smuggled.as_bytes());
    assert_eq!((wire.statuses(), wire.closed), (vec![200, 200], false));
    // One that can't be framed at all is answered by nobody.
    let head = ["POST /auth/verify HTTP/1.1", "host: a", &*authorization, "content-length: 3", "content-length: 5"];
    assert_eq!(hands.app.wire_request(&head, b"abc").only().status, 400);
}

/// A store that does not answer is 503, never "nobody" and never 200.
#[tokio::test]
async fn without_its_database_nobody_passes() {
    let hands = hands().await;
    let calls = [
        ("users", hands.app.script(&hands.key.token_header())),
        ("api_key_secrets", hands.app.script(&hands.key.token_header())),
        ("sessions", hands.app.stranger().with("cookie", &hands.browser.cookie_header())),
    ];
    for (table, script) in calls {
        assert_eq!(script.get(VERIFY).await.status, 200);
        hands.app.database.execute(&format!("ALTER TABLE {table} RENAME TO taken_away")).unwrap();
        let answer = script.get(VERIFY).await;
        assert_eq!((answer.status, answer.header("retry-after"), answer.body.as_str()), (503, "1", ""), "{table}");
        assert!(told(&answer).is_empty());
        hands.app.database.execute(&format!("ALTER TABLE taken_away RENAME TO {table}")).unwrap();
    }
}

/// The owner of a key sees what it was asked for.
#[tokio::test]
async fn the_use_of_a_key_is_noted_with_the_scopes_that_were_named() {
    let hands = hands().await;
    assert_eq!(hands.ask(&hands.scoped.token_header(), "?scope=files:read").await.status, 200);
    refused(&hands.ask(&hands.scoped.token_header(), "?scope=files:write").await, 403, "insufficient_scope");
    let database = hands.app.stop().await;
    let count = |sql: &str| database.lines(sql).concat();
    assert_eq!(count("SELECT CAST(COUNT(*) AS TEXT) AS line FROM api_key_scopes_used WHERE scope = 'files:read'"), "1");
    assert_eq!(
        count("SELECT CAST(COUNT(*) AS TEXT) AS line FROM api_key_scopes_used WHERE scope = 'files:write'"),
        "0"
    );
    assert_eq!(
        count("SELECT CAST(SUM(uses) AS TEXT) AS line FROM api_key_usage WHERE outcome = 'insufficient_scope'"),
        "1"
    );
}

#[tokio::test]
async fn a_code_is_no_credential_here_and_its_verifier_neither() {
    let hands = hands().await;
    let code = hands.app.code(&hands.browser, &hands.client).await;
    for header in [bearer(&code), bearer(VERIFIER), bearer(&hands.client.secret), hands.client.basic()] {
        refused(&hands.ask(&header, "?scope=files:read").await, 401, "invalid_credential");
    }
}
