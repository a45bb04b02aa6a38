//! The rules of a time zone around some instants, as a VTIMEZONE tells them: since when which offset holds.

use chrono::{Duration, NaiveDateTime, Offset as _, TimeZone as _};
use chrono_tz::{OffsetComponents as _, OffsetName as _, Tz};

use crate::clock::Instant;

/// An offset that holds from some time on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observance {
    /// From when, on the clocks as they went before.
    pub begins: NaiveDateTime,
    /// Seconds east of UTC before.
    pub offset_before: i32,
    /// Seconds east of UTC from then on.
    pub offset: i32,
    /// Clocks are set for daylight saving.
    pub is_daylight: bool,
    /// What the zone calls it.
    pub name: String,
}

/// The offsets that hold in `zone` in the year before and after each of `times`, in their order. The first stands for all time
/// before.
pub fn observances(zone: Tz, mut times: Vec<Instant>) -> Vec<Observance> {
    times.sort_unstable();
    let Some(first) = times.first() else { return Vec::new() };
    let year = Duration::days(366);
    let mut at = *first - year;
    let mut found = vec![observance(zone, at, offset(zone, at))];
    for time in times {
        // Years in which nothing takes place are leapt over.
        let begins = at.max(time - year);
        if rules(zone, begins) != rules(zone, at) {
            found.push(observance(zone, begins, offset(zone, at)));
        }
        at = begins;
        while at < time + year {
            let next = at + Duration::days(1);
            if rules(zone, next) != rules(zone, at) {
                let change = change_between(zone, at, next);
                found.push(observance(zone, change, offset(zone, at)));
            }
            at = next;
        }
    }
    found
}

fn offset(zone: Tz, at: Instant) -> i32 {
    zone.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc()
}

/// What of the rules shows in an observance.
fn rules(zone: Tz, at: Instant) -> (i32, bool, String) {
    let local = zone.offset_from_utc_datetime(&at.naive_utc());
    (local.fix().local_minus_utc(), !local.dst_offset().is_zero(), local.abbreviation().unwrap_or("local").to_owned())
}

/// The second at which the rules of `before` end; they hold no more at `after`.
fn change_between(zone: Tz, before: Instant, after: Instant) -> Instant {
    let old = rules(zone, before);
    let (mut before, mut after) = (before, after);
    while after - before > Duration::seconds(1) {
        let half = before + Duration::seconds((after - before).num_seconds() / 2);
        if rules(zone, half) == old { before = half } else { after = half }
    }
    after
}

fn observance(zone: Tz, at: Instant, offset_before: i32) -> Observance {
    let (offset, is_daylight, name) = rules(zone, at);
    let begins = at.naive_utc() + Duration::seconds(i64::from(offset_before));
    Observance { begins, offset_before, offset, is_daylight, name }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use proptest::prelude::*;

    use super::*;

    /// The offset that a reader of the observances takes for a wall time: that of the last which has begun.
    fn read(observances: &[Observance], local: NaiveDateTime) -> i32 {
        observances.iter().rfind(|each| each.begins <= local).unwrap_or(&observances[0]).offset
    }

    proptest! {
        #[test]
        fn a_reader_of_them_finds_the_same_instant(seconds in 1_000_000_000_i64..2_500_000_000, zone in 0..chrono_tz::TZ_VARIANTS.len()) {
            let zone = chrono_tz::TZ_VARIANTS[zone];
            let at = DateTime::from_timestamp(seconds, 0).expect("in range");
            let local = at.with_timezone(&zone).naive_local();
            // An hour that comes twice names two instants.
            prop_assume!(zone.from_local_datetime(&local).single().is_some());
            let observances = observances(zone, vec![at]);
            prop_assert_eq!(read(&observances, local), offset(zone, at), "{} {:?}", zone, observances);
        }
    }

    #[test]
    fn years_between_two_times_are_leapt_over_and_each_is_found() {
        let zone = chrono_tz::Europe::Vienna;
        let times = ["2026-07-01T12:00:00Z", "2090-12-01T12:00:00Z"];
        let times: Vec<Instant> = times.iter().map(|time| time.parse().expect("a time")).collect();
        let observances = observances(zone, times.clone());
        assert!(observances.len() < 14, "{observances:?}");
        for time in times {
            assert_eq!(read(&observances, time.with_timezone(&zone).naive_local()), offset(zone, time));
        }
    }
}
