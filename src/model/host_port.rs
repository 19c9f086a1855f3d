//! A host and a port, as configuration names a place on the network.

use std::fmt;

/// `host:port`: a name in small letters, an IPv4 address, or an IPv6 address in brackets; and a port.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct HostPort {
    host: String,
    port: u16,
}

impl HostPort {
    /// Reads `host:port`.
    ///
    /// # Errors
    /// What is wrong, as a sentence.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is not a host and a port, such as app.internal:8443 or [fd00::1]:443");
        let (host, port) = text.rsplit_once(':').ok_or_else(wrong)?;
        let number = port.parse().ok().filter(|number: &u16| *number != 0 && number.to_string() == port);
        let read = url::Host::parse(host).map_err(|_| wrong())?;
        // What a URL would hold in its place: the two are compared as texts.
        if read.to_string() != host {
            return Err(format!("{text:?} must be written as a URL has it: {read}:{port}"));
        }
        Ok(Self { host: host.to_owned(), port: number.ok_or_else(wrong)? })
    }

    /// Whether it is this host, as a URL in normal form has it, and this port.
    pub fn is(&self, host: &str, port: u16) -> bool {
        self.host == host && self.port == port
    }
}

impl fmt::Display for HostPort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_and_a_port() {
        for text in ["app.internal:8443", "127.0.0.1:80", "[::1]:443", "localhost:65535"] {
            assert_eq!(HostPort::parse(text).unwrap().to_string(), text);
        }
        assert!(HostPort::parse("[::1]:443").unwrap().is("[::1]", 443));
        for text in ["app.internal", ":443", "app.internal:", "App.internal:443", "a:0", "a:65536", "a:080", "::1:443"]
        {
            assert!(HostPort::parse(text).is_err(), "{text}");
        }
        for text in ["https://a:443", "a b:443", "a/:443", "127.1:443", "[0:0::1]:443", "a:+4"] {
            assert!(HostPort::parse(text).is_err(), "{text}");
        }
    }
}
