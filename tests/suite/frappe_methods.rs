//! Frappe's methods about users, and users as documents (docs/FRAPPE.md, C1, C2, C5, C6).

use std::collections::BTreeSet;

use hallpass::config::secret_key::SecretKey;
use hallpass::domain::frappe_key::NAME;
use hallpass::domain::imported_secrets::Digested;
use hallpass::model::api_key::ApiKey;
use hallpass::model::api_key::KeyAccess;
use hallpass::model::id::ApiKeyId;
use hallpass::model::key_limits::KeyLimits;
use hallpass::model::name::DisplayName;
use hallpass::model::role::RoleName;
use hallpass::model::scope::Scope;
use hallpass::model::time::Lifetime;
use hallpass::model::token::ApiKeyName;
use hallpass::random::Random;
use hallpass::store::ImportedForm;
use reqwest::Method;
use serde_json::Value;
use serde_json::json;

use crate::support::app::SECRET_KEY;
use crate::support::app::TestApp;
use crate::support::caller::Answer;
use crate::support::caller::Script;
use crate::support::seed::PASSWORD;
use crate::support::seed::SeededKey;

const LOGGED_USER: &str = "/api/method/frappe.auth.get_logged_user";
const GENERATE_KEYS: &str = "/api/method/frappe.core.doctype.user.user.generate_keys";

/// The key that came back.
#[track_caller]
fn made(answer: &Answer) -> SeededKey {
    assert_eq!(answer.status, 200, "{}", answer.body);
    let json = answer.json();
    let message = if json["message"].is_object() { &json["message"] } else { &json["data"] };
    assert_eq!(message.as_object().unwrap().len(), 2, "{json}");
    let text = |name: &str| message[name].as_str().unwrap().to_owned();
    SeededKey { id: String::new(), api_key: text("api_key"), api_secret: text("api_secret") }
}

#[track_caller]
fn is_forbidden(answer: &Answer, what: &str) {
    assert_eq!((answer.status, answer.text("exc_type")), (403, "PermissionError".to_owned()), "{what}");
}

async fn administrator(app: &TestApp) -> Script {
    let root = app.person("root", &["admin"]).await;
    app.script(&app.key(&root).await.token_header())
}

/// C1
#[tokio::test]
async fn a_user_goes_by_the_email_address_or_else_by_the_user_name() {
    let app = TestApp::start().await;
    let (ada, bob) = (app.person("ada", &[]).await, app.person("bob", &[]).await);
    app.describe_user(&ada, "Ada@Example.com", "Ada").await;
    for (user, name) in [(&ada, "Ada@Example.com"), (&bob, "bob")] {
        let script = app.script(&app.key(user).await.token_header());
        assert_eq!(script.get(LOGGED_USER).await.json(), json!({ "message": name }));
        assert_eq!(script.post(LOGGED_USER, &[]).await.json(), json!({ "message": name }));
        let v2 = LOGGED_USER.replace("/api", "/api/v2");
        assert_eq!(script.get(&v2).await.json(), json!({ "data": name }));
    }
    let browser = app.signed_in("bob", PASSWORD).await;
    assert_eq!(browser.get(LOGGED_USER).await.json(), json!({ "message": "bob" }));
}

/// C1: a guest is refused with a sentence, never named.
#[tokio::test]
async fn a_guest_is_forbidden_and_never_named() {
    let app = TestApp::start().await;
    for (script, method) in [(app.stranger(), Method::GET), (app.stranger(), Method::POST)] {
        let answer = script.send(method, LOGGED_USER, None).await;
        is_forbidden(&answer, "a guest");
        assert!(answer.text("_server_messages").contains("Sign in"), "{}", answer.body);
        assert!(!answer.body.contains("Guest"));
    }
    let dead = app.stranger().with("cookie", "hallpass_session=hp_se_x").get(LOGGED_USER).await;
    is_forbidden(&dead, "a cookie of no session");
}

