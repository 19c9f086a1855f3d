//! Authorization requests that wait for the decision of a signed-in user.

use diesel::prelude::*;

use crate::model::grant::StoredRequest;
use crate::model::id::RequestId;
use crate::model::time::Timestamp;
use crate::store::StoreError;
use crate::store::Tx;
use crate::store::columns;
use crate::store::conn::Conn;
use crate::store::schema::authorization_requests;

/// The table `authorization_requests`.
pub struct AuthorizationRequests<'t>(&'t mut Conn);

impl Tx<'_> {
    /// Authorization requests that wait.
    pub fn authorization_requests(&mut self) -> AuthorizationRequests<'_> {
        AuthorizationRequests(self.conn)
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = authorization_requests)]
struct Row {
    id: Vec<u8>,
    session_id: Vec<u8>,
    parameters: String,
    expires_at: i64,
    decided_at: Option<i64>,
}

impl AuthorizationRequests<'_> {
    /// Adds a request.
    pub fn insert(&mut self, request: &StoredRequest, now: Timestamp) -> Result<(), StoreError> {
        let row = (
            authorization_requests::id.eq(request.id.as_bytes()),
            authorization_requests::session_id.eq(request.session.as_bytes()),
            authorization_requests::parameters.eq(&request.parameters),
            authorization_requests::created_at.eq(now.millis()),
            authorization_requests::expires_at.eq(request.expires_at.millis()),
        );
        diesel::insert_into(authorization_requests::table).values(row).execute(self.0)?;
        Ok(())
    }

    /// The request with this id.
    pub fn find(&mut self, id: RequestId) -> Result<Option<StoredRequest>, StoreError> {
        let row: Option<Row> = authorization_requests::table
            .filter(authorization_requests::id.eq(id.as_bytes()))
            .select(Row::as_select())
            .get_result(self.0)
            .optional()?;
        row.map(|row| {
            Ok(StoredRequest {
                id: columns::id(&row.id)?,
                session: columns::id(&row.session_id)?,
                parameters: row.parameters,
                expires_at: Timestamp::from_millis(row.expires_at),
                decided_at: columns::time(row.decided_at),
            })
        })
        .transpose()
    }

    /// Marks a request as decided. `false` where it was decided already: a form counts once.
    pub fn decide(&mut self, id: RequestId, now: Timestamp) -> Result<bool, StoreError> {
        let this = authorization_requests::table
            .filter(authorization_requests::id.eq(id.as_bytes()))
            .filter(authorization_requests::decided_at.is_null());
        Ok(diesel::update(this).set(authorization_requests::decided_at.eq(now.millis())).execute(self.0)? == 1)
    }
}
