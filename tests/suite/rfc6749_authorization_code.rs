//! The authorization code grant (RFC 6749 §4.1): which requests are answered and where, and who may redeem a code.

use hallpass::model::audit::AuditEvent;
use hallpass::model::client::GrantType;
use hallpass::model::redirect_uri::RedirectUri;
use hallpass::model::time::Lifetime;
use hallpass::model::token::Token;
use hallpass::model::token::TokenKind;

use crate::support::app::TestApp;
use crate::support::caller::Browser;
use crate::support::flow::VERIFIER;
use crate::support::flow::challenge;
use crate::support::flow::parameters;
use crate::support::seed::PASSWORD;
use crate::support::seed::SeededClient;

const REDIRECT: &str = "https://rp.test/cb";

/// A server with a user `ada`, a client that may read and write, and a browser in which ada is signed in.
async fn begin() -> (TestApp, SeededClient, Browser) {
    let app = TestApp::start().await;
    app.person("ada", &[]).await;
    app.scope("read", &[]).await;
    app.scope("write", &[]).await;
    let client = app.web_client("read write").await;
    let browser = app.signed_in("ada", PASSWORD).await;
    (app, client, browser)
}

/// Without PKCE, so that nothing but the rule in question speaks.
const NO_PKCE: [(&str, &str); 2] = [("code_challenge", ""), ("code_challenge_method", "")];

/// RFC 6749 §4.1.2.1
#[tokio::test]
async fn an_unknown_client_is_shown_on_a_page_and_a_disabled_one_looks_the_same() {
    let (app, client, browser) = begin().await;
    let gone = app.web_client("read").await;
    app.delete_client(&gone).await;
    let disabled = app.web_client("read").await;
    app.set_client_enabled(&disabled, false).await;
    let evil = ("redirect_uri", "https://evil.test/cb");
    let without_id = |text: &str, id: &str| text.replace(id, "");
    let mut pages = Vec::new();
    for client_id in ["nobody", gone.client_id.as_str(), disabled.client_id.as_str()] {
        for extra in [&[("client_id", client_id)][..], &[("client_id", client_id), evil]] {
            for page in [
                browser.get(&client.authorize_path(extra)).await,
                app.stranger().get(&client.authorize_path(extra)).await,
            ] {
                page.is_error_page();
                assert!(page.body.contains("client_id names no client"), "{}", page.body);
                pages.push(without_id(&page.body, page.header("x-request-id")));
            }
        }
    }
    assert!(pages.windows(2).all(|two| two[0] == two[1]), "the pages differ");
    browser.get(&client.authorize_path(&[("client_id", "")])).await.is_error_page();
}

