//! Registering clients by hand, and what becomes of them. One policy decides on the resulting client, whichever way
//! it was described.

use serde_json::json;

use crate::domain::act::Act;
use crate::domain::client_summary;
use crate::domain::grants;
use crate::domain::oauth::openid_metadata;
use crate::domain::oauth::subject;
use crate::domain::reach::TooWide;
use crate::domain::rights::Catalogue;
use crate::jose::jwk_set::JwkSet;
use crate::model::audit::AuditEvent;
use crate::model::client::AuthMethod;
use crate::model::client::Client;
use crate::model::client::ClientOrigin;
use crate::model::client::GrantType;
use crate::model::colour::Accent;
use crate::model::https_url::HttpsUrl;
use crate::model::id::ClientId;
use crate::model::id::UserId;
use crate::model::name::DisplayName;
use crate::model::openid::OpenIdMetadata;
use crate::model::openid::SubjectType;
use crate::model::redirect_uri::RedirectUri;
use crate::model::resource::ResourceUri;
use crate::model::resource::Resources;
use crate::model::role::RoleName;
use crate::model::scope::Scope;
use crate::model::time::Lifetime;
use crate::model::token::Token;
use crate::model::token::TokenKind;
use crate::model::user::Roles;
use crate::model::user::User;
use crate::model::user::UserKind;
use crate::random::Random;
use crate::store::StoreError;
use crate::store::Tx;

/// The most redirect URIs that one client may have.
const MOST_REDIRECT_URIS: usize = 50;

/// Why a client can't be registered or changed.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// There is no such client.
    #[error("there is no such client")]
    NotFound,
    /// What was described makes no client that is safe or of any use.
    #[error("{why}")]
    Policy {
        /// Which part of the description has to be changed.
        part: ClientPart,
        /// What is wrong with it.
        why: &'static str,
    },
    /// There is no such scope.
    #[error("there is no scope {0}; make it first (hallpass scope create)")]
    UnknownScope(String),
    /// There is no such role.
    #[error("there is no role {0}; make it first (hallpass role create)")]
    UnknownRole(String),
    /// There is no such resource.
    #[error("there is no resource {0}; make it first (hallpass resource create)")]
    UnknownResource(String),
    /// A public client has no secret, and neither has one that proves itself with a key.
    #[error("this client has no secret: it is public, or it proves who it is with a key of its own")]
    Public,
    /// A user that a client is to act as is none that it can act as.
    #[error("a client can act only as a service account, and that user is none")]
    NoServiceAccount,
    /// Its public keys are refused.
    #[error("{0}")]
    Keys(String),
    /// What OpenID Connect adds to it is refused.
    #[error("{0}")]
    OpenId(String),
    /// The credential that asks cannot give that away.
    #[error("{0}")]
    TooWide(#[from] TooWide),
    /// The database said no.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// A part of a client's description, for whoever has to mend it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientPart {
    /// How it authenticates.
    AuthMethod,
    /// What it presents for tokens.
    GrantTypes,
    /// Where answers go.
    RedirectUris,
    /// What it may ask for.
    Scopes,
    /// Which scopes can't be refused.
    NeededScopes,
    /// Whether consent is skipped.
    Trusted,
}

/// A client as somebody describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientDescription {
    /// What people see.
    pub name: DisplayName,
    /// How it authenticates.
    pub auth_method: AuthMethod,
    /// What it may present for tokens.
    pub grant_types: Vec<GrantType>,
    /// Where answers may go.
    pub redirect_uris: Vec<RedirectUri>,
    /// All that it may ever ask for.
    pub scopes: Scope,
    /// Those among them that the user cannot untick.
    pub needed_scopes: Scope,
    /// Consent is not asked for.
    pub trusted: bool,
    /// A code challenge is needed though the client has a secret.
    pub require_pkce: bool,
    /// Its own roles.
    pub roles: Roles,
    /// The resources that it is (RFC 7662 §4).
    pub resources: Resources,
    /// Its public keys, a JWK Set (RFC 7517 §5).
    pub jwks: Option<String>,
    /// Where its public keys are.
    pub jwks_uri: Option<String>,
    /// It must push its authorization requests (RFC 9126 §6).
    pub require_par: bool,
    /// It must sign its authorization requests (RFC 9101 §10.5).
    pub require_signed_request: bool,
    /// All its access tokens are bound to keys (RFC 9449 §5.2).
    pub dpop_bound: bool,
    /// Who signs in to it needs a second factor.
    pub require_second_factor: bool,
    /// The colour of links and buttons where people sign in to it and let it in.
    pub accent: Option<Accent>,
    /// What OpenID Connect adds.
    pub openid: OpenIdMetadata,
}

