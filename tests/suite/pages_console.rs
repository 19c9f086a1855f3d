//! The lists of the console: what can be looked for in them, how they are sorted, and who sees them.

use hallpass::clock::Clock;
use hallpass::model::name::DisplayName;
use hallpass::model::time::Lifetime;

use crate::support::app::TestApp;
use crate::support::caller::Answer;
use crate::support::caller::Browser;
use crate::support::seed::PASSWORD;

/// What would run, or show a picture of somebody else's, if it were not escaped.
const HOSTILE: [&str; 2] = ["<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>"];

/// A server with the administrator ada in a browser, and with users and applications to look for.
async fn furnished() -> (TestApp, Browser) {
    let app = TestApp::start().await;
    app.person("ada", &["admin"]).await;
    app.pass(Lifetime::from_seconds(1));
    app.role("bookkeeping").await;
    app.person("grace", &["bookkeeping"]).await;
    app.service("nightly_export", &[]).await;
    app.service("nightly-export", &[]).await;
    // What is made at one moment is in no order of age.
    app.pass(Lifetime::from_seconds(1));
    let browser = app.signed_in("ada", PASSWORD).await;
    (app, browser)
}

fn name(text: &str) -> DisplayName {
    DisplayName::parse(text).unwrap()
}

/// The names that lead to records below `prefix`, in the order of the page.
fn listed(page: &Answer, prefix: &str) -> Vec<String> {
    let rows = page.body.split("class=\"record-title\"").skip(1);
    let link = |row: &str| {
        let (_, link) = row.split_once(&format!("href=\"{prefix}"))?;
        Some(link.split_once('>')?.1.split_once('<')?.0.to_owned())
    };
    rows.filter_map(link).collect()
}

#[tokio::test]
async fn users_are_found_by_text_role_kind_and_state_and_sorted() {
    let (app, browser) = furnished().await;
    let made = browser
        .done(
            "/users/new",
            &[
                ("username", "zoe"),
                ("full_name", "Zo\u{eb} \u{c4}rlig"),
                ("email", "z@Example.org"),
                ("password", "another battery staple"),
            ],
        )
        .await;
    let zoe = made.paths("/users/user_")[0].split(['?', '/']).nth(2).unwrap().to_owned();
    browser.done(&format!("/users/{zoe}/disable"), &[]).await;
    for (query, expected) in [
        ("q=GRA", vec!["grace"]),
        ("q=%C3%84RLIG", vec!["Zo\u{eb} \u{c4}rlig"]),
        ("q=EXAMPLE.ORG&state=disabled", vec!["Zo\u{eb} \u{c4}rlig"]),
        // An underscore is itself, not any letter.
        ("q=y_e", vec!["nightly_export"]),
        ("q=100%25", vec![]),
        ("role=bookkeeping", vec!["grace"]),
        ("role=unheard-of", vec![]),
        ("kind=service&sort=name-down", vec!["nightly_export", "nightly-export"]),
        ("kind=person&sort=newest", vec!["Zo\u{eb} \u{c4}rlig", "grace", "ada"]),
        ("kind=person&state=enabled&sort=name", vec!["ada", "grace"]),
    ] {
        let page = browser.get(&format!("/users?{query}")).await;
        assert_eq!(page.status, 200, "{query}: {}", page.body);
        let mut found = listed(&page, "/users/user_");
        // Where punctuation stands among letters is the database's own affair.
        if query.contains("service") && app.database.is_postgres() {
            found.sort_by(|one, other| other.cmp(one));
        }
        assert_eq!(found, expected, "{query}");
        assert_eq!(page.body.contains("No user fits."), expected.is_empty(), "{query}");
        assert!(page.body.contains("Show everything"), "{query}");
    }
    // PostgreSQL knows the letters that the database's locale has: in `C` those of ASCII.
    if !app.database.is_postgres() {
        let page = browser.get("/users?q=%C3%A4rlig").await;
        assert_eq!(listed(&page, "/users/user_"), ["Zo\u{eb} \u{c4}rlig"]);
    }
    for query in ["role=%00", "kind=robot", "after=x"] {
        assert_eq!(browser.get(&format!("/users?{query}")).await.status, 400, "{query}");
    }
}

