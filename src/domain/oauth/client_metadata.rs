//! What a client says of itself (RFC 7591 §2): read strictly where it is known, passed over where it is not, and shown
//! again as it was kept.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::domain::oauth::error::ErrorCode;
use crate::domain::oauth::error::Refusal;
use crate::domain::oauth::openid_metadata;
use crate::jose::jwk_set::JwkSet;
use crate::model::client::AuthMethod;
use crate::model::client::Client;
use crate::model::client::GrantType;
use crate::model::client::ResponseType;
use crate::model::https_url::HttpsUrl;
use crate::model::name::DisplayName;
use crate::model::openid::OpenIdMetadata;
use crate::model::redirect_uri::RedirectUri;
use crate::model::scope::Scope;

/// The most redirect URIs that are looked at.
const MOST_REDIRECT_URIS: usize = 50;
/// The most items of any other list.
const MOST_ITEMS: usize = 20;
/// The most characters of a text that has no grammar of its own.
const LONGEST_TEXT: usize = 500;
/// What a client that no administrator registered may present for tokens. Of what it asks for, the rest is left out.
const GRANT_TYPES: [GrantType; 4] =
    [GrantType::AuthorizationCode, GrantType::RefreshToken, GrantType::DeviceCode, GrantType::Implicit];
/// Addresses of pages and pictures; this server fetches nothing from them.
const LINKS: [&str; 4] = ["client_uri", "logo_uri", "policy_uri", "tos_uri"];
/// Texts that only the client itself understands.
const TEXTS: [&str; 2] = ["software_id", "software_version"];

/// A client's description of itself. What it leaves out gets the default of RFC 7591 §2.
#[derive(Debug, Clone)]
pub struct ClientMetadata {
    /// `client_name`.
    pub name: Option<DisplayName>,
    /// `token_endpoint_auth_method`.
    pub auth_method: Option<AuthMethod>,
    /// `grant_types`, as far as such clients have them.
    pub grant_types: Vec<GrantType>,
    /// `redirect_uris`.
    pub redirect_uris: Vec<RedirectUri>,
    /// `scope`.
    pub scope: Option<Scope>,
    /// `jwks`, as JSON.
    pub jwks: Option<String>,
    /// `jwks_uri`.
    pub jwks_uri: Option<String>,
    /// `require_pushed_authorization_requests` (RFC 9126 §6).
    pub require_par: bool,
    /// `require_signed_request_object` (RFC 9101 §10.5).
    pub require_signed_request: bool,
    /// `dpop_bound_access_tokens` (RFC 9449 §5.2).
    pub dpop_bound: bool,
    /// What OpenID Connect adds.
    pub openid: OpenIdMetadata,
    /// What is only kept and shown again.
    pub further: Map<String, Value>,
}

type Members = Map<String, Value>;

impl ClientMetadata {
    /// Reads the members that are known here; others are passed over and not kept (RFC 7591 §2), `null` is as good as
    /// absent.
    ///
    /// # Errors
    /// `invalid_redirect_uri` or `invalid_client_metadata` (RFC 7591 §3.2.2).
    pub fn read(members: &Members) -> Result<Self, Refusal> {
        let redirect_uris = redirect_uris(members)?;
        let openid = openid_metadata::read(members)?;
        let grant_types = grant_types(members, openid.response_types.is_some())?;
        check_response_types(members, &grant_types)?;
        let mut further = Members::new();
        further.insert("application_type".to_owned(), application_type(members, &redirect_uris)?.into());
        for name in LINKS {
            if let Some(link) = text(members, name)? {
                HttpsUrl::parse(link).map_err(|why| invalid(format!("{name} {why}")))?;
                further.insert(name.to_owned(), link.into());
            }
        }
        for name in TEXTS {
            if let Some(text) = text(members, name)? {
                further.insert(name.to_owned(), text.into());
            }
        }
        if let Some(contacts) = list(members, "contacts", MOST_ITEMS)? {
            further.insert("contacts".to_owned(), json!(contacts));
        }
        let (jwks, jwks_uri) = keys(members)?;
        let name = text(members, "client_name")?.map(DisplayName::parse).transpose();
        Ok(Self {
            name: name.map_err(|error| invalid(format!("client_name {error}")))?,
            auth_method: auth_method(members)?,
            grant_types,
            redirect_uris,
            scope: scope(members)?,
            jwks,
            jwks_uri,
            require_par: flag(members, "require_pushed_authorization_requests")?,
            require_signed_request: flag(members, "require_signed_request_object")?,
            dpop_bound: flag(members, "dpop_bound_access_tokens")?,
            openid,
            further,
        })
    }

