//! Devices without a browser (RFC 8628): a device asks, a person types its code elsewhere and decides, the device polls.

use hallpass::domain::clients::ClientDescription;
use hallpass::model::audit::AuditEvent;
use hallpass::model::client::AuthMethod;
use hallpass::model::client::GrantType;
use hallpass::model::time::Lifetime;
use hallpass::model::user::User;
use serde_json::Value;
use sha2::Digest;
use sha2::Sha256;

use crate::support::app::TestApp;
use crate::support::caller::Answer;
use crate::support::caller::Browser;
use crate::support::caller::Script;
use crate::support::program::Program;
use crate::support::seed::PASSWORD;
use crate::support::seed::SeededClient;

const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";
const ENDPOINT: &str = "/oauth/device_authorization";
const UNKNOWN: &str = "No device waits with this code.";
/// How often each race is run.
const ROUNDS: usize = 12;

fn for_devices(client: &mut ClientDescription) {
    client.grant_types = vec![GrantType::DeviceCode, GrantType::RefreshToken];
    client.redirect_uris = Vec::new();
    client.auth_method = AuthMethod::None;
}

/// ada, and a public client of devices.
async fn begin_with(settings: &str) -> (TestApp, User, SeededClient) {
    let app = TestApp::start_with(settings).await;
    let ada = app.person("ada", &[]).await;
    app.scope("read", &[]).await;
    app.scope("write", &[]).await;
    let client = app.client_with("read write", for_devices).await;
    (app, ada, client)
}

async fn begin() -> (TestApp, User, SeededClient) {
    begin_with("").await
}

impl TestApp {
    async fn ask_for_codes(&self, client: &SeededClient, fields: &[(&str, &str)]) -> Answer {
        if client.secret.is_empty() {
            let mut fields = fields.to_vec();
            fields.push(("client_id", &client.client_id));
            return self.stranger().post(ENDPOINT, &fields).await;
        }
        self.script(&client.basic()).post(ENDPOINT, fields).await
    }

    async fn codes(&self, client: &SeededClient) -> Value {
        let answer = self.ask_for_codes(client, &[]).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.json()
    }

    async fn poll(&self, client: &SeededClient, codes: &Value) -> Answer {
        self.token(client, &[("grant_type", GRANT), ("device_code", codes["device_code"].as_str().unwrap())]).await
    }
}

async fn enter(browser: &Browser, user_code: &str) -> Answer {
    let csrf_token = browser.csrf_token("/device").await;
    browser.post("/device", &[("user_code", user_code), ("csrf_token", &csrf_token)]).await
}

/// Sends the form of the page that asks.
async fn decide(browser: &Browser, page: &Answer, fields: &[(&str, &str)]) -> Answer {
    let (user_code, csrf_token) = (page.input("user_code"), page.input("csrf_token"));
    let mut all = vec![("user_code", user_code.as_str()), ("csrf_token", csrf_token.as_str())];
    all.extend(fields);
    browser.post("/device", &all).await
}

const ALLOW: [(&str, &str); 3] = [("decision", "allow"), ("scope", "read"), ("scope", "write")];

/// Types the code and allows all that is asked for.
async fn allow(browser: &Browser, codes: &Value) {
    let page = enter(browser, codes["user_code"].as_str().unwrap()).await;
    assert_eq!(page.status, 200, "{}", page.body);
    let done = decide(browser, &page, &ALLOW).await;
    assert_eq!((done.status, done.header("location")), (303, "/device?done=device-allowed"), "{}", done.body);
}

