//! Redeeming an authorization code (RFC 6749 §4.1.3, RFC 7636 §4.6).

use serde_json::json;

use crate::domain::act::Act;
use crate::domain::memory::Reading;
use crate::domain::oauth::engine;
use crate::domain::oauth::engine::RedemptionFacts;
use crate::domain::oauth::error::ErrorCode;
use crate::domain::oauth::error::Refusal;
use crate::domain::oauth::error::TokenError;
use crate::domain::oauth::id_token;
use crate::domain::oauth::id_token::Moment;
use crate::domain::oauth::token;
use crate::domain::oauth::token::Asked;
use crate::domain::oauth::token::Outcome;
use crate::domain::oauth::token::Purpose;
use crate::domain::oauth::token::Terms;
use crate::domain::refusals::check::Check;
use crate::domain::refusals::finding;
use crate::domain::refusals::finding::About;
use crate::domain::refusals::finding::Finding;
use crate::model::audit::AuditEvent;
use crate::model::client::Client;
use crate::model::client::GrantType;
use crate::model::grant::Code;
use crate::model::grant::Family;
use crate::model::grant::Grant;
use crate::model::pkce::CodeChallenge;
use crate::model::pkce::CodeVerifier;
use crate::model::secret::Secret;
use crate::model::token::Token;
use crate::model::token::TokenKind;
use crate::store::Tx;

/// The checks in their order, behind those of the endpoint.
pub const CHECKS: &[Check] = &[
    Check::GrantTypeAllowed,
    Check::ResourceKnown,
    Check::CodeKnown,
    Check::CodeRedirectUri,
    Check::CodeVerifier,
    Check::CodeUnused,
    Check::CodeUnexpired,
    Check::KeyBound,
    Check::SignInLive,
    Check::GrantLive,
    Check::UserEnabled,
    Check::ResourceGranted,
    Check::DetailsGood,
    Check::ScopeLeft,
    Check::Consistent,
];

/// The request, beside who makes it.
#[derive(Debug, Clone)]
pub struct Request {
    /// The code.
    pub code: Secret,
    /// The redirect URI of the authorization request, where it named one.
    pub redirect_uri: Option<String>,
    /// RFC 7636 §4.5.
    pub code_verifier: Option<Secret>,
}

/// Redeems a code. A second use by the same client, right in all else, ends what the first one gave
/// (RFC 6749 §4.1.2); a use that is wrong in something else ends nothing, or any thief could.
///
/// # Errors
/// See [`TokenError`].
pub fn run(
    tx: &mut Tx<'_>,
    reading: &Reading,
    client: &Client,
    request: &Request,
    asked: &Asked,
    terms: &Terms,
    act: &Act,
) -> Result<Outcome, TokenError> {
    token::check_grant_type(client, GrantType::AuthorizationCode)?;
    let named = token::asked_resources(tx, asked, terms)?;
    let (presented, code, family, grant) = find(tx, client, request)?;
    check_redirect_uri(&code, request)?;
    if let Err(refusal) = check_verifier(&code, request) {
        let refusal = refusal.about(about(&family));
        // One guess is all there is (RFC 7636 §4.6): the code is used up by it.
        if code.consumed_at.is_none() {
            tx.codes().consume(&code.hash, act.now)?;
        }
        return Ok(Outcome::Refused(refusal));
    }
    if code.consumed_at.is_some() {
        return replayed(tx, client, &family, act);
    }
    if code.expires_at.is_past(act.now) {
        let came = format!("one that ended {}", finding::ago(code.expires_at, act.now));
        let finding = Finding::new(Check::CodeUnexpired, "a code that has not expired", came).about(about(&family));
        return Err(TokenError::refused(ErrorCode::InvalidGrant, "the code has expired").with(finding));
    }
    token::check_key(code.key.as_ref(), asked)?;
    let user = token::check_family(tx, reading, &family, &grant, act.now)?;
    let resources = token::wanted_resources(tx, named, &family.resources, terms)?;
    let details = token::wanted_details(asked, family.details.as_ref())?;
    let scope = token::effective_scope(tx, reading, &family.scopes, &resources, client, &grant, &user)?;
    confirm(client, request, &presented, &code, &family)?;
    if !tx.codes().consume(&code.hash, act.now)? {
        // Another request was first since we looked: that is a second use like any other.
        return replayed(tx, client, &family, act);
    }
    let purpose = Purpose { scope: &scope, resources: &resources, details: details.as_ref(), key: asked.key.as_ref() };
    let mut response = token::begin_family(tx, client, &family, &grant, purpose, terms, act.now)?;
    response.id_token = id_token::prepare(tx, client, &family, &user, &scope, Moment::SignIn)?;
    Ok(Outcome::Issued(response))
}

