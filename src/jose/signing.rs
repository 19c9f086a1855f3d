//! Signing: a server's own keys, and the signed JWTs that it makes with them (RFC 7515, RFC 7519).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openssl::bn::BigNum;
use openssl::bn::BigNumContext;
use openssl::bn::BigNumRef;
use openssl::ec::EcGroup;
use openssl::ec::EcKey;
use openssl::ecdsa::EcdsaSig;
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::hash::hash;
use openssl::nid::Nid;
use openssl::pkey::PKey;
use openssl::pkey::Private;
use openssl::rsa::Padding;
use openssl::rsa::Rsa;
use openssl::sign::RsaPssSaltlen;
use openssl::sign::Signer;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;
use zeroize::Zeroizing;

use crate::jose::algorithm::Algorithm;
use crate::jose::jwk::Jwk;

/// The size of RSA keys in bits (RFC 7518 §3.3 asks for no less).
const RSA_BITS: u32 = 2048;

/// Why nothing is signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SigningError {
    /// The key is for other algorithms.
    #[error("the key is not for {0}")]
    Algorithm(&'static str),
    /// What OpenSSL says. It names no key.
    #[error("OpenSSL refused: {0}")]
    OpenSsl(String),
}

impl From<ErrorStack> for SigningError {
    fn from(error: ErrorStack) -> Self {
        Self::OpenSsl(error.to_string())
    }
}

/// A private key, and its name.
#[derive(Debug)]
pub struct SigningKey {
    kid: String,
    kind: Algorithm,
    key: PKey<Private>,
    public: Value,
}

impl SigningKey {
    /// The kinds of keys that a server has, each by the first algorithm that it is for. An RSA key is for `PS256` too.
    pub const KINDS: [Algorithm; 3] = [Algorithm::Rs256, Algorithm::Es256, Algorithm::EdDsa];

    /// The kind of key that `algorithm` signs with; `None` where this server has none.
    pub fn kind_for(algorithm: Algorithm) -> Option<Algorithm> {
        match algorithm {
            Algorithm::Rs256 | Algorithm::Ps256 => Some(Algorithm::Rs256),
            Algorithm::Es256 => Some(Algorithm::Es256),
            Algorithm::EdDsa => Some(Algorithm::EdDsa),
            Algorithm::Es384 | Algorithm::Ed25519 => None,
        }
    }

    /// Makes a key of this kind. Its name is its thumbprint (RFC 7638 §3), which no other key has.
    ///
    /// # Errors
    /// Where there is no such kind.
    pub fn generate(kind: Algorithm) -> Result<Self, SigningError> {
        let key = match kind {
            Algorithm::Rs256 => PKey::from_rsa(Rsa::generate(RSA_BITS)?)?,
            Algorithm::Es256 => {
                PKey::from_ec_key(EcKey::generate(EcGroup::from_curve_name(Nid::X9_62_PRIME256V1)?.as_ref())?)?
            }
            Algorithm::EdDsa => PKey::generate_ed25519()?,
            other => return Err(SigningError::Algorithm(other.as_str())),
        };
        Self::of(kind, key)
    }

    /// The key that [`SigningKey::to_der`] wrote.
    ///
    /// # Errors
    /// Where it is no key of this kind.
    pub fn from_der(kind: Algorithm, der: &[u8]) -> Result<Self, SigningError> {
        Self::of(kind, PKey::private_key_from_der(der)?)
    }

    fn of(kind: Algorithm, key: PKey<Private>) -> Result<Self, SigningError> {
        let mut public = public_members(kind, &key)?;
        let jwk = Jwk::parse(&public).map_err(|error| SigningError::OpenSsl(error.to_string()))?;
        let kid = jwk.thumbprint().as_str().to_owned();
        public["kid"] = kid.as_str().into();
        public["use"] = "sig".into();
        if kind != Algorithm::Rs256 {
            // An RSA key is for two algorithms, so it names none.
            public["alg"] = kind.as_str().into();
        }
        Ok(Self { kid, kind, key, public })
    }

    /// The private key, unencrypted (PKCS #8).
    ///
    /// # Errors
    /// What OpenSSL says.
    pub fn to_der(&self) -> Result<Zeroizing<Vec<u8>>, SigningError> {
        Ok(Zeroizing::new(self.key.private_key_to_pkcs8()?))
    }

    /// Its name.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// Its kind.
    pub fn kind(&self) -> Algorithm {
        self.kind
    }

    /// The public key (RFC 7517 §4).
    pub fn public(&self) -> &Value {
        &self.public
    }

