//! Public keys as JSON (RFC 7517 §4, RFC 7518 §6, RFC 8037 §2).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openssl::bn::BigNum;
use openssl::ec::EcGroup;
use openssl::ec::EcKey;
use openssl::error::ErrorStack;
use openssl::nid::Nid;
use openssl::pkey::Id;
use openssl::pkey::PKey;
use openssl::pkey::Public;
use openssl::rsa::Rsa;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::jose::algorithm::Algorithm;
use crate::model::thumbprint::Thumbprint;

/// RSA keys below this many bits can be broken (RFC 7518 §3.3).
const RSA_LEAST_BITS: i32 = 2048;
/// RSA keys above this many bits cost more than any client needs.
const RSA_MOST_BITS: i32 = 8192;
/// The longest public exponent in bytes; the usual one has three.
const RSA_EXPONENT_BYTES: usize = 8;
/// The longest `kid` in bytes.
const KID_LENGTH: usize = 255;
/// Members that only a private or a shared key has (RFC 7518 §6.2.2, §6.3.2, §6.4).
const PRIVATE_MEMBERS: &[&str] = &["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// Why a key is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JwkError {
    /// Not an object.
    #[error("a key must be a JSON object (RFC 7517)")]
    NoObject,
    /// A private or shared key: whoever sent it has given it away.
    #[error(
        "a private or shared key was sent (members d, p, q, dp, dq, qi, oth, k); send the public key, and replace this one"
    )]
    Private,
    /// A member is missing or is not of the type it must have.
    #[error("the key's member {0} is missing or malformed")]
    Member(&'static str),
    /// `kty` or `crv` is none that is checked here.
    #[error("the key's kty or crv is not known; use RSA, EC with P-256 or P-384, or OKP with Ed25519")]
    Unknown,
    /// `use` or `key_ops` say that it is not for signatures.
    #[error("the key is not for signatures: use must be sig, and key_ops must include verify, where they are there")]
    NotForSignatures,
    /// `alg` is none that is checked here, or none for such a key.
    #[error("the key's alg does not fit it; use RS256, PS256, ES256, ES384, EdDSA or Ed25519")]
    Algorithm,
    /// RSA of the wrong size.
    #[error("an RSA key must have 2048 to 8192 bits and an odd exponent above 1")]
    Rsa,
    /// No point of its curve.
    #[error("the key's x and y are no point of its curve")]
    Point,
}

/// What kind of key it is: it decides which algorithms can use it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Rsa,
    P256,
    P384,
    Ed25519,
}

impl Kind {
    const fn fits(self, algorithm: Algorithm) -> bool {
        matches!(
            (self, algorithm),
            (Kind::Rsa, Algorithm::Rs256 | Algorithm::Ps256)
                | (Kind::P256, Algorithm::Es256)
                | (Kind::P384, Algorithm::Es384)
                | (Kind::Ed25519, Algorithm::EdDsa | Algorithm::Ed25519)
        )
    }
}

/// A public key for signatures, checked.
#[derive(Debug, Clone)]
pub struct Jwk {
    kind: Kind,
    key: PKey<Public>,
    kid: Option<String>,
    algorithm: Option<Algorithm>,
    thumbprint: Thumbprint,
}

impl Jwk {
    /// Reads a key (RFC 7517 §4). Members that are not known are ignored.
    ///
    /// # Errors
    /// See [`JwkError`].
    pub fn parse(value: &Value) -> Result<Self, JwkError> {
        let members = value.as_object().ok_or(JwkError::NoObject)?;
        // First of all, so that it is told whatever else is wrong.
        if PRIVATE_MEMBERS.iter().any(|name| members.contains_key(*name)) {
            return Err(JwkError::Private);
        }
        let (kind, key, canonical) = match text(members, "kty")?.ok_or(JwkError::Member("kty"))? {
            "RSA" => rsa(members)?,
            "EC" => elliptic(members)?,
            "OKP" => edwards(members)?,
            _ => return Err(JwkError::Unknown),
        };
        check_use(members)?;
        let algorithm = match text(members, "alg")? {
            None => None,
            Some(name) => {
                let algorithm = Algorithm::parse(name).filter(|algorithm| kind.fits(*algorithm));
                Some(algorithm.ok_or(JwkError::Algorithm)?)
            }
        };
        let kid = text(members, "kid")?;
        if kid.is_some_and(|kid| kid.len() > KID_LENGTH) {
            return Err(JwkError::Member("kid"));
        }
        let thumbprint = Thumbprint::of(&canonical.to_string());
        Ok(Self { kind, key, kid: kid.map(str::to_owned), algorithm, thumbprint })
    }

    /// Its name among the keys of its owner, where it has one.
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// Whether `algorithm` can use it: by its kind, and by its `alg` where it names one (RFC 7517 §4.4).
    pub fn fits(&self, algorithm: Algorithm) -> bool {
        self.kind.fits(algorithm) && self.algorithm.is_none_or(|only| only == algorithm)
    }

