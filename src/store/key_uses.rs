//! How API keys were used: counts for each day, callers, scopes; and what was taken of their limits.

use diesel::prelude::*;

use crate::model::id::ApiKeyId;
use crate::model::key_limits::KeyLimits;
use crate::model::key_use::KeyCaller;
use crate::model::key_use::KeyOutcome;
use crate::model::key_use::KeyUsage;
use crate::model::key_use::ScopeUse;
use crate::model::time::Lifetime;
use crate::model::time::Timestamp;
use crate::store::StoreError;
use crate::store::Tx;
use crate::store::conn::Conn;
use crate::store::schema::api_key_callers;
use crate::store::schema::api_key_scopes_used;
use crate::store::schema::api_key_usage;
use crate::store::schema::api_key_windows;
use crate::store::schema::api_keys;

/// What is said of the last use is true to this.
const MINUTE: Lifetime = Lifetime::from_seconds(60);

/// The tables `api_key_usage`, `api_key_callers`, `api_key_scopes_used` and `api_key_windows`.
pub struct KeyUses<'t>(&'t mut Conn);

impl Tx<'_> {
    /// How API keys were used.
    pub fn key_uses(&mut self) -> KeyUses<'_> {
        KeyUses(self.conn)
    }
}

/// Adds a row, or does nothing where one of its key is there. The number of rows added.
macro_rules! insert_if_absent {
    ($conn:expr, $table:ident, $row:expr) => {
        match $conn {
            Conn::Postgres(conn) => {
                diesel::insert_into($table::table).values($row).on_conflict_do_nothing().execute(conn)?
            }
            Conn::Sqlite(conn) => diesel::insert_or_ignore_into($table::table).values($row).execute(conn)?,
        }
    };
}

