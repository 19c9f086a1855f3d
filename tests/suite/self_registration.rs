//! `/register`: accounts that people make for themselves.

use hallpass::config::Config;
use hallpass::config::layers::Flags;
use hallpass::config::layers::Sources;
use hallpass::model::audit::AuditEvent;
use hallpass::model::time::Lifetime;

use crate::support::app::TestApp;
use crate::support::caller::Answer;
use crate::support::caller::Browser;
use crate::support::postbox::Postbox;

const OPEN: &str = "[users]\nregistration = \"open\"\n";
const PASSWORD: &str = "a staple of correct horses";

async fn ask(app: &TestApp, email: &str) -> Answer {
    let browser = app.browser();
    let csrf_token = browser.csrf_token("/register").await;
    browser.post("/register", &[("email", email), ("csrf_token", &csrf_token)]).await
}

async fn fill_in(browser: &Browser, link: &str, username: &str, password: &str) -> Answer {
    let page = browser.get(link).await;
    assert_eq!(page.status, 200, "{}", page.body);
    let (token, csrf_token) = (page.input("token"), page.input("csrf_token"));
    let fields = [
        ("token", token.as_str()),
        ("username", username),
        ("full_name", "Eve Example"),
        ("password", password),
        ("csrf_token", csrf_token.as_str()),
    ];
    browser.post("/register/confirm", &fields).await
}

#[tokio::test]
async fn by_default_nobody_makes_an_account_and_no_page_offers_it() {
    let app = TestApp::start().await;
    for path in ["/register", "/register/confirm?token=x"] {
        let closed = app.browser().get(path).await;
        assert_eq!(closed.status, 403, "{path}");
        assert!(closed.body.contains("make accounts by themselves here"), "{}", closed.body);
    }
    assert!(!app.browser().get("/login").await.body.contains("/register"));
}

#[tokio::test]
async fn an_account_begins_with_an_address_that_is_shown_to_be_ones_own() {
    let postbox = Postbox::open().await;
    let app = postbox.server(OPEN).await;
    let browser = app.browser();
    assert!(browser.get("/login").await.body.contains("href=\"/register\""));
    let asked = ask(&app, "eve@example.org").await;
    assert_eq!((asked.status, asked.header("location")), (303, "/register?asked=yes"));
    assert!(browser.get("/register?asked=yes").await.body.contains("Look into your mail"));
    assert_eq!(app.browser().sign_in("eve@example.org", PASSWORD).await.status, 401, "there is no account yet");

    let link = postbox.wait_for(1).await.link(&app);
    let made = fill_in(&browser, &link, "eve", PASSWORD).await;
    assert_eq!((made.status, made.header("location")), (303, "/login?done=registered"), "{}", made.body);
    assert_eq!(browser.get(&link).await.status, 400, "a link works once");
    let signed_in = app.signed_in("eve@example.org", PASSWORD).await;
    let me = signed_in.get("/api/v1/me").await.json();
    assert_eq!((me["username"].as_str(), me["roles"].as_array().map(Vec::len)), (Some("eve"), Some(0)), "{me}");
    let told = signed_in.get("/oauth/userinfo").await;
    assert!(told.body.contains("\"email_verified\":true"), "{}", told.body);
    assert_eq!(app.audited(AuditEvent::SelfRegistered).await.len(), 1);
}

/// security.md case 221
#[tokio::test]
async fn a_known_address_gets_the_same_answer_and_its_owner_learns_that_they_have_an_account() {
    let postbox = Postbox::open().await;
    let app = postbox.server(OPEN).await;
    let user = app.person("ada", &[]).await;
    app.describe_user(&user, "ada@example.org", "").await;
    let unknown = ask(&app, "eve@example.org").await;
    let mail = postbox.wait_for(1).await;
    assert!(mail.text.contains("Subject: Finish your registration"), "{}", mail.text);
    let known = ask(&app, "ADA@example.org").await;
    let same = |answer: &Answer| {
        let headers = answer.headers.iter().filter(|(name, _)| !["date", "x-request-id"].contains(&name.as_str()));
        let headers = headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
        (answer.status, headers.collect::<Vec<_>>(), answer.body.clone())
    };
    assert_eq!(same(&known), same(&unknown));
    assert_eq!((known.status, known.header("location")), (303, "/register?asked=yes"));
    let told = postbox.wait_for(2).await;
    assert!(told.text.contains("You have an account already"), "{}", told.text);
    assert!(told.text.contains("your user name is ada") && !told.text.contains("token="), "{}", told.text);
}

/// security.md case 221. One statement more for one of them would be a difference that can be measured.
#[tokio::test]
async fn asking_takes_as_long_for_an_address_that_is_unknown() {
    let postbox = Postbox::open().await;
    let app = postbox.server(&format!("{OPEN}[limits]\nmails_per_address = 0\nmails_per_person = 0")).await;
    let user = app.person("ada", &[]).await;
    app.describe_user(&user, "ada@example.org", "").await;
    let browser = app.browser();
    let csrf_token = browser.csrf_token("/register").await;
    let mut times = [Vec::new(), Vec::new()];
    for round in 0..60 {
        let email = ["ada@example.org", "eve@example.org"][round % 2];
        let begun = std::time::Instant::now();
        let answer = browser.post("/register", &[("email", email), ("csrf_token", &csrf_token)]).await;
        times[round % 2].push(begun.elapsed());
        assert_eq!(answer.status, 303);
    }
    let [known, unknown] = times.map(|mut times| {
        times.sort();
        times[times.len() / 2].as_secs_f64()
    });
    assert!(known / unknown < 3.0 && unknown / known < 3.0, "{known} {unknown}");
}

