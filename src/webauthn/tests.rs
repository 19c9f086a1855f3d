//! Registrations and assertions of authenticators that these tests have the keys of: right as they are, and with each part
//! broken in turn.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openssl::bn::BigNum;
use openssl::bn::BigNumContext;
use openssl::ec::EcGroup;
use openssl::ec::EcKey;
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::PKey;
use openssl::pkey::Private;
use openssl::rsa::Rsa;
use openssl::sign::Signer;
use proptest::prelude::*;
use serde_json::Value;
use serde_json::json;
use sha2::Digest;
use sha2::Sha256;

use super::*;
use crate::webauthn::assertion::Asserted;
use crate::webauthn::authenticator_data::AuthenticatorData;
use crate::webauthn::cose::CoseKey;
use crate::webauthn::registration::Registered;

const CHALLENGE: &[u8] = b"thirty-two bytes that were random";
const ORIGIN: &str = "https://id.example.org";
const RP_ID: &str = "id.example.org";
const CREDENTIAL: &[u8] = b"credential";

const UP: u8 = 1;
const UV: u8 = 1 << 2;
const BE: u8 = 1 << 3;
const BS: u8 = 1 << 4;
const AT: u8 = 1 << 6;
const ED: u8 = 1 << 7;

const EXPECTED: Expected<'_> =
    Expected { challenge: CHALLENGE, origin: ORIGIN, rp_id: RP_ID, needs_verification: false };
const STRICT: Expected<'_> = Expected { needs_verification: true, ..EXPECTED };

/// CBOR (RFC 8949 §3): the head of an item.
fn head(major: u8, number: usize) -> Vec<u8> {
    match (u8::try_from(number), u16::try_from(number)) {
        (Ok(small @ 0..24), _) => vec![major << 5 | small],
        (Ok(byte), _) => vec![major << 5 | 24, byte],
        (_, Ok(two)) => [&[major << 5 | 25], &two.to_be_bytes()[..]].concat(),
        _ => panic!("{number} is more than these tests need"),
    }
}

fn int(number: i64) -> Vec<u8> {
    match usize::try_from(number) {
        Ok(number) => head(0, number),
        Err(_) => head(1, usize::try_from(-1 - number).unwrap()),
    }
}

fn bytes(bytes: &[u8]) -> Vec<u8> {
    [head(2, bytes.len()), bytes.to_vec()].concat()
}

fn text(text: &str) -> Vec<u8> {
    [head(3, text.len()), text.as_bytes().to_vec()].concat()
}

fn map(entries: &[(Vec<u8>, Vec<u8>)]) -> Vec<u8> {
    let mut map = head(5, entries.len());
    map.extend(entries.iter().flat_map(|(name, value)| [name.clone(), value.clone()].concat()));
    map
}

/// An authenticator with one key.
struct Authenticator {
    key: PKey<Private>,
    public: Vec<u8>,
}

impl Authenticator {
    fn es256() -> Self {
        let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
        let key = EcKey::generate(&group).unwrap();
        let (mut x, mut y) = (BigNum::new().unwrap(), BigNum::new().unwrap());
        let mut context = BigNumContext::new().unwrap();
        key.public_key().affine_coordinates(&group, &mut x, &mut y, &mut context).unwrap();
        let (x, y) = (x.to_vec_padded(32).unwrap(), y.to_vec_padded(32).unwrap());
        Self { key: PKey::from_ec_key(key).unwrap(), public: ec2(&x, &y) }
    }

    fn eddsa() -> Self {
        let key = PKey::generate_ed25519().unwrap();
        let public =
            [(int(1), int(1)), (int(3), int(-8)), (int(-1), int(6)), (int(-2), bytes(&key.raw_public_key().unwrap()))];
        Self { public: map(&public), key }
    }

