//! Second factors: apps that make one-time codes (RFC 6238, RFC 4226), recovery codes, sign-in in two steps, and who must
//! have one.

use hallpass::domain::clients::ClientDescription;
use hallpass::domain::roles;
use hallpass::domain::roles::RoleChanges;
use hallpass::model::audit::AuditEvent;
use hallpass::model::openid::ACR_MULTIPLE;
use hallpass::model::openid::ACR_PASSWORD;
use hallpass::model::role::RoleName;
use hallpass::model::time::Lifetime;
use serde_json::json;

use crate::support::app::SECRET_KEY;
use crate::support::app::TestApp;
use crate::support::caller::Answer;
use crate::support::caller::Browser;
use crate::support::factors::Authenticator;
use crate::support::factors::recovery_codes;
use crate::support::flow::parameters;
use crate::support::program::Program;
use crate::support::seed::PASSWORD;

const SECOND_STEP: &str = "/login/second-factor";
const FIRST_FACTOR: &str = "/login/first-factor";

/// Somebody with an app, the recovery codes, and a browser in which they are signed in.
async fn ada(app: &TestApp) -> (Browser, Authenticator, Vec<String>) {
    app.person("ada", &[]).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let (authenticator, codes) = app.add_app(&browser).await;
    (browser, authenticator, codes)
}

/// Lets the code pass that was used.
fn next_step(app: &TestApp) {
    app.pass(Lifetime::from_seconds(60));
}

/// A browser that has given the right password and nothing more.
async fn halfway(app: &TestApp) -> Browser {
    let browser = app.browser();
    let answer = browser.sign_in("ada", PASSWORD).await;
    assert_eq!((answer.status, answer.header("location")), (303, SECOND_STEP), "{}", answer.body);
    browser
}

async fn is_signed_in(browser: &Browser) -> bool {
    browser.get("/account").await.status == 200
}

async fn require(app: &TestApp, role: &str, is_required: bool) {
    let (name, act) = (RoleName::parse(role).unwrap(), app.act());
    let changes = RoleChanges { description: None, require_second_factor: Some(is_required) };
    app.store.write(move |tx| roles::change_role(tx, &name, &changes, &act)).await.unwrap();
}

fn is_limited(answer: &Answer) -> bool {
    answer.status == 429 && answer.header("retry-after").parse::<u32>().is_ok_and(|wait| wait > 0)
}

#[tokio::test]
async fn an_app_counts_once_it_has_shown_the_right_code() {
    let app = TestApp::start().await;
    let user = app.person("ada", &[]).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let page = browser.get("/account/factors/app").await;
    let authenticator = Authenticator::of(&page);
    assert_eq!(authenticator.secret().len(), 20, "as long as the hash (RFC 4226 4, R6)");
    assert!(page.body.contains("otpauth://totp/127%2E0%2E0%2E1:ada?secret="), "{}", page.body);
    assert!(page.body.contains("<svg class=\"qr\""), "{}", page.body);

    let offer = page.input("offer");
    let wrong = authenticator.wrong_code(&app);
    let refused = browser.submit("/account/factors/app", &[("offer", &offer), ("code", &wrong)]).await;
    assert_eq!(refused.status, 422, "{}", refused.body);
    assert_eq!(Authenticator::of(&refused).secret(), authenticator.secret(), "the same secret is offered again");
    assert_eq!(app.browser().sign_in("ada", PASSWORD).await.header("location"), "/account", "nothing counts yet");

    let code = authenticator.code(&app);
    let shown = browser.done("/account/factors/app", &[("offer", &offer), ("code", &code)]).await;
    let codes = recovery_codes(&shown);
    assert_eq!(codes.len(), 10);
    assert!(browser.get("/account").await.body.contains("You have an authenticator app."));
    let again = browser.submit("/account/factors/app", &[("offer", &offer), ("code", &code)]).await;
    assert_eq!(again.status, 409, "{}", again.body);

    halfway(&app).await;
    assert_eq!(app.audited(AuditEvent::SecondFactorAdded).await.len(), 1);
    assert_eq!(app.audited(AuditEvent::RecoveryCodesMade).await.len(), 1);
    let id = user.id;
    let sealed = app.write(move |tx| Ok(tx.factors().totp(id)?.unwrap().sealed)).await;
    assert!(!sealed.windows(20).any(|part| part == authenticator.secret()), "the secret is not there in the clear");
}

