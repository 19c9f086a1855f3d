//! Who a request is: every form of the `Authorization` header, everything that is none, and the cookie beside it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use base64::engine::general_purpose::URL_SAFE;
use hallpass::clock::Clock;
use hallpass::domain::clients::ClientDescription;
use hallpass::model::api_key::KeyAccess;
use hallpass::model::client::GrantType;
use hallpass::model::role::RoleName;
use hallpass::model::scope::Scope;
use hallpass::model::time::Lifetime;
use hallpass::model::token::TokenKind;
use hallpass::random::Random;
use reqwest::Method;
use serde_json::Value;
use serde_json::json;

use crate::support::app::TestApp;
use crate::support::caller::Answer;
use crate::support::caller::Browser;
use crate::support::flow::VERIFIER;
use crate::support::seed::PASSWORD;
use crate::support::seed::SeededKey;
use crate::support::wire::WireAnswer;

const ME: &str = "/api/v1/me";
const LOGGED_USER: &str = "/api/method/frappe.auth.get_logged_user";

/// GET with these `Authorization` lines, byte for byte, and a cookie if there is one.
fn get(app: &TestApp, path: &str, authorization: &[Vec<u8>], cookie: Option<&str>) -> WireAnswer {
    let mut bytes = format!("GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n").into_bytes();
    for header in authorization {
        bytes.extend([b"authorization: ", &header[..], b"\r\n"].concat());
    }
    if let Some(cookie) = cookie {
        bytes.extend(format!("cookie: {cookie}\r\n").bytes());
    }
    bytes.extend(b"\r\n");
    app.wire(&bytes).only().clone()
}

/// The headers that say something about the refusal itself.
fn challenge(answer: &WireAnswer) -> (u16, String, String, String) {
    let header = |name: &str| answer.header(name).to_owned();
    (answer.status, header("www-authenticate"), header("content-type"), answer.body.clone())
}

/// Another character at `at`, of the same alphabet.
fn changed(text: &str, at: usize) -> String {
    let mut bytes = text.as_bytes().to_vec();
    bytes[at] = if bytes[at] == b'a' { b'b' } else { b'a' };
    String::from_utf8(bytes).unwrap()
}

/// What a person's script, application and browser have in their hands.
struct Hands {
    app: TestApp,
    key: SeededKey,
    other_key: SeededKey,
    access_token: String,
    refresh_token: String,
    code: String,
    client_secret: String,
    browser: Browser,
}

/// `bob` has the keys, `carol` let the application in, `alice` is in the browser.
async fn hands() -> Hands {
    let app = TestApp::start().await;
    app.person("alice", &[]).await;
    app.person("carol", &[]).await;
    let bob = app.person("bob", &[]).await;
    app.scope("read", &[]).await;
    let (key, other_key) = (app.key(&bob).await, app.key(&bob).await);
    let client = app.web_client("read").await;
    let carol = app.signed_in("carol", PASSWORD).await;
    let code = app.code(&carol, &client).await;
    let tokens = app.tokens(&carol, &client).await;
    let text = |name: &str| tokens[name].as_str().unwrap().to_owned();
    let browser = app.signed_in("alice", PASSWORD).await;
    Hands {
        key,
        other_key,
        access_token: text("access_token"),
        refresh_token: text("refresh_token"),
        code,
        client_secret: client.secret,
        browser,
        app,
    }
}

/// Every form that opens the door, and for whom.
fn good_headers(hands: &Hands) -> Vec<(String, &'static str)> {
    let pair = format!("{}:{}", hands.key.api_key, hands.key.api_secret);
    let (basic, secret, token) = (STANDARD.encode(&pair), &hands.key.api_secret, &hands.access_token);
    vec![
        (format!("token {pair}"), "bob"),
        (format!("Token {pair}"), "bob"),
        (format!("TOKEN {pair}"), "bob"),
        (format!("tOkEn   {pair}"), "bob"),
        (format!("Basic {basic}"), "bob"),
        (format!("basic {basic}"), "bob"),
        (format!("BASIC     {basic}"), "bob"),
        (format!("Bearer {secret}"), "bob"),
        (format!("bearer  {secret}"), "bob"),
        (format!("Bearer {token}"), "carol"),
        (format!("bearer {token}"), "carol"),
        (format!("BEARER    {token}"), "carol"),
        // Blanks around a header's value are not part of it (RFC 9110 §5.5).
        (format!("  token {pair}  "), "bob"),
        (format!("\tBearer {token}\t"), "carol"),
    ]
}

