//! Sign-out that applications ask for, and are told of (OpenID Connect RP-Initiated Logout, OpenID Connect Back-Channel
//! Logout).

use std::io::Read;
use std::io::Write;

use hallpass::domain::clients::ClientDescription;
use hallpass::domain::users;
use hallpass::model::time::Lifetime;
use hallpass::model::user::User;
use reqwest::Method;
use serde_json::Value;
use serde_json::json;

use crate::support::app::TestApp;
use crate::support::caller::Answer;
use crate::support::caller::Browser;
use crate::support::flow::parameters;
use crate::support::flow::query;
use crate::support::jose::Key;
use crate::support::jose::encode;
use crate::support::program::Program;
use crate::support::publisher::Authority;
use crate::support::publisher::Publisher;
use crate::support::publisher::Reply;
use crate::support::seed::PASSWORD;
use crate::support::seed::SeededClient;
use crate::support::signed::header_of;

const REDIRECT: &str = "https://rp.test/cb";
const OUT: &str = "https://rp.test/out?a=b";

/// Somebody who signed in to an application by it.
struct Scene {
    app: TestApp,
    user: User,
    client: SeededClient,
    browser: Browser,
    id_token: String,
}

async fn begin() -> Scene {
    let app = TestApp::start().await;
    let user = app.person("ada", &[]).await;
    let client = app.client_with("openid profile", registered).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let id_token = id_token(&app, &browser, &client).await;
    Scene { app, user, client, browser, id_token }
}

fn registered(client: &mut ClientDescription) {
    client.openid.post_logout_redirect_uris = Some(vec![OUT.to_owned(), "https://rp.test/other".to_owned()]);
}

async fn id_token(app: &TestApp, browser: &Browser, client: &SeededClient) -> String {
    let tokens = app.tokens(browser, client).await;
    tokens["id_token"].as_str().unwrap_or_else(|| panic!("{tokens}")).to_owned()
}

fn path(fields: &[(&str, &str)]) -> String {
    format!("/oauth/logout?{}", query(fields))
}

/// Whether the browser is in a session.
async fn is_signed_in(browser: &Browser) -> bool {
    browser.get("/account").await.status == 200
}

/// Checks that this asks whether to sign out, and presses the button. Returns what the form answers.
async fn confirmed(browser: &Browser, page: &Answer) -> Answer {
    assert_eq!((page.status, page.header("location")), (200, ""), "{}", page.body);
    assert!(is_signed_in(browser).await);
    let mut fields = vec![("csrf_token", page.input("csrf_token"))];
    fields.extend(page.find_input("end_session").map(|value| ("end_session", value)));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let answer = browser.post("/logout", &fields).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert!(!is_signed_in(browser).await);
    answer
}

/// `oidcc-rp-initiated-logout`: OpenID Connect RP-Initiated Logout §2, §3
#[tokio::test]
async fn an_application_that_shows_its_id_token_signs_out_and_gets_the_browser_back() {
    let Scene { app, client, browser, id_token, .. } = begin().await;
    let state = "s".repeat(128);
    let fields = [("id_token_hint", id_token.as_str()), ("post_logout_redirect_uri", OUT), ("state", state.as_str())];
    let answer = browser.get(&path(&fields)).await;
    assert_eq!((answer.status, answer.header("location")), (303, format!("{OUT}&state={state}").as_str()));
    assert_eq!(browser.cookie("hallpass_session"), None);
    let silent = client.authorize_path(&[("prompt", "none"), ("scope", "openid")]);
    app.redirected(&browser.get(&silent).await, REDIRECT, "login_required", Some("xyz"));
}

