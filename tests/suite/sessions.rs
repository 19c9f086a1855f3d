//! Signing in, staying signed in, signing out; and guessing passwords, which gets nowhere.

use std::collections::BTreeMap;
use std::time::Duration;
use std::time::Instant;

use hallpass::config::Config;
use hallpass::config::layers::Flags;
use hallpass::config::layers::Sources;
use hallpass::model::id::UserId;
use hallpass::model::session::Session;
use hallpass::model::time::Lifetime;
use hallpass::model::token::TokenKind;
use hallpass::random::Random;
use tokio::task::JoinSet;

use crate::support::app::TestApp;
use crate::support::caller::Answer;
use crate::support::caller::Browser;
use crate::support::caller::Script;
use crate::support::program::Program;
use crate::support::race::at_once;
use crate::support::seed::PASSWORD;

const ME: &str = "/api/v1/me";
const WRONG: &str = "wrong horse battery";

/// What a session's cookie holds.
fn cookie(browser: &Browser) -> String {
    browser.cookie("hallpass_session").expect("a session")
}

/// What somebody gets who has this cookie and nothing else.
async fn status_of(app: &TestApp, cookie: &str) -> u16 {
    app.stranger().with("cookie", &format!("hallpass_session={cookie}")).get(ME).await.status
}

async fn sessions_of(app: &TestApp, user: UserId) -> Vec<Session> {
    let now = app.act().now;
    app.write(move |tx| tx.sessions().list_live_of(user, now)).await
}

/// The attributes of the cookie that an answer sets.
fn set_cookie(answer: &Answer, name: &str) -> String {
    let all = answer.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap().to_owned());
    all.into_iter().find(|cookie| cookie.starts_with(&format!("{name}="))).unwrap_or_default()
}

/// RFC 6265 §4.1.2: scripts don't see it, other sites don't send it with their forms.
#[tokio::test]
async fn a_sign_in_begins_a_session_in_a_cookie_that_only_we_read() {
    let app = TestApp::start().await;
    let ada = app.person("ada", &[]).await;
    let browser = app.browser();
    let answer = browser.sign_in("ada", PASSWORD).await;
    assert_eq!((answer.status, answer.header("location")), (303, "/account"));
    let session = set_cookie(&answer, "hallpass_session");
    for attribute in ["; HttpOnly", "; SameSite=Lax", "; Path=/", "; Max-Age=604800"] {
        assert!(session.contains(attribute), "{session}");
    }
    assert!(!session.contains("Secure") && !session.contains("Domain"), "{session}");
    // The visit before it is over.
    assert!(set_cookie(&answer, "hallpass_form").contains("Max-Age=0"));
    assert_eq!(browser.get(ME).await.text("username"), "ada");
    assert_eq!(sessions_of(&app, ada.id).await.len(), 1);
}

/// ASVS 7.2.4: nothing that a browser brought along becomes a session, and the one it was in is over.
#[tokio::test]
async fn a_sign_in_adopts_nothing_and_ends_the_session_before_it() {
    let app = TestApp::start().await;
    let ada = app.person("ada", &[]).await;
    app.person("mallory", &[]).await;
    // A value that somebody chose, of the right form, and one of a real session of theirs.
    let chosen = Random.token(TokenKind::Session).reveal().to_owned();
    let planted = cookie(&app.signed_in("mallory", PASSWORD).await);
    for value in [&chosen, &planted] {
        let browser = app.browser();
        let csrf_token = browser.csrf_token("/login").await;
        let fields = [("username", "ada"), ("password", PASSWORD), ("csrf_token", &*csrf_token)];
        let cookies = format!("{}; hallpass_session={value}", browser.cookie_header());
        let answer = app.stranger().with("cookie", &cookies).with("origin", &app.url).post("/login", &fields).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
        let new = set_cookie(&answer, "hallpass_session");
        let new = new.split(['=', ';']).nth(1).unwrap();
        assert_ne!(new, value);
        assert_eq!((status_of(&app, new).await, status_of(&app, value).await), (200, 401));
    }
    // Signing in once more in one's own browser, too.
    let browser = app.signed_in("ada", PASSWORD).await;
    let first = cookie(&browser);
    let visit = app.browser();
    let csrf_token = visit.csrf_token("/login").await;
    let cookies = format!("{}; hallpass_session={first}", visit.cookie_header());
    let fields = [("username", "ada"), ("password", PASSWORD), ("csrf_token", &*csrf_token)];
    let again = app.stranger().with("cookie", &cookies).with("origin", &app.url).post("/login", &fields).await;
    assert_eq!((again.status, status_of(&app, &first).await), (303, 401));
    // A sign-in that fails ends nothing.
    let browser = app.signed_in("ada", PASSWORD).await;
    let visit = app.browser();
    let csrf_token = visit.csrf_token("/login").await;
    let cookies = format!("{}; hallpass_session={}", visit.cookie_header(), cookie(&browser));
    let fields = [("username", "ada"), ("password", WRONG), ("csrf_token", &*csrf_token)];
    let failed = app.stranger().with("cookie", &cookies).with("origin", &app.url).post("/login", &fields).await;
    assert_eq!((failed.status, browser.get(ME).await.status), (401, 200));
    assert_eq!(sessions_of(&app, ada.id).await.len(), 4);
}

