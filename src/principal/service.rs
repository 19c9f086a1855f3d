//! [`Service`]: how a service checks who calls it.

use std::net::IpAddr;
use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::http::header;
use actix_web::web::Data;
use ipnet::IpNet;
use url::Url;

use crate::clock::Clock;
use crate::clock::SystemClock;
use crate::jose::proof;
use crate::jose::proof::Expected;
use crate::model::api_key::parse_network;
use crate::model::issuer::Issuer;
use crate::model::resource::ResourceUri;
use crate::model::thumbprint::Thumbprint;
use crate::model::token::Token;
use crate::principal::authorization;
use crate::principal::authorization::Presented;
use crate::principal::credential::Credential;
use crate::principal::forwarded;
use crate::principal::identity::Identity;
use crate::principal::identity::ShownBy;
use crate::principal::proofs::Use;
use crate::principal::proofs::UsedProofs;
use crate::principal::refusal::Challenge;
use crate::principal::refusal::Refusal;
use crate::principal::refusal::Why;
use crate::principal::resolve::Resolve;
use crate::principal::resolve::Unresolved;

/// Where metadata documents of protected resources begin (RFC 9728 §3).
const WELL_KNOWN: &str = "/.well-known/oauth-protected-resource";

/// Whoever says to a service who its callers are.
pub type Resolver = dyn Resolve<Identity = Arc<Identity>>;

/// A setting that can't be as it is; says what has to be changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SettingError(
    /// What has to be changed, as a sentence.
    pub String,
);

/// A service: whom it asks about its callers, and who it is itself. It goes into the application's data
/// (`App::new().app_data(service.clone())`), where the extractors find it; a clone is the same service.
#[derive(Clone)]
pub struct Service(Arc<Inner>);

struct Inner {
    resolver: Box<Resolver>,
    resource: Option<ResourceUri>,
    /// Scheme, host and port that the public knows it by.
    origin: Option<String>,
    metadata_path: Option<String>,
    trusted_proxies: Vec<IpNet>,
    clock: Arc<dyn Clock>,
    used_proofs: UsedProofs,
    challenge: Arc<Challenge>,
}

/// A service in the making; begun by [`Service::asking`].
pub struct ServiceSettings {
    resolver: Box<Resolver>,
    resource: Option<String>,
    public_origin: Option<String>,
    trusted_proxies: Vec<String>,
    clock: Arc<dyn Clock>,
}

impl ServiceSettings {
    /// Which resource the service is: the absolute URI that tokens are made for (RFC 8707 §2). A token that is bound to
    /// another one is refused, and so is each bound one where the service has not said which it is.
    #[must_use]
    pub fn resource(mut self, uri: &str) -> Self {
        self.resource = Some(uri.to_owned());
        self
    }

    /// Scheme, host and port by which clients know the service, such as `https://api.example.com`; that of its resource
    /// unless set. Proofs of possession are about it (RFC 9449 §4.3); where it is not known, tokens that are bound to a
    /// key are refused. The proxy in front must pass paths on unchanged.
    #[must_use]
    pub fn public_origin(mut self, origin: &str) -> Self {
        self.public_origin = Some(origin.to_owned());
        self
    }

    /// The proxies in front, as addresses or networks: their `X-Forwarded-For` says where requests come from, and
    /// nobody else's does. It matters for API keys that are bound to addresses.
    #[must_use]
    pub fn trusted_proxies<'a>(mut self, networks: impl IntoIterator<Item = &'a str>) -> Self {
        self.trusted_proxies = networks.into_iter().map(str::to_owned).collect();
        self
    }

    /// What time it is, for tests; the machine's clock unless set. It says whether a proof of possession is fresh.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// The service.
    ///
    /// # Errors
    /// What has to be changed.
    pub fn build(self) -> Result<Service, SettingError> {
        let resource = self.resource.as_deref().map(ResourceUri::parse).transpose();
        let resource = resource.map_err(|error| SettingError(error.to_string()))?;
        let url = resource.as_ref().and_then(|uri| Url::parse(uri.as_str()).ok());
        let url = url.filter(|url| matches!(url.scheme(), "http" | "https"));
        let origin = match &self.public_origin {
            Some(text) => {
                let issuer = Issuer::parse(text).map_err(|why| SettingError(format!("the public origin {why}")))?;
                if !issuer.path().is_empty() {
                    return Err(SettingError("the public origin has a path".to_owned()));
                }
                Some(issuer.origin().to_owned())
            }
            None => url.as_ref().map(|url| url.origin().ascii_serialization()),
        };
        let network =
            |text: &String| parse_network(text).ok_or_else(|| SettingError(format!("{text:?} is no network")));
        // RFC 9728 §3.1: between host and path, and a path that is one slash is none.
        let metadata_path = url.as_ref().map(|url| {
            let path = if url.path() == "/" { "" } else { url.path() };
            format!("{WELL_KNOWN}{path}")
        });
        let challenge = Challenge {
            metadata: url.zip(metadata_path.as_ref()).map(|(url, path)| {
                let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
                format!("{}{path}{query}", url.origin().ascii_serialization())
            }),
            knows_proofs: origin.is_some(),
        };
        Ok(Service(Arc::new(Inner {
            resolver: self.resolver,
            resource,
            origin,
            metadata_path,
            trusted_proxies: self.trusted_proxies.iter().map(network).collect::<Result<_, _>>()?,
            clock: self.clock,
            used_proofs: UsedProofs::default(),
            challenge: Arc::new(challenge),
        })))
    }
}

