//! What `/api/v1/clients` takes: a client as it is to be.

use serde::Deserialize;
use serde_json::Map;
use serde_json::Value;
use utoipa::ToSchema;

use crate::domain::clients::ClientDescription;
use crate::domain::oauth::openid_metadata;
use crate::http::api::text;
use crate::http::failure::Failure;
use crate::http::json::given;
use crate::model::client::AuthMethod;
use crate::model::client::GrantType;
use crate::model::colour::Accent;
use crate::model::name::DisplayName;
use crate::model::redirect_uri::RedirectUri;
use crate::model::resource::Resources;
use crate::model::scope::Scope;
use crate::model::user::Roles;

/// A client as it is to be. In a PATCH, what is left out stays as it is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClientMembers {
    /// The name that people see; a new client needs one.
    #[serde(default, deserialize_with = "given")]
    #[schema(max_length = 200, nullable = false)]
    client_name: Option<String>,
    /// Where answers may go.
    #[serde(default, deserialize_with = "given")]
    #[schema(max_items = 50, nullable = false)]
    redirect_uris: Option<Vec<String>>,
    /// What it may present for tokens. Where nothing is said, a new client has `authorization_code` and `refresh_token` if
    /// it has a redirect URI, else `client_credentials`.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    grant_types: Option<Vec<String>>,
    /// How it authenticates; `client_secret_basic` where nothing is said. A public client stays public.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    token_endpoint_auth_method: Option<String>,
    /// All scopes that it may ever ask for, space-separated; a new client needs one.
    #[serde(default, deserialize_with = "given")]
    #[schema(max_length = 4000, nullable = false)]
    scope: Option<String>,
    /// Those among them that the user cannot untick, space-separated.
    #[serde(default, deserialize_with = "given")]
    #[schema(max_length = 4000, nullable = false)]
    needed_scope: Option<String>,
    /// Do not ask users for consent.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    trusted: Option<bool>,
    /// Ask for a code challenge though the client has a secret.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    require_pkce: Option<bool>,
    /// The client's own roles, for what it does in its own name.
    #[serde(default, deserialize_with = "given")]
    #[schema(max_items = 100, nullable = false)]
    roles: Option<Vec<String>>,
    /// The resources that it is, by their URIs.
    #[serde(default, deserialize_with = "given")]
    #[schema(max_items = 10, nullable = false)]
    resources: Option<Vec<String>>,
    /// Its public keys, a JWK Set; null takes them away.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Object>)]
    jwks: Option<Option<Map<String, Value>>>,
    /// Where its public keys are, an https URL; null takes it away.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    jwks_uri: Option<Option<String>>,
    /// It must push its authorization requests (RFC 9126 §6).
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    require_pushed_authorization_requests: Option<bool>,
    /// It must sign its authorization requests (RFC 9101 §10.5).
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    require_signed_request_object: Option<bool>,
    /// All its access tokens are bound to keys (RFC 9449 §5.2).
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    dpop_bound_access_tokens: Option<bool>,
    /// Who signs in to it needs a second factor.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    require_second_factor: Option<bool>,
    /// The colour of links and buttons where people sign in to it and let it in: `#rrggbb`, with a contrast of 5.5 to white at
    /// least. Null takes it away.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, example = "#1d3f8a")]
    accent: Option<Option<String>>,
    /// By which algorithm its id_tokens are signed; `RS256` where nothing is said. Null takes it away.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    id_token_signed_response_alg: Option<Value>,
    /// By which algorithm answers of the UserInfo endpoint are signed; plain JSON where nothing is said. Null takes it away.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    userinfo_signed_response_alg: Option<Value>,
    /// By which algorithm answers of the introspection endpoint are signed (RFC 9701 §6). Null takes it away.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    introspection_signed_response_alg: Option<Value>,
    /// By which algorithm authorization responses are signed (JARM §3). Null takes it away.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    authorization_signed_response_alg: Option<Value>,
    /// By which algorithm it signs its request objects (RFC 9101). Null takes it away.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    request_object_signing_alg: Option<Value>,
    /// `public` or `pairwise` (OpenID Connect Core §8). Null takes it away.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    subject_type: Option<Value>,
    /// The age of a sign-in that it accepts where a request names none, in seconds. Null takes it away.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<u64>)]
    default_max_age: Option<Value>,
    /// Where its request objects may be fetched from (OpenID Connect Core §6.2). Null takes it away.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Vec<String>>)]
    request_uris: Option<Value>,
    /// Where browsers may be sent after sign-out (OpenID Connect RP-Initiated Logout §3.1). Null takes it away.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Vec<String>>)]
    post_logout_redirect_uris: Option<Value>,
    /// Where it is told that a session has ended (OpenID Connect Back-Channel Logout §2.2). Null takes it away.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    backchannel_logout_uri: Option<Value>,
    /// Whether it needs to be told which session it was. Null takes it away.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<bool>)]
    backchannel_logout_session_required: Option<Value>,
    /// Whether the client is let in.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    pub enabled: Option<bool>,
}

