//! The authorization endpoint's checks (RFC 6749 §4.1.1), in their order. Each takes the result of the one before,
//! so that none can be left out or come too early.

use std::sync::Arc;

use crate::domain::authorization_details;
use crate::domain::oauth::answer::Carrier;
use crate::domain::oauth::answer::Destination;
use crate::domain::oauth::answer::ResponseMode;
use crate::domain::oauth::client_metadata;
use crate::domain::oauth::error::AuthorizeError;
use crate::domain::oauth::error::ErrorCode;
use crate::domain::oauth::error::Refusal;
use crate::domain::oauth::interaction;
use crate::domain::oauth::interaction::Interaction;
use crate::domain::oauth::metadata_document::Document;
use crate::domain::oauth::par;
use crate::domain::oauth::resource;
use crate::domain::refusals::check::Check;
use crate::domain::refusals::finding;
use crate::domain::refusals::finding::About;
use crate::domain::refusals::finding::Finding;
use crate::model::client::Client;
use crate::model::client::ResponseType;
use crate::model::details::AuthorizationDetails;
use crate::model::issuer::Issuer;
use crate::model::openid;
use crate::model::pkce::CodeChallenge;
use crate::model::redirect_mismatch::explain_mismatch;
use crate::model::redirect_uri::RedirectTarget;
use crate::model::redirect_uri::RedirectUri;
use crate::model::resource::Resources;
use crate::model::scope::Scope;
use crate::model::thumbprint::Thumbprint;
use crate::model::time::Lifetime;
use crate::model::time::Timestamp;
use crate::store::StoreError;
use crate::store::Tx;

/// The checks of an authorization request in their order: the first two are told to the person, the others to the client.
pub const CHECKS: &[Check] = &[
    Check::RequestReference,
    Check::ClientKnown,
    Check::RedirectUri,
    Check::Understood,
    Check::RequestObject,
    Check::RequestPushed,
    Check::ResponseType,
    Check::ResponseMode,
    Check::GrantTypeAllowed,
    Check::Pkce,
    Check::ProofKey,
    Check::Interaction,
    Check::StrongEnough,
    Check::ScopeAllowed,
    Check::Nonce,
    Check::ResourceKnown,
    Check::DetailsGood,
    Check::SignedIn,
    Check::NoOtherPage,
    Check::Consented,
    Check::Decision,
    Check::Consistent,
];

/// The longest `state` that is carried back.
const STATE_LENGTH: usize = 4096;

/// The request's parameters as they came, each at most once, empty ones left out (RFC 6749 §3.1).
#[derive(Debug, Clone, Default, serde::Serialize, serde::Deserialize)]
pub struct Parameters {
    /// RFC 6749 §4.1.1.
    pub response_type: Option<String>,
    /// RFC 6749 §4.1.1.
    pub client_id: Option<String>,
    /// RFC 6749 §4.1.1.
    pub redirect_uri: Option<String>,
    /// RFC 6749 §3.3.
    pub scope: Option<String>,
    /// RFC 6749 §4.1.1.
    pub state: Option<String>,
    /// RFC 7636 §4.3.
    pub code_challenge: Option<String>,
    /// RFC 7636 §4.3.
    pub code_challenge_method: Option<String>,
    /// OAuth 2.0 Multiple Response Type Encoding Practices §2.1.
    pub response_mode: Option<String>,
    /// RFC 8707 §2; may be repeated.
    pub resource: Vec<String>,
    /// RFC 9449 §10.
    #[serde(default)]
    pub dpop_jkt: Option<String>,
    /// RFC 9396 §2.
    #[serde(default)]
    pub authorization_details: Option<String>,
    /// OpenID Connect Core §3.1.2.1.
    #[serde(default)]
    pub nonce: Option<String>,
    /// OpenID Connect Core §3.1.2.1.
    #[serde(default)]
    pub prompt: Option<String>,
    /// OpenID Connect Core §3.1.2.1.
    #[serde(default)]
    pub max_age: Option<String>,
    /// OpenID Connect Core §3.1.2.1.
    #[serde(default)]
    pub login_hint: Option<String>,
    /// OpenID Connect Core §3.1.2.1.
    #[serde(default)]
    pub id_token_hint: Option<String>,
    /// OpenID Connect Core §5.5.
    #[serde(default)]
    pub claims: Option<String>,
    /// OpenID Connect Core §3.1.2.1: the languages that the pages are wanted in.
    #[serde(default)]
    pub ui_locales: Option<String>,
    /// RFC 9101 §5.
    #[serde(skip)]
    pub request: Option<String>,
    /// RFC 9101 §5, RFC 9126 §4.
    #[serde(skip)]
    pub request_uri: Option<String>,
    /// The reference of the pushed request that these are the parameters of (RFC 9126 §2.2), in its stored form. No
    /// request brings it along.
    #[serde(default)]
    pub pushed: Option<Pushed>,
    /// Whether they come from a request object, which the client signed (RFC 9101 §6.3). No request says so itself.
    #[serde(default)]
    pub signed: bool,
    /// That the session which brings them began, or was renewed, for this very request. No request says so itself.
    #[serde(default)]
    pub signed_in: Option<SignedIn>,
    /// That they were checked, filled in and shown to a person. No request says so itself.
    #[serde(default)]
    pub shown: bool,
    /// Why the request object is refused that these stood beside.
    #[serde(skip)]
    pub refused: Option<Refusal>,
    /// The document that `client_id` leads to, where it was fetched for this request.
    #[serde(skip)]
    pub document: Option<Arc<Document>>,
    /// What is wrong with a parameter that is left out above, because it stands there twice or is no text.
    #[serde(skip)]
    pub unreadable: Option<String>,
}

