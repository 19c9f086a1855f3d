//! Passkeys (Web Authentication Level 3): added and removed, shown beside a password and in its place, and refused for each
//! thing that can be wrong with them. The authenticator is `support/passkeys.rs`.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hallpass::domain::clients::ClientDescription;
use hallpass::model::audit::AuditEvent;
use hallpass::model::openid::ACR_MULTIPLE;
use hallpass::model::time::Lifetime;
use reqwest::Method;
use serde_json::json;

use crate::support::app::TestApp;
use crate::support::caller::Answer;
use crate::support::caller::Browser;
use crate::support::factors::recovery_codes;
use crate::support::flow::parameters;
use crate::support::passkeys::BACKED_UP;
use crate::support::passkeys::BACKUP_ELIGIBLE;
use crate::support::passkeys::PRESENT;
use crate::support::passkeys::Passkey;
use crate::support::passkeys::PasskeyForm;
use crate::support::passkeys::VERIFIED;
use crate::support::program::Program;
use crate::support::race::at_once;
use crate::support::seed::PASSWORD;

const ADD: &str = "/account/factors/passkeys";
const LOGIN: &str = "/login";
const SECOND_STEP: &str = "/login/second-factor";
const FIRST_FACTOR: &str = "/login/first-factor";
const REFUSED: &str = "This passkey was not accepted.";
const LAPSED: &str = "That took too long.";

/// Has an authenticator say something wrong.
type Break = fn(&mut Passkey);

