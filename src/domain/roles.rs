//! Roles and scopes: what administrators make beside the built-in ones.

use std::fmt;

use serde_json::json;

use crate::domain::act::Act;
use crate::domain::rights::Actor;
use crate::domain::rights::Catalogue;
use crate::model::audit::AuditEvent;
use crate::model::name::DisplayName;
use crate::model::name::NameError;
use crate::model::role::RoleName;
use crate::model::scope::BUILT_IN;
use crate::model::scope::MadeScope;
use crate::model::scope::Scope;
use crate::model::scope::ScopeToken;
use crate::model::user::Roles;
use crate::store::StoreError;
use crate::store::Tx;

/// Which of the two a refusal is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoleOrScope {
    /// A role.
    Role,
    /// A scope.
    Scope,
}

impl fmt::Display for RoleOrScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            RoleOrScope::Role => "role",
            RoleOrScope::Scope => "scope",
        })
    }
}

/// Why a role or a scope can't be made or deleted.
#[derive(Debug, thiserror::Error)]
pub enum RoleError {
    /// There is no such role.
    #[error("there is no role {0}")]
    UnknownRole(String),
    /// There is no such scope.
    #[error("there is no scope {0}")]
    UnknownScope(String),
    /// There is one of the same name, or one that looks the same.
    #[error("there is a {0} {1} already")]
    Taken(RoleOrScope, String),
    /// Built-in roles and scopes stay.
    #[error("the {0} {1} is built in and stays")]
    BuiltIn(RoleOrScope, String),
    /// A scope is bound to the role; without the role it would be open to everybody.
    #[error("a scope is bound to the role {0}; delete that scope first")]
    InUse(String),
    /// What it is for cannot be shown.
    #[error("the description {0}")]
    Description(NameError),
    /// The database said no.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// A role or a scope, and what it is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Described {
    /// Its name.
    pub name: String,
    /// What it is for, as a sentence; may be empty.
    pub sentence: String,
}

/// All that can be given to users and clients.
#[derive(Debug, Clone)]
pub struct Offer {
    /// The roles, by name.
    pub roles: Vec<Described>,
    /// The scopes, as [`all_scopes`] orders them.
    pub scopes: Vec<Described>,
}

/// All roles and scopes there are.
///
/// # Errors
/// What the database says.
pub fn offer(tx: &mut Tx<'_>) -> Result<Offer, StoreError> {
    Ok(Offer { roles: all_roles(tx)?, scopes: all_scopes(tx)? })
}

/// All roles there are, by name.
///
/// # Errors
/// What the database says.
pub fn all_roles(tx: &mut Tx<'_>) -> Result<Vec<Described>, StoreError> {
    let roles = tx.roles().list()?;
    Ok(roles.into_iter().map(|(name, sentence)| Described { name: name.as_str().to_owned(), sentence }).collect())
}

/// All scopes there are, in the order in which people look for them: the built-in ones on what is one's own, those
/// that administrators made by name, the built-in ones that reach everybody's records.
///
/// # Errors
/// What the database says.
pub fn all_scopes(tx: &mut Tx<'_>) -> Result<Vec<Described>, StoreError> {
    let made = tx.scopes().list()?;
    let built_in = |needs_admin: bool| {
        let these = BUILT_IN.iter().filter(move |scope| scope.needs_admin == needs_admin);
        these.map(|scope| Described { name: scope.name.to_owned(), sentence: scope.sentence.to_owned() })
    };
    let made =
        made.into_iter().map(|scope| Described { name: scope.name.as_str().to_owned(), sentence: scope.description });
    Ok(built_in(false).chain(made).chain(built_in(true)).collect())
}

/// The scopes that a user with `roles` can give away: all but those that are withheld from these roles.
///
/// # Errors
/// What the database says.
pub fn scopes_of_user(tx: &mut Tx<'_>, roles: &Roles) -> Result<Vec<Described>, StoreError> {
    let all = all_scopes(tx)?;
    let names: Scope = all.iter().filter_map(|scope| ScopeToken::parse(&scope.name).ok()).collect();
    let usable = Catalogue::read(tx)?.usable(&names, roles, Actor::User);
    Ok(all.into_iter().filter(|scope| usable.contains(&scope.name)).collect())
}

