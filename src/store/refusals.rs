//! Why requests were refused. Rows are added aside, and only the newest are kept.

use diesel::prelude::*;
use serde::Deserialize;
use serde::Serialize;

use crate::model::id::CallId;
use crate::model::refusal::CheckMade;
use crate::model::refusal::CheckState;
use crate::model::refusal::RefusalFilter;
use crate::model::refusal::RefusedCall;
use crate::model::time::Timestamp;
use crate::store::StoreError;
use crate::store::Tx;
use crate::store::columns;
use crate::store::conn::Conn;
use crate::store::conn::on_either;
use crate::store::schema::refusals;

/// The table `refusals`.
pub struct Refusals<'t>(&'t mut Conn);

impl Tx<'_> {
    /// Why requests were refused.
    pub fn refusals(&mut self) -> Refusals<'_> {
        Refusals(self.conn)
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = refusals, treat_none_as_default_value = false)]
struct Row {
    id: Vec<u8>,
    at: i64,
    surface: String,
    method: String,
    route: String,
    status: i64,
    client: Option<String>,
    user_id: Option<String>,
    credential: Option<String>,
    address: Option<String>,
    failed: String,
    checks: String,
}

/// A check as the column `checks` has it.
#[derive(Serialize, Deserialize)]
struct Check {
    check: String,
    state: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    expected: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    came: String,
}

impl Row {
    fn of(call: &RefusedCall) -> Self {
        let checks: Vec<Check> = call
            .checks
            .iter()
            .map(|made| Check {
                check: made.name.clone(),
                state: made.state.as_str().to_owned(),
                expected: made.expected.clone(),
                came: made.came.clone(),
            })
            .collect();
        Self {
            id: call.id.as_bytes().to_vec(),
            at: call.at.millis(),
            surface: call.surface.clone(),
            method: call.method.clone(),
            route: call.route.clone(),
            status: i64::from(call.status),
            client: call.client.clone(),
            user_id: call.user.clone(),
            credential: call.credential.clone(),
            address: call.address.clone(),
            failed: call.failed.clone(),
            checks: columns::write_json(&checks),
        }
    }

    fn into_call(self) -> Result<RefusedCall, StoreError> {
        let checks: Vec<Check> = columns::json(&self.checks)?;
        let made = |check: Check| {
            let state = CheckState::parse(&check.state).ok_or(StoreError::Corrupt("a check has no known state"))?;
            Ok(CheckMade { name: check.check, state, expected: check.expected, came: check.came })
        };
        Ok(RefusedCall {
            id: columns::id(&self.id)?,
            at: Timestamp::from_millis(self.at),
            surface: self.surface,
            method: self.method,
            route: self.route,
            status: u16::try_from(self.status).map_err(|_| StoreError::Corrupt("a status is none"))?,
            client: self.client,
            user: self.user_id,
            credential: self.credential,
            address: self.address,
            failed: self.failed,
            checks: checks.into_iter().map(made).collect::<Result<_, StoreError>>()?,
        })
    }
}

impl Refusals<'_> {
    /// Adds `calls`. One that is there already stays as it is: no id is written twice, and so none is overwritten.
    pub fn add(&mut self, calls: &[RefusedCall]) -> Result<(), StoreError> {
        for call in calls {
            let insert = diesel::insert_into(refusals::table).values(Row::of(call));
            on_either!(&mut *self.0, conn => insert.on_conflict(refusals::id).do_nothing().execute(conn))?;
        }
        Ok(())
    }

    /// The refusal of the request with this id.
    pub fn find(&mut self, id: CallId) -> Result<Option<RefusedCall>, StoreError> {
        let this = refusals::table.filter(refusals::id.eq(id.as_bytes()));
        let row: Option<Row> = this.select(Row::as_select()).get_result(self.0).optional()?;
        row.map(Row::into_call).transpose()
    }

    /// At most `limit` refusals before the id `before` that `filter` lets through, newest first.
    pub fn recent(
        &mut self,
        filter: &RefusalFilter,
        before: Option<CallId>,
        limit: i64,
    ) -> Result<Vec<RefusedCall>, StoreError> {
        let mut query = refusals::table.order(refusals::id.desc()).limit(limit).select(Row::as_select()).into_boxed();
        if let Some(before) = before {
            query = query.filter(refusals::id.lt(before.as_bytes().to_vec()));
        }
        if let Some(client) = &filter.client {
            query = query.filter(refusals::client.eq(client.clone()));
        }
        if let Some(user) = &filter.user {
            query = query.filter(refusals::user_id.eq(user.clone()));
        }
        if let Some(surface) = &filter.surface {
            query = query.filter(refusals::surface.eq(surface.clone()));
        }
        let rows: Vec<Row> = query.load(self.0)?;
        rows.into_iter().map(Row::into_call).collect()
    }

    /// Deletes at most `limit` of those that are not among the newest `keep`, or of a request before `oldest`, and returns
    /// how many it deleted.
    pub fn forget(&mut self, keep: i64, oldest: CallId, limit: i64) -> Result<usize, StoreError> {
        let first_too_many: Option<Vec<u8>> = refusals::table
            .order(refusals::id.desc())
            .offset(keep)
            .limit(1)
            .select(refusals::id)
            .get_result(self.0)
            .optional()?;
        let oldest = oldest.as_bytes().to_vec();
        let up_to = first_too_many.map_or_else(|| oldest.clone(), |id| id.max(oldest.clone()));
        let old: Vec<Vec<u8>> = refusals::table
            .filter(refusals::id.le(up_to))
            .order(refusals::id)
            .limit(limit)
            .select(refusals::id)
            .load(self.0)?;
        if old.is_empty() {
            return Ok(0);
        }
        Ok(diesel::delete(refusals::table.filter(refusals::id.eq_any(old))).execute(self.0)?)
    }
}
