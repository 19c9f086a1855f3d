//! `/api/v1/clients` (the members are those of RFC 7591 §2).

use hallpass::model::api_key::KeyAccess;
use hallpass::model::audit::AuditEvent;
use hallpass::model::client::GrantType;
use hallpass::model::id::ClientId;
use hallpass::model::scope::Scope;
use hallpass::model::time::Lifetime;
use reqwest::Method;
use serde_json::Value;
use serde_json::json;

use crate::support::app::BEGIN;
use crate::support::app::TestApp;
use crate::support::jose::Key;
use crate::support::seed::PASSWORD;
use crate::support::seed::SeededClient;

const CB: &str = "https://rp.test/cb";

/// The client of an answer, as the flows of the tests want it.
fn seeded(made: &Value) -> SeededClient {
    let text = |name: &str| made[name].as_str().unwrap_or_default().to_owned();
    SeededClient { client_id: text("client_id"), secret: text("client_secret"), redirect_uri: CB.to_owned() }
}

#[tokio::test]
async fn a_client_is_registered_shown_and_used() {
    let app = TestApp::start().await;
    let (_, root) = app.root().await;
    app.scope("read", &[]).await;
    let body = json!({ "client_name": "Ledger", "redirect_uris": [CB], "scope": "read openid" });
    let answer = root.json(Method::POST, "/api/v1/clients", &body).await;
    assert_eq!((answer.status, answer.header("cache-control")), (201, "no-store"));
    let made = answer.json();
    let client = seeded(&made);
    assert!(client.secret.starts_with("hp_cs_"), "{made}");
    assert_eq!(answer.header("location"), format!("{}/api/v1/clients/{}", app.url, client.client_id));
    let mut expected = made.clone();
    expected.as_object_mut().unwrap().remove("client_secret");
    assert_eq!(
        expected,
        json!({
            "client_id": client.client_id, "client_name": "Ledger", "redirect_uris": [CB],
            "grant_types": ["authorization_code", "refresh_token"],
            "token_endpoint_auth_method": "client_secret_basic", "scope": "openid read", "needed_scope": "",
            "trusted": false, "require_pkce": false, "require_second_factor": false, "accent": null, "roles": [], "resources": [], "jwks": null, "jwks_uri": null,
            "require_pushed_authorization_requests": false, "require_signed_request_object": false,
            "dpop_bound_access_tokens": false, "enabled": true, "metadata": {}, "origin": "administrator",
            "created_at": BEGIN.seconds(), "used_at": null, "authorization_signed_response_alg": null,
            "backchannel_logout_session_required": null, "backchannel_logout_uri": null, "default_max_age": null,
            "id_token_signed_response_alg": null, "introspection_signed_response_alg": null,
            "post_logout_redirect_uris": null, "request_object_signing_alg": null, "request_uris": null,
            "subject_type": null, "userinfo_signed_response_alg": null,
        })
    );
    let path = format!("/api/v1/clients/{}", client.client_id);
    // The secret is nowhere else.
    assert_eq!(root.read(&path).await, expected);
    assert_eq!(root.list("/api/v1/clients", 10).await, [expected]);
    app.person("ada", &[]).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    app.tokens(&browser, &client).await;
    assert_eq!(app.audited(AuditEvent::ClientCreated).await.len(), 1);
}