/// C2
#[tokio::test]
async fn generate_keys_makes_a_key_and_gives_it_a_new_secret_each_time_after() {
    let app = TestApp::start().await;
    let script = administrator(&app).await;
    let ada = app.person("ada", &["admin"]).await;
    app.describe_user(&ada, "ada@example.com", "Ada").await;
    let other = app.key(&ada).await;
    let first = made(&script.post(GENERATE_KEYS, &[("user", "ada@example.com")]).await);
    let logged = async |key: &SeededKey| app.script(&key.token_header()).get(LOGGED_USER).await;
    assert_eq!(logged(&first).await.json(), json!({ "message": "ada@example.com" }));
    // It acts as its user in all things.
    let me = app.script(&first.token_header()).get("/api/v1/me").await.json();
    assert_eq!((&me["full_access"], &me["roles"]), (&json!(true), &json!(["admin"])));

    let second = made(&script.post(&GENERATE_KEYS.replace("/api", "/api/v2"), &[("user", "ada")]).await);
    assert_eq!(second.api_key, first.api_key);
    assert_ne!(second.api_secret, first.api_secret);
    assert_eq!((logged(&first).await.status, logged(&second).await.status), (401, 200));
    // The user's other keys go on.
    assert_eq!(logged(&other).await.status, 200);
    let keys = script.get("/api/v1/keys?user=ada").await.json();
    let names: BTreeSet<&str> =
        keys["items"].as_array().unwrap().iter().map(|key| key["name"].as_str().unwrap()).collect();
    assert_eq!(names, BTreeSet::from(["test", NAME]));
    assert!(!script.get("/api/v1/keys?user=ada").await.body.contains(&second.api_secret));
}

/// C2: who calls it in a session does so from a page of ours.
#[tokio::test]
async fn generate_keys_is_for_administrators_and_by_post_alone() {
    let app = TestApp::start().await;
    let script = administrator(&app).await;
    let ada = app.person("ada", &[]).await;
    let own = app.script(&app.key(&ada).await.token_header());
    is_forbidden(&own.post(GENERATE_KEYS, &[("user", "ada")]).await, "one's own");
    is_forbidden(&app.stranger().post(GENERATE_KEYS, &[("user", "ada")]).await, "a guest");
    is_forbidden(&script.get(&format!("{GENERATE_KEYS}?user=ada")).await, "GET");
    assert_eq!(script.get("/api/v1/keys?user=ada").await.json()["items"].as_array().unwrap().len(), 1);
    let missing = script.post(GENERATE_KEYS, &[("user", "nobody")]).await;
    assert_eq!((missing.status, missing.text("exc_type")), (404, "DoesNotExistError".to_owned()));

    let browser = app.signed_in("root", PASSWORD).await;
    let forged = browser.post(GENERATE_KEYS, &[("user", "ada")]).await;
    assert_eq!((forged.status, forged.text("exc_type")), (400, "CSRFTokenError".to_owned()));
    made(&browser.submit(GENERATE_KEYS, &[("user", "ada")]).await);
}

/// C2: such a key has full access, so nothing that has less can make one or renew it.
#[tokio::test]
async fn generate_keys_gives_nothing_that_the_caller_has_not() {
    let app = TestApp::start().await;
    let script = administrator(&app).await;
    let boss = app.person("boss", &["admin"]).await;
    app.role("sales").await;
    app.grant_role(&boss, "sales").await;
    let first = made(&script.post(GENERATE_KEYS, &[("user", "boss")]).await);
    let scoped = app.key_with(&boss, |key| key.access = KeyAccess::Scopes(Scope::parse("keys:write").unwrap())).await;
    let few =
        app.key_with(&boss, |key| key.roles = Some([RoleName::parse("admin").unwrap()].into_iter().collect())).await;
    let here = app.key_with(&boss, |key| key.allowed_addresses = vec!["127.0.0.0/8".parse().unwrap()]).await;
    app.scope("read", &[]).await;
    let client = app.web_client("keys:write").await;
    let tokens = app.tokens(&app.signed_in("boss", PASSWORD).await, &client).await;
    let bearer = format!("Bearer {}", tokens["access_token"].as_str().unwrap());
    for (what, header) in [
        ("a scope", scoped.token_header()),
        ("fewer roles", few.token_header()),
        ("one address", here.token_header()),
        ("an access token", bearer),
    ] {
        for user in ["boss", "root"] {
            is_forbidden(&app.script(&header).post(GENERATE_KEYS, &[("user", user)]).await, what);
        }
    }
    assert_eq!(app.script(&first.token_header()).get(LOGGED_USER).await.status, 200);
}

