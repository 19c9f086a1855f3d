//! The table of routes, walked: what stands at each door, what each method gets, and what every answer carries.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::net::TcpListener;

use hallpass::http::Route;
use hallpass::http::routes;
use hallpass::model::api_key::KeyAccess;
use hallpass::model::scope::Scope;
use reqwest::Method;
use serde_json::Value;
use serde_json::json;

use crate::support::app::TestApp;
use crate::support::caller::Answer;
use crate::support::caller::Browser;
use crate::support::flow::parameters;
use crate::support::seed::PASSWORD;

const WELL_KNOWN: [&str; 4] = [
    "/.well-known/oauth-authorization-server",
    "/.well-known/oauth-protected-resource",
    "/.well-known/openid-configuration",
    "/.well-known/jwks.json",
];
const METHODS: [&str; 9] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "FOO"];
/// Where errors are no pages.
const NO_PAGES: [&str; 3] = ["/api", "/health", "/.well-known"];

/// Whoever registers a client needs a token for it; people may make accounts.
const INVITED: &str = "[clients]\nregistration = \"token\"\n[users]\nregistration = \"open\"\n\
                       [mail]\ntransport = \"smtp\"\nhost = \"127.0.0.1\"\nport = 9\ntls = \"none\"\nfrom = \"id@acme.test\"";

fn method(name: &str) -> Method {
    Method::from_bytes(name.as_bytes()).unwrap()
}

/// The path with something in the place of its ids.
fn path_of(route: &Route) -> String {
    let segments = route.path.split('/').map(|segment| if segment.starts_with('{') { "x" } else { segment });
    segments.collect::<Vec<_>>().join("/")
}

/// Each path with its methods; whoever may GET may HEAD.
fn paths() -> BTreeMap<String, BTreeSet<String>> {
    let mut paths: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for route in routes() {
        let methods = paths.entry(path_of(&route)).or_default();
        methods.insert(route.method.to_string());
        if route.method == "GET" {
            methods.insert("HEAD".to_owned());
        }
    }
    paths
}

/// Whether a stranger may call it.
fn is_open(route: &Route) -> bool {
    matches!(route.guard.as_str(), "public" | "visitor" | "newcomer" | "command" | "maybe" | "maybe client")
}

/// Where Frappe's rules hold: a guest and a wrong method are forbidden.
fn is_frappe(path: &str) -> bool {
    ["/api/method/", "/api/resource/"].iter().any(|prefix| path.starts_with(prefix))
}

fn is_page(path: &str) -> bool {
    if path.starts_with("/oauth/") {
        return matches!(path, "/oauth/authorize" | "/oauth/consent" | "/oauth/logout");
    }
    !NO_PAGES.iter().any(|prefix| path == *prefix || path.starts_with(&format!("{prefix}/")))
}

/// Every door has somebody at it whom we know.
#[test]
fn each_route_has_a_guard_that_is_known() {
    let visitors = ["public", "visitor", "newcomer", "command", "maybe"];
    let clients = ["client", "maybe client", "introspector", "registrant", "manager"];
    let alone = [&visitors[..], &clients].concat();
    let known = [&alone[..], &["anyone", "session", "admin", "user"]].concat();
    let scope = |need: &str| need.strip_prefix("scope ").is_some_and(|name| !name.is_empty());
    let mut seen = BTreeSet::new();
    for route in routes() {
        let needs: Vec<&str> = route.guard.split(" | ").flat_map(|way| way.split(" + ")).collect();
        assert!(needs.iter().all(|need| known.contains(need) || scope(need)), "{}: {}", route.path, route.guard);
        let stands_alone = |need: &&&str| alone.contains(*need);
        assert!(needs.len() == 1 || !needs.iter().any(|need| stands_alone(&need)), "{}: {}", route.path, route.guard);
        assert!(
            seen.insert((route.method.to_string(), route.path)),
            "{} {} stands there twice",
            route.method,
            route.path
        );
    }
}

