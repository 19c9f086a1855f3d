//! Whether the server sees where its visitors come from, behind its proxies.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::cli::doctor::report::Report;
use crate::cli::doctor::sign_in::CLAIMED;

const CHECK: &str = "client_address";
const SETTING: &str = "http.trusted_proxies";

/// What the server noted of a request, and what is known of it here.
pub struct Seen<'s> {
    /// The address that the server noted.
    pub noted: &'s str,
    /// The address that the request went out from.
    pub from: Option<IpAddr>,
    /// The request said that it was from elsewhere.
    pub claimed: bool,
    /// A proxy must stand in front: the server itself speaks plain http.
    pub is_https: bool,
    /// The proxies that are trusted.
    pub trusted: &'s [IpNet],
}

/// What that means.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Meaning {
    Good(String),
    Warning(String),
    Bad(String),
}

/// Says whether limits and allowed addresses see visitors.
pub fn check(seen: &Seen<'_>, report: &mut Report) {
    match meaning(seen) {
        Meaning::Good(detail) => report.good(CHECK, detail),
        Meaning::Warning(detail) => report.warn(CHECK, SETTING, detail),
        Meaning::Bad(detail) => report.bad(CHECK, SETTING, detail),
    }
}

fn meaning(seen: &Seen<'_>) -> Meaning {
    let Ok(noted) = seen.noted.parse::<IpAddr>() else {
        return Meaning::Bad("the server does not know where visitors come from".to_owned());
    };
    if seen.claimed && seen.noted == CLAIMED {
        let mend = "let the proxy append to X-Forwarded-For or replace it, and trust no address but the proxy's";
        return Meaning::Bad(format!("visitors can claim to come from anywhere: {mend}"));
    }
    if seen.from == Some(noted) {
        return Meaning::Good(format!("the server sees that this command comes from {noted}"));
    }
    let here = seen.from.map_or_else(|| "elsewhere".to_owned(), |from| format!("at {from}"));
    if seen.trusted.iter().any(|network| network.contains(&noted)) {
        let mend = "let the proxy set X-Forwarded-For";
        return Meaning::Bad(format!("the server sees the proxy {noted} instead of visitors: {mend}"));
    }
    let both = format!("the server sees {noted}, and this command is {here}");
    if seen.trusted.is_empty() && seen.is_https {
        Meaning::Bad(format!("{both}: limits count all visitors as one; name the proxy's address"))
    } else {
        Meaning::Warning(format!("{both}: if {noted} is no address of this machine's network, name the proxies anew"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: &str = "203.0.113.5";

    fn of(noted: &str, claimed: bool, is_https: bool, trusted: &[&str]) -> Meaning {
        let trusted: Vec<IpNet> = trusted.iter().map(|network| network.parse().unwrap()).collect();
        meaning(&Seen { noted, from: HERE.parse().ok(), claimed, is_https, trusted: &trusted })
    }

    #[test]
    fn a_server_that_sees_its_visitors_is_good() {
        for (claimed, trusted) in [(true, &["10.0.0.0/8"][..]), (false, &[]), (true, &[])] {
            assert!(matches!(of(HERE, claimed, true, trusted), Meaning::Good(_)));
        }
    }

    #[test]
    fn a_server_that_sees_its_proxy_or_what_visitors_claim_is_bad() {
        for (noted, claimed, trusted) in [
            ("10.0.0.1", true, &["10.0.0.0/8"][..]),
            ("10.0.0.1", true, &[]),
            (CLAIMED, true, &["10.0.0.0/8"]),
            ("", true, &[]),
        ] {
            assert!(matches!(of(noted, claimed, true, trusted), Meaning::Bad(_)), "{noted}");
        }
    }

    /// The way out may lead through a translated address.
    #[test]
    fn an_address_that_nobody_here_knows_is_worth_a_look() {
        assert!(matches!(of("198.51.100.7", true, true, &["10.0.0.0/8"]), Meaning::Warning(_)));
        assert!(matches!(of("198.51.100.7", true, false, &[]), Meaning::Warning(_)));
    }
}
