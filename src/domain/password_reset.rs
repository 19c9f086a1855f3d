//! A new password for somebody who has forgotten theirs, by a link in a mail.
//!
//! Whoever asks learns nothing: the answer and the work are the same for a name that is known and for one that is not.

use serde_json::json;

use crate::domain::act::Act;
use crate::domain::mails;
use crate::domain::mails::Asker;
use crate::domain::mails::LinkError;
use crate::domain::mails::MailLimits;
use crate::domain::users;
use crate::domain::users::UserError;
use crate::model::audit::AuditEvent;
use crate::model::mail::MailKind;
use crate::model::password::PasswordHash;
use crate::model::time::Lifetime;
use crate::model::time::Timestamp;
use crate::model::token::Token;
use crate::model::token::TokenHash;
use crate::model::user::User;
use crate::model::user::UserKind;
use crate::model::username::Login;
use crate::store::StoreError;
use crate::store::Tx;

/// Asks for a link. Whether anybody gets one is found out when the mail is sent. `Err` within where one address asks too
/// often.
///
/// # Errors
/// What the database says.
pub fn ask(
    tx: &mut Tx<'_>,
    login: Option<&Login>,
    asker: &Asker,
    limits: MailLimits,
    act: &Act,
) -> Result<Result<(), Lifetime>, StoreError> {
    let typed = login.map(Login::as_str).unwrap_or_default();
    let user = tx.users().find_id_by_login(typed)?;
    let subject = user.map_or_else(|| "unknown user".to_owned(), |user| user.to_string());
    let reader = user.map_or_else(|| typed.to_owned(), |user| user.to_string());
    let known = asker.known.as_ref().filter(|known| user == Some(known.user));
    let device = known.map(|known| known.device.as_str());
    match mails::count_wish(tx, MailKind::PasswordReset, &reader, device, limits, act)? {
        Ok(true) => {}
        Ok(false) => return Ok(Ok(())),
        Err(retry_after) => return Ok(Err(retry_after)),
    }
    mails::send(tx, MailKind::PasswordReset, user, None, &asker.language, act.now)?;
    // Never what was typed: people type their password into the wrong field.
    act.record(tx, AuditEvent::PasswordResetAsked, &subject, json!({}))?;
    Ok(Ok(()))
}

/// A link for an operator to hand on; it ends the ones before it.
///
/// # Errors
/// [`UserError::ServiceAccount`], [`UserError::NoAddress`].
pub fn make_link(tx: &mut Tx<'_>, user: &User, act: &Act) -> Result<Token, UserError> {
    if user.kind == UserKind::Service {
        return Err(UserError::ServiceAccount);
    }
    let email = user.email.as_ref().ok_or(UserError::NoAddress)?;
    act.record(tx, AuditEvent::PasswordResetAsked, &user.id.to_string(), json!({}))?;
    Ok(mails::link(tx, MailKind::PasswordReset, Some(user.id), email, act.now)?)
}

/// The user whose link this is, if it is good.
///
/// # Errors
/// What the database says.
pub fn find(tx: &mut Tx<'_>, token: &TokenHash, now: Timestamp) -> Result<Option<User>, StoreError> {
    Ok(mails::find_link(tx, MailKind::PasswordReset, token, now)?.and_then(|(_, user)| user))
}

/// Sets the password, and tells its owner in `language`; it ends all that the old one let in. A link that went to an address which is not the user's any
/// more opens nothing. It does not show whose the address is: an operator may have handed it on.
///
/// # Errors
/// [`LinkError`].
pub fn finish(
    tx: &mut Tx<'_>,
    token: &TokenHash,
    password: &PasswordHash,
    language: &str,
    act: &Act,
) -> Result<User, LinkError> {
    let (link, user, act) = mails::follow(tx, MailKind::PasswordReset, token, act)?;
    if user.email.as_ref() != Some(&link.email) {
        return Err(LinkError::Ended);
    }
    users::set_password(tx, user.id, password, None, &act)?;
    mails::send(tx, MailKind::PasswordReplaced, Some(user.id), None, language, act.now)?;
    Ok(user)
}
