//! How a service says no: RFC 6750 §3 in the headers, problem details (RFC 9457) in the body. Nobody learns from it which
//! part of a credential was wrong.

use std::fmt;
use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::ResponseError;
use actix_web::http::StatusCode;
use actix_web::http::header;
use serde_json::json;

use crate::jose::algorithm::Algorithm;
use crate::principal::need::Lack;

/// Why somebody is not let in.
#[derive(Debug, Clone)]
pub struct Refusal {
    why: Why,
    challenge: Arc<Challenge>,
}

/// Why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// It is not shown who it is.
    Unauthenticated {
        /// Whether something was shown, which is not good.
        credential_given: bool,
    },
    /// Its proof of possession is not good (RFC 9449 §7.1).
    Proof,
    /// It is known who it is, and that is not enough.
    Lacking(Lack),
    /// Nobody could say who it is.
    Unavailable,
    /// The service was put together wrongly; the text is for the log.
    Misconfigured(&'static str),
}

/// What a service says to those who come without a good credential.
#[derive(Debug, Clone, Default)]
pub(super) struct Challenge {
    /// Where its metadata are (RFC 9728 §5.1).
    pub(super) metadata: Option<String>,
    /// Whether it takes proofs of possession.
    pub(super) knows_proofs: bool,
}

impl Refusal {
    pub(super) fn new(why: Why, challenge: &Arc<Challenge>) -> Self {
        Self { why, challenge: Arc::clone(challenge) }
    }

    /// Why.
    pub fn why(&self) -> &Why {
        &self.why
    }

    /// `WWW-Authenticate`. `Bearer` stands first: some clients read no further.
    fn challenges(&self) -> Vec<String> {
        let with = |code: &str| format!(", error=\"{code}\"");
        let (bearer, dpop) = match &self.why {
            Why::Unauthenticated { credential_given: false } => (String::new(), String::new()),
            Why::Unauthenticated { credential_given: true } => (with("invalid_token"), with("invalid_token")),
            Why::Proof => (with("invalid_token"), with("invalid_dpop_proof")),
            Why::Lacking(Lack::Scope(scope)) => {
                let error = format!("{}, scope=\"{scope}\"", with("insufficient_scope"));
                (error.clone(), error)
            }
            Why::Lacking(Lack::Unconfined) => (with("insufficient_scope"), with("insufficient_scope")),
            Why::Lacking(_) | Why::Unavailable | Why::Misconfigured(_) => return Vec::new(),
        };
        let metadata = self.challenge.metadata.as_ref().map(|url| format!(", resource_metadata=\"{url}\""));
        let mut all = vec![format!("Bearer realm=\"hallpass\"{}{bearer}", metadata.unwrap_or_default())];
        if self.challenge.knows_proofs {
            all.push(format!("DPoP realm=\"hallpass\", algs=\"{}\"{dpop}", Algorithm::names().join(" ")));
        }
        all
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.why {
            Why::Unauthenticated { credential_given: false } => f.write_str("a credential is needed"),
            Why::Unauthenticated { credential_given: true } => f.write_str("the credential is not valid"),
            Why::Proof => f.write_str("the proof of possession is not valid"),
            Why::Lacking(lack) => lack.fmt(f),
            Why::Unavailable => f.write_str("it can't be asked at the moment whose the credential is"),
            Why::Misconfigured(_) => f.write_str("something went wrong here"),
        }
    }
}

impl ResponseError for Refusal {
    fn status_code(&self) -> StatusCode {
        match self.why {
            Why::Unauthenticated { .. } | Why::Proof => StatusCode::UNAUTHORIZED,
            Why::Lacking(_) => StatusCode::FORBIDDEN,
            Why::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Why::Misconfigured(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn error_response(&self) -> HttpResponse {
        if let Why::Misconfigured(what) = self.why {
            tracing::error!("{what}");
        }
        let status = self.status_code();
        let mut response = HttpResponse::build(status);
        for challenge in self.challenges() {
            response.append_header((header::WWW_AUTHENTICATE, challenge));
        }
        if self.why == Why::Unavailable {
            response.insert_header((header::RETRY_AFTER, "1"));
        }
        response.insert_header((header::CACHE_CONTROL, "no-store"));
        let body = json!({
            "type": "about:blank",
            "title": status.canonical_reason().unwrap_or_default(),
            "status": status.as_u16(),
            "detail": self.to_string(),
        });
        response.content_type("application/problem+json").body(body.to_string())
    }
}
