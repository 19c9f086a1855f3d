//! The issuer as a stranger sees it: any question, each on a connection of its own, and no redirect is followed.

use std::net::IpAddr;
use std::path::Path;
use std::time::Duration;

use http_body_util::Full;
use hyper::Request;
use hyper::Response;
use hyper::body::Bytes;
use hyper::body::Incoming;
use hyper::header;
use tokio::time::timeout;

use crate::introspection::origin;
use crate::introspection::origin::Origin;
use crate::model::issuer::Issuer;
use crate::tls::Authorities;

/// How long a question may take, to the last byte of its answer.
const QUESTION: Duration = Duration::from_secs(10);

/// Somebody who knows nothing of the issuer but its address.
pub(crate) struct Stranger(Origin);

/// What is asked.
pub(crate) struct Question<'q> {
    /// The method.
    pub method: &'q str,
    /// The path below the issuer's origin, and the query.
    pub path: &'q str,
    /// Headers beside those that every request has.
    pub headers: Vec<(&'q str, String)>,
    /// The body, a form.
    pub form: Option<String>,
}

/// What came back.
pub(crate) struct Reply {
    /// The status.
    pub status: u16,
    /// Names in small letters, and values.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
    /// The address that the question went out from.
    pub from: Option<IpAddr>,
}

impl Stranger {
    /// At the door of `issuer`, with the certificate authorities of `certificates` beside the system's.
    ///
    /// # Errors
    /// What is wrong with the file or the address, as the rest of a sentence.
    pub(crate) fn of(issuer: &Issuer, certificates: Option<&Path>) -> Result<Self, String> {
        Origin::of(issuer, Authorities::open(certificates)?).map(Self)
    }

    /// Asks.
    ///
    /// # Errors
    /// Why there is no answer.
    pub(crate) async fn ask(&self, question: Question<'_>) -> Result<Reply, String> {
        let asked = timeout(QUESTION, self.ask_in_time(question)).await;
        asked.unwrap_or_else(|_| Err(format!("no answer within {} seconds", QUESTION.as_secs())))
    }

    async fn ask_in_time(&self, question: Question<'_>) -> Result<Reply, String> {
        let mut request = Request::builder()
            .method(question.method)
            .uri(question.path)
            .header(header::HOST, self.0.authority())
            .header(header::ACCEPT_ENCODING, "identity")
            .header(header::USER_AGENT, concat!("Hallpass-Doctor/", env!("CARGO_PKG_VERSION")))
            .header(header::CONNECTION, "close");
        for (name, value) in question.headers {
            request = request.header(name, value);
        }
        if question.form.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        let form = Full::new(Bytes::from(question.form.unwrap_or_default()));
        let request = request.body(form).map_err(|error| error.to_string())?;
        let (mut connection, from) = self.0.connect().await?;
        let response = connection.send_request(request).await.map_err(origin::broken)?;
        let (status, headers) = (response.status().as_u16(), headers(&response));
        let body = String::from_utf8_lossy(&origin::body(response).await?).into_owned();
        Ok(Reply { status, headers, body, from })
    }
}

fn headers(response: &Response<Incoming>) -> Vec<(String, String)> {
    let text = |value: &header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    response.headers().iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect()
}

impl Reply {
    /// All values of one header.
    pub(crate) fn all(&self, name: &str) -> Vec<&str> {
        self.headers.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str()).collect()
    }

    /// One header's value; empty where there is none.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.all(name).first().copied().unwrap_or_default()
    }
}
