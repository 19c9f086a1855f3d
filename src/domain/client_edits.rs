//! Registering and changing clients by a credential that reaches only so far: what acts without anybody being asked is
//! never worth more than who makes it.

use crate::domain::act::Act;
use crate::domain::clients;
use crate::domain::clients::ClientDescription;
use crate::domain::clients::ClientError;
use crate::domain::reach::Reach;
use crate::model::client::Client;
use crate::model::id::ClientId;
use crate::model::name::DisplayName;
use crate::model::time::Lifetime;
use crate::model::token::Token;
use crate::model::user::Roles;
use crate::store::StoreError;
use crate::store::Tx;

/// As [`clients::register`], by a credential that reaches as far as `reach`.
///
/// # Errors
/// As [`clients::register`], and [`ClientError::TooWide`].
pub fn register_within(
    tx: &mut Tx<'_>,
    description: &ClientDescription,
    reach: &Reach,
    act: &Act,
) -> Result<(Client, Option<Token>), ClientError> {
    let made = clients::register(tx, description, act)?;
    reach.check_client(&made.0, &account_roles(tx, &made.0)?)?;
    Ok(made)
}

/// Changes part of a client's registration, and whether it is enabled, by a credential that reaches as far as `reach`.
///
/// # Errors
/// As [`clients::change`], and [`ClientError::TooWide`].
pub fn edit(
    tx: &mut Tx<'_>,
    id: ClientId,
    part: impl Fn(&mut ClientDescription),
    enabled: Option<bool>,
    reach: &Reach,
    act: &Act,
) -> Result<Client, ClientError> {
    tx.clients().lock(id)?;
    let before = tx.clients().find(id)?.ok_or(ClientError::NotFound)?;
    let name = DisplayName::parse(&before.name).map_err(|_| StoreError::Corrupt("a client's name is not one"))?;
    let registered = ClientDescription::of(&before, name);
    let mut wanted = registered.clone();
    part(&mut wanted);
    if wanted != registered {
        let after = clients::change(tx, id, &wanted, act)?;
        reach.check_client(&after, &account_roles(tx, &after)?)?;
    }
    if let Some(enabled) = enabled {
        clients::set_enabled(tx, id, enabled, act)?;
    }
    tx.clients().find(id)?.ok_or(ClientError::NotFound)
}

/// As [`clients::rotate_secret`], by a credential that reaches as far as `reach`: whoever has the new secret is the client.
///
/// # Errors
/// As [`clients::rotate_secret`], and [`ClientError::TooWide`].
pub fn rotate_secret_within(
    tx: &mut Tx<'_>,
    id: ClientId,
    overlap: Lifetime,
    reach: &Reach,
    act: &Act,
) -> Result<(Client, Token), ClientError> {
    let rotated = clients::rotate_secret(tx, id, overlap, act)?;
    reach.check_client(&rotated.0, &account_roles(tx, &rotated.0)?)?;
    Ok(rotated)
}

/// The roles of each service account that a client may act as.
fn account_roles(tx: &mut Tx<'_>, client: &Client) -> Result<Vec<Roles>, StoreError> {
    let accounts = tx.clients().service_accounts(client.id)?;
    accounts.into_iter().map(|account| tx.users().roles(account)).collect()
}
