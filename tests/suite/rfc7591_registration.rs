//! Clients that register themselves (RFC 7591): who may, what becomes of what they say, and what they never get.

use std::collections::BTreeSet;

use hallpass::model::time::Lifetime;
use reqwest::Method;
use serde_json::Value;
use serde_json::json;

use crate::support::app::TestApp;
use crate::support::caller::Answer;
use crate::support::flow::parameters;
use crate::support::program::Program;
use crate::support::registering::OPEN;
use crate::support::registering::app_at;
use crate::support::seed::PASSWORD;

const REGISTER: &str = "/oauth/register";
const SERVER: &str = "/.well-known/oauth-authorization-server";

async fn open() -> TestApp {
    TestApp::start_with(OPEN).await
}

/// A description with one member changed; `null` takes it out.
fn with(name: &str, value: Value) -> Value {
    let mut description = app_at("https://notes.test/cb");
    if value.is_null() {
        description.as_object_mut().unwrap().remove(name);
    } else {
        description[name] = value;
    }
    description
}

/// RFC 7591 §3, §3.2.1
#[tokio::test]
async fn a_client_registers_itself_and_works() {
    let app = open().await;
    app.person("ada", &[]).await;
    app.scope("read", &[]).await;
    let mut description = app_at("https://notes.test/cb");
    description["scope"] = "read openid".into();
    description["client_uri"] = "https://notes.test/".into();
    description["logo_uri"] = "https://notes.test/logo.svg".into();
    description["contacts"] = json!(["ada@notes.test"]);
    description["software_id"] = "notes".into();
    let answer = app.register(&description).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    answer.not_stored();
    let mut made = answer.json();
    let (id, token) = (answer.text("client_id"), answer.text("registration_access_token"));
    assert!(token.starts_with("hp_rg_"), "{token}");
    for said in ["client_id", "registration_access_token"] {
        made.as_object_mut().unwrap().remove(said);
    }
    let expected = json!({
        "client_id_issued_at": 1_795_512_600,
        "registration_client_uri": format!("{}/oauth/register/{id}", app.url),
        "client_name": "Notes",
        "redirect_uris": ["https://notes.test/cb"],
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "token_endpoint_auth_method": "none",
        "application_type": "web",
        "scope": "openid read",
        "client_uri": "https://notes.test/",
        "logo_uri": "https://notes.test/logo.svg",
        "contacts": ["ada@notes.test"],
        "software_id": "notes",
        "require_pushed_authorization_requests": false,
        "require_signed_request_object": false,
        "dpop_bound_access_tokens": false,
    });
    assert_eq!(made, expected);
    let browser = app.signed_in("ada", PASSWORD).await;
    let tokens = app.tokens(&browser, &answer.client()).await;
    assert_eq!(tokens["scope"], "openid read");
    assert!(tokens["refresh_token"].is_string());
}

/// RFC 7591 §3.1; ASVS 10.4.7
#[tokio::test]
async fn by_default_nobody_registers_anything() {
    let app = TestApp::start().await;
    let token = app.initial_access_token(None, None).await;
    for script in [app.stranger(), app.script(&format!("Bearer {token}")), app.script("Bearer x")] {
        let answer = script.send_json(Method::POST, REGISTER, &app_at("https://notes.test/cb")).await;
        answer.refused(403, "access_denied");
    }
    assert!(app.stranger().get(SERVER).await.json().get("registration_endpoint").is_none());
    assert_eq!(app.database.lines("SELECT client_id AS line FROM clients"), Vec::<String>::new());
}