/// RFC 6749 §3.1.2.3, §3.1.2.4, §4.1.2.1; RFC 9700 §2.1
#[tokio::test]
async fn an_answer_goes_to_the_registered_address_and_to_no_other() {
    let (app, client, browser) = begin().await;
    let with_query = |client: &mut hallpass::domain::clients::ClientDescription| {
        client.redirect_uris = vec![RedirectUri::parse("https://rp.test/cb?a=1").unwrap()];
    };
    let queried = app.client_with("read", with_query).await;
    for (client, uri, reason) in [
        (&client, "https://evil.test/cb", "host"),
        (&client, "https://rp.test/cb/", "slash"),
        (&client, "https://rp.test/cb?a=1", "query"),
        (&client, "https://rp.test/%63b", "path"),
        (&client, "https://rp.test:443/cb", "port"),
        (&client, "http://rp.test/cb", "http in place of https"),
        (&client, "https://RP.test/cb", "capital"),
        (&client, "HTTPS://rp.test/cb", "scheme"),
        (&client, "https://rp.test.evil.test/cb", "host"),
        (&client, "https://evilrp.test/cb", "host"),
        (&client, "https://rр.test/cb", "host"), // a Cyrillic р
        (&client, "https://xn--r-7tb.test/cb", "host"),
        (&client, "https://rp.test@evil.test/cb", "user name"),
        (&client, "https://rp.test\\@evil.test/cb", "host"),
        (&client, "https://rp.test/cb#x", "fragment"),
        (&client, "https://rp.test/cb#", "fragment"),
        (&client, "https://rp.test/../cb", "path"),
        (&client, "https://rp.test/cb ", "spaces"),
        (&client, "https://rp.test/cb\r\nX: y", "spaces or control"),
        (&client, "//rp.test/cb", "scheme"),
        (&client, "/cb", ""),
        (&client, "javascript:alert(1)", ""),
        (&queried, "https://rp.test/cb?a=2", "query"),
        (&queried, "https://rp.test/cb", "query"),
        (&queried, "https://rp.test/cb?a=1&b=2", "query"),
    ] {
        let path = client.authorize_path(&[("redirect_uri", uri)]);
        for page in [browser.get(&path).await, app.stranger().get(&path).await] {
            page.is_error_page();
            assert!(page.body.contains("redirect_uri is not registered for this client: "), "{uri}: {}", page.body);
            assert!(page.body.contains(reason), "{uri}: {}", page.body);
            assert!(!page.body.contains("evil"), "{uri} is repeated");
        }
    }
    let path = queried.authorize_path(&[]);
    let location = app.decide(&browser, &browser.get(&path).await, "allow").await;
    assert!(location.starts_with("https://rp.test/cb?a=1&code="), "{location}");
}

/// RFC 6749 §3.1.2.3
#[tokio::test]
async fn the_redirect_uri_may_be_left_out_only_where_one_is_registered() {
    let (app, client, browser) = begin().await;
    let location = app.authorize(&browser, &client, &[("redirect_uri", "")]).await;
    assert!(location.starts_with("https://rp.test/cb?code="), "{location}");
    let two = |client: &mut hallpass::domain::clients::ClientDescription| {
        client.redirect_uris.push(RedirectUri::parse("https://rp.test/other").unwrap());
    };
    let several = app.client_with("read", two).await;
    let page = browser.get(&several.authorize_path(&[("redirect_uri", "")])).await;
    page.is_error_page();
    assert!(page.body.contains("redirect_uri is missing"), "{}", page.body);
    let location = app.authorize(&browser, &several, &[("redirect_uri", "https://rp.test/other")]).await;
    assert!(location.starts_with("https://rp.test/other?code="), "{location}");
    // Empty is left out, not "the empty address".
    let path = format!("{}&redirect_uri=", client.authorize_path(&[("redirect_uri", "")]));
    assert_ne!(browser.get(&path).await.status, 400);
}

/// RFC 6749 §3.1, §4.1.2.1
#[tokio::test]
async fn where_client_or_redirect_uri_stand_twice_neither_is_used() {
    let (app, client, browser) = begin().await;
    let other = app.web_client("read").await;
    let path = client.authorize_path(&[]);
    for more in [
        "&redirect_uri=https%3A%2F%2Fevil.test%2Fcb",
        "&redirect_uri=https%3A%2F%2Frp.test%2Fcb",
        "&redirect_uri=",
        "&redirect%5Furi=https%3A%2F%2Fevil.test%2Fcb",
        &format!("&client_id={}", other.client_id),
        &format!("&client_id={}", client.client_id),
    ] {
        browser.get(&format!("{path}{more}")).await.is_error_page();
        app.stranger().get(&format!("{path}{more}")).await.is_error_page();
        let (before, after) = path.split_once('?').unwrap();
        browser.get(&format!("{before}?{}&{after}", more.trim_start_matches('&'))).await.is_error_page();
    }
    for bad in ["&redirect_uri=%zz", "&redirect_uri=%ff", "&client_id=%00"] {
        let path = client.authorize_path(&[("redirect_uri", ""), ("client_id", "")]);
        browser.get(&format!("{path}{bad}")).await.is_error_page();
    }
}

