//! People who sign in with a passkey alone and have no password: how it goes, what lets them in no more, and how it comes back.

use std::time::Duration;
use std::time::Instant;

use hallpass::model::audit::AuditEvent;
use hallpass::model::time::Lifetime;
use reqwest::Method;
use serde_json::json;

use crate::support::app::TestApp;
use crate::support::caller::Answer;
use crate::support::caller::Browser;
use crate::support::passkeys::PRESENT;
use crate::support::passkeys::Passkey;
use crate::support::passkeys::VERIFIED;
use crate::support::postbox::Postbox;
use crate::support::program::Program;
use crate::support::seed::PASSWORD;

const NEW_PASSWORD: &str = "another battery staple";
const REMOVE: &str = "/account/password/remove";
const SET: &str = "/account/password/set";
const LOGIN: &str = "/login";

/// Ada with a passkey and recovery codes, signed in, and without a password.
async fn without(app: &TestApp) -> (Browser, Passkey, Vec<String>) {
    let ada = app.person("ada", &[]).await;
    app.describe_user(&ada, "ada@example.org", "").await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let (passkey, codes) = app.add_passkey(&browser).await;
    let page = browser.done(REMOVE, &[]).await;
    assert!(page.body.contains("Your password is removed"), "{}", page.body);
    (browser, passkey, codes)
}

/// What a sign-in is told, without what differs each time.
fn told(answer: &Answer, name: &str) -> (u16, Vec<String>, String) {
    let mut headers: Vec<String> = answer.headers.keys().map(|name| name.as_str().to_owned()).collect();
    headers.sort();
    let mut body = answer.body.replace(answer.header("x-request-id"), "").replace(name, "NAME");
    for field in ["csrf_token", "challenge"] {
        let value = answer.find_input(field).unwrap_or_default();
        body = if value.is_empty() { body } else { body.replace(&value, "") };
    }
    (answer.status, headers, body)
}

#[tokio::test]
async fn a_password_goes_where_a_passkey_is_enough_and_ends_what_it_let_in() {
    let app = TestApp::start_by_name("").await;
    let ada = app.person("ada", &[]).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    assert!(!browser.get("/account").await.paths("/account/password/").contains(&REMOVE.to_owned()), "nothing else");
    let refused = browser.submit(REMOVE, &[]).await;
    assert_eq!(refused.status, 409);
    assert!(refused.body.contains("You have no passkey that is enough alone"), "{}", refused.body);

    // A key that asks for no finger and no PIN is good beside a password alone.
    let mut weak = Passkey { flags: PRESENT, ..Passkey::at(&app) };
    assert_eq!(browser.make_passkey("/account/factors/passkeys", &mut weak).await.status, 200);
    assert_eq!(browser.get(REMOVE).await.status, 409);
    let mut passkey = Passkey::at(&app);
    assert_eq!(browser.make_passkey("/account/factors/passkeys", &mut passkey).await.status, 303);

    let other = app.browser();
    assert_eq!(other.show_passkey(LOGIN, &passkey).await.status, 303);
    let client = app.web_client("profile").await;
    let tokens = app.tokens(&other, &client).await;
    app.pass(Lifetime::from_seconds(901));
    let sent = browser.get(REMOVE).await;
    assert!(
        sent.status == 303 && sent.header("location").starts_with("/login?return_to="),
        "{}",
        sent.header("location")
    );
    let sent = sent.header("location").to_owned();
    assert_eq!(browser.submit(REMOVE, &[]).await.header("location"), sent, "it takes a new sign-in");
    let back = browser.show_passkey(&sent, &passkey).await;
    assert_eq!((back.status, back.header("location")), (303, REMOVE), "{}", back.body);

    let asked = browser.get(REMOVE).await;
    assert!(asked.body.contains("You have no e-mail address"), "{}", asked.body);
    app.describe_user(&ada, "ada@example.com", "").await;
    let asked = browser.get(REMOVE).await;
    for text in ["Remove your password?", "You sign in with a passkey alone.", "one of your recovery codes"] {
        assert!(asked.body.contains(text), "{text}: {}", asked.body);
    }
    let page = browser.done(REMOVE, &[]).await;
    assert!(page.body.contains("You have none: you sign in with a passkey."), "{}", page.body);
    assert!(page.find_input("current_password").is_none(), "{}", page.body);
    assert_eq!(other.get("/account").await.status, 303, "other sessions have ended");
    let refreshed = app.refresh(&client, tokens["refresh_token"].as_str().unwrap()).await;
    assert_eq!(refreshed.text("error"), "invalid_grant");
    assert_eq!(app.browser().show_passkey(LOGIN, &passkey).await.header("location"), "/account");
    let removed = app.audited(AuditEvent::PasswordRemoved).await;
    assert!(removed.len() == 1 && removed[0].actor.ends_with("(ada)"), "{removed:?}");
    assert!(browser.get("/account/events").await.body.contains("Your password was removed."));
    assert_eq!(browser.get("/account/data").await.json()["second_factors"]["has_password"], json!(false));
    assert_eq!(browser.submit(REMOVE, &[]).await.status, 409, "there is none any more");
}

