//! E-mail addresses, as far as their form goes; whether one can be reached only a letter tells.

use crate::model::name::NameError;
use crate::model::name::canonical;
use crate::model::name::check_looks;
use crate::model::name::compared_by_canonical_form;
use crate::model::name::compatible;
use crate::model::name::is_hidden;
use crate::model::name::is_letter_or_digit;

/// An e-mail address `local@domain`, without quotation, comment or address literal. Two that differ only in case
/// are the same: nobody gives them to two people, and whoever could get the second would pass for the first.
#[derive(Debug, Clone)]
pub struct Email {
    shown: String,
    canonical: String,
}

compared_by_canonical_form!(Email);

impl Email {
    /// The most bytes that an address may have (RFC 5321 §4.5.3.1.3).
    pub const LONGEST: usize = 254;

    /// Takes an address.
    ///
    /// # Errors
    /// What has to be changed.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        if text.is_empty() {
            return Err(NameError::Empty);
        }
        if text.len() > Self::LONGEST {
            return Err(NameError::TooLong(Self::LONGEST));
        }
        let shown: String = compatible(text);
        if shown.len() > Self::LONGEST {
            return Err(NameError::TooLong(Self::LONGEST));
        }
        if shown.chars().any(is_hidden) {
            return Err(NameError::Invisible);
        }
        let (local, domain) = shown.split_once('@').ok_or(NameError::NotAnAddress)?;
        if local.len() > 64 || !local.split('.').all(is_atom) || !domain.split('.').all(is_label) {
            return Err(NameError::NotAnAddress);
        }
        check_looks(local)?;
        domain.split('.').try_for_each(check_looks)?;
        let canonical = canonical(&shown);
        Ok(Self { shown, canonical })
    }
}

/// Whether `text` is one of the words between the dots before the `@` (RFC 5322 §3.2.3, RFC 6532 §3.2).
fn is_atom(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| is_letter_or_digit(c) || "!#$%&'*+/=?^_`{|}~-".contains(c))
}

/// Whether `text` is one of the words between the dots behind the `@`.
fn is_label(text: &str) -> bool {
    let good = |c: char| is_letter_or_digit(c) || c == '-';
    (1..=63).contains(&text.len()) && text.chars().all(good) && !text.starts_with('-') && !text.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_kept_and_compared_without_case() {
        for (text, canonical) in [
            ("ada@example.org", "ada@example.org"),
            ("Ada.Lovelace+x@Example.ORG", "ada.lovelace+x@example.org"),
            ("root@localhost", "root@localhost"),
            ("o'neil@a-b.example", "o'neil@a-b.example"),
            ("jörg@bücher.example", "jörg@bücher.example"),
            ("ada＠example.org", "ada@example.org"),
            ("анна@пример.example", "анна@пример.example"),
        ] {
            assert_eq!(Email::parse(text).unwrap_or_else(|error| panic!("{text} {error}")).canonical(), canonical);
        }
        assert_eq!(Email::parse("Ada@Example.org").unwrap().as_str(), "Ada@Example.org");
        assert_eq!(Email::parse("Ada@Example.org"), Email::parse("ada@example.org"));
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "ada",
            "@",
            "ada@",
            "@example.org",
            "a@b@c",
            "a b@c",
            "a@b c",
            ".a@b",
            "a.@b",
            "a..b@c",
            "a@.b",
            "a@b.",
            "a@b..c",
            "a@-b",
            "a@b-",
            "\"a b\"@c",
            "a@[127.0.0.1]",
            "<a@b>",
            "a@b,c@d",
            "a@b_c",
            "a:b@c",
            "a\\b@c",
        ] {
            assert_eq!(Email::parse(text), Err(NameError::NotAnAddress), "{text}");
        }
        for (text, error) in [
            ("", NameError::Empty),
            ("a@b\n", NameError::Invisible),
            ("a\u{200b}@b", NameError::Invisible),
            ("a@b\0", NameError::Invisible),
            ("аda@example.org", NameError::MixedScripts),
            ("ada@exаmple.org", NameError::MixedScripts),
            ("ada@раураӏ.example", NameError::LooksLikeAnother),
        ] {
            assert_eq!(Email::parse(text), Err(error), "{text:?}");
        }
        assert!(Email::parse(&format!("{}@b", "a".repeat(64))).is_ok());
        assert_eq!(Email::parse(&format!("{}@b", "a".repeat(65))), Err(NameError::NotAnAddress));
        assert_eq!(Email::parse(&format!("a@{}", "b.".repeat(127))), Err(NameError::TooLong(254)));
    }
}
