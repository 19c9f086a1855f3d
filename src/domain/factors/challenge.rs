//! What authenticators are given to sign (Web Authentication §13.4.3): random, for one browser and one purpose, good for five
//! minutes and once. It carries the server's own mark, so nothing is kept of it until it is used.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::Mac;
use sha2::Digest;
use sha2::Sha256;

use crate::domain::keyed_hash;
use crate::domain::keyed_hash::Begun;
use crate::model::id::UserId;
use crate::model::time::Lifetime;
use crate::model::time::Timestamp;
use crate::random::Random;
use crate::store::StoreError;
use crate::store::Tx;

/// How long a challenge is good.
pub const LIFETIME: Lifetime = Lifetime::from_seconds(300);

/// What a passkey is shown, or made, for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Adding one to an account that one is signed in to.
    Add,
    /// Adding the first one in the middle of signing in.
    AddFirst,
    /// The second step of signing in.
    SecondStep,
    /// Signing in with nothing else.
    SignIn,
}

/// To whom a challenge is given, and for what; it is good for nothing and nobody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bound {
    /// What it is for.
    pub purpose: Purpose,
    /// The user, where it is known who that is.
    pub user: Option<UserId>,
    /// What only this browser has.
    pub browser: String,
}

/// A challenge that this server gave to whoever brings it back, in time.
#[derive(Debug, Clone)]
pub struct Challenge {
    bytes: Vec<u8>,
    expires_at: Timestamp,
}

impl Challenge {
    /// A new one, in base64url: 32 random bytes, when it ends, and the mark, under the key with which `begun` was.
    pub fn mint(begun: Begun, bound: &Bound, now: Timestamp) -> String {
        let mut bytes = Vec::with_capacity(72);
        bytes.extend(Random.bytes::<32>());
        bytes.extend((now + LIFETIME).millis().to_be_bytes());
        let mark = mark(begun, bound, &bytes).finalize().into_bytes();
        bytes.extend(mark);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Takes one back that was made with one of `keys`. `None` where it is none of this server's for `bound`, or too old.
    pub fn open<'k>(
        mut keys: impl Iterator<Item = &'k [u8; 32]>,
        bound: &Bound,
        text: &str,
        now: Timestamp,
    ) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (_, rest) = bytes.split_first_chunk::<32>()?;
        let (end, presented) = rest.split_first_chunk::<8>()?;
        let (marked, _) = bytes.split_at_checked(40)?;
        let is_ours = keys.any(|key| mark(keyed_hash::begin(key), bound, marked).verify_slice(presented).is_ok());
        let expires_at = Timestamp::from_millis(i64::from_be_bytes(*end));
        (is_ours && !expires_at.is_past(now)).then_some(Self { bytes, expires_at })
    }

    /// What was given to the authenticator.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Uses it up. `false` where it was used before.
    ///
    /// # Errors
    /// What the database says.
    pub fn spend(&self, tx: &mut Tx<'_>) -> Result<bool, StoreError> {
        let mut hash = Sha256::new_with_prefix(b"passkey challenge\0");
        hash.update(&self.bytes);
        tx.replays().remember(&hash.finalize().into(), self.expires_at)
    }
}

/// What makes it this server's. All but the last part have a fixed length, so it can't be read in two ways.
fn mark(mut mac: Begun, bound: &Bound, bytes: &[u8]) -> Begun {
    mac.update(b"passkey challenge\0");
    mac.update(&[match bound.purpose {
        Purpose::Add => 1,
        Purpose::AddFirst => 2,
        Purpose::SecondStep => 3,
        Purpose::SignIn => 4,
    }]);
    mac.update(bound.user.as_ref().map_or(&[0; 16], UserId::as_bytes));
    mac.update(bytes);
    mac.update(bound.browser.as_bytes());
    mac
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(1_795_512_600);

    const KEY: [u8; 32] = [1; 32];

    fn open(bound: &Bound, text: &str, now: Timestamp) -> Option<Challenge> {
        Challenge::open([[2; 32], KEY].iter(), bound, text, now)
    }

    fn bound(purpose: Purpose, user: u8, browser: &str) -> Bound {
        Bound { purpose, user: UserId::from_slice(&[user; 16]), browser: browser.to_owned() }
    }

    #[test]
    fn it_is_good_for_its_purpose_its_user_and_its_browser_and_nowhere_else() {
        let given = bound(Purpose::SecondStep, 1, "browser");
        let text = Challenge::mint(keyed_hash::begin(&KEY), &given, NOW);
        let opens = |bound: &Bound, text: &str| open(bound, text, NOW).is_some();
        assert!(opens(&given, &text));
        for other in [
            bound(Purpose::SignIn, 1, "browser"),
            bound(Purpose::Add, 1, "browser"),
            bound(Purpose::AddFirst, 1, "browser"),
            bound(Purpose::SecondStep, 2, "browser"),
            bound(Purpose::SecondStep, 1, "other"),
            Bound { user: None, ..given.clone() },
        ] {
            assert!(!opens(&other, &text), "{other:?}");
        }
        assert!(Challenge::open([[2; 32]].iter(), &given, &text, NOW).is_none(), "another server's");
        for at in 0..text.len() {
            let mut changed = text.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            assert!(!opens(&given, std::str::from_utf8(&changed).unwrap()), "changed at {at}");
        }
        for broken in ["", "AAAA", "%", text.get(4..).unwrap(), &format!("{text}AAAA")] {
            assert!(!opens(&given, broken), "{broken}");
        }
    }

    #[test]
    fn it_is_good_for_five_minutes_and_never_the_same() {
        let given = bound(Purpose::SignIn, 1, "browser");
        let text = Challenge::mint(keyed_hash::begin(&KEY), &given, NOW);
        let at = |seconds| open(&given, &text, NOW + Lifetime::from_seconds(seconds));
        assert!(at(299).is_some() && at(301).is_none());
        assert_eq!(at(0).unwrap().bytes().len(), 72);
        assert_ne!(text, Challenge::mint(keyed_hash::begin(&KEY), &given, NOW));
    }
}
