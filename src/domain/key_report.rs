//! All that is to be seen of one API key: what it is, how it was used, and what could be left out of it.

use crate::domain::api_keys;
use crate::domain::api_keys::ApiKeyError;
use crate::model::api_key::ApiKey;
use crate::model::api_key::KeyAccess;
use crate::model::id::ApiKeyId;
use crate::model::id::UserId;
use crate::model::key_use::KeyCaller;
use crate::model::key_use::KeyUsage;
use crate::model::key_use::ScopeUse;
use crate::model::scope::Scope;
use crate::model::time::Timestamp;
use crate::model::user::User;
use crate::store::Tx;

/// One API key and its use.
#[derive(Debug)]
pub struct KeyReport {
    /// The key.
    pub key: ApiKey,
    /// Whose it is.
    pub owner: User,
    /// The key that it was made to take the place of, if that is still there.
    pub replaces: Option<ApiKey>,
    /// Until when a secret that was replaced still works, if one does.
    pub overlaps_until: Option<Timestamp>,
    /// How often it was used, the oldest day first.
    pub usage: Vec<KeyUsage>,
    /// From where and by what, the latest first.
    pub callers: Vec<KeyCaller>,
    /// Which scopes its requests needed.
    pub needed: Vec<ScopeUse>,
    /// The scopes that it has and that no request of it needed.
    pub unused: Scope,
    /// The scopes of a successor, where one would be narrower and could still do something.
    pub narrower: Option<Scope>,
}

/// The report on a key of `owner`'s, with its use since `since_day` (days since the Unix epoch).
///
/// # Errors
/// [`ApiKeyError::NotFound`] where it is none of `owner`'s, or was revoked.
pub fn read(
    tx: &mut Tx<'_>,
    owner: UserId,
    id: ApiKeyId,
    since_day: i64,
    now: Timestamp,
) -> Result<KeyReport, ApiKeyError> {
    let key = api_keys::find_of(tx, owner, id)?;
    let owner = tx.users().find(owner)?.ok_or(ApiKeyError::NotFound)?;
    let replaces = match key.replaces {
        Some(before) => tx.api_keys().find(before)?.filter(|before| before.revoked_at.is_none()),
        None => None,
    };
    let needed = api_keys::needed_scopes(tx, &key)?;
    let is_narrower = !needed.is_empty() && key.access != KeyAccess::Scopes(needed.clone());
    Ok(KeyReport {
        owner,
        replaces,
        overlaps_until: tx.api_keys().overlaps_until(id, now)?,
        usage: tx.key_uses().usage(id, since_day)?,
        callers: tx.key_uses().callers(id)?,
        needed: tx.key_uses().scopes(id)?,
        unused: api_keys::unused_scopes(tx, &key)?,
        narrower: is_narrower.then_some(needed),
        key,
    })
}
