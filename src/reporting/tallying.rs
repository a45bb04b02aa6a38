//! Counting: who did what, by population and category. Pure; nothing of this is shown before it was judged.

use std::collections::{HashMap, HashSet};

use super::{
    dimension::{Dimension, Told},
    stage::{STAGES, Stage},
    suppressing::People,
    tree::Tree,
};
use crate::{
    clock::Instant,
    ids::{ContactId, UserId},
};

/// Whom something is known of. Whoever was invited, nominated and registered is three of these: numbers of one are never compared
/// with those of another.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Who {
    /// An office that was invited.
    Office(ContactId),
    /// An address that was invited.
    Address(String),
    /// An address that an office named.
    Nominee(String),
    /// An account that registered.
    Registrant(UserId),
}

/// What is known of somebody in one webinar.
#[derive(Clone, Debug)]
pub struct Fact {
    /// The webinar, by its place.
    pub webinar: usize,
    /// Who.
    pub who: Who,
    /// When they were invited, named or registered.
    pub at: Instant,
    /// How far they came.
    pub stages: [bool; STAGES],
    /// What they had told then.
    pub told: Told,
    /// By how many points of a hundred their result was better after the webinar than before.
    pub gain: Option<f64>,
}

/// Numbers by one tree of categories.
#[derive(Clone, Debug)]
pub struct Tally {
    /// The categories.
    pub tree: Tree,
    /// How many, by stage, population and category.
    pub people: People,
    /// The sum of what they gained, by population and category.
    pub gains: Vec<Vec<f64>>,
}

/// What is known of somebody in one population.
struct Person<'a> {
    newest: &'a Fact,
    stages: [bool; STAGES],
    gains: Vec<f64>,
}

/// Counts the people of a series with so many webinars, each once in the series and once in each webinar; one tally for each of
/// [`Dimension::TREES`]. In the series somebody counts by what they told last, and gained the mean of what they gained.
#[must_use]
pub fn tally(facts: &[Fact], webinars: usize) -> Vec<Tally> {
    let populations = people_of(facts, webinars);
    Dimension::TREES.iter().map(|dimension| counted(*dimension, &populations)).collect()
}

fn people_of(facts: &[Fact], webinars: usize) -> Vec<HashMap<&Who, Person<'_>>> {
    let mut populations: Vec<HashMap<&Who, Person<'_>>> = (0..=webinars).map(|_| HashMap::new()).collect();
    for fact in facts {
        for population in [0, fact.webinar + 1] {
            let new = || Person { newest: fact, stages: [false; STAGES], gains: Vec::new() };
            let person = populations[population].entry(&fact.who).or_insert_with(new);
            if (fact.at, fact.webinar) > (person.newest.at, person.newest.webinar) {
                person.newest = fact;
            }
            for (is, now) in person.stages.iter_mut().zip(fact.stages) {
                *is |= now;
            }
            person.gains.extend(fact.gain);
        }
    }
    populations
}

#[allow(clippy::cast_precision_loss, reason = "nobody takes more tests than a float can count")]
fn counted(dimension: Dimension, populations: &[HashMap<&Who, Person<'_>>]) -> Tally {
    let mut tree = Tree::default();
    let mut ways: HashMap<Vec<&str>, Vec<usize>> = HashMap::new();
    let codes: HashSet<_> =
        populations.iter().flat_map(HashMap::values).map(|person| dimension.codes(&person.newest.told)).collect();
    let mut codes: Vec<_> = codes.into_iter().collect();
    codes.sort_unstable();
    for codes in codes {
        let way = tree.way(&codes);
        ways.insert(codes, way);
    }
    let nodes = tree.nodes.len();
    let mut people = vec![vec![vec![0; nodes]; populations.len()]; STAGES];
    let mut gains = vec![vec![0.0; nodes]; populations.len()];
    for (at, population) in populations.iter().enumerate() {
        for person in population.values() {
            let gain = person.gains.iter().sum::<f64>() / person.gains.len().max(1) as f64;
            for node in &ways[&dimension.codes(&person.newest.told)] {
                for stage in Stage::ALL.into_iter().filter(|stage| person.stages[stage.at()]) {
                    people[stage.at()][at][*node] += 1;
                }
                gains[at][*node] += gain;
            }
        }
    }
    Tally { tree, people, gains }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{accounts::user::Gender, language::Language};

    fn fact(webinar: usize, who: u128, at: i64, gender: Gender, stages: &[Stage], gain: Option<f64>) -> Fact {
        let mut reached = [false; STAGES];
        for stage in stages {
            reached[stage.at()] = true;
        }
        let told =
            Told { gender: Some(gender), country: Some("KE".into()), organisation_kind: None, language: Language::english() };
        let at = chrono::DateTime::from_timestamp(at, 0).expect("a time");
        let who = Who::Registrant(UserId(uuid::Uuid::from_u128(who)));
        Fact { webinar, who, at, stages: reached, told, gain }
    }

    fn number(tally: &Tally, stage: Stage, population: usize, code: &str) -> i64 {
        let node = tally.tree.nodes.iter().position(|node| node.code == code);
        node.map_or(0, |node| tally.people[stage.at()][population][node])
    }

    #[test]
    fn somebody_counts_once_in_a_series_by_what_they_told_last_and_as_it_stood_in_each_webinar() {
        use Gender::{Female, Male};
        use Stage::{Attended, Registered, TookBothTests};
        let facts = [
            fact(0, 1, 10, Female, &[Registered, Attended, TookBothTests], Some(20.0)),
            fact(1, 1, 20, Male, &[Registered, TookBothTests], Some(30.0)),
            fact(1, 2, 5, Female, &[Registered], None),
        ];
        let tallies = tally(&facts, 2);
        let by_gender = &tallies[0];
        let registered = |population| ["", "FEMALE", "MALE"].map(|code| number(by_gender, Registered, population, code)).to_vec();
        assert_eq!([registered(0), registered(1), registered(2)], [[2, 1, 1], [1, 1, 0], [2, 1, 1]]);
        assert_eq!(number(by_gender, Attended, 0, "MALE"), 1, "whoever came once came to the series");
        assert_eq!(by_gender.gains.iter().map(|gains| gains[0]).collect::<Vec<_>>(), [25.0, 20.0, 30.0]);
        let by_place = &tallies[1];
        assert_eq!(["", "002", "202", "KE"].map(|code| number(by_place, Registered, 0, code)), [2, 2, 2, 2]);
        assert_eq!(by_place.tree.level(3).map(|node| by_place.tree.nodes[node].code.as_str()).collect::<Vec<_>>(), ["KE"]);
    }
}