/// security.md case 219
#[tokio::test]
async fn at_every_door_for_passwords_it_is_as_if_the_password_were_wrong() {
    let app = TestApp::start_by_name("").await;
    let (browser, ..) = without(&app).await;
    app.person("bob", &[]).await;
    for password in [PASSWORD, "", "not it at all"] {
        let (mine, bobs) = (app.browser(), app.browser());
        let mine = told(&mine.sign_in("ada", password).await, "ada");
        let bobs = told(&bobs.sign_in("bob", if password == PASSWORD { "wrong" } else { password }).await, "bob");
        assert_eq!(mine, bobs, "{password}");
    }
    let frappe = async |name: &str, password: &str| {
        let fields = [("usr", name), ("pwd", password)];
        let browser = app.browser();
        told(&browser.send(browser.request(Method::POST, "/api/method/login").form(&fields)).await, name)
    };
    let mine = frappe("ada", PASSWORD).await;
    assert_eq!((mine.0, &mine), (401, &frappe("bob", "wrong").await));
    let refused =
        browser.submit("/account/password", &[("current_password", PASSWORD), ("new_password", NEW_PASSWORD)]).await;
    assert!(refused.status == 422 && refused.body.contains("This is not your current password."), "{}", refused.body);
}

/// security.md case 219
#[tokio::test]
async fn it_takes_as_long_as_a_wrong_password() {
    let settings = "[limits]\nlogin_failures_per_account = 0\nlogin_failures_per_address = 0";
    let app = TestApp::start_by_name(settings).await;
    without(&app).await;
    app.person("bob", &[]).await;
    let browser = app.browser();
    let mut times = [Vec::new(), Vec::new()];
    for round in 0..30 {
        let name = ["ada", "bob"][round % 2];
        let begun = Instant::now();
        assert_eq!(browser.sign_in(name, "not it at all").await.status, 401);
        times[round % 2].push(begun.elapsed());
    }
    let [none, wrong] = times.map(|mut times: Vec<Duration>| {
        times.sort();
        times[times.len() / 2].as_secs_f64()
    });
    assert!(none / wrong < 3.0 && wrong / none < 3.0, "{none} {wrong}");
}

#[tokio::test]
async fn the_only_way_in_stays() {
    let app = TestApp::start_by_name("").await;
    let (browser, passkey, _) = without(&app).await;
    let path = browser
        .get("/account/factors")
        .await
        .paths("/account/factors/passkeys/")
        .into_iter()
        .find(|path| path.ends_with("/remove"))
        .unwrap();
    let weak = async |app: &TestApp| {
        let mut weak = Passkey { flags: PRESENT, ..Passkey::at(app) };
        assert_eq!(browser.make_passkey("/account/factors/passkeys", &mut weak).await.status, 303);
    };
    app.add_app(&browser).await;
    weak(&app).await;
    for answer in [browser.get(&path).await, browser.submit(&path, &[]).await] {
        assert_eq!(answer.status, 409);
        assert!(answer.body.contains("You have no password, and no other passkey"), "{}", answer.body);
    }
    let mut second = Passkey { flags: PRESENT | VERIFIED, ..Passkey::at(&app) };
    assert_eq!(browser.make_passkey("/account/factors/passkeys", &mut second).await.status, 303);
    browser.done(&path, &[]).await;
    assert_eq!(app.browser().show_passkey(LOGIN, &second).await.status, 303);
    assert_eq!(app.browser().show_passkey(LOGIN, &passkey).await.status, 401);
}

#[tokio::test]
async fn a_password_can_be_set_again_after_a_new_sign_in() {
    let app = TestApp::start_by_name("").await;
    let (browser, passkey, _) = without(&app).await;
    app.pass(Lifetime::from_seconds(901));
    let sent = browser.get(SET).await.header("location").to_owned();
    assert!(sent.starts_with("/login?return_to="), "{sent}");
    let fields = [("new_password", NEW_PASSWORD)];
    assert_eq!(browser.submit(SET, &fields).await.header("location"), sent);
    assert_eq!(browser.show_passkey(&sent, &passkey).await.header("location"), SET);
    let other = app.browser();
    assert_eq!(other.show_passkey(LOGIN, &passkey).await.status, 303);

    for (password, why) in
        [("short", "fewer than 8"), ("Password123", "guessed first"), ("ada@example.org", "the e-mail address")]
    {
        let refused = browser.submit(SET, &[("new_password", password)]).await;
        assert!(refused.status == 422 && refused.body.contains(why), "{why}: {}", refused.body);
    }
    let page = browser.done(SET, &fields).await;
    assert!(page.body.contains("Your password is set. Your other sessions have ended."), "{}", page.body);
    assert_eq!(other.get("/account").await.status, 303);
    assert_eq!(app.browser().sign_in("ada", NEW_PASSWORD).await.header("location"), "/login/second-factor");
    assert_eq!(browser.submit(SET, &[("new_password", PASSWORD)]).await.status, 409, "whoever has one changes it");
    assert_eq!(browser.get(SET).await.header("location"), "/account");
    assert_eq!(app.browser().sign_in("ada", NEW_PASSWORD).await.header("location"), "/login/second-factor");
}