/// RFC 7591 §3, §1.2; RFC 8414 §2
#[tokio::test]
async fn where_a_token_is_needed_it_is_needed() {
    let app = TestApp::start_with("[clients]\nregistration = \"token\"").await;
    let metadata = app.stranger().get(SERVER).await.json();
    assert_eq!(metadata["registration_endpoint"], format!("{}/oauth/register", app.url));
    let description = app_at("https://notes.test/cb");
    let register = |authorization: &str| {
        let script = if authorization.is_empty() { app.stranger() } else { app.script(authorization) };
        let description = description.clone();
        async move { script.send_json(Method::POST, REGISTER, &description).await }
    };
    let refused = |answer: &Answer| {
        assert_eq!((answer.status, answer.text("error").as_str()), (401, "invalid_token"), "{}", answer.body);
        assert!(answer.header("www-authenticate").starts_with("Bearer "));
    };
    refused(&register("").await);
    let root = app.person("root", &["admin"]).await;
    let key = app.key(&root).await;
    for other in [format!("Bearer {}", key.api_secret), key.token_header(), "Bearer hp_ia_x".to_owned()] {
        refused(&register(&other).await);
    }
    let good = format!("Bearer {}", app.initial_access_token(Some(2), Some(Lifetime::from_hours(1))).await);
    assert_eq!(register(&good).await.status, 201);
    // What is refused uses nothing up.
    let bad = app.script(&good).send_json(Method::POST, REGISTER, &with("redirect_uris", json!(["x"]))).await;
    assert_eq!(bad.status, 400);
    assert_eq!(register(&good).await.status, 201);
    refused(&register(&good).await);
    let short = format!("Bearer {}", app.initial_access_token(None, Some(Lifetime::from_hours(1))).await);
    assert_eq!(register(&short).await.status, 201);
    app.pass(Lifetime::from_hours(1));
    refused(&register(&short).await);
}

/// RFC 7591 §1.2: the uses of one token are counted however many come at once.
#[tokio::test]
async fn a_token_for_three_clients_registers_three() {
    let app = TestApp::start_with("[clients]\nregistration = \"token\"").await;
    let good = format!("Bearer {}", app.initial_access_token(Some(3), None).await);
    let calls = (0..12).map(|_| {
        let script = app.script(&good);
        async move { script.send_json(Method::POST, REGISTER, &app_at("https://notes.test/cb")).await.status }
    });
    let mut tasks: Vec<_> = calls.map(tokio::spawn).collect();
    let mut made = 0;
    for task in tasks.drain(..) {
        match task.await.unwrap() {
            201 => made += 1,
            status => assert_eq!(status, 401),
        }
    }
    assert_eq!(made, 3);
}

/// RFC 7591 §1.2
#[tokio::test]
async fn operators_give_tokens_out_and_take_them_back() {
    let app = TestApp::start_with("[clients]\nregistration = \"token\"").await;
    let database = app.stop().await;
    let program = Program::on(database);
    let made = program.run("registration-token create --uses 2 --expires-in 7d --json").json();
    let token = made["token"].as_str().unwrap().to_owned();
    assert!(token.starts_with("hp_ia_"));
    assert_eq!(made["uses_left"], 2);
    let list = program.run("registration-token list --json").json();
    assert_eq!(list[0]["id"], made["id"]);
    assert!(list[0].get("token").is_none());
    let app = TestApp::start_on(program.database, "[clients]\nregistration = \"token\"");
    let script = app.script(&format!("Bearer {token}"));
    let register = || script.send_json(Method::POST, REGISTER, &Value::Null);
    assert_eq!(register().await.status, 400);
    let program = Program::on(app.stop().await);
    let revoke = format!("registration-token revoke {}", made["id"].as_str().unwrap());
    assert_eq!(program.run(&revoke).status, 0);
    assert!(program.run(&revoke).refusal().contains("there is no"));
    let app = TestApp::start_on(program.database, "[clients]\nregistration = \"token\"");
    let answer = app.script(&format!("Bearer {token}")).send_json(Method::POST, REGISTER, &json!({})).await;
    assert_eq!(answer.status, 401);
}

