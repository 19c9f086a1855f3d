//! Deletes what has ended. Nothing depends on it: each use checks for itself whether what it uses still holds.

use diesel::prelude::*;

use crate::model::time::Lifetime;
use crate::model::time::Timestamp;
use crate::store::StoreError;
use crate::store::Tx;
use crate::store::conn::Conn;
use crate::store::schema::access_tokens;
use crate::store::schema::api_key_secrets;
use crate::store::schema::attempts;
use crate::store::schema::authorization_requests;
use crate::store::schema::client_secrets;
use crate::store::schema::device_codes;
use crate::store::schema::families;
use crate::store::schema::initial_access_tokens;
use crate::store::schema::mail_links;
use crate::store::schema::pushed_requests;
use crate::store::schema::refresh_tokens;
use crate::store::schema::replays;
use crate::store::schema::sessions;
use crate::store::schema::verify_tickets;

/// Deletes at most `$limit` rows of `$table` whose `$key` is among those that ended before `$before`.
macro_rules! delete_ended {
    ($conn:expr, $table:ident, $key:ident, $end:ident, $before:expr, $limit:expr) => {{
        let ended: Vec<Vec<u8>> = $table::table
            .filter($table::$end.le($before.millis()))
            .order($table::$end)
            .limit($limit)
            .select($table::$key)
            .load($conn)?;
        if ended.is_empty() {
            0
        } else {
            diesel::delete($table::table.filter($table::$key.eq_any(ended))).execute($conn)?
        }
    }};
}

/// Deletes at most `$limit` rows of `$table` that belong to `$families`.
macro_rules! delete_of_families {
    ($conn:expr, $table:ident, $families:expr, $limit:expr) => {{
        let rows: Vec<Vec<u8>> =
            $table::table.filter($table::family_id.eq_any($families)).limit($limit).select($table::hash).load($conn)?;
        if rows.is_empty() {
            0
        } else {
            diesel::delete($table::table.filter($table::hash.eq_any(rows))).execute($conn)?
        }
    }};
}

impl Tx<'_> {
    /// Deletes about `limit` rows that had ended at `before`, and returns how many it deleted. Codes and refresh tokens go
    /// only when their family has ended, so that a replay is known as one for as long as the family could live: a client
    /// that comes back after weeks may hold the token that a thief used in the meantime.
    pub fn purge(&mut self, before: Timestamp, limit: i64) -> Result<usize, StoreError> {
        let conn = &mut *self.conn;
        let mut deleted = purge_families(conn, before, limit)?;
        // One table after the other, so that no transaction is long, however much has ended.
        macro_rules! then {
            ($($table:ident $key:ident $end:ident,)+) => { $(
                let left = limit.saturating_sub(i64::try_from(deleted).unwrap_or(i64::MAX));
                if left <= 0 {
                    return Ok(deleted);
                }
                deleted += delete_ended!(conn, $table, $key, $end, before, left);
            )+ };
        }
        then! {
            access_tokens hash expires_at,
            authorization_requests id expires_at,
            sessions id expires_at,
            sessions id idle_expires_at,
            client_secrets hash expires_at,
            api_key_secrets hash expires_at,
            attempts bucket expires_at,
            pushed_requests hash expires_at,
            device_codes hash expires_at,
            replays hash expires_at,
            initial_access_tokens hash expires_at,
            verify_tickets hash expires_at,
        }
        let left = limit.saturating_sub(i64::try_from(deleted).unwrap_or(i64::MAX));
        if left > 0 {
            // A mail that is tried again asks whether its link was used meanwhile, and is tried for a day.
            let before = before.before(Lifetime::from_days(1));
            deleted += delete_ended!(conn, mail_links, hash, expires_at, before, left);
        }
        let left = limit.saturating_sub(i64::try_from(deleted).unwrap_or(i64::MAX));
        if left > 0 {
            deleted += self.sign_ins().purge(before, left)?;
        }
        Ok(deleted)
    }
}

/// Deletes tokens of ended families, and the families only once they have none: the database would delete all that hang
/// on a family together with it, and one that was refreshed each hour for months has thousands.
fn purge_families(conn: &mut Conn, before: Timestamp, limit: i64) -> Result<usize, StoreError> {
    let ended: Vec<Vec<u8>> = families::table
        .filter(families::expires_at.le(before.millis()))
        .order(families::expires_at)
        .limit(limit)
        .select(families::id)
        .load(conn)?;
    if ended.is_empty() {
        return Ok(0);
    }
    let tokens = delete_of_families!(conn, refresh_tokens, &ended, limit)
        + delete_of_families!(conn, access_tokens, &ended, limit);
    if tokens > 0 {
        return Ok(tokens);
    }
    Ok(diesel::delete(families::table.filter(families::id.eq_any(ended))).execute(conn)?)
}
