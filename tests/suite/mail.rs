//! Mail: that it leaves, what it says of itself, and what becomes of it when the mail server refuses it.

use std::time::Duration;

use hallpass::config::Config;
use hallpass::config::layers::Flags;
use hallpass::config::layers::Sources;
use hallpass::model::time::Lifetime;

use crate::support::app::TestApp;
use crate::support::postbox::Postbox;
use crate::support::postbox::Secrecy;
use crate::support::program::Program;
use crate::support::publisher::Authority;
use crate::support::publisher::Certificate;

async fn ada(app: &TestApp) {
    let user = app.person("ada", &[]).await;
    app.describe_user(&user, "ada@example.org", "Ada").await;
}

async fn ask(app: &TestApp, name: &str) {
    let browser = app.browser();
    let csrf_token = browser.csrf_token("/reset").await;
    let answer = browser.post("/reset", &[("username", name), ("csrf_token", &csrf_token)]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
}

/// RFC 5322 §3.6, RFC 3834 §5
#[tokio::test]
async fn a_mail_is_plain_text_with_all_that_a_mail_has_and_no_machine_answers_it() {
    let postbox = Postbox::open().await;
    let app = postbox.server("").await;
    ada(&app).await;
    ask(&app, "ada").await;
    let mail = postbox.wait_for(1).await;
    assert_eq!((mail.from.as_str(), mail.to.as_slice()), ("id@acme.test", &["ada@example.org".to_owned()][..]));
    for header in [
        "From: \"Acme ID\" <id@acme.test>",
        "To: ada@example.org",
        "Subject: Set a new password",
        "Date: Tue, 24 Nov 2026 09:30:00 +0000",
        "Content-Type: text/plain; charset=utf-8",
        "Auto-Submitted: auto-generated",
        "Message-ID: <mail_",
    ] {
        assert!(mail.text.contains(header), "{header}: {}", mail.text);
    }
    assert!(mail.text.contains("Hello ada,"), "{}", mail.text);
}

#[tokio::test]
async fn what_the_mail_server_does_not_take_is_tried_again() {
    let postbox = Postbox::open().await;
    let app = postbox.server("").await;
    ada(&app).await;
    postbox.refuse_next("451 come back later");
    ask(&app, "ada").await;
    while postbox.has_refusals() || app.database.lines("SELECT kind AS line FROM mails WHERE attempts = 1").is_empty() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(postbox.all().is_empty());
    app.pass(Lifetime::from_seconds(61));
    let link = postbox.wait_for(1).await.link(&app);
    assert_eq!(app.browser().get(&link).await.status, 200);
    assert_eq!(app.database.lines("SELECT kind AS line FROM mail_links").len(), 1);
    postbox.stays_at(&app, 1).await;
}

/// A mail server that has taken a mail and does not say so: what arrived is as good as what comes after it.
#[tokio::test]
async fn each_attempt_carries_the_same_link_and_one_that_was_used_is_not_sent_again() {
    let postbox = Postbox::open().await;
    let app = postbox.server("").await;
    ada(&app).await;
    let attempted = async |count: usize, attempts: i64| {
        let waits = format!("SELECT kind AS line FROM mails WHERE attempts = {attempts}");
        while postbox.all().len() < count || app.database.lines(&waits).is_empty() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        postbox.all().last().unwrap().link(&app)
    };
    (0..3).for_each(|_| postbox.take_and_refuse_next());
    ask(&app, "ada").await;
    let first = attempted(1, 1).await;
    assert_eq!(app.browser().get(&first).await.status, 200);
    app.pass(Lifetime::from_seconds(61));
    let second = attempted(2, 2).await;
    assert_eq!(second, first);
    assert_eq!(app.browser().get(&first).await.status, 200);
    // The link ends an hour after the last attempt, not after the first.
    app.pass(Lifetime::from_seconds(3590));
    assert_eq!(attempted(3, 3).await, first);
    app.pass(Lifetime::from_seconds(200));
    let browser = app.browser();
    let page = browser.get(&first).await;
    assert_eq!(page.status, 200, "{}", page.body);
    let (token, csrf_token) = (page.input("token"), page.input("csrf_token"));
    let fields = [("token", &*token), ("new_password", "another battery staple"), ("csrf_token", &*csrf_token)];
    assert_eq!(browser.post("/reset/confirm", &fields).await.status, 303);
    app.pass(Lifetime::from_seconds(3600));
    postbox.stays_at(&app, 4).await;
    assert!(!postbox.all().last().unwrap().text.contains("?token="), "only that it was used");
    assert_eq!(browser.get(&first).await.status, 400);
}

/// What is tried again does not end the link of a newer mail.
#[tokio::test]
async fn a_mail_that_a_newer_one_has_followed_is_not_tried_again() {
    let postbox = Postbox::open().await;
    let app = postbox.server("").await;
    ada(&app).await;
    postbox.refuse_next("451 come back later");
    ask(&app, "ada").await;
    while postbox.has_refusals() || app.database.lines("SELECT kind AS line FROM mails WHERE attempts = 1").is_empty() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    ask(&app, "ada").await;
    let link = postbox.wait_for(1).await.link(&app);
    app.pass(Lifetime::from_seconds(61));
    postbox.stays_at(&app, 1).await;
    assert_eq!(app.browser().get(&link).await.status, 200);
}

#[tokio::test]
async fn a_mail_is_in_the_language_of_the_page_from_which_it_was_asked_for() {
    let postbox = Postbox::open().await;
    let app = postbox.server("").await;
    ada(&app).await;
    let browser = app.browser();
    let csrf_token = browser.csrf_token("/reset").await;
    let german = browser
        .request(reqwest::Method::POST, "/reset")
        .header("origin", app.origin())
        .header("accept-language", "de-AT, en;q=0.5")
        .form(&[("username", "ada"), ("csrf_token", &csrf_token)]);
    assert_eq!(browser.send(german).await.status, 303);
    let mail = postbox.wait_for(1).await;
    for text in ["Subject: Neues Passwort festlegen", "Guten Tag, ada,", "möchte ein neues Passwort", "Link niemandem"]
    {
        assert!(mail.text.contains(text), "{text}: {}", mail.text);
    }
    ask(&app, "ada").await;
    assert!(postbox.wait_for(2).await.text.contains("Hello ada,"));
}

/// One that waits from before there was a language is in that of its reader, or else of the server.
#[tokio::test]
async fn a_mail_that_no_page_asked_for_is_in_the_language_of_its_reader() {
    for (settings, locale, greeting) in [
        ("", "de-DE", "Guten Tag, ada,"),
        ("", "", "Hello ada,"),
        ("[branding]\nlanguage = \"de\"\n", "", "Guten Tag,"),
    ] {
        let postbox = Postbox::open().await;
        let app = postbox.server(settings).await;
        ada(&app).await;
        let claims = format!("{{\"locale\":\"{locale}\"}}");
        if !locale.is_empty() {
            app.database.run(&format!("UPDATE users SET claims = '{claims}' WHERE username = 'ada'"));
        }
        postbox.refuse_next("451 come back later");
        ask(&app, "ada").await;
        while postbox.has_refusals()
            || app.database.lines("SELECT kind AS line FROM mails WHERE attempts = 1").is_empty()
        {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        app.database.run("UPDATE mails SET language = NULL");
        app.pass(Lifetime::from_seconds(61));
        let mail = postbox.wait_for(1).await;
        assert!(mail.text.contains(greeting), "{greeting}: {}", mail.text);
    }
}

#[tokio::test]
async fn what_the_mail_server_refuses_for_good_is_not_tried_again_and_what_fails_for_a_day_is_given_up() {
    let postbox = Postbox::open().await;
    let app = postbox.server("").await;
    ada(&app).await;
    postbox.refuse_next("550 no such reader");
    ask(&app, "ada").await;
    postbox.stays_at(&app, 0).await;
    assert!(!postbox.has_refusals());

    postbox.refuse_next("451 come back later");
    ask(&app, "ada").await;
    while postbox.has_refusals() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    app.pass(Lifetime::from_hours(25));
    postbox.stays_at(&app, 0).await;
}

#[tokio::test]
async fn what_waits_holds_no_secret_and_what_was_sent_is_known_by_its_hash() {
    let postbox = Postbox::open().await;
    let app = postbox.server("").await;
    ada(&app).await;
    ask(&app, "ada").await;
    let link = postbox.wait_for(1).await.link(&app);
    let token = link.split_once("token=").unwrap().1;
    let body = token.strip_prefix("hp_pw_").expect("a token says what it is");
    let dump = app.database.dump();
    assert!(!dump.windows(body.len()).any(|part| part == body.as_bytes()));
}

/// Without a mail server the log says who asked, and an operator makes the link.
#[tokio::test]
async fn without_a_mail_server_the_log_has_no_link_and_an_operator_makes_one() {
    let program = Program::new().with("HALLPASS_LOG__LEVEL", "trace");
    program.run_with_input("user create ada --email ada@example.org --password-stdin", "correct horse battery");
    program.run("user create robot --service");
    let server = program.serve();
    let browser = crate::support::caller::Browser::new(&server.url);
    let csrf_token = browser.csrf_token("/reset").await;
    let asked = browser.post("/reset", &[("username", "ada"), ("csrf_token", &csrf_token)]).await;
    let page = browser.get(asked.header("location")).await;
    assert!(page.body.contains("This server sends no mail."), "{}", page.body);

    let made = program.run("user reset-link ada --json").json();
    let link = made["reset_link"].as_str().unwrap().to_owned();
    let path = link.split_once("/reset/").map(|(_, rest)| format!("/reset/{rest}")).unwrap();
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert_eq!(browser.get(&path).await.status, 200, "what the log's transport deals with ends no link");
    assert!(program.run("user reset-link robot").refusal().contains("a service account has no password"));
    let (_, lines) = server.stop();
    let log = lines.join("\n");
    assert!(log.contains("a mail was asked for"), "{log}");
    assert!(log.contains("user=\"ada\"") && !log.contains("hp_pw_"), "{log}");
}

#[test]
fn a_mail_server_is_named_whole_and_reached_in_secret() {
    let problems = |settings: &str| {
        let file = format!("[mail]\ntransport = \"smtp\"\n{settings}");
        let sources = Sources {
            flags: Flags::default(),
            file: Some(("hallpass.toml", &file)),
            environment: Vec::new(),
            read_file: &|path| std::fs::read_to_string(path),
        };
        Config::load(&sources).map(drop).map_err(|problems| problems.to_string())
    };
    assert!(problems("").unwrap_err().contains("mail.host"));
    assert!(problems("host = \"mx.test\"").unwrap_err().contains("mail.from"));
    assert_eq!(problems("host = \"mx.test\"\nfrom = \"id@a.test\""), Ok(()));
    assert!(problems("host = \"mx.test\"\nfrom = \"id@a.test\"\ntls = \"none\"").unwrap_err().contains("mail.tls"));
    assert_eq!(problems("host = \"127.0.0.1\"\nfrom = \"id@a.test\"\ntls = \"none\""), Ok(()));
    let half = problems("host = \"mx.test\"\nfrom = \"id@a.test\"\npassword = \"hunter2 hunter2\"").unwrap_err();
    assert!(half.contains("mail.password") && !half.contains("hunter2"), "{half}");
}

/// RFC 3207 §5: a server that offers no STARTTLS gets no mail, and no password.
#[tokio::test]
async fn without_the_encryption_that_is_asked_for_nothing_is_sent() {
    let postbox = Postbox::open().await;
    let settings = postbox.settings().replace("tls = \"none\"", "tls = \"starttls\"");
    let app = TestApp::start_with(&settings).await;
    ada(&app).await;
    ask(&app, "ada").await;
    while app.database.lines("SELECT kind AS line FROM mails WHERE attempts = 1").is_empty() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    while !postbox.was_visited() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(postbox.all().is_empty());
}

/// RFC 3207 §4, RFC 8314 §3.3
#[tokio::test]
async fn an_encrypted_mail_server_gets_mail_once_it_has_proved_its_name() {
    let authority = Authority::new();
    let acceptor = |name| authority.acceptor(Certificate { name, expired: false });
    let known = format!("ca_file = \"{}\"\n", authority.file().display());
    for (secrecy, tls, ca_file, arrives) in [
        (Secrecy::Implicit(acceptor("localhost")), "tls", known.as_str(), true),
        (Secrecy::StartTls(acceptor("localhost")), "starttls", known.as_str(), true),
        (Secrecy::StartTls(acceptor("other.test")), "starttls", known.as_str(), false),
        (Secrecy::StartTls(acceptor("localhost")), "starttls", "", false),
        (Secrecy::Implicit(acceptor("localhost")), "tls", "", false),
    ] {
        let postbox = Postbox::open_over(secrecy).await;
        let settings =
            postbox.settings().replace("\"127.0.0.1\"", "\"localhost\"").replace("\"none\"", &format!("\"{tls}\""));
        let app = TestApp::start_with(&format!("{settings}{ca_file}")).await;
        ada(&app).await;
        ask(&app, "ada").await;
        if arrives {
            postbox.wait_for(1).await;
            continue;
        }
        while !postbox.was_visited() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert!(postbox.all().is_empty(), "{tls}");
    }
}
