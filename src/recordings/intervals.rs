//! Which stretches of a recording a person has watched, and how much of it may count.
//!
//! Clients say what was watched; they may say it late, twice, or falsely. So stretches are merged, and what counts never grows
//! faster than twice the time since the person was first given something to play (watching at double speed, or offline).

use serde::{Deserialize, Serialize};

/// The most stretches that are kept of one person and recording. Whoever reports more slivers than this gains nothing by it.
pub const MOST_STRETCHES: usize = 1000;

/// Stretches of a recording in milliseconds: in order, apart from each other, none empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Intervals(Vec<(u64, u64)>);

impl Intervals {
    /// The stretches, in order.
    #[must_use]
    pub fn as_slice(&self) -> &[(u64, u64)] {
        &self.0
    }

    /// How much they cover, in milliseconds.
    #[must_use]
    pub fn covered(&self) -> u64 {
        self.0.iter().map(|(start, end)| end - start).sum()
    }

    /// Adds the stretch from `start` to `end`; nothing where it is empty.
    pub fn add(&mut self, start: u64, end: u64) {
        if start >= end {
            return;
        }
        let first = self.0.partition_point(|(_, their_end)| *their_end < start);
        let after = self.0.partition_point(|(their_start, _)| *their_start <= end);
        let touched = &self.0[first..after];
        let start = touched.first().map_or(start, |(theirs, _)| start.min(*theirs));
        let end = touched.last().map_or(end, |(_, theirs)| end.max(*theirs));
        self.0.splice(first..after, [(start, end)]);
    }

    /// The parts of `start..end` that are not covered yet, in order.
    fn missing(&self, start: u64, end: u64) -> Vec<(u64, u64)> {
        let (mut missing, mut at) = (Vec::new(), start);
        for (their_start, their_end) in &self.0 {
            if *their_end > at && *their_start < end {
                if *their_start > at {
                    missing.push((at, *their_start));
                }
                at = *their_end;
            }
        }
        if at < end {
            missing.push((at, end));
        }
        missing
    }

    /// Adds what was `reported`, in its order, of a recording of `length` milliseconds, until `limit` milliseconds are covered.
    /// What was credited before stays, whatever the limit.
    pub fn credit(&mut self, reported: &[(u64, u64)], length: u64, limit: u64) {
        let mut left = limit.saturating_sub(self.covered());
        for (start, end) in reported {
            for (start, end) in self.missing(*start, (*end).min(length)) {
                let taken = (end - start).min(left);
                let joins = self.0.iter().any(|(their_start, their_end)| *their_end == start || *their_start == start + taken);
                if joins || self.0.len() < MOST_STRETCHES {
                    self.add(start, start + taken);
                    left -= taken;
                }
            }
        }
    }
}

/// How much may count, in milliseconds, when something to play was first given `granted` milliseconds ago.
#[must_use]
pub const fn limit(granted: u64) -> u64 {
    granted.saturating_mul(2)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn credited(reports: &[(u64, u64)], limit: u64) -> Intervals {
        let mut watched = Intervals::default();
        watched.credit(reports, 100, limit);
        watched
    }

    #[test]
    fn stretches_that_touch_become_one() {
        assert_eq!(credited(&[(10, 20), (30, 40), (20, 30)], 100).as_slice(), [(10, 40)]);
        assert_eq!(credited(&[(10, 20), (30, 40), (12, 18)], 100).as_slice(), [(10, 20), (30, 40)]);
    }

    #[test]
    fn watching_again_costs_nothing() {
        let mut watched = credited(&[(0, 50)], 50);
        watched.credit(&[(0, 50), (50, 60)], 100, 60);
        assert_eq!(watched.as_slice(), [(0, 60)]);
    }

    #[test]
    fn a_hundred_times_the_speed_counts_for_twice() {
        assert_eq!(credited(&[(0, 100)], limit(10)).covered(), 20);
    }

    #[test]
    fn what_lies_beyond_the_end_or_is_turned_round_is_nothing() {
        assert_eq!(credited(&[(90, 500), (200, 300), (30, 20), (u64::MAX, 0)], 1000).as_slice(), [(90, 100)]);
    }

    fn stretches() -> impl Strategy<Value = Vec<(u64, u64)>> {
        prop::collection::vec((0..120_u64, 0..120_u64), 0..12)
    }

    fn set(intervals: &[(u64, u64)]) -> BTreeSet<u64> {
        intervals.iter().flat_map(|(start, end)| *start..*end).collect()
    }

    proptest! {
        #[test]
        fn without_a_limit_it_is_the_union(reports in stretches()) {
            let watched = credited(&reports, u64::MAX);
            let expected: BTreeSet<u64> = set(&reports).into_iter().filter(|at| *at < 100).collect();
            prop_assert_eq!(set(watched.as_slice()), expected);
            prop_assert!(watched.as_slice().windows(2).all(|pair| pair[0].1 < pair[1].0));
        }

        #[test]
        fn credit_keeps_to_its_limit_and_loses_nothing(before in stretches(), reports in stretches(), limit in 0..150_u64) {
            let earlier = credited(&before, u64::MAX);
            let mut watched = earlier.clone();
            watched.credit(&reports, 100, limit);
            prop_assert!(watched.covered() <= earlier.covered().max(limit));
            prop_assert!(set(watched.as_slice()).is_superset(&set(earlier.as_slice())));
            let known: BTreeSet<u64> = set(&before).union(&set(&reports)).copied().collect();
            prop_assert!(set(watched.as_slice()).is_subset(&known));
        }
    }
}
