//! Requests that no well-behaved client sends. Each gets a refusal of the right form, never a 500, and the server
//! answers the next one as if nothing had been.

use std::time::Duration;
use std::time::Instant;

use hallpass::http::Route;
use hallpass::http::routes;
use reqwest::Method;

use crate::support::app::TestApp;
use crate::support::caller::Answer;
use crate::support::wire::Wire;

const FORM: &str = "content-type: application/x-www-form-urlencoded";
const HOST: &str = "host: 127.0.0.1";
const CLOSE: &str = "connection: close";
/// What stands behind the target of a request that is to be the only one on its connection.
const ONCE: &[u8] = b" HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n";
/// The largest body that is read.
const MOST_BODY: usize = 256 * 1024;
/// What must not be taken for a request of its own.
const SMUGGLED: &str = "GET /health/live HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n";

/// A stranger's POST with a body of any bytes that calls itself a form.
async fn post_form(app: &TestApp, path: &str, body: impl Into<Vec<u8>>) -> Answer {
    post(app, path, "application/x-www-form-urlencoded", body).await
}

async fn post(app: &TestApp, path: &str, content_type: &str, body: impl Into<Vec<u8>>) -> Answer {
    app.stranger().send_body(Method::POST, path, content_type, body.into()).await
}

async fn assert_healthy(app: &TestApp) {
    assert_eq!(app.stranger().get("/health/live").await.status, 200);
    assert_eq!(app.stranger().get("/health/ready").await.status, 200);
}

/// Paths with something in the place of their ids.
fn path_of(route: &Route) -> String {
    let segments = route.path.split('/').map(|segment| if segment.starts_with('{') { "x" } else { segment });
    segments.collect::<Vec<_>>().join("/")
}

fn posts() -> Vec<String> {
    routes().iter().filter(|route| route.method == Method::POST.as_str()).map(path_of).collect()
}

fn gets() -> Vec<String> {
    routes().iter().filter(|route| route.method == Method::GET.as_str()).map(path_of).collect()
}

/// RFC 9110 §15.5.14
#[tokio::test]
async fn a_body_that_is_too_large_is_413_whether_it_says_so_or_not() {
    let app = TestApp::start().await;
    for path in posts() {
        assert_eq!(post_form(&app, &path, vec![b'a'; MOST_BODY + 1]).await.status, 413, "{path}");
    }
    for path in ["/login", "/account/keys", "/oauth/token", "/api/method/frappe.auth.get_logged_user"] {
        let post = format!("POST {path} HTTP/1.1");
        let more = format!("content-length: {}", MOST_BODY + 1);
        let declared = app.wire_request(&[&post, HOST, FORM, &more], &vec![b'a'; MOST_BODY + 1]);
        assert_eq!(declared.only().status, 413, "{path}");
        // It is refused by what it says, before anything of it comes.
        let never_sent = app.wire_request(&[&post, HOST, FORM, "content-length: 18446744073709551615"], b"");
        assert_eq!(never_sent.only().status, 413, "{path}");
        let mut chunks = Vec::new();
        for _ in 0..=MOST_BODY / 0x2000 {
            chunks.extend(b"2000\r\n");
            chunks.extend([b'a'; 0x2000]);
            chunks.extend(b"\r\n");
        }
        chunks.extend(b"0\r\n\r\n");
        let chunked = app.wire_request(&[&post, HOST, FORM, "transfer-encoding: chunked"], &chunks);
        assert_eq!(chunked.only().status, 413, "{path}");
    }
    let token = post_form(&app, "/oauth/token", vec![b'a'; MOST_BODY + 1]).await;
    assert_eq!((token.status, token.text("error").as_str()), (413, "invalid_request"));
    assert_healthy(&app).await;
}

/// The largest form is read; one that is a little larger is refused by its endpoint, in the endpoint's words.
#[tokio::test]
async fn the_largest_form_is_still_read() {
    let app = TestApp::start().await;
    let mut body = b"grant_type=authorization_code&client_id=nobody".to_vec();
    while body.len() < 65536 {
        let length = (65536 - body.len()).min(8000);
        let name = format!("&p{}=", body.len());
        body.extend(name.bytes().take(length));
        body.extend(std::iter::repeat_n(b'a', length.saturating_sub(name.len())));
    }
    let more = post_form(&app, "/oauth/token", [&body[..], b"a"].concat()).await;
    assert_eq!((more.status, more.text("error").as_str()), (400, "invalid_request"));
    let answer = post_form(&app, "/oauth/token", body).await;
    assert_eq!((answer.status, answer.text("error").as_str()), (401, "invalid_client"));
}

