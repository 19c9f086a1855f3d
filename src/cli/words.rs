//! From the words of the command line to what they name.

use crate::cli::failure::Failure;
use crate::cli::failure::about;
use crate::domain::users;
use crate::model::client::Client;
use crate::model::role::RoleName;
use crate::model::scope::Scope;
use crate::model::scope::ScopeToken;
use crate::model::user::Roles;
use crate::model::user::User;
use crate::store::StoreError;
use crate::store::Tx;

/// Why a record can't be found.
#[derive(Debug, thiserror::Error)]
pub enum FindError {
    /// Nobody has the name.
    #[error("there is no user {0:?}")]
    User(String),
    /// No client has the id.
    #[error("there is no client {0:?}")]
    Client(String),
    /// The database said no.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// The user of this name, e-mail address or id.
pub fn user(tx: &mut Tx<'_>, name: &str) -> Result<User, FindError> {
    users::find_named(tx, name)?.ok_or_else(|| FindError::User(name.to_owned()))
}

/// The client of this `client_id`.
pub fn client(tx: &mut Tx<'_>, id: &str) -> Result<Client, FindError> {
    tx.clients().find_by_client_id(id)?.ok_or_else(|| FindError::Client(id.to_owned()))
}

/// One role.
pub fn role(name: &str) -> Result<RoleName, Failure> {
    about("role", name, RoleName::parse(name))
}

/// Several roles.
pub fn roles(names: &[String]) -> Result<Roles, Failure> {
    names.iter().map(|name| role(name)).collect()
}

/// One scope.
pub fn scope(name: &str) -> Result<ScopeToken, Failure> {
    ScopeToken::parse(name).map_err(|error| Failure(format!("{name:?} can't be a scope: {error}")))
}

/// Several scopes; each word may itself be a list with spaces, as in a request (RFC 6749 §3.3).
pub fn scopes(words: &[String]) -> Result<Scope, Failure> {
    words.iter().flat_map(|word| word.split_whitespace()).map(scope).collect()
}

/// An id of a record.
pub fn id<T>(what: &str, text: &str, parse: impl Fn(&str) -> Option<T>) -> Result<T, Failure> {
    parse(text)
        .ok_or_else(|| Failure(format!("{text:?} is no id of {what}; `hallpass {} list` shows them", last(what))))
}

/// `an API key` is listed by `hallpass key list`.
fn last(what: &str) -> &str {
    what.rsplit(' ').next().unwrap_or(what)
}
