//! Requests made up at random, deep into every handler: whatever is sent, the answer is never a 500 and never a
//! redirect to somewhere else.

use hallpass::http::Route;
use hallpass::http::routes;
use reqwest::Method;

use crate::support::app::TestApp;
use crate::support::caller::Browser;
use crate::support::numbers::Numbers;
use crate::support::seed::PASSWORD;
use crate::support::seed::SeededClient;

/// What fields are called, ours and others.
const NAMES: &[&str] = &[
    "username",
    "email",
    "full_name",
    "password",
    "current_password",
    "new_password",
    "role",
    "scope",
    "rights",
    "name",
    "expires_in",
    "service",
    "client_name",
    "redirect_uris",
    "grant_types",
    "token_endpoint_auth_method",
    "needed_scope",
    "trusted",
    "require_pkce",
    "request",
    "decision",
    "duration",
    "return_to",
    "done",
    "tab",
    "after",
    "token",
    "client_id",
    "client_secret",
    "redirect_uri",
    "response_type",
    "state",
    "code_challenge",
    "code_challenge_method",
    "response_mode",
    "resource",
    "request_uri",
    "grant_type",
    "code",
    "code_verifier",
    "refresh_token",
    "x",
    "",
];

/// What may stand in them: right, nearly right, and wrong in every way.
const VALUES: &[&str] = &[
    "",
    " ",
    "ada",
    "ADA",
    "ada@example.com",
    "x",
    "0",
    "-1",
    "99999999999999999999",
    "1",
    "30d",
    "90d",
    "1h",
    "on",
    "until_revoked",
    "allow",
    "deny",
    "full",
    "scopes",
    "settings",
    "details",
    "saved",
    "admin",
    "editor",
    "read",
    "read write",
    "openid profile",
    "all",
    "code",
    "token",
    "S256",
    "plain",
    "query",
    "fragment",
    "none",
    "client_secret_basic",
    "client_secret_post",
    "private_key_jwt",
    "authorization_code",
    "refresh_token",
    "client_credentials",
    "https://rp.test/cb",
    "http://127.0.0.1/cb",
    "https://rp.test/cb\nhttps://rp.test/two",
    "javascript:alert(1)",
    "https://rp.test/cb#x",
    "//evil.test",
    "/account",
    "/\\evil.test",
    "https://evil.test/",
    "correct horse battery",
    "password",
    "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
    "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    "hp_at_x",
    "<script>alert(1)</script>",
    "' OR 1=1 --",
    "\u{202e}x",
    "a\u{0}b",
    "a\r\nb: c",
    "\u{1f600}",
    "İ",
    "ß",
    "а",
    "..",
    "%00",
    "%",
    "{}",
    "[]",
    "null",
    "\t",
    "\u{feff}",
];

/// What exists, so that a made-up request may hit it.
struct Known {
    ids: Vec<String>,
    values: Vec<String>,
    client: SeededClient,
    key: String,
}

fn value(numbers: &mut Numbers, known: &Known) -> String {
    match numbers.below(20) {
        0 => "y".repeat(numbers.below(9_000)),
        1..4 => numbers.one_of(&known.values).clone(),
        4 => numbers.one_of(&known.ids).clone(),
        _ => (*numbers.one_of(VALUES)).to_owned(),
    }
}

/// The fields of the forms themselves, so that many requests are nearly right.
const FORMS: &[(&str, &[&str])] = &[
    ("/login", &["username", "password", "return_to"]),
    ("/setup", &["token", "username", "email", "password"]),
    ("/account/profile", &["full_name"]),
    ("/account/password", &["current_password", "new_password"]),
    ("/keys", &["name", "rights", "scope", "expires_in"]),
    ("/users/new", &["username", "email", "full_name", "role", "password", "service"]),
    ("/users/{user}", &["username", "email", "full_name", "role"]),
    ("/users/{user}/password", &["password", "new_password"]),
    ("/clients/new", &["client_name", "redirect_uris", "grant_types", "token_endpoint_auth_method", "scope"]),
    ("/edit", &["client_name", "redirect_uris", "grant_types", "scope", "needed_scope", "trusted", "require_pkce"]),
    ("/import", &["users", "clients", "keys", "map_roles", "dry_run", "skip_refused"]),
    ("/oauth/authorize", &["response_type", "client_id", "redirect_uri", "scope", "state", "code_challenge"]),
    ("/oauth/consent", &["request", "decision", "duration", "scope"]),
    ("/oauth/token", &["grant_type", "code", "redirect_uri", "code_verifier"]),
    ("/oauth/token", &["grant_type", "refresh_token", "scope"]),
];

/// Values that are right often enough to come further than the first check.
fn fitting(numbers: &mut Numbers, known: &Known, name: &str) -> String {
    let texts: &[&str] = match name {
        "grant_type" | "grant_types" => &["authorization_code", "refresh_token", "client_credentials"],
        "token_endpoint_auth_method" => &["client_secret_basic", "client_secret_post", "none"],
        "scope" | "needed_scope" => &["read", "write", "profile", "openid", "users:read"],
        "role" => &["admin", "editor"],
        "rights" => &["full", "scopes"],
        "decision" => &["allow", "deny"],
        "response_type" => &["code"],
        "redirect_uri" | "redirect_uris" => &["https://rp.test/cb", "http://127.0.0.1/cb"],
        "code_challenge" => &["E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"],
        "code_verifier" => &["dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"],
        "password" | "current_password" => &[PASSWORD],
        "new_password" => &["another horse battery"],
        "username" => return format!("user{}", numbers.below(1_000)),
        "email" => return format!("user{}@example.com", numbers.below(1_000)),
        "client_id" => return known.client.client_id.clone(),
        "code" | "refresh_token" | "request" => return numbers.one_of(&known.values).clone(),
        _ => return value(numbers, known),
    };
    (*numbers.one_of(texts)).to_owned()
}

