//! Where the issuer is: connections to it, in the clear on this machine, else over TLS.

use std::future::Future;
use std::net::IpAddr;

use http_body_util::BodyExt;
use http_body_util::Full;
use http_body_util::Limited;
use hyper::Response;
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
use url::Url;

use crate::model::issuer::Issuer;
use crate::tls::Authorities;

/// The most bytes of an answer's body.
const BODY: usize = 256 * 1024;
/// The most bytes of an answer's headers.
const HEADERS: usize = 16 * 1024;

/// A connection on which a request can be sent.
pub(super) type Connection = SendRequest<Full<Bytes>>;

/// Scheme, host and port of the issuer, and whom to believe that it is there.
pub(super) struct Origin {
    host: String,
    port: u16,
    is_https: bool,
    authority: HeaderValue,
    authorities: Authorities,
}

impl Origin {
    /// That of `issuer`.
    pub(super) fn of(issuer: &Issuer, authorities: Authorities) -> Result<Self, String> {
        let url = Url::parse(issuer.as_str()).map_err(|error| error.to_string())?;
        let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else {
            return Err("names no host".to_owned());
        };
        let authority = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        Ok(Self {
            host: host.trim_start_matches('[').trim_end_matches(']').to_owned(),
            port,
            is_https: issuer.is_https(),
            authority: HeaderValue::try_from(authority).map_err(|error| error.to_string())?,
            authorities,
        })
    }

    /// What stands in `Host`.
    pub(super) fn authority(&self) -> HeaderValue {
        self.authority.clone()
    }

    /// A new connection, and the address that it goes out from.
    pub(super) async fn connect(&self) -> Result<(Connection, Option<IpAddr>), String> {
        let unreachable = |error: std::io::Error| format!("it can't be reached: {error}");
        let tcp = TcpStream::connect((self.host.as_str(), self.port)).await.map_err(unreachable)?;
        tcp.set_nodelay(true).map_err(unreachable)?;
        let from = tcp.local_addr().ok().map(|address| address.ip().to_canonical());
        let connection = if self.is_https {
            handshake(self.authorities.connect(&self.host, tcp).await?).await
        } else {
            handshake(tcp).await
        };
        Ok((connection?, from))
    }
}

async fn handshake<S>(stream: S) -> Result<Connection, String>
where
    TokioIo<S>: Read + Write + Unpin + Send + 'static,
{
    let mut builder = http1::Builder::new();
    builder.max_buf_size(HEADERS);
    let (connection, driving) = builder.handshake(TokioIo::new(stream)).await.map_err(broken)?;
    tokio::spawn(drive(driving));
    Ok(connection)
}

/// Moves what is read and written on a connection, until both sides have done with it.
async fn drive(connection: impl Future<Output = Result<(), hyper::Error>>) {
    if let Err(error) = connection.await {
        tracing::debug!(%error, "a connection to the issuer broke");
    }
}

/// What is said of a connection that broke.
pub(super) fn broken(error: hyper::Error) -> String {
    format!("the connection broke: {error}")
}

/// The whole body, as it was sent.
pub(super) async fn body(response: Response<Incoming>) -> Result<Bytes, String> {
    if response.headers().get_all(header::CONTENT_ENCODING).iter().any(|encoding| encoding.as_bytes() != b"identity") {
        return Err("the answer has a Content-Encoding, though none was asked for".to_owned());
    }
    match Limited::new(response.into_body(), BODY).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) => Err(format!("the answer can't be read: {error}")),
    }
}
