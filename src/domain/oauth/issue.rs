//! What a checked authorization request is answered with: a code (RFC 6749 §4.1.2), tokens where the client is registered for
//! that (OpenID Connect Core §3.2), or that the user said no.

use std::sync::Arc;

use serde_json::json;
use sha2::Digest;
use sha2::Sha256;

use crate::domain::act::Act;
use crate::domain::grants;
use crate::domain::grants::Duration;
use crate::domain::oauth::answer::Answer;
use crate::domain::oauth::authorize::Policy;
use crate::domain::oauth::authorize::Request;
use crate::domain::oauth::authorize::SignedIn;
use crate::domain::oauth::engine;
use crate::domain::oauth::engine::AuthorizationFacts;
use crate::domain::oauth::error::AuthorizeError;
use crate::domain::oauth::error::ErrorCode;
use crate::domain::oauth::error::Refusal;
use crate::domain::oauth::id_token;
use crate::domain::oauth::id_token::Moment;
use crate::domain::oauth::par;
use crate::domain::oauth::resource;
use crate::domain::oauth::sign_in;
use crate::domain::oauth::token;
use crate::domain::oauth::token::Purpose;
use crate::domain::refusals::check::Check;
use crate::domain::rights::Actor;
use crate::domain::rights::Catalogue;
use crate::model::audit::AuditEvent;
use crate::model::client::ResponseType;
use crate::model::grant::Code;
use crate::model::grant::Family;
use crate::model::grant::Grant;
use crate::model::id::FamilyId;
use crate::model::id::SessionId;
use crate::model::id::UserId;
use crate::model::openid;
use crate::model::pkce::CodeChallenge;
use crate::model::scope::Scope;
use crate::model::time::Lifetime;
use crate::model::time::Timestamp;
use crate::model::token::Token;
use crate::model::token::TokenKind;
use crate::model::user::Roles;
use crate::random::Random;
use crate::store::StoreError;
use crate::store::Tx;

/// How long a code may wait by the FAPI 2.0 Security Profile (§5.3.2.1).
const FAPI_CODE_LIFETIME: Lifetime = Lifetime::from_seconds(60);
/// How long it is remembered that a proof of sign-in was used; it is taken for a shorter time.
const PROOF_REMEMBERED: Lifetime = Lifetime::from_hours(1);

/// What of the requested scopes this user can allow: those bound to roles of others are left out (RFC 9700 §2.3).
///
/// # Errors
/// [`AuthorizeError::Redirect`] with `access_denied` where nothing is left.
pub fn narrow(tx: &mut Tx<'_>, request: Request, roles: &Roles) -> Result<Request, AuthorizeError> {
    let catalogue = Catalogue::read(tx)?;
    let usable = catalogue.usable(&request.scope, roles, Actor::User);
    let consent = catalogue.usable(&request.consent, roles, Actor::User);
    let scope = resource::scopes_at(tx, &usable, &request.resources)?;
    if scope.is_empty() {
        let why = "the user holds none of the roles that these scopes need, or the resource has none of them";
        return Err(request.refuse(Refusal::new(ErrorCode::AccessDenied, why)));
    }
    let consent = scope.union(&consent.difference(&request.scope));
    Ok(Request { scope, consent, ..request })
}

/// Notes what the user allowed and makes a code for it (RFC 6749 §4.1.2, with `iss` of RFC 9207 §2).
///
/// Allowing nothing is denying.
///
/// # Errors
/// [`AuthorizeError::Redirect`] with `server_error` where the second check of the protocol disagrees.
pub fn allow(
    tx: &mut Tx<'_>,
    request: &Request,
    decider: (UserId, SessionId),
    allowed: &Scope,
    duration: Duration,
    policy: &Policy,
    act: &Act,
) -> Result<Answer, AuthorizeError> {
    let (user, session) = decider;
    let allowed = allowed.union(&request.client.needed_scopes).intersection(&request.consent);
    let scope = allowed.intersection(&request.scope);
    if scope.is_empty() || lacks_openid(request, &scope) {
        return deny(tx, request, user, policy, act);
    }
    let Request { client, redirect, consent: asked, resources, details, .. } = request;
    let decision = grants::Decision {
        client,
        redirect: Some(redirect),
        asked,
        allowed: &allowed,
        resources,
        details: details.as_ref(),
        duration,
    };
    let grant = grants::give(tx, user, decision, act)?;
    issue(tx, request, &grant, &scope, session, policy, act)
}