/// RFC 6749 §4.1.2.1, §3.3; RFC 9700 §2.1.2; RFC 8707 §2
#[tokio::test]
async fn behind_a_right_client_and_redirect_uri_errors_travel_to_the_client() {
    let (app, client, browser) = begin().await;
    let no_codes = |client: &mut hallpass::domain::clients::ClientDescription| {
        client.grant_types = vec![GrantType::ClientCredentials];
        client.redirect_uris = Vec::new();
    };
    for (extra, error) in [
        (("response_type", ""), "invalid_request"),
        (("response_type", "token"), "unsupported_response_type"),
        (("response_type", "id_token"), "unsupported_response_type"),
        (("response_type", "code token"), "unsupported_response_type"),
        (("response_type", "none"), "unsupported_response_type"),
        (("response_mode", "web_message"), "invalid_request"),
        (("request", "eyJhbGciOiJub25lIn0.e30."), "request_not_supported"),
        (("request_uri", "http://127.0.0.1:9/x"), "request_uri_not_supported"),
        (("scope", "read nothing"), "invalid_scope"),
        (("scope", "profile"), "invalid_scope"),
        (("scope", "read\"write"), "invalid_scope"),
        (("scope", "read\\write"), "invalid_scope"),
        (("scope", "re\u{1}ad"), "invalid_scope"),
        (("scope", "réad"), "invalid_scope"),
        (("scope", "read  write"), "invalid_scope"),
        (("scope", " read"), "invalid_scope"),
        (("resource", "https://api.test/"), "invalid_target"),
        (("resource", "nonsense"), "invalid_target"),
        (("resource", "https://api.test/#x"), "invalid_target"),
    ] {
        let path = client.authorize_path(&[extra]);
        for answer in [browser.get(&path).await, app.stranger().get(&path).await] {
            app.redirected(&answer, REDIRECT, error, Some("xyz"));
        }
    }
    // A client for other grants has no address that could be told.
    let machine = app.client_with("read", no_codes).await;
    browser.get(&machine.authorize_path(&[("redirect_uri", REDIRECT)])).await.is_error_page();
}

/// RFC 6749 §3.1, §4.1.2.1
#[tokio::test]
async fn any_other_parameter_that_stands_twice_or_is_no_text_is_told_to_the_client() {
    let (app, client, browser) = begin().await;
    let path = client.authorize_path(&[]);
    for more in [
        "&scope=read&scope=read",
        "&scope=read&scope=",
        "&response_type=code",
        "&code_challenge=x",
        "&code_challenge_method=S256",
        "&code_challenge_method=plain",
        "&foo=1&foo=2",
        "&scope=%zz",
        "&scope=%ff",
        "&%zz=1",
        &format!("&scope={}", "a".repeat(9000)),
    ] {
        let path = format!("{path}{more}");
        for answer in [browser.get(&path).await, app.stranger().get(&path).await] {
            app.redirected(&answer, REDIRECT, "invalid_request", Some("xyz"));
        }
    }
    // Which of two states was meant nobody knows, so none is sent back.
    for more in ["&state=abc", "&state=xyz", "&state="] {
        app.redirected(&browser.get(&format!("{path}{more}")).await, REDIRECT, "invalid_request", None);
    }
    let (resource, issuer) = (format!("&resource={}", app.url), app.url.clone());
    let twice = browser.get(&format!("{path}{resource}{resource}/")).await;
    twice.is_consent_page();
    assert!(!issuer.is_empty());
}

/// RFC 6749 §3.1
#[tokio::test]
async fn parameters_that_nobody_knows_are_ignored() {
    let (app, client, browser) = begin().await;
    let extra = [
        ("foo", "bar"),
        ("ui_locales", "fr-CA fr en"),
        ("claims_locales", "tlh"),
        ("display", "hologram"),
        ("acr_values", "1 2"),
        ("error_description", "<script>alert(1)</script>"),
        ("_method", "DELETE"),
    ];
    let page = browser.get(&client.authorize_path(&extra)).await;
    page.is_consent_page();
    assert!(!page.body.contains("<script>alert"), "{}", page.body);
    let location = app.decide(&browser, &page, "allow").await;
    assert!(parameters(&location).contains_key("code"));
}