/// By what a pushed request is found again: the hash of its reference.
#[derive(Debug, Clone, Copy, serde::Serialize, serde::Deserialize)]
pub struct Pushed(pub [u8; 32]);

/// A proof that somebody signed in for one request: its hash, by which it is good for one answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct SignedIn(pub [u8; 32]);

/// What holds for all clients.
#[derive(Debug, Clone)]
pub struct Policy {
    /// The public base URL.
    pub issuer: Issuer,
    /// A code challenge is needed from confidential clients too.
    pub require_pkce: bool,
    /// How long a code may wait.
    pub code_lifetime: Lifetime,
    /// How long an access token of the code may live, which its family must outlive.
    pub access_token_lifetime: Lifetime,
}

/// A request that passed all checks which need no user.
#[derive(Debug, Clone)]
pub struct Request {
    /// Who asks.
    pub client: Client,
    /// What it is to be answered with.
    pub response_type: ResponseType,
    /// Where the answer goes.
    pub redirect: RedirectTarget,
    /// Whether the request named the redirect URI (RFC 6749 §4.1.3).
    pub redirect_uri_was_sent: bool,
    /// To be sent back.
    pub state: Option<String>,
    /// How the answer is carried.
    pub mode: ResponseMode,
    /// What is wanted of the person.
    pub interaction: Interaction,
    /// What is asked for.
    pub scope: Scope,
    /// What the user is asked to allow: that, and what stands for the single claims that are asked for.
    pub consent: Scope,
    /// To be said again in the id_token.
    pub nonce: Option<String>,
    /// The single claims that are asked for (OpenID Connect Core §5.5).
    pub claims: Option<String>,
    /// The resources that its tokens are to be meant for (RFC 8707 §2).
    pub resources: Resources,
    /// What is asked for beyond scopes (RFC 9396 §2).
    pub details: Option<AuthorizationDetails>,
    /// What the token request must prove (RFC 7636 §4.6).
    pub challenge: Option<CodeChallenge>,
    /// The key that the token request must prove (RFC 9449 §10).
    pub key: Option<Thumbprint>,
    /// The pushed request that it is.
    pub pushed: Option<Pushed>,
    /// That the person signed in for it.
    pub signed_in: Option<SignedIn>,
}

/// Checks a request, in the order of RFC 6749 §4.1.2.1: as long as client and redirect URI are not known to be
/// right, errors are shown to the person; behind them they travel to the client. The second half are the parameters
/// themselves: those that were pushed, where the request refers to them (RFC 9126 §4).
///
/// # Errors
/// See [`AuthorizeError`].
pub fn check(
    tx: &mut Tx<'_>,
    parameters: &Parameters,
    policy: &Policy,
    now: Timestamp,
) -> Result<(Request, Parameters), AuthorizeError> {
    let parameters = par::resolve(tx, parameters, now)?;
    let request = check_parameters(tx, &parameters, policy, now)?;
    Ok((request, parameters))
}

