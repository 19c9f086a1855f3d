//! The audit log, as people look through it.

use crate::model::audit::AuditEntry;
use crate::model::audit::AuditFilter;
use crate::model::id::AuditId;
use crate::model::id::UserId;
use crate::model::username::Login;
use crate::store::StoreError;
use crate::store::Tx;

/// At most `limit` entries before `before` that `filter` lets through, newest first. Who did it, and to whom, may be
/// named by user names as well.
///
/// # Errors
/// What the database says.
pub fn recent(
    tx: &mut Tx<'_>,
    filter: &AuditFilter,
    before: Option<AuditId>,
    limit: i64,
) -> Result<Vec<AuditEntry>, StoreError> {
    let mut filter = filter.clone();
    for text in [&mut filter.actor, &mut filter.subject].into_iter().flatten() {
        if UserId::parse(text).is_none()
            && let Some(login) = Login::parse(text)
            && let Some(user) = tx.users().find_by_login(login.as_str())?
        {
            *text = user.id.to_string();
        }
    }
    tx.audit().recent(&filter, before, limit)
}
