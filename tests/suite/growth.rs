//! How the schema grows: a newer version's additions disturb no older one that runs, and the tables that grow can be
//! partitioned as docs/SCALE.md has it.

use std::path::Path;

use hallpass::model::audit::AuditEvent;
use hallpass::model::time::Lifetime;
use serde_json::json;

use crate::support::app::TestApp;
use crate::support::caller::Browser;
use crate::support::process;
use crate::support::seed::PASSWORD;
use crate::support::seed::SeededClient;

/// All that writes to the tables that grow, and reads from them.
async fn whole_round(app: &TestApp, browser: &Browser, client: &SeededClient) {
    let code = app.code(browser, client).await;
    let tokens = app.redeem(client, &code).await;
    let (access, refresh) = (tokens.text("access_token"), tokens.text("refresh_token"));
    assert_eq!(app.me_status(&access).await, 200);
    let next = app.refresh(client, &refresh).await;
    assert_eq!(app.refresh(client, &refresh).await.text("refresh_token"), next.text("refresh_token"));
    let newer = app.refresh(client, &next.text("refresh_token")).await;
    let bearer = app.script(&format!("Bearer {}", newer.text("access_token")));
    assert_eq!(bearer.get("/auth/verify?scope=read").await.status, 200);
    // A replay, now that the successor was used.
    app.refresh(client, &refresh).await.refused(400, "invalid_grant");
    assert_eq!(bearer.get("/auth/verify?scope=read").await.status, 401);
    let tokens = app.tokens(browser, client).await;
    let access = tokens["access_token"].as_str().unwrap();
    assert_eq!(app.script(&client.basic()).post("/oauth/revoke", &[("token", access)]).await.status, 200);
    assert_eq!(app.me_status(access).await, 401);
    let made = browser.done("/account/keys", &[("name", "export")]).await;
    let key = app.script(&format!("token {}:{}", made.by_id("api-key"), made.by_id("api-secret")));
    assert_eq!(key.get("/api/v1/me").await.status, 200);
    let id = key.read("/api/v1/keys").await["items"].as_array().unwrap().last().unwrap()["id"].clone();
    // What is known of its use is written first.
    let usage = key.read(&format!("/api/v1/keys/{}/usage", id.as_str().unwrap())).await;
    assert!(!usage.to_string().contains("\"items\":[]"), "{usage}");
}

/// `ada` with a session, a client, and an administrator's script.
async fn begin() -> (TestApp, Browser, SeededClient) {
    let app = TestApp::start().await;
    app.scope("read", &[]).await;
    app.person("ada", &["admin"]).await;
    let client = app.web_client("read").await;
    let browser = app.signed_in("ada", PASSWORD).await;
    (app, browser, client)
}

/// docs/OPERATIONS.md, "Several nodes"
#[tokio::test]
async fn a_node_that_runs_goes_on_when_a_newer_one_has_migrated_and_one_that_starts_is_refused() {
    let (app, browser, client) = begin().await;
    whole_round(&app, &browser, &client).await;
    let tables = if app.database.is_postgres() {
        "SELECT tablename::text AS line FROM pg_tables WHERE schemaname = 'public'"
    } else {
        "SELECT name AS line FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
    };
    let mut statements = Vec::new();
    for table in app.database.lines(tables).iter().filter(|table| !table.contains("diesel")) {
        for column in ["added_text TEXT", "added_number BIGINT NOT NULL DEFAULT 7"] {
            statements.push(format!("ALTER TABLE {table} ADD COLUMN {column}"));
        }
    }
    for statement in [
        "CREATE TABLE added (id BIGINT NOT NULL PRIMARY KEY)",
        "CREATE INDEX added_index ON access_tokens (added_number)",
        "INSERT INTO __diesel_schema_migrations (version, run_on) VALUES ('20991231000001', CURRENT_TIMESTAMP)",
    ] {
        statements.push(statement.to_owned());
    }
    // At once: each statement by hand is heard for a second, and all of them would take longer than connections lie idle.
    app.database.run(&statements.join("; "));
    whole_round(&app, &browser, &client).await;
    assert!(!app.audited(AuditEvent::RefreshReplayed).await.is_empty());
    let again = process::command(app.database.folder(), &app.database.url, &["migrate"]).output().unwrap();
    let said = String::from_utf8_lossy(&again.stderr);
    assert!(!again.status.success() && said.contains("newer version of hallpass"), "{said}");
}

