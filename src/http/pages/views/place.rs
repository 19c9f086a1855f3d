//! The place of a session, in words, as far as its address tells: no table of the world's networks is kept here. It helps
//! its owner to tell sessions apart, and decides nothing.

use std::net::IpAddr;

/// How many leading bits two addresses of one network share at least: a block of IPv4 that is routed by itself, a link of
/// IPv6 (RFC 4291 §2.5.4).
const NETWORK_V4: u32 = 24;
const NETWORK_V6: u32 = 64;

/// Where `address` is, seen by somebody at `own`; empty where the address alone tells nothing.
pub fn place(address: &str, own: &str) -> &'static str {
    let Ok(address) = address.parse::<IpAddr>() else { return "" };
    let own = own.parse::<IpAddr>().ok();
    if own == Some(address) {
        "where you are now"
    } else if own.is_some_and(|own| share_network(own, address)) {
        "in your network"
    } else {
        kind(address)
    }
}

/// What an address is by itself.
fn kind(address: IpAddr) -> &'static str {
    let is_private = match address {
        IpAddr::V4(address) => address.is_private() || address.is_link_local(),
        IpAddr::V6(address) => address.is_unique_local() || address.is_unicast_link_local(),
    };
    if address.is_loopback() {
        "on the server itself"
    } else if is_private {
        "in a private network"
    } else {
        ""
    }
}

fn share_network(one: IpAddr, other: IpAddr) -> bool {
    match (one, other) {
        (IpAddr::V4(one), IpAddr::V4(other)) => (one.to_bits() ^ other.to_bits()).leading_zeros() >= NETWORK_V4,
        (IpAddr::V6(one), IpAddr::V6(other)) => (one.to_bits() ^ other.to_bits()).leading_zeros() >= NETWORK_V6,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::place;

    #[test]
    fn a_place_is_told_by_the_own_one_or_by_the_kind_of_address() {
        for (address, own, expected) in [
            ("203.0.113.9", "203.0.113.9", "where you are now"),
            ("203.0.113.9", "203.0.113.200", "in your network"),
            ("203.0.113.9", "203.0.112.9", ""),
            ("2001:db8:85a3::1", "2001:db8:85a3:0:ffff::2", "in your network"),
            ("2001:db8:85a3::1", "2001:db8:85a3:1::1", ""),
            ("127.0.0.1", "203.0.113.9", "on the server itself"),
            ("::1", "", "on the server itself"),
            ("192.168.7.1", "203.0.113.9", "in a private network"),
            ("fe80::1", "127.0.0.1", "in a private network"),
            ("fd00::1", "127.0.0.1", "in a private network"),
            ("", "", ""),
            ("somewhere", "203.0.113.9", ""),
        ] {
            assert_eq!(place(address, own), expected, "{address}, {own}");
        }
    }
}
