//! Resources: registering the APIs that tokens can be meant for (RFC 8707).

use serde_json::json;

use crate::domain::act::Act;
use crate::domain::rights::Catalogue;
use crate::model::audit::AuditEvent;
use crate::model::name::DisplayName;
use crate::model::resource::Resource;
use crate::model::resource::ResourceUri;
use crate::model::resource::Resources;
use crate::model::scope::Scope;
use crate::store::StoreError;
use crate::store::Tx;

/// Why a resource can't be registered, changed or deleted.
#[derive(Debug, thiserror::Error)]
pub enum ResourceError {
    /// There is no such resource.
    #[error("there is no resource {0}")]
    NotFound(String),
    /// There is one already.
    #[error("there is a resource {0} already")]
    Taken(String),
    /// There is no such scope.
    #[error("there is no scope {0}; make it first (hallpass scope create)")]
    UnknownScope(String),
    /// The database said no.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// Registers a resource. With scopes, tokens for it can have no others, but for those that say who somebody is.
///
/// # Errors
/// [`ResourceError::Taken`], [`ResourceError::UnknownScope`].
pub fn create(
    tx: &mut Tx<'_>,
    uri: &ResourceUri,
    name: &DisplayName,
    scopes: &Scope,
    act: &Act,
) -> Result<Resource, ResourceError> {
    known_scopes(tx, scopes)?;
    let (name, scopes) = (name.as_str().to_owned(), scopes.clone());
    let resource = Resource { uri: uri.clone(), name, scopes, created_at: act.now };
    tx.resources().insert(&resource).map_err(|error| match error {
        StoreError::Conflict(_) => ResourceError::Taken(uri.to_string()),
        error => error.into(),
    })?;
    act.record(tx, AuditEvent::ResourceCreated, uri.as_str(), summary(&resource))?;
    Ok(resource)
}

/// Changes a resource's name or scopes; `None` leaves one as it is.
///
/// # Errors
/// [`ResourceError::NotFound`], [`ResourceError::UnknownScope`].
pub fn edit(
    tx: &mut Tx<'_>,
    uri: &ResourceUri,
    name: Option<&DisplayName>,
    scopes: Option<&Scope>,
    act: &Act,
) -> Result<Resource, ResourceError> {
    let before = tx.resources().find(uri)?.ok_or_else(|| ResourceError::NotFound(uri.to_string()))?;
    let after = Resource {
        name: name.map_or_else(|| before.name.clone(), |name| name.as_str().to_owned()),
        scopes: scopes.unwrap_or(&before.scopes).clone(),
        ..before.clone()
    };
    known_scopes(tx, &after.scopes)?;
    tx.resources().update(&after)?;
    let details = json!({ "before": summary(&before), "after": summary(&after) });
    act.record(tx, AuditEvent::ResourceChanged, after.uri.as_str(), details)?;
    Ok(after)
}

/// Deletes a resource: no token can be meant for it any more. Those that are go on until they end.
///
/// # Errors
/// [`ResourceError::NotFound`].
pub fn delete(tx: &mut Tx<'_>, uri: &ResourceUri, act: &Act) -> Result<Resource, ResourceError> {
    let resource = tx.resources().find(uri)?.ok_or_else(|| ResourceError::NotFound(uri.to_string()))?;
    tx.resources().delete(uri)?;
    act.record(tx, AuditEvent::ResourceDeleted, resource.uri.as_str(), summary(&resource))?;
    Ok(resource)
}

/// The names of `resources`, by their URIs; this server itself has none.
///
/// # Errors
/// What the database says.
pub fn named(tx: &mut Tx<'_>, resources: &Resources) -> Result<Vec<(String, Option<String>)>, StoreError> {
    let named = |tx: &mut Tx<'_>, uri: &ResourceUri| {
        let name = tx.resources().find(uri)?.map(|resource| resource.name);
        Ok((uri.to_string(), name))
    };
    resources.iter().map(|uri| named(tx, uri)).collect()
}

fn known_scopes(tx: &mut Tx<'_>, scopes: &Scope) -> Result<(), ResourceError> {
    let catalogue = Catalogue::read(tx)?;
    match scopes.iter().find(|scope| !catalogue.knows(scope.as_str())) {
        Some(scope) => Err(ResourceError::UnknownScope(scope.as_str().to_owned())),
        None => Ok(()),
    }
}

fn summary(resource: &Resource) -> serde_json::Value {
    json!({ "name": resource.name, "scope": resource.scopes.to_string() })
}