    fn rs256() -> Self {
        let key = Rsa::generate(2048).unwrap();
        let (n, e) = (bytes(&key.n().to_vec()), bytes(&key.e().to_vec()));
        let public = map(&[(int(1), int(3)), (int(3), int(-257)), (int(-1), n), (int(-2), e)]);
        Self { key: PKey::from_rsa(key).unwrap(), public }
    }

    fn sign(&self, data: &[u8], client_data: &[u8]) -> Vec<u8> {
        let signed = [data, &Sha256::digest(client_data)].concat();
        if self.key.raw_public_key().is_ok() {
            return Signer::new_without_digest(&self.key).unwrap().sign_oneshot_to_vec(&signed).unwrap();
        }
        Signer::new(MessageDigest::sha256(), &self.key).unwrap().sign_oneshot_to_vec(&signed).unwrap()
    }

    /// An assertion with this client data and these authenticator data, signed.
    fn assert(&self, client_data: &[u8], data: &[u8], expected: &Expected<'_>) -> Result<Asserted, Refusal> {
        let signature = self.sign(data, client_data);
        let response = assertion::Response { client_data, authenticator_data: data, signature: &signature };
        assertion::verify(&response, &self.public, expected)
    }

    /// What it says of its new key.
    fn attested(&self, flags: u8, rest: &[u8]) -> Vec<u8> {
        let length = u16::try_from(CREDENTIAL.len()).unwrap().to_be_bytes();
        [&data(RP_ID, flags | AT, 0)[..], &[0; 16], &length, CREDENTIAL, &self.public, rest].concat()
    }
}

fn ec2(x: &[u8], y: &[u8]) -> Vec<u8> {
    map(&[(int(1), int(2)), (int(3), int(-7)), (int(-1), int(1)), (int(-2), bytes(x)), (int(-3), bytes(y))])
}

fn data(rp_id: &str, flags: u8, count: u32) -> Vec<u8> {
    [&Sha256::digest(rp_id)[..], &[flags], &count.to_be_bytes()].concat()
}

fn attestation(data: &[u8]) -> Vec<u8> {
    map(&[(text("fmt"), text("none")), (text("attStmt"), map(&[])), (text("authData"), bytes(data))])
}

fn client_data(kind: &str) -> Value {
    json!({
        "type": kind,
        "challenge": URL_SAFE_NO_PAD.encode(CHALLENGE),
        "origin": ORIGIN,
        "crossOrigin": false,
    })
}

fn create() -> Vec<u8> {
    client_data("webauthn.create").to_string().into_bytes()
}

fn get() -> Vec<u8> {
    client_data("webauthn.get").to_string().into_bytes()
}

fn register(client_data: &[u8], attestation: &[u8], expected: &Expected<'_>) -> Result<Registered, Refusal> {
    registration::verify(&registration::Response { client_data, attestation }, expected)
}

#[test]
fn a_registration_gives_the_key_and_the_key_verifies_assertions() {
    for authenticator in [Authenticator::es256(), Authenticator::eddsa(), Authenticator::rs256()] {
        let attested = authenticator.attested(UP | UV | BE | BS, &[]);
        let registered = register(&create(), &attestation(&attested), &STRICT).unwrap();
        assert_eq!(
            registered,
            Registered {
                credential_id: CREDENTIAL.to_vec(),
                public_key: authenticator.public.clone(),
                sign_count: 0,
                user_verified: true,
                backup_eligible: true,
                backed_up: true,
            }
        );
        let asserted = authenticator.assert(&get(), &data(RP_ID, UP, 7), &EXPECTED).unwrap();
        let expected = Asserted { sign_count: 7, user_verified: false, backup_eligible: false, backed_up: false };
        assert_eq!(asserted, expected);
    }
}

