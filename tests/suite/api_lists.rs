//! Lists of `/api/v1`: pages, cursors and filters, the same for all kinds of records.

use hallpass::model::time::Lifetime;
use serde_json::Value;

use crate::support::app::TestApp;
use crate::support::caller::Script;
use crate::support::seed::PASSWORD;

const LISTS: [&str; 9] = ["users", "roles", "scopes", "resources", "clients", "keys", "sessions", "grants", "audit"];

/// A server with several of everything.
async fn full() -> (TestApp, Script) {
    let app = TestApp::start().await;
    let (_, root) = app.root().await;
    for name in ["one", "two", "three"] {
        app.role(name).await;
        app.scope(name, &[]).await;
        let user = app.person(name, &[]).await;
        app.key(&user).await;
        let client = app.web_client(name).await;
        let browser = app.signed_in(name, PASSWORD).await;
        app.tokens(&browser, &client).await;
        let resource = serde_json::json!({ "uri": format!("https://{name}.test/"), "name": name });
        root.create("/api/v1/resources", &resource).await;
    }
    (app, root)
}

/// What an item of a list goes by.
fn name_of(item: &Value) -> String {
    let members = ["id", "client_id", "name", "uri"];
    members.iter().find_map(|member| item[member].as_str()).unwrap_or_else(|| panic!("{item}")).to_owned()
}

#[tokio::test]
async fn pages_make_the_whole_list_whatever_their_length() {
    let (_app, root) = full().await;
    for list in LISTS {
        let path = format!("/api/v1/{list}");
        let whole: Vec<String> = root.list(&path, 100).await.iter().map(name_of).collect();
        assert!(whole.len() >= 3, "{list}: {whole:?}");
        let mut once = whole.clone();
        once.sort();
        once.dedup();
        assert_eq!(once.len(), whole.len(), "{list}");
        for limit in [1, 2, whole.len()] {
            let pages: Vec<String> = root.list(&path, limit).await.iter().map(name_of).collect();
            assert_eq!(pages, whole, "{list} by {limit}");
        }
        let default = root.read(&path).await;
        assert_eq!(default["items"].as_array().unwrap().len(), whole.len().min(100), "{list}");
        assert_eq!(default["next"], Value::Null, "{list}");
    }
}

/// What is made or deleted between two pages neither repeats an item nor leaves one out.
#[tokio::test]
async fn a_page_begins_behind_the_last_one_whatever_happened_meanwhile() {
    let app = TestApp::start().await;
    let (_, root) = app.root().await;
    for name in ["a", "b", "c", "d"] {
        // Ids sort by the millisecond in which they were made.
        app.pass(Lifetime::from_millis(1));
        app.person(name, &[]).await;
    }
    let first = root.read("/api/v1/users?limit=3").await;
    let last = name_of(&first["items"][2]);
    root.delete(&format!("/api/v1/users/{last}")).await;
    app.pass(Lifetime::from_millis(1));
    app.person("e", &[]).await;
    let second = root.read(&format!("/api/v1/users?limit=3&cursor={}", first["next"].as_str().unwrap())).await;
    let names: Vec<&str> =
        second["items"].as_array().unwrap().iter().map(|user| user["username"].as_str().unwrap()).collect();
    assert_eq!(names, ["c", "d", "e"]);
}

#[tokio::test]
async fn a_cursor_is_taken_as_it_was_given_and_in_its_own_list() {
    let (_app, root) = full().await;
    let cursor = root.read("/api/v1/users?limit=1").await["next"].as_str().unwrap().to_owned();
    // Nobody can read an id from it, or build one.
    assert!(!cursor.contains("user_"));
    let changed = |at: usize| {
        let mut bytes = cursor.clone().into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        String::from_utf8(bytes).unwrap()
    };
    let bad = [changed(0), changed(cursor.len() / 2), cursor[1..].to_owned(), format!("{cursor}A"), "x".to_owned()];
    for bad in bad {
        let answer = root.get(&format!("/api/v1/users?cursor={bad}")).await;
        assert!(answer.problem(400).starts_with("cursor is none of this list"), "{bad}");
    }
    for list in LISTS.iter().filter(|list| **list != "users") {
        root.get(&format!("/api/v1/{list}?cursor={cursor}")).await.problem(400);
    }
    assert_eq!(root.get(&format!("/api/v1/users?cursor={cursor}")).await.status, 200);
}

#[tokio::test]
async fn a_limit_is_from_one_to_a_hundred() {
    let app = TestApp::start().await;
    let (_, root) = app.root().await;
    for n in 0..101 {
        app.role(&format!("role {n}")).await;
    }
    for list in LISTS {
        for limit in ["0", "101", "-1", "1.5", "x", "99999999999999999999", "1%00"] {
            root.get(&format!("/api/v1/{list}?limit={limit}")).await.problem(400);
        }
        assert_eq!(root.get(&format!("/api/v1/{list}?limit=100")).await.status, 200);
    }
    let page = root.read("/api/v1/roles").await;
    assert_eq!(page["items"].as_array().unwrap().len(), 100);
    assert!(page["next"].is_string());
    assert_eq!(root.list("/api/v1/roles", 100).await.len(), 102);
}

/// A filter that is misspelt must not show everything.
#[tokio::test]
async fn a_parameter_that_is_not_known_is_refused() {
    let app = TestApp::start().await;
    let (_, root) = app.root().await;
    for list in LISTS {
        for query in ["usr=ada", "offset=1", "limit=1&limit=2", "Limit=1", "limit[]=1", "a=%zz"] {
            root.get(&format!("/api/v1/{list}?{query}")).await.problem(400);
        }
    }
}