/// RFC 7591 §2: defaults, and what the server changes it says.
#[tokio::test]
async fn what_is_left_out_gets_its_default_and_never_more() {
    let app = open().await;
    app.scope("read", &[]).await;
    app.role("editor").await;
    app.scope("edit", &["editor"]).await;
    app.scope("rule", &["admin"]).await;
    let answer = app.register(&json!({ "redirect_uris": ["https://notes.test/cb"] })).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    let made = answer.json();
    assert_eq!(made["token_endpoint_auth_method"], "client_secret_basic");
    assert_eq!(made["grant_types"], json!(["authorization_code"]));
    assert_eq!(made["response_types"], json!(["code"]));
    assert_eq!(made["client_name"], "Application at notes.test");
    assert_eq!(made["client_secret_expires_at"], 0);
    assert!(made["client_secret"].as_str().unwrap().starts_with("hp_cs_"));
    let scopes = "account:read account:write address edit email offline_access openid phone profile read roles";
    assert_eq!(made["scope"], scopes);
    // The list that everybody reads is the same.
    let listed = app.stranger().get(SERVER).await.json()["scopes_supported"].clone();
    let mut listed: Vec<&str> = listed.as_array().unwrap().iter().map(|scope| scope.as_str().unwrap()).collect();
    listed.sort_unstable();
    assert_eq!(listed.join(" "), scopes);
    let stored =
        app.database.lines("SELECT concat_ws(' ', trusted, require_pkce, enabled, origin) AS line FROM clients");
    assert!(stored[0].ends_with("self_registered"), "{stored:?}");
    assert!(stored[0].starts_with("f f t") || stored[0].starts_with("0 0 1"), "{stored:?}");
}

/// RFC 7591 §2, RFC 6750 §3.1: a client registers with the scopes that it needs first, and asks for others when an API says
/// that it needs them; the person is asked each time.
#[tokio::test]
async fn a_client_may_come_back_for_more_than_it_named() {
    let app = open().await;
    app.person("ada", &[]).await;
    app.scope("read", &[]).await;
    app.scope("write", &[]).await;
    let mut description = app_at("https://notes.test/cb");
    description["scope"] = "read".into();
    let answer = app.register(&description).await;
    assert_eq!(answer.text("scope"), "read");
    let client = answer.client();
    let browser = app.signed_in("ada", PASSWORD).await;
    let asked = |page: Answer| {
        page.is_consent_page();
        ["read", "write", "openid"].map(|scope| page.body.contains(&format!("value=\"{scope}\"")))
    };
    assert_eq!(asked(browser.get(&client.authorize_path(&[])).await), [true, false, false]);
    let more = [("scope", "read write")];
    assert_eq!(asked(browser.get(&client.authorize_path(&more)).await), [true, true, false]);
    let location = app.authorize(&browser, &client, &more).await;
    let tokens = app.redeem(&client, &parameters(&location)["code"]).await.json();
    assert_eq!(tokens["scope"], "read write");
    let too_much = browser.get(&client.authorize_path(&[("scope", "read users:read")])).await;
    app.error_location(&too_much.link("way-back"), &client.redirect_uri, "invalid_scope", Some("xyz"));
}

/// RFC 7591 §2, §5: what only an administrator gives is not to be had, whatever it is called.
#[tokio::test]
async fn nobody_makes_themselves_more_than_they_are() {
    let app = open().await;
    app.scope("read", &[]).await;
    let mut description = app_at("https://notes.test/cb");
    for (name, value) in [
        ("trusted", json!(true)),
        ("roles", json!(["admin"])),
        ("role", json!("admin")),
        ("enabled", json!(true)),
        ("origin", json!("administrator")),
        ("client_id", json!("mine")),
        ("client_secret", json!("mine")),
        ("registration_access_token", json!("mine")),
        ("needed_scopes", json!("read")),
        ("resources", json!(["https://api.test/"])),
        ("nonsense", json!({ "deep": [1, 2, 3] })),
    ] {
        description[name] = value;
    }
    let answer = app.register(&description).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    for name in ["trusted", "roles", "role", "enabled", "origin", "client_secret", "resources", "nonsense"] {
        assert!(answer.json().get(name).is_none(), "{name}");
    }
    assert_ne!(answer.text("client_id"), "mine");
    let stored = app.database.lines("SELECT metadata AS line FROM clients").remove(0);
    assert!(!stored.contains("nonsense") && !stored.contains("admin"), "{stored}");
    assert!(app.database.lines("SELECT role_name AS line FROM client_roles").is_empty());
    // Scopes that reach others are left out where others stay, and refused where none does.
    for scope in ["introspect", "users:read", "users:write clients:write audit:read", "unknown"] {
        let description = with("scope", format!("{scope} read").into());
        assert_eq!(app.register(&description).await.text("scope"), "read", "{scope}");
        app.register(&with("scope", scope.into())).await.refused(400, "invalid_client_metadata");
    }
    // In its own name it does nothing.
    let both = json!(["authorization_code", "client_credentials", "password", "implicit"]);
    assert_eq!(app.register(&with("grant_types", both)).await.json()["grant_types"], json!(["authorization_code"]));
    let own = json!({ "grant_types": ["client_credentials"], "scope": "read", "client_name": "Robot" });
    app.register(&own).await.refused(400, "invalid_client_metadata");
}