/// Everything else.
fn bad_headers(hands: &Hands) -> Vec<Vec<u8>> {
    let (key, other) = (&hands.key, &hands.other_key);
    let (name, secret, token) = (&key.api_key, &key.api_secret, &hands.access_token);
    let pair = format!("{name}:{secret}");
    let basic = STANDARD.encode(&pair);
    let unpadded = STANDARD_NO_PAD.encode(&pair);
    // A pair whose base64 ends in padding, so that each way to be sloppy about it can be tried with a right secret.
    assert!(basic.ends_with('='), "{pair}");
    let stray_bits = {
        let last = unpadded.len() - 1;
        let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let at = alphabet.iter().position(|letter| *letter == unpadded.as_bytes()[last]).unwrap();
        format!("{}{}{}", &unpadded[..last], char::from(alphabet[at + 1]), &basic[unpadded.len()..])
    };
    let unknown = Random.token(TokenKind::ApiSecret).reveal().to_owned();
    let unknown_token = Random.token(TokenKind::Access).reveal().to_owned();
    let unknown_name = Random.api_key_name().as_str().to_owned();
    let session = hands.browser.cookie("hallpass_session").unwrap();
    let basic_of = |text: &str| format!("Basic {}", STANDARD.encode(text));
    let texts = vec![
        // Nothing, or a scheme alone.
        String::new(),
        "token".into(),
        "Basic".into(),
        "Bearer".into(),
        "Bearer ,".into(),
        // The wrong word before it, or none.
        pair.clone(),
        secret.clone(),
        token.clone(),
        basic.clone(),
        format!("Digest {pair}"),
        format!("Negotiate {basic}"),
        format!("NTLM {basic}"),
        format!("DPoP {token}"),
        format!("MAC {token}"),
        format!("ApiKey {pair}"),
        format!("hallpass {pair}"),
        format!("tokens {pair}"),
        format!("token: {pair}"),
        format!("token={pair}"),
        format!("Bearer: {token}"),
        format!("\"Bearer\" {token}"),
        // The wrong thing between scheme and credential.
        format!("token{pair}"),
        format!("token\t{pair}"),
        format!("token \t{pair}"),
        format!("token\u{b}{pair}").replace('\u{b}', "\u{a0}"),
        format!("token,{pair}"),
        format!("Basic\t{basic}"),
        format!("Bearer\t{token}"),
        format!("Bearer {token} {token}"),
        format!("Bearer {token}, Bearer {token}"),
        format!("Bearer {token},"),
        format!("Bearer \"{token}\""),
        format!("Bearer token {pair}"),
        format!("token Bearer {token}"),
        // One form's credential in another's scheme.
        format!("Bearer {pair}"),
        format!("Bearer {basic}"),
        format!("Bearer {name}"),
        format!("Basic {pair}"),
        format!("Basic {secret}"),
        format!("Basic {token}"),
        format!("token {basic}"),
        format!("token {secret}"),
        format!("token {token}"),
        format!("token {name}:{token}"),
        // Halves.
        format!("token {name}:"),
        format!("token :{secret}"),
        "token :".into(),
        format!("token {name}"),
        basic_of(&format!("{name}:")),
        basic_of(&format!(":{secret}")),
        basic_of(":"),
        basic_of(""),
        basic_of(name),
        basic_of(&format!("{name} {secret}")),
        // The first colon is where the pair is split.
        format!("token {pair}:x"),
        format!("token {name}::{secret}"),
        format!("token x:{pair}"),
        basic_of(&format!("{pair}:x")),
        basic_of(&format!("{name}::{secret}")),
        basic_of(&format!("{pair}:")),
        // A pair that does not belong together, or to nobody.
        format!("token {}:{}", name, other.api_secret),
        format!("token {}:{}", other.api_key, secret),
        format!("token {name}:{unknown}"),
        format!("token {unknown_name}:{secret}"),
        format!("token {unknown_name}:{unknown}"),
        format!("token {secret}:{name}"),
        format!("token {name}:{name}"),
        format!("token {}:{secret}", changed(name, 10)),
        format!("token {name}:{}", changed(secret, 10)),
        format!("token {name}:{}", changed(secret, secret.len() - 1)),
        format!("token {}:{secret}", name.to_uppercase()),
        format!("token {name}:{}", secret.to_lowercase()),
        format!("token {}:{secret}", &name[..name.len() - 1]),
        format!("token {name}:{}", &secret[..secret.len() - 1]),
        format!("token {name}:{secret}0"),
        format!("token  {name} : {secret}"),
        format!("token {name}: {secret}"),
        format!("token {}:{secret}", name.replacen("hp_key_", "", 1)),
        basic_of(&format!("{unknown_name}:{unknown}")),
        basic_of(&format!("{name}:{unknown}")),
        basic_of(&format!(" {pair}")),
        basic_of(&format!("{pair} ")),
        basic_of(&format!("{pair}\n")),
        basic_of(&format!("{pair}\0")),
        basic_of(&format!("\u{feff}{pair}")),
        // Base64 in every form but the canonical one (RFC 4648 §3.2 to §3.5).
        format!("Basic {unpadded}"),
        format!("Basic {basic}="),
        format!("Basic {basic}===="),
        format!("Basic ={basic}"),
        format!("Basic {stray_bits}"),
        format!("Basic {} {}", &basic[..10], &basic[10..]),
        format!("Basic {}={}", &basic[..10], &basic[10..]),
        format!("Basic {}\t{}", &basic[..10], &basic[10..]),
        format!("Basic {}.{}", &basic[..10], &basic[10..]),
        format!("Basic {}%{}", &basic[..10], &basic[10..]),
        format!("Basic {}", URL_SAFE.encode(format!("{name}:\u{3ff}\u{3ff}\u{3ff}{secret}"))),
        format!("Basic {}", STANDARD.encode(&basic)),
        "Basic !!!!".into(),
        "Basic =".into(),
        // Other credentials of ours, none of which is one here.
        format!("Bearer {unknown_token}"),
        format!("Bearer {}", changed(token, 20)),
        format!("Bearer {}", &token[..token.len() - 1]),
        format!("Bearer {}", token.to_lowercase()),
        format!("Bearer {}", token.replacen("hp_at_", "hp_sk_", 1)),
        format!("Bearer {}", secret.replacen("hp_sk_", "hp_at_", 1)),
        format!("Bearer {}", hands.refresh_token),
        format!("Bearer {}", hands.code),
        format!("Bearer {}", hands.client_secret),
        format!("Bearer {session}"),
        format!("token {name}:{}", hands.client_secret),
        format!("token {name}:{session}"),
        "Bearer null".into(),
        "Bearer undefined".into(),
        "Bearer a=b".into(),
        format!("Bearer {}", "a".repeat(8_000)),
        format!("Bearer {}", "a".repeat(64_000)),
        format!("token {}:{}", "a".repeat(4_000), "b".repeat(4_000)),
        format!("Basic {}", STANDARD.encode("a:b".repeat(2_000))),
    ];
    let mut headers: Vec<Vec<u8>> = texts.into_iter().map(String::into_bytes).collect();
    headers.extend([
        b"\xff".to_vec(),
        b"Bearer \xff\xfe".to_vec(),
        b"\xc3\x28 x".to_vec(),
        [b"token ", pair.as_bytes(), b"\xff"].concat(),
        [b"token\xff ", pair.as_bytes()].concat(),
        [b"token\xc2\xa0", pair.as_bytes()].concat(),
        [&b"Basic "[..], STANDARD.encode([pair.as_bytes(), b"\xff"].concat()).as_bytes()].concat(),
        [&b"Basic "[..], STANDARD.encode(b"\xff:\xff").as_bytes()].concat(),
    ]);
    headers
}

fn refusal(app: &TestApp, error: &str) -> String {
    let metadata = format!("{}/.well-known/oauth-protected-resource", app.url);
    format!("Bearer realm=\"hallpass\", resource_metadata=\"{metadata}\"{error}")
}

