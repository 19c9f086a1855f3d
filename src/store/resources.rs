//! Resources: APIs that accept tokens (RFC 8707).

use diesel::prelude::*;

use crate::model::resource::Resource;
use crate::model::resource::ResourceUri;
use crate::model::time::Timestamp;
use crate::store::StoreError;
use crate::store::Tx;
use crate::store::columns;
use crate::store::conn::Conn;
use crate::store::schema::resources;

/// The table `resources`.
pub struct ResourcesTable<'t>(&'t mut Conn);

impl Tx<'_> {
    /// Resources.
    pub fn resources(&mut self) -> ResourcesTable<'_> {
        ResourcesTable(self.conn)
    }
}

type Row = (String, String, String, i64);

fn read((uri, name, scopes, created_at): Row) -> Result<Resource, StoreError> {
    Ok(Resource {
        uri: ResourceUri::parse(&uri).map_err(|_| StoreError::Corrupt("a resource's URI is not one"))?,
        name,
        scopes: columns::scopes(&scopes)?,
        created_at: Timestamp::from_millis(created_at),
    })
}

impl ResourcesTable<'_> {
    /// Adds a resource.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where there is one of that URI.
    pub fn insert(&mut self, resource: &Resource) -> Result<(), StoreError> {
        let row = (
            resources::uri.eq(resource.uri.as_str()),
            resources::canonical.eq(resource.uri.canonical()),
            resources::name.eq(&resource.name),
            resources::scopes.eq(resource.scopes.to_string()),
            resources::created_at.eq(resource.created_at.millis()),
        );
        diesel::insert_into(resources::table).values(row).execute(self.0)?;
        Ok(())
    }

    /// The resource that `uri` names.
    pub fn find(&mut self, uri: &ResourceUri) -> Result<Option<Resource>, StoreError> {
        let row: Option<Row> = resources::table
            .filter(resources::canonical.eq(uri.canonical()))
            .select((resources::uri, resources::name, resources::scopes, resources::created_at))
            .get_result(self.0)
            .optional()?;
        row.map(read).transpose()
    }

    /// Changes name and scopes. `false` where there is no such resource.
    pub fn update(&mut self, resource: &Resource) -> Result<bool, StoreError> {
        let this = resources::table.filter(resources::canonical.eq(resource.uri.canonical()));
        let columns = (resources::name.eq(&resource.name), resources::scopes.eq(resource.scopes.to_string()));
        Ok(diesel::update(this).set(columns).execute(self.0)? == 1)
    }

    /// At most `limit` resources behind the URI `after`, by URI.
    pub fn list(&mut self, after: Option<&str>, limit: i64) -> Result<Vec<Resource>, StoreError> {
        let rows: Vec<Row> = resources::table
            .filter(resources::canonical.gt(after.unwrap_or_default()))
            .order(resources::canonical)
            .limit(limit)
            .select((resources::uri, resources::name, resources::scopes, resources::created_at))
            .load(self.0)?;
        rows.into_iter().map(read).collect()
    }

    /// Deletes a resource. `false` where there is no such resource.
    pub fn delete(&mut self, uri: &ResourceUri) -> Result<bool, StoreError> {
        let this = resources::table.filter(resources::canonical.eq(uri.canonical()));
        Ok(diesel::delete(this).execute(self.0)? == 1)
    }
}
