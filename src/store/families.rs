//! Families of tokens: all that came of one authorization code.

use std::marker::PhantomData;

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use diesel::sql_types::Binary;
use diesel::sql_types::Nullable;
use diesel::sql_types::Text;

use crate::model::details::AuthorizationDetails;
use crate::model::grant::Family;
use crate::model::id::ClientId;
use crate::model::id::FamilyId;
use crate::model::id::GrantId;
use crate::model::id::UserId;
use crate::model::thumbprint::Thumbprint;
use crate::model::time::Timestamp;
use crate::store::StoreError;
use crate::store::Tx;
use crate::store::columns;
use crate::store::conn::Conn;
use crate::store::conn::on_either;
use crate::store::fixed::fixed;
use crate::store::freshness::Changes;
use crate::store::schema::families;

/// The table `families`.
pub struct Families<'t>(&'t mut Conn, &'t mut Changes);

impl Tx<'_> {
    /// Families of tokens.
    pub fn families(&mut self) -> Families<'_> {
        Families(self.conn, self.changes)
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = families)]
pub(super) struct Row {
    id: Vec<u8>,
    grant_id: Vec<u8>,
    user_id: Vec<u8>,
    client_id: Vec<u8>,
    scopes: String,
    created_at: i64,
    expires_at: i64,
    ended_at: Option<i64>,
    resources: String,
    details: Option<String>,
    key_thumbprint: Option<String>,
}

impl Row {
    pub(super) fn into_family(self) -> Result<Family, StoreError> {
        Ok(Family {
            id: columns::id(&self.id)?,
            grant: columns::id(&self.grant_id)?,
            user: columns::id(&self.user_id)?,
            client: columns::id(&self.client_id)?,
            scopes: columns::scopes(&self.scopes)?,
            resources: columns::resources(&self.resources)?,
            details: columns::details(self.details.as_deref())?,
            key: columns::thumbprint(self.key_thumbprint.as_deref())?,
            created_at: Timestamp::from_millis(self.created_at),
            expires_at: Timestamp::from_millis(self.expires_at),
            ended_at: columns::time(self.ended_at),
        })
    }
}

fixed! { Insert:
    "INSERT INTO families (id, grant_id, user_id, client_id, scopes, created_at, expires_at, ended_at, resources, \
     details, key_thumbprint) VALUES (" id: &'a [u8] as Binary,
    ", " grant_id: &'a [u8] as Binary,
    ", " user_id: &'a [u8] as Binary,
    ", " client_id: &'a [u8] as Binary,
    ", " scopes: String as Text,
    ", " created_at: i64 as BigInt,
    ", " expires_at: i64 as BigInt,
    ", " ended_at: Option<i64> as Nullable<BigInt>,
    ", " resources: String as Text,
    ", " details: Option<String> as Nullable<Text>,
    ", " key_thumbprint: Option<&'a str> as Nullable<Text>,
    ; ")"
}

fixed! { Extend:
    "UPDATE families SET expires_at = " end: i64 as BigInt,
    " WHERE id = " id: &'a [u8] as Binary,
    " AND expires_at < " before: i64 as BigInt,
}

impl Families<'_> {
    /// Adds a family.
    pub fn insert(&mut self, family: &Family) -> Result<(), StoreError> {
        let insert = Insert {
            id: family.id.as_bytes(),
            grant_id: family.grant.as_bytes(),
            user_id: family.user.as_bytes(),
            client_id: family.client.as_bytes(),
            scopes: family.scopes.to_string(),
            created_at: family.created_at.millis(),
            expires_at: family.expires_at.millis(),
            ended_at: family.ended_at.map(Timestamp::millis),
            resources: columns::write_resources(&family.resources),
            details: family.details.as_ref().map(AuthorizationDetails::to_text),
            key_thumbprint: family.key.as_ref().map(Thumbprint::as_str),
            of: PhantomData,
        };
        insert.run(self.0)?;
        Ok(())
    }

    /// The family with this id.
    pub fn find(&mut self, id: FamilyId) -> Result<Option<Family>, StoreError> {
        let this = families::table.filter(families::id.eq(id.as_bytes()));
        let row = on_either!(self.0, conn => this.select(Row::as_select()).get_result(conn));
        row.optional()?.map(Row::into_family).transpose()
    }

    /// Lets a family last until `end`, if it would end sooner.
    pub fn extend(&mut self, id: FamilyId, end: Timestamp) -> Result<(), StoreError> {
        let end = end.millis();
        Extend { end, id: id.as_bytes(), before: end, of: PhantomData }.run(self.0)?;
        Ok(())
    }

    /// Binds the refresh tokens of a family to a key (RFC 9449 §5).
    pub fn bind(&mut self, id: FamilyId, key: &Thumbprint) -> Result<(), StoreError> {
        let this = families::table.filter(families::id.eq(id.as_bytes()));
        diesel::update(this).set(families::key_thumbprint.eq(key.as_str())).execute(self.0)?;
        Ok(())
    }

    /// Hangs all families of one grant on another one of the same user and client.
    pub fn move_all(&mut self, from: GrantId, to: GrantId) -> Result<(), StoreError> {
        self.1.note(from.as_bytes());
        let these = families::table.filter(families::grant_id.eq(from.as_bytes()));
        diesel::update(these).set(families::grant_id.eq(to.as_bytes())).execute(self.0)?;
        Ok(())
    }

    /// Ends a family: none of its tokens is accepted from now on. `false` where it had ended already.
    pub fn end(&mut self, id: FamilyId, now: Timestamp) -> Result<bool, StoreError> {
        self.1.note(id.as_bytes());
        let this = families::table.filter(families::id.eq(id.as_bytes())).filter(families::ended_at.is_null());
        Ok(diesel::update(this).set(families::ended_at.eq(now.millis())).execute(self.0)? == 1)
    }

    /// Ends all families of a user: codes, refresh tokens and access tokens, whomever they were given to.
    pub fn end_all_of(&mut self, user: UserId, now: Timestamp) -> Result<usize, StoreError> {
        self.1.note(user.as_bytes());
        let these = families::table.filter(families::user_id.eq(user.as_bytes())).filter(families::ended_at.is_null());
        Ok(diesel::update(these).set(families::ended_at.eq(now.millis())).execute(self.0)?)
    }

    /// Ends all families of a client, whosever they are.
    pub fn end_all_for(&mut self, client: ClientId, now: Timestamp) -> Result<usize, StoreError> {
        self.1.note(client.as_bytes());
        let these =
            families::table.filter(families::client_id.eq(client.as_bytes())).filter(families::ended_at.is_null());
        Ok(diesel::update(these).set(families::ended_at.eq(now.millis())).execute(self.0)?)
    }
}