/// RFC 6749 §4.1.2
#[tokio::test]
async fn the_state_comes_back_as_it_was_sent_or_not_at_all() {
    let (app, client, browser) = begin().await;
    for state in ["xyz", "a b+c&d=e%20f", "ü/€?#[]@", "\"<script>'", "\t\r\n", "0", &"s".repeat(4096)] {
        let location = app.authorize(&browser, &client, &[("state", state)]).await;
        assert_eq!(parameters(&location)["state"], state, "{location}");
        let path = client.authorize_path(&[("state", state), ("scope", "nothing")]);
        app.redirected(&browser.get(&path).await, REDIRECT, "invalid_scope", Some(state));
    }
    let location = app.authorize(&browser, &client, &[("state", "")]).await;
    assert!(!location.contains("state"), "{location}");
    let path = format!("{}&state=", client.authorize_path(&[("state", "")]));
    let answer = browser.get(&path).await;
    assert!(!answer.header("location").contains("state"), "{}", answer.header("location"));
    // One that is too long to be carried back is refused without it.
    for length in [4097, 9000] {
        let answer = browser.get(&client.authorize_path(&[("state", &"s".repeat(length))])).await;
        app.redirected(&answer, REDIRECT, "invalid_request", None);
    }
}

/// RFC 6749 §3.1
#[tokio::test]
async fn who_is_not_signed_in_signs_in_and_comes_back_to_the_request() {
    let (app, client, _) = begin().await;
    let browser = app.browser();
    let path = client.authorize_path(&[("state", "a b&c=ü")]);
    let answer = browser.get(&path).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let login = answer.header("location").to_owned();
    assert!(login.starts_with("/login?return_to=%2Foauth%2Fauthorize%3F"), "{login}");
    let page = browser.get(&login).await;
    assert!(page.body.contains("Ledger"), "the page says who asks: {}", page.body);
    let (return_to, csrf_token) = (page.input("return_to"), page.input("csrf_token"));
    let fields = [("username", "ada"), ("password", PASSWORD), ("return_to", &return_to), ("csrf_token", &csrf_token)];
    let answer = browser.post("/login", &fields).await;
    assert_eq!((answer.status, answer.header("location")), (303, path.as_str()));
    let page = browser.get(&path).await;
    let location = app.decide(&browser, &page, "allow").await;
    assert_eq!(parameters(&location)["state"], "a b&c=ü");
}

/// RFC 6749 §3.1
#[tokio::test]
async fn a_request_that_is_posted_becomes_a_get_and_loses_nothing() {
    let (app, client, browser) = begin().await;
    let path = client.authorize_path(&[("state", "a b&c=ü#d")]);
    let body = path.split_once('?').unwrap().1;
    for caller in ["browser", "stranger"] {
        let answer = if caller == "browser" {
            let request = browser.request(reqwest::Method::POST, "/oauth/authorize");
            let form = request.header("content-type", "application/x-www-form-urlencoded").body(body.to_owned());
            browser.send(form).await
        } else {
            app.stranger().post_raw("/oauth/authorize", "application/x-www-form-urlencoded", body.to_owned()).await
        };
        assert_eq!(answer.status, 303, "{caller}: {}", answer.body);
        let location = answer.header("location");
        let page = browser.get(location).await;
        page.is_consent_page();
        let location = app.decide(&browser, &page, "deny").await;
        app.error_location(&location, REDIRECT, "access_denied", Some("a b&c=ü#d"));
    }
    // What stands unencoded in a body must not end or split the address that is made of it.
    let raw = format!("client_id={}&state=a#b\r\nSet-Cookie: x=y&scope=n\u{fc}", client.client_id);
    let answer = app.stranger().post_raw("/oauth/authorize", "application/x-www-form-urlencoded", raw).await;
    assert_eq!((answer.status, answer.header("set-cookie")), (303, ""), "{}", answer.body);
    let location = answer.header("location").to_owned();
    let refused = browser.get(&location).await;
    app.redirected(&refused, REDIRECT, "invalid_request", Some("a#b\r\nSet-Cookie: x=y"));
    for (content_type, body) in [
        ("application/x-www-form-urlencoded", &b"client_id=\xff"[..]),
        ("application/x-www-form-urlencoded", b"client_id=a&client_id=b"),
        ("application/json", b"{}"),
        ("text/plain", b"client_id=a"),
    ] {
        app.stranger().post_raw("/oauth/authorize", content_type, body).await.is_error_page();
    }
}