/// What a stranger may call, in full. A route that is added here is one that the whole world can call.
#[test]
fn the_routes_that_are_open_to_strangers_are_these() {
    let open: BTreeSet<String> = routes()
        .iter()
        .filter(|route| is_open(route))
        .map(|route| format!("{} {} ({})", route.method, route.path, route.guard))
        .collect();
    let expected = [
        "* /auth/verify (public)",
        "* /auth/verify/policy/{name} (public)",
        "* /auth/verify/policy/{name}/{tail:.*} (public)",
        "GET / (public)",
        "GET /.hallpass/callback (public)",
        "GET /.well-known/oauth-authorization-server (public)",
        "GET /.well-known/oauth-protected-resource (public)",
        "GET /.well-known/openid-configuration (public)",
        "GET /.well-known/jwks.json (public)",
        "GET /api/method/frappe.integrations.oauth2.authorize (maybe)",
        "GET /api/method/ping (maybe)",
        "GET /api/v1/openapi.json (public)",
        "GET /api/v1/scan-rules (public)",
        "GET /auth/start (maybe)",
        "GET /branding/colours.css (public)",
        "GET /branding/logo (public)",
        "GET /email/confirm (visitor)",
        "GET /health/live (public)",
        "GET /health/ready (public)",
        "GET /login (visitor)",
        "GET /login/first-factor (visitor)",
        "GET /login/second-factor (visitor)",
        "GET /oauth/authorize (maybe)",
        "GET /oauth/logout (maybe)",
        "GET /register (visitor)",
        "GET /register/confirm (visitor)",
        "GET /reset (visitor)",
        "GET /reset/confirm (visitor)",
        "GET /setup (visitor)",
        "GET /static/{file:.*} (public)",
        "POST / (command)",
        "POST /api/method/frappe.integrations.oauth2.revoke_token (maybe client)",
        "POST /api/method/login (newcomer)",
        "POST /api/method/logout (maybe)",
        "POST /api/v1/leaked-secrets (public)",
        "POST /email/confirm (visitor)",
        "POST /login (visitor)",
        "POST /login/first-factor (visitor)",
        "POST /login/first-factor/passkey (visitor)",
        "POST /login/passkey (visitor)",
        "POST /login/second-factor (visitor)",
        "POST /login/second-factor/passkey (visitor)",
        "POST /oauth/authorize (public)",
        "POST /oauth/logout (public)",
        "POST /oauth/revoke (maybe client)",
        "POST /register (visitor)",
        "POST /register/confirm (visitor)",
        "POST /reset (visitor)",
        "POST /reset/confirm (visitor)",
        "POST /setup (visitor)",
    ];
    assert_eq!(open, expected.iter().map(|line| (*line).to_owned()).collect());
}

/// RFC 9110 §15.5.2, RFC 6750 §3: pages send to sign-in, everything else says that a credential is needed.
#[tokio::test]
async fn a_stranger_is_refused_at_every_other_route() {
    let app = TestApp::start_with(INVITED).await;
    let mut count = 0;
    for route in routes() {
        if is_open(&route) {
            continue;
        }
        count += 1;
        let path = path_of(&route);
        let own = [route.method.as_str()];
        for name in if route.method == "GET" { &["GET", "HEAD"][..] } else { &own } {
            let answer = app.stranger().send(method(name), &path, (*name == "POST").then_some(&[])).await;
            let location = answer.header("location");
            if is_page(&path) {
                assert_eq!(answer.status, 303, "{name} {path}");
                let back = if *name == "POST" {
                    String::new()
                } else {
                    format!("?return_to={}", path.replace('/', "%2F").replace('-', "%2D"))
                };
                assert_eq!(location, format!("/login{back}"), "{name} {path}");
            } else {
                let is_for_clients = ["client", "introspector", "registrant"].contains(&route.guard.as_str());
                let expected = if is_frappe(&path) && !is_for_clients { 403 } else { 401 };
                assert_eq!((answer.status, location), (expected, ""), "{name} {path}");
                assert_ne!(answer.header("www-authenticate"), "", "{name} {path}");
            }
            assert_eq!(answer.header("set-cookie"), "", "{name} {path}");
            // Who may not come in hears nothing of what else is wrong.
            if *name == "POST" {
                let broken = app.stranger().send_body(Method::POST, &path, "text/plain", b"%zz".to_vec()).await;
                let by_client = matches!(route.guard.as_str(), "client" | "introspector");
                let expected = if by_client { 400 } else { answer.status };
                assert_eq!((broken.status, broken.header("location")), (expected, location), "{path}");
            }
        }
    }
    assert!(count >= 40, "{count}");
}

