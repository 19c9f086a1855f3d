//! [`Principal`] for services: who a request is, as an argument of a handler.

use std::future::Future;
use std::marker::PhantomData;
use std::ops::Deref;
use std::pin::Pin;
use std::sync::Arc;

use actix_web::FromRequest;
use actix_web::HttpMessage;
use actix_web::HttpRequest;
use actix_web::dev::Payload;

use crate::principal::identity::Identity;
use crate::principal::need::Anyone;
use crate::principal::need::Lack;
use crate::principal::need::Need;
use crate::principal::refusal::Refusal;
use crate::principal::refusal::Why;
use crate::principal::service::Service;

/// Who a request is, and that it has what `N` needs. Whoever has one of these was let in; there is no way to have one
/// without.
///
/// 401 where nothing good is presented; 403 where it is not enough; 503 where nobody could say, which never means
/// "anonymous".
///
/// A credential that is for some scopes only, an access token or a scoped API key, passes where `N` names a scope that
/// it has, or where it is an access token that is bound to this very service ([`super::service::ServiceSettings::resource`]).
/// Anywhere else it is 403: an application that a user let in somewhere must not be able to use its token everywhere.
pub struct Principal<N = Anyone> {
    known: Known,
    need: PhantomData<fn() -> N>,
}

/// As [`Principal`], or nobody. Somebody who presents something bad is not nobody but refused.
pub struct MaybePrincipal(Option<Known>);

/// Somebody who was let in, where.
#[derive(Clone)]
struct Known {
    identity: Arc<Identity>,
    service: Service,
}

impl<N> Deref for Principal<N> {
    type Target = Identity;

    fn deref(&self) -> &Identity {
        &self.known.identity
    }
}

impl<N> Principal<N> {
    /// Refuses whoever lacks `scope`, where which one is needed depends on a value.
    ///
    /// # Errors
    /// 403.
    pub fn require_scope(&self, scope: &str) -> Result<(), Refusal> {
        self.require(self.has_scope(scope), || Lack::Scope(scope.to_owned()))
    }

    /// Refuses whoever lacks `role`.
    ///
    /// # Errors
    /// 403.
    pub fn require_role(&self, role: &str) -> Result<(), Refusal> {
        self.require(self.has_role(role), || Lack::Role(role.to_owned().into()))
    }

    fn require(&self, has: bool, lack: impl FnOnce() -> Lack) -> Result<(), Refusal> {
        if has { Ok(()) } else { Err(self.known.service.refuse(Why::Lacking(lack()))) }
    }
}

impl MaybePrincipal {
    /// Who it is, if anybody.
    pub fn identity(&self) -> Option<&Identity> {
        self.0.as_ref().map(|known| &*known.identity)
    }
}

impl<N: Need> FromRequest for Principal<N> {
    type Error = Refusal;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Refusal>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let service = Service::of(&request)?;
            let known = known(&request, &service).await?;
            let known = known.ok_or_else(|| service.refuse(Why::Unauthenticated { credential_given: false }))?;
            check::<N>(&known)?;
            Ok(Principal { known, need: PhantomData })
        })
    }
}

impl FromRequest for MaybePrincipal {
    type Error = Refusal;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Refusal>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let service = Service::of(&request)?;
            let known = known(&request, &service).await?;
            known.as_ref().map_or(Ok(()), check::<Anyone>)?;
            Ok(MaybePrincipal(known))
        })
    }
}

/// Who `request` is, found out once: a proof of possession is good for one use, and a handler may ask twice.
async fn known(request: &HttpRequest, service: &Service) -> Result<Option<Known>, Refusal> {
    let before = request.extensions().get::<Known>().filter(|known| known.service.is(service)).cloned();
    if before.is_some() {
        return Ok(before);
    }
    let Some(identity) = service.admit(request).await? else { return Ok(None) };
    let known = Known { identity, service: service.clone() };
    request.extensions_mut().insert(known.clone());
    Ok(Some(known))
}

fn check<N: Need>(known: &Known) -> Result<(), Refusal> {
    let refuse = |lack| known.service.refuse(Why::Lacking(lack));
    N::check(&*known.identity).map_err(refuse)?;
    let opens_all = known.identity.full_access || known.service.is_bound_here(&known.identity);
    if opens_all || !N::scopes(&*known.identity).is_empty() { Ok(()) } else { Err(refuse(Lack::Unconfined)) }
}
