//! Secrets that were made elsewhere: shorter than ours and without a form of their own, so that they are kept as
//! HMAC-SHA-256 under the server's secret key, and looked for only where there are any.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;
use std::time::Instant;

use hmac::Mac;
use sha2::Digest;
use sha2::Sha256;

use crate::config::secret_key::SecretKeys;
use crate::domain::keyed_hash;
use crate::model::token::TokenHash;
use crate::store::Store;
use crate::store::StoreError;

/// How long what was found out about whether there are any is believed: what is imported beside a running server holds
/// within a second.
const BELIEVED: Duration = Duration::from_millis(500);

/// SHA-256 of a secret that was made elsewhere; exports of other services may hold no more than this.
#[derive(Clone, Copy)]
pub struct Digested([u8; 32]);

impl Digested {
    /// That of a secret in the clear.
    pub fn of(secret: &str) -> Self {
        Self(Sha256::digest(secret.as_bytes()).into())
    }

    /// That which an export names.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// What the store keeps of it under `key`.
    pub fn hash(&self, key: &[u8; 32]) -> TokenHash {
        let mut mac = keyed_hash::begin(key);
        mac.update(b"imported secret");
        mac.update(&self.0);
        let made: [u8; 32] = mac.finalize().into_bytes().into();
        TokenHash::from_slice(&made).expect("an HMAC-SHA-256 has 32 bytes")
    }
}

/// What the store may have of `secret`: by the key in use, and by those that it replaced.
pub fn hashes(keys: &SecretKeys, secret: &str) -> Vec<TokenHash> {
    let digested = Digested::of(secret);
    keys.all().map(|key| digested.hash(key)).collect()
}

/// Whether there are any at all. Where there are none, a text that is none of our tokens is refused without asking the
/// database more than twice a second, whoever sends however many.
#[derive(Debug, Default)]
pub struct ImportedSecrets(Mutex<Option<(bool, Instant)>>);

impl ImportedSecrets {
    /// Whether there are any.
    ///
    /// # Errors
    /// What the database says, where there were some when it was asked last. Where there were none a database that
    /// does not answer changes nothing: the text is refused.
    pub async fn exist(&self, store: &Store) -> Result<bool, StoreError> {
        let known = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let asked_at = instant();
        if let Some((any, at)) = known
            && asked_at.duration_since(at) < BELIEVED
        {
            return Ok(any);
        }
        match store.look_up(|tx| tx.api_keys().any_imported()).await {
            Ok(any) => {
                self.note(any, asked_at);
                Ok(any)
            }
            Err(_) if !known.is_some_and(|(any, _)| any) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Notes that there are some from now on: they were imported by this very server. A request that asked before is
    /// not believed any more.
    pub fn found(&self) {
        self.note(true, instant());
    }

    fn note(&self, any: bool, asked_at: Instant) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.is_none_or(|(_, at)| at <= asked_at) {
            *known = Some((any, asked_at));
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "how long ago the database was asked is no point in time that anything keeps"
)]
fn instant() -> Instant {
    Instant::now()
}
