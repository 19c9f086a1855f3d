//! An authenticator without a person: it makes keys and signs, as a browser would hand it on (Web Authentication Level 3), or
//! as a test wants it to.

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
use openssl::sign::Signer;
use serde_json::Value;
use serde_json::json;
use sha2::Digest;
use sha2::Sha256;

use super::app::TestApp;
use super::caller::Answer;
use super::caller::Browser;
use super::factors::recovery_codes;

/// Somebody was there.
pub const PRESENT: u8 = 1;
/// The authenticator made sure of them.
pub const VERIFIED: u8 = 1 << 2;
/// The key may be copied to other devices.
pub const BACKUP_ELIGIBLE: u8 = 1 << 3;
/// It was.
pub const BACKED_UP: u8 = 1 << 4;
/// There is a new key in it.
const ATTESTED: u8 = 1 << 6;

/// A form on a page that a passkey fills in.
#[derive(Debug, Clone)]
pub struct PasskeyForm {
    /// Where it is posted to.
    pub action: String,
    /// What the browser is asked for.
    pub options: Value,
    /// All that stands in it.
    pub fields: Vec<(String, String)>,
}

impl PasskeyForm {
    /// The form on `page`, if there is one.
    pub fn find(page: &Answer) -> Option<Self> {
        let (before, inside) = page.body.split_once(" data-passkey=\"")?;
        let (_, start) = before.rsplit_once("<form")?;
        let (rest, inside) = inside.split_once('>')?;
        let tag = format!("<input {start} {rest}>");
        let attribute = |tag: &str, name: &str| {
            // What reads inputs reads any tag.
            let tag = tag.replace(&format!(" {name}="), " name=\"it\" value=");
            Answer { status: 200, headers: Default::default(), body: tag }.find_input("it")
        };
        let inside = inside.split("</form>").next()?;
        let inputs = inside.split("<input").skip(1).filter_map(|input| {
            let tag = format!("<input{}>", input.split('>').next()?);
            let name = tag.split(" name=\"").nth(1)?.split('"').next()?.to_owned();
            let value = Answer { status: 200, headers: Default::default(), body: tag }.find_input(&name)?;
            Some((name, value))
        });
        let options = serde_json::from_str(&attribute(&tag, "data-options")?).expect("options in JSON");
        Some(Self { action: attribute(&tag, "action")?, options, fields: inputs.collect() })
    }

    /// The form on `page`.
    #[track_caller]
    pub fn of(page: &Answer) -> Self {
        Self::find(page).unwrap_or_else(|| panic!("no form for a passkey ({}): {}", page.status, page.body))
    }

    /// The value of a field.
    pub fn field(&self, name: &str) -> &str {
        self.fields.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// Puts `value` in the place of a field's, or adds it.
    pub fn set(&mut self, name: &str, value: &str) {
        self.fields.retain(|(known, _)| known != name);
        self.fields.push((name.to_owned(), value.to_owned()));
    }
}

/// An authenticator with one key. What it says of itself may be changed.
#[derive(Clone)]
pub struct Passkey {
    /// The private key.
    pub key: PKey<Private>,
    /// What it calls its key.
    pub credential: Vec<u8>,
    /// Who it says its user is.
    pub user_handle: Vec<u8>,
    /// What it says of its person and of its key.
    pub flags: u8,
    /// Its count of its signatures.
    pub count: u32,
    /// The page on which the browser says it was used.
    pub origin: String,
    /// The host that it says it was used for.
    pub rp_id: String,
    /// What the browser says that it signed, where that is not what the page gave.
    pub challenge: Option<String>,
    /// The type that the browser says it was, where it is another.
    pub kind: Option<&'static str>,
    /// Whether the browser says that it was in a frame of another site.
    pub cross_origin: bool,
}

impl Passkey {
    /// One that makes sure of its person, keeps its key to itself, and is used at `app`.
    pub fn at(app: &TestApp) -> Self {
        let key = EcKey::generate(&EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap()).unwrap();
        let url = url::Url::parse(&app.issuer).unwrap();
        Self {
            key: PKey::from_ec_key(key).unwrap(),
            credential: hallpass::random::Random.bytes::<32>().to_vec(),
            user_handle: Vec::new(),
            flags: PRESENT | VERIFIED,
            count: 0,
            origin: url.origin().ascii_serialization(),
            rp_id: url.host_str().unwrap().to_owned(),
            challenge: None,
            kind: None,
            cross_origin: false,
        }
    }