/// `oidcc-rp-initiated-logout-no-state`
#[tokio::test]
async fn no_state_is_sent_back_where_none_came() {
    let Scene { app: _app, client, browser, id_token, .. } = begin().await;
    let fields = [
        ("id_token_hint", id_token.as_str()),
        ("post_logout_redirect_uri", OUT),
        ("client_id", client.client_id.as_str()),
        ("ui_locales", "fr"),
        ("logout_hint", "ada"),
    ];
    let answer = browser.get(&path(&fields)).await;
    assert_eq!((answer.status, answer.header("location")), (303, OUT));
    // Nothing is left to end, and who it was is shown all the same.
    let answer = browser.get(&path(&fields)).await;
    assert_eq!((answer.status, answer.header("location")), (303, OUT));
}

/// `oidcc-rp-initiated-logout-bad-post-logout-redirect-uri`,
/// `oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri`
#[tokio::test]
async fn the_browser_goes_to_no_address_that_is_not_registered() {
    let Scene { app, browser, id_token, .. } = begin().await;
    let other = app.web_client("openid").await;
    for bad in
        ["https://evil.test/", "https://rp.test/out", "https://rp.test/out?a=b&c=d", "https://rp.test/other/", REDIRECT]
    {
        let fields = [("id_token_hint", id_token.as_str()), ("post_logout_redirect_uri", bad), ("state", "x")];
        browser.get(&path(&fields)).await.is_error_page();
        assert!(is_signed_in(&browser).await);
        // Nor where nobody is signed in.
        app.browser().get(&path(&fields)).await.is_error_page();
    }
    let fields = [("client_id", other.client_id.as_str()), ("post_logout_redirect_uri", OUT)];
    browser.get(&path(&fields)).await.is_error_page();
}

/// `oidcc-rp-initiated-logout-bad-id-token-hint`, `oidcc-rp-initiated-logout-modified-id-token-hint`
#[tokio::test]
async fn a_hint_that_is_no_id_token_of_ours_is_refused() {
    let Scene { app, client, browser, id_token, .. } = begin().await;
    let claims = app.claims_of(&id_token).await;
    let unsigned = format!("{}.{}.", encode(&json!({ "alg": "none" })), id_token.split('.').nth(1).unwrap());
    let other = app.web_client("openid").await;
    for bad in ["nonsense", &unsigned, &Key::rsa("RS256", 2048).sign(&claims), &id_token[..id_token.len() - 4]] {
        let fields =
            [("id_token_hint", bad), ("post_logout_redirect_uri", OUT), ("client_id", client.client_id.as_str())];
        browser.get(&path(&fields)).await.is_error_page();
        assert!(is_signed_in(&browser).await);
        let hinted = client.authorize_path(&[("id_token_hint", bad)]);
        app.redirected(&browser.get(&hinted).await, REDIRECT, "invalid_request", Some("xyz"));
    }
    let fields = [("id_token_hint", id_token.as_str()), ("client_id", other.client_id.as_str())];
    browser.get(&path(&fields)).await.is_error_page();
    // Another client's is no hint for this one.
    let hinted = other.authorize_path(&[("id_token_hint", &id_token)]);
    app.redirected(&browser.get(&hinted).await, REDIRECT, "invalid_request", Some("xyz"));
}

/// `oidcc-rp-initiated-logout-no-id-token-hint`, `oidcc-rp-initiated-logout-no-params`,
/// `oidcc-rp-initiated-logout-only-state`
#[tokio::test]
async fn without_a_hint_the_person_is_asked() {
    for fields in [&[("post_logout_redirect_uri", OUT), ("state", "x")][..], &[], &[("state", "x")]] {
        let Scene { app: _app, browser, .. } = begin().await;
        let answer = confirmed(&browser, &browser.get(&path(fields)).await).await;
        assert_eq!(answer.header("location"), "/login?done=signed-out");
    }
    // Whose address it is says the client's name, and the person says that they mean it.
    let Scene { app: _app, client, browser, .. } = begin().await;
    let fields = [("client_id", client.client_id.as_str()), ("post_logout_redirect_uri", OUT), ("state", "x")];
    let page = browser.get(&path(&fields)).await;
    assert!(page.body.contains("Ledger"), "{}", page.body);
    let answer = confirmed(&browser, &page).await;
    assert_eq!(answer.header("location"), format!("{OUT}&state=x"));
    // Nobody is sent anywhere who has not said so.
    let answer = browser.get(&path(&fields)).await;
    assert_eq!(answer.header("location"), "/login?done=signed-out");
}