/// RFC 9700 §2.6
#[tokio::test]
async fn scripts_of_other_origins_cannot_read_the_authorization_endpoint() {
    let (app, client, browser) = begin().await;
    let request = browser.request(reqwest::Method::GET, &client.authorize_path(&[]));
    let answer = browser.send(request.header("origin", "https://evil.test")).await;
    let preflight = app.stranger().with("origin", "https://evil.test").with("access-control-request-method", "GET");
    for answer in [answer, preflight.send(reqwest::Method::OPTIONS, "/oauth/authorize", None).await] {
        assert!(answer.headers.keys().all(|name| !name.as_str().starts_with("access-control-")), "{answer:?}");
    }
}

/// RFC 6749 §4.1.3, §4.1.4, §5.1
#[tokio::test]
async fn a_code_gives_tokens() {
    let (app, client, browser) = begin().await;
    let code = app.code(&browser, &client).await;
    assert!(Token::parse_as(TokenKind::Code, &code).is_some(), "{code}");
    let answer = app.redeem(&client, &code).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.header("content-type"), "application/json");
    answer.not_stored();
    let tokens = answer.json();
    let mut members: Vec<&str> = tokens.as_object().unwrap().keys().map(String::as_str).collect();
    members.sort_unstable();
    assert_eq!(members, ["access_token", "expires_in", "refresh_token", "scope", "token_type"]);
    assert_eq!((&tokens["token_type"], &tokens["expires_in"]), (&"Bearer".into(), &3600.into()));
    assert_eq!(tokens["scope"], "read write");
    assert!(Token::parse_as(TokenKind::Access, tokens["access_token"].as_str().unwrap()).is_some());
    assert!(Token::parse_as(TokenKind::Refresh, tokens["refresh_token"].as_str().unwrap()).is_some());
    let me = app.script(&format!("bearer  {}", tokens["access_token"].as_str().unwrap())).get("/api/v1/me").await;
    assert_eq!(me.json()["expires_at"], app.act().now.seconds() + 3600);
}

/// RFC 6749 §1.5, §6
#[tokio::test]
async fn only_a_client_that_is_registered_for_refresh_tokens_gets_one() {
    let (app, _, browser) = begin().await;
    let codes_only = |client: &mut hallpass::domain::clients::ClientDescription| {
        client.grant_types = vec![GrantType::AuthorizationCode];
    };
    let client = app.client_with("read offline_access", codes_only).await;
    let tokens = app.tokens(&browser, &client).await;
    assert!(tokens.get("refresh_token").is_none(), "{tokens}");
    // With or without offline_access one that is registered for them does.
    let client = app.web_client("read").await;
    assert!(app.tokens(&browser, &client).await["refresh_token"].is_string());
}

