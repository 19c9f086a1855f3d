//! Initial access tokens, by their hashes.

use diesel::prelude::*;

use crate::model::id::InitialAccessTokenId;
use crate::model::initial_access_token::InitialAccessToken;
use crate::model::time::Timestamp;
use crate::model::token::TokenHash;
use crate::store::StoreError;
use crate::store::Tx;
use crate::store::columns;
use crate::store::conn::Conn;
use crate::store::schema::initial_access_tokens;

/// The table `initial_access_tokens`.
pub struct InitialAccessTokens<'t>(&'t mut Conn);

impl Tx<'_> {
    /// Initial access tokens.
    pub fn initial_access_tokens(&mut self) -> InitialAccessTokens<'_> {
        InitialAccessTokens(self.conn)
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = initial_access_tokens)]
struct Row {
    id: Vec<u8>,
    uses_left: Option<i64>,
    created_at: i64,
    expires_at: Option<i64>,
}

impl Row {
    fn into_token(self) -> Result<InitialAccessToken, StoreError> {
        let uses_left = self.uses_left.map(u32::try_from).transpose();
        Ok(InitialAccessToken {
            id: columns::id(&self.id)?,
            uses_left: uses_left.map_err(|_| StoreError::Corrupt("a number of uses is out of bounds"))?,
            created_at: Timestamp::from_millis(self.created_at),
            expires_at: columns::time(self.expires_at),
        })
    }
}

impl InitialAccessTokens<'_> {
    /// Adds a token.
    pub fn insert(&mut self, hash: &TokenHash, token: &InitialAccessToken) -> Result<(), StoreError> {
        let row = (
            initial_access_tokens::hash.eq(hash.as_bytes()),
            initial_access_tokens::id.eq(token.id.as_bytes()),
            initial_access_tokens::uses_left.eq(token.uses_left.map(i64::from)),
            initial_access_tokens::created_at.eq(token.created_at.millis()),
            initial_access_tokens::expires_at.eq(token.expires_at.map(Timestamp::millis)),
        );
        diesel::insert_into(initial_access_tokens::table).values(row).execute(self.0)?;
        Ok(())
    }

    /// The token with this hash, whether it is still good or not.
    pub fn find(&mut self, hash: &TokenHash) -> Result<Option<InitialAccessToken>, StoreError> {
        let row = initial_access_tokens::table
            .filter(initial_access_tokens::hash.eq(hash.as_bytes()))
            .select(Row::as_select())
            .get_result(self.0)
            .optional()?;
        row.map(Row::into_token).transpose()
    }

    /// At most `limit` tokens behind the id `after`, oldest first.
    pub fn list(
        &mut self,
        after: Option<InitialAccessTokenId>,
        limit: i64,
    ) -> Result<Vec<InitialAccessToken>, StoreError> {
        let mut query = initial_access_tokens::table
            .select(Row::as_select())
            .order(initial_access_tokens::id)
            .limit(limit)
            .into_boxed();
        if let Some(after) = after {
            query = query.filter(initial_access_tokens::id.gt(after.as_bytes().to_vec()));
        }
        query.load(self.0)?.into_iter().map(Row::into_token).collect()
    }

    /// Uses the token once. `false` where there is none, it has expired, or its uses are used up.
    pub fn consume(&mut self, hash: &TokenHash, now: Timestamp) -> Result<bool, StoreError> {
        use crate::store::schema::initial_access_tokens::expires_at;
        use crate::store::schema::initial_access_tokens::uses_left;
        let this = initial_access_tokens::table
            .filter(initial_access_tokens::hash.eq(hash.as_bytes()))
            .filter(uses_left.is_null().or(uses_left.gt(0)))
            .filter(expires_at.is_null().or(expires_at.gt(now.millis())));
        Ok(diesel::update(this).set(uses_left.eq(uses_left - 1)).execute(self.0)? == 1)
    }

    /// Deletes a token. `false` where there is none of this id.
    pub fn delete(&mut self, id: InitialAccessTokenId) -> Result<bool, StoreError> {
        let this = initial_access_tokens::table.filter(initial_access_tokens::id.eq(id.as_bytes()));
        Ok(diesel::delete(this).execute(self.0)? == 1)
    }
}
