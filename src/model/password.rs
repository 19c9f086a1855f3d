//! Passwords of people: which ones may be chosen, and the hash that is kept of one.

use std::fmt;

use crate::model::common_passwords;
use crate::model::name::canonical;
use crate::model::secret::Secret;

/// The fewest characters that a password may have.
pub const SHORTEST_PASSWORD: usize = 8;
/// The most characters that a password may have.
pub const LONGEST_PASSWORD: usize = 1024;

/// What stands on the sign-in page, in the form in which passwords are compared.
const PRODUCT: &str = "hallpass";

/// Whether a person may choose `password`. All of it counts: nothing is cut off or taken out, and no kind of character
/// is asked for. `own` is what others know of the person: user name, e-mail address.
///
/// # Errors
/// What is wrong with it, without a part of it.
pub fn check_new_password(password: &Secret, own: &[&str]) -> Result<(), PasswordError> {
    let password = password.expose();
    let length = password.chars().count();
    if length < SHORTEST_PASSWORD {
        return Err(PasswordError::TooShort);
    }
    if length > LONGEST_PASSWORD {
        return Err(PasswordError::TooLong);
    }
    let compared = canonical(password);
    let mut characters = compared.chars();
    let first = characters.next();
    if compared == PRODUCT || characters.all(|c| Some(c) == first) || common_passwords::contains(&compared) {
        return Err(PasswordError::Common);
    }
    let mailbox = |name: &str| name.split_once('@').map(|(local, _)| canonical(local));
    if own.iter().any(|name| canonical(name) == compared || mailbox(name).as_ref() == Some(&compared)) {
        return Err(PasswordError::OwnName);
    }
    Ok(())
}

/// Why a password cannot be chosen. The sentences follow "the password".
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Fewer than 8 characters.
    #[error("has fewer than 8 characters: use a longer one, such as a few words that only you put together")]
    TooShort,
    /// More than 1,024 characters.
    #[error("has more than 1024 characters")]
    TooLong,
    /// One that is guessed first.
    #[error("is one of those that are guessed first: use one that nobody else uses")]
    Common,
    /// The user name or the e-mail address.
    #[error("is the user name or the e-mail address, which others know")]
    OwnName,
}

/// What is kept of a password: argon2id with its parameters and salt, in the PHC string format.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// The hash as the database keeps it. One that cannot be read is no password's.
    pub fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// The text that the database keeps.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PasswordHash {
    /// Whoever has the hash can try passwords on it without being seen, so no log may hold it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[password hash]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(password: &str) -> Result<(), PasswordError> {
        check_new_password(&Secret::from(password), &["ada.lovelace", "Countess.L@Example.org"])
    }

    #[test]
    fn a_password_has_8_to_1024_characters_of_any_kind() {
        assert_eq!(check("7 chars"), Err(PasswordError::TooShort));
        assert_eq!(check("üüüüüüx"), Err(PasswordError::TooShort));
        assert_eq!(check("8 chars."), Ok(()));
        assert_eq!(check("nul\0inside"), Ok(()));
        assert_eq!(check("пароль мой"), Ok(()));
        assert_eq!(check("correct horse battery staple"), Ok(()));
        assert_eq!(check(&"üx".repeat(512)), Ok(()));
        assert_eq!(check(&format!("{}y", "üx".repeat(512))), Err(PasswordError::TooLong));
    }

    #[test]
    fn a_common_password_is_refused_in_any_case() {
        for common in [
            "password",
            "PASSWORD",
            "Password123",
            "12345678",
            "qwertyuiop",
            "iloveyou",
            "Hallpass",
            "aaaaaaaaa",
            "ｐassword",
            "Liverpool1",
            "cheyenne1",
        ] {
            assert_eq!(check(common), Err(PasswordError::Common), "{common}");
        }
    }

    #[test]
    fn what_others_know_of_a_person_is_no_password() {
        for own in ["ada.lovelace", "Ada.Lovelace", "countess.l@example.org", "countess.l"] {
            assert_eq!(check(own), Err(PasswordError::OwnName), "{own}");
        }
        assert_eq!(check("ada.lovelace!"), Ok(()));
    }

    #[test]
    fn a_hash_does_not_print_itself() {
        assert_eq!(format!("{:?}", PasswordHash::from_stored("$argon2id$…".to_owned())), "[password hash]");
    }
}
