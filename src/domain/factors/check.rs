//! What somebody types as their second factor: looked at so often and no oftener.

use serde_json::json;

use crate::config::secret_key::SecretKeys;
use crate::domain::act::Act;
use crate::domain::attempts;
use crate::domain::attempts::Bucket;
use crate::domain::attempts::Limit;
use crate::domain::factors::recovery;
use crate::domain::factors::totp;
use crate::domain::login::KnownDevice;
use crate::model::audit::AuditEvent;
use crate::model::factor::RecoveryCode;
use crate::model::id::UserId;
use crate::model::time::Lifetime;
use crate::store::StoreError;
use crate::store::Tx;

/// What became of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Checked {
    /// It is right, and used up.
    Right,
    /// It is wrong, and counted.
    Wrong,
    /// Too many were wrong; none is looked at for so long.
    Limited(Lifetime),
}

/// Checks a code of the user's app, or a recovery code. Failures are counted for the account, and by themselves for a
/// browser that has signed in to it before, so that a stranger who has the password can't lock its owner out.
///
/// # Errors
/// What the database says.
pub fn code(
    tx: &mut Tx<'_>,
    keys: &SecretKeys,
    user: UserId,
    typed: &str,
    known: Option<&KnownDevice>,
    limit: Option<Limit>,
    act: &Act,
) -> Result<Checked, StoreError> {
    let account = user.to_string();
    let bucket = match known.filter(|known| known.user == user) {
        Some(known) => Bucket::new("second factor device", &[&account, &known.device]),
        None => Bucket::new("second factor account", &[&account]),
    };
    let buckets: Vec<(Bucket, Limit)> = limit.map(|limit| (bucket, limit)).into_iter().collect();
    if let Err(retry_after) = attempts::reserve(tx, &buckets, act.now)? {
        return Ok(Checked::Limited(retry_after));
    }
    let is_right = match RecoveryCode::parse(typed) {
        Some(code) => recovery::spend(tx, keys, user, &code, act)?,
        None => totp::spend(tx, keys, user, typed, act)?,
    };
    if is_right {
        attempts::settle(tx, &buckets)?;
        return Ok(Checked::Right);
    }
    act.record(tx, AuditEvent::SecondFactorFailed, &account, json!({}))?;
    Ok(Checked::Wrong)
}
