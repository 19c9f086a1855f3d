//! Making, rotating and revoking API keys.

use ipnet::IpNet;
use serde_json::json;

use crate::config::keys::Keys;
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
use crate::model::key_limits::KeyLimits;
use crate::model::name::DisplayName;
use crate::model::scope::Scope;
use crate::model::scope::ScopeToken;
use crate::model::time::Lifetime;
use crate::model::time::Timestamp;
use crate::model::token::Token;
use crate::model::token::TokenKind;
use crate::model::user::Roles;
use crate::model::user::User;
use crate::random::Random;
use crate::store::StoreError;
use crate::store::Tx;

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
    #[error("the user has {0} API keys already, which is as many as there may be; revoke one first")]
    TooMany(u32),
    /// It would last longer than is allowed.
    #[error("a key may last {} at most (keys.maximum_lifetime_seconds)", in_words(*.0))]
    LastsTooLong(Lifetime),
    /// No key makes another.
    #[error("API keys make no API keys on this server (keys.made_by_keys); sign in instead")]
    NotByKeys,
    /// There is nothing to leave out.
    #[error("{0}")]
    NoSuccessor(&'static str),
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
    /// How often it may be used.
    pub limits: KeyLimits,
    /// It is never let in, and whoever tries it raises an alarm.
    pub is_decoy: bool,
}

/// What changes in a key; `None` leaves something as it is. What it may do stays as it was made.
#[derive(Debug, Clone, Default)]
pub struct KeyChanges {
    /// What people call it.
    pub name: Option<DisplayName>,
    /// Whether it is enabled.
    pub enabled: Option<bool>,
    /// When it ends by itself, if it does.
    pub expires_at: Option<Option<Timestamp>>,
    /// The only addresses that it works from; from everywhere where there are none.
    pub allowed_addresses: Option<Vec<IpNet>>,
    /// How often it may be used.
    pub limits: Option<KeyLimits>,
    /// Until when a trial of its revocation runs, if one does.
    pub trial_until: Option<Option<Timestamp>>,
}

/// What holds for all keys that are made or changed.
#[derive(Debug, Clone, Copy)]
pub struct KeyPolicy {
    /// How long a key lasts that is made without an end.
    pub default_lifetime: Option<Lifetime>,
    /// The longest that a key may last.
    pub maximum_lifetime: Option<Lifetime>,
    /// Whether keys make keys.
    pub made_by_keys: bool,
    /// How many keys a user may have at a time.
    pub most_per_user: u32,
}

impl KeyPolicy {
    /// As it is configured.
    pub fn of(config: &Keys) -> Self {
        let set = |lifetime: Lifetime| (lifetime != Lifetime::ZERO).then_some(lifetime);
        let maximum_lifetime = set(config.maximum_lifetime);
        let default_lifetime = [set(config.default_lifetime), maximum_lifetime].into_iter().flatten().next();
        Self {
            default_lifetime: default_lifetime
                .map(|lifetime| maximum_lifetime.map_or(lifetime, |most| lifetime.min(most))),
            maximum_lifetime,
            made_by_keys: config.made_by_keys,
            most_per_user: config.most_per_user,
        }
    }

    fn check_maker(&self, reach: &Reach) -> Result<(), ApiKeyError> {
        if reach.is_of_key() && !self.made_by_keys { Err(ApiKeyError::NotByKeys) } else { Ok(()) }
    }

    /// When a key ends that was made at `created_at` and is to end at `asked`.
    fn end(&self, asked: Option<Timestamp>, created_at: Timestamp) -> Result<Option<Timestamp>, ApiKeyError> {
        let end = asked.or(self.default_lifetime.map(|lifetime| created_at + lifetime));
        self.check_end(end, created_at)?;
        Ok(end)
    }

    fn check_end(&self, end: Option<Timestamp>, created_at: Timestamp) -> Result<(), ApiKeyError> {
        match self.maximum_lifetime {
            Some(most) if end.is_none_or(|end| end > created_at + most) => Err(ApiKeyError::LastsTooLong(most)),
            _ => Ok(()),
        }
    }
}