/// RFC 8628 §3.1, §3.2, §6.1
#[tokio::test]
async fn a_device_gets_a_code_to_poll_with_and_one_to_show() {
    let (app, _, client) = begin().await;
    let answer = app.ask_for_codes(&client, &[("scope", "read")]).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.header("cache-control"), "no-store");
    let codes = answer.json();
    assert!(codes["device_code"].as_str().unwrap().starts_with("hp_dc_"));
    let user_code = codes["user_code"].as_str().unwrap();
    let letters = |half: &str| half.len() == 4 && half.bytes().all(|byte| b"BCDFGHJKLMNPQRSTVWXZ".contains(&byte));
    assert!(user_code.split_once('-').is_some_and(|(one, other)| letters(one) && letters(other)), "{user_code}");
    assert_eq!(codes["verification_uri"], format!("{}/device", app.url));
    assert_eq!(codes["verification_uri_complete"], format!("{}/device?user_code={user_code}", app.url));
    assert_eq!((&codes["expires_in"], &codes["interval"]), (&600.into(), &5.into()));
    assert_eq!(codes.as_object().unwrap().len(), 6, "{codes}");
    assert_ne!(app.codes(&client).await["user_code"], codes["user_code"]);
}

/// RFC 8628 §3.1, §3.2; security of group K
#[tokio::test]
async fn only_a_client_that_is_registered_for_it_and_proves_itself_may_begin() {
    let (app, _, client) = begin().await;
    let unknown = SeededClient { client_id: "nobody".to_owned(), ..client.clone() };
    app.ask_for_codes(&unknown, &[]).await.refused(401, "invalid_client");
    app.stranger().post(ENDPOINT, &[("scope", "read")]).await.refused(401, "invalid_client");
    let without = app.public_client("read").await;
    app.ask_for_codes(&without, &[]).await.refused(400, "unauthorized_client");
    app.token(&without, &[("grant_type", GRANT), ("device_code", "x")]).await.refused(400, "unauthorized_client");
    let confidential = |client: &mut ClientDescription| {
        for_devices(client);
        client.auth_method = AuthMethod::ClientSecretBasic;
    };
    let confidential = app.client_with("read", confidential).await;
    let silent = SeededClient { secret: String::new(), ..confidential.clone() };
    app.ask_for_codes(&silent, &[]).await.refused(401, "invalid_client");
    let codes = app.codes(&confidential).await;
    app.poll(&silent, &codes).await.refused(401, "invalid_client");
    app.poll(&confidential, &codes).await.refused(400, "authorization_pending");

    app.ask_for_codes(&client, &[("scope", "read other")]).await.refused(400, "invalid_scope");
    app.ask_for_codes(&client, &[("scope", "\"")]).await.refused(400, "invalid_scope");
    app.ask_for_codes(&client, &[("resource", "https://nobody.test/")]).await.refused(400, "invalid_target");
    app.ask_for_codes(&client, &[("scope", "read"), ("scope", "read")]).await.refused(400, "invalid_request");
    app.set_client_enabled(&client, false).await;
    app.ask_for_codes(&client, &[]).await.refused(401, "invalid_client");
}

/// RFC 8628 §3.3, §3.4, §3.5
#[tokio::test]
async fn a_person_lets_a_device_in_and_it_gets_its_tokens_once() {
    let (app, ada, client) = begin().await;
    let codes = app.codes(&client).await;
    app.poll(&client, &codes).await.refused(400, "authorization_pending");
    let browser = app.signed_in("ada", PASSWORD).await;
    let page = enter(&browser, codes["user_code"].as_str().unwrap()).await;
    for text in ["Ledger", "Verified", "ada", "Use read", "Use write", "a device of yours", "You can end this"] {
        assert!(page.body.contains(text), "no {text:?} in {}", page.body);
    }
    assert_eq!(page.by_id("shown-code"), codes["user_code"].as_str().unwrap());
    assert_eq!((page.header("x-frame-options"), page.header("referrer-policy")), ("DENY", "no-referrer"));
    // To have looked is not to have allowed.
    app.poll(&client, &codes).await.refused(400, "slow_down");
    assert_eq!(app.count_grants(&ada).await, 0);
    let done = decide(&browser, &page, &ALLOW).await;
    assert_eq!(done.status, 303, "{}", done.body);
    let told = browser.get(done.header("location")).await;
    assert!(told.body.contains("The device is connected."), "{}", told.body);

    let tokens = app.poll(&client, &codes).await;
    assert_eq!(tokens.status, 200, "{}", tokens.body);
    tokens.not_stored();
    assert_eq!((tokens.text("scope"), tokens.text("token_type")), ("read write".to_owned(), "Bearer".to_owned()));
    assert_eq!(app.me_status(&tokens.text("access_token")).await, 200);
    for _ in 0..2 {
        app.poll(&client, &codes).await.refused(400, "invalid_grant");
    }
    let refreshed = app.refresh(&client, &tokens.text("refresh_token")).await;
    assert_eq!(refreshed.status, 200, "{}", refreshed.body);
    assert_eq!(app.me_status(&refreshed.text("access_token")).await, 200);
    assert_eq!(app.count_grants(&ada).await, 1);
    // What was given hangs on the grant.
    let (owner, cut) = (browser.get("/account").await, "/account/applications/");
    let path = owner.paths(cut).pop().unwrap();
    browser.done(&path, &[]).await;
    assert_eq!(app.me_status(&refreshed.text("access_token")).await, 401);
}