impl Service {
    /// Begins with whoever says who callers are: [`crate::introspection::Introspection`], or a table in tests.
    pub fn asking(resolver: impl Resolve<Identity = Arc<Identity>> + 'static) -> ServiceSettings {
        ServiceSettings {
            resolver: Box::new(resolver),
            resource: None,
            public_origin: None,
            trusted_proxies: Vec::new(),
            clock: Arc::new(SystemClock::default()),
        }
    }

    /// Where its metadata document belongs (RFC 9728 §3.1); none where the service has not said which resource it is,
    /// by an `https` or `http` URI.
    pub fn metadata_path(&self) -> Option<&str> {
        self.0.metadata_path.as_deref()
    }

    /// The one that `request` is for.
    pub(super) fn of(request: &HttpRequest) -> Result<Self, Refusal> {
        let own = request.app_data::<Service>();
        let own = own.or_else(|| request.app_data::<Data<Service>>().map(|data| data.get_ref()));
        let missing = Why::Misconfigured("the application's data hold no hallpass::Service");
        own.cloned().ok_or_else(|| Refusal::new(missing, &Arc::default()))
    }

    /// Whether `other` is the same service.
    pub(super) fn is(&self, other: &Service) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    pub(super) fn resource_uri(&self) -> Option<&ResourceUri> {
        self.0.resource.as_ref()
    }

    pub(super) fn issuer(&self) -> Option<&str> {
        self.0.resolver.issuer()
    }

    pub(super) fn knows_proofs(&self) -> bool {
        self.0.challenge.knows_proofs
    }

    pub(super) fn refuse(&self, why: Why) -> Refusal {
        Refusal::new(why, &self.0.challenge)
    }

    /// Who `request` is; `None` only where it has no `Authorization` header at all.
    pub(super) async fn admit(&self, request: &HttpRequest) -> Result<Option<Arc<Identity>>, Refusal> {
        let refused = || self.refuse(Why::Unauthenticated { credential_given: true });
        let headers = request.headers().get_all(header::AUTHORIZATION).map(|value| value.as_bytes());
        let presented = authorization::parse(headers);
        if matches!(presented, Presented::Absent) {
            return Ok(None);
        }
        let credential = Credential::of(presented).ok_or_else(refused)?;
        let identity = match self.0.resolver.resolve(&credential, self.address(request)).await {
            Ok(identity) => identity,
            Err(Unresolved::Refused) => return Err(refused()),
            Err(Unresolved::Unavailable(_)) => return Err(self.refuse(Why::Unavailable)),
        };
        if !self.is_meant(&identity) {
            tracing::debug!("the access token is meant for another resource");
            return Err(refused());
        }
        self.check_binding(request, &credential, &identity)?;
        Ok(Some(identity))
    }

    fn address(&self, request: &HttpRequest) -> Option<IpAddr> {
        let forwarded = request.headers().get_all("x-forwarded-for").map(|value| value.to_str().unwrap_or_default());
        let forwarded: Vec<&str> = forwarded.collect();
        let peer = request.peer_addr().map(|address| address.ip());
        forwarded::client_address(peer, &forwarded, &self.0.trusted_proxies)
    }

    /// Whether a credential that is bound to resources is meant for this one.
    fn is_meant(&self, identity: &Identity) -> bool {
        match &identity.shown_by {
            ShownBy::AccessToken { resources, .. } => resources.is_empty() || self.is_bound_here(identity),
            ShownBy::ApiKey { .. } => true,
        }
    }

    /// Whether it is bound to this very service.
    pub(super) fn is_bound_here(&self, identity: &Identity) -> bool {
        match (&identity.shown_by, &self.0.resource) {
            (ShownBy::AccessToken { resources, .. }, Some(own)) => resources.contains(own),
            _ => false,
        }
    }

    /// A token that is bound to a key needs a proof, and the scheme that says so; one that is not is refused by that
    /// scheme (RFC 9449 §7.1, §7.2).
    fn check_binding(
        &self,
        request: &HttpRequest,
        credential: &Credential,
        identity: &Identity,
    ) -> Result<(), Refusal> {
        let key = if let ShownBy::AccessToken { key, .. } = &identity.shown_by { key.as_ref() } else { None };
        match (key, credential) {
            (None, Credential::AccessToken { by_dpop: false, .. }) => Ok(()),
            (None, Credential::ApiKey { .. } | Credential::ImportedKey { .. }) => Ok(()),
            (Some(key), Credential::AccessToken { token, by_dpop: true }) => self.check_proof(request, token, key),
            _ => Err(self.refuse(Why::Unauthenticated { credential_given: true })),
        }
    }

    fn check_proof(&self, request: &HttpRequest, token: &Token, key: &Thumbprint) -> Result<(), Refusal> {
        let refused = |why: &str| {
            tracing::debug!("proof refused: {why}");
            self.refuse(Why::Proof)
        };
        let origin = self.0.origin.as_ref().ok_or_else(|| refused("this service does not know its public origin"))?;
        let mut headers = request.headers().get_all("dpop");
        let (Some(header), None) = (headers.next(), headers.next()) else { return Err(refused("there is not one")) };
        let text = header.to_str().map_err(|_| refused("it is no text"))?;
        let expected = Expected {
            method: request.method().as_str(),
            url: &format!("{origin}{}", request.path()),
            access_token: Some(&token.hash()),
        };
        let now = self.0.clock.now();
        let proof = proof::check(text, &expected, now).map_err(|error| refused(&error.to_string()))?;
        if proof.key != *key {
            return Err(refused("it is of another key than the token is bound to"));
        }
        match self.0.used_proofs.spend(&proof, now) {
            Use::First => Ok(()),
            Use::Again => Err(refused("it was used before")),
            Use::Full => {
                tracing::warn!("too many proofs of possession at once; some callers are turned away");
                Err(self.refuse(Why::Unavailable))
            }
        }
    }
}