#[tokio::test]
async fn a_search_and_an_order_stay_over_the_pages_and_no_record_is_left_out_or_shown_twice() {
    let (app, browser) = furnished().await;
    let mut expected: Vec<String> = (0..120).map(|number| format!("svc-{:03}", (number * 7) % 120)).collect();
    for name in &expected {
        app.service(name, &[]).await;
    }
    expected.sort();
    for (sort, is_down) in [("name", false), ("name-down", true)] {
        let (mut path, mut seen, mut pages) = (format!("/users?q=svc-&sort={sort}"), Vec::new(), 0);
        loop {
            let page = browser.get(&path).await;
            assert_eq!(page.status, 200, "{path}");
            seen.extend(listed(&page, "/users/user_"));
            pages += 1;
            match page.paths(&format!("/users?q=svc-&sort={sort}&after=")).pop() {
                Some(next) => path = next,
                None => break,
            }
        }
        assert_eq!(pages, 3);
        assert!(path.contains("after="));
        // A cursor of one order leads nowhere in another.
        assert_eq!(browser.get(&path.replace(&format!("sort={sort}"), "sort=newest")).await.status, 400);
        if is_down {
            seen.reverse();
        }
        assert_eq!(seen, expected, "{sort}");
    }
}

#[tokio::test]
async fn applications_are_found_by_text_state_and_use_and_sorted() {
    let (app, browser) = furnished().await;
    for name in ["Ledger", "Almanac"] {
        app.pass(Lifetime::from_seconds(1));
        app.client_with("profile", |client| client.name = self::name(name)).await;
    }
    let all = browser.get("/clients?sort=name").await;
    assert_eq!(listed(&all, "/clients/client_"), ["Almanac", "Ledger"]);
    let ledger = browser.get("/clients?q=ledg").await;
    assert_eq!(listed(&ledger, "/clients/client_"), ["Ledger"]);
    let path = ledger.paths("/clients/client_")[0].clone();
    browser.done(&format!("{path}/disable"), &[]).await;
    for (query, expected) in [
        ("state=disabled", vec!["Ledger"]),
        ("state=enabled", vec!["Almanac"]),
        ("sort=newest", vec!["Almanac", "Ledger"]),
        ("sort=name-down", vec!["Ledger", "Almanac"]),
        ("use=unused", vec![]),
    ] {
        let page = browser.get(&format!("/clients?{query}")).await;
        assert_eq!(listed(&page, "/clients/client_"), expected, "{query}");
    }
    app.pass(Lifetime::from_days(91));
    let browser = app.signed_in("ada", PASSWORD).await;
    let unused = browser.get("/clients?use=unused").await;
    assert_eq!(listed(&unused, "/clients/client_"), ["Ledger", "Almanac"]);
}

/// security.md, case 327
#[tokio::test]
async fn hostile_texts_are_shown_as_texts_on_the_lists() {
    let (app, browser) = furnished().await;
    for (number, text) in HOSTILE.iter().enumerate() {
        let username = format!("mallory-{number}");
        browser
            .done("/users/new", &[("username", &username), ("full_name", text), ("password", "another battery staple")])
            .await;
        app.client_with("profile", |client| client.name = name(text)).await;
    }
    for list in ["/users", "/clients"] {
        let page = browser.get(list).await;
        assert!(page.body.contains("&#60;script&#62;alert(1)"), "{list}: {}", page.body);
        for text in HOSTILE {
            let query: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
            let found = browser.get(&format!("{list}?q={query}")).await;
            assert_eq!(found.status, 200, "{list}");
            for body in [&page.body, &found.body] {
                assert!(!body.contains(text), "{list}: {body}");
            }
        }
    }
}

#[tokio::test]
async fn a_search_is_for_administrators_who_are_signed_in() {
    let (app, _) = furnished().await;
    let grace = app.signed_in("grace", PASSWORD).await;
    for list in ["/users?q=a&sort=name", "/clients?q=a&sort=name", "/keys", "/sessions", "/grants", "/overview"] {
        assert_eq!(grace.get(list).await.status, grace.get("/audit").await.status, "{list}");
        assert_eq!(grace.get(list).await.status, 403, "{list}");
        let stranger = app.browser();
        assert_eq!(stranger.get(list).await.status, stranger.get("/audit").await.status, "{list}");
    }
}

/// The values of the boxes that can be ticked.
fn boxes(page: &Answer) -> Vec<String> {
    let boxes = page.body.split("name=\"record\" value=\"").skip(1);
    boxes.map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

fn ticked<'a>(act: &'a str, ids: &'a [String]) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![("act", act)];
    fields.extend(ids.iter().map(|id| ("record", id.as_str())));
    fields
}

