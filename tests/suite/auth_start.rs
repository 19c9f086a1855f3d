//! The way of a browser to a service behind a proxy: sign-in, a ticket, a cookie for that host alone.

use hallpass::model::time::Lifetime;
use reqwest::Method;

use crate::support::app::TestApp;
use crate::support::caller::Answer;
use crate::support::caller::Browser;
use crate::support::caller::Script;
use crate::support::flow::parameters;
use crate::support::flow::query;
use crate::support::seed::PASSWORD;

/// The tests themselves are the proxy in front of two services.
const PROXY: &str = "[http]\ntrusted_proxies = [\"127.0.0.1\"]\n[verify]\n\
                     allowed_hosts = [\"files.example:443\", \"mail.example:443\", \"127.0.0.1:8081\"]\n";
const VERIFY: &str = "/auth/verify";

/// What the proxy of `host` sends along.
fn at(script: Script, host: &str, path: &str) -> Script {
    let script = script.with("x-forwarded-proto", "https").with("x-forwarded-host", host);
    script.with("x-forwarded-uri", path).with("x-forwarded-method", "GET")
}

fn start(rd: &str) -> String {
    format!("/auth/start?{}", query(&[("rd", rd)]))
}

/// The ticket for `rd` that a signed-in browser gets, as the path and query of where it is sent.
async fn ticket(browser: &Browser, rd: &str) -> String {
    let answer = browser.get(&start(rd)).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let location = url::Url::parse(answer.header("location")).unwrap();
    format!("{}?{}", location.path(), location.query().unwrap())
}

/// Comes back to `host` with a ticket, and the cookies that the browser has there.
async fn redeem(app: &TestApp, host: &str, ticket: &str, cookies: &str) -> Answer {
    let script = at(app.stranger(), host, ticket);
    if cookies.is_empty() { script.get(ticket).await } else { script.with("cookie", cookies).get(ticket).await }
}

/// The pair of the cookie that an answer sets.
fn cookie(answer: &Answer) -> String {
    answer.header("set-cookie").split(';').next().unwrap().to_owned()
}

/// The whole way to a cookie of `host`.
async fn visit(app: &TestApp, browser: &Browser, host: &str) -> String {
    let ticket = ticket(browser, &format!("https://{host}/")).await;
    cookie(&redeem(app, host, &ticket, "").await)
}

async fn ask(app: &TestApp, host: &str, cookie: &str) -> u16 {
    at(app.stranger(), host, "/").with("cookie", cookie).get(VERIFY).await.status
}