/// `oidcc-rp-initiated-logout-no-post-logout-redirect-uri`
#[tokio::test]
async fn without_an_address_the_browser_stays_here() {
    let Scene { app: _app, browser, id_token, .. } = begin().await;
    let answer = browser.get(&path(&[("id_token_hint", id_token.as_str()), ("state", "x")])).await;
    assert_eq!((answer.status, answer.header("location")), (303, "/login?done=signed-out"));
    assert!(!is_signed_in(&browser).await);
    assert!(browser.get(answer.header("location")).await.body.contains("signed out"));
}

/// OpenID Connect RP-Initiated Logout §2: by POST too.
#[tokio::test]
async fn a_request_that_is_posted_becomes_a_get() {
    let Scene { app, browser, id_token, .. } = begin().await;
    let fields = [("id_token_hint", id_token.as_str()), ("post_logout_redirect_uri", OUT), ("state", "a b")];
    // Another site's form comes without the session's cookie.
    let answer = app.stranger().post("/oauth/logout", &fields).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert!(is_signed_in(&browser).await);
    let answer = browser.get(answer.header("location")).await;
    assert_eq!(answer.header("location"), format!("{OUT}&state=a+b"));
    let answer = app.stranger().send_body(Method::POST, "/oauth/logout", "text/plain", b"x".to_vec()).await;
    assert_eq!(answer.status, 400);
}

/// OpenID Connect RP-Initiated Logout §2, §6: a hint that is about another session, or somebody else, proves nothing.
#[tokio::test]
async fn a_hint_of_another_session_asks_and_an_expired_one_is_good() {
    let Scene { app, client, browser, id_token, .. } = begin().await;
    app.person("grace", &[]).await;
    let fields = [("id_token_hint", id_token.as_str()), ("post_logout_redirect_uri", OUT)];
    for (name, browser) in
        [("ada", app.signed_in("ada", PASSWORD).await), ("grace", app.signed_in("grace", PASSWORD).await)]
    {
        let answer = confirmed(&browser, &browser.get(&path(&fields)).await).await;
        assert_eq!(answer.header("location"), OUT, "{name}");
    }
    assert!(is_signed_in(&browser).await);
    // Signing in anew goes on with the session.
    let page = browser.get(&client.authorize_path(&[("prompt", "login")])).await;
    let page = browser.get(page.header("location")).await;
    assert_eq!(browser.sign_in_at(&page, "ada", PASSWORD).await.status, 303);
    app.pass(Lifetime::from_hours(5));
    let answer = browser.get(&path(&fields)).await;
    assert_eq!(answer.header("location"), OUT);
    assert!(!is_signed_in(&browser).await);
}

/// `oidcc-id-token-hint`: OpenID Connect Core §3.1.2.1
#[tokio::test]
async fn an_id_token_hint_names_who_is_expected() {
    let Scene { app, client, browser, id_token, .. } = begin().await;
    app.person("grace", &[]).await;
    app.pass(Lifetime::from_hours(3));
    let silent = client.authorize_path(&[("prompt", "none"), ("scope", "openid"), ("id_token_hint", &id_token)]);
    let location = browser.get(&silent).await.header("location").to_owned();
    let answer = app.redeem(&client, &parameters(&location)["code"]).await;
    let (first, second) = (app.claims_of(&id_token).await, app.claims_of(&answer.text("id_token")).await);
    for same in ["sub", "auth_time", "sid"] {
        assert_eq!(first[same], second[same], "{same}");
    }
    // Somebody else is signed in.
    let other = app.signed_in("grace", PASSWORD).await;
    app.redirected(&other.get(&silent).await, REDIRECT, "login_required", Some("xyz"));
    let path = client.authorize_path(&[("id_token_hint", &id_token)]);
    let page = other.get(other.get(&path).await.header("location")).await;
    assert_eq!(page.input("username"), "");
    // Who then signs in is not the one who is expected, or is.
    let signed_in = other.sign_in_at(&page, "grace", PASSWORD).await;
    app.redirected(&other.get(signed_in.header("location")).await, REDIRECT, "login_required", Some("xyz"));
    let page = other.get(other.get(&path).await.header("location")).await;
    let signed_in = other.sign_in_at(&page, "ada", PASSWORD).await;
    let answer = other.get(signed_in.header("location")).await;
    assert!(answer.header("location").starts_with("https://rp.test/cb?code="), "{}", answer.header("location"));
}

