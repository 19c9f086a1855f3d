//! Resource indicators: which API a token is meant for (RFC 8707).

use crate::domain::oauth::error::ErrorCode;
use crate::domain::oauth::error::Refusal;
use crate::domain::refusals::check::Check;
use crate::domain::refusals::finding;
use crate::domain::refusals::finding::Finding;
use crate::model::issuer::Issuer;
use crate::model::resource::ResourceUri;
use crate::model::resource::Resources;
use crate::model::scope::Scope;
use crate::store::StoreError;
use crate::store::Tx;

/// Scopes that say who somebody is, or how long the client stays; they belong to no resource.
const OF_NO_RESOURCE: [&str; 5] = ["openid", "profile", "email", "roles", "offline_access"];

/// The resources that `texts` name, in the form in which they are registered. This server itself is known without
/// registration, with or without a last slash.
///
/// # Errors
/// `invalid_target` (RFC 8707 §2) where one of them is not known.
pub fn read(tx: &mut Tx<'_>, texts: &[String], issuer: &Issuer) -> Result<Result<Resources, Refusal>, StoreError> {
    let refuse = |why: String| Ok(Err(Refusal::new(ErrorCode::InvalidTarget, why)));
    let named = match Resources::parse(texts.iter().map(String::as_str)) {
        Ok(named) => named,
        Err(Some(error)) => return refuse(error.to_string()),
        Err(None) => return refuse("a token can be meant for ten resources at most".to_owned()),
    };
    let mut known: Vec<ResourceUri> = Vec::new();
    for uri in named.iter() {
        if uri.is_issuer(issuer) {
            known.push(uri.clone());
            continue;
        }
        match tx.resources().find(uri)? {
            Some(resource) => known.push(resource.uri),
            None => {
                let why = "resource names no resource that is known here";
                let came = finding::address(uri.as_str());
                let finding = Finding::new(Check::ResourceKnown, "a resource that is registered", came);
                return Ok(Err(Refusal::new(ErrorCode::InvalidTarget, why).with(finding)));
            }
        }
    }
    Ok(Ok(known.into_iter().collect()))
}

/// Those of the `authorized` resources that a token request asks for; where it asks for none, all of them
/// (RFC 8707 §2.2). What is bound to no resource may be narrowed to this server itself.
///
/// # Errors
/// `invalid_target` where one was not authorized.
pub fn narrow(asked: Resources, authorized: &Resources, issuer: &Issuer) -> Result<Resources, Refusal> {
    if asked.is_empty() {
        return Ok(authorized.clone());
    }
    let is_ours = authorized.is_empty() && asked.iter().all(|uri| uri.is_issuer(issuer));
    if is_ours || asked.is_subset_of(authorized) {
        return Ok(asked);
    }
    let why = "resource is none of those that were authorized; name it in the authorization request too (RFC 8707)";
    let list = |resources: &Resources| resources.iter().map(ResourceUri::as_str).collect::<Vec<_>>().join(" ");
    let finding = Finding::new(Check::ResourceGranted, list(authorized), list(&asked));
    Err(Refusal::new(ErrorCode::InvalidTarget, why).with(finding))
}

/// What of `scope` a token for `resources` can have: where each of them names its scopes, those of any of them, and
/// what belongs to no resource.
///
/// # Errors
/// What the database says.
pub fn scopes_at(tx: &mut Tx<'_>, scope: &Scope, resources: &Resources) -> Result<Scope, StoreError> {
    if resources.is_empty() {
        return Ok(scope.clone());
    }
    let mut allowed = Scope::default();
    for uri in resources.iter() {
        match tx.resources().find(uri)? {
            Some(resource) if !resource.scopes.is_empty() => allowed = allowed.union(&resource.scopes),
            // It takes any.
            _ => return Ok(scope.clone()),
        }
    }
    let stays = |name: &str| allowed.contains(name) || OF_NO_RESOURCE.contains(&name);
    Ok(scope.iter().filter(|name| stays(name.as_str())).cloned().collect())
}
