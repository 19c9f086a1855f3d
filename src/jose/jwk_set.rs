//! Sets of public keys (RFC 7517 §5): what a client registers, or shows at its `jwks_uri`.

use serde_json::Value;

use crate::jose::algorithm::Algorithm;
use crate::jose::jwk::Jwk;
use crate::jose::jwk::JwkError;
use crate::jose::jws::Jws;
use crate::json;
use crate::json::JsonError;
use crate::model::thumbprint::Thumbprint;

/// The longest set in bytes.
pub const LENGTH: usize = 16 * 1024;
/// The most keys in a set.
pub const MOST_KEYS: usize = 20;

/// Why a set of keys is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JwkSetError {
    /// Too long.
    #[error("the key set is longer than 16384 bytes")]
    TooLong,
    /// No JSON that could be trusted.
    #[error("the key set {0}")]
    Json(JsonError),
    /// `keys` is missing or no list.
    #[error("the key set has no list \"keys\" (RFC 7517)")]
    NoKeys,
    /// Too many keys.
    #[error("the key set has more than 20 keys")]
    TooMany,
    /// Two keys of one name.
    #[error("two keys of the set have the same kid")]
    SameKid,
    /// A key that is refused, and its place from 1 on.
    #[error("key {place} of the set: {error}")]
    Key {
        /// Its place, from 1 on.
        place: usize,
        /// What is wrong with it.
        error: JwkError,
    },
    /// None of the keys is of any use.
    #[error("the key set has no key for signatures")]
    Empty,
}

/// The public keys of somebody.
#[derive(Debug, Clone)]
pub struct JwkSet {
    keys: Vec<Jwk>,
}

impl JwkSet {
    /// Reads a set that somebody registers: each key for signatures must be good, so that a mistake is told at once.
    ///
    /// # Errors
    /// See [`JwkSetError`].
    pub fn parse(text: &str) -> Result<Self, JwkSetError> {
        Self::read(text, |error| *error == JwkError::NotForSignatures)
    }

    /// Reads a set as others publish it: keys of kinds that are not known here are passed over (RFC 7517 §5). A
    /// private key in it is no reason to go on: whoever publishes it has lost it.
    ///
    /// # Errors
    /// See [`JwkSetError`].
    pub fn parse_published(text: &str) -> Result<Self, JwkSetError> {
        Self::read(text, |error| *error != JwkError::Private)
    }

    /// Keys that were read one by one, however many.
    pub fn of(keys: Vec<Jwk>) -> Self {
        Self { keys }
    }

    fn read(text: &str, may_pass_over: impl Fn(&JwkError) -> bool) -> Result<Self, JwkSetError> {
        if text.len() > LENGTH {
            return Err(JwkSetError::TooLong);
        }
        let members = json::object(text.as_bytes()).map_err(JwkSetError::Json)?;
        let listed = members.get("keys").and_then(Value::as_array).ok_or(JwkSetError::NoKeys)?;
        if listed.len() > MOST_KEYS {
            return Err(JwkSetError::TooMany);
        }
        let mut keys: Vec<Jwk> = Vec::with_capacity(listed.len());
        for (at, value) in listed.iter().enumerate() {
            match Jwk::parse(value) {
                Ok(key) => keys.push(key),
                Err(error) if may_pass_over(&error) => {}
                Err(error) => return Err(JwkSetError::Key { place: at + 1, error }),
            }
        }
        for (at, key) in keys.iter().enumerate() {
            // Keys for different algorithms may share a name (RFC 7517 §4.5).
            let same = |other: &Jwk| {
                let both = Algorithm::ALL.iter().any(|algorithm| key.fits(*algorithm) && other.fits(*algorithm));
                key.kid().is_some() && other.kid() == key.kid() && both
            };
            if keys.iter().skip(at + 1).any(same) {
                return Err(JwkSetError::SameKid);
            }
        }
        if keys.is_empty() { Err(JwkSetError::Empty) } else { Ok(Self { keys }) }
    }

    /// The keys that may have made a signature by `algorithm`: the one that `kid` names, or where none is named all
    /// that fit (RFC 7515 §D).
    pub fn candidates<'a>(&'a self, algorithm: Algorithm, kid: Option<&str>) -> impl Iterator<Item = &'a Jwk> {
        let is_named = move |key: &&Jwk| kid.is_none() || key.kid() == kid;
        self.keys.iter().filter(is_named).filter(move |key| key.fits(algorithm))
    }

    /// Whether one of the keys may have made this signature, by what its header says.
    pub fn may_have_signed(&self, signed: &Jws) -> bool {
        self.candidates(signed.algorithm(), signed.kid()).next().is_some()
    }

    /// Whether one of the keys is the one with this thumbprint.
    pub fn has(&self, thumbprint: &Thumbprint) -> bool {
        self.keys.iter().any(|key| key.thumbprint() == thumbprint)
    }
}