/// In days where they are whole, else in seconds.
fn in_words(lifetime: Lifetime) -> String {
    match lifetime.seconds() {
        86_400 => "1 day".to_owned(),
        seconds if seconds.is_multiple_of(86_400) => format!("{} days", seconds / 86_400),
        seconds => format!("{seconds} seconds"),
    }
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
    policy: &KeyPolicy,
    reach: &Reach,
    act: &Act,
) -> Result<(ApiKey, Token), ApiKeyError> {
    policy.check_maker(reach)?;
    let expires_at = policy.end(new.expires_at, act.now)?;
    let owner = tx.users().roles(new.user)?;
    reach.check_key(&new.access, new.roles.as_ref(), &owner, &new.allowed_addresses, expires_at)?;
    create(tx, new, policy, act)
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
    policy: &KeyPolicy,
    reach: &Reach,
    act: &Act,
) -> Result<(ApiKey, Token), ApiKeyError> {
    policy.check_maker(reach)?;
    let key = find_of(tx, owner, id)?;
    let owner = tx.users().roles(key.user)?;
    reach.check_key(&key.access, key.roles.as_ref(), &owner, &key.allowed_addresses, key.expires_at)?;
    rotate(tx, id, overlap, act)
}

/// Changes a key, if it is one of `owner`'s (or anybody's), by a credential that reaches as far as `reach`: what becomes
/// wider by it must not be wider than that.
///
/// # Errors
/// [`ApiKeyError::NotFound`], [`ApiKeyError::TooWide`], or what the policy says.
pub fn change(
    tx: &mut Tx<'_>,
    owner: Option<UserId>,
    id: ApiKeyId,
    changes: &KeyChanges,
    policy: &KeyPolicy,
    reach: &Reach,
    act: &Act,
) -> Result<ApiKey, ApiKeyError> {
    tx.api_keys().lock_live(id)?;
    let before = find_of(tx, owner, id)?;
    let mut after = before.clone();
    if let Some(name) = &changes.name {
        after.name = name.as_str().to_owned();
    }
    after.enabled = changes.enabled.unwrap_or(before.enabled);
    if let Some(end) = changes.expires_at.filter(|end| *end != before.expires_at) {
        if end.is_some_and(|end| end.is_past(act.now)) {
            return Err(ApiKeyError::EndsInThePast);
        }
        policy.check_end(end, before.created_at)?;
        after.expires_at = end;
    }
    if let Some(addresses) = &changes.allowed_addresses {
        after.allowed_addresses.clone_from(addresses);
    }
    if let Some(limits) = &changes.limits {
        after.limits = limits.clone();
    }
    if let Some(until) = changes.trial_until.filter(|until| *until != before.trial_until) {
        if until.is_some_and(|until| until.is_past(act.now)) {
            return Err(ApiKeyError::EndsInThePast);
        }
        after.trial_until = until;
        // What a trial found out stays to be looked at when it has ended, until the next one begins.
        if until.is_some() && !before.is_on_trial(act.now) {
            tx.key_uses().reset_trial(id)?;
        }
    }
    let narrowed = ApiKey { enabled: before.enabled && after.enabled, ..before.clone() };
    // To disable a key only narrows. Its name is asked for as well: by it, Frappe's key is found.
    if changeable(&narrowed) != changeable(&after) {
        let owner = tx.users().roles(after.user)?;
        let (roles, addresses) = (after.roles.as_ref(), &after.allowed_addresses);
        reach.check_key(&after.access, roles, &owner, addresses, after.expires_at)?;
    }
    let (old, new) = (changeable(&before), changeable(&after));
    if old == new {
        return Ok(after);
    }
    if !tx.api_keys().change(&after)? {
        return Err(ApiKeyError::NotFound);
    }
    if before.limits != after.limits {
        tx.key_uses().forget_windows(id, &after.limits)?;
    }
    let details = json!({ "api_key": after.api_key.as_str(), "before": old, "after": new });
    act.record(tx, AuditEvent::KeyChanged, &id.to_string(), details)?;
    Ok(after)
}

/// All that can change in a key.
fn changeable(key: &ApiKey) -> serde_json::Value {
    let addresses: Vec<String> = key.allowed_addresses.iter().map(IpNet::to_string).collect();
    json!({
        "name": key.name,
        "enabled": key.enabled,
        "expires_at": key.expires_at.map(Timestamp::seconds),
        "allowed_addresses": addresses,
        "limits": key.limits.to_string(),
        "trial_until": key.trial_until.map(Timestamp::seconds),
    })
}