/// Somebody with a passkey, the recovery codes, and a browser in which they are signed in.
async fn ada(app: &TestApp) -> (Browser, Passkey, Vec<String>) {
    app.person("ada", &[]).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let (passkey, codes) = app.add_passkey(&browser).await;
    (browser, passkey, codes)
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

#[track_caller]
fn refused(answer: &Answer, status: u16, why: &str) {
    assert_eq!(answer.status, status, "{}", answer.body);
    assert!(answer.body.contains(why), "{why}: {}", answer.body);
}

/// The path at which the only passkey is removed.
async fn removal(browser: &Browser) -> String {
    let paths = browser.get("/account/factors").await.paths("/account/factors/passkeys/");
    let mut removals = paths.into_iter().filter(|path| path.ends_with("/remove"));
    let path = removals.next().unwrap();
    assert!(removals.next().is_none());
    path
}

#[tokio::test]
async fn a_passkey_gets_another_name() {
    let app = TestApp::start_by_name("").await;
    let (browser, passkey, _) = ada(&app).await;
    let path = removal(&browser).await.trim_end_matches("/remove").to_owned();
    assert_eq!(browser.get(&path).await.input("name"), "Unknown browser");
    let page = browser.done(&path, &[("name", "Authenticator app")]).await;
    for text in ["The passkey has another name.", "Authenticator app"] {
        assert!(page.body.contains(text), "{text}: {}", page.body);
    }
    let renamed = app.audited(AuditEvent::PasskeyRenamed).await;
    assert!(renamed.len() == 1 && renamed[0].details.contains("Unknown browser"), "{renamed:?}");
    let german = browser.send(browser.request(Method::GET, "/account/factors").header("accept-language", "de")).await;
    assert!(german.body.contains("<p class=\"record-title\">Authenticator app</p>"), "its own words: {}", german.body);

    for (name, why) in [("", "The name is empty."), ("a\u{202e}b", "The name has a control character")] {
        let answer = browser.submit(&path, &[("name", name)]).await;
        assert!(answer.status == 422 && answer.body.contains(why), "{}", answer.body);
    }
    app.person("bob", &[]).await;
    let bob = app.signed_in("bob", PASSWORD).await;
    assert_eq!((bob.get(&path).await.status, bob.submit(&path, &[("name", "mine")]).await.status), (404, 404));
    app.pass(Lifetime::from_seconds(901));
    let sent = browser.get(&path).await.header("location").to_owned();
    assert!(sent.starts_with("/login?return_to="), "{sent}");
    assert_eq!(browser.submit(&path, &[("name", "Key")]).await.header("location"), sent);
    assert_eq!(browser.show_passkey(&sent, &passkey).await.header("location"), path);
    browser.done(&path, &[("name", "Key on my ring")]).await;
    assert_eq!(browser.get("/account/data").await.json()["second_factors"]["passkeys"][0]["name"], "Key on my ring");
}

/// Web Authentication §5.4
#[tokio::test]
async fn a_passkey_is_added_and_stands_in_the_list() {
    let app = TestApp::start_by_name("").await;
    let user = app.person("ada", &[]).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let form = PasskeyForm::of(&browser.get(ADD).await);
    assert_eq!(form.options["rp"], json!({ "id": "localhost", "name": "Hallpass" }));
    assert_eq!(form.options["user"]["name"], "ada");
    assert_eq!(form.options["attestation"], "none");
    assert_eq!(form.options["excludeCredentials"], json!([]));
    let algorithms: Vec<i64> = form.options["pubKeyCredParams"]
        .as_array()
        .unwrap()
        .iter()
        .map(|parameter| parameter["alg"].as_i64().unwrap())
        .collect();
    assert_eq!(algorithms, [-7, -8, -257]);

    let mut passkey = Passkey::at(&app);
    let mut filled = passkey.create(&form);
    assert_eq!(passkey.user_handle, user.id.as_bytes(), "the user's id, which tells nobody a name");
    filled.set("name", "Key on my ring");
    let shown = browser.post_form(&filled).await;
    assert_eq!((shown.status, recovery_codes(&shown).len()), (200, 10), "{}", shown.body);
    let page = browser.get("/account/factors").await;
    for text in ["Key on my ring", "Stays on its device", "Not used yet", "10 are left."] {
        assert!(page.body.contains(text), "{text}: {}", page.body);
    }
    assert!(browser.get("/account").await.body.contains("You have a passkey."));
    let added = app.audited(AuditEvent::SecondFactorAdded).await;
    assert!(added.len() == 1 && added[0].details.contains("Key on my ring"), "{added:?}");

    let form = PasskeyForm::of(&browser.get(ADD).await);
    assert_eq!(form.options["excludeCredentials"].as_array().unwrap().len(), 1);
    assert_eq!(form.options["excludeCredentials"][0]["transports"], json!(["internal", "usb"]));
    assert_eq!(form.field("name"), "Unknown browser", "until its owner calls it otherwise");
    refused(&browser.post_form(&passkey.create(&form)).await, 422, "This passkey is known here already.");
    let mut second = Passkey { flags: PRESENT | VERIFIED | BACKUP_ELIGIBLE | BACKED_UP, ..Passkey::at(&app) };
    let answer = browser.make_passkey(ADD, &mut second).await;
    assert_eq!((answer.status, answer.header("location")), (303, "/account/factors?done=factor-added"));
    let page = browser.get("/account/factors").await;
    assert!(page.body.contains("On several devices") && page.body.contains("10 are left."), "{}", page.body);
    app.person("bob", &[]).await;
    let bob = app.signed_in("bob", PASSWORD).await;
    refused(&bob.make_passkey(ADD, &mut passkey).await, 422, "This passkey is known here already.");
}

/// Web Authentication §7.1
#[tokio::test]
async fn what_is_no_registration_for_this_page_adds_nothing() {
    let app = TestApp::start_by_name("").await;
    app.person("ada", &[]).await;
    app.person("bob", &[]).await;
    let (browser, bob) = (app.signed_in("ada", PASSWORD).await, app.signed_in("bob", PASSWORD).await);
    let broken: [(&str, Break); 7] = [
        ("The origin is another.", |passkey| passkey.origin = "http://localhost".to_owned()),
        ("The passkey is for another host.", |passkey| passkey.rp_id = "evil.test".to_owned()),
        ("The challenge is another.", |passkey| passkey.challenge = Some("AAAA".to_owned())),
        ("The client data are of another type.", |passkey| passkey.kind = Some("webauthn.get")),
        ("It comes from a frame in another site", |passkey| passkey.cross_origin = true),
        ("The authenticator noticed nobody.", |passkey| passkey.flags = VERIFIED),
        ("The authenticator data are malformed.", |passkey| passkey.flags |= BACKED_UP),
    ];
    for (why, break_it) in broken {
        let mut passkey = Passkey::at(&app);
        break_it(&mut passkey);
        let why = why.replacen("The ", "the ", 1).replacen("It ", "it ", 1);
        refused(&browser.make_passkey(ADD, &mut passkey).await, 422, &format!("The passkey was refused: {why}"));
    }
    let mut passkey = Passkey::at(&app);
    let form = PasskeyForm::of(&browser.get(ADD).await);
    let good = passkey.create(&form);
    let with = |name: &str, value: &str| {
        let mut changed = good.clone();
        changed.set(name, value);
        changed
    };
    refused(&browser.post_form(&with("name", " ")).await, 422, "The name is empty.");
    refused(&browser.post_form(&with("attestation", "AAAA")).await, 422, "attestation object is malformed");
    refused(&browser.post_form(&with("attestation", "?")).await, 422, "attestation object is malformed");
    // Something in the statement of the format `none`, where nothing may be (§8.7).
    let object = URL_SAFE_NO_PAD.decode(good.field("attestation")).unwrap();
    let at = object.windows(8).position(|bytes| bytes == b"attStmt\xa0").unwrap() + 7;
    let signed = [&object[..at], b"\xa1\x63sig\x40", &object[at + 1..]].concat();
    let signed = with("attestation", &URL_SAFE_NO_PAD.encode(signed));
    refused(&browser.post_form(&signed).await, 422, "attestation object is malformed");
    refused(&browser.post_form(&with("client_data", "")).await, 422, "A passkey needs JavaScript");
    refused(&browser.post_form(&with("challenge", "")).await, 422, LAPSED);
    // Of another purpose, of another person, and of another session of the same person.
    let other_purpose = PasskeyForm::of(&app.browser().get(LOGIN).await).field("challenge").to_owned();
    let of_bob = PasskeyForm::of(&bob.get(ADD).await).field("challenge").to_owned();
    let elsewhere = PasskeyForm::of(&app.signed_in("ada", PASSWORD).await.get(ADD).await).field("challenge").to_owned();
    for challenge in [other_purpose, of_bob, elsewhere] {
        let mut given = form.clone();
        given.set("challenge", &challenge);
        refused(&browser.post_form(&passkey.create(&given)).await, 422, LAPSED);
    }
    app.pass(Lifetime::from_seconds(301));
    refused(&browser.post_form(&good).await, 422, LAPSED);
    assert!(app.audited(AuditEvent::SecondFactorAdded).await.is_empty());

    let form = PasskeyForm::of(&browser.get(ADD).await);
    assert_eq!(browser.post_form(&passkey.create(&form)).await.status, 200);
    let again = browser.post_form(&Passkey::at(&app).create(&form)).await;
    refused(&again, 422, LAPSED);
    assert_eq!(app.audited(AuditEvent::SecondFactorAdded).await.len(), 1, "a challenge is good once");
}

#[tokio::test]
async fn a_person_has_20_passkeys_at_most() {
    let app = TestApp::start_by_name("").await;
    let (browser, ..) = ada(&app).await;
    let waiting = PasskeyForm::of(&browser.get(ADD).await);
    for _ in 1..20 {
        assert_eq!(browser.make_passkey(ADD, &mut Passkey::at(&app)).await.status, 303);
    }
    refused(&browser.get(ADD).await, 409, "There are 20 passkeys already, which is the most");
    let page = browser.get("/account/factors").await;
    assert!(page.body.contains("There are 20, which is the most.") && page.paths(ADD).len() == 40, "{}", page.body);
    assert_eq!(browser.post_form(&Passkey::at(&app).create(&waiting)).await.status, 409);
    assert_eq!(app.audited(AuditEvent::SecondFactorAdded).await.len(), 20);
}

/// Web Authentication §7.2; RFC 8176 §2; OpenID Connect Core §2 (`acr`, `amr`)
#[tokio::test]
async fn a_passkey_stands_beside_the_password() {
    let app = TestApp::start_by_name("").await;
    let (_, mut passkey, codes) = ada(&app).await;
    let signed_in = app.audited(AuditEvent::LoginSucceeded).await.len();
    let browser = halfway(&app).await;
    assert!(!is_signed_in(&browser).await);
    let page = browser.get(SECOND_STEP).await;
    assert!(page.body.contains("Recovery code") && !page.body.contains("authenticator app"), "{}", page.body);
    assert!(page.body.contains("<noscript><p>Your passkey needs JavaScript"), "{}", page.body);
    let form = PasskeyForm::of(&page);
    assert_eq!(form.options["rpId"], "localhost");
    assert_eq!(form.options["allowCredentials"].as_array().unwrap().len(), 1);
    // A second factor need not ask for a PIN: the password was given. Nor need it know its user.
    passkey.flags = PRESENT;
    passkey.user_handle = Vec::new();
    let answer = browser.post_form(&passkey.get(&form)).await;
    assert_eq!((answer.status, answer.header("location")), (303, "/account"), "{}", answer.body);
    assert!(is_signed_in(&browser).await);
    assert_eq!(browser.cookie("hallpass_halfway"), None);
    assert_eq!(app.audited(AuditEvent::LoginSucceeded).await.len(), signed_in + 1);
    assert_eq!(app.audited(AuditEvent::PasskeyUsed).await.len(), 1);
    assert!(browser.get("/account/factors").await.body.contains("Last used"));
    let client = app.web_client("openid").await;
    let (_, claims) = app.id_token(&app.tokens_for(&browser, &client, &[]).await).await;
    assert_eq!((&claims["acr"], &claims["amr"]), (&json!(ACR_MULTIPLE), &json!(["pwd", "hwk", "user", "mfa"])));

    assert_eq!(halfway(&app).await.second_step(SECOND_STEP, &codes[0]).await.status, 303, "or a recovery code");
    app.add_app(&browser).await;
    let page = halfway(&app).await.get(SECOND_STEP).await;
    assert!(page.body.contains("authenticator app") && PasskeyForm::find(&page).is_some(), "{}", page.body);
    assert!(!app.browser().get(SECOND_STEP).await.body.contains("data-passkey"), "nobody else sees which there are");
}

/// Web Authentication §7.2
#[tokio::test]
async fn what_is_no_assertion_for_this_page_lets_nobody_in() {
    let app = TestApp::start_by_name("[limits]\nsecond_factor_failures_per_account = 0").await;
    let (_, good, _) = ada(&app).await;
    let broken: [Break; 8] = [
        |passkey| passkey.origin = "http://localhost".to_owned(),
        |passkey| passkey.rp_id = "evil.test".to_owned(),
        |passkey| passkey.challenge = Some("AAAA".to_owned()),
        |passkey| passkey.kind = Some("webauthn.create"),
        |passkey| passkey.cross_origin = true,
        |passkey| passkey.flags = VERIFIED,
        |passkey| passkey.flags |= BACKUP_ELIGIBLE,
        |passkey| passkey.user_handle = vec![7; 16],
    ];
    for (number, break_it) in broken.into_iter().enumerate() {
        let mut passkey = good.clone();
        break_it(&mut passkey);
        refused(&halfway(&app).await.show_passkey(SECOND_STEP, &passkey).await, 401, REFUSED);
        assert_eq!(app.audited(AuditEvent::SecondFactorFailed).await.len(), number + 1);
        refused(&app.browser().show_passkey(LOGIN, &passkey).await, 401, REFUSED);
        assert_eq!(app.audited(AuditEvent::PasskeyRefused).await.len(), number + 1);
    }
    let other_key = Passkey { credential: good.credential.clone(), ..Passkey::at(&app) };
    refused(&halfway(&app).await.show_passkey(SECOND_STEP, &other_key).await, 401, REFUSED);
    // A passkey of somebody else's, who is as real.
    app.person("bob", &[]).await;
    let (of_bob, _) = app.add_passkey(&app.signed_in("bob", PASSWORD).await).await;
    refused(&halfway(&app).await.show_passkey(SECOND_STEP, &of_bob).await, 401, REFUSED);

    let browser = halfway(&app).await;
    let form = PasskeyForm::of(&browser.get(SECOND_STEP).await);
    let filled = good.get(&form);
    for (name, value) in [("signature", ""), ("signature", "?"), ("credential", ""), ("authenticator_data", "AAAA")] {
        let mut changed = good.get(&PasskeyForm::of(&browser.get(SECOND_STEP).await));
        changed.set(name, value);
        refused(&browser.post_form(&changed).await, 401, REFUSED);
    }
    let mut without_script = filled.clone();
    without_script.set("client_data", "");
    refused(&browser.post_form(&without_script).await, 422, "A passkey needs JavaScript");
    // Challenges of another browser and of another purpose.
    let elsewhere = PasskeyForm::of(&halfway(&app).await.get(SECOND_STEP).await).field("challenge").to_owned();
    let of_sign_in = PasskeyForm::of(&browser.get(LOGIN).await).field("challenge").to_owned();
    for challenge in [elsewhere, of_sign_in] {
        let mut given = form.clone();
        given.set("challenge", &challenge);
        refused(&browser.post_form(&good.get(&given)).await, 401, LAPSED);
    }
    app.pass(Lifetime::from_seconds(301));
    refused(&browser.post_form(&filled).await, 401, LAPSED);
    assert!(!is_signed_in(&browser).await);
    assert_eq!(browser.show_passkey(SECOND_STEP, &good).await.status, 303);
}

#[tokio::test]
async fn a_challenge_is_good_once() {
    let app = TestApp::start_by_name("").await;
    let (_, passkey, _) = ada(&app).await;
    let browser = app.browser();
    let form = PasskeyForm::of(&browser.get(LOGIN).await);
    let filled = passkey.get(&form);
    let cookie = browser.cookie("hallpass_form").unwrap();
    assert_eq!(browser.post_form(&filled).await.status, 303);
    // As somebody would who has seen all of it, with the browser's own cookie.
    let fields: Vec<(&str, &str)> = filled.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let thief = app.browser();
    let request = thief.request(Method::POST, &filled.action).header("cookie", format!("hallpass_form={cookie}"));
    refused(&thief.send(request.form(&fields)).await, 401, LAPSED);
    assert!(!is_signed_in(&thief).await);
}

/// Web Authentication §6.1.1
#[tokio::test]
async fn a_passkey_whose_count_went_back_is_refused() {
    let app = TestApp::start_by_name("").await;
    let (_, mut passkey, _) = ada(&app).await;
    for (count, good) in [(0, true), (0, true), (7, true), (7, false), (6, false), (0, false), (8, true)] {
        passkey.count = count;
        let before = app.audited(AuditEvent::PasskeyCopied).await.len();
        let beside = halfway(&app).await.show_passkey(SECOND_STEP, &passkey).await;
        assert_eq!(beside.status == 303, good, "{count}: {}", beside.body);
        let copied = app.audited(AuditEvent::PasskeyCopied).await;
        assert_eq!(copied.len() - before, usize::from(!good), "{count}");
    }
    let copied = app.audited(AuditEvent::PasskeyCopied).await;
    assert!(copied[0].details.contains("\"known\":7"), "{}", copied[0].details);
    passkey.count = 8;
    refused(&app.browser().show_passkey(LOGIN, &passkey).await, 401, REFUSED);
}

/// Of two that come with one count at the same moment, one was made by a copy.
#[tokio::test]
async fn one_count_lets_in_once_however_many_come_at_once() {
    let app = TestApp::start_by_name("").await;
    let (_, mut passkey, _) = ada(&app).await;
    passkey.count = 5;
    let mut calls = Vec::new();
    for _ in 0..4 {
        let browser = app.browser();
        let form = passkey.get(&PasskeyForm::of(&browser.get(LOGIN).await));
        calls.push(Some((browser, form)));
    }
    let outcomes = at_once(4, |number| {
        let (browser, form) = calls[number].take().unwrap();
        async move { browser.post_form(&form).await.status }
    })
    .await;
    assert_eq!(outcomes.iter().filter(|status| **status == 303).count(), 1, "{outcomes:?}");
}

/// Web Authentication §7.2, §13.4.1; RFC 8176 §2
#[tokio::test]
async fn a_passkey_alone_is_enough_where_it_makes_sure_of_its_person() {
    let app = TestApp::start_by_name("").await;
    let (_, passkey, _) = ada(&app).await;
    let browser = app.browser();
    let form = PasskeyForm::of(&browser.get(LOGIN).await);
    assert_eq!(form.options["allowCredentials"], json!([]), "the same for everybody");
    assert_eq!(form.options["userVerification"], "required");
    let answer = browser.post_form(&passkey.get(&form)).await;
    assert_eq!((answer.status, answer.header("location")), (303, "/account"), "{}", answer.body);
    assert!(is_signed_in(&browser).await);
    let strict = |client: &mut ClientDescription| client.require_second_factor = true;
    let client = app.client_with("openid", strict).await;
    let (_, claims) = app.id_token(&app.tokens_for(&browser, &client, &[]).await).await;
    assert_eq!((&claims["acr"], &claims["amr"]), (&json!(ACR_MULTIPLE), &json!(["hwk", "user", "mfa"])));
    assert_eq!(claims["auth_time"], json!(app.act().now.seconds()));

    app.person("bob", &[]).await;
    let bob = app.signed_in("bob", PASSWORD).await;
    let mut copied = Passkey { flags: PRESENT | VERIFIED | BACKUP_ELIGIBLE | BACKED_UP, ..Passkey::at(&app) };
    assert_eq!(bob.make_passkey(ADD, &mut copied).await.status, 200);
    let bob = app.browser();
    assert_eq!(bob.show_passkey(LOGIN, &copied).await.status, 303);
    let (_, claims) = app.id_token(&app.tokens_for(&bob, &client, &[]).await).await;
    assert_eq!(claims["amr"], json!(["swk", "user", "mfa"]), "a key that may be copied is none of hardware");
}

#[tokio::test]
async fn all_that_is_wrong_with_a_passkey_alone_has_one_answer() {
    let app = TestApp::start_by_name("[limits]\nsecond_factor_failures_per_account = 0").await;
    let (_, passkey, _) = ada(&app).await;
    let user = app.write(|tx| tx.users().find_by_login("ada")).await.unwrap();
    let told = async |passkey: &Passkey| {
        let browser = app.browser();
        let answer = browser.show_passkey(LOGIN, passkey).await;
        assert!(!is_signed_in(&browser).await);
        // What differs is the visitor's own.
        let form = PasskeyForm::of(&answer);
        let body = answer.body.replace(form.field("challenge"), "").replace(form.field("csrf_token"), "");
        (answer.status, body)
    };
    let unknown = told(&Passkey { user_handle: passkey.user_handle.clone(), ..Passkey::at(&app) }).await;
    assert!(unknown.0 == 401 && unknown.1.contains(REFUSED), "{unknown:?}");
    let without_person = Passkey { flags: PRESENT, ..passkey.clone() };
    assert_eq!(told(&without_person).await, unknown, "nobody was made sure of");
    assert_eq!(told(&Passkey { user_handle: Vec::new(), ..passkey.clone() }).await, unknown, "no user");
    assert_eq!(told(&Passkey { user_handle: vec![1; 16], ..passkey.clone() }).await, unknown, "another user");
    app.set_user_enabled(user.id, false).await;
    assert_eq!(told(&passkey).await, unknown, "a disabled user");
    app.set_user_enabled(user.id, true).await;
    assert_eq!(app.browser().show_passkey(LOGIN, &passkey).await.status, 303);
    let entries = app.audited(AuditEvent::PasskeyRefused).await;
    let of = |subject: &str| entries.iter().filter(|entry| entry.subject == subject).count();
    assert_eq!((of("unknown passkey"), of(&user.id.to_string())), (1, 4), "the log knows more: {entries:?}");
}

/// Whoever finds a key that never asked for a PIN may give it one of their own; alone it opens nothing for them. Web
/// Authentication §7.2, `uvInitialized`.
#[tokio::test]
async fn a_key_that_never_made_sure_of_its_person_is_good_alone_only_after_it_did_so_beside_the_password() {
    let app = TestApp::start_by_name("").await;
    app.person("ada", &[]).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let mut passkey = Passkey { flags: PRESENT, ..Passkey::at(&app) };
    assert_eq!(browser.make_passkey(ADD, &mut passkey).await.status, 200);
    passkey.flags = PRESENT | VERIFIED;
    refused(&app.browser().show_passkey(LOGIN, &passkey).await, 401, REFUSED);
    assert_eq!(halfway(&app).await.show_passkey(SECOND_STEP, &passkey).await.status, 303);
    assert_eq!(app.browser().show_passkey(LOGIN, &passkey).await.status, 303);
}

#[tokio::test]
async fn behind_the_password_wrong_passkeys_are_counted_with_wrong_codes() {
    let app = TestApp::start_by_name("").await;
    let (own, passkey, codes) = ada(&app).await;
    let wrong = Passkey { credential: passkey.credential.clone(), ..Passkey::at(&app) };
    let stranger = halfway(&app).await;
    for _ in 0..3 {
        refused(&stranger.show_passkey(SECOND_STEP, &wrong).await, 401, REFUSED);
    }
    for code in ["000000", "111111"] {
        assert_eq!(stranger.second_step(SECOND_STEP, code).await.status, 401);
    }
    assert_eq!(stranger.show_passkey(SECOND_STEP, &passkey).await.status, 429);
    assert_eq!(stranger.second_step(SECOND_STEP, &codes[0]).await.status, 429);
    own.forget("hallpass_session");
    assert_eq!(own.sign_in("ada", PASSWORD).await.header("location"), SECOND_STEP);
    assert_eq!(own.show_passkey(SECOND_STEP, &passkey).await.status, 303, "strangers lock nobody out");
}

/// Whoever has seen the id of a passkey can send what they like for it, and has shown nothing by that.
#[tokio::test]
async fn wrong_passkeys_alone_are_limited_and_lock_nobody_out() {
    let app = TestApp::start_by_name("[limits]\nlogin_failures_per_address = 8").await;
    let (_, passkey, codes) = ada(&app).await;
    let wrong = Passkey { credential: passkey.credential.clone(), ..Passkey::at(&app) };
    for _ in 0..5 {
        refused(&app.browser().show_passkey(LOGIN, &wrong).await, 401, REFUSED);
    }
    let limited = app.browser().show_passkey(LOGIN, &wrong).await;
    assert!(limited.status == 429 && !limited.header("retry-after").is_empty(), "{}", limited.body);
    assert_eq!(app.audited(AuditEvent::PasskeyRefused).await.len(), 5, "what is beyond the limit writes nothing");
    assert_eq!(app.browser().show_passkey(LOGIN, &passkey).await.status, 303, "a new browser with the right one");
    assert_eq!(halfway(&app).await.show_passkey(SECOND_STEP, &passkey).await.status, 303);
    assert_eq!(halfway(&app).await.second_step(SECOND_STEP, &codes[0]).await.status, 303);

    let unknown = Passkey::at(&app);
    for _ in 0..3 {
        refused(&app.browser().show_passkey(LOGIN, &unknown).await, 401, REFUSED);
    }
    assert_eq!(app.browser().show_passkey(LOGIN, &unknown).await.status, 429);
    assert_eq!(app.browser().sign_in("ada", PASSWORD).await.status, 429, "one address, one count");
    assert_eq!(app.browser().show_passkey(LOGIN, &passkey).await.status, 303, "nobody guesses a signature");
    app.pass(Lifetime::from_seconds(901));
    refused(&app.browser().show_passkey(LOGIN, &wrong).await, 401, REFUSED);
}

/// ASVS 7.2.4: nothing that a browser brought along becomes a session, and another's that it was in is over.
#[tokio::test]
async fn a_sign_in_by_passkey_adopts_no_session_that_somebody_planted() {
    let app = TestApp::start_by_name("").await;
    let (_, passkey, _) = ada(&app).await;
    app.person("mallory", &[]).await;
    let chosen = hallpass::random::Random.token(hallpass::model::token::TokenKind::Session).reveal().to_owned();
    let real = app.signed_in("mallory", PASSWORD).await.cookie("hallpass_session").unwrap();
    for planted in [chosen, real] {
        let browser = app.browser();
        let filled = passkey.get(&PasskeyForm::of(&browser.get(LOGIN).await));
        let fields: Vec<(&str, &str)> =
            filled.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let cookies = format!("{}; hallpass_session={planted}", browser.cookie_header());
        let script = app.stranger().with("cookie", &cookies).with("origin", &app.url);
        let answer = script.post(&filled.action, &fields).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
        let mut set = answer.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap());
        let new =
            set.find_map(|cookie| cookie.strip_prefix("hallpass_session=")?.split(';').next()).expect("a session");
        assert_ne!(new, planted);
        let me = async |cookie: &str| {
            app.stranger().with("cookie", &format!("hallpass_session={cookie}")).get("/api/v1/me").await
        };
        assert_eq!((me(new).await.text("username").as_str(), me(&planted).await.status), ("ada", 401));
    }
}