/// RFC 6749 §4.1.2; RFC 9700 §2.1.1
#[tokio::test]
async fn a_code_that_is_used_twice_ends_all_that_it_gave() {
    let (app, client, browser) = begin().await;
    let code = app.code(&browser, &client).await;
    let first = app.redeem(&client, &code).await.json();
    let access_token = first["access_token"].as_str().unwrap();
    let refreshed = app.refresh(&client, first["refresh_token"].as_str().unwrap()).await;
    let of_the_same_family = refreshed.text("access_token");
    assert_eq!((app.me_status(access_token).await, app.me_status(&of_the_same_family).await), (200, 200));
    let other = app.tokens(&browser, &client).await;

    app.redeem(&client, &code).await.refused(400, "invalid_grant");
    assert_eq!((app.me_status(access_token).await, app.me_status(&of_the_same_family).await), (401, 401));
    app.refresh(&client, &refreshed.text("refresh_token")).await.refused(400, "invalid_grant");
    assert_eq!(app.me_status(other["access_token"].as_str().unwrap()).await, 200, "another sign-in lives on");

    app.redeem(&client, &code).await.refused(400, "invalid_grant");
    assert_eq!(app.audited(AuditEvent::CodeReplayed).await.len(), 1, "it is noted once");
}

/// RFC 6749 §4.1.2
#[tokio::test]
async fn a_second_use_is_known_as_one_long_after_the_code_has_ended() {
    let (app, client, browser) = begin().await;
    let code = app.code(&browser, &client).await;
    let tokens = app.redeem(&client, &code).await.json();
    app.pass(Lifetime::from_seconds(3000));
    assert_eq!(app.me_status(tokens["access_token"].as_str().unwrap()).await, 200);
    app.redeem(&client, &code).await.refused(400, "invalid_grant");
    assert_eq!(app.me_status(tokens["access_token"].as_str().unwrap()).await, 401);
}

/// RFC 6749 §4.1.2, §10.5
#[tokio::test]
async fn a_second_use_that_is_wrong_in_anything_else_ends_nothing() {
    let (app, client, browser) = begin().await;
    let other = app.web_client("read").await;
    let code = app.code(&browser, &client).await;
    let tokens = app.redeem(&client, &code).await.json();
    let wrong_secret = SeededClient { secret: other.secret.clone(), ..client.clone() };
    let base = [("grant_type", "authorization_code"), ("code", code.as_str())];
    let with = |more: &[(&'static str, &'static str)]| [&base[..], more].concat();
    let wrong_verifier = with(&[("code_verifier", "wrong-wrong-wrong-wrong-wrong-wrong-wrong-wrong")]);
    app.token(&client, &wrong_verifier).await.refused(400, "invalid_grant");
    app.token(&client, &base).await.refused(400, "invalid_grant");
    let wrong_address = with(&[("code_verifier", VERIFIER), ("redirect_uri", "https://rp.test/other")]);
    app.token(&client, &wrong_address).await.refused(400, "invalid_grant");
    app.redeem(&other, &code).await.refused(400, "invalid_grant");
    app.redeem(&wrong_secret, &code).await.refused(401, "invalid_client");
    let anonymous = with(&[("code_verifier", VERIFIER)]);
    app.stranger().post("/oauth/token", &anonymous).await.refused(401, "invalid_client");
    assert_eq!(app.me_status(tokens["access_token"].as_str().unwrap()).await, 200);
    assert_eq!(app.refresh(&client, tokens["refresh_token"].as_str().unwrap()).await.status, 200);
}

/// RFC 6749 §4.1.3, §5.2
#[tokio::test]
async fn a_code_is_for_the_client_that_it_was_given_to() {
    let (app, client, browser) = begin().await;
    let other = app.web_client("read write").await;
    let public = app.public_client("read write").await;
    let code = app.code(&browser, &client).await;
    app.redeem(&other, &code).await.refused(400, "invalid_grant");
    app.redeem(&public, &code).await.refused(400, "invalid_grant");
    // It took nothing from the one that it belongs to.
    assert_eq!(app.redeem(&client, &code).await.status, 200);
    let code = app.code(&browser, &public).await;
    app.redeem(&client, &code).await.refused(400, "invalid_grant");
    let other_public = app.public_client("read write").await;
    app.redeem(&other_public, &code).await.refused(400, "invalid_grant");
    assert_eq!(app.redeem(&public, &code).await.status, 200);
}

