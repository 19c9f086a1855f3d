//! What users let clients do.

use diesel::prelude::*;

use crate::model::grant::Grant;
use crate::model::id::ClientId;
use crate::model::id::GrantId;
use crate::model::id::UserId;
use crate::model::listing::Age;
use crate::model::listing::Found;
use crate::model::listing::GrantFilter;
use crate::model::listing::Part;
use crate::model::time::Timestamp;
use crate::store::StoreError;
use crate::store::Tx;
use crate::store::columns;
use crate::store::conn::Conn;
use crate::store::conn::on_either;
use crate::store::freshness::Changes;
use crate::store::listing::containing;
use crate::store::listing::lower;
use crate::store::listing::part_by_id;
use crate::store::schema::grants;

/// The table `grants`.
pub struct Grants<'t>(&'t mut Conn, &'t mut Changes);

impl Tx<'_> {
    /// What users let clients do.
    pub fn grants(&mut self) -> Grants<'_> {
        Grants(self.conn, self.changes)
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = grants, treat_none_as_default_value = false)]
pub(super) struct Row {
    id: Vec<u8>,
    user_id: Vec<u8>,
    client_id: Vec<u8>,
    scopes: String,
    redirect_uris: String,
    created_at: i64,
    renewed_at: i64,
    expires_at: Option<i64>,
    revoked_at: Option<i64>,
    resources: String,
}

impl Row {
    pub(super) fn into_grant(self) -> Result<Grant, StoreError> {
        Ok(Grant {
            id: columns::id(&self.id)?,
            user: columns::id(&self.user_id)?,
            client: columns::id(&self.client_id)?,
            scopes: columns::scopes(&self.scopes)?,
            redirect_uris: columns::redirect_uris(&self.redirect_uris)?,
            resources: columns::resources(&self.resources)?,
            created_at: Timestamp::from_millis(self.created_at),
            renewed_at: Timestamp::from_millis(self.renewed_at),
            expires_at: columns::time(self.expires_at),
            revoked_at: columns::time(self.revoked_at),
        })
    }
}

