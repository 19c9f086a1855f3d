//! Whose records a request is about: an administrator sees everybody's, everybody else their own.

use crate::domain::users;
use crate::model::id::UserId;
use crate::store::StoreError;
use crate::store::Tx;

/// Whose records a request may reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// Everybody's.
    Everybodys,
    /// Those of one user.
    Own(UserId),
}

/// Why a request for somebody's records is refused.
#[derive(Debug, thiserror::Error)]
pub enum WhoseError {
    /// They are another's. Whether that user is there is not said.
    #[error("these are another user's records; the role admin is needed, and full access or the scope for it")]
    NotOwn,
    /// There is no such user.
    #[error("there is no user {0:?}")]
    UnknownUser(String),
    /// The database said no.
    #[error("{0}")]
    Store(#[from] StoreError),
}

impl Whose {
    /// The only user whose records may be reached; `None`: everybody's may.
    pub fn owner(self) -> Option<UserId> {
        match self {
            Whose::Everybodys => None,
            Whose::Own(user) => Some(user),
        }
    }

    /// The same, narrowed to the user of this id, name or e-mail address where one is named.
    ///
    /// # Errors
    /// [`WhoseError`].
    pub fn narrowed(self, tx: &mut Tx<'_>, name: Option<&str>) -> Result<Option<UserId>, WhoseError> {
        let Some(name) = name else { return Ok(self.owner()) };
        let found = users::find_named(tx, name)?.map(|user| user.id);
        match (self, found) {
            (Whose::Everybodys, Some(user)) => Ok(Some(user)),
            (Whose::Everybodys, None) => Err(WhoseError::UnknownUser(name.to_owned())),
            (Whose::Own(own), Some(user)) if own == user => Ok(Some(own)),
            (Whose::Own(_), _) => Err(WhoseError::NotOwn),
        }
    }
}
