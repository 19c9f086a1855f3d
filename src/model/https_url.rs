//! Addresses that may be asked for a document: `https`, in the one spelling that everybody agrees on.

use std::fmt;

use url::Url;

/// The most bytes that such an address may have.
const LONGEST_URL: usize = 2_000;

/// An absolute `https` URL in its normal form (RFC 3986 §6.2), without user information and fragment.
///
/// Since no other spelling is taken, what is compared byte by byte and what is connected to are the same thing.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct HttpsUrl {
    text: String,
    host: String,
    port: u16,
    path_and_query: String,
}

impl HttpsUrl {
    /// Takes an `https` URL.
    ///
    /// # Errors
    /// What has to be changed, as the rest of a sentence: another scheme, user information, a fragment, or a spelling
    /// that is not the normal one (capitals in the host, a default port, `.` or `..` in the path).
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.len() > LONGEST_URL {
            return Err(format!("is longer than {LONGEST_URL} bytes"));
        }
        let url = Url::parse(text).map_err(|error| format!("is not an absolute URL ({error})"))?;
        let (Some(host), "https") = (url.host_str(), url.scheme()) else {
            return Err("must begin with https://".to_owned());
        };
        if !url.username().is_empty() || url.password().is_some() || text.contains('@') {
            return Err("must not hold a user name, a password or an @".to_owned());
        }
        if text.contains('#') {
            return Err("must not hold a fragment".to_owned());
        }
        let port = url.port_or_known_default().filter(|port| *port != 0).ok_or("must not name port 0")?;
        let normal = url.as_str();
        // A host alone may go without the slash that is its path.
        if text != normal && !(url.path() == "/" && url.query().is_none() && normal.strip_suffix('/') == Some(text)) {
            // A query may hold what nobody should read in an error.
            let (shown, rest) = normal.split_once('?').map_or((normal, ""), |(shown, _)| (shown, "?..."));
            return Err(format!("must be spelt in its normal form: {shown}{rest}"));
        }
        let path_and_query = match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        };
        Ok(Self { host: host.to_owned(), port, path_and_query, text: text.to_owned() })
    }

    /// The URL as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The host: a name, an IPv4 address, or an IPv6 address in brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port, 443 where none is written.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Host and port as the URL has them: the port only where it is written.
    pub fn authority(&self) -> String {
        if self.port == 443 { self.host.clone() } else { format!("{}:{}", self.host, self.port) }
    }

    /// Path and query, beginning with `/`.
    pub fn path_and_query(&self) -> &str {
        &self.path_and_query
    }
}

impl fmt::Display for HttpsUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_comes_apart() {
        let url = HttpsUrl::parse("https://app.example:8443/a/b?c=d").unwrap();
        assert_eq!((url.host(), url.port(), url.path_and_query()), ("app.example", 8443, "/a/b?c=d"));
        assert_eq!(url.authority(), "app.example:8443");
        let bare = HttpsUrl::parse("https://app.example").unwrap();
        assert_eq!(
            (bare.as_str(), bare.authority().as_str(), bare.path_and_query()),
            ("https://app.example", "app.example", "/")
        );
        assert_eq!(HttpsUrl::parse("https://[2001:db8::1]/").unwrap().host(), "[2001:db8::1]");
    }

    #[test]
    fn one_spelling_is_taken() {
        for text in [
            "",
            "app.example",
            "//app.example/",
            "http://app.example/",
            "ftp://app.example/",
            "https:///a",
            "https:app.example",
            "https://App.example/",
            "HTTPS://app.example/",
            "https://app.example:443/",
            "https://app.example:0/",
            "https://app.example:99999/",
            "https://ada@app.example/",
            "https://ada:secret@app.example/",
            "https://app.example/@ada",
            "https://app.example/#",
            "https://app.example/a#b",
            "https://app.example/a/../b",
            "https://app.example/a/./b",
            "https://app.example/a/%2e%2e/b",
            "https://app.example\\a",
            "https://app.example/a\\b",
            " https://app.example/",
            "https://app.example/a\n",
            "https://app.example/ä",
            "https://127.1/",
            "https://0x7f000001/",
            "https://2130706433/",
            "https://[::ffff:127.0.0.1]/",
            "https://xn--/",
        ] {
            assert!(HttpsUrl::parse(text).is_err(), "{text:?}");
        }
        assert!(HttpsUrl::parse(&format!("https://app.example/{}", "a".repeat(1_980))).is_ok());
        assert!(HttpsUrl::parse(&format!("https://app.example/{}", "a".repeat(1_981))).is_err());
    }
}
