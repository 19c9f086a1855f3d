//! Clients: applications registered for OAuth (RFC 6749 §2).

use crate::model::colour::Accent;
use crate::model::https_url::HttpsUrl;
use crate::model::id::ClientId;
use crate::model::openid::OpenIdMetadata;
use crate::model::redirect_uri::RedirectUri;
use crate::model::resource::Resources;
use crate::model::scope::Scope;
use crate::model::time::Timestamp;
use crate::model::token::TokenHash;
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
        /// A JWT that it signs with a key of its own (RFC 7523 §2.2).
        PrivateKeyJwt = "private_key_jwt",
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
        /// RFC 8693 §2.1.
        TokenExchange = "urn:ietf:params:oauth:grant-type:token-exchange",
        /// RFC 7523 §2.1.
        JwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer",
        /// RFC 8628 §3.4.
        DeviceCode = "urn:ietf:params:oauth:grant-type:device_code",
        /// Nothing: the authorization endpoint answers with an id_token itself (OpenID Connect Core §3.2).
        Implicit = "implicit",
    }
}

words! {
    /// What a client may ask the authorization endpoint for (OpenID Connect Core §3).
    ResponseType {
        /// A code, to be redeemed at the token endpoint.
        Code = "code",
        /// An id_token.
        IdToken = "id_token",
        /// An id_token and an access token.
        IdTokenToken = "id_token token",
    }
}

impl ResponseType {
    /// As [`ResponseType::parse`], with its words in any order (OAuth 2.0 Multiple Response Type Encoding Practices §3).
    pub fn read(text: &str) -> Option<Self> {
        match text {
            "token id_token" => Some(ResponseType::IdTokenToken),
            text => Self::parse(text),
        }
    }

    /// The grant type that goes with it (OpenID Connect Dynamic Client Registration §2).
    pub const fn grant_type(self) -> GrantType {
        match self {
            ResponseType::Code => GrantType::AuthorizationCode,
            ResponseType::IdToken | ResponseType::IdTokenToken => GrantType::Implicit,
        }
    }
}

words! {
    /// Who registered a client.
    ClientOrigin {
        /// An administrator: on the page, by the API or on the command line.
        Administrator = "administrator",
        /// It did so itself (RFC 7591).
        SelfRegistered = "self_registered",
        /// Nobody: its `client_id` is the URL of a document that describes it.
        MetadataDocument = "metadata_document",
    }
}

/// A registered client.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// The resources that it is: the APIs that it answers for, and whose tokens it sees (RFC 7662 §4).
    pub resources: Resources,
    /// Its public keys, a JWK Set (RFC 7517 §5).
    pub jwks: Option<String>,
    /// Where its public keys are (RFC 7591 §2).
    pub jwks_uri: Option<String>,
    /// It must push its authorization requests (RFC 9126 §6).
    pub require_par: bool,
    /// It must sign its authorization requests (RFC 9101 §10.5).
    pub require_signed_request: bool,
    /// All its access tokens are bound to keys (RFC 9449 §5.2).
    pub dpop_bound: bool,
    /// Who signs in to it needs a second factor.
    pub require_second_factor: bool,
    /// The colour of links and buttons where people sign in to it and let it in. An administrator chooses it, never the client.
    pub accent: Option<Accent>,
    /// What else it said of itself (RFC 7591 §2): a JSON object.
    pub metadata: String,
    /// What OpenID Connect adds to that.
    pub openid: OpenIdMetadata,
    /// The hash of the token by which it manages its own registration (RFC 7592 §1.2).
    pub registration: Option<TokenHash>,
    /// When it was registered.
    pub created_at: Timestamp,
    /// When it was last given a code or a token.
    pub used_at: Option<Timestamp>,
    /// Until when the document that describes it need not be fetched anew.
    pub document_expires_at: Option<Timestamp>,
}

impl Client {
    /// A client that is nothing yet but its id, its name and how it authenticates: enabled, and without any right.
    pub fn new(id: ClientId, name: String, auth_method: AuthMethod, origin: ClientOrigin, now: Timestamp) -> Self {
        Self {
            id,
            client_id: id.to_string(),
            name,
            auth_method,
            grant_types: Vec::new(),
            redirect_uris: Vec::new(),
            scopes: Scope::default(),
            needed_scopes: Scope::default(),
            trusted: false,
            require_pkce: false,
            enabled: true,
            origin,
            roles: Roles::default(),
            resources: Resources::default(),
            jwks: None,
            jwks_uri: None,
            require_par: false,
            require_signed_request: false,
            dpop_bound: false,
            require_second_factor: false,
            accent: None,
            metadata: "{}".to_owned(),
            openid: OpenIdMetadata::default(),
            registration: None,
            created_at: now,
            used_at: None,
            document_expires_at: None,
        }
    }

    /// Whether it keeps to the FAPI 2.0 Security Profile: it pushes its requests, signs to say who it is, and all its tokens
    /// are bound to keys. What else the profile asks for then holds for it too.
    pub fn is_fapi(&self) -> bool {
        self.require_par && self.dpop_bound && self.auth_method == AuthMethod::PrivateKeyJwt
    }

    /// Whether it cannot keep a secret (RFC 6749 §2.1).
    pub fn is_public(&self) -> bool {
        self.auth_method == AuthMethod::None
    }

    /// Whether it proves who it is with a secret that it shares with this server.
    pub fn has_secret(&self) -> bool {
        matches!(self.auth_method, AuthMethod::ClientSecretBasic | AuthMethod::ClientSecretPost)
    }

    /// Whether it has public keys, here or at an address of its own.
    pub fn has_keys(&self) -> bool {
        self.jwks.is_some() || self.jwks_uri.is_some()
    }

    /// The host of the document that describes it, where one does: all of its name that is certain.
    pub fn document_host(&self) -> Option<String> {
        let url = HttpsUrl::parse(&self.client_id).ok()?;
        (self.origin == ClientOrigin::MetadataDocument).then(|| url.authority())
    }

    /// Whether it may use `grant_type`.
    pub fn may_use(&self, grant_type: GrantType) -> bool {
        self.grant_types.contains(&grant_type)
    }

    /// Whether it may ask for `response_type`: those that it registered, or all that its grant types are for.
    pub fn may_ask_for(&self, response_type: ResponseType) -> bool {
        let registered = self.openid.response_types.as_ref();
        let is_registered = registered.is_none_or(|names| names.iter().any(|name| name == response_type.as_str()));
        self.may_use(response_type.grant_type()) && is_registered
    }

    /// Whether the authorization endpoint sends it anywhere.
    pub fn is_redirected_to(&self) -> bool {
        self.may_use(GrantType::AuthorizationCode) || self.may_use(GrantType::Implicit)
    }
}
