//! Passkeys: public keys of authenticators.

use diesel::prelude::*;

use crate::model::factor::Passkey;
use crate::model::id::PasskeyId;
use crate::model::id::UserId;
use crate::model::time::Timestamp;
use crate::store::StoreError;
use crate::store::Tx;
use crate::store::columns;
use crate::store::conn::Conn;
use crate::store::schema::passkeys;

/// The table `passkeys`.
pub struct Passkeys<'t>(&'t mut Conn);

impl Tx<'_> {
    /// Passkeys.
    pub fn passkeys(&mut self) -> Passkeys<'_> {
        Passkeys(self.conn)
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = passkeys, treat_none_as_default_value = false)]
struct Row {
    id: Vec<u8>,
    user_id: Vec<u8>,
    credential_id: Vec<u8>,
    public_key: Vec<u8>,
    sign_count: i64,
    transports: String,
    user_verified: bool,
    backup_eligible: bool,
    backed_up: bool,
    name: String,
    created_at: i64,
    used_at: Option<i64>,
}

impl Row {
    fn into_passkey(self) -> Result<Passkey, StoreError> {
        Ok(Passkey {
            id: columns::id(&self.id)?,
            user: columns::id(&self.user_id)?,
            credential_id: self.credential_id,
            public_key: self.public_key,
            sign_count: u32::try_from(self.sign_count)
                .map_err(|_| StoreError::Corrupt("a passkey's count does not fit"))?,
            transports: self.transports,
            user_verified: self.user_verified,
            backup_eligible: self.backup_eligible,
            backed_up: self.backed_up,
            name: self.name,
            created_at: Timestamp::from_millis(self.created_at),
            used_at: columns::time(self.used_at),
        })
    }
}

impl Passkeys<'_> {
    /// Adds a passkey.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where there is one that its authenticator calls the same.
    pub fn insert(&mut self, passkey: &Passkey) -> Result<(), StoreError> {
        let row = Row {
            id: passkey.id.as_bytes().to_vec(),
            user_id: passkey.user.as_bytes().to_vec(),
            credential_id: passkey.credential_id.clone(),
            public_key: passkey.public_key.clone(),
            sign_count: passkey.sign_count.into(),
            transports: passkey.transports.clone(),
            user_verified: passkey.user_verified,
            backup_eligible: passkey.backup_eligible,
            backed_up: passkey.backed_up,
            name: passkey.name.clone(),
            created_at: passkey.created_at.millis(),
            used_at: passkey.used_at.map(Timestamp::millis),
        };
        diesel::insert_into(passkeys::table).values(row).execute(self.0)?;
        Ok(())
    }

    /// The passkey that its authenticator calls so.
    pub fn find_by_credential(&mut self, credential_id: &[u8]) -> Result<Option<Passkey>, StoreError> {
        let this = passkeys::table.filter(passkeys::credential_id.eq(credential_id)).select(Row::as_select());
        this.get_result(self.0).optional()?.map(Row::into_passkey).transpose()
    }

    /// A user's passkeys, the oldest first.
    pub fn list_of(&mut self, user: UserId) -> Result<Vec<Passkey>, StoreError> {
        let these = passkeys::table.filter(passkeys::user_id.eq(user.as_bytes())).order(passkeys::id);
        let rows: Vec<Row> = these.select(Row::as_select()).load(self.0)?;
        rows.into_iter().map(Row::into_passkey).collect()
    }

    /// Notes a use, if the authenticator's count is above the one that is known, or it keeps none. `false` where it is
    /// not: then there is a copy of the key somewhere (Web Authentication §6.1.1). One conditional statement, so that of two
    /// uses at once with the same count one is refused.
    pub fn note_use(
        &mut self,
        id: PasskeyId,
        sign_count: u32,
        backed_up: bool,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let counted = i64::from(sign_count);
        let keeps_none = passkeys::sign_count.eq(0).and(passkeys::sign_count.eq(counted));
        let this = passkeys::table
            .filter(passkeys::id.eq(id.as_bytes()))
            .filter(passkeys::sign_count.lt(counted).or(keeps_none));
        let columns =
            (passkeys::sign_count.eq(counted), passkeys::backed_up.eq(backed_up), passkeys::used_at.eq(now.millis()));
        Ok(diesel::update(this).set(columns).execute(self.0)? == 1)
    }

    /// Notes that the authenticator has made sure of its person while something else showed who that was.
    pub fn note_verified(&mut self, id: PasskeyId) -> Result<(), StoreError> {
        let this = passkeys::table.filter(passkeys::id.eq(id.as_bytes()));
        diesel::update(this).set(passkeys::user_verified.eq(true)).execute(self.0)?;
        Ok(())
    }

    /// Gives a user's passkey another name. `false` where there is no such one.
    pub fn rename(&mut self, user: UserId, id: PasskeyId, name: &str) -> Result<bool, StoreError> {
        let this = passkeys::table.filter(passkeys::id.eq(id.as_bytes())).filter(passkeys::user_id.eq(user.as_bytes()));
        Ok(diesel::update(this).set(passkeys::name.eq(name)).execute(self.0)? == 1)
    }

    /// Removes a user's passkey. `false` where there is no such one.
    pub fn delete(&mut self, user: UserId, id: PasskeyId) -> Result<bool, StoreError> {
        let this = passkeys::table.filter(passkeys::id.eq(id.as_bytes())).filter(passkeys::user_id.eq(user.as_bytes()));
        Ok(diesel::delete(this).execute(self.0)? == 1)
    }

    /// Removes all passkeys of a user, and returns their number.
    pub fn delete_all_of(&mut self, user: UserId) -> Result<usize, StoreError> {
        let these = passkeys::table.filter(passkeys::user_id.eq(user.as_bytes()));
        Ok(diesel::delete(these).execute(self.0)?)
    }
}
