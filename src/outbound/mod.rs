//! The one door out: documents that others publish are fetched here and nowhere else, and here alone are applications told
//! that a session has ended.
//!
//! An address that a stranger gives us must not become a way into the network that we stand in. So: `https` alone;
//! the name is resolved once, every address must be public, and the connection goes to the very address that was
//! checked, where the server proves that it has the name; no redirects, no proxies, no cookies, no compression; a few
//! seconds and a few kilobytes. Where this server itself can be reached from its own machine alone, so may be those whom
//! it tells something.

mod address;
mod freshness;
mod resolve;
mod slots;
pub mod smtp;

use std::future::Future;
use std::net::IpAddr;
use std::net::SocketAddr;
use std::time::Duration;

use http_body_util::BodyExt;
use http_body_util::Full;
use http_body_util::Limited;
use hyper::Method;
use hyper::Request;
use hyper::Response;
use hyper::StatusCode;
use hyper::body::Bytes;
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper::header;
use hyper::http::request;
use hyper::rt::Read;
use hyper::rt::Write;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use self::slots::Slots;
use crate::config::outbound::Outbound;
use crate::model::called_url::CalledUrl;
use crate::model::host_port::HostPort;
use crate::model::https_url::HttpsUrl;
use crate::tls::Authorities;

pub use freshness::Freshness;
pub use resolve::Resolve;
pub use resolve::Resolving;
pub use resolve::SystemResolver;
pub use slots::Asker;

/// How long a fetch may wait for its turn.
const TURN: Duration = Duration::from_secs(2);
/// How long a fetch may take once it is its turn, to the last byte.
const WHOLE_FETCH: Duration = Duration::from_secs(5);
/// How long one of several addresses may take to answer, so that there is time for the next.
const ONE_ADDRESS: Duration = Duration::from_secs(2);
/// How many of a host's addresses are tried.
const ADDRESSES: usize = 4;
/// The most bytes that a response's headers may have.
const HEADERS: usize = 16 * 1024;

/// The door.
pub struct Door {
    allowed: Vec<HostPort>,
    authorities: Authorities,
    resolver: Box<dyn Resolve>,
    slots: Slots,
}

/// What a document must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// JSON.
    Json,
    /// A signed authorization request (RFC 9101 §10.5).
    RequestObject,
}

/// A document that was fetched.
#[derive(Debug, Clone)]
pub struct Fetched {
    /// The body, of the kind that was asked for by its content type.
    pub body: Vec<u8>,
    /// How long it may be used again.
    pub freshness: Freshness,
}

/// Why a document could not be fetched, as the rest of a sentence that begins with its URL. It tells nothing of the
/// network that this server stands in: not which names it knows, and not their addresses.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// The name is unknown, or one of its addresses has a special use.
    #[error("has no public address (the operator of this server can let {0} in by `outbound.allowed_hosts`)")]
    NoPublicAddress(String),
    /// Nobody listens there, or the connection broke.
    #[error("could not be reached")]
    Unreachable,
    /// The server did not prove to be who it should be.
    #[error("could not be read over TLS: {0}")]
    Tls(String),
    /// Too many other fetches were under way. It says nothing of the document.
    #[error("was not asked for: too many others were being asked for; try again in a moment")]
    NoTurn,
    /// It took too long.
    #[error("did not answer within {} seconds", WHOLE_FETCH.as_secs())]
    TooSlow,
    /// A redirect.
    #[error("answered with a redirect (status {0}), which is not followed: the document must be at this very address")]
    Redirect(u16),
    /// Any other status than 200.
    #[error("answered with status {0} instead of 200")]
    Status(u16),
    /// No JSON.
    #[error("is not served as JSON: the Content-Type must be application/json or end in +json")]
    NotJson,
    /// No signed text.
    #[error("is not served as a JWT: the Content-Type must be application/oauth-authz-req+jwt or application/jwt")]
    NotJwt,
    /// Compressed.
    #[error("is served with a Content-Encoding, though none was asked for")]
    Encoded,
    /// Larger than the caller takes.
    #[error("is larger than {0} bytes")]
    TooLarge(usize),
}

/// A task that ends with its handle.
struct Aborting(JoinHandle<()>);

impl Drop for Aborting {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Door {
    /// A door as it is configured.
    ///
    /// # Errors
    /// What is wrong with the file of certificate authorities, as a sentence for the operator.
    pub fn open(config: &Outbound, resolver: Box<dyn Resolve>) -> Result<Self, String> {
        let authorities =
            Authorities::open(config.ca_file.as_deref()).map_err(|wrong| format!("outbound.ca_file: {wrong}"))?;
        Ok(Self { allowed: config.allowed_hosts.clone(), authorities, resolver, slots: Slots::new() })
    }