#[tokio::test]
async fn who_has_lost_all_passkeys_comes_back_by_a_link_and_a_recovery_code() {
    let postbox = Postbox::open().await;
    let app = TestApp::start_by_name(&postbox.settings()).await;
    let stranger = app.browser();
    let token = stranger.csrf_token("/reset").await;
    let ask = async || stranger.post("/reset", &[("username", "ada"), ("csrf_token", &token)]).await;
    let ada = app.person("ada", &[]).await;
    app.describe_user(&ada, "ada@example.org", "").await;
    ask().await;
    let earlier = postbox.wait_for(1).await.link(&app);
    let browser = app.signed_in("ada", PASSWORD).await;
    let (_, codes) = app.add_passkey(&browser).await;
    browser.done(REMOVE, &[]).await;
    assert_eq!(app.browser().get(&earlier).await.status, 400, "asked for before it was removed");

    ask().await;
    let page = stranger.get(&postbox.wait_for(2).await.link(&app)).await;
    let (link, csrf) = (page.input("token"), page.input("csrf_token"));
    let fields = [("token", &*link), ("new_password", NEW_PASSWORD), ("csrf_token", &*csrf)];
    assert_eq!(stranger.post("/reset/confirm", &fields).await.header("location"), "/login?done=password-reset");
    let browser = app.browser();
    let halfway = browser.sign_in("ada", NEW_PASSWORD).await;
    assert_eq!(halfway.header("location"), "/login/second-factor", "whoever reads the mail is not in yet");
    assert_eq!(browser.second_step("/login/second-factor", &codes[0]).await.status, 303);
    assert_eq!(browser.get("/account").await.status, 200);
}

#[tokio::test]
async fn address_and_account_want_a_new_sign_in_where_there_is_no_password_to_ask_for() {
    let postbox = Postbox::open().await;
    let app = TestApp::start_by_name(&format!("{}[users]\nself_deletion = true\n", postbox.settings())).await;
    let (browser, passkey, _) = without(&app).await;
    let address = [("email", "ada@elsewhere.example")];
    assert!(browser.get("/account/email").await.find_input("current_password").is_none());
    app.pass(Lifetime::from_seconds(901));
    for (path, fields) in [("/account/email", &address[..]), ("/account/delete", &[("username", "ada")])] {
        let sent = browser.submit(path, fields).await.header("location").to_owned();
        assert!(sent.starts_with("/login?return_to="), "{path}: {sent}");
    }
    let sent = browser.submit("/account/email", &address).await.header("location").to_owned();
    assert_eq!(browser.show_passkey(&sent, &passkey).await.header("location"), "/account/email");
    assert_eq!(
        browser.submit("/account/email", &address).await.header("location"),
        "/account/email?done=email-link-sent"
    );
    assert_eq!(postbox.wait_for(1).await.to, ["ada@elsewhere.example"]);
    assert_eq!(browser.submit("/account/delete", &[("username", "bob")]).await.status, 422);
    assert_eq!(
        browser.submit("/account/delete", &[("username", "ada")]).await.header("location"),
        "/login?done=account-deleted"
    );
}

#[tokio::test]
async fn operators_see_it_and_administrators_give_a_password() {
    let app = TestApp::start_by_name("").await;
    let (_, passkey, _) = without(&app).await;
    let ada = app.write(|tx| tx.users().find_by_login("ada")).await.unwrap();
    app.person("root", &["admin"]).await;
    let root = app.signed_in("root", PASSWORD).await;
    let page = root.get(&format!("/users/{}?tab=settings", ada.id)).await;
    assert!(page.body.contains("This user has none, and signs in with a passkey."), "{}", page.body);
    let program = Program::on(app.database.again());
    let shown = program.run("user show ada --json").json();
    assert_eq!(
        (&shown["kind"], &shown["has_password"], &shown["passkeys"]),
        (&json!("person"), &json!(false), &json!(1))
    );
    assert!(program.run("user reset-factors ada").out.contains("no password: set one"));
    assert_eq!(app.browser().show_passkey(LOGIN, &passkey).await.status, 401);
    program.run_with_input("user set-password ada --password-stdin", &format!("{NEW_PASSWORD}\n"));
    app.signed_in("ada", NEW_PASSWORD).await;
    assert_eq!(program.run("user show ada --json").json()["has_password"], json!(true));
}