#[test]
fn what_client_data_say_must_be_what_is_expected() {
    let authenticator = Authenticator::es256();
    let attested = attestation(&authenticator.attested(UP, &[]));
    let changed = |kind: &str, name: &str, value: Value| {
        let mut changed = client_data(kind);
        changed[name] = value;
        changed.to_string().into_bytes()
    };
    let other = URL_SAFE_NO_PAD.encode(b"another challenge");
    let cases = [
        ("type", json!("webauthn.other"), Refusal::Type),
        ("type", json!(1), Refusal::ClientData),
        ("challenge", json!(other), Refusal::Challenge),
        ("challenge", json!(""), Refusal::Challenge),
        ("challenge", json!("="), Refusal::ClientData),
        ("challenge", Value::Null, Refusal::ClientData),
        ("origin", json!("https://id.example.org.evil.test"), Refusal::Origin),
        ("origin", json!("https://id.example.org/"), Refusal::Origin),
        ("origin", json!("https://id.example.org:8443"), Refusal::Origin),
        ("origin", json!("http://id.example.org"), Refusal::Origin),
        ("origin", json!("https://app.id.example.org"), Refusal::Origin),
        ("crossOrigin", json!(true), Refusal::CrossOrigin),
        ("crossOrigin", json!("false"), Refusal::CrossOrigin),
        ("topOrigin", json!("https://evil.test"), Refusal::CrossOrigin),
        ("topOrigin", json!(ORIGIN), Refusal::CrossOrigin),
    ];
    for (name, value, refusal) in cases {
        let registered = register(&changed("webauthn.create", name, value.clone()), &attested, &EXPECTED);
        assert_eq!(registered, Err(refusal), "{name}: {value}");
        let asserted =
            authenticator.assert(&changed("webauthn.get", name, value.clone()), &data(RP_ID, UP, 0), &EXPECTED);
        assert_eq!(asserted, Err(refusal), "{name}: {value}");
    }
    assert_eq!(register(&get(), &attested, &EXPECTED), Err(Refusal::Type), "an assertion is no registration");
    assert_eq!(authenticator.assert(&create(), &data(RP_ID, UP, 0), &EXPECTED), Err(Refusal::Type));
    let mut bare = client_data("webauthn.get");
    bare.as_object_mut().unwrap().remove("crossOrigin");
    bare["something"] = json!({ "new": [1] });
    authenticator.assert(bare.to_string().as_bytes(), &data(RP_ID, UP, 0), &EXPECTED).unwrap();
    let twice = String::from_utf8(get()).unwrap().replace('{', "{\"type\":\"webauthn.get\",");
    for broken in ["", "{}", "[]", "null", "{\"type\":", &twice] {
        let asserted = authenticator.assert(broken.as_bytes(), &data(RP_ID, UP, 0), &EXPECTED);
        assert_eq!(asserted, Err(Refusal::ClientData), "{broken}");
    }
}

#[test]
fn host_and_person_must_be_those_that_are_expected() {
    let authenticator = Authenticator::es256();
    let cases = [
        (data("evil.test", UP | UV, 0), &EXPECTED, Err(Refusal::RpId)),
        (data("app.id.example.org", UP | UV, 0), &EXPECTED, Err(Refusal::RpId)),
        (data(RP_ID, 0, 0), &EXPECTED, Err(Refusal::Absent)),
        (data(RP_ID, UV, 0), &STRICT, Err(Refusal::Absent)),
        (data(RP_ID, UP, 0), &STRICT, Err(Refusal::Unverified)),
        (data(RP_ID, UP | UV, 0), &STRICT, Ok(())),
        (data(RP_ID, UP, 0), &EXPECTED, Ok(())),
        (data(RP_ID, UP | BS, 0), &EXPECTED, Err(Refusal::AuthenticatorData)),
        (data(RP_ID, UP, 0)[..36].to_vec(), &EXPECTED, Err(Refusal::AuthenticatorData)),
        ([data(RP_ID, UP, 0), vec![0]].concat(), &EXPECTED, Err(Refusal::AuthenticatorData)),
        ([data(RP_ID, UP | ED, 0), map(&[(text("a"), int(1))])].concat(), &EXPECTED, Ok(())),
        ([data(RP_ID, UP | ED, 0), int(1)].concat(), &EXPECTED, Err(Refusal::AuthenticatorData)),
        (data(RP_ID, UP | ED, 0), &EXPECTED, Err(Refusal::AuthenticatorData)),
        (vec![0; LONGEST + 1], &EXPECTED, Err(Refusal::TooLong)),
    ];
    for (data, expected, verdict) in cases {
        assert_eq!(authenticator.assert(&get(), &data, expected).map(drop), verdict, "{data:?}");
    }
    for (flags, expected, verdict) in [
        (UP | UV, &STRICT, Ok(())),
        (UP, &EXPECTED, Ok(())),
        (UP, &STRICT, Err(Refusal::Unverified)),
        (0, &EXPECTED, Err(Refusal::Absent)),
        (UP | BS, &EXPECTED, Err(Refusal::AuthenticatorData)),
    ] {
        let attested = attestation(&authenticator.attested(flags, &[]));
        assert_eq!(register(&create(), &attested, expected).map(drop), verdict, "{flags:b}");
    }
    let elsewhere = Expected { rp_id: "evil.test", ..EXPECTED };
    let attested = attestation(&authenticator.attested(UP, &[]));
    assert_eq!(register(&create(), &attested, &elsewhere), Err(Refusal::RpId));
}

