//! Clients: applications registered for OAuth (RFC 6749 §2).

use crate::model::id::ClientId;
use crate::model::redirect_uri::RedirectUri;
use crate::model::scope::Scope;
use crate::model::time::Timestamp;
use crate::model::user::Roles;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$variant_doc])* $variant,)* }

        impl $name {
            /// All of them.
            pub const ALL: &'static [$name] = &[$($name::$variant,)*];

            /// The protocol's word.
            pub const fn as_str(self) -> &'static str {
                match self { $($name::$variant => $word,)* }
            }

            /// Reads the protocol's word; `None` for any other.
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|known| known.as_str() == text)
            }
        }
    };
}

words! {
    /// How a client proves who it is at the token endpoint (RFC 7591 §2, `token_endpoint_auth_method`).
    AuthMethod {
        /// It does not: a public client (RFC 6749 §2.1).
        None = "none",
        /// HTTP Basic with its secret (RFC 6749 §2.3.1).
        ClientSecretBasic = "client_secret_basic",
        /// Its secret in the body (RFC 6749 §2.3.1).
        ClientSecretPost = "client_secret_post",
    }
}

words! {
    /// What a client may present for a token (RFC 7591 §2, `grant_types`).
    GrantType {
        /// RFC 6749 §4.1.
        AuthorizationCode = "authorization_code",
        /// RFC 6749 §6.
        RefreshToken = "refresh_token",
        /// RFC 6749 §4.4.
        ClientCredentials = "client_credentials",
    }
}

words! {
    /// Who registered a client.
    ClientOrigin {
        /// An administrator: on the page, by the API or on the command line.
        Administrator = "administrator",
    }
}

/// A registered client.
#[derive(Debug, Clone)]
pub struct Client {
    /// Its id inside.
    pub id: ClientId,
    /// Its name on the wire, the `client_id` of RFC 6749 §2.2.
    pub client_id: String,
    /// What people see.
    pub name: String,
    /// How it authenticates.
    pub auth_method: AuthMethod,
    /// What it may present for tokens.
    pub grant_types: Vec<GrantType>,
    /// Where answers may go, as registered.
    pub redirect_uris: Vec<RedirectUri>,
    /// All that it may ever ask for.
    pub scopes: Scope,
    /// Those among them that the user cannot untick.
    pub needed_scopes: Scope,
    /// Consent is not asked for.
    pub trusted: bool,
    /// A code challenge is needed though the client has a secret.
    pub require_pkce: bool,
    /// A disabled client gets nothing, and its tokens are refused.
    pub enabled: bool,
    /// Who registered it.
    pub origin: ClientOrigin,
    /// Its own roles, for what it does in its own name (RFC 6749 §4.4).
    pub roles: Roles,
    /// When it was registered.
    pub created_at: Timestamp,
}

impl Client {
    /// Whether it cannot keep a secret (RFC 6749 §2.1).
    pub fn is_public(&self) -> bool {
        self.auth_method == AuthMethod::None
    }

    /// Whether it may use `grant_type`.
    pub fn may_use(&self, grant_type: GrantType) -> bool {
        self.grant_types.contains(&grant_type)
    }
}