/// RFC 7591 §3.2.2; RFC 6749 §3.1.2, RFC 8252 §7.1
#[tokio::test]
async fn a_bad_redirect_uri_is_refused_by_its_name() {
    let app = open().await;
    for uri in [
        "https://notes.test/cb#x",
        "https://notes.test/cb?code=1",
        "https://notes.test/cb?a=1&state=2",
        "https://notes.test/cb?iss=x",
        "https://notes.test/cb?error=x",
        "http://notes.test/cb",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "blob:https://notes.test/1",
        "about:blank",
        "myapp:/cb",
        "https://ada@notes.test/cb",
        "https://*.notes.test/cb",
        "//notes.test/cb",
        "/cb",
        "",
    ] {
        app.register(&with("redirect_uris", json!([uri]))).await.refused(400, "invalid_redirect_uri");
        app.register(&with("redirect_uris", json!(["https://notes.test/cb", uri])))
            .await
            .refused(400, "invalid_redirect_uri");
    }
    for wrong in [json!([]), json!("https://notes.test/cb"), json!([1]), json!({}), Value::Null] {
        app.register(&with("redirect_uris", wrong)).await.refused(400, "invalid_redirect_uri");
    }
    let many: Vec<String> = (0..51).map(|n| format!("https://notes.test/{n}")).collect();
    app.register(&with("redirect_uris", json!(many))).await.refused(400, "invalid_redirect_uri");
}

/// RFC 7591 §2 with OpenID Connect Registration §2; RFC 8252 §7
#[tokio::test]
async fn a_program_on_ones_own_machine_is_a_native_one() {
    let app = open().await;
    let native = ["http://127.0.0.1/cb", "http://[::1]:3000/cb", "http://localhost/cb", "com.example.app:/cb"];
    for uri in native {
        let made = app.register(&app_at(uri)).await;
        assert_eq!(made.text("application_type"), "native", "{uri}");
        let mut web = app_at(uri);
        web["application_type"] = "web".into();
        app.register(&web).await.refused(400, "invalid_redirect_uri");
        web["application_type"] = "native".into();
        assert_eq!(app.register(&web).await.status, 201);
    }
    let mixed = with("redirect_uris", json!(["http://127.0.0.1/cb", "https://notes.test/cb"]));
    assert_eq!(app.register(&mixed).await.text("application_type"), "native");
    assert_eq!(app.register(&app_at("https://notes.test/cb")).await.text("application_type"), "web");
    app.register(&with("application_type", "desktop".into())).await.refused(400, "invalid_client_metadata");
}

/// RFC 7591 §2: a stranger that wants its secret in the body gets none, and is told so.
#[tokio::test]
async fn a_stranger_gets_no_secret_for_the_body() {
    let app = open().await;
    let post = with("token_endpoint_auth_method", "client_secret_post".into());
    let made = app.register(&post).await;
    assert_eq!(made.text("token_endpoint_auth_method"), "none");
    assert!(made.json().get("client_secret").is_none());
    let invited = app.script(&format!("Bearer {}", app.initial_access_token(None, None).await));
    let made = invited.send_json(Method::POST, REGISTER, &post).await;
    assert_eq!(made.text("token_endpoint_auth_method"), "client_secret_post");
    assert!(made.text("client_secret").starts_with("hp_cs_"));
    let basic = with("token_endpoint_auth_method", "client_secret_basic".into());
    assert!(app.register(&basic).await.text("client_secret").starts_with("hp_cs_"));
    for method in ["client_secret_jwt", "tls_client_auth", "", "NONE"] {
        let description = with("token_endpoint_auth_method", method.into());
        app.register(&description).await.refused(400, "invalid_client_metadata");
    }
}

