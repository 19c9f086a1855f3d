//! Consent: who is asked, what a decision does, and that it is made once, by the person it was shown to.

use hallpass::domain::clients::ClientDescription;
use hallpass::model::audit::AuditEvent;
use hallpass::model::redirect_uri::RedirectUri;
use hallpass::model::scope::Scope;
use hallpass::model::time::Lifetime;
use hallpass::model::user::User;
use reqwest::Method;

use crate::support::app::TestApp;
use crate::support::caller::Answer;
use crate::support::caller::Browser;
use crate::support::flow::parameters;
use crate::support::seed::PASSWORD;
use crate::support::seed::SeededClient;

const REDIRECT: &str = "https://rp.test/cb";

async fn begin() -> (TestApp, User, SeededClient, Browser) {
    let app = TestApp::start().await;
    let ada = app.person("ada", &[]).await;
    app.scope("read", &[]).await;
    app.scope("write", &[]).await;
    let client = app.web_client("read write").await;
    let browser = app.signed_in("ada", PASSWORD).await;
    (app, ada, client, browser)
}

/// Sends the form of `page` with what `extra` adds to it or puts in the place of its fields.
async fn send(browser: &Browser, page: &Answer, extra: &[(&str, &str)]) -> Answer {
    let (request, csrf_token) = (page.input("request"), page.input("csrf_token"));
    let mut fields = vec![("request", request.as_str()), ("csrf_token", &csrf_token), ("decision", "allow")];
    fields.retain(|(name, _)| !extra.iter().any(|(other, _)| other == name));
    fields.extend(extra);
    browser.post("/oauth/consent", &fields).await
}

/// Allows these scopes and returns the tokens.
async fn allow(
    app: &TestApp,
    browser: &Browser,
    client: &SeededClient,
    scopes: &[&str],
    duration: &str,
) -> serde_json::Value {
    let page = browser.get(&client.authorize_path(&[])).await;
    page.is_consent_page();
    let mut fields: Vec<(&str, &str)> = scopes.iter().map(|scope| ("scope", *scope)).collect();
    fields.push(("duration", duration));
    let answer = send(browser, &page, &fields).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let code = parameters(answer.header("location"))["code"].clone();
    let tokens = app.redeem(client, &code).await;
    assert_eq!(tokens.status, 200, "{}", tokens.body);
    tokens.json()
}

/// RFC 6749 §4.1.1; RFC 9700 §4.12
#[tokio::test]
async fn the_page_says_who_asks_for_what_and_where_the_answer_goes() {
    let (_app, _, client, browser) = begin().await;
    let page = browser.get(&client.authorize_path(&[])).await;
    page.is_consent_page();
    for text in ["Ledger", "Verified", "ada", "rp.test", "Use read", "Use write", "Allow", "Deny", "You can end this"] {
        assert!(page.body.contains(text), "no {text:?} in {}", page.body);
    }
    assert_eq!(page.by_id("destination"), "rp.test");
    for value in ["1h", "30d", "until_revoked"] {
        assert!(page.body.contains(&format!("value=\"{value}\"")), "{}", page.body);
    }
    // RFC 9700 §4.16: it can't be put into a frame, and its form may end at the client.
    assert_eq!(page.header("x-frame-options"), "DENY");
    let policy = page.header("content-security-policy");
    assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("form-action"), "{policy}");
    assert_eq!((page.header("referrer-policy"), page.header("cache-control")), ("no-referrer", "no-store"));
    assert!(!page.body.contains("<script>") && !page.body.contains(" style="), "{}", page.body);
}

