//! Each change that an administrator can make, by the API and by pages, leaves an entry in the audit log that says who did
//! what to whom (ASVS 16.3.2). Which changes there are, the table of routes says.

use std::collections::BTreeSet;

use hallpass::model::audit::AuditEntry;
use hallpass::model::user::User;
use reqwest::Method;
use serde_json::Value;
use serde_json::json;

use crate::support::app::BEGIN;
use crate::support::app::TestApp;
use crate::support::caller::Answer;
use crate::support::caller::Browser;
use crate::support::caller::Script;
use crate::support::seed::PASSWORD;
use crate::support::seed::SeededClient;

/// What is no administrator's change of others' records: one's own profile and notices, and what anybody may report.
const OTHERS: [&str; 3] = ["PATCH /api/v1/me", "DELETE /api/v1/notices/{notice}", "POST /api/v1/leaked-secrets"];
const KEYS: &str = r#"[{"user": "ada", "name": "robot", "full_access": true,
    "sha256": "d29fa4eb50dd5bcf33462b5811aec64a5f2dc6ad3a9d37a9e0e0c0b95b5fa6d4"}]"#;

/// An administrator, whose changes are looked up in the log.
struct Watched<'a> {
    app: &'a TestApp,
    root: &'a User,
    seen: BTreeSet<String>,
}

impl Watched<'_> {
    /// Checks that the request that got `answer` left `event`, about `subject`, with all that has to be known.
    async fn left(&mut self, route: &str, answer: &Answer, (event, subject): (&str, &str)) {
        assert!(answer.status < 400, "{route}: {} {}", answer.status, answer.body);
        let id = answer.header("x-request-id").to_owned();
        let all = self.app.write(|tx| tx.audit().list(BEGIN, None, 1_000)).await;
        let entries: Vec<&AuditEntry> = all.iter().filter(|entry| entry.request_id.as_ref() == Some(&id)).collect();
        let entry = entries.iter().find(|entry| entry.event == event);
        let entry = entry.unwrap_or_else(|| panic!("{route} leaves no {event} but {entries:?}"));
        assert_eq!(entry.actor, format!("{} (root)", self.root.id), "{route}");
        assert!(entry.subject.contains(subject) && !subject.is_empty(), "{route}: {entry:?}");
        assert!(entry.credential.is_some() && entry.address.as_deref() == Some("127.0.0.1"), "{route}: {entry:?}");
        assert!(serde_json::from_str::<Value>(&entry.details).is_ok_and(|details| details.is_object()), "{entry:?}");
        self.seen.insert(route.to_owned());
    }

    /// Checks that all changes among the routes that `is_one` picks were tried.
    fn misses_none(&self, is_one: impl Fn(&str, &str, &str) -> bool) {
        let routes = hallpass::http::routes();
        let changes = routes.iter().filter(|route| !matches!(route.method.as_str(), "GET" | "*"));
        let changes = changes.filter(|route| is_one(route.method.as_str(), route.path, &route.guard));
        let changes: BTreeSet<String> = changes.map(|route| format!("{} {}", route.method, route.path)).collect();
        let missed: Vec<&String> = changes.difference(&self.seen).collect();
        assert!(missed.is_empty() && changes.len() >= 20, "not tried: {missed:?}");
    }
}

/// `path` with `id` in the place of what varies in it.
fn fill(path: &str, id: &str) -> String {
    match path.split_once('{') {
        Some((before, rest)) => format!("{before}{id}{}", rest.split_once('}').unwrap().1),
        None => path.to_owned(),
    }
}

async fn id_of(script: &Script, list: &str) -> String {
    script.read(list).await["items"][0]["id"].as_str().expect("an id").to_owned()
}

