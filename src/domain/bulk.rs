//! One act on several records of a list, in one transaction. What could not be done to one of them is told, and is no
//! reason to leave the others as they are.

use crate::domain::act::Act;
use crate::domain::api_keys;
use crate::domain::api_keys::ApiKeyError;
use crate::domain::api_keys::KeyChanges;
use crate::domain::api_keys::KeyPolicy;
use crate::domain::clients;
use crate::domain::clients::ClientError;
use crate::domain::grants;
use crate::domain::reach::Reach;
use crate::domain::sessions;
use crate::domain::users;
use crate::domain::users::UserError;
use crate::model::api_key::ApiKey;
use crate::model::client::Client;
use crate::model::id::ApiKeyId;
use crate::model::id::GrantId;
use crate::model::id::SessionId;
use crate::model::id::UserId;
use crate::model::session::Session;
use crate::model::user::User;
use crate::store::StoreError;
use crate::store::Tx;

/// Why a record was left as it is that is not there any more.
const GONE: &str = "it is not there any more";

/// What may be done to a record, and is not done; the words of an error.
pub type Refusal = String;

/// The records of a list, named by their ids on the wire.
pub trait Records: Clone + Send + Sync + 'static {
    /// What is known of one.
    type Record: Send + 'static;

    /// The record `id`.
    ///
    /// # Errors
    /// What the database says.
    fn find(&self, tx: &mut Tx<'_>, id: &str) -> Result<Option<Self::Record>, StoreError>;

    /// Does `deed` to a record that was found. The inner error is why it was not done.
    ///
    /// # Errors
    /// What the database says.
    fn carry_out(
        &self,
        tx: &mut Tx<'_>,
        deed: &str,
        record: &Self::Record,
        reach: &Reach,
        act: &Act,
    ) -> Result<Result<(), Refusal>, StoreError>;
}

/// A record that is as it was.
#[derive(Debug)]
pub struct Left<R> {
    /// Its id.
    pub id: String,
    /// The record; `None` where there is none.
    pub record: Option<R>,
    /// Why, as the rest of a sentence.
    pub why: Refusal,
}

/// The records that there are among `ids`.
///
/// # Errors
/// What the database says.
pub fn find_all<'i, R: Records>(
    tx: &mut Tx<'_>,
    records: &R,
    ids: impl IntoIterator<Item = &'i String>,
) -> Result<Vec<(String, R::Record)>, StoreError> {
    let mut found = Vec::new();
    for id in ids {
        if let Some(record) = records.find(tx, id)? {
            found.push((id.clone(), record));
        }
    }
    Ok(found)
}

/// Does `deed` to all `ids`, and returns those to which it was not done.
///
/// # Errors
/// What the database says; then nothing is done.
pub fn carry_out<'i, R: Records>(
    tx: &mut Tx<'_>,
    records: &R,
    deed: &str,
    ids: impl IntoIterator<Item = &'i String>,
    reach: &Reach,
    act: &Act,
) -> Result<Vec<Left<R::Record>>, StoreError> {
    let mut left = Vec::new();
    for id in ids {
        let record = records.find(tx, id)?;
        let outcome = match &record {
            Some(record) => records.carry_out(tx, deed, record, reach, act)?,
            None => Err(GONE.to_owned()),
        };
        if let Err(why) = outcome {
            left.push(Left { id: id.clone(), record, why });
        }
    }
    Ok(left)
}

/// Whether it was done, where only its having gone can stand against it.
fn unless_gone(is_done: bool) -> Result<(), Refusal> {
    if is_done { Ok(()) } else { Err(GONE.to_owned()) }
}

/// Users: `enable`, `disable`, `delete`.
#[derive(Debug, Clone, Copy)]
pub struct Users;

impl Records for Users {
    type Record = User;

    fn find(&self, tx: &mut Tx<'_>, id: &str) -> Result<Option<User>, StoreError> {
        UserId::parse(id).map_or(Ok(None), |id| tx.users().find(id))
    }

    fn carry_out(
        &self,
        tx: &mut Tx<'_>,
        deed: &str,
        user: &User,
        _: &Reach,
        act: &Act,
    ) -> Result<Result<(), Refusal>, StoreError> {
        let done = match deed {
            "enable" => users::set_enabled(tx, user.id, true, act).map(drop),
            "disable" => users::set_enabled(tx, user.id, false, act).map(drop),
            _ => users::delete(tx, user.id, act),
        };
        match done {
            Err(UserError::Store(error)) => Err(error),
            done => Ok(done.map_err(|error| error.to_string())),
        }
    }
}

/// Clients, by their `client_id`: `enable`, `disable`, `cut-off`, `delete`.
#[derive(Debug, Clone, Copy)]
pub struct Clients;

