//! Refusals as administrators look them up: with the names of those they are about.

use std::collections::BTreeMap;

use crate::model::id::ApiKeyId;
use crate::model::id::CallId;
use crate::model::id::UserId;
use crate::model::refusal::RefusalFilter;
use crate::model::refusal::RefusedCall;
use crate::model::username::Login;
use crate::store::StoreError;
use crate::store::Tx;

/// A refusal, and what those that it is about are called now.
#[derive(Debug, Clone)]
pub struct Seen {
    /// The refusal.
    pub call: RefusedCall,
    /// The user's name, if the user is still there.
    pub user_name: Option<String>,
    /// The application's name, if it is still there.
    pub client_name: Option<String>,
    /// The name of the API key, if it is one and still there.
    pub key_name: Option<String>,
}

/// The refusal of the request with this id.
///
/// # Errors
/// What the database says.
pub fn find(tx: &mut Tx<'_>, id: CallId) -> Result<Option<Seen>, StoreError> {
    let Some(call) = tx.refusals().find(id)? else { return Ok(None) };
    let user_name = match call.user.as_deref().and_then(UserId::parse) {
        Some(user) => tx.users().find(user)?.map(|user| user.username.as_str().to_owned()),
        None => None,
    };
    let client_name = match &call.client {
        Some(client) => tx.clients().find_by_client_id(client)?.map(|client| client.name),
        None => None,
    };
    let key_name = match call.credential.as_deref().and_then(ApiKeyId::parse) {
        Some(key) => tx.api_keys().find(key)?.map(|key| key.name),
        None => None,
    };
    Ok(Some(Seen { call, user_name, client_name, key_name }))
}

/// At most `limit` refusals before `before` that `filter` lets through, newest first, and the names of users who are
/// still there. A user may be named by name or address as well.
///
/// # Errors
/// What the database says.
pub fn recent(
    tx: &mut Tx<'_>,
    filter: &RefusalFilter,
    before: Option<CallId>,
    limit: i64,
) -> Result<(Vec<RefusedCall>, BTreeMap<UserId, String>), StoreError> {
    let mut filter = filter.clone();
    if let Some(text) = &mut filter.user
        && UserId::parse(text).is_none()
        && let Some(login) = Login::parse(text)
        && let Some(user) = tx.users().find_by_login(login.as_str())?
    {
        *text = user.id.to_string();
    }
    let calls = tx.refusals().recent(&filter, before, limit)?;
    let users: Vec<UserId> = calls.iter().filter_map(|call| UserId::parse(call.user.as_deref()?)).collect();
    let names = tx.users().names(&users)?;
    Ok((calls, names))
}
