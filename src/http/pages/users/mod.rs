//! `/users…`: people and service accounts, for administrators.

pub mod bulk;
pub mod keys;
pub mod list;
pub mod new;
pub mod password;
pub mod show;
pub mod state;

use crate::app::App;
use crate::http::failure::Failure;
use crate::model::id::UserId;
use crate::model::user::User;

/// The user that a path names.
///
/// # Errors
/// [`Failure::NotFound`] where there is none.
async fn find(app: &App, id: &str) -> Result<User, Failure> {
    let id = UserId::parse(id).ok_or(Failure::NotFound)?;
    app.store.look_up(move |tx| tx.users().find(id)).await?.ok_or(Failure::NotFound)
}
