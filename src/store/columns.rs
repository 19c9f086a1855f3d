//! What stands in the columns, read back into nouns. A row that no version of this program wrote is
//! [`StoreError::Corrupt`], never a guess.

use std::cell::RefCell;
use std::collections::HashMap;
use std::thread::LocalKey;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::model::colour::Accent;
use crate::model::details::AuthorizationDetails;
use crate::model::id::ApiKeyId;
use crate::model::id::AuditId;
use crate::model::id::CallId;
use crate::model::id::ClientId;
use crate::model::id::DeliveryId;
use crate::model::id::FamilyId;
use crate::model::id::GrantId;
use crate::model::id::InitialAccessTokenId;
use crate::model::id::MailId;
use crate::model::id::NoticeId;
use crate::model::id::PasskeyId;
use crate::model::id::RequestId;
use crate::model::id::SessionId;
use crate::model::id::UserId;
use crate::model::redirect_uri::RedirectUri;
use crate::model::resource::Resources;
use crate::model::role::RoleName;
use crate::model::scope::Scope;
use crate::model::thumbprint::Thumbprint;
use crate::model::time::Timestamp;
use crate::model::token::TokenHash;
use crate::model::user::Roles;
use crate::store::StoreError;

/// The most lists of scopes, and as many of roles, that a thread keeps.
const MOST_READ: usize = 256;

type Lists<T> = RefCell<HashMap<String, T>>;

thread_local! {
    /// Lists of scopes that were read before: there are millions of tokens, and few sets of scopes among them.
    static SCOPES: Lists<Scope> = RefCell::default();
    /// The same of roles: there are many users.
    static ROLES: Lists<Roles> = RefCell::default();
}

/// What `text` was read as before, or is by `parse`.
fn shared<T: Clone>(
    lists: &'static LocalKey<Lists<T>>,
    text: &str,
    parse: impl FnOnce(&str) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    lists.with_borrow_mut(|read| {
        if let Some(list) = read.get(text) {
            return Ok(list.clone());
        }
        let list = parse(text)?;
        if read.len() >= MOST_READ {
            read.clear();
        }
        read.insert(text.to_owned(), list.clone());
        Ok(list)
    })
}

/// Ids that stand in columns.
pub trait Id: Sized {
    /// See the type's own `from_slice`.
    fn from_column(bytes: &[u8]) -> Option<Self>;
}

macro_rules! ids {
    ($($id:ty),*) => { $(impl Id for $id {
        fn from_column(bytes: &[u8]) -> Option<Self> {
            <$id>::from_slice(bytes)
        }
    })* };
}
ids!(
    ApiKeyId,
    AuditId,
    CallId,
    ClientId,
    DeliveryId,
    FamilyId,
    GrantId,
    InitialAccessTokenId,
    MailId,
    NoticeId,
    PasskeyId,
    RequestId,
    SessionId,
    UserId
);

/// An id of 16 bytes.
pub fn id<T: Id>(bytes: &[u8]) -> Result<T, StoreError> {
    T::from_column(bytes).ok_or(StoreError::Corrupt("an id is not 16 bytes long"))
}

/// A hash of 32 bytes.
pub fn hash(bytes: &[u8]) -> Result<TokenHash, StoreError> {
    TokenHash::from_slice(bytes).ok_or(StoreError::Corrupt("a hash is not 32 bytes long"))
}

/// Scopes, space-separated; empty is none.
pub fn scopes(text: &str) -> Result<Scope, StoreError> {
    if text.is_empty() {
        return Ok(Scope::default());
    }
    shared(&SCOPES, text, |text| Scope::parse(text).map_err(|_| StoreError::Corrupt("a list of scopes is not one")))
}

/// A colour.
pub fn accent(text: &str) -> Result<Accent, StoreError> {
    Accent::parse(text).map_err(|_| StoreError::Corrupt("a client's colour is none"))
}

/// One role.
pub fn role(text: &str) -> Result<RoleName, StoreError> {
    RoleName::parse(text).map_err(|_| StoreError::Corrupt("a role's name is not one"))
}

/// Roles, one a line; empty is none. A role's name may contain spaces.
pub fn role_lines(text: &str) -> Result<Roles, StoreError> {
    text.lines().map(role).collect()
}

/// The same, for a list that many have.
pub fn shared_role_lines(text: &str) -> Result<Roles, StoreError> {
    shared(&ROLES, text, role_lines)
}

/// What [`role_lines`] reads.
pub fn write_role_lines(roles: &Roles) -> String {
    roles.names().join("\n")
}

/// Redirect URIs, one a line.
pub fn redirect_uris(text: &str) -> Result<Vec<RedirectUri>, StoreError> {
    let uris: Result<_, _> = text.lines().map(RedirectUri::parse).collect();
    uris.map_err(|_| StoreError::Corrupt("a redirect URI is not one"))
}

/// What [`redirect_uris`] reads.
pub fn write_redirect_uris(uris: &[RedirectUri]) -> String {
    uris.iter().map(RedirectUri::as_str).collect::<Vec<_>>().join("\n")
}

/// Resources, space-separated, for a URI has no spaces; empty is none.
pub fn resources(text: &str) -> Result<Resources, StoreError> {
    Resources::parse(text.split_whitespace()).map_err(|_| StoreError::Corrupt("a list of resources is not one"))
}

/// What [`resources`] reads.
pub fn write_resources(resources: &Resources) -> String {
    resources.iter().map(|uri| uri.as_str()).collect::<Vec<_>>().join(" ")
}

/// Authorization details, as JSON.
pub fn details(text: Option<&str>) -> Result<Option<AuthorizationDetails>, StoreError> {
    let read = |text| AuthorizationDetails::parse(text).ok_or(StoreError::Corrupt("authorization details are none"));
    text.map(read).transpose()
}

/// A key's thumbprint.
pub fn thumbprint(text: Option<&str>) -> Result<Option<Thumbprint>, StoreError> {
    let read = |text| Thumbprint::parse(text).ok_or(StoreError::Corrupt("a key's thumbprint is not one"));
    text.map(read).transpose()
}

/// A value as JSON.
pub fn json<T: DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|_| StoreError::Corrupt("a JSON column holds something else"))
}

/// What [`json`] reads.
pub fn write_json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("texts, numbers and lists of them are JSON")
}

/// A time that may be missing.
pub fn time(millis: Option<i64>) -> Option<Timestamp> {
    millis.map(Timestamp::from_millis)
}
