//! Texts as a refusal may keep them: short, on one line, and without anything that is or looks like a secret.

use std::fmt::Write;

use crate::model::token::OURS;
use crate::model::token::TokenKind;

/// The most characters of one text.
const LONGEST: usize = 200;
/// A signed text of others is at least so long; what is shorter says nothing.
const SHORTEST_SIGNED: usize = 16;
/// Values that are shorter are no secrets, and would blot out words.
const SHORTEST_SECRET: usize = 6;

/// `text` as it may be kept; none of `secrets`, which came in the same request, stands in it.
pub fn clean(text: &str, secrets: &[&str]) -> String {
    let mut text = text.to_owned();
    // The longest first, or what is left of it would stand there.
    let mut secrets: Vec<&str> = secrets.iter().copied().filter(|secret| secret.len() >= SHORTEST_SECRET).collect();
    secrets.sort_unstable_by_key(|secret| std::cmp::Reverse(secret.len()));
    for secret in secrets {
        if text.contains(secret) {
            text = text.replace(secret, "[hidden]");
        }
    }
    let text = without_signed(&without_ours(&text));
    let mut short = String::with_capacity(text.len().min(4 * LONGEST));
    for (count, character) in text.chars().enumerate() {
        if count == LONGEST {
            short.push('…');
            break;
        }
        if character.is_control() || is_invisible(character) {
            let _never_fails = write!(short, "\\u{:04x}", u32::from(character));
        } else {
            short.push(character);
        }
    }
    short
}

/// What turns the direction of what follows, or ends a line.
fn is_invisible(character: char) -> bool {
    matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// The same with only the prefix of each secret of ours, whole or not: `hp_at_[…]`. The public half of a key stays.
fn without_ours(text: &str) -> String {
    let mut rest = text;
    let mut clean = String::with_capacity(text.len());
    while let Some(at) = rest.find(OURS) {
        let (before, found) = rest.split_at(at);
        clean.push_str(before);
        let Some(kind) = TokenKind::ALL.iter().find(|kind| found.starts_with(kind.prefix())) else {
            clean.push_str(OURS);
            rest = found.strip_prefix(OURS).unwrap_or_default();
            continue;
        };
        let word = found.strip_prefix(kind.prefix()).unwrap_or_default();
        clean.push_str(kind.prefix());
        clean.push_str("[…]");
        rest = word.trim_start_matches(|c: char| c.is_ascii_alphanumeric());
    }
    clean.push_str(rest);
    clean
}

/// The same without signed texts (RFC 7515 §3.1), which begin with the base64url of `{"`.
fn without_signed(text: &str) -> String {
    let mut rest = text;
    let mut clean = String::with_capacity(text.len());
    while let Some(at) = rest.find("eyJ") {
        let (before, found) = rest.split_at(at);
        clean.push_str(before);
        let behind = found.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
        let length = found.len() - behind.len();
        match found.split_at_checked(length) {
            Some((word, _)) if length < SHORTEST_SIGNED => clean.push_str(word),
            _ => clean.push_str("[signed text]"),
        }
        rest = behind;
    }
    clean.push_str(rest);
    clean
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_secret_stays_wherever_it_stands() {
        let token = "hp_at_0123456789abcdefghijABCDEFGHIJ0123456789abcdefghi";
        assert_eq!(clean(&format!("came {token}, then x"), &[]), "came hp_at_[…], then x");
        assert_eq!(clean("hp_sk_abc:hp_cs_", &[]), "hp_sk_[…]:hp_cs_[…]");
        assert_eq!(clean("hp_key_abc hp_ hp_zz_x", &[]), "hp_key_abc hp_ hp_zz_x");
        assert_eq!(clean("iss eyJhbGciOiJub25lIn0.e30.c2ln!", &[]), "iss [signed text]!");
        assert_eq!(clean("eyJ", &[]), "eyJ");
        assert_eq!(clean("pass hunter2hunter2 word", &["hunter2hunter2", "hunter2", "as"]), "pass [hidden] word");
        // Also where it would be cut in two.
        let long = format!("{}{token}", "x".repeat(LONGEST - 10));
        assert!(!clean(&long, &[]).contains("0123"), "{}", clean(&long, &[]));
    }

    #[test]
    fn a_text_is_short_and_on_one_line() {
        let hostile = "a\nb\u{1b}[2J\u{202e}ü";
        assert_eq!(clean(hostile, &[]), "a\\u000ab\\u001b[2J\\u202eü");
        assert_eq!(clean(&"ü".repeat(1_000), &[]).chars().count(), LONGEST + 1);
    }
}
