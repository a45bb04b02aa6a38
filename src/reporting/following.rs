//! What several counts of one series tell together. Whoever keeps them can add and subtract their numbers; and who makes the list of
//! those who were present can have one person on it for one count and not for the next. So people fall into groups: those who were
//! counted alike in each count by category so far. What can be reckoned from such numbers is a sum over whole groups, and is about
//! nobody alone while each of them has [`LEAST`] people.
//!
//! What would make a smaller group is not followed: those who were counted before are counted again, until enough have come or gone.
//! Where that can't be done either, the numbers of that stage are not shown by category.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{
    counts::Counts,
    gathering::Gathered,
    stage::{STAGES, Stage},
    suppressing::{self, LEAST, Shown},
    tallying::{self, Fact, Who},
};
use crate::ids::WebinarId;

/// The stages that are followed, none before one that it is part of. Whom organisers invited and whom offices named to them they
/// know without counting.
const FOLLOWED: [Stage; 6] =
    [Stage::Registered, Stage::Attended, Stage::Watched, Stage::PassedPreTest, Stage::PassedPostTest, Stage::TookBothTests];

/// Numbers of the groups in which somebody is, by stage: below zero for those whom the newest count did not have, zero for those whom
/// none had.
type Groups = [i32; FOLLOWED.len()];

/// The groups of a series and its webinars, after all counts so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Following {
    /// Of all together, by mark.
    series: BTreeMap<String, Groups>,
    /// Of each webinar.
    webinars: BTreeMap<String, BTreeMap<String, Groups>>,
}

/// What stands for somebody here: nobody is found by it who is not looked for.
fn mark(who: &Who) -> Option<String> {
    let Who::Registrant(user) = who else { return None };
    Some(data_encoding::HEXLOWER.encode(&Sha256::digest(user.to_string())[..8]))
}

impl Following {
    /// Counts what was gathered, as far as it may be known to whoever has all counts so far; and the groups after this one.
    #[must_use]
    pub fn count(&self, gathered: Gathered) -> (Counts, Self) {
        let Gathered { webinars, mut facts, closed } = gathered;
        let kept_back = self.settle(&mut facts, &webinars, closed);
        let tallies = tallying::tally(&facts, webinars.len());
        let mut shown: Vec<_> = tallies.iter().map(|tally| suppressing::shown(&tally.tree, &tally.people, closed)).collect();
        let after = self.conclude(&facts, &webinars, closed, &kept_back, &mut shown);
        (Counts::of(&tallies, &shown, webinars), after)
    }

    /// Counts people as before where the change is too small to be followed; the stages where that can't be done.
    fn settle(&self, facts: &mut [Fact], webinars: &[WebinarId], closed: bool) -> Vec<Stage> {
        let mut kept_back = Vec::new();
        for (place, webinar) in webinars.iter().enumerate() {
            let Some(before) = self.webinars.get(&webinar.to_string()) else { continue };
            let mut people: HashMap<String, &mut Fact> = HashMap::new();
            for fact in facts.iter_mut().filter(|fact| fact.webinar == place) {
                if let Some(mark) = mark(&fact.who) {
                    people.insert(mark, fact);
                }
            }
            for (at, stage) in FOLLOWED.into_iter().enumerate() {
                let above =
                    |fact: &Fact| stage.within(closed).iter().all(|above| fact.stages[above.at()] || !is_followed(*above));
                for fact in people.values_mut() {
                    fact.stages[stage.at()] &= above(fact);
                }
                let now = people.iter().filter(|(_, fact)| fact.stages[stage.at()]).map(|(mark, _)| mark.as_str());
                if before.values().all(|groups| groups[at] == 0) || refined(before, at, now).is_some() {
                    continue;
                }
                let again = |mark: &String| before.get(mark).is_some_and(|groups| groups[at] > 0);
                let can_be = |mark: &String| people.get(mark).is_some_and(|fact| above(fact));
                if before.keys().filter(|mark| again(mark)).all(can_be) {
                    for (mark, fact) in &mut people {
                        fact.stages[stage.at()] = again(mark);
                    }
                } else {
                    kept_back.push(stage);
                }
            }
        }
        kept_back
    }

