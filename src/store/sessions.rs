//! Browser sessions. The cookie itself is not here, only its hash.

use diesel::prelude::*;

use crate::model::id::SessionId;
use crate::model::id::UserId;
use crate::model::listing::Age;
use crate::model::listing::Found;
use crate::model::listing::Part;
use crate::model::listing::SessionFilter;
use crate::model::session::Session;
use crate::model::time::Timestamp;
use crate::model::token::TokenHash;
use crate::store::StoreError;
use crate::store::Tx;
use crate::store::columns;
use crate::store::conn::Conn;
use crate::store::conn::on_either;
use crate::store::freshness::Changes;
use crate::store::listing::containing;
use crate::store::listing::lower;
use crate::store::listing::part_by_id;
use crate::store::schema::sessions;

/// The table `sessions`.
pub struct Sessions<'t>(&'t mut Conn, &'t mut Changes);

impl Tx<'_> {
    /// Browser sessions.
    pub fn sessions(&mut self) -> Sessions<'_> {
        Sessions(self.conn, self.changes)
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = sessions)]
pub(super) struct Row {
    id: Vec<u8>,
    user_id: Vec<u8>,
    authenticated_at: i64,
    amr: String,
    seen_at: i64,
    idle_expires_at: i64,
    expires_at: i64,
    address: String,
    user_agent: String,
}

impl Row {
    pub(super) fn into_session(self) -> Result<Session, StoreError> {
        Ok(Session {
            id: columns::id(&self.id)?,
            user: columns::id(&self.user_id)?,
            authenticated_at: Timestamp::from_millis(self.authenticated_at),
            amr: self.amr,
            seen_at: Timestamp::from_millis(self.seen_at),
            idle_expires_at: Timestamp::from_millis(self.idle_expires_at),
            expires_at: Timestamp::from_millis(self.expires_at),
            address: self.address,
            user_agent: self.user_agent,
        })
    }
}

