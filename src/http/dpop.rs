//! The header `DPoP`: a request's proof of possession (RFC 9449 §4.1), at endpoints of OAuth and at resources alike.

use actix_web::HttpMessage;
use actix_web::HttpRequest;
use actix_web::http::header::HeaderName;

use crate::app::App;
use crate::domain::oauth::dpop;
use crate::domain::oauth::dpop::Expected;
use crate::domain::oauth::dpop::Proof;
use crate::domain::oauth::dpop::ProofError;
use crate::domain::oauth::error::ErrorCode;
use crate::domain::oauth::error::Refusal;
use crate::domain::oauth::once;
use crate::domain::refusals::check::Check;
use crate::domain::refusals::finding::Finding;
use crate::domain::refusals::finding::address;
use crate::http::context::Context;
use crate::http::failure::Failure;
use crate::jose::jws::Jws;
use crate::jose::proof;
use crate::jose::proof::InvalidProof;
use crate::model::thumbprint::Thumbprint;
use crate::model::token::TokenHash;

/// The header with the proof.
pub const PROOF: HeaderName = HeaderName::from_static("dpop");
/// The header with the nonce that the next proof must hold (RFC 9449 §8.1).
pub const NONCE: HeaderName = HeaderName::from_static("dpop-nonce");

/// What a proof must be about, where that is not the request itself but one in whose name it is sent. Extractors find it
/// among the request's extensions.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The method (`htm`).
    pub method: String,
    /// The address (`htu`).
    pub url: String,
}

impl Asked {
    /// The request itself, as the public knows it, whatever a proxy calls this server (RFC 9449 §4.3).
    pub fn of(request: &HttpRequest, app: &App) -> Self {
        Self { method: request.method().to_string(), url: format!("{}{}", app.issuer.origin(), request.path()) }
    }
}

/// The proof of a request, checked but not used up; `None` where it brings none. `access_token` is the token that it
/// presents, at resources.
///
/// # Errors
/// See [`ProofError`].
pub fn read(request: &HttpRequest, app: &App, access_token: Option<&TokenHash>) -> Result<Option<Proof>, ProofError> {
    let mut headers = request.headers().get_all(PROOF);
    let Some(header) = headers.next() else { return Ok(None) };
    if headers.next().is_some() {
        return Err(InvalidProof("there are two DPoP headers".to_owned()).into());
    }
    let text = header.to_str().map_err(|_| InvalidProof("it is no text".to_owned()))?;
    let keys: Vec<&[u8; 32]> = app.keys.all().collect();
    let asked = request.extensions().get::<Asked>().cloned().unwrap_or_else(|| Asked::of(request, app));
    let expected = Expected {
        request: proof::Expected { method: &asked.method, url: &asked.url, access_token },
        nonce_needed: app.config.tokens.require_dpop_nonce,
        keys: &keys,
    };
    dpop::check(text, &expected, app.now()).map(Some)
}

/// What a refused proof was to be about, and what it is about; that is no secret.
fn finding(request: &HttpRequest, app: &App, check: Check, error: &ProofError) -> Finding {
    let asked = request.extensions().get::<Asked>().cloned().unwrap_or_else(|| Asked::of(request, app));
    let proof = request.headers().get(PROOF).and_then(|proof| proof.to_str().ok());
    let claims = proof.and_then(|proof| {
        let signed = Jws::parse(proof).ok()?;
        Some(format!(" (htm {}, htu {})", signed.claimed("htm")?, address(&signed.claimed("htu")?)))
    });
    let expected = format!("a proof with htm {}, htu {}", asked.method, address(&asked.url));
    Finding::new(check, expected, format!("{error}{}", claims.unwrap_or_default()))
}

/// What an endpoint of OAuth says of a proof that it refuses (RFC 9449 §5, §8).
pub fn refusal(request: &HttpRequest, app: &App, error: &ProofError) -> Failure {
    let code = match error {
        ProofError::Invalid(_) => ErrorCode::InvalidDpopProof,
        ProofError::Nonce => ErrorCode::UseDpopNonce,
    };
    let finding = finding(request, app, Check::ProofGood, error);
    Failure::OAuth { refusal: Refusal::new(code, error.to_string()).with(finding), basic: false }
}

/// Checks that who presents a token which is bound to `key` has the key, and uses the proof up (RFC 9449 §7.1).
///
/// # Errors
/// [`Failure::ProofRefused`].
pub async fn check_possession(
    request: &HttpRequest,
    app: &App,
    access_token: &TokenHash,
    key: &Thumbprint,
) -> Result<(), Failure> {
    let refuse = |error: &ProofError| {
        tracing::debug!(%error, "proof refused");
        if let Ok(context) = Context::of(request) {
            context.explain(finding(request, app, Check::Possession, error));
        }
        Failure::ProofRefused { nonce_needed: *error == ProofError::Nonce }
    };
    let invalid = |why: &str| refuse(&InvalidProof(why.to_owned()).into());
    let proof = read(request, app, Some(access_token)).map_err(|error| refuse(&error))?;
    let proof = proof.ok_or_else(|| invalid("there is none"))?;
    if proof.key != *key {
        return Err(invalid("it is of another key than the token is bound to"));
    }
    let once = [proof.once];
    match app.store.write(move |tx| once::spend(tx, &once)).await? {
        None => Ok(()),
        Some(_) => Err(invalid("it was used before")),
    }
}