/// `oidcc-prompt-login`, `oidcc-max-age-1`: OpenID Connect Core §2 (`auth_time`)
#[tokio::test]
async fn a_new_sign_in_is_told_by_auth_time() {
    let Scene { app, client, browser, id_token, .. } = begin().await;
    let first = app.claims_of(&id_token).await;
    for (extra, passed) in [(("prompt", "login"), 10), (("max_age", "1"), 20)] {
        app.pass(Lifetime::from_seconds(10));
        let page = browser.get(browser.get(&client.authorize_path(&[extra])).await.header("location")).await;
        let signed_in = browser.sign_in_at(&page, "ada", PASSWORD).await;
        let location = browser.get(signed_in.header("location")).await.header("location").to_owned();
        let answer = app.redeem(&client, &parameters(&location)["code"]).await;
        let claims = app.claims_of(&answer.text("id_token")).await;
        assert_eq!(claims["auth_time"], first["auth_time"].as_i64().unwrap() + passed, "{extra:?}");
        assert_eq!(claims["sid"], first["sid"]);
    }
}

/// An application that listens for the ends of sessions, and where it does.
async fn listening() -> (Scene, Publisher) {
    let authority = Authority::new();
    let publisher = Publisher::start(&authority);
    let (file, host) = (authority.file(), publisher.host());
    let app = TestApp::start_with(&format!("[outbound]\nca_file = {file:?}\nallowed_hosts = [{host:?}]")).await;
    let user = app.person("ada", &[]).await;
    let client = listener(&app, &publisher, "/told").await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let id_token = id_token(&app, &browser, &client).await;
    publisher.publish("/told", Reply::of("200 OK", &["cache-control: no-store"], ""));
    (Scene { app, user, client, browser, id_token }, publisher)
}

async fn listener(app: &TestApp, publisher: &Publisher, path: &str) -> SeededClient {
    let change = |client: &mut ClientDescription| {
        registered(client);
        client.openid.backchannel_logout_uri = Some(publisher.url(path));
        client.openid.backchannel_logout_session_required = Some(true);
    };
    app.client_with("openid profile", change).await
}

/// The claims of the logout token in `body`, after the checks of OpenID Connect Back-Channel Logout §2.6.
async fn told(app: &TestApp, client: &SeededClient, body: &str) -> Value {
    let fields: Vec<(String, String)> = form_urlencoded::parse(body.as_bytes()).into_owned().collect();
    assert_eq!((fields.len(), fields[0].0.as_str()), (1, "logout_token"), "{body}");
    let token = &fields[0].1;
    let header = header_of(token);
    assert_eq!((&header["typ"], &header["alg"]), (&"logout+jwt".into(), &"RS256".into()));
    let claims = app.claims_of(token).await;
    assert_eq!((&claims["iss"], &claims["aud"]), (&app.issuer.as_str().into(), &client.client_id.as_str().into()));
    assert!(claims["exp"].as_i64().unwrap() > app.seconds() && claims["iat"].as_i64().unwrap() <= app.seconds());
    assert!(claims["jti"].is_string() && claims.get("nonce").is_none());
    assert_eq!(claims["events"], json!({ "http://schemas.openid.net/event/backchannel-logout": {} }));
    claims
}

