//! What may be used once and was: ids of proofs and assertions (RFC 9449 §11.1, RFC 7523 §3). All nodes share it.

use diesel::prelude::*;

use crate::model::time::Timestamp;
use crate::store::StoreError;
use crate::store::Tx;
use crate::store::conn::Conn;
use crate::store::schema::replays;

/// The table `replays`.
pub struct Replays<'t>(&'t mut Conn);

impl Tx<'_> {
    /// What may be used once and was.
    pub fn replays(&mut self) -> Replays<'_> {
        Replays(self.conn)
    }
}

impl Replays<'_> {
    /// Whether what has this hash was used.
    pub fn has(&mut self, hash: &[u8; 32]) -> Result<bool, StoreError> {
        let this = replays::table.filter(replays::hash.eq(hash.to_vec()));
        Ok(diesel::select(diesel::dsl::exists(this)).get_result(self.0)?)
    }

    /// Remembers until `expires_at` that what has this hash was used. `false` where it was used before.
    pub fn remember(&mut self, hash: &[u8; 32], expires_at: Timestamp) -> Result<bool, StoreError> {
        // A nested transaction, for on PostgreSQL the whole one is dead behind a unique violation.
        let inserted = self.0.transaction(|conn| {
            diesel::insert_into(replays::table)
                .values((replays::hash.eq(hash.to_vec()), replays::expires_at.eq(expires_at.millis())))
                .execute(conn)
        });
        match inserted {
            Ok(_) => Ok(true),
            Err(diesel::result::Error::DatabaseError(diesel::result::DatabaseErrorKind::UniqueViolation, _)) => {
                Ok(false)
            }
            Err(error) => Err(error.into()),
        }
    }
}
