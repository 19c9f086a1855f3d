//! What an application learns of the user that it acts for (OpenID Connect Core §5.1, §5.3).

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::domain::oauth::claims;
use crate::domain::oauth::claims::RequestedClaims;
use crate::domain::oauth::subject;
use crate::model::client::Client;
use crate::model::id::FamilyId;
use crate::model::identity::Credential;
use crate::model::identity::Identity;
use crate::model::openid;
use crate::model::scope::Scope;
use crate::model::user::User;
use crate::store::StoreError;
use crate::store::Tx;

/// The scope without which nothing is said (OpenID Connect Core §3.1.2.1).
pub const SCOPE: &str = openid::SCOPE;

/// Claims under their names.
pub type Claims = Map<String, Value>;

/// All claims of a user but `sub`; what is not known is left out.
///
/// The e-mail address is one that the user can sign in with, and never a user name in its place: whoever lets people in
/// by their address would else let in whoever is called like an account of theirs.
pub fn all(user: &User, roles: Vec<String>) -> Claims {
    let mut claims = match serde_json::to_value(&user.claims) {
        Ok(Value::Object(claims)) => claims,
        _ => Claims::new(),
    };
    let is_known = |claims: &Claims, name: &str| claims.contains_key(name);
    if !user.full_name.is_empty() {
        claims.insert("name".to_owned(), user.full_name.as_str().into());
    }
    claims.insert("preferred_username".to_owned(), user.username.as_str().into());
    claims.insert("updated_at".to_owned(), user.updated_at.unwrap_or(user.created_at).seconds().into());
    match &user.email {
        Some(email) => {
            claims.insert("email".to_owned(), email.as_str().into());
            claims.entry("email_verified").or_insert(false.into());
        }
        None => drop(claims.remove("email_verified")),
    }
    if is_known(&claims, "phone_number") {
        claims.entry("phone_number_verified").or_insert(false.into());
    } else {
        claims.remove("phone_number_verified");
    }
    claims.insert("roles".to_owned(), json!(roles));
    claims
}

/// Those of `all` whose scopes are granted (OpenID Connect Core §5.4).
pub fn of_scopes(all: &Claims, is_granted: impl Fn(&str) -> bool) -> impl Iterator<Item = (String, Value)> {
    let is_told = move |name: &str| claims::scope_of(name).is_some_and(&is_granted);
    all.iter().filter(move |(name, _)| is_told(name)).map(|(name, value)| (name.clone(), value.clone()))
}

/// What is asked for one by one, as far as the user allowed it.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// The parameter `claims`.
    pub claims: RequestedClaims,
    /// The scopes that the user allowed and the client still has, by which single claims are allowed.
    pub allowed: Scope,
}

impl Asked {
    /// Those of `all` that `wishes` ask for (OpenID Connect Core §5.5.1): a claim with another value than those that are
    /// wanted is as good as none.
    pub fn pick<'w>(
        &self,
        all: &Claims,
        wishes: impl Iterator<Item = (&'w String, &'w claims::Wish)>,
    ) -> impl Iterator<Item = (String, Value)> {
        wishes.filter_map(|(name, wish)| {
            let value = all.get(name).filter(|value| wish.takes(value))?;
            let is_allowed = claims::scope_of(name).is_some_and(|scope| self.allowed.contains(scope));
            is_allowed.then(|| (name.clone(), value.clone()))
        })
    }
}

/// What the UserInfo endpoint answers from.
#[derive(Debug)]
pub struct Known {
    /// The user.
    pub user: User,
    /// The client that asks; none where a person or a key does.
    pub client: Option<Client>,
    /// What it asked for one by one, when the user let it in.
    pub asked: Asked,
}

/// Reads what is known of the user that `identity` is; `None` for a client in its own name, which is no user.
///
/// # Errors
/// What the database says.
pub fn read(tx: &mut Tx<'_>, identity: &Identity) -> Result<Option<Known>, StoreError> {
    let Some(id) = identity.user_id() else { return Ok(None) };
    let Some(user) = tx.users().find(id)? else { return Ok(None) };
    let (client, asked) = match &identity.credential {
        Credential::AccessToken { client, family, .. } => {
            let client = tx.clients().find(client.id)?;
            let asked = match (&client, family) {
                (Some(client), Some(family)) => asked(tx, client, *family)?,
                _ => Asked::default(),
            };
            (client, asked)
        }
        Credential::Session { .. } | Credential::ApiKey { .. } => (None, Asked::default()),
    };
    Ok(Some(Known { user, client, asked }))
}

/// What `client` asked for one by one when it got the tokens of `family`.
///
/// # Errors
/// What the database says.
pub fn asked(tx: &mut Tx<'_>, client: &Client, family: FamilyId) -> Result<Asked, StoreError> {
    // A token that was exchanged is another client's, which asked for nothing.
    let sign_in = tx.sign_ins().find(family)?.filter(|sign_in| sign_in.client == client.id);
    let Some(text) = sign_in.and_then(|sign_in| sign_in.claims) else { return Ok(Asked::default()) };
    let unreadable = |_| StoreError::Corrupt("the claims of a request cannot be read");
    let claims = RequestedClaims::parse(&text).map_err(unreadable)?;
    let Some(family) = tx.families().find(family)? else { return Ok(Asked::default()) };
    let grant = tx.grants().find(family.grant)?;
    let allowed = grant.map(|grant| grant.scopes.intersection(&client.scopes)).unwrap_or_default();
    Ok(Asked { claims, allowed })
}

impl Known {
    /// What is said: as much as the request's scopes allow (OpenID Connect Core §5.4), and what was asked for one by one.
    pub fn claims(&self, identity: &Identity, salt: &[u8; 32]) -> Claims {
        let all = all(&self.user, identity.roles.names());
        let mut said = Claims::new();
        said.insert("sub".to_owned(), self.sub(salt).into());
        said.extend(of_scopes(&all, |scope| identity.has_scope(scope)));
        said.extend(self.asked.pick(&all, self.asked.claims.userinfo.iter()));
        said
    }

    /// Who the user is to whoever asks.
    pub fn sub(&self, salt: &[u8; 32]) -> String {
        let id = self.user.id;
        self.client.as_ref().map_or_else(|| id.to_string(), |client| subject::of(salt, client, id))
    }
}
