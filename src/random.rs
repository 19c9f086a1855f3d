//! The only source of randomness: the operating system's. What need not be secret is stirred from it.

use std::cell::Cell;
use std::cell::RefCell;
use std::io::Write;

use zeroize::Zeroize;

use crate::model::device::UserCode;
use crate::model::time::Timestamp;
use crate::model::token::ApiKeyName;
use crate::model::token::Token;
use crate::model::token::TokenKind;

/// So many bytes a thread asks the operating system for at once: a call for each of a handful costs more than all else that
/// makes a token.
const AT_ONCE: usize = 512;

thread_local! {
    /// What the operating system gave this thread and nobody has had yet.
    static GIVEN: RefCell<Given> = const { RefCell::new(Given { bytes: [0; AT_ONCE], left: 0 }) };
}

/// Random bytes, of which the first `left` were not used. What was used is wiped.
struct Given {
    bytes: [u8; AT_ONCE],
    left: usize,
}

impl Given {
    fn fill(&mut self, bytes: &mut [u8]) {
        if self.left < bytes.len() {
            ask_system(&mut self.bytes);
            self.left = AT_ONCE;
        }
        let rest = self.left - bytes.len();
        let used = &mut self.bytes[rest..self.left];
        bytes.copy_from_slice(used);
        used.zeroize();
        self.left = rest;
    }
}

impl Drop for Given {
    fn drop(&mut self) {
        self.bytes.zeroize();
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the one place that may")]
fn ask_system(bytes: &mut [u8]) {
    if let Err(error) = getrandom::fill(bytes) {
        let told = writeln!(
            std::io::stderr(),
            "hallpass: the operating system gives no random numbers ({error}); stopping, since no token would be safe"
        );
        drop(told); // Where nobody reads it, stop all the same.
        std::process::abort();
    }
}

/// Random bytes from the operating system.
///
/// Where that fails, the process ends: a token that can be guessed is worse than no answer, and no caller could do
/// better than stop.
#[derive(Debug, Clone, Copy, Default)]
pub struct Random;

impl Random {
    /// Fills `bytes`.
    pub fn fill(self, bytes: &mut [u8]) {
        let given =
            |bytes: &mut [u8]| GIVEN.try_with(|given| given.try_borrow_mut().map(|mut given| given.fill(bytes)));
        // A thread that is about to end has none any more.
        if bytes.len() > AT_ONCE || !matches!(given(bytes), Ok(Ok(()))) {
            ask_system(bytes);
        }
    }

    /// `N` random bytes.
    pub fn bytes<const N: usize>(self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }

    /// A new token of `kind`.
    pub fn token(self, kind: TokenKind) -> Token {
        Token::mint(kind, |bytes| self.fill(bytes))
    }

    /// A new code for people to type.
    pub fn user_code(self) -> UserCode {
        UserCode::mint(|bytes| self.fill(bytes))
    }

    /// A new public half of an API key.
    pub fn api_key_name(self) -> ApiKeyName {
        ApiKeyName::mint(|bytes| self.fill(bytes))
    }

    /// A new record's id: `random.id(now, UserId::new)`.
    pub fn id<T>(self, now: Timestamp, make: fn(Timestamp, [u8; 10]) -> T) -> T {
        make(now, self.bytes())
    }
}

/// Makes the ids of requests. They tell requests apart and guard nothing, so what the operating system gave once is
/// stirred on (SplitMix64) instead of asking it for each of them. One worker has one of these.
pub struct RequestIds(Cell<u64>);

impl Default for RequestIds {
    fn default() -> Self {
        Self(Cell::new(u64::from_le_bytes(Random.bytes())))
    }
}

impl RequestIds {
    /// The next one: a UUID of version 7 (RFC 9562 §5.7) in 32 hex digits.
    pub fn next(&self, now: Timestamp) -> String {
        let mut random = [0; 10];
        for (part, word) in random.chunks_mut(8).zip([self.stir(), self.stir()]) {
            part.iter_mut().zip(word.to_le_bytes()).for_each(|(to, from)| *to = from);
        }
        let millis = u64::try_from(now.millis()).unwrap_or(0);
        let id = uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid();
        id.simple().encode_lower(&mut uuid::Uuid::encode_buffer()).to_owned()
    }

    fn stir(&self) -> u64 {
        let state = self.0.get().wrapping_add(0x9e37_79b9_7f4a_7c15);
        self.0.set(state);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// RFC 6749 §10.10: no two are the same, and no character is likelier than another at any place.
    #[test]
    fn ten_thousand_tokens_show_no_pattern() {
        const COUNT: usize = 10_000;
        for kind in
            [TokenKind::Code, TokenKind::Access, TokenKind::Refresh, TokenKind::DeviceCode, TokenKind::ApiSecret]
        {
            let tokens: BTreeSet<String> = (0..COUNT).map(|_| Random.token(kind).reveal().to_owned()).collect();
            assert_eq!(tokens.len(), COUNT);
            for place in 0..43 {
                let mut counts = [0_f64; 128];
                for token in &tokens {
                    counts[usize::from(token.as_bytes()[kind.prefix().len() + place])] += 1.0;
                }
                let expected = COUNT as f64 / 62.0;
                let letters = (0..128_u8).filter(u8::is_ascii_alphanumeric);
                let chi_squared: f64 =
                    letters.map(|letter| (counts[usize::from(letter)] - expected).powi(2) / expected).sum();
                // 61 degrees of freedom: beyond 170 less often than once in 10^11.
                assert!(chi_squared < 170.0, "{kind:?} at {place}: {chi_squared}");
            }
        }
    }

    #[test]
    fn no_byte_is_given_twice() {
        let mut seen = BTreeSet::new();
        for length in [8, 16, 32, 200, AT_ONCE, AT_ONCE + 1, 8] {
            for _ in 0..50 {
                let mut bytes = vec![0; length];
                Random.fill(&mut bytes);
                // The beginning and the end tell two apart, wherever they were cut from.
                for part in [&bytes[..8], &bytes[length - 8..]] {
                    assert!(seen.insert(part.to_vec()) || length == 8, "{length}");
                }
            }
        }
        assert_eq!(seen.len(), 2 * 50 * 7 - 2 * 50);
        GIVEN.with_borrow(|given| assert!(given.bytes[given.left..].iter().all(|byte| *byte == 0)));
    }

    #[test]
    fn requests_of_all_workers_have_ids_of_their_own() {
        let now = Timestamp::from_seconds(1_790_000_000);
        let workers = [RequestIds::default(), RequestIds::default()];
        let ids: BTreeSet<String> =
            (0..20_000_usize).filter_map(|n| workers.get(n % 2)).map(|worker| worker.next(now)).collect();
        assert_eq!(ids.len(), 20_000);
        for id in ids {
            let uuid = uuid::Uuid::try_parse(&id).unwrap();
            assert_eq!((id.len(), uuid.get_version_num()), (32, 7), "{id}");
        }
    }
}
