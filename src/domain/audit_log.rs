//! The audit log, as people look through it.

use std::collections::BTreeMap;

use crate::model::audit::AuditEntry;
use crate::model::audit::AuditFilter;
use crate::model::id::AuditId;
use crate::model::id::UserId;
use crate::model::username::Login;
use crate::store::StoreError;
use crate::store::Tx;

/// What people see of the log: entries, and how the users are called that it was done to.
pub struct Page {
    /// The entries.
    pub entries: Vec<AuditEntry>,
    /// The names of users who are still there.
    pub names: BTreeMap<UserId, String>,
}

/// As [`recent`], with names.
///
/// # Errors
/// What the database says.
pub fn page(tx: &mut Tx<'_>, filter: &AuditFilter, before: Option<AuditId>, limit: i64) -> Result<Page, StoreError> {
    let entries = recent(tx, filter, before, limit)?;
    let users: Vec<UserId> = entries.iter().filter_map(|entry| UserId::parse(&entry.subject)).collect();
    let names = tx.users().names(&users)?;
    Ok(Page { entries, names })
}

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