#[tokio::test]
async fn a_sign_in_by_passkey_leads_to_where_it_was_wanted() {
    let app = TestApp::start_by_name("").await;
    let (browser, passkey, _) = ada(&app).await;
    app.pass(Lifetime::from_seconds(901));
    // To change factors takes a new sign-in, which a passkey is.
    let path = removal(&browser).await;
    for path in [ADD, path.as_str()] {
        let sent = browser.get(path).await;
        let expected = format!("/login?return_to={}&again=yes", path.replace('/', "%2F").replace('_', "%5F"));
        assert!(sent.status == 303 && sent.header("location").starts_with(&expected), "{}", sent.header("location"));
        assert_eq!(browser.submit(path, &[]).await.header("location"), sent.header("location"), "{path}");
    }
    let away = browser.get(&path).await.header("location").to_owned();
    let back = browser.show_passkey(&away, &passkey).await;
    assert_eq!((back.status, back.header("location")), (303, path.as_str()), "{}", back.body);

    let client = app.web_client("openid").await;
    let sent = browser.get(&client.authorize_path(&[("prompt", "login")])).await.header("location").to_owned();
    let back = browser.show_passkey(&sent, &passkey).await;
    let consent = browser.get(back.header("location")).await;
    assert!(consent.status == 200 && consent.find_input("request").is_some(), "{}", consent.body);
    let refused = browser.show_passkey(&sent, &Passkey::at(&app)).await;
    let form = PasskeyForm::of(&refused);
    assert!(form.field("return_to").starts_with("/oauth/authorize?"), "the way is kept: {:?}", form.fields);
    assert_eq!(form.field("again"), "yes");
    app.person("bob", &[]).await;
    let bob = app.signed_in("bob", PASSWORD).await;
    let strict = app.client_with("openid", |client: &mut ClientDescription| client.require_second_factor = true).await;
    let sent = bob.get(&strict.authorize_path(&[])).await.header("location").to_owned();
    let form = PasskeyForm::of(&bob.show_passkey(&sent, &Passkey::at(&app)).await);
    assert_eq!(form.field("second_factor"), "yes", "a password alone is not enough after it either");
    let silent = app.browser();
    silent.show_passkey(LOGIN, &passkey).await;
    let code = silent.get(&client.authorize_path(&[("scope", "openid"), ("prompt", "none")])).await;
    assert_eq!(parameters(code.header("location"))["error"], "consent_required", "signed in, and asked nothing");
}