#[tokio::test]
async fn each_change_by_the_api_says_who_did_what_to_whom() {
    let app = TestApp::start().await;
    let (root, script) = app.root().await;
    let mut watched =
        Watched { app: &app, root: &root, seen: OTHERS.iter().map(|route| (*route).to_owned()).collect() };
    let mut act = async |method: &str, path: &str, id: &str, body: Value, left: (&str, &str)| {
        let body = if method == "DELETE" { None } else { Some(body) };
        let (verb, filled) = (Method::from_bytes(method.as_bytes()).unwrap(), fill(path, id));
        let answer = match body {
            Some(body) => script.json(verb, &filled, &body).await,
            None => script.send(verb, &filled, None).await,
        };
        watched.left(&format!("{method} {path}"), &answer, left).await;
        serde_json::from_str::<Value>(&answer.body).unwrap_or_default()
    };
    let none = || json!({});
    let text = |value: &Value, name: &str| value[name].as_str().expect(name).to_owned();

    act("POST", "/api/v1/roles", "", json!({ "name": "editor" }), ("role.created", "editor")).await;
    act("PATCH", "/api/v1/roles/{role}", "editor", json!({ "description": "x" }), ("role.changed", "editor")).await;
    let scope = json!({ "name": "read", "description": "Read" });
    act("POST", "/api/v1/scopes", "", scope, ("scope.created", "read")).await;
    act("PATCH", "/api/v1/scopes/{scope}", "read", json!({ "description": "x" }), ("scope.changed", "read")).await;
    let (uri, encoded) = ("https://a.test", "https%3A%2F%2Fa.test");
    act("POST", "/api/v1/resources", "", json!({ "uri": uri, "name": "A" }), ("resource.created", uri)).await;
    act("PATCH", "/api/v1/resources/{resource}", encoded, json!({ "name": "B" }), ("resource.changed", uri)).await;

    let user = json!({ "username": "ada", "password": PASSWORD, "roles": ["editor"] });
    let user = text(&act("POST", "/api/v1/users", "", user, ("user.created", "user_")).await, "id");
    for (body, event) in [
        (json!({ "full_name": "Ada" }), "user.changed"),
        (json!({ "roles": [] }), "user.role_revoked"),
        (json!({ "roles": ["editor"] }), "user.role_granted"),
        (json!({ "enabled": false }), "user.disabled"),
        (json!({ "enabled": true }), "user.enabled"),
    ] {
        act("PATCH", "/api/v1/users/{user}", &user, body, (event, &user)).await;
    }
    let client = json!({ "client_name": "Ledger", "redirect_uris": ["https://rp.test/cb"], "scope": "read" });
    let client = act("POST", "/api/v1/clients", "", client, ("client.created", "client_")).await;
    let client = SeededClient {
        client_id: text(&client, "client_id"),
        secret: text(&client, "client_secret"),
        redirect_uri: "https://rp.test/cb".to_owned(),
    };
    let id = client.client_id.as_str();
    for (body, event) in [
        (json!({ "client_name": "Books" }), "client.changed"),
        (json!({ "enabled": false }), "client.disabled"),
        (json!({ "enabled": true }), "client.enabled"),
    ] {
        act("PATCH", "/api/v1/clients/{client}", id, body, (event, id)).await;
    }
    let ada = app.signed_in("ada", PASSWORD).await;
    app.authorize(&ada, &client, &[]).await;
    let grant = id_of(&script, "/api/v1/grants").await;
    act("DELETE", "/api/v1/grants/{grant}", &grant, none(), ("grant.revoked", &grant)).await;
    app.authorize(&ada, &client, &[]).await;
    act("DELETE", "/api/v1/clients/{client}/grants", id, none(), ("client.cut_off", id)).await;
    act("POST", "/api/v1/clients/{client}/rotate-secret", id, none(), ("client.secret_rotated", id)).await;
    let session = id_of(&script, "/api/v1/sessions").await;
    act("DELETE", "/api/v1/sessions/{session}", &session, none(), ("session.ended", &session)).await;

    let key = json!({ "name": "x", "user": "ada", "scopes": ["account:read", "account:write"] });
    let key = text(&act("POST", "/api/v1/keys", "", key, ("key.created", "key_")).await, "id");
    act("PATCH", "/api/v1/keys/{key}", &key, json!({ "name": "y" }), ("key.changed", &key)).await;
    let rotated = act("POST", "/api/v1/keys/{key}/rotate", &key, none(), ("key.rotated", &key)).await;
    // A successor has the scopes that something needed.
    let header = format!("token {}:{}", text(&rotated, "api_key"), text(&rotated, "api_secret"));
    assert_eq!(app.script(&header).get("/api/v1/keys").await.status, 200);
    script.read(&format!("/api/v1/keys/{key}/usage")).await;
    act("POST", "/api/v1/keys/{key}/successor", &key, none(), ("key.created", "key_")).await;
    act("DELETE", "/api/v1/keys/{key}", &key, none(), ("key.revoked", &key)).await;
    let keys = json!({ "keys": serde_json::from_str::<Value>(KEYS).unwrap() });
    act("POST", "/api/v1/import/keys", "", keys, ("key.imported", "key_")).await;
    let users = json!({ "users": [{ "name": "grace@example.org", "email": "grace@example.org", "username": "grace",
        "enabled": 1 }] });
    act("POST", "/api/v1/import/frappe", "", users, ("user.created", "user_")).await;

    act("DELETE", "/api/v1/clients/{client}", id, none(), ("client.deleted", id)).await;
    act("DELETE", "/api/v1/users/{user}", &user, none(), ("user.deleted", &user)).await;
    act("DELETE", "/api/v1/resources/{resource}", encoded, none(), ("resource.deleted", uri)).await;
    act("DELETE", "/api/v1/scopes/{scope}", "read", none(), ("scope.deleted", "read")).await;
    act("DELETE", "/api/v1/roles/{role}", "editor", none(), ("role.deleted", "editor")).await;
    watched.misses_none(|_, path, _| path.starts_with("/api/v1/"));
}

