//! What the authenticator itself says (Web Authentication §6.1): for which host, who was there, how often it has signed, and
//! where it is new the key.

use sha2::Digest;
use sha2::Sha256;

use crate::webauthn::Expected;
use crate::webauthn::Refusal;
use crate::webauthn::bounded;
use crate::webauthn::cbor::Malformed;
use crate::webauthn::cbor::Reader;
use crate::webauthn::cose::CoseKey;

/// The longest name of a key, in bytes (§7.1 step 25).
pub const LONGEST_CREDENTIAL_ID: usize = 1023;

/// The flags (§6.1).
const USER_PRESENT: u8 = 1;
const USER_VERIFIED: u8 = 1 << 2;
const BACKUP_ELIGIBLE: u8 = 1 << 3;
const BACKED_UP: u8 = 1 << 4;
const ATTESTED: u8 = 1 << 6;
const EXTENDED: u8 = 1 << 7;

/// What was read.
#[derive(Debug, Clone)]
pub struct AuthenticatorData<'a> {
    rp_id_hash: [u8; 32],
    flags: u8,
    /// The authenticator's count of its signatures; 0 where it keeps none.
    pub sign_count: u32,
    /// The key, where it is new.
    pub attested: Option<Attested<'a>>,
}

/// A new key (§6.5.1).
#[derive(Debug, Clone)]
pub struct Attested<'a> {
    /// What the authenticator calls it.
    pub credential_id: &'a [u8],
    /// The public key, as it stands there.
    pub public_key: &'a [u8],
}

impl<'a> AuthenticatorData<'a> {
    /// Reads all of `bytes`.
    ///
    /// # Errors
    /// [`Refusal::AuthenticatorData`], and where the key is refused as [`CoseKey::parse`].
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Refusal> {
        let malformed = Refusal::AuthenticatorData;
        let (rp_id_hash, rest) = bounded(bytes)?.split_first_chunk::<32>().ok_or(malformed)?;
        let ([flags], rest) = rest.split_first_chunk::<1>().ok_or(malformed)?;
        let (sign_count, mut rest) = rest.split_first_chunk::<4>().ok_or(malformed)?;
        // What can't be backed up is not (§6.1.3).
        if flags & BACKUP_ELIGIBLE == 0 && flags & BACKED_UP != 0 {
            return Err(malformed);
        }
        let mut attested = None;
        if flags & ATTESTED != 0 {
            let (_aaguid, behind) = rest.split_first_chunk::<16>().ok_or(malformed)?;
            let (length, behind) = behind.split_first_chunk::<2>().ok_or(malformed)?;
            let length = usize::from(u16::from_be_bytes(*length));
            let (credential_id, behind) = behind.split_at_checked(length).ok_or(malformed)?;
            if credential_id.is_empty() || length > LONGEST_CREDENTIAL_ID {
                return Err(malformed);
            }
            let (_, length) = CoseKey::parse_first(behind)?;
            let (public_key, behind) = behind.split_at_checked(length).ok_or(malformed)?;
            attested = Some(Attested { credential_id, public_key });
            rest = behind;
        }
        // We ask for no extensions and act on none (§9), but they may be there.
        let mut reader = Reader::new(rest);
        if flags & EXTENDED != 0 {
            reader.skip_map().map_err(|Malformed| malformed)?;
        }
        if !reader.is_at_end() {
            return Err(malformed);
        }
        Ok(Self { rp_id_hash: *rp_id_hash, flags: *flags, sign_count: u32::from_be_bytes(*sign_count), attested })
    }

    /// Checks host and person (§7.1 steps 14 to 16, §7.2 steps 15 to 17).
    ///
    /// # Errors
    /// [`Refusal::RpId`], [`Refusal::Absent`], [`Refusal::Unverified`].
    pub fn check(&self, expected: &Expected<'_>) -> Result<(), Refusal> {
        if self.rp_id_hash != <[u8; 32]>::from(Sha256::digest(expected.rp_id)) {
            return Err(Refusal::RpId);
        }
        if self.flags & USER_PRESENT == 0 {
            return Err(Refusal::Absent);
        }
        if expected.needs_verification && !self.user_verified() {
            return Err(Refusal::Unverified);
        }
        Ok(())
    }

    /// Whether the authenticator made sure of its person.
    pub fn user_verified(&self) -> bool {
        self.flags & USER_VERIFIED != 0
    }

    /// Whether the key may be copied to other devices (§6.1.3).
    pub fn backup_eligible(&self) -> bool {
        self.flags & BACKUP_ELIGIBLE != 0
    }

    /// Whether it was.
    pub fn backed_up(&self) -> bool {
        self.flags & BACKED_UP != 0
    }
}
