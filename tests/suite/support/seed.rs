//! Users, clients and keys as an operator makes them on the command line, beside the running server.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hallpass::domain::act::Act;
use hallpass::domain::api_keys;
use hallpass::domain::api_keys::KeyPolicy;
use hallpass::domain::api_keys::NewApiKey;
use hallpass::domain::clients;
use hallpass::domain::clients::ClientDescription;
use hallpass::domain::resources;
use hallpass::domain::roles;
use hallpass::domain::users;
use hallpass::domain::users::NewUser;
use hallpass::model::api_key::KeyAccess;
use hallpass::model::audit::By;
use hallpass::model::client::AuthMethod;
use hallpass::model::client::GrantType;
use hallpass::model::id::UserId;
use hallpass::model::key_limits::KeyLimits;
use hallpass::model::name::DisplayName;
use hallpass::model::password::PasswordHash;
use hallpass::model::redirect_uri::RedirectUri;
use hallpass::model::resource::ResourceUri;
use hallpass::model::resource::Resources;
use hallpass::model::role::RoleName;
use hallpass::model::scope::MadeScope;
use hallpass::model::scope::Scope;
use hallpass::model::scope::ScopeToken;
use hallpass::model::user::User;
use hallpass::model::username::Username;
use hallpass::store::StoreError;
use hallpass::store::Tx;

use super::app::TestApp;

/// What holds for keys where nothing is configured.
const POLICY: KeyPolicy =
    KeyPolicy { default_lifetime: None, maximum_lifetime: None, made_by_keys: true, most_per_user: 100 };
/// The password of every seeded person.
pub const PASSWORD: &str = "correct horse battery";
/// Its hash, as cheap as the tests' configuration asks for.
const PASSWORD_HASH: &str =
    "$argon2id$v=19$m=64,t=1,p=1$loxlDCyovS1evH5BKLk0SQ$SjTvP5o9wK+DiRW6hSsd+bdF2mq96LhPtwrPMs1cFn8";

/// The hash of [`PASSWORD`].
pub fn password_hash() -> PasswordHash {
    PasswordHash::from_stored(PASSWORD_HASH.to_owned())
}

/// A client as it was registered.
#[derive(Debug, Clone)]
pub struct SeededClient {
    /// Its `client_id`.
    pub client_id: String,
    /// Its secret; empty where it is public.
    pub secret: String,
    /// Its redirect URI.
    pub redirect_uri: String,
}

/// An API key as it was made.
#[derive(Debug, Clone)]
pub struct SeededKey {
    /// Its id.
    pub id: String,
    /// The public half.
    pub api_key: String,
    /// The secret half.
    pub api_secret: String,
}

impl SeededKey {
    /// `Basic base64(<api_key>:<api_secret>)`.
    pub fn basic_header(&self) -> String {
        format!("Basic {}", STANDARD.encode(format!("{}:{}", self.api_key, self.api_secret)))
    }

    /// `token <api_key>:<api_secret>`.
    pub fn token_header(&self) -> String {
        format!("token {}:{}", self.api_key, self.api_secret)
    }
}

impl TestApp {
    /// What the command line acts as.
    pub fn act(&self) -> Act {
        Act { by: By::command_line(), now: hallpass::clock::Clock::now(&*self.clock) }
    }

    /// Makes a role.
    pub async fn role(&self, name: &str) {
        let (name, act) = (RoleName::parse(name).unwrap(), self.act());
        self.store.write(move |tx| roles::create_role(tx, &name, "", &act)).await.unwrap();
    }

    /// Makes a scope, bound to `roles` where there are any.
    pub async fn scope(&self, name: &str, roles: &[&str]) {
        let scope = MadeScope {
            name: ScopeToken::parse(name).unwrap(),
            description: format!("Use {name}"),
            roles: roles.iter().map(|role| RoleName::parse(role).unwrap()).collect(),
        };
        let act = self.act();
        self.store.write(move |tx| roles::create_scope(tx, &scope, &act)).await.unwrap();
    }

    /// Registers a resource; tokens for it may have `scopes`, or any where there are none.
    pub async fn resource(&self, uri: &str, scopes: &str) {
        let uri = ResourceUri::parse(uri).unwrap();
        let (name, scopes) = (DisplayName::parse("An API").unwrap(), Scope::parse_or_empty(scopes).unwrap());
        let act = self.act();
        self.store.write(move |tx| resources::create(tx, &uri, &name, &scopes, &act)).await.unwrap();
    }

