//! The audit log. Entries are added and read, nothing else.

use diesel::prelude::*;

use crate::model::audit::AuditEntry;
use crate::model::audit::AuditEvent;
use crate::model::audit::By;
use crate::model::id::AuditId;
use crate::model::time::Timestamp;
use crate::store::StoreError;
use crate::store::Tx;
use crate::store::columns;
use crate::store::conn::Conn;
use crate::store::schema::audit;

/// When an entry with this id was added: its first 48 bits (RFC 9562 §5.7), which are the entry's `at`. A page so begins
/// in the index where the last one ended.
fn made_at(id: AuditId) -> i64 {
    id.as_bytes().iter().take(6).fold(0, |millis, byte| (millis << 8) | i64::from(*byte))
}

/// The table `audit`.
pub struct Audit<'t>(&'t mut Conn);

impl Tx<'_> {
    /// The audit log.
    pub fn audit(&mut self) -> Audit<'_> {
        Audit(self.conn)
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = audit, treat_none_as_default_value = false)]
struct Row {
    id: Vec<u8>,
    at: i64,
    event: String,
    actor: String,
    credential: Option<String>,
    subject: String,
    details: String,
    address: Option<String>,
    request_id: Option<String>,
}

impl Audit<'_> {
    /// Adds an entry: `by` did `event` to `subject`. `details` is a JSON object without secrets.
    pub fn record(
        &mut self,
        id: AuditId,
        event: AuditEvent,
        by: &By,
        subject: &str,
        details: &serde_json::Value,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let row = Row {
            id: id.as_bytes().to_vec(),
            at: now.millis(),
            event: event.as_str().to_owned(),
            actor: by.actor.clone(),
            credential: by.credential.clone(),
            subject: subject.to_owned(),
            details: details.to_string(),
            address: by.address.map(|address| address.to_string()),
            request_id: by.request_id.clone(),
        };
        diesel::insert_into(audit::table).values(row).execute(self.0)?;
        Ok(())
    }

    /// At most `limit` entries since `since` behind the id `after`, oldest first.
    pub fn list(
        &mut self,
        since: Timestamp,
        after: Option<AuditId>,
        limit: i64,
    ) -> Result<Vec<AuditEntry>, StoreError> {
        let mut query = audit::table
            .filter(audit::at.ge(after.map_or(since.millis(), |after| since.millis().max(made_at(after)))))
            .order((audit::at, audit::id))
            .limit(limit)
            .select(Row::as_select())
            .into_boxed();
        if let Some(after) = after {
            query = query.filter(audit::id.gt(after.as_bytes().to_vec()));
        }
        let rows: Vec<Row> = query.load(self.0)?;
        rows.into_iter()
            .map(|row| {
                Ok(AuditEntry {
                    id: columns::id(&row.id)?,
                    at: Timestamp::from_millis(row.at),
                    event: row.event,
                    actor: row.actor,
                    credential: row.credential,
                    subject: row.subject,
                    details: row.details,
                    address: row.address,
                    request_id: row.request_id,
                })
            })
            .collect()
    }
}