/// Whoever is no administrator is refused at each of an administrator's routes, with everything else in order.
#[tokio::test]
async fn a_plain_user_is_refused_at_every_route_of_administrators() {
    let app = TestApp::start().await;
    app.person("root", &["admin"]).await;
    app.role("editor").await;
    app.person("ada", &["editor"]).await;
    let (ada, root) = (app.signed_in("ada", PASSWORD).await, app.signed_in("root", PASSWORD).await);
    let token = ada.csrf_token("/account").await;
    let admins_token = root.csrf_token("/account").await;
    let mut count = 0;
    for route in routes().iter().filter(|route| route.guard.contains("admin") && is_page(route.path)) {
        count += 1;
        let path = path_of(route);
        let call = |browser: &Browser, token: &str| {
            let request = browser.request(method(route.method.as_str()), &path).header("sec-fetch-site", "same-origin");
            if route.method == "GET" { request } else { request.form(&[("csrf_token", token)]) }
        };
        let answer = ada.send(call(&ada, &token)).await;
        assert_eq!(answer.status, 403, "{} {path}: {}", route.method, answer.body);
        assert!(answer.body.contains("administrators"), "{} {path}: {}", route.method, answer.body);
        let answer = root.send(call(&root, &admins_token)).await;
        assert!(matches!(answer.status, 200 | 303 | 400 | 404 | 422), "{} {path}: {}", route.method, answer.status);
    }
    assert!(count >= 25, "{count}");
}

/// ASVS 8.1.1: each route for each kind of caller, as the guards say it and in no other way.
#[tokio::test]
async fn each_route_opens_for_whom_its_guard_names_and_for_nobody_else() {
    let app = TestApp::start_with(INVITED).await;
    let root = app.person("root", &["admin"]).await;
    let ada = app.person("ada", &[]).await;
    app.scope("read", &[]).await;
    let (client, service) = (app.web_client("read").await, app.service_client("read").await);
    let (admin, user) = (app.signed_in("root", PASSWORD).await, app.signed_in("ada", PASSWORD).await);
    // Not of a person whose sessions are tried: one of the routes ends all that applications hold of them.
    app.person("boss", &["admin"]).await;
    let tokens = app.tokens(&app.signed_in("boss", PASSWORD).await, &client).await;
    let own = app.token(&service, &[("grant_type", "client_credentials")]).await.text("access_token");
    let scoped = app.key_with(&root, |key| key.access = KeyAccess::Scopes(Scope::parse("read").unwrap())).await;
    let bearer = |token: &str| format!("Bearer {token}");
    let headers = [
        ("a user's key", app.key(&ada).await.token_header()),
        ("an administrator's key", app.key(&root).await.token_header()),
        ("an administrator's key with one scope", scoped.token_header()),
        ("an administrator's access token", bearer(tokens["access_token"].as_str().unwrap())),
        ("a client's own access token", bearer(&own)),
    ];
    let sessions = [("a user's session", &user, false), ("an administrator's session", &admin, true)];
    // Signing out comes last, for it ends the session that is tried.
    let (last, first): (Vec<Route>, Vec<Route>) =
        routes().into_iter().partition(|route| route.path == "/logout" && route.method == "POST");
    // A session has one end only; that by Frappe's name is in frappe_session.rs.
    let first: Vec<Route> = first.into_iter().filter(|route| route.path != "/api/method/logout").collect();
    // What asks for scopes has a table of its own, in api_rights.rs.
    for route in first.iter().chain(&last).filter(|route| !route.guard.contains("scope ")) {
        let (path, is_get, guard) = (path_of(route), route.method == "GET", route.guard.as_str());
        let (needs_session, needs_admin) = (guard.contains("session"), guard.contains("admin"));
        let fields: &[(&str, &str)] = &[];
        for (who, header) in &headers {
            let answer =
                app.script(header).send(method(route.method.as_str()), &path, (!is_get).then_some(fields)).await;
            let said = format!("{} {path} ({guard}) by {who}: {}", route.method, answer.status);
            match guard {
                // What is open is open, whoever comes; a form that stands there is a visitor's.
                "public" | "visitor" | "command" | "maybe" => assert_ne!(answer.status, 401, "{said}"),
                // Only a password counts.
                "newcomer" => assert_eq!(answer.text("exc_type"), "AuthenticationError", "{said}"),
                "client" | "maybe client" => assert_eq!(answer.text("error"), "invalid_client", "{said}"),
                // Full access of an administrator is the scope `introspect` too; the token is missing.
                "introspector" if *who == "an administrator's key" => assert_eq!(answer.status, 400, "{said}"),
                "introspector" => assert_eq!(answer.status, 401, "{said}"),
                "registrant" | "manager" => assert_eq!(answer.text("error"), "invalid_token", "{said}"),
                "anyone" => assert_eq!(answer.status, 200, "{said}"),
                _ => assert_eq!((answer.status, needs_session), (403, true), "{said}"),
            }
        }
        for (who, browser, is_admin) in sessions {
            let token = browser.csrf_token("/account").await;
            let request = browser.request(method(route.method.as_str()), &path).header("sec-fetch-site", "same-origin");
            let request = if is_get { request } else { request.form(&[("csrf_token", &token)]) };
            let answer = browser.send(request).await;
            let said = format!("{} {path} ({guard}) by {who}: {}", route.method, answer.status);
            match guard {
                "client" | "introspector" => assert_eq!(answer.text("error"), "invalid_client", "{said}"),
                "registrant" | "manager" => assert_eq!(answer.text("error"), "invalid_token", "{said}"),
                // The token is missing.
                "maybe client" if is_frappe(&path) => assert_eq!((answer.status, &*answer.body), (400, "{}"), "{said}"),
                "maybe client" => assert_eq!(answer.text("error"), "invalid_request", "{said}"),
                "newcomer" => assert_eq!(answer.text("exc_type"), "AuthenticationError", "{said}"),
                "visitor" if !is_get => assert_eq!(answer.status, 403, "{said}"),
                _ if needs_admin && !is_admin => assert_eq!(answer.status, 403, "{said}"),
                _ => assert!(!matches!(answer.status, 401 | 403) && answer.status < 500, "{said}"),
            }
        }
    }
}

