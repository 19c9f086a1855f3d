//! The audit log. Entries are added and read, nothing else.

use diesel::prelude::*;

use crate::model::audit::AuditEntry;
use crate::model::audit::AuditEvent;
use crate::model::audit::AuditFilter;
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

impl Row {
    fn into_entry(self) -> Result<AuditEntry, StoreError> {
        Ok(AuditEntry {
            id: columns::id(&self.id)?,
            at: Timestamp::from_millis(self.at),
            event: self.event,
            actor: self.actor,
            credential: self.credential,
            subject: self.subject,
            details: self.details,
            address: self.address,
            request_id: self.request_id,
        })
    }
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

    /// The entry with this id.
    pub fn find(&mut self, id: AuditId) -> Result<Option<AuditEntry>, StoreError> {
        let row: Option<Row> =
            audit::table.filter(audit::id.eq(id.as_bytes())).select(Row::as_select()).get_result(self.0).optional()?;
        row.map(Row::into_entry).transpose()
    }

    /// At most `limit` entries since `since` behind the id `after`, oldest first.
    pub fn list(
        &mut self,
        since: Timestamp,
        after: Option<AuditId>,
        limit: i64,
    ) -> Result<Vec<AuditEntry>, StoreError> {
        self.search(&AuditFilter { since: Some(since), ..AuditFilter::default() }, after, limit)
    }

    /// At most `limit` entries that `filter` lets through behind the id `after`, oldest first.
    pub fn search(
        &mut self,
        filter: &AuditFilter,
        after: Option<AuditId>,
        limit: i64,
    ) -> Result<Vec<AuditEntry>, StoreError> {
        let mut query = narrowed(filter).order((audit::at, audit::id)).limit(limit);
        if let Some(after) = after {
            query = query.filter(audit::at.ge(made_at(after))).filter(audit::id.gt(after.as_bytes().to_vec()));
        }
        let rows: Vec<Row> = query.select(Row::as_select()).load(self.0)?;
        rows.into_iter().map(Row::into_entry).collect()
    }

    /// At most `limit` entries before the id `before`, newest first: those of `to_person` that were done to `person`, and
    /// those of `by_person` that were done to it or by `actor`, letter for letter.
    pub fn recent_of_person(
        &mut self,
        (person, to_person): (&str, &[&str]),
        (actor, by_person): (&str, &[&str]),
        before: Option<AuditId>,
        limit: i64,
    ) -> Result<Vec<AuditEntry>, StoreError> {
        let to = audit::subject.eq(person).and(audit::event.eq_any(to_person).or(audit::event.eq_any(by_person)));
        let by = audit::actor.eq(actor).and(audit::event.eq_any(by_person));
        let mut query = audit::table.filter(to.or(by)).order((audit::at.desc(), audit::id.desc())).into_boxed();
        if let Some(before) = before {
            query = query.filter(audit::at.le(made_at(before))).filter(audit::id.lt(before.as_bytes().to_vec()));
        }
        let rows: Vec<Row> = query.limit(limit).select(Row::as_select()).load(self.0)?;
        rows.into_iter().map(Row::into_entry).collect()
    }

    /// The same before the id `before`, newest first.
    pub fn recent(
        &mut self,
        filter: &AuditFilter,
        before: Option<AuditId>,
        limit: i64,
    ) -> Result<Vec<AuditEntry>, StoreError> {
        let mut query = narrowed(filter).order((audit::at.desc(), audit::id.desc())).limit(limit);
        if let Some(before) = before {
            query = query.filter(audit::at.le(made_at(before))).filter(audit::id.lt(before.as_bytes().to_vec()));
        }
        let rows: Vec<Row> = query.select(Row::as_select()).load(self.0)?;
        rows.into_iter().map(Row::into_entry).collect()
    }
}

/// What `filter` lets through.
fn narrowed(filter: &AuditFilter) -> audit::BoxedQuery<'static, <Conn as Connection>::Backend> {
    let mut query = audit::table.into_boxed();
    if let Some(since) = filter.since {
        query = query.filter(audit::at.ge(since.millis()));
    }
    if let Some(until) = filter.until {
        query = query.filter(audit::at.lt(until.millis()));
    }
    if !filter.events.is_empty() {
        query = query.filter(audit::event.eq_any(filter.events.clone()));
    }
    if let Some(subject) = &filter.subject {
        query = query.filter(audit::subject.eq(subject.clone()));
    }
    if let Some(actor) = &filter.actor {
        // A user's name stands in brackets behind the id.
        let named = actor.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_") + " (%";
        query = query.filter(audit::actor.eq(actor.clone()).or(audit::actor.like(named).escape('\\')));
    }
    query
}
