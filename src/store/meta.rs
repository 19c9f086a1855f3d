//! Facts about the database itself.

use diesel::prelude::*;

use crate::store::StoreError;
use crate::store::Tx;
use crate::store::conn::Conn;
use crate::store::schema::meta;

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

    /// Gives `name` the value `value`.
    pub fn set(&mut self, name: &str, value: &[u8]) -> Result<(), StoreError> {
        let changed =
            diesel::update(meta::table.filter(meta::name.eq(name))).set(meta::value.eq(value)).execute(self.0)?;
        if changed == 0 {
            diesel::insert_into(meta::table).values((meta::name.eq(name), meta::value.eq(value))).execute(self.0)?;
        }
        Ok(())
    }
}
