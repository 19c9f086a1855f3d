//! Signed JSON: the examples of the standards, and what must not pass.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openssl::bn::BigNum;
use openssl::bn::BigNumContext;
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
use proptest::prelude::*;
use serde_json::Value;
use serde_json::json;

use crate::jose::algorithm::Algorithm;
use crate::jose::jwk::Jwk;
use crate::jose::jwk::JwkError;
use crate::jose::jwk_set::JwkSet;
use crate::jose::jwk_set::JwkSetError;
use crate::jose::jws::Jws;
use crate::jose::jws::JwsError;
use crate::json::JsonError;

/// RFC 7515 §A.2.1
const RFC7515_RSA: &str = "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ";
/// RFC 7515 §A.1.1, the claims of the first examples.
const RFC7515_CLAIMS: &str =
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";

fn encode(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

fn key(value: &Value) -> Jwk {
    Jwk::parse(value).unwrap()
}

/// A key pair, its public half as JSON, and a way to sign.
struct Pair {
    private: PKey<Private>,
    public: Value,
}

impl Pair {
    fn rsa(bits: u32) -> Self {
        let rsa = Rsa::generate(bits).unwrap();
        let number = |number: &openssl::bn::BigNumRef| URL_SAFE_NO_PAD.encode(number.to_vec());
        let public = json!({ "kty": "RSA", "n": number(rsa.n()), "e": number(rsa.e()) });
        Self { private: PKey::from_rsa(rsa).unwrap(), public }
    }

    fn elliptic(name: &str, nid: Nid, length: i32) -> Self {
        let group = EcGroup::from_curve_name(nid).unwrap();
        let key = EcKey::generate(&group).unwrap();
        let (mut x, mut y) = (BigNum::new().unwrap(), BigNum::new().unwrap());
        let mut context = BigNumContext::new().unwrap();
        key.public_key().affine_coordinates(&group, &mut x, &mut y, &mut context).unwrap();
        let coordinate = |number: &BigNum| URL_SAFE_NO_PAD.encode(number.to_vec_padded(length).unwrap());
        let public = json!({ "kty": "EC", "crv": name, "x": coordinate(&x), "y": coordinate(&y) });
        Self { private: PKey::from_ec_key(key).unwrap(), public }
    }

    fn p256() -> Self {
        Self::elliptic("P-256", Nid::X9_62_PRIME256V1, 32)
    }

    fn ed25519() -> Self {
        let private = PKey::generate_ed25519().unwrap();
        let x = URL_SAFE_NO_PAD.encode(private.raw_public_key().unwrap());
        Self { private, public: json!({ "kty": "OKP", "crv": "Ed25519", "x": x }) }
    }

    fn signature(&self, algorithm: Algorithm, input: &[u8]) -> Vec<u8> {
        let digest = |digest| Signer::new(digest, &self.private).unwrap().sign_oneshot_to_vec(input).unwrap();
        let pair = |der: Vec<u8>, length| {
            let signature = EcdsaSig::from_der(&der).unwrap();
            [signature.r(), signature.s()].map(|number| number.to_vec_padded(length).unwrap()).concat()
        };
        match algorithm {
            Algorithm::Rs256 => digest(MessageDigest::sha256()),
            Algorithm::Ps256 => {
                let mut signer = Signer::new(MessageDigest::sha256(), &self.private).unwrap();
                signer.set_rsa_padding(Padding::PKCS1_PSS).unwrap();
                signer.set_rsa_pss_saltlen(RsaPssSaltlen::DIGEST_LENGTH).unwrap();
                signer.sign_oneshot_to_vec(input).unwrap()
            }
            Algorithm::Es256 => pair(digest(MessageDigest::sha256()), 32),
            Algorithm::Es384 => pair(digest(MessageDigest::sha384()), 48),
            Algorithm::EdDsa | Algorithm::Ed25519 => {
                Signer::new_without_digest(&self.private).unwrap().sign_oneshot_to_vec(input).unwrap()
            }
        }
    }

    /// A token with this header and these claims, whatever they are.
    fn sign(&self, algorithm: Algorithm, header: &Value, claims: &str) -> String {
        let input = format!("{}.{}", encode(header), URL_SAFE_NO_PAD.encode(claims));
        let signature = URL_SAFE_NO_PAD.encode(self.signature(algorithm, input.as_bytes()));
        format!("{input}.{signature}")
    }
}

fn each_algorithm() -> Vec<(Algorithm, Pair)> {
    vec![
        (Algorithm::Rs256, Pair::rsa(2048)),
        (Algorithm::Ps256, Pair::rsa(2048)),
        (Algorithm::Es256, Pair::p256()),
        (Algorithm::Es384, Pair::elliptic("P-384", Nid::SECP384R1, 48)),
        (Algorithm::EdDsa, Pair::ed25519()),
        (Algorithm::Ed25519, Pair::ed25519()),
    ]
}

/// RFC 7515 §A.2
#[test]
fn the_example_of_an_rsa_signature_holds() {
    let token = format!(
        "eyJhbGciOiJSUzI1NiJ9.{RFC7515_CLAIMS}.{}",
        "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw"
    );
    let claims =
        Jws::parse(&token).unwrap().claims(&key(&json!({ "kty": "RSA", "n": RFC7515_RSA, "e": "AQAB" }))).unwrap();
    assert_eq!(claims.text("iss"), Ok(Some("joe")));
    assert_eq!(claims.time("exp").unwrap().unwrap().seconds(), 1_300_819_380);
}

/// RFC 7515 §A.3
#[test]
fn the_example_of_an_elliptic_signature_holds() {
    let public = key(&json!({
        "kty": "EC", "crv": "P-256",
        "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    }));
    let token = format!(
        "eyJhbGciOiJFUzI1NiJ9.{RFC7515_CLAIMS}.{}",
        "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
    );
    assert_eq!(Jws::parse(&token).unwrap().claims(&public).unwrap().text("iss"), Ok(Some("joe")));
}

/// RFC 8037 §A.3, §A.4
#[test]
fn the_example_of_an_ed25519_signature_holds() {
    let public = key(&json!({ "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" }));
    let token = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
    let signed = Jws::parse(token).unwrap();
    assert_eq!(signed.verify(&public), Ok(&b"Example of Ed25519 signing"[..]));
    assert_eq!(signed.claims(&public).err(), Some(JwsError::Json("payload", JsonError::Malformed)));
    assert_eq!(public.thumbprint().to_string(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
}

/// RFC 7638 §3.1
#[test]
fn the_example_of_a_thumbprint_holds() {
    let n = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";
    let public = key(&json!({ "kty": "RSA", "n": n, "e": "AQAB", "alg": "RS256", "kid": "2011-04-29" }));
    assert_eq!(public.thumbprint().to_string(), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    assert_eq!(public.kid(), Some("2011-04-29"));
}

/// RFC 7515 §5.2
#[test]
fn each_algorithm_accepts_its_own_signature_and_no_other_text_or_key() {
    let pairs = each_algorithm();
    for (algorithm, pair) in &pairs {
        let name = algorithm.as_str();
        let token = pair.sign(*algorithm, &json!({ "alg": name }), r#"{"sub":"a"}"#);
        let signed = Jws::parse(&token).unwrap();
        let public = key(&pair.public);
        assert_eq!(signed.claims(&public).unwrap().text("sub"), Ok(Some("a")), "{name}");
        let (input, signature) = token.rsplit_once('.').unwrap();
        let (header, _) = input.split_once('.').unwrap();
        let other_text = format!("{header}.{}.{signature}", URL_SAFE_NO_PAD.encode(r#"{"sub":"b"}"#));
        assert_eq!(Jws::parse(&other_text).unwrap().verify(&public), Err(JwsError::Signature), "{name}");
        // A signature with a byte less, one more, none at all, or of zeros alone.
        let bytes = URL_SAFE_NO_PAD.decode(signature).unwrap();
        let zeros = vec![0; bytes.len()];
        let longer = [bytes.as_slice(), &[0]].concat();
        for bad in [&bytes[1..], &bytes[..bytes.len() - 1], &longer, &[], &zeros] {
            let token = format!("{input}.{}", URL_SAFE_NO_PAD.encode(bad));
            assert_eq!(Jws::parse(&token).unwrap().verify(&public), Err(JwsError::Signature), "{name}");
        }
        for (other, other_pair) in &pairs {
            let verified = signed.verify(&key(&other_pair.public)).is_ok();
            assert_eq!(verified, std::ptr::eq(pair, other_pair), "{name} {}", other.as_str());
        }
    }
}

/// RFC 7518 §3.4: not the DER that OpenSSL makes.
#[test]
fn an_elliptic_signature_in_der_is_refused() {
    let pair = Pair::p256();
    let input = format!("{}.{}", encode(&json!({ "alg": "ES256" })), encode(&json!({})));
    let mut signer = Signer::new(MessageDigest::sha256(), &pair.private).unwrap();
    let der = signer.sign_oneshot_to_vec(input.as_bytes()).unwrap();
    let token = format!("{input}.{}", URL_SAFE_NO_PAD.encode(der));
    assert_eq!(Jws::parse(&token).unwrap().verify(&key(&pair.public)), Err(JwsError::Signature));
}

/// RFC 7518 §3.5: no other length of salt, and not the other padding.
#[test]
fn rsa_paddings_are_not_taken_for_one_another() {
    let pair = Pair::rsa(2048);
    let public = key(&pair.public);
    for (said, made) in [(Algorithm::Rs256, Algorithm::Ps256), (Algorithm::Ps256, Algorithm::Rs256)] {
        let token = pair.sign(made, &json!({ "alg": said.as_str() }), "{}");
        assert_eq!(Jws::parse(&token).unwrap().verify(&public), Err(JwsError::Signature));
    }
    let input = format!("{}.{}", encode(&json!({ "alg": "PS256" })), encode(&json!({})));
    let mut signer = Signer::new(MessageDigest::sha256(), &pair.private).unwrap();
    signer.set_rsa_padding(Padding::PKCS1_PSS).unwrap();
    signer.set_rsa_pss_saltlen(RsaPssSaltlen::custom(20)).unwrap();
    let signature = signer.sign_oneshot_to_vec(input.as_bytes()).unwrap();
    let token = format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature));
    assert_eq!(Jws::parse(&token).unwrap().verify(&public), Err(JwsError::Signature));
}

/// RFC 8725 §3.1, §3.2; RFC 7515 §A.1, §A.5
#[test]
fn what_is_not_signed_by_a_private_key_is_refused() {
    let unsigned = format!("eyJhbGciOiJub25lIn0.{RFC7515_CLAIMS}.");
    assert_eq!(Jws::parse(&unsigned).err(), Some(JwsError::Unsigned));
    let hmac = format!(
        "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.{RFC7515_CLAIMS}.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    );
    assert_eq!(Jws::parse(&hmac).err(), Some(JwsError::Algorithm));
    for (alg, expected) in [
        (json!("none"), JwsError::Unsigned),
        (json!("NONE"), JwsError::Unsigned),
        (json!("nOnE"), JwsError::Unsigned),
        (json!("HS512"), JwsError::Algorithm),
        (json!("es256"), JwsError::Algorithm),
        (json!("ES512"), JwsError::Algorithm),
        (json!("ES256K"), JwsError::Algorithm),
        (json!("RSA-OAEP"), JwsError::Algorithm),
        (json!(""), JwsError::Algorithm),
        (json!(null), JwsError::Header("alg")),
        (json!(["ES256"]), JwsError::Header("alg")),
    ] {
        let token = format!("{}.{}.AAAA", encode(&json!({ "alg": alg })), encode(&json!({})));
        assert_eq!(Jws::parse(&token).err(), Some(expected), "{alg}");
    }
    let token = format!("{}.{}.AAAA", encode(&json!({ "typ": "JWT" })), encode(&json!({})));
    assert_eq!(Jws::parse(&token).err(), Some(JwsError::Header("alg")));
}

/// RFC 7515 §4.1.11, RFC 7797 §6
#[test]
fn a_header_that_changes_what_the_text_means_is_refused() {
    let pair = Pair::p256();
    for header in [
        json!({ "alg": "ES256", "crit": ["exp"], "exp": 1 }),
        json!({ "alg": "ES256", "crit": [] }),
        json!({ "alg": "ES256", "b64": false, "crit": ["b64"] }),
        json!({ "alg": "ES256", "b64": true }),
    ] {
        let token = pair.sign(Algorithm::Es256, &header, "{}");
        assert_eq!(Jws::parse(&token).err(), Some(JwsError::Critical), "{header}");
    }
    // What only says where keys could be had is not looked at (RFC 7515 §4.1).
    let header =
        json!({ "alg": "ES256", "jku": "https://evil.example/keys", "x5u": "https://evil.example/", "foo": 1 });
    let token = pair.sign(Algorithm::Es256, &header, "{}");
    assert!(Jws::parse(&token).unwrap().verify(&key(&pair.public)).is_ok());
}

/// RFC 7515 §4, RFC 7519 §4
#[test]
fn a_member_that_stands_twice_is_refused_in_header_and_claims() {
    let pair = Pair::p256();
    let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"ES256","alg":"ES256"}"#);
    let twice = Some(JwsError::Json("header", JsonError::Twice));
    assert_eq!(Jws::parse(&format!("{header}.e30.AAAA")).err(), twice);
    let token = pair.sign(Algorithm::Es256, &json!({ "alg": "ES256" }), r#"{"sub":"a","sub":"b"}"#);
    let twice = Some(JwsError::Json("payload", JsonError::Twice));
    assert_eq!(Jws::parse(&token).unwrap().claims(&key(&pair.public)).err(), twice);
    let token = pair.sign(Algorithm::Es256, &json!({ "alg": "ES256" }), r#"["a"]"#);
    let no_object = Some(JwsError::Json("payload", JsonError::NoObject));
    assert_eq!(Jws::parse(&token).unwrap().claims(&key(&pair.public)).err(), no_object);
}

/// RFC 7515 §2, §7.1
#[test]
fn a_token_has_one_spelling() {
    let pair = Pair::ed25519();
    let token = pair.sign(Algorithm::EdDsa, &json!({ "alg": "EdDSA" }), r#"{"sub":"a"}"#);
    assert!(Jws::parse(&token).is_ok());
    let parts: Vec<&str> = token.split('.').collect();
    let [header, payload, signature] = parts.as_slice() else { unreachable!() };
    // The last of the 86 characters of 64 bytes holds two bits, so that fifteen others would mean the same bytes.
    let last = signature.chars().last().unwrap();
    let stray = char::from(u8::try_from(last).unwrap() + 1);
    let with_stray_bit = format!("{}{stray}", signature.strip_suffix(last).unwrap());
    for bad in [
        format!("{header}=.{payload}.{signature}"),
        format!("{header}.{payload}==.{signature}"),
        format!("{header}.{payload}.{signature}="),
        format!("{header}.{payload}.{with_stray_bit}"),
        format!("{header}.{payload}.{signature} "),
        format!(" {header}.{payload}.{signature}"),
        format!("{header}.{payload}\n.{signature}"),
        format!("{header}.{payload}.+/{signature}"),
        format!("{header}.{payload}.é{signature}"),
    ] {
        assert!(matches!(Jws::parse(&bad), Err(JwsError::Encoding(_))), "{bad}");
    }
    for bad in ["", "a", "a.b", "a.b.c.d", "a.b.c.d.e", &format!("{header}.{payload}")] {
        assert_eq!(Jws::parse(bad).err(), Some(JwsError::Parts), "{bad}");
    }
    assert_eq!(Jws::parse(&"a".repeat(16 * 1024 + 1)).err(), Some(JwsError::TooLong));
}

/// RFC 7515 §4.1.9
#[test]
fn a_type_is_a_media_type() {
    let typed = |typ: Value| {
        let token = format!("{}.e30.AAAA", encode(&json!({ "alg": "ES256", "typ": typ })));
        Jws::parse(&token).map(|signed| signed.is_of_type("dpop+jwt"))
    };
    for good in ["dpop+jwt", "application/dpop+jwt", "DPoP+JWT"] {
        assert!(typed(json!(good)).unwrap(), "{good}");
    }
    for bad in ["", "jwt", "text/dpop+jwt", "application/application/dpop+jwt", "dpop+jwt;a=b"] {
        assert!(!typed(json!(bad)).unwrap(), "{bad}");
    }
    assert_eq!(typed(json!(1)).err(), Some(JwsError::Header("typ")));
}

/// RFC 7517 §9.2, RFC 7518 §6.4: neither half of what is secret is taken.
#[test]
fn private_and_shared_keys_are_refused() {
    let mut bad = vec![json!({ "kty": "oct", "k": "AAAA" })];
    for (name, pair) in [("d", Pair::p256()), ("d", Pair::ed25519()), ("p", Pair::rsa(2048)), ("k", Pair::p256())] {
        let mut public = pair.public;
        public[name] = json!("AAAA");
        bad.push(public);
    }
    for value in bad {
        assert_eq!(Jwk::parse(&value).err(), Some(JwkError::Private), "{value}");
    }
}

/// RFC 7518 §3.3, §6.3.1
#[test]
fn a_weak_or_odd_rsa_key_is_refused() {
    let good = Pair::rsa(2048).public;
    assert!(Jwk::parse(&good).is_ok());
    assert_eq!(Jwk::parse(&Pair::rsa(1024).public).err(), Some(JwkError::Rsa));
    let n = URL_SAFE_NO_PAD.decode(good["n"].as_str().unwrap()).unwrap();
    let number = |bytes: &[u8]| json!(URL_SAFE_NO_PAD.encode(bytes));
    let even: Vec<u8> = n.iter().enumerate().map(|(at, byte)| if at == 255 { byte & 0xfe } else { *byte }).collect();
    for (name, value, expected) in [
        ("n", number(&n[1..]), JwkError::Rsa),
        ("n", number(&even), JwkError::Rsa),
        ("n", number(&vec![0xff; 8192 / 8 + 1]), JwkError::Rsa),
        ("n", number(&[&[0], n.as_slice()].concat()), JwkError::Member("n")),
        ("n", json!(""), JwkError::Member("n")),
        ("n", json!(5), JwkError::Member("n")),
        ("n", json!("A+/="), JwkError::Member("n")),
        ("e", number(&[1]), JwkError::Rsa),
        ("e", number(&[2]), JwkError::Rsa),
        ("e", number(&[1; 9]), JwkError::Rsa),
        ("e", number(&[0, 3]), JwkError::Member("e")),
        ("e", json!(null), JwkError::Member("e")),
    ] {
        let mut bad = good.clone();
        bad[name] = value;
        assert_eq!(Jwk::parse(&bad).err(), Some(expected), "{name} {}", bad[name]);
    }
}

/// RFC 7518 §6.2.1, RFC 8037 §2
#[test]
fn a_point_of_no_curve_or_of_the_wrong_size_is_refused() {
    let p256 = Pair::p256().public;
    let x = p256["x"].as_str().unwrap().to_owned();
    let short = URL_SAFE_NO_PAD.encode([1; 31]);
    for (name, value, expected) in [
        ("y", json!(x), JwkError::Point),
        ("x", json!(short), JwkError::Member("x")),
        ("y", json!(URL_SAFE_NO_PAD.encode([1; 33])), JwkError::Member("y")),
        ("x", json!(URL_SAFE_NO_PAD.encode([0xff; 32])), JwkError::Point),
        ("crv", json!("P-384"), JwkError::Member("x")),
        ("crv", json!("P-521"), JwkError::Unknown),
        ("crv", json!("secp256k1"), JwkError::Unknown),
        ("crv", json!(null), JwkError::Member("crv")),
        ("kty", json!("ec"), JwkError::Unknown),
        ("kty", json!(null), JwkError::Member("kty")),
        ("kty", json!("OKP"), JwkError::Unknown),
        ("use", json!("enc"), JwkError::NotForSignatures),
        ("key_ops", json!(["sign"]), JwkError::NotForSignatures),
        ("key_ops", json!("verify"), JwkError::Member("key_ops")),
        ("alg", json!("ES384"), JwkError::Algorithm),
        ("alg", json!("RS256"), JwkError::Algorithm),
        ("alg", json!("none"), JwkError::Algorithm),
        ("kid", json!(1), JwkError::Member("kid")),
        ("kid", json!("a".repeat(256)), JwkError::Member("kid")),
    ] {
        let mut bad = p256.clone();
        bad[name] = value;
        assert_eq!(Jwk::parse(&bad).err(), Some(expected), "{name} {}", bad[name]);
    }
    let zeros = json!({ "kty": "EC", "crv": "P-256", "x": URL_SAFE_NO_PAD.encode([0; 32]), "y": URL_SAFE_NO_PAD.encode([0; 32]) });
    assert_eq!(Jwk::parse(&zeros).err(), Some(JwkError::Point));
    for (crv, x, expected) in [
        ("Ed25519", short.as_str(), JwkError::Member("x")),
        ("X25519", x.as_str(), JwkError::Unknown),
        ("Ed448", x.as_str(), JwkError::Unknown),
    ] {
        assert_eq!(Jwk::parse(&json!({ "kty": "OKP", "crv": crv, "x": x })).err(), Some(expected), "{crv}");
    }
    assert_eq!(Jwk::parse(&json!("key")).err(), Some(JwkError::NoObject));
}

/// RFC 7517 §4, §4.2, §4.3
#[test]
fn members_that_are_not_known_are_ignored() {
    let mut public = Pair::p256().public;
    public["use"] = json!("sig");
    public["key_ops"] = json!(["verify"]);
    public["alg"] = json!("ES256");
    public["x5t"] = json!("abc");
    public["exp"] = json!({ "a": [1] });
    assert!(Jwk::parse(&public).is_ok());
}

/// RFC 7517 §5
#[test]
fn a_set_has_a_bound_on_its_size_and_names_the_key_that_is_wrong() {
    let pair = Pair::p256();
    let set = |keys: Vec<Value>| json!({ "keys": keys }).to_string();
    assert!(JwkSet::parse(&set(vec![pair.public.clone()])).is_ok());
    let weak = Pair::rsa(1024).public;
    let private = json!({ "kty": "oct", "k": "AAAA" });
    let unknown = json!({ "kty": "AKP", "alg": "ML-DSA-44", "pub": "AAAA" });
    let encryption = json!({ "kty": "RSA", "use": "enc", "n": RFC7515_RSA, "e": "AQAB" });
    for (text, expected) in [
        (set(vec![pair.public.clone(), weak.clone()]), JwkSetError::Key { place: 2, error: JwkError::Rsa }),
        (set(vec![private.clone()]), JwkSetError::Key { place: 1, error: JwkError::Private }),
        (set(vec![unknown.clone()]), JwkSetError::Key { place: 1, error: JwkError::Unknown }),
        (set(vec![]), JwkSetError::Empty),
        (set(vec![encryption.clone()]), JwkSetError::Empty),
        (set(vec![pair.public.clone(); 21]), JwkSetError::TooMany),
        ("{}".to_owned(), JwkSetError::NoKeys),
        (r#"{"keys":{}}"#.to_owned(), JwkSetError::NoKeys),
        (r#"{"keys":[],"keys":[]}"#.to_owned(), JwkSetError::Json(JsonError::Twice)),
        ("[]".to_owned(), JwkSetError::Json(JsonError::NoObject)),
        (pair.public.to_string(), JwkSetError::NoKeys),
        (" ".repeat(16 * 1024 + 1), JwkSetError::TooLong),
    ] {
        assert_eq!(JwkSet::parse(&text).err(), Some(expected), "{text}");
    }
    // Others publish what is not known here; only a private key is a reason to believe none of them.
    let published = set(vec![unknown, weak, encryption, pair.public.clone()]);
    assert!(JwkSet::parse_published(&published).unwrap().has(key(&pair.public).thumbprint()));
    let lost = set(vec![pair.public.clone(), private]);
    assert!(matches!(JwkSet::parse_published(&lost), Err(JwkSetError::Key { place: 2, error: JwkError::Private })));
}

/// RFC 7515 §D, RFC 7517 §4.5
#[test]
fn the_key_is_found_by_its_name_or_by_trying_those_that_fit() {
    let (one, two, rsa) = (Pair::p256(), Pair::p256(), Pair::rsa(2048));
    let named = |pair: &Pair, kid: &str| {
        let mut public = pair.public.clone();
        public["kid"] = json!(kid);
        public
    };
    let set = json!({ "keys": [named(&one, "1"), named(&two, "2"), named(&rsa, "1")] }).to_string();
    let set = JwkSet::parse(&set).unwrap();
    let by = |pair: &Pair, header: Value| {
        let algorithm = Algorithm::parse(header["alg"].as_str().unwrap()).unwrap();
        let signed = Jws::parse(&pair.sign(algorithm, &header, "{}")).unwrap();
        signed.claims_by(&set).map(|(_, key)| key.thumbprint().clone())
    };
    let thumbprint = |pair: &Pair| Ok(key(&pair.public).thumbprint().clone());
    assert_eq!(by(&one, json!({ "alg": "ES256", "kid": "1" })), thumbprint(&one));
    assert_eq!(by(&rsa, json!({ "alg": "PS256", "kid": "1" })), thumbprint(&rsa));
    assert_eq!(by(&two, json!({ "alg": "ES256" })), thumbprint(&two));
    assert_eq!(by(&two, json!({ "alg": "ES256", "kid": "1" })), Err(JwsError::Signature));
    assert_eq!(by(&one, json!({ "alg": "ES256", "kid": "3" })), Err(JwsError::NoKey));
    assert_eq!(by(&Pair::ed25519(), json!({ "alg": "EdDSA" })), Err(JwsError::NoKey));
    let same = json!({ "keys": [named(&one, "1"), named(&two, "1")] }).to_string();
    assert_eq!(JwkSet::parse(&same).err(), Some(JwkSetError::SameKid));
}

/// RFC 7517 §4.4
#[test]
fn a_key_that_names_its_algorithm_serves_no_other() {
    let pair = Pair::rsa(2048);
    let mut public = pair.public.clone();
    public["alg"] = json!("PS256");
    let public = key(&public);
    let signed = |algorithm: Algorithm| {
        Jws::parse(&pair.sign(algorithm, &json!({ "alg": algorithm.as_str() }), "{}"))
            .unwrap()
            .verify(&public)
            .map(<[u8]>::to_vec)
    };
    assert!(signed(Algorithm::Ps256).is_ok());
    assert_eq!(signed(Algorithm::Rs256), Err(JwsError::NoKey));
}

/// RFC 9449 §4.2 rests on it.
#[test]
fn a_key_in_the_header_must_be_public_and_good() {
    let pair = Pair::p256();
    let token = pair.sign(Algorithm::Es256, &json!({ "alg": "ES256", "jwk": pair.public }), "{}");
    let signed = Jws::parse(&token).unwrap();
    assert_eq!(signed.own_key().map(Jwk::thumbprint), Some(key(&pair.public).thumbprint()));
    let mut private = pair.public.clone();
    private["d"] = json!("AAAA");
    let token = pair.sign(Algorithm::Es256, &json!({ "alg": "ES256", "jwk": private }), "{}");
    assert_eq!(Jws::parse(&token).err(), Some(JwsError::Key(JwkError::Private)));
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "[ -~]{0,80}(\\.[ -~]{0,80}){0,3}") {
        let kid = Jws::parse(&text).ok().and_then(|signed| signed.kid().map(str::to_owned));
        let keys = JwkSet::parse(&text).map_or(0, |set| set.candidates(Algorithm::Es256, kid.as_deref()).count());
        prop_assert_eq!(keys, 0);
    }

    /// One bit of a token changed, wherever it is, and nobody takes it for the same one.
    #[test]
    fn a_changed_token_is_refused(at in 0_usize..1000, bit in 0_u8..7) {
        let pair = Pair::ed25519();
        let public = key(&pair.public);
        let mut bytes = pair.sign(Algorithm::EdDsa, &json!({ "alg": "EdDSA" }), r#"{"sub":"a"}"#).into_bytes();
        let at = at % bytes.len();
        bytes[at] ^= 1 << bit;
        let changed = String::from_utf8(bytes).unwrap();
        prop_assert!(Jws::parse(&changed).and_then(|signed| signed.claims(&public)).is_err());
    }
}