impl KeyUses<'_> {
    /// Whether the key is still there; a row about one that was deleted meanwhile can't be added. It is held until the
    /// end of the transaction.
    pub fn hold(&mut self, key: ApiKeyId) -> Result<bool, StoreError> {
        let this = api_keys::table.filter(api_keys::id.eq(key.as_bytes())).select(api_keys::enabled);
        let found: Option<bool> = match self.0 {
            Conn::Postgres(conn) => this.for_no_key_update().get_result(conn).optional()?,
            Conn::Sqlite(conn) => this.get_result(conn).optional()?,
        };
        Ok(found.is_some())
    }

    /// Notes when, from where and by what a key was used last, unless that was noted in the minute before.
    pub fn note_last(
        &mut self,
        key: ApiKeyId,
        at: Timestamp,
        address: Option<&str>,
        agent: Option<&str>,
    ) -> Result<(), StoreError> {
        let this = api_keys::table
            .filter(api_keys::id.eq(key.as_bytes()))
            .filter(api_keys::last_used_at.is_null().or(api_keys::last_used_at.le(at.before(MINUTE).millis())));
        let columns = (
            api_keys::last_used_at.eq(at.millis()),
            api_keys::last_used_address.eq(address),
            api_keys::last_used_agent.eq(agent),
        );
        diesel::update(this).set(columns).execute(self.0)?;
        Ok(())
    }

    /// Counts `uses` more of a key on `day` (days since the Unix epoch). The key is held by this transaction.
    pub fn count(&mut self, key: ApiKeyId, day: i64, outcome: KeyOutcome, uses: i64) -> Result<(), StoreError> {
        let this = || {
            api_key_usage::table
                .filter(api_key_usage::key_id.eq(key.as_bytes().to_vec()))
                .filter(api_key_usage::day.eq(day))
                .filter(api_key_usage::outcome.eq(outcome.as_str()))
        };
        let more = || api_key_usage::uses.eq(api_key_usage::uses + uses);
        if diesel::update(this()).set(more()).execute(self.0)? == 1 {
            return Ok(());
        }
        let row = (
            api_key_usage::key_id.eq(key.as_bytes()),
            api_key_usage::day.eq(day),
            api_key_usage::outcome.eq(outcome.as_str()),
            api_key_usage::uses.eq(uses),
        );
        if insert_if_absent!(self.0, api_key_usage, row) == 0 {
            diesel::update(this()).set(more()).execute(self.0)?;
        }
        Ok(())
    }

    /// Counts `caller` to those there are, the oldest of which make way for it beyond `most`. The key is held by this
    /// transaction.
    pub fn add_caller(&mut self, key: ApiKeyId, caller: &KeyCaller, most: i64) -> Result<(), StoreError> {
        let this = api_key_callers::table
            .filter(api_key_callers::key_id.eq(key.as_bytes()))
            .filter(api_key_callers::address.eq(&caller.address))
            .filter(api_key_callers::agent.eq(&caller.agent));
        let more = (
            api_key_callers::last_at.eq(caller.last_at.millis()),
            api_key_callers::uses.eq(api_key_callers::uses + caller.uses),
            api_key_callers::would_fail.eq(api_key_callers::would_fail + caller.would_fail),
        );
        if diesel::update(this).set(more).execute(self.0)? == 1 {
            return Ok(());
        }
        let row = (
            api_key_callers::key_id.eq(key.as_bytes()),
            api_key_callers::address.eq(&caller.address),
            api_key_callers::agent.eq(&caller.agent),
            api_key_callers::first_at.eq(caller.first_at.millis()),
            api_key_callers::last_at.eq(caller.last_at.millis()),
            api_key_callers::uses.eq(caller.uses),
            api_key_callers::would_fail.eq(caller.would_fail),
        );
        insert_if_absent!(self.0, api_key_callers, row);
        let all: Vec<(String, String)> = api_key_callers::table
            .filter(api_key_callers::key_id.eq(key.as_bytes()))
            .order(api_key_callers::last_at.desc())
            .offset(most)
            .limit(most)
            .select((api_key_callers::address, api_key_callers::agent))
            .load(self.0)?;
        for (address, agent) in all {
            let this = api_key_callers::table
                .filter(api_key_callers::key_id.eq(key.as_bytes()))
                .filter(api_key_callers::address.eq(address))
                .filter(api_key_callers::agent.eq(agent));
            diesel::delete(this).execute(self.0)?;
        }
        Ok(())
    }

    /// Notes that a request of the key needed `scope`, unless a later one did. The key is held by this transaction.
    pub fn note_scope(&mut self, key: ApiKeyId, scope: &str, at: Timestamp) -> Result<(), StoreError> {
        let this = api_key_scopes_used::table
            .filter(api_key_scopes_used::key_id.eq(key.as_bytes()))
            .filter(api_key_scopes_used::scope.eq(scope))
            .filter(api_key_scopes_used::used_at.lt(at.millis()));
        if diesel::update(this).set(api_key_scopes_used::used_at.eq(at.millis())).execute(self.0)? == 1 {
            return Ok(());
        }
        let row = (
            api_key_scopes_used::key_id.eq(key.as_bytes()),
            api_key_scopes_used::scope.eq(scope),
            api_key_scopes_used::used_at.eq(at.millis()),
        );
        insert_if_absent!(self.0, api_key_scopes_used, row);
        Ok(())
    }

    /// How often a key was used since `day`, the oldest day first.
    pub fn usage(&mut self, key: ApiKeyId, since_day: i64) -> Result<Vec<KeyUsage>, StoreError> {
        let rows: Vec<(i64, String, i64)> = api_key_usage::table
            .filter(api_key_usage::key_id.eq(key.as_bytes()))
            .filter(api_key_usage::day.ge(since_day))
            .order((api_key_usage::day, api_key_usage::outcome))
            .select((api_key_usage::day, api_key_usage::outcome, api_key_usage::uses))
            .load(self.0)?;
        let read = |(day, outcome, uses): (i64, String, i64)| {
            let outcome = KeyOutcome::parse(&outcome).ok_or(StoreError::Corrupt("a use has no known outcome"))?;
            Ok(KeyUsage { day, outcome, uses })
        };
        rows.into_iter().map(read).collect()
    }

    /// From where and by what a key was used, the latest first.
    pub fn callers(&mut self, key: ApiKeyId) -> Result<Vec<KeyCaller>, StoreError> {
        type Row = (String, String, i64, i64, i64, i64);
        let rows: Vec<Row> = api_key_callers::table
            .filter(api_key_callers::key_id.eq(key.as_bytes()))
            .order((api_key_callers::last_at.desc(), api_key_callers::address))
            .select((
                api_key_callers::address,
                api_key_callers::agent,
                api_key_callers::first_at,
                api_key_callers::last_at,
                api_key_callers::uses,
                api_key_callers::would_fail,
            ))
            .load(self.0)?;
        let read = |(address, agent, first_at, last_at, uses, would_fail): Row| KeyCaller {
            address,
            agent,
            first_at: Timestamp::from_millis(first_at),
            last_at: Timestamp::from_millis(last_at),
            uses,
            would_fail,
        };
        Ok(rows.into_iter().map(read).collect())
    }

    /// Forgets what a trial counted, before the next one begins.
    pub fn reset_trial(&mut self, key: ApiKeyId) -> Result<(), StoreError> {
        let these = api_key_callers::table.filter(api_key_callers::key_id.eq(key.as_bytes()));
        diesel::update(these).set(api_key_callers::would_fail.eq(0_i64)).execute(self.0)?;
        Ok(())
    }

    /// Which scopes a key's requests needed.
    pub fn scopes(&mut self, key: ApiKeyId) -> Result<Vec<ScopeUse>, StoreError> {
        let rows: Vec<(String, i64)> = api_key_scopes_used::table
            .filter(api_key_scopes_used::key_id.eq(key.as_bytes()))
            .order(api_key_scopes_used::scope)
            .select((api_key_scopes_used::scope, api_key_scopes_used::used_at))
            .load(self.0)?;
        Ok(rows.into_iter().map(|(scope, at)| ScopeUse { scope, used_at: Timestamp::from_millis(at) }).collect())
    }

    /// What was taken of a limit, and when that window began; `None` where there was none yet.
    pub fn window(&mut self, key: ApiKeyId, name: &str) -> Result<Option<(Timestamp, i64)>, StoreError> {
        let this = api_key_windows::table
            .filter(api_key_windows::key_id.eq(key.as_bytes()))
            .filter(api_key_windows::name.eq(name))
            .select((api_key_windows::began_at, api_key_windows::taken));
        let row: Option<(i64, i64)> = this.get_result(self.0).optional()?;
        Ok(row.map(|(began, taken)| (Timestamp::from_millis(began), taken)))
    }

    /// Sets what is taken of a limit in the window that began at `began`. The key is held by this transaction.
    pub fn set_window(&mut self, key: ApiKeyId, name: &str, began: Timestamp, taken: i64) -> Result<(), StoreError> {
        let this = || {
            api_key_windows::table
                .filter(api_key_windows::key_id.eq(key.as_bytes().to_vec()))
                .filter(api_key_windows::name.eq(name))
        };
        let columns = (api_key_windows::began_at.eq(began.millis()), api_key_windows::taken.eq(taken));
        if diesel::update(this()).set(columns).execute(self.0)? == 1 {
            return Ok(());
        }
        let row = (
            api_key_windows::key_id.eq(key.as_bytes()),
            api_key_windows::name.eq(name),
            api_key_windows::began_at.eq(began.millis()),
            api_key_windows::taken.eq(taken),
        );
        diesel::insert_into(api_key_windows::table).values(row).execute(self.0)?;
        Ok(())
    }

    /// Forgets the windows of limits that a key has no more. The key is held by this transaction.
    pub fn forget_windows(&mut self, key: ApiKeyId, limits: &KeyLimits) -> Result<(), StoreError> {
        let names = limits.iter().map(|limit| limit.name.as_str());
        let others = api_key_windows::table
            .filter(api_key_windows::key_id.eq(key.as_bytes()))
            .filter(api_key_windows::name.ne_all(names.collect::<Vec<_>>()));
        diesel::delete(others).execute(self.0)?;
        Ok(())
    }

    /// Deletes counts of days before `day` and callers that were last seen before `before`.
    pub fn forget(&mut self, day: i64, before: Timestamp) -> Result<usize, StoreError> {
        let counts = diesel::delete(api_key_usage::table.filter(api_key_usage::day.lt(day))).execute(self.0)?;
        let old = api_key_callers::table.filter(api_key_callers::last_at.lt(before.millis()));
        Ok(counts + diesel::delete(old).execute(self.0)?)
    }
}
