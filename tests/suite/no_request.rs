//! What is no HTTP request: actix answers it by itself, and its answer still has what every other one has.

use std::collections::BTreeSet;

use crate::support::app::TestApp;
use crate::support::wire::WireAnswer;

/// The headers that each answer has, whatever it answers.
const SAFE: [&str; 9] = [
    "x-content-type-options",
    "x-frame-options",
    "referrer-policy",
    "cross-origin-opener-policy",
    "cross-origin-resource-policy",
    "permissions-policy",
    "content-security-policy",
    "cache-control",
    "strict-transport-security",
];

/// security.md 267: those of a page that is not there are the measure.
#[track_caller]
fn is_dressed_as(answer: &WireAnswer, page: &WireAnswer, ids: &mut BTreeSet<String>) {
    for name in SAFE {
        assert_eq!(answer.header(name), page.header(name), "{name}: {answer:?}");
    }
    assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
    assert_eq!(answer.header("content-length"), answer.body.len().to_string());
    assert_eq!(answer.header("connection"), "close");
    assert_eq!(answer.header("date").len(), "Thu, 01 Jan 1970 00:00:00 GMT".len());
    for said in ["actix", "hallpass", "0.1"] {
        assert!(!answer.head.to_ascii_lowercase().contains(said) && !answer.body.contains(said), "{answer:?}");
    }
    let id = answer.header("x-request-id");
    assert!(id.len() == 32 && ids.insert(id.to_owned()), "{answer:?}");
}

#[tokio::test]
async fn what_is_no_request_is_refused_with_a_sentence_and_the_headers_of_every_answer() {
    for settings in ["", "issuer = \"https://id.test\""] {
        let app = TestApp::start_with(settings).await;
        let page = app.wire(b"GET /nothing HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").only().clone();
        assert_eq!((page.status, page.header("strict-transport-security").is_empty()), (404, settings.is_empty()));
        let many: String = (0..97).map(|at| format!("x-{at}: y\r\n")).collect();
        let mut ids = BTreeSet::new();
        for (status, sentence, bytes) in [
            (400, "no HTTP/1.1 request", "nonsense\r\n\r\n".to_owned()),
            (400, "Host", "GET / HTTP/1.1\r\n\r\n".to_owned()),
            (400, "well formed", "GET / HTTP/1.1\r\nhost: a\r\ncontent-length: x\r\n\r\n".to_owned()),
            (431, "96 of them", format!("GET / HTTP/1.1\r\nhost: a\r\n{many}\r\n")),
            (431, "128 KiB", format!("GET /{} HTTP/1.1\r\nhost: a\r\n\r\n", "y".repeat(200_000))),
            (431, "128 KiB", format!("GET / HTTP/1.1\r\nhost: a\r\nx: {}\r\n\r\n", "y".repeat(200_000))),
        ] {
            let wire = app.wire(bytes.as_bytes());
            assert!(wire.closed, "{wire:?}");
            let answer = wire.only();
            assert_eq!(answer.status, status, "{answer:?}");
            assert!(answer.body.contains(sentence) && answer.body.ends_with(".\n"), "{answer:?}");
            is_dressed_as(answer, &page, &mut ids);
        }
        // Behind one that is good, on the same connection.
        for good in ["HTTP/1.1\r\nhost: a", "HTTP/1.0\r\nconnection: keep-alive"] {
            let wire = app.wire(format!("GET /health/live {good}\r\n\r\nnonsense\r\n\r\n").as_bytes());
            assert_eq!((wire.statuses(), wire.closed), (vec![200, 400], true), "{wire:?}");
            is_dressed_as(&wire.answers[1], &page, &mut ids);
        }
    }
}

/// RFC 9110 §15.5.9
#[tokio::test]
async fn one_that_dawdles_is_told_how_long_it_may_take() {
    let app = TestApp::start().await;
    let page = app.wire(b"GET /nothing HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").only().clone();
    let wire = app.wire(b"GET /login HTTP/1.1\r\nhost: a\r\nx: ");
    let answer = wire.only();
    assert_eq!((answer.status, wire.closed), (408, true));
    assert!(answer.body.contains("within ten seconds"), "{answer:?}");
    is_dressed_as(answer, &page, &mut BTreeSet::new());
}