#[test]
fn a_signature_is_that_of_the_key_over_all_that_was_said() {
    let (mine, other) = (Authenticator::es256(), Authenticator::es256());
    for authenticator in [mine, Authenticator::eddsa(), Authenticator::rs256()] {
        let (client_data, data) = (get(), data(RP_ID, UP, 1));
        let signature = authenticator.sign(&data, &client_data);
        let verify = |client_data: &[u8], data: &[u8], signature: &[u8]| {
            let response = assertion::Response { client_data, authenticator_data: data, signature };
            assertion::verify(&response, &authenticator.public, &EXPECTED)
        };
        assert!(verify(&client_data, &data, &signature).is_ok());
        let mut counted = data.clone();
        counted[36] = 2;
        assert_eq!(verify(&client_data, &counted, &signature), Err(Refusal::Signature));
        let spaced = [&client_data[..], b" "].concat();
        assert_eq!(verify(&spaced, &data, &signature), Err(Refusal::Signature));
        assert_eq!(verify(&client_data, &data, &other.sign(&data, &client_data)), Err(Refusal::Signature));
        assert_eq!(verify(&client_data, &data, &[]), Err(Refusal::Signature));
        assert_eq!(verify(&client_data, &data, &[&signature[..], &[0]].concat()), Err(Refusal::Signature));
        for at in 0..signature.len() {
            let mut broken = signature.clone();
            broken[at] ^= 1;
            assert_eq!(verify(&client_data, &data, &broken), Err(Refusal::Signature), "byte {at}");
        }
        assert_eq!(verify(&client_data, &data, &vec![0; LONGEST + 1]), Err(Refusal::TooLong));
    }
}

