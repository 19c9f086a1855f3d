//! A new key of an authenticator (Web Authentication §7.1).

use crate::webauthn::Expected;
use crate::webauthn::Refusal;
use crate::webauthn::authenticator_data::AuthenticatorData;
use crate::webauthn::bounded;
use crate::webauthn::cbor::Malformed;
use crate::webauthn::cbor::Reader;
use crate::webauthn::client_data;

/// What the browser hands on (§5.2.1).
#[derive(Debug, Clone, Copy)]
pub struct Response<'a> {
    /// `clientDataJSON`.
    pub client_data: &'a [u8],
    /// `attestationObject`.
    pub attestation: &'a [u8],
}

/// A key that is good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registered {
    /// What the authenticator calls it.
    pub credential_id: Vec<u8>,
    /// The public key (COSE_Key, RFC 9052 §7).
    pub public_key: Vec<u8>,
    /// The authenticator's count of its signatures; 0 where it keeps none.
    pub sign_count: u32,
    /// Whether the authenticator made sure of its person.
    pub user_verified: bool,
    /// Whether the key may be copied to other devices.
    pub backup_eligible: bool,
    /// Whether it was.
    pub backed_up: bool,
}

/// Verifies a registration. We ask for no attestation (`none`, §8.7): who may have which make of authenticator is not ours
/// to say. Where a statement is there nevertheless, of whatever format, nothing is believed because of it and nothing
/// refused, as long as it is a map (§6.5.4); that of the format `none` is empty (§8.7).
///
/// # Errors
/// [`Refusal`].
pub fn verify(response: &Response<'_>, expected: &Expected<'_>) -> Result<Registered, Refusal> {
    client_data::check(response.client_data, client_data::CREATE, expected)?;
    let data = authenticator_data(bounded(response.attestation)?).map_err(|Malformed| Refusal::Attestation)?;
    let data = AuthenticatorData::parse(data)?;
    data.check(expected)?;
    let attested = data.attested.as_ref().ok_or(Refusal::AuthenticatorData)?;
    Ok(Registered {
        credential_id: attested.credential_id.to_vec(),
        public_key: attested.public_key.to_vec(),
        sign_count: data.sign_count,
        user_verified: data.user_verified(),
        backup_eligible: data.backup_eligible(),
        backed_up: data.backed_up(),
    })
}

/// The authenticator data in an attestation object (§6.5.4): `fmt`, `attStmt`, `authData`, each once.
fn authenticator_data(attestation: &[u8]) -> Result<&[u8], Malformed> {
    let mut reader = Reader::new(attestation);
    let (mut format, mut statement, mut data) = (None, None, None);
    for _ in 0..reader.map()? {
        let is_first = match reader.text()? {
            "fmt" => format.replace(reader.text()?).is_none(),
            "attStmt" => statement.replace(reader.skip_map()?).is_none(),
            "authData" => data.replace(reader.bytes()?).is_none(),
            _ => return Err(Malformed),
        };
        if !is_first {
            return Err(Malformed);
        }
    }
    match (format, statement, data) {
        (Some("none"), Some(1..), _) => Err(Malformed),
        (Some(_), Some(_), Some(data)) if reader.is_at_end() => Ok(data),
        _ => Err(Malformed),
    }
}