#[tokio::test]
async fn an_offer_is_good_for_its_user_and_an_hour() {
    let app = TestApp::start().await;
    app.person("ada", &[]).await;
    app.person("bob", &[]).await;
    let (ada, bob) = (app.signed_in("ada", PASSWORD).await, app.signed_in("bob", PASSWORD).await);
    let page = ada.get("/account/factors/app").await;
    let (authenticator, offer) = (Authenticator::of(&page), page.input("offer"));
    let code = authenticator.code(&app);
    let taken = bob.submit("/account/factors/app", &[("offer", &offer), ("code", &code)]).await;
    assert_eq!((taken.status, taken.header("location")), (303, "/account/factors/app"));
    app.pass(Lifetime::from_seconds(3601));
    let ada = app.signed_in("ada", PASSWORD).await;
    let code = authenticator.code(&app);
    let late = ada.submit("/account/factors/app", &[("offer", &offer), ("code", &code)]).await;
    assert_eq!((late.status, late.header("location")), (303, "/account/factors/app"));
    assert!(app.audited(AuditEvent::SecondFactorAdded).await.is_empty());
}

#[tokio::test]
async fn a_password_alone_signs_nobody_in_who_has_a_factor() {
    let app = TestApp::start().await;
    let (_, authenticator, _) = ada(&app).await;
    next_step(&app);
    let signed_in = app.audited(AuditEvent::LoginSucceeded).await.len();
    let browser = halfway(&app).await;
    assert_eq!(browser.cookie("hallpass_session"), None);
    assert!(!is_signed_in(&browser).await);
    for path in ["/oauth/authorize", "/device", "/account/factors"] {
        assert_ne!(browser.get(path).await.status, 200, "{path}");
    }
    let by_frappe = app.stranger().post("/api/method/login", &[("usr", "ada"), ("pwd", PASSWORD)]).await;
    assert_eq!(by_frappe.status, 401, "{}", by_frappe.body);
    assert!(by_frappe.body.contains("second factor"), "{}", by_frappe.body);
    assert_eq!(by_frappe.header("set-cookie"), "");
    let wrong = app.stranger().post("/api/method/login", &[("usr", "ada"), ("pwd", "not the password")]).await;
    assert!(!wrong.body.contains("second factor"), "only whoever has the password hears of it: {}", wrong.body);
    assert_eq!(app.audited(AuditEvent::LoginSucceeded).await.len(), signed_in);

    let answer = browser.second_step(SECOND_STEP, &authenticator.code(&app)).await;
    assert_eq!((answer.status, answer.header("location")), (303, "/account"), "{}", answer.body);
    assert!(is_signed_in(&browser).await);
    assert_eq!(browser.cookie("hallpass_halfway"), None);
    assert_eq!(app.audited(AuditEvent::LoginSucceeded).await.len(), signed_in + 1);
}

#[tokio::test]
async fn without_a_password_nobody_gets_to_the_second_step() {
    let app = TestApp::start().await;
    let (_, authenticator, _) = ada(&app).await;
    next_step(&app);
    let browser = app.browser();
    for path in [SECOND_STEP, FIRST_FACTOR] {
        let answer = browser.get(path).await;
        assert_eq!((answer.status, answer.header("location")), (303, "/login"), "{path}");
        let token = browser.csrf_token("/login").await;
        let code = authenticator.code(&app);
        let answer = browser.post(path, &[("code", &code), ("csrf_token", &token)]).await;
        assert_eq!((answer.status, answer.header("location")), (303, "/login"), "{path}");
    }
    // A cookie of this form that the server did not make.
    let real = halfway(&app).await.cookie("hallpass_halfway").unwrap();
    let user = app.person("eve", &[]).await.id.to_string();
    let (_, rest) = real.split_once('.').unwrap();
    for forged in [format!("{user}.{rest}"), real.replacen(".1.", ".0.", 1), String::from("a.b.c.d.e")] {
        let request =
            browser.request(reqwest::Method::GET, SECOND_STEP).header("cookie", format!("hallpass_halfway={forged}"));
        assert_eq!(browser.send(request).await.header("location"), "/login", "{forged}");
    }
}

