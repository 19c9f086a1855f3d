//! Credentials by number, so that a million of them need not be kept: the form is docs/SECURITY.md's, the random part
//! is made of the number.

use sha2::Digest;
use sha2::Sha256;

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// The token with this number: its prefix, 43 characters, and their checksum in six.
pub fn token(prefix: &str, number: u64) -> String {
    let mut text = String::with_capacity(prefix.len() + 49);
    text.push_str(prefix);
    push(&mut text, prefix, number, 43);
    let mut rest = u64::from(crc32fast::hash(text.as_bytes()));
    let mut checksum = ['0'; 6];
    for digit in checksum.iter_mut().rev() {
        *digit = letter(rest);
        rest /= 62;
    }
    text.extend(checksum);
    text
}

/// The public half of the API key with this number.
pub fn key_name(number: u64) -> String {
    let mut text = "hp_key_".to_owned();
    push(&mut text, "name", number, 20);
    text
}

/// What the database knows of a token.
pub fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

fn push(text: &mut String, kind: &str, number: u64, count: usize) {
    // SplitMix64: each number of each kind has letters of its own.
    let mut state =
        kind.bytes().fold(number, |state, byte| state.wrapping_mul(0x0100_0000_01b3).wrapping_add(byte.into()));
    for _ in 0..count {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        text.push(letter((mixed ^ (mixed >> 31)) >> 8));
    }
}

fn letter(number: u64) -> char {
    let at = usize::try_from(number % 62).unwrap_or_default();
    char::from(ALPHABET[at])
}
