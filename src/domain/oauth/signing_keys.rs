//! The keys that this server signs with: made at the first start, encrypted at rest, published before they sign and for as
//! long as anything lives that they signed. Which one signs follows from times in the database, so that nodes agree.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;

use serde_json::Map;
use serde_json::Value;
use serde_json::json;
use zeroize::Zeroizing;

use crate::config::secret_key::SecretKeys;
use crate::domain::act::Act;
use crate::domain::sealed;
use crate::domain::sealed::open;
use crate::domain::sealed::open_with;
use crate::jose::algorithm::Algorithm;
use crate::jose::jwk::Jwk;
use crate::jose::jwk_set::JwkSet;
use crate::jose::signing::SigningError;
use crate::jose::signing::SigningKey;
use crate::model::audit::AuditEvent;
use crate::model::signing_key;
use crate::model::signing_key::KeyState;
use crate::model::signing_key::LEAD;
use crate::model::signing_key::StoredKey;
use crate::model::time::Lifetime;
use crate::model::time::Timestamp;
use crate::random::Random;
use crate::store::Store;
use crate::store::StoreError;
use crate::store::Tx;

/// How long a node goes by what it read. A key that another one makes does not sign before [`LEAD`] has passed.
const REMEMBERED: Lifetime = Lifetime::from_seconds(5);
/// How many keys of one algorithm may wait for their time.
const MOST_WAITING: usize = 4;
/// By how much a new Ed25519 key is published later than the others that are made with it. Programs that watch the list
/// for new keys, the OpenID Foundation's test of the rotation among them, do not all know the kind.
const FOLLOWS: Lifetime = Lifetime::from_seconds(300);
/// The name of the salt of pairwise subjects among the facts about the database.
const PAIRWISE_SALT: &str = "pairwise_salt";

