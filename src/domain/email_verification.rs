//! Whose an e-mail address is: shown by whoever follows the link that was sent there.

use serde_json::json;

use crate::domain::act::Act;
use crate::domain::attempts;
use crate::domain::attempts::Bucket;
use crate::domain::mails;
use crate::domain::mails::LinkError;
use crate::domain::mails::MailLimits;
use crate::domain::users;
use crate::model::audit::AuditEvent;
use crate::model::email::Email;
use crate::model::id::UserId;
use crate::model::mail::MailKind;
use crate::model::mail::MailLink;
use crate::model::time::Lifetime;
use crate::model::time::Timestamp;
use crate::model::token::TokenHash;
use crate::model::user::User;
use crate::model::user::UserChanges;
use crate::model::user_claims::UserClaims;
use crate::store::StoreError;
use crate::store::Tx;

/// Has a link sent to `email`, which becomes the user's address when it is followed; the one that is there now stays
/// until then. `Err` within where the user asks too often.
///
/// # Errors
/// What the database says.
pub fn ask(
    tx: &mut Tx<'_>,
    user: UserId,
    email: &Email,
    language: &str,
    limits: MailLimits,
    act: &Act,
) -> Result<Result<(), Lifetime>, StoreError> {
    let buckets: Vec<_> = limits
        .reader
        .map(|limit| (Bucket::new("mail verification", &[&user.to_string()]), limit))
        .into_iter()
        .collect();
    if let Err(retry_after) = attempts::reserve(tx, &buckets, act.now)? {
        return Ok(Err(retry_after));
    }
    mails::send(tx, MailKind::EmailVerification, Some(user), Some(email), language, act.now)?;
    act.record(tx, AuditEvent::EmailVerificationAsked, &user.to_string(), json!({ "email": email.as_str() }))?;
    Ok(Ok(()))
}

/// The link with this token and whose it is, if it is good.
///
/// # Errors
/// What the database says.
pub fn find(tx: &mut Tx<'_>, token: &TokenHash, now: Timestamp) -> Result<Option<(MailLink, User)>, StoreError> {
    let found = mails::find_link(tx, MailKind::EmailVerification, token, now)?;
    Ok(found.and_then(|(link, user)| Some((link, user?))))
}

/// Makes the address that the link was sent to the user's, and says that it is. Where it takes the place of another one,
/// that one is told, in `language`.
///
/// # Errors
/// [`LinkError`].
pub fn finish(tx: &mut Tx<'_>, token: &TokenHash, language: &str, act: &Act) -> Result<User, LinkError> {
    let (link, user, act) = mails::follow(tx, MailKind::EmailVerification, token, act)?;
    let claims = UserClaims { email_verified: Some(true), ..user.claims.clone() };
    let is_new = user.email.as_ref() != Some(&link.email);
    let email = is_new.then(|| Some(link.email.clone()));
    let changes = UserChanges { email, full_name: None, claims: Some(claims) };
    let after = users::change_profile(tx, user.id, &changes, &act)?;
    act.record(tx, AuditEvent::EmailVerified, &user.id.to_string(), json!({ "email": link.email.as_str() }))?;
    if is_new {
        // A link for a password that went to the old address opens nothing any more.
        tx.mail_links().end_of_user(user.id, MailKind::PasswordReset)?;
        if let Some(before) = &user.email {
            mails::send(tx, MailKind::EmailReplaced, Some(user.id), Some(before), language, act.now)?;
        }
    }
    Ok(after)
}
