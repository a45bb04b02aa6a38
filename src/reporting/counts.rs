//! What may be known of a series and its webinars: all that is kept of a count, shown and written to files.

use std::cmp::Reverse;

use serde::{Deserialize, Serialize};

use super::{
    dimension::{Dimension, NOT_TOLD},
    stage::{STAGES, Stage},
    suppressing::{self, Shown},
    tallying::Tally,
};
use crate::ids::WebinarId;

/// How many people came how far; `None` stands for what may not be known.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// By stage.
    pub people: [Option<i32>; STAGES],
    /// The mean of what those gained who took both tests, in points of a hundred, to one decimal. `None` also where there are none.
    pub gain: Option<f64>,
}

impl Line {
    /// How many came so far.
    #[must_use]
    pub fn at(&self, stage: Stage) -> Option<i32> {
        self.people[stage.at()]
    }

    /// Whether it says of somebody that they are there.
    fn has_people(&self) -> bool {
        self.people.iter().flatten().any(|number| *number > 0)
    }
}

/// A category.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Category {
    /// Its code.
    pub code: String,
    /// Its people.
    pub line: Line,
}

/// The people of a series or webinar by one thing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Breakdown {
    /// By what.
    pub dimension: Dimension,
    /// Categories of which something is shown, the largest first.
    pub categories: Vec<Category>,
    /// At each stage, all whom no category shows there; `None` where there are none.
    pub others: Option<Line>,
}

/// The people of a series or webinar.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Population {
    /// All of them.
    pub total: Line,
    /// Of a series: the sums over its webinars, where somebody counts once for each; `None` where a webinar's number is not shown.
    pub sums: Option<Line>,
    /// By each of [`Dimension::ALL`].
    pub breakdowns: Vec<Breakdown>,
}

/// A count of a series and those of its webinars that are over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Counts {
    /// The webinars, in the order in which they took place.
    pub webinars: Vec<WebinarId>,
    /// The series.
    pub series: Population,
    /// The webinars, in the same order.
    pub of_webinars: Vec<Population>,
}

impl Counts {
    /// What may be known of tallies, one for each tree. `closed` says that only nominees could register.
    #[must_use]
    pub fn of(tallies: &[Tally], webinars: Vec<WebinarId>, closed: bool) -> Self {
        let shown: Vec<_> = tallies.iter().map(|tally| suppressing::shown(&tally.tree, &tally.people, closed)).collect();
        let mut populations = (0..=webinars.len()).map(|at| population(tallies, &shown, at));
        let mut series = populations.next().unwrap_or_else(|| unreachable!("there is always one"));
        let of_webinars: Vec<_> = populations.collect();
        let sum = |stage: usize| of_webinars.iter().map(|webinar| webinar.total.people[stage]).sum();
        series.sums = Some(Line { people: std::array::from_fn(sum), gain: None });
        Self { webinars, series, of_webinars }
    }

    /// That of one of its webinars.
    #[must_use]
    pub fn of_webinar(&self, id: WebinarId) -> Option<&Population> {
        let at = self.webinars.iter().position(|webinar| *webinar == id)?;
        self.of_webinars.get(at)
    }
}

/// What may be known of one population.
fn population(tallies: &[Tally], shown: &[Shown], at: usize) -> Population {
    let views: Vec<_> = tallies.iter().zip(shown).map(|(tally, shown)| View { tally, shown, at }).collect();
    let breakdown = |dimension: &Dimension| {
        let (tree, depth) = dimension.place();
        views[tree].breakdown(*dimension, depth)
    };
    Population {
        total: views.first().map(|view| view.line(0)).unwrap_or_default(),
        sums: None,
        breakdowns: Dimension::ALL.iter().map(breakdown).collect(),
    }
}

/// One population of one tally.
struct View<'a> {
    tally: &'a Tally,
    shown: &'a Shown,
    at: usize,
}