    /// Hides the categories of stages that would make too small a group, and notes the groups that the others make.
    fn conclude(&self, facts: &[Fact], webinars: &[WebinarId], closed: bool, kept_back: &[Stage], shown: &mut [Shown]) -> Self {
        let mut after = self.clone();
        let populations = tallying::people_of(facts, webinars.len());
        for (at, stage) in FOLLOWED.into_iter().enumerate() {
            let mut groups = Vec::new();
            for (number, people) in populations.iter().enumerate().filter(|(number, _)| is_by_category(shown, stage, *number)) {
                let webinar = number.checked_sub(1).map(|place| webinars[place].to_string());
                let before = self.of(webinar.as_deref());
                let marks: Vec<_> =
                    people.iter().filter(|(_, person)| person.has(stage)).filter_map(|(who, _)| mark(who)).collect();
                groups.push((webinar, refined(before, at, marks.iter().map(String::as_str))));
            }
            if kept_back.contains(&stage) || groups.iter().any(|(_, refined)| refined.is_none()) {
                hide(shown, stage, closed);
                continue;
            }
            for (webinar, refined) in groups {
                let people = match webinar {
                    None => &mut after.series,
                    Some(webinar) => after.webinars.entry(webinar).or_default(),
                };
                for (mark, group) in refined.into_iter().flatten() {
                    people.entry(mark).or_default()[at] = group;
                }
            }
        }
        after
    }

    fn of(&self, webinar: Option<&str>) -> &BTreeMap<String, Groups> {
        const NOBODY: &BTreeMap<String, Groups> = &BTreeMap::new();
        webinar.map_or(&self.series, |webinar| self.webinars.get(webinar).unwrap_or(NOBODY))
    }
}

fn is_followed(stage: Stage) -> bool {
    FOLLOWED.contains(&stage)
}

/// The groups of one stage after a count of these people; `None` when one of them would be too small.
fn refined<'a>(
    before: &BTreeMap<String, Groups>,
    at: usize,
    now: impl Iterator<Item = &'a str>,
) -> Option<BTreeMap<String, i32>> {
    let known = before.iter().map(|(mark, groups)| (mark.as_str(), groups[at])).filter(|(_, group)| *group != 0);
    let mut people: BTreeMap<&str, (i32, bool)> = known.map(|(mark, group)| (mark, (group.abs(), false))).collect();
    for mark in now {
        people.entry(mark).or_default().1 = true;
    }
    let mut sizes: BTreeMap<(i32, bool), i64> = BTreeMap::new();
    for group in people.values() {
        *sizes.entry(*group).or_default() += 1;
    }
    if sizes.values().any(|size| *size < LEAST) {
        return None;
    }
    let numbers: BTreeMap<_, _> = sizes.into_keys().zip(1..).collect();
    let signed = |group: &(i32, bool)| if group.1 { numbers[group] } else { -numbers[group] };
    Some(people.into_iter().map(|(mark, group)| (mark.to_owned(), signed(&group))).collect())
}

/// Whether any category of a population may be known at a stage.
fn is_by_category(shown: &[Shown], stage: Stage, population: usize) -> bool {
    shown.iter().any(|shown| shown[stage.at()][population].iter().skip(1).any(|is_shown| *is_shown))
}