/// RFC 6750 §2.1, RFC 7617 §2, and Frappe's `token`.
#[tokio::test]
async fn each_form_of_the_header_is_the_same_principal() {
    let hands = hands().await;
    for (header, who) in good_headers(&hands) {
        for cookie in [None, Some(hands.browser.cookie_header())] {
            let answer = get(&hands.app, ME, &[header.clone().into_bytes()], cookie.as_deref());
            assert_eq!(answer.status, 200, "{header}: {}", answer.body);
            let me: Value = serde_json::from_str(&answer.body).unwrap();
            assert_eq!(me["username"], who, "{header}");
            let answer = get(&hands.app, LOGGED_USER, &[header.clone().into_bytes()], cookie.as_deref());
            assert_eq!((answer.status, &*answer.body), (200, &*json!({ "message": who }).to_string()), "{header}");
            // Header credentials make no session.
            assert_eq!(answer.header("set-cookie"), "", "{header}");
        }
    }
}

/// RFC 6750 §3, §3.1: whatever is wrong with it, the refusal is the same to the byte, and a good cookie changes nothing.
#[tokio::test]
async fn every_other_header_is_401_with_one_body_whatever_the_cookie_says() {
    let hands = hands().await;
    let app = &hands.app;
    let mut tables: Vec<Vec<Vec<u8>>> = bad_headers(&hands).into_iter().map(|header| vec![header]).collect();
    let good: Vec<Vec<u8>> = good_headers(&hands).into_iter().map(|(header, _)| header.into_bytes()).collect();
    // Two of them, even two good ones, even the same one twice.
    tables.extend([
        vec![good[0].clone(), good[0].clone()],
        vec![good[0].clone(), good[9].clone()],
        vec![good[9].clone(), Vec::new()],
        vec![Vec::new(), good[9].clone()],
        vec![Vec::new(), Vec::new()],
        vec![b"Bearer x".to_vec(), good[0].clone()],
    ]);
    let cookie = hands.browser.cookie_header();
    assert_eq!(get(app, ME, &[], Some(&cookie)).status, 200);
    for path in [ME, LOGGED_USER, "/account", "/login", "/oauth/authorize?client_id=x", "/users"] {
        let expected = get(app, path, &[b"Bearer x".to_vec()], None);
        assert_eq!(expected.status, 401, "{path}");
        assert_eq!(expected.header("www-authenticate"), refusal(app, ", error=\"invalid_token\""), "{path}");
        assert_eq!((expected.header("location"), expected.header("set-cookie")), ("", ""), "{path}");
        for headers in &tables {
            for cookie in [None, Some(&*cookie)] {
                let answer = get(app, path, headers, cookie);
                let shown: Vec<_> = headers.iter().map(|header| String::from_utf8_lossy(header)).collect();
                assert_eq!(challenge(&answer), challenge(&expected), "{path} {shown:?} {cookie:?}");
                assert_ne!(answer.header("x-request-id"), expected.header("x-request-id"));
            }
        }
    }
    let json: Value = serde_json::from_str(&get(app, ME, &[b"x".to_vec()], None).body).unwrap();
    let problem = json!({
        "type": "about:blank", "title": "Unauthorized", "status": 401, "detail": "a valid credential is needed",
    });
    assert_eq!(json, problem);
    assert_eq!(get(app, LOGGED_USER, &[b"x".to_vec()], None).body, r#"{"exc_type":"AuthenticationError"}"#);
    // A header that is larger than all that is read of a request's head.
    let long = app.wire(
        format!("GET {ME} HTTP/1.1\r\nhost: a\r\nauthorization: Bearer {}\r\n\r\n", "a".repeat(1 << 20)).as_bytes(),
    );
    assert!(long.closed && long.statuses().iter().all(|status| matches!(status, 400 | 431)), "{long:?}");
    assert_eq!(get(app, ME, &[], Some(&cookie)).status, 200);
}

/// RFC 6750 §3.1: whoever gave no credential at all is told only how to.
#[tokio::test]
async fn without_a_credential_no_error_is_named() {
    let app = TestApp::start().await;
    let answer = app.stranger().get(ME).await;
    assert_eq!((answer.status, answer.header("www-authenticate")), (401, &*refusal(&app, "")));
    let page = app.stranger().get("/account").await;
    assert_eq!((page.status, page.header("location")), (303, "/login?return_to=%2Faccount"));
    let guest = app.stranger().get(LOGGED_USER).await;
    assert_eq!((guest.status, guest.header("www-authenticate")), (403, &*refusal(&app, "")));
    assert_eq!(guest.json()["exc_type"], "PermissionError");
}

/// The header decides alone: the principal is the key's user, with that user's roles and no others.
#[tokio::test]
async fn a_header_beside_a_cookie_decides_and_nothing_is_merged() {
    let app = TestApp::start().await;
    app.role("audit").await;
    app.person("root", &["admin", "audit"]).await;
    let bob = app.person("bob", &[]).await;
    let key = app.key(&bob).await;
    let admin = app.signed_in("root", PASSWORD).await;
    let both = app.script(&key.token_header()).with("cookie", &admin.cookie_header());

    let me = both.get(ME).await.json();
    assert_eq!((&me["username"], &me["roles"], &me["credential"]), (&json!("bob"), &json!([]), &json!("api_key")));
    assert_eq!(both.get(LOGGED_USER).await.json()["message"], "bob");
    // What needs the session, or the administrator in it, is shut.
    assert_eq!(both.get("/users").await.status, 403);
    assert_eq!(both.get("/account").await.status, 403);
    assert_eq!(admin.get("/users").await.status, 200);

    // The other way round, an administrator's key adds nothing to a session.
    let root_key = {
        let root = app.person("root2", &["admin"]).await;
        app.key(&root).await
    };
    let browser = app.signed_in("bob", PASSWORD).await;
    let both = app.script(&root_key.token_header()).with("cookie", &browser.cookie_header());
    assert_eq!(both.get(ME).await.text("username"), "root2");
    assert_eq!(both.get("/users").await.status, 403);
}

/// Header credentials need no token for forms, and pages for people take none of them.
#[tokio::test]
async fn a_key_needs_no_form_token_and_opens_no_page() {
    let hands = hands().await;
    let script = hands.app.script(&hands.key.token_header());
    assert_eq!(script.post(LOGGED_USER, &[]).await.json()["message"], "bob");
    let for_people = |route: &&hallpass::http::Route| route.guard.split(" + ").any(|need| need == "session");
    for route in hallpass::http::routes().iter().filter(for_people) {
        let method = Method::from_bytes(route.method.as_str().as_bytes()).unwrap();
        for header in [hands.key.token_header(), format!("Bearer {}", hands.access_token)] {
            let path = route.path.replace(['{', '}'], "");
            let answer = hands.app.script(&header).send(method.clone(), &path, Some(&[])).await;
            assert_eq!(answer.status, 403, "{method} {path}");
        }
    }
}

/// The whole answer of `/api/v1/me` for each credential.
#[tokio::test]
async fn me_says_who_it_is_for_each_credential() {
    let app = TestApp::start().await;
    let begin = app.clock.now().seconds();
    app.role("editor").await;
    app.role("auditor").await;
    app.scope("read", &[]).await;
    app.scope("edit", &["editor"]).await;
    app.scope("check", &["auditor"]).await;
    let ada = app.person("ada", &["editor", "admin"]).await;
    let id = ada.id.to_string();
    let me = |answer: Answer| {
        assert_eq!((answer.status, answer.header("content-type")), (200, "application/json"), "{}", answer.body);
        answer.json()
    };

    let browser = app.signed_in("ada", PASSWORD).await;
    assert_eq!(
        me(browser.get(ME).await),
        json!({
            "subject": "user", "id": id, "username": "ada", "email": null, "full_name": "",
            "roles": ["admin", "editor"], "full_access": true, "scopes": [], "credential": "session",
            "client_id": null, "expires_at": begin + 12 * 3600,
        })
    );

    let key = app.key(&ada).await;
    let full = json!({
        "subject": "user", "id": id, "username": "ada", "email": null, "full_name": "",
        "roles": ["admin", "editor"], "full_access": true, "scopes": [], "credential": "api_key",
        "client_id": null, "expires_at": null,
    });
    for header in [key.token_header(), key.basic_header(), format!("Bearer {}", key.api_secret)] {
        assert_eq!(me(app.script(&header).get(ME).await), full);
    }

    let ends = app.clock.now() + Lifetime::from_days(1);
    let scoped = app.key_with(&ada, |key| {
        key.access = KeyAccess::Scopes(Scope::parse("read edit check").unwrap());
        key.roles = Some([RoleName::parse("editor").unwrap()].into_iter().collect());
        key.expires_at = Some(ends);
    });
    assert_eq!(
        me(app.script(&scoped.await.token_header()).get(ME).await),
        json!({
            "subject": "user", "id": id, "username": "ada", "email": null, "full_name": "",
            "roles": ["editor"], "full_access": false, "scopes": ["edit", "read"], "credential": "api_key",
            "client_id": null, "expires_at": begin + 24 * 3600,
        })
    );

    let client = app.web_client("read edit").await;
    let tokens = app.tokens(&browser, &client).await;
    let bearer = format!("Bearer {}", tokens["access_token"].as_str().unwrap());
    assert_eq!(
        me(app.script(&bearer).get(ME).await),
        json!({
            "subject": "user", "id": id, "username": "ada", "email": null, "full_name": "",
            "roles": ["admin", "editor"], "full_access": false, "scopes": ["edit", "read"],
            "credential": "access_token", "client_id": client.client_id, "expires_at": begin + 3600,
        })
    );
    assert_eq!(app.script(&bearer).get(LOGGED_USER).await.json(), json!({ "message": "ada" }));

    let service = app.service_client("read").await;
    let token = app.token(&service, &[("grant_type", "client_credentials")]).await.text("access_token");
    let bearer = format!("Bearer {token}");
    assert_eq!(
        me(app.script(&bearer).get(ME).await),
        json!({
            "subject": "client", "id": service.client_id, "username": null, "email": null, "full_name": null,
            "roles": [], "full_access": false, "scopes": ["read"], "credential": "access_token",
            "client_id": service.client_id, "expires_at": begin + 3600,
        })
    );
    assert_eq!(app.script(&bearer).get(LOGGED_USER).await.json(), json!({ "message": service.client_id }));
    assert!(app.script(&bearer).get(LOGGED_USER).await.body.contains("client_"));
    assert!(id.starts_with("user_") && service.client_id.starts_with("client_") && key.id.starts_with("key_"));
}

/// A client that calls itself like a user, or by a user's id, is still a client (RFC 9700 §4.15).
#[tokio::test]
async fn a_client_is_never_taken_for_a_user() {
    let app = TestApp::start().await;
    let ada = app.person("ada", &["admin"]).await;
    app.scope("read", &[]).await;
    for name in ["ada".to_owned(), ada.id.to_string()] {
        let client = app.client_with("read", |client| {
            client.name = hallpass::model::name::DisplayName::parse(&name).unwrap();
            client.grant_types = vec![GrantType::ClientCredentials];
            client.redirect_uris = Vec::new();
        });
        let client = client.await;
        assert_ne!(client.client_id, ada.id.to_string());
        let token = app.token(&client, &[("grant_type", "client_credentials")]).await.text("access_token");
        let script = app.script(&format!("Bearer {token}"));
        let me = script.get(ME).await.json();
        assert_eq!((&me["subject"], &me["username"], &me["roles"]), (&json!("client"), &Value::Null, &json!([])));
        assert_eq!(script.get("/users").await.status, 403);
        assert_ne!(script.get(LOGGED_USER).await.json()["message"], "ada");
    }
}

/// What no longer holds is refused from the next request on, whatever it hangs on.
#[tokio::test]
async fn what_ends_ends_at_the_next_request() {
    let hands = hands().await;
    let app = &hands.app;
    let find = |name: &'static str| {
        let login = hallpass::model::username::Login::parse(name).unwrap();
        app.write(move |tx| tx.users().find_by_login(login.as_str()))
    };
    let (alice, bob, carol) = (find("alice").await.unwrap(), find("bob").await.unwrap(), find("carol").await.unwrap());
    let by_key = || async { app.script(&hands.key.token_header()).get(ME).await };
    let by_token = || async { app.script(&format!("Bearer {}", hands.access_token)).get(ME).await };
    let refused = by_token_unknown(app).await;

    // Disabled and enabled again.
    for (user, status) in [(bob.id, 0), (carol.id, 1), (alice.id, 2)] {
        let call = || async {
            match status {
                0 => by_key().await,
                1 => by_token().await,
                _ => hands.browser.get(ME).await,
            }
        };
        assert_eq!(call().await.status, 200);
        app.set_user_enabled(user, false).await;
        let answer = call().await;
        assert_eq!(answer.status, 401);
        if status < 2 {
            assert_eq!(
                (&answer.body, answer.header("www-authenticate")),
                (&refused.body, refused.header("www-authenticate"))
            );
        } else {
            assert_eq!(hands.browser.get("/account").await.header("location"), "/login?return_to=%2Faccount");
        }
        app.set_user_enabled(user, true).await;
        assert_eq!(call().await.status, 200);
    }
    // The application that the token was given to.
    let client = hands.app.web_client("read").await;
    let browser = app.signed_in("carol", PASSWORD).await;
    let tokens = app.tokens(&browser, &client).await;
    let bearer = format!("Bearer {}", tokens["access_token"].as_str().unwrap());
    assert_eq!(app.script(&bearer).get(ME).await.status, 200);
    app.set_client_enabled(&client, false).await;
    let answer = app.script(&bearer).get(ME).await;
    assert_eq!((answer.status, &answer.body), (401, &refused.body));
    // Gone.
    app.delete_user(&bob).await;
    assert_eq!((by_key().await.status, &by_key().await.body), (401, &refused.body));
    app.delete_user(&carol).await;
    assert_eq!((by_token().await.status, &by_token().await.body), (401, &refused.body));
    app.delete_user(&alice).await;
    assert_eq!(hands.browser.get(ME).await.status, 401);
    assert_eq!(hands.browser.get("/account").await.status, 303);
}

