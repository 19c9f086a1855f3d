//! Whether a credential that is good gets in at a service behind a proxy.

use crate::domain::refusals::check::Check;
use crate::model::demand::Demand;
use crate::model::identity::Credential;
use crate::model::identity::Identity;
use crate::model::issuer::Issuer;
use crate::model::resource::ResourceUri;
use crate::model::resource::Resources;
use crate::model::role::RoleName;

/// What is asked at a service of a credential that is good, in this order.
pub const CHECKS: &[Check] =
    &[Check::Possession, Check::TokenAudience, Check::KeyLimits, Check::NeedScope, Check::NeedRole];

/// Why somebody whose credential is good is not let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Denial {
    /// The access token is meant for another API (RFC 8707 §2).
    WrongResource,
    /// The credential lacks a scope or a resource, or none was named that it could hold.
    InsufficientScope {
        /// The scopes that are needed; empty where none was named.
        scope: String,
    },
    /// The subject lacks a role.
    MissingRole(RoleName),
}

/// Whether the access token of `identity` is meant for the API that asks; other credentials are good at every API.
///
/// # Errors
/// [`Denial::WrongResource`].
pub fn check_resource(identity: &Identity, demand: &Demand, issuer: &Issuer) -> Result<(), Denial> {
    let bound_to = bound_to(identity);
    let is_meant = |uri: &ResourceUri| holds(bound_to, uri, issuer);
    if bound_to.is_empty() || (!demand.resources.is_empty() && demand.resources.iter().all(is_meant)) {
        return Ok(());
    }
    Err(Denial::WrongResource)
}

/// Whether `identity` has all that is demanded. What acts with less than full access passes only where a scope or a
/// resource is demanded that it holds: an application that a user let sign in must not be able to use its token at every
/// service behind the proxy.
///
/// # Errors
/// See [`Denial`].
pub fn check(identity: &Identity, demand: &Demand, issuer: &Issuer) -> Result<(), Denial> {
    check_resource(identity, demand, issuer)?;
    let has_scopes = demand.scopes.is_subset_of(identity.rights.scopes());
    let is_meant = identity.has_full_access() || {
        let holds_resources = demand.resources.iter().all(|uri| holds(bound_to(identity), uri, issuer));
        holds_resources && !(demand.scopes.is_empty() && demand.resources.is_empty())
    };
    if !has_scopes || !is_meant {
        return Err(Denial::InsufficientScope { scope: demand.scopes.to_string() });
    }
    let lacks = |role: &&RoleName| !identity.roles.iter().any(|held| held == *role);
    match demand.roles.iter().find(lacks) {
        Some(role) => Err(Denial::MissingRole(role.clone())),
        None => Ok(()),
    }
}

/// The resources that it is bound to.
fn bound_to(identity: &Identity) -> &Resources {
    static NONE: Resources = Resources::none();
    match &identity.credential {
        Credential::AccessToken { resources, .. } => resources,
        Credential::Session { .. } | Credential::ApiKey { .. } => &NONE,
    }
}

fn holds(resources: &Resources, uri: &ResourceUri, issuer: &Issuer) -> bool {
    resources.contains(uri) || (uri.is_issuer(issuer) && resources.name_issuer(issuer))
}
