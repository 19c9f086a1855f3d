//! Second factors of a user: an app that makes one-time codes, passkeys, and recovery codes for whoever has lost both. A passkey
//! may also be all that there is.

pub mod challenge;
pub mod check;
pub mod passkeys;
pub mod recovery;
pub mod totp;

use serde_json::json;

use crate::domain::act::Act;
use crate::model::audit::AuditEvent;
use crate::model::factor::Passkey;
use crate::model::factor::Totp;
use crate::model::id::PasskeyId;
use crate::model::id::UserId;
use crate::store::StoreError;
use crate::store::Tx;

/// What a user can show beside the password, or in its place.
#[derive(Debug)]
pub struct Factors {
    /// The app.
    pub totp: Option<Totp>,
    /// The passkeys, the oldest first.
    pub passkeys: Vec<Passkey>,
    /// How many recovery codes are left.
    pub recovery_codes: i64,
    /// Whether one of the user's roles wants a second factor.
    pub are_required: bool,
    /// Whether there is a password.
    pub has_password: bool,
}

impl Factors {
    /// Whether there is one at all.
    pub fn has_any(&self) -> bool {
        self.totp.is_some() || !self.passkeys.is_empty()
    }

    /// Whether one of the passkeys lets its owner in without a password.
    pub fn has_passkey_that_is_enough(&self) -> bool {
        self.passkeys.iter().any(|passkey| passkey.user_verified)
    }

    /// Whether nothing else lets its owner in: neither a password nor another passkey that is enough alone.
    pub fn is_only_way(&self, passkey: PasskeyId) -> bool {
        let is_other = |other: &Passkey| other.user_verified && other.id != passkey;
        !self.has_password && !self.passkeys.iter().any(is_other)
    }

    /// Whether the last one must stay.
    pub fn must_keep_one(&self) -> bool {
        self.are_required && self.passkeys.len() + usize::from(self.totp.is_some()) == 1
    }
}

/// Which of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Factor {
    /// The app.
    Totp,
    /// A passkey.
    Passkey(PasskeyId),
}

/// Why a factor stays.
#[derive(Debug, thiserror::Error)]
pub enum RemoveError {
    /// The user has none such.
    #[error("there is no such factor")]
    NotFound,
    /// It is the last one, and a role wants one.
    #[error("your account must have a second factor, and this is the last one; add another one first")]
    Last,
    /// It is the only way in.
    #[error("you have no password, and no other passkey that lets you in; set a password or add a passkey first")]
    OnlyWay,
    /// The database said no.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// The factors of `user`.
///
/// # Errors
/// What the database says.
pub fn of(tx: &mut Tx<'_>, user: UserId) -> Result<Factors, StoreError> {
    Ok(Factors {
        totp: tx.factors().totp(user)?,
        passkeys: tx.passkeys().list_of(user)?,
        recovery_codes: tx.factors().count_recovery_codes(user)?,
        are_required: tx.factors().are_required_of(user)?,
        has_password: tx.users().password(user)?.is_some(),
    })
}

/// Removes one of a user's own factors; with the last one the recovery codes go too.
///
/// # Errors
/// [`RemoveError`].
pub fn remove(tx: &mut Tx<'_>, user: UserId, factor: Factor, act: &Act) -> Result<(), RemoveError> {
    tx.users().lock(user)?;
    let before = of(tx, user)?;
    let details = match factor {
        Factor::Totp if before.totp.is_some() => json!({ "kind": "totp" }),
        Factor::Passkey(id) => {
            let passkey = before.passkeys.iter().find(|passkey| passkey.id == id).ok_or(RemoveError::NotFound)?;
            json!({ "kind": "passkey", "id": id.to_string(), "name": passkey.name })
        }
        Factor::Totp => return Err(RemoveError::NotFound),
    };
    if before.must_keep_one() {
        return Err(RemoveError::Last);
    }
    if let Factor::Passkey(id) = factor
        && before.is_only_way(id)
    {
        return Err(RemoveError::OnlyWay);
    }
    match factor {
        Factor::Totp => drop(tx.factors().delete_totp(user)?),
        Factor::Passkey(id) => drop(tx.passkeys().delete(user, id)?),
    }
    if !tx.factors().has_any(user)? {
        tx.factors().delete_recovery_codes(user)?;
    }
    act.record(tx, AuditEvent::SecondFactorRemoved, &user.to_string(), details)?;
    Ok(())
}

/// Removes all factors of somebody who has lost them, so that the password alone lets them in again; where a role wants
/// a factor, they are led to a new one. Whoever has no password needs a link for a new one then. Returns how many there were,
/// recovery codes aside.
///
/// # Errors
/// What the database says.
pub fn reset(tx: &mut Tx<'_>, user: UserId, act: &Act) -> Result<usize, StoreError> {
    tx.users().lock(user)?;
    let removed = usize::from(tx.factors().delete_totp(user)?) + tx.passkeys().delete_all_of(user)?;
    tx.factors().delete_recovery_codes(user)?;
    act.record(tx, AuditEvent::SecondFactorsReset, &user.to_string(), json!({ "removed": removed }))?;
    Ok(removed)
}
