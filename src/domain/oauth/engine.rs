//! The second key to the lock: oxide-auth's state machines, driven over facts that our own checks have established.
//!
//! Our typed chain decides first; these machines then go through RFC 6749 §4.1.1 and §4.1.3 once more, written by
//! other hands. Where they disagree, nobody gets anything. This is the only file that names oxide-auth.

use std::borrow::Cow;
use std::cmp::Ordering;

use oxide_auth::code_grant::accesstoken;
use oxide_auth::code_grant::accesstoken::AccessToken;
use oxide_auth::code_grant::authorization;
use oxide_auth::code_grant::authorization::Authorization;
use oxide_auth::code_grant::extensions::Pkce;
use oxide_auth::primitives::grant::Extensions;
use oxide_auth::primitives::grant::Grant;
use oxide_auth::primitives::grant::GrantExtension;
use oxide_auth::primitives::registrar::BoundClient;
use oxide_auth::primitives::registrar::ExactUrl;
use oxide_auth::primitives::registrar::PreGrant;
use oxide_auth::primitives::registrar::RegisteredUrl;
use oxide_auth::primitives::scope::Scope as OxideScope;

/// Where the machine does not agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Disagreement(pub &'static str);

/// What our checks established of an authorization request (RFC 6749 §4.1.1).
#[derive(Debug, Clone, Copy)]
pub struct AuthorizationFacts<'a> {
    /// The client that asks.
    pub client_id: &'a str,
    /// Where the answer goes.
    pub redirect_uri: &'a str,
    /// What is asked for, space-separated.
    pub scope: &'a str,
    /// What the client may have, space-separated.
    pub client_scope: &'a str,
    /// The request's `state`.
    pub state: Option<&'a str>,
    /// The code challenge, always S256.
    pub code_challenge: Option<&'a str>,
}

/// What our checks established of a code and of the request that redeems it (RFC 6749 §4.1.3).
#[derive(Debug, Clone, Copy)]
pub struct RedemptionFacts<'a> {
    /// The client that authenticated.
    pub client_id: &'a str,
    /// The client that the code was given to.
    pub code_client_id: &'a str,
    /// The code as presented.
    pub code: &'a str,
    /// The redirect URI as presented, or that of the code where the client need not present it.
    pub redirect_uri: &'a str,
    /// The redirect URI that the code was sent to.
    pub code_redirect_uri: &'a str,
    /// Whose grant it is.
    pub owner: &'a str,
    /// What was granted, space-separated.
    pub scope: &'a str,
    /// The challenge that the code was given for.
    pub code_challenge: Option<&'a str>,
    /// The verifier as presented.
    pub code_verifier: Option<&'a str>,
}

struct AuthorizationRequest<'a>(AuthorizationFacts<'a>);

impl authorization::Request for AuthorizationRequest<'_> {
    fn valid(&self) -> bool {
        true
    }

    fn client_id(&self) -> Option<Cow<'_, str>> {
        Some(self.0.client_id.into())
    }

    fn scope(&self) -> Option<Cow<'_, str>> {
        Some(self.0.scope.into())
    }

    fn redirect_uri(&self) -> Option<Cow<'_, str>> {
        Some(self.0.redirect_uri.into())
    }

    fn state(&self) -> Option<Cow<'_, str>> {
        self.0.state.map(Cow::from)
    }

    fn response_type(&self) -> Option<Cow<'_, str>> {
        Some("code".into())
    }

    fn extension(&self, _key: &str) -> Option<Cow<'_, str>> {
        None
    }
}

