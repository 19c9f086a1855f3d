//! Consent, at `/oauth/authorize`: what a client may do, and for how long.

use super::client_card::ClientCard;
use super::filters;
use super::frame::Frame;
use crate::http::paths;
use crate::model::scope::BuiltIn;

/// The page that asks whether a client may act for its visitor (RFC 6749 §4.1.1).
#[derive(askama::Template)]
#[template(path = "pages/consent.html")]
pub struct ConsentPage {
    /// Its surroundings.
    pub frame: Frame,
    /// The id of the kept authorization request; all else is read from there, not from the form.
    pub request: String,
    /// The client's name.
    pub client: String,
    /// What else it shows of itself.
    pub card: ClientCard,
    /// Whether an administrator registered it. Others chose their name themselves.
    pub is_verified: bool,
    /// The host whose document describes it, where nobody registered it: all of its name that is certain.
    pub document_host: Option<String>,
    /// Whether answers can only go to programs on the visitor's own machine, any of which could pose as it.
    pub is_local_only: bool,
    /// The host, with its port where one stands there, that the answer goes to.
    pub destination: String,
    /// Whether that is a program on the visitor's own machine (RFC 8252 §7.3).
    pub is_loopback: bool,
    /// The user who would grant it, by user name; the full name stands in the frame.
    pub username: String,
    /// The path behind *Switch account*: sign-out, and after the next sign-in back to this request.
    pub switch_account: String,
    /// The APIs that the tokens would be good at; where there are none, this server.
    pub resources: Vec<ConsentResource>,
    /// What is asked for beyond scopes, for this time.
    pub details: Vec<ConsentDetail>,
    /// What is asked for, in order.
    pub scopes: Vec<ConsentScope>,
    /// Which length is chosen at first.
    pub duration: ConsentDuration,
}

/// An API that the tokens would be good at (RFC 8707).
pub struct ConsentResource {
    /// Its URI.
    pub uri: String,
    /// What its administrator called it; none for this server itself.
    pub name: Option<String>,
}

/// What is asked for beyond what scopes can say (RFC 9396).
pub struct ConsentDetail {
    /// Its type's sentence, filled in.
    pub sentence: String,
    /// Its members: the names on the way to each, and what it holds.
    pub members: Vec<(String, String)>,
}

/// One scope that is asked for.
pub struct ConsentScope {
    /// Its name.
    pub name: String,
    /// What it allows, as a sentence for the person who grants it.
    pub sentence: String,
    /// Whether the client was registered as needing it: then it can't be unticked.
    pub is_needed: bool,
    /// Whether this client has it already from an earlier grant.
    pub is_granted_already: bool,
}

/// How long a grant lasts: the values of `duration`.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub enum ConsentDuration {
    /// `1h`.
    OneHour,
    /// `30d`.
    ThirtyDays,
    /// `until_revoked`.
    #[default]
    UntilRevoked,
}

impl ConsentDuration {
    /// All of them, the shortest first.
    pub const ALL: [ConsentDuration; 3] =
        [ConsentDuration::OneHour, ConsentDuration::ThirtyDays, ConsentDuration::UntilRevoked];

    /// What the form sends.
    pub fn value(&self) -> &'static str {
        match self {
            ConsentDuration::OneHour => "1h",
            ConsentDuration::ThirtyDays => "30d",
            ConsentDuration::UntilRevoked => "until_revoked",
        }
    }

    /// Reads what the form sends.
    pub fn parse(value: &str) -> Option<Self> {
        ConsentDuration::ALL.into_iter().find(|duration| duration.value() == value)
    }

    /// What the page calls it.
    pub fn label(&self) -> &'static str {
        match self {
            ConsentDuration::OneHour => "1 hour",
            ConsentDuration::ThirtyDays => "30 days",
            ConsentDuration::UntilRevoked => "Until I end it",
        }
    }
}

/// What an application that gets `scopes` and no more cannot do, each a sentence that goes on from "It will not be able to".
/// It says only what this server itself withholds.
pub(super) fn withheld(frame: &Frame, scopes: &[ConsentScope]) -> Vec<&'static str> {
    let has = |name: &str| scopes.iter().any(|scope| scope.name == name);
    let mut withheld = vec!["See your password"];
    // Frappe's profile tells it to whoever knows who somebody is.
    if !has("email") && !has("openid") {
        withheld.push("See your e-mail address");
    }
    match (has("account:read"), has("account:write")) {
        (false, false) => withheld.push("See or change your account, your sessions and your API keys"),
        (true, false) => withheld.push("Change your account, your sessions and your API keys"),
        (_, true) => {}
    }
    let reaches_others = scopes.iter().any(|scope| BuiltIn::find(&scope.name).is_some_and(|known| known.needs_admin));
    if frame.visitor.as_ref().is_some_and(|visitor| visitor.is_admin) && !reaches_others {
        withheld.push("Act as an administrator");
    }
    withheld
}