/// RFC 7591 §2, §5: no scheme but https in what a page could link to.
#[tokio::test]
async fn links_are_https_or_refused() {
    let app = open().await;
    for name in ["logo_uri", "client_uri", "tos_uri", "policy_uri"] {
        for link in ["javascript:alert(1)", "data:text/html,x", "http://notes.test/", "//notes.test/", "notes", ""] {
            app.register(&with(name, link.into())).await.refused(400, "invalid_client_metadata");
        }
        app.register(&with(name, json!(["https://notes.test/"]))).await.refused(400, "invalid_client_metadata");
        assert_eq!(app.register(&with(name, "https://notes.test/x".into())).await.text(name), "https://notes.test/x");
    }
}

/// RFC 7591 §2
#[tokio::test]
async fn members_of_a_wrong_kind_are_refused() {
    let app = open().await;
    for (name, value) in [
        ("client_name", json!(1)),
        ("client_name", json!("a\u{202e}b")),
        ("client_name", json!("x".repeat(201))),
        ("client_name", json!(" ")),
        ("grant_types", json!("authorization_code")),
        ("grant_types", json!([])),
        ("grant_types", json!(["implicit"])),
        ("grant_types", json!(["refresh_token"])),
        ("response_types", json!(["token"])),
        ("response_types", json!("code")),
        ("scope", json!(["read"])),
        ("scope", json!("a  b")),
        ("contacts", json!("ada@notes.test")),
        ("contacts", json!(vec!["a"; 21])),
        ("software_id", json!(7)),
        ("software_version", json!("x".repeat(501))),
        ("jwks", json!({ "keys": [] })),
        ("jwks", json!("{}")),
        ("jwks_uri", json!("http://notes.test/jwks")),
        ("dpop_bound_access_tokens", json!("true")),
        ("require_pushed_authorization_requests", json!(1)),
    ] {
        let answer = app.register(&with(name, value.clone())).await;
        let why = answer.refused(400, "invalid_client_metadata");
        assert!(why.contains(name) || why.contains("refresh tokens"), "{name} {value}: {why}");
    }
    let null = json!({ "redirect_uris": ["https://notes.test/cb"], "client_name": null, "jwks": null, "scope": null });
    assert_eq!(app.register(&null).await.status, 201);
}

/// RFC 7591 §3.1: JSON, and nothing that only looks like it.
#[tokio::test]
async fn a_body_that_is_not_one_json_object_is_refused_at_once() {
    let app = open().await;
    let send = |content_type: &'static str, body: Vec<u8>| {
        let script = app.stranger();
        async move { script.send_body(Method::POST, REGISTER, content_type, body).await }
    };
    let good = app_at("https://notes.test/cb").to_string().into_bytes();
    for content_type in
        ["application/x-www-form-urlencoded", "text/plain", "text/json", "multipart/form-data", "application/jsonp"]
    {
        send(content_type, good.clone()).await.refused(415, "invalid_request");
    }
    assert_eq!(send("application/json; charset=utf-8", good.clone()).await.status, 201);
    let twice = br#"{"redirect_uris":["https://notes.test/cb"],"redirect_uris":["https://evil.test/cb"]}"#.to_vec();
    let deep = format!("{{\"x\":{}{}}}", "[".repeat(10_000), "]".repeat(10_000)).into_bytes();
    for body in
        [b"".to_vec(), b"{".to_vec(), b"[]".to_vec(), b"null".to_vec(), b"\"x\"".to_vec(), twice, deep, vec![0xff]]
    {
        send("application/json", body).await.refused(400, "invalid_client_metadata");
    }
    let uris: Vec<String> = (0..10_000).map(|n| format!("https://n.test/{n}")).collect();
    let large = json!({ "redirect_uris": uris }).to_string();
    assert!(large.len() > 64 * 1024);
    send("application/json", large.into_bytes()).await.refused(413, "invalid_request");
    let huge = json!({ "client_name": "x".repeat(1_000_000) }).to_string();
    assert_eq!(send("application/json", huge.into_bytes()).await.status, 413);
    assert_eq!(app.database.lines("SELECT client_id AS line FROM clients").len(), 1);
}

