//! The first administrator, made on the setup page by whoever can read the server's output.

use serde_json::json;

use crate::domain::act::Act;
use crate::domain::users;
use crate::domain::users::NewUser;
use crate::domain::users::UserError;
use crate::model::audit::AuditEvent;
use crate::model::role::RoleName;
use crate::model::time::Timestamp;
use crate::model::token::Token;
use crate::model::token::TokenHash;
use crate::model::token::TokenKind;
use crate::model::user::User;
use crate::random::Random;
use crate::store::StoreError;
use crate::store::Tx;

/// Why no administrator is made.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The token is none, was used, or there is an administrator by now.
    #[error("this setup address was used already, or is not one")]
    Used,
    /// The user can't be made.
    #[error(transparent)]
    User(UserError),
    /// The database said no.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// Makes a token for the setup page, if there is no administrator yet.
///
/// # Errors
/// What the database says.
pub fn prepare(tx: &mut Tx<'_>, now: Timestamp) -> Result<Option<Token>, StoreError> {
    if tx.users().count_administrators()? > 0 {
        return Ok(None);
    }
    let token = Random.token(TokenKind::Setup);
    tx.setup_tokens().insert(&token.hash(), now)?;
    Ok(Some(token))
}

/// Whether the setup page may be shown.
///
/// # Errors
/// What the database says.
pub fn is_open(tx: &mut Tx<'_>, token: &TokenHash) -> Result<bool, StoreError> {
    Ok(tx.setup_tokens().is_fresh(token)? && !tx.users().has_administrator()?)
}

/// Makes the first administrator. It works once.
///
/// # Errors
/// See [`SetupError`].
pub fn run(tx: &mut Tx<'_>, token: &TokenHash, new: &NewUser, act: &Act) -> Result<User, SetupError> {
    tx.setup_tokens().lock_all()?;
    // Which row changed decides; the count then also closes the door that the command line left open.
    if !tx.setup_tokens().consume(token, act.now)? || tx.users().count_administrators()? > 0 {
        return Err(SetupError::Used);
    }
    tx.setup_tokens().consume_all(act.now)?;
    let admin = RoleName::admin();
    let new = NewUser { roles: [admin].into_iter().collect(), ..new.clone() };
    let user = users::create(tx, &new, act).map_err(|error| match error {
        UserError::Store(error) => SetupError::Store(error),
        error => SetupError::User(error),
    })?;
    act.record(tx, AuditEvent::SetupDone, &user.id.to_string(), json!({}))?;
    Ok(user)
}