async fn by_token_unknown(app: &TestApp) -> Answer {
    let token = Random.token(TokenKind::Access).reveal().to_owned();
    app.script(&format!("Bearer {token}")).get(ME).await
}

/// Roles are those of now: taking one away holds from the next request on, for each credential.
#[tokio::test]
async fn a_demoted_user_has_no_role_left_in_any_credential() {
    let app = TestApp::start().await;
    app.person("root", &["admin"]).await;
    app.role("editor").await;
    app.scope("edit", &["editor"]).await;
    app.scope("read", &[]).await;
    let ada = app.person("ada", &["admin", "editor"]).await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let client = app.web_client("edit read").await;
    let tokens = app.tokens(&browser, &client).await;
    let bearer = format!("Bearer {}", tokens["access_token"].as_str().unwrap());
    let key = app.key_with(&ada, |key| key.roles = Some([RoleName::parse("editor").unwrap()].into_iter().collect()));
    let key = key.await;
    let scoped = app.key_with(&ada, |key| key.access = KeyAccess::Scopes(Scope::parse("edit read").unwrap())).await;
    assert_eq!(browser.get("/users").await.status, 200);
    assert_eq!(app.script(&bearer).get(ME).await.json()["scopes"], json!(["edit", "read"]));
    assert_eq!(app.script(&key.token_header()).get(ME).await.json()["roles"], json!(["editor"]));

    app.revoke_role(&ada, "admin").await;
    app.revoke_role(&ada, "editor").await;
    assert_eq!(browser.get("/users").await.status, 403);
    for answer in [
        browser.get(ME).await,
        app.script(&bearer).get(ME).await,
        app.script(&key.token_header()).get(ME).await,
        app.script(&scoped.token_header()).get(ME).await,
    ] {
        assert_eq!(answer.json()["roles"], json!([]), "{}", answer.body);
    }
    // A scope that is bound to a role goes with it, and comes back with it.
    for header in [bearer.clone(), scoped.token_header()] {
        assert_eq!(app.script(&header).get(ME).await.json()["scopes"], json!(["read"]));
    }
    app.grant_role(&ada, "editor").await;
    for header in [bearer, scoped.token_header()] {
        assert_eq!(app.script(&header).get(ME).await.json()["scopes"], json!(["edit", "read"]));
    }
    assert_eq!(app.script(&key.token_header()).get(ME).await.json()["roles"], json!(["editor"]));
}

