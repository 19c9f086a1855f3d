//! Guards of the registration endpoint: who may register a client (RFC 7591 §3), and who may manage one (RFC 7592 §2).

use actix_web::HttpRequest;
use actix_web::http::header;

use crate::config::clients::Registration;
use crate::domain::login;
use crate::domain::oauth::register;
use crate::domain::refusals::check::Check;
use crate::domain::refusals::finding::Finding;
use crate::http::context;
use crate::http::context::Context;
use crate::http::context::Who;
use crate::http::failure::Failure;
use crate::http::guard::Argument;
use crate::http::guard::Guard;
use crate::http::refusals;
use crate::model::token::Token;
use crate::model::token::TokenKind;
use crate::principal::authorization;
use crate::principal::authorization::Presented;

/// Somebody who may register a client.
pub struct Registrant {
    /// Who, for the domain.
    pub registrant: register::Registrant,
    /// The same for the audit log.
    pub name: String,
    /// What is known of the request.
    pub context: Context,
}

/// The client that the path names, as it shows by its registration access token.
pub struct Manager {
    /// Its `client_id`.
    pub client_id: String,
    /// The token, which is shown again with each answer (RFC 7592 §3).
    pub token: Token,
    /// What is known of the request.
    pub context: Context,
}

impl Guard for Registrant {
    fn describe() -> String {
        "registrant".to_owned()
    }
}

impl Guard for Manager {
    fn describe() -> String {
        "manager".to_owned()
    }
}

impl Argument for Registrant {
    async fn of(request: &HttpRequest) -> Result<Self, Failure> {
        registrant(request).await
    }
}

impl Argument for Manager {
    async fn of(request: &HttpRequest) -> Result<Self, Failure> {
        manager(request).await
    }
}

async fn registrant(request: &HttpRequest) -> Result<Registrant, Failure> {
    let app = context::app(request)?;
    let context = Context::of(request)?;
    let registration = app.config.clients.registration;
    if registration == Registration::Closed {
        return Err(Failure::Closed("clients cannot register themselves here; an administrator registers them"));
    }
    if !request.headers().contains_key(header::AUTHORIZATION) {
        if registration == Registration::Token {
            return Err(Failure::Unauthenticated { credential_given: false });
        }
        let network = context.address.map(login::network).unwrap_or_default();
        let registrant = register::Registrant::Stranger { network };
        return Ok(Registrant { registrant, name: "stranger".to_owned(), context });
    }
    // A header decides, here as elsewhere: a bad one is not as good as none.
    let token = bearer(request, TokenKind::InitialAccess)?;
    let (hash, now) = (token.hash(), app.now());
    let found = app.store.look_up(move |tx| tx.initial_access_tokens().find(&hash)).await?;
    let Some(found) = found.filter(|found| found.is_good(now)) else {
        let came = "one that is not known, has expired, or was used as often as it may be";
        context.explain(Finding::new(Check::RegistrationToken, "an initial access token that is good", came));
        return Err(Failure::Unauthenticated { credential_given: true });
    };
    let name = found.id.to_string();
    *context.who.borrow_mut() = Some(Who { subject: name.clone(), credential: name.clone() });
    Ok(Registrant { registrant: register::Registrant::Invited(token.hash()), name, context })
}

async fn manager(request: &HttpRequest) -> Result<Manager, Failure> {
    let app = context::app(request)?;
    let context = Context::of(request)?;
    let client_id = request.match_info().query("client").to_owned();
    if !request.headers().contains_key(header::AUTHORIZATION) {
        return Err(Failure::Unauthenticated { credential_given: false });
    }
    let token = bearer(request, TokenKind::Registration)?;
    let (hash, named) = (token.hash(), client_id.clone());
    let found = app.store.look_up(move |tx| register::find(tx, &named, &hash)).await?;
    if found.is_none() {
        let came = "one of another client, or one that was replaced";
        context.explain(Finding::new(Check::RegistrationToken, "the client's registration access token", came));
        return Err(Failure::Unauthenticated { credential_given: true });
    }
    *context.who.borrow_mut() = Some(Who { subject: client_id.clone(), credential: client_id.clone() });
    Ok(Manager { client_id, token, context })
}

/// The only token of a request, which must be of this kind.
fn bearer(request: &HttpRequest, kind: TokenKind) -> Result<Token, Failure> {
    let headers = request.headers().get_all(header::AUTHORIZATION).map(|value| value.as_bytes());
    let token = match authorization::parse(headers) {
        Presented::Bearer(text) => Token::parse_as(kind, text.expose()),
        Presented::Absent | Presented::Malformed | Presented::ApiKeyPair { .. } | Presented::Dpop(_) => None,
    };
    token.ok_or_else(|| {
        if let Ok(context) = Context::of(request) {
            context.explain(refusals::header(request));
        }
        Failure::Unauthenticated { credential_given: true }
    })
}