/// `oidcc-backchannel-rp-initiated-logout`: OpenID Connect Back-Channel Logout §2.4, §2.5
#[tokio::test]
async fn each_application_of_a_session_is_told_of_its_end() {
    let (Scene { app, client, browser, id_token, .. }, publisher) = listening().await;
    let (second, elsewhere) =
        (listener(&app, &publisher, "/second").await, listener(&app, &publisher, "/elsewhere").await);
    publisher.publish("/second", Reply::of("204 No Content", &[], ""));
    let second_token = self::id_token(&app, &browser, &second).await;
    // The first one twice, which is told once.
    self::id_token(&app, &browser, &client).await;
    // Another session of the same user, which goes on.
    let other = app.signed_in("ada", PASSWORD).await;
    self::id_token(&app, &other, &elsewhere).await;
    let answer = browser.get(&path(&[("id_token_hint", id_token.as_str()), ("post_logout_redirect_uri", OUT)])).await;
    assert_eq!(answer.header("location"), OUT);
    for (client, id_token, at) in [(&client, &id_token, "/told"), (&second, &second_token, "/second")] {
        let posted = publisher.posted_times(at, 1).await;
        let (logout, sign_in) = (told(&app, client, &posted[0]).await, app.claims_of(id_token).await);
        assert_eq!((&logout["sid"], &logout["sub"]), (&sign_in["sid"], &sign_in["sub"]));
    }
    app.pass(Lifetime::from_hours(1));
    tokio::time::sleep(std::time::Duration::from_millis(1500)).await;
    assert_eq!((publisher.posted("/told").len(), publisher.posted("/elsewhere").len()), (1, 0));
}

/// OpenID Connect Back-Channel Logout §2.5: whichever way a session ends.
#[tokio::test]
async fn whoever_ends_a_session_the_applications_are_told() {
    let (Scene { app, user, client, browser, .. }, publisher) = listening().await;
    browser.submit("/logout", &[]).await;
    let ways = [
        "sign-out",
        "ended elsewhere",
        "others ended",
        "by the API",
        "password changed",
        "disabled",
        "another",
        "deleted",
    ];
    for (before, way) in ways.into_iter().enumerate() {
        publisher.posted_times("/told", before + 1).await;
        let browser = app.signed_in("ada", PASSWORD).await;
        id_token(&app, &browser, &client).await;
        app.pass(Lifetime::from_seconds(1));
        let other = app.signed_in("ada", PASSWORD).await;
        app.pass(Lifetime::from_seconds(1));
        let session = || async {
            let sessions = other.get("/api/v1/sessions").await.json();
            let items = sessions["items"].as_array().unwrap().clone();
            items.iter().map(|item| item["id"].as_str().unwrap().to_owned()).rev().nth(1).unwrap()
        };
        let act = app.act();
        match way {
            "sign-out" => drop(browser.submit("/logout", &[]).await),
            "ended elsewhere" => drop(other.submit(&format!("/account/sessions/{}/end", session().await), &[]).await),
            "others ended" => drop(other.submit("/account/sessions/end-others", &[]).await),
            "by the API" => {
                let token = other.csrf_token("/account").await;
                let path = format!("/api/v1/sessions/{}", session().await);
                let request = other.request(Method::DELETE, &path).header("x-csrf-token", token);
                assert_eq!(other.send(request.header("sec-fetch-site", "same-origin")).await.status, 204);
            }
            "password changed" => {
                let fields = [("current_password", PASSWORD), ("new_password", "another horse battery")];
                assert_eq!(other.submit("/account/password", &fields).await.status, 303);
                let back = [("current_password", "another horse battery"), ("new_password", PASSWORD)];
                assert_eq!(other.submit("/account/password", &back).await.status, 303);
            }
            "disabled" => {
                app.set_user_enabled(user.id, false).await;
                app.set_user_enabled(user.id, true).await;
            }
            // Somebody else signs in where they were.
            "another" => {
                app.person("grace", &[]).await;
                let page = browser
                    .get(browser.get(&client.authorize_path(&[("prompt", "login")])).await.header("location"))
                    .await;
                assert_eq!(browser.sign_in_at(&page, "grace", PASSWORD).await.status, 303);
            }
            _ => app.store.write(move |tx| users::delete(tx, user.id, &act)).await.unwrap(),
        }
        let posted = publisher.posted_times("/told", before + 2).await;
        told(&app, &client, posted.last().unwrap()).await;
        assert_eq!(is_signed_in(&browser).await, ["disabled", "another"].contains(&way), "{way}");
    }
}