/// As [`check`], for parameters that refer to no pushed request.
///
/// # Errors
/// See [`AuthorizeError`].
pub fn check_parameters(
    tx: &mut Tx<'_>,
    parameters: &Parameters,
    policy: &Policy,
    now: Timestamp,
) -> Result<Request, AuthorizeError> {
    let client = check_client(tx, parameters, now)?;
    let (redirect, redirect_uri_was_sent) = check_redirect_uri(&client, parameters).map_err(|error| {
        // Where it can't be told to the client, the person is told what is really wrong.
        parameters.refused.as_ref().map_or(error, |refusal| AuthorizeError::Page(refusal.clone()))
    })?;
    let state = parameters.state.clone().filter(|state| state.len() <= STATE_LENGTH);
    // What is wrong with it is told by the usual way.
    let response_type = check_response_type(&client, parameters);
    let usual = match response_type {
        Ok(ResponseType::IdToken | ResponseType::IdTokenToken) => ResponseMode::FRAGMENT,
        Ok(ResponseType::Code) | Err(_) => ResponseMode::QUERY,
    };
    let mode = check_response_mode(&redirect, parameters, usual);
    let said = mode.clone().unwrap_or(usual);
    match check_rest(tx, &client, parameters, response_type, mode.map(drop), policy)? {
        Ok(Checked { response_type, interaction, scope, consent, resources, details, challenge, key }) => Ok(Request {
            response_type,
            consent,
            claims: parameters.claims.clone(),
            nonce: parameters.nonce.clone(),
            client,
            redirect,
            redirect_uri_was_sent,
            state,
            mode: said,
            interaction,
            scope,
            resources,
            details,
            challenge,
            key,
            pushed: parameters.pushed,
            signed_in: parameters.signed_in,
        }),
        Err(refusal) => {
            let to = Box::new(Destination { client, to: redirect, state, mode: said });
            Err(AuthorizeError::Redirect { to, refusal })
        }
    }
}

struct Checked {
    response_type: ResponseType,
    interaction: Interaction,
    scope: Scope,
    consent: Scope,
    resources: Resources,
    details: Option<AuthorizationDetails>,
    challenge: Option<CodeChallenge>,
    key: Option<Thumbprint>,
}

