//! Facts about the database itself.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::BigInt;

use crate::model::time::Timestamp;
use crate::store::StoreError;
use crate::store::Tx;
use crate::store::conn::Conn;
use crate::store::conn::on_either;
use crate::store::schema::meta;

/// The name of the latest time that a server on this database knew: eight bytes, the highest first.
const LATEST_TIME: &str = "latest_time";

/// The table `meta`.
pub struct Meta<'t>(&'t mut Conn);

impl Tx<'_> {
    /// Facts about the database itself.
    pub fn meta(&mut self) -> Meta<'_> {
        Meta(self.conn)
    }
}

impl Meta<'_> {
    /// The value called `name`.
    pub fn find(&mut self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(meta::table.filter(meta::name.eq(name)).select(meta::value).get_result(self.0).optional()?)
    }

    /// Gives `name` the value `value`, unless it has one. Of several that do so at once one is first.
    pub fn add(&mut self, name: &str, value: &[u8]) -> Result<(), StoreError> {
        let insert = diesel::insert_into(meta::table).values((meta::name.eq(name), meta::value.eq(value)));
        on_either!(self.0, conn => insert.on_conflict(meta::name).do_nothing().execute(conn))?;
        Ok(())
    }

    /// Gives `name` the value `value`.
    pub fn set(&mut self, name: &str, value: &[u8]) -> Result<(), StoreError> {
        let changed =
            diesel::update(meta::table.filter(meta::name.eq(name))).set(meta::value.eq(value)).execute(self.0)?;
        if changed == 0 {
            diesel::insert_into(meta::table).values((meta::name.eq(name), meta::value.eq(value))).execute(self.0)?;
        }
        Ok(())
    }

    /// The latest time that a server on this database knew; `None` where none ever ran.
    pub fn latest_time(&mut self) -> Result<Option<Timestamp>, StoreError> {
        let Some(bytes) = self.find(LATEST_TIME)? else { return Ok(None) };
        let bytes = bytes.try_into().map_err(|_| StoreError::Corrupt("the latest time is not 8 bytes long"))?;
        Ok(Some(Timestamp::from_millis(i64::from_be_bytes(bytes))))
    }

    /// What time the database has; `None` on SQLite, which has the machine's.
    pub fn clock(&mut self) -> Result<Option<Timestamp>, StoreError> {
        let Conn::Postgres(conn) = self.0 else { return Ok(None) };
        let millis = sql::<BigInt>("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint");
        Ok(Some(Timestamp::from_millis(millis.get_result(conn)?)))
    }

    /// Notes what time it is, unless a later one is known.
    pub fn note_time(&mut self, now: Timestamp) -> Result<(), StoreError> {
        match self.latest_time()? {
            Some(latest) if latest >= now => Ok(()),
            _ => self.set(LATEST_TIME, &now.millis().to_be_bytes()),
        }
    }
}
