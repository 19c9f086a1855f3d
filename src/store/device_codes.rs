//! Devices that wait for somebody to type a code, by the hashes of their codes (RFC 8628).

use diesel::prelude::*;

use crate::model::details::AuthorizationDetails;
use crate::model::device::DeviceCode;
use crate::model::device::DeviceState;
use crate::model::device::UserCodeHash;
use crate::model::id::FamilyId;
use crate::model::id::SessionId;
use crate::model::time::Lifetime;
use crate::model::time::Timestamp;
use crate::model::token::TokenHash;
use crate::store::StoreError;
use crate::store::Tx;
use crate::store::columns;
use crate::store::conn::Conn;
use crate::store::schema::device_codes;

/// The table `device_codes`.
pub struct DeviceCodes<'t>(&'t mut Conn);

impl Tx<'_> {
    /// Devices that wait.
    pub fn device_codes(&mut self) -> DeviceCodes<'_> {
        DeviceCodes(self.conn)
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = device_codes)]
struct Row {
    hash: Vec<u8>,
    client_id: Vec<u8>,
    scopes: String,
    resources: String,
    details: Option<String>,
    expires_at: i64,
    interval_seconds: i64,
    session_id: Option<Vec<u8>>,
    decided_at: Option<i64>,
    family_id: Option<Vec<u8>>,
    consumed_at: Option<i64>,
}

impl Row {
    fn into_code(self) -> Result<DeviceCode, StoreError> {
        let family = self.family_id.as_deref().map(columns::id).transpose()?;
        let state = match (self.decided_at, family, self.consumed_at) {
            (None, None, None) => DeviceState::Waiting,
            (Some(_), None, None) => DeviceState::Denied,
            (Some(_), Some(family), None) => DeviceState::Allowed(family),
            (Some(_), Some(_), Some(_)) => DeviceState::Redeemed,
            _ => return Err(StoreError::Corrupt("a device's request is half decided")),
        };
        let seconds = u64::try_from(self.interval_seconds);
        Ok(DeviceCode {
            hash: columns::hash(&self.hash)?,
            client: columns::id(&self.client_id)?,
            scopes: columns::scopes(&self.scopes)?,
            resources: columns::resources(&self.resources)?,
            details: columns::details(self.details.as_deref())?,
            expires_at: Timestamp::from_millis(self.expires_at),
            interval: Lifetime::from_seconds(seconds.map_err(|_| StoreError::Corrupt("an interval is negative"))?),
            session: self.session_id.as_deref().map(columns::id).transpose()?,
            state,
        })
    }
}