    /// `client` as this describes it, with all else of it as it is. Whichever scopes it names, it may have those that it
    /// has, as far as they are in `open`: what it names is what it asks for where a request names none (see
    /// [`default_scope`]). It gets no more scopes and sheds no duty by describing itself anew, for an administrator may
    /// have taken the ones and imposed the other.
    ///
    /// # Errors
    /// `invalid_client_metadata` where none of the scopes that it names is open to it.
    pub fn describe(&self, client: Client, open: &Scope) -> Result<Client, Refusal> {
        let mut further = self.further.clone();
        if let Some(asked) = &self.scope {
            let usual = asked.intersection(open);
            if usual.is_empty() {
                return Err(invalid("scope names nothing that a client which no administrator registered can have"));
            }
            further.insert("scope".to_owned(), usual.to_string().into());
        }
        let name = match (&self.name, self.redirect_uris.first()) {
            (Some(name), _) => name.as_str().to_owned(),
            (None, Some(uri)) => format!("Application at {}", uri.host_for_display()),
            (None, None) => "Unnamed application".to_owned(),
        };
        Ok(Client {
            name,
            grant_types: self.grant_types.clone(),
            redirect_uris: self.redirect_uris.clone(),
            scopes: client.scopes.intersection(open),
            jwks: self.jwks.clone(),
            jwks_uri: self.jwks_uri.clone(),
            require_par: client.require_par || self.require_par,
            require_signed_request: client.require_signed_request || self.require_signed_request,
            dpop_bound: client.dpop_bound || self.dpop_bound,
            metadata: Value::Object(further).to_string(),
            openid: self.openid.clone(),
            ..client
        })
    }
}

/// The scopes that a client asks for where its request names none (RFC 6749 §3.3): all of its own, or those that it named
/// when it registered itself.
///
/// Such a client may ask for more than it named, as one that named nothing may: clients name what they need first, and
/// come back with the same registration for the rest (RFC 6750 §3.1, `insufficient_scope`). A person decides each time.
pub fn default_scope(client: &Client) -> Scope {
    let members: Members = serde_json::from_str(&client.metadata).unwrap_or_default();
    let named = members.get("scope").and_then(Value::as_str).and_then(|scope| Scope::parse(scope).ok());
    // An administrator may have taken from it what it named.
    let named = named.map(|named| named.intersection(&client.scopes)).filter(|named| !named.is_empty());
    named.unwrap_or_else(|| client.scopes.clone())
}

/// An address that a client named of itself (RFC 7591 §2): `logo_uri`, `policy_uri` and the like.
pub fn link(client: &Client, name: &str) -> Option<String> {
    let members: Members = serde_json::from_str(&client.metadata).ok()?;
    members.get(name)?.as_str().filter(|link| HttpsUrl::parse(link).is_ok()).map(str::to_owned)
}

