//! Roles.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::Text;

use crate::model::id::UserId;
use crate::model::role::RoleName;
use crate::model::time::Timestamp;
use crate::model::user::Roles;
use crate::store::StoreError;
use crate::store::Tx;
use crate::store::columns;
use crate::store::conn::Conn;
use crate::store::freshness::Changes;
use crate::store::schema::roles;
use crate::store::schema::user_roles;

diesel::define_sql_function! {
    /// All texts of a group, with `between` between them.
    #[aggregate]
    fn string_agg(text: Text, between: Text) -> Nullable<Text>;
}

/// The roles that the user or the client of a row holds, one a line (`columns::role_lines`), so that both are one row: those
/// in a table, by its column that says whose they are.
macro_rules! roles_held {
    ($held:ident by $holder:ident, $id:expr) => {
        $crate::store::schema::$held::table
            .filter($crate::store::schema::$held::$holder.eq($id))
            .select($crate::store::roles::string_agg($crate::store::schema::$held::role_name, "\n"))
            .single_value()
    };
}

pub(super) use roles_held;

/// The table `roles`.
pub struct RoleTable<'t>(&'t mut Conn, &'t mut Changes);

impl Tx<'_> {
    /// Roles.
    pub fn roles(&mut self) -> RoleTable<'_> {
        RoleTable(self.conn, self.changes)
    }
}

impl RoleTable<'_> {
    /// Adds a role.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where there is one of the same canonical name.
    pub fn insert(&mut self, name: &RoleName, description: &str, now: Timestamp) -> Result<(), StoreError> {
        let row = (
            roles::name.eq(name.as_str()),
            roles::canonical.eq(name.canonical()),
            roles::description.eq(description),
            roles::created_at.eq(now.millis()),
        );
        diesel::insert_into(roles::table).values(row).execute(self.0)?;
        Ok(())
    }

    /// All roles with their descriptions, by name.
    pub fn list(&mut self) -> Result<Vec<(RoleName, String)>, StoreError> {
        let rows: Vec<(String, String)> =
            roles::table.order(roles::name).select((roles::name, roles::description)).load(self.0)?;
        rows.into_iter().map(|(name, description)| Ok((columns::role(&name)?, description))).collect()
    }

    /// The role whose canonical name is that of `name`.
    pub fn find(&mut self, name: &RoleName) -> Result<Option<RoleName>, StoreError> {
        let found: Option<String> = roles::table
            .filter(roles::canonical.eq(name.canonical()))
            .select(roles::name)
            .get_result(self.0)
            .optional()?;
        found.map(|name| columns::role(&name)).transpose()
    }

    /// The roles whose holders need a second factor.
    pub fn list_strict(&mut self) -> Result<Roles, StoreError> {
        let strict = roles::table.filter(roles::require_second_factor.eq(true)).select(roles::name);
        let names: Vec<String> = strict.load(self.0)?;
        names.iter().map(|name| columns::role(name)).collect()
    }

    /// Says whether the holders of a role need a second factor. `false` where there is none of that name.
    pub fn set_strict(&mut self, name: &RoleName, is_strict: bool) -> Result<bool, StoreError> {
        let this = roles::table.filter(roles::name.eq(name.as_str()));
        Ok(diesel::update(this).set(roles::require_second_factor.eq(is_strict)).execute(self.0)? == 1)
    }

    /// Replaces what a role is for. `false` where there is none of that name.
    pub fn describe(&mut self, name: &RoleName, description: &str) -> Result<bool, StoreError> {
        let this = roles::table.filter(roles::name.eq(name.as_str()));
        Ok(diesel::update(this).set(roles::description.eq(description)).execute(self.0)? == 1)
    }

    /// The users who hold a role.
    pub fn holders(&mut self, name: &RoleName) -> Result<Vec<UserId>, StoreError> {
        let ids: Vec<Vec<u8>> = user_roles::table
            .filter(user_roles::role_name.eq(name.as_str()))
            .order(user_roles::user_id)
            .select(user_roles::user_id)
            .load(self.0)?;
        ids.iter().map(|id| columns::id(id)).collect()
    }

    /// Deletes a role, and takes it from all who hold it. `false` where there is none of that name.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where a scope is bound to it: without the role the scope would be open to all.
    pub fn delete(&mut self, name: &RoleName) -> Result<bool, StoreError> {
        self.1.note_everything();
        Ok(diesel::delete(roles::table.filter(roles::name.eq(name.as_str()))).execute(self.0)? == 1)
    }
}

/// Of how many records the roles are read in one statement: more than stand on a page, fewer than a statement takes.
pub const AT_ONCE: usize = 1_000;

/// The roles that each of several records holds.
#[derive(Debug, Default)]
pub struct RolesHeld(BTreeMap<Vec<u8>, Vec<RoleName>>);

impl RolesHeld {
    /// Adds rows: the id of a record, and the name of a role.
    pub fn add(&mut self, rows: Vec<(Vec<u8>, String)>) -> Result<(), StoreError> {
        for (id, name) in rows {
            self.0.entry(id).or_default().push(columns::role(&name)?);
        }
        Ok(())
    }

    /// Those of the record with this id.
    pub fn take(&mut self, id: &[u8]) -> Roles {
        self.0.remove(id).unwrap_or_default().into_iter().collect()
    }
}
