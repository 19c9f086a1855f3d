//! The id_token: who signed in, when and how, for the client alone (OpenID Connect Core §2).

use std::sync::Arc;

use serde_json::Value;
use serde_json::json;

use crate::domain::oauth::signing_keys::Ring;
use crate::domain::oauth::subject;
use crate::domain::oauth::userinfo;
use crate::domain::oauth::userinfo::Asked;
use crate::domain::oauth::userinfo::Claims;
use crate::jose::algorithm::Algorithm;
use crate::jose::signing;
use crate::jose::signing::SigningError;
use crate::model::client::Client;
use crate::model::grant::Family;
use crate::model::issuer::Issuer;
use crate::model::openid;
use crate::model::openid::SignIn;
use crate::model::scope::Scope;
use crate::model::time::Lifetime;
use crate::model::time::Timestamp;
use crate::model::user::User;
use crate::store::StoreError;
use crate::store::Tx;

/// Of which of a sign-in's tokens it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// The first: it says the nonce again.
    SignIn,
    /// Those of a refresh, which say none (OpenID Connect Core §12.2).
    Refresh,
}

/// What an id_token tells, as it was when the tokens that it comes with were made.
#[derive(Debug, Clone)]
pub struct IdToken {
    client: Client,
    user: Arc<User>,
    sign_in: SignIn,
    moment: Moment,
    asked: Asked,
    /// The scopes whose claims it tells, for want of an access token to ask the UserInfo endpoint with.
    told: Scope,
}

/// What is to be told with an access token of `family` and `scope`; nothing without the scope `openid`.
///
/// # Errors
/// What the database says.
pub fn prepare(
    tx: &mut Tx<'_>,
    client: &Client,
    family: &Family,
    user: &Arc<User>,
    scope: &Scope,
    moment: Moment,
) -> Result<Option<Box<IdToken>>, StoreError> {
    if !scope.contains(openid::SCOPE) {
        return Ok(None);
    }
    let Some(sign_in) = tx.sign_ins().find(family.id)? else { return Ok(None) };
    let asked = userinfo::asked(tx, client, family.id)?;
    let (client, user) = (client.clone(), Arc::clone(user));
    Ok(Some(Box::new(IdToken { client, user, sign_in, moment, asked, told: Scope::default() })))
}

/// Who tells it, and when.
#[derive(Clone, Copy)]
pub struct Teller<'a> {
    /// The public base URL.
    pub issuer: &'a Issuer,
    /// The server's keys.
    pub ring: &'a Ring,
    /// How long an id_token is good.
    pub lifetime: Lifetime,
    /// When.
    pub now: Timestamp,
}

/// How much it tells of the user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Who it is, and the claims that were asked for one by one; what scopes stand for is at the UserInfo endpoint.
    Standard,
    /// As Frappe's: with how the user is called, the e-mail address and the roles.
    Frappe,
}

impl IdToken {
    /// By which algorithm it is signed.
    pub fn algorithm(&self) -> Algorithm {
        algorithm_for(&self.client, self.client.openid.id_token_signed_response_alg.as_deref())
    }

    /// The same, where no access token comes with it: what `scope` stands for is told here (OpenID Connect Core §5.4).
    pub fn alone(self, scope: Scope) -> Self {
        Self { told: scope, ..self }
    }

    /// The signed text, to come with `access_token`, if with any.
    ///
    /// # Errors
    /// Where there is no key to sign with.
    pub fn sign(&self, access_token: Option<&str>, style: Style, teller: Teller<'_>) -> Result<String, SigningError> {
        let algorithm = self.algorithm();
        let mut claims = self.claims(teller);
        if let Some(access_token) = access_token {
            claims.insert("at_hash".to_owned(), signing::half_hash(algorithm, access_token)?.into());
        }
        if style == Style::Frappe {
            let profile = frappe_profile(&userinfo::all(&self.user, self.user.roles.names()));
            claims.extend(profile.into_iter().filter(|(_, value)| !value.is_null()));
        }
        teller.ring.sign(algorithm, None, &claims, teller.now)
    }

    /// Of all that the sign-in amounts to the first that the client asked for, or the most (OpenID Connect Core §5.5.1.1).
    fn acr(&self) -> Option<&'static str> {
        let wanted = self.asked.claims.id_token.get("acr");
        let fits = |acr: &&str| wanted.is_none_or(|wanted| wanted.takes(&(*acr).into()));
        openid::acrs(&self.sign_in.amr).find(fits).or_else(|| openid::acrs(&self.sign_in.amr).next())
    }

    fn claims(&self, teller: Teller<'_>) -> Claims {
        let all = userinfo::all(&self.user, self.user.roles.names());
        let mut claims: Claims = self.asked.pick(&all, self.asked.claims.id_token.iter()).collect();
        claims.extend(userinfo::of_scopes(&all, |scope| self.told.contains(scope)));
        let mut set = |name: &str, value: Value| claims.insert(name.to_owned(), value);
        set("iss", teller.issuer.as_str().into());
        set("sub", subject::of(teller.ring.salt(), &self.client, self.user.id).into());
        set("aud", self.client.client_id.as_str().into());
        set("iat", teller.now.seconds().into());
        set("exp", (teller.now + teller.lifetime).seconds().into());
        set("auth_time", self.sign_in.authenticated_at.seconds().into());
        set("amr", self.sign_in.amr.split_whitespace().collect());
        if tells_session(&self.client) {
            set("sid", openid::sid(self.sign_in.session, self.client.id).into());
        }
        if let Some(acr) = self.acr() {
            set("acr", acr.into());
        }
        if let Some(nonce) = self.sign_in.nonce.as_deref().filter(|_| self.moment == Moment::SignIn) {
            set("nonce", nonce.into());
        }
        claims
    }
}

/// Whether the client is told which session it is. One that keeps to the FAPI 2.0 Security Profile and registered nothing of
/// sign-out has no use for it, and the profile's tests take a claim that OpenID Connect Core does not name for a mistake.
fn tells_session(client: &Client) -> bool {
    let openid = &client.openid;
    !client.is_fapi() || openid.backchannel_logout_uri.is_some() || openid.post_logout_redirect_uris.is_some()
}

/// The algorithm that a client registered, or the default (OpenID Connect Dynamic Client Registration §2).
pub fn algorithm(registered: Option<&str>) -> Algorithm {
    registered.and_then(Algorithm::parse).unwrap_or(Algorithm::Rs256)
}

/// As [`algorithm`], for what is signed for a client that may keep to the FAPI 2.0 Security Profile, which knows no `RS256`
/// (§5.4.1).
pub fn algorithm_for(client: &Client, registered: Option<&str>) -> Algorithm {
    if registered.is_none() && client.is_fapi() { Algorithm::Ps256 } else { algorithm(registered) }
}

/// Of all claims of a user those that Frappe tells, under its names. A person has one name here, whose first word Frappe
/// takes for the given one.
pub fn frappe_profile(all: &Claims) -> Claims {
    let text = |name: &str| all.get(name).and_then(Value::as_str);
    let name = text("name").or(text("preferred_username")).unwrap_or_default();
    let (given, family) = match name.split_once(' ') {
        Some((given, family)) => (given, Some(family)),
        None => (name, None),
    };
    let profile = json!({
        "name": name,
        "given_name": text("given_name").unwrap_or(given),
        "family_name": text("family_name").or(family),
        "email": text("email"),
        "picture": text("picture"),
        "roles": all.get("roles"),
    });
    profile.as_object().cloned().unwrap_or_default()
}