impl Records for Clients {
    type Record = Client;

    fn find(&self, tx: &mut Tx<'_>, id: &str) -> Result<Option<Client>, StoreError> {
        tx.clients().find_by_client_id(id)
    }

    fn carry_out(
        &self,
        tx: &mut Tx<'_>,
        deed: &str,
        client: &Client,
        _: &Reach,
        act: &Act,
    ) -> Result<Result<(), Refusal>, StoreError> {
        let done = match deed {
            "enable" => clients::set_enabled(tx, client.id, true, act).map(drop),
            "disable" => clients::set_enabled(tx, client.id, false, act).map(drop),
            "cut-off" => clients::cut_off(tx, client.id, act).map(drop),
            _ => clients::delete(tx, client.id, act),
        };
        match done {
            Err(ClientError::Store(error)) => Err(error),
            done => Ok(done.map_err(|error| error.to_string())),
        }
    }
}

/// API keys that were not revoked, with the names of their users: `enable`, `disable`, `revoke`.
#[derive(Debug, Clone)]
pub struct Keys(
    /// What holds for keys.
    pub KeyPolicy,
);

impl Records for Keys {
    type Record = (ApiKey, String);

    fn find(&self, tx: &mut Tx<'_>, id: &str) -> Result<Option<(ApiKey, String)>, StoreError> {
        let Some(id) = ApiKeyId::parse(id) else { return Ok(None) };
        let Some(key) = tx.api_keys().find(id)?.filter(|key| key.revoked_at.is_none()) else { return Ok(None) };
        let user = name_of(tx, key.user)?;
        Ok(Some((key, user)))
    }

    fn carry_out(
        &self,
        tx: &mut Tx<'_>,
        deed: &str,
        (key, _): &(ApiKey, String),
        reach: &Reach,
        act: &Act,
    ) -> Result<Result<(), Refusal>, StoreError> {
        let enabled = |enabled| KeyChanges { enabled: Some(enabled), ..KeyChanges::default() };
        let done = match deed {
            "enable" => api_keys::change(tx, None, key.id, &enabled(true), &self.0, reach, act).map(drop),
            "disable" => api_keys::change(tx, None, key.id, &enabled(false), &self.0, reach, act).map(drop),
            _ => api_keys::revoke_of(tx, None, key.id, act),
        };
        match done {
            Err(ApiKeyError::Store(error)) => Err(error),
            done => Ok(done.map_err(|error| error.to_string())),
        }
    }
}

/// Browser sessions, with the names of their users; they can be ended.
#[derive(Debug, Clone, Copy)]
pub struct Sessions;

impl Records for Sessions {
    type Record = (Session, String);

    fn find(&self, tx: &mut Tx<'_>, id: &str) -> Result<Option<(Session, String)>, StoreError> {
        let Some(id) = SessionId::parse(id) else { return Ok(None) };
        let Some(session) = tx.sessions().find(id)? else { return Ok(None) };
        let user = name_of(tx, session.user)?;
        Ok(Some((session, user)))
    }

    fn carry_out(
        &self,
        tx: &mut Tx<'_>,
        _: &str,
        (session, _): &(Session, String),
        _: &Reach,
        act: &Act,
    ) -> Result<Result<(), Refusal>, StoreError> {
        Ok(unless_gone(sessions::end(tx, session.id, None, act)?))
    }
}

/// What a user let a client do; it can be taken back.
#[derive(Debug, Clone, Copy)]
pub struct Grants;

/// A grant, with the names of those that it is about.
#[derive(Debug)]
pub struct NamedGrant {
    id: GrantId,
    /// The name of the client.
    pub client: String,
    /// The name of the user.
    pub user: String,
}

impl Records for Grants {
    type Record = NamedGrant;

    fn find(&self, tx: &mut Tx<'_>, id: &str) -> Result<Option<NamedGrant>, StoreError> {
        let Some(id) = GrantId::parse(id) else { return Ok(None) };
        let Some(grant) = tx.grants().find(id)? else { return Ok(None) };
        let user = name_of(tx, grant.user)?;
        let (_, client) = tx.clients().names(&[grant.client])?.remove(&grant.client).unwrap_or_default();
        Ok(Some(NamedGrant { id, client, user }))
    }

    fn carry_out(
        &self,
        tx: &mut Tx<'_>,
        _: &str,
        grant: &NamedGrant,
        _: &Reach,
        act: &Act,
    ) -> Result<Result<(), Refusal>, StoreError> {
        Ok(unless_gone(grants::revoke(tx, grant.id, None, act)?))
    }
}

fn name_of(tx: &mut Tx<'_>, user: UserId) -> Result<String, StoreError> {
    Ok(tx.users().names(&[user])?.remove(&user).unwrap_or_default())
}
