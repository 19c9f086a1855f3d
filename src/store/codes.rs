//! Authorization codes, by their hashes (RFC 6749 §4.1.2).

use std::marker::PhantomData;

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use diesel::sql_types::Binary;

use crate::model::grant::Code;
use crate::model::pkce::CodeChallenge;
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
struct Row {
    hash: Vec<u8>,
    family_id: Vec<u8>,
    redirect_uri: String,
    redirect_uri_was_sent: bool,
    code_challenge: Option<String>,
    expires_at: i64,
    consumed_at: Option<i64>,
    key_thumbprint: Option<String>,
}

fixed! { Consume:
    "UPDATE codes SET consumed_at = " now: i64 as BigInt,
    " WHERE consumed_at IS NULL AND hash = " hash: &'a [u8] as Binary,
}

impl Codes<'_> {
    /// Adds a code.
    pub fn insert(&mut self, code: &Code, now: Timestamp) -> Result<(), StoreError> {
        let row = (
            codes::hash.eq(code.hash.as_bytes()),
            codes::family_id.eq(code.family.as_bytes()),
            codes::redirect_uri.eq(&code.redirect_uri),
            codes::redirect_uri_was_sent.eq(code.redirect_uri_was_sent),
            codes::code_challenge.eq(code.challenge.as_ref().map(ToString::to_string)),
            codes::created_at.eq(now.millis()),
            codes::expires_at.eq(code.expires_at.millis()),
            codes::key_thumbprint.eq(code.key.as_ref().map(ToString::to_string)),
        );
        diesel::insert_into(codes::table).values(row).execute(self.0)?;
        Ok(())
    }

    /// The code with this hash, used or not.
    pub fn find(&mut self, hash: &TokenHash) -> Result<Option<Code>, StoreError> {
        let this = codes::table.filter(codes::hash.eq(hash.as_bytes()));
        let row: Option<Row> = on_either!(self.0, conn => this.select(Row::as_select()).get_result(conn)).optional()?;
        row.map(|row| {
            let challenge = row
                .code_challenge
                .as_deref()
                .map(|text| CodeChallenge::from_text(text).ok_or(StoreError::Corrupt("a code challenge is not one")));
            Ok(Code {
                hash: columns::hash(&row.hash)?,
                family: columns::id(&row.family_id)?,
                redirect_uri: row.redirect_uri,
                redirect_uri_was_sent: row.redirect_uri_was_sent,
                challenge: challenge.transpose()?,
                key: columns::thumbprint(row.key_thumbprint.as_deref())?,
                expires_at: Timestamp::from_millis(row.expires_at),
                consumed_at: columns::time(row.consumed_at),
            })
        })
        .transpose()
    }

    /// Marks a code as used. `false` where another request was first.
    pub fn consume(&mut self, hash: &TokenHash, now: Timestamp) -> Result<bool, StoreError> {
        Ok(Consume { now: now.millis(), hash: hash.as_bytes(), of: PhantomData }.run(self.0)? == 1)
    }
}
