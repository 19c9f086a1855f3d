//! Keys that this server signs with, as they are kept.

use crate::model::time::Lifetime;
use crate::model::time::Timestamp;

/// How long what reads the public keys may go by what it read.
pub const MAX_AGE: Lifetime = Lifetime::from_seconds(300);
/// How long a new key is published before it signs: longer than [`MAX_AGE`], by what clocks and requests under way may take.
pub const LEAD: Lifetime = Lifetime::from_seconds(600);
/// By how much the clocks of nodes may lie apart, and a signature take.
pub const SKEW: Lifetime = Lifetime::from_seconds(60);

/// A key as it is kept. What it is used for follows from its times and those of its successor, so that all nodes come to
/// the same answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredKey {
    /// Its name.
    pub kid: String,
    /// The first algorithm that it is for.
    pub algorithm: String,
    /// Which one of its algorithm it is, from 1 on. No two have the same.
    pub generation: i64,
    /// The public key, as JSON (RFC 7517 §4).
    pub public: String,
    /// The private key, encrypted.
    pub sealed: Vec<u8>,
    /// From when it is published.
    pub created_at: Timestamp,
    /// From when it signs.
    pub active_at: Timestamp,
}

/// What a key is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyState {
    /// It is published, or soon will be, and does not sign yet.
    Next,
    /// It signs.
    Active,
    /// It signs no more, and is published while anything lives that it signed.
    Retired,
    /// It is not published any more, and kept to know again what it once signed.
    Ended,
}

impl KeyState {
    /// As the command line prints it.
    pub const fn as_str(self) -> &'static str {
        match self {
            KeyState::Next => "next",
            KeyState::Active => "active",
            KeyState::Retired => "retired",
            KeyState::Ended => "ended",
        }
    }
}

/// What each of `keys` is good for at `now`, where what they signed lives for `longest` at most.
pub fn states(keys: &[StoredKey], longest: Lifetime, now: Timestamp) -> Vec<KeyState> {
    keys.iter()
        .map(|key| {
            if key.active_at > now {
                return KeyState::Next;
            }
            match successor(keys, key, now) {
                None => KeyState::Active,
                Some(next) if (next.active_at + longest + SKEW).is_past(now) => KeyState::Ended,
                Some(_) => KeyState::Retired,
            }
        })
        .collect()
}

/// The key that took the place of `key` first.
pub fn successor<'k>(keys: &'k [StoredKey], key: &StoredKey, now: Timestamp) -> Option<&'k StoredKey> {
    let later = keys.iter().filter(|other| other.algorithm == key.algorithm && other.generation > key.generation);
    later.filter(|other| other.active_at <= now).min_by_key(|other| other.generation)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(generation: i64, active: i64) -> StoredKey {
        StoredKey {
            kid: generation.to_string(),
            algorithm: "ES256".to_owned(),
            generation,
            public: String::new(),
            sealed: Vec::new(),
            created_at: Timestamp::from_seconds(active - 600),
            active_at: Timestamp::from_seconds(active),
        }
    }

    #[test]
    fn what_a_key_is_good_for_follows_from_the_times() {
        let keys = [key(1, 1_000), key(2, 2_000), key(3, 3_000)];
        let at = |seconds| states(&keys, Lifetime::from_seconds(100), Timestamp::from_seconds(seconds));
        assert_eq!(at(1_999), [KeyState::Active, KeyState::Next, KeyState::Next]);
        assert_eq!(at(2_000), [KeyState::Retired, KeyState::Active, KeyState::Next]);
        assert_eq!(at(2_159), [KeyState::Retired, KeyState::Active, KeyState::Next]);
        assert_eq!(at(2_161), [KeyState::Ended, KeyState::Active, KeyState::Next]);
        assert_eq!(at(3_000), [KeyState::Ended, KeyState::Retired, KeyState::Active]);
    }

    #[test]
    fn nobody_reads_an_old_list_when_a_new_key_begins_to_sign() {
        assert!(MAX_AGE.millis() + SKEW.millis() < LEAD.millis());
    }
}