/// OpenID Connect Back-Channel Logout §2.5: signing in anew ends nothing.
#[tokio::test]
async fn signing_in_once_more_tells_nobody() {
    let (Scene { app, client, browser, .. }, publisher) = listening().await;
    app.pass(Lifetime::from_hours(1));
    let page = browser.get(browser.get(&client.authorize_path(&[("prompt", "login")])).await.header("location")).await;
    assert_eq!(browser.sign_in_at(&page, "ada", PASSWORD).await.status, 303);
    tokio::time::sleep(std::time::Duration::from_millis(1500)).await;
    assert_eq!(publisher.connections(), 0);
    assert!(is_signed_in(&browser).await);
    // Who is to be told of the end is known for as long as the session may now last.
    let alike = "SELECT 'alike' AS line FROM sign_ins, sessions
        WHERE sign_ins.session_id = sessions.id AND sign_ins.expires_at = sessions.expires_at";
    assert_eq!(app.database.lines(alike), ["alike"]);
}

/// OpenID Connect Back-Channel Logout §2.5, §2.8
#[tokio::test]
async fn an_application_that_does_not_hear_is_told_again_and_one_that_refuses_is_not() {
    let (Scene { app, client, browser, .. }, publisher) = listening().await;
    publisher.publish("/told", Reply::of("503 Service Unavailable", &[], ""));
    browser.submit("/logout", &[]).await;
    let first = publisher.posted_times("/told", 1).await;
    tokio::time::sleep(std::time::Duration::from_millis(1500)).await;
    assert_eq!(publisher.posted("/told").len(), 1);
    app.pass(Lifetime::from_seconds(11));
    publisher.posted_times("/told", 2).await;
    // The pause doubles.
    app.pass(Lifetime::from_seconds(11));
    tokio::time::sleep(std::time::Duration::from_millis(1500)).await;
    assert_eq!(publisher.posted("/told").len(), 2);
    publisher.publish("/told", Reply::of("200 OK", &[], ""));
    app.pass(Lifetime::from_seconds(11));
    let posted = publisher.posted_times("/told", 3).await;
    // It is told one thing, and can know it again.
    let (before, after) = (told(&app, &client, &first[0]).await, told(&app, &client, &posted[2]).await);
    assert_eq!((&before["jti"], &before["sid"]), (&after["jti"], &after["sid"]));
    app.pass(Lifetime::from_hours(24));
    tokio::time::sleep(std::time::Duration::from_millis(1500)).await;
    assert_eq!(publisher.posted("/told").len(), 3);
    // 400 is an answer.
    publisher.publish("/told", Reply::of("400 Bad Request", &["content-type: application/json"], "{}"));
    let browser = app.signed_in("ada", PASSWORD).await;
    id_token(&app, &browser, &client).await;
    browser.submit("/logout", &[]).await;
    publisher.posted_times("/told", 4).await;
    app.pass(Lifetime::from_hours(24));
    tokio::time::sleep(std::time::Duration::from_millis(1500)).await;
    assert_eq!(publisher.posted("/told").len(), 4);
}