#[tokio::test]
async fn several_users_are_disabled_after_a_question_that_names_them_and_enabled_without_one() {
    let (app, browser) = furnished().await;
    let ids = boxes(&browser.get("/users?kind=service").await);
    assert_eq!(ids.len(), 2);
    let asked = browser.submit("/users/bulk?kind=service", &ticked("disable", &ids)).await;
    assert_eq!(asked.status, 200, "{}", asked.body);
    for text in ["Disable 2 users?", "nightly_export", "nightly-export", "They can be enabled again."] {
        assert!(asked.body.contains(text), "{text}: {}", asked.body);
    }
    assert_eq!(boxes(&asked), ids);
    assert_eq!(listed(&browser.get("/users?state=disabled").await, "/users/user_").len(), 0, "nothing was done yet");
    let fields: Vec<_> = ticked("disable", &ids).into_iter().chain([("confirmed", "yes")]).collect();
    let done = browser.done("/users/bulk?kind=service", &fields).await;
    assert!(done.body.contains("That is done"), "{}", done.body);
    assert!(done.body.contains("value=\"service\" selected"), "the list is narrowed as it was: {}", done.body);
    assert_eq!(listed(&browser.get("/users?state=disabled").await, "/users/user_").len(), 2);
    browser.done("/users/bulk", &ticked("enable", &ids)).await;
    assert_eq!(listed(&browser.get("/users?state=disabled").await, "/users/user_").len(), 0);
    let log = browser.get("/audit?event=user.disabled").await;
    assert_eq!(log.body.matches("class=\"record-title\"").count(), 2, "each is in the log: {}", log.body);
    assert_eq!(app.stranger().get("/health/ready").await.status, 200);
}

#[tokio::test]
async fn what_could_not_be_done_to_some_is_told_and_done_to_the_others() {
    let (_app, browser) = furnished().await;
    let mut ids = boxes(&browser.get("/users").await);
    ids.push(format!("user_{}", "0".repeat(32)));
    ids.push("<b>".to_owned());
    let fields: Vec<_> = ticked("delete", &ids).into_iter().chain([("confirmed", "yes")]).collect();
    let told = browser.submit("/users/bulk", &fields).await;
    assert_eq!(told.status, 409, "{}", told.body);
    for text in
        ["Delete: 3 users", "ada", "This is the last enabled administrator", "It is not there any more", "&#60;b&#62;"]
    {
        assert!(told.body.contains(text), "{text}: {}", told.body);
    }
    assert_eq!(listed(&browser.get("/users").await, "/users/user_"), ["ada"]);
}

#[tokio::test]
async fn what_makes_no_sense_for_a_list_is_refused_and_does_nothing() {
    let (_app, browser) = furnished().await;
    let ids = boxes(&browser.get("/users").await);
    let many: Vec<String> = (0..51).map(|number| format!("user_{number}")).collect();
    for fields in [
        ticked("disable", &[]),
        ticked("cut-off", &ids),
        ticked("", &ids),
        ticked("delete", &many),
        vec![("act", "delete"), ("act", "enable"), ("record", ids[0].as_str())],
    ] {
        assert_eq!(browser.submit("/users/bulk", &fields).await.status, 400, "{fields:?}");
    }
    assert_eq!(browser.submit("/users/bulk?after=x&role=unheard-of", &ticked("enable", &ids)).await.status, 303);
    assert_eq!(boxes(&browser.get("/users").await), ids);
}

#[tokio::test]
async fn what_takes_something_away_for_good_wants_a_new_sign_in() {
    let (app, browser) = furnished().await;
    app.web_client("profile").await;
    let ids = boxes(&browser.get("/clients").await);
    app.pass(Lifetime::from_seconds(16 * 60));
    for (act, goes_to_sign_in) in [("delete", true), ("cut-off", true), ("disable", false)] {
        let fields: Vec<_> = ticked(act, &ids).into_iter().chain([("confirmed", "yes")]).collect();
        let answer = browser.submit("/clients/bulk", &fields).await;
        assert_eq!(answer.status, 303);
        assert_eq!(answer.header("location").starts_with("/login"), goes_to_sign_in, "{}", answer.header("location"));
    }
    let left = browser.get("/clients?state=disabled").await;
    assert_eq!(listed(&left, "/clients/").len(), 1, "{}", left.body);
}

