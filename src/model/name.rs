//! What all names share: which characters they may have, and the one form in which they are compared (RFC 8265 §3,
//! Unicode Technical Standard 39).

use std::fmt;

use caseless::Caseless;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use unicode_security::GeneralSecurityProfile;
use unicode_security::MixedScript;

/// Why a text cannot be a name. The sentences follow the name of what was asked: "user name" and then "is empty".
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Nothing in it that one could see.
    #[error("is empty")]
    Empty,
    /// More characters than this.
    #[error("has more than {0} characters")]
    TooLong(usize),
    /// A character that the kind of name does not have.
    #[error("has a character that is not allowed: {0}")]
    Character(&'static str),
    /// Control characters, and those that cannot be seen or turn the text round.
    #[error("has a control character, or one that cannot be seen")]
    Invisible,
    /// More than four marks on one letter.
    #[error("heaps too many accents on one letter")]
    Marks,
    /// A beginning that would be misread.
    #[error("must begin with a letter or a digit")]
    Beginning,
    /// Spaces at the ends, or two in a row.
    #[error("has a space at its beginning or end, or two in a row")]
    Spaces,
    /// Letters of more than one script.
    #[error("mixes letters of several scripts, such as Latin and Cyrillic, which look alike")]
    MixedScripts,
    /// Letters that look like others.
    #[error("looks the same as a name in plain Latin letters, but is another: write it in plain letters")]
    LooksLikeAnother,
    /// No `name@domain`.
    #[error("is not an e-mail address: it must look like name@example.org")]
    NotAnAddress,
}

/// The form in which two names are compared: NFKC and case-folded, so that `Ada`, `ADA` and `Ａda` are one name, and
/// `İ` is `i`.
pub(super) fn canonical(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let folded: String = text.nfd().default_case_fold().nfkd().default_case_fold().collect();
    // What capital İ leaves behind when folded: a dot that nobody sees on a letter that has one.
    folded.replace("i\u{307}", "i").replace("j\u{307}", "j").nfkc().collect()
}

/// The text in NFKC: each look-up of a user reads names that are plain already.
pub(super) fn compatible(text: &str) -> String {
    if text.is_ascii() { text.to_owned() } else { text.nfkc().collect() }
}

/// Whether `c` is a letter, a digit or a mark on one that is in common use (UTS 39 §3.1).
pub(super) fn is_letter_or_digit(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || (!c.is_ascii() && (c.is_alphanumeric() || is_combining_mark(c)) && c.identifier_allowed())
}

/// Refuses a text that could pass for another: letters of several scripts, letters that look like plain Latin ones,
/// and marks heaped on each other.
pub(super) fn check_looks(text: &str) -> Result<(), NameError> {
    if text.is_ascii() {
        return Ok(());
    }
    if !text.is_single_script() {
        return Err(NameError::MixedScripts);
    }
    let canonical = canonical(text);
    if !canonical.is_ascii() && unicode_security::skeleton(&canonical).all(|c| c.is_ascii()) {
        return Err(NameError::LooksLikeAnother);
    }
    check_marks(text)
}

/// Refuses marks that are heaped on one letter until they cover the lines around it (UTS 39 §5.4).
fn check_marks(text: &str) -> Result<(), NameError> {
    let mut marks = 0;
    for c in text.nfd() {
        marks = if is_combining_mark(c) { marks + 1 } else { 0 };
        if marks > 4 {
            return Err(NameError::Marks);
        }
    }
    Ok(())
}

/// Whether `c` has no look of its own: control characters, characters that turn the direction of what follows, and
/// those of no width. The joiners of Persian, of Indian scripts and of emoji are not among them.
pub(super) fn is_hidden(c: char) -> bool {
    let joiner = matches!(c, '\u{200c}' | '\u{200d}');
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
            | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
            && !joiner
}

/// The name of a person, client, key or resource as people write it: up to 200 characters, nothing invisible.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisplayName(String);

impl DisplayName {
    /// The most characters that a name may have.
    pub const LONGEST: usize = 200;