/// A scope, built in or made.
#[derive(Debug, Clone)]
pub struct KnownScope {
    /// Its name.
    pub name: String,
    /// The sentence of the consent page.
    pub description: String,
    /// Where not empty, only those who hold one of these roles can grant it or use it.
    pub roles: Roles,
    /// Whether every Hallpass knows it.
    pub built_in: bool,
}

/// What changes in a scope; `None` leaves something as it is.
#[derive(Debug, Clone, Default)]
pub struct ScopeChanges {
    /// The sentence of the consent page.
    pub description: Option<String>,
    /// All roles that it is bound to from now on; empty: it is open to everybody.
    pub roles: Option<Roles>,
}

/// All scopes there are with the roles that they are bound to, by name.
///
/// # Errors
/// What the database says.
pub fn known_scopes(tx: &mut Tx<'_>) -> Result<Vec<KnownScope>, StoreError> {
    let built_in = BUILT_IN.iter().map(|scope| KnownScope {
        name: scope.name.to_owned(),
        description: scope.sentence.to_owned(),
        roles: scope.needs_admin.then(RoleName::admin).into_iter().collect(),
        built_in: true,
    });
    let made = tx.scopes().list()?.into_iter().map(|scope| KnownScope {
        name: scope.name.as_str().to_owned(),
        description: scope.description,
        roles: scope.roles,
        built_in: false,
    });
    let mut all: Vec<KnownScope> = built_in.chain(made).collect();
    // Not every database sorts texts in the same way.
    all.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(all)
}

/// What changes in a role; `None` leaves something as it is.
#[derive(Debug, Clone, Default)]
pub struct RoleChanges {
    /// What it is for.
    pub description: Option<String>,
    /// Whether whoever holds it needs a second factor to sign in.
    pub require_second_factor: Option<bool>,
}

/// A role as it is.
#[derive(Debug, Clone)]
pub struct KnownRole {
    /// Its name.
    pub name: RoleName,
    /// What it is for; may be empty.
    pub description: String,
    /// Whether whoever holds it needs a second factor to sign in.
    pub require_second_factor: bool,
}

/// All roles, by name.
///
/// # Errors
/// What the database says.
pub fn known(tx: &mut Tx<'_>) -> Result<Vec<KnownRole>, StoreError> {
    let strict = tx.roles().list_strict()?;
    let known = |(name, description): (RoleName, String)| {
        let require_second_factor = strict.contains(name.as_str());
        KnownRole { name, description, require_second_factor }
    };
    Ok(tx.roles().list()?.into_iter().map(known).collect())
}

/// Changes a role. The built-in one can be made to need a second factor, and nothing else of it changes. Sessions that
/// are there go on.
///
/// # Errors
/// [`RoleError::UnknownRole`], [`RoleError::BuiltIn`], [`RoleError::Description`].
pub fn change_role(tx: &mut Tx<'_>, name: &RoleName, changes: &RoleChanges, act: &Act) -> Result<KnownRole, RoleError> {
    let unknown = || RoleError::UnknownRole(name.as_str().to_owned());
    let before = known(tx)?.into_iter().find(|known| known.name == *name).ok_or_else(unknown)?;
    let mut after = before.clone();
    if let Some(description) = &changes.description {
        check_description(description, true)?;
        if before.name.is_admin() {
            return Err(RoleError::BuiltIn(RoleOrScope::Role, before.name.as_str().to_owned()));
        }
        after.description.clone_from(description);
        if !tx.roles().describe(&before.name, description)? {
            return Err(unknown());
        }
    }
    if let Some(is_strict) = changes.require_second_factor {
        after.require_second_factor = is_strict;
        if !tx.roles().set_strict(&before.name, is_strict)? {
            return Err(unknown());
        }
    }
    let told = |role: &KnownRole| json!({ "description": role.description, "require_second_factor": role.require_second_factor });
    let details = json!({ "before": told(&before), "after": told(&after) });
    act.record(tx, AuditEvent::RoleChanged, before.name.as_str(), details)?;
    Ok(after)
}

