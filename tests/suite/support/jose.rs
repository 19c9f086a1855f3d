//! Keys of clients, and what they sign with them.

use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openssl::bn::BigNum;
use openssl::bn::BigNumContext;
use openssl::bn::BigNumRef;
use openssl::ec::EcGroup;
use openssl::ec::EcKey;
use openssl::ecdsa::EcdsaSig;
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::PKey;
use openssl::pkey::Private;
use openssl::rsa::Padding;
use openssl::rsa::Rsa;
use openssl::sign::RsaPssSaltlen;
use openssl::sign::Signer;
use serde_json::Value;
use serde_json::json;
use sha2::Digest;
use sha2::Sha256;

use super::app::TestApp;
use super::caller::Answer;
use super::seed::SeededClient;

/// A key pair, and the algorithm it is for.
pub struct Key {
    algorithm: &'static str,
    private: PKey<Private>,
    public: Value,
}

/// An id that no other has.
pub fn unique() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    format!("id-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// A part of a signed text.
pub fn encode(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

/// The hash of an access token as a proof names it (RFC 9449 §4.2).
pub fn hash(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(text))
}

impl Key {
    /// One for `ES256`.
    pub fn es256() -> Self {
        let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
        let key = EcKey::generate(&group).unwrap();
        let (mut x, mut y) = (BigNum::new().unwrap(), BigNum::new().unwrap());
        let mut context = BigNumContext::new().unwrap();
        key.public_key().affine_coordinates(&group, &mut x, &mut y, &mut context).unwrap();
        let coordinate = |number: &BigNum| URL_SAFE_NO_PAD.encode(number.to_vec_padded(32).unwrap());
        let public = json!({ "kty": "EC", "crv": "P-256", "x": coordinate(&x), "y": coordinate(&y) });
        Self { algorithm: "ES256", private: PKey::from_ec_key(key).unwrap(), public }
    }

    /// One for `EdDSA`.
    pub fn ed25519() -> Self {
        let private = PKey::generate_ed25519().unwrap();
        let x = URL_SAFE_NO_PAD.encode(private.raw_public_key().unwrap());
        Self { algorithm: "EdDSA", private, public: json!({ "kty": "OKP", "crv": "Ed25519", "x": x }) }
    }

    /// One for `RS256` or `PS256`.
    pub fn rsa(algorithm: &'static str, bits: u32) -> Self {
        let rsa = Rsa::generate(bits).unwrap();
        let number = |number: &BigNumRef| URL_SAFE_NO_PAD.encode(number.to_vec());
        let public = json!({ "kty": "RSA", "n": number(rsa.n()), "e": number(rsa.e()) });
        Self { algorithm, private: PKey::from_rsa(rsa).unwrap(), public }
    }

    /// The same key, for another algorithm.
    pub fn by(&self, algorithm: &'static str) -> Self {
        Self { algorithm, private: self.private.clone(), public: self.public.clone() }
    }

    /// The public half.
    pub fn jwk(&self) -> Value {
        self.public.clone()
    }

    /// The public half under this name.
    pub fn named(&self, kid: &str) -> Value {
        let mut public = self.jwk();
        public["kid"] = json!(kid);
        public
    }

    /// The public half as a set of keys.
    pub fn jwks(&self) -> String {
        json!({ "keys": [self.public] }).to_string()
    }

    /// Its thumbprint (RFC 7638 §3).
    pub fn thumbprint(&self) -> String {
        let member = |name: &str| self.public[name].as_str().map(|text| format!("\"{name}\":\"{text}\""));
        let members: Vec<String> = ["crv", "e", "kty", "n", "x", "y"].into_iter().filter_map(member).collect();
        hash(&format!("{{{}}}", members.join(",")))
    }

    /// The header that its signatures have.
    pub fn header(&self) -> Value {
        json!({ "alg": self.algorithm })
    }

    /// Claims, signed.
    pub fn sign(&self, claims: &Value) -> String {
        self.sign_with(&self.header(), claims)
    }

    /// Claims, signed, with another header.
    pub fn sign_with(&self, header: &Value, claims: &Value) -> String {
        let input = format!("{}.{}", encode(header), encode(claims));
        format!("{input}.{}", URL_SAFE_NO_PAD.encode(self.signature(input.as_bytes())))
    }

    fn signature(&self, input: &[u8]) -> Vec<u8> {
        let digest = || Signer::new(MessageDigest::sha256(), &self.private).unwrap();
        match self.algorithm {
            "ES256" => {
                let signature = EcdsaSig::from_der(&digest().sign_oneshot_to_vec(input).unwrap()).unwrap();
                [signature.r(), signature.s()].map(|number| number.to_vec_padded(32).unwrap()).concat()
            }
            "EdDSA" => Signer::new_without_digest(&self.private).unwrap().sign_oneshot_to_vec(input).unwrap(),
            "PS256" => {
                let mut signer = digest();
                signer.set_rsa_padding(Padding::PKCS1_PSS).unwrap();
                signer.set_rsa_pss_saltlen(RsaPssSaltlen::DIGEST_LENGTH).unwrap();
                signer.sign_oneshot_to_vec(input).unwrap()
            }
            _ => digest().sign_oneshot_to_vec(input).unwrap(),
        }
    }
}

impl TestApp {
    /// What time the server thinks it is, in whole seconds.
    pub fn seconds(&self) -> i64 {
        self.act().now.seconds()
    }

    /// The claims by which `client_id` says who it is (RFC 7523 §3), good for a minute.
    pub fn assertion_claims(&self, client_id: &str) -> Value {
        let now = self.seconds();
        json!({
            "iss": client_id, "sub": client_id, "aud": self.issuer, "jti": unique(), "iat": now, "exp": now + 60,
        })
    }

    /// Calls the token endpoint as the client that signed `assertion`.
    pub async fn token_by_assertion(&self, assertion: &str, fields: &[(&str, &str)]) -> Answer {
        let signed = [
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            ("client_assertion", assertion),
        ];
        self.stranger().post("/oauth/token", &[fields, &signed].concat()).await
    }

    /// Calls the token endpoint as `client`, with this proof.
    pub async fn token_with_proof(&self, client: &SeededClient, proof: &str, fields: &[(&str, &str)]) -> Answer {
        let mut fields = fields.to_vec();
        let script = if client.secret.is_empty() {
            fields.push(("client_id", &client.client_id));
            self.stranger()
        } else {
            self.script(&client.basic())
        };
        script.with("dpop", proof).post("/oauth/token", &fields).await
    }

    /// The claims of a proof for this request (RFC 9449 §4.2).
    pub fn proof_claims(&self, method: &str, path: &str) -> Value {
        json!({ "htm": method, "htu": format!("{}{path}", self.issuer), "jti": unique(), "iat": self.seconds() })
    }

    /// A proof for this request.
    pub fn proof(&self, key: &Key, method: &str, path: &str) -> String {
        proof_of(key, &self.proof_claims(method, path))
    }

    /// A proof for this request that presents `access_token`.
    pub fn proof_with(&self, key: &Key, method: &str, path: &str, access_token: &str) -> String {
        let mut claims = self.proof_claims(method, path);
        claims["ath"] = json!(hash(access_token));
        proof_of(key, &claims)
    }
}

/// A proof with these claims.
pub fn proof_of(key: &Key, claims: &Value) -> String {
    let mut header = key.header();
    header["typ"] = json!("dpop+jwt");
    header["jwk"] = key.jwk();
    key.sign_with(&header, claims)
}
