//! Access tokens, by their hashes (RFC 6749 §1.4).

use diesel::prelude::*;

use crate::model::grant::AccessToken;
use crate::model::id::ClientId;
use crate::model::time::Timestamp;
use crate::model::token::TokenHash;
use crate::store::StoreError;
use crate::store::Tx;
use crate::store::columns;
use crate::store::conn::Conn;
use crate::store::schema::access_tokens;

/// The table `access_tokens`.
pub struct AccessTokens<'t>(&'t mut Conn);

impl Tx<'_> {
    /// Access tokens.
    pub fn access_tokens(&mut self) -> AccessTokens<'_> {
        AccessTokens(self.conn)
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = access_tokens, treat_none_as_default_value = false)]
pub(super) struct Row {
    hash: Vec<u8>,
    client_id: Vec<u8>,
    family_id: Option<Vec<u8>>,
    scopes: String,
    created_at: i64,
    expires_at: i64,
    revoked_at: Option<i64>,
}

impl Row {
    pub(super) fn into_token(self) -> Result<AccessToken, StoreError> {
        Ok(AccessToken {
            hash: columns::hash(&self.hash)?,
            client: columns::id(&self.client_id)?,
            family: self.family_id.as_deref().map(columns::id).transpose()?,
            scopes: columns::scopes(&self.scopes)?,
            created_at: Timestamp::from_millis(self.created_at),
            expires_at: Timestamp::from_millis(self.expires_at),
            revoked_at: columns::time(self.revoked_at),
        })
    }
}

impl AccessTokens<'_> {
    /// Adds a token.
    pub fn insert(&mut self, token: &AccessToken) -> Result<(), StoreError> {
        let row = Row {
            hash: token.hash.as_bytes().to_vec(),
            client_id: token.client.as_bytes().to_vec(),
            family_id: token.family.map(|family| family.as_bytes().to_vec()),
            scopes: token.scopes.to_string(),
            created_at: token.created_at.millis(),
            expires_at: token.expires_at.millis(),
            revoked_at: token.revoked_at.map(Timestamp::millis),
        };
        diesel::insert_into(access_tokens::table).values(row).execute(self.0)?;
        Ok(())
    }

    /// The token with this hash, ended or not.
    pub fn find(&mut self, hash: &TokenHash) -> Result<Option<AccessToken>, StoreError> {
        let row: Option<Row> = access_tokens::table
            .filter(access_tokens::hash.eq(hash.as_bytes()))
            .select(Row::as_select())
            .get_result(self.0)
            .optional()?;
        row.map(Row::into_token).transpose()
    }

    /// Revokes all tokens that a client holds in its own name.
    pub fn revoke_own_of(&mut self, client: ClientId, now: Timestamp) -> Result<usize, StoreError> {
        let these = access_tokens::table
            .filter(access_tokens::client_id.eq(client.as_bytes()))
            .filter(access_tokens::family_id.is_null())
            .filter(access_tokens::revoked_at.is_null());
        Ok(diesel::update(these).set(access_tokens::revoked_at.eq(now.millis())).execute(self.0)?)
    }
}