/// All that is told to the client.
fn check_rest(
    tx: &mut Tx<'_>,
    client: &Client,
    parameters: &Parameters,
    response_type: Result<ResponseType, Refusal>,
    mode: Result<(), Refusal>,
    policy: &Policy,
) -> Result<Result<Checked, Refusal>, StoreError> {
    let checked = check_readable(parameters)
        .and_then(|()| check_request_object(client, parameters))
        .and_then(|()| check_pushed(client, parameters))
        .and(response_type)
        .and_then(|response_type| mode.map(|()| response_type))
        .and_then(|response_type| {
            check_grant_type(client, response_type)?;
            let challenge = check_pkce(client, parameters, response_type, policy)?;
            let key = check_key(client, parameters, response_type)?;
            let (interaction, claims) = interaction::read(client, parameters)?;
            let scope = check_scope(client, parameters.scope.as_deref())?;
            check_openid(&scope, parameters, response_type)?;
            let consent = scope.union(&claims.scopes().intersection(&client.scopes));
            Ok((response_type, challenge, key, interaction, scope, consent))
        });
    let (response_type, challenge, key, interaction, scope, consent) = match checked {
        Ok(checked) => checked,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let resources = match resource::read(tx, &parameters.resource, &policy.issuer)? {
        Ok(resources) => resources,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let details = authorization_details::check(tx, client, parameters.authorization_details.as_deref())?;
    Ok(details.map(|details| Checked {
        response_type,
        interaction,
        scope,
        consent,
        resources,
        details,
        challenge,
        key,
    }))
}

/// As [`check`], for somebody who has not signed in: what is wanted of them. An error that would be held back is for
/// whoever signs in, and is none for them.
///
/// # Errors
/// See [`AuthorizeError`]; `login_required` where nothing may be shown.
pub fn check_before_sign_in(
    tx: &mut Tx<'_>,
    parameters: &Parameters,
    policy: &Policy,
    now: Timestamp,
) -> Result<Interaction, AuthorizeError> {
    match check(tx, parameters, policy, now).map_err(AuthorizeError::undecided) {
        Ok((request, _)) if request.interaction.is_silent => Err(request.refuse(interaction::login_required())),
        Ok((request, _)) => Ok(request.interaction),
        Err(AuthorizeError::HeldBack { .. }) => Ok(Interaction::default()),
        Err(error) => Err(error),
    }
}

/// RFC 6749 §4.1.2.1: never redirect for an unknown client. A disabled one looks the same.
fn check_client(tx: &mut Tx<'_>, parameters: &Parameters, now: Timestamp) -> Result<Client, AuthorizeError> {
    let page = |why: &str| AuthorizeError::page(why).on(Check::ClientKnown);
    let client_id = parameters.client_id.as_deref().ok_or_else(|| page("client_id is missing"))?;
    let stored = tx.clients().find_by_client_id(client_id)?;
    let client = match &parameters.document {
        // Nothing of it need be stored as long as nobody has signed in.
        Some(document) if document.url.as_str() == client_id => Some(document.client(tx, stored, now)?),
        _ => stored,
    };
    let is_disabled = client.as_ref().is_some_and(|client| !client.enabled);
    let client = client.filter(|client| client.enabled);
    client.ok_or_else(|| {
        let why = "client_id names no client that is registered here and enabled";
        let state = if is_disabled { "which is disabled" } else { "which nobody has" };
        let came = format!("{}, {state}", finding::client_id(client_id));
        AuthorizeError::page(why).with(Finding::new(Check::ClientKnown, "a client that is enabled", came))
    })
}

/// RFC 6749 §3.1.2.3, §3.1.2.4.
fn check_redirect_uri(client: &Client, parameters: &Parameters) -> Result<(RedirectTarget, bool), AuthorizeError> {
    let page = |why: String| AuthorizeError::page(why).on(Check::RedirectUri);
    match (&parameters.redirect_uri, client.redirect_uris.as_slice()) {
        (Some(presented), registered) => {
            let target = registered.iter().find_map(|uri| uri.matches(presented));
            let mismatch = || {
                let why = explain_mismatch(registered, presented);
                let expected = registered.iter().map(RedirectUri::as_str).collect::<Vec<_>>().join(" or ");
                let came = format!("{}: {why}", finding::address(presented));
                let about = About { client: Some(client.client_id.clone()), ..About::default() };
                let finding = Finding::new(Check::RedirectUri, expected, came).about(about);
                page(format!("redirect_uri is not registered for this client: {why}")).with(finding)
            };
            Ok((target.ok_or_else(mismatch)?, true))
        }
        // OpenID Connect Core §3.1.2.1, FAPI 2.0 Security Profile §5.3.2.2.
        (None, [_, ..]) if needs_redirect_uri(client, parameters) => {
            Err(page("redirect_uri is missing; such a request needs it".to_owned()))
        }
        (None, [only]) => Ok((only.as_target(), false)),
        (None, []) => Err(page("this client has no redirect URI registered, so it cannot sign anybody in".to_owned())),
        (None, _) => Err(page("redirect_uri is missing, and the client has several registered".to_owned())),
    }
}

fn needs_redirect_uri(client: &Client, parameters: &Parameters) -> bool {
    // What was shown has all scopes that were filled in.
    let names_openid = !parameters.shown && parameters.scope.as_deref().is_some_and(openid::is_named_in);
    client.is_fapi() || names_openid
}

/// RFC 6749 §3.1: no parameter stands there twice. A `state` that could not be carried back is refused without it.
fn check_readable(parameters: &Parameters) -> Result<(), Refusal> {
    if let Some(why) = &parameters.unreadable {
        return Err(Refusal::new(ErrorCode::InvalidRequest, why.clone()).on(Check::Understood));
    }
    if parameters.state.as_ref().is_some_and(|state| state.len() > STATE_LENGTH) {
        let why = format!("state is longer than {STATE_LENGTH} bytes");
        return Err(Refusal::new(ErrorCode::InvalidRequest, why));
    }
    Ok(())
}

/// RFC 9101 §6, §10.5.
fn check_request_object(client: &Client, parameters: &Parameters) -> Result<(), Refusal> {
    if let Some(refusal) = &parameters.refused {
        return Err(refusal.clone());
    }
    if client.require_signed_request && !parameters.signed {
        let why = "this client must sign its authorization requests (RFC 9101)";
        return Err(Refusal::new(ErrorCode::InvalidRequest, why).on(Check::RequestObject));
    }
    if parameters.request.is_some() {
        return Err(Refusal::new(ErrorCode::RequestNotSupported, "request objects are not read here"));
    }
    if parameters.request_uri.is_some() {
        let why = "request_uri must be the one that a pushed request was answered with (RFC 9126)";
        return Err(Refusal::new(ErrorCode::RequestUriNotSupported, why).on(Check::RequestObject));
    }
    Ok(())
}

/// RFC 9126 §6.
fn check_pushed(client: &Client, parameters: &Parameters) -> Result<(), Refusal> {
    if client.require_par && parameters.pushed.is_none() {
        let why = "this client must push its authorization requests (RFC 9126)";
        return Err(Refusal::new(ErrorCode::InvalidRequest, why).on(Check::RequestPushed));
    }
    Ok(())
}

/// RFC 9449 §10. A token that travels through the browser could be bound to nothing.
fn check_key(
    client: &Client,
    parameters: &Parameters,
    response_type: ResponseType,
) -> Result<Option<Thumbprint>, Refusal> {
    if response_type == ResponseType::IdTokenToken && (client.dpop_bound || parameters.dpop_jkt.is_some()) {
        let why = "an access token that is to be bound to a key comes from the token endpoint alone; ask for a code";
        return Err(Refusal::new(ErrorCode::InvalidRequest, why).on(Check::ProofKey));
    }
    let read = |text: &String| {
        let why = "dpop_jkt must be the SHA-256 thumbprint of a key: 43 characters of base64url (RFC 9449 10)";
        Thumbprint::parse(text).ok_or_else(|| Refusal::new(ErrorCode::InvalidRequest, why).on(Check::ProofKey))
    };
    parameters.dpop_jkt.as_ref().map(read).transpose()
}

/// No token travels through the browser (RFC 9700 §2.1.2), but to a client that is registered for that: OpenID Connect
/// Discovery §3 wants it of servers where clients register themselves. A code it may ask for in any case; whether it may
/// have one is told behind this.
fn check_response_type(client: &Client, parameters: &Parameters) -> Result<ResponseType, Refusal> {
    let Some(named) = parameters.response_type.as_deref() else {
        let why = "response_type is missing; it must be code";
        return Err(Refusal::new(ErrorCode::InvalidRequest, why).on(Check::ResponseType));
    };
    match ResponseType::read(named) {
        Some(ResponseType::Code) => Ok(ResponseType::Code),
        Some(known) if client.may_ask_for(known) && !client.is_fapi() => Ok(known),
        Some(_) => {
            let why = "response_type must be code: this client is registered for no other";
            Err(Refusal::new(ErrorCode::UnsupportedResponseType, why).on(Check::ResponseType))
        }
        None => {
            let refusal = Refusal::new(ErrorCode::UnsupportedResponseType, "response_type must be code");
            Err(refusal.on(Check::ResponseType))
        }
    }
}

/// OpenID Connect Core §3.2.2.1: what comes without a code is an id_token, and the nonce is all that tells the client that
/// it is the answer to its own request.
fn check_openid(scope: &Scope, parameters: &Parameters, response_type: ResponseType) -> Result<(), Refusal> {
    let refuse = |why: &str| Err(Refusal::new(ErrorCode::InvalidRequest, why).on(Check::Nonce));
    match response_type {
        ResponseType::Code => Ok(()),
        _ if !scope.contains(openid::SCOPE) => refuse("an id_token needs the scope openid"),
        _ if parameters.nonce.is_none() => refuse("nonce is missing; an id_token that comes without a code needs it"),
        _ => Ok(()),
    }
}

fn check_response_mode(
    redirect: &RedirectTarget,
    parameters: &Parameters,
    usual: ResponseMode,
) -> Result<ResponseMode, Refusal> {
    let refuse = |why: String| Refusal::new(ErrorCode::InvalidRequest, why).on(Check::ResponseMode);
    let Some(named) = &parameters.response_mode else { return Ok(usual) };
    let unknown = || refuse(format!("response_mode must be one of {}", ResponseMode::names().join(", ")));
    let in_query =
        || refuse("response_mode cannot be one of a query: tokens would stay in logs and histories".to_owned());
    let mode = ResponseMode::parse(named).ok_or_else(unknown)?;
    let mode = match usual.carrier {
        Carrier::Query => mode,
        Carrier::Fragment | Carrier::FormPost => ResponseMode::parse_for_tokens(named).ok_or_else(in_query)?,
    };
    if mode.carrier == Carrier::FormPost && redirect.is_private_scheme() {
        let why = "response_mode is form_post, but no browser posts a form to an address of this scheme";
        return Err(refuse(why.to_owned()));
    }
    Ok(mode)
}

fn check_grant_type(client: &Client, response_type: ResponseType) -> Result<(), Refusal> {
    if client.may_use(response_type.grant_type()) {
        return Ok(());
    }
    let why = "the client is not registered for the grant type authorization_code";
    let expected = response_type.grant_type().as_str();
    let finding = Finding::new(Check::GrantTypeAllowed, expected, finding::grant_types(client));
    Err(Refusal::new(ErrorCode::UnauthorizedClient, why).with(finding))
}

/// RFC 7636 §4.3, §4.4.1; RFC 9700 §2.1.1. Where there is no code there is nothing to bind.
fn check_pkce(
    client: &Client,
    parameters: &Parameters,
    response_type: ResponseType,
    policy: &Policy,
) -> Result<Option<CodeChallenge>, Refusal> {
    let refuse = |why: String| Refusal::new(ErrorCode::InvalidRequest, why).on(Check::Pkce);
    if response_type != ResponseType::Code {
        return Ok(None);
    }
    let method = parameters.code_challenge_method.as_deref();
    match &parameters.code_challenge {
        Some(challenge) => {
            let challenge = CodeChallenge::parse(challenge, method).map_err(|error| refuse(error.to_string()))?;
            Ok(Some(challenge))
        }
        None if method.is_some() => {
            Err(refuse("code_challenge is missing, though code_challenge_method is there".to_owned()))
        }
        None if client.is_public() => {
            Err(refuse("code_challenge is missing; a public client needs PKCE with S256 (RFC 7636)".to_owned()))
        }
        None if client.require_pkce || policy.require_pkce || client.is_fapi() => {
            Err(refuse("code_challenge is missing; this client needs PKCE with S256 (RFC 7636)".to_owned()))
        }
        None => Ok(None),
    }
}

/// RFC 6749 §3.3: no `scope` means all of the client's, or what it named when it registered itself.
///
/// # Errors
/// `invalid_scope`.
pub fn check_scope(client: &Client, scope: Option<&str>) -> Result<Scope, Refusal> {
    let refuse = |why: String| Refusal::new(ErrorCode::InvalidScope, why);
    let scope = match scope {
        None => client_metadata::default_scope(client),
        Some(text) => Scope::parse(text).map_err(|error| refuse(error.to_string()))?,
    };
    if !scope.is_subset_of(&client.scopes) {
        let why = "the client is not registered for all scopes that it asks for";
        return Err(refuse(why.to_owned()).with(finding::scope(Check::ScopeAllowed, &client.scopes, &scope)));
    }
    if scope.is_empty() {
        return Err(refuse("the client is registered for no scope, so there is nothing to allow".to_owned()));
    }
    Ok(scope)
}

impl Request {
    /// To whom its answer goes.
    pub fn destination(&self) -> Destination {
        Destination {
            client: self.client.clone(),
            to: self.redirect.clone(),
            state: self.state.clone(),
            mode: self.mode,
        }
    }

    /// A refusal that travels to the client.
    pub fn refuse(&self, refusal: Refusal) -> AuthorizeError {
        AuthorizeError::Redirect { to: Box::new(self.destination()), refusal }
    }
}