/// Why there are no keys to sign with.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// No secret key that is configured opens them.
    #[error(
        "the signing keys in the database are encrypted under another secret key; name that one in previous_secret_keys"
    )]
    Sealed,
    /// Too many wait already.
    #[error("{MOST_WAITING} keys of {0} wait already for the time from which they sign; wait until one of them does")]
    Waiting(String),
    /// What OpenSSL says.
    #[error("{0}")]
    Signing(#[from] SigningError),
    /// The database said no.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// A key that was just made, and not kept yet.
struct Made {
    key: SigningKey,
    sealed: Vec<u8>,
}

impl Made {
    fn new(kind: Algorithm, keys: &SecretKeys) -> Result<Self, KeyError> {
        let key = SigningKey::generate(kind)?;
        let sealed = seal(keys, key.kid(), &key.to_der()?)?;
        Ok(Self { key, sealed })
    }

    fn stored(&self, generation: i64, created_at: Timestamp, active_at: Timestamp) -> StoredKey {
        StoredKey {
            kid: self.key.kid().to_owned(),
            algorithm: self.key.kind().as_str().to_owned(),
            generation,
            public: self.key.public().to_string(),
            sealed: self.sealed.clone(),
            created_at,
            active_at,
        }
    }
}

/// Makes what is missing, and encrypts under the secret key in use what still is under one that it replaced. To be done
/// before the server takes requests. Of several nodes that start at once, one makes each key.
///
/// # Errors
/// [`KeyError`].
pub async fn prepare(store: &Store, keys: &SecretKeys, now: Timestamp) -> Result<(), KeyError> {
    let (stored, salt) = read(store).await?;
    let is_missing = |kind: &Algorithm| !stored.iter().any(|key| key.algorithm == kind.as_str());
    let mut made = Vec::new();
    for kind in SigningKey::KINDS.into_iter().filter(is_missing) {
        // Nobody has read a list without it that could still be in use, so it signs at once.
        made.push(Made::new(kind, keys)?.stored(1, now, now));
    }
    let mut anew = Vec::new();
    for key in &stored {
        if open_with(keys.current(), &key.kid, &key.sealed).is_none() {
            let plain = open(keys, &key.kid, &key.sealed).ok_or(KeyError::Sealed)?;
            anew.push((key.kid.clone(), key.sealed.clone(), seal(keys, &key.kid, &plain)?));
        }
    }
    let (mut new_salt, mut salt_anew) = (None, None);
    match salt {
        None => new_salt = Some(seal(keys, PAIRWISE_SALT, &Random.bytes::<32>())?),
        Some(sealed) if open_with(keys.current(), PAIRWISE_SALT, &sealed).is_some() => {}
        Some(sealed) => {
            let plain = open(keys, PAIRWISE_SALT, &sealed).ok_or(KeyError::Sealed)?;
            salt_anew = Some(seal(keys, PAIRWISE_SALT, &plain)?);
        }
    }
    if made.is_empty() && anew.is_empty() && new_salt.is_none() && salt_anew.is_none() {
        return Ok(());
    }
    store
        .write(move |tx| {
            for key in &made {
                tx.signing_keys().insert(key)?;
            }
            for (kid, before, sealed) in &anew {
                tx.signing_keys().seal_anew(kid, before, sealed)?;
            }
            if let Some(sealed) = &new_salt {
                tx.meta().add(PAIRWISE_SALT, sealed)?;
            }
            if let Some(sealed) = &salt_anew {
                tx.meta().set(PAIRWISE_SALT, sealed)?;
            }
            Ok::<_, KeyError>(())
        })
        .await
}

async fn read(store: &Store) -> Result<(Vec<StoredKey>, Option<Vec<u8>>), StoreError> {
    store.look_up(|tx| Ok((tx.signing_keys().list()?, tx.meta().find(PAIRWISE_SALT)?))).await
}

/// Makes a successor for each key, which signs once everybody can know it. Returns all keys as they are then.
///
/// # Errors
/// [`KeyError`].
pub async fn rotate(store: &Store, keys: &SecretKeys, act: &Act) -> Result<Vec<StoredKey>, KeyError> {
    let made = SigningKey::KINDS.into_iter().map(|kind| Made::new(kind, keys)).collect::<Result<Vec<_>, _>>()?;
    let act = act.clone();
    store
        .write(move |tx| {
            for made in &made {
                succeed(tx, made, &act)?;
            }
            Ok::<_, KeyError>(tx.signing_keys().list()?)
        })
        .await
}

/// As [`rotate`], for those of the keys whose last one was published longer than `age` ago. Of several nodes that do so
/// at once, one has its way.
///
/// # Errors
/// [`KeyError`].
pub async fn rotate_old(store: &Store, keys: &SecretKeys, age: Lifetime, act: &Act) -> Result<(), KeyError> {
    let (stored, _) = read(store).await?;
    for kind in SigningKey::KINDS {
        let Some(before) = last(&stored, kind).filter(|key| (key.created_at + age).is_past(act.now)) else { continue };
        let (made, act, generation) = (Made::new(kind, keys)?, act.clone(), before.generation);
        store
            .write(move |tx| {
                let newest = last(&tx.signing_keys().list()?, kind).map(|key| key.generation);
                // Another node has been here meanwhile.
                if newest == Some(generation) { succeed(tx, &made, &act) } else { Ok(()) }
            })
            .await?;
    }
    Ok(())
}

fn last(stored: &[StoredKey], kind: Algorithm) -> Option<&StoredKey> {
    stored.iter().filter(|key| key.algorithm == kind.as_str()).max_by_key(|key| key.generation)
}

/// Adds a successor to the keys of its kind. Where somebody else does so at this very moment, theirs is enough.
fn succeed(tx: &mut Tx<'_>, made: &Made, act: &Act) -> Result<(), KeyError> {
    let stored = tx.signing_keys().list()?;
    let kind = made.key.kind();
    let waiting = stored.iter().filter(|key| key.algorithm == kind.as_str() && key.active_at > act.now).count();
    if waiting >= MOST_WAITING {
        return Err(KeyError::Waiting(kind.as_str().to_owned()));
    }
    let published_at = if kind == Algorithm::EdDsa { act.now + FOLLOWS } else { act.now };
    let (generation, active_at) = match last(&stored, kind) {
        Some(before) => (before.generation + 1, (published_at + LEAD).max(before.active_at)),
        None => (1, act.now),
    };
    let key = made.stored(generation, published_at.min(active_at), active_at);
    if tx.signing_keys().insert(&key)? {
        let details = json!({ "alg": key.algorithm, "active_at": active_at.seconds() });
        act.record(tx, AuditEvent::SigningKeyRotated, &key.kid, details)?;
    }
    Ok(())
}

/// Deletes keys that ended so long ago that nobody shows anything they signed: what a key signed lives for `longest`, and
/// may be shown for `hints` more to say who was signed in (OpenID Connect Core §3.1.2.1, `id_token_hint`).
///
/// # Errors
/// What the database says.
pub fn forget(tx: &mut Tx<'_>, longest: Lifetime, hints: Lifetime, now: Timestamp) -> Result<(), StoreError> {
    let stored = tx.signing_keys().list()?;
    for (key, state) in stored.iter().zip(signing_key::states(&stored, longest, now)) {
        let end = signing_key::successor(&stored, key, now).map(|next| next.active_at + longest + hints);
        if state == KeyState::Ended && end.is_some_and(|end| end.is_past(now)) {
            tx.signing_keys().delete(&key.kid)?;
        }
    }
    Ok(())
}

/// The public keys (RFC 7517 §5) that are of use at `now`, where what they signed lives for `longest` at most.
///
/// # Errors
/// What the database says.
pub fn published(tx: &mut Tx<'_>, longest: Lifetime, now: Timestamp) -> Result<Value, StoreError> {
    let stored = tx.signing_keys().list()?;
    let states = signing_key::states(&stored, longest, now);
    let shown = stored.iter().zip(states).filter(|(key, state)| key.created_at <= now && *state != KeyState::Ended);
    let keys: Result<Vec<Value>, _> = shown.map(|(key, _)| public(key)).collect();
    Ok(json!({ "keys": keys? }))
}

fn public(key: &StoredKey) -> Result<Value, StoreError> {
    serde_json::from_str(&key.public).map_err(|_| StoreError::Corrupt("a public key is not one"))
}

/// The keys of a node, opened.
#[derive(Default)]
pub struct SigningKeys(Mutex<Option<Arc<Ring>>>);

/// The keys as they were read.
pub struct Ring {
    read_at: Timestamp,
    keys: Vec<(StoredKey, Option<Arc<SigningKey>>)>,
    salt: Zeroizing<[u8; 32]>,
}

impl SigningKeys {
    /// The keys as they are.
    ///
    /// # Errors
    /// What the database says.
    pub async fn ring(&self, store: &Store, keys: &SecretKeys, now: Timestamp) -> Result<Arc<Ring>, StoreError> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let is_fresh = |ring: &Arc<Ring>| ring.read_at <= now && now.since(ring.read_at) < REMEMBERED;
        if let Some(ring) = known.clone().filter(is_fresh) {
            return Ok(ring);
        }
        let (stored, salt) = read(store).await?;
        // What is opened stays so: a node that knows only an old secret key goes on beside one with the new one.
        let opened = |sealed: Vec<u8>| <[u8; 32]>::try_from(open(keys, PAIRWISE_SALT, &sealed)?.as_slice()).ok();
        let before = known.as_ref().map(|ring| ring.salt.clone());
        let salt = before.or_else(|| salt.and_then(opened).map(Zeroizing::new));
        let salt =
            salt.ok_or(StoreError::Corrupt("the salt of pairwise subjects is not there, or cannot be opened"))?;
        let opened = |key: &StoredKey| {
            let before = known.as_ref().and_then(|ring| ring.held(&key.kid));
            before.or_else(|| open_key(keys, key).map(Arc::new))
        };
        let keys = stored.into_iter().map(|key| (key.clone(), opened(&key))).collect();
        let ring = Arc::new(Ring { read_at: now, keys, salt });
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&ring));
        Ok(ring)
    }
}