#[test]
fn an_attestation_object_has_its_three_parts_and_its_statement_decides_nothing() {
    let authenticator = Authenticator::es256();
    let data = authenticator.attested(UP, &[]);
    let part = |name: &str, value: Vec<u8>| (text(name), value);
    let (format, statement) = (part("fmt", text("none")), part("attStmt", map(&[])));
    let auth = part("authData", bytes(&data));
    // What a security key sends in the format `packed`: a signature that is not looked at, and certificates.
    let certificates = [head(4, 1), bytes(&[0; 600])].concat();
    let packed = map(&[(text("alg"), int(-7)), (text("sig"), bytes(b"no signature")), (text("x5c"), certificates)]);
    for good in [
        map(&[part("fmt", text("packed")), part("attStmt", packed), auth.clone()]),
        map(&[auth.clone(), part("fmt", text("what nobody knows")), statement.clone()]),
    ] {
        assert!(register(&create(), &good, &EXPECTED).is_ok());
    }
    let nested = (0..1000).fold(int(1), |inner, _| [head(4, 1), inner].concat());
    let indefinite = [vec![0xbf], text("a"), int(1), vec![0xff]].concat();
    let whole = attestation(&data);
    for (why, bad) in [
        ("nothing", Vec::new()),
        ("no map", int(1)),
        ("empty", map(&[])),
        ("no format", map(&[statement.clone(), auth.clone()])),
        ("no statement", map(&[format.clone(), auth.clone()])),
        ("no data", map(&[format.clone(), statement.clone()])),
        ("twice", map(&[format.clone(), statement.clone(), auth.clone(), auth.clone()])),
        ("more", map(&[format.clone(), statement.clone(), auth.clone(), part("more", int(1))])),
        ("behind it", [whole.clone(), vec![0]].concat()),
        ("with more than nothing in the format none", {
            let signed = map(&[(text("sig"), bytes(b"no signature"))]);
            map(&[part("attStmt", signed), format.clone(), auth.clone()])
        }),
        ("no map", map(&[part("fmt", text("packed")), part("attStmt", bytes(b"no map")), auth.clone()])),
        ("no map in the format none", map(&[format.clone(), part("attStmt", head(4, 0)), auth.clone()])),
        ("deep", map(&[format.clone(), part("attStmt", nested), auth.clone()])),
        ("of no length", map(&[format.clone(), part("attStmt", indefinite), auth.clone()])),
        (
            "of too great a length",
            map(&[format.clone(), part("attStmt", vec![0x9b, 255, 255, 255, 255, 255, 255, 255, 255])]),
        ),
        ("no text", map(&[part("fmt", [head(3, 1), vec![0xff]].concat()), statement.clone(), auth.clone()])),
    ] {
        assert_eq!(register(&create(), &bad, &EXPECTED), Err(Refusal::Attestation), "{why}");
    }
    for length in 0..whole.len() {
        let cut = register(&create(), &whole[..length], &EXPECTED);
        assert!(cut.is_err(), "{length} of {} bytes", whole.len());
    }
    assert_eq!(register(&create(), &vec![0; LONGEST + 1], &EXPECTED), Err(Refusal::TooLong));
    let bare = attestation(&tests::data(RP_ID, UP, 0));
    assert_eq!(register(&create(), &bare, &EXPECTED), Err(Refusal::AuthenticatorData), "without a key");
    let extended = attestation(&authenticator.attested(UP | ED, &map(&[(text("credProtect"), int(2))])));
    assert!(register(&create(), &extended, &EXPECTED).is_ok(), "extensions may be there");
    let behind = attestation(&authenticator.attested(UP, &[0]));
    assert_eq!(register(&create(), &behind, &EXPECTED), Err(Refusal::AuthenticatorData), "bytes behind the key");
}

#[test]
fn a_credential_id_has_1_to_1023_bytes() {
    let authenticator = Authenticator::es256();
    for (length, good) in [(0, false), (1, true), (1023, true), (1024, false), (u16::MAX, false)] {
        let credential = vec![7; usize::from(length).min(1024)];
        let data = [&data(RP_ID, UP | AT, 0)[..], &[0; 16], &length.to_be_bytes(), &credential, &authenticator.public]
            .concat();
        assert_eq!(AuthenticatorData::parse(&data).is_ok(), good, "{length}");
    }
}