/// Makes what was asked for, a code or tokens, which hangs on `grant`.
///
/// # Errors
/// [`AuthorizeError::Redirect`] with `server_error` where the second check of the protocol disagrees.
pub fn issue(
    tx: &mut Tx<'_>,
    request: &Request,
    grant: &Grant,
    scope: &Scope,
    session: SessionId,
    policy: &Policy,
    act: &Act,
) -> Result<Answer, AuthorizeError> {
    if lacks_openid(request, scope) {
        let why = "the scope openid, without which there is no id_token, is none of the resource's";
        return Err(request.refuse(Refusal::new(ErrorCode::AccessDenied, why)));
    }
    par::consume(tx, request, act.now)?;
    spend_proof(tx, request, act.now)?;
    let challenge = request.challenge.as_ref().map(CodeChallenge::to_string);
    let confirmed = engine::confirm_authorization(AuthorizationFacts {
        client_id: &request.client.client_id,
        redirect_uri: request.redirect.as_str(),
        scope: &scope.to_string(),
        client_scope: &request.client.scopes.to_string(),
        state: request.state.as_deref(),
        code_challenge: challenge.as_deref(),
    });
    confirmed.map_err(|disagreement| request.refuse(Refusal::new(ErrorCode::ServerError, disagreement.0)))?;
    let code_ends = act.now + code_lifetime(request, policy);
    let family = begin_family(tx, request, grant, scope, code_ends + policy.access_token_lifetime, act)?;
    sign_in::note(tx, &family, session, request.nonce.clone(), request.claims.clone())?;
    match request.response_type {
        ResponseType::Code => {
            note_challenge(tx, request, act)?;
            let code = insert_code(tx, request, &family, code_ends, act)?;
            Ok(request.destination().answer(vec![("code", code.reveal().to_owned())], &policy.issuer))
        }
        ResponseType::IdToken | ResponseType::IdTokenToken => {
            Ok(answer_with_tokens(tx, request, grant, &family, policy, act)?)
        }
    }
}

/// Whether an id_token was asked for that this scope gives none of.
fn lacks_openid(request: &Request, scope: &Scope) -> bool {
    request.response_type != ResponseType::Code && !scope.contains(openid::SCOPE)
}

/// How long the code of a request may wait.
fn code_lifetime(request: &Request, policy: &Policy) -> Lifetime {
    let lifetime = policy.code_lifetime;
    if request.client.is_fapi() { lifetime.min(FAPI_CODE_LIFETIME) } else { lifetime }
}

/// What holds together all that comes of a request. The redemption makes it longer; a family that is purged takes the
/// memory of its code along.
fn begin_family(
    tx: &mut Tx<'_>,
    request: &Request,
    grant: &Grant,
    scope: &Scope,
    expires_at: Timestamp,
    act: &Act,
) -> Result<Family, StoreError> {
    let family = Family {
        id: Random.id(act.now, FamilyId::new),
        grant: grant.id,
        user: grant.user,
        client: grant.client,
        scopes: scope.clone(),
        resources: request.resources.clone(),
        details: request.details.clone(),
        key: None,
        created_at: act.now,
        expires_at,
        ended_at: None,
    };
    tx.families().insert(&family)?;
    Ok(family)
}

