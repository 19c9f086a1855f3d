//! Authorization codes, by their hashes (RFC 6749 §4.1.2).

use std::marker::PhantomData;

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use diesel::sql_types::Binary;
use diesel::sql_types::Bool;
use diesel::sql_types::Nullable;
use diesel::sql_types::Text;

use crate::model::grant::Code;
use crate::model::pkce::CodeChallenge;
use crate::model::thumbprint::Thumbprint;
use crate::model::time::Timestamp;
use crate::model::token::TokenHash;
use crate::store::StoreError;
use crate::store::Tx;
use crate::store::columns;
use crate::store::conn::Conn;
use crate::store::conn::on_either;
use crate::store::fixed::fixed;
use crate::store::schema::codes;

/// The table `codes`.
pub struct Codes<'t>(&'t mut Conn);

impl Tx<'_> {
    /// Authorization codes.
    pub fn codes(&mut self) -> Codes<'_> {
        Codes(self.conn)
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = codes)]
pub(super) struct Row {
    hash: Vec<u8>,
    family_id: Vec<u8>,
    redirect_uri: String,
    redirect_uri_was_sent: bool,
    code_challenge: Option<String>,
    expires_at: i64,
    consumed_at: Option<i64>,
    key_thumbprint: Option<String>,
}

impl Row {
    pub(super) fn into_code(self) -> Result<Code, StoreError> {
        let challenge = self
            .code_challenge
            .as_deref()
            .map(|text| CodeChallenge::from_text(text).ok_or(StoreError::Corrupt("a code challenge is not one")));
        Ok(Code {
            hash: columns::hash(&self.hash)?,
            family: columns::id(&self.family_id)?,
            redirect_uri: self.redirect_uri,
            redirect_uri_was_sent: self.redirect_uri_was_sent,
            challenge: challenge.transpose()?,
            key: columns::thumbprint(self.key_thumbprint.as_deref())?,
            expires_at: Timestamp::from_millis(self.expires_at),
            consumed_at: columns::time(self.consumed_at),
        })
    }
}

fixed! { Insert:
    "INSERT INTO codes (hash, family_id, redirect_uri, redirect_uri_was_sent, code_challenge, created_at, expires_at, \
     key_thumbprint) VALUES (" hash: &'a [u8] as Binary,
    ", " family_id: &'a [u8] as Binary,
    ", " redirect_uri: &'a str as Text,
    ", " redirect_uri_was_sent: bool as Bool,
    ", " code_challenge: Option<String> as Nullable<Text>,
    ", " created_at: i64 as BigInt,
    ", " expires_at: i64 as BigInt,
    ", " key_thumbprint: Option<&'a str> as Nullable<Text>,
    ; ")"
}

fixed! { Consume:
    "UPDATE codes SET consumed_at = " now: i64 as BigInt,
    " WHERE consumed_at IS NULL AND hash = " hash: &'a [u8] as Binary,
}

impl Codes<'_> {
    /// Adds a code.
    pub fn insert(&mut self, code: &Code, now: Timestamp) -> Result<(), StoreError> {
        let insert = Insert {
            hash: code.hash.as_bytes(),
            family_id: code.family.as_bytes(),
            redirect_uri: &code.redirect_uri,
            redirect_uri_was_sent: code.redirect_uri_was_sent,
            code_challenge: code.challenge.as_ref().map(ToString::to_string),
            created_at: now.millis(),
            expires_at: code.expires_at.millis(),
            key_thumbprint: code.key.as_ref().map(Thumbprint::as_str),
            of: PhantomData,
        };
        insert.run(self.0)?;
        Ok(())
    }

    /// The code with this hash, used or not.
    pub fn find(&mut self, hash: &TokenHash) -> Result<Option<Code>, StoreError> {
        let this = codes::table.filter(codes::hash.eq(hash.as_bytes()));
        let row: Option<Row> = on_either!(self.0, conn => this.select(Row::as_select()).get_result(conn)).optional()?;
        row.map(Row::into_code).transpose()
    }

    /// Marks a code as used. `false` where another request was first.
    pub fn consume(&mut self, hash: &TokenHash, now: Timestamp) -> Result<bool, StoreError> {
        Ok(Consume { now: now.millis(), hash: hash.as_bytes(), of: PhantomData }.run(self.0)? == 1)
    }
}