impl Ring {
    fn held(&self, kid: &str) -> Option<Arc<SigningKey>> {
        self.keys.iter().find(|(key, _)| key.kid == kid).and_then(|(_, opened)| opened.clone())
    }

    /// Claims as a signed JWT of the type `typ`, by the key of `algorithm` that signs at `now`.
    ///
    /// # Errors
    /// Where there is none.
    pub fn sign(
        &self,
        algorithm: Algorithm,
        typ: Option<&str>,
        claims: &Map<String, Value>,
        now: Timestamp,
    ) -> Result<String, SigningError> {
        let unknown = || SigningError::Algorithm(algorithm.as_str());
        let kind = SigningKey::kind_for(algorithm).ok_or_else(unknown)?;
        let active = self.keys.iter().filter(|(key, _)| key.algorithm == kind.as_str() && key.active_at <= now);
        let opened = active.filter_map(|(key, opened)| Some((key.generation, opened.as_ref()?)));
        let (_, key) = opened.max_by_key(|(generation, _)| *generation).ok_or_else(unknown)?;
        key.sign(algorithm, typ, claims)
    }

    /// All public keys, those too that are published no more: to know again what this server signed.
    ///
    /// # Errors
    /// Where one cannot be read.
    pub fn public(&self) -> Result<JwkSet, StoreError> {
        let unreadable = |_| StoreError::Corrupt("a public key is not one");
        let key = |(key, _): &(StoredKey, _)| Jwk::parse(&public(key)?).map_err(unreadable);
        self.keys.iter().map(key).collect::<Result<_, _>>().map(JwkSet::of)
    }

    /// What nobody can guess, and pairwise subjects are made with (OpenID Connect Core §8.1).
    pub fn salt(&self) -> &[u8; 32] {
        &self.salt
    }
}

fn open_key(keys: &SecretKeys, key: &StoredKey) -> Option<SigningKey> {
    let kind = Algorithm::parse(&key.algorithm)?;
    let opened = SigningKey::from_der(kind, &open(keys, &key.kid, &key.sealed)?).ok();
    if opened.is_none() {
        tracing::warn!(kid = %key.kid, "a signing key cannot be read");
    }
    opened
}

fn seal(keys: &SecretKeys, context: &str, plain: &[u8]) -> Result<Vec<u8>, SigningError> {
    sealed::seal(keys, context, plain).map_err(SigningError::OpenSsl)
}
