//! Access tokens, by their hashes (RFC 6749 §1.4).

use std::marker::PhantomData;

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use diesel::sql_types::Binary;
use diesel::sql_types::Nullable;
use diesel::sql_types::Text;

use crate::model::details::AuthorizationDetails;
use crate::model::grant::AccessToken;
use crate::model::grant::Parent;
use crate::model::id::ClientId;
use crate::model::id::FamilyId;
use crate::model::thumbprint::Thumbprint;
use crate::model::time::Timestamp;
use crate::model::token::TokenHash;
use crate::store::StoreError;
use crate::store::Tx;
use crate::store::columns;
use crate::store::conn::Conn;
use crate::store::conn::on_either;
use crate::store::fixed::fixed;
use crate::store::freshness::Changes;
use crate::store::schema::access_tokens;

/// The table `access_tokens`.
pub struct AccessTokens<'t>(&'t mut Conn, &'t mut Changes);

impl Tx<'_> {
    /// Access tokens.
    pub fn access_tokens(&mut self) -> AccessTokens<'_> {
        AccessTokens(self.conn, self.changes)
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = access_tokens)]
pub(super) struct Row {
    hash: Vec<u8>,
    client_id: Vec<u8>,
    family_id: Option<Vec<u8>>,
    scopes: String,
    created_at: i64,
    expires_at: i64,
    revoked_at: Option<i64>,
    resources: String,
    details: Option<String>,
    key_thumbprint: Option<String>,
    parent_kind: Option<String>,
    parent_hash: Option<Vec<u8>>,
    actor: Option<String>,
}

impl Row {
    pub(super) fn into_token(self) -> Result<AccessToken, StoreError> {
        let parent = match (self.parent_kind.as_deref(), self.parent_hash) {
            (None, None) => None,
            (Some("access_token"), Some(hash)) => Some(Parent::AccessToken(columns::hash(&hash)?)),
            (Some("api_secret"), Some(hash)) => Some(Parent::ApiSecret(columns::hash(&hash)?)),
            _ => return Err(StoreError::Corrupt("what a token was exchanged for is unknown")),
        };
        Ok(AccessToken {
            hash: columns::hash(&self.hash)?,
            client: columns::id(&self.client_id)?,
            family: self.family_id.as_deref().map(columns::id).transpose()?,
            scopes: columns::scopes(&self.scopes)?,
            resources: columns::resources(&self.resources)?,
            details: columns::details(self.details.as_deref())?,
            key: columns::thumbprint(self.key_thumbprint.as_deref())?,
            parent,
            actor: self.actor,
            created_at: Timestamp::from_millis(self.created_at),
            expires_at: Timestamp::from_millis(self.expires_at),
            revoked_at: columns::time(self.revoked_at),
        })
    }
}

fixed! { Insert:
    "INSERT INTO access_tokens (hash, client_id, family_id, scopes, created_at, expires_at, revoked_at, resources, \
     details, key_thumbprint, parent_kind, parent_hash, actor) VALUES (" hash: &'a [u8] as Binary,
    ", " client_id: &'a [u8] as Binary,
    ", " family_id: Option<&'a [u8]> as Nullable<Binary>,
    ", " scopes: String as Text,
    ", " created_at: i64 as BigInt,
    ", " expires_at: i64 as BigInt,
    ", " revoked_at: Option<i64> as Nullable<BigInt>,
    ", " resources: String as Text,
    ", " details: Option<String> as Nullable<Text>,
    ", " key_thumbprint: Option<&'a str> as Nullable<Text>,
    ", " parent_kind: Option<&'a str> as Nullable<Text>,
    ", " parent_hash: Option<&'a [u8]> as Nullable<Binary>,
    ", " actor: Option<&'a str> as Nullable<Text>,
    ; ")"
}

impl AccessTokens<'_> {
    /// Adds a token.
    pub fn insert(&mut self, token: &AccessToken) -> Result<(), StoreError> {
        let (parent_kind, parent_hash) = match &token.parent {
            None => (None, None),
            Some(Parent::AccessToken(hash)) => (Some("access_token"), Some(hash.as_bytes())),
            Some(Parent::ApiSecret(hash)) => (Some("api_secret"), Some(hash.as_bytes())),
        };
        let insert = Insert {
            hash: token.hash.as_bytes(),
            client_id: token.client.as_bytes(),
            family_id: token.family.as_ref().map(FamilyId::as_bytes),
            scopes: token.scopes.to_string(),
            created_at: token.created_at.millis(),
            expires_at: token.expires_at.millis(),
            revoked_at: token.revoked_at.map(Timestamp::millis),
            resources: columns::write_resources(&token.resources),
            details: token.details.as_ref().map(AuthorizationDetails::to_text),
            key_thumbprint: token.key.as_ref().map(Thumbprint::as_str),
            parent_kind,
            parent_hash,
            actor: token.actor.as_deref(),
            of: PhantomData,
        };
        insert.run(self.0)?;
        Ok(())
    }

    /// The token with this hash, ended or not.
    pub fn find(&mut self, hash: &TokenHash) -> Result<Option<AccessToken>, StoreError> {
        let this = access_tokens::table.filter(access_tokens::hash.eq(hash.as_bytes()));
        let row = on_either!(self.0, conn => this.select(Row::as_select()).get_result(conn));
        row.optional()?.map(Row::into_token).transpose()
    }

    /// Revokes a token. `false` where it was revoked already, or there is no such token.
    pub fn revoke(&mut self, hash: &TokenHash, now: Timestamp) -> Result<bool, StoreError> {
        self.1.note(hash.as_bytes());
        let this = access_tokens::table
            .filter(access_tokens::hash.eq(hash.as_bytes()))
            .filter(access_tokens::revoked_at.is_null());
        Ok(diesel::update(this).set(access_tokens::revoked_at.eq(now.millis())).execute(self.0)? == 1)
    }

    /// Revokes all tokens that were given to a client.
    pub fn revoke_all_for(&mut self, client: ClientId, now: Timestamp) -> Result<usize, StoreError> {
        self.1.note(client.as_bytes());
        let these = access_tokens::table
            .filter(access_tokens::client_id.eq(client.as_bytes()))
            .filter(access_tokens::revoked_at.is_null());
        Ok(diesel::update(these).set(access_tokens::revoked_at.eq(now.millis())).execute(self.0)?)
    }

    /// Revokes all tokens that a client holds in its own name.
    pub fn revoke_own_of(&mut self, client: ClientId, now: Timestamp) -> Result<usize, StoreError> {
        self.1.note(client.as_bytes());
        let these = access_tokens::table
            .filter(access_tokens::client_id.eq(client.as_bytes()))
            .filter(access_tokens::family_id.is_null())
            .filter(access_tokens::revoked_at.is_null());
        Ok(diesel::update(these).set(access_tokens::revoked_at.eq(now.millis())).execute(self.0)?)
    }
}