/// A key that leaves a role out lacks it, full access or not.
#[tokio::test]
async fn a_key_has_no_role_that_it_leaves_out() {
    let app = TestApp::start().await;
    app.role("editor").await;
    let root = app.person("root", &["admin", "editor"]).await;
    for (kept, roles) in [(vec!["editor"], json!(["editor"])), (vec![], json!([]))] {
        let kept = kept.iter().map(|role| RoleName::parse(role).unwrap()).collect();
        let key = app.key_with(&root, |key| key.roles = Some(kept)).await;
        let me = app.script(&key.token_header()).get(ME).await.json();
        assert_eq!((&me["roles"], &me["full_access"]), (&roles, &json!(true)));
    }
}

/// Whatever ends by itself has ended in the very instant that it names.
#[tokio::test]
async fn a_credential_has_ended_in_the_instant_of_its_end() {
    let app = TestApp::start().await;
    let ada = app.person("ada", &[]).await;
    app.scope("read", &[]).await;
    let client = app.web_client("read").await;
    let browser = app.signed_in("ada", PASSWORD).await;
    let ends = app.clock.now() + Lifetime::from_seconds(3600);
    let key = app.key_with(&ada, |key| key.expires_at = Some(ends)).await;
    let tokens = app.tokens(&browser, &client).await;
    let bearer = format!("Bearer {}", tokens["access_token"].as_str().unwrap());
    let refused = by_token_unknown(&app).await;

    app.pass(Lifetime::from_millis(3_599_999));
    assert_eq!(app.script(&key.token_header()).get(ME).await.status, 200);
    assert_eq!(app.script(&bearer).get(ME).await.status, 200);
    app.pass(Lifetime::from_millis(1));
    for header in [key.token_header(), key.basic_header(), format!("Bearer {}", key.api_secret), bearer] {
        let answer = app.script(&header).get(ME).await;
        assert_eq!((answer.status, answer.body), (401, refused.body.clone()), "{header}");
    }
}

/// A rotated key's old secret works for the overlap that was asked for, and not an instant longer.
#[tokio::test]
async fn an_old_secret_ends_with_its_overlap() {
    let app = TestApp::start().await;
    let ada = app.person("ada", &[]).await;
    let first = app.key(&ada).await;
    let second = app.rotate_key(&first, Lifetime::from_seconds(60)).await;
    assert_eq!((&second.api_key, second.api_secret == first.api_secret), (&first.api_key, false));
    app.pass(Lifetime::from_millis(59_999));
    assert_eq!(app.script(&first.token_header()).get(ME).await.status, 200);
    assert_eq!(app.script(&second.token_header()).get(ME).await.status, 200);
    app.pass(Lifetime::from_millis(1));
    assert_eq!(app.script(&first.token_header()).get(ME).await.status, 401);
    assert_eq!(app.script(&second.token_header()).get(ME).await.status, 200);
    let third = app.rotate_key(&second, Lifetime::ZERO).await;
    assert_eq!(app.script(&second.token_header()).get(ME).await.status, 401);
    assert_eq!(app.script(&third.token_header()).get(ME).await.status, 200);
}