/// RFC 6749 §4.1.1
#[tokio::test]
async fn a_confidential_client_is_not_asked_about_twice() {
    let (app, ada, client, browser) = begin().await;
    let location = app.authorize(&browser, &client, &[("scope", "read")]).await;
    assert!(parameters(&location).contains_key("code"));
    // The same again, also from another browser.
    let again = [("scope", "read"), ("state", "other")];
    for browser in [&browser, &app.signed_in("ada", PASSWORD).await] {
        let answer = browser.get(&client.authorize_path(&again)).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
        let answer = parameters(answer.header("location"));
        assert_eq!(answer["state"], "other");
        let tokens = app.redeem(&client, &answer["code"]).await.json();
        assert_eq!(tokens["scope"], "read");
    }
    // More is asked for, and what was allowed before is said.
    let page = browser.get(&client.authorize_path(&[])).await;
    page.is_consent_page();
    assert_eq!(page.body.matches("Allowed before").count(), 1, "{}", page.body);
    app.decide(&browser, &page, "allow").await;
    assert_eq!(browser.get(&client.authorize_path(&[])).await.status, 303);
    assert_eq!(app.count_grants(&ada).await, 1);
    // For another person, or another client, nothing was allowed.
    app.person("eve", &[]).await;
    app.signed_in("eve", PASSWORD).await.get(&client.authorize_path(&[])).await.is_consent_page();
    browser.get(&app.web_client("read write").await.authorize_path(&[])).await.is_consent_page();
}

/// RFC 6749 §10.2
#[tokio::test]
async fn an_answer_to_an_address_that_was_not_on_the_page_is_asked_about() {
    let (app, ada, _, browser) = begin().await;
    let several = |client: &mut ClientDescription| {
        let uris = [REDIRECT, "https://other.test/cb", "http://127.0.0.1/cb"];
        client.redirect_uris = uris.iter().map(|uri| RedirectUri::parse(uri).unwrap()).collect();
    };
    let client = app.client_with("read", several).await;
    for uri in [REDIRECT, "https://other.test/cb", "http://127.0.0.1:5000/cb"] {
        let path = client.authorize_path(&[("redirect_uri", uri)]);
        let page = browser.get(&path).await;
        page.is_consent_page();
        app.decide(&browser, &page, "allow").await;
        assert_eq!(browser.get(&path).await.status, 303, "{uri}");
    }
    // A loopback port is not chosen by anybody, and what was allowed first still is.
    for uri in [REDIRECT, "http://127.0.0.1:6000/cb"] {
        assert_eq!(browser.get(&client.authorize_path(&[("redirect_uri", uri)])).await.status, 303, "{uri}");
    }
    assert_eq!(app.count_grants(&ada).await, 1);
}

/// RFC 8252 §8.6; RFC 9700 §4.14
#[tokio::test]
async fn a_public_client_is_asked_about_each_time() {
    let (app, ada, _, browser) = begin().await;
    let client = app.public_client("read").await;
    for count in 1..=3 {
        let page = browser.get(&client.authorize_path(&[])).await;
        page.is_consent_page();
        app.decide(&browser, &page, "allow").await;
        assert_eq!(app.count_grants(&ada).await, count, "each can be ended by itself");
    }
}

/// RFC 6749 §3.3
#[tokio::test]
async fn what_is_not_ticked_is_not_given() {
    let (app, _, client, browser) = begin().await;
    let tokens = allow(&app, &browser, &client, &["read"], "until_revoked").await;
    assert_eq!(tokens["scope"], "read");
    let me = app.script(&format!("Bearer {}", tokens["access_token"].as_str().unwrap())).get("/api/v1/me").await;
    assert_eq!(me.json()["scopes"], serde_json::json!(["read"]));
    // The whole was not given, so it is asked for again.
    let tokens = allow(&app, &browser, &client, &["read", "write"], "until_revoked").await;
    assert_eq!(tokens["scope"], "read write");
}

/// RFC 6749 §3.3
#[tokio::test]
async fn a_later_decision_holds_for_earlier_tokens_too() {
    let (app, _, client, browser) = begin().await;
    let first = allow(&app, &browser, &client, &["read"], "until_revoked").await;
    allow(&app, &browser, &client, &["write"], "until_revoked").await;
    let me = app.script(&format!("Bearer {}", first["access_token"].as_str().unwrap())).get("/api/v1/me").await;
    assert_eq!(me.json()["scopes"], serde_json::json!([]));
    app.refresh(&client, first["refresh_token"].as_str().unwrap()).await.refused(400, "invalid_scope");
}