#[tokio::test]
async fn a_code_is_good_once_and_for_one_step_either_way() {
    let app = TestApp::start().await;
    let (_, authenticator, _) = ada(&app).await;
    let spent = halfway(&app).await.second_step(SECOND_STEP, &authenticator.code(&app)).await;
    assert_eq!(spent.status, 401, "the code that confirmed the app is used up");
    next_step(&app);
    let code = authenticator.code(&app);
    assert_eq!(halfway(&app).await.second_step(SECOND_STEP, &code).await.status, 303);
    let again = halfway(&app).await.second_step(SECOND_STEP, &code).await;
    assert_eq!(again.status, 401, "{}", again.body);
    assert!(again.body.contains("This is not a code that is good now."), "{}", again.body);
    let early = authenticator.code_in(&app, -1);
    assert_eq!(halfway(&app).await.second_step(SECOND_STEP, &early).await.status, 401, "older than what was used");
    let ahead = authenticator.code_in(&app, 1);
    assert_eq!(halfway(&app).await.second_step(SECOND_STEP, &ahead).await.status, 303);
    next_step(&app);
    next_step(&app);
    let late = authenticator.code_in(&app, -1);
    let spaced = format!("{} {}", &late[..3], &late[3..]);
    assert_eq!(halfway(&app).await.second_step(SECOND_STEP, &spaced).await.status, 303);
    next_step(&app);
    let too_far = authenticator.code_in(&app, 2);
    assert_eq!(halfway(&app).await.second_step(SECOND_STEP, &too_far).await.status, 401);
}

/// ASVS 7.2.4: nothing that a browser brought along to the second step becomes a session.
#[tokio::test]
async fn a_second_step_adopts_no_session_that_somebody_planted() {
    let app = TestApp::start().await;
    app.role("treasurer").await;
    app.person("mallory", &[]).await;
    app.person("grace", &["treasurer"]).await;
    let (_, authenticator, _) = ada(&app).await;
    require(&app, "treasurer", true).await;
    for is_real in [false, true] {
        for (name, path) in [("ada", SECOND_STEP), ("grace", FIRST_FACTOR)] {
            next_step(&app);
            let planted = match is_real {
                true => app.signed_in("mallory", PASSWORD).await.cookie("hallpass_session").unwrap(),
                false => hallpass::random::Random.token(hallpass::model::token::TokenKind::Session).reveal().to_owned(),
            };
            let browser = app.browser();
            assert_eq!(browser.sign_in(name, PASSWORD).await.header("location"), path);
            let page = browser.get(path).await;
            let code = if name == "ada" { authenticator.code(&app) } else { Authenticator::of(&page).code(&app) };
            let mut fields = vec![("code", code), ("csrf_token", page.input("csrf_token"))];
            fields.extend(page.find_input("offer").map(|offer| ("offer", offer)));
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let cookies = format!("{}; hallpass_session={planted}", browser.cookie_header());
            let answer = app.stranger().with("cookie", &cookies).with("origin", &app.url).post(path, &fields).await;
            assert!(matches!(answer.status, 200 | 303), "{path}: {}", answer.body);
            let set = answer.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap());
            let new = set.into_iter().find_map(|cookie| cookie.strip_prefix("hallpass_session=")?.split(';').next());
            let new = new.expect("a session").to_owned();
            assert_ne!(new, planted);
            let me = async |cookie: &str| {
                app.stranger().with("cookie", &format!("hallpass_session={cookie}")).get("/api/v1/me").await
            };
            assert_eq!(me(&new).await.text("username"), name);
            assert_eq!(me(&planted).await.status, 401, "{path}: {is_real}");
        }
        // The next round begins without a factor again.
        let program = app.act();
        let grace = app.write(|tx| tx.users().find_by_login("grace")).await.unwrap().id;
        app.store.write(move |tx| hallpass::domain::factors::reset(tx, grace, &program)).await.unwrap();
    }
}

