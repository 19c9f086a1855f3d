//! Connections to the issuer: few, kept open, each question with an end in time and in size.

use std::future::Future;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

use http_body_util::BodyExt;
use http_body_util::Full;
use http_body_util::Limited;
use hyper::Request;
use hyper::Response;
use hyper::StatusCode;
use hyper::body::Bytes;
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper::client::conn::http1::SendRequest;
use hyper::header;
use hyper::header::HeaderValue;
use hyper::rt::Read;
use hyper::rt::Write;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::time::timeout;
use url::Url;

use crate::model::issuer::Issuer;
use crate::tls::Authorities;

/// How many questions may be under way at once.
const AT_ONCE: usize = 64;
/// How many connections are kept open for the next question.
const KEPT: usize = 16;
/// The most bytes of an answer's body.
const BODY: usize = 256 * 1024;
/// The most bytes of an answer's headers.
const HEADERS: usize = 16 * 1024;

/// Where tokens are asked about, and as whom.
pub(super) struct Endpoint {
    issuer: Issuer,
    host: String,
    port: u16,
    path: String,
    authority: HeaderValue,
    authorization: HeaderValue,
    authorities: Authorities,
    time: Duration,
    at_once: Semaphore,
    idle: Mutex<Vec<Connection>>,
}

type Connection = SendRequest<Full<Bytes>>;

/// What the issuer said.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) body: Bytes,
}

impl Endpoint {
    /// That of `issuer`, asked with this `Authorization`; a question takes `time` at most.
    pub(super) fn new(
        issuer: Issuer,
        mut authorization: HeaderValue,
        authorities: Authorities,
        time: Duration,
    ) -> Result<Self, String> {
        let url = Url::parse(&issuer.url("/oauth/introspect")).map_err(|error| error.to_string())?;
        let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else {
            return Err("names no host".to_owned());
        };
        let authority = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        authorization.set_sensitive(true);
        Ok(Self {
            host: host.trim_start_matches('[').trim_end_matches(']').to_owned(),
            port,
            path: url.path().to_owned(),
            authority: HeaderValue::try_from(authority).map_err(|error| error.to_string())?,
            authorization,
            authorities,
            time,
            at_once: Semaphore::new(AT_ONCE),
            idle: Mutex::default(),
            issuer,
        })
    }

    /// Whose it is.
    pub(super) fn issuer(&self) -> &Issuer {
        &self.issuer
    }

    /// Asks with this form.
    ///
    /// # Errors
    /// Why there is no answer, for the log.
    pub(super) async fn ask(&self, form: String) -> Result<Answer, String> {
        let asking = async {
            // It is never closed, so that this is no failure.
            let _permit = self.at_once.acquire().await;
            self.ask_in_turn(Bytes::from(form)).await
        };
        timeout(self.time, asking).await.unwrap_or_else(|_| Err(format!("no answer within {:?}", self.time)))
    }

    async fn ask_in_turn(&self, form: Bytes) -> Result<Answer, String> {
        // One that was kept may be closed from the other side at any moment; then the question is asked anew, which
        // does no harm, for it changes nothing.
        while let Some(kept) = self.take() {
            if let Ok(answer) = self.ask_by(kept, form.clone()).await {
                return Ok(answer);
            }
        }
        let connection = self.connect().await?;
        self.ask_by(connection, form).await
    }

    async fn ask_by(&self, mut connection: Connection, form: Bytes) -> Result<Answer, String> {
        let broken = |error: hyper::Error| format!("the connection broke: {error}");
        connection.ready().await.map_err(broken)?;
        let request = Request::post(&self.path)
            .header(header::HOST, self.authority.clone())
            .header(header::AUTHORIZATION, self.authorization.clone())
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ACCEPT, "application/json")
            .header(header::ACCEPT_ENCODING, "identity")
            .header(header::USER_AGENT, concat!("Hallpass-Principal/", env!("CARGO_PKG_VERSION")))
            .body(Full::new(form))
            .map_err(|error| error.to_string())?;
        let response = connection.send_request(request).await.map_err(broken)?;
        let answer = read(response).await?;
        if !connection.is_closed() {
            self.keep(connection);
        }
        Ok(answer)
    }

    async fn connect(&self) -> Result<Connection, String> {
        let unreachable = |error: std::io::Error| format!("it can't be reached: {error}");
        let tcp = TcpStream::connect((self.host.as_str(), self.port)).await.map_err(unreachable)?;
        tcp.set_nodelay(true).map_err(unreachable)?;
        if self.issuer.is_https() {
            handshake(self.authorities.connect(&self.host, tcp).await?).await
        } else {
            handshake(tcp).await
        }
    }

    fn take(&self) -> Option<Connection> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        // The one that was used last has the longest to live.
        std::iter::from_fn(|| idle.pop()).find(|connection| !connection.is_closed())
    }

    fn keep(&self, connection: Connection) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.retain(|connection| !connection.is_closed());
        if idle.len() < KEPT {
            idle.push(connection);
        }
    }
}

async fn handshake<S>(stream: S) -> Result<Connection, String>
where
    TokioIo<S>: Read + Write + Unpin + Send + 'static,
{
    let mut builder = http1::Builder::new();
    builder.max_buf_size(HEADERS);
    let made = builder.handshake(TokioIo::new(stream)).await;
    let (connection, driving) = made.map_err(|error| format!("the connection broke: {error}"))?;
    tokio::spawn(drive(driving));
    Ok(connection)
}

/// Moves what is read and written on a connection, until both sides have done with it.
async fn drive(connection: impl Future<Output = Result<(), hyper::Error>>) {
    if let Err(error) = connection.await {
        tracing::debug!(%error, "a connection to the issuer broke");
    }
}

async fn read(response: Response<Incoming>) -> Result<Answer, String> {
    let status = response.status();
    if response.headers().get_all(header::CONTENT_ENCODING).iter().any(|encoding| encoding.as_bytes() != b"identity") {
        return Err("the answer has a Content-Encoding, though none was asked for".to_owned());
    }
    match Limited::new(response.into_body(), BODY).collect().await {
        Ok(body) => Ok(Answer { status, body: body.to_bytes() }),
        Err(error) => Err(format!("the answer can't be read: {error}")),
    }
}
