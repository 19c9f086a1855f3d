//! `/audit`: who did what to what, for administrators.

use hallpass::clock::Clock;
use hallpass::model::time::Lifetime;
use serde_json::Value;

use crate::support::app::TestApp;
use crate::support::caller::Browser;
use crate::support::seed::PASSWORD;

/// A server with the administrator ada in a browser, who has made the user grace and the role bookkeeping.
async fn used() -> (TestApp, Browser) {
    let app = TestApp::start().await;
    app.person("ada", &["admin"]).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    app.clock.advance(Lifetime::from_seconds(1));
    browser.done("/users/new", &[("username", "grace"), ("password", "another battery staple")]).await;
    (app, browser)
}

#[tokio::test]
async fn an_administrator_sees_who_did_what() {
    let (_app, browser) = used().await;
    let page = browser.get("/audit").await;
    assert_eq!(page.status, 200);
    for seen in ["A user was made.", "user.created", "A person signed in.", ">ada</a>", "127.0.0.1"] {
        assert!(page.body.contains(seen), "{seen}: {}", page.body);
    }
    // Newest first.
    let at = |text: &str| page.body.find(text).unwrap();
    assert!(at(">grace</a>") < at("A person signed in."), "{}", page.body);
}

#[tokio::test]
async fn a_search_has_an_address_and_narrows_the_list() {
    let (app, browser) = used().await;
    let now = app.clock.now().to_string();
    let today = now.split('T').next().unwrap();
    for (query, seen, unseen) in [
        ("event=user.created".to_owned(), "A user was made.", "A person signed in."),
        ("event=login.succeeded".to_owned(), "A person signed in.", "A user was made."),
        ("actor=ada&event=user.created".to_owned(), "A user was made.", "A person signed in."),
        ("subject=grace".to_owned(), "A user was made.", "A person signed in."),
        (format!("since={today}&until={today}"), "A user was made.", "Nothing was done"),
        ("until=2001-01-01".to_owned(), "Nothing was done that fits", "A user was made."),
        ("actor=nobody".to_owned(), "Nothing was done that fits", "A user was made."),
        ("since=yesterday".to_owned(), "This is not a day", "A user was made."),
    ] {
        let page = browser.get(&format!("/audit?{query}")).await;
        assert_eq!(page.status, 200, "{query}");
        assert!(page.body.contains(seen) && !page.body.contains(unseen), "{query}: {}", page.body);
    }
}

#[tokio::test]
async fn several_events_are_looked_for_at_once() {
    let (app, browser) = used().await;
    app.role("bookkeeping").await;
    let query = "event=user.created&event=role.created&event=user.created&event=";
    let page = browser.get(&format!("/audit?{query}")).await;
    assert!(page.status == 200 && !page.body.contains("A person signed in."), "{}", page.body);
    for seen in ["A user was made.", "A role was made."] {
        assert!(page.body.contains(seen), "{seen}: {}", page.body);
    }
    // A field for each, and one for one more.
    assert_eq!(page.body.matches("name=\"event\"").count(), 3);
    for chosen in ["user.created", "role.created"] {
        assert_eq!(page.body.matches(&format!("value=\"{chosen}\" selected")).count(), 1, "{}", page.body);
    }
    let export = page.paths("/audit/export?event=user.created&event=role.created&format=").remove(0);
    let file = browser.get(&export).await;
    assert!(file.body.contains("role.created") && !file.body.contains("login.succeeded"), "{}", file.body);
    let many: String = (0..11).map(|number| format!("event=made-up-{number}&")).collect();
    assert_eq!(browser.get(&format!("/audit?{many}")).await.status, 400);
    assert_eq!(browser.get("/audit").await.body.matches("name=\"event\"").count(), 1);
}

#[tokio::test]
async fn the_overview_leads_to_all_sign_ins_that_failed() {
    let (app, browser) = used().await;
    app.add_app(&app.signed_in("grace", "another battery staple").await).await;
    app.browser().sign_in("ada", "no password of hers").await;
    let grace = app.browser();
    let step = grace.sign_in("grace", "another battery staple").await.header("location").to_owned();
    let csrf_token = grace.csrf_token(&step).await;
    let refused = grace.post("/login/second-factor", &[("code", "000000"), ("csrf_token", &csrf_token)]).await;
    assert_eq!(refused.status, 401, "{}", refused.body);
    let overview = browser.get("/overview").await;
    assert!(overview.body.contains("2 sign-ins failed in the last 24 hours"), "{}", overview.body);
    let path = overview.paths("/audit?event=login.failed").remove(0);
    let page = browser.get(&path).await;
    for seen in ["A password was wrong.", "A second factor was wrong."] {
        assert!(page.body.contains(seen), "{path}: {seen}: {}", page.body);
    }
    assert!(!page.body.contains("A person signed in."), "{path}: {}", page.body);
}

#[tokio::test]
async fn a_long_log_goes_on_at_its_next_page() {
    let (app, browser) = used().await;
    for number in 0..60 {
        app.role(&format!("role-{number}")).await;
    }
    let first = browser.get("/audit?event=role.created").await;
    let next = first.body.split("rel=\"next\"").next().unwrap().rsplit("href=\"").next().unwrap();
    let next = next.split('"').next().unwrap().replace("&amp;", "&").replace("&#38;", "&");
    assert!(next.starts_with("/audit?event=role.created&after="), "{next}");
    let second = browser.get(&next).await;
    for (page, count) in [(&first, 50), (&second, 10)] {
        assert_eq!(page.body.matches("A role was made.").count(), count);
    }
    assert!(second.body.contains("First page") && !second.body.contains("rel=\"next\""), "{}", second.body);
}

#[tokio::test]
async fn the_whole_log_is_a_file_as_json_lines_or_as_a_table() {
    let (app, browser) = used().await;
    for number in 0..600 {
        app.role(&format!("role-{number}")).await;
    }
    let lines = browser.get("/audit/export?format=jsonl&event=role.created").await;
    assert_eq!((lines.status, lines.header("content-type")), (200, "application/jsonl"));
    assert!(lines.header("content-disposition").starts_with("attachment; filename=\"hallpass-audit-20"));
    let entries: Vec<Value> = lines.body.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(entries.len(), 600);
    assert!(entries.iter().all(|entry| entry["event"] == "role.created"));
    let ids: std::collections::BTreeSet<&str> = entries.iter().filter_map(|entry| entry["id"].as_str()).collect();
    assert_eq!(ids.len(), 600, "none twice, none left out");

    let table = browser.get("/audit/export?format=csv").await;
    assert_eq!((table.status, table.header("content-type")), (200, "text/csv; charset=utf-8"));
    let mut rows = table.body.split("\r\n");
    assert_eq!(rows.next(), Some("id,at,event,actor,credential,subject,details,address,request_id"));
    assert!(rows.any(|row| row.contains("\"user.created\"")), "{}", table.body);
    for query in ["", "?format=xml", "?format=csv&since=yesterday"] {
        assert_eq!(browser.get(&format!("/audit/export{query}")).await.status, 400, "{query}");
    }
}

#[tokio::test]
async fn nobody_else_sees_the_log() {
    let (app, _) = used().await;
    let grace = app.signed_in("grace", "another battery staple").await;
    for path in ["/audit", "/audit/export?format=csv"] {
        assert_eq!(grace.get(path).await.status, 403, "{path}");
        assert_eq!(app.stranger().get(path).await.status, 303, "{path}");
    }
}
