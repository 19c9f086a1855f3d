//! A user and a client that are made for one trial and are gone after it, whatever happened.

use std::time::Duration;

use crate::domain::act::Act;
use crate::domain::clients;
use crate::domain::clients::ClientDescription;
use crate::domain::clients::ClientError;
use crate::domain::users;
use crate::domain::users::NewUser;
use crate::domain::users::UserError;
use crate::model::client::AuthMethod;
use crate::model::client::Client;
use crate::model::client::ClientOrigin;
use crate::model::client::GrantType;
use crate::model::name::DisplayName;
use crate::model::name::NameError;
use crate::model::password::PasswordHash;
use crate::model::redirect_uri::RedirectUri;
use crate::model::redirect_uri::RedirectUriError;
use crate::model::scope::Scope;
use crate::model::scope::ScopeError;
use crate::model::token::Token;
use crate::model::user::Roles;
use crate::model::user::User;
use crate::model::username::Username;
use crate::store::Store;
use crate::store::StoreError;
use crate::store::Tx;

/// What the user's name begins with.
const USER_NAME: &str = "hallpass-doctor-";
/// How the user is called, and the client.
const CALLED: &str = "Throw-away of hallpass doctor";
/// Where the answer goes: nowhere, for nobody can have that name (RFC 6761 §6.4).
pub const REDIRECT_URI: &str = "https://hallpass-doctor.invalid/callback";
/// What the client may do: ask for a name, and what a token is worth.
const SCOPES: &str = "profile introspect";
/// How often a removal is tried while others hold the database.
const TRIES: usize = 5;

/// What was made.
pub struct ThrowAway {
    /// Somebody without any role.
    pub user: User,
    /// A confidential client.
    pub client: Client,
    /// The client's secret.
    pub secret: Token,
}

/// Why nothing was made, or something is still there.
#[derive(Debug, thiserror::Error)]
pub enum ThrowAwayError {
    /// A name of ours that is none.
    #[error("{0}")]
    Name(#[from] NameError),
    /// A redirect URI of ours that is none.
    #[error("{0}")]
    RedirectUri(#[from] RedirectUriError),
    /// A scope of ours that is none.
    #[error("{0}")]
    Scope(#[from] ScopeError),
    /// The user can't be made or removed.
    #[error("{0}")]
    User(#[from] UserError),
    /// The client can't be made or removed.
    #[error("{0}")]
    Client(#[from] ClientError),
    /// A confidential client without a secret.
    #[error("the client was made without a secret")]
    NoSecret,
    /// The database said no.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// Makes both, in one transaction. `unique` tells this trial's user from another's.
pub async fn make(store: &Store, unique: &str, password: PasswordHash, act: Act) -> Result<ThrowAway, ThrowAwayError> {
    let new = NewUser {
        username: Username::parse(&format!("{USER_NAME}{unique}"))?,
        email: None,
        full_name: CALLED.to_owned(),
        roles: Roles::default(),
        password: Some(password),
    };
    let description = ClientDescription {
        grant_types: vec![GrantType::AuthorizationCode],
        redirect_uris: vec![RedirectUri::parse(REDIRECT_URI)?],
        scopes: Scope::parse(SCOPES)?,
        ..ClientDescription::new(DisplayName::parse(CALLED)?, AuthMethod::ClientSecretBasic)
    };
    store
        .write(move |tx| {
            let user = users::create(tx, &new, &act)?;
            let (client, secret) = clients::register(tx, &description, &act)?;
            let secret = secret.ok_or(ThrowAwayError::NoSecret)?;
            Ok(ThrowAway { user, client, secret })
        })
        .await
}

/// Removes all of them that there are, those too that a trial left behind which was killed. Returns how many.
pub async fn remove(store: &Store, act: &Act) -> Result<usize, ThrowAwayError> {
    let mut tries = 1;
    loop {
        let act = act.clone();
        match store.write(move |tx| remove_all(tx, &act)).await {
            Err(ThrowAwayError::Store(StoreError::Busy(_))) if tries < TRIES => {
                tries += 1;
                tokio::time::sleep(Duration::from_millis(500)).await;
            }
            outcome => return outcome,
        }
    }
}

fn remove_all(tx: &mut Tx<'_>, act: &Act) -> Result<usize, ThrowAwayError> {
    let mut removed = 0;
    for client in tx.clients().list_called(CALLED)?.iter().filter(|client| is_ours(client)) {
        clients::delete(tx, client.id, act)?;
        removed += 1;
    }
    for user in tx.users().list_named(USER_NAME)?.iter().filter(|user| is_our_user(user)) {
        users::delete(tx, user.id, act)?;
        removed += 1;
    }
    Ok(removed)
}

/// All that we make is looked at, so that nobody else's is taken for it.
fn is_ours(client: &Client) -> bool {
    let only = matches!(client.redirect_uris.as_slice(), [only] if only.as_str() == REDIRECT_URI);
    only && client.origin == ClientOrigin::Administrator && client.auth_method == AuthMethod::ClientSecretBasic
}

fn is_our_user(user: &User) -> bool {
    user.username.as_str().starts_with(USER_NAME) && user.full_name == CALLED && user.roles.names().is_empty()
}