/// RFC 9110 §8.4, §15.5.16
#[tokio::test]
async fn a_compressed_body_is_415_and_is_not_unpacked() {
    let app = TestApp::start().await;
    for path in posts() {
        for encoding in ["gzip", "deflate", "br", "zstd", "GZIP", "identity, gzip", "x", ""] {
            let line = format!("content-encoding: {encoding}");
            let post = format!("POST {path} HTTP/1.1");
            let answer = app.wire_request(&[&post, HOST, FORM, CLOSE, &line, "content-length: 3"], b"a=b");
            assert_eq!(answer.only().status, 415, "{path} {encoding:?}");
        }
        let two =
            [&*format!("POST {path} HTTP/1.1"), HOST, FORM, "content-encoding: identity", "content-encoding: gzip"];
        let answer = app.wire_request(&[&two[..], &[CLOSE, "content-length: 3"]].concat(), b"a=b");
        assert_eq!(answer.only().status, 415, "{path} twice");
    }
    assert_healthy(&app).await;
}

/// RFC 6749 §4.1.3: `application/x-www-form-urlencoded`, and nothing else.
#[tokio::test]
async fn a_body_of_another_type_is_refused_in_the_form_of_its_surface() {
    let app = TestApp::start().await;
    let types = ["application/json", "multipart/form-data; boundary=x", "text/plain", "application/xml", "x", "", ";"];
    for content_type in types {
        let token = post(&app, "/oauth/token", content_type, "grant_type=x&client_id=y").await;
        assert_eq!((token.status, token.text("error").as_str()), (400, "invalid_request"), "{content_type:?}");
        // Without a token that a form could carry, a page says that first.
        for path in ["/login", "/setup"] {
            let page = post(&app, path, content_type, "username=a&password=b").await;
            assert_eq!(page.status, 403, "{path} {content_type:?}");
        }
        let browser = app.browser();
        let token = browser.csrf_token("/login").await;
        let request = browser.request(Method::POST, "/login").header("x-csrf-token", token);
        let page = browser.send(request.header("content-type", content_type).body("username=a&password=b")).await;
        assert_eq!(page.status, 415, "{content_type:?}");
        assert!(page.header("content-type").starts_with("text/html"), "{content_type:?}");
    }
    let twice = ["POST /oauth/token HTTP/1.1", HOST, FORM, "content-type: application/json", "content-length: 2"];
    assert_eq!(app.wire_request(&twice, b"{}").only().status, 400);
    assert_healthy(&app).await;
}

/// RFC 6749 §B, RFC 3629 §3: overlong and cut-off UTF-8, surrogates, lone percent signs, nulls, in names and values.
const BROKEN: &[&[u8]] = &[
    b"a=%",
    b"a=%2",
    b"a=%zz",
    b"a=%u0041",
    b"%zz=a",
    b"a=%00",
    b"%00=a",
    b"a=\0",
    b"a=%ff",
    b"a=\xff",
    b"\xff=a",
    b"a=%c0%af",
    b"a=\xc0\xaf",
    b"a=%e0%80%af",
    b"a=%ed%a0%80",
    b"a=%f0%82%82%ac",
    b"a=%f4%90%80%80",
    b"a=%c3",
    b"a=%c3%28",
    b"csrf_token=%",
    b"csrf_token=%00",
    b"csrf_token=%ff",
    b"client_id=%ff",
    b"grant_type=%00",
    b"return_to=%ff",
    b"token=%ff",
];

#[tokio::test]
async fn a_form_that_is_no_text_is_refused_at_every_route() {
    let app = TestApp::start().await;
    for path in posts() {
        for body in BROKEN {
            let answer = post_form(&app, &path, *body).await;
            assert_refused(&answer, &path, body);
        }
    }
    assert_healthy(&app).await;
}

#[tokio::test]
async fn a_query_that_is_no_text_is_refused_at_every_route_that_reads_it() {
    let app = TestApp::start().await;
    for path in gets() {
        for query in BROKEN {
            let target = [path.as_bytes(), b"?", *query].concat();
            let answer = app.wire(&[b"GET ", &target[..], ONCE].concat());
            let answer = answer.only();
            assert!(answer.status < 500, "{path} {:?}: {}", String::from_utf8_lossy(query), answer.status);
            if ["/login", "/oauth/authorize", "/setup"].contains(&path.as_str()) {
                assert_eq!(answer.status, 400, "{path} {:?}", String::from_utf8_lossy(query));
                assert_eq!(answer.header("location"), "");
            }
        }
    }
    assert_healthy(&app).await;
}