/// Goes through an authorization request once more.
///
/// # Errors
/// [`Disagreement`] where the machine would not give a code for these facts.
pub fn confirm_authorization(facts: AuthorizationFacts<'_>) -> Result<(), Disagreement> {
    use authorization::Input;
    use authorization::Output;

    enum Next {
        Bind(BoundClient<'static>),
        Extend(Extensions),
        Negotiated(PreGrant),
    }

    let request = AuthorizationRequest(facts);
    let mut machine = Authorization::new(&request);
    let mut input = Input::None;
    // Bind, extend, negotiate, done: a machine that asks for more is not the one that we know.
    for _ in 0..4 {
        let next = match machine.advance(input) {
            Output::Bind { client_id, redirect_uri } => Next::Bind(bind(facts, client_id, redirect_uri)?),
            Output::Extend => Next::Extend(challenge(facts.code_challenge)?.unwrap_or_else(Extensions::new)),
            Output::Negotiate { bound_client, scope } => Next::Negotiated(negotiate(facts, bound_client, scope)?),
            Output::Ok { pre_grant, state, .. } => return agree_on_grant(facts, &pre_grant, state.as_deref()),
            Output::Err(_) => return Err(Disagreement("the authorization request is refused")),
        };
        input = match next {
            Next::Bind(bound_client) => Input::Bound { request: &request, bound_client },
            Next::Extend(extensions) => Input::Extended(extensions),
            Next::Negotiated(pre_grant) => Input::Negotiated { pre_grant, state: facts.state.map(str::to_owned) },
        };
    }
    Err(Disagreement("the authorization request comes to no end"))
}

fn bind(
    facts: AuthorizationFacts<'_>,
    client_id: String,
    redirect_uri: Option<ExactUrl>,
) -> Result<BoundClient<'static>, Disagreement> {
    let redirect_uri = redirect_uri.ok_or(Disagreement("the redirect URI is lost"))?;
    if client_id != facts.client_id || redirect_uri.as_str() != facts.redirect_uri {
        return Err(Disagreement("the client or its redirect URI is another one"));
    }
    Ok(BoundClient { client_id: client_id.into(), redirect_uri: Cow::Owned(RegisteredUrl::Exact(redirect_uri)) })
}

fn negotiate(
    facts: AuthorizationFacts<'_>,
    bound_client: &BoundClient<'static>,
    scope: Option<OxideScope>,
) -> Result<PreGrant, Disagreement> {
    let scope = scope.ok_or(Disagreement("the scope is lost"))?;
    // oxide-auth orders scopes by privilege, and some are neither more nor less than each other.
    let within = matches!(scope.partial_cmp(&parse_scope(facts.client_scope)?), Some(Ordering::Less | Ordering::Equal));
    if !within || scope != parse_scope(facts.scope)? {
        return Err(Disagreement("the scope is not the client's"));
    }
    Ok(PreGrant {
        client_id: bound_client.client_id.clone().into_owned(),
        redirect_uri: bound_client.redirect_uri.clone().into_owned(),
        scope,
    })
}

fn agree_on_grant(facts: AuthorizationFacts<'_>, grant: &PreGrant, state: Option<&str>) -> Result<(), Disagreement> {
    let same = grant.client_id == facts.client_id
        && grant.redirect_uri.as_str() == facts.redirect_uri
        && grant.scope == parse_scope(facts.scope)?
        && state == facts.state;
    if same { Ok(()) } else { Err(Disagreement("the authorization request became another one")) }
}

struct TokenRequest<'a>(RedemptionFacts<'a>);

impl accesstoken::Request for TokenRequest<'_> {
    fn valid(&self) -> bool {
        true
    }

    fn code(&self) -> Option<Cow<'_, str>> {
        Some(self.0.code.into())
    }

    fn authorization(&self) -> accesstoken::Authorization<'_> {
        // The client has proved who it is by whatever method it is registered for.
        accesstoken::Authorization::Username(self.0.client_id.into())
    }

    fn client_id(&self) -> Option<Cow<'_, str>> {
        None
    }

    fn redirect_uri(&self) -> Option<Cow<'_, str>> {
        Some(self.0.redirect_uri.into())
    }

    fn grant_type(&self) -> Option<Cow<'_, str>> {
        Some("authorization_code".into())
    }

    fn extension(&self, _key: &str) -> Option<Cow<'_, str>> {
        None
    }
}

/// Goes through a redemption once more, the proof of the code verifier (RFC 7636 §4.6) included.
///
/// # Errors
/// [`Disagreement`] where the machine would not issue tokens for these facts.
pub fn confirm_redemption(facts: RedemptionFacts<'_>) -> Result<(), Disagreement> {
    use accesstoken::Input;
    use accesstoken::Output;

    enum Next {
        Authenticated,
        Recovered(Box<Grant>),
        Extended(Extensions),
    }

    let mut machine = AccessToken::new(&TokenRequest(facts));
    let mut input = Input::None;
    for _ in 0..4 {
        let next = match machine.advance(input) {
            Output::Authenticate { client, passdata: None } if client == facts.client_id => Next::Authenticated,
            Output::Authenticate { .. } => return Err(Disagreement("another client is authenticated")),
            Output::Recover { code } if code == facts.code => Next::Recovered(Box::new(stored_grant(facts)?)),
            Output::Recover { .. } => return Err(Disagreement("another code is redeemed")),
            Output::Extend { extensions } => {
                verify(facts, extensions)?;
                Next::Extended(Extensions::new())
            }
            Output::Issue { grant } => return agree_on_issue(facts, grant),
            Output::Ok(_) => return Err(Disagreement("a token exists that we did not issue")),
            Output::Err(_) => return Err(Disagreement("the redemption is refused")),
        };
        input = match next {
            Next::Authenticated => Input::Authenticated,
            Next::Recovered(grant) => Input::Recovered(Some(grant)),
            Next::Extended(access_extensions) => Input::Extended { access_extensions },
        };
    }
    Err(Disagreement("the redemption comes to no end"))
}

