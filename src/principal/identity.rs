//! Who a request is, as an issuer tells it to others (RFC 7662 §2.2).

use serde_json::Value;

use crate::model::resource::Resources;
use crate::model::scope::Scope;
use crate::model::thumbprint::Thumbprint;
use crate::model::time::Timestamp;
use crate::model::user::Roles;
use crate::principal::need::Holder;

/// Who a request is, and what it may do now.
#[derive(Debug, Clone)]
pub struct Identity {
    /// The user or client that the request acts as.
    pub subject: Subject,
    /// The subject's roles, less what the credential leaves out.
    pub roles: Roles,
    /// What the credential may do.
    pub scopes: Scope,
    /// Whether it may do whatever its subject may. An API key can; an access token never has full access.
    pub full_access: bool,
    /// By what the request showed it.
    pub shown_by: ShownBy,
    /// When the credential ends by itself.
    pub expires_at: Option<Timestamp>,
}

/// A user or a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A person or a service account.
    User {
        /// Its id, `user_…`: the one name that never goes to somebody else.
        id: String,
        /// The name it signs in with, which can change.
        username: String,
    },
    /// A client in its own name (RFC 6749 §4.4).
    Client {
        /// Its `client_id`.
        client_id: String,
    },
}

/// The kind of credential, with what is true of that kind alone.
#[derive(Debug, Clone)]
pub enum ShownBy {
    /// An OAuth access token.
    AccessToken {
        /// The client that it was given to.
        client_id: String,
        /// The resources it is meant for; where there are none, it is bound to none (RFC 8707 §2).
        resources: Resources,
        /// The key it is bound to (RFC 9449 §6).
        key: Option<Thumbprint>,
        /// Who acts for the subject (RFC 8693 §4.1).
        actor: Option<Value>,
        /// The details it was given for (RFC 9396 §9.2).
        authorization_details: Option<Value>,
    },
    /// An API key.
    ApiKey {
        /// Its public half.
        api_key: String,
    },
}

impl Subject {
    /// The subject's id: a user's `user_…`, or the `client_id`. No user's equals a client's.
    pub fn id(&self) -> &str {
        match self {
            Subject::User { id, .. } => id,
            Subject::Client { client_id } => client_id,
        }
    }
}

impl Identity {
    /// The user's name, where the request acts as a user.
    pub fn username(&self) -> Option<&str> {
        match &self.subject {
            Subject::User { username, .. } => Some(username),
            Subject::Client { .. } => None,
        }
    }

    /// Whether it may do what `scope` stands for.
    pub fn has_scope(&self, scope: &str) -> bool {
        self.scopes.contains(scope)
    }

    /// Whether its subject holds `role`.
    pub fn has_role(&self, role: &str) -> bool {
        self.roles.contains(role)
    }
}

impl Holder for Identity {
    fn is_user(&self) -> bool {
        matches!(self.subject, Subject::User { .. })
    }

    fn is_in_session(&self) -> bool {
        false
    }

    fn is_admin(&self) -> bool {
        self.roles.is_admin()
    }

    fn has_role(&self, role: &str) -> bool {
        self.roles.contains(role)
    }

    fn has_scope(&self, scope: &str) -> bool {
        self.scopes.contains(scope)
    }
}