#[tokio::test]
async fn a_path_that_is_no_text_is_404_or_400() {
    let app = TestApp::start().await;
    let segments: &[&[u8]] = &[
        b"%",
        b"%zz",
        b"%00",
        b"%ff",
        b"%c0%af",
        b"%ed%a0%80",
        b"\xff",
        b"\xc3\xa9",
        b"a\0b",
        b"%0d%0ax:y",
        b"..%2f..",
        b"%2e%2e",
        b"{user}",
        b"|",
        b"\"<script>",
        b"%25",
        b"%2f",
    ];
    for front in ["/", "/static/", "/users/", "/clients/", "/api/v1/", "/oauth/", "/.well-known/", "/account/keys/"] {
        for segment in segments {
            let answer = app.wire(&[b"GET ", front.as_bytes(), segment, ONCE].concat());
            let answer = answer.only();
            let shown = String::from_utf8_lossy(segment);
            assert!(matches!(answer.status, 303 | 400 | 404), "{front}{shown}: {}", answer.status);
            assert!(!answer.head.to_lowercase().contains("\nx:y"), "{front}{shown}: {}", answer.head);
            assert!(!answer.body.contains("<script>"), "{front}{shown}");
        }
    }
    assert_healthy(&app).await;
}

/// RFC 6749 §3.1, §3.2: a parameter that stands there twice.
#[tokio::test]
async fn repeated_parameters_are_refused() {
    let app = TestApp::start().await;
    for query in ["client_id=a&client_id=a", "state=a&state=b", "scope=a&scope=b", "redirect_uri=a&redirect_uri=b"] {
        let answer = app.stranger().get(&format!("/oauth/authorize?{query}")).await;
        assert_eq!((answer.status, answer.header("location")), (400, ""), "{query}");
    }
    for body in ["grant_type=a&grant_type=a", "client_id=a&client_id=b", "scope=a&scope=b", "x=1&x=2", "%61=1&a=2"] {
        let answer = post_form(&app, "/oauth/token", body).await;
        assert_eq!((answer.status, answer.text("error").as_str()), (400, "invalid_request"), "{body}");
        assert!(answer.text("error_description").contains("more than once"), "{}", answer.body);
    }
    for body in ["username=a&username=b", "csrf_token=a&csrf_token=b", "password=a&password=b"] {
        let answer = post_form(&app, "/login", body).await;
        assert_eq!(answer.status, 400, "{body}");
    }
    // RFC 6749 §3.1: a parameter without a value counts as left out, but still stands there.
    let answer = app.stranger().get("/oauth/authorize?state=&state=a").await;
    assert_eq!((answer.status, answer.header("location")), (400, ""));
    assert_healthy(&app).await;
}

/// Many fields cost nothing: they are refused before they are kept.
#[tokio::test]
async fn a_form_of_very_many_fields_is_refused() {
    let app = TestApp::start().await;
    let hundred = (0..101).map(|at| format!("f{at}=1")).collect::<Vec<_>>().join("&");
    let many = (0..100_000).map(|at| format!("f{at}=1")).collect::<Vec<_>>().join("&");
    for path in posts() {
        let answer = post_form(&app, &path, hundred.clone()).await;
        if path == "/api/method/logout" {
            // Whoever is not signed in has nothing to end, and it reads none of them.
            assert_eq!((answer.status, &*answer.body), (200, "{}"));
        } else {
            assert_refused(&answer, &path, hundred.as_bytes());
        }
        assert_eq!(post_form(&app, &path, many.clone()).await.status, 413, "{path}");
    }
    let answer = post_form(&app, "/oauth/token", hundred.clone()).await;
    assert!(answer.text("error_description").contains("more than 100"), "{}", answer.body);
    for path in gets() {
        let answer = app.stranger().get(&format!("{path}?{hundred}")).await;
        assert!(answer.status < 500, "{path}: {}", answer.status);
    }
    assert_eq!(app.stranger().get(&format!("/oauth/authorize?{hundred}")).await.status, 400);
    assert_healthy(&app).await;
}

