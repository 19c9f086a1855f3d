//! Encryption of what must lie in a database and be read by nobody else: AES-256-GCM.

use openssl::symm::Cipher;
use openssl::symm::decrypt_aead;
use openssl::symm::encrypt_aead;
use zeroize::Zeroizing;

/// The form of what is sealed, for the day on which there is another.
const VERSION: u8 = 1;
const NONCE: usize = 12;
const TAG: usize = 16;

/// Encrypts `plain` under `key`, with a `nonce` that was never used with this key. `context` says what it is: where it is
/// moved to another place, it is not opened there.
///
/// # Errors
/// What OpenSSL says.
pub fn seal(key: &[u8; 32], nonce: [u8; NONCE], context: &str, plain: &[u8]) -> Result<Vec<u8>, String> {
    let mut tag = [0; TAG];
    let sealed = encrypt_aead(Cipher::aes_256_gcm(), key, Some(&nonce), context.as_bytes(), plain, &mut tag);
    let sealed = sealed.map_err(|error| error.to_string())?;
    Ok([&[VERSION], &nonce[..], &sealed, &tag].concat())
}

/// What was sealed under `key` in this `context`; `None` where it was not.
pub fn open(key: &[u8; 32], context: &str, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (version, rest) = sealed.split_first()?;
    let (nonce, rest) = rest.split_at_checked(NONCE)?;
    let (text, tag) = rest.split_at_checked(rest.len().checked_sub(TAG)?)?;
    if *version != VERSION {
        return None;
    }
    decrypt_aead(Cipher::aes_256_gcm(), key, Some(nonce), context.as_bytes(), text, tag).ok().map(Zeroizing::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_is_opened_with_its_key_and_in_its_place_alone() {
        let sealed = seal(&[1; 32], [7; 12], "here", b"a secret").unwrap();
        assert_eq!(open(&[1; 32], "here", &sealed).unwrap().as_slice(), b"a secret");
        assert!(!sealed.windows(8).any(|part| part == b"a secret"));
        assert_eq!(open(&[2; 32], "here", &sealed), None);
        assert_eq!(open(&[1; 32], "there", &sealed), None);
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert_eq!(open(&[1; 32], "here", &changed), None, "{at}");
            assert_eq!(open(&[1; 32], "here", &sealed[..at]), None, "{at}");
        }
    }
}