/// All that is kept of a client, under the names of RFC 7591 §2, what the server changed included.
pub fn of(client: &Client) -> Members {
    let mut members: Members = serde_json::from_str(&client.metadata).unwrap_or_default();
    let words = |words: Vec<&str>| Value::from(words);
    let mut set = |name: &str, value: Value| members.insert(name.to_owned(), value);
    set("client_id", client.client_id.as_str().into());
    set("client_id_issued_at", client.created_at.seconds().into());
    set("client_name", client.name.as_str().into());
    set("token_endpoint_auth_method", client.auth_method.as_str().into());
    set("grant_types", words(client.grant_types.iter().map(|grant| grant.as_str()).collect()));
    let response_types = ResponseType::ALL.iter().filter(|known| client.may_ask_for(**known));
    set("response_types", words(response_types.map(|known| known.as_str()).collect()));
    set("redirect_uris", words(client.redirect_uris.iter().map(RedirectUri::as_str).collect()));
    set("scope", default_scope(client).to_string().into());
    if let Some(Ok(jwks)) = client.jwks.as_deref().map(serde_json::from_str::<Value>) {
        set("jwks", jwks);
    }
    if let Some(jwks_uri) = &client.jwks_uri {
        set("jwks_uri", jwks_uri.as_str().into());
    }
    set("require_pushed_authorization_requests", client.require_par.into());
    set("require_signed_request_object", client.require_signed_request.into());
    set("dpop_bound_access_tokens", client.dpop_bound.into());
    // What is said above already it keeps.
    members.extend(openid_metadata::of(client).into_iter().filter(|(name, _)| name != "response_types"));
    members
}

pub(super) fn invalid(why: impl Into<String>) -> Refusal {
    Refusal::new(ErrorCode::InvalidClientMetadata, why)
}

/// A member that is there and not `null`.
pub(super) fn member<'m>(members: &'m Members, name: &str) -> Option<&'m Value> {
    members.get(name).filter(|value| !value.is_null())
}

/// A text, short and without control characters.
pub(super) fn text<'m>(members: &'m Members, name: &str) -> Result<Option<&'m str>, Refusal> {
    let Some(value) = member(members, name) else { return Ok(None) };
    let text = value.as_str().ok_or_else(|| invalid(format!("{name} must be a string")))?;
    if text.chars().count() > LONGEST_TEXT {
        return Err(invalid(format!("{name} has more than {LONGEST_TEXT} characters")));
    }
    if text.chars().any(char::is_control) {
        return Err(invalid(format!("{name} has a control character")));
    }
    Ok(Some(text))
}

/// A list of texts.
pub(super) fn list<'m>(members: &'m Members, name: &str, most: usize) -> Result<Option<Vec<&'m str>>, Refusal> {
    let Some(value) = member(members, name) else { return Ok(None) };
    let wrong = || invalid(format!("{name} must be an array of strings"));
    let items = value.as_array().ok_or_else(wrong)?;
    if items.len() > most {
        return Err(invalid(format!("{name} has more than {most} items")));
    }
    let texts: Vec<&str> = items.iter().map(Value::as_str).collect::<Option<_>>().ok_or_else(wrong)?;
    if texts.iter().any(|text| text.len() > LONGEST_TEXT || text.chars().any(char::is_control)) {
        return Err(invalid(format!("{name} has an item that is too long, or holds a control character")));
    }
    Ok(Some(texts))
}

pub(super) fn flag(members: &Members, name: &str) -> Result<bool, Refusal> {
    match member(members, name) {
        None => Ok(false),
        Some(value) => value.as_bool().ok_or_else(|| invalid(format!("{name} must be true or false"))),
    }
}

fn redirect_uris(members: &Members) -> Result<Vec<RedirectUri>, Refusal> {
    let refuse = |why: String| Refusal::new(ErrorCode::InvalidRedirectUri, why);
    let Some(value) = member(members, "redirect_uris") else { return Ok(Vec::new()) };
    let wrong = || refuse("redirect_uris must be an array of strings".to_owned());
    let items = value.as_array().ok_or_else(wrong)?;
    if items.len() > MOST_REDIRECT_URIS {
        return Err(refuse(format!("redirect_uris has more than {MOST_REDIRECT_URIS} items")));
    }
    let mut uris: Vec<RedirectUri> = Vec::new();
    for (place, item) in items.iter().enumerate() {
        let uri = RedirectUri::parse(item.as_str().ok_or_else(wrong)?);
        let uri = uri.map_err(|error| refuse(format!("redirect_uris, item {}: {error}", place + 1)))?;
        if !uris.contains(&uri) {
            uris.push(uri);
        }
    }
    Ok(uris)
}

