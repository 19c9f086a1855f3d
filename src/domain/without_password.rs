//! People without a password: who has a passkey that is enough alone may remove theirs, and set one again. A service
//! account has none either, but is no person and signs in nowhere.

use crate::domain::act::Act;
use crate::domain::factors;
use crate::domain::users;
use crate::domain::users::UserError;
use crate::model::audit::AuditEvent;
use crate::model::id::SessionId;
use crate::model::id::UserId;
use crate::model::mail::MailKind;
use crate::model::password::PasswordHash;
use crate::model::user::UserKind;
use crate::store::StoreError;
use crate::store::Tx;

/// Why a password stays, or is not set.
#[derive(Debug, thiserror::Error)]
pub enum WithoutPasswordError {
    /// Nothing else would let the person in.
    #[error(
        "you have no passkey that is enough alone: add one that asks for your finger, your face or a PIN, and then remove \
         the password"
    )]
    NoOtherWay,
    /// There is none to remove, or one already.
    #[error("the password was changed meanwhile; try again")]
    PasswordChanged,
    /// The new password can't be set.
    #[error("{0}")]
    User(#[from] UserError),
    /// The database said no.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// Removes one's own password, and ends all that it let in but the session `kept`. A link for a new password that was asked
/// for before opens nothing any more.
///
/// # Errors
/// [`WithoutPasswordError`].
pub fn remove(tx: &mut Tx<'_>, user: UserId, kept: SessionId, act: &Act) -> Result<(), WithoutPasswordError> {
    // No passkey goes between the look and the removal: whoever removes one takes the same lock.
    tx.users().lock(user)?;
    let person = tx.users().find(user)?.filter(|user| user.enabled && user.kind == UserKind::Person);
    let factors = factors::of(tx, user)?;
    if person.is_none() || !factors.has_password {
        return Err(WithoutPasswordError::PasswordChanged);
    }
    if !factors.has_passkey_that_is_enough() {
        return Err(WithoutPasswordError::NoOtherWay);
    }
    tx.users().remove_password(user, act.now)?;
    tx.mail_links().end_of_user(user, MailKind::PasswordReset)?;
    let ended = users::end_what_a_password_let_in(tx, user, Some(kept), act)?;
    act.record(tx, AuditEvent::PasswordRemoved, &user.to_string(), ended)?;
    Ok(())
}

/// Sets one's own password where there is none. All other sessions end.
///
/// # Errors
/// [`WithoutPasswordError::PasswordChanged`] where there is one, [`WithoutPasswordError::User`].
pub fn set(
    tx: &mut Tx<'_>,
    user: UserId,
    password: &PasswordHash,
    kept: SessionId,
    act: &Act,
) -> Result<(), WithoutPasswordError> {
    tx.users().lock(user)?;
    let enabled = tx.users().find(user)?.is_some_and(|user| user.enabled);
    if !enabled || tx.users().password(user)?.is_some() {
        return Err(WithoutPasswordError::PasswordChanged);
    }
    Ok(users::set_password(tx, user, password, Some(kept), act)?)
}