#[tokio::test]
async fn wrong_codes_are_limited_for_the_account_and_apart_for_its_own_browser() {
    let app = TestApp::start().await;
    let (own, authenticator, codes) = ada(&app).await;
    next_step(&app);
    let stranger = halfway(&app).await;
    for _ in 0..5 {
        let wrong = stranger.second_step(SECOND_STEP, &authenticator.wrong_code(&app)).await;
        assert_eq!(wrong.status, 401, "{}", wrong.body);
    }
    assert!(is_limited(&stranger.second_step(SECOND_STEP, &authenticator.code(&app)).await));
    assert!(is_limited(&halfway(&app).await.second_step(SECOND_STEP, &codes[0]).await), "recovery codes count too");
    assert_eq!(app.audited(AuditEvent::SecondFactorFailed).await.len(), 5);

    own.forget("hallpass_session");
    assert_eq!(own.sign_in("ada", PASSWORD).await.header("location"), SECOND_STEP);
    let code = authenticator.code(&app);
    assert_eq!(own.second_step(SECOND_STEP, &code).await.status, 303, "strangers lock nobody out");
    app.pass(Lifetime::from_seconds(901));
    assert_eq!(halfway(&app).await.second_step(SECOND_STEP, &authenticator.code(&app)).await.status, 303);
}

#[tokio::test]
async fn a_recovery_code_lets_in_once() {
    let app = TestApp::start().await;
    let (_, _, codes) = ada(&app).await;
    let typed = codes[0].to_lowercase().replace('-', " ");
    assert_eq!(halfway(&app).await.second_step(SECOND_STEP, &typed).await.status, 303);
    assert_eq!(halfway(&app).await.second_step(SECOND_STEP, &codes[0]).await.status, 401);
    let browser = halfway(&app).await;
    assert_eq!(browser.second_step(SECOND_STEP, &codes[1]).await.status, 303);
    let page = browser.get("/account/factors").await;
    assert!(page.body.contains("8 are left."), "{}", page.body);
    let used = app.audited(AuditEvent::RecoveryCodeUsed).await;
    let mut left: Vec<&str> = used.iter().map(|entry| entry.details.as_str()).collect();
    left.sort_unstable();
    assert_eq!(left, ["{\"left\":8}", "{\"left\":9}"]);
    let kept = app.database.lines("SELECT CAST(COUNT(*) AS TEXT) AS line FROM recovery_codes");
    assert_eq!(kept, ["10"]);

    app.person("bob", &[]).await;
    let bob = app.signed_in("bob", PASSWORD).await;
    app.add_app(&bob).await;
    let other = app.browser();
    other.sign_in("bob", PASSWORD).await;
    assert_eq!(other.second_step(SECOND_STEP, &codes[2]).await.status, 401, "they are their owner's");
}

#[tokio::test]
async fn new_recovery_codes_end_the_old_ones() {
    let app = TestApp::start().await;
    let (browser, _, old) = ada(&app).await;
    let asked = browser.get("/account/factors/recovery-codes").await;
    assert!(asked.body.contains("The codes that you have now stop working."), "{}", asked.body);
    let new = recovery_codes(&browser.done("/account/factors/recovery-codes", &[]).await);
    assert!(new.len() == 10 && new.iter().all(|code| !old.contains(code)));
    assert_eq!(halfway(&app).await.second_step(SECOND_STEP, &old[0]).await.status, 401);
    assert_eq!(halfway(&app).await.second_step(SECOND_STEP, &new[0]).await.status, 303);
    app.person("bob", &[]).await;
    let bob = app.signed_in("bob", PASSWORD).await;
    assert_eq!(bob.submit("/account/factors/recovery-codes", &[]).await.status, 409, "in place of no factor");
}

#[tokio::test]
async fn who_removes_the_last_factor_signs_in_by_password_again() {
    let app = TestApp::start().await;
    let (browser, _, _) = ada(&app).await;
    let asked = browser.get("/account/factors/app/remove").await;
    assert!(asked.body.contains("your password alone is enough then"), "{}", asked.body);
    let page = browser.done("/account/factors/app/remove", &[]).await;
    assert!(page.body.contains("The second factor is removed."), "{}", page.body);
    assert_eq!(app.browser().sign_in("ada", PASSWORD).await.header("location"), "/account");
    assert_eq!(browser.submit("/account/factors/app/remove", &[]).await.status, 404);
    assert_eq!(app.audited(AuditEvent::SecondFactorRemoved).await.len(), 1);
    assert!(app.database.lines("SELECT 'left' AS line FROM recovery_codes").is_empty());
}