/// C2: what only goes by the name is left alone, and so is one that was disabled.
#[tokio::test]
async fn generate_keys_renews_only_a_key_that_can_do_what_it_is_for() {
    let app = TestApp::start().await;
    let script = administrator(&app).await;
    let ada = app.person("ada", &[]).await;
    let small = app
        .key_with(&ada, |key| {
            key.name = DisplayName::parse(NAME).unwrap();
            key.access = KeyAccess::Scopes(Scope::parse("profile").unwrap());
        })
        .await;
    let first = made(&script.post(GENERATE_KEYS, &[("user", "ada")]).await);
    assert_ne!(first.api_key, small.api_key);
    assert_eq!(app.script(&small.token_header()).get(LOGGED_USER).await.status, 200);

    let keys = script.get("/api/v1/keys?user=ada").await.json();
    let of = |key: &SeededKey| {
        let found = keys["items"].as_array().unwrap().iter().find(|item| item["api_key"] == key.api_key.as_str());
        format!("/api/v1/keys/{}", found.unwrap()["id"].as_str().unwrap())
    };
    let disabled =
        script.send_body(Method::PATCH, &of(&first), "application/json", br#"{"enabled":false}"#.to_vec()).await;
    assert_eq!(disabled.status, 200, "{}", disabled.body);
    let second = made(&script.post(GENERATE_KEYS, &[("user", "ada")]).await);
    assert_ne!(second.api_key, first.api_key);
    assert_eq!(app.script(&second.token_header()).get(LOGGED_USER).await.status, 200);
    // Revoked, it is no more, and the next one is another.
    assert_eq!(script.send(Method::DELETE, &of(&first), None).await.status, 204);
    let third = made(&script.post(GENERATE_KEYS, &[("user", "ada")]).await);
    assert_eq!(third.api_key, second.api_key);
}

/// C2: the key that a user brought from a Frappe site goes on: its public half stays, with a secret of ours.
#[tokio::test]
async fn generate_keys_goes_on_with_the_key_that_was_imported() {
    let app = TestApp::start().await;
    let script = administrator(&app).await;
    let ada = app.person("ada", &[]).await;
    let brought = ApiKey {
        id: Random.id(app.act().now, ApiKeyId::new),
        user: ada.id,
        api_key: ApiKeyName::parse_imported("0123456789abcde").unwrap(),
        name: "Frappe".to_owned(),
        access: KeyAccess::Full,
        roles: None,
        allowed_addresses: Vec::new(),
        enabled: true,
        created_at: app.act().now,
        expires_at: None,
        revoked_at: None,
        last_use: None,
        limits: KeyLimits::default(),
        is_imported: true,
        is_decoy: false,
        trial_until: None,
        replaces: None,
        alarmed_at: None,
    };
    let secret = Digested::of("fedcba987654321").hash(SecretKey::parse(SECRET_KEY).unwrap().expose());
    app.write(move |tx| tx.api_keys().insert_imported(&brought, &secret, ImportedForm::Pair)).await;
    // What is brought beside a running server holds within a second.
    tokio::time::sleep(std::time::Duration::from_millis(1_000)).await;
    let old = app.script("token 0123456789abcde:fedcba987654321");
    assert_eq!(old.get(LOGGED_USER).await.json(), json!({ "message": "ada" }));
    let renewed = made(&script.post(GENERATE_KEYS, &[("user", "ada")]).await);
    assert_eq!(renewed.api_key, "0123456789abcde");
    for header in [renewed.token_header(), renewed.basic_header()] {
        assert_eq!(app.script(&header).get(LOGGED_USER).await.json(), json!({ "message": "ada" }));
    }
    assert_eq!(old.get(LOGGED_USER).await.status, 401);
}

/// C2: two at once make one key, and one of the two secrets holds.
#[tokio::test]
async fn generate_keys_twice_at_once_makes_one_key() {
    let app = TestApp::start().await;
    let script = administrator(&app).await;
    app.person("ada", &[]).await;
    let call = || script.post(GENERATE_KEYS, &[("user", "ada")]);
    let (a, b, c, d) = tokio::join!(call(), call(), call(), call());
    let keys = [a, b, c, d].map(|answer| made(&answer));
    assert!(keys.iter().all(|key| key.api_key == keys[0].api_key));
    let mut good = 0;
    for key in &keys {
        good += u32::from(app.script(&key.token_header()).get(LOGGED_USER).await.status == 200);
    }
    assert_eq!(good, 1);
}

/// C5
#[tokio::test]
async fn ping_is_answered_to_everybody() {
    let app = TestApp::start().await;
    assert_eq!(app.stranger().get("/api/method/ping").await.json(), json!({ "message": "pong" }));
    assert_eq!(app.stranger().get("/api/v2/method/ping").await.json(), json!({ "data": "pong" }));
}

fn listed(answer: &Answer) -> Vec<Value> {
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.json()["data"].as_array().unwrap().clone()
}

/// C6
#[tokio::test]
async fn an_administrator_reads_users_as_documents() {
    let app = TestApp::start().await;
    let script = administrator(&app).await;
    app.pass(Lifetime::from_seconds(1));
    let ada = app.person("ada", &[]).await;
    app.describe_user(&ada, "ada@example.com", "Ada Lovelace").await;
    let names = |answer: &Answer| listed(answer).iter().map(|user| user["name"].clone()).collect::<Vec<_>>();
    assert_eq!(
        listed(&script.get("/api/resource/User").await),
        [json!({"name":"root"}), json!({"name":"ada@example.com"})]
    );
    let page = script.get("/api/resource/User?limit_start=1&limit_page_length=1").await;
    assert_eq!(names(&page), ["ada@example.com"]);
    assert_eq!(names(&script.get("/api/resource/User?limit=1&order_by=creation%20asc").await), ["root"]);
    assert_eq!(names(&script.get("/api/resource/User?limit_page_length=0").await), ["root", "ada@example.com"]);
    let whole = json!({
        "name": "ada@example.com", "username": "ada", "email": "ada@example.com", "full_name": "Ada Lovelace",
        "enabled": 1, "user_type": "System User",
    });
    for fields in ["%22*%22", "%5B%22*%22%5D"] {
        assert_eq!(listed(&script.get(&format!("/api/resource/User?fields={fields}")).await)[1], whole, "{fields}");
    }
    let some = script.get("/api/resource/User?fields=%5B%22name%22,%22enabled%22%5D").await;
    assert_eq!(listed(&some)[0], json!({ "name": "root", "enabled": 1 }));
    for filters in
        [r#"{"name":"ada@example.com"}"#, r#"[["email","=","ada@example.com"]]"#, r#"[["User","username","=","ada"]]"#]
    {
        let query = crate::support::flow::query(&[("filters", filters)]);
        assert_eq!(names(&script.get(&format!("/api/resource/User?{query}")).await), ["ada@example.com"], "{filters}");
    }
    let mut document = whole.clone();
    document["doctype"] = json!("User");
    document["roles"] = json!([]);
    for name in ["ada@example.com", "ada%40example.com", "ada"] {
        assert_eq!(
            script.get(&format!("/api/resource/User/{name}")).await.json(),
            json!({ "data": document }),
            "{name}"
        );
    }
    let root = script.get("/api/resource/User/root").await.json();
    assert_eq!(root["data"]["roles"], json!([{ "role": "admin" }]));
    assert_eq!(script.get("/api/resource/User/nobody").await.text("exc_type"), "DoesNotExistError");
}

/// C6
#[tokio::test]
async fn everybody_else_reads_themselves() {
    let app = TestApp::start().await;
    app.person("root", &["admin"]).await;
    let ada = app.person("ada", &[]).await;
    let script = app.script(&app.key(&ada).await.token_header());
    assert_eq!(listed(&script.get("/api/resource/User").await), [json!({ "name": "ada" })]);
    let root = crate::support::flow::query(&[("filters", r#"{"name":"root"}"#)]);
    assert_eq!(listed(&script.get(&format!("/api/resource/User?{root}")).await), Vec::<Value>::new());
    assert_eq!(script.get("/api/resource/User/ada").await.json()["data"]["username"], "ada");
    let (other, nobody) = (script.get("/api/resource/User/root").await, script.get("/api/resource/User/nobody").await);
    is_forbidden(&other, "another");
    // Whether somebody is there is not said.
    assert_eq!((nobody.status, &nobody.body), (other.status, &other.body));
    is_forbidden(&app.stranger().get("/api/resource/User").await, "a guest");
    let small = app.key_with(&ada, |key| key.access = KeyAccess::Scopes(Scope::parse("profile").unwrap())).await;
    is_forbidden(&app.script(&small.token_header()).get("/api/resource/User").await, "a key without the scope");
}

/// C6
#[tokio::test]
async fn other_documents_are_not_there_and_nothing_is_written() {
    let app = TestApp::start().await;
    let script = administrator(&app).await;
    for path in ["/api/resource/Customer", "/api/resource/Customer/x", "/api/resource/user"] {
        let answer = script.get(path).await;
        assert_eq!((answer.status, answer.text("exc_type")), (404, "DoesNotExistError".to_owned()), "{path}");
    }
    for method in [Method::POST, Method::PUT, Method::DELETE] {
        for path in ["/api/resource/User", "/api/resource/User/root"] {
            is_forbidden(&script.send(method.clone(), path, None).await, path);
        }
    }
    for (query, why) in [
        ("fields=%5B%22password%22%5D", "Fields: a user has name"),
        ("fields=x", "must be a JSON list"),
        ("filters=%7B%22enabled%22%3A1%7D", "Filters: users are found by name"),
        ("filters=%5B%5B%22name%22,%22like%22,%22%25%22%5D%5D", "Filters: users are found by name"),
        ("order_by=name%20desc", "users are listed by creation asc"),
        ("limit_start=-1", "must be a number from 0 to"),
        ("limit_page_length=501", "must be a number from 0 to 500"),
    ] {
        let answer = script.get(&format!("/api/resource/User?{query}")).await;
        assert_eq!((answer.status, answer.text("exc_type")), (417, "ValidationError".to_owned()), "{query}");
        assert!(answer.body.contains(why), "{query}: {}", answer.body);
    }
}

/// Kanidm 1.10: what is nested without end ends no server.
#[tokio::test]
async fn filters_without_end_are_refused_and_others_are_answered() {
    let app = TestApp::start().await;
    let (_, script) = app.root().await;
    let key = app.key(&app.person("ada", &[]).await).await;
    let ask = |wanted: u16, filters: &str| {
        let line = format!("GET /api/resource/User?filters={filters} HTTP/1.1");
        let authorization = format!("authorization: {}", key.token_header());
        let begun = std::time::Instant::now();
        let wire = app.wire_request(&[&line, "host: a", "connection: close", &authorization], b"");
        let (status, took) = (wire.only().status, begun.elapsed());
        assert_eq!(status, wanted, "{}", filters.len());
        // Some of it is the patience of whoever reads the answer.
        assert!(took < std::time::Duration::from_secs(3), "{}: {took:?}", filters.len());
    };
    let nested = |open: &str, close: &str, depth: usize| format!("{}1{}", open.repeat(depth), close.repeat(depth));
    // What can be read but is no filter has Frappe's own number.
    for (depth, wanted) in [(100, 417), (127, 417), (128, 400), (129, 400), (1_000, 400)] {
        ask(wanted, &nested("%5B", "%5D", depth));
        ask(wanted, &nested("%7B%22a%22:", "%7D", depth));
    }
    ask(400, &nested("%5B", "%5D", 10_000));
    // Of a megabyte not even the head of the request is read.
    ask(431, &"x".repeat(1_000_000));
    ask(431, &format!("%5B%5B%22name%22,%22=%22,%22{}%22%5D%5D", "x".repeat(1_000_000)));
    assert_eq!(script.get("/api/resource/User").await.status, 200);
    // So are bodies.
    let body = nested("[", "]", 10_000);
    for body in
        [body.clone(), format!("{{\"username\":{body}}}"), format!("{{\"a\":{}}}", nested("{\"a\":", "}", 5_000))]
    {
        let answer = script.post_raw("/api/v1/users", "application/json", body).await;
        assert_eq!(answer.status, 400, "{}", answer.body);
    }
    assert_eq!(script.get("/api/resource/User").await.status, 200);
}