/// RFC 6749 §3.2: the token endpoint reads its body alone; names like arrays are names like any other.
#[tokio::test]
async fn the_token_endpoint_does_not_read_its_query() {
    let app = TestApp::start().await;
    for (query, body) in [
        ("grant_type=client_credentials", "client_id=a"),
        ("code=a", "grant_type=authorization_code&code=a&client_id=a"),
        ("x", "grant_type=refresh_token&client_id=a"),
    ] {
        let answer = post_form(&app, &format!("/oauth/token?{query}"), body).await;
        assert_eq!((answer.status, answer.text("error").as_str()), (400, "invalid_request"), "{query}");
    }
    let body = "grant_type=client_credentials&scope[a]=b&scope[]=x&client_id=nobody";
    let answer = post_form(&app, "/oauth/token", body).await;
    assert_eq!(answer.text("error"), "invalid_client");
}

/// The method is that of the request line and no other.
#[tokio::test]
async fn method_overrides_are_ignored() {
    let app = TestApp::start().await;
    for name in ["x-http-method-override", "x-http-method", "x-method-override"] {
        let answer = app.stranger().with(name, "GET").post("/oauth/token", &[("grant_type", "x")]).await;
        assert_eq!(answer.text("error"), "invalid_client", "{name}");
        let answer = app.stranger().with(name, "POST").get("/oauth/token").await;
        assert_eq!((answer.status, answer.header("allow")), (405, "POST"), "{name}");
        let answer = app.stranger().with(name, "DELETE").get("/health/live").await;
        assert_eq!(answer.status, 200, "{name}");
    }
    assert_eq!(app.stranger().get("/oauth/token?_method=POST").await.status, 405);
    assert_eq!(app.stranger().post("/login?_method=GET", &[("_method", "GET")]).await.status, 403);
    assert_healthy(&app).await;
}

/// RFC 9112 §6.1, §6.3, §11.2: where a request's end could be read in two ways, it is refused and the connection ends.
#[tokio::test]
async fn a_request_whose_end_is_in_doubt_is_400_and_the_last_one() {
    let app = TestApp::start().await;
    let chunked = format!("0\r\n\r\n{SMUGGLED}");
    let (length, chunked_length) = (SMUGGLED.len(), chunked.len());
    let cases: &[(&str, &[&str], &str)] = &[
        ("both lengths", &["content-length: 5", "transfer-encoding: chunked"], &chunked),
        (
            "both lengths, the other way",
            &["transfer-encoding: chunked", &format!("content-length: {chunked_length}")],
            &chunked,
        ),
        (
            "a length and an encoding that is none",
            &[&format!("content-length: {length}"), "transfer-encoding: identity"],
            SMUGGLED,
        ),
        ("an unknown encoding", &["transfer-encoding: xchunked"], &chunked),
        (
            "an unknown encoding and a length",
            &["transfer-encoding: xchunked", &format!("content-length: {length}")],
            SMUGGLED,
        ),
        ("two encodings", &["transfer-encoding: chunked", "transfer-encoding: chunked"], &chunked),
        ("two encodings, one unknown", &["transfer-encoding: chunked", "transfer-encoding: x"], &chunked),
        ("two encodings in one line", &["transfer-encoding: chunked, identity"], &chunked),
        ("chunked twice in one line", &["transfer-encoding: chunked, chunked"], &chunked),
        ("chunked before another", &["transfer-encoding: chunked, gzip"], &chunked),
        ("another before chunked", &["transfer-encoding: gzip, chunked"], &chunked),
        ("an encoding in quotes", &["transfer-encoding: \"chunked\""], &chunked),
        ("an encoding with a vertical tab", &["transfer-encoding: \u{b}chunked"], &chunked),
        ("an encoding of bytes", &["transfer-encoding: chunked\u{e9}"], &chunked),
        ("an empty encoding", &["transfer-encoding:"], &chunked),
        ("two lengths", &["content-length: 0", &format!("content-length: {length}")], SMUGGLED),
        ("two equal lengths", &["content-length: 0", "content-length: 0"], SMUGGLED),
        ("two lengths in one line", &["content-length: 0, 0"], SMUGGLED),
        ("a length with a sign", &["content-length: +0"], SMUGGLED),
        ("a negative length", &["content-length: -1"], SMUGGLED),
        ("a hexadecimal length", &["content-length: 0x0"], SMUGGLED),
        ("an empty length", &["content-length:"], SMUGGLED),
        ("a length with a space in it", &["content-length: 0 0"], SMUGGLED),
        ("a length that is too large for any", &["content-length: 18446744073709551616"], SMUGGLED),
        ("a space before the colon", &["content-length : 0"], SMUGGLED),
        ("a tab before the colon", &["transfer-encoding\t: chunked"], &chunked),
        ("a folded line", &["transfer-encoding:", " chunked"], &chunked),
        ("a folded line with a tab", &["x: a", "\tcontent-length: 5"], SMUGGLED),
        ("a line without a colon", &["content-length 0"], SMUGGLED),
        ("a line that begins with a colon", &[": 0"], SMUGGLED),
        ("a bare carriage return", &["x: a\rcontent-length: 5"], SMUGGLED),
        ("a null in a header", &["x: a\0b"], SMUGGLED),
        ("a null in a name", &["content-length\0: 5"], SMUGGLED),
        ("a space in a name", &["content length: 5"], SMUGGLED),
    ];
    for (what, lines, body) in cases {
        for method in ["POST /oauth/token", "GET /login"] {
            let line = format!("{method} HTTP/1.1");
            let head = [&[&*line, HOST, FORM][..], lines].concat();
            assert_ended(&app.wire_request(&head, body.as_bytes()), &format!("{method} with {what}"));
        }
    }
    // RFC 9112 §6.1: nobody knows where a chunked request of HTTP/1.0 ends.
    let old = ["POST /oauth/token HTTP/1.0", HOST, FORM, "transfer-encoding: chunked", "connection: keep-alive"];
    assert_ended(&app.wire_request(&old, chunked.as_bytes()), "chunked in HTTP/1.0");
    assert_healthy(&app).await;
}

