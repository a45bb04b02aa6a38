//! Somebody who has everything that is published of a series, and reckons: they know that numbers are whole and not negative, who
//! is part of whom, and what each published number is. They know no figure about one to four people for which there is another
//! world of which the same is published: a solver looks for one.

use microlp::{ComparisonOp, OptimizationDirection, Problem, Variable};
use proptest::prelude::*;

use super::*;

const REGISTERED: Stage = Stage::Registered;
const ATTENDED: Stage = Stage::Attended;

/// A small series: how many people there are in each category of each kind, where a kind says of each webinar whether they were not
/// in it, registered, or came.
#[derive(Debug)]
struct World {
    tree: Tree,
    /// For each category at the bottom, itself and what it is part of.
    ways: Vec<Vec<usize>>,
    webinars: usize,
    /// By category at the bottom and kind.
    people: Vec<Vec<i64>>,
}

/// A figure: the kinds of people of a category that are counted.
type Figure<'a> = (usize, &'a dyn Fn(&[usize]) -> bool);

impl World {
    fn new(places: &[&[&str]], webinars: usize, numbers: &[i64]) -> Self {
        let mut tree = Tree::default();
        let ways: Vec<_> = places.iter().map(|codes| tree.way(codes)).collect();
        let kinds = 3_usize.pow(u32::try_from(webinars).expect("few")) - 1;
        let people = numbers.chunks(kinds).take(ways.len()).map(<[i64]>::to_vec).collect();
        Self { tree, ways, webinars, people }
    }

    /// What somebody of a kind did in each webinar: 0 nothing, 1 registered, 2 came.
    fn did(&self, kind: usize) -> Vec<usize> {
        (0..self.webinars).map(|webinar| (kind + 1) / 3_usize.pow(u32::try_from(webinar).expect("few")) % 3).collect()
    }

    fn is_in(stage: Stage, population: usize, did: &[usize]) -> bool {
        let least = if stage == REGISTERED { 1 } else { 2 };
        if population == 0 { did.iter().any(|did| *did >= least) } else { did[population - 1] >= least }
    }

    fn counted(&self, (node, counts): Figure<'_>) -> Vec<(usize, usize)> {
        let cells = self.ways.iter().enumerate().filter(|(_, way)| way.contains(&node));
        cells
            .flat_map(|(at, _)| (0..self.people[at].len()).map(move |kind| (at, kind)))
            .filter(|(_, kind)| counts(&self.did(*kind)))
            .collect()
    }

    fn number(&self, figure: Figure<'_>) -> i64 {
        self.counted(figure).iter().map(|(at, kind)| self.people[*at][*kind]).sum()
    }

    fn numbers(&self) -> People {
        let mut numbers = vec![vec![vec![0; self.tree.nodes.len()]; self.webinars + 1]; STAGES];
        for stage in [REGISTERED, ATTENDED] {
            for (population, numbers) in numbers[stage.at()].iter_mut().enumerate() {
                let counts = |did: &[usize]| Self::is_in(stage, population, did);
                for (node, number) in numbers.iter_mut().enumerate() {
                    *number = self.number((node, &counts));
                }
            }
        }
        numbers
    }

    /// Another world, of which the same is published, in which a figure is less, or more; `None` when none is found.
    fn other(&self, shown: &Shown, figure: Figure<'_>, is_less: bool) -> Option<Self> {
        let mut problem = Problem::new(OptimizationDirection::Minimize);
        let counted = self.counted(figure);
        let weight = |cell| if counted.contains(&cell) == is_less { 1.0 } else { 0.0 };
        let unknown: Vec<Vec<Variable>> = (0..self.ways.len())
            .map(|at| (0..self.people[at].len()).map(|kind| problem.add_integer_var(weight((at, kind)), (0, 400))).collect())
            .collect();
        let sum = |cells: &[(usize, usize)]| cells.iter().map(|(at, kind)| (unknown[*at][*kind], 1.0)).collect::<Vec<_>>();
        let float = |number: i64| f64::from(i32::try_from(number).expect("few"));
        for (node, stage, population) in self.published(shown) {
            let counts = |did: &[usize]| Self::is_in(stage, population, did);
            let number = self.number((node, &counts));
            problem.add_constraint(sum(&self.counted((node, &counts))), ComparisonOp::Eq, float(number));
        }
        let (side, bound) = if is_less { (ComparisonOp::Le, -1) } else { (ComparisonOp::Ge, 1) };
        problem.add_constraint(sum(&counted), side, float(self.number(figure) + bound));
        let solution = problem.solve().ok()?.into_solution().ok()?;
        #[allow(clippy::cast_possible_truncation, reason = "a number of people")]
        let person = |variable: &Variable| solution.var_value(*variable).round() as i64;
        let people = unknown.iter().map(|kinds| kinds.iter().map(person).collect()).collect();
        Some(Self { tree: self.tree.clone(), ways: self.ways.clone(), webinars: self.webinars, people })
    }

    /// What is published: categories with stages and populations.
    fn published<'a>(&'a self, shown: &'a Shown) -> impl Iterator<Item = (usize, Stage, usize)> + 'a {
        let cells = [REGISTERED, ATTENDED].into_iter().flat_map(|stage| (0..=self.webinars).map(move |at| (stage, at)));
        let all = cells.flat_map(|(stage, at)| (0..self.tree.nodes.len()).map(move |node| (node, stage, at)));
        all.filter(|(node, stage, population)| shown[stage.at()][*population][*node])
    }

