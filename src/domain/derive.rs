//! Tokens that can be made again from what is stored and the server's key, though neither alone gives them.

use hmac::Mac;

use crate::domain::keyed_hash;
use crate::model::token::Token;
use crate::model::token::TokenKind;

/// The token of `kind` that `key` and `context` make: always the same one. Its random part is HMAC-SHA-256 in counter
/// mode (NIST SP 800-108r1 §4.1); kind and context go in with their lengths, so that no two contexts are the same.
pub fn token(kind: TokenKind, key: &[u8; 32], context: &[&[u8]]) -> Token {
    let mut counter = 0_u32;
    Token::mint(kind, |bytes| {
        for block in bytes.chunks_mut(32) {
            counter += 1;
            let mut mac = keyed_hash::begin(key);
            mac.update(&counter.to_be_bytes());
            for part in std::iter::once(kind.prefix().as_bytes()).chain(context.iter().copied()) {
                mac.update(&(part.len() as u64).to_be_bytes());
                mac.update(part);
            }
            let made = mac.finalize().into_bytes();
            let length = block.len();
            block.copy_from_slice(&made[..length]);
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_context_makes_the_same_token_and_another_another() {
        let text = |kind, key: u8, context: &[&[u8]]| token(kind, &[key; 32], context).reveal().to_owned();
        let made = text(TokenKind::Refresh, 1, &[b"ab", b"c"]);
        assert_eq!(made, text(TokenKind::Refresh, 1, &[b"ab", b"c"]));
        assert_ne!(made, text(TokenKind::Refresh, 1, &[b"a", b"bc"]));
        assert_ne!(made, text(TokenKind::Refresh, 2, &[b"ab", b"c"]));
        let access = text(TokenKind::Access, 1, &[b"ab", b"c"]);
        assert_ne!(made.split_at(6).1, access.split_at(6).1);
    }
}
