//! `/reset`: a new password by a link in a mail.

use hallpass::model::audit::AuditEvent;
use hallpass::model::time::Lifetime;
use hallpass::model::user::User;
use reqwest::Method;

use crate::support::app::TestApp;
use crate::support::caller::Answer;
use crate::support::caller::Browser;
use crate::support::postbox::Postbox;
use crate::support::seed::PASSWORD;

const NEW_PASSWORD: &str = "another battery staple";

async fn begin(postbox: &Postbox, settings: &str) -> (TestApp, User) {
    let app = postbox.server(settings).await;
    let user = app.person("ada", &[]).await;
    app.describe_user(&user, "ada@example.org", "").await;
    (app, user)
}

async fn ask(app: &TestApp, name: &str) -> Answer {
    let browser = app.browser();
    let csrf_token = browser.csrf_token("/reset").await;
    browser.post("/reset", &[("username", name), ("csrf_token", &csrf_token)]).await
}

async fn set(browser: &Browser, link: &str, password: &str) -> Answer {
    let page = browser.get(link).await;
    assert_eq!(page.status, 200, "{}", page.body);
    let (token, csrf_token) = (page.input("token"), page.input("csrf_token"));
    let fields = [("token", token.as_str()), ("new_password", password), ("csrf_token", csrf_token.as_str())];
    browser.post("/reset/confirm", &fields).await
}

#[tokio::test]
async fn a_forgotten_password_is_set_anew_and_ends_all_that_the_old_one_let_in() {
    let postbox = Postbox::open().await;
    let (app, _) = begin(&postbox, "").await;
    let before = app.signed_in("ada", PASSWORD).await;
    let client = app.web_client("profile").await;
    let tokens = app.tokens(&before, &client).await;

    let browser = app.browser();
    assert!(browser.get("/login").await.paths("/reset").contains(&"/reset".to_owned()));
    let asked = ask(&app, "Ada@Example.org").await;
    assert_eq!((asked.status, asked.header("location")), (303, "/reset?asked=yes"));
    let page = browser.get("/reset?asked=yes").await;
    assert!(page.body.contains("a link for a new password is on its way"), "{}", page.body);

    let link = postbox.wait_for(1).await.link(&app);
    let set = set(&browser, &link, NEW_PASSWORD).await;
    assert_eq!((set.status, set.header("location")), (303, "/login?done=password-reset"), "{}", set.body);
    assert!(browser.get("/login?done=password-reset").await.body.contains("Your password is set"));
    assert_eq!(browser.get("/account").await.status, 303, "the link signs nobody in");

    assert_eq!(before.get("/account").await.status, 303);
    assert_eq!(app.me_status(tokens["access_token"].as_str().unwrap()).await, 401);
    let refreshed = app.refresh(&client, tokens["refresh_token"].as_str().unwrap()).await;
    assert_eq!(refreshed.text("error"), "invalid_grant");
    assert_eq!(app.browser().sign_in("ada", PASSWORD).await.status, 401);
    app.signed_in("ada", NEW_PASSWORD).await;

    let told = postbox.wait_for(2).await;
    assert!(told.text.contains("Subject: Your password was changed"), "{}", told.text);
    assert!(!told.text.contains("?token="), "{}", told.text);
    let changed = app.audited(AuditEvent::PasswordChanged).await;
    assert!(changed[0].actor.ends_with("(ada)") && changed[0].address.is_some(), "{changed:?}");
    assert_eq!(app.audited(AuditEvent::PasswordResetAsked).await.len(), 1);
}

/// security.md case 239
#[tokio::test]
async fn a_link_works_once_for_an_hour_and_until_there_is_a_newer_one() {
    let postbox = Postbox::open().await;
    let (app, _) = begin(&postbox, "").await;
    let browser = app.browser();
    ask(&app, "ada").await;
    let first = postbox.wait_for(1).await.link(&app);
    ask(&app, "ada").await;
    let second = postbox.wait_for(2).await.link(&app);
    assert_eq!(browser.get(&first).await.status, 400, "a newer one was asked for");
    assert_eq!(set(&browser, &second, NEW_PASSWORD).await.status, 303);
    assert_eq!(browser.get(&second).await.status, 400, "it was used");
    postbox.wait_for(3).await;

    ask(&app, "ada").await;
    let third = postbox.wait_for(4).await.link(&app);
    let page = browser.get(&third).await;
    app.pass(Lifetime::from_seconds(3600));
    let (token, csrf_token) = (page.input("token"), page.input("csrf_token"));
    let fields = [("token", token.as_str()), ("new_password", PASSWORD), ("csrf_token", csrf_token.as_str())];
    let late = browser.post("/reset/confirm", &fields).await;
    assert_eq!(late.status, 400);
    assert!(late.body.contains("This link is not valid any more"), "{}", late.body);

    let guessed = [
        format!("hp_pw_{}", "0".repeat(49)),
        token.replace("hp_pw_", "hp_ev_"),
        token[..token.len() - 1].to_owned(),
        String::new(),
    ];
    let refused = browser.get(&third).await.body;
    for token in guessed {
        let answer = browser.get(&format!("/reset/confirm?token={token}")).await;
        assert_eq!((answer.status, &answer.body), (400, &refused), "{token}");
    }
    app.signed_in("ada", NEW_PASSWORD).await;
}