impl View<'_> {
    fn number(&self, stage: Stage, node: usize) -> Option<i64> {
        let is_shown = self.shown[stage.at()][self.at][node];
        is_shown.then(|| self.tally.people[stage.at()][self.at][node])
    }

    fn line(&self, node: usize) -> Line {
        let people = Stage::ALL.map(|stage| self.number(stage, node));
        written(people, self.tally.gains[self.at][node])
    }

    fn breakdown(&self, dimension: Dimension, depth: usize) -> Breakdown {
        let nodes: Vec<_> = self.tally.tree.level(depth).collect();
        let category = |node: &usize| Category { code: self.tally.tree.nodes[*node].code.clone(), line: self.line(*node) };
        let mut categories: Vec<_> = nodes.iter().map(category).filter(|category| category.line.has_people()).collect();
        // By what is shown alone: the order is to tell nothing else.
        let size = |line: &Line| line.at(Stage::Registered).or(line.people.iter().copied().flatten().max());
        categories.sort_by_key(|it| (it.code == NOT_TOLD, Reverse(size(&it.line)), it.code.clone()));
        let others = Stage::ALL.map(|stage| {
            let named = nodes.iter().filter_map(|node| self.number(stage, *node)).sum::<i64>();
            self.number(stage, 0).map(|total| total - named)
        });
        let with_gain = nodes.iter().filter(|node| self.number(Stage::TookBothTests, **node).is_some());
        let gains = self.tally.gains[self.at][0] - with_gain.map(|node| self.tally.gains[self.at][*node]).sum::<f64>();
        let others = written(others, gains);
        Breakdown { dimension, categories, others: others.has_people().then_some(others) }
    }
}

/// A line of numbers that may be known, and of the sum of what those gained who took both tests.
fn written(people: [Option<i64>; STAGES], gains: f64) -> Line {
    let people = people.map(|number| number.map(|number| i32::try_from(number).unwrap_or(i32::MAX)));
    let took_both = people[Stage::TookBothTests.at()].filter(|number| *number > 0);
    let mean = took_both.map(|number| (gains / f64::from(number) * 10.0).round() / 10.0);
    Line { people, gain: mean.map(|mean| mean + 0.0) }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{
        accounts::user::Gender,
        ids::UserId,
        language::Language,
        reporting::{
            dimension::Told,
            tallying::{Fact, Who, tally},
        },
    };

    /// People of one webinar: so many of a gender registered, and these took both tests with these gains.
    fn people(gender: Gender, registered: usize, gains: &[f64]) -> Vec<Fact> {
        let fact = |at: usize| {
            let gain = gains.get(at).copied();
            let stages = Stage::ALL.map(|stage| match stage {
                Stage::Registered => true,
                Stage::TookBothTests => gain.is_some(),
                _ => false,
            });
            let told = Told { gender: Some(gender), country: None, organisation_kind: None, language: Language::english() };
            let who = Who::Registrant(UserId(Uuid::now_v7()));
            Fact { webinar: 0, who, at: chrono::DateTime::UNIX_EPOCH, stages, told, gain }
        };
        (0..registered).map(fact).collect()
    }

    #[test]
    fn the_mean_gain_is_given_of_those_who_took_both_tests_where_they_are_enough() {
        let facts = [
            people(Gender::Female, 12, &[10.0, 20.0, 30.0, 40.0, 50.0, 60.0]),
            people(Gender::Male, 10, &[-2.04; 5]),
            people(Gender::Other, 3, &[100.0; 3]),
        ];
        let webinar = WebinarId::new();
        let counts = Counts::of(&tally(&facts.concat(), 1), vec![webinar], false);
        assert_eq!(counts.of_webinar(webinar).map(|webinar| &webinar.total), Some(&counts.series.total));
        assert_eq!((counts.series.total.at(Stage::TookBothTests), counts.series.total.gain), (Some(14), Some(35.7)));
        let by_gender = &counts.series.breakdowns[0];
        let categories: Vec<_> = by_gender.categories.iter().map(|it| (it.code.as_str(), it.line.gain)).collect();
        assert_eq!(categories, [("FEMALE", Some(35.0))]);
        let others = by_gender.others.as_ref().expect("others");
        assert_eq!((others.at(Stage::Registered), others.at(Stage::TookBothTests), others.gain), (Some(13), Some(8), Some(36.2)));
        let kept = serde_json::to_string(&counts).expect("JSON");
        assert_eq!(serde_json::from_str::<Counts>(&kept).expect("counts"), counts);
        assert!(!kept.contains("OTHER"), "what may not be known is not kept");
    }

    #[test]
    fn the_gain_of_few_is_not_given() {
        let facts = [people(Gender::Female, 20, &[10.0; 4]), people(Gender::Male, 20, &[])].concat();
        let counts = Counts::of(&tally(&facts, 1), vec![WebinarId::new()], false);
        assert_eq!((counts.series.total.at(Stage::Registered), counts.series.total.gain), (Some(40), None));
        assert_eq!(counts.series.total.at(Stage::TookBothTests), None);
        assert!(counts.series.breakdowns[0].categories.iter().all(|it| it.line.gain.is_none()));
    }
}