/// A session ends in the instant that it was to end in, used or not; its end is checked at use, not by a clean-up.
#[tokio::test]
async fn a_session_ends_when_it_lies_idle_and_in_any_case_in_the_end() {
    let settings = "[sessions]\nidle_seconds = 100\nlifetime_seconds = 250";
    let app = TestApp::start_with(settings).await;
    let ada = app.person("ada", &[]).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    app.pass(Lifetime::from_millis(99_999));
    assert_eq!(browser.get(ME).await.status, 200);
    until_seen(&app, ada.id, 99_999).await;
    app.pass(Lifetime::from_millis(99_999));
    assert_eq!(browser.get(ME).await.status, 200);
    until_seen(&app, ada.id, 199_998).await;
    // However much it is used.
    app.pass(Lifetime::from_millis(50_001));
    assert_eq!(browser.get(ME).await.status, 200);
    app.pass(Lifetime::from_millis(1));
    assert_eq!(browser.get(ME).await.status, 401);
    assert_eq!(browser.get("/account").await.header("location"), "/login?return_to=%2Faccount");

    let browser = app.signed_in("ada", PASSWORD).await;
    app.pass(Lifetime::from_millis(100_000));
    assert_eq!(browser.get(ME).await.status, 401);
    // From there one can sign in again, with the old cookie still in the browser.
    assert_eq!(browser.get("/login").await.status, 200);
    assert_eq!(browser.sign_in("ada", PASSWORD).await.status, 303);
    assert_eq!(browser.get(ME).await.status, 200);
}

/// By default: half a day idle, a week at most.
#[tokio::test]
async fn by_default_a_session_lasts_half_a_day_idle_and_a_week_in_all() {
    let app = TestApp::start().await;
    let ada = app.person("ada", &[]).await;
    let (idle, used) = (app.signed_in("ada", PASSWORD).await, app.signed_in("ada", PASSWORD).await);
    let half_a_day = Lifetime::from_hours(12);
    let mut passed = 0_u64;
    while passed + half_a_day.millis() < Lifetime::from_days(7).millis() {
        app.pass(Lifetime::from_millis(half_a_day.millis() - 1));
        passed += half_a_day.millis() - 1;
        assert_eq!(used.get(ME).await.status, 200, "after {passed} ms");
        let seen = i64::try_from(passed).unwrap();
        until_seen(&app, ada.id, seen).await;
    }
    assert_eq!(idle.get(ME).await.status, 401);
    app.pass(Lifetime::from_millis(Lifetime::from_days(7).millis() - passed - 1));
    assert_eq!(used.get(ME).await.status, 200);
    app.pass(Lifetime::from_millis(1));
    assert_eq!(used.get(ME).await.status, 401);
}

