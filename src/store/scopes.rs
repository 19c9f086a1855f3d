//! Scopes that administrators made, and the roles that they are bound to. Built-in ones stand in `model::scope`.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::model::role::RoleName;
use crate::model::scope::MadeScope;
use crate::model::scope::Scope;
use crate::model::scope::ScopeToken;
use crate::model::time::Timestamp;
use crate::model::user::Roles;
use crate::store::StoreError;
use crate::store::Tx;
use crate::store::columns;
use crate::store::conn::Conn;
use crate::store::conn::on_either;
use crate::store::freshness::Changes;
use crate::store::schema::scope_roles;
use crate::store::schema::scopes;

/// The tables `scopes` and `scope_roles`.
pub struct Scopes<'t>(&'t mut Conn, &'t mut Changes);

impl Tx<'_> {
    /// Scopes that administrators made.
    pub fn scopes(&mut self) -> Scopes<'_> {
        Scopes(self.conn, self.changes)
    }
}

impl Scopes<'_> {
    /// Adds a scope, bound to `scope.roles`.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where there is one of that name, or a role is unknown.
    pub fn insert(&mut self, scope: &MadeScope, now: Timestamp) -> Result<(), StoreError> {
        self.1.note_everything();
        let row = (
            scopes::name.eq(scope.name.as_str()),
            scopes::description.eq(&scope.description),
            scopes::created_at.eq(now.millis()),
        );
        diesel::insert_into(scopes::table).values(row).execute(self.0)?;
        self.bind(scope)
    }

    /// Replaces a scope's sentence and the roles that it is bound to. `false` where there is none of that name.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where a role is unknown.
    pub fn change(&mut self, scope: &MadeScope) -> Result<bool, StoreError> {
        self.1.note_everything();
        let this = scopes::table.filter(scopes::name.eq(scope.name.as_str()));
        // First, for it is what makes two changes at once wait for one another.
        if diesel::update(this).set(scopes::description.eq(&scope.description)).execute(self.0)? == 0 {
            return Ok(false);
        }
        let bound = scope_roles::table.filter(scope_roles::scope_name.eq(scope.name.as_str()));
        diesel::delete(bound).execute(self.0)?;
        self.bind(scope)?;
        Ok(true)
    }

    fn bind(&mut self, scope: &MadeScope) -> Result<(), StoreError> {
        for role in scope.roles.iter() {
            let row = (scope_roles::scope_name.eq(scope.name.as_str()), scope_roles::role_name.eq(role.as_str()));
            diesel::insert_into(scope_roles::table).values(row).execute(self.0)?;
        }
        Ok(())
    }

    /// All that administrators made, by name.
    pub fn list(&mut self) -> Result<Vec<MadeScope>, StoreError> {
        let rows: Vec<(String, String)> =
            scopes::table.order(scopes::name).select((scopes::name, scopes::description)).load(self.0)?;
        let mut bindings = self.bindings()?;
        rows.into_iter()
            .map(|(name, description)| {
                let token = scope_token(&name)?;
                let roles = bindings.remove(&name).unwrap_or_default();
                Ok(MadeScope { name: token, description, roles })
            })
            .collect()
    }

    /// [`Scopes::names`] and [`Scopes::bindings`] in one statement, for what is read often.
    pub fn names_and_bindings(&mut self) -> Result<(Scope, BTreeMap<String, Roles>), StoreError> {
        let this =
            scopes::table.left_join(scope_roles::table).select((scopes::name, scope_roles::role_name.nullable()));
        let rows: Vec<(String, Option<String>)> = on_either!(self.0, conn => this.load(conn))?;
        let (mut names, mut bound) = (Vec::new(), Vec::new());
        for (name, role) in rows {
            bound.extend(role.map(|role| (name.clone(), role)));
            names.push(scope_token(&name)?);
        }
        Ok((names.into_iter().collect(), by_scope(bound)?))
    }

    /// Of the scopes that are bound to roles: which they are, and to which roles.
    pub fn bindings(&mut self) -> Result<BTreeMap<String, Roles>, StoreError> {
        let rows: Vec<(String, String)> =
            scope_roles::table.select((scope_roles::scope_name, scope_roles::role_name)).load(self.0)?;
        by_scope(rows)
    }

    /// The names of all that administrators made.
    pub fn names(&mut self) -> Result<Scope, StoreError> {
        let names: Vec<String> = scopes::table.select(scopes::name).load(self.0)?;
        names.iter().map(|name| scope_token(name)).collect()
    }

    /// Deletes a scope. `false` where there is none of that name.
    pub fn delete(&mut self, name: &ScopeToken) -> Result<bool, StoreError> {
        self.1.note_everything();
        Ok(diesel::delete(scopes::table.filter(scopes::name.eq(name.as_str()))).execute(self.0)? == 1)
    }
}

fn scope_token(name: &str) -> Result<ScopeToken, StoreError> {
    ScopeToken::parse(name).map_err(|_| StoreError::Corrupt("a scope's name is not one"))
}

/// Scopes with a role each, scope by scope.
fn by_scope(rows: Vec<(String, String)>) -> Result<BTreeMap<String, Roles>, StoreError> {
    let mut by_scope: BTreeMap<String, Vec<RoleName>> = BTreeMap::new();
    for (scope, role) in rows {
        by_scope.entry(scope).or_default().push(columns::role(&role)?);
    }
    Ok(by_scope.into_iter().map(|(scope, roles)| (scope, roles.into_iter().collect())).collect())
}