/// RFC 8628 §3.5
#[tokio::test]
async fn a_device_that_polls_too_fast_is_slowed_down_for_good() {
    let (app, _, client) = begin().await;
    let codes = app.codes(&client).await;
    let seconds = Lifetime::from_seconds;
    app.poll(&client, &codes).await.refused(400, "authorization_pending");
    app.pass(seconds(5));
    app.poll(&client, &codes).await.refused(400, "authorization_pending");
    app.pass(seconds(4));
    let why = app.poll(&client, &codes).await.refused(400, "slow_down");
    assert!(why.contains("10 seconds"), "{why}");
    // Five seconds are no longer enough, then ten are not; what was added stays.
    app.pass(seconds(9));
    let why = app.poll(&client, &codes).await.refused(400, "slow_down");
    assert!(why.contains("15 seconds"), "{why}");
    for _ in 0..2 {
        app.pass(seconds(15));
        app.poll(&client, &codes).await.refused(400, "authorization_pending");
    }
    app.pass(seconds(14));
    app.poll(&client, &codes).await.refused(400, "slow_down");
    // Another device is not slowed down with it.
    let other = app.codes(&client).await;
    app.poll(&client, &other).await.refused(400, "authorization_pending");
    app.pass(seconds(5));
    app.poll(&client, &other).await.refused(400, "authorization_pending");
    // It is told of a decision at once: to be slowed down is a way of waiting.
    let browser = app.signed_in("ada", PASSWORD).await;
    allow(&browser, &codes).await;
    assert_eq!(app.poll(&client, &codes).await.status, 200);
}

/// RFC 8628 §3.5
#[tokio::test]
async fn a_device_that_is_turned_away_hears_of_it() {
    let (app, ada, client) = begin().await;
    let browser = app.signed_in("ada", PASSWORD).await;
    for (number, fields) in
        [&[("decision", "deny"), ("scope", "read")][..], &[("decision", "allow")]].iter().enumerate()
    {
        let codes = app.codes(&client).await;
        let page = enter(&browser, codes["user_code"].as_str().unwrap()).await;
        let done = decide(&browser, &page, fields).await;
        assert_eq!((done.status, done.header("location")), (303, "/device?done=device-denied"), "{number}");
        for _ in 0..2 {
            app.poll(&client, &codes).await.refused(400, "access_denied");
        }
        assert_eq!(app.audited(AuditEvent::GrantDenied).await.len(), number + 1);
    }
    assert_eq!(app.count_grants(&ada).await, 0);
}

/// RFC 8628 §3.5
#[tokio::test]
async fn a_code_lapses_for_the_device_and_for_the_person() {
    let (app, _, client) = begin_with("[tokens]\ndevice_code_lifetime_seconds = 30").await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let (untouched, shown, allowed) = (app.codes(&client).await, app.codes(&client).await, app.codes(&client).await);
    assert_eq!(shown["expires_in"], 30);
    let page = enter(&browser, shown["user_code"].as_str().unwrap()).await;
    allow(&browser, &allowed).await;
    app.pass(Lifetime::from_seconds(30));
    for codes in [&untouched, &shown, &allowed] {
        app.poll(&client, codes).await.refused(400, "expired_token");
    }
    let late = decide(&browser, &page, &ALLOW).await;
    assert!(late.status == 422 && late.body.contains(UNKNOWN), "{}", late.body);
}

