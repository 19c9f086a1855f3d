//! Signed texts in the compact form (RFC 7515 §7.1).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openssl::bn::BigNum;
use openssl::ecdsa::EcdsaSig;
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::rsa::Padding;
use openssl::sign::RsaPssSaltlen;
use openssl::sign::Verifier;
use serde_json::Map;
use serde_json::Value;

use crate::jose::algorithm::Algorithm;
use crate::jose::claims::Claims;
use crate::jose::jwk::Jwk;
use crate::jose::jwk::JwkError;
use crate::jose::jwk_set::JwkSet;
use crate::json;
use crate::json::JsonError;

/// The longest signed text in bytes.
pub const LENGTH: usize = 16 * 1024;

/// Why a signed text is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JwsError {
    /// Too long.
    #[error("it is longer than 16384 bytes")]
    TooLong,
    /// Not three parts.
    #[error("it has not the three parts of a signed JWT in the compact form")]
    Parts,
    /// A part is not in base64url, or not in its one spelling.
    #[error("its {0} is not in base64url without padding")]
    Encoding(&'static str),
    /// A part is no JSON object, or names something twice.
    #[error("its {0} {1}")]
    Json(&'static str, JsonError),
    /// A header member is missing or is not of the type it must have.
    #[error("its header's member {0} is missing or malformed")]
    Header(&'static str),
    /// Not signed at all.
    #[error("it is not signed (alg none)")]
    Unsigned,
    /// An algorithm that is not checked here.
    #[error("its alg is not accepted; use RS256, PS256, ES256, ES384, EdDSA or Ed25519")]
    Algorithm,
    /// It asks for extensions that change what it means (RFC 7515 §4.1.11, RFC 7797).
    #[error("its header has crit or b64, which are not supported")]
    Critical,
    /// The key in its header is refused.
    #[error("the key in its header is refused: {0}")]
    Key(JwkError),
    /// None of the keys could have made the signature.
    #[error("no registered key fits its kid and alg")]
    NoKey,
    /// The signature is not that of the key.
    #[error("its signature is wrong")]
    Signature,
}

/// A signed text whose form is right. What it says can be read only through [`Jws::verify`].
#[derive(Debug, Clone)]
pub struct Jws {
    algorithm: Algorithm,
    kid: Option<String>,
    typ: Option<String>,
    jwk: Option<Jwk>,
    signing_input: String,
    payload: Vec<u8>,
    signature: Vec<u8>,
}

impl Jws {
    /// Takes a signed text apart. Nothing is known of its signature yet.
    ///
    /// # Errors
    /// See [`JwsError`].
    pub fn parse(text: &str) -> Result<Self, JwsError> {
        if text.len() > LENGTH {
            return Err(JwsError::TooLong);
        }
        let parts: Vec<&str> = text.split('.').collect();
        let [header, payload, signature] = parts.as_slice() else { return Err(JwsError::Parts) };
        let members = json::object(&decode(header, "header")?).map_err(|error| JwsError::Json("header", error))?;
        let (algorithm, kid, typ) = read_header(&members)?;
        let jwk = match members.get("jwk") {
            None => None,
            Some(value) => Some(Jwk::parse(value).map_err(JwsError::Key)?),
        };
        Ok(Self {
            algorithm,
            kid,
            typ,
            jwk,
            signing_input: format!("{header}.{payload}"),
            payload: decode(payload, "payload")?,
            signature: decode(signature, "signature")?,
        })
    }

    /// Whether it says that it is of this type, with or without `application/` before it (RFC 7515 §4.1.9).
    pub fn is_of_type(&self, expected: &str) -> bool {
        self.typ.as_deref().is_some_and(|typ| bare(typ).eq_ignore_ascii_case(expected))
    }

    /// Whether it says of what type it is.
    pub fn has_type(&self) -> bool {
        self.typ.is_some()
    }

    /// The key that it brings along (RFC 7515 §4.1.3). It proves nothing but that who signed has this key.
    pub fn own_key(&self) -> Option<&Jwk> {
        self.jwk.as_ref()
    }

    /// By which algorithm it says that it is signed.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The name of the key, as the header says it.
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// A claim before anything is checked: good for finding the keys to check it with, and for nothing else.
    pub fn claimed(&self, name: &str) -> Option<String> {
        let claims = json::object(&self.payload).ok()?;
        claims.get(name)?.as_str().map(str::to_owned)
    }

    /// The bytes that were signed, if `key` signed them.
    ///
    /// # Errors
    /// [`JwsError::NoKey`] where the key is not for this algorithm, [`JwsError::Signature`].
    pub fn verify(&self, key: &Jwk) -> Result<&[u8], JwsError> {
        if !key.fits(self.algorithm) {
            return Err(JwsError::NoKey);
        }
        // Whatever OpenSSL finds wrong with it, it is a wrong signature.
        match self.is_signed_by(key) {
            Ok(true) => Ok(&self.payload),
            Ok(false) | Err(_) => Err(JwsError::Signature),
        }
    }

    /// As [`Jws::verify`], for claims (RFC 7519 §7.2).
    ///
    /// # Errors
    /// As [`Jws::verify`], and [`JwsError::Json`].
    pub fn claims(&self, key: &Jwk) -> Result<Claims, JwsError> {
        let members = json::object(self.verify(key)?).map_err(|error| JwsError::Json("payload", error))?;
        Ok(Claims::new(members))
    }

    /// The claims, and the key of `keys` that signed them.
    ///
    /// # Errors
    /// As [`Jws::claims`].
    pub fn claims_by<'a>(&self, keys: &'a JwkSet) -> Result<(Claims, &'a Jwk), JwsError> {
        let mut outcome = Err(JwsError::NoKey);
        for key in keys.candidates(self.algorithm, self.kid.as_deref()) {
            match self.claims(key) {
                Ok(claims) => return Ok((claims, key)),
                Err(error) => outcome = Err(error),
            }
        }
        outcome
    }

    fn is_signed_by(&self, key: &Jwk) -> Result<bool, ErrorStack> {
        let input = self.signing_input.as_bytes();
        let key_bytes = key.key();
        match self.algorithm {
            Algorithm::Rs256 => {
                Verifier::new(MessageDigest::sha256(), key_bytes)?.verify_oneshot(&self.signature, input)
            }
            Algorithm::Ps256 => {
                let mut verifier = Verifier::new(MessageDigest::sha256(), key_bytes)?;
                verifier.set_rsa_padding(Padding::PKCS1_PSS)?;
                // RFC 7518 §3.5: the salt is as long as the hash.
                verifier.set_rsa_pss_saltlen(RsaPssSaltlen::DIGEST_LENGTH)?;
                verifier.set_rsa_mgf1_md(MessageDigest::sha256())?;
                verifier.verify_oneshot(&self.signature, input)
            }
            Algorithm::Es256 => self.is_elliptic(key, MessageDigest::sha256(), 32),
            Algorithm::Es384 => self.is_elliptic(key, MessageDigest::sha384(), 48),
            Algorithm::EdDsa | Algorithm::Ed25519 => {
                Verifier::new_without_digest(key_bytes)?.verify_oneshot(&self.signature, input)
            }
        }
    }

    /// RFC 7518 §3.4: R and S one after the other, each of the full length; OpenSSL wants them in DER.
    fn is_elliptic(&self, key: &Jwk, digest: MessageDigest, length: usize) -> Result<bool, ErrorStack> {
        if self.signature.len() != 2 * length {
            return Ok(false);
        }
        let (r, s) = self.signature.split_at(length);
        let signature = EcdsaSig::from_private_components(BigNum::from_slice(r)?, BigNum::from_slice(s)?)?.to_der()?;
        Verifier::new(digest, key.key())?.verify_oneshot(&signature, self.signing_input.as_bytes())
    }
}

type Header = (Algorithm, Option<String>, Option<String>);

/// RFC 7515 §4.1. Members that say where keys could be had (`jku`, `x5u`, `x5c`) are not looked at: keys come from
/// the client's record.
fn read_header(members: &Map<String, Value>) -> Result<Header, JwsError> {
    let text = |name: &'static str| match members.get(name) {
        None => Ok(None),
        Some(value) => value.as_str().map(Some).ok_or(JwsError::Header(name)),
    };
    let algorithm = match text("alg")?.ok_or(JwsError::Header("alg"))? {
        none if none.eq_ignore_ascii_case("none") => return Err(JwsError::Unsigned),
        name => Algorithm::parse(name).ok_or(JwsError::Algorithm)?,
    };
    if members.contains_key("crit") || members.contains_key("b64") {
        return Err(JwsError::Critical);
    }
    Ok((algorithm, text("kid")?.map(str::to_owned), text("typ")?.map(str::to_owned)))
}

/// Without the `application/` that may be left out.
fn bare(media_type: &str) -> &str {
    match media_type.split_once('/') {
        Some((tree, rest)) if tree.eq_ignore_ascii_case("application") => rest,
        _ => media_type,
    }
}

/// The decoder takes the one spelling: no padding, no stray bits (RFC 7515 §2).
fn decode(part: &str, name: &'static str) -> Result<Vec<u8>, JwsError> {
    URL_SAFE_NO_PAD.decode(part).map_err(|_| JwsError::Encoding(name))
}