/// The path of a record's page below `prefix`, as a page that leads there says.
fn leads_to(page: &Answer, prefix: &str) -> String {
    let path = page.paths(prefix).into_iter().next().unwrap_or_else(|| panic!("no {prefix}: {}", page.body));
    let id = path.strip_prefix(prefix).unwrap().split(['/', '?']).next().unwrap();
    format!("{prefix}{id}")
}

#[tokio::test]
async fn each_change_by_a_page_says_who_did_what_to_whom() {
    let app = TestApp::start().await;
    let root = app.person("root", &["admin"]).await;
    let browser: Browser = app.signed_in("root", PASSWORD).await;
    let mut watched = Watched { app: &app, root: &root, seen: BTreeSet::new() };
    let mut act = async |route: &str, path: &str, fields: &[(&str, &str)], left: (&str, &str)| {
        let answer = browser.submit(path, fields).await;
        watched.left(&format!("POST {route}"), &answer, left).await;
        answer
    };
    act("/roles/new", "/roles/new", &[("name", "editor")], ("role.created", "editor")).await;
    act("/roles/edit", "/roles/edit?name=editor", &[("description", "x")], ("role.changed", "editor")).await;
    let scope = [("name", "read"), ("description", "Read")];
    act("/scopes/new", "/scopes/new", &scope, ("scope.created", "read")).await;
    act("/scopes/edit", "/scopes/edit?name=read", &[("description", "x")], ("scope.changed", "read")).await;
    let uri = "https://a.test";
    act("/resources/new", "/resources/new", &[("uri", uri), ("name", "A")], ("resource.created", uri)).await;
    // A resource is named by what its list leads to.
    let resource = browser.get("/resources").await.paths("/resources/edit?").remove(0);
    act("/resources/edit", &resource, &[("name", "B")], ("resource.changed", uri)).await;

    let person = [("username", "ada"), ("password", "another battery staple"), ("role", "editor")];
    let made = act("/users/new", "/users/new", &person, ("user.created", "user_")).await;
    let user = made.header("location").split('?').next().unwrap().to_owned();
    let user_id = user.strip_prefix("/users/").expect("it leads to the user").to_owned();
    let in_user = |deed: &str| (format!("/users/{{user}}{deed}"), format!("{user}{deed}"));
    for (deed, fields, event) in [
        ("", &[("full_name", "Ada"), ("role", "editor")][..], "user.changed"),
        ("", &[("full_name", "Ada")], "user.role_revoked"),
        ("/password", &[("new_password", "a battery of staples")], "user.password_changed"),
        ("/disable", &[], "user.disabled"),
        ("/enable", &[], "user.enabled"),
    ] {
        let (route, path) = in_user(deed);
        act(&route, &path, fields, (event, &user_id)).await;
    }
    let ada = app.signed_in("ada", "a battery of staples").await;

    let (route, path) = in_user("/keys");
    let made = act(
        &route,
        &path,
        &[("name", "x"), ("scope", "account:read"), ("scope", "account:write")],
        ("key.created", "key_"),
    )
    .await;
    let key = leads_to(&made, &format!("{user}/keys/"));
    let key_id = key.rsplit('/').next().unwrap().to_owned();
    let header = format!("token {}:{}", made.by_id("api-key"), made.by_id("api-secret"));
    assert_eq!(app.script(&header).get("/api/v1/keys").await.status, 200);
    assert!(browser.get(&key).await.body.contains("Make a narrower key"));
    for (deed, fields, event) in [
        ("", &[("name", "y")][..], "key.changed"),
        ("/disable", &[], "key.changed"),
        ("/enable", &[], "key.changed"),
        ("/trial", &[("until", "1d")], "key.changed"),
        ("/trial/end", &[], "key.changed"),
        ("/narrow", &[], "key.created"),
        ("/rotate", &[], "key.rotated"),
    ] {
        let subject = if event == "key.created" { "key_" } else { key_id.as_str() };
        let path = format!("{key}{deed}");
        act(&format!("/users/{{user}}/keys/{{key}}{deed}"), &path, fields, (event, subject)).await;
    }
    let bulk = [("act", "disable"), ("record", key_id.as_str()), ("confirmed", "yes")];
    act("/keys/bulk", "/keys/bulk", &bulk, ("key.changed", &key_id)).await;
    let path = format!("{key}/revoke");
    act("/users/{user}/keys/{key}/revoke", &path, &[], ("key.revoked", &key_id)).await;

    let fields = [("client_name", "Ledger"), ("redirect_uris", "https://rp.test/cb"), ("scope", "read")];
    let made = act("/clients/new", "/clients/new", &fields, ("client.created", "client_")).await;
    let client = SeededClient {
        client_id: made.by_id("client-id"),
        secret: made.by_id("client-secret"),
        redirect_uri: "https://rp.test/cb".to_owned(),
    };
    let id = client.client_id.as_str();
    app.authorize(&ada, &client, &[]).await;
    let script = app.script_of(&root).await;
    let grant = id_of(&script, "/api/v1/grants").await;
    let bulk = [("act", "revoke"), ("record", grant.as_str()), ("confirmed", "yes")];
    act("/grants/bulk", "/grants/bulk", &bulk, ("grant.revoked", &grant)).await;
    let sessions = script.read("/api/v1/sessions").await;
    let sessions = sessions["items"].as_array().unwrap().clone();
    let of_ada = sessions.iter().find(|session| session["user"] == "ada").unwrap();
    let session = of_ada["id"].as_str().unwrap();
    let bulk = [("act", "end"), ("record", session), ("confirmed", "yes")];
    act("/sessions/bulk", "/sessions/bulk", &bulk, ("session.ended", session)).await;
    let edit = [
        ("client_name", "Books"),
        ("redirect_uris", "https://rp.test/cb"),
        ("scope", "read"),
        ("grant_types", "authorization_code"),
        ("token_endpoint_auth_method", "client_secret_basic"),
    ];
    for (deed, fields, event) in [
        ("/edit", &edit[..], "client.changed"),
        ("/disable", &[], "client.disabled"),
        ("/enable", &[], "client.enabled"),
        ("/cut-off", &[], "client.cut_off"),
        ("/rotate-secret", &[], "client.secret_rotated"),
    ] {
        let path = format!("/clients/{id}{deed}");
        act(&format!("/clients/{{client}}{deed}"), &path, fields, (event, id)).await;
    }
    let bulk = [("act", "disable"), ("record", id), ("confirmed", "yes")];
    act("/clients/bulk", "/clients/bulk", &bulk, ("client.disabled", id)).await;
    act("/clients/{client}/delete", &format!("/clients/{id}/delete"), &[], ("client.deleted", id)).await;
    act("/import", "/import", &[("keys", KEYS)], ("key.imported", "key_")).await;
    let bulk = [("act", "disable"), ("record", user_id.as_str()), ("confirmed", "yes")];
    act("/users/bulk", "/users/bulk", &bulk, ("user.disabled", &user_id)).await;
    let (route, path) = in_user("/delete");
    act(&route, &path, &[], ("user.deleted", &user_id)).await;
    act("/resources/delete", &resource.replacen("/edit?", "/delete?", 1), &[], ("resource.deleted", uri)).await;
    act("/scopes/delete", "/scopes/delete?name=read", &[], ("scope.deleted", "read")).await;
    act("/roles/delete", "/roles/delete?name=editor", &[], ("role.deleted", "editor")).await;
    watched.misses_none(|method, _, guard| method == "POST" && guard == "admin + session");
}
