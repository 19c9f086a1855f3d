//! What mail says, and where its links lead: below the configured issuer, whatever the request that asked said of itself.

use std::sync::Arc;

use askama::Template;

use crate::app::languages::Language;
use crate::http::pages::views::filters;
use crate::http::pages::views::filters::Spoken;
use crate::http::paths;
use crate::model::issuer::Issuer;
use crate::model::mail::Letter;
use crate::model::mail::MailKind;

/// A mail's words.
pub struct Words {
    /// The subject.
    pub subject: String,
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

/// Writes a mail in `language`.
///
/// # Errors
/// Where a template fails.
pub fn write(letter: &Letter, issuer: &Issuer, language: &Arc<Language>) -> Result<Words, askama::Error> {
    let spoken = Spoken(Arc::clone(language));
    let kind = letter.mail.kind;
    let username = letter.reader.as_deref().unwrap_or_default();
    let link = match (&letter.link, place_of(kind)) {
        (Some(token), Some(path)) => format!("{}?token={}", issuer.url(path), token.reveal()),
        _ => String::new(),
    };
    let known = Known { issuer: issuer.as_str(), username, link };
    let (subject, body) = match kind {
        MailKind::PasswordReset => ("Set a new password", PasswordReset { known }.render_with_values(&spoken)?),
        MailKind::PasswordReplaced => {
            ("Your password was changed", PasswordReplaced { known }.render_with_values(&spoken)?)
        }
        MailKind::EmailVerification => {
            ("Confirm your e-mail address", EmailVerification { known }.render_with_values(&spoken)?)
        }
        MailKind::EmailReplaced => {
            ("Your e-mail address was changed", EmailReplaced { known }.render_with_values(&spoken)?)
        }
        MailKind::SelfRegistration if username.is_empty() => {
            ("Finish your registration", SelfRegistration { known }.render_with_values(&spoken)?)
        }
        MailKind::SelfRegistration => {
            ("You have an account already", AlreadyRegistered { known }.render_with_values(&spoken)?)
        }
    };
    Ok(Words { subject: language.say(subject).into_owned(), body })
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::languages::Languages;
    use crate::model::email::Email;
    use crate::model::id::MailId;
    use crate::model::mail::Mail;
    use crate::model::time::Timestamp;
    use crate::model::token::Token;

    /// All there are, in `language`.
    fn all(language: &Arc<Language>) -> Vec<Words> {
        let issuer = Issuer::parse("https://id.example.org").expect("an issuer");
        let now = Timestamp::from_seconds(1_795_512_600);
        let mut all = Vec::new();
        for kind in MailKind::ALL {
            for reader in [Some("ada".to_owned()), None] {
                if reader.is_none() && kind != MailKind::SelfRegistration {
                    continue;
                }
                let mail = Mail {
                    id: MailId::new(now, [0; 10]),
                    kind,
                    user: None,
                    email: None,
                    attempts: 0,
                    next_at: now,
                    created_at: now,
                    language: None,
                };
                let to = Email::parse("ada@example.org").expect("an address");
                let link = kind.link().map(|kind| Token::mint(kind, |bytes| bytes.fill(7)));
                let letter = Letter { mail, to, reader, language: None, link };
                all.push(write(&letter, &issuer, language).expect("a mail"));
            }
        }
        all
    }

    #[test]
    fn each_mail_is_said_whole_in_german() {
        let languages = Languages::open(None, "de").expect("languages");
        let (german, english) = (languages.usual(), languages.find(["en"]).expect("English"));
        let (german_mails, english_mails) = (all(&german), all(&english));
        assert_eq!(german.missing(), Vec::<String>::new());
        for (german, english) in german_mails.iter().zip(&english_mails) {
            assert_ne!(german.subject, english.subject);
            let lines = |words: &Words| words.body.lines().map(str::to_owned).collect::<Vec<_>>();
            for (line, said) in lines(english).into_iter().zip(lines(german)) {
                let is_address = line.is_empty() || line.starts_with("https://id.example.org");
                assert_eq!(line == said, is_address, "{line}");
            }
            assert!(!english.body.contains("{$") && !german.body.contains("{$"), "{}", german.body);
        }
    }

    #[test]
    fn words_of_ours_stand_in_one_piece() {
        let marked = Arc::new(Language::marked());
        for words in all(&marked) {
            let outside = words.body.split('\u{27e7}').filter_map(|part| part.split('\u{27e6}').next());
            for text in outside.flat_map(str::lines).filter(|line| !line.trim().is_empty()) {
                assert!(text.starts_with("https://id.example.org/"), "{text}");
            }
        }
    }
}