    /// Fills in a form that asks for a new key.
    pub fn create(&mut self, form: &PasskeyForm) -> PasskeyForm {
        self.user_handle = URL_SAFE_NO_PAD.decode(form.options["user"]["id"].as_str().unwrap()).unwrap();
        let length = u16::try_from(self.credential.len()).unwrap().to_be_bytes();
        let attested = [&[0; 16], &length[..], &self.credential, &self.public_key()].concat();
        let data = [self.data(ATTESTED), attested].concat();
        // RFC 8949 §3: { "fmt": "none", "attStmt": {}, "authData": … }
        let head = [&b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x59"[..], &two(data.len())].concat();
        let mut filled = form.clone();
        filled.set("credential", &URL_SAFE_NO_PAD.encode(&self.credential));
        filled.set("client_data", &URL_SAFE_NO_PAD.encode(self.client_data("webauthn.create", form)));
        filled.set("attestation", &URL_SAFE_NO_PAD.encode([head, data].concat()));
        filled.set("transports", "usb internal smoke-signal");
        filled
    }

    /// Fills in a form that asks for a signature.
    pub fn get(&self, form: &PasskeyForm) -> PasskeyForm {
        let (data, client_data) = (self.data(0), self.client_data("webauthn.get", form));
        let signed = [&data[..], &Sha256::digest(&client_data)].concat();
        let signature = Signer::new(MessageDigest::sha256(), &self.key).unwrap().sign_oneshot_to_vec(&signed).unwrap();
        let mut filled = form.clone();
        for (name, value) in [
            ("credential", &self.credential),
            ("client_data", &client_data),
            ("authenticator_data", &data),
            ("signature", &signature),
            ("user_handle", &self.user_handle),
        ] {
            filled.set(name, &URL_SAFE_NO_PAD.encode(value));
        }
        filled
    }

    fn client_data(&self, kind: &str, form: &PasskeyForm) -> Vec<u8> {
        let challenge = self.challenge.as_deref().unwrap_or_else(|| form.field("challenge"));
        let client_data = json!({
            "type": self.kind.unwrap_or(kind),
            "challenge": challenge,
            "origin": self.origin,
            "crossOrigin": self.cross_origin,
        });
        client_data.to_string().into_bytes()
    }

    /// Web Authentication §6.1.
    fn data(&self, flags: u8) -> Vec<u8> {
        [&Sha256::digest(&self.rp_id)[..], &[self.flags | flags], &self.count.to_be_bytes()].concat()
    }

    /// COSE_Key (RFC 9053 §7.1.1): EC2, ES256, P-256, x, y.
    fn public_key(&self) -> Vec<u8> {
        let key = self.key.ec_key().unwrap();
        let (mut x, mut y) = (BigNum::new().unwrap(), BigNum::new().unwrap());
        let mut context = BigNumContext::new().unwrap();
        key.public_key().affine_coordinates(key.group(), &mut x, &mut y, &mut context).unwrap();
        let (x, y) = (x.to_vec_padded(32).unwrap(), y.to_vec_padded(32).unwrap());
        [&b"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20"[..], &x, b"\x22\x58\x20", &y].concat()
    }
}

fn two(length: usize) -> [u8; 2] {
    u16::try_from(length).unwrap().to_be_bytes()
}

impl Browser {
    /// Posts a form as it stands.
    pub async fn post_form(&self, form: &PasskeyForm) -> Answer {
        let fields: Vec<(&str, &str)> =
            form.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.post(&form.action, &fields).await
    }

    /// Has `passkey` sign for the form on the page at `path`, and posts it.
    pub async fn show_passkey(&self, path: &str, passkey: &Passkey) -> Answer {
        self.post_form(&passkey.get(&PasskeyForm::of(&self.get(path).await))).await
    }

    /// Has `passkey` make a key for the form on the page at `path`, and posts it.
    pub async fn make_passkey(&self, path: &str, passkey: &mut Passkey) -> Answer {
        self.post_form(&passkey.create(&PasskeyForm::of(&self.get(path).await))).await
    }
}

impl TestApp {
    /// A server that browsers have passkeys for: it is reached by a name.
    pub async fn start_by_name(settings: &str) -> Self {
        // Free a moment ago; nobody else asks the system for this very one.
        let address = std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).unwrap();
        let issuer = format!("http://localhost:{}", address.port());
        Self::start_with(&format!("listen = \"{address}\"\nissuer = \"{issuer}\"\n{settings}")).await
    }

    /// Adds a passkey to the account that `browser` is signed in to, as its first factor. Returns it and the recovery codes.
    pub async fn add_passkey(&self, browser: &Browser) -> (Passkey, Vec<String>) {
        let mut passkey = Passkey::at(self);
        let shown = browser.make_passkey("/account/factors/passkeys", &mut passkey).await;
        assert_eq!(shown.status, 200, "{}", shown.body);
        (passkey, recovery_codes(&shown))
    }
}