/// OpenID Connect Dynamic Client Registration §2, for a client of an administrator's.
#[tokio::test]
async fn what_openid_connect_adds_to_a_client_is_set_and_taken_away() {
    let app = TestApp::start().await;
    let (_, root) = app.root().await;
    let members = json!({
        "id_token_signed_response_alg": "ES256", "userinfo_signed_response_alg": "PS256", "default_max_age": 60,
        "authorization_signed_response_alg": "EdDSA", "subject_type": "pairwise", "request_object_signing_alg": "PS256",
        "request_uris": ["https://rp.test/r#x"], "post_logout_redirect_uris": ["https://rp.test/bye"],
        "backchannel_logout_uri": "https://rp.test/told", "backchannel_logout_session_required": true,
        "introspection_signed_response_alg": "RS256",
    });
    let mut body = json!({ "client_name": "Ledger", "redirect_uris": [CB], "scope": "openid" });
    body.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    let made = root.create("/api/v1/clients", &body).await;
    let path = format!("/api/v1/clients/{}", made["client_id"].as_str().unwrap());
    for (name, value) in members.as_object().unwrap() {
        assert_eq!(&root.read(&path).await[name], value, "{name}");
        // The others stay.
        assert_eq!(root.json(Method::PATCH, &path, &json!({ "enabled": true })).await.status, 200);
        assert_eq!(&root.read(&path).await[name], value, "{name}");
        assert_eq!(root.json(Method::PATCH, &path, &json!({ name: null })).await.status, 200, "{name}");
        assert_eq!(root.read(&path).await[name], Value::Null, "{name}");
        for bad in [json!("none"), json!(-1), json!(["x"]), json!({})] {
            let answer = root.json(Method::PATCH, &path, &json!({ name: bad })).await;
            assert_eq!(answer.status, 400, "{name} {bad}: {}", answer.body);
        }
    }
}

#[tokio::test]
async fn where_nothing_is_said_a_client_is_what_it_most_likely_means() {
    let app = TestApp::start().await;
    let (_, root) = app.root().await;
    let own = root.create("/api/v1/clients", &json!({ "client_name": "Robot", "scope": "openid" })).await;
    assert_eq!(own["grant_types"], json!(["client_credentials"]));
    let public = json!({
        "client_name": "App", "scope": "openid", "redirect_uris": ["http://127.0.0.1/cb"],
        "token_endpoint_auth_method": "none", "enabled": false,
    });
    let public = root.create("/api/v1/clients", &public).await;
    assert_eq!((public.get("client_secret"), &public["enabled"]), (None, &json!(false)));
    let path = format!("/api/v1/clients/{}/rotate-secret", public["client_id"].as_str().unwrap());
    let detail = root.json(Method::POST, &path, &json!({})).await.problem(400);
    assert!(detail.contains("this client has no secret"), "{detail}");
}

/// The policy decides on the client that would result, whichever way it is described.
#[tokio::test]
async fn what_makes_no_safe_client_is_refused() {
    let app = TestApp::start().await;
    let (_, root) = app.root().await;
    let made = json!({ "client_name": "Ledger", "redirect_uris": [CB], "scope": "openid profile" });
    let made = root.create("/api/v1/clients", &made).await;
    let path = format!("/api/v1/clients/{}", made["client_id"].as_str().unwrap());
    for (change, why) in [
        (json!({ "scope": "" }), "at least one scope"),
        (json!({ "scope": "nothing" }), "there is no scope nothing"),
        (json!({ "scope": "openid  profile" }), "scope is no list of scopes"),
        (json!({ "redirect_uris": [] }), "needs a redirect URI"),
        (json!({ "redirect_uris": ["http://rp.test/cb"] }), "redirect_uris[0] "),
        (json!({ "redirect_uris": [CB, "javascript:x"] }), "redirect_uris[1] "),
        (json!({ "redirect_uris": [format!("{CB}#x")] }), "redirect_uris[0] "),
        (json!({ "grant_types": [] }), "at least one grant type"),
        (json!({ "grant_types": ["password"] }), "grant_types[0] must be one of"),
        (json!({ "token_endpoint_auth_method": "magic" }), "token_endpoint_auth_method must be one of"),
        (json!({ "token_endpoint_auth_method": "none" }), "stays"),
        (json!({ "needed_scope": "email" }), "needed scope"),
        (json!({ "roles": ["nobody"] }), "there is no role nobody"),
        (json!({ "resources": ["https://nothing.test/"] }), "there is no resource"),
        (json!({ "resources": ["nothing"] }), "resources: "),
        (json!({ "client_name": "" }), "client_name is empty"),
        (json!({ "client_name": "a\u{202e}b" }), "client_name has a control character"),
        (json!({ "jwks": { "keys": [{ "kty": "oct", "k": "AAAA" }] } }), "jwks is refused"),
        (json!({ "jwks": [] }), "jwks must be"),
        (json!({ "jwks_uri": "http://rp.test/jwks" }), "jwks_uri "),
        (json!({ "client_id": "x" }), "client_id is not known here"),
        (json!({ "origin": "administrator" }), "origin is not known here"),
    ] {
        let detail = root.json(Method::PATCH, &path, &change).await.problem(400);
        assert!(detail.contains(why), "{change}: {detail}");
        let mut body = json!({ "client_name": "Other", "redirect_uris": [CB], "scope": "openid" });
        for (name, value) in change.as_object().unwrap() {
            body[name] = value.clone();
        }
        // These two are of use to another client.
        if change != json!({ "token_endpoint_auth_method": "none" }) && change != json!({ "redirect_uris": [] }) {
            root.json(Method::POST, "/api/v1/clients", &body).await.problem(400);
        }
    }
    let detail = root.json(Method::POST, "/api/v1/clients", &json!({ "scope": "openid" })).await.problem(400);
    assert_eq!(detail, "client_name is missing");
    assert_eq!(root.list("/api/v1/clients", 100).await.len(), 1);
}