/// The first letter of a client's name, where it has no picture.
pub(super) fn initial(name: &str) -> String {
    let letter = name.chars().find(|letter| letter.is_alphanumeric());
    letter.map_or_else(|| "?".to_owned(), |letter| letter.to_uppercase().to_string())
}

#[cfg(test)]
impl super::Page for ConsentPage {
    fn samples() -> Vec<Self> {
        let scope = |name: &str, sentence: &str| ConsentScope {
            name: name.to_owned(),
            sentence: sentence.to_owned(),
            is_needed: false,
            is_granted_already: false,
        };
        let frame = || super::frame::sample::admin(paths::OAUTH_AUTHORIZE);
        let few = Self {
            frame: frame(),
            request: "01939f3c5f6a7c1e9a3b2c4d5e6f7081".to_owned(),
            client: "Ledger".to_owned(),
            card: ClientCard::sample(),
            is_verified: true,
            document_host: None,
            is_local_only: false,
            destination: "ledger.example.com".to_owned(),
            is_loopback: false,
            username: "ada".to_owned(),
            switch_account: format!("{}?return_to=%2Foauth%2Fauthorize", paths::LOGOUT),
            resources: vec![ConsentResource {
                uri: "https://api.ledger.example.com/".to_owned(),
                name: Some("Ledger's API".to_owned()),
            }],
            details: vec![ConsentDetail {
                sentence: "Pay 123.50 EUR to Merchant A".to_owned(),
                members: vec![
                    ("amount / currency".to_owned(), "EUR".to_owned()),
                    ("amount / value".to_owned(), "123.50".to_owned()),
                ],
            }],
            scopes: vec![
                ConsentScope { is_needed: true, ..scope("openid", "Know that it is you") },
                ConsentScope { is_granted_already: true, ..scope("profile", "See your name and user name") },
                scope("email", "See your e-mail address"),
                scope("invoices:write", "Create and change invoices in your name"),
            ],
            duration: ConsentDuration::default(),
        };
        let unverified = Self {
            frame: frame(),
            request: "01939f3c5f6a7c1e9a3b2c4d5e6f7082".to_owned(),
            client: "<script>alert(1)</script> a client with a very long name that it chose itself".to_owned(),
            card: ClientCard { logo: None, policy: None, terms: None, ..ClientCard::sample() },
            is_verified: false,
            document_host: Some("tools.example.com".to_owned()),
            is_local_only: true,
            destination: "127.0.0.1:49152".to_owned(),
            is_loopback: true,
            username: "ada".to_owned(),
            switch_account: format!("{}?return_to=%2Foauth%2Fauthorize", paths::LOGOUT),
            resources: vec![ConsentResource { uri: "https://id.example.com".to_owned(), name: None }],
            details: vec![ConsentDetail { sentence: "<b>".to_owned(), members: Vec::new() }],
            scopes: vec![scope("account:read", "See your account: profile, sessions, applications and API keys")],
            duration: ConsentDuration::OneHour,
        };
        vec![few, unverified]
    }
}

#[cfg(test)]
mod tests {
    use super::super::frame::sample;
    use super::ConsentDuration;
    use super::ConsentScope;
    use super::withheld;
    use crate::http::paths;

    #[test]
    fn what_was_not_asked_for_is_named() {
        let asked = |names: &[&str]| -> Vec<ConsentScope> {
            let scope = |name: &&str| ConsentScope {
                name: (*name).to_owned(),
                sentence: String::new(),
                is_needed: false,
                is_granted_already: false,
            };
            names.iter().map(scope).collect()
        };
        let admin = sample::admin(paths::OAUTH_AUTHORIZE);
        let person = sample::user(paths::OAUTH_AUTHORIZE);
        let all = "See or change your account, your sessions and your API keys";
        assert_eq!(
            withheld(&admin, &asked(&["read"])),
            ["See your password", "See your e-mail address", all, "Act as an administrator"]
        );
        assert_eq!(withheld(&person, &asked(&["email"])), ["See your password", all]);
        let much = asked(&["email", "account:read", "users:write"]);
        let changes = "Change your account, your sessions and your API keys";
        assert_eq!(withheld(&admin, &much), ["See your password", changes]);
        assert_eq!(withheld(&person, &asked(&["email", "account:write"])), ["See your password"]);
    }

    #[test]
    fn a_duration_reads_what_it_writes() {
        for duration in ConsentDuration::ALL {
            assert_eq!(ConsentDuration::parse(duration.value()), Some(duration));
        }
        assert_eq!(ConsentDuration::parse("2h"), None);
    }
}
