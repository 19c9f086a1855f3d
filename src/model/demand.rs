//! What a service behind a proxy demands of those whom it lets in.

use crate::model::resource::Resources;
use crate::model::scope::Scope;
use crate::model::user::Roles;

/// All of it is needed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Demand {
    /// What the credential must be able to do.
    pub scopes: Scope,
    /// What the subject must hold.
    pub roles: Roles,
    /// The API that it is, by its URIs (RFC 8707 §2).
    pub resources: Resources,
}