#[tokio::test]
async fn who_must_have_a_factor_may_have_a_passkey_for_it() {
    let app = TestApp::start_by_name("").await;
    app.role("treasurer").await;
    app.person("ada", &["treasurer"]).await;
    app.require_second_factor("treasurer").await;
    let browser = app.browser();
    assert_eq!(browser.sign_in("ada", PASSWORD).await.header("location"), FIRST_FACTOR);
    let page = browser.get(FIRST_FACTOR).await;
    assert!(page.has_id("totp-secret"), "an app is offered beside it: {}", page.body);
    let mut passkey = Passkey::at(&app);
    passkey.origin = "http://evil.test".to_owned();
    refused(&browser.make_passkey(FIRST_FACTOR, &mut passkey).await, 422, "The passkey was refused: the origin");
    assert!(!is_signed_in(&browser).await);
    let mut passkey = Passkey::at(&app);
    let form = PasskeyForm::of(&browser.get(FIRST_FACTOR).await);
    let thief = app.browser();
    thief.sign_in("ada", PASSWORD).await;
    let of_thief = Passkey::at(&app).create(&PasskeyForm::of(&thief.get(FIRST_FACTOR).await));
    let shown = browser.post_form(&passkey.create(&form)).await;
    assert_eq!((shown.status, recovery_codes(&shown).len()), (200, 10), "{}", shown.body);
    assert!(is_signed_in(&browser).await);
    assert!(browser.get("/account/factors").await.body.contains("Unknown browser"));
    assert_eq!(thief.post_form(&of_thief).await.status, 401, "nobody gets around a factor by adding another");
    let client = app.web_client("openid").await;
    let (_, claims) = app.id_token(&app.tokens_for(&browser, &client, &[]).await).await;
    assert_eq!(claims["amr"], json!(["pwd", "hwk", "user", "mfa"]));

    // One of either kind must stay, whichever it is.
    let path = removal(&browser).await;
    refused(&browser.submit(&path, &[]).await, 409, "Your account must have a second factor");
    let (authenticator, codes) = app.add_app(&browser).await;
    assert!(codes.is_empty(), "there are codes already");
    let asked = browser.get(&path).await;
    assert!(!asked.body.contains("It is the last one"), "{}", asked.body);
    browser.done(&path, &[]).await;
    assert_eq!(browser.submit("/account/factors/app/remove", &[]).await.status, 409);
    app.pass(Lifetime::from_seconds(60));
    assert_eq!(halfway(&app).await.second_step(SECOND_STEP, &authenticator.code(&app)).await.status, 303);
    refused(&app.browser().show_passkey(LOGIN, &passkey).await, 401, REFUSED);
}

