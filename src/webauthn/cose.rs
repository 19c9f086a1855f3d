//! Public keys as authenticators write them (COSE_Key, RFC 9052 §7), for the algorithms that we offer: ES256 (RFC 9053
//! §2.1), EdDSA with Ed25519 (RFC 9053 §2.2) and RS256 (RFC 8812 §2). A key has the parameters of its kind and no others
//! (Web Authentication §6.5.1.1).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

use crate::jose::algorithm::Algorithm;
use crate::jose::jwk::Jwk;
use crate::webauthn::Refusal;
use crate::webauthn::cbor::Malformed;
use crate::webauthn::cbor::Reader;
use crate::webauthn::cbor::Value;

/// The algorithms that are offered, in the order in which we would have them (Web Authentication §5.3).
pub const OFFERED: [i64; 3] = [ES256, EDDSA, RS256];

const ES256: i64 = -7;
const EDDSA: i64 = -8;
const RS256: i64 = -257;

/// RFC 9052 §7.1.
const KTY: i64 = 1;
const ALG: i64 = 3;

/// A public key, checked, and the algorithm that it is for.
#[derive(Debug, Clone)]
pub struct CoseKey {
    algorithm: Algorithm,
    key: Jwk,
}

impl CoseKey {
    /// Reads a key that `bytes` are all of.
    ///
    /// # Errors
    /// [`Refusal::KeyForm`], [`Refusal::Algorithm`], [`Refusal::Key`].
    pub fn parse(bytes: &[u8]) -> Result<Self, Refusal> {
        let (key, length) = Self::parse_first(bytes)?;
        if length == bytes.len() { Ok(key) } else { Err(Refusal::KeyForm) }
    }

    /// Reads the key that `bytes` begin with, and says how many of them it has.
    ///
    /// # Errors
    /// As [`CoseKey::parse`].
    pub fn parse_first(bytes: &[u8]) -> Result<(Self, usize), Refusal> {
        let mut reader = Reader::new(bytes);
        let parameters = Parameters::read(&mut reader).map_err(|Malformed| Refusal::KeyForm)?;
        Ok((parameters.into_key()?, reader.position()))
    }

    /// Whether `signature` is this key's over `message`.
    pub fn has_signed(&self, message: &[u8], signature: &[u8]) -> bool {
        self.key.has_signed(self.algorithm, message, signature)
    }
}

/// What stands in a key, by its labels.
struct Parameters<'a>(Vec<(i64, Value<'a>)>);

impl<'a> Parameters<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, Malformed> {
        let mut all: Vec<(i64, Value<'a>)> = Vec::new();
        for _ in 0..reader.map()? {
            let (label, value) = (reader.integer()?, reader.value()?);
            if all.iter().any(|(known, _)| *known == label) {
                return Err(Malformed);
            }
            all.push((label, value));
        }
        Ok(Self(all))
    }

    /// Takes one out, so that what is left at the end was not asked for.
    fn take(&mut self, label: i64) -> Result<Value<'a>, Refusal> {
        let at = self.0.iter().position(|(known, _)| *known == label).ok_or(Refusal::KeyForm)?;
        Ok(self.0.swap_remove(at).1)
    }

    fn integer(&mut self, label: i64) -> Result<i64, Refusal> {
        if let Value::Integer(number) = self.take(label)? { Ok(number) } else { Err(Refusal::KeyForm) }
    }

    /// Bytes, in the form that a key in JSON has them in.
    fn encoded(&mut self, label: i64) -> Result<String, Refusal> {
        if let Value::Bytes(bytes) = self.take(label)? {
            Ok(URL_SAFE_NO_PAD.encode(bytes))
        } else {
            Err(Refusal::KeyForm)
        }
    }

    /// The key in JSON (RFC 7517), whose reader has all the checks.
    fn into_key(mut self) -> Result<CoseKey, Refusal> {
        let (kind, algorithm) = (self.integer(KTY)?, self.integer(ALG)?);
        let (algorithm, jwk) = match (kind, algorithm) {
            // RFC 9053 §7.1.1: EC2 on P-256, with both coordinates.
            (2, ES256) if self.integer(-1)? == 1 => {
                let (x, y) = (self.encoded(-2)?, self.encoded(-3)?);
                (Algorithm::Es256, json!({ "kty": "EC", "crv": "P-256", "x": x, "y": y }))
            }
            // RFC 9053 §7.2: OKP on Ed25519.
            (1, EDDSA) if self.integer(-1)? == 6 => {
                (Algorithm::EdDsa, json!({ "kty": "OKP", "crv": "Ed25519", "x": self.encoded(-2)? }))
            }
            // RFC 8230 §4.
            (3, RS256) => {
                let (n, e) = (self.encoded(-1)?, self.encoded(-2)?);
                (Algorithm::Rs256, json!({ "kty": "RSA", "n": n, "e": e }))
            }
            _ => return Err(Refusal::Algorithm),
        };
        if !self.0.is_empty() {
            return Err(Refusal::KeyForm);
        }
        Ok(CoseKey { algorithm, key: Jwk::parse(&jwk)? })
    }
}