/// Changes a scope's sentence, or the roles that it is bound to; that holds from the next request on.
///
/// # Errors
/// [`RoleError::UnknownScope`], [`RoleError::BuiltIn`], [`RoleError::UnknownRole`], [`RoleError::Description`].
pub fn change_scope(
    tx: &mut Tx<'_>,
    name: &ScopeToken,
    changes: &ScopeChanges,
    act: &Act,
) -> Result<MadeScope, RoleError> {
    if BUILT_IN.iter().any(|built_in| built_in.name == name.as_str()) {
        return Err(RoleError::BuiltIn(RoleOrScope::Scope, name.as_str().to_owned()));
    }
    let unknown = || RoleError::UnknownScope(name.as_str().to_owned());
    let before = tx.scopes().list()?.into_iter().find(|scope| scope.name == *name).ok_or_else(unknown)?;
    let after = MadeScope {
        name: name.clone(),
        description: changes.description.clone().unwrap_or_else(|| before.description.clone()),
        roles: match &changes.roles {
            Some(roles) => known_roles(tx, roles)?,
            None => before.roles.clone(),
        },
    };
    check_description(&after.description, false)?;
    if !tx.scopes().change(&after)? {
        return Err(unknown());
    }
    let summary = |scope: &MadeScope| json!({ "description": scope.description, "roles": scope.roles.names() });
    let details = json!({ "before": summary(&before), "after": summary(&after) });
    act.record(tx, AuditEvent::ScopeChanged, name.as_str(), details)?;
    Ok(after)
}

/// People read it on pages, that of consent among them: nothing in it may hide or turn round what stands there.
fn check_description(text: &str, may_be_empty: bool) -> Result<(), RoleError> {
    if text.is_empty() && may_be_empty {
        return Ok(());
    }
    DisplayName::parse(text).map(drop).map_err(RoleError::Description)
}

fn known_roles(tx: &mut Tx<'_>, roles: &Roles) -> Result<Roles, RoleError> {
    let known = |tx: &mut Tx<'_>, role: &RoleName| {
        tx.roles().find(role)?.ok_or_else(|| RoleError::UnknownRole(role.as_str().to_owned()))
    };
    roles.iter().map(|role| known(tx, role)).collect()
}

/// Makes a role.
///
/// # Errors
/// [`RoleError::Taken`], [`RoleError::Description`].
pub fn create_role(tx: &mut Tx<'_>, name: &RoleName, description: &str, act: &Act) -> Result<(), RoleError> {
    check_description(description, true)?;
    if let Some(other) = tx.roles().find(name)? {
        return Err(RoleError::Taken(RoleOrScope::Role, other.as_str().to_owned()));
    }
    tx.roles().insert(name, description, act.now).map_err(|error| taken(error, RoleOrScope::Role, name.as_str()))?;
    act.record(tx, AuditEvent::RoleCreated, name.as_str(), json!({ "description": description }))?;
    Ok(())
}

/// As [`create_role`], and says whether it asks for a second factor.
///
/// # Errors
/// As [`create_role`].
pub fn create(tx: &mut Tx<'_>, role: &KnownRole, act: &Act) -> Result<(), RoleError> {
    create_role(tx, &role.name, &role.description, act)?;
    if role.require_second_factor {
        let changes = RoleChanges { description: None, require_second_factor: Some(true) };
        change_role(tx, &role.name, &changes, act)?;
    }
    Ok(())
}