/// The scopes of a key that no request of it needed; those of a key with full access are not counted out.
///
/// # Errors
/// What the database says.
pub fn unused_scopes(tx: &mut Tx<'_>, key: &ApiKey) -> Result<Scope, StoreError> {
    let KeyAccess::Scopes(scopes) = &key.access else { return Ok(Scope::default()) };
    let used = tx.key_uses().scopes(key.id)?;
    let is_unused = |scope: &&ScopeToken| !used.iter().any(|used| used.scope == scope.as_str());
    Ok(scopes.iter().filter(is_unused).cloned().collect())
}

/// The scopes that requests of a key needed, of those that it has and that there are still.
///
/// # Errors
/// What the database says.
pub fn needed_scopes(tx: &mut Tx<'_>, key: &ApiKey) -> Result<Scope, StoreError> {
    let catalogue = Catalogue::read(tx)?;
    let used: Scope = tx
        .key_uses()
        .scopes(key.id)?
        .iter()
        .filter(|used| catalogue.knows(&used.scope))
        .filter_map(|used| ScopeToken::parse(&used.scope).ok())
        .collect();
    Ok(match &key.access {
        KeyAccess::Full => used,
        KeyAccess::Scopes(scopes) => scopes.intersection(&used),
    })
}

/// Makes the successor of a key, if that is one of `owner`'s (or anybody's): it has only the scopes that requests of the
/// key needed, and else what the key has. The key itself stays, until whoever uses it has the new one.
///
/// # Errors
/// [`ApiKeyError::NoSuccessor`] where it would not be narrower or could do nothing, and as [`create_within`].
pub fn succeed(
    tx: &mut Tx<'_>,
    owner: Option<UserId>,
    id: ApiKeyId,
    policy: &KeyPolicy,
    reach: &Reach,
    act: &Act,
) -> Result<(ApiKey, Token), ApiKeyError> {
    let key = find_of(tx, owner, id)?;
    if !key.enabled {
        return Err(ApiKeyError::NoSuccessor("this key is disabled, and its successor would not be; enable it first"));
    }
    let narrower = needed_scopes(tx, &key)?;
    if narrower.is_empty() {
        return Err(ApiKeyError::NoSuccessor("no request of this key needed a scope yet, so nothing would be left"));
    }
    if key.access == KeyAccess::Scopes(narrower.clone()) {
        return Err(ApiKeyError::NoSuccessor("each scope of this key is in use, so there is nothing to leave out"));
    }
    let name = DisplayName::parse(&format!("{} (narrower)", key.name)).or_else(|_| DisplayName::parse(&key.name));
    let new = NewApiKey {
        user: key.user,
        name: name.map_err(|_| StoreError::Corrupt("a key's name is none"))?,
        access: KeyAccess::Scopes(narrower),
        roles: key.roles.clone(),
        expires_at: key.expires_at,
        allowed_addresses: key.allowed_addresses.clone(),
        limits: key.limits.clone(),
        is_decoy: false,
    };
    policy.check_maker(reach)?;
    let expires_at = policy.end(new.expires_at, act.now)?;
    let owner = tx.users().roles(new.user)?;
    reach.check_key(&new.access, new.roles.as_ref(), &owner, &new.allowed_addresses, expires_at)?;
    insert(tx, &new, Some(id), policy, act)
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
pub fn create(tx: &mut Tx<'_>, new: &NewApiKey, policy: &KeyPolicy, act: &Act) -> Result<(ApiKey, Token), ApiKeyError> {
    insert(tx, new, None, policy, act)
}

fn insert(
    tx: &mut Tx<'_>,
    new: &NewApiKey,
    replaces: Option<ApiKeyId>,
    policy: &KeyPolicy,
    act: &Act,
) -> Result<(ApiKey, Token), ApiKeyError> {
    if !tx.users().lock(new.user)? {
        return Err(ApiKeyError::UnknownUser);
    }
    if tx.api_keys().count_of(new.user)? >= i64::from(policy.most_per_user) {
        return Err(ApiKeyError::TooMany(policy.most_per_user));
    }
    if new.expires_at.is_some_and(|end| end.is_past(act.now)) {
        return Err(ApiKeyError::EndsInThePast);
    }
    let expires_at = policy.end(new.expires_at, act.now)?;
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
        expires_at,
        revoked_at: None,
        last_use: None,
        limits: new.limits.clone(),
        is_imported: false,
        is_decoy: new.is_decoy,
        trial_until: None,
        replaces,
        alarmed_at: None,
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
        "limits": key.limits.to_string(),
        "decoy": key.is_decoy,
        "replaces": key.replaces.map(|key| key.to_string()),
    })
}
