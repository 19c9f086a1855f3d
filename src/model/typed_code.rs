//! Codes that people read in one place and type in another (RFC 8628 §6.1).

use std::fmt;

use zeroize::Zeroizing;

/// Letters that no other looks like, and that make no words (RFC 8628 §6.1).
const ALPHABET: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";

/// A code of so many letters. It is short, and so a secret only together with a limit on guesses; it does not print itself.
#[derive(Clone)]
pub struct TypedCode<const LENGTH: usize>(Zeroizing<[u8; LENGTH]>);

impl<const LENGTH: usize> TypedCode<LENGTH> {
    /// Makes one of random bytes.
    pub fn mint(mut random: impl FnMut(&mut [u8])) -> Self {
        let mut letters = Zeroizing::new([0; LENGTH]);
        let mut bytes = Zeroizing::new([0_u8; 32]);
        let mut made = 0;
        while made < LENGTH {
            random(&mut bytes[..]);
            // What is left of a byte beyond a multiple of 20 would make some letters likelier.
            for byte in bytes.iter().filter(|byte| **byte < 240).take(LENGTH - made) {
                letters[made] = ALPHABET[usize::from(byte % 20)];
                made += 1;
            }
        }
        Self(letters)
    }

    /// Reads what was typed: in whichever case, with dashes and spaces anywhere (RFC 8628 §6.1). `None` where it can't be
    /// a code.
    pub fn parse(text: &str) -> Option<Self> {
        // Nobody types more than this around so few letters.
        if text.len() > 64 {
            return None;
        }
        let mut letters = Zeroizing::new([0; LENGTH]);
        let mut read = 0;
        for typed in text.chars().filter(|typed| !typed.is_whitespace() && !is_dash(*typed)) {
            let letter = u8::try_from(typed).ok()?.to_ascii_uppercase();
            if read == LENGTH || !ALPHABET.contains(&letter) {
                return None;
            }
            letters[read] = letter;
            read += 1;
        }
        (read == LENGTH).then_some(Self(letters))
    }

    /// Its letters, to be hashed.
    pub fn letters(&self) -> &[u8] {
        &self.0[..]
    }

    /// As it is shown: `WDJB-MJHT`.
    pub fn reveal(&self) -> String {
        let letter = |byte: &u8| char::from(*byte);
        let (left, right) = self.0.split_at(LENGTH / 2);
        left.iter().map(letter).chain(std::iter::once('-')).chain(right.iter().map(letter)).collect()
    }
}

impl<const LENGTH: usize> fmt::Debug for TypedCode<LENGTH> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TypedCode[secret]")
    }
}

/// A dash, whichever one a phone's keyboard or a copied text has.
fn is_dash(typed: char) -> bool {
    matches!(typed, '-' | '_' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

#[cfg(test)]
mod tests {
    use super::*;

    type UserCode = TypedCode<8>;

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        let code = UserCode::parse("WDJB-MJHT").unwrap();
        for typed in ["wdjb-mjht", "WDJBMJHT", " w d j b - m j h t ", "WDJB\u{2011}MJHT", "Wdjb–Mjht", "WDJB_MJHT"] {
            assert_eq!(UserCode::parse(typed).unwrap().letters(), code.letters(), "{typed}");
        }
        assert_eq!(code.reveal(), "WDJB-MJHT");
    }

    #[test]
    fn what_can_be_no_code_is_none() {
        let long = "-".repeat(100) + "WDJBMJHT";
        for typed in ["", "WDJB", "WDJB-MJHTB", "WDJB-MJHA", "WDJB-MJH1", "ŴDJB-MJHT", &long] {
            assert!(UserCode::parse(typed).is_none(), "{typed}");
        }
    }

    #[test]
    fn every_letter_is_as_likely_as_any_other() {
        let mut next = 0_u8;
        let mut counts = [0_u32; 256];
        for _ in 0..600 {
            let code = UserCode::mint(|bytes| {
                for (at, byte) in bytes.iter_mut().enumerate() {
                    *byte = next.wrapping_add(u8::try_from(at).unwrap());
                }
                // As many as one code takes.
                next = next.wrapping_add(8);
            });
            assert_eq!(UserCode::parse(&code.reveal()).unwrap().letters(), code.letters());
            for letter in code.letters() {
                counts[usize::from(*letter)] += 1;
            }
        }
        let seen: Vec<u32> = ALPHABET.iter().map(|letter| counts[usize::from(*letter)]).collect();
        assert_eq!(seen.iter().sum::<u32>(), 4_800);
        assert!(seen.iter().all(|count| (200..=280).contains(count)), "{seen:?}");
    }

    #[test]
    fn a_code_does_not_print_itself() {
        assert_eq!(format!("{:?}", UserCode::parse("WDJB-MJHT").unwrap()), "TypedCode[secret]");
    }
}
