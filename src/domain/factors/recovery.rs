//! Recovery codes: ten at a time, each good once, shown when they are made and never again.

use hmac::Mac;
use serde_json::json;

use crate::config::secret_key::SecretKeys;
use crate::domain::act::Act;
use crate::domain::keyed_hash;
use crate::model::audit::AuditEvent;
use crate::model::factor::RecoveryCode;
use crate::model::factor::RecoveryCodeHash;
use crate::model::id::UserId;
use crate::random::Random;
use crate::store::StoreError;
use crate::store::Tx;

/// How many there are.
pub const COUNT: usize = 10;

/// Puts new codes in the place of all that there are.
///
/// # Errors
/// What the database says.
pub fn renew(tx: &mut Tx<'_>, keys: &SecretKeys, user: UserId, act: &Act) -> Result<Vec<RecoveryCode>, StoreError> {
    let codes: Vec<RecoveryCode> = (0..COUNT).map(|_| RecoveryCode::mint(|bytes| Random.fill(bytes))).collect();
    let hashes: Vec<RecoveryCodeHash> = codes.iter().map(|code| hash(keys.current(), user, code)).collect();
    tx.factors().replace_recovery_codes(user, &hashes, act.now)?;
    act.record(tx, AuditEvent::RecoveryCodesMade, &user.to_string(), json!({}))?;
    Ok(codes)
}

/// As [`renew`], where there are none: whoever has their first factor gets them with it.
///
/// # Errors
/// What the database says.
pub fn first(
    tx: &mut Tx<'_>,
    keys: &SecretKeys,
    user: UserId,
    act: &Act,
) -> Result<Option<Vec<RecoveryCode>>, StoreError> {
    if tx.factors().count_recovery_codes(user)? > 0 {
        return Ok(None);
    }
    renew(tx, keys, user, act).map(Some)
}

/// Uses a code up. `false` where it is none of the user's, or was used.
///
/// # Errors
/// What the database says.
pub fn spend(
    tx: &mut Tx<'_>,
    keys: &SecretKeys,
    user: UserId,
    code: &RecoveryCode,
    act: &Act,
) -> Result<bool, StoreError> {
    for key in keys.all() {
        if tx.factors().use_recovery_code(user, &hash(key, user, code), act.now)? {
            let left = tx.factors().count_recovery_codes(user)?;
            act.record(tx, AuditEvent::RecoveryCodeUsed, &user.to_string(), json!({ "left": left }))?;
            return Ok(true);
        }
    }
    Ok(false)
}

/// Under the server's key and with its owner: codes are short, and whoever has the database alone can't try them.
fn hash(key: &[u8; 32], user: UserId, code: &RecoveryCode) -> RecoveryCodeHash {
    let mut mac = keyed_hash::begin(key);
    mac.update(b"recovery code\0");
    mac.update(user.as_bytes());
    mac.update(code.letters());
    RecoveryCodeHash::new(mac.finalize().into_bytes().into())
}
