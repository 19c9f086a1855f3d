//! What may be used once and on one node alone: the ids of assertions and proofs (RFC 7523 §3, RFC 9449 §11.1).

use sha2::Digest;
use sha2::Sha256;

use crate::model::time::Timestamp;
use crate::store::StoreError;
use crate::store::Tx;

/// What an id is of; one kind's ids are none of another's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An assertion by which a client says who it is; its owner is the client.
    Assertion,
    /// An assertion by which a client acts as somebody; its owner is the client.
    Grant,
    /// A proof of possession; its owner is the key.
    Proof,
}

impl Kind {
    const fn label(self) -> &'static [u8] {
        match self {
            Kind::Assertion => b"assertion",
            Kind::Grant => b"grant",
            Kind::Proof => b"proof",
        }
    }
}

/// Something that may be used once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Once {
    kind: Kind,
    hash: [u8; 32],
    expires_at: Timestamp,
}

impl Once {
    /// What `owner` gave this `id` (`jti` of RFC 7519 §4.1.7). From `expires_at` on it is refused for its age, so that it
    /// need not be remembered any longer.
    pub fn new(kind: Kind, owner: &str, id: &str, expires_at: Timestamp) -> Self {
        let mut hash = Sha256::new();
        for part in [kind.label(), owner.as_bytes(), id.as_bytes()] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        Self { kind, hash: hash.finalize().into(), expires_at }
    }
}

/// Uses all of them up, or up to the first that was used before, whose kind it returns.
///
/// # Errors
/// What the database says.
pub fn spend(tx: &mut Tx<'_>, all: &[Once]) -> Result<Option<Kind>, StoreError> {
    for once in all {
        if !tx.replays().remember(&once.hash, once.expires_at)? {
            return Ok(Some(once.kind));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_id_of_others_is_another() {
        let end = Timestamp::from_seconds(1);
        let one = Once::new(Kind::Proof, "ab", "c", end);
        assert_eq!(one, Once::new(Kind::Proof, "ab", "c", end));
        for other in [
            Once::new(Kind::Proof, "a", "bc", end),
            Once::new(Kind::Proof, "ab", "d", end),
            Once::new(Kind::Assertion, "ab", "c", end),
        ] {
            assert_ne!(one.hash, other.hash);
        }
    }
}