/// RFC 8628 §5.2, RFC 6749 §5.2
#[tokio::test]
async fn another_clients_poll_changes_nothing() {
    let (app, _, client) = begin().await;
    let other = app.client_with("read write", for_devices).await;
    let codes = app.codes(&client).await;
    for _ in 0..3 {
        app.poll(&other, &codes).await.refused(400, "invalid_grant");
    }
    app.poll(&client, &codes).await.refused(400, "authorization_pending");
    allow(&app.signed_in("ada", PASSWORD).await, &codes).await;
    app.poll(&other, &codes).await.refused(400, "invalid_grant");
    assert_eq!(app.poll(&client, &codes).await.status, 200);
    for code in ["", "hp_dc_x", codes["user_code"].as_str().unwrap()] {
        let error = if code.is_empty() { "invalid_request" } else { "invalid_grant" };
        app.token(&client, &[("grant_type", GRANT), ("device_code", code)]).await.refused(400, error);
    }
}

/// RFC 8628 §6.1
#[tokio::test]
async fn a_code_is_read_however_it_is_typed_and_wrong_ones_look_all_the_same() {
    let (app, _, client) = begin().await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let codes = app.codes(&client).await;
    let code = codes["user_code"].as_str().unwrap().to_owned();
    let spread: String = code.chars().flat_map(|letter| [letter, ' ']).collect();
    for typed in [code.to_lowercase(), code.replace('-', ""), spread, code.replace('-', "\u{2013}")] {
        let page = enter(&browser, &typed).await;
        assert_eq!((page.status, page.by_id("shown-code")), (200, code.clone()), "{typed}");
    }
    let used = app.codes(&client).await;
    allow(&browser, &used).await;
    let redeemed = app.codes(&client).await;
    allow(&browser, &redeemed).await;
    app.poll(&client, &redeemed).await;
    let lapsed = app.codes(&client).await;
    app.pass(Lifetime::from_seconds(600));
    let text = |codes: &Value| codes["user_code"].as_str().unwrap().to_owned();
    let mut said = Vec::new();
    for wrong in [text(&used), text(&redeemed), text(&lapsed), "BCDF-GHJK".to_owned(), "no code".to_owned()] {
        let answer = enter(&browser, &wrong).await;
        assert_eq!(answer.status, 422, "{}", answer.body);
        said.push(answer.by_id("user_code-error"));
    }
    said.dedup();
    assert!(said.len() == 1 && said[0].starts_with(UNKNOWN), "{said:?}");
    let empty = enter(&browser, "").await;
    assert!(empty.status == 422 && empty.body.contains("Enter the code"), "{}", empty.body);
}

/// RFC 8628 §3.3.1, §5.4
#[tokio::test]
async fn a_link_fills_the_code_in_and_sends_nothing() {
    let (app, ada, client) = begin().await;
    let codes = app.codes(&client).await;
    let link = codes["verification_uri_complete"].as_str().unwrap().strip_prefix(&app.url).unwrap().to_owned();
    // Who is not signed in comes back to it.
    let to_login = app.stranger().get(&link).await;
    assert_eq!(to_login.status, 303);
    let browser = app.browser();
    let page = browser.get(to_login.header("location")).await;
    let (csrf_token, return_to) = (page.input("csrf_token"), page.input("return_to"));
    let fields =
        [("username", "ada"), ("password", PASSWORD), ("csrf_token", &*csrf_token), ("return_to", &*return_to)];
    let back = browser.post("/login", &fields).await;
    assert_eq!((back.status, back.header("location")), (303, link.as_str()));

    let form = browser.get(&link).await;
    assert_eq!(form.input("user_code"), codes["user_code"].as_str().unwrap());
    assert!(!form.body.contains("Ledger") && !form.body.contains("autosubmit"), "{}", form.body);
    // Whoever else knows the code could still be the one who types it first.
    app.person("eve", &[]).await;
    assert_eq!(enter(&app.signed_in("eve", PASSWORD).await, &form.input("user_code")).await.status, 200);
    assert_eq!(app.count_grants(&ada).await, 0);
    let nonsense = browser.get("/device?user_code=%3Cscript%3E").await;
    assert_eq!((nonsense.status, nonsense.input("user_code")), (200, String::new()));
}

