//! Whose an e-mail address is: `/account/email`, and the link that shows it.

use hallpass::model::audit::AuditEvent;
use hallpass::model::time::Lifetime;
use hallpass::model::user::User;
use hallpass::model::user::UserChanges;
use hallpass::model::user_claims::UserClaims;
use serde_json::Value;

use crate::support::app::TestApp;
use crate::support::caller::Answer;
use crate::support::caller::Browser;
use crate::support::postbox::Postbox;
use crate::support::seed::PASSWORD;

async fn begin(postbox: &Postbox) -> (TestApp, User, Browser) {
    let app = postbox.server("").await;
    let user = app.person("ada", &[]).await;
    app.describe_user(&user, "ada@example.org", "").await;
    let browser = app.signed_in("ada", PASSWORD).await;
    (app, user, browser)
}

/// What applications are told of the address.
async fn told(browser: &Browser) -> (Value, Value) {
    let claims = browser.get("/oauth/userinfo").await.json();
    (claims["email"].clone(), claims["email_verified"].clone())
}

async fn confirm(browser: &Browser, link: &str) -> Answer {
    let page = browser.get(link).await;
    assert_eq!(page.status, 200, "{}", page.body);
    let (token, csrf_token) = (page.input("token"), page.input("csrf_token"));
    browser.post("/email/confirm", &[("token", &token), ("csrf_token", &csrf_token)]).await
}

#[tokio::test]
async fn an_address_is_confirmed_by_the_link_that_is_sent_there_on_whichever_device_it_is_opened() {
    let postbox = Postbox::open().await;
    let (app, _, browser) = begin(&postbox).await;
    assert_eq!(told(&browser).await, ("ada@example.org".into(), false.into()));
    assert!(browser.get("/account").await.body.contains("Not confirmed"));
    let page = browser.done("/account/email/verify", &[]).await;
    assert!(page.body.contains("A link is on its way."), "{}", page.body);

    let link = postbox.wait_for(1).await.link(&app);
    let phone = app.browser();
    phone.get(&link).await;
    assert_eq!(told(&browser).await.1, Value::from(false), "to look at it changes nothing");
    let confirmed = confirm(&phone, &link).await;
    assert_eq!((confirmed.status, confirmed.header("location")), (303, "/email/confirm?confirmed=yes"));
    assert!(phone.get("/email/confirm?confirmed=yes").await.body.contains("Your e-mail address is confirmed"));
    assert_eq!(told(&browser).await, ("ada@example.org".into(), true.into()));
    assert!(!browser.get("/account").await.body.contains("Not confirmed"));
    assert_eq!(phone.get(&link).await.status, 400, "it works once");
    assert_eq!(phone.get("/account").await.status, 303, "it signs nobody in");
    assert_eq!(app.audited(AuditEvent::EmailVerified).await.len(), 1);
}

#[tokio::test]
async fn another_address_takes_its_place_once_it_is_confirmed_and_the_old_one_is_told() {
    let postbox = Postbox::open().await;
    let (app, _, browser) = begin(&postbox).await;
    let fields = [("email", "Ada@New.example"), ("current_password", PASSWORD)];
    browser.done("/account/email", &fields).await;
    let mail = postbox.wait_for(1).await;
    assert_eq!(mail.to, ["Ada@New.example"]);
    assert_eq!(told(&browser).await, ("ada@example.org".into(), false.into()), "until it is confirmed");
    let page = browser.get(&mail.link(&app)).await;
    assert!(page.body.contains("It takes the place of ada@example.org"), "{}", page.body);
    assert_eq!(confirm(&app.browser(), &mail.link(&app)).await.status, 303);
    assert_eq!(told(&browser).await, ("Ada@New.example".into(), true.into()));
    let notice = postbox.wait_for(2).await;
    assert_eq!(notice.to, ["ada@example.org"]);
    assert!(notice.text.contains("Your e-mail address was changed"), "{}", notice.text);
    app.signed_in("ada@new.example", PASSWORD).await;
}

