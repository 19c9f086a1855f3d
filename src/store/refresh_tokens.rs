//! Refresh tokens, by their hashes (RFC 6749 §1.5).

use std::marker::PhantomData;

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use diesel::sql_types::Binary;
use diesel::sql_types::Nullable;

use crate::model::grant::RefreshState;
use crate::model::grant::RefreshToken;
use crate::model::time::Timestamp;
use crate::model::token::TokenHash;
use crate::store::StoreError;
use crate::store::Tx;
use crate::store::columns;
use crate::store::conn::Conn;
use crate::store::conn::on_either;
use crate::store::fixed::fixed;
use crate::store::schema::refresh_tokens;

/// The table `refresh_tokens`.
pub struct RefreshTokens<'t>(&'t mut Conn);

impl Tx<'_> {
    /// Refresh tokens.
    pub fn refresh_tokens(&mut self) -> RefreshTokens<'_> {
        RefreshTokens(self.conn)
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = refresh_tokens)]
pub(super) struct Row {
    hash: Vec<u8>,
    family_id: Vec<u8>,
    parent_hash: Option<Vec<u8>>,
    expires_at: i64,
    used_at: Option<i64>,
    successor_salt: Option<Vec<u8>>,
    successor_request: Option<Vec<u8>>,
}

impl Row {
    pub(super) fn into_token(self) -> Result<RefreshToken, StoreError> {
        let state = match (self.used_at, self.successor_salt, self.successor_request) {
            (None, None, None) => RefreshState::Fresh,
            (Some(at), Some(salt), Some(request)) => RefreshState::Rotated {
                at: Timestamp::from_millis(at),
                salt: salt.try_into().map_err(|_| StoreError::Corrupt("a salt is not 16 bytes long"))?,
                request: request.try_into().map_err(|_| StoreError::Corrupt("a hash is not 32 bytes long"))?,
            },
            _ => return Err(StoreError::Corrupt("a refresh token is half used")),
        };
        Ok(RefreshToken {
            hash: columns::hash(&self.hash)?,
            family: columns::id(&self.family_id)?,
            parent: self.parent_hash.as_deref().map(columns::hash).transpose()?,
            expires_at: Timestamp::from_millis(self.expires_at),
            state,
        })
    }
}

fixed! { Insert:
    "INSERT INTO refresh_tokens (hash, family_id, parent_hash, created_at, expires_at) VALUES (" hash: &'a [u8] as Binary,
    ", " family_id: &'a [u8] as Binary,
    ", " parent_hash: Option<&'a [u8]> as Nullable<Binary>,
    ", " created_at: i64 as BigInt,
    ", " expires_at: i64 as BigInt,
    ; ")"
}

fixed! { Rotate:
    "UPDATE refresh_tokens SET used_at = " now: i64 as BigInt,
    ", successor_salt = " salt: &'a [u8] as Binary,
    ", successor_request = " request: &'a [u8] as Binary,
    " WHERE used_at IS NULL AND hash = " hash: &'a [u8] as Binary,
}

impl RefreshTokens<'_> {
    /// Adds a fresh token.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where its parent has a successor already.
    pub fn insert(&mut self, token: &RefreshToken, now: Timestamp) -> Result<(), StoreError> {
        let insert = Insert {
            hash: token.hash.as_bytes(),
            family_id: token.family.as_bytes(),
            parent_hash: token.parent.as_ref().map(TokenHash::as_bytes),
            created_at: now.millis(),
            expires_at: token.expires_at.millis(),
            of: PhantomData,
        };
        insert.run(self.0)?;
        Ok(())
    }

    /// The token with this hash, used or not.
    pub fn find(&mut self, hash: &TokenHash) -> Result<Option<RefreshToken>, StoreError> {
        let this = refresh_tokens::table.filter(refresh_tokens::hash.eq(hash.as_bytes()));
        let row: Option<Row> = on_either!(self.0, conn => this.select(Row::as_select()).get_result(conn)).optional()?;
        row.map(Row::into_token).transpose()
    }

    /// Lets a fresh token end at `end`.
    pub fn prolong(&mut self, hash: &TokenHash, end: Timestamp) -> Result<(), StoreError> {
        let this = refresh_tokens::table
            .filter(refresh_tokens::hash.eq(hash.as_bytes()))
            .filter(refresh_tokens::used_at.is_null());
        diesel::update(this).set(refresh_tokens::expires_at.eq(end.millis())).execute(self.0)?;
        Ok(())
    }

    /// Marks a token as exchanged for the successor that `salt` makes. `false` where another request was first.
    pub fn rotate(
        &mut self,
        hash: &TokenHash,
        salt: &[u8; 16],
        request: &[u8; 32],
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let rotate = Rotate { now: now.millis(), salt, request, hash: hash.as_bytes(), of: PhantomData };
        Ok(rotate.run(self.0)? == 1)
    }
}