impl ClientMembers {
    /// What is said of OpenID Connect.
    fn openid(&self) -> Result<Map<String, Value>, Failure> {
        let members = [
            ("id_token_signed_response_alg", &self.id_token_signed_response_alg),
            ("userinfo_signed_response_alg", &self.userinfo_signed_response_alg),
            ("introspection_signed_response_alg", &self.introspection_signed_response_alg),
            ("authorization_signed_response_alg", &self.authorization_signed_response_alg),
            ("request_object_signing_alg", &self.request_object_signing_alg),
            ("subject_type", &self.subject_type),
            ("default_max_age", &self.default_max_age),
            ("request_uris", &self.request_uris),
            ("post_logout_redirect_uris", &self.post_logout_redirect_uris),
            ("backchannel_logout_uri", &self.backchannel_logout_uri),
            ("backchannel_logout_session_required", &self.backchannel_logout_session_required),
        ];
        let said = members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value.clone()?)));
        let said: Map<String, Value> = said.collect();
        openid_metadata::read(&said).map_err(|refusal| Failure::BadRequest(refusal.description))?;
        Ok(said)
    }
}

/// What of a client is said, read.
pub struct Said {
    /// `client_name`.
    pub name: Option<DisplayName>,
    /// `redirect_uris`.
    pub redirect_uris: Option<Vec<RedirectUri>>,
    grant_types: Option<Vec<GrantType>>,
    auth_method: Option<AuthMethod>,
    scopes: Option<Scope>,
    needed_scopes: Option<Scope>,
    trusted: Option<bool>,
    require_pkce: Option<bool>,
    roles: Option<Roles>,
    resources: Option<Resources>,
    jwks: Option<Option<String>>,
    jwks_uri: Option<Option<String>>,
    require_par: Option<bool>,
    require_signed_request: Option<bool>,
    dpop_bound: Option<bool>,
    require_second_factor: Option<bool>,
    accent: Option<Option<Accent>>,
    /// Members of OpenID Connect; `null` takes one away.
    openid: Map<String, Value>,
}

/// Reads what is said.
///
/// # Errors
/// What is wrong with it.
pub fn read(members: &ClientMembers) -> Result<Said, Failure> {
    let name = members.client_name.as_deref().map(|name| text::about("client_name", DisplayName::parse(name)));
    let redirect_uris =
        members.redirect_uris.as_deref().map(|uris| text::each("redirect_uris", uris, RedirectUri::parse));
    let accent =
        members.accent.as_ref().map(|said| said.as_deref().map(|text| text::about("accent", Accent::parse(text))));
    let grant_type = |text: &str| one_of(text, GrantType::ALL, GrantType::as_str);
    let auth_method = members
        .token_endpoint_auth_method
        .as_deref()
        .map(|method| text::about("token_endpoint_auth_method", one_of(method, AuthMethod::ALL, AuthMethod::as_str)));
    Ok(Said {
        name: name.transpose()?,
        redirect_uris: redirect_uris.transpose()?,
        grant_types: members
            .grant_types
            .as_deref()
            .map(|grants| text::each("grant_types", grants, grant_type))
            .transpose()?,
        auth_method: auth_method.transpose()?,
        scopes: members.scope.as_deref().map(|scope| text::scope_list("scope", scope)).transpose()?,
        needed_scopes: members
            .needed_scope
            .as_deref()
            .map(|scope| text::scope_list("needed_scope", scope))
            .transpose()?,
        trusted: members.trusted,
        require_pkce: members.require_pkce,
        roles: members.roles.as_deref().map(text::roles).transpose()?,
        resources: members.resources.as_deref().map(text::resources).transpose()?,
        jwks: members.jwks.as_ref().map(|keys| keys.as_ref().map(|keys| Value::from(keys.clone()).to_string())),
        jwks_uri: members.jwks_uri.clone(),
        require_par: members.require_pushed_authorization_requests,
        require_signed_request: members.require_signed_request_object,
        dpop_bound: members.dpop_bound_access_tokens,
        require_second_factor: members.require_second_factor,
        accent: accent.map(Option::transpose).transpose()?,
        openid: members.openid()?,
    })
}

/// The one of `all` that is called `text`.
fn one_of<T: Copy>(text: &str, all: &[T], name: impl Fn(T) -> &'static str) -> Result<T, String> {
    let names = || all.iter().map(|known| name(*known)).collect::<Vec<_>>().join(", ");
    all.iter().copied().find(|known| name(*known) == text).ok_or_else(|| format!("must be one of {}", names()))
}

impl Said {
    /// Makes `description` say the same.
    pub fn apply(&self, description: &mut ClientDescription) {
        fn set<T: Clone>(place: &mut T, said: Option<&T>) {
            if let Some(said) = said {
                place.clone_from(said);
            }
        }
        set(&mut description.name, self.name.as_ref());
        set(&mut description.redirect_uris, self.redirect_uris.as_ref());
        set(&mut description.grant_types, self.grant_types.as_ref());
        set(&mut description.auth_method, self.auth_method.as_ref());
        set(&mut description.scopes, self.scopes.as_ref());
        set(&mut description.needed_scopes, self.needed_scopes.as_ref());
        set(&mut description.trusted, self.trusted.as_ref());
        set(&mut description.require_pkce, self.require_pkce.as_ref());
        set(&mut description.roles, self.roles.as_ref());
        set(&mut description.resources, self.resources.as_ref());
        set(&mut description.jwks, self.jwks.as_ref());
        set(&mut description.jwks_uri, self.jwks_uri.as_ref());
        set(&mut description.require_par, self.require_par.as_ref());
        set(&mut description.require_signed_request, self.require_signed_request.as_ref());
        set(&mut description.dpop_bound, self.dpop_bound.as_ref());
        set(&mut description.require_second_factor, self.require_second_factor.as_ref());
        set(&mut description.accent, self.accent.as_ref());
        if !self.openid.is_empty() {
            description.openid = openid_metadata::with(&description.openid, &self.openid);
        }
    }
}