#[tokio::test]
async fn several_applications_lose_their_access_or_go() {
    let (app, browser) = furnished().await;
    let (one, other) = (app.web_client("profile").await, app.web_client("profile").await);
    let grace = app.signed_in("grace", PASSWORD).await;
    let tokens = app.tokens(&grace, &one).await;
    let me = app.script(&format!("Bearer {}", tokens["access_token"].as_str().unwrap()));
    assert_eq!(me.get("/api/v1/me").await.status, 200);
    let ids = [one.client_id.clone(), other.client_id.clone()];
    let confirmed = |act| ticked(act, &ids).into_iter().chain([("confirmed", "yes")]).collect::<Vec<_>>();
    browser.done("/clients/bulk", &confirmed("cut-off")).await;
    assert_eq!(me.get("/api/v1/me").await.status, 401);
    browser.done("/clients/bulk", &confirmed("delete")).await;
    assert!(boxes(&browser.get("/clients").await).is_empty());
}

#[tokio::test]
async fn keys_of_everybody_are_found_stopped_and_revoked() {
    let (app, browser) = furnished().await;
    let grace = app.person("grace2", &[]).await;
    let ends = app.clock.now() + Lifetime::from_days(3);
    let soon = app
        .key_with(&grace, |key| {
            key.name = name("ends soon");
            key.expires_at = Some(ends);
        })
        .await;
    app.pass(Lifetime::from_seconds(1));
    let lasting = app.key_with(&grace, |key| key.name = name("lasting")).await;
    let names = |page: &Answer| listed(page, &format!("/users/{}/keys/", grace.id));
    for (query, expected) in [
        ("", vec!["lasting", "ends soon"]),
        ("sort=oldest", vec!["ends soon", "lasting"]),
        ("sort=end", vec!["ends soon", "lasting"]),
        ("use=ends-soon", vec!["ends soon"]),
        ("q=LAST", vec!["lasting"]),
        ("user=grace2", vec!["lasting", "ends soon"]),
        ("user=ada", vec![]),
        ("user=nobody-of-this-name", vec![]),
        ("kind=decoy", vec![]),
        ("state=disabled", vec![]),
    ] {
        assert_eq!(names(&browser.get(&format!("/keys?{query}")).await), expected, "{query}");
    }
    let me = app.script(&lasting.token_header());
    let ids = [lasting.id.clone(), soon.id.clone()];
    let confirmed = |act| ticked(act, &ids).into_iter().chain([("confirmed", "yes")]).collect::<Vec<_>>();
    assert_eq!(me.get("/api/v1/me").await.status, 200);
    let page = browser.done("/keys/bulk", &confirmed("disable")).await;
    assert!(!page.body.contains(&lasting.api_secret) && !page.body.contains(&soon.api_secret), "no secret is on it");
    assert_eq!(me.get("/api/v1/me").await.status, 401);
    assert_eq!(names(&browser.get("/keys?state=disabled").await).len(), 2);
    browser.done("/keys/bulk", &ticked("enable", &ids)).await;
    assert_eq!(me.get("/api/v1/me").await.status, 200);
    browser.done("/keys/bulk", &confirmed("revoke")).await;
    assert_eq!(me.get("/api/v1/me").await.status, 401);
    assert!(names(&browser.get("/keys").await).is_empty());
}

#[tokio::test]
async fn sessions_of_everybody_are_found_and_ended() {
    let (app, browser) = furnished().await;
    let grace = app.signed_in("grace", PASSWORD).await;
    let page = browser.get("/sessions").await;
    assert_eq!(listed(&page, "/users/user_").len(), 2, "{}", page.body);
    assert_eq!(page.body.matches("This browser").count(), 1);
    let hers = browser.get("/sessions?user=grace").await;
    assert_eq!(listed(&hers, "/users/user_"), ["grace"]);
    assert!(boxes(&browser.get("/sessions?user=nobody-of-this-name").await).is_empty());
    assert!(boxes(&browser.get("/sessions?q=no-such-browser").await).is_empty());
    let ids = boxes(&hers);
    let fields: Vec<_> = ticked("end", &ids).into_iter().chain([("confirmed", "yes")]).collect();
    browser.done("/sessions/bulk?user=grace", &fields).await;
    assert_eq!(grace.get("/account").await.status, 303);
    assert_eq!(browser.get("/account").await.status, 200);
    let again = browser.submit("/sessions/bulk", &fields).await;
    assert!(again.status == 409 && again.body.contains("It is not there any more"), "{}", again.body);
}