/// Revoked and disabled keys are refused like unknown ones; a disabled one can come back.
#[tokio::test]
async fn a_revoked_or_disabled_key_is_as_good_as_none() {
    let app = TestApp::start().await;
    let ada = app.person("ada", &[]).await;
    let key = app.key(&ada).await;
    let refused = by_token_unknown(&app).await;
    let answer = || async { app.script(&key.token_header()).get(ME).await };
    assert_eq!(answer().await.status, 200);
    assert_eq!(app.database.execute("UPDATE api_keys SET enabled = FALSE"), Ok(1));
    assert_eq!((answer().await.status, answer().await.body), (401, refused.body.clone()));
    assert_eq!(app.database.execute("UPDATE api_keys SET enabled = TRUE"), Ok(1));
    assert_eq!(answer().await.status, 200);
    app.revoke_key(&key).await;
    assert_eq!((answer().await.status, answer().await.body), (401, refused.body));
}

/// A key that is bound to addresses works from those alone.
#[tokio::test]
async fn a_key_works_from_its_addresses_alone() {
    let app = TestApp::start().await;
    let ada = app.person("ada", &[]).await;
    let refused = by_token_unknown(&app).await;
    for (allowed, status) in
        [("127.0.0.1/32", 200), ("127.0.0.0/8", 200), ("10.0.0.0/8", 401), ("::1/128", 401), ("0.0.0.0/0", 200)]
    {
        let key = app.key_with(&ada, |key| key.allowed_addresses = vec![allowed.parse().unwrap()]).await;
        for header in [key.token_header(), key.basic_header(), format!("Bearer {}", key.api_secret)] {
            let answer = app.script(&header).get(ME).await;
            assert_eq!(answer.status, status, "{allowed}");
            if status == 401 {
                assert_eq!(answer.body, refused.body, "{allowed}");
            }
        }
        // Who says that a proxy sent them is not believed.
        let told = app.script(&key.token_header()).with("x-forwarded-for", "10.1.2.3");
        assert_eq!(told.with("forwarded", "for=10.1.2.3").get(ME).await.status, status, "{allowed}");
    }
}

/// Behind a trusted proxy the address is the one that the proxy had the request from.
#[tokio::test]
async fn an_address_is_taken_from_trusted_proxies_alone() {
    let app = TestApp::start_with("[http]\ntrusted_proxies = [\"127.0.0.1\", \"192.0.2.0/24\"]").await;
    let ada = app.person("ada", &[]).await;
    let key = app.key_with(&ada, |key| key.allowed_addresses = vec!["10.0.0.0/8".parse().unwrap()]).await;
    let cases: &[(&[&[u8]], u16)] = &[
        (&[], 401),
        (&[b"10.1.2.3"], 200),
        (&[b"10.1.2.3, 192.0.2.7"], 200),
        (&[b"10.1.2.3", b"192.0.2.7"], 200),
        (&[b" 10.1.2.3 "], 200),
        (&[b"[::ffff:10.1.2.3]"], 200),
        (&[b"10.1.2.3, 203.0.113.9"], 401),
        (&[b"10.1.2.3", b"203.0.113.9"], 401),
        (&[b"10.1.2.3, 203.0.113.9, 192.0.2.7"], 401),
        // What can't be read is nobody's address, and what stands before it is not believed.
        (&[b"10.1.2.3, unknown"], 401),
        (&[b"10.1.2.3", b"unknown"], 401),
        (&[b"10.1.2.3", b"\xff"], 401),
        (&[b"10.1.2.3", b""], 401),
        (&[b"10.1.2.3, \xff"], 401),
        (&[b"10.1.2.3,"], 401),
        (&[b"10.1.2.3:80"], 401),
        (&[b"10.1.2.3 10.1.2.3"], 401),
    ];
    for (lines, status) in cases {
        let mut bytes = format!("GET {ME} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n").into_bytes();
        bytes.extend(format!("authorization: {}\r\n", key.token_header()).bytes());
        for line in *lines {
            bytes.extend([b"x-forwarded-for: ", *line, b"\r\n"].concat());
        }
        bytes.extend(b"\r\n");
        let shown: Vec<_> = lines.iter().map(|line| String::from_utf8_lossy(line)).collect();
        assert_eq!(app.wire(&bytes).only().status, *status, "{shown:?}");
    }
}

/// RFC 6750 §5.3, RFC 6749 §2.3.1: no credential anywhere but in the header and the cookie.
#[tokio::test]
async fn there_is_no_other_door() {
    let hands = hands().await;
    let app = &hands.app;
    let (key, token) = (&hands.key, &hands.access_token);
    let session = hands.browser.cookie("hallpass_session").unwrap();
    let pair = format!("{}:{}", key.api_key, key.api_secret);
    for (name, value) in [
        ("access_token", token),
        ("token", token),
        ("token", &pair),
        ("api_key", &pair),
        ("api_key", &key.api_secret),
        ("key", &key.api_secret),
        ("sid", &session),
        ("hallpass_session", &session),
        ("authorization", &format!("Bearer {token}")),
    ] {
        let query = crate::support::flow::query(&[(name, value), ("api_secret", &key.api_secret)]);
        let answer = app.stranger().get(&format!("{ME}?{query}")).await;
        assert_eq!((answer.status, answer.header("www-authenticate")), (401, &*refusal(app, "")), "{name}");
        let answer = app.stranger().post(LOGGED_USER, &[(name, value), ("api_secret", &key.api_secret)]).await;
        assert_eq!(answer.status, 403, "{name}");
        let answer = app.stranger().with("cookie", &format!("{name}=x; token={token}; api_key={pair}")).get(ME).await;
        assert_eq!(answer.status, 401, "{name}");
    }
    for (name, value) in [
        ("x-api-key", key.api_secret.as_str()),
        ("x-api-key", &pair),
        ("api-key", &pair),
        ("x-access-token", token),
        ("x-auth-token", token),
        ("x-authorization", &format!("Bearer {token}")),
        ("proxy-authorization", &format!("Bearer {token}")),
        ("x-forwarded-user", "bob"),
        ("x-remote-user", "bob"),
        ("remote-user", "bob"),
        ("x-forwarded-access-token", token),
        ("x-hallpass-user", "bob"),
        ("x-hallpass-subject", "bob"),
        ("frappe-authorization-source", "User"),
        ("x-frappe-csrf-token", token),
    ] {
        let answer = app.stranger().with(name, value).get(ME).await;
        assert_eq!((answer.status, answer.header("www-authenticate")), (401, &*refusal(app, "")), "{name}");
    }
    // Beside a good header they change nothing.
    let answer = app.script(&key.token_header()).with("x-forwarded-user", "root").with("x-api-key", "x").get(ME).await;
    assert_eq!(answer.text("username"), "bob");
}