impl Grants<'_> {
    /// Adds a grant.
    pub fn insert(&mut self, grant: &Grant) -> Result<(), StoreError> {
        let row = Row {
            id: grant.id.as_bytes().to_vec(),
            user_id: grant.user.as_bytes().to_vec(),
            client_id: grant.client.as_bytes().to_vec(),
            scopes: grant.scopes.to_string(),
            redirect_uris: columns::write_redirect_uris(&grant.redirect_uris),
            resources: columns::write_resources(&grant.resources),
            created_at: grant.created_at.millis(),
            renewed_at: grant.renewed_at.millis(),
            expires_at: grant.expires_at.map(Timestamp::millis),
            revoked_at: grant.revoked_at.map(Timestamp::millis),
        };
        diesel::insert_into(grants::table).values(row).execute(self.0)?;
        Ok(())
    }

    /// The grant with this id.
    pub fn find(&mut self, id: GrantId) -> Result<Option<Grant>, StoreError> {
        let this = grants::table.filter(grants::id.eq(id.as_bytes()));
        let row = on_either!(self.0, conn => this.select(Row::as_select()).get_result(conn));
        row.optional()?.map(Row::into_grant).transpose()
    }

    /// The grants of a user to a client that hold at `now`, the newest first.
    pub fn find_live(&mut self, user: UserId, client: ClientId, now: Timestamp) -> Result<Vec<Grant>, StoreError> {
        let these = grants::table
            .filter(grants::user_id.eq(user.as_bytes()))
            .filter(grants::client_id.eq(client.as_bytes()))
            .filter(grants::revoked_at.is_null())
            .filter(grants::expires_at.is_null().or(grants::expires_at.gt(now.millis())))
            .order(grants::id.desc());
        let rows: Vec<Row> = on_either!(self.0, conn => these.select(Row::as_select()).load(conn))?;
        rows.into_iter().map(Row::into_grant).collect()
    }

    /// A user's grants that hold at `now`, the one renewed last first.
    pub fn list_live_of(&mut self, user: UserId, now: Timestamp) -> Result<Vec<Grant>, StoreError> {
        let rows: Vec<Row> = grants::table
            .filter(grants::user_id.eq(user.as_bytes()))
            .filter(grants::revoked_at.is_null())
            .filter(grants::expires_at.is_null().or(grants::expires_at.gt(now.millis())))
            .order(grants::renewed_at.desc())
            .select(Row::as_select())
            .load(self.0)?;
        rows.into_iter().map(Row::into_grant).collect()
    }

    /// How many users have let a client in and not taken it back by `now`.
    pub fn count_users_of(&mut self, client: ClientId, now: Timestamp) -> Result<i64, StoreError> {
        let users = grants::table
            .filter(grants::client_id.eq(client.as_bytes()))
            .filter(grants::revoked_at.is_null())
            .filter(grants::expires_at.is_null().or(grants::expires_at.gt(now.millis())))
            .select(diesel::dsl::count(grants::user_id).aggregate_distinct());
        Ok(users.get_result(self.0)?)
    }

    /// At most `limit` grants behind the id `after` that hold at `now`, oldest first: those of one user, to one client,
    /// or all.
    pub fn list_live(
        &mut self,
        (user, client): (Option<UserId>, Option<ClientId>),
        after: Option<GrantId>,
        limit: i64,
        now: Timestamp,
    ) -> Result<Vec<Grant>, StoreError> {
        let mut query = grants::table
            .filter(grants::revoked_at.is_null())
            .filter(grants::expires_at.is_null().or(grants::expires_at.gt(now.millis())))
            .order(grants::id)
            .limit(limit)
            .select(Row::as_select())
            .into_boxed();
        if let Some(user) = user {
            query = query.filter(grants::user_id.eq(user.as_bytes().to_vec()));
        }
        if let Some(client) = client {
            query = query.filter(grants::client_id.eq(client.as_bytes().to_vec()));
        }
        if let Some(after) = after {
            query = query.filter(grants::id.gt(after.as_bytes().to_vec()));
        }
        let rows: Vec<Row> = query.load(self.0)?;
        rows.into_iter().map(Row::into_grant).collect()
    }

    /// A part of the list of those that hold at `now` and that `filter` lets through.
    pub fn search(
        &mut self,
        filter: &GrantFilter,
        part: &Part<Age>,
        now: Timestamp,
    ) -> Result<Found<Grant>, StoreError> {
        let wanted = narrowed(filter)
            .filter(grants::revoked_at.is_null())
            .filter(grants::expires_at.is_null().or(grants::expires_at.gt(now.millis())));
        let all = narrowed(&GrantFilter { text: None, ..filter.clone() });
        part_by_id!(self.0, part, grants::id, all, wanted, Row, Row::into_grant)
    }

    /// Replaces what a grant allows and until when, as its user decided anew.
    pub fn renew(&mut self, grant: &Grant) -> Result<(), StoreError> {
        self.1.note(grant.id.as_bytes());
        let columns = (
            grants::scopes.eq(grant.scopes.to_string()),
            grants::redirect_uris.eq(columns::write_redirect_uris(&grant.redirect_uris)),
            grants::resources.eq(columns::write_resources(&grant.resources)),
            grants::renewed_at.eq(grant.renewed_at.millis()),
            grants::expires_at.eq(grant.expires_at.map(Timestamp::millis)),
        );
        diesel::update(grants::table.filter(grants::id.eq(grant.id.as_bytes()))).set(columns).execute(self.0)?;
        Ok(())
    }

    /// Takes back all that was granted to a client, and returns how many grants that were.
    pub fn revoke_all_for(&mut self, client: ClientId, now: Timestamp) -> Result<usize, StoreError> {
        self.1.note(client.as_bytes());
        let these = grants::table.filter(grants::client_id.eq(client.as_bytes())).filter(grants::revoked_at.is_null());
        Ok(diesel::update(these).set(grants::revoked_at.eq(now.millis())).execute(self.0)?)
    }

    /// Takes a grant back; all that hangs on it is refused from now on. `false` where it was taken back already.
    pub fn revoke(&mut self, id: GrantId, now: Timestamp) -> Result<bool, StoreError> {
        self.1.note(id.as_bytes());
        let this = grants::table.filter(grants::id.eq(id.as_bytes())).filter(grants::revoked_at.is_null());
        Ok(diesel::update(this).set(grants::revoked_at.eq(now.millis())).execute(self.0)? == 1)
    }
}

/// What `filter` lets through, whether it holds or not.
fn narrowed(filter: &GrantFilter) -> grants::BoxedQuery<'static, <Conn as Connection>::Backend> {
    let mut query = grants::table.into_boxed();
    if let Some(user) = filter.user {
        query = query.filter(grants::user_id.eq(user.as_bytes().to_vec()));
    }
    if let Some(client) = filter.client {
        query = query.filter(grants::client_id.eq(client.as_bytes().to_vec()));
    }
    if let Some(text) = &filter.text {
        query = query.filter(lower(grants::scopes).like(lower(containing(text))).escape('\\'));
    }
    query
}
