//! What holds for all pages behind sign-in: account, users, applications.

use reqwest::Method;

use crate::support::app::TestApp;
use crate::support::caller::Answer;
use crate::support::caller::Browser;
use crate::support::seed::PASSWORD;

/// One route of these pages, its path filled in.
struct Page {
    method: Method,
    path: String,
    is_for_administrators: bool,
}

/// All routes of these pages, about `user`, `key` of that user, and `client`.
fn pages(user: &str, key: &str, client: &str) -> Vec<Page> {
    let fill = |path: &str| {
        let filled = path.replace("{user}", user).replace("{key}", key).replace("{client}", client);
        filled.replace("{session}", &format!("session_{}", "0".repeat(32))).replace("{grant}", "grant_none")
    };
    let areas = [
        "/account",
        "/users",
        "/clients",
        "/keys",
        "/sessions",
        "/grants",
        "/roles",
        "/scopes",
        "/resources",
        "/overview",
        "/audit",
        "/import",
    ];
    let routes = hallpass::http::routes();
    let pages = routes.iter().filter(|route| areas.iter().any(|area| route.path.starts_with(area)));
    let pages: Vec<Page> = pages
        .map(|route| Page {
            method: Method::from_bytes(route.method.as_str().as_bytes()).unwrap(),
            path: fill(route.path),
            is_for_administrators: route.guard == "admin + session",
        })
        .collect();
    assert!(pages.len() >= 40, "{}", pages.len());
    pages
}

/// Ada, the administrator, with a key; and a client.
async fn everything(app: &TestApp) -> (Vec<Page>, String) {
    let ada = app.person("ada", &["admin"]).await;
    let key = app.key(&ada).await;
    let client = app.web_client("profile").await;
    (pages(&ada.id.to_string(), &key.id, &client.client_id), key.token_header())
}