/// RFC 9110 §15.5.6, §10.2.1
#[tokio::test]
async fn another_method_is_405_and_says_which_there_are() {
    let app = TestApp::start().await;
    let key = {
        let root = app.person("root", &["admin"]).await;
        app.key(&root).await.token_header()
    };
    for (path, methods) in paths().into_iter().filter(|(_, methods)| !methods.contains("*")) {
        for name in METHODS.into_iter().filter(|name| !methods.contains(*name)) {
            for script in [app.stranger(), app.script(&key), app.script("Bearer x")] {
                let answer = script.send(method(name), &path, None).await;
                assert_eq!(answer.status, if is_frappe(&path) { 403 } else { 405 }, "{name} {path}");
                let allow: BTreeSet<String> = answer.header("allow").split(", ").map(str::to_owned).collect();
                assert_eq!(allow, methods, "{name} {path}");
            }
        }
    }
    // What is nowhere is 404 for each method.
    for name in METHODS {
        assert_eq!(app.stranger().send(method(name), "/nothing", None).await.status, 404, "{name}");
    }
}

/// RFC 9110 §9.3.2: the same answer without its body.
#[tokio::test]
async fn head_is_get_without_a_body() {
    let app = TestApp::start().await;
    app.person("root", &["admin"]).await;
    let browser = app.signed_in("root", PASSWORD).await;
    let once = ["date", "x-request-id", "set-cookie", "content-length"];
    for (path, methods) in paths() {
        if !methods.contains("GET") {
            continue;
        }
        for signed_in in [false, true] {
            let mut answers = Vec::new();
            for name in ["GET", "HEAD"] {
                answers.push(match signed_in {
                    true => browser.send(browser.request(method(name), &path)).await,
                    false => app.stranger().send(method(name), &path, None).await,
                });
            }
            let headers = |answer: &Answer| -> BTreeMap<String, String> {
                let all = answer.headers.iter().filter(|(name, _)| !once.contains(&name.as_str()));
                all.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect()
            };
            let (get, head) = (&answers[0], &answers[1]);
            assert_eq!((head.status, headers(head)), (get.status, headers(get)), "{path} {signed_in}");
            assert_eq!(head.body, "", "{path} {signed_in}");
        }
    }
}