#[tokio::test]
async fn a_client_is_changed_part_by_part() {
    let app = TestApp::start().await;
    let (_, root) = app.root().await;
    app.scope("read", &[]).await;
    app.role("robot").await;
    root.create("/api/v1/resources", &json!({ "uri": "https://api.test/", "name": "API" })).await;
    let made = json!({ "client_name": "Ledger", "redirect_uris": [CB], "scope": "openid read" });
    let made = root.create("/api/v1/clients", &made).await;
    let path = format!("/api/v1/clients/{}", made["client_id"].as_str().unwrap());
    let mut expected = root.read(&path).await;
    for (member, value) in [
        ("client_name", json!("Books")),
        ("redirect_uris", json!([CB, "https://rp.test/other"])),
        ("grant_types", json!(["authorization_code"])),
        ("token_endpoint_auth_method", json!("client_secret_post")),
        ("scope", json!("openid profile read")),
        ("needed_scope", json!("openid")),
        ("trusted", json!(true)),
        ("require_pkce", json!(true)),
        ("roles", json!(["robot"])),
        ("resources", json!(["https://api.test/"])),
        ("require_pushed_authorization_requests", json!(true)),
        ("dpop_bound_access_tokens", json!(true)),
        ("enabled", json!(false)),
    ] {
        expected[member] = value.clone();
        assert_eq!(root.change(&path, &json!({ member: value })).await, expected, "{member}");
        assert_eq!(root.read(&path).await, expected, "{member}");
    }
    assert_eq!(app.audited(AuditEvent::ClientDisabled).await.len(), 1);
    assert_eq!(app.audited(AuditEvent::ClientChanged).await.len(), 12);
    // What changes nothing leaves no mark.
    root.change(&path, &json!({ "client_name": "Books" })).await;
    assert_eq!(app.audited(AuditEvent::ClientChanged).await.len(), 12);
}

#[tokio::test]
async fn a_disabled_client_and_a_deleted_one_are_refused() {
    let app = TestApp::start().await;
    let (_, root) = app.root().await;
    let made = root.create("/api/v1/clients", &json!({ "client_name": "Robot", "scope": "openid" })).await;
    let client = seeded(&made);
    let path = format!("/api/v1/clients/{}", client.client_id);
    let grant = [("grant_type", "client_credentials")];
    let token = app.token(&client, &grant).await.text("access_token");
    assert_eq!(app.me_status(&token).await, 200);
    root.change(&path, &json!({ "enabled": false })).await;
    assert_eq!((app.me_status(&token).await, app.token(&client, &grant).await.status), (401, 401));
    root.change(&path, &json!({ "enabled": true })).await;
    assert_eq!(app.me_status(&token).await, 200);
    root.delete(&path).await;
    assert_eq!(app.me_status(&token).await, 401);
    for answer in [root.get(&path).await, root.send(Method::DELETE, &path, None).await] {
        answer.problem(404);
    }
    root.json(Method::PATCH, &path, &json!({ "client_name": "x" })).await.problem(404);
    root.json(Method::POST, &format!("{path}/rotate-secret"), &json!({})).await.problem(404);
}