/// security.md case 241
#[tokio::test]
async fn a_link_to_finish_leads_to_the_configured_issuer_whatever_the_request_says() {
    let postbox = Postbox::open().await;
    let settings = format!("issuer = \"https://id.example/auth\"\n{}{OPEN}", postbox.settings());
    let app = TestApp::start_with(&settings).await;
    let browser = app.browser();
    let url = format!("{}/auth/register", app.origin());
    let csrf_token = browser.get(&url).await.input("csrf_token");
    let request = browser
        .request(reqwest::Method::POST, &url)
        .header("origin", "https://id.example")
        .header("host", "evil.test")
        .header("x-forwarded-host", "evil.test")
        .header("forwarded", "host=evil.test")
        .form(&[("email", "eve@example.org"), ("csrf_token", &csrf_token)]);
    assert_eq!(browser.send(request).await.status, 303);
    let mail = postbox.wait_for(1).await;
    assert!(mail.text.contains("https://id.example/auth/register/confirm?token="), "{}", mail.text);
    assert!(!mail.text.contains("evil.test"), "{}", mail.text);
}

#[tokio::test]
async fn a_form_that_is_wrong_says_where_and_the_link_stays_good() {
    let postbox = Postbox::open().await;
    let app = postbox.server(OPEN).await;
    app.person("ada", &[]).await;
    ask(&app, "eve@example.org").await;
    let link = postbox.wait_for(1).await.link(&app);
    let browser = app.browser();
    for (username, password, why) in [
        ("ADA", PASSWORD, "The user name is taken."),
        ("e v e", PASSWORD, "The user name "),
        ("eve", "password123", "guessed first"),
        ("eve.example", "eve.example", "which others know"),
        ("eve", "eve@example.org", "which others know"),
    ] {
        let refused = fill_in(&browser, &link, username, password).await;
        assert_eq!(refused.status, 422, "{username} {password}");
        assert!(refused.body.contains(why), "{why}: {}", refused.body);
        assert_eq!(refused.input("username"), username);
    }
    assert_eq!(fill_in(&browser, &link, "eve", PASSWORD).await.status, 303);
}

#[tokio::test]
async fn a_link_ends_with_its_time_with_a_newer_one_and_when_the_address_is_taken() {
    let postbox = Postbox::open().await;
    let app = postbox.server(OPEN).await;
    let browser = app.browser();
    ask(&app, "eve@example.org").await;
    let first = postbox.wait_for(1).await.link(&app);
    ask(&app, "Eve@Example.org").await;
    let second = postbox.wait_for(2).await.link(&app);
    assert_eq!(browser.get(&first).await.status, 400);

    let page = browser.get(&second).await;
    let user = app.person("other", &[]).await;
    app.describe_user(&user, "eve@example.org", "").await;
    let (token, csrf_token) = (page.input("token"), page.input("csrf_token"));
    let fields = [("token", &*token), ("username", "eve"), ("password", PASSWORD), ("csrf_token", &*csrf_token)];
    assert_eq!(browser.post("/register/confirm", &fields).await.status, 400, "it belongs to somebody by now");
    app.pass(Lifetime::from_hours(24));
    assert_eq!(browser.get(&second).await.status, 400);
    assert_eq!(app.audited(AuditEvent::SelfRegistered).await.len(), 0);
}

#[tokio::test]
async fn only_addresses_of_the_domains_that_are_named_may_register() {
    let postbox = Postbox::open().await;
    let app = postbox.server(&format!("{OPEN}registration_domains = [\"example.org\"]")).await;
    assert!(app.browser().get("/register").await.body.contains("An address at example.org."));
    for (email, why) in [
        ("eve@example.com", "Addresses of this domain may not register here."),
        ("eve@sub.example.org", "Addresses of this domain may not register here."),
        ("eve", "The e-mail address"),
        ("", "The e-mail address"),
    ] {
        let refused = ask(&app, email).await;
        assert_eq!(refused.status, 422, "{email}");
        assert!(refused.body.contains(why), "{email}: {}", refused.body);
    }
    assert_eq!(ask(&app, "eve@Example.org").await.status, 303);
    postbox.wait_for(1).await;
}

#[tokio::test]
async fn one_address_asks_so_often_and_one_mailbox_gets_so_many() {
    let postbox = Postbox::open().await;
    let app = postbox.server(&format!("{OPEN}[limits]\nmails_per_address = 3\nmails_per_person = 2")).await;
    for _ in 0..3 {
        assert_eq!(ask(&app, "eve@example.org").await.status, 303);
    }
    assert_eq!(ask(&app, "eve@example.org").await.status, 429);
    postbox.wait_for(2).await;
    postbox.stays_at(&app, 2).await;
}

#[test]
fn registration_without_mail_is_refused_before_the_server_starts() {
    let sources = Sources {
        flags: Flags::default(),
        file: Some(("hallpass.toml", OPEN)),
        environment: Vec::new(),
        read_file: &|path| std::fs::read_to_string(path),
    };
    let problems = Config::load(&sources).map(drop).unwrap_err().to_string();
    assert!(problems.contains("users.registration"), "{problems}");
}
