//! A signature by which somebody shows that they have a key (Web Authentication §7.2).

use sha2::Digest;
use sha2::Sha256;

use crate::webauthn::Expected;
use crate::webauthn::Refusal;
use crate::webauthn::authenticator_data::AuthenticatorData;
use crate::webauthn::bounded;
use crate::webauthn::client_data;
use crate::webauthn::cose::CoseKey;

/// What the browser hands on (§5.2.2).
#[derive(Debug, Clone, Copy)]
pub struct Response<'a> {
    /// `clientDataJSON`.
    pub client_data: &'a [u8],
    /// `authenticatorData`.
    pub authenticator_data: &'a [u8],
    /// `signature`.
    pub signature: &'a [u8],
}

/// What the authenticator said, where its signature is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asserted {
    /// Its count of its signatures; 0 where it keeps none. Whether it went back is yet to be looked at (§6.1.1).
    pub sign_count: u32,
    /// Whether it made sure of its person.
    pub user_verified: bool,
    /// Whether the key may be copied to other devices.
    pub backup_eligible: bool,
    /// Whether it was.
    pub backed_up: bool,
}

/// Verifies an assertion by the key `public_key` (COSE_Key).
///
/// # Errors
/// [`Refusal`].
pub fn verify(response: &Response<'_>, public_key: &[u8], expected: &Expected<'_>) -> Result<Asserted, Refusal> {
    client_data::check(response.client_data, client_data::GET, expected)?;
    let data = AuthenticatorData::parse(response.authenticator_data)?;
    data.check(expected)?;
    let key = CoseKey::parse(public_key)?;
    let signed = [response.authenticator_data, &Sha256::digest(response.client_data)[..]].concat();
    if !key.has_signed(&signed, bounded(response.signature)?) {
        return Err(Refusal::Signature);
    }
    Ok(Asserted {
        sign_count: data.sign_count,
        user_verified: data.user_verified(),
        backup_eligible: data.backup_eligible(),
        backed_up: data.backed_up(),
    })
}
