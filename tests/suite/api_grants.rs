//! `/api/v1/grants`.

use hallpass::model::audit::AuditEvent;
use reqwest::Method;
use serde_json::Value;
use serde_json::json;

use crate::support::app::BEGIN;
use crate::support::app::TestApp;
use crate::support::seed::PASSWORD;

const GRANTS: &str = "/api/v1/grants";

fn path(grant: &Value) -> String {
    format!("{GRANTS}/{}", grant["id"].as_str().unwrap())
}

#[tokio::test]
async fn one_sees_what_one_granted_and_takes_it_back() {
    let app = TestApp::start().await;
    app.scope("read", &[]).await;
    let ada = app.person("ada", &[]).await;
    app.person("bob", &[]).await;
    let client = app.web_client("read openid").await;
    let (browser, bobs) = (app.signed_in("ada", PASSWORD).await, app.signed_in("bob", PASSWORD).await);
    let (tokens, his) = (app.tokens(&browser, &client).await, app.tokens(&bobs, &client).await);
    let script = app.scoped(&ada, "account:read account:write").await;
    let list = script.list(GRANTS, 1).await;
    assert_eq!(
        list,
        [json!({
            "id": list[0]["id"], "user": "ada", "user_id": ada.id, "client_id": client.client_id,
            "client_name": "Ledger", "scopes": ["openid", "read"], "resources": [], "created_at": BEGIN.seconds(),
            "renewed_at": BEGIN.seconds(), "expires_at": null,
        })]
    );
    assert_eq!(script.read(&path(&list[0])).await, list[0]);
    let theirs = bobs.get(GRANTS).await.json()["items"][0].clone();
    for method in [Method::GET, Method::DELETE] {
        let answer = script.send(method.clone(), &path(&theirs), None).await;
        let none = script.send(method, &format!("{GRANTS}/grant_{}", "0".repeat(32)), None).await;
        answer.problem(404);
        assert_eq!(answer.body, none.body);
    }
    script.get(&format!("{GRANTS}?user=bob")).await.problem(403);
    let (token, his) = (tokens["access_token"].as_str().unwrap(), his["access_token"].as_str().unwrap());
    assert_eq!(app.me_status(token).await, 200);
    script.delete(&path(&list[0])).await;
    assert_eq!((app.me_status(token).await, app.me_status(his).await), (401, 200));
    for answer in [script.get(&path(&list[0])).await, script.send(Method::DELETE, &path(&list[0]), None).await] {
        answer.problem(404);
    }
    assert_eq!(script.list(GRANTS, 1).await.len(), 0);
    assert_eq!(app.audited(AuditEvent::GrantRevoked).await.len(), 1);
}

#[tokio::test]
async fn an_administrator_sees_everybodys_grants_and_cuts_clients_off() {
    let app = TestApp::start().await;
    app.scope("read", &[]).await;
    let (root, _) = app.root().await;
    let clients = [app.web_client("read").await, app.web_client("read").await];
    let mut tokens = Vec::new();
    for name in ["ada", "bob"] {
        app.person(name, &[]).await;
        let browser = app.signed_in(name, PASSWORD).await;
        for client in &clients {
            let made = app.tokens(&browser, client).await;
            tokens.push(made["access_token"].as_str().unwrap().to_owned());
        }
    }
    let script = app.scoped(&root, "grants:read grants:write").await;
    let first = &clients[0].client_id;
    for (query, count) in [
        (String::new(), 4),
        ("?user=ada".to_owned(), 2),
        (format!("?client_id={first}"), 2),
        (format!("?client_id={first}&user=bob"), 1),
        ("?client_id=nothing".to_owned(), 0),
    ] {
        assert_eq!(script.list(&format!("{GRANTS}{query}"), 1).await.len(), count, "{query}");
    }
    for grant in script.list(&format!("{GRANTS}?client_id={first}"), 10).await {
        script.delete(&path(&grant)).await;
    }
    let mut statuses = Vec::new();
    for token in &tokens {
        statuses.push(app.me_status(token).await);
    }
    assert_eq!(statuses, [401, 200, 401, 200]);
}
