//! The server's signing keys; the private halves are encrypted.

use diesel::prelude::*;

use crate::model::signing_key::StoredKey;
use crate::model::time::Timestamp;
use crate::store::StoreError;
use crate::store::Tx;
use crate::store::conn::Conn;
use crate::store::conn::on_either;
use crate::store::schema::signing_keys;

/// The table `signing_keys`.
pub struct SigningKeys<'t>(&'t mut Conn);

impl Tx<'_> {
    /// The server's signing keys.
    pub fn signing_keys(&mut self) -> SigningKeys<'_> {
        SigningKeys(self.conn)
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = signing_keys)]
struct Row {
    kid: String,
    alg: String,
    generation: i64,
    public_key: String,
    private_key: Vec<u8>,
    created_at: i64,
    active_at: i64,
}

impl SigningKeys<'_> {
    /// All of them, the oldest of each algorithm first.
    pub fn list(&mut self) -> Result<Vec<StoredKey>, StoreError> {
        let order = (signing_keys::alg, signing_keys::generation);
        let rows: Vec<Row> = signing_keys::table.order(order).select(Row::as_select()).load(self.0)?;
        let key = |row: Row| StoredKey {
            kid: row.kid,
            algorithm: row.alg,
            generation: row.generation,
            public: row.public_key,
            sealed: row.private_key,
            created_at: Timestamp::from_millis(row.created_at),
            active_at: Timestamp::from_millis(row.active_at),
        };
        Ok(rows.into_iter().map(key).collect())
    }

    /// Adds a key. `false` where its generation is there already: somebody else was first.
    pub fn insert(&mut self, key: &StoredKey) -> Result<bool, StoreError> {
        let row = Row {
            kid: key.kid.clone(),
            alg: key.algorithm.clone(),
            generation: key.generation,
            public_key: key.public.clone(),
            private_key: key.sealed.clone(),
            created_at: key.created_at.millis(),
            active_at: key.active_at.millis(),
        };
        let insert = diesel::insert_into(signing_keys::table).values(row);
        Ok(on_either!(self.0, conn => insert.on_conflict_do_nothing().execute(conn))? == 1)
    }

    /// Replaces the encryption of a key, if it is still the one that `before` is.
    pub fn seal_anew(&mut self, kid: &str, before: &[u8], sealed: &[u8]) -> Result<(), StoreError> {
        let this = signing_keys::table.filter(signing_keys::kid.eq(kid)).filter(signing_keys::private_key.eq(before));
        diesel::update(this).set(signing_keys::private_key.eq(sealed)).execute(self.0)?;
        Ok(())
    }

    /// Deletes a key.
    pub fn delete(&mut self, kid: &str) -> Result<(), StoreError> {
        diesel::delete(signing_keys::table.filter(signing_keys::kid.eq(kid))).execute(self.0)?;
        Ok(())
    }
}