/// RFC 9112 §7.1
#[tokio::test]
async fn a_broken_chunk_ends_the_connection_without_a_second_answer() {
    let app = TestApp::start().await;
    let head = ["POST /oauth/token HTTP/1.1", HOST, FORM, "transfer-encoding: chunked"];
    for body in [
        "zz\r\nabc\r\n",
        "\r\n\r\n",
        "-1\r\nabc\r\n",
        "+3\r\nabc\r\n",
        "0x3\r\nabc\r\n",
        "3 3\r\nabc\r\n",
        "FFFFFFFFFFFFFFFFF\r\nabc\r\n",
        "3\nabc\r\n",
        "3\r\nabcX",
        "3\r\nabcd\r\n",
        "3\r\nabc\n",
        "3;a=\nb\r\nabc\r\n",
        "3;a=\0\r\nabc\r\n",
        "3;a\rb\r\nabc\r\n",
    ] {
        let answer = app.wire_request(&head, format!("{body}0\r\n\r\n{SMUGGLED}").as_bytes());
        assert!(answer.closed, "{body:?}: {answer:?}");
        assert!(answer.statuses().iter().all(|status| *status == 400), "{body:?}: {answer:?}");
        assert!(answer.answers.len() <= 1, "{body:?}: {answer:?}");
    }
    assert_healthy(&app).await;
}

/// RFC 9112 §2.2, §3: request lines that are none.
#[tokio::test]
async fn a_request_line_that_is_none_is_400() {
    let app = TestApp::start().await;
    for line in [
        "GET /health/live",
        "GET /health/live HTTP/0.9",
        "GET /health/live HTTP/1.2",
        "GET /health/live HTTP/3.0",
        "GET /health/live http/1.1",
        "GET  /health/live HTTP/1.1",
        "GET /health/live HTTP/1.1 ",
        "GET /health /live HTTP/1.1",
        "GET\t/health/live\tHTTP/1.1",
        "GET health/live HTTP/1.1",
        "G@T /health/live HTTP/1.1",
        "/health/live",
        "PRI * HTTP/2.0",
        "\u{16}\u{3}\u{1}",
        "x",
    ] {
        let answer = app.wire(format!("{line}\r\nhost: 127.0.0.1\r\n\r\n").as_bytes());
        assert!(answer.closed || answer.statuses() == [404], "{line:?}: {answer:?}");
        assert!(answer.statuses().iter().all(|status| matches!(status, 400 | 404)), "{line:?}: {answer:?}");
    }
    // RFC 9112 §3.2: neither no host nor two of them.
    for hosts in [&[][..], &["host: 127.0.0.1", "host: 127.0.0.1"], &["host: a", "host: b"]] {
        assert_ended(&app.wire_request(&[&["GET /health/live HTTP/1.1"][..], hosts].concat(), b""), "hosts");
    }
    assert_healthy(&app).await;
}