/// A cookie that is not exactly one of ours is nobody's: never a 500, never somebody else's session.
#[tokio::test]
async fn a_malformed_cookie_is_no_cookie() {
    let app = TestApp::start().await;
    app.person("alice", &[]).await;
    app.person("bob", &[]).await;
    let alice = app.signed_in("alice", PASSWORD).await.cookie("hallpass_session").unwrap();
    let bob = app.signed_in("bob", PASSWORD).await.cookie("hallpass_session").unwrap();
    let unknown = Random.token(TokenKind::Session).reveal().to_owned();
    let key = {
        let carol = app.person("carol", &[]).await;
        app.key(&carol).await
    };
    let one = |value: &str| vec![format!("hallpass_session={value}").into_bytes()];
    let nobody: Vec<Vec<Vec<u8>>> = vec![
        vec![],
        vec![b"".to_vec()],
        vec![b";".to_vec()],
        vec![b"=".to_vec()],
        vec![b"hallpass_session".to_vec()],
        one(""),
        one("x"),
        one(&unknown),
        one(&alice[..alice.len() - 1]),
        one(&format!("{alice}0")),
        one(&changed(&alice, 20)),
        one(&alice.to_uppercase()),
        one(&format!("\"{alice}\"")),
        one(&format!("{alice}%00")),
        one(&format!("{alice} x")),
        one(&format!("{alice},{alice}")),
        one(&"a".repeat(8_000)),
        one(&"\u{e4}".repeat(100)),
        one(&key.api_secret),
        one(&format!("{}:{}", key.api_key, key.api_secret)),
        vec![b"hallpass_session=\xff\xfe".to_vec()],
        vec![[b"hallpass_session=", alice.as_bytes(), b"\xff"].concat()],
        // Other names.
        vec![format!("Hallpass_session={alice}").into_bytes()],
        vec![format!("__Host-hallpass_session={alice}").into_bytes()],
        vec![format!("__Secure-hallpass_session={alice}").into_bytes()],
        vec![format!("hallpass_session ={alice}").into_bytes()],
        vec![format!("xhallpass_session={alice}").into_bytes()],
        vec![format!("hallpass_sessionx={alice}").into_bytes()],
        vec![format!("$hallpass_session={alice}").into_bytes()],
        vec![format!("hallpass_form={alice}; hallpass_device={alice}").into_bytes()],
        // Two of them: somebody else may have set one.
        vec![format!("hallpass_session={alice}; hallpass_session={bob}").into_bytes()],
        vec![format!("hallpass_session={alice}; hallpass_session={alice}").into_bytes()],
        vec![format!("hallpass_session={alice}; hallpass_session=").into_bytes()],
        vec![format!("hallpass_session=x; hallpass_session={alice}").into_bytes()],
        vec![one(&alice)[0].clone(), one(&bob)[0].clone()],
        vec![one(&alice)[0].clone(), b"hallpass_session=\xff".to_vec()],
        vec![[b"x=\xff; hallpass_session=", bob.as_bytes()].concat(), one(&alice)[0].clone()],
    ];
    let call = |path: &str, cookies: &[Vec<u8>]| {
        let mut bytes = format!("GET {path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n").into_bytes();
        for cookie in cookies {
            bytes.extend([b"cookie: ", &cookie[..], b"\r\n"].concat());
        }
        bytes.extend(b"\r\n");
        app.wire(&bytes).only().clone()
    };
    for cookies in &nobody {
        let shown: Vec<_> = cookies.iter().map(|cookie| String::from_utf8_lossy(cookie)).collect();
        let api = call(ME, cookies);
        assert_eq!((api.status, api.header("www-authenticate")), (401, &*refusal(&app, "")), "{shown:?}");
        let page = call("/account", cookies);
        assert_eq!((page.status, page.header("location")), (303, "/login?return_to=%2Faccount"), "{shown:?}");
        // The page to sign in at can be reached with each of them.
        assert_eq!(call("/login", cookies).status, 200, "{shown:?}");
        assert_eq!(call(LOGGED_USER, cookies).status, 403, "{shown:?}");
    }
    // What else a browser sends along does not matter, in whatever form.
    for cookies in [
        one(&alice),
        vec![format!("  a=b ;hallpass_session={alice};c").into_bytes()],
        vec![format!("__Host-hallpass_session={bob}; hallpass_session={alice}").into_bytes()],
        vec![[b"x=\xff\xfe; hallpass_session=", alice.as_bytes(), b"; y=\xe4"].concat()],
        vec![b"x=\xff".to_vec(), one(&alice)[0].clone()],
    ] {
        let shown: Vec<_> = cookies.iter().map(|cookie| String::from_utf8_lossy(cookie)).collect();
        let me = call(ME, &cookies);
        assert!(me.body.contains(r#""username":"alice""#), "{shown:?}: {}", me.body);
    }
}

/// RFC 6265bis §4.1.3: on https only the cookie with the prefix counts, which no neighbour and no plain http can set.
#[tokio::test]
async fn on_https_a_cookie_without_its_prefix_is_no_cookie() {
    let app = TestApp::start_with("issuer = \"https://login.example\"").await;
    let session = async |name: &str| {
        app.person(name, &[]).await;
        let body = format!("usr={name}&pwd={}", PASSWORD.replace(' ', "+"));
        let length = format!("content-length: {}", body.len());
        let form = "content-type: application/x-www-form-urlencoded";
        let head = ["POST /api/method/login HTTP/1.1", "host: login.example", "connection: close", form, &length];
        let answer = app.wire_request(&head, body.as_bytes()).only().clone();
        let (_, cookie) = answer.head.split_once("__Host-hallpass_session=").unwrap_or_else(|| panic!("{answer:?}"));
        cookie.split(';').next().unwrap().to_owned()
    };
    let (alice, bob) = (session("alice").await, session("bob").await);
    let me = |cookies: &str| {
        let line = format!("cookie: {cookies}");
        app.wire_request(&[&format!("GET {ME} HTTP/1.1"), "host: login.example", "connection: close", &line], b"")
    };
    let good = format!("__Host-hallpass_session={alice}");
    for cookies in [
        good.clone(),
        format!("{good}; hallpass_session={bob}"),
        format!("hallpass_session={bob}; {good}"),
        format!("hallpass_session=x; {good}; hallpass_session=y"),
        format!("__Secure-hallpass_session={bob}; {good}"),
    ] {
        let me = me(&cookies);
        assert!(me.only().body.contains(r#""username":"alice""#), "{cookies}: {}", me.only().body);
    }
    for cookies in [
        format!("hallpass_session={alice}"),
        format!("__Secure-hallpass_session={alice}"),
        format!("__host-hallpass_session={alice}"),
        format!("__Host-hallpass_session=; hallpass_session={alice}"),
        format!("__Host-hallpass_session=x; hallpass_session={alice}"),
        format!("{good}; __Host-hallpass_session={bob}"),
        format!("{good}; {good}"),
        format!("__Host-hallpass_session={}", &alice[..alice.len() - 1]),
        format!("__Host-hallpass_session={}", "a".repeat(8_000)),
    ] {
        assert_eq!(me(&cookies).only().status, 401, "{cookies}");
    }
}

/// RFC 6749 §3.2.1: nor does it mean anything where clients come to by themselves.
#[tokio::test]
async fn no_endpoint_for_clients_reads_a_browsers_cookie() {
    let hands = hands().await;
    let app = &hands.app;
    let on_a_device = |client: &mut ClientDescription| {
        client.grant_types = vec![GrantType::DeviceCode];
        client.redirect_uris = Vec::new();
    };
    let device = app.client_with("read", on_a_device).await;
    let web = app.web_client("read").await;
    let challenge = crate::support::flow::challenge(VERIFIER);
    let pushed = [
        ("response_type", "code"),
        ("client_id", web.client_id.as_str()),
        ("redirect_uri", web.redirect_uri.as_str()),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ];
    let cookies = hands.browser.cookie_header();
    for (path, client, fields, status) in [
        ("/oauth/device_authorization", &device, &[("scope", "read")][..], 200),
        ("/oauth/par", &web, &pushed[..], 201),
    ] {
        let (alone, with) = (app.stranger(), app.stranger().with("cookie", &cookies));
        let (alone, with) = (alone.post(path, fields).await, with.post(path, fields).await);
        assert_eq!((with.status, with.text("error").as_str()), (401, "invalid_client"), "{path}");
        assert_eq!((with.status, &with.body), (alone.status, &alone.body), "{path}");
        let answer = app.script(&client.basic()).with("cookie", &cookies).post(path, fields).await;
        assert_eq!((answer.status, answer.header("set-cookie")), (status, ""), "{path}: {}", answer.body);
        // One that is nobody's disturbs nothing.
        let odd = app.script(&client.basic()).with("cookie", "hallpass_session=x").post(path, fields).await;
        assert_eq!(odd.status, status, "{path}: {}", odd.body);
    }
}

/// RFC 6749 §3.2.1: a browser's cookie means nothing at the token endpoint, and a key is no client.
#[tokio::test]
async fn the_token_endpoint_knows_clients_alone() {
    let hands = hands().await;
    let app = &hands.app;
    let fields = [("grant_type", "client_credentials")];
    let answer = app.stranger().with("cookie", &hands.browser.cookie_header()).post("/oauth/token", &fields).await;
    assert_eq!((answer.status, answer.text("error").as_str()), (401, "invalid_client"));
    for header in [hands.key.basic_header(), hands.key.token_header(), format!("Bearer {}", hands.access_token)] {
        let answer = app.script(&header).post("/oauth/token", &fields).await;
        assert_eq!((answer.status, answer.text("error").as_str()), (401, "invalid_client"), "{header}");
        assert_eq!(answer.header("www-authenticate"), "Basic realm=\"hallpass\", charset=\"UTF-8\"");
    }
    // And the other way round.
    let client = app.web_client("read").await;
    assert_eq!(app.script(&client.basic()).get(ME).await.status, 401);
}

/// A store that does not answer is 503, never "nobody" and never 200; and all is well again when it is back.
#[tokio::test]
async fn without_its_database_the_server_says_so_and_lets_nobody_in_or_out() {
    let hands = hands().await;
    let app = &hands.app;
    let bearer = format!("Bearer {}", hands.access_token);
    let calls = [
        ("users", ME, app.script(&hands.key.token_header())),
        ("users", ME, app.script(&bearer)),
        ("users", ME, app.stranger().with("cookie", &hands.browser.cookie_header())),
        ("users", "/account", app.stranger().with("cookie", &hands.browser.cookie_header())),
        ("users", LOGGED_USER, app.script(&hands.key.token_header())),
        ("api_key_secrets", ME, app.script(&hands.key.basic_header())),
        ("access_tokens", ME, app.script(&bearer)),
        ("sessions", "/login", app.stranger().with("cookie", &hands.browser.cookie_header())),
        ("scope_roles", ME, app.script(&hands.key.token_header())),
        ("grants", ME, app.script(&bearer)),
        ("meta", "/health/ready", app.stranger()),
    ];
    for (table, path, script) in calls {
        assert!(matches!(script.get(path).await.status, 200 | 303), "{path}");
        app.database.execute(&format!("ALTER TABLE {table} RENAME TO taken_away")).unwrap();
        let answer = script.get(path).await;
        assert_eq!(
            (answer.status, answer.header("retry-after")),
            (503, "1"),
            "{path} without {table}: {}",
            answer.body
        );
        assert!(!answer.body.contains("taken") && !answer.body.contains(table), "{}", answer.body);
        assert_eq!(app.stranger().get("/health/live").await.status, 200);
        app.database.execute(&format!("ALTER TABLE taken_away RENAME TO {table}")).unwrap();
        assert!(matches!(script.get(path).await.status, 200 | 303), "{path} with {table} again");
    }
}
