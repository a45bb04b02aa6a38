//! The proxies that clients come by: single addresses and ranges of them.

use std::net::IpAddr;

use ipnet::{IpNet, Ipv4Net};

/// Addresses and ranges of proxies whose X-Forwarded-For counts.
#[derive(Clone, Debug, Default)]
pub struct Proxies(Vec<IpNet>);

impl Proxies {
    /// Whether `address` is one of them. An IPv4 address is itself, also mapped into IPv6.
    #[must_use]
    pub fn trusts(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|range| range.contains(&address))
    }
}

impl FromIterator<IpNet> for Proxies {
    fn from_iter<T: IntoIterator<Item = IpNet>>(ranges: T) -> Self {
        Self(ranges.into_iter().collect())
    }
}

/// Reads an address or a range; else says what to write. Who writes an address with the length of its network may mean either.
pub(super) fn range(text: &str) -> Result<IpNet, String> {
    if let Ok(address) = text.parse::<IpAddr>() {
        return Ok(address.to_canonical().into());
    }
    let known = "10.0.0.2 is an address, 10.0.0.0/8 and fd00::/8 are ranges";
    let unknown = |_| format!("has \"{text}\", which is neither an address nor a range: {known}");
    let range = text.parse().map(canonical).map_err(unknown)?;
    let whole = range.trunc();
    if range.prefix_len() == 0 {
        Err(format!("has \"{text}\": by it, anybody could claim any address; name the proxies alone"))
    } else if range == whole {
        Ok(range)
    } else {
        Err(format!("has \"{text}\": write {whole} for the range, or {} for the address alone", range.addr()))
    }
}

/// A range of IPv4 addresses as such, also mapped into IPv6.
fn canonical(range: IpNet) -> IpNet {
    let IpNet::V6(mapped) = range else { return range };
    let begin = mapped.addr().to_ipv4_mapped().zip(mapped.prefix_len().checked_sub(96));
    begin.and_then(|(address, length)| Ipv4Net::new(address, length).ok()).map_or(range, IpNet::V4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_hold_what_begins_alike_and_addresses_hold_themselves() {
        let read = ["10.0.0.0/8", "192.168.4.0/22", "fd00::/8", "203.0.113.7", "::ffff:203.0.113.8"].map(range);
        let proxies: Proxies = read.into_iter().map(|range| range.expect("it can be read")).collect();
        let trusts = |address: &str| proxies.trusts(address.parse().expect("an address"));
        for inside in ["10.255.0.1", "::ffff:10.0.0.1", "192.168.4.0", "192.168.7.255", "fdff::1", "203.0.113.7", "203.0.113.8"] {
            assert!(trusts(inside), "{inside}");
        }
        for outside in ["9.255.255.255", "11.0.0.0", "192.168.8.0", "fc00::1", "fe00::", "203.0.113.6", "a00::1"] {
            assert!(!trusts(outside), "{outside}");
        }
        assert!(!Proxies::default().trusts([127, 0, 0, 1].into()));
    }

    #[test]
    fn a_range_of_ipv4_that_is_mapped_into_ipv6_is_that_of_ipv4() {
        assert_eq!(range("::ffff:10.0.0.0/104"), range("10.0.0.0/8"));
        assert_eq!(range("::ffff:10.0.0.2/128"), range("10.0.0.2"));
        let why = range("::ffff:10.0.0.2/104").expect_err("it may mean either");
        assert!(why.contains("write 10.0.0.0/8 for the range, or 10.0.0.2"), "{why}");
    }

    #[test]
    fn a_range_of_all_addresses_is_refused() {
        for all in ["0.0.0.0/0", "::/0", "::ffff:0.0.0.0/96", "10.0.0.2/0"] {
            let why = range(all).expect_err("anybody is in it");
            assert!(why.contains(all) && why.contains("anybody could claim any address"), "{why}");
        }
    }

    #[test]
    fn what_cannot_be_meant_is_told_with_what_to_write() {
        for wrong in ["proxy.example.org", "10.0.0.0/33", "fd00::/129", "10.0.0/8", "10.0.0.0/", "10.0.0.0/255.0.0.0"] {
            let why = range(wrong).expect_err("it is no range");
            assert!(why.contains(wrong) && why.contains("10.0.0.0/8"), "{why}");
        }
        let why = range("10.0.0.2/8").expect_err("it may mean either");
        assert!(why.contains("write 10.0.0.0/8 for the range, or 10.0.0.2 for the address alone"), "{why}");
    }
}
