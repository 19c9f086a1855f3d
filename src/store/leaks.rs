//! Putting single secrets out of use, by their hashes alone.

use diesel::prelude::*;

use crate::model::id::SessionId;
use crate::model::time::Timestamp;
use crate::model::token::TokenHash;
use crate::store::StoreError;
use crate::store::Tx;
use crate::store::columns;
use crate::store::schema::clients;
use crate::store::schema::device_codes;
use crate::store::schema::verify_sessions;
use crate::store::schema::verify_tickets;

impl Tx<'_> {
    /// Takes away the token by which a client manages its own registration (RFC 7592 §1.2). Returns the client's
    /// `client_id`; `None` where no client has it.
    pub fn end_registration_token(&mut self, hash: &TokenHash) -> Result<Option<String>, StoreError> {
        let this = clients::table.filter(clients::registration_hash.eq(hash.as_bytes()));
        let client: Option<(Vec<u8>, String)> =
            this.select((clients::id, clients::client_id)).get_result(self.conn).optional()?;
        let none: Option<Vec<u8>> = None;
        let ended = diesel::update(this).set(clients::registration_hash.eq(none)).execute(self.conn)?;
        if let Some((id, _)) = &client {
            self.changes.note(id);
        }
        Ok(client.filter(|_| ended == 1).map(|(_, client_id)| client_id))
    }

    /// Lets a device code lapse that is good for something yet (RFC 8628 §3.2). `false` where it was not.
    pub fn end_device_code(&mut self, hash: &TokenHash, now: Timestamp) -> Result<bool, StoreError> {
        let this = device_codes::table
            .filter(device_codes::hash.eq(hash.as_bytes()))
            .filter(device_codes::consumed_at.is_null())
            .filter(device_codes::expires_at.gt(now.millis()));
        Ok(diesel::update(this).set(device_codes::expires_at.eq(now.millis())).execute(self.conn)? == 1)
    }

    /// Ends the cookie of another host. Returns the session that it is of; `None` where there is none.
    pub fn end_verify_session(&mut self, hash: &TokenHash) -> Result<Option<SessionId>, StoreError> {
        let this = verify_sessions::table.filter(verify_sessions::hash.eq(hash.as_bytes()));
        self.changes.note(hash.as_bytes());
        let session: Option<Vec<u8>> = this.select(verify_sessions::session_id).get_result(self.conn).optional()?;
        let ended = diesel::delete(this).execute(self.conn)?;
        session.filter(|_| ended == 1).map(|session| columns::id(&session)).transpose()
    }

    /// Uses up the way to a cookie of another host. Returns the session that it is of, and whether it was fresh; `None`
    /// where there is none.
    pub fn end_verify_ticket(
        &mut self,
        hash: &TokenHash,
        now: Timestamp,
    ) -> Result<Option<(SessionId, bool)>, StoreError> {
        let this = verify_tickets::table.filter(verify_tickets::hash.eq(hash.as_bytes()));
        let session: Option<Vec<u8>> = this.select(verify_tickets::session_id).get_result(self.conn).optional()?;
        let fresh =
            this.filter(verify_tickets::consumed_at.is_null()).filter(verify_tickets::expires_at.gt(now.millis()));
        let ended = diesel::update(fresh).set(verify_tickets::consumed_at.eq(now.millis())).execute(self.conn)?;
        session.map(|session| Ok((columns::id(&session)?, ended == 1))).transpose()
    }
}