#[tokio::test]
async fn grants_of_everybody_are_found_and_taken_back() {
    let (app, browser) = furnished().await;
    let client = app.web_client("profile").await;
    let grace = app.signed_in("grace", PASSWORD).await;
    let tokens = app.tokens(&grace, &client).await;
    let me = app.script(&format!("Bearer {}", tokens["access_token"].as_str().unwrap()));
    for (query, count) in [
        ("".to_owned(), 1),
        ("user=grace".to_owned(), 1),
        ("user=ada".to_owned(), 0),
        (format!("client_id={}", client.client_id), 1),
        ("client_id=client_none".to_owned(), 0),
        ("q=PROF".to_owned(), 1),
        ("q=email".to_owned(), 0),
    ] {
        assert_eq!(boxes(&browser.get(&format!("/grants?{query}")).await).len(), count, "{query}");
    }
    let ids = boxes(&browser.get("/grants").await);
    let asked = browser.submit("/grants/bulk", &ticked("revoke", &ids)).await;
    assert!(asked.body.contains("Take back 1 grant?") && asked.body.contains("by grace"), "{}", asked.body);
    let fields: Vec<_> = ticked("revoke", &ids).into_iter().chain([("confirmed", "yes")]).collect();
    browser.done("/grants/bulk", &fields).await;
    assert_eq!(me.get("/api/v1/me").await.status, 401);
    assert!(boxes(&browser.get("/grants").await).is_empty());
}