#[tokio::test]
async fn a_visitor_is_sent_to_sign_in_and_comes_back_with_a_cookie_for_that_host_alone() {
    let app = TestApp::start_with(PROXY).await;
    app.person("ada", &[]).await;
    let page = "/a b/c?d=e&f=%2F";
    let visitor = at(app.stranger(), "files.example", "/a%20b/c?d=e&f=%2F").with("accept", "text/html,*/*;q=0.8");
    let answer = visitor.get("/auth/verify?redirect=1").await;
    assert_eq!(answer.status, 302);
    let to_start = answer.header("location").to_owned();
    assert!(to_start.starts_with(&format!("{}/auth/start?rd=", app.url)), "{to_start}");
    assert_eq!(parameters(&to_start)["rd"], format!("https://files.example{}", page.replace(' ', "%20")));

    let browser = app.browser();
    let answer = browser.get(&to_start).await;
    assert_eq!(answer.status, 303);
    let login = answer.header("location").to_owned();
    assert!(login.starts_with("/login?return_to=%2Fauth%2Fstart"), "{login}");
    let form = browser.get(&login).await;
    let (csrf_token, return_to) = (form.input("csrf_token"), form.input("return_to"));
    let fields = [("username", "ada"), ("password", PASSWORD), ("csrf_token", &csrf_token), ("return_to", &return_to)];
    let answer = browser.post("/login", &fields).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let answer = browser.get(answer.header("location")).await;
    let back = answer.header("location").to_owned();
    assert_eq!((answer.status, answer.header("cache-control")), (303, "no-store"));
    let path = back.strip_prefix("https://files.example").unwrap();
    assert!(path.starts_with("/.hallpass/callback?ticket=hp_vt_"), "{back}");

    let answer = redeem(&app, "files.example", path, "").await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert_eq!(answer.header("location"), "https://files.example/a%20b/c?d=e&f=%2F");
    let set = answer.header("set-cookie");
    assert!(set.starts_with("hallpass_verify=hp_vs_"), "{set}");
    for flag in ["HttpOnly", "SameSite=Lax", "Path=/", "Secure", "Max-Age="] {
        assert!(set.contains(flag), "{flag}: {set}");
    }
    assert!(!set.contains("Domain"));
    let cookie = cookie(&answer);
    let answer = at(app.stranger(), "files.example", "/").with("cookie", &cookie).get(VERIFY).await;
    let told = (answer.status, answer.header("remote-user"), answer.header("x-hallpass-credential"));
    assert_eq!(told, (200, "ada", "session"));
    // At another host, by another scheme, or where no proxy that is trusted says which it is, the cookie is none.
    assert_eq!(ask(&app, "mail.example", &cookie).await, 401);
    assert_eq!(ask(&app, "files.example:8443", &cookie).await, 401);
    let plain = app.stranger().with("x-forwarded-host", "files.example").with("x-forwarded-proto", "http");
    assert_eq!(plain.with("cookie", &cookie).get(VERIFY).await.status, 401);
    assert_eq!(app.stranger().with("cookie", &cookie).get(VERIFY).await.status, 401);
    // And everywhere but at the check.
    let value = cookie.split_once('=').unwrap().1;
    for cookie in [cookie.clone(), format!("hallpass_session={value}")] {
        let script = at(app.stranger(), "files.example", "/").with("cookie", &cookie);
        assert_eq!(script.get("/api/v1/me").await.status, 401);
        assert_eq!(script.get("/account").await.status, 303);
    }
    assert_eq!(app.script(&format!("Bearer {value}")).get(VERIFY).await.status, 401);
    // The session's own cookie is not the host's.
    let session = browser.cookie("hallpass_session").unwrap();
    assert_eq!(ask(&app, "files.example", &format!("hallpass_verify={session}")).await, 401);
    assert_eq!(ask(&app, "files.example", &format!("{cookie}; hallpass_verify=x")).await, 401);
}

#[tokio::test]
async fn only_a_browser_without_a_session_is_sent_on_and_only_where_it_can_come_back() {
    let app = TestApp::start_with(PROXY).await;
    app.person("ada", &[]).await;
    let browser = || at(app.stranger(), "files.example", "/").with("accept", "text/html");
    assert_eq!(browser().get("/auth/verify?redirect=1").await.status, 302);
    assert_eq!(browser().with("cookie", "hallpass_verify=gone").get("/auth/verify?redirect=1").await.status, 302);
    for (what, script, path) in [
        ("not asked for", browser(), VERIFY),
        ("asked not to", browser(), "/auth/verify?redirect=0"),
        ("a script", at(app.stranger(), "files.example", "/").with("accept", "*/*"), "/auth/verify?redirect=1"),
        ("a script", at(app.stranger(), "files.example", "/"), "/auth/verify?redirect=1"),
        ("another host", at(app.stranger(), "evil.test", "/").with("accept", "text/html"), "/auth/verify?redirect=1"),
        ("no proxy", app.stranger().with("accept", "text/html"), "/auth/verify?redirect=1"),
        ("a bad credential", browser().with("authorization", "Bearer x"), "/auth/verify?redirect=1"),
    ] {
        let answer = script.get(path).await;
        assert_eq!((answer.status, answer.header("location")), (401, ""), "{what}");
        assert_ne!(answer.header("www-authenticate"), "", "{what}");
    }
    let cookie = app.signed_in("ada", PASSWORD).await.cookie_header();
    assert_eq!(browser().with("cookie", &cookie).get("/auth/verify?redirect=1&role=admin").await.status, 403);
    // Where nobody is trusted, nobody is sent on.
    let open = TestApp::start_with("[verify]\nallowed_hosts = [\"files.example:443\"]").await;
    let script = at(open.stranger(), "files.example", "/").with("accept", "text/html");
    assert_eq!(script.get("/auth/verify?redirect=1").await.status, 401);
}