/// What each release does to the schema of the one before: it adds.
#[test]
fn migrations_only_add() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/postgres");
    for entry in std::fs::read_dir(folder).unwrap() {
        let file = entry.unwrap().path().join("up.sql");
        let sql = std::fs::read_to_string(&file).unwrap();
        let lines = sql.lines().map(|line| line.split("--").next().unwrap()).collect::<Vec<_>>().join(" ");
        let made = |table: &str| lines.contains(&format!("CREATE TABLE {table} "));
        for statement in lines.split(';').map(|part| part.split_whitespace().collect::<Vec<_>>().join(" ")) {
            let is_within = |words: &[&str]| words.iter().any(|word| statement.contains(word));
            let adds = match statement.split(' ').take(2).collect::<Vec<_>>()[..] {
                [] | [""] | ["CREATE", "TABLE" | "INDEX"] | ["INSERT", "INTO"] => true,
                // What is written twice is written once by a node that does not know it yet.
                ["CREATE", "UNIQUE"] => is_within(&[" WHERE "]) || statement.split(' ').any(made),
                ["ALTER", "TABLE"] => {
                    is_within(&[" ADD COLUMN "]) && (!is_within(&[" NOT NULL"]) || is_within(&[" DEFAULT "]))
                }
                _ => false,
            };
            assert!(adds, "{}: {statement}", file.display());
        }
    }
}

/// docs/SCALE.md, "Partitions", word by word.
#[tokio::test]
async fn tables_that_grow_are_partitioned_and_all_goes_on() {
    let (app, browser, client) = begin().await;
    if !app.database.is_postgres() {
        return;
    }
    let before = app.tokens(&browser, &client).await;
    let text = |name: &str| before[name].as_str().unwrap().to_owned();
    whole_round(&app, &browser, &client).await;
    let document = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/SCALE.md")).unwrap();
    let sql = document.split("```sql\n").nth(1).and_then(|rest| rest.split("```").next()).expect("a block of SQL");
    app.database.run(sql);
    let parts = "SELECT inhparent::regclass::text AS line FROM pg_inherits WHERE inhparent::regclass::text NOT LIKE '%\\_%key' \
                 AND inhparent::regclass::text IN ('families', 'access_tokens', 'refresh_tokens', 'audit', 'api_key_usage')";
    assert_eq!(app.database.lines(parts).len(), 3 * 16 + 2 * 25);

    // What was there is there, and goes on.
    assert_eq!(app.me_status(&text("access_token")).await, 200);
    assert_eq!(app.refresh(&client, &text("refresh_token")).await.status, 200);
    for _ in 0..20 {
        whole_round(&app, &browser, &client).await;
    }
    // Tokens lie in several of them.
    let used = "SELECT DISTINCT tableoid::regclass::text AS line FROM access_tokens";
    assert!(app.database.lines(used).len() > 4);
    let (_, root) = app.root().await;
    let entries = root.list("/api/v1/audit", 50).await;
    let replays = entries.iter().filter(|entry| entry["event"] == AuditEvent::RefreshReplayed.as_str()).count();
    assert_eq!(replays, 21);
    let one = root.read(&format!("/api/v1/audit/{}", entries[0]["id"].as_str().unwrap())).await;
    assert_eq!(one, entries[0]);

    // No token has two successors, whatever the code does.
    let twice = "INSERT INTO refresh_tokens (hash, family_id, parent_hash, created_at, expires_at) \
                 SELECT decode(md5('x'), 'hex'), family_id, parent_hash, created_at, expires_at FROM refresh_tokens \
                 WHERE parent_hash IS NOT NULL LIMIT 1";
    let refused = app.database.execute(twice).unwrap_err().to_string();
    assert!(refused.contains("duplicate key"), "{refused}");

    // What has ended goes, and what hangs on a user goes with the user.
    let count = |table: &str| app.database.lines(&format!("SELECT count(*)::text AS line FROM {table}"))[0].clone();
    app.pass(Lifetime::from_hours(3));
    let now = app.act().now;
    while app.write(move |tx| tx.purge(now, 200)).await > 0 {}
    assert_eq!(count("access_tokens"), "0");
    assert_ne!(count("refresh_tokens"), "0");
    let id = root.list("/api/v1/users", 10).await.iter().find(|user| user["username"] == "ada").unwrap()["id"].clone();
    root.delete(&format!("/api/v1/users/{}", id.as_str().unwrap())).await;
    for table in ["families", "refresh_tokens", "api_key_usage"] {
        assert_eq!(count(table), "0", "{table}");
    }
    let client = root.create("/api/v1/clients", &json!({ "client_name": "Late", "scope": "read" })).await;
    assert!(client["client_secret"].is_string());
}