/// RFC 6749 §4.1.1
#[tokio::test]
async fn what_was_allowed_bit_by_bit_is_allowed_as_a_whole() {
    let (app, ada, client, browser) = begin().await;
    let mut tokens = Vec::new();
    for scope in ["read", "write"] {
        let location = app.authorize(&browser, &client, &[("scope", scope)]).await;
        tokens.push(app.redeem(&client, &parameters(&location)["code"]).await.json());
    }
    let answer = browser.get(&client.authorize_path(&[])).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert_eq!(app.redeem(&client, &parameters(answer.header("location"))["code"]).await.text("scope"), "read write");
    assert_eq!(app.count_grants(&ada).await, 1);
    for (tokens, scope) in tokens.iter().zip(["read", "write"]) {
        let refreshed = app.refresh(&client, tokens["refresh_token"].as_str().unwrap()).await;
        assert_eq!(refreshed.text("scope"), scope);
    }
}

/// RFC 6749 §1.5
#[tokio::test]
async fn each_scope_ends_when_it_was_last_said_to() {
    let (app, ada, client, browser) = begin().await;
    let ask = async |scope: &str, duration: &str| {
        let page = browser.get(&client.authorize_path(&[("scope", scope)])).await;
        page.is_consent_page();
        let mut fields: Vec<(&str, &str)> = scope.split(' ').map(|scope| ("scope", scope)).collect();
        fields.push(("duration", duration));
        let answer = send(&browser, &page, &fields).await;
        app.redeem(&client, &parameters(answer.header("location"))["code"]).await.json()
    };
    let scopes = async |tokens: &serde_json::Value| {
        let me = app.script(&format!("Bearer {}", tokens["access_token"].as_str().unwrap())).get("/api/v1/me").await;
        if me.status == 200 { me.json()["scopes"].to_string() } else { me.status.to_string() }
    };
    let read = ask("read", "until_revoked").await;
    app.pass(Lifetime::from_seconds(60));
    let write = ask("write", "1h").await;
    assert_eq!(app.count_grants(&ada).await, 2);
    app.pass(Lifetime::from_seconds(3480));
    assert_eq!((scopes(&read).await, scopes(&write).await), ("[\"read\"]".to_owned(), "[\"write\"]".to_owned()));
    // Both are allowed, but not for the same time: how long is a question.
    let both = ask("read write", "until_revoked").await;
    assert_eq!(app.count_grants(&ada).await, 1);
    assert_eq!(scopes(&both).await, "[\"read\",\"write\"]");
    let refreshed = app.refresh(&client, write["refresh_token"].as_str().unwrap()).await;
    assert_eq!(refreshed.status, 200, "{}", refreshed.body);
    app.pass(Lifetime::from_seconds(119));
    assert_eq!((scopes(&read).await, scopes(&write).await), ("401".to_owned(), "[\"write\"]".to_owned()));
    app.pass(Lifetime::from_seconds(1));
    assert_eq!(scopes(&write).await, "401", "what was given for the hour ends with it");
    assert_eq!(scopes(&refreshed.json()).await, "[\"write\"]", "what was given after the last decision does not");
}

/// RFC 6749 §3.3
#[tokio::test]
async fn a_needed_scope_cannot_be_unticked() {
    let (app, _, _, browser) = begin().await;
    let needs = |client: &mut ClientDescription| client.needed_scopes = Scope::parse("read").unwrap();
    let client = app.client_with("read write", needs).await;
    let page = browser.get(&client.authorize_path(&[])).await;
    assert!(page.body.contains("Needed"), "{}", page.body);
    let tokens = allow(&app, &browser, &client, &[], "until_revoked").await;
    assert_eq!(tokens["scope"], "read");
    // It is given only where it is asked for.
    let client = app.client_with("read write", needs).await;
    let page = browser.get(&client.authorize_path(&[("scope", "write")])).await;
    let answer = send(&browser, &page, &[("scope", "write")]).await;
    let tokens = app.redeem(&client, &parameters(answer.header("location"))["code"]).await;
    assert_eq!(tokens.text("scope"), "write");
}

