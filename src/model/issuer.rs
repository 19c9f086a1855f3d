//! The issuer: the public base URL that everything of ours begins with (RFC 8414 §2, RFC 9207 §2).

use std::fmt;
use std::net::SocketAddr;

use url::Host;
use url::Url;

/// The public base URL, spelt as it stands in metadata, `iss` and redirects: without a last slash, and never rewritten.
///
/// Clients compare it byte by byte (RFC 8414 §3.3, RFC 9207 §2.4) and browsers compare its origin, so only the one
/// spelling that both agree on is accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issuer {
    text: String,
    origin_length: usize,
}

impl Issuer {
    /// Takes an absolute `https` URL, or an `http` URL whose host is loopback; a path is allowed.
    ///
    /// # Errors
    /// What has to be changed, as a sentence: another scheme, a query, fragment or user information, plain `http` on a
    /// host that others can reach, or a spelling that a browser or client would write differently.
    pub fn parse(text: &str) -> Result<Self, String> {
        let url = Url::parse(text).map_err(|error| format!("is not an absolute URL ({error})"))?;
        let (Some(host), "https" | "http") = (url.host(), url.scheme()) else {
            return Err("must begin with https:// (or http:// on loopback)".to_owned());
        };
        if !url.username().is_empty() || url.password().is_some() || text.contains('@') {
            return Err("must not hold a user name or password".to_owned());
        }
        if text.contains('?') {
            return Err("must not hold a query".to_owned());
        }
        if text.contains('#') {
            return Err("must not hold a fragment".to_owned());
        }
        if url.scheme() == "http" && !is_loopback(&host) {
            return Err(
                "is plain http on a host that is not loopback, so passwords and tokens could be read on their way; \
                 use https (a proxy in front may provide it)"
                    .to_owned(),
            );
        }
        if url.port() == Some(0) {
            return Err("must not name port 0".to_owned());
        }
        let path = url.path().trim_end_matches('/');
        if !path.split('/').skip(1).all(is_plain_segment) {
            return Err("may hold only letters, digits and - . _ ~ between the slashes of its path".to_owned());
        }
        let origin = url.origin().ascii_serialization();
        let canonical = format!("{origin}{path}");
        if text != canonical && text.strip_suffix('/') != Some(canonical.as_str()) {
            return Err(format!("must be spelt as browsers and clients compare it: {canonical}"));
        }
        Ok(Self { text: canonical, origin_length: origin.len() })
    }

    /// `http://` and the address that the server listens on: the issuer where none is configured.
    pub fn of_listener(address: SocketAddr) -> Self {
        let text = match address.port() {
            80 if address.is_ipv6() => format!("http://[{}]", address.ip()),
            80 => format!("http://{}", address.ip()),
            _ => format!("http://{address}"),
        };
        Self { origin_length: text.len(), text }
    }

    /// The issuer as it stands in metadata and in `iss`.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Scheme, host and port, as browsers send them in `Origin` (RFC 6454 §6.2).
    pub fn origin(&self) -> &str {
        self.text.split_at(self.origin_length).0
    }

    /// What stands between the origin and our own paths: empty, or `/` and more, without a last slash.
    pub fn path(&self) -> &str {
        self.text.split_at(self.origin_length).1
    }

    /// The address of one of our own paths, which begin with `/`.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.text)
    }

    /// The host alone, without a port.
    pub fn host(&self) -> &str {
        let host = self.origin().split_once("://").map_or("", |(_, host)| host);
        if host.starts_with('[') {
            return host.split_inclusive(']').next().unwrap_or(host);
        }
        host.split(':').next().unwrap_or(host)
    }

    /// The host where it is a name, and not an address. Whoever reaches us by it does so by https, or from our own machine.
    pub fn domain(&self) -> Option<&str> {
        let is_address = self.host().starts_with('[') || self.host().parse::<std::net::Ipv4Addr>().is_ok();
        (!is_address).then(|| self.host())
    }

    /// Whether only the machine that the server runs on can reach us by it.
    pub fn is_loopback(&self) -> bool {
        Url::parse(&self.text).is_ok_and(|url| url.host().is_some_and(|host| is_loopback(&host)))
    }

    /// Whether browsers reach us by `https`: then cookies are `Secure` and have the prefix `__Host-`.
    pub fn is_https(&self) -> bool {
        self.text.starts_with("https:")
    }
}

impl fmt::Display for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Whether only this machine can reach `host`.
fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost",
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

/// Whether a path segment has one spelling only (the unreserved characters of RFC 3986 §2.3).
fn is_plain_segment(segment: &str) -> bool {
    !segment.is_empty() && segment.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuer_is_kept_as_it_was_written_less_its_last_slash() {
        for (written, kept) in [
            ("https://id.example", "https://id.example"),
            ("https://id.example/", "https://id.example"),
            ("https://id.example:8443/auth/", "https://id.example:8443/auth"),
            ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
            ("http://[::1]:8000", "http://[::1]:8000"),
            ("http://localhost/a/b", "http://localhost/a/b"),
        ] {
            assert_eq!(Issuer::parse(written).map(|issuer| issuer.to_string()), Ok(kept.to_owned()));
        }
    }

    #[test]
    fn an_issuer_that_others_would_spell_differently_is_refused() {
        for written in [
            "",
            "id.example",
            "ftp://id.example",
            "mailto:ada@id.example",
            "https://ada@id.example",
            "https://@id.example",
            "https://id.example?",
            "https://id.example/?a=b",
            "https://id.example#",
            "http://id.example",
            "http://127.0.0.1.id.example",
            "http://0.0.0.0:8000",
            "http://127.0.0.1:0",
            "https://ID.example",
            "HTTPS://id.example",
            "https://id.example:443",
            "https://id.example//",
            "https://id.example/a//b",
            "https://id.example/a/../b",
            "https://id.example/%61",
            "https://id.example\\a",
            " https://id.example",
            "https://bücher.example",
        ] {
            assert!(Issuer::parse(written).is_err(), "{written}");
        }
    }

    #[test]
    fn an_issuer_splits_into_origin_and_path() -> Result<(), String> {
        let issuer = Issuer::parse("https://id.example:8443/auth")?;
        assert_eq!((issuer.origin(), issuer.path()), ("https://id.example:8443", "/auth"));
        assert_eq!(issuer.url("/login"), "https://id.example:8443/auth/login");
        assert_eq!(Issuer::parse("https://id.example")?.path(), "");
        Ok(())
    }

    #[test]
    fn without_a_setting_the_issuer_is_the_listener() {
        for address in ["127.0.0.1:8000", "127.0.0.1:80", "[::1]:80", "[::1]:9"] {
            let issuer = Issuer::of_listener(address.parse().unwrap());
            assert_eq!(Issuer::parse(issuer.as_str()), Ok(issuer), "{address}");
        }
    }
}
