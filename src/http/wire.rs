//! The connection below actix: what is no HTTP request never comes to a handler, so actix answers it by itself, with a
//! bare status line. Here that answer gets what every other one has: security headers, an id that stands in the log, and
//! a sentence that says what was wrong.

use std::future;
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::Context;
use std::task::Poll;
use std::task::ready;
use std::time::Duration;

use actix_http::HttpService;
use actix_http::error::DispatchError;
use actix_server::GracefulShutdownSignal;
use actix_service::ServiceFactoryExt;
use actix_service::map_config;
use actix_web::App as ActixApp;
use actix_web::Error;
use actix_web::dev::AppConfig;
use actix_web::dev::Extensions;
use actix_web::dev::ServiceFactory;
use actix_web::dev::fn_service;
use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::http::header::HeaderName;
use actix_web::rt::net::TcpStream;
use actix_web::web::Data;
use tokio::io::AsyncRead;
use tokio::io::AsyncWrite;
use tokio::io::ReadBuf;

use crate::app::App;
use crate::http;
use crate::http::csp;
use crate::http::outermost;
use crate::random::RequestIds;

/// How long a connection stays open between two requests.
const KEEP_ALIVE: Duration = Duration::from_secs(75);
/// How long the head of a request may take to arrive.
const HEAD_PATIENCE: Duration = Duration::from_secs(10);
/// How long a connection that is closed may take to read its last answer.
const LINGERING: Duration = Duration::from_secs(1);

/// What actix answers by itself.
struct Bare {
    /// Its status line, behind the version.
    line: &'static [u8],
    status: StatusCode,
    /// What is said besides.
    sentence: &'static str,
}

const BARE: [Bare; 3] = [
    Bare {
        line: b" 400 Bad Request\r\n",
        status: StatusCode::BAD_REQUEST,
        sentence: "This is no HTTP/1.1 request: its first line, a header or the frame of its body is not well formed, or Host is \
                   missing or there twice.\n",
    },
    Bare {
        line: b" 408 Request Timeout\r\n",
        status: StatusCode::REQUEST_TIMEOUT,
        sentence: "The request did not arrive within ten seconds.\n",
    },
    Bare {
        line: b" 431 Request Header Fields Too Large\r\n",
        status: StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
        sentence: "The request's headers are too large: 96 of them, and 128 KiB with the address, are the most.\n",
    },
];

/// How long the line of the date is, with the empty one behind it.
const DATE_AND_END: usize = "date: Thu, 01 Jan 1970 00:00:00 GMT\r\n\r\n".len();

/// Cuts `written` before the bare answer that it ends with: a status line, no content, perhaps what becomes of the
/// connection, the date, and nothing else. Answers of ours have other headers before the date.
fn cut(written: &[u8]) -> Option<(&[u8], &'static Bare, &[u8])> {
    let (head, date) = written.split_at_checked(written.len().checked_sub(DATE_AND_END)?)?;
    let connection = [&b"connection: close\r\n"[..], b"connection: keep-alive\r\n"];
    let head = connection.iter().find_map(|line| head.strip_suffix(*line)).unwrap_or(head);
    let head = head.strip_suffix(b"content-length: 0\r\n").filter(|_| date.starts_with(b"date: "))?;
    let (head, bare) = BARE.iter().find_map(|bare| head.strip_suffix(bare.line).zip(Some(bare)))?;
    let before = head.strip_suffix(b"HTTP/1.1").or_else(|| head.strip_suffix(b"HTTP/1.0"))?;
    Some((before, bare, date))
}