/// RFC 8628 §5.4: a decision that nobody was asked for is none.
#[tokio::test]
async fn a_decision_counts_only_after_the_page_that_asks_for_it() {
    let (app, ada, client) = begin().await;
    let codes = app.codes(&client).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let csrf_token = browser.csrf_token("/device").await;
    let code = codes["user_code"].as_str().unwrap();
    let mut fields = vec![("user_code", code), ("csrf_token", &csrf_token)];
    fields.extend(ALLOW);
    let page = browser.post("/device", &fields).await;
    assert_eq!((page.status, page.by_id("shown-code")), (200, code.to_owned()));
    assert_eq!(app.count_grants(&ada).await, 0);
    for wrong in [("decision", "perhaps"), ("duration", "forever"), ("scope", "\"")] {
        let mut fields = vec![wrong];
        fields.extend((wrong.0 != "decision").then_some(("decision", "allow")));
        assert_eq!(decide(&browser, &page, &fields).await.status, 400, "{wrong:?}");
    }
    assert_eq!(decide(&browser, &page, &ALLOW).await.status, 303);
    assert_eq!(decide(&browser, &page, &ALLOW).await.status, 422);
    assert_eq!(app.count_grants(&ada).await, 1);
}

/// Whoever types the code first is who decides; neither a person nor another browser of the same person gets between.
#[tokio::test]
async fn a_code_belongs_to_the_session_that_it_was_entered_in() {
    let (app, ada, client) = begin().await;
    let mallory = app.person("mallory", &[]).await;
    let codes = app.codes(&client).await;
    let code = codes["user_code"].as_str().unwrap();
    let browser = app.signed_in("ada", PASSWORD).await;
    let page = enter(&browser, code).await;
    for other in [app.signed_in("mallory", PASSWORD).await, app.signed_in("ada", PASSWORD).await] {
        let csrf_token = other.csrf_token("/device").await;
        for decision in ["allow", "deny", ""] {
            let fields = [("user_code", code), ("decision", decision), ("csrf_token", &csrf_token), ("scope", "read")];
            let answer = other.post("/device", &fields).await;
            assert_eq!(answer.status, 403, "{decision}: {}", answer.body);
            assert!(!answer.body.contains("Ledger"), "{}", answer.body);
        }
    }
    app.poll(&client, &codes).await.refused(400, "authorization_pending");
    assert_eq!(decide(&browser, &page, &ALLOW).await.status, 303);
    let tokens = app.poll(&client, &codes).await;
    let me = app.script(&format!("Bearer {}", tokens.text("access_token"))).get("/api/v1/me").await;
    assert_eq!(me.text("username"), "ada");
    assert_eq!((app.count_grants(&ada).await, app.count_grants(&mallory).await), (1, 0));
}

/// Who signs out to sign in as somebody else takes the code along.
#[tokio::test]
async fn a_code_whose_session_has_ended_can_be_entered_again() {
    let (app, ada, client) = begin().await;
    let grace = app.person("grace", &[]).await;
    let codes = app.codes(&client).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let page = enter(&browser, codes["user_code"].as_str().unwrap()).await;
    let switch = page.paths("/logout").pop().unwrap();
    assert!(switch.contains("return_to=%2Fdevice%3Fuser%5Fcode%3D"), "{switch}");
    browser.submit("/logout", &[]).await;
    browser.sign_in("grace", PASSWORD).await;
    allow(&browser, &codes).await;
    assert_eq!(app.poll(&client, &codes).await.status, 200);
    assert_eq!((app.count_grants(&ada).await, app.count_grants(&grace).await), (0, 1));
}

