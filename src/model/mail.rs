//! Mail to people: what it is about, and the links that it carries.

use crate::model::email::Email;
use crate::model::id::MailId;
use crate::model::id::UserId;
use crate::model::time::Lifetime;
use crate::model::time::Timestamp;
use crate::model::token::Token;
use crate::model::token::TokenHash;
use crate::model::token::TokenKind;

/// What a mail is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailKind {
    /// A link by which a person sets a new password.
    PasswordReset,
    /// Such a link was used.
    PasswordReplaced,
    /// A link that proves whose address it is.
    EmailVerification,
    /// To the address that was a user's until now: there is another one.
    EmailReplaced,
    /// A link by which somebody makes an account; where they have one already, that they have.
    SelfRegistration,
}

impl MailKind {
    /// All there are.
    pub const ALL: [Self; 5] = [
        Self::PasswordReset,
        Self::PasswordReplaced,
        Self::EmailVerification,
        Self::EmailReplaced,
        Self::SelfRegistration,
    ];

    /// As the database and the log write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PasswordReset => "password_reset",
            Self::PasswordReplaced => "password_replaced",
            Self::EmailVerification => "email_verification",
            Self::EmailReplaced => "email_replaced",
            Self::SelfRegistration => "self_registration",
        }
    }

    /// Reads what [`MailKind::as_str`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// What its link is, if it has one.
    pub const fn link(self) -> Option<TokenKind> {
        match self {
            Self::PasswordReset => Some(TokenKind::PasswordReset),
            Self::EmailVerification => Some(TokenKind::EmailVerification),
            Self::SelfRegistration => Some(TokenKind::SelfRegistration),
            Self::PasswordReplaced | Self::EmailReplaced => None,
        }
    }

    /// How long its link is good. One that sets a password lives as short as it can while mail still arrives in time.
    pub const fn link_lifetime(self) -> Lifetime {
        match self {
            Self::EmailVerification | Self::SelfRegistration => Lifetime::from_hours(24),
            Self::PasswordReset | Self::PasswordReplaced | Self::EmailReplaced => Lifetime::from_hours(1),
        }
    }
}

/// A mail that is yet to be sent.
#[derive(Debug, Clone)]
pub struct Mail {
    /// Its id, which is also what its `Message-ID` begins with (RFC 5322 §3.6.4).
    pub id: MailId,
    /// What it is about.
    pub kind: MailKind,
    /// Whom it is about; `None` where it turns out to be nobody, or nobody yet.
    pub user: Option<UserId>,
    /// Where it goes, if not to the user's own address.
    pub email: Option<Email>,
    /// How often it was tried.
    pub attempts: i64,
    /// When to try it.
    pub next_at: Timestamp,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// The language of the page from which it was asked for (BCP 47).
    pub language: Option<String>,
}

/// A link that was sent; it is known by the hash of its token alone.
#[derive(Debug, Clone)]
pub struct MailLink {
    /// The hash.
    pub hash: TokenHash,
    /// The mail that carries it.
    pub kind: MailKind,
    /// Whose it is; `None` for somebody who has no account yet.
    pub user: Option<UserId>,
    /// Where it was sent.
    pub email: Email,
    /// When.
    pub created_at: Timestamp,
    /// Until when it is good.
    pub expires_at: Timestamp,
}

/// A mail on its way.
#[derive(Debug)]
pub struct Letter {
    /// The mail.
    pub mail: Mail,
    /// Where it goes.
    pub to: Email,
    /// How its reader is called here; `None` for somebody who has no account.
    pub reader: Option<String>,
    /// The language that it is best said in (BCP 47), where that is known: that of the page from which it was asked for, or
    /// what its reader wrote down about themselves.
    pub language: Option<String>,
    /// The token of its link, if it carries one.
    pub link: Option<Token>,
}

/// Whom mail comes from (RFC 5322 §3.6.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender {
    /// What stands before the address; may be empty.
    pub name: String,
    /// The address.
    pub email: Email,
}

impl Sender {
    /// Reads `id@example.org` or `Name <id@example.org>`.
    ///
    /// # Errors
    /// What is wrong, as the rest of a sentence.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (name, address) = match text.strip_suffix('>').and_then(|text| text.rsplit_once('<')) {
            Some((name, address)) => (name.trim(), address),
            None => ("", text.trim()),
        };
        if name.chars().any(char::is_control) {
            return Err("has a control character in its name".to_owned());
        }
        let email = Email::parse(address).map_err(|error| format!("is no sender: the address {error}"))?;
        Ok(Self { name: name.trim_matches('"').to_owned(), email })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_read_as_it_was_written() {
        for kind in MailKind::ALL {
            assert_eq!(MailKind::parse(kind.as_str()), Some(kind));
        }
        assert_eq!(MailKind::parse("spam"), None);
    }

    #[test]
    fn a_sender_has_an_address_and_perhaps_a_name() {
        let read = |text: &str| Sender::parse(text).map(|sender| (sender.name, sender.email.as_str().to_owned()));
        assert_eq!(read("id@example.org"), Ok((String::new(), "id@example.org".to_owned())));
        assert_eq!(read("Acme ID <id@example.org>"), Ok(("Acme ID".to_owned(), "id@example.org".to_owned())));
        for wrong in ["", "Acme", "Acme <>", "Acme <id>", "Acme\r\nBcc: x <id@example.org>", "a@b\nc"] {
            assert!(read(wrong).is_err(), "{wrong:?}");
        }
    }
}