/// RFC 6749 §4.1.2.1
#[tokio::test]
async fn to_deny_and_to_allow_nothing_are_the_same() {
    let (app, ada, client, browser) = begin().await;
    for extra in [&[("decision", "deny"), ("scope", "read")][..], &[("decision", "allow")]] {
        let page = browser.get(&client.authorize_path(&[])).await;
        let answer = send(&browser, &page, extra).await;
        app.redirected(&answer, REDIRECT, "access_denied", Some("xyz"));
    }
    assert_eq!(app.count_grants(&ada).await, 0);
    assert_eq!(app.audited(AuditEvent::GrantDenied).await.len(), 2);
    assert!(app.audited(AuditEvent::GrantGiven).await.is_empty());
    browser.get(&client.authorize_path(&[])).await.is_consent_page();
}

/// RFC 6749 §1.5
#[tokio::test]
async fn what_is_allowed_for_an_hour_ends_with_it() {
    let (app, ada, client, browser) = begin().await;
    let tokens = allow(&app, &browser, &client, &["read", "write"], "1h").await;
    let access_token = tokens["access_token"].as_str().unwrap();
    app.pass(Lifetime::from_seconds(1800));
    let refreshed = app.refresh(&client, tokens["refresh_token"].as_str().unwrap()).await;
    assert_eq!(refreshed.json()["expires_in"], 1800, "not longer than what it hangs on");
    let remembered = browser.get(&client.authorize_path(&[])).await;
    let code = parameters(remembered.header("location"))["code"].clone();
    assert_eq!(app.redeem(&client, &code).await.json()["expires_in"], 1800);
    app.pass(Lifetime::from_millis(1_799_999));
    assert_eq!(app.me_status(access_token).await, 200);
    assert_eq!(app.me_status(&refreshed.text("access_token")).await, 200);
    let late_code = browser.get(&client.authorize_path(&[])).await;
    app.pass(Lifetime::from_millis(1));
    assert_eq!(app.me_status(&refreshed.text("access_token")).await, 401);
    app.refresh(&client, &refreshed.text("refresh_token")).await.refused(400, "invalid_grant");
    app.redeem(&client, &parameters(late_code.header("location"))["code"]).await.refused(400, "invalid_grant");
    assert_eq!(app.count_grants(&ada).await, 0);
    browser.get(&client.authorize_path(&[])).await.is_consent_page();
}

