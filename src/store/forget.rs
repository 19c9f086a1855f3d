//! Deletes records that ended long ago. Unlike what [`Tx::purge`] deletes they are few, are seen in lists and named in the
//! audit log, and so stay for a while.

use diesel::dsl::exists;
use diesel::dsl::not;
use diesel::prelude::*;

use crate::model::client::AuthMethod;
use crate::model::client::ClientOrigin;
use crate::model::id::ApiKeyId;
use crate::model::id::ClientId;
use crate::model::id::GrantId;
use crate::model::time::Lifetime;
use crate::model::time::Timestamp;
use crate::store::StoreError;
use crate::store::Tx;
use crate::store::columns;
use crate::store::schema::api_keys;
use crate::store::schema::clients;
use crate::store::schema::families;
use crate::store::schema::grants;
use crate::store::schema::setup_tokens;

/// How long a grant or a key stays after it was revoked or had expired.
const KEEP_REVOKED: Lifetime = Lifetime::from_days(30);
/// How long the consent to a public client stays that nobody uses: anyone may claim to be that client.
const KEEP_UNUSED: Lifetime = Lifetime::from_days(90);
/// How long a used token of the setup page stays.
const KEEP_SETUP_TOKENS: Lifetime = Lifetime::from_days(1);

/// The condition on a grant that it may be forgotten: nothing hangs on it, and it was taken back or had expired long
/// ago, or is an unused one of a public client.
macro_rules! may_be_forgotten {
    ($now:expr) => {{
        let ended = $now.before(KEEP_REVOKED).millis();
        let public = clients::table.filter(clients::auth_method.eq(AuthMethod::None.as_str())).select(clients::id);
        let unused = grants::renewed_at.le($now.before(KEEP_UNUSED).millis()).and(grants::client_id.eq_any(public));
        let over = grants::revoked_at.le(ended).or(grants::expires_at.le(ended)).or(unused);
        over.and(not(exists(families::table.filter(families::grant_id.eq(grants::id)))))
    }};
}

/// The condition on a client that nobody disabled it and nobody lets it do anything. One that an administrator disabled
/// stays, so that it stays disabled.
macro_rules! is_in_no_ones_care {
    ($now:expr) => {{
        let live = grants::table
            .filter(grants::client_id.eq(clients::id))
            .filter(grants::revoked_at.is_null())
            .filter(grants::expires_at.is_null().or(grants::expires_at.gt($now.millis())));
        clients::enabled.eq(true).and(not(exists(live)))
    }};
}

/// The condition on a client that it is unused.
macro_rules! is_unused {
    ($unused:expr, $now:expr) => {{
        let long_ago = $now.before($unused).millis();
        let dynamic = clients::origin.ne(ClientOrigin::Administrator.as_str());
        let used = clients::used_at.is_null().or(clients::used_at.le(long_ago));
        dynamic.and(clients::created_at.le(long_ago)).and(used).and(is_in_no_ones_care!($now))
    }};
}

impl Tx<'_> {
    /// At most `limit` grants that [`Tx::forget_grants`] would delete at `now`. It reads the whole table.
    pub fn find_forgettable_grants(&mut self, now: Timestamp, limit: i64) -> Result<Vec<GrantId>, StoreError> {
        let rows: Vec<Vec<u8>> =
            grants::table.filter(may_be_forgotten!(now)).limit(limit).select(grants::id).load(self.conn)?;
        rows.iter().map(|row| columns::id(row)).collect()
    }

    /// Deletes those of `these` that may still be forgotten.
    pub fn forget_grants(&mut self, these: &[GrantId], now: Timestamp) -> Result<usize, StoreError> {
        let these: Vec<Vec<u8>> = these.iter().map(|id| id.as_bytes().to_vec()).collect();
        let these = grants::table.filter(grants::id.eq_any(these)).filter(may_be_forgotten!(now));
        Ok(diesel::delete(these).execute(self.conn)?)
    }

    /// At most `limit` API keys that were revoked long before `now`. It reads the whole table.
    pub fn find_forgettable_keys(&mut self, now: Timestamp, limit: i64) -> Result<Vec<ApiKeyId>, StoreError> {
        let rows: Vec<Vec<u8>> = api_keys::table
            .filter(api_keys::revoked_at.le(now.before(KEEP_REVOKED).millis()))
            .limit(limit)
            .select(api_keys::id)
            .load(self.conn)?;
        rows.iter().map(|row| columns::id(row)).collect()
    }

    /// Deletes revoked keys, and what secrets they have left.
    pub fn forget_keys(&mut self, these: &[ApiKeyId]) -> Result<usize, StoreError> {
        let these: Vec<Vec<u8>> = these.iter().map(|id| id.as_bytes().to_vec()).collect();
        let these = api_keys::table.filter(api_keys::id.eq_any(these)).filter(api_keys::revoked_at.is_not_null());
        Ok(diesel::delete(these).execute(self.conn)?)
    }

    /// At most `limit` clients that no administrator registered, were not used for the time `unused`, and that nobody
    /// lets do anything any more. It reads the whole table.
    pub fn find_unused_clients(
        &mut self,
        unused: Lifetime,
        now: Timestamp,
        limit: i64,
    ) -> Result<Vec<ClientId>, StoreError> {
        let rows: Vec<Vec<u8>> =
            clients::table.filter(is_unused!(unused, now)).limit(limit).select(clients::id).load(self.conn)?;
        rows.iter().map(|row| columns::id(row)).collect()
    }

    /// How many clients of this origin were never used and could go, and the oldest of them with its age's beginning. Those
    /// that stay whatever their age are not in the way of others.
    pub fn count_never_used(
        &mut self,
        origin: ClientOrigin,
        now: Timestamp,
    ) -> Result<(i64, Option<(ClientId, Timestamp)>), StoreError> {
        let never_used = || clients::origin.eq(origin.as_str()).and(clients::used_at.is_null());
        let count =
            clients::table.filter(never_used()).filter(is_in_no_ones_care!(now)).count().get_result(self.conn)?;
        let oldest: Option<(Vec<u8>, i64)> = clients::table
            .filter(never_used())
            .filter(is_in_no_ones_care!(now))
            .order((clients::created_at, clients::id))
            .select((clients::id, clients::created_at))
            .first(self.conn)
            .optional()?;
        let oldest = oldest.map(|(id, at)| Ok::<_, StoreError>((columns::id(&id)?, Timestamp::from_millis(at))));
        Ok((count, oldest.transpose()?))
    }

    /// Deletes the client if it is still unused. `false` where it is not.
    pub fn forget_client(&mut self, id: ClientId, unused: Lifetime, now: Timestamp) -> Result<bool, StoreError> {
        self.changes.note(id.as_bytes());
        let this = clients::table.filter(clients::id.eq(id.as_bytes())).filter(is_unused!(unused, now));
        Ok(diesel::delete(this).execute(self.conn)? == 1)
    }

    /// Deletes tokens of the setup page that were used the day before; there is one for each start without an
    /// administrator.
    pub fn forget_setup_tokens(&mut self, now: Timestamp) -> Result<usize, StoreError> {
        let used = setup_tokens::consumed_at.le(now.before(KEEP_SETUP_TOKENS).millis());
        Ok(diesel::delete(setup_tokens::table.filter(used)).execute(self.conn)?)
    }
}
