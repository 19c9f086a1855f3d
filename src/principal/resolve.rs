//! [`Resolve`]: from a credential to who presents it.

use std::future::Future;
use std::net::IpAddr;
use std::pin::Pin;

use crate::principal::credential::Credential;

/// What [`Resolve::resolve`] gives in its time.
pub type Resolving<'a, I> = Pin<Box<dyn Future<Output = Result<I, Unresolved>> + 'a>>;

/// Whoever knows what credentials stand for: the server by its own store, a service by asking the server. A service's
/// tests may have a table instead.
pub trait Resolve: Send + Sync {
    /// What is told.
    type Identity;

    /// Who presents `credential` from `address`. It is asked at each request; an answer that is kept must not be kept
    /// for longer than the service can bear a revocation to go unseen.
    ///
    /// # Errors
    /// [`Unresolved`].
    fn resolve<'a>(&'a self, credential: &'a Credential, address: Option<IpAddr>) -> Resolving<'a, Self::Identity>;

    /// The issuer whose credentials these are, for a service's own metadata (RFC 9728 §2).
    fn issuer(&self) -> Option<&str> {
        None
    }
}

/// Why nobody is told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unresolved {
    /// The credential is not good, for whatever reason.
    #[error("the credential is not good")]
    Refused,
    /// Nobody could say; that never means "nobody". The text is for the log.
    #[error("it could not be asked who the request is: {0}")]
    Unavailable(String),
}