impl DeviceCodes<'_> {
    /// Adds a device that waits.
    pub fn insert(&mut self, code: &DeviceCode, user_code: &UserCodeHash, now: Timestamp) -> Result<(), StoreError> {
        let row = (
            device_codes::hash.eq(code.hash.as_bytes()),
            device_codes::user_code_hash.eq(user_code.as_bytes()),
            device_codes::client_id.eq(code.client.as_bytes()),
            device_codes::scopes.eq(code.scopes.to_string()),
            device_codes::resources.eq(columns::write_resources(&code.resources)),
            device_codes::details.eq(code.details.as_ref().map(AuthorizationDetails::to_text)),
            device_codes::created_at.eq(now.millis()),
            device_codes::expires_at.eq(code.expires_at.millis()),
            device_codes::interval_seconds.eq(seconds(code.interval)),
        );
        diesel::insert_into(device_codes::table).values(row).execute(self.0)?;
        Ok(())
    }

    /// The device with this code, whatever became of it.
    pub fn find(&mut self, hash: &TokenHash) -> Result<Option<DeviceCode>, StoreError> {
        let row: Option<Row> = device_codes::table
            .filter(device_codes::hash.eq(hash.as_bytes()))
            .select(Row::as_select())
            .get_result(self.0)
            .optional()?;
        row.map(Row::into_code).transpose()
    }

    /// The device that shows this code, whatever became of it.
    pub fn find_by_user_code(&mut self, hash: &UserCodeHash) -> Result<Option<DeviceCode>, StoreError> {
        let row: Option<Row> = device_codes::table
            .filter(device_codes::user_code_hash.eq(hash.as_bytes()))
            .select(Row::as_select())
            .get_result(self.0)
            .optional()?;
        row.map(Row::into_code).transpose()
    }

    /// Notes in which session the user code was typed. `false` where it is no longer `before`'s, or was decided.
    pub fn claim(
        &mut self,
        hash: &TokenHash,
        before: Option<SessionId>,
        session: SessionId,
    ) -> Result<bool, StoreError> {
        let this = device_codes::table
            .filter(device_codes::hash.eq(hash.as_bytes()))
            .filter(device_codes::decided_at.is_null());
        let session = device_codes::session_id.eq(session.as_bytes().to_vec());
        let changed = match before {
            None => diesel::update(this.filter(device_codes::session_id.is_null())).set(session).execute(self.0)?,
            Some(before) => {
                let this = this.filter(device_codes::session_id.eq(before.as_bytes().to_vec()));
                diesel::update(this).set(session).execute(self.0)?
            }
        };
        Ok(changed == 1)
    }

    /// Notes that the user of `session` has decided. `false` where it was decided already, or is another session's: of
    /// two decisions at once one counts.
    pub fn decide(&mut self, hash: &TokenHash, session: SessionId, now: Timestamp) -> Result<bool, StoreError> {
        let this = device_codes::table
            .filter(device_codes::hash.eq(hash.as_bytes()))
            .filter(device_codes::session_id.eq(session.as_bytes().to_vec()))
            .filter(device_codes::decided_at.is_null());
        Ok(diesel::update(this).set(device_codes::decided_at.eq(now.millis())).execute(self.0)? == 1)
    }

    /// Gives a device that was decided about in this transaction the family of its tokens.
    pub fn allow(&mut self, hash: &TokenHash, family: FamilyId) -> Result<(), StoreError> {
        let this = device_codes::table.filter(device_codes::hash.eq(hash.as_bytes()));
        diesel::update(this).set(device_codes::family_id.eq(family.as_bytes().to_vec())).execute(self.0)?;
        Ok(())
    }

    /// Marks a code as used. `false` where another request was first.
    pub fn consume(&mut self, hash: &TokenHash, now: Timestamp) -> Result<bool, StoreError> {
        let this = device_codes::table
            .filter(device_codes::hash.eq(hash.as_bytes()))
            .filter(device_codes::consumed_at.is_null());
        Ok(diesel::update(this).set(device_codes::consumed_at.eq(now.millis())).execute(self.0)? == 1)
    }

    /// Notes a poll that comes no sooner than `interval` after the last one. `false` where it comes too soon.
    pub fn poll(&mut self, hash: &TokenHash, interval: Lifetime, now: Timestamp) -> Result<bool, StoreError> {
        let last = device_codes::polled_at.is_null().or(device_codes::polled_at.le(now.before(interval).millis()));
        let this = device_codes::table.filter(device_codes::hash.eq(hash.as_bytes())).filter(last);
        Ok(diesel::update(this).set(device_codes::polled_at.eq(now.millis())).execute(self.0)? == 1)
    }

    /// Notes a poll that came too soon: from now on the device waits `longer` between two (RFC 8628 §3.5).
    pub fn slow_down(&mut self, hash: &TokenHash, longer: Lifetime, now: Timestamp) -> Result<(), StoreError> {
        let this = device_codes::table.filter(device_codes::hash.eq(hash.as_bytes()));
        let columns = (
            device_codes::polled_at.eq(now.millis()),
            device_codes::interval_seconds.eq(device_codes::interval_seconds + seconds(longer)),
        );
        diesel::update(this).set(columns).execute(self.0)?;
        Ok(())
    }
}

fn seconds(lifetime: Lifetime) -> i64 {
    i64::try_from(lifetime.seconds()).unwrap_or(i64::MAX)
}