#[tokio::test]
async fn nobody_is_sent_to_a_host_that_is_not_allowed() {
    let app = TestApp::start_with(PROXY).await;
    app.person("ada", &[]).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    for rd in [
        "",
        "/account",
        "//files.example/",
        "https://evil.test/",
        "https://files.example:8443/",
        "https://files.example@evil.test/",
        "https://evil.test\\@files.example/",
        "https://ada@files.example/",
        "https://files.example/#a",
        "https://files.example/\r\nset-cookie: a=b",
        "javascript:alert(1)",
    ] {
        for browser in [&browser, &app.browser()] {
            let answer = browser.get(&start(rd)).await;
            assert_eq!((answer.status, answer.header("location")), (400, ""), "{rd:?}");
        }
    }
    for query in [
        "",
        "?rd=https://evil.test/",
        "?rd=http://evil.test/&rd=https://files.example/",
        "?rd=https://files.example/&x=\\",
    ] {
        assert_eq!(browser.get(&format!("/auth/start{query}")).await.status, 400, "{query}");
    }
    assert_eq!(
        browser.get("/auth/start?rd=https%3A%2F%2Ffiles.example&rd=https%3A%2F%2Fmail.example").await.status,
        400
    );
    // A path that looks like a host is a path.
    let ticket = ticket(&browser, "https://files.example//evil.test/%2e%2e").await;
    let answer = redeem(&app, "files.example", &ticket, "").await;
    assert!(answer.header("location").starts_with("https://files.example//"), "{}", answer.header("location"));
    // A key signs nobody in.
    let bob = app.person("bob", &[]).await;
    let key = app.key(&bob).await.token_header();
    assert_eq!(app.script(&key).get(&start("https://files.example/")).await.status, 403);
}

/// Proxies that can't encode an address put it last as it is.
#[tokio::test]
async fn an_address_that_is_not_encoded_goes_to_the_end() {
    let app = TestApp::start_with(PROXY).await;
    app.person("ada", &[]).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let answer = browser.get("/auth/start?rd=https://files.example/a?b=c&d=e%26f").await;
    let location = url::Url::parse(answer.header("location")).unwrap();
    let ticket = format!("{}?{}", location.path(), location.query().unwrap());
    let answer = redeem(&app, "files.example", &ticket, "").await;
    assert_eq!(answer.header("location"), "https://files.example/a?b=c&d=e%26f");
}

#[tokio::test]
async fn a_ticket_is_good_once_for_a_minute_and_at_its_host() {
    let app = TestApp::start_with(PROXY).await;
    app.person("ada", &[]).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let once = ticket(&browser, "https://files.example/").await;
    for (host, status) in [("mail.example", 400), ("files.example", 303), ("files.example", 400)] {
        let answer = redeem(&app, host, &once, "").await;
        assert_eq!((answer.status, answer.header("set-cookie").is_empty()), (status, status == 400), "{host}");
    }
    let late = ticket(&browser, "https://files.example/").await;
    app.pass(Lifetime::from_seconds(60));
    assert_eq!(redeem(&app, "files.example", &late, "").await.status, 400);
    let direct = ticket(&browser, "https://files.example/").await;
    assert_eq!(app.stranger().get(&direct).await.status, 400);
    let plain = app.stranger().with("x-forwarded-proto", "http").with("x-forwarded-host", "files.example");
    assert_eq!(plain.get(&direct).await.status, 400);
    assert_eq!(redeem(&app, "files.example", &direct, "").await.status, 303);
    for path in ["/.hallpass/callback", "/.hallpass/callback?ticket=", "/.hallpass/callback?ticket=x"] {
        assert_eq!(redeem(&app, "files.example", path, "").await.status, 400, "{path}");
    }
    let session = browser.cookie("hallpass_session").unwrap();
    let path = format!("/.hallpass/callback?ticket={session}");
    assert_eq!(redeem(&app, "files.example", &path, "").await.status, 400);
    // A hundred at once are one.
    let raced = ticket(&browser, "https://files.example/").await;
    let answers: Vec<_> = (0..20).map(|_| redeem(&app, "files.example", &raced, "")).collect();
    let mut good = 0;
    for answer in futures(answers).await {
        good += usize::from(answer.status == 303);
    }
    assert_eq!(good, 1);
}