    /// Which key it is, whatever its name (RFC 7638 §3).
    pub fn thumbprint(&self) -> &Thumbprint {
        &self.thumbprint
    }

    /// The key for OpenSSL.
    pub(super) fn key(&self) -> &PKey<Public> {
        &self.key
    }
}

/// The kind, the key, and the members that its thumbprint is made of, in the order of their names (RFC 7638 §3.3).
type Read = (Kind, PKey<Public>, Value);

fn rsa(members: &Map<String, Value>) -> Result<Read, JwkError> {
    let (n, n_text) = bytes(members, "n")?;
    let (e, e_text) = bytes(members, "e")?;
    // RFC 7518 §2: a number has no zero before it, so that a key has one spelling and one thumbprint.
    for (number, name) in [(&n, "n"), (&e, "e")] {
        if number.first().is_none_or(|first| *first == 0) {
            return Err(JwkError::Member(name));
        }
    }
    if e.len() > RSA_EXPONENT_BYTES || e == [1] || e.last().is_none_or(|last| last % 2 == 0) {
        return Err(JwkError::Rsa);
    }
    let make = || -> Result<_, ErrorStack> {
        let n = BigNum::from_slice(&n)?;
        let fits = (RSA_LEAST_BITS..=RSA_MOST_BITS).contains(&n.num_bits()) && n.is_odd();
        let key = PKey::from_rsa(Rsa::from_public_components(n, BigNum::from_slice(&e)?)?)?;
        Ok(fits.then_some(key))
    };
    let key = make().ok().flatten().ok_or(JwkError::Rsa)?;
    Ok((Kind::Rsa, key, json!({ "e": e_text, "kty": "RSA", "n": n_text })))
}

fn elliptic(members: &Map<String, Value>) -> Result<Read, JwkError> {
    let curve = text(members, "crv")?.ok_or(JwkError::Member("crv"))?;
    let (kind, nid, length) = match curve {
        "P-256" => (Kind::P256, Nid::X9_62_PRIME256V1, 32),
        "P-384" => (Kind::P384, Nid::SECP384R1, 48),
        _ => return Err(JwkError::Unknown),
    };
    let (x, x_text) = bytes(members, "x")?;
    let (y, y_text) = bytes(members, "y")?;
    // RFC 7518 §6.2.1.2: the full length, zeros and all.
    for (coordinate, name) in [(&x, "x"), (&y, "y")] {
        if coordinate.len() != length {
            return Err(JwkError::Member(name));
        }
    }
    let make = || -> Result<_, ErrorStack> {
        let group = EcGroup::from_curve_name(nid)?;
        let (x, y) = (BigNum::from_slice(&x)?, BigNum::from_slice(&y)?);
        // OpenSSL looks here whether the point lies on the curve.
        let key = EcKey::from_public_key_affine_coordinates(&group, &x, &y)?;
        key.check_key()?;
        PKey::from_ec_key(key)
    };
    let key = make().map_err(|_| JwkError::Point)?;
    Ok((kind, key, json!({ "crv": curve, "kty": "EC", "x": x_text, "y": y_text })))
}

fn edwards(members: &Map<String, Value>) -> Result<Read, JwkError> {
    match text(members, "crv")?.ok_or(JwkError::Member("crv"))? {
        "Ed25519" => {}
        _ => return Err(JwkError::Unknown),
    }
    let (x, x_text) = bytes(members, "x")?;
    if x.len() != 32 {
        return Err(JwkError::Member("x"));
    }
    let key = PKey::public_key_from_raw_bytes(&x, Id::ED25519).map_err(|_| JwkError::Point)?;
    Ok((Kind::Ed25519, key, json!({ "crv": "Ed25519", "kty": "OKP", "x": x_text })))
}

/// RFC 7517 §4.2, §4.3.
fn check_use(members: &Map<String, Value>) -> Result<(), JwkError> {
    if text(members, "use")?.is_some_and(|usage| usage != "sig") {
        return Err(JwkError::NotForSignatures);
    }
    let operations = match members.get("key_ops") {
        None => return Ok(()),
        Some(operations) => operations.as_array().ok_or(JwkError::Member("key_ops"))?,
    };
    if operations.iter().any(|operation| operation == "verify") { Ok(()) } else { Err(JwkError::NotForSignatures) }
}

fn text<'a>(members: &'a Map<String, Value>, name: &'static str) -> Result<Option<&'a str>, JwkError> {
    match members.get(name) {
        None => Ok(None),
        Some(value) => value.as_str().map(Some).ok_or(JwkError::Member(name)),
    }
}

/// A member in base64url, and its text, which is the only one for these bytes.
fn bytes<'a>(members: &'a Map<String, Value>, name: &'static str) -> Result<(Vec<u8>, &'a str), JwkError> {
    let text = text(members, name)?.ok_or(JwkError::Member(name))?;
    let decoded = URL_SAFE_NO_PAD.decode(text).map_err(|_| JwkError::Member(name))?;
    Ok((decoded, text))
}