/// RFC 8628 §5.1
#[tokio::test]
async fn guessing_codes_is_limited_for_the_person_and_for_the_address() {
    let settings = "[limits]\nuser_code_failures_per_user = 3\nuser_code_failures_per_address = 5";
    let (app, _, client) = begin_with(settings).await;
    app.person("eve", &[]).await;
    app.person("grace", &[]).await;
    let codes = app.codes(&client).await;
    let code = codes["user_code"].as_str().unwrap();
    let ada = app.signed_in("ada", PASSWORD).await;
    for wrong in ["BCDF-GHJK", "nothing", "BCDF-GHJL"] {
        assert_eq!(enter(&ada, wrong).await.status, 422);
    }
    // From then on a right one is refused too, in each session of hers, also as a decision.
    for browser in [&ada, &app.signed_in("ada", PASSWORD).await] {
        for decision in ["", "allow"] {
            let csrf_token = browser.csrf_token("/device").await;
            let fields = [("user_code", code), ("decision", decision), ("csrf_token", &csrf_token)];
            let limited = browser.post("/device", &fields).await;
            assert_eq!((limited.status, limited.header("retry-after")), (429, "900"), "{}", limited.body);
        }
    }
    // A right one counts as no failure, for somebody else and at the same address.
    let eve = app.signed_in("eve", PASSWORD).await;
    for _ in 0..4 {
        assert_eq!(enter(&eve, code).await.status, 200);
    }
    for _ in 0..2 {
        assert_eq!(enter(&eve, "BCDF-GHJK").await.status, 422);
    }
    let grace = app.signed_in("grace", PASSWORD).await;
    assert_eq!(enter(&grace, code).await.status, 429);
    app.pass(Lifetime::from_seconds(900));
    assert_eq!(enter(&grace, "BCDF-GHJK").await.status, 422);
}

/// RFC 8628 §5.4, §5.6: what is asked here is asked each time, though the client is trusted and was let in before.
#[tokio::test]
async fn everybody_is_asked_each_time() {
    let (app, ada, _) = begin().await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let trusted = |client: &mut ClientDescription| {
        for_devices(client);
        client.auth_method = AuthMethod::ClientSecretBasic;
        client.trusted = true;
    };
    let client = app.client_with("read write", trusted).await;
    for _ in 0..2 {
        let codes = app.codes(&client).await;
        allow(&browser, &codes).await;
        assert_eq!(app.poll(&client, &codes).await.status, 200);
    }
    assert_eq!(app.count_grants(&ada).await, 1);
}

/// RFC 6749 §3.3, RFC 9700 §2.3
#[tokio::test]
async fn what_is_unticked_or_bound_to_others_roles_is_not_granted() {
    let (app, _, _) = begin().await;
    app.role("editor").await;
    app.scope("publish", &["editor"]).await;
    let client = app.client_with("read write publish", for_devices).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let codes = app.codes(&client).await;
    let page = enter(&browser, codes["user_code"].as_str().unwrap()).await;
    assert!(!page.body.contains("Use publish"), "{}", page.body);
    let fields = [("decision", "allow"), ("scope", "read"), ("scope", "publish"), ("duration", "1h")];
    assert_eq!(decide(&browser, &page, &fields).await.status, 303);
    let tokens = app.poll(&client, &codes).await;
    assert_eq!(tokens.text("scope"), "read");
    app.pass(Lifetime::from_hours(1));
    app.refresh(&client, &tokens.text("refresh_token")).await.refused(400, "invalid_grant");

    // Where nothing is left to allow, the device waits for somebody else.
    let codes = app.ask_for_codes(&client, &[("scope", "publish")]).await.json();
    let nothing = enter(&browser, codes["user_code"].as_str().unwrap()).await;
    assert!(nothing.status == 422 && nothing.body.contains("roles that you don"), "{}", nothing.body);
    app.poll(&client, &codes).await.refused(400, "authorization_pending");
    app.person("edith", &["editor"]).await;
    assert_eq!(enter(&app.signed_in("edith", PASSWORD).await, codes["user_code"].as_str().unwrap()).await.status, 200);
}

