//! Section `mail`: how mail leaves.

use std::path::PathBuf;

use super::kinds::Choice;
use super::kinds::FilePath;
use super::kinds::Whole;
use super::setting::Form;
use super::setting::Kind;
use super::setting::section;
use crate::model::mail::Sender;
use crate::model::secret::Secret;

/// How mail leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// It does not: the log says that somebody asked.
    Log,
    /// By a mail server (RFC 5321).
    Smtp,
}

/// How the way to the mail server is kept from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailTls {
    /// By STARTTLS (RFC 3207); without it nothing is sent.
    StartTls,
    /// From the first byte on (RFC 8314 §3.3).
    Implicit,
    /// Not at all: to a server on this very machine.
    None,
}

const TRANSPORTS: Choice<Transport> = Choice(&[("log", Transport::Log), ("smtp", Transport::Smtp)]);

const TLS: Choice<MailTls> =
    Choice(&[("starttls", MailTls::StartTls), ("tls", MailTls::Implicit), ("none", MailTls::None)]);

section! {
    /// How mail leaves: links for a forgotten password, for a new e-mail address and for a new account.
    pub struct Mail in "mail." {
        /// `smtp` hands mail to a mail server. `log` sends none: a line in the log says who asked for what, never with the
        /// link, which is a secret; `hallpass user reset-link` makes one for an operator to hand on.
        transport: Transport = "transport", TRANSPORTS, "log";
        /// The mail server's name, or its IP address.
        host: String = "host", Host, "";
        /// Its port; 0 means the usual one: 587 with STARTTLS, 465 with TLS from the first byte on, 25 without.
        port: u32 = "port", Whole { from: 0, to: 65_535 }, "0";
        /// How the way there is encrypted: `starttls` and `tls` both refuse a server that does not prove its name; `none`
        /// is for a server on this very machine.
        tls: MailTls = "tls", TLS, "starttls";
        /// A file with certificate authorities in PEM form that are believed beside the system's.
        ca_file: Option<PathBuf> = "ca_file", FilePath, "";
        /// The name to sign in to the mail server with, if it asks for one.
        username: String = "username", Text, "";
        /// The password to sign in to the mail server with.
        password: Option<Secret> = "password", Password, "";
        /// Whom mail comes from.
        from: Option<Sender> = "from", From, "";
    }
}

impl Mail {
    /// What can't be true together: the setting, and what is wrong with it.
    pub(super) fn contradictions(&self) -> Vec<(&'static str, String)> {
        if self.transport == Transport::Log {
            return Vec::new();
        }
        let mut problems = Vec::new();
        let mut wrong = |key, why: &str| problems.push((key, why.to_owned()));
        if self.host.is_empty() {
            wrong("mail.host", "is not set; name the mail server, or let `mail.transport` be \"log\"");
        }
        if self.from.is_none() {
            wrong("mail.from", "is not set; mail has to come from somebody, such as \"Hallpass <id@example.org>\"");
        }
        if self.tls == MailTls::None && !is_loopback(&self.host) {
            wrong(
                "mail.tls",
                "may be none only for a mail server on this machine, since links would be sent in the clear",
            );
        }
        if self.username.is_empty() != self.password.is_none() {
            wrong("mail.password", "and mail.username belong together; set both or neither");
        }
        problems
    }

    /// The port that is meant.
    pub fn port(&self) -> u16 {
        match (u16::try_from(self.port).unwrap_or(0), self.tls) {
            (0, MailTls::StartTls) => 587,
            (0, MailTls::Implicit) => 465,
            (0, MailTls::None) => 25,
            (port, _) => port,
        }
    }
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// A host without its port; empty means none.
struct Host;

impl Kind for Host {
    type Value = String;
    const FORM: Form = Form::Text;

    fn parse(&self, text: &str) -> Result<String, String> {
        let is_host = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:".contains(&byte));
        if is_host { Ok(text.to_owned()) } else { Err(format!("{text:?} is no host")) }
    }

    fn allowed(&self) -> String {
        "a host such as `mail.example.org`, without its port".to_owned()
    }
}

/// A text; empty means none.
struct Text;

impl Kind for Text {
    type Value = String;
    const FORM: Form = Form::Text;

    fn parse(&self, text: &str) -> Result<String, String> {
        Ok(text.to_owned())
    }

    fn allowed(&self) -> String {
        "a text".to_owned()
    }
}

/// A password; empty means none.
struct Password;

impl Kind for Password {
    type Value = Option<Secret>;
    const FORM: Form = Form::Text;
    const SECRET: bool = true;

    fn parse(&self, text: &str) -> Result<Option<Secret>, String> {
        Ok((!text.is_empty()).then(|| Secret::from(text)))
    }

    fn allowed(&self) -> String {
        "a text".to_owned()
    }

    fn show(&self, _text: &str) -> String {
        "[secret]".to_owned()
    }
}

/// A sender; empty means none.
struct From;

impl Kind for From {
    type Value = Option<Sender>;
    const FORM: Form = Form::Text;

    fn parse(&self, text: &str) -> Result<Option<Sender>, String> {
        if text.is_empty() { Ok(None) } else { Sender::parse(text).map(Some) }
    }

    fn allowed(&self) -> String {
        "an address such as `id@example.org`, or `Hallpass <id@example.org>`".to_owned()
    }
}
