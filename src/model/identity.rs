//! Who a request is: the answer that the whole program exists to give.

use std::sync::Arc;

use crate::model::client::Client;
use crate::model::details::AuthorizationDetails;
use crate::model::id::ApiKeyId;
use crate::model::id::ClientId;
use crate::model::id::FamilyId;
use crate::model::id::SessionId;
use crate::model::id::UserId;
use crate::model::resource::Resources;
use crate::model::scope::Scope;
use crate::model::thumbprint::Thumbprint;
use crate::model::time::Timestamp;
use crate::model::token::TokenHash;
use crate::model::user::Roles;

/// Who a request is, and what it may do now.
#[derive(Debug, Clone)]
pub struct Identity {
    /// The user or client that the request acts as.
    pub subject: Subject,
    /// The subject's roles, less what the credential leaves out.
    pub roles: Roles,
    /// What the credential may do.
    pub rights: Rights,
    /// By what the request showed it.
    pub credential: Credential,
    /// When the credential ends by itself.
    pub expires_at: Option<Timestamp>,
}

/// A user or a client; their ids are of different types and can never be equal.
#[derive(Debug, Clone)]
pub enum Subject {
    /// A person or a service account.
    User {
        /// Its id.
        id: UserId,
        /// Its name.
        username: String,
        /// Its e-mail address.
        email: Option<String>,
        /// How it is called.
        full_name: String,
    },
    /// A client in its own name (RFC 6749 §4.4).
    Client {
        /// Its id inside.
        id: ClientId,
        /// Its `client_id`.
        client_id: String,
    },
}

/// What a credential may do, worked out from what is true now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rights {
    /// Every scope there is, less those that are bound to roles of which the subject holds none.
    Full {
        /// What that leaves.
        scopes: Scope,
    },
    /// These scopes and no others.
    Scopes(Scope),
}

impl Rights {
    /// The scopes.
    pub fn scopes(&self) -> &Scope {
        match self {
            Rights::Full { scopes } | Rights::Scopes(scopes) => scopes,
        }
    }
}

/// The one credential that a request carries.
#[derive(Debug, Clone)]
pub enum Credential {
    /// A browser session.
    Session {
        /// Its id.
        id: SessionId,
        /// When the password was given.
        authenticated_at: Timestamp,
    },
    /// An OAuth access token.
    AccessToken {
        /// Its hash.
        hash: TokenHash,
        /// Whom it was given to. Shared, for many tokens that are remembered are of one client.
        client: Arc<Client>,
        /// The family it is of; none for a client in its own name.
        family: Option<FamilyId>,
        /// The resources it is meant for; where there are none, it is bound to none (RFC 8707 §2).
        resources: Resources,
        /// The key it is bound to (RFC 9449 §6).
        key: Option<Thumbprint>,
        /// Who acts for the subject (RFC 8693 §4.1), as JSON.
        actor: Option<String>,
        /// The details it was given for (RFC 9396 §9).
        details: Option<AuthorizationDetails>,
        /// When it was made.
        created_at: Timestamp,
    },
    /// An API key.
    ApiKey {
        /// Its id.
        id: ApiKeyId,
        /// The hash of the secret that was presented.
        secret: TokenHash,
    },
}

impl Credential {
    /// `session`, `access_token` or `api_key`.
    pub const fn kind(&self) -> &'static str {
        match self {
            Credential::Session { .. } => "session",
            Credential::AccessToken { .. } => "access_token",
            Credential::ApiKey { .. } => "api_key",
        }
    }

    /// Which one it is, for logs: an id, never a secret. An access token goes by its family, or its client.
    pub fn log_id(&self) -> String {
        match self {
            Credential::Session { id, .. } => id.to_string(),
            Credential::AccessToken { family: Some(family), .. } => family.to_string(),
            Credential::AccessToken { client, .. } => client.id.to_string(),
            Credential::ApiKey { id, .. } => id.to_string(),
        }
    }
}

impl Subject {
    /// The id on the wire: `user_…` or the `client_id`.
    pub fn wire_id(&self) -> String {
        match self {
            Subject::User { id, .. } => id.to_string(),
            Subject::Client { client_id, .. } => client_id.clone(),
        }
    }
}

impl Identity {
    /// The user, where the request acts as one.
    pub fn user_id(&self) -> Option<UserId> {
        match &self.subject {
            Subject::User { id, .. } => Some(*id),
            Subject::Client { .. } => None,
        }
    }

    /// Whether the request may do what `scope` stands for.
    pub fn has_scope(&self, scope: &str) -> bool {
        self.rights.scopes().contains(scope)
    }

    /// Whether it may do all that `other` may.
    pub fn covers(&self, other: &Identity) -> bool {
        (self.has_full_access() || !other.has_full_access())
            && other.rights.scopes().is_subset_of(self.rights.scopes())
            && other.roles.iter().all(|role| self.roles.contains(role.as_str()))
    }

    /// Whether the credential has full access.
    pub fn has_full_access(&self) -> bool {
        matches!(self.rights, Rights::Full { .. })
    }
}
