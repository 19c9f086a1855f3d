//! Why a `redirect_uri` is not a registered one, in words for whoever has to mend it (RFC 6749 §3.1.2.4).

use crate::model::redirect_uri::RedirectUri;

/// Says how `presented` differs from the registered URI that is nearest to it, as the end of a sentence: "it differs
/// at its port". It is made of our own words alone: nothing of either URI is repeated.
pub fn explain_mismatch(registered: &[RedirectUri], presented: &str) -> String {
    if let Some(reason) = never_a_redirect_uri(presented) {
        return reason.to_owned();
    }
    let asked = Parts::of(presented);
    let nearest = registered.iter().map(|uri| Parts::of(uri.as_str())).min_by_key(|parts| parts.distance(&asked));
    match nearest {
        None => "this client has none".to_owned(),
        Some(nearest) => nearest.explain(&asked),
    }
}

/// What is wrong with a text that could not be registered by any client.
fn never_a_redirect_uri(presented: &str) -> Option<&'static str> {
    if presented.contains('#') {
        return Some("it has a fragment (#)");
    }
    if presented.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return Some("it has spaces or control characters in it");
    }
    let (scheme, rest) = presented.split_once(':')?;
    let authority = rest.strip_prefix("//").unwrap_or_default().split(['/', '?', '\\']).next().unwrap_or_default();
    if matches!(scheme, "http" | "https") && authority.contains('@') {
        return Some("it has a user name before its host");
    }
    None
}

/// A URI cut at its delimiters. It decides nothing: it only tells a person where to look.
#[derive(Debug, PartialEq, Eq)]
struct Parts<'a> {
    scheme: &'a str,
    host: &'a str,
    port: &'a str,
    path: &'a str,
    query: Option<&'a str>,
}

impl<'a> Parts<'a> {
    fn of(text: &'a str) -> Self {
        let (scheme, rest) = text.split_once(':').unwrap_or(("", text));
        let (rest, query) = match rest.split_once('?') {
            Some((rest, query)) => (rest, Some(query)),
            None => (rest, None),
        };
        let Some(rest) = rest.strip_prefix("//") else {
            return Self { scheme, host: "", port: "", path: rest, query };
        };
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let (host, port) = authority.split_at(match authority.rfind(':') {
            Some(colon) if !authority.ends_with(']') => colon,
            _ => authority.len(),
        });
        Self { scheme, host, port, path, query }
    }

    /// Whether a loopback URI would match with this port.
    fn has_good_port(&self) -> bool {
        let number = self.port.strip_prefix(':').unwrap_or("80");
        number.parse::<u16>().is_ok_and(|port| port.to_string() == number && port > 0)
    }

