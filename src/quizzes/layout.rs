//! The order in which an attempt shows questions and choices, drawn once and stored with the attempt.

use sea_orm::FromJsonQueryResult;
use serde::{Deserialize, Serialize};

use super::{
    paper::{Asked, Paper},
    question::QuestionKind,
};
use crate::error::{Error, Result};

/// The order of an attempt, as places in its paper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct Layout(pub Vec<Placed>);

/// A question in the order of an attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placed {
    /// Its place in the paper, from 0.
    pub question: usize,
    /// The places of its choices, in the order to show.
    pub choices: Vec<usize>,
}

impl Layout {
    /// Roughly the bytes that it takes.
    #[must_use]
    pub fn weight(&self) -> usize {
        self.0.iter().map(|placed| size_of::<Placed>() + size_of_val(placed.choices.as_slice())).sum()
    }
}

/// Draws the order of an attempt at `paper` as its rules say. TRUE_FALSE questions keep their two choices as they are.
pub fn draw(paper: &Paper) -> Result<Layout> {
    let mut random = Random::new()?;
    let placed = order(paper.questions.len(), paper.rules.shuffles_questions, &mut random).into_iter().map(|question| {
        let asked: &Asked = &paper.questions[question];
        let shuffled = paper.rules.shuffles_choices && asked.kind != QuestionKind::TrueFalse;
        Placed { question, choices: order(asked.choices.len(), shuffled, &mut random) }
    });
    Ok(Layout(placed.collect()))
}

/// The places 0 to `count`, by the Fisher–Yates shuffle when `shuffled`.
fn order(count: usize, shuffled: bool, random: &mut Random) -> Vec<usize> {
    let mut places: Vec<usize> = (0..count).collect();
    if shuffled {
        for last in (1..count).rev() {
            places.swap(last, random.below(last + 1));
        }
    }
    places
}

/// SplitMix64 (Steele, Lea and Flood, 2014), seeded by the system. It orders things; it keeps no secrets.
struct Random(u64);

impl Random {
    fn new() -> Result<Self> {
        let seed = getrandom::u64().map_err(|err| Error::internal(anyhow::anyhow!("no random numbers: {err}")))?;
        Ok(Self(seed))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    /// A number below `bound`, which is at least 1: the high half of a product (Lemire, 2019).
    fn below(&mut self, bound: usize) -> usize {
        let product = u128::from(self.next()) * bound as u128;
        usize::try_from(product >> 64).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_shuffle_loses_and_repeats_nothing(count in 0_usize..200, seed: u64) {
            let mut places = order(count, true, &mut Random(seed));
            places.sort_unstable();
            prop_assert_eq!(places, (0..count).collect::<Vec<_>>());
        }
    }

    #[test]
    fn without_shuffling_the_order_stays() {
        assert_eq!(order(4, false, &mut Random(1)), [0, 1, 2, 3]);
    }

    #[test]
    fn every_order_of_three_comes_about_equally_often() {
        let mut random = Random(7);
        let mut counts = std::collections::BTreeMap::<Vec<usize>, u32>::new();
        for _ in 0..6000 {
            *counts.entry(order(3, true, &mut random)).or_default() += 1;
        }
        assert_eq!(counts.len(), 6);
        assert!(counts.values().all(|count| (850..1150).contains(count)), "{counts:?}");
    }
}