impl ClientDescription {
    /// A client of this name that may do nothing yet.
    pub fn new(name: DisplayName, auth_method: AuthMethod) -> Self {
        Self {
            name,
            auth_method,
            grant_types: Vec::new(),
            redirect_uris: Vec::new(),
            scopes: Scope::default(),
            needed_scopes: Scope::default(),
            trusted: false,
            require_pkce: false,
            roles: Roles::default(),
            resources: Resources::default(),
            jwks: None,
            jwks_uri: None,
            require_par: false,
            require_signed_request: false,
            dpop_bound: false,
            require_second_factor: false,
            accent: None,
            openid: OpenIdMetadata::default(),
        }
    }

    /// What would make `client` again, under another name.
    pub fn of(client: &Client, name: DisplayName) -> Self {
        Self {
            grant_types: client.grant_types.clone(),
            redirect_uris: client.redirect_uris.clone(),
            scopes: client.scopes.clone(),
            needed_scopes: client.needed_scopes.clone(),
            trusted: client.trusted,
            require_pkce: client.require_pkce,
            roles: client.roles.clone(),
            resources: client.resources.clone(),
            jwks: client.jwks.clone(),
            jwks_uri: client.jwks_uri.clone(),
            require_par: client.require_par,
            require_signed_request: client.require_signed_request,
            dpop_bound: client.dpop_bound,
            require_second_factor: client.require_second_factor,
            accent: client.accent,
            openid: client.openid.clone(),
            ..Self::new(name, client.auth_method)
        }
    }
}

/// Registers a client. The second half is its secret, unless it is public: nobody can see it again.
///
/// # Errors
/// [`ClientError::Policy`], [`ClientError::UnknownScope`], [`ClientError::UnknownRole`].
pub fn register(
    tx: &mut Tx<'_>,
    description: &ClientDescription,
    act: &Act,
) -> Result<(Client, Option<Token>), ClientError> {
    let id = Random.id(act.now, ClientId::new);
    let name = description.name.as_str().to_owned();
    let client = Client {
        grant_types: description.grant_types.clone(),
        redirect_uris: description.redirect_uris.clone(),
        scopes: description.scopes.clone(),
        needed_scopes: description.needed_scopes.clone(),
        trusted: description.trusted,
        require_pkce: description.require_pkce,
        roles: known_roles(tx, &description.roles)?,
        resources: known_resources(tx, &description.resources)?,
        jwks: description.jwks.clone(),
        jwks_uri: description.jwks_uri.clone(),
        require_par: description.require_par,
        require_signed_request: description.require_signed_request,
        dpop_bound: description.dpop_bound,
        require_second_factor: description.require_second_factor,
        accent: description.accent,
        openid: description.openid.clone(),
        ..Client::new(id, name, description.auth_method, ClientOrigin::Administrator, act.now)
    };
    check(tx, &client)?;
    tx.clients().insert(&client)?;
    let secret = if client.has_secret() { Some(add_secret(tx, &client, act)?) } else { None };
    act.record(tx, AuditEvent::ClientCreated, &client.client_id, client_summary::of(&client))?;
    Ok((client, secret))
}

/// Changes a client's registration; its secrets and whether it is enabled stay.
///
/// # Errors
/// As [`register`], and [`ClientError::NotFound`].
pub fn change(
    tx: &mut Tx<'_>,
    id: ClientId,
    description: &ClientDescription,
    act: &Act,
) -> Result<Client, ClientError> {
    tx.clients().lock(id)?;
    let before = tx.clients().find(id)?.ok_or(ClientError::NotFound)?;
    let after = Client {
        name: description.name.as_str().to_owned(),
        auth_method: description.auth_method,
        grant_types: description.grant_types.clone(),
        redirect_uris: description.redirect_uris.clone(),
        scopes: description.scopes.clone(),
        needed_scopes: description.needed_scopes.clone(),
        trusted: description.trusted,
        require_pkce: description.require_pkce,
        roles: known_roles(tx, &description.roles)?,
        resources: known_resources(tx, &description.resources)?,
        jwks: description.jwks.clone(),
        jwks_uri: description.jwks_uri.clone(),
        require_par: description.require_par,
        require_signed_request: description.require_signed_request,
        dpop_bound: description.dpop_bound,
        require_second_factor: description.require_second_factor,
        accent: description.accent,
        openid: description.openid.clone(),
        ..before.clone()
    };
    if before.is_public() != after.is_public() {
        let why = "a public client stays public and a confidential one confidential; register another client instead";
        return Err(ClientError::Policy { part: ClientPart::AuthMethod, why });
    }
    check(tx, &after)?;
    tx.clients().update(&after)?;
    if before.jwks != after.jwks || before.jwks_uri != after.jwks_uri {
        // As with a new secret: whoever had the old key may hold tokens in the client's own name.
        tx.access_tokens().revoke_own_of(id, act.now)?;
    }
    if !after.has_secret() {
        // What it no longer needs must not come back with the next change.
        tx.clients().end_secrets(id, act.now, act.now)?;
    }
    if before.roles != after.roles {
        tx.clients().set_roles(id, &after.roles)?;
    }
    let details = json!({ "before": client_summary::of(&before), "after": client_summary::of(&after) });
    act.record(tx, AuditEvent::ClientChanged, &after.client_id, details)?;
    Ok(after)
}