/// RFC 6749 §4.1.2
#[tokio::test]
async fn a_code_ends_after_a_minute() {
    let (app, client, browser) = begin().await;
    let code = app.code(&browser, &client).await;
    app.pass(Lifetime::from_millis(59_999));
    assert_eq!(app.redeem(&client, &code).await.status, 200);
    let code = app.code(&browser, &client).await;
    app.pass(Lifetime::from_seconds(60));
    app.redeem(&client, &code).await.refused(400, "invalid_grant");
    app.redeem(&client, &code).await.refused(400, "invalid_grant");
}

/// RFC 6749 §4.1.2
#[tokio::test]
async fn a_code_ends_when_it_is_configured_to() {
    let app = TestApp::start_with("[tokens]\ncode_lifetime_seconds = 1").await;
    app.person("ada", &[]).await;
    let client = app.web_client("profile").await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let code = app.code(&browser, &client).await;
    app.pass(Lifetime::from_millis(999));
    assert_eq!(app.redeem(&client, &code).await.status, 200);
    let code = app.code(&browser, &client).await;
    app.pass(Lifetime::from_seconds(1));
    app.redeem(&client, &code).await.refused(400, "invalid_grant");
}

/// RFC 6749 §4.1.3
#[tokio::test]
async fn the_token_request_repeats_the_redirect_uri() {
    let (app, client, browser) = begin().await;
    let redeem = async |extra: &[(&str, &str)], redirect_uri: Option<&str>, verifier: Option<&str>| {
        let location = app.authorize(&browser, &client, extra).await;
        let code = parameters(&location)["code"].clone();
        let mut fields = vec![("grant_type", "authorization_code"), ("code", code.as_str())];
        fields.extend(redirect_uri.map(|uri| ("redirect_uri", uri)));
        fields.extend(verifier.map(|verifier| ("code_verifier", verifier)));
        let answer = app.token(&client, &fields).await;
        if answer.status == 200 { "200".to_owned() } else { answer.refused(400, "invalid_grant") }
    };
    let [no_challenge, no_method] = NO_PKCE;
    let (named, unnamed) = (vec![no_challenge, no_method], vec![no_challenge, no_method, ("redirect_uri", "")]);
    assert_eq!(redeem(&named, Some(REDIRECT), None).await, "200");
    assert!(redeem(&named, None, None).await.contains("redirect_uri is missing"));
    for wrong in ["https://rp.test/cb/", "https://rp.test:443/cb", "https://RP.test/cb", "x"] {
        assert!(redeem(&named, Some(wrong), None).await.contains("redirect_uri is not that"), "{wrong}");
    }
    // It was not in the first request, so it need not be in the second.
    assert_eq!(redeem(&unnamed, None, None).await, "200");
    assert_eq!(redeem(&unnamed, Some(REDIRECT), None).await, "200");
    assert!(redeem(&unnamed, Some("https://rp.test/other"), None).await.contains("redirect_uri is not that"));
    // With PKCE it may be left out (OAuth 2.1 §10.2), not be another one.
    assert_eq!(redeem(&[], None, Some(VERIFIER)).await, "200");
    assert!(redeem(&[], Some("https://rp.test/other"), Some(VERIFIER)).await.contains("redirect_uri is not that"));
}

