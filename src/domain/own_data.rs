//! All that is kept about a person, for that person; and its end, when they want it.

use crate::domain::account;
use crate::domain::account::Account;
use crate::domain::act::Act;
use crate::domain::own_events;
use crate::domain::own_events::OwnEvent;
use crate::domain::users;
use crate::domain::users::UserError;
use crate::model::id::UserId;
use crate::model::password::PasswordHash;
use crate::model::refusal::RefusalFilter;
use crate::model::refusal::RefusedCall;
use crate::model::time::Timestamp;
use crate::store::StoreError;
use crate::store::Tx;

/// The most events that are handed out at once.
pub const MOST_EVENTS: i64 = 10_000;
/// The most refused requests that are handed out at once.
pub const MOST_REFUSALS: i64 = 1_000;

/// What is kept about a person.
#[derive(Debug)]
pub struct OwnData {
    /// The account, with sessions, applications, keys and notices.
    pub account: Account,
    /// What happened to it, newest first, at most [`MOST_EVENTS`].
    pub events: Vec<OwnEvent>,
    /// The requests for this person that were refused, newest first, at most [`MOST_REFUSALS`].
    pub refusals: Vec<RefusedCall>,
}

/// All that is kept about `user`; `None` where the account is gone.
///
/// # Errors
/// What the database says.
pub fn read(tx: &mut Tx<'_>, user: UserId, now: Timestamp) -> Result<Option<OwnData>, StoreError> {
    let Some(account) = account::read(tx, user, now)? else { return Ok(None) };
    let events = own_events::page(tx, &account.ring.user, None, MOST_EVENTS)?;
    let own = RefusalFilter { user: Some(user.to_string()), ..RefusalFilter::default() };
    let refusals = tx.refusals().recent(&own, None, MOST_REFUSALS)?;
    Ok(Some(OwnData { account, events, refusals }))
}

/// Deletes one's own account, if `checked` is still the hash of the password that was given for it; `None` from whoever has
/// none.
///
/// # Errors
/// [`UserError::NotFound`], [`UserError::PasswordChanged`], [`UserError::LastAdministrator`].
pub fn delete(tx: &mut Tx<'_>, user: UserId, checked: Option<&PasswordHash>, act: &Act) -> Result<(), UserError> {
    // All administrators first, and in their order: two changes at once must not wait for each other.
    tx.users().count_administrators()?;
    if !tx.users().lock(user)? {
        return Err(UserError::NotFound);
    }
    if tx.users().password(user)?.as_ref() != checked {
        return Err(UserError::PasswordChanged);
    }
    users::delete(tx, user, act)
}