#[tokio::test]
async fn who_removes_the_last_passkey_signs_in_by_password_again() {
    let app = TestApp::start_by_name("").await;
    let (browser, passkey, _) = ada(&app).await;
    let path = removal(&browser).await;
    app.person("bob", &[]).await;
    let bob = app.signed_in("bob", PASSWORD).await;
    assert_eq!(bob.get(&path).await.status, 404, "it is its owner's");
    assert_eq!(bob.submit(&path, &[]).await.status, 404);
    let asked = browser.get(&path).await;
    assert!(
        asked.body.contains("It is the last one") && asked.body.contains("Remove the passkey Unknown browser?"),
        "{}",
        asked.body
    );
    let page = browser.done(&path, &[]).await;
    assert!(page.body.contains("The second factor is removed.") && page.body.contains("You have no passkey."));
    assert_eq!(app.browser().sign_in("ada", PASSWORD).await.header("location"), "/account");
    refused(&app.browser().show_passkey(LOGIN, &passkey).await, 401, REFUSED);
    assert_eq!(browser.submit(&path, &[]).await.status, 404);
    assert!(app.database.lines("SELECT 'left' AS line FROM recovery_codes").is_empty());
    let removed = app.audited(AuditEvent::SecondFactorRemoved).await;
    assert!(removed.len() == 1 && removed[0].details.contains("\"kind\":\"passkey\""), "{removed:?}");
}

