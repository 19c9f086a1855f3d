//! People who make their own account: first they show that an e-mail address is theirs, then there is an account. So
//! nobody holds a name, or waits behind a password of theirs, at an address that is somebody else's.

use serde_json::json;

use crate::domain::act::Act;
use crate::domain::mails;
use crate::domain::mails::Asker;
use crate::domain::mails::LinkError;
use crate::domain::mails::MailLimits;
use crate::domain::users;
use crate::domain::users::NewUser;
use crate::model::audit::AuditEvent;
use crate::model::email::Email;
use crate::model::mail::MailKind;
use crate::model::password::PasswordHash;
use crate::model::time::Lifetime;
use crate::model::time::Timestamp;
use crate::model::token::TokenHash;
use crate::model::user::Roles;
use crate::model::user::User;
use crate::model::user::UserChanges;
use crate::model::user_claims::UserClaims;
use crate::model::username::Username;
use crate::store::StoreError;
use crate::store::Tx;

/// What somebody picks for their own account. The address is the one that the link was sent to.
#[derive(Debug, Clone)]
pub struct Newcomer {
    /// The name to sign in with.
    pub username: Username,
    /// How the person is called; may be empty.
    pub full_name: String,
    /// The password's hash.
    pub password: PasswordHash,
}

/// Asks for a link. Who has an account already is told so by mail, and nobody else learns it. `Err` within where one
/// address asks too often.
///
/// # Errors
/// What the database says.
pub fn ask(
    tx: &mut Tx<'_>,
    email: &Email,
    asker: &Asker,
    limits: MailLimits,
    act: &Act,
) -> Result<Result<(), Lifetime>, StoreError> {
    match mails::count_wish(tx, MailKind::SelfRegistration, email.canonical(), None, limits, act)? {
        Ok(true) => mails::send(tx, MailKind::SelfRegistration, None, Some(email), &asker.language, act.now)?,
        Ok(false) => {}
        Err(retry_after) => return Ok(Err(retry_after)),
    }
    Ok(Ok(()))
}

/// The address that the link with this token was sent to, if it is good.
///
/// # Errors
/// What the database says.
pub fn find(tx: &mut Tx<'_>, token: &TokenHash, now: Timestamp) -> Result<Option<Email>, StoreError> {
    Ok(mails::find_link(tx, MailKind::SelfRegistration, token, now)?.map(|(link, _)| link.email))
}

/// Makes the account. It has no roles.
///
/// # Errors
/// [`LinkError`]; where the name or the address is taken the link stays good.
pub fn finish(tx: &mut Tx<'_>, token: &TokenHash, newcomer: &Newcomer, act: &Act) -> Result<User, LinkError> {
    let Some((link, _)) = mails::use_link(tx, MailKind::SelfRegistration, token, act)? else {
        return Err(LinkError::Ended);
    };
    let new = NewUser {
        username: newcomer.username.clone(),
        email: Some(link.email),
        full_name: newcomer.full_name.clone(),
        roles: Roles::default(),
        password: Some(newcomer.password.clone()),
    };
    let user = users::create(tx, &new, act)?;
    let claims = UserClaims { email_verified: Some(true), ..UserClaims::default() };
    tx.users().change(user.id, &UserChanges { claims: Some(claims), ..UserChanges::default() }, act.now)?;
    act.record(tx, AuditEvent::SelfRegistered, &user.id.to_string(), json!({}))?;
    Ok(user)
}