fn about(family: &Family) -> About {
    About { user: Some(family.user.to_string()), ..About::default() }
}

/// The code, its family and its grant, if they are this client's. Another client's request changes nothing.
fn find(tx: &mut Tx<'_>, client: &Client, request: &Request) -> Result<(Token, Code, Family, Grant), TokenError> {
    let unknown = |came: &'static str| {
        let finding = Finding::new(Check::CodeKnown, "a code that was given to this client", came);
        TokenError::refused(ErrorCode::InvalidGrant, "the code is not known").with(finding)
    };
    let no_code = || unknown("a text that is no code of this server, or not the whole of it");
    let presented = Token::parse_as(TokenKind::Code, request.code.expose()).ok_or_else(no_code)?;
    let found = tx.find_code(&presented.hash())?;
    let (code, family, grant) =
        found.ok_or_else(|| unknown("a code that is not known, or was deleted after its end"))?;
    if family.client != client.id {
        return Err(unknown("a code that was given to another client"));
    }
    Ok((presented, code, family, grant))
}

/// RFC 6749 §4.1.3: identical, if the authorization request named it. Where PKCE binds the code to the client that
/// asked for it, it may be left out (OAuth 2.1 §10.2).
fn check_redirect_uri(code: &Code, request: &Request) -> Result<(), TokenError> {
    match &request.redirect_uri {
        Some(presented) if *presented == code.redirect_uri => Ok(()),
        Some(presented) => {
            let why = "redirect_uri is not that of the authorization request";
            let (expected, came) = (finding::address(&code.redirect_uri), finding::address(presented));
            let finding = Finding::new(Check::CodeRedirectUri, expected, came);
            Err(TokenError::refused(ErrorCode::InvalidGrant, why).with(finding))
        }
        None if !code.redirect_uri_was_sent || code.challenge.is_some() => Ok(()),
        None => {
            let why = "redirect_uri is missing; it must be that of the authorization request";
            let finding = Finding::new(Check::CodeRedirectUri, finding::address(&code.redirect_uri), "nothing");
            Err(TokenError::refused(ErrorCode::InvalidGrant, why).with(finding))
        }
    }
}

/// RFC 7636 §4.6; and a verifier for no challenge is a sign of a stolen code (RFC 9700 §4.8.2).
fn check_verifier(code: &Code, request: &Request) -> Result<(), Refusal> {
    // Neither of the two is shown: the verifier is a secret, and the challenge is what it can be tried against.
    let refuse = |why: &str| Err(Refusal::new(ErrorCode::InvalidGrant, why).on(Check::CodeVerifier));
    match (&code.challenge, &request.code_verifier) {
        (None, None) => Ok(()),
        (None, Some(_)) => refuse("code_verifier was sent, but the authorization request had no code_challenge"),
        (Some(_), None) => refuse("code_verifier is missing"),
        (Some(challenge), Some(verifier)) => match CodeVerifier::parse(verifier.expose()) {
            Ok(verifier) if challenge.is_met_by(&verifier) => Ok(()),
            Ok(_) => refuse("code_verifier does not match the code_challenge"),
            Err(error) => refuse(&error.to_string()),
        },
    }
}

fn replayed(tx: &mut Tx<'_>, client: &Client, family: &Family, act: &Act) -> Result<Outcome, TokenError> {
    if tx.families().end(family.id, act.now)? {
        let details = json!({ "client_id": client.client_id, "user": family.user.to_string() });
        act.record(tx, AuditEvent::CodeReplayed, &family.id.to_string(), details)?;
    }
    let why = "the code was used before; the tokens that it gave have been ended";
    let finding = Finding::new(Check::CodeUnused, "a code that was not used", "").about(about(family));
    Ok(Outcome::Refused(Refusal::new(ErrorCode::InvalidGrant, why).with(finding)))
}

fn confirm(
    client: &Client,
    request: &Request,
    presented: &Token,
    code: &Code,
    family: &Family,
) -> Result<(), TokenError> {
    let challenge = code.challenge.as_ref().map(CodeChallenge::to_string);
    let confirmed = engine::confirm_redemption(RedemptionFacts {
        client_id: &client.client_id,
        code_client_id: &client.client_id,
        code: presented.reveal(),
        redirect_uri: request.redirect_uri.as_deref().unwrap_or(&code.redirect_uri),
        code_redirect_uri: &code.redirect_uri,
        owner: &family.user.to_string(),
        scope: &family.scopes.to_string(),
        code_challenge: challenge.as_deref(),
        code_verifier: request.code_verifier.as_ref().map(Secret::expose),
    });
    confirmed.map_err(|disagreement| TokenError::Disagreement(disagreement.0))
}
