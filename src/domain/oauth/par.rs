//! Pushed authorization requests (RFC 9126): the client sends its request here first, and the browser only carries a
//! reference to it.

use crate::domain::oauth::authorize;
use crate::domain::oauth::authorize::Parameters;
use crate::domain::oauth::authorize::Policy;
use crate::domain::oauth::authorize::Pushed;
use crate::domain::oauth::authorize::Request;
use crate::domain::oauth::error::AuthorizeError;
use crate::domain::oauth::error::ErrorCode;
use crate::domain::oauth::error::Refusal;
use crate::domain::oauth::error::TokenError;
use crate::domain::refusals::check::Check;
use crate::model::client::Client;
use crate::model::grant::PushedRequest;
use crate::model::time::Lifetime;
use crate::model::time::Timestamp;
use crate::model::token::Token;
use crate::model::token::TokenHash;
use crate::model::token::TokenKind;
use crate::random::Random;
use crate::store::StoreError;
use crate::store::Tx;

/// What stands before the reference (RFC 9126 §2.2).
const URN: &str = "urn:ietf:params:oauth:request_uri:";

/// Whether a `request_uri` is the reference to a pushed request, rather than the address of a signed one.
pub fn is_reference(request_uri: &str) -> bool {
    request_uri.starts_with(URN)
}

/// Stores a request of `client` for `lifetime`, after all checks that need no user. Returns its `request_uri`.
///
/// # Errors
/// Those of the authorization endpoint, but told to the client at once (RFC 9126 §2.3).
pub fn push(
    tx: &mut Tx<'_>,
    client: &Client,
    parameters: &Parameters,
    policy: &Policy,
    lifetime: Lifetime,
    now: Timestamp,
) -> Result<String, TokenError> {
    let token = Random.token(TokenKind::PushedRequest);
    let parameters = Parameters { pushed: pushed(&token.hash()), ..parameters.clone() };
    authorize::check_parameters(tx, &parameters, policy, now).map_err(tell_client)?;
    let unwritable = |_| StoreError::Corrupt("a request cannot be written");
    let request = PushedRequest {
        client: client.id,
        parameters: serde_json::to_string(&parameters).map_err(unwritable)?,
        expires_at: now + lifetime,
        consumed_at: None,
    };
    tx.pushed_requests().insert(&token.hash(), &request, now)?;
    Ok(format!("{URN}{}", token.reveal()))
}

fn tell_client(error: AuthorizeError) -> TokenError {
    match error {
        AuthorizeError::Page(refusal)
        | AuthorizeError::Redirect { refusal, .. }
        | AuthorizeError::HeldBack { refusal, .. } => TokenError::Refused(refusal),
        AuthorizeError::Store(error) => TokenError::Store(error),
    }
}

fn pushed(hash: &TokenHash) -> Option<Pushed> {
    hash.as_bytes().try_into().ok().map(Pushed)
}

/// The parameters that `parameters` refers to, or these themselves where they refer to nothing. Beside a reference only
/// `client_id` counts (RFC 9126 §4).
///
/// # Errors
/// [`AuthorizeError::Page`] for a reference that is unknown, has lapsed, was used or is another client's: nobody knows
/// where such an answer belongs.
pub fn resolve(tx: &mut Tx<'_>, parameters: &Parameters, now: Timestamp) -> Result<Parameters, AuthorizeError> {
    let reference = parameters.request_uri.as_deref().and_then(|uri| uri.strip_prefix(URN));
    let Some(reference) = reference else { return Ok(parameters.clone()) };
    if parameters.request.is_some() {
        let why = "request and request_uri must not stand in one request (RFC 9101 5)";
        return Err(AuthorizeError::page(why).on(Check::RequestReference));
    }
    let refuse = |why: &str| AuthorizeError::page(format!("request_uri is no good: {why}")).on(Check::RequestReference);
    let unknown = || refuse("there is no such pushed request, or it has lapsed; begin again at the application");
    let token = Token::parse_as(TokenKind::PushedRequest, reference).ok_or_else(unknown)?;
    let stored = tx.pushed_requests().find(&token.hash())?.ok_or_else(unknown)?;
    if stored.expires_at.is_past(now) {
        return Err(unknown());
    }
    if stored.consumed_at.is_some() {
        return Err(refuse("the pushed request was answered already; begin again at the application"));
    }
    let unreadable = |_| StoreError::Corrupt("a pushed request cannot be read");
    let pushed: Parameters = serde_json::from_str(&stored.parameters).map_err(unreadable)?;
    if parameters.client_id != pushed.client_id {
        return Err(refuse("client_id is not that of the client which pushed it (RFC 9126 4)"));
    }
    Ok(pushed)
}

/// Marks the pushed request behind `request`, if it is one, as answered: it is good for one answer.
///
/// # Errors
/// [`AuthorizeError::Page`] where it was answered before.
pub fn consume(tx: &mut Tx<'_>, request: &Request, now: Timestamp) -> Result<(), AuthorizeError> {
    let Some(Pushed(hash)) = request.pushed else { return Ok(()) };
    let hash = TokenHash::from_slice(&hash).ok_or(StoreError::Corrupt("a hash is not 32 bytes long"))?;
    if tx.pushed_requests().consume(&hash, now)? {
        return Ok(());
    }
    let why = "request_uri is no good: the pushed request was answered already; begin again at the application";
    Err(AuthorizeError::page(why).on(Check::RequestReference))
}

/// Refuses parameters of another client than the one that authenticated, and a reference in their place.
///
/// # Errors
/// `invalid_request`.
pub fn check_client(client: &Client, parameters: &Parameters) -> Result<(), Refusal> {
    if parameters.client_id.as_deref().is_some_and(|named| named != client.client_id) {
        let why = "client_id is not that of the client which authenticated";
        return Err(Refusal::new(ErrorCode::InvalidRequest, why));
    }
    if parameters.request_uri.is_some() {
        let why = "request_uri cannot be pushed; it is what a pushed request is answered with (RFC 9126 2.1)";
        return Err(Refusal::new(ErrorCode::InvalidRequest, why));
    }
    Ok(())
}