#[tokio::test]
async fn of_many_who_use_a_link_at_once_one_sets_the_password() {
    let postbox = Postbox::open().await;
    let (app, _) = begin(&postbox, "").await;
    ask(&app, "ada").await;
    let link = postbox.wait_for(1).await.link(&app);
    let browsers: Vec<Browser> = (0..8).map(|_| app.browser()).collect();
    let mut pages = Vec::new();
    for browser in browsers {
        let page = browser.get(&link).await;
        pages.push((browser, page));
    }
    let mut posts = tokio::task::JoinSet::new();
    for (number, (browser, page)) in pages.into_iter().enumerate() {
        let (token, csrf_token) = (page.input("token"), page.input("csrf_token"));
        posts.spawn(async move {
            let password = format!("{NEW_PASSWORD} {number}");
            let fields = [("token", &*token), ("new_password", &*password), ("csrf_token", &*csrf_token)];
            browser.post("/reset/confirm", &fields).await.status
        });
    }
    let mut statuses = posts.join_all().await;
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 400, 400, 400, 400, 400, 400, 400]);
}

/// security.md case 221
#[tokio::test]
async fn whoever_asks_is_told_the_same_and_service_accounts_and_the_disabled_get_nothing() {
    let postbox = Postbox::open().await;
    let (app, _) = begin(&postbox, "[limits]\nmails_per_address = 0").await;
    let robot = app.service("robot", &[]).await;
    app.describe_user(&robot, "robot@example.org", "").await;
    let gone = app.person("gone", &[]).await;
    app.describe_user(&gone, "gone@example.org", "").await;
    app.set_user_enabled(gone.id, false).await;
    app.person("nowhere", &[]).await;
    let mut answers = Vec::new();
    for name in ["ada", "nobody", "nobody@example.org", "robot", "gone@example.org", "nowhere", "  not a name!  "] {
        let answer = ask(&app, name).await;
        let headers: Vec<String> = answer.headers.keys().map(|name| name.as_str().to_owned()).collect();
        answers.push((answer.status, answer.header("location").to_owned(), headers, answer.body));
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:#?}");
    postbox.stays_at(&app, 1).await;
    let typed = app.database.dump();
    assert!(!typed.windows(11).any(|part| part == b"not a name!"), "what was typed is not kept");
}

/// One statement more for one of them would be a difference that can be measured.
#[tokio::test]
async fn asking_takes_as_long_for_a_name_that_is_unknown() {
    let postbox = Postbox::open().await;
    let settings = "[limits]\nmails_per_address = 0\nmails_per_person = 0";
    let (app, _) = begin(&postbox, settings).await;
    let browser = app.browser();
    let csrf_token = browser.csrf_token("/reset").await;
    let mut times = [Vec::new(), Vec::new()];
    for round in 0..60 {
        let name = ["ada", "eve"][round % 2];
        let begun = std::time::Instant::now();
        let answer = browser.post("/reset", &[("username", name), ("csrf_token", &csrf_token)]).await;
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
async fn links_lead_to_the_configured_issuer_whatever_the_request_says() {
    let postbox = Postbox::open().await;
    let app = TestApp::start_with(&format!("issuer = \"https://id.example/auth\"\n{}", postbox.settings())).await;
    let user = app.person("ada", &[]).await;
    app.describe_user(&user, "ada@example.org", "").await;
    let browser = app.browser();
    let url = format!("{}/auth/reset", app.origin());
    let page = browser.get(&url).await;
    let csrf_token = page.input("csrf_token");
    let request = browser
        .request(Method::POST, &url)
        .header("origin", "https://id.example")
        .header("host", "evil.test")
        .header("x-forwarded-host", "evil.test")
        .header("forwarded", "host=evil.test")
        .form(&[("username", "ada"), ("csrf_token", &csrf_token)]);
    assert_eq!(browser.send(request).await.status, 303);
    let mail = postbox.wait_for(1).await;
    assert!(mail.text.contains("https://id.example/auth/reset/confirm?token=hp_pw_"), "{}", mail.text);
    assert!(!mail.text.contains("evil.test"), "{}", mail.text);
}

#[tokio::test]
async fn one_address_asks_so_often_and_one_person_gets_so_many() {
    let postbox = Postbox::open().await;
    let (app, _) = begin(&postbox, "[limits]\nmails_per_address = 4\nmails_per_person = 2").await;
    for _ in 0..4 {
        assert_eq!(ask(&app, "ada").await.status, 303);
    }
    let limited = ask(&app, "ada").await;
    assert_eq!(limited.status, 429);
    assert!(limited.header("retry-after").parse::<u32>().unwrap() > 3000);
    postbox.wait_for(2).await;
    postbox.stays_at(&app, 2).await;
    app.pass(Lifetime::from_seconds(3601));
    assert_eq!(ask(&app, "ada").await.status, 303);
    postbox.wait_for(3).await;
}

/// Strangers use up little more than half of what a person gets, and nothing of what the person's own browser gets.
#[tokio::test]
async fn strangers_at_one_address_use_up_no_persons_mails() {
    let postbox = Postbox::open().await;
    let (app, _) = begin(
        &postbox,
        "[http]\ntrusted_proxies = [\"127.0.0.1\"]\n[limits]\nmails_per_address = 0\nmails_per_person = 4",
    )
    .await;
    let own = app.signed_in("ada", PASSWORD).await;
    let from = async |browser: &Browser, address: &str| {
        let csrf_token = browser.csrf_token("/reset").await;
        let fields = [("username", "ada"), ("csrf_token", &csrf_token)];
        let request = browser.request(Method::POST, "/reset").header("origin", app.origin());
        let answer = browser.send(request.header("x-forwarded-for", address).form(&fields)).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
    };
    for _ in 0..6 {
        from(&app.browser(), "192.0.2.1").await;
    }
    postbox.wait_for(3).await;
    postbox.stays_at(&app, 3).await;
    for _ in 0..3 {
        from(&app.browser(), "198.51.100.7").await;
    }
    postbox.wait_for(4).await;
    postbox.stays_at(&app, 4).await;
    for count in 5..8 {
        from(&own, "192.0.2.1").await;
        postbox.wait_for(count).await;
    }
    from(&own, "192.0.2.1").await;
    let link = postbox.wait_for(8).await.link(&app);
    from(&own, "192.0.2.1").await;
    from(&app.browser(), "192.0.2.1").await;
    postbox.stays_at(&app, 8).await;
    assert_eq!(app.browser().get(&link).await.status, 200, "what is not sent ends no link");
}

#[tokio::test]
async fn a_bad_new_password_is_refused_and_the_link_stays_good() {
    let postbox = Postbox::open().await;
    let (app, _) = begin(&postbox, "").await;
    ask(&app, "ada").await;
    let link = postbox.wait_for(1).await.link(&app);
    let browser = app.browser();
    for (password, why) in [
        ("", "has fewer than 8 characters"),
        ("password123", "one of those that are guessed first"),
        ("Hallpass", "one of those that are guessed first"),
        ("ADA@example.org", "is the user name or the e-mail address"),
    ] {
        let refused = set(&browser, &link, password).await;
        assert_eq!(refused.status, 422, "{password}");
        assert!(refused.body.contains(why), "{password}: {}", refused.body);
        assert!(password.is_empty() || !refused.body.contains(&format!("\"{password}\"")), "{}", refused.body);
    }
    assert_eq!(set(&browser, &link, NEW_PASSWORD).await.status, 303);
}

#[tokio::test]
async fn a_link_opens_nothing_once_the_address_or_the_person_has_changed() {
    let postbox = Postbox::open().await;
    let (app, user) = begin(&postbox, "").await;
    let browser = app.browser();
    ask(&app, "ada").await;
    let link = postbox.wait_for(1).await.link(&app);
    app.set_user_enabled(user.id, false).await;
    assert_eq!(browser.get(&link).await.status, 400, "disabled");
    app.set_user_enabled(user.id, true).await;
    let page = browser.get(&link).await;
    app.describe_user(&user, "ada@new.example", "").await;
    let (token, csrf_token) = (page.input("token"), page.input("csrf_token"));
    let fields = [("token", &*token), ("new_password", NEW_PASSWORD), ("csrf_token", &*csrf_token)];
    assert_eq!(browser.post("/reset/confirm", &fields).await.status, 400, "another address");
    app.signed_in("ada", PASSWORD).await;
}

#[tokio::test]
async fn a_form_from_another_site_asks_for_nothing_and_sets_nothing() {
    let postbox = Postbox::open().await;
    let (app, _) = begin(&postbox, "").await;
    assert_eq!(app.browser().post("/reset", &[("username", "ada")]).await.status, 403);
    ask(&app, "ada").await;
    let link = postbox.wait_for(1).await.link(&app);
    let token = link.split_once("token=").unwrap().1.to_owned();
    let fields = [("token", token.as_str()), ("new_password", NEW_PASSWORD)];
    assert_eq!(app.browser().post("/reset/confirm", &fields).await.status, 403);
    postbox.stays_at(&app, 1).await;
}

#[tokio::test]
async fn a_link_that_leaked_can_be_reported_and_is_over() {
    let postbox = Postbox::open().await;
    let (app, _) = begin(&postbox, "").await;
    ask(&app, "ada").await;
    let link = postbox.wait_for(1).await.link(&app);
    let token = link.split_once("token=").unwrap().1;
    let report = serde_json::json!({ "secret": token, "found_at": "https://forum.test/" }).to_string();
    let reported = app.stranger().post_raw("/api/v1/leaked-secrets", "application/json", report).await;
    assert!(reported.status < 300, "{} {}", reported.status, reported.body);
    assert_eq!(app.browser().get(&link).await.status, 400);
}
