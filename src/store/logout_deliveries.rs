//! Clients that are yet to be told of the end of a session (OpenID Connect Back-Channel Logout §2.5).

use diesel::prelude::*;

use crate::model::id::DeliveryId;
use crate::model::logout::LogoutDelivery;
use crate::model::time::Timestamp;
use crate::store::StoreError;
use crate::store::Tx;
use crate::store::columns;
use crate::store::conn::Conn;
use crate::store::schema::logout_deliveries;

/// The table `logout_deliveries`.
pub struct LogoutDeliveries<'t>(&'t mut Conn);

impl Tx<'_> {
    /// Clients that are yet to be told of the end of a session.
    pub fn logout_deliveries(&mut self) -> LogoutDeliveries<'_> {
        LogoutDeliveries(self.conn)
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = logout_deliveries, treat_none_as_default_value = false)]
struct Row {
    id: Vec<u8>,
    client_id: Vec<u8>,
    subject: String,
    sid: Option<String>,
    uri: String,
    attempts: i64,
    next_at: i64,
    created_at: i64,
}

impl Row {
    fn into_delivery(self) -> Result<LogoutDelivery, StoreError> {
        Ok(LogoutDelivery {
            id: columns::id(&self.id)?,
            client: columns::id(&self.client_id)?,
            subject: self.subject,
            sid: self.sid,
            uri: self.uri,
            attempts: self.attempts,
            next_at: Timestamp::from_millis(self.next_at),
            created_at: Timestamp::from_millis(self.created_at),
        })
    }
}

impl LogoutDeliveries<'_> {
    /// Adds one.
    pub fn insert(&mut self, delivery: &LogoutDelivery) -> Result<(), StoreError> {
        let row = Row {
            id: delivery.id.as_bytes().to_vec(),
            client_id: delivery.client.as_bytes().to_vec(),
            subject: delivery.subject.clone(),
            sid: delivery.sid.clone(),
            uri: delivery.uri.clone(),
            attempts: delivery.attempts,
            next_at: delivery.next_at.millis(),
            created_at: delivery.created_at.millis(),
        };
        diesel::insert_into(logout_deliveries::table).values(row).execute(self.0)?;
        Ok(())
    }

    /// At most `limit` of those whose time has come at `now`, the longest due first.
    pub fn find_due(&mut self, now: Timestamp, limit: i64) -> Result<Vec<LogoutDelivery>, StoreError> {
        let rows: Vec<Row> = logout_deliveries::table
            .filter(logout_deliveries::next_at.le(now.millis()))
            .order(logout_deliveries::next_at)
            .limit(limit)
            .select(Row::as_select())
            .load(self.0)?;
        rows.into_iter().map(Row::into_delivery).collect()
    }

    /// Takes one for one more attempt, after which it is due again at `next_at`. `false` where another node was first, or
    /// it is there no more.
    pub fn claim(&mut self, delivery: &LogoutDelivery, next_at: Timestamp) -> Result<bool, StoreError> {
        let this = logout_deliveries::table
            .filter(logout_deliveries::id.eq(delivery.id.as_bytes()))
            .filter(logout_deliveries::attempts.eq(delivery.attempts));
        let columns =
            (logout_deliveries::attempts.eq(delivery.attempts + 1), logout_deliveries::next_at.eq(next_at.millis()));
        Ok(diesel::update(this).set(columns).execute(self.0)? == 1)
    }

    /// Takes one out for good.
    pub fn delete(&mut self, id: DeliveryId) -> Result<(), StoreError> {
        diesel::delete(logout_deliveries::table.filter(logout_deliveries::id.eq(id.as_bytes()))).execute(self.0)?;
        Ok(())
    }
}