/// Those of the grant types that such clients have; a client that can use others as well names them to every server.
/// `implicit` only where a response type needs it.
fn grant_types(members: &Members, has_id_tokens: bool) -> Result<Vec<GrantType>, Refusal> {
    let Some(asked) = list(members, "grant_types", MOST_ITEMS)? else { return Ok(vec![GrantType::AuthorizationCode]) };
    let is_given =
        |grant: &GrantType| asked.contains(&grant.as_str()) && (*grant != GrantType::Implicit || has_id_tokens);
    let given: Vec<GrantType> = GRANT_TYPES.into_iter().filter(is_given).collect();
    if given.is_empty() {
        let known = GRANT_TYPES.map(GrantType::as_str).join(", ");
        return Err(invalid(format!("grant_types holds none that such a client can have here: {known}")));
    }
    if given == [GrantType::RefreshToken] {
        return Err(invalid("grant_types holds refresh_token, but nothing that refresh tokens come with"));
    }
    Ok(given)
}

/// RFC 7591 §2.1: response types and grant types go together.
fn check_response_types(members: &Members, grant_types: &[GrantType]) -> Result<(), Refusal> {
    let Some(asked) = list(members, "response_types", MOST_ITEMS)? else { return Ok(()) };
    if grant_types.contains(&GrantType::AuthorizationCode) && !asked.contains(&"code") {
        return Err(invalid("response_types must hold code, which goes with the grant type authorization_code"));
    }
    let needs_implicit = |name: &str| ResponseType::read(name).is_some_and(|known| known != ResponseType::Code);
    if asked.iter().any(|name| needs_implicit(name)) && !grant_types.contains(&GrantType::Implicit) {
        return Err(invalid("grant_types must hold implicit, which goes with the response types that name id_token"));
    }
    Ok(())
}

/// Absent, it is what the redirect URIs say: a program on somebody's own machine where one of them leads there.
fn application_type(members: &Members, redirect_uris: &[RedirectUri]) -> Result<&'static str, Refusal> {
    let is_native = redirect_uris.iter().any(|uri| !uri.is_https());
    match text(members, "application_type")? {
        Some("native") => Ok("native"),
        Some("web") if is_native => {
            let why = "an application of type web can have https redirect URIs only; one on the user's own machine is \
                       of type native";
            Err(Refusal::new(ErrorCode::InvalidRedirectUri, why))
        }
        Some("web") => Ok("web"),
        Some(_) => Err(invalid("application_type must be web or native")),
        None => Ok(if is_native { "native" } else { "web" }),
    }
}

fn auth_method(members: &Members) -> Result<Option<AuthMethod>, Refusal> {
    let Some(asked) = text(members, "token_endpoint_auth_method")? else { return Ok(None) };
    let unknown = || {
        let known: Vec<&str> = AuthMethod::ALL.iter().map(|method| method.as_str()).collect();
        invalid(format!("token_endpoint_auth_method must be one of {}", known.join(", ")))
    };
    AuthMethod::parse(asked).map(Some).ok_or_else(unknown)
}

fn scope(members: &Members) -> Result<Option<Scope>, Refusal> {
    let Some(value) = member(members, "scope") else { return Ok(None) };
    let text = value.as_str().ok_or_else(|| invalid("scope must be a string"))?;
    if text.is_empty() {
        return Ok(None);
    }
    Scope::parse(text).map(Some).map_err(|error| invalid(error.to_string()))
}

/// RFC 7591 §2: keys by value or by address, never both.
fn keys(members: &Members) -> Result<(Option<String>, Option<String>), Refusal> {
    let jwks = member(members, "jwks").map(Value::to_string);
    let jwks_uri = text(members, "jwks_uri")?;
    if jwks.is_some() && jwks_uri.is_some() {
        return Err(invalid("jwks and jwks_uri cannot both be there"));
    }
    if let Some(jwks) = &jwks {
        JwkSet::parse(jwks).map_err(|error| invalid(format!("jwks: {error}")))?;
    }
    if let Some(jwks_uri) = jwks_uri {
        HttpsUrl::parse(jwks_uri).map_err(|why| invalid(format!("jwks_uri {why}")))?;
    }
    Ok((jwks, jwks_uri.map(str::to_owned)))
}