#[test]
fn a_key_is_of_an_offered_kind_and_has_nothing_beside() {
    let (authenticator, edwards) = (Authenticator::es256(), Authenticator::eddsa());
    assert!(CoseKey::parse(&authenticator.public).is_ok() && CoseKey::parse(&edwards.public).is_ok());
    let x = bytes(&[1; 32]);
    let entry = |label: i64, value: Vec<u8>| (int(label), value);
    let refused = |entries: &[(Vec<u8>, Vec<u8>)]| CoseKey::parse(&map(entries)).map(drop);
    let ec2 = [entry(1, int(2)), entry(3, int(-7)), entry(-1, int(1)), entry(-2, x.clone()), entry(-3, x.clone())];
    let with = |at: usize, other: (Vec<u8>, Vec<u8>)| {
        let mut entries = ec2.to_vec();
        entries[at] = other;
        entries
    };
    assert_eq!(refused(&ec2), Err(Refusal::Key(JwkError::Point)), "not on the curve");
    assert_eq!(refused(&with(1, entry(3, int(-35)))), Err(Refusal::Algorithm), "ES384");
    assert_eq!(refused(&with(1, entry(3, int(-8)))), Err(Refusal::Algorithm), "EdDSA on P-256");
    assert_eq!(refused(&with(2, entry(-1, int(2)))), Err(Refusal::Algorithm), "P-384");
    assert_eq!(refused(&with(0, entry(1, int(4)))), Err(Refusal::Algorithm), "a shared key");
    assert_eq!(refused(&with(3, entry(-2, bytes(&[1; 31])))), Err(Refusal::Key(JwkError::Member("x"))));
    assert_eq!(refused(&with(4, entry(-3, int(1)))), Err(Refusal::KeyForm), "a compressed point");
    assert_eq!(refused(&with(4, entry(-4, x.clone()))), Err(Refusal::KeyForm), "no y");
    assert_eq!(refused(&with(4, entry(-2, x.clone()))), Err(Refusal::KeyForm), "x twice");
    assert_eq!(refused(&[&ec2[..], &[entry(2, bytes(b"kid"))]].concat()), Err(Refusal::KeyForm), "a key id");
    assert_eq!(refused(&[]), Err(Refusal::KeyForm));
    assert_eq!(CoseKey::parse(&[&authenticator.public[..], &[0]].concat()).map(drop), Err(Refusal::KeyForm));
    let weak = Rsa::generate(1024).unwrap();
    let weak = [
        entry(1, int(3)),
        entry(3, int(-257)),
        entry(-1, bytes(&weak.n().to_vec())),
        entry(-2, bytes(&weak.e().to_vec())),
    ];
    assert_eq!(refused(&weak), Err(Refusal::Key(JwkError::Rsa)));
}

proptest! {
    /// Whatever comes is refused, and nothing more happens.
    #[test]
    fn random_bytes_are_refused(client_data: Vec<u8>, data: Vec<u8>, signature: Vec<u8>, key: Vec<u8>) {
        prop_assert!(register(&client_data, &data, &EXPECTED).is_err());
        let response =
            assertion::Response { client_data: &client_data, authenticator_data: &data, signature: &signature };
        prop_assert!(assertion::verify(&response, &key, &EXPECTED).is_err());
    }

    /// The same, where all but one part is as it should be.
    #[test]
    fn random_bytes_in_one_part_are_refused(random: Vec<u8>) {
        prop_assert!(register(&create(), &random, &EXPECTED).is_err());
        prop_assert!(register(&create(), &attestation(&random), &EXPECTED).is_err());
        let attested = [&data(RP_ID, UP | AT | ED, 0)[..], &random].concat();
        prop_assert!(register(&create(), &attestation(&attested), &EXPECTED).is_err());
        let response =
            assertion::Response { client_data: &get(), authenticator_data: &data(RP_ID, UP, 0), signature: &random };
        prop_assert!(assertion::verify(&response, &random, &EXPECTED).is_err());
    }

    /// A registration of which one byte is another is refused, or has the same host and a key that is one.
    #[test]
    fn a_changed_byte_never_does_more_than_change_what_is_said(at: prop::sample::Index, byte: u8) {
        let authenticator = Authenticator::eddsa();
        let mut changed = attestation(&authenticator.attested(UP, &[]));
        let at = at.index(changed.len());
        changed[at] = byte;
        if let Ok(registered) = register(&create(), &changed, &EXPECTED) {
            prop_assert!(CoseKey::parse(&registered.public_key).is_ok());
        }
    }
}