/// Control for the tests above: two requests on one connection are two answers, so that a smuggled one would be seen.
#[tokio::test]
async fn two_whole_requests_on_one_connection_get_two_answers() {
    let app = TestApp::start().await;
    let head = ["POST /oauth/token HTTP/1.1", HOST, FORM, "content-length: 3"];
    assert_eq!(app.wire_request(&head, format!("a=b{SMUGGLED}").as_bytes()).statuses(), [401, 200]);
    let head = ["POST /oauth/token HTTP/1.1", HOST, FORM, "transfer-encoding: chunked"];
    let body = format!("3\r\na=b\r\n0\r\n\r\n{SMUGGLED}");
    assert_eq!(app.wire_request(&head, body.as_bytes()).statuses(), [401, 200]);
}

/// What is refused unread is not read as the next request either.
#[tokio::test]
async fn the_body_of_a_refused_request_is_not_the_next_request() {
    let app = TestApp::start().await;
    let length = format!("content-length: {}", SMUGGLED.len());
    for head in [
        &["POST /oauth/token HTTP/1.1", HOST, FORM, "content-encoding: gzip", &length][..],
        &["POST /nothing HTTP/1.1", HOST, FORM, &length],
        &["DELETE /login HTTP/1.1", HOST, FORM, &length],
        &["GET /api/v1/me HTTP/1.1", HOST, "authorization: Bearer x", &length],
        &["GET /login HTTP/1.1", HOST, &length],
    ] {
        let answer = app.wire_request(head, SMUGGLED.as_bytes());
        assert_eq!(answer.answers.len(), 1, "{head:?}: {answer:?}");
        assert!(answer.only().status < 500, "{head:?}");
    }
    assert_healthy(&app).await;
}

/// RFC 6749 §3.1: a request that was posted becomes one that can be reloaded, whatever bytes were in it.
#[tokio::test]
async fn a_posted_authorization_request_is_written_anew() {
    let app = TestApp::start().await;
    for body in [
        &b"client_id=a&state=b+c"[..],
        b"client_id=a&state=b\r\nlocation: https://evil.test\r\n&&scope=",
        "client_id=a&state=\u{e9}\u{2028}\u{202e}".as_bytes(),
        b"client_id=a&state=\x01\x7f\t#?/\\\"<>%0d%0a",
        b"client_id=a&state=\xff",
        b"",
    ] {
        let answer = post_form(&app, "/oauth/authorize", body).await;
        let (shown, location) = (String::from_utf8_lossy(body), answer.header("location"));
        assert_eq!(answer.status, 303, "{shown}");
        assert!(location.starts_with("/oauth/authorize?") && location.is_ascii(), "{shown}: {location}");
        assert!(!location.contains('#'), "{shown}: {location}");
        assert_eq!(app.stranger().get(location).await.status, 400, "{shown}: {location}");
    }
    assert_eq!(post(&app, "/oauth/authorize", "application/json", *b"{}").await.status, 400);
    assert_healthy(&app).await;
}

/// RFC 9110 §7.8, §9.3.6: nothing is switched to and no tunnel is opened, and nobody has to wait to hear it.
#[tokio::test]
async fn a_request_that_would_change_the_protocol_is_refused_at_once() {
    let app = TestApp::start().await;
    let websocket = ["upgrade: websocket", "connection: upgrade", "content-length: 5"];
    for line in ["GET /login", "POST /oauth/token", "POST /nothing"] {
        let line = format!("{line} HTTP/1.1");
        let began = Instant::now();
        let answer =
            app.wire_request(&[&[&*line, HOST][..], &websocket].concat(), format!("abcde{SMUGGLED}").as_bytes());
        assert_eq!(answer.statuses(), [400], "{line}");
        assert!(began.elapsed() < Duration::from_secs(5), "{line}");
    }
    for target in ["evil.test:80", "127.0.0.1:22", "/login"] {
        let answer = app.wire_request(&[&format!("CONNECT {target} HTTP/1.1"), HOST], SMUGGLED.as_bytes());
        assert_eq!(answer.statuses(), [400], "{target}");
    }
    // Another protocol that we do not speak is ignored, as it may be.
    let answer = app.wire_request(&["GET /health/live HTTP/1.1", HOST, "upgrade: h2c", "connection: upgrade"], b"");
    assert_eq!(answer.statuses(), [200]);
    assert_healthy(&app).await;
}

