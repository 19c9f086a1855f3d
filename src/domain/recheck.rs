//! Whether the credential of a request still holds in the transaction that acts on it: what it makes would go on where
//! it has ended between the check and the write.

use std::net::IpAddr;

use crate::domain::authenticate;
use crate::domain::authenticate::Refusal;
use crate::domain::memory::Reading;
use crate::model::grant::Parent;
use crate::model::identity::Credential;
use crate::model::identity::Identity;
use crate::model::time::Timestamp;
use crate::model::token::TokenHash;
use crate::model::user::Owner;
use crate::store::Held;
use crate::store::SessionFacts;
use crate::store::StoreError;
use crate::store::Tx;

/// Who `identity` is now; `None` where its credential has ended, or may do less than when it was checked. It stays as it
/// is until the end of the transaction.
///
/// # Errors
/// What the database says.
pub fn run(
    tx: &mut Tx<'_>,
    identity: &Identity,
    address: Option<IpAddr>,
    now: Timestamp,
) -> Result<Option<Identity>, StoreError> {
    let found = match &identity.credential {
        Credential::Session { id, .. } => {
            if let Some(user) = identity.user_id() {
                tx.users().lock(user)?;
            }
            tx.hold(Held::Session(*id))?;
            match tx.sessions().find(*id)? {
                Some(session) => match tx.users().find(session.user)? {
                    Some(user) => {
                        let facts = SessionFacts { session, owner: Owner::from(user) };
                        authenticate::session(tx, &Reading::of_database(), facts, now)?
                    }
                    None => Err(Refusal::UserDisabled(session.user)),
                },
                None => Err(Refusal::Unknown),
            }
        }
        Credential::AccessToken { hash, .. } => {
            hold_token(tx, hash)?;
            authenticate::access_token(tx, &Reading::of_database(), hash, address, now)?
        }
        Credential::ApiKey { secret, .. } => {
            hold_key(tx, secret)?;
            match tx.find_api_key(secret)? {
                Some(facts) => authenticate::api_key(tx, &Reading::of_database(), facts, address, now)?,
                None => Err(Refusal::Unknown),
            }
        }
    };
    Ok(found.ok().map(|found| found.identity).filter(|again| again.covers(identity)))
}

/// Users come first, as they do wherever something of theirs is changed.
fn hold_key(tx: &mut Tx<'_>, secret: &TokenHash) -> Result<(), StoreError> {
    let Some(facts) = tx.find_api_key(secret)? else { return Ok(()) };
    tx.users().lock(facts.key.user)?;
    tx.hold(Held::ApiKey(facts.key.id))
}

fn hold_token(tx: &mut Tx<'_>, hash: &TokenHash) -> Result<(), StoreError> {
    let Some(facts) = tx.find_access_token(hash)? else { return Ok(()) };
    match facts.token.parent {
        Some(Parent::AccessToken(parent)) => hold_token(tx, &parent)?,
        Some(Parent::ApiSecret(secret)) => hold_key(tx, &secret)?,
        None => {}
    }
    tx.clients().share(facts.token.client)?;
    if let Some(roots) = facts.roots {
        tx.users().lock(roots.owner.id)?;
        tx.hold(Held::Family(roots.family))?;
        // Where grants were joined, it hangs on another one by now.
        if let Some(family) = tx.families().find(roots.family)? {
            tx.hold(Held::Grant(family.grant))?;
        }
    }
    tx.hold(Held::AccessToken(*hash))
}
