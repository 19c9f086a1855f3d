//! The names of roles.

use crate::model::name::NameError;
use crate::model::name::canonical;
use crate::model::name::check_looks;
use crate::model::name::compared_by_canonical_form;
use crate::model::name::compatible;
use crate::model::name::is_hidden;
use crate::model::name::is_letter_or_digit;

/// The name of a role, such as `admin` or `Accounts Manager`. `Admin` is the same role as `admin`.
#[derive(Debug, Clone)]
pub struct RoleName {
    shown: String,
    canonical: String,
}

compared_by_canonical_form!(RoleName);

impl RoleName {
    /// The role that is built in: its holders administer everything.
    pub const ADMIN: &'static str = "admin";
    /// The most characters that a role's name may have.
    pub const LONGEST: usize = 100;

    /// Takes a name: letters and digits of one script, `.`, `_`, `:`, `-`, and single spaces between them.
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
        if !shown.chars().all(|c| is_letter_or_digit(c) || matches!(c, ' ' | '.' | '_' | ':' | '-')) {
            return Err(NameError::Character("use letters, digits, spaces and . _ : -"));
        }
        if shown.starts_with(' ') || shown.ends_with(' ') || shown.contains("  ") {
            return Err(NameError::Spaces);
        }
        if !shown.starts_with(char::is_alphanumeric) {
            return Err(NameError::Beginning);
        }
        check_looks(&shown)?;
        let canonical = canonical(&shown);
        Ok(Self { shown, canonical })
    }

    /// The built-in role `admin`.
    pub fn admin() -> Self {
        Self { shown: Self::ADMIN.to_owned(), canonical: Self::ADMIN.to_owned() }
    }

    /// Whether it is the built-in role `admin`.
    pub fn is_admin(&self) -> bool {
        self.canonical == Self::ADMIN
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_compared_without_case() {
        assert_eq!(RoleName::parse("Admin").unwrap(), RoleName::admin());
        assert!(RoleName::parse("ADMIN").unwrap().is_admin());
        assert_eq!(RoleName::parse("Accounts Manager").unwrap().as_str(), "Accounts Manager");
        for text in ["a:b", "System Manager", "2nd-line.support_x", "Бухгалтер", &"x".repeat(100)] {
            assert!(RoleName::parse(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn what_could_pass_for_another_role_is_refused() {
        let not_allowed = NameError::Character("use letters, digits, spaces and . _ : -");
        for (text, error) in [
            ("", NameError::Empty),
            ("admin ", NameError::Spaces),
            (" admin", NameError::Spaces),
            ("a  b", NameError::Spaces),
            ("admin\u{a0}", NameError::Spaces),
            ("a,b", not_allowed),
            ("a\tb", NameError::Invisible),
            ("admin\u{200b}", NameError::Invisible),
            ("\u{202e}admin", NameError::Invisible),
            ("аdmin", NameError::MixedScripts),
            ("admın", NameError::LooksLikeAnother),
            ("-x", NameError::Beginning),
            ("<script>", not_allowed),
            (&"x".repeat(101), NameError::TooLong(100)),
        ] {
            assert_eq!(RoleName::parse(text), Err(error), "{text:?}");
        }
    }
}