#[tokio::test]
async fn a_new_secret_replaces_the_old_one_at_once_or_after_a_while() {
    let app = TestApp::start().await;
    let (_, root) = app.root().await;
    let made = root.create("/api/v1/clients", &json!({ "client_name": "Robot", "scope": "openid" })).await;
    let first = seeded(&made);
    let path = format!("/api/v1/clients/{}/rotate-secret", first.client_id);
    let second = seeded(&root.create(&path, &json!({ "overlap_seconds": 60 })).await);
    let status =
        |client: SeededClient| async { app.token(&{ client }, &[("grant_type", "client_credentials")]).await.status };
    assert_eq!((status(first.clone()).await, status(second.clone()).await), (200, 200));
    app.pass(Lifetime::from_seconds(60));
    assert_eq!((status(first).await, status(second.clone()).await), (401, 200));
    let third = seeded(&root.create(&path, &json!({})).await);
    assert_eq!((status(second).await, status(third).await), (401, 200));
    for overlap in [json!(-1), json!(1.5), json!("1h"), json!(31_622_401), json!(null)] {
        root.json(Method::POST, &path, &json!({ "overlap_seconds": overlap })).await.problem(400);
    }
    assert_eq!(app.audited(AuditEvent::ClientSecretRotated).await.len(), 2);
}

/// No credential makes one that is wider than itself: a client acts in its own name, or lets itself in.
#[tokio::test]
async fn a_scope_for_clients_makes_no_client_that_may_do_more() {
    let app = TestApp::start().await;
    let (root, full) = app.root().await;
    app.role("robot").await;
    let scoped = app.scoped(&root, "clients:read clients:write openid").await;
    let own = |scope: &str| json!({ "client_name": "Robot", "scope": scope });
    let trusted = json!({ "client_name": "App", "scope": "users:write", "redirect_uris": [CB], "trusted": true });
    for body in [own("users:write"), own("openid audit:read"), trusted] {
        let detail = scoped.json(Method::POST, "/api/v1/clients", &body).await.problem(403);
        assert!(detail.contains("lacks the scope"), "{detail}");
    }
    let with_role = json!({ "client_name": "Robot", "scope": "openid", "roles": ["robot"] });
    let detail = scoped.json(Method::POST, "/api/v1/clients", &with_role).await.problem(403);
    assert!(detail.contains("lacks the role robot"), "{detail}");
    assert_eq!(full.list("/api/v1/clients", 100).await.len(), 0);

    let wide = full.create("/api/v1/clients", &own("users:write")).await;
    let path = format!("/api/v1/clients/{}", wide["client_id"].as_str().unwrap());
    scoped.json(Method::POST, &format!("{path}/rotate-secret"), &json!({})).await.problem(403);
    scoped.json(Method::PATCH, &path, &json!({ "client_name": "Mine" })).await.problem(403);
    let grant = [("grant_type", "client_credentials")];
    assert_eq!(app.token(&seeded(&wide), &grant).await.status, 200);

    // A person is asked before this one may do anything.
    let asks = json!({ "client_name": "App", "scope": "users:write", "redirect_uris": [CB] });
    scoped.create("/api/v1/clients", &asks).await;
    let narrow = scoped.create("/api/v1/clients", &own("openid")).await;
    let narrow = format!("/api/v1/clients/{}", narrow["client_id"].as_str().unwrap());
    scoped.json(Method::PATCH, &narrow, &json!({ "scope": "openid users:write" })).await.problem(403);
    scoped.create(&format!("{narrow}/rotate-secret"), &json!({})).await;
    scoped.change(&path, &json!({ "enabled": false })).await;
}