#[tokio::test]
async fn what_changes_a_factor_wants_a_new_sign_in() {
    let app = TestApp::start().await;
    let (browser, authenticator, _) = ada(&app).await;
    app.pass(Lifetime::from_seconds(901));
    assert_eq!(browser.get("/account/factors").await.status, 200, "to look is not dangerous");
    for path in ["/account/factors/app", "/account/factors/app/remove", "/account/factors/recovery-codes"] {
        let sent = browser.get(path).await;
        let expected = format!("/login?return_to={}&again=yes", path.replace('/', "%2F").replace('-', "%2D"));
        assert!(sent.status == 303 && sent.header("location").starts_with(&expected), "{}", sent.header("location"));
        let posted = browser.submit(path, &[]).await;
        assert_eq!((posted.status, posted.header("location")), (303, sent.header("location")), "{path}");
    }
    let away = browser.get("/account/factors/app/remove").await.header("location").to_owned();
    let page = browser.get(&away).await;
    assert!(page.body.contains("Sign in once more to go on"), "{}", page.body);
    let step = browser.sign_in_at(&page, "ada", PASSWORD).await.header("location").to_owned();
    assert!(step.starts_with(SECOND_STEP), "{step}");
    let answer = browser.second_step(&step, &authenticator.code(&app)).await;
    assert_eq!(answer.header("location"), "/account/factors/app/remove", "{}", answer.body);
    browser.done("/account/factors/app/remove", &[]).await;
}

#[tokio::test]
async fn a_second_step_lapses_with_time_and_with_the_password() {
    let app = TestApp::start().await;
    let (_, authenticator, _) = ada(&app).await;
    let user = app.store.read(|tx| tx.users().find_by_login("ada")).await.unwrap().unwrap();
    let slow = halfway(&app).await;
    app.pass(Lifetime::from_seconds(601));
    assert_eq!(slow.get(SECOND_STEP).await.header("location"), "/login");

    let disabled = halfway(&app).await;
    let token = disabled.csrf_token(SECOND_STEP).await;
    app.set_user_enabled(user.id, false).await;
    let way = [("return_to", "/device".to_owned()), ("again", "yes".to_owned())];
    let fields = [&way[..], &[("code", authenticator.code(&app)), ("csrf_token", token)]].concat();
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let refused = disabled.post(SECOND_STEP, &fields).await;
    assert_eq!(refused.status, 401, "{}", refused.body);
    assert!(refused.body.contains("Sign in once more."), "{}", refused.body);
    assert_eq!((refused.input("return_to").as_str(), refused.input("again").as_str()), ("/device", "yes"));
    app.set_user_enabled(user.id, true).await;

    let early = halfway(&app).await;
    app.change_password(&user).await;
    let refused = early.second_step(SECOND_STEP, &authenticator.code(&app)).await;
    assert_eq!(refused.status, 401, "{}", refused.body);
    assert!(!is_signed_in(&early).await);
}

#[tokio::test]
async fn who_must_have_a_factor_adds_one_right_after_the_password() {
    let app = TestApp::start().await;
    app.role("treasurer").await;
    app.person("ada", &["treasurer"]).await;
    let before = app.signed_in("ada", PASSWORD).await;
    require(&app, "Treasurer", true).await;
    assert!(is_signed_in(&before).await, "sessions that are there go on");
    assert_eq!(app.stranger().post("/api/method/login", &[("usr", "ada"), ("pwd", PASSWORD)]).await.status, 401);

    let browser = app.browser();
    let sent = browser.sign_in("ada", PASSWORD).await;
    assert_eq!((sent.status, sent.header("location")), (303, FIRST_FACTOR), "{}", sent.body);
    assert!(!is_signed_in(&browser).await, "nothing comes before it");
    let page = browser.get(FIRST_FACTOR).await;
    let authenticator = Authenticator::of(&page);
    let fields = |code: &str| {
        [("offer", page.input("offer")), ("csrf_token", page.input("csrf_token")), ("code", code.to_owned())]
    };
    let send = async |code: &str| {
        let fields = fields(code);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        browser.post(FIRST_FACTOR, &fields).await
    };
    let wrong = send(&authenticator.wrong_code(&app)).await;
    assert_eq!(wrong.status, 422, "{}", wrong.body);
    assert_eq!(Authenticator::of(&wrong).secret(), authenticator.secret());
    let shown = send(&authenticator.code(&app)).await;
    assert_eq!((shown.status, recovery_codes(&shown).len()), (200, 10), "{}", shown.body);
    assert!(is_signed_in(&browser).await);

    let kept = browser.submit("/account/factors/app/remove", &[]).await;
    assert_eq!(kept.status, 409, "{}", kept.body);
    assert!(kept.body.contains("Your account must have a second factor"), "{}", kept.body);
    next_step(&app);
    let later = halfway(&app).await;
    assert_eq!(later.second_step(SECOND_STEP, &authenticator.code(&app)).await.status, 303);
    require(&app, "treasurer", false).await;
    browser.done("/account/factors/app/remove", &[]).await;
    assert_eq!(app.browser().sign_in("ada", PASSWORD).await.header("location"), "/account");
}

