//! What somebody shows as their second factor, a code or a passkey: looked at so often and no oftener.

use serde_json::json;

use crate::config::secret_key::SecretKeys;
use crate::domain::act::Act;
use crate::domain::attempts;
use crate::domain::attempts::Bucket;
use crate::domain::attempts::Limit;
use crate::domain::factors::challenge::Bound;
use crate::domain::factors::challenge::Challenge;
use crate::domain::factors::passkeys;
use crate::domain::factors::passkeys::Shown;
use crate::domain::factors::recovery;
use crate::domain::factors::totp;
use crate::domain::login::KnownDevice;
use crate::model::audit::AuditEvent;
use crate::model::factor::Passkey;
use crate::model::factor::RecoveryCode;
use crate::model::id::UserId;
use crate::model::issuer::Issuer;
use crate::model::time::Lifetime;
use crate::store::StoreError;
use crate::store::Tx;

/// What became of it.
#[derive(Debug, Clone)]
pub enum Checked {
    /// The code is right, and used up.
    Code,
    /// The passkey is right.
    Passkey(Box<Passkey>),
    /// It is wrong, and counted.
    Wrong,
    /// It came too late, or the second time. Nobody looked at it, so it is not counted.
    Lapsed,
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
    let buckets = buckets(user, known, limit);
    if let Err(retry_after) = attempts::reserve(tx, &buckets, act.now)? {
        return Ok(Checked::Limited(retry_after));
    }
    let is_right = match RecoveryCode::parse(typed) {
        Some(code) => recovery::spend(tx, keys, user, &code, act)?,
        None => totp::spend(tx, keys, user, typed, act)?,
    };
    if is_right {
        attempts::settle(tx, &buckets)?;
        return Ok(Checked::Code);
    }
    act.record(tx, AuditEvent::SecondFactorFailed, &user.to_string(), json!({ "kind": "code" }))?;
    Ok(Checked::Wrong)
}

/// Checks a passkey that the user shows for the challenge that was given to `bound`. Failures are counted with those of
/// [`code`].
///
/// # Errors
/// What the database says.
pub fn passkey(
    tx: &mut Tx<'_>,
    (keys, issuer): (&SecretKeys, &Issuer),
    (user, bound): (UserId, &Bound),
    shown: &Shown,
    known: Option<&KnownDevice>,
    limit: Option<Limit>,
    act: &Act,
) -> Result<Checked, StoreError> {
    let Some(challenge) = Challenge::open(keys.all(), bound, &shown.challenge, act.now) else {
        return Ok(Checked::Lapsed);
    };
    let buckets = buckets(user, known, limit);
    if let Err(retry_after) = attempts::reserve(tx, &buckets, act.now)? {
        return Ok(Checked::Limited(retry_after));
    }
    if !challenge.spend(tx)? {
        attempts::settle(tx, &buckets)?;
        return Ok(Checked::Lapsed);
    }
    if let Some(passkey) = passkeys::find(tx, shown)?.filter(|passkey| passkey.user == user)
        && passkeys::check(tx, issuer, &challenge, &passkey, shown, false, act)?
    {
        attempts::settle(tx, &buckets)?;
        return Ok(Checked::Passkey(Box::new(passkey)));
    }
    act.record(tx, AuditEvent::SecondFactorFailed, &user.to_string(), json!({ "kind": "passkey" }))?;
    Ok(Checked::Wrong)
}

/// Where wrong factors of `user` are counted.
fn buckets(user: UserId, known: Option<&KnownDevice>, limit: Option<Limit>) -> Vec<(Bucket, Limit)> {
    let account = user.to_string();
    let bucket = match known.filter(|known| known.user == user) {
        Some(known) => Bucket::new("second factor device", &[&account, &known.device]),
        None => Bucket::new("second factor account", &[&account]),
    };
    limit.map(|limit| (bucket, limit)).into_iter().collect()
}