/// What is nowhere is refused in the form of the surface that it would belong to (RFC 9457, RFC 6749 §5.2).
#[tokio::test]
async fn an_unknown_path_is_404_in_the_form_of_its_surface() {
    let app = TestApp::start().await;
    for path in ["/nothing", "/login/", "/login/x", "/account/nothing", "//", "/logi", "/Login", "/oauth/authorize/x"] {
        let answer = app.stranger().get(path).await;
        assert_eq!((answer.status, answer.header("content-type")), (404, "text/html; charset=utf-8"), "{path}");
        assert_eq!(answer.by_id("request-id"), answer.header("x-request-id"), "{path}");
    }
    for path in ["/api/v1/nothing", "/api/v1", "/api", "/api/v1/me/", "/api/v1/me/x", "/%61pi/v1/nothing", "/api/v9/me"]
    {
        let answer = app.stranger().get(path).await;
        assert_eq!((answer.status, answer.header("content-type")), (404, "application/problem+json"), "{path}");
        let problem = json!({
            "type": "about:blank", "title": "Not Found", "status": 404, "detail": "there is nothing at this address",
        });
        assert_eq!(answer.json(), problem, "{path}");
    }
    for path in ["/oauth/nothing", "/oauth/token/x", "/oauth"] {
        let answer = app.stranger().get(path).await;
        assert_eq!((answer.status, answer.header("content-type")), (404, "application/json"), "{path}");
        assert_eq!(answer.text("error"), "invalid_request", "{path}");
    }
    for path in ["/api/method/nothing", "/api/method", "/api/v1/method/nothing", "/api/resource"] {
        let answer = app.stranger().get(path).await;
        assert_eq!((answer.status, &*answer.body), (404, r#"{"exc_type":"DoesNotExistError"}"#), "{path}");
    }
    for path in ["/api/v2/method/nothing", "/api/v2/x"] {
        let answer = app.stranger().get(path).await;
        assert_eq!((answer.status, &*answer.body), (404, r#"{"errors":[{"type":"DoesNotExistError"}]}"#), "{path}");
    }
    for path in ["/.well-known/nothing", "/.well-known", "/health", "/health/nothing"] {
        let answer = app.stranger().get(path).await;
        assert_eq!(
            (answer.status, answer.json()),
            (404, json!({ "error": "there is nothing at this address" })),
            "{path}"
        );
    }
    // An address that is written in another way is the same address, with the same refusal.
    let answer = app.stranger().get("/%61pi/v1/me").await;
    assert_eq!((answer.status, answer.header("content-type")), (401, "application/problem+json"));
}

/// One answer of each kind, and what it is.
async fn answers_of_all_kinds(app: &TestApp, browser: &Browser) -> Vec<(u16, &'static str, Answer)> {
    let stranger = app.stranger();
    let style =
        stranger.get("/login").await.body.split("href=\"").nth(2).unwrap().split('"').next().unwrap().to_owned();
    let form = [("grant_type", "x")];
    vec![
        (200, "a page", stranger.get("/login").await),
        (200, "a page for one person", browser.get("/account").await),
        (200, "an answer of the API", browser.get("/api/v1/me").await),
        (200, "an answer on Frappe's surface", browser.get("/api/method/frappe.auth.get_logged_user").await),
        (200, "health", stranger.get("/health/live").await),
        (200, "readiness", stranger.get("/health/ready").await),
        (200, "metadata", stranger.get(WELL_KNOWN[0]).await),
        (200, "metadata", stranger.get(WELL_KNOWN[1]).await),
        (200, "a style sheet", stranger.get(&style).await),
        (200, "HEAD", stranger.send(Method::HEAD, "/login", None).await),
        (303, "the front door", stranger.get("/").await),
        (303, "to sign-in", stranger.get("/account").await),
        (303, "a posted authorization request", stranger.post("/oauth/authorize", &[("client_id", "x")]).await),
        (400, "an authorization request", stranger.get("/oauth/authorize?client_id=x").await),
        (400, "a token request", app.script("Basic YTpi").post("/oauth/token", &[("client_id", "x")]).await),
        (400, "an unreadable query", stranger.get("/login?a=%zz").await),
        (400, "a tunnel", stranger.with("upgrade", "websocket").get("/login").await),
        (401, "a page", app.script("Bearer x").get("/account").await),
        (401, "the API", app.stranger().get("/api/v1/me").await),
        (401, "Frappe", app.script("Bearer x").get("/api/method/frappe.auth.get_logged_user").await),
        (401, "a client", app.stranger().post("/oauth/token", &form).await),
        (401, "a wrong password", app.browser().sign_in("nobody", "wrong").await),
        (403, "a form from nowhere", app.stranger().post("/login", &[]).await),
        (403, "a guest", app.stranger().get("/api/method/frappe.auth.get_logged_user").await),
        (403, "a forged form", browser.post("/logout", &[]).await),
        (403, "administrators' page", browser.get("/users").await),
        (404, "a page", app.stranger().get("/nothing").await),
        (404, "the API", app.stranger().get("/api/v1/nothing").await),
        (404, "OAuth", app.stranger().get("/oauth/nothing").await),
        (404, "an asset", app.stranger().get("/static/nothing.css").await),
        (404, "well-known", app.stranger().get("/.well-known/nothing").await),
        (405, "a page", app.stranger().send(Method::DELETE, "/login", None).await),
        (405, "the API", app.stranger().send(Method::DELETE, "/api/v1/me", None).await),
        (405, "OPTIONS", app.stranger().send(Method::OPTIONS, "/oauth/token", None).await),
        (405, "TRACE", app.stranger().send(Method::TRACE, "/login", None).await),
        (413, "too large", app.stranger().send_body(Method::POST, "/oauth/token", "x", vec![b'a'; 300_000]).await),
        (413, "too large", app.stranger().send_body(Method::POST, "/login", "x", vec![b'a'; 300_000]).await),
        (415, "compressed", app.stranger().with("content-encoding", "gzip").post("/oauth/token", &form).await),
        (415, "compressed", app.stranger().with("content-encoding", "br").post("/login", &form).await),
    ]
}

/// Whatever the status: one layer around all says what browsers must not do with an answer.
#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let app = TestApp::start().await;
    app.person("ada", &[]).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let mut ids = BTreeSet::new();
    for (status, what, answer) in answers_of_all_kinds(&app, &browser).await {
        assert_eq!(answer.status, status, "{what}: {}", answer.body);
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
        ] {
            assert_eq!(answer.header(name), value, "{status} {what}");
        }
        let csp = answer.header("content-security-policy");
        for directive in ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"] {
            assert!(csp.split("; ").any(|known| known == directive), "{status} {what}: {csp}");
        }
        assert!(!csp.contains("unsafe") && !csp.contains('*') && !csp.contains("http"), "{status} {what}: {csp}");
        let keep = answer.header("cache-control");
        match what {
            "metadata" => assert_eq!(keep, "public, max-age=300"),
            "a style sheet" => assert_eq!(keep, "public, max-age=31536000, immutable"),
            "an answer on Frappe's surface" | "Frappe" | "a guest" => {
                assert_eq!(keep, "no-store,no-cache,must-revalidate,max-age=0");
            }
            _ => assert_eq!(keep, "no-store", "{status} {what}"),
        }
        for name in ["server", "x-powered-by", "via"] {
            assert_eq!(answer.header(name), "", "{status} {what}");
        }
        assert_eq!(answer.header("strict-transport-security"), "", "{status} {what}");
        let origin = answer.header("access-control-allow-origin");
        // That there is nothing must be readable too, for clients look in several places.
        assert_eq!(origin, if what == "metadata" || what.contains("well-known") { "*" } else { "" }, "{status} {what}");
        assert_eq!(answer.header("access-control-allow-credentials"), "", "{status} {what}");
        let id = answer.header("x-request-id");
        assert!(id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit()), "{status} {what}: {id}");
        assert!(ids.insert(id.to_owned()), "{status} {what}: {id} came before");
        assert_eq!(answer.headers.get_all("x-request-id").iter().count(), 1);
    }
    // Nobody else names a request.
    let named = app.stranger().with("x-request-id", "evil").with("request-id", "evil").get("/login").await;
    assert!(!named.header("x-request-id").contains("evil"));
}