/// RFC 8707 §2, §2.2
#[tokio::test]
async fn a_device_names_the_resources_that_its_tokens_are_for() {
    let (app, _, client) = begin().await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let codes = app.ask_for_codes(&client, &[("resource", &app.url)]).await.json();
    let page = enter(&browser, codes["user_code"].as_str().unwrap()).await;
    assert!(page.body.contains("For use at") && page.body.contains("this server"), "{}", page.body);
    assert_eq!(decide(&browser, &page, &ALLOW).await.status, 303);
    let tokens = app.poll(&client, &codes).await;
    assert_eq!(app.me_status(&tokens.text("access_token")).await, 200);
}

/// What ended between the decision and the poll gives nothing.
#[tokio::test]
async fn a_user_or_client_that_is_disabled_after_the_decision_gets_nothing() {
    let (app, ada, client) = begin().await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let (codes, waiting) = (app.codes(&client).await, app.codes(&client).await);
    allow(&browser, &codes).await;
    app.set_user_enabled(ada.id, false).await;
    app.poll(&client, &codes).await.refused(400, "invalid_grant");
    app.set_user_enabled(ada.id, true).await;
    app.set_client_enabled(&client, false).await;
    app.poll(&client, &codes).await.refused(401, "invalid_client");
    let browser = app.signed_in("ada", PASSWORD).await;
    let answer = enter(&browser, waiting["user_code"].as_str().unwrap()).await;
    assert!(answer.status == 422 && answer.body.contains(UNKNOWN), "{}", answer.body);
    app.set_client_enabled(&client, true).await;
    // A password that is changed ends what was allowed before, and takes nothing from what is allowed after.
    let csrf = [("current_password", PASSWORD), ("new_password", "another horse battery")];
    assert_eq!(browser.submit("/account/password", &csrf).await.status, 303);
    app.poll(&client, &codes).await.refused(400, "invalid_grant");
    allow(&browser, &waiting).await;
    assert_eq!(app.poll(&client, &waiting).await.status, 200);
}

/// A device that comes back many times at once gets its tokens once.
#[tokio::test]
async fn many_polls_at_once_give_tokens_once() {
    let (app, _, client) = begin_with("[http]\nworkers = 4").await;
    let browser = app.signed_in("ada", PASSWORD).await;
    for round in 0..ROUNDS {
        let codes = app.codes(&client).await;
        allow(&browser, &codes).await;
        let poll = || app.poll(&client, &codes);
        let (one, two, three, four) = tokio::join!(poll(), poll(), poll(), poll());
        let answers = [one, two, three, four];
        let issued = answers.iter().filter(|answer| answer.status == 200).count();
        assert_eq!(issued, 1, "round {round}");
        for answer in answers.iter().filter(|answer| answer.status != 200) {
            answer.refused(400, "invalid_grant");
        }
    }
}

/// Allowed and denied at one moment: one of them holds, for the page and for the device.
#[tokio::test]
async fn of_two_decisions_at_once_one_counts() {
    let (app, ada, client) = begin_with("[http]\nworkers = 4").await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let mut grants = 0;
    for round in 0..ROUNDS {
        let codes = app.codes(&client).await;
        let page = enter(&browser, codes["user_code"].as_str().unwrap()).await;
        let (allow, deny) =
            tokio::join!(decide(&browser, &page, &ALLOW), decide(&browser, &page, &[("decision", "deny")]));
        let polled = app.poll(&client, &codes).await;
        match (allow.status, deny.status) {
            (303, 422) => assert_eq!(polled.status, 200, "round {round}: {}", polled.body),
            (422, 303) => drop(polled.refused(400, "access_denied")),
            other => panic!("round {round}: {other:?}"),
        }
        grants += usize::from(allow.status == 303);
        // Wrong codes are limited; a decision that came too late is one.
        app.pass(Lifetime::from_seconds(900));
    }
    assert_eq!(app.count_grants(&ada).await, grants);
}