/// Leaves a stage, and those that are part of it, to their totals.
fn hide(shown: &mut [Shown], stage: Stage, closed: bool) {
    let mut hidden = [false; STAGES];
    for each in Stage::ALL {
        hidden[each.at()] = each == stage || each.within(closed).contains(&stage);
    }
    for shown in shown {
        for (populations, _) in shown.iter_mut().zip(hidden).filter(|(_, hidden)| *hidden) {
            for categories in populations {
                categories.iter_mut().skip(1).for_each(|category| *category = false);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::{accounts::user::Gender, ids::UserId, language::Language, reporting::dimension::Told};

    const PEOPLE: usize = 40;

    /// People of two webinars, half of them women, of whom `present` attended each.
    fn gathered(webinars: &[WebinarId], present: &[BTreeSet<usize>]) -> Gathered {
        let fact = |webinar: usize, person: usize| {
            let stages = Stage::ALL.map(|stage| match stage {
                Stage::Registered => true,
                Stage::Attended => present[webinar].contains(&person),
                _ => false,
            });
            let gender = if person.is_multiple_of(2) { Gender::Female } else { Gender::Male };
            let told = Told { gender: Some(gender), country: None, organisation_kind: None, language: Language::english() };
            let who = Who::Registrant(UserId(Uuid::from_u128(person as u128 + 1)));
            Fact { webinar, who, at: chrono::DateTime::UNIX_EPOCH, stages, told, gain: None }
        };
        let facts = (0..webinars.len()).flat_map(|webinar| (0..PEOPLE).map(move |person| (webinar, person)));
        Gathered {
            webinars: webinars.to_vec(),
            facts: facts.map(|(webinar, person)| fact(webinar, person)).collect(),
            closed: false,
        }
    }

    /// How many women and how many men attended, as a count says.
    fn attended(counts: &Counts, population: usize) -> Vec<i32> {
        let population = if population == 0 { &counts.series } else { &counts.of_webinars[population - 1] };
        population.breakdowns[0].categories.iter().filter_map(|category| category.line.at(Stage::Attended)).collect()
    }

    #[test]
    fn nobody_is_singled_out_by_lists_that_have_them_and_have_them_not() {
        let webinar = [WebinarId::new()];
        let (mut following, mut seen) = (Following::default(), Vec::new());
        for present in [0..16, 16..26, 1..16, 0..12, 0..16] {
            let (counts, after) = following.count(gathered(&webinar, &[present.collect()]));
            seen.push(attended(&counts, 1));
            following = after;
        }
        // The third list lacks one who was on the first, the fourth lacks four: neither is followed.
        assert_eq!(seen, [[8, 8], [5, 5], [5, 5], [5, 5], [8, 8]]);
    }

    #[test]
    fn whoever_comes_new_to_a_series_is_not_known_by_what_it_was_before() {
        let webinars = [WebinarId::new(), WebinarId::new()];
        let first = gathered(&webinars[..1], &[(0..20).collect()]);
        let (counts, following) = Following::default().count(first);
        assert_eq!(attended(&counts, 0), [10, 10]);
        let (counts, following) = following.count(gathered(&webinars, &[(0..20).collect(), (0..21).collect()]));
        assert_eq!(counts.series.total.at(Stage::Attended), Some(21));
        assert_eq!(attended(&counts, 0), [0; 0], "21 less 20 is one");
        let (counts, _) = following.count(gathered(&webinars, &[(0..20).collect(), (0..26).collect()]));
        assert_eq!(attended(&counts, 0), [13, 13]);
    }

    proptest! {
        #[test]
        fn those_who_were_counted_alike_in_all_counts_are_five_at_least(
            lists in prop::collection::vec(prop::collection::vec(prop::collection::btree_set(0..PEOPLE, 0..PEOPLE), 2), 1..8),
            changes in prop::collection::vec((0..8_usize, 0..2_usize, 0..PEOPLE), 0..6),
            begun in 1..=2_usize,
        ) {
            let webinars = [WebinarId::new(), WebinarId::new()];
            let mut lists = lists;
            // Lists that differ by one are what an attack is made of.
            for (at, webinar, person) in changes {
                let mut list = lists[at % lists.len()].clone();
                if !list[webinar].remove(&person) {
                    list[webinar].insert(person);
                }
                lists.push(list);
            }
            let mut following = Following::default();
            let mut counted: BTreeMap<(usize, String), Vec<bool>> = BTreeMap::new();
            for (number, list) in lists.iter().enumerate() {
                let some = if number == 0 { &webinars[..begun] } else { &webinars[..] };
                let Gathered { webinars: some, mut facts, closed } = gathered(some, list);
                let kept_back = following.settle(&mut facts, &some, closed);
                let tallies = tallying::tally(&facts, some.len());
                let mut shown: Vec<_> =
                    tallies.iter().map(|tally| suppressing::shown(&tally.tree, &tally.people, closed)).collect();
                following = following.conclude(&facts, &some, closed, &kept_back, &mut shown);
                for (population, people) in tallying::people_of(&facts, some.len()).iter().enumerate() {
                    if is_by_category(&shown, Stage::Attended, population) {
                        for (who, person) in people {
                            counted.entry((population, format!("{who:?}"))).or_default().push(person.has(Stage::Attended));
                        }
                    }
                }
            }
            let mut groups: BTreeMap<(usize, Vec<bool>), i64> = BTreeMap::new();
            for ((population, _), pattern) in counted {
                *groups.entry((population, pattern)).or_default() += 1;
            }
            for ((_, pattern), size) in groups {
                prop_assert!(size >= LEAST || !pattern.contains(&true), "{size} people were counted as {pattern:?}");
            }
        }
    }
}