/// Chromium applies `form-action` to each redirect after a form, so the pages whose form may end at a client go without
/// where the browser can't be led out in another way (`leaving.rs`); all others may post to us alone.
#[tokio::test]
async fn only_forms_that_end_at_a_client_may_leave_and_only_in_old_browsers() {
    let app = TestApp::start().await;
    let new = || app.stranger().with("sec-fetch-mode", "navigate").with("sec-fetch-site", "cross-site");
    for (path, has_it) in [
        ("/login", false),
        ("/login/second-factor", false),
        ("/oauth/authorize", false),
        ("/setup", true),
        ("/nothing", true),
    ] {
        for (script, has_it) in [(app.stranger(), has_it), (new(), true)] {
            let answer = script.get(path).await;
            let csp = answer.header("content-security-policy");
            assert_eq!(csp.contains("form-action 'self'"), has_it, "{path}: {csp}");
        }
    }
}

/// RFC 9700 §2.6: the authorization endpoint is for people; scripts of other origins read metadata and nothing else.
#[tokio::test]
async fn no_script_of_another_origin_reads_anything_but_metadata() {
    let app = TestApp::start().await;
    let from = |origin: &str| app.stranger().with("origin", origin);
    for (path, methods) in paths() {
        for name in ["OPTIONS"].into_iter().chain(methods.iter().map(String::as_str)) {
            for origin in ["https://evil.test", "null", &app.url] {
                let script = from(origin).with("access-control-request-method", "GET");
                let script = script.with("access-control-request-headers", "authorization");
                let answer = script.send(method(name), &path, None).await;
                let is_public = WELL_KNOWN.contains(&path.as_str()) || path == "/api/v1/openapi.json";
                let allowed = if is_public { "*" } else { "" };
                assert_eq!(answer.header("access-control-allow-origin"), allowed, "{name} {path} from {origin}");
                assert_eq!(answer.header("access-control-allow-credentials"), "", "{name} {path} from {origin}");
            }
        }
    }
}