#[tokio::test]
async fn the_overview_says_what_needs_attention_and_leads_there() {
    let (app, browser) = furnished().await;
    let grace = app.person("grace2", &[]).await;
    let calm = browser.get("/overview").await;
    assert!(calm.body.contains("1 administrator signs in with a password alone"), "{}", calm.body);
    assert_eq!(calm.body.matches("class=\"record-title\"").count(), 1, "{}", calm.body);
    let ends = app.clock.now() + Lifetime::from_days(3);
    app.key_with(&grace, |key| key.expires_at = Some(ends)).await;
    let decoy = app.key_with(&grace, |key| key.is_decoy = true).await;
    assert_eq!(app.script(&decoy.token_header()).get("/api/v1/me").await.status, 401);
    for _ in 0..2 {
        assert_eq!(app.browser().sign_in("grace2", "not the password").await.status, 401);
    }
    app.web_client("profile").await;
    // The alarm of a decoy is written behind the answer, which must not show by its time that it was one.
    let mut page = browser.get("/overview").await;
    for _ in 0..100 {
        if page.body.contains("decoy key was tried") {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        page = browser.get("/overview").await;
    }
    for text in [
        "1 decoy key was tried in the last 30 days",
        "2 sign-ins failed in the last 24 hours",
        "1 API key ends within 14 days",
    ] {
        assert!(page.body.contains(text), "{text}: {}", page.body);
    }
    assert!(!page.body.contains("not used for 90 days"), "{}", page.body);
    app.pass(Lifetime::from_days(91));
    let browser = app.signed_in("ada", PASSWORD).await;
    let later = browser.get("/overview").await;
    assert!(later.body.contains("1 application was not used for 90 days"), "{}", later.body);
    assert!(!later.body.contains("decoy key was tried") && !later.body.contains("ends within"), "{}", later.body);
    for path in later.paths("/clients?use=").into_iter().chain(page.paths("/keys?use=")) {
        let list = browser.get(&path.replace("&amp;", "&").replace("&#38;", "&")).await;
        assert_eq!(list.status, 200, "{path}");
    }
}

#[tokio::test]
async fn the_charts_count_sign_ins_tokens_and_requests_over_all_nodes_and_starts() {
    let app = TestApp::start().await;
    app.person("ada", &["admin"]).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let client = app.web_client("profile").await;
    let tokens = app.tokens(&browser, &client).await;
    let me = app.script(&format!("Bearer {}", tokens["access_token"].as_str().unwrap()));
    for _ in 0..3 {
        assert_eq!(me.get("/api/v1/me").await.status, 200);
    }
    assert_eq!(app.browser().sign_in("ada", "not the password").await.status, 401);
    let empty = browser.get("/overview").await;
    assert!(empty.body.contains("None in the last 30 days."), "{}", empty.body);
    let database = app.stop().await;
    let app = TestApp::start_on(database, "");
    let browser = app.signed_in("ada", PASSWORD).await;
    let page = browser.get("/overview").await;
    for text in ["Signed in <strong>1</strong>", "Failed <strong>1</strong>", "Given out <strong>1</strong>"] {
        assert!(page.body.contains(text), "{text}: {}", page.body);
    }
    let let_in: i64 = page.body.split("Let in <strong>").nth(1).unwrap().split('<').next().unwrap().parse().unwrap();
    assert!(let_in >= 3, "{let_in}");
}

/// The language holds on all the way: what is listed, asked, refused and done.
#[tokio::test]
async fn an_administrator_reads_german_where_it_is_the_language() {
    let app = TestApp::start_with("[branding]\nlanguage = \"de\"").await;
    app.person("ada", &["admin"]).await;
    app.service("nightly_export", &[]).await;
    app.service("nightly-export", &[]).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let has = |page: &Answer, texts: &[&str]| {
        for text in texts {
            assert!(page.body.contains(text), "{text}: {}", page.body);
        }
    };
    has(&browser.get("/overview").await, &["Zu tun", "Ein Administrator meldet sich nur mit Passwort an"]);
    has(&browser.get("/users").await, &["Dienstkonto", "Name, A bis Z", "nightly_export auswählen"]);
    has(&browser.get("/audit").await, &["Eine Person hat sich angemeldet.", "Bis zu diesem Tag"]);
    let ids = boxes(&browser.get("/users?kind=service").await);
    let asked = browser.submit("/users/bulk", &ticked("disable", &ids)).await;
    has(&asked, &["2 Benutzer sperren?", "Sie können wieder entsperrt werden."]);
    let one = browser.submit("/users/bulk", &ticked("delete", &ids[..1])).await;
    has(&one, &["Einen Benutzer löschen?", "Das lässt sich nicht rückgängig machen."]);
    let confirmed: Vec<_> = ticked("disable", &ids).into_iter().chain([("confirmed", "yes")]).collect();
    has(&browser.done("/users/bulk", &confirmed).await, &["Das ist für alle ausgewählten Einträge erledigt."]);
    let refused = browser.submit("/users/new", &[("username", "grace!"), ("password", PASSWORD)]).await;
    assert_eq!(refused.status, 422, "{}", refused.body);
    has(&refused, &["Der Benutzername hat ein Zeichen, das nicht erlaubt ist"]);
    let fields = [("client_name", "Ledger"), ("scope", "openid"), ("redirect_uris", "http://ledger.example/cb")];
    let refused = browser.submit("/clients/new", &fields).await;
    assert_eq!(refused.status, 422, "{}", refused.body);
    has(&refused, &["Zeile 1 beginnt mit http statt https"]);
    let user = browser.get("/users?q=ada").await.paths("/users/user_")[0].clone();
    has(&browser.get(&format!("{user}/disable")).await, &["Den Benutzer ada sperren?", "Das sind Sie selbst"]);
    let keys = r#"[{"user": "nightly_export", "name": "Old", "sha256": "x", "full_access": true}]"#;
    let stopped = browser.submit("/import", &[("keys", keys)]).await;
    has(&stopped, &["Ein Datensatz kann nicht importiert werden", "Was dagegen spricht"]);
}

#[tokio::test]
async fn each_line_of_a_list_has_the_roles_of_its_own_record() {
    let (app, browser) = furnished().await;
    app.role("sales").await;
    app.person("heidi", &["sales", "bookkeeping", "admin"]).await;
    let page = browser.get("/users?kind=person&sort=name").await;
    let tags = |row: &str| -> Vec<String> {
        row.split("class=\"tag\">").skip(1).map(|tag| tag.split('<').next().unwrap().to_owned()).collect()
    };
    let rows: Vec<Vec<String>> = page.body.split("class=\"record-title\"").skip(1).map(tags).collect();
    assert_eq!(rows, [vec!["admin"], vec!["bookkeeping"], vec!["admin", "bookkeeping", "sales"]], "{}", page.body);
    let roles = app.store.read(|tx| tx.users().list(None, 100)).await.unwrap();
    let of = |name: &str| roles.iter().find(|user| user.username.as_str() == name).unwrap().roles.names();
    assert_eq!((of("grace"), of("nightly_export")), (vec!["bookkeeping".to_owned()], Vec::new()));
}
