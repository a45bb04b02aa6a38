//! Regions and sub-regions of countries, by the United Nations' standard country or area codes for statistical use (Series M,
//! No. 49, <https://unstats.un.org/unsd/methodology/m49>).

use std::{collections::HashMap, sync::LazyLock};

/// In each line the code of a region, of a sub-region, and the countries in it, ISO 3166-1 alpha-2.
const TABLE: &str = include_str!("regions.txt");

/// Where the standard names no region.
pub const NONE: &str = "NONE";

static REGIONS: LazyLock<HashMap<&'static str, (&'static str, &'static str)>> = LazyLock::new(|| {
    let mut regions = HashMap::new();
    for line in TABLE.lines() {
        let mut codes = line.split(' ');
        if let (Some(region), Some(subregion)) = (codes.next(), codes.next()) {
            regions.extend(codes.map(|country| (country, (region, subregion))));
        }
    }
    regions
});

/// The codes of the region and the sub-region of a country.
#[must_use]
pub fn of(country: &str) -> (&'static str, &'static str) {
    REGIONS.get(country).copied().unwrap_or((NONE, NONE))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::profile::COUNTRIES;

    #[test]
    fn every_country_has_one_region_but_for_the_two_that_the_standard_puts_in_none() {
        let without: Vec<_> = COUNTRIES.split_whitespace().filter(|country| of(country).0 == NONE).collect();
        assert_eq!(without, ["AQ", "TW"]);
        let listed: Vec<_> = TABLE.lines().flat_map(|line| line.split(' ').skip(2)).collect();
        assert_eq!(listed.len(), REGIONS.len(), "none stands there twice");
        assert!(listed.iter().all(|country| COUNTRIES.split_whitespace().any(|known| known == *country)));
        assert_eq!((of("KE"), of("FR"), of("MX")), (("002", "202"), ("150", "155"), ("019", "419")));
    }
}
