//! Making, rotating and revoking API keys.

use ipnet::IpNet;
use serde_json::json;

use crate::domain::act::Act;
use crate::domain::reach::Reach;
use crate::domain::reach::TooWide;
use crate::domain::rights::Catalogue;
use crate::domain::roles;
use crate::domain::roles::Described;
use crate::model::api_key::ApiKey;
use crate::model::api_key::KeyAccess;
use crate::model::audit::AuditEvent;
use crate::model::id::ApiKeyId;
use crate::model::id::UserId;
use crate::model::name::DisplayName;
use crate::model::time::Lifetime;
use crate::model::time::Timestamp;
use crate::model::token::Token;
use crate::model::token::TokenKind;
use crate::model::user::Roles;
use crate::model::user::User;
use crate::random::Random;
use crate::store::StoreError;
use crate::store::Tx;

/// The most keys that one user may have at a time.
const MOST_KEYS: i64 = 100;

/// Why a key can't be made or changed.
#[derive(Debug, thiserror::Error)]
pub enum ApiKeyError {
    /// There is no such key, or it was revoked.
    #[error("there is no such API key")]
    NotFound,
    /// There is no such user.
    #[error("there is no such user")]
    UnknownUser,
    /// There is no such scope.
    #[error("there is no scope {0}")]
    UnknownScope(String),
    /// A key that may do nothing is a mistake, and an empty list never means "all".
    #[error("a key needs full access or at least one scope")]
    NoAccess,
    /// The user does not hold the role.
    #[error("the user does not hold the role {0}, so a key cannot")]
    RoleNotHeld(String),
    /// It would end before it begins.
    #[error("the key would have ended already")]
    EndsInThePast,
    /// Enough is enough.
    #[error("the user has 100 API keys already; revoke one first")]
    TooMany,
    /// The credential that asks cannot give that away.
    #[error("{0}")]
    TooWide(#[from] TooWide),
    /// The database said no.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// A key to be made.
#[derive(Debug, Clone)]
pub struct NewApiKey {
    /// Whom it acts as.
    pub user: UserId,
    /// What people call it.
    pub name: DisplayName,
    /// What it may do.
    pub access: KeyAccess,
    /// Where set, the only ones of its user's roles that it has.
    pub roles: Option<Roles>,
    /// When it ends by itself.
    pub expires_at: Option<Timestamp>,
    /// Where not empty, the only addresses that it works from.
    pub allowed_addresses: Vec<IpNet>,
}

/// What changes in a key; `None` leaves something as it is. What it may do stays as it was made.
#[derive(Debug, Clone, Default)]
pub struct KeyChanges {
    /// What people call it.
    pub name: Option<DisplayName>,
    /// Whether it is enabled.
    pub enabled: Option<bool>,
}

/// A user's keys, and what another one could be given.
#[derive(Debug)]
pub struct KeyRing {
    /// Whose they are.
    pub user: User,
    /// Those that were not revoked, newest first.
    pub keys: Vec<ApiKey>,
    /// The scopes that the user can give a key.
    pub scopes: Vec<Described>,
}

/// The keys of `user`; `None` where there is no such user.
///
/// # Errors
/// What the database says.
pub fn ring_of(tx: &mut Tx<'_>, user: UserId) -> Result<Option<KeyRing>, StoreError> {
    let Some(user) = tx.users().find(user)? else { return Ok(None) };
    let mut keys = tx.api_keys().list_of(user.id)?;
    keys.reverse();
    let scopes = roles::scopes_of_user(tx, &user.roles)?;
    Ok(Some(KeyRing { user, keys, scopes }))
}

/// The key, if it is one of `owner`'s (or anybody's, where no owner is given) and was not revoked: somebody else's is
/// as good as none.
///
/// # Errors
/// [`ApiKeyError::NotFound`].
pub fn find_of(tx: &mut Tx<'_>, owner: impl Into<Option<UserId>>, id: ApiKeyId) -> Result<ApiKey, ApiKeyError> {
    let (owner, key) = (owner.into(), tx.api_keys().find(id)?);
    let is_right = |key: &ApiKey| key.revoked_at.is_none() && owner.is_none_or(|owner| owner == key.user);
    key.filter(is_right).ok_or(ApiKeyError::NotFound)
}

/// As [`create`], by a credential that reaches as far as `reach`.
///
/// # Errors
/// As [`create`], and [`ApiKeyError::TooWide`].
pub fn create_within(
    tx: &mut Tx<'_>,
    new: &NewApiKey,
    reach: &Reach,
    act: &Act,
) -> Result<(ApiKey, Token), ApiKeyError> {
    reach.check_key(&new.access, new.roles.as_ref(), &new.allowed_addresses, new.expires_at)?;
    create(tx, new, act)
}

/// As [`rotate`], if it is one of `owner`'s (or anybody's), by a credential that reaches as far as `reach`: whoever has
/// the new secret has the key.
///
/// # Errors
/// [`ApiKeyError::NotFound`], [`ApiKeyError::TooWide`].
pub fn rotate_within(
    tx: &mut Tx<'_>,
    owner: Option<UserId>,
    id: ApiKeyId,
    overlap: Lifetime,
    reach: &Reach,
    act: &Act,
) -> Result<(ApiKey, Token), ApiKeyError> {
    let key = find_of(tx, owner, id)?;
    reach.check_key(&key.access, key.roles.as_ref(), &key.allowed_addresses, key.expires_at)?;
    rotate(tx, id, overlap, act)
}

/// Gives a key another name, or enables or disables it, if it is one of `owner`'s (or anybody's).
///
/// # Errors
/// [`ApiKeyError::NotFound`].
pub fn change(
    tx: &mut Tx<'_>,
    owner: Option<UserId>,
    id: ApiKeyId,
    changes: &KeyChanges,
    act: &Act,
) -> Result<ApiKey, ApiKeyError> {
    tx.api_keys().lock_live(id)?;
    let before = find_of(tx, owner, id)?;
    let after = ApiKey {
        name: changes.name.as_ref().map_or_else(|| before.name.clone(), |name| name.as_str().to_owned()),
        enabled: changes.enabled.unwrap_or(before.enabled),
        ..before.clone()
    };
    if (&before.name, before.enabled) == (&after.name, after.enabled) {
        return Ok(after);
    }
    if !tx.api_keys().change(id, &after.name, after.enabled)? {
        return Err(ApiKeyError::NotFound);
    }
    let summary = |key: &ApiKey| json!({ "name": key.name, "enabled": key.enabled });
    let details = json!({ "api_key": after.api_key.as_str(), "before": summary(&before), "after": summary(&after) });
    act.record(tx, AuditEvent::KeyChanged, &id.to_string(), details)?;
    Ok(after)
}

/// As [`rotate`], if it is one of `owner`'s. The old secret stops working at once.
///
/// # Errors
/// [`ApiKeyError::NotFound`].
pub fn rotate_of(tx: &mut Tx<'_>, owner: UserId, id: ApiKeyId, act: &Act) -> Result<(ApiKey, Token), ApiKeyError> {
    find_of(tx, owner, id)?;
    rotate(tx, id, Lifetime::ZERO, act)
}

/// As [`revoke`], if it is one of `owner`'s (or anybody's, where no owner is given).
///
/// # Errors
/// [`ApiKeyError::NotFound`].
pub fn revoke_of(
    tx: &mut Tx<'_>,
    owner: impl Into<Option<UserId>>,
    id: ApiKeyId,
    act: &Act,
) -> Result<(), ApiKeyError> {
    find_of(tx, owner, id)?;
    revoke(tx, id, act)
}

/// Makes a key. The second half is its secret: nobody can see it again.
///
/// # Errors
/// See [`ApiKeyError`].
pub fn create(tx: &mut Tx<'_>, new: &NewApiKey, act: &Act) -> Result<(ApiKey, Token), ApiKeyError> {
    if !tx.users().lock(new.user)? {
        return Err(ApiKeyError::UnknownUser);
    }
    if tx.api_keys().count_of(new.user)? >= MOST_KEYS {
        return Err(ApiKeyError::TooMany);
    }
    if new.expires_at.is_some_and(|end| end.is_past(act.now)) {
        return Err(ApiKeyError::EndsInThePast);
    }
    let roles = match &new.roles {
        Some(asked) => Some(held_roles(tx, new.user, asked)?),
        None => None,
    };
    check_access(tx, &new.access)?;
    let key = ApiKey {
        id: Random.id(act.now, ApiKeyId::new),
        user: new.user,
        api_key: Random.api_key_name(),
        name: new.name.as_str().to_owned(),
        access: new.access.clone(),
        roles,
        allowed_addresses: new.allowed_addresses.clone(),
        enabled: true,
        created_at: act.now,
        expires_at: new.expires_at,
        revoked_at: None,
        last_used_at: None,
    };
    let secret = Random.token(TokenKind::ApiSecret);
    tx.api_keys().insert(&key, &secret.hash())?;
    act.record(tx, AuditEvent::KeyCreated, &key.id.to_string(), summary(&key))?;
    Ok((key, secret))
}

/// Gives a key a new secret; its public half stays. The old secret works for `overlap` longer.
///
/// # Errors
/// [`ApiKeyError::NotFound`].
pub fn rotate(tx: &mut Tx<'_>, id: ApiKeyId, overlap: Lifetime, act: &Act) -> Result<(ApiKey, Token), ApiKeyError> {
    if !tx.api_keys().lock_live(id)? {
        return Err(ApiKeyError::NotFound);
    }
    let key = tx.api_keys().find(id)?.ok_or(ApiKeyError::NotFound)?;
    tx.api_keys().end_secrets(id, act.now + overlap, act.now)?;
    let secret = Random.token(TokenKind::ApiSecret);
    tx.api_keys().add_secret(id, &secret.hash(), act.now)?;
    let details = json!({ "api_key": key.api_key.as_str(), "overlap_seconds": overlap.seconds() });
    act.record(tx, AuditEvent::KeyRotated, &id.to_string(), details)?;
    Ok((key, secret))
}

/// Revokes a key for good.
///
/// # Errors
/// [`ApiKeyError::NotFound`].
pub fn revoke(tx: &mut Tx<'_>, id: ApiKeyId, act: &Act) -> Result<(), ApiKeyError> {
    let key = tx.api_keys().find(id)?.ok_or(ApiKeyError::NotFound)?;
    if !tx.api_keys().revoke(id, act.now)? {
        return Err(ApiKeyError::NotFound);
    }
    act.record(tx, AuditEvent::KeyRevoked, &id.to_string(), json!({ "api_key": key.api_key.as_str() }))?;
    Ok(())
}

/// The roles that are asked for, as the user holds them: `sales` is the role `Sales`.
fn held_roles(tx: &mut Tx<'_>, user: UserId, asked: &Roles) -> Result<Roles, ApiKeyError> {
    let held = tx.users().roles(user)?;
    match asked.iter().find(|role| !held.iter().any(|known| known == *role)) {
        Some(role) => Err(ApiKeyError::RoleNotHeld(role.as_str().to_owned())),
        None => Ok(held.intersection(asked)),
    }
}

fn check_access(tx: &mut Tx<'_>, access: &KeyAccess) -> Result<(), ApiKeyError> {
    let KeyAccess::Scopes(scopes) = access else { return Ok(()) };
    if scopes.is_empty() {
        return Err(ApiKeyError::NoAccess);
    }
    let catalogue = Catalogue::read(tx)?;
    match scopes.iter().find(|scope| !catalogue.knows(scope.as_str())) {
        Some(scope) => Err(ApiKeyError::UnknownScope(scope.as_str().to_owned())),
        None => Ok(()),
    }
}

fn summary(key: &ApiKey) -> serde_json::Value {
    let access = match &key.access {
        KeyAccess::Full => "full access".to_owned(),
        KeyAccess::Scopes(scopes) => scopes.to_string(),
    };
    let addresses: Vec<String> = key.allowed_addresses.iter().map(IpNet::to_string).collect();
    json!({
        "api_key": key.api_key.as_str(),
        "user": key.user.to_string(),
        "name": key.name,
        "access": access,
        "roles": key.roles.as_ref().map(Roles::names),
        "allowed_addresses": addresses,
        "expires_at": key.expires_at.map(Timestamp::seconds),
    })
}
