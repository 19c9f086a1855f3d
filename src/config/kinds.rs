//! What settings take: numbers with bounds, choices, addresses.

use std::net::IpAddr;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;

use ipnet::IpNet;

use super::setting::Form;
use super::setting::Kind;
use crate::model::host_port::HostPort;
use crate::model::issuer::Issuer;
use crate::model::time::Lifetime;

/// A whole number from one bound to the other, both included.
pub(super) struct Whole {
    pub from: u32,
    pub to: u32,
}

impl Kind for Whole {
    type Value = u32;
    const FORM: Form = Form::Integer;

    fn parse(&self, text: &str) -> Result<u32, String> {
        let number: i128 = text.trim().parse().map_err(|_| format!("{text:?} is not a whole number"))?;
        match u32::try_from(number) {
            Ok(number) if (self.from..=self.to).contains(&number) => Ok(number),
            Ok(_) | Err(_) if number < i128::from(self.from) => Err(format!("{number} is too small")),
            Ok(_) | Err(_) => Err(format!("{number} is too large")),
        }
    }

    fn allowed(&self) -> String {
        format!("{} to {}", self.from, self.to)
    }
}

/// A length of time in whole seconds, from one bound to the other, both included.
pub(super) struct Seconds {
    pub from: u32,
    pub to: u32,
}

impl Kind for Seconds {
    type Value = Lifetime;
    const FORM: Form = Form::Integer;

    fn parse(&self, text: &str) -> Result<Lifetime, String> {
        Whole { from: self.from, to: self.to }.parse(text).map(|seconds| Lifetime::from_seconds(seconds.into()))
    }

    fn allowed(&self) -> String {
        match self.to {
            days if days % DAY == 0 => format!("{} to {days} ({})", self.from, count(days / DAY, "day")),
            seconds => format!("{} to {seconds}", self.from),
        }
    }
}

/// A day in seconds.
pub(super) const DAY: u32 = 86_400;

/// `1 day`, `2 days`.
fn count(number: u32, of: &str) -> String {
    match number {
        1 => format!("1 {of}"),
        _ => format!("{number} {of}s"),
    }
}

/// How often something may fail; 0 means that nobody counts.
pub(super) struct Failures;

impl Kind for Failures {
    type Value = Option<NonZeroU32>;
    const FORM: Form = Form::Integer;

    fn parse(&self, text: &str) -> Result<Option<NonZeroU32>, String> {
        Whole { from: 0, to: 1_000_000 }.parse(text).map(NonZeroU32::new)
    }

    fn allowed(&self) -> String {
        "0 to 1000000; 0 switches the limit off".to_owned()
    }
}

/// Yes or no.
pub(super) struct Flag;

impl Kind for Flag {
    type Value = bool;
    const FORM: Form = Form::Boolean;

    fn parse(&self, text: &str) -> Result<bool, String> {
        match text {
            "true" => Ok(true),
            "false" => Ok(false),
            other => Err(format!("{other:?} is neither true nor false")),
        }
    }

    fn allowed(&self) -> String {
        "`true`, `false`".to_owned()
    }
}

