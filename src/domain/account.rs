//! All that people see of their own account.

use crate::domain::api_keys;
use crate::domain::api_keys::KeyRing;
use crate::domain::factors;
use crate::domain::factors::Factors;
use crate::domain::notices;
use crate::domain::roles;
use crate::domain::roles::Described;
use crate::model::client::Client;
use crate::model::grant::Grant;
use crate::model::id::UserId;
use crate::model::notice::Notice;
use crate::model::session::Session;
use crate::model::time::Timestamp;
use crate::store::StoreError;
use crate::store::Tx;

/// An account.
#[derive(Debug)]
pub struct Account {
    /// The user and the API keys.
    pub ring: KeyRing,
    /// The second factors.
    pub factors: Factors,
    /// The sessions that hold, the one used last first.
    pub sessions: Vec<Session>,
    /// The applications with access, the one let in last first.
    pub applications: Vec<Application>,
    /// What the user has to be told, the newest first.
    pub notices: Vec<Notice>,
}

/// An application that a user let in.
#[derive(Debug)]
pub struct Application {
    /// What it was let do.
    pub grant: Grant,
    /// Which one it is.
    pub client: Client,
    /// What of that it can do still, as sentences.
    pub scopes: Vec<Described>,
}

/// The account of `user`; `None` where it is gone.
///
/// # Errors
/// What the database says.
pub fn read(tx: &mut Tx<'_>, user: UserId, now: Timestamp) -> Result<Option<Account>, StoreError> {
    let Some(ring) = api_keys::ring_of(tx, user)? else { return Ok(None) };
    let sessions = tx.sessions().list_live_of(user, now)?;
    let mut applications = Vec::new();
    for grant in tx.grants().list_live_of(user, now)? {
        let Some(client) = tx.clients().find(grant.client)? else { continue };
        let scopes = roles::sentences(tx, &grant.scopes.intersection(&client.scopes))?;
        let scopes = scopes.into_iter().map(|(name, sentence)| Described { name, sentence }).collect();
        applications.push(Application { grant, client, scopes });
    }
    let notices = notices::list(tx, user)?;
    let factors = factors::of(tx, user)?;
    Ok(Some(Account { ring, factors, sessions, applications, notices }))
}
