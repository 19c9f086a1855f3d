//! Addresses of applications that this server calls, or sends browsers to after sign-out.

use std::fmt;

use url::Url;

use crate::model::https_url::HttpsUrl;

/// The hosts that are this very machine.
const LOOPBACK_HOSTS: [&str; 3] = ["127.0.0.1", "[::1]", "localhost"];

/// `https` anywhere, or plain `http` on this very machine, for those who try things out. Which of them a client may have is
/// the policy's to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalledUrl {
    is_https: bool,
    host: String,
    port: u16,
    path_and_query: String,
    text: String,
}

impl CalledUrl {
    /// Takes a URL in its normal form, without fragment or user information.
    ///
    /// # Errors
    /// What has to be changed, as the rest of a sentence.
    pub fn parse(text: &str) -> Result<Self, String> {
        if !text.starts_with("http:") {
            let url = HttpsUrl::parse(text)?;
            let (host, path_and_query) = (url.host().to_owned(), url.path_and_query().to_owned());
            return Ok(Self { is_https: true, host, port: url.port(), path_and_query, text: text.to_owned() });
        }
        // The rules are the same but for the scheme and its port.
        let as_https = HttpsUrl::parse(&text.replacen("http:", "https:", 1))
            .map_err(|why| why.replacen("https://", "http://", 1))?;
        if !LOOPBACK_HOSTS.contains(&as_https.host()) {
            return Err("must begin with https:// (or http:// on loopback)".to_owned());
        }
        let url = Url::parse(text).map_err(|_| "is no URL".to_owned())?;
        let port = url.port_or_known_default().unwrap_or(80);
        let (host, path_and_query) = (as_https.host().to_owned(), as_https.path_and_query().to_owned());
        Ok(Self { is_https: false, host, port, path_and_query, text: text.to_owned() })
    }

    /// The URL as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it is `https`.
    pub fn is_https(&self) -> bool {
        self.is_https
    }

    /// Whether it leads to the machine that asks for it.
    pub fn is_loopback(&self) -> bool {
        LOOPBACK_HOSTS.contains(&self.host.as_str())
    }

    /// The host: a name, an IPv4 address, or an IPv6 address in brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port, that of the scheme where none is written.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Host and port as the URL has them: the port only where it is written.
    pub fn authority(&self) -> String {
        let usual = if self.is_https { 443 } else { 80 };
        if self.port == usual { self.host.clone() } else { format!("{}:{}", self.host, self.port) }
    }

    /// Path and query, beginning with `/`.
    pub fn path_and_query(&self) -> &str {
        &self.path_and_query
    }

    /// The URL with `pairs` added to its query, form-encoded.
    pub fn with_query(&self, pairs: &[(&str, &str)]) -> String {
        if pairs.is_empty() {
            return self.text.clone();
        }
        let separator = if self.path_and_query.contains('?') { '&' } else { '?' };
        let location = format!("{}{separator}", self.text);
        let start = location.len();
        form_urlencoded::Serializer::for_suffix(location, start).extend_pairs(pairs).finish()
    }
}

impl fmt::Display for CalledUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn https_anywhere_and_http_on_this_machine() {
        let url = CalledUrl::parse("http://127.0.0.1:9000/out?a=b").unwrap();
        assert_eq!((url.host(), url.port(), url.path_and_query()), ("127.0.0.1", 9000, "/out?a=b"));
        assert_eq!(url.with_query(&[("state", "x y")]), "http://127.0.0.1:9000/out?a=b&state=x+y");
        assert!(url.is_loopback() && !url.is_https());
        assert_eq!(CalledUrl::parse("http://localhost/").unwrap().port(), 80);
        let url = CalledUrl::parse("https://app.example/out").unwrap();
        assert_eq!((url.port(), url.is_loopback(), url.is_https()), (443, false, true));
        assert_eq!(url.with_query(&[("state", "x")]), "https://app.example/out?state=x");
        assert!(CalledUrl::parse("https://localhost:9443/out").unwrap().is_loopback());
        for text in
            ["", "http://app.example/", "http://127.1/", "http://127.0.0.1/#a", "ftp://a/", "app:/x", "https://a@b/"]
        {
            assert!(CalledUrl::parse(text).is_err(), "{text}");
        }
    }
}