    /// Fetches the JSON document at `url` for `asker`, `most_bytes` at most. Never inside a transaction.
    ///
    /// # Errors
    /// [`FetchError`].
    pub async fn fetch(&self, url: &HttpsUrl, most_bytes: usize, asker: Asker) -> Result<Fetched, FetchError> {
        self.fetch_kind(url, Kind::Json, most_bytes, asker).await
    }

    /// As [`Door::fetch`], for a document of another kind.
    ///
    /// # Errors
    /// [`FetchError`].
    pub async fn fetch_kind(
        &self,
        url: &HttpsUrl,
        kind: Kind,
        most_bytes: usize,
        asker: Asker,
    ) -> Result<Fetched, FetchError> {
        let fetching = async {
            let request = request(Method::GET, url.path_and_query(), &url.authority())
                .header(header::ACCEPT, kind.accept())
                .body(Full::default())
                .map_err(|_| FetchError::Unreachable)?;
            let addresses = self.addresses(url.host(), url.port(), false).await?;
            let (response, _connection) = self.ask(url.host(), true, &addresses, request).await?;
            check(&response, kind, most_bytes)?;
            let freshness = Freshness::of(response.headers());
            let body = read(response, most_bytes).await?;
            Ok(Fetched { body, freshness })
        };
        let fetched = self.in_turn(url.host(), asker, fetching).await;
        if let Err(why) = &fetched {
            tracing::info!(host = url.host(), port = url.port(), "a document could not be fetched: {why}");
        }
        fetched
    }

    /// Posts `form` to `url` for `asker`, and returns the status of the answer, which is all that is read of it.
    /// `loopback`: whether this machine's own addresses may be meant. Never inside a transaction.
    ///
    /// # Errors
    /// [`FetchError`].
    pub async fn post(&self, url: &CalledUrl, form: String, loopback: bool, asker: Asker) -> Result<u16, FetchError> {
        let posting = async {
            let request = request(Method::POST, url.path_and_query(), &url.authority())
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .header(header::CONTENT_LENGTH, form.len())
                .body(Full::from(form))
                .map_err(|_| FetchError::Unreachable)?;
            let addresses = self.addresses(url.host(), url.port(), loopback).await?;
            let is_here = loopback && addresses.iter().all(|address| address.ip().is_loopback());
            if !url.is_https() && !is_here {
                return Err(FetchError::NoPublicAddress(url.authority()));
            }
            let (response, _connection) = self.ask(url.host(), url.is_https(), &addresses, request).await?;
            Ok(response.status().as_u16())
        };
        self.in_turn(url.host(), asker, posting).await
    }

    /// Does `work` when it is its turn, for a while.
    async fn in_turn<T>(
        &self,
        host: &str,
        asker: Asker,
        work: impl Future<Output = Result<T, FetchError>>,
    ) -> Result<T, FetchError> {
        let Ok(slot) = timeout(TURN, self.slots.take(host, asker)).await else { return Err(FetchError::NoTurn) };
        let done = timeout(WHOLE_FETCH, work).await.unwrap_or(Err(FetchError::TooSlow));
        drop(slot);
        done
    }

    /// Sends the request, and returns the response with the connection that its body comes over.
    async fn ask(
        &self,
        host: &str,
        by_tls: bool,
        addresses: &[SocketAddr],
        request: Request<Full<Bytes>>,
    ) -> Result<(Response<Incoming>, Aborting), FetchError> {
        let tcp = connect(addresses).await?;
        if !by_tls {
            return exchange(TokioIo::new(tcp), request).await;
        }
        let tls = self.authorities.connect(bare(host), tcp).await.map_err(FetchError::Tls)?;
        exchange(TokioIo::new(tls), request).await
    }