/// Gives a client a new secret. The old ones work for `overlap` longer.
///
/// # Errors
/// [`ClientError::NotFound`], [`ClientError::Public`].
pub fn rotate_secret(
    tx: &mut Tx<'_>,
    id: ClientId,
    overlap: Lifetime,
    act: &Act,
) -> Result<(Client, Token), ClientError> {
    // Two rotations at once must not leave two secrets, and a token request with the old one comes before or after.
    tx.clients().lock(id)?;
    let client = tx.clients().find(id)?.ok_or(ClientError::NotFound)?;
    if !client.has_secret() {
        return Err(ClientError::Public);
    }
    tx.clients().end_secrets(id, act.now + overlap, act.now)?;
    if overlap == Lifetime::ZERO {
        // Whoever had the old secret may hold tokens in the client's own name.
        tx.access_tokens().revoke_own_of(id, act.now)?;
    }
    let secret = add_secret(tx, &client, act)?;
    let details = json!({ "overlap_seconds": overlap.seconds() });
    act.record(tx, AuditEvent::ClientSecretRotated, &client.client_id, details)?;
    Ok((client, secret))
}

/// Says which service accounts a client may act as (RFC 7523 §2.1). What it holds of those that it may no longer act as
/// ends.
///
/// # Errors
/// [`ClientError::NotFound`], [`ClientError::NoServiceAccount`].
pub fn set_service_accounts(
    tx: &mut Tx<'_>,
    id: ClientId,
    accounts: &[UserId],
    act: &Act,
) -> Result<Vec<User>, ClientError> {
    tx.clients().lock(id)?;
    let client = tx.clients().find(id)?.ok_or(ClientError::NotFound)?;
    let mut users = Vec::new();
    for account in accounts {
        let user = tx.users().find(*account)?.filter(|user| user.kind == UserKind::Service);
        let user = user.ok_or(ClientError::NoServiceAccount)?;
        if !users.iter().any(|known: &User| known.id == user.id) {
            users.push(user);
        }
    }
    let ids: Vec<UserId> = users.iter().map(|user| user.id).collect();
    let mut before = Vec::new();
    for account in tx.clients().service_accounts(id)? {
        before.extend(tx.users().find(account)?.map(|user| user.username.as_str().to_owned()));
        if ids.contains(&account) {
            continue;
        }
        for grant in tx.grants().find_live(account, id, act.now)? {
            grants::revoke(tx, grant.id, None, act)?;
        }
    }
    tx.clients().set_service_accounts(id, &ids)?;
    let after: Vec<&str> = users.iter().map(|user| user.username.as_str()).collect();
    let details = json!({ "before": { "service_accounts": before }, "after": { "service_accounts": after } });
    act.record(tx, AuditEvent::ClientChanged, &client.client_id, details)?;
    Ok(users)
}

/// Enables or disables a client. A disabled one's tokens are refused from the next request on.
///
/// # Errors
/// [`ClientError::NotFound`].
pub fn set_enabled(tx: &mut Tx<'_>, id: ClientId, enabled: bool, act: &Act) -> Result<Client, ClientError> {
    let changed = tx.clients().set_enabled(id, enabled)?;
    let client = tx.clients().find(id)?.ok_or(ClientError::NotFound)?;
    if changed {
        let event = if enabled { AuditEvent::ClientEnabled } else { AuditEvent::ClientDisabled };
        act.record(tx, event, &client.client_id, json!({}))?;
    }
    Ok(client)
}

