//! What a refusal found: the check that failed, what it asks for, and what came.

use std::borrow::Cow;

use url::Url;

use crate::domain::refusals::check::Check;
use crate::model::client::Client;
use crate::model::id::ClientId;
use crate::model::scope::Scope;
use crate::model::scope::ScopeToken;
use crate::model::time::Timestamp;

/// The check that failed. It is made only where a request is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The check.
    pub check: Check,
    /// What it asks for.
    pub expected: Cow<'static, str>,
    /// What came instead. It may hold text of the request, so it is cleaned before anybody keeps or sees it.
    pub came: Cow<'static, str>,
    /// Whom it is about, as far as that is known though nobody was let in.
    pub about: About,
}

/// Whom a refusal is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct About {
    /// A user, by id.
    pub user: Option<String>,
    /// A credential, by id.
    pub credential: Option<String>,
    /// An application, by its `client_id`.
    pub client: Option<String>,
}

impl Finding {
    /// That `check` failed: it asks for `expected`, and there came `came`.
    pub fn new(check: Check, expected: impl Into<Cow<'static, str>>, came: impl Into<Cow<'static, str>>) -> Self {
        Self { check, expected: expected.into(), came: came.into(), about: About::default() }
    }

    /// The same, about somebody.
    #[must_use]
    pub fn about(mut self, about: About) -> Self {
        self.about = about;
        self
    }
}

/// An address as it may be shown: without what may hold a secret (user, query, fragment). What is no address is not
/// shown at all.
pub fn address(text: &str) -> String {
    let Ok(mut url) = Url::parse(text) else { return "a text that is no address".to_owned() };
    let more = if url.query().is_some() || url.fragment().is_some() { "[…]" } else { "" };
    url.set_query(None);
    url.set_fragment(None);
    // What has no host has no user either.
    let _no_host = (url.set_username(""), url.set_password(None));
    format!("{url}{more}")
}

/// A `client_id` as it may be shown: one that looks like one. What else stands in its place may be a secret.
pub fn client_id(text: &str) -> String {
    if ClientId::parse(text).is_some() {
        return format!("client_id {text}");
    }
    match Url::parse(text) {
        Ok(url) if url.has_host() => format!("client_id {}", address(text)),
        _ => format!("a client_id of {} characters, of another form than those made here", text.chars().count()),
    }
}

/// What `client` is registered for.
pub fn grant_types(client: &Client) -> String {
    let names: Vec<&str> = client.grant_types.iter().map(|grant_type| grant_type.as_str()).collect();
    format!("a client for {}", names.join(" "))
}

/// That `asked` has more than is `allowed`.
pub fn scope(check: Check, allowed: &Scope, asked: &Scope) -> Finding {
    let beyond: Vec<&str> = asked.iter().map(ScopeToken::as_str).filter(|name| !allowed.contains(name)).collect();
    Finding::new(check, format!("only scopes among {allowed}"), format!("beside others {}", beyond.join(" ")))
}

/// How long ago `then` was: `12 s ago`.
pub fn ago(then: Timestamp, now: Timestamp) -> String {
    let seconds = now.seconds().saturating_sub(then.seconds()).max(0);
    match seconds {
        0..120 => format!("{seconds} s ago"),
        120..7_200 => format!("{} min ago", seconds / 60),
        7_200..172_800 => format!("{} h ago", seconds / 3_600),
        _ => format!("{} days ago", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shown_without_what_may_be_a_secret() {
        assert_eq!(address("https://u:p@app.test:8443/cb?code=x#y"), "https://app.test:8443/cb[…]");
        assert_eq!(address("com.example.app:/cb"), "com.example.app:/cb");
        assert_eq!(address("hunter2hunter2"), "a text that is no address");
    }

    #[test]
    fn a_time_that_is_over_is_told_in_its_largest_unit() {
        let now = Timestamp::from_seconds(1_795_512_600);
        let told = |seconds: i64| ago(Timestamp::from_seconds(now.seconds() - seconds), now);
        assert_eq!(
            [told(12), told(600), told(7_300), told(200_000)],
            ["12 s ago", "10 min ago", "2 h ago", "2 days ago"]
        );
        assert_eq!(told(-5), "0 s ago");
    }
}
