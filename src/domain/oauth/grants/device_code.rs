//! A device that asks whether somebody has let it in (RFC 8628 §3.4, §3.5).

use crate::domain::act::Act;
use crate::domain::memory::Reading;
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
use crate::domain::refusals::finding::Finding;
use crate::model::client::Client;
use crate::model::client::GrantType;
use crate::model::device::DeviceCode;
use crate::model::device::DeviceState;
use crate::model::id::FamilyId;
use crate::model::resource::Resources;
use crate::model::secret::Secret;
use crate::model::time::Lifetime;
use crate::model::time::Timestamp;
use crate::model::token::Token;
use crate::model::token::TokenKind;
use crate::store::Tx;

/// The checks in their order, behind those of the endpoint.
pub const CHECKS: &[Check] = &[
    Check::GrantTypeAllowed,
    Check::ResourceKnown,
    Check::DeviceCodeKnown,
    Check::DeviceCodeUnused,
    Check::DeviceCodeUnexpired,
    Check::DevicePace,
    Check::DeviceDecided,
    Check::Decision,
    Check::SignInLive,
    Check::GrantLive,
    Check::UserEnabled,
    Check::ResourceGranted,
    Check::DetailsGood,
    Check::ScopeLeft,
    Check::Consistent,
];

/// How much longer a device that polls too fast has to wait from then on (RFC 8628 §3.5).
const LONGER: Lifetime = Lifetime::from_seconds(5);

/// Gives a device its tokens, once its user has let it in: once. Until then it learns that it has to wait.
///
/// # Errors
/// See [`TokenError`]. Another client's request changes nothing.
pub fn run(
    tx: &mut Tx<'_>,
    reading: &Reading,
    client: &Client,
    device_code: &Secret,
    asked: &Asked,
    terms: &Terms,
    act: &Act,
) -> Result<Outcome, TokenError> {
    token::check_grant_type(client, GrantType::DeviceCode)?;
    let named = token::asked_resources(tx, asked, terms)?;
    let code = find(tx, client, device_code)?;
    let family = match code.state {
        DeviceState::Redeemed => return Err(used()),
        _ if code.expires_at.is_past(act.now) => {
            let why = "the device code has expired; the device has to begin again";
            let came = format!("one that ended {}", finding::ago(code.expires_at, act.now));
            let finding = Finding::new(Check::DeviceCodeUnexpired, "a device code that has not expired", came);
            return Err(TokenError::refused(ErrorCode::ExpiredToken, why).with(finding));
        }
        DeviceState::Waiting => return wait(tx, &code, act.now),
        DeviceState::Denied => {
            return Err(TokenError::refused(ErrorCode::AccessDenied, "the user did not allow it"));
        }
        DeviceState::Allowed(family) => family,
    };
    redeem(tx, reading, client, &code, family, named, asked, terms, act)
}

#[expect(clippy::too_many_arguments, reason = "what was found, and what it is checked against")]
fn redeem(
    tx: &mut Tx<'_>,
    reading: &Reading,
    client: &Client,
    code: &DeviceCode,
    family: FamilyId,
    named: Resources,
    asked: &Asked,
    terms: &Terms,
    act: &Act,
) -> Result<Outcome, TokenError> {
    let family = tx.families().find(family)?.ok_or_else(unknown)?;
    let grant = tx.grants().find(family.grant)?.ok_or_else(unknown)?;
    let user = token::check_family(tx, reading, &family, &grant, act.now)?;
    let resources = token::wanted_resources(tx, named, &family.resources, terms)?;
    let details = token::wanted_details(asked, family.details.as_ref())?;
    let scope = token::effective_scope(tx, reading, &family.scopes, &resources, client, &grant, &user)?;
    if !tx.device_codes().consume(&code.hash, act.now)? {
        return Err(used());
    }
    let purpose = Purpose { scope: &scope, resources: &resources, details: details.as_ref(), key: asked.key.as_ref() };
    let mut response = token::begin_family(tx, client, &family, &grant, purpose, terms, act.now)?;
    response.id_token = id_token::prepare(tx, client, &family, &user, &scope, Moment::SignIn)?;
    Ok(Outcome::Issued(response))
}

fn unknown() -> TokenError {
    TokenError::refused(ErrorCode::InvalidGrant, "the device code is not known").on(Check::DeviceCodeKnown)
}

fn used() -> TokenError {
    TokenError::refused(ErrorCode::InvalidGrant, "the device code was used before").on(Check::DeviceCodeUnused)
}

fn find(tx: &mut Tx<'_>, client: &Client, device_code: &Secret) -> Result<DeviceCode, TokenError> {
    let presented = Token::parse_as(TokenKind::DeviceCode, device_code.expose()).ok_or_else(unknown)?;
    tx.device_codes().find(&presented.hash())?.filter(|code| code.client == client.id).ok_or_else(unknown)
}

/// Nobody has decided yet. How fast a device asks is measured here, in the row that all nodes share.
fn wait(tx: &mut Tx<'_>, code: &DeviceCode, now: Timestamp) -> Result<Outcome, TokenError> {
    if tx.device_codes().poll(&code.hash, code.interval, now)? {
        let why = "nobody has decided yet; ask again after the interval";
        return Ok(Outcome::Refused(Refusal::new(ErrorCode::AuthorizationPending, why)));
    }
    tx.device_codes().slow_down(&code.hash, LONGER, now)?;
    let seconds = code.interval.seconds() + LONGER.seconds();
    let why = format!("the device asks too often; from now on it has to wait {seconds} seconds between two requests");
    Ok(Outcome::Refused(Refusal::new(ErrorCode::SlowDown, why)))
}
