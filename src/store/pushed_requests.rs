//! Pushed authorization requests, by the hashes of their references (RFC 9126).

use diesel::prelude::*;

use crate::model::grant::PushedRequest;
use crate::model::time::Timestamp;
use crate::model::token::TokenHash;
use crate::store::StoreError;
use crate::store::Tx;
use crate::store::columns;
use crate::store::conn::Conn;
use crate::store::schema::pushed_requests;

/// The table `pushed_requests`.
pub struct PushedRequests<'t>(&'t mut Conn);

impl Tx<'_> {
    /// Pushed authorization requests.
    pub fn pushed_requests(&mut self) -> PushedRequests<'_> {
        PushedRequests(self.conn)
    }
}

impl PushedRequests<'_> {
    /// Adds a request.
    pub fn insert(&mut self, hash: &TokenHash, request: &PushedRequest, now: Timestamp) -> Result<(), StoreError> {
        let row = (
            pushed_requests::hash.eq(hash.as_bytes()),
            pushed_requests::client_id.eq(request.client.as_bytes()),
            pushed_requests::parameters.eq(&request.parameters),
            pushed_requests::created_at.eq(now.millis()),
            pushed_requests::expires_at.eq(request.expires_at.millis()),
        );
        diesel::insert_into(pushed_requests::table).values(row).execute(self.0)?;
        Ok(())
    }

    /// The request with this hash, answered or not.
    pub fn find(&mut self, hash: &TokenHash) -> Result<Option<PushedRequest>, StoreError> {
        let row: Option<(Vec<u8>, String, i64, Option<i64>)> = pushed_requests::table
            .filter(pushed_requests::hash.eq(hash.as_bytes()))
            .select((
                pushed_requests::client_id,
                pushed_requests::parameters,
                pushed_requests::expires_at,
                pushed_requests::consumed_at,
            ))
            .get_result(self.0)
            .optional()?;
        row.map(|(client, parameters, expires_at, consumed_at)| {
            Ok(PushedRequest {
                client: columns::id(&client)?,
                parameters,
                expires_at: Timestamp::from_millis(expires_at),
                consumed_at: columns::time(consumed_at),
            })
        })
        .transpose()
    }

    /// Marks a request as answered. `false` where it was answered before.
    pub fn consume(&mut self, hash: &TokenHash, now: Timestamp) -> Result<bool, StoreError> {
        let this = pushed_requests::table
            .filter(pushed_requests::hash.eq(hash.as_bytes()))
            .filter(pushed_requests::consumed_at.is_null());
        Ok(diesel::update(this).set(pushed_requests::consumed_at.eq(now.millis())).execute(self.0)? == 1)
    }
}