/// Deletes a role; whoever held it holds it no more.
///
/// # Errors
/// [`RoleError::UnknownRole`], [`RoleError::BuiltIn`], [`RoleError::InUse`].
pub fn delete_role(tx: &mut Tx<'_>, name: &RoleName, act: &Act) -> Result<(), RoleError> {
    let name = tx.roles().find(name)?.ok_or_else(|| RoleError::UnknownRole(name.as_str().to_owned()))?;
    if name.as_str() == RoleName::ADMIN {
        return Err(RoleError::BuiltIn(RoleOrScope::Role, name.as_str().to_owned()));
    }
    let bound = tx.scopes().bindings()?.values().any(|roles| roles.contains(name.as_str()));
    if bound {
        return Err(RoleError::InUse(name.as_str().to_owned()));
    }
    let holders: Vec<String> = tx.roles().holders(&name)?.iter().map(ToString::to_string).collect();
    let is_strict = tx.roles().list_strict()?.contains(name.as_str());
    let description =
        tx.roles().list()?.into_iter().find(|(known, _)| *known == name).map(|(_, description)| description);
    let was = json!({ "description": description, "require_second_factor": is_strict });
    let details = json!({ "before": was, "users_who_held_it": holders });
    match tx.roles().delete(&name) {
        Ok(true) => act.record(tx, AuditEvent::RoleDeleted, name.as_str(), details).map_err(RoleError::from),
        Ok(false) => Err(RoleError::UnknownRole(name.as_str().to_owned())),
        Err(StoreError::Conflict(_)) => Err(RoleError::InUse(name.as_str().to_owned())),
        Err(error) => Err(error.into()),
    }
}

/// Makes a scope. With roles, only who holds one of them can grant it or use it.
///
/// # Errors
/// [`RoleError::Taken`], [`RoleError::UnknownRole`], [`RoleError::Description`].
pub fn create_scope(tx: &mut Tx<'_>, scope: &MadeScope, act: &Act) -> Result<MadeScope, RoleError> {
    check_description(&scope.description, false)?;
    let name = scope.name.as_str();
    let exists = BUILT_IN.iter().any(|built_in| built_in.name == name) || tx.scopes().names()?.contains(name);
    if exists {
        return Err(RoleError::Taken(RoleOrScope::Scope, name.to_owned()));
    }
    let roles = known_roles(tx, &scope.roles)?;
    let details = json!({ "description": scope.description, "roles": roles.names() });
    let scope = MadeScope { roles, ..scope.clone() };
    tx.scopes().insert(&scope, act.now).map_err(|error| taken(error, RoleOrScope::Scope, name))?;
    act.record(tx, AuditEvent::ScopeCreated, name, details)?;
    Ok(scope)
}

/// Deletes a scope; no credential has it from the next request on.
///
/// # Errors
/// [`RoleError::UnknownScope`], [`RoleError::BuiltIn`].
pub fn delete_scope(tx: &mut Tx<'_>, name: &ScopeToken, act: &Act) -> Result<(), RoleError> {
    if BUILT_IN.iter().any(|built_in| built_in.name == name.as_str()) {
        return Err(RoleError::BuiltIn(RoleOrScope::Scope, name.as_str().to_owned()));
    }
    let before = tx.scopes().list()?.into_iter().find(|scope| scope.name == *name);
    let details = before
        .map_or_else(|| json!({}), |scope| json!({ "description": scope.description, "roles": scope.roles.names() }));
    if !tx.scopes().delete(name)? {
        return Err(RoleError::UnknownScope(name.as_str().to_owned()));
    }
    act.record(tx, AuditEvent::ScopeDeleted, name.as_str(), details)?;
    Ok(())
}

fn taken(error: StoreError, what: RoleOrScope, name: &str) -> RoleError {
    match error {
        StoreError::Conflict(_) => RoleError::Taken(what, name.to_owned()),
        error => RoleError::Store(error),
    }
}

/// The sentence of each of `scopes`, for the person who is asked for it.
///
/// # Errors
/// What the database says.
pub fn sentences(tx: &mut Tx<'_>, scopes: &Scope) -> Result<Vec<(String, String)>, StoreError> {
    let made = tx.scopes().list()?;
    let sentence = |name: &str| {
        let built_in =
            BUILT_IN.iter().find(|built_in| built_in.name == name).map(|built_in| built_in.sentence.to_owned());
        built_in
            .or_else(|| made.iter().find(|scope| scope.name.as_str() == name).map(|scope| scope.description.clone()))
    };
    Ok(scopes.iter().map(|scope| (scope.as_str().to_owned(), sentence(scope.as_str()).unwrap_or_default())).collect())
}
