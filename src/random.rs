//! The only source of randomness: the operating system's.

use std::io::Write;

use crate::model::device::UserCode;
use crate::model::time::Timestamp;
use crate::model::token::ApiKeyName;
use crate::model::token::Token;
use crate::model::token::TokenKind;

/// Random bytes from the operating system.
///
/// Where that fails, the process ends: a token that can be guessed is worse than no answer, and no caller could do
/// better than stop.
#[derive(Debug, Clone, Copy, Default)]
pub struct Random;

impl Random {
    /// Fills `bytes`.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that may")]
    pub fn fill(self, bytes: &mut [u8]) {
        if let Err(error) = getrandom::fill(bytes) {
            let told = writeln!(
                std::io::stderr(),
                "hallpass: the operating system gives no random numbers ({error}); stopping, since no token would be safe"
            );
            drop(told); // Where nobody reads it, stop all the same.
            std::process::abort();
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