#[tokio::test]
async fn nobody_gets_around_a_factor_by_adding_another() {
    let app = TestApp::start().await;
    app.role("treasurer").await;
    app.person("ada", &["treasurer"]).await;
    let own = app.signed_in("ada", PASSWORD).await;
    require(&app, "treasurer", true).await;
    let thief = app.browser();
    assert_eq!(thief.sign_in("ada", PASSWORD).await.header("location"), FIRST_FACTOR);
    let page = thief.get(FIRST_FACTOR).await;
    app.add_app(&own).await;
    let fields = [
        ("offer", page.input("offer")),
        ("csrf_token", page.input("csrf_token")),
        ("code", Authenticator::of(&page).code(&app)),
    ];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(thief.post(FIRST_FACTOR, &fields).await.status, 401);
    assert!(!is_signed_in(&thief).await);
    assert_eq!(halfway(&app).await.get(FIRST_FACTOR).await.header("location"), "/login");
}

/// OpenID Connect Core §2 (`acr`, `amr`), §3.1.2.1; RFC 8176 §2
#[tokio::test]
async fn a_client_that_wants_more_than_a_password_gets_it() {
    let app = TestApp::start().await;
    app.person("ada", &[]).await;
    let strict = |client: &mut ClientDescription| client.require_second_factor = true;
    let client = app.client_with("openid", strict).await;
    let browser = app.signed_in("ada", PASSWORD).await;

    let silent = browser.get(&client.authorize_path(&[("scope", "openid"), ("prompt", "none")])).await;
    assert_eq!(parameters(silent.header("location"))["error"], "login_required");
    let sent = browser.get(&client.authorize_path(&[])).await.header("location").to_owned();
    assert!(sent.starts_with("/login?") && sent.contains("second_factor=yes"), "{sent}");
    let page = browser.get(&sent).await;
    let mut fields = vec![("username", "ada".to_owned()), ("password", PASSWORD.to_owned())];
    for name in ["csrf_token", "return_to", "again", "second_factor"] {
        fields.push((name, page.input(name)));
    }
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let step = browser.post("/login", &fields).await.header("location").to_owned();
    assert!(step.starts_with(FIRST_FACTOR), "{step}");
    let page = browser.get(&step).await;
    let authenticator = Authenticator::of(&page);
    let shown = browser.second_step(&step, "000000").await;
    assert_eq!(shown.status, 422, "{}", shown.body);
    let mut fields = vec![("code", Authenticator::of(&shown).code(&app))];
    fields.extend(["csrf_token", "return_to", "again", "offer"].map(|name| (name, shown.input(name))));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let codes = browser.post(FIRST_FACTOR, &fields).await;
    assert_eq!(codes.status, 200, "{}", codes.body);
    drop(authenticator);

    let (_, claims) = app.id_token(&app.tokens_for(&browser, &client, &[]).await).await;
    assert_eq!((&claims["acr"], &claims["amr"]), (&json!(ACR_MULTIPLE), &json!(["pwd", "otp", "mfa"])));
    let easy = app.web_client("openid").await;
    let asks = json!({ "id_token": { "acr": { "essential": true, "values": [ACR_PASSWORD] } } }).to_string();
    let (_, claims) = app.id_token(&app.tokens_for(&browser, &easy, &[("claims", &asks)]).await).await;
    assert_eq!(claims["acr"], json!(ACR_PASSWORD), "what was asked for, where that was had too");
}