/// RFC 7591 §5: strangers are limited, each network by itself; whoever was invited is not.
#[tokio::test]
async fn strangers_register_so_many_and_no_more() {
    let settings =
        format!("{OPEN}\n[http]\ntrusted_proxies = [\"127.0.0.1\"]\n[limits]\nregistrations_per_address = 3");
    let app = TestApp::start_with(&settings).await;
    let from = |address: &str| app.stranger().with("x-forwarded-for", address);
    let description = app_at("https://notes.test/cb");
    for _ in 0..3 {
        // What is refused does not count.
        let bad = from("198.51.100.1").send_json(Method::POST, REGISTER, &json!({})).await;
        assert_eq!(bad.status, 400);
        assert_eq!(from("198.51.100.1").send_json(Method::POST, REGISTER, &description).await.status, 201);
    }
    let limited = from("198.51.100.1").send_json(Method::POST, REGISTER, &description).await;
    assert_eq!((limited.status, limited.header("retry-after")), (429, "3600"));
    assert_eq!(from("198.51.100.2").send_json(Method::POST, REGISTER, &description).await.status, 201);
    let token = format!("Bearer {}", app.initial_access_token(None, None).await);
    let invited = from("198.51.100.1").with("authorization", &token);
    assert_eq!(invited.send_json(Method::POST, REGISTER, &description).await.status, 201);
    app.pass(Lifetime::from_hours(1));
    assert_eq!(from("198.51.100.1").send_json(Method::POST, REGISTER, &description).await.status, 201);
}

/// RFC 7591 §5: clients that nobody uses do not fill the database.
#[tokio::test]
async fn clients_that_were_never_used_make_way_after_a_day() {
    let app = TestApp::start_with(&format!("{OPEN}\n[limits]\nunused_registrations = 2")).await;
    let first = app.register(&app_at("https://one.test/cb")).await.client();
    app.pass(Lifetime::from_hours(1));
    let second = app.register(&app_at("https://two.test/cb")).await.client();
    let full = app.register(&app_at("https://three.test/cb")).await;
    assert_eq!((full.status, full.text("error").as_str()), (503, "temporarily_unavailable"));
    app.pass(Lifetime::from_hours(23));
    let third = app.register(&app_at("https://three.test/cb")).await.client();
    let ids = app.database.lines("SELECT client_id AS line FROM clients");
    assert!(!ids.contains(&first.client_id) && ids.contains(&second.client_id) && ids.contains(&third.client_id));
    assert_eq!(app.register(&app_at("https://four.test/cb")).await.status, 503);
}

/// RFC 7591 §5: clients that stay whatever their age, because an administrator disabled them or somebody lets them do
/// something, keep nobody out.
#[tokio::test]
async fn clients_that_stay_are_not_in_the_way_of_others() {
    let app = TestApp::start_with(&format!("{OPEN}\n[limits]\nunused_registrations = 1")).await;
    app.person("ada", &[]).await;
    app.scope("read", &[]).await;
    let disabled = app.register(&app_at("https://one.test/cb")).await.client();
    let sql = format!("UPDATE clients SET enabled = FALSE WHERE client_id = '{}'", disabled.client_id);
    assert_eq!(app.database.execute(&sql).unwrap(), 1);
    let allowed = app.register(&app_at("https://two.test/cb")).await;
    assert_eq!(allowed.status, 201, "{}", allowed.body);
    // The code is never redeemed, so that the client is not used.
    app.code(&app.signed_in("ada", PASSWORD).await, &allowed.client()).await;
    app.pass(Lifetime::from_hours(1));
    let idle = app.register(&app_at("https://three.test/cb")).await;
    assert_eq!(idle.status, 201, "{}", idle.body);
    assert_eq!(app.register(&app_at("https://four.test/cb")).await.status, 503);
    app.pass(Lifetime::from_days(1));
    assert_eq!(app.register(&app_at("https://four.test/cb")).await.status, 201);
    let ids = app.database.lines("SELECT client_id AS line FROM clients");
    assert!(ids.contains(&disabled.client_id) && ids.contains(&allowed.client().client_id), "{ids:?}");
    assert!(!ids.contains(&idle.client().client_id), "{ids:?}");
}