/// RFC 6749 §5.2
#[tokio::test]
async fn codes_and_tokens_do_not_pass_for_each_other() {
    let (app, client, browser) = begin().await;
    let tokens = app.tokens(&browser, &client).await;
    let access_token = tokens["access_token"].as_str().unwrap();
    let refresh_token = tokens["refresh_token"].as_str().unwrap();
    let code = app.code(&browser, &client).await;
    for no_code in [access_token, refresh_token, client.secret.as_str(), "hp_ac_", "x", &format!("{code}x")] {
        app.redeem(&client, no_code).await.refused(400, "invalid_grant");
    }
    for no_refresh_token in [access_token, code.as_str(), client.secret.as_str(), "x"] {
        app.refresh(&client, no_refresh_token).await.refused(400, "invalid_grant");
    }
    for no_access_token in [refresh_token, code.as_str(), client.secret.as_str(), "x"] {
        assert_eq!(app.me_status(no_access_token).await, 401);
    }
    app.token(&client, &[("grant_type", "authorization_code")]).await.refused(400, "invalid_request");
    let empty = [("grant_type", "authorization_code"), ("code", "")];
    app.token(&client, &empty).await.refused(400, "invalid_request");
    assert_eq!(app.redeem(&client, &code).await.status, 200, "none of it has touched the code");
    assert_eq!(app.me_status(access_token).await, 200);
}

/// RFC 6749 §5.2
#[tokio::test]
async fn what_is_disabled_or_taken_back_between_two_steps_gives_nothing() {
    let (app, client, browser) = begin().await;
    let code = app.code(&browser, &client).await;
    app.set_client_enabled(&client, false).await;
    app.redeem(&client, &code).await.refused(401, "invalid_client");
    app.set_client_enabled(&client, true).await;
    assert_eq!(app.redeem(&client, &code).await.status, 200);

    let eve = app.person("eve", &[]).await;
    let hers = app.signed_in("eve", PASSWORD).await;
    let code = app.code(&hers, &client).await;
    app.set_user_enabled(eve.id, false).await;
    app.redeem(&client, &code).await.refused(400, "invalid_grant");
    app.set_user_enabled(eve.id, true).await;

    let code = app.code(&hers, &client).await;
    app.revoke_grants(eve.id).await;
    app.redeem(&client, &code).await.refused(400, "invalid_grant");

    let code = app.code(&hers, &client).await;
    app.change_password(&eve).await;
    app.redeem(&client, &code).await.refused(400, "invalid_grant");
    assert_eq!(hers.get("/api/v1/me").await.status, 401, "her session has ended too");

    let finn = app.person("finn", &[]).await;
    let his = app.signed_in("finn", PASSWORD).await;
    let code = app.code(&his, &client).await;
    app.delete_user(&finn).await;
    app.redeem(&client, &code).await.refused(400, "invalid_grant");

    let code = app.code(&browser, &client).await;
    app.change_client(&client, |client| client.grant_types = vec![GrantType::AuthorizationCode]).await;
    let tokens = app.redeem(&client, &code).await;
    assert!(tokens.json().get("refresh_token").is_none(), "{}", tokens.body);
}

/// RFC 9700 §4.12
#[tokio::test]
async fn every_redirect_to_a_client_is_a_303() {
    let (app, client, browser) = begin().await;
    let page = browser.get(&client.authorize_path(&[])).await;
    let (request, csrf_token) = (page.input("request"), page.input("csrf_token"));
    let fields = [
        ("request", request.as_str()),
        ("decision", "allow"),
        ("scope", "read"),
        ("scope", "write"),
        ("csrf_token", csrf_token.as_str()),
    ];
    assert_eq!(browser.post("/oauth/consent", &fields).await.status, 303);
    let remembered = browser.get(&client.authorize_path(&[])).await;
    assert_eq!(remembered.status, 303, "{}", remembered.body);
    assert_eq!(remembered.header("referrer-policy"), "no-referrer");
    assert!(remembered.header("location").starts_with("https://rp.test/cb?code="));
    let refused = browser.get(&client.authorize_path(&[("scope", "nothing")])).await;
    assert_eq!(refused.status, 303);
    assert_eq!(challenge(VERIFIER).len(), 43);
    assert!(app.audited(AuditEvent::GrantGiven).await.len() == 1);
}
