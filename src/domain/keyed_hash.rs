//! HMAC-SHA-256 under one of the server's secret keys (RFC 2104).

use hmac::Hmac;
use hmac::KeyInit;
use sha2::Sha256;
use zeroize::Zeroizing;

/// A hash that is begun.
pub type Begun = Hmac<Sha256>;

/// A hash under `key`, yet empty. The callers' contexts begin with labels of their own, so that none makes what
/// another accepts.
pub fn begin(key: &[u8; 32]) -> Begun {
    // RFC 2104 §2 fills a key up to the hash's block with zeros; done here, nothing is left that could fail.
    let mut block = Zeroizing::new([0; 64]);
    block[..key.len()].copy_from_slice(key);
    Hmac::new((&*block).into())
}