/// Two people type the same code at one moment, and both press Allow: the device is one person's.
#[tokio::test]
async fn of_two_people_at_once_one_owns_the_device() {
    let (app, ada, client) = begin_with("[http]\nworkers = 4").await;
    let eve = app.person("eve", &[]).await;
    for round in 1..=ROUNDS {
        let browsers = [app.signed_in("ada", PASSWORD).await, app.signed_in("eve", PASSWORD).await];
        let codes = app.codes(&client).await;
        let code = codes["user_code"].as_str().unwrap();
        let (one, other) = tokio::join!(enter(&browsers[0], code), enter(&browsers[1], code));
        let mut statuses = [one.status, other.status];
        let tokens = [browsers[0].csrf_token("/device").await, browsers[1].csrf_token("/device").await];
        let send = |number: usize| {
            let mut fields = vec![("user_code", code), ("csrf_token", tokens[number].as_str())];
            fields.extend(ALLOW);
            let browser = &browsers[number];
            async move { browser.post("/device", &fields).await.status }
        };
        let decided = tokio::join!(send(0), send(1));
        let owner = usize::from(statuses[1] == 200);
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 403], "round {round}");
        let (owners, others) = if owner == 0 { decided } else { (decided.1, decided.0) };
        // To come after the owner is to come too late, to come before is to be nobody.
        assert!(owners == 303 && matches!(others, 403 | 422), "round {round}: {owners} {others}");
        let polled = app.poll(&client, &codes).await;
        let me = app.script(&format!("Bearer {}", polled.text("access_token"))).get("/api/v1/me").await;
        assert_eq!(me.text("username"), ["ada", "eve"][owner], "round {round}");
        assert_eq!(app.count_grants(&ada).await + app.count_grants(&eve).await, round);
        app.pass(Lifetime::from_seconds(900));
    }
}

/// ASVS 6.5.2: what is stored of the codes is a hash, of the short one a keyed one; and neither is written down.
#[tokio::test]
async fn neither_code_stands_in_the_database_or_in_the_log() {
    let program = Program::new().with("HALLPASS_LOG__LEVEL", "trace").with("HALLPASS_LOG__FORMAT", "json");
    program.run_with_input("user create ada --password-stdin --json", PASSWORD).json();
    let client = program.run(&format!("client create TV --public --grant {GRANT} --json")).json();
    let server = program.serve();
    let browser = Browser::new(&server.url);
    assert_eq!(browser.sign_in("ada", PASSWORD).await.status, 303);
    let fields = [("client_id", client["client_id"].as_str().unwrap())];
    let codes = Script::new(&server.url).post(ENDPOINT, &fields).await.json();
    let user_code = codes["user_code"].as_str().unwrap();
    browser.get(&format!("/device?user_code={user_code}")).await;
    assert_eq!(enter(&browser, user_code).await.status, 200);
    let (status, lines) = server.stop();
    assert!(status.success());
    let log = lines.join("\n");
    let (device_code, letters) = (codes["device_code"].as_str().unwrap(), user_code.replace('-', ""));
    for secret in [device_code, user_code, &letters] {
        assert!(!log.contains(secret), "{secret} stands in the log");
    }
    let hex = |column: &str| match program.database.is_postgres() {
        true => format!("encode({column}, 'hex')"),
        false => format!("lower(hex({column}))"),
    };
    let query = format!("SELECT {} || ' ' || {} AS line FROM device_codes", hex("hash"), hex("user_code_hash"));
    let stored = program.database.lines(&query).pop().unwrap();
    let (hash, keyed) = stored.split_once(' ').unwrap();
    let sha256 = |text: &str| Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    assert_eq!((hash, keyed.len()), (&*sha256(device_code), 64));
    assert!(keyed != sha256(user_code) && keyed != sha256(&letters));
}