#[tokio::test]
async fn a_client_is_cut_off_everywhere() {
    let app = TestApp::start().await;
    let (_, root) = app.root().await;
    app.scope("read", &[]).await;
    let client = app.service_client("read").await;
    let token = app.token(&client, &[("grant_type", "client_credentials")]).await.text("access_token");
    let path = format!("/api/v1/clients/{}/grants", client.client_id);
    assert_eq!(root.send(Method::DELETE, &path, None).await.status, 204);
    assert_eq!(app.me_status(&token).await, 401);
    assert_eq!(app.token(&client, &[("grant_type", "client_credentials")]).await.status, 200);
    root.send(Method::DELETE, "/api/v1/clients/client_x/grants", None).await.problem(404);
}

/// What acts without anybody being asked is as strong as what it can be: a service account, or one that sees every token.
#[tokio::test]
async fn a_scope_for_clients_becomes_no_service_account_and_sees_no_tokens() {
    let app = TestApp::start().await;
    let (root, full) = app.root().await;
    let robot = app.service("robot", &["admin"]).await;
    let scoped = app.scoped(&root, "clients:read clients:write openid").await;
    let keys = |key: &Key| serde_json::from_str::<Value>(&key.jwks()).unwrap();
    let body = json!({
        "client_name": "CI", "scope": "openid users:read", "grant_types": [GrantType::JwtBearer.as_str()],
        "jwks": keys(&Key::es256()),
    });
    let ci = full.create("/api/v1/clients", &body).await;
    let id = ci["client_id"].as_str().unwrap().to_owned();
    let (internal, account) = (ClientId::parse(&id).unwrap(), robot.id);
    app.write(move |tx| tx.clients().set_service_accounts(internal, &[account])).await;
    let path = format!("/api/v1/clients/{id}");
    // Whoever has its key is the service account.
    for change in [json!({ "jwks": keys(&Key::es256()) }), json!({ "client_name": "Mine" })] {
        let detail = scoped.json(Method::PATCH, &path, &change).await.problem(403);
        assert!(detail.contains("lacks the scope users:read"), "{detail}");
    }
    full.change(&path, &json!({ "scope": "openid" })).await;
    scoped.change(&path, &json!({ "client_name": "Ours" })).await;
    let changes = app.audited(AuditEvent::ClientChanged).await.len();
    full.change(&path, &json!({ "jwks": keys(&Key::es256()) })).await;
    let changed = app.audited(AuditEvent::ClientChanged).await.swap_remove(changes);
    let details: Value = serde_json::from_str(&changed.details).unwrap();
    assert_ne!(details["before"], details["after"], "that keys were replaced can be seen");
    for grants in [json!(["authorization_code"]), json!(["client_credentials"])] {
        let uris = if grants[0] == "authorization_code" { json!([CB]) } else { json!([]) };
        let body = json!({ "client_name": "Eye", "scope": "introspect", "grant_types": grants, "redirect_uris": uris });
        let detail = scoped.json(Method::POST, "/api/v1/clients", &body).await.problem(403);
        assert!(detail.contains("lacks the scope introspect"), "{detail}");
    }
}

/// A client has neither an end nor addresses, so what has one of them makes none that acts alone.
#[tokio::test]
async fn what_does_not_last_makes_no_client_that_does() {
    let app = TestApp::start().await;
    let (root, _) = app.root().await;
    let end = app.act().now + Lifetime::from_seconds(600);
    let body = json!({ "client_name": "Robot", "scope": "clients:read" });
    for bound in [true, false] {
        let key = app
            .key_with(&root, |key| {
                key.access = KeyAccess::Scopes(Scope::parse("clients:read clients:write").unwrap());
                key.expires_at = bound.then_some(end);
                key.allowed_addresses = if bound { Vec::new() } else { vec!["127.0.0.0/8".parse().unwrap()] };
            })
            .await;
        let script = app.script(&key.token_header());
        let detail = script.json(Method::POST, "/api/v1/clients", &body).await.problem(403);
        assert!(detail.contains("does not last"), "{detail}");
        // One that asks people first it may register.
        let asks = json!({ "client_name": "App", "scope": "clients:read", "redirect_uris": [CB] });
        assert_eq!(script.json(Method::POST, "/api/v1/clients", &asks).await.status, 201);
    }
}