/// OpenID Connect Core §5.5.1.1
#[tokio::test]
async fn an_essential_acr_is_met_by_signing_in_once_more() {
    let app = TestApp::start().await;
    let (_, authenticator, _) = ada(&app).await;
    app.person("bob", &[]).await;
    let client = app.web_client("openid").await;
    let asks = json!({ "id_token": { "acr": { "essential": true, "value": ACR_MULTIPLE } } }).to_string();
    let bob = app.signed_in("bob", PASSWORD).await;
    let sent = bob.get(&client.authorize_path(&[("claims", &asks)])).await;
    assert!(sent.header("location").contains("second_factor=yes"), "{}", sent.header("location"));
    next_step(&app);
    let browser = halfway(&app).await;
    assert_eq!(browser.second_step(SECOND_STEP, &authenticator.code(&app)).await.status, 303);
    let (_, claims) = app.id_token(&app.tokens_for(&browser, &client, &[("claims", &asks)]).await).await;
    assert_eq!(claims["acr"], json!(ACR_MULTIPLE));
}

/// OpenID Connect Core §3.1.2.1: `prompt=login`
#[tokio::test]
async fn a_new_sign_in_for_a_request_has_both_steps() {
    let app = TestApp::start().await;
    let (browser, authenticator, _) = ada(&app).await;
    next_step(&app);
    let client = app.web_client("openid").await;
    let sent = browser.get(&client.authorize_path(&[("prompt", "login")])).await.header("location").to_owned();
    let page = browser.get(&sent).await;
    let step = browser.sign_in_at(&page, "ada", PASSWORD).await.header("location").to_owned();
    assert!(step.starts_with(SECOND_STEP) && step.contains("again=yes"), "{step}");
    let path = page.input("return_to");
    assert!(browser.get(&path).await.header("location").starts_with("/login?"), "the password alone proves nothing");
    let back = browser.second_step(&step, &authenticator.code(&app)).await;
    let consent = browser.get(back.header("location")).await;
    assert_eq!(consent.status, 200, "{}", consent.body);
    assert!(consent.has_id("main") && consent.find_input("request").is_some(), "{}", consent.body);
}

#[tokio::test]
async fn a_secret_is_read_under_the_key_that_it_was_sealed_with_and_sealed_anew() {
    let app = TestApp::start().await;
    let (_, authenticator, codes) = ada(&app).await;
    next_step(&app);
    let other = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    let database = app.stop().await;
    let settings = format!("secret_key = \"{other}\"\nprevious_secret_keys = [\"{SECRET_KEY}\"]");
    let app = TestApp::start_on(database, &settings);
    next_step(&app);
    assert_eq!(halfway(&app).await.second_step(SECOND_STEP, &codes[0]).await.status, 303, "hashed under the old key");
    let database = app.stop().await;
    let app = TestApp::start_on(database, &format!("secret_key = \"{other}\"\nprevious_secret_keys = []"));
    next_step(&app);
    assert_eq!(halfway(&app).await.second_step(SECOND_STEP, &authenticator.code(&app)).await.status, 303);
}

#[tokio::test]
async fn an_operator_lets_somebody_in_who_has_lost_everything() {
    let app = TestApp::start().await;
    ada(&app).await;
    let program = Program::on(app.database.again());
    assert_eq!(program.run("user reset-factors Ada --json").json()["username"], "ada");
    assert_eq!(program.run("user reset-factors bob").refusal(), "there is no user \"bob\"");
    assert_eq!(app.browser().sign_in("ada", PASSWORD).await.header("location"), "/account");
    let reset = app.audited(AuditEvent::SecondFactorsReset).await;
    assert_eq!(
        (reset.len(), reset[0].actor.as_str(), reset[0].details.as_str()),
        (1, "command line", "{\"removed\":1}")
    );
    let changed = program.run("role change admin --require-second-factor true --json").json();
    assert_eq!((&changed["name"], &changed["require_second_factor"]), (&json!("admin"), &json!(true)));
    assert_eq!(program.run("role change admin --description All").refusal(), "the role admin is built in and stays");
}