/// A client that nobody uses and nobody lets do anything goes; all others stay.
#[tokio::test]
async fn an_unused_client_goes_after_its_time() {
    let app = TestApp::start_with(&format!("{OPEN}\nunused_lifetime_seconds = 86400")).await;
    app.person("ada", &[]).await;
    app.scope("read", &[]).await;
    let by_hand = app.web_client("read").await.client_id;
    let [unused, used, disabled] = [1, 2, 3].map(|n| app_at(&format!("https://{n}.test/cb")));
    let unused = app.register(&unused).await.client();
    let used = app.register(&used).await.client();
    let disabled = app.register(&disabled).await.client();
    let browser = app.signed_in("ada", PASSWORD).await;
    app.tokens(&browser, &used).await;
    let sql = format!("UPDATE clients SET enabled = FALSE WHERE client_id = '{}'", disabled.client_id);
    assert_eq!(app.database.execute(&sql).unwrap(), 1);
    let life = Lifetime::from_days(1);
    let look = || {
        let now = hallpass::clock::Clock::now(&*app.clock);
        app.store.read(move |tx| tx.find_unused_clients(life, now, 10))
    };
    assert_eq!(look().await.unwrap(), []);
    app.pass(life);
    let found = look().await.unwrap();
    assert_eq!(found.iter().map(ToString::to_string).collect::<Vec<_>>(), [unused.client_id.as_str()]);
    let now = hallpass::clock::Clock::now(&*app.clock);
    let id = found[0];
    let expire = move |tx: &mut hallpass::store::Tx<'_>| hallpass::domain::oauth::register::expire(tx, id, life, now);
    assert!(app.write(expire).await);
    let left: BTreeSet<String> = app.database.lines("SELECT client_id AS line FROM clients").into_iter().collect();
    assert_eq!(left, BTreeSet::from([by_hand, used.client_id, disabled.client_id]));
}

/// RFC 9700 §4.11.2, MCP's confused deputy: consent is asked for before anything goes anywhere, each time.
#[tokio::test]
async fn a_stranger_s_client_gets_nothing_without_a_person_s_decision() {
    let app = open().await;
    app.person("ada", &[]).await;
    app.scope("read", &[]).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let earlier = app.register(&app_at("https://notes.test/cb")).await.client();
    app.tokens(&browser, &earlier).await;
    let attacker = app.register(&app_at("https://evil.test/cb")).await.client();
    for client in [&earlier, &attacker] {
        let page = browser.get(&client.authorize_path(&[])).await;
        page.is_consent_page();
        assert!(page.body.contains("Not verified") && page.body.contains("Notes"));
        let host = url::Url::parse(&client.redirect_uri).unwrap().host_str().unwrap().to_owned();
        assert_eq!(page.by_id("destination"), host);
    }
    // Nor is anybody sent there before they signed in: such a client's mistakes are no way to redirect people.
    let nobody = app.browser();
    for extra in [("scope", "nonsense"), ("response_type", "token"), ("code_challenge", "x"), ("prompt", "none")] {
        let answer = nobody.get(&attacker.authorize_path(&[extra])).await;
        assert!(!answer.header("location").contains("evil.test"), "{extra:?}: {}", answer.header("location"));
    }
}

