//! Deletes what has ended. Nothing depends on it: each use checks for itself whether what it uses still holds.

use diesel::prelude::*;

use crate::model::time::Timestamp;
use crate::store::StoreError;
use crate::store::Tx;
use crate::store::schema::access_tokens;
use crate::store::schema::api_key_secrets;
use crate::store::schema::attempts;
use crate::store::schema::authorization_requests;
use crate::store::schema::client_secrets;
use crate::store::schema::families;
use crate::store::schema::sessions;

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

impl Tx<'_> {
    /// Deletes at most `limit` rows of each table that had ended at `before`, and returns how many it deleted. Codes and
    /// refresh tokens go only with their family, so that a replay is known as one for as long as the family could live:
    /// a client that comes back after weeks may hold the token that a thief used in the meantime.
    pub fn purge(&mut self, before: Timestamp, limit: i64) -> Result<usize, StoreError> {
        let conn = &mut *self.conn;
        let mut deleted = delete_ended!(conn, families, id, expires_at, before, limit);
        deleted += delete_ended!(conn, access_tokens, hash, expires_at, before, limit);
        deleted += delete_ended!(conn, sessions, id, expires_at, before, limit);
        deleted += delete_ended!(conn, sessions, id, idle_expires_at, before, limit);
        deleted += delete_ended!(conn, authorization_requests, id, expires_at, before, limit);
        deleted += delete_ended!(conn, client_secrets, hash, expires_at, before, limit);
        deleted += delete_ended!(conn, api_key_secrets, hash, expires_at, before, limit);
        deleted += delete_ended!(conn, attempts, bucket, expires_at, before, limit);
        Ok(deleted)
    }
}
