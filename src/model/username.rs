//! User names, and what a person types to sign in: a name or an e-mail address.

use crate::model::email::Email;
use crate::model::name::NameError;
use crate::model::name::canonical;
use crate::model::name::check_looks;
use crate::model::name::compared_by_canonical_form;
use crate::model::name::compatible;
use crate::model::name::is_hidden;
use crate::model::name::is_letter_or_digit;

/// The name of a user. It has no `@`, so that it can never pose as an e-mail address, and letters of one script only.
#[derive(Debug, Clone)]
pub struct Username {
    shown: String,
    canonical: String,
}

compared_by_canonical_form!(Username);

impl Username {
    /// The most characters that a user name may have.
    pub const LONGEST: usize = 64;

    /// Takes a name: letters and digits of one script, `.`, `_` and `-`.
    ///
    /// # Errors
    /// What has to be changed.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        if text.is_empty() {
            return Err(NameError::Empty);
        }
        if text.chars().count() > Self::LONGEST {
            return Err(NameError::TooLong(Self::LONGEST));
        }
        let shown: String = compatible(text);
        if shown.chars().count() > Self::LONGEST {
            return Err(NameError::TooLong(Self::LONGEST));
        }
        if shown.chars().any(is_hidden) {
            return Err(NameError::Invisible);
        }
        if !shown.chars().all(|c| is_letter_or_digit(c) || matches!(c, '.' | '_' | '-')) {
            return Err(NameError::Character("use letters, digits and . _ -"));
        }
        if !shown.starts_with(|c: char| c.is_alphanumeric() || c == '_') {
            return Err(NameError::Beginning);
        }
        check_looks(&shown)?;
        let canonical = canonical(&shown);
        Ok(Self { shown, canonical })
    }
}

/// What somebody typed to sign in, in the form in which accounts are looked up and failures are counted.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Login {
    /// A user name's canonical form.
    Username(String),
    /// An e-mail address's canonical form.
    Email(String),
}

impl Login {
    /// Reads the field of the sign-in form: with an `@` it is an address, without one a user name. Spaces around it
    /// are dropped, since telephones put them there. `None` for a text that is nobody's, whatever accounts exist.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.contains('@') {
            Email::parse(text).ok().map(|email| Self::Email(email.canonical().to_owned()))
        } else {
            Username::parse(text).ok().map(|name| Self::Username(name.canonical().to_owned()))
        }
    }

    /// The canonical name or address.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Username(key) | Self::Email(key) => key,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_user_name_has_letters_of_one_script() {
        for (text, canonical) in [
            ("ada", "ada"),
            ("Ada.Lovelace_1815-x", "ada.lovelace_1815-x"),
            ("_svc", "_svc"),
            ("7", "7"),
            ("josé", "josé"),
            ("jose\u{301}", "josé"),
            ("Straße", "strasse"),
            ("Анна", "анна"),
            ("Ελένη", "ελένη"),
            ("山田たろう", "山田たろう"),
            ("प्रिया", "प्रिया"),
            ("ＡＤＡ", "ada"),
            ("İbrahim", "ibrahim"),
        ] {
            let name = Username::parse(text).unwrap_or_else(|error| panic!("{text} {error}"));
            assert_eq!(name.canonical(), canonical);
        }
        assert_eq!(Username::parse("ＡDa").unwrap().as_str(), "ADa");
        assert_eq!(Username::parse("ALICE"), Username::parse("alice"));
        assert!(Username::parse(&"x".repeat(64)).is_ok());
    }

    #[test]
    fn what_could_pass_for_another_is_refused() {
        let not_allowed = NameError::Character("use letters, digits and . _ -");
        for (text, error) in [
            ("", NameError::Empty),
            (&"x".repeat(65), NameError::TooLong(64)),
            (&"\u{fdfa}".repeat(10), NameError::TooLong(64)),
            ("a@b", not_allowed),
            ("a b", not_allowed),
            (" ada", not_allowed),
            ("a/b", not_allowed),
            ("a:b", not_allowed),
            ("<b>", not_allowed),
            ("a\u{2010}b", not_allowed),
            ("ada👩", not_allowed),
            (".ada", NameError::Beginning),
            ("-ada", NameError::Beginning),
            ("\u{301}ada", NameError::Beginning),
            ("alice\u{200b}", NameError::Invisible),
            ("alice\u{ad}", NameError::Invisible),
            ("al\u{202e}ice", NameError::Invisible),
            ("al\nice", NameError::Invisible),
            ("al\0ice", NameError::Invisible),
            ("\u{3164}", NameError::Invisible),
            ("аlice", NameError::MixedScripts),
            ("аdmin", NameError::MixedScripts),
            ("ada\u{661}", NameError::MixedScripts),
            ("роса", NameError::LooksLikeAnother),
            ("admın", NameError::LooksLikeAnother),
            ("a\u{301}\u{302}\u{303}\u{304}\u{306}", NameError::Marks),
        ] {
            assert_eq!(Username::parse(text).map(|name| name.to_string()), Err(error), "{text:?}");
        }
        assert!(Username::parse("al\u{200d}ice").is_err());
    }

    #[test]
    fn an_at_sign_tells_an_address_from_a_name() {
        assert_eq!(Login::parse(" ADA "), Some(Login::Username("ada".to_owned())));
        assert_eq!(Login::parse("Ada@Example.org"), Some(Login::Email("ada@example.org".to_owned())));
        assert_eq!(Login::parse("Ada@Example.org").unwrap().as_str(), "ada@example.org");
        for nobody in ["", "  ", "a b", "@", "a@", "a@@b", "a\0"] {
            assert_eq!(Login::parse(nobody), None, "{nobody:?}");
        }
    }

    proptest! {
        #[test]
        fn a_name_signs_in_as_itself_in_any_case(text in "[\\p{L}\\p{N}._-]{1,20}") {
            if let Ok(name) = Username::parse(&text) {
                let key = Login::Username(name.canonical().to_owned());
                prop_assert_eq!(Login::parse(name.as_str()), Some(key.clone()));
                prop_assert_eq!(Login::parse(&text), Some(key));
                prop_assert!(!name.canonical().contains('@'));
            }
        }

        #[test]
        fn no_text_is_too_strange_to_be_judged(text in any::<String>()) {
            if let Ok(name) = Username::parse(&text) {
                prop_assert!(name.as_str().chars().all(|c| !c.is_whitespace() && !c.is_control() && c != '@'));
            }
        }
    }
}