#[tokio::test]
async fn another_address_needs_the_password_and_has_to_be_one() {
    let postbox = Postbox::open().await;
    let (app, _, browser) = begin(&postbox).await;
    for (email, password, why) in [
        ("ada@new.example", "", "Enter your current password."),
        ("ada@new.example", "not the password", "This is not your current password."),
        ("ada", PASSWORD, "The e-mail address"),
        ("", PASSWORD, "The e-mail address"),
    ] {
        let refused = browser.submit("/account/email", &[("email", email), ("current_password", password)]).await;
        assert_eq!(refused.status, 422, "{email} {password}");
        assert!(refused.body.contains(why), "{why}: {}", refused.body);
    }
    postbox.stays_at(&app, 0).await;
}

#[tokio::test]
async fn an_address_of_somebody_elses_is_not_given_away_whichever_way_it_is_asked_for() {
    let postbox = Postbox::open().await;
    let (app, _, browser) = begin(&postbox).await;
    let bob = app.person("bob", &[]).await;
    app.describe_user(&bob, "bob@example.org", "").await;
    let fields = [("email", "bob@example.org"), ("current_password", PASSWORD)];
    let page = browser.done("/account/email", &fields).await;
    assert!(page.body.contains("A link is on its way."), "the same as for a free address: {}", page.body);
    let link = postbox.wait_for(1).await.link(&app);
    assert_eq!(confirm(&browser, &link).await.status, 409);
    assert_eq!(told(&browser).await.0, Value::from("ada@example.org"));
}

#[tokio::test]
async fn an_administrators_word_counts_and_ends_where_the_address_changes() {
    let postbox = Postbox::open().await;
    let (app, user, browser) = begin(&postbox).await;
    let act = app.act();
    let claims = UserClaims { email_verified: Some(true), ..UserClaims::default() };
    let changes = UserChanges { claims: Some(claims), ..UserChanges::default() };
    app.store.write(move |tx| hallpass::domain::users::change_profile(tx, user.id, &changes, &act)).await.unwrap();
    assert_eq!(told(&browser).await.1, Value::from(true));
    let ada = app.write(|tx| tx.users().find_by_login("ada")).await.unwrap();
    app.describe_user(&ada, "ada@other.example", "").await;
    assert_eq!(told(&browser).await, ("ada@other.example".into(), false.into()));
}

#[tokio::test]
async fn a_link_ends_with_its_day_and_with_a_newer_one_and_is_sent_so_often() {
    let postbox = Postbox::open().await;
    let (app, _, browser) = begin(&postbox).await;
    browser.done("/account/email/verify", &[]).await;
    let first = postbox.wait_for(1).await.link(&app);
    browser.done("/account/email/verify", &[]).await;
    let second = postbox.wait_for(2).await.link(&app);
    assert_eq!(browser.get(&first).await.status, 400);
    for count in 3..=5 {
        browser.done("/account/email/verify", &[]).await;
        postbox.wait_for(count).await;
    }
    assert_eq!(browser.submit("/account/email/verify", &[]).await.status, 429);
    let last = postbox.all().last().unwrap().link(&app);
    assert_eq!(browser.get(&second).await.status, 400);
    app.pass(Lifetime::from_hours(24));
    assert_eq!(app.browser().get(&last).await.status, 400);
}

#[tokio::test]
async fn without_mail_the_page_says_so_and_nothing_is_promised() {
    let app = TestApp::start().await;
    let user = app.person("ada", &[]).await;
    app.describe_user(&user, "ada@example.org", "").await;
    let browser = app.signed_in("ada", PASSWORD).await;
    assert!(browser.get("/account/email").await.body.contains("This server sends no mail"));
    assert_eq!(browser.submit("/account/email/verify", &[]).await.status, 409);
}

/// security.md case 241
#[tokio::test]
async fn the_link_leads_to_the_issuer_whatever_the_request_says() {
    let postbox = Postbox::open().await;
    let (app, _, browser) = begin(&postbox).await;
    let csrf_token = browser.csrf_token("/account").await;
    let request = browser
        .request(reqwest::Method::POST, "/account/email/verify")
        .header("origin", &app.url)
        .header("host", "evil.test")
        .header("x-forwarded-host", "evil.test")
        .header("forwarded", "host=evil.test")
        .form(&[("csrf_token", &csrf_token)]);
    let answer = browser.send(request).await;
    assert!(answer.status == 303 && !answer.header("location").contains("evil"), "{}", answer.body);
    let mail = postbox.wait_for(1).await;
    assert!(mail.text.contains(&format!("{}/email/confirm?token=", app.issuer)), "{}", mail.text);
    assert!(!mail.text.contains("evil.test"), "{}", mail.text);
}
