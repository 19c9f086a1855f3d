//! Section `users`: what people may do with accounts by themselves.

use super::kinds::Choice;
use super::kinds::Flag;
use super::kinds::items;
use super::mail::Mail;
use super::mail::Transport;
use super::setting::Form;
use super::setting::Kind;
use super::setting::section;
use crate::model::email::Email;

/// Who may make an account for themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SelfRegistration {
    /// Nobody: administrators make accounts.
    Closed,
    /// Whoever has an e-mail address.
    Open,
}

const REGISTRATIONS: Choice<SelfRegistration> =
    Choice(&[("closed", SelfRegistration::Closed), ("open", SelfRegistration::Open)]);

section! {
    /// What people may do with accounts by themselves.
    pub struct Users in "users." {
        /// Who may make an account for themselves, at `/register`: nobody, or whoever follows a link that was sent to
        /// their e-mail address. Such an account has no roles.
        registration: SelfRegistration = "registration", REGISTRATIONS, "closed";
        /// The domains whose addresses may register; empty means all. A subdomain is another domain.
        registration_domains: Vec<String> = "registration_domains", Domains, "";
        /// Let people delete their own accounts.
        self_deletion: bool = "self_deletion", Flag, "true";
    }
}

impl Users {
    /// What can't be true beside `mail`: the setting, and what is wrong with it.
    pub(super) fn contradictions(&self, mail: &Mail) -> Vec<(&'static str, String)> {
        if self.registration == SelfRegistration::Open && mail.transport == Transport::Log {
            let wrong = "cannot be open without mail, since an account begins with a link that is sent; set \
                         mail.transport to smtp";
            return vec![("users.registration", wrong.to_owned())];
        }
        Vec::new()
    }

    /// Whether somebody with this address may register.
    pub fn may_register(&self, email: &Email) -> bool {
        let domain = email.canonical().rsplit_once('@').map_or("", |(_, domain)| domain);
        self.registration_domains.is_empty() || self.registration_domains.iter().any(|allowed| allowed == domain)
    }
}

/// Domains of e-mail addresses.
struct Domains;

impl Kind for Domains {
    type Value = Vec<String>;
    const FORM: Form = Form::List;

    fn parse(&self, text: &str) -> Result<Vec<String>, String> {
        let domain = |item: &str| {
            let email = Email::parse(&format!("somebody@{item}")).map_err(|_| format!("{item:?} is no domain"))?;
            Ok(email.canonical().trim_start_matches("somebody@").to_owned())
        };
        items(text).map(domain).collect()
    }

    fn allowed(&self) -> String {
        "domains, such as `example.org`, `mail.example.org`".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_is_compared_as_a_whole_and_without_case() {
        let domains = Domains.parse("Example.org, mail.example.com").unwrap();
        let users = Users { registration: SelfRegistration::Open, registration_domains: domains, self_deletion: true };
        let may = |email: &str| users.may_register(&Email::parse(email).unwrap());
        assert!(may("ada@example.org") && may("ada@EXAMPLE.ORG") && may("ada@mail.example.com"));
        for foreign in ["ada@example.com", "ada@evil-example.org", "ada@sub.example.org", "example.org@evil.test"] {
            assert!(!may(foreign), "{foreign}");
        }
        for wrong in ["@example.org", "a b", "*.example.org", "example..org"] {
            assert!(Domains.parse(wrong).is_err(), "{wrong}");
        }
    }
}