/// RFC 9112 §2.2: a line feed alone may end a line. It does so everywhere, so nothing is read in two ways.
#[tokio::test]
async fn a_bare_line_feed_ends_a_line_and_never_a_request_twice() {
    let app = TestApp::start().await;
    for bytes in [
        "GET /health/live HTTP/1.1\nhost: a\n\n".to_owned(),
        format!("POST /oauth/token HTTP/1.1\r\nhost: a\r\nx: y\ncontent-length: {}\r\n\r\n{SMUGGLED}", SMUGGLED.len()),
    ] {
        assert_eq!(app.wire(bytes.as_bytes()).answers.len(), 1, "{bytes:?}");
    }
    assert_ended(&app.wire(b"GET /health/live HTTP/1.1\rhost: a\r\r"), "carriage returns alone");
}

/// Only what is embedded is served, and only at its own address.
#[tokio::test]
async fn no_path_leaves_the_static_files() {
    let app = TestApp::start().await;
    for path in [
        "/static",
        "/static/",
        "/static/css",
        "/static/css/hallpass.css",
        "/static/../Cargo.toml",
        "/static/../../etc/passwd",
        "/static/%2e%2e/%2e%2e/etc/passwd",
        "/static/..%2f..%2fetc%2fpasswd",
        "/static/..%5c..%5cetc%5cpasswd",
        "/static/....//....//etc/passwd",
        "/static/%252e%252e%252fetc%252fpasswd",
        "/static//etc/passwd",
        "/static/%2fetc%2fpasswd",
        "/static/.git/config",
        "/static/.env",
        "/static/css/hallpass.css%00.svg",
        "/static/css/",
        "/static/.",
        "/static/~root",
        "/static/file:///etc/passwd",
        "/.git/config",
        "/.env",
        "/hallpass.db",
        "/hallpass.toml",
        "//etc/passwd",
    ] {
        let answer = app.wire(&[b"GET ", path.as_bytes(), ONCE].concat());
        assert_eq!(answer.only().status, 404, "{path}");
        assert!(!answer.only().body.contains("root:"), "{path}");
    }
    assert_healthy(&app).await;
}

/// RFC 9112 §3.2: whatever a request says of the server's name, links are made of the configured issuer.
#[tokio::test]
async fn no_host_is_ever_reflected() {
    let app = TestApp::start().await;
    let hosts: &[&[&str]] = &[
        &["host: evil.test"],
        &["host: evil.test:80"],
        &["host: 127.0.0.1@evil.test"],
        &["host: "],
        &["host: 127.0.0.1", "x-forwarded-host: evil.test", "x-forwarded-proto: https", "x-forwarded-port: 444"],
        &["host: 127.0.0.1", "forwarded: host=evil.test;proto=https"],
        &["host: 127.0.0.1", "x-original-url: /evil.test", "x-rewrite-url: /evil.test"],
        &["host: 127.0.0.1", "x-forwarded-prefix: /evil.test", "x-forwarded-server: evil.test"],
    ];
    let paths = ["/", "/login", "/logout", "/account", "/nothing", "/api/v1/me", "/oauth/authorize", "/oauth/token"];
    let documents = [
        "/.well-known/oauth-authorization-server",
        "/.well-known/openid-configuration",
        "/.well-known/oauth-protected-resource",
    ];
    for lines in hosts {
        for path in paths.iter().chain(&documents) {
            let line = format!("GET {path} HTTP/1.1");
            let head = [&[&*line, CLOSE][..], lines].concat();
            assert_not_reflected(&app, &app.wire_request(&head, b""), path);
        }
    }
    for path in paths.iter().chain(&documents) {
        // RFC 9112 §3.2.2: the absolute form.
        for target in [format!("http://evil.test{path}"), format!("https://evil.test:1{path}")] {
            let head = [&*format!("GET {target} HTTP/1.1"), "host: evil.test", CLOSE];
            assert_not_reflected(&app, &app.wire_request(&head, b""), &target);
        }
    }
    assert_healthy(&app).await;
}

