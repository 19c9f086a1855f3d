//! The way from a session to a cookie for another host: tickets that are good once, and the cookies that come of them.
//! Neither is here in the clear, only its hash.

use diesel::prelude::*;

use crate::model::id::SessionId;
use crate::model::origin::Origin;
use crate::model::time::Timestamp;
use crate::model::token::TokenHash;
use crate::store::StoreError;
use crate::store::Tx;
use crate::store::columns;
use crate::store::conn::Conn;
use crate::store::freshness::Changes;
use crate::store::schema::verify_sessions;
use crate::store::schema::verify_tickets;

/// The tables `verify_tickets` and `verify_sessions`.
pub struct VerifySessions<'t>(&'t mut Conn, &'t mut Changes);

impl Tx<'_> {
    /// Tickets, and the cookies of other hosts.
    pub fn verify_sessions(&mut self) -> VerifySessions<'_> {
        VerifySessions(self.conn, self.changes)
    }
}

impl VerifySessions<'_> {
    /// Adds a ticket of `session` for `origin`, from where its visitor goes on to the path `return_to`.
    pub fn insert_ticket(
        &mut self,
        hash: &TokenHash,
        session: SessionId,
        origin: &Origin,
        return_to: &str,
        (now, end): (Timestamp, Timestamp),
    ) -> Result<(), StoreError> {
        let row = (
            verify_tickets::hash.eq(hash.as_bytes()),
            verify_tickets::session_id.eq(session.as_bytes()),
            verify_tickets::origin.eq(origin.as_str()),
            verify_tickets::return_to.eq(return_to),
            verify_tickets::created_at.eq(now.millis()),
            verify_tickets::expires_at.eq(end.millis()),
        );
        diesel::insert_into(verify_tickets::table).values(row).execute(self.0)?;
        Ok(())
    }

    /// Uses a ticket up at `origin`, and says whose it was and where to go on. `None` where there is none for this
    /// origin that holds, or somebody else was first.
    pub fn consume_ticket(
        &mut self,
        hash: &TokenHash,
        origin: &Origin,
        now: Timestamp,
    ) -> Result<Option<(SessionId, String)>, StoreError> {
        let this = verify_tickets::table
            .filter(verify_tickets::hash.eq(hash.as_bytes()))
            .filter(verify_tickets::origin.eq(origin.as_str()))
            .filter(verify_tickets::consumed_at.is_null())
            .filter(verify_tickets::expires_at.gt(now.millis()));
        if diesel::update(this).set(verify_tickets::consumed_at.eq(now.millis())).execute(self.0)? != 1 {
            return Ok(None);
        }
        let (session, return_to): (Vec<u8>, String) = verify_tickets::table
            .filter(verify_tickets::hash.eq(hash.as_bytes()))
            .select((verify_tickets::session_id, verify_tickets::return_to))
            .get_result(self.0)?;
        Ok(Some((columns::id(&session)?, return_to)))
    }

    /// Adds a cookie of `session` for `origin`.
    pub fn insert(
        &mut self,
        hash: &TokenHash,
        session: SessionId,
        origin: &Origin,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let row = (
            verify_sessions::hash.eq(hash.as_bytes()),
            verify_sessions::session_id.eq(session.as_bytes()),
            verify_sessions::origin.eq(origin.as_str()),
            verify_sessions::created_at.eq(now.millis()),
        );
        diesel::insert_into(verify_sessions::table).values(row).execute(self.0)?;
        Ok(())
    }

    /// Deletes what `session` had for `origin` before the time `before`.
    pub fn delete_older(&mut self, session: SessionId, origin: &Origin, before: Timestamp) -> Result<(), StoreError> {
        self.1.note(session.as_bytes());
        let these = verify_sessions::table
            .filter(verify_sessions::session_id.eq(session.as_bytes()))
            .filter(verify_sessions::origin.eq(origin.as_str()))
            .filter(verify_sessions::created_at.lt(before.millis()));
        diesel::delete(these).execute(self.0)?;
        Ok(())
    }
}
