//! Connections to the issuer: few, kept open, each question with an end in time and in size.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

use http_body_util::Full;
use hyper::Request;
use hyper::StatusCode;
use hyper::body::Bytes;
use hyper::header;
use hyper::header::HeaderValue;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::introspection::origin;
use crate::introspection::origin::Connection;
use crate::introspection::origin::Origin;
use crate::model::issuer::Issuer;
use crate::tls::Authorities;

/// How many questions may be under way at once.
const AT_ONCE: usize = 64;
/// How many connections are kept open for the next question.
const KEPT: usize = 16;

/// Where tokens are asked about, and as whom.
pub(super) struct Endpoint {
    issuer: Issuer,
    origin: Origin,
    path: String,
    authorization: HeaderValue,
    time: Duration,
    at_once: Semaphore,
    idle: Mutex<Vec<Connection>>,
}

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
        authorization.set_sensitive(true);
        Ok(Self {
            origin: Origin::of(&issuer, authorities)?,
            path: format!("{}/oauth/introspect", issuer.path()),
            authorization,
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
        let (connection, _) = self.origin.connect().await?;
        self.ask_by(connection, form).await
    }

    async fn ask_by(&self, mut connection: Connection, form: Bytes) -> Result<Answer, String> {
        connection.ready().await.map_err(origin::broken)?;
        let request = Request::post(&self.path)
            .header(header::HOST, self.origin.authority())
            .header(header::AUTHORIZATION, self.authorization.clone())
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ACCEPT, "application/json")
            .header(header::ACCEPT_ENCODING, "identity")
            .header(header::USER_AGENT, concat!("Hallpass-Principal/", env!("CARGO_PKG_VERSION")))
            .body(Full::new(form))
            .map_err(|error| error.to_string())?;
        let response = connection.send_request(request).await.map_err(origin::broken)?;
        let answer = Answer { status: response.status(), body: origin::body(response).await? };
        if !connection.is_closed() {
            self.keep(connection);
        }
        Ok(answer)
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
