//! The one key of a user that Frappe's `generate_keys` makes, and gives a new secret each time after: a Frappe site
//! knows no others.

use crate::domain::act::Act;
use crate::domain::api_keys;
use crate::domain::api_keys::ApiKeyError;
use crate::domain::api_keys::KeyPolicy;
use crate::domain::api_keys::NewApiKey;
use crate::domain::reach::Reach;
use crate::domain::users;
use crate::model::api_key::ApiKey;
use crate::model::api_key::KeyAccess;
use crate::model::key_limits::KeyLimits;
use crate::model::name::DisplayName;
use crate::model::time::Lifetime;
use crate::model::time::Timestamp;
use crate::model::token::Token;
use crate::store::StoreError;
use crate::store::Tx;

/// By which it is known among the user's keys.
pub const NAME: &str = "Frappe API key";

/// A new secret for the key of the user of this id, name or e-mail address; its public half stays. Where there is none,
/// or what goes by its name could not do what it is for, one is made. The old secret ends at once.
///
/// # Errors
/// [`ApiKeyError::UnknownUser`], and as for making and rotating any key.
pub fn renew(
    tx: &mut Tx<'_>,
    user: &str,
    policy: &KeyPolicy,
    reach: &Reach,
    act: &Act,
) -> Result<(ApiKey, Token), ApiKeyError> {
    let user = users::find_named(tx, user)?.ok_or(ApiKeyError::UnknownUser)?.id;
    // Two at once must not make two.
    if !tx.users().lock(user)? {
        return Err(ApiKeyError::UnknownUser);
    }
    let keys = tx.api_keys().list_of(user)?;
    let mut good = keys.iter().filter(|key| is_it(key, act.now)).collect::<Vec<_>>();
    // The one that the user brought along from a Frappe site goes on.
    good.sort_by_key(|key| !key.is_imported);
    if let Some(key) = good.first() {
        return api_keys::rotate_within(tx, Some(user), key.id, Lifetime::ZERO, policy, reach, act);
    }
    let new = NewApiKey {
        user,
        name: DisplayName::parse(NAME).map_err(|_| StoreError::Corrupt("the name of Frappe's key is no name"))?,
        access: KeyAccess::Full,
        roles: None,
        expires_at: None,
        allowed_addresses: Vec::new(),
        limits: KeyLimits::default(),
        is_decoy: false,
    };
    api_keys::create_within(tx, &new, policy, reach, act)
}

/// Whether it is the one, and acts as its user in all things: people name their keys as they like.
fn is_it(key: &ApiKey, now: Timestamp) -> bool {
    (key.is_imported || key.name == NAME)
        && !key.is_decoy
        && key.access == KeyAccess::Full
        && key.roles.is_none()
        && key.is_live(now)
}
