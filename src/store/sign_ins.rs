//! Sign-ins to clients, as their id_tokens tell of them (OpenID Connect Core §2).

use diesel::prelude::*;

use crate::model::id::FamilyId;
use crate::model::id::SessionId;
use crate::model::id::UserId;
use crate::model::openid::SignIn;
use crate::model::time::Timestamp;
use crate::store::StoreError;
use crate::store::Tx;
use crate::store::columns;
use crate::store::conn::Conn;
use crate::store::schema::families;
use crate::store::schema::sign_ins;

/// The table `sign_ins`.
pub struct SignIns<'t>(&'t mut Conn);

impl Tx<'_> {
    /// Sign-ins to clients.
    pub fn sign_ins(&mut self) -> SignIns<'_> {
        SignIns(self.conn)
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = sign_ins, treat_none_as_default_value = false)]
struct Row {
    family_id: Vec<u8>,
    session_id: Vec<u8>,
    user_id: Vec<u8>,
    client_id: Vec<u8>,
    authenticated_at: i64,
    amr: String,
    nonce: Option<String>,
    claims: Option<String>,
    created_at: i64,
    expires_at: i64,
    logged_out_at: Option<i64>,
}

impl Row {
    fn into_sign_in(self) -> Result<SignIn, StoreError> {
        Ok(SignIn {
            family: columns::id(&self.family_id)?,
            session: columns::id(&self.session_id)?,
            user: columns::id(&self.user_id)?,
            client: columns::id(&self.client_id)?,
            authenticated_at: Timestamp::from_millis(self.authenticated_at),
            amr: self.amr,
            nonce: self.nonce,
            claims: self.claims,
            created_at: Timestamp::from_millis(self.created_at),
            expires_at: Timestamp::from_millis(self.expires_at),
            logged_out_at: columns::time(self.logged_out_at),
        })
    }
}

impl SignIns<'_> {
    /// Adds a sign-in.
    pub fn insert(&mut self, sign_in: &SignIn) -> Result<(), StoreError> {
        let row = Row {
            family_id: sign_in.family.as_bytes().to_vec(),
            session_id: sign_in.session.as_bytes().to_vec(),
            user_id: sign_in.user.as_bytes().to_vec(),
            client_id: sign_in.client.as_bytes().to_vec(),
            authenticated_at: sign_in.authenticated_at.millis(),
            amr: sign_in.amr.clone(),
            nonce: sign_in.nonce.clone(),
            claims: sign_in.claims.clone(),
            created_at: sign_in.created_at.millis(),
            expires_at: sign_in.expires_at.millis(),
            logged_out_at: sign_in.logged_out_at.map(Timestamp::millis),
        };
        diesel::insert_into(sign_ins::table).values(row).execute(self.0)?;
        Ok(())
    }

    /// The sign-in that the tokens of this family came of.
    pub fn find(&mut self, family: FamilyId) -> Result<Option<SignIn>, StoreError> {
        let this = sign_ins::table.filter(sign_ins::family_id.eq(family.as_bytes())).select(Row::as_select());
        this.get_result(self.0).optional()?.map(Row::into_sign_in).transpose()
    }

    /// Those in a session that have not heard of its end.
    pub fn list_of_session(&mut self, session: SessionId) -> Result<Vec<SignIn>, StoreError> {
        let rows: Vec<Row> = sign_ins::table
            .filter(sign_ins::session_id.eq(session.as_bytes()))
            .filter(sign_ins::logged_out_at.is_null())
            .select(Row::as_select())
            .load(self.0)?;
        rows.into_iter().map(Row::into_sign_in).collect()
    }

    /// Those of a user that have not heard of the end of their sessions.
    pub fn list_of_user(&mut self, user: UserId) -> Result<Vec<SignIn>, StoreError> {
        let rows: Vec<Row> = sign_ins::table
            .filter(sign_ins::user_id.eq(user.as_bytes()))
            .filter(sign_ins::logged_out_at.is_null())
            .select(Row::as_select())
            .load(self.0)?;
        rows.into_iter().map(Row::into_sign_in).collect()
    }

    /// Notes that the session of a sign-in has ended.
    pub fn log_out(&mut self, family: FamilyId, now: Timestamp) -> Result<(), StoreError> {
        let this = sign_ins::table.filter(sign_ins::family_id.eq(family.as_bytes()));
        diesel::update(this).set(sign_ins::logged_out_at.eq(now.millis())).execute(self.0)?;
        Ok(())
    }

    /// The session goes on: nobody forgets before its new end who is to be told of it.
    pub fn prolong(&mut self, session: SessionId, until: Timestamp) -> Result<(), StoreError> {
        let these = sign_ins::table
            .filter(sign_ins::session_id.eq(session.as_bytes()))
            .filter(sign_ins::expires_at.lt(until.millis()));
        diesel::update(these).set(sign_ins::expires_at.eq(until.millis())).execute(self.0)?;
        Ok(())
    }

    /// Looks at about `limit` sign-ins whose time was over at `before`: those that have tokens yet stay until these end, all
    /// others go. Returns how many it looked at.
    pub(super) fn purge(&mut self, before: Timestamp, limit: i64) -> Result<usize, StoreError> {
        let ended: Vec<(Vec<u8>, Option<i64>)> = sign_ins::table
            .left_join(families::table.on(families::id.eq(sign_ins::family_id)))
            .filter(sign_ins::expires_at.le(before.millis()))
            .order(sign_ins::expires_at)
            .limit(limit)
            .select((sign_ins::family_id, families::expires_at.nullable()))
            .load(self.0)?;
        for (family, end) in &ended {
            let this = sign_ins::table.filter(sign_ins::family_id.eq(family));
            match end {
                // Never looked at again before that, or the same ones would stand before all others each time.
                Some(end) => {
                    let end = (*end).max(before.millis().saturating_add(60_000));
                    diesel::update(this).set(sign_ins::expires_at.eq(end)).execute(self.0)?
                }
                None => diesel::delete(this).execute(self.0)?,
            };
        }
        Ok(ended.len())
    }
}
