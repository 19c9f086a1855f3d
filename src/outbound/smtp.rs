//! Mail, handed to the one mail server that the operator names (RFC 5321, RFC 3207, RFC 8314). It is no stranger's address,
//! so it may stand in our own network.

use std::fmt;
use std::time::Duration;
use std::time::UNIX_EPOCH;

use lettre::Address;
use lettre::Message;
use lettre::SmtpTransport;
use lettre::Transport as _;
use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::message::header::HeaderName;
use lettre::message::header::HeaderValue;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::Certificate;
use lettre::transport::smtp::client::Tls;
use lettre::transport::smtp::client::TlsParameters;
use lettre::transport::smtp::extension::ClientId;

use crate::config::mail::Mail as Settings;
use crate::config::mail::MailTls;
use crate::config::mail::Transport;
use crate::model::mail::Letter;
use crate::model::time::Timestamp;

/// How long one step of a conversation with the mail server may take.
const ONE_STEP: Duration = Duration::from_secs(15);
/// Where a certificate begins in a file of several.
const PEM_BEGIN: &str = "-----BEGIN CERTIFICATE-----";

/// Who carries mail to the mail server.
pub struct Postman {
    transport: SmtpTransport,
    from: Mailbox,
    host: String,
}

/// Why a mail was not taken. It repeats nothing of the mail.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PostError {
    /// It never will be: the address is none for this server, or it says that it has no such reader.
    #[error("the mail server refuses it for good ({0})")]
    Refused(String),
    /// It may be later.
    #[error("{0}")]
    NotYet(String),
}

impl Postman {
    /// The one that `settings` name; `None` where no mail leaves. `host` is what this server calls itself there.
    ///
    /// # Errors
    /// What can't be used, as a sentence.
    pub fn open(settings: &Settings, host: &str) -> Result<Option<Self>, String> {
        if settings.transport == Transport::Log {
            return Ok(None);
        }
        let sender = settings.from.as_ref().ok_or("mail.from is not set")?;
        let address = sender.email.as_str().parse::<Address>().map_err(|error| format!("mail.from: {error}"))?;
        let name = (!sender.name.is_empty()).then(|| sender.name.clone());
        let tls = match settings.tls {
            MailTls::StartTls => Tls::Required(tls(settings)?),
            MailTls::Implicit => Tls::Wrapper(tls(settings)?),
            MailTls::None => Tls::None,
        };
        let mut transport = SmtpTransport::builder_dangerous(settings.host.as_str())
            .port(settings.port())
            .tls(tls)
            .timeout(Some(ONE_STEP))
            .hello_name(ClientId::Domain(host.to_owned()));
        if let Some(password) = &settings.password {
            transport =
                transport.credentials(Credentials::new(settings.username.clone(), password.expose().to_owned()));
        }
        Ok(Some(Self { transport: transport.build(), from: Mailbox::new(name, address), host: host.to_owned() }))
    }

    /// Hands a mail over and waits until the mail server has taken it: on a thread that may wait.
    ///
    /// # Errors
    /// [`PostError`].
    pub fn post(&self, letter: &Letter, subject: &str, text: String, now: Timestamp) -> Result<(), PostError> {
        let refused = |error: &dyn fmt::Display| PostError::Refused(error.to_string());
        let to = letter.to.as_str().parse::<Address>().map_err(|error| refused(&error))?;
        let sent_at = UNIX_EPOCH + Duration::from_secs(u64::try_from(now.seconds()).unwrap_or(0));
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .date(sent_at)
            .message_id(Some(format!("<{}.{}@{}>", letter.mail.id, letter.mail.attempts, self.host)))
            .subject(subject)
            // No machine answers that somebody is on holiday (RFC 3834 §5).
            .raw_header(HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned()))
            .header(ContentType::TEXT_PLAIN)
            .body(text)
            .map_err(|error| refused(&error))?;
        match self.transport.send(&message) {
            Ok(_) => Ok(()),
            Err(error) => match error.status().map(|status| status.to_string()) {
                // There is no such mailbox (RFC 5321 §4.2.3). All else the operator can mend.
                Some(status) if ["550", "551", "553"].contains(&status.as_str()) => {
                    Err(PostError::Refused(format!("status {status}")))
                }
                _ => Err(PostError::NotYet(in_words(&error))),
            },
        }
    }
}

/// What went wrong, with what lies behind it.
fn in_words(error: &lettre::transport::smtp::Error) -> String {
    let mut words = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        let text = error.to_string();
        if !words.contains(&text) {
            words = format!("{words}: {text}");
        }
        cause = error.source();
    }
    words
}

fn tls(settings: &Settings) -> Result<TlsParameters, String> {
    let mut parameters = TlsParameters::builder(settings.host.clone());
    if let Some(path) = &settings.ca_file {
        let text =
            std::fs::read_to_string(path).map_err(|error| format!("{} cannot be read: {error}", path.display()))?;
        let mut certificates = text.split(PEM_BEGIN).skip(1).peekable();
        if certificates.peek().is_none() {
            return Err(format!("{} holds no certificate in PEM form", path.display()));
        }
        for certificate in certificates {
            let certificate = Certificate::from_pem(format!("{PEM_BEGIN}{certificate}").as_bytes())
                .map_err(|error| format!("{} does not hold certificates in PEM form: {error}", path.display()))?;
            parameters = parameters.add_root_certificate(certificate);
        }
    }
    parameters.build().map_err(|error| format!("TLS to the mail server cannot be prepared: {error}"))
}