#[tokio::test]
async fn passkeys_go_with_the_account_and_with_all_factors_and_stand_in_ones_own_data() {
    let app = TestApp::start_by_name("").await;
    let (browser, passkey, _) = ada(&app).await;
    let data = browser.get("/account/data").await.json();
    let mine = &data["second_factors"];
    assert_eq!((&mine["authenticator_app"], &mine["recovery_codes_left"]), (&json!(null), &json!(10)));
    assert_eq!(mine["passkeys"][0]["name"], "Unknown browser", "{mine}");
    assert_eq!(mine["passkeys"][0]["last_used_at"], json!(null));

    let program = Program::on(app.database.again());
    program.run("user reset-factors ada --json").json();
    let reset = app.audited(AuditEvent::SecondFactorsReset).await;
    assert_eq!(reset[0].details, "{\"removed\":1}");
    refused(&app.browser().show_passkey(LOGIN, &passkey).await, 401, REFUSED);
    assert_eq!(app.browser().sign_in("ada", PASSWORD).await.header("location"), "/account");

    app.add_passkey(&browser).await;
    browser.submit("/account/delete", &[("username", "ada"), ("current_password", PASSWORD)]).await;
    assert!(app.database.lines("SELECT 'left' AS line FROM passkeys").is_empty());
}

