//! What lies in the database, or travels through a browser, and is read by nobody else: encrypted under the server's
//! secret key.

use hmac::Mac;
use zeroize::Zeroizing;

use crate::config::secret_key::SecretKeys;
use crate::domain::keyed_hash;
use crate::jose::sealing;
use crate::random::Random;

/// Encrypts `plain` under the key in use. `context` says what it is; it is opened as nothing else.
///
/// # Errors
/// What OpenSSL says.
pub fn seal(keys: &SecretKeys, context: &str, plain: &[u8]) -> Result<Vec<u8>, String> {
    sealing::seal(&sealing_key(keys.current()), Random.bytes(), context, plain)
}

/// What was sealed in this `context` under any of the keys; `None` where it was not.
pub fn open(keys: &SecretKeys, context: &str, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    keys.all().find_map(|secret| open_with(secret, context, sealed))
}

/// As [`open`], under this key alone.
pub fn open_with(secret: &[u8; 32], context: &str, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    sealing::open(&sealing_key(secret), context, sealed)
}

/// The key that encrypts, made of one of the server's secret keys for this alone.
fn sealing_key(secret: &[u8; 32]) -> Zeroizing<[u8; 32]> {
    let mut mac = keyed_hash::begin(secret);
    mac.update(b"sealed in the database\0");
    Zeroizing::new(mac.finalize().into_bytes().into())
}