/// One of several words.
pub(super) struct Choice<T: 'static>(pub &'static [(&'static str, T)]);

impl<T: Copy + Sync> Kind for Choice<T> {
    type Value = T;
    const FORM: Form = Form::Text;

    fn parse(&self, text: &str) -> Result<T, String> {
        let found = self.0.iter().find(|(word, _)| *word == text);
        found.map(|(_, meaning)| *meaning).ok_or_else(|| format!("{text:?} is none of the choices"))
    }

    fn allowed(&self) -> String {
        self.0.iter().map(|(word, _)| format!("`{word}`")).collect::<Vec<_>>().join(", ")
    }
}

/// An address and a port to listen on.
pub(super) struct Listener;

impl Kind for Listener {
    type Value = SocketAddr;
    const FORM: Form = Form::Text;

    fn parse(&self, text: &str) -> Result<SocketAddr, String> {
        text.parse().map_err(|_| format!("{text:?} is not an IP address and a port"))
    }

    fn allowed(&self) -> String {
        "an IP address and a port, such as `127.0.0.1:8000` or `[::]:8000`; port 0 takes a free one".to_owned()
    }
}

/// As [`Listener`], or none.
pub(super) struct MaybeListener;

impl Kind for MaybeListener {
    type Value = Option<SocketAddr>;
    const FORM: Form = Form::Text;

    fn parse(&self, text: &str) -> Result<Option<SocketAddr>, String> {
        if text.is_empty() { Ok(None) } else { Listener.parse(text).map(Some) }
    }

    fn allowed(&self) -> String {
        Kind::allowed(&Listener)
    }
}

/// The public base URL; empty means that it follows from the listener.
pub(super) struct PublicUrl;

impl Kind for PublicUrl {
    type Value = Option<Issuer>;
    const FORM: Form = Form::Text;

    fn parse(&self, text: &str) -> Result<Option<Issuer>, String> {
        match text {
            "" => Ok(None),
            url => Issuer::parse(url).map(Some),
        }
    }

    fn allowed(&self) -> String {
        "an `https` URL without query and fragment, such as `https://id.example`; `http` only for a loopback host"
            .to_owned()
    }
}

/// Addresses and networks.
pub(super) struct Networks;

impl Kind for Networks {
    type Value = Vec<IpNet>;
    const FORM: Form = Form::List;

    fn parse(&self, text: &str) -> Result<Vec<IpNet>, String> {
        items(text)
            .map(|item| {
                let address = item.parse::<IpAddr>().map(IpNet::from);
                address.or_else(|_| item.parse()).map_err(|_| format!("{item:?} is neither an address nor a network"))
            })
            .collect()
    }

    fn allowed(&self) -> String {
        "addresses and networks, such as `10.0.0.1`, `10.0.0.0/8`, `fd00::/8`".to_owned()
    }
}

/// Origins as browsers send them (RFC 6454 §6.2).
pub(super) struct Origins;

impl Kind for Origins {
    type Value = Vec<String>;
    const FORM: Form = Form::List;

    fn parse(&self, text: &str) -> Result<Vec<String>, String> {
        let origin = |item: &str| {
            let url = url::Url::parse(item).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
            let written = url.map(|url| url.origin().ascii_serialization());
            match written {
                Some(written) if written == item => Ok(written),
                Some(written) => Err(format!("{item:?} is not how browsers write an origin; they write {written:?}")),
                None => Err(format!("{item:?} is no origin")),
            }
        };
        items(text).map(origin).collect()
    }

    fn allowed(&self) -> String {
        "origins, such as `https://app.example.com`, `http://localhost:3000`".to_owned()
    }
}

/// Hosts with their ports.
pub(super) struct HostPorts;

impl Kind for HostPorts {
    type Value = Vec<HostPort>;
    const FORM: Form = Form::List;

    fn parse(&self, text: &str) -> Result<Vec<HostPort>, String> {
        items(text).map(HostPort::parse).collect()
    }

    fn allowed(&self) -> String {
        "hosts with their ports, such as `app.internal:443`, `10.0.0.1:8443`, `[fd00::1]:443`".to_owned()
    }
}

/// The path of a file; empty means none.
pub(super) struct FilePath;

impl Kind for FilePath {
    type Value = Option<PathBuf>;
    const FORM: Form = Form::Text;

    fn parse(&self, text: &str) -> Result<Option<PathBuf>, String> {
        Ok((!text.is_empty()).then(|| PathBuf::from(text)))
    }

    fn allowed(&self) -> String {
        "the path of a file".to_owned()
    }
}

/// The items of a list.
pub(super) fn items(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|item| !item.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_hold_to_their_bounds() {
        let kind = Whole { from: 1, to: 600 };
        assert_eq!(kind.parse("1"), Ok(1));
        assert_eq!(kind.parse("600"), Ok(600));
        for text in ["0", "601", "-1", "99999999999999999999", "", "1.5", "0x10", "1e3", "٣"] {
            assert!(kind.parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_origin_is_written_as_browsers_write_it() {
        let origins = Origins.parse("https://app.example.com, http://localhost:3000").unwrap();
        assert_eq!(origins, ["https://app.example.com", "http://localhost:3000"]);
        for wrong in
            ["https://app.example.com/", "https://APP.example.com", "https://a.test:443", "*", "null", "a.test"]
        {
            assert!(Origins.parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_single_address_is_a_network_of_one() {
        let networks = Networks.parse("10.0.0.1, fd00::/8,").unwrap();
        assert_eq!(networks, ["10.0.0.1/32".parse::<IpNet>().unwrap(), "fd00::/8".parse().unwrap()]);
        assert!(Networks.parse("10.0.0.0/33").is_err());
        assert!(Networks.parse("proxy.example").is_err());
    }
}
