//! Types of authorization details that administrators registered (RFC 9396).

use diesel::prelude::*;

use crate::model::details::DetailType;
use crate::model::details::DetailTypeName;
use crate::model::time::Timestamp;
use crate::store::StoreError;
use crate::store::Tx;
use crate::store::conn::Conn;
use crate::store::schema::authorization_detail_types as types;

/// The table `authorization_detail_types`.
pub struct AuthorizationDetailTypes<'t>(&'t mut Conn);

impl Tx<'_> {
    /// Types of authorization details.
    pub fn authorization_detail_types(&mut self) -> AuthorizationDetailTypes<'_> {
        AuthorizationDetailTypes(self.conn)
    }
}

type Row = (String, String, String, i64);

fn read((name, description, schema, created_at): Row) -> Result<DetailType, StoreError> {
    let unreadable = |_| StoreError::Corrupt("the name of a type of authorization details is none");
    Ok(DetailType {
        name: DetailTypeName::parse(&name).map_err(unreadable)?,
        description,
        schema,
        created_at: Timestamp::from_millis(created_at),
    })
}

impl AuthorizationDetailTypes<'_> {
    /// Adds a type.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where there is one of that name.
    pub fn insert(&mut self, new: &DetailType) -> Result<(), StoreError> {
        let row = (
            types::name.eq(new.name.as_str()),
            types::description.eq(&new.description),
            types::schema.eq(&new.schema),
            types::created_at.eq(new.created_at.millis()),
        );
        diesel::insert_into(types::table).values(row).execute(self.0)?;
        Ok(())
    }

    /// The type of this name, whatever the name is.
    pub fn find(&mut self, name: &str) -> Result<Option<DetailType>, StoreError> {
        let row: Option<Row> = types::table
            .filter(types::name.eq(name))
            .select((types::name, types::description, types::schema, types::created_at))
            .get_result(self.0)
            .optional()?;
        row.map(read).transpose()
    }

    /// At most `limit` types behind the name `after`, by name.
    pub fn list(&mut self, after: Option<&str>, limit: i64) -> Result<Vec<DetailType>, StoreError> {
        let rows: Vec<Row> = types::table
            .filter(types::name.gt(after.unwrap_or_default()))
            .order(types::name)
            .limit(limit)
            .select((types::name, types::description, types::schema, types::created_at))
            .load(self.0)?;
        rows.into_iter().map(read).collect()
    }

    /// Deletes a type. `false` where there is no such type.
    pub fn delete(&mut self, name: &DetailTypeName) -> Result<bool, StoreError> {
        Ok(diesel::delete(types::table.filter(types::name.eq(name.as_str()))).execute(self.0)? == 1)
    }
}