    /// The addresses to connect to. One that is not public among them spoils them all: a name that leads both outside
    /// and inside is no accident.
    async fn addresses(&self, host: &str, port: u16, loopback: bool) -> Result<Vec<SocketAddr>, FetchError> {
        let refused = || FetchError::NoPublicAddress(format!("{host}:{port}"));
        let mut addresses = self.resolver.resolve(bare(host), port).await.map_err(|error| {
            tracing::debug!(%error, host, "a name could not be resolved");
            refused()
        })?;
        let is_allowed = self.allowed.iter().any(|allowed| allowed.is(host, port));
        let is_public = |ip: IpAddr| address::is_public(ip) || (loopback && ip.is_loopback());
        let special = addresses.iter().find(|address| !is_public(address.ip()));
        if let Some(address) = special.filter(|_| !is_allowed) {
            tracing::debug!(%address, host, "a name leads to an address that is not public");
            return Err(refused());
        }
        if addresses.is_empty() {
            return Err(refused());
        }
        addresses.truncate(ADDRESSES);
        Ok(addresses)
    }
}

/// The beginning of each request.
fn request(method: Method, path_and_query: &str, authority: &str) -> request::Builder {
    Request::builder()
        .method(method)
        .uri(path_and_query)
        .header(header::HOST, authority)
        .header(header::ACCEPT_ENCODING, "identity")
        .header(header::USER_AGENT, concat!("Hallpass/", env!("CARGO_PKG_VERSION")))
        .header(header::CONNECTION, "close")
}

/// The host without the brackets that stand around an IPv6 address.
fn bare(host: &str) -> &str {
    host.trim_start_matches('[').trim_end_matches(']')
}

/// One request and the beginning of its response over `io`.
async fn exchange(
    io: impl Read + Write + Unpin + Send + 'static,
    request: Request<Full<Bytes>>,
) -> Result<(Response<Incoming>, Aborting), FetchError> {
    let mut builder = http1::Builder::new();
    builder.max_buf_size(HEADERS);
    let (mut sender, connection) = builder.handshake(io).await.map_err(|_| FetchError::Unreachable)?;
    // Its end is seen at the other side, where the response breaks off.
    let connection = Aborting(tokio::spawn(async move { drop(connection.await) }));
    let response = sender.send_request(request).await.map_err(|_| FetchError::Unreachable)?;
    Ok((response, connection))
}

/// Connects to the first of `addresses` that answers.
async fn connect(addresses: &[SocketAddr]) -> Result<TcpStream, FetchError> {
    for address in addresses {
        if let Some(stream) = within(ONE_ADDRESS, TcpStream::connect(address)).await {
            return Ok(stream);
        }
    }
    Err(FetchError::Unreachable)
}

/// What comes of `work`, if it comes in time and is no error.
async fn within<T, E>(time: Duration, work: impl Future<Output = Result<T, E>>) -> Option<T> {
    timeout(time, work).await.ok()?.ok()
}

/// Whether the response is one whose body may be read.
fn check(response: &Response<Incoming>, kind: Kind, most_bytes: usize) -> Result<(), FetchError> {
    let status = response.status();
    if status.is_redirection() {
        return Err(FetchError::Redirect(status.as_u16()));
    }
    if status != StatusCode::OK {
        return Err(FetchError::Status(status.as_u16()));
    }
    let headers = response.headers();
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.check(content_type)?;
    if headers.get_all(header::CONTENT_ENCODING).iter().any(|encoding| encoding.as_bytes() != b"identity") {
        return Err(FetchError::Encoded);
    }
    let length = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    if length.and_then(|length| length.parse::<usize>().ok()).is_some_and(|length| length > most_bytes) {
        return Err(FetchError::TooLarge(most_bytes));
    }
    Ok(())
}

impl Kind {
    fn accept(self) -> &'static str {
        match self {
            Kind::Json => "application/json",
            Kind::RequestObject => "application/oauth-authz-req+jwt, application/jwt",
        }
    }

    fn check(self, content_type: &str) -> Result<(), FetchError> {
        match self {
            Kind::Json if is_json(content_type) => Ok(()),
            Kind::Json => Err(FetchError::NotJson),
            Kind::RequestObject => {
                let known = ["application/oauth-authz-req+jwt", "application/jwt"];
                let is_known = known.contains(&essence(content_type).as_str());
                if is_known { Ok(()) } else { Err(FetchError::NotJwt) }
            }
        }
    }
}

/// A content type without its parameters.
fn essence(content_type: &str) -> String {
    content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// Whether a content type is JSON's or built on it (RFC 6839 §3.1).
fn is_json(content_type: &str) -> bool {
    let essence = essence(content_type);
    essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
}

/// The whole body, if it is small enough.
async fn read(response: Response<Incoming>, most_bytes: usize) -> Result<Vec<u8>, FetchError> {
    let collected = Limited::new(response.into_body(), most_bytes).collect().await;
    match collected {
        Ok(body) => Ok(body.to_bytes().to_vec()),
        Err(error) if error.is::<http_body_util::LengthLimitError>() => Err(FetchError::TooLarge(most_bytes)),
        Err(_) => Err(FetchError::Unreachable),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6839 §3.1
    #[test]
    fn json_is_known_by_its_content_type() {
        for json in [
            "application/json",
            "Application/JSON; charset=utf-8",
            "application/jwk-set+json",
            "application/x+json ;a=b",
        ] {
            assert!(is_json(json), "{json}");
        }
        for other in [
            "",
            "text/html",
            "text/json",
            "application/jsonp",
            "application/json5",
            "text/html;application/json",
            "application/octet-stream",
        ] {
            assert!(!is_json(other), "{other}");
        }
    }
}