impl Sessions<'_> {
    /// Adds a session whose cookie has the hash `hash`.
    pub fn insert(&mut self, session: &Session, hash: &TokenHash) -> Result<(), StoreError> {
        let row = (
            sessions::id.eq(session.id.as_bytes()),
            sessions::hash.eq(hash.as_bytes()),
            sessions::user_id.eq(session.user.as_bytes()),
            sessions::authenticated_at.eq(session.authenticated_at.millis()),
            sessions::amr.eq(&session.amr),
            sessions::seen_at.eq(session.seen_at.millis()),
            sessions::idle_expires_at.eq(session.idle_expires_at.millis()),
            sessions::expires_at.eq(session.expires_at.millis()),
            sessions::address.eq(&session.address),
            sessions::user_agent.eq(&session.user_agent),
        );
        diesel::insert_into(sessions::table).values(row).execute(self.0)?;
        Ok(())
    }

    /// Writes that a session begins anew, with another cookie. `false` where it has ended.
    pub fn renew(&mut self, session: &Session, hash: &TokenHash) -> Result<bool, StoreError> {
        self.1.note(session.id.as_bytes());
        let columns = (
            sessions::hash.eq(hash.as_bytes()),
            sessions::authenticated_at.eq(session.authenticated_at.millis()),
            sessions::amr.eq(&session.amr),
            sessions::seen_at.eq(session.seen_at.millis()),
            sessions::idle_expires_at.eq(session.idle_expires_at.millis()),
            sessions::expires_at.eq(session.expires_at.millis()),
            sessions::address.eq(&session.address),
            sessions::user_agent.eq(&session.user_agent),
        );
        let this = sessions::table.filter(sessions::id.eq(session.id.as_bytes()));
        Ok(diesel::update(this).set(columns).execute(self.0)? == 1)
    }

    /// The session with this id.
    pub fn find(&mut self, id: SessionId) -> Result<Option<Session>, StoreError> {
        let this = sessions::table.filter(sessions::id.eq(id.as_bytes()));
        let row = on_either!(self.0, conn => this.select(Row::as_select()).get_result(conn));
        row.optional()?.map(Row::into_session).transpose()
    }

    /// A user's sessions that hold at `now`, the one used last first.
    pub fn list_live_of(&mut self, user: UserId, now: Timestamp) -> Result<Vec<Session>, StoreError> {
        let rows: Vec<Row> = sessions::table
            .filter(sessions::user_id.eq(user.as_bytes()))
            .filter(sessions::expires_at.gt(now.millis()))
            .filter(sessions::idle_expires_at.gt(now.millis()))
            .order(sessions::seen_at.desc())
            .select(Row::as_select())
            .load(self.0)?;
        rows.into_iter().map(Row::into_session).collect()
    }

    /// At most `limit` sessions behind the id `after` that hold at `now`, oldest first: those of one user, or
    /// everybody's.
    pub fn list_live(
        &mut self,
        of: Option<UserId>,
        after: Option<SessionId>,
        limit: i64,
        now: Timestamp,
    ) -> Result<Vec<Session>, StoreError> {
        let mut query = sessions::table
            .filter(sessions::expires_at.gt(now.millis()))
            .filter(sessions::idle_expires_at.gt(now.millis()))
            .order(sessions::id)
            .limit(limit)
            .select(Row::as_select())
            .into_boxed();
        if let Some(user) = of {
            query = query.filter(sessions::user_id.eq(user.as_bytes().to_vec()));
        }
        if let Some(after) = after {
            query = query.filter(sessions::id.gt(after.as_bytes().to_vec()));
        }
        let rows: Vec<Row> = query.load(self.0)?;
        rows.into_iter().map(Row::into_session).collect()
    }

    /// A part of the list of those that hold at `now` and that `filter` lets through.
    pub fn search(
        &mut self,
        filter: &SessionFilter,
        part: &Part<Age>,
        now: Timestamp,
    ) -> Result<Found<Session>, StoreError> {
        let wanted = narrowed(filter)
            .filter(sessions::expires_at.gt(now.millis()))
            .filter(sessions::idle_expires_at.gt(now.millis()));
        let all = narrowed(&SessionFilter { user: filter.user, text: None });
        part_by_id!(self.0, part, sessions::id, all, wanted, Row, Row::into_session)
    }

    /// Notes that a session was used, and until when it may now rest.
    pub fn touch(&mut self, id: SessionId, now: Timestamp, idle_end: Timestamp) -> Result<(), StoreError> {
        // Another node that goes by the old end asks again when that has come.
        self.1.note_here(id.as_bytes());
        let this = sessions::table.filter(sessions::id.eq(id.as_bytes())).filter(sessions::seen_at.lt(now.millis()));
        let columns = (sessions::seen_at.eq(now.millis()), sessions::idle_expires_at.eq(idle_end.millis()));
        diesel::update(this).set(columns).execute(self.0)?;
        Ok(())
    }

    /// Ends a session. `false` where there is none.
    pub fn end(&mut self, id: SessionId) -> Result<bool, StoreError> {
        self.1.note(id.as_bytes());
        Ok(diesel::delete(sessions::table.filter(sessions::id.eq(id.as_bytes()))).execute(self.0)? == 1)
    }

    /// Ends all sessions of a user but `kept`, and returns their number.
    pub fn end_all_of(&mut self, user: UserId, kept: Option<SessionId>) -> Result<usize, StoreError> {
        self.1.note(user.as_bytes());
        let these = sessions::table.filter(sessions::user_id.eq(user.as_bytes()));
        Ok(match kept {
            Some(kept) => diesel::delete(these.filter(sessions::id.ne(kept.as_bytes()))).execute(self.0)?,
            None => diesel::delete(these).execute(self.0)?,
        })
    }
}

/// What `filter` lets through, whether it holds or not.
fn narrowed(filter: &SessionFilter) -> sessions::BoxedQuery<'static, <Conn as Connection>::Backend> {
    let mut query = sessions::table.into_boxed();
    if let Some(user) = filter.user {
        query = query.filter(sessions::user_id.eq(user.as_bytes().to_vec()));
    }
    if let Some(text) = &filter.text {
        let text = containing(text);
        let from = lower(sessions::address).like(lower(text.clone())).escape('\\');
        query = query.filter(from.or(lower(sessions::user_agent).like(lower(text)).escape('\\')));
    }
    query
}
