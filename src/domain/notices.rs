//! Telling users what happened to their credentials.

use serde_json::Value;

use crate::domain::act::Act;
use crate::model::id::NoticeId;
use crate::model::id::UserId;
use crate::model::notice::Notice;
use crate::model::notice::NoticeKind;
use crate::random::Random;
use crate::store::StoreError;
use crate::store::Tx;

/// The notices that a user has at most; beyond them the oldest goes.
const MOST: i64 = 100;

/// Tells `user` that something happened to the record `subject`. `details` is a JSON object without secrets.
///
/// # Errors
/// What the database says.
pub fn tell(
    tx: &mut Tx<'_>,
    user: UserId,
    kind: NoticeKind,
    subject: &str,
    details: &Value,
    act: &Act,
) -> Result<(), StoreError> {
    let notice = Notice {
        id: Random.id(act.now, NoticeId::new),
        user,
        kind,
        subject: subject.to_owned(),
        details: details.to_string(),
        created_at: act.now,
    };
    // What happens again and again to one record is told once, or it would push out what happened to others.
    tx.notices().delete_about(user, kind, subject)?;
    tx.notices().insert(&notice)?;
    tx.notices().keep_newest(user, MOST)
}

/// Takes one of a user's notices away. `false` where there is none of that id, or it is another's.
///
/// # Errors
/// What the database says.
pub fn dismiss(tx: &mut Tx<'_>, user: UserId, id: NoticeId) -> Result<bool, StoreError> {
    tx.notices().delete(user, id)
}

/// Takes all of a user's notices away.
///
/// # Errors
/// What the database says.
pub fn dismiss_all(tx: &mut Tx<'_>, user: UserId) -> Result<(), StoreError> {
    tx.notices().delete_all(user)
}

/// A user's notices, the newest first.
///
/// # Errors
/// What the database says.
pub fn list(tx: &mut Tx<'_>, user: UserId) -> Result<Vec<Notice>, StoreError> {
    let mut notices = tx.notices().list(user, None, MOST)?;
    notices.reverse();
    Ok(notices)
}