fn insert_code(
    tx: &mut Tx<'_>,
    request: &Request,
    family: &Family,
    expires_at: Timestamp,
    act: &Act,
) -> Result<Token, StoreError> {
    let code = Random.token(TokenKind::Code);
    let stored = Code {
        hash: code.hash(),
        family: family.id,
        redirect_uri: request.redirect.as_str().to_owned(),
        redirect_uri_was_sent: request.redirect_uri_was_sent,
        challenge: request.challenge.clone(),
        key: request.key.clone(),
        expires_at,
        consumed_at: None,
    };
    tx.codes().insert(&stored, act.now)?;
    Ok(code)
}

/// An id_token, and an access token where that was asked for (OpenID Connect Core §3.2.2.5); never a refresh token.
fn answer_with_tokens(
    tx: &mut Tx<'_>,
    request: &Request,
    grant: &Grant,
    family: &Family,
    policy: &Policy,
    act: &Act,
) -> Result<Answer, StoreError> {
    let Request { client, resources, details, .. } = request;
    let scope = &family.scopes;
    let user = Arc::new(tx.users().find(grant.user)?.ok_or(StoreError::Corrupt("a grant's user is gone"))?);
    let id_token = id_token::prepare(tx, client, family, &user, scope, Moment::SignIn)?;
    let mut parameters = Vec::new();
    let id_token = if request.response_type == ResponseType::IdTokenToken {
        let access_token = Random.token(TokenKind::Access);
        let purpose = Purpose { scope, resources, details: details.as_ref(), key: None };
        let lifetime = policy.access_token_lifetime;
        let end = token::insert_access_token(tx, &access_token, family, grant, purpose, lifetime, act.now)?;
        parameters.push(("access_token", access_token.reveal().to_owned()));
        parameters.push(("token_type", "Bearer".to_owned()));
        parameters.push(("expires_in", end.since(act.now).seconds().to_string()));
        parameters.push(("scope", scope.to_string()));
        id_token
    } else {
        id_token.map(|id_token| Box::new(id_token.alone(scope.clone())))
    };
    Ok(Answer { id_token, ..request.destination().answer(parameters, &policy.issuer) })
}

/// Makes it known where a client sends the same code challenge again: it is allowed, but whoever saw the verifier of
/// the first code can redeem the second (RFC 9700 §2.1.1).
fn note_challenge(tx: &mut Tx<'_>, request: &Request, act: &Act) -> Result<(), StoreError> {
    let Some(challenge) = &request.challenge else { return Ok(()) };
    let mut hash = Sha256::new();
    hash.update(b"code challenge\0");
    hash.update(request.client.id.as_bytes());
    hash.update(challenge.to_string());
    if tx.replays().remember(&hash.finalize().into(), act.now + Lifetime::from_days(1))? {
        return Ok(());
    }
    act.record(tx, AuditEvent::ConstantChallenge, &request.client.client_id, json!({}))
}

/// Notes that the user turned the client away, and tells it so. It is no error: the entry in the audit log is to be kept.
///
/// # Errors
/// What the database says.
pub fn deny(
    tx: &mut Tx<'_>,
    request: &Request,
    user: UserId,
    policy: &Policy,
    act: &Act,
) -> Result<Answer, AuthorizeError> {
    par::consume(tx, request, act.now)?;
    let details = json!({ "client_id": request.client.client_id });
    act.record(tx, AuditEvent::GrantDenied, &user.to_string(), details)?;
    let refusal = Refusal::new(ErrorCode::AccessDenied, "the user did not allow it");
    Ok(request.destination().refuse(refusal, &policy.issuer))
}

/// Uses up the proof that the person signed in for this request: it is good for one answer, so that nobody who comes to
/// the same browser later gets another one by it.
fn spend_proof(tx: &mut Tx<'_>, request: &Request, now: Timestamp) -> Result<(), AuthorizeError> {
    let Some(SignedIn(hash)) = &request.signed_in else { return Ok(()) };
    if tx.replays().remember(hash, now + PROOF_REMEMBERED)? {
        return Ok(());
    }
    let why = "this request was answered already; begin again at the application";
    Err(AuthorizeError::page(why).on(Check::SignedIn))
}
