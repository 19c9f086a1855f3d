//! What mail says, and where its links lead: below the configured issuer, whatever the request that asked said of itself.

use askama::Template;

use crate::http::paths;
use crate::model::issuer::Issuer;
use crate::model::mail::Letter;
use crate::model::mail::MailKind;

/// A mail's words.
pub struct Words {
    /// The subject.
    pub subject: &'static str,
    /// The text.
    pub body: String,
}

/// What all templates know.
struct Known<'a> {
    /// The base URL.
    issuer: &'a str,
    /// The user name of the reader; empty for somebody who has no account.
    username: &'a str,
    /// The link, where there is one.
    link: String,
}

macro_rules! templates {
    ($($name:ident $path:literal,)+) => { $(
        #[derive(Template)]
        #[template(path = $path)]
        struct $name<'a> {
            known: Known<'a>,
        }
    )+ };
}
templates! {
    PasswordReset "mail/password_reset.txt",
    PasswordReplaced "mail/password_replaced.txt",
    EmailVerification "mail/email_verification.txt",
    EmailReplaced "mail/email_replaced.txt",
    SelfRegistration "mail/self_registration.txt",
    AlreadyRegistered "mail/already_registered.txt",
}

/// Writes a mail.
///
/// # Errors
/// Where a template fails.
pub fn write(letter: &Letter, issuer: &Issuer) -> Result<Words, askama::Error> {
    let kind = letter.mail.kind;
    let username = letter.reader.as_deref().unwrap_or_default();
    let link = match (&letter.link, place_of(kind)) {
        (Some(token), Some(path)) => format!("{}?token={}", issuer.url(path), token.reveal()),
        _ => String::new(),
    };
    let known = Known { issuer: issuer.as_str(), username, link };
    let (subject, body) = match kind {
        MailKind::PasswordReset => ("Set a new password", PasswordReset { known }.render()?),
        MailKind::PasswordReplaced => ("Your password was changed", PasswordReplaced { known }.render()?),
        MailKind::EmailVerification => ("Confirm your e-mail address", EmailVerification { known }.render()?),
        MailKind::EmailReplaced => ("Your e-mail address was changed", EmailReplaced { known }.render()?),
        MailKind::SelfRegistration if username.is_empty() => {
            ("Finish your registration", SelfRegistration { known }.render()?)
        }
        MailKind::SelfRegistration => ("You have an account already", AlreadyRegistered { known }.render()?),
    };
    Ok(Words { subject, body })
}

/// Where the link of such a mail leads.
pub fn place_of(kind: MailKind) -> Option<&'static str> {
    match kind {
        MailKind::PasswordReset => Some(paths::RESET_CONFIRM),
        MailKind::EmailVerification => Some(paths::EMAIL_CONFIRM),
        MailKind::SelfRegistration => Some(paths::REGISTER_CONFIRM),
        MailKind::PasswordReplaced | MailKind::EmailReplaced => None,
    }
}
