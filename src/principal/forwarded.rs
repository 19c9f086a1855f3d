//! Where a request came from, through the proxies that are trusted.

use std::net::IpAddr;

use ipnet::IpNet;

/// Where a request came from: the peer, or where trusted proxies say they had it from. The list of `X-Forwarded-For`
/// grows at its right end, so it is read from there as long as who wrote the entry is trusted (RFC 7239 §5.2 for the
/// same by another name). A text that is no address ends the walk: nobody is blamed for it.
pub fn client_address(peer: Option<IpAddr>, forwarded_for: &[&str], trusted: &[IpNet]) -> Option<IpAddr> {
    let is_trusted = |address: IpAddr| trusted.iter().any(|net| net.contains(&address));
    let mut address = peer?.to_canonical();
    let entries = forwarded_for.iter().rev().flat_map(|header| header.rsplit(','));
    for entry in entries {
        if !is_trusted(address) {
            break;
        }
        let entry = entry.trim();
        let entry = entry.strip_prefix('[').and_then(|entry| entry.strip_suffix(']')).unwrap_or(entry);
        match entry.parse::<IpAddr>() {
            Ok(before) => address = before.to_canonical(),
            Err(_) => break,
        }
    }
    Some(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(peer: &str, forwarded_for: &[&str], trusted: &[&str]) -> String {
        let trusted: Vec<IpNet> = trusted.iter().map(|net| net.parse().unwrap()).collect();
        client_address(peer.parse().ok(), forwarded_for, &trusted).unwrap().to_string()
    }

    #[test]
    fn a_stranger_cannot_name_an_address() {
        assert_eq!(address("203.0.113.5", &["198.51.100.1"], &[]), "203.0.113.5");
        assert_eq!(address("203.0.113.5", &["198.51.100.1"], &["10.0.0.0/8"]), "203.0.113.5");
    }

    #[test]
    fn a_trusted_proxy_names_whom_it_had_the_request_from() {
        assert_eq!(address("10.0.0.1", &["198.51.100.1"], &["10.0.0.0/8"]), "198.51.100.1");
        assert_eq!(address("10.0.0.1", &["6.6.6.6, 198.51.100.1", "10.0.0.2"], &["10.0.0.0/8"]), "198.51.100.1");
        assert_eq!(address("::ffff:10.0.0.1", &["[2001:db8::1]"], &["10.0.0.0/8"]), "2001:db8::1");
        assert_eq!(address("10.0.0.1", &["unknown"], &["10.0.0.0/8"]), "10.0.0.1");
    }
}
