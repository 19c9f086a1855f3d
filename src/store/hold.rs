//! Holding the rows that a credential hangs on until the end of a transaction: what takes it away at the same moment was
//! either first, and is seen, or waits. On SQLite writes come one after another anyway.

use diesel::prelude::*;

use crate::model::id::ApiKeyId;
use crate::model::id::FamilyId;
use crate::model::id::GrantId;
use crate::model::id::SessionId;
use crate::model::token::TokenHash;
use crate::store::StoreError;
use crate::store::Tx;
use crate::store::conn::Conn;
use crate::store::schema::access_tokens;
use crate::store::schema::api_keys;
use crate::store::schema::families;
use crate::store::schema::grants;
use crate::store::schema::sessions;

/// Rows that a credential hangs on, to be held with others who only need that they stay as they are.
#[derive(Debug, Clone, Copy)]
pub enum Held {
    /// A session.
    Session(SessionId),
    /// An API key; whatever changes its secrets takes its row first.
    ApiKey(ApiKeyId),
    /// An access token.
    AccessToken(TokenHash),
    /// A family of tokens.
    Family(FamilyId),
    /// A grant.
    Grant(GrantId),
}

impl Tx<'_> {
    /// Holds the row, if it is there. What was read before may be stale by then: it is to be read after this.
    pub fn hold(&mut self, held: Held) -> Result<(), StoreError> {
        let Conn::Postgres(conn) = &mut *self.conn else { return Ok(()) };
        let _: Option<i64> = match held {
            Held::Session(id) => sessions::table
                .filter(sessions::id.eq(id.as_bytes()))
                .select(sessions::expires_at)
                .for_share()
                .get_result(conn),
            Held::ApiKey(id) => api_keys::table
                .filter(api_keys::id.eq(id.as_bytes()))
                .select(api_keys::created_at)
                .for_share()
                .get_result(conn),
            Held::AccessToken(hash) => access_tokens::table
                .filter(access_tokens::hash.eq(hash.as_bytes()))
                .select(access_tokens::created_at)
                .for_share()
                .get_result(conn),
            Held::Family(id) => families::table
                .filter(families::id.eq(id.as_bytes()))
                .select(families::created_at)
                .for_share()
                .get_result(conn),
            Held::Grant(id) => grants::table
                .filter(grants::id.eq(id.as_bytes()))
                .select(grants::created_at)
                .for_share()
                .get_result(conn),
        }
        .optional()?;
        Ok(())
    }
}