/// An application that never hears is given up.
#[tokio::test]
async fn an_application_is_tried_ten_times() {
    let (Scene { app, browser, .. }, publisher) = listening().await;
    publisher.publish("/told", Reply::of("302 Found", &["location: https://elsewhere.test/"], ""));
    browser.submit("/logout", &[]).await;
    for attempt in 1..=10 {
        publisher.posted_times("/told", attempt).await;
        app.pass(Lifetime::from_hours(3));
    }
    tokio::time::sleep(std::time::Duration::from_millis(2500)).await;
    assert_eq!(publisher.posted("/told").len(), 10);
    assert_eq!(app.database.lines("SELECT uri AS line FROM logout_deliveries"), Vec::<String>::new());
}

/// Of several nodes one tells it.
#[tokio::test]
async fn several_nodes_tell_it_once() {
    let (Scene { app, client, browser, .. }, publisher) = listening().await;
    if !app.database.is_postgres() {
        return;
    }
    let settings = {
        let allowed = publisher.host();
        format!("[outbound]\nallowed_hosts = [{allowed:?}]")
    };
    // The second one does not know the authority, so that whoever it takes is left to the first.
    let second = app.beside(&settings);
    let third = app.beside(&settings);
    for _ in 0..3 {
        let browser = app.signed_in("ada", PASSWORD).await;
        id_token(&app, &browser, &client).await;
        browser.on(&second).submit("/logout", &[]).await;
    }
    browser.on(&third).submit("/logout", &[]).await;
    let mut posted = 0;
    for _ in 0..30 {
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        app.pass(Lifetime::from_seconds(30));
        posted = publisher.posted("/told").len();
    }
    assert_eq!(posted, 4);
}

/// OpenID Connect Back-Channel Logout §4: the door lets nobody into our own network.
#[tokio::test]
async fn an_application_at_a_private_address_is_not_told() {
    let app = TestApp::start().await;
    app.person("ada", &[]).await;
    let sink = Publisher::sink("127.0.0.1:0");
    let uri = format!("https://localhost.test.invalid:{}/told", sink.address.port());
    let change = |client: &mut ClientDescription| client.openid.backchannel_logout_uri = Some(uri);
    let client = app.client_with("openid", change).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    id_token(&app, &browser, &client).await;
    browser.submit("/logout", &[]).await;
    tokio::time::sleep(std::time::Duration::from_millis(1500)).await;
    assert_eq!(sink.connections(), 0);
    assert_eq!(app.database.lines("SELECT uri AS line FROM logout_deliveries").len(), 1);
}

/// Where the server is reached on its own machine alone, so may its applications be, without TLS.
#[tokio::test]
async fn a_loopback_issuer_tells_applications_on_loopback() {
    let app = TestApp::start().await;
    app.person("ada", &[]).await;
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let uri = format!("http://{}/told?a=b", listener.local_addr().unwrap());
    let (tell, heard) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut text = String::new();
        while !text.contains("logout_token=") {
            let mut bytes = [0; 4096];
            let count = stream.read(&mut bytes).unwrap();
            text.push_str(&String::from_utf8_lossy(&bytes[..count]));
        }
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").unwrap();
        tell.send(text).unwrap();
    });
    let change = |client: &mut ClientDescription| client.openid.backchannel_logout_uri = Some(uri);
    let client = app.client_with("openid", change).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    id_token(&app, &browser, &client).await;
    browser.submit("/logout", &[]).await;
    let heard = tokio::task::spawn_blocking(move || heard.recv_timeout(std::time::Duration::from_secs(10)));
    let text = heard.await.unwrap().unwrap();
    assert!(text.starts_with("POST /told?a=b HTTP/1.1\r\n"), "{text}");
}