/// Waits until the use of a session so many milliseconds after the beginning is written down, which nobody else does.
async fn until_seen(app: &TestApp, user: UserId, millis: i64) {
    let began = Instant::now();
    loop {
        let sessions = sessions_of(app, user).await;
        let seen = sessions.iter().map(|session| session.seen_at.millis() - crate::support::app::BEGIN.millis()).max();
        if seen == Some(millis) {
            return;
        }
        assert!(began.elapsed() < Duration::from_secs(10), "seen at {seen:?} instead of {millis}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// OpenID's and everybody's expectation: who signs out is out, on the server and not only in the browser.
#[tokio::test]
async fn signing_out_ends_the_session_itself() {
    let app = TestApp::start().await;
    app.person("ada", &[]).await;
    let (browser, other) = (app.signed_in("ada", PASSWORD).await, app.signed_in("ada", PASSWORD).await);
    let old = cookie(&browser);
    assert_eq!(status_of(&app, &old).await, 200);
    let csrf_token = browser.csrf_token("/logout").await;
    let answer = browser.post("/logout", &[("csrf_token", &csrf_token)]).await;
    assert_eq!(answer.status, 303);
    assert!(set_cookie(&answer, "hallpass_session").contains("Max-Age=0"));
    assert_eq!(browser.cookie("hallpass_session"), None);
    assert_eq!((status_of(&app, &old).await, other.get(ME).await.status), (401, 200));
    let page = app.stranger().with("cookie", &format!("hallpass_session={old}")).get("/account").await;
    assert_eq!((page.status, page.header("location")), (303, "/login?return_to=%2Faccount"));
    // Signing out twice, or with an ended session, is no error: one is out.
    let twice = browser.post("/logout", &[("csrf_token", &csrf_token)]).await;
    assert_eq!((twice.status, twice.header("location")), (303, "/login"));
}

/// ASVS 10.6.2: looking at the page asks and does nothing.
#[tokio::test]
async fn looking_at_the_sign_out_page_changes_nothing() {
    let app = TestApp::start().await;
    app.person("ada", &[]).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    for _ in 0..2 {
        let page = browser.get("/logout?return_to=%2Faccount").await;
        assert_eq!((page.status, page.header("set-cookie")), (200, ""));
        assert_eq!(page.input("return_to"), "/account");
    }
    let image = browser.request(reqwest::Method::GET, "/logout").header("sec-fetch-site", "cross-site");
    browser.send(image.header("sec-fetch-dest", "image")).await;
    assert_eq!(browser.get(ME).await.status, 200);
}

/// RFC 9700 §4.11: after signing in or out one is on one of our own pages, whatever the address asked for.
#[tokio::test]
async fn nobody_is_sent_elsewhere_by_signing_in_or_out() {
    let app = TestApp::start().await;
    app.person("ada", &[]).await;
    for elsewhere in [
        "https://evil.test",
        "//evil.test",
        "/\\evil.test",
        "\\\\evil.test",
        "/\t/evil.test",
        "javascript:alert(1)",
        "evil.test",
        "/\r\nlocation: https://evil.test",
        "http:evil.test",
        "/%0a/evil.test\n",
        " //evil.test",
        "/ü",
    ] {
        let browser = app.browser();
        let query = crate::support::flow::query(&[("return_to", elsewhere)]);
        let page = browser.get(&format!("/login?{query}")).await;
        assert_eq!(page.find_input("return_to"), None, "{elsewhere:?}");
        let csrf_token = page.input("csrf_token");
        let fields = [("username", "ada"), ("password", PASSWORD), ("csrf_token", &*csrf_token)];
        let answer = browser.post("/login", &[&fields[..], &[("return_to", elsewhere)]].concat()).await;
        assert_eq!((answer.status, answer.header("location")), (303, "/account"), "{elsewhere:?}");
        // Who is signed in already goes on at once, and not further.
        let answer = browser.get(&format!("/login?{query}")).await;
        assert_eq!((answer.status, answer.header("location")), (303, "/account"), "{elsewhere:?}");
        let csrf_token = browser.csrf_token("/logout").await;
        let answer = browser.post("/logout", &[("csrf_token", &*csrf_token), ("return_to", elsewhere)]).await;
        assert_eq!(answer.status, 303, "{elsewhere:?}");
        assert!(answer.header("location").starts_with("/login?done="), "{elsewhere:?}: {}", answer.header("location"));
    }
}

/// Who is sent to sign-in comes back to what they asked for, however it was written; what is too long for that still
/// ends in a page where one can sign in.
#[tokio::test]
async fn who_is_sent_to_sign_in_comes_back_to_where_they_were() {
    let app = TestApp::start().await;
    app.person("ada", &[]).await;
    app.scope("read", &[]).await;
    let client = app.web_client("read").await;
    let asked = client.authorize_path(&[("state", "x")]);
    for (path, status) in [
        ("/account?a=b&c=%2F%26".to_owned(), 200),
        ("/account?a=\\b|^`{}'~".to_owned(), 200),
        (asked.clone(), 200),
        (format!("{asked}&more=\\"), 200),
        (asked.replace("state=x", "state=a\\b"), 200),
    ] {
        let head = [&*format!("GET {path} HTTP/1.1"), "host: x", "connection: close"];
        let sent = app.wire_request(&head, b"").only().clone();
        assert_eq!(sent.status, 303, "{path}");
        let browser = app.browser();
        let page = browser.get(sent.header("location")).await;
        let (csrf_token, back) = (page.input("csrf_token"), page.input("return_to"));
        let fields = [("username", "ada"), ("password", PASSWORD), ("csrf_token", &csrf_token), ("return_to", &back)];
        let signed_in = browser.post("/login", &fields).await;
        assert_eq!((signed_in.status, signed_in.header("location")), (303, &*back), "{path}");
        assert_eq!(browser.get(&back).await.status, status, "{path}: {back}");
    }
    let long = "y".repeat(33_000);
    let sent = app.stranger().get(&format!("/account?a={long}")).await;
    assert_eq!((sent.status, sent.header("location")), (303, "/login"));
    // An application that would wait for ever for its answer is told so at once.
    let more = (0..5).map(|at| format!("&more{at}={}", "y".repeat(8_000))).collect::<String>();
    let sent = app.stranger().get(&format!("{asked}{more}")).await;
    assert_eq!((sent.status, sent.header("location")), (400, ""));
    assert!(sent.body.contains("longer than 32768 bytes"), "{}", sent.body);
}

/// What a failed sign-in looks like from outside, less what is new each time.
fn looks(answer: &Answer, typed: &str) -> (u16, BTreeMap<String, String>, String) {
    let once = ["date", "x-request-id", "content-length"];
    let headers = answer.headers.iter().filter(|(name, _)| !once.contains(&name.as_str()));
    let headers = headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect();
    let token = answer.input("csrf_token");
    let typed = format!("value=\"{typed}\"");
    (answer.status, headers, answer.body.replace(&token, "TOKEN").replace(&typed, "value=\"NAME\""))
}

/// ASVS 6.3.8: nobody learns which names there are, nor who is disabled.
#[tokio::test]
async fn a_failed_sign_in_looks_the_same_whatever_was_wrong() {
    let app = TestApp::start().await;
    app.person("ada", &[]).await;
    let dora = app.person("dora", &[]).await;
    app.set_user_enabled(dora.id, false).await;
    app.service("robot", &[]).await;
    let gone = app.person("gone", &[]).await;
    app.delete_user(&gone).await;
    let mut first = None;
    let long = "x".repeat(8_000);
    for (username, password) in [
        ("ada", WRONG),
        ("ADA", WRONG),
        ("nobody", WRONG),
        ("nobody", PASSWORD),
        ("dora", WRONG),
        ("dora", PASSWORD),
        ("robot", WRONG),
        ("robot", PASSWORD),
        ("gone", PASSWORD),
        ("ada@example.com", WRONG),
        ("no name", WRONG),
        ("-", WRONG),
        ("ada", "x"),
        ("ada", &long),
        ("ada", "correct horse batter"),
        ("ada", "correct horse battery "),
        ("ada", "Correct horse battery"),
        ("ada", " correct horse battery"),
    ] {
        let browser = app.browser();
        browser.get("/login").await;
        let answer = browser.sign_in(username, password).await;
        let looks = looks(&answer, username);
        assert_eq!(looks.0, 401, "{username}");
        assert_eq!(&looks, first.get_or_insert_with(|| looks.clone()), "{username} {password}");
        assert_eq!(browser.cookie("hallpass_session"), None, "{username}");
    }
    // The right one, with the name written in any way that means it.
    for username in ["ada", "ADA", " ada", "\u{ff41}da"] {
        assert_eq!(app.browser().sign_in(username, PASSWORD).await.status, 303, "{username:?}");
    }
}

/// Sends a password from a new browser.
async fn attempt(app: &TestApp, username: &str, password: &str) -> u16 {
    app.browser().sign_in(username, password).await.status
}

/// CVE-2026-43914 and its like: attempts at once are counted one by one.
#[tokio::test]
async fn of_very_many_attempts_at_once_no_more_than_the_limit_are_looked_at() {
    // Where the limit is one, all of them come to begin the window together.
    for (username, limit) in [("ada", 10), ("nobody", 10), ("ada", 1), ("nobody", 1)] {
        let app = TestApp::start_with(&format!("[limits]\nlogin_failures_per_account = {limit}")).await;
        app.person("ada", &[]).await;
        let visit = app.browser();
        let csrf_token = visit.csrf_token("/login").await;
        let mut all = JoinSet::new();
        for at in 0..200 {
            let password = format!("{WRONG} {at}");
            let fields = [("username", username), ("password", &*password), ("csrf_token", &*csrf_token)];
            let request = visit.request(reqwest::Method::POST, "/login").header("origin", &app.url).form(&fields);
            all.spawn(async move { request.send().await.unwrap().status().as_u16() });
        }
        let mut counts = BTreeMap::new();
        for status in all.join_all().await {
            *counts.entry(status).or_insert(0) += 1;
        }
        assert_eq!(counts, BTreeMap::from([(401, limit), (429, 200 - limit)]), "{username}");
        // The right one is not looked at either, until the window ends.
        assert_eq!(attempt(&app, "ada", PASSWORD).await, if username == "ada" { 429 } else { 303 });
    }
}

/// RFC 6585 §4, RFC 9110 §10.2.3
#[tokio::test]
async fn a_limit_says_how_long_to_wait_and_ends_with_its_window() {
    let app = TestApp::start().await;
    app.person("ada", &[]).await;
    for _ in 0..10 {
        assert_eq!(attempt(&app, "ada", WRONG).await, 401);
    }
    app.pass(Lifetime::from_millis(100_500));
    let limited = app.browser().sign_in("ada", PASSWORD).await;
    // Rounded up: whoever comes back then is let in.
    assert_eq!((limited.status, limited.header("retry-after")), (429, "800"));
    assert_eq!(limited.header("content-type"), "text/html; charset=utf-8");
    assert!(limited.body.contains("Too many attempts"), "{}", limited.body);
    app.pass(Lifetime::from_millis(799_499));
    let limited = app.browser().sign_in("ada", PASSWORD).await;
    assert_eq!((limited.status, limited.header("retry-after")), (429, "1"));
    app.pass(Lifetime::from_millis(1));
    assert_eq!(attempt(&app, "ada", PASSWORD).await, 303);
    // A new window has room for as many again.
    for _ in 0..10 {
        assert_eq!(attempt(&app, "ada", WRONG).await, 401);
    }
    assert_eq!(attempt(&app, "ada", WRONG).await, 429);
}

/// One account has one limit, by whatever name it is called; and names that are nobody's are counted like others.
#[tokio::test]
async fn an_account_is_counted_once_under_all_its_names() {
    let app = TestApp::start().await;
    let ada = app.person("ada", &[]).await;
    let statement = format!(
        "UPDATE users SET email = 'Ada@example.com', email_canonical = 'ada@example.com' WHERE username = '{}'",
        ada.username.as_str()
    );
    assert_eq!(app.database.execute(&statement), Ok(1));
    for _ in 0..2 {
        for name in ["ada", "ADA", "ada@example.com", "ADA@EXAMPLE.COM", " ada "] {
            assert_eq!(attempt(&app, name, WRONG).await, 401, "{name}");
        }
    }
    for name in ["ada", "Ada@Example.com"] {
        assert_eq!(attempt(&app, name, PASSWORD).await, 429, "{name}");
    }
    let known = app.browser().sign_in("ada", WRONG).await;
    for _ in 0..10 {
        assert_eq!(attempt(&app, "nobody", WRONG).await, 401);
    }
    let unknown = app.browser().sign_in("nobody", WRONG).await;
    let id = |answer: &Answer| answer.by_id("request-id");
    assert_eq!((unknown.status, unknown.header("retry-after")), (known.status, known.header("retry-after")));
    assert_eq!(unknown.body.replace(&id(&unknown), ""), known.body.replace(&id(&known), ""));
}

/// Who signs in rightly is never counted, however often.
#[tokio::test]
async fn right_passwords_are_not_counted() {
    let app = TestApp::start_with("[limits]\nlogin_failures_per_account = 3\nlogin_failures_per_address = 5").await;
    app.person("ada", &[]).await;
    for _ in 0..10 {
        assert_eq!(attempt(&app, "ada", PASSWORD).await, 303);
    }
    assert_eq!(attempt(&app, "ada", WRONG).await, 401);
    assert_eq!(attempt(&app, "ada", WRONG).await, 401);
    for _ in 0..10 {
        assert_eq!(attempt(&app, "ada", PASSWORD).await, 303);
    }
    // A right one takes back what it was counted for and nothing more: guessing between two sign-ins is still guessing.
    assert_eq!(attempt(&app, "ada", WRONG).await, 401);
    assert_eq!(attempt(&app, "ada", WRONG).await, 429);
    assert_eq!(attempt(&app, "ada", PASSWORD).await, 429);
}

/// From one address: so many failures over all accounts, and no header of the visitor's makes it another.
#[tokio::test]
async fn an_address_is_limited_over_all_accounts_and_cannot_call_itself_another() {
    let app = TestApp::start_with("[limits]\nlogin_failures_per_address = 4").await;
    app.person("ada", &[]).await;
    let attempt_from = async |header: &str, address: String, username: &str, password: &str| {
        let browser = app.browser();
        let csrf_token = browser.csrf_token("/login").await;
        let fields = [("username", username), ("password", password), ("csrf_token", &*csrf_token)];
        let request = browser.request(reqwest::Method::POST, "/login").header(header, address);
        browser.send(request.header("origin", &app.url).form(&fields)).await.status
    };
    let headers = ["x-forwarded-for", "forwarded", "x-real-ip", "true-client-ip"];
    for (at, header) in headers.iter().enumerate() {
        assert_eq!(
            attempt_from(header, format!("203.0.113.{at}"), &format!("nobody{at}"), WRONG).await,
            401,
            "{header}"
        );
    }
    for (at, header) in headers.iter().enumerate() {
        let address = format!("198.51.100.{at}");
        assert_eq!(attempt_from(header, address, "ada", PASSWORD).await, 429, "{header}");
    }
}

/// Behind a trusted proxy each visitor has an address of their own; a whole network of IPv6 is one visitor.
#[tokio::test]
async fn behind_a_trusted_proxy_visitors_are_counted_apart() {
    let settings = "[limits]\nlogin_failures_per_address = 2\n[http]\ntrusted_proxies = [\"127.0.0.1\"]";
    let app = TestApp::start_with(settings).await;
    app.person("ada", &[]).await;
    let attempt_from = async |address: &str, password: &str| {
        let browser = app.browser();
        let csrf_token = browser.csrf_token("/login").await;
        let fields = [("username", "ada"), ("password", password), ("csrf_token", &*csrf_token)];
        let request = browser.request(reqwest::Method::POST, "/login").header("x-forwarded-for", address);
        browser.send(request.header("origin", &app.url).form(&fields)).await.status
    };
    for _ in 0..2 {
        assert_eq!(attempt_from("203.0.113.1", WRONG).await, 401);
    }
    assert_eq!(attempt_from("203.0.113.1", PASSWORD).await, 429);
    assert_eq!(attempt_from("6.6.6.6, 203.0.113.1", PASSWORD).await, 429);
    assert_eq!(attempt_from("::ffff:203.0.113.1", PASSWORD).await, 429);
    assert_eq!(attempt_from("203.0.113.2", PASSWORD).await, 303);
    assert_eq!(attempt_from("2001:db8:0:1::1", WRONG).await, 401);
    assert_eq!(attempt_from("2001:db8:0:1:ffff::2", WRONG).await, 401);
    assert_eq!(attempt_from("2001:db8:0:1:1:2:3:4", PASSWORD).await, 429);
    assert_eq!(attempt_from("2001:db8:0:2::1", PASSWORD).await, 303);
}

/// GHSA-cq42-vhv7-xr7p and its like: strangers who guess cannot lock a person out of their own browser.
#[tokio::test]
async fn strangers_exhaust_an_account_and_its_owner_still_gets_in() {
    let app = TestApp::start_with("[limits]\nlogin_failures_per_address = 0").await;
    app.person("ada", &[]).await;
    app.person("bob", &[]).await;
    let owner = app.signed_in("ada", PASSWORD).await;
    let csrf_token = owner.csrf_token("/logout").await;
    owner.post("/logout", &[("csrf_token", &csrf_token)]).await;
    let device = owner.cookie("hallpass_device").unwrap();
    for _ in 0..10 {
        assert_eq!(attempt(&app, "ada", WRONG).await, 401);
    }
    assert_eq!(attempt(&app, "ada", PASSWORD).await, 429);
    assert_eq!(owner.sign_in("ada", PASSWORD).await.status, 303);
    owner.forget("hallpass_session");

    // The proof is for one account, and whatever is not exactly one is none.
    let bobs = app.signed_in("bob", PASSWORD).await.cookie("hallpass_device").unwrap();
    let (user, rest) = device.split_once('.').unwrap();
    let (name, mac) = rest.split_once('.').unwrap();
    let (bob, _) = bobs.split_once('.').unwrap();
    for forged in [
        bobs.clone(),
        format!("{bob}.{name}.{mac}"),
        format!("{user}.{}.{mac}", "0".repeat(32)),
        format!("{user}.{name}.{}", mac.chars().rev().collect::<String>()),
        format!("{user}.{name}."),
        format!("{user}.{name}"),
        format!("{device}x"),
        format!("{device}; hallpass_device={device}"),
        String::new(),
        "x.y.z".to_owned(),
        "...".to_owned(),
    ] {
        let browser = app.browser();
        let csrf_token = browser.csrf_token("/login").await;
        let fields = [("username", "ada"), ("password", PASSWORD), ("csrf_token", &*csrf_token)];
        let cookies = format!("{}; hallpass_device={forged}", browser.cookie_header());
        let answer = app.stranger().with("cookie", &cookies).with("origin", &app.url).post("/login", &fields).await;
        assert_eq!(answer.status, 429, "{forged}");
    }

    // A known browser has a limit of its own, so a stolen one is no way to guess on for ever.
    for _ in 0..10 {
        assert_eq!(owner.sign_in("ada", WRONG).await.status, 401);
    }
    assert_eq!(owner.sign_in("ada", PASSWORD).await.status, 429);
    // For another account it is a strange browser like any other.
    assert_eq!(owner.sign_in("bob", PASSWORD).await.status, 303);
    owner.forget("hallpass_session");
    app.pass(Lifetime::from_seconds(900));
    assert_eq!(owner.sign_in("ada", PASSWORD).await.status, 303);
    assert_eq!(attempt(&app, "ada", PASSWORD).await, 303);
}

/// A limit of 0 is none.
#[tokio::test]
async fn limits_can_be_switched_off() {
    let off = "[limits]\nlogin_failures_per_account = 0\nlogin_failures_per_address = 0";
    let app = TestApp::start_with(off).await;
    app.person("ada", &[]).await;
    for _ in 0..30 {
        assert_eq!(attempt(&app, "ada", WRONG).await, 401);
    }
    assert_eq!(attempt(&app, "ada", PASSWORD).await, 303);
}

/// A disabled user's sessions are refused from the next request on, and there is no signing in.
#[tokio::test]
async fn a_disabled_user_is_out_everywhere() {
    let app = TestApp::start().await;
    let ada = app.person("ada", &[]).await;
    let browsers = [app.signed_in("ada", PASSWORD).await, app.signed_in("ada", PASSWORD).await];
    app.set_user_enabled(ada.id, false).await;
    for browser in &browsers {
        assert_eq!(browser.get(ME).await.status, 401);
        assert_eq!(browser.get("/account").await.status, 303);
        assert_eq!(browser.get("/login").await.status, 200);
    }
    assert_eq!(attempt(&app, "ada", PASSWORD).await, 401);
}

/// What an answer looks like from outside, less what is new each time.
fn outside(answer: &Answer) -> (u16, BTreeMap<String, String>, String) {
    let once = ["date", "x-request-id"];
    let headers = answer.headers.iter().filter(|(name, _)| !once.contains(&name.as_str()));
    let headers = headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect();
    let mut body = answer.body.replace(answer.header("x-request-id"), "ID");
    if let Some(token) = answer.find_input("csrf_token") {
        body = body.replace(&token, "TOKEN");
    }
    (answer.status, headers, body)
}

/// ASVS 6.3.8: nor does a name that was tried too often look other than one that nobody has.
#[tokio::test]
async fn a_limit_looks_the_same_whether_or_not_there_is_such_a_user() {
    let app = TestApp::start_with("[limits]\nlogin_failures_per_account = 2").await;
    app.person("ada", &[]).await;
    let dora = app.person("dora", &[]).await;
    app.set_user_enabled(dora.id, false).await;
    app.service("robot", &[]).await;
    let (mut pages, mut calls) = (Vec::new(), Vec::new());
    for name in ["ada", "eve", "dora", "robot"] {
        for _ in 0..2 {
            assert_eq!(attempt(&app, name, WRONG).await, 401, "{name}");
        }
        for password in [WRONG, PASSWORD] {
            let browser = app.browser();
            browser.get("/login").await;
            let page = browser.sign_in(name, password).await;
            assert_eq!((page.status, browser.cookie("hallpass_session")), (429, None), "{name}");
            pages.push(outside(&page));
            let call = app.stranger().post("/api/method/login", &[("usr", name), ("pwd", password)]).await;
            calls.push(outside(&call));
        }
    }
    for answers in [&mut pages, &mut calls] {
        answers.dedup();
        assert_eq!(answers.len(), 1, "{answers:#?}");
        let (status, headers, _) = &answers[0];
        assert!(
            *status == 429 && headers.contains_key("retry-after") && !headers.contains_key("set-cookie"),
            "{headers:?}"
        );
    }
}

/// GHSA-cq42-vhv7-xr7p: many who guess from many places lock nobody out of a browser that is known.
#[tokio::test]
async fn a_thousand_failures_from_fifty_addresses_lock_nobody_out_of_a_known_browser() {
    let app = TestApp::start_with("[http]\ntrusted_proxies = [\"127.0.0.1\"]").await;
    app.person("ada", &[]).await;
    let owner = app.signed_in("ada", PASSWORD).await;
    owner.forget("hallpass_session");
    let stranger = app.browser();
    let csrf_token = stranger.csrf_token("/login").await;
    let from = async |browser: &Browser, address: &str, csrf_token: &str, password: &str| {
        let fields = [("username", "ada"), ("password", password), ("csrf_token", csrf_token)];
        let request = browser.request(reqwest::Method::POST, "/login").header("x-forwarded-for", address);
        browser.send(request.header("origin", &app.url).form(&fields)).await
    };
    let mut statuses = BTreeMap::new();
    for attempt in 0..1_000 {
        let address = format!("203.0.113.{}", attempt % 50);
        *statuses.entry(from(&stranger, &address, &csrf_token, WRONG).await.status).or_insert(0) += 1;
    }
    assert_eq!(statuses.keys().collect::<Vec<_>>(), [&401, &429], "{statuses:?}");
    assert!(statuses[&401] <= 10, "so many are looked at: {statuses:?}");
    assert_eq!(from(&stranger, "198.51.100.9", &csrf_token, PASSWORD).await.status, 429, "they are limited");
    let begun = Instant::now();
    let csrf_token = owner.csrf_token("/login").await;
    let answer = from(&owner, "198.51.100.8", &csrf_token, PASSWORD).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
}

/// ASVS 13.1.2: more sign-ins at once than wait are told to come back, and nobody else waits for them.
#[tokio::test]
async fn more_sign_ins_at_once_than_the_queue_holds_are_told_to_come_back() {
    let program = Program::new()
        .with("HALLPASS_PASSWORDS__MEMORY_KIB", "19456")
        .with("HALLPASS_PASSWORDS__ITERATIONS", "2")
        .with("HALLPASS_PASSWORDS__THREADS", "1")
        .with("HALLPASS_PASSWORDS__QUEUE", "3")
        .with("HALLPASS_LIMITS__LOGIN_FAILURES_PER_ADDRESS", "0");
    let server = program.serve();
    let url = server.url.clone();
    let mut browsers = Vec::new();
    for _ in 0..40 {
        let browser = Browser::new(&url);
        let csrf_token = browser.csrf_token("/login").await;
        browsers.push(Some((browser, csrf_token)));
    }
    let answers = at_once(41, |number| {
        let (visitor, url) = (browsers.get_mut(number).and_then(Option::take), url.clone());
        async move {
            let begun = Instant::now();
            let answer = match visitor {
                Some((browser, csrf_token)) => {
                    let name = format!("nobody{number}");
                    let fields = [("username", name.as_str()), ("password", WRONG), ("csrf_token", &csrf_token)];
                    browser.post("/login", &fields).await
                }
                // Somebody who wants something else.
                None => Script::new(&url).get("/health/ready").await,
            };
            (answer, begun.elapsed())
        }
    })
    .await;
    let (other, took) = &answers[40];
    assert_eq!(other.status, 200, "{}", other.body);
    assert!(*took < Duration::from_secs(5), "{took:?}");
    let of = |status: u16| answers[..40].iter().filter(|(answer, _)| answer.status == status).collect::<Vec<_>>();
    let (looked_at, sent_away) = (of(401), of(503));
    assert_eq!(looked_at.len() + sent_away.len(), 40);
    assert!(looked_at.len() >= 4 && !sent_away.is_empty(), "{} {}", looked_at.len(), sent_away.len());
    for (answer, _) in sent_away {
        let wait: u64 = answer.header("retry-after").parse().expect("seconds");
        assert!((1..=60).contains(&wait), "{wait}");
    }
    // Nobody was wrong whom nobody looked at; the queue is empty again.
    let browser = Browser::new(&url);
    assert_eq!(browser.sign_in("nobody0", WRONG).await.status, 401);
}

/// What is stored of the password of the only user.
fn stored(program: &Program) -> (u32, u32, String) {
    let hash = program.database.lines("SELECT password_hash AS line FROM users").remove(0);
    let parts: Vec<&str> = hash.split('$').collect();
    let ["", "argon2id", "v=19", parameters, salt, _] = parts.as_slice() else { panic!("{hash}") };
    let number = |name: &str| {
        let value = parameters.split(',').find_map(|parameter| parameter.strip_prefix(name));
        value.unwrap_or_else(|| panic!("{hash}")).parse::<u32>().unwrap()
    };
    // 16 bytes in base64 without padding.
    assert_eq!(salt.len(), 22, "{hash}");
    (number("m="), number("t="), (*salt).to_owned())
}

/// ASVS 11.4.2
#[tokio::test]
async fn a_password_is_hashed_anew_at_sign_in_when_the_parameters_have_grown() {
    let defaults = Config::load(&Sources {
        flags: Flags::default(),
        file: None,
        environment: Vec::new(),
        read_file: &|_: &std::path::Path| Err(std::io::ErrorKind::NotFound.into()),
    });
    let defaults = defaults.unwrap_or_else(|problems| panic!("{problems}")).passwords;
    assert!(defaults.memory_kib >= 19_456 && defaults.iterations >= 2, "{defaults:?}");

    let program = Program::new();
    program.run_with_input("user create ada --password-stdin --json", &format!("{PASSWORD}\n")).json();
    let (memory, passes, salt) = stored(&program);
    assert_eq!((memory, passes), (64, 1));
    let server = program.serve();
    assert_eq!(Browser::new(&server.url).sign_in("ada", PASSWORD).await.status, 303);
    assert_eq!(stored(&program), (memory, passes, salt.clone()), "nothing has grown");
    drop(server);

    let usual = (defaults.memory_kib.to_string(), defaults.iterations.to_string());
    let program =
        program.with("HALLPASS_PASSWORDS__MEMORY_KIB", &usual.0).with("HALLPASS_PASSWORDS__ITERATIONS", &usual.1);
    let server = program.serve();
    assert_eq!(Browser::new(&server.url).sign_in("ada", WRONG).await.status, 401);
    assert_eq!(stored(&program).2, salt, "a wrong password changes nothing");
    assert_eq!(Browser::new(&server.url).sign_in("ada", PASSWORD).await.status, 303);
    let grown = stored(&program);
    assert_eq!((grown.0, grown.1), (defaults.memory_kib, defaults.iterations));
    assert_ne!(grown.2, salt, "each hash has a salt of its own");
    assert_eq!(Browser::new(&server.url).sign_in("ada", PASSWORD).await.status, 303);
    assert_eq!(stored(&program), grown);
}