/// RFC 9110 §15.5.15, RFC 6585 §5
#[tokio::test]
async fn heads_that_are_too_large_are_refused() {
    let app = TestApp::start().await;
    let many: String = (0..500).map(|at| format!("x-{at}: y\r\n")).collect();
    let long = format!("x: {}\r\n", "y".repeat(200_000));
    let path = format!("/{}", "y".repeat(200_000));
    for (what, bytes) in [
        ("500 headers", format!("GET /login HTTP/1.1\r\nhost: a\r\n{many}\r\n")),
        ("a header of 200 kB", format!("GET /login HTTP/1.1\r\nhost: a\r\n{long}\r\n")),
        ("a path of 200 kB", format!("GET {path} HTTP/1.1\r\nhost: a\r\n\r\n")),
        ("a method of 200 kB", format!("{} / HTTP/1.1\r\nhost: a\r\n\r\n", "G".repeat(200_000))),
        ("a header without end", format!("GET /login HTTP/1.1\r\nx: {}", "y".repeat(1 << 20))),
    ] {
        let answer = app.wire(bytes.as_bytes());
        assert!(answer.closed, "{what}");
        assert!(answer.statuses().iter().all(|status| matches!(status, 400 | 414 | 431)), "{what}: {answer:?}");
    }
    let answer = app.stranger().get(&format!("/{}", "y".repeat(60_000))).await;
    assert!(matches!(answer.status, 404 | 414), "{}", answer.status);
    let answer = app.stranger().get(&format!("/login?return_to=/{}", "y".repeat(60_000))).await;
    assert_eq!(answer.status, 400);
    let answer = app.stranger().get(&format!("/oauth/authorize?scope={}", "y%20".repeat(15_000))).await;
    assert_eq!(answer.status, 400);
    assert_healthy(&app).await;
}

/// RFC 9110 §15.5.9: one that dawdles is told so after ten seconds, and meanwhile nobody waits for it.
#[tokio::test]
async fn a_request_that_dawdles_is_408_and_holds_nobody_up() {
    let app = TestApp::start().await;
    let (head, body) = std::thread::scope(|threads| {
        let head = threads.spawn(|| app.wire(b"GET /login HTTP/1.1\r\nhost: a\r\nx: "));
        let body = threads
            .spawn(|| app.wire_request(&["POST /oauth/token HTTP/1.1", HOST, FORM, "content-length: 10"], b"grant"));
        std::thread::sleep(Duration::from_millis(300));
        assert_eq!(app.wire(SMUGGLED.as_bytes()).only().status, 200);
        (head.join().unwrap(), body.join().unwrap())
    });
    assert_eq!((head.only().status, head.closed), (408, true));
    assert_eq!((body.only().status, body.only().header("connection")), (408, "close"));
    assert!(body.only().body.contains("invalid_request"), "{}", body.only().body);
    assert_healthy(&app).await;
}

/// A client that goes away in the middle leaves nothing behind that hurts.
#[tokio::test]
async fn a_connection_that_breaks_off_hurts_nobody() {
    let app = TestApp::start().await;
    for bytes in [
        &b"G"[..],
        b"POST /oauth/token HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\ngrant",
        b"POST /login HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n5\r\nab",
        b"GET /login HTTP/1.1\r\nhost: a\r\n\r\n",
    ] {
        for _ in 0..50 {
            let mut stream = std::net::TcpStream::connect(app.address()).unwrap();
            std::io::Write::write_all(&mut stream, bytes).unwrap();
            drop(stream);
        }
    }
    assert_healthy(&app).await;
}

#[track_caller]
fn assert_refused(answer: &Answer, path: &str, input: &[u8]) {
    let shown = String::from_utf8_lossy(&input[..input.len().min(40)]);
    // The one open route of the JSON API reads no forms.
    if path == "/api/v1/leaked-secrets" {
        assert_eq!(answer.status, 415, "{path} {shown:?}");
        return;
    }
    // 303: a page without a session sends to sign-in, whatever it was sent.
    assert!(
        matches!(answer.status, 303 | 400 | 401 | 403 | 404 | 417 | 422),
        "{path} {shown:?}: {} {}",
        answer.status,
        answer.body
    );
    // And an authorization request that was posted becomes a GET, which refuses it.
    if answer.status == 303 {
        let location = answer.header("location");
        assert!(
            location.starts_with(if path == "/oauth/authorize" { path } else { "/login" }),
            "{path} {shown:?}: {location}"
        );
    }
}

#[track_caller]
fn assert_ended(answer: &Wire, what: &str) {
    assert_eq!(answer.statuses(), [400], "{what}: {answer:?}");
    assert!(answer.closed, "{what}: the connection is still open");
}

#[track_caller]
fn assert_not_reflected(app: &TestApp, answer: &Wire, target: &str) {
    let answer = answer.only();
    assert!(answer.status < 500, "{target}");
    assert!(!answer.head.contains("evil.test") && !answer.body.contains("evil.test"), "{target}: {answer:?}");
    let location = answer.header("location");
    assert!(location.is_empty() || location.starts_with('/') || location.starts_with(&app.url), "{target}: {location}");
}