/// OpenID Connect RP-Initiated Logout §3.1, OpenID Connect Back-Channel Logout §2.2: the same rules whichever way a client is
/// registered.
#[tokio::test]
async fn addresses_for_sign_out_are_checked_at_registration() {
    let app = TestApp::start_with("[clients]\nregistration = \"open\"").await;
    let register = |name: &str, value: Value| {
        let mut description = json!({ "client_name": "Notes", "redirect_uris": [REDIRECT] });
        description[name] = value;
        let app = &app;
        async move { app.register(&description).await }
    };
    for (name, good) in [
        ("post_logout_redirect_uris", json!([OUT, "http://127.0.0.1:8000/out"])),
        ("backchannel_logout_uri", json!("https://rp.test/told")),
        ("backchannel_logout_uri", json!("http://localhost:8000/told")),
        ("backchannel_logout_session_required", json!(true)),
        ("request_uris", json!(["https://rp.test/request#hash"])),
        ("default_max_age", json!(3600)),
        ("require_auth_time", json!(true)),
        ("default_acr_values", json!(["1"])),
        ("initiate_login_uri", json!("https://rp.test/begin")),
        ("request_object_signing_alg", json!("PS256")),
    ] {
        let answer = register(name, good.clone()).await;
        assert_eq!((answer.status, &answer.json()[name]), (201, &good), "{name}: {}", answer.body);
        let manage = app.script(&format!("Bearer {}", answer.text("registration_access_token")));
        let shown = manage.get(&format!("/oauth/register/{}", answer.text("client_id"))).await;
        assert_eq!(shown.json()[name], good, "{}", shown.body);
    }
    for (name, bad) in [
        ("post_logout_redirect_uris", json!(["https://rp.test/out#x"])),
        ("post_logout_redirect_uris", json!(["http://rp.test/out"])),
        ("post_logout_redirect_uris", json!(["javascript:x"])),
        ("post_logout_redirect_uris", json!("https://rp.test/out")),
        ("backchannel_logout_uri", json!("http://rp.test/told")),
        ("backchannel_logout_uri", json!("https://rp.test/told#x")),
        ("backchannel_logout_uri", json!(["https://rp.test/told"])),
        ("backchannel_logout_session_required", json!("yes")),
        ("request_uris", json!(["http://rp.test/request"])),
        ("default_max_age", json!(-1)),
        ("default_max_age", json!("60")),
        ("require_auth_time", json!(1)),
        ("initiate_login_uri", json!("http://rp.test/begin")),
        ("request_object_signing_alg", json!("none")),
        ("request_object_signing_alg", json!("HS256")),
    ] {
        register(name, bad).await.refused(400, "invalid_client_metadata");
    }
    // Loopback addresses are for those alone who are reached there.
    let public = TestApp::start_with("issuer = \"https://id.example\"\n[clients]\nregistration = \"open\"").await;
    for (name, value) in [
        ("post_logout_redirect_uris", json!(["http://127.0.0.1/out"])),
        ("backchannel_logout_uri", json!("http://localhost:8000/told")),
        ("backchannel_logout_uri", json!("https://localhost/told")),
    ] {
        let description = json!({ "client_name": "Notes", "redirect_uris": [REDIRECT], name: value });
        let script = crate::support::caller::Script::new(&public.origin());
        let answer = script.send_json(Method::POST, "/oauth/register", &description).await;
        answer.refused(400, "invalid_client_metadata");
    }
}

/// The command line says the same.
#[tokio::test]
async fn a_client_of_the_command_line_has_addresses_for_sign_out() {
    let program = Program::new();
    let made = program.run(&format!(
        "client create Ledger --redirect-uri {REDIRECT} --post-logout-redirect-uri {OUT} --post-logout-redirect-uri \
         https://rp.test/other --backchannel-logout-uri https://rp.test/told --json"
    ));
    let made = made.json();
    assert_eq!(made["post_logout_redirect_uris"], json!([OUT, "https://rp.test/other"]));
    assert_eq!(made["backchannel_logout_uri"], "https://rp.test/told");
    let public = program.with("HALLPASS_ISSUER", "https://id.example");
    let refused = public.run("client create Ledger --backchannel-logout-uri http://127.0.0.1:8000/told");
    assert!(refused.refusal().contains("loopback"), "{refused:?}");
}