/// Cuts a client off everywhere: what users let it do is taken back, and all its tokens end, those in its own name too.
/// It may ask anew, and so may be used to begin anew after a leak.
///
/// # Errors
/// [`ClientError::NotFound`].
pub fn cut_off(tx: &mut Tx<'_>, id: ClientId, act: &Act) -> Result<Client, ClientError> {
    tx.clients().lock(id)?;
    let client = tx.clients().find(id)?.ok_or(ClientError::NotFound)?;
    let grants = tx.grants().revoke_all_for(id, act.now)?;
    tx.families().end_all_for(id, act.now)?;
    tx.access_tokens().revoke_all_for(id, act.now)?;
    act.record(tx, AuditEvent::ClientCutOff, &client.client_id, json!({ "grants": grants }))?;
    Ok(client)
}

/// Deletes a client, and with it its grants and tokens.
///
/// # Errors
/// [`ClientError::NotFound`].
pub fn delete(tx: &mut Tx<'_>, id: ClientId, act: &Act) -> Result<(), ClientError> {
    let client = tx.clients().find(id)?.ok_or(ClientError::NotFound)?;
    if !tx.clients().delete(id)? {
        return Err(ClientError::NotFound);
    }
    act.record(tx, AuditEvent::ClientDeleted, &client.client_id, client_summary::of(&client))?;
    Ok(())
}

/// Decides on the client that would result, not on how it was asked for: what is left out can never widen it.
///
/// # Errors
/// [`ClientError::Policy`], [`ClientError::UnknownScope`].
pub fn check(tx: &mut Tx<'_>, client: &Client) -> Result<(), ClientError> {
    let refuse = |part, why| Err(ClientError::Policy { part, why });
    let uses = |grant_type| client.may_use(grant_type);
    if client.grant_types.is_empty() {
        return refuse(ClientPart::GrantTypes, "a client needs at least one grant type");
    }
    if client.scopes.is_empty() {
        return refuse(ClientPart::Scopes, "a client needs at least one scope, or it could never be given anything");
    }
    if client.is_redirected_to() && client.redirect_uris.is_empty() {
        return refuse(ClientPart::RedirectUris, "a client that uses authorization codes needs a redirect URI");
    }
    if !client.is_redirected_to() && !client.redirect_uris.is_empty() {
        return refuse(
            ClientPart::RedirectUris,
            "a redirect URI is of use only with the grant type authorization_code",
        );
    }
    // OpenID Connect Dynamic Client Registration §2: what the browser carries is read by whoever has the address.
    if uses(GrantType::Implicit) && !client.redirect_uris.iter().all(RedirectUri::is_https) {
        let why = "a client with the grant type implicit can have https redirect URIs only";
        return refuse(ClientPart::RedirectUris, why);
    }
    if client.redirect_uris.len() > MOST_REDIRECT_URIS {
        return refuse(ClientPart::RedirectUris, "a client may have 50 redirect URIs at most");
    }
    if uses(GrantType::RefreshToken) && !uses(GrantType::AuthorizationCode) && !uses(GrantType::DeviceCode) {
        return refuse(
            ClientPart::GrantTypes,
            "refresh tokens come only with authorization codes and device codes; add the grant type authorization_code",
        );
    }
    if client.is_public() && uses(GrantType::ClientCredentials) {
        return refuse(
            ClientPart::GrantTypes,
            "a public client cannot act in its own name: it has no secret to prove who it is (RFC 6749 §4.4)",
        );
    }
    if client.is_public() && uses(GrantType::JwtBearer) {
        let why = "a public client cannot act as a service account: anybody could pose as it";
        return refuse(ClientPart::GrantTypes, why);
    }
    if client.trusted && client.is_public() && !client.redirect_uris.iter().all(RedirectUri::is_https) {
        return refuse(
            ClientPart::Trusted,
            "a public client can be trusted only if all its redirect URIs are https: others can be claimed by any program",
        );
    }
    if !client.needed_scopes.is_subset_of(&client.scopes) {
        return refuse(ClientPart::NeededScopes, "a needed scope must be one of the client's scopes");
    }
    if client.openid.subject_type == Some(SubjectType::Pairwise) && !subject::has_sector(client) {
        let why = "a client with pairwise subjects and redirect URIs on several hosts needs a sector_identifier_uri";
        return refuse(ClientPart::RedirectUris, why);
    }
    check_keys(client)?;
    openid_metadata::check(&client.openid).map_err(ClientError::OpenId)?;
    let catalogue = Catalogue::read(tx)?;
    if client.origin != ClientOrigin::Administrator {
        check_unverified(client, &catalogue)?;
    }
    match client.scopes.iter().find(|scope| !catalogue.knows(scope.as_str())) {
        Some(scope) => Err(ClientError::UnknownScope(scope.as_str().to_owned())),
        None => Ok(()),
    }
}