fn fields(numbers: &mut Numbers, known: &Known, route: &Route) -> Vec<(String, String)> {
    let forms: Vec<_> = FORMS.iter().filter(|(end, _)| route.path.ends_with(end)).collect();
    let mut fields = Vec::new();
    if !forms.is_empty() {
        for name in numbers.one_of(&forms).1 {
            match numbers.below(20) {
                0 => {}
                1 => fields.push(((*name).to_owned(), value(numbers, known))),
                _ => fields.push(((*name).to_owned(), fitting(numbers, known, name))),
            }
        }
    }
    let more = if fields.is_empty() || numbers.in_a_hundred(20) { numbers.below(6) } else { 0 };
    fields.extend((0..more).map(|_| ((*numbers.one_of(NAMES)).to_owned(), value(numbers, known))));
    fields
}

fn path(numbers: &mut Numbers, known: &Known, route: &Route) -> String {
    let segment = |part: &str| match part {
        part if part.starts_with('{') && numbers.in_a_hundred(90) => numbers.one_of(&known.ids).clone(),
        part if part.starts_with('{') => {
            let text = value(numbers, known);
            form_urlencoded::byte_serialize(text.as_bytes()).take(400).collect()
        }
        part => part.to_owned(),
    };
    route.path.split('/').map(segment).collect::<Vec<_>>().join("/")
}

/// An administrator's browser, and all that one could name.
async fn prepare(app: &TestApp, round: usize) -> (Browser, Known) {
    let name = format!("root{round}");
    let root = app.person(&name, &["admin"]).await;
    let ada = app.person(&format!("ada{round}"), &[]).await;
    let client = app.web_client("read profile").await;
    let key = app.key(&root).await;
    let browser = app.signed_in(&name, PASSWORD).await;
    let code = app.code(&browser, &client).await;
    let tokens = app.tokens(&browser, &client).await;
    let page = browser.get(&client.authorize_path(&[("scope", "read"), ("state", "other")])).await;
    let text = |name: &str| tokens[name].as_str().unwrap().to_owned();
    let mut values = vec![
        code,
        text("refresh_token"),
        text("access_token"),
        client.client_id.clone(),
        client.secret.clone(),
        client.redirect_uri.clone(),
        name.clone(),
        key.api_secret.clone(),
    ];
    values.extend(page.find_input("request"));
    let of_ada = app.key(&ada).await;
    let ids = vec![root.id.to_string(), ada.id.to_string(), client.client_id.clone(), key.id.clone(), of_ada.id];
    (browser, Known { ids, values, client, key: key.token_header() })
}

#[tokio::test]
async fn whatever_is_sent_is_answered_and_never_with_a_500() {
    let app = TestApp::start_with("[limits]\nlogin_failures_per_account = 0\nlogin_failures_per_address = 0").await;
    app.person("keeper", &["admin"]).await;
    app.role("editor").await;
    app.scope("read", &[]).await;
    app.scope("write", &["editor"]).await;
    let routes = routes();
    let mut numbers = Numbers::from_seed(1);
    let mut prepared = prepare(&app, 0).await;
    let mut refused = 0;
    for at in 1..=600 {
        if at % 60 == 0 {
            prepared = prepare(&app, at).await;
        }
        let (browser, known) = &prepared;
        let route = numbers.one_of(&routes);
        let is_post = route.method == "POST";
        let query: String =
            form_urlencoded::Serializer::new(String::new()).extend_pairs(fields(&mut numbers, known, route)).finish();
        let mut path = path(&mut numbers, known, route);
        if !is_post || numbers.in_a_hundred(10) {
            path = format!("{path}?{query}");
        }
        let method = if is_post { Method::POST } else { Method::GET };
        let mut request = match numbers.below(10) {
            0 => app.browser().request(method, &path).header("authorization", &known.key),
            1 => app.browser().request(method, &path).header("authorization", known.client.basic()),
            2 => app.browser().request(method, &path),
            _ if route.guard == "client" => {
                app.browser().request(method, &path).header("authorization", known.client.basic())
            }
            _ => browser.request(method, &path),
        };
        request = request.header("sec-fetch-site", "same-origin");
        if is_post {
            let mut fields = fields(&mut numbers, known, route);
            // Most come as far as the handler.
            if numbers.in_a_hundred(95) {
                let page = if route.guard == "visitor" { "/login" } else { "/account" };
                let token = browser.get(page).await.find_input("csrf_token").unwrap_or_default();
                fields.push(("csrf_token".to_owned(), token));
            }
            request = request.form(&fields);
        }
        let sent = format!("{request:?}");
        let answer = browser.send(request).await;
        let said = format!("request {at}: {} {path}\n{sent}\n{} {}", route.method, answer.status, answer.body);
        assert!(answer.status < 500, "{said}");
        assert!(!answer.body.contains("<script>alert"), "{said}");
        if matches!(answer.status, 400..=499) {
            refused += 1;
        }
        let location = answer.header("location");
        let is_ours = location.is_empty() || location.starts_with('/') && !location.starts_with("//");
        assert!(is_ours || location.starts_with(&known.client.redirect_uri), "{said}\n{location}");
    }
    assert!(refused > 100 && refused < 590, "{refused}");
    // Through all of it somebody could still come in and set things right.
    assert_eq!(app.signed_in("keeper", PASSWORD).await.get("/users").await.status, 200);
}
