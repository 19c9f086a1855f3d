//! Origins of other hosts: scheme, host and port, as browsers compare them (RFC 6454 §4).

use std::fmt;

use url::Host;
use url::Url;

use crate::model::host_port::HostPort;

/// `https://app.example` or `http://127.0.0.1:3000`: without a default port, as RFC 6454 §6.2 writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    text: String,
    host: String,
    port: u16,
    is_loopback: bool,
}

impl Origin {
    /// That of a URL by `https` or `http` which has no user name or password in it.
    pub fn of(url: &Url) -> Option<Self> {
        let is_plain =
            matches!(url.scheme(), "https" | "http") && url.username().is_empty() && url.password().is_none();
        let (host, port) = (url.host().filter(|_| is_plain)?, url.port_or_known_default()?);
        let is_loopback = match &host {
            Host::Domain(name) => *name == "localhost",
            Host::Ipv4(address) => address.is_loopback(),
            Host::Ipv6(address) => address.is_loopback(),
        };
        Some(Self { text: url.origin().ascii_serialization(), host: host.to_string(), port, is_loopback })
    }

    /// That of a scheme and of what stands in `Host` (RFC 9110 §7.2); `None` for all that is not just these two.
    pub fn of_parts(scheme: &str, host: &str) -> Option<Self> {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':' | '[' | ']');
        if host.is_empty() || !host.chars().all(is_plain) || !matches!(scheme, "https" | "http") {
            return None;
        }
        Self::of(&Url::parse(&format!("{scheme}://{host}/")).ok()?)
    }

    /// As it is written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it is reached by `https`.
    pub fn is_https(&self) -> bool {
        self.text.starts_with("https:")
    }

    /// Whether only this machine can reach its host.
    pub fn is_loopback(&self) -> bool {
        self.is_loopback
    }

    /// Whether its host and port are among `hosts`.
    pub fn is_among(&self, hosts: &[HostPort]) -> bool {
        hosts.iter().any(|known| known.is(&self.host, self.port))
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_spellings_of_one_origin_are_one() {
        let origin = |scheme, host| Origin::of_parts(scheme, host).unwrap();
        assert_eq!(origin("https", "App.example:443").as_str(), "https://app.example");
        assert_eq!(origin("https", "app.example"), origin("https", "APP.EXAMPLE:443"));
        assert_eq!(origin("http", "[::1]:8080").as_str(), "http://[::1]:8080");
        assert!(origin("http", "127.0.0.1:80").is_loopback() && !origin("https", "app.example").is_loopback());
        let hosts = [HostPort::parse("app.example:443").unwrap()];
        assert!(origin("https", "app.example").is_among(&hosts));
        assert!(!origin("http", "app.example").is_among(&hosts));
        assert!(!origin("https", "app.example.evil.test").is_among(&hosts));
    }

    #[test]
    fn what_is_more_than_host_and_port_is_none() {
        for host in
            ["", "a b", "a/b", "a@b", "a, b", "a\\b", "a?b", "a#b", "a:b", "a:99999", "a:80:80", "é.test", "%61"]
        {
            assert_eq!(Origin::of_parts("https", host), None, "{host:?}");
        }
        for scheme in ["HTTPS", "ftp", "", "https, http", "javascript"] {
            assert_eq!(Origin::of_parts(scheme, "a.test"), None, "{scheme:?}");
        }
    }
}
