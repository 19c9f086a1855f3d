//! Apps that make one-time codes, recovery codes, and who must have a second factor.

use diesel::dsl::exists;
use diesel::prelude::*;

use crate::model::factor::RecoveryCodeHash;
use crate::model::factor::Totp;
use crate::model::id::UserId;
use crate::model::time::Timestamp;
use crate::store::StoreError;
use crate::store::Tx;
use crate::store::columns;
use crate::store::conn::Conn;
use crate::store::schema::passkeys;
use crate::store::schema::recovery_codes;
use crate::store::schema::roles;
use crate::store::schema::totp_factors;
use crate::store::schema::user_roles;

/// The tables `totp_factors` and `recovery_codes`.
pub struct Factors<'t>(&'t mut Conn);

impl Tx<'_> {
    /// Apps that make one-time codes, and recovery codes.
    pub fn factors(&mut self) -> Factors<'_> {
        Factors(self.conn)
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = totp_factors, treat_none_as_default_value = false)]
struct Row {
    user_id: Vec<u8>,
    secret: Vec<u8>,
    last_step: i64,
    created_at: i64,
    used_at: Option<i64>,
}

impl Row {
    fn into_totp(self) -> Result<Totp, StoreError> {
        Ok(Totp {
            user: columns::id(&self.user_id)?,
            sealed: self.secret,
            last_step: self.last_step,
            created_at: Timestamp::from_millis(self.created_at),
            used_at: columns::time(self.used_at),
        })
    }
}

impl Factors<'_> {
    /// Whether a user has a second factor. Recovery codes alone are none.
    pub fn has_any(&mut self, user: UserId) -> Result<bool, StoreError> {
        let totp = exists(totp_factors::table.filter(totp_factors::user_id.eq(user.as_bytes())));
        let passkey = exists(passkeys::table.filter(passkeys::user_id.eq(user.as_bytes())));
        Ok(diesel::select(totp.or(passkey)).get_result(self.0)?)
    }

    /// Whether one of a user's roles wants a second factor.
    pub fn are_required_of(&mut self, user: UserId) -> Result<bool, StoreError> {
        let strict = user_roles::table
            .inner_join(roles::table)
            .filter(user_roles::user_id.eq(user.as_bytes()))
            .filter(roles::require_second_factor.eq(true));
        Ok(diesel::select(exists(strict)).get_result(self.0)?)
    }

    /// A user's app.
    pub fn totp(&mut self, user: UserId) -> Result<Option<Totp>, StoreError> {
        let this = totp_factors::table.filter(totp_factors::user_id.eq(user.as_bytes())).select(Row::as_select());
        this.get_result(self.0).optional()?.map(Row::into_totp).transpose()
    }

    /// All apps, for a change of the key that encrypts their secrets.
    pub fn list_totp(&mut self) -> Result<Vec<Totp>, StoreError> {
        let rows: Vec<Row> = totp_factors::table.select(Row::as_select()).load(self.0)?;
        rows.into_iter().map(Row::into_totp).collect()
    }

    /// Adds an app.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where the user has one.
    pub fn insert_totp(&mut self, totp: &Totp) -> Result<(), StoreError> {
        let row = Row {
            user_id: totp.user.as_bytes().to_vec(),
            secret: totp.sealed.clone(),
            last_step: totp.last_step,
            created_at: totp.created_at.millis(),
            used_at: totp.used_at.map(Timestamp::millis),
        };
        diesel::insert_into(totp_factors::table).values(row).execute(self.0)?;
        Ok(())
    }

    /// Puts the same secret, encrypted anew, in the place of `before`.
    pub fn seal_totp_anew(&mut self, user: UserId, before: &[u8], sealed: &[u8]) -> Result<(), StoreError> {
        let this = totp_factors::table
            .filter(totp_factors::user_id.eq(user.as_bytes()))
            .filter(totp_factors::secret.eq(before.to_vec()));
        diesel::update(this).set(totp_factors::secret.eq(sealed.to_vec())).execute(self.0)?;
        Ok(())
    }

    /// Takes the code of `step`. `false` where one of that step or a later one was taken before (RFC 6238 §5.2).
    pub fn take_step(&mut self, user: UserId, step: i64, now: Timestamp) -> Result<bool, StoreError> {
        let this = totp_factors::table
            .filter(totp_factors::user_id.eq(user.as_bytes()))
            .filter(totp_factors::last_step.lt(step));
        let columns = (totp_factors::last_step.eq(step), totp_factors::used_at.eq(now.millis()));
        Ok(diesel::update(this).set(columns).execute(self.0)? == 1)
    }

    /// Removes a user's app. `false` where there is none.
    pub fn delete_totp(&mut self, user: UserId) -> Result<bool, StoreError> {
        let this = totp_factors::table.filter(totp_factors::user_id.eq(user.as_bytes()));
        Ok(diesel::delete(this).execute(self.0)? == 1)
    }

    /// Puts new recovery codes in the place of all that there are.
    pub fn replace_recovery_codes(
        &mut self,
        user: UserId,
        codes: &[RecoveryCodeHash],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.delete_recovery_codes(user)?;
        for code in codes {
            let row = (
                recovery_codes::hash.eq(code.as_bytes()),
                recovery_codes::user_id.eq(user.as_bytes()),
                recovery_codes::created_at.eq(now.millis()),
            );
            diesel::insert_into(recovery_codes::table).values(row).execute(self.0)?;
        }
        Ok(())
    }

    /// How many recovery codes are left.
    pub fn count_recovery_codes(&mut self, user: UserId) -> Result<i64, StoreError> {
        let left = recovery_codes::table
            .filter(recovery_codes::user_id.eq(user.as_bytes()))
            .filter(recovery_codes::used_at.is_null());
        Ok(left.count().get_result(self.0)?)
    }

    /// Uses a recovery code up. `false` where there is none, or it was used before.
    pub fn use_recovery_code(
        &mut self,
        user: UserId,
        code: &RecoveryCodeHash,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let this = recovery_codes::table
            .filter(recovery_codes::hash.eq(code.as_bytes()))
            .filter(recovery_codes::user_id.eq(user.as_bytes()))
            .filter(recovery_codes::used_at.is_null());
        Ok(diesel::update(this).set(recovery_codes::used_at.eq(now.millis())).execute(self.0)? == 1)
    }

    /// Removes all recovery codes of a user.
    pub fn delete_recovery_codes(&mut self, user: UserId) -> Result<usize, StoreError> {
        let these = recovery_codes::table.filter(recovery_codes::user_id.eq(user.as_bytes()));
        Ok(diesel::delete(these).execute(self.0)?)
    }
}