    /// In what the two differ, the gravest first, each with the words for it.
    fn differences(&self, asked: &Parts<'_>) -> Vec<&'static str> {
        let compared = [
            (self.scheme != asked.scheme, "scheme"),
            (self.host != asked.host, "host"),
            (self.port != asked.port && !(self.scheme == "http" && asked.has_good_port()), "port"),
            (self.path != asked.path, "path"),
            (self.query != asked.query, "query"),
        ];
        compared.into_iter().filter_map(|(differs, name)| differs.then_some(name)).collect()
    }

    /// How far the two are apart: another host counts for more than all that stands behind it.
    fn distance(&self, asked: &Parts<'_>) -> usize {
        let weight = |name: &&str| match *name {
            "host" => 8,
            "scheme" => 4,
            "path" => 2,
            _ => 1,
        };
        self.differences(asked).iter().map(weight).sum()
    }

    fn explain(&self, asked: &Parts<'_>) -> String {
        let differences = self.differences(asked);
        if let [only] = differences.as_slice()
            && let Some(reason) = self.explain_one(asked, only)
        {
            return reason.to_owned();
        }
        match differences.split_last() {
            // Equal in each part, yet not equal: only a stray delimiter is left.
            None => "it differs in its punctuation".to_owned(),
            Some((last, [])) => format!("it differs at its {last}"),
            Some((last, others)) => format!("it differs at its {} and {last}", others.join(", ")),
        }
    }

    /// More words for the mistakes that are made most.
    fn explain_one(&self, asked: &Parts<'_>, difference: &str) -> Option<&'static str> {
        let loopback = |host: &str| matches!(host, "127.0.0.1" | "[::1]" | "localhost");
        match difference {
            "scheme" if self.scheme == "https" && asked.scheme == "http" => Some("it has http in place of https"),
            "scheme" if self.scheme == "http" && asked.scheme == "https" => Some("it has https in place of http"),
            "host" if self.host.eq_ignore_ascii_case(asked.host) => {
                Some("its host has other capital and small letters")
            }
            "host" if loopback(self.host) && loopback(asked.host) => {
                Some("its host differs: 127.0.0.1, [::1] and localhost count as different")
            }
            "port" if self.scheme == "http" => Some("its port is not a number from 1 to 65535"),
            "path" if asked.path.strip_suffix('/') == Some(self.path) => Some("it has a slash too many at its end"),
            "path" if self.path.strip_suffix('/') == Some(asked.path) => Some("it lacks the slash at its end"),
            "path" if self.path.eq_ignore_ascii_case(asked.path) => {
                Some("its path has other capital and small letters")
            }
            "query" if self.query.is_none() => Some("it has a query, and the registered one has none"),
            "query" if asked.query.is_none() => Some("it lacks the query of the registered one"),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn explain(registered: &[&str], presented: &str) -> String {
        let registered: Vec<_> = registered.iter().map(|text| RedirectUri::parse(text).unwrap()).collect();
        explain_mismatch(&registered, presented)
    }

    #[test]
    fn a_mismatch_is_named_where_it_is() {
        for (registered, presented, reason) in [
            ("https://rp.test/cb", "https://rp.test:8443/cb", "it differs at its port"),
            ("https://rp.test/cb", "https://rp.test/cb/", "it has a slash too many at its end"),
            ("https://rp.test/cb/", "https://rp.test/cb", "it lacks the slash at its end"),
            ("https://rp.test", "https://rp.test/", "it has a slash too many at its end"),
            ("https://rp.test/cb", "https://rp.test/CB", "its path has other capital and small letters"),
            ("https://rp.test/cb", "https://rp.test/%63b", "it differs at its path"),
            ("https://rp.test/cb", "http://rp.test/cb", "it has http in place of https"),
            ("https://rp.test/cb", "https://RP.test/cb", "its host has other capital and small letters"),
            ("https://rp.test/cb", "https://rp.test/cb?a=1", "it has a query, and the registered one has none"),
            ("https://rp.test/cb?a=1", "https://rp.test/cb", "it lacks the query of the registered one"),
            ("https://rp.test/cb?a=1", "https://rp.test/cb?a=2", "it differs at its query"),
            ("https://rp.test/cb", "https://evil.test/cb", "it differs at its host"),
            ("https://rp.test/cb", "https://evil.test/x", "it differs at its host and path"),
            ("https://rp.test/cb", "http://evil.test:1/x?y", "it differs at its scheme, host, port, path and query"),
            ("https://rp.test/cb", "https://rp.test/cb#x", "it has a fragment (#)"),
            ("https://rp.test/cb", "https://rp.test/cb ", "it has spaces or control characters in it"),
            ("https://rp.test/cb", "https://rp.test@evil.test/cb", "it has a user name before its host"),
            ("http://127.0.0.1/cb", "http://127.0.0.1:0/cb", "its port is not a number from 1 to 65535"),
            ("http://[::1]/cb", "http://[::1]:9/x", "it differs at its path"),
            ("com.example.app:/cb", "com.example.app:/x", "it differs at its path"),
            ("com.example.app:/cb", "com.example.app://cb", "it differs at its host and path"),
            ("https://rp.test/cb", "", "it differs at its scheme, host and path"),
        ] {
            assert_eq!(explain(&[registered], presented), reason, "{presented}");
        }
        let reason = explain(&["http://127.0.0.1/cb"], "http://localhost/cb");
        assert_eq!(reason, "its host differs: 127.0.0.1, [::1] and localhost count as different");
        assert_eq!(explain(&[], "https://rp.test/cb"), "this client has none");
    }

    #[test]
    fn the_nearest_registered_one_is_compared() {
        let registered = ["https://other.test/cb", "https://rp.test/far/away?x", "https://rp.test/cb"];
        assert_eq!(explain(&registered, "https://rp.test/cb/"), "it has a slash too many at its end");
    }

    proptest! {
        #[test]
        fn nothing_of_the_request_is_repeated(presented in "[a-z:/<>\"'&?@#]{0,40}|.{0,20}") {
            let reason = explain(&["https://rp.test/cb", "http://[::1]/cb"], &presented);
            prop_assert!(reason.chars().all(|c| c.is_ascii_alphanumeric() || " ,.:#()[]".contains(c)));
        }
    }
}