    /// Registers a client that is the API `resource` and introspects tokens; without one, it may see all tokens.
    pub async fn introspector(&self, resource: Option<&str>) -> SeededClient {
        let resources = Resources::parse(resource).unwrap();
        let introspects = |client: &mut ClientDescription| {
            client.grant_types = vec![GrantType::ClientCredentials];
            client.redirect_uris = Vec::new();
            client.resources = resources;
        };
        self.client_with("introspect", introspects).await
    }

    /// Makes a person with [`PASSWORD`] and these roles.
    pub async fn person(&self, name: &str, roles: &[&str]) -> User {
        self.user(name, roles, Some(password_hash())).await
    }

    /// Makes a service account with these roles.
    pub async fn service(&self, name: &str, roles: &[&str]) -> User {
        self.user(name, roles, None).await
    }

    async fn user(&self, name: &str, roles: &[&str], password: Option<PasswordHash>) -> User {
        let new = NewUser {
            username: Username::parse(name).unwrap(),
            email: None,
            full_name: String::new(),
            roles: roles.iter().map(|role| RoleName::parse(role).unwrap()).collect(),
            password,
        };
        let act = self.act();
        self.store.write(move |tx| users::create(tx, &new, &act)).await.unwrap()
    }

    /// Enables or disables a user.
    pub async fn set_user_enabled(&self, id: UserId, enabled: bool) {
        let act = self.act();
        self.store.write(move |tx| users::set_enabled(tx, id, enabled, &act)).await.unwrap();
    }

    /// Makes a key with full access.
    pub async fn key(&self, user: &User) -> SeededKey {
        self.key_with(user, |_| ()).await
    }

    /// Makes a key as `change` wants it.
    pub async fn key_with(&self, user: &User, change: impl FnOnce(&mut NewApiKey)) -> SeededKey {
        let mut new = NewApiKey {
            user: user.id,
            name: DisplayName::parse("test").unwrap(),
            access: KeyAccess::Full,
            roles: None,
            expires_at: None,
            allowed_addresses: Vec::new(),
            limits: KeyLimits::default(),
            is_decoy: false,
        };
        change(&mut new);
        let act = self.act();
        let (key, secret) = self.store.write(move |tx| api_keys::create(tx, &new, &POLICY, &act)).await.unwrap();
        SeededKey {
            id: key.id.to_string(),
            api_key: key.api_key.as_str().to_owned(),
            api_secret: secret.reveal().to_owned(),
        }
    }

    /// Registers a confidential client that uses codes and refresh tokens, with these scopes.
    pub async fn web_client(&self, scopes: &str) -> SeededClient {
        self.client_with(scopes, |_| ()).await
    }

    /// Registers a public client that uses codes and refresh tokens, with these scopes.
    pub async fn public_client(&self, scopes: &str) -> SeededClient {
        self.client_with(scopes, |client| client.auth_method = AuthMethod::None).await
    }

    /// Registers a client that acts in its own name, with these scopes.
    pub async fn service_client(&self, scopes: &str) -> SeededClient {
        let own_name = |client: &mut ClientDescription| {
            client.grant_types = vec![GrantType::ClientCredentials];
            client.redirect_uris = Vec::new();
        };
        self.client_with(scopes, own_name).await
    }

    /// Registers a client as `change` wants it.
    pub async fn client_with(&self, scopes: &str, change: impl FnOnce(&mut ClientDescription)) -> SeededClient {
        let name = DisplayName::parse("Ledger").unwrap();
        let mut description = ClientDescription {
            grant_types: vec![GrantType::AuthorizationCode, GrantType::RefreshToken],
            redirect_uris: vec![RedirectUri::parse("https://rp.test/cb").unwrap()],
            scopes: Scope::parse(scopes).unwrap(),
            ..ClientDescription::new(name, AuthMethod::ClientSecretBasic)
        };
        change(&mut description);
        let redirect_uri = description.redirect_uris.first().map(|uri| uri.as_str().to_owned()).unwrap_or_default();
        let act = self.act();
        let (client, secret) = self.store.write(move |tx| clients::register(tx, &description, &act)).await.unwrap();
        let secret = secret.map(|secret| secret.reveal().to_owned()).unwrap_or_default();
        SeededClient { client_id: client.client_id, secret, redirect_uri }
    }

    /// Runs a write on the database, for what no URL does.
    pub async fn write<T: Send + 'static>(
        &self,
        job: impl Fn(&mut Tx<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> T {
        self.store.write(job).await.unwrap()
    }
}