fn stored_grant(facts: RedemptionFacts<'_>) -> Result<Grant, Disagreement> {
    let redirect_uri = facts.code_redirect_uri.parse();
    Ok(Grant {
        owner_id: facts.owner.to_owned(),
        client_id: facts.code_client_id.to_owned(),
        scope: parse_scope(facts.scope)?,
        redirect_uri: redirect_uri.map_err(|_| Disagreement("the code's redirect URI is none"))?,
        // Whether it has ended was decided before, by our own clock; the machine would ask the system's.
        until: chrono::DateTime::<chrono::Utc>::MAX_UTC,
        extensions: challenge(facts.code_challenge)?.unwrap_or_else(Extensions::new),
    })
}

fn verify(facts: RedemptionFacts<'_>, extensions: &mut Extensions) -> Result<(), Disagreement> {
    let pkce = Pkce::optional();
    let stored = extensions.remove(&pkce);
    if stored.is_none() && facts.code_verifier.is_some() {
        return Err(Disagreement("a verifier was sent for no challenge"));
    }
    let verified = pkce.verify(stored, facts.code_verifier.map(Cow::from));
    verified.map_err(|()| Disagreement("the code verifier does not meet the challenge"))
}

fn agree_on_issue(facts: RedemptionFacts<'_>, grant: &Grant) -> Result<(), Disagreement> {
    let same =
        grant.client_id == facts.client_id && grant.owner_id == facts.owner && grant.scope == parse_scope(facts.scope)?;
    if same { Ok(()) } else { Err(Disagreement("the grant became another one")) }
}

fn challenge(code_challenge: Option<&str>) -> Result<Option<Extensions>, Disagreement> {
    let Some(code_challenge) = code_challenge else { return Ok(None) };
    let pkce = Pkce::required();
    let value = pkce.challenge(Some("S256".into()), Some(code_challenge.into()));
    let value = value.ok().flatten().ok_or(Disagreement("the code challenge is refused"))?;
    let mut extensions = Extensions::new();
    extensions.set(&pkce as &dyn GrantExtension, value);
    Ok(Some(extensions))
}

fn parse_scope(scope: &str) -> Result<OxideScope, Disagreement> {
    scope.parse().map_err(|_| Disagreement("a scope is none"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

    fn request() -> AuthorizationFacts<'static> {
        AuthorizationFacts {
            client_id: "client_1",
            redirect_uri: "https://rp.test/cb?a=1",
            scope: "read",
            client_scope: "read write",
            state: Some("s"),
            code_challenge: Some(CHALLENGE),
        }
    }

    fn redemption() -> RedemptionFacts<'static> {
        RedemptionFacts {
            client_id: "client_1",
            code_client_id: "client_1",
            code: "c",
            redirect_uri: "https://rp.test/cb",
            code_redirect_uri: "https://rp.test/cb",
            owner: "user_1",
            scope: "read write",
            code_challenge: Some(CHALLENGE),
            code_verifier: Some(VERIFIER),
        }
    }

    #[test]
    fn the_machines_agree_with_what_is_right() {
        assert_eq!(confirm_authorization(request()), Ok(()));
        assert_eq!(confirm_redemption(redemption()), Ok(()));
        let private = "com.example.app:/cb";
        let facts = RedemptionFacts { redirect_uri: private, code_redirect_uri: private, ..redemption() };
        assert_eq!(confirm_redemption(facts), Ok(()));
    }

    #[test]
    fn the_machines_refuse_what_our_checks_might_have_let_through() {
        let wide = AuthorizationFacts { scope: "read admin", ..request() };
        assert!(confirm_authorization(wide).is_err());
        for wrong in [
            RedemptionFacts { code_client_id: "client_2", ..redemption() },
            RedemptionFacts { redirect_uri: "https://rp.test/other", ..redemption() },
            RedemptionFacts { code_verifier: Some("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXX"), ..redemption() },
            RedemptionFacts { code_verifier: None, ..redemption() },
            RedemptionFacts { code_challenge: None, ..redemption() },
        ] {
            assert!(confirm_redemption(wrong).is_err(), "{wrong:?}");
        }
    }
}
