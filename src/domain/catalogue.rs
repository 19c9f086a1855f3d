//! Roles, scopes and resources, as administrators keep them: three short lists that are read, made, changed and deleted in
//! the same way.

use crate::domain::act::Act;
use crate::domain::resources;
use crate::domain::resources::ResourceError;
use crate::domain::roles;
use crate::domain::roles::Described;
use crate::domain::roles::KnownRole;
use crate::domain::roles::KnownScope;
use crate::domain::roles::RoleChanges;
use crate::domain::roles::RoleError;
use crate::domain::roles::ScopeChanges;
use crate::model::name::DisplayName;
use crate::model::resource::Resource;
use crate::model::resource::ResourceUri;
use crate::model::role::RoleName;
use crate::model::scope::MadeScope;
use crate::model::scope::Scope;
use crate::store::StoreError;
use crate::store::Tx;

/// The most resources that are listed.
const MOST_RESOURCES: i64 = 1_000;

/// A record, with what can be bound to it.
pub type WithOffer<R> = (R, Vec<Described>);

/// One of the lists.
pub trait Kept: 'static {
    /// A line of it.
    type Line: Send + 'static;
    /// What can be kept of one.
    type Record: Clone + Send + Sync + 'static;
    /// Why one can't be made, changed or deleted.
    type Error: std::error::Error + From<StoreError> + Send + 'static;

    /// The whole list.
    ///
    /// # Errors
    /// What the database says.
    fn list(tx: &mut Tx<'_>) -> Result<Vec<Self::Line>, StoreError>;

    /// What can be bound to one: roles to scopes, scopes to resources.
    ///
    /// # Errors
    /// What the database says.
    fn offer(tx: &mut Tx<'_>) -> Result<Vec<Described>, StoreError>;

    /// One that is there and can be changed.
    ///
    /// # Errors
    /// What the database says.
    fn find(tx: &mut Tx<'_>, key: &str) -> Result<Option<Self::Record>, StoreError>;

    /// Makes it.
    ///
    /// # Errors
    /// Why it can't be made.
    fn create(tx: &mut Tx<'_>, record: &Self::Record, act: &Act) -> Result<(), Self::Error>;

    /// Changes it.
    ///
    /// # Errors
    /// Why it can't be changed.
    fn change(tx: &mut Tx<'_>, record: &Self::Record, act: &Act) -> Result<(), Self::Error>;

    /// Deletes it.
    ///
    /// # Errors
    /// Why it stays.
    fn delete(tx: &mut Tx<'_>, record: &Self::Record, act: &Act) -> Result<(), Self::Error>;

    /// One that is there and can be changed, with what can be bound to it.
    ///
    /// # Errors
    /// What the database says.
    fn read(tx: &mut Tx<'_>, key: &str) -> Result<Option<WithOffer<Self::Record>>, StoreError> {
        let Some(record) = Self::find(tx, key)? else { return Ok(None) };
        Ok(Some((record, Self::offer(tx)?)))
    }
}

/// The list of roles.
pub struct Roles;

impl Kept for Roles {
    type Line = KnownRole;
    type Record = KnownRole;
    type Error = RoleError;

    fn list(tx: &mut Tx<'_>) -> Result<Vec<KnownRole>, StoreError> {
        roles::known(tx)
    }

    fn offer(_: &mut Tx<'_>) -> Result<Vec<Described>, StoreError> {
        Ok(Vec::new())
    }

    fn find(tx: &mut Tx<'_>, key: &str) -> Result<Option<KnownRole>, StoreError> {
        let Ok(name) = RoleName::parse(key) else { return Ok(None) };
        Ok(roles::known(tx)?.into_iter().find(|role| role.name == name))
    }

    fn create(tx: &mut Tx<'_>, record: &KnownRole, act: &Act) -> Result<(), RoleError> {
        roles::create(tx, record, act)
    }

    fn change(tx: &mut Tx<'_>, record: &KnownRole, act: &Act) -> Result<(), RoleError> {
        let changes = RoleChanges {
            // That of the built-in one stays.
            description: (!record.name.is_admin()).then(|| record.description.clone()),
            require_second_factor: Some(record.require_second_factor),
        };
        roles::change_role(tx, &record.name, &changes, act).map(drop)
    }

    fn delete(tx: &mut Tx<'_>, record: &KnownRole, act: &Act) -> Result<(), RoleError> {
        roles::delete_role(tx, &record.name, act)
    }
}

/// The list of scopes; those that are built in stay as they are.
pub struct Scopes;

impl Kept for Scopes {
    type Line = KnownScope;
    type Record = MadeScope;
    type Error = RoleError;

    fn list(tx: &mut Tx<'_>) -> Result<Vec<KnownScope>, StoreError> {
        let mut scopes = roles::known_scopes(tx)?;
        // Those that can be changed come first.
        scopes.sort_by_key(|scope| scope.built_in);
        Ok(scopes)
    }

    fn offer(tx: &mut Tx<'_>) -> Result<Vec<Described>, StoreError> {
        roles::all_roles(tx)
    }

    fn find(tx: &mut Tx<'_>, key: &str) -> Result<Option<MadeScope>, StoreError> {
        Ok(tx.scopes().list()?.into_iter().find(|scope| scope.name.as_str() == key))
    }

    fn create(tx: &mut Tx<'_>, record: &MadeScope, act: &Act) -> Result<(), RoleError> {
        roles::create_scope(tx, record, act).map(drop)
    }

    fn change(tx: &mut Tx<'_>, record: &MadeScope, act: &Act) -> Result<(), RoleError> {
        let changes = ScopeChanges { description: Some(record.description.clone()), roles: Some(record.roles.clone()) };
        roles::change_scope(tx, &record.name, &changes, act).map(drop)
    }

    fn delete(tx: &mut Tx<'_>, record: &MadeScope, act: &Act) -> Result<(), RoleError> {
        roles::delete_scope(tx, &record.name, act)
    }
}

/// A resource as an administrator describes it.
#[derive(Debug, Clone)]
pub struct ResourceDescription {
    /// The URI that names it.
    pub uri: ResourceUri,
    /// What people see.
    pub name: DisplayName,
    /// The scopes that tokens for it may have; where there are none, any.
    pub scopes: Scope,
}

/// The list of resources.
pub struct Resources;

impl Kept for Resources {
    type Line = Resource;
    type Record = ResourceDescription;
    type Error = ResourceError;

    fn list(tx: &mut Tx<'_>) -> Result<Vec<Resource>, StoreError> {
        tx.resources().list(None, MOST_RESOURCES)
    }

    fn offer(tx: &mut Tx<'_>) -> Result<Vec<Described>, StoreError> {
        roles::all_scopes(tx)
    }

    fn find(tx: &mut Tx<'_>, key: &str) -> Result<Option<ResourceDescription>, StoreError> {
        let Ok(uri) = ResourceUri::parse(key) else { return Ok(None) };
        let Some(found) = tx.resources().find(&uri)? else { return Ok(None) };
        let name = DisplayName::parse(&found.name).map_err(|_| StoreError::Corrupt("the name of a resource"))?;
        Ok(Some(ResourceDescription { uri: found.uri, name, scopes: found.scopes }))
    }

    fn create(tx: &mut Tx<'_>, record: &ResourceDescription, act: &Act) -> Result<(), ResourceError> {
        resources::create(tx, &record.uri, &record.name, &record.scopes, act).map(drop)
    }

    fn change(tx: &mut Tx<'_>, record: &ResourceDescription, act: &Act) -> Result<(), ResourceError> {
        resources::edit(tx, &record.uri, Some(&record.name), Some(&record.scopes), act).map(drop)
    }

    fn delete(tx: &mut Tx<'_>, record: &ResourceDescription, act: &Act) -> Result<(), ResourceError> {
        resources::delete(tx, &record.uri, act).map(drop)
    }
}