/// RFC 9700 §4.11.2: whoever is signed in is not sent to a stranger's page by a link either, but may go there.
#[tokio::test]
async fn a_mistake_of_a_stranger_s_client_is_shown_and_sends_nobody_there() {
    let app = open().await;
    app.person("ada", &[]).await;
    app.role("editor").await;
    app.scope("read", &["editor"]).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let mut description = app_at("https://evil.test/cb");
    description["client_name"] = "<b>Notes</b>".into();
    let attacker = app.register(&description).await.client();
    for (name, value, error) in [
        ("response_type", "token", "unsupported_response_type"),
        ("response_mode", "web_message", "invalid_request"),
        ("scope", "nonsense", "invalid_scope"),
        ("code_challenge", "x", "invalid_request"),
        // This person holds none of the roles that it needs.
        ("scope", "read", "access_denied"),
    ] {
        let page = browser.get(&attacker.authorize_path(&[(name, value)])).await;
        page.is_error_page();
        assert!(page.body.contains("calls itself &#60;b&#62;Notes&#60;/b&#62;"), "{}", page.body);
        assert_eq!(page.by_id("way-back"), "go to evil.test");
        assert!(page.body.contains("rel=\"noreferrer\""), "{}", page.body);
        app.error_location(&page.link("way-back"), &attacker.redirect_uri, error, Some("xyz"));
    }
    // One that an administrator registered is told itself.
    let known = app.web_client("read").await;
    let answer = browser.get(&known.authorize_path(&[("response_type", "token")])).await;
    app.redirected(&answer, &known.redirect_uri, "unsupported_response_type", Some("xyz"));
}

/// RFC 7591 §5: what a client calls itself is shown as text; its picture is the browser's to fetch, from there alone, and
/// stands beside a warning.
#[tokio::test]
async fn names_are_text_and_pictures_come_from_where_the_client_says_and_nowhere_else() {
    let app = open().await;
    app.person("ada", &[]).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let mut description = app_at("https://notes.test/cb");
    description["client_name"] = "<img src=x onerror=alert(1)>".into();
    description["logo_uri"] = "https://pictures.test/logo.svg?a=b".into();
    description["policy_uri"] = "https://notes.test/privacy".into();
    description["tos_uri"] = "https://notes.test/terms".into();
    let client = app.register(&description).await.client();
    let consent = browser.get(&client.authorize_path(&[])).await;
    consent.is_consent_page();
    let stranger = app.browser();
    let sign_in = stranger.get(&client.authorize_path(&[])).await.header("location").to_owned();
    let sign_in = stranger.get(&sign_in).await;
    for page in [&consent, &sign_in] {
        assert!(!page.body.contains("<img src=x"), "{}", page.body);
        assert!(page.body.contains("src=\"https://pictures.test/logo.svg?a=b\""), "{}", page.body);
        let policy = page.header("content-security-policy");
        assert!(policy.contains("img-src 'self' https://pictures.test/logo.svg;"), "{policy}");
        assert!(page.body.contains("picture itself"), "{}", page.body);
        assert_eq!(page.link("client-policy"), "https://notes.test/privacy");
        assert_eq!(page.link("client-terms"), "https://notes.test/terms");
    }
    // One that names no picture changes nothing.
    let plain = app.register(&app_at("https://notes.test/cb")).await.client();
    let page = browser.get(&plain.authorize_path(&[])).await;
    assert!(page.header("content-security-policy").contains("img-src 'self';"));
    // What is no address of the web is none.
    description["logo_uri"] = "https://pictures.test/a.png; script-src *".into();
    app.register(&description).await.refused(400, "invalid_client_metadata");
}

/// RFC 7591 §3; what was done stands in the log, secrets do not.
#[tokio::test]
async fn a_registration_stands_in_the_audit_log() {
    let app = open().await;
    let answer = app.register(&app_at("https://notes.test/cb")).await;
    let entries =
        app.database.lines("SELECT actor || ' ' || event || ' ' || subject || ' ' || details AS line FROM audit");
    let entry = entries.iter().find(|entry| entry.contains("client.created")).unwrap();
    assert!(entry.starts_with(&format!("stranger client.created {}", answer.text("client_id"))), "{entry}");
    assert!(!entries.join("\n").contains("hp_rg_"));
}
