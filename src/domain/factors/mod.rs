//! Second factors of a user: an app that makes one-time codes, and recovery codes for whoever has lost it.

pub mod check;
pub mod recovery;
pub mod totp;

use serde_json::json;

use crate::domain::act::Act;
use crate::model::audit::AuditEvent;
use crate::model::factor::Totp;
use crate::model::id::UserId;
use crate::store::StoreError;
use crate::store::Tx;

/// What a user can show beside the password.
#[derive(Debug)]
pub struct Factors {
    /// The app.
    pub totp: Option<Totp>,
    /// How many recovery codes are left.
    pub recovery_codes: i64,
    /// Whether one of the user's roles wants a second factor.
    pub are_required: bool,
}

/// Why a factor stays.
#[derive(Debug, thiserror::Error)]
pub enum RemoveError {
    /// The user has none such.
    #[error("there is no such factor")]
    NotFound,
    /// It is the last one, and a role wants one.
    #[error("your account must have a second factor, and this is the last one")]
    Last,
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
        recovery_codes: tx.factors().count_recovery_codes(user)?,
        are_required: tx.factors().are_required_of(user)?,
    })
}

/// Removes one's own app, and with it the recovery codes.
///
/// # Errors
/// [`RemoveError`].
pub fn remove_app(tx: &mut Tx<'_>, user: UserId, act: &Act) -> Result<(), RemoveError> {
    tx.users().lock(user)?;
    let before = of(tx, user)?;
    if before.totp.is_none() {
        return Err(RemoveError::NotFound);
    }
    if before.are_required {
        return Err(RemoveError::Last);
    }
    tx.factors().delete_totp(user)?;
    tx.factors().delete_recovery_codes(user)?;
    act.record(tx, AuditEvent::SecondFactorRemoved, &user.to_string(), json!({ "kind": "totp" }))?;
    Ok(())
}

/// Removes all factors of somebody who has lost them, so that the password alone lets them in again; where a role wants
/// a factor, they are led to a new one. Returns how many there were, recovery codes aside.
///
/// # Errors
/// What the database says.
pub fn reset(tx: &mut Tx<'_>, user: UserId, act: &Act) -> Result<usize, StoreError> {
    tx.users().lock(user)?;
    let removed = usize::from(tx.factors().delete_totp(user)?);
    tx.factors().delete_recovery_codes(user)?;
    act.record(tx, AuditEvent::SecondFactorsReset, &user.to_string(), json!({ "removed": removed }))?;
    Ok(removed)
}
