//! Decoys: API keys that nobody has a reason to use. Whoever tries one found it where it was left for them.

use serde_json::json;

use crate::domain::act::Act;
use crate::domain::key_uses::Caller;
use crate::domain::notices;
use crate::model::audit::AuditEvent;
use crate::model::id::ApiKeyId;
use crate::model::notice::NoticeKind;
use crate::model::time::Lifetime;
use crate::store::StoreError;
use crate::store::Tx;

/// Each decoy raises one alarm in this time, however often it is tried: a flood would bury what matters.
const QUIET: Lifetime = Lifetime::from_seconds(60);

/// Raises the alarm: in the audit log, and to the decoy's owner. `false` where it was raised a moment ago.
///
/// # Errors
/// What the database says.
pub fn alarm(tx: &mut Tx<'_>, id: ApiKeyId, caller: &Caller, act: &Act) -> Result<bool, StoreError> {
    if !tx.api_keys().note_alarm(id, act.now.before(QUIET), act.now)? {
        return Ok(false);
    }
    let Some(key) = tx.api_keys().find(id)? else { return Ok(false) };
    let details = json!({
        "api_key": key.api_key.as_str(),
        "name": key.name,
        "address": caller.address.map(|address| address.to_string()),
        "agent": caller.agent,
    });
    act.record(tx, AuditEvent::DecoyTried, &id.to_string(), details.clone())?;
    notices::tell(tx, key.user, NoticeKind::DecoyTried, &id.to_string(), &details, act)?;
    Ok(true)
}
