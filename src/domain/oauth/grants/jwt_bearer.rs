//! Acting as a service account by a signature (RFC 7523 §2.1): no person is there, and the assertion takes the place of
//! what a person would have allowed. Which accounts those are, an administrator said beforehand.

use crate::domain::act::Act;
use crate::domain::grants;
use crate::domain::grants::Decision;
use crate::domain::grants::Duration;
use crate::domain::memory::Reading;
use crate::domain::oauth::error::ErrorCode;
use crate::domain::oauth::error::TokenError;
use crate::domain::oauth::token;
use crate::domain::oauth::token::Asked;
use crate::domain::oauth::token::Outcome;
use crate::domain::oauth::token::Purpose;
use crate::domain::oauth::token::Terms;
use crate::domain::oauth::token::TokenResponse;
use crate::domain::refusals::check::Check;
use crate::domain::refusals::finding;
use crate::model::client::Client;
use crate::model::client::GrantType;
use crate::model::grant::Family;
use crate::model::grant::Grant;
use crate::model::id::FamilyId;
use crate::model::id::UserId;
use crate::model::resource::Resources;
use crate::model::scope::Scope;
use crate::model::token::TokenKind;
use crate::model::user::User;
use crate::model::user::UserKind;
use crate::model::username::Login;
use crate::random::Random;
use crate::store::StoreError;
use crate::store::Tx;

/// The checks in their order, behind those of the endpoint.
pub const CHECKS: &[Check] = &[
    Check::GrantTypeAllowed,
    Check::AssertionSubject,
    Check::UserEnabled,
    Check::ScopeKnown,
    Check::ScopeAllowed,
    Check::ResourceKnown,
    Check::ScopeLeft,
    Check::DetailsGood,
    Check::Consistent,
];

/// Gives a client a token that acts as the service account `subject`, by its name or id; never a refresh token, for the
/// next assertion is as easily made. The assertion itself was checked and used up before.
///
/// # Errors
/// `invalid_grant` for everybody who is none of the client's service accounts (RFC 7521 §4.1), and those of every token.
pub fn run(
    tx: &mut Tx<'_>,
    reading: &Reading,
    client: &Client,
    subject: &str,
    asked: &Asked,
    terms: &Terms,
    act: &Act,
) -> Result<Outcome, TokenError> {
    token::check_grant_type(client, GrantType::JwtBearer)?;
    let user = find(tx, client, subject)?;
    let wanted = match &asked.scope {
        None => client.scopes.clone(),
        Some(text) => {
            let refuse = |why: String| TokenError::refused(ErrorCode::InvalidScope, why);
            let wanted = Scope::parse(text).map_err(|error| refuse(error.to_string()).on(Check::ScopeKnown))?;
            if !wanted.is_subset_of(&client.scopes) {
                let why = "the client is not registered for all scopes that it asks for";
                return Err(refuse(why.to_owned()).with(finding::scope(Check::ScopeAllowed, &client.scopes, &wanted)));
            }
            wanted
        }
    };
    let resources = token::asked_resources(tx, asked, terms)?;
    let grant = grant(tx, client, &user, &wanted, &resources, act)?;
    let scope = token::effective_scope(tx, reading, &wanted, &resources, client, &grant, &user)?;
    // Nobody has allowed any for a service account, so whatever is asked for is refused.
    let details = token::wanted_details(asked, None)?;
    let family = Family {
        id: Random.id(act.now, FamilyId::new),
        grant: grant.id,
        user: user.id,
        client: client.id,
        scopes: scope.clone(),
        resources: resources.clone(),
        details: details.clone(),
        key: None,
        created_at: act.now,
        expires_at: act.now + terms.lifetimes.access,
        ended_at: None,
    };
    tx.families().insert(&family)?;
    let access_token = Random.token(TokenKind::Access);
    let purpose = Purpose { scope: &scope, resources: &resources, details: details.as_ref(), key: asked.key.as_ref() };
    let end = token::insert_access_token(tx, &access_token, &family, &grant, purpose, terms.lifetimes.access, act.now)?;
    Ok(Outcome::Issued(TokenResponse {
        access_token,
        expires_in: end.since(act.now),
        refresh_token: None,
        scope,
        is_bound: asked.key.is_some(),
        details,
        id_token: None,
        is_exchanged: false,
    }))
}

/// The service account, if the client may act as it. Whoever else exists is not told.
fn find(tx: &mut Tx<'_>, client: &Client, subject: &str) -> Result<User, TokenError> {
    let refuse = |why: &str| TokenError::refused(ErrorCode::InvalidGrant, why);
    let named = match (UserId::parse(subject), Login::parse(subject)) {
        (Some(id), _) => tx.users().find(id)?,
        (None, Some(login)) if !subject.contains('@') => tx.users().find_by_login(login.as_str())?,
        (None, _) => None,
    };
    let allowed = tx.clients().service_accounts(client.id)?;
    let user = named.filter(|user| user.kind == UserKind::Service && allowed.contains(&user.id));
    let user = user.ok_or_else(|| {
        refuse("the assertion's sub names no service account that an administrator let this client act as")
            .on(Check::AssertionSubject)
    })?;
    if user.enabled { Ok(user) } else { Err(refuse("the service account is disabled").on(Check::UserEnabled)) }
}

/// The grant that the token hangs on, so that it can be seen and ended like any other: the one there is, if it covers
/// what is asked for.
fn grant(
    tx: &mut Tx<'_>,
    client: &Client,
    user: &User,
    wanted: &Scope,
    resources: &Resources,
    act: &Act,
) -> Result<Grant, StoreError> {
    let covers = |grant: &Grant| wanted.is_subset_of(&grant.scopes) && resources.is_subset_of(&grant.resources);
    if let Some(grant) = tx.grants().find_live(user.id, client.id, act.now)?.into_iter().find(covers) {
        return Ok(grant);
    }
    let duration = Duration::UntilRevoked;
    let (asked, details) = (wanted, None);
    let decision = Decision { client, redirect: None, asked, allowed: wanted, resources, details, duration };
    grants::give(tx, user.id, decision, act)
}