/// RFC 6797 §7.1; and cookies that no neighbour and no plain http can set (RFC 6265bis §4.1.3).
#[tokio::test]
async fn on_https_browsers_are_told_to_stay_there() {
    let app = TestApp::start_with("issuer = \"https://login.example\"").await;
    for path in ["/login", "/account", "/nothing", "/api/v1/me", "/health/live"] {
        let line = format!("GET {path} HTTP/1.1");
        let answer = app.wire_request(&[&line, "host: login.example", "connection: close"], b"");
        let hsts = answer.only().header("strict-transport-security").to_owned();
        assert_eq!(hsts, "max-age=31536000; includeSubDomains", "{path}");
    }
    let page = app.wire_request(&["GET /login HTTP/1.1", "host: login.example", "connection: close"], b"");
    let cookie = page.only().header("set-cookie");
    assert!(cookie.starts_with("__Host-hallpass_form="), "{cookie}");
    for attribute in ["; HttpOnly", "; SameSite=Lax", "; Secure", "; Path=/"] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
    assert!(!cookie.contains("Domain"), "{cookie}");
    let metadata = app.wire_request(&[&format!("GET {} HTTP/1.1", WELL_KNOWN[0]), "host: x", "connection: close"], b"");
    let metadata: Value = serde_json::from_str(&metadata.only().body).unwrap();
    assert_eq!(metadata["issuer"], "https://login.example");
    assert_eq!(metadata["token_endpoint"], "https://login.example/oauth/token");
}

/// A server whose issuer has a path.
async fn below_a_path() -> TestApp {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    TestApp::start_with(&format!("listen = \"127.0.0.1:{free}\"\nissuer = \"http://127.0.0.1:{free}/auth\"")).await
}

/// All routes lie below the issuer's path, and nothing beside it.
#[tokio::test]
async fn below_a_path_all_routes_are_there_and_nowhere_else() {
    let app = below_a_path().await;
    assert!(app.url.ends_with("/auth"));
    let at = |path: &str| {
        let line = format!("FOO {path} HTTP/1.1");
        app.wire_request(&[&line, "host: x", "connection: close"], b"").only().status
    };
    for path in paths().keys() {
        let below = match path.as_str() {
            // Any method is let in, and this one has no credential; a policy called x is not there.
            "/auth/verify" => 401,
            path if path.starts_with("/auth/verify/") => 404,
            path if is_frappe(path) => 403,
            _ => 405,
        };
        assert_eq!(at(&format!("/auth{path}")), below, "{path}");
        // On the host of a service the way back from sign-in is where it always is.
        let beside = if path == "/.hallpass/callback" { 405 } else { 404 };
        assert_eq!(at(path), beside, "{path}");
        assert_eq!(at(&format!("/auth/auth{path}")), 404, "{path}");
        assert_eq!(at(&format!("/authx{path}")), 404, "{path}");
        assert_eq!(at(&format!("/AUTH{path}")), 404, "{path}");
    }
    // The issuer itself, with a slash at its end and without.
    assert_eq!(app.stranger().get("").await.header("location"), "/auth/account");
    assert_eq!(app.stranger().get("/").await.header("location"), "/auth/account");
}