/// All at once.
async fn futures<F: Future<Output = Answer>>(all: Vec<F>) -> Vec<Answer> {
    let mut all: Vec<_> = all.into_iter().map(|one| (Box::pin(one), None)).collect();
    std::future::poll_fn(|cx| {
        for (future, answer) in &mut all {
            if answer.is_none()
                && let std::task::Poll::Ready(ready) = future.as_mut().poll(cx)
            {
                *answer = Some(ready);
            }
        }
        if all.iter().all(|(_, answer)| answer.is_some()) {
            std::task::Poll::Ready(())
        } else {
            std::task::Poll::Pending
        }
    })
    .await;
    all.into_iter().filter_map(|(_, answer)| answer).collect()
}

#[tokio::test]
async fn the_cookie_ends_with_its_session() {
    let app = TestApp::start_with(PROXY).await;
    let ada = app.person("ada", &[]).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let (files, mail) = (visit(&app, &browser, "files.example").await, visit(&app, &browser, "mail.example").await);
    let other = app.signed_in("ada", PASSWORD).await;
    let elsewhere = visit(&app, &other, "files.example").await;
    assert_eq!(ask(&app, "files.example", &files).await, 200);
    let under_way = ticket(&browser, "https://files.example/").await;
    // Signing out at the server ends it at each host, and what is under way.
    let csrf_token = browser.csrf_token("/account").await;
    assert_eq!(browser.post("/logout", &[("csrf_token", &csrf_token)]).await.status, 303);
    assert_eq!(ask(&app, "files.example", &files).await, 401);
    assert_eq!(ask(&app, "mail.example", &mail).await, 401);
    assert_eq!(redeem(&app, "files.example", &under_way, "").await.status, 400);
    // Another session goes on, until its user is shut out.
    assert_eq!(ask(&app, "files.example", &elsewhere).await, 200);
    let under_way = ticket(&other, "https://files.example/").await;
    app.set_user_enabled(ada.id, false).await;
    assert_eq!(ask(&app, "files.example", &elsewhere).await, 401);
    assert_eq!(redeem(&app, "files.example", &under_way, "").await.status, 400);
    app.set_user_enabled(ada.id, true).await;
    assert_eq!(ask(&app, "files.example", &elsewhere).await, 200);
    // Using a service keeps the session alive as using the server does; rest ends it.
    for _ in 0..3 {
        // A minute before it would have ended, which is when its use is written down at once.
        app.pass(Lifetime::from_seconds(12 * 3_600 - 60));
        assert_eq!(ask(&app, "files.example", &elsewhere).await, 200);
        for _ in 0..100 {
            let noted = app.database.lines("SELECT CAST(MAX(seen_at) AS TEXT) AS line FROM sessions").concat();
            if noted == app.act().now.millis().to_string() {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    }
    app.pass(Lifetime::from_hours(13));
    assert_eq!(ask(&app, "files.example", &elsewhere).await, 401);
}

/// Login CSRF: somebody sends a browser to the service with a ticket of their own.
#[tokio::test]
async fn a_browser_that_is_signed_in_as_somebody_is_not_made_somebody_else() {
    let app = TestApp::start_with(PROXY).await;
    for name in ["ada", "eve"] {
        app.person(name, &[]).await;
    }
    let (ada, eve) = (app.signed_in("ada", PASSWORD).await, app.signed_in("eve", PASSWORD).await);
    let cookie = visit(&app, &ada, "files.example").await;
    let foreign = ticket(&eve, "https://files.example/").await;
    let answer = redeem(&app, "files.example", &foreign, &cookie).await;
    assert_eq!((answer.status, answer.header("set-cookie")), (400, ""));
    assert!(answer.body.contains("somebody else"), "{}", answer.body);
    // Her own ticket is welcome, and so is another's once she has signed out.
    let own = ticket(&ada, "https://files.example/").await;
    assert_eq!(redeem(&app, "files.example", &own, &cookie).await.status, 303);
    let csrf_token = ada.csrf_token("/account").await;
    ada.post("/logout", &[("csrf_token", &csrf_token)]).await;
    let next = ticket(&eve, "https://files.example/").await;
    assert_eq!(redeem(&app, "files.example", &next, &cookie).await.status, 303);
}

#[tokio::test]
async fn where_the_issuer_has_a_path_the_callback_is_at_the_root_too() {
    let address = std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).unwrap();
    let top = format!("listen = \"{address}\"\nissuer = \"http://{address}/sign-in\"\n");
    let app = TestApp::start_with(&format!("{top}{PROXY}")).await;
    app.person("ada", &[]).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let visitor = at(app.stranger(), "files.example", "/").with("accept", "text/html");
    let answer = visitor.get("/auth/verify?redirect=1").await;
    assert!(answer.header("location").starts_with(&format!("http://{address}/sign-in/auth/start?rd=")));
    let ticket = ticket(&browser, "https://files.example/x").await;
    assert!(ticket.starts_with("/.hallpass/callback?"), "{ticket}");
    let answer = at(app.stranger_at_the_root(), "files.example", &ticket).get(&ticket).await;
    assert_eq!((answer.status, answer.header("location")), (303, "https://files.example/x"));
    assert_eq!(ask(&app, "files.example", &cookie(&answer)).await, 200);
    // At the root there is nothing else.
    assert_eq!(app.stranger_at_the_root().get(VERIFY).await.status, 404);
}

/// On https the server's cookies have the prefix `__Host-`; the host's is called the same everywhere.
#[tokio::test]
async fn on_https_the_session_goes_by_its_other_name() {
    let app = TestApp::start_with(&format!("issuer = \"https://id.example\"\n{PROXY}")).await;
    app.person("ada", &[]).await;
    let origin = app.origin();
    let browser = Browser::new(&origin);
    let csrf_token = browser.csrf_token("/login").await;
    let fields = [("username", "ada"), ("password", PASSWORD), ("csrf_token", &csrf_token)];
    let request = browser.request(Method::POST, "/login").header("origin", "https://id.example").form(&fields);
    assert_eq!(browser.send(request).await.status, 303);
    let session = browser.cookie("__Host-hallpass_session").unwrap();
    let ask = async |cookie: &str| Script::new(&origin).with("cookie", cookie).get(VERIFY).await.status;
    assert_eq!(ask(&format!("__Host-hallpass_session={session}")).await, 200);
    assert_eq!(ask(&format!("hallpass_session={session}")).await, 401);
    let answer = browser.get(&start("https://files.example/")).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    // Plain http only on loopback.
    assert_eq!(browser.get(&start("http://127.0.0.1:8081/")).await.status, 303);
    // What is said to another host's browser is nothing about that host.
    let answer = Script::new(&origin).get(VERIFY).await;
    assert_eq!((answer.status, answer.header("strict-transport-security")), (401, ""));
    assert_ne!(Script::new(&origin).get("/login").await.header("strict-transport-security"), "");
}