    /// Whether the same is published of another world, and a figure is another: then nobody knows it.
    fn is_hidden_by(&self, other: &Self, shown: &Shown, figure: Figure<'_>) -> bool {
        let is_same = self.published(shown).all(|(node, stage, population)| {
            let counts = |did: &[usize]| Self::is_in(stage, population, did);
            self.number((node, &counts)) == other.number((node, &counts))
        });
        is_same && other.people.iter().flatten().all(|number| *number >= 0) && other.number(figure) != self.number(figure)
    }

    /// Looks at every figure about few people.
    fn withstands(&self) -> Result<(), TestCaseError> {
        let shown = shown(&self.tree, &self.numbers(), false);
        let look = |what: String, figure: Figure<'_>| {
            let number = self.number(figure);
            if !(1..LEAST).contains(&number) {
                return Ok(());
            }
            let mut others = [true, false].into_iter().filter_map(|is_less| self.other(&shown, figure, is_less));
            let is_hidden = others.any(|other| self.is_hidden_by(&other, &shown, figure));
            prop_assert!(is_hidden, "{} is known: {}\n{:?}\n{:?}", what, number, self, shown);
            Ok(())
        };
        for node in 0..self.tree.nodes.len() {
            for population in 0..=self.webinars {
                let registered = |did: &[usize]| Self::is_in(REGISTERED, population, did);
                let came = |did: &[usize]| Self::is_in(ATTENDED, population, did);
                look(format!("registered {population} {node}"), (node, &registered))?;
                look(format!("came {population} {node}"), (node, &came))?;
                look(format!("stayed away {population} {node}"), (node, &|did| registered(did) && !came(did)))?;
                look(format!("only elsewhere {population} {node}"), (node, &|did| !registered(did)))?;
                look(
                    format!("came only elsewhere {population} {node}"),
                    (node, &|did| Self::is_in(ATTENDED, 0, did) && !came(did)),
                )?;
            }
            let several = |least: usize| move |did: &[usize]| did.iter().filter(|did| **did >= least).count() > 1;
            look(format!("registered several times {node}"), (node, &several(1)))?;
            look(format!("came several times {node}"), (node, &several(2)))?;
        }
        Ok(())
    }
}

const FLAT: [&[&str]; 3] = [&["a"], &["b"], &["c"]];
const DEEP: [&[&str]; 4] = [&["a", "a1"], &["a", "a2"], &["b", "b1"], &["b", "b2"]];

/// Few people of most kinds, and many of some.
fn number() -> impl Strategy<Value = i64> {
    prop_oneof![4 => Just(0_i64), 3 => 0_i64..6, 1 => 5_i64..30]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn nobody_reckons_a_figure_about_few_people_from_one_webinar(numbers in prop::collection::vec(number(), 8)) {
        World::new(&DEEP, 1, &numbers).withstands()?;
    }

    #[test]
    fn nor_from_two_webinars_and_their_series(numbers in prop::collection::vec(number(), 24)) {
        World::new(&FLAT, 2, &numbers).withstands()?;
    }

    #[test]
    fn nor_by_regions_and_their_countries(numbers in prop::collection::vec(number(), 32)) {
        World::new(&DEEP, 2, &numbers).withstands()?;
    }

    #[test]
    fn where_no_figure_is_about_few_people_all_are_shown(numbers in prop::collection::vec(5_i64..40, 24)) {
        let world = World::new(&FLAT, 2, &numbers);
        let shown = shown(&world.tree, &world.numbers(), false);
        for stage in [REGISTERED, ATTENDED] {
            prop_assert!(shown[stage.at()].iter().flatten().all(|shown| *shown), "{:?}", shown);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn nor_from_three_webinars_and_their_series(numbers in prop::collection::vec(number(), 52)) {
        World::new(&FLAT[..2], 3, &numbers).withstands()?;
    }
}

/// Which categories are shown of those who registered for one webinar, and of those who came.
fn seen(registered: [i64; 3], came: [i64; 3]) -> [Vec<bool>; 2] {
    let numbers: Vec<_> = registered.iter().zip(came).flat_map(|(registered, came)| [registered - came, came]).collect();
    let world = World::new(&FLAT, 1, &numbers);
    let shown = shown(&world.tree, &world.numbers(), false);
    assert_eq!(shown[REGISTERED.at()][0], shown[REGISTERED.at()][1], "the series is the webinar");
    [REGISTERED, ATTENDED].map(|stage| shown[stage.at()][1].clone())
}

#[test]
fn a_small_category_takes_the_smallest_with_it_that_makes_it_five() {
    let [registered, _] = seen([20, 10, 3], [0, 0, 0]);
    assert_eq!(registered, [true, true, false, false], "13 are left to two categories");
    let [registered, _] = seen([20, 2, 3], [0, 0, 0]);
    assert_eq!(registered, [true, true, false, false], "the other two are five together");
    assert_eq!(seen([2, 1, 1], [0, 0, 0])[0], [false; 4]);
}

#[test]
fn those_who_stayed_away_count_as_a_figure() {
    assert_eq!(seen([20, 30, 40], [10, 27, 20]), [vec![true; 4], vec![true, false, false, true]], "three of the second did");
    assert_eq!(seen([20, 30, 40], [20, 29, 39]), [vec![true; 4], vec![false; 4]], "two did of all");
}

#[test]
fn that_all_or_none_came_is_not_said_of_anybody_unless_nobody_came() {
    assert_eq!(seen([20, 30, 40], [20, 10, 30])[1], [true, false, false, true]);
    assert_eq!(seen([20, 30, 40], [0, 10, 30])[1], [true, false, false, true]);
    assert_eq!(seen([20, 30, 40], [0, 0, 0])[1], [true; 4]);
}
