//! Which proofs of possession were used, in a bounded memory: each is good once (RFC 9449 §11.1).

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::PoisonError;

use sha2::Digest;
use sha2::Sha256;

use crate::jose::proof::Proof;
use crate::model::time::Lifetime;
use crate::model::time::Timestamp;

/// The most proofs that are remembered: for as long as they could be used, which is three minutes at most.
const AT_MOST: usize = 100_000;
/// How often those that have grown old are looked for.
const EVERY: Lifetime = Lifetime::from_seconds(10);

/// The memory of one process. It begins empty, so a proof can be used once more in the minute after a restart, and once
/// in each process of a service that has several.
#[derive(Default)]
pub struct UsedProofs(Mutex<Used>);

#[derive(Default)]
struct Used {
    until: HashMap<[u8; 32], Timestamp>,
    swept_at: Option<Timestamp>,
}

/// What came of using a proof up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// It was the first.
    First,
    /// It was used before.
    Again,
    /// Too many others are remembered, so nobody can say.
    Full,
}

impl UsedProofs {
    /// Uses `proof` up.
    pub fn spend(&self, proof: &Proof, now: Timestamp) -> Use {
        self.spend_within(proof, now, AT_MOST)
    }

    fn spend_within(&self, proof: &Proof, now: Timestamp, at_most: usize) -> Use {
        let mut hash = Sha256::new();
        hash.update(proof.key.as_str());
        hash.update(&proof.id);
        let id: [u8; 32] = hash.finalize().into();
        // Nobody panics in here with something half done.
        let mut used = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if used.swept_at.is_none_or(|at| now >= at + EVERY) {
            used.until.retain(|_, until| !until.is_past(now));
            used.swept_at = Some(now);
        }
        if used.until.contains_key(&id) {
            return Use::Again;
        }
        if used.until.len() >= at_most {
            return Use::Full;
        }
        used.until.insert(id, proof.spent_until);
        Use::First
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::thumbprint::Thumbprint;

    fn proof(id: &str, until: i64) -> Proof {
        let spent_until = Timestamp::from_seconds(until);
        Proof { key: Thumbprint::of("a key"), id: id.to_owned(), nonce: None, spent_until }
    }

    #[test]
    fn a_proof_is_good_once_and_what_has_grown_old_makes_room() {
        let used = UsedProofs::default();
        let at = Timestamp::from_seconds;
        assert_eq!(used.spend_within(&proof("a", 120), at(0), 2), Use::First);
        assert_eq!(used.spend_within(&proof("a", 120), at(1), 2), Use::Again);
        let of_another_key = Proof { key: Thumbprint::of("another"), ..proof("a", 120) };
        assert_eq!(used.spend_within(&of_another_key, at(2), 2), Use::First);
        // Full, and no way to tell whether it was used: nobody comes in.
        assert_eq!(used.spend_within(&proof("b", 130), at(3), 2), Use::Full);
        assert_eq!(used.spend_within(&proof("b", 130), at(119), 2), Use::Full);
        assert_eq!(used.spend_within(&proof("b", 250), at(130), 2), Use::First);
        assert_eq!(used.spend_within(&proof("b", 250), at(131), 2), Use::Again);
        assert_eq!(used.0.lock().unwrap().until.len(), 1);
    }
}