/// RFC 8414 §3.1, RFC 9728 §3.1: the well-known segment stands between host and path; OpenID's way stands there too.
#[tokio::test]
async fn below_a_path_metadata_is_where_each_specification_looks_for_it() {
    let app = below_a_path().await;
    for path in WELL_KNOWN {
        let below = app.stranger().get(path).await;
        let between = app.stranger_at_the_root().get(&format!("{path}/auth")).await;
        assert_eq!((below.status, between.status), (200, 200), "{path}");
        assert_eq!(
            (&below.body, below.headers.get("content-type")),
            (&between.body, between.headers.get("content-type"))
        );
        assert_eq!(between.header("access-control-allow-origin"), "*");
        for nowhere in [path.to_owned(), format!("{path}/"), format!("{path}/auth/"), format!("{path}/authx")] {
            assert_eq!(app.stranger_at_the_root().get(&nowhere).await.status, 404, "{nowhere}");
        }
        let posted = app.stranger_at_the_root().post(&format!("{path}/auth"), &[]).await;
        assert_eq!(
            (posted.status, posted.header("allow"), posted.header("cache-control")),
            (405, "GET, HEAD", "no-store")
        );
        assert_eq!(posted.header("x-content-type-options"), "nosniff");
    }
    let metadata = app.stranger().get(WELL_KNOWN[0]).await.json();
    assert_eq!(metadata["issuer"], app.url.as_str());
    for (name, value) in metadata.as_object().unwrap().iter().filter(|(name, _)| name.ends_with("_endpoint")) {
        assert!(value.as_str().unwrap().starts_with(&format!("{}/", app.url)), "{name}: {value}");
    }
    let refused = app.stranger().get("/api/v1/me").await;
    let named = format!("resource_metadata=\"{}{}\"", app.url, WELL_KNOWN[1]);
    assert!(refused.header("www-authenticate").contains(&named), "{}", refused.header("www-authenticate"));
}

/// Sign-in, consent, tokens, sign-out and refusals: every link keeps to the issuer's path.
#[tokio::test]
async fn below_a_path_everything_works_and_every_link_stays_below_it() {
    let app = below_a_path().await;
    app.person("ada", &["admin"]).await;
    app.scope("read", &[]).await;
    let client = app.web_client("read").await;

    let to_login = app.stranger().get("/account").await;
    assert_eq!((to_login.status, to_login.header("location")), (303, "/auth/login?return_to=%2Faccount"));
    let posted = app.stranger().post("/logout", &[]).await;
    assert_eq!((posted.status, posted.header("location")), (303, "/auth/login"));

    let browser = app.browser();
    let page = browser.get("/login?return_to=%2Faccount").await;
    let (token, back) = (page.input("csrf_token"), page.input("return_to"));
    let fields = [("username", "ada"), ("password", PASSWORD), ("csrf_token", &token), ("return_to", &back)];
    let signed_in = browser.post("/login", &fields).await;
    assert_eq!((signed_in.status, signed_in.header("location")), (303, "/auth/account"));
    for path in ["/account", "/users", "/clients", "/users/new", "/clients/new", "/import", "/logout"] {
        let page = browser.get(path).await;
        assert_eq!(page.status, 200, "{path}");
        for attribute in ["href=\"/", "action=\"/", "src=\"/", "formaction=\"/"] {
            for link in page.body.split(attribute).skip(1) {
                let shown: String = link.chars().take(40).collect();
                assert!(link.starts_with("auth/"), "{path}: {attribute}{shown}");
            }
        }
    }
    let style =
        page.body.split("rel=\"stylesheet\" href=\"/auth").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert_eq!(app.stranger().get(&style).await.status, 200);

    let location = app.authorize(&browser, &client, &[]).await;
    assert_eq!(parameters(&location)["iss"], app.url);
    let redeemed = app.redeem(&client, &parameters(&location)["code"]).await;
    assert_eq!(redeemed.status, 200, "{}", redeemed.body);
    assert_eq!(app.me_status(&redeemed.text("access_token")).await, 200);
    assert_eq!(app.stranger().get("/api/v1/nothing").await.header("content-type"), "application/problem+json");

    let token = browser.csrf_token("/logout").await;
    let out = browser.post("/logout", &[("csrf_token", &token)]).await;
    assert_eq!(out.status, 303);
    assert!(out.header("location").starts_with("/auth/login"), "{}", out.header("location"));
    assert_eq!(browser.get("/account").await.status, 303);
}