    /// Claims as a signed JWT in the compact form (RFC 7515 §7.1), of the type `typ`.
    ///
    /// # Errors
    /// [`SigningError::Algorithm`] where the key is not for this algorithm.
    pub fn sign(
        &self,
        algorithm: Algorithm,
        typ: Option<&str>,
        claims: &Map<String, Value>,
    ) -> Result<String, SigningError> {
        if Self::kind_for(algorithm) != Some(self.kind) {
            return Err(SigningError::Algorithm(algorithm.as_str()));
        }
        let mut header = json!({ "alg": algorithm.as_str(), "kid": self.kid });
        if let Some(typ) = typ {
            header["typ"] = typ.into();
        }
        let claims = serde_json::to_string(claims).map_err(|error| SigningError::OpenSsl(error.to_string()))?;
        let input = format!("{}.{}", URL_SAFE_NO_PAD.encode(header.to_string()), URL_SAFE_NO_PAD.encode(claims));
        let signature = self.signature(algorithm, input.as_bytes())?;
        Ok(format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }

    fn signature(&self, algorithm: Algorithm, input: &[u8]) -> Result<Vec<u8>, ErrorStack> {
        match algorithm {
            Algorithm::EdDsa | Algorithm::Ed25519 => {
                return Signer::new_without_digest(&self.key)?.sign_oneshot_to_vec(input);
            }
            _ => {}
        }
        let mut signer = Signer::new(MessageDigest::sha256(), &self.key)?;
        if algorithm == Algorithm::Ps256 {
            signer.set_rsa_padding(Padding::PKCS1_PSS)?;
            signer.set_rsa_pss_saltlen(RsaPssSaltlen::DIGEST_LENGTH)?;
            signer.set_rsa_mgf1_md(MessageDigest::sha256())?;
        }
        let signature = signer.sign_oneshot_to_vec(input)?;
        if algorithm != Algorithm::Es256 {
            return Ok(signature);
        }
        // RFC 7518 §3.4: R and S one after the other, each of the full length.
        let signature = EcdsaSig::from_der(&signature)?;
        let mut both = signature.r().to_vec_padded(32)?;
        both.extend(signature.s().to_vec_padded(32)?);
        Ok(both)
    }
}

/// The members that make the public key (RFC 7518 §6, RFC 8037 §2).
fn public_members(kind: Algorithm, key: &PKey<Private>) -> Result<Value, SigningError> {
    let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let number = |number: &BigNumRef| encode(&number.to_vec());
    Ok(match kind {
        Algorithm::Rs256 => {
            let rsa = key.rsa()?;
            json!({ "kty": "RSA", "n": number(rsa.n()), "e": number(rsa.e()) })
        }
        Algorithm::Es256 => {
            let key = key.ec_key()?;
            let (mut x, mut y) = (BigNum::new()?, BigNum::new()?);
            key.public_key().affine_coordinates(key.group(), &mut x, &mut y, &mut *BigNumContext::new()?)?;
            let (x, y) = (encode(&x.to_vec_padded(32)?), encode(&y.to_vec_padded(32)?));
            json!({ "kty": "EC", "crv": "P-256", "x": x, "y": y })
        }
        Algorithm::EdDsa => json!({ "kty": "OKP", "crv": "Ed25519", "x": encode(&key.raw_public_key()?) }),
        other => return Err(SigningError::Algorithm(other.as_str())),
    })
}

/// By what an id_token names a token that comes with it (OpenID Connect Core §3.1.3.6): the left half of the hash that
/// goes with the algorithm; that is SHA-512 with Ed25519.
///
/// # Errors
/// What OpenSSL says.
pub fn half_hash(algorithm: Algorithm, token: &str) -> Result<String, SigningError> {
    let digest = match algorithm {
        Algorithm::Rs256 | Algorithm::Ps256 | Algorithm::Es256 => MessageDigest::sha256(),
        Algorithm::Es384 => MessageDigest::sha384(),
        Algorithm::EdDsa | Algorithm::Ed25519 => MessageDigest::sha512(),
    };
    let whole = hash(digest, token.as_bytes())?;
    let (left, _) = whole.split_at(whole.len() / 2);
    Ok(URL_SAFE_NO_PAD.encode(left))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jose::jwk_set::JwkSet;
    use crate::jose::jws::Jws;

    /// RFC 7515 §5.1, §5.2
    #[test]
    fn what_is_signed_can_be_verified_with_the_public_key_alone() {
        let keys: Vec<SigningKey> =
            SigningKey::KINDS.into_iter().map(|kind| SigningKey::generate(kind).unwrap()).collect();
        let published = json!({ "keys": keys.iter().map(|key| key.public().clone()).collect::<Vec<_>>() });
        let published = JwkSet::parse(&published.to_string()).unwrap();
        let claims = json!({ "sub": "ada" }).as_object().unwrap().clone();
        for algorithm in Algorithm::SIGNING {
            let kind = SigningKey::kind_for(*algorithm).unwrap();
            let key = keys.iter().find(|key| key.kind() == kind).unwrap();
            let key = SigningKey::from_der(kind, &key.to_der().unwrap()).unwrap();
            let signed = Jws::parse(&key.sign(*algorithm, Some("logout+jwt"), &claims).unwrap()).unwrap();
            assert_eq!((signed.algorithm(), signed.kid()), (*algorithm, Some(key.kid())));
            assert!(signed.is_of_type("logout+jwt"));
            assert_eq!(signed.claims_by(&published).unwrap().0.required_text("sub"), Ok("ada"));
            for other in keys.iter().filter(|other| other.kind() != kind) {
                assert_eq!(
                    other.sign(*algorithm, None, &claims),
                    Err(SigningError::Algorithm(algorithm.as_str())),
                    "{algorithm:?}"
                );
            }
        }
    }

    /// OpenID Connect Core §3.1.3.6, with the example of OpenID Connect Core §A.3
    #[test]
    fn a_token_is_named_by_half_of_its_hash() {
        let made = half_hash(Algorithm::Rs256, "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y").unwrap();
        assert_eq!(made, "77QmUPtjPfzWtF2AnpK9RQ");
        assert_eq!(half_hash(Algorithm::EdDsa, "a").unwrap().len(), 43);
    }
}