/// Web Authentication §5.1.7: the RP ID is a domain, and an address is none.
#[tokio::test]
async fn a_server_without_a_name_has_no_passkeys_and_says_why() {
    let app = TestApp::start().await;
    app.person("ada", &[]).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let page = browser.get("/account/factors").await;
    assert!(page.body.contains("browsers keep passkeys for servers with a name"), "{}", page.body);
    assert!(page.paths(ADD).is_empty() && !page.body.contains("Add a passkey"), "{}", page.body);
    assert_eq!(browser.get(ADD).await.status, 404);
    assert_eq!(browser.submit(ADD, &[("client_data", "AAAA")]).await.status, 404);
    let stranger = app.browser();
    let login = stranger.get(LOGIN).await;
    assert!(!login.body.contains("passkey"), "{}", login.body);
    let token = login.input("csrf_token");
    for path in ["/login/passkey", "/login/second-factor/passkey", "/login/first-factor/passkey"] {
        let answer = stranger.post(path, &[("client_data", "AAAA"), ("csrf_token", &token)]).await;
        assert_eq!(answer.status, 404, "{path}");
    }
}

#[tokio::test]
async fn without_a_password_nobody_gets_to_the_second_step_with_a_passkey() {
    let app = TestApp::start_by_name("").await;
    let (_, passkey, _) = ada(&app).await;
    let browser = app.browser();
    let mut form = passkey.get(&PasskeyForm::of(&browser.get(LOGIN).await));
    for path in ["/login/second-factor/passkey", "/login/first-factor/passkey"] {
        form.action = path.to_owned();
        let answer = browser.post_form(&form).await;
        assert_eq!((answer.status, answer.header("location")), (303, "/login"), "{path}");
    }
    assert!(!is_signed_in(&browser).await);
}