    /// Takes a name; spaces around it are dropped.
    ///
    /// # Errors
    /// Nothing to be seen, more than 200 characters, or control, invisible or direction-changing characters.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let text = text.trim();
        if text.chars().count() > Self::LONGEST {
            return Err(NameError::TooLong(Self::LONGEST));
        }
        if text.chars().any(is_hidden) {
            return Err(NameError::Invisible);
        }
        check_marks(text)?;
        let seen = |c: char| !c.is_whitespace() && !is_combining_mark(c) && !matches!(c, '\u{200c}' | '\u{200d}');
        if !text.chars().any(seen) {
            return Err(NameError::Empty);
        }
        Ok(Self(text.nfc().collect()))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DisplayName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl serde::Serialize for DisplayName {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// What a name with a shown and a compared form has: it is equal, ordered and hashed by the compared one.
macro_rules! compared_by_canonical_form {
    ($name:ident) => {
        impl $name {
            /// The name as it was written.
            pub fn as_str(&self) -> &str {
                &self.shown
            }

            /// The form in which names are compared and looked up.
            pub fn canonical(&self) -> &str {
                &self.canonical
            }
        }

        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.canonical == other.canonical
            }
        }

        impl Eq for $name {}

        impl PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
                Some(self.cmp(other))
            }
        }

        impl Ord for $name {
            fn cmp(&self, other: &Self) -> std::cmp::Ordering {
                self.canonical.cmp(&other.canonical)
            }
        }

        impl std::hash::Hash for $name {
            fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
                self.canonical.hash(state);
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.shown)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.shown)
            }
        }
    };
}
pub(super) use compared_by_canonical_form;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_are_compared_without_case_and_width() {
        for (text, expected) in [
            ("Ada", "ada"),
            ("ＡＤＡ", "ada"),
            ("Straße", "strasse"),
            ("STRASSE", "strasse"),
            ("İstanbul", "istanbul"),
            ("ﬁn", "fin"),
            ("ΣΊΣΥΦΟΣ", "σίσυφοσ"),
            ("e\u{301}", "é"),
        ] {
            assert_eq!(canonical(text), expected, "{text}");
        }
    }

    #[test]
    fn a_display_name_is_anything_that_can_be_seen() {
        for (text, kept) in [
            ("Ada Lovelace", "Ada Lovelace"),
            ("  Ada\u{a0}", "Ada"),
            ("<script>alert(1)</script>", "<script>alert(1)</script>"),
            ("Анна-Мария 2", "Анна-Мария 2"),
            ("می\u{200c}خواهم", "می\u{200c}خواهم"),
            ("👩\u{200d}💻", "👩\u{200d}💻"),
            ("e\u{301}", "é"),
        ] {
            assert_eq!(DisplayName::parse(text).unwrap().as_str(), kept);
        }
        for (text, error) in [
            ("", NameError::Empty),
            (" \u{3000}", NameError::Empty),
            ("\u{200d}", NameError::Empty),
            ("\u{3164}", NameError::Invisible),
            ("a\u{202e}b", NameError::Invisible),
            ("a\u{2066}b", NameError::Invisible),
            ("a\u{200b}b", NameError::Invisible),
            ("a\u{feff}", NameError::Invisible),
            ("a\nb", NameError::Invisible),
            ("a\0b", NameError::Invisible),
            ("a\u{2028}b", NameError::Invisible),
            ("a\u{301}\u{302}\u{303}\u{304}\u{306}", NameError::Marks),
            ("a\u{e0041}", NameError::Invisible),
        ] {
            assert_eq!(DisplayName::parse(text), Err(error), "{text:?}");
        }
        assert!(DisplayName::parse(&"ü".repeat(200)).is_ok());
        assert_eq!(DisplayName::parse(&"ü".repeat(201)), Err(NameError::TooLong(200)));
    }

    proptest! {
        #[test]
        fn the_compared_form_is_its_own(text in "\\PC{0,12}") {
            let once = canonical(&text);
            prop_assert_eq!(canonical(&once), once);
        }
    }

    #[test]
    fn case_makes_no_other_name_of_any_letter() {
        for c in ('\0'..=char::MAX).filter(|c| is_letter_or_digit(*c)) {
            for other in [c.to_uppercase().to_string(), c.to_lowercase().to_string()] {
                // The capital of the dotless ı is I, whose small letter is i; check_looks refuses the dotless one.
                let same = canonical(&other) == canonical(&c.to_string());
                assert!(same || c == 'ı', "{c} {other}");
            }
        }
    }
}