/// A POST with what a browser says of where it comes from, and with this token.
async fn post(browser: &Browser, path: &str, headers: &[(&str, &str)], csrf_token: Option<&str>) -> Answer {
    let mut request = browser.request(Method::POST, path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let fields: Vec<(&str, &str)> = csrf_token.map(|token| ("csrf_token", token)).into_iter().collect();
    browser.send(request.form(&fields)).await
}

#[tokio::test]
async fn no_form_is_taken_without_the_token_of_its_session() {
    let app = TestApp::start().await;
    let (pages, _) = everything(&app).await;
    let (browser, other) = (app.signed_in("ada", PASSWORD).await, app.signed_in("ada", PASSWORD).await);
    let mine = browser.csrf_token("/account").await;
    let others = other.csrf_token("/account").await;
    assert_ne!(mine, others);
    let origin = [("origin", app.url.as_str())];
    let posts: Vec<&Page> = pages.iter().filter(|page| page.method == Method::POST).collect();
    assert!(posts.len() >= 20, "{}", posts.len());
    for page in posts {
        for token in [None, Some(""), Some("x"), Some(others.as_str())] {
            let answer = post(&browser, &page.path, &origin, token).await;
            assert_eq!(answer.status, 403, "{} {token:?}", page.path);
        }
        let foreign = [
            vec![],
            vec![("origin", "https://evil.test")],
            vec![("origin", "null")],
            vec![("sec-fetch-site", "cross-site"), ("origin", app.url.as_str())],
            vec![("sec-fetch-site", "same-site")],
        ];
        for headers in foreign {
            let answer = post(&browser, &page.path, &headers, Some(&mine)).await;
            assert_eq!(answer.status, 403, "{} {headers:?}", page.path);
        }
    }
    assert_eq!(browser.get("/account").await.status, 200, "nothing was done");
    // What browsers send where a page has no referrer.
    let own = [("sec-fetch-site", "same-origin"), ("origin", "null")];
    assert_eq!(post(&browser, "/account/profile", &own, Some(&mine)).await.status, 303);
}

#[tokio::test]
async fn pages_for_administrators_are_closed_to_others() {
    let app = TestApp::start().await;
    let (pages, _) = everything(&app).await;
    app.person("bob", &[]).await;
    let bob = app.signed_in("bob", PASSWORD).await;
    let mut closed = 0;
    for page in pages.iter().filter(|page| page.is_for_administrators) {
        let answer = if page.method == Method::POST {
            bob.submit(&page.path, &[("full_name", "x"), ("client_name", "x"), ("new_password", "a new password")])
                .await
        } else {
            bob.get(&page.path).await
        };
        assert_eq!(answer.status, 403, "{} {}", page.method, page.path);
        assert!(answer.body.contains("The role admin is needed"), "{}", answer.body);
        closed += 1;
    }
    assert!(closed >= 25, "{closed}");
    let account = bob.get("/account").await;
    assert!(account.paths("/users").is_empty() && account.paths("/clients").is_empty(), "{}", account.body);
}

#[tokio::test]
async fn pages_take_neither_keys_nor_tokens_and_send_strangers_to_sign_in() {
    let app = TestApp::start().await;
    let (pages, key) = everything(&app).await;
    let ada = app.signed_in("ada", PASSWORD).await;
    let client = app.web_client("profile").await;
    let tokens = app.tokens(&ada, &client).await;
    let token = format!("Bearer {}", tokens["access_token"].as_str().unwrap());
    let stranger = app.stranger();
    for page in &pages {
        for header in [&key, &token] {
            let answer = app.script(header).send(page.method.clone(), &page.path, Some(&[])).await;
            assert_eq!(answer.status, 403, "{} {}", page.method, page.path);
        }
        let bad = app.script("token hp_key_x:hp_sk_x").send(page.method.clone(), &page.path, Some(&[])).await;
        assert_eq!(bad.status, 401, "{} {}", page.method, page.path);
        let nobody = stranger.send(page.method.clone(), &page.path, Some(&[])).await;
        assert_eq!(nobody.status, 303, "{} {}", page.method, page.path);
        assert!(nobody.header("location").starts_with("/login"), "{}", nobody.header("location"));
    }
}

#[tokio::test]
async fn what_is_not_there_is_one_answer_wherever_it_is_not() {
    let app = TestApp::start().await;
    app.person("ada", &["admin"]).await;
    let ada = app.signed_in("ada", PASSWORD).await;
    let nobody = format!("user_{}", "0".repeat(32));
    let no_key = format!("key_{}", "0".repeat(32));
    let mut seen: Vec<String> = Vec::new();
    for user in [nobody.as_str(), "user_0", "ada", "%00", "client_0"] {
        for page in pages(user, &no_key, "client_0") {
            if page.path.starts_with("/account") && !page.path.contains("_0") && !page.path.contains("_none") {
                continue;
            }
            // What names no record in its path.
            let fixed = ["/users", "/clients", "/import", "/keys", "/sessions", "/grants", "/overview"];
            let lists = ["/roles", "/scopes", "/resources"];
            let path = page.path.as_str();
            let is_fixed = fixed.contains(&path) || lists.contains(&path) || path.starts_with("/audit");
            if is_fixed || path.ends_with("/bulk") || path.ends_with("/new") {
                continue;
            }
            let answer = match page.method {
                Method::POST => ada.submit(&page.path, &[("until", "1d")]).await,
                _ => ada.get(&page.path).await,
            };
            assert_eq!(answer.status, 404, "{} {}: {}", page.method, page.path, answer.body);
            let body = answer.body.replace(answer.header("x-request-id"), "");
            if !seen.contains(&body) {
                seen.push(body);
            }
        }
    }
    assert_eq!(seen.len(), 1, "{seen:?}");
}

/// Names of all kinds that somebody else chose.
#[tokio::test]
async fn what_others_wrote_stays_text() {
    const SCRIPT: &str = "\"><script>alert(1)</script>";
    let app = TestApp::start().await;
    let ada = app.person("ada", &["admin"]).await;
    let browser = app.browser();
    let csrf_token = browser.csrf_token("/login").await;
    let fields = [("username", "ada"), ("password", PASSWORD), ("csrf_token", csrf_token.as_str())];
    let request = browser.request(Method::POST, "/login").header("user-agent", format!("Firefox/{SCRIPT}"));
    assert_eq!(browser.send(request.form(&fields)).await.status, 303);

    browser.done("/account/profile", &[("full_name", SCRIPT)]).await;
    let made = browser.done("/account/keys", &[("name", SCRIPT)]).await;
    assert!(!made.body.contains("<script>alert"), "{}", made.body);
    let key = made.paths("/account/keys/").into_iter().find(|path| path.ends_with("/revoke")).unwrap();
    let registered = browser
        .done("/clients/new", &[("client_name", SCRIPT), ("redirect_uris", "https://rp.test/cb"), ("scope", "profile")])
        .await;
    let client = crate::support::seed::SeededClient {
        client_id: registered.by_id("client-id"),
        secret: registered.by_id("client-secret"),
        redirect_uri: "https://rp.test/cb".to_owned(),
    };
    app.tokens(&browser, &client).await;

    let user = format!("/users/{}", ada.id);
    let client = format!("/clients/{}", client.client_id);
    let pages = [
        "/account".to_owned(),
        key,
        "/users".to_owned(),
        user.clone(),
        format!("{user}?tab=settings"),
        format!("{user}/delete"),
        "/clients".to_owned(),
        client.clone(),
        format!("{client}/edit"),
        format!("{client}/delete"),
        format!("{client}/rotate-secret"),
    ];
    for path in pages {
        let page = browser.get(&path).await;
        assert_eq!(page.status, 200, "{path}");
        assert!(!page.body.contains("<script>alert"), "{path}: {}", page.body);
        assert!(page.body.contains("script&#62;alert(1)") || path.ends_with("/delete"), "{path}: {}", page.body);
    }

    // What stands in everybody's lists, in the log, and where an application asks.
    let described = [("name", "editor"), ("description", SCRIPT)];
    browser.done("/roles/new", &described).await;
    browser.done("/scopes/new", &described).await;
    browser.done("/resources/new", &[("uri", "https://a.test"), ("name", SCRIPT)]).await;
    let registered = browser
        .done("/clients/new", &[("client_name", SCRIPT), ("redirect_uris", "https://rp.test/cb"), ("scope", "editor")])
        .await;
    let asking = crate::support::seed::SeededClient {
        client_id: registered.by_id("client-id"),
        secret: registered.by_id("client-secret"),
        redirect_uri: "https://rp.test/cb".to_owned(),
    };
    let consent = asking.authorize_path(&[]);
    // A browser's name is shown in words of ours, and the applications in the overview only where they are idle.
    let refused = browser.get(&asking.authorize_path(&[("redirect_uri", "https://rp.test/other")])).await;
    let why = format!("/why/{}", refused.header("x-request-id"));
    let shown = [
        ("/audit", true),
        ("/keys", true),
        ("/sessions", false),
        ("/sessions?q=script", false),
        ("/grants", true),
        ("/why", true),
        (why.as_str(), true),
        ("/overview", false),
        ("/roles", true),
        ("/scopes", true),
        ("/resources", true),
        ("/account/events", false),
        (consent.as_str(), true),
    ];
    for (path, is_shown) in shown {
        let page = browser.get(path).await;
        assert_eq!(page.status, 200, "{path}");
        assert!(!page.body.contains("<script>alert"), "{path}: {}", page.body);
        assert!(page.body.contains("script&#62;alert(1)") || !is_shown, "{path}: {}", page.body);
    }
    let consent = browser.get(&consent).await;
    assert!(consent.body.matches("script&#62;alert(1)").count() >= 2, "name and sentence: {}", consent.body);

    // What is refused comes back escaped as well.
    let refused = browser.submit("/users/new", &[("username", SCRIPT), ("role", SCRIPT)]).await;
    assert_eq!(refused.status, 422);
    assert!(!refused.body.contains("<script>alert"), "{}", refused.body);
    let fields = [("client_name", "x"), ("scope", SCRIPT), ("grant_types", SCRIPT), ("redirect_uris", SCRIPT)];
    let refused = browser.submit("/clients/new", &fields).await;
    assert_eq!(refused.status, 422);
    assert!(!refused.body.contains("<script>alert"), "{}", refused.body);
}