/// Refuses loopback addresses where the issuer is none. Who registers a client asks this too, for only they know the issuer.
///
/// # Errors
/// [`ClientError::OpenId`].
pub fn check_loopback(openid: &OpenIdMetadata, issuer_is_loopback: bool) -> Result<(), ClientError> {
    openid_metadata::check_loopback(openid, issuer_is_loopback).map_err(ClientError::OpenId)
}

/// Public keys must be good ones, in one place alone, and there where something is to be signed with them (RFC 7591 §2).
fn check_keys(client: &Client) -> Result<(), ClientError> {
    match (&client.jwks, &client.jwks_uri) {
        (Some(_), Some(_)) => {
            return Err(ClientError::Keys("a client has jwks or jwks_uri, not both (RFC 7591)".to_owned()));
        }
        (Some(jwks), None) => {
            JwkSet::parse(jwks).map_err(|error| ClientError::Keys(format!("jwks is refused: {error}")))?;
        }
        (None, Some(uri)) => {
            HttpsUrl::parse(uri).map_err(|why| ClientError::Keys(format!("jwks_uri {why}")))?;
        }
        (None, None) => {}
    }
    let signed = if client.auth_method == AuthMethod::PrivateKeyJwt {
        "private_key_jwt needs"
    } else if client.may_use(GrantType::JwtBearer) {
        "the grant type jwt-bearer needs"
    } else if client.require_signed_request {
        "signed requests need"
    } else {
        return Ok(());
    };
    if client.has_keys() {
        return Ok(());
    }
    Err(ClientError::Keys(format!("{signed} the client's public keys: give jwks or jwks_uri")))
}

/// What more holds for a client that no administrator registered: it acts for people alone, who are asked each time or
/// remember what they said.
fn check_unverified(client: &Client, catalogue: &Catalogue) -> Result<(), ClientError> {
    let refuse = |part, why| Err(ClientError::Policy { part, why });
    if client.may_use(GrantType::ClientCredentials) {
        let why = "only a client that an administrator registered can act in its own name (client_credentials)";
        return refuse(ClientPart::GrantTypes, why);
    }
    if client.may_use(GrantType::JwtBearer) {
        let why = "only a client that an administrator registered can act as a service account (jwt-bearer)";
        return refuse(ClientPart::GrantTypes, why);
    }
    if client.trusted {
        return refuse(ClientPart::Trusted, "only a client that an administrator registered can be trusted");
    }
    if !client.roles.is_empty() || !client.resources.is_empty() {
        let why = "only a client that an administrator registered can have roles, or be a resource";
        return refuse(ClientPart::Scopes, why);
    }
    if !client.scopes.is_subset_of(&catalogue.for_unverified()) {
        let why = "only a client that an administrator registered can have some of these scopes";
        return refuse(ClientPart::Scopes, why);
    }
    if client.origin == ClientOrigin::MetadataDocument && client.has_secret() {
        let why = "a client that is described by its metadata document has no secret: there is nobody to give it to";
        return refuse(ClientPart::AuthMethod, why);
    }
    Ok(())
}

/// Makes a secret for `client`, beside those it has.
///
/// # Errors
/// What the database says.
pub fn add_secret(tx: &mut Tx<'_>, client: &Client, act: &Act) -> Result<Token, StoreError> {
    let secret = Random.token(TokenKind::ClientSecret);
    tx.clients().add_secret(client.id, &secret.hash(), act.now)?;
    Ok(secret)
}

fn known_roles(tx: &mut Tx<'_>, roles: &Roles) -> Result<Roles, ClientError> {
    let known = |tx: &mut Tx<'_>, role: &RoleName| {
        tx.roles().find(role)?.ok_or_else(|| ClientError::UnknownRole(role.as_str().to_owned()))
    };
    roles.iter().map(|role| known(tx, role)).collect()
}

fn known_resources(tx: &mut Tx<'_>, resources: &Resources) -> Result<Resources, ClientError> {
    let known = |tx: &mut Tx<'_>, uri: &ResourceUri| {
        let found = tx.resources().find(uri)?.ok_or_else(|| ClientError::UnknownResource(uri.to_string()))?;
        Ok(found.uri)
    };
    resources.iter().map(|uri| known(tx, uri)).collect()
}