/// What the server does with each connection, on each worker: HTTP/1.1 over TCP. It is what `HttpServer` would make, but for
/// the [`Connection`] below it.
pub fn serve(
    app: Data<App>,
    opened: impl Fn(&mut Extensions) + Clone + 'static,
    stopping: GracefulShutdownSignal,
) -> impl ServiceFactory<TcpStream, Config = (), Response = (), Error = DispatchError, InitError = ()> {
    let app = Data::new(App::clone(&app));
    let spokesman = Rc::new(Spokesman::new(app.clone()));
    let requests = ActixApp::new().configure(|config| http::configure(config, &app));
    let requests = map_config(requests, |()| AppConfig::default()).map_err(|error: Error| error.error_response());
    let http = HttpService::build()
        .keep_alive(KEEP_ALIVE)
        .client_request_timeout(HEAD_PATIENCE)
        .client_disconnect_timeout(LINGERING)
        .on_connect_ext(move |_: &Connection, extensions: &mut Extensions| opened(extensions))
        .graceful_shutdown_signal(move || {
            let stopping = stopping.clone();
            async move { stopping.notified().await }
        })
        .h1(requests);
    fn_service(move |stream: TcpStream| {
        let (peer, connection) = (stream.peer_addr().ok(), Connection::new(stream, Rc::clone(&spokesman)));
        future::ready(Ok::<_, DispatchError>((connection, peer)))
    })
    .and_then(http)
}

/// Says what is said in place of bare answers; one for each worker.
pub struct Spokesman {
    app: Data<App>,
    ids: RequestIds,
}

impl Spokesman {
    /// That of `app`.
    pub fn new(app: Data<App>) -> Self {
        Self { app, ids: RequestIds::default() }
    }

    /// `written` with a better end, where it ends with a bare answer.
    fn dress(&self, written: &[u8]) -> Option<Vec<u8>> {
        let (before, Bare { line, status, sentence }, date) = cut(written)?;
        let request_id = self.ids.next(self.app.now());
        tracing::info!(request_id, status = status.as_u16(), "what came is no request");
        let mut answer = [before, b"HTTP/1.1", line].concat();
        let mut put = |name: &HeaderName, value: &[u8]| {
            answer.extend([name.as_str().as_bytes(), b": ", value, b"\r\n"].concat());
        };
        for (name, value) in outermost::for_all(&self.app) {
            put(&name, value.as_bytes());
        }
        put(&header::CACHE_CONTROL, b"no-store");
        put(&header::CONTENT_SECURITY_POLICY, csp::OWN_FORMS.as_bytes());
        put(&outermost::CROSS_ORIGIN_RESOURCE_POLICY, b"same-origin");
        put(&outermost::X_REQUEST_ID, request_id.as_bytes());
        put(&header::CONTENT_TYPE, b"text/plain; charset=utf-8");
        put(&header::CONTENT_LENGTH, sentence.len().to_string().as_bytes());
        put(&header::CONNECTION, b"close");
        answer.extend(date);
        answer.extend(sentence.as_bytes());
        Some(answer)
    }
}

/// A connection whose bare answers a [`Spokesman`] dresses.
pub struct Connection {
    stream: TcpStream,
    spokesman: Rc<Spokesman>,
    dressed: Option<Dressed>,
}

/// An answer that is under way.
struct Dressed {
    answer: Vec<u8>,
    sent: usize,
    /// How much of what actix wrote it stands for.
    replaces: usize,
}

impl Connection {
    /// `stream` with its spokesman.
    pub fn new(stream: TcpStream, spokesman: Rc<Spokesman>) -> Self {
        Self { stream, spokesman, dressed: None }
    }
}

impl AsyncRead for Connection {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        if this.dressed.is_none() {
            this.dressed = this.spokesman.dress(bytes).map(|answer| Dressed { answer, sent: 0, replaces: bytes.len() });
        }
        let Some(dressed) = &mut this.dressed else { return Pin::new(&mut this.stream).poll_write(cx, bytes) };
        while let Some(rest) = dressed.answer.get(dressed.sent..).filter(|rest| !rest.is_empty()) {
            match ready!(Pin::new(&mut this.stream).poll_write(cx, rest))? {
                0 => return Poll::Ready(Ok(0)),
                sent => dressed.sent += sent,
            }
        }
        let replaces = dressed.replaces;
        this.dressed = None;
        Poll::Ready(Ok(replaces))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
