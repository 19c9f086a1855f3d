//! Who may call what of `/api/v1`: the whole table, each route for each kind of caller.

use std::collections::BTreeSet;

use hallpass::http::routes;
use hallpass::model::role::RoleName;
use hallpass::model::scope::BUILT_IN;
use reqwest::Method;
use serde_json::json;

use crate::support::api::built_in;
use crate::support::app::TestApp;
use crate::support::caller::Browser;
use crate::support::caller::Script;
use crate::support::seed::PASSWORD;

/// What a route asks for.
#[derive(Clone, Copy, PartialEq)]
enum Needs {
    /// Nothing.
    Nothing,
    /// Any credential.
    Anybody,
    /// Full access or this scope, of a user.
    Own(&'static str),
    /// The role `admin`, and full access or this scope.
    Admin(&'static str),
    /// `Admin` of the first, or `Own` of the second.
    AdminOrOwn(&'static str, &'static str),
}

use Needs::Admin;
use Needs::AdminOrOwn;
use Needs::Anybody;
use Needs::Nothing;
use Needs::Own;

/// The table as the contract has it; a route that is not here fails the test.
const TABLE: &[(&str, &str, Needs)] = &[
    ("GET", "/api/v1/me", Anybody),
    ("PATCH", "/api/v1/me", Own("account:write")),
    ("GET", "/api/v1/openapi.json", Nothing),
    ("GET", "/api/v1/scan-rules", Nothing),
    ("POST", "/api/v1/leaked-secrets", Nothing),
    ("POST", "/api/v1/import/frappe", Admin("users:write")),
    ("POST", "/api/v1/import/keys", Admin("users:write")),
    ("GET", "/api/v1/users", Admin("users:read")),
    ("POST", "/api/v1/users", Admin("users:write")),
    ("GET", "/api/v1/users/{user}", Admin("users:read")),
    ("PATCH", "/api/v1/users/{user}", Admin("users:write")),
    ("DELETE", "/api/v1/users/{user}", Admin("users:write")),
    ("GET", "/api/v1/roles", Admin("roles:read")),
    ("POST", "/api/v1/roles", Admin("roles:write")),
    ("GET", "/api/v1/roles/{role}", Admin("roles:read")),
    ("PATCH", "/api/v1/roles/{role}", Admin("roles:write")),
    ("DELETE", "/api/v1/roles/{role}", Admin("roles:write")),
    ("GET", "/api/v1/scopes", Admin("scopes:read")),
    ("POST", "/api/v1/scopes", Admin("scopes:write")),
    ("GET", "/api/v1/scopes/{scope}", Admin("scopes:read")),
    ("PATCH", "/api/v1/scopes/{scope}", Admin("scopes:write")),
    ("DELETE", "/api/v1/scopes/{scope}", Admin("scopes:write")),
    ("GET", "/api/v1/resources", Admin("resources:read")),
    ("POST", "/api/v1/resources", Admin("resources:write")),
    ("GET", "/api/v1/resources/{resource}", Admin("resources:read")),
    ("PATCH", "/api/v1/resources/{resource}", Admin("resources:write")),
    ("DELETE", "/api/v1/resources/{resource}", Admin("resources:write")),
    ("GET", "/api/v1/clients", Admin("clients:read")),
    ("POST", "/api/v1/clients", Admin("clients:write")),
    ("GET", "/api/v1/clients/{client}", Admin("clients:read")),
    ("PATCH", "/api/v1/clients/{client}", Admin("clients:write")),
    ("DELETE", "/api/v1/clients/{client}", Admin("clients:write")),
    ("POST", "/api/v1/clients/{client}/rotate-secret", Admin("clients:write")),
    ("DELETE", "/api/v1/clients/{client}/grants", Admin("clients:write")),
    ("GET", "/api/v1/keys", AdminOrOwn("keys:read", "account:read")),
    ("POST", "/api/v1/keys", AdminOrOwn("keys:write", "account:write")),
    ("GET", "/api/v1/keys/{key}", AdminOrOwn("keys:read", "account:read")),
    ("PATCH", "/api/v1/keys/{key}", AdminOrOwn("keys:write", "account:write")),
    ("DELETE", "/api/v1/keys/{key}", AdminOrOwn("keys:write", "account:write")),
    ("POST", "/api/v1/keys/{key}/rotate", AdminOrOwn("keys:write", "account:write")),
    ("POST", "/api/v1/keys/{key}/successor", AdminOrOwn("keys:write", "account:write")),
    ("GET", "/api/v1/keys/{key}/usage", AdminOrOwn("keys:read", "account:read")),
    ("GET", "/api/v1/keys/{key}/callers", AdminOrOwn("keys:read", "account:read")),
    ("GET", "/api/v1/notices", Own("account:read")),
    ("DELETE", "/api/v1/notices/{notice}", Own("account:write")),
    ("GET", "/api/v1/sessions", AdminOrOwn("sessions:read", "account:read")),
    ("GET", "/api/v1/sessions/{session}", AdminOrOwn("sessions:read", "account:read")),
    ("DELETE", "/api/v1/sessions/{session}", AdminOrOwn("sessions:write", "account:write")),
    ("GET", "/api/v1/grants", AdminOrOwn("grants:read", "account:read")),
    ("GET", "/api/v1/grants/{grant}", AdminOrOwn("grants:read", "account:read")),
    ("DELETE", "/api/v1/grants/{grant}", AdminOrOwn("grants:write", "account:write")),
    ("GET", "/api/v1/audit", Admin("audit:read")),
    ("GET", "/api/v1/audit/{entry}", Admin("audit:read")),
    ("GET", "/api/v1/refusals", Admin("audit:read")),
    ("GET", "/api/v1/refusals/{request}", Admin("audit:read")),
];

/// Who calls.
struct Caller {
    name: String,
    hands: Hands,
    is_user: bool,
    is_admin: bool,
    /// `None`: full access.
    scopes: Option<Vec<String>>,
}

enum Hands {
    Script(Script),
    Browser(Browser),
}

impl Caller {
    fn script(name: &str, script: Script, is_user: bool, is_admin: bool, scopes: Option<&str>) -> Self {
        let scopes = scopes.map(|scopes| scopes.split_whitespace().map(str::to_owned).collect());
        Self { name: name.to_owned(), hands: Hands::Script(script), is_user, is_admin, scopes }
    }

    fn may(&self, needs: Needs) -> bool {
        let holds = |scope: &str| self.scopes.as_ref().is_none_or(|held| held.iter().any(|name| name == scope));
        match needs {
            Nothing | Anybody => true,
            Own(scope) => self.is_user && holds(scope),
            Admin(scope) => self.is_admin && holds(scope),
            AdminOrOwn(scope, own) => self.may(Admin(scope)) || self.may(Own(own)),
        }
    }

    async fn status(&self, method: &str, path: &str) -> u16 {
        let name = Method::from_bytes(method.as_bytes()).unwrap();
        let has_body = matches!(method, "POST" | "PATCH");
        match &self.hands {
            Hands::Script(script) if has_body => script.json(name, path, &json!({})).await.status,
            Hands::Script(script) => script.send(name, path, None).await.status,
            Hands::Browser(browser) => browser.json(name, path, &json!({})).await.status,
        }
    }
}

/// The path with something in the place of its ids that no id is.
fn path_of(pattern: &str) -> String {
    let segments = pattern.split('/').map(|segment| if segment.starts_with('{') { "x" } else { segment });
    segments.collect::<Vec<_>>().join("/")
}

async fn try_all(callers: &[Caller]) {
    for caller in callers {
        for (method, pattern, needs) in TABLE {
            let status = caller.status(method, &path_of(pattern)).await;
            let said = format!("{method} {pattern} by {}: {status}", caller.name);
            if caller.may(*needs) {
                // Let in: what is wrong now is the id or the body.
                assert!(matches!(status, 200 | 400 | 404), "{said}");
            } else {
                assert_eq!(status, 403, "{said}");
            }
        }
    }
}

#[test]
fn the_table_has_each_route_of_the_api_and_no_other() {
    let there: BTreeSet<String> = routes()
        .iter()
        .filter(|route| route.path.starts_with("/api/v1/") && !route.path.starts_with("/api/v1/method"))
        .map(|route| format!("{} {}", route.method, route.path))
        .collect();
    let written: BTreeSet<String> = TABLE.iter().map(|(method, path, _)| format!("{method} {path}")).collect();
    assert_eq!(there, written);
    assert_eq!(written.len(), TABLE.len());
}

/// RFC 9110 §15.5.2: without a credential, and with a bad one, nothing opens.
#[tokio::test]
async fn a_stranger_gets_nothing() {
    let app = TestApp::start().await;
    let strangers = [("nobody", app.stranger()), ("a bad key", app.script("token hp_key_x:hp_sk_x"))];
    for (name, script) in strangers {
        let caller = Caller::script(name, script, false, false, None);
        for (method, pattern, needs) in TABLE {
            let status = caller.status(method, &path_of(pattern)).await;
            // Whatever else is wrong with it, it is not that nobody is named.
            let is_open = status != 401 && status != 403;
            assert_eq!(is_open, *needs == Nothing, "{method} {pattern} by {name}: {status}");
            assert!(is_open || status == 401, "{method} {pattern} by {name}: {status}");
        }
    }
}

/// ASVS 8.1.1, 8.2.1: sessions, keys, tokens of users and of clients, administrators or not.
#[tokio::test]
async fn each_route_opens_for_whom_the_table_names_and_for_nobody_else() {
    let app = TestApp::start().await;
    app.scope("read", &[]).await;
    let (root, root_script) = app.root().await;
    let ada = app.person("ada", &[]).await;
    let everything = built_in("");
    let client = app.web_client(&format!("{everything} read")).await;
    let plain = app.service_client(&everything).await;
    let admin_client = app
        .client_with(&everything, |client| {
            client.grant_types = vec![hallpass::model::client::GrantType::ClientCredentials];
            client.redirect_uris = Vec::new();
            client.roles = std::iter::once(RoleName::admin()).collect();
        })
        .await;
    let (admin, user) = (app.signed_in("root", PASSWORD).await, app.signed_in("ada", PASSWORD).await);
    let bearer = |token: &str| app.script(&format!("Bearer {token}"));
    let mut tokens = Vec::new();
    for browser in [&user, &admin] {
        let tokens_of = app.tokens(browser, &client).await;
        tokens.push(tokens_of["access_token"].as_str().unwrap().to_owned());
    }
    let mut own = Vec::new();
    for client in [&plain, &admin_client] {
        own.push(app.token(client, &[("grant_type", "client_credentials")]).await.text("access_token"));
    }
    let (read, write) = (built_in(":read"), built_in(":write"));
    let session = |name: &str, browser: Browser, is_admin: bool| Caller {
        name: name.to_owned(),
        hands: Hands::Browser(browser),
        is_user: true,
        is_admin,
        scopes: None,
    };
    let callers = vec![
        Caller::script("a user's key", app.script_of(&ada).await, true, false, None),
        Caller::script("an administrator's key", root_script, true, true, None),
        Caller::script("an administrator's key that reads", app.scoped(&root, &read).await, true, true, Some(&read)),
        Caller::script("an administrator's key that writes", app.scoped(&root, &write).await, true, true, Some(&write)),
        Caller::script(
            "an administrator's key without such a scope",
            app.scoped(&root, "read").await,
            true,
            true,
            Some(""),
        ),
        Caller::script(
            "a user's key with all scopes",
            app.scoped(&ada, &everything).await,
            true,
            false,
            Some(&everything),
        ),
        Caller::script("a user's token", bearer(&tokens[0]), true, false, Some(&everything)),
        Caller::script("an administrator's token", bearer(&tokens[1]), true, true, Some(&everything)),
        Caller::script("a client's own token", bearer(&own[0]), false, false, Some(&everything)),
        Caller::script("an administrating client's own token", bearer(&own[1]), false, true, Some(&everything)),
        session("a user's session", user, false),
        session("an administrator's session", admin, true),
    ];
    try_all(&callers).await;
}

/// A key of an administrator with one scope opens what that scope names, and a key with all others does not: being an
/// administrator is never enough.
#[tokio::test]
async fn each_scope_opens_its_own_routes_and_no_others() {
    let app = TestApp::start().await;
    let (root, _) = app.root().await;
    let mut callers = Vec::new();
    for scope in BUILT_IN {
        let others: Vec<&str> = BUILT_IN.iter().map(|other| other.name).filter(|name| *name != scope.name).collect();
        let others = others.join(" ");
        let (alone, rest) = (app.scoped(&root, scope.name).await, app.scoped(&root, &others).await);
        callers.push(Caller::script(&format!("{} alone", scope.name), alone, true, true, Some(scope.name)));
        callers.push(Caller::script(&format!("all but {}", scope.name), rest, true, true, Some(&others)));
    }
    try_all(&callers).await;
}

/// A key that leaves the role `admin` out is not an administrator's, whatever its user is.
#[tokio::test]
async fn a_key_that_leaves_the_role_out_is_no_administrators() {
    let app = TestApp::start().await;
    app.role("editor").await;
    let root = app.person("root", &["admin", "editor"]).await;
    let editor = [RoleName::parse("editor").unwrap()];
    let key = app.key_with(&root, |key| key.roles = Some(editor.into_iter().collect())).await;
    let caller = Caller::script("an editor", app.script(&key.token_header()), true, false, None);
    try_all(&[caller]).await;
}

/// What is missing is named: RFC 6750 §3.1.
#[tokio::test]
async fn a_refusal_names_the_scope_or_the_role() {
    let app = TestApp::start().await;
    let (root, _) = app.root().await;
    let ada = app.person("ada", &[]).await;
    let answer = app.scoped(&root, "users:read").await.json(Method::POST, "/api/v1/users", &json!({})).await;
    assert_eq!(answer.problem(403), "the credential lacks the scope users:write");
    let challenge = answer.header("www-authenticate");
    assert!(challenge.contains("error=\"insufficient_scope\", scope=\"users:write\""), "{challenge}");
    let answer = app.script_of(&ada).await.get("/api/v1/users").await;
    assert_eq!(answer.problem(403), "the role admin is needed");
    let answer = app.scoped(&ada, "openid").await.get("/api/v1/keys").await;
    assert_eq!(answer.problem(403), "the credential lacks the scope account:read");
    let own = app.service_client("account:read").await;
    let token = app.token(&own, &[("grant_type", "client_credentials")]).await.text("access_token");
    let answer = app.script(&format!("Bearer {token}")).get("/api/v1/keys").await;
    assert!(answer.problem(403).contains("a client that acts in its own name has none"));
}

/// A session changes nothing without the token of its forms, or from another site.
#[tokio::test]
async fn a_session_needs_the_token_of_its_forms() {
    let app = TestApp::start().await;
    app.person("root", &["admin"]).await;
    let browser = app.signed_in("root", PASSWORD).await;
    let token = browser.csrf_token("/account").await;
    let body = json!({ "name": "editor" }).to_string();
    let request = || {
        let request = browser.request(Method::POST, "/api/v1/roles").header("content-type", "application/json");
        request.body(body.clone())
    };
    for (site, token) in
        [(None, None), (Some("same-origin"), None), (None, Some(&token)), (Some("cross-site"), Some(&token))]
    {
        let request = site.map_or_else(&request, |site| request().header("sec-fetch-site", site));
        let request = token.map_or_else(
            || request.try_clone().unwrap(),
            |token| request.try_clone().unwrap().header("x-csrf-token", token),
        );
        browser.send(request).await.problem(403);
    }
    let made = browser.json(Method::POST, "/api/v1/roles", &json!({ "name": "editor" })).await;
    assert_eq!(made.status, 201, "{}", made.body);
}
