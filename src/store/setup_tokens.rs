//! One-time tokens of the setup page, by their hashes.

use diesel::prelude::*;

use crate::model::time::Timestamp;
use crate::model::token::TokenHash;
use crate::store::StoreError;
use crate::store::Tx;
use crate::store::conn::Conn;
use crate::store::schema::setup_tokens;

/// The table `setup_tokens`.
pub struct SetupTokens<'t>(&'t mut Conn);

impl Tx<'_> {
    /// One-time tokens of the setup page.
    pub fn setup_tokens(&mut self) -> SetupTokens<'_> {
        SetupTokens(self.conn)
    }
}

impl SetupTokens<'_> {
    /// Adds a token.
    pub fn insert(&mut self, hash: &TokenHash, now: Timestamp) -> Result<(), StoreError> {
        let row = (setup_tokens::hash.eq(hash.as_bytes()), setup_tokens::created_at.eq(now.millis()));
        diesel::insert_into(setup_tokens::table).values(row).execute(self.0)?;
        Ok(())
    }

    /// Whether the token exists and was not used.
    pub fn is_fresh(&mut self, hash: &TokenHash) -> Result<bool, StoreError> {
        let used: Option<Option<i64>> = setup_tokens::table
            .filter(setup_tokens::hash.eq(hash.as_bytes()))
            .select(setup_tokens::consumed_at)
            .get_result(self.0)
            .optional()?;
        Ok(matches!(used, Some(None)))
    }

    /// Holds all tokens until the end of the transaction, in one order: two that are used at once then wait for each
    /// other instead of blocking each other. On SQLite writes come one after another anyway.
    pub fn lock_all(&mut self) -> Result<(), StoreError> {
        let all = setup_tokens::table.order(setup_tokens::hash).select(setup_tokens::hash);
        if let Conn::Postgres(conn) = self.0 {
            let _: Vec<Vec<u8>> = all.for_update().load(conn)?;
        }
        Ok(())
    }

    /// Uses the token. `false` where there is none, or another request was first.
    pub fn consume(&mut self, hash: &TokenHash, now: Timestamp) -> Result<bool, StoreError> {
        let this = setup_tokens::table
            .filter(setup_tokens::hash.eq(hash.as_bytes()))
            .filter(setup_tokens::consumed_at.is_null());
        Ok(diesel::update(this).set(setup_tokens::consumed_at.eq(now.millis())).execute(self.0)? == 1)
    }

    /// Uses up all tokens: there is an administrator, and none may be made this way any more.
    pub fn consume_all(&mut self, now: Timestamp) -> Result<(), StoreError> {
        let these = setup_tokens::table.filter(setup_tokens::consumed_at.is_null());
        diesel::update(these).set(setup_tokens::consumed_at.eq(now.millis())).execute(self.0)?;
        Ok(())
    }
}
