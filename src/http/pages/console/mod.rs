//! The overview, and everybody's keys, sessions and grants, for administrators.

pub mod grants;
pub mod keys;
pub mod overview;
pub mod sessions;

use crate::domain::users;
use crate::http::failure::Refused;
use crate::model::id::UserId;
use crate::store::Tx;

/// The user that a search names by user name, e-mail address or id; `None` where it names none. The inner `None`: there
/// is no such user, and so the list is empty.
fn named_user(tx: &mut Tx<'_>, name: Option<&str>) -> Result<Option<Option<UserId>>, Refused> {
    let Some(name) = name else { return Ok(None) };
    Ok(Some(users::find_named(tx, name)?.map(|user| user.id)))
}