/// RFC 6749 §1.5
#[tokio::test]
async fn what_is_allowed_for_thirty_days_ends_with_them() {
    let (app, _, client, browser) = begin().await;
    let mut tokens = allow(&app, &browser, &client, &["read"], "30d").await;
    for days in [10, 10, 9] {
        app.pass(Lifetime::from_days(days));
        tokens = app.refresh(&client, tokens["refresh_token"].as_str().unwrap()).await.json();
        assert_eq!(tokens["expires_in"], 3600);
    }
    app.pass(Lifetime::from_days(1));
    app.refresh(&client, tokens["refresh_token"].as_str().unwrap()).await.refused(400, "invalid_grant");
    // A form that leaves the duration out means until it is taken back; another word is refused, and decides nothing.
    let browser = app.signed_in("ada", PASSWORD).await;
    let page = browser.get(&client.authorize_path(&[])).await;
    assert_eq!(send(&browser, &page, &[("scope", "read"), ("duration", "2h")]).await.status, 400);
    let answer = send(&browser, &page, &[("scope", "read")]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    app.pass(Lifetime::from_days(31));
    let browser = app.signed_in("ada", PASSWORD).await;
    assert_eq!(browser.get(&client.authorize_path(&[("scope", "read")])).await.status, 303);
}

/// RFC 6749 §10.12
#[tokio::test]
async fn a_request_is_decided_in_the_session_that_it_was_shown_in() {
    let (app, _, client, browser) = begin().await;
    app.person("eve", &[]).await;
    let page = browser.get(&client.authorize_path(&[])).await;
    let request = page.input("request");
    for other in [app.signed_in("eve", PASSWORD).await, app.signed_in("ada", PASSWORD).await] {
        let own = other.get(&client.authorize_path(&[])).await;
        let answer = send(&other, &own, &[("request", &request), ("scope", "read")]).await;
        assert_eq!(answer.status, 404, "{}", answer.body);
    }
    let answer = send(&browser, &page, &[("request", "request_01a20ce405c07cb280c03f20c2ff09cc")]).await;
    assert_eq!(answer.status, 404, "another's and nobody's look the same: {}", answer.body);
    assert_eq!(send(&browser, &page, &[("scope", "read")]).await.status, 303, "none of it has touched the request");
}

/// RFC 6749 §4.1.2
#[tokio::test]
async fn a_request_is_decided_once() {
    let (app, _, client, browser) = begin().await;
    for first in ["allow", "deny"] {
        let page = browser.get(&client.authorize_path(&[("scope", "read write")])).await;
        page.is_consent_page();
        let answer = send(&browser, &page, &[("decision", first), ("scope", "read")]).await;
        assert_eq!(answer.status, 303);
        for second in ["allow", "deny"] {
            let answer = send(&browser, &page, &[("decision", second), ("scope", "read")]).await;
            assert_eq!((answer.status, answer.header("location")), (409, ""), "{}", answer.body);
        }
    }
    assert_eq!(app.audited(AuditEvent::GrantGiven).await.len(), 1);
    assert_eq!(app.audited(AuditEvent::GrantDenied).await.len(), 1);
}

/// RFC 6749 §4.1.1
#[tokio::test]
async fn a_request_waits_for_ten_minutes() {
    let (app, _, client, browser) = begin().await;
    let pages = [browser.get(&client.authorize_path(&[])).await, browser.get(&client.authorize_path(&[])).await];
    app.pass(Lifetime::from_millis(599_999));
    assert_eq!(send(&browser, &pages[0], &[("scope", "read")]).await.status, 303);
    app.pass(Lifetime::from_millis(1));
    assert_eq!(send(&browser, &pages[1], &[("scope", "read")]).await.status, 409);
}

/// RFC 6749 §4.1.1
#[tokio::test]
async fn only_the_request_that_was_kept_counts_whatever_the_form_says() {
    let (app, _, client, browser) = begin().await;
    let eve = app.person("eve", &[]).await;
    let other = app.web_client("read write profile").await;
    let path = client.authorize_path(&[("scope", "read")]);
    let page = browser.get(&path).await;
    let user = eve.id.to_string();
    let tampered = [
        ("scope", "read"),
        ("scope", "write"),
        ("scope", "profile"),
        ("scope", "users:write"),
        ("client_id", other.client_id.as_str()),
        ("redirect_uri", "https://evil.test/cb"),
        ("state", "forged"),
        ("response_type", "token"),
        ("user", user.as_str()),
        ("username", "eve"),
        ("code_challenge", "x"),
        ("trusted", "true"),
    ];
    let answer = send(&browser, &page, &tampered).await;
    let location = answer.header("location");
    assert!(location.starts_with("https://rp.test/cb?code="), "{location}");
    let answer = parameters(location);
    assert_eq!(answer["state"], "xyz");
    app.redeem(&other, &answer["code"]).await.refused(400, "invalid_grant");
    let tokens = app.redeem(&client, &answer["code"]).await.json();
    assert_eq!(tokens["scope"], "read");
    let me = app.script(&format!("Bearer {}", tokens["access_token"].as_str().unwrap())).get("/api/v1/me").await;
    assert_eq!(me.json()["username"], "ada");
}

/// RFC 6749 §10.12
#[tokio::test]
async fn a_decision_comes_by_the_form_of_the_page_and_by_no_other_way() {
    let (app, ada, client, browser) = begin().await;
    let page = browser.get(&client.authorize_path(&[])).await;
    let (request, csrf_token) = (page.input("request"), page.input("csrf_token"));
    let allowed = format!("/oauth/consent?request={request}&decision=allow&scope=read&csrf_token={csrf_token}");
    let answer = browser.get(&allowed).await;
    assert_eq!((answer.status, answer.header("allow")), (405, "POST"));
    let fields = [("request", request.as_str()), ("decision", "allow"), ("scope", "read")];
    let with_token = [&fields[..], &[("csrf_token", csrf_token.as_str())]].concat();
    let wrong_token = [&fields[..], &[("csrf_token", "wrong")]].concat();
    let of_another = app.signed_in("ada", PASSWORD).await.csrf_token("/account").await;
    let token_of_another = [&fields[..], &[("csrf_token", of_another.as_str())]].concat();
    for forged in [&fields[..], &wrong_token, &token_of_another] {
        assert_eq!(browser.post("/oauth/consent", forged).await.status, 403);
    }
    for (name, value) in [
        ("origin", "https://evil.test"),
        ("origin", "null"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("sec-fetch-site", "none"),
        ("x", "neither header"),
    ] {
        let request = browser.request(Method::POST, "/oauth/consent").header(name, value).form(&with_token);
        assert_eq!(browser.send(request).await.status, 403, "{name}: {value}");
    }
    let json = browser.request(Method::POST, "/oauth/consent").header("origin", &app.url);
    let json = json.header("x-csrf-token", &csrf_token).header("content-type", "application/json").body("{}");
    assert_eq!(browser.send(json).await.status, 415);
    // A key is no person, and who is not signed in is sent to sign in.
    let key = app.key(&ada).await;
    assert_eq!(app.script(&key.token_header()).post("/oauth/consent", &with_token).await.status, 403);
    let stranger = app.stranger().with("origin", &app.url).post("/oauth/consent", &with_token).await;
    assert_eq!((stranger.status, stranger.header("location")), (303, "/login"));
    for bad in [&[("request", "x")][..], &[("decision", "maybe")], &[("decision", "")], &[("scope", "re\"ad")]] {
        assert_eq!(send(&browser, &page, bad).await.status, 400, "{bad:?}");
    }
    assert_eq!(app.count_grants(&ada).await, 0);
    // With Referrer-Policy: no-referrer a browser says this, and its form counts.
    let request = browser.request(Method::POST, "/oauth/consent").header("origin", "null");
    let answer = browser.send(request.header("sec-fetch-site", "same-origin").form(&with_token)).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
}

/// RFC 6749 §10.2
#[tokio::test]
async fn a_trusted_client_is_not_asked_about_and_its_grant_can_be_ended_all_the_same() {
    let (app, ada, _, browser) = begin().await;
    let trust = |client: &mut ClientDescription| client.trusted = true;
    let client = app.client_with("read", trust).await;
    let answer = browser.get(&client.authorize_path(&[])).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let tokens = app.redeem(&client, &parameters(answer.header("location"))["code"]).await.json();
    assert_eq!((app.count_grants(&ada).await, app.audited(AuditEvent::GrantGiven).await.len()), (1, 1));
    app.revoke_grants(ada.id).await;
    assert_eq!(app.me_status(tokens["access_token"].as_str().unwrap()).await, 401);
    // Who is not signed in still signs in first.
    assert!(app.stranger().get(&client.authorize_path(&[])).await.header("location").starts_with("/login?"));
}

/// RFC 6749 §4.1.1
#[tokio::test]
async fn all_is_checked_once_more_when_the_decision_comes() {
    let (app, ada, _, browser) = begin().await;
    let open = async |client: &SeededClient| browser.get(&client.authorize_path(&[])).await;
    let all = [("scope", "read"), ("scope", "write")];

    let client = app.web_client("read write").await;
    let page = open(&client).await;
    app.set_client_enabled(&client, false).await;
    send(&browser, &page, &all).await.is_error_page();

    let page = open(&app.web_client("read write").await).await;
    app.set_client_enabled(&client, true).await;
    let client = app.web_client("read write").await;
    let other_page = open(&client).await;
    app.delete_client(&client).await;
    send(&browser, &other_page, &all).await.is_error_page();
    assert_eq!(send(&browser, &page, &all).await.status, 303);

    let client = app.web_client("read write").await;
    let page = open(&client).await;
    let moved = |client: &mut ClientDescription| {
        client.redirect_uris = vec![RedirectUri::parse("https://rp.test/moved").unwrap()];
    };
    app.change_client(&client, moved).await;
    send(&browser, &page, &all).await.is_error_page();

    let client = app.web_client("read write").await;
    let page = open(&client).await;
    app.change_client(&client, |client| client.scopes = Scope::parse("read").unwrap()).await;
    app.redirected(&send(&browser, &page, &all).await, REDIRECT, "invalid_scope", Some("xyz"));

    let client = app.web_client("read").await;
    let page = open(&client).await;
    let widened = |client: &mut ClientDescription| {
        client.scopes = Scope::parse("read write").unwrap();
        client.needed_scopes = client.scopes.clone();
    };
    app.change_client(&client, widened).await;
    let answer = send(&browser, &page, &all).await;
    let tokens = app.redeem(&client, &parameters(answer.header("location"))["code"]).await;
    assert_eq!(tokens.text("scope"), "read", "what did not stand on the page was not allowed");

    app.role("editor").await;
    app.scope("edit", &["editor"]).await;
    app.grant_role(&ada, "editor").await;
    let client = app.web_client("edit read").await;
    let page = open(&client).await;
    assert!(page.body.contains("Use edit"), "{}", page.body);
    app.revoke_role(&ada, "editor").await;
    let answer = send(&browser, &page, &[("scope", "edit"), ("scope", "read")]).await;
    let tokens = app.redeem(&client, &parameters(answer.header("location"))["code"]).await;
    assert_eq!(tokens.text("scope"), "read");

    let page = open(&app.web_client("read write").await).await;
    app.set_user_enabled(ada.id, false).await;
    let answer = send(&browser, &page, &all).await;
    assert_eq!((answer.status, answer.header("location")), (303, "/login"));
}

/// RFC 6749 §4.1.1
#[tokio::test]
async fn what_was_taken_back_is_asked_for_again() {
    let (app, ada, client, browser) = begin().await;
    let tokens = app.tokens(&browser, &client).await;
    app.revoke_grants(ada.id).await;
    assert_eq!(app.me_status(tokens["access_token"].as_str().unwrap()).await, 401);
    let page = browser.get(&client.authorize_path(&[])).await;
    page.is_consent_page();
    assert!(!page.body.contains("Allowed before"), "{}", page.body);
    app.decide(&browser, &page, "allow").await;
    assert_eq!(app.me_status(tokens["access_token"].as_str().unwrap()).await, 401, "what was ended stays so");
}

/// RFC 9700 §4.2.4: what leaves for the client says nothing of where it came from.
#[tokio::test]
async fn whatever_leaves_for_a_client_carries_no_referrer() {
    let app = TestApp::start().await;
    app.scope("read", &[]).await;
    app.person("ada", &[]).await;
    let client = app.web_client("read").await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let leaves = |answer: &Answer, status: u16| {
        assert_eq!((answer.status, answer.header("referrer-policy")), (status, "no-referrer"), "{}", answer.body);
        assert!(status == 200 || answer.header("location").starts_with("https://rp.test/cb"), "{}", answer.body);
    };
    let decide = async |mode: &str, decision: &str| {
        let page = browser.get(&client.authorize_path(&[("response_mode", mode), ("prompt", "consent")])).await;
        let (request, csrf_token) = (page.input("request"), page.input("csrf_token"));
        let fields = [("request", &*request), ("decision", decision), ("scope", "read"), ("csrf_token", &csrf_token)];
        browser.post("/oauth/consent", &fields).await
    };
    for decision in ["allow", "deny"] {
        leaves(&decide("query", decision).await, 303);
        leaves(&decide("form_post", decision).await, 200);
    }
    leaves(&browser.get(&client.authorize_path(&[])).await, 303);
    leaves(&browser.get(&client.authorize_path(&[("scope", "unheard-of")])).await, 303);
    leaves(&browser.get(&client.authorize_path(&[("scope", "unheard-of"), ("response_mode", "form_post")])).await, 200);
    leaves(&app.browser().get(&client.authorize_path(&[("scope", "unheard-of")])).await, 303);
}
